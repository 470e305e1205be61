import { isExponentText } from '../import/cells.ts';
import { foldHeader } from '../import/headers.ts';
import { CURRENCY_EXPONENTS, formatScaled, isCurrency } from '../money/index.ts';
import { type DecimalMark, markOf, readMinor } from './amounts.ts';
import { groupOf, isGross, type PayoutCategory } from './categories.ts';
import { type DayOrder, type PostedDay, readDay } from './dates.ts';
import { Digest } from './digest.ts';
import { Findings, type PayoutFinding } from './findings.ts';
import { categoryOf, detailOf, groupMark } from './kinds.ts';
import { columnOf, type PayoutLayout } from './layouts.ts';
import { type LineColumns, Lines } from './lines.ts';

/** A row of a report, read cell by cell; blanks around a text are no part of it. */
export interface PayoutRow {
  /** As a spreadsheet program numbers it. */
  readonly no: number;
  /** How many cells it has. */
  readonly cells: number;
  text(column: number): string;
  /** Whether the cell has exactly this text; no text is made for it. */
  is(column: number, text: string): boolean;
  /** The amount of a cell in minor units where it is written plainly, `-12.34`, with all decimals and a point; else undefined. */
  minor(column: number, exponent: number): number | undefined;
  /** A number cell of a workbook, whose decimal mark is a point whatever the file's is. */
  isNumber(column: number): boolean;
  /** Whether these columns stand as they did in the row before; false where that is not known. */
  repeats(columns: readonly number[]): boolean;
}

/** A kind of line: what the platform calls it and what it counts as. */
export interface LineKind {
  readonly type: string;
  readonly detail: string;
  readonly category: PayoutCategory;
}

/** The lines of a kind on a day. `kind` is the place in {@link ParsedFile.kinds}. */
export interface KindDay {
  readonly kind: number;
  readonly china: string;
  readonly own: string;
  lines: number;
  minor: number;
}

export interface OrderSum {
  readonly no: string;
  lastOn: string;
  grossMinor: number;
  refundMinor: number;
  keptMinor: number;
}

/** One payout of a file. All amounts in minor units of its currency. */
export interface ParsedPayout {
  readonly number: string;
  readonly currency: string;
  readonly fromOn: string;
  readonly toOn: string;
  readonly zone: string;
  readonly depositOn: string | undefined;
  /** What the file says was paid; undefined: it does not say. */
  readonly depositMinor: number | undefined;
  /** Sum of the lines, the transfers of a range left out. */
  readonly totalMinor: number;
  readonly reserveOpeningMinor: number;
  readonly reserveClosingMinor: number;
  readonly unavailableMinor: number;
  readonly proof: 'deposit' | 'transfer' | 'rows' | 'none';
  readonly digest: string;
  readonly days: readonly KindDay[];
  readonly orders: readonly OrderSum[];
  readonly lines: LineColumns;
}

export interface ParsedFile {
  readonly layout: PayoutLayout;
  readonly kinds: readonly LineKind[];
  readonly payouts: readonly ParsedPayout[];
  readonly findings: readonly PayoutFinding[];
  readonly rows: number;
}

export interface ReaderOptions {
  /** Where the file does not name one. */
  readonly currency?: string | undefined;
  readonly mark: DecimalMark;
  readonly dayOrder?: DayOrder | undefined;
  /** Categories that a person taught, by type and detail; undefined for those nobody did. */
  taught(type: string, detail: string): PayoutCategory | undefined;
}

/** `2026-06-17 08:14:22 UTC`, and what of it names the hour. */
const momentLength = 23;
const hourLength = 13;

/** What a row comes to beyond its named parts. */
const restDetail = '≠';

interface Gathered {
  readonly number: string;
  currency: string;
  exponent: number;
  head: { from: PostedDay; to: PostedDay; depositOn: string; minor: number } | undefined;
  depositOn: string;
  fromOn: string;
  toOn: string;
  zone: string;
  total: number;
  transfers: number;
  hasTransfer: boolean;
  held: number;
  released: number;
  unavailable: number;
  rowsProved: number;
  rowsOpen: number;
  readonly digest: Digest;
  /** Place in `days` by day and kind. */
  readonly dayOf: number[][];
  readonly days: KindDay[];
  readonly orderOf: Map<string, number>;
  readonly orders: OrderSum[];
  readonly lines: Lines;
}

