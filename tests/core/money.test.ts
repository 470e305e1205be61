import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { findResources } from '../../electron/core/resources.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { postRecord } from '../../electron/core/store/money/records.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;
const events: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-money-'));
  events.length = 0;
  core = coreAt(folder, { now: () => now, emit: (event) => events.push(JSON.stringify(event)) });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const rate = (currency: string, date: string, cnyPerUnit: string) =>
  must(core, 'rates.set', { currency, date, cnyPerUnit, source: '测试' });
type Account = InputOf<'moneyAccounts.save'>;
const account = async (name: string, currency: string, more: Partial<Account> = {}): Promise<number> =>
  (await must(core, 'moneyAccounts.save', { kind: 'bank', place: 'home', name, currency, ...more })).id;
type Given = InputOf<'moneyRecords.save'>;
const save = (given: Given) => must(core, 'moneyRecords.save', given);
const refusal = async (given: Given) => {
  const result = await core.call('moneyRecords.save', given);
  return result.ok ? 'taken' : { code: result.error.code, path: result.error.path };
};
/** Balances that are not zero: `1002 USD 100.00 = 710.00`, minor units and fen. */
const balances = () =>
  (
    book
      .prepare(
        `SELECT account || ' ' || currency AS k, sum(debit_minor - credit_minor) AS m, sum(debit_fen - credit_fen) AS f FROM balance
         GROUP BY account, currency HAVING m <> 0 OR f <> 0 ORDER BY 1`,
      )
      .all() as { k: string; m: number; f: number }[]
  ).map(({ k, m, f }) => `${k} ${m} ${f}`);
const order = (orderNo: string, currency = 'USD'): number =>
  Number(
    book
      .prepare(
        `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, currency, lines, goods_value_e5, state, created_at)
         VALUES (?, '2026-11-01', '2026-11-01', 'Germany', ?, 1, 10000000, 'open', ?)`,
      )
      .run(orderNo, currency, now).lastInsertRowid,
  );
const allot = (recordId: number, orderId: number, minor: number, target: [string, number, number?]) =>
  book
    .prepare(
      `INSERT INTO allocation (record_id, target_kind, order_id, amount_minor, target_currency, target_minor, charge_minor, created_at)
       VALUES (?, 'order', ?, ?, ?, ?, ?, ?)`,
    )
    .run(recordId, orderId, minor, target[0], target[1], target[2] ?? 0, now);
const byOrder = () =>
  (
    book
      .prepare(
        `SELECT coalesce(o.order_no, '-') || ' ' || p.account || ' ' || p.currency || ' ' || sum(p.amount_minor) AS k
         FROM posting p LEFT JOIN sales_order o ON o.id = p.order_id WHERE p.account IN ('1122','2203')
         GROUP BY o.order_no, p.account, p.currency HAVING sum(p.amount_minor) <> 0 ORDER BY 1`,
      )
      .all() as { k: string }[]
  ).map(({ k }) => k);

describe('money accounts', () => {
  it('shows numbers masked, keeps them when they are not typed again, and says who looked', async () => {
    const id = await account('中行美元', 'USD', { number: '6200 1234 5678 9012', institution: '中国银行' });
    const [row] = (await must(core, 'moneyAccounts.list', {})).rows;
    expect(row).toMatchObject({ name: '中行美元', number: '•••• 9012', ledgerAccount: '1002', records: 0 });
    expect(await must(core, 'moneyAccounts.reveal', { id })).toEqual({ number: '6200 1234 5678 9012' });
    await account('中行美元', 'USD', { id, institution: '中国银行海南省分行' });
    expect(await must(core, 'moneyAccounts.reveal', { id })).toEqual({ number: '6200 1234 5678 9012' });
    const seen = book.prepare(`SELECT detail FROM audit WHERE action LIKE 'moneyAccount.%'`).all();
    expect(seen).toHaveLength(4);
    expect(JSON.stringify(seen)).not.toContain('1234 5678');
  });

  it('refuses a twin, an unknown currency and an account of the chart that holds no money', async () => {
    await account('中行美元', 'USD', { number: '1' });
    const call = async (given: Partial<Account>) => {
      const result = await core.call('moneyAccounts.save', {
        kind: 'bank',
        place: 'home',
        name: '另一',
        currency: 'USD',
        ...given,
      });
      return result.ok ? 'taken' : result.error.code;
    };
    expect(await call({ name: '中行美元' })).toBe('MONEY_ACCOUNT_EXISTS');
    expect(await call({ number: '1' })).toBe('MONEY_ACCOUNT_NUMBER_EXISTS');
    expect(await call({ number: '1', currency: 'EUR', name: '欧元户' })).toBe('taken');
    expect(await call({ currency: 'ZZZ' })).toBe('CURRENCY_UNKNOWN');
    expect(await call({ ledgerAccount: '1122' })).toBe('ACCOUNT_NOT_MONEY');
  });
});

