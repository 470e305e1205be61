/** Cases of the rules of messages, for their tests: sound documents, and for each rule a change that trips it. */
import { type IsoDate, parseIsoDate } from '../../calendar/index.ts';
import { catalogue } from '../../documents/catalogue.ts';
import type { documentRules, MessageName } from '../../documents/index.ts';
import { residentIdCheckCharacter, usccCheckCharacter } from '../../identity/index.ts';
import { parse5 } from '../../money/decimal.ts';
import type { BondedFacts, Manifest } from './facts.ts';
import type { BookFacts, LiveDocument } from './index.ts';

export const day = (text: string): IsoDate => {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(text);
  return date;
};

const uscc = (body: string): string => body + (usccCheckCharacter(body) ?? '');
export const FIRM = uscc('91460000MA5DEMQ01');
const BROKER = uscc('91460000MA5DEMQ02');
export const BUYER = `11010119900307123${residentIdCheckCharacter('11010119900307123') ?? ''}`;

type Fields = Record<string, string>;
export interface Doc {
  readonly head: Fields;
  readonly lines: Fields[];
}

const filed = { appType: '1', appTime: '20261120093000', appStatus: '2', customsCode: '6407' };
const buyer = { buyerIdType: '1', buyerIdNumber: BUYER, buyerName: '张三', buyerTelephone: '13800000000' };
const parts = { msgCount: '1', msgSeqNo: '1' };
export const goods = {
  gnum: '1',
  itemNo: 'MUG-1',
  gcode: '6912001000',
  gname: '陶瓷杯',
  gmodel: '无品牌',
  itemName: '陶瓷杯',
  barCode: '6901234567892',
  unit: '007',
  unit1: '007',
  qty: '2',
  qty1: '2',
  price: '12.5',
  totalPrice: '25',
  currency: '502',
};
const yuan = { ...goods, currency: '142', unit1: '011', qty1: '2' };

