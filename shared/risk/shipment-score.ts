/**
 * C10: a shipment's risk before it is queued, judged by the firm itself. Points and limits are our own and stand in
 * `resources/rules/risk-shipment-score.json`; the score is no grade of customs and is never sent anywhere.
 */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

export const shipmentScorePackId = 'risk-shipment-score';

/**
 * regulated: goods with a licence, an inspection on the way out or export duty; price: far from the median of the last months; records: order,
 * payment and waybill do not agree; weight: gross against net, value of a kilogram against the median; newcomer: a store or buyer with few shipments before; returns: an article that often comes back;
 * papers: a document is rejected, out of date or missing.
 */
export const scoreCodes = ['regulated', 'price', 'records', 'weight', 'newcomer', 'returns', 'papers'] as const;
export type ScoreCode = (typeof scoreCodes)[number];
export const scoreLevels = ['low', 'middle', 'high'] as const;
export type ScoreLevel = (typeof scoreLevels)[number];

const points = z.number().int().min(0).max(100);
export const shipmentScorePackSchema = packSchema(
  z.object({
    points: z.record(z.enum(scoreCodes), points),
    cap: points,
    /** From these points on. */
    middleFrom: points,
    highFrom: points,
    /** A price above this many times the median, or below the median by as much, of at least so many lines in so many months. */
    price: z.object({
      times: z.number().int().min(2),
      lines: z.number().int().min(1),
      months: z.number().int().min(1),
    }),
    /** Gross weight above this many times the net weight is not believed; nor one below it; nor a kilogram worth that many times the median. */
    grossTimesNet: z.number().int().min(1),
    /** Supervision conditions (监管证件代码) of the tariff that regulate an export, and categories of inspection (检验检疫类别) on the way out. */
    conditions: z
      .string()
      .regex(/^[0-9A-Za-z]+$/)
      .default('4B'),
    inspections: z
      .string()
      .regex(/^[A-Z]+$/)
      .default('NQS'),
    /** Fewer earlier shipments than this make a newcomer. */
    shipments: z.number().int().min(1),
    /** Percent of what went out in so many months. */
    returns: z.object({ percent: z.number().int().min(1).max(100), months: z.number().int().min(1) }),
  }),
);
export type ShipmentScoreFigures = z.output<typeof shipmentScorePackSchema>['versions'][number]['parameters'];

/** What the book says to one code: the rows that trip it, at most some of them; `cannot-tell` where facts are missing. */
export interface ScoreFact {
  readonly code: ScoreCode;
  readonly outcome: 'hit' | 'clear' | 'cannot-tell';
  readonly rows: readonly string[];
}

export interface ShipmentScore {
  readonly score: number;
  readonly level: ScoreLevel;
  /** False where a code could not be told: the score may be higher. */
  readonly isComplete: boolean;
  readonly items: readonly (ScoreFact & { readonly points: number })[];
}

/** Adds the points of what is tripped, up to the cap. */
export function scoreShipment(figures: ShipmentScoreFigures, facts: readonly ScoreFact[]): ShipmentScore {
  const items = facts.map((fact) => ({ ...fact, points: fact.outcome === 'hit' ? figures.points[fact.code] : 0 }));
  const score = Math.min(
    figures.cap,
    items.reduce((sum, one) => sum + one.points, 0),
  );
  return {
    score,
    level: score >= figures.highFrom ? 'high' : score >= figures.middleFrom ? 'middle' : 'low',
    isComplete: facts.every(({ outcome }) => outcome !== 'cannot-tell'),
    items,
  };
}

/** The median of whole numbers, the lower of the two middle ones; undefined of none. */
export function lowerMedian(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** Whether a price is outside [median / times, median × times]. Scaled whole numbers, compared exactly. */
export function isPriceOdd(price: number, median: number, times: number): boolean {
  const [one, middle, by] = [BigInt(price), BigInt(median), BigInt(times)];
  return one > middle * by || one * by < middle;
}
