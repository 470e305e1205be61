import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { readHsCode } from '../../../shared/import/products.ts';
import { scaleDecimal } from '../../../shared/import/values.ts';
import type { Handlers } from '../context.ts';
import type { Resources } from '../resources.ts';
import {
  changeProduct,
  listProducts,
  type ProductChange,
  productHistory,
  productView,
  requireProduct,
} from '../store/products.ts';

type Patch = ParsedInputOf<'products.update'>['patch'];

const refuse = (field: string, value: string): PortbookError =>
  new PortbookError('PRODUCT_FIELD_INVALID', { field, value: value.slice(0, 40) }, `patch/${field}`);

/** Text of the desk as stored values. Blank takes a value away. Refusal: `PRODUCT_FIELD_INVALID` {field}. */
function changeOf(patch: Patch, resources: Resources): ProductChange {
  const change: { -readonly [K in keyof ProductChange]: ProductChange[K] } = {};
  if (patch.lineKind !== undefined) change.lineKind = patch.lineKind;
  if (patch.needsLicence !== undefined) change.needsLicence = patch.needsLicence;
  for (const field of ['nameCn', 'gmodel', 'barcode'] as const) {
    const text = patch[field]?.trim();
    if (text !== undefined) change[field] = text === '' ? undefined : text;
  }
  for (const [field, table] of [
    ['unit', 'unit'],
    ['unit1', 'unit'],
    ['unit2', 'unit'],
    ['origin', 'country'],
  ] as const) {
    const code = patch[field]?.trim();
    if (code === undefined) continue;
    if (code !== '' && !resources.table(table).has(code)) throw refuse(field, code);
    change[field] = code === '' ? undefined : code;
  }
  const hsCode = patch.hsCode?.trim();
  if (hsCode !== undefined) {
    const code = readHsCode(hsCode);
    if (hsCode !== '' && !/^\d{10}$/.test(code)) throw refuse('hsCode', hsCode);
    change.hsCode = hsCode === '' ? undefined : code;
  }
  for (const [field, key] of [
    ['qty1PerUnit', 'qty1PerUnitE5'],
    ['qty2PerUnit', 'qty2PerUnitE5'],
    ['netWeight', 'netWeightE5'],
    ['grossWeight', 'grossWeightE5'],
  ] as const) {
    const text = patch[field]?.trim();
    if (text === undefined) continue;
    const value = text === '' ? undefined : scaleDecimal(text);
    if (typeof value === 'string' || (value !== undefined && value <= 0)) throw refuse(field, text);
    change[key] = value;
  }
  return change;
}

export const productHandlers: Handlers<'products.list' | 'products.update' | 'products.history'> = {
  'products.list': (input, { book }) => {
    const { rows, ...page } = listProducts(book, input);
    return { rows: rows.map(productView), ...page };
  },

  'products.history': ({ sku, ...page }, { book }) => {
    requireProduct(book, sku);
    return productHistory(book, sku, page);
  },

  'products.update': (input, { book, resources, now, emit }) => {
    const change = changeOf(input.patch, resources);
    const at = now();
    const skus = [...new Set(input.skus)];
    const result = book.transaction(() => {
      let updated = 0;
      for (const sku of skus) {
        const { netWeightE5, grossWeightE5 } = { ...requireProduct(book, sku), ...change };
        if (netWeightE5 !== undefined && grossWeightE5 !== undefined && grossWeightE5 < netWeightE5) {
          throw new PortbookError('PRODUCT_GROSS_BELOW_NET', { sku }, 'patch/grossWeight');
        }
        if (changeProduct(book, sku, change, at)) updated += 1;
      }
      if (updated > 0) {
        book.audit(
          'products.update',
          skus.length === 1 ? `product:${skus[0] ?? ''}` : `products:${skus.length}`,
          { updated, fields: Object.keys(change), skus: skus.slice(0, 50) },
          at,
        );
      }
      return { updated, rows: skus.map((sku) => productView(requireProduct(book, sku))) };
    });
    if (result.updated > 0) emit({ name: 'book.changed', areas: ['products', 'orders', 'documents'] });
    return result;
  },
};
