import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2027-01-05T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-periods-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const rate = (date: string, cnyPerUnit: string) =>
  must(core, 'rates.set', { currency: 'USD', date, cnyPerUnit, source: '测试' });
const post = (date: string, lines: [string, string, string, ('USD' | 'CNY')?][]) =>
  must(core, 'vouchers.post', {
    date,
    text: 't',
    lines: lines.map(([account, side, amount, currency = 'CNY']) => ({ account, currency, [side]: amount })),
  });
const fenOf = (account: string) =>
  (
    book
      .prepare('SELECT coalesce(sum(debit_fen - credit_fen), 0) AS n FROM balance WHERE account = ?')
      .get(account) as {
      n: number;
    }
  ).n;
const openProfit = () =>
  book
    .prepare(
      `SELECT account FROM balance b JOIN account a ON a.code = b.account WHERE a.kind IN ('revenue','expense')
       GROUP BY account, currency HAVING sum(debit_minor) <> sum(credit_minor) OR sum(debit_fen) <> sum(credit_fen)`,
    )
    .all();

/** A sale of USD 1,000 at 7.00, rent of 500. */
async function november(): Promise<void> {
  await rate('2026-11-01', '7');
  await post('2026-11-05', [
    ['1122', 'debit', '1000', 'USD'],
    ['5001', 'credit', '1000', 'USD'],
  ]);
  await post('2026-11-06', [
    ['5602', 'debit', '500'],
    ['1002', 'credit', '500'],
  ]);
}

