import { createHash } from 'node:crypto';
import { documentMachine, editableStates } from '../../../shared/sync/document-states.ts';
import { eventOf } from '../../../shared/sync/receipts.ts';
import type { Book } from './book.ts';
import { carriedOut } from './carry.ts';
import { type DocumentRecord, requireDocument } from './documents.ts';
import { currentEndpoint, endpointOf } from './endpoints.ts';
import { noteHandover } from './handovers.ts';
import { followOrder, moveMessage, recordDocument, recordMessage, wasHandedOver, withdrawMessage } from './messages.ts';
import { isAsked, leftWord } from './restoring.ts';

/**
 * A book brought back from a copy: what waits in it may have left since the copy was made. What is queued is asked about before it is sent;
 * a folder answers no questions once a file was cleared away, so there a person has to say that it never was taken. Messages for which
 * no platform was known stay queued: there is nobody to ask. @returns how many are in doubt
 */
export function doubtQueue(book: Book, now: string): number {
  return book.transaction(() => {
    const current = currentEndpoint(book)?.id;
    const rows = book
      .prepare(
        `SELECT guid, sha256, state, endpoint FROM message WHERE state IN ('unsigned','queued','sending') ORDER BY seq`,
      )
      .all() as { guid: string; sha256: string; state: string; endpoint: string | null }[];
    let doubted = 0;
    for (const { guid, sha256, state, endpoint } of rows) {
      const id = endpoint ?? current;
      const transport = id === undefined ? undefined : endpointOf(book, id)?.transport;
      if (id === undefined || transport === undefined) continue;
      if (transport === 'folder') noteHandover(book, id, guid, { name: `${guid}.xml`, sha256, at: now });
      if (state === 'unsigned') {
        // It may have been signed and sent: it is not taken back any more, and what it is signed with now leaves under its old GUID.
        recordMessage(book, guid, state, state, 'doubt', now, {});
        continue;
      }
      moveMessage(book, guid, 'doubt', now);
      // What is carried by hand is handed out again as what may be there already.
      book
        .prepare(
          `UPDATE message SET endpoint = ?, lease_until = NULL, next_attempt_at = ?, waits_since = ?, last_error = ? WHERE guid = ?`,
        )
        .run(id, now, now, transport === 'carry' ? carriedOut : null, guid);
      doubted += 1;
    }
    return doubted;
  });
}

/** GUIDs of messages that an endpoint's receipts speak of and the book does not have, in the order they were first spoken of. */
export function messagesSpokenOf(book: Book, endpoint: string): string[] {
  const rows = book
    .prepare(
      `SELECT r.message_guid AS guid FROM receipt r WHERE r.endpoint = ? AND r.state = 'parked' AND r.problem = 'RECEIPT_MESSAGE_UNKNOWN'
         AND coalesce(r.message_guid, '') <> '' AND NOT EXISTS (SELECT 1 FROM message m WHERE m.guid = r.message_guid)
       GROUP BY r.message_guid ORDER BY min(r.id)`,
    )
    .all(endpoint) as { guid: string }[];
  return rows.map(({ guid }) => guid);
}

/**
 * Keeps what a person says of documents: that they left before the book was brought back, so that they are sent, without a message; or that
 * they never did, so that they may be filed. Of what a receipt has spoken of since nothing is taken back. Must run inside a transaction.
 * @returns those it was news of
 */
export function sayLeft(book: Book, ids: readonly number[], word: 'left' | 'never', now: string): number[] {
  const keep = book.prepare(
    `INSERT INTO left_word (document_id, word, said_at) VALUES (?, ?, ?)
     ON CONFLICT (document_id) DO UPDATE SET word = excluded.word, said_at = excluded.said_at`,
  );
  const move = book.prepare('UPDATE document SET state = ?, updated_at = ? WHERE id = ?');
  const said: number[] = [];
  for (const id of ids) {
    const { state, kind, businessKey, orderId, messageGuid } = requireDocument(book, id);
    const before = leftWord(book, id);
    const isOpen = before === undefined ? isAsked(book, id) : messageGuid === undefined && before !== word;
    const event = word === 'left' ? 'recover' : state === 'sent' ? 'disown' : undefined;
    if (!isOpen || (event === undefined ? !editableStates.includes(state) : !documentMachine.can(state, event)))
      continue;
    keep.run(id, word, now);
    said.push(id);
    if (event === undefined) continue;
    const to = documentMachine.next(state, event);
    move.run(to, now, id);
    recordDocument(book, id, { from: state, to, event, at: now, detail: { by: 'person' } });
    // From now on what receipts say of it is applied to it.
    book.prepare('DELETE FROM left_before WHERE kind = ? AND number = ?').run(kind, businessKey);
    if (orderId !== undefined) followOrder(book, orderId);
  }
  return said;
}

