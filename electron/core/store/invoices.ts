import type { z } from 'zod';
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { invoiceInput, invoiceRow, invoiceView } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { invoiceLineFingerprint } from '../../../shared/import/invoices.ts';
import { voucherLabel } from '../../../shared/ledger/index.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { fenOf, fenText } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { requireParty } from './parties.ts';
import { followCosts } from './stock.ts';
import { repostStockEvent } from './stock-posting.ts';

export type InvoiceInput = z.output<typeof invoiceInput>;
export type InvoiceRow = z.infer<typeof invoiceRow>;
export type InvoiceView = z.infer<typeof invoiceView>;
type Kind = InvoiceRow['kind'];

interface Line {
  readonly name: string;
  readonly spec: string;
  readonly unit: string;
  readonly qtyE5: number;
  readonly amountFen: number;
  readonly vatRate: string;
  readonly vatFen: number;
  readonly sku: string | undefined;
}

interface StoredLine extends Line {
  readonly id: number;
  readonly lineNo: number;
  readonly usedQtyE5: number;
  readonly usedAmountFen: number;
  readonly usedVatFen: number;
  readonly receivedQtyE5: number;
}

interface Head {
  id: number;
  number: string;
  kind: Kind;
  date: string;
  supplierId: number;
  supplierName: string;
  supplierTaxNo: string | null;
  amountFen: number;
  vatFen: number;
  totalFen: number;
  purpose: InvoiceRow['purpose'];
  purposeDate: string | null;
  state: InvoiceRow['state'];
  note: string;
  lines: number;
  withoutSku: number;
  toReceive: number;
}

const headSelect = `SELECT i.id, i.number, i.kind, i.date, i.supplier_id AS supplierId, p.name AS supplierName, p.tax_no AS supplierTaxNo,
  i.amount_fen AS amountFen, i.vat_fen AS vatFen, i.total_fen AS totalFen, i.purpose, i.purpose_date AS purposeDate, i.state, i.note,
  (SELECT count(*) FROM input_invoice_line l WHERE l.invoice_id = i.id) AS lines,
  (SELECT count(*) FROM input_invoice_line l WHERE l.invoice_id = i.id AND l.sku IS NULL) AS withoutSku,
  (SELECT count(*) FROM input_invoice_line l WHERE l.invoice_id = i.id AND l.received_qty_e5 <> l.qty_e5 AND i.state <> 'void') AS toReceive
  FROM input_invoice i JOIN party p ON p.id = i.supplier_id`;

function rowOf(head: Head): InvoiceRow {
  return {
    id: head.id,
    number: head.number,
    kind: head.kind,
    date: head.date,
    supplier: { id: head.supplierId, name: head.supplierName, taxNo: head.supplierTaxNo },
    amount: fenText(head.amountFen),
    vat: fenText(head.vatFen),
    total: fenText(head.totalFen),
    purpose: head.purpose,
    ...(head.purposeDate === null ? {} : { purposeDate: head.purposeDate }),
    state: head.state,
    lines: head.lines,
    withoutSku: head.withoutSku,
    toReceive: head.toReceive,
  };
}

function requireHead(book: Book, id: number): Head {
  const head = book.prepare(`${headSelect} WHERE i.id = ?`).get(id) as Head | undefined;
  if (head === undefined) throw new PortbookError('INVOICE_UNKNOWN', { id });
  return head;
}

function linesOf(book: Book, invoiceId: number): StoredLine[] {
  const rows = book
    .prepare(
      `SELECT id, line_no AS lineNo, name, spec, unit, qty_e5 AS qtyE5, amount_fen AS amountFen, vat_rate AS vatRate, vat_fen AS vatFen, sku,
         used_qty_e5 AS usedQtyE5, used_amount_fen AS usedAmountFen, used_vat_fen AS usedVatFen, received_qty_e5 AS receivedQtyE5
       FROM input_invoice_line WHERE invoice_id = ? ORDER BY line_no`,
    )
    .all(invoiceId) as (Omit<StoredLine, 'sku'> & { sku: string | null })[];
  return rows.map((row) => ({ ...row, sku: row.sku ?? undefined }));
}