describe('a record', () => {
  beforeEach(async () => {
    await rate('USD', '2026-11-01', '7');
    await rate('GBP', '2026-11-01', '9');
  });

  it('of a receipt posts by order as it is allotted, and again when that changes', async () => {
    const usd = await account('美元', 'USD');
    const made = await save({
      kind: 'receipt',
      date: '2026-11-05',
      accountId: usd,
      amount: '990',
      fee: '10',
      reference: 'S1',
      counterparty: 'ACME',
    });
    expect(made).toMatchObject({
      number: '汇-2026-0001',
      usd: '990.00',
      residual: '1000.00',
      ledger: 'posted',
      declareBy: '2026-11-12',
    });
    expect(balances()).toEqual(['1002 USD 99000 693000', '1122 USD -100000 -700000', '560301 USD 1000 7000']);
    const a = order('A1');
    allot(made.id, a, 60_000, ['USD', 60_000]);
    allot(made.id, order('G1', 'GBP'), 18_000, ['GBP', 14_000, 500]);
    postRecord(book, made.id, now);
    expect(byOrder()).toEqual(['- 1122 USD -22000', 'A1 1122 USD -60000', 'G1 1122 GBP -14500']);
    expect(await must(core, 'moneyRecords.get', { id: made.id })).toMatchObject({
      allocated: '780.00',
      residual: '220.00',
      allocations: [
        { label: 'A1', amount: '600.00', targetAmount: '600.00', charge: '0.00' },
        { label: 'G1', amount: '180.00', targetCurrency: 'GBP', targetAmount: '140.00', charge: '5.00' },
      ],
    });
    expect(await refusal({ id: made.id, kind: 'receipt', date: '2026-11-05', accountId: usd, amount: '700' })).toEqual({
      code: 'MONEY_RECORD_ALLOCATED',
      path: 'amount',
    });
    const gone = await core.call('moneyRecords.void', { id: made.id, reason: '误登' });
    expect(gone).toMatchObject({ ok: false, error: { code: 'MONEY_RECORD_ALLOCATED' } });
    book.prepare('DELETE FROM allocation WHERE record_id = ?').run(made.id);
    postRecord(book, made.id, now);
    expect(byOrder()).toEqual(['- 1122 USD -100000']);
    await must(core, 'moneyRecords.void', { id: made.id, reason: '误登' });
    expect(balances()).toEqual([]);
    expect(await must(core, 'moneyRecords.get', { id: made.id })).toMatchObject({
      state: 'void',
      reason: '误登',
      ledger: 'void',
    });
  });

  it('of an advance credits 2203, of RMB from abroad converts nothing and is counted apart (F11)', async () => {
    const usd = await account('美元', 'USD');
    const cny = await account('人民币', 'CNY');
    await save({
      kind: 'receipt',
      date: '2026-11-05',
      accountId: usd,
      amount: '100',
      nature: 'advance',
      expectedOn: '2026-12-20',
    });
    await save({ kind: 'receipt', date: '2026-11-06', accountId: cny, amount: '700' });
    await save({ kind: 'receipt', date: '2026-11-06', accountId: cny, amount: '50', detail: { crossBorder: false } });
    expect(balances()).toEqual([
      '1002 CNY 75000 75000',
      '1002 USD 10000 70000',
      '1122 CNY -75000 -75000',
      '2203 USD -10000 -70000',
    ]);
    const { totals } = await must(core, 'moneyRecords.list', { kind: 'receipt' });
    expect(totals).toMatchObject([
      { currency: 'CNY', crossBorder: true, records: 1, amount: '700.00', usd: '100.00' },
      { currency: 'CNY', crossBorder: false, records: 1, amount: '50.00' },
      { currency: 'USD', crossBorder: true, records: 1, amount: '100.00' },
    ]);
    const { rows } = await must(core, 'moneyRecords.byMonth', { from: '2026-01-01', to: '2026-12-31' });
    expect(rows).toMatchObject([
      { month: '2026-11', currency: 'CNY', records: 2, amount: '750.00', usd: '107.14' },
      { month: '2026-11', currency: 'USD', records: 1, amount: '100.00', usd: '100.00' },
    ]);
  });

  // F10-P02 and F10-I01 of the published and invented worked examples.
  it.each([
    ['1000000', '6550000', '6.60', '-50000.00', '56030201 CNY 5000000 5000000'],
    ['25000', '162500', '6.55', '-1250.00', '56030201 CNY 125000 125000'],
    ['10000', '66000', '6.50', '1000.00', '53010101 CNY -100000 -100000'],
  ])(
    'of a settlement of %s realises the difference from the book rate (F10)',
    async (amount, toAmount, book_, gain, posted) => {
      await rate('USD', '2026-11-10', book_);
      const usd = await account('美元', 'USD');
      const cny = await account('人民币', 'CNY');
      const given: Given = {
        kind: 'settlement',
        date: '2026-11-10',
        accountId: usd,
        amount,
        toAccountId: cny,
        toAmount,
      };
      const preview = await must(core, 'moneyRecords.preview', given);
      expect(preview).toMatchObject({ gain, rateInForce: book_ });
      expect(balances()).toEqual([]);
      await save(given);
      expect(balances()).toContain(posted);
    },
  );

  it('of bought currency realises what the bank asked above the book rate, of a transfer nothing', async () => {
    const usd = await account('美元', 'USD');
    const wallet = await account('钱包', 'USD', { kind: 'wallet', ledgerAccount: '1012', place: 'abroad' });
    const cny = await account('人民币', 'CNY');
    const bought = await save({
      kind: 'exchange',
      date: '2026-11-10',
      accountId: cny,
      amount: '71000',
      fee: '50',
      toAccountId: usd,
      toAmount: '10000',
    });
    expect(bought).toMatchObject({ ledger: 'posted', to: { amount: '10000.00', currency: 'USD' } });
    expect(balances()).toEqual([
      '1002 CNY -7105000 -7105000',
      '1002 USD 1000000 7000000',
      '1998 CNY 7000000 7000000',
      '1998 USD -1000000 -7000000',
      '560301 CNY 5000 5000',
      '56030201 CNY 100000 100000',
    ]);
    const moved = await save({
      kind: 'transfer',
      date: '2026-11-11',
      accountId: wallet,
      amount: '500',
      toAccountId: usd,
      toFee: '5',
    });
    expect(moved).toMatchObject({ to: { amount: '495.00' }, crossBorder: true, declareBy: '2026-11-18' });
    expect(balances()).toContain('1012 USD -50000 -350000');
    expect(balances()).toContain('560301 USD 500 3500');
  });

  it('of a refund takes the codes of what it pays back with 退, and keeps it from being voided', async () => {
    const usd = await account('美元', 'USD');
    const receipt = await save({
      kind: 'receipt',
      date: '2026-11-05',
      accountId: usd,
      amount: '100',
      counterparty: 'ACME',
    });
    const id = order('A1');
    allot(receipt.id, id, 10_000, ['USD', 10_000]);
    book
      .prepare(
        `INSERT INTO export_line (mode, declaration_no, line_no, export_date, order_id, hs_code, name, unit, qty_e5, currency, fob_minor, created_at)
         VALUES ('9710', '123456789012345678', 1, '2026-11-04', ?, '1', 'x', '1', 100000, 'USD', 10000, ?)`,
      )
      .run(id, now);
    postRecord(book, receipt.id, now);
    const given: Given = {
      kind: 'refund-out',
      date: '2026-11-20',
      accountId: usd,
      amount: '20',
      refundsId: receipt.id,
      detail: { orderNo: 'A1' },
    };
    const { codes } = await must(core, 'moneyRecords.preview', given);
    expect(codes).toMatchObject([{ code: '121010', amount: '20.00', remark: '退', mode: '9710' }]);
    const refund = await save(given);
    expect(byOrder()).toEqual(['A1 1122 USD -8000']);
    book.prepare('DELETE FROM allocation').run();
    const gone = await core.call('moneyRecords.void', { id: receipt.id, reason: 'x' });
    expect(gone).toMatchObject({
      ok: false,
      error: { code: 'MONEY_RECORD_REFUNDED', params: { number: refund.number } },
    });
  });

  it('waits for a rate and is posted and valued when it comes', async () => {
    const eur = await account('欧元', 'EUR');
    const made = await save({ kind: 'receipt', date: '2026-11-05', accountId: eur, amount: '100' });
    expect(made).toMatchObject({ ledger: 'waiting', reason: 'rate' });
    expect(made.usd).toBeUndefined();
    expect(made.findings.map(({ code }) => code)).toContain('rateMissing');
    await rate('EUR', '2026-11-01', '7.7');
    expect(await must(core, 'moneyRecords.get', { id: made.id })).toMatchObject({ ledger: 'posted', usd: '110.00' });
  });

  it('warns of a slip entered twice, of codes that do not add up, of a declaration that is late', async () => {
    const usd = await account('美元', 'USD');
    const one: Given = {
      kind: 'receipt',
      date: '2026-11-02',
      accountId: usd,
      amount: '100',
      reference: 'slip 7',
      counterparty: 'ACME',
    };
    await save(one);
    const twin = await save({ ...one, reference: 'SLIP 7', detail: { codes: [{ code: '121010', amount: '90' }] } });
    expect(twin).toMatchObject({ declareBy: '2026-11-09', declaration: 'overdue' });
    expect(twin.findings.map(({ code }) => code)).toEqual([
      'duplicateSlip',
      'codesSum',
      'countryMissing',
      'declareOverdue',
    ]);
    const done = await save({
      ...one,
      id: twin.id,
      reference: 'slip 8',
      detail: { declaredOn: '2026-11-09', declarationNo: '4403012611090000000001' },
    });
    expect(done).toMatchObject({ declaration: 'declared', declaredOn: '2026-11-09' });
    expect((await must(core, 'moneyRecords.list', { undeclared: true })).total).toBe(1);
  });

  it('keeps the decimals of its currency and refuses what cannot be', async () => {
    const usd = await account('美元', 'USD');
    const usd2 = await account('美元二', 'USD');
    const cny = await account('人民币', 'CNY');
    const vnd = await account('越南盾', 'VND');
    const kwd = await account('第纳尔', 'KWD');
    const base = { date: '2026-11-05', amount: '100' };
    expect(await save({ kind: 'receipt', ...base, accountId: kwd, amount: '1.234' })).toMatchObject({
      amount: '1.234',
    });
    expect(await save({ kind: 'receipt', ...base, accountId: vnd, amount: '1234000' })).toMatchObject({
      amount: '1234000',
    });
    for (const [given, code, where] of [
      [{ kind: 'receipt', accountId: vnd, amount: '1.5' }, 'AMOUNT_DECIMALS', 'amount'],
      [{ kind: 'receipt', accountId: usd, amount: '0' }, 'AMOUNT_NOT_POSITIVE', 'amount'],
      [{ kind: 'receipt', accountId: 99 }, 'MONEY_ACCOUNT_UNKNOWN', 'accountId'],
      [{ kind: 'settlement', accountId: usd }, 'MONEY_OTHER_ACCOUNT', 'toAccountId'],
      [
        { kind: 'settlement', accountId: usd, toAccountId: usd2, toAmount: '1' },
        'MONEY_SETTLEMENT_CURRENCY',
        'toAccountId',
      ],
      [{ kind: 'exchange', accountId: usd, toAccountId: cny, toAmount: '1' }, 'MONEY_EXCHANGE_CURRENCY', 'toAccountId'],
      [{ kind: 'transfer', accountId: usd, toAccountId: cny }, 'MONEY_TRANSFER_CURRENCY', 'toAccountId'],
      [{ kind: 'transfer', accountId: usd, toAccountId: usd2, toAmount: '90' }, 'MONEY_TRANSFER_AMOUNT', 'toAmount'],
      [{ kind: 'refund-out', accountId: usd, refundsId: 77 }, 'MONEY_REFUNDS_UNKNOWN', 'refundsId'],
      [{ kind: 'refund-out', accountId: usd, detail: { orderNo: 'nil' } }, 'ORDER_NO_UNKNOWN', 'detail.orderNo'],
    ] as const)
      expect(await refusal({ ...base, ...given })).toEqual({ code, path: where });
    expect(book.prepare('SELECT count(*) AS n FROM money_record').get()).toEqual({ n: 2 });
  });

  it('is changed through itself, not through the paper it made', async () => {
    const usd = await account('美元', 'USD');
    const made = await save({ kind: 'payment', date: '2026-11-05', accountId: usd, amount: '100', fee: '25' });
    expect(balances()).toEqual(['1002 USD -12500 -87500', '2202 USD 10000 70000', '560301 USD 2500 17500']);
    const id = made.sourceDocument?.id ?? 0;
    const gone = await core.call('sourceDocuments.void', { id, reason: 'x' });
    expect(gone).toMatchObject({
      ok: false,
      error: { code: 'SOURCE_DOCUMENT_OF_RECORD', params: { number: made.number } },
    });
    const voucher = await must(core, 'vouchers.get', { id: made.vouchers[0]?.id ?? 0 });
    expect(voucher.sources.at(-1)).toMatchObject({ kind: 'money-record', target: `money?at=${made.id}` });
  });
});

