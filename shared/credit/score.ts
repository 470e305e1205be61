/**
 * S04: the firm's own score of its conduct over the last months. Start, points and caps are our own and stand in
 * `resources/rules/credit-score.json`; the score is no rating of any authority and is never sent anywhere.
 */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

export const creditScorePackId = 'credit-score';

/**
 * smuggling, penaltyLarge, penalty: decisions that a person has entered; taxUnpaid: a tax bill unpaid for longer than `taxMonths`;
 * lateDeclaration: late declaration fees (滞报金); creditReportMissed: trade credit that should have been reported; unmatchedReceipts: more
 * than `unmatchedPercent` of what was received is matched to nothing; papersMissing: a claimed declaration whose papers on file (备案单证)
 * are over their day; redFlagHigh: a grave red flag that stands; rejected, corrected, withdrawn: what was filed; overdue: deadlines.
 */
export const behaviourCodes = [
  'smuggling',
  'penaltyLarge',
  'penalty',
  'taxUnpaid',
  'lateDeclaration',
  'creditReportMissed',
  'unmatchedReceipts',
  'papersMissing',
  'redFlagHigh',
  'rejected',
  'corrected',
  'withdrawn',
  'overdue',
] as const;
export type BehaviourCode = (typeof behaviourCodes)[number];

/** Rows of one code that are read at most, the newest: more than any start can lose. */
export const mostBehaviourRows = 1000;

const bilingual = z.object({ zh: z.string().min(1), en: z.string().min(1) });
const points = z.number().int().min(0).max(mostBehaviourRows);
const percent = z.number().int().min(0).max(100);

export const creditScorePackSchema = packSchema(
  z.object({
    start: points,
    floor: z.number().int().min(0),
    /** How far back the score looks. */
    months: z.number().int().min(1).max(60),
    /** In yuan: a penalty above it is a large one. */
    penaltyAbove: z.number().int().min(0),
    taxMonths: z.number().int().min(1),
    unmatchedPercent: percent,
    /** `each`: the points for each row up to the cap (null: none); `once`: however many there are. */
    items: z
      .array(
        z.object({
          code: z.enum(behaviourCodes),
          points,
          per: z.enum(['each', 'once']),
          cap: points.nullable(),
        }),
      )
      .refine((items) => new Set(items.map(({ code }) => code)).size === items.length, 'a code twice')
      .refine((items) => behaviourCodes.every((code) => items.some((one) => one.code === code)), 'a code missing'),
    /** The best first: from these points on. */
    levels: z
      .array(z.object({ from: z.number().int().min(0), title: bilingual }))
      .min(1)
      .refine((levels) => levels.every(({ from }, at) => at === 0 || from < (levels[at - 1]?.from ?? 0)), 'not falling')
      .refine((levels) => levels.at(-1)?.from === 0, 'does not reach zero'),
  }),
);
export type CreditScoreFigures = z.output<typeof creditScorePackSchema>['versions'][number]['parameters'];

/** What the book has of one code. `cannot-tell`: facts are missing, so the score may be lower. */
export interface BehaviourFact<R> {
  readonly code: BehaviourCode;
  /** How many there are; `rows` has the first of them, {@link mostBehaviourRows} at most. */
  readonly count: number;
  readonly rows: readonly R[];
  readonly cannotTell: boolean;
}

export interface ScoredItem<R> {
  readonly code: BehaviourCode;
  readonly points: number;
  readonly per: 'each' | 'once';
  readonly cap: number | null;
  readonly count: number;
  readonly cannotTell: boolean;
  /** What the rows take off together. */
  readonly deducted: number;
  readonly rows: readonly { readonly row: R; readonly deducted: number }[];
}

export interface CreditScore<R> {
  readonly start: number;
  /** Start less all that was deducted, never below the floor. */
  readonly score: number;
  readonly deducted: number;
  readonly level: { readonly zh: string; readonly en: string };
  readonly isComplete: boolean;
  readonly items: readonly ScoredItem<R>[];
}

/** The points each row of an item takes off: in their order until the cap is reached. */
function spread(figures: CreditScoreFigures['items'][number], rows: number): number[] {
  let left = figures.per === 'once' ? figures.points : (figures.cap ?? Number.POSITIVE_INFINITY);
  return Array.from({ length: rows }, () => {
    const taken = Math.min(left, figures.points);
    left -= taken;
    return taken;
  });
}

/** Deducts what the facts say; a code without a fact has no rows. */
export function scoreCredit<R>(figures: CreditScoreFigures, facts: readonly BehaviourFact<R>[]): CreditScore<R> {
  const items = figures.items.map((item): ScoredItem<R> => {
    const fact = facts.find(({ code }) => code === item.code);
    const rows = fact?.rows ?? [];
    const taken = spread(item, rows.length);
    return {
      ...item,
      count: fact?.count ?? 0,
      cannotTell: fact?.cannotTell ?? false,
      deducted: taken.reduce((sum, one) => sum + one, 0),
      rows: rows.map((row, at) => ({ row, deducted: taken[at] ?? 0 })),
    };
  });
  const deducted = items.reduce((sum, one) => sum + one.deducted, 0);
  const score = Math.max(figures.floor, figures.start - deducted);
  const level = figures.levels.find(({ from }) => score >= from) ?? figures.levels.at(-1);
  if (level === undefined) throw new Error('a pack without levels was let in');
  return {
    start: figures.start,
    score,
    deducted,
    level: level.title,
    isComplete: items.every(({ cannotTell }) => !cannotTell),
    items,
  };
}
