/** Income tax: the calculators of T01 to T03 and T27. */
import type { Calculator } from '../../calculator.ts';
import { deemedProfit, methodComparison } from './deemed-profit-levy.ts';
import { exportRevenueForm } from './export-revenue-form.ts';
import { incomePrepayment, quarterAverage } from './income-prepayment.ts';
import { smallProfitBrackets } from './small-profit-brackets.ts';

export const incomeCalculators: readonly Calculator[] = [
  deemedProfit,
  methodComparison,
  smallProfitBrackets,
  incomePrepayment,
  quarterAverage,
  exportRevenueForm,
];
