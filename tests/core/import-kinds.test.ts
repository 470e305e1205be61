import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import type { ImportKind } from '../../shared/contract/imports.ts';
import { tableKinds } from '../../shared/contract/imports.ts';
import { importFields, templateHeader } from '../../shared/import/fields.ts';
import { orderHead, orderLine, writeCsv, writeXlsx } from '../fixtures/import/files.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-kinds-'));
  core = coreAt(at('home'));
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

let serial = 0;
function run(kind: ImportKind, rows: readonly (readonly (string | number)[])[]): Promise<OutputOf<'imports.run'>> {
  serial += 1;
  return must(core, 'imports.run', { kind, file: writeCsv(at(`${kind}-${serial}.csv`), rows) });
}

const codesOf = (result: OutputOf<'imports.run'>): string[] =>
  result.failures.flatMap(({ reasons }) => reasons.map(({ code }) => code));

async function productOf(sku: string): Promise<OutputOf<'products.list'>['rows'][number]> {
  const { rows } = await must(core, 'products.list', { text: sku });
  const row = rows.find((one) => one.sku === sku);
  if (row === undefined) throw new Error(`no product ${sku}`);
  return row;
}

describe('a classification sheet', () => {
  const head = [
    'SKU',
    '中文品名',
    '商品编码',
    '规格型号',
    '计量单位',
    '法定单位',
    '法定数量',
    '净重(kg)',
    '原产国',
    '毛重',
    '需许可证',
  ];
  const full = ['A1', '陶瓷摆件', '6913900000', '品牌类型:无品牌', '个', '千克', '0.2', '0.2', '中国', '0.25', '否'];

  it('classifies what is complete and says what is missing elsewhere', async () => {
    await run('orders', [orderHead, orderLine({ 1: 'A1', 2: 'CERAMIC OWL' }), orderLine({ 1: 'A2', 2: 'CANDLE' })]);
    expect((await productOf('A1')).missing).toEqual([
      'nameCn',
      'hsCode',
      'gmodel',
      'unit',
      'unit1',
      'qty1PerUnit',
      'netWeight',
    ]);
    const result = await run('products', [
      head,
      full,
      ['A2', '蜡烛', '', '', '7', '', '', '', '', '', ''],
      ['A3', '新品', '', '', '', '', '', '', '', '', ''],
    ]);
    expect(result.counts).toMatchObject({ lines: 3, taken: 3, updated: 2, products: 1, failed: 0 });
    expect(await productOf('A1')).toMatchObject({
      nameSource: 'CERAMIC OWL',
      state: 'classified',
      missing: [],
      unit: '007',
      unit1: '035',
      qty1PerUnit: '0.2',
      netWeight: '0.2',
      origin: '142',
      orderLines: 1,
    });
    expect(await productOf('A2')).toMatchObject({
      unit: '007',
      state: 'to-classify',
      missing: ['hsCode', 'gmodel', 'unit1', 'qty1PerUnit', 'netWeight'],
    });
    expect(await productOf('A3')).toMatchObject({ nameSource: '新品', orderLines: 0, state: 'to-classify' });
  });

  it('leaves what a blank cell does not say, and is a no-op the second time', async () => {
    await run('products', [head, full]);
    const again = await run('products', [head, full, ['A1', '', '', '', '', '', '', '', '', '', '']]);
    expect(again.counts).toMatchObject({ lines: 2, taken: 0, alreadyThere: 2, failed: 0 });
    expect((await productOf('A1')).state).toBe('classified');
  });

  it('is written over, left or refused where the book has the SKU with other values, as one chooses', async () => {
    await run('products', [head, full]);
    const other = full.map((cell, column) => (column === 1 ? '陶瓷花瓶' : cell));
    const imported = (onDuplicate: 'insert' | 'update' | 'skip') => {
      serial += 1;
      const file = writeCsv(at(`products-${serial}.csv`), [head, other]);
      return must(core, 'imports.run', { kind: 'products', file, defaults: { onDuplicate } });
    };
    expect((await imported('skip')).counts).toMatchObject({ taken: 0, alreadyThere: 1, failed: 0 });
    const refused = await imported('insert');
    expect(refused.counts).toMatchObject({ taken: 0, failed: 1 });
    expect(codesOf(refused)).toEqual(['RECORD_THERE']);
    expect((await productOf('A1')).nameCn).toBe('陶瓷摆件');
    expect((await imported('update')).counts).toMatchObject({ taken: 1, updated: 1, failed: 0 });
    expect((await productOf('A1')).nameCn).toBe('陶瓷花瓶');
  });

  it('refuses what it cannot be sure of', async () => {
    const change = (values: Readonly<Record<number, string>>) => full.map((cell, column) => values[column] ?? cell);
    const result = await run('products', [
      head,
      change({ 0: 'B1', 2: '901210000' }),
      change({ 0: 'B2', 2: '69139' }),
      change({ 0: 'B3', 4: '箱子' }),
      change({ 0: 'B4', 8: 'Atlantis' }),
      change({ 0: 'B5', 9: '0.1' }),
      change({ 0: 'B6', 7: '0' }),
      change({ 0: 'B7', 6: '0.123456' }),
      change({ 0: 'B8', 10: '也许' }),
      full,
      change({ 1: '另一个名字' }),
    ]);
    expect(codesOf(result)).toEqual([
      'HS_LOST_ZERO',
      'HS_INVALID',
      'UNIT_UNKNOWN',
      'COUNTRY_UNKNOWN',
      'GROSS_BELOW_NET',
      'NUMBER_NOT_POSITIVE',
      'NUMBER_TOO_FINE',
      'YES_NO_UNKNOWN',
      'ROW_TWICE',
    ]);
    expect(result.counts).toMatchObject({ taken: 1, products: 1, failed: 9 });
  });

  it('knows a tariff number whose first zero a number cell has lost', async () => {
    const file = await writeXlsx(at('hs.xlsx'), [head, [...full.slice(0, 2), 901210000, ...full.slice(3)]]);
    const result = await must(core, 'imports.run', { kind: 'products', file });
    expect(result.failures[0]?.reasons).toEqual([
      { code: 'HS_LOST_ZERO', field: 'hsCode', params: { value: '901210000' } },
    ]);
  });

  it('is what the template gives: every product to classify, filled in and imported again', async () => {
    await run('orders', [orderHead, orderLine({ 1: '00123', 2: '=HYPERLINK("x")' }), orderLine({ 1: 'POST' })]);
    expect(await must(core, 'imports.writeTemplate', { kind: 'products', to: at('template.xlsx') })).toEqual({
      rows: 1,
    });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(at('template.xlsx'));
    const sheet = workbook.worksheets[0];
    expect(sheet?.getRow(1).getCell(1).text).toBe('商品货号 SKU');
    expect(sheet?.getRow(2).getCell(1)).toMatchObject({ value: '00123', numFmt: '@' });
    expect(sheet?.getRow(2).getCell(2).value).toBe(`'=HYPERLINK("x")`);
    ['瓷器', '6913900000', '品牌', '个', '个', '1', '', '', '0.3'].forEach((text, i) => {
      const cell = sheet?.getRow(2).getCell(3 + i);
      if (cell !== undefined) cell.value = text;
    });
    await workbook.xlsx.writeFile(at('filled.xlsx'));
    const seen = await must(core, 'imports.inspect', { kind: 'products', file: at('filled.xlsx') });
    expect(seen.mappingFrom).toBe('recognised');
    expect((await must(core, 'imports.run', { kind: 'products', file: at('filled.xlsx') })).counts).toMatchObject({
      updated: 1,
      failed: 0,
    });
    expect((await productOf('00123')).state).toBe('classified');
  });
});

