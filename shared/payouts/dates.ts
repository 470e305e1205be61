import { fromEpochDay, type IsoDate, makeDate, toEpochDay } from '../calendar/index.ts';

/** A day of a line in the zone of its file and in China. `zone` as the file writes it; empty where it does not. */
export interface PostedDay {
  readonly own: IsoDate;
  readonly china: IsoDate;
  readonly zone: string;
}

/** What cannot be read as a day, could be two days, or has a zone nobody knows. */
export type DayFault = 'invalid' | 'ambiguous' | 'zone';
/** Which of two numbers before a year is the day, where the file itself does not tell. */
export type DayOrder = 'dmy' | 'mdy';

const chinaMinutes = 8 * 60;

/** Minutes east of Greenwich of the abbreviations that marketplaces write. CST is that of North America. */
const zones: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  PST: -480,
  PDT: -420,
  MST: -420,
  MDT: -360,
  CST: -360,
  CDT: -300,
  EST: -300,
  EDT: -240,
  BRT: -180,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  CEST: 120,
  MEZ: 60,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  TRT: 180,
  GST: 240,
  IST: 330,
  ICT: 420,
  WIB: 420,
  MYT: 480,
  SGT: 480,
  PHT: 480,
  JST: 540,
  AEST: 600,
  AEDT: 660,
};

/** Months by the first letters of their names in the languages of Amazon's European and American reports. */
const months: readonly (readonly [string, number])[] = [
  ['jan', 1],
  ['ene', 1],
  ['gen', 1],
  ['feb', 2],
  ['fév', 2],
  ['fev', 2],
  ['mar', 3],
  ['mär', 3],
  ['mrz', 3],
  ['apr', 4],
  ['avr', 4],
  ['abr', 4],
  ['may', 5],
  ['mai', 5],
  ['mag', 5],
  ['mei', 5],
  ['juin', 6],
  ['jun', 6],
  ['giu', 6],
  ['juil', 7],
  ['jul', 7],
  ['lug', 7],
  ['aug', 8],
  ['aoû', 8],
  ['aou', 8],
  ['ago', 8],
  ['sep', 9],
  ['set', 9],
  ['oct', 10],
  ['okt', 10],
  ['ott', 10],
  ['out', 10],
  ['nov', 11],
  ['dec', 12],
  ['déc', 12],
  ['dez', 12],
  ['dic', 12],
];

function monthOf(name: string): number | undefined {
  const folded = name.toLowerCase();
  return months.find(([start]) => folded.startsWith(start))?.[1];
}

const clock = String.raw`(?:[T\s,]\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([AaPp]\.?\s?[Mm]\.?)?\s*([A-Za-z]{1,5}|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?)?)?$`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${clock}`);
const dotted = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.(\d{4})${clock}`);
const slashed = new RegExp(String.raw`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})${clock}`);
const monthFirst = new RegExp(String.raw`^(\p{L}{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})${clock}`, 'u');
const dayFirst = new RegExp(String.raw`^(\d{1,2})\.?[\s-](\p{L}{3,9})\.?[\s-](\d{4})${clock}`, 'u');

function offsetOf(zone: string): number | undefined {
  const sign = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (sign === null) return zones[zone.toUpperCase()];
  const minutes = Number(sign[2]) * 60 + Number(sign[3] ?? 0);
  return sign[1] === '-' ? -minutes : minutes;
}

function dayAt(
  date: IsoDate | undefined,
  [hour, minute, , half, zone = '']: readonly (string | undefined)[],
): PostedDay | DayFault {
  if (date === undefined) return 'invalid';
  if (hour === undefined || minute === undefined) return { own: date, china: date, zone: '' };
  let hours = Number(hour);
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return 'invalid';
    hours = (hours % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  if (hours > 23 || Number(minute) > 59) return 'invalid';
  if (zone === '') return { own: date, china: date, zone: '' };
  const offset = offsetOf(zone);
  if (offset === undefined) return 'zone';
  const minutes = hours * 60 + Number(minute) - offset + chinaMinutes;
  const china = fromEpochDay(toEpochDay(date) + Math.floor(minutes / 1440));
  return china === undefined ? 'invalid' : { own: date, china, zone };
}

/**
 * The day of a line as marketplaces write it: `2026-06-17 08:14:22 UTC`, `17.06.2026 08:14:22 UTC`, `Sep 4, 2026 1:05:07 AM PDT`,
 * `15 Mar 2026 3:22:08 PM UTC`, `2024-08-08T06:23:59+00:00`, `4 août 2026`. Without a time or a zone the day in China is the day
 * itself. `04/03/2026` is refused as ambiguous unless `order` says which is the day.
 */
export function readDay(text: string, order?: DayOrder): PostedDay | DayFault {
  const clean = /\s{2}|[\u00a0\u202f]/.test(text) ? text.replaceAll(/\s+/g, ' ').trim() : text;
  const iso = yearFirst.exec(clean);
  if (iso !== null) return dayAt(makeDate(Number(iso[1]), Number(iso[2]), Number(iso[3])), iso.slice(4));
  const named = monthFirst.exec(clean);
  if (named !== null)
    return dayAt(makeDate(Number(named[3]), monthOf(named[1] ?? '') ?? 0, Number(named[2])), named.slice(4));
  const own = dayFirst.exec(clean);
  if (own !== null) return dayAt(makeDate(Number(own[3]), monthOf(own[2] ?? '') ?? 0, Number(own[1])), own.slice(4));
  const dots = dotted.exec(clean);
  if (dots !== null) return dayAt(makeDate(Number(dots[3]), Number(dots[2]), Number(dots[1])), dots.slice(4));
  const slashes = slashed.exec(clean);
  if (slashes === null) return 'invalid';
  const [first, second] = [Number(slashes[1]), Number(slashes[2])];
  const isDayFirst = first > 12 || (second <= 12 && order === 'dmy');
  if (first <= 12 && second <= 12 && first !== second && order === undefined) return 'ambiguous';
  const [month, day] = isDayFirst ? [second, first] : [first, second];
  return dayAt(makeDate(Number(slashes[3]), month, day), slashes.slice(4));
}
