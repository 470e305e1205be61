import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { PortbookError } from '../../../shared/errors.ts';
import type { CodeTable } from '../../../shared/tables/index.ts';
import type { OwnTable, Resources } from '../resources.ts';
import type { Book } from './book.ts';

/** An imported edition of a code table without its rows. */
export interface TableEdition {
  readonly id: number;
  readonly tableId: string;
  readonly asOf: string;
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly rows: number;
  readonly importedAt: string;
  readonly inForce: boolean;
}

interface EditionRow extends Omit<TableEdition, 'inForce'> {
  readonly inForce: number;
}

const columns = `id, table_id AS tableId, as_of AS asOf, source, file_name AS fileName, sha256, rows, imported_at AS importedAt,
  in_force AS inForce`;

const pack = (value: unknown): Buffer => gzipSync(JSON.stringify(value));
const unpack = (bytes: Uint8Array): unknown => JSON.parse(gunzipSync(bytes).toString('utf8'));

/** Editions of a table, newest first; of all tables without an id. */
export function listEditions(book: Book, tableId?: string): TableEdition[] {
  const rows = (
    tableId === undefined
      ? book.prepare(`SELECT ${columns} FROM code_table_edition ORDER BY id DESC`).all()
      : book.prepare(`SELECT ${columns} FROM code_table_edition WHERE table_id = ? ORDER BY id DESC`).all(tableId)
  ) as EditionRow[];
  return rows.map((row) => ({ ...row, inForce: row.inForce === 1 }));
}

/** The editions in force, as the resources take them; rows are read when a table is first looked up in. */
export function ownTables(book: Book): ReadonlyMap<string, OwnTable> {
  const own = listEditions(book).filter(({ inForce }) => inForce);
  return new Map(
    own.map(({ id, tableId, sha256, asOf, source, rows }) => [
      tableId,
      {
        sha256,
        asOf,
        source,
        rows,
        read: () => {
          const row = book.prepare('SELECT body FROM code_table_edition WHERE id = ?').get(id) as { body: Uint8Array };
          return unpack(row.body);
        },
      },
    ]),
  );
}

/** Stores an edition and puts it in force. The caller has kept what was in force before. @returns its id */
export function insertEdition(
  book: Book,
  edition: {
    readonly tableId: string;
    readonly asOf: string;
    readonly source: string;
    readonly fileName: string;
    readonly fileSha256: string;
    readonly file: { readonly rows: readonly unknown[] };
  },
  now: string,
): number {
  const sha256 = createHash('sha256').update(JSON.stringify(edition.file)).digest('hex');
  book.prepare('UPDATE code_table_edition SET in_force = 0 WHERE table_id = ? AND in_force = 1').run(edition.tableId);
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO code_table_edition (table_id, as_of, source, file_name, file_sha256, sha256, rows, body, imported_at, in_force)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    )
    .run(
      edition.tableId,
      edition.asOf,
      edition.source,
      edition.fileName,
      edition.fileSha256,
      sha256,
      edition.file.rows.length,
      pack(edition.file),
      now,
    );
  return Number(lastInsertRowid);
}

/** Puts another edition in force, or with `undefined` the shipped table. Refusal: `TABLE_EDITION_UNKNOWN` {id}. */
export function chooseEdition(book: Book, tableId: string, id: number | undefined): void {
  if (id !== undefined && !listEditions(book, tableId).some((one) => one.id === id))
    throw new PortbookError('TABLE_EDITION_UNKNOWN', { id });
  book.prepare('UPDATE code_table_edition SET in_force = 0 WHERE table_id = ? AND in_force = 1').run(tableId);
  if (id !== undefined) book.prepare('UPDATE code_table_edition SET in_force = 1 WHERE id = ?').run(id);
}

// Versions ------------------------------------------------------------------------------------------------------------

/** Packed names of a table: a broker's next book keeps the same ones. */
const packedNames = new WeakMap<CodeTable, Buffer>();

function namesOf(table: CodeTable): Buffer {
  const known = packedNames.get(table);
  if (known !== undefined) return known;
  const made = pack(table.entries.map(({ code, zh, en }) => [code, zh === '' ? en : zh]));
  packedNames.set(table, made);
  return made;
}

/** Keeps what every table says now, under its digest, and which digests the present version is made of. */
export function keepTables(book: Book, resources: Resources, now: string): void {
  const version = resources.tablesVersion;
  if (book.prepare('SELECT 1 FROM tables_version WHERE version = ?').get(version) !== undefined) return;
  const digests = resources.tableDigests;
  const has = book.prepare('SELECT 1 FROM table_names WHERE sha256 = ?');
  const insert = book.prepare('INSERT INTO table_names (sha256, table_id, as_of, names) VALUES (?, ?, ?, ?)');
  book.transaction(() => {
    for (const { id } of resources.shippedTables) {
      const sha256 = digests.get(id) ?? '';
      if (has.get(sha256) !== undefined) continue;
      const table = resources.table(id);
      insert.run(sha256, id, table.header.asOf, namesOf(table));
    }
    book
      .prepare('INSERT INTO tables_version (version, digests, kept_at) VALUES (?, ?, ?)')
      .run(version, JSON.stringify(Object.fromEntries(digests)), now);
  });
}

/** {@link keepTables} where a document was checked with the present version: without one there is nothing to compare later. */
export function keepUsedTables(book: Book, resources: Resources, now: string): void {
  const used = book.prepare('SELECT 1 FROM document WHERE tables_version = ? LIMIT 1').get(resources.tablesVersion);
  if (used !== undefined) keepTables(book, resources, now);
}

const digestsSchema = z.record(z.string(), z.string());
const namesSchema = z.array(z.tuple([z.string(), z.string()]));

