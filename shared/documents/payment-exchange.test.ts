import { describe, expect, it } from 'vitest';
import { type PaymentExchange, type PaymentProposal, paymentExchangeText, unfitFields } from './payment-exchange.ts';

const exchange: PaymentExchange = {
  sessionID: 'fe2374-8fnejf97-55616242',
  serviceTime: 1533271903898,
  head: {
    guid: '9D55BA71-22DE-41F4-8B50-C36C83B3B530',
    initalRequest: 'https://pay.example/req?a=1&b="x"',
    initalResponse: '{"ok":true}',
    ebpCode: '3105280001',
    payCode: '312226T001',
    payTransactionId: '2018121222001354081010726129',
    totalAmount: '100.10',
    currency: '142',
    verDept: '3',
    payType: '1',
    tradingTime: '20181212041803',
    note: '',
  },
  list: {
    orderNo: 'SO1710301150602574003',
    goodsInfo: [{ gname: '小黄鸭 1', itemLink: 'https://shop.example/item/1' }],
    recpAccount: 'OSA571908863132601',
    recpCode: '',
    recpName: 'YOUNG HOOD',
  },
};

describe('the answer to customs', () => {
  it('is signed over the very text that is uploaded', () => {
    const { toSign, upload } = paymentExchangeText(exchange);
    const sent = upload('03000000000cde6f', 'c2ln');
    const parts = toSign.split('||').map((part) => /^"(\w+)":"([\s\S]*)"$/.exec(part) ?? []);
    expect(parts.map(([, name]) => name)).toEqual([
      'sessionID',
      'payExchangeInfoHead',
      'payExchangeInfoLists',
      'serviceTime',
    ]);
    for (const [, name = '', value = ''] of parts) {
      const isObject = name.startsWith('pay');
      expect(sent).toContain(`"${name}":${isObject ? value : `"${value}"`}`);
    }
    expect(JSON.parse(sent)).toEqual({
      sessionID: exchange.sessionID,
      payExchangeInfoHead: (({ note: _, ...head }) => ({ ...head, totalAmount: 100.1 }))(exchange.head),
      payExchangeInfoLists: [(({ recpCode: _, ...list }) => list)(exchange.list)],
      serviceTime: '1533271903898',
      certNo: '03000000000cde6f',
      signValue: 'c2ln',
    });
    // The amount keeps its digits: a number of the language would lose the last one.
    expect(sent).toContain('"totalAmount":100.10,');
    expect(toSign).toContain('"initalRequest":"https://pay.example/req?a=1&b=\\"x\\""');
  });

  it('says which fields are missing or do not fit', () => {
    const whole: PaymentProposal = { head: exchange.head, list: exchange.list };
    expect(unfitFields(whole)).toEqual([]);
    expect(
      unfitFields({
        head: { ...exchange.head, initalRequest: '', verDept: '7', totalAmount: '1e3', tradingTime: '2018' },
        list: { ...exchange.list, recpName: 'x'.repeat(101), goodsInfo: [{ gname: 'a', itemLink: '' }] },
      }),
    ).toEqual([
      'head/initalRequest',
      'head/totalAmount',
      'head/verDept',
      'head/tradingTime',
      'list/goodsInfo/0/itemLink',
      'list/recpName',
    ]);
    expect(unfitFields({ ...whole, list: { ...exchange.list, goodsInfo: [] } })).toEqual(['list/goodsInfo']);
  });
});
