/** Every rule of the goods declaration: a sound one passes, one change trips it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TradePapers } from './facts.ts';
import {
  type BookFacts,
  checkMessage,
  declarationRules,
  type LiveDocument,
  messageCheckPackSchema,
  ruleTexts,
  textOfFinding,
} from './index.ts';

type Fields = Record<string, unknown>;
interface Body {
  DecHead: Fields;
  DecList: Fields[];
  DecSign: Fields;
  [group: string]: unknown;
}
const pack = messageCheckPackSchema.parse(
  JSON.parse(readFileSync(new URL('../../../resources/rules/customs-checks.json', import.meta.url), 'utf8')),
);
const parameters = pack.versions[0]?.parameters;
if (parameters === undefined) throw new Error('no pack');
const SCC = '91460000MA5DEMQ01X';
const item = (no: number): Fields => ({
  ...{ GNo: String(no), CodeTS: '6912001000', GModel: '1|0|陶瓷', GQty: '2', GUnit: '007', DeclPrice: '12.5' },
  ...{ DeclTotal: '25', TradeCurr: 'USD', FirstQty: '1.5', FirstUnit: '035', SecondQty: '2', SecondUnit: '007' },
  ...{ OriginCountry: 'USA', DestinationCountry: 'CHN' },
});
const sound = (): Body => ({
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
function run(change: (body: Body) => unknown = () => undefined, facts: BookFacts = {}) {
  const body = sound();
  change(body);
  return checkMessage({
    ...{ message: 'DecMessage', body, tables: new Map(), borrowed: {}, vagueGoods: ['礼品'], facts },
    parameters: parameters ?? ({} as never),
  });
}
const head = (fields: Fields) => (body: Body) => Object.assign(body.DecHead, fields);
const second = (fields: Fields) => (body: Body) => Object.assign(body.DecList[1] ?? {}, fields);

const orderOf = (goodsValue: string): LiveDocument => ({
  ...{ message: 'CEB303Message', isReleased: false, isWithdrawn: false },
  body: { OrderHead: { orderNo: 'O1', goodsValue, freight: '0', currency: '502' } },
});
/** An invoice and packing list that agree with the sound declaration, but for what is given. */
const papers = (more: Partial<TradePapers>, others: TradePapers['others'] = []): BookFacts => ({
  tradePapers: () => ({
    ...{ currency: 'USD', amount: 5_000_000n, quantity: 400_000n, packages: 100_000n, gross: 400_000n, net: 300_000n },
    ...more,
    others,
  }),
});
const trips: Readonly<Record<string, readonly [path: string, change: (body: Body) => unknown, facts?: BookFacts]>> = {
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

describe('the checks of a goods declaration', () => {
  it('let a sound one pass, and an empty one', () => {
    expect(run()).toEqual([]);
    const nothing = {
      message: 'DecMessage',
      body: {},
      tables: new Map(),
      borrowed: {},
      vagueGoods: [],
      facts: {},
    } as const;
    expect(checkMessage({ ...nothing, parameters })).toEqual([]);
  });
  it('are all tripped by something', () => {
    expect(Object.keys(trips).sort()).toEqual(declarationRules.map(({ id }) => id).sort());
  });
  it.each(Object.entries(trips))('%s trips', (id, [path, change, facts]) => {
    const found = run(change, facts).filter(({ rule }) => rule === id);
    expect(found.map((one) => one.path)).toEqual([path]);
    for (const finding of found)
      for (const language of ['zh-CN', 'en'] as const) {
        expect(textOfFinding(finding, language)?.message).not.toMatch(/[{}]/);
        for (const part of ['title', 'message', 'why', 'remedy'] as const)
          expect(ruleTexts[language][id]?.[part]).toMatch(/\S/);
      }
  });
  it('hold it against invoice and packing list, with the other declarations that these are of', () => {
    expect(run(undefined, papers({}))).toEqual([]);
    const twice = { amount: 10_000_000n, quantity: 800_000n, packages: 200_000n, gross: 800_000n, net: 600_000n };
    expect(run(undefined, papers(twice, [sound()]))).toEqual([]);
    expect(run(undefined, papers(twice)).map(({ rule }) => rule)).toHaveLength(5);
    // What was not typed says nothing, and units that differ make no sum.
    const nothing = { amount: undefined, packages: undefined, gross: undefined, net: undefined, currency: '' };
    expect(run(second({ GUnit: '035' }), papers({ ...nothing, quantity: 100_000n }))).toEqual([]);
  });
  it('hold it against the order that it names, and the goods against what the book knows', () => {
    expect(run(undefined, { document: () => orderOf('50') })).toEqual([]);
    const facts: BookFacts = {
      priceHistory: () => ({ points: 20, median: 100_000n }),
      lastDeclared: () => ({ gcode: '6911101900', gname: '瓷杯', unit: '011' }),
      pieceWeight: () => 10_000_000n,
    };
    const named = (body: Body) => {
      for (const line of body.DecList) Object.assign(line, { ExgNo: 'MUG', GName: '礼品' });
    };
    expect(run(named, facts).map(({ rule, path }) => `${rule} ${path}`)).toEqual(
      expect.arrayContaining([
        'M-PRICE-HISTORY DecList[1]/DeclPrice',
        'M-WEIGHT-PIECE DecHead/NetWt',
        'M-CODE-CHANGED DecList[1]/CodeTS',
        'M-NAME-CHANGED DecList[1]/GName',
        'M-UNIT-CHANGED DecList[1]/GUnit',
        'M-NAME-VAGUE DecList[1]/GName',
      ]),
    );
  });
});
