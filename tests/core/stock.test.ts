import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InputOf } from '../../shared/contract/contract.ts';
import { balance, invoice, openShop, type Shop } from '../fixtures/import/purchases.ts';
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

describe('goods received', () => {
  it('take the parts of their invoice line, which come to the line', async () => {
    const line = { name: '摆件', qty: '3', amount: '100.00', vatRate: '0.13', vat: '13.00', sku: 'A1' };
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop, { lines: [line] }));
    const invoiceLineId = lineRows[0]?.id ?? 0;
    const costs = [];
    for (let n = 0; n < 3; n += 1) costs.push((await receive({ qty: '1', invoiceLineId })).cost);
    expect(costs).toEqual(['33.33', '33.34', '33.33']);
    expect(await shop.core.call('stock.receive', { date: '2026-11-03', qty: '1', invoiceLineId })).toMatchObject({
      ok: false,
      error: { code: 'RECEIPT_OVER_INVOICE', params: { left: '0', want: '1' } },
    });
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([10_000, 0]);
    const posting = shop.book.prepare(`SELECT sku, sum(qty_e5) AS qty FROM posting WHERE account = '1405'`).get();
    expect(posting).toEqual({ sku: 'A1', qty: 300_000 });
  });

  it('before their invoice take an estimate, put right when it comes', async () => {
    const { moveIds } = await receive({ sku: 'A1', cost: '90' });
    await must(shop.core, 'stock.adjust', { date: '2026-11-04', sku: 'A1', placeId: 1, counted: '6', reason: '盘亏' });
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop));
    const link = { moveId: moveIds[0] ?? 0, invoiceLineId: lineRows[0]?.id ?? 0, date: '2026-11-05' };
    expect(await must(shop.core, 'stock.linkInvoice', link)).toEqual({ difference: '10.00' });
    expect(await stock()).toEqual(['A1 本地仓 6 60.00']);
    expect([
      balance(shop.book, '1405'),
      balance(shop.book, '1402'),
      balance(shop.book, '5401'),
      balance(shop.book, '1901'),
    ]).toEqual([6_000, 0, 400, 3_600]);
    expect(await shop.core.call('stock.linkInvoice', link)).toMatchObject({ ok: false });
  });

  it('need an article and a cost where there is no invoice', async () => {
    for (const input of [{ sku: 'A1' }, { cost: '1' }])
      expect(await shop.core.call('stock.receive', { date: '2026-11-03', qty: '1', ...input })).toMatchObject({
        ok: false,
        error: { code: 'RECEIPT_INCOMPLETE' },
      });
  });
});

