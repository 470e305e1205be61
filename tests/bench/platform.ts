import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';
import { Client } from 'undici';
import { openStorage } from '../../platform/storage/open.ts';
import { settings } from '../../platform/storage/sqlite.ts';
import { usccCheckCharacter } from '../../shared/identity/identity.ts';
import { canonicalRequest, headerNames } from '../../shared/sync/protocol.ts';
import { settled } from '../faults/support/desk-client.ts';
import { message, type PaperKind, paper } from '../faults/support/papers.ts';
import { startPlatform } from '../fixtures/platform.ts';
import { startCluster, withoutPostgres } from '../fixtures/postgres.ts';
import { type Figure, inChild, inFolder } from './harness.ts';

/**
 * The platform under load: 200 enterprises over loopback, each of which sends its orders and its lists, waits for the last receipt of its
 * lists and begins again. First as fast as they get answers (a closed circle: 200 senders who never pause), then at half of that rate,
 * each at times of its own. Beside it the floor: the very rows that came of it, inserted in batches into empty tables of the same engine
 * with the same keys and indexes, with the same waits for the disk.
 */

const ENTERPRISES = 200;
const DOCUMENTS = 20;
const SHORT_S = 10;
/** At half the rate it runs no longer than this. */
const CALM_S = 60;
const BATCH = 1000;
/** A process may not take more, whatever comes; and once it is warm, not much more at the end than in the middle. */
const MOST_MB = 600;
const MOST_GROWTH = 1.25;
/** Before that it is not warm. */
const WARM_S = 60;
/** Stand in the templates in place of a document's number, whose last two digits count the documents of a message, and of the GUID. */
const MARK = 990_000;
const GUID_MARK = 'GUID-OF-THE-MESSAGE'.padEnd(36, '-');

/** Times in milliseconds. */
interface Times {
  readonly p50: number;
  readonly p99: number;
}

interface Phase {
  readonly documents: number;
  readonly ms: number;
  readonly puts: Times;
  readonly rounds: Times;
  /** Share of one core that the senders took, and that the platform's processes took together. */
  readonly senderCores: number;
  readonly platformCores: number;
}

interface Load {
  readonly full: Phase;
  readonly calm: Phase;
  /** Resident memory of the platform's processes at the start, in the middle and at the end of the full load, MB. */
  readonly memoryMb: readonly (readonly number[])[];
}

export async function platformFigures(minutes: number | undefined): Promise<Figure[]> {
  const seconds = minutes === undefined ? SHORT_S : minutes * 60;
  const figures = [await inFolder((folder) => sqliteFigure(folder, seconds))];
  if (withoutPostgres === undefined) figures.push(await postgresFigure(seconds));
  else process.stdout.write(`not measured on PostgreSQL: ${withoutPostgres}\n`);
  return figures;
}

async function sqliteFigure(folder: string, seconds: number): Promise<Figure> {
  const data = path.join(folder, 'platform');
  mkdirSync(data);
  const platform = await startPlatform(data);
  let load: Load;
  try {
    load = await underLoad([platform.url], seconds);
  } finally {
    await platform.kill();
  }
  const empty = path.join(folder, 'floor');
  await (await openStorage(empty, undefined)).close();
  return figureOf('SQLite, one process', load, floorOfSqlite(data, empty));
}

async function postgresFigure(seconds: number): Promise<Figure> {
  const cluster = await startCluster({ durable: true });
  try {
    const url = await cluster.database('platform');
    const platforms = [await startPlatform(url), await startPlatform(url)];
    let load: Load;
    try {
      load = await underLoad(
        platforms.map((one) => one.url),
        seconds,
      );
    } finally {
      for (const platform of platforms) await platform.kill();
    }
    const empty = await cluster.database('floor');
    await (await openStorage(undefined, empty)).close();
    return figureOf(`PostgreSQL, ${platforms.length} processes`, load, await floorOfPostgres(url, empty));
  } finally {
    cluster.stop();
  }
}

