import { describe, expect, it } from 'vitest';
import { type FactKind, type FactRow, gridRows, neighbour, periodsOf, typedFact } from './facts-grid.ts';

const label = { zh: '', en: '' };
const kinds: FactKind[] = [
  { name: 'employees-opening', label, period: 'quarter', type: 'count', rule: 'T03' },
  { name: 'platform-income', label, period: 'quarter', type: 'money', rule: 'T28', subject: label },
  { name: 'input-vat', label, period: 'month', type: 'money', rule: 'T07' },
  { name: 'agent-export', label, period: 'month', type: 'json', rule: 'T27', subject: label },
];
const row = (subject: string, period: string): FactRow => ({
  name: 'platform-income',
  period,
  subject,
  value: '1',
  source: '',
  enteredAt: '2026-11-21T00:00:00Z',
});

describe('the grid of facts', () => {
  it('has a row for each fact and subject, and none for what has a form of its own', () => {
    const rows = gridRows(kinds, [row('amazon/us', '2026-Q1'), row('amazon/us', '2026-Q2')], 'quarter', [
      { kind: kinds[1] ?? ({} as FactKind), subject: 'shopee/my' },
    ]);
    expect(rows.map(({ kind, subject }) => `${kind.name} ${subject}`)).toEqual([
      'employees-opening ',
      'platform-income amazon/us',
      'platform-income shopee/my',
    ]);
    expect(gridRows(kinds, [], 'month').map(({ kind }) => kind.name)).toEqual(['input-vat']);
  });

  it('has a column for each period', () => {
    expect(periodsOf('quarter', '2026')).toEqual(['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']);
    expect(periodsOf('month', '2026')).toHaveLength(12);
    expect(periodsOf('year', '2026')).toEqual(['2026']);
  });

  it('takes grouped and full-width figures; empty takes a fact away', () => {
    expect(typedFact('１,２３４.５')).toBe('1234.5');
    expect(typedFact('  ')).toBeNull();
    expect(typedFact('abc')).toBe('abc');
  });

  it('goes down with Enter and on to the next column', () => {
    const size = { rows: 2, columns: 4 };
    expect(neighbour({ row: 0, column: 0 }, 'Enter', size)).toEqual({ row: 1, column: 0 });
    expect(neighbour({ row: 1, column: 0 }, 'Enter', size)).toEqual({ row: 0, column: 1 });
    expect(neighbour({ row: 0, column: 1 }, 'Shift+Enter', size)).toEqual({ row: 1, column: 0 });
    expect(neighbour({ row: 1, column: 3 }, 'Enter', size)).toBeUndefined();
    expect(neighbour({ row: 1, column: 0 }, 'ArrowDown', size)).toBeUndefined();
  });
});
