/** Every tax calculator. */
import { PortbookError } from '../../errors.ts';
import type { Calculator } from '../calculator.ts';
import { exportVatCalculators } from './export-vat/index.ts';
import { importCalculators } from './import/index.ts';
import { incomeCalculators } from './income/index.ts';
import { localCalculators } from './local/index.ts';

export const taxCalculators: readonly Calculator[] = [
  ...incomeCalculators,
  ...exportVatCalculators,
  ...importCalculators,
  ...localCalculators,
];

/** The calculator of an id, e.g. `T03avg`. Refusal: `CALCULATOR_UNKNOWN` {id}. */
export function calculatorById(id: string): Calculator {
  const found = taxCalculators.find((one) => one.id === id);
  if (found === undefined) throw new PortbookError('CALCULATOR_UNKNOWN', { id });
  return found;
}
