import { describe, expect, it } from 'vitest';
import type { ImportCounts } from '../../../shared/contract/imports.ts';
import { countTerms, linesToWrite } from './import-counts.ts';

const counts: ImportCounts = {
  lines: 100,
  taken: 80,
  updated: 0,
  cancellations: 5,
  cancellationsUnknown: 1,
  alreadyThere: 10,
  failed: 5,
  orders: 20,
  products: 30,
};

describe('what became of the lines', () => {
  it('adds up to the lines of the file, before and after mending', () => {
    for (const mended of [0, 3, 5]) {
      const { terms, adds } = countTerms(counts, mended);
      expect(adds).toBe(true);
      expect(terms.reduce((sum, { lines }) => sum + lines, 0)).toBe(100);
    }
  });

  it('shows updates as a term where the core counts them beside what it took', () => {
    const beside = { ...counts, taken: 70, updated: 10 };
    expect(countTerms(beside, 0).terms.find(({ id }) => id === 'updated')?.lines).toBe(10);
    const inside = { ...counts, updated: 10 };
    expect(countTerms(inside, 0)).toMatchObject({ updatedInside: 10, adds: true });
  });

  it('writes nothing when every line is there already', () => {
    expect(linesToWrite({ ...counts, taken: 0, cancellations: 0, alreadyThere: 95 }, 0)).toBe(0);
    expect(linesToWrite(counts, 3)).toBe(88);
  });
});
