import { createHash } from 'node:crypto';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { MatchItem } from '../../../shared/contract/record-match.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { bitOf, codesOf, type MatchCode, matchCodes } from '../../../shared/matching/record-match.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';

/** What the match found, as it is listed, counted, accepted and certified. */

interface ItemRow {
  id: number;
  kind: MatchItem['kind'];
  orderNo: string;
  orderId: number | null;
  date: string;
  codes: number;
  state: MatchItem['state'];
  reason: string;
  decidedBy: string;
  decidedAt: string | null;
  updatedAt: string;
}

const select = `SELECT i.id, i.kind, i.order_no AS orderNo, i.order_id AS orderId, i.date, i.codes, i.state, i.reason, i.decided_by AS decidedBy,
  i.decided_at AS decidedAt, i.updated_at AS updatedAt FROM match_item i`;

function itemView({ orderId, decidedAt, codes, ...rest }: ItemRow): MatchItem {
  return {
    ...rest,
    codes: codesOf(codes),
    ...(orderId === null ? {} : { orderId }),
    ...(decidedAt === null ? {} : { decidedAt }),
  };
}

type Filter = Pick<ParsedInputOf<'match.items'>, 'state' | 'code' | 'kind' | 'text' | 'from' | 'to'>;

function where(filter: Filter): { sql: string; values: (string | number)[] } {
  const terms = ['i.state = ?'];
  const values: (string | number)[] = [filter.state];
  const add = (term: string, value: string | number): void => {
    terms.push(term);
    values.push(value);
  };
  if (filter.code !== undefined) add('i.codes & ? <> 0', bitOf(filter.code));
  if (filter.kind !== undefined) add('i.kind = ?', filter.kind);
  if (filter.from !== undefined) add('i.date >= ?', filter.from);
  if (filter.to !== undefined) add('i.date <= ?', filter.to);
  const text = filter.text?.trim() ?? '';
  if (text !== '') add(`i.order_no LIKE ? ESCAPE '\\'`, containing(text));
  return { sql: terms.join(' AND '), values };
}

