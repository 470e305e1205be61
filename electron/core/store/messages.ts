import { createHash } from 'node:crypto';
import { PortbookError } from '../../../shared/errors.ts';
import { type DocumentEvent, type DocumentState, documentMachine } from '../../../shared/sync/document-states.ts';
import { type MessageEvent, type MessageState, messageMachine } from '../../../shared/sync/message-states.ts';
import { sendingRank } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';

/** The queue of frozen messages (待发): who may leave, what became of it, and the states of its documents with it. */

export interface EnqueuedMessage {
  /** The message's key for ever; the root `guid` of the bytes. */
  readonly guid: string;
  readonly kind: string;
  /** Canonical: exactly what every attempt sends, or what the signature will cover. */
  readonly bytes: Uint8Array;
  /** 1 to 100 checked documents, in the order they stand in the message. */
  readonly documentIds: readonly number[];
  /** `pending`: it has to be signed before it may leave. */
  readonly signatureKind: 'none' | 'pending';
  /** Where it belongs for ever; left out while the book knows no platform. */
  readonly endpoint?: string | undefined;
  /** Versions of the code tables and rules its documents were checked with; left out where nobody knows. */
  readonly checkedWith?: string;
  readonly now: string;
}

/** A message as the engine handles it. */
export interface MessageRecord {
  readonly guid: string;
  readonly kind: string;
  readonly seq: number;
  readonly documents: number;
  readonly sha256: string;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAttemptAt: string;
  /** When that was decided; ahead of the clock where the clock has been put back since, and then the wait is over. */
  readonly waitsSince: string;
  readonly lastError: string | undefined;
  readonly bytes: number;
  /** -1 later, 0 as it comes, 1 sooner, 2 urgent. */
  readonly priority: number;
  /** Held by the user since. */
  readonly heldAt: string | undefined;
  /** Where it belongs; undefined for one that was frozen before any platform was known. */
  readonly endpoint: string | undefined;
  /** Versions of the code tables and rules it was last checked with; empty: not known. */
  readonly checkedWith: string;
  /** Since when it waits because that check failed. */
  readonly unfitAt: string | undefined;
}

export interface MessageRow {
  guid: string;
  kind: string;
  seq: number;
  documents: number;
  sha256: string;
  state: MessageState;
  attempts: number;
  next_attempt_at: string;
  waits_since: string;
  last_error: string | null;
  bytes: number;
  priority: number;
  held_at: string | null;
  endpoint: string | null;
  checked_with: string;
  unfit_at: string | null;
}

export const columns =
  'm.guid, m.kind, m.seq, m.documents, m.sha256, m.state, m.attempts, m.next_attempt_at, m.waits_since, m.last_error, (SELECT length(b.bytes) FROM message_bytes b WHERE b.seq = m.seq) AS bytes, m.priority, m.held_at, m.endpoint, m.checked_with, m.unfit_at';

export function fromRow(row: MessageRow): MessageRecord {
  return {
    guid: row.guid,
    kind: row.kind,
    seq: row.seq,
    documents: row.documents,
    sha256: row.sha256,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    waitsSince: row.waits_since,
    lastError: row.last_error ?? undefined,
    bytes: row.bytes,
    priority: row.priority,
    heldAt: row.held_at ?? undefined,
    endpoint: row.endpoint ?? undefined,
    checkedWith: row.checked_with,
    unfitAt: row.unfit_at ?? undefined,
  };
}

/** Orders, then payments and waybills, then lists: `sendingRank` of the protocol. */
const rank = `CASE m.kind ${Object.entries(sendingRank)
  .map(([kind, at]) => `WHEN '${kind}' THEN ${at}`)
  .join(' ')} END`;

/**
 * Documents of the same order that have to be further along before a message may leave: a list waits until its order,
 * payment and waybill are accepted; a payment or waybill waits until its order has been sent.
 */
export const blockers = `
  FROM message_document md
  JOIN document d ON d.id = md.document_id
  JOIN document s ON s.order_id = d.order_id AND s.id <> d.id
  WHERE md.message_guid = m.guid AND (
    (m.kind = 'CEB603Message' AND s.kind IN ('CEB303Message','CEB403Message','CEB505Message')
      AND s.state IN ('draft','checked','queued','sending','unknown','sent','rejected'))
    OR (m.kind IN ('CEB403Message','CEB505Message') AND s.kind = 'CEB303Message'
      AND s.state IN ('draft','checked','queued','sending','unknown')))`;

/**
 * The same of retail import, whose papers belong to no order of the book: a list waits until the order, the payment and the waybill that it
 * names are accepted, as far as this firm files them. They may leave in any order.
 */
