import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import { PortbookError } from '../../shared/errors.ts';
import { keyByPassphrase, keyByRecovery, readKeyFile, writeKeyFile } from './keys/key-file.ts';
import { syncKeys } from './outbox/holds.ts';
import type { Secret, Session } from './session.ts';
import { verifyAudit } from './store/audit.ts';
import { backupAt, backupName, listBackups, rotateBackups } from './store/backup.ts';
import { Book, backupFolder, bookFile, keyFile, settingKeys } from './store/book.ts';
import { openDatabase, storeRefusal } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { keepMoves } from './store/moves.ts';
import { doubtQueue } from './store/restored.ts';
import { noteRestored } from './store/restoring.ts';

/** Copies of the open book, made by hand and by themselves, and the way back from one. */

const offKey = 'backup.off';
/** A larger book is not copied while it closes: the window is gone and whoever turns the computer off does not wait. */
const LARGEST_AT_CLOSE = 200 * 1_048_576;

export const backsUpByItself = (book: Book): boolean => !book.isSample && book.setting(offKey) === undefined;
export function setBacksUpByItself(book: Book, isOn: boolean): void {
  book.setSetting(offKey, isOn ? undefined : '1');
}

/** A sealed, verified copy in the book's folder, its key file beside it, old ones taken away by the rotation. */
export function backUp(book: Book, now: () => string): { path: string; verifiedAt: string } {
  const at = now();
  const folder = join(book.folder, backupFolder);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, backupName(at));
  book.backUpTo(path);
  // With it the folder alone is enough to come back from, on any computer.
  writeKeyFile(join(folder, keyFile), readKeyFile(join(book.folder, keyFile)));
  rotateBackups(folder);
  book.transaction(() => {
    book.setSetting(settingKeys.lastBackupAt, at);
    book.audit('book.backedUp', book.id, { file: backupName(at) }, at);
  });
  return { path, verifiedAt: now() };
}

/** The first copy of a day in China, of a book that makes them by itself. @returns whether one was made */
export function backUpIfDue(book: Book, now: () => string, when: 'open' | 'closing'): boolean {
  if (!backsUpByItself(book)) return false;
  const last = book.setting(settingKeys.lastBackupAt);
  if (last !== undefined && chinaDate(last) >= chinaDate(now())) return false;
  if (when === 'closing' && statSync(join(book.folder, bookFile)).size > LARGEST_AT_CLOSE) return false;
  backUp(book, now);
  return true;
}

/** Keeps the books of a session backed up: when one closes, and on a day that it stays open. Returns the function that ends it. */
export function keepBackedUp(session: Session, now: () => string, failed: (error: unknown) => void): () => void {
  const tried = (when: 'open' | 'closing'): void => {
    try {
      if (session.isOpen) backUpIfDue(session.book, now, when);
    } catch (error) {
      // A full disk must keep nobody from closing; the age of the last copy stands in the status bar.
      failed(error);
    }
  };
  const timer = setInterval(() => tried('open'), LOOK_MS);
  timer.unref();
  const forget = session.onBeforeClose(() => tried('closing'));
  return () => {
    clearInterval(timer);
    forget();
  };
}
const LOOK_MS = 300_000;

// The way back --------------------------------------------------------------------------------------------------------

export interface BackupRow {
  readonly file: string;
  readonly at: string;
  readonly bytes: number;
}

/** The backups of a folder, newest first; the folder of a book or that of its backups may be named. */
export function backupsIn(folder: string): { folder: string; rows: BackupRow[] } {
  const own = join(folder, backupFolder);
  const from = statSync(own, { throwIfNoEntry: false })?.isDirectory() === true ? own : folder;
  const rows = listBackups(from).map((file) => ({ file, at: backupAt(file), bytes: statSync(join(from, file)).size }));
  return { folder: from, rows };
}

/**
 * Makes a book folder in `target` from a backup, its queue on hold and in doubt: what was queued then may have been sent since, and is asked
 * about before it leaves, and what left since is asked for before anything else is queued. The backup is proved before anything is written. Refusals: `BACKUP_NOT_HERE` {file}, `BACKUP_DAMAGED` {file}, and those of keys.
 * @returns the book's id
 */
export async function restoreFrom(
  session: Session,
  source: { readonly folder: string; readonly file: string },
  secret: Secret,
  target: string,
  now: string,
): Promise<string> {
  const { folder, rows } = backupsIn(source.folder);
  const { file } = source;
  // A name of the list, and so no way to any other file.
  const isListed = rows.some((row) => row.file === file);
  // The book's own key file knows the latest passphrase; the copy beside the backups is there when the book is not.
  const keys = [join(dirname(folder), keyFile), join(folder, keyFile)].find((path) =>
    statSync(path, { throwIfNoEntry: false }),
  );
  if (!isListed || keys === undefined) throw new PortbookError('BACKUP_NOT_HERE', { file }, 'file');
  const wraps = readKeyFile(keys);
  const key =
    'passphrase' in secret
      ? await session.keyOf(wraps.bookId, () => keyByPassphrase(wraps, secret.passphrase))
      : keyByRecovery(wraps, secret.recoveryKey);
  prove(join(folder, file), key, wraps.bookId, file);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  try {
    copyFileSync(join(folder, file), join(target, bookFile));
    const db = openDatabase(join(target, bookFile), key);
    try {
      // The backup itself is the copy that a change of schema asks for.
      migrate(db, now, () => undefined);
      const book = new Book(wraps.bookId, target, db, key, {});
      book.transaction(() => {
        keepMoves(book);
        book.setSetting(syncKeys.paused, '1');
        doubtQueue(book, now);
        noteRestored(book, backupAt(file), now);
      });
    } finally {
      db.close();
    }
    // Last: a folder with both files is a book that opens.
    writeKeyFile(join(target, keyFile), wraps);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw storeRefusal(error, target) ?? error;
  } finally {
    key.fill(0);
  }
  return wraps.bookId;
}

/** Throws `BACKUP_DAMAGED` {file} for a copy that does not open, does not hold together or is of another book. */
function prove(path: string, key: Uint8Array, bookId: string, file: string): void {
  const isSound = (): boolean => {
    const db = openDatabase(path, key, { readonly: true });
    try {
      const stored = db.prepare('SELECT value FROM setting WHERE key = ?').get(settingKeys.bookId) as
        | { value: string }
        | undefined;
      return stored?.value === bookId && db.pragma('quick_check', { simple: true }) === 'ok' && verifyAudit(db).intact;
    } finally {
      db.close();
    }
  };
  try {
    if (isSound()) return;
  } catch (error) {
    const refusal = storeRefusal(error, path);
    if (refusal === undefined && !(error instanceof PortbookError)) throw error;
  }
  throw new PortbookError('BACKUP_DAMAGED', { file }, 'file');
}
