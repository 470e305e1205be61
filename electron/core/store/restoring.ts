import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { Book } from './book.ts';
import { currentEndpoint, type Endpoint, listEndpoints } from './endpoints.ts';

/**
 * A book brought back from a copy: when, whom it has heard since, and of which drafts only a person can say whether they left.
 *
 * What left after a copy was made is in no queue of it: messages that the book does not have, with documents that are drafts here. The
 * platform's list of what it was sent tells their GUIDs, or the receipts about them do, and the platform what stands in them. Until an
 * endpoint's list and receipts have been read once, nothing is frozen for it: it would be filed twice.
 *
 * A list may be long, so it is read on from a message that the copy knew to have arrived. That one had been answered for before the copy was
 * made; what the copy does not know was frozen after that, left later still, and so stands behind it in the order of arrival. No clock is asked.
 * Any such message will do, the newest saves most. Where the platform does not know it, or what an earlier loss had left open was never read,
 * the list is read from the beginning, or on from where that loss had it read on.
 */
const restoredKeys = {
  /** When the book was last brought back from a copy. */
  at: 'sync.restored',
  /** Of when the copy was. */
  copiedAt: 'sync.restoredCopy',
  /** The last document that stood in the copy. */
  last: 'sync.restoredLast',
  /** JSON of the endpoints whose receipts have been read to their end since. */
  heard: 'sync.heard',
  /** JSON of the endpoints whose lists of messages have been read to their end since. */
  listed: 'sync.listed',
  /** JSON: up to which message, by its GUID, an endpoint's list holds nothing that the book would have to take back. */
  listedTo: 'sync.listedTo',
} as const;

/** Notes that the book is one brought back from a copy: of no endpoint it is known what lies there. */
export function noteRestored(book: Book, copiedAt: string, now: string): void {
  // What an earlier loss had left open is still to be read.
  const [isAnew, listed, before] = [wasRestored(book), idsIn(book, restoredKeys.listed), positions(book)];
  const arrived = book.prepare(
    `SELECT guid FROM message WHERE endpoint = ? AND state = 'sent' ORDER BY seq DESC LIMIT 1`,
  );
  const known = listEndpoints(book).flatMap(({ id }) => {
    const row = arrived.get(id) as { guid: string } | undefined;
    const guid = isAnew && !listed.includes(id) ? before[id] : row?.guid;
    return guid === undefined ? [] : [[id, guid] as const];
  });
  book.setSetting(restoredKeys.listedTo, JSON.stringify(Object.fromEntries(known)));
  book.setSetting(restoredKeys.listed, undefined);
  const { last } = book.prepare('SELECT coalesce(max(id), 0) AS last FROM document').get() as { last: number };
  book.setSetting(restoredKeys.at, now);
  book.setSetting(restoredKeys.copiedAt, copiedAt);
  book.setSetting(restoredKeys.last, String(last));
  book.setSetting(restoredKeys.heard, undefined);
  // What was said after an earlier loss says nothing of what left before this one.
  book
    .prepare(`DELETE FROM left_word WHERE document_id IN (SELECT id FROM document WHERE state IN ('draft','checked'))`)
    .run();
  const asked = askedOf(book);
  book
    .prepare(
      `INSERT INTO left_word (document_id, word, said_at, endpoint)
       SELECT d.id, 'asked', ?, ${targetSql} FROM document d LEFT JOIN sales_order o ON o.id = d.order_id WHERE ${asked.sql}`,
    )
    .run(now, currentEndpoint(book)?.id ?? '', ...asked.values);
}

/** When the book was last brought back from a copy; undefined: never. */
export const restoredAt = (book: Book): string | undefined => book.setting(restoredKeys.at);

/** Whether the book was ever brought back from a copy. */
export const wasRestored = (book: Book): boolean => restoredAt(book) !== undefined;

function idsIn(book: Book, key: string): readonly string[] {
  const text = book.setting(key);
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}

function positions(book: Book): Readonly<Record<string, string>> {
  const text = book.setting(restoredKeys.listedTo);
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}

/**
 * Whether documents may lie at an endpoint that are drafts here. What is carried by hand cannot be asked about. A platform that has learnt to
 * list what it was sent since its receipts were read is read once more.
 */
export function isUnheard(book: Book, endpoint: Pick<Endpoint, 'id' | 'transport' | 'capabilities'>): boolean {
  const { id, transport } = endpoint;
  if (transport === 'carry' || !wasRestored(book)) return false;
  return (
    !idsIn(book, restoredKeys.heard).includes(id) || (tells(endpoint) && !idsIn(book, restoredKeys.listed).includes(id))
  );
}

/** After which message, by its GUID, an endpoint's list is to be read on; empty: from the beginning. */
export const listedTo = (book: Book, endpoint: string): string => positions(book)[endpoint] ?? '';

/** What an endpoint lists up to a message is in the book, or none of its own. */
export function noteListedTo(book: Book, endpoint: string, guid: string): void {
  book.setSetting(restoredKeys.listedTo, JSON.stringify({ ...positions(book), [endpoint]: guid }));
}

