import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordReleasedList, withdrawReleased } from '../../electron/core/store/export-releases.ts';
import { returnCancelled } from '../../electron/core/store/export-stock.ts';
import { takeBackRelease } from '../../electron/core/store/ledger.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { balance, invoice, now, openShop, releasedList, type Shop } from '../fixtures/import/purchases.ts';
import { must } from '../fixtures/trade.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const receive = (input: Partial<InputOf<'stock.receive'>>) =>
  must(shop.core, 'stock.receive', { date: '2026-11-03', qty: '10', ...input });
const stock = async () =>
  (await must(shop.core, 'stock.list', {})).rows.map(
    ({ sku, place, qty, cost }) => `${sku} ${place.name} ${qty} ${cost}`,
  );
const record = (documentId: number, date = '2026-11-20') => recordReleasedList(shop.book, { documentId, date, now });
const lines = async () => (await must(shop.core, 'exportLines.list', {})).rows;
const two = [
  { sku: 'A1', qty: '4', price: '3', total: '12' },
  { sku: 'A2', qty: '1', price: '5.5', total: '5.5' },
];

describe('a released list', () => {
  it('becomes export lines once, with stock and cost to the fen', async () => {
    await receive({ sku: 'A1', qty: '3', cost: '10' });
    await receive({ sku: 'A1', qty: '3', cost: '10.01' });
    await receive({ sku: 'A2', qty: '1', cost: '7.77' });
    const { documentId, orderId } = releasedList(shop.book, { no: 'L1', lines: two, platformNo: '640720261234567890' });
    expect(record(documentId)).toBe('recorded');
    expect(record(documentId)).toBe('already');
    const rows = await lines();
    expect(
      rows.map(({ declarationNo, lineNo, sku, qty, fob, shortQty, mode }) => [
        declarationNo,
        lineNo,
        sku,
        qty,
        fob,
        shortQty,
        mode,
      ]),
    ).toEqual([
      ['640720261234567890', 2, 'A2', '1', '5.50', '0', '9610'],
      ['640720261234567890', 1, 'A1', '4', '12.00', '0', '9610'],
    ]);
    expect(rows[0]).toMatchObject({ documentId, orderId, country: '304', hsCode: '6913900000', unit: '007' });
    expect(rows[0]?.fobCny).toBeUndefined();
    // 20.01 × 4 / 6 = 13.34
    expect(await stock()).toEqual(['A1 本地仓 2 6.67']);
    expect([balance(shop.book, '5401'), balance(shop.book, '1405')]).toEqual([1_334 + 777, 667]);
    const cost = shop.book.prepare(`SELECT count(*) AS n FROM voucher WHERE rule = 'cost-of-sale'`).get();
    expect(cost).toEqual({ n: 1 });
    // The FOB is filled when a rate comes.
    await must(shop.core, 'rates.set', { currency: 'USD', date: '2026-11-19', cnyPerUnit: '7.0523', source: '测试' });
    expect((await lines()).map(({ fobCny }) => fobCny)).toEqual(['38.79', '84.63']);
    expect((await must(shop.core, 'exportLines.list', { open: 'rate' })).total).toBe(0);
  });

  it('whose goods are not received yet is short, and issued when they are', async () => {
    await receive({ sku: 'A1', qty: '1', cost: '2.50' });
    const first = releasedList(shop.book, { no: 'L1', lines: two });
    record(first.documentId);
    const later = releasedList(shop.book, { no: 'L2', lines: [{ sku: 'A1', qty: '2', price: '3', total: '6' }] });
    record(later.documentId, '2026-11-21');
    expect(
      (await must(shop.core, 'stock.shorts', {})).rows.map(({ declarationNo, sku, qty }) => [declarationNo, sku, qty]),
    ).toEqual([
      ['L1', 'A1', '3'],
      ['L1', 'A2', '1'],
      ['L2', 'A1', '2'],
    ]);
    expect(balance(shop.book, '5401')).toBe(250);
    expect((await receive({ sku: 'A1', qty: '4', cost: '12', date: '2026-11-22' })).issuedShort).toBe(2);
    expect(balance(shop.book, '5401')).toBe(250 + 1_200);
    expect((await must(shop.core, 'stock.shorts', {})).rows.map(({ sku, qty }) => [sku, qty])).toEqual([
      ['A2', '1'],
      ['A1', '1'],
    ]);
    expect((await must(shop.core, 'exportLines.list', { open: 'stock' })).total).toBe(2);
    const days = shop.book.prepare(`SELECT DISTINCT date FROM voucher WHERE rule = 'cost-of-sale' ORDER BY date`).all();
    expect(days).toEqual([{ date: '2026-11-20' }, { date: '2026-11-22' }]);
  });

  it('that is corrected takes the place of the one before', async () => {
    await receive({ sku: 'A1', qty: '10', cost: '100' });
    const { orderId, documentId } = releasedList(shop.book, {
      no: 'L1',
      lines: [{ sku: 'A1', qty: '4', price: '3', total: '12' }],
    });
    record(documentId);
    const next = releasedList(shop.book, {
      no: 'L1',
      version: 2,
      orderId,
      lines: [{ sku: 'A1', qty: '3', price: '3', total: '9' }],
    });
    expect(record(next.documentId)).toBe('recorded');
    expect(await lines()).toMatchObject([{ qty: '3', documentId: next.documentId }]);
    expect(balance(shop.book, '5401')).toBe(3_000);
    expect(withdrawReleased(shop.book, { documentId: next.documentId, date: '2026-11-21', now })).toBe(1);
    expect(await lines()).toEqual([]);
    expect([balance(shop.book, '5401'), balance(shop.book, '1405')]).toEqual([0, 10_000]);
    expect(await stock()).toEqual(['A1 本地仓 10 100.00']);
  });

  it('of an order cancelled afterwards brings its goods into 退货仓', async () => {
    await receive({ sku: 'A1', qty: '10', cost: '100' });
    const { orderId, documentId } = releasedList(shop.book, {
      no: 'L1',
      lines: [{ sku: 'A1', qty: '4', price: '3', total: '12' }],
    });
    record(documentId);
    shop.book.prepare('UPDATE order_line SET cancelled_qty_e5 = 100000 WHERE order_id = ?').run(orderId);
    expect(returnCancelled(shop.book, orderId, '2026-11-25', now)).toBe(1);
    expect(returnCancelled(shop.book, orderId, '2026-11-25', now)).toBe(0);
    shop.book.prepare('UPDATE order_line SET cancelled_qty_e5 = 400000 WHERE order_id = ?').run(orderId);
    expect(returnCancelled(shop.book, orderId, '2026-11-26', now)).toBe(1);
    expect(await stock()).toEqual(['A1 本地仓 6 60.00', 'A1 退货仓 4 40.00']);
    expect([balance(shop.book, '5401'), balance(shop.book, '1405')]).toEqual([0, 10_000]);
  });

  it('that is withdrawn after a cancellation leaves no goods in two places', async () => {
    await receive({ sku: 'A1', qty: '10', cost: '100' });
    const { orderId, documentId } = releasedList(shop.book, {
      no: 'L1',
      lines: [{ sku: 'A1', qty: '4', price: '3', total: '12' }],
    });
    record(documentId);
    shop.book.prepare('UPDATE order_line SET cancelled_qty_e5 = 300000 WHERE order_id = ?').run(orderId);
    expect(returnCancelled(shop.book, orderId, '2026-11-25', now)).toBe(1);
    // A second list of the order, all of it still wanted but for what was cancelled.
    const other = releasedList(shop.book, {
      no: 'L1B',
      orderId,
      lines: [{ sku: 'A1', qty: '2', price: '3', total: '6' }],
    });
    record(other.documentId);
    expect(await stock()).toEqual(['A1 本地仓 4 40.00', 'A1 退货仓 5 50.00']);
    withdrawReleased(shop.book, { documentId, date: '2026-11-26', now });
    expect(await stock()).toEqual(['A1 本地仓 8 80.00', 'A1 退货仓 1 10.00']);
    expect([balance(shop.book, '5401'), balance(shop.book, '1405')]).toEqual([1_000, 9_000]);
    // What was moved on from 退货仓 is taken off at home.
    await must(shop.core, 'stock.transfer', { date: '2026-11-27', sku: 'A1', fromId: 3, toId: 1, qty: '1' });
    withdrawReleased(shop.book, { documentId: other.documentId, date: '2026-11-28', now });
    expect(await stock()).toEqual(['A1 本地仓 10 100.00']);
    expect([balance(shop.book, '5401'), balance(shop.book, '1405')]).toEqual([0, 10_000]);
  });

  it('of a closed month is posted on the first open day', async () => {
    await receive({ sku: 'A1', qty: '10', cost: '100' });
    shop.book.prepare(`INSERT INTO period (period, state, changed_at) VALUES ('2026-11', 'closed', ?)`).run(now);
    record(releasedList(shop.book, { no: 'L1', lines: [{ sku: 'A1', qty: '4', price: '3', total: '12' }] }).documentId);
    expect(shop.book.prepare(`SELECT date FROM voucher WHERE rule = 'cost-of-sale'`).get()).toEqual({
      date: '2026-12-01',
    });
  });

  it('is one of a thousand, each with its lines, its stock and its cost', async () => {
    await receive({ sku: 'A1', qty: '4000', cost: '12345.67' });
    await receive({ sku: 'A2', qty: '1000', cost: '777.77' });
    shop.book.transaction(() => {
      for (let n = 0; n < 1000; n += 1) record(releasedList(shop.book, { no: `L${n}`, lines: two }).documentId);
    });
    expect((await must(shop.core, 'exportLines.list', { limit: 1 })).total).toBe(2000);
    expect(await stock()).toEqual([]);
    expect([balance(shop.book, '5401'), balance(shop.book, '1405')]).toEqual([1_234_567 + 77_777, 0]);
  });
});

