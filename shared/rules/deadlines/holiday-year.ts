/** A year's notice of holidays (放假安排) as the user brings it in. */
import { type IsoDate, parseIsoDate, yearOf } from '../../calendar/index.ts';
import { PortbookError } from '../../errors.ts';

export interface HolidayDay {
  readonly date: IsoDate;
  readonly kind: 'off' | 'work';
  readonly name: string;
}
export interface HolidayYear {
  readonly year: number;
  readonly days: readonly HolidayDay[];
}

const kinds: Readonly<Record<string, 'off' | 'work'>> = {
  off: 'off',
  rest: 'off',
  holiday: 'off',
  休: 'off',
  放假: 'off',
  休息: 'off',
  work: 'work',
  workday: 'work',
  班: 'work',
  上班: 'work',
  调休上班: 'work',
};

/**
 * Reads rows of date, kind and name; a first row without a date is the header. Refusals: `CALENDAR_ROW` {row, text} for a row
 * that is none, `CALENDAR_YEAR` {years} for several years in one file, `CALENDAR_EMPTY`.
 */
export function readHolidayYear(rows: readonly (readonly string[])[]): HolidayYear {
  const days = new Map<IsoDate, HolidayDay>();
  for (const [at, cells] of rows.entries()) {
    const [dateText = '', kindText = '', name = ''] = cells.map((cell) => cell.trim());
    if (dateText === '' && kindText === '') continue;
    const date = parseIsoDate(dateText.replaceAll(/[/.]/g, '-').replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
    const kind = kinds[kindText.toLowerCase()];
    if (date === undefined && kind === undefined && at === 0) continue;
    if (date === undefined || kind === undefined || days.has(date))
      throw new PortbookError('CALENDAR_ROW', { row: at + 1, text: cells.join(' ').slice(0, 80) });
    days.set(date, { date, kind, name });
  }
  const years = [...new Set([...days.keys()].map(yearOf))];
  const [year] = years;
  if (year === undefined) throw new PortbookError('CALENDAR_EMPTY');
  if (years.length > 1) throw new PortbookError('CALENDAR_YEAR', { years: years.sort().join(', ') });
  return { year, days: [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1)) };
}
