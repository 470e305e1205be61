import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
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

  it('is not reversed before its own day', async () => {
    const { id } = await must(core, 'vouchers.post', typed());
    const { date } = await must(core, 'vouchers.get', { id });
    expect(date > '2026-11-01').toBe(true);
    expect(await core.call('vouchers.reverse', { id, date: '2026-11-01', reason: 'x' })).toMatchObject({
      error: { code: 'REVERSAL_TOO_EARLY', params: { date }, path: 'date' },
    });
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['a CNY value of the other side', { debit: '100', cny: '-700' }, 'AMOUNT_SIGN', 'lines.0.cny'],
    ['a CNY value of the other side of a credit', { credit: '100', cny: '-700' }, 'AMOUNT_SIGN', 'lines.0.cny'],
    ['beyond what the book keeps', { debit: '999999999999999' }, 'AMOUNT_RANGE', 'lines.0.debit'],
    ['beyond it in CNY', { debit: '90000000000000', rate: '7' }, 'AMOUNT_RANGE', 'lines.0.rate'],
  ])('refuses %s', async (_name, line, code, at) => {
    const voucher = typed({
      lines: [
        { account: '1002', currency: 'USD', ...line },
        { account: '5602', credit: '1' },
      ],
    });
    expect(await core.call('vouchers.post', voucher)).toMatchObject({ ok: false, error: { code, path: at } });
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
      problems: [
        { code: 'ACCOUNT_UNKNOWN', path: 'lines.2.account' },
        { code: 'VOUCHER_LINE', path: 'lines.2.debit' },
      ],
    });
    expect((await must(core, 'vouchers.preview', typed())).problems).toEqual([]);
    expect(counts()).toEqual(before);
  });

  it('is told all that stands in its way at once, the first being what posting refuses it for', async () => {
    await must(core, 'accounts.save', {
      code: '300101',
      nameZh: '股东投入',
      nameEn: '',
      kind: 'equity',
      side: 'credit',
      active: true,
      dimensions: ['party', 'order'],
      monetary: false,
      quantity: false,
    });
    book.prepare(`INSERT INTO period (period, state, changed_at) VALUES ('2026-10', 'closed', ?)`).run(now);
    const wrong = typed({
      date: '2026-10-05',
      lines: [
        { account: '9999', debit: '1' },
        { account: '300101', credit: '2', orderNo: 'NONE', quantity: '3' },
        { account: '1002', currency: 'EUR', debit: '1' },
        { account: '1002', credit: '1.005' },
      ],
    });
    const said = (await must(core, 'vouchers.preview', wrong)).problems;
    expect(said.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'PERIOD_CLOSED date',
      'ACCOUNT_UNKNOWN lines.0.account',
      'ORDER_NO_UNKNOWN lines.1.orderNo',
      'DIMENSION_MISSING lines.1.partyId',
      'ACCOUNT_NO_QUANTITY lines.1.quantity',
      'RATE_MISSING lines.2.rate',
      'AMOUNT_DECIMALS lines.3.credit',
    ]);
    const lines = [
      { account: '5602', debit: '3' },
      { account: '1002', credit: '2' },
    ];
    expect((await must(core, 'vouchers.preview', typed({ lines }))).problems).toEqual([
      { code: 'VOUCHER_UNBALANCED', params: { currency: 'CNY', difference: '1.00' }, path: 'lines' },
    ]);
  });

  it('says of each foreign amount which rate it shows and whether that was in force', async () => {
    await must(core, 'rates.set', { currency: 'USD', date: '2026-11-01', cnyPerUnit: '7.1', source: '测试' });
    const { id } = await must(
      core,
      'vouchers.post',
      typed({
        lines: [
          { account: '1122', currency: 'USD', debit: '100' },
          { account: '1122', currency: 'JPY', debit: '3', cny: '1' },
          { account: '1002', currency: 'USD', debit: '10', rate: '7.05' },
          { account: '5001', credit: '781.50' },
        ],
        exchange: true,
      }),
    );
    const view = await must(core, 'vouchers.get', { id });
    expect(view.fixed).toBeUndefined();
    expect(view.postings.map(({ rate, isRateInForce }) => [rate, isRateInForce]).slice(0, 4)).toEqual([
      ['7.1', true],
      ['0.3333', false],
      ['7.05', false],
      [undefined, undefined],
    ]);
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

  it('of a closed period stand where they went, however many months are closed since', async () => {
    repostDocument(book, source, [draft(100n, '2026-09-05')], now);
    const rates = ['2026-09-30', '2026-10-30'];
    for (const date of rates) await must(core, 'rates.set', { currency: 'USD', date, cnyPerUnit: '7', source: '测试' });
    await must(core, 'periods.close', { period: '2026-09' });
    const moved = repostDocument(book, source, [draft(120n, '2026-09-05')], now);
    await must(core, 'periods.close', { period: '2026-10' });
    expect(repostDocument(book, source, [draft(120n, '2026-09-05')], now)).toEqual(moved);
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
    expect(await core.call('parties.save', { ...one, name: '乙', customsCode: '46039' })).toMatchObject({
      error: { code: 'CUSTOMS_CODE_FORMAT', path: 'customsCode' },
    });
    await must(core, 'parties.save', { ...one, name: '乙', customsCode: '4603960ABC' });
    expect((await must(core, 'parties.list', { text: '4603960' })).rows).toMatchObject([{ customsCode: '4603960ABC' }]);
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

describe('vouchers on paper', () => {
  let html = '';
  const to = () => path.join(folder, 'vouchers.pdf');
  const window = () =>
    coreAt(path.join(folder, 'desk'), {
      now: () => now,
      host: {
        ...bareHost,
        printPdf: (page) => {
          html = page;
          return Promise.resolve(new TextEncoder().encode('%PDF-1.7'));
        },
      },
    });

  it('are two a page with sums in figures and capitals, attachments and room to sign', async () => {
    const desk = window();
    await must(desk, 'books.create', { profile: { ...firm, name: '甲<乙>公司' }, passphrase: 'correct horse battery' });
    await must(desk, 'rates.set', { currency: 'USD', date: '2026-11-01', cnyPerUnit: '7.1', source: '测试' });
    const partyId = ensureParty(desk.session.book, { kind: 'customer', name: '客户 & 子' }, now);
    const sold = await must(desk, 'vouchers.post', {
      date: '2026-11-05',
      text: '销售 <瓷器>',
      exchange: true,
      lines: [
        { account: '1122', currency: 'USD', debit: '1000', partyId },
        { account: '5001', credit: '7100' },
      ],
    });
    await must(desk, 'sourceDocuments.save', {
      document: { kind: 'bank-charge', date: '2026-11-06', currency: 'CNY', amount: '20' },
    });
    expect(await must(desk, 'vouchers.print', { which: { id: sold.id }, to: to() })).toEqual({ vouchers: 1 });
    expect(readFileSync(to(), 'utf8')).toBe('%PDF-1.7');
    expect(html.match(/<section/g)).toHaveLength(1);
    for (const part of [
      '单位：甲&lt;乙&gt;公司',
      '2026年11月5日',
      '记 2026-11-0001',
      '销售 &lt;瓷器&gt;',
      '1122 应收账款',
      '客户 &amp; 子',
      'USD<br>1,000.00<br>7.1',
      '7,100.00',
      '壹万肆仟贰佰元整',
      '附件 0 张',
      '制单：',
      '复核：',
      '记账：',
    ])
      expect(html).toContain(part);
    expect(html).not.toMatch(/<script|https?:|<img/);

    expect(await must(desk, 'vouchers.print', { which: { period: '2026-11' }, to: to() })).toEqual({ vouchers: 2 });
    expect(html.match(/<section/g)).toHaveLength(2);
    expect(html).toContain('附件 1 张');
    const second = { period: '2026-11', first: 2, last: 9 };
    expect(await must(desk, 'vouchers.print', { which: second, to: to() })).toEqual({ vouchers: 1 });
    expect(html).not.toContain('瓷器');
    await desk.close();
  });

  it('go on in the next half when they are long, with the sum on the last', async () => {
    const desk = window();
    await must(desk, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
    const lines = Array.from({ length: 30 }, (_, at) => ({ account: '5602', debit: '1', text: `第 ${at + 1} 项` }));
    const { id } = await must(desk, 'vouchers.post', {
      date: '2026-11-05',
      lines: [...lines, { account: '1002', credit: '30' }],
    });
    await must(desk, 'vouchers.print', { which: { id }, to: to() });
    const slips = html.split('<section').slice(1);
    expect(slips).toHaveLength(3);
    expect(slips.map((slip) => slip.includes('转次页'))).toEqual([true, true, false]);
    expect(slips[2]).toContain('（3/3）');
    expect(slips[2]).toContain('叁拾元整');
    expect(new Set(html.match(/第 \d+ 项/g)).size).toBe(30);
    await desk.close();
  });

  it('are refused without a window, and when there are none or too many', async () => {
    const { id } = await must(core, 'vouchers.post', typed());
    const refused = async (which: InputOf<'vouchers.print'>['which']) => {
      const answer = await core.call('vouchers.print', { which, to: to() });
      return answer.ok ? '' : answer.error.code;
    };
    expect(await refused({ id })).toBe('PRINT_NEEDS_WINDOW');
    expect(await refused({ id: 99 })).toBe('VOUCHER_UNKNOWN');
    expect(await refused({ period: '2026-10' })).toBe('PRINT_NO_VOUCHERS');
    book.transaction(() => {
      const add = book.prepare(
        `INSERT INTO voucher (period, number, date, text, rule, source_kind, source_id, posted_at) VALUES ('2026-12', ?, '2026-12-01', '', 'manual', 'manual', '', ?)`,
      );
      for (let number = 1; number <= 1001; number++) add.run(number, now);
    });
    expect(await refused({ period: '2026-12' })).toBe('PRINT_MANY_VOUCHERS');
    expect(existsSync(to())).toBe(false);
  });
});

describe('the search box', () => {
  it('finds vouchers, papers, invoices, parties and declarations by what is written on them', async () => {
    const { id } = await must(core, 'vouchers.post', typed());
    const supplierId = ensureParty(book, { kind: 'supplier', name: '景德镇窑', taxNo: '91360200MA35XXXX1X' }, now);
    const paper = await must(core, 'sourceDocuments.save', {
      document: { kind: 'bank-charge', date: '2026-11-06', currency: 'CNY', amount: '20', reference: 'SLIP 9' },
    });
    const { lastInsertRowid: invoice } = book
      .prepare(
        `INSERT INTO input_invoice (number, kind, date, supplier_id, amount_fen, vat_fen, total_fen, state, created_at, updated_at)
         VALUES ('26327000001', 'special', '2026-11-02', ?, 100, 13, 113, 'entered', '', '')`,
      )
      .run(supplierId);
    const left = book.prepare(
      `INSERT INTO export_line (mode, declaration_no, line_no, export_date, hs_code, name, unit, qty_e5, currency, fob_minor, created_at)
       VALUES ('0110', '640720260000000017', ?, '2026-11-03', '6913100000', '瓷像', '011', 1, 'USD', 1, '')`,
    );
    left.run(1);
    left.run(2);
    const hits = async (text: string) =>
      (await must(core, 'search.all', { text })).hits.map(({ kind, target }) => `${kind} ${target}`);
    expect(await hits('房租')).toEqual([`voucher voucher/${id}`]);
    expect(await hits('记 2026-11-0001')).toEqual([`voucher voucher/${id}`]);
    expect(await hits('2026-10-0001')).toEqual([]);
    expect(await hits('SLIP 9')).toContain(`source-document source-document/${paper.id}`);
    expect(await hits('景德镇')).toEqual([
      `invoice invoice/${invoice}`,
      `party parties?${new URLSearchParams({ text: '景德镇窑' })}`,
    ]);
    expect(await hits('26327000001')).toEqual([`invoice invoice/${invoice}`]);
    expect(await hits('MA35XXXX')).toHaveLength(1);
    expect(await hits('64072026')).toEqual(['export purchases?tab=exports&text=640720260000000017']);
  });
});

describe('the first page', () => {
  const codes = async () =>
    (await must(core, 'today.get', { date: '2026-11-21' })).attention.map(
      ({ code, params, target }) => `${code} ${params['documents'] ?? params['lines']} ${target}`,
    );

  it('says which papers wait and why, and what left without being in stock', async () => {
    expect(await codes()).toEqual([]);
    const charge = (date: string, currency: string) =>
      must(core, 'sourceDocuments.save', { document: { kind: 'bank-charge', date, currency, amount: '20' } });
    await charge('2026-11-06', 'USD');
    await charge('2026-11-05', 'USD');
    await charge('2026-11-05', 'EUR');
    const closed = await charge('2026-10-05', 'CNY');
    const refused = await charge('2026-11-07', 'CNY');
    const wait = book.prepare(`UPDATE source_document SET state = 'waiting', reason = ? WHERE id = ?`);
    wait.run('period', closed.id);
    wait.run('refused', refused.id);
    book
      .prepare(
        `INSERT INTO product (sku, name_source, state, created_at, updated_at) VALUES ('A1', 'A1', 'classified', '', '')`,
      )
      .run();
    const { lastInsertRowid: line } = book
      .prepare(
        `INSERT INTO export_line (mode, declaration_no, line_no, export_date, sku, hs_code, name, unit, qty_e5, currency, fob_minor, created_at)
         VALUES ('0110', '640720260000000017', 1, '2026-11-03', 'A1', '6913100000', '瓷像', '011', 1, 'USD', 1, '')`,
      )
      .run();
    book.prepare(`INSERT INTO stock_short (export_line_id, sku, qty_e5) VALUES (?, 'A1', 1)`).run(line);
    expect(await codes()).toEqual([
      'documentsWaiting.refused 1 source-documents?state=waiting',
      'documentsWaiting.rate 1 rates?currency=EUR&date=2026-11-05',
      'documentsWaiting.rate 2 rates?currency=USD&date=2026-11-05',
      'documentsWaiting.period 1 source-documents?state=waiting',
    ]);
    // Short of something is only who keeps stock.
    await must(core, 'stock.saveSettings', { choice: 'yes' });
    expect((await codes()).at(-1)).toBe('stockShort 1 purchases?tab=stock&view=shorts');
  });
});
