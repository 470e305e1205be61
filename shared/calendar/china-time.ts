import type { IsoDate } from './dates.ts';

/** China keeps one time the whole year, UTC+8, on every paper: customs, bank and tax dates are of this zone. */
const CHINA_OFFSET_MS = 8 * 3600 * 1000;

function inChina(instant: string): string {
  return new Date(Date.parse(instant) + CHINA_OFFSET_MS).toISOString();
}

/** An ISO 8601 instant as `yyyyMMddHHmmss` in China: appTime and its like. Throws RangeError for no instant. */
export function chinaMessageTime(instant: string): string {
  return inChina(instant)
    .slice(0, 19)
    .replaceAll(/[^0-9]/g, '');
}

/** The business date in China of an ISO 8601 instant. */
export function chinaDate(instant: string): IsoDate {
  return inChina(instant).slice(0, 10) as IsoDate;
}
