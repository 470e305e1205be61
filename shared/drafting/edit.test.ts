import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceb213, ceb303, ceb403, decMessage } from '../documents/catalogue.ts';
import { linesOf } from '../documents/spec.ts';
import {
  amountOf,
  type EditOperation,
  editBody,
  MOST_LINES,
  marksAfter,
  moveMarks,
  PathError,
  TooManyLinesError,
} from './edit.ts';
import { emptyUndo, remember, restoreBetween, step } from './undo.ts';

const order = () => ({
  OrderHead: { orderNo: '1', goodsValue: '3', note: 'x' },
  OrderList: [
    { gnum: '1', qty: '1', price: '1', totalPrice: '1' },
    { gnum: '2', qty: '2', price: '1', totalPrice: '2' },
  ],
});
const edit = (...operations: EditOperation[]) => editBody(ceb303, order(), operations);
const set = (path: string, value: string): EditOperation => ({ op: 'set', path, value });

describe('editing a draft by path', () => {
  it('changes a field of the head and takes an emptied one out', () => {
    const body = order();
    const edited = editBody(ceb303, body, [set('OrderHead/orderNo', '2'), set('OrderHead/note', '')]);
    expect(edited['OrderHead']).toEqual({ orderNo: '2', goodsValue: '3' });
    expect(body.OrderHead.orderNo).toBe('1');
  });

  it('lets totals follow a quantity or a price', () => {
    const edited = edit(set('OrderList[2]/price', '1.255'));
    expect(edited['OrderList']).toMatchObject([{ totalPrice: '1' }, { totalPrice: '2.51' }]);
    expect(edited['OrderHead']).toMatchObject({ goodsValue: '3.51' });
    expect(amountOf(ceb303, edited)).toBe('3.51');
  });

  it('keeps a total as it is while the number typed is none', () => {
    const edited = edit(set('OrderList[1]/qty', '1,5'));
    expect(edited['OrderList']).toMatchObject([{ qty: '1,5', totalPrice: '1' }, {}]);
  });

  it('leaves a goods value alone that was typed apart from the lines', () => {
    const edited = edit(set('OrderHead/goodsValue', '10'), set('OrderList[1]/qty', '2'));
    expect(edited['OrderHead']).toMatchObject({ goodsValue: '10' });
  });

  it('edits flat messages and says when a path leads nowhere', () => {
    expect(editBody(ceb403, { charge: '1' }, [set('charge', '2')])).toEqual({ charge: '2' });
    expect(amountOf(ceb403, { charge: '2.5' })).toBe('2.5');
    for (const path of [
      'OrderList[3]/qty',
      'OrderList[1]/nothing',
      'Nothing/qty',
      'a/b/c',
      '',
      '__proto__/freight',
      'constructor/x',
    ])
      expect(() => edit(set(path, '1'))).toThrow(PathError);
  });
});

