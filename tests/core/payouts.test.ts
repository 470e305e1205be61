import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { postSaleForReleasedOrder } from '../../electron/core/store/ledger.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { orderOf } from '../fixtures/money.ts';
import { type Settlement, type SettlementLine, settlementV2, writeLargeSettlement } from '../fixtures/payouts.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-payouts-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (content: string | Buffer, name = 'settlement.txt'): string => {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
};
const take = (input: Omit<InputOf<'payouts.import'>, 'file'> & { file: string }) => core.call('payouts.import', input);
const rate = (date: string, cnyPerUnit: string) =>
  must(core, 'rates.set', { currency: 'USD', date, cnyPerUnit, source: '测试' });
const count = (table: string) => (book.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
const balances = () =>
  Object.fromEntries(
    (
      book
        .prepare(
          `SELECT account || ' ' || period AS k, sum(debit_minor - credit_minor) AS m FROM balance WHERE currency = 'USD'
           GROUP BY account, period HAVING m <> 0 ORDER BY 1`,
        )
        .all() as { k: string; m: number }[]
    ).map(({ k, m }) => [k, m]),
  );

const order = (no: string, at: string, cents: readonly [number, number, number]): SettlementLine[] =>
  (
    [
      ['ItemPrice', 'Principal', cents[0]],
      ['ItemFees', 'Commission', cents[1]],
      ['ItemFees', 'FBAPerUnitFulfillmentFee', cents[2]],
    ] as const
  ).map(([group, detail, minor]) => ({
    type: 'Order',
    order: no,
    group,
    detail,
    amount: (minor / 100).toFixed(2),
    at,
    sku: 'CUP-1',
    qty: '1',
  }));

const lines: readonly SettlementLine[] = [
  ...order('111-0000001-0000001', '2026-09-20 10:00:00', [5000, -750, -400]),
  ...order('111-0000001-0000002', '2026-09-30 17:30:00', [3000, -450, -400]),
  {
    type: 'Refund',
    order: '111-0000001-0000001',
    group: 'ItemPrice',
    detail: 'Principal',
    amount: '-50.00',
    at: '2026-10-02 01:00:00',
  },
  {
    type: 'Refund',
    order: '111-0000001-0000001',
    group: 'ItemFees',
    detail: 'Commission',
    amount: '7.50',
    at: '2026-10-02 01:00:00',
  },
  {
    type: 'Refund',
    order: '111-0000001-0000001',
    group: 'ItemFees',
    detail: 'RefundCommission',
    amount: '-1.50',
    at: '2026-10-02 01:00:00',
  },
  { type: 'ServiceFee', group: 'other-transaction', detail: 'Storage Fee', amount: '-2.25', at: '2026-10-01 04:00:00' },
  { type: 'ServiceFee', group: 'other-transaction', detail: 'Storage Fee', amount: '-2.25', at: '2026-10-01 04:00:00' },
  {
    type: 'ServiceFee',
    group: 'other-transaction',
    detail: 'Moon Phase Surcharge',
    amount: '-3.00',
    at: '2026-10-01 04:00:00',
  },
  {
    type: 'Adjustment',
    group: 'other-transaction',
    detail: 'WAREHOUSE_LOST',
    amount: '12.00',
    at: '2026-10-03 04:00:00',
  },
  {
    type: 'Transfer',
    group: 'other-transaction',
    detail: 'Previous Reserve Amount Balance',
    amount: '20.00',
    at: '2026-09-19 00:00:00',
  },
  {
    type: 'Transfer',
    group: 'other-transaction',
    detail: 'Current Reserve Amount',
    amount: '-10.00',
    at: '2026-10-03 23:00:00',
  },
];
const settlement: Settlement = {
  number: '70000000001',
  from: '2026-09-19',
  to: '2026-10-03',
  depositOn: '2026-10-05',
  deposit: '30.50',
  currency: 'USD',
  lines,
};

describe('a settlement report', () => {
  it('is read, proved, exploded, split by month and posted', async () => {
    await rate('2026-09-01', '7');
    const preview = await must(core, 'payouts.inspect', { file: file(settlementV2(settlement)), store: 'Cups US' });
    expect(preview.result).toMatchObject({
      layout: 'amazon-settlement-v2',
      written: 0,
      payouts: [{ state: 'new', proof: 'deposit' }],
    });
    expect(count('payout')).toBe(0);

    const done = await must(core, 'payouts.import', { file: file(settlementV2(settlement)), store: 'Cups US' });
    expect(done.findings.map(({ level, code }) => `${level} ${code}`)).toEqual([
      'doubt PAYOUT_KIND_UNKNOWN',
      'note PAYOUT_PRIOR_MISSING',
    ]);
    const id = done.ids[0] ?? 0;
    const view = await must(core, 'payouts.get', { id });
    expect(view).toMatchObject({
      number: '70000000001',
      total: '30.50',
      deposit: '30.50',
      proof: 'deposit',
      lines: 15,
      orders: 2,
      unknown: 1,
      reserveOpening: '20.00',
      reserveClosing: '10.00',
      matchState: 'open',
      chain: { state: 'first' },
    });
    expect(view.steps.map(({ group, amount }) => `${group} ${amount}`)).toEqual([
      'gross 80.00',
      'commission -6.00',
      'fulfilment -8.00',
      'storage -4.50',
      'refund -50.00',
      'reimbursement 12.00',
      'unknown -3.00',
      'reserve 10.00',
    ]);
    // 17:30 UTC on 30 September is October in China.
    expect(view.months.map(({ month, amount }) => `${month} ${amount}`)).toEqual(['2026-09 58.50', '2026-10 -28.00']);
    expect(view.months.map(({ document }) => document?.state)).toEqual(['posted', 'posted']);
    expect(balances()).toEqual({
      '1122 2026-09': -1150,
      '1122 2026-10': -4800,
      '5001 2026-10': 5000,
      '530199 2026-10': -1200,
      '560101 2026-09': 750,
      '560101 2026-10': -150,
      '560103 2026-09': 400,
      '560103 2026-10': 400,
      '560104 2026-10': 450,
      '560106 2026-10': 300,
    });

    const voucher = (await must(core, 'vouchers.list', { rule: 'payout' })).rows[0];
    const sources = (await must(core, 'vouchers.get', { id: voucher?.id ?? 0 })).sources;
    expect(sources).toMatchObject([{ kind: 'source-document' }, { kind: 'payout', target: `payouts?id=${id}` }]);
    const document = Number(sources[0]?.id);
    expect(await core.call('sourceDocuments.void', { id: document, reason: 'x' })).toMatchObject({
      error: { code: 'SOURCE_DOCUMENT_OF_PAYOUT', params: { number: '70000000001' } },
    });

    const all = await must(core, 'payouts.lines', { id });
    expect(all.total).toBe(15);
    expect(all.rows[0]).toMatchObject({
      sourceRow: 3,
      orderNo: '111-0000001-0000001',
      sku: 'CUP-1',
      qty: '1',
      amount: '50.00',
      category: 'sale',
    });
    expect((await must(core, 'payouts.lines', { id, category: 'storage' })).rows).toHaveLength(2);
    expect((await must(core, 'payouts.lines', { id, month: '2026-09', orderNo: '0000002' })).total).toBe(0);
    expect((await must(core, 'payouts.ofOrder', { orderNo: '111-0000001-0000001' })).rows).toMatchObject([
      { gross: '50.00', refund: '-50.00', kept: '-5.50' },
    ]);
  });

  it('learns a description once, for what is there and what comes', async () => {
    await rate('2026-09-01', '7');
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(settlement)) });
    const [unknown] = (await must(core, 'payouts.unknown', {})).rows;
    expect(unknown).toMatchObject({ detail: 'other-transaction / Moon Phase Surcharge', lines: 1, amount: '-3.00' });
    const { platform = '', type = '', detail = '' } = unknown ?? {};
    expect(await must(core, 'payouts.teach', { platform, type, detail, category: 'storage' })).toEqual({ payouts: 1 });
    expect(await must(core, 'payouts.get', { id: ids[0] ?? 0 })).toMatchObject({ unknown: 0 });
    expect(balances()).toMatchObject({ '560104 2026-10': 750 });
    expect(balances()['560106 2026-10']).toBeUndefined();
    expect((await must(core, 'payouts.list', { open: 'unknown' })).total).toBe(0);
    const next = {
      ...settlement,
      number: '70000000002',
      from: '2026-10-03',
      to: '2026-10-17',
      deposit: '7.00',
      lines: [
        {
          type: 'ServiceFee',
          group: 'other-transaction',
          detail: 'Moon Phase Surcharge',
          amount: '-3.00',
          at: '2026-10-04 04:00:00',
        },
        {
          type: 'Transfer',
          group: 'other-transaction',
          detail: 'Previous Reserve Amount Balance',
          amount: '10.00',
          at: '2026-10-03 23:00:00',
        },
      ],
    };
    const after = await must(core, 'payouts.import', { file: file(settlementV2(next)) });
    expect(after.findings).toEqual([]);
    expect(await must(core, 'payouts.get', { id: after.ids[0] ?? 0 })).toMatchObject({
      chain: { state: 'kept', previous: { number: '70000000001', reserve: '10.00' } },
    });
    expect(await core.call('payouts.teach', { platform, type, detail: 'nothing', category: 'storage' })).toMatchObject({
      error: { code: 'PAYOUT_KIND_MISSING' },
    });
  });

  it('says where a reserve does not come back', async () => {
    await must(core, 'payouts.import', { file: file(settlementV2(settlement)) });
    const next = {
      ...settlement,
      number: '70000000002',
      from: '2026-10-03',
      to: '2026-10-17',
      deposit: '9.00',
      lines: [
        {
          type: 'Transfer',
          group: 'other-transaction',
          detail: 'Previous Reserve Amount Balance',
          amount: '9.00',
          at: '2026-10-03 23:00:00',
        },
      ],
    };
    const { findings } = await must(core, 'payouts.import', { file: file(settlementV2(next)) });
    expect(findings).toMatchObject([
      {
        code: 'PAYOUT_RESERVE_BREAK',
        level: 'doubt',
        params: { previous: '70000000001', held: '10.00', released: '9.00' },
      },
    ]);
  });

  it('is taken once, in whatever order of rows, and refused with other rows', async () => {
    const text = settlementV2(settlement);
    await must(core, 'payouts.import', { file: file(text) });
    const again = await must(core, 'payouts.import', { file: file(text, 'again.txt') });
    expect(again).toMatchObject({ written: 0, ids: [], payouts: [{ state: 'known' }] });
    const [head = '', first = '', ...rest] = text.trimEnd().split('\n');
    const shuffled = `${[head, first, ...rest.reverse()].join('\n')}\n`;
    expect(await must(core, 'payouts.import', { file: file(shuffled) })).toMatchObject({ written: 0 });
    expect(count('payout')).toBe(1);
    const other = { ...settlement, deposit: '32.75', lines: lines.filter((_, at) => at !== 9) };
    const refused = await take({ file: file(settlementV2(other)) });
    expect(refused).toMatchObject({
      error: {
        code: 'PAYOUT_NUMBER_TAKEN',
        params: { number: '70000000001', added: 0, missing: 1, difference: '2.25' },
      },
    });
    expect(count('payout_block')).toBe(1);
  });

  it('can be voided and taken again; a month that is closed is posted on the first open day', async () => {
    await rate('2026-09-01', '7');
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(settlement)) });
    const id = ids[0] ?? 0;
    await must(core, 'payouts.void', { id, reason: '重复' });
    expect(balances()).toEqual({});
    expect(await core.call('payouts.void', { id, reason: '重复' })).toMatchObject({ error: { code: 'PAYOUT_VOID' } });
    await must(core, 'periods.close', { period: '2026-09' });
    await must(core, 'payouts.import', { file: file(settlementV2(settlement)) });
    expect(Object.keys(balances()).every((key) => key.endsWith('2026-10'))).toBe(true);
    expect(balances()).toMatchObject({ '1122 2026-10': -5950, '560101 2026-10': 600 });
  });

  it('waits for a rate and is posted when there is one', async () => {
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(settlement)) });
    const id = ids[0] ?? 0;
    expect((await must(core, 'payouts.get', { id })).months[0]?.document).toMatchObject({
      state: 'waiting',
      reason: 'rate',
    });
    await rate('2026-09-01', '7');
    expect((await must(core, 'payouts.get', { id })).months[0]?.document).toMatchObject({ state: 'posted' });
  });

  it('is split by the months of its own zone when asked', async () => {
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(settlement)) });
    expect(await must(core, 'payouts.saveSettings', { monthsOf: 'own' })).toEqual({ payouts: 1 });
    const view = await must(core, 'payouts.get', { id: ids[0] ?? 0 });
    expect(view.months.map(({ month, amount }) => `${month} ${amount}`)).toEqual(['2026-09 80.00', '2026-10 -49.50']);
    expect(view.monthsOf).toBe('own');
  });

  it('pays the orders of the book gross, which the platform then owes', async () => {
    await rate('2026-09-01', '7');
    const orders = [
      ['订单编号', 'SKU', '数量', '单价', '下单时间', '币种', '国家', '商品名称'],
      ['111-0000001-0000001', 'CUP-1', '1', '50', '2026-09-18 08:00:00', 'USD', '美国', '杯子'],
    ];
    await must(core, 'imports.run', {
      kind: 'orders',
      file: file(orders.map((cells) => cells.join(',')).join('\n'), 'orders.csv'),
    });
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(settlement)) });
    const id = ids[0] ?? 0;
    expect(await must(core, 'payouts.get', { id })).toMatchObject({ ordersInBook: 1 });
    const settled = book.prepare('SELECT settled_minor AS minor FROM sales_order').get() as { minor: number };
    expect(settled.minor).toBe(5000);
    const byOrder = book
      .prepare(`SELECT sum(amount_minor) AS minor FROM posting WHERE account = '1122' AND order_id IS NOT NULL`)
      .get() as { minor: number };
    expect(byOrder.minor).toBe(-5000);
    // The receivable as a whole is what it was: it only changed hands.
    expect(balances()).toMatchObject({ '1122 2026-09': -1150, '1122 2026-10': -4800 });
    await must(core, 'payouts.void', { id, reason: '重复' });
    expect((book.prepare('SELECT settled_minor AS minor FROM sales_order').get() as { minor: number }).minor).toBe(0);
  });
});

