import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Files of a claimed batch for the import templates of the tax office's client. */
let folder = '';
let core: Core;
let seed: ReturnType<typeof taxBook>;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-refund-import-'));
  core = coreAt(folder, { now: () => '2026-11-21T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await must(core, 'tax.saveProfile', {
    taxpayer: 'general',
    kind: 'trading',
    zoneRegistered: true,
    zoneLogged: true,
    zoneDeclared: true,
    refundRegisteredOn: '2024-01-01',
    domesticVatRate: '0.13',
  });
  seed = taxBook(core);
  seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.13' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function claimed(currency = 'USD'): Promise<void> {
  seed.line({ qty: 100, currency, fobMinor: 140_000, declarationNo: '514120260000000001', lineNo: 2 });
  seed.invoice({ number: '26442000000000000001', qty: 60, amountFen: 540_000, vatFen: 70_200 });
  seed.invoice({ number: '26442000000000000002', qty: 40, amountFen: 360_000, vatFen: 46_800, date: '2026-03-02' });
  await must(core, 'refunds.match', { period: '2026-03' });
  await must(core, 'refunds.claim', { period: '2026-04', batch: '1', date: '2026-04-20' });
}
const check = () => must(core, 'refunds.importCheck', { period: '2026-04', batch: '1' });
const refusal = async (more: Partial<InputOf<'refunds.importFile'>>) => {
  const result = await core.call('refunds.importFile', {
    ...{ period: '2026-04', batch: '1', file: 'exports', to: path.join(folder, 'out.xlsx') },
    ...more,
  });
  return result.ok ? undefined : result.error;
};
async function read(file: string, sheet = '模板'): Promise<(row: number) => unknown[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(file);
  return (row) => {
    const { values } = workbook.getWorksheet(sheet)?.getRow(row) ?? { values: [] };
    return Array.isArray(values) ? values.slice(1) : [];
  };
}

describe('import files of a claim', () => {
  it('are made after the layout: heads in row eight, rows below, both with the same association number', async () => {
    await claimed();
    expect(await check()).toMatchObject({ exports: 1, purchases: 2, findings: [], reliability: 'U' });
    const [exports, purchases] = [path.join(folder, 'exports.xlsx'), path.join(folder, 'purchases.xlsx')];
    expect(
      await must(core, 'refunds.importFile', { period: '2026-04', batch: '1', file: 'exports', to: exports }),
    ).toMatchObject({ rows: 1, empty: expect.arrayContaining(['代理出口货物证明号', '备注']) });
    const out = await read(exports);
    expect(out(8).slice(0, 4)).toEqual(['申报年月', '申报批次', '关联号', '出口货物报关单号']);
    expect(out(9)).toEqual([
      ...['202604', '001', '20260400100000001', '514120260000000001002', undefined, undefined, '2026-03-10'],
      ...['6109100021', '针织T恤', '件', 100, 1400],
    ]);
    await must(core, 'refunds.importFile', { period: '2026-04', batch: '1', file: 'purchases', to: purchases });
    const bought = await read(purchases);
    expect(bought(9)).toEqual([
      ...['202604', '001', '20260400100000001', 'V|增值税', '02|增值税专用发票', '26442000000000000001', '2026-03-01'],
      ...['91440101MA5AKCT34X', '6109100021', expect.any(String), '件', 60, 5400, 13, 13, 702],
    ]);
    expect(bought(10)[5]).toBe('26442000000000000002');
  });

  it('fill a template by the names of its heads, leave its lists alone and its example out', async () => {
    await claimed();
    const workbook = new ExcelJS.Workbook();
    const lists = workbook.addWorksheet('税种');
    lists.addRow(['税种']);
    lists.addRow(['V|增值税']);
    const sheet = workbook.addWorksheet('导入');
    sheet.getRow(5).values = [
      '* 关联号',
      '申报批次',
      '申报年月',
      '出口货物报关单号',
      '出口发票号码',
      '出口日期',
      '出口商品代码',
    ];
    sheet.getRow(5).getCell(8).value = '出口商品名称';
    for (const [at, head] of ['计量单位', '出口数量', '美元离岸价', '退(免)税业务类型', '新栏'].entries())
      sheet.getRow(5).getCell(9 + at).value = head;
    sheet.getRow(6).getCell(1).value = '示例';
    const template = path.join(folder, 'template.xlsx');
    await workbook.xlsx.writeFile(template);
    const to = path.join(folder, 'filled.xlsx');
    const done = await must(core, 'refunds.importFile', {
      ...{ period: '2026-04', batch: '1', file: 'exports', template, to },
    });
    expect(done).toMatchObject({ rows: 1, empty: ['出口发票号码', '新栏'] });
    const row = await read(to, '导入');
    expect(row(6).slice(0, 4)).toEqual(['20260400100000001', '001', '202604', '514120260000000001002']);
    expect((await read(to, '税种'))(2)).toEqual(['V|增值税']);
  });

  it('are refused while a value is missing, for a template without a head, and for a batch nobody claimed', async () => {
    await claimed('EUR');
    // No rate of the dollar on the day: the FOB in dollars is not known.
    expect((await check()).findings).toMatchObject([{ code: 'VALUE', level: 'reject', head: '美元离岸价', row: 1 }]);
    expect(await refusal({})).toMatchObject({ code: 'REFUND_IMPORT_REJECTED', params: { n: 1 } });
    await must(core, 'rates.set', { currency: 'USD', date: '2026-03-10', cnyPerUnit: '7', source: '测试' });
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('x').addRow(['申报年月', '申报批次', '关联号']);
    const template = path.join(folder, 'other.xlsx');
    await workbook.xlsx.writeFile(template);
    expect(await refusal({ template })).toMatchObject({
      code: 'REFUND_TEMPLATE_HEAD',
      params: { name: 'other.xlsx', head: '出口货物报关单号' },
    });
    expect(await refusal({ batch: '2' })).toMatchObject({ code: 'CLAIM_UNKNOWN' });
  });
});