describe('editing lines', () => {
  const qty = (body: Record<string, unknown>) => linesOf(ceb303, body).map((line) => line['qty']);
  const numbers = (body: Record<string, unknown>) => linesOf(ceb303, body).map((line) => line['gnum']);

  it('inserts, deletes and moves, and counts the lines anew', () => {
    const inserted = edit({ op: 'insert', at: 1, lines: [{ qty: '9', price: '1', totalPrice: '9' }] });
    expect(qty(inserted)).toEqual(['9', '1', '2']);
    expect(numbers(inserted)).toEqual(['1', '2', '3']);
    expect(inserted['OrderHead']).toMatchObject({ goodsValue: '12' });
    expect(qty(edit({ op: 'delete', at: 1, count: 1 }))).toEqual(['2']);
    expect(qty(edit({ op: 'move', at: 1, count: 1, to: 2 }))).toEqual(['2', '1']);
  });

  it('takes a block of cells, adds lines for it, and multiplies out where no total came with it', () => {
    const edited = edit({
      op: 'block',
      at: 2,
      fields: ['qty', 'price'],
      rows: [
        ['3', '2'],
        ['4', '2'],
      ],
    });
    expect(linesOf(ceb303, edited)).toMatchObject([{}, { totalPrice: '6' }, { gnum: '3', totalPrice: '8' }]);
    expect(edited['OrderHead']).toMatchObject({ goodsValue: '15' });
  });

  it('keeps what it does not touch, so that a grid draws only what changed', () => {
    const body = order();
    const edited = editBody(ceb303, body, [set('OrderList[2]/qty', '5')]);
    expect(linesOf(ceb303, edited)[0]).toBe(body.OrderList[0]);
  });

  it('refuses lines and columns that are not there, and more lines than any document can have', () => {
    expect(() => edit({ op: 'insert', at: 4, lines: [{}] })).toThrow(PathError);
    expect(() => edit({ op: 'delete', at: 2, count: 2 })).toThrow(PathError);
    expect(() => edit({ op: 'block', at: 1, fields: ['nothing'], rows: [['1']] })).toThrow(PathError);
    expect(() => editBody(ceb403, {}, [{ op: 'insert', at: 1, lines: [{}] }])).toThrow(PathError);
    const rows = Array.from({ length: MOST_LINES + 1 }, () => ['1']);
    expect(() => edit({ op: 'block', at: 1, fields: ['qty'], rows })).toThrow(TooManyLinesError);
  });

  it('keeps marks with their lines', () => {
    const marks = ['OrderHead/note', 'OrderList[1]/price', 'OrderList[2]/price'];
    const moved = (operation: EditOperation) => moveMarks(ceb303, marks, operation);
    expect(moved(set('OrderHead/note', 'y'))).toEqual(marks.slice(1));
    expect(moved({ op: 'insert', at: 2, lines: [{}] })).toEqual([...marks.slice(0, 2), 'OrderList[3]/price']);
    expect(moved({ op: 'delete', at: 1, count: 1 })).toEqual(['OrderHead/note', 'OrderList[1]/price']);
    expect(moved({ op: 'move', at: 1, count: 1, to: 2 })).toEqual([
      'OrderHead/note',
      'OrderList[2]/price',
      'OrderList[1]/price',
    ]);
    expect(moved({ op: 'block', at: 1, fields: ['price'], rows: [['1']] })).toEqual([marks[0], marks[2]]);
  });
});

describe('marks in groups', () => {
  const body = {
    DecHead: { BillNo: 'B' },
    DecList: [{ GNo: '1', DecGoodsLimit: [{ LicenceNo: 'X1' }, { LicenceNo: 'X2' }] }, { GNo: '2' }],
    Container: [{ ContainerId: 'A', GoodsNo: '1,2' }, { ContainerId: 'C' }],
    EcoRelation: [
      { EcoCertNo: 'E1', DecGNo: '1' },
      { EcoCertNo: 'E2', DecGNo: '2' },
    ],
  };
  const marks = ['Container[1]/ContainerId', 'Container[2]/ContainerId', 'EcoRelation[1]/EcoCertNo'];
  const last = 'EcoRelation[2]/EcoCertNo';
  const left = (...operations: EditOperation[]) => marksAfter(decMessage, [...marks, last], body, operations);

  it('leave with a row that is emptied, and those behind it move up', () => {
    expect(left(set('Container[1]/ContainerId', ''))).toEqual([...marks, last].slice(1));
    expect(left(set('Container[1]/ContainerId', ''), set('Container[1]/GoodsNo', ''))).toEqual([
      'Container[1]/ContainerId',
      'EcoRelation[1]/EcoCertNo',
      last,
    ]);
    const inLine = ['DecList[1]/DecGoodsLimit[1]/LicenceNo', 'DecList[1]/DecGoodsLimit[2]/LicenceNo'];
    expect(marksAfter(decMessage, inLine, body, [set(inLine[0] ?? '', '')])).toEqual(inLine.slice(0, 1));
  });

  it('leave with the line that their row is about, and stay with the others when it is undone', () => {
    const deletion: EditOperation = { op: 'delete', at: 1, count: 1 };
    expect(left(deletion)).toEqual(marks);
    const undo = restoreBetween(decMessage, editBody(decMessage, body, [deletion]), body);
    expect(undo === undefined ? [] : left(deletion, undo)).toEqual([marks[0], marks[1], last]);
  });
});

