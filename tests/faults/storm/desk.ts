import { randomUUID } from 'node:crypto';
import dns from 'node:dns';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { bareHost, type Core, createCore, pathGrants } from '../../../electron/core/core.ts';
import { startEngine } from '../../../electron/core/outbox/engine.ts';
import { versionsOf } from '../../../electron/core/outbox/recheck.ts';
import { findResources } from '../../../electron/core/resources.ts';
import type { Book } from '../../../electron/core/store/book.ts';
import { enqueueMessage, markChecked } from '../../../electron/core/store/messages.ts';
import type { AnyDocument } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { message, type PaperKind } from '../support/papers.ts';
import { queuePapers } from '../support/queue.ts';
import { type DeskLine, type DeskOrder, ORDERS_AT_ONCE, UNDER_WAY_AT_MOST } from './lines.ts';

/**
 * The desk of a storm: a real core that queues papers of made-up orders and synchronises for ever, wherever the one before it was cut
 * off. It is killed at any moment; what it tells is true ever after.
 */

function tell(line: DeskLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

let aheadMs = 0;
let finishAt = Number.POSITIVE_INFINITY;
let isDnsDown = false;
let isTimed = false;
let isCalm = false;

const now = (): string => new Date(Date.now() + aheadMs).toISOString();

/** Names are looked up as ever, or the name server does not answer. */
const lookUp = dns.lookup;
dns.lookup = ((...args: Parameters<typeof lookUp>) => {
  const callback = args.at(-1) as (error: Error) => void;
  if (!isDnsDown) return lookUp(...args);
  const error = Object.assign(new Error(`getaddrinfo EAI_AGAIN ${args[0]}`), {
    code: 'EAI_AGAIN',
    errno: -3001,
    syscall: 'getaddrinfo',
    hostname: args[0],
  });
  setImmediate(() => callback(error));
}) as typeof lookUp;

function obey(order: DeskOrder): void {
  if ('aheadMs' in order) ({ aheadMs } = order);
  else if ('dns' in order) isDnsDown = order.dns === 'down';
  else if ('timed' in order) isTimed = order.timed;
  else if ('calm' in order) isCalm = true;
  else ({ finishAt } = order);
}

/** How long a timer is left to itself; then it is asked all the same: a circuit that is open for minutes teaches nothing more. */
const TIMED_MS = 10_000;

/** Papers that were taken back are queued anew under another GUID, wherever the desk was cut off in between. @returns the GUIDs */
function queueDrafts(book: Book, checkedWith: string): string[] {
  return book.transaction(() => {
    const drafts = book
      .prepare(`SELECT id, kind, body FROM document WHERE state = 'draft' ORDER BY id LIMIT 50`)
      .all() as {
      id: number;
      kind: PaperKind;
      body: string;
    }[];
    return drafts.map(({ id, kind, body }) => {
      const guid = randomUUID().toUpperCase();
      markChecked(book, [id], now());
      const bytes = message(kind, guid, [JSON.parse(body) as AnyDocument]);
      enqueueMessage(book, { guid, kind, bytes, documentIds: [id], signatureKind: 'none', checkedWith, now: now() });
      return guid;
    });
  });
}

/** What a user does to the queue while it is being sent; whatever was held or put on hold before goes on first. */
async function steer(core: Core, round: number): Promise<void> {
  const { book } = core.session;
  await core.call('sync.pause', { paused: false });
  await core.call('outbox.steer', { which: { filter: { waiting: 'held' } }, how: 'release' });
  if (isCalm) return;
  const how = round % 7 === 2 ? 'hold' : round % 7 === 4 ? 'pause' : round % 7 === 6 ? 'withdraw' : undefined;
  if (how === undefined) return;
  const queued = (
    book.prepare(`SELECT guid FROM message WHERE state = 'queued' ORDER BY seq DESC LIMIT 3`).all() as {
      guid: string;
    }[]
  ).map(({ guid }) => guid);
  if (how === 'pause') await core.call('sync.pause', { paused: true });
  else if (queued.length === 0) return;
  else if (how === 'hold') await core.call('outbox.steer', { which: { guids: queued }, how: 'hold' });
  // What may have left is refused: that it is, and rightly so, is what is found at the end.
  else for (const guid of queued) await core.call('outbox.withdraw', { guid });
  tell({ steered: how });
}

async function main(): Promise<void> {
  const [home = '', bookId = '', recoveryKey = '', first = '[]'] = process.argv.slice(2);
  for (const order of JSON.parse(first) as DeskOrder[]) obey(order);
  const orders = createInterface({ input: process.stdin });
  orders.on('line', (line) => obey(JSON.parse(line) as DeskOrder));
  // Without the storm there is nobody to end it.
  orders.on('close', () => process.exit(1));
  const core = createCore({
    home,
    resourcesFolder: findResources(),
    host: bareHost,
    files: pathGrants,
    now,
    log: {
      info: () => undefined,
      bug: (error) => {
        tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
        return 'storm';
      },
    },
  });
  const opened = await core.call('books.open', { bookId, secret: { recoveryKey } });
  if (!opened.ok) {
    // A full disk may well keep a book shut; anything else is for the storm to judge.
    tell({ refused: opened.error.code });
    await core.close();
    process.exit(0);
  }
  tell({ opened: true });
  const { book } = core.session;
  const checkedWith = versionsOf(core.resources);
  if (isTimed)
    startEngine({
      session: core.session,
      host: bareHost,
      emit: () => undefined,
      now,
      resources: core.resources,
      // A full disk stops a run of the timer, and the next one goes on.
      onError: (error) => tell({ refused: error instanceof PortbookError ? error.code : String(error).slice(0, 100) }),
    });
  const timedUntil = performance.now() + TIMED_MS;
  const one = (sql: string): number => (book.prepare(sql).get() as { n: number }).n;
  const underWay = (): number =>
    one(
      `SELECT count(*) AS n FROM document WHERE state NOT IN ('closed') AND NOT (kind <> 'CEB603Message' AND state = 'accepted')`,
    );
  // A long synchronising gets on without coming to its end.
  const telling = setInterval(() => tell({ underWay: underWay() }), 3000);
  for (let round = 0; ; round += 1) {
    const had = one('SELECT count(*) AS n FROM sales_order');
    const more = underWay() < UNDER_WAY_AT_MOST ? Math.min(ORDERS_AT_ONCE, finishAt - had) : 0;
    const part = Array.from({ length: more }, (_, i) => had + 1 + i);
    try {
      if (part.length > 0)
        tell({ queued: book.transaction(() => queuePapers(book, now(), part, { perMessage: 1, checkedWith })) });
      const again = queueDrafts(book, checkedWith);
      if (again.length > 0) tell({ queued: again });
    } catch (error) {
      // What is not queued is not told, and comes again with the next round.
      tell({ refused: error instanceof Error && 'code' in error ? String(error.code) : String(error) });
      await delay(100);
    }
    const steering = steer(core, round);
    if (isTimed && !isCalm && performance.now() < timedUntil) {
      await steering;
      await delay(300);
      continue;
    }
    const [synced] = await Promise.all([core.call('sync.now', {}), steering]);
    if (!synced.ok) tell({ refused: synced.error.code });
    if (underWay() === 0 && one('SELECT count(*) AS n FROM sales_order') >= finishAt) break;
    if (synced.ok && synced.data.sent + synced.data.receipts === 0) await delay(50);
  }
  clearInterval(telling);
  tell({ done: one('SELECT count(*) AS n FROM message') });
  await core.close();
  process.exit(0);
}

await main();
