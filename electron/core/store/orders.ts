import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { OrderFilter, orderStates } from '../../../shared/contract/trade.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { KnownEntry, OrderEntry, OrderHead } from '../../../shared/import/orders.ts';
import { voucherLabel } from '../../../shared/ledger/index.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/currency-exponents.ts';
import { format5 } from '../../../shared/money/decimal.ts';
import { storedProduct, storedText } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { abandonDrafts, documentsOfOrder, markStale } from './documents.ts';
import { postReturnsOfCancelled } from './ledger.ts';
import { ofLiveSession } from './live-sessions.ts';
import { recountOrder } from './order-values.ts';
import { addOrderLines, productMaker } from './products.ts';

export type OrderState = (typeof orderStates)[number];

// What an import asks of the book --------------------------------------------------------------------------------------

interface HeadRow {
  id: number;
  at: string;
  customer: string | null;
  country_text: string;
  currency: string;
  state: OrderState;
}

function knownEntry(
  number: string,
  row: HeadRow,
  counts: { fingerprint: string; n: number }[],
  isOpen: boolean,
): KnownEntry {
  const head: OrderHead = {
    number,
    at: row.at,
    customer: row.customer ?? undefined,
    countryText: row.country_text,
    currency: row.currency,
  };
  return { id: row.id, head, isOpen, counts: new Map(counts.map(({ fingerprint, n }) => [fingerprint, n])) };
}

/** An order of the book with its lines counted by fingerprint. A cancelled order takes new lines: it opens again. */
export function knownOrder(book: Book, number: string): KnownEntry | undefined {
  const row = book
    .prepare('SELECT id, ordered_at AS at, customer, country_text, currency, state FROM sales_order WHERE order_no = ?')
    .get(number) as HeadRow | undefined;
  if (row === undefined) return undefined;
  const counts = book
    .prepare('SELECT fingerprint, max(occurrence) AS n FROM order_line WHERE order_id = ? GROUP BY fingerprint')
    .all(row.id) as { fingerprint: string; n: number }[];
  return knownEntry(number, row, counts, row.state === 'open' || row.state === 'cancelled');
}

/** A cancellation of the book with its lines counted by fingerprint. */
export function knownCancellation(book: Book, number: string): KnownEntry | undefined {
  const row = book
    .prepare(
      `SELECT id, cancelled_at AS at, customer, country_text, currency, 'open' AS state FROM cancellation WHERE cancel_no = ?`,
    )
    .get(number) as HeadRow | undefined;
  if (row === undefined) return undefined;
  const counts = book
    .prepare(
      'SELECT fingerprint, max(occurrence) AS n FROM cancellation_line WHERE cancellation_id = ? GROUP BY fingerprint',
    )
    .all(row.id) as { fingerprint: string; n: number }[];
  return knownEntry(number, row, counts, true);
}

export interface OrderBatch {
  readonly orders: readonly OrderEntry[];
  readonly cancellations: readonly OrderEntry[];
}

export interface OrderOutcome {
  readonly orders: number;
  readonly products: number;
  /** Lines of the batch's cancellations for which no order line was found. */
  readonly unknownLines: number;
  /** Orders whose documents were queued or sent before the cancellation came: a person has to act. */
  readonly cancelledAfterQueue: number;
}

/**
 * Writes a sorted file into the book. Call it in one transaction: it throws `IMPORT_BOOK_CHANGED` when the book is no
 * longer what the sorting saw (an order was drafted meanwhile), and then nothing may stay.
 * @param countryOf customs' country code of a source's country
 */
export function applyOrders(
  book: Book,
  batch: OrderBatch,
  options: { readonly runId: number; readonly now: string; readonly countryOf: (text: string) => string | undefined },
): OrderOutcome {
  const maker = productMaker(book, options.now);
  const newSkus = new Map<string, number>();
  let orders = 0;
  for (const entry of batch.orders) {
    if (writeOrder(book, entry, maker.kindOf, newSkus, options)) orders += 1;
  }
  addOrderLines(book, newSkus);
  const newLines = new Set<number>();
  for (const entry of batch.cancellations) writeCancellation(book, entry, newLines, options.runId);
  const { unknownLines, cancelledAfterQueue } = matchCancellations(book, newLines, newSkus, options.now);
  return { orders, products: maker.made(), unknownLines, cancelledAfterQueue };
}

type ApplyOptions = Parameters<typeof applyOrders>[2];

