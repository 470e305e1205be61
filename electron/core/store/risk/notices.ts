/** Notices of risk (风险通报), as imported, and what of the book they concern. */
import type { BookRow } from '../../../../shared/contract/risk.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { NoticeEntry } from '../../../../shared/import/notices.ts';
import { nameKey } from '../../../../shared/matching/record-match.ts';
import { storedText } from '../../../../shared/money/stored.ts';
import type { Book } from '../book.ts';

export interface StoredNotice extends NoticeEntry {
  readonly id: number;
  readonly updatedAt: string;
}

const columns = `id, country, counterparty, counterparty_key AS counterpartyKey, hs_prefix AS hsPrefix, level, text, source,
  valid_from AS validFrom, valid_to AS validTo, updated_at AS updatedAt`;

export function knownNotice(
  book: Book,
  { country, counterparty, hsPrefix, text, source, validFrom }: NoticeEntry,
): Pick<NoticeEntry, 'level' | 'validTo'> | undefined {
  return book
    .prepare(
      `SELECT level, valid_to AS validTo FROM risk_notice WHERE country = ? AND counterparty = ? AND hs_prefix = ? AND text = ? AND source = ? AND valid_from = ?`,
    )
    .get(country, counterparty, hsPrefix, text, source, validFrom) as
    | Pick<NoticeEntry, 'level' | 'validTo'>
    | undefined;
}

/** Takes notices in; one that is there gets its level and last day anew. Call it in a transaction. */
export function putNotices(book: Book, entries: readonly NoticeEntry[], runId: number, now: string): void {
  const put = book.prepare(
    `INSERT INTO risk_notice (country, counterparty, counterparty_key, hs_prefix, level, text, source, valid_from, valid_to, import_run_id, created_at, updated_at)
     VALUES (:country, :counterparty, :counterpartyKey, :hsPrefix, :level, :text, :source, :validFrom, :validTo, :runId, :now, :now)
     ON CONFLICT (country, counterparty, hs_prefix, text, source, valid_from) DO UPDATE SET level = excluded.level, valid_to = excluded.valid_to,
       import_run_id = excluded.import_run_id, updated_at = excluded.updated_at`,
  );
  for (const entry of entries) put.run({ ...entry, runId, now });
}

export function listNotices(book: Book): StoredNotice[] {
  return book
    .prepare(
      `SELECT ${columns} FROM risk_notice ORDER BY CASE level WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, valid_from DESC, id`,
    )
    .all() as StoredNotice[];
}

/** Refusal: `NOTICE_UNKNOWN` {id}. @returns its text */
export function removeNotice(book: Book, id: number): string {
  const row = book.prepare('DELETE FROM risk_notice WHERE id = ? RETURNING text').get(id) as
    | { text: string }
    | undefined;
  if (row === undefined) throw new PortbookError('NOTICE_UNKNOWN', { id }, 'id');
  return row.text;
}

/** Below which codes end that begin with a prefix: the character after the digits. */
const above = (prefix: string): string => `${prefix}:`;

/**
 * What notices in force on `today` concern: orders not yet released, what was declared, shipments, partners. The names of partners are read
 * once, at the first notice that names one; everything else is looked up by country, code and day.
 */
export function noticeReader(book: Book, today: string): (notice: StoredNotice) => BookRow[] {
  let named: ReadonlyMap<string, readonly BookRow[]> | undefined;
  return (notice) => {
    const { counterpartyKey, validFrom, validTo } = notice;
    const isInForce = (validFrom === '' || validFrom <= today) && (validTo === '' || today <= validTo);
    if (!isInForce) return [];
    // A notice on a partner is not one on all that goes to his country, nor on all goods of the kind.
    if (counterpartyKey === '') return rowsWithin(book, notice);
    named ??= partiesByName(book);
    return [...(named.get(counterpartyKey) ?? [])];
  };
}

function rowsWithin(book: Book, { country, hsPrefix, validFrom, validTo }: StoredNotice): BookRow[] {
  const within = {
    ...{ from: validFrom, to: validTo === '' ? '9999-12-31' : validTo },
    ...(country === '' ? {} : { country }),
    ...(hsPrefix === '' ? {} : { prefix: hsPrefix, above: above(hsPrefix) }),
  };
  const ofCountry = (table: string): string => (country === '' ? '' : `AND ${table}.country = :country`);
  const ofCode = (table: string): string =>
    hsPrefix === '' ? '' : `AND ${table}.hs_code >= :prefix AND ${table}.hs_code < :above`;
  const goods = `FROM product p JOIN order_line l ON l.sku = p.sku AND l.qty_e5 > l.cancelled_qty_e5`;
  // The index of what the notice names: orders by their country, or orders by their goods.
  const withGoods =
    country === ''
      ? `o.id IN (SELECT l.order_id ${goods} WHERE 1 ${ofCode('p')})`
      : `EXISTS (SELECT 1 ${goods} WHERE l.order_id = o.id ${ofCode('p')})`;
  const orders = book
    .prepare(
      `SELECT o.id, o.order_no AS label, o.order_date AS date FROM sales_order o
       WHERE o.state NOT IN ('cancelled','released') ${ofCountry('o')} AND o.order_date BETWEEN :from AND :to AND ${withGoods} ORDER BY o.id DESC`,
    )
    .all(within) as Row[];
  const lines = book
    .prepare(
      `SELECT e.id, e.declaration_no || '-' || e.line_no AS label, e.export_date AS date, e.qty_e5 AS detail FROM export_line e
       WHERE e.export_date BETWEEN :from AND :to ${ofCountry('e')} ${ofCode('e')} ORDER BY e.id DESC`,
    )
    .all(within) as (Row & { detail: number })[];
  const shipments = book
    .prepare(
      `SELECT DISTINCT s.id, s.shipment_no AS label, substr(s.created_at, 1, 10) AS date FROM shipment s
       JOIN document d ON d.shipment_id = s.id AND d.state NOT IN ('superseded','withdrawn','released','closed')
       WHERE d.order_id IN (SELECT value FROM json_each(:orders)) ORDER BY s.id DESC`,
    )
    .all({ orders: JSON.stringify(orders.map(({ id }) => id)) }) as Row[];
  const row = (kind: BookRow['kind'], { id, label, date }: Row): BookRow => ({ kind, id: String(id), label, date });
  return [
    ...shipments.map((one) => row('shipment', one)),
    ...orders.map((one) => row('order', one)),
    ...lines.map((one) => ({ ...row('export-line', one), detail: storedText(one.detail) })),
  ];
}

type Row = { id: number; label: string; date: string };

/** Partners by the key of their name, each in the order they were entered. */
function partiesByName(book: Book): ReadonlyMap<string, BookRow[]> {
  const found = new Map<string, BookRow[]>();
  const rows = book.prepare('SELECT id, name FROM party ORDER BY id').all() as { id: number; name: string }[];
  for (const { id, name } of rows) {
    const key = nameKey(name);
    if (key === undefined) continue;
    const of = found.get(key);
    const row: BookRow = { kind: 'party', id: String(id), label: name };
    if (of === undefined) found.set(key, [row]);
    else of.push(row);
  }
  return found;
}
