import type { RowReason } from '../contract/imports.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readDecimal, readId, reason } from './values.ts';

/** What lies of an article in an overseas warehouse (海外仓) on a day, as the warehouse counted it. Scaled by 10^5. */
export interface StockCountEntry {
  readonly sku: string;
  readonly date: string;
  readonly placeId: number;
  readonly countedE5: number;
}

export interface StockCountLookups {
  place(name: string): number | undefined;
  hasProduct(sku: string): boolean;
  /** What the book has counted of that article, day and warehouse. */
  known(sku: string, date: string, placeId: number): number | undefined;
}

/** Reads a warehouse's count of stock. Rows of one article, day and warehouse (one a shelf) add up. One instance a file. */
export class StockCountSorter {
  readonly #at: (field: string) => number;
  readonly #lookups: StockCountLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, StockCountEntry>();
  /** What no row of the file has claimed yet of counts the book has. */
  readonly #known = new Map<string, number>();

  constructor(mapping: Mapping, lookups: StockCountLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly StockCountEntry[] {
    return [...this.#entries.values()];
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const sku = readId(row, this.#at('sku'), 'sku', reasons, { required: true });
    if (sku !== undefined && !this.#lookups.hasProduct(sku)) reasons.push(reason('SKU_UNKNOWN', 'sku', { value: sku }));
    const date = this.#dates.read(row, this.#at('date'), 'date', reasons)?.slice(0, 10);
    const placeId = this.#place(row, reasons);
    const countedE5 = readDecimal(row, this.#at('counted'), 'counted', reasons, true);
    if (countedE5 !== undefined && countedE5 < 0)
      reasons.push(reason('NUMBER_NEGATIVE', 'counted', { value: cellText(row, this.#at('counted')) }));
    if (sku === undefined || date === undefined || placeId === undefined || countedE5 === undefined) return reasons;
    if (reasons.length > 0) return reasons;
    const key = JSON.stringify([sku, date, placeId]);
    const known = this.#known.get(key) ?? this.#lookups.known(sku, date, placeId);
    if (known !== undefined) {
      if (countedE5 > known) return [reason('COUNT_DIFFERS', 'counted', { value: sku, date })];
      this.#known.set(key, known - countedE5);
      return 'already';
    }
    const before = this.#entries.get(key)?.countedE5 ?? 0;
    this.#entries.set(key, { sku, date, placeId, countedE5: before + countedE5 });
    return 'taken';
  }

  #place(row: SourceRow, reasons: RowReason[]): number | undefined {
    const text = cellText(row, this.#at('place'));
    const id = text === '' ? undefined : this.#lookups.place(text);
    if (id === undefined)
      reasons.push(
        text === ''
          ? reason('REQUIRED_BLANK', 'place')
          : reason('WAREHOUSE_UNKNOWN', 'place', { value: text.slice(0, 40) }),
      );
    return id;
  }
}
