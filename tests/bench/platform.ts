import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { openStorage } from '../../platform/storage/open.ts';
import { usccCheckCharacter } from '../../shared/identity/identity.ts';
import { canonicalRequest, headerNames, receiptPage } from '../../shared/sync/protocol.ts';
import { settled } from '../faults/support/desk-client.ts';
import { message, type PaperKind, paper } from '../faults/support/papers.ts';
import { startPlatform } from '../fixtures/platform.ts';
import { startCluster, withoutPostgres } from '../fixtures/postgres.ts';
import { type Figure, inChild, inFolder } from './harness.ts';

/**
 * The platform under load: 200 enterprises over loopback, each of which sends its orders and its lists, waits for the last receipt of its
 * lists and begins again. Beside it the floor: the very rows that came of it, inserted in batches into empty tables of the same engine with
 * the same keys and indexes, with the same waits for the disk.
 */

const ENTERPRISES = 200;
const DOCUMENTS = 20;
const SHORT_S = 10;
const BATCH = 1000;
/** Documents that the floor is measured on, when more came. */
const FLOOR_DOCUMENTS = 40_000;
/** Stands in the templates in place of a document's number; its last digit counts the documents of a message. */
const MARK = 990_000;

interface Load {
  readonly documents: number;
  readonly ms: number;
  readonly putP99: number;
  readonly roundP99: number;
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

function figureOf(engine: string, { documents, ms, putP99, roundP99 }: Load, floor: number): Figure {
  const ours = (documents * 1000) / ms;
  return {
    name: `platform on ${engine}, ${ENTERPRISES} enterprises: ${documents} documents received and processed (p99 of an intake ${putP99.toFixed(0)} ms, from intake to last receipt ${roundP99.toFixed(0)} ms)`,
    unit: 'documents/s',
    ours,
    floor,
    floorName: 'bare INSERT of the same rows',
    goal: '≥ 0.5 ×',
    isMet: ours / floor >= 0.5,
  };
}

async function underLoad(urls: readonly string[], seconds: number): Promise<Load> {
  const report = await inChild('platform-load', String(seconds), ...urls);
  const { documents, putP99, roundP99 } = report as unknown as Load;
  const [first] = urls;
  if (first === undefined) throw new Error('no platform');
  const counts = await settled(first, 120_000);
  if (counts.accepted !== counts.documents || counts.documents !== documents || counts.doubleAcceptances !== 0)
    throw new Error(`not every document was accepted once: ${documents} sent, ${JSON.stringify(counts)}`);
  return { documents, ms: report.ms, putP99, roundP99 };
}

/** The load itself, in a process of its own. */
export async function platformLoad(...args: string[]): Promise<void> {
  const [seconds = '', ...urls] = args;
  const desks = Array.from({ length: ENTERPRISES }, (_, n) => new SimulatedDesk(urls[n % urls.length] ?? '', n));
  for (const desk of desks) await desk.enrol();
  const end = performance.now() + Number(seconds) * 1000;
  const from = performance.now();
  await Promise.all(desks.map((desk) => desk.runUntil(end)));
  const ms = performance.now() - from;
  const documents = desks.reduce((sum, { sent }) => sum + sent, 0);
  const [putP99, roundP99] = [desks.flatMap(({ puts }) => puts), desks.flatMap(({ rounds }) => rounds)].map(p99);
  process.stdout.write(
    JSON.stringify({ ms, documents, putP99, roundP99, peakMb: process.resourceUsage().maxRSS / 1024 }),
  );
}

function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
}

class SimulatedDesk {
  readonly puts: number[] = [];
  readonly rounds: number[] = [];
  sent = 0;
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #key: KeyObject;
  readonly #publicKey: string;
  readonly #device: string;
  readonly #codes: { readonly uscc: string; readonly customsCode: string; readonly name: string };
  readonly #templates: ReadonlyMap<PaperKind, string>;
  #cursor = '';
  #next = 0;

  constructor(url: string, n: number) {
    const pair = generateKeyPairSync('ed25519');
    this.#url = url;
    this.#key = pair.privateKey;
    this.#publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    this.#device = `device-load-${n}`;
    const body = `91460000MA5TE${String(n).padStart(4, '0')}`;
    const uscc = body + (usccCheckCharacter(body) ?? '');
    this.#codes = { uscc, customsCode: `460196${String(n).padStart(4, '0')}`, name: `测试企业 ${n}` };
    const change = { ebcCode: uscc, ebcName: this.#codes.name };
    this.#templates = new Map(
      (['CEB303Message', 'CEB603Message'] as const).map((kind) => {
        const documents = Array.from({ length: DOCUMENTS }, (_, i) => paper(kind, MARK + i, change));
        return [kind, new TextDecoder().decode(message(kind, 'GUID-OF-THE-MESSAGE', documents))];
      }),
    );
  }

