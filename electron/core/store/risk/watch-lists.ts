/** Lists of names to screen against (名单), as imported. */
import type { z } from 'zod';
import type { watchListView } from '../../../../shared/contract/risk.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { WatchEntry } from '../../../../shared/import/watch-list.ts';
import type { Book } from '../book.ts';

/** A list is named by its rows, or after its file without the ending. */
export function listNameOf(list: string | undefined, fileName: string): string {
  return list ?? fileName.replace(/\.[^.]+$/, '');
}

interface StoredEntry {
  id: number;
  name: string;
  number: string;
  aliases: string;
  kind: WatchEntry['kind'];
  country: string;
  note: string;
}

/** The entry of a list by name and number. */
export function knownEntry(
  book: Book,
  list: string,
  name: string,
  number: string,
): Pick<WatchEntry, 'aliases' | 'kind' | 'country' | 'note'> | undefined {
  const row = book
    .prepare(
      `SELECT n.aliases, n.kind, n.country, n.note FROM watch_name n JOIN watch_list l ON l.id = n.list_id WHERE l.name = ? AND n.name = ? AND n.number = ?`,
    )
    .get(list, name, number) as Pick<StoredEntry, 'aliases' | 'kind' | 'country' | 'note'> | undefined;
  return row === undefined ? undefined : { ...row, aliases: JSON.parse(row.aliases) as string[] };
}

/**
 * Makes each list what the file says: new entries in, changed ones changed, those that the file leaves out gone. Call it in a transaction.
 * @returns how many entries went
 */
export function replaceLists(
  book: Book,
  entries: readonly WatchEntry[],
  file: { readonly name: string; readonly sha256: string; readonly runId: number },
  now: string,
): number {
  const byList = new Map<string, WatchEntry[]>();
  for (const entry of entries) {
    const name = listNameOf(entry.list, file.name);
    const list = byList.get(name);
    if (list === undefined) byList.set(name, [entry]);
    else list.push(entry);
  }
  const insert = book.prepare(
    `INSERT INTO watch_name (list_id, name, aliases, kind, country, number, note, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = book.prepare('UPDATE watch_name SET aliases = ?, kind = ?, country = ?, note = ? WHERE id = ?');
  const remove = book.prepare('DELETE FROM watch_name WHERE id = ?');
  let removed = 0;
  for (const [name, list] of byList) {
    const listId = putList(book, name, list, file, now);
    const stored = new Map(
      (
        book
          .prepare('SELECT id, name, number, aliases, kind, country, note FROM watch_name WHERE list_id = ?')
          .all(listId) as StoredEntry[]
      ).map((one) => [JSON.stringify([one.name, one.number]), one]),
    );
    for (const entry of list) {
      const key = JSON.stringify([entry.name, entry.number]);
      const before = stored.get(key);
      stored.delete(key);
      const aliases = JSON.stringify(entry.aliases);
      const { kind, country, number, note } = entry;
      if (before === undefined) insert.run(listId, entry.name, aliases, kind, country, number, note, now);
      else if (before.aliases !== aliases || before.kind !== kind || before.country !== country || before.note !== note)
        update.run(aliases, kind, country, note, before.id);
    }
    for (const { id } of stored.values()) {
      remove.run(id);
      removed += 1;
    }
  }
  if (removed > 0) leaveHits(book, now);
  return removed;
}

function putList(
  book: Book,
  name: string,
  entries: readonly WatchEntry[],
  file: { readonly name: string; readonly sha256: string; readonly runId: number },
  now: string,
): number {
  const source = entries.find((one) => one.source !== '')?.source ?? '';
  const asOf = entries.reduce<string | null>(
    (last, one) => (one.asOf !== undefined && (last === null || one.asOf > last) ? one.asOf : last),
    null,
  );
  const { id } = book
    .prepare(
      `INSERT INTO watch_list (name, source, as_of, file_name, file_sha256, import_run_id, created_at, updated_at) VALUES (:name, :source, :asOf, :file, :sha256, :runId, :now, :now)
       ON CONFLICT (name) DO UPDATE SET source = excluded.source, as_of = excluded.as_of, file_name = excluded.file_name, file_sha256 = excluded.file_sha256,
         import_run_id = excluded.import_run_id, updated_at = excluded.updated_at RETURNING id`,
    )
    .get({ name, source, asOf, file: file.name, sha256: file.sha256, runId: file.runId, now }) as { id: number };
  return id;
}

/** Hits whose entry is on no list any more are gone. */
function leaveHits(book: Book, now: string): void {
  book.prepare('UPDATE screening_hit SET gone_at = ? WHERE watch_name_id IS NULL AND gone_at IS NULL').run(now);
}

export function listWatchLists(book: Book): z.output<typeof watchListView>[] {
  const rows = book
    .prepare(
      `SELECT l.id, l.name, l.source, l.as_of AS asOf, l.file_name AS fileName, l.file_sha256 AS sha256, l.updated_at AS importedAt,
         (SELECT count(*) FROM watch_name n WHERE n.list_id = l.id) AS names,
         (SELECT count(*) FROM screening_hit h JOIN watch_name n ON n.id = h.watch_name_id WHERE n.list_id = l.id AND h.state = 'review' AND h.gone_at IS NULL) AS hits
       FROM watch_list l ORDER BY l.name`,
    )
    .all() as (Omit<z.output<typeof watchListView>, 'asOf'> & { asOf: string | null })[];
  return rows.map(({ asOf, ...row }) => ({ ...row, ...(asOf === null ? {} : { asOf }) }));
}

/** Takes a list away with its names; hits stay with what was decided. Refusal: `WATCH_LIST_UNKNOWN` {id}. @returns its name */
export function removeList(book: Book, id: number, now: string): string {
  const row = book.prepare('DELETE FROM watch_list WHERE id = ? RETURNING name').get(id) as
    | { name: string }
    | undefined;
  if (row === undefined) throw new PortbookError('WATCH_LIST_UNKNOWN', { id }, 'id');
  leaveHits(book, now);
  return row.name;
}

/** An entry to hold names against. */
export interface WatchName {
  readonly id: number;
  readonly list: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly number: string;
}

export function watchNames(book: Book): WatchName[] {
  const rows = book
    .prepare(
      'SELECT n.id, l.name AS list, n.name, n.aliases, n.number FROM watch_name n JOIN watch_list l ON l.id = n.list_id ORDER BY n.id',
    )
    .all() as (Omit<WatchName, 'aliases'> & { aliases: string })[];
  return rows.map((row) => ({ ...row, aliases: JSON.parse(row.aliases) as string[] }));
}
