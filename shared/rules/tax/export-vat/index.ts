/** Export VAT: the calculators of T04 to T13, T25 and T28. */
import type { Calculator } from '../../calculator.ts';
import { deemedDomesticSale } from './deemed-domestic-sale.ts';
import { processingMaterial, producerRefund } from './exempt-credit-refund.ts';
import { exportRefundTrading } from './export-refund-trading.ts';
import { exchangeRateOfSale, fobValue } from './fob-value.ts';
import { platformReconciliation } from './platform-reconciliation.ts';
import { refundDeadlines } from './refund-deadlines.ts';
import { refundProcessingTime } from './refund-processing-time.ts';
import { regimeRouter } from './regime-router.ts';
import { returnedExports } from './returned-exports.ts';
import { warehouseAllocation, warehouseSettlement, warehouseWindow } from './warehouse-settlement.ts';
import { zoneExemption, zoneExemptionMonth } from './zone-exemption.ts';

export const exportVatCalculators: readonly Calculator[] = [
  zoneExemption,
  zoneExemptionMonth,
  regimeRouter,
  exportRefundTrading,
  producerRefund,
  processingMaterial,
  deemedDomesticSale,
  warehouseSettlement,
  warehouseWindow,
  warehouseAllocation,
  refundDeadlines,
  fobValue,
  exchangeRateOfSale,
  refundProcessingTime,
  returnedExports,
  platformReconciliation,
];
