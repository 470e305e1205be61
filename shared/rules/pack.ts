/**
 * Rule packs: the numbers of a rule with the dates between which they are law. Code holds formulas, packs hold figures
 * (`resources/rules/<id>.json`). The version is chosen by the legal event date (出口日期, 税款所属期, 申报进境日 …), never by
 * today's date.
 */
import { z } from 'zod';
import { type IsoDate, parseIsoDate } from '../calendar/dates.ts';
import { PortbookError } from '../errors.ts';

const isoDate = z.string().refine((text) => parseIsoDate(text) !== undefined);

/** How a figure is known: V read in a copy of the text, S stated in a zone plan, K known beforehand, U unclear. */
export const reliabilities = ['V', 'S', 'K', 'U'] as const;
export type Reliability = (typeof reliabilities)[number];

/** One version of a pack: its parameters and the dates in force, both ends included; `inForceTo` null: still in force. */
export interface PackVersion<P> {
  readonly inForceFrom: string;
  readonly inForceTo: string | null;
  readonly source: string;
  readonly reliability: Reliability;
  readonly verifiedBy: { readonly name: string; readonly on: string; readonly how: string };
  readonly parameters: P;
}

export interface Pack<P> {
  readonly id: string;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly source: string;
  readonly versions: readonly PackVersion<P>[];
}

/** The shape of a pack's file with parameters of a kind; versions must not overlap. */
export function packSchema<P extends z.ZodType>(parameters: P) {
  return z.object({
    id: z.string(),
    titleZh: z.string(),
    titleEn: z.string(),
    source: z.string(),
    versions: z
      .array(
        z.object({
          inForceFrom: isoDate,
          inForceTo: isoDate.nullable(),
          source: z.string().default(''),
          reliability: z.enum(reliabilities).default('V'),
          verifiedBy: z.object({ name: z.string(), on: isoDate, how: z.string() }),
          parameters,
        }),
      )
      .refine((versions) => {
        const sorted = [...versions].sort((a, b) => (a.inForceFrom < b.inForceFrom ? -1 : 1));
        return sorted.every((one, at) => {
          const next = sorted[at + 1];
          return next === undefined || (one.inForceTo !== null && one.inForceTo < next.inForceFrom);
        });
      }, 'versions overlap'),
  });
}

/** The version in force on a legal event date; undefined where the pack has none. */
export function packOn<V extends Pick<PackVersion<unknown>, 'inForceFrom' | 'inForceTo'>>(
  pack: { readonly versions: readonly V[] },
  date: IsoDate | string,
): V | undefined {
  return pack.versions.find(
    (version) => version.inForceFrom <= date && (version.inForceTo === null || date <= version.inForceTo),
  );
}

/** As {@link packOn}, but a date without a version is refused, not guessed: `RULE_PACK_MISSING` {pack, title, date}. */
export function requirePackOn<P>(pack: Pack<P>, date: IsoDate | string): PackVersion<P> {
  const version = packOn(pack, date);
  if (version === undefined) {
    throw new PortbookError('RULE_PACK_MISSING', { pack: pack.id, title: pack.titleZh, date });
  }
  return version;
}
