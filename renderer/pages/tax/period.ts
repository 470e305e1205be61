/** Tax periods (税款所属期) as the pages pick them: a year `2026`, a quarter `2026-Q3`, a month `2026-09`. */
import type { PeriodKind } from '../../../shared/contract/tax.ts';

export function periodKind(period: string): PeriodKind | undefined {
  if (/^\d{4}$/.test(period)) return 'year';
  if (/^\d{4}-Q[1-4]$/.test(period)) return 'quarter';
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(period) ? 'month' : undefined;
}

/** The last month of a period, `yyyy-mm`. */
export function lastMonth(period: string): string {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(period);
  if (quarter !== null) return `${quarter[1]}-${String(Number(quarter[2]) * 3).padStart(2, '0')}`;
  return /^\d{4}$/.test(period) ? `${period}-12` : period;
}

/** The period of a kind that a month (or a date) lies in. */
export function periodOf(kind: PeriodKind, month: string): string {
  const year = month.slice(0, 4);
  if (kind === 'year') return year;
  if (kind === 'month') return month.slice(0, 7);
  return `${year}-Q${Math.ceil(Number(month.slice(5, 7)) / 3)}`;
}

/** The period `by` further on, of the same kind. */
export function shiftPeriod(period: string, by: number): string {
  const kind = periodKind(period);
  if (kind === undefined) return period;
  const [year = '', rest = ''] = period.split('-', 2);
  if (kind === 'year') return String(Number(year) + by);
  const parts = kind === 'quarter' ? 4 : 12;
  const at = Number(year) * parts + Number(rest.replace('Q', '')) - 1 + by;
  const part = (at % parts) + 1;
  return `${Math.floor(at / parts)}-${kind === 'quarter' ? `Q${part}` : String(part).padStart(2, '0')}`;
}

const furthestBack: Readonly<Record<PeriodKind, number>> = { year: 6, quarter: 16, month: 36 };

/**
 * Periods to choose from, newest first: as far back as the book goes, up to the one that `today` is in, and `kept`, wherever it
 * is.
 * @param months months in which the book has anything, `yyyy-mm`
 */
export function periodChoices(
  kind: PeriodKind,
  months: readonly string[],
  today: string,
  kept?: string,
): readonly string[] {
  const newest = [today.slice(0, 7), ...months].reduce((last, one) => (one > last ? one : last));
  const oldest = [today.slice(0, 7), ...months].reduce((first, one) => (one < first ? one : first));
  const stop = periodOf(kind, oldest);
  const found: string[] = [];
  for (let at = periodOf(kind, newest); found.length < furthestBack[kind]; at = shiftPeriod(at, -1)) {
    found.push(at);
    if (at <= stop && found.length >= 4) break;
  }
  if (kept !== undefined && periodKind(kept) === kind && !found.includes(kept)) found.push(kept);
  return found.sort().reverse();
}

/** The period a sheet is opened with: the newest in which the book has anything, else the one of today. */
export function usualPeriod(kind: PeriodKind, months: readonly string[], today: string): string {
  const newest = months.reduce<string | undefined>(
    (last, one) => (one <= today.slice(0, 7) && (last === undefined || one > last) ? one : last),
    undefined,
  );
  return periodOf(kind, newest ?? today);
}
