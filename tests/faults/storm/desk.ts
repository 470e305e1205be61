import { randomUUID } from 'node:crypto';
import dns from 'node:dns';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { bareHost, type Core, createCore, pathGrants } from '../../../electron/core/core.ts';
import { readCertificate } from '../../../electron/core/keys/certificate.ts';
import { cardSetting, chooseSigning, softwareKey } from '../../../electron/core/keys/signer.ts';
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
import { CARD_PIN, isSigned, roadOf, type StormSigning, type Surroundings, signersSchema, takenIn } from './roads.ts';

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
let signing: StormSigning = 'rsa';

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
  else if ('signing' in order) ({ signing } = order);
  else ({ finishAt } = order);
}

/** How long a timer is left to itself; then it is asked all the same: a circuit that is open for minutes teaches nothing more. */
const TIMED_MS = 10_000;

/** What queues the papers of an order: its road, and whether it is signed. */
const wayOf = (order: number, { endpoints }: Surroundings) => ({
  endpoint: endpoints[roadOf(order)],
  signatureKind: isSigned(order) ? ('pending' as const) : ('none' as const),
});

/** Papers of new orders, those of one way in one go. @returns the messages' GUIDs */
function queueNew(book: Book, orders: readonly number[], checkedWith: string, around: Surroundings): string[] {
  const byWay = new Map<string, number[]>();
  for (const order of orders) {
    const way = JSON.stringify(wayOf(order, around));
    byWay.set(way, [...(byWay.get(way) ?? []), order]);
  }
  return book.transaction(() =>
    [...byWay.values()].flatMap((some) =>
      queuePapers(book, now(), some, { perMessage: 1, checkedWith, ...wayOf(some[0] ?? 0, around) }),
    ),
  );
}

/** Papers that were taken back or corrected are queued anew under another GUID, wherever the desk was cut off in between. @returns the GUIDs */
function queueDrafts(book: Book, checkedWith: string, around: Surroundings): string[] {
  return book.transaction(() => {
    const drafts = book
      .prepare(
        `SELECT d.id, d.kind, d.state, d.body, o.order_no AS orderNo FROM document d JOIN sales_order o ON o.id = d.order_id
         WHERE d.state IN ('draft','checked') ORDER BY d.id LIMIT 50`,
      )
      .all() as {
      id: number;
      kind: PaperKind;
      state: 'draft' | 'checked';
      body: string;
      orderNo: string;
    }[];
    return drafts.map(({ id, kind, state, body, orderNo }) => {
      const guid = randomUUID().toUpperCase();
      if (state === 'draft') markChecked(book, [id], now());
      const bytes = message(kind, guid, [JSON.parse(body) as AnyDocument]);
      const way = wayOf(Number(orderNo.slice(1)), around);
      enqueueMessage(book, { guid, kind, bytes, documentIds: [id], checkedWith, now: now(), ...way });
      return guid;
    });
  });
}

/** Chooses how the book signs, as its user would in the settings. */
async function chooseWay(core: Core, { signers }: Surroundings): Promise<void> {
  const all = signersSchema.parse(JSON.parse(readFileSync(signers, 'utf8')));
  const way =
    signing === 'card'
      ? { way: 'card' as const, card: cardSetting.parse(all.card) }
      : { way: 'software' as const, key: softwareKey.parse(all[signing]) };
  const certificate = way.way === 'card' ? way.card.certificate : way.key.certificatePem;
  chooseSigning(core.session.book, way, await readCertificate(certificate));
}

let isUserSigning = false;

/** The user presses "sign", and a card may keep him waiting; the queue goes on meanwhile. */
function sign(core: Core, round: number): void {
  const { book } = core.session;
  if (isUserSigning || book.prepare(`SELECT 1 FROM message WHERE state = 'unsigned' LIMIT 1`).get() === undefined)
    return;
  isUserSigning = true;
  void core
    .call('signing.run', signing === 'card' ? { pin: CARD_PIN, keepPin: round % 2 === 0 } : {})
    .then((run) => {
      const problem = run.ok ? run.data.problem?.code : run.error.code;
      if (problem !== undefined) tell({ refused: problem });
    })
    .finally(() => {
      isUserSigning = false;
    });
}

/** What the user does by hand: corrects what was refused, carries what waits for it to the counter, takes in what came back. */
async function byHand(core: Core, round: number, { endpoints, stick }: Surroundings): Promise<void> {
  const { book } = core.session;
  const refused = book.prepare(`SELECT id FROM document WHERE state = 'rejected' ORDER BY id LIMIT 10`).all() as {
    id: number;
  }[];
  for (const { id } of refused) {
    const revised = await core.call('documents.revise', { id });
    if (revised.ok) tell({ steered: 'revise' });
    else tell({ refused: revised.error.code });
  }
  for (const name of readdirSync(stick)) {
    if (!/^back-.*\.carry$/.test(name)) continue;
    const file = path.join(stick, name);
    const brought = await core.call('carry.import', { file });
    if (brought.ok) tell({ steered: 'bring back' });
    else tell({ refused: brought.error.code });
    const isDamaged = !brought.ok && /^CARRY_(FILE|SIGNATURE)/.test(brought.error.code);
    if (isDamaged) renameSync(file, `${file}.refused`);
    // Now and then it is taken in once more the next time.
    else if (brought.ok && (isCalm || round % 4 !== 0)) renameSync(file, file + takenIn);
  }
  // One stick: what is on it is taken to the counter first.
  if (round % 3 !== 0 || readdirSync(stick).some((name) => /^out-.*\.carry$/.test(name))) return;
  const to = path.join(stick, `out-${process.pid}-${round}.carry`);
  const written = await core.call('carry.export', { to, endpoint: endpoints.carry });
  if (written.ok) tell({ steered: 'carry' });
  else if (written.error.code !== 'CARRY_NOTHING') tell({ refused: written.error.code });
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
  const [home = '', bookId = '', recoveryKey = '', first = '[]', surroundings = '{}'] = process.argv.slice(2);
  const around = JSON.parse(surroundings) as Surroundings;
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
  try {
    await chooseWay(core, around);
  } catch (error) {
    // A full disk keeps the settings as they are.
    tell({ refused: error instanceof Error && 'code' in error ? String(error.code) : String(error) });
  }
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
      `SELECT count(*) AS n FROM document WHERE state NOT IN ('closed','superseded') AND NOT (kind <> 'CEB603Message' AND state = 'accepted')`,
    );
  // A long synchronising gets on without coming to its end.
  const telling = setInterval(() => tell({ underWay: underWay() }), 3000);
  for (let round = 0; ; round += 1) {
    const had = one('SELECT count(*) AS n FROM sales_order');
    const more = underWay() < UNDER_WAY_AT_MOST ? Math.min(ORDERS_AT_ONCE, finishAt - had) : 0;
    const part = Array.from({ length: more }, (_, i) => had + 1 + i);
    try {
      if (part.length > 0) tell({ queued: queueNew(book, part, checkedWith, around) });
      const again = queueDrafts(book, checkedWith, around);
      if (again.length > 0) tell({ queued: again });
    } catch (error) {
      // What is not queued is not told, and comes again with the next round.
      tell({ refused: error instanceof Error && 'code' in error ? String(error.code) : String(error) });
      await delay(100);
    }
    sign(core, round);
    const steering = steer(core, round).then(() => byHand(core, round, around));
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
