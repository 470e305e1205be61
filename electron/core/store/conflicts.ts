import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** What the platform holds differently from the book. Kept as it was found; a choice is added once and never changed. */

export type ConflictView = OutputOf<'outbox.conflicts'>['rows'][number];

export interface FoundConflict {
  /** `field`: any other value that a receipt brings back. */
  readonly kind: 'state' | 'number' | 'field' | 'content';
  /** Of a document, or of a message. */
  readonly about: { readonly documentId: number } | { readonly messageGuid: string };
  /** The receipt that says so; undefined for an enquiry. */
  readonly receiptId: number | undefined;
  readonly ours: string;
  readonly theirs: string;
  /** What both last agreed on; undefined where they never did. */
  readonly agreed: string | undefined;
  /** The platform's word: status, its time, its text; which field of the receipt has the number; the message it was about. */
  readonly detail: Readonly<Record<string, string>>;
  readonly at: string;
}

/** The table knows a value that a receipt brings back by one kind; which it is stands beside it. */
const tableKind = { state: 'state', number: 'number', field: 'number', content: 'content' } as const;

/**
 * Keeps a conflict. The same one that is open, or that a person has decided, is not raised again: the platform may repeat
 * itself. @returns whether it is new
 */
export function addConflict(book: Book, found: FoundConflict): boolean {
  const documentId = 'documentId' in found.about ? found.about.documentId : null;
  const messageGuid = 'messageGuid' in found.about ? found.about.messageGuid : null;
  const kind = tableKind[found.kind];
  const known = book
    .prepare(
      `SELECT 1 FROM conflict WHERE kind = ? AND document_id IS ? AND message_guid IS ? AND ours = ? AND theirs = ?
         AND json_extract(detail, '$.field') IS ? LIMIT 1`,
    )
    .get(kind, documentId, messageGuid, found.ours, found.theirs, found.detail['field'] ?? null);
  if (known !== undefined) return false;
  book
    .prepare(
      `INSERT INTO conflict (kind, document_id, message_guid, receipt_id, ours, theirs, agreed, detail, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      kind,
      documentId,
      messageGuid,
      found.receiptId ?? null,
      found.ours,
      found.theirs,
      found.agreed ?? null,
      JSON.stringify({ ...found.detail, ...(found.kind === 'field' ? { of: 'field' } : {}) }),
      found.at,
    );
  return true;
}

/** How many wait for a person. */
export function openConflicts(book: Book): number {
  return (book.prepare('SELECT count(*) AS n FROM conflict WHERE choice IS NULL').get() as { n: number }).n;
}

/** Whether a person has yet to say what stands under a message's GUID. */
export function isMessageDisputed(book: Book, guid: string): boolean {
  return book.prepare('SELECT 1 FROM conflict WHERE message_guid = ? AND choice IS NULL').get(guid) !== undefined;
}

interface Row {
  id: number;
  kind: 'state' | 'number' | 'content';
  document_id: number | null;
  message_guid: string | null;
  seq: number | null;
  document_kind: RequestName | null;
  business_key: string | null;
  ours: string;
  theirs: string;
  agreed: string | null;
  detail: string;
  found_at: string;
  choice: 'ours' | 'theirs' | null;
  reason: string | null;
  chosen_at: string | null;
}

const select = `SELECT c.*, m.seq, d.kind AS document_kind, d.business_key FROM conflict c
  LEFT JOIN message m ON m.guid = c.message_guid LEFT JOIN document d ON d.id = c.document_id`;

function viewOf(row: Row): ConflictView {
  const detail = JSON.parse(row.detail) as Record<string, string>;
  const some = <K extends string, V>(key: K, value: V | null | undefined) =>
    (value === null || value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
  return {
    id: row.id,
    kind: detail['of'] === 'field' ? 'field' : row.kind,
    ours: row.ours,
    theirs: row.theirs,
    foundAt: row.found_at,
    ...some('documentId', row.document_id),
    ...some('messageGuid', row.message_guid),
    ...some('messageSeq', row.seq),
    ...some('documentKind', row.document_kind),
    ...some('businessKey', row.business_key),
    ...some('agreed', row.agreed),
    ...some('field', detail['field']),
    ...some('receiptKind', detail['receipt']),
    ...some('status', detail['status']),
    ...some('statusTime', detail['time']),
    ...some('info', detail['info']),
    ...some('choice', row.choice),
    ...some('reason', row.reason),
    ...some('chosenAt', row.chosen_at),
  };
}

/** A page of conflicts, oldest first. */
export function listConflicts(
  book: Book,
  decided: boolean,
  page: { after: string | undefined; limit: number },
): { rows: ConflictView[]; total: number; nextCursor?: string } {
  const [after] = decodeCursor(page.after, [0]);
  const is = decided ? 'c.choice IS NOT NULL' : 'c.choice IS NULL';
  const rows = book.prepare(`${select} WHERE ${is} AND c.id > ? ORDER BY c.id LIMIT ?`).all(after, page.limit) as Row[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM conflict c WHERE ${is}`).get() as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(viewOf),
    total: n,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Conflicts of a message and of its documents. */
export function conflictsOfMessage(book: Book, guid: string): ConflictView[] {
  const rows = book
    .prepare(
      `${select} WHERE c.message_guid = @guid OR c.document_id IN (SELECT document_id FROM message_document WHERE message_guid = @guid) ORDER BY c.id LIMIT 100`,
    )
    .all({ guid }) as Row[];
  return rows.map(viewOf);
}

/** A conflict with all that was noted of it; undefined when there is none of the number. */
export function conflictOf(book: Book, id: number): { view: ConflictView; detail: Record<string, string> } | undefined {
  const row = book.prepare(`${select} WHERE c.id = ?`).get(id) as Row | undefined;
  return row === undefined
    ? undefined
    : { view: viewOf(row), detail: JSON.parse(row.detail) as Record<string, string> };
}

/** What a message's platform holds under its GUID is asked for once: the conflict that has yet to know. */
export function contentAsked(book: Book, guid: string): { readonly id: number; readonly theirs: string } | undefined {
  return book
    .prepare(
      `SELECT c.id, c.theirs FROM conflict c WHERE c.message_guid = ? AND c.kind = 'content' AND c.choice IS NULL
         AND NOT EXISTS (SELECT 1 FROM conflict_content k WHERE k.conflict_id = c.id) ORDER BY c.id DESC LIMIT 1`,
    )
    .get(guid) as { id: number; theirs: string } | undefined;
}

/** Messages of an endpoint whose content is in question and that have yet to be shown. */
export function contentsToAsk(book: Book, endpoint: string): string[] {
  const rows = book
    .prepare(
      `SELECT DISTINCT c.message_guid AS guid FROM conflict c WHERE c.kind = 'content' AND c.choice IS NULL
         AND json_extract(c.detail, '$.endpoint') = ? AND NOT EXISTS (SELECT 1 FROM conflict_content k WHERE k.conflict_id = c.id)`,
    )
    .all(endpoint) as { guid: string }[];
  return rows.map(({ guid }) => guid);
}

/** Keeps the bytes the platform has. */
export function keepContent(book: Book, conflictId: number, bytes: Uint8Array, at: string): void {
  book
    .prepare('INSERT OR IGNORE INTO conflict_content (conflict_id, bytes, fetched_at) VALUES (?, ?, ?)')
    .run(conflictId, bytes, at);
}

/** The bytes the platform has; undefined: it did not tell. */
export function contentOf(book: Book, conflictId: number): Uint8Array | undefined {
  const row = book.prepare('SELECT bytes FROM conflict_content WHERE conflict_id = ?').get(conflictId) as
    | { bytes: Uint8Array }
    | undefined;
  return row?.bytes;
}

/** The values of fields that both sides know of a document. */
export function echoesOf(book: Book, documentId: number): Map<string, string> {
  const rows = book.prepare('SELECT field, value FROM document_echo WHERE document_id = ?').all(documentId) as {
    field: string;
    value: string;
  }[];
  return new Map(rows.map(({ field, value }) => [field, value]));
}

/** Keeps the value of a field that both sides know. */
export function noteEcho(book: Book, documentId: number, field: string, value: string, saidAt: string): void {
  book
    .prepare(
      `INSERT INTO document_echo (document_id, field, value, said_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (document_id, field) DO UPDATE SET value = excluded.value, said_at = excluded.said_at`,
    )
    .run(documentId, field, value, saidAt);
}

/** Notes the choice. Must run in the transaction that carries it out. */
export function decideConflict(book: Book, id: number, choice: 'ours' | 'theirs', reason: string, at: string): void {
  book.prepare('UPDATE conflict SET choice = ?, reason = ?, chosen_at = ? WHERE id = ?').run(choice, reason, at, id);
  // A copy of what the platform had was for the decision alone.
  book.prepare('DELETE FROM conflict_content WHERE conflict_id = ?').run(id);
}