describe('a settlement from sale to money', () => {
  const sale = (no: string, minor: number): number => {
    const known = book.prepare('SELECT id FROM sales_order WHERE order_no = ?').get(no) as { id: number } | undefined;
    const id = known?.id ?? orderOf(book, { no, minor, date: '2026-09-18' }, now);
    book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
         VALUES ('CEB603Message', ?, ?, ?, '{}', ?, 'USD', 'released', 'x', ?, ?)`,
      )
      .run(no, no, id, minor * 1000, now, now);
    postSaleForReleasedOrder(book, { orderId: id, documentId: id, date: '2026-09-19', now });
    return id;
  };
  const no = '111-0000009-0000001';
  const reserve = (detail: string, amount: string, at: string): SettlementLine => ({
    type: 'Transfer',
    group: 'other-transaction',
    detail,
    amount,
    at,
  });
  const first: Settlement = {
    ...settlement,
    number: '80000000001',
    deposit: '70.00',
    lines: [
      ...order(no, '2026-09-20 10:00:00', [10_000, -1500, -500]),
      reserve('Current Reserve Amount', '-10.00', '2026-10-01 23:00:00'),
    ],
  };
  const refund: Settlement = {
    ...settlement,
    number: '80000000002',
    from: '2026-10-03',
    to: '2026-10-17',
    depositOn: '2026-10-19',
    deposit: '-75.00',
    lines: [
      reserve('Previous Reserve Amount Balance', '10.00', '2026-10-03 23:00:00'),
      {
        type: 'Refund',
        order: no,
        group: 'ItemPrice',
        detail: 'Principal',
        amount: '-100.00',
        at: '2026-10-08 01:00:00',
      },
      {
        type: 'Refund',
        order: no,
        group: 'ItemFees',
        detail: 'Commission',
        amount: '15.00',
        at: '2026-10-08 01:00:00',
      },
    ],
  };
  /** 1122 by order or party, in cents and fen, then all other accounts but money and sales. */
  const ledger = () => ({
    owed: (
      book
        .prepare(
          `SELECT coalesce(o.order_no, y.name, '-') AS who, sum(p.amount_minor) AS minor, sum(p.cny_fen) AS fen FROM posting p
           LEFT JOIN sales_order o ON o.id = p.order_id LEFT JOIN party y ON y.id = p.party_id AND p.order_id IS NULL
           WHERE p.account = '1122' GROUP BY 1 HAVING minor <> 0 OR fen <> 0 ORDER BY 1`,
        )
        .all() as { who: string; minor: number; fen: number }[]
    ).map(({ who, minor, fen }) => `${who} ${minor} ${fen}`),
    costs: (
      book
        .prepare(
          `SELECT account, sum(amount_minor) AS minor, sum(cny_fen) AS fen FROM posting WHERE account LIKE '5601%' OR account LIKE '5603%'
             OR account LIKE '5301%' OR account = '5001' GROUP BY 1 HAVING minor <> 0 OR fen <> 0 ORDER BY 1`,
        )
        .all() as { account: string; minor: number; fen: number }[]
    ).map(({ account, minor, fen }) => `${account} ${minor} ${fen}`),
  });
  const bank = () =>
    must(core, 'moneyAccounts.save', {
      kind: 'bank',
      place: 'home',
      name: '中行美元',
      currency: 'USD',
      number: '62221234567890',
    });
  /** The deposit by a statement, recorded and allocated to its payout by what is suggested. */
  const depositArrives = async (payoutId: number) => {
    const { id: accountId } = await bank();
    await must(core, 'imports.run', {
      kind: 'statement',
      file: file('日期,摘要,收入,支出,对方户名\n2026-10-06,AMZN 80000000001,70.00,,AMAZON PAYMENTS\n', 'bank.csv'),
      defaults: { accountId },
    });
    const [line] = (await must(core, 'moneyEntries.list', { state: 'open' })).rows;
    const { recordId } = await must(core, 'moneyEntries.record', { id: line?.id ?? 0 });
    const { suggestions } = await must(core, 'allocations.suggest', { recordId });
    expect(suggestions[0]?.parts).toMatchObject([{ target: { kind: 'payout', id: payoutId }, amount: '70.00' }]);
    await must(core, 'allocations.confirm', {
      items: [{ recordId, target: { kind: 'payout', id: payoutId }, amount: '70.00' }],
    });
    return recordId;
  };
  const settledAt = () =>
    (book.prepare('SELECT settled_on AS day FROM sales_order').get() as { day: string | null } | undefined)?.day;
  const paidOut = {
    // What is left is the reserve, at the rate at which it was sold.
    owed: ['Amazon 1000 7000'],
    costs: ['5001 -10000 -70000', '560101 1500 10500', '560103 500 3500', '56030201 700 700'],
  };

  beforeEach(async () => {
    await rate('2026-09-01', '7');
    await rate('2026-10-06', '6.9');
  });

  it('leaves the order at nothing, the reserve with the marketplace, and only differences of rates', async () => {
    sale(no, 10_000);
    expect(ledger().owed).toEqual([`${no} 10000 70000`]);
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(first)) });
    const [id = 0] = ids;
    expect(ledger()).toEqual({
      owed: ['Amazon 8000 56000'],
      costs: ['5001 -10000 -70000', '560101 1500 10500', '560103 500 3500'],
    });
    expect(settledAt()).toBeNull();
    const recordId = await depositArrives(id);
    expect(ledger().owed).toEqual(['Amazon 1000 7000']);
    expect(ledger().costs).toEqual(['5001 -10000 -70000', '560101 1500 10500', '560103 500 3500', '56030201 700 700']);
    expect(settledAt()).toBe('2026-10-06');
    expect(await must(core, 'payouts.get', { id })).toMatchObject({ matched: '70.00', matchState: 'matched' });
    // A second deposit of it, and more of the first, are refused.
    const more = await core.call('allocations.confirm', {
      items: [{ recordId, target: { kind: 'payout', id }, amount: '0.01' }],
    });
    expect(more).toMatchObject({ ok: false, error: { code: 'ALLOCATION_OVER_RECEIPT' } });

    // The buyer sends it back: the marketplace takes it out of the reserve and of what comes next.
    await must(core, 'payouts.import', { file: file(settlementV2(refund)) });
    expect(ledger().owed).toEqual(['Amazon -7500 -51750']);
    expect(ledger().costs.filter((line) => line.startsWith('5001'))).toEqual(['5001 0 -1000']);
  });

  it('is the same whether the order came before or after it', async () => {
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(first)) });
    await depositArrives(ids[0] ?? 0);
    const orders = [
      ['订单编号', 'SKU', '数量', '单价', '下单时间', '币种', '国家', '商品名称'],
      [no, 'CUP-1', '1', '100', '2026-09-18 08:00:00', 'USD', '美国', '杯子'],
    ];
    await must(core, 'imports.run', {
      kind: 'orders',
      file: file(orders.map((cells) => cells.join(',')).join('\n'), 'orders.csv'),
    });
    expect(settledAt()).toBe('2026-10-06');
    sale(no, 10_000);
    expect(ledger()).toEqual(paidOut);
  });

  it('taken back and imported again is as it was; the receipt is free in between', async () => {
    sale(no, 10_000);
    const text = settlementV2(first);
    const { ids } = await must(core, 'payouts.import', { file: file(text) });
    const [id = 0] = ids;
    const recordId = await depositArrives(id);
    const before = ledger();
    await must(core, 'payouts.void', { id, reason: '店铺选错' });
    expect(settledAt()).toBeNull();
    expect((await must(core, 'moneyRecords.get', { id: recordId })).residual).toBe('70.00');
    expect(ledger()).toEqual({ owed: ['- -7000 -48300', `${no} 10000 70000`], costs: ['5001 -10000 -70000'] });
    const again = await must(core, 'payouts.import', { file: file(text) });
    await must(core, 'allocations.confirm', {
      items: [{ recordId, target: { kind: 'payout', id: again.ids[0] ?? 0 }, amount: '70.00' }],
    });
    expect(ledger()).toEqual(before);
    expect(await must(core, 'payouts.import', { file: file(text) })).toMatchObject({ written: 0 });
    expect(ledger()).toEqual(before);
  });

  it('with a refund whose return another paper posts takes it off revenue once, in whatever order', async () => {
    const back = { kind: 'sales-return' as const, date: '2026-10-08', orderNo: no, currency: 'USD', amount: '100' };
    const takeAll = async (returnFirst: boolean) => {
      sale(no, 10_000);
      await must(core, 'payouts.import', { file: file(settlementV2(first)) });
      if (returnFirst) await must(core, 'sourceDocuments.save', { document: back });
      await must(core, 'payouts.import', { file: file(settlementV2(refund)) });
      if (!returnFirst) {
        await must(core, 'sourceDocuments.save', { document: back });
        await must(core, 'allocations.autoConfirm', { minimum: 100, dryRun: false });
      }
      return ledger();
    };
    const ledgerFirst = await takeAll(true);
    expect(ledgerFirst.costs.find((line) => line.startsWith('5001'))).toBeUndefined();
    expect(ledgerFirst.owed.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['Amazon -500']);
    await core.close();
    rmSync(folder, { recursive: true, force: true });
    folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-payouts-'));
    core = coreAt(folder, { now: () => now });
    await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
    book = core.session.book;
    await rate('2026-09-01', '7');
    await rate('2026-10-06', '6.9');
    expect(await takeAll(false)).toEqual(ledgerFirst);
  });

  it('in a month that is closed is taken back in the first open one, whole', async () => {
    sale(no, 10_000);
    const { ids } = await must(core, 'payouts.import', { file: file(settlementV2(first)) });
    await rate('2026-09-30', '7');
    await must(core, 'periods.close', { period: '2026-09' });
    await must(core, 'payouts.void', { id: ids[0] ?? 0, reason: '重复' });
    expect(ledger().owed).toEqual([`${no} 10000 70000`]);
    const reversals = book
      .prepare('SELECT DISTINCT substr(date, 1, 7) AS month FROM voucher WHERE reverses IS NOT NULL')
      .all();
    expect(reversals).toEqual([{ month: '2026-10' }]);
  });
});

describe('a report that is not in order', () => {
  const text = settlementV2(settlement);
  const nothing = () => {
    expect(count('payout')).toBe(0);
    expect(count('payout_kind')).toBe(0);
    expect(count('source_document')).toBe(0);
  };

  it.each([
    ['a deposit that does not add up', text.replace('\t30.50\t', '\t30.60\t'), 'PAYOUT_DEPOSIT_DIFFERS'],
    ['a file cut off in a row', text.slice(0, text.indexOf('WAREHOUSE_LOST') + 20), 'PAYOUT_TRUNCATED'],
    ['a file cut off between rows', `${text.split('\n').slice(0, 9).join('\n')}\n`, 'PAYOUT_DEPOSIT_DIFFERS'],
    ['a currency nobody knows', text.replaceAll('\tUSD\t', '\tUSX\t'), 'PAYOUT_CURRENCY_UNKNOWN'],
    ['two currencies', text.replace('\tUSD\tRefund', '\tEUR\tRefund'), 'PAYOUT_CURRENCY_MIXED'],
    ['an amount that is none', text.replace('\t-50.00\t', '\t-5O.00\t'), 'PAYOUT_AMOUNT_INVALID'],
    ['decimals both ways', text.replace('\t-50.00\t', '\t-50,00\t'), 'PAYOUT_DECIMALS_MIXED'],
    ['too many decimals', text.replace('\t-50.00\t', '\t-50.005\t'), 'PAYOUT_AMOUNT_FINE'],
    ['a day that is none', text.replace('2026-10-02 01:00:00 UTC', '2026-13-02 01:00:00 UTC'), 'PAYOUT_DATE_INVALID'],
    [
      'no summary row',
      text
        .split('\n')
        .filter((_, at) => at !== 1)
        .join('\n'),
      'PAYOUT_HEAD_MISSING',
    ],
    ['no rows', `${text.split('\n')[0]}\n`, 'PAYOUT_EMPTY'],
    ['headers nobody knows', 'a\tb\tc\n1\t2\t3\n', 'PAYOUT_LAYOUT_UNKNOWN'],
  ])('%s is named and nothing is written', async (_what, content, code) => {
    expect(await take({ file: file(content) })).toMatchObject({ ok: false, error: { code } });
    nothing();
  });

  it.each([
    ['GBK', iconv.encode(text.replaceAll('CUP-1', '茶杯1'), 'gb18030')],
    [
      'UTF-16 with a mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(text.replaceAll('CUP-1', '茶杯1'), 'utf16le')]),
    ],
    ['UTF-16 without one', iconv.encode(text, 'utf16le')],
    ['Windows-1252', iconv.encode(text.replaceAll('CUP-1', 'Tassé-1'), 'windows-1252')],
    ['UTF-8 with a mark and CRLF', Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`)],
    ['European decimals and blanks', Buffer.from(text.replace(/\t(-?\d+)\.(\d\d)(?=\t)/g, '\t $1,$2 '))],
    ['negatives in parentheses', Buffer.from(text.replace(/\t-(\d+\.\d\d)(?=\t)/g, '\t($1)'))],
  ])('%s is read all the same', async (_what, content) => {
    const { payouts } = await must(core, 'payouts.import', { file: file(content) });
    expect(payouts).toMatchObject([{ total: '30.50', proof: 'deposit', lines: 15 }]);
  });

  it('a trial run names everything and throws nothing', async () => {
    const trial = await must(core, 'payouts.import', {
      file: file(text.replace('\t30.50\t', '\t30.60\t')),
      dryRun: true,
    });
    expect(trial).toMatchObject({ written: 0, payouts: [{ state: 'refused' }] });
    expect(trial.findings[0]).toMatchObject({
      code: 'PAYOUT_DEPOSIT_DIFFERS',
      level: 'reject',
      field: 'total-amount',
      params: { deposit: '30.60', sum: '30.50', difference: '0.10', currency: 'USD' },
    });
  });
});

