/**
 * T11: deadlines of a refund or exemption by export date: 公告2026年第11号, 国家税务总局公告2026年第5号; exports up to 2025-12-31 know no
 * 36 months. Days are natural days.
 */
import { z } from 'zod';
import {
  addDays,
  addMonths,
  daysBetween,
  type IsoDate,
  isWorkingDay,
  nextWorkingDay,
  parseIsoDate,
  startOfMonth,
  yearOf,
} from '../../../calendar/index.ts';
import { calculator, type RuleSetting, type Trace } from '../../calculator.ts';
import { date } from '../../figures.ts';
import { note } from '../steps.ts';
import { type ExportVatParameters, exportVatPackId, exportVatPackSchema } from './export-vat-pack.ts';

/** Which day is the last of the months: the texts at hand leave a day's doubt. */
export const lastDaySetting: RuleSetting = {
  id: 'T11.lastDay',
  rule: 'T11',
  options: ['sameDay', 'dayBefore', 'dayAfter'],
};
const shift: Readonly<Record<string, number>> = { sameDay: 0, dayBefore: -1, dayAfter: 1 };

/** Last day on which a refund or exemption may be declared; null for exports without such a limit. */
export function hardLimit(exportDate: IsoDate, parameters: ExportVatParameters, trace: Trace): IsoDate | null {
  if (parameters.hardLimitMonths === null) return null;
  const sameDay = addMonths(exportDate, parameters.hardLimitMonths);
  return addDays(sameDay, shift[trace.setting(lastDaySetting)] ?? 0);
}

/** From the month after export to the pack's day of the next year. */
export function normalPeriod(
  exportDate: IsoDate,
  normalBy: string,
): { readonly normalFrom: IsoDate; readonly normalTo: IsoDate } {
  const normalTo = parseIsoDate(`${yearOf(exportDate) + 1}-${normalBy}`);
  if (normalTo === undefined) throw new RangeError(`no day ${normalBy}`);
  return { normalFrom: startOfMonth(addMonths(exportDate, 1)), normalTo };
}

/** Last day of the receipt of foreign exchange: the normal one, or a later one of the contract within the hard limit. */
export function receiptDeadline(normalTo: IsoDate, contractReceiptDate: IsoDate, limit: IsoDate | null): IsoDate {
  const byContract = limit !== null && contractReceiptDate > limit ? limit : contractReceiptDate;
  return byContract > normalTo ? byContract : normalTo;
}

/** The days before a limit on which the user is reminded, first to last. */
export function reminderDates(limit: IsoDate, reminderDays: readonly number[]): readonly IsoDate[] {
  return [...reminderDays].sort((a, b) => b - a).map((days) => addDays(limit, -days));
}

/**
 * T11. With `contractReceiptDate`, `receivedOn`, `deemedReceived` or `asOf` also the receipt clock, with `declaredOn` filing
 * and keeping of papers, with `asOf` the reminders of the nearest limit.
 */
