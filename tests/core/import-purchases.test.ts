import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutputOf } from '../../shared/contract/contract.ts';
import type { ImportKind } from '../../shared/contract/imports.ts';
import { ratioOf } from '../../shared/import/ratio.ts';
import { orderHead, orderLine, writeCsv, writeXlsx } from '../fixtures/import/files.ts';
import { balance, openShop, type Shop } from '../fixtures/import/purchases.ts';
import { must } from '../fixtures/trade.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

let serial = 0;
type Row = readonly (string | number)[];
function run(kind: ImportKind, rows: readonly Row[]): Promise<OutputOf<'imports.run'>> {
  serial += 1;
  return must(shop.core, 'imports.run', { kind, file: writeCsv(shop.at(`${kind}-${serial}.csv`), rows) });
}
const codesOf = (result: OutputOf<'imports.run'>): string[] =>
  result.failures.flatMap(({ reasons }) => reasons.map(({ code }) => code));

describe('the tax bureau’s list of invoices', () => {
  const head = [
    '序号',
    '数电票号码',
    '销方识别号',
    '销方名称',
    '开票日期',
    '货物或应税劳务名称',
    '规格型号',
    '单位',
    '数量',
    '单价',
    '金额',
    '税率',
    '税额',
    '价税合计',
    '发票票种',
    '发票状态',
    '商品货号',
  ];
  const row = (change: Readonly<Record<number, string | number>> = {}): Row =>
    [
      1,
      '26362000000000000001',
      '91360200MA00000000',
      '景德镇测试陶瓷厂',
      '2026-11-02 10:11:12',
      '*陶瓷制品*摆件',
      'A',
      '个',
      10,
      10,
      '100.00',
      '13%',
      '13.00',
      '113.00',
      '数电票（增值税专用发票）',
      '正常',
      'A1',
    ].map((cell, column) => change[column] ?? cell);

  it('is entered with its lines and its supplier, and a second time nothing happens', async () => {
    const rows = [
      head,
      row(),
      row({ 5: '*陶瓷制品*花瓶', 8: 2, 10: '30', 12: '3.9', 13: '33.9', 16: '' }),
      row({ 1: '26362000000000000002', 3: '新供应商', 2: '91360200MA11111111' }),
    ];
    expect((await run('invoices', rows)).counts).toMatchObject({ lines: 3, taken: 3, failed: 0 });
    const { rows: invoices } = await must(shop.core, 'invoices.list', {});
    expect(
      invoices.map(({ number, total, lines, supplier, kind }) => [number, total, lines, supplier.name, kind]),
    ).toEqual([
      ['26362000000000000002', '113.00', 1, '新供应商', 'special'],
      ['26362000000000000001', '146.90', 2, '景德镇测试陶瓷厂', 'special'],
    ]);
    expect(balance(shop.book, '2202')).toBe(-25_990);
    expect((await run('invoices', rows)).counts).toMatchObject({ taken: 0, alreadyThere: 3, failed: 0 });
    expect((await must(shop.core, 'invoices.list', {})).total).toBe(2);
  });

  it('takes an invoice whole or not at all', async () => {
    const result = await run('invoices', [
      head,
      row(),
      row({ 5: '花瓶', 10: '30.001' }),
      row({ 1: '26362000000000000002', 13: '113.01' }),
      row({ 1: '26362000000000000003', 15: '已作废' }),
      row({ 1: '26362000000000000004', 11: '百分之十三' }),
      row({ 1: '26362000000000000005', 16: 'NONE' }),
      row({ 1: '26362000000000000006' }),
    ]);
    expect(result.counts).toMatchObject({ lines: 7, taken: 1, failed: 6 });
    expect(codesOf(result)).toEqual([
      'INVOICE_INCOMPLETE',
      'FEN_TOO_FINE',
      'INVOICE_TOTAL_DIFFERS',
      'INVOICE_VOID_ROW',
      'RATIO_UNCLEAR',
      'SKU_UNKNOWN',
    ]);
    expect((await must(shop.core, 'invoices.list', {})).total).toBe(1);
  });

  it('knows paper invoices by code and number, red ones, ordinary ones, and goods bought before', async () => {
    const paper = [
      '发票代码',
      '发票号码',
      '开票日期',
      '销方名称',
      '销方识别号',
      '货物名称',
      '规格型号',
      '数量',
      '金额',
      '税率',
      '税额',
      '票种',
    ];
    await run('invoices', [head, row()]);
    const seller = ['2026-11-03', '景德镇测试陶瓷厂', '91360200MA00000000', '*陶瓷制品*摆件', 'A'];
    const result = await run('invoices', [
      paper,
      ['3600213130', '01234567', ...seller, '-1', '-10', '13%', '-1.3', '增值税专用发票'],
      ['3600213130', '01234568', ...seller, '1', '10', '免税', '0', '增值税普通发票'],
      ['3600213130', '01234567', ...seller, '1', '10', '13%', '1.3', '增值税专用发票'],
    ]);
    expect(codesOf(result)).toEqual(['INVOICE_MIXED', 'INVOICE_MIXED']);
    expect(result.counts.taken).toBe(1);
    const { rows } = await must(shop.core, 'invoices.list', { kind: 'ordinary' });
    expect(rows).toMatchObject([{ number: '3600213130-01234568', withoutSku: 0, state: 'entered' }]);
    const red = await run('invoices', [
      paper,
      ['3600213130', '01234567', ...seller, '-1', '-10', '13%', '-1.3', '增值税专用发票'],
    ]);
    expect(red.counts.taken).toBe(1);
    expect((await must(shop.core, 'invoices.list', { state: 'red' })).total).toBe(1);
  });

  it('of a sheet with one row an invoice has one line', async () => {
    const result = await run('invoices', [
      ['发票号码', '开票日期', '销方名称', '金额', '税额'],
      ['26362000000000000009', '20261101', '某厂', '200', '26'],
    ]);
    expect(result.counts).toMatchObject({ taken: 1, failed: 0 });
    const { rows } = await must(shop.core, 'invoices.list', {});
    expect(rows).toMatchObject([{ lines: 1, amount: '200.00', kind: 'special' }]);
  });
});