/** What a row says beside its amounts. */
interface Place {
  readonly gathered: Gathered;
  readonly type: string;
  readonly day: number;
  readonly order: number;
  readonly sku: string | null;
  readonly qtyE5: number | null;
}

/** What a line is to the sums of its payout and order; numbers, since they are asked for at every line. */
const roles = { kept: 0, gross: 1, refund: 2, held: 3, released: 4, payment: 5 } as const;

function roleOf(category: PayoutCategory, scope: PayoutLayout['scope']): number {
  if (isGross(category)) return roles.gross;
  if (groupOf[category] === 'refund') return roles.refund;
  if (category === 'reserve-held') return roles.held;
  if (category === 'reserve-released') return roles.released;
  // The transfers of a report by days are what it paid out.
  return category === 'transfer' && scope === 'range' ? roles.payment : roles.kept;
}

interface Column {
  readonly at: number;
  readonly header: string;
  readonly describedBy: number;
  readonly groupedBy: number;
  /** Described in free words rather than by a list of the platform's. */
  readonly isFree: boolean;
  readonly category: PayoutCategory | undefined;
  readonly sign: 1 | -1;
  /** type -> description -> group -> kind. */
  readonly kinds: Map<string, Map<string, Map<string, number>>>;
  /** By the kind before: lines of an order follow each other as those of the last order did. */
  readonly after: { readonly type: string; readonly words: string; readonly group: string; readonly kind: number }[];
}

/** What a payout of a report without numbers is called: its days. */
export function daysNumber(fromOn: string, toOn: string): string {
  return fromOn === toOn ? fromOn : `${fromOn}..${toOn}`;
}

/** Decimal text of minor units in major ones, for the texts of findings. */
export function majorOf(minor: number, currency: string): string {
  const exponent = CURRENCY_EXPONENTS[currency] ?? 2;
  return formatScaled(BigInt(minor), exponent, exponent);
}

const currencySigns: Readonly<Record<string, string>> = {
  RM: 'MYR',
  S$: 'SGD',
  NT$: 'TWD',
  R$: 'BRL',
  US$: 'USD',
  '฿': 'THB',
  THB: 'THB',
  RP: 'IDR',
  '₱': 'PHP',
  '₫': 'VND',
  '€': 'EUR',
  EURO: 'EUR',
  '£': 'GBP',
};

/** A currency by its code or by the sign that reports use for it. */
export function currencyOf(text: string): string | undefined {
  const name = text.trim().toUpperCase();
  if (isCurrency(name)) return name;
  return currencySigns[name];
}

/** The currency that the lines above the header or the header of a total name: `All amounts in USD`, `Total Released Amount (RM)`. */
export function statedCurrency(texts: readonly string[]): string | undefined {
  for (const text of texts)
    for (const word of text.match(/[\p{L}$€£₱₫฿]+/gu) ?? []) {
      const found = word === word.toUpperCase() || word.length > 3 ? currencyOf(word) : undefined;
      if (found !== undefined) return found;
    }
  return undefined;
}

/** The decimal mark that the amounts of sample rows show, and both where they contradict each other. */
export function marksOf(
  layout: PayoutLayout,
  headers: readonly string[],
  rows: readonly PayoutRow[],
): ReadonlyMap<DecimalMark, string> {
  const folded = headers.map(foldHeader);
  const columns = [...layout.amounts.map(({ names }) => names), layout.total, layout.head?.deposit]
    .map((names) => columnOf(folded, names))
    .filter((column) => column >= 0);
  const seen = new Map<DecimalMark, string>();
  for (const row of rows)
    for (const column of columns) {
      if (row.isNumber(column)) continue;
      const text = row.text(column);
      const mark = text === '' ? undefined : markOf(text);
      if (mark !== undefined && !seen.has(mark)) seen.set(mark, text);
    }
  return seen;
}

/**
 * Reads the rows of a report into payouts. Nothing is dropped: what cannot be read is a finding that rejects the file, what nobody
 * knows is a line of category `unknown`.
 */
