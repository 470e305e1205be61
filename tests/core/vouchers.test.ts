import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { ensureParty } from '../../electron/core/store/parties.ts';
import { postVouchers, repostDocument } from '../../electron/core/store/vouchers.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { reversedPostings } from '../../shared/ledger/index.ts';
import { twoLines } from '../fixtures/posted.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-vouchers-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const count = (table: string) => (book.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
const counts = () => ['voucher', 'posting', 'balance', 'audit', 'summary_text', 'number_series'].map(count);
const typed = (over: Partial<InputOf<'vouchers.post'>> = {}): InputOf<'vouchers.post'> => ({
  date: '2026-11-05',
  text: '付房租',
  lines: [
    { account: '5602', debit: '1200.50', text: '十一月房租' },
    { account: '1002', credit: '1200.50' },
  ],
  ...over,
});

describe('a voucher typed in', () => {
  it('is posted with its number, lines, summary, and found again', async () => {
    const draft = await must(core, 'voucherDrafts.save', { body: { text: '付房租' } });
    const made = await must(core, 'vouchers.post', typed({ draftId: draft.id }));
    expect(made.label).toBe('记 2026-11-0001');
    expect((await must(core, 'voucherDrafts.list', {})).rows).toEqual([]);
    const view = await must(core, 'vouchers.get', { id: made.id });
    expect(view).toMatchObject({ rule: 'manual', debitCny: '1200.50', lines: 2, sources: [], postedAt: now });
    expect(view.postings).toMatchObject([
      { account: '5602', nameZh: '管理费用', text: '十一月房租', debit: '1200.50', credit: '', clearing: false },
      { account: '1002', text: '付房租', debit: '', credit: '1200.50', creditCny: '1200.50' },
    ]);
    expect((await must(core, 'vouchers.list', { text: '房租' })).rows).toMatchObject([{ id: made.id }]);
    expect((await must(core, 'vouchers.list', { text: '2026-11-0001', period: '2026-11' })).total).toBe(1);
    expect((await must(core, 'vouchers.list', { period: '2026-10' })).rows).toEqual([]);
    expect((await must(core, 'summaries.search', { text: '房租' })).rows).toEqual(['付房租', '十一月房租']);
  });

  it('carries dimensions and quantity, clears an exchange, keeps currencies without decimals', async () => {
    const partyId = ensureParty(book, { kind: 'supplier', name: '景德镇窑', taxNo: '91360200MA35XXXX1X' }, now);
    expect(ensureParty(book, { kind: 'supplier', name: '景德镇瓷窑', taxNo: '91360200MA35XXXX1X' }, now)).toBe(partyId);
    const bought = await must(
      core,
      'vouchers.post',
      typed({
        lines: [
          { account: '1405', debit: '500', quantity: '12.5', partyId },
          { account: '2202', currency: 'JPY', credit: '10000', rate: '0.05', partyId },
        ],
        exchange: true,
      }),
    );
    const { postings } = await must(core, 'vouchers.get', { id: bought.id });
    expect(postings).toMatchObject([
      { quantity: '12.5', party: { id: partyId, name: '景德镇窑' } },
      { credit: '10000', creditCny: '500.00' },
      { account: '1998', clearing: true, credit: '500.00' },
      { account: '1998', clearing: true, debit: '10000', debitCny: '500.00' },
    ]);
    expect((await must(core, 'ledger.trialBalance', {})).balanced).toBe(true);
  });

  it('is reversed once, on a date of an open period, by its signs', async () => {
    const { id } = await must(core, 'vouchers.post', typed());
    const back = await must(core, 'vouchers.reverse', { id, date: '2026-11-20', reason: '录错' });
    expect(await must(core, 'vouchers.get', { id: back.id })).toMatchObject({
      reverses: { id },
      text: '冲销 记 2026-11-0001 录错',
    });
    expect(await must(core, 'vouchers.get', { id })).toMatchObject({ reversedBy: { id: back.id } });
    for (const one of [id, back.id])
      expect(await core.call('vouchers.reverse', { id: one, date: '2026-11-20', reason: 'x' })).toMatchObject({
        ok: false,
        error: { code: 'VOUCHER_REVERSED' },
      });
    const open = book
      .prepare('SELECT account FROM balance GROUP BY account HAVING sum(debit_fen - credit_fen) <> 0')
      .all();
    expect(open).toEqual([]);
  });

  it('many at once: all or none, and the path says which', async () => {
    const before = counts();
    const bad = typed({
      lines: [
        { account: '5602', debit: '1' },
        { account: '1002', credit: '1.005' },
      ],
    });
    expect(await core.call('vouchers.postMany', { vouchers: [typed(), typed(), bad] })).toMatchObject({
      ok: false,
      error: { code: 'AMOUNT_DECIMALS', path: '2.lines.1.credit' },
    });
    expect(counts()).toEqual(before);
    expect(await must(core, 'vouchers.postMany', { vouchers: [typed(), typed({ date: '2026-10-31' })] })).toMatchObject(
      {
        posted: 2,
      },
    );
  });

  it('is previewed with its totals and what is wrong, writing nothing', async () => {
    await must(core, 'rates.set', { currency: 'USD', date: '2026-11-01', cnyPerUnit: '7.1', source: '测试' });
    const before = counts();
    const view = await must(
      core,
      'vouchers.preview',
      typed({
        lines: [
          { account: '1002', currency: 'USD', debit: '100' },
          { account: '1122', credit: '700' },
          { account: '' },
        ],
      }),
    );
    expect(view.lines).toEqual([{ cny: '710.00', rate: '7.1', rateDate: '2026-11-01' }, { cny: '700.00' }, {}]);
    expect(view).toMatchObject({
      debitCny: '710.00',
      creditCny: '700.00',
      problem: { code: 'VOUCHER_LINE', path: 'lines.2.debit' },
    });
    expect((await must(core, 'vouchers.preview', typed())).problem).toBeUndefined();
    expect(counts()).toEqual(before);
  });

  it.each<[string, Partial<InputOf<'vouchers.post'>>, string, string | undefined]>([
    [
      'unbalanced',
      {
        lines: [
          { account: '5602', debit: '2' },
          { account: '1002', credit: '1' },
        ],
      },
      'VOUCHER_UNBALANCED',
      'lines',
    ],
    ['one line', { lines: [{ account: '5602', debit: '2' }] }, 'VOUCHER_EMPTY', 'lines'],
    ['closed period', { date: '2026-09-30' }, 'PERIOD_CLOSED', 'date'],
    ['bad date', { date: '2026-11-31' }, 'DATE_INVALID', 'date'],
    [
      'missing rate',
      {
        lines: [
          { account: '5602', currency: 'THB', debit: '2' },
          { account: '1002', currency: 'THB', credit: '2' },
        ],
      },
      'RATE_MISSING',
      'lines.0.rate',
    ],
    [
      'unknown account',
      {
        lines: [
          { account: '5602', debit: '2' },
          { account: '9999', credit: '2' },
        ],
      },
      'ACCOUNT_UNKNOWN',
      'lines.1.account',
    ],
    [
      'group account',
      {
        lines: [
          { account: '5603', debit: '2' },
          { account: '1002', credit: '2' },
        ],
      },
      'ACCOUNT_GROUP',
      'lines.0.account',
    ],
    [
      'missing dimension',
      {
        lines: [
          { account: '5602', debit: '2' },
          { account: '2241', credit: '2' },
        ],
      },
      'DIMENSION_MISSING',
      'lines.1.partyId',
    ],
    [
      'no quantities',
      {
        lines: [
          { account: '5602', debit: '2', quantity: '1' },
          { account: '1002', credit: '2' },
        ],
      },
      'ACCOUNT_NO_QUANTITY',
      'lines.0.quantity',
    ],
    [
      'decimals',
      {
        lines: [
          { account: '5602', currency: 'JPY', debit: '12.5' },
          { account: '1002', currency: 'JPY', credit: '12.5' },
        ],
      },
      'AMOUNT_DECIMALS',
      'lines.0.debit',
    ],
    [
      'unknown order',
      {
        lines: [
          { account: '5602', debit: '2', orderNo: 'nope' },
          { account: '1002', credit: '2' },
        ],
      },
      'ORDER_NO_UNKNOWN',
      'lines.0.orderNo',
    ],
    [
      'unknown party',
      {
        lines: [
          { account: '5602', debit: '2', partyId: 99 },
          { account: '1002', credit: '2' },
        ],
      },
      'PARTY_UNKNOWN',
      'lines.0.partyId',
    ],
    [
      'clearing that does not clear',
      {
        lines: [
          { account: '1998', debit: '2' },
          { account: '1002', credit: '2' },
        ],
      },
      'VOUCHER_UNBALANCED',
      'lines',
    ],
  ])('is refused when bad: %s', async (_name, over, code, at) => {
    await must(core, 'accounts.save', {
      code: '2241',
      nameZh: '其他应付款',
      nameEn: '',
      kind: 'liability',
      side: 'credit',
      active: true,
      dimensions: ['party'],
      monetary: true,
      quantity: false,
    });
    await must(core, 'vouchers.post', typed({ date: '2026-09-01' }));
    await must(core, 'periods.close', { period: '2026-09' });
    const before = counts();
    expect(await core.call('vouchers.post', typed(over))).toMatchObject({ ok: false, error: { code, path: at } });
    expect(counts()).toEqual(before);
  });
});

