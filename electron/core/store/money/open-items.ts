import { z } from 'zod';
import { addDays, daysBetween, type IsoDate } from '../../../../shared/calendar/index.ts';
import {
  type AllocationTarget,
  ageBuckets,
  type OpenReceipt,
  type OpenTarget,
  matchStates as stateNames,
} from '../../../../shared/contract/allocations.ts';
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { listed } from '../../../../shared/i18n/words.ts';
import { targetKinds } from '../../../../shared/matching/allocation.ts';
import {
  type AllocationParameters,
  allocationPack,
  allocationPackId,
} from '../../../../shared/matching/allocation-pack.ts';
import { moneyText } from '../../../../shared/money/index.ts';
import { Num } from '../../../../shared/rules/figures.ts';
import {
  receiptMatching,
  receiptMatchingPackId,
  receiptMatchingPackSchema,
} from '../../../../shared/rules/forex/receipt-matching.ts';
import { type Pack, packOn } from '../../../../shared/rules/pack.ts';
import type { Book } from '../book.ts';
import { workCalendar } from '../calendar.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { firmPack, ruleOff, ruleSetting } from '../worksheets/facts.ts';
import { receiptMayBeOpen, receiptOpen } from './records.ts';

/** What is open on both sides: receipts of which something is left, and orders, declarations and payouts that are not paid. */

/** What F12 answers, as far as it is read here. */
const outcome = z.object({ declarations: z.array(z.object({ state: z.enum(stateNames) })) });
type MatchState = OpenTarget['state'];
export const textOf = (minor: number | bigint, currency: string): string =>
  moneyText({ minor: BigInt(minor), currency });

// Rules ---------------------------------------------------------------------------------------------------------------

/** A pack as the firm has it, not yet parsed. */
const packBody = (book: Book, id: string): unknown => firmPack(book, id)?.body ?? book.rateRules.rulePack(id);

/** The version of a date; of a date before the first one the first. */
function versionOn<P>(pack: Pack<P>, date: string): P {
  const first = [...pack.versions].sort((a, b) => (a.inForceFrom < b.inForceFrom ? -1 : 1))[0];
  const found = packOn(pack, date) ?? first;
  if (found === undefined) throw new PortbookError('RULE_PACK_MISSING', { pack: pack.id, title: pack.titleZh, date });
  return found.parameters;
}

/** The figures of suggestions on a date. */
export function allocationParameters(book: Book, date: string): AllocationParameters {
  return versionOn(allocationPack.parse(packBody(book, allocationPackId)), date);
}

/** What banks may keep unseen on a date, by the matching rule (F12); nothing where the firm has switched it off. */
export function chargesOn(book: Book, date: string): { readonly upTo: Num; readonly share: Num } {
  if (ruleOff(book, receiptMatching.rule) !== undefined) return { upTo: new Num(0), share: new Num(0) };
  const { chargesUpTo, chargesShare } = versionOn(
    receiptMatchingPackSchema.parse(packBody(book, receiptMatchingPackId)),
    date,
  );
  return { upTo: chargesUpTo, share: chargesShare };
}

/** One side of a match: what it comes to, and what of it is taken; minor units of its currency. */
export interface SideTaken {
  readonly currency: string;
  readonly totalMinor: number;
  readonly takenMinor: number;
}

/** So many at once: the calculator looks each up among the others. */
const atOnce = 40;

/**
 * The state of each by the matching rule (F12), in the order given. Receipts have no charges that could be missing; switched off,
 * the rule allows none.
 */