/** Writes the new lines of an order, and the order itself where the book has none. @returns whether it is new */
function writeOrder(
  book: Book,
  { head, id, lines, people }: OrderEntry,
  kindOf: (sku: string, description: string) => string,
  newSkus: Map<string, number>,
  options: ApplyOptions,
): boolean {
  let goods = 0;
  let other = 0;
  for (const line of lines) {
    if (kindOf(line.sku, line.description) === 'goods') goods += line.totalE5;
    else other += line.totalE5;
    newSkus.set(line.sku, (newSkus.get(line.sku) ?? 0) + 1);
  }
  let lineNo = 0;
  let orderId = id;
  if (orderId === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO sales_order (order_no, order_date, ordered_at, customer, country_text, country, currency, lines, goods_value_e5,
           other_value_e5, state, import_run_id, created_at, store) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)`,
      )
      .run(
        head.number,
        head.at.slice(0, 10),
        head.at,
        head.customer ?? null,
        head.countryText,
        options.countryOf(head.countryText) ?? null,
        head.currency,
        lines.length,
        goods,
        other,
        options.runId,
        options.now,
        head.store ?? null,
      );
    orderId = Number(lastInsertRowid);
  } else {
    const { changes } = book
      .prepare(
        `UPDATE sales_order SET lines = lines + ?, goods_value_e5 = goods_value_e5 + ?, other_value_e5 = other_value_e5 + ?, state = 'open'
         WHERE id = ? AND state IN ('open','cancelled')`,
      )
      .run(lines.length, goods, other, orderId);
    if (changes !== 1) throw new PortbookError('IMPORT_BOOK_CHANGED', { orderNo: head.number });
    const last = book.prepare('SELECT max(line_no) AS n FROM order_line WHERE order_id = ?').get(orderId) as {
      n: number | null;
    };
    lineNo = last.n ?? 0;
  }
  if (people !== undefined) {
    book
      .prepare(
        `UPDATE sales_order SET buyer_name = ?, buyer_key = ?, buyer_id = ?, buyer_phone = ?, consignee = ?, consignee_key = ?,
           consignee_phone = ? WHERE id = ?`,
      )
      .run(
        people.buyer ?? null,
        people.buyerKey ?? null,
        people.buyerId ?? null,
        people.buyerPhone ?? null,
        people.consignee ?? null,
        people.consigneeKey ?? null,
        people.consigneePhone ?? null,
        orderId,
      );
  }
  const insert = book.prepare(
    `INSERT INTO order_line (order_id, line_no, sku, description, qty_e5, price_e5, total_e5, fingerprint, occurrence, source_row)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const line of lines) {
    lineNo += 1;
    insert.run(
      orderId,
      lineNo,
      line.sku,
      line.description,
      line.qtyE5,
      line.priceE5,
      line.totalE5,
      line.fingerprint,
      line.occurrence,
      line.sourceRow,
    );
  }
  return id === undefined;
}

function writeCancellation(book: Book, { head, id, lines }: OrderEntry, newLines: Set<number>, runId: number): void {
  const value = lines.reduce((sum, line) => sum + line.totalE5, 0);
  let cancellationId = id;
  if (cancellationId === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO cancellation (cancel_no, cancelled_at, customer, country_text, currency, value_e5, known_lines, unknown_lines, import_run_id)
         VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)`,
      )
      .run(head.number, head.at, head.customer ?? null, head.countryText, head.currency, value, lines.length, runId);
    cancellationId = Number(lastInsertRowid);
  } else {
    book
      .prepare('UPDATE cancellation SET value_e5 = value_e5 + ?, unknown_lines = unknown_lines + ? WHERE id = ?')
      .run(value, lines.length, cancellationId);
  }
  const insert = book.prepare(
    `INSERT INTO cancellation_line (cancellation_id, sku, description, qty_e5, price_e5, fingerprint, occurrence, source_row)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const line of lines) {
    const { lastInsertRowid } = insert.run(
      cancellationId,
      line.sku,
      line.description,
      line.qtyE5,
      line.priceE5,
      line.fingerprint,
      line.occurrence,
      line.sourceRow,
    );
    newLines.add(Number(lastInsertRowid));
  }
}

interface OpenCancellationLine {
  id: number;
  cancellation_id: number;
  sku: string;
  qty_e5: number;
  price_e5: number;
  cancelled_at: string;
  customer: string | null;
  currency: string;
}

/**
 * Finds for each unmatched cancellation line the order line it takes back: same article, price and currency, same buyer
 * (any, when the cancellation names none), enough left of it, ordered before; of several the latest. Lines of earlier
 * files are tried again when orders with their article have come in, so that files may come in any order.
 */
