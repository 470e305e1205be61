import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { CURRENCY_EXPONENTS, formatScaled } from '../../../../shared/money/index.ts';
import { storedText } from '../../../../shared/money/stored.ts';
import {
  type CategorySum,
  type DayOrder,
  type DecimalMark,
  explode,
  type PayoutCategory,
  type PayoutFinding,
  type PayoutMapping,
  payoutCategories,
  payoutLayouts,
} from '../../../../shared/payouts/index.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';

type PayoutRow = OutputOf<'payouts.list'>['rows'][number];
type PayoutView = OutputOf<'payouts.get'>;

/** Minor units as text in major ones, with all decimals of the currency. */
export function amountOf(minor: number, currency: string): string {
  const exponent = CURRENCY_EXPONENTS[currency] ?? 2;
  return formatScaled(BigInt(minor), exponent, exponent);
}

/** Whether a layout reports days that are chosen, not a settlement that the platform closed. */
export const isRange = (layout: string): boolean =>
  payoutLayouts.find(({ id }) => id === layout)?.scope !== 'settlement';

/** Something to be said of a payout as a whole. */
export const found = (
  code: string,
  level: PayoutFinding['level'],
  params: PayoutFinding['params'],
  field = '',
): PayoutFinding => ({ code, level, field, params: { ...params, count: 1 } });

/** Marks a payout as taken back. Refusals: `PAYOUT_UNKNOWN` {id}, `PAYOUT_VOID` {number}. @returns its number */
export function markVoid(book: Book, id: number, reason: string, now: string): string {
  const { number, state } = requireStored(book, id);
  if (state === 'void') throw new PortbookError('PAYOUT_VOID', { number }, 'id');
  book
    .prepare(`UPDATE payout SET state = 'void', reason = ?, version = version + 1, updated_at = ? WHERE id = ?`)
    .run(reason, now, id);
  return number;
}

/** The receipts' allocations to a payout: it is their deposit. */
export function depositAllocations(book: Book, id: number): number[] {
  return (book.prepare('SELECT id FROM allocation WHERE target_payout_id = ?').all(id) as { id: number }[]).map(
    (row) => row.id,
  );
}

/** Whether the book has any order that a payout could pay. */
export function hasOrders(book: Book): boolean {
  return book.prepare('SELECT 1 FROM sales_order LIMIT 1').get() !== undefined;
}

// Settings ------------------------------------------------------------------------------------------------------------

const monthsKey = 'payouts.months';

/** Whose calendar a month of a payout is of: China's, in which the books are kept, or that of the file's own zone. */
export function monthsOf(book: Book): 'china' | 'own' {
  return book.setting(monthsKey) === 'own' ? 'own' : 'china';
}

export function setMonthsOf(book: Book, value: 'china' | 'own'): void {
  book.setSetting(monthsKey, value);
}

/** Payouts that stand, oldest first. */
export function enteredPayouts(book: Book): number[] {
  return (
    book.prepare(`SELECT id FROM payout WHERE state = 'entered' ORDER BY to_on, id`).all() as { id: number }[]
  ).map(({ id }) => id);
}

// Reading -------------------------------------------------------------------------------------------------------------

interface Stored {
  id: number;
  platform: string;
  layout: string;
  store: string;
  number: string;
  from_on: string;
  to_on: string;
  zone: string;
  deposit_on: string | null;
  currency: string;
  total_minor: number;
  deposit_minor: number | null;
  reserve_opening_minor: number;
  reserve_closing_minor: number;
  unavailable_minor: number;
  lines: number;
  orders: number;
  proof: PayoutRow['proof'];
  file_name: string;
  findings: string;
  state: PayoutRow['state'];
  reason: string;
  version: number;
  created_at: string;
  unknown: number;
  matched: number;
}

const select = `SELECT p.id, p.platform, p.layout, p.store, p.number, p.from_on, p.to_on, p.zone, p.deposit_on, p.currency, p.total_minor,
    p.deposit_minor, p.reserve_opening_minor, p.reserve_closing_minor, p.unavailable_minor, p.lines, p.orders, p.proof, p.file_name,
    p.findings, p.state, p.reason, p.version, p.created_at,
    (SELECT coalesce(sum(d.lines), 0) FROM payout_day d JOIN payout_kind k ON k.id = d.kind_id
       WHERE d.payout_id = p.id AND k.category = 'unknown') AS unknown,
    (SELECT coalesce(sum(a.target_minor), 0) FROM allocation a WHERE a.target_payout_id = p.id) AS matched
  FROM payout p`;

