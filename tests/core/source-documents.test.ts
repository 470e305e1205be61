import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { postRelease, postReturnsOfCancelled, postSaleForReleasedOrder } from '../../electron/core/store/ledger.ts';
import type { SourceDocumentInput } from '../../shared/contract/accounting.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-papers-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const rate = (currency: string, date: string, cnyPerUnit: string) =>
  must(core, 'rates.set', { currency, date, cnyPerUnit, source: '测试' });
const save = (document: SourceDocumentInput, id?: number) =>
  must(core, 'sourceDocuments.save', { document, ...(id === undefined ? {} : { id }) });
const count = (table: string) => (book.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
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

describe('a source document', () => {
  it('posts itself, is changed by reversal, voided, and shows all of it', async () => {
    await rate('USD', '2026-11-01', '7');
    const receipt: SourceDocumentInput = {
      kind: 'receipt',
      date: '2026-11-05',
      reference: 'SLIP 9',
      currency: 'USD',
      amount: '990',
      bankFee: '10',
    };
    const made = await save(receipt);
    expect(made).toMatchObject({ state: 'posted', reason: '' });
    expect(balances()).toEqual(['1002 USD 99000 693000', '1122 USD -100000 -700000', '560301 USD 1000 7000']);
    expect(await save(receipt, made.id)).toMatchObject({ voucherIds: made.voucherIds });
    const changed = await save({ ...receipt, amount: '980', bankFee: '20' }, made.id);
    expect(changed.voucherIds).not.toEqual(made.voucherIds);
    const view = await must(core, 'sourceDocuments.get', { id: made.id });
    expect(view).toMatchObject({
      number: '收-2026-0001',
      version: 3,
      amount: '980',
      currency: 'USD',
      reference: 'SLIP 9',
    });
    expect(view.vouchers).toHaveLength(3);
    const voucher = await must(core, 'vouchers.get', { id: changed.voucherIds[0] ?? 0 });
    expect(voucher).toMatchObject({
      rate: '7',
      rateDate: '2026-11-01',
      rateSource: '测试',
      sources: [{ kind: 'source-document', label: '收-2026-0001', target: `source-document/${made.id}` }],
    });
    await must(core, 'sourceDocuments.void', { id: made.id, reason: '重复' });
    expect(balances()).toEqual([]);
    expect((await must(core, 'sourceDocuments.list', { state: 'void' })).rows).toMatchObject([
      { id: made.id, reason: '重复' },
    ]);
    expect(await core.call('sourceDocuments.save', { id: made.id, document: receipt })).toMatchObject({
      error: { code: 'SOURCE_DOCUMENT_VOID' },
    });
  });

  it('waits for its rate, and for its period', async () => {
    const fee: SourceDocumentInput = {
      kind: 'platform-fee',
      date: '2026-10-05',
      fee: 'commission',
      currency: 'JPY',
      amount: '1200',
    };
    expect(await save(fee)).toMatchObject({ state: 'waiting', reason: 'rate', voucherIds: [] });
    expect((await must(core, 'ledger.trialBalance', {})).pending).toBe(1);
    expect(await rate('JPY', '2026-10-31', '0.047')).toEqual({ posted: 0 });
    expect(await rate('JPY', '2026-10-01', '0.047')).toEqual({ posted: 1 });
    expect(balances()).toEqual(['1122 JPY -1200 -5640', '560101 JPY 1200 5640']);
    await must(core, 'periods.close', { period: '2026-10' });
    const late = await save({ ...fee, amount: '100' });
    expect(late).toMatchObject({ state: 'waiting', reason: 'period' });
    await must(core, 'periods.reopen', { period: '2026-10', reason: '补录' });
    expect(await must(core, 'sourceDocuments.get', { id: late.id })).toMatchObject({ state: 'posted' });
  });

  it('once posted stays in the books: corrected while its rate is missing, it is posted on the first open day', async () => {
    await rate('USD', '2026-10-01', '7');
    const receipt: SourceDocumentInput = { kind: 'receipt', date: '2026-10-05', currency: 'USD', amount: '100' };
    const { id } = await save(receipt);
    await rate('USD', '2026-10-30', '7');
    await must(core, 'periods.close', { period: '2026-10' });
    expect(await save({ ...receipt, currency: 'EUR' }, id)).toMatchObject({ state: 'waiting', reason: 'rate' });
    await rate('USD', '2026-11-30', '7');
    const { findings } = await must(core, 'periods.preview', { period: '2026-11' });
    expect(findings.map(({ code }) => code)).toContain('documentsWaiting');
    await rate('EUR', '2026-10-01', '8');
    const { state, vouchers } = await must(core, 'sourceDocuments.get', { id });
    expect([state, vouchers.map(({ date }) => date)]).toEqual(['posted', ['2026-10-05', '2026-11-01', '2026-11-01']]);
    expect(balances()).toEqual(['1002 EUR 10000 80000', '1122 EUR -10000 -80000']);
  });

  it('new in a closed month waits for the month, whatever its rate', async () => {
    await save({ kind: 'bank-charge', date: '2026-10-05', currency: 'CNY', amount: '1' });
    await must(core, 'periods.close', { period: '2026-10' });
    const charge: SourceDocumentInput = { kind: 'bank-charge', date: '2026-10-05', currency: 'EUR', amount: '1' };
    expect(await save(charge)).toMatchObject({ state: 'waiting', reason: 'period' });
    const { findings } = await must(core, 'periods.preview', { period: '2026-11' });
    expect(findings.map(({ code }) => code)).not.toContain('documentsWaiting');
  });

  it('of every kind balances', async () => {
    await rate('USD', '2026-11-01', '7.1');
    const date = '2026-11-05';
    const usd = { date, currency: 'USD', amount: '100.01' };
    const documents: SourceDocumentInput[] = [
      { kind: 'platform-fee', ...usd, fee: 'advertising', from: 'account', store: 'shop-1' },
      { kind: 'receipt', ...usd, advance: true },
      { kind: 'settlement', ...usd, cny: '700', bankFeeCny: '5' },
      { kind: 'bank-charge', ...usd },
      { kind: 'payment', ...usd, advance: true },
      { kind: 'freight', ...usd, freight: 'international', vatCny: '0.63' },
      { kind: 'sales-return', ...usd, refunded: true },
      { kind: 'refund-receivable', date, refund: '130', toCost: '40', period: '2026-10' },
      { kind: 'refund-received', date, refund: '130' },
      {
        kind: 'import-tax',
        date,
        taxes: [
          { tax: 'duty', amount: '5' },
          { tax: 'vat', amount: '13.65' },
          { tax: 'surcharge', amount: '0.01' },
        ],
      },
      {
        kind: 'opening',
        date,
        lines: [
          { account: '1002', currency: 'USD', debit: '100', cny: '700' },
          { account: '1002', debit: '300' },
          { account: '3001', credit: '1000' },
        ],
      },
    ];
    for (const document of documents) expect(await save(document), document.kind).toMatchObject({ state: 'posted' });
    expect((await must(core, 'ledger.trialBalance', {})).balanced).toBe(true);
    expect(
      balances()
        .filter((one) => one.startsWith('1998'))
        .map((one) => Number(one.split(' ')[3]))
        .reduce((a, b) => a + b, 0),
    ).toBe(0);
    expect((await must(core, 'sourceDocuments.list', { limit: 500 })).rows.map(({ number }) => number).sort()[0]).toBe(
      '付-2026-0001',
    );
    expect((await must(core, 'postingRules.list', { date })).rows.length).toBeGreaterThan(15);
  });

  it.each<[string, SourceDocumentInput, string, string]>([
    [
      'decimals',
      { kind: 'bank-charge', date: '2026-11-05', currency: 'JPY', amount: '12.5' },
      'AMOUNT_DECIMALS',
      'document.amount',
    ],
    [
      'zero',
      { kind: 'bank-charge', date: '2026-11-05', currency: 'CNY', amount: '0' },
      'AMOUNT_NOT_POSITIVE',
      'document.amount',
    ],
    [
      'date',
      { kind: 'bank-charge', date: '2026-02-30', currency: 'CNY', amount: '1' },
      'DATE_INVALID',
      'document.date',
    ],
    [
      'account',
      { kind: 'bank-charge', date: '2026-11-05', currency: 'CNY', amount: '1', account: '100299' },
      'ACCOUNT_UNKNOWN',
      'document.account',
    ],
    [
      'account of money',
      { kind: 'receipt', date: '2026-11-05', currency: 'CNY', amount: '1', account: '5602' },
      'ACCOUNT_NOT_MONEY',
      'document.account',
    ],
    [
      'range',
      { kind: 'bank-charge', date: '2026-11-05', currency: 'CNY', amount: '999999999999999' },
      'AMOUNT_RANGE',
      'document.amount',
    ],
    [
      'order',
      { kind: 'bank-charge', date: '2026-11-05', currency: 'CNY', amount: '1', orderNo: 'x' },
      'ORDER_NO_UNKNOWN',
      'document.orderNo',
    ],
    [
      'opening',
      {
        kind: 'opening',
        date: '2026-11-05',
        lines: [
          { account: '1002', debit: '1' },
          { account: '3001', credit: '2' },
        ],
      },
      'VOUCHER_UNBALANCED',
      'document.lines',
    ],
  ])('is refused when bad (%s), and nothing is kept', async (_name, document, code, at) => {
    const before = ['source_document', 'voucher', 'posting', 'balance', 'audit', 'number_series'].map(count);
    expect(await core.call('sourceDocuments.save', { document })).toMatchObject({
      ok: false,
      error: { code, path: at },
    });
    expect(['source_document', 'voucher', 'posting', 'balance', 'audit', 'number_series'].map(count)).toEqual(before);
  });
});

describe('a sale', () => {
  /** What an order's list holds of the article, of 50.00 each. */
  function list(orderId: number, qty: string, key = 'A1'): void {
    const body = { InventoryList: [{ gnum: '1', itemNo: 'CUP', qty, totalPrice: String(Number(qty) * 50) }] };
    book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
         VALUES ('CEB603Message', ?, ?, ?, ?, ?, 'USD', 'released', 'x', ?, ?)`,
      )
      .run(key, key, orderId, JSON.stringify(body), Number(qty) * 5_000_000, now, now);
  }

  /** Cancels a quantity of a line of order 1, as an import does. */
  function cancel(no: string, lineNo: number, qtyE5: number): number {
    const { id, sku, price } = book
      .prepare('SELECT id, sku, price_e5 AS price FROM order_line WHERE line_no = ?')
      .get(lineNo) as { id: number; sku: string; price: number };
    book.prepare('UPDATE order_line SET cancelled_qty_e5 = cancelled_qty_e5 + ? WHERE id = ?').run(qtyE5, id);
    const made = book
      .prepare(
        `INSERT INTO cancellation (cancel_no, cancelled_at, country_text, currency, value_e5, known_lines, unknown_lines)
         VALUES (?, '2026-11-15T10:00:00', 'Germany', 'USD', 1, 1, 0) ON CONFLICT DO UPDATE SET known_lines = known_lines + 1 RETURNING id`,
      )
      .get(no) as { id: number };
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO cancellation_line (cancellation_id, sku, description, qty_e5, price_e5, order_line_id, matched_qty_e5, fingerprint, occurrence, source_row)
         VALUES (?, ?, '', ?, ?, ?, ?, ?, 1, 2)`,
      )
      .run(made.id, sku, qtyE5, price, id, qtyE5, `${no}-${lineNo}`);
    return Number(lastInsertRowid);
  }

  /** A released order of goods 100.00, postage 8.00 and discount 5.00, with its list. */
  function released(qty = '2'): number {
    const product = book.prepare(
      `INSERT INTO product (sku, name_source, line_kind, state, created_at, updated_at) VALUES (?, 'x', ?, 'not-goods', ?, ?)`,
    );
    for (const [sku, kind] of [
      ['CUP', 'goods'],
      ['POST', 'freight'],
      ['D', 'discount'],
    ] as const)
      product.run(sku, kind, now, now);
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, other_value_e5, state, created_at, store)
         VALUES ('A1', '2026-11-01', '2026-11-01T00:00:00', 'Germany', '304', 'USD', 3, 10000000, 300000, 'released', ?, 'shop-1')`,
      )
      .run(now);
    const id = Number(lastInsertRowid);
    const line = book.prepare(
      `INSERT INTO order_line (order_id, line_no, sku, description, qty_e5, price_e5, total_e5, fingerprint, occurrence, source_row) VALUES (?, ?, ?, '', ?, ?, ?, ?, 1, ?)`,
    );
    line.run(id, 1, 'CUP', 200_000, 5_000_000, 10_000_000, 'f1', 2);
    line.run(id, 2, 'POST', 100_000, 800_000, 800_000, 'f2', 3);
    line.run(id, 3, 'D', 100_000, -500_000, -500_000, 'f3', 4);
    list(id, qty);
    return id;
  }

  it('is posted with what the order charges beside the goods; a later cancellation is a return at its rate', async () => {
    await rate('USD', '2026-11-01', '7');
    const id = released();
    expect(postSaleForReleasedOrder(book, { orderId: id, documentId: 1, date: '2026-11-10', now })).toBe('posted');
    expect(balances()).toEqual(['1122 USD 10300 72100', '5001 USD -9500 -66500', '505101 USD -800 -5600']);
    await rate('USD', '2026-11-12', '9');
    const line = cancel('C1', 1, 100_000);
    book.transaction(() => postReturnsOfCancelled(book, [line], now));
    expect(balances()).toEqual(['1122 USD 5300 37100', '5001 USD -4500 -31500', '505101 USD -800 -5600']);
    const { rows } = await must(core, 'vouchers.list', { rule: 'sales-return' });
    expect(rows).toMatchObject([{ date: '2026-11-15', text: '销售退回 A1 C1' }]);
    const view = await must(core, 'vouchers.get', { id: rows[0]?.id ?? 0 });
    expect(view.sources.map(({ kind }) => kind)).toEqual(['cancellation', 'order', 'document']);
    expect(view.postings[0]).toMatchObject({ order: { id, no: 'A1' }, store: 'shop-1' });
  });

  it('takes back at once what was cancelled after its list had left', async () => {
    await rate('USD', '2026-11-01', '7');
    const id = released('1.9');
    cancel('C1', 1, 10_000);
    cancel('C2', 1, 20_000);
    expect(postSaleForReleasedOrder(book, { orderId: id, documentId: 1, date: '2026-11-10', now })).toBe('posted');
    const { rows } = await must(core, 'vouchers.list', { rule: 'sales-return' });
    expect(rows).toMatchObject([{ date: '2026-11-15', text: '销售退回 A1 C2', debitCny: '70.00' }]);
  });

  it('cancelled whole between queue and release comes to nothing, freight and discount too', async () => {
    await rate('USD', '2026-11-01', '7');
    const id = released();
    cancel('C1', 1, 200_000);
    cancel('C1', 2, 100_000);
    cancel('C1', 3, 100_000);
    expect(postSaleForReleasedOrder(book, { orderId: id, documentId: 1, date: '2026-11-10', now })).toBe('posted');
    expect(balances()).toEqual([]);
  });

  it('cancelled whole after release gives back freight where the sale put it', async () => {
    await rate('USD', '2026-11-01', '7.123');
    const id = released();
    expect(postSaleForReleasedOrder(book, { orderId: id, documentId: 1, date: '2026-11-10', now })).toBe('posted');
    const lines = [cancel('C1', 1, 200_000), cancel('C1', 2, 100_000), cancel('C1', 3, 100_000)];
    book.transaction(() => postReturnsOfCancelled(book, lines, now));
    expect(balances()).toEqual([]);
  });

  it('filed in parts gives back only what its lists held', async () => {
    await rate('USD', '2026-11-01', '7');
    const id = released('1');
    list(id, '0.5', 'A1-2');
    // Half a piece was cancelled between the first list and the second, which is without it.
    cancel('C1', 1, 50_000);
    expect(postSaleForReleasedOrder(book, { orderId: id, documentId: 1, date: '2026-11-10', now })).toBe('posted');
    expect((await must(core, 'vouchers.list', { rule: 'sales-return' })).rows).toEqual([]);
    expect(balances()[0]).toBe('1122 USD 7800 54600');
  });

  it('released into a closed month takes the first open day; one the chart refuses waits', async () => {
    await rate('USD', '2026-11-01', '7');
    await must(core, 'periods.close', { period: '2026-11' });
    const id = released();
    const account = {
      code: '5001',
      nameZh: '主营业务收入',
      nameEn: '',
      kind: 'revenue',
      side: 'credit',
      active: true,
      monetary: false,
      quantity: false,
    } as const;
    await must(core, 'accounts.save', { ...account, dimensions: ['party'] });
    expect(postSaleForReleasedOrder(book, { orderId: id, documentId: 1, date: '2026-11-10', now })).toBe('pending');
    await must(core, 'accounts.save', { ...account, dimensions: ['order'] });
    expect((await must(core, 'vouchers.list', {})).rows).toMatchObject([
      { date: '2026-12-01', text: '出口销售 A1（原 2026-11-10）' },
    ]);
  });

  it('whose goods the chart of accounts refuses waits with them, and is whole when it is mended', async () => {
    await rate('USD', '2026-11-01', '7');
    const id = released();
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO stock_move (date, sku, place_id, kind, qty_e5, cost_fen, text, created_at) VALUES ('2026-11-02', 'CUP', 1, 'received', 300000, 3000, '', ?)`,
      )
      .run(now);
    expect(Number(lastInsertRowid)).toBe(1);
    const cost = (await must(core, 'accounts.list', {})).rows.find(({ code }) => code === '5401');
    if (cost === undefined) throw new Error('no 5401');
    const { parent: _parent, group: _group, ...account } = cost;
    await must(core, 'accounts.save', { ...account, dimensions: ['party'] });
    const release = { orderId: id, documentId: 1, date: '2026-11-10', now };
    expect(book.transaction(() => postRelease(book, release))).toBe('pending');
    expect([count('pending_posting'), count('export_line'), count('stock_move')]).toEqual([1, 0, 1]);
    await must(core, 'accounts.save', { ...account, dimensions: [] });
    expect([count('pending_posting'), count('export_line'), count('stock_move')]).toEqual([0, 1, 2]);
    expect(balances()).toContain('5401 CNY 2000 2000');
  });

  it('is returned in its own currency alone', async () => {
    await rate('USD', '2026-11-01', '7.1');
    await rate('JPY', '2026-11-01', '0.05');
    const id = released();
    postSaleForReleasedOrder(book, { orderId: id, documentId: 1, date: '2026-11-10', now });
    const back: SourceDocumentInput = {
      kind: 'sales-return',
      date: '2026-11-20',
      orderNo: 'A1',
      currency: 'JPY',
      amount: '10000',
    };
    expect(await core.call('sourceDocuments.save', { document: back })).toMatchObject({
      error: { code: 'RETURN_CURRENCY', params: { currency: 'JPY', orderCurrency: 'USD' }, path: 'document.currency' },
    });
  });
});
