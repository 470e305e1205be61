import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { type filingView, type ProductTax, productTax } from '../../../shared/contract/purchasing.ts';
import type { ProductFieldName, ProductRow } from '../../../shared/contract/trade.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  changes,
  missingOf,
  noProduct,
  type ProductState,
  type ProductValues,
  stateOf,
} from '../../../shared/import/products.ts';
import { type LineKind, lineKindOf, serviceName } from '../../../shared/import/service-codes.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { markStale } from './documents.ts';
import { recountOrdersOf } from './order-values.ts';

export interface ProductRecord extends ProductValues {
  readonly sku: string;
  readonly nameSource: string;
  readonly state: ProductState;
  readonly orderLines: number;
  readonly updatedAt: string;
}

interface Row {
  sku: string;
  name_source: string;
  line_kind: LineKind;
  state: ProductState;
  name_cn: string | null;
  hs_code: string | null;
  gmodel: string | null;
  unit: string | null;
  unit1: string | null;
  qty1_per_unit_e5: number | null;
  unit2: string | null;
  qty2_per_unit_e5: number | null;
  net_weight_e5: number | null;
  gross_weight_e5: number | null;
  origin: string | null;
  barcode: string | null;
  needs_licence: number;
  order_lines: number;
  updated_at: string;
}

const columns = `sku, name_source, line_kind, state, name_cn, hs_code, gmodel, unit, unit1, qty1_per_unit_e5, unit2,
  qty2_per_unit_e5, net_weight_e5, gross_weight_e5, origin, barcode, needs_licence, order_lines, updated_at`;

function fromRow(row: Row): ProductRecord {
  return {
    sku: row.sku,
    nameSource: row.name_source,
    lineKind: row.line_kind,
    state: row.state,
    nameCn: row.name_cn ?? undefined,
    hsCode: row.hs_code ?? undefined,
    gmodel: row.gmodel ?? undefined,
    unit: row.unit ?? undefined,
    unit1: row.unit1 ?? undefined,
    qty1PerUnitE5: row.qty1_per_unit_e5 ?? undefined,
    unit2: row.unit2 ?? undefined,
    qty2PerUnitE5: row.qty2_per_unit_e5 ?? undefined,
    netWeightE5: row.net_weight_e5 ?? undefined,
    grossWeightE5: row.gross_weight_e5 ?? undefined,
    origin: row.origin ?? undefined,
    barcode: row.barcode ?? undefined,
    needsLicence: row.needs_licence === 1,
    orderLines: row.order_lines,
    updatedAt: row.updated_at,
  };
}

const decimal = (value: number | undefined): string => (value === undefined ? '' : storedText(value));

/** A product as the contract shows it: blank text where a value is missing. */
export function productView(product: ProductRecord): ProductRow {
  return {
    sku: product.sku,
    nameSource: product.nameSource,
    state: product.state,
    orderLines: product.orderLines,
    missing: missingOf(product),
    updatedAt: product.updatedAt,
    lineKind: product.lineKind,
    nameCn: product.nameCn ?? '',
    hsCode: product.hsCode ?? '',
    gmodel: product.gmodel ?? '',
    unit: product.unit ?? '',
    unit1: product.unit1 ?? '',
    qty1PerUnit: decimal(product.qty1PerUnitE5),
    unit2: product.unit2 ?? '',
    qty2PerUnit: decimal(product.qty2PerUnitE5),
    netWeight: decimal(product.netWeightE5),
    grossWeight: decimal(product.grossWeightE5),
    origin: product.origin ?? '',
    barcode: product.barcode ?? '',
    needsLicence: product.needsLicence,
  };
}

export function findProduct(book: Book, sku: string): ProductRecord | undefined {
  const row = book.prepare(`SELECT ${columns} FROM product WHERE sku = ?`).get(sku) as Row | undefined;
  return row === undefined ? undefined : fromRow(row);
}

/** Articles with a bar code. */
export function skusWithBarcode(book: Book, barcode: string): string[] {
  const rows = book.prepare('SELECT sku FROM product WHERE barcode = ? ORDER BY sku').all(barcode) as { sku: string }[];
  return rows.map(({ sku }) => sku);
}

/** The product of a SKU. Refusal: `PRODUCT_UNKNOWN`. */
export function requireProduct(book: Book, sku: string): ProductRecord {
  const product = findProduct(book, sku);
  if (product === undefined) throw new PortbookError('PRODUCT_UNKNOWN', { sku });
  return product;
}