const line = (change: Partial<InputOf<'exportLines.saveMany'>['lines'][number]> = {}) => ({
  mode: '9810' as const,
  declarationNo: '531620260000000001',
  lineNo: 1,
  exportDate: '2026-11-05',
  sku: 'A1',
  hsCode: '6913900000',
  name: '陶瓷摆件',
  unit: '007',
  qty: '6',
  currency: 'USD',
  fob: '60',
  country: '304',
  ...change,
});

describe('a line that was declared before its list was released', () => {
  const declared = (qty: string) =>
    must(shop.core, 'exportLines.saveMany', {
      lines: [line({ mode: '9610' as '9810', declarationNo: 'P1', qty, fob: '6', name: '陶瓷摆件' })],
    });
  const goods = [{ sku: 'A1', qty: '2', price: '3', total: '6' }];

  it.each(['2', '1'])('takes what the list says of it and comes back with its order: %s declared', async (qty) => {
    await receive({ sku: 'A1', cost: '100' });
    const { ids } = await declared(qty);
    const { documentId, orderId } = releasedList(shop.book, { no: 'L1', platformNo: 'P1', lines: goods });
    record(documentId);
    expect(await lines()).toMatchObject([{ id: ids[0], qty: '2', orderId, documentId, exportDate: '2026-11-05' }]);
    expect(await stock()).toEqual(['A1 本地仓 8 80.00']);
    expect([balance(shop.book, '1405'), balance(shop.book, '5401')]).toEqual([8_000, 2_000]);
    shop.book.prepare('UPDATE order_line SET cancelled_qty_e5 = qty_e5 WHERE order_id = ?').run(orderId);
    expect(returnCancelled(shop.book, orderId, '2026-11-25', now)).toBe(1);
    expect(await stock()).toEqual(['A1 本地仓 8 80.00', 'A1 退货仓 2 20.00']);
    expect([balance(shop.book, '1405'), balance(shop.book, '5401')]).toEqual([10_000, 0]);
  });

  it('stays as it was declared once it is claimed', async () => {
    await receive({ sku: 'A1', cost: '100' });
    const { ids } = await declared('1');
    await must(shop.core, 'exportLines.setFacts', { ids, patch: { claimedPeriod: '2026-11', claimBatch: 'B1' } });
    const { documentId, orderId } = releasedList(shop.book, { no: 'L1', platformNo: 'P1', lines: goods });
    expect(record(documentId)).toBe('recorded');
    expect(await lines()).toMatchObject([{ id: ids[0], qty: '1', orderId }]);
    expect(await stock()).toEqual(['A1 本地仓 9 90.00']);
  });
});