export function matchStates(book: Book, sides: readonly SideTaken[], side: 'receipts' | 'targets'): MatchState[] {
  const calendar = workCalendar(book, book.rateRules);
  const pack = packBody(book, receiptMatchingPackId);
  const sources = {
    pack: () => pack,
    calendar,
    setting: (id: string) => ruleSetting(book, id).option,
  };
  const exact = side === 'receipts' || ruleOff(book, receiptMatching.rule) !== undefined;
  const found: MatchState[] = [];
  for (let from = 0; from < sides.length; from += atOnce) {
    const some = sides.slice(from, from + atOnce);
    const { result } = receiptMatching.run(
      {
        receipts: some.map((one, at) => ({ id: `r${at}`, amount: textOf(Math.max(0, one.takenMinor), one.currency) })),
        declarations: some.map((one, at) => ({
          id: `d${at}`,
          amount: textOf(one.totalMinor, one.currency),
        })),
        allocations: some.flatMap((one, at) => {
          const amount = textOf(one.takenMinor, one.currency);
          return one.takenMinor > 0 ? [{ receipt: `r${at}`, declaration: `d${at}`, amount }] : [];
        }),
        ...(exact ? { tolerance: '0' } : {}),
      },
      sources,
    );
    for (const [at, { state }] of outcome.parse(result).declarations.entries()) {
      // Nothing owed and nothing paid is no match at all.
      const isNothing = some[at]?.totalMinor === 0 && some[at]?.takenMinor === 0;
      found.push(isNothing ? 'UNMATCHED' : state);
    }
  }
  return found;
}

// Receipts ------------------------------------------------------------------------------------------------------------

export interface StoredReceipt {
  id: number;
  kind: string;
  number: string;
  date: string;
  currency: string;
  amountMinor: number;
  feeMinor: number;
  allocatedMinor: number;
  /** What is left of it: neither allocated nor paid back. */
  openMinor: number;
  payer: string;
  country: string;
  reference: string;
  text: string;
  store: string | null;
  channel: OpenReceipt['channel'];
  nature: OpenReceipt['nature'];
  state: 'entered' | 'void';
}

const receiptSelect = `SELECT r.id, r.kind, r.number, r.date, r.currency, r.amount_minor AS amountMinor, r.fee_minor AS feeMinor,
  r.allocated_minor AS allocatedMinor, ${receiptOpen} AS openMinor, CASE WHEN r.counterparty = '' THEN coalesce(p.name, '') ELSE r.counterparty END AS payer,
  r.counterparty_country AS country, r.reference, r.text, r.store, r.channel, r.nature, r.state
  FROM money_record r LEFT JOIN party p ON p.id = r.party_id`;

/**
 * A receipt that may be allocated. Refusals: `MONEY_RECORD_UNKNOWN` {id}, `ALLOCATION_NOT_RECEIPT` {number}, `ALLOCATION_RECORD_VOID`
 * {number}.
 */
export function requireReceipt(book: Book, id: number, path?: string): StoredReceipt {
  const row = book.prepare(`${receiptSelect} WHERE r.id = ?`).get(id) as StoredReceipt | undefined;
  if (row === undefined) throw new PortbookError('MONEY_RECORD_UNKNOWN', { id }, path);
  const { number } = row;
  if (row.kind !== 'receipt') throw new PortbookError('ALLOCATION_NOT_RECEIPT', { number }, path);
  if (row.state === 'void') throw new PortbookError('ALLOCATION_RECORD_VOID', { number }, path);
  return row;
}

/** Rows as the contract has them. @param today for the age */
export function receiptViews(book: Book, rows: readonly StoredReceipt[], today: IsoDate): OpenReceipt[] {
  const states = matchStates(
    book,
    rows.map((row) => ({
      currency: row.currency,
      totalMinor: row.amountMinor + row.feeMinor,
      takenMinor: row.amountMinor + row.feeMinor - row.openMinor,
    })),
    'receipts',
  );
  return rows.map((row, at) => ({
    id: row.id,
    number: row.number,
    date: row.date,
    currency: row.currency,
    amount: textOf(row.amountMinor, row.currency),
    fee: textOf(row.feeMinor, row.currency),
    allocated: textOf(row.allocatedMinor, row.currency),
    open: textOf(row.openMinor, row.currency),
    payer: row.payer,
    country: row.country,
    reference: row.reference,
    text: row.text,
    ...(row.store === null ? {} : { store: row.store }),
    channel: row.channel,
    nature: row.nature,
    state: states[at] ?? 'UNMATCHED',
    age: daysBetween(row.date as IsoDate, today),
  }));
}

