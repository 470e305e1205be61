import { divideRounded } from '../money/decimal.ts';

/** What is there of an article at a place: quantity scaled by 10^5 and its whole cost in fen. Both zero or more. */
export interface Holding {
  readonly qtyE5: number;
  readonly costFen: number;
}

export const nothing: Holding = { qtyE5: 0, costFen: 0 };

/** The part of a cost that falls to a part of its quantity, half-up to the fen; the whole quantity takes the whole cost. */
export function costShare(costFen: number, partE5: number, wholeE5: number): number {
  if (partE5 === wholeE5) return costFen;
  return Number(divideRounded(BigInt(costFen) * BigInt(partE5), BigInt(wholeE5), 'halfUp'));
}

/** Goods in: quantity and cost add up. Throws RangeError for a quantity that is not above zero or a negative cost. */
export function received(holding: Holding, qtyE5: number, costFen: number): Holding {
  if (qtyE5 <= 0 || costFen < 0) throw new RangeError(`nothing to receive: ${qtyE5}e-5 for ${costFen} fen`);
  return { qtyE5: holding.qtyE5 + qtyE5, costFen: holding.costFen + costFen };
}

/**
 * Goods out at the moving weighted average (移动加权平均; 小企业会计准则 art. 13 allows it): cost × quantity / on hand, half-up
 * to the fen; the last piece takes what is left, so that nothing is left of the cost when nothing is left of the goods.
 * Throws RangeError for a quantity that is not above zero or more than there is: ask first.
 */
export function issued(holding: Holding, qtyE5: number): { readonly left: Holding; readonly costFen: number } {
  if (qtyE5 <= 0 || qtyE5 > holding.qtyE5) throw new RangeError(`${qtyE5}e-5 of ${holding.qtyE5}e-5`);
  const costFen = costShare(holding.costFen, qtyE5, holding.qtyE5);
  return { left: { qtyE5: holding.qtyE5 - qtyE5, costFen: holding.costFen - costFen }, costFen };
}

/** Average cost of a unit in CNY × 10^5, half-up; undefined when there is none. */
export function averageE5({ qtyE5, costFen }: Holding): number | undefined {
  if (qtyE5 === 0) return undefined;
  // fen / 100 / (qty / 10^5), scaled by 10^5
  return Number(divideRounded(BigInt(costFen) * 100_000_000n, BigInt(qtyE5), 'halfUp'));
}
