/** Calculators of import and export taxes: T14 to T22. */
import type { Calculator } from '../../calculator.ts';
import { exportDutyCalculator } from './export-duty.ts';
import { importConsumptionTaxCalculator } from './import-consumption-tax.ts';
import { importDutyCalculator } from './import-duty.ts';
import { importVatCalculator } from './import-vat.ts';
import { lateDeclarationFeeCalculator } from './late-declaration-fee.ts';
import { deferredInterestCalculator, latePaymentSurchargeCalculator } from './late-payment-surcharge.ts';
import { postalTaxCalculator } from './postal-tax.ts';
import { retailCompositeRateCalculator, retailCompositeTaxCalculator } from './retail-composite-tax.ts';
import { retailReturnWindowCalculator } from './retail-return-window.ts';

export const importCalculators: readonly Calculator[] = [
  retailCompositeTaxCalculator,
  retailCompositeRateCalculator,
  retailReturnWindowCalculator,
  importDutyCalculator,
  importConsumptionTaxCalculator,
  importVatCalculator,
  exportDutyCalculator,
  lateDeclarationFeeCalculator,
  latePaymentSurchargeCalculator,
  deferredInterestCalculator,
  postalTaxCalculator,
];