/** The digests a version is made of, by table id; undefined for a version this book has never kept. */
export function digestsOf(book: Book, version: string): ReadonlyMap<string, string> | undefined {
  const row = book.prepare('SELECT digests FROM tables_version WHERE version = ?').get(version) as
    | { digests: string }
    | undefined;
  return row === undefined ? undefined : new Map(Object.entries(digestsSchema.parse(JSON.parse(row.digests))));
}

/** Code to name under a digest, and the state of the world it shows; undefined when it was never kept. */
export function namesUnder(
  book: Book,
  sha256: string,
): { readonly asOf: string; readonly names: ReadonlyMap<string, string> } | undefined {
  const row = book.prepare('SELECT as_of AS asOf, names FROM table_names WHERE sha256 = ?').get(sha256) as
    | { asOf: string; names: Uint8Array }
    | undefined;
  return row === undefined ? undefined : { asOf: row.asOf, names: new Map(namesSchema.parse(unpack(row.names))) };
}

/** Versions this book has kept, oldest first. */
export function keptVersions(book: Book): { version: string; keptAt: string }[] {
  return book.prepare('SELECT version, kept_at AS keptAt FROM tables_version ORDER BY kept_at').all() as {
    version: string;
    keptAt: string;
  }[];
}

/** Documents that may still be changed and were checked with other tables, or with other rules. */
export function draftsOfOtherVersions(
  book: Book,
  { tablesVersion, rulesVersion }: Pick<Resources, 'tablesVersion' | 'rulesVersion'>,
): {
  readonly id: number;
  readonly kind: string;
  readonly businessKey: string;
  readonly body: string;
  readonly tablesVersion: string;
  readonly hasOtherRules: boolean;
}[] {
  const rows = book
    .prepare(
      `SELECT id, kind, business_key AS businessKey, body, tables_version AS tablesVersion,
         rules_version NOT IN ('', :rulesVersion) AS hasOtherRules FROM document
       WHERE state IN ('draft','checked')
         AND (tables_version <> :tablesVersion OR rules_version NOT IN ('', :rulesVersion)) ORDER BY id`,
    )
    .all({ tablesVersion, rulesVersion }) as {
    id: number;
    kind: string;
    businessKey: string;
    body: string;
    tablesVersion: string;
    hasOtherRules: number;
  }[];
  return rows.map((row) => ({ ...row, hasOtherRules: row.hasOtherRules === 1 }));
}

// Recent codes and unconfirmed text -------------------------------------------------------------------------------------

const keptRecent = 20;

/** Notes that a code was taken for something. */
export function noteRecent(book: Book, tableId: string, usedFor: string, code: string, now: string): void {
  book
    .prepare(
      `INSERT INTO recent_code (table_id, used_for, code, used_at, times) VALUES (?, ?, ?, ?, 1)
       ON CONFLICT (table_id, used_for, code) DO UPDATE SET used_at = excluded.used_at, times = times + 1`,
    )
    .run(tableId, usedFor, code, now);
  book
    .prepare(
      `DELETE FROM recent_code WHERE table_id = :table AND used_for = :usedFor AND code NOT IN
         (SELECT code FROM recent_code WHERE table_id = :table AND used_for = :usedFor ORDER BY used_at DESC LIMIT ${keptRecent})`,
    )
    .run({ table: tableId, usedFor });
}

/** Codes taken for something, last one first. */
export function recentCodes(book: Book, tableId: string, usedFor: string): string[] {
  const rows = book
    .prepare(
      'SELECT code FROM recent_code WHERE table_id = ? AND used_for = ? ORDER BY used_at DESC, times DESC, code LIMIT 9',
    )
    .all(tableId, usedFor) as { code: string }[];
  return rows.map(({ code }) => code);
}

export interface UnconfirmedText {
  readonly table: string;
  readonly text: string;
  readonly usedFor: string;
  readonly times: number;
  readonly lastAt: string;
  readonly code: string | null;
}

/** Remembers text that named no code. */
export function noteUnconfirmed(book: Book, tableId: string, text: string, usedFor: string, now: string): void {
  book
    .prepare(
      `INSERT INTO unconfirmed_text (table_id, text, used_for, times, last_at) VALUES (?, ?, ?, 1, ?)
       ON CONFLICT (table_id, text) DO UPDATE SET times = times + 1, last_at = excluded.last_at, used_for = excluded.used_for`,
    )
    .run(tableId, text, usedFor, now);
}

/** Text nobody has settled yet, or all of it, the latest first. */
export function listUnconfirmed(book: Book, all: boolean): UnconfirmedText[] {
  return book
    .prepare(
      `SELECT table_id AS "table", text, used_for AS usedFor, times, last_at AS lastAt, code FROM unconfirmed_text
       WHERE ? = 1 OR code IS NULL ORDER BY last_at DESC, text LIMIT 500`,
    )
    .all(all ? 1 : 0) as UnconfirmedText[];
}

/** Says what a text means from now on; null forgets the text. @returns false when nobody ever typed it */
export function settleText(book: Book, tableId: string, text: string, code: string | null): boolean {
  const { changes } =
    code === null
      ? book.prepare('DELETE FROM unconfirmed_text WHERE table_id = ? AND text = ?').run(tableId, text)
      : book.prepare('UPDATE unconfirmed_text SET code = ? WHERE table_id = ? AND text = ?').run(code, tableId, text);
  return changes > 0;
}

/** The code a text was settled to mean. */
export function settledCode(book: Book, tableId: string, text: string): string | undefined {
  const row = book
    .prepare('SELECT code FROM unconfirmed_text WHERE table_id = ? AND text = ? AND code IS NOT NULL')
    .get(tableId, text) as { code: string } | undefined;
  return row?.code;
}
