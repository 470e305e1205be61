import { excelSerialToDateTime, type IsoDate, makeDate } from '../calendar/dates.ts';
import type { RowReason } from '../contract/imports.ts';
import { cellKinds, isExponentText, type SourceRow } from './cells.ts';

/**
 * Readers of single cells. Each returns the value, or undefined after it has added a reason to `reasons`. They are called
 * for every cell of files with hundreds of thousands of rows, so the common form takes a short way.
 */

/** Amounts and quantities beyond this are typing errors, and would leave the exact range of the book (10^5 units). */
export const AMOUNT_LIMIT = 9_000_000_000;
const limitE5 = AMOUNT_LIMIT * 100_000;

/** The longest number, code or name of an order a customs message can carry. */
export const ID_LENGTH = 60;

export type ReasonParams = Record<string, string | number>;

export function reason(code: string, field: string, params: ReasonParams = {}): RowReason {
  return { code, field, params };
}

/**
 * The text of a cell without the blanks around it; empty when there is no such column or cell. What only keeps a
 * spreadsheet program from touching the text is taken away: `="00123"`, `'00123`, and the apostrophe that our own
 * failed-rows files put before anything like a formula.
 */
export function cellText(row: SourceRow, column: number): string {
  if (column < 0) return '';
  const text = row.texts[column];
  if (text === undefined || text === '') return '';
  const trimmed = text.trim();
  const first = trimmed.charCodeAt(0);
  return first === 0x27 || first === 0x3d ? unguarded(trimmed) : trimmed;
}

function unguarded(text: string): string {
  const bare =
    text.startsWith("'") && (isFormulaLike(text.slice(1)) || /^\d/.test(text.slice(1))) ? text.slice(1) : text;
  return /^="([^"]*)"$/.exec(bare)?.[1] ?? bare;
}

/** Text that a spreadsheet program could run when a file is opened as CSV. Plain numbers with a sign are not. */
export function isFormulaLike(text: string): boolean {
  const first = text.charCodeAt(0);
  // = @ tab return
  if (first === 0x3d || first === 0x40 || first === 0x09 || first === 0x0d) return true;
  // + -
  if (first !== 0x2b && first !== 0x2d) return false;
  return !/^[+-]?[\d.,]+$/.test(text);
}

function isError(row: SourceRow, column: number, field: string, reasons: RowReason[]): boolean {
  if (row.kinds[column] !== cellKinds.error) return false;
  reasons.push(reason('CELL_ERROR', field, { value: (row.texts[column] ?? '').slice(0, 40) }));
  return true;
}

export interface IdOptions {
  readonly required?: boolean;
  readonly maxLength?: number;
}

/**
 * An identifier: order number, SKU, waybill number, barcode. Never calculated with, so a number cell is a danger:
 * leading zeros are gone, and beyond 15 digits the number itself.
 */
export function readId(
  row: SourceRow,
  column: number,
  field: string,
  reasons: RowReason[],
  options: IdOptions = {},
): string | undefined {
  const text = cellText(row, column);
  if (text === '') {
    if (options.required === true) reasons.push(reason('REQUIRED_BLANK', field));
    return undefined;
  }
  const kind = row.kinds[column];
  if (kind === cellKinds.number) {
    if (isExponentText(text)) {
      reasons.push(reason('ID_DIGITS_LOST', field, { value: text }));
      return undefined;
    }
    if (text.length > 11 && /^\d{12,}$/.test(text)) {
      reasons.push(reason('ID_NUMBER_LONG', field, { value: text, digits: text.length }));
      return undefined;
    }
  } else if (kind === cellKinds.date) {
    reasons.push(reason('ID_IS_DATE', field, { value: text }));
    return undefined;
  } else if (kind === cellKinds.error) {
    isError(row, column, field, reasons);
    return undefined;
  } else if (text.length > 5 && isExponentText(text)) {
    reasons.push(reason('ID_DIGITS_LOST', field, { value: text }));
    return undefined;
  }
  const maxLength = options.maxLength ?? ID_LENGTH;
  if (text.length > maxLength) {
    reasons.push(reason('TEXT_TOO_LONG', field, { length: text.length, max: maxLength }));
    return undefined;
  }
  return text;
}

