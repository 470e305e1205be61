import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import { type ExportLineInput, exportModes } from '../contract/purchasing.ts';
import { tryParseScaled } from '../money/decimal.ts';
import { exponentOf, isCurrency } from '../money/money.ts';
import { storedText } from '../money/stored.ts';
import type { SourceRow } from './cells.ts';
import { outcomeOfKnown } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import { readHsCode } from './products.ts';
import { cellText, DateReader, readId, readPositive, readText, reason } from './values.ts';

/** What a line is read with: articles of the book and names of the code tables. */
export interface ExportLineNames {
  hasProduct(sku: string): boolean;
  currency(text: string): string | undefined;
  unit(text: string): string | undefined;
  country(text: string): string | undefined;
}

export interface ExportLineLookups extends ExportLineNames {
  /** What stands against writing a line over what the book has of its number. */
  known(line: ExportLineInput): 'new' | 'same' | 'differs' | 'of-document' | 'in-use';
}

const modeNames: Readonly<Record<string, (typeof exportModes)[number]>> = {
  一般贸易: '0110',
  跨境贸易电子商务: '9610',
  电子商务: '9610',
  跨境电子商务企业对企业直接出口: '9710',
  跨境电商B2B直接出口: '9710',
  跨境电子商务出口海外仓: '9810',
  跨境电商出口海外仓: '9810',
  保税跨境贸易电子商务: '1210',
  保税电商: '1210',
};

/** 成交方式: only FOB states the price a line is kept by; ex works is taken as the exporter's FOB nowhere. */
const fobTerms = new Set(['3', 'FOB']);

/** Reads one row of a list of declared goods. One instance a file: dates are read alike in all its rows. */
export class ExportLineReader {
  readonly #at: (field: string) => number;
  readonly #defaultCurrency: string | undefined;
  readonly #lookups: ExportLineNames;
  readonly #dates = new DateReader();