describe('what a release asks of its order', () => {
  it.each([
    'SELECT id FROM export_line WHERE order_id = 1',
    `SELECT sum(qty_e5) FROM stock_move WHERE order_id = 1 AND sku = 'A1' AND kind = 'sold'`,
    'SELECT id FROM stock_move WHERE invoice_line_id = 1',
  ])('is found by an index: %s', (sql) => {
    const plan = shop.book.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join()).toMatch(/^SEARCH .* USING .*INDEX/);
  });
});

describe('lines of declarations made elsewhere', () => {
  it('are entered, left alone when they are there, changed otherwise', async () => {
    await receive({ sku: 'A1', cost: '100' });
    const save = (...all: ReturnType<typeof line>[]) => must(shop.core, 'exportLines.saveMany', { lines: all });
    const home = line({ mode: '0110' as '9810' });
    expect(await save(home, line({ lineNo: 2, qty: '1', mode: '9710' as '9810' }))).toMatchObject({
      added: 2,
      unchanged: 0,
    });
    expect(await save(home)).toMatchObject({ added: 0, changed: 0, unchanged: 1 });
    expect(balance(shop.book, '5401')).toBe(7_000);
    expect(await save({ ...home, qty: '5' })).toMatchObject({ changed: 1 });
    expect(balance(shop.book, '5401')).toBe(6_000);
    expect(await stock()).toEqual(['A1 本地仓 4 40.00']);
    const refused = await shop.core.call('exportLines.saveMany', {
      lines: [line({ lineNo: 3 }), line({ lineNo: 4, fob: '1.234' })],
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'AMOUNT_DECIMALS', path: 'lines.1.fob' } });
    expect(await lines()).toHaveLength(2);
  });

  it('keep receipt and claim facts, and what is claimed does not change', async () => {
    const { ids } = await must(shop.core, 'exportLines.saveMany', { lines: [line()] });
    const patch = {
      receivedOn: '2026-11-18',
      claimedPeriod: '2026-11',
      claimBatch: 'B1',
      contractReceiptDate: '2027-03-31',
    };
    expect(await must(shop.core, 'exportLines.setFacts', { ids, patch })).toEqual({ changed: 1 });
    expect(await must(shop.core, 'exportLines.setFacts', { ids, patch })).toEqual({ changed: 0 });
    expect(await must(shop.core, 'exportLines.get', { id: ids[0] ?? 0 })).toMatchObject(patch);
    expect((await must(shop.core, 'exportLines.list', { open: 'receipt' })).total).toBe(0);
    expect(await shop.core.call('exportLines.saveMany', { lines: [line({ qty: '7' })] })).toMatchObject({
      ok: false,
      error: { code: 'EXPORT_LINE_IN_USE', path: 'lines.0' },
    });
    expect(
      await shop.core.call('exportLines.setFacts', { ids, patch: { claimedPeriod: null, claimBatch: null } }),
    ).toMatchObject({ ok: false, error: { code: 'EXPORT_LINE_CLAIMED', params: { batch: 'B1' } } });
    expect(await must(shop.core, 'exportLines.setFacts', { ids, patch: { receivedOn: '2026-11-20' } })).toEqual({
      changed: 1,
    });
    await must(shop.core, 'refunds.unclaim', { period: '2026-11', batch: 'B1', reason: '误标' });
    expect((await must(shop.core, 'exportLines.list', { open: 'claim' })).total).toBe(1);
  });

  it('stay as they are once a certificate is asked for them, and a withdrawal says so', async () => {
    const { ids } = await must(shop.core, 'exportLines.saveMany', { lines: [line()] });
    const certify = (exportLineId: number) =>
      must(shop.core, 'returnCertificates.save', { exportLineId, qty: '1', reason: 'returned' });
    await certify(ids[0] ?? 0);
    expect(await shop.core.call('exportLines.saveMany', { lines: [line({ qty: '7' })] })).toMatchObject({
      ok: false,
      error: { code: 'EXPORT_LINE_IN_USE', path: 'lines.0' },
    });
    const { documentId } = releasedList(shop.book, { no: 'L1', lines: two });
    record(documentId);
    const listed = async () => (await lines()).filter((one) => one.documentId === documentId);
    await certify((await listed())[0]?.id ?? 0);
    const withdrawal = { documentId, date: '2026-11-21', now };
    expect(() => withdrawReleased(shop.book, withdrawal)).toThrow(
      expect.objectContaining({ code: 'EXPORT_LINE_IN_USE' }),
    );
    expect(takeBackRelease(shop.book, withdrawal)).toEqual({ isWhole: false });
    expect(await listed()).toHaveLength(2);
  });

  it('of a list are the list’s own', async () => {
    const { documentId } = releasedList(shop.book, { no: 'L1', lines: two });
    record(documentId);
    expect(
      await shop.core.call('exportLines.saveMany', { lines: [line({ declarationNo: 'L1', mode: '9610' as '9810' })] }),
    ).toMatchObject({ ok: false, error: { code: 'EXPORT_LINE_OF_DOCUMENT' } });
  });

  it('show which invoice covers them, and back', async () => {
    const { ids } = await must(shop.core, 'exportLines.saveMany', { lines: [line()] });
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop));
    shop.book
      .prepare(
        `INSERT INTO refund_match (export_line_id, invoice_line_id, qty_e5, amount_fen, vat_fen, refund_fen, refund_rate, created_at)
         VALUES (?, ?, 400000, 4000, 520, 520, '0.13', ?)`,
      )
      .run(ids[0], lineRows[0]?.id, now);
    const item = { qty: '4', amount: '40.00', vat: '5.20', refund: '5.20' };
    expect((await must(shop.core, 'exportLines.coverage', { by: 'export', open: true })).rows).toMatchObject([
      {
        label: '531620260000000001-1',
        qty: '6',
        matched: '4',
        remainder: '2',
        items: [{ ...item, label: '26362000000000000001-1' }],
      },
    ]);
    expect((await must(shop.core, 'exportLines.coverage', { by: 'invoice' })).rows).toMatchObject([
      { sku: 'A1', qty: '10', matched: '4', remainder: '6', items: [{ ...item, label: '531620260000000001-1' }] },
    ]);
  });
});