describe('undo', () => {
  const cell = fc.constantFrom('1', '2.5', '', 'x');
  const operation = fc.oneof(
    fc.record({
      op: fc.constant('set' as const),
      path: fc.constantFrom('OrderHead/note', 'OrderHead/goodsValue', 'OrderList[1]/qty'),
      value: cell,
    }),
    fc.record({
      op: fc.constant('insert' as const),
      at: fc.integer({ min: 1, max: 3 }),
      lines: fc.array(fc.record({ qty: fc.constantFrom('7', '8') }), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('delete' as const), at: fc.integer({ min: 1, max: 3 }), count: fc.constant(1) }),
    fc.record({
      op: fc.constant('move' as const),
      at: fc.constant(1),
      count: fc.constant(1),
      to: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({
      op: fc.constant('block' as const),
      at: fc.integer({ min: 1, max: 3 }),
      fields: fc.constant(['qty', 'price']),
      rows: fc.array(fc.tuple(cell, cell), { maxLength: 3 }),
    }),
  );

  it('puts back exactly what was there, step by step, and forward again', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 8 }), (operations) => {
        let body: Readonly<Record<string, unknown>> = order();
        let stack = emptyUndo;
        const states = [body];
        for (const one of operations) {
          let next: Readonly<Record<string, unknown>>;
          try {
            next = editBody(ceb303, body, [one]);
          } catch (error) {
            if (error instanceof PathError) continue;
            throw error;
          }
          stack = remember(stack, { body, path: '' });
          body = next;
          states.push(body);
        }
        const walk = (by: -1 | 1, expected: readonly unknown[]): void => {
          for (const wanted of expected) {
            const found = step(stack, body, by);
            if (found === undefined) throw new Error('nothing to go to');
            const back = restoreBetween(ceb303, body, found.to.body);
            // What is stored by replaying the operation is what the desk shows.
            expect(back === undefined ? body : editBody(ceb303, body, [back])).toEqual(wanted);
            stack = found.stack;
            body = found.to.body;
          }
        };
        walk(-1, states.slice(0, -1).reverse());
        expect(step(stack, body, -1)).toBeUndefined();
        walk(1, states.slice(1));
        expect(step(stack, body, 1)).toBeUndefined();
      }),
    );
  });
});

