import { describe, expect, it } from 'vitest';
import { blankLine, linesOf, wrongCell } from './declaration-draft.ts';

const head = { mode: '9810', declarationNo: ' 531 ', exportDate: '2026-11-05', currency: 'USD', country: '' } as const;
const line = { ...blankLine, sku: ' A1', name: '摆件', hsCode: '6913.9000.00', unit: '007', qty: '1,000', fob: '60' };

describe('a declaration as it is typed', () => {
  it('numbers its lines from the last number typed, and leaves blank ones out', () => {
    const lines = linesOf({ ...head, lines: [line, { ...line, lineNo: '7' }, blankLine, line, blankLine] });
    expect(lines?.map(({ lineNo }) => lineNo)).toEqual([1, 7, 8]);
    expect(lines?.[0]).toEqual({
      mode: '9810',
      declarationNo: '531',
      lineNo: 1,
      exportDate: '2026-11-05',
      sku: 'A1',
      hsCode: '6913900000',
      name: '摆件',
      unit: '007',
      qty: '1000',
      currency: 'USD',
      fob: '60',
    });
  });

  it('names the first cell that is wrong', () => {
    expect(wrongCell([line, blankLine])).toBeUndefined();
    expect(wrongCell([line, blankLine, { ...line, qty: '0' }])).toEqual({ row: 2, column: 'qty' });
    expect(wrongCell([{ ...line, hsCode: '6913' }])).toEqual({ row: 0, column: 'hsCode' });
  });

  it('is nothing yet without a number or a line', () => {
    expect(linesOf({ ...head, lines: [blankLine] })).toBeUndefined();
    expect(linesOf({ ...head, declarationNo: ' ', lines: [line] })).toBeUndefined();
  });
});
