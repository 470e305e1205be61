import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../electron/core/store/database.ts';
import { migrate } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { through } from '../../electron/core/store/migrations/new-book.sql.ts';

/** What a new book begins with, beside what an old one is brought to. */
const now = '2026-11-22T00:00:00.000Z';
/** In what order things can be made: an index, a view and a trigger name tables. */
const kinds = ['table', 'view', 'index', 'trigger'];
/** By what the engine judges the indexes. */
const figures = 'sqlite_stat1';

function empty(): Connection {
  const addon = process.env['PORTBOOK_SQLITE_ADDON'];
  return new Database(':memory:', addon === undefined ? {} : { nativeBinding: addon });
}

/** One migration after the other: the first alone, so that the book is not a new one for those that follow. */
function stepwise(until: number): Connection {
  const db = empty();
  const list = migrations.filter((one) => one.id <= until);
  migrate(db, now, () => undefined, list.slice(0, 1));
  migrate(db, now, () => undefined, list);
  return db;
}

type StoredRow = Readonly<Record<string, string | number | null>>;

interface Made {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

function madeIn(db: Connection): readonly Made[] {
  return db.prepare<[], Made>('SELECT type, name, sql FROM sqlite_schema ORDER BY rowid').all();
}

/** The rows of every table that has any. */
function rowsIn(db: Connection): Record<string, readonly StoredRow[]> {
  const names = madeIn(db).filter((one) => one.type === 'table');
  return Object.fromEntries(
    names
      .map(({ name }) => [name, db.prepare<[], StoredRow>(`SELECT * FROM "${name}"`).all()] as const)
      .filter(([, rows]) => rows.length > 0),
  );
}

/** The file, as it has to be. */
function fileOf(db: Connection): string {
  const made = madeIn(db);
  // A virtual table makes its own tables; the list of migrations is there before all others.
  const own = new Set(
    db
      .prepare<[], { name: string }>(`SELECT name FROM pragma_table_list WHERE type = 'shadow'`)
      .all()
      .map((one) => one.name),
  ).add('schema_migrations');
  const statements = kinds.flatMap((kind) =>
    made
      .filter((one) => one.type === kind && one.sql !== null && !one.name.startsWith('sqlite_') && !own.has(one.name))
      .map((one) => `${one.sql};`),
  );
  const { [figures]: plans = [], ...others } = rowsIn(db);
  const rows = Object.entries(others)
    .filter(([name]) => !own.has(name))
    .flatMap(([name, all]) => all.map((row) => insertOf(name, row)));
  // Their table is made by the engine, which reads them when it is told to.
  const read = 'ANALYZE sqlite_schema;';
  const known = [read, ...plans.map((row) => insertOf(figures, row)), read];
  const text = [...statements, ...rows, ...known].join('\n').replace(/[\\`]|\$\{/g, '\\$&');
  return [
    '/**',
    ' * The tables of a book as the migrations up to `through` leave them, so that a new book is made in one step and the',
    ' * tables can be read in one place. Written by `tests/core/new-book-schema.test.ts`, never by hand: to renew it, set',
    ' * `through` to the newest migration and run that test with `-u`. Migrations after it are run on a new book as on any.',
    ' */',
    `export const through = ${through};`,
    `export const sql = \`\n${text}\n\`;`,
    '',
  ].join('\n');
}

function insertOf(table: string, row: StoredRow): string {
  const value = (cell: string | number | null): string =>
    typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell);
  return `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(value).join(', ')});`;
}

describe('the tables of a new book', () => {
  it('are written down as the migrations leave them', async () => {
    const until = migrations.find((one) => one.id === through);
    expect(until).toBeDefined();
    await expect(fileOf(stepwise(through))).toMatchFileSnapshot('../../electron/core/store/migrations/new-book.sql.ts');
  });

  it('are, with their rows, those of a book that went through every migration', () => {
    const made = empty();
    migrate(made, now, () => undefined);
    const brought = stepwise(migrations.at(-1)?.id ?? 0);
    const sorted = (db: Connection): readonly string[] =>
      madeIn(db)
        .map((one) => `${one.type} ${one.name} ${one.sql}`)
        .sort();
    expect(sorted(made)).toEqual(sorted(brought));
    expect(rowsIn(made)).toEqual(rowsIn(brought));
    expect(made.pragma('user_version')).toEqual(brought.pragma('user_version'));
  });
});
