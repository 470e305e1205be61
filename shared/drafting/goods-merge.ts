/**
 * Merging goods lines for a declaration or its papers (归并): equal in everything that a declaration item says, quantities and money
 * added up, every source line kept under the item it went into. Splitting at the item limit of a document keeps order and totals.
 * Scaled integers throughout (five decimals), so the totals are equal to the digit; that they are is checked each time.
 */
import { divideRounded, pow10, SCALE5 } from '../money/decimal.ts';

/** What an item of a declaration says besides figures: lines that differ in any of these are never one item. */
export interface GoodsNature {
  /** Commodity code, 10 digits (or the 4 or 6 of simplified filing). */
  readonly gcode: string;
  /** Declared name (申报品名). */
  readonly gname: string;
  /** Specification and declaration elements (规格型号). */
  readonly gmodel: string;
  /** Declared, first and second legal unit: customs codes. */
  readonly unit: string;
  readonly unit1: string;
  readonly unit2?: string | undefined;
  /** Customs codes of currency, origin and final destination. */
  readonly currency: string;
  readonly origin: string;
  readonly destination: string;
}

/** Figures of a line, scaled by 10^5; weights in kilograms, money in the line's currency. */
export interface GoodsFigures {
  readonly qty_e5: bigint;
  readonly qty1_e5: bigint;
  /** Only where there is a second legal unit. */
  readonly qty2_e5?: bigint | undefined;
  readonly price_e5: bigint;
  readonly total_e5: bigint;
  readonly net_e5: bigint;
  readonly gross_e5: bigint;
}

export interface GoodsLine extends GoodsNature, GoodsFigures {
  /** Names the line for its caller: a SKU, `order/line`, an id. */
  readonly key: string;
}

/** An item: the key of its first line, the sum of all. */
export interface MergedLine extends GoodsLine {
  readonly sources: readonly GoodsLine[];
  /** True when lines with differing prices were merged: `price_e5` is then total ÷ quantity, half-up to five decimals. */
  readonly isAveragePrice: boolean;
}

/** Totals of lines. Quantities by unit and money by currency: what has no common measure is not added. */
export interface GoodsTotals {
  readonly qty_e5: Readonly<Record<string, bigint>>;
  readonly qty1_e5: Readonly<Record<string, bigint>>;
  readonly qty2_e5: Readonly<Record<string, bigint>>;
  readonly total_e5: Readonly<Record<string, bigint>>;
  readonly net_e5: bigint;
  readonly gross_e5: bigint;
}

export interface MergedGoods {
  /** In the order in which their first lines came. */
  readonly lines: readonly MergedLine[];
  /** Equal before and after. */
  readonly totals: GoodsTotals;
}

/** Totals of lines, by unit and currency where need be. */
export function totalsOf(lines: readonly GoodsLine[]): GoodsTotals {
  const by = (pick: (line: GoodsLine) => readonly [unit: string | undefined, value: bigint | undefined]) => {
    const sums: Record<string, bigint> = {};
    for (const line of lines) {
      const [unit = '', value] = pick(line);
      if (value !== undefined) sums[unit] = (sums[unit] ?? 0n) + value;
    }
    return sums;
  };
  let net = 0n;
  let gross = 0n;
  for (const { net_e5, gross_e5 } of lines) {
    net += net_e5;
    gross += gross_e5;
  }
  return {
    qty_e5: by(({ unit, qty_e5 }) => [unit, qty_e5]),
    qty1_e5: by(({ unit1, qty1_e5 }) => [unit1, qty1_e5]),
    qty2_e5: by(({ unit2, qty2_e5 }) => [unit2, qty2_e5]),
    total_e5: by(({ currency, total_e5 }) => [currency, total_e5]),
    net_e5: net,
    gross_e5: gross,
  };
}

/** Whether two totals agree in every unit and currency. */
export function sameTotals(a: GoodsTotals, b: GoodsTotals): boolean {
  const same = (one: Readonly<Record<string, bigint>>, other: Readonly<Record<string, bigint>>): boolean => {
    const names = Object.keys(one);
    return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
  };
  return (
    same(a.qty_e5, b.qty_e5) &&
    same(a.qty1_e5, b.qty1_e5) &&
    same(a.qty2_e5, b.qty2_e5) &&
    same(a.total_e5, b.total_e5) &&
    a.net_e5 === b.net_e5 &&
    a.gross_e5 === b.gross_e5
  );
}

/** What makes lines one item. A line with a second quantity and one without stay apart: the sum would be of neither. */
function natureOf(line: GoodsLine): string {
  const { gcode, gname, gmodel, unit, unit1, unit2, currency, origin, destination, qty2_e5 } = line;
  const texts = [gcode, gname, gmodel, unit, unit1, unit2 ?? '', currency, origin, destination];
  return JSON.stringify([...texts, qty2_e5 === undefined]);
}

function mergeOf(sources: readonly [GoodsLine, ...GoodsLine[]]): MergedLine {
  const [first] = sources;
  let [qty, qty1, total, net, gross] = [0n, 0n, 0n, 0n, 0n];
  let qty2 = first.qty2_e5 === undefined ? undefined : 0n;
  for (const line of sources) {
    qty += line.qty_e5;
    qty1 += line.qty1_e5;
    total += line.total_e5;
    net += line.net_e5;
    gross += line.gross_e5;
    if (qty2 !== undefined) qty2 += line.qty2_e5 ?? 0n;
  }
  const isAveragePrice = sources.some(({ price_e5 }) => price_e5 !== first.price_e5);
  const price = isAveragePrice && qty !== 0n ? divideRounded(total * pow10(SCALE5), qty, 'halfUp') : first.price_e5;
  return {
    ...first,
    qty_e5: qty,
    qty1_e5: qty1,
    ...(qty2 === undefined ? {} : { qty2_e5: qty2 }),
    price_e5: price,
    total_e5: total,
    net_e5: net,
    gross_e5: gross,
    sources,
    isAveragePrice,
  };
}

/**
 * Merges lines that say the same of their goods. Throws a RangeError if totals were not kept, which is a bug.
 * @param apart what else keeps lines apart, where an item is to be of one article; nothing by itself
 */
export function mergeGoods(lines: readonly GoodsLine[], apart: (line: GoodsLine) => string = () => ''): MergedGoods {
  const groups = new Map<string, [GoodsLine, ...GoodsLine[]]>();
  for (const line of lines) {
    const nature = `${natureOf(line)}${apart(line)}`;
    const group = groups.get(nature);
    if (group === undefined) groups.set(nature, [line]);
    else group.push(line);
  }
  const merged = [...groups.values()].map(mergeOf);
  const totals = totalsOf(merged);
  if (!sameTotals(totals, totalsOf(lines))) throw new RangeError('merging lines changed their totals');
  return { lines: merged, totals };
}

/**
 * Parts of at most `max` lines each, in order; no lines make no part.
 * @param max 1 or more (RangeError), e.g. 50 items of a 报关单
 */
export function splitByLimit<L>(lines: readonly L[], max: number): L[][] {
  if (!Number.isInteger(max) || max < 1) throw new RangeError(`not a limit of lines: ${max}`);
  const parts: L[][] = [];
  for (let at = 0; at < lines.length; at += max) parts.push(lines.slice(at, at + max));
  return parts;
}
