/** What the lines of input invoices cost: their own amounts, discounts, VAT that is not deducted, landed import taxes. */
import { PortbookError } from '../../../shared/errors.ts';
import { bearingWeights, fenOf, goodsCost, lineCosts, sharesOf } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';

export interface CostedLine {
  readonly id: number;
  readonly sku: string | undefined;
  /** Negative on a red invoice (红字), like what was received of it and its cost. */
  readonly qtyE5: number;
  readonly receivedE5: number;
  readonly costFen: number;
}

export interface CostedInvoice {
  readonly id: number;
  readonly number: string;
  readonly state: 'entered' | 'void' | 'red';
  readonly lines: readonly CostedLine[];
}

interface Head {
  id: number;
  number: string;
  kind: 'special' | 'ordinary' | 'customs-payment' | 'other-voucher';
  purpose: 'none' | 'deduction' | 'refund' | 'exempt';
  state: CostedInvoice['state'];
}

interface OwnLine {
  readonly id: number;
  readonly sku: string | undefined;
  readonly qtyE5: number;
  readonly receivedE5: number;
  readonly ownFen: number;
}

function ownLines(book: Book, { id, kind, purpose }: Head): OwnLine[] {
  const rows = book
    .prepare(
      `SELECT id, sku, qty_e5 AS qtyE5, received_qty_e5 AS receivedE5, amount_fen AS amountFen, vat_fen AS vatFen
       FROM input_invoice_line WHERE invoice_id = ? ORDER BY line_no`,
    )
    .all(id) as {
    id: number;
    sku: string | null;
    qtyE5: number;
    receivedE5: number;
    amountFen: number;
    vatFen: number;
  }[];
  return rows.map(({ sku, amountFen, vatFen, ...row }) => ({
    ...row,
    sku: sku ?? undefined,
    ownFen: goodsCost(kind, purpose, amountFen, vatFen),
  }));
}

function headOf(book: Book, by: 'id' | 'number', value: number | string): Head | undefined {
  return book.prepare(`SELECT id, number, kind, purpose, state FROM input_invoice WHERE ${by} = ?`).get(value) as
    | Head
    | undefined;
}

interface ImportTax {
  readonly invoiceNos: readonly string[];
  /** Duty and consumption tax, fen. VAT is no cost. */
  readonly fen: number;
}

/** Posted import-tax documents that name an invoice, in the order they were entered. */
function importTaxesOf(book: Book, number: string): ImportTax[] {
  const rows = book
    .prepare(
      `SELECT d.body FROM source_document d WHERE d.kind = 'import-tax' AND d.state = 'posted'
         AND EXISTS (SELECT 1 FROM json_each(d.body, '$.invoiceNos') n WHERE n.value = ?) ORDER BY d.id`,
    )
    .all(number) as { body: string }[];
  return rows.map(({ body }) => {
    const document = JSON.parse(body) as { invoiceNos: string[]; taxes: { tax: string; amount: string }[] };
    const taxes = document.taxes.filter(({ tax }) => tax === 'duty' || tax === 'consumption');
    return {
      invoiceNos: [...new Set(document.invoiceNos)],
      fen: taxes.reduce((sum, { amount }) => sum + fenOf(amount), 0),
    };
  });
}

/** The part of import taxes that falls to each line of an invoice: in proportion to the cost of all goods they name. */
function landedCosts(book: Book, number: string): ReadonlyMap<number, number> {
  const landed = new Map<number, number>();
  for (const { invoiceNos, fen } of importTaxesOf(book, number)) {
    const lines: { readonly id: number; readonly isOwn: boolean; readonly weight: number }[] = [];
    for (const one of invoiceNos) {
      const head = headOf(book, 'number', one);
      if (head === undefined || head.state !== 'entered') continue;
      const own = ownLines(book, head);
      const weights = bearingWeights(own, lineCosts(own));
      for (const [at, { id }] of own.entries()) lines.push({ id, isOwn: one === number, weight: weights[at] ?? 0 });
    }
    const shares = sharesOf(
      fen,
      lines.map(({ weight }) => weight),
    );
    for (const [at, { id, isOwn }] of lines.entries())
      if (isOwn) landed.set(id, (landed.get(id) ?? 0) + (shares[at] ?? 0));
  }
  return landed;
}

function costed(book: Book, head: Head): CostedInvoice {
  const { id, number, state } = head;
  const lines = ownLines(book, head);
  const costs = lineCosts(lines);
  const landed = state === 'entered' ? landedCosts(book, number) : new Map<number, number>();
  return {
    id,
    number,
    state,
    lines: lines.map(({ ownFen: _, ...line }, at) => ({
      ...line,
      costFen: (costs[at] ?? 0) + (landed.get(line.id) ?? 0),
    })),
  };
}

/** An invoice with what each line costs. Refusal: `INVOICE_UNKNOWN`. */
export function costedInvoice(book: Book, id: number): CostedInvoice {
  const head = headOf(book, 'id', id);
  if (head === undefined) throw new PortbookError('INVOICE_UNKNOWN', { id }, 'invoiceId');
  return costed(book, head);
}

/** A line of an invoice with what it costs. Refusal: `INVOICE_LINE_UNKNOWN`. */
export function costedLine(book: Book, id: number): { readonly invoice: CostedInvoice; readonly line: CostedLine } {
  const row = book.prepare('SELECT invoice_id AS invoiceId FROM input_invoice_line WHERE id = ?').get(id) as
    | { invoiceId: number }
    | undefined;
  const invoice = row === undefined ? undefined : costedInvoice(book, row.invoiceId);
  const line = invoice?.lines.find((one) => one.id === id);
  if (invoice === undefined || line === undefined)
    throw new PortbookError('INVOICE_LINE_UNKNOWN', { id }, 'invoiceLineId');
  return { invoice, line };
}

/** The invoices of some numbers, and those that share an import-tax document with them: a change of one moves their costs. */
export function invoicesSharingCosts(book: Book, numbers: readonly string[]): number[] {
  const named = new Set(numbers);
  for (const number of numbers)
    for (const { invoiceNos } of importTaxesOf(book, number)) for (const one of invoiceNos) named.add(one);
  return [...named].map((number) => headOf(book, 'number', number)?.id).filter((id) => id !== undefined);
}