describe('what is paid back', () => {
  beforeEach(() => rate('USD', '2026-11-01', '7'));

  it('comes off what is left the same way in list, totals, detail, open receipts and suggestions', async () => {
    const usd = await account('美元', 'USD');
    const receipt = (amount: string, counterparty: string) =>
      save({ kind: 'receipt', date: '2026-11-05', accountId: usd, amount, counterparty });
    const back = (refundsId: number, amount: string, detail: object = {}) =>
      save({ kind: 'refund-out', date: '2026-11-06', accountId: usd, amount, refundsId, detail });
    const one = await receipt('1000', 'ACME');
    allot(one.id, order('A1'), 60_000, ['USD', 60_000]);
    postRecord(book, one.id, now);
    const leftOf = async (id: number) => {
      const { rows, totals } = await must(core, 'moneyRecords.list', { kind: 'receipt' });
      const open = await must(core, 'allocations.openReceipts', {});
      const listed = rows.find((row) => row.id === id)?.residual;
      expect((await must(core, 'moneyRecords.get', { id })).residual).toBe(listed);
      expect((await must(core, 'allocations.suggest', { recordId: id })).receipt.open).toBe(listed);
      expect(open.rows.find((row) => row.id === id)?.open ?? '0.00').toBe(listed);
      expect(totals[0]?.residual).toBe(open.totals[0]?.amount ?? '0.00');
      const filtered = await must(core, 'moneyRecords.list', { open: true });
      expect(filtered.rows.map((row) => row.id)).toEqual(open.rows.map((row) => row.id).reverse());
      return listed;
    };
    expect(await leftOf(one.id)).toBe('400.00');
    // What goes back of an order that it pays comes off that share.
    await back(one.id, '100', { orderNo: 'A1' });
    expect(await leftOf(one.id)).toBe('400.00');
    await back(one.id, '150');
    expect(await leftOf(one.id)).toBe('250.00');
    const more = { kind: 'refund-out' as const, date: '2026-11-06', accountId: usd, refundsId: one.id };
    expect(await core.call('moneyRecords.save', { ...more, amount: '750.01' })).toMatchObject({
      error: { code: 'MONEY_REFUND_OVER', params: { number: one.number, left: 'USD 750.00' }, path: 'amount' },
    });
    const over = { target: { kind: 'order' as const, no: 'A1' }, recordId: one.id, thirdParty: '代付' };
    expect(await core.call('allocations.confirm', { items: [{ ...over, amount: '250.01' }] })).toMatchObject({
      error: { code: 'ALLOCATION_OVER_RECEIPT', params: { open: 'USD 250.00' } },
    });
    // The receipt cannot become less than what is allotted and paid back.
    const { kind, date } = one;
    const accountId = usd;
    expect(await core.call('moneyRecords.save', { id: one.id, kind, date, accountId, amount: '749.99' })).toMatchObject(
      {
        error: { code: 'MONEY_RECORD_PAID_BACK', params: { refunded: 'USD 250.00' }, path: 'amount' },
      },
    );
    expect(await core.call('moneyRecords.save', { id: one.id, kind, date, accountId, amount: '599.99' })).toMatchObject(
      {
        error: { code: 'MONEY_RECORD_ALLOCATED', params: { allocated: 'USD 600.00' }, path: 'amount' },
      },
    );
    const two = await receipt('50', 'ACME');
    await back(two.id, '50');
    expect(await leftOf(two.id)).toBe('0.00');
  });

  it('is changed from what was seen alone', async () => {
    const usd = await account('美元', 'USD');
    const given = { kind: 'receipt' as const, date: '2026-11-05', accountId: usd, amount: '10' };
    const { id, version } = await save(given);
    const second = await save({ ...given, id, version, amount: '11' });
    expect(await refusal({ ...given, id, version, amount: '12' })).toEqual({
      code: 'MONEY_RECORD_CHANGED',
      path: 'version',
    });
    expect(await core.call('moneyRecords.void', { id, reason: '错', version })).toMatchObject({
      error: { code: 'MONEY_RECORD_CHANGED' },
    });
    await must(core, 'moneyRecords.void', { id, reason: '错', version: second.version });
    expect(balances()).toEqual([]);
    expect(await core.call('moneyRecords.get', { id: 999 })).toMatchObject({ error: { code: 'MONEY_RECORD_UNKNOWN' } });
  });
});

