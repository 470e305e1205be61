/** The dated figures of the checks of messages: the shape of resources/rules/customs-checks.json. */
import { z } from 'zod';
import type { IsoDate } from '../../calendar/dates.ts';
import type { GoodsSigns, SlotFigures } from '../../papers/slots.ts';
import { packSchema } from '../pack.ts';
import type { DeclarationParameters } from './pack.ts';

const decimal = z.string().regex(/^\d+(\.\d{1,5})?$/);
export const messageCheckPackId = 'customs-checks';
export const messageCheckPackSchema = packSchema(
  z.object({
    /** A unit price beyond this multiple, or part, of the book's median is doubted. */
    priceFactor: decimal,
    /** The same of net weight against the product master. */
    weightFactor: decimal,
    /** Fewer earlier prices than this prove nothing. */
    historyPoints: z.number().int().min(1),
    b2bListCapCny: decimal,
    b2bListModes: z.array(z.string()),
    bondedModes: z.array(z.string()),
    directModes: z.array(z.string()),
    importModes: z.array(z.string()),
    /** Retail imports are in yuan: customs' code of it. */
    importCurrency: z.string(),
    airMode: z.string(),
    /** Characters of a reason that says something. */
    reasonMin: z.number().int(),
    /** Days a filing time may lie ahead of the clock. */
    futureDays: z.number().int(),
    mobilePattern: z.string(),
    /** Bonded ledger (账册). */
    ledgerPattern: z.string(),
    /** Waybill status 签收. */
    signedStatus: z.string(),
    cashPayment: z.string(),
    /** Percent of a freight given as a rate that is still plausible. */
    rateFeeMax: decimal,
  }),
);
export type MessageCheckParameters = z.infer<typeof messageCheckPackSchema>['versions'][number]['parameters'];

/** Figures of other rules that checks need too; what is missing makes its rules silent. */
export interface BorrowedParameters {
  /** Signs of batteries, dangers and brands, and what papers each asks for (papers-by-mode). */
  readonly goods?: GoodsSigns & Pick<SlotFigures, 'slots'>;
  /** Codes and terms of a 报关单 (customs-declaration). */
  readonly declaration?: DeclarationParameters;
  /** Retail import: yuan of one transaction and of a year, of what is filed on a day (tax-import-retail). */
  readonly retail?: (filed: IsoDate) => { readonly transactionLimit: string; readonly annualLimit: string } | undefined;
  /** Days to apply for a return of what was released on a day (tax-import-retail). */
  readonly importReturnDays?: (released: IsoDate) => number | undefined;
  /** Months within which what was exported on a day comes back untaxed (tax-export-return). */
  readonly exportReturnMonths?: (released: IsoDate) => number | undefined;
  /** Last day to sum up lists released in a month, `yyyy-mm` (customs-summary). */
  readonly summaryDeadline?: (month: string) => IsoDate | undefined;
}
