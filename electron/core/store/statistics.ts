import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/currency-exponents.ts';
import { storedValue } from '../../../shared/money/stored.ts';
import { lastDay, nextPeriod } from '../../../shared/reports/periods.ts';
import {
  type Cell,
  monthBefore,
  type StatisticsDimension,
  statisticsDimensions,
} from '../../../shared/statistics/figures.ts';
import type { CountedDocument } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type By, keyIn, leftOf, scaledRate, usdOf } from './statistics-kept.ts';

/**
 * Statistics of what left. A line stands in the month of its export day, with its FOB in fen as the ledger has it; in US cents, half-up,
 * as it is where it is in dollars, else at the rate of the month. An order is counted in every month in which a part of it left.
 */

/** What an order came from: the marketplace of its store, else the store as the order names it. */
const platform = `coalesce(s.platform, o.store, '')`;
const storeOf = `LEFT JOIN store s ON s.name = o.store`;
const groups: Readonly<Record<StatisticsDimension, string>> = {
  mode: 'e.mode',
  country: `coalesce(e.country, '')`,
  hs2: 'substr(e.hs_code, 1, 2)',
  platform,
};

/** Cells of a month by the dimensions given; with none, one cell, or none where nothing left and nothing came back. */
export function cellsOf(book: Book, period: string, by: By): Cell[] {
  const cells = new Map(leftOf(book, period, by).map((cell) => [keyIn(cell), cell]));
  for (const one of returnsOf(book, period, by)) {
    const known = cells.get(keyIn(one));
    const none = { lines: 0, orders: 0, fen: 0, usdCents: 0, unrated: 0, newBuyers: 0 };
    cells.set(keyIn(one), { ...none, ...one, ...known, returns: one.returns });
  }
  return [...cells.values()];
}

/** Cancellations of goods of export lines, by the order a line is of or by one of the orders it is shared by; `where` is over both. */
const cancellations = (columns: string, where: string): string => `SELECT ${columns}
  FROM cancellation c JOIN cancellation_line cl ON cl.cancellation_id = c.id JOIN order_line ol ON ol.id = cl.order_line_id
  JOIN export_line e ON e.order_id = ol.order_id AND e.sku = cl.sku
  WHERE e.export_date <= substr(c.cancelled_at, 1, 10) AND ${where}
  UNION ALL SELECT ${columns}
  FROM cancellation c JOIN cancellation_line cl ON cl.cancellation_id = c.id JOIN order_line ol ON ol.id = cl.order_line_id
  JOIN export_goods x ON x.order_id = ol.order_id AND x.sku = cl.sku JOIN export_line e ON e.id = x.export_line_id
  WHERE e.of_orders = 1 AND e.export_date <= substr(c.cancelled_at, 1, 10) AND ${where}`;
/** Returns of the line had been received by the end of the month of a cancellation: they tell of the same goods. */
const toldByReturn = `EXISTS (SELECT 1 FROM goods_return g WHERE g.export_line_id = e.id AND g.state <> 'void'
  AND substr(g.received_on, 1, 7) <= substr(c.cancelled_at, 1, 7))`;

/**
 * What came back in a month, with the lines it had left by: returns received (退换货), each with its parts once, under ids below zero; and
 * cancellations of goods that had left by then. What is told by both is counted once, in the month that told it first: a month that was
 * reported says the same ever after. So of one month the return stands, and returns of a later month give way to as many cancellations.
 */
