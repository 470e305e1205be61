/** Calculators of foreign exchange, in the order of the rules' numbers. */
import type { z } from 'zod';
import type { Calculator } from '../calculator.ts';
import type { Pack } from '../pack.ts';
import {
  electronicInformation,
  electronicInformationPackId,
  electronicInformationPackSchema,
} from './electronic-information.ts';
import { exchangeDifferenceCalculator } from './exchange-difference.ts';
import { listRegistration, listRegistrationPackId, listRegistrationPackSchema } from './list-registration.ts';
import { netting, nettingPackId, nettingPackSchema } from './netting.ts';
import { personalQuota, personalQuotaPackId, personalQuotaPackSchema } from './personal-quota.ts';
import { receiptDeclaration, receiptDeclarationPackId, receiptDeclarationPackSchema } from './receipt-declaration.ts';
import { receiptMatching, receiptMatchingPackId, receiptMatchingPackSchema } from './receipt-matching.ts';
import {
  differenceRate,
  totalIndicators,
  totalIndicatorsPackId,
  totalIndicatorsPackSchema,
} from './total-indicators.ts';
import { tradeCreditPackId, tradeCreditPackSchema, tradeCreditReport } from './trade-credit-report.ts';
import { transactionCode, transactionCodesPackId, transactionCodesPackSchema } from './transaction-codes.ts';

export const forexCalculators: readonly Calculator[] = [
  receiptDeclaration,
  transactionCode,
  listRegistration,
  totalIndicators,
  differenceRate,
  tradeCreditReport,
  netting,
  personalQuota,
  electronicInformation,
  exchangeDifferenceCalculator,
  receiptMatching,
];

/** What the calculators demand of their packs, by id. */
export const forexPackSchemas: Readonly<Record<string, z.ZodType<Pack<unknown>>>> = {
  [electronicInformationPackId]: electronicInformationPackSchema,
  [listRegistrationPackId]: listRegistrationPackSchema,
  [nettingPackId]: nettingPackSchema,
  [personalQuotaPackId]: personalQuotaPackSchema,
  [receiptDeclarationPackId]: receiptDeclarationPackSchema,
  [receiptMatchingPackId]: receiptMatchingPackSchema,
  [totalIndicatorsPackId]: totalIndicatorsPackSchema,
  [tradeCreditPackId]: tradeCreditPackSchema,
  [transactionCodesPackId]: transactionCodesPackSchema,
};