function figureOf(engine: string, { full, calm, memoryMb }: Load, floor: number): Figure {
  const times = ({ puts, rounds }: Phase) =>
    `an intake p50 ${puts.p50.toFixed(0)} p99 ${puts.p99.toFixed(0)} ms, to the last receipt p50 ${rounds.p50.toFixed(0)} p99 ${rounds.p99.toFixed(0)} ms`;
  const cores = ({ platformCores, senderCores }: Phase) =>
    `platform ${platformCores.toFixed(2)} and senders ${senderCores.toFixed(2)} cores`;
  const memory = memoryMb.map((one) => one.map((mb) => mb.toFixed(0)).join(' → ')).join(', ');
  process.stdout.write(
    `${engine}, full load: ${times(full)}; ${cores(full)}; resident memory ${memory} MB
${engine}, half of it (${rateOf(calm).toFixed(0)} documents/s): ${times(calm)}; ${cores(calm)}
`,
  );
  const ours = rateOf(full);
  const isWarm = full.ms >= 2 * WARM_S * 1000;
  const isFlat = memoryMb.every(
    ([, middle = 0, end = 0]) => end <= MOST_MB && (!isWarm || end <= middle * MOST_GROWTH),
  );
  return {
    name: `platform on ${engine}, ${ENTERPRISES} enterprises: ${full.documents} documents received and processed in ${(full.ms / 1000).toFixed(0)} s`,
    unit: 'documents/s',
    ours,
    floor,
    floorName: 'bare INSERT of the same rows',
    goal: `≥ 0.5 ×, a process at most ${MOST_MB} MB${isWarm ? `, at the end at most ${MOST_GROWTH} × the middle` : ''}`,
    isMet: ours / floor >= 0.5 && isFlat,
    peakMb: Math.max(...memoryMb.flat()),
  };
}

const rateOf = ({ documents, ms }: Phase): number => (documents * 1000) / ms;

async function underLoad(urls: readonly string[], seconds: number): Promise<Load> {
  const load = await inChild<Load>('platform-load', String(seconds), ...urls);
  const [first] = urls;
  if (first === undefined) throw new Error('no platform');
  const counts = await settled(first, 120_000);
  const sent = load.full.documents + load.calm.documents;
  if (counts.accepted !== counts.documents || counts.documents !== sent || counts.doubleAcceptances !== 0)
    throw new Error(`not every document was accepted once: ${sent} sent, ${JSON.stringify(counts)}`);
  return load;
}

/** The load itself, in a process of its own. */
export async function platformLoad(...args: string[]): Promise<void> {
  const [seconds = '', ...urls] = args;
  const ms = Number(seconds) * 1000;
  const desks = Array.from({ length: ENTERPRISES }, (_, n) => new SimulatedDesk(urls[n % urls.length] ?? '', n));
  for (const desk of desks) await desk.enrol();

  const start = await stateOf(urls);
  const middle = delay(ms / 2).then(() => stateOf(urls));
  const full = await phaseOf(desks, urls, (desk, from) => desk.runUntil(from + ms));
  const states = [start, await middle, await stateOf(urls)];

  // Each desk begins a round whenever its time has come; how late it was counts as its waiting.
  const roundMs = (ENTERPRISES * 2 * DOCUMENTS * 2000) / rateOf(full);
  const calmMs = Math.min(ms, CALM_S * 1000);
  const calm = await phaseOf(desks, urls, (desk, from, n) =>
    desk.runUntil(from + calmMs, { from: from + (roundMs * n) / ENTERPRISES, everyMs: roundMs }),
  );
  await Promise.all(desks.map((desk) => desk.close()));
  const memoryMb = urls.map((_, i) => states.map((state) => state[i]?.residentMb ?? 0));
  process.stdout.write(JSON.stringify({ full, calm, memoryMb } satisfies Load));
}

async function phaseOf(
  desks: readonly SimulatedDesk[],
  urls: readonly string[],
  run: (desk: SimulatedDesk, from: number, n: number) => Promise<void>,
): Promise<Phase> {
  const cpuS = async () => (await stateOf(urls)).reduce((sum, one) => sum + one.cpuS, 0);
  const [before, own] = [await cpuS(), process.cpuUsage()];
  const from = performance.now();
  await Promise.all(desks.map((desk, n) => run(desk, from, n)));
  const ms = performance.now() - from;
  const { user, system } = process.cpuUsage(own);
  const done = desks.map((desk) => desk.take());
  return {
    ms,
    documents: done.reduce((sum, { sent }) => sum + sent, 0),
    puts: timesOf(done.flatMap(({ puts }) => puts)),
    rounds: timesOf(done.flatMap(({ rounds }) => rounds)),
    senderCores: (user + system) / 1000 / ms,
    platformCores: ((await cpuS()) - before) / (ms / 1000),
  };
}