describe('the vouchers of a document', () => {
  const source = { kind: 'test', id: '1' };
  const draft = (minor: bigint, date = '2026-11-05') => ({
    date,
    text: 't',
    rule: 'test',
    postings: twoLines({ currency: 'USD', minor, rate: '7' }),
  });

  it('stand unchanged when nothing changed, are reversed and posted anew when it did', () => {
    const first = repostDocument(book, source, [draft(100n)], now);
    expect(repostDocument(book, source, [draft(100n)], now)).toEqual(first);
    expect(count('voucher')).toBe(1);
    const second = repostDocument(book, source, [draft(120n)], now);
    expect(second).not.toEqual(first);
    expect(count('voucher')).toBe(3);
    expect(
      book.prepare(`SELECT sum(debit_minor - credit_minor) AS n FROM balance WHERE account = '1122'`).get(),
    ).toEqual({ n: 120 });
    expect(repostDocument(book, source, [], now)).toEqual([]);
    expect(
      book.prepare(`SELECT sum(debit_minor - credit_minor) AS n FROM balance WHERE account = '1122'`).get(),
    ).toEqual({ n: 0 });
  });

  it('of a closed period go to the first open day and say so', async () => {
    repostDocument(book, source, [draft(100n, '2026-09-05')], now);
    await must(core, 'rates.set', { currency: 'USD', date: '2026-09-30', cnyPerUnit: '7', source: '测试' });
    await must(core, 'periods.close', { period: '2026-09' });
    repostDocument(book, source, [draft(120n, '2026-09-05')], now);
    const rows = book.prepare(`SELECT date, text FROM voucher WHERE source_kind = 'test' ORDER BY id`).all();
    expect(rows.slice(1)).toEqual([
      { date: '2026-10-01', text: '冲销 记 2026-09-0001 （原 2026-09-05）' },
      { date: '2026-10-01', text: 't（原 2026-09-05）' },
    ]);
    expect(repostDocument(book, source, [draft(120n, '2026-09-05')], now)).toHaveLength(1);
    expect(count(`voucher WHERE source_kind = 'test'`)).toBe(3);
  });

  it('are reversed through it alone', async () => {
    const [id = 0] = repostDocument(book, source, [draft(100n)], now);
    expect(await core.call('vouchers.reverse', { id, date: '2026-11-06', reason: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'VOUCHER_OF_DOCUMENT' },
    });
  });

  it('are numbered without gaps in a batch across months', () => {
    const one = { ...draft(1n), source };
    postVouchers(book, [one, { ...one, date: '2026-12-01' }, one], now);
    expect(() => postVouchers(book, [one, { ...one, postings: reversedPostings(one.postings).slice(1) }], now)).toThrow(
      'VOUCHER_EMPTY',
    );
    postVouchers(book, [one], now);
    expect(book.prepare('SELECT period, number FROM voucher ORDER BY id').all()).toEqual([
      { period: '2026-11', number: 1 },
      { period: '2026-12', number: 1 },
      { period: '2026-11', number: 2 },
      { period: '2026-11', number: 3 },
    ]);
  });
});