/** A sound document of every message that has rules. */
export function sound(message: MessageName): Doc {
  const guid = `G-${message}`;
  const doc = (head: Fields, lines: Fields[] = []): Doc => ({ head: { guid, ...filed, ...head }, lines });
  switch (message) {
    case 'CEB303Message':
      return doc({ orderNo: 'O1', orderType: 'E', currency: '502' }, [{ ...goods }]);
    case 'CEB403Message':
      return doc({ orderNo: 'O1', payName: '现金支付', accountingDate: '20261119093000' });
    case 'CEB505Message':
      return doc({ logisticsNo: 'W1', logisticsCode: FIRM, grossWeight: '1.2' });
    case 'CEB603Message':
      return doc(
        {
          ...{ copNo: 'C1', invtNo: 'L1', logisticsNo: 'W1', ieFlag: 'E', ebcCode: FIRM, agentCode: BROKER },
          ...{ tradeMode: '9610', ieDate: '20261121', billNo: '880-12345675', voyageNo: 'HU491', trafMode: '5' },
          ...{
            fFlag: '3',
            freight: '35',
            iFlag: '3',
            insuredFee: '0',
            grossWeight: '1.2',
            netWeight: '1',
            packNo: '1',
          },
          statisticsFlag: 'B',
        },
        [{ ...goods }],
      );
    case 'CEB605Message':
      return doc({ copNo: 'C2', invtNo: 'L1', reason: '买家取消订单', ebcCode: FIRM, agentCode: BROKER });
    case 'CEB607Message':
      return doc(
        {
          copNo: 'C3',
          agentCode: BROKER,
          trafMode: '5',
          voyageNo: 'HU491',
          billNo: '880-12345675',
          grossWeight: '1.2',
          ...parts,
        },
        [{ gnum: '1', logisticsNo: 'W1' }],
      );
    case 'CEB213Message':
      return doc({ coElNo: 'R1', invtNo: 'L1', ebcCode: FIRM, agentCode: BROKER, reason: '买家退货', ieFlag: 'I' }, [
        {
          gnum: '1',
          gcode: '6912001000',
          gname: '陶瓷杯',
          gmodel: '无品牌',
          unit: '007',
          unit1: '007',
          qty: '1',
          qty1: '1',
        },
      ]);
    case 'CEB215Message':
      return doc({ coElNo: 'R1', invtNo: 'L1', operatorCode: FIRM, logisticsCode: FIRM });
    case 'CEB507Message':
      return doc({ copNo: 'C4', operatorCode: FIRM, ieFlag: 'E', trafMode: '5', ...parts }, [
        { gnum: '1', logisticsNo: 'W1' },
      ]);
    case 'CEB509Message':
      return doc(
        { copNo: 'C5', logisticsCode: FIRM, trafMode: '5', voyageNo: 'HU491', leaveTime: '20261120080000', ...parts },
        [{ gnum: '1', logisticsNo: 'W1' }],
      );
    case 'CEB701Message':
      return doc({ copNo: 'C6', ebcCode: FIRM, agentCode: BROKER, declAgentCode: BROKER, ...parts }, [
        { invtNo: 'L1' },
      ]);
    case 'CEB311Message':
      return doc(
        {
          ...{
            orderNo: 'I1',
            ebcCode: FIRM,
            ...buyer,
            consignee: '张三',
            consigneeTelephone: '13800000000',
            currency: '142',
          },
          ...{ goodsValue: '25', freight: '0', taxTotal: '2.27', discount: '0', acturalPaid: '27.27' },
        },
        [{ ...yuan }],
      );
    case 'CEB411Message':
      return doc({
        ...{ payCode: FIRM, payTransactionId: 'P1', orderNo: 'I1', payerIdType: '1', payerIdNumber: BUYER },
        ...{ payerName: '张三', amountPaid: '27.27', currency: '142' },
      });
    case 'CEB511Message':
      return doc({
        ...{ logisticsNo: 'IW1', logisticsCode: FIRM, orderNo: 'I1', currency: '142', weight: '1.2', packNo: '1' },
        ...{ consignee: '张三', consigneeTelephone: '13800000000' },
      });
    case 'CEB513Message':
      return doc({ logisticsCode: FIRM, logisticsNo: 'IW1', logisticsStatus: 'S', logisticsTime: '20261120080000' });
    case 'CEB621Message':
      return doc(
        {
          ...{
            orderNo: 'I1',
            logisticsNo: 'IW1',
            copNo: 'C7',
            invtNo: 'IL1',
            ieFlag: 'I',
            ebcCode: FIRM,
            agentCode: BROKER,
          },
          ...{ ...buyer, tradeMode: '9610', trafMode: '5', trafNo: 'HU492', voyageNo: 'HU492', billNo: '880-12345675' },
          ...{ currency: '142', grossWeight: '1.2', netWeight: '1', packNo: '1' },
        },
        [{ ...yuan }],
      );
    case 'CEB623Message':
      return doc({ invtNo: 'IL1', ebcCode: FIRM, agentCode: BROKER, reason: '买家取消订单', ...buyer });
    case 'CEB625Message':
      return doc({ copNo: 'C8', invtNo: 'IL1', ebcCode: FIRM, agentCode: BROKER, reason: '买家退货', ...buyer }, [
        { gnum: '1', gcode: '6912001000', gname: '陶瓷杯', qty: '1', unit: '007' },
      ]);
    case 'CEB711Message':
      return doc({ copNo: 'C9', operatorCode: FIRM, ieFlag: 'I', logisticsCode: FIRM }, [
        { gnum: '1', logisticsNo: 'IW1' },
      ]);
    case 'DecMessage':
      return doc({ TradeCoScc: FIRM, AgentCodeScc: BROKER, TradeMode: '9710' });
    default:
      throw new Error(message);
  }
}

export function bodyOf(message: MessageName, { head, lines }: Doc): Record<string, unknown> {
  const spec = catalogue[message];
  const group = 'lines' in spec ? { [spec.lines.name]: lines } : {};
  const signed =
    message === 'DecMessage'
      ? {
          DecSign: { SignDate: '2026112009300000' },
          EdocRealation: [{ EdocID: 'O1', EdocCode: '10000004', EdocFomatType: 'S' }],
        }
      : {};
  return spec.head.name === '' ? { ...head, ...group } : { [spec.head.name]: head, ...group, ...signed };
}