describe('a record of a closed month', () => {
  const given = (accountId: number, date: string, amount: string): Given => ({
    kind: 'receipt',
    date,
    accountId,
    amount,
  });
  it('waits where it is new, and is taken back and changed in the first open month, whole', async () => {
    await rate('USD', '2026-08-01', '7');
    await rate('USD', '2026-09-30', '7');
    const usd = await account('美元', 'USD');
    const old = await save(given(usd, '2026-09-10', '100'));
    await must(core, 'periods.close', { period: '2026-09' });
    const late = await save(given(usd, '2026-09-20', '5'));
    expect(late).toMatchObject({ ledger: 'waiting', reason: 'period', vouchers: [] });
    expect(late.findings.map(({ code }) => code)).toContain('periodClosed');
    const a = order('A1');
    allot(old.id, a, 4000, ['USD', 4000]);
    postRecord(book, old.id, now);
    const vouchers = () =>
      book
        .prepare('SELECT date, reverses IS NOT NULL AS red, text FROM voucher WHERE source_kind = ? ORDER BY id')
        .all('source-document') as {
        date: string;
        red: number;
        text: string;
      }[];
    expect(vouchers().map(({ date, red }) => [date, red])).toEqual([
      ['2026-09-10', 0],
      ['2026-10-01', 1],
      ['2026-10-01', 0],
    ]);
    expect(vouchers()[1]?.text).toContain('原 2026-09-10');
    expect(byOrder()).toEqual(['- 1122 USD -6000', 'A1 1122 USD -4000']);
    const [{ id: allocation = 0 } = {}] = (await must(core, 'allocations.list', { recordId: old.id })).rows;
    await must(core, 'allocations.withdraw', { ids: [allocation] });
    await must(core, 'moneyRecords.void', { id: old.id, reason: '重复登记' });
    expect(byOrder()).toEqual([]);
    expect(vouchers().filter(({ date }) => date < '2026-10')).toHaveLength(1);
  });
});

