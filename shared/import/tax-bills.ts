import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import type { SourceRow } from './cells.ts';
import { outcomeOfKnown } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import { readFen } from './invoices.ts';
import { cellText, DateReader, readId, readText, reason } from './values.ts';

export const taxBillKinds = [
  'import-duty',
  'import-vat',
  'import-consumption',
  'export-duty',
  'late-declaration',
  'surcharge',
  'other',
] as const;

/** A tax bill (税单) of customs as its payment list states it. */
export interface TaxBillEntry {
  readonly number: string;
  readonly kind: (typeof taxBillKinds)[number];
  readonly declarationNo: string;
  readonly authority: string;
  readonly amountFen: number;
  /** The list does not state it: the due date then, which is what everything counts from. */
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly paidOn: string | undefined;
}

export interface TaxBillLookups {
  bill(
    number: string,
  ): (Pick<TaxBillEntry, 'kind' | 'amountFen' | 'dueOn'> & { readonly paidOn: string | undefined }) | undefined;
}

/** Words of the list, in the order they are looked for. */
const kindWords: readonly (readonly [string, TaxBillEntry['kind']])[] = [
  ['滞报', 'late-declaration'],
  ['滞纳', 'surcharge'],
  ['利息', 'surcharge'],
  ['出口关税', 'export-duty'],
  ['消费税', 'import-consumption'],
  ['增值税', 'import-vat'],
  ['反倾销', 'other'],
  ['反补贴', 'other'],
  ['关税', 'import-duty'],
];
/** Customs' letters for what is levied. */
const kindLetters: Readonly<Record<string, TaxBillEntry['kind']>> = {
  A: 'import-duty',
  L: 'import-vat',
  Y: 'import-consumption',
  I: 'other',
};

/** Reads customs' list of tax payments (海关税费支付清单). One instance a file. */
export class TaxBillSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #lookups: TaxBillLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, { readonly entry: TaxBillEntry; readonly row: number }>();
  #updated = 0;

  constructor(mapping: Mapping, lookups: TaxBillLookups, onDuplicate: OnDuplicate = 'update') {
    this.#onDuplicate = onDuplicate;
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly TaxBillEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const number = readId(row, this.#at('number'), 'number', reasons, { required: true });
    const declarationNo = readId(row, this.#at('declarationNo'), 'declarationNo', reasons) ?? '';
    const kind = this.#kind(row, reasons);
    const authority = readText(row, this.#at('authority'), 'authority', reasons, { maxLength: 60 }) ?? '';
    const amountFen = readFen(row, this.#at('amount'), 'amount', reasons, true);
    if (amountFen !== undefined && amountFen <= 0)
      reasons.push(reason('NUMBER_NOT_POSITIVE', 'amount', { value: cellText(row, this.#at('amount')) }));
    const paidOn = this.#date(row, 'paidOn', reasons);
    const dueOn = this.#date(row, 'due', reasons) ?? paidOn;
    const issuedOn = this.#date(row, 'issuedOn', reasons) ?? dueOn;
    if (dueOn === undefined && reasons.length === 0) reasons.push(reason('REQUIRED_BLANK', 'due'));
    if (
      reasons.length > 0 ||
      number === undefined ||
      kind === undefined ||
      amountFen === undefined ||
      dueOn === undefined ||
      issuedOn === undefined
    )
      return reasons;
    const entry: TaxBillEntry = { number, kind, declarationNo, authority, amountFen, issuedOn, dueOn, paidOn };
    const before = this.#entries.get(number);
    if (before !== undefined) {
      const isSame = JSON.stringify(before.entry) === JSON.stringify(entry);
      return isSame ? 'already' : [reason('ROW_TWICE', 'number', { value: number, row: before.row })];
    }
    const known = this.#lookups.bill(number);
    if (known !== undefined) {
      if (known.kind !== kind || known.amountFen !== amountFen)
        return [reason('TAX_BILL_DIFFERS', 'amount', { value: number })];
      // A later list tells when it was paid; nothing else of a bill changes.
      if (paidOn === undefined || known.paidOn !== undefined) return 'already';
      const kept = outcomeOfKnown(this.#onDuplicate, 'number', number);
      if (kept !== undefined) return kept;
      this.#updated += 1;
    }
    this.#entries.set(number, { entry, row: row.no });
    return 'taken';
  }

  #kind(row: SourceRow, reasons: RowReason[]): TaxBillEntry['kind'] | undefined {
    const text = cellText(row, this.#at('kind'));
    const byWord = kindWords.find(([word]) => text.includes(word))?.[1];
    const letter = text.toUpperCase();
    const kind = byWord ?? (Object.hasOwn(kindLetters, letter) ? kindLetters[letter] : undefined);
    if (kind !== undefined) return kind;
    if (text === '') reasons.push(reason('REQUIRED_BLANK', 'kind'));
    return text === '' ? undefined : 'other';
  }

  #date(row: SourceRow, field: string, reasons: RowReason[]): string | undefined {
    if (cellText(row, this.#at(field)) === '') return undefined;
    return this.#dates.read(row, this.#at(field), field, reasons)?.slice(0, 10);
  }
}
