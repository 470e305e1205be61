/** Input invoice lines for refunds, and what of them is matched to export lines. Money in fen, quantities by 10^5. */
import { PortbookError } from '../../../../shared/errors.ts';
import { parseScaled } from '../../../../shared/money/index.ts';
import type { Book } from '../book.ts';

export type InvoiceKind = 'special' | 'ordinary' | 'customs-payment' | 'other-voucher';

/** A line of an invoice, with what is left of it. */
export interface InvoiceStock {
  readonly id: number;
  readonly state: 'entered' | 'void' | 'red';
  readonly invoiceId: number;
  readonly number: string;
  readonly date: string;
  readonly kind: InvoiceKind;
  readonly supplier: string;
  readonly supplierTaxNo: string | null;
  readonly purpose: 'none' | 'deduction' | 'refund' | 'exempt';
  readonly name: string;
  readonly unit: string;
  readonly sku: string | null;
  readonly vatRate: string;
  readonly qtyE5: number;
  readonly amountFen: number;
  readonly vatFen: number;
  readonly leftQtyE5: number;
  readonly leftAmountFen: number;
  readonly leftVatFen: number;
}

const stockSelect = `SELECT l.id, i.state, i.id AS invoiceId, i.number, i.date, i.kind, s.name AS supplier, s.tax_no AS supplierTaxNo, i.purpose,
  l.name, l.unit, l.sku, l.vat_rate AS vatRate, l.qty_e5 AS qtyE5, l.amount_fen AS amountFen, l.vat_fen AS vatFen,
  l.qty_e5 - l.used_qty_e5 AS leftQtyE5, l.amount_fen - l.used_amount_fen AS leftAmountFen, l.vat_fen - l.used_vat_fen AS leftVatFen
FROM input_invoice_line l JOIN input_invoice i ON i.id = l.invoice_id JOIN party s ON s.id = i.supplier_id`;

/** Invoice lines that can still serve: entered, not used for deduction, with a quantity; oldest first. */
export function invoiceStock(book: Book): InvoiceStock[] {
  return book
    .prepare(
      `${stockSelect} WHERE i.state = 'entered' AND i.purpose <> 'deduction' AND l.qty_e5 > 0 ORDER BY i.date, i.number, l.line_no`,
    )
    .all() as InvoiceStock[];
}

/** Refusal: `INVOICE_LINE_UNKNOWN` {id}. */
export function requireInvoiceLine(book: Book, id: number): InvoiceStock {
  const row = book.prepare(`${stockSelect} WHERE l.id = ?`).get(id) as InvoiceStock | undefined;
  if (row === undefined) throw new PortbookError('INVOICE_LINE_UNKNOWN', { id });
  return row;
}

export interface StoredMatch {
  readonly id: number;
  readonly exportLineId: number;
  readonly invoiceLineId: number;
  readonly qtyE5: number;
  readonly amountFen: number;
  readonly vatFen: number;
  readonly refundFen: number;
  readonly refundRate: string;
  readonly associationNo: string;
  readonly byPerson: boolean;
  readonly invoiceId: number;
  readonly invoiceNumber: string;
  readonly invoiceDate: string;
  readonly invoiceKind: InvoiceKind;
  readonly purpose: 'none' | 'deduction' | 'refund' | 'exempt';
  readonly supplier: string;
  readonly supplierTaxNo: string | null;
  readonly name: string;
  readonly unit: string;
  readonly vatRate: string;
}

const matchSelect = `SELECT m.id, m.export_line_id AS exportLineId, m.invoice_line_id AS invoiceLineId, m.qty_e5 AS qtyE5,
  m.amount_fen AS amountFen, m.vat_fen AS vatFen, m.refund_fen AS refundFen, m.refund_rate AS refundRate,
  m.association_no AS associationNo, m.by_person AS byPerson, i.id AS invoiceId, i.number AS invoiceNumber, i.date AS invoiceDate,
  i.kind AS invoiceKind, i.purpose, s.name AS supplier, s.tax_no AS supplierTaxNo, l.name, l.unit, l.vat_rate AS vatRate
FROM refund_match m JOIN export_line e ON e.id = m.export_line_id JOIN input_invoice_line l ON l.id = m.invoice_line_id
  JOIN input_invoice i ON i.id = l.invoice_id JOIN party s ON s.id = i.supplier_id`;
const matchOrder = 'ORDER BY e.export_date, e.declaration_no, e.line_no, i.date, i.number, l.line_no';

function matches(rows: unknown[]): StoredMatch[] {
  return (rows as (Omit<StoredMatch, 'byPerson'> & { byPerson: 0 | 1 })[]).map((row) => ({
    ...row,
    byPerson: row.byPerson === 1,
  }));
}

/** Matches of lines exported between two days, by line, oldest invoice first. */
export function matchesBetween(book: Book, from: string, to: string): StoredMatch[] {
  return matches(book.prepare(`${matchSelect} WHERE e.export_date BETWEEN ? AND ? ${matchOrder}`).all(from, to));
}

export function matchesOfClaim(book: Book, period: string, batch: string): StoredMatch[] {
  return matches(
    book.prepare(`${matchSelect} WHERE e.claimed_period = ? AND e.claim_batch = ? ${matchOrder}`).all(period, batch),
  );
}

