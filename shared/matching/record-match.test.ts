import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import pack from '../../resources/rules/record-match.json' with { type: 'json' };
import { matchText } from '../rules/matching/texts.ts';
import {
  bitOf,
  codesOf,
  fieldsOfCode,
  idKey,
  isNumberOf,
  type MatchRecords,
  maskOf,
  matchCodes,
  matchRecords,
  nameKey,
  namesGoods,
  phoneKey,
  recordMatchPack,
  tolerancesOf,
} from './record-match.ts';

const [version] = recordMatchPack.parse(pack).versions;
if (version === undefined) throw new Error('no version');
const by = tolerancesOf(version.parameters, 'export');

const order: MatchRecords['order'] = {
  orderNo: 'A1',
  date: '2026-11-10',
  isCancelled: false,
  currency: 'USD',
  currencyCode: '502',
  goodsE5: 2_000_000,
  otherE5: 300_000,
  cancelledE5: 0,
  settledE5: 0,
  buyerKey: 'annlee',
  buyerId: undefined,
  buyerPhone: undefined,
  account: undefined,
  consigneeKey: undefined,
  consigneePhone: undefined,
  country: '303',
  isOverLimit: false,
  goods: [{ sku: 'CUP', names: ['White cup', '白瓷杯'], qtyE5: 200_000 }],
};
const payment = {
  currency: 'USD',
  amountE5: 2_300_000,
  paidOn: '2026-11-10',
  payerKey: 'annlee',
  payerId: undefined,
  payerPhone: undefined,
  payerAccount: undefined,
};
const waybill = {
  orderNo: 'A1',
  logisticsNo: 'YT1',
  grossE5: 120_000,
  consigneeKey: undefined,
  consigneePhone: undefined,
  country: undefined,
  goods: undefined,
  quantityE5: undefined,
};
const list = {
  orderNo: 'A1',
  logisticsNo: 'YT1',
  amountE5: 2_000_000,
  country: '303',
  grossE5: 120_000,
  netE5: 100_000,
  lines: [{ sku: 'CUP', qtyE5: 200_000, currencyCode: '502' }],
};
const records = (over: Partial<MatchRecords> = {}): MatchRecords => ({
  order,
  payments: [payment],
  waybills: [waybill],
  isWaybillClaimed: false,
  lists: [list],
  ...over,
});
const judge = (over: Partial<MatchRecords> = {}) => matchRecords(records(over), by);

