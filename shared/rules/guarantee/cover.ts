/** Whether a guarantee (税款担保) covers a tax: the pure half of holding back what is not covered. */
import { z } from 'zod';
import { packSchema } from '../pack.ts';

/** `resources/rules/guarantee.json`: the used part above which the desk warns. */
export const guaranteePack = packSchema(z.object({ warnAbove: z.string().regex(/^0\.\d{1,4}$/) }));

/** A guarantee as the check needs it; fen. */
export interface CoverSource {
  readonly id: number;
  readonly number: string;
  /** Customs district; null: any. */
  readonly customs: string | null;
  readonly validFrom: string;
  readonly validTo: string;
  readonly freeFen: number;
}

export type Cover =
  | { readonly covered: true; readonly id: number }
  /** The guarantee with most left, and what is missing. `number` empty: none is valid that day for that customs. */
  | { readonly covered: false; readonly number: string; readonly freeFen: number; readonly missingFen: number };

/**
 * The guarantee a tax is taken from: of those valid on the day for the customs the one with least left that suffices, so that
 * the large ones stay for large taxes.
 */
export function coverOf(
  guarantees: readonly CoverSource[],
  wantFen: number,
  where: { readonly customs: string; readonly date: string },
): Cover {
  const valid = guarantees
    .filter(({ customs, validFrom, validTo }) => {
      const fits = customs === null || customs === where.customs;
      return fits && validFrom <= where.date && where.date <= validTo;
    })
    .sort((a, b) => a.freeFen - b.freeFen || a.id - b.id);
  const enough = valid.find(({ freeFen }) => freeFen >= wantFen);
  if (enough !== undefined) return { covered: true, id: enough.id };
  const most = valid.at(-1);
  const freeFen = most?.freeFen ?? 0;
  return { covered: false, number: most?.number ?? '', freeFen, missingFen: wantFen - freeFen };
}

/** Whether the used part is above the warning level; exact in integers. */
export function isNearlyUsed(amountFen: number, usedFen: number, warnAbove: string): boolean {
  const digits = warnAbove.length - 2;
  return BigInt(usedFen) * 10n ** BigInt(digits) > BigInt(amountFen) * BigInt(warnAbove.slice(2));
}
