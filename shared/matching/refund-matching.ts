/**
 * 外贸企业出口退税 征退税匹配: lines of export declarations against lines of input invoices and receipts of foreign exchange
 * (pain points P-23, P-30; feature G6). Pure and near-linear: sorting, then every line is looked at a bounded number of times.
 */
import type { IsoDate } from '../calendar/dates.ts';
import { divideRounded, parseScaled } from '../money/decimal.ts';
import { comparableName, comparableUnit } from './names.ts';

/** 收汇: received, taken as received by the rules (视同收汇), or not yet there. */
export type ReceiptState = 'received' | 'deemed' | 'missing';

/** A line of an export declaration. Quantities scaled by 10^5, money in fen. */
export interface ExportLine {
  readonly id: string;
  readonly exportDate: IsoDate;
  readonly declarationNo: string;
  /** The firm's own article number; null where unknown. */
  readonly sku: string | null;
  /** Articles of an item merged from several, each with its quantity: they stand for `sku`. Empty or absent: it is one article. */
  readonly parts?: readonly { readonly sku: string; readonly qtyE5: bigint }[];
  readonly hs: string;
  readonly nameCn: string;
  readonly unit: string;
  readonly qtyE5: bigint;
  readonly fobFen: bigint;
  /** 退税率, decimal text: `0.13`. */
  readonly refundRate: string;
  readonly receiptState: ReceiptState;
}

/** A line of an input invoice with what earlier claims have left of it. */
export interface InvoiceLine {
  readonly id: string;
  readonly invoiceNo: string;
  readonly date: IsoDate;
  /** 增值税专用发票, 海关进口增值税专用缴款书, or 普通发票, which gives no refund. */
  readonly kind: 'special' | 'customs-payment' | 'ordinary';
  readonly supplier: string;
  readonly nameCn: string;
  readonly unit: string;
  readonly sku: string | null;
  readonly qtyLeftE5: bigint;
  /** 金额 (不含税) and 税额 of the quantity left. */
  readonly amountLeftFen: bigint;
  readonly vatLeftFen: bigint;
  /** 征税率, decimal text. */
  readonly vatRate: string;
}

/** A quantity of an invoice line used for a line of a declaration. */
export interface RefundMatch {
  readonly exportId: string;
  readonly invoiceLineId: string;
  readonly qtyE5: bigint;
  readonly amountFen: bigint;
  readonly vatFen: bigint;
  readonly fobFen: bigint;
  /** The lower of invoice rate and refund rate (T06), decimal text as it was given. */
  readonly rate: string;
  /** amount × rate, half-up to the fen, never above the VAT of the part. */
  readonly refundFen: bigint;
}

export type RefundObstacle =
  /** No invoice carries this article or name. */
  | { readonly code: 'NO_INVOICE' }
  /** Invoices of these goods count in other units. */
  | { readonly code: 'UNIT_DIFFERS'; readonly units: readonly string[] }
  /** Invoices ran out; this quantity has none. */
  | { readonly code: 'QTY_SHORT'; readonly missingE5: bigint }
  /** Of these goods there are ordinary invoices: no refund, at most exemption. */
  | { readonly code: 'ONLY_ORDINARY' }
  /** Invoices of these goods are dated after the last day asked for; the first of them. */
  | { readonly code: 'INVOICE_LATER'; readonly date: IsoDate }
  /** The foreign exchange has not come in. */
  | { readonly code: 'RECEIPT_MISSING' }
  /** The declaration line has no quantity to match. */
  | { readonly code: 'NO_QUANTITY' };

export interface ExportOutcome {
  readonly exportId: string;
  readonly matchedE5: bigint;
  /** What is left without invoice. */
  readonly leftE5: bigint;
  readonly leftFobFen: bigint;
  readonly obstacles: readonly RefundObstacle[];
}

export interface InvoiceRemainder {
  readonly invoiceLineId: string;
  readonly qtyE5: bigint;
  readonly amountFen: bigint;
  readonly vatFen: bigint;
}