describe('e-port’s list of declarations', () => {
  const head = [
    '报关单号',
    '进出口日期',
    '贸易方式/监管方式',
    '成交方式',
    '运抵国(地区)',
    '报关单项号',
    '物料名称',
    'HS编码',
    '申报数量',
    '申报单位',
    '总价',
    '币制',
    '商品货号',
  ];
  const row = (change: Readonly<Record<number, string | number>> = {}): Row =>
    [
      '531620260000000001',
      '20261105',
      '9810',
      'FOB',
      '德国',
      1,
      '陶瓷摆件',
      '6913900000',
      6,
      '个',
      '60.00',
      '美元',
      'A1',
    ].map((cell, column) => change[column] ?? cell);

  it('resumes a batch that broke off', async () => {
    const first = [head, row(), row({ 5: 2, 8: 4 })];
    expect((await run('exportLines', first)).counts).toMatchObject({ taken: 2, failed: 0 });
    expect((await run('exportLines', [...first, row({ 0: '531620260000000002' })])).counts).toMatchObject({
      taken: 1,
      alreadyThere: 2,
    });
    const { rows } = await must(shop.core, 'exportLines.list', {});
    expect(rows).toHaveLength(3);
    expect(rows.at(-1)).toMatchObject({
      mode: '9810',
      qty: '6',
      unit: '007',
      currency: 'USD',
      fob: '60.00',
      country: '304',
      sku: 'A1',
    });
    // Nothing is short before the first purchase, unless the firm says that it keeps stock.
    expect((await must(shop.core, 'stock.shorts', {})).total).toBe(0);
    await must(shop.core, 'stock.saveSettings', { choice: 'yes' });
    expect((await must(shop.core, 'stock.shorts', {})).total).toBe(3);
  });

  it('refuses what it cannot be sure of', async () => {
    const result = await run('exportLines', [
      head,
      row({ 2: '市场采购' }),
      row({ 0: '2', 3: 'CIF' }),
      row({ 0: '3', 11: 'XX' }),
      row({ 0: '4', 8: 0 }),
      row({ 0: '5', 12: 'NONE' }),
      row({ 0: '6', 5: '1.5' }),
      row({ 0: '7', 2: '一般贸易' }),
      row({ 0: '7', 2: '一般贸易', 8: 7 }),
    ]);
    expect(codesOf(result)).toEqual([
      'MODE_UNKNOWN',
      'FOB_NEEDED',
      'CURRENCY_UNKNOWN',
      'NUMBER_NOT_POSITIVE',
      'SKU_UNKNOWN',
      'LINE_NO_INVALID',
      'ROW_TWICE',
    ]);
    expect((await must(shop.core, 'exportLines.list', {})).rows).toMatchObject([{ mode: '0110' }]);
  });

  it('of a thousand lines goes in at once', async () => {
    const rows = Array.from({ length: 1000 }, (_, n) =>
      row({ 0: `5316202600000${10_000 + Math.floor(n / 20)}`, 5: (n % 20) + 1, 12: '' }),
    );
    expect((await run('exportLines', [head, ...rows])).counts).toMatchObject({ taken: 1000 });
    expect((await run('exportLines', [head, ...rows])).counts).toMatchObject({ taken: 0, alreadyThere: 1000 });
  });
});