function matchCancellations(
  book: Book,
  newLines: ReadonlySet<number>,
  newSkus: ReadonlyMap<string, number>,
  now: string,
): { unknownLines: number; cancelledAfterQueue: number } {
  const open = book
    .prepare(
      `SELECT l.id, l.cancellation_id, l.sku, l.qty_e5, l.price_e5, c.cancelled_at, c.customer, c.currency
       FROM cancellation_line l JOIN cancellation c ON c.id = l.cancellation_id
       WHERE l.order_line_id IS NULL ORDER BY c.cancelled_at, c.cancel_no, l.id`,
    )
    .all() as OpenCancellationLine[];
  const find = book.prepare(
    `SELECT l.id, l.order_id FROM order_line l JOIN sales_order o ON o.id = l.order_id
     WHERE l.sku = ? AND l.price_e5 = ? AND l.qty_e5 - l.cancelled_qty_e5 >= ? AND o.currency = ? AND o.ordered_at <= ?
       AND (? IS NULL OR o.customer = ?)
     ORDER BY o.ordered_at DESC, o.order_no DESC, l.line_no DESC LIMIT 1`,
  );
  const take = book.prepare('UPDATE order_line SET cancelled_qty_e5 = cancelled_qty_e5 + ? WHERE id = ?');
  const link = book.prepare('UPDATE cancellation_line SET order_line_id = ?, matched_qty_e5 = ? WHERE id = ?');
  const count = book.prepare(
    'UPDATE cancellation SET known_lines = known_lines + 1, unknown_lines = unknown_lines - 1 WHERE id = ?',
  );
  const touched = new Set<number>();
  const linked: number[] = [];
  let unknownLines = 0;
  for (const line of open) {
    const isNew = newLines.has(line.id);
    if (!isNew && !newSkus.has(line.sku)) continue;
    const found = find.get(
      line.sku,
      line.price_e5,
      line.qty_e5,
      line.currency,
      line.cancelled_at,
      line.customer,
      line.customer,
    ) as { id: number; order_id: number } | undefined;
    if (found === undefined) {
      if (isNew) unknownLines += 1;
      continue;
    }
    take.run(line.qty_e5, found.id);
    link.run(found.id, line.qty_e5, line.id);
    count.run(line.cancellation_id);
    touched.add(found.order_id);
    linked.push(line.id);
  }
  let cancelledAfterQueue = 0;
  for (const orderId of touched) if (settleCancelled(book, orderId, now)) cancelledAfterQueue += 1;
  postReturnsOfCancelled(book, linked, now);
  return { unknownLines, cancelledAfterQueue };
}

/**
 * Sums an order after lines of it were cancelled. An order that is cancelled whole before anything of it left gives up
 * its drafts; otherwise its documents become stale.
 * @returns whether it has documents that are queued or beyond, so that a person has to act
 */
function settleCancelled(book: Book, orderId: number, now: string): boolean {
  const { isAllCancelled } = recountOrder(book, orderId);
  const { n: frozen } = book
    .prepare(
      `SELECT count(*) AS n FROM document WHERE order_id = ? AND state NOT IN ('draft','checked','withdrawn','superseded')`,
    )
    .get(orderId) as { n: number };
  if (isAllCancelled && frozen === 0) {
    const drafts = documentsOfOrder(book, orderId);
    abandonDrafts(
      book,
      drafts.map(({ id }) => id),
      now,
    );
    book
      .prepare(`UPDATE sales_order SET state = 'cancelled' WHERE id = ? AND state IN ('open','drafted')`)
      .run(orderId);
  }
  markStale(book, { orderId });
  return frozen > 0;
}

// What the desk asks of the book ---------------------------------------------------------------------------------------

interface OrderRow {
  id: number;
  order_no: string;
  order_date: string;
  ordered_at: string;
  customer: string | null;
  country_text: string;
  country: string | null;
  currency: string;
  lines: number;
  goods_value_e5: number;
  cancelled_value_e5: number;
  state: OrderState;
  logistics_no: string | null;
}

type OrderView = OutputOf<'orders.list'>['rows'][number];

// A split order has waybills of its own for each part (`<number>-1` …): the first stands for it in the list.
const orderSelect = `SELECT o.id, o.order_no, o.order_date, o.ordered_at, o.customer, o.country_text, o.country, o.currency, o.lines,
  o.goods_value_e5, o.cancelled_value_e5, o.state, coalesce(w.logistics_no, w1.logistics_no) AS logistics_no
  FROM sales_order o LEFT JOIN waybill w ON w.order_no = o.order_no LEFT JOIN waybill w1 ON w1.order_no = o.order_no || '-1'`;