export const importBlockers = `
  FROM message_document md
  JOIN document d ON d.id = md.document_id
  JOIN document s ON s.id IN (
    SELECT id FROM document o WHERE o.kind = 'CEB311Message'
      AND json_extract(o.body, '$.OrderHead.orderNo') = json_extract(d.body, '$.InventoryHead.orderNo')
      AND json_extract(o.body, '$.OrderHead.ebpCode') = json_extract(d.body, '$.InventoryHead.ebpCode')
    UNION ALL SELECT id FROM document o WHERE o.kind = 'CEB411Message'
      AND json_extract(o.body, '$.PaymentHead.orderNo') = json_extract(d.body, '$.InventoryHead.orderNo')
      AND json_extract(o.body, '$.PaymentHead.ebpCode') = json_extract(d.body, '$.InventoryHead.ebpCode')
    UNION ALL SELECT id FROM document o WHERE o.kind = 'CEB511Message'
      AND json_extract(o.body, '$.LogisticsHead.logisticsNo') = json_extract(d.body, '$.InventoryHead.logisticsNo')
      AND json_extract(o.body, '$.LogisticsHead.logisticsCode') = json_extract(d.body, '$.InventoryHead.logisticsCode'))
  WHERE md.message_guid = m.guid AND m.kind = 'CEB621Message'
    AND s.state IN ('draft','checked','queued','sending','unknown','sent','rejected')`;

/** A summary application waits until the lists that it names, or the changes of them that are on their way, are accepted. */
export const summaryBlockers = `
  FROM message_document md
  JOIN document_about a ON a.document_id = md.document_id AND a.purpose = 'summary'
  JOIN document s ON s.id = a.about_id
  WHERE md.message_guid = m.guid AND m.kind = 'CEB701Message' AND s.state IN ('queued','sending','unknown','sent')`;

export const isBlocked = `(EXISTS (SELECT 1 ${blockers}) OR (m.kind = 'CEB621Message' AND EXISTS (SELECT 1 ${importBlockers}))
  OR (m.kind = 'CEB701Message' AND EXISTS (SELECT 1 ${summaryBlockers})))`;

/** A person has yet to choose between what the book and the platform hold under its GUID. */
export const isDisputed = `EXISTS (SELECT 1 FROM conflict c WHERE c.message_guid = m.guid AND c.choice IS NULL)`;

const isExported = `EXISTS (
    SELECT 1 FROM transition t WHERE t.subject = 'message' AND t.subject_id = m.guid AND t.event = 'export')`;

/**
 * Takes a frozen message into the outbox, to be signed or queued at once, and moves its checked documents along. Must run inside
 * the transaction that froze them. Throws `DOCUMENT_NOT_CHECKED` when one of them is in another state.
 */
