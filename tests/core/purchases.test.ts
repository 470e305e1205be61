import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InputOf } from '../../shared/contract/contract.ts';
import { balance, invoice, openShop, type Shop } from '../fixtures/import/purchases.ts';
import { must } from '../fixtures/trade.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const save = (change: Partial<InputOf<'invoices.save'>> = {}) =>
  must(shop.core, 'invoices.save', invoice(shop, change));
const exported = {
  lineNo: 1,
  exportDate: '2026-11-04',
  sku: 'A1',
  hsCode: '6913900000',
  name: '摆件',
  unit: '007',
  currency: 'USD',
  fob: '9',
};
const refusal = async (change: Partial<InputOf<'invoices.save'>>) => {
  const result = await shop.core.call('invoices.save', invoice(shop, change));
  return result.ok ? undefined : result.error;
};
const receive = (input: Partial<InputOf<'stock.receive'>>) =>
  must(shop.core, 'stock.receive', { date: '2026-11-03', qty: '10', ...input });

describe('an input invoice', () => {
  it('is entered and posted: goods in transit and input VAT to the supplier', async () => {
    const view = await save();
    expect(view).toMatchObject({
      state: 'entered',
      total: '113.00',
      supplier: { name: '景德镇测试陶瓷厂' },
      toReceive: 1,
      withoutSku: 0,
      lineRows: [{ lineNo: 1, qty: '10', amount: '100.00', vat: '13.00', sku: 'A1', leftQty: '10' }],
    });
    expect(view.vouchers).toHaveLength(1);
    expect([balance(shop.book, '1402'), balance(shop.book, '222111'), balance(shop.book, '2202')]).toEqual([
      10_000, 1_300, -11_300,
    ]);
    const party = shop.book.prepare(`SELECT party_id AS id FROM posting WHERE account = '2202'`).get();
    expect(party).toEqual({ id: shop.supplierId });
    expect(await must(shop.core, 'invoices.list', { text: '景德镇' })).toMatchObject({
      total: 1,
      amount: '100.00',
      vat: '13.00',
    });
  });

  it('of a kind without deductible tax is a cost with its VAT', async () => {
    const { lineRows } = await save({ kind: 'ordinary' });
    expect([balance(shop.book, '1402'), balance(shop.book, '22210101')]).toEqual([11_300, 0]);
    expect((await receive({ invoiceLineId: lineRows[0]?.id ?? 0 })).cost).toBe('113.00');
  });

  it('is refused a second time under its number', async () => {
    await save();
    expect(await refusal({ date: '2026-11-05' })).toMatchObject({ code: 'INVOICE_EXISTS', path: 'number' });
    expect((await must(shop.core, 'invoices.list', {})).total).toBe(1);
  });

  it.each([
    [{ amount: '100.01' }, 'amount', '0.01'],
    [{ vat: '12.99' }, 'vat', '-0.01'],
    [{ total: '113.01' }, 'total', '0.01'],
  ])('whose totals are a fen off is refused: %o', async (change, field, difference) => {
    expect(await refusal(change)).toMatchObject({ code: 'INVOICE_TOTAL', path: field, params: { field, difference } });
    expect(balance(shop.book, '1402')).toBe(0);
  });

  it('of a red letter is negative throughout', async () => {
    const red = { name: '退货', qty: '-1', amount: '-10.00', vatRate: '0.13', vat: '-1.30', sku: 'A1' };
    expect(await save({ amount: '-10', vat: '-1.3', total: '-11.3', lines: [red] })).toMatchObject({
      state: 'red',
      total: '-11.30',
    });
    expect(balance(shop.book, '2202')).toBe(1_130);
    const mixed = [red, { ...red, qty: '1', amount: '1', vat: '0.13' }];
    expect(await refusal({ number: 'X', amount: '-9', vat: '-1.17', total: '-10.17', lines: mixed })).toMatchObject({
      code: 'INVOICE_SIGN',
    });
  });

  it('that is changed is reversed and posted anew, both visible', async () => {
    const { id } = await save();
    const line = { name: '摆件', qty: '10', amount: '120.00', vatRate: '0.13', vat: '15.60', sku: 'A1' };
    const view = await save({ id, amount: '120', vat: '15.6', total: '135.6', lines: [line] });
    expect(view.vouchers).toHaveLength(3);
    expect(balance(shop.book, '2202')).toBe(-13_560);
    await must(shop.core, 'invoices.void', { id, reason: '开错' });
    expect([balance(shop.book, '2202'), balance(shop.book, '1402'), balance(shop.book, '22210101')]).toEqual([0, 0, 0]);
    expect(await refusal({ id })).toMatchObject({ code: 'INVOICE_STATE' });
  });

  it('of which only the note changes leaves the books alone, in a closed month too', async () => {
    const { id } = await save({ date: '2026-10-05' });
    await must(shop.core, 'invoices.setPurpose', { ids: [id], purpose: 'deduction', date: '2026-10-20' });
    const count = () => shop.book.prepare('SELECT count(*) AS n FROM voucher').get();
    expect(count()).toEqual({ n: 2 });
    expect((await save({ id, date: '2026-10-05', note: '补注' })).vouchers).toHaveLength(2);
    expect(count()).toEqual({ n: 2 });
    await must(shop.core, 'periods.close', { period: '2026-10' });
    await save({ id, date: '2026-10-05', note: '再补' });
    expect(shop.book.prepare(`SELECT count(*) AS n FROM voucher WHERE source_kind LIKE 'in%'`).get()).toEqual({ n: 2 });
  });

  it('whose purpose is confirmed has its VAT where the purpose puts it, and back', async () => {
    const { id, lineRows } = await save();
    await receive({ invoiceLineId: lineRows[0]?.id ?? 0, qty: '5' });
    await must(shop.core, 'exportLines.saveMany', {
      lines: [{ ...exported, mode: '0110', declarationNo: 'D1', qty: '1' }],
    });
    const purpose = (to: 'none' | 'deduction' | 'refund' | 'exempt') =>
      must(shop.core, 'invoices.setPurpose', { ids: [id], purpose: to, date: '2026-11-20' });
    const all = () =>
      ['222111', '22210101', '22210108', '1402', '1405', '5401'].map((account) => balance(shop.book, account));
    const start = all();
    expect(start).toEqual([1_300, 0, 0, 5_000, 4_000, 1_000]);
    for (const deducted of ['deduction', 'refund'] as const) {
      await purpose(deducted);
      expect(all()).toEqual([0, 1_300, 0, 5_000, 4_000, 1_000]);
    }
    await purpose('exempt');
    expect(all()).toEqual([0, 1_300, -1_300, 5_650, 4_520, 1_130]);
    expect((await must(shop.core, 'stock.list', {})).rows).toMatchObject([{ qty: '4', cost: '45.20' }]);
    await purpose('none');
    expect(all()).toEqual(start);
    const { vouchers } = await must(shop.core, 'invoices.get', { id });
    const own = shop.book.prepare(`SELECT count(*) AS n FROM voucher WHERE source_kind = 'input-invoice'`).get();
    expect([own, vouchers.length > 1]).toEqual([{ n: 1 }, true]);
  });

  it('with a discount brings it into the cost of the line it follows', async () => {
    const { id } = await save({
      amount: '140.00',
      vat: '0',
      total: '140.00',
      lines: [
        { name: '摆件', qty: '10', amount: '100.00', vat: '0', sku: 'A1' },
        { name: '摆件', qty: '0', amount: '-10.00', vat: '0', sku: 'A1' },
        { name: '杯', qty: '1', amount: '45.00', vat: '0', sku: 'A2' },
        { name: '包装费', qty: '0', amount: '5.00', vat: '0' },
      ],
    });
    await must(shop.core, 'stock.receiveInvoice', { invoiceId: id, date: '2026-11-05' });
    // The charge of 5.00 is borne 90 to 45.
    expect((await must(shop.core, 'stock.list', {})).rows.map(({ sku, cost }) => [sku, cost])).toEqual([
      ['A1', '93.33'],
      ['A2', '46.67'],
    ]);
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([14_000, 0]);
  });

  it('of a red letter takes goods back to the supplier', async () => {
    const { lineRows } = await save();
    await receive({ invoiceLineId: lineRows[0]?.id ?? 0 });
    const line = { name: '退货', qty: '-3', amount: '-30.00', vatRate: '0.13', vat: '-3.90', sku: 'A1' };
    const red = await save({ number: 'R1', amount: '-30', vat: '-3.9', total: '-33.9', lines: [line] });
    expect(red).toMatchObject({ state: 'red', toReceive: 1 });
    expect((await must(shop.core, 'invoices.list', { open: 'receipt' })).rows.map(({ number }) => number)).toEqual([
      'R1',
    ]);
    const { moveIds, cost } = await must(shop.core, 'stock.receiveInvoice', { invoiceId: red.id, date: '2026-11-10' });
    expect(cost).toBe('-30.00');
    expect((await must(shop.core, 'stock.list', {})).rows).toMatchObject([{ qty: '7', cost: '70.00' }]);
    expect([balance(shop.book, '1405'), balance(shop.book, '1402'), balance(shop.book, '5401')]).toEqual([7_000, 0, 0]);
    expect(await must(shop.core, 'invoices.get', { id: red.id })).toMatchObject({
      toReceive: 0,
      lineRows: [{ receivedQty: '-3' }],
    });
    expect(await shop.core.call('invoices.void', { id: red.id, reason: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_LINE_IN_USE' },
    });
    await must(shop.core, 'stock.reverse', { moveId: moveIds[0] ?? 0, date: '2026-11-11', reason: '错' });
    await must(shop.core, 'invoices.void', { id: red.id, reason: '错' });
    expect([balance(shop.book, '1405'), balance(shop.book, '1402'), balance(shop.book, '5401')]).toEqual([
      10_000, 0, 0,
    ]);
    // More than is there stays where it is.
    const more = { ...line, qty: '-11' };
    const { id } = await save({ number: 'R2', amount: '-30', vat: '-3.9', total: '-33.9', lines: [more] });
    expect(await shop.core.call('stock.receiveInvoice', { invoiceId: id, date: '2026-11-12' })).toMatchObject({
      ok: false,
      error: { code: 'STOCK_SHORT' },
    });
  });

  it('that import taxes name bears their duty and consumption tax', async () => {
    const lines = (qty: string, amount: string, sku: string) => [{ name: 'x', qty, amount, vat: '0', sku }];
    const first = await save({
      number: 'I1',
      kind: 'other-voucher',
      amount: '100',
      vat: '0',
      total: '100',
      lines: lines('10', '100.00', 'A1'),
    });
    await save({
      number: 'I2',
      kind: 'other-voucher',
      amount: '50',
      vat: '0',
      total: '50',
      lines: lines('5', '50.00', 'A2'),
    });
    await receive({ invoiceLineId: first.lineRows[0]?.id ?? 0, qty: '5' });
    const document = {
      kind: 'import-tax' as const,
      date: '2026-11-06',
      taxes: [
        { tax: 'duty' as const, amount: '9' },
        { tax: 'consumption' as const, amount: '3' },
        { tax: 'vat' as const, amount: '21' },
      ],
      invoiceNos: ['I1', 'I2'],
    };
    await must(shop.core, 'sourceDocuments.save', { document });
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([5_400, 10_000 + 1_200 - 400]);
    // The other invoice grows: the taxes fall 100 to 100.
    const second = (await must(shop.core, 'invoices.list', { text: 'I2' })).rows[0]?.id ?? 0;
    await save({
      id: second,
      number: 'I2',
      kind: 'other-voucher',
      amount: '100',
      vat: '0',
      total: '100',
      lines: lines('5', '100.00', 'A2'),
    });
    expect(balance(shop.book, '1405')).toBe(5_300);
    await receive({ invoiceLineId: first.lineRows[0]?.id ?? 0, qty: '5' });
    await must(shop.core, 'stock.receiveInvoice', { invoiceId: second, date: '2026-11-07' });
    expect((await must(shop.core, 'stock.list', {})).rows.map(({ cost }) => cost)).toEqual(['106.00', '106.00']);
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([21_200, 0]);
  });

  it('never shrinks below what was received or claimed', async () => {
    const { id, lineRows } = await save();
    await receive({ invoiceLineId: lineRows[0]?.id ?? 0, qty: '6' });
    const line = { name: '摆件', qty: '5', amount: '100.00', vatRate: '0.13', vat: '13.00', sku: 'A1' };
    expect(await refusal({ id, lines: [line] })).toMatchObject({
      code: 'INVOICE_LINE_IN_USE',
      params: { line: 1, received: '6' },
    });
    expect(await refusal({ id, lines: [{ ...line, qty: '10', sku: 'A2' }] })).toMatchObject({
      code: 'INVOICE_LINE_IN_USE',
    });
    expect(await shop.core.call('invoices.void', { id, reason: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_LINE_IN_USE' },
    });
    // A dearer line of the same quantity: what was received follows, to the fen.
    await save({ id, amount: '110', vat: '13', total: '123', lines: [{ ...line, qty: '10', amount: '110.00' }] });
    const { rows } = await must(shop.core, 'stock.list', {});
    expect(rows).toMatchObject([{ sku: 'A1', qty: '6', cost: '66.00', average: '11' }]);
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([6_600, 4_400]);
  });

  it('has its purpose confirmed where it carries tax', async () => {
    const { id } = await save();
    expect(await must(shop.core, 'invoices.setPurpose', { ids: [id], purpose: 'refund', date: '2026-11-20' })).toEqual({
      changed: 1,
    });
    expect(await must(shop.core, 'invoices.get', { id })).toMatchObject({
      purpose: 'refund',
      purposeDate: '2026-11-20',
    });
    const other = await save({ number: 'O-1', kind: 'ordinary' });
    expect(
      await shop.core.call('invoices.setPurpose', { ids: [other.id], purpose: 'deduction', date: '2026-11-20' }),
    ).toMatchObject({ ok: false, error: { code: 'INVOICE_PURPOSE' } });
  });

  it('names what it does not know', async () => {
    expect(await refusal({ supplierId: 99 })).toMatchObject({ code: 'PARTY_UNKNOWN', path: 'supplierId' });
    const line = { name: 'x', amount: '100.00', vat: '13.00', sku: 'NONE' };
    expect(await refusal({ lines: [line] })).toMatchObject({ code: 'PRODUCT_UNKNOWN', path: 'lines.0.sku' });
  });
});

describe('tax facts of a product', () => {
  const facts = async (date: string) => (await must(shop.core, 'products.taxFacts', { sku: 'A1', date })).facts;

  it('are its own, else the tariff in force, else unknown', async () => {
    expect(await facts('2026-11-01')).toEqual({ from: {} });
    const row = { hsCode: '6913900000', vatRate: '0.13' };
    await must(shop.core, 'tariff.save', {
      rows: [
        { ...row, inForceFrom: '2025-01-01', refundRate: '0.13', exportDutyRate: '0.2', exportProvisionalRate: '0' },
        { ...row, inForceFrom: '2026-07-01', refundRate: '0.09' },
      ],
    });
    expect(await facts('2024-12-31')).toEqual({ from: {} });
    expect(await facts('2026-06-30')).toEqual({
      vatRate: '0.13',
      refundRate: '0.13',
      exportDutyRate: '0',
      from: { vatRate: 'tariff', refundRate: 'tariff', exportDutyRate: 'tariff' },
    });
    await must(shop.core, 'products.saveTax', { skus: ['A1'], tax: { refundRate: '0', isOnNoRefundList: true } });
    expect(await facts('2026-11-01')).toEqual({
      vatRate: '0.13',
      refundRate: '0',
      isOnNoRefundList: true,
      from: { vatRate: 'tariff', refundRate: 'product', isOnNoRefundList: 'product' },
    });
    expect((await must(shop.core, 'tariff.list', { date: '2026-11-01' })).rows).toMatchObject([{ refundRate: '0.09' }]);
  });
});

describe('a product filing', () => {
  it('holds until a stated field changes', async () => {
    const state = async () =>
      (await must(shop.core, 'products.taxFacts', { sku: 'A1', date: '2026-11-01' })).filing.state;
    expect(await shop.core.call('products.file', { skus: ['A1'], date: '2026-11-01' })).toMatchObject({
      ok: false,
      error: { code: 'PRODUCT_INCOMPLETE' },
    });
    const patch = { nameCn: '摆件', gmodel: '陶', unit: '007', unit1: '035', qty1PerUnit: '0.2', netWeight: '0.2' };
    await must(shop.core, 'products.update', { skus: ['A1'], patch });
    expect(await state()).toBe('never');
    await must(shop.core, 'products.file', { skus: ['A1'], date: '2026-11-01' });
    expect(await state()).toBe('filed');
    await must(shop.core, 'products.update', { skus: ['A1'], patch: { grossWeight: '0.3' } });
    expect(await state()).toBe('filed');
    await must(shop.core, 'products.update', { skus: ['A1'], patch: { netWeight: '0.21' } });
    expect(await state()).toBe('changed');
    expect((await must(shop.core, 'products.filings', { state: 'changed' })).rows).toMatchObject([{ sku: 'A1' }]);
  });
});
