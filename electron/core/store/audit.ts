import { createHash } from 'node:crypto';
import type { Connection } from './database.ts';

/** One entry of the book's own diary. `detail` must never hold an account number, a passphrase or a person's id. */
export interface AuditEntry {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface AuditRow {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: string;
  previous_hash: string;
  hash: string;
}

/** What the first row is chained to. */
const genesis = '0'.repeat(64);

/** A JSON array of the fields, so that no two different rows share a text. */
function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const text = JSON.stringify([row.id, row.at, row.actor, row.action, row.subject, row.detail, row.previous_hash]);
  return createHash('sha256').update(text).digest('hex');
}

/** Appends an entry chained to the last. Call inside the transaction of the change it tells of. */
export function appendAudit(db: Connection, entry: AuditEntry): void {
  const last = db.prepare('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1').get() as
    | { id: number; hash: string }
    | undefined;
  const row = {
    id: (last?.id ?? 0) + 1,
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    detail: JSON.stringify(entry.detail),
    previous_hash: last?.hash ?? genesis,
  };
  db.prepare(
    `INSERT INTO audit (id, at, actor, action, subject, detail, previous_hash, hash)
     VALUES (:id, :at, :actor, :action, :subject, :detail, :previous_hash, :hash)`,
  ).run({ ...row, hash: hashOf(row) });
}

export interface AuditState {
  readonly rows: number;
  /** Every row's hash fits its content and the row before it, with no number left out. */
  readonly intact: boolean;
  /** The number of the first row that does not fit. */
  readonly firstBroken?: number;
}

/** Recomputes the chain from its beginning. A row removed at the very end cannot be seen here; backups keep the last hash. */
export function verifyAudit(db: Connection): AuditState {
  let previous = genesis;
  let rows = 0;
  for (const row of db.prepare('SELECT * FROM audit ORDER BY id').iterate() as IterableIterator<AuditRow>) {
    rows++;
    const { hash, ...rest } = row;
    if (row.id !== rows || row.previous_hash !== previous || hash !== hashOf(rest)) {
      return { rows: countRows(db), intact: false, firstBroken: row.id };
    }
    previous = hash;
  }
  return { rows, intact: true };
}

function countRows(db: Connection): number {
  return (db.prepare('SELECT count(*) AS n FROM audit').get() as { n: number }).n;
}

/** The hash of the last row, which a backup is compared by. */
export function lastAuditHash(db: Connection): string {
  return (
    (db.prepare('SELECT hash FROM audit ORDER BY id DESC LIMIT 1').get() as { hash: string } | undefined)?.hash ??
    genesis
  );
}
