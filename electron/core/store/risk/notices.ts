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

type Row = { id: number | string; label: string; date: string; detail: string };

/** Rows of the book that a notice in force on `today` concerns: orders not yet released, what was declared, shipments, partners. */
export function rowsOfNotice(book: Book, notice: StoredNotice, today: string): BookRow[] {
  const { country, hsPrefix, counterpartyKey, validFrom, validTo } = notice;
  const isInForce = (validFrom === '' || validFrom <= today) && (validTo === '' || today <= validTo);
  if (!isInForce) return [];
  const parties = counterpartyKey === '' ? [] : partiesNamed(book, counterpartyKey);
  // A notice on a partner is not one on all that goes to his country, nor on all goods of the kind.
  if (counterpartyKey !== '') return parties;
  const within = { country, prefix: `${hsPrefix}%`, from: validFrom, to: validTo === '' ? '9999-12-31' : validTo };
  const orders = book
    .prepare(
      `SELECT DISTINCT o.id, o.order_no AS label, o.order_date AS date, '' AS detail FROM sales_order o
       JOIN order_line l ON l.order_id = o.id AND l.qty_e5 > l.cancelled_qty_e5 JOIN product p ON p.sku = l.sku
       WHERE o.state NOT IN ('cancelled','released') AND (:country = '' OR o.country = :country) AND (:prefix = '%' OR p.hs_code LIKE :prefix)
         AND o.order_date BETWEEN :from AND :to ORDER BY o.id DESC`,
    )
    .all(within) as Row[];
  const lines = book
    .prepare(
      `SELECT e.id, e.declaration_no || '-' || e.line_no AS label, e.export_date AS date, e.qty_e5 AS detail FROM export_line e
       WHERE (:country = '' OR e.country = :country) AND e.hs_code LIKE :prefix AND e.export_date BETWEEN :from AND :to ORDER BY e.id DESC`,
    )
    .all(within) as (Omit<Row, 'detail'> & { detail: number })[];
  const shipments = book
    .prepare(
      `SELECT DISTINCT s.id, s.shipment_no AS label, substr(s.created_at, 1, 10) AS date, '' AS detail FROM shipment s
       JOIN document d ON d.shipment_id = s.id AND d.state NOT IN ('superseded','withdrawn','released','closed')
       WHERE d.order_id IN (SELECT value FROM json_each(:orders)) ORDER BY s.id DESC`,
    )
    .all({ orders: JSON.stringify(orders.map(({ id }) => id)) }) as Row[];
  const row = (kind: BookRow['kind'], { id, label, date }: Omit<Row, 'detail'>): BookRow => ({
    ...{ kind, id: String(id), label },
    date,
  });
  return [
    ...shipments.map((one) => row('shipment', one)),
    ...orders.map((one) => row('order', one)),
    ...lines.map((one) => ({ ...row('export-line', one), detail: storedText(one.detail) })),
  ];
}

function partiesNamed(book: Book, key: string): BookRow[] {
  const rows = book.prepare('SELECT id, name FROM party').all() as { id: number; name: string }[];
  return rows
    .filter(({ name }) => nameKey(name) === key)
    .map(({ id, name }) => ({ kind: 'party', id: String(id), label: name }));
}
