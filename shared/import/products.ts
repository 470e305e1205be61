import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import { lineKinds } from '../contract/trade.ts';
import { CHINA_NUMBER } from '../drafting/codes.ts';
import { cellKinds, type SourceRow } from './cells.ts';
import { outcomeOfKnown, recordOf } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import type { LineKind } from './service-codes.ts';
import { cellText, readId, readPositive, readText, reason } from './values.ts';

/** What is known of a product for customs; undefined where nobody has said yet. Quantities and weights scaled by 10^5. */
export interface ProductValues {
  readonly lineKind: LineKind;
  readonly nameCn: string | undefined;
  readonly hsCode: string | undefined;
  readonly gmodel: string | undefined;
  readonly unit: string | undefined;
  readonly unit1: string | undefined;
  readonly qty1PerUnitE5: number | undefined;
  readonly unit2: string | undefined;
  readonly qty2PerUnitE5: number | undefined;
  readonly netWeightE5: number | undefined;
  readonly grossWeightE5: number | undefined;
  readonly origin: string | undefined;
  readonly barcode: string | undefined;
  readonly needsLicence: boolean;
}

/** Values of one row of a classification sheet: blank cells are left out and leave what the book has. */
export type ProductPatch = { -readonly [K in keyof ProductValues]?: NonNullable<ProductValues[K]> };

export interface ProductEntry {
  readonly sku: string;
  readonly nameSource: string | undefined;
  readonly patch: ProductPatch;
  readonly sourceRow: number;
}

export const noProduct: ProductValues = {
  lineKind: 'goods',
  nameCn: undefined,
  hsCode: undefined,
  gmodel: undefined,
  unit: undefined,
  unit1: undefined,
  qty1PerUnitE5: undefined,
  unit2: undefined,
  qty2PerUnitE5: undefined,
  netWeightE5: undefined,
  grossWeightE5: undefined,
  /** 中国: what an exporter sells is mostly made here; changed where it is not. */
  origin: CHINA_NUMBER,
  barcode: undefined,
  needsLicence: false,
};

export type ProductState = 'to-classify' | 'classified' | 'not-goods';

/** Field ids that stand between a product and its classification; none for what is no goods. */
export function missingOf(product: ProductValues): string[] {
  if (product.lineKind !== 'goods') return [];
  const missing: string[] = [];
  const need = (field: string, value: string | number | undefined) => {
    if (value === undefined || value === '' || value === 0) missing.push(field);
  };
  need('nameCn', product.nameCn);
  need('hsCode', product.hsCode);
  need('gmodel', product.gmodel);
  need('unit', product.unit);
  need('unit1', product.unit1);
  need('qty1PerUnit', product.qty1PerUnitE5);
  // The second legal unit goes with its quantity or not at all.
  if (product.unit2 !== undefined) need('qty2PerUnit', product.qty2PerUnitE5);
  else if (product.qty2PerUnitE5 !== undefined) missing.push('unit2');
  need('netWeight', product.netWeightE5);
  need('origin', product.origin);
  return missing;
}

export function stateOf(product: ProductValues): ProductState {
  if (product.lineKind !== 'goods') return 'not-goods';
  return missingOf(product).length === 0 ? 'classified' : 'to-classify';
}

export interface ProductLookups {
  /** The product as the book has it; undefined for a new one. */
  product(sku: string): ProductValues | undefined;
  /** Articles with a bar code. */
  withBarcode(barcode: string): readonly string[];
  /** Customs unit code of a code or name (`007`, `7`, `个`, `kg`). */
  unit(text: string): string | undefined;
  /** Old customs numeric country code of a code or name. */
  country(text: string): string | undefined;
}

const yes = new Set(['是', 'y', 'yes', 'true', '1', '需要', '√']);
const no = new Set(['否', 'n', 'no', 'false', '0', '不需要', '×']);

