import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';

/** A document as it was before a change of mode, and as it became. */
interface ChangedBody {
  readonly id: number;
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
}
export interface ModeChangeRecord {
  readonly id: number;
  readonly fromMode: string;
  readonly toMode: string;
  readonly madeAt: string;
  readonly documents: readonly ChangedBody[];
}

interface Row extends Omit<ModeChangeRecord, 'documents'> {
  readonly documents: string;
}
const select = `SELECT c.id, c.from_mode AS fromMode, c.to_mode AS toMode, c.made_at AS madeAt, c.documents FROM mode_change c`;
const fromRow = (row: Row): ModeChangeRecord => ({ ...row, documents: JSON.parse(row.documents) as ChangedBody[] });

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
