import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../electron/core/store/database.ts';
import { migrate } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { temporaryFolder } from '../faults/support/folder.ts';

const now = '2026-11-21T04:00:00.000Z';
const folder = temporaryFolder('migration-refused-changes');
const db = openDatabase(path.join(folder, 'book.portbook'), new Uint8Array(32).fill(7), { create: true });
afterAll(() => db.close());

it('lets stand again what gave way to a change that customs sent back, and nothing of which that is not sure', () => {
  const at = migrations.findIndex(({ name }) => name === 'refused-changes');
  migrate(db, now, () => undefined, migrations.slice(0, at));
  let id = 0;
  /** A document of a number; what it came from, where it gave way. */
  const version = (number: string, nth: number, state: string, status: string | null, from?: string): number => {
    id += 1;
    db.prepare(
      `INSERT INTO document (id, kind, business_key, version, guid, body, amount_e5, currency, state, status_code, tables_version, created_at, updated_at)
       VALUES (?, 'CEB603Message', ?, ?, ?, '{}', 1, 'USD', ?, ?, 'x', ?, ?)`,
    ).run(id, number, nth, `G${id}`, state, status, now, now);
    if (from !== undefined)
      db.prepare(
        `INSERT INTO transition (subject, subject_id, from_state, to_state, event, at) VALUES ('document', ?, ?, ?, 'supersede', ?)`,
      ).run(String(id), from, state, now);
    return id;
  };
  const about = (one: number, ...others: number[]): void => {
    for (const other of others)
      db.prepare(`INSERT INTO document_about (document_id, about_id, purpose) VALUES (?, ?, 'amend')`).run(one, other);
  };
  const sentBack = version('A', 1, 'superseded', '120', 'accepted');
  about(version('A', 2, 'rejected', '100'), sentBack);
  const corrected = version('B', 1, 'superseded', '120', 'accepted');
  about(version('B', 2, 'superseded', '100', 'rejected'), corrected);
  about(version('B', 3, 'queued', null), corrected);
  const taken = version('C', 1, 'superseded', '120', 'accepted');
  about(version('C', 2, 'accepted', '120'), taken);
  const second = version('D', 1, 'superseded', '120', 'accepted');
  const change = version('D', 2, 'superseded', '120', 'accepted');
  about(change, second);
  about(version('D', 3, 'rejected', '-621011'), second, change);
  const released = version('E', 1, 'superseded', '800', 'accepted');
  about(version('E', 2, 'rejected', '100'), released);
  const revised = version('F', 1, 'superseded', '100', 'rejected');
  about(version('F', 2, 'rejected', '100'), revised);

  migrate(db, now, () => undefined);
  const states = db.prepare(`SELECT id FROM document WHERE state = 'accepted' ORDER BY id`).all() as { id: number }[];
  expect(states.map((one) => one.id)).toEqual([sentBack, corrected, taken + 1, change]);
  const again = db.prepare(`SELECT subject_id AS id FROM transition WHERE event = 'adopt-accepted' ORDER BY id`).all();
  expect(again).toEqual([sentBack, corrected, change].map((one) => ({ id: String(one) })));
  expect(db.prepare(`SELECT n FROM tally WHERE area = 'document' AND state = 'CEB603Message:accepted'`).get()).toEqual({
    n: 4,
  });
});
