import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { paperDetails } from '../../shared/papers/details.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** The draft declaration (报关单草单) of a declaration as it will be filed: each box has what the body says, for exports and imports. */
let folder = '';
let core: Core;
let id = 0;

const boxesOf = (html: string): Map<string, string> =>
  new Map(
    [...html.matchAll(/<span class="name">(.*?)<\/span><span class="value">(.*?)<\/span><\/div>/gs)].map(
      ([, name = '', value = '']) => [
        name.replace(/<span class="code">.*?<\/span>/g, '').replace(/<[^>]+>/g, ''),
        value.replaceAll('<br>', '\n'),
      ],
    ),
  );
const plain = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll('<br>', ' ')
    .replace(/<[^>]+>/g, '');
const preview = async (language: 'zh' | 'en' | 'both' = 'zh') =>
  (await must(core, 'papers.preview', { subject: { documentId: id }, kind: 'declaration', language })).html;

const body = {
  'DecHead/CustomMaster': '6407',
  'DecHead/IEPort': '6407',
  'DecHead/EntyPortCode': '460001',
  'DecHead/IEDate': '20261124',
  'DecHead/ManualNo': 'B64071234567',
  'DecHead/TrafMode': '5',
  'DecHead/TrafName': 'HU491',
  'DecHead/BillNo': '880-12345678',
  'DecHead/TradeMode': '0110',
  'DecHead/CutMode': '101',
  'DecHead/LicenseNo': '26-AA-100001',
  'DecHead/ContrNo': 'HT-2026-7',
  'DecHead/TradeAreaCode': 'GBR',
  'DecHead/TradeCountry': 'GBR',
  'DecHead/DistinatePort': 'GBR000',
  'DecHead/DespPortCode': 'CHN000',
  'DecHead/GoodsPlace': '海口美兰机场货站',
  'DecHead/WrapType': '22',
  'DecHead/PackNo': '12',
  'DecHead/GrossWet': '100.5',
  'DecHead/NetWt': '90.25',
  'DecHead/TransMode': '1',
  'DecHead/FeeMark': '3',
  'DecHead/FeeRate': '120',
  'DecHead/FeeCurr': 'USD',
  'DecHead/InsurMark': '1',
  'DecHead/InsurRate': '0.3',
  'DecHead/PromiseItmes': '10019',
  'DecHead/TaxAaminMark': '1',
  'DecHead/MarkNo': 'N/M 1-12',
  'DecHead/NoteS': '易碎',
  'DecHead/DeclareName': '赵六',
  'DecHead/OverseasConsigneeEname': 'Harrow Gifts Ltd',
  'DecHead/OverseasConsignorEname': 'Leeds Works Ltd',
  'DecFreeTxt/VoyNo': '1124W',
  'DecFreeTxt/RelId': '640720261234567890',
  'DecFreeTxt/DecNo': '89300001',
  'DecFreeTxt/DecBpNo': '0898-12345',
  'Container[1]/ContainerId': 'TEMU1234567',
  'Container[1]/ContainerMd': '21',
  'LicenseDocu[1]/DocuCode': '4',
  'LicenseDocu[1]/CertCode': '26-AA-100001',
  'EdocRealation[1]/EdocID': 'EBA123',
  'EdocRealation[1]/EdocCode': '10000001',
  'EdocRealation[1]/EdocFomatType': 'US',
  'DecList[1]/CodeTS': '6912001000',
  'DecList[1]/ContrItem': '7',
  'DecList[1]/GName': '陶瓷杯',
  'DecList[1]/GModel': '0|0|陶',
  'DecList[1]/GQty': '50',
  'DecList[1]/GUnit': '007',
  'DecList[1]/FirstQty': '90.25',
  'DecList[1]/FirstUnit': '035',
  'DecList[1]/DeclPrice': '12.3456',
  'DecList[1]/DeclTotal': '617.28',
  'DecList[1]/TradeCurr': 'GBP',
  // The element of origin carries the destination on export.
  'DecList[1]/OriginCountry': 'GBR',
  'DecList[1]/DestinationCountry': 'CHN',
  'DecList[1]/DistrictCode': '46011',
  'DecList[1]/DestCode': '460100',
  'DecList[1]/DutyMode': '1',
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-declaration-paper-'));
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  id = (await must(core, 'documents.create', { kind: 'DecMessage' })).id;
  await must(core, 'documents.edit', {
    id,
    changes: Object.entries(body).map(([at, value]) => ({ path: at, value })),
  });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the draft of an export declaration', () => {
  it('is filled from the body in every box', async () => {
    const html = await preview();
    const boxes = boxesOf(html);
    expect(Object.fromEntries(boxes)).toMatchObject({
      境内发货人: expect.stringMatching(/./),
      出境关别: expect.stringMatching(/./),
      出口日期: '2026-11-24',
      申报日期: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      备案号: 'B64071234567',
      境外收货人: 'Harrow Gifts Ltd',
      运输工具名称及航次号: 'HU491/1124W',
      提运单号: '880-12345678',
      许可证号: '26-AA-100001',
      合同协议号: 'HT-2026-7',
      '运抵国（地区）': '英国',
      件数: '12',
      '毛重(千克)': '100.50',
      '净重(千克)': '90.25',
      成交方式: 'CIF',
      运费: 'USD/120/3',
      保费: '0.3/1',
      随附单证及编号: '出口许可证：26-AA-100001；代理报关委托协议：EBA123',
      标记唛码及备注: 'N/M 1-12\n易碎\n关联报关单号：640720261234567890\n集装箱号：1；TEMU1234567',
    });
    const text = plain(html);
    for (const said of [
      '中华人民共和国海关出口货物报关单',
      '特殊关系确认：是',
      '价格影响确认：否',
      '支付特许权使用费确认：否',
      '公式定价确认：是',
      '自报自缴：是',
      '报关人员 赵六',
      '89300001',
      '0898-12345',
    ])
      expect(text).toContain(said);
    expect(text).toMatch(/暂定价格确认：(?![是否])/);
    expect(text).toMatch(/1 \(7\)\s*6912001000/);
    expect(text).toMatch(/中国 \(CHN\)\s*英国 \(GBR\)/);
    expect(text).toContain('(460100)');
  });

  it('shows what is filed, not what was typed for other papers', async () => {
    const subject = { documentId: id };
    await must(core, 'papers.saveDetails', {
      subject,
      details: paperDetails.parse({ contractNo: 'OTHER', buyerName: 'Somebody Else', levyNature: '999 其他' }),
    });
    const boxes = boxesOf(await preview());
    expect(boxes.get('合同协议号')).toBe('HT-2026-7');
    expect(boxes.get('境外收货人')).toBe('Harrow Gifts Ltd');
    expect(boxes.get('征免性质')).toBe('一般征税');
  });

  it('takes its numbers and the day it was declared from customs once they are known', async () => {
    const { book } = core.session;
    forceState(book, `UPDATE document SET platform_no = 'E20260000012345678' WHERE id = ${id}`);
    expect(plain(await preview())).toMatch(/预录入编号：\s*E20260000012345678\s*海关编号：\s*（/);
    forceState(book, `UPDATE document SET platform_no = '640720260123456789' WHERE id = ${id}`);
    expect(plain(await preview())).toMatch(/海关编号：\s*640720260123456789/);
  });
});

