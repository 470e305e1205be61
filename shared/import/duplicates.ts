import type { OnDuplicate, RowReason, TableKind } from '../contract/imports.ts';
import { listParams } from '../i18n/words.ts';
import { type ColumnSet, documentColumns, isMessage } from './document-fields.ts';
import type { FieldDef } from './fields.ts';
import { reason } from './values.ts';

/** Fields that together tell one record of a kind from the others. */
export type RecordKey = readonly [string, ...string[]];

/** Keys of the kinds whose records may be written over; the book itself goes by the first, a file may go by any. */
const tableKeys: Readonly<Partial<Record<TableKind, readonly [RecordKey, ...RecordKey[]]>>> = {
  products: [['sku'], ['barcode']],
  waybills: [['orderNo'], ['logisticsNo']],
  rates: [['currency', 'date']],
  exportLines: [['declarationNo', 'lineNo']],
  tariff: [['hsCode', 'inForceFrom']],
  taxBills: [['number']],
  parcels: [['waybillNo', 'lineNo']],
  declarationCopies: [['declarationNo', 'lineNo']],
  notices: [['text', 'country', 'counterparty', 'hsPrefix', 'source', 'validFrom']],
};

/** Fields of a document's head that another side knows it by, as far as its message has them: order, waybill, payment, customs, contract. */
const otherNumbers = [
  'orderNo',
  'logisticsNo',
  'payNo',
  'payTransactionId',
  'preNo',
  'invtNo',
  'rkdNo',
  'sumNo',
  'EntryId',
  'SeqNo',
  'ContrNo',
  'declarationNo',
  'acceptNo',
] as const;

/** The keys by which rows of a set may find their records, the book's own first; none where no record is written over. */
export function keysOf(set: ColumnSet): readonly RecordKey[] {
  if (!isMessage(set)) return tableKeys[set] ?? [];
  const columns = documentColumns(set);
  const own = columns.find(({ field }) => field.required);
  const others = otherNumbers.map((name) =>
    columns.find((column) => column !== own && column.placed?.group === 'head' && column.placed.spec.name === name),
  );
  return [own, ...others].flatMap((column): RecordKey[] => (column === undefined ? [] : [[column.field.id]]));
}

/** The key that its first field names; the book's own where none is named. Undefined: the set has no such key. */
export function keyNamed(set: ColumnSet, first: string | undefined): RecordKey | undefined {
  const keys = keysOf(set);
  return first === undefined ? keys[0] : keys.find(([field]) => field === first);
}

/** Whether a file must have a field when its rows find their records by a key: those of the book's own are then read off the record. */
export function isRequiredUnder(
  set: ColumnSet,
  first: string | undefined,
  { id, required }: Pick<FieldDef, 'id' | 'required'>,
): boolean {
  const [own, key] = [keyNamed(set, undefined), keyNamed(set, first)];
  if (own === undefined || key === undefined || own === key) return required;
  return key.includes(id) || (required && !own.includes(id));
}

/** What becomes of a row whose key the book has with other content: left as it is, refused, or undefined: written over. */
export function outcomeOfKnown(
  onDuplicate: OnDuplicate,
  field: string,
  value: string,
): 'skipped' | RowReason[] | undefined {
  if (onDuplicate === 'update') return undefined;
  return onDuplicate === 'skip' ? 'skipped' : [reason('RECORD_THERE', field, { value: value.slice(0, 60) })];
}

/** What a row says under a key that is not the book's own. */
export interface KeyedRow {
  /** The field of the key and its value. */
  readonly field: string;
  readonly value: string;
  /** The field of the book's own key, and what the row has there. */
  readonly ownField: string;
  readonly own: string | undefined;
  /** Own keys of the records that the book has under the value. */
  readonly found: readonly string[];
  /** Whether the book has a record of an own key. */
  readonly isThere: (own: string) => boolean;
}

/** Records of the book that a finding names; the rest is counted. */
const namedRecords = 5;

/** The record that a row is of, by its own key: the book's, or a new one that the row names. Reasons where that is not one and the same. */
export function recordOf({ field, value, ownField, own, found, isThere }: KeyedRow): string | RowReason[] {
  const [first, ...more] = found;
  const shown = value.slice(0, 60);
  if (first !== undefined && more.length > 0) {
    const numbers = listParams('numbers', found.slice(0, namedRecords));
    return [reason('KEY_TWICE_IN_BOOK', field, { value: shown, count: found.length, ...numbers })];
  }
  if (first !== undefined) {
    if (own === undefined || own === first) return first;
    return [reason('KEY_OTHER_NUMBER', ownField, { value: shown, number: first, here: own })];
  }
  if (own === undefined) return [reason('KEY_NEW_UNNAMED', ownField, { value: shown })];
  return isThere(own) ? [reason('KEY_NUMBER_THERE', ownField, { value: shown, number: own })] : own;
}