export class PayoutReader {
  readonly #layout: PayoutLayout;
  readonly #options: ReaderOptions;
  readonly #findings = new Findings();
  readonly #headers: readonly string[];
  readonly #kinds: LineKind[] = [];
  /** By kind: what its lines are to the sums. */
  readonly #roles: number[] = [];
  readonly #kindOf = new Map<string, number>();
  readonly #gathered = new Map<string, Gathered>();
  readonly #columns: readonly Column[];
  readonly #at: Readonly<
    Record<
      | 'number'
      | 'posted'
      | 'type'
      | 'order'
      | 'sku'
      | 'qty'
      | 'currency'
      | 'deposit'
      | 'site'
      | 'total'
      | 'keep'
      | 'released',
      number
    >
  >;
  readonly #about: readonly number[];
  readonly #head: Readonly<Record<'from' | 'to' | 'depositOn' | 'deposit', number>> | undefined;
  /** A row that ends before this column was cut off. */
  readonly #needed: number;
  readonly #transfers: ReadonlySet<string>;
  /** The columns that say what {@link Place} has. */
  readonly #placed: readonly number[];
  /** Of the row before, where a row that repeats it says nothing else: the rows of an order differ in their amounts alone. */
  #place: Place | undefined;
  readonly #days: PostedDay[] = [];
  readonly #dayOfText = new Map<string, number>();
  readonly #dayOf = new Map<string, number>();
  #rows = 0;
  #skipped = 0;
  #current: Gathered | undefined;
  #lastKind = 0;
  #lastSku = '';
  #ownSite = '';
  #lastDayText = '';
  #lastDay = -1;
  #site: { orders: Set<string>; lines: number; name: string } = { orders: new Set(), lines: 0, name: '' };
  #open: { minor: number; rows: number } = { minor: 0, rows: 0 };

