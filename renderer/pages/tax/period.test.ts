import { describe, expect, it } from 'vitest';
import { lastMonth, periodChoices, periodKind, periodOf, shiftPeriod, usualPeriod } from './period.ts';

describe('tax periods', () => {
  it('are told apart by their form', () => {
    expect(['2026', '2026-Q4', '2026-11', '2026-13', '2026-Q5'].map(periodKind)).toEqual([
      'year',
      'quarter',
      'month',
      undefined,
      undefined,
    ]);
  });

  it('hold months and end in one', () => {
    expect(periodOf('quarter', '2026-11-21')).toBe('2026-Q4');
    expect(periodOf('month', '2026-11-21')).toBe('2026-11');
    expect(periodOf('year', '2026-11')).toBe('2026');
    expect(['2026', '2026-Q1', '2026-02'].map(lastMonth)).toEqual(['2026-12', '2026-03', '2026-02']);
  });

  it('follow one another over the turn of the year', () => {
    expect(shiftPeriod('2026-Q1', -1)).toBe('2025-Q4');
    expect(shiftPeriod('2026-12', 1)).toBe('2027-01');
    expect(shiftPeriod('2026', -2)).toBe('2024');
  });

  it('can be chosen from the first month of the book to today, newest first', () => {
    expect(periodChoices('quarter', ['2026-10', '2025-12'], '2026-11-21')).toEqual([
      '2026-Q4',
      '2026-Q3',
      '2026-Q2',
      '2026-Q1',
      '2025-Q4',
    ]);
    expect(periodChoices('year', [], '2026-11-21', '2019')).toContain('2019');
    expect(periodChoices('month', ['2001-01'], '2026-11-21')).toHaveLength(36);
  });

  it('start where the book has something', () => {
    expect(usualPeriod('quarter', ['2026-09', '2026-08'], '2026-11-21')).toBe('2026-Q3');
    expect(usualPeriod('month', [], '2026-11-21')).toBe('2026-11');
    // An entry dated ahead does not open a sheet of the future.
    expect(usualPeriod('month', ['2027-01', '2026-09'], '2026-11-21')).toBe('2026-09');
  });
});
