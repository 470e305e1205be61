/** C02: released retail export lists summed up to declarations, by the 15th of the next month (海关总署公告 2018 年第 194 号). */
import { z } from 'zod';
import { addMonths, type IsoDate, nextWorkingDay, parseIsoDate } from '../../calendar/index.ts';
import {
  mergeSummary,
  type SummaryKeys,
  type SummaryLine,
  summaryHeadKeys,
  summaryItemKeys,
} from '../../drafting/summary-merge.ts';
import { format5, parse5 } from '../../money/decimal.ts';
import { calculator, type Trace } from '../calculator.ts';
import { amount, fen, Num } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { note } from '../tax/steps.ts';

export const summaryPackId = 'customs-summary';
export const summaryPackSchema = packSchema(
  z.object({
    headKeys: z.array(z.enum(summaryHeadKeys)).min(1),
    itemKeys: z.array(z.enum(summaryItemKeys)).min(1),
    /** Last day of the month after release; a holiday moves it to the next working day. */
    dayOfMonth: z.number().int().min(1).max(28),
    /** Most items of a declaration. */
    maxItems: z.number().int().min(1),
  }),
);
export type SummaryParameters = z.infer<typeof summaryPackSchema>['versions'][number]['parameters'];

/** Keys by which an application merges; `byName` as its itemNameFlag says. */
export function summaryKeysOf(parameters: SummaryParameters, byName: boolean): SummaryKeys {
  const { headKeys, itemKeys, maxItems } = parameters;
  return { head: headKeys, item: byName && !itemKeys.includes('name') ? [...itemKeys, 'name'] : itemKeys, maxItems };
}

/**
 * Last day to sum up lists released in a month (`yyyy-mm`), moved on from a holiday. Undefined for text that is no month.
 * `certain` false: no holiday notice is known for that year.
 */
export function summaryDeadline(
  month: string,
  parameters: SummaryParameters,
  calendar: Trace['calendar'],
): { readonly date: IsoDate; readonly certain: boolean } | undefined {
  const day = parseIsoDate(`${month}-${String(parameters.dayOfMonth).padStart(2, '0')}`);
  return day === undefined ? undefined : nextWorkingDay(addMonths(day, 1), calendar);
}

const key = z.string().trim().min(1);
const five = amount.refine((value) => value.decimalPlaces() <= 5, 'more than five decimals');
const line = z.strictObject({
  consignor: key,
  transportMode: key,
  producer: key,
  arrivalCountry: key,
  exitCustoms: key,
  destCountry: key,
  /** Lists are merged by the whole code: headings would merge what customs keeps apart. */
  hs10: z
    .string()
    .trim()
    .regex(/^\d{10}$/, '须为 10 位商品编码 (the commodity code of ten digits)'),
  currency: key,
  qty: five,
  amount: five,
  /** Declared goods name; asked for when lines are merged by it. */
  name: z.string().optional(),
  unit: z.string().optional(),
  /** Number of the list it stands in. */
  list: z.string().optional(),
  /** 清单核放、汇总统计: counted, never declared again. */
  statisticsOnly: z.boolean().optional(),
});

/**
 * C02: how many declarations and items, and the total of each item as amounts in text order. With `month` (of release) also the last
 * day; with numbers of lists also which lists make which declaration, and those that are only counted.
 */
export const summaryOfLists = calculator({
  id: 'C02',
  rule: 'C02',
  packs: [summaryPackId],
  source: '海关总署公告 2018 年第 194 号',
  inForceFrom: '2019-01-01',
  input: z.strictObject({
    lines: z.array(line),
    /** Month in which the lists were released, `yyyy-mm`. */
    month: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
      .optional(),
    byName: z.boolean().optional(),
  }),
  calculate({ lines, month, byName }, trace) {
    const parameters = trace.parametersOrNewest(
      summaryPackId,
      summaryPackSchema,
      month === undefined ? undefined : `${month}-01`,
    );
    const keys = summaryKeysOf(parameters, byName === true);
    const summary = mergeSummary(
      lines.map(
        (one): SummaryLine => ({
          ...one,
          name: one.name ?? '',
          unit: one.unit ?? '',
          list: one.list ?? '',
          isStatisticsOnly: one.statisticsOnly === true,
          qty_e5: parse5(one.qty.toFixed()),
          amount_e5: parse5(one.amount.toFixed()),
        }),
      ),
      keys,
    );
    const totals = summary.declarations.map(({ keys: head, items, lists }) => ({
      lists: [...lists],
      items: items.map((item) => {
        const total = new Num(format5(item.amount_e5));
        const agree = Object.fromEntries(
          Object.entries({ ...head, ...item.keys }).map(([name, value]) => [name, value ?? '']),
        );
        note(trace, 'itemTotal', 'Σ amount', { ...agree, lines: item.sources.length }, total, 'fen');
        return { ...item.keys, unit: item.unit, qty: format5(item.qty_e5), amount: fen(total) };
      }),
    }));
    const items = totals.flatMap((one) => one.items);
    note(trace, 'declarations', 'heads that differ', { lines: lines.length }, totals.length);
    note(trace, 'items', 'items that differ', { lines: lines.length }, items.length);
    const isNamed = lines.some(({ list }) => list !== undefined);
    return {
      declarations: totals.length,
      items: items.length,
      itemTotals: items.map((one) => one.amount).sort(),
      ...(isNamed ? { applications: totals, statistics: [...summary.statistics] } : {}),
      ...deadline(),
    };

    function deadline(): { readonly deadline?: string } {
      if (month === undefined) return {};
      const day = summaryDeadline(month, parameters, trace.calendar);
      if (day === undefined) return {};
      if (!day.certain) trace.warn('holidaysUnknown', { date: day.date });
      return {
        deadline: note(
          trace,
          'deadline',
          'dayOfMonth of the next month',
          { month, dayOfMonth: parameters.dayOfMonth },
          day.date,
        ),
      };
    }
  },
});
