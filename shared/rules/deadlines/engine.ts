/** From an event to the last day, its reminders, and back: which events can be due between two days. Pure. */
import {
  addDays,
  addMonths,
  addWorkingDays,
  daysBetween,
  daysInMonth,
  endOfMonth,
  type IsoDate,
  makeDate,
  monthKey,
  monthOf,
  nextWorkingDay,
  startOfMonth,
  type WorkCalendar,
  type WorkingDay,
  yearOf,
} from '../../calendar/index.ts';
import type { DeadlineFigures, DeadlineRule } from './pack.ts';

/** What starts a clock. */
export interface DeadlineEvent {
  readonly date: IsoDate;
  /** Working days of this very event, where the rule leaves them open. */
  readonly workingDays?: number;
  /** From where `capMonths` count: the export date of a contract's day of receipt. */
  readonly capFrom?: IsoDate;
}

export interface DueDate {
  /** The last day before rest days were looked at. */
  readonly statutory: IsoDate;
  readonly date: IsoDate;
  /** False when a year was crossed whose holidays are not published yet: only weekends were counted. */
  readonly certain: boolean;
}

function dayOfMonth(year: number, month: number, day: number): IsoDate {
  const date = makeDate(year, month, Math.min(day, daysInMonth(year, month)));
  if (date === undefined) throw new RangeError(`no date ${year}-${month}-${day}`);
  return date;
}

/** The end of the quarter a date lies in. */
function endOfQuarter(date: IsoDate): IsoDate {
  return endOfMonth(addMonths(startOfMonth(date), (3 - (monthOf(date) % 3)) % 3));
}

/** The longest run of public holidays of at least `least` days within a month's term, in days; 0 where none is so long. */
function longHoliday(first: IsoDate, last: IsoDate, least: number, calendar: WorkCalendar): number {
  let days = 0;
  let run = 0;
  for (let at = first; at <= last; at = addDays(at, 1)) {
    run = calendar.days.get(at)?.kind === 'off' ? run + 1 : 0;
    // Counted when it becomes long enough, then day by day: two such holidays in one term both count.
    if (run === least) days += least;
    else if (run > least) days += 1;
  }
  return days;
}

/** The last day as the rule's shift moves it. */
function shifted(statutory: IsoDate, rule: DeadlineRule, figures: DeadlineFigures, calendar: WorkCalendar): WorkingDay {
  switch (rule.shift) {
    case 'none':
      return { date: statutory, certain: true };
    case 'next-working-day':
      return nextWorkingDay(statutory, calendar);
    case 'filing-period': {
      const rest = longHoliday(startOfMonth(statutory), statutory, figures.longHolidayDays, calendar);
      const certain = calendar.years.has(yearOf(statutory));
      const moved = rest === 0 ? nextWorkingDay(statutory, calendar) : addWorkingDays(statutory, rest, calendar);
      return { date: moved.date, certain: moved.certain && certain };
    }
  }
}

/**
 * The last day of a rule for an event. Monthly and quarterly terms run in the month after the event's month or quarter.
 * @param calendar the book's: shipped years and those the user brought in
 */
export function dueDate(
  rule: DeadlineRule,
  event: DeadlineEvent,
  figures: DeadlineFigures,
  calendar: WorkCalendar,
): DueDate {
  const { formula } = rule;
  if (formula.kind === 'working-days-after') {
    const days = formula.days ?? event.workingDays;
    if (days === undefined) throw new RangeError(`rule ${rule.id} needs a number of working days`);
    const { date, certain } = addWorkingDays(event.date, days, calendar);
    return { statutory: date, date, certain };
  }
  const statutory = lastDay(rule, event);
  return { statutory, ...shifted(statutory, rule, figures, calendar) };
}

function lastDay({ formula }: DeadlineRule, { date, capFrom }: DeadlineEvent): IsoDate {
  switch (formula.kind) {
    case 'monthly':
      return addDays(startOfMonth(addMonths(startOfMonth(date), 1)), formula.day - 1);
    case 'quarterly':
      return addDays(addDays(endOfQuarter(date), 1), formula.day - 1);
    case 'annual':
      return dayOfMonth(yearOf(date) + formula.yearsAfter, formula.month, formula.day);
    case 'months-after':
      return addMonths(date, formula.months);
    case 'days-after':
      return addDays(date, formula.days);
    case 'on-date': {
      if (formula.capMonths === null || capFrom === undefined) return date;
      const cap = addMonths(capFrom, formula.capMonths);
      return date < cap ? date : cap;
    }
    case 'working-days-after':
      return date;
  }
}