/** What each process of the platform says of itself. */
async function stateOf(urls: readonly string[]): Promise<{ cpuS: number; residentMb: number }[]> {
  return Promise.all(
    urls.map(async (url) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const value = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
      return { cpuS: value('process_cpu_seconds_total'), residentMb: value('process_resident_memory_bytes') / 2 ** 20 };
    }),
  );
}

function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** The bytes of a message whose numbers and GUID are written over for each sending: senders should cost little beside what is measured. */
class Template {
  readonly #bytes: Buffer;
  readonly #guidAt: number;
  readonly #numbersAt: readonly { readonly at: number; readonly index: number }[];

  constructor(kind: PaperKind, change: Readonly<Record<string, string>>) {
    const documents = Array.from({ length: DOCUMENTS }, (_, i) => paper(kind, MARK + i, change));
    this.#bytes = Buffer.from(message(kind, GUID_MARK, documents));
    // Latin letters alone stand for one byte each: places in the text are places in the bytes.
    const text = this.#bytes.toString('latin1');
    this.#guidAt = text.indexOf(GUID_MARK);
    this.#numbersAt = [...text.matchAll(/9900\d\d/g)].map((found) => ({
      at: found.index,
      index: Number(found[0]) - MARK,
    }));
  }

  /** The message with documents numbered from `first`. */
  filled(guid: string, first: number): Buffer {
    const bytes = Buffer.from(this.#bytes);
    bytes.write(guid, this.#guidAt, 'latin1');
    for (const { at, index } of this.#numbersAt) bytes.write(String(first + index).padStart(6, '0'), at, 'latin1');
    return bytes;
  }
}

class SimulatedDesk {
  readonly #client: Client;
  readonly #audience: string;
  readonly #key: KeyObject;
  readonly #publicKey: string;
  readonly #device: string;
  readonly #codes: { readonly uscc: string; readonly customsCode: string; readonly name: string };
  readonly #orders: Template;
  readonly #lists: Template;
  #puts: number[] = [];
  #rounds: number[] = [];
  #sent = 0;
  #cursor = '';
  #next = 0;

  constructor(url: string, n: number) {
    const pair = generateKeyPairSync('ed25519');
    this.#client = new Client(url);
    this.#audience = new URL(url).host;
    this.#key = pair.privateKey;
    this.#publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    this.#device = `device-load-${n}`;
    const body = `91460000MA5TE${String(n).padStart(4, '0')}`;
    const uscc = body + (usccCheckCharacter(body) ?? '');
    this.#codes = { uscc, customsCode: `460196${String(n).padStart(4, '0')}`, name: `测试企业 ${n}` };
    const change = { ebcCode: uscc, ebcName: this.#codes.name };
    this.#orders = new Template('CEB303Message', change);
    this.#lists = new Template('CEB603Message', change);
  }

  async enrol(): Promise<void> {
    const wanted = { ...this.#codes, deviceId: this.#device, publicKey: this.#publicKey };
    const { status, body } = await this.#ask('POST', '/v1/enrolments', Buffer.from(JSON.stringify(wanted)));
    if (status !== 201) throw new Error(`enrolment: ${status} ${body.toString()}`);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** What was measured since the last time. */
  take(): { readonly puts: readonly number[]; readonly rounds: readonly number[]; readonly sent: number } {
    const taken = { puts: this.#puts, rounds: this.#rounds, sent: this.#sent };
    [this.#puts, this.#rounds, this.#sent] = [[], [], 0];
    return taken;
  }

  /** Round after round, or each at its time. */
  async runUntil(end: number, times?: { readonly from: number; readonly everyMs: number }): Promise<void> {
    for (let due = times?.from ?? 0; performance.now() < end && due < end; due += times?.everyMs ?? 0) {
      await delay(Math.max(0, due - performance.now()));
      const from = times === undefined ? performance.now() : due;
      await this.#put(this.#orders, from);
      await this.#put(this.#lists, performance.now());
      this.#next += DOCUMENTS;
      await this.#released();
      this.#rounds.push(performance.now() - from);
    }
  }

  async #put(template: Template, from: number): Promise<void> {
    const guid = randomUUID().toUpperCase();
    const { status, body } = await this.#ask('PUT', `/v1/messages/${guid}`, template.filled(guid, this.#next));
    this.#puts.push(performance.now() - from);
    if (status !== 202) throw new Error(`intake: ${status} ${body.toString()}`);
    this.#sent += DOCUMENTS;
  }

  /** Reads receipts until one says that the lists are closed: no other lists of this desk are on their way. */
  async #released(): Promise<void> {
    for (;;) {
      const { status, body } = await this.#ask('GET', `/v1/receipts?after=${this.#cursor}&limit=200&wait=30`);
      if (status !== 200) throw new Error(`receipts: ${status} ${body.toString()}`);
      this.#cursor = /"next":"(\d+)"\}$/.exec(body.toString('latin1', body.length - 40))?.[1] ?? '';
      if (body.includes('>899<')) return;
    }
  }

  async #ask(
    method: 'GET' | 'POST' | 'PUT',
    at: string,
    body: Buffer = Buffer.alloc(0),
  ): Promise<{ status: number; body: Buffer }> {
    const time = new Date().toISOString();
    const sha256 = createHash('sha256').update(body).digest('hex');
    const text = canonicalRequest({ audience: this.#audience, method, path: at, time, contentSha256: sha256 });
    const signature = sign(null, Buffer.from(text), this.#key);
    const headers = {
      [headerNames.device]: this.#device,
      [headerNames.audience]: this.#audience,
      [headerNames.time]: time,
      [headerNames.contentSha256]: sha256,
      [headerNames.signature]: signature.toString('base64'),
      ...(method === 'GET' ? {} : { 'content-type': 'application/xml' }),
    };
    const answer = await this.#client.request({ method, path: at, headers, body: method === 'GET' ? null : body });
    return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
  }
}

/** Documents a second. */
function floorOfSqlite(data: string, empty: string): number {
  const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
  const open = (folder: string) =>
    new Database(path.join(folder, 'platform.sqlite'), nativeBinding === undefined ? {} : { nativeBinding });
  const [from, to] = [open(data), open(empty)];
  for (const one of settings) to.pragma(one);
  let ms = 0;
  let documents = 0;
  for (const table of ['enterprise', 'message', 'document', 'receipt']) {
    const sql = `SELECT * FROM ${table}`;
    const columns = from.prepare(sql).columns().length;
    const insert = to.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`);
    const write = to.transaction((rows: readonly unknown[][]) => {
      for (const row of rows) insert.run(row);
    });
    let rows: unknown[][] = [];
    const flush = (): void => {
      const start = performance.now();
      write(rows);
      ms += performance.now() - start;
      if (table === 'document') documents += rows.length;
      rows = [];
    };
    for (const row of from.prepare(sql).raw().iterate() as IterableIterator<unknown[]>) {
      rows.push(row);
      if (rows.length === BATCH) flush();
    }
    flush();
  }
  from.close();
  to.close();
  return (documents * 1000) / ms;
}

/** Documents a second. */
async function floorOfPostgres(data: string, empty: string): Promise<number> {
  const [from, to] = [new pg.Client({ connectionString: data }), new pg.Client({ connectionString: empty })];
  await Promise.all([from.connect(), to.connect()]);
  const tables = {
    message_key: 'SELECT * FROM message_key',
    message: 'SELECT * FROM message',
    document: 'SELECT * FROM document',
    // Its rows are gone once the work is done; each document had one.
    task: `SELECT enterprise_id, message_seq, id, month, '2' AS step, 0 AS due, NULL AS since FROM document`,
    outcome: 'SELECT * FROM outcome',
    receipt: 'SELECT * FROM receipt',
  };
  let ms = 0;
  let documents = 0;
  for (const [table, sql] of Object.entries(tables)) {
    // By cursor: all rows at once may be more than memory holds.
    await from.query('BEGIN');
    await from.query(`DECLARE rows NO SCROLL CURSOR FOR ${sql}`);
    const types = await to.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum`,
      [table],
    );
    const typed = types.rows.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ');
    for (;;) {
      const { rows, fields } = await from.query<Record<string, unknown>>(`FETCH ${BATCH} FROM rows`);
      if (rows.length === 0) break;
      const columns = fields.map(({ name }) => rows.map((row) => row[name]));
      const start = performance.now();
      await to.query(`INSERT INTO ${table} SELECT * FROM unnest(${typed})`, columns);
      ms += performance.now() - start;
      if (table === 'document') documents += rows.length;
    }
    await from.query('COMMIT');
  }
  await Promise.all([from.end(), to.end()]);
  return (documents * 1000) / ms;
}
