import pg from 'pg';
import type { AnyDocument } from '../../shared/documents/spec.ts';
import {
  type Behaviour,
  behaviour,
  type CountedDocument,
  type DataRequestPage,
  type EnrolmentRequest,
  type EnterpriseStatistics,
  type MilestonePage,
  type ProductRevision,
  productRevision,
  type RatePage,
  type ReceiptPage,
  type Statistics,
  type TransportReceipt,
} from '../../shared/sync/protocol.ts';
import type { KnownRequest } from '../data-requests.ts';
import { migrations, partitioned } from './postgres-migrations.ts';
import {
  type Arrived,
  type ArrivedMessage,
  type AskOutcome,
  amountIn,
  type Clocks,
  type Decide,
  type Device,
  type DocumentState,
  type EnrolOutcome,
  type Enterprise,
  isDecided,
  LONGEST_WAIT_MS,
  type Lookup,
  MOST_PENDING,
  monthOf,
  OF_LATER_VERSION,
  type OutgoingReceipt,
  type PendingEnrolment,
  type ProductOutcome,
  type PutOutcome,
  pendingColumns,
  type Series,
  type Storage,
  StorageUnavailable,
  type StoredDocument,
  type TurnResult,
  transportReceiptOf,
} from './storage.ts';

// Identifiers and times fit a safe integer; dates are wanted as the text they are.
const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) => {
    if (id === pg.types.builtins.INT8) return Number;
    if (id === pg.types.builtins.DATE) return (text: string) => text;
    return pg.types.getTypeParser(id, format);
  },
};

/** Locks of this program, by number: one for migrations, one for new partitions. */
const LOCKS = { migration: 0x706f7274, partition: 0x706f7275, rates: 0x706f7276 } as const;
/** First key of the locks on what customs asks an enterprise; the second is the enterprise. */
const REQUESTS = 0x706f7277;
const MILESTONES = 0x706f7278;

/** Enterprises and, of each, documents of one turn: a few large senders must not keep the small ones waiting. */
const TURN_ENTERPRISES = 16;
const TURN_DOCUMENTS = 120;
const CONNECTIONS = 8;
/**
 * How long the engine may take for a statement, and a process for the next one of its transaction, in milliseconds. A process that froze or
 * was cut off holds up its enterprises no longer; an engine that is gone without a word holds up no process.
 */
const PATIENCE_MS = 30_000;
/** Numbers fetched at a time. */
const NUMBER_BLOCK = 64;
/** Months made ahead of need, so that no request waits for one. */
const MONTHS_AHEAD = 2;

interface DocumentRow {
  enterprise_id: number;
  id: number;
  month: string;
  message_seq: number;
  guid: string;
  kind: string;
  business_key: string;
  order_no: string;
  logistics_no: string;
  app_type: string;
  body: string;
  body_sha256: string;
  state: DocumentState | null;
  duplicate: boolean | null;
  pre_no: string | null;
  invt_no: string | null;
  next_step: string | null;
  due_at_ms: number | null;
  waits_since_ms: number | null;
}

function fromRow(row: DocumentRow): StoredDocument {
  let parsed: AnyDocument | undefined;
  return {
    id: row.id,
    messageSeq: row.message_seq,
    messageGuid: row.guid,
    enterpriseId: row.enterprise_id,
    kind: row.kind,
    businessKey: row.business_key,
    orderNo: row.order_no,
    logisticsNo: row.logistics_no,
    appType: row.app_type,
    get body() {
      parsed ??= JSON.parse(row.body) as AnyDocument;
      return parsed;
    },
    bodySha256: row.body_sha256,
    month: row.month,
    state: row.state ?? 'pending',
    nextStep: row.next_step ?? undefined,
    dueAtMs: row.due_at_ms ?? 0,
    waitsSinceMs: row.waits_since_ms ?? undefined,
    preNo: row.pre_no ?? undefined,
    invtNo: row.invt_no ?? undefined,
    duplicate: row.duplicate ?? false,
  };
}

const documentColumns = `d.enterprise_id, d.id, d.month, d.message_seq, d.guid, d.kind, d.business_key, d.order_no, d.logistics_no,
  d.app_type, d.body, d.body_sha256, o.state, o.duplicate, o.pre_no, o.invt_no`;
const withOutcome = `LEFT JOIN outcome o
  ON o.enterprise_id = d.enterprise_id AND o.document_id = d.id AND o.month = d.month`;

const lookupColumns = { key: 'business_key', order: 'order_no', logistics: 'logistics_no' } as const;