describe('a tariff', () => {
  it.each([
    ['13%', '0.13'],
    ['13', '0.13'],
    ['0.13', '0.13'],
    ['1%', '0.01'],
    ['0', '0'],
    ['免税', '0'],
    ['-', undefined],
    ['1', 'unclear'],
    ['3元/升', 'unclear'],
    ['9.5%', '0.095'],
  ])('reads %s as %s', (text, ratio) => expect(ratioOf(text)).toBe(ratio));

  it('is stored by code, without a day from the beginning of the year, once', async () => {
    const rows = [
      ['商品编码', '商品名称', '增值税率', '出口退税率', '出口关税率', '法定第一单位', '海关监管条件'],
      ['6913900000', '其他陶瓷装饰品', '13%', '13', '', '千克', 'A'],
      ['0901210000', '咖啡', '0.13', '从量', '', '千克', ''],
    ];
    const result = await run('tariff', rows);
    expect(result.counts).toMatchObject({ taken: 1, failed: 1 });
    expect(codesOf(result)).toEqual(['RATIO_UNCLEAR']);
    expect((await must(shop.core, 'tariff.list', {})).rows).toMatchObject([
      {
        hsCode: '6913900000',
        inForceFrom: '2026-01-01',
        vatRate: '0.13',
        refundRate: '0.13',
        unit1: '千克',
        conditions: 'A',
      },
    ]);
    expect((await run('tariff', rows)).counts).toMatchObject({ taken: 0, alreadyThere: 1 });
  });

  it('may be JSON', async () => {
    const file = shop.at('tariff.json');
    writeFileSync(
      file,
      JSON.stringify({ data: [{ hs_code: '6913900000', vat_tax: '13%', export_rebate_tax: '9%', unit_1: '千克' }] }),
    );
    expect((await must(shop.core, 'imports.run', { kind: 'tariff', file })).counts).toMatchObject({ taken: 1 });
    expect((await must(shop.core, 'products.taxFacts', { sku: 'A1', date: '2026-11-01' })).facts).toMatchObject({
      refundRate: '0.09',
    });
  });
});

describe('a warehouse’s report', () => {
  it('books sales and returns first in, first out, and the same report once', async () => {
    const { core } = shop;
    await must(core, 'stock.receive', { date: '2026-11-03', sku: 'A1', qty: '10', cost: '100' });
    const line = {
      mode: '9810',
      exportDate: '2026-11-05',
      sku: 'A1',
      hsCode: '6913900000',
      name: 'x',
      unit: '007',
      currency: 'USD',
      fob: '60',
    } as const;
    await must(core, 'exportLines.saveMany', {
      lines: [
        { ...line, declarationNo: '1', lineNo: 1, qty: '3' },
        { ...line, declarationNo: '1', lineNo: 2, qty: '5' },
      ],
    });
    const place = await must(core, 'stock.savePlace', {
      kind: 'overseas',
      name: '汉堡仓',
      country: '304',
      owner: '',
      contract: '',
      filingNo: '',
      active: true,
    });
    await must(core, 'stock.transfer', { date: '2026-11-15', sku: 'A1', fromId: 2, toId: place.id, qty: '8' });
    const report = [
      ['SKU', '日期', '仓库', '销售数量', '退运数量'],
      ['A1', '2026-11-16', '汉堡仓', 2, ''],
      ['A1', '2026-11-16', '汉堡仓', 2, ''],
      ['A1', '2026-11-17', '汉堡仓', '', 1],
      ['A1', '2026-11-18', '汉堡仓', 9, ''],
      ['A1', '2026-11-18', '火星仓', 1, ''],
    ];
    const result = await run('warehouse', report);
    expect(result.counts).toMatchObject({ taken: 3, failed: 2 });
    expect(codesOf(result)).toEqual(['WAREHOUSE_OVER_DECLARED', 'WAREHOUSE_UNKNOWN']);
    const abroad = (await must(core, 'overseas.list', {})).rows.map((row) => [row.in, row.sold, row.back, row.left]);
    expect(abroad).toEqual([
      ['3', '3', '0', '0'],
      ['5', '1', '1', '3'],
    ]);
    expect(balance(shop.book, '5401')).toBe(4_000);
    expect((await run('warehouse', report)).counts).toMatchObject({ taken: 0, alreadyThere: 3, failed: 2 });
  });
});

