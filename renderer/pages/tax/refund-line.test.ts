import { describe, expect, it } from 'vitest';
import { missingPapers, nextBatch, offeredQuantity, openQuantity, sumOfFen } from './refund-line.ts';

describe('an export line on the refund desk', () => {
  it('offers what is open, as far as the invoice line has it', () => {
    const line = { quantity: '100', matchedQuantity: '39.5' };
    expect(openQuantity(line)).toBe('60.5');
    expect(offeredQuantity(line, '1000')).toBe('60.5');
    expect(offeredQuantity(line, '0.00001')).toBe('0.00001');
    expect(openQuantity({ quantity: '1', matchedQuantity: '1' })).toBe('0');
  });

  it('adds up amounts exactly', () => {
    expect(sumOfFen(['0.10', '0.20', '1000000.05'])).toBe('1000000.35');
    expect(sumOfFen([])).toBe('0.00');
    expect(sumOfFen(['1.5', '0.10'])).toBe('1.60');
  });

  it('names the papers that are missing', () => {
    expect(missingPapers({ declarationNo: '422720260000000001', state: 'partly', matches: [] })).toEqual([
      'moreInvoices',
      'receipt',
    ]);
    expect(
      missingPapers({ declarationNo: '422720260000000001', state: 'matched', matches: [], receivedOn: '2026-11-01' }),
    ).toEqual([]);
  });

  it('numbers the batches of a month', () => {
    expect(
      nextBatch(
        [
          { period: '2026-10', batch: '001' },
          { period: '2026-11', batch: '7' },
        ],
        '2026-11',
      ),
    ).toBe('008');
    expect(nextBatch([], '2026-11')).toBe('001');
  });
});
