import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../electron/core/store/database.ts';
import { migrate } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { temporaryFolder } from '../faults/support/folder.ts';

const now = '2026-11-21T04:00:00.000Z';
const folder = temporaryFolder('migration-lists');
const db = openDatabase(path.join(folder, 'book.portbook'), new Uint8Array(32).fill(7), { create: true });
afterAll(() => db.close());

it('gives what was found and refused before its lists in English, in the order in which it stood', () => {
  const at = migrations.findIndex(({ name }) => name === 'lists-in-english');
  migrate(db, now, () => undefined, migrations.slice(0, at));
  db.prepare(
    `INSERT INTO document (id, kind, business_key, version, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
     VALUES (1, 'DecMessage', 'D-1', 1, 'G-1', '{}', 1, 'USD', 'draft', 'x', ?, ?)`,
  ).run(now, now);
  db.prepare(
    `INSERT INTO import_run (id, kind, file_name, file_sha256, sheet, options, state, counts, started_at)
     VALUES (1, 'waybills', 'a.csv', 'x', '', '{}', 'dry-run', '{}', ?)`,
  ).run(now);
  const finding = db.prepare(
    `INSERT INTO finding (document_id, position, rule, level, path, params, source) VALUES (1, ?, ?, 'doubt', '', ?, '')`,
  );
  finding.run(0, 'D-CURRENCIES', '{"currencies":"142、502"}');
  finding.run(1, 'DOC-REQUIRED', '{"field":"a、b"}');
  const reasons = [
    { code: 'REQUIRED_BLANK', field: 'shipmentNo', params: {} },
    { code: 'TRACKING_SEVERAL', field: 'billNo', params: { value: '1', shipments: 'S1、S2' } },
  ];
  db.prepare(`INSERT INTO import_failure (run_id, row_no, cells, reasons) VALUES (1, 2, '[]', ?)`).run(
    JSON.stringify(reasons),
  );

  migrate(db, now, () => undefined);
  const found = db.prepare('SELECT params FROM finding ORDER BY position').all() as { params: string }[];
  expect(found.map(({ params }) => JSON.parse(params))).toEqual([
    { currencies: '142、502', currenciesEn: '142, 502' },
    { field: 'a、b' },
  ]);
  const refused = db.prepare('SELECT reasons FROM import_failure').get() as { reasons: string };
  expect(JSON.parse(refused.reasons)).toEqual([
    reasons[0],
    { ...reasons[1], params: { value: '1', shipments: 'S1、S2', shipmentsEn: 'S1, S2' } },
  ]);
});
