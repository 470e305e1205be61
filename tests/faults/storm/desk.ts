import dns from 'node:dns';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { bareHost, createCore, pathGrants } from '../../../electron/core/core.ts';
import { findResources } from '../../../electron/core/resources.ts';
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
  else ({ finishAt } = order);
}

async function main(): Promise<void> {
  const [home = '', bookId = '', recoveryKey = '', first = '{}'] = process.argv.slice(2);
  obey(JSON.parse(first) as DeskOrder);
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
  const one = (sql: string): number => (book.prepare(sql).get() as { n: number }).n;
  const underWay = (): number =>
    one(
      `SELECT count(*) AS n FROM document WHERE state NOT IN ('closed') AND NOT (kind <> 'CEB603Message' AND state = 'accepted')`,
    );
  // A long synchronising gets on without coming to its end.
  const telling = setInterval(() => tell({ underWay: underWay() }), 3000);
  for (;;) {
    const had = one('SELECT count(*) AS n FROM sales_order');
    const more = underWay() < UNDER_WAY_AT_MOST ? Math.min(ORDERS_AT_ONCE, finishAt - had) : 0;
    const part = Array.from({ length: more }, (_, i) => had + 1 + i);
    try {
      if (part.length > 0) tell({ queued: book.transaction(() => queuePapers(book, now(), part, { perMessage: 1 })) });
    } catch (error) {
      // What is not queued is not told, and comes again with the next round.
      tell({ refused: error instanceof Error && 'code' in error ? String(error.code) : String(error) });
      await delay(100);
    }
    const synced = await core.call('sync.now', {});
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
