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

interface KnownCount {
  readonly knownE5: number;
  readonly rows: SourceRow[];
  readonly differs: RowReason;
  countedE5: number;
}

/** Reads a warehouse's count of stock. Rows of one article, day and warehouse (one a shelf) add up. One instance a file. */
export class StockCountSorter {
  readonly #at: (field: string) => number;
  readonly #lookups: StockCountLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, StockCountEntry>();
  /** Counts the book has, with what the rows of the file say of them together. */
  readonly #known = new Map<string, KnownCount>();

  constructor(mapping: Mapping, lookups: StockCountLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly StockCountEntry[] {
    return [...this.#entries.values()];
  }

  /** A row of a count the book has is taken until {@link settle}. */
  take(row: SourceRow): 'taken' | RowReason[] {
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
    const before = this.#known.get(key);
    if (before !== undefined) {
      before.rows.push(row);
      before.countedE5 += countedE5;
      return 'taken';
    }
    const entry = this.#entries.get(key);
    const knownE5 = entry === undefined ? this.#lookups.known(sku, date, placeId) : undefined;
    if (knownE5 === undefined)
      this.#entries.set(key, { sku, date, placeId, countedE5: (entry?.countedE5 ?? 0) + countedE5 });
    else {
      const differs = reason('COUNT_DIFFERS', 'counted', { value: sku, date });
      this.#known.set(key, { knownE5, rows: [row], differs, countedE5 });
    }
    return 'taken';
  }

  /**
   * Compares the counts that the book has with all rows of the file: call it once, when all rows were taken. `already` where their sum
   * is the book's, `COUNT_DIFFERS` for each row where it is more or less. @returns rows whose outcome it changes
   */
  settle(): { readonly row: SourceRow; readonly outcome: 'already' | RowReason[] }[] {
    return [...this.#known.values()].flatMap(({ knownE5, countedE5, rows, differs }) =>
      rows.map((row) => ({ row, outcome: countedE5 === knownE5 ? ('already' as const) : [differs] })),
    );
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
