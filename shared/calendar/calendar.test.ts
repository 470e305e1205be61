import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  addWorkingDays,
  buildCalendar,
  dateToExcelSerial,
  daysBetween,
  endOfMonth,
  excelSerialToDate,
  excelSerialToDateTime,
  formatCompactDate,
  formatCompactDateTime,
  formatIsoDateTime,
  fromEpochDay,
  type HolidayFile,
  type IsoDate,
  isoWeekday,
  isWorkingDay,
  nextWorkingDay,
  parseCompactDate,
  parseCompactDateTime,
  parseIsoDate,
  parseIsoDateTime,
  previousWorkingDay,
  toEpochDay,
  workingDaysBetween,
} from './index.ts';

function day(text: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(text);
  return date;
}
const calendar = buildCalendar(
  JSON.parse(
    readFileSync(new URL('../../resources/calendar/cn-holidays.json', import.meta.url), 'utf8'),
  ) as HolidayFile,
);

describe('dates', () => {
  it('takes real days only', () => {
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '2026-11-31', '', '20261120', '1899-12-31'])
      expect(parseIsoDate(text), text).toBeUndefined();
    expect(parseIsoDate('2024-02-29')).toBe('2024-02-29');
    expect(parseCompactDate('20260701')).toBe('2026-07-01');
    expect(parseCompactDate('20260732')).toBeUndefined();
  });
  it('agrees with the platform calendar on every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: -25567, max: 2932896 }), (epoch) => {
        const date = fromEpochDay(epoch);
        expect(date).toBe(new Date(epoch * 86400000).toISOString().slice(0, 10));
        expect(toEpochDay(date as IsoDate)).toBe(epoch);
        expect(isoWeekday(date as IsoDate)).toBe(new Date(epoch * 86400000).getUTCDay() || 7);
      }),
    );
  });
  it('moves by months and days', () => {
    expect(addMonths(day('2026-01-31'), 1)).toBe('2026-02-28');
    expect(addMonths(day('2026-01-31'), -2)).toBe('2025-11-30');
    expect(addMonths(day('2023-12-15'), 36)).toBe('2026-12-15');
    expect(addDays(day('2024-02-28'), 2)).toBe('2024-03-01');
    expect(endOfMonth(day('2024-02-10'))).toBe('2024-02-29');
    expect(daysBetween(day('2026-01-01'), day('2025-12-31'))).toBe(-1);
  });
  it('writes the formats of the messages', () => {
    const at = parseCompactDateTime('20260701093005');
    expect(at).toEqual({ date: '2026-07-01', hour: 9, minute: 30, second: 5 });
    expect(at && formatCompactDateTime(at)).toBe('20260701093005');
    expect(at && formatIsoDateTime(at)).toBe('2026-07-01T09:30:05');
    expect(parseCompactDateTime('20260701093005123')).toEqual(at);
    expect(parseCompactDateTime('20260701240000')).toBeUndefined();
    expect(parseIsoDateTime('2026-07-01 09:30')).toMatchObject({ hour: 9, second: 0 });
    expect(formatCompactDate(day('2026-07-01'))).toBe('20260701');
  });
  it('reads Excel serials to the second', () => {
    expect(excelSerialToDate(1)).toBe('1900-01-01');
    expect(excelSerialToDate(59)).toBe('1900-02-28');
    expect(excelSerialToDate(60)).toBeUndefined();
    expect(excelSerialToDate(61)).toBe('1900-03-01');
    expect(excelSerialToDate(46204)).toBe('2026-07-01');
    // 2010-12-01 08:26:00 as a spreadsheet stores it.
    expect(excelSerialToDateTime(40513.351388888892)).toEqual({ date: '2010-12-01', hour: 8, minute: 26, second: 0 });
    expect(excelSerialToDateTime(40513.999999)).toMatchObject({ date: '2010-12-02', hour: 0 });
    expect(excelSerialToDateTime(0.5)).toBeUndefined();
    expect(excelSerialToDateTime(Number.NaN)).toBeUndefined();
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 2958465 }), fc.nat(86399), (serial, second) => {
        const at = excelSerialToDateTime(serial + second / 86400);
        return (
          at !== undefined &&
          dateToExcelSerial(at.date) === serial &&
          at.hour * 3600 + at.minute * 60 + at.second === second
        );
      }),
    );
  });
});

describe('working days', () => {
  it('knows holidays and days made up', () => {
    expect(isWorkingDay(day('2026-10-01'), calendar)).toBe(false);
    expect(calendar.days.size).toBeGreaterThan(300);
    const madeUp = [...calendar.days].filter(([, d]) => d.kind === 'work');
    // 2020-02-03 is the one weekday listed: the holiday of that winter was prolonged and then ended by name.
    expect(madeUp.filter(([d]) => isoWeekday(d) <= 5).map(([d]) => d)).toEqual(['2020-02-03']);
    expect(madeUp.every(([d]) => isWorkingDay(d, calendar))).toBe(true);
  });
  it('moves deadlines and says when it is not sure', () => {
    expect(nextWorkingDay(day('2026-10-01'), calendar)).toEqual({ date: '2026-10-08', certain: true });
    expect(nextWorkingDay(day('2026-11-16'), calendar)).toEqual({ date: '2026-11-16', certain: true });
    expect(previousWorkingDay(day('2026-11-15'), calendar).date).toBe('2026-11-13');
    expect(nextWorkingDay(day('2027-02-06'), calendar).certain).toBe(false);
    expect(addWorkingDays(day('2026-11-13'), 1, calendar).date).toBe('2026-11-16');
    expect(addWorkingDays(day('2026-11-16'), -1, calendar).date).toBe('2026-11-13');
  });
  it('counts what it adds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 60 }), (offset, n) => {
        const start = addDays(day('2023-01-01'), offset);
        return workingDaysBetween(start, addWorkingDays(start, n, calendar).date, calendar) === n;
      }),
    );
  });
});