const RELEASABLE: readonly MessageName[] = ['CEB603Message', 'CEB621Message'];
/** The book: it has the sound papers. Lists are released unless the paper checked withdraws them. */
function live(
  message: MessageName,
  change: Partial<LiveDocument> = {},
  head: Fields = {},
  line: Fields = {},
): LiveDocument {
  const doc = sound(message);
  Object.assign(doc.head, head);
  Object.assign(doc.lines[0] ?? {}, line);
  return {
    message,
    body: bodyOf(message, doc),
    isReleased: RELEASABLE.includes(message),
    isWithdrawn: false,
    ...change,
  };
}
const withdraws: readonly MessageName[] = ['CEB605Message', 'CEB623Message'];
const lookIn =
  (
    isReleased: boolean,
    change: Partial<LiveDocument> = {},
    head: Fields = {},
    line: Fields = {},
  ): NonNullable<BookFacts['document']> =>
  (message) =>
    live(
      message,
      RELEASABLE.includes(message) ? { isReleased, releasedOn: day('2026-11-02'), ...change } : {},
      head,
      line,
    );
export const nothing: NonNullable<BookFacts['document']> = () => null;
export const always = { from: day('2026-01-01'), to: day('2026-12-31'), modes: ['9610', '9710'] };

export const book = (message: MessageName): BookFacts => ({
  today: day('2026-11-21'),
  uses: () => 1,
  document: lookIn(!withdraws.includes(message)),
  priceHistory: () => ({ points: 9, median: parse5('12') }),
  pieceWeight: () => parse5('0.5'),
  lastDeclared: () => ({ gcode: '6912001000', gname: '陶瓷杯', unit: '007' }),
  delegations: () => [always],
  manifest: () => ({ grossWeight: parse5('100'), listedWeight: parse5('60') }),
  cnyPerUnit: () => '7.1',
  importedInYear: () => parse5('1000'),
  hasImportRates: () => true,
  parcel: () => false,
});

export const head = (change: Fields) => (doc: Doc) => Object.assign(doc.head, change);
export const line = (change: Fields) => (doc: Doc) => Object.assign(doc.lines[0] ?? {}, change);
const second = (change: Fields) => (doc: Doc) => doc.lines.push({ ...doc.lines[0], gnum: '2', ...change });
export const list = (change: Partial<LiveDocument>, fields: Fields = {}, goodsLine: Fields = {}): BookFacts => ({
  document: lookIn(change.isReleased ?? true, change, fields, goodsLine),
});

/** A list of 1210 out of a ledger that has ten of its item. */
export const fromLedger =
  (change: Fields = {}) =>
  (doc: Doc) => {
    head({ tradeMode: '1210', emsNo: 'T64072600001', iacCode: FIRM, iacName: '区内企业' })(doc);
    line({ itemRecordNo: 'P-1', ...change })(doc);
  };
export const ledger = (of: Partial<BondedFacts> = {}): BookFacts => ({
  bonded: () => ({
    ...{ firmCode: FIRM, isOpen: true },
    item: () => ({ hsCode: '69120010', unit: '007', free: parse5('10') }),
    ...of,
  }),
});

/** A bill of two packages and 60 (by 10^5) under a master waybill that states them, but for what is given. */
export const whole = (stated: { readonly packages?: bigint; readonly grossWeight?: bigint } = {}): Manifest => ({
  grossWeight: undefined,
  listedWeight: 0n,
  whole: {
    stated: { packages: 2n, grossWeight: 60n, ...stated },
    papers: { packages: 2n, grossWeight: 60n },
  },
});

/** By rule: a message, where the finding lies, what is changed in the document or in the book. */
export const trips: Readonly<
  Record<
    string,
    readonly [message: MessageName, path: string, change?: ((doc: Doc) => unknown) | undefined, facts?: BookFacts]
  >