describe('goods of 9810', () => {
  it('go abroad with their cost, and are sold and come back first in, first out', async () => {
    await receive({ sku: 'A1', cost: '100' });
    await must(shop.core, 'exportLines.saveMany', {
      lines: [line({ lineNo: 1, qty: '3' }), line({ lineNo: 2, qty: '5', exportDate: '2026-11-08' })],
    });
    expect(await stock()).toEqual(['A1 本地仓 2 20.00', 'A1 在途 8 80.00']);
    expect(balance(shop.book, '5401')).toBe(0);
    const place = await must(shop.core, 'stock.savePlace', {
      kind: 'overseas',
      name: '汉堡仓',
      country: '304',
      owner: '',
      contract: '',
      filingNo: '',
      active: true,
    });
    await must(shop.core, 'stock.transfer', { date: '2026-11-15', sku: 'A1', fromId: 2, toId: place.id, qty: '8' });
    const sold = await must(shop.core, 'overseas.sell', { sku: 'A1', date: '2026-11-18', qty: '4', placeId: place.id });
    expect(sold).toMatchObject({ cost: '40.00', lines: [{ qty: '3' }, { qty: '1' }] });
    expect(
      await must(shop.core, 'overseas.back', { sku: 'A1', date: '2026-11-19', qty: '2', placeId: place.id }),
    ).toMatchObject({
      cost: '20.00',
      lines: [{ qty: '2' }],
    });
    const abroad = async () =>
      (await must(shop.core, 'overseas.list', {})).rows.map((row) => [row.in, row.sold, row.back, row.left]);
    expect(await abroad()).toEqual([
      ['3', '3', '0', '0'],
      ['5', '1', '2', '2'],
    ]);
    expect(await stock()).toEqual(['A1 本地仓 2 20.00', 'A1 退货仓 2 20.00', 'A1 汉堡仓 2 20.00']);
    expect(balance(shop.book, '5401')).toBe(4_000);
    expect(
      await shop.core.call('overseas.sell', { sku: 'A1', date: '2026-11-20', qty: '3', placeId: place.id }),
    ).toMatchObject({
      ok: false,
      error: { code: 'OVERSEAS_SHORT', params: { sku: 'A1', left: '2', want: '3' } },
    });
    // What was declared later cannot have been sold before.
    expect(await shop.core.call('overseas.sell', { sku: 'A1', date: '2026-11-07', qty: '1' })).toMatchObject({
      ok: false,
    });
    const { rows } = await must(shop.core, 'stock.moves', { sku: 'A1', placeId: place.id });
    const last = rows.find(({ kind }) => kind === 'sold');
    await must(shop.core, 'stock.reverse', { moveId: last?.id ?? 0, date: '2026-11-20', reason: '错' });
    expect(await abroad()).toEqual([
      ['3', '3', '0', '0'],
      ['5', '0', '2', '3'],
    ]);
    expect(balance(shop.book, '5401')).toBe(3_000);
  });

  it('are on their way as far as they are there, and short for the rest', async () => {
    await receive({ sku: 'A1', qty: '2', cost: '20' });
    expect(await must(shop.core, 'exportLines.saveMany', { lines: [line()] })).toMatchObject({ added: 1 });
    expect(await stock()).toEqual(['A1 在途 2 20.00']);
    expect((await must(shop.core, 'stock.shorts', {})).rows).toMatchObject([{ sku: 'A1', qty: '4' }]);
    await receive({ sku: 'A1', qty: '5', cost: '60' });
    expect(await stock()).toEqual(['A1 本地仓 1 12.00', 'A1 在途 6 68.00']);
  });

  it('may be counted without stock', async () => {
    await must(shop.core, 'exportLines.saveMany', { lines: [line()] });
    expect(await must(shop.core, 'overseas.sell', { sku: 'A1', date: '2026-11-18', qty: '4' })).toMatchObject({
      cost: '0.00',
    });
    expect((await must(shop.core, 'overseas.list', { open: true })).rows).toMatchObject([{ sold: '4', left: '2' }]);
  });
});
