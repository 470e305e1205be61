import type { RowReason } from '../contract/imports.ts';
import { cellKinds, type SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readText, reason } from './values.ts';

/** A rate as the user's source gives it: CNY for one unit, decimal text. */
export interface RateEntry {
  readonly currency: string;
  readonly date: string;
  readonly cnyPerUnit: string;
  readonly source: string;
}

export interface RateLookups {
  rate(currency: string, date: string): string | undefined;
  currency(text: string): string | undefined;
}

/** Decimals of a rate for one unit that the book keeps; the central parity has six. */
const mostDecimals = 8;

/**
 * Plain decimal text above zero, divided by 10^`shift`, without trailing zeros; undefined for anything else. Rates are
 * kept with all their digits.
 */
export function rateText(text: string, shift: number): string | undefined {
  const match = /^(\d{1,10})(?:\.(\d{1,12}))?$/.exec(
    text
      .normalize('NFKC')
      .replace(/,(?=\d{3})/g, '')
      .trim(),
  );
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  const digits = (whole + fraction).padStart(fraction.length + shift + 1, '0');
  const point = digits.length - fraction.length - shift;
  const before = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const after = digits.slice(point).replace(/0+$/, '');
  if (after.length > mostDecimals || before.length > 8 || (before === '0' && after === '')) return undefined;
  return after === '' ? before : `${before}.${after}`;
}

/** Reads the rows of a list of rates. One instance a file. */
export class RateSorter {
  readonly #at: (field: string) => number;
  readonly #defaultSource: string;
  readonly #lookups: RateLookups;
  readonly #entries = new Map<string, RateEntry>();
  readonly #dates = new DateReader();
  #updated = 0;

  constructor(mapping: Mapping, defaultSource: string, lookups: RateLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#defaultSource = defaultSource;
    this.#lookups = lookups;
  }

  get entries(): readonly RateEntry[] {
    return [...this.#entries.values()];
  }

  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const currency = this.#currency(row, reasons);
    const date = this.#dates.read(row, this.#at('date'), 'date', reasons)?.slice(0, 10);
    const cnyPerUnit = this.#rate(row, reasons);
    const source = readText(row, this.#at('source'), 'source', reasons, { maxLength: 100 }) ?? this.#defaultSource;
    if (reasons.length > 0 || currency === undefined || date === undefined || cnyPerUnit === undefined) return reasons;

    const key = `${currency} ${date}`;
    const before = this.#entries.get(key)?.cnyPerUnit;
    const known = this.#lookups.rate(currency, date);
    if ((before ?? known) === cnyPerUnit) return 'already';
    // One day has one rate: two different ones in a file are a mistake of the file.
    if (before !== undefined) return [reason('RATE_TWICE', 'cnyPerUnit', { currency, date, first: before })];
    this.#entries.set(key, { currency, date, cnyPerUnit, source });
    if (known !== undefined) this.#updated += 1;
    return 'taken';
  }

  #currency(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('currency'));
    if (text === '') {
      reasons.push(reason('REQUIRED_BLANK', 'currency'));
      return undefined;
    }
    const code = this.#lookups.currency(text);
    if (code === undefined) reasons.push(reason('CURRENCY_UNKNOWN', 'currency', { value: text.slice(0, 40) }));
    if (code === 'CNY') reasons.push(reason('RATE_OF_CNY', 'currency'));
    return code;
  }

  #rate(row: SourceRow, reasons: RowReason[]): string | undefined {
    const field = cellText(row, this.#at('cnyPerUnit')) === '' ? 'cnyPer100' : 'cnyPerUnit';
    const column = this.#at(field);
    const text = cellText(row, column);
    if (text === '') {
      reasons.push(reason('REQUIRED_BLANK', 'cnyPerUnit'));
      return undefined;
    }
    const isNumber = row.kinds[column] === cellKinds.number || row.kinds[column] === cellKinds.text;
    const rate = isNumber ? rateText(text, field === 'cnyPer100' ? 2 : 0) : undefined;
    if (rate === undefined) reasons.push(reason('RATE_INVALID', field, { value: text.slice(0, 40) }));
    return rate;
  }
}