> = {
  'M-NUMBER-USED': ['CEB603Message', 'InventoryHead/copNo', undefined, { uses: () => 2 }],
  'M-TIME-AHEAD': ['CEB513Message', 'appTime', head({ appTime: '20261123000000' })],
  'M-CHANGE-NUMBER': ['CEB607Message', 'WayBillHead/preNo', head({ appType: '2' })],
  'M-SUMMARY-CHANGE': ['CEB701Message', 'SummaryApplyHead/sumNo', head({ appType: '3' })],
  'M-GNUM': ['CEB621Message', 'InventoryList[1]/gnum', line({ gnum: '2' })],
  'M-LINE-TWICE': ['CEB607Message', 'WayBillList[2]/logisticsNo', second({})],
  'M-PART-NUMBER': ['CEB507Message', 'ArrivalHead/msgSeqNo', head({ msgSeqNo: '2' })],
  'M-DIRECTION': ['CEB711Message', 'DeliveryHead/ieFlag', head({ ieFlag: 'E' })],
  'M-CODE-FORM': ['CEB215Message', 'operatorCode', head({ operatorCode: FIRM.slice(1) })],
  'M-ID-NUMBER': ['CEB411Message', 'PaymentHead/payerIdNumber', head({ payerIdNumber: `${BUYER.slice(0, 17)}?` })],
  'M-PHONE': ['CEB511Message', 'LogisticsHead/consigneeTelephone', head({ consigneeTelephone: '0898-123' })],
  'M-CUSTOMS-AREA': ['CEB605Message', 'customsCode', head({ customsCode: '6400' })],
  'M-DELEGATION': ['CEB701Message', 'SummaryApplyHead/agentCode', undefined, { delegations: () => [] }],
  'M-DELEGATION-DATE': [
    'CEB603Message',
    'InventoryHead/agentCode',
    undefined,
    { delegations: () => [{ ...always, to: day('2026-11-19') }] },
  ],
  'M-DELEGATION-KIND': [
    'CEB701Message',
    'SummaryApplyHead/agentCode',
    undefined,
    { delegations: () => [{ ...always, messages: ['CEB603Message'] }] },
  ],
  'M-DELEGATION-MODE': [
    'CEB603Message',
    'InventoryHead/tradeMode',
    undefined,
    { delegations: () => [{ ...always, modes: ['9810'] }] },
  ],
  'M-ACCOUNT': ['CEB403Message', 'ebcCode', head({ ebcCode: FIRM }), { account: () => false }],
  'M-CREDIT-CLASS': [
    'CEB603Message',
    'InventoryHead/ebcCode',
    undefined,
    {
      customsClass: () => ({
        name: { zh: '失信企业', en: 'Dishonest firm' },
        standing: 'bad',
        effects: [{ zh: '查验率 80% 以上', en: 'At least 80% examined' }],
        unknown: null,
        source: '海关总署令第251号',
      }),
    },
  ],
  'M-BRAND': [
    'CEB603Message',
    'InventoryList[1]/gmodel',
    line({ gmodel: '品牌类型:3|出口享惠情况:0|材质:陶瓷' }),
    { brandRight: () => false },
  ],
  'M-DANGER-ASK': [
    'CEB603Message',
    'InventoryList[1]/gname',
    line({ gname: '充电宝', gcode: '8507600090' }),
    { danger: () => ({ answer: '', onFile: new Set<string>() }) },
  ],
  'M-DANGER-PAPERS': [
    'CEB603Message',
    'InventoryList[1]/gname',
    line({ gname: '充电宝', gcode: '8507600090' }),
    { danger: () => ({ answer: 'battery', onFile: new Set(['msds', 'transport-conditions']) }) },
  ],
  'M-REGISTRATION-MODE': [
    'CEB603Message',
    'InventoryHead/tradeMode',
    undefined,
    { registrations: () => [{ number: 'BA-2026-001', modes: ['9810'] }] },
  ],
  'M-REGISTRATION-DATE': [
    'CEB603Message',
    'InventoryHead/tradeMode',
    undefined,
    { registrations: () => [{ number: 'BA-2026-001', modes: [], to: day('2026-11-19') }] },
  ],
  'M-LINE-PRODUCT': ['CEB311Message', 'OrderList[1]/totalPrice', line({ price: '12.4' })],
  'M-QTY-ZERO': ['CEB625Message', 'InvtRefundList[1]/qty', line({ qty: '0' })],
  'M-PRICE-ZERO': ['CEB621Message', 'InventoryList[1]/price', line({ price: '0' })],
  'M-SECOND-UNIT': ['CEB213Message', 'InvtRefundList[1]/qty2', line({ unit2: '035' })],
  'M-LEGAL-QTY': ['CEB213Message', 'InvtRefundList[1]/qty1', line({ qty1: '3' })],
  'M-WEIGHT': ['CEB621Message', 'InventoryHead/grossWeight', head({ netWeight: '1.3' })],
  'M-WEIGHT-ZERO': ['CEB511Message', 'LogisticsHead/weight', head({ weight: '0' })],
  'M-PACKAGES': ['CEB621Message', 'InventoryHead/packNo', head({ packNo: '0' })],
  'M-NAME-VAGUE': ['CEB213Message', 'InvtRefundList[1]/gname', line({ gname: '礼品' })],
  'M-NAME-WIDE': ['CEB603Message', 'InventoryList[1]/gmodel', line({ gmodel: 'Ａ型' })],
  'M-BARCODE': ['CEB603Message', 'InventoryList[1]/barCode', line({ barCode: '6901234567893' })],
  'M-ITEM-PRICES': ['CEB303Message', 'OrderList[2]/price', second({ price: '13' })],
  'M-PRICE-HISTORY': [
    'CEB603Message',
    'InventoryList[1]/price',
    undefined,
    { priceHistory: () => ({ points: 5, median: parse5('4') }) },
  ],
  'M-WEIGHT-PIECE': ['CEB603Message', 'InventoryHead/netWeight', undefined, { pieceWeight: () => parse5('0.2') }],
  'M-CODE-CHANGED': ['CEB603Message', 'InventoryList[1]/gcode', line({ gcode: '6911101900' })],
  'M-NAME-CHANGED': ['CEB603Message', 'InventoryList[1]/gname', line({ gname: '瓷杯' })],
  'M-UNIT-CHANGED': ['CEB603Message', 'InventoryList[1]/unit', line({ unit: '011' })],
  'M-B2B-CAP': [
    'CEB603Message',
    'InventoryHead/tradeMode',
    (doc) => [head({ tradeMode: '9710' })(doc), line({ totalPrice: '704.23' })(doc)],
  ],
  'M-B2B-LICENCE': ['CEB603Message', 'InventoryHead/licenseNo', head({ tradeMode: '9710', licenseNo: '1' })],
  'M-LEDGER-FORM': ['CEB621Message', 'InventoryHead/emsNo', head({ emsNo: 'T64' })],
  'M-LEDGER-IDLE': ['CEB603Message', 'InventoryHead/emsNo', head({ emsNo: 'T64072600001' })],
  'M-ZONE-FIRM': ['CEB603Message', 'InventoryHead/iacCode', head({ iacCode: '1' })],
  'M-ITEM-RECORD': ['CEB621Message', 'InventoryList[1]/itemRecordNo', head({ tradeMode: '1210' })],
  'M-BONDED-BOOK': ['CEB603Message', 'InventoryHead/emsNo', fromLedger(), { bonded: () => null }],
  'M-BONDED-FIRM': ['CEB603Message', 'InventoryHead/iacCode', fromLedger(), ledger({ firmCode: BROKER })],
  'M-BONDED-ITEM': ['CEB603Message', 'InventoryList[1]/itemRecordNo', fromLedger(), ledger({ item: () => null })],
  'M-BONDED-UNIT': ['CEB603Message', 'InventoryList[1]/unit', fromLedger({ unit: '011' }), ledger()],
  'M-BONDED-CODE': ['CEB603Message', 'InventoryList[1]/gcode', fromLedger({ gcode: '6911101900' }), ledger()],
  'M-BONDED-SHORT': ['CEB603Message', 'InventoryList[1]/qty', fromLedger({ qty: '10.00001' }), ledger()],
  'M-AIR-BILL': ['CEB607Message', 'WayBillHead/billNo', head({ billNo: '880-12345674' })],
  'M-AIR-FLIGHT': ['CEB509Message', 'DepartureHead/voyageNo', head({ voyageNo: '' })],
  'M-FEE-RATE': ['CEB603Message', 'InventoryHead/freight', head({ fFlag: '1' })],
  'M-RECEIVED-AHEAD': ['CEB403Message', 'accountingDate', head({ accountingDate: '20261121093000' })],
  'M-PAY-CODE': ['CEB403Message', 'payNo', head({ payName: '某支付公司' })],
  'M-MANIFEST': ['CEB603Message', 'InventoryHead/billNo', undefined, { manifest: () => null }],
  'M-MANIFEST-WEIGHT': [
    ...(['CEB603Message', 'InventoryHead/grossWeight', undefined] as const),
    { manifest: () => ({ grossWeight: parse5('59'), listedWeight: parse5('60') }) },
  ],
  'M-BILL-WEIGHT': [
    'CEB603Message',
    'InventoryHead/grossWeight',
    undefined,
    { manifest: () => whole({ grossWeight: 59n }) },
  ],
  'M-BILL-PACKAGES': ['CEB603Message', 'InventoryHead/packNo', undefined, { manifest: () => whole({ packages: 1n }) }],
  'M-BILL-LISTED': [
    ...(['DecMessage', 'DecHead/GrossWet', head({ BillNo: '880-12345675', GrossWet: '60' })] as const),
    { manifest: () => ({ grossWeight: parse5('59'), listedWeight: 0n }) },
  ],
  'M-PARCEL': ['CEB621Message', 'InventoryHead/logisticsNo', undefined, { parcel: () => true }],
  'M-WAYBILL-UNKNOWN': ['CEB507Message', 'ArrivalList[1]/logisticsNo', undefined, { document: nothing }],
  'M-LIST-REJECTED': ['CEB509Message', 'DepartureList[1]/logisticsNo', undefined, list({ isRejected: true })],
  'M-WAYBILL-TWICE': ['CEB607Message', 'WayBillList[1]/logisticsNo', undefined, { namedBy: () => ['C0'] }],
  'M-LISTS-LEFT': [
    'CEB507Message',
    'ArrivalList',
    undefined,
    { shipmentLists: () => [{ logisticsNo: 'W-OTHER', isRejected: true, isFiled: true }] },
  ],
  'M-LEFT-AHEAD': ['CEB509Message', 'DepartureHead/leaveTime', head({ leaveTime: '20261120093001' })],
  'M-MASTER-WEIGHT': ['CEB607Message', 'WayBillHead/grossWeight', head({ grossWeight: '1.3' })],
  'M-MASTER-BILL': ['CEB607Message', 'WayBillList[1]/logisticsNo', undefined, list({}, { billNo: '880-00000000' })],
  'M-MASTER-VOYAGE': ['CEB607Message', 'WayBillList[1]/logisticsNo', undefined, list({}, { voyageNo: 'HU1' })],
  'M-LIST-UNKNOWN': ['CEB605Message', 'invtNo', undefined, { document: nothing }],
  'M-LIST-WITHDRAWN': ['CEB625Message', 'InvtRefundHead/invtNo', undefined, list({ isWithdrawn: true })],
  'M-WITHDRAW-RELEASED': ['CEB623Message', 'invtNo', undefined, list({ isReleased: true })],
  'M-RETURN-UNRELEASED': ['CEB213Message', 'InvtRefundHead/invtNo', undefined, list({ isReleased: false })],
  'M-LIST-PARTIES': ['CEB605Message', 'customsCode', undefined, list({ isReleased: false }, { customsCode: '6402' })],
  'M-REASON': ['CEB213Message', 'InvtRefundHead/reason', head({ reason: '退' })],
  'M-RETURN-CODE': ['CEB213Message', 'InvtRefundList[1]/gcode', line({ gcode: '6911101900' })],
  'M-RETURN-QTY': ['CEB625Message', 'InvtRefundList[1]/qty', line({ qty: '3' })],
  'M-RETURN-SUM': ['CEB213Message', 'InvtRefundList[1]/qty', undefined, { returnedByOthers: () => parse5('1.5') }],
  'M-RETURN-LATE': ['CEB213Message', 'InvtRefundHead/appTime', undefined, list({ releasedOn: day('2026-05-19') })],
  'M-RETURN-LATE-IMPORT': [
    'CEB625Message',
    'InvtRefundHead/appTime',
    undefined,
    list({ releasedOn: day('2026-10-20') }),
  ],
  'M-RETURN-APPLIED': ['CEB215Message', 'invtNo', undefined, { document: nothing }],
  'M-SUMMARY-PERIOD': ['CEB701Message', 'SummaryApplyHead/endTime', head({ startTime: '20261001000000' })],
  'M-SUMMARY-ORDER': [
    'CEB701Message',
    'SummaryApplyHead/endTime',
    head({ startTime: '20261001000000', endTime: '20260930000000' }),
  ],
  'M-SUMMARY-EMPTY': ['CEB701Message', 'SummaryApplyHead/startTime', (doc) => doc.lines.pop()],
  'M-SUMMARY-BOTH': [
    'CEB701Message',
    'SummaryApplyHead/startTime',
    head({ startTime: '20261001000000', endTime: '20261031000000' }),
  ],
  'M-SUMMARY-TIME': [
    'CEB701Message',
    'SummaryApplyHead/startTime',
    head({ startTime: '20261001000000', endTime: '20261031000000' }),
  ],
  'M-SUMMARY-LIST': ['CEB701Message', 'SummaryApplyList[1]/invtNo', undefined, { document: nothing }],
  'M-SUMMARY-STATISTICS': ['CEB701Message', 'SummaryApplyList[1]/invtNo', undefined, list({}, { statisticsFlag: 'A' })],
  'M-SUMMARY-CONSIGNOR': ['CEB701Message', 'SummaryApplyList[1]/invtNo', undefined, list({}, { ebcCode: BROKER })],
  'M-SUMMARY-WITHDRAWN': ['CEB701Message', 'SummaryApplyList[1]/invtNo', undefined, list({ isWithdrawn: true })],
  'M-SUMMARY-UNRELEASED': ['CEB701Message', 'SummaryApplyList[1]/invtNo', undefined, list({ isReleased: false })],
  'M-SUMMARY-MODE': [
    'CEB701Message',
    'SummaryApplyList[1]/invtNo',
    undefined,
    { ...list({}, { tradeMode: '9710' }), listsAreSummed: (mode) => mode !== '9710' },
  ],
  'M-SUMMARY-TWICE': ['CEB701Message', 'SummaryApplyList[1]/invtNo', undefined, { namedBy: () => ['C0'] }],
  'M-SUMMARY-LATE': ['CEB701Message', 'SummaryApplyList[1]/invtNo', undefined, list({ releasedOn: day('2026-09-30') })],
  'M-IMPORT-CURRENCY': ['CEB411Message', 'PaymentHead/currency', head({ currency: '502' })],
  'M-IMPORT-MODE': ['CEB621Message', 'InventoryHead/tradeMode', head({ tradeMode: '0110' })],
  'M-IMPORT-BONDED': ['CEB621Message', 'InventoryHead/areaCode', head({ tradeMode: '1210' })],
  'M-IMPORT-DIRECT': ['CEB621Message', 'InventoryHead/trafNo', head({ trafNo: '' })],
  'M-IMPORT-ORDER-SUM': ['CEB311Message', 'OrderHead/goodsValue', head({ goodsValue: '26' })],
  'M-IMPORT-PAID': ['CEB311Message', 'OrderHead/acturalPaid', head({ discount: '1' })],
  'M-IMPORT-TAX-NONE': ['CEB311Message', 'OrderHead/taxTotal', head({ taxTotal: '0' })],
  'M-IMPORT-RATES': ['CEB621Message', 'InventoryList[1]/gcode', undefined, { hasImportRates: () => false }],
  'M-IMPORT-LIMIT': ['CEB621Message', 'InventoryList', line({ totalPrice: '5000.01' })],
  'M-IMPORT-ONE-PIECE': ['CEB621Message', 'InventoryList[1]/totalPrice', line({ qty: '1', totalPrice: '5000.01' })],
  'M-IMPORT-YEAR': [
    'CEB621Message',
    'InventoryHead/buyerIdNumber',
    undefined,
    { importedInYear: () => parse5('25975.01') },
  ],
  'M-IMPORT-PAYMENT': ['CEB411Message', 'PaymentHead/amountPaid', head({ amountPaid: '27' })],
  'M-IMPORT-PAYER': ['CEB411Message', 'PaymentHead/payerName', head({ payerName: '李四' })],
  'M-IMPORT-BUYER': ['CEB621Message', 'InventoryHead/buyerName', head({ buyerName: '李四' })],
  'M-IMPORT-VALUE': ['CEB621Message', 'InventoryList', line({ totalPrice: '24' })],
  'M-IMPORT-CONSIGNEE': ['CEB511Message', 'LogisticsHead/consignee', head({ consignee: '李四' })],
  'M-IMPORT-WEIGHT': ['CEB621Message', 'InventoryHead/grossWeight', head({ grossWeight: '1.25' })],
  'M-SIGNED-STATUS': ['CEB513Message', 'logisticsStatus', head({ logisticsStatus: 'R' })],
  'M-SIGNED-AHEAD': ['CEB513Message', 'logisticsTime', head({ logisticsTime: '20261120093001' })],
};