/** All that an endpoint lists is in the book: of what may have left for it nobody has to be asked. */
export function noteListed(book: Book, endpoint: string): void {
  book.transaction(() => {
    noteIn(book, restoredKeys.listed, endpoint);
    book.prepare(`DELETE FROM left_word WHERE word = 'asked' AND endpoint = ?`).run(endpoint);
  });
}

function noteIn(book: Book, key: string, endpoint: string): void {
  const ids = idsIn(book, key);
  if (!ids.includes(endpoint)) book.setSetting(key, JSON.stringify([...ids, endpoint]));
}

/** The endpoints in use that have yet to tell what left for them; also those that the copy knows of no message for: it is old. */
export function unheardEndpoints(book: Book): Endpoint[] {
  return wasRestored(book) ? listEndpoints(book).filter((one) => !one.retired && isUnheard(book, one)) : [];
}

/** All receipts of an endpoint are in the book, and with them what left for it. */
export function noteHeard(book: Book, { id, transport }: Pick<Endpoint, 'id' | 'transport'>): void {
  if (transport !== 'carry' && wasRestored(book)) noteIn(book, restoredKeys.heard, id);
}

/**
 * Whether an endpoint tells what left for it: one that lists messages and hands them back. One that hands back only what is asked for by GUID
 * says nothing of what has no receipt yet; an import client may have cleared a file away, a stick tells nothing.
 */
const tells = ({ transport, capabilities }: Pick<Endpoint, 'transport' | 'capabilities'>): boolean =>
  transport === 'http' && capabilities?.contents === true && capabilities.arrivals === true;

/** SQL: the endpoint a draft `d` goes to, as `targetOf` has it; NULL where there is none. */
const targetSql = `coalesce((SELECT e.id FROM endpoint e WHERE e.id = d.endpoint AND e.retired_at IS NULL),
  (SELECT e.id FROM setting s JOIN endpoint e ON e.id = s.value WHERE s.key = 'sync.route:' || d.kind AND e.retired_at IS NULL), ?)`;

/**
 * Condition on `document d` joined to `sales_order o`: drafts of a book brought back from a copy that may have left before, of which nobody
 * has said whether they did. Those that a receipt speaks of whose message is nowhere; and where the endpoint cannot tell, what stood in the
 * copy, and what was drawn since of an order that is older than that.
 */
export function askedOf(book: Book): { sql: string; values: (string | number)[] } {
  const at = restoredAt(book);
  if (at === undefined) return { sql: '0', values: [] };
  const telling = listEndpoints(book).filter(tells);
  return {
    sql: `d.state IN ('draft','checked')
      AND NOT EXISTS (SELECT 1 FROM left_word w WHERE w.document_id = d.id AND w.word <> 'asked')
      AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.document_id = d.id AND c.kind = 'state')
      AND (EXISTS (SELECT 1 FROM left_word w WHERE w.document_id = d.id) OR EXISTS (SELECT 1 FROM left_before b WHERE b.kind = d.kind AND b.number = d.business_key AND b.is_refused = 0)
        OR ((d.id <= ? OR (o.created_at > ? AND o.order_date <= ?))
          AND coalesce(${targetSql}, '') NOT IN (SELECT value FROM json_each(?))))`,
    values: [
      Number(book.setting(restoredKeys.last) ?? '0'),
      at,
      chinaDate(at),
      currentEndpoint(book)?.id ?? '',
      JSON.stringify(telling.map(({ id }) => id)),
    ],
  };
}

/** Whether a draft may have left before the book was brought back, and a person has yet to say so. */
export function isAsked(book: Book, id: number): boolean {
  if (!wasRestored(book)) return false;
  const { sql, values } = askedOf(book);
  return (
    book
      .prepare(`SELECT 1 FROM document d LEFT JOIN sales_order o ON o.id = d.order_id WHERE d.id = ? AND ${sql}`)
      .get(id, ...values) !== undefined
  );
}

/** What a person said of a document of a book that was brought back from a copy. */
export function leftWord(book: Book, id: number): 'left' | 'never' | undefined {
  const row = book.prepare(`SELECT word FROM left_word WHERE document_id = ? AND word <> 'asked'`).get(id) as
    | { word: 'left' | 'never' }
    | undefined;
  return row?.word;
}

/** That the book was brought back from a copy, and what about that is still open; undefined: it never was. */
export function restoring(book: Book):
  | {
      /** When it was brought back, and of when the copy was. */
      readonly at: string;
      readonly copiedAt: string;
      /** Names of the endpoints that have yet to tell what left for them. */
      readonly unheard: string[];
      /** Drafts that may have left, and nobody but a person can say so: how many of each kind. */
      readonly asked: { kind: RequestName; documents: number }[];
    }
  | undefined {
  const at = restoredAt(book);
  if (at === undefined) return undefined;
  const { sql, values } = askedOf(book);
  const asked = book
    .prepare(
      `SELECT d.kind, count(*) AS documents FROM document d LEFT JOIN sales_order o ON o.id = d.order_id
       WHERE ${sql} GROUP BY d.kind ORDER BY d.kind`,
    )
    .all(...values) as { kind: RequestName; documents: number }[];
  return {
    at,
    copiedAt: book.setting(restoredKeys.copiedAt) ?? at,
    unheard: unheardEndpoints(book).map(({ name, url }) => name || url),
    asked,
  };
}