export function matchesOfLine(book: Book, exportLineId: number): StoredMatch[] {
  return matches(book.prepare(`${matchSelect} WHERE e.id = ? ${matchOrder}`).all(exportLineId));
}

/** Quantities of a line matched to invoices of each article, by 10^5. */
export function matchedByArticle(book: Book, exportLineId: number): ReadonlyMap<string, number> {
  const rows = book
    .prepare(
      `SELECT l.sku, sum(m.qty_e5) AS qtyE5 FROM refund_match m JOIN input_invoice_line l ON l.id = m.invoice_line_id
       WHERE m.export_line_id = ? AND l.sku IS NOT NULL GROUP BY l.sku`,
    )
    .all(exportLineId) as { sku: string; qtyE5: number }[];
  return new Map(rows.map(({ sku, qtyE5 }) => [sku, qtyE5]));
}

/** Refusal: `REFUND_MATCH_UNKNOWN` {id}. */
export function requireMatch(book: Book, id: number): StoredMatch {
  const [row] = matches(book.prepare(`${matchSelect} WHERE m.id = ?`).all(id));
  if (row === undefined) throw new PortbookError('REFUND_MATCH_UNKNOWN', { id });
  return row;
}

export type NewMatch = Pick<
  StoredMatch,
  'exportLineId' | 'invoiceLineId' | 'qtyE5' | 'amountFen' | 'vatFen' | 'refundFen' | 'refundRate' | 'byPerson'
>;

/** Triggers take it off the invoice line and count it to the export line. @returns its id */
export function insertMatch(book: Book, match: NewMatch, now: string): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO refund_match (export_line_id, invoice_line_id, qty_e5, amount_fen, vat_fen, refund_fen, refund_rate, by_person, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      match.exportLineId,
      match.invoiceLineId,
      match.qtyE5,
      match.amountFen,
      match.vatFen,
      match.refundFen,
      match.refundRate,
      match.byPerson ? 1 : 0,
      now,
    );
  return Number(lastInsertRowid);
}

export function deleteMatch(book: Book, id: number): void {
  book.prepare('DELETE FROM refund_match WHERE id = ?').run(id);
}

/** Association number (关联号) of all matches of a line. */
export function setAssociation(book: Book, exportLineId: number, associationNo: string): void {
  book.prepare('UPDATE refund_match SET association_no = ? WHERE export_line_id = ?').run(associationNo, exportLineId);
}

export interface StoredClaim {
  readonly period: string;
  readonly batch: string;
  readonly lines: number;
  readonly refundFen: number;
  readonly toCostFen: number;
  readonly preRefund: boolean;
  readonly documentId: number | null;
}

/** What a claim's receivable is called among source documents. */
export function claimReference(period: string, batch: string): string {
  return `退税申报 ${period}-${batch}`;
}

/**
 * Claims of refunds, newest first. A producer's claim has no matches: its sums are those of its receivable, or nought. Exempt
 * declarations are not among them.
 */
export function listClaims(book: Book): StoredClaim[] {
  const rows = book
    .prepare(
      `SELECT e.claimed_period AS period, e.claim_batch AS batch, count(DISTINCT e.id) AS lines, count(m.id) AS matches,
         coalesce(sum(m.refund_fen), 0) AS refundFen, coalesce(sum(m.vat_fen - m.refund_fen), 0) AS toCostFen,
         max(e.pre_refund_fen IS NOT NULL) AS preRefund
       FROM export_line e LEFT JOIN refund_match m ON m.export_line_id = e.id
       WHERE e.claimed_period IS NOT NULL AND e.regime = 'refund' GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC`,
    )
    .all() as (Omit<StoredClaim, 'preRefund' | 'documentId'> & { preRefund: 0 | 1; matches: number })[];
  return rows.map(({ matches, ...row }) => {
    const documentId = claimDocument(book, row.period, row.batch) ?? null;
    const posted = matches === 0 && documentId !== null ? postedSums(book, documentId) : {};
    return { ...row, ...posted, preRefund: row.preRefund === 1, documentId };
  });
}

/** Refund and tax put to cost of a receivable, in fen. */
function postedSums(book: Book, documentId: number): { refundFen: number; toCostFen: number } {
  const { refund, toCost } = book
    .prepare(
      `SELECT json_extract(body, '$.refund') AS refund, json_extract(body, '$.toCost') AS toCost FROM source_document WHERE id = ?`,
    )
    .get(documentId) as { refund: string; toCost: string };
  return { refundFen: Number(parseScaled(refund, 2)), toCostFen: Number(parseScaled(toCost, 2)) };
}

/** The day of a claim: that of its receivable; undefined where it posted none. `yyyy-mm-dd`. */
export function claimDate(book: Book, period: string, batch: string): string | undefined {
  const id = claimDocument(book, period, batch);
  if (id === undefined) return undefined;
  return (book.prepare('SELECT date FROM source_document WHERE id = ?').get(id) as { date: string }).date;
}

/** The receivable a claim posted, unless it was taken back. */
export function claimDocument(book: Book, period: string, batch: string): number | undefined {
  const row = book
    .prepare(
      `SELECT id FROM source_document WHERE kind = 'refund-receivable' AND reference = ? AND state <> 'void' ORDER BY id DESC LIMIT 1`,
    )
    .get(claimReference(period, batch)) as { id: number } | undefined;
  return row?.id;
}