describe('stock', () => {
  it('never goes below zero', async () => {
    await receive({ sku: 'A1', cost: '100' });
    expect(
      await shop.core.call('stock.transfer', { date: '2026-11-04', sku: 'A1', fromId: 1, toId: 2, qty: '10.00001' }),
    ).toMatchObject({
      ok: false,
      error: { code: 'STOCK_SHORT', params: { sku: 'A1', place: '本地仓', have: '10', want: '10.00001' } },
    });
    expect(() =>
      shop.book
        .prepare(
          `INSERT INTO stock_move (date, sku, place_id, kind, qty_e5, cost_fen, created_at) VALUES ('2026-11-04', 'A1', 1, 'sold', -1000001, 0, '')`,
        )
        .run(),
    ).toThrow();
    expect(await stock()).toEqual(['A1 本地仓 10 100.00']);
  });

  it('moves with its cost between places, and back', async () => {
    await receive({ sku: 'A1', cost: '100' });
    const { moveIds, cost } = await must(shop.core, 'stock.transfer', {
      date: '2026-11-04',
      sku: 'A1',
      fromId: 1,
      toId: 2,
      qty: '3',
    });
    expect(cost).toBe('30.00');
    expect(await stock()).toEqual(['A1 本地仓 7 70.00', 'A1 在途 3 30.00']);
    expect(balance(shop.book, '1405')).toBe(10_000);
    await must(shop.core, 'stock.reverse', { moveId: moveIds[0] ?? 0, date: '2026-11-05', reason: '错' });
    expect(await stock()).toEqual(['A1 本地仓 10 100.00']);
    expect(
      await shop.core.call('stock.reverse', { moveId: moveIds[1] ?? 0, date: '2026-11-05', reason: '错' }),
    ).toMatchObject({
      ok: false,
      error: { code: 'MOVE_REVERSED' },
    });
  });

  it('is counted: shortage at the average, surplus valued, posted to 待处理财产损溢', async () => {
    await receive({ sku: 'A1', cost: '100' });
    const count = (counted: string, more = {}) =>
      shop.core.call('stock.adjust', { date: '2026-11-04', sku: 'A1', placeId: 1, counted, reason: '盘点', ...more });
    expect(await count('8')).toMatchObject({ ok: true, data: { difference: '-2', cost: '-20.00' } });
    expect(await count('9')).toMatchObject({ ok: true, data: { difference: '1', cost: '10.00' } });
    expect(await count('9')).toMatchObject({ ok: true, data: { moveIds: [] } });
    expect(await count('0')).toMatchObject({ ok: true, data: { cost: '-90.00' } });
    expect(await count('1')).toMatchObject({ ok: false, error: { code: 'RECEIPT_INCOMPLETE' } });
    expect(await count('1', { cost: '12.34' })).toMatchObject({ ok: true });
    expect([balance(shop.book, '1405'), balance(shop.book, '1901')]).toEqual([1_234, 8_766]);
  });

  it('shows its moves with what each came to', async () => {
    const { moveIds } = await receive({ sku: 'A1', cost: '100' });
    await receive({ sku: 'A1', cost: '140' });
    await must(shop.core, 'stock.transfer', { date: '2026-11-04', sku: 'A1', fromId: 1, toId: 2, qty: '5' });
    const { rows, total } = await must(shop.core, 'stock.moves', { sku: 'A1', placeId: 1 });
    expect(total).toBe(3);
    expect(
      rows.map(({ kind, qty, cost, runningQty, runningCost }) => [kind, qty, cost, runningQty, runningCost]),
    ).toEqual([
      ['transfer-out', '-5', '-60.00', '15', '180.00'],
      ['received', '10', '140.00', '20', '240.00'],
      ['received', '10', '100.00', '10', '100.00'],
    ]);
    await must(shop.core, 'stock.reverse', { moveId: moveIds[0] ?? 0, date: '2026-11-05', reason: '错' });
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([14_000, -14_000]);
  });

  it('keeps the register of overseas warehouses', async () => {
    const place = {
      kind: 'overseas',
      name: '汉堡仓',
      country: '304',
      owner: '测试仓储',
      contract: 'HT-1',
      filingNo: 'B-9',
      active: true,
    } as const;
    const saved = await must(shop.core, 'stock.savePlace', place);
    expect(saved).toMatchObject(place);
    expect(await shop.core.call('stock.savePlace', place)).toMatchObject({
      ok: false,
      error: { code: 'PLACE_EXISTS' },
    });
    await receive({ sku: 'A1', cost: '100' });
    await must(shop.core, 'stock.transfer', { date: '2026-11-04', sku: 'A1', fromId: 1, toId: saved.id, qty: '3' });
    for (const change of [{ active: false }, { kind: 'home' } as const])
      expect(await shop.core.call('stock.savePlace', { ...saved, ...change })).toMatchObject({
        ok: false,
        error: { code: 'PLACE_IN_USE' },
      });
    expect((await must(shop.core, 'stock.places', {})).rows).toHaveLength(5);
  });
});

