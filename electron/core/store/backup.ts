import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PortbookError } from '../../../shared/errors.ts';
import { syncFolder } from '../files/atomic.ts';
import { lastAuditHash } from './audit.ts';
import { type Connection, openDatabase, storeRefusal } from './database.ts';

/** Backups kept: the newest of each of the last days, weeks and months that have one. */
export interface Rotation {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}
export const rotation: Rotation = { daily: 7, weekly: 4, monthly: 12 };

/** What two copies of a book must have in common. */
interface Census {
  readonly schema: number;
  readonly tables: ReadonlyMap<string, number>;
  readonly lastAudit: string;
}

function census(db: Connection): Census {
  const names = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    .all() as { name: string }[];
  const tables = new Map(
    names.map(({ name }) => [name, (db.prepare(`SELECT count(*) AS n FROM "${name}"`).get() as { n: number }).n]),
  );
  return {
    schema: db.pragma('user_version', { simple: true }) as number,
    tables,
    lastAudit: tables.has('audit') ? lastAuditHash(db) : '',
  };
}

/**
 * Copies an open book into a new sealed file with the same key and proves the copy before it gets its name: opened
 * read-only, checked by SQLite, row counts and the end of the audit chain compared. The source is held still for writers
 * of other processes only as long as the copy takes.
 *
 * Refusals: `BACKUP_UNVERIFIED`, `DISK_FULL`, `BOOK_READ_ONLY`.
 */
export function backUpTo(db: Connection, key: Uint8Array, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  try {
    const before = census(db);
    db.prepare('VACUUM INTO ?').run(partial);
    const copy = openDatabase(partial, key, { readonly: true });
    try {
      const verdict = copy.pragma('quick_check', { simple: true });
      if (verdict !== 'ok' || !isSame(before, census(copy), census(db)))
        throw new PortbookError('BACKUP_UNVERIFIED', { path });
    } finally {
      copy.close();
    }
    syncFile(partial);
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    throw storeRefusal(error, path) ?? error;
  }
}

/** A writer of another process may have committed between the counts: then the copy lies between the two. */
function isSame(before: Census, copy: Census, after: Census): boolean {
  if (copy.schema !== before.schema) return false;
  for (const [name, n] of copy.tables) {
    const bounds = [before.tables.get(name) ?? 0, after.tables.get(name) ?? 0];
    if (n < Math.min(...bounds) || n > Math.max(...bounds)) return false;
  }
  return before.lastAudit !== after.lastAudit || copy.lastAudit === before.lastAudit;
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const dated = /^book-(\d{8})T(\d{6})\d*Z\.portbook$/;

/** The name of a regular backup, by the instant it was made. */
export function backupName(at: string): string {
  return `book-${at.replaceAll(/[-:.]/g, '')}.portbook`;
}

/** When a regular backup was made, ISO 8601 UTC to the second, by its name. */
export function backupAt(name: string): string {
  const [, day = '', time = ''] = dated.exec(name) ?? [];
  return `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}.000Z`;
}

/** The regular backups of a folder, newest first. */
export function listBackups(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder)
    .filter((name) => dated.test(name))
    .sort()
    .reverse();
}

/** Which of the names, newest first, the rotation keeps. Copies with other names (before a change of schema) are not its business. */
export function keptBackups(names: readonly string[], keep: Rotation = rotation): Set<string> {
  const kept = new Set<string>();
  const periods: readonly [(day: string) => string, number][] = [
    [(day) => day, keep.daily],
    [isoWeek, keep.weekly],
    [(day) => day.slice(0, 6), keep.monthly],
  ];
  for (const [periodOf, count] of periods) {
    const seen = new Set<string>();
    for (const name of names) {
      const day = dated.exec(name)?.[1];
      if (day === undefined) continue;
      const period = periodOf(day);
      if (seen.has(period)) continue;
      if (seen.size === count) break;
      seen.add(period);
      kept.add(name);
    }
  }
  return kept;
}

/** Days since 1970 of a `yyyymmdd`, in weeks that start on Monday. */
function isoWeek(day: string): string {
  const ms = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
  return String(Math.floor((ms / 86_400_000 + 3) / 7));
}

/** A copy that was begun longer ago than this is not being made any more; a younger one may be another process' own. */
const PARTIAL_MS = 3_600_000;

/** Takes away what the rotation no longer keeps, and what a process that was ended on the way left of a copy. */
export function rotateBackups(folder: string, keep: Rotation = rotation): void {
  const names = listBackups(folder);
  const kept = keptBackups(names, keep);
  for (const name of names) if (!kept.has(name)) rmSync(join(folder, name));
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return;
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.portbook.partial'))) {
    const at = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - at > PARTIAL_MS) rmSync(join(folder, name), { force: true });
  }
}
