/**
 * Business dates. A date is the text `2026-11-20` and nothing else: no clock, no time zone, no Date object leaves this file.
 */

declare const isoDate: unique symbol;
/** A real day of the Gregorian calendar as `yyyy-MM-dd`, years 1900 to 9999. Made by {@link parseIsoDate} and friends only. */
export type IsoDate = string & { readonly [isoDate]: true };

/** A day and a second of it, without zone: `2026-11-20T09:30:00`. */
export interface DateTime {
  readonly date: IsoDate;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const pad = (value: number, width: number): string => value.toString().padStart(width, '0');

/** Days of a month (1 to 12) of a year. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day of year, month (1 to 12), day; undefined when there is no such day. */
export function makeDate(year: number, month: number, day: number): IsoDate | undefined {
  if (!Number.isInteger(year) || !Number.isInteger(month) || !Number.isInteger(day)) return undefined;
  if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    return undefined;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as IsoDate;
}

/** `yyyy-MM-dd` to a date; undefined for anything else. */
export function parseIsoDate(text: string): IsoDate | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? makeDate(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8)))
    : undefined;
}

export function yearOf(date: IsoDate): number {
  return Number(date.slice(0, 4));
}
export function monthOf(date: IsoDate): number {
  return Number(date.slice(5, 7));
}
export function dayOf(date: IsoDate): number {
  return Number(date.slice(8));
}

/** Days since 1970-01-01 (negative before). */
export function toEpochDay(date: IsoDate): number {
  // Howard Hinnant's days_from_civil.
  const month = monthOf(date);
  const year = yearOf(date) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOf(date) - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** Inverse of {@link toEpochDay}; undefined outside 1900 to 9999. */
export function fromEpochDay(day: number): IsoDate | undefined {
  if (!Number.isInteger(day)) return undefined;
  const shifted = day + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return makeDate(
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  );
}

/** Adds days (may be negative). Throws RangeError beyond 1900 to 9999. */
export function addDays(date: IsoDate, days: number): IsoDate {
  const result = fromEpochDay(toEpochDay(date) + days);
  if (result === undefined) throw new RangeError(`no date ${days} days from ${date}`);
  return result;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return toEpochDay(to) - toEpochDay(from);
}

/** Adds months; a day that the month lacks becomes its last day (01-31 plus one month is 02-28 or 02-29). */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const index = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  const result = makeDate(year, month, Math.min(dayOf(date), daysInMonth(year, month)));
  if (result === undefined) throw new RangeError(`no date ${months} months from ${date}`);
  return result;
}

/** First day of the month. */
export function startOfMonth(date: IsoDate): IsoDate {
  return `${date.slice(0, 8)}01` as IsoDate;
}

/** Last day of the month. */
export function endOfMonth(date: IsoDate): IsoDate {
  return `${date.slice(0, 8)}${pad(daysInMonth(yearOf(date), monthOf(date)), 2)}` as IsoDate;
}

/** `2026-11`: the month a date lies in, for periods and reports. */
export function monthKey(date: IsoDate): string {
  return date.slice(0, 7);
}

/** 1 (Monday) to 7 (Sunday). */
export function isoWeekday(date: IsoDate): number {
  return ((((toEpochDay(date) + 3) % 7) + 7) % 7) + 1;
}

/** `yyyyMMdd` of the messages (C8). */
export function formatCompactDate(date: IsoDate): string {
  return date.replaceAll('-', '');
}

/** Reads `yyyyMMdd`; undefined unless a real day. */
export function parseCompactDate(text: string): IsoDate | undefined {
  return /^\d{8}$/.test(text)
    ? makeDate(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6)))
    : undefined;
}

/** `yyyyMMddHHmmss` of the messages (C14). */
export function formatCompactDateTime(at: DateTime): string {
  return `${formatCompactDate(at.date)}${pad(at.hour, 2)}${pad(at.minute, 2)}${pad(at.second, 2)}`;
}

/** Reads `yyyyMMddHHmmss`, or the 17 places `yyyyMMddHHmmssSSS` of receipts (milliseconds dropped); undefined unless a real second. */
export function parseCompactDateTime(text: string): DateTime | undefined {
  if (!/^\d{14}(\d{3})?$/.test(text)) return undefined;
  return dateTime(
    parseCompactDate(text.slice(0, 8)),
    Number(text.slice(8, 10)),
    Number(text.slice(10, 12)),
    Number(text.slice(12, 14)),
  );
}

/** `2026-11-20T09:30:00`. */
export function formatIsoDateTime(at: DateTime): string {
  return `${at.date}T${pad(at.hour, 2)}:${pad(at.minute, 2)}:${pad(at.second, 2)}`;
}

/** Reads `yyyy-MM-dd HH:mm:ss` with a blank or `T`, seconds optional; undefined otherwise. No zone is accepted: convert before. */
export function parseIsoDateTime(text: string): DateTime | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  return match === null
    ? undefined
    : dateTime(parseIsoDate(match[1] ?? ''), Number(match[2]), Number(match[3]), Number(match[4] ?? '0'));
}

function dateTime(date: IsoDate | undefined, hour: number, minute: number, second: number): DateTime | undefined {
  return date === undefined || hour > 23 || minute > 59 || second > 59 ? undefined : { date, hour, minute, second };
}

/**
 * Excel serial of the 1900 system to a date and time, rounded to the second, without any time zone. Excel believes in
 * 1900-02-29 (serial 60): that one is undefined, and serials below it count from one day later.
 * @param serial days as the cell stores them (binary floating point is what the file format itself has)
 */
export function excelSerialToDateTime(serial: number): DateTime | undefined {
  if (!Number.isFinite(serial) || serial < 1) return undefined;
  const whole = Math.floor(serial);
  const seconds = Math.round((serial - whole) * 86400);
  const day = whole + (seconds === 86400 ? 1 : 0);
  if (day === 60) return undefined;
  const date = fromEpochDay(day - (day < 60 ? 25568 : 25569));
  const rest = seconds === 86400 ? 0 : seconds;
  return dateTime(date, Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60);
}

/** Date part of {@link excelSerialToDateTime}. */
export function excelSerialToDate(serial: number): IsoDate | undefined {
  return excelSerialToDateTime(serial)?.date;
}

/** Excel serial of a day (1900 system). */
export function dateToExcelSerial(date: IsoDate): number {
  const serial = toEpochDay(date) + 25569;
  return serial < 61 ? serial - 1 : serial;
}