describe('a warehouse’s count', () => {
  const head = ['商品货号', '盘点日期', '海外仓', '库存数量'];
  /** Ten goods at home, of which eight were declared in two lines and lie in a warehouse of Hamburg. */
  async function atHamburg(): Promise<number> {
    const { core } = shop;
    await must(core, 'stock.receive', { date: '2026-11-03', sku: 'A1', qty: '10', cost: '100' });
    const line = {
      mode: '9810',
      sku: 'A1',
      hsCode: '6913900000',
      name: 'x',
      unit: '007',
      currency: 'USD',
      fob: '60',
    } as const;
    await must(core, 'exportLines.saveMany', {
      lines: [
        { ...line, exportDate: '2026-11-05', declarationNo: '1', lineNo: 1, qty: '3' },
        { ...line, exportDate: '2026-11-09', declarationNo: '2', lineNo: 1, qty: '5' },
      ],
    });
    const place = {
      kind: 'overseas',
      name: '汉堡仓',
      country: '304',
      owner: '',
      contract: '',
      filingNo: '',
      active: true,
    } as const;
    const { id } = await must(core, 'stock.savePlace', place);
    const move = { date: '2026-11-10', sku: 'A1', fromId: 2, toId: id, qty: '8' };
    await must(core, 'stock.transfer', move);
    return id;
  }
  const counts = () => must(shop.core, 'stockCounts.list', {});
  const left = async () => (await must(shop.core, 'overseas.list', {})).rows.map((row) => [row.left, row.lost ?? '0']);

  it('stands beside the book, is taken once, and changes nothing by itself', async () => {
    await atHamburg();
    const file = [
      head,
      ['A1', '2026-11-12', '汉堡仓', 4],
      ['A1', '2026-11-12', '汉堡仓', 2],
      ['X9', '2026-11-12', '汉堡仓', 1],
      ['A1', '2026-11-12', '火星仓', 1],
    ];
    const result = await run('stockCounts', file);
    expect(result.counts).toMatchObject({ taken: 2, failed: 2 });
    expect(codesOf(result)).toEqual(['SKU_UNKNOWN', 'WAREHOUSE_UNKNOWN']);
    expect(await counts()).toMatchObject({
      openTotal: 1,
      rows: [{ counted: '6', book: '8', difference: '-2', state: 'differs', oldest: '2026-11-05' }],
    });
    expect((await run('stockCounts', file)).counts).toMatchObject({ taken: 0, alreadyThere: 2, failed: 2 });
    expect(codesOf(await run('stockCounts', [head, ['A1', '2026-11-12', '汉堡仓', 9]]))).toEqual(['COUNT_DIFFERS']);
    expect(await left()).toEqual([
      ['3', '0'],
      ['5', '0'],
    ]);
  });

  it('is adjusted to with a reason: cost and oldest line follow, and a move taken back opens it again', async () => {
    const { core } = shop;
    const placeId = await atHamburg();
    await run('stockCounts', [head, ['A1', '2026-11-12', '汉堡仓', 4]]);
    // Sold after the count: stays sold.
    await must(core, 'overseas.sell', { sku: 'A1', date: '2026-11-15', qty: '1', placeId, text: '' });
    const { rows } = await counts();
    const id = rows[0]?.id ?? 0;
    const decide = { id, decision: 'adjusted', reason: '盘亏，仓库赔付' } as const;
    const done = await must(core, 'stockCounts.decide', decide);
    expect(done).toMatchObject({ difference: '-4', cost: '-40.00' });
    expect((await counts()).rows).toMatchObject([
      { state: 'adjusted', difference: '0', reason: '盘亏，仓库赔付', oldest: '2026-11-09' },
    ]);
    // One sold and two lost of the oldest line, two of the next: what is left ages from the second.
    expect(await left()).toEqual([
      ['0', '2'],
      ['3', '2'],
    ]);
    expect((await must(core, 'stock.list', { placeId })).rows).toMatchObject([{ qty: '3' }]);
    expect(await core.call('stockCounts.decide', decide)).toMatchObject({ error: { code: 'STOCK_COUNT_DECIDED' } });
    expect(await core.call('stockCounts.remove', { id })).toMatchObject({ error: { code: 'STOCK_COUNT_DECIDED' } });
    await must(core, 'stock.reverse', { moveId: done.moveIds[0] ?? 0, date: '2026-11-16', reason: '找到了' });
    expect((await counts()).rows).toMatchObject([{ state: 'differs' }]);
    expect(await left()).toEqual([
      ['2', '0'],
      ['5', '0'],
    ]);
  });

  it('can be left as it is, with the reason; one that agrees is nothing to decide', async () => {
    const { core } = shop;
    await atHamburg();
    await run('stockCounts', [head, ['A1', '2026-11-12', '汉堡仓', 8], ['A1', '2026-11-13', '汉堡仓', 9]]);
    const [second, first] = (await counts()).rows;
    const keep = { decision: 'kept', reason: '在途未上架' } as const;
    expect(await core.call('stockCounts.decide', { ...keep, id: first?.id ?? 0 })).toMatchObject({
      error: { code: 'STOCK_COUNT_SAME' },
    });
    expect(await must(core, 'stockCounts.decide', { ...keep, id: second?.id ?? 0 })).toMatchObject({ moveIds: [] });
    expect((await counts()).rows[0]).toMatchObject({ state: 'kept', reason: '在途未上架', difference: '1' });
    await must(core, 'stockCounts.remove', { id: first?.id ?? 0 });
    expect(await counts()).toMatchObject({ total: 1, openTotal: 0 });
  });

  it('is not adjusted to a second time where a later day was: what it missed is in that', async () => {
    const { core } = shop;
    const placeId = await atHamburg();
    await run('stockCounts', [head, ['A1', '2026-11-12', '汉堡仓', 6], ['A1', '2026-11-19', '汉堡仓', 6]]);
    const [later, earlier] = (await counts()).rows;
    const adjust = { decision: 'adjusted', reason: '盘亏，仓库赔付' } as const;
    const done = await must(core, 'stockCounts.decide', { ...adjust, id: later?.id ?? 0 });
    expect(await counts()).toMatchObject({ openTotal: 0 });
    expect(await core.call('stockCounts.decide', { ...adjust, id: earlier?.id ?? 0 })).toMatchObject({
      error: { code: 'STOCK_COUNT_OVERTAKEN', params: { sku: 'A1', date: '2026-11-12' } },
    });
    expect((await must(core, 'stock.list', { placeId })).rows).toMatchObject([{ qty: '6' }]);
    expect(await left()).toEqual([
      ['1', '2'],
      ['5', '0'],
    ]);
    // Taken back, the later count overtakes nothing: the earlier one is decided, and the later agrees.
    await must(core, 'stock.reverse', { moveId: done.moveIds[0] ?? 0, date: '2026-11-20', reason: '倒序处理' });
    expect(await counts()).toMatchObject({ openTotal: 2 });
    await must(core, 'stockCounts.decide', { ...adjust, id: earlier?.id ?? 0 });
    expect((await counts()).rows).toMatchObject([{ state: 'same' }, { state: 'adjusted' }]);
    expect((await must(core, 'stock.list', { placeId })).rows).toMatchObject([{ qty: '6' }]);
  });

  it('that was overtaken can still be left as it is, or removed', async () => {
    const { core } = shop;
    await atHamburg();
    const days = ['2026-11-12', '2026-11-13', '2026-11-19'];
    await run('stockCounts', [head, ...days.map((day): Row => ['A1', day, '汉堡仓', 6])]);
    const [last, middle, first] = (await counts()).rows;
    await must(core, 'stockCounts.decide', { id: last?.id ?? 0, decision: 'adjusted', reason: '盘亏' });
    await must(core, 'stockCounts.decide', { id: middle?.id ?? 0, decision: 'kept', reason: '已含在后一次' });
    await must(core, 'stockCounts.remove', { id: first?.id ?? 0 });
    expect(await counts()).toMatchObject({ total: 2, openTotal: 0 });
  });

  it('is taken back from the last decided on, so that goods found again are not lost twice', async () => {
    const { core } = shop;
    await atHamburg();
    await run('stockCounts', [head, ['A1', '2026-11-12', '汉堡仓', 3], ['A1', '2026-11-19', '汉堡仓', 8]]);
    const [found, lost] = (await counts()).rows;
    const decide = async (id: number | undefined, reason: string, cost?: string) => {
      const decision = { id: id ?? 0, decision: 'adjusted', reason, ...(cost === undefined ? {} : { cost }) } as const;
      return (await must(core, 'stockCounts.decide', decision)).moveIds[0] ?? 0;
    };
    const lostMove = await decide(lost?.id, '盘亏');
    const foundMove = await decide(found?.id, '找到了');
    const intact = [
      ['3', '0'],
      ['5', '0'],
    ];
    expect(await left()).toEqual(intact);
    const back = { date: '2026-11-20', reason: '录错' };
    expect(await core.call('stock.reverse', { ...back, moveId: lostMove })).toMatchObject({
      error: { code: 'STOCK_COUNT_LATER', params: { sku: 'A1', date: '2026-11-19' } },
    });
    expect(await left()).toEqual(intact);
    await must(core, 'stock.reverse', { ...back, moveId: foundMove });
    expect(await left()).toEqual([
      ['0', '3'],
      ['3', '2'],
    ]);
    await must(core, 'stock.reverse', { ...back, moveId: lostMove });
    expect(await left()).toEqual(intact);
  });

  it('differs from the book’s where a file has less of it, or the rest of it', async () => {
    await atHamburg();
    const day = (...shelves: number[]): Row[] => [
      head,
      ...shelves.map((qty): Row => ['A1', '2026-11-12', '汉堡仓', qty]),
    ];
    await run('stockCounts', day(6, 4));
    for (const shelves of [[8], [4], [6, 3], [6, 4, 1]]) {
      const again = await run('stockCounts', day(...shelves));
      expect(codesOf(again)).toEqual(shelves.map(() => 'COUNT_DIFFERS'));
      expect(again.counts).toMatchObject({ taken: 0, alreadyThere: 0, failed: shelves.length });
    }
    expect((await run('stockCounts', day(10))).counts).toMatchObject({ taken: 0, alreadyThere: 1, failed: 0 });
    expect(await counts()).toMatchObject({ total: 1, rows: [{ counted: '10' }] });
  });

  it('holds the lines its goods were lost of', async () => {
    const { core } = shop;
    await atHamburg();
    await run('stockCounts', [head, ['A1', '2026-11-12', '汉堡仓', 6]]);
    const { rows } = await counts();
    await must(core, 'stockCounts.decide', { id: rows[0]?.id ?? 0, decision: 'adjusted', reason: '盘亏' });
    const line = {
      mode: '9810',
      ...{ sku: 'A1', hsCode: '6913900000', name: 'x', unit: '007', currency: 'USD', fob: '60' },
      ...{ exportDate: '2026-11-05', declarationNo: '1', lineNo: 1, qty: '1' },
    } as const;
    expect(await core.call('exportLines.saveMany', { lines: [line] })).toMatchObject({
      error: { code: 'EXPORT_LINE_IN_USE' },
    });
    expect((await counts()).rows[0]?.lines).toMatchObject([{ declarationNo: '1', lineNo: 1, qty: '2' }]);
  });

  it('names stock it leaves out, and none that a move taken back had brought', async () => {
    const { core } = shop;
    const placeId = await atHamburg();
    await must(core, 'stock.receive', { date: '2026-11-03', sku: 'A2', qty: '2', cost: '20' });
    const move = { date: '2026-11-10', sku: 'A2', fromId: 1, toId: placeId, qty: '2' };
    const { moveIds } = await must(core, 'stock.transfer', move);
    await run('stockCounts', [head, ['A1', '2026-11-12', '汉堡仓', 8]]);
    expect(await counts()).toMatchObject({ uncounted: [{ sku: 'A2', qty: '2' }] });
    // Taken back after the day of the count: it never was.
    await must(core, 'stock.reverse', { moveId: moveIds[0] ?? 0, date: '2026-11-20', reason: '录错' });
    expect(await counts()).toMatchObject({ uncounted: [] });
  });
});

