/** Cases of the rules of the goods declaration, for their tests: a sound one, and for each rule a change that trips it. */
import type { TradePapers } from './facts.ts';
import type { BookFacts, LiveDocument } from './index.ts';

type Fields = Record<string, unknown>;
export interface Body {
  DecHead: Fields;
  DecList: Fields[];
  DecSign: Fields;
  [group: string]: unknown;
}
const SCC = '91460000MA5DEMQ01X';
const item = (no: number): Fields => ({
  ...{ GNo: String(no), CodeTS: '6912001000', GModel: '1|0|陶瓷', GQty: '2', GUnit: '007', DeclPrice: '12.5' },
  ...{ DeclTotal: '25', TradeCurr: 'USD', FirstQty: '1.5', FirstUnit: '035', SecondQty: '2', SecondUnit: '007' },
  ...{ OriginCountry: 'USA', DestinationCountry: 'CHN' },
});
export const sound = (): Body => ({
  DecHead: {
    ...{ IEFlag: 'E', TradeMode: '9710', TradeCountry: 'USA', GrossWet: '4', NetWt: '3', PackNo: '1', TransMode: '3' },
    ...{ PromiseItmes: '99999', TradeCoScc: SCC, OwnerCodeScc: 'NO', AgentCodeScc: SCC },
    ...{ TrafMode: '5', TrafName: 'CA1', BillNo: 'B1' },
  },
  DecList: [item(1), item(2)],
  Container: [{ ContainerId: 'C', GoodsNo: '1,2' }],
  DecSign: { OperType: 'G', ClientSeqNo: 'P1' },
  EdocRealation: [{ EdocID: 'O1', EdocCode: '10000004' }],
});
const head = (fields: Fields) => (body: Body) => Object.assign(body.DecHead, fields);
export const second = (fields: Fields) => (body: Body) => Object.assign(body.DecList[1] ?? {}, fields);

export const orderOf = (goodsValue: string): LiveDocument => ({
  ...{ message: 'CEB303Message', isReleased: false, isWithdrawn: false },
  body: { OrderHead: { orderNo: 'O1', goodsValue, freight: '0', currency: '502' } },
});
/** An invoice and packing list that agree with the sound declaration, but for what is given. */
export const papers = (more: Partial<TradePapers>, others: TradePapers['others'] = []): BookFacts => ({
  tradePapers: () => ({
    ...{ currency: 'USD', amount: 5_000_000n, quantity: 400_000n, packages: 100_000n, gross: 400_000n, net: 300_000n },
    ...more,
    others,
  }),
});
export const trips: Readonly<
  Record<string, readonly [path: string, change: (body: Body) => unknown, facts?: BookFacts]>
> = {
  'D-ITEM-NUMBER': ['DecList[2]/GNo', second({ GNo: '3' })],
  'D-CODE-FORM': ['DecList[2]/CodeTS', second({ CodeTS: '6912' })],
  'D-QUANTITY': ['DecList[2]/FirstQty', second({ FirstQty: '0' })],
  'D-ITEM-TOTAL': ['DecList[2]/DeclTotal', second({ DeclTotal: '25.01' })],
  'D-SECOND-UNIT': ['DecList[2]/SecondQty', second({ SecondQty: '' })],
  'D-LEGAL-QUANTITY': ['DecList[2]/SecondQty', second({ SecondQty: '3' })],
  'D-ELEMENTS': ['DecList[2]/GModel', second({ GModel: '陶瓷' })],
  'D-COUNTRIES-SWAPPED': ['DecList[2]/OriginCountry', second({ OriginCountry: 'CHN', DestinationCountry: 'USA' })],
  'D-DESTINATION': ['DecList[2]/OriginCountry', second({ OriginCountry: 'DEU' })],
  'D-LICENCE-ITEM': ['DecList[2]/DecGoodsLimit[1]/GoodsNo', second({ DecGoodsLimit: [{ GoodsNo: '1' }] })],
  'D-WEIGHTS': ['DecHead/NetWt', head({ NetWt: '5' })],
  'D-NET-OF-ITEMS': ['DecHead/NetWt', head({ NetWt: '2.9' })],
  'D-PACKAGES': ['DecHead/PackNo', head({ PackNo: '0' })],
  'D-CURRENCIES': ['DecList[2]/TradeCurr', second({ TradeCurr: 'EUR' })],
  'D-FEE-PARTS': ['DecHead/FeeCurr', head({ TransMode: '2', FeeMark: '3', FeeRate: '10' })],
  'D-FEE-TERMS': ['DecHead/InsurRate', head({ TransMode: '1', FeeMark: '1', FeeRate: '1' })],
  'D-MODE': ['DecHead/TradeMode', head({ TradeMode: '9610' })],
  'D-B2B-PAPER': ['EdocRealation[1]/EdocID', (body) => Object.assign(body, { EdocRealation: [] })],
  'D-SCHEMA-2018': ['DecHead/TrafName', head({ TrafName: 'X'.repeat(27) })],
  'D-EDOC': [
    'EdocRealation[1]/EdocID',
    (body) => Object.assign(body, { EdocRealation: [], DecHead: { ...body.DecHead, TradeMode: '0110' } }),
  ],
  'D-B2B-ORDER': ['EdocRealation[1]/EdocID', () => undefined, { document: () => null }],
  'D-B2B-AMOUNT': ['EdocRealation[1]/EdocID', () => undefined, { document: () => orderOf('49') }],
  'D-INVOICE-CURRENCY': ['DecList[1]/TradeCurr', () => undefined, papers({ currency: 'GBP' })],
  'D-INVOICE-AMOUNT': ['DecList[1]/DeclTotal', () => undefined, papers({ amount: 5_000_001n })],
  'D-PACKING-QUANTITY': ['DecList[1]/GQty', () => undefined, papers({ quantity: 500_000n })],
  'D-PACKING-PACKAGES': ['DecHead/PackNo', () => undefined, papers({ packages: 200_000n })],
  'D-PACKING-GROSS': ['DecHead/GrossWet', () => undefined, papers({ gross: 410_000n })],
  'D-PACKING-NET': ['DecHead/NetWt', () => undefined, papers({ net: 310_000n })],
  'D-STATEMENTS': ['DecHead/PromiseItmes', head({ PromiseItmes: '2' })],
  'D-OWNER-CODE': ['DecHead/AgentCodeScc', head({ AgentCodeScc: 'NO' })],
  'D-TRANSPORT': ['DecHead/TrafName', head({ TrafName: '' })],
  'D-ITEM-UNKNOWN': ['Container[1]/GoodsNo', (body) => Object.assign(body, { Container: [{ GoodsNo: '1,3' }] })],
  'D-SIGNATURE': ['DecSign/Sign', (body) => Object.assign(body.DecSign, { OperType: 'C' })],
};