describe('templates', () => {
  it.each(tableKinds)('of %s are recognised when they come in again', async (kind) => {
    await must(core, 'imports.writeTemplate', { kind, to: at('t.xlsx') });
    const seen = await must(core, 'imports.inspect', { kind, file: at('t.xlsx') });
    expect(seen.headers).toEqual(importFields[kind].map(templateHeader));
    expect(seen.mapping).toEqual(Object.fromEntries(importFields[kind].map(({ id }, column) => [id, column])));
    expect(seen.mappingFrom).toBe('recognised');
  });
});

describe('a list of waybills', () => {
  const head = ['订单编号', '运单号', '毛重', '净重', '件数', '运费', '保费', '币制'];
  const row = (change: Readonly<Record<number, string>> = {}) =>
    ['5001', 'YT001', '1.25', '1', '2', '3.5', '', 'EUR'].map((cell, column) => change[column] ?? cell);
  const orders = () => run('orders', [orderHead, orderLine(), orderLine({ 0: '5002' })]);

  it('gives orders their numbers, once', async () => {
    await orders();
    const result = await run('waybills', [head, row(), row({ 0: '5002', 1: 'YT002', 4: '' })]);
    expect(result.counts).toMatchObject({ lines: 2, taken: 2, updated: 0, failed: 0 });
    const { rows } = await must(core, 'orders.list', { text: 'YT002' });
    expect(rows.map(({ orderNo, logisticsNo }) => [orderNo, logisticsNo])).toEqual([['5002', 'YT002']]);
    expect((await run('waybills', [head, row()])).counts).toMatchObject({ taken: 0, alreadyThere: 1 });
  });

  it('may change until the order is queued, and drafts become stale', async () => {
    await orders();
    await run('waybills', [head, row()]);
    const { book } = core.session;
    const state = (value: string) =>
      book.prepare(`UPDATE sales_order SET state = ? WHERE order_no = '5001'`).run(value);
    state('drafted');
    book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
         SELECT 'CEB303Message', 'k', 'g', id, '{}', 0, 'EUR', 'checked', 't', 'n', 'n' FROM sales_order WHERE order_no = '5001'`,
      )
      .run();
    expect((await run('waybills', [head, row({ 2: '1.5' })])).counts).toMatchObject({ taken: 1, updated: 1 });
    expect(book.prepare('SELECT stale FROM document').get()).toEqual({ stale: 1 });
    state('queued');
    const late = await run('waybills', [head, row({ 2: '2' }), row({ 2: '1.5' })]);
    expect(codesOf(late)).toEqual(['WAYBILL_ORDER_SENT']);
    expect(late.counts).toMatchObject({ alreadyThere: 1, failed: 1 });
    const part = await run('waybills', [head, row({ 0: '5001-2', 1: 'YT009' })]);
    expect(part.counts).toMatchObject({ taken: 1 });
    expect(codesOf(await run('waybills', [head, row({ 0: '5001-2', 1: 'YT010' })]))).toEqual(['WAYBILL_ORDER_SENT']);
  });

  it('cannot give one number to two orders, unless the first lets go of it', async () => {
    await orders();
    await run('waybills', [head, row()]);
    const taken = await run('waybills', [head, row({ 0: '5002' })]);
    expect(taken.failures[0]?.reasons).toEqual([
      { code: 'WAYBILL_NUMBER_TAKEN', field: 'logisticsNo', params: { value: 'YT001', orderNo: '5001' } },
    ]);
    const exchanged = await run('waybills', [head, row({ 1: 'YT777' }), row({ 0: '5002' })]);
    expect(exchanged.counts).toMatchObject({ taken: 2, updated: 1, failed: 0 });
  });

  it('refuses weights and counts that cannot be', async () => {
    const result = await run('waybills', [
      head,
      row({ 2: '0' }),
      row({ 3: '2' }),
      row({ 4: '1.5' }),
      row({ 5: '-1' }),
      row({ 1: '' }),
      row(),
      row({ 2: '9' }),
    ]);
    expect(codesOf(result)).toEqual([
      'NUMBER_NOT_POSITIVE',
      'GROSS_BELOW_NET',
      'PACKAGES_INVALID',
      'NUMBER_NEGATIVE',
      'REQUIRED_BLANK',
      'ROW_TWICE',
    ]);
  });
});

describe('a list of rates', () => {
  it('is for one unit or for a hundred, as its header says', async () => {
    const one = await run('rates', [
      ['币种', '日期', '汇率'],
      ['GBP', '2026-11-02', '9.12340'],
      ['英镑', '2026-11-03', '9.2'],
    ]);
    expect(one.counts).toMatchObject({ lines: 2, taken: 2, failed: 0 });
    const hundred = await run('rates', [
      ['货币名称', '中间价', '发布日期'],
      ['美元', '708.12', '2026/11/02'],
      ['日元', '4.6251', '2026-11-02'],
      ['英镑', '912.34', '2026-11-02'],
    ]);
    expect(hundred.counts).toMatchObject({ lines: 3, taken: 2, alreadyThere: 1 });
    const { rows } = await must(core, 'rates.list', { limit: 10 });
    expect(rows.map(({ currency, date, cnyPerUnit }) => `${currency} ${date} ${cnyPerUnit}`).sort()).toEqual([
      'GBP 2026-11-02 9.1234',
      'GBP 2026-11-03 9.2',
      'JPY 2026-11-02 0.046251',
      'USD 2026-11-02 7.0812',
    ]);
    expect(rows[0]?.source).toMatch(/^rates-\d+\.csv$/);
  });

  it('keeps the rate of the book where one chooses to skip', async () => {
    const rows = (rate: string) => [
      ['币种', '日期', '汇率'],
      ['USD', '2026-11-02', rate],
    ];
    expect((await run('rates', rows('7.1'))).counts).toMatchObject({ taken: 1 });
    const file = writeCsv(at('rates-again.csv'), rows('7.2'));
    const again = await must(core, 'imports.run', { kind: 'rates', file, defaults: { onDuplicate: 'skip' } });
    expect(again.counts).toMatchObject({ taken: 0, alreadyThere: 1 });
  });

  it('refuses what is no rate', async () => {
    const result = await run('rates', [
      ['Currency', 'Date', 'Rate'],
      ['GBP', '2026-11-02', '0'],
      ['GBP', '2026-11-02', '9,1'],
      ['CNY', '2026-11-02', '1'],
      ['XXZ', '2026-11-02', '1'],
      ['GBP', '2026-02-30', '1'],
      ['GBP', '2026-11-02', ''],
      ['GBP', '2026-11-02', '9.1'],
      ['GBP', '2026-11-02', '9.2'],
    ]);
    expect(codesOf(result)).toEqual([
      'RATE_INVALID',
      'RATE_INVALID',
      'RATE_OF_CNY',
      'CURRENCY_UNKNOWN',
      'DATE_INVALID',
      'REQUIRED_BLANK',
      'RATE_TWICE',
    ]);
    expect(result.counts).toMatchObject({ taken: 1 });
  });
});