const returned = `SELECT -r.id AS id, r.number, r.received_on AS date, e.mode, e.country, e.hs_code, e.export_date, e.order_id, e.name
  FROM goods_return r JOIN export_line e ON e.id = r.export_line_id
  WHERE r.of_id IS NULL AND r.received_on >= :from AND r.received_on < :until AND EXISTS (
    WITH RECURSIVE part (id) AS (SELECT r.id UNION SELECT g.id FROM goods_return g JOIN part ON g.of_id = part.id)
    SELECT 1 FROM part JOIN goods_return g ON g.id = part.id WHERE g.state <> 'void')
  AND (SELECT count(*) FROM (${cancellations('c.id', `e.id = r.export_line_id AND c.cancelled_at < :from AND NOT ${toldByReturn}`)}))
    <= (SELECT count(*) FROM goods_return b WHERE b.export_line_id = r.export_line_id AND b.of_id IS NULL AND b.state <> 'void'
      AND (b.received_on, b.id) < (r.received_on, r.id))
  UNION ALL
  ${cancellations(
    'c.id, c.cancel_no, substr(c.cancelled_at, 1, 10), e.mode, e.country, e.hs_code, e.export_date, ol.order_id, cl.description',
    `c.cancelled_at >= :from AND c.cancelled_at < :until AND NOT ${toldByReturn}`,
  )}`;

const monthOf = (period: string) => ({ from: `${period}-01`, until: `${nextPeriod(period)}-01` });

function returnsOf(book: Book, period: string, by: By) {
  const columns = statisticsDimensions.map((name) => `${by.includes(name) ? groups[name] : `''`} AS ${name}`);
  return book
    .prepare(
      `SELECT ${columns.join(', ')}, count(DISTINCT e.id) AS returns FROM (${returned}) e
       LEFT JOIN sales_order o ON o.id = e.order_id ${storeOf} GROUP BY 1, 2, 3, 4 HAVING count(*) > 0`,
    )
    .all(monthOf(period)) as (Readonly<Record<StatisticsDimension, string>> & { returns: number })[];
}

/** Fen of each of the months to one, oldest first; months without any are left out. */
export const trendOf = (book: Book, period: string, months: number): { period: string; fen: number }[] =>
  book
    .prepare(
      `SELECT month AS period, coalesce(sum(fob_fen), 0) AS fen FROM export_line
       WHERE month BETWEEN ? AND ? GROUP BY month ORDER BY month`,
    )
    .all(monthBefore(period, months - 1), period) as { period: string; fen: number }[];

/** Where a line (`e`) comes from, by its document (`d`). */
const originIs = `CASE WHEN d.kind IS NULL THEN 'import' WHEN d.kind = 'CEB603Message' THEN 'list' ELSE 'declaration' END`;

interface LineRow {
  readonly id: number;
  readonly position: number;
  readonly number: string;
  readonly date: string;
  readonly name: string;
  readonly mode: string;
  readonly country: string;
  readonly hsCode: string;
  readonly fen: number | null;
  readonly usd: number | null;
  readonly documentId: number | null;
  readonly orderId: number | null;
  readonly orderNo: string | null;
}

type Filter = Pick<
  ParsedInputOf<'statistics.lines'>,
  StatisticsDimension | 'period' | 'of' | 'origin' | 'after' | 'limit'
>;

