import type { RowReason } from '../contract/imports.ts';
import { storedText } from '../money/stored.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readDecimal, readId, reason } from './values.ts';

/** What an overseas warehouse (海外仓) reports of an article on a day. Scaled by 10^5. */
export interface WarehouseEntry {
  readonly sku: string;
  readonly date: string;
  readonly placeId: number;
  readonly soldE5: number;
  readonly backE5: number;
}

export interface WarehouseLookups {
  place(name: string): number | undefined;
  /** What is booked of an article on a day at a warehouse already. */
  booked(sku: string, date: string, placeId: number): { readonly soldE5: number; readonly backE5: number };
  /** What is left by declaration lines up to a day, and what lies in the warehouse. */
  left(sku: string, date: string): number;
  stock(sku: string, placeId: number): number;
}

/** Reads a warehouse's report of stock and sales. Rows of one article, day and warehouse add up. One instance a file. */
export class WarehouseSorter {
  readonly #at: (field: string) => number;
  readonly #lookups: WarehouseLookups;
  readonly #dates = new DateReader();
  readonly #entries: WarehouseEntry[] = [];
  /** What of the book's own bookings no row of the file has claimed yet. */
  readonly #booked = new Map<string, { soldE5: number; backE5: number }>();
  readonly #usedLines = new Map<string, number>();
  readonly #usedStock = new Map<string, number>();

  constructor(mapping: Mapping, lookups: WarehouseLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly WarehouseEntry[] {
    return this.#entries;
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const sku = readId(row, this.#at('sku'), 'sku', reasons, { required: true });
    const date = this.#dates.read(row, this.#at('date'), 'date', reasons)?.slice(0, 10);
    const placeId = this.#place(row, reasons);
    const soldE5 = this.#quantity(row, 'sold', reasons);
    const backE5 = this.#quantity(row, 'returned', reasons);
    if (sku === undefined || date === undefined || placeId === undefined || reasons.length > 0) return reasons;
    if (soldE5 + backE5 === 0) return 'already';

    const key = JSON.stringify([sku, date, placeId]);
    const booked = this.#booked.get(key) ?? { ...this.#lookups.booked(sku, date, placeId) };
    this.#booked.set(key, booked);
    if (booked.soldE5 > 0 || booked.backE5 > 0) {
      if (booked.soldE5 < soldE5 || booked.backE5 < backE5)
        return [reason('WAREHOUSE_DIFFERS', soldE5 > 0 ? 'sold' : 'returned', { value: sku, date })];
      booked.soldE5 -= soldE5;
      booked.backE5 -= backE5;
      return 'already';
    }
    const short = this.#short(sku, date, placeId, soldE5 + backE5);
    if (short !== undefined) return [short];
    this.#entries.push({ sku, date, placeId, soldE5, backE5 });
    return 'taken';
  }

  #short(sku: string, date: string, placeId: number, wantE5: number): RowReason | undefined {
    const usedLines = this.#usedLines.get(sku) ?? 0;
    const place = `${sku} ${placeId}`;
    const usedStock = this.#usedStock.get(place) ?? 0;
    const params = (haveE5: number) => ({
      value: sku,
      have: storedText(Math.max(haveE5, 0)),
      want: storedText(wantE5),
    });
    const left = this.#lookups.left(sku, date) - usedLines;
    if (left < wantE5) return reason('WAREHOUSE_OVER_DECLARED', 'sku', params(left));
    const stock = this.#lookups.stock(sku, placeId) - usedStock;
    if (stock < wantE5) return reason('WAREHOUSE_OVER_STOCK', 'sku', params(stock));
    this.#usedLines.set(sku, usedLines + wantE5);
    this.#usedStock.set(place, usedStock + wantE5);
    return undefined;
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

  #quantity(row: SourceRow, field: string, reasons: RowReason[]): number {
    const value = readDecimal(row, this.#at(field), field, reasons, false) ?? 0;
    if (value < 0) reasons.push(reason('NUMBER_NEGATIVE', field, { value: cellText(row, this.#at(field)) }));
    return value;
  }
}
