import type { RequestName } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { GivenNumber } from '../../../shared/sync/conflicts.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { DocumentReturn, Standing } from '../../../shared/sync/receipts.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** The platform's receipts (回执): raw first, then what they say about each document. Nothing of it is ever changed. */

export interface IncomingReceipt {
  readonly id: string;
  readonly messageGuid: string;
  readonly xml: string;
}

/**
 * Stores a page of receipts with the cursor behind it, in one transaction: a crash leaves either both or neither, and a
 * receipt that comes again under its id is ignored. @returns how many were new
 */
export function storeReceipts(
  book: Book,
  endpoint: string,
  receipts: readonly IncomingReceipt[],
  cursor: string,
  now: string,
): number {
  return book.transaction(() => {
    const insert = book.prepare(
      `INSERT INTO receipt (endpoint, platform_id, message_guid, raw, received_at, state) VALUES (?, ?, ?, ?, ?, 'stored')
       ON CONFLICT (endpoint, platform_id) DO NOTHING`,
    );
    let stored = 0;
    for (const receipt of receipts) {
      stored += insert.run(endpoint, receipt.id, receipt.messageGuid, Buffer.from(receipt.xml, 'utf8'), now).changes;
    }
    book.prepare('UPDATE endpoint SET receipt_cursor = ? WHERE id = ?').run(cursor, endpoint);
    return stored;
  });
}

/** Receipts that came as files rather than from an endpoint; known by what stands in them. */
const fileEndpoint = 'file';

/** Whether the very bytes of a receipt file came before. */
export function knownReceiptFile(book: Book, sha256: string): { id: number } | undefined {
  return book.prepare('SELECT id FROM receipt WHERE endpoint = ? AND platform_id = ?').get(fileEndpoint, sha256) as
    | { id: number }
    | undefined;
}

