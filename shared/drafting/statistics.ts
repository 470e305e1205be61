import type { StatisticsFiling } from '../documents/catalogue.ts';
import { formatScaled } from '../money/index.ts';
import { type Cell, statisticsDimensions } from '../statistics/figures.ts';
import { type FilingFrame, filingHead } from './registration.ts';

export interface StatisticsFacts {
  /** `yyyy-mm`. */
  readonly period: string;
  readonly zone: string;
  readonly note: string;
  /** The month as a whole, and its cells by every dimension. */
  readonly total: Cell | undefined;
  readonly cells: readonly Cell[];
}

const cents = (value: number): string => formatScaled(BigInt(value), 2, 2);

const countsOf = ({
  orders,
  fen,
  usdCents,
  returns,
  newBuyers,
}: Pick<Cell, 'orders' | 'fen' | 'usdCents' | 'returns' | 'newBuyers'>) => ({
  orders: String(orders),
  amountCny: cents(fen),
  ...(usdCents === null ? {} : { amountUsd: cents(usdCents) }),
  returns: String(returns),
  newBuyers: String(newBuyers),
});

const none = { orders: 0, fen: 0, usdCents: 0, returns: 0, newBuyers: 0 } as const;

/**
 * The monthly report as it is filed: lines in the order of their dimensions, so that the same figures are the same document. Dollars are
 * left out of the head where a line has none. Pure.
 */
export function draftStatistics(
  { period, zone, note, total, cells }: StatisticsFacts,
  frame: FilingFrame,
): StatisticsFiling {
  const order = (cell: Cell): string => statisticsDimensions.map((name) => cell[name]).join('\n');
  const sorted = [...cells].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return {
    StatisticsHead: {
      ...filingHead(frame),
      period: period.replace('-', ''),
      ...countsOf(total ?? none),
      ...(note === '' ? {} : { note }),
    },
    StatisticsList: sorted.map((cell, at) => ({
      gnum: String(at + 1),
      flow: 'E',
      mode: cell.mode,
      country: cell.country,
      hs2: cell.hs2,
      ...(cell.platform === '' ? {} : { platform: cell.platform }),
      ...(zone === '' ? {} : { zone }),
      ...countsOf(cell),
    })),
  };
}
