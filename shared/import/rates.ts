import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import { type RateKind, rateKinds } from '../ledger/postings.ts';
import { cellKinds, type SourceRow } from './cells.ts';
import { outcomeOfKnown } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readText, reason } from './values.ts';

/** A rate as the user's source gives it: CNY for one unit, decimal text. */
export interface RateEntry {
  readonly kind: RateKind;
  readonly currency: string;
  readonly date: string;
  readonly cnyPerUnit: string;
  readonly source: string;
}

export interface RateLookups {
  rate(kind: RateKind, currency: string, date: string): string | undefined;
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

/** What lists call the kinds of rates. */
const kindWords: readonly (readonly [string, RateKind])[] = [
  ['中间价', 'parity'],
  ['买入', 'bank-buy'],
  ['卖出', 'bank-sell'],
  ['海关', 'customs'],
  ['计征', 'customs'],
];

/** Reads the rows of a list of rates. One instance a file. */
export class RateSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #defaultSource: string;
  readonly #lookups: RateLookups;
  readonly #entries = new Map<string, RateEntry>();
  readonly #dates = new DateReader();
  #updated = 0;

  constructor(mapping: Mapping, defaultSource: string, lookups: RateLookups, onDuplicate: OnDuplicate = 'update') {
    this.#onDuplicate = onDuplicate;
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

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const currency = this.#currency(row, reasons);
    const date = this.#dates.read(row, this.#at('date'), 'date', reasons)?.slice(0, 10);
    const rates = this.#rates(row, reasons);
    const source = readText(row, this.#at('source'), 'source', reasons, { maxLength: 100 }) ?? this.#defaultSource;
    if (reasons.length > 0 || currency === undefined || date === undefined) return reasons;

    const fresh: RateEntry[] = [];
    let isUpdate = false;
    for (const { kind, field, rate } of rates) {
      const before = this.#entries.get(`${kind} ${currency} ${date}`)?.cnyPerUnit;
      const known = this.#lookups.rate(kind, currency, date);
      if ((before ?? known) === rate) continue;
      // One day has one rate of a kind: two different ones in a file are a mistake of the file.
      if (before !== undefined) return [reason('RATE_TWICE', field, { currency, date, first: before })];
      fresh.push({ kind, currency, date, cnyPerUnit: rate, source });
      isUpdate ||= known !== undefined;
    }
    if (fresh.length === 0) return 'already';
    const kept = isUpdate ? outcomeOfKnown(this.#onDuplicate, 'currency', `${currency} ${date}`) : undefined;
    if (kept !== undefined) return kept;
    for (const entry of fresh) this.#entries.set(`${entry.kind} ${currency} ${date}`, entry);
    if (isUpdate) this.#updated += 1;
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

  /** The rates of a row: one of the kind it names, and a bank's buying and selling price where the table has them. */
  #rates(row: SourceRow, reasons: RowReason[]): { kind: RateKind; field: string; rate: string }[] {
    const kind = this.#kind(row, reasons);
    const wanted = [
      { kind, field: cellText(row, this.#at('cnyPerUnit')) === '' ? 'cnyPer100' : 'cnyPerUnit' },
      { kind: 'bank-buy', field: 'buyPer100' },
      { kind: 'bank-sell', field: 'sellPer100' },
    ] as const;
    const found: { kind: RateKind; field: string; rate: string }[] = [];
    let isBlank = true;
    for (const { kind: one, field } of wanted) {
      const column = this.#at(field);
      const text = cellText(row, column);
      if (text === '') continue;
      isBlank = false;
      const isNumber = row.kinds[column] === cellKinds.number || row.kinds[column] === cellKinds.text;
      const rate = isNumber ? rateText(text, field === 'cnyPerUnit' ? 0 : 2) : undefined;
      if (rate === undefined) reasons.push(reason('RATE_INVALID', field, { value: text.slice(0, 40) }));
      else if (one !== undefined) found.push({ kind: one, field, rate });
    }
    if (isBlank) reasons.push(reason('REQUIRED_BLANK', 'cnyPerUnit'));
    return found;
  }

  #kind(row: SourceRow, reasons: RowReason[]): RateKind | undefined {
    const text = cellText(row, this.#at('kind'));
    if (text === '') return 'parity';
    const kind =
      rateKinds.find((one) => one === text.toLowerCase()) ?? kindWords.find(([word]) => text.includes(word))?.[1];
    if (kind === undefined) reasons.push(reason('RATE_KIND_UNKNOWN', 'kind', { value: text.slice(0, 40) }));
    return kind;
  }
}
