import { describe, expect, it } from 'vitest';
import { emptyLine, inputOf, sumsOf } from './invoice-draft.ts';

const draft = {
  number: 'N',
  kind: 'special',
  date: '2026-11-01',
  supplierId: 1,
  amount: '1',
  vat: '0.13',
  total: '1.13',
  note: '',
} as const;

describe('an invoice as it is typed', () => {
  it('sums its lines, leaving out what is no figure', () => {
    const lines = [
      { ...emptyLine, amount: '100', vat: '13' },
      { ...emptyLine, amount: '-0.5', vat: 'x' },
    ];
    expect(sumsOf(lines)).toEqual({ amount: '99.50', vat: '13.00', total: '112.50' });
  });

  it('leaves blank lines out and needs a supplier and a line', () => {
    const line = { ...emptyLine, name: '摆件', amount: '1', vat: '0.13', sku: ' A1 ' };
    expect(inputOf({ ...draft, lines: [line, emptyLine] }, 7)).toMatchObject({
      id: 7,
      lines: [{ name: '摆件', qty: '0', vatRate: '0.13', sku: 'A1' }],
    });
    expect(inputOf({ ...draft, lines: [emptyLine] }, undefined)).toBeUndefined();
    expect(inputOf({ ...draft, supplierId: undefined, lines: [line] }, undefined)).toBeUndefined();
  });
});