function orderView(row: OrderRow): OrderView {
  return {
    id: row.id,
    orderNo: row.order_no,
    orderDate: row.order_date,
    countryText: row.country_text,
    currency: row.currency,
    lines: row.lines,
    goodsValue: storedText(row.goods_value_e5),
    cancelledValue: storedText(row.cancelled_value_e5),
    state: row.state,
    ...(row.customer === null ? {} : { customer: row.customer }),
    ...(row.country === null ? {} : { country: row.country }),
    ...(row.logistics_no === null ? {} : { logisticsNo: row.logistics_no }),
  };
}

function orderWhere(filter: OrderFilter): { sql: string; values: string[] } {
  const terms: string[] = [];
  const values: string[] = [];
  const add = (term: string, ...bound: string[]) => {
    terms.push(term);
    values.push(...bound);
  };
  if (filter.from !== undefined) add('o.order_date >= ?', filter.from);
  if (filter.to !== undefined) add('o.order_date <= ?', filter.to);
  if (filter.country !== undefined) add('o.country_text = ?', filter.country);
  if (filter.state !== undefined) add('o.state = ?', filter.state);
  if (filter.liveSession !== undefined) add(ofLiveSession, String(filter.liveSession));
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    add(
      `(o.order_no LIKE ? ESCAPE '\\' OR o.customer = ? OR o.country_text LIKE ? ESCAPE '\\'
        OR o.order_no IN (SELECT order_no FROM waybill WHERE logistics_no = ?))`,
      like,
      text,
      like,
      text,
    );
  }
  return { sql: terms.length === 0 ? '1' : terms.join(' AND '), values };
}

/** An exact total in major units, with the currency's own decimals at least. Sums may leave the exact range of numbers. */
function totalText(sum: string, currency: string): string {
  return format5(BigInt(sum), CURRENCY_EXPONENTS[currency] ?? 2);
}

/** A page of orders, newest first, with the goods value of the whole filter by currency. */
export function listOrders(
  book: Book,
  filter: OrderFilter,
  page: { after: string | undefined; limit: number },
): OutputOf<'orders.list'> {
  const { sql, values } = orderWhere(filter);
  const [date, id] = decodeCursor(page.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `${orderSelect} WHERE (o.order_date < ? OR (o.order_date = ? AND o.id < ?)) AND ${sql} ORDER BY o.order_date DESC, o.id DESC LIMIT ?`,
    )
    .all(date, date, id, ...values, page.limit) as OrderRow[];
  const sums = book
    .prepare(
      `SELECT o.currency, count(*) AS n, CAST(sum(o.goods_value_e5) AS TEXT) AS value FROM sales_order o WHERE ${sql}
       GROUP BY o.currency ORDER BY o.currency`,
    )
    .all(...values) as { currency: string; n: number; value: string }[];
  const last = rows.at(-1);
  return {
    rows: rows.map(orderView),
    total: sums.reduce((total, { n }) => total + n, 0),
    totals: sums.map(({ currency, value }) => ({ currency, amount: totalText(value, currency) })),
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.order_date, last.id]) }
      : {}),
  };
}

/** Countries, states and dates to filter by. */
export function orderFacets(book: Book): OutputOf<'orders.facets'> {
  const countries = book
    .prepare(
      `SELECT country_text AS countryText, max(country) AS country, count(*) AS orders FROM sales_order GROUP BY country_text
       ORDER BY orders DESC, country_text`,
    )
    .all() as { countryText: string; country: string | null; orders: number }[];
  const states = book
    .prepare(`SELECT state, n AS orders FROM tally WHERE area = 'order' AND n > 0 ORDER BY state`)
    .all() as { state: OrderState; orders: number }[];
  const range = book.prepare('SELECT min(order_date) AS first, max(order_date) AS last FROM sales_order').get() as {
    first: string | null;
    last: string | null;
  };
  const cancelled = book
    .prepare('SELECT count(*) AS n, coalesce(sum(unknown_lines > 0), 0) AS unknown FROM cancellation')
    .get() as { n: number; unknown: number };
  return {
    countries: countries.map(({ countryText, country, orders }) => ({
      countryText,
      orders,
      ...(country === null ? {} : { country }),
    })),
    states,
    ...(range.first === null ? {} : { from: range.first }),
    ...(range.last === null ? {} : { to: range.last }),
    cancellations: cancelled.n,
    unknownCancellations: cancelled.unknown,
  };
}