/** Free text, blanks inside folded to one. Error cells count as blank where the text is not required. */
export function readText(
  row: SourceRow,
  column: number,
  field: string,
  reasons: RowReason[],
  options: { readonly required?: boolean; readonly maxLength: number },
): string | undefined {
  let text = cellText(row, column);
  if (text === '') {
    if (options.required === true) reasons.push(reason('REQUIRED_BLANK', field));
    return undefined;
  }
  if (isError(row, column, field, reasons)) return undefined;
  if (/\s{2}|[\t\r\n]/.test(text)) text = text.replace(/\s+/g, ' ');
  if (text.length > options.maxLength) {
    reasons.push(reason('TEXT_TOO_LONG', field, { length: text.length, max: options.maxLength }));
    return undefined;
  }
  return text;
}

/** Why a decimal could not be read. */
export type DecimalFault = 'syntax' | 'fraction' | 'range' | 'exponent';

const grouped = /^-?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/**
 * Decimal text as an integer scaled by 10^5, without floating point: `12`, `12.30`, `.5`, `1,234.5`. More than five
 * decimals that are not zero are refused, never rounded.
 */
export function scaleDecimal(text: string): number | DecimalFault {
  let clean = text;
  if (!plain.test(clean)) {
    clean = clean.normalize('NFKC').trim();
    if (isExponentText(clean)) return 'exponent';
    if (grouped.test(clean)) clean = clean.replaceAll(',', '');
    if (!plain.test(clean)) return 'syntax';
  }
  const isNegative = clean.startsWith('-');
  const start = isNegative || clean.startsWith('+') ? 1 : 0;
  const dot = clean.indexOf('.', start);
  const whole = dot < 0 ? clean.slice(start) : clean.slice(start, dot);
  const fraction = dot < 0 ? '' : clean.slice(dot + 1);
  if (fraction.length > 5 && !/^0*$/.test(fraction.slice(5))) return 'fraction';
  if (whole.length > 15)
    return /^0*$/.test(whole.slice(0, -15)) ? scaleDecimal(clean.replace(/^([+-]?)0+/, '$1')) : 'range';
  const wholeNumber = whole === '' ? 0 : Number(whole);
  if (wholeNumber > AMOUNT_LIMIT) return 'range';
  const value = wholeNumber * 100_000 + (fraction === '' ? 0 : Number(fraction.slice(0, 5).padEnd(5, '0')));
  if (value > limitE5) return 'range';
  return isNegative && value !== 0 ? -value : value;
}

/** A decimal cell as an integer scaled by 10^5; undefined when blank or refused. */
export function readDecimal(
  row: SourceRow,
  column: number,
  field: string,
  reasons: RowReason[],
  required: boolean,
): number | undefined {
  const text = cellText(row, column);
  if (text === '') {
    if (required) reasons.push(reason('REQUIRED_BLANK', field));
    return undefined;
  }
  const kind = row.kinds[column];
  if (kind === cellKinds.error) {
    isError(row, column, field, reasons);
    return undefined;
  }
  if (kind === cellKinds.date) {
    reasons.push(reason('NUMBER_IS_DATE', field, { value: text }));
    return undefined;
  }
  const value = scaleDecimal(text);
  if (typeof value === 'number') return value;
  reasons.push(decimalReason(value, field, text));
  return undefined;
}

export function decimalReason(fault: DecimalFault, field: string, text: string): RowReason {
  const params = { value: text.slice(0, 40) };
  switch (fault) {
    case 'syntax':
      return reason('NUMBER_INVALID', field, params);
    case 'fraction':
      return reason('NUMBER_TOO_FINE', field, params);
    case 'exponent':
      return reason('NUMBER_EXPONENT', field, params);
    case 'range':
      return reason('NUMBER_TOO_LARGE', field, { ...params, max: AMOUNT_LIMIT });
  }
}

/** As {@link readDecimal} for weights and rates per piece, which are above zero where they are given. */
export function readPositive(
  row: SourceRow,
  column: number,
  field: string,
  reasons: RowReason[],
  required: boolean,
): number | undefined {
  const value = readDecimal(row, column, field, reasons, required);
  if (value === undefined || value > 0) return value;
  reasons.push(reason('NUMBER_NOT_POSITIVE', field, { value: cellText(row, column) }));
  return undefined;
}

/** A moment as written, without zone: `2010-12-01T08:26:00`. */
export type WallTime = string;

export type DateFault = 'syntax' | 'ambiguous' | 'serial';