describe('other decimals', () => {
  it.each([
    ['JPY', '0.05', '10500', '500', '11000', '1.5', '10500', 55_000],
    ['VND', '0.0003', '2500000', '500000', '3000000', '0.1', '2500000', 90_000],
    // Amount and fee are each rounded by itself.
    ['KWD', '23', '10.125', '0.875', '11.000', '1.2345', '10.125', 25_301],
    ['BHD', '19', '1.001', '0.009', '1.010', '0.0001', '1.001', 1919],
  ])('of %s are kept to the smallest coin', async (currency, price, amount, fee, whole, tooFine, kept, fen) => {
    await rate(currency, '2026-11-01', price);
    const accountId = await account(currency, currency);
    const given = { kind: 'receipt' as const, date: '2026-11-05', accountId, amount, fee };
    const made = await save(given);
    expect(made).toMatchObject({ amount: kept, residual: whole });
    expect(await refusal({ ...given, amount: tooFine })).toEqual({ code: 'AMOUNT_DECIMALS', path: 'amount' });
    const posted = book.prepare(`SELECT -sum(cny_fen) AS fen FROM posting WHERE account = '1122'`).get();
    expect(posted).toEqual({ fen });
    order('X1', currency);
    await must(core, 'allocations.confirm', {
      items: [{ recordId: made.id, target: { kind: 'order', no: 'X1' }, amount: '1', thirdParty: '代付' }],
    });
    expect((await must(core, 'allocations.list', { recordId: made.id })).rows[0]?.amount).toMatch(/^1(\.000)?$/);
    expect(book.prepare(`SELECT count(*) AS n FROM posting WHERE account IN ('53010101','56030201')`).get()).toEqual({
      n: 0,
    });
  });
});

