import type { z } from 'zod';
import { lineKinds, type productFields } from '../../../shared/contract/trade.ts';

export type ProductFields = z.infer<typeof productFields>;
export type ProductField = keyof ProductFields;
export type LineKind = ProductFields['lineKind'];

/** How a field is typed: plain text, decimal text, or a code of a table. */
export type FieldInput =
  | { readonly kind: 'text' }
  | { readonly kind: 'decimal' }
  | { readonly kind: 'code'; readonly table: string }
  | { readonly kind: 'kind' }
  | { readonly kind: 'flag' };

/** The fields in the order a clerk fills them in. */
export const productInputs: readonly {
  readonly field: ProductField;
  readonly input: FieldInput;
  readonly isWide?: true;
}[] = [
  { field: 'lineKind', input: { kind: 'kind' } },
  { field: 'nameCn', input: { kind: 'text' } },
  { field: 'hsCode', input: { kind: 'code', table: 'hs' }, isWide: true },
  { field: 'gmodel', input: { kind: 'text' }, isWide: true },
  { field: 'unit', input: { kind: 'code', table: 'unit' } },
  { field: 'origin', input: { kind: 'code', table: 'country' } },
  { field: 'unit1', input: { kind: 'code', table: 'unit' } },
  { field: 'qty1PerUnit', input: { kind: 'decimal' } },
  { field: 'unit2', input: { kind: 'code', table: 'unit' } },
  { field: 'qty2PerUnit', input: { kind: 'decimal' } },
  { field: 'netWeight', input: { kind: 'decimal' } },
  { field: 'grossWeight', input: { kind: 'decimal' } },
  { field: 'barcode', input: { kind: 'text' } },
  { field: 'needsLicence', input: { kind: 'flag' } },
];

const decimal = /^(\d{1,9}(\.\d{1,5})?)?$/;

/** i18n id under `products.error` of what is wrong with a value, undefined when it may be saved. */
export function fieldError(field: ProductField, value: ProductFields[ProductField]): 'decimal' | 'hsCode' | undefined {
  const input = productInputs.find((one) => one.field === field)?.input;
  if (input?.kind === 'decimal' && !decimal.test(String(value))) return 'decimal';
  if (field === 'hsCode' && value !== '' && !/^\d{10}$/.test(String(value))) return 'hsCode';
  return undefined;
}

/** What a new product of a kind other than goods needs: nothing more. */
export function isGoods(kind: LineKind): boolean {
  return kind === 'goods';
}

/** The editable part of a row. */
export function fieldsOf(row: ProductFields): ProductFields {
  const {
    lineKind,
    nameCn,
    hsCode,
    gmodel,
    unit,
    unit1,
    qty1PerUnit,
    unit2,
    qty2PerUnit,
    netWeight,
    grossWeight,
    origin,
    barcode,
    needsLicence,
  } = row;
  return {
    lineKind,
    nameCn,
    hsCode,
    gmodel,
    unit,
    unit1,
    qty1PerUnit,
    unit2,
    qty2PerUnit,
    netWeight,
    grossWeight,
    origin,
    barcode,
    needsLicence,
  };
}

export const kinds: readonly LineKind[] = lineKinds;
