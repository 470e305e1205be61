/**
 * Files of temperature loggers: any layout with a column of temperatures and one of instants, or of days and times. What is not
 * understood is named with its row; nothing is guessed where two readings are possible.
 */
import { parseIsoDate } from '../calendar/index.ts';
import type { Reading } from './cold-chain.ts';

/** Columns from 0. `time`: the time of day where a column of its own holds it. */
export interface LoggerMapping {
  readonly at: number;
  readonly time?: number | undefined;
  readonly temperature: number;
}

/** The order of the parts of a date: year, month, day first. */
export const dateOrders = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof dateOrders)[number];

export interface LoggerRow {
  readonly no: number;
  readonly texts: readonly string[];
}

export interface LoggerReadings {
  readonly readings: Reading[];
  /** Rows that hold no reading, by reason. */
  readonly failed: { readonly no: number; readonly reason: 'time' | 'temperature' }[];
}

const instantNames =
  /^(?:date\s*[/ &-]?\s*time|timestamp|datetime|time\s*stamp|日期时间|记录时间|采集时间|时间戳|测量时间)/i;
const dayNames = /^(?:date|日期|记录日期)/i;
const timeNames = /^(?:time|时间|时刻|utc)/i;
const temperatureNames = /(?:temp|温度|℃|°c|℉|°f|celsius|fahrenheit|\bch\s*1\b|通道\s*1)/i;

