import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { QueueFilter, QueueSelection } from '../../../shared/contract/outbox.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import {
  blockers,
  columns,
  fromRow,
  importBlockers,
  isBlocked,
  isDisputed,
  isDue,
  type MessageRecord,
  type MessageRow,
  requireMessage,
  summaryBlockers,
} from './messages.ts';

/** The queue (待发) as its user reads and steers it. */

export interface QueuedMessage extends MessageRecord {
  readonly queuedAt: string;
  readonly sentAt: string | undefined;
  readonly isBlocked: boolean;
  /** Number of the first message it waits for. */
  readonly waitsFor: number | undefined;
  readonly isDisputed: boolean;
}

interface Row extends MessageRow {
  queued_at: string;
  sent_at: string | null;
  blocked: number;
  waits_for: number | null;
  disputed: number;
}

const queueColumns = `${columns}, m.queued_at, m.sent_at,
  CASE WHEN m.state = 'queued' THEN ${isBlocked} ELSE 0 END AS blocked,
  CASE WHEN m.state = 'queued' THEN (SELECT min(p.seq) FROM message p WHERE p.guid IN (
    SELECT s.message_guid ${blockers} UNION ALL SELECT s.message_guid ${importBlockers}
    UNION ALL SELECT s.message_guid ${summaryBlockers})) END AS waits_for,
  CASE WHEN m.state = 'unknown' THEN ${isDisputed} ELSE 0 END AS disputed`;

function queuedOf(row: Row): QueuedMessage {
  return {
    ...fromRow(row),
    queuedAt: row.queued_at,
    sentAt: row.sent_at ?? undefined,
    isBlocked: row.blocked === 1,
    waitsFor: row.waits_for ?? undefined,
    isDisputed: row.disputed === 1,
  };
}

const waitingWhere: Readonly<Record<NonNullable<QueueFilter['waiting']>, string>> = {
  due: `m.state = 'queued' AND m.held_at IS NULL AND m.unfit_at IS NULL AND ${isDue} AND NOT ${isBlocked}`,
  dependency: `m.state = 'queued' AND ${isBlocked}`,
  backoff: `m.state IN ('queued','unknown') AND NOT ${isDue}`,
  held: `m.state IN ('unsigned','queued') AND m.held_at IS NOT NULL`,
  unfit: `m.state IN ('unsigned','queued') AND m.unfit_at IS NOT NULL`,
  disputed: `m.state = 'unknown' AND ${isDisputed}`,
};

/** Condition and its parameters. Statements differ only by which parts a filter has, so that few are kept. */
function whereOf(filter: QueueFilter, now: string): { where: string; params: Record<string, string | number> } {
  const parts: string[] = [];
  const params: Record<string, string | number> = {};
  if (filter.state !== undefined) {
    parts.push('m.state = @state');
    params['state'] = filter.state;
  }
  if (filter.kind !== undefined) {
    parts.push('m.kind = @kind');
    params['kind'] = filter.kind;
  }
  if (filter.endpoint !== undefined) {
    parts.push('m.endpoint = @endpoint');
    params['endpoint'] = filter.endpoint;
  }
  if (filter.waiting !== undefined) {
    const where = waitingWhere[filter.waiting];
    parts.push(`(${where})`);
    if (where.includes('@now')) params['now'] = now;
  }
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    parts.push(
      `(m.seq = @number OR m.guid LIKE @start ESCAPE '\\' OR m.guid IN (
         SELECT d.message_guid FROM document d WHERE d.message_guid IS NOT NULL AND d.business_key LIKE @part ESCAPE '\\'))`,
    );
    const part = containing(text);
    params['part'] = part;
    params['start'] = part.slice(1);
    params['number'] = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  }
  return { where: parts.length === 0 ? '1' : parts.join(' AND '), params };
}

/** A page of the queue in the order of entry, with the message each one waits for. */
export function listMessages(
  book: Book,
  filter: QueueFilter,
  page: { after: string | undefined; limit: number },
  now: string,
): { rows: QueuedMessage[]; total: number; nextCursor?: string } {
  const [after] = decodeCursor(page.after, [0]);
  const { where, params } = whereOf(filter, now);
  const rows = book
    .prepare(`SELECT ${queueColumns} FROM message m WHERE m.seq > @after AND ${where} ORDER BY m.seq LIMIT @limit`)
    .all({ ...params, after, limit: page.limit }) as Row[];
  const last = rows.at(-1);
  return {
    rows: rows.map(queuedOf),
    total: countMessages(book, filter, now),
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.seq]) } : {}),
  };
}

function countMessages(book: Book, filter: QueueFilter, now: string): number {
  const { kind, endpoint, waiting, text } = filter;
  // By state alone the tallies know.
  if (kind === undefined && endpoint === undefined && waiting === undefined && (text ?? '').trim() === '') {
    const { n } = book
      .prepare(`SELECT coalesce(sum(n), 0) AS n FROM tally WHERE area = 'message' AND (? = '' OR state = ?)`)
      .get(filter.state ?? '', filter.state ?? '') as { n: number };
    return n;
  }
  const { where, params } = whereOf(filter, now);
  return (book.prepare(`SELECT count(*) AS n FROM message m WHERE ${where}`).get(params) as { n: number }).n;
}

/** A message as the queue shows it. Throws `MESSAGE_UNKNOWN`. */
export function queuedMessage(book: Book, guid: string): QueuedMessage {
  requireMessage(book, guid);
  return queuedOf(book.prepare(`SELECT ${queueColumns} FROM message m WHERE m.guid = ?`).get(guid) as Row);
}