const guid = '0A1B2C3D-0000-4000-8000-0123456789AB';
/** What the head of a sound list has beyond what the rules of messages ask for. */
export const wholeHead: Fields = {
  ...{
    guid,
    ebpCode: '无',
    ebpName: '平台',
    orderNo: 'O1',
    logisticsCode: FIRM,
    logisticsName: '物流',
    portCode: '6407',
  },
  ...{ agentName: '报关行', ebcName: '电商', ownerCode: 'NO', ownerName: 'NO', country: '502', POD: '502' },
  ...{ fCurrency: '502', iCurrency: '502', wrapType: '2' },
};
/** Each rule of single fields on a list: a change that trips it; the fields left alone trip none of these. */
export const fieldTrips: Readonly<Record<(typeof documentRules)[number], (doc: Doc) => unknown>> = {
  'DOC-REQUIRED': head({ copNo: '' }),
  'DOC-REQUIRED-WHEN': head({ tradeMode: '1210' }),
  'DOC-TOO-LONG': head({ orderNo: 'X'.repeat(61) }),
  'DOC-TOO-SHORT': head({ POD: '1' }),
  'DOC-LENGTH': head({ customsCode: '640' }),
  'DOC-NOT-DECIMAL': head({ grossWeight: '1,2' }),
  'DOC-DIGITS': head({ grossWeight: '1'.repeat(15) }),
  'DOC-FRACTION': head({ grossWeight: '1.234567' }),
  'DOC-NEGATIVE': head({ grossWeight: '-1' }),
  'DOC-NOT-INTEGER': head({ packNo: '1.5' }),
  'DOC-VALUE': head({ statisticsFlag: 'C' }),
  'DOC-CODE': head({ customsCode: '9998' }),
  'DOC-DATE': head({ ieDate: '20260231' }),
  'DOC-TIME': head({ appTime: '20261120253000' }),
  'DOC-GUID': head({ guid: guid.toLowerCase() }),
  'DOC-CHARACTER': head({ orderNo: 'A\u0001' }),
  'DOC-BLANKS': head({ orderNo: ' A' }),
  'DOC-EXPONENT': head({ orderNo: '6.93E+12' }),
  'DOC-NO-LINES': (doc) => doc.lines.splice(0),
  'DOC-TOO-MANY-LINES': (doc) => {
    for (let at = 2; at <= 101; at++) doc.lines.push({ ...doc.lines[0], gnum: String(at) });
  },
};
