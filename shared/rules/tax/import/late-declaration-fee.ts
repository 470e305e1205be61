/** T20 进口货物滞报金. */
import { z } from 'zod';
import { addDays, daysBetween, type IsoDate } from '../../../calendar/index.ts';
import { PortbookError } from '../../../errors.ts';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, Num } from '../../figures.ts';
import { shown } from '../steps.ts';
import { lateFeesPack } from './packs.ts';
import { restDayInput, restDays } from './rest-days.ts';

const input = z
  .strictObject({
    /**
     * The day the term counts from: 运输工具申报进境之日; for a transit the arrival at the office of destination, for post the
     * notice of arrival, for a declaration withdrawn and made anew the withdrawal: see `basis`.
     */
    arrival: date,
    basis: z.enum(['arrival', 'transit', 'postal', 'redeclared']).default('arrival'),
    /** 申报日. */
    declared: date,
    /** 计税价格, yuan. */
    dutiableValueCny: amount,
    /** `order128` (the default, 总署令第128号) or `legacy2001` (the practice of 2001, for old cases only). */
    convention: z.enum(['order128', 'legacy2001']).default('order128'),
    ...restDayInput,
  })
  .refine(({ arrival, declared }) => declared >= arrival, { path: ['declared'], message: 'before arrival' });
export type LateDeclarationFeeInput = z.output<typeof input>;

export interface LateDeclarationFee {
  /** 滞报金起征日. */
  readonly startDate: IsoDate;
  /** 滞报天数: start and declaration both counted, 0 where declared in time. */
  readonly days: number;
  /** Whole yuan, truncated; `0` below the minimum. */
  readonly fee: string;
}

/** T20 as a function. The version follows the arrival; a convention that was not law then is warned of or refused. */
export function lateDeclarationFee(given: LateDeclarationFeeInput, trace: Trace): LateDeclarationFee {
  const { arrival, declared, dutiableValueCny, convention } = given;
  const { lateDeclaration } = trace.parameters('tax-late-fees', lateFeesPack, arrival);
  const rule = lateDeclaration.conventions[convention];
  if (rule === undefined) {
    throw new PortbookError(
      'RULE_INPUT',
      { calculator: 'T20', field: 'convention', reason: `${convention} was not law on ${arrival}` },
      'convention',
    );
  }
  if (convention !== lateDeclaration.inForce)
    trace.warn('conventionNotInForce', { convention, inForce: lateDeclaration.inForce, date: arrival });
  const due = addDays(arrival, rule.startDay - (rule.countArrivalDay ? 1 : 0));
  trace.step({
    id: 'startDay',
    formula: rule.countArrivalDay ? 'arrival + startDay − 1' : 'arrival + startDay',
    inputs: { arrival, startDay: String(rule.startDay), basis: given.basis },
    result: due,
  });
  const startDate = rule.shiftToWorkingDay ? restDays(given, trace).next(due) : due;
  trace.step({ id: 'startDate', formula: 'nextWorkingDay(startDay)', inputs: { startDay: due }, result: startDate });
  const days = Math.max(0, daysBetween(startDate, declared) + 1);
  trace.step({
    id: 'days',
    formula: 'max(0, declared − startDate + 1)',
    inputs: { startDate, declared },
    result: String(days),
  });
  const assessed = dutiableValueCny.times(rule.dailyRate).times(days).toDecimalPlaces(0, Num.ROUND_DOWN);
  trace.step({
    id: 'assessedFee',
    formula: 'dutiableValueCny × dailyRate × days',
    inputs: { dutiableValueCny: shown(dutiableValueCny), dailyRate: rule.dailyRate, days: String(days) },
    result: shown(assessed),
    rounding: 'yuan-down',
  });
  const fee = trace.step({
    id: 'fee',
    formula: 'assessedFee < minimum ? 0 : assessedFee',
    inputs: { assessedFee: shown(assessed), minimum: rule.minimum },
    result: assessed.lt(rule.minimum) ? '0' : shown(assessed),
  });
  return { startDate, days, fee };
}

/** T20: 海关征收进口货物滞报金办法 (总署令第128号). */
export const lateDeclarationFeeCalculator = calculator({
  id: 'T20',
  rule: 'T20',
  packs: ['tax-late-fees'],
  source: '海关征收进口货物滞报金办法（海关总署令第128号）',
  inForceFrom: '2001-01-01',
  input,
  aliases: {
    names: {
      arrival: ['arrivalDate', 'arrivedOn', 'arrived', 'entryDate', '申报进境日'],
      declared: ['declaredOn', 'declarationDate', 'declareDate', '申报日'],
      dutiableValueCny: ['dutiableValue', 'customsValue', 'dutiablePrice', 'value', '计税价格', '完税价格'],
    },
  },
  calculate: lateDeclarationFee,
});