/** How far rest days can move a last day: more than the longest holiday with its weekends. */
const slackDays = 31;

/**
 * Events that can be due in [from, to]: wide enough for every shift, so that a query reads few rows and the exact day is
 * computed afterwards. Undefined: no event in force can.
 */
export function eventsDueBetween(
  rule: DeadlineRule,
  from: IsoDate,
  to: IsoDate,
): { readonly from: IsoDate; readonly to: IsoDate } | undefined {
  const [early, late] = [addDays(from, -slackDays), addDays(to, slackDays)];
  const { formula } = rule;
  const range = ((): readonly [IsoDate, IsoDate] => {
    switch (formula.kind) {
      case 'monthly':
        return [addMonths(early, -2), late];
      case 'quarterly':
        return [addMonths(early, -5), late];
      case 'annual':
        return [
          dayOfMonth(yearOf(early) - formula.yearsAfter, 1, 1),
          dayOfMonth(yearOf(late) - formula.yearsAfter, 12, 31),
        ];
      case 'months-after':
        return [addDays(addMonths(early, -formula.months), -3), addDays(addMonths(late, -formula.months), 3)];
      case 'days-after':
        return [addDays(early, -formula.days), addDays(late, -formula.days)];
      case 'working-days-after':
        return [addDays(early, -2 * (formula.days ?? slackDays) - slackDays), late];
      case 'on-date':
        // A contract's day before the normal end of the receipt waits for that end, which lies in the year after export.
        return formula.capMonths === null ? [early, late] : [addMonths(early, -24), addMonths(late, formula.capMonths)];
    }
  })();
  const first = range[0] < rule.inForceFrom ? rule.inForceFrom : range[0];
  const last = rule.inForceTo !== null && range[1] > rule.inForceTo ? rule.inForceTo : range[1];
  return first <= last ? { from: first, to: last } : undefined;
}

/** A period that a periodic rule speaks of: `2026-10`, `2026-Q3`, `2026`, with its last day. */
export interface DeadlinePeriod {
  readonly key: string;
  readonly end: IsoDate;
}

/** The periods of a monthly, quarterly or annual rule whose events can be due in [from, to], earliest first. */
export function periodsDueBetween(rule: DeadlineRule, from: IsoDate, to: IsoDate): DeadlinePeriod[] {
  const range = eventsDueBetween(rule, from, to);
  if (range === undefined) return [];
  const periods: DeadlinePeriod[] = [];
  const { kind } = rule.formula;
  const months = kind === 'annual' ? 12 : kind === 'quarterly' ? 3 : 1;
  const start = kind === 'annual' ? dayOfMonth(yearOf(range.from), 1, 1) : startOfMonth(range.from);
  const first = kind === 'quarterly' ? addMonths(start, -((monthOf(start) - 1) % 3)) : start;
  for (let at = first; at <= range.to; at = addMonths(at, months)) {
    const end = endOfMonth(addMonths(at, months - 1));
    if (end < range.from) continue;
    const key =
      kind === 'annual'
        ? at.slice(0, 4)
        : kind === 'quarterly'
          ? `${at.slice(0, 4)}-Q${monthOf(end) / 3}`
          : monthKey(at);
    periods.push({ key, end });
  }
  return periods;
}

/** The days on which to remind, earliest first: so many days before the last day. */
export function reminderDays({ ladder }: Pick<DeadlineRule, 'ladder'>, due: IsoDate): IsoDate[] {
  return ladder.map((days) => addDays(due, -days));
}

/** The step of the ladder a day has reached, in days before the last day; null before the first. Past the last day: the shortest. */
export function reachedStep({ ladder }: Pick<DeadlineRule, 'ladder'>, due: IsoDate, today: IsoDate): number | null {
  const left = daysBetween(today, due);
  return ladder.filter((days) => left <= days).at(-1) ?? null;
}
