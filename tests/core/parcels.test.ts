import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

/** 快件、邮件、个人物品: registered and counted apart, never beside a list that has the same number. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-parcels-'));
const file = (name: string): string => path.join(folder, name);
let core: Core;
let shipment = { id: 0, shipmentNo: '' };
let listed = '';

const head = [
  '快递单号',
  '类别',
  '进出境',
  '寄件日期',
  '寄达国',
  '商品编码',
  '内件品名',
  '申报价值',
  '币种',
  '重量',
  '快递公司',
  '货运编号',
];
const rows = [
  ['SF001', '快件', '出境', '2026-11-02', '法国', '6912', '陶瓷杯', '10', 'USD', '0.5', '顺丰', ''],
  ['SF001', '快件', '出境', '2026-11-02', '法国', '0902', '茶叶', '2.5', 'USD', '0.2', '顺丰', ''],
  ['EM002CN', '邮件', '', '2026-11-03', '美国', '6912', '陶瓷杯', '100', 'CNY', '', '中国邮政', ''],
  ['PX003', '个人物品', '进境', '2026-11-04', '日本', '', '衣物', '0', 'CNY', '1', '', ''],
];
let serial = 0;
const take = (of: readonly (readonly string[])[]) => {
  serial += 1;
  return must(core, 'imports.run', { kind: 'parcels', file: writeCsv(file(`parcels-${serial}.csv`), [head, ...of]) });
};
const takeNumbered = (of: readonly (readonly string[])[], line: string) => {
  serial += 1;
  const to = writeCsv(file(`parcels-${serial}.csv`), [[...head, '包裹内序号'], ...of.map((row) => [...row, line])]);
  return must(core, 'imports.run', { kind: 'parcels', file: to });
};
const refused = async <N extends OperationName>(name: N, input: InputOf<N>) => {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.path];
};

beforeAll(async () => {
  core = coreAt(file('home'), { now: () => '2026-11-22T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await must(core, 'imports.run', {
    kind: 'orders',
    file: writeCsv(file('orders.csv'), [orderHead, orderLine({ 0: 'F1' })]),
  });
  await writeClassification(core, file('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: file('products.csv') });
  await writeWaybills(core, file('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: file('waybills.csv') });
  const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' } });
  await must(core, 'shipments.draft', { id });
  shipment = await must(core, 'shipments.get', { id });
  const [list] = (await must(core, 'documents.list', { kind: 'CEB603Message', shipmentId: id })).rows;
  const { body } = await must(core, 'documents.get', { id: list?.id ?? 0 });
  listed = (body as { InventoryHead: { logisticsNo: string } }).InventoryHead.logisticsNo;
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a file of parcels', () => {
  it('is taken once, its lines numbered as they come', async () => {
    expect((await take(rows)).counts).toMatchObject({ taken: 4, failed: 0 });
    expect((await take(rows)).counts).toMatchObject({ taken: 0, alreadyThere: 4 });
    // Only a row that names its line corrects it.
    const changed = await takeNumbered([rows[2]?.with(7, '120') ?? []], '1');
    expect(changed.counts).toMatchObject({ taken: 1, updated: 1, alreadyThere: 0 });
    const { rows: all, counts } = await must(core, 'parcels.list', {});
    expect(
      all.map(({ waybillNo, lineNo, kind, direction, country }) => [waybillNo, lineNo, kind, direction, country]),
    ).toEqual([
      ['PX003', 1, 'personal', 'in', '116'],
      ['EM002CN', 1, 'mail', 'out', '502'],
      ['SF001', 2, 'courier', 'out', '305'],
      ['SF001', 1, 'courier', 'out', '305'],
    ]);
    expect(counts).toEqual({ parcels: 3, used: 0 });
  });

  it('refuses rows with the reason, and takes nothing of them', async () => {
    const { counts, failures } = await take([
      ['X1', '包裹', '', '2026-11-02', '法国', '', '杯', '1', 'USD', '', '', ''],
      ['X2', '快件', '侧', '2026-11-02', '法国', '', '杯', '1', 'USD', '', '', ''],
      ['X3', '快件', '', '2026-11-02', '火星', '6', '杯', '-1', 'USD', '', '', 'NONE'],
      ['X4', '快件', '', '2026-11-02', '', '', '杯', '', 'USD', '', '', ''],
    ]);
    expect(counts).toMatchObject({ taken: 0, failed: 4 });
    expect(failures.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      ['PARCEL_KIND_UNKNOWN'],
      ['PARCEL_DIRECTION_UNKNOWN'],
      ['COUNTRY_UNKNOWN', 'NOTICE_HS_INVALID', 'NUMBER_NEGATIVE', 'SHIPMENT_NO_UNKNOWN'],
      ['REQUIRED_BLANK'],
    ]);
  });
});

describe('a further file', () => {
  const of = async (text: string) => (await must(core, 'parcels.list', { text })).rows;
  const clear = async (text: string) => {
    for (const { id } of await of(text)) await must(core, 'parcels.remove', { id });
  };

  it('adds the mended row of a parcel to its other lines', async () => {
    const row = (name: string, country: string) => [
      ...['MD1', '快件', '出境', '2026-09-02', country, '6912', name, '1', 'CNY', '', '', ''],
    ];
    const first = await take([row('甲', '法国'), row('乙', '火星'), row('丙', '法国')]);
    expect(first.counts).toMatchObject({ taken: 2, failed: 1 });
    const mended = await take([row('乙', '法国')]);
    expect(mended.counts).toMatchObject({ taken: 1, updated: 0 });
    expect(mended.findings).toEqual([{ code: 'PARCELS_GROWN', level: 'doubt', params: { count: 1, example: 'MD1' } }]);
    expect((await of('MD1')).map(({ lineNo, name }) => `${lineNo} ${name}`)).toEqual(['3 乙', '2 丙', '1 甲']);
    // Two of the same in one file are two lines, once.
    const twice = [row('丁', '法国'), row('丁', '法国')];
    expect((await take(twice)).counts).toMatchObject({ taken: 2 });
    expect((await take(twice)).counts).toMatchObject({ taken: 0, alreadyThere: 2 });
    expect(await of('MD1')).toHaveLength(5);
    await clear('MD1');
  });

  it('leaves what it does not mention', async () => {
    const row = ['MD2', '快件', '', '2026-09-02', '法国', '', '甲', '1', 'CNY', '', '', ''];
    await take([row]);
    const [{ id = 0 } = {}] = await of('MD2');
    await must(core, 'parcels.save', {
      ...{ id, waybillNo: 'MD2', lineNo: 1, kind: 'courier', direction: 'in', movedOn: '2026-09-02', country: '305' },
      ...{ hsCode: '6912', name: '甲', carrier: '顺丰', weight: '0.7', currency: 'CNY', value: '1' },
      shipmentNo: shipment.shipmentNo,
    });
    const before = await of('MD2');
    expect((await take([row])).counts).toMatchObject({ taken: 0, alreadyThere: 1 });
    expect((await takeNumbered([row], '1')).counts).toMatchObject({ taken: 0, alreadyThere: 1 });
    expect((await takeNumbered([row.with(7, '2')], '1')).counts).toMatchObject({ taken: 1, updated: 1 });
    expect(await of('MD2')).toEqual(before.map((one) => ({ ...one, value: '2.00' })));
    await clear('MD2');
  });
});

describe('the month', () => {
  it('sums by kind, country and chapter at the rate of each day, and a parcel of two chapters once', async () => {
    const { rows: cells, total, excluded } = await must(core, 'parcels.month', { period: '2026-11' });
    expect(excluded).toEqual({ parcels: 0, lines: 0 });
    expect(cells.map(({ kind, country, hs2, parcels, unrated }) => [kind, country, hs2, parcels, unrated])).toEqual(
      expect.arrayContaining([
        ['mail', '502', '69', 1, 0],
        ['courier', '305', '69', 1, expect.any(Number)],
        ['courier', '305', '09', 1, expect.any(Number)],
        ['personal', '116', '', 1, 0],
      ]),
    );
    expect(total.out).toMatchObject({ parcels: 2, lines: 3 });
    expect(total.in).toEqual({ parcels: 1, lines: 1, amountCny: '0.00', unrated: 0 });
    const byKind = await must(core, 'parcels.month', { period: '2026-11', by: ['kind'] });
    expect(byKind.rows.find(({ kind }) => kind === 'mail')).toMatchObject({
      amountCny: '120.00',
      country: '',
      hs2: '',
    });
  });

  it('says what has no rate instead of leaving it out, and values it once there is one', async () => {
    const usd = async () =>
      (await must(core, 'parcels.month', { period: '2026-11', by: ['kind'] })).rows.find(
        ({ kind }) => kind === 'courier',
      );
    expect(await usd()).toMatchObject({ amountCny: '0.00', unrated: 2 });
    await must(core, 'imports.run', {
      kind: 'rates',
      file: writeCsv(file('rates.csv'), [
        ['币种', '日期', '汇率'],
        ['USD', '2026-11-01', '7.1234'],
      ]),
    });
    // 10 and 2.50 USD at 7.1234, half-up each.
    expect(await usd()).toMatchObject({ amountCny: '89.04', unrated: 0 });
  });

  it('adds up to the fen, however it is divided', async () => {
    await must(core, 'imports.run', {
      kind: 'rates',
      file: writeCsv(file('rates-8.csv'), [
        ['币种', '日期', '汇率'],
        ['USD', '2026-08-01', '7.25'],
      ]),
    });
    const row = ['SUM1', '快件', '', '2026-08-02', '法国', '69', '甲', '0.01', 'USD', '', '', ''];
    await take([row, row.with(0, 'SUM2').with(4, '美国'), row.with(0, 'SUM3')]);
    for (const by of [[], ['kind'], ['country']] as const) {
      const month = await must(core, 'parcels.month', { period: '2026-08', by: [...by] });
      // 0.0725 each: 0.07.
      expect(month.total.out.amountCny).toBe('0.21');
      const fen = month.rows.map(({ amountCny }) => Math.round(Number(amountCny) * 100));
      expect(fen.reduce((sum, one) => sum + one, 0)).toBe(21);
    }
    for (const { id } of (await must(core, 'parcels.list', { text: 'SUM' })).rows)
      await must(core, 'parcels.remove', { id });
  });

  it('stands apart from the statistics that are filed', async () => {
    expect((await must(core, 'statistics.month', { period: '2026-11' })).total).toMatchObject({
      lines: 0,
      amountCny: '0.00',
    });
  });
});

describe('a number that a live list has', () => {
  it('is a finding on both sides and not counted', async () => {
    const parcel: InputOf<'parcels.save'> = {
      waybillNo: listed,
      lineNo: 1,
      kind: 'courier',
      direction: 'out',
      ...{ movedOn: '2026-11-05', country: '305' },
      ...{ hsCode: '69', name: '陶瓷杯', carrier: '', weight: '0.5', currency: 'CNY', value: '5' },
      shipmentNo: shipment.shipmentNo,
    };
    const { id } = await must(core, 'parcels.save', parcel);
    const month = await must(core, 'parcels.month', { period: '2026-11' });
    expect(month.excluded).toEqual({ parcels: 1, lines: 1 });
    expect(month.total.out.parcels).toBe(2);
    const { rows: used, counts } = await must(core, 'parcels.list', { used: true });
    expect(used).toMatchObject([{ id, usedBy: { kind: 'CEB603Message' } }]);
    expect(counts).toEqual({ parcels: 4, used: 1 });
    // The list says so when it is checked.
    const listId = used[0]?.usedBy?.documentId ?? 0;
    await must(core, 'documents.check', { kind: 'CEB603Message' });
    const { findings } = await must(core, 'documents.get', { id: listId });
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'M-PARCEL', level: 'doubt' }));
    // The import says it too, before anything is written.
    const again = await take([[listed, '快件', '', '2026-11-05', '法国', '69', '陶瓷杯', '5', 'CNY', '0.5', '', '']]);
    expect(again.findings).toEqual([{ code: 'PARCELS_USED', level: 'doubt', params: { count: 1, example: listed } }]);
    await must(core, 'parcels.save', { ...parcel, id });
  });

  it('shows in the mode selector of its shipment', async () => {
    const { filed } = await must(core, 'modes.route', { shipmentId: shipment.id });
    expect(filed).toEqual({ lists: 1, declarations: 0, parcels: 1 });
    expect((await must(core, 'modes.route', {})).filed).toBeNull();
    expect((await must(core, 'parcels.list', { shipmentId: shipment.id })).total).toBe(1);
  });
});

describe('the register', () => {
  const parcel: InputOf<'parcels.save'> = {
    waybillNo: 'HAND1',
    lineNo: 1,
    kind: 'mail',
    direction: 'out',
    ...{ movedOn: '2026-10-05', country: '' },
    ...{ hsCode: '', name: '书', carrier: '', weight: null, currency: 'CNY', value: '0' },
  };

  it('refuses what cannot be', async () => {
    await must(core, 'parcels.save', parcel);
    expect(await refused('parcels.save', parcel)).toEqual(['PARCEL_TWICE', 'waybillNo']);
    const other = { ...parcel, waybillNo: 'HAND2' };
    expect(await refused('parcels.save', { ...other, value: '1.234' })).toEqual(['PARCEL_VALUE', 'value']);
    expect(await refused('parcels.save', { ...other, value: '-1' })).toEqual(['PARCEL_VALUE', 'value']);
    expect(await refused('parcels.save', { ...other, weight: '0' })).toEqual(['PARCEL_WEIGHT', 'weight']);
    expect(await refused('parcels.save', { ...other, country: '888' })).toEqual(['COUNTRY_UNKNOWN', 'country']);
    expect(await refused('parcels.save', { ...other, shipmentNo: '?' })).toEqual(['SHIPMENT_NO_UNKNOWN', 'shipmentNo']);
    expect(await refused('parcels.save', { ...other, id: 9999 })).toEqual(['PARCEL_UNKNOWN', 'id']);
    expect(await refused('parcels.remove', { id: 9999 })).toEqual(['PARCEL_UNKNOWN', 'id']);
  });

  it('finds by text and month, a page at a time, and forgets what is deleted', async () => {
    const first = await must(core, 'parcels.list', { limit: 2 });
    expect(first.total).toBe(6);
    const second = await must(core, 'parcels.list', { limit: 2, after: first.nextCursor });
    expect(second.rows.map(({ waybillNo }) => waybillNo)).toEqual(['EM002CN', 'SF001']);
    const [hand] = (await must(core, 'parcels.list', { period: '2026-10', text: 'HAND' })).rows;
    expect(hand).toMatchObject({ waybillNo: 'HAND1', value: '0.00', weight: null });
    await must(core, 'parcels.remove', { id: hand?.id ?? 0 });
    expect((await must(core, 'parcels.list', { period: '2026-10' })).total).toBe(0);
  });

  it('goes into a workbook of three sheets', async () => {
    const to = file('parcels.xlsx');
    await must(core, 'parcels.export', { period: '2026-11', to });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(to);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['汇总', '明细', '未计入']);
    const texts = (name: string) => JSON.stringify(book.getWorksheet(name)?.getSheetValues());
    expect(texts('汇总')).toContain('不含在统计月报报送数内');
    expect(texts('明细')).toContain('SF001');
    expect(texts('明细')).not.toContain(listed);
    expect(texts('未计入')).toContain(listed);
  });
});
