import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bareHost, createCore, pathGrants } from '../../electron/core/core.ts';
import { keyByRecovery, readKeyFile } from '../../electron/core/keys/key-file.ts';
import { type Book, keyFile, openBook } from '../../electron/core/store/book.ts';
import { dayOf, ORDERS_PER_BATCH, type VictimLine } from './support/batches.ts';
import { compilePrograms } from './support/bundle.ts';
import { type PlatformProcess, spawnPlatform } from './support/child.ts';
import { resourcesFolder } from './support/desk.ts';
import { settled, statisticsOf } from './support/desk-client.ts';
import { temporaryFolder } from './support/folder.ts';
import { enterprise } from './support/papers.ts';
import { randomOf } from './support/random.ts';
import { size } from './support/size.ts';

/** A short run as a test; `npm run faults` takes its time. */
const KILLS = size.isLong ? 200 : 30;
const PLATFORM_KILLS = size.isLong ? 32 : 6;
const SEED = 20261121;
/** Order, waybill, list. */
const PAPERS = 3;

const folder = temporaryFolder('sigkill');
const home = path.join(folder, 'home');
let programs: Record<string, string> = {};
let bookId = '';
let bookFolder = '';
let recoveryKey = '';
let platform: PlatformProcess | undefined;

/** What the child said was done: it must be true ever after. */
const confirmed = {
  imported: new Set<number>(),
  drafted: new Set<number>(),
  released: new Set<number>(),
  queued: new Set<string>(),
  sent: new Set<string>(),
};