/** An invoice with its lines and what it posted. Refusal: `INVOICE_UNKNOWN`. */
export function requireInvoice(book: Book, id: number): InvoiceView {
  const head = requireHead(book, id);
  const vouchers = book
    .prepare(
      `SELECT id, period, number FROM voucher WHERE source_kind IN ('input-invoice','invoice-purpose','invoice-cost') AND source_id = ? ORDER BY id`,
    )
    .all(String(id)) as { id: number; period: string; number: number }[];
  return {
    ...rowOf(head),
    note: head.note,
    lineRows: linesOf(book, id).map((line) => ({
      id: line.id,
      lineNo: line.lineNo,
      name: line.name,
      spec: line.spec,
      unit: line.unit,
      qty: storedText(line.qtyE5),
      amount: fenText(line.amountFen),
      vatRate: line.vatRate,
      vat: fenText(line.vatFen),
      ...(line.sku === undefined ? {} : { sku: line.sku }),
      receivedQty: storedText(line.receivedQtyE5),
      usedQty: storedText(line.usedQtyE5),
      usedAmount: fenText(line.usedAmountFen),
      leftQty: storedText(line.qtyE5 - line.usedQtyE5),
    })),
    vouchers: vouchers.map((one) => ({ id: one.id, label: voucherLabel(one.period, one.number) })),
  };
}

