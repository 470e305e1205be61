import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bareHost } from '../../../electron/core/core.ts';
import { deviceKey } from '../../../electron/core/keys/device-key.ts';
import { keyByRecovery, readKeyFile } from '../../../electron/core/keys/key-file.ts';
import { verify as verifySignature } from '../../../electron/core/keys/verify-signature.ts';
import { httpTransport } from '../../../electron/core/outbox/http-transport.ts';
import { type Book, keyFile, openBook } from '../../../electron/core/store/book.ts';
import { messageBytes } from '../../../electron/core/store/messages.ts';
import type { SignatureKey } from '../../../shared/documents/signature-profiles.ts';
import { type DocumentEvent, type DocumentState, documentMachine } from '../../../shared/sync/document-states.ts';
import { type MessageEvent, type MessageState, messageMachine } from '../../../shared/sync/message-states.ts';
import type { Outcome, Statistics } from '../../../shared/sync/protocol.ts';
import { type RoadEndpoints, type RoadName, roads } from './roads.ts';

/** What is there at the end, counted. */
export interface Found {
  readonly messages: number;
  /** Of these, taken back before they left. */
  readonly withdrawn: number;
  /** Of these, put into FailBox by the import client; their papers left anew. */
  readonly failed: number;
  /** Messages at the platform by the way they went, and of these those with a good signature, by key. */
  readonly roads: Readonly<Record<RoadName, { messages: number; receipts: number } & Record<SignatureKey, number>>>;
  readonly documents: number;
  readonly receipts: number;
  /** Moves of messages and documents, each one of the tables'. */
  readonly moves: number;
  readonly resends: number;
  /** The messages whose answer was lost at least once. */
  readonly enquired: number;
}

/** Recorded besides the moves of the table: the state stays. */
const besides: ReadonlySet<string> = new Set(['export', 'fit', 'unfit']);

/**
 * Asks until it is answered: a busy machine may be late with one of ten thousand answers, and on a fast one so many questions are more than
 * a platform takes of one enterprise in a minute; it says when it takes the next.
 */