  constructor(layout: PayoutLayout, headers: readonly string[], options: ReaderOptions) {
    this.#layout = layout;
    this.#options = options;
    this.#headers = headers;
    const folded = headers.map(foldHeader);
    const { columns, head, amounts } = layout;
    const find = (names: readonly string[] | undefined): number => columnOf(folded, names);
    this.#at = {
      number: find(columns.number),
      posted: find(columns.postedAt),
      type: find(columns.type),
      order: find(columns.orderNo),
      sku: find(columns.sku),
      qty: find(columns.qty),
      currency: find(columns.currency),
      deposit: find(columns.depositOn),
      site: find(columns.site?.names),
      total: find(layout.total),
      keep: find(layout.keep?.names),
      released: find(layout.released?.names),
    };
    this.#about = (columns.about ?? []).map(find).filter((column) => column >= 0);
    this.#head =
      head === undefined
        ? undefined
        : { from: find(head.from), to: find(head.to), depositOn: find(head.depositOn), deposit: find(head.deposit) };
    this.#columns = amounts.flatMap(({ names, describedBy, groupedBy, category, unless, negate }) => {
      const at = find(names);
      if (at < 0 || (unless !== undefined && find(unless) >= 0)) return [];
      return [
        {
          at,
          header: names[0] ?? '',
          describedBy: find(describedBy),
          groupedBy: find(groupedBy),
          isFree: layout.scope === 'range' && this.#about.includes(find(describedBy)),
          category,
          sign: negate === true ? (-1 as const) : (1 as const),
          kinds: new Map(),
          after: [],
        },
      ];
    });
    this.#needed =
      this.#head === undefined
        ? Math.max(this.#at.total, ...(this.#at.total < 0 ? this.#columns.map(({ at }) => at) : []))
        : this.#at.posted;
    const { total, ...placed } = this.#at;
    this.#placed = [...new Set([...Object.values(placed), this.#head?.deposit ?? -1])].filter((column) => column >= 0);
    this.#transfers = new Set((layout.transfers ?? []).map((name) => name.toLowerCase()));
  }

  /** Takes the next row after the header. */
  take(row: PayoutRow): void {
    this.#rows += 1;
    const at = this.#at;
    if (row.cells <= this.#needed) {
      this.#reject('PAYOUT_TRUNCATED', this.#headers[this.#needed] ?? '', {
        row: row.no,
        cells: row.cells,
        wanted: this.#headers.length,
      });
      this.#place = undefined;
      return;
    }
    if (this.#place !== undefined && row.repeats(this.#placed)) {
      this.#takeAmounts(row, this.#place);
      return;
    }
    this.#place = undefined;
    const told = this.#findings.added + this.#site.lines;
    if (at.keep >= 0 && row.text(at.keep).toLowerCase() !== this.#layout.keep?.value.toLowerCase()) {
      this.#skipped += 1;
      return;
    }
    let gathered = this.#current;
    const number = row.text(at.number);
    if (gathered === undefined || number !== gathered.number) {
      gathered = this.#gatheredOf(number);
      this.#current = gathered;
    }
    const type = row.text(at.type);
    if (this.#head !== undefined && type === '' && row.text(this.#head.deposit) !== '') {
      this.#takeHead(gathered, row, this.#head);
      return;
    }
    if (at.currency >= 0) this.#takeCurrency(gathered, row);
    if (this.#layout.released !== undefined && !this.#isReleased(row)) {
      this.#takeOpen(gathered, row);
      return;
    }
    const day = this.#dayAt(row);
    if (day < 0) return;
    const posted = this.#days[day];
    if (posted !== undefined) {
      if (gathered.fromOn === '' || posted.own < gathered.fromOn) gathered.fromOn = posted.own;
      if (posted.own > gathered.toOn) gathered.toOn = posted.own;
      if (gathered.zone === '') gathered.zone = posted.zone;
    }
    if (at.deposit >= 0 && gathered.depositOn === '') gathered.depositOn = this.#depositDay(row);
    const order = this.#orderAt(gathered, row, day);
    const place: Place = { gathered, type, day, order, sku: this.#skuAt(row), qtyE5: this.#qtyAt(row) };
    this.#takeAmounts(row, place);
    // Of what there is something to tell about every row counts.
    if (this.#findings.added + this.#site.lines === told) this.#place = place;
  }

  #takeAmounts(row: PayoutRow, place: Place): void {
    const at = this.#at;
    const { gathered, type, day, order, sku } = place;
    let { qtyE5 } = place;
    let parts = 0;
    let named = 0;
    for (const column of this.#columns) {
      const minor = this.#minorOf(gathered, row, column.at);
      if (minor === undefined) continue;
      // A zero is a figure where a row has one; where it has a column for each kind it says there is none.
      if (minor === 0 && column.describedBy < 0) continue;
      if (minor === 0 && column.isFree) continue;
      parts += column.sign * minor;
      named += 1;
      this.#put(gathered, this.#kindAt(row, type, column), day, order, row.no, sku, qtyE5, column.sign * minor);
      // The quantity of a row with an amount for each kind stands once.
      if (this.#layout.scope === 'range') qtyE5 = null;
    }
    if (at.total >= 0) {
      const total = this.#minorOf(gathered, row, at.total) ?? parts;
      if (total !== parts) this.#takeRest(gathered, row, type, { day, order, sku, qtyE5, rest: total - parts, named });
      else gathered.rowsProved += 1;
    } else if (named === 0 && qtyE5 !== null && qtyE5 !== 0) {
      this.#put(gathered, this.#kind(type, 'Quantity', undefined), day, order, row.no, sku, qtyE5, 0);
    } else if (named > 0) gathered.rowsOpen += 1;
  }

  #takeRest(
    gathered: Gathered,
    row: PayoutRow,
    type: string,
    {
      day,
      order,
      sku,
      qtyE5,
      rest,
      named,
    }: { day: number; order: number; sku: string | null; qtyE5: number | null; rest: number; named: number },
  ): void {
    const words = this.#about.map((column) => row.text(column)).find((text) => text !== '') ?? '';
    const isWhole = named === 0;
    const detail = isWhole ? detailOf(this.#layout.platform, type, words) : restDetail;
    this.#put(gathered, this.#kind(type, detail, undefined), day, order, row.no, sku, qtyE5, rest);
    if (isWhole) {
      gathered.rowsProved += 1;
      return;
    }
    gathered.rowsOpen += 1;
    this.#findings.add({
      code: 'PAYOUT_ROW_REST',
      level: 'doubt',
      field: this.#headers[this.#at.total] ?? '',
      params: { row: row.no, rest: majorOf(rest, gathered.currency), currency: gathered.currency },
    });
  }

  #put(
    gathered: Gathered,
    kind: number,
    day: number,
    order: number,
    row: number,
    sku: string | null,
    qtyE5: number | null,
    minor: number,
  ): void {
    let byKind = gathered.dayOf[day];
    if (byKind === undefined) {
      byKind = [];
      gathered.dayOf[day] = byKind;
    }
    let at = byKind[kind];
    if (at === undefined) {
      at = gathered.days.length;
      byKind[kind] = at;
      const posted = this.#days[day];
      gathered.days.push({ kind, china: posted?.china ?? '', own: posted?.own ?? '', lines: 0, minor: 0 });
    }
    gathered.lines.add(row, at, order, sku, qtyE5, minor);
    const sum = gathered.days[at];
    if (sum !== undefined) {
      sum.lines += 1;
      sum.minor += minor;
    }
    const role = this.#roles[kind] ?? roles.kept;
    if (role === roles.payment) {
      gathered.transfers -= minor;
      gathered.hasTransfer = true;
    } else gathered.total += minor;
    if (role === roles.held) gathered.held -= minor;
    else if (role === roles.released) gathered.released += minor;
    const sums = order < 0 ? undefined : gathered.orders[order];
    if (sums !== undefined) {
      if (role === roles.gross) sums.grossMinor += minor;
      else if (role === roles.refund) sums.refundMinor += minor;
      else sums.keptMinor += minor;
    }
    gathered.digest.add(kind, day, sums?.no ?? '', sku ?? '', qtyE5 ?? -1, minor);
  }

  #gatheredOf(number: string): Gathered {
    const known = this.#gathered.get(number);
    if (known !== undefined) return known;
    const currency = this.#options.currency ?? '';
    const made: Gathered = {
      number,
      currency,
      exponent: CURRENCY_EXPONENTS[currency] ?? 2,
      head: undefined,
      depositOn: '',
      fromOn: '',
      toOn: '',
      zone: '',
      total: 0,
      transfers: 0,
      hasTransfer: false,
      held: 0,
      released: 0,
      unavailable: 0,
      rowsProved: 0,
      rowsOpen: 0,
      digest: new Digest(
        (kind) => `${this.#kinds[kind]?.type ?? ''}\t${this.#kinds[kind]?.detail ?? ''}`,
        (day) => this.#days[day]?.own ?? '',
      ),
      dayOf: [],
      days: [],
      orderOf: new Map(),
      orders: [],
      lines: new Lines(),
    };
    this.#gathered.set(number, made);
    return made;
  }

  #takeHead(
    gathered: Gathered,
    row: PayoutRow,
    at: Readonly<Record<'from' | 'to' | 'depositOn' | 'deposit', number>>,
  ): void {
    this.#takeCurrency(gathered, row);
    const minor = this.#minorOf(gathered, row, at.deposit);
    const read = (column: number): PostedDay | undefined => {
      const day = this.#readDay(row.text(column));
      if (typeof day !== 'string') return day;
      this.#rejectDay(day, row, column);
      return undefined;
    };
    const [from, to, deposit] = [
      read(at.from),
      read(at.to),
      row.text(at.depositOn) === '' ? undefined : read(at.depositOn),
    ];
    if (minor === undefined || from === undefined || to === undefined) return;
    if (gathered.head !== undefined && gathered.head.minor !== minor)
      this.#reject('PAYOUT_HEAD_TWICE', this.#headers[at.deposit] ?? '', { number: gathered.number, row: row.no });
    gathered.head = { from, to, depositOn: deposit?.own ?? '', minor };
  }

  #takeCurrency(gathered: Gathered, row: PayoutRow): void {
    const text = row.text(this.#at.currency);
    if (text === '' || text === gathered.currency) return;
    const code = currencyOf(text);
    if (code === undefined) {
      this.#reject('PAYOUT_CURRENCY_UNKNOWN', this.#headers[this.#at.currency] ?? '', {
        row: row.no,
        value: text.slice(0, 20),
      });
      return;
    }
    if (code === gathered.currency) return;
    const isStarted = gathered.lines.length > 0 || gathered.head !== undefined;
    if (isStarted && gathered.currency !== '') {
      this.#reject('PAYOUT_CURRENCY_MIXED', this.#headers[this.#at.currency] ?? '', {
        row: row.no,
        first: gathered.currency,
        other: code,
      });
      return;
    }
    gathered.currency = code;
    gathered.exponent = CURRENCY_EXPONENTS[code] ?? 2;
  }

  #isReleased(row: PayoutRow): boolean {
    const state = row.text(this.#at.released).toLowerCase();
    return this.#layout.released?.values.some((value) => value.toLowerCase() === state) === true;
  }

  /** A row that the platform has not paid out: it is counted, not taken; a later report has it. */
  #takeOpen(gathered: Gathered, row: PayoutRow): void {
    for (const { at, sign } of this.#columns) {
      const minor = this.#minorOf(gathered, row, at);
      gathered.unavailable += sign * (minor ?? 0);
      this.#open.minor += sign * (minor ?? 0);
    }
    this.#open.rows += 1;
  }

  #readDay(text: string): PostedDay | 'invalid' | 'ambiguous' {
    const day = readDay(text, this.#options.dayOrder);
    if (day !== 'zone') return day;
    const zone = text.trim().split(/\s+/).at(-1) ?? '';
    this.#findings.add({
      code: 'PAYOUT_ZONE_UNKNOWN',
      level: 'doubt',
      field: this.#headers[this.#at.posted] ?? '',
      params: { zone },
    });
    const bare = readDay(text.slice(0, text.lastIndexOf(zone)).trim(), this.#options.dayOrder);
    return bare === 'zone' ? 'invalid' : typeof bare === 'string' ? bare : { ...bare, zone };
  }

  #dayAt(row: PayoutRow): number {
    const text = row.text(this.#at.posted);
    if (text === this.#lastDayText && this.#lastDay >= 0) return this.#lastDay;
    // Of a moment in UTC the hour decides which day it is in China.
    const hour = text.length === momentLength && text.endsWith(' UTC') ? text.slice(0, hourLength) : text;
    let at = this.#dayOfText.get(hour);
    if (at === undefined) {
      const day = this.#readDay(text);
      if (typeof day === 'string') {
        this.#rejectDay(day, row, this.#at.posted);
        return -1;
      }
      const key = `${day.own}${day.china}`;
      at = this.#dayOf.get(key);
      if (at === undefined) {
        at = this.#days.length;
        this.#days.push(day);
        this.#dayOf.set(key, at);
      }
      this.#dayOfText.set(hour, at);
    }
    this.#lastDayText = text;
    this.#lastDay = at;
    return at;
  }

  #rejectDay(fault: 'invalid' | 'ambiguous', row: PayoutRow, column: number): void {
    this.#reject(fault === 'invalid' ? 'PAYOUT_DATE_INVALID' : 'PAYOUT_DATE_AMBIGUOUS', this.#headers[column] ?? '', {
      row: row.no,
      value: row.text(column).slice(0, 40),
    });
  }

  #depositDay(row: PayoutRow): string {
    const day = readDay(row.text(this.#at.deposit), this.#options.dayOrder);
    return typeof day === 'string' ? '' : day.own;
  }

  #orderAt(gathered: Gathered, row: PayoutRow, day: number): number {
    const last = gathered.orders.length - 1;
    const newest = gathered.orders[last];
    const text = row.text(this.#at.order);
    if (text === '') return -1;
    let at = newest?.no === text ? last : gathered.orderOf.get(text);
    const china = this.#days[day]?.china ?? '';
    if (at === undefined) {
      at = gathered.orders.length;
      gathered.orderOf.set(text, at);
      gathered.orders.push({ no: text, lastOn: china, grossMinor: 0, refundMinor: 0, keptMinor: 0 });
    }
    const order = gathered.orders[at];
    if (order !== undefined && china > order.lastOn) order.lastOn = china;
    if (this.#at.site >= 0) this.#lookAtSite(row, text);
    return at;
  }

  #lookAtSite(row: PayoutRow, order: string): void {
    const site = row.text(this.#at.site);
    if (site === this.#ownSite) return;
    if (site.slice(0, 6).toLowerCase() === this.#layout.columns.site?.own) this.#ownSite = site;
    if (site === '' || site.slice(0, 6).toLowerCase() === this.#layout.columns.site?.own) return;
    this.#site.orders.add(order);
    this.#site.lines += 1;
    this.#site.name = site;
  }

  #skuAt(row: PayoutRow): string | null {
    const text = row.text(this.#at.sku);
    if (text === this.#lastSku && text !== '') return text;
    if (text === '' || text === '/') return null;
    this.#lastSku = isExponentText(text) ? '' : text;
    if (isExponentText(text))
      this.#findings.add({
        code: 'PAYOUT_SKU_DAMAGED',
        level: 'doubt',
        field: this.#headers[this.#at.sku] ?? '',
        params: { row: row.no, value: text },
      });
    return text;
  }

  #qtyAt(row: PayoutRow): number | null {
    const text = row.text(this.#at.qty);
    if (text === '') return null;
    if (text === '1') return 100_000;
    const qty = readMinor(text, 5, '.');
    return typeof qty === 'number' ? qty : null;
  }

  #minorOf(gathered: Gathered, row: PayoutRow, column: number): number | undefined {
    const plain = this.#options.mark === '.' ? row.minor(column, gathered.exponent) : undefined;
    if (plain !== undefined) return plain;
    const text = row.text(column);
    if (text === '') return undefined;
    const mark = row.isNumber(column) ? '.' : this.#options.mark;
    const minor = readMinor(text, gathered.exponent, mark);
    if (typeof minor !== 'string') return minor;
    this.#reject(minor === 'fine' ? 'PAYOUT_AMOUNT_FINE' : 'PAYOUT_AMOUNT_INVALID', this.#headers[column] ?? '', {
      row: row.no,
      value: text.slice(0, 40),
      currency: gathered.currency,
      mark: this.#options.mark,
    });
    return undefined;
  }

  #kindAt(row: PayoutRow, type: string, column: Column): number {
    const likely = column.after[this.#lastKind];
    if (
      likely !== undefined &&
      likely.type === type &&
      row.is(column.describedBy, likely.words) &&
      row.is(column.groupedBy, likely.group)
    ) {
      this.#lastKind = likely.kind;
      return likely.kind;
    }
    const words = row.text(column.describedBy);
    const group = row.text(column.groupedBy);
    let byType = column.kinds.get(type);
    if (byType === undefined) {
      byType = new Map();
      column.kinds.set(type, byType);
    }
    let byWords = byType.get(words);
    if (byWords === undefined) {
      byWords = new Map();
      byType.set(words, byWords);
    }
    let kind = byWords.get(group);
    if (kind === undefined) {
      const bare = words === '' ? column.header : words;
      const known = column.isFree ? detailOf(this.#layout.platform, type, bare) : bare;
      kind = this.#kind(type, group === '' ? known : `${group}${groupMark}${known}`, column.category);
      byWords.set(group, kind);
    }
    column.after[this.#lastKind] = { type, words, group, kind };
    this.#lastKind = kind;
    return kind;
  }

  #kind(type: string, detail: string, column: PayoutCategory | undefined): number {
    const key = `${type}\t${detail}`;
    const known = this.#kindOf.get(key);
    if (known !== undefined) return known;
    const isTransfer = this.#transfers.has(type.toLowerCase()) || this.#transfers.has(detail.toLowerCase());
    const category =
      this.#options.taught(type, detail) ??
      (isTransfer
        ? 'transfer'
        : detail === restDetail
          ? 'unknown'
          : categoryOf(this.#layout.platform, type, detail, column));
    const at = this.#kinds.length;
    this.#kindOf.set(key, at);
    this.#kinds.push({ type, detail, category });
    this.#roles.push(roleOf(category, this.#layout.scope));
    return at;
  }

  #reject(code: string, field: string, params: PayoutFinding['params']): void {
    this.#findings.add({ code, level: 'reject', field, params });
  }

  /** The payouts of the rows taken, each proved as far as the file allows, and everything there is to say about them. */
  finish(): ParsedFile {
    const isRange = this.#layout.scope === 'range';
    const filled = [...this.#gathered.values()].filter(({ lines, head }) => lines.length > 0 || head !== undefined);
    if (filled.length === 0) this.#reject('PAYOUT_EMPTY', '', { rows: this.#rows });
    const payouts = filled.map((one) => this.#finished(one, isRange));
    const { lines, orders, name } = this.#site;
    if (lines > 0)
      this.#findings.add({
        code: 'PAYOUT_OTHER_CHANNEL',
        level: 'note',
        field: this.#headers[this.#at.site] ?? '',
        params: { orders: orders.size, lines, name },
      });
    if (this.#skipped > 0)
      this.#findings.add({
        code: 'PAYOUT_ROWS_SKIPPED',
        level: 'note',
        field: this.#headers[this.#at.keep] ?? '',
        params: { rows: this.#skipped, value: this.#layout.keep?.value ?? '' },
      });
    if (this.#open.rows > 0)
      this.#findings.add({
        code: 'PAYOUT_UNAVAILABLE',
        level: 'note',
        field: this.#headers[this.#at.released] ?? '',
        params: { rows: this.#open.rows, amount: majorOf(this.#open.minor, payouts[0]?.currency ?? '') },
      });
    this.#findUnknown(payouts);
    return { layout: this.#layout, kinds: this.#kinds, payouts, findings: this.#findings.list(), rows: this.#rows };
  }

  #findUnknown(payouts: readonly ParsedPayout[]): void {
    for (const [at, { type, detail, category }] of this.#kinds.entries()) {
      if (category !== 'unknown') continue;
      const days = payouts.flatMap(({ days, currency }) =>
        days.filter(({ kind }) => kind === at).map((day) => ({ ...day, currency })),
      );
      if (days.length === 0) continue;
      const minor = days.reduce((sum, day) => sum + day.minor, 0);
      const currency = days[0]?.currency ?? '';
      this.#findings.add({
        code: 'PAYOUT_KIND_UNKNOWN',
        level: 'doubt',
        field: [type, detail].filter((text) => text !== '').join(groupMark),
        params: {
          type,
          detail,
          lines: days.reduce((sum, day) => sum + day.lines, 0),
          amount: majorOf(minor, currency),
          currency,
        },
      });
    }
  }

  #finished(one: Gathered, isRange: boolean): ParsedPayout {
    const { head, currency, total, transfers, hasTransfer } = one;
    const fromOn = head?.from.own ?? one.fromOn;
    const toOn = head?.to.own ?? one.toOn;
    const number = one.number === '' ? daysNumber(fromOn, toOn) : one.number;
    if (currency === '') this.#reject('PAYOUT_CURRENCY_MISSING', this.#headers[this.#at.currency] ?? '', { number });
    let depositMinor: number | undefined;
    let proof: ParsedPayout['proof'] = 'none';
    if (!isRange) {
      if (head === undefined) this.#reject('PAYOUT_HEAD_MISSING', this.#layout.head?.deposit[0] ?? '', { number });
      else {
        depositMinor = head.minor;
        proof = head.minor === total ? 'deposit' : 'none';
        if (head.minor !== total)
          this.#reject('PAYOUT_DEPOSIT_DIFFERS', this.#layout.head?.deposit[0] ?? '', {
            number,
            currency,
            deposit: majorOf(head.minor, currency),
            sum: majorOf(total, currency),
            difference: majorOf(head.minor - total, currency),
          });
      }
    } else if (hasTransfer) {
      depositMinor = transfers;
      if (transfers === total) proof = 'transfer';
      else
        this.#findings.add({
          code: 'PAYOUT_RANGE_OPEN',
          level: 'doubt',
          field: this.#layout.transfers?.[0] ?? '',
          params: {
            number,
            currency,
            deposit: majorOf(transfers, currency),
            sum: majorOf(total, currency),
            difference: majorOf(transfers - total, currency),
          },
        });
    } else if (this.#at.total >= 0 && one.rowsOpen === 0) proof = 'rows';
    if (total < 0)
      this.#findings.add({
        code: 'PAYOUT_NEGATIVE',
        level: 'note',
        field: this.#layout.head?.deposit[0] ?? '',
        params: { number, amount: majorOf(total, currency), currency },
      });
    const lastTransfer = one.days
      .filter(({ kind }) => this.#kinds[kind]?.category === 'transfer')
      .map(({ own }) => own);
    return {
      number,
      currency,
      fromOn,
      toOn,
      zone: head?.from.zone ?? one.zone,
      depositOn: head?.depositOn || one.depositOn || (isRange ? lastTransfer.sort().at(-1) : undefined),
      depositMinor,
      totalMinor: total,
      reserveOpeningMinor: one.released,
      reserveClosingMinor: one.held + (!isRange && total < 0 ? total : 0),
      unavailableMinor: one.unavailable,
      proof,
      digest: one.digest.text(one.lines.length, total),
      days: one.days,
      orders: one.orders,
      lines: one.lines.columns(),
    };
  }
}
