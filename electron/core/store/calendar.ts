import { z } from 'zod';
import { type IsoDate, parseIsoDate, type WorkCalendar } from '../../../shared/calendar/index.ts';
import type { HolidayYear } from '../../../shared/rules/deadlines/index.ts';
import type { Resources } from '../resources.ts';
import type { Book } from './book.ts';

/** Years of holidays the user brought into the book; they go before the shipped ones. */
const settingKey = 'calendar.years';

const importedYears = z.record(
  z.string().regex(/^\d{4}$/),
  z.object({
    source: z.string(),
    at: z.string(),
    days: z.array(z.object({ date: z.string(), kind: z.enum(['off', 'work']), name: z.string() })),
  }),
);
export type ImportedYears = z.infer<typeof importedYears>;

export function importedCalendarYears(book: Book): ImportedYears {
  return importedYears.parse(JSON.parse(book.setting(settingKey) ?? '{}'));
}

export function putCalendarYear(book: Book, { year, days }: HolidayYear, source: string, at: string): void {
  book.setSetting(settingKey, JSON.stringify({ ...importedCalendarYears(book), [String(year)]: { source, at, days } }));
}

/** False when the year was not brought in. */
export function removeCalendarYear(book: Book, year: number): boolean {
  const { [String(year)]: gone, ...kept } = importedCalendarYears(book);
  book.setSetting(settingKey, Object.keys(kept).length === 0 ? undefined : JSON.stringify(kept));
  return gone !== undefined;
}

const calendars = new WeakMap<Book, { text: string | undefined; calendar: WorkCalendar }>();

/** Working days as the book knows them: the shipped notices, overruled year by year by those the user brought in. */
export function workCalendar(book: Book, resources: Pick<Resources, 'calendar'>): WorkCalendar {
  const text = book.setting(settingKey);
  const known = calendars.get(book);
  if (known !== undefined && known.text === text) return known.calendar;
  const shipped = resources.calendar();
  const imported = importedCalendarYears(book);
  const days = new Map([...shipped.days].filter(([date]) => !(date.slice(0, 4) in imported)));
  for (const { days: rows } of Object.values(imported)) {
    for (const { date: at, kind, name } of rows) {
      const date: IsoDate | undefined = parseIsoDate(at);
      if (date !== undefined) days.set(date, { kind, zh: name });
    }
  }
  const calendar = { years: new Set([...shipped.years, ...Object.keys(imported).map(Number)]), days };
  calendars.set(book, { text, calendar });
  return calendar;
}
