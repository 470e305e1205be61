import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findResources, Resources } from '../../electron/core/resources.ts';
import { Book } from '../../electron/core/store/book.ts';
import { type Connection, openDatabase } from '../../electron/core/store/database.ts';
import { retryPendingPostings } from '../../electron/core/store/ledger.ts';
import { migrate, newestSchema, schemaOf } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { rateBasis, rateInForce } from '../../electron/core/store/rates.ts';
import { trialBalance } from '../../electron/core/store/trial-balance.ts';

const now = '2026-11-21T04:00:00.000Z';
const key = new Uint8Array(32).fill(7);
let folder = '';
let db: Connection;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-migration-'));
  db = openDatabase(path.join(folder, 'book.portbook'), key, { create: true });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A book as the program before this schema left it: two posted sales, one that waits, rates, a run with failed rows. */
function fillSchema20(): void {
  migrate(db, now, () => undefined, migrations.slice(0, 2));
  const account = db.prepare('INSERT INTO account (code, name_zh, name_en, kind, side) VALUES (?, ?, ?, ?, ?)');
  account.run('1122', '应收账款', 'Accounts receivable', 'asset', 'debit');
  account.run('5001', '我的收入', 'My revenue', 'revenue', 'credit');
  db.exec(`
    INSERT INTO import_run VALUES (1, 'orders', 'a.csv', 'h', '', '{}', 'committed', '{}', '${now}', '${now}');
    INSERT INTO import_failure (run_id, row_no, cells, reasons) VALUES (1, 7, '["x"]', '[{"code":"bad"}]'), (1, 9, '["y"]', '[]');
    INSERT INTO setting VALUES ('ledger.rateBasis', 'month-first');
    INSERT INTO rate VALUES ('USD', '2026-10-01', '7', 's', '${now}'), ('USD', '2026-11-01', '7.1', 's', '${now}');
    INSERT INTO number_series VALUES ('voucher:2026-10', 2), ('voucher:2026-11', 2);`);
  for (const [id, date, cents, fen] of [
    [1, '2026-10-05', 10000, 70000],
    [2, '2026-11-05', 20001, 142007],
    [3, '2026-11-06', 300, 0],
  ] as const) {
    db.prepare(
      `INSERT INTO sales_order (id, order_no, order_date, ordered_at, country_text, currency, lines, goods_value_e5, state, import_run_id, created_at)
       VALUES (?, ?, ?, ?, 'Germany', ?, 1, ?, 'released', 1, ?)`,
    ).run(id, `A${id}`, date, date, id === 3 ? 'EUR' : 'USD', cents * 1000, now);
    db.prepare(
      `INSERT INTO document (id, kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES (?, 'CEB603Message', ?, ?, ?, '{}', ?, ?, 'released', 'x', ?, ?)`,
    ).run(id, `A${id}`, `g${id}`, id, cents * 1000, id === 3 ? 'EUR' : 'USD', now, now);
    if (fen === 0) {
      db.prepare('INSERT INTO pending_posting VALUES (?, ?, ?, ?)').run(id, id, date, 'EUR');
      continue;
    }
    db.prepare(
      `INSERT INTO voucher (id, period, number, date, text, rule, source_kind, source_id, rate, rate_date, posted_at)
       VALUES (?, ?, 1, ?, ?, 'sale.released', 'order-release', ?, '7', ?, ?)`,
    ).run(id, date.slice(0, 7), date, `出口销售 A${id}`, String(id), date, now);
    const posting = db.prepare('INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?)');
    posting.run(id, 1, '1122', 'USD', cents, fen, id);
    posting.run(id, 2, '5001', 'USD', -cents, -fen, id);
  }
}

it('a book of schema 20 loses nothing and balances as before', () => {
  fillSchema20();
  const tables = [
    'voucher',
    'posting',
    'rate',
    'import_run',
    'import_failure',
    'sales_order',
    'document',
    'pending_posting',
  ];
  const counts = () =>
    tables.map((table) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n);
  const sums = () =>
    db
      .prepare(
        `SELECT account, currency, sum(debit_minor) AS d, sum(credit_minor) AS c, sum(debit_fen) AS df, sum(credit_fen) AS cf
         FROM balance GROUP BY account, currency ORDER BY 1, 2`,
      )
      .all();
  const failures = () => db.prepare('SELECT * FROM import_failure ORDER BY row_no').all();
  const before = { counts: counts(), sums: sums(), failures: failures() };

  let backups = 0;
  migrate(db, now, () => (backups += 1));
  expect(schemaOf(db)).toBe(newestSchema());
  expect(backups).toBe(1);
  expect({ counts: counts(), sums: sums(), failures: failures() }).toEqual(before);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  expect(db.prepare('SELECT voucher_id, date, closing FROM posting WHERE position = 1 ORDER BY 1').all()).toEqual([
    { voucher_id: 1, date: '2026-10-05', closing: 0 },
    { voucher_id: 2, date: '2026-11-05', closing: 0 },
  ]);

  const resources = new Resources(findResources());
  const book = new Book('id', folder, db, new Uint8Array(32), {
    postingRules: () => resources.postingRules(),
    rateRules: resources,
  });
  expect(rateBasis(book, '2026-11-05')).toBe('month-first');
  expect(rateInForce(book, 'USD', '2026-11-05')).toMatchObject({ kind: 'parity', cnyPerUnit: '7.1' });
  book.seedAccounts(resources.accounts());
  // A name that a person may have chosen stays; flags that were not there before come with the chart.
  expect(db.prepare(`SELECT name_zh, monetary FROM account WHERE code IN ('1122','5001') ORDER BY code`).all()).toEqual(
    [
      { name_zh: '应收账款', monetary: 1 },
      { name_zh: '我的收入', monetary: 0 },
    ],
  );
  expect(trialBalance(book)).toMatchObject({
    totalDebitCny: '2120.07',
    totalCreditCny: '2120.07',
    balanced: true,
    pending: 1,
  });
  // What waited is posted in the new ledger, numbered after what was there.
  db.prepare(`INSERT INTO rate VALUES ('parity', 'EUR', '2026-11-01', '8', 's', ?)`).run(now);
  expect(retryPendingPostings(book, now)).toBe(1);
  expect(db.prepare('SELECT period, number FROM voucher ORDER BY id DESC LIMIT 1').get()).toEqual({
    period: '2026-11',
    number: 2,
  });
  expect(trialBalance(book)).toMatchObject({ totalDebitCny: '2144.07', balanced: true, pending: 0 });
});
