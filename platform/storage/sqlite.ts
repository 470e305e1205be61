import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextLoop } from 'node:timers/promises';
import Database from 'better-sqlite3';
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
  type Statistics,
  type TransportReceipt,
} from '../../shared/sync/protocol.ts';
import type { KnownRequest } from '../data-requests.ts';
import { migrations } from './sqlite-migrations.ts';
import {
  type Arrived,
  type ArrivedDocument,
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
  type Storage,
  StorageUnavailable,
  type StoredDocument,
  type Turn,
  type TurnResult,
  transportReceiptOf,
} from './storage.ts';

interface DocumentRow {
  id: number;
  message_seq: number;
  guid: string;
  enterprise_id: number;
  kind: string;
  business_key: string;
  order_no: string;
  logistics_no: string;
  app_type: string;
  body: string;
  body_sha256: string;
  state: DocumentState;
  next_step: string | null;
  due_at_ms: number;
  waits_since_ms: number | null;
  duplicate: number;
  pre_no: string | null;
  invt_no: string | null;
  received_at: string;
}

/** A document as it came, before it has a row. */
function fromArrival(
  { businessKey, orderNo, logisticsNo, appType, body, bodySha256, isSound = false }: ArrivedDocument,
  its: Pick<StoredDocument, 'id' | 'messageSeq' | 'messageGuid' | 'enterpriseId' | 'kind' | 'month' | 'dueAtMs'> & {
    readonly nextStep: string;
  },
): StoredDocument {
  let parsed: AnyDocument | undefined;
  return {
    id: its.id,
    messageSeq: its.messageSeq,
    messageGuid: its.messageGuid,
    enterpriseId: its.enterpriseId,
    kind: its.kind,
    businessKey,
    orderNo,
    logisticsNo,
    appType,
    get body() {
      parsed ??= JSON.parse(body) as AnyDocument;
      return parsed;
    },
    bodySha256,
    isSound,
    month: its.month,
    state: 'pending',
    nextStep: its.nextStep,
    dueAtMs: its.dueAtMs,
    waitsSinceMs: undefined,
    preNo: undefined,
    invtNo: undefined,
    duplicate: false,
  };
}

/** The body is parsed when it is looked at: most look-ups only ask for the state. */
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
    get month() {
      return monthOf(Date.parse(row.received_at));
    },
    state: row.state,
    nextStep: row.next_step ?? undefined,
    dueAtMs: row.due_at_ms,
    waitsSinceMs: row.waits_since_ms ?? undefined,
    preNo: row.pre_no ?? undefined,
    invtNo: row.invt_no ?? undefined,
    duplicate: row.duplicate === 1,
  };
}

/** Documents of one turn: few enough that requests are answered in between. */
const TURN_DOCUMENTS = 250;

const documentColumns = `d.id, d.message_seq, d.enterprise_id, d.kind, d.business_key, d.order_no, d.logistics_no, d.app_type, d.body,
  d.body_sha256, d.state, d.next_step, d.due_at_ms, d.waits_since_ms, d.duplicate, d.pre_no, d.invt_no, m.guid, m.received_at`;
/** Many values at one time: most are in no index, and asking for each alone costs more than looking. */
const selectBy = (column: string): string =>
  `SELECT ${documentColumns} FROM json_each(?) w
   CROSS JOIN document d ON d.enterprise_id = ? AND d.kind = ? AND d.${column} = w.value
   JOIN message m ON m.seq = d.message_seq`;
const lookupSql = {
  key: selectBy('business_key'),
  order: selectBy('order_no'),
  logistics: selectBy('logistics_no'),
  number: selectBy('invt_no'),
} as const;

/** Documents that are stored together: enough that a wait for the disk is little beside them, few enough as for {@link TURN_DOCUMENTS}. */
const BATCH_DOCUMENTS = 400;

interface Waiting {
  readonly message: ArrivedMessage;
  readonly device: Device;
  readonly firstStep: string;
  readonly at: Arrived;
  readonly decide: Decide | undefined;
  readonly done: (outcome: PutOutcome) => void;
  readonly failed: (error: unknown) => void;
}

/** A message that is about to be stored, with the rows of its documents. */
interface Incoming {
  readonly waiting: Waiting;
  readonly seq: number;
  readonly documents: readonly StoredDocument[];
}

function binding(): Database.Options {
  const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
  return nativeBinding === undefined ? {} : { nativeBinding };
}

/**
 * What every connection is set to. A transport receipt promises that the message survives a power cut. A turn touches the keys of many
 * enterprises: with room for them, and the log copied into the file less often, fewer pages are written twice.
 */
export const settings = [
  'busy_timeout = 5000',
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'cache_size = -65536',
  'wal_autocheckpoint = 4000',
] as const;

/** A connection with its prepared statements. */
class Connection {
  readonly db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(file: string) {
    this.db = new Database(file, binding());
    for (const one of settings) this.db.pragma(one);
  }

