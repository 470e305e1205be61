/** Calculators of foreign exchange: F10. */
import type { Calculator } from '../calculator.ts';
import { exchangeDifferenceCalculator } from './exchange-difference.ts';

export const forexCalculators: readonly Calculator[] = [exchangeDifferenceCalculator];
