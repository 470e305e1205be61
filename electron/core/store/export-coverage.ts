import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { fenText } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { whereOf } from './export-lines.ts';

interface CoverRow {
  id: number;
  no: string;
  lineNo: number;
  date: string;
  sku: string | null;
  name: string;
  unit: string;
  qtyE5: number;
  matchedE5: number;
}

/** Which invoice lines cover which export lines, with the remainder; or the other way round. Newest first. */
export function listCoverage(book: Book, filter: ParsedInputOf<'exportLines.coverage'>) {
  const byExport = filter.by === 'export';
  const { terms, values } = byExport ? whereOf(filter) : whereOf({ ...filter, mode: undefined });
  const matched = byExport ? 'e.matched_qty_e5' : 'e.used_qty_e5';
  if (filter.open) terms.push(`${matched} < e.qty_e5`);
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  // Invoice lines under the names of export lines, so that one filter does for both.
  const from = byExport
    ? 'export_line e'
    : `(SELECT l.id, i.number AS declaration_no, l.line_no, i.date AS export_date, l.sku, l.name, l.unit, '' AS hs_code, l.qty_e5, l.used_qty_e5
        FROM input_invoice_line l JOIN input_invoice i ON i.id = l.invoice_id WHERE i.state = 'entered' AND l.qty_e5 > 0) e`;
  const [date, id] = decodeCursor(filter.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `SELECT e.id, e.declaration_no AS no, e.line_no AS lineNo, e.export_date AS date, e.sku, e.name, e.unit, e.qty_e5 AS qtyE5, ${matched} AS matchedE5
       FROM ${from} WHERE ${where} AND (e.export_date, e.id) < (?, ?) ORDER BY e.export_date DESC, e.id DESC LIMIT ?`,
    )
    .all(...values, date, id, filter.limit) as CoverRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM ${from} WHERE ${where}`).get(...values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({
      id: row.id,
      label: `${row.no}-${row.lineNo}`,
      date: row.date,
      ...(row.sku === null ? {} : { sku: row.sku }),
      name: row.name,
      unit: row.unit,
      qty: storedText(row.qtyE5),
      matched: storedText(row.matchedE5),
      remainder: storedText(row.qtyE5 - row.matchedE5),
      items: coverItems(book, row.id, byExport),
    })),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

function coverItems(book: Book, id: number, byExport: boolean) {
  const rows = book
    .prepare(
      byExport
        ? `SELECT l.id, i.number AS no, l.line_no AS lineNo, i.date, m.qty_e5 AS qtyE5, m.amount_fen AS amount, m.vat_fen AS vat, m.refund_fen AS refund
           FROM refund_match m JOIN input_invoice_line l ON l.id = m.invoice_line_id JOIN input_invoice i ON i.id = l.invoice_id
           WHERE m.export_line_id = ? ORDER BY m.id`
        : `SELECT e.id, e.declaration_no AS no, e.line_no AS lineNo, e.export_date AS date, m.qty_e5 AS qtyE5, m.amount_fen AS amount, m.vat_fen AS vat,
             m.refund_fen AS refund
           FROM refund_match m JOIN export_line e ON e.id = m.export_line_id WHERE m.invoice_line_id = ? ORDER BY m.id`,
    )
    .all(id) as {
    id: number;
    no: string;
    lineNo: number;
    date: string;
    qtyE5: number;
    amount: number;
    vat: number;
    refund: number;
  }[];
  return rows.map((row) => ({
    id: row.id,
    label: `${row.no}-${row.lineNo}`,
    date: row.date,
    qty: storedText(row.qtyE5),
    amount: fenText(row.amount),
    vat: fenText(row.vat),
    refund: fenText(row.refund),
  }));
}