/** Stores the bytes of a receipt file as they are. @param messageGuid the message it answers, where the book has sent it */
export function storeReceiptFile(
  book: Book,
  file: { readonly sha256: string; readonly bytes: Uint8Array; readonly messageGuid: string | undefined },
  now: string,
): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO receipt (endpoint, platform_id, message_guid, raw, received_at, state) VALUES (?, ?, ?, ?, ?, 'stored')`,
    )
    .run(fileEndpoint, file.sha256, file.messageGuid ?? null, file.bytes, now);
  return Number(lastInsertRowid);
}

/** What became of a receipt. */
export function receiptState(
  book: Book,
  id: number,
): { state: 'stored' | 'applied' | 'parked'; problem: string | undefined } {
  const row = book.prepare('SELECT state, problem FROM receipt WHERE id = ?').get(id) as {
    state: 'stored' | 'applied' | 'parked';
    problem: string | null;
  };
  return { state: row.state, problem: row.problem ?? undefined };
}

/**
 * The document that a return names, by its GUID, its number or the authority's, and the last message it went out in: of several versions
 * under one number the last that may have left.
 */
export function sentDocument(
  book: Book,
  kind: RequestName,
  by: { readonly guid: string; readonly number: string; readonly platformNos: readonly string[] },
): { documentId: number; messageGuid: string } | undefined {
  return book
    .prepare(
      `SELECT d.id AS documentId, md.message_guid AS messageGuid FROM document d
         JOIN message_document md ON md.document_id = d.id JOIN message m ON m.guid = md.message_guid
       WHERE d.kind = :kind AND (d.guid = :guid OR d.business_key = :number OR d.platform_no IN (SELECT value FROM json_each(:platformNos)))
       ORDER BY d.guid = :guid DESC, (m.state IN ('sending','unknown','sent','refused') OR EXISTS (
           SELECT 1 FROM transition t WHERE t.subject = 'message' AND t.subject_id = m.guid AND t.event IN ('lose','expire','doubt','export'))) DESC,
         d.business_key = :number DESC, m.seq DESC LIMIT 1`,
    )
    .get({ kind, guid: by.guid, number: by.number, platformNos: JSON.stringify(by.platformNos) }) as
    | { documentId: number; messageGuid: string }
    | undefined;
}

/** Whether an endpoint's receipt of an id is in the book. */
export function isKnownReceipt(book: Book, endpoint: string, platformId: string): boolean {
  return (
    book.prepare('SELECT 1 FROM receipt WHERE endpoint = ? AND platform_id = ?').get(endpoint, platformId) !== undefined
  );
}

export interface RawReceipt {
  readonly id: number;
  readonly messageGuid: string | undefined;
  readonly xml: string;
  readonly receivedAt: string;
}

/** Receipts that are stored and not applied yet, oldest first. */
export function storedReceipts(book: Book, limit: number): RawReceipt[] {
  const rows = book
    .prepare(`SELECT id, message_guid, raw, received_at FROM receipt WHERE state = 'stored' ORDER BY id LIMIT ?`)
    .all(limit) as { id: number; message_guid: string | null; raw: Uint8Array; received_at: string }[];
  return rows.map((row) => ({
    id: row.id,
    messageGuid: row.message_guid ?? undefined,
    xml: new TextDecoder().decode(row.raw),
    receivedAt: row.received_at,
  }));
}

export function markApplied(book: Book, id: number): void {
  book.prepare(`UPDATE receipt SET state = 'applied', problem = NULL WHERE id = ?`).run(id);
}

/** Keeps a receipt that cannot be applied, with the reason; it is shown and tried again. */
export function parkReceipt(book: Book, id: number, problem: string): void {
  book.prepare(`UPDATE receipt SET state = 'parked', problem = ? WHERE id = ?`).run(problem, id);
}

/**
 * Takes the parked ones up again: after an update they may be understood, after a restore their message may be there. Those of messages
 * that still are not in the book are left alone: where two desks file for one firm, each gets the receipts of the other.
 */
export function unparkReceipts(book: Book): number {
  return book
    .prepare(
      `UPDATE receipt SET state = 'stored' WHERE state = 'parked' AND (problem <> 'RECEIPT_MESSAGE_UNKNOWN'
         OR coalesce(message_guid, '') = '' OR message_guid IN (SELECT guid FROM message))`,
    )
    .run().changes;
}

/** Takes those up again whose message the book does not have: a person said of documents that they left. */
export function unparkStrangers(book: Book): void {
  book
    .prepare(`UPDATE receipt SET state = 'stored' WHERE state = 'parked' AND problem = 'RECEIPT_MESSAGE_UNKNOWN'`)
    .run();
}

/** A receipt as it lies in the book, with the user's word on it. */
export interface ParkedReceipt {
  readonly id: number;
  readonly from: string;
  readonly messageGuid: string | undefined;
  readonly problem: string;
  readonly receivedAt: string;
  readonly note: string | undefined;
  readonly xml: string;
}

interface ReceiptRow {
  id: number;
  endpoint: string;
  message_guid: string | null;
  problem: string | null;
  received_at: string;
  state: 'stored' | 'applied' | 'parked';
  note: string | null;
  raw: Uint8Array;
}

const receiptSelect = `SELECT r.id, r.endpoint, r.message_guid, r.problem, r.received_at, r.state, r.raw, m.note
  FROM receipt r LEFT JOIN receipt_remark m ON m.receipt_id = r.id`;

const parkedOf = (row: ReceiptRow): ParkedReceipt => ({
  id: row.id,
  from: row.endpoint,
  messageGuid: row.message_guid ?? undefined,
  problem: row.problem ?? '',
  receivedAt: row.received_at,
  note: row.note ?? undefined,
  xml: new TextDecoder().decode(row.raw),
});

/** Parked receipts, oldest first. */
export function parkedReceipts(
  book: Book,
  page: { readonly after?: string | undefined; readonly limit: number },
): { rows: ParkedReceipt[]; total: number; nextCursor?: string } {
  const [after] = decodeCursor(page.after, [0]);
  const rows = book
    .prepare(`${receiptSelect} WHERE r.state = 'parked' AND r.id > ? ORDER BY r.id LIMIT ?`)
    .all(after, page.limit) as ReceiptRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM receipt WHERE state = 'parked'`).get() as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(parkedOf),
    total: n,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Throws `RECEIPT_UNKNOWN` {id}. */
export function receiptRow(book: Book, id: number): ParkedReceipt & Pick<ReceiptRow, 'state'> {
  const row = book.prepare(`${receiptSelect} WHERE r.id = ?`).get(id) as ReceiptRow | undefined;
  if (row === undefined) throw new PortbookError('RECEIPT_UNKNOWN', { id });
  return { ...parkedOf(row), state: row.state };
}