describe('an invoice and a packing list made elsewhere', () => {
  const found = async () =>
    (await must(core, 'documents.get', { id })).findings
      .filter(({ rule }) => /^D-(INVOICE|PACKING)-/.test(rule))
      .map(({ rule, path: at }) => `${rule} ${at}`);
  const totals = {
    ...{ invoiceCurrency: 'GBP', invoiceAmount: '617.28', packingQuantity: '50', packingPackages: '12' },
    ...{ packingGross: '100.5', packingNet: '90.25' },
  };
  const save = (details: object) =>
    must(core, 'papers.saveDetails', { subject: { documentId: id }, details: paperDetails.parse(details) });

  it('are held against the declaration as soon as their totals are typed', async () => {
    expect(await found()).toEqual([]);
    await save(totals);
    expect(await found()).toEqual([]);
    await save({ ...totals, invoiceAmount: '620', packingPackages: '13' });
    expect(await found()).toEqual(['D-INVOICE-AMOUNT DecList[1]/DeclTotal', 'D-PACKING-PACKAGES DecHead/PackNo']);
    await save({
      ...{ invoiceCurrency: 'USD', invoiceAmount: '620', packingQuantity: '51', packingPackages: '13' },
      ...{ packingGross: '101', packingNet: '91' },
    });
    expect((await found()).map((one) => one.split(' ')[0]).sort()).toEqual([
      'D-INVOICE-AMOUNT',
      'D-INVOICE-CURRENCY',
      'D-PACKING-GROSS',
      'D-PACKING-NET',
      'D-PACKING-PACKAGES',
      'D-PACKING-QUANTITY',
    ]);
    await save({});
    expect(await found()).toEqual([]);
  });
});