describe('the match of records', () => {
  it('passes what agrees in everything, the amount to the cent', () => {
    expect(judge()).toEqual([]);
    expect(judge({ payments: [{ ...payment, amountE5: 2_301_000 }] })).toEqual([]);
    expect(judge({ payments: [{ ...payment, amountE5: 2_301_001 }] })).toEqual(['PAYMENT_AMOUNT']);
    expect(judge({ payments: [{ ...payment, amountE5: 2_298_999 }] })).toEqual(['PAYMENT_AMOUNT']);
  });

  it('tells a part from another amount, a duplicate from both, and instalments and refunds from all of them', () => {
    const pay = (...amounts: number[]) => judge({ payments: amounts.map((amountE5) => ({ ...payment, amountE5 })) });
    expect(pay(1_150_000)).toEqual(['PAYMENT_PARTIAL']);
    expect(pay(2_200_000)).toEqual(['PAYMENT_AMOUNT']);
    expect(pay(2_300_000, 2_300_000)).toEqual(['PAYMENT_DUPLICATE']);
    expect(pay(2_300_000, 2_300_000, -2_300_000)).toEqual([]);
    expect(pay(1_150_000, 1_150_000)).toEqual([]);
    expect(pay(1_000_000, 1_300_000)).toEqual([]);
    expect(pay(2_500_000, 2_500_000)).toEqual(['PAYMENT_DUPLICATE', 'PAYMENT_AMOUNT']);
  });

  it('takes the whole order or what is left of it after a cancellation for due', () => {
    const cancelled = { ...order, cancelledE5: 1_000_000 };
    const left = { ...list, amountE5: 1_000_000 };
    expect(judge({ order: cancelled, lists: [left] })).toEqual([]);
    expect(judge({ order: cancelled, lists: [left], payments: [{ ...payment, amountE5: 1_300_000 }] })).toEqual([]);
  });

  it('demands neither payment nor waybill where there is nothing to pay or to send', () => {
    const free = { ...order, goodsE5: 0, otherE5: 0, goods: [] };
    expect(judge({ order: free, payments: [], waybills: [], lists: [] })).toEqual([]);
    expect(judge({ payments: [], waybills: [], lists: [] })).toEqual(['PAYMENT_MISSING', 'WAYBILL_MISSING']);
  });

  it('holds the list against order and waybill', () => {
    const off = (over: Partial<typeof list>) => judge({ lists: [{ ...list, ...over }] });
    expect(off({ orderNo: 'A2' })).toEqual(['LIST_ORDER']);
    expect(off({ logisticsNo: 'YT2' })).toEqual(['LIST_WAYBILL']);
    expect(off({ amountE5: 1_990_000 })).toEqual(['LIST_AMOUNT']);
    expect(off({ lines: [{ sku: 'CUP', qtyE5: 200_000, currencyCode: '300' }] })).toEqual(['LIST_CURRENCY']);
    expect(off({ lines: [{ sku: 'MUG', qtyE5: 200_000, currencyCode: '502' }] })).toEqual(['LIST_GOODS']);
    expect(off({ lines: [{ sku: 'CUP', qtyE5: 100_000, currencyCode: '502' }] })).toEqual(['LIST_QUANTITY']);
    expect(off({ country: '305' })).toEqual(['LIST_COUNTRY']);
    expect(off({ grossE5: 122_000 })).toEqual(['WEIGHT']);
    expect(off({ netE5: 125_000 })).toEqual(['WEIGHT']);
  });

  it('adds the parts of a split order up', () => {
    const half = (part: number) => ({
      ...list,
      orderNo: `A1-${part}`,
      logisticsNo: `YT${part}`,
      amountE5: 1_000_000,
      lines: [{ sku: 'CUP', qtyE5: 100_000, currencyCode: '502' }],
    });
    const way = (part: number) => ({ ...waybill, orderNo: `A1-${part}`, logisticsNo: `YT${part}` });
    expect(judge({ waybills: [way(1), way(2)], lists: [half(1), half(2)] })).toEqual([]);
    expect(judge({ waybills: [way(1), way(2)], lists: [half(1)] })).toEqual(['LIST_AMOUNT', 'LIST_QUANTITY']);
  });

  it('does not depend on the order of the records', () => {
    const amount = fc.constantFrom(2_300_000, 1_150_000, -500_000, 2_000_000);
    const one = fc.record({
      amountE5: amount,
      currency: fc.constantFrom('USD', 'EUR'),
      payerKey: fc.constantFrom('annlee', 'bob'),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5 }), fc.nat(), (many, turn) => {
        const payments = many.map((each) => ({ ...payment, ...each }));
        const at = payments.length === 0 ? 0 : turn % payments.length;
        expect(judge({ payments: [...payments.slice(at), ...payments.slice(0, at)].reverse() })).toEqual(
          judge({ payments }),
        );
      }),
    );
  });
});

describe('what is compared', () => {
  it('brings names, papers and telephones to one form', () => {
    expect(nameKey(' Ａnn  LEE ')).toBe('annlee');
    expect(nameKey('  ')).toBeUndefined();
    expect(idKey('11010119900101123x')).toBe('11010119900101123X');
    expect(phoneKey('+86 138-0013-8000')).toBe('13800138000');
    expect(phoneKey('008613800138000')).toBe('13800138000');
    expect(phoneKey('+44 20 7946 0958')).toBe('442079460958');
  });

  it('finds goods by article, description or declared name', () => {
    expect(namesGoods('白瓷杯 2个', order.goods)).toBe(true);
    expect(namesGoods('cup', order.goods)).toBe(true);
    expect(namesGoods('spoon', order.goods)).toBe(false);
  });

  it('knows parts of an order by their numbers', () => {
    expect(isNumberOf('A1-2', 'A1')).toBe(true);
    expect(isNumberOf('A1-2345', 'A1')).toBe(false);
    expect(isNumberOf('A1x', 'A1')).toBe(false);
  });
});

describe('codes', () => {
  it('have a bit, a field and texts in both languages each', () => {
    expect(maskOf(matchCodes)).toBe(2 ** matchCodes.length - 1);
    for (const code of matchCodes) {
      expect(codesOf(bitOf(code))).toEqual([code]);
      expect(fieldsOfCode[code].length).toBeGreaterThan(0);
      for (const language of ['zh-CN', 'en'] as const) {
        const { title, message, why, remedy } = matchText(code, 'A1', language);
        expect(message).toContain('A1');
        expect([title, why, remedy].every((text) => text !== '')).toBe(true);
      }
    }
  });

  it('survive any mask', () => {
    fc.assert(fc.property(fc.nat(2 ** matchCodes.length - 1), (mask) => maskOf(codesOf(mask)) === mask));
  });
});