/** Products by SKU. */
export function listProducts(
  book: Book,
  filter: {
    readonly state?: ProductState | undefined;
    readonly text?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): { rows: ProductRecord[]; total: number; nextCursor?: string } {
  const [after] = decodeCursor(filter.after, ['']);
  const terms: string[] = [];
  const values: string[] = [];
  if (filter.state !== undefined) {
    terms.push('state = ?');
    values.push(filter.state);
  }
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    const escaped = text.replaceAll(/[\\%_]/g, '\\$&');
    terms.push(
      `(sku LIKE ? ESCAPE '\\' OR name_source LIKE ? ESCAPE '\\' OR name_cn LIKE ? ESCAPE '\\' OR hs_code LIKE ? ESCAPE '\\' OR barcode = ?)`,
    );
    values.push(`${escaped}%`, `%${escaped}%`, `%${escaped}%`, `${escaped}%`, text);
  }
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  const rows = book
    .prepare(`SELECT ${columns} FROM product WHERE sku > ? AND ${where} ORDER BY sku LIMIT ?`)
    .all(after, ...values, filter.limit) as Row[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM product WHERE ${where}`).get(...values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.sku]) } : {}),
  };
}

/** Every product still to classify, the ones with the most order lines first: what a template is filled with. */
export function productsToClassify(book: Book): ProductRecord[] {
  const rows = book
    .prepare(`SELECT ${columns} FROM product WHERE state = 'to-classify' ORDER BY order_lines DESC, sku`)
    .all() as Row[];
  return rows.map(fromRow);
}

const insertSql = `INSERT INTO product (sku, name_source, line_kind, state, name_cn, hs_code, gmodel, unit, unit1, qty1_per_unit_e5, unit2,
  qty2_per_unit_e5, net_weight_e5, gross_weight_e5, origin, barcode, needs_licence, order_lines, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`;

function bind(product: ProductValues): (string | number | null)[] {
  return [
    product.lineKind,
    stateOf(product),
    product.nameCn ?? null,
    product.hsCode ?? null,
    product.gmodel ?? null,
    product.unit ?? null,
    product.unit1 ?? null,
    product.qty1PerUnitE5 ?? null,
    product.unit2 ?? null,
    product.qty2PerUnitE5 ?? null,
    product.netWeightE5 ?? null,
    product.grossWeightE5 ?? null,
    product.origin ?? null,
    product.barcode ?? null,
    product.needsLicence ? 1 : 0,
  ];
}

export function insertProduct(book: Book, sku: string, nameSource: string, values: ProductValues, now: string): void {
  book.prepare(insertSql).run(sku, nameSource, ...bind(values), now, now);
}

/**
 * A reader of line kinds that makes the products it has not seen: an order line names its article whether or not
 * anybody has described it yet. The first description becomes the product's name.
 */
export function productMaker(
  book: Book,
  now: string,
): { kindOf(sku: string, description: string): LineKind; made(): number } {
  const get = book.prepare('SELECT line_kind AS kind, name_source AS name FROM product WHERE sku = ?');
  const name = book.prepare('UPDATE product SET name_source = ?, updated_at = ? WHERE sku = ?');
  const seen = new Map<string, { kind: LineKind; isNamed: boolean }>();
  let made = 0;
  return {
    made: () => made,
    kindOf: (sku, description) => {
      let one = seen.get(sku);
      if (one === undefined) {
        const found = get.get(sku) as { kind: LineKind; name: string } | undefined;
        if (found !== undefined) one = { kind: found.kind, isNamed: found.name !== '' };
        else {
          const kind = lineKindOf(sku);
          const nameSource = description === '' ? (serviceName(sku) ?? '') : description;
          const values: ProductValues =
            kind === 'goods' ? noProduct : { ...noProduct, lineKind: kind, origin: undefined };
          insertProduct(book, sku, nameSource, values, now);
          made += 1;
          one = { kind, isNamed: nameSource !== '' };
        }
        seen.set(sku, one);
      }
      if (!one.isNamed && description !== '') {
        name.run(description, now, sku);
        one.isNamed = true;
      }
      return one.kind;
    },
  };
}

export function addOrderLines(book: Book, lines: ReadonlyMap<string, number>): void {
  const add = book.prepare('UPDATE product SET order_lines = order_lines + ? WHERE sku = ?');
  for (const [sku, n] of lines) add.run(n, sku);
}

/** New values of some fields; undefined takes a value away. */
export type ProductChange = { readonly [K in keyof ProductValues]?: ProductValues[K] };

/**
 * Changes a product; its state follows from what is filled in. Drafts that were made with the old values become stale,
 * and a new kind of line moves the amounts of its orders between goods and others.
 * @returns whether anything changed
 */
export function changeProduct(book: Book, sku: string, change: ProductChange, now: string): boolean {
  const before = requireProduct(book, sku);
  if (!changes(before, change)) return false;
  const after: ProductValues = { ...before, ...change };
  book
    .prepare(
      `UPDATE product SET line_kind = ?, state = ?, name_cn = ?, hs_code = ?, gmodel = ?, unit = ?, unit1 = ?, qty1_per_unit_e5 = ?,
         unit2 = ?, qty2_per_unit_e5 = ?, net_weight_e5 = ?, gross_weight_e5 = ?, origin = ?, barcode = ?, needs_licence = ?, updated_at = ?
       WHERE sku = ?`,
    )
    .run(...bind(after), now, sku);
  if ((before.lineKind === 'goods') !== (after.lineKind === 'goods')) recountOrdersOf(book, sku);
  markStale(book, { sku });
  return true;
}

/** Fields whose stored value is a quantity by 10^5. */
const scaled: ReadonlySet<ProductFieldName> = new Set(['qty1PerUnit', 'qty2PerUnit', 'netWeight', 'grossWeight']);

/** What a product said before, the newest first. A trigger writes it, so an import leaves the same trace as a hand. */
export function productHistory(
  book: Book,
  sku: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
) {
  const [before] = decodeCursor(after, [Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `SELECT id, field, before, after, changed_at AS changedAt FROM product_change
       WHERE sku = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    )
    .all(sku, before, limit) as {
    id: number;
    field: ProductFieldName;
    before: string | number;
    after: string | number | null;
    changedAt: string;
  }[];
  const { n } = book.prepare('SELECT count(*) AS n FROM product_change WHERE sku = ?').get(sku) as { n: number };
  const shown = (field: ProductFieldName, value: string | number | null): string =>
    value === null ? '' : scaled.has(field) ? storedText(Number(value)) : String(value);
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({ ...row, before: shown(row.field, row.before), after: shown(row.field, row.after) })),
    total: n,
    ...(rows.length === limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

// Tax facts and filing ----------------------------------------------------------------------------------------------------

export type Filing = z.infer<typeof filingView>;

/** What the firm says of a product's taxes. */
export function productTaxOf(book: Book, sku: string): ProductTax {
  const row = book.prepare('SELECT tax FROM product WHERE sku = ?').get(sku) as { tax: string } | undefined;
  return productTax.parse(JSON.parse(row?.tax ?? '{}'));
}

/** Replaces what the firm says of a product's taxes. Refusal: `PRODUCT_UNKNOWN`. @returns whether anything changed */
export function saveProductTax(book: Book, sku: string, tax: ProductTax, now: string): boolean {
  requireProduct(book, sku);
  const text = JSON.stringify(productTax.parse(tax));
  const { changes: changed } = book
    .prepare('UPDATE product SET tax = ?, updated_at = ? WHERE sku = ? AND tax <> ?')
    .run(text, now, sku, text);
  return changed > 0;
}

/** A digest of what a product filing (商品备案) states, to tell later whether it still holds. */
function filingDigest(product: ProductValues): string {
  const { nameCn, hsCode, gmodel, unit, unit1, qty1PerUnitE5, unit2, qty2PerUnitE5, netWeightE5, origin, barcode } =
    product;
  const stated = [
    nameCn,
    hsCode,
    gmodel,
    unit,
    unit1,
    qty1PerUnitE5,
    unit2,
    qty2PerUnitE5,
    netWeightE5,
    origin,
    barcode,
  ];
  return createHash('sha256')
    .update(JSON.stringify(stated.map((value) => value ?? null)))
    .digest('hex');
}

/** Whether a product was filed and is still what was filed. Refusal: `PRODUCT_UNKNOWN`. */
export function filingOf(book: Book, sku: string): Filing {
  const product = requireProduct(book, sku);
  const { at, digest } = book
    .prepare('SELECT filed_at AS at, filed_digest AS digest FROM product WHERE sku = ?')
    .get(sku) as {
    at: string | null;
    digest: string | null;
  };
  if (at === null) return { sku, state: 'never' };
  return { sku, state: digest === filingDigest(product) ? 'filed' : 'changed', filedAt: at };
}

/** Marks a product as filed as it is. Refusals: `PRODUCT_UNKNOWN`, `PRODUCT_INCOMPLETE` {sku, fields}. */
export function fileProduct(book: Book, sku: string, date: string, now: string): void {
  const product = requireProduct(book, sku);
  const missing = missingOf(product);
  if (missing.length > 0) throw new PortbookError('PRODUCT_INCOMPLETE', { sku, fields: missing.join(', ') }, 'skus');
  book
    .prepare('UPDATE product SET filed_at = ?, filed_digest = ?, updated_at = ? WHERE sku = ?')
    .run(date, filingDigest(product), now, sku);
}

/** The filings of goods by SKU, of one state or of all. */
export function listFilings(
  book: Book,
  filter: { readonly state?: Filing['state'] | undefined; readonly after?: string | undefined; readonly limit: number },
): { rows: (Filing & { name: string })[]; total: number; nextCursor?: string } {
  const [after] = decodeCursor(filter.after, ['']);
  const stored = book
    .prepare(`SELECT ${columns}, filed_at, filed_digest FROM product WHERE line_kind = 'goods' ORDER BY sku`)
    .all() as (Row & { filed_at: string | null; filed_digest: string | null })[];
  const all = stored.map((row): Filing & { name: string } => {
    const product = fromRow(row);
    const head = { sku: product.sku, name: product.nameCn ?? product.nameSource };
    if (row.filed_at === null) return { ...head, state: 'never' };
    return { ...head, state: row.filed_digest === filingDigest(product) ? 'filed' : 'changed', filedAt: row.filed_at };
  });
  const fitting = all.filter(({ state }) => filter.state === undefined || state === filter.state);
  const rows = fitting.filter(({ sku }) => sku > after).slice(0, filter.limit);
  const last = rows.at(-1);
  return {
    rows,
    total: fitting.length,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.sku]) } : {}),
  };
}
