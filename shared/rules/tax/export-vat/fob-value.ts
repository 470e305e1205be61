/** T12: FOB value of a sale and the rate into yuan (人民币折合率): 增值税法实施条例第十七条 from 2026-01-01. */
import { z } from 'zod';
import {
  addMonths,
  buildCalendar,
  type IsoDate,
  nextWorkingDay,
  startOfMonth,
  type WorkCalendar,
} from '../../../calendar/index.ts';
import { PortbookError } from '../../../errors.ts';
import { calculator } from '../../calculator.ts';
import { amount, date, Num, ratio } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import {
  dealNames,
  deliveryTerm,
  exchangeRateNames,
  insuranceByRate,
  insuranceMarkup,
  termWords,
} from '../delivery-terms.ts';
import { note } from '../steps.ts';

export const fobPackId = 'tax-export-fob';
export const fobPackSchema = packSchema(
  z.object({
    /** What stands for the first of a month without a rate. */
    monthFirst: z.enum(['firstWorkingDay', 'latestPublished']),
    /** Months a choice of method is fixed. */
    lockMonths: z.number().int(),
  }),
);

export type FobPack = z.output<typeof fobPackSchema>;

/**
 * Parts of a total in proportion to the items, each rounded to the fen; the last takes the rounding difference, so that the
 * parts add up to the total rounded.
 */
export function allocate(total: Num, items: readonly Num[]): readonly Num[] {
  const whole = items.reduce((sum, one) => sum.plus(one), new Num(0));
  let left = total.toDecimalPlaces(2, Num.ROUND_HALF_UP);
  return items.map((one, at) => {
    const part = at === items.length - 1 ? left : total.times(one).div(whole).toDecimalPlaces(2, Num.ROUND_HALF_UP);
    left = left.minus(part);
    return part;
  });
}

/**
 * T12: in the currency of the sale; with `rate` in yuan too. Insurance as an amount or, without one, by rate: amount × (1 + markup) ×
 * insRate; commission is deducted where the papers show it. `items`: the amounts of the goods, which add up to `amount`.
 */
export const fobValue = calculator({
  id: 'T12',
  rule: 'T12',
  packs: [],
  source: '增值税法实施条例第十七条；财税〔2012〕39号；国家税务总局公告2012年第24号',
  inForceFrom: '2012-07-01',
  input: z
    .strictObject({
      term: deliveryTerm,
      amount,
      freight: amount.optional(),
      insurance: amount.optional(),
      insRate: ratio.optional(),
      markup: insuranceMarkup.optional(),
      commission: amount.optional(),
      rate: amount.optional(),
      items: z.array(amount).min(1).optional(),
    })
    .superRefine((input, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (input.term === 'FOB' && input.freight?.gt(0) === true) refuse('freight', 'none in FOB');
      if (input.term !== 'CIF' && input.insurance?.gt(0) === true) refuse('insurance', 'only in CIF');
      if (input.term !== 'CIF' && input.insRate !== undefined) refuse('insRate', 'only in CIF');
      if (input.markup !== undefined && (input.insRate ?? input.insurance) === undefined)
        refuse('insRate', 'missing: markup needs insRate');
      const sum = input.items?.reduce((total, one) => total.plus(one), new Num(0));
      if (sum !== undefined && (!sum.eq(input.amount) || sum.eq(0))) refuse('items', 'do not add up to amount');
    }),
  aliases: {
    names: {
      ...dealNames,
      markup: ['insuranceMarkup', 'markupRate', '加成', '投保加成'],
      rate: [...exchangeRateNames, 'fx', '折合率'],
      items: ['itemAmounts', 'lines'],
    },
    words: { term: termWords },
  },
  calculate(input, trace) {
    const { amount: price, term } = input;
    // The amount on the paper goes before a rate.
    const insRate = input.insurance === undefined ? input.insRate : undefined;
    if (input.insurance !== undefined)
      for (const field of ['insRate', 'markup'] as const)
        if (input[field] !== undefined) trace.warn('inputUnused', { field });
    const freight = input.freight ?? new Num(0);
    const commission = input.commission ?? new Num(0);
    const markup = input.markup ?? new Num(0);
    let insurance = input.insurance ?? new Num(0);
    if (insRate !== undefined) {
      insurance = insuranceByRate(price, markup, insRate);
      note(trace, 'insurance', 'amount × (1 + markup) × insRate', { amount: price, markup, insRate }, insurance);
      if (input.markup === undefined) trace.warn('noMarkup');
    }
    if (term !== 'FOB' && input.freight === undefined) trace.warn('noFreight');
    if (term === 'CIF' && input.insurance === undefined && insRate === undefined) trace.warn('noInsurance');
    const fob = price.minus(freight).minus(insurance).minus(commission);
    if (fob.lt(0))
      throw new PortbookError(
        'RULE_INPUT',
        { calculator: 'T12', field: 'freight', reason: 'charges over amount' },
        'freight',
      );
    const text = note(
      trace,
      'fob',
      'amount − freight − insurance − commission',
      { amount: price, freight, insurance, commission },
      fob,
      'fen',
    );
    const { rate, items } = input;
    return {
      fob: text,
      ...(rate === undefined
        ? {}
        : { fobCny: note(trace, 'fobCny', 'fob × rate', { fob, rate }, fob.times(rate), 'fen') }),
      ...(items === undefined
        ? {}
        : {
            itemFob: allocate(fob, items).map((part, at) =>
              note(trace, 'itemFob', 'fob ÷ amount × item', { fob, amount: price, item: items[at] }, part, 'fen'),
            ),
          }),
    };
  },
});