/** Keeps that a receipt, whose message the book does not have, speaks of a document by its number. */
export function noteSpokenOf(
  book: Book,
  about: { readonly kind: string; readonly number: string; readonly messageGuid: string },
  said: { readonly statusCode: string; readonly statusTime: string },
): void {
  book
    .prepare(
      `INSERT INTO left_before (kind, number, message_guid, status_time, is_refused) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (kind, number) DO UPDATE SET message_guid = excluded.message_guid, status_time = excluded.status_time,
         is_refused = excluded.is_refused WHERE excluded.status_time >= status_time`,
    )
    .run(about.kind, about.number, about.messageGuid, said.statusTime, eventOf(said.statusCode) === 'reject' ? 1 : 0);
}

/** The document of the book that a node of a message is: by its own GUID, else the newest version under its number. */
export function documentOfNode(
  book: Book,
  kind: string,
  businessKey: string,
  guid: string,
): DocumentRecord | undefined {
  const row = book
    .prepare(
      'SELECT id FROM document WHERE kind = ? AND (guid = ? OR business_key = ?) ORDER BY guid = ? DESC, version DESC LIMIT 1',
    )
    .get(kind, guid, businessKey, guid) as { id: number } | undefined;
  return row === undefined ? undefined : requireDocument(book, row.id);
}

/** A document of the book in a message that left before. */
export interface RecoveredDocument {
  /** Its place in the message, from 0. */
  readonly position: number;
  readonly id: number;
  /** It stands here as it was sent. */
  readonly isSame: boolean;
}

/**
 * Takes a message into the book that had left before the book was lost. Documents that stand as they were sent are sent; others are tied to it,
 * and what customs says of them is for a person to choose about. Must run inside a transaction.
 */
export function insertRecovered(
  book: Book,
  message: {
    readonly guid: string;
    readonly kind: string;
    readonly bytes: Uint8Array;
    /** How many stand in it, the book's own or not. */
    readonly documents: number;
    readonly endpoint: string;
    readonly now: string;
  },
  documents: readonly RecoveredDocument[],
): void {
  const { guid, kind, bytes, endpoint, now } = message;
  const seq = book.nextNumber('message');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  book
    .prepare(
      `INSERT INTO message (guid, kind, seq, sha256, documents, signature_kind, state, next_attempt_at, waits_since, queued_at, sent_at, endpoint)
       VALUES (?, ?, ?, ?, ?, 'recovered', 'sent', ?, ?, ?, ?, ?)`,
    )
    .run(guid, kind, seq, sha256, message.documents, now, now, now, now, endpoint);
  book.prepare('INSERT INTO message_bytes (seq, bytes) VALUES (?, ?)').run(seq, bytes);
  recordMessage(book, guid, 'frozen', 'sent', 'recover', now, {});
  const link = book.prepare('INSERT INTO message_document (message_guid, position, document_id) VALUES (?, ?, ?)');
  // The message tells more than its receipts did.
  book.prepare('DELETE FROM left_before WHERE message_guid = ?').run(guid);
  const tie = book.prepare('UPDATE document SET message_guid = ? WHERE id = ? AND message_guid IS NULL');
  for (const { position, id, isSame } of documents) {
    link.run(guid, position, id);
    // A person had said that it left.
    if (isSame && leftWord(book, id) === 'left') tie.run(guid, id);
    if (isSame) standAsSent(book, guid, id, now);
  }
}

/** A draft that stands as it was sent in a message that was taken back into the book is sent; what is no draft stays what it is. Must run inside a transaction. */
export function standAsSent(book: Book, guid: string, id: number, now: string): void {
  const { state, orderId } = requireDocument(book, id);
  if (!documentMachine.can(state, 'recover')) return;
  const to = documentMachine.next(state, 'recover');
  book.prepare('UPDATE document SET state = ?, message_guid = ?, updated_at = ? WHERE id = ?').run(to, guid, now, id);
  recordDocument(book, id, { from: state, to, event: 'recover', at: now, detail: { message: guid } });
  if (orderId !== undefined) followOrder(book, orderId);
}

/** Condition on `message r`: taken back into the book, and at the platform. */
const isBack = `r.signature_kind = 'recovered' AND r.state = 'sent'`;