interface Where {
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
}

function receiptWhere(filter: Omit<ParsedInputOf<'allocations.openReceipts'>, 'after' | 'limit'>): Where {
  const terms = [filter.open ? receiptMayBeOpen : `r.kind = 'receipt' AND r.state = 'entered'`];
  const values: Record<string, string> = {};
  const add = (term: string, name: string, value: string | undefined): void => {
    if (value === undefined || value === '') return;
    terms.push(term);
    values[name] = value;
  };
  if (filter.open) terms.push(`${receiptOpen} > 0`);
  add('r.currency = :currency', 'currency', filter.currency);
  add('r.date >= :from', 'from', filter.from);
  add('r.date <= :to', 'to', filter.to);
  const text = filter.text?.trim() ?? '';
  add(
    `(r.number LIKE :like ESCAPE '\\' OR r.counterparty LIKE :like ESCAPE '\\' OR r.reference LIKE :like ESCAPE '\\' OR r.text LIKE :like ESCAPE '\\')`,
    'like',
    text === '' ? '' : containing(text),
  );
  return { sql: terms.join(' AND '), values };
}

interface Total {
  currency: string;
  count: number;
  minor: number;
}
const totalsOf = (rows: readonly Total[]) =>
  [...rows]
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
    .map(({ currency, count, minor }) => ({ currency, count, amount: textOf(minor, currency) }));