describe('the draft of an import declaration', () => {
  it('is the form of imports: its title, its labels, the right country in each box', async () => {
    forceState(
      core.session.book,
      `UPDATE document SET body = json_set(body, '$.DecHead.IEFlag', 'I') WHERE id = ${id}`,
    );
    const html = await preview();
    const text = plain(html);
    expect(text).toContain('中华人民共和国海关进口货物报关单');
    expect(text).not.toContain('出口货物报关单');
    const boxes = boxesOf(html);
    for (const label of [
      '境内发货人',
      '境外收货人',
      '生产销售单位',
      '运抵国（地区）',
      '指运港',
      '离境口岸',
      '出口日期',
    ])
      expect(boxes.has(label), label).toBe(false);
    expect(Object.fromEntries(boxes)).toMatchObject({
      境内收货人: expect.stringMatching(/./),
      进境关别: expect.stringMatching(/./),
      进口日期: '2026-11-24',
      境外发货人: 'Leeds Works Ltd',
      货物存放地点: '海口美兰机场货站',
      消费使用单位: expect.stringMatching(/./),
      启运港: expect.stringMatching(/./),
      '启运国（地区）': '英国',
      经停港: expect.stringMatching(/./),
      入境口岸: expect.stringMatching(/./),
      // On CIF too: it is what the body says.
      运费: 'USD/120/3',
    });
    // Both elements carry what their names say.
    expect(text).toMatch(/英国 \(GBR\)\s*中国 \(CHN\)/);
    expect(text).toContain('境内目的地');
  });

  it('has none of the papers of a seller', async () => {
    const subject = { documentId: id };
    expect((await must(core, 'papers.list', { subject })).kinds).toEqual([
      'declaration',
      'proxy',
      'elements',
      'emergency',
    ]);
    for (const kind of ['invoice', 'list'] as const)
      expect(await core.call('papers.preview', { subject, kind })).toMatchObject({
        ok: false,
        error: { code: 'PAPER_NOT_OF_IMPORT' },
      });
    expect(await core.call('papers.workbook', { subject, to: path.join(folder, 'x.xlsx') })).toMatchObject({
      ok: false,
      error: { code: 'PAPER_NOT_OF_IMPORT' },
    });
  });
});

describe('the emergency paper form', () => {
  it('has the figures and numbers of what will be filed, and room for customs’ hand', async () => {
    const { html } = await must(core, 'papers.preview', {
      subject: { documentId: id },
      kind: 'emergency',
      language: 'zh',
    });
    const text = plain(html);
    for (const part of [
      '应急纸质申报单',
      '6912001000',
      '陶瓷杯',
      '100.50 / 90.25',
      'GBP 617.28',
      '880-12345678',
      '关员签字',
      '赵六 0898-12345',
    ])
      expect(text).toContain(part);
    expect(text).toContain('640720260123456789');
    expect(text).toContain('以主管海关答复为准');
  });
});