describe('customs’ payment list', () => {
  it('brings tax bills, and later their payment', async () => {
    const head = [
      '序号',
      '报关单号',
      '税费单号',
      '税费种类',
      '申报关区',
      '缴款期限',
      '银行扣税时间',
      '支付金额',
      '支付状态',
    ];
    const bill = (paid: string): Row => [
      1,
      '640720261000000001',
      '640720261000000001-A01',
      '进口关税',
      '美兰机场',
      '2026-11-30',
      paid,
      '1,234.56',
      paid === '' ? '未支付' : '支付成功',
    ];
    expect((await run('taxBills', [head, bill('')])).counts).toMatchObject({ taken: 1, updated: 0 });
    expect((await run('taxBills', [head, bill('')])).counts).toMatchObject({ taken: 0, alreadyThere: 1 });
    expect((await run('taxBills', [head, bill('2026-11-20 10:00:00')])).counts).toMatchObject({ taken: 1, updated: 1 });
    expect(
      shop.book
        .prepare(
          'SELECT number, kind, amount_fen AS fen, due_on AS due, paid_on AS paid, paid_fen AS paidFen FROM tax_bill',
        )
        .all(),
    ).toEqual([
      {
        number: '640720261000000001-A01',
        kind: 'import-duty',
        fen: 123_456,
        due: '2026-11-30',
        paid: '2026-11-20',
        paidFen: 123_456,
      },
    ]);
  });
});

