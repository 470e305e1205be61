import { z } from 'zod';
import { specOf } from '../shared/documents/catalogue.ts';
import { headOf, linesOf } from '../shared/documents/spec.ts';
import { type CarrierMilestone, milestonePage } from '../shared/sync/protocol.ts';

/**
 * What carriers say of goods under way. No carrier is reached from here: whoever runs the platform brings in what they say, and on the
 * practice platform arrival and departure papers (CEB507, CEB509) that firms hand in are passed on as what they report.
 */

/** What carriers are to say of an enterprise's goods. */
export const toldMilestones = z.object({ uscc: z.string(), milestones: milestonePage.shape.milestones });

/** `yyyyMMddHHmmss` of China as an instant; undefined for what is no time. */
function instantOf(text: string): string | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

const said = {
  CEB507Message: { status: 'gateIn', time: 'appTime', text: '运抵单 CEB507' },
  CEB509Message: { status: 'departed', time: 'leaveTime', text: '离境单 CEB509' },
} as const;

/** Milestones of the parcels that an arrival or departure paper names; none of another message. */
export function milestonesIn(message: {
  readonly guid: string;
  readonly kind: string;
  readonly documents: readonly { readonly body: string }[];
}): CarrierMilestone[] {
  const { guid, kind, documents } = message;
  const spec = specOf(kind);
  if (spec === undefined || !Object.hasOwn(said, kind)) return [];
  const { status, time, text } = said[kind as keyof typeof said];
  return documents.flatMap(({ body }, at) => {
    const document = JSON.parse(body) as Record<string, unknown>;
    const head = headOf(spec, document);
    const when = instantOf(head[time] ?? '') ?? instantOf(head['appTime'] ?? '');
    if (when === undefined) return [];
    return linesOf(spec, document).flatMap(({ logisticsNo = '' }, line) =>
      logisticsNo === ''
        ? []
        : [{ id: `${guid}-${at}-${line}`, number: logisticsNo, status, at: when, place: '', text }],
    );
  });
}