describe('the chart of accounts', () => {
  const account: InputOf<'accounts.save'> = {
    code: '',
    nameZh: '测试',
    nameEn: '',
    kind: 'asset',
    side: 'debit',
    active: true,
    dimensions: [],
    monetary: false,
    quantity: false,
  };

  it('takes sub-accounts, which make a group of the one above', async () => {
    expect(await must(core, 'accounts.save', { ...account, code: '100201', monetary: true })).toMatchObject({
      parent: '1002',
      group: false,
    });
    const { rows } = await must(core, 'accounts.list', {});
    expect(rows.find(({ code }) => code === '1002')).toMatchObject({ group: true, monetary: true });
    expect(rows.find(({ code }) => code === '22210101')).toMatchObject({ parent: '222101', side: 'debit' });
  });

  it.each<[Partial<InputOf<'accounts.save'>>, string]>([
    [{ code: '100301' }, 'ACCOUNT_PARENT'],
    [{ code: '112201' }, 'ACCOUNT_IN_USE'],
    [{ code: '560201', kind: 'asset' }, 'ACCOUNT_CODE'],
    [{ code: '1002', active: false }, 'ACCOUNT_IN_USE'],
    [{ code: '560201', kind: 'expense' }, 'ACCOUNT_IN_USE'],
  ])('refuses %o', async (over, code) => {
    await must(core, 'vouchers.post', typed());
    expect(await core.call('accounts.save', { ...account, ...over })).toMatchObject({ ok: false, error: { code } });
  });

  it('keeps what a person made of it when the book is opened again', async () => {
    await must(core, 'accounts.save', { ...account, code: '1012', nameZh: '支付平台余额', dimensions: ['store'] });
    await must(core, 'accounts.save', { ...account, code: '100201', nameZh: '中行美元户' });
    const { id: bookId } = book;
    await core.close();
    await must(core, 'books.open', { bookId, secret: { passphrase: 'correct horse battery' } });
    const { rows } = await must(core, 'accounts.list', {});
    expect(rows.find(({ code }) => code === '1012')).toMatchObject({ nameZh: '支付平台余额', dimensions: ['store'] });
    expect(rows.find(({ code }) => code === '100201')).toMatchObject({ nameZh: '中行美元户', parent: '1002' });
  });
});

