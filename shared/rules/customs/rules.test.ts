import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type IsoDate, parseIsoDate } from '../../calendar/index.ts';
import { documentRules } from '../../documents/index.ts';
import { usccCheckCharacter } from '../../identity/index.ts';
import { matchCodes } from '../../matching/record-match.ts';
import { buildTable, tableSet } from '../../tables/index.ts';
import { endpointRuleIds } from '../endpoint/rules.ts';
import { forexFormRules } from '../forex-forms/rules.ts';
import { findingOfCode } from '../matching/texts.ts';
import { packOn } from '../pack.ts';
import { personRules } from '../person/filings.ts';
import {
  checkRetailExport,
  customsPackSchema,
  customsRules,
  declarationRules,
  fillMessage,
  messageRules,
  type RetailExportSet,
  ruleTexts,
  textOfFinding,
} from './index.ts';

const json = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${name}`, import.meta.url), 'utf8'));
const tables = tableSet(
  ['customs_district', 'port', 'wrap_type_old', 'hs'].map((id) => buildTable(json(`tables/${id}.json`))),
);
const pack = customsPackSchema.parse(json('rules/customs-9610.json'));
function day(text: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(text);
  return date;
}
const current = packOn(pack, day('2026-11-20'));
const earlier = packOn(pack, day('2024-12-14'));
if (current === undefined || earlier === undefined) throw new Error('no pack');

const uscc = (body: string): string => body + (usccCheckCharacter(body) ?? '');
const FIRM = uscc('91460000MA5DEMQ01');
const CARRIER = '4601980123';

type Fields = Record<string, string>;
interface Draft {
  order: { OrderHead: Fields; OrderList: Fields[] };
  receipt: Fields;
  waybill: Fields;
  list: { InventoryHead: Fields; InventoryList: Fields[] };
}

/** A sound set: two mugs and a lamp, sold through a foreign marketplace. */
function sound(): Draft {
  const lines = [
    { gnum: '1', itemNo: 'MUG-1', unit: '007', currency: '502', qty: '2', price: '12.5', totalPrice: '25' },
    { gnum: '2', itemNo: 'LAMP-1', unit: '007', currency: '502', qty: '1', price: '30.00005', totalPrice: '30.00005' },
  ];
  return {
    order: {
      OrderHead: {
        orderType: 'E',
        orderNo: 'PB-1',
        ebpCode: '无',
        ebcCode: FIRM,
        goodsValue: '55.00005',
        freight: '5',
        currency: '502',
      },
      OrderList: structuredClone(lines),
    },
    receipt: { orderNo: 'PB-1', ebpCode: '无', ebcCode: FIRM, charge: '60', currency: '502' },
    waybill: {
      logisticsCode: CARRIER,
      logisticsNo: 'W1',
      freight: '5',
      insuredFee: '0',
      currency: '502',
      grossWeight: '1.2',
      packNo: '1',
      goodsInfo: '陶瓷杯等2项',
      ebcCode: FIRM,
    },
    list: {
      InventoryHead: {
        appTime: '20261120093000',
        customsCode: '6407',
        ebpCode: '无',
        orderNo: 'PB-1',
        logisticsCode: CARRIER,
        logisticsNo: 'W1',
        portCode: '6407',
        ieDate: '20261121',
        statisticsFlag: 'A',
        agentCode: FIRM,
        ebcCode: FIRM,
        ownerCode: 'NO',
        ownerName: 'NO',
        tradeMode: '9610',
        country: '502',
        POD: '502',
        freight: '5',
        fCurrency: '502',
        fFlag: '3',
        insuredFee: '0',
        iCurrency: '502',
        iFlag: '3',
        wrapType: '2',
        packNo: '1',
        grossWeight: '1.20000',
        netWeight: '1',
      },
      InventoryList: lines.map((line, i) => ({
        ...line,
        gcode: i === 0 ? '6912001000' : '9405210090',
        gmodel: '无品牌',
        country: '502',
        qty1: i === 0 ? '2' : '0.6',
        unit1: i === 0 ? '007' : '035',
      })),
    },
  };
}

type Extra = Partial<Pick<RetailExportSet, 'profile' | 'product' | 'batch' | 'orderedOn' | 'parameters'>>;

function run(
  change: (draft: Draft) => unknown = () => undefined,
  extra: Extra = {},
  without: readonly ('order' | 'receipt' | 'waybill')[] = [],
) {
  const draft = sound();
  change(draft);
  const { order, receipt, waybill, list } = draft;
  return checkRetailExport({
    list,
    ...(without.includes('order') ? {} : { order }),
    ...(without.includes('receipt') ? {} : { receipt }),
    ...(without.includes('waybill') ? {} : { waybill }),
    tables,
    parameters: current?.parameters ?? ({} as never),
    profile: { foreignPlatform: true, inPilotZone: true, dxpId: 'DXPENT0000000001' },
    product: () => ({ licence: false, inspection: false, exportDuty: false, refund: false }),
    batch: { waybillCount: () => 1, waybillLastUsed: () => undefined },
    orderedOn: day('2026-11-19'),
    ...extra,
  });
}

const profile = { foreignPlatform: true, inPilotZone: true, dxpId: 'DXPENT0000000001' };
const head = (changes: Fields) => (d: Draft) => Object.assign(d.list.InventoryHead, changes);
const line =
  (changes: Fields, at = 0) =>
  (d: Draft) =>
    Object.assign(d.list.InventoryList[at] ?? {}, changes);
const orderLine =
  (changes: Fields, at = 0) =>
  (d: Draft) =>
    Object.assign(d.order.OrderList[at] ?? {}, changes);
const more = (lines: Fields[], n: number) => {
  for (let i = lines.length; i < n; i++) lines.push({ ...lines[0], gnum: String(i + 1) });
};

/** Each rule with changes that trip it and where the finding then lies. The unchanged set trips none of them. */
const trips: Readonly<
  Record<
    string,
    readonly [
      path: string,
      change?: ((d: Draft) => unknown) | undefined,
      extra?: Extra,
      without?: ('order' | 'receipt' | 'waybill')[],
    ]
  >
> = {
  'C-ORDER-NO': ['InventoryHead/orderNo', head({ orderNo: 'PB-2' })],
  'C-ORDER-CHARS': ['InventoryHead/orderNo', head({ orderNo: 'PB 1' })],
  'C-LINE-COUNT': ['InventoryList', (d) => d.list.InventoryList.pop()],
  'C-LINE-MATCH': ['InventoryList[2]/gnum', line({ gnum: '7' }, 1)],
  'C-LINE-ITEM': ['InventoryList[1]/itemNo', line({ itemNo: 'MUG-2' })],
  'C-LINE-QTY': ['InventoryList[1]/qty', line({ qty: '3' })],
  'C-LINE-PRICE': ['InventoryList[1]/price', line({ price: '12.50001' })],
  'C-LINE-TOTAL': ['InventoryList[2]/totalPrice', line({ totalPrice: '30' }, 1)],
  'C-LINE-UNIT': ['InventoryList[1]/unit', line({ unit: '011' })],
  'C-LINE-PRODUCT': ['InventoryList[1]/totalPrice', line({ totalPrice: '24.99' })],
  'C-ORDER-SUM': ['OrderHead/goodsValue', (d) => Object.assign(d.order.OrderHead, { goodsValue: '55' })],
  'C-GNUM': ['InventoryList[2]/gnum', line({ gnum: '3' }, 1)],
  'C-LINES-MAX': ['InventoryList', (d) => more(d.list.InventoryList, 101)],
  'C-ITEM-LENGTH': ['OrderList[1]/itemNo', orderLine({ itemNo: 'X'.repeat(21) })],
  'C-PARTIES': ['InventoryHead/ebcCode', (d) => Object.assign(d.order.OrderHead, { ebcCode: CARRIER })],
  'C-MODE': ['InventoryHead/tradeMode', head({ tradeMode: '9810' })],
  'C-CURRENCY': ['InventoryList[1]/currency', line({ currency: '303' })],
  'C-PRICE-ZERO': ['InventoryList[1]/price', line({ price: '0.00' })],
  'C-QTY-ZERO': ['InventoryList[1]/qty', line({ qty: '0' })],
  'C-RECEIPT-ORDER': ['orderNo', (d) => Object.assign(d.receipt, { orderNo: 'PB-9' })],
  'C-RECEIPT-CHARGE': ['charge', (d) => Object.assign(d.receipt, { charge: '59' })],
  'C-RECEIPT-MISSING': ['OrderHead/orderNo', undefined, { parameters: earlier.parameters }, ['receipt']],
  'C-FEE-CURRENCY': ['InventoryHead/fCurrency', head({ fCurrency: '' })],
  'C-FEE-WAYBILL': ['InventoryHead/freight', head({ freight: '4' })],
  'C-WAYBILL-NO': ['InventoryHead/logisticsNo', head({ logisticsNo: 'W2' })],
  'C-WAYBILL-BATCH': ['InventoryHead/logisticsNo', undefined, { batch: { waybillCount: () => 2 } }],
  'C-WAYBILL-REUSE': ['InventoryHead/logisticsNo', undefined, { batch: { waybillLastUsed: () => day('2026-05-21') } }],
  'C-WEIGHT-NET': ['InventoryHead/grossWeight', head({ netWeight: '1.20001' })],
  'C-WEIGHT-WAYBILL': ['InventoryHead/grossWeight', head({ grossWeight: '1.3' })],
  'C-PACKAGES': ['InventoryHead/packNo', head({ packNo: '0' })],
  'C-PACKAGES-WAYBILL': ['InventoryHead/packNo', head({ packNo: '2' })],
  'C-GOODS-INFO': ['goodsInfo', (d) => Object.assign(d.waybill, { goodsInfo: ' 礼品 ' })],
  'C-WRAP': ['InventoryHead/wrapType', head({ wrapType: '22' })],
  'C-COUNTRY': ['InventoryList[1]/country', line({ country: '303' })],
  'C-COUNTRY-HOME': ['InventoryHead/country', head({ country: '142' })],
  'C-POD': ['InventoryHead/POD', head({ POD: '3154', country: '303' })],
  'C-CUSTOMS-AREA': ['InventoryHead/portCode', head({ portCode: '6400' })],
  'C-DATE-PAST': ['InventoryHead/ieDate', head({ ieDate: '20261119' })],
  'C-DATE-ORDER': ['InventoryHead/ieDate', undefined, { orderedOn: day('2026-11-22') }],
  'C-HS-HEADING': ['InventoryList[1]/gcode', line({ gcode: '0000000000' })],
  'C-HS-CODE': ['InventoryList[1]/gcode', (d) => [head({ statisticsFlag: 'B' })(d), line({ gcode: '6912999999' })(d)]],
  'C-GMODEL': ['InventoryList[1]/gmodel', head({ statisticsFlag: 'B' })],
  'C-SIMPLIFIED': ['InventoryList[1]/gcode', undefined, { product: () => ({ refund: true }) }],
  'C-SIMPLIFIED-ZONE': ['InventoryHead/statisticsFlag', undefined, { profile: { ...profile, inPilotZone: false } }],
  'C-SECOND-UNIT': ['InventoryList[1]/qty2', line({ unit2: '035' })],
  'C-LEGAL-QTY': ['InventoryList[1]/qty1', line({ qty1: '3' })],
  'C-PLATFORM-FOREIGN': ['InventoryHead/ebpCode', head({ ebpCode: CARRIER })],
  'C-PLATFORM-DOMESTIC': ['InventoryHead/ebpCode', undefined, { profile: { foreignPlatform: false } }],
  'C-CODE-FORM': [
    'InventoryHead/agentCode',
    head({ agentCode: `${FIRM.slice(0, 17)}${FIRM.endsWith('1') ? '2' : '1'}` }),
  ],
  'C-OWNER': ['InventoryHead/ownerName', head({ ownerName: '某厂' })],
  'C-DXP': ['BaseTransfer/dxpId', undefined, { profile: { ...profile, dxpId: 'abc' } }],
};

describe('the check list of 9610', () => {
  it('has its rules, each tried', () => {
    expect(customsRules.length).toBeGreaterThanOrEqual(25);
    expect(new Set(customsRules.map((r) => r.id)).size).toBe(customsRules.length);
    expect(Object.keys(trips).sort()).toEqual(customsRules.map((r) => r.id).sort());
    for (const one of customsRules) expect(one.source.length, one.id).toBeGreaterThan(3);
  });
  it('passes a sound set', () => {
    expect(run()).toEqual([]);
    expect(run(undefined, {}, ['order', 'receipt', 'waybill'])).toEqual([]);
  });
  it.each(Object.entries(trips))('%s trips', (id, [path, change, extra, without]) => {
    const found = run(change, extra, without);
    expect(found.filter((f) => f.rule === id).map((f) => f.path)).toContain(path);
    for (const finding of found) {
      for (const language of ['zh-CN', 'en'] as const)
        expect(textOfFinding(finding, language)?.message, finding.rule).not.toMatch(/[{}]/);
    }
  });
  it('survives empty and broken drafts', () => {
    expect(() => run((d) => Object.assign(d, { list: {}, order: {}, waybill: {}, receipt: {} }))).not.toThrow();
    expect(() => run(head({ grossWeight: 'x', netWeight: '', ieDate: 'zz', packNo: '' }))).not.toThrow();
  });
  it('can be switched off by id', () => {
    const draft = sound();
    const set: RetailExportSet = {
      list: draft.list,
      tables,
      parameters: current.parameters,
      profile: { ...profile, dxpId: 'abc' },
    };
    expect(checkRetailExport(set).map((f) => f.rule)).toEqual(['C-DXP']);
    expect(checkRetailExport(set, { off: new Set(['C-DXP']) })).toEqual([]);
  });
  it('knows edges', () => {
    expect(run(undefined, { batch: { waybillLastUsed: () => day('2026-05-20') } })).toEqual([]);
    expect(run(head({ netWeight: '1.2' }))).toEqual([]);
    expect(run(head({ netWeight: '0' })).map((f) => f.path)).toEqual(['InventoryHead/netWeight']);
    expect(run(head({ ieDate: '20261120' }))).toEqual([]);
    expect(run(orderLine({ qty: '2.00000' }))).toEqual([]);
    expect(run(line({ gcode: '6912990000' }))).toEqual([]);
    expect(run(head({ POD: '3154' }))).toEqual([]);
  });
});

describe('rule pack', () => {
  it('has one version a day', () => {
    expect(earlier.parameters.receiptRequired).toBe(true);
    expect(current.parameters.receiptRequired).toBe(false);
    expect(packOn(pack, day('2018-01-01'))).toBeUndefined();
    for (const version of pack.versions) new RegExp(version.parameters.dxpIdPattern);
    for (const date of ['2018-12-29', '2024-12-14', '2024-12-15', '2030-01-01']) {
      expect(
        pack.versions.filter((v) => v.inForceFrom <= date && (v.inForceTo === null || date <= v.inForceTo)).length,
        date,
      ).toBe(1);
    }
  });
});

describe('texts', () => {
  const read = [
    'SYNTAX',
    'DOCTYPE',
    'ROOT',
    'ROOT-NAME',
    'NAMESPACE',
    'UNKNOWN',
    'DUPLICATE',
    'ORDER',
    'COUNT',
    'GUID',
    'TEXT',
    'TRANSFER',
  ].map((r) => `READ-${r}`);
  const identity = ['LENGTH', 'CHARACTER', 'LOWERCASE', 'CHECK', 'FORMAT', 'DATE'].map((r) => `ID-${r}`);
  const wanted = [
    ...customsRules.map((r) => r.id),
    ...messageRules.map((r) => r.id),
    ...declarationRules.map((r) => r.id),
    ...forexFormRules.map((r) => r.id),
    ...documentRules,
    ...read,
    ...identity,
    ...matchCodes.map(findingOfCode),
    'ENTRY-CONFIRM',
    ...endpointRuleIds,
    ...personRules.map((r) => r.id),
  ].sort();
  it.each(['zh-CN', 'en'] as const)('%s has every rule and no other', (language) => {
    expect(Object.keys(ruleTexts[language]).sort()).toEqual(wanted);
    for (const [id, text] of Object.entries(ruleTexts[language]))
      for (const [key, value] of Object.entries(text)) expect(value, `${id} ${key}`).toMatch(/\S/);
  });
  it('uses the same params in both languages, those of one language apart', () => {
    const params = (text: string) =>
      [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => (m[1] ?? '').replace(/En$/, '')))].sort();
    for (const id of wanted)
      expect(params(ruleTexts.en[id]?.message ?? ''), id).toEqual(params(ruleTexts['zh-CN'][id]?.message ?? ''));
  });
  it('fills messages', () => {
    expect(fillMessage('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  });
});