export function enqueueMessage(book: Book, message: EnqueuedMessage): { seq: number } {
  const seq = book.nextNumber('message');
  const sha256 = createHash('sha256').update(message.bytes).digest('hex');
  const state: MessageState = message.signatureKind === 'pending' ? 'unsigned' : 'queued';
  book
    .prepare(
      `INSERT INTO message (guid, kind, seq, sha256, documents, signature_kind, state, next_attempt_at, waits_since, queued_at, endpoint, checked_with)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      message.guid,
      message.kind,
      seq,
      sha256,
      message.documentIds.length,
      message.signatureKind,
      state,
      message.now,
      message.now,
      message.now,
      message.endpoint ?? null,
      message.checkedWith ?? '',
    );
  book.prepare('INSERT INTO message_bytes (seq, bytes) VALUES (?, ?)').run(seq, message.bytes);
  const link = book.prepare('INSERT INTO message_document (message_guid, position, document_id) VALUES (?, ?, ?)');
  const point = book.prepare(`UPDATE document SET message_guid = ? WHERE id = ? AND state = 'checked' AND kind = ?`);
  for (const [position, id] of message.documentIds.entries()) {
    link.run(message.guid, position, id);
    if (point.run(message.guid, id, message.kind).changes !== 1)
      throw new PortbookError('DOCUMENT_NOT_CHECKED', { id });
  }
  if (state === 'unsigned')
    book
      .prepare('INSERT INTO message_signature (message_guid, frozen_sha256, next_try_at) VALUES (?, ?, ?)')
      .run(message.guid, sha256, message.now);
  moveDocuments(book, message.guid, 'queue', message.now);
  recordMessage(book, message.guid, 'frozen', state, 'queue', message.now, {});
  return { seq };
}

type Detail = Readonly<Record<string, string | number>>;

/** Notes a move of a message. */
export function recordMessage(
  book: Book,
  guid: string,
  from: string,
  to: string,
  event: string,
  at: string,
  detail: Detail,
): void {
  book
    .prepare(
      `INSERT INTO transition (subject, subject_id, from_state, to_state, event, at, detail) VALUES ('message', ?, ?, ?, ?, ?, ?)`,
    )
    .run(guid, from, to, event, at, JSON.stringify(detail));
}

/** Notes something that happened to a document; `from` and `to` are equal when its state did not move. */
export function recordDocument(
  book: Book,
  id: number,
  move: { from: DocumentState; to: DocumentState; event: string; at: string; detail?: Detail },
): void {
  book
    .prepare(
      `INSERT INTO transition (subject, subject_id, from_state, to_state, event, at, detail) VALUES ('document', ?, ?, ?, ?, ?, ?)`,
    )
    .run(String(id), move.from, move.to, move.event, move.at, JSON.stringify(move.detail ?? {}));
}

/**
 * Moves the documents of a message together. Those that a receipt has already taken further are left alone: the receipt
 * may overtake the reply.
 */
export function moveDocuments(book: Book, guid: string, event: DocumentEvent, at: string, detail: Detail = {}): void {
  const states = book
    .prepare(
      `SELECT DISTINCT d.state FROM message_document md JOIN document d ON d.id = md.document_id
       WHERE md.message_guid = ? AND d.message_guid = md.message_guid`,
    )
    .all(guid) as { state: DocumentState }[];
  let isFelt = states.length === 0;
  for (const { state } of states) {
    if (!documentMachine.can(state, event)) {
      isFelt = true;
      if (isAhead(state)) continue;
      documentMachine.next(state, event);
    }
    const to = documentMachine.next(state, event);
    if (!isUnderWay(state) || !isUnderWay(to)) isFelt = true;
    const text = JSON.stringify(detail);
    book
      .prepare(
        `INSERT INTO transition (subject, subject_id, from_state, to_state, event, at, detail)
         SELECT 'document', CAST(d.id AS TEXT), ?, ?, ?, ?, ? FROM message_document md JOIN document d ON d.id = md.document_id
         WHERE md.message_guid = ? AND d.message_guid = md.message_guid AND d.state = ? ORDER BY md.position`,
      )
      .run(state, to, event, at, text, guid, state);
    book
      .prepare(`UPDATE document SET state = ?, updated_at = ? WHERE state = ? AND message_guid = ?`)
      .run(to, at, state, guid);
  }
  if (isFelt) followOrdersOfMessage(book, guid);
}

/** Among these an order does not tell the difference: they are all queued to it. */
function isUnderWay(state: DocumentState): boolean {
  return ['queued', 'sending', 'unknown'].includes(state);
}

function isAhead(state: DocumentState): boolean {
  return ['sent', 'accepted', 'rejected', 'released', 'closed', 'superseded'].includes(state);
}

const furthestBehind = `
    WHEN sum(d.state = 'rejected') > 0 THEN 'rejected'
    WHEN sum(d.state IN ('draft','checked')) > 0 THEN 'drafted'
    WHEN sum(d.state IN ('queued','sending','unknown')) > 0 THEN 'queued'
    WHEN sum(d.state = 'sent') > 0 THEN 'sent'
    WHEN sum(d.state = 'accepted') > 0 THEN 'accepted'
    ELSE 'released' END`;

/** Of the declarations (报关单) that declare the goods of an order; NULL where there are none. */
const declaredState = `
  SELECT CASE WHEN count(*) = 0 THEN NULL ${furthestBehind}
  FROM document d WHERE d.kind = 'DecMessage' AND d.state NOT IN ('superseded','withdrawn')
    AND d.business_key IN (SELECT declaration FROM declared_goods WHERE order_id = sales_order.id)`;

const orderState = `
  SELECT CASE
    WHEN coalesce(sum(d.state NOT IN ('draft','checked')), 0) = 0 THEN coalesce((${declaredState}), CASE WHEN count(*) = 0 THEN sales_order.state ELSE 'drafted' END)
    ${furthestBehind}
  FROM document d WHERE d.order_id = sales_order.id AND d.kind = 'CEB603Message' AND d.state NOT IN ('superseded','withdrawn')
    AND coalesce(json_extract(d.body, '$.InventoryHead.appType'), '') <> '3'`;

/** An order's state follows its lists, which stand until a deletion is granted, or the declarations of its goods: of several parts, the one that is furthest behind. */
function followOrdersOfMessage(book: Book, guid: string): void {
  book
    .prepare(
      `UPDATE sales_order SET state = (${orderState})
       WHERE state <> 'cancelled' AND id IN (
         SELECT d.order_id FROM message_document md JOIN document d ON d.id = md.document_id
         WHERE md.message_guid = :guid AND d.kind = 'CEB603Message'
         UNION SELECT g.order_id FROM message_document md JOIN document d ON d.id = md.document_id
           JOIN declared_goods g ON g.declaration = d.business_key WHERE md.message_guid = :guid AND d.kind = 'DecMessage')`,
    )
    .run({ guid });
}

/** As the documents of the order stand now. */
export function followOrder(book: Book, orderId: number): void {
  book.prepare(`UPDATE sales_order SET state = (${orderState}) WHERE state <> 'cancelled' AND id = ?`).run(orderId);
}

/** How a document ended: from which state, when here, and when at customs where the withdrawal was agreed there. */
export function endedAt(book: Book, id: number): { from: string; at: string; time: string | undefined } | undefined {
  const row = book
    .prepare(
      `SELECT from_state AS "from", at, json_extract(detail, '$.time') AS time FROM transition
       WHERE subject = 'document' AND subject_id = ? AND to_state = 'withdrawn' ORDER BY id DESC LIMIT 1`,
    )
    .get(String(id)) as { from: string; at: string; time: string | null } | undefined;
  return row === undefined ? undefined : { ...row, time: row.time ?? undefined };
}

/** The change or deletion that ended a document, or the application to withdraw it; undefined where none of them did. */
export function endedBy(book: Book, id: number): number | undefined {
  const row = book
    .prepare(
      `SELECT json_extract(detail, '$.by') AS "by" FROM transition
       WHERE subject = 'document' AND subject_id = ? AND from_state <> to_state ORDER BY id DESC LIMIT 1`,
    )
    .get(String(id)) as { by: number | null } | undefined;
  return row?.by ?? undefined;
}

/** The message of a GUID; undefined when it is none of ours. */
export function getMessage(book: Book, guid: string): MessageRecord | undefined {
  const row = book.prepare(`SELECT ${columns} FROM message m WHERE m.guid = ?`).get(guid) as MessageRow | undefined;
  return row === undefined ? undefined : fromRow(row);
}

/** The message of a GUID. Throws `MESSAGE_UNKNOWN`. */
export function requireMessage(book: Book, guid: string): MessageRecord {
  const message = getMessage(book, guid);
  if (message === undefined) throw new PortbookError('MESSAGE_UNKNOWN', { guid });
  return message;
}

/** Where a message belongs; undefined: frozen before any platform was known. */
export function endpointOfMessage(book: Book, guid: string): string | undefined {
  const row = book.prepare('SELECT endpoint FROM message WHERE guid = ?').get(guid) as
    | { endpoint: string | null }
    | undefined;
  return row?.endpoint ?? undefined;
}

/**
 * The frozen bytes. Refusals: `MESSAGE_UNKNOWN` {guid}, `MESSAGE_DAMAGED` {guid} where they no longer have the hash they were frozen
 * with: what is damaged must not leave.
 */
export function messageBytes(book: Book, guid: string): Uint8Array {
  const row = book
    .prepare('SELECT b.bytes, m.sha256 FROM message m JOIN message_bytes b ON b.seq = m.seq WHERE m.guid = ?')
    .get(guid) as { bytes: Uint8Array; sha256: string } | undefined;
  if (row === undefined) throw new PortbookError('MESSAGE_UNKNOWN', { guid });
  if (createHash('sha256').update(row.bytes).digest('hex') !== row.sha256)
    throw new PortbookError('MESSAGE_DAMAGED', { guid });
  return row.bytes;
}

/** Moves a message and its documents. Throws `IllegalMove`. */
export function moveMessage(
  book: Book,
  guid: string,
  event: MessageEvent,
  at: string,
  detail: Detail = {},
): MessageState {
  return book.transaction(() => {
    const { state } = requireMessage(book, guid);
    const to = messageMachine.next(state, event);
    book.prepare('UPDATE message SET state = ? WHERE guid = ?').run(to, guid);
    recordMessage(book, guid, state, to, event, at, detail);
    moveDocuments(book, guid, event, at, detail);
    return to;
  });
}

/** What a lane takes: the messages of its endpoint, and those of no endpoint where it is the one in use. */
export interface LaneScope {
  readonly endpoint: string;
  readonly takesUnbound: boolean;
  /** Kinds the endpoint takes; left out: all. */
  readonly kinds?: readonly string[];
}

const isOfLane = `(m.endpoint = @endpoint OR (@unbound = 1 AND m.endpoint IS NULL))
  AND (@kinds IS NULL OR m.kind IN (SELECT value FROM json_each(@kinds)))`;

const laneParams = ({ endpoint, takesUnbound, kinds }: LaneScope) => ({
  endpoint,
  unbound: takesUnbound ? 1 : 0,
  kinds: kinds === undefined ? null : JSON.stringify(kinds),
});

/** What may leave now. */
export interface LeaseFilter {
  readonly now: string;
  /** Only urgent ones: outside the hours of sending. */
  readonly urgentOnly?: boolean;
  /** Only these GUIDs. */
  readonly only?: readonly string[] | undefined;
}

/** Whether a message has waited long enough by the clock as it is now. */
export const isDue = '(m.next_attempt_at <= @now OR m.waits_since > @now)';

/** What of a message itself decides whether it may leave; the rest is what it waits for. */
const mayLeave = `m.state = 'queued' AND ${isDue} AND m.held_at IS NULL AND m.unfit_at IS NULL AND ${isOfLane}`;

/**
 * GUIDs of a lane's messages that may leave, first those the user wants sooner, then in the order of filing. They are put in order
 * before it is asked what each waits for (a limit keeps SQLite from turning that round), so that only the first are asked about.
 */
export function leasable(book: Book, lane: LaneScope, filter: LeaseFilter, limit: number): string[] {
  const rows = book
    .prepare(
      `SELECT m.guid FROM (
         SELECT m.guid, m.kind FROM message m
         WHERE ${mayLeave} AND (@urgentOnly = 0 OR m.priority = 2)
           AND (@only IS NULL OR m.guid IN (SELECT value FROM json_each(@only)))
         ORDER BY m.priority DESC, ${rank}, m.seq LIMIT -1) m
       WHERE NOT ${isBlocked} LIMIT @limit`,
    )
    .all({
      ...laneParams(lane),
      now: filter.now,
      urgentOnly: filter.urgentOnly === true ? 1 : 0,
      only: filter.only === undefined ? null : JSON.stringify(filter.only),
      limit,
    }) as { guid: string }[];
  return rows.map(({ guid }) => guid);
}

/** How long a lease lasts: longer than any attempt may take. */
const LEASE_MS = 90_000;

const leaseEnd = (now: string): string => new Date(Date.parse(now) + LEASE_MS).toISOString();

/**
 * Leases a message that may leave: it is `sending` before its first byte leaves, so that a crash shows. One that was
 * frozen before any platform was known belongs to this endpoint from now on. Undefined when it may not leave any more.
 */
export function lease(book: Book, guid: string, lane: LaneScope, now: string): MessageRecord | undefined {
  return book.transaction(() => {
    const due = book
      .prepare(`SELECT 1 FROM message m WHERE m.guid = @guid AND ${mayLeave} AND NOT ${isBlocked}`)
      .get({ ...laneParams(lane), guid, now });
    if (due === undefined) return undefined;
    const row = book
      .prepare(
        `UPDATE message SET attempts = attempts + 1, lease_until = ?, endpoint = coalesce(endpoint, ?) WHERE guid = ? RETURNING attempts`,
      )
      .get(leaseEnd(now), lane.endpoint, guid) as { attempts: number };
    moveMessage(book, guid, 'lease', now, { attempt: row.attempts });
    return requireMessage(book, guid);
  });
}

/** How an attempt or an enquiry ended. */
export interface Settlement {
  readonly event: 'deliver' | 'postpone' | 'lose' | 'find' | 'miss' | 'refuse';
  readonly at: string;
  /** When the next attempt may be made, for what is not over. */
  readonly nextAttemptAt?: string;
  readonly error?: string;
  /** The platform's words about a refusal, shown on the documents. */
  readonly info?: string;
  /** JSON of the platform's transport receipt. */
  readonly transportReceipt?: string;
}

/**
 * Writes down how an attempt or an enquiry ended. Another process or a receipt may have moved the message meanwhile:
 * then what is known for certain still counts (`deliver` and `find` make it sent), and the rest is dropped.
 */
export function settle(book: Book, guid: string, how: Settlement): MessageState {
  return book.transaction(() => {
    const { state } = requireMessage(book, guid);
    const event = messageMachine.can(state, how.event) ? how.event : certain(state, how.event);
    if (event !== undefined) {
      moveMessage(book, guid, event, how.at, how.error === undefined ? {} : { error: how.error });
      if (event === 'refuse') explainRefusal(book, guid, how.error ?? '', how.info ?? '');
    }
    book
      .prepare(
        `UPDATE message SET lease_until = NULL, last_error = ?, next_attempt_at = coalesce(?, next_attempt_at), waits_since = ?,
           transport_receipt = coalesce(?, transport_receipt),
           sent_at = CASE WHEN state = 'sent' THEN coalesce(sent_at, ?) ELSE sent_at END WHERE guid = ?`,
      )
      .run(how.error ?? null, how.nextAttemptAt ?? null, how.at, how.transportReceipt ?? null, how.at, guid);
    return requireMessage(book, guid).state;
  });
}

function certain(state: MessageState, event: Settlement['event']): MessageEvent | undefined {
  if (event !== 'deliver' && event !== 'find') return undefined;
  if (state === 'unknown') return 'find';
  return messageMachine.can(state, 'hear') ? 'hear' : undefined;
}

function explainRefusal(book: Book, guid: string, code: string, info: string): void {
  book
    .prepare(
      `UPDATE document SET status_info = ? WHERE message_guid = ? AND state = 'rejected' AND status_code IS NULL`,
    )
    .run(info === '' ? code : `${code} ${info}`.slice(0, 1000), guid);
}

/** A business receipt came for it: it was stored, whatever became of the reply. @returns whether that was news */
export function hear(book: Book, guid: string, at: string): boolean {
  const { state } = requireMessage(book, guid);
  if (!messageMachine.can(state, 'hear')) return false;
  moveMessage(book, guid, 'hear', at);
  book
    .prepare('UPDATE message SET lease_until = NULL, last_error = NULL, sent_at = coalesce(sent_at, ?) WHERE guid = ?')
    .run(at, guid);
  return true;
}

/**
 * Turns `sending` whose lease is over into `unknown`; one that lasts longer than any can is of a clock that was put back since. With `everything` also the others: at a start nobody else can hold
 * them, and if a second process does, an enquiry and a resend of the same bytes do no harm.
 */
export function recoverLeases(book: Book, now: string, everything: boolean): number {
  return book.transaction(() => {
    const rows = book
      .prepare(
        `SELECT guid FROM message WHERE state = 'sending' AND (? = 1 OR lease_until IS NULL OR lease_until <= ? OR lease_until > ?) ORDER BY seq`,
      )
      .all(everything ? 1 : 0, now, leaseEnd(now)) as { guid: string }[];
    for (const { guid } of rows) {
      moveMessage(book, guid, 'expire', now);
      book
        .prepare('UPDATE message SET lease_until = NULL, next_attempt_at = ?, waits_since = ? WHERE guid = ?')
        .run(now, now, guid);
    }
    return rows.length;
  });
}

/** Messages whose fate an endpoint is to be asked for, oldest first. */
export function dueEnquiries(book: Book, now: string, endpoint: string): MessageRecord[] {
  const rows = book
    .prepare(
      `SELECT ${columns} FROM message m WHERE m.state = 'unknown' AND ${isDue}
         AND (m.endpoint IS NULL OR m.endpoint = @endpoint) AND NOT ${isDisputed} ORDER BY m.seq`,
    )
    .all({ now, endpoint }) as MessageRow[];
  return rows.map(fromRow);
}

/** A click or evidence that the platform is back: whatever waits out a back-off is due now. */
export function bringForward(book: Book, now: string, only?: readonly string[]): void {
  book
    .prepare(
      `UPDATE message SET next_attempt_at = @now, waits_since = @now WHERE state IN ('queued','unknown') AND next_attempt_at > @now
         AND (@only IS NULL OR guid IN (SELECT value FROM json_each(@only)))`,
    )
    .run({ now, only: only === undefined ? null : JSON.stringify(only) });
}

/** When a lane has something to try next; undefined when all it has waits for something else than time. The soonest that is free ends the search. */
export function nextAttemptAt(book: Book, lane: LaneScope): string | undefined {
  const row = book
    .prepare(
      `SELECT min(at) AS at FROM (
         SELECT min(m.next_attempt_at) AS at FROM message m WHERE m.state = 'unknown' AND ${isOfLane} AND NOT ${isDisputed}
         UNION ALL SELECT * FROM (SELECT m.next_attempt_at FROM (
           SELECT m.guid, m.kind, m.next_attempt_at FROM message m
             WHERE m.state = 'queued' AND ${isOfLane} AND m.held_at IS NULL AND m.unfit_at IS NULL ORDER BY m.next_attempt_at LIMIT -1) m
           WHERE NOT ${isBlocked} LIMIT 1))`,
    )
    .get(laneParams(lane)) as { at: string | null };
  return row.at ?? undefined;
}

/** How many messages each endpoint still has to take; under the empty text those of none. */
export function queuedByEndpoint(book: Book): Map<string, number> {
  const rows = book
    .prepare(
      `SELECT coalesce(endpoint, '') AS endpoint, count(*) AS n FROM message WHERE state IN ('queued','sending','unknown') GROUP BY 1`,
    )
    .all() as { endpoint: string; n: number }[];
  return new Map(rows.map(({ endpoint, n }) => [endpoint, n]));
}

/** How much is where, from the kept tallies. */
export function outboxCounts(book: Book): {
  unsigned: number;
  queued: number;
  awaitingReceipt: number;
  rejected: number;
} {
  const rows = book
    .prepare(`SELECT area, state, n FROM tally WHERE area IN ('message','document') AND n > 0`)
    .all() as {
    area: string;
    state: string;
    n: number;
  }[];
  let unsigned = 0;
  let queued = 0;
  let awaitingReceipt = 0;
  let rejected = 0;
  for (const { area, state, n } of rows) {
    if (area === 'message') {
      if (state === 'unsigned') unsigned = n;
      if (state === 'queued' || state === 'sending' || state === 'unknown') queued += n;
      continue;
    }
    const [kind, of] = state.split(':');
    // A list is through when it is released, the papers before it when they are accepted.
    if (of === 'sent' || (of === 'accepted' && kind === 'CEB603Message')) awaitingReceipt += n;
    if (of === 'rejected') rejected += n;
  }
  return { unsigned, queued, awaitingReceipt, rejected };
}

/**
 * Messages that wait only because a paper their list answers to was sent back: with the documents that are stuck. A list
 * that is out of date is stuck as well: it must not be frozen anew as it is. What was exported may have been handed in.
 */
export function messagesToRegroup(book: Book): { guid: string; stuck: number[]; free: number[] }[] {
  const stuckState = `(s.state = 'rejected' OR (s.state IN ('draft','checked') AND s.version > 1))`;
  const messages = book
    .prepare(
      `SELECT m.guid FROM message m WHERE m.state = 'queued' AND m.attempts = 0 AND m.kind = 'CEB603Message'
         AND NOT ${isExported} AND EXISTS (SELECT 1 ${blockers} AND ${stuckState})
         AND NOT EXISTS (SELECT 1 ${blockers} AND NOT ${stuckState}) ORDER BY m.seq`,
    )
    .all() as { guid: string }[];
  return messages.map(({ guid }) => {
    const rows = book
      .prepare(
        `SELECT md.document_id AS id, (d.stale = 1 OR EXISTS (
           SELECT 1 FROM document s WHERE s.order_id = d.order_id AND s.kind IN ('CEB303Message','CEB403Message','CEB505Message')
             AND ${stuckState})) AS stuck
         FROM message_document md JOIN document d ON d.id = md.document_id WHERE md.message_guid = ? ORDER BY md.position`,
      )
      .all(guid) as { id: number; stuck: number }[];
    return {
      guid,
      stuck: rows.filter(({ stuck }) => stuck === 1).map(({ id }) => id),
      free: rows.filter(({ stuck }) => stuck === 0).map(({ id }) => id),
    };
  });
}

/** The body of a frozen document, to write it into another message. */
export function frozenBody(book: Book, id: number): Record<string, unknown> {
  const row = book.prepare('SELECT body FROM document WHERE id = ?').get(id) as { body: string } | undefined;
  if (row === undefined) throw new PortbookError('DOCUMENT_UNKNOWN', { id });
  return JSON.parse(row.body) as Record<string, unknown>;
}

/** Withdraws a message that never left; its documents are drafts again. Must run inside a transaction. */
export function withdrawMessage(book: Book, guid: string, now: string, detail: Detail = {}): number {
  const { documents } = requireMessage(book, guid);
  moveMessage(book, guid, 'withdraw', now, detail);
  book.prepare('UPDATE document SET message_guid = NULL WHERE message_guid = ?').run(guid);
  return documents;
}

/** Ids of the documents of a message, in their order. */
export function documentsInMessage(book: Book, guid: string): number[] {
  const rows = book
    .prepare('SELECT document_id AS id FROM message_document WHERE message_guid = ? ORDER BY position')
    .all(guid) as { id: number }[];
  return rows.map(({ id }) => id);
}

/** Where a document stands in a message, from 0; a message that was recovered may hold more than the book knows of. */
export function placeInMessage(book: Book, guid: string, documentId: number): number | undefined {
  const row = book
    .prepare('SELECT position FROM message_document WHERE message_guid = ? AND document_id = ?')
    .get(guid, documentId) as { position: number } | undefined;
  return row?.position;
}

/**
 * Puts other messages in the place of one, with the same documents, endpoint and priority. Must run inside a transaction.
 * @param mustSign they have to be signed, whether the one before was or not
 */
export function requeueMessage(
  book: Book,
  guid: string,
  parts: readonly Pick<EnqueuedMessage, 'guid' | 'bytes' | 'documentIds'>[],
  mustSign: boolean,
  now: string,
): void {
  const { kind, endpoint, priority, heldAt, checkedWith: with_, unfitAt } = requireMessage(book, guid);
  const checkedWith = unfitAt === undefined ? with_ : '';
  const before = book.prepare('SELECT signature_kind AS kind FROM message WHERE guid = ?').get(guid) as {
    kind: string;
  };
  const signatureKind = before.kind === 'none' && !mustSign ? 'none' : 'pending';
  moveMessage(book, guid, 'regroup', now, { messages: parts.length });
  book.prepare('UPDATE document SET message_guid = NULL WHERE message_guid = ?').run(guid);
  for (const part of parts) {
    const { seq } = enqueueMessage(book, { ...part, kind, signatureKind, endpoint, checkedWith, now });
    book.prepare('UPDATE message SET priority = ?, held_at = ? WHERE seq = ?').run(priority, heldAt ?? null, seq);
  }
}

/** Drafts that were checked and frozen a moment ago and have not been changed since. Must run inside a transaction. */
export function markChecked(book: Book, ids: readonly number[], now: string): void {
  for (const id of ids) {
    const { changes } = book
      .prepare(`UPDATE document SET state = 'checked', updated_at = ? WHERE id = ? AND state = 'draft'`)
      .run(now, id);
    if (changes !== 1) throw new PortbookError('DOCUMENT_NOT_CHECKED', { id });
    recordDocument(book, id, { from: 'draft', to: documentMachine.next('draft', 'check'), event: 'check', at: now });
  }
}

/** Whether it left for a file that may be handed in whatever a platform says to an attempt. */
export function wasHandedOver(book: Book, guid: string): boolean {
  return (
    book
      .prepare(`SELECT 1 FROM transition WHERE subject = 'message' AND subject_id = ? AND event = 'export' LIMIT 1`)
      .get(guid) !== undefined
  );
}

/** Whether it may have reached the platform: by an attempt, or by hand. */
export function mayHaveLeft(book: Book, guid: string): boolean {
  const { state } = requireMessage(book, guid);
  if (state !== 'queued' && state !== 'unsigned') return true;
  const row = book
    .prepare(
      `SELECT 1 FROM transition WHERE subject = 'message' AND subject_id = ? AND event IN ('lose','expire','doubt','export') LIMIT 1`,
    )
    .get(guid);
  return row !== undefined;
}

/**
 * Notes that a queued message is about to be written to a file: from now on it may have been handed in, so that it can
 * no longer be withdrawn or regrouped. It belongs to `endpoint` from now on where it belonged to none: by another it would be filed twice.
 * @returns false when it is no longer queued
 */
export function markExported(book: Book, guid: string, at: string, endpoint?: string): boolean {
  return book.transaction(() => {
    const { state } = requireMessage(book, guid);
    if (state !== 'queued') return false;
    book.prepare('UPDATE message SET endpoint = coalesce(endpoint, ?) WHERE guid = ?').run(endpoint ?? null, guid);
    recordMessage(book, guid, state, state, 'export', at, {});
    return true;
  });
}

/** GUIDs of messages of these kinds that wait to be sent, and that nobody asked to be signed, in the order they were queued. */
export function queuedWithoutSignature(book: Book, kinds: readonly string[]): string[] {
  const rows = book
    .prepare(
      `SELECT guid FROM message WHERE state = 'queued' AND signature_kind = 'none'
         AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq`,
    )
    .all(JSON.stringify(kinds)) as { guid: string }[];
  return rows.map(({ guid }) => guid);
}

/** What is queued, for carrying by hand, in the order of sending. */
export function queuedMessages(book: Book): MessageRecord[] {
  const rows = book
    .prepare(`SELECT ${columns} FROM message m WHERE m.state = 'queued' ORDER BY ${rank}, m.seq`)
    .all() as MessageRow[];
  return rows.map(fromRow);
}

/** Notes what a message was checked with, and whether it passed: what did not waits. Its bytes stay what they are. */
export function noteCheck(book: Book, guid: string, checkedWith: string, isFit: boolean, at: string): void {
  book.transaction(() => {
    const { state } = requireMessage(book, guid);
    book
      .prepare('UPDATE message SET checked_with = ?, unfit_at = ? WHERE guid = ?')
      .run(checkedWith, isFit ? null : at, guid);
    recordMessage(book, guid, state, state, isFit ? 'fit' : 'unfit', at, { versions: checkedWith });
  });
}

/** Lets what failed with other tables or rules than those in force be checked anew. */
export function forgetOldChecks(book: Book, inForce: string): void {
  book.prepare('UPDATE message SET unfit_at = NULL WHERE unfit_at IS NOT NULL AND checked_with <> ?').run(inForce);
}

/** How many wait because they no longer pass the check. */
export function unfitMessages(book: Book): number {
  const row = book
    .prepare(`SELECT count(*) AS n FROM message WHERE unfit_at IS NOT NULL AND state IN ('unsigned','queued')`)
    .get() as { n: number };
  return row.n;
}

/** Messages that may be at the platform without our knowing: another endpoint must not be asked about them. */
export function undecidedMessages(book: Book): number {
  const row = book
    .prepare(`SELECT coalesce(sum(n), 0) AS n FROM tally WHERE area = 'message' AND state IN ('sending','unknown')`)
    .get() as { n: number };
  return row.n;
}