describe('closing a month', () => {
  it('revalues, carries profit forward, closes, and says beforehand what it will do', async () => {
    await november();
    await rate('2026-11-30', '7.2');
    const preview = await must(core, 'periods.preview', { period: '2026-11' });
    expect(preview).toMatchObject({
      revaluation: [
        {
          account: '1122',
          currency: 'USD',
          balance: '1000.00',
          bookCny: '7000.00',
          rate: '7.2',
          rateDate: '2026-11-30',
          closingCny: '7200.00',
          gain: '200.00',
        },
      ],
      revenue: '7200.00',
      expense: '500.00',
      profit: '6700.00',
    });
    expect(preview.findings.map(({ code, level }) => `${code} ${level}`)).toEqual(['negative doubt']);
    expect(preview.findings[0]?.target).toMatch(
      /^reports\?report=accountLedger&account=\d+&currency=[A-Z]{3}&to=2026-11$/,
    );
    const { voucherIds } = await must(core, 'periods.close', { period: '2026-11' });
    expect(voucherIds).toHaveLength(2);
    expect(fenOf('1122')).toBe(720_000);
    expect(fenOf('3103')).toBe(-670_000);
    expect(fenOf('1998')).toBe(0);
    expect(openProfit()).toEqual([]);
    const closing = await must(core, 'vouchers.get', { id: voucherIds[1] ?? 0 });
    expect(closing).toMatchObject({
      rule: 'closing',
      date: '2026-11-30',
      sources: [{ target: 'periods?period=2026-11' }],
    });
    expect(
      book.prepare('SELECT sum(closing) AS n, count(*) AS m FROM posting WHERE voucher_id = ?').get(voucherIds[1]),
    ).toEqual({
      n: closing.postings.length,
      m: closing.postings.length,
    });
    const periods = await must(core, 'periods.list', {});
    expect(periods).toMatchObject({
      firstOpen: '2026-12',
      rows: [{ period: '2026-11', state: 'closed', vouchers: 4, changedAt: now }],
    });
    expect((await must(core, 'ledger.trialBalance', {})).balanced).toBe(true);
    expect(await core.call('periods.close', { period: '2026-11' })).toMatchObject({
      error: { code: 'PERIOD_CLOSED', path: 'period' },
    });
    expect(book.verifyAudit().intact).toBe(true);
  });

  it('in December carries the year to undistributed profit', async () => {
    await november();
    await rate('2026-11-30', '7');
    await must(core, 'periods.close', { period: '2026-11' });
    await post('2026-12-06', [
      ['5602', 'debit', '100'],
      ['1002', 'credit', '100'],
    ]);
    await rate('2026-12-31', '7.1');
    const { voucherIds } = await must(core, 'periods.close', { period: '2026-12' });
    expect(voucherIds).toHaveLength(3);
    expect(fenOf('3103')).toBe(0);
    expect(fenOf('310415')).toBe(-(700_000 - 50_000 - 10_000 + 10_000));
    // The next year starts empty: closing an empty month posts nothing but the revaluation.
    await rate('2027-01-31', '7.1');
    expect(await must(core, 'periods.close', { period: '2027-01' })).toEqual({ voucherIds: [] });
  });

  it('is undone by reversal, only the last one, and can be done again', async () => {
    await november();
    await rate('2026-11-30', '7.2');
    await must(core, 'periods.close', { period: '2026-11' });
    await rate('2026-12-31', '7.2');
    await must(core, 'periods.close', { period: '2026-12' });
    expect(await core.call('periods.reopen', { period: '2026-11', reason: 'x' })).toMatchObject({
      error: { code: 'PERIOD_NOT_LAST', params: { period: '2026-11', last: '2026-12' } },
    });
    await must(core, 'periods.reopen', { period: '2026-12', reason: '补录' });
    await must(core, 'periods.reopen', { period: '2026-11', reason: '补录' });
    expect(fenOf('1122')).toBe(700_000);
    expect(fenOf('3103')).toBe(0);
    expect(fenOf('5001')).toBe(-700_000);
    await post('2026-11-20', [
      ['5602', 'debit', '1'],
      ['1002', 'credit', '1'],
    ]);
    await must(core, 'periods.close', { period: '2026-11' });
    expect(fenOf('3103')).toBe(-(720_000 - 50_000 - 100));
    expect(fenOf('1122')).toBe(720_000);
    expect(openProfit()).toEqual([]);
  });

  it('is stopped by what is missing, and nothing is posted', async () => {
    await november();
    await post('2026-10-06', [
      ['5602', 'debit', '1'],
      ['1002', 'credit', '1'],
    ]);
    await must(core, 'sourceDocuments.save', {
      document: { kind: 'bank-charge', date: '2026-11-07', currency: 'EUR', amount: '1' },
    });
    await must(core, 'voucherDrafts.save', { body: {} });
    const codes = async (period: string) =>
      (await must(core, 'periods.preview', { period })).findings.map(({ code, level }) => `${code} ${level}`);
    expect(await codes('2026-11')).toEqual([
      'earlierOpen reject',
      'rateMissing reject',
      'documentsWaiting reject',
      'drafts doubt',
      'negative doubt',
    ]);
    const before = book.prepare('SELECT count(*) AS n FROM voucher').get();
    expect(await core.call('periods.close', { period: '2026-11' })).toMatchObject({
      error: { code: 'CLOSE_BLOCKED', params: { code: 'earlierOpen', period: '2026-11' } },
    });
    expect(book.prepare('SELECT count(*) AS n FROM voucher').get()).toEqual(before);
    await must(core, 'periods.close', { period: '2026-10' });
    await must(core, 'rates.set', { currency: 'EUR', date: '2026-11-01', cnyPerUnit: '8', source: '测试' });
    await rate('2026-11-30', '7');
    // A rate of before the last working day is no closing rate.
    expect((await must(core, 'periods.preview', { period: '2026-11' })).findings[0]).toMatchObject({
      code: 'rateMissing',
      params: { currency: 'EUR', date: '2026-11-30' },
    });
    await must(core, 'rates.set', { currency: 'EUR', date: '2026-11-30', cnyPerUnit: '8', source: '测试' });
    await must(core, 'periods.close', { period: '2026-11' });
    expect(await codes('2027-01')).toEqual(expect.arrayContaining(['earlierOpen reject', 'notEnded doubt']));
    expect(await codes('2026-11')).toContain('closed reject');
  });

  it('is not for months that have not begun', async () => {
    const { findings } = await must(core, 'periods.preview', { period: '2099-12' });
    expect(findings).toMatchObject([{ code: 'notBegun', level: 'reject', params: { period: '2099-12' } }]);
    expect(await core.call('periods.close', { period: '2099-12' })).toMatchObject({
      error: { code: 'CLOSE_BLOCKED', params: { code: 'notBegun' } },
    });
    expect((await must(core, 'periods.list', {})).firstOpen).toBe('2027-01');
  });

  it('takes in accounts that were taken out of use since', async () => {
    await post('2026-11-06', [
      ['5602', 'debit', '500'],
      ['1002', 'credit', '500'],
    ]);
    const account = (await must(core, 'accounts.list', {})).rows.find(({ code }) => code === '5602');
    if (account === undefined) throw new Error('no 5602');
    const { parent: _parent, group: _group, ...same } = account;
    await must(core, 'periods.close', { period: '2026-11' });
    await must(core, 'accounts.save', { ...same, active: false });
    await must(core, 'periods.reopen', { period: '2026-11', reason: '补录' });
    await must(core, 'periods.close', { period: '2026-11' });
    expect(openProfit()).toEqual([]);
  });
});
