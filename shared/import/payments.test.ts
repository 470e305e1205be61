import { describe, expect, it } from 'vitest';
import { cellKinds, type SourceRow } from './cells.ts';
import { mapHeaders, missingFields } from './headers.ts';
import { PaymentSorter } from './payments.ts';

const row = (texts: readonly string[], no = 2): SourceRow => ({
  no,
  texts,
  kinds: texts.map((text) => (text === '' ? cellKinds.empty : cellKinds.text)),
});
const codes: Readonly<Record<string, string>> = { USD: 'USD', 美元: 'USD', EUR: 'EUR', JPY: 'JPY', KWD: 'KWD' };
const sorter = (mapping: Record<string, number>, known: readonly string[] = []) =>
  new PaymentSorter(mapping, undefined, {
    count: (fingerprint) => known.filter((one) => one === fingerprint).length,
    currency: (text) => codes[text],
  });

describe('lists of payments', () => {
  /** Heads as channels write them. */
  const channels: Readonly<Record<string, readonly string[]>> = {
    alipay: ['支付宝交易号', '商户订单号', '交易创建时间', '付款时间', '对方名称', '金额', '交易状态', '币种'],
    wechat: ['交易时间', '微信订单号', '商户订单号', '交易类型', '交易状态', '订单实付', '货币'],
    '1688': ['订单编号', '买家会员名', '支付流水号', '实付款', '付款时间', '订单状态'],
    douyin: ['主订单编号', '支付流水号', '支付方式', '订单实付', '支付完成时间', '订单状态'],
    paypal: [
      'Date',
      'Time',
      'TimeZone',
      'Name',
      'Type',
      'Status',
      'Currency',
      'Gross',
      'Fee',
      'Net',
      'Transaction ID',
      'Invoice Number',
    ],
    stripe: ['id', 'Created (UTC)', 'Amount', 'Currency', 'Status', 'Card Name', 'order_id (metadata)'],
    lianlian: ['交易流水号', '店铺订单号', '收款金额', '收款币种', '收款时间', '付款方名称', '交易状态'],
    pingpong: ['流水号', '平台订单号', '交易金额', '交易币种', '交易完成时间', '付款方', '状态'],
    customs: [
      'orderNo',
      'payTransactionId',
      'amountPaid',
      'currency',
      'payTime',
      'payerName',
      'payerIdNumber',
      'payCode',
    ],
  };
  it.each(Object.keys(channels))('are known by the headers of %s', (name) => {
    const mapping = mapHeaders('payments', channels[name] ?? []);
    expect(missingFields('payments', mapping), JSON.stringify(mapping)).toEqual([]);
    expect(mapping['paidAt']).toBeDefined();
  });

  const mapping = { orderNo: 0, payNo: 1, amount: 2, currency: 3, payer: 4, institution: 5, kind: 6, status: 7 };
  const take = (...texts: string[]) => {
    const one = sorter(mapping);
    const outcome = one.take(row(texts));
    return { outcome, entry: one.entries[0] };
  };

  it('refuse an amount finer than its currency', () => {
    expect(take('A', 'P', '100', 'JPY').entry?.amountE5).toBe(10_000_000);
    expect(take('A', 'P', '100.5', 'JPY').outcome).toMatchObject([{ code: 'PAYMENT_TOO_FINE' }]);
    expect(take('A', 'P', '1.234', 'KWD').entry?.amountE5).toBe(123_400);
    expect(take('A', 'P', '1.234', 'USD').outcome).toMatchObject([{ code: 'PAYMENT_TOO_FINE' }]);
  });

  it('make refunds negative whatever their sign', () => {
    expect(take('A', 'P', '5.00', 'USD', '', '', 'Payment Refund').entry?.amountE5).toBe(-500_000);
    expect(take('A', 'P', '-5.00', 'USD', '', '', '退款').entry?.amountE5).toBe(-500_000);
    expect(take('A', 'P', '5.00', 'USD', '', '', '', '退款关闭').outcome).toBe('taken');
    expect(take('A', 'P', '5.00', 'USD', '', '', '', '交易关闭').outcome).toMatchObject([{ code: 'PAYMENT_NOT_MADE' }]);
  });

  it('know no payer where the institution that collects stands in its place', () => {
    expect(take('A', 'P', '5.00', 'USD', 'Pay Pal', 'PayPal').entry).toMatchObject({
      payer: 'Pay Pal',
      payerKey: undefined,
    });
    expect(take('A', 'P', '5.00', 'USD', 'Ann Lee', 'PayPal').entry?.payerKey).toBe('annlee');
  });

  it('count identical rows, and know those the book has', () => {
    const one = sorter(mapping, ['P|A|500000|USD|']);
    expect([1, 2, 3].map(() => one.take(row(['A', 'P', '5.00', '美元'])))).toEqual(['already', 'taken', 'taken']);
    expect(one.entries.map(({ occurrence }) => occurrence)).toEqual([2, 3]);
  });
});
