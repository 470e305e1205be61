/** Deadlines and constants of export VAT, by export date: what T05, T09 and T11 share. */
import { z } from 'zod';
import { ratio } from '../../figures.ts';
import { packSchema } from '../../pack.ts';

export const exportVatPackId = 'tax-export-vat';
export const exportVatPackSchema = packSchema(
  z.object({
    /** Last day of the normal declaration, `MM-dd` of the year after export; also of the receipt of foreign exchange. */
    normalBy: z.string().regex(/^\d{2}-\d{2}$/),
    /** Months from export within which a refund or exemption must be declared; null: no such limit. */
    hardLimitMonths: z.number().int().nullable(),
    /** Days before the limit from which on the user is warned. */
    hardLimitWarnDays: z.number().int(),
    /** Reminders, days before the limit. */
    reminderDays: z.array(z.number().int()),
    /** Days after the claim within which its papers (备案单证) are filed. */
    filingDays: z.number().int(),
    keepYears: z.number().int(),
    /** Months a firm that waived its right is bound. */
    waiverLockMonths: z.number().int(),
    /** Of the tax, a day (滞纳金). */
    lateFeeDaily: ratio,
    /** Whether goods without any voucher, outside T04, are taxed as sold at home. */
    noVoucherTaxed: z.enum(['yes', 'unclear']),
  }),
);
export type ExportVatParameters = z.output<typeof exportVatPackSchema>['versions'][number]['parameters'];
