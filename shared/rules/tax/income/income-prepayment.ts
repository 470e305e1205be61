/** T03: quarterly prepayment of income tax and the averages that decide on the relief (公告2023年第6号). Amounts in yuan. */
import { z } from 'zod';
import { endOfMonth, makeDate } from '../../../calendar/index.ts';
import { PortbookError } from '../../../errors.ts';
import { calculator, type Trace } from '../../calculator.ts';
import { dueDate } from '../../deadlines/engine.ts';
import { type DeadlineFormula, type DeadlineRuleId, deadlinesPack } from '../../deadlines/pack.ts';
import { amount, fen, figure, Num } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note, shown } from '../steps.ts';
import {
  assessableRevenue,
  deemedIncome,
  deemedPackId,
  deemedPackSchema,
  revenueFigures,
} from './deemed-profit-levy.ts';
import {
  endOfTaxYear,
  enterpriseNames,
  incomeTax,
  smallProfitPackId,
  smallProfitPackSchema,
  taxYear,
} from './small-profit-brackets.ts';

const deadlinesPackId = 'deadlines';
export const prepaymentPackId = 'tax-income-prepayment';
export const prepaymentPackSchema = packSchema(
  z.object({
    /** Days after the quarter's last day. */
    daysAfterQuarter: z.number().int(),
    /** Month and day of the year after, `MM-dd`. */
    annualBy: z.string().regex(/^\d{2}-\d{2}$/),
  }),
);

/** Opening and closing of each quarter up to now, one to four. */
const quarters = z
  .array(z.tuple([amount, amount]))
  .min(1)
  .max(4);

/** Average of the quarters' averages, each (opening + closing) ÷ 2; unrounded. A firm open for part of the year gives fewer. */
export function quarterlyAverage(pairs: readonly (readonly [Num, Num])[]): Num {
  const sum = pairs.reduce((total, [opening, closing]) => total.plus(opening.plus(closing).div(2)), new Num(0));
  return sum.div(pairs.length);
}

function averageStep(trace: Trace, id: string, pairs: readonly (readonly [Num, Num])[]): Num {
  const value = quarterlyAverage(pairs);
  const inputs = Object.fromEntries(
    pairs.flatMap(([opening, closing], at) => [
      [`opening${at + 1}`, opening],
      [`closing${at + 1}`, closing],
    ]),
  );
  note(trace, id, 'Σ (opening + closing) ÷ 2 ÷ quarters', inputs, value);
  return value;
}

/** T03avg: of persons or of assets, in whatever unit was given. */
export const quarterAverage = calculator({
  id: 'T03avg',
  rule: 'T03',
  packs: [],
  source: '国家税务总局公告2023年第6号及解读',
  inForceFrom: '2019-01-01',
  input: z.strictObject({ quarters }),
  aliases: { names: { quarters: ['quarterPairs', 'pairs'] } },
  calculate: (input, trace) => ({ average: shown(averageStep(trace, 'average', input.quarters)) }),
});

/**
 * T03: cumulative tax to the quarter's end less what was prepaid, never below zero (an overpayment is settled at year's end).
 * Either the cumulative taxable income (a loss is negative and bears nothing) or the cumulative revenue under the deemed method.
 * With `quarter` the deadlines too.
 */
export const incomePrepayment = calculator({
  id: 'T03',
  rule: 'T03',
  packs: [smallProfitPackId, deemedPackId, prepaymentPackId, deadlinesPackId],
  source: '国家税务总局公告2023年第6号；企业所得税法第五十四条',
  inForceFrom: '2019-01-01',
  input: z
    .strictObject({
      year: taxYear,
      quarter: z
        .union([z.number(), z.string().regex(/^[1-4]$/)])
        .transform(Number)
        .pipe(z.number().int().min(1).max(4))
        .optional(),
      cumulativeTaxableIncome: figure.optional(),
      ...revenueFigures,
      grossRevenue: amount.optional(),
      alreadyPrepaid: amount.optional(),
      employees: amount.optional(),
      totalAssets: amount.optional(),
      employeeQuarters: quarters.optional(),
      assetQuarters: quarters.optional(),
      restrictedIndustry: z.boolean().optional(),
    })
    .superRefine((input, context) => {
      if ((input.cumulativeTaxableIncome === undefined) === (input.grossRevenue === undefined))
        context.addIssue({
          code: 'custom',
          path: ['cumulativeTaxableIncome'],
          message: 'either cumulativeTaxableIncome or grossRevenue',
        });
    }),
  aliases: {
    names: {
      ...enterpriseNames,
      cumulativeTaxableIncome: ['cumTaxableIncome', 'cumulativeIncome', '累计应纳税所得额'],
      grossRevenue: ['cumulativeRevenue', 'cumulativeGrossRevenue', '累计收入总额'],
      alreadyPrepaid: ['prepaid', 'prepaidTax', 'taxPrepaid', '已预缴税额'],
      employeeQuarters: ['employeesByQuarter'],
      assetQuarters: ['assetsByQuarter'],
    },
  },
  calculate(input, trace) {
    const on = endOfTaxYear(input.year);
    const parameters = trace.parameters(smallProfitPackId, smallProfitPackSchema, on);
    const taxableIncome = cumulativeIncome(input, on, trace);
    const facts = {
      employees:
        input.employeeQuarters === undefined
          ? input.employees
          : averageStep(trace, 'averageEmployees', input.employeeQuarters),
      totalAssets:
        input.assetQuarters === undefined
          ? input.totalAssets
          : averageStep(trace, 'averageAssets', input.assetQuarters),
      restrictedIndustry: input.restrictedIndustry,
    };
    const { tax, reduction } = incomeTax(taxableIncome, facts, parameters, trace);
    const cumulativeTax = note(trace, 'cumulativeTax', 'tax', { tax }, tax, 'fen');
    const cumulativeReduction = note(trace, 'cumulativeReduction', 'ordinaryTax − tax', { tax }, reduction, 'fen');
    const alreadyPrepaid = input.alreadyPrepaid ?? new Num(0);
    const left = tax.minus(alreadyPrepaid);
    if (left.lt(0)) trace.warn('overPrepaid', { amount: fen(left.neg()) });
    const dueThisPeriod = note(
      trace,
      'dueThisPeriod',
      'max(0, cumulativeTax − alreadyPrepaid)',
      { cumulativeTax: tax, alreadyPrepaid },
      Num.max(0, left),
      'fen',
    );
    return {
      cumulativeTax,
      cumulativeReduction,
      dueThisPeriod,
      ...(input.quarter === undefined ? {} : prepaymentDeadlines(input.year, input.quarter, trace)),
    };
  },
});