/** The rows behind a figure of a cell, by day, a page at a time, with the sums of all of them. */
export function linesOf(book: Book, filter: Filter) {
  const { period, of } = filter;
  const asked = statisticsDimensions.filter((name) => filter[name] !== undefined);
  const terms = asked.map((name) => `${groups[name]} = :${name}`);
  if (filter.origin !== undefined)
    terms.push(`(SELECT ${originIs} FROM (SELECT 1) LEFT JOIN document d ON d.id = e.document_id) = :origin`);
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  const values: Record<string, string | number | bigint | null> = Object.fromEntries(
    [...asked, ...(filter.origin === undefined ? [] : (['origin'] as const))].map((name) => [name, filter[name] ?? '']),
  );
  const goods = `SELECT e.id, coalesce(e.order_id, 0) AS position, e.declaration_no || '-' || e.line_no AS number, e.export_date AS date, e.name, e.mode,
      coalesce(e.country, '') AS country, e.hs_code AS hsCode, e.fob_fen AS fen, ${usdOf('e')} AS usd,
      e.document_id AS documentId, e.order_id AS orderId, o.order_no AS orderNo
    FROM export_share e LEFT JOIN sales_order o ON o.id = e.order_id ${storeOf}`;
  const from = {
    amount: `${goods} WHERE e.export_date BETWEEN :from AND :to AND ${where}`,
    // A buyer is one row: the part of the first order that left in the cell.
    newBuyers: `SELECT min(id) AS id, position, orderNo AS number, min(date) AS date, min(name) AS name, min(mode) AS mode, min(country) AS country,
        min(hsCode) AS hsCode, iif(count(fen) = count(*), sum(fen), NULL) AS fen, iif(count(usd) = count(*), sum(usd), NULL) AS usd,
        NULL AS documentId, orderId, orderNo
      FROM (${goods} JOIN buyer b ON b.first_order_id = e.order_id WHERE e.export_date BETWEEN :from AND :to AND ${where}) GROUP BY orderId`,
    returns: `SELECT e.id, coalesce(e.order_id, 0) AS position, e.number, e.date, min(e.name) AS name, e.mode, coalesce(e.country, '') AS country,
        e.hs_code AS hsCode, NULL AS fen, NULL AS usd, NULL AS documentId, e.order_id AS orderId, o.order_no AS orderNo
      FROM (${returned}) e LEFT JOIN sales_order o ON o.id = e.order_id ${storeOf} WHERE ${where} GROUP BY e.id`,
  }[of];
  if (of === 'returns') Object.assign(values, monthOf(period));
  else Object.assign(values, { from: `${period}-01`, to: lastDay(period), rate: scaledRate(book, period) });
  const [date, id, position] = decodeCursor(filter.after, ['', 0, 0]);
  const rows = book
    .prepare(
      `SELECT * FROM (${from}) WHERE (date, id, position) > (:date, :id, :position) ORDER BY date, id, position LIMIT :limit`,
    )
    .all({ ...values, date, id, position, limit: filter.limit }) as LineRow[];
  const sums = book
    .prepare(
      `SELECT count(*) AS total, coalesce(sum(fen), 0) AS fen, coalesce(sum(usd), 0) AS usd, coalesce(max(usd IS NULL), 0) AS noUsd FROM (${from})`,
    )
    .get(values) as { total: number; fen: number; usd: number; noUsd: number };
  const last = rows.at(-1);
  return {
    rows,
    ...sums,
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.date, last.id, last.position]) }
      : {}),
  };
}

// The sources ---------------------------------------------------------------------------------------------------------------

export type Origin = 'list' | 'declaration' | 'import';

/** Export lines of a month by what brought them into the book. */
export function originsOf(book: Book, period: string) {
  return book
    .prepare(
      `SELECT ${originIs} AS origin,
         count(DISTINCT coalesce(e.document_id, e.declaration_no)) AS documents, count(*) AS lines, coalesce(sum(e.fob_fen), 0) AS fen
       FROM export_line e LEFT JOIN document d ON d.id = e.document_id WHERE e.export_date BETWEEN ? AND ? GROUP BY 1 ORDER BY 1`,
    )
    .all(`${period}-01`, lastDay(period)) as { origin: Origin; documents: number; lines: number; fen: number }[];
}

/** Documents by kind in messages that were sent in a month of China's time. */
export function sentKinds(book: Book, period: string): { kind: string; documents: number }[] {
  return book
    .prepare(
      `SELECT kind, sum(documents) AS documents FROM message
       WHERE sent_at IS NOT NULL AND strftime('%Y-%m', sent_at, '+8 hours') = ? GROUP BY kind ORDER BY kind`,
    )
    .all(period) as { kind: string; documents: number }[];
}

/** Kinds by which goods leave: lists and declarations, of which the platform is asked one by one. */
export const leavingKinds = ['CEB603Message', 'DecMessage'] as const;

/** Keeps what the platform says of each document of a kind in a month, in place of what it said before. */
export function keepPlatformDocuments(
  book: Book,
  period: string,
  kind: string,
  documents: readonly CountedDocument[],
): void {
  book.prepare('DELETE FROM platform_document WHERE period = ? AND kind = ?').run(period, kind);
  const keep = book.prepare(
    `INSERT INTO platform_document (period, kind, business_key, state, amount_e5) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (period, kind, business_key) DO UPDATE SET state = excluded.state, amount_e5 = excluded.amount_e5`,
  );
  for (const { number, state, amount } of documents) keep.run(period, kind, number, state, storedValue(amount));
}

