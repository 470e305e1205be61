/**
 * Figures of a month's statistics (统计月报): cells by supervision mode, country, HS chapter and platform, set beside those of the month
 * before and of the same month a year ago. Amounts are fen and US cents; counts are whole numbers.
 */

export const statisticsDimensions = ['mode', 'country', 'hs2', 'platform'] as const;
export type StatisticsDimension = (typeof statisticsDimensions)[number];

/** Where a figure stands; a dimension that is not asked for, or not known, is ''. */
export type CellKey = Readonly<Record<StatisticsDimension, string>>;

export interface Cell extends CellKey {
  readonly lines: number;
  /** Orders, and declarations whose goods belong to no order of the book; each once. */
  readonly orders: number;
  readonly fen: number;
  /** Null where the rate of a line is not known. */
  readonly usdCents: number | null;
  /** Lines without an amount in yuan, because the rate of their day is missing. */
  readonly unrated: number;
  readonly returns: number;
  readonly newBuyers: number;
}

export interface ComparedCell extends Cell {
  readonly fenBefore: number;
  readonly ordersBefore: number;
  readonly fenYearAgo: number;
  /** Month on month (环比) and year on year (同比) in hundredths of a percent; null where there was nothing to compare with. */
  readonly monthBp: number | null;
  readonly yearBp: number | null;
}

/** The month `months` before `yyyy-mm`. */
export function monthBefore(period: string, months = 1): string {
  const index = Number(period.slice(0, 4)) * 12 + Number(period.slice(5)) - 1 - months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export const keyOf = (of: CellKey): string => JSON.stringify(statisticsDimensions.map((name) => of[name]));

/** Growth over `base` in hundredths of a percent, half away from zero; null over nothing. */
export function growthBp(now: number, base: number): number | null {
  if (base === 0) return null;
  const [by, of] = [BigInt(now) - BigInt(base), BigInt(base)];
  const [size, over] = [(by < 0n ? -by : by) * 20_000n, of < 0n ? -of : of];
  const rounded = Number((size + over) / (2n * over));
  return by < 0n === of < 0n ? rounded : rounded === 0 ? 0 : -rounded;
}

const nothing = { lines: 0, orders: 0, fen: 0, usdCents: 0, unrated: 0, returns: 0, newBuyers: 0 } as const;

/** Every cell of the month, and those that the month before or the same month a year ago had and this one has not; the largest amount first. */
export function compareCells(now: readonly Cell[], before: readonly Cell[], yearAgo: readonly Cell[]): ComparedCell[] {
  const [last, past] = [before, yearAgo].map((cells) => new Map(cells.map((cell) => [keyOf(cell), cell])));
  const here = new Set(now.map(keyOf));
  const gone = new Map(
    [...before, ...yearAgo]
      .filter((cell) => !here.has(keyOf(cell)))
      .map(({ mode, country, hs2, platform }) => ({ mode, country, hs2, platform, ...nothing }))
      .map((cell) => [keyOf(cell), cell]),
  );
  return [...now, ...gone.values()]
    .map((cell) => {
      const [of, ago] = [last?.get(keyOf(cell)), past?.get(keyOf(cell))];
      const [fenBefore, fenYearAgo] = [of?.fen ?? 0, ago?.fen ?? 0];
      return {
        ...cell,
        ...{ fenBefore, fenYearAgo, ordersBefore: of?.orders ?? 0 },
        monthBp: growthBp(cell.fen, fenBefore),
        yearBp: growthBp(cell.fen, fenYearAgo),
      };
    })
    .sort(
      (a, b) =>
        b.fen - a.fen || b.fenBefore - a.fenBefore || b.fenYearAgo - a.fenYearAgo || (keyOf(a) < keyOf(b) ? -1 : 1),
    );
}

/**
 * Shares of a whole in hundredths of a percent that add up to 10,000, by the largest remainder; all zero where the whole is nothing.
 * Amounts below zero have no share.
 */
export function sharesBp(amounts: readonly number[]): number[] {
  const weights = amounts.map((amount) => BigInt(Math.max(amount, 0)));
  const whole = weights.reduce((sum, one) => sum + one, 0n);
  if (whole === 0n) return amounts.map(() => 0);
  const shares = weights.map((one) => Number((one * 10_000n) / whole));
  const left = 10_000 - shares.reduce((sum, one) => sum + one, 0);
  weights
    .map((one, at) => ({ at, rest: (one * 10_000n) % whole }))
    .sort((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest < b.rest ? 1 : -1))
    .slice(0, left)
    .forEach(({ at }) => {
      shares[at] = (shares[at] ?? 0) + 1;
    });
  return shares;
}