/** GUIDs of what a selection names, in the order of entry; those that are not in the book are left out. */
export function selectedMessages(book: Book, which: QueueSelection, now: string): string[] {
  const { where, params } =
    'guids' in which
      ? { where: 'm.guid IN (SELECT value FROM json_each(@guids))', params: { guids: JSON.stringify(which.guids) } }
      : whereOf(which.filter, now);
  const rows = book.prepare(`SELECT m.guid FROM message m WHERE ${where} ORDER BY m.seq`).all(params);
  return (rows as { guid: string }[]).map(({ guid }) => guid);
}

/** Documents of the same orders that have to be further along before a message may leave. */
export function blockersOf(
  book: Book,
  guid: string,
  limit: number,
): { id: number; kind: RequestName; businessKey: string; state: DocumentState; seq: number | undefined }[] {
  const rows = book
    .prepare(
      `SELECT o.id, o.kind, o.business_key AS businessKey, o.state, p.seq FROM document o LEFT JOIN message p ON p.guid = o.message_guid
       WHERE o.id IN (SELECT b.value FROM message m, json_each((SELECT json_group_array(id) FROM (
         SELECT s.id AS id ${blockers} UNION ALL SELECT s.id AS id ${importBlockers} UNION ALL SELECT s.id AS id ${summaryBlockers}))) b WHERE m.guid = @guid)
       ORDER BY o.id LIMIT @limit`,
    )
    .all({ guid, limit }) as {
    id: number;
    kind: RequestName;
    businessKey: string;
    state: DocumentState;
    seq: number | null;
  }[];
  return rows.map((row) => ({ ...row, seq: row.seq ?? undefined }));
}

/** The documents of a message as they stand now. */
export function contentsOf(
  book: Book,
  guid: string,
): { id: number; kind: RequestName; businessKey: string; state: DocumentState }[] {
  return book
    .prepare(
      `SELECT d.id, d.kind, d.business_key AS businessKey, d.state FROM message_document md JOIN document d ON d.id = md.document_id
       WHERE md.message_guid = ? ORDER BY md.position`,
    )
    .all(guid) as { id: number; kind: RequestName; businessKey: string; state: DocumentState }[];
}

type Detail = OutputOf<'outbox.get'>;

export function timelineOfMessage(book: Book, guid: string): Detail['timeline'] {
  const rows = book
    .prepare(
      `SELECT at, from_state AS "from", to_state AS "to", event, detail FROM transition WHERE subject = 'message' AND subject_id = ? ORDER BY id`,
    )
    .all(guid) as { at: string; from: string; to: string; event: string; detail: string }[];
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, string | number> }));
}

/** Hash and signature of the frozen bytes. */
export function sealOf(book: Book, guid: string): { sha256: string; signatureKind: string } {
  return book.prepare('SELECT sha256, signature_kind AS signatureKind FROM message WHERE guid = ?').get(guid) as {
    sha256: string;
    signatureKind: string;
  };
}

/** Holds queued messages, or lets them go. @returns how many changed */
export function holdMessages(book: Book, guids: readonly string[], heldAt: string | undefined): number {
  if (heldAt === undefined) return releaseMessages(book, guids);
  return book
    .prepare(
      `UPDATE message SET held_at = @at WHERE guid IN (SELECT value FROM json_each(@guids)) AND state IN ('unsigned','queued') AND held_at IS NULL`,
    )
    .run({ at: heldAt, guids: JSON.stringify(guids) }).changes;
}

/** What the check held is checked once more before it leaves: what the book says may have changed since. */
function releaseMessages(book: Book, guids: readonly string[]): number {
  return book
    .prepare(
      `UPDATE message SET held_at = NULL, unfit_at = NULL, checked_with = iif(unfit_at IS NULL, checked_with, '')
       WHERE guid IN (SELECT value FROM json_each(?)) AND state IN ('unsigned','queued') AND (held_at IS NOT NULL OR unfit_at IS NOT NULL)`,
    )
    .run(JSON.stringify(guids)).changes;
}

/**
 * Puts queued messages sooner or later. With what is put sooner goes what it waits for, or it would gain nothing.
 * @returns how many of those named changed
 */
export function prioritise(book: Book, guids: readonly string[], priority: -1 | 0 | 1 | 2): number {
  const named = JSON.stringify(guids);
  const { changes } = book
    .prepare(
      `UPDATE message SET priority = @priority WHERE guid IN (SELECT value FROM json_each(@named)) AND state IN ('unsigned','queued') AND priority <> @priority`,
    )
    .run({ priority, named });
  if (priority > 0)
    book
      .prepare(
        `UPDATE message SET priority = @priority WHERE state IN ('unsigned','queued') AND priority < @priority AND guid IN (
           SELECT s.message_guid FROM message m JOIN message_document md ON md.message_guid = m.guid JOIN document d ON d.id = md.document_id
             JOIN document s ON s.order_id = d.order_id WHERE m.guid IN (SELECT value FROM json_each(@named))
           UNION ALL SELECT s.message_guid FROM (SELECT guid, kind FROM message WHERE guid IN (SELECT value FROM json_each(@named))) m
             JOIN json_each((SELECT json_group_array(s.id) ${importBlockers})) b JOIN document s ON s.id = b.value
           UNION ALL SELECT s.message_guid FROM (SELECT guid, kind FROM message WHERE guid IN (SELECT value FROM json_each(@named))) m
             JOIN json_each((SELECT json_group_array(s.id) ${summaryBlockers})) b JOIN document s ON s.id = b.value)`,
      )
      .run({ priority, named });
  return changes;
}