/** What a header says of its column. */
export function loggerMapping(headers: readonly string[]): Partial<LoggerMapping> {
  const texts = headers.map((one) => one.normalize('NFKC').trim());
  const index = (pattern: RegExp): number | undefined => {
    const at = texts.findIndex((one) => pattern.test(one));
    return at < 0 ? undefined : at;
  };
  const temperature = index(temperatureNames);
  const instant = index(instantNames);
  const day = index(dayNames);
  const time = index(timeNames);
  const at = instant ?? day ?? time;
  const own = instant === undefined && day !== undefined && time !== undefined && time !== day ? time : undefined;
  return {
    ...(at === undefined ? {} : { at }),
    ...(own === undefined ? {} : { time: own }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

/** Whether a header or a cell says Fahrenheit. */
export const saysFahrenheit = (text: string): boolean =>
  /(?:℉|°\s*f|fahrenheit|华氏)/i.test(text.normalize('NFKC')) || /[\d\s(]f\)?$/i.test(text.trim());

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = `(${monthNames.join('|')})[a-z]*`;
const weekday = /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|星期[一二三四五六日天]|周[一二三四五六日天])[.,]?\s+/i;
const clockFirst = /^(\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?)[\s,]+(\S.*)$/i;
const dayThenMonth = new RegExp(`^(\\d{1,2})[-\\s./]*${monthName}[-\\s.,/]*(\\d{4}|\\d{2})(?!\\d)`, 'i');
const monthThenDay = new RegExp(`^${monthName}[-\\s./]*(\\d{1,2})(?:st|nd|rd|th)?[\\s,]+(\\d{4})(?!\\d)`, 'i');
const yearThenMonth = new RegExp(`^(\\d{4})[-\\s./]*${monthName}[-\\s.,/]*(\\d{1,2})(?!\\d)`, 'i');
const compact = /^(20\d{2})(\d{2})(\d{2})(?:\s*(\d{2}):?(\d{2})(?::?(\d{2}))?)?$/;

/**
 * An instant as digits, its day before its clock: months by name, clocks before the day, digits without anything between. What is not of
 * these kinds stays as it is.
 */
function plainInstant(text: string): string {
  const bare = text
    .normalize('NFKC')
    .trim()
    .replace(weekday, '')
    .replace(/(\d)T(?=\d)/, '$1 ');
  const turned = clockFirst.exec(bare);
  const instant = turned === null ? bare : `${turned[2] ?? ''} ${turned[1] ?? ''}`;
  const month = (name = ''): string => String(monthNames.indexOf(name.toLowerCase()) + 1).padStart(2, '0');
  const year = (digits = ''): string => (digits.length === 2 ? `20${digits}` : digits);
  return instant
    .replace(dayThenMonth, (_all, day: string, name: string, of: string) => `${year(of)}-${month(name)}-${day}`)
    .replace(monthThenDay, (_all, name: string, day: string, of: string) => `${of}-${month(name)}-${day}`)
    .replace(yearThenMonth, (_all, of: string, name: string, day: string) => `${of}-${month(name)}-${day}`)
    .replace(
      compact,
      (_all, of: string, name: string, day: string, hour?: string, minute?: string, second?: string) =>
        `${of}-${name}-${day}${hour === undefined ? '' : ` ${hour}:${minute ?? ''}:${second ?? '00'}`}`,
    );
}

/** Minutes from UTC that a clock says itself: `Z`, `+08:00`, `UTC+8`; undefined where it says none. */
function offsetOf(clock: string): number | undefined {
  const found = /:\d{2}(?:[.,]\d+)?\s*(?:(z|utc|gmt)|(?:utc|gmt)?\s*([-+\u2212])(\d{1,2})(?::?([0-5]\d))?)$/i.exec(
    clock,
  );
  if (found === null) return undefined;
  const [, zulu, sign, hours = '0', minutes = '0'] = found;
  if (zulu !== undefined) return 0;
  const size = Number(hours) * 60 + Number(minutes);
  return sign === '+' ? size : -size;
}

interface Parts {
  readonly numbers: readonly [number, number, number];
  /** With four digits. */
  readonly isYearFirst: boolean;
  readonly isYearLast: boolean;
}

function datePartsOf(text: string): Parts | undefined {
  const found = /^(\d{1,4})[-/.年\s](\d{1,2})[-/.月\s](\d{1,4})日?/.exec(plainInstant(text));
  if (found === null) return undefined;
  const [, a = '', b = '', c = ''] = found;
  return {
    numbers: [Number(a), Number(b), Number(c)],
    isYearFirst: a.length === 4,
    isYearLast: c.length === 4,
  };
}

const fits: Readonly<Record<DateOrder, (parts: Parts) => boolean>> = {
  // A year of two digits may stand first too: 26-11-21.
  ymd: ({ numbers: [, b, c], isYearFirst, isYearLast }) => isYearFirst || (!isYearLast && b <= 12 && c <= 31),
  dmy: ({ numbers: [a, b], isYearFirst }) => !isYearFirst && a <= 31 && b <= 12,
  mdy: ({ numbers: [a, b], isYearFirst }) => !isYearFirst && a <= 12 && b <= 31,
};

/**
 * The orders of date that most rows of the file allow, as one broken date must not keep the others from being read; more than one: the
 * user has to say; none: no row has a date. A four-digit year settles whether it stands first or last; one of two digits may stand either way.
 */
export function possibleOrders(texts: readonly string[]): DateOrder[] {
  const counts = { ymd: 0, dmy: 0, mdy: 0 };
  for (const text of texts) {
    const parts = datePartsOf(text);
    if (parts !== undefined) for (const order of dateOrders) if (fits[order](parts)) counts[order] += 1;
  }
  const most = Math.max(...dateOrders.map((order) => counts[order]));
  return most === 0 ? [] : dateOrders.filter((order) => counts[order] === most);
}

function dateOf(text: string, order: DateOrder): string | undefined {
  const parts = datePartsOf(text);
  if (parts === undefined) return undefined;
  const [a, b, c] = parts.numbers;
  const [year, month, day] = order === 'ymd' ? [a, b, c] : order === 'dmy' ? [c, b, a] : [c, a, b];
  const full = year < 100 ? 2000 + year : year;
  return parseIsoDate(`${full}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
}

function secondsOf(text: string): number | undefined {
  const found = /(\d{1,2})[:时](\d{2})(?:[:分](\d{2})(?:[.,]\d+)?)?/.exec(text);
  if (found === null) return undefined;
  const [, hour = '0', minute = '0', second = '0'] = found;
  const isAfternoon = /pm|下午/i.test(text);
  const isMorning = /am|上午/i.test(text);
  const plain = Number(hour);
  const hours = isAfternoon && plain < 12 ? plain + 12 : isMorning && plain === 12 ? 0 : plain;
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return hours * 3600 + Number(minute) * 60 + Number(second);
}

/** What stands behind the day of an instant. */
const clockOf = (instant: string): string => instant.trim().replace(/^\d{1,4}[-/.年\s]\d{1,2}[-/.月\s]\d{1,4}日?/, '');

/** Hundredths of a degree Celsius of a cell, with a decimal point or comma, with or without its unit. */
function temperatureOf(text: string, isFahrenheit: boolean): number | undefined {
  const found = /^([-\u2212+]?\d{1,3}(?:[.,]\d+)?)\s*(?:°|℃|℉|c|f|摄氏度|度)*$/i.exec(
    text.normalize('NFKC').replace(/°\s*/g, '').trim(),
  );
  if (found === null) return undefined;
  const value = Number((found[1] ?? '').replace('\u2212', '-').replace(',', '.'));
  const celsius = isFahrenheit || saysFahrenheit(text) ? ((value - 32) * 5) / 9 : value;
  // Half away from zero, as loggers print.
  const c100 = Math.sign(celsius) * Math.floor(Math.abs(celsius) * 100 + 0.5);
  return Math.abs(c100) > 10_000 ? undefined : c100 === 0 ? 0 : c100;
}

/**
 * The readings of the rows below the header. Instants are local time at the given offset from UTC.
 * @param offsetMinutes 480 for China
 */
export function readLogger(
  rows: readonly LoggerRow[],
  layout: {
    readonly mapping: LoggerMapping;
    readonly order: DateOrder;
    readonly isFahrenheit: boolean;
    readonly offsetMinutes: number;
  },
): LoggerReadings {
  const { mapping, order, isFahrenheit, offsetMinutes } = layout;
  const readings: Reading[] = [];
  const failed: LoggerReadings['failed'] = [];
  for (const { no, texts } of rows) {
    const cell = (column: number | undefined): string => (column === undefined ? '' : (texts[column] ?? ''));
    const instant = plainInstant(cell(mapping.at));
    const value = cell(mapping.temperature).trim();
    if (instant === '' && value === '') continue;
    const date = dateOf(instant, order);
    const clock = (mapping.time === undefined ? clockOf(instant) : cell(mapping.time)).trim();
    // A day alone is its first moment; a clock that cannot be read, such as 25:99, is no reading.
    const seconds = mapping.time === undefined && clock === '' ? 0 : secondsOf(clock);
    if (date === undefined || seconds === undefined) {
      failed.push({ no, reason: 'time' });
      continue;
    }
    const c100 = temperatureOf(value, isFahrenheit);
    if (c100 === undefined) {
      failed.push({ no, reason: 'temperature' });
      continue;
    }
    // An instant that says itself how far it is from UTC is taken at its word.
    const offset = offsetOf(clock) ?? offsetMinutes;
    readings.push({ at: Date.parse(`${date}T00:00:00Z`) / 1000 + seconds - offset * 60, c100 });
  }
  return { readings, failed };
}
