import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { AnyDocument } from '../shared/documents/spec.ts';
import {
  type Behaviour,
  behaviour,
  type EnrolmentRequest,
  type RatePage,
  type Statistics,
  type TransportReceipt,
} from '../shared/sync/protocol.ts';

/** The only place of the platform with SQL. What is stored here is stored for ever: nothing is deleted. */

const schema = `
CREATE TABLE IF NOT EXISTS enterprise (
  id INTEGER PRIMARY KEY,
  uscc TEXT NOT NULL UNIQUE,
  customs_code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS device (
  id TEXT PRIMARY KEY,
  enterprise_id INTEGER NOT NULL REFERENCES enterprise (id),
  public_key TEXT NOT NULL,
  enrolled_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
  seq INTEGER PRIMARY KEY,
  guid TEXT NOT NULL UNIQUE,
  enterprise_id INTEGER NOT NULL REFERENCES enterprise (id),
  device_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  bytes BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  received_at TEXT NOT NULL,
  receipt_id TEXT NOT NULL UNIQUE,
  resends INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER IF NOT EXISTS message_immutable BEFORE UPDATE OF guid, bytes, sha256, receipt_id ON message
  BEGIN SELECT RAISE(ABORT, 'a stored message is immutable'); END;
-- One row a business document; it is the work queue as well: next_step is what its next receipt will say.
CREATE TABLE IF NOT EXISTS document (
  id INTEGER PRIMARY KEY,
  message_seq INTEGER NOT NULL REFERENCES message (seq),
  enterprise_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  business_key TEXT NOT NULL,
  order_no TEXT NOT NULL,
  logistics_no TEXT NOT NULL,
  app_type TEXT NOT NULL,
  body TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending','accepted','rejected','released','replaced')),
  next_step TEXT,
  due_at_ms INTEGER NOT NULL,
  waits_since_ms INTEGER,
  duplicate INTEGER NOT NULL DEFAULT 0,
  pre_no TEXT,
  invt_no TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS document_work ON document (due_at_ms, message_seq, id) WHERE next_step IS NOT NULL;
CREATE INDEX IF NOT EXISTS document_key ON document (enterprise_id, kind, business_key);
CREATE INDEX IF NOT EXISTS document_order ON document (enterprise_id, kind, order_no);
CREATE INDEX IF NOT EXISTS document_logistics ON document (enterprise_id, kind, logistics_no);
CREATE INDEX IF NOT EXISTS document_number ON document (enterprise_id, kind, invt_no) WHERE invt_no IS NOT NULL;
CREATE TABLE IF NOT EXISTS receipt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  enterprise_id INTEGER NOT NULL,
  message_guid TEXT NOT NULL,
  kind TEXT NOT NULL,
  xml TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS receipt_cursor ON receipt (enterprise_id, id);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rate (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  currency TEXT NOT NULL,
  date TEXT NOT NULL,
  cny_per_unit TEXT NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (kind, currency, date)
) STRICT;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

export interface Enterprise {
  readonly id: number;
  readonly uscc: string;
  readonly customsCode: string;
  readonly name: string;
}

export interface Device {
  readonly id: string;
  readonly publicKey: string;
  readonly enterprise: Enterprise;
}

/** A document as it arrives, with what the checks look it up by. */
export interface ArrivedDocument {
  readonly businessKey: string;
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly appType: string;
  readonly body: AnyDocument;
}

export interface ArrivedMessage {
  readonly guid: string;
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly documents: readonly ArrivedDocument[];
}

export type DocumentState = 'pending' | 'accepted' | 'rejected' | 'released' | 'replaced';

/** A stored document with its place in the work queue. */
export interface StoredDocument {
  readonly id: number;
  readonly messageSeq: number;
  readonly messageGuid: string;
  readonly enterpriseId: number;
  readonly kind: string;
  readonly businessKey: string;
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly appType: string;
  readonly body: AnyDocument;
  readonly bodySha256: string;
  readonly state: DocumentState;
  readonly nextStep: string | undefined;
  readonly waitsSinceMs: number | undefined;
  readonly preNo: string | undefined;
  readonly invtNo: string | undefined;
}

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
  waits_since_ms: number | null;
  pre_no: string | null;
  invt_no: string | null;
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
    // Read when it is looked at: most look-ups only ask for the state.
    get body() {
      parsed ??= JSON.parse(row.body) as AnyDocument;
      return parsed;
    },
    bodySha256: row.body_sha256,
    state: row.state,
    nextStep: row.next_step ?? undefined,
    waitsSinceMs: row.waits_since_ms ?? undefined,
    preNo: row.pre_no ?? undefined,
    invtNo: row.invt_no ?? undefined,
  };
}

const selectDocument = `SELECT d.*, m.guid FROM document d JOIN message m ON m.seq = d.message_seq`;

export interface OutgoingReceipt {
  readonly enterpriseId: number;
  readonly messageGuid: string;
  readonly kind: string;
  readonly xml: string;
}

export type PutOutcome =
  | { readonly kind: 'stored' | 'known'; readonly receipt: TransportReceipt }
  | { readonly kind: 'reused' };

/** The platform's SQLite file. */
export class PlatformStore {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(dataFolder: string) {
    mkdirSync(dataFolder, { recursive: true });
    const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
    this.#db = new Database(
      path.join(dataFolder, 'platform.sqlite'),
      nativeBinding === undefined ? {} : { nativeBinding },
    );
    this.#db.pragma('journal_mode = WAL');
    // A transport receipt promises that the message survives a power cut.
    this.#db.pragma('synchronous = FULL');
    this.#db.pragma('foreign_keys = ON');
    this.#db.pragma('busy_timeout = 5000');
    this.#db.exec(schema);
  }

  close(): void {
    this.#db.close();
  }

  transaction<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  device(id: string): Device | undefined {
    const row = this.#prepare(
      `SELECT d.id, d.public_key, e.id AS enterprise_id, e.uscc, e.customs_code, e.name
       FROM device d JOIN enterprise e ON e.id = d.enterprise_id WHERE d.id = ?`,
    ).get(id) as
      | { id: string; public_key: string; enterprise_id: number; uscc: string; customs_code: string; name: string }
      | undefined;
    if (row === undefined) return undefined;
    const { uscc, name } = row;
    return {
      id: row.id,
      publicKey: row.public_key,
      enterprise: { id: row.enterprise_id, uscc, customsCode: row.customs_code, name },
    };
  }

  enterprise(id: number): Enterprise | undefined {
    const row = this.#prepare('SELECT id, uscc, customs_code AS customsCode, name FROM enterprise WHERE id = ?').get(
      id,
    );
    return row as Enterprise | undefined;
  }

  /** Enrols; `conflict` when one of the codes or the device belongs elsewhere. */
  enrol(
    request: EnrolmentRequest,
    now: string,
  ): { kind: 'new' | 'known'; enterpriseId: number } | { kind: 'enterprise-conflict' | 'device-conflict' } {
    return this.transaction(() => {
      const rows = this.#prepare(
        'SELECT id, uscc, customs_code FROM enterprise WHERE uscc = ? OR customs_code = ?',
      ).all(request.uscc, request.customsCode) as { id: number; uscc: string; customs_code: string }[];
      const [first] = rows;
      if (
        rows.length > 1 ||
        (first !== undefined && (first.uscc !== request.uscc || first.customs_code !== request.customsCode))
      ) {
        return { kind: 'enterprise-conflict' as const };
      }
      const enterpriseId =
        first?.id ??
        Number(
          this.#prepare('INSERT INTO enterprise (uscc, customs_code, name) VALUES (?, ?, ?)').run(
            request.uscc,
            request.customsCode,
            request.name,
          ).lastInsertRowid,
        );
      const known = this.device(request.deviceId);
      if (known !== undefined) {
        const same = known.publicKey === request.publicKey && known.enterprise.id === enterpriseId;
        return same ? { kind: 'known' as const, enterpriseId } : { kind: 'device-conflict' as const };
      }
      this.#prepare('INSERT INTO device (id, enterprise_id, public_key, enrolled_at) VALUES (?, ?, ?, ?)').run(
        request.deviceId,
        enterpriseId,
        request.publicKey,
        now,
      );
      return { kind: 'new' as const, enterpriseId };
    });
  }

  /** The transport receipt of a GUID, when this enterprise stored it. */
  transportReceipt(guid: string, enterpriseId: number): TransportReceipt | undefined {
    const row = this.#prepare(
      'SELECT guid, sha256, received_at, receipt_id FROM message WHERE guid = ? AND enterprise_id = ?',
    ).get(guid, enterpriseId) as { guid: string; sha256: string; received_at: string; receipt_id: string } | undefined;
    if (row === undefined) return undefined;
    return {
      guid: row.guid,
      sha256: row.sha256,
      status: 'stored',
      receivedAt: row.received_at,
      receiptId: row.receipt_id,
    };
  }

  /** Whether any enterprise used the GUID, and for which bytes. */
  guidUse(guid: string): { sha256: string; enterpriseId: number } | undefined {
    const row = this.#prepare('SELECT sha256, enterprise_id AS enterpriseId FROM message WHERE guid = ?').get(guid);
    return row as { sha256: string; enterpriseId: number } | undefined;
  }

  countResend(guid: string): void {
    this.#prepare('UPDATE message SET resends = resends + 1 WHERE guid = ?').run(guid);
  }

  /** Stores the exact bytes and queues their documents, in one durable transaction. */
  putMessage(
    message: ArrivedMessage,
    device: Device,
    firstStep: string,
    at: { now: string; ms: number; receiptId: string },
  ): PutOutcome {
    return this.transaction(() => {
      const use = this.guidUse(message.guid);
      if (use !== undefined) {
        const receipt = this.transportReceipt(message.guid, device.enterprise.id);
        if (receipt === undefined || use.sha256 !== message.sha256) return { kind: 'reused' };
        this.countResend(message.guid);
        return { kind: 'known', receipt };
      }
      const { lastInsertRowid } = this.#prepare(
        `INSERT INTO message (guid, enterprise_id, device_id, kind, bytes, sha256, received_at, receipt_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        message.guid,
        device.enterprise.id,
        device.id,
        message.kind,
        message.bytes,
        message.sha256,
        at.now,
        at.receiptId,
      );
      const insert = this.#prepare(
        `INSERT INTO document (message_seq, enterprise_id, kind, business_key, order_no, logistics_no, app_type, body,
           body_sha256, state, next_step, due_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
      );
      for (const document of message.documents) {
        const body = JSON.stringify(document.body);
        const sha256 = createHash('sha256').update(body).digest('hex');
        insert.run(
          lastInsertRowid,
          device.enterprise.id,
          message.kind,
          document.businessKey,
          document.orderNo,
          document.logisticsNo,
          document.appType,
          body,
          sha256,
          firstStep,
          at.ms,
        );
      }
      const receipt: TransportReceipt = {
        guid: message.guid,
        sha256: message.sha256,
        status: 'stored',
        receivedAt: at.now,
        receiptId: at.receiptId,
      };
      return { kind: 'stored', receipt };
    });
  }

  /** Documents whose next receipt is due, in the order they came. */
  dueDocuments(ms: number, limit: number): StoredDocument[] {
    const rows = this.#prepare(
      `${selectDocument} WHERE d.next_step IS NOT NULL AND d.due_at_ms <= ? ORDER BY d.message_seq, d.id LIMIT ?`,
    ).all(ms, limit) as DocumentRow[];
    return rows.map(fromRow);
  }

  /** When the next document is due; undefined when nothing is left to do. */
  nextDueMs(): number | undefined {
    const row = this.#prepare('SELECT min(due_at_ms) AS ms FROM document WHERE next_step IS NOT NULL').get() as {
      ms: number | null;
    };
    return row.ms ?? undefined;
  }

  /** Documents of a kind with the business key, oldest first; the one asked for is left out. */
  sameKey(document: StoredDocument): StoredDocument[] {
    const rows = this.#prepare(
      `${selectDocument} WHERE d.enterprise_id = ? AND d.kind = ? AND d.business_key = ? AND d.id <> ? ORDER BY d.id`,
    ).all(document.enterpriseId, document.kind, document.businessKey, document.id) as DocumentRow[];
    return rows.map(fromRow);
  }

  byOrder(enterpriseId: number, kind: string, orderNo: string): StoredDocument[] {
    const rows = this.#prepare(
      `${selectDocument} WHERE d.enterprise_id = ? AND d.kind = ? AND d.order_no = ? ORDER BY d.id`,
    ).all(enterpriseId, kind, orderNo) as DocumentRow[];
    return rows.map(fromRow);
  }

  byLogistics(enterpriseId: number, kind: string, logisticsNo: string): StoredDocument[] {
    const rows = this.#prepare(
      `${selectDocument} WHERE d.enterprise_id = ? AND d.kind = ? AND d.logistics_no = ? ORDER BY d.id`,
    ).all(enterpriseId, kind, logisticsNo) as DocumentRow[];
    return rows.map(fromRow);
  }

  /** The newest document of a kind by the number it was given here. */
  byNumber(enterpriseId: number, kind: string, number: string): StoredDocument | undefined {
    const row = this.#prepare(
      `${selectDocument} WHERE d.enterprise_id = ? AND d.kind = ? AND d.invt_no = ? AND d.state <> 'replaced' ORDER BY d.id DESC LIMIT 1`,
    ).get(enterpriseId, kind, number) as DocumentRow | undefined;
    return row === undefined ? undefined : fromRow(row);
  }

  /** Whether the enterprise ever sent a message of the kind. */
  everSent(enterpriseId: number, kind: string): boolean {
    return (
      this.#prepare('SELECT 1 FROM document WHERE enterprise_id = ? AND kind = ? LIMIT 1').get(enterpriseId, kind) !==
      undefined
    );
  }

  /** Moves a document on. */
  advance(
    id: number,
    to: {
      state: DocumentState;
      nextStep: string | undefined;
      dueAtMs: number;
      preNo?: string | undefined;
      invtNo?: string | undefined;
      duplicate?: boolean;
    },
  ): void {
    this.#prepare(
      `UPDATE document SET state = ?, next_step = ?, due_at_ms = ?, pre_no = coalesce(?, pre_no),
         invt_no = coalesce(?, invt_no), duplicate = max(duplicate, ?) WHERE id = ?`,
    ).run(
      to.state,
      to.nextStep ?? null,
      to.dueAtMs,
      to.preNo ?? null,
      to.invtNo ?? null,
      to.duplicate === true ? 1 : 0,
      id,
    );
  }

  /** Leaves a document where it is until `dueAtMs`, because it waits for another. */
  postpone(id: number, dueAtMs: number, sinceMs: number): void {
    this.#prepare('UPDATE document SET due_at_ms = ?, waits_since_ms = coalesce(waits_since_ms, ?) WHERE id = ?').run(
      dueAtMs,
      sinceMs,
      id,
    );
  }

  replace(id: number): void {
    this.#prepare(`UPDATE document SET state = 'replaced', next_step = NULL WHERE id = ?`).run(id);
  }

  addReceipts(receipts: readonly OutgoingReceipt[]): void {
    const insert = this.#prepare('INSERT INTO receipt (enterprise_id, message_guid, kind, xml) VALUES (?, ?, ?, ?)');
    for (const { enterpriseId, messageGuid, kind, xml } of receipts) insert.run(enterpriseId, messageGuid, kind, xml);
  }

  receiptsAfter(
    enterpriseId: number,
    after: number,
    limit: number,
  ): { id: number; messageGuid: string; kind: string; xml: string }[] {
    return this.#prepare(
      `SELECT id, message_guid AS messageGuid, kind, xml FROM receipt WHERE enterprise_id = ? AND id > ? ORDER BY id LIMIT ?`,
    ).all(enterpriseId, after, limit) as { id: number; messageGuid: string; kind: string; xml: string }[];
  }

  /** The next value of a series, at least `least`. Must run inside the transaction that uses it. */
  next(name: string, least = 1): number {
    const row = this.#prepare(
      `INSERT INTO counter (name, value) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET value = max(value + 1, excluded.value) RETURNING value`,
    ).get(name, least) as { value: number };
    return row.value;
  }

  /** Rates to hand out; one of a kind, currency and day that is there stays. */
  addRates(rates: RatePage['rates']): void {
    const insert = this.#prepare(
      'INSERT INTO rate (kind, currency, date, cny_per_unit, source) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#db.transaction(() => {
      for (const one of rates) insert.run(one.kind, one.currency, one.date, one.cnyPerUnit, one.source);
    })();
  }

  /** At most 500 rates after a cursor, in the order they came. */
  ratesAfter(after: number): RatePage {
    const rows = this.#prepare(
      'SELECT id, kind, currency, date, cny_per_unit AS cnyPerUnit, source FROM rate WHERE id > ? ORDER BY id LIMIT 500',
    ).all(after) as (RatePage['rates'][number] & { id: number })[];
    return { rates: rows.map(({ id: _, ...rate }) => rate), next: String(rows.at(-1)?.id ?? after) };
  }

  behaviour(): Behaviour {
    const row = this.#prepare(`SELECT value FROM setting WHERE name = 'behaviour'`).get() as
      | { value: string }
      | undefined;
    return behaviour.parse(row === undefined ? {} : JSON.parse(row.value));
  }

  setBehaviour(value: Behaviour): void {
    this.#prepare(
      `INSERT INTO setting (name, value) VALUES ('behaviour', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    ).run(JSON.stringify(value));
  }

  statistics(): Statistics {
    const messages = this.#prepare(
      'SELECT count(*) AS messages, coalesce(sum(resends), 0) AS resends FROM message',
    ).get() as {
      messages: number;
      resends: number;
    };
    const documents = this.#prepare(
      `SELECT count(*) AS documents, count(DISTINCT enterprise_id || ' ' || kind || ' ' || business_key) AS keys,
         coalesce(sum(state IN ('accepted','released')), 0) AS accepted, coalesce(sum(state = 'rejected'), 0) AS rejected,
         coalesce(sum(state = 'released'), 0) AS released, coalesce(sum(duplicate), 0) AS duplicates,
         coalesce(sum(next_step IS NOT NULL), 0) AS pending FROM document`,
    ).get() as Pick<Statistics, 'documents' | 'keys' | 'accepted' | 'rejected' | 'released' | 'duplicates' | 'pending'>;
    const double = this.#prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM document WHERE state IN ('accepted','released')
         GROUP BY enterprise_id, kind, business_key HAVING count(*) > 1)`,
    ).get() as { n: number };
    const receipts = this.#prepare('SELECT count(*) AS n FROM receipt').get() as { n: number };
    return { ...messages, ...documents, doubleAcceptances: double.n, receipts: receipts.n };
  }
}
