/** Working days of mainland China: Monday to Friday, less the public holidays, plus the weekend days worked instead (调休). */
import { addDays, type IsoDate, isoWeekday, parseIsoDate, yearOf } from './dates.ts';

/** The shape of resources/calendar/cn-holidays.json. */
export interface HolidayFile {
  readonly header: { readonly source: string; readonly asOf: string };
  readonly years: readonly string[];
  readonly rows: readonly (readonly [date: string, kind: string, zh: string])[];
}

export interface WorkCalendar {
  /** Years whose notice is known. */
  readonly years: ReadonlySet<number>;
  /** Days that differ from the plain week. */
  readonly days: ReadonlyMap<IsoDate, { readonly kind: 'off' | 'work'; readonly zh: string }>;
}

/** A result that says whether it rests on published notices. `certain` is false when a year without a notice was crossed. */
export interface WorkingDay {
  readonly date: IsoDate;
  readonly certain: boolean;
}

/** Builds the calendar; rows with a bad date or an unknown kind are a RangeError, since a silent gap would move deadlines. */
export function buildCalendar(file: HolidayFile): WorkCalendar {
  const days = new Map<IsoDate, { kind: 'off' | 'work'; zh: string }>();
  for (const [text, kind, zh] of file.rows) {
    const date = parseIsoDate(text);
    if (date === undefined || (kind !== 'off' && kind !== 'work')) throw new RangeError(`calendar row ${text} ${kind}`);
    days.set(date, { kind, zh });
  }
  return { years: new Set(file.years.map(Number)), days };
}

/** Whether a day is worked; a year without a notice falls back to Monday to Friday. */
export function isWorkingDay(date: IsoDate, calendar: WorkCalendar): boolean {
  const special = calendar.days.get(date);
  return special === undefined ? isoWeekday(date) <= 5 : special.kind === 'work';
}

/** The day itself, or the next working day (顺延: the rule of tax and customs deadlines). */
export function nextWorkingDay(date: IsoDate, calendar: WorkCalendar): WorkingDay {
  let at = date;
  while (!isWorkingDay(at, calendar)) at = addDays(at, 1);
  return { date: at, certain: known(date, at, calendar) };
}

/** The day itself, or the last working day before it. */
export function previousWorkingDay(date: IsoDate, calendar: WorkCalendar): WorkingDay {
  let at = date;
  while (!isWorkingDay(at, calendar)) at = addDays(at, -1);
  return { date: at, certain: known(at, date, calendar) };
}

/** The n-th working day after (n > 0) or before (n < 0) a date; the date itself is not counted. n = 0 returns the date. */
export function addWorkingDays(date: IsoDate, n: number, calendar: WorkCalendar): WorkingDay {
  const step = n < 0 ? -1 : 1;
  let left = Math.abs(n);
  let at = date;
  while (left > 0) {
    at = addDays(at, step);
    if (isWorkingDay(at, calendar)) left--;
  }
  return { date: at, certain: step > 0 ? known(date, at, calendar) : known(at, date, calendar) };
}

/** Working days in (from, to]: none when `to` is not after `from`. */
export function workingDaysBetween(from: IsoDate, to: IsoDate, calendar: WorkCalendar): number {
  let count = 0;
  for (let at = from; at < to; ) {
    at = addDays(at, 1);
    if (isWorkingDay(at, calendar)) count++;
  }
  return count;
}

function known(from: IsoDate, to: IsoDate, calendar: WorkCalendar): boolean {
  for (let year = yearOf(from); year <= yearOf(to); year++) if (!calendar.years.has(year)) return false;
  return true;
}