describe('a statement', () => {
  const file = (name: string, content: string | Uint8Array): string => {
    const at = path.join(folder, name);
    writeFileSync(at, content);
    return at;
  };
  const run = (at: string, accountId?: number) =>
    must(core, 'imports.run', {
      kind: 'statement',
      file: at,
      ...(accountId === undefined ? {} : { defaults: { accountId } }),
    });
  const code = async (at: string, accountId?: number) => {
    const result = await core.call('imports.run', {
      kind: 'statement',
      file: at,
      ...(accountId === undefined ? {} : { defaults: { accountId } }),
    });
    return result.ok ? 'taken' : result.error.code;
  };
  const entries = () => must(core, 'moneyEntries.list', {});
  const lines = [
    '中国银行交易流水明细',
    '账号: 4563****8899,币种: 美元',
    '',
    '记账日期,记账时间,币别,金额,余额,交易名称,附言,对方账户名,对方卡号/账号,流水号',
    '2026-11-05,10:00:00,美元,"1,000.00","1,500.00",汇入汇款,INV A1,ACME GMBH,DE89****3000,R1',
    '2026-11-05,10:00:00,美元,-15.00,"1,485.00",手续费,,中国银行,,R2',
    '2026-11-05,10:00:00,美元,-15.00,"1,470.00",手续费,,中国银行,,R3',
    '2026-11-06,09:00:00,美元,"-1,000.00",470.00,结汇,,本人,,R4',
  ];
  const usdFile = (part = lines) => file('boc.csv', iconv.encode(`${part.join('\r\n')}\r\n`, 'gb18030'));

  beforeEach(async () => {
    await rate('USD', '2026-11-01', '7');
  });

  it('is read in GB18030 with the account known by its number; the same again and an overlap add nothing twice', async () => {
    const usd = await account('中行美元', 'USD', { number: '4563 5100 0000 8899' });
    const first = await run(usdFile(lines.slice(0, 7)));
    expect(first).toMatchObject({ counts: { lines: 3, taken: 3, failed: 0 } });
    expect(first.findings).toMatchObject([
      { code: 'STATEMENT_PROVED', params: { opening: 'USD 500.00', closing: 'USD 1470.00' } },
    ]);
    expect(await run(usdFile(lines.slice(0, 7)))).toMatchObject({
      counts: { taken: 0, alreadyThere: 3 },
      importedBefore: now,
    });
    expect(await run(usdFile())).toMatchObject({ counts: { lines: 4, taken: 1, alreadyThere: 3 } });
    const { rows, totals } = await entries();
    expect(totals).toEqual([{ currency: 'USD', in: '1000.00', out: '1030.00' }]);
    expect(rows.map(({ amount, suggestion }) => [amount, suggestion?.kind])).toEqual([
      ['-1000.00', 'payment'],
      ['-15.00', 'fee'],
      ['-15.00', 'fee'],
      ['1000.00', 'receipt'],
    ]);
    expect(rows[3]).toMatchObject({
      counterpartyAccount: '•••• 3000',
      reference: 'R1',
      text: '汇入汇款 INV A1',
      balance: '1500.00',
    });
    expect((await must(core, 'moneyAccounts.list', {})).rows).toMatchObject([
      { id: usd, entries: 4, openEntries: 4, lastEntryOn: '2026-11-06', balance: '470.00' },
    ]);
  });

  it('is worked off: receipt, charge, the two lines of a settlement, an ignored one, a line joined to a record', async () => {
    const usd = await account('中行美元', 'USD', { number: '4563510000008899' });
    const cny = await account('中行人民币', 'CNY');
    await run(usdFile());
    await run(
      file(
        'cny.csv',
        '日期,借贷标志,金额,余额,摘要\n2026/11/06,贷,"6,980.00","7,980.00",结汇入账\n2026/11/07,借,80.00,"7,900.00",房租\n',
      ),
      cny,
    );
    const open = async () => (await must(core, 'moneyEntries.list', { state: 'open' })).rows;
    const line = async (amount: string) => {
      const found = (await open()).find((one) => one.amount === amount);
      if (found === undefined) throw new Error(`no line of ${amount}`);
      return found;
    };
    expect((await line('6980.00')).suggestion).toMatchObject({
      kind: 'settlement',
      pairAccount: '中行美元',
      pairAmount: '-1000.00',
      reasons: ['rate', 'sameDay', 'words'],
    });
    await must(core, 'moneyEntries.record', { id: (await line('6980.00')).id });
    await must(core, 'moneyEntries.record', { id: (await line('1000.00')).id, record: { counterpartyCountry: 'DE' } });
    await must(core, 'moneyEntries.record', { id: (await line('-15.00')).id });
    // Entered by hand before: the line is joined to it.
    const fee = await save({ kind: 'fee', date: '2026-11-05', accountId: usd, amount: '15' });
    const joined = await must(core, 'moneyEntries.record', { id: (await line('-15.00')).id });
    expect(joined).toEqual({ recordId: fee.id, number: fee.number, joined: true });
    expect(await must(core, 'moneyEntries.ignore', { ids: [(await line('-80.00')).id], reason: '另行记账' })).toEqual({
      ignored: 1,
    });
    expect(await open()).toEqual([]);
    expect(balances()).toEqual([
      '1002 CNY 698000 698000',
      '1002 USD -3000 -21000',
      '1122 USD -100000 -700000',
      '1998 CNY -700000 -700000',
      '1998 USD 100000 700000',
      '560301 USD 3000 21000',
      '56030201 CNY 2000 2000',
    ]);
    const { rows } = await must(core, 'moneyRecords.list', {});
    expect(rows.map(({ kind, amount, counterpartyCountry }) => [kind, amount, counterpartyCountry])).toEqual([
      ['settlement', '1000.00', ''],
      ['fee', '15.00', ''],
      ['fee', '15.00', ''],
      ['receipt', '1000.00', 'DE'],
    ]);
    const settled = rows[0]?.id ?? 0;
    await must(core, 'moneyRecords.void', { id: settled, reason: '错' });
    expect(await open()).toHaveLength(2);
    const ignored = (await must(core, 'moneyEntries.list', { state: 'ignored' })).rows[0]?.id ?? 0;
    expect(await must(core, 'moneyEntries.reopen', { ids: [ignored] })).toEqual({ reopened: 1 });
    const wrong = await core.call('moneyEntries.record', { id: ignored, kind: 'receipt' });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'MONEY_ENTRY_DIRECTION' } });
  });

  it('that is cut off, damaged, of no known account or an old workbook is refused whole', async () => {
    const usd = await account('中行美元', 'USD');
    const whole = lines.join('\n');
    expect(await code(file('a.csv', whole))).toBe('IMPORT_ACCOUNT_MISSING');
    expect(await code(file('b.csv', whole.slice(0, -12)), usd)).toBe('STATEMENT_CUT');
    expect(await code(file('c.csv', `${lines.slice(0, 5).join('\n')}\n2026-11-05,10:00:00,美元,"1,0`), usd)).toBe(
      'CSV_BROKEN',
    );
    expect(await code(file('d.csv', whole.replace('中国银行,,R2', '中国\ufffd行,,R2')), usd)).toBe(
      'STATEMENT_ENCODING',
    );
    expect(await code(file('e.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex')), usd)).toBe('FILE_OLD_EXCEL');
    expect((await entries()).total).toBe(0);
    for (const [name, bytes] of [
      ['utf16.csv', iconv.encode(whole, 'utf16le', { addBOM: true })],
      ['bare.csv', iconv.encode(`${whole}\n`, 'utf16le')],
      ['bom.csv', iconv.encode(whole, 'utf8', { addBOM: true })],
    ] as const)
      expect((await run(file(name, bytes), usd)).counts, name).toMatchObject({ lines: 4, failed: 0 });
    expect((await entries()).total).toBe(4);
  });

  it('names rows of other and unknown currencies, and a balance that does not follow', async () => {
    const hkd = await account('汇丰', 'HKD');
    const at = file(
      'hk.csv',
      'Date,Description,Billing amount,Billing currency,Balance,Balance currency\n13/03/2026,A,"-1.00",HKD,"99.00",HKD\n12/03/2026,B,"5.00",CNY,"5.00",CNY\n11/03/2026,C,7,ZZZ,1,HKD\n10/03/2026,D,"50.00",HKD,"90.00",HKD\n01/03/2026,E,"40.00",HKD,"40.00",HKD\n',
    );
    const result = await run(at, hkd);
    expect(result).toMatchObject({ counts: { lines: 5, taken: 3, failed: 2 } });
    expect(result.failures.map(({ rowNo, reasons }) => [rowNo, reasons[0]?.code, reasons[0]?.field])).toEqual([
      [3, 'STATEMENT_CURRENCY', 'currency'],
      [4, 'CURRENCY_UNKNOWN', 'currency'],
    ]);
    const broken = file(
      'hk2.csv',
      'Date,Description,Amount,Balance\n13/03/2026,X,-1.00,99.00\n10/03/2026,Y,50.00,90.00\n01/03/2026,Z,40.00,40.00\n',
    );
    expect((await run(broken, hkd)).findings).toMatchObject([
      { code: 'STATEMENT_BALANCE', rowNo: 2, params: { expected: 'HKD 89.00', stated: 'HKD 99.00' } },
      { code: 'STATEMENT_TOTAL' },
    ]);
    expect(book.prepare('SELECT breaks FROM money_statement ORDER BY id').all()).toEqual([
      { breaks: 0 },
      { breaks: 1 },
    ]);
  });

  it('of overlapping days adds nothing twice and keeps legal twins', async () => {
    const usd = await account('中行美元', 'USD');
    const head = '日期,摘要,收入,支出,对方户名';
    const day = (n: number, text: string, amount: string) =>
      `2026-11-${String(n).padStart(2, '0')},${text},${amount},,ACME`;
    const twins = [day(12, '货款', '10.00'), day(12, '货款', '10.00')];
    const part = (...days: string[]) => file('part.csv', `${[head, ...days].join('\n')}\n`);
    expect((await run(part(day(1, '货款', '1.00'), ...twins, day(15, '货款', '5.00')), usd)).counts).toMatchObject({
      taken: 4,
    });
    const second = await run(
      part(...twins, day(12, '货款', '10.00'), day(15, '货款', '5.00'), day(20, '货款', '7.00')),
      usd,
    );
    expect(second.counts).toMatchObject({ lines: 5, taken: 2, alreadyThere: 3 });
    const { rows, totals } = await entries();
    expect(rows.filter(({ date }) => date === '2026-11-12')).toHaveLength(3);
    expect(totals).toEqual([{ currency: 'USD', in: '43.00', out: '0.00' }]);
  });

  it('of money between own accounts is taken for a transfer, by name, by number and by what it says', async () => {
    const wallet = await account('PingPong 美元', 'USD', { kind: 'wallet', place: 'abroad', number: '88001234567' });
    const usd = await account('中行美元', 'USD', { number: '4563510000008899' });
    const cny = await account('中行人民币', 'CNY', { number: '4563510000007777' });
    await run(
      file(
        'usd.csv',
        [
          '日期,摘要,收入,支出,对方户名,对方账号',
          '2026-11-03,货款,100.00,,PingPong 美元,',
          '2026-11-04,PingPong 提现,200.00,,PINGPONG LTD,',
          '2026-11-05,货款,300.00,,ACME,8800****4567',
          '2026-11-06,手续费 提现,,1.00,PINGPONG LTD,',
          '2026-11-07,往来,,70.00,中行人民币,',
          `2026-11-08,往来,,8.00,${firm.name},`,
          '2026-11-09,货款,400.00,,ACME,9999****0000',
          '2026-11-10,transfer for invoice 7,500.00,,ACME,',
          '',
        ].join('\n'),
      ),
      usd,
    );
    const rows = [...(await entries()).rows].reverse();
    expect(
      rows.map(({ suggestion }) => [suggestion?.kind, suggestion?.otherAccount ?? '', suggestion?.reasons[0]]),
    ).toEqual([
      ['transfer', 'PingPong 美元', 'ownAccount'],
      ['transfer', 'PingPong 美元', 'words'],
      ['transfer', 'PingPong 美元', 'ownAccount'],
      ['fee', '', 'words'],
      ['settlement', '中行人民币', 'ownAccount'],
      ['transfer', 'PingPong 美元', 'ownAccount'],
      ['receipt', '', 'incoming'],
      ['receipt', '', 'incoming'],
    ]);
    const [first, second, , , fifth] = rows;
    await must(core, 'moneyEntries.record', { id: first?.id ?? 0 });
    await must(core, 'moneyEntries.record', { id: second?.id ?? 0, kind: 'transfer', record: { toAmount: '202.00' } });
    await must(core, 'moneyEntries.record', { id: fifth?.id ?? 0, record: { toAmount: '490.00' } });
    expect(
      (await must(core, 'moneyRecords.list', {})).rows.map(({ kind, account, amount, to }) => [
        kind,
        account.id,
        amount,
        to?.id,
        to?.amount,
        to?.fee,
      ]),
    ).toEqual([
      ['settlement', usd, '70.00', cny, '490.00', '0.00'],
      ['transfer', wallet, '202.00', usd, '200.00', '2.00'],
      ['transfer', wallet, '100.00', usd, '100.00', '0.00'],
    ]);
    const joining = await core.call('moneyEntries.record', {
      id: rows[6]?.id ?? 0,
      kind: 'transfer',
    });
    expect(joining).toMatchObject({ error: { code: 'MONEY_ENTRY_PAIR' } });
  });

  it('with a fee besides is one movement: what left is amount and fee together; a second line joins no record twice', async () => {
    const usd = await account('户一', 'USD');
    const other = await account('户二', 'USD');
    const out =
      '日期,摘要,金额,手续费,余额\n2026-11-05,期初,10.00,0.00,110.00\n2026-11-06,转账,-50.00,2.00,58.00\n2026-11-06,转账,-5.00,0.00,53.00\n2026-11-06,转账,-5.00,0.00,48.00\n';
    await run(file('a.csv', out), usd);
    await run(file('b.csv', '日期,摘要,收入,支出\n2026-11-06,转账,50.00,\n'), other);
    const rows = (await must(core, 'moneyEntries.list', { accountId: usd })).rows;
    const line = rows.find(({ amount }) => amount === '-52.00');
    expect(line).toMatchObject({ fee: '2.00' });
    const pair = (await must(core, 'moneyEntries.list', { accountId: other })).rows[0]?.id ?? 0;
    const { recordId } = await must(core, 'moneyEntries.record', { id: line?.id ?? 0, kind: 'transfer', pairId: pair });
    expect(await must(core, 'moneyRecords.get', { id: recordId })).toMatchObject({
      amount: '50.00',
      fee: '2.00',
      to: { amount: '50.00', fee: '0.00' },
    });
    expect(balances()).toEqual(['1002 USD -200 -1400', '560301 USD 200 1400']);
    const [five, twin] = rows.filter(({ amount }) => amount === '-5.00');
    const made = await must(core, 'moneyEntries.record', { id: five?.id ?? 0, kind: 'payment' });
    expect(await core.call('moneyEntries.record', { id: twin?.id ?? 0, recordId: made.recordId })).toMatchObject({
      error: { code: 'MONEY_ENTRY_JOINED', params: { number: made.number } },
    });
    expect(await core.call('moneyEntries.record', { id: pair, kind: 'receipt' })).toMatchObject({
      error: { code: 'MONEY_ENTRY_NOT_OPEN' },
    });
  });

  it('leaves neither account numbers nor names of people in audit, refusals or events', async () => {
    const secrets = ['4563510000008899', '8899776655443322', '张三丰', 'DE89370400440532013000'];
    const usd = await account('中行美元', 'USD', { number: secrets[0] ?? '', owner: secrets[2] ?? '' });
    const cny = await account('中行人民币', 'CNY', { number: secrets[1] ?? '' });
    const answers: unknown[] = [];
    const ask = async (name: 'moneyRecords.save' | 'moneyEntries.record' | 'moneyAccounts.save', input: object) => {
      const result = await core.call(name, input as never);
      if (!result.ok) answers.push(result.error);
    };
    await run(
      file(
        'a.csv',
        `日期,摘要,收入,支出,对方户名,对方账号\n2026-11-05,货款,90.00,,${secrets[2]},${secrets[3]}\n2026-11-06,杂,,1.00,${secrets[2]},${secrets[3]}\n`,
      ),
      usd,
    );
    const [spent, came] = (await entries()).rows;
    const { recordId } = await must(core, 'moneyEntries.record', { id: came?.id ?? 0 });
    await ask('moneyEntries.record', { id: came?.id ?? 0 });
    await ask('moneyEntries.record', { id: spent?.id ?? 0, kind: 'receipt' });
    await must(core, 'moneyEntries.ignore', { ids: [spent?.id ?? 0], reason: '另行记账' });
    await must(core, 'moneyEntries.reopen', { ids: [spent?.id ?? 0] });
    const given = {
      kind: 'receipt' as const,
      date: '2026-11-05',
      accountId: usd,
      amount: '90',
      counterparty: secrets[2] ?? '',
    };
    await save({ ...given, id: recordId, amount: '91' });
    await ask('moneyRecords.save', { ...given, amount: '1.234' });
    await ask('moneyRecords.save', { ...given, kind: 'settlement', toAccountId: usd });
    await ask('moneyAccounts.save', { kind: 'bank', place: 'home', name: '又一', currency: 'USD', number: secrets[0] });
    await save({
      kind: 'settlement',
      date: '2026-11-06',
      accountId: usd,
      amount: '1',
      toAccountId: cny,
      toAmount: '7',
    });
    order('A1');
    const made = await must(core, 'allocations.confirm', {
      items: [{ recordId, target: { kind: 'order', no: 'A1' }, amount: '50', thirdParty: '代付' }],
    });
    const refused = await core.call('moneyRecords.void', { id: recordId, reason: '错' });
    if (!refused.ok) answers.push(refused.error);
    await must(core, 'allocations.withdraw', { ids: made.ids });
    await must(core, 'moneyRecords.void', { id: recordId, reason: '错' });
    await must(core, 'moneyAccounts.reveal', { id: usd });
    expect(answers).toHaveLength(6);
    const audit = book.prepare('SELECT action, subject, detail FROM audit').all() as { action: string }[];
    expect(
      [...new Set(audit.map(({ action }) => action))].filter((one) => /^(money|allocation|import)/.test(one)).sort(),
    ).toEqual([
      'allocation.made',
      'allocation.withdrawn',
      'import.committed',
      'moneyAccount.revealed',
      'moneyAccount.saved',
      'moneyEntry.ignored',
      'moneyEntry.recorded',
      'moneyEntry.reopened',
      'moneyRecord.changed',
      'moneyRecord.entered',
      'moneyRecord.voided',
    ]);
    for (const secret of secrets)
      for (const shown of [JSON.stringify(audit), JSON.stringify(answers), events.join()])
        expect(shown.includes(secret)).toBe(false);
  });

  const samples = path.resolve(findResources(), '../../shared/domain/samples');
  it.skipIf(!existsSync(samples)).each([
    ['abc_debit.csv', 'CNY', 5, []],
    ['alipay_gbk.csv', 'CNY', undefined, ['STATEMENT_DIRECTION', 'STATEMENT_DIRECTION', 'STATEMENT_DIRECTION']],
    ['boc_debit.csv', 'CNY', undefined, []],
    ['bocom_debit.csv', 'CNY', 6, []],
    ['cmb_debit.csv', 'CNY', 5, []],
    ['hsbc_hk_debit_hkd_cny.csv', 'HKD', 9, ['STATEMENT_CURRENCY']],
    ['icbc_debit_v1.csv', 'CNY', undefined, []],
    ['icbc_debit_v2.csv', 'CNY', undefined, []],
  ] as const)('of the layout of %s is recognised by its headers', async (name, currency, taken, refused) => {
    const id = await account('样例', currency);
    const at = path.join(samples, 'bank', name);
    const inspected = await must(core, 'imports.inspect', { kind: 'statement', file: at, defaults: { accountId: id } });
    expect(inspected.mappingFrom).toBe('recognised');
    const result = await run(at, id);
    expect(result.failures.flatMap(({ reasons }) => reasons.map((one) => one.code))).toEqual(refused);
    if (taken !== undefined) expect(result.counts.taken).toBe(taken);
    expect(result.counts.taken).toBeGreaterThan(2);
    expect(await run(at, id)).toMatchObject({ counts: { taken: 0, alreadyThere: result.counts.taken } });
    if (name.startsWith('boc_')) expect(result.findings.map((one) => one.code)).toEqual(['STATEMENT_PROVED']);
  });
  it.skipIf(!existsSync(samples))('of the old workbook format is refused with the way out', async () => {
    expect(await code(path.join(samples, 'bank/ccb_debit.xls'), await account('建行', 'CNY'))).toBe('FILE_OLD_EXCEL');
  });
});
