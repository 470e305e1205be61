import type { RowReason } from '../contract/imports.ts';
import type { invoiceKinds } from '../contract/purchasing.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { ratioOf } from './ratio.ts';
import { cellText, DateReader, readDecimal, readId, readText, reason } from './values.ts';

type InvoiceKind = (typeof invoiceKinds)[number];

export interface InvoiceEntryLine {
  readonly name: string;
  readonly spec: string;
  readonly unit: string;
  readonly qtyE5: number;
  readonly amountFen: number;
  readonly vatRate: string;
  readonly vatFen: number;
  readonly sku: string | undefined;
}

interface InvoiceHead {
  readonly number: string;
  readonly kind: InvoiceKind;
  /** `yyyy-mm-dd`. */
  readonly date: string;
  readonly seller: string;
  readonly sellerTaxNo: string | undefined;
}

/** An input invoice of a file, with its lines in their order. */
export interface InvoiceEntry {
  readonly head: InvoiceHead;
  readonly lines: InvoiceEntryLine[];
}

interface OpenInvoice extends InvoiceEntry {
  readonly rows: SourceRow[];
  /** Row number of a line that was refused: an invoice is taken whole or not at all. */
  brokenAt: number | undefined;
}

export interface InvoiceLookups {
  /** How many lines of each fingerprint the book's invoice of that number has. */
  invoice(number: string): ReadonlyMap<string, number> | undefined;
  hasProduct(sku: string): boolean;
}

/** What makes two lines of an invoice the same. */
export function invoiceLineFingerprint(
  line: Pick<InvoiceEntryLine, 'name' | 'spec' | 'qtyE5' | 'amountFen' | 'vatFen'>,
): string {
  return JSON.stringify([line.name, line.spec, line.qtyE5, line.amountFen, line.vatFen]);
}

/** Hundredths of what a cell holds: amounts of tax papers have two decimals. */
export function readFen(
  row: SourceRow,
  column: number,
  field: string,
  reasons: RowReason[],
  required: boolean,
): number | undefined {
  const value = readDecimal(row, column, field, reasons, required);
  if (value === undefined) return undefined;
  if (value % 1000 === 0) return value / 1000;
  reasons.push(reason('FEN_TOO_FINE', field, { value: cellText(row, column).slice(0, 40) }));
  return undefined;
}

function kindOf(text: string): InvoiceKind | undefined {
  if (text.includes('专用') && text.includes('缴款')) return 'customs-payment';
  if (text.includes('海关') || text.includes('缴款书')) return 'customs-payment';
  if (text.includes('专用') || text.includes('专票')) return 'special';
  if (text.includes('普通') || text.includes('普票') || text.includes('收购') || text.includes('定额'))
    return 'ordinary';
  return text === '' ? undefined : 'other-voucher';
}

/** Goods of a sheet that has only one row an invoice. */
const wholeInvoice = '（发票合计）';

/**
 * Reads the tax bureau's list of input invoices (电子税务局、增值税发票综合服务平台的导出): a row a line or a row an invoice. Lists for
 * confirmation hold deductible invoices only and have no column of kinds: there an invoice with tax is a special one.
 */
export class InvoiceSorter {
  readonly #at: (field: string) => number;
  readonly #lookups: InvoiceLookups;
  readonly #dates = new DateReader();
  readonly #open = new Map<string, OpenInvoice>();
  readonly #known = new Map<string, { counts: ReadonlyMap<string, number>; seen: Map<string, number> } | undefined>();
  /** Invoices of which a row was refused before any was taken. */
  readonly #broken = new Map<string, number>();

  constructor(mapping: Mapping, lookups: InvoiceLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly InvoiceEntry[] {
    return [...this.#open.values()].filter((entry) => this.#problem(entry) === undefined);
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const number = this.#number(row, reasons);
    const head = this.#head(row, number, reasons);
    const line = this.#line(row, reasons);
    if (number === undefined || head === undefined || line === undefined || reasons.length > 0) {
      if (number !== undefined) this.#break(number, row.no);
      return reasons;
    }
    const status = cellText(row, this.#at('status'));
    if (status.includes('作废')) return [reason('INVOICE_VOID_ROW', 'status', { number })];
    const known = this.#knownOf(number);
    if (known !== undefined) {
      const key = invoiceLineFingerprint(line);
      const seen = (known.seen.get(key) ?? 0) + 1;
      known.seen.set(key, seen);
      return seen <= (known.counts.get(key) ?? 0) ? 'already' : [reason('INVOICE_DIFFERS', 'amount', { number })];
    }
    const entry = this.#entry(head);
    for (const [field, one, other] of [
      ['date', entry.head.date, head.date],
      ['seller', entry.head.seller, head.seller],
      ['kind', entry.head.kind, head.kind],
    ] as const) {
      if (one === other) continue;
      this.#break(number, row.no);
      return [reason('INVOICE_HEAD_DIFFERS', field, { number, first: one, here: other })];
    }
    entry.lines.push(line);
    entry.rows.push(row);
    return 'taken';
  }

  /** Rows that were taken before another row of their invoice was refused, or that do not make an invoice together. */
  late(): { row: SourceRow; reasons: RowReason[] }[] {
    return [...this.#open.values()].flatMap((entry) => {
      const problem = this.#problem(entry);
      return problem === undefined ? [] : entry.rows.map((row) => ({ row, reasons: [problem] }));
    });
  }

  #problem(entry: OpenInvoice): RowReason | undefined {
    const { number } = entry.head;
    if (entry.brokenAt !== undefined) return reason('INVOICE_INCOMPLETE', 'number', { number, row: entry.brokenAt });
    const isRed = entry.lines.reduce((sum, { amountFen, vatFen }) => sum + amountFen + vatFen, 0) < 0;
    const isMixed = entry.lines.some(({ qtyE5, amountFen, vatFen }) =>
      isRed
        ? Math.max(qtyE5, amountFen, vatFen) > 0
        : qtyE5 < 0 || (qtyE5 > 0 && Math.min(amountFen, vatFen) < 0) || Math.sign(amountFen) * Math.sign(vatFen) < 0,
    );
    return isMixed ? reason('INVOICE_MIXED', 'amount', { number }) : undefined;
  }

  #break(number: string, rowNo: number): void {
    const entry = this.#open.get(number);
    if (entry === undefined) this.#broken.set(number, rowNo);
    else entry.brokenAt ??= rowNo;
  }