describe('rates of kinds', () => {
  it('come from a bank’s table per hundred units, divided exactly', async () => {
    const result = await run('rates', [
      ['货币名称', '现汇买入价', '现汇卖出价', '中行折算价', '发布日期'],
      ['美元', '705.23', '708.19', '706.85', '2026-11-20'],
    ]);
    expect(result.counts).toMatchObject({ taken: 1, failed: 0 });
    const { rows } = await must(shop.core, 'rates.list', {});
    expect(rows.map(({ kind, cnyPerUnit }) => [kind, cnyPerUnit])).toEqual([
      ['bank-buy', '7.0523'],
      ['bank-sell', '7.0819'],
      ['parity', '7.0685'],
    ]);
    await run('rates', [
      ['币种', '日期', '汇率', '牌价种类'],
      ['USD', '2026-11-01', '7.1', '海关计征汇率'],
    ]);
    expect((await must(shop.core, 'rates.list', { kind: 'customs' })).rows).toMatchObject([{ cnyPerUnit: '7.1' }]);
  });
});

describe('orders of a shop', () => {
  it('keep its name, and lines of two shops are two orders', async () => {
    const result = await run('orders', [
      [...orderHead, '店铺'],
      [...orderLine(), '德国站'],
      [...orderLine({ 1: 'A2' }), '法国站'],
    ]);
    expect(result.counts).toMatchObject({ taken: 1, failed: 1 });
    expect(codesOf(result)).toEqual(['ORDER_HEAD_DIFFERS']);
    expect(shop.book.prepare('SELECT store FROM sales_order').all()).toEqual([{ store: '德国站' }]);
  });
});

it('number cells of long invoice numbers are refused', async () => {
  const file = await writeXlsx(shop.at('n.xlsx'), [
    ['发票号码', '开票日期', '销方名称', '金额', '税额'],
    [2.6362e19, '2026-11-01', '某厂', 200, 26],
  ]);
  expect(codesOf(await must(shop.core, 'imports.run', { kind: 'invoices', file }))).toEqual(['ID_DIGITS_LOST']);
});
