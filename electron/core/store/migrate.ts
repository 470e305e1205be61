import { createHash } from 'node:crypto';
import { PortbookError } from '../../../shared/errors.ts';
import type { Connection } from './database.ts';
import { type Migration, migrations } from './migrations/index.ts';
import { sql as newBook, through } from './migrations/new-book.sql.ts';

/** Written into `schema_migrations`, to say which program made a change. */
export const appVersion = '0.1.0';

interface Applied {
  id: number;
  name: string;
  checksum: string;
}

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

/** The newest schema this program knows. */
export function newestSchema(list: readonly Migration[] = migrations): number {
  return list.at(-1)?.id ?? 0;
}

/** The schema of an open book; 0 for an empty file. */
export function schemaOf(db: Connection): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * Brings a book to the newest schema: all missing migrations in one transaction, so that a power cut leaves the old one.
 * `backUp` runs before the first change of a book that has content.
 *
 * Refusals: `BOOK_FROM_FUTURE` {version} for a book of a newer program; `BOOK_SCHEMA` when an applied migration is not
 * the one this program has (another program of the same number, or a damaged book).
 */
export function migrate(db: Connection, at: string, backUp: () => void, list: readonly Migration[] = migrations): void {
  const current = schemaOf(db);
  if (current > newestSchema(list)) throw new PortbookError('BOOK_FROM_FUTURE', { version: current });
  const applied = current === 0 ? [] : readApplied(db);
  for (const [index, row] of applied.entries()) {
    const known = list[index];
    if (known === undefined || known.id !== row.id || checksum(known) !== row.checksum) {
      throw new PortbookError('BOOK_SCHEMA', { migration: row.id, name: row.name });
    }
  }
  if (applied.length === list.length) return;
  if (current > 0) backUp();
  // A table that others point to is remade by copying it: its rows must not cascade away, so the keys are checked at the end.
  db.pragma('foreign_keys = OFF');
  try {
    run(db, at, list, current, applied.length);
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

function run(db: Connection, at: string, list: readonly Migration[], current: number, done: number): void {
  db.transaction(() => {
    // Another process may have migrated since we looked.
    if (schemaOf(db) !== current) return;
    db.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL, app_version TEXT NOT NULL
    ) STRICT`);
    const insert = db.prepare(
      'INSERT INTO schema_migrations (id, name, checksum, applied_at, app_version) VALUES (?, ?, ?, ?, ?)',
    );
    // A new book takes what the migrations would leave in one step: one after the other costs six times as much.
    const isNew = done === 0 && list.some((migration) => migration.id === through);
    if (isNew) db.exec(newBook);
    for (const migration of list.slice(done)) {
      if (!isNew || migration.id > through) db.exec(migration.sql);
      insert.run(migration.id, migration.name, checksum(migration), at, appVersion);
    }
    const broken = db.pragma('foreign_key_check') as readonly unknown[];
    if (broken.length > 0) throw new Error(`migration leaves ${broken.length} rows without what they point to`);
    db.pragma(`user_version = ${newestSchema(list)}`);
  }).immediate();
}

function readApplied(db: Connection): Applied[] {
  const isThere = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'`).get();
  if (isThere === undefined) throw new PortbookError('BOOK_SCHEMA', { migration: 0, name: 'schema_migrations' });
  return db.prepare('SELECT id, name, checksum FROM schema_migrations ORDER BY id').all() as Applied[];
}