function cumulativeIncome(
  input: {
    readonly cumulativeTaxableIncome?: Num | undefined;
    readonly grossRevenue?: Num | undefined;
    readonly nonTaxableRevenue?: Num | undefined;
    readonly exemptRevenue?: Num | undefined;
    readonly propertyTransferIncome?: Num | undefined;
  },
  on: string,
  trace: Trace,
): Num {
  if (input.grossRevenue === undefined) {
    const stated = input.cumulativeTaxableIncome ?? new Num(0);
    if (!stated.isNegative() || stated.isZero()) return stated;
    trace.warn('cumulativeLoss', { amount: fen(stated.neg()) });
    const income = new Num(0);
    note(trace, 'taxableIncome', 'max(0, cumulativeTaxableIncome)', { cumulativeTaxableIncome: stated }, income, 'fen');
    return income;
  }
  const { deemedRate } = trace.parameters(deemedPackId, deemedPackSchema, on);
  return deemedIncome(assessableRevenue({ ...input, grossRevenue: input.grossRevenue }, trace), deemedRate, trace);
}

/**
 * Last days of the quarter's prepayment and of the year's settlement, put off by rest days as the deadlines of the book are:
 * one rule for both. Warning `calendarUncertain` {year} where the holidays of a year are not known.
 */
export function prepaymentDeadlines(
  year: number,
  quarter: number,
  trace: Trace,
): { readonly dueBy: string; readonly settleBy: string } {
  const month = makeDate(year, quarter * 3, 1);
  if (month === undefined) throw new RangeError(`no quarter ${quarter} of ${year}`);
  const quarterEnd = endOfMonth(month);
  const { daysAfterQuarter, annualBy } = trace.parameters(prepaymentPackId, prepaymentPackSchema, quarterEnd);
  const deadlines = trace.parameters(deadlinesPackId, deadlinesPack, quarterEnd);
  const uncertain = new Set<string>();
  const due = (id: DeadlineRuleId, formula: DeadlineFormula): string => {
    const rule = deadlines.rules.find((one) => one.id === id);
    if (rule === undefined)
      throw new PortbookError('RULE_PACK_MISSING', { pack: deadlinesPackId, title: id, date: quarterEnd });
    const { date, certain } = dueDate({ ...rule, formula }, { date: quarterEnd }, deadlines, trace.calendar);
    if (!certain) uncertain.add(date.slice(0, 4));
    return date;
  };
  const [settleMonth = 0, settleDay = 0] = annualBy.split('-').map(Number);
  const dueBy = due('incomeTaxPrepayment', { kind: 'quarterly', day: daysAfterQuarter });
  const settleBy = due('incomeTaxAnnual', { kind: 'annual', month: settleMonth, day: settleDay, yearsAfter: 1 });
  const { longHolidayDays } = deadlines;
  for (const one of uncertain) trace.warn('calendarUncertain', { year: one });
  trace.warn('filingPeriodAnnounced');
  return {
    dueBy: note(
      trace,
      'dueBy',
      'quarterEnd + daysAfterQuarter',
      { quarterEnd, daysAfterQuarter, longHolidayDays },
      dueBy,
    ),
    settleBy: note(trace, 'settleBy', 'year + 1, annualBy', { year, annualBy }, settleBy),
  };
}
