import { describe, expect, it } from 'vitest';
import { cellOfPath, isTable, pasteRows, withBlankLast } from './entry-rows.ts';

const blank = { name: '', qty: '', rate: '0.13' };
const row = (name: string, qty = '1') => ({ name, qty, rate: '0.13' });

describe('rows of an entry grid', () => {
  it('end in one blank row', () => {
    expect(withBlankLast([], blank)).toEqual([blank]);
    expect(withBlankLast([row('a'), blank, blank], blank)).toEqual([row('a'), blank]);
    expect(withBlankLast([blank, row('b')], blank)).toEqual([blank, row('b'), blank]);
  });

  it('take a block of cells', () => {
    const pasted = pasteRows([row('a'), blank], 1, 'name', ['name', 'qty', 'rate'], blank, 'b\t2\r\nc\t3\t0.09\t9\r\n');
    expect(pasted).toEqual([row('a'), row('b', '2'), { name: 'c', qty: '3', rate: '0.09' }, blank]);
    expect(['a', 'a\n', 'a\tb', 'a\nb'].map(isTable)).toEqual([false, false, true, true]);
  });

  it('are found by the path of a refusal', () => {
    const rows = [row('a'), blank, row('c'), blank];
    expect(cellOfPath('lines.1.qty', rows, blank)).toEqual({ row: 2, column: 'qty' });
    expect(cellOfPath('lines.0', rows, blank)).toEqual({ row: 0, column: undefined });
    expect(cellOfPath('number', rows, blank)).toBeUndefined();
    expect(cellOfPath('lines.7', rows, blank)).toBeUndefined();
  });
});