/** What left in the month by lists and export declarations, with the day of their release where it is known. */
const released = `(d.kind = 'CEB603Message' OR (d.kind = 'DecMessage' AND d.body ->> '$.DecHead.IEFlag' = 'E'))
    AND d.state IN ('released','closed')`;
/** The last version of each document that was sent in the month, of the kinds the platform named one by one. */
const sent = `SELECT d.id, d.kind, d.business_key, d.amount_e5, d.currency FROM document d
    WHERE d.kind IN (SELECT value FROM json_each(:asked)) AND d.id IN (
      SELECT max(md.document_id) FROM message m JOIN message_document md ON md.message_guid = m.guid JOIN document s ON s.id = md.document_id
      WHERE m.sent_at IS NOT NULL AND strftime('%Y-%m', m.sent_at, '+8 hours') = :period GROUP BY s.kind, s.business_key)`;
const named = `SELECT kind, business_key, state, amount_e5 FROM platform_document WHERE period = :period AND kind IN (SELECT value FROM json_each(:asked))`;
const none = `NULL AS ours, NULL AS theirs, '' AS currency, NULL AS state`;
const ofLines = (where: string): string => `SELECT id, declaration_no || '-' || line_no AS number, 'line' AS what,
    fob_minor AS ours, NULL AS theirs, currency, NULL AS state FROM export_line WHERE ${where} AND export_date BETWEEN :from AND :to`;

/**
 * What differs between lists, declarations, export lines and the platform, one row each: amounts of documents scaled by 10^5, of lines in
 * minor units, each in the currency named.
 */
const gapQueries = {
  /** Lists and export declarations released in the month whose goods no line has. */
  uncounted: `SELECT d.id, d.business_key AS number, 'document' AS what, d.amount_e5 AS ours, NULL AS theirs, d.currency, NULL AS state FROM document d
    WHERE ${released} AND substr(coalesce(d.released_at, d.status_time), 1, 6) = replace(:period, '-', '')
    AND NOT EXISTS (SELECT 1 FROM export_line e WHERE e.document_id = d.id)`,
  /** Lists whose lines come to another amount than the list. A declaration counts free on board, after freight and insurance: it is not compared. */
  linesDiffer: `SELECT id, number, 'document' AS what, ours, theirs, currency, NULL AS state FROM (
      SELECT d.id, d.business_key AS number, d.amount_e5 AS ours, sum(e.fob_minor * u.value) AS theirs, d.currency, count(*) AS lines, u.value AS unit
      FROM export_line e JOIN document d ON d.id = e.document_id JOIN json_each(:units) u ON u.key = e.currency
      WHERE d.kind = 'CEB603Message' AND e.export_date BETWEEN :from AND :to GROUP BY d.id)
    WHERE 2 * abs(ours - theirs) > lines * unit`,
  /** Lists that no summary declaration (汇总结果单) names yet. */
  undeclared: `SELECT d.id, min(e.declaration_no) AS number, 'document' AS what, d.amount_e5 AS ours, NULL AS theirs, d.currency, NULL AS state
    FROM export_line e JOIN document d ON d.id = e.document_id
    WHERE d.kind = 'CEB603Message' AND e.export_date BETWEEN :from AND :to
    AND NOT EXISTS (SELECT 1 FROM summary_match m WHERE m.list_id = d.id) GROUP BY d.id`,
  noDocument: ofLines('document_id IS NULL'),
  noRate: ofLines('fob_fen IS NULL'),
  noCountry: ofLines(`coalesce(country, '') = ''`),
  noPlatform: `SELECT DISTINCT o.id, o.order_no AS number, 'order' AS what, ${none}
    FROM export_share e JOIN sales_order o ON o.id = e.order_id WHERE e.export_date BETWEEN :from AND :to AND coalesce(o.store, '') = ''`,
  /** Sent, and the platform has no such document; has it with another amount; has one that was not sent from here. */
  platformMissing: `SELECT s.id, s.business_key AS number, 'document' AS what, s.amount_e5 AS ours, NULL AS theirs, s.currency, NULL AS state
    FROM (${sent}) s LEFT JOIN (${named}) p USING (kind, business_key) WHERE p.kind IS NULL`,
  platformAmount: `SELECT s.id, s.business_key AS number, 'document' AS what, s.amount_e5 AS ours, p.amount_e5 AS theirs, s.currency, p.state
    FROM (${sent}) s JOIN (${named}) p USING (kind, business_key) WHERE s.amount_e5 <> p.amount_e5`,
  platformOnly: `SELECT coalesce((SELECT max(d.id) FROM document d WHERE d.kind = p.kind AND d.business_key = p.business_key), 0) AS id,
      p.business_key AS number, 'document' AS what, NULL AS ours, p.amount_e5 AS theirs, '' AS currency, p.state
    FROM (${named}) p LEFT JOIN (${sent}) s USING (kind, business_key) WHERE s.id IS NULL`,
} as const;
export type GapCode = keyof typeof gapQueries;

