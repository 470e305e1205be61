import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Book } from '../../electron/core/store/book.ts';
import { openDatabase } from '../../electron/core/store/database.ts';
import {
  enqueueMessage,
  getMessage,
  markChecked,
  messageBytes,
  moveMessage,
  withdrawMessage,
} from '../../electron/core/store/messages.ts';
import { migrate } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { keepMoves } from '../../electron/core/store/moves.ts';
import { signatureOf } from '../../electron/core/store/signatures.ts';
import { temporaryFolder } from '../faults/support/folder.ts';

const now = '2026-11-21T04:00:00.000Z';
const folder = temporaryFolder('migration-signing');
const db = openDatabase(path.join(folder, 'book.portbook'), new Uint8Array(32).fill(7), { create: true });
afterAll(() => db.close());

it('keeps every message of a book of before, its bytes, its documents and its counts', () => {
  const at = migrations.findIndex(({ name }) => name === 'signing');
  migrate(db, now, () => undefined, migrations.slice(0, at));
  const states = ['queued', 'sending', 'unknown', 'sent', 'refused', 'withdrawn'];
  const insert = db.prepare(
    `INSERT INTO message (guid, kind, seq, bytes, sha256, documents, signature_kind, state, next_attempt_at, queued_at)
     VALUES (?, 'FX101Message', ?, ?, ?, 1, ?, ?, ?, ?)`,
  );
  for (const [index, state] of states.entries()) {
    const bytes = Buffer.from(`<m>${state}</m>`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    insert.run(`G${index}`, index + 1, bytes, sha256, index % 2 === 0 ? 'none' : 'rsa', state, now, now);
    db.prepare(
      `INSERT INTO document (id, kind, business_key, guid, body, amount_e5, currency, state, message_guid, tables_version, created_at, updated_at)
       VALUES (?, 'FX101Message', ?, ?, '{}', 1, 'USD', ?, ?, 'x', ?, ?)`,
    ).run(index + 1, `K${index}`, `D${index}`, state === 'refused' ? 'rejected' : state, `G${index}`, now, now);
    db.prepare('INSERT INTO message_document VALUES (?, 0, ?)').run(`G${index}`, index + 1);
  }
  db.prepare(`INSERT INTO number_series VALUES ('message', 7)`).run();
  // Those there were: migrations after this one may add others, and have put the bytes beside them.
  const columns = (db.prepare(`SELECT name FROM pragma_table_info('message')`).all() as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => name !== 'bytes')
    .join();
  const all = (bytes = 'message_bytes') => ({
    messages: db.prepare(`SELECT ${columns} FROM message ORDER BY seq`).all(),
    bytes: db.prepare(`SELECT seq, bytes FROM ${bytes} ORDER BY seq`).all(),
    tally: db.prepare(`SELECT state, n FROM tally WHERE area = 'message' AND n <> 0 ORDER BY state`).all(),
    links: db.prepare('SELECT * FROM message_document ORDER BY 1').all(),
  });
  const before = all('message');
  migrate(db, now, () => undefined);
  expect(all()).toEqual(before);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const refused = (sql: string) => () => db.exec(sql);
  expect(refused(`UPDATE message_bytes SET bytes = x'00' WHERE seq = 1`)).toThrow('immutable');
  expect(refused(`UPDATE message SET sha256 = '' WHERE guid = 'G0'`)).toThrow('immutable');
  expect(refused(`DELETE FROM message WHERE guid = 'G0'`)).toThrow('kept');

  const book = new Book('id', folder, db, new Uint8Array(32), {});
  keepMoves(book);
  expect(Buffer.from(messageBytes(book, 'G3')).toString()).toBe('<m>sent</m>');
  expect(signatureOf(book, 'G3')).toBeUndefined();
  // What was queued moves on as ever, and the counts with it.
  expect(moveMessage(book, 'G0', 'lease', now)).toBe('sending');
  db.prepare(
    `INSERT INTO document (id, kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
     VALUES (100, 'FX101Message', 'NEW', 'NEW', '{}', 1, 'USD', 'draft', 'x', ?, ?)`,
  ).run(now, now);
  book.transaction(() => {
    markChecked(book, [100], now);
    enqueueMessage(book, {
      guid: 'NEW',
      kind: 'FX101Message',
      bytes: Buffer.from('<m/>'),
      documentIds: [100],
      signatureKind: 'pending',
      now,
    });
  });
  expect(getMessage(book, 'NEW')).toMatchObject({ state: 'unsigned', seq: 7 });
  const count = (state: string) =>
    (db.prepare(`SELECT n FROM tally WHERE area = 'message' AND state = ?`).get(state) as { n: number }).n;
  expect([count('unsigned'), count('queued'), count('sending')]).toEqual([1, 0, 2]);
  book.transaction(() => withdrawMessage(book, 'NEW', now));
  expect([count('unsigned'), count('withdrawn')]).toEqual([0, 2]);
});
