import { costShare } from './average.ts';

/** A line of an invoice with what it costs by itself, in fen. On a red invoice (红字) quantity and cost are negative. */
export interface CostLine {
  readonly qtyE5: number;
  readonly sku: string | undefined;
  readonly ownFen: number;
}

/**
 * Cost of goods in fen: without VAT where it can be deducted or refunded (专票, 海关缴款书), with it elsewhere and where the
 * firm has confirmed that it is not deducted (不抵扣).
 */
export function goodsCost(
  kind: 'special' | 'ordinary' | 'customs-payment' | 'other-voucher',
  purpose: 'none' | 'deduction' | 'refund' | 'exempt',
  amountFen: number,
  vatFen: number,
): number {
  const isDeductible = (kind === 'special' || kind === 'customs-payment') && purpose !== 'exempt';
  return isDeductible ? amountFen : amountFen + vatFen;
}

/** Shares of a sum in proportion to weights, which come to it whatever they are; all zero where no weight is. */
export function sharesOf(sumFen: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((total, weight) => total + weight, 0);
  let reached = 0;
  let given = 0;
  return weights.map((weight) => {
    if (whole === 0) return 0;
    reached += weight;
    const upTo = costShare(sumFen, reached, whole);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}

/** Lines that bear costs which belong to no line alone: goods of a known article, in proportion to their cost. */
export function bearingWeights(lines: readonly CostLine[], costs: readonly number[]): number[] {
  return lines.map(({ qtyE5, sku }, at) => (qtyE5 !== 0 && sku !== undefined ? Math.abs(costs[at] ?? 0) : 0));
}

/**
 * What each line of an invoice costs with its part of the lines that state no quantity: a discount (折扣行) belongs to the line
 * before it, as the invoice prints it, or to all where it is more than that line; a charge without an article belongs to
 * all goods. The costs come to those of the lines.
 */
export function lineCosts(lines: readonly CostLine[]): number[] {
  const costs = lines.map(({ ownFen }) => ownFen);
  for (const [at, { qtyE5, sku, ownFen }] of lines.entries()) {
    if (qtyE5 !== 0 || ownFen === 0 || (ownFen > 0 && sku !== undefined)) continue;
    const before = ownFen > 0 ? -1 : lines.findLastIndex((line, index) => index < at && line.qtyE5 !== 0);
    const cost = costs[before];
    if (cost !== undefined && (cost < 0 || cost + ownFen >= 0)) {
      costs[before] = cost + ownFen;
      costs[at] = 0;
      continue;
    }
    const shares = sharesOf(ownFen, bearingWeights(lines, costs));
    if (shares.every((share) => share === 0)) continue;
    costs[at] = 0;
    for (const [index, share] of shares.entries()) costs[index] = (costs[index] ?? 0) + share;
  }
  return costs;
}

/** What has been received of a line costs, in fen: the parts of a line come to the line whatever the steps. */
export function receivedCost(line: {
  readonly qtyE5: number;
  readonly receivedE5: number;
  readonly costFen: number;
}): number {
  if (line.receivedE5 === 0) return 0;
  return costShare(line.costFen, Math.abs(line.receivedE5), Math.abs(line.qtyE5));
}