export interface Gap {
  readonly code: GapCode;
  readonly count: number;
  readonly example: string;
}

export interface GapRow {
  readonly id: number;
  readonly number: string;
  readonly what: 'document' | 'line' | 'order';
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly currency: string;
  readonly state: CountedDocument['state'] | null;
}

/** What a minor unit of each currency is, scaled by 10^5. A line was rounded to one: a list may differ by half of it a line. */
const units = JSON.stringify(
  Object.fromEntries(Object.entries(CURRENCY_EXPONENTS).map(([code, digits]) => [code, 10 ** (5 - digits)])),
);

const gapValues = (period: string, asked: readonly string[]) => ({
  units,
  from: `${period}-01`,
  to: lastDay(period),
  period,
  asked: JSON.stringify(asked),
});

/** What the sources of a month leave open, those with something in them. `asked`: kinds whose documents the platform named. */
export function gapsOf(book: Book, period: string, leaveOut: readonly GapCode[], asked: readonly string[]): Gap[] {
  return (Object.keys(gapQueries) as GapCode[])
    .filter((code) => !leaveOut.includes(code))
    .map((code) => ({
      code,
      ...(book
        .prepare(`SELECT count(*) AS count, coalesce(min(number), '') AS example FROM (${gapQueries[code]})`)
        .get(gapValues(period, asked)) as Omit<Gap, 'code'>),
    }))
    .filter(({ count }) => count > 0);
}

/** The documents, lines or orders of a gap, by number, a page at a time. */
export function gapRowsOf(
  book: Book,
  { period, code, after, limit }: { period: string; code: GapCode; after?: string | undefined; limit: number },
  asked: readonly string[],
) {
  const [number, id] = decodeCursor(after, ['', 0]);
  const rows = book
    .prepare(`SELECT * FROM (${gapQueries[code]}) WHERE (number, id) > (:number, :id) ORDER BY number, id LIMIT :limit`)
    .all({ ...gapValues(period, asked), number, id, limit }) as GapRow[];
  const { total } = book
    .prepare(`SELECT count(*) AS total FROM (${gapQueries[code]})`)
    .get(gapValues(period, asked)) as { total: number };
  const last = rows.at(-1);
  return {
    rows,
    total,
    ...(rows.length === limit && last !== undefined ? { nextCursor: encodeCursor([last.number, last.id]) } : {}),
  };
}

