/** Cases of the check list of retail exports, for their tests: a sound set of papers, and for each rule a change that trips it. */
import { type IsoDate, parseIsoDate } from '../../calendar/index.ts';
import { usccCheckCharacter } from '../../identity/index.ts';
import type { RetailExportSet } from './index.ts';

export function day(text: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(text);
  return date;
}

const uscc = (body: string): string => body + (usccCheckCharacter(body) ?? '');
const FIRM = uscc('91460000MA5DEMQ01');
export const CARRIER = '4601980123';

type Fields = Record<string, string>;
export interface Draft {
  order: { OrderHead: Fields; OrderList: Fields[] };
  receipt: Fields;
  waybill: Fields;
  list: { InventoryHead: Fields; InventoryList: Fields[] };
}

/** A sound set: two mugs and a lamp, sold through a foreign marketplace. */
export function sound(): Draft {
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
      OrderList: lines.map((one) => ({ ...one })),
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

export type Extra = Partial<
  Pick<RetailExportSet, 'profile' | 'product' | 'batch' | 'orderedOn' | 'mode' | 'cnyPerUnit'> & {
    /** The day whose parameters hold. */
    readonly on: string;
    /** The mode whose entry in the pack holds. */
    readonly modeId: string;
  }
>;

export const profile = { foreignPlatform: true, inPilotZone: true, dxpId: 'DXPENT0000000001' };
export const head = (changes: Fields) => (d: Draft) => Object.assign(d.list.InventoryHead, changes);
export const line =
  (changes: Fields, at = 0) =>
  (d: Draft) =>
    Object.assign(d.list.InventoryList[at] ?? {}, changes);
export const orderLine =
  (changes: Fields, at = 0) =>
  (d: Draft) =>
    Object.assign(d.order.OrderList[at] ?? {}, changes);
const more = (lines: Fields[], n: number) => {
  for (let i = lines.length; i < n; i++) lines.push({ ...lines[0], gnum: String(i + 1) });
};

/** Each rule with changes that trip it and where the finding then lies. The unchanged set trips none of them. */
export const trips: Readonly<
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
  'C-RECEIPT-MISSING': ['OrderHead/orderNo', undefined, { on: '2024-12-14' }, ['receipt']],
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
  'C-SIMPLIFIED': ['InventoryList[1]/gcode', undefined, { product: () => ({ exportDuty: true }) }],
  'C-LIST-GOODS': [
    'InventoryList[1]/gcode',
    head({ statisticsFlag: 'B', tradeMode: '9710' }),
    { modeId: '9710', product: () => ({ inspection: true }) },
  ],
  'C-SIMPLIFIED-REFUND': ['InventoryHead/statisticsFlag', undefined, { profile: { ...profile, simplified: false } }],
  'C-SIMPLIFIED-CAP': [
    'InventoryHead/statisticsFlag',
    line({ totalPrice: '705' }),
    { modeId: '9610', cnyPerUnit: () => '7.1' },
  ],
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