/** The latest day with a rate not after `on`; undefined where there is none. */
function latestPublished(days: readonly IsoDate[], on: IsoDate): IsoDate | undefined {
  return days.filter((day) => day <= on).at(-1);
}

/**
 * Day whose central parity converts a sale.
 * @param days days with a published rate, in order
 * @returns undefined where the rates given do not reach
 */
export function rateDay(
  saleDate: IsoDate,
  method: 'monthFirst' | 'sameDay',
  monthFirst: 'firstWorkingDay' | 'latestPublished',
  days: readonly IsoDate[],
  calendar: WorkCalendar,
): IsoDate | undefined {
  if (method === 'sameDay') return latestPublished(days, saleDate);
  const first = startOfMonth(saleDate);
  if (monthFirst === 'latestPublished') return latestPublished(days, first);
  // On a weekend worked instead of a holiday no rate is published: the next day that has one.
  const worked = nextWorkingDay(first, calendar).date;
  const next = startOfMonth(addMonths(saleDate, 1));
  return days.find((day) => day >= worked && day < next);
}

/** T12fx: rates are the central parity by day, of one currency, in yuan a unit. `holidays` and `workdays` stand in for the calendar. */
export const exchangeRateOfSale = calculator({
  id: 'T12fx',
  rule: 'T12',
  packs: [fobPackId],
  source: '增值税法实施条例第十七条；增值税暂行条例实施细则第十五条',
  inForceFrom: '2012-07-01',
  input: z.strictObject({
    saleDate: date,
    method: z.enum(['monthFirst', 'sameDay']),
    rates: z.record(date, amount),
    holidays: z.array(date).optional(),
    workdays: z.array(date).optional(),
    /** The method before and the day the present one was taken up: a choice is fixed for months. */
    previousMethod: z.enum(['monthFirst', 'sameDay']).optional(),
    previousMethodFrom: date.optional(),
  }),
  aliases: {
    names: { saleDate: ['saleOn', 'soldOn', 'date', '销售日期'] },
    words: {
      method: { monthFirst: ['monthFirstDay', 'firstOfMonth', '当月1日'], sameDay: ['saleDay', '当日', '当天'] },
      previousMethod: {
        monthFirst: ['monthFirstDay', 'firstOfMonth', '当月1日'],
        sameDay: ['saleDay', '当日', '当天'],
      },
    },
  },
  calculate(input, trace) {
    const { saleDate, method, rates } = input;
    const parameters = trace.parameters(fobPackId, fobPackSchema, saleDate);
    const days = (Object.keys(rates) as IsoDate[]).sort();
    const on = rateDay(saleDate, method, parameters.monthFirst, days, calendarOf(input, trace.calendar));
    const rate = on === undefined ? undefined : rates[on];
    if (on === undefined || rate === undefined)
      throw new PortbookError(
        'RULE_INPUT',
        { calculator: 'T12fx', field: 'rates', reason: `no rate for ${saleDate}` },
        'rates',
      );
    if (method === 'monthFirst' && parameters.monthFirst === 'firstWorkingDay') trace.warn('localPractice');
    if (
      input.previousMethod !== undefined &&
      input.previousMethod !== method &&
      input.previousMethodFrom !== undefined
    ) {
      const until = addMonths(input.previousMethodFrom, parameters.lockMonths);
      if (saleDate < until) trace.warn('methodLocked', { until });
    }
    const formula = method === 'sameDay' ? 'latest rate up to saleDate' : `first of month: ${parameters.monthFirst}`;
    return {
      rateDate: note(trace, 'rateDate', formula, { saleDate }, on),
      rate: note(trace, 'rate', 'rates[rateDate]', { rateDate: on }, rate),
    };
  },
});

function calendarOf(
  input: { readonly holidays?: readonly IsoDate[] | undefined; readonly workdays?: readonly IsoDate[] | undefined },
  calendar: WorkCalendar,
): WorkCalendar {
  if (input.holidays === undefined && input.workdays === undefined) return calendar;
  const rows = [
    ...(input.holidays ?? []).map((day) => [day, 'off', ''] as const),
    ...(input.workdays ?? []).map((day) => [day, 'work', ''] as const),
  ];
  return buildCalendar({ header: { source: '', asOf: '' }, years: rows.map(([day]) => day.slice(0, 4)), rows });
}