beforeAll(async () => {
  programs = await compilePrograms(
    { platform: 'platform/main.ts', victim: 'tests/faults/support/victim.ts' },
    'sigkill',
  );
  const core = createCore({ home, resourcesFolder, host: bareHost, files: pathGrants });
  const made = await core.call('books.create', {
    profile: { role: 'exporter', ...enterprise, zone: '测试综试区', dxpId: 'DXPENT0000004603' },
    passphrase: 'only for tests',
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  ({ bookId, recoveryKey } = made.data);
  // So that a kill may also fall between freezing and signing.
  const signer = await core.call('signing.createPractice', { key: 'sm2' });
  if (!signer.ok) throw new Error(JSON.stringify(signer.error));
  bookFolder = core.session.book.folder;
  await core.close();
});

afterAll(async () => {
  await platform?.kill();
});

async function startPlatform(): Promise<PlatformProcess> {
  const port = platform === undefined ? 0 : Number(new URL(platform.url).port);
  platform = await spawnPlatform(programs['platform'] ?? '', path.join(folder, 'platform'), port);
  return platform;
}

interface Victim {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  onLine(listen: (line: VictimLine) => void): void;
}

function startVictim(url: string, batches: number): Victim {
  const args = [programs['victim'] ?? '', home, bookId, recoveryKey, url, String(batches)];
  const env = { ...process.env, PORTBOOK_RESOURCES: resourcesFolder };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const listeners: ((line: VictimLine) => void)[] = [];
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as VictimLine;
    keep(line);
    for (const listen of listeners) listen(line);
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the child failed: ${errors.join('')}`);
  });
  return { child, ended, onLine: (listen) => listeners.push(listen) };
}

function keep(line: VictimLine): void {
  if ('begin' in line) return;
  if ('guid' in line) confirmed[line.done].add(line.guid);
  else confirmed[line.done].add(line.batch);
}

/** Everything that must hold of a book at any moment of its life. */
function inspect(book: Book): void {
  const all = <T>(sql: string, ...values: (string | number)[]) => book.prepare(sql).all(...values) as T[];
  const count = (sql: string, day: string) => all<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, day)[0]?.n;
  const none = (sql: string) => expect(all(sql), sql).toEqual([]);
  expect(all<{ quick_check: string }>('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
  none('PRAGMA foreign_key_check');
  expect(book.verifyAudit().intact).toBe(true);

  // Nothing half done: a batch is imported whole, drafted whole, and each message is frozen with all its documents.
  const papersOf = 'document d JOIN sales_order o ON o.id = d.order_id WHERE o.order_date = ?';
  for (const { day, n, lines } of all<{ day: string; n: number; lines: number }>(
    `SELECT o.order_date AS day, count(DISTINCT o.id) AS n, count(l.id) AS lines
     FROM sales_order o LEFT JOIN order_line l ON l.order_id = o.id GROUP BY o.order_date`,
  )) {
    expect([day, n, lines]).toEqual([day, ORDERS_PER_BATCH, 2 * ORDERS_PER_BATCH]);
    expect([0, PAPERS * ORDERS_PER_BATCH]).toContain(count(papersOf, day));
  }
  none(
    'SELECT guid FROM message m WHERE documents <> (SELECT count(*) FROM message_document WHERE message_guid = m.guid)',
  );
  none(`SELECT id FROM document WHERE (message_guid IS NULL) <> (state IN ('draft','checked'))`);
  none(`SELECT d.id FROM document d JOIN message m ON m.guid = d.message_guid
        WHERE m.state IN ('queued','sending','unknown') AND d.state <> m.state`);
  none(
    `SELECT d.id FROM document d JOIN message m ON m.guid = d.message_guid WHERE m.state = 'unsigned' AND d.state <> 'queued'`,
  );
  // Signed once, with the bytes that are there; nothing on its way without a signature.
  none(`SELECT m.guid FROM message m LEFT JOIN message_signature s ON s.message_guid = m.guid
        WHERE CASE WHEN s.signed_at IS NULL THEN m.state NOT IN ('unsigned','withdrawn') ELSE m.state = 'unsigned' OR s.signed_sha256 <> m.sha256 END`);
  none(`SELECT d.id FROM document d JOIN message m ON m.guid = d.message_guid
        WHERE m.state = 'sent' AND d.state NOT IN ('sent','accepted','released','closed')`);
  none(
    `SELECT o.id FROM sales_order o WHERE (o.state = 'open') = EXISTS (SELECT 1 FROM document WHERE order_id = o.id)`,
  );

  // What is counted is what is there.
  none(
    `SELECT state FROM tally t WHERE area = 'message' AND n <> (SELECT count(*) FROM message WHERE state = t.state)`,
  );
  none(
    `SELECT state FROM tally t WHERE area = 'document' AND n <> (SELECT count(*) FROM document WHERE kind || ':' || state = t.state)`,
  );
  none(
    `SELECT state FROM tally t WHERE area = 'order' AND n <> (SELECT count(*) FROM sales_order WHERE state = t.state)`,
  );

  // The last transition of each is where it stands, and nothing was accepted, released or closed twice.
  const lastMove = (subject: string, id: string) =>
    `(SELECT to_state FROM transition WHERE subject = '${subject}' AND subject_id = ${id} ORDER BY id DESC LIMIT 1)`;
  none(`SELECT guid FROM message m WHERE state IS NOT ${lastMove('message', 'm.guid')}`);
  none(
    `SELECT id FROM document d WHERE message_guid IS NOT NULL AND state IS NOT ${lastMove('document', 'CAST(d.id AS TEXT)')}`,
  );
  none(`SELECT subject_id FROM transition WHERE subject = 'document' AND event IN ('accept','release','close')
        GROUP BY subject_id, event HAVING count(*) > 1`);

  // An order stands where its list stands, and a released one is in the books or visibly waits for its rate.
  none(`SELECT o.id FROM sales_order o JOIN document d ON d.order_id = o.id AND d.kind = 'CEB603Message'
        WHERE (o.state = 'released') <> (d.state IN ('released','closed'))`);
  none(`SELECT o.id FROM sales_order o WHERE (o.state = 'released') <>
        (EXISTS (SELECT 1 FROM pending_posting WHERE order_id = o.id) OR EXISTS (SELECT 1 FROM posting WHERE order_id = o.id))`);

  // Nothing that was confirmed is lost.
  for (const batch of confirmed.imported)
    expect(count('sales_order WHERE order_date = ?', dayOf(batch))).toBe(ORDERS_PER_BATCH);
  for (const batch of confirmed.drafted) expect(count(papersOf, dayOf(batch))).toBe(PAPERS * ORDERS_PER_BATCH);
  for (const batch of confirmed.released) {
    expect(count(`sales_order WHERE state = 'released' AND order_date = ?`, dayOf(batch))).toBe(ORDERS_PER_BATCH);
  }
  const messages = all<{ guid: string; state: string }>('SELECT guid, state FROM message');
  const states = new Map(messages.map(({ guid, state }) => [guid, state]));
  for (const guid of confirmed.queued) expect(states.has(guid)).toBe(true);
  for (const guid of confirmed.sent) expect(states.get(guid)).toBe('sent');
}

function withBook<T>(look: (book: Book) => T): T {
  const book = openBook(bookFolder, keyByRecovery(readKeyFile(path.join(bookFolder, keyFile)), recoveryKey), {});
  try {
    return look(book);
  } finally {
    book.close();
  }
}

it(`survives ${KILLS} kills with nothing half done, nothing lost and nothing filed twice`, async () => {
  const random = randomOf(SEED);
  let { url } = await startPlatform();
  // How long each takes at least: the kill falls somewhere inside. Sync is the long one, from the first lease to the last
  // booking, and so the likeliest to be hit.
  const spreadMs = { open: 60, import: 40, draft: 40, check: 60, queue: 40, sync: 500 } as const;
  const phases = ['open', 'import', 'draft', 'check', 'queue', 'queue', 'sync', 'sync', 'sync', 'sync'] as const;
  const hit: Record<string, number> = {};
  let platformKills = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const phase = phases[Math.floor(random() * phases.length)] ?? 'sync';
    const waitMs = random() * spreadMs[phase];
    const victim = startVictim(url, 1000);
    let current = 'start';
    const due = new Promise<void>((resolve) => {
      victim.onLine((line) => {
        if (!('begin' in line)) return;
        current = line.begin;
        if (line.begin === phase) resolve();
      });
    });
    await Promise.race([due, victim.ended]);
    await delay(waitMs);
    victim.child.kill('SIGKILL');
    await victim.ended;
    hit[current] = (hit[current] ?? 0) + 1;
    if (kill % Math.floor(KILLS / PLATFORM_KILLS) === 0 && platformKills < PLATFORM_KILLS) {
      await platform?.kill();
      ({ url } = await startPlatform());
      platformKills += 1;
    }
    withBook(inspect);
    expect(await statisticsOf(url)).toMatchObject({ duplicates: 0, doubleAcceptances: 0, rejected: 0 });
  }

  // Undisturbed, the work is finished, and both sides have the same documents, each once.
  const begun = withBook(
    (book) => (book.prepare('SELECT count(DISTINCT order_date) AS n FROM sales_order').get() as { n: number }).n,
  );
  await startVictim(url, Math.max(begun, 1)).ended;
  const counts = await settled(url);
  const own = withBook((book) => {
    inspect(book);
    return book
      .prepare(
        `SELECT (SELECT count(*) FROM document) AS documents, (SELECT count(*) FROM message) AS messages,
           (SELECT count(*) FROM sales_order WHERE state = 'released') AS released`,
      )
      .get();
  });
  expect(own).toEqual({ documents: counts.documents, messages: counts.messages, released: begun * ORDERS_PER_BATCH });
  expect(counts).toMatchObject({
    keys: counts.documents,
    accepted: counts.documents,
    duplicates: 0,
    doubleAcceptances: 0,
    rejected: 0,
    pending: 0,
  });
  console.log(
    `sigkill: ${KILLS} kills of the core (${JSON.stringify(hit)}), ${platformKills} of the platform; ${begun} batches, ` +
      `${counts.documents} documents, each accepted once; ${confirmed.sent.size} sent and ${confirmed.queued.size} queued ` +
      'confirmations, none lost',
  );
});