function requireStored(book: Book, id: number): Stored {
  const row = book.prepare(`${select} WHERE p.id = ?`).get(id) as Stored | undefined;
  if (row === undefined) throw new PortbookError('PAYOUT_UNKNOWN', { id }, 'id');
  return row;
}

const due = (row: Stored): number => row.deposit_minor ?? row.total_minor;

function rowOf(row: Stored): PayoutRow {
  const { currency } = row;
  const wanted = due(row);
  return {
    id: row.id,
    platform: row.platform,
    layout: row.layout,
    store: row.store,
    number: row.number,
    fromOn: row.from_on,
    toOn: row.to_on,
    zone: row.zone,
    ...(row.deposit_on === null ? {} : { depositOn: row.deposit_on }),
    currency,
    total: amountOf(row.total_minor, currency),
    ...(row.deposit_minor === null ? {} : { deposit: amountOf(row.deposit_minor, currency) }),
    reserveOpening: amountOf(row.reserve_opening_minor, currency),
    reserveClosing: amountOf(row.reserve_closing_minor, currency),
    unavailable: amountOf(row.unavailable_minor, currency),
    lines: row.lines,
    orders: row.orders,
    proof: row.proof,
    unknown: row.unknown,
    matched: amountOf(row.matched, currency),
    matchState: wanted <= 0 ? 'none' : row.matched === 0 ? 'open' : row.matched < wanted ? 'part' : 'matched',
    state: row.state,
  };
}