const ymd =
  /^(\d{4})(?:[-/.]|\s*年\s*)(\d{1,2})(?:[-/.]|\s*月\s*)(\d{1,2})(?:\s*日)?(?:[T\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;
const xxy = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/;

/** Day counts of the years 1990 to 2100: what a date looks like once its format is lost. */
const firstSerial = 32_874;
const lastSerial = 73_415;

const two = (part: number): string => (part < 10 ? `0${part}` : String(part));

function wallTime(date: IsoDate | undefined, hour: number, minute: number, second: number): WallTime | undefined {
  if (date === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}`;
}

/**
 * A date with or without time, as sales channels write them. With a zone it is turned into the time of China, the zone of
 * every paper that follows; without one it stays as it is. A day and a month that could be either way round are refused:
 * nobody notices the fourth of March in place of the third of April.
 */
export function parseDateTime(text: string): WallTime | DateFault {
  const match = ymd.exec(text);
  if (match !== null) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', zone] = match;
    const wall = wallTime(
      makeDate(Number(year), Number(month), Number(day)),
      Number(hour),
      Number(minute),
      Number(second),
    );
    if (wall === undefined) return 'syntax';
    return zone === undefined ? wall : inChina(wall, zone);
  }
  const other = xxy.exec(text);
  if (other !== null) {
    const [, first = '', , second = '', year, hour = '0', minute = '0', seconds = '0', half] = other;
    const [a, b] = [Number(first), Number(second)];
    if (a <= 12 && b <= 12 && a !== b) return 'ambiguous';
    const [month, day] = a > 12 ? [b, a] : [a, b];
    let hours = Number(hour);
    if (half !== undefined) {
      if (hours < 1 || hours > 12) return 'syntax';
      hours = (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
    }
    return wallTime(makeDate(Number(year), month, day), hours, Number(minute), Number(seconds)) ?? 'syntax';
  }
  const digits = compact.exec(text);
  if (digits !== null) {
    const [, year, month, day, hour = '0', minute = '0', second = '0'] = digits;
    return (
      wallTime(makeDate(Number(year), Number(month), Number(day)), Number(hour), Number(minute), Number(second)) ??
      'syntax'
    );
  }
  return isSerial(text) ? 'serial' : 'syntax';
}

function isSerial(text: string): boolean {
  if (!/^\d{5}(?:\.\d+)?$/.test(text)) return false;
  const value = Number(text);
  return value >= firstSerial && value <= lastSerial;
}

const chinaOffsetMinutes = 8 * 60;

function inChina(wall: WallTime, zone: string): WallTime | DateFault {
  const sign = zone.startsWith('-') ? -1 : 1;
  const offset = zone === 'Z' ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  const shifted = Date.parse(`${wall}Z`) + (chinaOffsetMinutes - offset) * 60_000;
  return Number.isFinite(shifted) ? new Date(shifted).toISOString().slice(0, 19) : 'syntax';
}

/** Reads dates; the one before is remembered, since the lines of an order share theirs. */
export class DateReader {
  #lastText = '';
  #lastValue: WallTime | undefined;

  read(row: SourceRow, column: number, field: string, reasons: RowReason[]): WallTime | undefined {
    const text = cellText(row, column);
    if (text === '') {
      reasons.push(reason('REQUIRED_BLANK', field));
      return undefined;
    }
    if (text === this.#lastText) return this.#lastValue;
    if (isError(row, column, field, reasons)) return undefined;
    let value: WallTime | DateFault;
    if (row.kinds[column] === cellKinds.number && isSerial(text)) {
      // A number cell of a spreadsheet in a date column is a date without its format: the day count is exact.
      const at = excelSerialToDateTime(Number(text));
      value = at === undefined ? 'syntax' : (wallTime(at.date, at.hour, at.minute, at.second) ?? 'syntax');
    } else value = parseDateTime(text);
    if (value === 'syntax' || value === 'ambiguous' || value === 'serial') {
      const codes = { syntax: 'DATE_INVALID', ambiguous: 'DATE_AMBIGUOUS', serial: 'DATE_IS_SERIAL' } as const;
      reasons.push(reason(codes[value], field, { value: text.slice(0, 40) }));
      return undefined;
    }
    this.#lastText = text;
    this.#lastValue = value;
    return value;
  }
}