/** A page of items, newest first. */
export function listItems(book: Book, input: ParsedInputOf<'match.items'>): OutputOf<'match.items'> {
  const { sql, values } = where(input);
  const [date, id] = decodeCursor(input.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(`${select} WHERE ${sql} AND (i.date, i.id) < (?, ?) ORDER BY i.date DESC, i.id DESC LIMIT ?`)
    .all(...values, date, id, input.limit) as ItemRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM match_item i WHERE ${sql}`).get(...values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(itemView),
    total: n,
    ...(rows.length === input.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

/** The items under an order number. */
export function itemsOf(book: Book, orderNo: string): MatchItem[] {
  const rows = book.prepare(`${select} WHERE i.order_no = ? ORDER BY i.kind`).all(orderNo) as ItemRow[];
  return rows.map(itemView);
}

/** Every item of a state, or all that do not pass; of a code where one is given; oldest first. */
export function* allItems(
  book: Book,
  { state, code }: { readonly state: MatchItem['state'] | undefined; readonly code: MatchCode | undefined },
): Generator<MatchItem> {
  const statement = book.db.prepare(
    `${select} WHERE CASE ? WHEN '' THEN i.state <> 'settled' ELSE i.state = ? END AND (? = 0 OR i.codes & ? <> 0) AND (i.date, i.id) > (?, ?) ORDER BY i.date, i.id LIMIT 1000`,
  );
  const bit = code === undefined ? 0 : bitOf(code);
  let after: [string, number] = ['', 0];
  for (;;) {
    const rows = statement.all(state ?? '', state ?? '', bit, bit, ...after) as ItemRow[];
    yield* rows.map(itemView);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = [last.date, last.id];
  }
}

/** Items by code; an item counts under each of its codes. */
export function codeCounts(book: Book): { code: MatchCode; open: number; excepted: number }[] {
  const rows = book
    .prepare(`SELECT codes, state, count(*) AS n FROM match_item WHERE state <> 'settled' GROUP BY codes, state`)
    .all() as { codes: number; state: 'open' | 'excepted'; n: number }[];
  const counts = new Map(matchCodes.map((code) => [code, { code, open: 0, excepted: 0 }]));
  for (const { codes, state, n } of rows)
    for (const code of codesOf(codes)) {
      const count = counts.get(code);
      if (count !== undefined) count[state] += n;
    }
  return [...counts.values()].filter(({ open, excepted }) => open + excepted > 0);
}

/** Items by state; `orphans` of the open ones are payments and waybills without an order. */
export function stateCounts(book: Book): {
  open: number;
  excepted: number;
  settled: number;
  orphans: number;
  failing: number;
} {
  const row = book
    .prepare(
      `SELECT coalesce(sum(state = 'open'), 0) AS open, coalesce(sum(state = 'excepted'), 0) AS excepted,
         coalesce(sum(state = 'settled'), 0) AS settled, coalesce(sum(state = 'open' AND kind <> 'order'), 0) AS orphans,
         coalesce(sum(state <> 'settled' AND kind = 'order' AND codes & ${bitOf('ORDER_CANCELLED')} = 0), 0) AS failing FROM match_item`,
    )
    .get() as { open: number; excepted: number; settled: number; orphans: number; failing: number };
  return row;
}

/** Days shown at most. */
const MOST_DAYS = 400;

/** Orders by day, with how many of them are open or accepted; the newest days of the range. Cancelled orders are left out. */
export function dayCounts(book: Book, from: string, to: string): OutputOf<'match.summary'>['days'] {
  const rows = book
    .prepare(
      `SELECT d.date, d.orders - (SELECT count(*) FROM sales_order c WHERE c.state = 'cancelled' AND c.order_date = d.date) AS orders
       FROM (SELECT order_date AS date, count(*) AS orders FROM sales_order WHERE order_date >= ? AND order_date <= ?
         GROUP BY order_date ORDER BY order_date DESC LIMIT ${MOST_DAYS}) d ORDER BY d.date`,
    )
    .all(from, to) as { date: string; orders: number }[];
  const items = book
    .prepare(
      `SELECT date, state, count(*) AS n FROM match_item WHERE state IN ('open','excepted') AND kind = 'order'
         AND codes & ${bitOf('ORDER_CANCELLED')} = 0 AND date >= ? AND date <= ? GROUP BY date, state`,
    )
    .all(rows[0]?.date ?? from, to) as { date: string; state: 'open' | 'excepted'; n: number }[];
  const byDay = new Map(rows.map(({ date, orders }) => [date, { date, orders, open: 0, excepted: 0 }]));
  for (const { date, state, n } of items) {
    const day = byDay.get(date);
    if (day !== undefined) day[state] = n;
  }
  return [...byDay.values()].filter(({ orders }) => orders > 0);
}

/** Orders that are not cancelled, and payments that count. */
export function recordCounts(book: Book): { orders: number; payments: number } {
  const { orders } = book
    .prepare(
      `SELECT (SELECT count(*) FROM sales_order) - (SELECT count(*) FROM sales_order WHERE state = 'cancelled') AS orders`,
    )
    .get() as { orders: number };
  const { payments } = book.prepare('SELECT count(*) AS payments FROM order_payment').get() as { payments: number };
  return { orders, payments };
}

/** The last match of any scope. */
export function lastRun(book: Book): OutputOf<'match.summary'>['lastRun'] {
  return book
    .prepare('SELECT at, scope, orders, rules_from AS rulesFrom FROM match_run ORDER BY id DESC LIMIT 1')
    .get() as OutputOf<'match.summary'>['lastRun'];
}

function requireItem(book: Book, id: number): ItemRow {
  const row = book.prepare(`${select} WHERE i.id = ?`).get(id) as ItemRow | undefined;
  if (row === undefined) throw new PortbookError('MATCH_ITEM_UNKNOWN', { id });
  return row;
}

/** Accepts open items with a reason. Refusals: `MATCH_ITEM_UNKNOWN` {id}, `MATCH_NOT_OPEN` {orderNo}. */
export function exceptItems(book: Book, ids: readonly number[], reason: string, now: string): MatchItem[] {
  const update = book.prepare(
    `UPDATE match_item SET state = 'excepted', reason = ?, decided_by = ?, decided_at = ?, updated_at = ? WHERE id = ?`,
  );
  return ids.map((id) => {
    const row = requireItem(book, id);
    if (row.state !== 'open') throw new PortbookError('MATCH_NOT_OPEN', { orderNo: row.orderNo });
    update.run(reason, book.actor, now, now, id);
    return itemView({ ...row, state: 'excepted', reason });
  });
}

/** Takes acceptances back. Refusals: `MATCH_ITEM_UNKNOWN` {id}, `MATCH_NOT_EXCEPTED` {orderNo}. */
export function reopenItems(book: Book, ids: readonly number[], now: string): MatchItem[] {
  const update = book.prepare(
    `UPDATE match_item SET state = 'open', reason = '', decided_by = '', decided_at = NULL, updated_at = ? WHERE id = ?`,
  );
  return ids.map((id) => {
    const row = requireItem(book, id);
    if (row.state !== 'excepted') throw new PortbookError('MATCH_NOT_EXCEPTED', { orderNo: row.orderNo });
    update.run(now, id);
    return itemView({ ...row, state: 'open', reason: '' });
  });
}

/** What a certificate says of a period: only orders that pass or are accepted. */
export interface Certified {
  readonly orders: number;
  readonly passed: number;
  readonly exceptions: readonly MatchItem[];
  /** Orders of the period that do not pass: they are not certified. */
  readonly leftOut: number;
  readonly payments: number;
  readonly waybills: number;
  readonly totals: readonly { readonly currency: string; readonly orders: number; readonly amountE5: bigint }[];
  /** SHA-256 over a line an order: number, currency, amount, numbers of its payments and waybills, what was accepted. */
  readonly hash: string;
}

interface CertifiedRow {
  id: number;
  orderNo: string;
  currency: string;
  amountE5: number;
  pays: string | null;
  ships: string | null;
}

/** Adds up and hashes the orders of a period, or those of them that are named, in the order of their numbers. */
export function certify(book: Book, from: string, to: string, orderIds?: readonly number[]): Certified {
  const named = orderIds === undefined ? '' : 'AND o.id IN (SELECT value FROM json_each(?))';
  const items = book
    .prepare(
      `${select} WHERE i.state <> 'settled' AND i.kind = 'order' AND i.date >= ? AND i.date <= ? ORDER BY i.order_no`,
    )
    .all(from, to) as ItemRow[];
  const byOrder = new Map(items.map((one) => [one.orderNo, one]));
  const rows = book.db
    .prepare(
      `SELECT o.id, o.order_no AS orderNo, o.currency, o.goods_value_e5 + o.other_value_e5 - o.cancelled_value_e5 AS amountE5,
         (SELECT group_concat(p.pay_no, ',' ORDER BY p.pay_no) FROM order_payment p WHERE p.order_no = o.order_no AND p.void_reason IS NULL) AS pays,
         (SELECT group_concat(w.logistics_no, ',' ORDER BY w.logistics_no) FROM waybill w
          WHERE w.order_no >= o.order_no AND w.order_no < o.order_no || '.' AND w.order_id = o.id) AS ships
       FROM sales_order o WHERE o.state <> 'cancelled' AND o.order_date >= ? AND o.order_date <= ? ${named} ORDER BY o.order_no`,
    )
    .iterate(from, to, ...(orderIds === undefined ? [] : [JSON.stringify(orderIds)])) as IterableIterator<CertifiedRow>;
  const hash = createHash('sha256');
  const totals = new Map<string, { currency: string; orders: number; amountE5: bigint }>();
  const counts = { orders: 0, passed: 0, leftOut: 0, payments: 0, waybills: 0 };
  const exceptions: MatchItem[] = [];
  const length = (list: string | null): number => (list === null ? 0 : list.split(',').length);
  for (const { orderNo, currency, amountE5, pays, ships } of rows) {
    const item = byOrder.get(orderNo);
    if (item?.state === 'open') {
      counts.leftOut += 1;
      continue;
    }
    counts.orders += 1;
    counts.payments += length(pays);
    counts.waybills += length(ships);
    if (item === undefined) counts.passed += 1;
    else exceptions.push(itemView(item));
    const accepted = item === undefined ? '' : `${codesOf(item.codes).join(',')}:${item.reason}`;
    hash.update(`${orderNo}|${currency}|${amountE5}|${pays ?? ''}|${ships ?? ''}|${accepted}\n`);
    const total = totals.get(currency) ?? { currency, orders: 0, amountE5: 0n };
    total.orders += 1;
    total.amountE5 += BigInt(amountE5);
    totals.set(currency, total);
  }
  return {
    ...counts,
    exceptions,
    totals: [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    hash: hash.digest('hex'),
  };
}