/** Keeps the user's word on a receipt; an empty one is taken away. */
export function saveRemark(book: Book, id: number, note: string, now: string): void {
  if (note === '') book.prepare('DELETE FROM receipt_remark WHERE receipt_id = ?').run(id);
  else
    book
      .prepare(
        `INSERT INTO receipt_remark (receipt_id, note, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (receipt_id) DO UPDATE SET note = excluded.note, updated_at = excluded.updated_at`,
      )
      .run(id, note, now);
}

/** Ties a receipt that came without a GUID to the message it answers. */
export function tieReceipt(book: Book, id: number, messageGuid: string): void {
  book
    .prepare(`UPDATE receipt SET message_guid = ? WHERE id = ? AND coalesce(message_guid, '') = ''`)
    .run(messageGuid, id);
}

/** Says which message a receipt answers, where it did not say so itself. */
export function setReceiptMessage(book: Book, id: number, messageGuid: string): void {
  book.prepare(`UPDATE receipt SET message_guid = ? WHERE id = ? AND state = 'parked'`).run(messageGuid, id);
}

/** Receipts about a message as they came, newest first, without their bytes. */
export function receiptsOfMessage(
  book: Book,
  guid: string,
  limit: number,
): {
  rows: {
    id: number;
    platformId: string;
    receivedAt: string;
    state: 'stored' | 'applied' | 'parked';
    problem?: string;
    bytes: number;
  }[];
  total: number;
} {
  const rows = book
    .prepare(
      `SELECT id, platform_id AS platformId, received_at AS receivedAt, state, problem, length(raw) AS bytes FROM receipt
       WHERE message_guid = ? ORDER BY id DESC LIMIT ?`,
    )
    .all(guid, limit) as {
    id: number;
    platformId: string;
    receivedAt: string;
    state: 'stored' | 'applied' | 'parked';
    problem: string | null;
    bytes: number;
  }[];
  const { n } = book.prepare('SELECT count(*) AS n FROM receipt WHERE message_guid = ?').get(guid) as { n: number };
  return {
    rows: rows.map(({ problem, ...row }) => ({ ...row, ...(problem === null ? {} : { problem }) })),
    total: n,
  };
}

/** The text of a receipt as it came; undefined when there is none of the number. */
export function rawReceipt(
  book: Book,
  id: number,
): { text: string; platformId: string; receivedAt: string } | undefined {
  const row = book
    .prepare('SELECT raw, platform_id AS platformId, received_at AS receivedAt FROM receipt WHERE id = ?')
    .get(id) as { raw: Uint8Array; platformId: string; receivedAt: string } | undefined;
  if (row === undefined) return undefined;
  return { text: new TextDecoder().decode(row.raw), platformId: row.platformId, receivedAt: row.receivedAt };
}

/** A document as a receipt finds it. */
export interface ReceivingDocument {
  readonly id: number;
  readonly orderId: number | undefined;
  readonly kind: RequestName;
  readonly businessKey: string;
  readonly state: DocumentState;
  readonly standing: Standing;
  /** The number the authority gave it, and the receipt's field it came in; the field is unknown for older ones. */
  readonly platformNo: string | undefined;
  readonly platformNoField: string | undefined;
  /** `returnTime` of a refusal that a person let stand over a release. */
  readonly refusedAt: string | undefined;
}

/** The documents of a message, by business key: what its receipts can be about. */
export function documentsOfMessage(book: Book, guid: string): Map<string, ReceivingDocument> {
  return receivingDocuments(
    book,
    'message_document md JOIN document d ON d.id = md.document_id WHERE md.message_guid = ?',
    guid,
  );
}

/** Documents of a kind that a person said have left, whose message the book does not have, by business key; of these numbers. */
export function documentsSaidLeft(
  book: Book,
  kind: string,
  numbers: readonly string[],
): Map<string, ReceivingDocument> {
  return receivingDocuments(
    book,
    `left_word w JOIN document d ON d.id = w.document_id
     WHERE w.word = 'left' AND d.message_guid IS NULL AND d.kind = ? AND d.business_key IN (SELECT value FROM json_each(?))`,
    kind,
    JSON.stringify(numbers),
  );
}