describe('all of an invoice', () => {
  const lines = [
    { name: '摆件', qty: '0.3', amount: '10.00', vatRate: '0', vat: '0.00', sku: 'A1' },
    { name: '杯', qty: '3', amount: '20.00', vatRate: '0', vat: '0.00', sku: 'A2' },
    { name: '运费', qty: '1', amount: '5.00', vatRate: '0', vat: '0.00' },
  ];
  const save = () =>
    must(shop.core, 'invoices.save', invoice(shop, { amount: '35.00', vat: '0.00', total: '35.00', lines }));

  it('is received to the last digit, in one go, beside what came before', async () => {
    const { id, lineRows } = await save();
    // 0.3 − 0.1 is no 0.2 in binary.
    await receive({ qty: '0.1', invoiceLineId: lineRows[0]?.id ?? 0 });
    await must(shop.core, 'exportLines.saveMany', {
      lines: [
        {
          mode: '0110',
          declarationNo: 'D1',
          lineNo: 1,
          exportDate: '2026-11-04',
          sku: 'A2',
          hsCode: '6913900000',
          name: '杯',
          unit: '007',
          qty: '1',
          currency: 'USD',
          fob: '9',
        },
      ],
    });
    const done = await must(shop.core, 'stock.receiveInvoice', { invoiceId: id, date: '2026-11-05' });
    expect(done).toMatchObject({ cost: '26.67', issuedShort: 1, withoutSku: 1 });
    expect(done.moveIds).toHaveLength(2);
    expect(await stock()).toEqual(['A1 本地仓 0.3 10.00', 'A2 本地仓 2 13.33']);
    expect(await shop.core.call('stock.receiveInvoice', { invoiceId: id, date: '2026-11-05' })).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_NOTHING_TO_RECEIVE' },
    });
    expect(await shop.core.call('stock.receiveInvoice', { invoiceId: 99, date: '2026-11-05' })).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_UNKNOWN' },
    });
  });

  it('or nothing of it', async () => {
    const { id } = await save();
    expect(
      await shop.core.call('stock.receiveInvoice', { invoiceId: id, date: '2026-11-05', placeId: 77 }),
    ).toMatchObject({ ok: false, error: { code: 'PLACE_UNKNOWN' } });
    expect(await stock()).toEqual([]);
  });
});

describe('a firm that keeps no stock', () => {
  const exported = (declarationNo: string) =>
    must(shop.core, 'exportLines.saveMany', {
      lines: [
        {
          mode: '0110',
          declarationNo,
          lineNo: 1,
          exportDate: '2026-11-04',
          sku: 'A1',
          hsCode: '6913900000',
          name: '摆件',
          unit: '007',
          qty: '2',
          currency: 'USD',
          fob: '9',
        },
      ],
    });
  const shorts = async () => (await must(shop.core, 'stock.shorts', {})).total;

  it('sees nothing short until its first purchase, and loses nothing then', async () => {
    await exported('D1');
    expect(await must(shop.core, 'stock.settings', {})).toEqual({ choice: 'auto', keepsStock: false });
    expect(await shorts()).toBe(0);
    expect((await must(shop.core, 'stock.list', {})).shorts).toBe(0);
    expect((await must(shop.core, 'exportLines.list', { open: 'stock' })).total).toBe(0);
    expect((await must(shop.core, 'exportLines.list', {})).rows).toMatchObject([{ shortQty: '0' }]);
    await must(shop.core, 'invoices.save', invoice(shop));
    expect(await must(shop.core, 'stock.settings', {})).toEqual({ choice: 'auto', keepsStock: true });
    expect(await shorts()).toBe(1);
    expect((await receive({ sku: 'A1', cost: '100' })).issuedShort).toBe(1);
    expect(balance(shop.book, '5401')).toBe(2_000);
  });

  it('may say so: nothing that leaves is counted, and nothing is received', async () => {
    await must(shop.core, 'invoices.save', invoice(shop));
    await exported('D1');
    expect(await shorts()).toBe(1);
    expect(await must(shop.core, 'stock.saveSettings', { choice: 'no' })).toEqual({ choice: 'no', keepsStock: false });
    await exported('D2');
    expect(await shop.core.call('stock.receive', { date: '2026-11-03', qty: '1', sku: 'A1', cost: '1' })).toMatchObject(
      {
        ok: false,
        error: { code: 'STOCK_NOT_KEPT' },
      },
    );
    await must(shop.core, 'stock.saveSettings', { choice: 'yes' });
    expect(await shorts()).toBe(0);
    await exported('D3');
    expect(await shorts()).toBe(1);
  });
});

describe('receipts at an estimate', () => {
  it('are listed until they have an invoice or are taken back', async () => {
    const first = await receive({ sku: 'A1', cost: '90' });
    const second = await receive({ sku: 'A1', cost: '80' });
    const estimates = async () =>
      (await must(shop.core, 'stock.moves', { sku: 'A1', open: 'estimate' })).rows.map(({ id }) => id);
    expect(await estimates()).toEqual([...second.moveIds, ...first.moveIds]);
    await must(shop.core, 'stock.reverse', { moveId: second.moveIds[0] ?? 0, date: '2026-11-04', reason: '重复' });
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop));
    await must(shop.core, 'stock.linkInvoice', {
      moveId: first.moveIds[0] ?? 0,
      invoiceLineId: lineRows[0]?.id ?? 0,
      date: '2026-11-05',
    });
    expect(await estimates()).toEqual([]);
  });
});
