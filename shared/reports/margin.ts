/** Margin (毛利) from postings on profit and loss. */
import { allocate } from '../money/index.ts';
import type { Chart } from './accounts.ts';
import { fenText, percentage } from './amounts.ts';
import type { StatementRules } from './pack.ts';

export const marginColumns = ['revenue', 'returns', 'cost', 'freight', 'fees'] as const;
export type MarginColumn = (typeof marginColumns)[number];
/** Fen; revenue positive, what lowers the margin positive too. */
export type MarginSums = Record<MarginColumn, bigint>;

export function noMargin(): MarginSums {
  return { revenue: 0n, returns: 0n, cost: 0n, freight: 0n, fees: 0n };
}

/** Which columns the accounts of the chart go to; an account in none is no part of the margin. */
export function marginAccounts(
  chart: Chart,
  rules: StatementRules['margin'],
): Map<string, Exclude<MarginColumn, 'returns'>> {
  const columns = ['revenue', 'cost', 'freight', 'fees'] as const;
  const found = new Map<string, Exclude<MarginColumn, 'returns'>>();
  for (const { code } of chart.accounts) {
    const column = columns.find((one) => rules[one].some((selection) => chart.selects(selection, code)));
    if (column !== undefined) found.set(code, column);
  }
  return found;
}

/** Adds what an account was debited and credited with: a debit of revenue is a return (退货、红冲), a credit of cost lowers it. */
export function addToMargin(
  sums: MarginSums,
  column: Exclude<MarginColumn, 'returns'>,
  debitFen: bigint,
  creditFen: bigint,
): void {
  if (column === 'revenue') {
    sums.revenue += creditFen;
    sums.returns += debitFen;
  } else sums[column] += debitFen - creditFen;
}

export function addMargin(to: MarginSums, from: MarginSums): void {
  for (const column of marginColumns) to[column] += from[column];
}

/** Splits sums by weights, each column to the fen; with no weight above zero they cannot be split: undefined. */
export function splitMargin(sums: MarginSums, weights: readonly bigint[]): MarginSums[] | undefined {
  const usable = weights.map((weight) => (weight > 0n ? weight : 0n));
  if (usable.every((weight) => weight === 0n)) return undefined;
  const parts = usable.map(noMargin);
  for (const column of marginColumns) {
    for (const [at, share] of allocate(sums[column], usable).entries()) {
      const part = parts[at];
      if (part !== undefined) part[column] = share;
    }
  }
  return parts;
}

export function marginOf({ revenue, returns, cost, freight, fees }: MarginSums): bigint {
  return revenue - returns - cost - freight - fees;
}

/** The amounts as text; `rate` is the margin in revenue less returns. */
export function marginTexts(sums: MarginSums) {
  return {
    revenue: fenText(sums.revenue),
    returns: fenText(sums.returns),
    cost: fenText(sums.cost),
    fees: fenText(sums.fees),
    freight: fenText(sums.freight),
    margin: fenText(marginOf(sums)),
    rate: percentage(marginOf(sums), sums.revenue - sums.returns),
  };
}