  constructor(mapping: Mapping, defaultCurrency: string | undefined, lookups: ExportLineNames) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#defaultCurrency = defaultCurrency;
    this.#lookups = lookups;
  }

  /** The line of a row; undefined, with its reasons, where something that is needed cannot be read. */
  line(row: SourceRow, reasons: RowReason[]): ExportLineInput | undefined {
    const declarationNo = readId(row, this.#at('declarationNo'), 'declarationNo', reasons, { required: true });
    const lineNo = this.#lineNo(row, reasons);
    const exportDate = this.#dates.read(row, this.#at('exportDate'), 'exportDate', reasons)?.slice(0, 10);
    const mode = this.#mode(row, reasons);
    const sku = readId(row, this.#at('sku'), 'sku', reasons);
    if (sku !== undefined && !this.#lookups.hasProduct(sku)) reasons.push(reason('SKU_UNKNOWN', 'sku', { value: sku }));
    const hsCode = this.#hsCode(row, reasons);
    const name = readText(row, this.#at('name'), 'name', reasons, { required: true, maxLength: 250 });
    const unit = this.#coded(row, 'unit', 'UNIT_UNKNOWN', this.#lookups.unit, true, reasons);
    const qtyE5 = readPositive(row, this.#at('quantity'), 'quantity', reasons, true);
    const country = this.#coded(row, 'country', 'COUNTRY_UNKNOWN', this.#lookups.country, false, reasons);
    const currency = this.#currency(row, reasons);
    const fob = currency === undefined ? undefined : this.#fob(row, currency, reasons);
    if (
      declarationNo === undefined ||
      lineNo === undefined ||
      exportDate === undefined ||
      mode === undefined ||
      hsCode === undefined ||
      name === undefined ||
      unit === undefined ||
      qtyE5 === undefined ||
      currency === undefined ||
      fob === undefined
    )
      return undefined;
    return {
      mode,
      declarationNo,
      lineNo,
      exportDate,
      ...(sku === undefined ? {} : { sku }),
      hsCode,
      name,
      unit,
      qty: storedText(qtyE5),
      currency,
      fob,
      ...(country === undefined ? {} : { country }),
    };
  }

  #lineNo(row: SourceRow, reasons: RowReason[]): number | undefined {
    const value = readPositive(row, this.#at('lineNo'), 'lineNo', reasons, true);
    if (value === undefined) return undefined;
    if (value % 100_000 === 0 && value <= 99_999 * 100_000) return value / 100_000;
    reasons.push(reason('LINE_NO_INVALID', 'lineNo', { value: cellText(row, this.#at('lineNo')) }));
    return undefined;
  }

  #mode(row: SourceRow, reasons: RowReason[]): ExportLineInput['mode'] | undefined {
    const text = cellText(row, this.#at('mode'));
    const digits = /\d{3,4}/.exec(text)?.[0].padStart(4, '0');
    const mode =
      exportModes.find((one) => one === digits) ?? (Object.hasOwn(modeNames, text) ? modeNames[text] : undefined);
    if (mode === undefined)
      reasons.push(reason(text === '' ? 'REQUIRED_BLANK' : 'MODE_UNKNOWN', 'mode', { value: text.slice(0, 40) }));
    return mode;
  }

  #hsCode(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('hsCode'));
    if (text === '') {
      reasons.push(reason('REQUIRED_BLANK', 'hsCode'));
      return undefined;
    }
    const code = readHsCode(text);
    if (code !== 'HS_LOST_ZERO' && code !== 'HS_INVALID') return code;
    reasons.push(reason(code, 'hsCode', { value: text.slice(0, 40) }));
    return undefined;
  }

  #coded(
    row: SourceRow,
    field: string,
    code: string,
    find: (text: string) => string | undefined,
    required: boolean,
    reasons: RowReason[],
  ): string | undefined {
    const text = cellText(row, this.#at(field));
    if (text === '') {
      if (required) reasons.push(reason('REQUIRED_BLANK', field));
      return undefined;
    }
    const found = find(text);
    if (found === undefined) reasons.push(reason(code, field, { value: text.slice(0, 40) }));
    return found;
  }

  #currency(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('currency'));
    if (text === '') {
      if (this.#defaultCurrency === undefined) reasons.push(reason('REQUIRED_BLANK', 'currency'));
      return this.#defaultCurrency;
    }
    const code = this.#lookups.currency(text);
    if (code !== undefined && isCurrency(code)) return code;
    reasons.push(reason('CURRENCY_UNKNOWN', 'currency', { value: text.slice(0, 40) }));
    return undefined;
  }

  /** FOB as stated; the total price only where the terms say that it is FOB, or nothing. */
  #fob(row: SourceRow, currency: string, reasons: RowReason[]): string | undefined {
    const field = cellText(row, this.#at('fob')) === '' ? 'total' : 'fob';
    const terms = cellText(row, this.#at('terms')).toUpperCase();
    if (field === 'total' && terms !== '' && !fobTerms.has(terms)) {
      reasons.push(reason('FOB_NEEDED', 'fob', { terms }));
      return undefined;
    }
    const valueE5 = readPositive(row, this.#at(field), field, reasons, true);
    if (valueE5 === undefined) return undefined;
    const text = storedText(valueE5);
    if (tryParseScaled(text, exponentOf(currency)) !== undefined) return text;
    reasons.push(reason('FEN_TOO_FINE', field, { value: text }));
    return undefined;
  }
}

/** Reads e-port's list of export declarations (报关单出口明细), or our own template: a row a goods line. */
export class ExportLineSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #reader: ExportLineReader;
  readonly #lookups: Pick<ExportLineLookups, 'known'>;
  readonly #entries = new Map<string, { readonly line: ExportLineInput; readonly row: number }>();
  #updated = 0;

  constructor(
    mapping: Mapping,
    defaultCurrency: string | undefined,
    lookups: ExportLineLookups,
    onDuplicate: OnDuplicate = 'update',
  ) {
    this.#onDuplicate = onDuplicate;
    this.#reader = new ExportLineReader(mapping, defaultCurrency, lookups);
    this.#lookups = lookups;
  }

  get entries(): readonly ExportLineInput[] {
    return [...this.#entries.values()].map(({ line }) => line);
  }

  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const line = this.#reader.line(row, reasons);
    if (line === undefined || reasons.length > 0) return reasons;
    const key = `${line.declarationNo} ${line.lineNo}`;
    const before = this.#entries.get(key);
    if (before !== undefined) {
      const isSame = JSON.stringify(before.line) === JSON.stringify(line);
      return isSame ? 'already' : [reason('ROW_TWICE', 'lineNo', { value: key, row: before.row })];
    }
    const known = this.#lookups.known(line);
    if (known === 'same') return 'already';
    const params = { declarationNo: line.declarationNo, line: line.lineNo };
    if (known === 'of-document') return [reason('EXPORT_LINE_OF_LIST', 'declarationNo', params)];
    if (known === 'in-use') return [reason('EXPORT_LINE_USED', 'declarationNo', params)];
    const kept = known === 'differs' ? outcomeOfKnown(this.#onDuplicate, 'declarationNo', key) : undefined;
    if (kept !== undefined) return kept;
    if (known === 'differs') this.#updated += 1;
    this.#entries.set(key, { line, row: row.no });
    return 'taken';
  }
}