/** The first day of the month that lies `months` after one. */
function monthAfter(month: string, months: number): string {
  const date = new Date(`${month}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

/** What the client says in the place of an engine that does not answer. */
const SILENCE = 'Query read timeout';

/** For a query that may take as long as it does. */
const unhurried: { readonly query_timeout: number } = { query_timeout: 2 ** 31 - 1 };

const names = new Map<string, string>();

/** A statement under a name of its own, so that each connection reads and plans it once. */
function prepared(text: string, values: readonly unknown[]): pg.QueryConfig<unknown[]> {
  let name = names.get(text);
  if (name === undefined) {
    name = `s${names.size + 1}`;
    names.set(text, name);
  }
  return { name, text, values: [...values] };
}

/** Failures of connecting, before anything was sent. */
const unreachable = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', '57P03', '53300']);

/** What the engine says of a statement that it gave up: nothing of it was done, nor of its transaction. */
function isGivenUp(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '57014' || error.code === '25P03');
}

/** Whether a failure came from the engine itself. Of any other, silence among them, nobody knows what became of the statement. */
const isWord = (error: unknown): boolean => error instanceof pg.DatabaseError;

/**
 * PostgreSQL: any number of processes on one database. They agree by row locks alone: whoever holds the lock on an enterprise's row in
 * `desk` works on its documents, the others pass over it (`SKIP LOCKED`), and a process that dies loses its lock with its connection.
 */
export class PostgresStorage implements Storage {
  readonly isShared = true;
  readonly #pool: pg.Pool;
  readonly #months = new Set<string>();
  readonly #numbers = new Map<Series, number[]>();

  private constructor(databaseUrl: string, patienceMs: number) {
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: CONNECTIONS,
      types,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      statement_timeout: patienceMs,
      idle_in_transaction_session_timeout: patienceMs,
      // Longer than the engine's own limit, whose answer says more.
      query_timeout: patienceMs + 5_000,
      application_name: 'portbook-platform',
      // Everything here is asked for by key: plans that read whole tables only come from statistics that lag behind, and no plan
      // gets better by knowing the values.
      options:
        '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c jit=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c synchronous_commit=on -c plan_cache_mode=force_generic_plan',
    });
    // A connection that breaks while idle is made anew when one is needed.
    this.#pool.on('error', () => undefined);
    // One that breaks between two statements of a transaction is told by the next of them; without somebody to hear it, it ends the process.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** @param patienceMs how long a statement, or a pause within a transaction, may take */
  static async open(databaseUrl: string, patienceMs = PATIENCE_MS): Promise<PostgresStorage> {
    const storage = new PostgresStorage(databaseUrl, patienceMs);
    try {
      await storage.#migrate();
      await storage.#ensureMonth(monthOf(Date.now()));
      return storage;
    } catch (error) {
      await storage.#pool.end();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async ping(): Promise<void> {
    await this.#query('SELECT 1', []);
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      if (unreachable.has(code ?? '') || message?.includes('timeout') === true)
        throw new StorageUnavailable('the database cannot be reached');
      throw error;
    }
  }

  async #query<R extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<R[]> {
    const client = await this.#connect();
    let broken: Error | undefined;
    try {
      return (await client.query<R>(prepared(text, values))).rows;
    } catch (error) {
      // An error of the server leaves the connection good; any other leaves it in doubt.
      if (!isWord(error)) broken = error instanceof Error ? error : new Error('query failed');
      throw isGivenUp(error) ? new StorageUnavailable('the database gave the statement up') : error;
    } finally {
      client.release(broken);
    }
  }

  async #transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken: Error | undefined;
    let isCommitting = false;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      isCommitting = true;
      await client.query('COMMIT');
      return result;
    } catch (error) {
      // Of a connection that does not answer any more nothing is asked: the engine rolls back when it ends.
      if (error instanceof Error && !isWord(error) && error.message === SILENCE) broken = error;
      else
        await client.query('ROLLBACK').catch((failure: Error) => {
          broken = failure;
        });
      // A commit that failed may have been done all the same: only before it is it certain that nothing was.
      throw !isCommitting && isGivenUp(error) ? new StorageUnavailable('the database gave the work up') : error;
    } finally {
      client.release(broken);
    }
  }

  async #migrate(): Promise<void> {
    await this.#transaction(async (client) => {
      // One process may change large tables for long, and the others wait for it.
      await client.query('SET LOCAL statement_timeout = 0');
      await client.query({ text: 'SELECT pg_advisory_xact_lock($1)', values: [LOCKS.migration], ...unhurried });
      await client.query(
        'CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, applied_at timestamptz NOT NULL)',
      );
      const { rows } = await client.query<{ done: number }>('SELECT coalesce(max(number), 0) AS done FROM migration');
      const done = rows[0]?.done ?? 0;
      if (done > migrations.length) throw new StorageUnavailable(OF_LATER_VERSION);
      for (const [index, sql] of migrations.entries()) {
        if (index < done) continue;
        await client.query({ text: sql, ...unhurried });
        await client.query('INSERT INTO migration (number, applied_at) VALUES ($1, now())', [index + 1]);
      }
    });
  }

  /** Makes the partitions of a month and of those after it, unless they are there. */
  async #ensureMonth(month: string): Promise<void> {
    if (this.#months.has(month)) return;
    const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, index) => monthAfter(month, index));
    await this.#transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.partition]);
      for (const from of months)
        for (const table of partitioned) {
          const name = `${table}_${from.slice(0, 7).replace('-', '_')}`;
          const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
            name,
          ]);
          if (rows[0]?.there === true) continue;
          // Attached once it is made: so the table stays readable and writable meanwhile.
          await client.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
          await client.query(
            `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${monthAfter(from, 1)}')`,
          );
        }
    });
    this.#months.add(month);
  }

  async device(id: string): Promise<Device | undefined> {
    const [row] = await this.#query<Enterprise & { publicKey: string; isRevoked: boolean }>(
      `SELECT d.public_key AS "publicKey", d.revoked_at IS NOT NULL AS "isRevoked", e.id, e.uscc, e.customs_code AS "customsCode", e.name
       FROM device d JOIN enterprise e ON e.id = d.enterprise_id WHERE d.id = $1`,
      [id],
    );
    if (row === undefined) return undefined;
    const { publicKey, isRevoked, ...enterprise } = row;
    return { id, publicKey, enterprise, isRevoked };
  }

  enrol(request: EnrolmentRequest, now: string): Promise<EnrolOutcome> {
    return this.#transaction((client) => this.#enrol(client, request, now));
  }

  async #enrol(client: pg.PoolClient, request: EnrolmentRequest, now: string): Promise<EnrolOutcome> {
    const { uscc, customsCode, deviceId, publicKey, name } = request;
    await client.query('INSERT INTO enterprise (uscc, customs_code, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      uscc,
      customsCode,
      name,
    ]);
    const found = await client.query<{ id: number; uscc: string; code: string }>(
      'SELECT id, uscc, customs_code AS code FROM enterprise WHERE uscc = $1 OR customs_code = $2',
      [uscc, customsCode],
    );
    const [first] = found.rows;
    if (found.rows.length !== 1 || first?.uscc !== uscc || first.code !== customsCode)
      return { kind: 'enterprise-conflict' };
    await client.query('INSERT INTO desk (enterprise_id) VALUES ($1) ON CONFLICT DO NOTHING', [first.id]);
    const made = await client.query(
      `INSERT INTO device (id, enterprise_id, public_key, enrolled_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [deviceId, first.id, publicKey, now],
    );
    if (made.rowCount === 1) return { kind: 'new', enterpriseId: first.id };
    return (await this.#enrolled(client, request)) ?? { kind: 'device-conflict' };
  }

  /** What a device that asks is already, if anything. */
  async #enrolled(
    client: pg.PoolClient,
    { deviceId, uscc, customsCode, publicKey }: EnrolmentRequest,
  ): Promise<EnrolOutcome | undefined> {
    const { rows } = await client.query<{ id: number; isSame: boolean; isRevoked: boolean }>(
      `SELECT e.id, e.uscc = $2 AND e.customs_code = $3 AND d.public_key = $4 AS "isSame",
         d.revoked_at IS NOT NULL AS "isRevoked"
       FROM device d JOIN enterprise e ON e.id = d.enterprise_id WHERE d.id = $1`,
      [deviceId, uscc, customsCode, publicKey],
    );
    const [known] = rows;
    if (known === undefined) return undefined;
    if (!known.isSame) return { kind: 'device-conflict' };
    return known.isRevoked ? { kind: 'revoked' } : { kind: 'known', enterpriseId: known.id };
  }

  askEnrolment(request: EnrolmentRequest, now: string, most = MOST_PENDING): Promise<EnrolOutcome | AskOutcome> {
    const { deviceId, uscc, customsCode, name, publicKey } = request;
    return this.#transaction(async (client) => {
      const known = await this.#enrolled(client, request);
      if (known !== undefined) return known;
      const made = await client.query(
        `INSERT INTO enrolment (device_id, uscc, customs_code, name, public_key, asked_at)
         SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM enrolment) < $7 ON CONFLICT DO NOTHING`,
        [deviceId, uscc, customsCode, name, publicKey, now, most],
      );
      if (made.rowCount === 1) return { kind: 'asked' };
      const { rows } = await client.query<{ isSame: boolean }>(
        'SELECT uscc = $2 AND customs_code = $3 AND public_key = $4 AS "isSame" FROM enrolment WHERE device_id = $1',
        [deviceId, uscc, customsCode, publicKey],
      );
      const [asked] = rows;
      if (asked === undefined) return { kind: 'full' };
      return { kind: asked.isSame ? 'pending' : 'device-conflict' };
    });
  }

  pendingEnrolments(): Promise<PendingEnrolment[]> {
    return this.#query<PendingEnrolment>(`SELECT ${pendingColumns} FROM enrolment ORDER BY asked_at, device_id`, []);
  }

  decideEnrolment(
    deviceId: string,
    decision: 'approve' | 'reject',
    now: string,
  ): Promise<EnrolOutcome | { readonly kind: 'rejected' } | undefined> {
    return this.#transaction(async (client) => {
      const { rows } = await client.query<PendingEnrolment>(
        `SELECT ${pendingColumns} FROM enrolment WHERE device_id = $1 FOR UPDATE`,
        [deviceId],
      );
      const [asked] = rows;
      if (asked === undefined) return undefined;
      const outcome = decision === 'approve' ? await this.#enrol(client, asked, now) : ({ kind: 'rejected' } as const);
      if (isDecided(outcome)) await client.query('DELETE FROM enrolment WHERE device_id = $1', [deviceId]);
      return outcome;
    });
  }

  async revokeDevice(deviceId: string, now: string): Promise<boolean> {
    const rows = await this.#query(
      'UPDATE device SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING 1',
      [deviceId, now],
    );
    return rows.length === 1;
  }

  async transportReceipt(guid: string, enterpriseId: number): Promise<TransportReceipt | undefined> {
    const [row] = await this.#query<{ guid: string; sha256: string; now: string; receiptId: string }>(
      `SELECT guid, sha256, received_at AS now, receipt_id AS "receiptId" FROM message_key
       WHERE guid = $1 AND enterprise_id = $2`,
      [guid, enterpriseId],
    );
    return row === undefined ? undefined : transportReceiptOf(row, row);
  }

  async content(guid: string, enterpriseId: number): Promise<Uint8Array | undefined> {
    const [row] = await this.#query<{ bytes: Buffer }>(
      `SELECT m.bytes FROM message_key k JOIN message m ON m.enterprise_id = k.enterprise_id AND m.seq = k.seq AND m.month = k.month
       WHERE k.guid = $1 AND k.enterprise_id = $2`,
      [guid, enterpriseId],
    );
    return row?.bytes;
  }

  async messagesAfter(enterpriseId: number, after: string, limit: number): Promise<string[] | undefined> {
    let from = 0;
    if (after !== '') {
      const [key] = await this.#query<{ seq: number }>(
        'SELECT seq FROM message_key WHERE guid = $1 AND enterprise_id = $2',
        [after, enterpriseId],
      );
      if (key === undefined) return undefined;
      from = key.seq;
    }
    const rows = await this.#query<{ guid: string }>(
      'SELECT guid FROM message WHERE enterprise_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      [enterpriseId, from, limit],
    );
    return rows.map(({ guid }) => guid);
  }

  async resend(guid: string, sha256: string, enterpriseId: number): Promise<PutOutcome | undefined> {
    const [use] = await this.#query<{
      guid: string;
      sha256: string;
      owner: number;
      now: string;
      receiptId: string;
    }>(
      `SELECT guid, sha256, enterprise_id AS owner, received_at AS now, receipt_id AS "receiptId"
       FROM message_key WHERE guid = $1`,
      [guid],
    );
    if (use === undefined) return undefined;
    if (use.owner !== enterpriseId || use.sha256 !== sha256) return { kind: 'reused' };
    await this.#query('UPDATE message_key SET resends = resends + 1 WHERE guid = $1', [guid]);
    return { kind: 'known', receipt: transportReceiptOf(use, use) };
  }

  async putMessage(message: ArrivedMessage, device: Device, firstStep: string, at: Arrived): Promise<PutOutcome> {
    const month = monthOf(at.ms);
    await this.#ensureMonth(month);
    const { enterprise } = device;
    const { guid, sha256, kind, documents } = message;
    // One statement, and so one round trip and one transaction; nothing of it happens when the GUID is taken.
    const rows = await this.#query(
      `WITH key AS (
         INSERT INTO message_key (guid, enterprise_id, month, seq, sha256, received_at, receipt_id)
         VALUES ($1, $2, $3, nextval('message_seq'), $4, $5, $6) ON CONFLICT DO NOTHING RETURNING seq
       ), envelope AS (
         INSERT INTO message (enterprise_id, seq, month, guid, device_id, kind, bytes)
         SELECT $2, seq, $3, $1, $7, $8, $9 FROM key
       ), numbered AS MATERIALIZED (
         SELECT nextval('document_seq') AS id, key.seq, one.* FROM key, unnest($10::text[], $11::text[], $12::text[], $13::text[],
           $14::text[], $15::text[]) AS one (business_key, order_no, logistics_no, app_type, body, body_sha256)
       ), stored AS (
         INSERT INTO document (enterprise_id, id, month, message_seq, guid, kind, business_key, order_no, logistics_no, app_type,
           body, body_sha256)
         SELECT $2, id, $3, seq, $1, $8, business_key, order_no, logistics_no, app_type, body, body_sha256 FROM numbered
       ), queued AS (
         INSERT INTO task (enterprise_id, message_seq, document_id, month, next_step, due_at_ms)
         SELECT $2, seq, id, $3, $16, $17 FROM numbered
       )
       SELECT seq FROM key`,
      [
        ...[guid, enterprise.id, month, sha256, at.now, at.receiptId, device.id, kind, message.bytes],
        ...(['businessKey', 'orderNo', 'logisticsNo', 'appType', 'body', 'bodySha256'] as const).map((name) =>
          documents.map((one) => one[name]),
        ),
        ...[firstStep, at.ms],
      ],
    );
    if (rows.length === 1) return { kind: 'stored', receipt: transportReceiptOf(message, at), isDone: false };
    const outcome = await this.resend(guid, sha256, enterprise.id);
    if (outcome === undefined) throw new Error('a GUID is taken and not there');
    return outcome;
  }

  async work(nowMs: number, decide: Decide): Promise<readonly number[]> {
    const month = monthOf(nowMs);
    await this.#ensureMonth(month);
    return this.#transaction(async (client) => {
      // Whoever was served longest ago comes first.
      const desks = await client.query<{ id: number; return_ms: number; notice_s: number }>(
        prepared(
          `SELECT enterprise_id AS id, return_ms, notice_s FROM desk
         WHERE EXISTS (SELECT 1 FROM task t WHERE t.enterprise_id = desk.enterprise_id AND t.due_at_ms <= $1)
         ORDER BY served_at_ms, enterprise_id LIMIT ${TURN_ENTERPRISES} FOR UPDATE SKIP LOCKED`,
          [nowMs],
        ),
      );
      const ids = desks.rows.map(({ id }) => id);
      if (ids.length === 0) return [];
      // A new statement sees what the last holder of the lock has left.
      const due = await client.query<DocumentRow>(
        prepared(
          `SELECT ${documentColumns}, t.next_step, t.due_at_ms, t.waits_since_ms
         FROM unnest($1::bigint[]) AS e (id)
         CROSS JOIN LATERAL (
           SELECT * FROM task WHERE task.enterprise_id = e.id AND task.due_at_ms <= $2
           ORDER BY message_seq, document_id LIMIT ${TURN_DOCUMENTS}
         ) t
         JOIN document d ON d.enterprise_id = t.enterprise_id AND d.id = t.document_id AND d.month = t.month ${withOutcome}`,
          [ids, nowMs],
        ),
      );
      if (due.rows.length === 0) return [];
      const documents = due.rows.map(fromRow).sort((a, b) => a.messageSeq - b.messageSeq || a.id - b.id);
      const enterprises = await client.query<Enterprise>(
        prepared('SELECT id, uscc, customs_code AS "customsCode", name FROM enterprise WHERE id = ANY($1)', [ids]),
      );
      const result = await decide({
        documents,
        enterprises: new Map(enterprises.rows.map((one) => [one.id, one])),
        clocks: new Map(desks.rows.map((one) => [one.id, { returnMs: one.return_ms, noticeS: one.notice_s }])),
        related: (lookups) => this.#related(client, lookups, documents),
        productVersion: async (enterpriseId, itemNo) =>
          (await this.#newestProduct(client, enterpriseId, itemNo))?.version ?? 0,
        everSent: (enterpriseIds, kind) => this.#everSent(client, enterpriseIds, kind),
        next: (name) => this.#next(name),
      });
      await this.#save(client, result, { ids, month, nowMs });
      return ids;
    });
  }

  /** What the look-ups find beside the documents of the turn, each once and in one question. */
  async #related(
    client: pg.PoolClient,
    lookups: readonly Lookup[],
    due: readonly StoredDocument[],
  ): Promise<StoredDocument[]> {
    const wanted = lookups.filter(({ value }) => value !== '');
    const { rows } = await client.query<DocumentRow>(
      prepared(
        `WITH wanted AS MATERIALIZED (
           SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) AS w (by, enterprise_id, kind, value)
         ), found AS (
           (${Object.entries(lookupColumns)
             .map(
               ([by, column]) => `SELECT d.enterprise_id, d.id, d.month FROM wanted w
           JOIN document d ON d.enterprise_id = w.enterprise_id AND d.kind = w.kind AND d.${column} = w.value
             ${by === 'key' ? '' : `AND d.${column} <> ''`}
           WHERE w.by = '${by}' UNION `,
             )
             .join('')}
           SELECT o.enterprise_id, o.document_id, o.month FROM wanted w
           JOIN outcome o ON o.enterprise_id = w.enterprise_id AND o.kind = w.kind AND o.invt_no = w.value
           WHERE w.by = 'number')
           EXCEPT SELECT * FROM unnest($5::bigint[], $6::bigint[], $7::date[])
         )
         SELECT ${documentColumns}, t.next_step, t.due_at_ms, t.waits_since_ms
         FROM found f JOIN document d ON d.enterprise_id = f.enterprise_id AND d.id = f.id AND d.month = f.month ${withOutcome}
         LEFT JOIN task t ON t.enterprise_id = d.enterprise_id AND t.message_seq = d.message_seq AND t.document_id = d.id`,
        [
          ...[wanted.map(({ by }) => by), wanted.map(({ enterpriseId }) => enterpriseId)],
          ...[wanted.map(({ kind }) => kind), wanted.map(({ value }) => value)],
          ...[due.map(({ enterpriseId }) => enterpriseId), due.map(({ id }) => id), due.map(({ month }) => month)],
        ],
      ),
    );
    return rows.map(fromRow);
  }

  async #everSent(client: pg.PoolClient, ids: readonly number[], kind: string): Promise<ReadonlySet<number>> {
    const { rows } = await client.query<{ id: number }>(
      prepared(
        `SELECT id FROM unnest($1::bigint[]) AS e (id)
       WHERE EXISTS (SELECT 1 FROM document d WHERE d.enterprise_id = e.id AND d.kind = $2)`,
        [ids, kind],
      ),
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Numbers of a turn that is undone are lost, never given again. */
  async #next(name: Series): Promise<number> {
    const left = this.#numbers.get(name);
    const number = left?.shift();
    if (number !== undefined) return number;
    const rows = await this.#query<{ number: number }>('SELECT nextval($1) AS number FROM generate_series(1, $2)', [
      `"number ${name}"`,
      NUMBER_BLOCK,
    ]);
    const [first, ...rest] = rows.map((row) => row.number);
    if (first === undefined) throw new Error(`no numbers of ${name}`);
    this.#numbers.set(name, rest);
    return first;
  }

  async #save(
    client: pg.PoolClient,
    { documents, receipts, clocks, products }: TurnResult,
    { ids, month, nowMs }: { ids: readonly number[]; month: string; nowMs: number },
  ): Promise<void> {
    const column = <T>(of: readonly T[], value: (one: T) => unknown): unknown[] => of.map(value);
    if (documents.length > 0) {
      await client.query(
        prepared(
          `INSERT INTO outcome (enterprise_id, document_id, month, kind, state, duplicate, pre_no, invt_no)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::text[])
         ON CONFLICT (enterprise_id, document_id, month) DO UPDATE
         SET state = excluded.state, duplicate = excluded.duplicate, pre_no = excluded.pre_no, invt_no = excluded.invt_no`,
          [
            column(documents, (one) => one.enterpriseId),
            column(documents, (one) => one.id),
            column(documents, (one) => one.month),
            column(documents, (one) => one.kind),
            column(documents, (one) => one.state),
            column(documents, (one) => one.duplicate),
            column(documents, (one) => one.preNo ?? null),
            column(documents, (one) => one.invtNo ?? null),
          ],
        ),
      );
      const done = documents.filter(({ nextStep }) => nextStep === undefined);
      await client.query(
        prepared(
          `DELETE FROM task USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS w (enterprise_id, message_seq, document_id)
         WHERE task.enterprise_id = w.enterprise_id AND task.message_seq = w.message_seq AND task.document_id = w.document_id`,
          [
            column(done, (one) => one.enterpriseId),
            column(done, (one) => one.messageSeq),
            column(done, (one) => one.id),
          ],
        ),
      );
      const left = documents.filter(({ nextStep }) => nextStep !== undefined);
      if (left.length > 0)
        await client.query(
          prepared(
            `UPDATE task SET next_step = w.next_step, due_at_ms = w.due_at_ms, waits_since_ms = w.waits_since_ms
           FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
             AS w (enterprise_id, message_seq, document_id, next_step, due_at_ms, waits_since_ms)
           WHERE task.enterprise_id = w.enterprise_id AND task.message_seq = w.message_seq AND task.document_id = w.document_id`,
            [
              column(left, (one) => one.enterpriseId),
              column(left, (one) => one.messageSeq),
              column(left, (one) => one.id),
              column(left, (one) => one.nextStep),
              column(left, (one) => one.dueAtMs),
              column(left, (one) => one.waitsSinceMs ?? null),
            ],
          ),
        );
    }
    if (receipts.length > 0) await this.#addReceipts(client, receipts, month);
    for (const { enterpriseId, revision } of products) await this.#addProduct(client, enterpriseId, revision);
    await client.query(
      prepared(
        `UPDATE desk SET served_at_ms = $2, return_ms = greatest(desk.return_ms, w.return_ms),
         notice_s = greatest(desk.notice_s, w.notice_s)
       FROM unnest($1::bigint[], $3::bigint[], $4::bigint[]) AS w (enterprise_id, return_ms, notice_s)
       WHERE desk.enterprise_id = w.enterprise_id`,
        [ids, nowMs, ids.map((id) => clockOf(clocks, id).returnMs), ids.map((id) => clockOf(clocks, id).noticeS)],
      ),
    );
  }

  /** Their ids grow while the enterprise is locked: a reader's cursor passes over none that is not yet committed. */
  async #addReceipts(client: pg.PoolClient, receipts: readonly OutgoingReceipt[], month: string): Promise<void> {
    await client.query(
      prepared(
        `WITH made AS (
         INSERT INTO receipt (enterprise_id, id, month, message_guid, kind, xml)
         SELECT enterprise_id, nextval('receipt_seq'), $5, message_guid, kind, xml
         FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS one (enterprise_id, message_guid, kind, xml)
         RETURNING enterprise_id, id
       ), last AS (SELECT enterprise_id, max(id) AS id FROM made GROUP BY enterprise_id)
       UPDATE desk SET last_receipt = last.id FROM last WHERE desk.enterprise_id = last.enterprise_id`,
        [
          receipts.map((one) => one.enterpriseId),
          receipts.map((one) => one.messageGuid),
          receipts.map((one) => one.kind),
          receipts.map((one) => one.xml),
          month,
        ],
      ),
    );
  }

  async nextDueMs(): Promise<number | undefined> {
    const [row] = await this.#query<{ ms: number | null }>('SELECT min(due_at_ms) AS ms FROM task', []);
    return row?.ms ?? undefined;
  }

  async bringForward(nowMs: number): Promise<void> {
    await this.#query('UPDATE task SET due_at_ms = $1 WHERE due_at_ms > $2', [nowMs, nowMs + LONGEST_WAIT_MS]);
  }

  async receiptsAfter(enterpriseId: number, after: number, limit: number): Promise<Uint8Array | undefined> {
    const rows = await this.#query<{ id: number; messageGuid: string; kind: string; xml: string }>(
      `SELECT id, message_guid AS "messageGuid", kind, xml FROM receipt
       WHERE enterprise_id = $1 AND id > $2 AND EXISTS (SELECT 1 FROM desk WHERE enterprise_id = $1 AND last_receipt > $2)
       ORDER BY id LIMIT $3`,
      [enterpriseId, after, limit],
    );
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    const receipts = rows.map((row) => ({ ...row, id: String(row.id) }));
    return Buffer.from(JSON.stringify({ receipts, next: String(last.id) } satisfies ReceiptPage));
  }

  async withReceipts(cursors: ReadonlyMap<number, number>): Promise<readonly number[]> {
    const rows = await this.#query<{ id: number }>(
      `SELECT w.id FROM unnest($1::bigint[], $2::bigint[]) AS w (id, after)
       JOIN desk ON desk.enterprise_id = w.id AND desk.last_receipt > w.after`,
      [[...cursors.keys()], [...cursors.values()]],
    );
    return rows.map(({ id }) => id);
  }

  async addRates(rates: RatePage['rates']): Promise<void> {
    const columns = (['kind', 'currency', 'date', 'cnyPerUnit', 'source'] as const).map((name) =>
      rates.map((rate) => rate[name]),
    );
    await this.#transaction(async (client) => {
      // Whoever reads on from a number must not miss a smaller one that is committed later.
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.rates]);
      await client.query(
        `INSERT INTO rate (kind, currency, date, cny_per_unit, source)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
        columns,
      );
    });
  }

  async ratesAfter(after: number): Promise<RatePage> {
    const rows = await this.#query<RatePage['rates'][number] & { id: number }>(
      'SELECT id, kind, currency, date, cny_per_unit AS "cnyPerUnit", source FROM rate WHERE id > $1 ORDER BY id LIMIT 500',
      [after],
    );
    return { rates: rows.map(({ id: _, ...rate }) => rate), next: String(rows.at(-1)?.id ?? after) };
  }

  putProduct(enterpriseId: number, revision: ProductRevision): Promise<ProductOutcome> {
    const body = JSON.stringify(revision);
    return this.#transaction(async (client): Promise<ProductOutcome> => {
      const newest = await this.#newestProduct(client, enterpriseId, revision.itemNo);
      if (newest?.version === revision.version && newest.body === body) return { kind: 'known', revision };
      if (newest !== undefined && newest.version >= revision.version)
        return { kind: 'conflict', version: newest.version };
      await this.#addProduct(client, enterpriseId, revision);
      return { kind: 'stored', revision };
    });
  }

  /** The newest version of a product. Until the transaction ends nobody else looks: two versions that come at once go one after the other. */
  async #newestProduct(
    client: pg.PoolClient,
    enterpriseId: number,
    itemNo: string,
  ): Promise<{ version: number; body: string } | undefined> {
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [enterpriseId % 2 ** 31, itemNo]);
    const { rows } = await client.query<{ version: number; body: string }>(
      'SELECT version, body FROM product WHERE enterprise_id = $1 AND item_no = $2 ORDER BY version DESC LIMIT 1',
      [enterpriseId, itemNo],
    );
    return rows[0];
  }

  async #addProduct(client: pg.PoolClient, enterpriseId: number, revision: ProductRevision): Promise<void> {
    await client.query('INSERT INTO product (enterprise_id, item_no, version, body) VALUES ($1, $2, $3, $4)', [
      ...[enterpriseId, revision.itemNo, revision.version, JSON.stringify(revision)],
    ]);
  }

  async product(enterpriseId: number, itemNo: string, version?: number): Promise<ProductRevision | undefined> {
    const [row] = await this.#query<{ body: string }>(
      `SELECT body FROM product WHERE enterprise_id = $1 AND item_no = $2 AND version = coalesce($3, version)
       ORDER BY version DESC LIMIT 1`,
      [enterpriseId, itemNo, version ?? null],
    );
    return row === undefined ? undefined : productRevision.parse(JSON.parse(row.body));
  }

  async productsAfter(enterpriseId: number, after: string, limit: number): Promise<ProductRevision[]> {
    const rows = await this.#query<{ body: string }>(
      `SELECT DISTINCT ON (item_no) body FROM product WHERE enterprise_id = $1 AND item_no > $2
       ORDER BY item_no, version DESC LIMIT $3`,
      [enterpriseId, after, limit],
    );
    return rows.map(({ body }) => productRevision.parse(JSON.parse(body)));
  }

  async addDataRequests(uscc: string, requests: DataRequestPage['requests']): Promise<boolean> {
    return this.#transaction(async (client) => {
      const { rows } = await client.query<{ id: number }>('SELECT id FROM enterprise WHERE uscc = $1', [uscc]);
      const [enterprise] = rows;
      if (enterprise === undefined) return false;
      // As with rates.
      await client.query('SELECT pg_advisory_xact_lock($1, $2)', [REQUESTS, enterprise.id % 2 ** 31]);
      await client.query(
        `INSERT INTO data_request (enterprise_id, session_id, order_no, service_time)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[]) ON CONFLICT DO NOTHING`,
        [
          enterprise.id,
          ...(['sessionID', 'orderNo', 'serviceTime'] as const).map((name) => requests.map((one) => one[name])),
        ],
      );
      return true;
    });
  }

  async dataRequestsAfter(enterpriseId: number, after: number): Promise<DataRequestPage> {
    const rows = await this.#query<DataRequestPage['requests'][number] & { id: number }>(
      `SELECT id, session_id AS "sessionID", order_no AS "orderNo", service_time AS "serviceTime" FROM data_request
       WHERE enterprise_id = $1 AND id > $2 ORDER BY id LIMIT 500`,
      [enterpriseId, after],
    );
    return { requests: rows.map(({ id: _, ...one }) => one), next: String(rows.at(-1)?.id ?? after) };
  }

  async dataRequest(enterpriseId: number, sessionID: string): Promise<KnownRequest | undefined> {
    const [row] = await this.#query<{ orderNo: string; answer: string | null }>(
      'SELECT order_no AS "orderNo", answer FROM data_request WHERE enterprise_id = $1 AND session_id = $2',
      [enterpriseId, sessionID],
    );
    return row === undefined ? undefined : { orderNo: row.orderNo, answer: row.answer ?? undefined };
  }

  async answerDataRequest(enterpriseId: number, sessionID: string, text: string): Promise<boolean> {
    const rows = await this.#query(
      'UPDATE data_request SET answer = $3 WHERE enterprise_id = $1 AND session_id = $2 AND answer IS NULL RETURNING 1',
      [enterpriseId, sessionID, text],
    );
    return rows.length === 1;
  }

  async addMilestones(uscc: string, told: MilestonePage['milestones']): Promise<boolean> {
    return this.#transaction(async (client) => {
      const { rows } = await client.query<{ id: number }>('SELECT id FROM enterprise WHERE uscc = $1', [uscc]);
      const [enterprise] = rows;
      if (enterprise === undefined) return false;
      // As with rates.
      await client.query('SELECT pg_advisory_xact_lock($1, $2)', [MILESTONES, enterprise.id % 2 ** 31]);
      await client.query(
        `INSERT INTO milestone (enterprise_id, told_id, body) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
        [enterprise.id, told.map(({ id }) => id), told.map((one) => JSON.stringify(one))],
      );
      return true;
    });
  }

  async milestonesAfter(enterpriseId: number, after: number): Promise<MilestonePage> {
    const rows = await this.#query<{ id: number; body: string }>(
      'SELECT id, body FROM milestone WHERE enterprise_id = $1 AND id > $2 ORDER BY id LIMIT 500',
      [enterpriseId, after],
    );
    return {
      milestones: rows.map(({ body }) => JSON.parse(body) as MilestonePage['milestones'][number]),
      next: String(rows.at(-1)?.id ?? after),
    };
  }

  async behaviour(): Promise<Behaviour> {
    const [row] = await this.#query<{ value: string }>(`SELECT value FROM setting WHERE name = 'behaviour'`, []);
    return behaviour.parse(row === undefined ? {} : JSON.parse(row.value));
  }

  async setBehaviour(value: Behaviour): Promise<void> {
    await this.#query(
      `INSERT INTO setting (name, value) VALUES ('behaviour', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [JSON.stringify(value)],
    );
  }

  async statistics(): Promise<Statistics> {
    const [row] = await this.#query<Statistics>(
      `SELECT (SELECT count(*) FROM message_key) AS messages, (SELECT coalesce(sum(resends), 0) FROM message_key) AS resends,
         (SELECT count(*) FROM document) AS documents,
         (SELECT count(*) FROM (SELECT DISTINCT enterprise_id, kind, business_key FROM document) k) AS keys,
         count(*) FILTER (WHERE state IN ('accepted', 'released')) AS accepted,
         count(*) FILTER (WHERE state = 'rejected') AS rejected,
         count(*) FILTER (WHERE state = 'released') AS released,
         count(*) FILTER (WHERE duplicate) AS duplicates,
         (SELECT count(*) FROM (SELECT 1 FROM outcome o JOIN document d
            ON d.enterprise_id = o.enterprise_id AND d.id = o.document_id AND d.month = o.month
            WHERE o.state IN ('accepted', 'released')
            GROUP BY d.enterprise_id, d.kind, d.business_key HAVING count(*) > 1) twice) AS "doubleAcceptances",
         (SELECT count(*) FROM task) AS pending, (SELECT count(*) FROM receipt) AS receipts
       FROM outcome`,
      [],
    );
    if (row === undefined) throw new Error('no statistics');
    return row;
  }

  async enterpriseStatistics(enterpriseId: number, month: string): Promise<EnterpriseStatistics['kinds']> {
    return this.#query<EnterpriseStatistics['kinds'][number]>(
      `SELECT d.kind, count(*) AS documents, count(*) FILTER (WHERE coalesce(o.state, 'pending') = 'pending') AS pending,
         count(*) FILTER (WHERE o.state = 'accepted') AS accepted, count(*) FILTER (WHERE o.state = 'released') AS released,
         count(*) FILTER (WHERE o.state = 'rejected') AS rejected, count(*) FILTER (WHERE o.state = 'replaced') AS replaced
       FROM document d ${withOutcome} WHERE d.enterprise_id = $1 AND d.month = $2 GROUP BY d.kind ORDER BY d.kind`,
      [enterpriseId, `${month}-01`],
    );
  }

  async enterpriseDocuments(
    enterpriseId: number,
    { month, kind, after, limit }: { month: string; kind: string; after: number; limit: number },
  ): Promise<(CountedDocument & { id: number })[]> {
    const rows = await this.#query<{ id: number; number: string; state: CountedDocument['state']; body: string }>(
      `SELECT d.id, d.business_key AS number, coalesce(o.state, 'pending') AS state, d.body
       FROM document d ${withOutcome} WHERE d.enterprise_id = $1 AND d.kind = $2 AND d.month = $3 AND d.id > $4
       ORDER BY d.id LIMIT $5`,
      [enterpriseId, kind, `${month}-01`, after, limit],
    );
    return rows.map(({ body, ...row }) => ({ ...row, amount: amountIn(kind, body) }));
  }
}

function clockOf(clocks: ReadonlyMap<number, Clocks>, id: number): Clocks {
  return clocks.get(id) ?? { returnMs: 0, noticeS: 0 };
}