/** Enough of a buyer's number to know it again, not enough to use it. */
function masked(customer: string): string {
  const shown = customer.length > 6 ? 2 : 1;
  return `${customer.slice(0, shown)}${'*'.repeat(Math.max(1, Math.min(customer.length - 2 * shown, 8)))}${customer.length > 2 * shown ? customer.slice(-shown) : ''}`;
}

interface LineRow {
  lineNo: number;
  sku: string;
  description: string;
  lineKind: 'goods' | 'freight' | 'discount' | 'fee' | 'adjustment';
  productState: 'to-classify' | 'classified' | 'not-goods';
  qty_e5: number;
  cancelled_qty_e5: number;
  price_e5: number;
  total_e5: number;
  sourceRow: number;
}

/** An order with its lines, what took them back, and what was made from it. Refusal: `ORDER_UNKNOWN`. */
export function requireOrder(book: Book, id: number): OutputOf<'orders.get'> {
  const row = book.prepare(`${orderSelect} WHERE o.id = ?`).get(id) as OrderRow | undefined;
  if (row === undefined) throw new PortbookError('ORDER_UNKNOWN', { id });
  const lines = book
    .prepare(
      `SELECT l.line_no AS lineNo, l.sku, l.description, p.line_kind AS lineKind, p.state AS productState, l.qty_e5, l.cancelled_qty_e5,
         l.price_e5, l.total_e5, l.source_row AS sourceRow
       FROM order_line l JOIN product p ON p.sku = l.sku WHERE l.order_id = ? ORDER BY l.line_no`,
    )
    .all(id) as LineRow[];
  const documents = book
    .prepare(
      `SELECT id, kind, state, status_code AS statusCode FROM document WHERE order_id = ? AND state <> 'superseded' ORDER BY kind, business_key, id`,
    )
    .all(id) as { id: number; kind: string; state: string; statusCode: string | null }[];
  const vouchers = book
    .prepare(
      `SELECT DISTINCT v.id, v.period, v.number FROM posting p JOIN voucher v ON v.id = p.voucher_id WHERE p.order_id = ? ORDER BY v.id`,
    )
    .all(id) as { id: number; period: string; number: number }[];
  const source = book
    .prepare(
      `SELECT r.file_name AS fileName, coalesce(r.committed_at, r.started_at) AS importedAt FROM import_run r
       JOIN sales_order o ON o.import_run_id = r.id WHERE o.id = ?`,
    )
    .get(id) as { fileName: string; importedAt: string } | undefined;
  return {
    ...orderView(row),
    ...(row.customer === null ? {} : { customerMasked: masked(row.customer) }),
    orderedAt: row.ordered_at,
    lineRows: lines.map(({ qty_e5, cancelled_qty_e5, price_e5, total_e5, ...rest }) => ({
      ...rest,
      qty: storedText(qty_e5),
      cancelledQty: storedText(cancelled_qty_e5),
      price: storedText(price_e5),
      total: storedText(total_e5),
    })),
    cancellations: cancellationsOf(book, id),
    documents: documents.map(({ statusCode, ...rest }) => (statusCode === null ? rest : { ...rest, statusCode })),
    vouchers: vouchers.map(({ id: voucherId, period, number }) => ({
      id: voucherId,
      label: voucherLabel(period, number),
    })),
    ...(source === undefined ? {} : { source }),
  };
}

function cancellationsOf(book: Book, orderId: number): OutputOf<'orders.get'>['cancellations'] {
  const rows = book
    .prepare(
      `SELECT c.cancel_no AS cancelNo, c.cancelled_at AS cancelledAt, k.matched_qty_e5 AS qty, k.price_e5 AS price
       FROM order_line l JOIN cancellation_line k ON k.order_line_id = l.id JOIN cancellation c ON c.id = k.cancellation_id
       WHERE l.order_id = ? ORDER BY c.cancelled_at, c.cancel_no, k.id`,
    )
    .all(orderId) as { cancelNo: string; cancelledAt: string; qty: number; price: number }[];
  const sums = new Map<string, { cancelledAt: string; value: number }>();
  for (const { cancelNo, cancelledAt, qty, price } of rows) {
    const before = sums.get(cancelNo)?.value ?? 0;
    sums.set(cancelNo, { cancelledAt, value: before + storedProduct(qty, price) });
  }
  return [...sums].map(([cancelNo, { cancelledAt, value }]) => ({ cancelNo, cancelledAt, value: storedText(value) }));
}