/** Declarations of a month by mode and number, with the orders in them and the papers on file. */
export function declarationsOf(book: Book, period: string, modes: readonly string[]) {
  return book
    .prepare(
      `SELECT e.mode, e.declaration_no AS declarationNo, min(e.export_date) AS date, coalesce(sum(e.fob_fen), 0) AS fen,
         count(DISTINCT e.order_id) AS orders, iif(count(e.received_on) = count(*), max(e.received_on), NULL) AS receivedOn,
         (SELECT json_group_array(DISTINCT a.paper) FROM archive_paper a
          WHERE a.subject_kind = 'declaration' AND a.subject_id = e.declaration_no AND a.removed_at IS NULL) AS papers
       FROM export_share e WHERE e.export_date BETWEEN ? AND ? AND e.mode IN (SELECT value FROM json_each(?))
       GROUP BY 1, 2 ORDER BY 4 DESC, 2 LIMIT 1000`,
    )
    .all(`${period}-01`, lastDay(period), JSON.stringify(modes)) as {
    mode: string;
    declarationNo: string;
    date: string;
    fen: number;
    orders: number;
    receivedOn: string | null;
    papers: string;
  }[];
}

// Reports -------------------------------------------------------------------------------------------------------------------

export interface StatisticsReport {
  readonly id: number;
  readonly number: string;
  readonly period: string;
  readonly state: 'open' | 'cancelled';
  readonly note: string;
  readonly acceptNo: string | null;
  readonly acceptedOn: string | null;
  readonly updatedAt: string;
}

const select = `SELECT id, number, period, state, note, accept_no AS acceptNo, accepted_on AS acceptedOn, updated_at AS updatedAt
  FROM statistics_report`;

/** The newest month first. */
export const listReports = (book: Book): StatisticsReport[] =>
  book.prepare(`${select} ORDER BY period DESC, id DESC`).all() as StatisticsReport[];

/** Refusal: `STATISTICS_UNKNOWN` {id}. */
export function requireReport(book: Book, id: number): StatisticsReport {
  const row = book.prepare(`${select} WHERE id = ?`).get(id) as StatisticsReport | undefined;
  if (row === undefined) throw new PortbookError('STATISTICS_UNKNOWN', { id }, 'id');
  return row;
}

/** The open report of a month, or a new one with the remark of the one before it; after a cancellation with a number of its own. */
export function openReport(book: Book, period: string, now: string): { id: number; isNew: boolean } {
  const open = book.prepare(`SELECT id FROM statistics_report WHERE period = ? AND state = 'open'`).get(period) as
    | { id: number }
    | undefined;
  if (open !== undefined) return { id: open.id, isNew: false };
  const before = book
    .prepare(`SELECT note FROM statistics_report WHERE period < ? ORDER BY period DESC, id DESC LIMIT 1`)
    .get(period) as { note: string } | undefined;
  const nth = book.nextNumber(`statistics:${period}`);
  const number = `TJ-${period.replace('-', '')}${nth === 1 ? '' : `-${nth}`}`;
  const { lastInsertRowid } = book
    .prepare('INSERT INTO statistics_report (number, period, note, created_at, updated_at) VALUES (?, ?, ?, ?, ?)')
    .run(number, period, before?.note ?? '', now, now);
  return { id: Number(lastInsertRowid), isNew: true };
}

export function saveReport(book: Book, id: number, note: string, now: string): void {
  book.prepare('UPDATE statistics_report SET note = ?, updated_at = ? WHERE id = ?').run(note, now, id);
}

/** A draft of its filing is given up by a trigger; what was accepted waits for a deletion. */
export function cancelReport(book: Book, id: number, now: string): void {
  book.prepare(`UPDATE statistics_report SET state = 'cancelled', updated_at = ? WHERE id = ?`).run(now, id);
}

/** Months that were reported, and whether the platform has accepted; the day the first report was opened. */
export function reportedMonths(book: Book): { period: string; isFiled: boolean }[] {
  return (
    book.prepare(`SELECT period, accepted_on AS acceptedOn FROM statistics_report WHERE state = 'open'`).all() as {
      period: string;
      acceptedOn: string | null;
    }[]
  ).map(({ period, acceptedOn }) => ({ period, isFiled: acceptedOn !== null }));
}

/** Whether anything left in a month. */
export const hasExports = (book: Book, period: string): boolean =>
  book
    .prepare('SELECT 1 FROM export_line WHERE export_date BETWEEN ? AND ? LIMIT 1')
    .get(`${period}-01`, lastDay(period)) !== undefined;
