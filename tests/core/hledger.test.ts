import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { hledgerAccount } from '../../electron/core/exporters/hledger.ts';
import { readChart } from '../../electron/core/store/reports/balances.ts';
import { majorText } from '../../shared/reports/amounts.ts';
import { fillLedger } from '../fixtures/random-ledger.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const VOUCHERS = 100_000;
const FEW = 2_000;
/** hledger reads as the locale says; account names are Chinese. */
const env = { ...process.env, LC_ALL: 'C.UTF-8' };
const program = process.env['PORTBOOK_HLEDGER'] ?? 'hledger';
const isThere = spawnSync(program, ['--version'], { env }).status === 0;

let folder = '';
let core: Core;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-hledger-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The book's own balances under the names of the journal, `account|currency` to decimal text; without zeros. */
function ownBalances(mode: 'original' | 'cny'): Record<string, string> {
  const { book } = core.session;
  const chart = readChart(book);
  const rows = book
    .prepare(
      mode === 'original'
        ? 'SELECT account, currency, sum(debit_minor - credit_minor) AS minor FROM balance GROUP BY account, currency'
        : `SELECT account, 'CNY' AS currency, sum(debit_fen - credit_fen) AS minor FROM balance GROUP BY account`,
    )
    .all() as { account: string; currency: string; minor: number }[];
  return Object.fromEntries(
    rows
      .filter(({ minor }) => minor !== 0)
      .map((row) => [`${hledgerAccount(chart, row.account)}|${row.currency}`, majorText(row.minor, row.currency)]),
  );
}

/** What `hledger balance` says of a journal, in the same shape. */
function hledgerBalances(file: string): Record<string, string> {
  const options = ['balance', '--flat', '--no-total', '--no-elide', '--layout=bare', '-O', 'csv'];
  const csv = execFileSync(program, ['-f', file, ...options], { env, maxBuffer: 64 << 20 }).toString();
  const cells = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('","').map((cell) => cell.replaceAll('"', '').trim()));
  return Object.fromEntries(
    cells
      .filter(([, , balance = '']) => /[1-9]/.test(balance))
      .map(([account = '', currency = '', balance = '']) => [`${account}|${currency}`, balance]),
  );
}

const name = 'a book exported as text';
describe.skipIf(!isThere)(isThere ? name : `${name} (skipped: hledger is not installed)`, () => {
  it('has in hledger the balances of the book, to the minor unit of every currency', async () => {
    fillLedger(core.session.book, VOUCHERS);
    for (const mode of ['original', 'cny'] as const) {
      const file = path.join(folder, `${mode}.journal`);
      const { transactions, leftOut } = await must(core, 'ledger.exportText', { format: 'hledger', mode, to: file });
      expect(transactions + leftOut).toBe(VOUCHERS);
      const own = ownBalances(mode);
      expect(Object.keys(own).length).toBeGreaterThan(mode === 'original' ? 15 : 5);
      expect(hledgerBalances(file)).toEqual(own);
    }
  });

  it('passes the strict checks of hledger: declared accounts and commodities, every transaction balanced', async () => {
    fillLedger(core.session.book, FEW);
    const file = path.join(folder, 'book.journal');
    await must(core, 'ledger.exportText', { to: file });
    const { status, stderr } = spawnSync(program, ['-f', file, 'check', '--strict', 'ordereddates'], { env });
    expect(stderr.toString()).toBe('');
    expect(status).toBe(0);
  });
});

describe('the text of a book', () => {
  it.each(['hledger', 'beancount'] as const)(
    'is whole in %s: nothing of a description ends a line or a name',
    async (format) => {
      fillLedger(core.session.book, FEW);
      const file = path.join(folder, `book.${format}`);
      const { transactions } = await must(core, 'ledger.exportText', { format, to: file });
      const text = readFileSync(file, 'utf8');
      const heads = text.match(/^2026-\d\d-\d\d (?!open)/gm) ?? [];
      expect(heads).toHaveLength(transactions);
      const shapes =
        format === 'hledger'
          ? /^( {4}[^\s:]+(:\d+-[^\s:]+)+ {4}-?\d+(\.\d+)? [A-Z]{3}( {2}; .*)?|2026-\d\d-\d\d \(2026-\d\d-\d+\) [^;|]* {2}; voucher:.*|commodity .*|account .*|; .*|)$/
          : /^( {2}[A-Z][a-z]+(:\d+-[\p{L}\p{Nd}-]+)+ {2}-?\d+(\.\d+)? [A-Z]{3}|2026-\d\d-\d\d \* "(\\.|[^"\\])*"|2026-\d\d-\d\d open .*| +[a-z]+: "(\\.|[^"\\])*"|option .*|; .*|)$/u;
      expect(text.split('\n').filter((line) => !shapes.test(line))).toEqual([]);
    },
  );
});
