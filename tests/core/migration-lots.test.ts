import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Book } from '../../electron/core/store/book.ts';
import { openDatabase } from '../../electron/core/store/database.ts';
import { migrate } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { holdsOn, lotsById, releaseLot } from '../../electron/core/store/trace/lots.ts';
import { reportsOf } from '../../electron/core/store/trace/reports.ts';
import { temporaryFolder } from '../faults/support/folder.ts';

const now = '2026-07-01T04:00:00.000Z';
const folder = temporaryFolder('migration-lots');
const db = openDatabase(path.join(folder, 'book.portbook'), new Uint8Array(32).fill(7), { create: true });
afterAll(() => db.close());

it('keeps the holds, reports and results of a book of before, and whose hold it is', () => {
  const at = migrations.findIndex(({ name }) => name === 'lot-holds');
  migrate(db, now, () => undefined, migrations.slice(0, at));
  db.exec(`
    INSERT INTO farm_product (id, name_zh, created_at, updated_at) VALUES (1, '荔枝', '${now}', '${now}');
    INSERT INTO farm_site (id, kind, name, created_at, updated_at) VALUES (1, 'orchard', '南坡', '${now}', '${now}');
    INSERT INTO lot (id, code, product_id, mass_g, free_g, made_on, site_id, held_at, hold_reason, created_at) VALUES
      (1, 'A', 1, 1000, 1000, '2026-06-01', 1, '${now}', '农残', '${now}'),
      (2, 'B', 1, 1000, 1000, '2026-06-01', 1, '2026-07-02T00:00:00.000Z', '受潮', '${now}');
    INSERT INTO lot_step (id, kind, on_date, created_at) VALUES (1, 'merge', '2026-06-02', '${now}');
    INSERT INTO lot_input (step_id, lot_id, mass_g) VALUES (1, 1, 500), (1, 2, 500);
    INSERT INTO lot (id, code, product_id, mass_g, free_g, made_on, step_id, held_at, hold_reason, created_at) VALUES
      (3, 'C', 1, 1000, 1000, '2026-06-02', 1, '${now}', '农残', '${now}');
    INSERT INTO lab_report (id, lot_id, number, issued_on, result, created_at) VALUES (1, 3, 'JC-1', '2026-06-03', 'pass', '${now}');
    INSERT INTO lab_result (report_id, substance, value_e6) VALUES (1, '啶虫脒', 20000), (1, '毒死蜱', NULL);
    INSERT INTO lot_event (lot_id, at, kind, created_at) VALUES (1, '${now}', 'destroyed', '${now}');
  `);
  migrate(db, now, () => undefined);
  const book = new Book('id', folder, db, new Uint8Array(32), {});
  // The merged lot is held by what it came from alone: no hold of its own.
  expect(holdsOn(book, 3).map(({ lot, reason }) => [lot, reason])).toEqual([
    ['A', '农残'],
    ['B', '受潮'],
  ]);
  expect(releaseLot(book, 1, '合格', now)).toBe(1);
  expect(lotsById(book, [1, 2, 3]).map(({ code, heldAt }) => [code, heldAt !== null])).toEqual([
    ['A', false],
    ['B', true],
    ['C', true],
  ]);
  expect(reportsOf(book, [3])).toMatchObject([
    {
      ...{ number: 'JC-1', result: 'pass', withdrawnReason: '' },
      results: [
        { substance: '啶虫脒', valueE6: 20_000, isNotFound: false },
        { substance: '毒死蜱', isNotFound: true },
      ],
    },
  ]);
  // What was destroyed before without a mass stays as it was told.
  expect(db.prepare('SELECT mass_g FROM lot_event').pluck().all()).toEqual([null]);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
});
