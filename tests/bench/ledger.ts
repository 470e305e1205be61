import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Book } from '../../electron/core/store/book.ts';
import { postVouchers } from '../../electron/core/store/vouchers.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inChild, inFolder, median, reportChild, timed } from './harness.ts';

const VOUCHERS = 100_000;
const BATCH = 10_000;
const POST_RATIO = 3;
const REPORT_MS = 30;
const MEMORY_MB = 400;
const HLEDGER_TIMES = 100;
const LEDGER_TIMES = 20;
const ACTUAL_TIMES = 50;
/** As many as Actual takes in bearable time; both sides are compared by the voucher. */
const ACTUAL_VOUCHERS = 2000;
const at = '2026-11-21T04:00:00.000Z';

const say = (text: string) => process.stdout.write(`        ${text}\n`);

/** Sales of a year in three currencies; the same every time. */
function sale(n: number): { date: string; currency: string; minor: bigint; fen: bigint } {
  const day = Math.floor((n / VOUCHERS) * 336);
  const currency = ['USD', 'EUR', 'JPY'][n % 3] ?? 'USD';
  const minor = BigInt(100 + ((n * 7919) % 500_000));
  return {
    date: `2026-${String(1 + Math.floor(day / 28)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}`,
    currency,
    minor,
    fen: currency === 'JPY' ? (minor * 47n) / 10n : minor * 7n,
  };
}

/** Posts the sales through the one way into the ledger, a batch a transaction. */
function post(book: Book, count: number): void {
  for (let from = 0; from < count; from += BATCH) {
    const drafts = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => {
      const { date, currency, minor, fen } = sale(from + index);
      return {
        date,
        text: '出口销售',
        rule: 'sale.released',
        source: { kind: 'bench', id: String(from + index) },
        postings: [
          { account: '1122', currency, amountMinor: minor, cnyFen: fen },
          { account: '5001', currency, amountMinor: -minor, cnyFen: -fen },
        ],
      };
    });
    postVouchers(book, drafts, at);
  }
}

/** The same rows into tables without an index, a trigger or a check: what SQLite itself takes in a sealed file. */
function insertBare(book: Book, count: number): void {
  book.db.exec(
    `CREATE TABLE bare_voucher (id INTEGER PRIMARY KEY, period TEXT, number INTEGER, date TEXT, text TEXT, rule TEXT, source_kind TEXT,
       source_id TEXT, posted_at TEXT);
     CREATE TABLE bare_posting (voucher_id INTEGER, position INTEGER, account TEXT, date TEXT, currency TEXT, amount_minor INTEGER, cny_fen INTEGER)`,
  );
  const voucher = book.prepare('INSERT INTO bare_voucher VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const posting = book.prepare('INSERT INTO bare_posting VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (let from = 0; from < count; from += BATCH) {
    book.transaction(() => {
      for (let n = from; n < Math.min(count, from + BATCH); n += 1) {
        const { date, currency, minor, fen } = sale(n);
        voucher.run(n, date.slice(0, 7), n, date, '出口销售', 'sale.released', 'bench', String(n), at);
        posting.run(n, 1, '1122', date, currency, Number(minor), Number(fen));
        posting.run(n, 2, '5001', date, currency, -Number(minor), -Number(fen));
      }
    });
  }
}

/** In a process of its own: posts, and says how long it took and how much memory at most. */
export async function postOnly(count: string): Promise<void> {
  await inFolder(async (folder) => {
    const core = coreAt(folder);
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    const ms = await timed(() => post(core.session.book, Number(count)));
    await core.close();
    reportChild(ms);
  });
}

/** In a process of its own: the floor. */
export async function bareOnly(count: string): Promise<void> {
  await inFolder(async (folder) => {
    const core = coreAt(folder);
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    const ms = await timed(() => insertBare(core.session.book, Number(count)));
    await core.close();
    reportChild(ms);
  });
}

/** Posting, reports and export of 100,000 vouchers beside bare SQLite, hledger, Ledger and Actual. */
export async function ledgerFigures(): Promise<Figure[]> {
  const posting: number[] = [];
  const bare: number[] = [];
  let peakMb = 0;
  for (let round = 0; round < 3; round += 1) {
    bare.push((await inChild('bare-only', String(VOUCHERS))).ms);
    const report = await inChild('post-only', String(VOUCHERS));
    posting.push(report.ms);
    peakMb = Math.max(peakMb, report.peakMb);
  }
  const post100k = { ours: median(posting), floor: median(bare) };
  const figures: Figure[] = [
    {
      name: `posting ${VOUCHERS} vouchers of two lines`,
      unit: 'ms',
      ...post100k,
      floorName: 'bare inserts of the same rows',
      goal: `≤ ${POST_RATIO} ×, under ${MEMORY_MB} MB`,
      isMet: post100k.ours / post100k.floor <= POST_RATIO && peakMb < MEMORY_MB,
      peakMb,
    },
  ];
  figures.push(...(await reportFigures()));
  const actual = await actualMs();
  if (actual !== undefined) {
    const ours = post100k.ours / VOUCHERS;
    const floor = actual / ACTUAL_VOUCHERS;
    const name = `posting a voucher, Actual measured on ${ACTUAL_VOUCHERS} and scaled`;
    figures.push(timesFaster(name, ours, floor, '@actual-app/api', ACTUAL_TIMES));
  }
  return figures;
}

/** How many times faster than another program in the same run. */
function timesFaster(name: string, ours: number, theirs: number, program: string, least: number): Figure {
  const times = theirs / ours;
  const unit = `times faster than ${program} (${theirs.toFixed(theirs < 100 ? 3 : 0)} ms against ${ours.toFixed(3)} ms)`;
  return { name, unit, ours: times, goal: `≥ ${least}`, isMet: times >= least };
}

function reportFigures(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const core = coreAt(path.join(folder, 'home'));
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    post(core.session.book, VOUCHERS);
    const times: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      times.push(
        await timed(async () => {
          await must(core, 'reports.trialBalance', { from: '2026-01', to: '2026-12' });
          await must(core, 'reports.balanceSheet', { period: '2026-12' });
        }),
      );
    }
    const ours = median(times);
    const name = `trial balance and balance sheet of ${VOUCHERS} vouchers`;
    const figures: Figure[] = [{ name, unit: 'ms', ours, goal: `< ${REPORT_MS} ms`, isMet: ours < REPORT_MS }];
    const journal = path.join(folder, 'book.journal');
    const exported = await timed(() => must(core, 'ledger.exportText', { to: journal }));
    figures.push({
      name: `${VOUCHERS} vouchers as text`,
      unit: 'ms',
      ours: exported,
      goal: 'seconds',
      isMet: exported < 10_000,
    });
    await core.close();

    for (const [program, least] of [
      ['hledger', HLEDGER_TIMES],
      ['ledger', LEDGER_TIMES],
    ] as const) {
      const floor = await balanceMs(program, journal, folder);
      if (floor === undefined) {
        say(`${program} is not installed: no comparison with it`);
        continue;
      }
      figures.push(timesFaster(name, ours, floor, `${program} balance`, least));
    }
    return figures;
  });
}