const kindNames: Readonly<Record<string, LineKind>> = {
  货物: 'goods',
  商品: 'goods',
  运费: 'freight',
  邮费: 'freight',
  折扣: 'discount',
  费用: 'fee',
  手续费: 'fee',
  调整: 'adjustment',
};

/** A declared commodity code: ten digits; dots and blanks between them are how tariffs print it. */
export function readHsCode(text: string): string | 'HS_LOST_ZERO' | 'HS_INVALID' {
  const digits = text.normalize('NFKC').replace(/[.\s-]/g, '');
  if (/^\d{10}$/.test(digits)) return digits;
  return /^\d{9}$/.test(digits) ? 'HS_LOST_ZERO' : 'HS_INVALID';
}

/** Reads the rows of a classification sheet (归类表) into patches of products. One instance a file. */
export class ProductSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #lookups: ProductLookups;
  readonly #entries = new Map<string, ProductEntry>();
  readonly #byBarcode: boolean;
  readonly #barcodes = new Map<string, { readonly sku: string; readonly row: number }>();
  #updated = 0;

  /** @param key the field that tells an article: `sku`, or `barcode` */
  constructor(mapping: Mapping, lookups: ProductLookups, onDuplicate: OnDuplicate = 'update', key = 'sku') {
    this.#byBarcode = key === 'barcode';
    this.#onDuplicate = onDuplicate;
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly ProductEntry[] {
    return [...this.#entries.values()];
  }

  /** How many of the entries change what the book has. */
  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const named = readId(row, this.#at('sku'), 'sku', reasons, { required: !this.#byBarcode });
    const nameSource = readText(row, this.#at('nameSource'), 'nameSource', [], { maxLength: 250 });
    const patch = this.#patch(row, reasons);
    if (this.#byBarcode && cellText(row, this.#at('barcode')) === '') reasons.push(reason('REQUIRED_BLANK', 'barcode'));
    if (reasons.length > 0) return reasons;
    const sku = this.#byBarcode ? this.#ofBarcode(patch.barcode ?? '', named, row.no) : named;
    if (typeof sku !== 'string') return sku ?? reasons;

    const known = this.#lookups.product(sku);
    const merged: ProductValues = { ...(known ?? noProduct), ...patch };
    if (
      merged.netWeightE5 !== undefined &&
      merged.grossWeightE5 !== undefined &&
      merged.grossWeightE5 < merged.netWeightE5
    ) {
      return [reason('GROSS_BELOW_NET', 'grossWeight')];
    }
    const before = this.#entries.get(sku);
    if (before !== undefined) {
      const isSame = JSON.stringify(before.patch) === JSON.stringify(patch);
      return isSame ? 'already' : [reason('ROW_TWICE', 'sku', { value: sku, row: before.sourceRow })];
    }
    if (known !== undefined && !changes(known, patch)) return 'already';
    const kept = known === undefined ? undefined : outcomeOfKnown(this.#onDuplicate, 'sku', sku);
    if (kept !== undefined) return kept;
    this.#entries.set(sku, { sku, nameSource, patch, sourceRow: row.no });
    if (known !== undefined) this.#updated += 1;
    return 'taken';
  }

  /** The article of a bar code; one that rows of the file give two numbers is told by neither. */
  #ofBarcode(barcode: string, own: string | undefined, row: number): string | RowReason[] {
    const { withBarcode, product } = this.#lookups;
    const sku = recordOf({
      field: 'barcode',
      value: barcode,
      ownField: 'sku',
      own,
      found: withBarcode(barcode),
      isThere: (one) => product(one) !== undefined,
    });
    if (typeof sku !== 'string') return sku;
    const before = this.#barcodes.get(barcode);
    if (before !== undefined && before.sku !== sku)
      return [
        reason('KEY_TWICE_IN_FILE', 'barcode', { value: barcode, first: before.sku, from: before.row, here: sku, row }),
      ];
    this.#barcodes.set(barcode, before ?? { sku, row });
    return sku;
  }

  #patch(row: SourceRow, reasons: RowReason[]): ProductPatch {
    const patch: ProductPatch = {};
    const text = (field: 'nameCn' | 'gmodel') => {
      const value = readText(row, this.#at(field), field, reasons, { maxLength: 250 });
      if (value !== undefined) patch[field] = value;
    };
    const positive = (field: string, key: 'qty1PerUnitE5' | 'qty2PerUnitE5' | 'netWeightE5' | 'grossWeightE5') => {
      const value = readPositive(row, this.#at(field), field, reasons, false);
      if (value !== undefined) patch[key] = value;
    };
    const coded = (
      field: 'unit' | 'unit1' | 'unit2' | 'origin',
      find: (text: string) => string | undefined,
      code: string,
    ) => {
      const value = cellText(row, this.#at(field));
      if (value === '') return;
      const found = find(value);
      if (found === undefined) reasons.push(reason(code, field, { value: value.slice(0, 40) }));
      else patch[field] = found;
    };
    text('nameCn');
    this.#hsCode(row, patch, reasons);
    text('gmodel');
    coded('unit', this.#lookups.unit, 'UNIT_UNKNOWN');
    coded('unit1', this.#lookups.unit, 'UNIT_UNKNOWN');
    positive('qty1PerUnit', 'qty1PerUnitE5');
    coded('unit2', this.#lookups.unit, 'UNIT_UNKNOWN');
    positive('qty2PerUnit', 'qty2PerUnitE5');
    positive('netWeight', 'netWeightE5');
    positive('grossWeight', 'grossWeightE5');
    coded('origin', this.#lookups.country, 'COUNTRY_UNKNOWN');
    const barcode = readId(row, this.#at('barcode'), 'barcode', reasons, { maxLength: 50 });
    if (barcode !== undefined) patch.barcode = barcode;
    this.#kind(row, patch, reasons);
    this.#licence(row, patch, reasons);
    return patch;
  }

  #hsCode(row: SourceRow, patch: ProductPatch, reasons: RowReason[]): void {
    const column = this.#at('hsCode');
    const text = cellText(row, column);
    if (text === '') return;
    if (row.kinds[column] === cellKinds.date || row.kinds[column] === cellKinds.error) {
      reasons.push(reason('HS_INVALID', 'hsCode', { value: text.slice(0, 40) }));
      return;
    }
    const code = readHsCode(text);
    if (code === 'HS_LOST_ZERO' || code === 'HS_INVALID')
      reasons.push(reason(code, 'hsCode', { value: text.slice(0, 40) }));
    else patch.hsCode = code;
  }

  #kind(row: SourceRow, patch: ProductPatch, reasons: RowReason[]): void {
    const text = cellText(row, this.#at('lineKind'));
    if (text === '') return;
    const kind =
      lineKinds.find((one) => one === text.toLowerCase()) ??
      (Object.hasOwn(kindNames, text) ? kindNames[text] : undefined);
    if (kind === undefined) reasons.push(reason('LINE_KIND_UNKNOWN', 'lineKind', { value: text.slice(0, 40) }));
    else patch.lineKind = kind;
  }

  #licence(row: SourceRow, patch: ProductPatch, reasons: RowReason[]): void {
    const text = cellText(row, this.#at('needsLicence')).toLowerCase();
    if (text === '') return;
    if (yes.has(text)) patch.needsLicence = true;
    else if (no.has(text)) patch.needsLicence = false;
    else reasons.push(reason('YES_NO_UNKNOWN', 'needsLicence', { value: text.slice(0, 40) }));
  }
}

/** Whether a patch says anything that is not so already. */
export function changes(product: ProductValues, patch: Partial<ProductValues>): boolean {
  return Object.entries(patch).some(([key, value]) => product[key as keyof ProductValues] !== value);
}