  async enrol(): Promise<void> {
    const wanted = { ...this.#codes, deviceId: this.#device, publicKey: this.#publicKey };
    const { status, text } = await this.#ask('POST', '/v1/enrolments', Buffer.from(JSON.stringify(wanted)));
    if (status !== 201) throw new Error(`enrolment: ${status} ${text}`);
  }

  async runUntil(end: number): Promise<void> {
    while (performance.now() < end) {
      const from = performance.now();
      await this.#put('CEB303Message');
      const guid = await this.#put('CEB603Message');
      this.#next += DOCUMENTS;
      await this.#released(guid);
      this.rounds.push(performance.now() - from);
    }
    this.#agent.destroy();
  }

  async #put(kind: PaperKind): Promise<string> {
    const guid = randomUUID().toUpperCase();
    const text = (this.#templates.get(kind) ?? '')
      .replace('GUID-OF-THE-MESSAGE', guid)
      .replace(/9900\d\d/g, (number) => String(Number(number) - MARK + this.#next).padStart(6, '0'));
    const from = performance.now();
    const answer = await this.#ask('PUT', `/v1/messages/${guid}`, Buffer.from(text));
    this.puts.push(performance.now() - from);
    if (answer.status !== 202) throw new Error(`${kind}: ${answer.status} ${answer.text}`);
    this.sent += DOCUMENTS;
    return guid;
  }

  /** Reads receipts until the lists of the message are closed. */
  async #released(guid: string): Promise<void> {
    for (;;) {
      const { status, text } = await this.#ask('GET', `/v1/receipts?after=${this.#cursor}&limit=200&wait=30`);
      if (status !== 200) throw new Error(`receipts: ${status} ${text}`);
      const page = receiptPage.parse(JSON.parse(text));
      this.#cursor = page.next;
      if (page.receipts.some(({ messageGuid, xml }) => messageGuid === guid && />899</.test(xml))) return;
    }
  }

  #ask(method: string, at: string, body: Buffer = Buffer.alloc(0)): Promise<{ status: number; text: string }> {
    const time = new Date().toISOString();
    const sha256 = createHash('sha256').update(body).digest('hex');
    const signature = sign(null, Buffer.from(canonicalRequest(method, at, time, sha256)), this.#key);
    const headers = {
      [headerNames.device]: this.#device,
      [headerNames.time]: time,
      [headerNames.contentSha256]: sha256,
      [headerNames.signature]: signature.toString('base64'),
      ...(method === 'GET' ? {} : { 'content-type': 'application/xml', 'content-length': String(body.length) }),
    };
    return new Promise((resolve, reject) => {
      const sending = request(this.#url + at, { method, headers, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sending.on('error', reject);
      sending.end(body);
    });
  }
}

/** Documents a second. */
function floorOfSqlite(data: string, empty: string): number {
  const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
  const open = (folder: string) =>
    new Database(path.join(folder, 'platform.sqlite'), nativeBinding === undefined ? {} : { nativeBinding });
  const [from, to] = [open(data), open(empty)];
  to.pragma('synchronous = FULL');
  const last = from
    .prepare('SELECT max(message_seq) AS seq FROM (SELECT message_seq FROM document ORDER BY id LIMIT ?)')
    .get(FLOOR_DOCUMENTS) as { seq: number };
  let ms = 0;
  let documents = 0;
  const tables = {
    enterprise: 'SELECT * FROM enterprise',
    message: `SELECT * FROM message WHERE seq <= ${last.seq}`,
    document: `SELECT * FROM document WHERE message_seq <= ${last.seq}`,
    receipt: `SELECT * FROM receipt WHERE message_guid IN (SELECT guid FROM message WHERE seq <= ${last.seq})`,
  };
  for (const [table, sql] of Object.entries(tables)) {
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
  const cut = await from.query<{ seq: string }>(
    'SELECT max(message_seq) AS seq FROM (SELECT message_seq FROM document ORDER BY id LIMIT $1) d',
    [FLOOR_DOCUMENTS],
  );
  const seq = cut.rows[0]?.seq ?? '0';
  const tables = {
    message_key: `SELECT * FROM message_key WHERE seq <= ${seq}`,
    message: `SELECT * FROM message WHERE seq <= ${seq}`,
    document: `SELECT * FROM document WHERE message_seq <= ${seq}`,
    outcome: `SELECT o.* FROM outcome o JOIN document d ON d.id = o.document_id WHERE d.message_seq <= ${seq}`,
    receipt: `SELECT r.* FROM receipt r JOIN message_key k ON k.guid = r.message_guid WHERE k.seq <= ${seq}`,
  };
  let ms = 0;
  let documents = 0;
  for (const [table, sql] of Object.entries(tables)) {
    const { rows, fields } = await from.query<Record<string, unknown>>(sql);
    const types = await to.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum`,
      [table],
    );
    const typed = types.rows.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ');
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      const columns = fields.map(({ name }) => batch.map((row) => row[name]));
      const start = performance.now();
      await to.query(`INSERT INTO ${table} SELECT * FROM unnest(${typed})`, columns);
      ms += performance.now() - start;
      if (table === 'document') documents += batch.length;
    }
  }
  await Promise.all([from.end(), to.end()]);
  return (documents * 1000) / ms;
}