/** `balance` of a plain-text accounting program over the journal; undefined where it is not installed. */
async function balanceMs(program: string, journal: string, folder: string): Promise<number | undefined> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  if (spawnSync(program, ['--version'], { env }).status !== 0) return undefined;
  let file = journal;
  if (program === 'ledger') {
    // Its directives are written otherwise than hledger's; it needs none.
    file = path.join(folder, 'ledger.journal');
    writeFileSync(file, readFileSync(journal, 'utf8').replaceAll(/^(commodity|account) .*\n/gm, ''));
  }
  const run = () => execFileSync(program, ['-f', file, 'balance'], { env, maxBuffer: 1 << 26 });
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) times.push(await timed(run));
  return median(times);
}

/** How long Actual takes for transfers, its transactions of two sides; it is a program to compare with, installed into the cache on demand. */
async function actualMs(): Promise<number | undefined> {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'portbook', 'peers', 'actual');
  const entry = path.join(folder, 'node_modules', '@actual-app', 'api');
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true });
    const { status, stderr } = spawnSync(
      'npm',
      ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', '@actual-app/api'],
      { cwd: folder },
    );
    if (status !== 0) {
      say(`@actual-app/api could not be installed (${stderr.toString().trim().split('\n')[0]}): no comparison with it`);
      return undefined;
    }
  }
  const program = `
    const api = require(${JSON.stringify(entry)});
    const { mkdtempSync } = require('node:fs');
    (async () => {
      const log = console.log;
      console.log = () => {};
      await api.init({ dataDir: mkdtempSync(${JSON.stringify(path.join(os.tmpdir(), 'portbook-actual-'))}) });
      await api.runImport('bench', async () => {
        const account = await api.createAccount({ name: 'a' }, 0);
        const other = await api.createAccount({ name: 'b' }, 0);
        const payee = (await api.getPayees()).find((one) => one.transfer_acct === other).id;
        const rows = Array.from({ length: ${ACTUAL_VOUCHERS} }, (_, n) => ({
          account, payee, date: '2026-01-01', amount: n + 1, notes: 'sale ' + n, imported_id: String(n),
        }));
        const from = performance.now();
        await api.addTransactions(account, rows, { runTransfers: true });
        const made = (await api.getTransactions(other, '2026-01-01', '2026-01-01')).length;
        if (made !== ${ACTUAL_VOUCHERS}) throw new Error('transfers made: ' + made);
        process.stdout.write('\\nMS ' + (performance.now() - from) + '\\n');
      });
      process.exit(0);
    })().catch((error) => { process.stderr.write(String(error && error.stack || error)); process.exit(1); });`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: folder });
  const found = /MS ([\d.]+)/.exec(stdout.toString());
  if (status !== 0 || found === null) {
    say(`@actual-app/api does not run here (${stderr.toString().trim().split('\n')[0]}): no comparison with it`);
    return undefined;
  }
  return Number(found[1]);
}