export interface RefundMatching {
  /** Export lines by date, declaration and id; within a line its invoices, oldest first. */
  readonly matches: readonly RefundMatch[];
  /** Every export line that is not wholly matched or lacks its receipt; in the same order. */
  readonly open: readonly ExportOutcome[];
  /** Every refundable invoice line with something left, oldest first. */
  readonly remainders: readonly InvoiceRemainder[];
}

export interface MatchingOptions {
  /** Invoices dated after this day are not used (e.g. the end of the claim's period); absent: all are. */
  readonly invoicesUntil?: IsoDate;
  /** Names of customs' unit codes, where papers carry codes. */
  readonly unitNames?: ReadonlyMap<string, string>;
}

/** A line being used up. Parts are differences of rounded running totals, so that they sum to the total exactly. */
interface Pool<L> {
  readonly line: L;
  readonly totalE5: bigint;
  usedE5: bigint;
}

/** Invoice lines of one kind of goods, oldest first; `head` only moves forward. */
interface Queue {
  readonly pools: Pool<InvoiceLine>[];
  head: number;
}

/** What is known of goods beside the invoices that can be used: for the reasons. */
interface Sight {
  readonly units: Set<string>;
  ordinary: boolean;
  later: IsoDate | undefined;
}

/** The share of `total` that falls on the next `qty` of a pool: the last part takes what is left. */
function share(total: bigint, pool: Pool<unknown>, qty: bigint): bigint {
  const before = divideRounded(total * pool.usedE5, pool.totalE5, 'halfUp');
  return divideRounded(total * (pool.usedE5 + qty), pool.totalE5, 'halfUp') - before;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const RATE_SCALE = 8;

/** The lower of two rates with its scaled value; rates are few, so pairs are remembered. */
function rateChooser(): (invoice: string, refund: string) => { readonly text: string; readonly scaled: bigint } {
  const known = new Map<string, { readonly text: string; readonly scaled: bigint }>();
  return (invoice, refund) => {
    const key = `${invoice} ${refund}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const a = parseScaled(invoice, RATE_SCALE);
    const b = parseScaled(refund, RATE_SCALE);
    const chosen = a < b ? { text: invoice, scaled: a } : { text: refund, scaled: b };
    known.set(key, chosen);
    return chosen;
  };
}

/** Remembers the answers of a text function: names repeat a thousandfold. */
function remembered(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    known.set(text, made);
    return made;
  };
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** Keys of the goods of a line: article and name, each with and without the unit. `\n` occurs in no folded name. */
interface GoodsKeys {
  readonly unit: string;
  /** One for an invoice line; several for a declaration's item merged from them. */
  readonly skus: readonly string[];
  readonly name: string;
}

const articleKey = (sku: string): string => `sku\n${sku}`;

/**
 * Invoices by the goods they carry. By article: lines that carry it. By name: all lines for exports without article, only
 * lines without article for exports with one, since two known articles that differ are not the same goods.
 */
class Stock {
  readonly #queues = new Map<string, Queue>();
  readonly #sights = new Map<string, Sight>();
  readonly #until: IsoDate | undefined;

  constructor(until: IsoDate | undefined) {
    this.#until = until;
  }

  static keys({ skus, name }: GoodsKeys): string[] {
    return skus.length === 0 ? [`bare\n${name}`, `name\n${name}`] : [...skus.map(articleKey), `name\n${name}`];
  }

  static lookups({ skus, name }: GoodsKeys): string[] {
    return skus.length === 0 ? [`name\n${name}`] : [...skus.map(articleKey), `bare\n${name}`];
  }

  /** Lines come oldest first. */
  add(pool: Pool<InvoiceLine>, goods: GoodsKeys): void {
    const { kind, date } = pool.line;
    for (const key of Stock.keys(goods)) {
      const sight = entry(this.#sights, key, () => ({ units: new Set<string>(), ordinary: false, later: undefined }));
      if (kind === 'ordinary') sight.ordinary = true;
      else if (this.#until !== undefined && date > this.#until) sight.later ??= date;
      else {
        sight.units.add(goods.unit);
        entry(this.#queues, `${key}\n${goods.unit}`, () => ({ pools: [], head: 0 })).pools.push(pool);
      }
    }
  }

  /** The oldest line with something left under a key, in a unit. */
  oldest(key: string, unit: string): Pool<InvoiceLine> | undefined {
    const queue = this.#queues.get(`${key}\n${unit}`);
    if (queue === undefined) return undefined;
    let pool = queue.pools[queue.head];
    while (pool !== undefined && pool.usedE5 === pool.totalE5) {
      queue.head += 1;
      pool = queue.pools[queue.head];
    }
    return pool;
  }

  /** Why nothing (more) was found for goods of which `leftE5` is unmatched. */
  obstacles(goods: GoodsKeys, leftE5: bigint): RefundObstacle[] {
    const sights = Stock.lookups(goods).flatMap((key) => this.#sights.get(key) ?? []);
    if (sights.length === 0) return [{ code: 'NO_INVOICE' }];
    const units = new Set(sights.flatMap((sight) => [...sight.units]));
    const later = sights
      .flatMap((sight) => sight.later ?? [])
      .sort(byText)
      .at(0);
    const found: RefundObstacle[] = [];
    if (units.has(goods.unit)) found.push({ code: 'QTY_SHORT', missingE5: leftE5 });
    else if (units.size > 0) found.push({ code: 'UNIT_DIFFERS', units: [...units].sort(byText) });
    if (later !== undefined) found.push({ code: 'INVOICE_LATER', date: later });
    if (sights.some((sight) => sight.ordinary)) found.push({ code: 'ONLY_ORDINARY' });
    return found;
  }
}

/**
 * Matches declaration lines to invoice lines: by article where both sides know it, else by name, always in the same unit;
 * oldest export first, oldest invoice first; both sides may be used in part. First all articles, then all names, so that an
 * export known by name only never takes what an article needs. Of an item merged from several articles each takes its own invoices for
 * its own quantity. The order of the input does not matter. A line without its
 * receipt is matched too (the receipt may follow until 30 April), but stays in `open`.
 *
 * Amounts, VAT and FOB go with the quantity: the parts of a line sum to its total exactly, the last part takes the difference
 * of rounding. Refund per part as T06: amount × the lower of invoice rate and refund rate, half-up to the fen, never more than
 * the VAT of that part. Red and used-up invoice lines (quantity not above 0) are left out.
 *
 * Throws RangeError for two lines of one id, `DecimalError` for a rate that is none.
 */
export function matchRefunds(
  exports: readonly ExportLine[],
  invoices: readonly InvoiceLine[],
  { invoicesUntil, unitNames }: MatchingOptions = {},
): RefundMatching {
  distinct(exports);
  distinct(invoices);
  const nameOf = remembered(comparableName);
  const unitOf = remembered((text) => comparableUnit(text, unitNames));
  const goodsOf = (line: ExportLine | InvoiceLine, skus: readonly (string | null)[]): GoodsKeys => ({
    unit: unitOf(line.unit),
    skus: skus.filter((sku): sku is string => sku !== null && sku !== ''),
    name: nameOf(line.nameCn),
  });

  const stock = new Stock(invoicesUntil);
  const pools = [...invoices]
    .filter(({ qtyLeftE5 }) => qtyLeftE5 > 0n)
    .sort((a, b) => byText(a.date, b.date) || byText(a.invoiceNo, b.invoiceNo) || byText(a.id, b.id))
    .map((line) => ({ line, totalE5: line.qtyLeftE5, usedE5: 0n }));
  for (const pool of pools) stock.add(pool, goodsOf(pool.line, [pool.line.sku]));

  const wanted = [...exports]
    .sort(
      (a, b) => byText(a.exportDate, b.exportDate) || byText(a.declarationNo, b.declarationNo) || byText(a.id, b.id),
    )
    .map((line) => {
      const totalE5 = line.qtyE5 > 0n ? line.qtyE5 : 0n;
      const parts =
        line.parts === undefined || line.parts.length === 0 ? [{ sku: line.sku, qtyE5: totalE5 }] : line.parts;
      return {
        pool: { line, totalE5, usedE5: 0n },
        goods: goodsOf(
          line,
          parts.map(({ sku }) => sku),
        ),
        parts,
        matches: [] as RefundMatch[],
      };
    });
  const lowerRate = rateChooser();
  const take = ({ pool, goods, matches }: (typeof wanted)[number], key: string, mostE5: bigint): void => {
    const endE5 = pool.usedE5 + mostE5 < pool.totalE5 ? pool.usedE5 + mostE5 : pool.totalE5;
    while (pool.usedE5 < endE5) {
      const from = stock.oldest(key, goods.unit);
      if (from === undefined) return;
      matches.push(part(pool, from, endE5 - pool.usedE5, lowerRate(from.line.vatRate, pool.line.refundRate)));
    }
  };
  for (const one of wanted) {
    for (const { sku, qtyE5 } of one.parts) if (sku !== null && sku !== '') take(one, articleKey(sku), qtyE5);
  }
  for (const one of wanted)
    take(one, `${one.goods.skus.length === 0 ? 'name' : 'bare'}\n${one.goods.name}`, one.pool.totalE5);

  return {
    matches: wanted.flatMap(({ matches }) => matches),
    open: wanted.flatMap(({ pool, goods }) => {
      const leftE5 = pool.totalE5 - pool.usedE5;
      const obstacles: RefundObstacle[] =
        pool.totalE5 === 0n ? [{ code: 'NO_QUANTITY' }] : leftE5 > 0n ? stock.obstacles(goods, leftE5) : [];
      if (pool.line.receiptState === 'missing') obstacles.push({ code: 'RECEIPT_MISSING' });
      if (obstacles.length === 0) return [];
      const leftFobFen = pool.totalE5 === 0n ? pool.line.fobFen : share(pool.line.fobFen, pool, leftE5);
      return [{ exportId: pool.line.id, matchedE5: pool.usedE5, leftE5, leftFobFen, obstacles }];
    }),
    remainders: pools.flatMap((pool) => {
      const qtyE5 = pool.totalE5 - pool.usedE5;
      if (qtyE5 === 0n || pool.line.kind === 'ordinary') return [];
      const amountFen = share(pool.line.amountLeftFen, pool, qtyE5);
      return [{ invoiceLineId: pool.line.id, qtyE5, amountFen, vatFen: share(pool.line.vatLeftFen, pool, qtyE5) }];
    }),
  };
}

/** Uses as much of `from` for `pool` as it has and `wants` asks for. */
function part(
  pool: Pool<ExportLine>,
  from: Pool<InvoiceLine>,
  wants: bigint,
  rate: { readonly text: string; readonly scaled: bigint },
): RefundMatch {
  const has = from.totalE5 - from.usedE5;
  const qtyE5 = wants < has ? wants : has;
  const amountFen = share(from.line.amountLeftFen, from, qtyE5);
  const vatFen = share(from.line.vatLeftFen, from, qtyE5);
  const fobFen = share(pool.line.fobFen, pool, qtyE5);
  const refund = divideRounded(amountFen * rate.scaled, 10n ** BigInt(RATE_SCALE), 'halfUp');
  pool.usedE5 += qtyE5;
  from.usedE5 += qtyE5;
  return {
    exportId: pool.line.id,
    invoiceLineId: from.line.id,
    qtyE5,
    amountFen,
    vatFen,
    fobFen,
    rate: rate.text,
    refundFen: refund < vatFen ? refund : vatFen,
  };
}

function distinct(lines: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of lines) {
    if (seen.has(id)) throw new RangeError(`two lines ${id}`);
    seen.add(id);
  }
}
