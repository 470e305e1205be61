import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** What the platform holds differently from the book. Kept as it was found; a choice is added once and never changed. */

export type ConflictView = OutputOf<'outbox.conflicts'>['rows'][number];

export interface FoundConflict {
  readonly kind: 'state' | 'number' | 'content';
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

/**
 * Keeps a conflict. The same one that is open, or that a person has decided, is not raised again: the platform may repeat
 * itself. @returns whether it is new
 */
export function addConflict(book: Book, found: FoundConflict): boolean {
  const documentId = 'documentId' in found.about ? found.about.documentId : null;
  const messageGuid = 'messageGuid' in found.about ? found.about.messageGuid : null;
  const known = book
    .prepare(
      `SELECT 1 FROM conflict WHERE kind = ? AND document_id IS ? AND message_guid IS ? AND ours = ? AND theirs = ? LIMIT 1`,
    )
    .get(found.kind, documentId, messageGuid, found.ours, found.theirs);
  if (known !== undefined) return false;
  book
    .prepare(
      `INSERT INTO conflict (kind, document_id, message_guid, receipt_id, ours, theirs, agreed, detail, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      found.kind,
      documentId,
      messageGuid,
      found.receiptId ?? null,
      found.ours,
      found.theirs,
      found.agreed ?? null,
      JSON.stringify(found.detail),
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
    kind: row.kind,
    ours: row.ours,
    theirs: row.theirs,
    foundAt: row.found_at,
    ...some('documentId', row.document_id),
    ...some('messageGuid', row.message_guid),
    ...some('messageSeq', row.seq),
    ...some('documentKind', row.document_kind),
    ...some('businessKey', row.business_key),
    ...some('agreed', row.agreed),
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

/** Notes the choice. Must run in the transaction that carries it out. */
export function decideConflict(book: Book, id: number, choice: 'ours' | 'theirs', reason: string, at: string): void {
  book.prepare('UPDATE conflict SET choice = ?, reason = ?, chosen_at = ? WHERE id = ?').run(choice, reason, at, id);
}
