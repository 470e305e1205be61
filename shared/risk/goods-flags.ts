/** Red flags of goods: R03 round trips, R04 unit prices, R05 value by weight, R13 freight of CIF deals. */
import { addMonths, type IsoDate } from '../calendar/index.ts';
import type { BookRow } from '../contract/risk.ts';
import { majorText } from '../reports/amounts.ts';
import {
  compareFractions,
  type FiguresOf,
  type Fraction,
  fractionText,
  type Hit,
  numOf,
  percentText,
  type Verdict,
} from './flags.ts';
import { missingRows } from './money-flags.ts';

/** Goods that left or came back. */
export interface MoveFact {
  readonly row: BookRow;
  readonly id: number;
  readonly direction: 'out' | 'in';
  readonly date: IsoDate;
  readonly sku: string;
  readonly qtyE5: number;
  /** Fen; undefined where it goes by the export it takes back, or is not known. */
  readonly valueFen: number | undefined;
}

/** R03: the same goods, quantity and value out and back, so often within so many months. */
export function roundTrips(moves: readonly MoveFact[], figures: FiguresOf<'R03'>): Verdict {
  const hits: Hit[] = [];
  const groups = new Map<string, MoveFact[]>();
  for (const move of moves) {
    const key = `${move.sku}\u0000${move.qtyE5}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [move]);
    else list.push(move);
  }
  const sameValue = (a: MoveFact, b: MoveFact): boolean =>
    a.valueFen === undefined ||
    b.valueFen === undefined ||
    numOf(Math.abs(a.valueFen - b.valueFen)).lte(figures.valueTolerance.times(Math.abs(a.valueFen)));
  for (const list of groups.values()) {
    list.sort((a, b) =>
      a.date < b.date
        ? -1
        : a.date > b.date
          ? 1
          : a.direction === b.direction
            ? a.id - b.id
            : a.direction === 'out'
              ? -1
              : 1,
    );
    const waiting: MoveFact[] = [];
    const trips: { readonly out: MoveFact; readonly back: MoveFact }[] = [];
    for (const move of list) {
      if (move.direction === 'out') waiting.push(move);
      else {
        const at = waiting.findLastIndex((out) => sameValue(out, move));
        const [out] = at < 0 ? [] : waiting.splice(at, 1);
        if (out !== undefined) trips.push({ out, back: move });
      }
    }
    const tripped = new Set<number>();
    for (let at = 0; at + figures.times <= trips.length; at += 1) {
      const [first, last] = [trips[at], trips[at + figures.times - 1]];
      if (first === undefined || last === undefined || last.back.date > addMonths(first.back.date, figures.months))
        continue;
      for (let one = at; one < at + figures.times; one += 1) tripped.add(one);
    }
    const [sample] = list;
    if (tripped.size === 0 || sample === undefined) continue;
    hits.push({
      key: `goods:${sample.sku}:${sample.qtyE5}`,
      subject: sample.sku,
      params: { times: tripped.size, months: figures.months },
      rows: trips.flatMap(({ out, back }, at) => (tripped.has(at) ? [out.row, back.row] : [])),
    });
  }
  return { checked: moves.length, hits, missing: [] };
}

/** A line of goods with what is compared: price or value by weight. */
export interface PointFact {
  readonly row: BookRow;
  readonly id: number;
  readonly date: IsoDate;
  /** What is compared with its like: article, or six digits of the commodity code. */
  readonly group: string;
  readonly value: Fraction;
}

/** Values of some months in order, from which one can be taken out for the time of a question. */
class Window {
  readonly #values: Fraction[] = [];

  #at(value: Fraction): number {
    let [from, to] = [0, this.#values.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#values[middle];
      if (other !== undefined && compareFractions(other, value) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
  add(value: Fraction): void {
    this.#values.splice(this.#at(value), 0, value);
  }
  remove(value: Fraction): void {
    this.#values.splice(this.#at(value), 1);
  }
  /** The others: everything but one value equal to this. */
  without(value: Fraction): { readonly size: number; readonly nth: (at: number) => Fraction } {
    const own = this.#at(value);
    const none: Fraction = { n: 0n, d: 1n };
    return { size: this.#values.length - 1, nth: (at) => this.#values[at < own ? at : at + 1] ?? none };
  }
}

/** Each point with the others of its group in the months up to its day, its own day included. */
function judged(
  points: readonly PointFact[],
  months: number,
  judge: (point: PointFact, others: ReturnType<Window['without']>) => void,
): void {
  const groups = new Map<string, PointFact[]>();
  for (const point of points) {
    const list = groups.get(point.group);
    if (list === undefined) groups.set(point.group, [point]);
    else list.push(point);
  }
  for (const list of groups.values()) {
    list.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.id - b.id));
    const window = new Window();
    let [first, next] = [0, 0];
    for (const point of list) {
      for (let one = list[next]; one !== undefined && one.date <= point.date; one = list[next]) {
        window.add(one.value);
        next += 1;
      }
      const since = addMonths(point.date, -months);
      for (let one = list[first]; one !== undefined && one.date < since; one = list[first]) {
        window.remove(one.value);
        first += 1;
      }
      judge(point, window.without(point.value));
    }
  }
}

/** The middle value, or the mean of the two in the middle. */
function median({ size, nth }: ReturnType<Window['without']>): Fraction {
  if (size % 2 === 1) return nth((size - 1) / 2);
  const [a, b] = [nth(size / 2 - 1), nth(size / 2)];
  return { n: a.n * b.d + b.n * a.d, d: 2n * a.d * b.d };
}

/** R04: a unit price far from the median of the months before. Prices in yuan a unit, as fractions of fen. */
export function oddPrices(
  points: readonly PointFact[],
  figures: FiguresOf<'R04'>,
  unpriced: readonly BookRow[],
): Verdict {
  const found = new Map<string, { row: BookRow; median: Fraction; value: Fraction }[]>();
  const above = scaled(figures.above.toFixed());
  const below = scaled(figures.belowPart.toFixed());
  judged(points, figures.months, (point, others) => {
    if (others.size < figures.leastPoints) return;
    const middle = median(others);
    const isAbove = point.value.n * middle.d * above.d > middle.n * point.value.d * above.n;
    const isBelow = point.value.n * middle.d * below.n < middle.n * point.value.d * below.d;
    if (!isAbove && !isBelow) return;
    found.set(point.group, [...(found.get(point.group) ?? []), { row: point.row, median: middle, value: point.value }]);
  });
  const hits = [...found].map(([group, list]): Hit => {
    const last = list.at(-1);
    return {
      key: `goods:${group}`,
      subject: group,
      params: {
        count: list.length,
        price: last === undefined ? '' : yuan(last.value),
        median: last === undefined ? '' : yuan(last.median),
        above: figures.above.toFixed(),
        belowPart: figures.belowPart.toFixed(),
      },
      rows: list
        .reverse()
        .map(({ row, value, median: middle }) => ({ ...row, detail: `${yuan(value)} / ${yuan(middle)}` })),
    };
  });
  return { checked: points.length, hits, missing: missingRows('exportRate', unpriced) };
}

/** Decimal text as a fraction. */
function scaled(text: string): Fraction {
  const [whole = '0', part = ''] = text.split('.');
  return { n: BigInt(whole + part), d: 10n ** BigInt(part.length) };
}
/** Fen a unit as yuan with two decimals. */
function yuan({ n, d }: Fraction): string {
  return fractionText({ n, d: d * 100n }, 2);
}

/** R05: value by weight outside the firm's own band. The band is that of the other lines, by nearest rank. */
export function oddValues(
  points: readonly PointFact[],
  figures: FiguresOf<'R05'>,
  lacking: { readonly rates: readonly BookRow[]; readonly weights: readonly BookRow[] },
): Verdict {
  const found = new Map<string, { row: BookRow; low: Fraction; high: Fraction; value: Fraction }[]>();
  judged(points, figures.months, (point, others) => {
    if (others.size < figures.leastPoints) return;
    const rank = (percentile: number): Fraction =>
      others.nth(Math.max(0, Math.ceil((percentile * others.size) / 100) - 1));
    const [low, high] = [rank(figures.fromPercentile), rank(figures.toPercentile)];
    if (compareFractions(point.value, low) >= 0 && compareFractions(point.value, high) <= 0) return;
    found.set(point.group, [...(found.get(point.group) ?? []), { row: point.row, low, high, value: point.value }]);
  });
  const hits = [...found].map(([group, list]): Hit => {
    const last = list.at(-1);
    return {
      key: `hs:${group}`,
      subject: group,
      params: {
        count: list.length,
        low: last === undefined ? '' : yuan(last.low),
        high: last === undefined ? '' : yuan(last.high),
        from: figures.fromPercentile,
        to: figures.toPercentile,
      },
      rows: list
        .reverse()
        .map(({ row, value, low, high }) => ({ ...row, detail: `${yuan(value)} / ${yuan(low)}–${yuan(high)}` })),
    };
  });
  return {
    checked: points.length,
    hits,
    missing: [...missingRows('exportRate', lacking.rates), ...missingRows('weight', lacking.weights)],
  };
}

/** A declaration or list with its terms. Amounts in minor units of its currency. */
export interface DealFact {
  readonly row: BookRow;
  readonly declarationNo: string;
  readonly currency: string;
  /** Undefined: nobody has said, and nothing tells. */
  readonly term: 'CIF' | 'CFR' | 'FOB' | undefined;
  readonly goodsMinor: number;
  /** Undefined: stated in a way that is no amount (a rate, another currency). */
  readonly freightMinor: number | undefined;
  readonly insuranceMinor: number | undefined;
}

/** R13: a price with freight in it (CIF, CFR) whose freight and insurance are nought or more than a share of the value. */
export function oddFreight(deals: readonly DealFact[], figures: FiguresOf<'R13'>): Verdict {
  const hits: Hit[] = [];
  const [noTerm, noAmount]: [BookRow[], BookRow[]] = [[], []];
  for (const deal of deals) {
    if (deal.term === undefined) noTerm.push(deal.row);
    if (deal.term === undefined || deal.term === 'FOB') continue;
    if (deal.freightMinor === undefined || deal.insuranceMinor === undefined) {
      noAmount.push(deal.row);
      continue;
    }
    const costs = deal.freightMinor + deal.insuranceMinor;
    if (costs !== 0 && numOf(costs).lte(figures.upTo.times(deal.goodsMinor))) continue;
    hits.push({
      key: `declaration:${deal.declarationNo}`,
      subject: deal.declarationNo,
      params: {
        term: deal.term,
        costs: `${deal.currency} ${majorText(costs, deal.currency)}`,
        percent: deal.goodsMinor === 0 ? '–' : percentText(numOf(costs), numOf(deal.goodsMinor)),
        limit: figures.upTo.times(100).toFixed(),
      },
      rows: [deal.row],
    });
  }
  return {
    checked: deals.length,
    hits,
    missing: [...missingRows('dealTerm', noTerm), ...missingRows('dealFreight', noAmount)],
  };
}
