/** T21 税款缴纳期限与滞纳金; 缓税利息 as a calculator of its own. */
import { z } from 'zod';
import { addDays, addMonths, daysBetween, type IsoDate, startOfMonth } from '../../../calendar/index.ts';
import { PortbookError } from '../../../errors.ts';
import { calculator, type RuleSetting, type Trace } from '../../calculator.ts';
import { amount, date, fen } from '../../figures.ts';
import { shown } from '../steps.ts';
import { lateFeesPack } from './packs.ts';
import { restDayInput, restDays } from './rest-days.ts';

/** Taxes of a notice by name (duty, consumption, vat …), yuan. */
const taxes = z.record(z.string().min(1), amount).refine((given) => Object.keys(given).length > 0, 'no tax');

const input = z
  .strictObject({
    /** 税款缴纳通知制发之日 (before: 填发缴款书之日). */
    issued: date.optional(),
    /** The last day to pay as the notice states it, instead of `issued`; it goes before the one computed. */
    deadline: date.optional(),
    /** Without it the deadline alone is answered. */
    paid: date.optional(),
    taxes: taxes.optional(),
    /** `customs` (the default): the day of issue is day 0. `cpa-inclusive`: it is day 1, as examinations have it; not for work. */
    convention: z.enum(['customs', 'cpa-inclusive']).default('customs'),
    /** 汇总征税 with a guarantee: due on the n-th working day of the next month. */
    monthlySummary: z.boolean().default(false),
    /** Last day of a deferral the customs have granted (延期缴纳). */
    deferredTo: date.optional(),
    ...restDayInput,
  })
  .refine(({ issued, deadline }) => (issued ?? deadline) !== undefined, {
    path: ['issued'],
    message: 'missing: issued (the day of the notice) or deadline (the last day to pay)',
  })
  .refine(({ issued, deadline }) => issued === undefined || deadline === undefined || deadline >= issued, {
    path: ['deadline'],
    message: 'before issued',
  })
  .refine(({ issued, paid }) => paid === undefined || issued === undefined || paid >= issued, {
    path: ['paid'],
    message: 'before issued',
  })
  .refine(({ paid, taxes: due }) => paid === undefined || due !== undefined, { path: ['taxes'], message: 'missing' });
export type LatePaymentSurchargeInput = z.output<typeof input>;

export interface LatePaymentSurcharge {
  /** The last day to pay, rest days shifted. */
  readonly deadline: IsoDate;
  /** 滞纳天数: from the day after the deadline to the day of payment, rest days included. */
  readonly days?: number;
  /** By tax, yuan with two decimals; below the minimum `0.00`. */
  readonly surcharge?: Readonly<Record<string, string>>;
}

function refusal(field: string, reason: string): PortbookError {
  return new PortbookError('RULE_INPUT', { calculator: 'T21', field, reason }, field);
}

/** T21 as a function; each surcharge half-up to the fen. */
export function latePaymentSurcharge(given: LatePaymentSurchargeInput, trace: Trace): LatePaymentSurcharge {
  const { issued, paid, convention, monthlySummary, deferredTo } = given;
  const on = issued ?? given.deadline;
  if (on === undefined) throw refusal('issued', 'missing');
  const { latePayment: rule } = trace.parameters('tax-late-fees', lateFeesPack, on);
  const rest = restDays(given, trace);
  const isInclusive = convention === 'cpa-inclusive';
  if (isInclusive) trace.warn('conventionForExams', { convention });
  const computed = (issued: IsoDate): IsoDate => {
    if (monthlySummary) {
      if (rule.monthlyWorkingDay === null) throw refusal('monthlySummary', `not law on ${issued}`);
      const monthStart = startOfMonth(addMonths(issued, 1));
      const day = rest.nthOfMonth(monthStart, rule.monthlyWorkingDay);
      trace.step({
        id: 'deadline',
        formula: 'workingDay(nextMonth, monthlyWorkingDay)',
        inputs: { issued, nextMonth: monthStart, monthlyWorkingDay: String(rule.monthlyWorkingDay) },
        result: day,
      });
      return day;
    }
    const last = addDays(issued, rule.payWithinDays - (isInclusive ? 1 : 0));
    trace.step({
      id: 'lastDay',
      formula: isInclusive ? 'issued + payWithinDays − 1' : 'issued + payWithinDays',
      inputs: { issued, payWithinDays: String(rule.payWithinDays) },
      result: last,
    });
    const day = rule.shiftToWorkingDay ? rest.next(last) : last;
    trace.step({ id: 'deadline', formula: 'nextWorkingDay(lastDay)', inputs: { lastDay: last }, result: day });
    return day;
  };
  const ofNotice = issued === undefined ? undefined : computed(issued);
  if (given.deadline !== undefined) {
    trace.step({ id: 'deadline', formula: 'deadline', inputs: { deadline: given.deadline }, result: given.deadline });
    if (ofNotice !== undefined && ofNotice !== given.deadline)
      trace.warn('deadlineDiffers', { deadline: given.deadline, computed: ofNotice });
  }
  const term = given.deadline ?? ofNotice ?? on;
  if (deferredTo !== undefined) {
    if (deferredTo < term) throw refusal('deferredTo', 'before the deadline');
    if (deferredTo > addMonths(term, rule.deferralMonths))
      throw refusal('deferredTo', `more than ${rule.deferralMonths} months after the deadline`);
    trace.step({
      id: 'deadline',
      formula: 'deferredTo',
      inputs: { deadline: term, deferralMonths: String(rule.deferralMonths) },
      result: deferredTo,
    });
  }
  const deadline = deferredTo ?? term;
  if (paid === undefined) return { deadline };
  const days = Math.max(0, daysBetween(deadline, paid));
  trace.step({ id: 'days', formula: 'max(0, paid − deadline)', inputs: { deadline, paid }, result: String(days) });
  const surcharge = Object.fromEntries(
    Object.entries(given.taxes ?? {}).map(([tax, due]) => {
      const assessed = due.times(rule.dailyRate).times(days);
      const isCharged = assessed.gte(rule.minimum);
      if (!isCharged && assessed.gt(0))
        trace.warn('belowThreshold', { tax, amount: fen(assessed), threshold: rule.minimum });
      const result = trace.step({
        id: 'surcharge',
        formula: isCharged ? 'tax × dailyRate × days' : 'tax × dailyRate × days < minimum → 0',
        inputs: {
          name: tax,
          tax: shown(due),
          dailyRate: rule.dailyRate,
          days: String(days),
          minimum: rule.minimum,
        },
        result: isCharged ? fen(assessed) : '0.00',
        rounding: 'fen',
      });
      return [tax, result];
    }),
  );
  return { deadline, days, surcharge };
}