describe('a report by days', () => {
  const head =
    '"date/time","settlement id","type","order id","sku","description","quantity","marketplace","fulfillment","order city","order state","order postal","product sales","shipping credits","gift wrap credits","promotional rebates","selling fees","fba fees","other transaction fees","other","total"';
  const row = (at: string, type: string, about: string, sales: string, fees: string, other: string, total: string) =>
    `"${at}","555","${type}","${type === 'Order' ? '222-0000001-0000001' : ''}","CUP-1","${about}","1","amazon.com","Amazon","","","","${sales}","0","0","0","${fees}","0","0","${other}","${total}"`;
  const report = (...rows: string[]) => `"All amounts in USD, unless specified"\n${[head, ...rows].join('\n')}\n`;
  const one = row('Sep 4, 2026 1:05:07 AM PDT', 'Order', 'Cup', '40.00', '-6.00', '0', '34.00');
  const two = row('Sep 9, 2026 1:05:07 AM PDT', 'Service Fee', 'Cost of Advertising', '0', '0', '-4.00', '-4.00');
  const paid = row(
    'Sep 10, 2026 1:05:07 AM PDT',
    'Transfer',
    'To account ending in: 000',
    '0',
    '0',
    '-30.00',
    '-30.00',
  );

  it('is continued by the next, which may repeat its rows', async () => {
    const first = await must(core, 'payouts.import', { file: file(report(one), 'a.csv') });
    expect(first.payouts).toMatchObject([{ number: '555', state: 'new', proof: 'rows', total: '34.00' }]);
    const second = await must(core, 'payouts.import', { file: file(report(one, two, paid), 'b.csv') });
    expect(second).toMatchObject({ written: 1, ids: first.ids, payouts: [{ state: 'more' }] });
    expect(second.findings).toMatchObject([{ code: 'PAYOUT_ROWS_KNOWN', params: { rows: 2, fresh: 2 } }]);
    expect(await must(core, 'payouts.get', { id: first.ids[0] ?? 0 })).toMatchObject({
      total: '30.00',
      deposit: '30.00',
      proof: 'transfer',
      lines: 4,
      depositOn: '2026-09-10',
    });
    const third = await must(core, 'payouts.import', { file: file(report(paid, two, one), 'c.csv') });
    expect(third).toMatchObject({ written: 0, payouts: [{ state: 'known' }] });
    expect(count('payout')).toBe(1);
  });

  it('does not take a settlement twice that another report brought', async () => {
    await must(core, 'payouts.import', { file: file(report(one, two, paid), 'a.csv') });
    const same = { ...settlement, number: '555' };
    expect(await take({ file: file(settlementV2(same)) })).toMatchObject({ error: { code: 'PAYOUT_OTHER_REPORT' } });
  });

  it('of days without a number brings only what is new', async () => {
    const shopee = (...rows: string[]) =>
      `Order ID,Order Creation Date,Payout Completed Date,Original product price,Commission Fee (incl. SST),Total Released Amount (RM)\n${rows.join('\n')}\n`;
    const a = 'A1,2026-05-01,2026-05-03,100.00,-5.00,95.00';
    const b = 'A2,2026-05-02,2026-05-04,20.00,-1.00,19.00';
    const first = await must(core, 'payouts.import', { file: file(shopee(a), 'a.csv'), store: 'MY' });
    expect(first.payouts).toMatchObject([{ number: '2026-05-03', currency: 'MYR', proof: 'rows' }]);
    const second = await must(core, 'payouts.import', { file: file(shopee(a, b), 'b.csv'), store: 'MY' });
    expect(second.payouts).toMatchObject([{ number: '2026-05-04', total: '19.00', state: 'new' }]);
    expect((await must(core, 'payouts.import', { file: file(shopee(b, a), 'c.csv'), store: 'MY' })).written).toBe(0);
  });

  it('of no known layout is mapped once; the deposit may be typed', async () => {
    const unknown = '流水日期;名目;收支;单号\n04.03.2026;货款;1.200,50;X1\n04.03.2026;佣金;-100,00;X1\n';
    const at = file(unknown, 'temu.csv');
    expect(await must(core, 'payouts.inspect', { file: at })).toMatchObject({
      headers: ['流水日期', '名目', '收支', '单号'],
    });
    expect((await must(core, 'payouts.inspect', { file: at })).result).toBeUndefined();
    const mapping = { postedAt: 0, description: 1, amount: 2, orderNo: 3 };
    expect(await take({ file: at, mapping: { postedAt: 0 } })).toMatchObject({ error: { code: 'PAYOUT_MAPPING' } });
    expect(await take({ file: at, mapping, platform: 'temu' })).toMatchObject({
      error: { code: 'PAYOUT_CURRENCY_MISSING' },
    });
    const wrong = await take({ file: at, mapping, platform: 'temu', currency: 'EUR', deposit: '1100.00' });
    expect(wrong).toMatchObject({ error: { code: 'PAYOUT_DEPOSIT_DIFFERS', params: { difference: '-0.50' } } });
    const done = await must(core, 'payouts.import', {
      file: at,
      mapping,
      platform: 'temu',
      currency: 'EUR',
      deposit: '1100.50',
    });
    expect(done.payouts).toMatchObject([{ platform: 'temu', total: '1100.50', proof: 'deposit', currency: 'EUR' }]);
    // Known by its headers from now on.
    const next = file(unknown.replaceAll('04.03', '05.03'), 'next.csv');
    expect(await must(core, 'payouts.import', { file: next })).toMatchObject({
      written: 1,
      payouts: [{ platform: 'temu', currency: 'EUR' }],
    });
  });

  it('with dates that could be read two ways asks which is the day', async () => {
    const at = file('日期,名目,金额\n04/03/2026,货款,10.00\n', 'x.csv');
    const mapping = { postedAt: 0, description: 1, amount: 2 };
    expect(await take({ file: at, mapping, currency: 'USD' })).toMatchObject({
      error: { code: 'PAYOUT_DATE_AMBIGUOUS' },
    });
    const { payouts } = await must(core, 'payouts.import', { file: at, mapping, currency: 'USD', dayOrder: 'dmy' });
    expect(payouts).toMatchObject([{ fromOn: '2026-03-04' }]);
  });
});

