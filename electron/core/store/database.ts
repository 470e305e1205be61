import { closeSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { PortbookError } from '../../../shared/errors.ts';

export type Connection = Database.Database;
export type Statement = Database.Statement;

export interface OpenOptions {
  /** Makes the file when there is none; otherwise a missing file is `BOOK_MISSING`. */
  readonly create?: boolean;
  readonly readonly?: boolean;
}

/** Raw keys are used as they are: they are random already, and a derivation would only cost time at every open. */
const keyBytes = 32;

/**
 * Opens a sealed SQLite file with its 256-bit key.
 *
 * Refusals: `BOOK_MISSING`, `KEY_WRONG` (the file looks sealed but this key does not open it), `BOOK_DAMAGED`,
 * `BOOK_READ_ONLY`, `DISK_FULL`, `BOOK_BUSY`.
 */
export function openDatabase(path: string, key: Uint8Array, options: OpenOptions = {}): Connection {
  if (key.length !== keyBytes) throw new RangeError(`a book key has ${keyBytes} bytes, not ${key.length}`);
  const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isThere && options.create !== true) throw new PortbookError('BOOK_MISSING', { path });
  let db: Connection | undefined;
  try {
    db = new Database(path, {
      fileMustExist: options.create !== true,
      readonly: options.readonly ?? false,
      timeout: 5000,
      ...addon(),
    });
    db.pragma(`cipher='aegis'`);
    db.exec(`PRAGMA key = "x'${Buffer.from(key).toString('hex')}'"`);
    // The first read is where a wrong key shows.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    db.pragma('busy_timeout = 5000');
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -65536');
    if (options.readonly !== true) {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
    }
    return db;
  } catch (error) {
    db?.close();
    if (isSqlite(error) && error.code === 'SQLITE_NOTADB') {
      throw new PortbookError(looksSealed(path) ? 'KEY_WRONG' : 'BOOK_DAMAGED', { path });
    }
    throw storeRefusal(error, path) ?? error;
  }
}

/** Tables of which the engine keeps the statistics they were laid out with: see migration 1000. */
const laidOut = `('document', 'receipt')`;
/** Rows below which what a table holds says nothing of how things are best found in it once it has grown. */
const tellingRows = 1000;

/**
 * Lets SQLite count anew what it judges its indexes by, where a table has grown or shrunk tenfold. What is laid out stays, and of
 * small tables nothing is kept: of three papers and one order it would learn that all are gone through as quickly as one is found,
 * and go on so while thousands are imported. Where nothing can be written now, for another program writes or the disk is full, all
 * stays as it is until the next time.
 */
export function renewStatistics(db: Connection): void {
  const renew = db.transaction(() => {
    const kept = db.prepare<[], object>(`SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl IN ${laidOut}`).all();
    db.pragma('optimize');
    for (const table of ['sqlite_stat4', 'sqlite_stat1'])
      db.prepare(
        `DELETE FROM ${table} WHERE tbl IN ${laidOut} OR tbl IN
           (SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER)) < ?)`,
      ).run(tellingRows);
    const put = db.prepare('INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)');
    for (const row of kept) put.run(row);
  });
  try {
    // It begins by reading, so that it does not wait for another program's lock: a book is closed at once.
    renew.deferred();
  } catch (error) {
    if (storeRefusal(error) === undefined) throw error;
  }
}

function addon(): { nativeBinding?: string } {
  const file = process.env['PORTBOOK_SQLITE_ADDON'];
  if (file !== undefined && file !== '') return { nativeBinding: file };
  // The package's own binary takes an older process down with it while it loads: better an error than a crash.
  if (Number(process.versions.napi) < 10)
    throw new Error('PORTBOOK_SQLITE_ADDON is not set and this runtime is older than Node-API 10');
  return {};
}

function isSqlite(error: unknown): error is Error & { code: string } {
  return error instanceof Database.SqliteError;
}

/**
 * What the user can do something about among SQLite's errors, as a refusal with a name; undefined for a bug of ours.
 */
export function storeRefusal(error: unknown, path = ''): PortbookError | undefined {
  if (!isSqlite(error)) return undefined;
  const { code } = error;
  if (code === 'SQLITE_FULL') return new PortbookError('DISK_FULL', { path });
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') return new PortbookError('BOOK_BUSY', { path });
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM') {
    return new PortbookError('BOOK_READ_ONLY', { path });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return new PortbookError('BOOK_DAMAGED', { path });
  if (code.startsWith('SQLITE_IOERR')) return new PortbookError('DISK_ERROR', { path, detail: code });
  return undefined;
}

/** Whether a refusal says that nothing can be written at all, whatever it is about. */
export function isStoreRefusal(code: string): boolean {
  return ['DISK_FULL', 'BOOK_BUSY', 'BOOK_READ_ONLY', 'BOOK_DAMAGED', 'DISK_ERROR'].includes(code);
}

/**
 * The cipher leaves bytes 16 to 23 of a SQLite header readable (page size, versions, the fixed 64, 32, 32). With them in
 * place a refused key is most likely the wrong key; without them the file is damaged or no book at all.
 */
function looksSealed(path: string): boolean {
  const header = Buffer.alloc(24);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, 24, 0) < 24) return false;
  } finally {
    closeSync(file);
  }
  const pageSize = header.readUInt16BE(16);
  const isFixedPart = header[21] === 64 && header[22] === 32 && header[23] === 32;
  return isFixedPart && pageSize >= 512 && statSync(path).size % pageSize === 0;
}