function receivingDocuments(book: Book, from: string, ...values: readonly string[]): Map<string, ReceivingDocument> {
  const rows = book
    .prepare(
      `SELECT d.id, d.order_id, d.kind, d.business_key, d.state, d.status_code, d.status_time, d.status_info, d.platform_no,
         d.platform_no_field,
         (SELECT max(json_extract(c.detail, '$.time')) FROM conflict c
           WHERE c.document_id = d.id AND c.kind = 'state' AND c.theirs = 'rejected' AND c.choice = 'theirs') AS refused_at
       FROM ${from}`,
    )
    .all(...values) as {
    id: number;
    order_id: number | null;
    kind: RequestName;
    business_key: string;
    state: DocumentState;
    status_code: string | null;
    status_time: string | null;
    status_info: string | null;
    platform_no: string | null;
    platform_no_field: string | null;
    refused_at: string | null;
  }[];
  return new Map(
    rows.map((row) => [
      row.business_key,
      {
        id: row.id,
        orderId: row.order_id ?? undefined,
        kind: row.kind,
        businessKey: row.business_key,
        state: row.state,
        standing:
          row.status_code === null
            ? undefined
            : { statusCode: row.status_code, statusTime: row.status_time ?? '', info: row.status_info ?? '' },
        platformNo: row.platform_no ?? undefined,
        platformNoField: row.platform_no_field ?? undefined,
        refusedAt: row.refused_at ?? undefined,
      },
    ]),
  );
}

/** The return that stands on a document; undefined before the first. */
export function standingOf(book: Book, id: number): Standing {
  return book
    .prepare(
      `SELECT status_code AS statusCode, coalesce(status_time, '') AS statusTime, coalesce(status_info, '') AS info FROM document
       WHERE id = ? AND status_code IS NOT NULL`,
    )
    .get(id) as Standing;
}

/** Keeps what one return said. @returns whether the very same had been said before */
export function addReceiptItem(
  book: Book,
  receiptId: number,
  position: number,
  documentId: number | undefined,
  said: DocumentReturn,
): boolean {
  const before =
    documentId !== undefined &&
    book
      .prepare('SELECT 1 FROM receipt_item WHERE document_id = ? AND status_code = ? AND status_time = ? LIMIT 1')
      .get(documentId, said.statusCode, said.statusTime) !== undefined;
  book
    .prepare(
      `INSERT INTO receipt_item (receipt_id, position, document_id, status_code, status_time, info) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (receipt_id, position) DO NOTHING`,
    )
    .run(receiptId, position, documentId ?? null, said.statusCode, said.statusTime, said.info);
  return before;
}

/** The receipts about a document as they came, the newest first, and which of its nodes each means. */
export function receiptTextsAbout(
  book: Book,
  documentId: number,
): { readonly xml: string; readonly position: number }[] {
  const rows = book
    .prepare(
      `SELECT r.raw, i.position FROM receipt_item i JOIN receipt r ON r.id = i.receipt_id WHERE i.document_id = ?
       ORDER BY i.status_time DESC, i.receipt_id DESC`,
    )
    .all(documentId) as { raw: Uint8Array; position: number }[];
  return rows.map(({ raw, position }) => ({ xml: new TextDecoder().decode(raw), position }));
}

/** Gives an editable document the body it was frozen with in a message, and ties it to that message again. */
export function restoreFrozen(book: Book, id: number, guid: string, body: Readonly<Record<string, unknown>>): void {
  book
    .prepare(`UPDATE document SET body = ?, message_guid = ?, stale = 0 WHERE id = ? AND state IN ('draft','checked')`)
    .run(JSON.stringify(body), guid, id);
}

/** Keeps the time of a release, the earliest that was said: 放行 and 结关 may come in any order. */
export function noteRelease(book: Book, id: number, statusTime: string): void {
  book
    .prepare('UPDATE document SET released_at = :at WHERE id = :id AND (released_at IS NULL OR released_at > :at)')
    .run({ id, at: statusTime });
}

/** A release that a person has found not to stand: the next one counts from its own time. */
export function forgetRelease(book: Book, id: number): void {
  book.prepare('UPDATE document SET released_at = NULL WHERE id = ?').run(id);
}

/** What stands on a document after a return. */
export function updateStanding(
  book: Book,
  id: number,
  to: { state: DocumentState; standing: DocumentReturn; number: GivenNumber | undefined; at: string },
): void {
  book
    .prepare(
      `UPDATE document SET state = ?, status_code = ?, status_time = ?, status_info = ?, platform_no = coalesce(?, platform_no),
         platform_no_field = coalesce(?, platform_no_field), updated_at = ? WHERE id = ?`,
    )
    .run(
      to.state,
      to.standing.statusCode,
      to.standing.statusTime,
      to.standing.info,
      to.number?.value ?? null,
      to.number?.field ?? null,
      to.at,
      id,
    );
}