/**
 * Messages that wait in a book brought back from a copy, with a document that lies at the platform in another one: the book that was lost had
 * taken them back and filed it anew. What was written to a file may be handed in all the same and is left alone.
 * @param of those of an endpoint, with those of none where `takesUnbound` says so; or only one, by its GUID
 */
export function messagesLeftOtherwise(
  book: Book,
  of: { readonly endpoint: string; readonly takesUnbound: boolean } | { readonly guid: string },
): string[] {
  const [which, ...values] =
    'guid' in of
      ? ['m.guid = ?', of.guid]
      : of.takesUnbound
        ? ['(m.endpoint = ? OR m.endpoint IS NULL)', of.endpoint]
        : ['m.endpoint = ?', of.endpoint];
  const rows = book
    .prepare(
      `SELECT m.guid FROM message m
       WHERE m.state IN ('unsigned','queued','unknown') AND ${which}
         AND (EXISTS (SELECT 1 FROM message_document md JOIN message_document o ON o.document_id = md.document_id
             JOIN message r ON r.guid = o.message_guid WHERE md.message_guid = m.guid AND r.seq > m.seq AND ${isBack})
           OR EXISTS (SELECT 1 FROM message_document md JOIN document d ON d.id = md.document_id
             JOIN left_before b ON b.kind = d.kind AND b.number = d.business_key
             WHERE md.message_guid = m.guid AND b.message_guid <> m.guid
               -- What was sent back, or never left as a person says, is filed anew in the knowledge of it: only what stood in the copy is not.
               AND ((b.is_refused = 0 AND NOT EXISTS (SELECT 1 FROM left_word w WHERE w.document_id = d.id AND w.word = 'never'))
                 OR EXISTS (SELECT 1 FROM transition t WHERE t.subject = 'message' AND t.subject_id = m.guid AND t.event = 'doubt'))))
       ORDER BY m.seq`,
    )
    .all(...values) as { guid: string }[];
  return rows.map(({ guid }) => guid).filter((guid) => !wasHandedOver(book, guid));
}

/** Withdraws one of these, and keeps why. Must run inside a transaction. @returns how many documents are drafts again */
export function withdrawLeftOtherwise(book: Book, guid: string, now: string): number {
  const error = 'MESSAGE_LEFT_OTHERWISE';
  const documents = withdrawMessage(book, guid, now, { error });
  book.prepare('UPDATE message SET last_error = ? WHERE guid = ?').run(error, guid);
  return documents;
}

/** Where the documents of a message lie in messages that were taken back into the book. */
export function placesElsewhere(book: Book, guid: string): { guid: string; position: number; id: number }[] {
  return book
    .prepare(
      `SELECT r.guid, o.position, o.document_id AS id FROM message_document md JOIN message_document o ON o.document_id = md.document_id
       JOIN message r ON r.guid = o.message_guid WHERE md.message_guid = ? AND ${isBack} ORDER BY r.seq, o.position`,
    )
    .all(guid) as { guid: string; position: number; id: number }[];
}

const isOursChosen = `EXISTS (SELECT 1 FROM conflict c WHERE c.document_id = @id AND c.kind = 'state' AND c.choice = 'ours')`;

/**
 * The message by which a draft is at the platform already, or whose receipts say so, while nobody has chosen which of the two stands;
 * undefined: it may be filed. What the platform sent back may be filed again.
 */
export function sentBefore(book: Book, id: number): string | undefined {
  const row = book
    .prepare(
      `SELECT coalesce(
         (SELECT coalesce(json_extract(c.detail, '$.message'), '') FROM conflict c
           WHERE c.document_id = @id AND c.kind = 'state' AND c.choice IS NULL LIMIT 1),
         (SELECT m.guid FROM receipt_item i JOIN receipt r ON r.id = i.receipt_id JOIN message m ON m.guid = r.message_guid
           WHERE i.document_id = @id AND m.state = 'sent'
             AND NOT ${isOursChosen} LIMIT 1),
         (SELECT r.guid FROM message_document md JOIN message r ON r.guid = md.message_guid
           WHERE md.document_id = @id AND ${isBack} AND NOT ${isOursChosen} LIMIT 1)
       ) AS guid, (SELECT status_code FROM receipt_item WHERE document_id = @id ORDER BY status_time DESC LIMIT 1) AS status`,
    )
    .get({ id }) as { guid: string | null; status: string | null };
  if (row.guid === null || (row.status !== null && eventOf(row.status) === 'reject')) return undefined;
  return row.guid;
}