  /** `pluck`: rows are the first column alone. */
  prepare(sql: string, rows?: 'pluck'): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      if (rows === 'pluck') statement.pluck();
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Whole messages lie in it, with the names and numbers of persons: nobody else on this machine reads them. SQLite gives its log the same mode. */
function keepPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    // Made by an earlier version, perhaps.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    chmodSync(file, 0o600);
  }
}

/**
 * Numbers are given from memory, so a second process on the same folder would give them twice.
 *
 * @throws StorageUnavailable when another process holds the folder
 */
function lockOf(dataFolder: string): Database.Database {
  const db = new Database(path.join(dataFolder, 'platform.lock'), binding());
  try {
    // Waits a little for one that is just going: see the first of the settings, which is the default.
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new StorageUnavailable(`another process works on ${dataFolder}`);
    throw error;
  }
}

/**
 * The embedded engine: one file, one process, one connection. Whatever is written is written in one go with its commit, a turn's result as
 * well: so what is read in between, also while a turn is open, is committed.
 */
export class SqliteStorage implements Storage {
  readonly isShared = false;
  readonly #connection: Connection;
  /** Held as long as the folder is worked on; it ends with the process, however that ends. */
  readonly #lock: Database.Database;
  #queue: Promise<unknown> = Promise.resolve();
  #arrivals: Waiting[] = [];
  #isStoring = false;
  /** The last numbers given to a message and to a document: nobody else gives any. */
  #lastMessage: number;
  #lastDocument: number;

  constructor(dataFolder: string) {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const file = path.join(dataFolder, 'platform.sqlite');
    keepPrivate(file);
    this.#lock = lockOf(dataFolder);
    this.#connection = new Connection(file);
    const { db } = this.#connection;
    const done = db.pragma('user_version', { simple: true }) as number;
    if (done > migrations.length) {
      db.close();
      this.#lock.close();
      throw new StorageUnavailable(OF_LATER_VERSION);
    }
    for (const [index, sql] of migrations.entries()) {
      if (index < done) continue;
      db.transaction(() => {
        db.exec(sql);
        db.pragma(`user_version = ${index + 1}`);
      }).immediate();
    }
    const last = (column: string, table: string): number =>
      db.prepare(`SELECT coalesce(max(${column}), 0) FROM ${table}`).pluck().get() as number;
    this.#lastMessage = last('seq', 'message');
    this.#lastDocument = last('id', 'document');
  }

  async close(): Promise<void> {
    await this.#queue;
    this.#connection.db.close();
    this.#lock.close();
  }

  async ping(): Promise<void> {
    this.#connection.prepare('SELECT 1').get();
  }