/** Invoices, newest first, with the sums of all that fit. */
export function listInvoices(book: Book, filter: ParsedInputOf<'invoices.list'>) {
  const terms: string[] = [];
  const values: (string | number)[] = [];
  const add = (term: string, ...bound: (string | number)[]): void => {
    terms.push(term);
    values.push(...bound);
  };
  if (filter.kind !== undefined) add('i.kind = ?', filter.kind);
  if (filter.state !== undefined) add('i.state = ?', filter.state);
  if (filter.purpose !== undefined) add('i.purpose = ?', filter.purpose);
  if (filter.supplierId !== undefined) add('i.supplier_id = ?', filter.supplierId);
  if (filter.from !== undefined) add('i.date >= ?', filter.from);
  if (filter.to !== undefined) add('i.date <= ?', filter.to);
  const line = 'SELECT 1 FROM input_invoice_line l WHERE l.invoice_id = i.id';
  if (filter.open === 'sku') add(`i.state = 'entered' AND EXISTS (${line} AND l.sku IS NULL)`);
  if (filter.open === 'receipt') add(`i.state <> 'void' AND EXISTS (${line} AND l.received_qty_e5 <> l.qty_e5)`);
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    add(
      `(i.number LIKE ? ESCAPE '\\' OR p.name LIKE ? ESCAPE '\\' OR EXISTS (${line} AND (l.name LIKE ? ESCAPE '\\' OR l.sku LIKE ? ESCAPE '\\')))`,
      like,
      like,
      like,
      like,
    );
  }
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  const [date, id] = decodeCursor(filter.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(`${headSelect} WHERE ${where} AND (i.date, i.id) < (?, ?) ORDER BY i.date DESC, i.id DESC LIMIT ?`)
    .all(...values, date, id, filter.limit) as Head[];
  const sums = book
    .prepare(
      `SELECT count(*) AS n, coalesce(sum(CASE i.state WHEN 'void' THEN 0 ELSE i.amount_fen END), 0) AS amount,
         coalesce(sum(CASE i.state WHEN 'void' THEN 0 ELSE i.vat_fen END), 0) AS vat
       FROM input_invoice i JOIN party p ON p.id = i.supplier_id WHERE ${where}`,
    )
    .get(...values) as { n: number; amount: number; vat: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(rowOf),
    total: sums.n,
    amount: fenText(sums.amount),
    vat: fenText(sums.vat),
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

/** The number's invoice, if the book has one. */
export function invoiceOfNumber(book: Book, number: string): { id: number; state: InvoiceRow['state'] } | undefined {
  return book.prepare('SELECT id, state FROM input_invoice WHERE number = ?').get(number) as
    | { id: number; state: InvoiceRow['state'] }
    | undefined;
}

/** The article that an earlier invoice of the same seller had for goods of this name and specification. */
export function skuByHistory(
  book: Book,
  taxNo: string | undefined,
  seller: string,
  name: string,
  spec: string,
): string | undefined {
  const row = book
    .prepare(
      `SELECT l.sku FROM input_invoice_line l JOIN input_invoice i ON i.id = l.invoice_id JOIN party p ON p.id = i.supplier_id
       WHERE p.kind = 'supplier' AND (p.tax_no = ? OR p.name = ?) AND l.name = ? AND l.spec = ? AND l.sku IS NOT NULL AND i.state = 'entered'
       ORDER BY i.date DESC, l.id DESC LIMIT 1`,
    )
    .get(taxNo ?? '', seller, name, spec) as { sku: string } | undefined;
  return row?.sku;
}

function readLines(input: InvoiceInput): Line[] {
  return input.lines.map((line) => ({
    name: line.name.trim(),
    spec: line.spec.trim(),
    unit: line.unit.trim(),
    qtyE5: storedValue(line.qty),
    amountFen: fenOf(line.amount),
    vatRate: line.vatRate,
    vatFen: fenOf(line.vat),
    sku: line.sku === undefined || line.sku.trim() === '' ? undefined : line.sku.trim(),
  }));
}

/** Refuses totals that the lines do not come to: `INVOICE_TOTAL` {field, stated, lines, difference}. */
function checkTotals(
  input: InvoiceInput,
  lines: readonly Line[],
): { amountFen: number; vatFen: number; totalFen: number } {
  const amountFen = lines.reduce((sum, line) => sum + line.amountFen, 0);
  const vatFen = lines.reduce((sum, line) => sum + line.vatFen, 0);
  const compare = (field: 'amount' | 'vat' | 'total', fen: number): void => {
    const stated = fenOf(input[field]);
    if (stated === fen) return;
    throw new PortbookError(
      'INVOICE_TOTAL',
      { field, stated: fenText(stated), lines: fenText(fen), difference: fenText(stated - fen) },
      field,
    );
  };
  compare('amount', amountFen);
  compare('vat', vatFen);
  compare('total', amountFen + vatFen);
  return { amountFen, vatFen, totalFen: amountFen + vatFen };
}

/** A red invoice (红字) is negative in every line; in any other only a discount line (折扣行, no quantity) is. */
function stateOf(lines: readonly Line[], totalFen: number): 'entered' | 'red' {
  const isRed = totalFen < 0;
  for (const [index, { qtyE5, amountFen, vatFen }] of lines.entries()) {
    const isMixed =
      qtyE5 < 0 || (qtyE5 > 0 && Math.min(amountFen, vatFen) < 0) || Math.sign(amountFen) * Math.sign(vatFen) < 0;
    const wrong = isRed ? Math.max(qtyE5, amountFen, vatFen) > 0 : isMixed;
    if (wrong) throw new PortbookError('INVOICE_SIGN', { line: index + 1 }, `lines.${index}.amount`);
  }
  return isRed ? 'red' : 'entered';
}

function refuseInUse(line: StoredLine, number: string): never {
  throw new PortbookError(
    'INVOICE_LINE_IN_USE',
    { number, line: line.lineNo, used: storedText(line.usedQtyE5), received: storedText(line.receivedQtyE5) },
    `lines.${line.lineNo - 1}`,
  );
}

/** A line of which something was received or claimed keeps its article and never gets below that. */
function checkShrink(before: StoredLine, after: Line | undefined, number: string): void {
  const { usedQtyE5, receivedQtyE5, usedAmountFen, usedVatFen } = before;
  if (usedQtyE5 === 0 && receivedQtyE5 === 0 && usedAmountFen === 0) return;
  const isLess =
    after === undefined ||
    after.sku !== before.sku ||
    Math.sign(after.qtyE5) !== Math.sign(before.qtyE5) ||
    Math.abs(after.qtyE5) < Math.max(usedQtyE5, Math.abs(receivedQtyE5)) ||
    (usedAmountFen > 0 && after.amountFen < usedAmountFen) ||
    (usedVatFen > 0 && after.vatFen < usedVatFen);
  if (isLess) refuseInUse(before, number);
}

/**
 * Enters or changes an invoice; see the contract for refusals. What was received of it follows its cost, see {@link followCosts}.
 * @returns its id
 */
export function saveInvoice(book: Book, input: InvoiceInput, now: string, importRunId?: number): number {
  const lines = readLines(input);
  const { amountFen, vatFen, totalFen } = checkTotals(input, lines);
  const state = stateOf(lines, totalFen);
  for (const [index, { sku }] of lines.entries()) {
    if (sku !== undefined && book.prepare('SELECT 1 FROM product WHERE sku = ?').get(sku) === undefined)
      throw new PortbookError('PRODUCT_UNKNOWN', { sku }, `lines.${index}.sku`);
  }
  requireParty(book, input.supplierId, 'supplierId');
  const namesake = invoiceOfNumber(book, input.number);
  if (namesake !== undefined && namesake.id !== input.id)
    throw new PortbookError('INVOICE_EXISTS', { number: input.number }, 'number');
  const old = input.id === undefined ? undefined : requireHead(book, input.id);
  if (old?.state === 'void') throw new PortbookError('INVOICE_STATE', { number: old.number });

  const head = [input.number, input.kind, input.date, input.supplierId, amountFen, vatFen, totalFen, state, input.note];
  const write = (): number => {
    const before = new Map<number, StoredLine>();
    let id = old?.id;
    if (id === undefined) {
      const { lastInsertRowid } = book
        .prepare(
          `INSERT INTO input_invoice (number, kind, date, supplier_id, amount_fen, vat_fen, total_fen, state, note, import_run_id, created_at, updated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(...head, importRunId ?? null, now, now);
      id = Number(lastInsertRowid);
    } else {
      for (const line of linesOf(book, id)) {
        before.set(line.lineNo, line);
        checkShrink(line, lines[line.lineNo - 1], old?.number ?? '');
      }
      book
        .prepare(
          `UPDATE input_invoice SET number = ?, kind = ?, date = ?, supplier_id = ?, amount_fen = ?, vat_fen = ?, total_fen = ?, state = ?, note = ?,
             updated_at = ? WHERE id = ?`,
        )
        .run(...head, now, id);
    }
    writeLines(book, id, lines, before);
    postInvoice(book, requireHead(book, id), now, old === undefined ? '' : `更正 ${old.number}`);
    return id;
  };
  const numbers = old === undefined ? [input.number] : [old.number, input.number];
  return followCosts(book, { numbers, date: input.date }, now, write);
}

/**
 * Posts what an invoice says: the purchase on its day with its VAT waiting to be certified (待认证进项税额), and on the day of
 * its purpose (用途确认) where the VAT goes. What says the same already stays; a void one takes all back.
 */
function postInvoice(book: Book, head: Head, now: string, reason: string): void {
  const { id, number, kind, supplierId: partyId, purpose, amountFen: netFen, vatFen } = head;
  const isVoid = head.state === 'void';
  repostStockEvent(
    book,
    { kind: 'input-invoice', id },
    isVoid
      ? undefined
      : {
          rule: 'purchase-invoice',
          date: head.date,
          text: `采购发票 ${number}`,
          sourceKind: 'input-invoice',
          sourceId: id,
          partyId,
          invoice: kind,
          netFen,
          vatFen,
        },
    now,
    reason,
  );
  repostStockEvent(
    book,
    { kind: 'invoice-purpose', id },
    isVoid || purpose === 'none'
      ? undefined
      : {
          rule: 'invoice-purpose',
          date: head.purposeDate ?? head.date,
          text: `用途确认 ${number}`,
          sourceKind: 'invoice-purpose',
          sourceId: id,
          partyId,
          invoice: kind,
          purpose,
          vatFen,
        },
    now,
    reason,
  );
}

function writeLines(
  book: Book,
  invoiceId: number,
  lines: readonly Line[],
  before: ReadonlyMap<number, StoredLine>,
): void {
  const insert = book.prepare(
    `INSERT INTO input_invoice_line (invoice_id, line_no, name, spec, unit, qty_e5, amount_fen, vat_rate, vat_fen, sku)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = book.prepare(
    `UPDATE input_invoice_line SET name = ?, spec = ?, unit = ?, qty_e5 = ?, amount_fen = ?, vat_rate = ?, vat_fen = ?, sku = ? WHERE id = ?`,
  );
  for (const [index, line] of lines.entries()) {
    const values = [
      line.name,
      line.spec,
      line.unit,
      line.qtyE5,
      line.amountFen,
      line.vatRate,
      line.vatFen,
      line.sku ?? null,
    ];
    const old = before.get(index + 1);
    if (old === undefined) insert.run(invoiceId, index + 1, ...values);
    else update.run(...values, old.id);
  }
  for (const { id, lineNo } of before.values()) {
    if (lineNo <= lines.length) continue;
    // Moves that were taken back still name the line: they keep their text, not the link.
    book.prepare('UPDATE stock_move SET invoice_line_id = NULL WHERE invoice_line_id = ?').run(id);
    book.prepare('DELETE FROM input_invoice_line WHERE id = ?').run(id);
  }
}

/** Takes an invoice back. Refusals: `INVOICE_UNKNOWN`, `INVOICE_STATE`, `INVOICE_LINE_IN_USE`. */
export function voidInvoice(book: Book, id: number, now: string): { number: string } {
  const head = requireHead(book, id);
  if (head.state === 'void') throw new PortbookError('INVOICE_STATE', { number: head.number });
  for (const line of linesOf(book, id)) checkShrink(line, undefined, head.number);
  followCosts(book, { numbers: [head.number], date: head.date }, now, () => {
    book.prepare(`UPDATE input_invoice SET state = 'void', updated_at = ? WHERE id = ?`).run(now, id);
    postInvoice(book, requireHead(book, id), now, `作废 ${head.number}`);
  });
  return { number: head.number };
}

/**
 * Confirms the purpose of invoices (用途确认) and posts where their VAT goes; of VAT that is not deducted (不抵扣) what was
 * received follows as cost. Refusals: `INVOICE_UNKNOWN`, `INVOICE_STATE`, `INVOICE_PURPOSE` for a kind that
 * carries no deductible tax, `INVOICE_LINE_IN_USE` where a refund was matched and the new purpose is another.
 */
export function setPurpose(
  book: Book,
  input: { readonly ids: readonly number[]; readonly purpose: InvoiceRow['purpose']; readonly date: string },
  now: string,
): number {
  let changed = 0;
  for (const id of input.ids) {
    const head = requireHead(book, id);
    if (head.state === 'void') throw new PortbookError('INVOICE_STATE', { number: head.number });
    const hasTax = head.kind === 'special' || head.kind === 'customs-payment';
    if (!hasTax && (input.purpose === 'deduction' || input.purpose === 'refund'))
      throw new PortbookError('INVOICE_PURPOSE', { number: head.number }, 'purpose');
    const date = input.purpose === 'none' ? null : input.date;
    if (head.purpose === input.purpose && head.purposeDate === date) continue;
    if (head.purpose === 'refund' && input.purpose !== 'refund') {
      const used = linesOf(book, id).find(({ usedQtyE5 }) => usedQtyE5 > 0);
      if (used !== undefined) refuseInUse(used, head.number);
    }
    followCosts(book, { numbers: [head.number], date: input.date }, now, () => {
      book
        .prepare('UPDATE input_invoice SET purpose = ?, purpose_date = ?, updated_at = ? WHERE id = ?')
        .run(input.purpose, date, now, id);
      postInvoice(book, requireHead(book, id), now, `更正用途 ${head.number}`);
    });
    changed += 1;
  }
  return changed;
}

/** How many lines of each fingerprint an invoice of the book has; undefined when there is no such invoice. */
export function invoiceLineCounts(book: Book, number: string): ReadonlyMap<string, number> | undefined {
  const found = invoiceOfNumber(book, number);
  if (found === undefined) return undefined;
  const counts = new Map<string, number>();
  for (const line of linesOf(book, found.id)) {
    const key = invoiceLineFingerprint(line);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