/** T21: 关税法 art. 43, 海关总署公告2022年第61号, 海关征税办法. */
export const latePaymentSurchargeCalculator = calculator({
  id: 'T21',
  rule: 'T21',
  packs: ['tax-late-fees'],
  source: '《关税法》第四十三条；海关总署公告2022年第61号；海关征税管理办法',
  inForceFrom: '2001-01-01',
  input,
  aliases: {
    names: {
      issued: ['issuedOn', 'issueDate', 'issuedDate', '填发日', '制发日'],
      deadline: ['dueDate', 'dueOn', 'dueBy', 'paymentDeadline', '缴款期限'],
      paid: ['paidOn', 'paidDate', 'payDate', 'paymentDate', '缴纳日'],
      deferredTo: ['deferredUntil'],
    },
    words: { convention: { 'cpa-inclusive': ['cpa'] } },
  },
  calculate: latePaymentSurcharge,
});

/** Whether 缓税利息 is charged on bonded goods sold at home: waivers come and go, so it is not unless the firm says so. */
export const deferredInterestSetting: RuleSetting = {
  id: 'T21.deferredInterest',
  rule: 'T21',
  options: ['waived', 'charged'],
};

const interestInput = z.strictObject({
  date: date.optional(),
  taxes,
  /** 计息天数. */
  days: z.number().int().nonnegative(),
  /** 缓税利息率 a year: the demand deposit rate of the People's Bank. */
  rate: amount,
});

/** T21interest 缓税利息 = 应征税额 × 计息天数 × 缓税利息率 ÷ 360, by tax, half-up to the fen; `0.00` while waived. */
export function deferredInterest(
  { date: on, taxes: due, days, rate }: z.output<typeof interestInput>,
  trace: Trace,
): { readonly interest: Readonly<Record<string, string>> } {
  const { latePayment } = trace.parametersOrNewest('tax-late-fees', lateFeesPack, on);
  const isCharged = trace.setting(deferredInterestSetting) === 'charged';
  return {
    interest: Object.fromEntries(
      Object.entries(due).map(([tax, sum]) => [
        tax,
        trace.step({
          id: 'interest',
          formula: isCharged ? 'tax × days × rate ÷ interestDayBase' : '0',
          inputs: {
            name: tax,
            tax: shown(sum),
            days: String(days),
            rate: shown(rate),
            interestDayBase: String(latePayment.interestDayBase),
          },
          result: isCharged ? fen(sum.times(days).times(rate).div(latePayment.interestDayBase)) : '0.00',
          rounding: 'fen',
        }),
      ]),
    ),
  };
}

export const deferredInterestCalculator = calculator({
  id: 'T21interest',
  rule: 'T21',
  packs: ['tax-late-fees'],
  settings: [deferredInterestSetting],
  source: '海关征税管理办法；加工贸易保税货物内销缓税利息公告',
  inForceFrom: '2001-01-01',
  input: interestInput,
  calculate: deferredInterest,
});