  #entry(head: InvoiceHead): OpenInvoice {
    const open = this.#open.get(head.number);
    if (open !== undefined) return open;
    const made: OpenInvoice = { head, lines: [], rows: [], brokenAt: this.#broken.get(head.number) };
    this.#open.set(head.number, made);
    return made;
  }

  #knownOf(number: string) {
    if (!this.#known.has(number)) {
      const counts = this.#lookups.invoice(number);
      this.#known.set(number, counts === undefined ? undefined : { counts, seen: new Map() });
    }
    return this.#known.get(number);
  }

  #number(row: SourceRow, reasons: RowReason[]): string | undefined {
    const eNumber = readId(row, this.#at('eNumber'), 'eNumber', reasons);
    if (eNumber !== undefined) return eNumber;
    const number = readId(row, this.#at('number'), 'number', reasons, { required: true });
    const code = readId(row, this.#at('code'), 'code', reasons);
    // A paper invoice is named by code and number together; an e-invoice's twenty digits stand alone.
    return number === undefined || code === undefined || number.length >= 20 ? number : `${code}-${number}`;
  }

  #head(row: SourceRow, number: string | undefined, reasons: RowReason[]): InvoiceHead | undefined {
    const date = this.#dates.read(row, this.#at('date'), 'date', reasons)?.slice(0, 10);
    const seller = readText(row, this.#at('seller'), 'seller', reasons, { required: true, maxLength: 200 });
    const sellerTaxNo = readId(row, this.#at('sellerTaxNo'), 'sellerTaxNo', reasons, { maxLength: 30 });
    const hasTax = cellText(row, this.#at('vat')).replace(/[0.,-]/g, '') !== '';
    const kindText = cellText(row, this.#at('kind'));
    const kind = this.#at('kind') < 0 ? (hasTax ? 'special' : 'ordinary') : kindOf(kindText);
    if (kind === undefined) reasons.push(reason('REQUIRED_BLANK', 'kind'));
    if (number === undefined || date === undefined || seller === undefined || kind === undefined) return undefined;
    return { number, kind, date, seller, sellerTaxNo };
  }

  #line(row: SourceRow, reasons: RowReason[]): InvoiceEntryLine | undefined {
    const name = readText(row, this.#at('name'), 'name', reasons, { maxLength: 200 }) ?? wholeInvoice;
    const spec = readText(row, this.#at('spec'), 'spec', reasons, { maxLength: 100 }) ?? '';
    const unit = readText(row, this.#at('unit'), 'unit', reasons, { maxLength: 20 }) ?? '';
    const qtyE5 = readDecimal(row, this.#at('quantity'), 'quantity', reasons, false) ?? 0;
    const amountFen = readFen(row, this.#at('amount'), 'amount', reasons, true);
    const vatFen = readFen(row, this.#at('vat'), 'vat', reasons, true);
    const totalFen = readFen(row, this.#at('total'), 'total', reasons, false);
    const rateText = cellText(row, this.#at('vatRate'));
    const vatRate = ratioOf(rateText);
    if (vatRate === 'unclear') reasons.push(reason('RATIO_UNCLEAR', 'vatRate', { value: rateText.slice(0, 40) }));
    const sku = readId(row, this.#at('sku'), 'sku', reasons);
    if (sku !== undefined && !this.#lookups.hasProduct(sku)) reasons.push(reason('SKU_UNKNOWN', 'sku', { value: sku }));
    if (amountFen === undefined || vatFen === undefined || vatRate === 'unclear') return undefined;
    if (totalFen !== undefined && totalFen !== amountFen + vatFen) {
      const text = (fen: number) => (fen / 100).toFixed(2);
      reasons.push(reason('INVOICE_TOTAL_DIFFERS', 'total', { stated: text(totalFen), sum: text(amountFen + vatFen) }));
    }
    return { name, spec, unit, qtyE5, amountFen, vatRate: vatRate ?? '0', vatFen, sku };
  }
}