  /** One writer at a time: what is queued here runs whole before the next begins. */
  #exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    const run = this.#queue.then(work);
    // A failure is its caller's; the queue goes on.
    this.#queue = run.catch(() => undefined);
    return run;
  }

  #transaction<T>(work: () => T): Promise<T> {
    return this.#exclusive(() => this.#connection.db.transaction(work).immediate());
  }

  /**
   * One transaction around what is read for a decision and what is written of it, for whoever holds the queue: its reads take the locks of
   * the file once, not each for itself. The writing waits for nothing, so that nobody in between reads what is not committed.
   */
  async #whole<R, T>(decided: () => Promise<R>, write: (result: R) => T): Promise<T> {
    const { db } = this.#connection;
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = await decided();
      const written = write(result);
      db.exec('COMMIT');
      return written;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  async device(id: string): Promise<Device | undefined> {
    const row = this.#connection
      .prepare(
        `SELECT d.public_key, d.revoked_at, e.id, e.uscc, e.customs_code AS customsCode, e.name
         FROM device d JOIN enterprise e ON e.id = d.enterprise_id WHERE d.id = ?`,
      )
      .get(id) as (Enterprise & { public_key: string; revoked_at: string | null }) | undefined;
    if (row === undefined) return undefined;
    const { public_key: publicKey, revoked_at: revokedAt, ...enterprise } = row;
    return { id, publicKey, enterprise, isRevoked: revokedAt !== null };
  }

  enrol(request: EnrolmentRequest, now: string): Promise<EnrolOutcome> {
    return this.#transaction(() => this.#enrol(request, now));
  }

  /** In a transaction of the caller's. */
  #enrol(request: EnrolmentRequest, now: string): EnrolOutcome {
    const { uscc, customsCode, deviceId, publicKey, name } = request;
    const rows = this.#connection
      .prepare('SELECT id, uscc, customs_code AS code FROM enterprise WHERE uscc = ? OR customs_code = ?')
      .all(uscc, customsCode) as { id: number; uscc: string; code: string }[];
    const [first] = rows;
    if (rows.length > 1 || (first !== undefined && (first.uscc !== uscc || first.code !== customsCode)))
      return { kind: 'enterprise-conflict' };
    const known = this.#enrolled(request);
    if (known !== undefined) return known;
    const enterpriseId =
      first?.id ??
      Number(
        this.#connection
          .prepare('INSERT INTO enterprise (uscc, customs_code, name) VALUES (?, ?, ?)')
          .run(uscc, customsCode, name).lastInsertRowid,
      );
    this.#connection
      .prepare('INSERT INTO device (id, enterprise_id, public_key, enrolled_at) VALUES (?, ?, ?, ?)')
      .run(deviceId, enterpriseId, publicKey, now);
    return { kind: 'new', enterpriseId };
  }

  /** What a device that asks is already, if anything. */
  #enrolled({ deviceId, uscc, customsCode, publicKey }: EnrolmentRequest): EnrolOutcome | undefined {
    const known = this.#connection
      .prepare(
        `SELECT e.id, e.uscc, e.customs_code AS customsCode, d.public_key AS publicKey, d.revoked_at AS revokedAt
         FROM device d JOIN enterprise e ON e.id = d.enterprise_id WHERE d.id = ?`,
      )
      .get(deviceId) as
      | { id: number; uscc: string; customsCode: string; publicKey: string; revokedAt: string | null }
      | undefined;
    if (known === undefined) return undefined;
    if (known.publicKey !== publicKey || known.uscc !== uscc || known.customsCode !== customsCode)
      return { kind: 'device-conflict' };
    return known.revokedAt === null ? { kind: 'known', enterpriseId: known.id } : { kind: 'revoked' };
  }

  askEnrolment(request: EnrolmentRequest, now: string, most = MOST_PENDING): Promise<EnrolOutcome | AskOutcome> {
    const { deviceId, uscc, customsCode, name, publicKey } = request;
    return this.#transaction(() => {
      const known = this.#enrolled(request);
      if (known !== undefined) return known;
      const asked = this.#connection
        .prepare('SELECT uscc = ? AND customs_code = ? AND public_key = ? FROM enrolment WHERE device_id = ?', 'pluck')
        .get(uscc, customsCode, publicKey, deviceId) as number | undefined;
      if (asked !== undefined) return { kind: asked === 1 ? 'pending' : 'device-conflict' };
      const waiting = this.#connection.prepare('SELECT count(*) FROM enrolment', 'pluck').get() as number;
      if (waiting >= most) return { kind: 'full' };
      this.#connection
        .prepare(
          'INSERT INTO enrolment (device_id, uscc, customs_code, name, public_key, asked_at) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(deviceId, uscc, customsCode, name, publicKey, now);
      return { kind: 'asked' };
    });
  }

  async pendingEnrolments(): Promise<PendingEnrolment[]> {
    return this.#connection
      .prepare(`SELECT ${pendingColumns} FROM enrolment ORDER BY asked_at, device_id`)
      .all() as PendingEnrolment[];
  }

  decideEnrolment(
    deviceId: string,
    decision: 'approve' | 'reject',
    now: string,
  ): Promise<EnrolOutcome | { readonly kind: 'rejected' } | undefined> {
    return this.#transaction(() => {
      const asked = this.#connection
        .prepare(`SELECT ${pendingColumns} FROM enrolment WHERE device_id = ?`)
        .get(deviceId) as PendingEnrolment | undefined;
      if (asked === undefined) return undefined;
      const outcome = decision === 'approve' ? this.#enrol(asked, now) : ({ kind: 'rejected' } as const);
      if (isDecided(outcome)) this.#connection.prepare('DELETE FROM enrolment WHERE device_id = ?').run(deviceId);
      return outcome;
    });
  }

  revokeDevice(deviceId: string, now: string): Promise<boolean> {
    return this.#transaction(() => {
      const { changes } = this.#connection
        .prepare('UPDATE device SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?')
        .run(now, deviceId);
      return changes === 1;
    });
  }

  async transportReceipt(guid: string, enterpriseId: number): Promise<TransportReceipt | undefined> {
    const use = this.#use(guid);
    return use?.enterpriseId === enterpriseId ? transportReceiptOf(use, use) : undefined;
  }

  async content(guid: string, enterpriseId: number): Promise<Uint8Array | undefined> {
    const row = this.#connection
      .prepare('SELECT bytes FROM message WHERE guid = ? AND enterprise_id = ?')
      .get(guid, enterpriseId) as { bytes: Uint8Array } | undefined;
    return row?.bytes;
  }

  async messagesAfter(enterpriseId: number, after: string, limit: number): Promise<string[] | undefined> {
    const from =
      after === ''
        ? 0
        : this.#connection
            .prepare('SELECT seq FROM message WHERE guid = ? AND enterprise_id = ?', 'pluck')
            .get(after, enterpriseId);
    if (from === undefined) return undefined;
    return this.#connection
      .prepare('SELECT guid FROM message WHERE enterprise_id = ? AND seq > ? ORDER BY seq LIMIT ?', 'pluck')
      .all(enterpriseId, from, limit) as string[];
  }

  #use(guid: string) {
    return this.#connection
      .prepare(
        `SELECT guid, sha256, enterprise_id AS enterpriseId, received_at AS now, receipt_id AS receiptId
         FROM message WHERE guid = ?`,
      )
      .get(guid) as { guid: string; sha256: string; enterpriseId: number; now: string; receiptId: string } | undefined;
  }

  async resend(guid: string, sha256: string, enterpriseId: number): Promise<PutOutcome | undefined> {
    // Most messages are new: they must not wait for the writer only to hear so.
    if (this.#use(guid) === undefined) return undefined;
    return this.#transaction(() => this.#countResend(guid, sha256, enterpriseId));
  }

  #countResend(guid: string, sha256: string, enterpriseId: number): PutOutcome | undefined {
    const use = this.#use(guid);
    if (use === undefined) return undefined;
    if (use.enterpriseId !== enterpriseId || use.sha256 !== sha256) return { kind: 'reused' };
    this.#connection.prepare('UPDATE message SET resends = resends + 1 WHERE guid = ?').run(guid);
    return { kind: 'known', receipt: transportReceiptOf(use, use) };
  }

  /** Messages that arrive together are stored, and decided on, in one transaction: one wait for the disk serves them all. */
  putMessage(
    message: ArrivedMessage,
    device: Device,
    firstStep: string,
    at: Arrived,
    decide?: Decide,
  ): Promise<PutOutcome> {
    return new Promise((done, failed) => {
      this.#arrivals.push({ message, device, firstStep, at, decide, done, failed });
      if (!this.#isStoring) void this.#storeArrivals();
    });
  }

  async #storeArrivals(): Promise<void> {
    this.#isStoring = true;
    // Whatever the network has brought by then comes along.
    for (await nextLoop(); this.#arrivals.length > 0; await nextLoop())
      await this.#exclusive(() => this.#storeAll(this.#nextBatch()));
    this.#isStoring = false;
  }

  /** A first message, and others with it while they are few documents together. */
  #nextBatch(): Waiting[] {
    let documents = 0;
    const end = this.#arrivals.findIndex(({ message }, index) => {
      documents += message.documents.length;
      return index > 0 && documents > BATCH_DOCUMENTS;
    });
    return this.#arrivals.splice(0, end < 0 ? this.#arrivals.length : end);
  }

  async #storeAll(waiting: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#storeTogether(waiting, waiting[0]?.decide);
      for (const [index, outcome] of outcomes.entries()) waiting[index]?.done(outcome);
    } catch {
      // Whichever of them cannot be stored must not take the others with it.
      for (const one of waiting) await this.#storeAlone(one);
    }
  }

  async #storeAlone(one: Waiting): Promise<void> {
    for (const decide of one.decide === undefined ? [undefined] : [one.decide, undefined])
      try {
        const [outcome] = await this.#storeTogether([one], decide);
        if (outcome !== undefined) one.done(outcome);
        return;
      } catch (error) {
        // What customs cannot decide on is stored all the same, and looked at again by turns.
        if (decide === undefined) one.failed(error);
      }
  }

  /** All of it or nothing. What is decided is decided before the first row is written, so that nobody reads what is not committed. */
  async #storeTogether(waiting: readonly Waiting[], decide: Decide | undefined): Promise<PutOutcome[]> {
    const incoming = new Map<string, Incoming>();
    for (const one of waiting) {
      const { guid } = one.message;
      if (!incoming.has(guid) && this.#use(guid) === undefined) incoming.set(guid, this.#incoming(one));
    }
    const documents = [...incoming.values()].flatMap((one) => one.documents);
    const ids = [...new Set(documents.map(({ enterpriseId }) => enterpriseId))];
    const counting = this.#counting();
    return this.#whole(
      async () =>
        decide === undefined || documents.length === 0 ? undefined : decide(this.#turn(documents, ids, counting.next)),
      (result) => {
        const changed = new Map(result?.documents.map((one) => [one.id, one]));
        const done = new Set<Waiting>();
        for (const one of incoming.values()) if (this.#insert(one, changed)) done.add(one.waiting);
        if (result !== undefined) {
          // Left are those that had their rows before.
          this.#save({ ...result, documents: [...changed.values()] });
          counting.save();
        }
        return waiting.map((one): PutOutcome => {
          const own = incoming.get(one.message.guid);
          if (own?.waiting === one)
            return {
              kind: 'stored',
              receipt: transportReceiptOf(one.message, one.at),
              isDone: done.has(one),
            };
          const known = this.#countResend(one.message.guid, one.message.sha256, one.device.enterprise.id);
          if (known === undefined) throw new Error('a GUID is taken and not there');
          return known;
        });
      },
    );
  }

  #incoming(waiting: Waiting): Incoming {
    const { message, device, firstStep, at } = waiting;
    this.#lastMessage += 1;
    const seq = this.#lastMessage;
    const month = monthOf(at.ms);
    const documents = message.documents.map((one) => {
      this.#lastDocument += 1;
      return fromArrival(one, {
        ...{ id: this.#lastDocument, messageSeq: seq, messageGuid: message.guid, enterpriseId: device.enterprise.id },
        ...{ kind: message.kind, month, dueAtMs: at.ms, nextStep: firstStep },
      });
    });
    return { waiting, seq, documents };
  }

  /**
   * Writes a message with its documents, those that were decided on as they are then; these are taken out of `changed`.
   * @returns whether nothing is left to do with any of them
   */
  #insert({ waiting, seq, documents }: Incoming, changed: Map<number, StoredDocument>): boolean {
    const { message, device, at } = waiting;
    this.#connection
      .prepare(
        `INSERT INTO message (seq, guid, enterprise_id, device_id, kind, bytes, sha256, received_at, receipt_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[seq, message.guid, device.enterprise.id, device.id, message.kind],
        ...[message.bytes, message.sha256, at.now, at.receiptId],
      );
    const insert = this.#connection.prepare(
      `INSERT INTO document (id, message_seq, enterprise_id, kind, business_key, order_no, logistics_no, app_type, body,
         body_sha256, state, next_step, due_at_ms, waits_since_ms, duplicate, pre_no, invt_no)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    let isDone = true;
    for (const [index, before] of documents.entries()) {
      const one = changed.get(before.id) ?? before;
      changed.delete(before.id);
      insert.run(
        ...[one.id, seq, one.enterpriseId, one.kind, one.businessKey, one.orderNo, one.logisticsNo, one.appType],
        ...[message.documents[index]?.body, one.bodySha256, one.state, one.nextStep ?? null, one.dueAtMs],
        ...[one.waitsSinceMs ?? null, one.duplicate ? 1 : 0, one.preNo ?? null, one.invtNo ?? null],
      );
      isDone &&= one.nextStep === undefined;
    }
    return isDone;
  }

  work(nowMs: number, decide: Decide): Promise<readonly number[]> {
    return this.#exclusive(() => {
      const counting = this.#counting();
      return this.#whole(
        async () => {
          const rows = this.#connection
            .prepare(
              `SELECT ${documentColumns} FROM document d JOIN message m ON m.seq = d.message_seq
               WHERE d.next_step IS NOT NULL AND d.due_at_ms <= ? ORDER BY d.due_at_ms, d.message_seq, d.id LIMIT ?`,
            )
            .all(nowMs, TURN_DOCUMENTS) as DocumentRow[];
          const documents = rows.map(fromRow).sort((a, b) => a.messageSeq - b.messageSeq || a.id - b.id);
          const ids = [...new Set(documents.map(({ enterpriseId }) => enterpriseId))];
          const result = documents.length === 0 ? undefined : await decide(this.#turn(documents, ids, counting.next));
          return { ids, result };
        },
        ({ ids, result }) => {
          if (result !== undefined) this.#save(result);
          counting.save();
          return ids;
        },
      );
    });
  }

  #turn(documents: readonly StoredDocument[], enterpriseIds: readonly number[], next: (name: string) => number): Turn {
    const enterprises = new Map<number, Enterprise>();
    const clocks = new Map<number, Clocks>();
    for (const id of enterpriseIds) {
      const enterprise = this.#connection
        .prepare('SELECT id, uscc, customs_code AS customsCode, name FROM enterprise WHERE id = ?')
        .get(id) as Enterprise;
      enterprises.set(id, enterprise);
      const clock = this.#connection
        .prepare('SELECT return_ms AS returnMs, notice_s AS noticeS FROM clock WHERE enterprise_id = ?')
        .get(id) as Clocks | undefined;
      if (clock !== undefined) clocks.set(id, clock);
    }
    return {
      documents,
      enterprises,
      clocks,
      related: async (lookups) => this.#related(lookups, documents),
      productVersion: async (enterpriseId, itemNo) =>
        (
          this.#connection
            .prepare('SELECT coalesce(max(version), 0) AS n FROM product WHERE enterprise_id = ? AND item_no = ?')
            .get(enterpriseId, itemNo) as { n: number }
        ).n,
      everSent: async (ids, kind) => {
        const any = this.#connection.prepare('SELECT 1 FROM document WHERE enterprise_id = ? AND kind = ? LIMIT 1');
        // Those that are just arriving have no rows yet.
        const here = new Set(documents.filter((one) => one.kind === kind).map(({ enterpriseId }) => enterpriseId));
        return new Set(ids.filter((id) => here.has(id) || any.get(id, kind) !== undefined));
      },
      next: (name, scope) => next(`${name} ${scope}`),
    };
  }

  /** What the look-ups find beside the documents of the turn, each once; those that differ in the value alone are one question. */
  #related(lookups: readonly Lookup[], due: readonly StoredDocument[]): StoredDocument[] {
    const questions = new Map<string, { readonly lookup: Lookup; readonly values: string[] }>();
    for (const lookup of lookups) {
      const { by, enterpriseId, kind, value } = lookup;
      if (value === '') continue;
      const name = `${by} ${enterpriseId} ${kind}`;
      const question = questions.get(name);
      if (question === undefined) questions.set(name, { lookup, values: [value] });
      else question.values.push(value);
    }
    const known = new Set(due.map(({ id }) => id));
    const found: StoredDocument[] = [];
    for (const { lookup, values } of questions.values()) {
      const { by, enterpriseId, kind } = lookup;
      const rows = this.#connection.prepare(lookupSql[by]).all(JSON.stringify(values), enterpriseId, kind);
      for (const row of rows as DocumentRow[]) {
        if (known.has(row.id)) continue;
        known.add(row.id);
        found.push(fromRow(row));
      }
    }
    return found;
  }

  /** Counters are read once a turn and written at its end: nobody else counts meanwhile. */
  #counting(): { next: (name: string) => number; save: () => void } {
    const counters = new Map<string, number>();
    const read = this.#connection.prepare('SELECT value FROM counter WHERE name = ?');
    return {
      next: (name) => {
        const last = counters.get(name) ?? (read.get(name) as { value: number } | undefined)?.value ?? 0;
        counters.set(name, last + 1);
        return last + 1;
      },
      save: () => {
        const write = this.#connection.prepare(
          'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        );
        for (const [name, value] of counters) write.run(name, value);
      },
    };
  }

  #save({ documents, receipts, clocks, products }: TurnResult): void {
    const update = this.#connection.prepare(
      `UPDATE document SET state = ?, next_step = ?, due_at_ms = ?, waits_since_ms = ?, pre_no = ?, invt_no = ?, duplicate = ?
       WHERE id = ?`,
    );
    for (const one of documents)
      update.run(
        ...[one.state, one.nextStep ?? null, one.dueAtMs, one.waitsSinceMs ?? null],
        ...[one.preNo ?? null, one.invtNo ?? null, one.duplicate ? 1 : 0, one.id],
      );
    this.#addReceipts(receipts);
    const tell = this.#connection.prepare(
      `INSERT INTO clock (enterprise_id, return_ms, notice_s) VALUES (?, ?, ?)
       ON CONFLICT (enterprise_id) DO UPDATE SET return_ms = excluded.return_ms, notice_s = excluded.notice_s`,
    );
    for (const [id, { returnMs, noticeS }] of clocks) tell.run(id, returnMs, noticeS);
    for (const { enterpriseId, revision } of products) this.#addProduct(enterpriseId, revision);
  }

  #addReceipts(receipts: readonly OutgoingReceipt[]): void {
    const insert = this.#connection.prepare(
      'INSERT INTO receipt (enterprise_id, message_guid, kind, xml) VALUES (?, ?, ?, ?)',
    );
    for (const { enterpriseId, messageGuid, kind, xml } of receipts) insert.run(enterpriseId, messageGuid, kind, xml);
  }

  async nextDueMs(): Promise<number | undefined> {
    const row = this.#connection
      .prepare('SELECT min(due_at_ms) AS ms FROM document WHERE next_step IS NOT NULL')
      .get() as {
      ms: number | null;
    };
    return row.ms ?? undefined;
  }

  bringForward(nowMs: number): Promise<void> {
    return this.#transaction(() => {
      this.#connection
        .prepare('UPDATE document SET due_at_ms = ? WHERE next_step IS NOT NULL AND due_at_ms > ?')
        .run(nowMs, nowMs + LONGEST_WAIT_MS);
    });
  }

  async receiptsAfter(enterpriseId: number, after: number, limit: number): Promise<Uint8Array | undefined> {
    const page = this.#connection
      .prepare(
        `SELECT CASE WHEN count(*) > 0 THEN CAST(json_object(
           'receipts', json_group_array(json_object('id', CAST(id AS TEXT), 'messageGuid', message_guid, 'kind', kind, 'xml', xml) ORDER BY id),
           'next', CAST(max(id) AS TEXT)) AS BLOB) END
         FROM (SELECT * FROM receipt WHERE enterprise_id = ? AND id > ? ORDER BY id LIMIT ?)`,
        'pluck',
      )
      .get(enterpriseId, after, limit) as Uint8Array | null;
    return page ?? undefined;
  }

  async withReceipts(cursors: ReadonlyMap<number, number>): Promise<readonly number[]> {
    const any = this.#connection.prepare('SELECT 1 FROM receipt WHERE enterprise_id = ? AND id > ? LIMIT 1');
    return [...cursors].filter(([id, after]) => any.get(id, after) !== undefined).map(([id]) => id);
  }

  addRates(rates: RatePage['rates']): Promise<void> {
    return this.#transaction(() => {
      const insert = this.#connection.prepare(
        'INSERT INTO rate (kind, currency, date, cny_per_unit, source) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      );
      for (const one of rates) insert.run(one.kind, one.currency, one.date, one.cnyPerUnit, one.source);
    });
  }

  async ratesAfter(after: number): Promise<RatePage> {
    const rows = this.#connection
      .prepare(
        `SELECT id, kind, currency, date, cny_per_unit AS cnyPerUnit, source FROM rate WHERE id > ? ORDER BY id LIMIT 500`,
      )
      .all(after) as (RatePage['rates'][number] & { id: number })[];
    return { rates: rows.map(({ id: _, ...rate }) => rate), next: String(rows.at(-1)?.id ?? after) };
  }

  putProduct(enterpriseId: number, revision: ProductRevision): Promise<ProductOutcome> {
    return this.#transaction((): ProductOutcome => {
      const body = JSON.stringify(revision);
      const newest = this.#connection
        .prepare(
          `SELECT version, body FROM product WHERE enterprise_id = ? AND item_no = ? ORDER BY version DESC LIMIT 1`,
        )
        .get(enterpriseId, revision.itemNo) as { version: number; body: string } | undefined;
      if (newest?.version === revision.version && newest.body === body) return { kind: 'known', revision };
      if (newest !== undefined && newest.version >= revision.version)
        return { kind: 'conflict', version: newest.version };
      this.#addProduct(enterpriseId, revision);
      return { kind: 'stored', revision };
    });
  }

  #addProduct(enterpriseId: number, revision: ProductRevision): void {
    this.#connection
      .prepare('INSERT INTO product (enterprise_id, item_no, version, body) VALUES (?, ?, ?, ?)')
      .run(enterpriseId, revision.itemNo, revision.version, JSON.stringify(revision));
  }

  async product(enterpriseId: number, itemNo: string, version?: number): Promise<ProductRevision | undefined> {
    const row = this.#connection
      .prepare(
        `SELECT body FROM product WHERE enterprise_id = ? AND item_no = ? AND version = coalesce(?, version)
         ORDER BY version DESC LIMIT 1`,
      )
      .get(enterpriseId, itemNo, version ?? null) as { body: string } | undefined;
    return row === undefined ? undefined : productRevision.parse(JSON.parse(row.body));
  }

  async productsAfter(enterpriseId: number, after: string, limit: number): Promise<ProductRevision[]> {
    const rows = this.#connection
      .prepare(
        `SELECT body, max(version) FROM product WHERE enterprise_id = ? AND item_no > ?
         GROUP BY item_no ORDER BY item_no LIMIT ?`,
      )
      .all(enterpriseId, after, limit) as { body: string }[];
    return rows.map(({ body }) => productRevision.parse(JSON.parse(body)));
  }

  addDataRequests(uscc: string, requests: DataRequestPage['requests']): Promise<boolean> {
    return this.#transaction(() => {
      const enterprise = this.#connection.prepare('SELECT id FROM enterprise WHERE uscc = ?').get(uscc) as
        | { id: number }
        | undefined;
      if (enterprise === undefined) return false;
      const insert = this.#connection.prepare(
        `INSERT INTO data_request (enterprise_id, session_id, order_no, service_time) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      );
      for (const one of requests) insert.run(enterprise.id, one.sessionID, one.orderNo, one.serviceTime);
      return true;
    });
  }

  async dataRequestsAfter(enterpriseId: number, after: number): Promise<DataRequestPage> {
    const rows = this.#connection
      .prepare(
        `SELECT id, session_id AS sessionID, order_no AS orderNo, service_time AS serviceTime FROM data_request
         WHERE enterprise_id = ? AND id > ? ORDER BY id LIMIT 500`,
      )
      .all(enterpriseId, after) as (DataRequestPage['requests'][number] & { id: number })[];
    return { requests: rows.map(({ id: _, ...one }) => one), next: String(rows.at(-1)?.id ?? after) };
  }

  async dataRequest(enterpriseId: number, sessionID: string): Promise<KnownRequest | undefined> {
    const row = this.#connection
      .prepare('SELECT order_no AS orderNo, answer FROM data_request WHERE enterprise_id = ? AND session_id = ?')
      .get(enterpriseId, sessionID) as { orderNo: string; answer: string | null } | undefined;
    return row === undefined ? undefined : { orderNo: row.orderNo, answer: row.answer ?? undefined };
  }

  answerDataRequest(enterpriseId: number, sessionID: string, text: string): Promise<boolean> {
    return this.#transaction(
      () =>
        this.#connection
          .prepare('UPDATE data_request SET answer = ? WHERE enterprise_id = ? AND session_id = ? AND answer IS NULL')
          .run(text, enterpriseId, sessionID).changes === 1,
    );
  }

  addMilestones(uscc: string, told: MilestonePage['milestones']): Promise<boolean> {
    return this.#transaction(() => {
      const enterprise = this.#connection.prepare('SELECT id FROM enterprise WHERE uscc = ?').get(uscc) as
        | { id: number }
        | undefined;
      if (enterprise === undefined) return false;
      const insert = this.#connection.prepare(
        'INSERT INTO milestone (enterprise_id, told_id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      );
      for (const one of told) insert.run(enterprise.id, one.id, JSON.stringify(one));
      return true;
    });
  }

  async milestonesAfter(enterpriseId: number, after: number): Promise<MilestonePage> {
    const rows = this.#connection
      .prepare('SELECT id, body FROM milestone WHERE enterprise_id = ? AND id > ? ORDER BY id LIMIT 500')
      .all(enterpriseId, after) as { id: number; body: string }[];
    return {
      milestones: rows.map(({ body }) => JSON.parse(body) as MilestonePage['milestones'][number]),
      next: String(rows.at(-1)?.id ?? after),
    };
  }

  async behaviour(): Promise<Behaviour> {
    const row = this.#connection.prepare(`SELECT value FROM setting WHERE name = 'behaviour'`).get() as
      | { value: string }
      | undefined;
    return behaviour.parse(row === undefined ? {} : JSON.parse(row.value));
  }

  setBehaviour(value: Behaviour): Promise<void> {
    return this.#transaction(() => {
      this.#connection
        .prepare(
          `INSERT INTO setting (name, value) VALUES ('behaviour', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        )
        .run(JSON.stringify(value));
    });
  }

  async statistics(): Promise<Statistics> {
    const messages = this.#connection
      .prepare('SELECT count(*) AS messages, coalesce(sum(resends), 0) AS resends FROM message')
      .get() as Pick<Statistics, 'messages' | 'resends'>;
    const documents = this.#connection
      .prepare(
        `SELECT count(*) AS documents, count(DISTINCT enterprise_id || ' ' || kind || ' ' || business_key) AS keys,
           coalesce(sum(state IN ('accepted','released')), 0) AS accepted, coalesce(sum(state = 'rejected'), 0) AS rejected,
           coalesce(sum(state = 'released'), 0) AS released, coalesce(sum(duplicate), 0) AS duplicates,
           coalesce(sum(next_step IS NOT NULL), 0) AS pending FROM document`,
      )
      .get() as Omit<Statistics, 'messages' | 'resends' | 'receipts' | 'doubleAcceptances'>;
    const double = this.#connection
      .prepare(
        `SELECT count(*) AS n FROM (SELECT 1 FROM document WHERE state IN ('accepted','released')
           GROUP BY enterprise_id, kind, business_key HAVING count(*) > 1)`,
      )
      .get() as { n: number };
    const receipts = this.#connection.prepare('SELECT count(*) AS n FROM receipt').get() as { n: number };
    return { ...messages, ...documents, doubleAcceptances: double.n, receipts: receipts.n };
  }

  async enterpriseStatistics(enterpriseId: number, month: string): Promise<EnterpriseStatistics['kinds']> {
    return this.#connection
      .prepare(
        `SELECT d.kind, count(*) AS documents, sum(d.state = 'pending') AS pending, sum(d.state = 'accepted') AS accepted,
           sum(d.state = 'released') AS released, sum(d.state = 'rejected') AS rejected, sum(d.state = 'replaced') AS replaced
         FROM document d JOIN message m ON m.seq = d.message_seq
         WHERE d.enterprise_id = ? AND substr(datetime(m.received_at, '+8 hours'), 1, 7) = ? GROUP BY d.kind ORDER BY d.kind`,
      )
      .all(enterpriseId, month) as EnterpriseStatistics['kinds'];
  }

  async enterpriseDocuments(
    enterpriseId: number,
    { month, kind, after, limit }: { month: string; kind: string; after: number; limit: number },
  ): Promise<(CountedDocument & { id: number })[]> {
    const rows = this.#connection
      .prepare(
        `SELECT d.id, d.business_key AS number, d.state, d.body FROM document d JOIN message m ON m.seq = d.message_seq
         WHERE d.enterprise_id = ? AND d.kind = ? AND substr(datetime(m.received_at, '+8 hours'), 1, 7) = ? AND d.id > ?
         ORDER BY d.id LIMIT ?`,
      )
      .all(enterpriseId, kind, month, after, limit) as {
      id: number;
      number: string;
      state: CountedDocument['state'];
      body: string;
    }[];
    return rows.map(({ body, ...row }) => ({ ...row, amount: amountIn(kind, body) }));
  }
}