/** Payouts of a filter, the latest first. */
export function listPayouts(book: Book, filter: ParsedInputOf<'payouts.list'>): OutputOf<'payouts.list'> {
  const terms = ['p.state = :state'];
  const values: Record<string, string | number> = { state: filter.state };
  const add = (term: string, bound: Record<string, string>): void => {
    terms.push(term);
    Object.assign(values, bound);
  };
  if (filter.platform !== undefined) add('p.platform = :platform', { platform: filter.platform });
  if (filter.store !== undefined) add('p.store = :store', { store: filter.store });
  if (filter.from !== undefined) add('p.to_on >= :from', { from: filter.from });
  if (filter.to !== undefined) add('p.from_on <= :to', { to: filter.to });
  const text = filter.text?.trim() ?? '';
  if (text !== '')
    add(
      `(p.number LIKE :like ESCAPE '\\' OR p.store LIKE :like ESCAPE '\\' OR p.file_name LIKE :like ESCAPE '\\'
        OR p.id IN (SELECT payout_id FROM payout_order WHERE order_no = :text))`,
      { like: containing(text), text },
    );
  if (filter.open === 'proof') terms.push(`p.proof = 'none'`);
  if (filter.open === 'unknown')
    terms.push(
      `EXISTS (SELECT 1 FROM payout_day d JOIN payout_kind k ON k.id = d.kind_id WHERE d.payout_id = p.id AND k.category = 'unknown')`,
    );
  if (filter.open === 'deposit')
    terms.push(
      `coalesce(p.deposit_minor, p.total_minor) > (SELECT coalesce(sum(a.target_minor), 0) FROM allocation a WHERE a.target_payout_id = p.id)`,
    );
  const where = terms.join(' AND ');
  const [day, id] = decodeCursor(filter.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(`${select} WHERE ${where} AND (p.to_on, p.id) < (:day, :id) ORDER BY p.to_on DESC, p.id DESC LIMIT :limit`)
    .all({ ...values, day, id, limit: filter.limit }) as Stored[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM payout p WHERE ${where}`).get(values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(rowOf),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.to_on, last.id]) } : {}),
  };
}

/** Sums of a payout by month and category; the transfers of a report by days, which are its deposit, are left out. */
export function monthSums(
  book: Book,
  id: number,
): (CategorySum & { readonly month: string; readonly lastOn: string })[] {
  const day = monthsOf(book) === 'own' ? 'd.own_on' : 'd.posted_on';
  const { layout } = book.prepare('SELECT layout FROM payout WHERE id = ?').get(id) as { layout: string };
  const rows = book
    .prepare(
      `SELECT substr(${day}, 1, 7) AS month, k.category, sum(d.amount_minor) AS minor, sum(d.lines) AS lines, max(${day}) AS lastOn
       FROM payout_day d JOIN payout_kind k ON k.id = d.kind_id WHERE d.payout_id = ? GROUP BY 1, 2 ORDER BY 1`,
    )
    .all(id) as (CategorySum & { month: string; lastOn: string })[];
  return rows.filter(({ category }) => category !== 'transfer' || !isRange(layout));
}

interface Neighbour {
  id: number;
  number: string;
  closing: number;
  opening: number;
}

/** The payouts of the same store and currency before and after, and whether what was held back came back. */
function chainOf(book: Book, row: Stored): PayoutView['chain'] {
  const near = (order: string): Neighbour | undefined =>
    book
      .prepare(
        `SELECT id, number, reserve_closing_minor AS closing, reserve_opening_minor AS opening FROM payout
         WHERE platform = ? AND store = ? AND currency = ? AND state = 'entered' AND (from_on, id) ${order} LIMIT 1`,
      )
      .get(row.platform, row.store, row.currency, row.from_on, row.id) as Neighbour | undefined;
  const before = near('< (?, ?) ORDER BY from_on DESC, id DESC');
  const after = near('> (?, ?) ORDER BY from_on, id');
  if (isRange(row.layout) && row.reserve_opening_minor === 0 && row.reserve_closing_minor === 0)
    return { state: 'none' };
  const view = (one: Neighbour, reserve: number) => ({
    id: one.id,
    number: one.number,
    reserve: amountOf(reserve, row.currency),
  });
  return {
    ...(before === undefined ? {} : { previous: view(before, before.closing) }),
    ...(after === undefined ? {} : { next: view(after, after.opening) }),
    state: before === undefined ? 'first' : before.closing === row.reserve_opening_minor ? 'kept' : 'broken',
  };
}

/** What does not fit between a payout and the one before it. */
export function chainFindings(book: Book, id: number): PayoutFinding[] {
  const row = requireStored(book, id);
  const { previous, state } = chainOf(book, row);
  const released = amountOf(row.reserve_opening_minor, row.currency);
  const { number, currency } = row;
  if (state === 'broken' && previous !== undefined)
    return [
      found('PAYOUT_RESERVE_BREAK', 'doubt', {
        number,
        currency,
        previous: previous.number,
        held: previous.reserve,
        released,
      }),
    ];
  if (state === 'first' && row.reserve_opening_minor !== 0)
    return [found('PAYOUT_PRIOR_MISSING', 'note', { number, currency, released })];
  return [];
}

function withAmounts(sums: readonly CategorySum[], currency: string) {
  const place = ({ category }: CategorySum): number => payoutCategories.indexOf(category);
  return [...sums]
    .sort((a, b) => place(a) - place(b))
    .map(({ category, minor, lines }) => ({ category, lines, amount: amountOf(minor, currency) }));
}

/** A payout with its explosion, months, kinds, chain, deposits. Refusal: `PAYOUT_UNKNOWN` {id}. */
export function requirePayout(book: Book, id: number): PayoutView {
  const stored = requireStored(book, id);
  const { currency } = stored;
  const sums = monthSums(book, id);
  const documents = new Map(
    (
      book
        .prepare(
          `SELECT m.month, s.id, s.number, s.state, s.reason FROM payout_month m JOIN source_document s ON s.id = m.source_document_id
           WHERE m.payout_id = ?`,
        )
        .all(id) as {
        month: string;
        id: number;
        number: string;
        state: 'posted' | 'waiting' | 'void';
        reason: string;
      }[]
    ).map(({ month, ...document }) => [month, document]),
  );
  const months = [...new Set(sums.map(({ month }) => month))].map((month) => {
    const own = sums.filter((one) => one.month === month);
    const document = documents.get(month);
    return {
      month,
      amount: amountOf(
        own.reduce((sum, { minor }) => sum + minor, 0),
        currency,
      ),
      categories: withAmounts(own, currency),
      ...(document === undefined ? {} : { document }),
    };
  });
  const kinds = book
    .prepare(
      `SELECT k.type, k.detail, k.category, k.taught, sum(d.lines) AS lines, sum(d.amount_minor) AS minor
       FROM payout_day d JOIN payout_kind k ON k.id = d.kind_id WHERE d.payout_id = ? GROUP BY k.id
       ORDER BY k.category = 'unknown' DESC, abs(minor) DESC`,
    )
    .all(id) as {
    type: string;
    detail: string;
    category: PayoutCategory;
    taught: number;
    lines: number;
    minor: number;
  }[];
  const deposits = book
    .prepare(
      `SELECT r.id AS recordId, r.number, r.date, a.target_currency AS currency, a.target_minor AS minor
       FROM allocation a JOIN money_record r ON r.id = a.record_id WHERE a.target_payout_id = ? ORDER BY r.date, r.id`,
    )
    .all(id) as { recordId: number; number: string; date: string; currency: string; minor: number }[];
  const count = (sql: string): number => (book.prepare(sql).get(id) as { n: number }).n;
  const layout = payoutLayouts.find((one) => one.id === stored.layout);
  return {
    ...rowOf(stored),
    layoutZh: layout?.titleZh ?? '自定义列',
    layoutEn: layout?.titleEn ?? 'Columns as mapped',
    fileName: stored.file_name,
    createdAt: stored.created_at,
    reason: stored.reason,
    version: stored.version,
    findings: [
      ...(JSON.parse(stored.findings) as PayoutView['findings']),
      ...chainFindings(book, id).map(plain),
    ].filter(({ code }) => code !== 'PAYOUT_KIND_UNKNOWN'),
    steps: explode(sums).map(({ group, minor, lines, categories }) => ({
      group,
      lines,
      amount: amountOf(minor, currency),
      categories: withAmounts(categories, currency),
    })),
    months,
    monthsOf: monthsOf(book),
    kinds: kinds.map(({ minor, taught, ...kind }) => ({
      ...kind,
      taught: taught === 1,
      amount: amountOf(minor, currency),
    })),
    chain: chainOf(book, stored),
    deposits: deposits.map(({ minor, ...deposit }) => ({ ...deposit, amount: amountOf(minor, deposit.currency) })),
    ordersInBook: count(
      'SELECT count(*) AS n FROM payout_order o WHERE o.payout_id = ? AND EXISTS (SELECT 1 FROM sales_order s WHERE s.order_no = o.order_no)',
    ),
    ordersElsewhere: count(
      `SELECT count(*) AS n FROM payout_order o WHERE o.payout_id = ? AND EXISTS (SELECT 1 FROM payout_order x JOIN payout p ON p.id = x.payout_id
         WHERE x.order_no = o.order_no AND x.payout_id <> o.payout_id AND p.state = 'entered')`,
    ),
  };
}

/** A finding as the contract has it: nothing of it is shared with whoever found it. */
export const plain = ({ code, level, field, params }: PayoutFinding): PayoutView['findings'][number] => ({
  code,
  level,
  field,
  params: { ...params },
});

interface StoredLine {
  line: number;
  sourceRow: number;
  postedOn: string;
  ownOn: string;
  orderNo: string | null;
  sku: string | null;
  qty: number | null;
  category: PayoutCategory;
  type: string;
  detail: string;
  minor: number;
}

const lineFrom = `FROM payout_line l JOIN payout_day d ON d.id = l.day_id JOIN payout_kind k ON k.id = d.kind_id`;
const lineSelect = `SELECT l.line, l.source_row AS sourceRow, d.posted_on AS postedOn, d.own_on AS ownOn, o.order_no AS orderNo, l.sku,
    l.qty_e5 AS qty, k.category, k.type, k.detail, l.amount_minor AS minor
  ${lineFrom} LEFT JOIN payout_order o ON o.payout_id = l.payout_id AND o.ref = l.order_ref`;

function lineView({ orderNo, sku, qty, minor, ...row }: StoredLine, currency: string) {
  return {
    ...row,
    ...(orderNo === null ? {} : { orderNo }),
    ...(sku === null ? {} : { sku }),
    ...(qty === null ? {} : { qty: storedText(qty) }),
    amount: amountOf(minor, currency),
  };
}

/** Lines of a payout in the order of the file. Refusal: `PAYOUT_UNKNOWN` {id}. */
export function listPayoutLines(book: Book, filter: ParsedInputOf<'payouts.lines'>): OutputOf<'payouts.lines'> {
  const { currency } = requireStored(book, filter.id);
  const day = monthsOf(book) === 'own' ? 'd.own_on' : 'd.posted_on';
  const terms = ['l.payout_id = :id'];
  const values: Record<string, string | number> = { id: filter.id };
  const add = (term: string, bound: Record<string, string>): void => {
    terms.push(term);
    Object.assign(values, bound);
  };
  if (filter.category !== undefined) add('k.category = :category', { category: filter.category });
  if (filter.month !== undefined) add(`substr(${day}, 1, 7) = :month`, { month: filter.month });
  if (filter.type !== undefined) add('k.type = :type', { type: filter.type });
  if (filter.detail !== undefined) add('k.detail = :detail', { detail: filter.detail });
  if (filter.orderNo !== undefined && filter.orderNo.trim() !== '')
    add("l.order_ref IN (SELECT ref FROM payout_order WHERE payout_id = :id AND order_no LIKE :order ESCAPE '\\')", {
      order: containing(filter.orderNo.trim()),
    });
  const where = terms.join(' AND ');
  const [after] = decodeCursor(filter.after, [0]);
  const rows = book
    .prepare(`${lineSelect} WHERE ${where} AND l.last_line > :after AND l.line > :after ORDER BY l.line LIMIT :limit`)
    .all({ ...values, after, limit: filter.limit }) as StoredLine[];
  const { n } = book.prepare(`SELECT count(*) AS n ${lineFrom} WHERE ${where}`).get(values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => lineView(row, currency)),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.line]) } : {}),
  };
}

/** All lines of a payout in the order of the file, a page at a time. */
export function* payoutLinePages(book: Book, id: number): Generator<OutputOf<'payouts.lines'>['rows']> {
  const { currency } = requireStored(book, id);
  const page = book.prepare(
    `${lineSelect} WHERE l.payout_id = ? AND l.last_line > ? AND l.line > ? ORDER BY l.line LIMIT 500`,
  );
  for (let after = -1; ; ) {
    const rows = page.all(id, after, after) as StoredLine[];
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => lineView(row, currency));
    after = last.line;
  }
}

/** The payouts that name an order, oldest first. */
export function payoutsOfOrder(book: Book, orderNo: string): OutputOf<'payouts.ofOrder'> {
  const rows = book
    .prepare(
      `SELECT p.id, p.number, p.currency, o.gross_minor AS gross, o.refund_minor AS refund, o.kept_minor AS kept
       FROM payout_order o JOIN payout p ON p.id = o.payout_id WHERE o.order_no = ? AND p.state = 'entered' ORDER BY p.to_on, p.id`,
    )
    .all(orderNo) as { id: number; number: string; currency: string; gross: number; refund: number; kept: number }[];
  return {
    rows: rows.map(({ gross, refund, kept, ...row }) => ({
      ...row,
      gross: amountOf(gross, row.currency),
      refund: amountOf(refund, row.currency),
      kept: amountOf(kept, row.currency),
    })),
  };
}

/** Kinds of lines nobody has given a category, the largest first. */
export function unknownKinds(book: Book): OutputOf<'payouts.unknown'> {
  const rows = book
    .prepare(
      `SELECT k.platform, k.type, k.detail, sum(d.lines) AS lines, count(DISTINCT p.id) AS payouts, p.currency, sum(d.amount_minor) AS minor
       FROM payout_kind k JOIN payout_day d ON d.kind_id = k.id JOIN payout p ON p.id = d.payout_id
       WHERE k.category = 'unknown' AND p.state = 'entered' GROUP BY k.id, p.currency ORDER BY abs(minor) DESC LIMIT 500`,
    )
    .all() as (Omit<OutputOf<'payouts.unknown'>['rows'][number], 'amount'> & { minor: number })[];
  return { rows: rows.map(({ minor, ...row }) => ({ ...row, amount: amountOf(minor, row.currency) })) };
}

// Mappings ------------------------------------------------------------------------------------------------------------

/** How a report of no known layout was read the last time, by its headers. */
export interface RememberedLayout {
  readonly mapping: PayoutMapping;
  readonly platform: string;
  readonly currency?: string | undefined;
  readonly dayOrder?: DayOrder | undefined;
  readonly decimalMark?: DecimalMark | undefined;
}

export function rememberedLayout(book: Book, headerKey: string): RememberedLayout | undefined {
  const row = book
    .prepare(`SELECT mapping FROM import_mapping WHERE kind = 'payouts' AND header_key = ?`)
    .get(headerKey) as { mapping: string } | undefined;
  return row === undefined ? undefined : (JSON.parse(row.mapping) as RememberedLayout);
}

export function rememberLayout(book: Book, headerKey: string, layout: RememberedLayout, now: string): void {
  book
    .prepare(
      `INSERT INTO import_mapping (kind, header_key, mapping, used_at) VALUES ('payouts', ?, ?, ?)
       ON CONFLICT (kind, header_key) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at`,
    )
    .run(headerKey, JSON.stringify(layout), now);
}
