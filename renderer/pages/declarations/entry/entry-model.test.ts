import { describe, expect, it } from 'vitest';
import { ceb403, ceb603 } from '../../../../shared/documents/catalogue.ts';
import { editBody } from '../../../../shared/drafting/edit.ts';
import {
  gestureOf,
  gridColumns,
  headSections,
  hiddenRequired,
  isWritable,
  shownValue,
  spotOf,
  takenFrom,
  templateOperations,
} from './entry-model.ts';

const plain = { head: [], lines: [], hidden: [] };
const fieldOf = (name: string) => {
  const field = ceb603.head.fields.find((one) => one.name === name);
  if (field === undefined) throw new Error(name);
  return field;
};

describe('what the editor shows', () => {
  it('is the order of the paper, unless the book has its own', () => {
    expect(headSections(ceb603, plain).main.map(({ name }) => name)).toEqual(ceb603.head.main);
    const own = { head: ['billNo', 'packNo'], lines: ['price'], hidden: ['head/country', 'lines/barCode'] };
    const { main } = headSections(ceb603, own);
    expect(main.slice(0, 2).map(({ name }) => name)).toEqual(['billNo', 'packNo']);
    expect(main.map(({ name }) => name)).not.toContain('country');
    const columns = gridColumns(ceb603, own, [], new Set());
    expect(columns[0]?.name).toBe('price');
    expect(columns.map(({ name }) => name)).not.toContain('barCode');
    expect(hiddenRequired(ceb603, own)).toEqual(['head/country', 'lines/barCode']);
  });

  it('has optional columns only where a line uses them or a jump leads there', () => {
    const names = (lines: Record<string, string>[], forced: string[] = []) =>
      gridColumns(ceb603, plain, lines, new Set(forced)).map(({ name }) => name);
    expect(names([])).not.toContain('qty2');
    expect(names([{ qty2: '1' }])).toContain('qty2');
    expect(names([], ['unit2'])).toContain('unit2');
    expect(names([{ gnum: '1' }])).not.toContain('gnum');
    expect(gridColumns(ceb403, plain, [], new Set())).toEqual([]);
  });

  it('lets numbers be written only where no order stands behind them', () => {
    expect(isWritable(ceb603, fieldOf('billNo'), false)).toBe(true);
    expect(isWritable(ceb603, fieldOf('copNo'), true)).toBe(false);
    const [orderNo] = ceb403.head.fields.filter(({ name }) => name === ceb403.businessKey[0]);
    expect(
      orderNo === undefined ? undefined : [isWritable(ceb403, orderNo, false), isWritable(ceb403, orderNo, true)],
    ).toEqual([false, true]);
  });
});

describe('places and gestures', () => {
  it('are read from paths and from what is typed, full-width signs too', () => {
    expect(spotOf('InventoryList[12]/qty')).toEqual({ line: 12, field: 'qty' });
    expect(spotOf('charge')).toEqual({ line: undefined, field: 'charge' });
    expect(['..', '。。', '//', '、、', '／／', '=', '＝', '...', 'a//', ''].map(gestureOf)).toEqual([
      '..',
      '..',
      '//',
      '//',
      '//',
      '=',
      '=',
      undefined,
      undefined,
      undefined,
    ]);
    expect(shownValue(fieldOf('ieDate'), '20261124')).toBe('2026-11-24');
  });

  it('take the field of another line, or the whole of it into a blank one', () => {
    const body = {
      InventoryHead: {},
      InventoryList: [{ gnum: '1', gname: '烛台', qty: '3' }, { gnum: '2', gname: '贺卡' }, { gnum: '3' }],
    };
    expect(takenFrom(ceb603, body, 1, 2, 'qty')).toEqual({ qty: '3' });
    expect(takenFrom(ceb603, body, 1, 3, 'qty')).toEqual({ gname: '烛台', qty: '3' });
    expect(takenFrom(ceb603, body, 0, 1, 'qty')).toBeUndefined();
    expect(takenFrom(ceb603, body, 1, 1, 'qty')).toBeUndefined();
  });
});

describe('a template', () => {
  it('fills what is blank, brings goods only where there are none, and touches nothing else', () => {
    const template = {
      InventoryHead: { tradeMode: '9610', country: '502', copNo: 'X' },
      InventoryList: [{ gname: '烛台' }],
    };
    const writable = (field: { name: string }) => field.name !== 'copNo';
    const into = (body: Record<string, unknown>) =>
      editBody(ceb603, body, templateOperations(ceb603, body, template, writable));
    expect(into({ InventoryHead: { country: '303' }, InventoryList: [{ gnum: '1' }] })).toEqual({
      InventoryHead: { country: '303', tradeMode: '9610' },
      InventoryList: [{ gnum: '1', gname: '烛台' }],
    });
    expect(into({ InventoryHead: {}, InventoryList: [{ gname: '贺卡' }] })['InventoryList']).toMatchObject([
      { gname: '贺卡' },
    ]);
  });
});
