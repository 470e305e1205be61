/** F01 涉外收入申报: by when a receipt from abroad is declared, and whether the bank checks it as a large one. */
import { z } from 'zod';
import { addWorkingDays } from '../../calendar/index.ts';
import { calculator } from '../calculator.ts';
import { amount, date, fen } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { note } from '../tax/steps.ts';

export const receiptDeclarationPackId = 'forex-receipt-declaration';
export const receiptDeclarationPackSchema = packSchema(
  z.object({
    declareWithinWorkingDays: z.number().int().positive(),
    /** Above these sums the receipt is checked as a large one; the sums themselves are not above. */
    largeGoodsUsd: amount,
    largeOtherUsd: amount,
    /** Digits of 申报号码. */
    numberLength: z.number().int().positive(),
  }),
);

const input = z.strictObject({
  /** Day on which the bank credited the receipt (入账). */
  creditedOn: date,
  kind: z.enum(['goods', 'other']).default('goods'),
  amountUsd: amount.optional(),
  declaredOn: date.optional(),
  asOf: date.optional(),
  declarationNo: z.string().optional(),
});

/**
 * F01: `declareBy`, the fifth working day after crediting; with an amount `largeCheck`; with `declaredOn` or `asOf` also
 * `state`: `DECLARED`, `DECLARED_LATE`, `DUE`, `OVERDUE`.
 */
export const receiptDeclaration = calculator({
  id: 'F01',
  rule: 'F01',
  packs: [receiptDeclarationPackId],
  source: '《通过银行进行国际收支统计申报业务操作规程》',
  inForceFrom: '2014-05-01',
  input,
  calculate(given, trace) {
    const { creditedOn, kind, amountUsd, declaredOn, asOf, declarationNo } = given;
    const pack = trace.parameters(receiptDeclarationPackId, receiptDeclarationPackSchema, creditedOn);
    const { date: declareBy, certain } = addWorkingDays(creditedOn, pack.declareWithinWorkingDays, trace.calendar);
    note(
      trace,
      'declareBy',
      'creditedOn + declareWithinWorkingDays',
      { creditedOn, declareWithinWorkingDays: pack.declareWithinWorkingDays },
      declareBy,
    );
    if (!certain) trace.warn('calendarUnknown', { date: declareBy });
    const largeAboveUsd = kind === 'goods' ? pack.largeGoodsUsd : pack.largeOtherUsd;
    const largeCheck = amountUsd?.gt(largeAboveUsd);
    if (largeCheck !== undefined)
      note(trace, 'largeCheck', 'amountUsd > largeAboveUsd', { kind, amountUsd, largeAboveUsd }, largeCheck);
    if (largeCheck === true) trace.warn('largeReceipt', { limit: fen(largeAboveUsd) });
    if (declarationNo !== undefined && !new RegExp(`^[0-9A-Za-z]{${pack.numberLength}}$`).test(declarationNo))
      trace.warn('declarationNumber', { length: pack.numberLength });
    const day = declaredOn ?? asOf;
    const late = day !== undefined && day > declareBy;
    if (late) trace.warn('declarationLate', { declareBy });
    const state = declaredOn === undefined ? (late ? 'OVERDUE' : 'DUE') : late ? 'DECLARED_LATE' : 'DECLARED';
    return {
      declareBy,
      ...(largeCheck === undefined ? {} : { largeCheck }),
      ...(day === undefined ? {} : { state }),
    };
  },
});
