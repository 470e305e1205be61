import { describe, expect, it } from 'vitest';
import type { CalculationView } from '../../../shared/contract/tax.ts';
import { cliffGauge } from './cliff-gauge.ts';

function sheet(
  income: string,
  warnings: readonly string[],
): { derivations: { subject: string; calculation: CalculationView }[] } {
  const step = { rule: 'T01', formula: '', rounding: 'none' as const };
  return {
    derivations: [
      {
        subject: '',
        calculation: {
          calculator: 'T01',
          rule: 'T01',
          eventDate: null,
          result: {},
          steps: [
            { ...step, id: 'taxableIncome', inputs: { deemedRate: '0.04' }, result: income },
            { ...step, id: 'smallLowProfit', inputs: { taxableIncome: income, ceiling: '3000000' }, result: 'true' },
          ],
          packs: [],
          warnings: warnings.map((code) => ({ code, rule: 'T02', params: {} })),
        },
      },
    ],
  };
}

describe('the gauge of the relief', () => {
  it('stands on the terms of the derivation: 3 million of income are 75 million of revenue at 4 %', () => {
    expect(cliffGauge(sheet('600000', []))).toMatchObject({ share: 0.2, state: 'far', revenueCeiling: '75000000' });
  });

  it('warns when the rule warns, and says when it is too late', () => {
    expect(cliffGauge(sheet('2700000', ['nearCliff']))).toMatchObject({ state: 'near', tone: 'action' });
    expect(cliffGauge(sheet('3000000.01', ['overCliff']))).toMatchObject({ state: 'over', share: 1 });
  });

  it('is not shown where the relief was not computed', () => {
    expect(cliffGauge({ derivations: [] })).toBeUndefined();
  });
});
