import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { bareHost, type Core, createCore, pathGrants } from '../../electron/core/core.ts';
import { keyByRecovery, readKeyFile } from '../../electron/core/keys/key-file.ts';
import { type Book, keyFile, openBook } from '../../electron/core/store/book.ts';
import { trialBalance } from '../../electron/core/store/trial-balance.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { compilePrograms } from './support/bundle.ts';
import { resourcesFolder } from './support/desk.ts';
import { temporaryFolder } from './support/folder.ts';
import { enterprise } from './support/papers.ts';
import { size } from './support/size.ts';

/** A short run as a test; `npm run faults` takes its time. */
const KILLS = size.isLong ? 200 : 24;
/** December: revaluation, profit and loss, and the year's profit. */
const PERIOD = '2025-12';
const CURRENCIES = ['CNY', 'USD', 'EUR', 'JPY'] as const;
/** Sub-accounts that closing has to carry forward, in every currency: enough for it to take a while. */
const ACCOUNTS = 60;

const folder = temporaryFolder('month-end');
const home = path.join(folder, 'home');
let program = '';
let bookId = '';
let bookFolder = '';
let recoveryKey = '';
/** Fen of each account before any closing. */
let openBalances: unknown;

async function must<N extends OperationName>(core: Core, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const result = await core.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`);
  return result.data;
}

const balances = (book: Book): unknown =>
  book
    .prepare(
      `SELECT account, currency, sum(debit_minor - credit_minor) AS minor, sum(debit_fen - credit_fen) AS fen FROM balance
       GROUP BY account, currency HAVING minor <> 0 OR fen <> 0 ORDER BY account, currency`,
    )
    .all();

beforeAll(async () => {
  const programs = await compilePrograms({ victim: 'tests/faults/support/month-end-victim.ts' }, 'month-end');
  program = programs['victim'] ?? '';
  const core = createCore({ home, resourcesFolder, host: bareHost, files: pathGrants });
  const made = await must(core, 'books.create', {
    profile: { role: 'exporter', ...enterprise, zone: '测试综试区', dxpId: 'DXPENT0000004603' },
    passphrase: 'only for tests',
  });
  ({ bookId, recoveryKey } = made);
  bookFolder = core.session.book.folder;
  for (const currency of CURRENCIES) {
    if (currency === 'CNY') continue;
    for (const [date, cnyPerUnit] of [
      ['2025-12-01', '7'],
      ['2025-12-31', '7.1'],
    ] as const)
      await must(core, 'rates.set', { currency, date, cnyPerUnit, source: '测试' });
  }
  for (let n = 1; n <= ACCOUNTS; n++) {
    await must(core, 'accounts.save', {
      code: `5602${String(n).padStart(2, '0')}`,
      nameZh: `费用 ${n}`,
      nameEn: '',
      kind: 'expense',
      side: 'debit',
      active: true,
      dimensions: [],
      monetary: false,
      quantity: false,
    });
  }
  await must(core, 'vouchers.postMany', {
    vouchers: CURRENCIES.flatMap((currency) =>
      Array.from({ length: ACCOUNTS }, (_, n) => ({
        date: '2025-12-05',
        text: '费用',
        lines: [
          { account: `5602${String(n + 1).padStart(2, '0')}`, currency, debit: String(n + 1) },
          { account: '2202', currency, credit: String(n + 1) },
        ],
      })),
    ),
  });
  openBalances = balances(core.session.book);
  await core.close();
});

/** Everything that must hold of a book whose month end may have been cut off. @returns whether the month is closed */
function inspect(book: Book): boolean {
  const all = <T>(sql: string, ...values: string[]) => book.prepare(sql).all(...values) as T[];
  expect(all<{ quick_check: string }>('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
  expect(all('PRAGMA foreign_key_check')).toEqual([]);
  expect(book.verifyAudit().intact).toBe(true);
  expect(trialBalance(book).balanced).toBe(true);
  // Balances are the sums of postings, numbers have no gaps, the exchange account is worth nothing.
  expect(
    all(`SELECT account, currency, sum(amount_minor) AS minor, sum(cny_fen) AS fen FROM posting
         GROUP BY account, currency HAVING minor <> 0 OR fen <> 0 ORDER BY account, currency`),
  ).toEqual(balances(book));
  expect(all('SELECT period FROM voucher GROUP BY period HAVING max(number) <> count(*)')).toEqual([]);
  expect(all(`SELECT sum(cny_fen) AS fen FROM posting WHERE account = '1998' HAVING fen <> 0`)).toEqual([]);

  const isClosed = all(`SELECT 1 FROM period WHERE period = ? AND state = 'closed'`, PERIOD).length === 1;
  const standing = all<{ rule: string }>(
    `SELECT rule FROM voucher v WHERE source_kind = 'period' AND reverses IS NULL
       AND NOT EXISTS (SELECT 1 FROM voucher r WHERE r.reverses = v.id) ORDER BY id`,
  ).map(({ rule }) => rule);
  const openProfit = all(
    `SELECT b.account FROM balance b JOIN account a ON a.code = b.account WHERE a.kind IN ('revenue','expense')
     GROUP BY b.account, b.currency HAVING sum(b.debit_minor) <> sum(b.credit_minor) OR sum(b.debit_fen) <> sum(b.credit_fen)`,
  );
  if (isClosed) {
    expect(standing).toEqual(['revaluation', 'closing', 'year-end']);
    expect(openProfit).toEqual([]);
    expect(
      all(`SELECT sum(debit_fen - credit_fen) AS fen FROM balance WHERE account = '3103' HAVING fen <> 0`),
    ).toEqual([]);
  } else {
    expect(standing).toEqual([]);
    expect(balances(book)).toEqual(openBalances);
  }
  return isClosed;
}

it(`a month end survives ${KILLS} kills: the month is open and whole, or closed and whole`, async () => {
  let seed = 20261121;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const found = { open: 0, closed: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    // Half of the kills while closing, half while reopening; how long either takes, the kill falls somewhere inside.
    const phase = kill % 2 === 0 ? 'close' : 'reopen';
    const turns = 1 + Math.floor(random() * 3);
    const waitMs = random() * 40;
    const env = { ...process.env, PORTBOOK_RESOURCES: resourcesFolder };
    const child = spawn(process.execPath, [program, home, bookId, recoveryKey, PERIOD], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const ended = once(child, 'close');
    let seen = 0;
    const due = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line === phase) seen += 1;
        if (seen === turns) resolve();
      });
    });
    await Promise.race([due, ended]);
    await delay(waitMs);
    child.kill('SIGKILL');
    const [, signal] = (await ended) as [number | null, string | null];
    expect(signal, errors.join('')).toBe('SIGKILL');
    const book = openBook(bookFolder, keyByRecovery(readKeyFile(path.join(bookFolder, keyFile)), recoveryKey), {});
    try {
      found[inspect(book) ? 'closed' : 'open'] += 1;
    } finally {
      book.close();
    }
  }
  console.log(`month end: ${KILLS} kills, found open ${found.open} times, closed ${found.closed} times`);
  expect(found.open + found.closed).toBe(KILLS);
});