/** Receipts of a filter, oldest first, with what is left of them by currency. */
export function listOpenReceipts(
  book: Book,
  filter: ParsedInputOf<'allocations.openReceipts'>,
  today: IsoDate,
): OutputOf<'allocations.openReceipts'> {
  const { sql, values } = receiptWhere(filter);
  const [date, id] = decodeCursor(filter.after, ['', 0]);
  const rows = book
    .prepare(
      `${receiptSelect} WHERE ${sql} AND (r.date, r.id) > (:lastDate, :lastId) ORDER BY r.date, r.id LIMIT :limit`,
    )
    .all({ ...values, lastDate: date, lastId: id, limit: filter.limit }) as StoredReceipt[];
  const totals = book
    .prepare(
      `SELECT r.currency, count(*) AS count, sum(${receiptOpen}) AS minor FROM money_record r WHERE ${sql} GROUP BY r.currency`,
    )
    .all(values) as Total[];
  const last = rows.at(-1);
  return {
    rows: receiptViews(book, rows, today),
    total: totals.reduce((sum, { count }) => sum + count, 0),
    totals: totalsOf(totals),
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

/** Ids of the receipts that have something left, oldest first. */
export function openReceiptIds(book: Book): number[] {
  const rows = book
    .prepare(`SELECT r.id FROM money_record r WHERE ${receiptMayBeOpen} AND ${receiptOpen} > 0 ORDER BY r.date, r.id`)
    .all() as { id: number }[];
  return rows.map(({ id }) => id);
}

/** Open receipts of a currency in a range of days, oldest first. */
export function receiptsBetween(
  book: Book,
  range: { readonly currency: string; readonly from: string; readonly to: string; readonly limit: number },
): StoredReceipt[] {
  return book
    .prepare(
      `${receiptSelect} WHERE ${receiptMayBeOpen} AND r.currency = :currency AND r.date BETWEEN :from AND :to AND ${receiptOpen} > 0
       ORDER BY r.date, r.id LIMIT :limit`,
    )
    .all(range) as StoredReceipt[];
}

// Targets -------------------------------------------------------------------------------------------------------------

export interface StoredTarget {
  kind: OpenTarget['kind'];
  /** Of an order or a payout. */
  id: number | null;
  no: string;
  date: string;
  currency: string;
  dueMinor: number;
  settledMinor: number;
  chargeMinor: number;
  openMinor: number;
  settledOn: string | null;
  buyer: string;
  /** Customs' number. */
  country: string;
  store: string | null;
}

export const targetKey = ({ kind, id, no, currency }: Pick<StoredTarget, 'kind' | 'id' | 'no' | 'currency'>): string =>
  kind === 'declaration' ? `${kind}:${no}:${currency}` : `${kind}:${id}`;

const payoutSettled = `coalesce((SELECT sum(a.target_minor) FROM allocation a WHERE a.target_payout_id = p.id), 0)`;
const payoutCharge = `coalesce((SELECT sum(a.charge_minor) FROM allocation a WHERE a.target_payout_id = p.id), 0)`;
const payoutDue = 'max(0, coalesce(p.deposit_minor, p.total_minor))';
const payoutDay = 'coalesce(p.deposit_on, p.to_on)';

/** By kind: columns, table, what is open, the day and the number it is listed by. */
const sources = {
  order: {
    select: `SELECT 'order' AS kind, o.id, o.order_no AS no, o.order_date AS date, o.currency, o.due_minor AS dueMinor, o.settled_minor AS settledMinor,
      o.charge_minor AS chargeMinor, o.open_minor AS openMinor, o.settled_on AS settledOn, coalesce(nullif(o.buyer_name, ''), o.customer, '') AS buyer, coalesce(o.country, '') AS country, o.store`,
    from: 'FROM sales_order o',
    open: 'o.open_minor',
    isOpen: 'o.open_minor > 0',
    any: '(o.due_minor > 0 OR o.settled_minor > 0)',
    currency: 'o.currency',
    date: 'o.order_date',
    no: 'o.order_no',
    text: ['o.order_no', 'o.customer', 'o.buyer_name', 'o.store'],
  },
  declaration: {
    select: `SELECT 'declaration' AS kind, NULL AS id, d.declaration_no AS no, d.export_date AS date, d.currency, d.due_minor AS dueMinor,
      d.settled_minor AS settledMinor, d.charge_minor AS chargeMinor, d.open_minor AS openMinor, d.settled_on AS settledOn, '' AS buyer,
      coalesce((SELECT e.country FROM export_line e WHERE e.declaration_no = d.declaration_no LIMIT 1), '') AS country, NULL AS store`,
    from: 'FROM declaration_settled d',
    open: 'd.open_minor',
    isOpen: 'd.open_minor > 0',
    any: '1',
    currency: 'd.currency',
    date: 'd.export_date',
    no: 'd.declaration_no',
    text: ['d.declaration_no'],
  },
  payout: {
    select: `SELECT 'payout' AS kind, p.id, p.number AS no, ${payoutDay} AS date, p.currency, ${payoutDue} AS dueMinor, ${payoutSettled} AS settledMinor,
      ${payoutCharge} AS chargeMinor, ${payoutDue} - ${payoutSettled} - ${payoutCharge} AS openMinor, NULL AS settledOn, p.platform AS buyer, '' AS country,
      nullif(p.store, '') AS store`,
    from: 'FROM payout p',
    open: `${payoutDue} - ${payoutSettled} - ${payoutCharge}`,
    isOpen: `p.state = 'entered' AND ${payoutDue} - ${payoutSettled} - ${payoutCharge} > 0`,
    any: `p.state = 'entered' AND ${payoutDue} > 0`,
    currency: 'p.currency',
    date: payoutDay,
    no: 'p.number',
    text: ['p.number', 'p.platform', 'p.store'],
  },
} as const;

/** Targets of a kind by a condition on its table (`o`, `d`, `p`), in the order it says. */
export function targetsWhere(
  book: Book,
  kind: keyof typeof sources,
  condition: string,
  values: Readonly<Record<string, string | number>>,
): StoredTarget[] {
  const { select, from } = sources[kind];
  return book.prepare(`${select} ${from} WHERE ${condition}`).all(values) as StoredTarget[];
}

/**
 * A target as it stands. A declaration or list whose goods are one order's is that order: what it brings is owed by the order. Refusals:
 * `ALLOCATION_TARGET_UNKNOWN` {no}, `ALLOCATION_DECLARATION_ORDERS` {no, orders} where its goods are several orders',
 * `ALLOCATION_DECLARATION_CURRENCY` {no, currencies} where the currency has to be said.
 */
export function requireTarget(book: Book, target: AllocationTarget, path?: string): StoredTarget {
  const unknown = (no: string): PortbookError => new PortbookError('ALLOCATION_TARGET_UNKNOWN', { no }, path);
  if (target.kind === 'order') {
    const [found] = targetsWhere(book, 'order', 'o.order_no = :no', { no: target.no });
    if (found === undefined) throw unknown(target.no);
    return found;
  }
  if (target.kind === 'payout') {
    const [found] = targetsWhere(book, 'payout', `p.id = :id AND p.state = 'entered'`, { id: target.id });
    if (found === undefined) throw unknown(String(target.id));
    return found;
  }
  const own = targetsWhere(book, 'declaration', 'd.declaration_no = :no ORDER BY d.currency', { no: target.no });
  const named = target.currency === undefined ? own : own.filter(({ currency }) => currency === target.currency);
  const [found, other] = named;
  if (other !== undefined) {
    const all = named.map(({ currency }) => currency);
    const [currencies, currenciesEn] = [listed(all, 'zh-CN'), listed(all, 'en')];
    throw new PortbookError('ALLOCATION_DECLARATION_CURRENCY', { no: target.no, currencies, currenciesEn }, path);
  }
  if (found !== undefined) return found;
  const orders = targetsWhere(
    book,
    'order',
    'o.id IN (SELECT e.order_id FROM export_share e WHERE e.declaration_no = :no) ORDER BY o.order_no',
    { no: target.no },
  );
  const [order, ...others] = orders;
  if (order === undefined) throw unknown(target.no);
  if (others.length > 0) {
    const list = orders.slice(0, 10).map(({ no }) => no);
    const [inChinese, inEnglish] = [listed(list, 'zh-CN'), listed(list, 'en')];
    throw new PortbookError(
      'ALLOCATION_DECLARATION_ORDERS',
      { no: target.no, orders: inChinese, ordersEn: inEnglish },
      path,
    );
  }
  return order;
}

const mostDeclarations = 20;

/** Lists and declarations of an order, in the order of their numbers. */
export function declarationsOf(book: Book, orderId: number): string[] {
  const rows = book
    .prepare('SELECT DISTINCT declaration_no AS no FROM export_share WHERE order_id = ? ORDER BY 1 LIMIT ?')
    .all(orderId, mostDeclarations) as { no: string }[];
  return rows.map(({ no }) => no);
}

/** What of a target is settled by goods (易货), in minor units of its currency. */
export function inKindMinor(book: Book, { kind, id, no, currency }: StoredTarget): number {
  if (kind === 'payout') return 0;
  const row = (
    kind === 'order'
      ? book.prepare('SELECT sum(amount_minor) AS minor FROM barter_target WHERE order_id = ?').get(id)
      : book
          .prepare('SELECT sum(amount_minor) AS minor FROM barter_target WHERE declaration_no = ? AND currency = ?')
          .get(no, currency)
  ) as { minor: number | null };
  return row.minor ?? 0;
}

/** `inKind` of a row, where anything is. */
function inKindOf(book: Book, row: StoredTarget): Pick<OpenTarget, 'inKind'> {
  const minor = row.settledMinor === 0 ? 0 : inKindMinor(book, row);
  return minor === 0 ? {} : { inKind: textOf(minor, row.currency) };
}

/** Rows as the contract has them. @param today for the age */
export function targetViews(book: Book, rows: readonly StoredTarget[], today: IsoDate): OpenTarget[] {
  const states = matchStates(
    book,
    rows.map((row) => ({
      currency: row.currency,
      totalMinor: row.dueMinor,
      takenMinor: row.settledMinor + row.chargeMinor,
    })),
    'targets',
  );
  return rows.map((row, at) => ({
    kind: row.kind,
    ...(row.id === null ? {} : { id: row.id }),
    no: row.no,
    date: row.date,
    currency: row.currency,
    due: textOf(row.dueMinor, row.currency),
    settled: textOf(row.settledMinor, row.currency),
    charge: textOf(row.chargeMinor, row.currency),
    ...inKindOf(book, row),
    open: textOf(row.openMinor, row.currency),
    buyer: row.buyer,
    country: row.country,
    ...(row.store === null ? {} : { store: row.store }),
    state: states[at] ?? 'UNMATCHED',
    countsAsCharges: textOf(states[at] === 'FULLY' ? Math.max(0, row.openMinor) : 0, row.currency),
    ...(row.settledOn === null ? {} : { settledOn: row.settledOn }),
    declarations: row.kind === 'order' && row.id !== null ? declarationsOf(book, row.id) : [],
    age: daysBetween(row.date as IsoDate, today),
  }));
}

type TargetFilter = Omit<ParsedInputOf<'allocations.openTargets'>, 'after' | 'limit' | 'kind'>;

function targetWhere(kind: keyof typeof sources, filter: TargetFilter): Where {
  const source = sources[kind];
  const terms: string[] = [filter.open ? source.isOpen : source.any];
  const values: Record<string, string> = {};
  const add = (term: string, name: string, value: string | undefined): void => {
    if (value === undefined || value === '') return;
    terms.push(term);
    values[name] = value;
  };
  add(`${source.currency} = :currency`, 'currency', filter.currency);
  add(`${source.date} >= :from`, 'from', filter.from);
  add(`${source.date} <= :to`, 'to', filter.to);
  const text = filter.text?.trim() ?? '';
  const likes = source.text.map((column) => `${column} LIKE :like ESCAPE '\\'`);
  const lists = `o.id IN (SELECT e.order_id FROM export_share e WHERE e.declaration_no LIKE :like ESCAPE '\\')`;
  add(
    `(${[...likes, ...(kind === 'order' ? [lists] : [])].join(' OR ')})`,
    'like',
    text === '' ? '' : containing(text),
  );
  return { sql: terms.join(' AND '), values };
}

/** Orders, declarations and payouts of a filter, oldest first, with what is left of them by currency. */
export function listOpenTargets(
  book: Book,
  filter: ParsedInputOf<'allocations.openTargets'>,
  today: IsoDate,
): OutputOf<'allocations.openTargets'> {
  const [date, lastKind, no] = decodeCursor(filter.after, ['', '', '']);
  const kinds = targetKinds.filter((kind) => filter.kind === undefined || filter.kind === kind);
  const found: StoredTarget[] = [];
  const sums = new Map<string, Total>();
  for (const kind of kinds) {
    const source = sources[kind];
    const { sql, values } = targetWhere(kind, filter);
    // Rows of one day go by kind, then number.
    const beyond =
      kind === lastKind
        ? `(${source.date}, ${source.no}) > (:lastDate, :lastNo)`
        : `${source.date} ${kind < lastKind ? '>' : '>='} :lastDate AND :lastNo IS NOT NULL`;
    found.push(
      ...targetsWhere(book, kind, `${sql} AND ${beyond} ORDER BY ${source.date}, ${source.no} LIMIT :limit`, {
        ...values,
        lastDate: date,
        lastNo: no,
        limit: filter.limit,
      }),
    );
    const totals = book
      .prepare(
        `SELECT ${source.currency} AS currency, count(*) AS count, coalesce(sum(${source.open}), 0) AS minor ${source.from} WHERE ${sql} GROUP BY 1`,
      )
      .all(values) as Total[];
    for (const { currency, count, minor } of totals) {
      // The deposit of a payout is what its orders brought: in the sum it would count twice.
      const isTwice = kind === 'payout' && kinds.length > 1;
      const before = sums.get(currency) ?? { currency, count: 0, minor: 0 };
      sums.set(currency, { currency, count: before.count + count, minor: before.minor + (isTwice ? 0 : minor) });
    }
  }
  const order = (a: StoredTarget, b: StoredTarget): number => {
    const [left, right] = [
      [a.date, a.kind, a.no],
      [b.date, b.kind, b.no],
    ];
    const at = left?.findIndex((value, index) => value !== right?.[index]) ?? -1;
    return at < 0 ? 0 : (left?.[at] ?? '') < (right?.[at] ?? '') ? -1 : 1;
  };
  const rows = found.sort(order).slice(0, filter.limit);
  const last = rows.at(-1);
  const totals = [...sums.values()];
  return {
    rows: targetViews(book, rows, today),
    total: totals.reduce((sum, { count }) => sum + count, 0),
    totals: totalsOf(totals),
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.date, last.kind, last.no]) }
      : {}),
  };
}

