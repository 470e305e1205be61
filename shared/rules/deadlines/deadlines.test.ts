import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  buildCalendar,
  daysBetween,
  type HolidayFile,
  type IsoDate,
  isWorkingDay,
  parseIsoDate,
} from '../../calendar/index.ts';
import { coverOf, guaranteePack, isNearlyUsed } from '../guarantee/cover.ts';
import {
  archivePack,
  type DeadlineRuleId,
  deadlineRuleIds,
  deadlinesPack,
  dueDate,
  eventsDueBetween,
  periodsDueBetween,
  reachedStep,
  readHolidayYear,
  reminderDays,
} from './index.ts';

const resource = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${path}`, import.meta.url), 'utf8'));
const calendar = buildCalendar(resource('calendar/cn-holidays.json') as HolidayFile);
const pack = deadlinesPack.parse(resource('rules/deadlines.json'));
const figures = pack.versions[0]?.parameters ?? { longHolidayDays: 3, rules: [] };
const { rules } = figures;

function day(text: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(text);
  return date;
}
function rule(id: DeadlineRuleId) {
  const found = rules.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}
const due = (id: DeadlineRuleId, event: string, more: { workingDays?: number; capFrom?: IsoDate } = {}) =>
  dueDate(rule(id), { date: day(event), ...more }, figures, calendar);

describe('packs', () => {
  it('have every rule with a source and a note that the authority prevails', () => {
    expect(rules.map(({ id }) => id).sort()).toEqual([...deadlineRuleIds].sort());
    for (const one of rules) {
      expect(one.source, one.id).not.toBe('');
      expect(one.noteZh, one.id).toContain('以主管部门最新要求为准');
    }
    expect(() => archivePack.parse(resource('rules/archive-papers.json'))).not.toThrow();
    expect(() => guaranteePack.parse(resource('rules/guarantee.json'))).not.toThrow();
  });
});

describe('last days', () => {
  // The filing calendars the tax administration published for these months.
  it.each([
    ['2023-09-30', '2023-10-23'],
    ['2024-01-31', '2024-02-23'],
    ['2024-04-30', '2024-05-22'],
    ['2024-09-30', '2024-10-24'],
    ['2025-01-31', '2025-02-20'],
    ['2025-03-31', '2025-04-18'],
    ['2025-04-30', '2025-05-22'],
    ['2025-05-31', '2025-06-16'],
    ['2025-09-30', '2025-10-27'],
    ['2025-12-31', '2026-01-20'],
  ])('of the VAT return of the month ending %s is %s', (event, date) => {
    expect(due('vatFiling', event)).toMatchObject({ date, certain: true });
  });

  it('of quarters and years', () => {
    expect(due('incomeTaxPrepayment', '2025-09-30').date).toBe('2025-10-27');
    // 31 May 2026 is a Sunday.
    expect(due('incomeTaxAnnual', '2025-12-31')).toEqual({
      statutory: '2026-05-31',
      date: '2026-06-01',
      certain: true,
    });
  });

  it('of the 9610 summary move to the next working day only', () => {
    expect(due('monthlySummary', '2026-10-31')).toEqual({ statutory: '2026-11-15', date: '2026-11-16', certain: true });
    expect(due('monthlySummary', '2025-09-30').date).toBe('2025-10-15');
  });

  it('of claim, receipt and the 36 months are clocks of their own', () => {
    expect(due('refundFiling', '2026-02-10').date).toBe('2027-04-30');
    expect(due('receipt', '2026-02-10').date).toBe('2027-04-30');
    expect(due('hardLimit', '2026-02-10').date).toBe('2029-02-10');
    expect(due('hardLimit', '2026-08-31').date).toBe('2029-08-31');
    expect(eventsDueBetween(rule('hardLimit'), day('2020-01-01'), day('2028-11-01'))).toBeUndefined();
    expect(due('receiptByContract', '2030-01-01', { capFrom: day('2026-02-10') }).date).toBe('2029-02-10');
    expect(due('receiptByContract', '2027-08-01', { capFrom: day('2026-02-10') }).date).toBe('2027-08-01');
  });

  it('of papers, refunds and pre-refunds', () => {
    expect(due('archivePapers', '2026-03-10').date).toBe('2026-03-25');
    expect(due('refundExpected', '2026-11-13', { workingDays: 5 }).date).toBe('2026-11-20');
    expect(due('warehouseSettlement', '2025-03-20').date).toBe('2026-04-30');
    expect(() => due('refundExpected', '2026-11-13')).toThrow(RangeError);
  });

  it('say so where the holidays are not published', () => {
    expect(due('vatFiling', '2027-01-31').certain).toBe(false);
    expect(due('monthlySummary', '2026-12-31').certain).toBe(false);
  });

  it('never are rest days once shifted', () => {
    const shifting = rules.filter(({ shift }) => shift !== 'none');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3200 }), fc.constantFrom(...shifting), (offset, one) => {
        const found = dueDate(one, { date: addDays(day('2018-01-01'), offset) }, figures, calendar);
        return isWorkingDay(found.date, calendar) && found.date >= found.statutory;
      }),
    );
  });

  it('are found again from their events', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3200 }), fc.constantFrom(...rules), (offset, one) => {
        const event = addDays(day('2018-01-01'), offset);
        if (event < one.inForceFrom || (one.inForceTo !== null && event > one.inForceTo)) return true;
        const { date } = dueDate(one, { date: event, workingDays: 20, capFrom: event }, figures, calendar);
        const range = eventsDueBetween(one, date, date);
        return range !== undefined && range.from <= event && event <= range.to;
      }),
    );
  });
});

describe('periods', () => {
  it('are those whose last day lies near', () => {
    const keys = (id: DeadlineRuleId, from: string, to: string) =>
      periodsDueBetween(rule(id), day(from), day(to))
        .filter(({ end }) => {
          const { date } = due(id, end);
          return date >= from && date <= to;
        })
        .map(({ key }) => key);
    expect(keys('vatFiling', '2026-11-01', '2027-01-31')).toEqual(['2026-10', '2026-11', '2026-12']);
    expect(keys('incomeTaxPrepayment', '2026-01-01', '2026-12-31')).toEqual([
      '2025-Q4',
      '2026-Q1',
      '2026-Q2',
      '2026-Q3',
    ]);
    expect(keys('incomeTaxAnnual', '2026-01-01', '2027-12-31')).toEqual(['2025', '2026']);
  });
});

describe('reminders', () => {
  it('stand so many days before, earliest first, and the step reached is the shortest that holds', () => {
    expect(reminderDays(rule('hardLimit'), day('2029-02-10'))).toEqual([
      '2028-08-14',
      '2028-11-12',
      '2029-01-11',
      '2029-02-03',
    ]);
    expect(reachedStep(rule('hardLimit'), day('2029-02-10'), day('2028-08-13'))).toBeNull();
    expect(reachedStep(rule('hardLimit'), day('2029-02-10'), day('2028-08-14'))).toBe(180);
    expect(reachedStep(rule('hardLimit'), day('2029-02-10'), day('2029-03-01'))).toBe(7);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.constantFrom(...rules), (offset, one) => {
        const last = addDays(day('2020-01-01'), offset);
        const days = reminderDays(one, last);
        return days.every(
          (at, index) => daysBetween(at, last) === one.ladder[index] && (index === 0 || at > (days[index - 1] ?? '')),
        );
      }),
    );
  });
});

describe("a year's notice of holidays", () => {
  it('is read with and without a header', () => {
    const rows = [
      ['日期', '休/班', '名称'],
      ['2027-02-06', '休', '春节'],
      ['2027/02/14', '班', '春节'],
      ['20270101', 'off', '元旦'],
    ];
    expect(readHolidayYear(rows)).toEqual({
      year: 2027,
      days: [
        { date: '2027-01-01', kind: 'off', name: '元旦' },
        { date: '2027-02-06', kind: 'off', name: '春节' },
        { date: '2027-02-14', kind: 'work', name: '春节' },
      ],
    });
  });
  it('is refused when a row is none, a day comes twice, or years are mixed', () => {
    expect(() => readHolidayYear([['2027-01-01', 'maybe']])).toThrow('CALENDAR_ROW');
    expect(() =>
      readHolidayYear([
        ['2027-01-01', 'off'],
        ['2027-01-01', 'work'],
      ]),
    ).toThrow('CALENDAR_ROW');
    expect(() =>
      readHolidayYear([
        ['2027-01-01', 'off'],
        ['2028-01-01', 'off'],
      ]),
    ).toThrow('CALENDAR_YEAR');
    expect(() => readHolidayYear([['日期', '休班']])).toThrow('CALENDAR_EMPTY');
  });
});

describe('the cover of a guarantee', () => {
  const one = (id: number, freeFen: number, more = {}) => ({
    ...{ id, number: `G${id}`, customs: null, validFrom: '2026-01-01', validTo: '2026-12-31', freeFen },
    ...more,
  });
  const where = { customs: '6407', date: '2026-11-21' };
  it('is the smallest that suffices, of the customs and the day', () => {
    expect(coverOf([one(1, 500), one(2, 200), one(3, 100)], 150, where)).toEqual({ covered: true, id: 2 });
    expect(coverOf([one(1, 500, { customs: '5100' }), one(2, 100)], 150, where)).toEqual({
      ...{ covered: false, number: 'G2', freeFen: 100, missingFen: 50 },
    });
    expect(coverOf([one(1, 500, { validTo: '2026-11-20' })], 1, where)).toMatchObject({ covered: false, number: '' });
  });
  it('warns above its level, not at it', () => {
    expect(isNearlyUsed(1000, 900, '0.9')).toBe(false);
    expect(isNearlyUsed(1000, 901, '0.9')).toBe(true);
  });
});