describe('a large settlement', () => {
  it('is written whole and its lines are the file', async () => {
    const at = path.join(folder, 'large.txt');
    const total = writeLargeSettlement(at, 5003);
    const { ids, payouts } = await must(core, 'payouts.import', { file: at });
    expect(payouts).toMatchObject([{ lines: 5003, proof: 'deposit' }]);
    const id = ids[0] ?? 0;
    const sum = book
      .prepare('SELECT sum(amount_minor) AS minor, count(*) AS n, max(line) AS last FROM payout_line')
      .get();
    expect(sum).toEqual({ minor: total, n: 5003, last: 5003 });
    let after: string | undefined;
    let rows = 0;
    do {
      const page = await must(core, 'payouts.lines', { id, limit: 500, ...(after === undefined ? {} : { after }) });
      rows += page.rows.length;
      after = page.nextCursor;
    } while (after !== undefined);
    expect(rows).toBe(5003);
    const to = path.join(folder, 'out.xlsx');
    expect(await must(core, 'payouts.export', { id, to })).toEqual({ rows: 5003 });
    expect(await core.call('payouts.print', { id, to: path.join(folder, 'out.pdf') })).toMatchObject({
      error: { code: 'PRINT_NEEDS_WINDOW' },
    });
    expect(() => book.db.prepare('DELETE FROM payout_block').run()).toThrow(/never changes/);
  });
});
