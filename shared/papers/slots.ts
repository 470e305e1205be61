/**
 * Which papers a mode and the goods ask for (随附单证), and the questions the goods raise: batteries and dangerous goods, brands. Pure;
 * what is asked for is data (`resources/rules/papers-by-mode.json`).
 */
import { z } from 'zod';
import { customsStages } from '../logistics/way.ts';
import { packSchema } from '../rules/pack.ts';
import type { PaperDetails } from './details.ts';
import { elementPairs } from './elements.ts';
import { paperKinds } from './kinds.ts';
import type { PaperParty, PaperSet } from './paper-set.ts';

export const slotPack = packSchema(
  z.object({
    slots: z
      .array(
        z.object({
          /** Code of the paper in the archive. */
          code: z.string().regex(/^[a-z-]+$/),
          zh: z.string(),
          en: z.string(),
          /** Modes that ask for it; empty: all. */
          modes: z.array(z.string()),
          when: z.enum([
            'always',
            'agent',
            'battery',
            'dangerous',
            'brand',
            'licence',
            'taxed',
            'inspected',
            'transit',
          ]),
          /** Stage of customs it belongs to (通关环节); packs of before name none, and theirs go with the declaration. */
          stage: z.enum(customsStages).default('declaration'),
          level: z.enum(['must', 'doubt', 'maybe']),
          whyZh: z.string(),
          whyEn: z.string(),
          source: z.string(),
          made: z.enum(paperKinds).optional(),
        }),
      )
      .min(1),
    /** Commodity codes that make one ask for batteries or dangers; a sign, no classification. */
    batteryCodes: z.array(z.string().regex(/^\d{2,10}$/)),
    batteryWords: z.array(z.string().min(1)),
    dangerousCodes: z.array(z.string().regex(/^\d{2,10}$/)),
    dangerousWords: z.array(z.string().min(1)),
    /** Words by which a brand element says that there is none. */
    noBrandWords: z.array(z.string().min(1)),
  }),
);
export type SlotFigures = z.output<typeof slotPack>['versions'][number]['parameters'];
type Slot = SlotFigures['slots'][number];

export interface AskedSlot
  extends Pick<Slot, 'code' | 'zh' | 'en' | 'level' | 'whyZh' | 'whyEn' | 'source' | 'made' | 'stage'> {}
/** What the book knows of a subject besides its documents: each `true` asks for papers of its own. */
export interface PaperFacts {
  /** A product is marked as needing an export licence. */
  readonly isLicensed: boolean;
  /** Customs made out a tax bill, inspects, or the goods go on under customs' seal (转关). */
  readonly isTaxed: boolean;
  readonly isInspected: boolean;
  readonly isTransit: boolean;
}
export interface AskedQuestion {
  readonly field: 'dangerous' | 'brand';
  /** Names of the goods that raise it. */
  readonly items: readonly string[];
  readonly answer: string;
}

interface Goods {
  readonly gcode: string;
  readonly gname: string;
  readonly nameEn: string;
  readonly gmodel: string;
}

/** What tells of goods by which papers are asked for. */
export type GoodsSigns = Pick<
  SlotFigures,
  'batteryCodes' | 'batteryWords' | 'dangerousCodes' | 'dangerousWords' | 'noBrandWords'
>;

const says = (goods: Goods, codes: readonly string[], words: readonly string[]): boolean => {
  const text = `${goods.gname} ${goods.nameEn} ${goods.gmodel}`.toLowerCase();
  return codes.some((code) => goods.gcode.startsWith(code)) || words.some((word) => text.includes(word.toLowerCase()));
};

/** Whether goods look like having batteries, or like being dangerous otherwise, by code and words: a sign, no classification. */
export const looksBattery = (goods: Goods, signs: GoodsSigns): boolean =>
  says(goods, signs.batteryCodes, signs.batteryWords);
export const looksDangerous = (goods: Goods, signs: GoodsSigns): boolean =>
  says(goods, signs.dangerousCodes, signs.dangerousWords);

/** The element of a specification that names a brand (品牌) and whose value is not one of the words for none; undefined: none does. */
export function brandNamed(gmodel: string, noBrandWords: readonly string[]): string | undefined {
  const found = elementPairs(gmodel).find(
    ({ name, value }) =>
      name.startsWith('品牌') && !/^[0无/-]?$/.test(value) && !noBrandWords.some((word) => value.includes(word)),
  );
  return found === undefined ? undefined : `${found.name}:${found.value}`;
}

/** What the papers of a set ask for. */
export function askedPapers(
  set: Pick<PaperSet, 'declarations' | 'documents'> & {
    readonly parties: Readonly<Record<'consignor' | 'declarant', Pick<PaperParty, 'code'>>>;
    readonly details: PaperDetails;
  },
  figures: SlotFigures,
  { isLicensed, isTaxed, isInspected, isTransit }: PaperFacts,
): { readonly slots: readonly AskedSlot[]; readonly questions: readonly AskedQuestion[] } {
  const items = set.declarations.flatMap((one) => one.items);
  const modes = new Set(set.documents.map(({ mode }) => mode));
  const { dangerous, brand } = set.details;
  const battery = items.filter((item) => looksBattery(item, figures));
  const danger = items.filter((item) => looksDangerous(item, figures));
  const branded = items.filter(({ gmodel }) => brandNamed(gmodel, figures.noBrandWords) !== undefined);
  const hasAgent = set.parties.declarant.code !== set.parties.consignor.code;
  /** Undefined: not asked for. A sign alone makes a doubt, the user's word decides. */
  const levelOf = ({ when, level }: Slot): Slot['level'] | undefined => {
    if (when === 'always') return level;
    if (when === 'agent') return hasAgent ? level : undefined;
    if (when === 'licence') return isLicensed ? level : undefined;
    if (when === 'taxed') return isTaxed ? level : undefined;
    if (when === 'inspected') return isInspected ? level : undefined;
    if (when === 'transit') return isTransit ? level : undefined;
    if (when === 'brand') {
      if (brand === 'authorised') return 'must';
      return branded.length > 0 && (brand === '' || brand === 'open') ? 'doubt' : undefined;
    }
    if (dangerous === 'no') return undefined;
    if (dangerous === 'battery') return when === 'battery' ? 'must' : undefined;
    if (dangerous === 'dangerous') return when === 'dangerous' ? 'must' : undefined;
    return (when === 'battery' ? battery : danger).length > 0 ? 'doubt' : undefined;
  };
  const slots = new Map<string, AskedSlot>();
  for (const slot of figures.slots) {
    if (slot.modes.length > 0 && !slot.modes.some((mode) => modes.has(mode))) continue;
    const level = levelOf(slot);
    const before = slots.get(slot.code);
    // The same paper may be asked for twice, e.g. MSDS of batteries and of dangerous goods: the stricter stands.
    if (level === undefined || (before !== undefined && before.level === 'must')) continue;
    const { when: _, modes: __, ...rest } = slot;
    slots.set(slot.code, { ...rest, level });
  }
  const named = (list: readonly Goods[]): string[] => [...new Set(list.map(({ gname }) => gname))];
  const suspects = named([...battery, ...danger]);
  return {
    slots: [...slots.values()],
    questions: [
      ...(suspects.length > 0 || dangerous !== ''
        ? [{ field: 'dangerous' as const, items: suspects, answer: dangerous }]
        : []),
      ...(branded.length > 0 || brand !== ''
        ? [{ field: 'brand' as const, items: named(branded), answer: brand }]
        : []),
    ],
  };
}
