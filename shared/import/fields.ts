import type { TableKind } from '../contract/imports.ts';
import { bonded } from './fields/bonded.ts';
import { declarationCopies } from './fields/declaration-copies.ts';
import { exportLines } from './fields/export-lines.ts';
import type { FieldDef } from './fields/field.ts';
import { invoices } from './fields/invoices.ts';
import { notices } from './fields/notices.ts';
import { orders } from './fields/orders.ts';
import { parcels } from './fields/parcels.ts';
import { payments } from './fields/payments.ts';
import { products } from './fields/products.ts';
import { rates } from './fields/rates.ts';
import { statement } from './fields/statement.ts';
import { stockCounts } from './fields/stock-counts.ts';
import { tariff } from './fields/tariff.ts';
import { taxBills } from './fields/tax-bills.ts';
import { tracking } from './fields/tracking.ts';
import { warehouse } from './fields/warehouse.ts';
import { watchlist } from './fields/watchlist.ts';
import { waybills } from './fields/waybills.ts';

export type { FieldDef } from './fields/field.ts';

/** Every field an import kind takes, in the order of our templates. */
export const importFields: Readonly<Record<TableKind, readonly FieldDef[]>> = {
  orders,
  products,
  waybills,
  rates,
  invoices,
  exportLines,
  tariff,
  warehouse,
  stockCounts,
  bonded,
  taxBills,
  statement,
  payments,
  watchlist,
  declarationCopies,
  tracking,
  notices,
  parcels,
};

/** Of each group one field is enough: a rate is given for one unit or for a hundred. */
export const eitherOf: Readonly<Partial<Record<string, readonly (readonly string[])[]>>> = {
  rates: [['cnyPerUnit', 'cnyPer100', 'buyPer100', 'sellPer100']],
  invoices: [['eNumber', 'number']],
  exportLines: [['total', 'fob']],
  declarationCopies: [['total', 'fob']],
  warehouse: [['sold', 'returned']],
  notices: [['country', 'counterparty', 'hsPrefix']],
  tracking: [
    ['number', 'shipmentNo', 'billNo', 'containerNo'],
    ['at', 'picked', 'packed', 'precooled', 'loaded', 'gateIn', 'departed', 'arrived', 'delivered'],
  ],
  statement: [
    ['date', 'time'],
    ['amount', 'income', 'expense'],
  ],
};

/** Columns of our failed-rows files: read over when such a file comes in again. */
export const reasonHeaders = { reason: '原因 Reason', remedy: '如何修改 Remedy' } as const;

/** The header our templates write for a field. */
export function templateHeader(field: FieldDef): string {
  return `${field.zh} ${field.en}`;
}
