/**
 * Red flags (风险提示) R01 to R18: signs of trade that may not be real, of money that may not be the buyer's, of splitting below a
 * threshold; and what the other watches of the book say (R15 to R18), so that one register has all of it. A flag is a question to be answered by a person, not a finding; thresholds are the firm's own, in a dated pack.
 */
import { z } from 'zod';
import type { BookRow, FlagRule } from '../contract/risk.ts';
import { amount, Num, ratio } from '../rules/figures.ts';
import { packSchema } from '../rules/pack.ts';

export const redFlagsPackId = 'risk-red-flags';
const severity = z.enum(['high', 'medium', 'low']);
const whole = z.number().int().min(1);
export const redFlagFigures = z.object({
  /** A receipt of which less than this share is allocated after so many days. */
  R01: z.object({ severity, days: whole, leastMatchedShare: ratio }),
  /** Names less alike than this, in hundredths, are two names. */
  R02: z.object({ severity, nameLikeness: z.number().int().min(50).max(100) }),
  /** Out and back so often within so many months; values this much apart are still one. */
  R03: z.object({ severity, times: whole, months: whole, valueTolerance: ratio }),
  /** Price above so many times, or below the so-many-th part, of the median of the months before. */
  R04: z.object({ severity, months: whole, leastPoints: whole, above: amount, belowPart: amount }),
  /** Outside the firm's band of value by weight, from percentile to percentile, of the months before. */
  R05: z.object({
    severity,
    months: whole,
    leastPoints: whole,
    fromPercentile: whole.max(49),
    toPercentile: whole.min(51).max(99),
  }),
  /** From this share of the threshold up to it. */
  R06: z.object({ severity, transactions: whole, days: whole, fromShare: ratio, singleUsd: amount, yearlyUsd: amount }),
  R07: z.object({ severity, months: whole, leastTransactions: whole, share: ratio, roundTo: whole }),
  R08: z.object({ severity, buyers: whole, days: whole }),
  /** Growth above so many times the month before, while the rest moved by no more than a share. */
  R09: z.object({ severity, growth: amount, unchangedWithin: ratio }),
  R10: z.object({ severity, months: whole, share: ratio }),
  /** Papers that may serve several shipments. */
  R11: z.object({ severity, sharedPapers: z.array(z.string()) }),
  R12: z.object({
    severity,
    indicators: z.array(z.enum(['DIFFERENCE_RATE', 'FUNDS_GOODS_RATIO', 'TOTAL_DIFFERENCE', 'CREDIT_RATIO'])),
  }),
  R13: z.object({ severity, upTo: ratio }),
  /** Notices say their own level; this is that of the rule. A pack of the firm's own may be from before the rule. */
  R14: z.object({ severity }).default({ severity: 'medium' }),
  /** Hits of the screening; those of the firm's own packs from before these rules are judged by the shipped figures. */
  R15: z.object({ severity }).default({ severity: 'medium' }),
  /** Lots on dispatches from so many days ago on. */
  R16: z.object({ severity, days: whole }).default({ severity: 'high', days: 90 }),
  /** Minutes outside the band of the product, all excursions together. */
  R17: z.object({ severity, minutes: whole }).default({ severity: 'medium', minutes: 30 }),
  R18: z.object({ severity }).default({ severity: 'high' }),
});
export const redFlagsPackSchema = packSchema(redFlagFigures);
export type RedFlagFigures = z.output<typeof redFlagFigures>;
export type FiguresOf<R extends FlagRule> = RedFlagFigures[R];

/** What trips a rule: told apart by `key`, which is the same on every run; rows in the order they matter. */
export interface Hit {
  readonly key: string;
  readonly subject: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly rows: readonly BookRow[];
  /** Where what was found says it itself; else that of the rule. */
  readonly severity?: 'high' | 'medium' | 'low';
}
/** What the book lacks for an answer. */
export interface Missing {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly rows: readonly BookRow[];
}
export interface Verdict {
  /** Rows that were looked at. */
  readonly checked: number;
  readonly hits: readonly Hit[];
  readonly missing: readonly Missing[];
}

/** `cannot-tell` wherever a fact is missing and nothing tripped: a gap never passes for an all-clear. */
export function outcomeOf({ hits, missing }: Pick<Verdict, 'hits' | 'missing'>): 'tripped' | 'cannot-tell' | 'clear' {
  if (hits.length > 0) return 'tripped';
  return missing.length > 0 ? 'cannot-tell' : 'clear';
}

/** A fraction of whole numbers: compared exactly, never rounded. */
export interface Fraction {
  readonly n: bigint;
  /** Above zero. */
  readonly d: bigint;
}
export function compareFractions(a: Fraction, b: Fraction): number {
  const [left, right] = [a.n * b.d, b.n * a.d];
  return left < right ? -1 : left > right ? 1 : 0;
}
/** Half-up, as text, for showing. */
export function fractionText({ n, d }: Fraction, digits: number): string {
  return new Num(n.toString()).div(d.toString()).toFixed(digits, Num.ROUND_HALF_UP);
}
export function numOf(value: bigint | number | Fraction): Num {
  if (typeof value !== 'object') return new Num(value.toString());
  return new Num(value.n.toString()).div(value.d.toString());
}
/** A share as percent with one decimal. */
export function percentText(part: Num, whole: Num): string {
  return part.times(100).div(whole).toFixed(1, Num.ROUND_HALF_UP);
}
