import type { OnDuplicate, RowReason, TableKind } from '../contract/imports.ts';
import { reason } from './values.ts';

/** Fields by which the book knows a record of a kind again, where it may be written over; the first is named when a row is refused. */
export const naturalKeys: Readonly<Partial<Record<TableKind, readonly [string, ...string[]]>>> = {
  products: ['sku'],
  waybills: ['orderNo'],
  rates: ['currency', 'date'],
  exportLines: ['declarationNo', 'lineNo'],
  tariff: ['hsCode', 'inForceFrom'],
  taxBills: ['number'],
  parcels: ['waybillNo', 'lineNo'],
  declarationCopies: ['declarationNo', 'lineNo'],
  notices: ['text', 'country', 'counterparty', 'hsPrefix', 'source', 'validFrom'],
};

/** What becomes of a row whose key the book has with other content: left as it is, refused, or undefined: written over. */
export function outcomeOfKnown(
  onDuplicate: OnDuplicate,
  field: string,
  value: string,
): 'already' | RowReason[] | undefined {
  if (onDuplicate === 'update') return undefined;
  return onDuplicate === 'skip' ? 'already' : [reason('RECORD_THERE', field, { value: value.slice(0, 60) })];
}
