import { excelSerialToDateTime } from '../calendar/dates.ts';

/**
 * What a cell of a source file is. Spreadsheets store numbers as binary doubles and dates as day counts; text files know
 * text only. The kind decides what may have been lost on the way (long numbers, leading zeros).
 */
export const cellKinds = { empty: 0, text: 1, number: 2, date: 3, error: 4 } as const;
export type CellKind = (typeof cellKinds)[keyof typeof cellKinds];

/** One row of a source file. `texts` and `kinds` run in parallel; a row may be shorter than the header row. */
export interface SourceRow {
  /** Number of the row in the file, from 1, as the spreadsheet program shows it. */
  readonly no: number;
  readonly texts: readonly string[];
  readonly kinds: readonly CellKind[];
}

/** Excel keeps 15 significant digits; from here on a whole number is no longer what was typed. */
const exactDigits = 15;

/**
 * The text of a number cell, read from the file's own text of the double: `2.5499999999999998` is `2.55`, as the
 * spreadsheet program shows it. Numbers beyond 15 digits keep an exponent, so that nobody takes them for whole.
 * Returns undefined for text that is no number.
 */
export function numberText(raw: string): string | undefined {
  if (raw.length <= exactDigits && /^(?:0|-?[1-9]\d*)$/.test(raw)) return raw;
  if (raw.trim() === '') return undefined;
  const value = Number(raw);
  if (!Number.isFinite(value)) return undefined;
  if (value === 0) return '0';
  // 15 digits and not the shortest round trip: 0.1+0.2 is 0.3 to whoever looks at the sheet.
  const rounded = Number(value.toPrecision(exactDigits));
  const size = Math.abs(rounded);
  if (size >= 1e15) return rounded.toExponential().toUpperCase();
  const text = String(rounded);
  return text.includes('e') ? plainSmall(rounded) : text;
}

/** A number so small that JavaScript would write it with an exponent. */
function plainSmall(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '');
  return `${sign}0.${'0'.repeat(-Number(exponent) - 1)}${digits}`;
}

/** Days between the epochs of the 1900 and the 1904 date system of spreadsheets. */
const offset1904 = 1462;

/**
 * The text of a date cell: `2010-12-01 08:26:00`, or the day alone at midnight. Times without a day and anything outside
 * the calendar stay the number they are (undefined here).
 */
export function dateCellText(serial: number, is1904: boolean): string | undefined {
  const at = excelSerialToDateTime(is1904 ? serial + offset1904 : serial);
  if (at === undefined) return undefined;
  if (at.hour === 0 && at.minute === 0 && at.second === 0) return at.date;
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.date} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
}

/** `1.23E+17`: what is left of a long number once a spreadsheet program has shown and saved it. */
const exponentText = /^-?\d(?:[.,]\d+)?E\+\d{2,}$/i;

export function isExponentText(text: string): boolean {
  return exponentText.test(text);
}

/** Digits past the fifteenth are all zero in a number that went through a spreadsheet's number cell. */
const zeroTail = /^\d{15}0+$/;
const longDigits = /^\d{16,}$/;

/** How sure one must be that the zeros are no chance: four of them are one in ten thousand. */
const enoughZeros = 4;

/**
 * Watches a column of long numbers kept as text. A single number of 16 digits may well end in 0; a column in which every
 * long number ends in zeros from its 16th digit on was damaged before it was turned into text.
 */
export class ZeroTailWatch {
  #state: 'open' | 'sound' | 'damaged' = 'open';
  #zeros = 0;
  readonly #seen = new Set<string>();

  /** `hold`: not known yet, ask again later; a row is judged by the values that came before and after it. */
  look(text: string): 'pass' | 'hold' | 'damaged' {
    if (text.length <= exactDigits || !longDigits.test(text)) return 'pass';
    const hasTail = zeroTail.test(text);
    if (this.#state === 'damaged') return hasTail ? 'damaged' : 'pass';
    if (this.#state === 'sound') return 'pass';
    if (!hasTail) {
      this.#state = 'sound';
      return 'pass';
    }
    // The same number on every line of an order is one piece of evidence.
    if (!this.#seen.has(text)) this.#zeros += text.length - exactDigits;
    this.#seen.add(text);
    if (this.#zeros < enoughZeros) return 'hold';
    this.#state = 'damaged';
    return 'damaged';
  }

  get state(): 'open' | 'sound' | 'damaged' {
    return this.#state;
  }
}
