/** Calculators of surcharges, stamp tax and the exemption of Hainan: T23, T24, T26. */
import type { Calculator } from '../../calculator.ts';
import { hainanValueAddedCalculator } from './hainan-value-added.ts';
import { stampTaxCalculator } from './stamp-tax.ts';
import { surchargesCalculator } from './surcharges.ts';

export const localCalculators: readonly Calculator[] = [
  surchargesCalculator,
  stampTaxCalculator,
  hainanValueAddedCalculator,
];
