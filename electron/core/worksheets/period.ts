/** Periods of taxes (税款所属期). */
import { endOfMonth, type IsoDate, makeDate } from '../../../shared/calendar/index.ts';
import type { PeriodKind } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';

export interface Period {
  readonly key: string;
  readonly kind: PeriodKind;
  readonly year: number;
  readonly from: IsoDate;
  /** Last day, included. */
  readonly to: IsoDate;
  /** `yyyy-mm` of each month, in order. */
  readonly months: readonly string[];
  /** The quarter it ends in, 1–4. */
  readonly quarter: number;
}

/** Reads `2026`, `2026-Q3` or `2026-09`. Refusal: `TAX_PERIOD` {period}. */
export function readPeriod(key: string): Period {
  const match = /^(\d{4})(?:-Q([1-4])|-(\d{2}))?$/.exec(key);
  const year = Number(match?.[1]);
  const quarter = match?.[2];
  const month = match?.[3];
  const kind: PeriodKind = quarter !== undefined ? 'quarter' : month !== undefined ? 'month' : 'year';
  const first = quarter !== undefined ? Number(quarter) * 3 - 2 : month !== undefined ? Number(month) : 1;
  const last = kind === 'quarter' ? first + 2 : kind === 'month' ? first : 12;
  const from = makeDate(year, first, 1);
  const lastMonth = makeDate(year, last, 1);
  if (match === null || from === undefined || lastMonth === undefined)
    throw new PortbookError('TAX_PERIOD', { period: key }, 'period');
  const months: string[] = [];
  for (let at = first; at <= last; at += 1) months.push(`${match[1]}-${String(at).padStart(2, '0')}`);
  return { key, kind, year, from, to: endOfMonth(lastMonth), months, quarter: Math.ceil(last / 3) };
}

/** `2026-Q3`. */
export function quarterKey(year: number, quarter: number): string {
  return `${year}-Q${quarter}`;
}
