import { PortbookError } from '../../../shared/errors.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { Book } from './book.ts';

type Body = Record<string, unknown>;
/**
 * What a change of mode did to a document: it was edited (also where nothing is said), given up for the papers of another form, or made as
 * one of those.
 */
export type ChangedDocument =
  | { readonly id: number; readonly what?: 'edited'; readonly before: Body; readonly after: Body }
  | { readonly id: number; readonly what: 'away' }
  | { readonly id: number; readonly what: 'made'; readonly after: Body };
export interface ModeChangeRecord {
  readonly id: number;
  readonly fromMode: string;
  readonly toMode: string;
  readonly madeAt: string;
  readonly documents: readonly ChangedDocument[];
}

interface Row extends Omit<ModeChangeRecord, 'documents'> {
  readonly documents: string;
}
const select = `SELECT c.id, c.from_mode AS fromMode, c.to_mode AS toMode, c.made_at AS madeAt, c.documents FROM mode_change c`;
const fromRow = (row: Row): ModeChangeRecord => ({ ...row, documents: JSON.parse(row.documents) as ChangedDocument[] });

/** Notes a change of mode. Must run in the transaction that makes it. */
export function insertModeChange(
  book: Book,
  change: Omit<ModeChangeRecord, 'id' | 'madeAt'> & { readonly documentId: number },
  now: string,
): void {
  book
    .prepare(
      'INSERT INTO mode_change (document_id, from_mode, to_mode, documents, made_at) VALUES (:documentId, :fromMode, :toMode, :documents, :now)',
    )
    .run({ ...change, documents: JSON.stringify(change.documents), now });
}

/** The last change of mode that touched a document and is not undone. */
export function lastModeChange(book: Book, documentId: number): ModeChangeRecord | undefined {
  const row = book
    .prepare(
      `${select} WHERE c.undone_at IS NULL AND EXISTS (SELECT 1 FROM json_each(c.documents) d WHERE json_extract(d.value, '$.id') = ?)
       ORDER BY c.id DESC LIMIT 1`,
    )
    .get(documentId) as Row | undefined;
  return row === undefined ? undefined : fromRow(row);
}

/** Refusal: `MODE_CHANGE_UNKNOWN` {id}. */
export function requireModeChange(book: Book, id: number): ModeChangeRecord {
  const row = book.prepare(`${select} WHERE c.id = ? AND c.undone_at IS NULL`).get(id) as Row | undefined;
  if (row === undefined) throw new PortbookError('MODE_CHANGE_UNKNOWN', { id }, 'id');
  return fromRow(row);
}

export function markModeChangeUndone(book: Book, id: number, now: string): void {
  book.prepare('UPDATE mode_change SET undone_at = ? WHERE id = ?').run(now, id);
}

/** The other papers of a document's order that a mode stands in, live ones: its order (CEB303) and its lists, the document itself first. */
export function papersUnderMode(book: Book, documentId: number): number[] {
  const rows = book
    .prepare(
      `SELECT d.id FROM document d JOIN document o ON o.id = :id
       WHERE d.id = :id OR (d.order_id = o.order_id AND o.kind = 'CEB603Message' AND d.kind IN ('CEB303Message', 'CEB603Message')
         AND d.state NOT IN ('withdrawn', 'superseded')) ORDER BY d.id <> :id, d.id`,
    )
    .all({ id: documentId }) as { id: number }[];
  return rows.map(({ id }) => id);
}

/** Other versions of the document `d` that customs has, or is about to have. */
const filedVersions = `SELECT v.state FROM document v WHERE v.kind = d.kind AND v.business_key = d.business_key AND v.id <> d.id
  AND v.state NOT IN ('draft','checked','rejected','superseded','withdrawn')`;

/** How far another version of a document is that customs has; undefined where there is none. */
export function filedVersionOf(book: Book, id: number): DocumentState | undefined {
  const row = book.prepare(`SELECT (${filedVersions} LIMIT 1) AS state FROM document d WHERE d.id = ?`).get(id) as
    | { state: DocumentState | null }
    | undefined;
  return row?.state ?? undefined;
}

/** Draft lists of the shipment of a list that are in a mode, that list left out, oldest first. */
export function draftListsLike(book: Book, listId: number, mode: string): number[] {
  const rows = book
    .prepare(
      `SELECT d.id FROM document d JOIN document o ON o.id = :listId
       WHERE d.shipment_id = o.shipment_id AND d.kind = 'CEB603Message' AND d.id <> :listId AND d.state IN ('draft','checked')
         AND json_extract(d.body, '$.InventoryHead.tradeMode') = :mode AND NOT EXISTS (${filedVersions}) ORDER BY d.id`,
    )
    .all({ listId, mode }) as { id: number }[];
  return rows.map(({ id }) => id);
}

/** Marks documents taken up again whose products or shipment were changed after a moment. */
export function markStaleSince(book: Book, ids: readonly number[], since: string): void {
  const statement = book.prepare(
    `UPDATE document SET stale = 1 WHERE id = :id AND stale = 0 AND (
       EXISTS (SELECT 1 FROM order_line l JOIN product p ON p.sku = l.sku WHERE l.order_id = document.order_id AND p.updated_at > :since)
       OR EXISTS (SELECT 1 FROM shipment s WHERE s.id = document.shipment_id AND s.updated_at > :since))`,
  );
  for (const id of ids) statement.run({ id, since });
}

/** Whether an order was cancelled whole. */
export function isCancelled(book: Book, orderId: number): boolean {
  return book.prepare(`SELECT 1 FROM sales_order WHERE id = ? AND state = 'cancelled'`).get(orderId) !== undefined;
}
