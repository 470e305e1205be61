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
    expect([balance(shop.book, '1402'), balance(shop.book, '22210101'), balance(shop.book, '2202')]).toEqual([
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