describe('what names a line by its number', () => {
  const declaration = () => ({
    DecHead: { SeqNo: '' },
    DecList: ['1', '2', '3'].map((no) => ({
      GNo: no,
      GName: `goods ${no}`,
      DecGoodsLimit: [{ GoodsNo: no, LicTypeCode: '103', LicenceNo: `L${no}` }],
    })),
    Container: [
      { ContainerId: 'A', GoodsNo: '1,3' },
      { ContainerId: 'B', GoodsNo: '2' },
    ],
    TrnContaGoods: [
      { ContaNo: 'A', GNo: '1' },
      { ContaNo: 'B', GNo: '2' },
    ],
    EcoRelation: [{ CertType: 'Y03', DecGNo: '3', EcoGNo: '1' }],
    DecSupplementList: [{ GNo: '2', SupType: '1' }],
    SddTax: { SddTaxList: [{ GNo: '1' }, { GNo: '2' }], SddTaxDetail: [{ GNo: '3', TaxType: 'A' }] },
  });
  const edited = (...operations: EditOperation[]) => editBody(decMessage, declaration(), operations);
  const named = (body: Record<string, unknown>) => ({
    containers: (body['Container'] as { GoodsNo?: string }[]).map((one) => one.GoodsNo),
    transit: ((body['TrnContaGoods'] ?? []) as { GNo: string }[]).map((one) => one.GNo),
    origin: ((body['EcoRelation'] ?? []) as { DecGNo: string; EcoGNo: string }[]).map((one) => one.DecGNo + one.EcoGNo),
    supplement: ((body['DecSupplementList'] ?? []) as { GNo: string }[]).map((one) => one.GNo),
    tax: ((body['SddTax'] as Record<string, { GNo: string }[]>)['SddTaxList'] ?? []).map((one) => one.GNo),
    duty: ((body['SddTax'] as Record<string, { GNo: string }[]>)['SddTaxDetail'] ?? []).map((one) => one.GNo),
    licences: linesOf(decMessage, body).map((line) =>
      ((line as Record<string, unknown>)['DecGoodsLimit'] as { GoodsNo: string; LicenceNo: string }[] | undefined)?.map(
        (one) => one.GoodsNo + one.LicenceNo,
      ),
    ),
  });

  it('follows the goods when a line is put before them', () => {
    expect(named(edited({ op: 'insert', at: 2, lines: [{ GName: 'new' }] }))).toEqual({
      containers: ['1,4', '3'],
      transit: ['1', '3'],
      origin: ['41'],
      supplement: ['3'],
      tax: ['1', '3'],
      duty: ['4'],
      licences: [['1L1'], undefined, ['3L2'], ['4L3']],
    });
  });

  it('follows the goods when they are moved', () => {
    expect(named(edited({ op: 'move', at: 3, count: 1, to: 1 }))).toEqual({
      containers: ['2,1', '3'],
      transit: ['2', '3'],
      origin: ['11'],
      supplement: ['3'],
      tax: ['2', '3'],
      duty: ['1'],
      licences: [['1L3'], ['2L1'], ['3L2']],
    });
  });

  it('is left out of a list, and goes where it is about the deleted line alone', () => {
    const body = edited({ op: 'delete', at: 3, count: 1 });
    expect(named(body)).toEqual({
      containers: ['1', '2'],
      transit: ['1', '2'],
      origin: [],
      supplement: ['2'],
      tax: ['1', '2'],
      duty: [],
      licences: [['1L1'], ['2L2']],
    });
    // The container stays though nothing is said to be in it.
    expect(edited({ op: 'delete', at: 2, count: 1 })['Container']).toEqual([
      { ContainerId: 'A', GoodsNo: '1,2' },
      { ContainerId: 'B' },
    ]);
  });

  it('comes back with undo, and stays as it is where it names no line', () => {
    const body = editBody(decMessage, declaration(), []);
    for (const operation of [
      { op: 'insert', at: 1, lines: [{}] },
      { op: 'delete', at: 1, count: 2 },
      { op: 'move', at: 1, count: 2, to: 2 },
    ] as const) {
      const changed = editBody(decMessage, body, [operation]);
      const back = restoreBetween(decMessage, changed, body);
      expect(back === undefined ? changed : editBody(decMessage, changed, [back])).toEqual(body);
    }
    const odd = { ...declaration(), Container: [{ ContainerId: 'A', GoodsNo: '一，3' }] };
    expect(editBody(decMessage, odd, [{ op: 'delete', at: 1, count: 1 }])['Container']).toEqual([
      { ContainerId: 'A', GoodsNo: '一,2' },
    ]);
  });

  it('is brought along by a copy of the line, whose groups name the copy', () => {
    const body = edited({
      op: 'insert',
      at: 2,
      lines: [{ GName: 'goods 1' }],
      parts: { 'DecList[2]/DecGoodsLimit': [{ GoodsNo: '1', LicTypeCode: '103', LicenceNo: 'L1' }] },
    });
    expect(named(body).licences).toEqual([['1L1'], ['2L1'], ['3L2'], ['4L3']]);
  });

  it('of another document is never changed: a return names the lines of its list', () => {
    const back = {
      InvtWithdrawalHead: {},
      [ceb213.lines.name]: [
        { gnum: '2', gcode: '1' },
        { gnum: '5', gcode: '2' },
        { gnum: '7', gcode: '3' },
      ],
    };
    const edited = editBody(ceb213, back, [{ op: 'delete', at: 1, count: 1 }]);
    expect(linesOf(ceb213, edited).map((line) => line['gnum'])).toEqual(['5', '7']);
  });
});
