/** T25: duty-free return of e-commerce exports (出口退运商品), 财政部 海关总署 税务总局公告2026年第16号. */
import { z } from 'zod';
import { addMonths, type IsoDate } from '../../../calendar/index.ts';
import { calculator } from '../../calculator.ts';
import { date } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note } from '../steps.ts';

export const returnPackId = 'tax-export-return';
export const returnPackSchema = packSchema(
  z.object({
    months: z.number().int(),
    modes: z.array(z.string()),
    /** Its months count from leaving the zone abroad to the return into the country outside zones. */
    zoneMode: z.string(),
    reasons: z.array(z.string()),
    /** Months of the general rule for defects and wrong specification. */
    defectMonths: z.number().int(),
  }),
);

/** Last day of a return: same day of the month, clamped to its end. */
export function lastDayOfReturn(from: IsoDate, months: number): IsoDate {
  return addMonths(from, months);
}

/** T25: with `defect` also what is left when it fails: the general one-year rule or an ordinary import. */
export const returnedExports = calculator({
  id: 'T25',
  rule: 'T25',
  packs: [returnPackId],
  source: '财政部 海关总署 税务总局公告2026年第16号、2023年第4号、2023年第34号；关税法',
  inForceFrom: '2023-01-30',
  input: z
    .strictObject({
      exportDate: date,
      returnDate: date,
      mode: z.string(),
      reason: z.string(),
      food: z.boolean().optional(),
      originalState: z.boolean().optional(),
      refunded: z.boolean().optional(),
      refundRepaid: z.boolean().optional(),
      /** 《出口货物已补税/未退税证明》 at hand. */
      certificate: z.boolean().optional(),
      /** Of 1210: day the goods left the zone abroad. */
      zoneExitDate: date.optional(),
      /** Returned for a defect or a wrong specification. */
      defect: z.boolean().optional(),
    })
    .superRefine((input, context) => {
      if (input.returnDate < input.exportDate)
        context.addIssue({ code: 'custom', path: ['returnDate'], message: 'before exportDate' });
    }),
  calculate(input, trace) {
    const { exportDate, returnDate, mode } = input;
    const parameters = trace.parameters(returnPackId, returnPackSchema, exportDate);
    const from = mode === parameters.zoneMode ? (input.zoneExitDate ?? exportDate) : exportDate;
    const lastDay = lastDayOfReturn(from, parameters.months);
    note(trace, 'lastDay', 'exportDate + months', { exportDate: from, months: parameters.months }, lastDay);
    const reasons: string[] = [];
    const condition = (id: string, code: string, holds: boolean): void => {
      note(trace, id, id, {}, holds);
      if (!holds) reasons.push(code);
    };
    condition('modeCovered', 'MODE', parameters.modes.includes(mode));
    condition('notFood', 'FOOD', input.food !== true);
    condition('withinMonths', 'OVER_6_MONTHS', returnDate <= lastDay);
    condition('reasonCovered', 'REASON', parameters.reasons.includes(input.reason));
    condition('originalState', 'NOT_ORIGINAL', input.originalState !== false);
    condition('refundRepaid', 'REFUND_NOT_REPAID', input.refunded !== true || input.refundRepaid === true);
    condition('certificate', 'NO_CERTIFICATE', input.certificate !== false);
    const eligible = reasons.length === 0;
    if (eligible && input.certificate === undefined) trace.warn('certificateNeeded');
    return { lastDay, eligible, reasons, ...(eligible ? {} : fallback()) };

    function fallback(): { readonly fallback?: string; readonly fallbackLastDay?: string } {
      const fallbackLastDay = addMonths(exportDate, parameters.defectMonths);
      note(
        trace,
        'fallbackLastDay',
        'exportDate + defectMonths',
        { exportDate, defectMonths: parameters.defectMonths },
        fallbackLastDay,
      );
      const open =
        returnDate <= fallbackLastDay &&
        input.originalState !== false &&
        (input.refunded !== true || input.refundRepaid === true);
      if (open && input.defect !== false) trace.warn('oneYearRule', { lastDay: fallbackLastDay });
      if (input.defect === undefined) return {};
      return { fallback: input.defect && open ? 'ONE_YEAR_RULE' : 'ORDINARY_IMPORT', fallbackLastDay };
    }
  },
});