export const refundDeadlines = calculator({
  id: 'T11',
  rule: 'T11',
  packs: [exportVatPackId],
  settings: [lastDaySetting],
  source: '财政部 税务总局公告2026年第11号；国家税务总局公告2026年第5号第四十八条；国家税务总局公告2022年第9号',
  inForceFrom: '2012-07-01',
  input: z.strictObject({
    exportDate: date,
    contractReceiptDate: date.optional(),
    receivedOn: date.optional(),
    /** A case that counts as received (视同收汇), with its evidence. */
    deemedReceived: z.boolean().optional(),
    declaredOn: date.optional(),
    asOf: date.optional(),
  }),
  calculate(input, trace) {
    const { exportDate, asOf, declaredOn } = input;
    const parameters = trace.parameters(exportVatPackId, exportVatPackSchema, exportDate);
    const { normalFrom, normalTo } = normalPeriod(exportDate, parameters.normalBy);
    note(trace, 'normalFrom', 'first day of the month after exportDate', { exportDate }, normalFrom);
    note(trace, 'normalTo', 'normalBy of the next year', { exportDate, normalBy: parameters.normalBy }, normalTo);
    if (!isWorkingDay(normalTo, trace.calendar))
      trace.warn('normalEndNotWorked', { day: normalTo, next: nextWorkingDay(normalTo, trace.calendar).date });
    const limit = hardLimit(exportDate, parameters, trace);
    note(
      trace,
      'hardLimit',
      'exportDate + hardLimitMonths',
      { exportDate, hardLimitMonths: parameters.hardLimitMonths },
      limit,
    );
    if (limit !== null && asOf !== undefined && declaredOn === undefined) {
      const left = daysBetween(asOf, limit);
      if (left < 0) trace.warn('hardLimitPassed', { limit });
      else if (left <= parameters.hardLimitWarnDays) trace.warn('hardLimitNear', { limit, days: left });
    }
    return {
      normalFrom,
      normalTo,
      hardLimit: limit,
      ...(limit === null
        ? {}
        : {
            deemedDomesticSaleDate: note(
              trace,
              'deemedDomesticSaleDate',
              'hardLimit + 1',
              { hardLimit: limit },
              addDays(limit, 1),
            ),
          }),
      ...receiptClock(input, normalTo, limit, trace),
      ...(declaredOn === undefined ? {} : papers(declaredOn, normalTo, parameters, trace)),
      ...(asOf === undefined || declaredOn !== undefined
        ? {}
        : {
            reminders: reminderDates(limit === null || asOf <= normalTo ? normalTo : limit, parameters.reminderDays),
          }),
    };
  },
});

function receiptClock(
  input: {
    readonly contractReceiptDate?: IsoDate | undefined;
    readonly receivedOn?: IsoDate | undefined;
    readonly deemedReceived?: boolean | undefined;
    readonly asOf?: IsoDate | undefined;
  },
  normalTo: IsoDate,
  limit: IsoDate | null,
  trace: Trace,
): { readonly receiptBy?: IsoDate; readonly receiptState?: string } {
  const { contractReceiptDate, receivedOn, deemedReceived, asOf } = input;
  if (
    contractReceiptDate === undefined &&
    receivedOn === undefined &&
    deemedReceived === undefined &&
    asOf === undefined
  )
    return {};
  const receiptBy = receiptDeadline(normalTo, contractReceiptDate ?? normalTo, limit);
  note(
    trace,
    'receiptBy',
    'max(normalTo, min(contractReceiptDate, hardLimit))',
    { normalTo, contractReceiptDate, hardLimit: limit },
    receiptBy,
  );
  const day = receivedOn ?? asOf;
  const late = day !== undefined && day > receiptBy;
  const state =
    deemedReceived === true
      ? 'DEEMED_RECEIVED'
      : receivedOn !== undefined
        ? late
          ? 'RECEIVED_LATE'
          : 'RECEIVED'
        : asOf === undefined
          ? undefined
          : late
            ? 'RECEIPT_OVERDUE'
            : 'RECEIPT_PENDING';
  if (state === 'RECEIPT_OVERDUE') trace.warn('refundToRepay', { receiptBy });
  if (state === 'DEEMED_RECEIVED') trace.warn('deemedReceiptEvidence');
  return { receiptBy, ...(state === undefined ? {} : { receiptState: state }) };
}

/** Filing and keeping of the papers of a claim (备案单证). */
function papers(declaredOn: IsoDate, normalTo: IsoDate, parameters: ExportVatParameters, trace: Trace) {
  const receiptStatement = declaredOn > normalTo;
  if (receiptStatement) trace.warn('receiptStatementNeeded');
  const { filingDays, keepYears } = parameters;
  return {
    filePapersBy: note(
      trace,
      'filePapersBy',
      'declaredOn + filingDays',
      { declaredOn, filingDays },
      addDays(declaredOn, filingDays),
    ),
    keepPapersUntil: note(
      trace,
      'keepPapersUntil',
      'declaredOn + keepYears',
      { declaredOn, keepYears },
      addMonths(declaredOn, keepYears * 12),
    ),
    receiptStatement,
  };
}
