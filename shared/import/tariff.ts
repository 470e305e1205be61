import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import type { TariffRates, TariffRow } from '../contract/purchasing.ts';
import type { SourceRow } from './cells.ts';
import { outcomeOfKnown } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import { ratioOf } from './ratio.ts';
import { cellText, DateReader, readText, reason } from './values.ts';

/** A row of a tariff; without a day it is in force from the beginning of the year it is imported in. */
export type TariffEntry = Omit<TariffRow, 'inForceFrom' | 'source'> & { readonly inForceFrom: string | undefined };

export interface TariffLookups {
  /** The book's row of a code on exactly this day, or its newest. */
  row(hsCode: string, inForceFrom: string | undefined): TariffRow | undefined;
}

export const tariffRateFields = [
  'vatRate',
  'refundRate',
  'consumptionRate',
  'mfnRate',
  'generalRate',
  'provisionalRate',
  'exportDutyRate',
  'exportProvisionalRate',
] as const satisfies readonly (keyof TariffRates)[];

function isSame(entry: TariffEntry, row: TariffRow): boolean {
  return (
    tariffRateFields.every((name) => entry[name] === row[name]) &&
    entry.unit1 === row.unit1 &&
    entry.unit2 === row.unit2 &&
    entry.conditions === row.conditions &&
    entry.inspection === row.inspection
  );
}

/** Reads a user's own tariff (税则): commodity codes with their rates. One instance a file. */
export class TariffSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #lookups: TariffLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, { readonly entry: TariffEntry; readonly row: number }>();
  #updated = 0;

  constructor(mapping: Mapping, lookups: TariffLookups, onDuplicate: OnDuplicate = 'update') {
    this.#onDuplicate = onDuplicate;
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly TariffEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const hsCode = this.#hsCode(row, reasons);
    const dateText = cellText(row, this.#at('inForceFrom'));
    const inForceFrom =
      dateText === ''
        ? undefined
        : this.#dates.read(row, this.#at('inForceFrom'), 'inForceFrom', reasons)?.slice(0, 10);
    const rates: TariffRates = {};
    for (const field of tariffRateFields) {
      const text = cellText(row, this.#at(field));
      const value = ratioOf(text);
      if (value === 'unclear') reasons.push(reason('RATIO_UNCLEAR', field, { value: text.slice(0, 40) }));
      else if (value !== undefined) rates[field] = value;
    }
    const text = (field: string, maxLength: number) => readText(row, this.#at(field), field, reasons, { maxLength });
    const unit1 = text('unit1', 20);
    const unit2 = text('unit2', 20);
    const conditions = text('conditions', 60) ?? '';
    const inspection = text('inspection', 60) ?? '';
    if (hsCode === undefined || reasons.length > 0) return reasons;
    const entry: TariffEntry = { hsCode, inForceFrom, ...rates, unit1, unit2, conditions, inspection };
    const key = `${hsCode} ${inForceFrom ?? ''}`;
    const before = this.#entries.get(key);
    if (before !== undefined) {
      const same = JSON.stringify(before.entry) === JSON.stringify(entry);
      return same ? 'already' : [reason('ROW_TWICE', 'hsCode', { value: hsCode, row: before.row })];
    }
    const known = this.#lookups.row(hsCode, inForceFrom);
    if (known !== undefined && isSame(entry, known)) return 'already';
    const kept = known === undefined ? undefined : outcomeOfKnown(this.#onDuplicate, 'hsCode', hsCode);
    if (kept !== undefined) return kept;
    if (known !== undefined) this.#updated += 1;
    this.#entries.set(key, { entry, row: row.no });
    return 'taken';
  }

  #hsCode(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('hsCode'))
      .normalize('NFKC')
      .replace(/[.\s-]/g, '');
    if (/^(\d{8}|\d{10})$/.test(text)) return text;
    const code = text === '' ? 'REQUIRED_BLANK' : /^\d{9}$|^\d{7}$/.test(text) ? 'HS_LOST_ZERO' : 'HS_INVALID';
    reasons.push(reason(code, 'hsCode', text === '' ? {} : { value: text.slice(0, 40) }));
    return undefined;
  }
}
