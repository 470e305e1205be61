import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../electron/core/store/database.ts';
import { migrate } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { temporaryFolder } from '../faults/support/folder.ts';

const now = '2026-11-21T04:00:00.000Z';
const folder = temporaryFolder('migration-filings');
const db = openDatabase(path.join(folder, 'book.portbook'), new Uint8Array(32).fill(7), { create: true });
afterAll(() => db.close());

it('keeps what every document of a book of before declares, and takes further kinds', () => {
  const at = migrations.findIndex(({ name }) => name === 'filings');
  migrate(db, now, () => undefined, migrations.slice(0, at));
  const insert = db.prepare(
    `INSERT INTO document (kind, business_key, guid, subject_kind, subject_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
     VALUES ('FX101Message', ?, ?, ?, ?, '{"a":1}', 1, 'USD', ?, 'x', ?, ?)`,
  );
  const states = ['draft', 'queued', 'accepted', 'superseded'];
  for (const [index, state] of states.entries()) {
    insert.run(`R${index}`, `GR${index}`, 'money-record', index + 1, state, now, now);
    insert.run(`T${index}`, `GT${index}`, 'trade-credit-report', index + 1, state, now, now);
    insert.run(`N${index}`, `GN${index}`, null, null, state, now, now);
  }
  const columns = (db.prepare(`SELECT name FROM pragma_table_info('document')`).all() as { name: string }[])
    .map(({ name }) => name)
    .sort()
    .join();
  const all = () => ({
    documents: db.prepare(`SELECT ${columns} FROM document ORDER BY id`).all(),
    schema: db
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type IN ('index','trigger') AND tbl_name IN ('document','allocation') ORDER BY 1`,
      )
      .all(),
    tally: db.prepare(`SELECT state, n FROM tally WHERE area = 'document' AND n <> 0 ORDER BY state`).all(),
  });
  const before = all();
  migrate(db, now, () => undefined);
  const after = all();
  expect(after.documents).toEqual(before.documents);
  expect(after.schema).toEqual(expect.arrayContaining(before.schema));
  expect(after.tally).toEqual(before.tally);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name LIKE '%270%'`).all()).toEqual([]);

  insert.run('B1', 'GB1', 'registration', 1, 'draft', now, now);
  // Still a kind with its id, or neither.
  expect(() => insert.run('B2', 'GB2', 'registration', null, 'draft', now, now)).toThrow('CHECK');
  expect(() => insert.run('B3', 'GB3', '', 1, 'draft', now, now)).toThrow('CHECK');
});