/** An order or declaration that is not paid in full, in minor units of its currency. */
export type OpenReceivable = StoredTarget & { readonly kind: 'order' | 'declaration' };

/** Orders and declarations with something open, oldest first. @param filter.before only those of before this day */
export function openReceivables(
  book: Book,
  filter: { readonly currency?: string | undefined; readonly before?: string | undefined } = {},
): OpenReceivable[] {
  return (['order', 'declaration'] as const)
    .flatMap((kind) => {
      const { date, no } = sources[kind];
      const { sql, values } = targetWhere(kind, { open: true, currency: filter.currency });
      const before = filter.before === undefined ? '' : ` AND ${date} < :before`;
      return targetsWhere(book, kind, `${sql}${before} ORDER BY ${date}, ${no}`, {
        ...values,
        ...(filter.before === undefined ? {} : { before: filter.before }),
      }) as OpenReceivable[];
    })
    .sort((a, b) => (a.date === b.date ? (a.no < b.no ? -1 : 1) : a.date < b.date ? -1 : 1));
}

// Age -----------------------------------------------------------------------------------------------------------------

/** Counts and amounts of what is open, by side, currency and age in days. */
export function openByAge(book: Book, today: IsoDate): OutputOf<'allocations.ageing'>['rows'] {
  const bounds = Object.fromEntries(ageBuckets.map((days, at) => [`day${at}`, addDays(today, -days)]));
  const bucket = (column: string): string =>
    `CASE ${ageBuckets.map((_, at) => `WHEN ${column} >= :day${at} THEN ${at}`).join(' ')} ELSE ${ageBuckets.length} END`;
  const parts = [
    {
      side: 'receipts' as const,
      sql: `SELECT r.currency, ${bucket('r.date')} AS bucket, count(*) AS count, sum(${receiptOpen}) AS minor FROM money_record r
        WHERE ${receiptMayBeOpen} AND ${receiptOpen} > 0 GROUP BY 1, 2`,
    },
    ...(['order', 'declaration'] as const).map((kind) => {
      const { currency, date, open, from, isOpen } = sources[kind];
      return {
        side: 'targets' as const,
        sql: `SELECT ${currency} AS currency, ${bucket(date)} AS bucket, count(*) AS count, sum(${open}) AS minor ${from} WHERE ${isOpen} GROUP BY 1, 2`,
      };
    }),
  ];
  const rows = new Map<
    string,
    { side: 'receipts' | 'targets'; currency: string; minors: number[]; counts: number[] }
  >();
  for (const { side, sql } of parts) {
    const found = book.prepare(sql).all(bounds) as { currency: string; bucket: number; count: number; minor: number }[];
    for (const { currency, bucket: at, count, minor } of found) {
      const key = `${side} ${currency}`;
      const none = () => Array.from({ length: ageBuckets.length + 1 }, () => 0);
      const row = rows.get(key) ?? { side, currency, minors: none(), counts: none() };
      rows.set(key, row);
      row.minors[at] = (row.minors[at] ?? 0) + minor;
      row.counts[at] = (row.counts[at] ?? 0) + count;
    }
  }
  return [...rows.values()]
    .sort((a, b) => (a.side === b.side ? (a.currency < b.currency ? -1 : 1) : a.side < b.side ? -1 : 1))
    .map(({ side, currency, minors, counts }) => ({
      side,
      currency,
      amounts: minors.map((minor) => textOf(minor, currency)),
      counts,
    }));
}