describe('parties and templates', () => {
  it('are listed, changed, and never twice', async () => {
    const one = { kind: 'supplier', name: '甲', taxNo: null, country: null, note: '', active: true } as const;
    const made = await must(core, 'parties.save', one);
    expect(await must(core, 'parties.save', { ...one, id: made.id, note: 'x' })).toMatchObject({
      id: made.id,
      note: 'x',
    });
    expect(await core.call('parties.save', one)).toMatchObject({
      ok: false,
      error: { code: 'PARTY_EXISTS', path: 'name' },
    });
    await must(core, 'parties.save', { ...one, name: '乙' });
    expect((await must(core, 'parties.list', { text: '甲' })).rows).toHaveLength(1);
    expect((await must(core, 'parties.list', { limit: 1 })).nextCursor).toBeDefined();
  });

  it('templates are kept by name', async () => {
    await must(core, 'voucherTemplates.save', { name: '房租', body: { a: 1 } });
    await must(core, 'voucherTemplates.save', { name: '房租', body: { a: 2 } });
    expect((await must(core, 'voucherTemplates.list', {})).rows).toEqual([{ name: '房租', body: { a: 2 } }]);
    await must(core, 'voucherTemplates.delete', { name: '房租' });
    expect((await must(core, 'voucherTemplates.list', {})).rows).toEqual([]);
  });
});
