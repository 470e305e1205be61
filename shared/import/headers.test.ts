import { describe, expect, it } from 'vitest';
import { tableKinds } from '../contract/imports.ts';
import { requestNames } from '../documents/catalogue.ts';
import { columnsOf } from './document-fields.ts';
import { importFields, reasonHeaders, templateHeader } from './fields.ts';
import { fieldOfHeader, findHeader, foldHeader, headerKey, mapHeaders, missingFields } from './headers.ts';
import { rateText } from './rates.ts';
import { lineKindOf } from './service-codes.ts';

describe('headers', () => {
  it('are known whatever their case, blanks, width and unit', () => {
    expect(fieldOfHeader('orders', ' invoice_no ')).toBe('orderNo');
    expect(fieldOfHeader('orders', '订单号：')).toBe('orderNo');
    expect(fieldOfHeader('orders', 'Unit Price (USD)')).toBe('unitPrice');
    expect(fieldOfHeader('products', '净重（kg）')).toBe('netWeight');
    expect(fieldOfHeader('products', 'ＳＫＵ')).toBe('sku');
    expect(fieldOfHeader('rates', '中间价')).toBe('cnyPer100');
    expect(fieldOfHeader('rates', '汇率')).toBe('cnyPerUnit');
    expect(fieldOfHeader('orders', '备忘')).toBeUndefined();
    expect(fieldOfHeader('orders', reasonHeaders.reason)).toBeUndefined();
    expect(foldHeader('(kg)')).toBe('kg');
  });

  it.each(tableKinds)('of %s name one field each', (kind) => {
    for (const field of importFields[kind]) {
      expect(fieldOfHeader(kind, templateHeader(field)), field.id).toBe(field.id);
      expect(fieldOfHeader(kind, field.id), field.id).toBe(field.id);
      expect(fieldOfHeader(kind, field.zh), field.id).toBe(field.id);
    }
  });

  it.each(requestNames)('of %s name one field each, by header and by code', (message) => {
    for (const { id, zh, isExtra } of columnsOf(message)) {
      expect(fieldOfHeader(message, id), id).toBe(id);
      if (isExtra !== true) expect(fieldOfHeader(message, `${zh}*`), id).toBe(id);
    }
  });

  it('that name a field twice give it the first column', () => {
    expect(mapHeaders('orders', ['Date', 'Order Date', 'SKU'])).toEqual({ orderedAt: 0, sku: 2 });
  });

  it('are found below titles, and offered as a guess where nothing is known', () => {
    const rows = [
      ['店铺订单', ''],
      ['', ''],
      ['订单号', '货号', '数量', '下单时间', '单价', '国家'],
      ['1', '2', '3', '4', '5', '6'],
    ];
    expect(findHeader('orders', rows)).toMatchObject({ index: 2, from: 'recognised' });
    expect(findHeader('orders', [['标题'], ['a', 'b', 'c']])).toMatchObject({ index: 1, from: 'guess', mapping: {} });
    expect(findHeader('orders', [['标题'], ['']])).toBeUndefined();
  });

  it('say which required columns are missing; a rate for one unit or for a hundred will do', () => {
    expect(missingFields('orders', { orderNo: 0, sku: 1 })).toEqual(['quantity', 'orderedAt', 'unitPrice', 'country']);
    expect(missingFields('rates', { currency: 0, date: 1, cnyPer100: 2 })).toEqual([]);
    expect(missingFields('rates', { currency: 0, date: 1 })).toEqual(['cnyPerUnit']);
  });

  it('have one key whether or not our reason columns follow', () => {
    expect(headerKey(['A b', 'C', '', ''])).toBe(headerKey(['ab', 'c', reasonHeaders.reason, reasonHeaders.remedy]));
    expect(headerKey(['', ''])).toBe('');
    expect(headerKey(['a', 'b'])).not.toBe(headerKey(['b', 'a']));
  });
});

describe('stock codes', () => {
  it('of services are told from goods', () => {
    const kinds = [
      'POST',
      'dot',
      'C2',
      'D',
      'm',
      'BANK CHARGES',
      'AMAZONFEE',
      'CRUK',
      'B',
      'gift_0001_20',
      '85123A',
      'DCGS0076',
      'PADS',
      'S',
    ].map(lineKindOf);
    expect(kinds).toEqual([
      'freight',
      'freight',
      'freight',
      'discount',
      'adjustment',
      'fee',
      'fee',
      'fee',
      'adjustment',
      'adjustment',
      'goods',
      'goods',
      'adjustment',
      'adjustment',
    ]);
    expect(lineKindOf('toString')).toBe('goods');
  });
});

describe('rates', () => {
  it('keep their digits and move the point for a hundred', () => {
    expect(rateText('9.12340', 0)).toBe('9.1234');
    expect(rateText('708.12', 2)).toBe('7.0812');
    expect(rateText('4.6251', 2)).toBe('0.046251');
    expect(rateText('5', 2)).toBe('0.05');
    expect(rateText('1,234.5', 0)).toBe('1234.5');
    for (const text of ['0', '0.000', '-1', '1e3', '9,1', '', 'x', '0.123456789'])
      expect(rateText(text, 0), text).toBeUndefined();
  });
});
