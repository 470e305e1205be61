import { describe, expect, it } from 'vitest';
import { ceb303, ceb403 } from '../documents/catalogue.ts';
import { amountOf, editBody, PathError } from './edit.ts';

const order = () => ({
  OrderHead: { orderNo: '1', goodsValue: '3', note: 'x' },
  OrderList: [
    { qty: '1', price: '1', totalPrice: '1' },
    { qty: '2', price: '1', totalPrice: '2' },
  ],
});

describe('editing a draft by path', () => {
  it('changes a field of the head and takes an emptied one out', () => {
    const body = order();
    const edited = editBody(body, [
      { path: 'OrderHead/orderNo', value: '2' },
      { path: 'OrderHead/note', value: '' },
    ]);
    expect(edited['OrderHead']).toEqual({ orderNo: '2', goodsValue: '3' });
    expect(body.OrderHead.orderNo).toBe('1');
  });

  it('lets totals follow a quantity or a price', () => {
    const edited = editBody(order(), [{ path: 'OrderList[2]/price', value: '1.255' }]);
    expect(edited['OrderList']).toMatchObject([{ totalPrice: '1' }, { totalPrice: '2.51' }]);
    expect(edited['OrderHead']).toMatchObject({ goodsValue: '3.51' });
    expect(amountOf(ceb303, edited)).toBe('3.51');
  });

  it('keeps a total as it is while the number typed is none', () => {
    const edited = editBody(order(), [{ path: 'OrderList[1]/qty', value: '1,5' }]);
    expect(edited['OrderList']).toMatchObject([{ qty: '1,5', totalPrice: '1' }, {}]);
  });

  it('edits flat messages and says when a path leads nowhere', () => {
    expect(editBody({ charge: '1' }, [{ path: 'charge', value: '2' }])).toEqual({ charge: '2' });
    expect(amountOf(ceb403, { charge: '2.5' })).toBe('2.5');
    for (const path of ['OrderList[3]/qty', 'Nothing/qty', 'a/b/c', '', '__proto__/freight', 'constructor/x']) {
      expect(() => editBody(order(), [{ path, value: '1' }])).toThrow(PathError);
    }
  });
});
