/** Rest days as the rules of terms need them: the calendar of the notices, or days given with the case. */
import { z } from 'zod';
import {
  addDays,
  addWorkingDays,
  type IsoDate,
  nextWorkingDay,
  type WorkCalendar,
  type WorkingDay,
} from '../../../calendar/index.ts';
import type { Trace } from '../../calculator.ts';
import { date } from '../../figures.ts';

/** `holidays` are not worked, `workdays` are weekend days worked; where either is given, exactly these count beside weekends. */
export const restDayInput = { holidays: z.array(date).optional(), workdays: z.array(date).optional() };

export interface RestDays {
  /** The day itself or the next working day (顺延). */
  next(from: IsoDate): IsoDate;
  /** The n-th working day of the month that begins on `monthStart`. */
  nthOfMonth(monthStart: IsoDate, n: number): IsoDate;
}

/**
 * The rest days of a case. Without days of its own the calendar of the book answers; a year without a notice is taken as
 * Monday to Friday with the warning `calendarUncertain` {year}.
 */
export function restDays(
  input: { readonly holidays?: readonly IsoDate[] | undefined; readonly workdays?: readonly IsoDate[] | undefined },
  trace: Trace,
): RestDays {
  const isGiven = input.holidays !== undefined || input.workdays !== undefined;
  const calendar: WorkCalendar = isGiven
    ? {
        years: new Set(),
        days: new Map<IsoDate, { kind: 'off' | 'work'; zh: string }>([
          ...(input.holidays ?? []).map((day): [IsoDate, { kind: 'off'; zh: string }] => [
            day,
            { kind: 'off', zh: '' },
          ]),
          ...(input.workdays ?? []).map((day): [IsoDate, { kind: 'work'; zh: string }] => [
            day,
            { kind: 'work', zh: '' },
          ]),
        ]),
      }
    : trace.calendar;
  const sure = ({ date: day, certain }: WorkingDay): IsoDate => {
    if (!certain && !isGiven) trace.warn('calendarUncertain', { year: day.slice(0, 4) });
    return day;
  };
  return {
    next: (from) => sure(nextWorkingDay(from, calendar)),
    nthOfMonth: (monthStart, n) => sure(addWorkingDays(addDays(monthStart, -1), n, calendar)),
  };
}