async function patiently<T>(ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  let answer = await ask();
  for (let again = 0; again < 5 && answer.kind === 'retryable'; again++) {
    await delay(answer.retryAfterMs);
    answer = await ask();
  }
  return answer;
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/**
 * After a storm: every message that the desk called queued is at the platform exactly once with these bytes, every receipt is in the book,
 * states only moved as the tables allow, and the audit chain holds. Throws with the first that does not.
 */
export async function verify(
  home: string,
  made: { readonly recoveryKey: string },
  at: {
    readonly url: string;
    readonly statistics: Statistics;
    readonly queued: ReadonlySet<string>;
    readonly endpoints: RoadEndpoints;
    /** The receipts that were given by folders and by hand: each as its endpoint knows it. */
    readonly given: Readonly<Record<'folder' | 'carry', ReadonlySet<string>>>;
    /** How often these two handed a message on that they had handed on before. */
    readonly handedOnAgain: number;
  },
): Promise<Found> {
  const [name = ''] = readdirSync(path.join(home, 'books'));
  const folder = path.join(home, 'books', name);
  const book = openBook(folder, keyByRecovery(readKeyFile(path.join(folder, keyFile)), made.recoveryKey), {});
  try {
    const all = <T>(sql: string): T[] => book.prepare(sql).all() as T[];
    demand(JSON.stringify(all('PRAGMA integrity_check')) === '[{"integrity_check":"ok"}]', 'the book is damaged');
    demand(all('PRAGMA foreign_key_check').length === 0, 'a row points nowhere');
    demand(book.verifyAudit().intact, 'the audit chain is broken');

    const messages = all<Kept>(
      `SELECT guid, sha256, state, documents, signature_kind AS signatureKind, coalesce(endpoint, '') AS endpoint, last_error AS error FROM message`,
    );
    const byGuid = new Map(messages.map((one) => [one.guid, one]));
    for (const guid of at.queued) demand(byGuid.has(guid), `${guid} was called queued and is lost`);
    const failed = messages.filter(({ state }) => state === 'refused');
    for (const { guid, error, endpoint } of failed)
      demand(error === 'CLIENT_FAILED' && endpoint === at.endpoints.folder, `${guid} was refused: ${error}`);
    const kept = messages.filter(({ state }) => state !== 'withdrawn' && state !== 'refused');
    for (const { guid, state } of kept) demand(state === 'sent', `${guid} is ${state}`);

    const signer = await deviceKey(book, bareHost);
    const transport = httpTransport({ url: at.url, signer, now: () => new Date().toISOString() });
    const { signal } = new AbortController();
    for (const { guid, sha256, state } of messages) {
      const answer = await patiently(() => transport.enquire(guid, signal));
      demand(answer.kind === 'accepted', `${guid}: ${JSON.stringify(answer)}`);
      if (answer.kind !== 'accepted') continue;
      if (state === 'withdrawn' || state === 'refused') {
        demand(!answer.value.found, `${guid} is ${state} and at the platform`);
        continue;
      }
      demand(answer.value.found, `${guid} is not at the platform`);
      if (answer.value.found) demand(answer.value.receipt.sha256 === sha256, `${guid} is there with other bytes`);
    }
    const { statistics } = at;
    const documents = kept.reduce((sum, one) => sum + one.documents, 0);
    demand(statistics.messages === kept.length, `${statistics.messages} messages there, ${kept.length} here`);
    demand(statistics.documents === documents, `${statistics.documents} documents there, ${documents} here`);
    demand(statistics.keys === documents, 'a document is there twice');
    demand(statistics.doubleAcceptances === 0 && statistics.duplicates === 0, `twice: ${JSON.stringify(statistics)}`);
    demand(statistics.accepted === documents, `accepted ${statistics.accepted} of ${documents}`);

    // The desk sends a message again only where the platform had said that it does not know it (the answer and the message crossed on the way).
    const misses = all<{ n: number }>(
      `SELECT count(*) AS n FROM transition WHERE subject = 'message' AND event = 'miss'`,
    )[0]?.n;
    demand(
      statistics.resends <= (misses ?? 0) + at.handedOnAgain,
      `${statistics.resends} sent again, ${misses} not found, ${at.handedOnAgain} handed on again`,
    );

    const roadsFound = await verifyRoads(book, kept, at);
    const own = new Set(
      all<{ id: string }>(`SELECT platform_id AS id FROM receipt WHERE endpoint = '${at.endpoints.http}'`).map(
        ({ id }) => id,
      ),
    );
    let receipts = 0;
    for (let after = ''; ; ) {
      const page = await patiently(() => transport.receipts(after, signal));
      if (page.kind !== 'accepted') throw new Error(`no receipts: ${JSON.stringify(page)}`);
      for (const { id } of page.value.receipts) demand(own.has(id), `receipt ${id} is not in the book`);
      receipts += new Set(page.value.receipts.map(({ id }) => id)).size;
      if (page.value.receipts.length === 0) break;
      after = page.value.next;
    }
    const unread = all<{ n: number }>(`SELECT count(*) AS n FROM receipt WHERE state <> 'applied'`)[0]?.n;
    demand(unread === 0, `${unread} receipts are not applied`);
    return {
      messages: messages.length,
      withdrawn: messages.length - kept.length - failed.length,
      failed: failed.length,
      roads: roadsFound,
      documents,
      receipts,
      moves: verifyMoves(book),
      resends: statistics.resends,
      enquired:
        all<{ n: number }>(
          `SELECT count(DISTINCT subject_id) AS n FROM transition WHERE subject = 'message' AND to_state = 'unknown'`,
        )[0]?.n ?? 0,
    };
  } finally {
    book.close();
  }
}

interface Kept {
  readonly guid: string;
  readonly sha256: string;
  readonly state: string;
  readonly documents: number;
  readonly signatureKind: string;
  readonly endpoint: string;
  readonly error: string | null;
}

/** What was to be signed is, rightly; what was given by folders and by hand is in the book as theirs. */
async function verifyRoads(
  book: Book,
  kept: readonly Kept[],
  at: Parameters<typeof verify>[2],
): Promise<Found['roads']> {
  const found = {} as Record<RoadName, { messages: number; receipts: number } & Record<SignatureKey, number>>;
  for (const road of roads) {
    const endpoint = at.endpoints[road];
    const has = book.prepare('SELECT platform_id AS id FROM receipt WHERE endpoint = ?').all(endpoint) as {
      id: string;
    }[];
    const receipts = new Set(has.map(({ id }) => id));
    if (road !== 'http')
      for (const id of at.given[road]) demand(receipts.has(id), `receipt ${id} of the ${road} is not in the book`);
    found[road] = { messages: 0, receipts: receipts.size, rsa: 0, sm2: 0 };
  }
  for (const { guid, endpoint, signatureKind } of kept) {
    const road = roads.find((one) => at.endpoints[one] === endpoint);
    if (road === undefined) throw new Error(`${guid} went to ${endpoint}`);
    found[road].messages += 1;
    const text = new TextDecoder().decode(messageBytes(book, guid));
    demand(signatureKind !== 'pending', `${guid} left without its signature`);
    if (signatureKind === 'none') {
      demand(!text.includes('<ds:Signature'), `${guid} is signed and was not to be`);
      continue;
    }
    const verified = await verifySignature(text);
    if (!verified.ok) throw new Error(`${guid}: ${JSON.stringify(verified)}`);
    found[road][verified.certificate.key] += 1;
  }
  return found;
}

interface Move {
  readonly subject: 'message' | 'document';
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly event: string;
}

/** What a check finds makes a draft checked or a draft again, and is no move of the log: of an order that is taken up again the papers beside are checked too. */
function isOfCheck(from: string, to: string): boolean {
  return [from, to].every((state) => state === 'draft' || state === 'checked');
}

/** Every move is one of the tables, each begins where the last one ended, and a document is accepted, released and closed once at most. */
function verifyMoves(book: Book): number {
  const moves = book
    .prepare(
      'SELECT subject, subject_id AS id, from_state AS "from", to_state AS "to", event FROM transition ORDER BY id',
    )
    .all() as Move[];
  const standing = new Map<string, string>();
  const decided = new Set<string>();
  for (const move of moves) {
    const { subject, id, from, to, event } = move;
    const key = `${subject} ${id}`;
    const said = JSON.stringify(move);
    const last = standing.get(key);
    const isWhere = last === undefined || last === from || (subject === 'document' && isOfCheck(last, from));
    demand(isWhere, `${said} begins where it was not (${last})`);
    standing.set(key, to);
    if (besides.has(event)) {
      demand(from === to, `${said} must not move`);
      continue;
    }
    if (subject === 'message' && from === 'frozen') {
      // It comes into being: queued, or to be signed first.
      demand(last === undefined && event === 'queue' && ['queued', 'unsigned'].includes(to), `${said} is no beginning`);
      continue;
    }
    const allowed =
      subject === 'message'
        ? messageMachine.next(from as MessageState, event as MessageEvent)
        : documentMachine.next(from as DocumentState, event as DocumentEvent);
    demand(allowed === to, `${said} is not in the table`);
    if (!['accept', 'release', 'close'].includes(event)) continue;
    demand(!decided.has(`${key} ${event}`), `${said} came twice`);
    decided.add(`${key} ${event}`);
  }
  return moves.length;
}
