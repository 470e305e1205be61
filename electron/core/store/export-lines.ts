import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { ExportLineRow } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { convert, exponentOf, formatScaled } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { fenText } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { rateInForce } from './rates.ts';
import { keepsStock, takeBackExport } from './stock.ts';

/** A line of what left as the book keeps it. */
export interface ExportGoods {
  readonly mode: ExportLineRow['mode'];
  readonly declarationNo: string;
  readonly lineNo: number;
  readonly exportDate: string;
  readonly sku: string | undefined;
  readonly hsCode: string;
  readonly name: string;
  readonly unit: string;
  readonly qtyE5: number;
  readonly currency: string;
  readonly fobMinor: number;
  readonly country: string | undefined;
}

/** A row of {@link lineSelect}. */
export interface StoredLine {
  id: number;
  mode: ExportLineRow['mode'];
  declarationNo: string;
  lineNo: number;
  exportDate: string;
  documentId: number | null;
  orderId: number | null;
  orderNo: string | null;
  sku: string | null;
  hsCode: string;
  name: string;
  unit: string;
  qtyE5: number;
  currency: string;
  fobMinor: number;
  fobFen: number | null;
  country: string | null;
  regime: 'refund' | 'exempt' | 'taxed' | null;
  claimedPeriod: string | null;
  claimBatch: string | null;
  receivedOn: string | null;
  deemedReceived: string | null;
  contractReceiptDate: string | null;
  matchedQtyE5: number;
  soldQtyE5: number;
  backQtyE5: number;
  lostQtyE5: number;
  shortE5: number;
  /** Whether goods of it have been received back. */
  isBack: 0 | 1;
  /** Whether a certificate (已补税/未退税证明) was asked for it. */
  isCertified: 0 | 1;
}

const shortE5 = 'coalesce((SELECT sum(s.qty_e5) FROM stock_short s WHERE s.export_line_id = e.id), 0)';

/** Export lines `e`, to be followed by a condition. */
export const lineSelect = `SELECT e.id, e.mode, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate, e.document_id AS documentId,
  e.order_id AS orderId, o.order_no AS orderNo, e.sku, e.hs_code AS hsCode, e.name, e.unit, e.qty_e5 AS qtyE5, e.currency, e.fob_minor AS fobMinor,
  e.fob_fen AS fobFen, e.country, e.regime, e.claimed_period AS claimedPeriod, e.claim_batch AS claimBatch, e.received_on AS receivedOn,
  e.deemed_received AS deemedReceived, e.contract_receipt_date AS contractReceiptDate, e.matched_qty_e5 AS matchedQtyE5, e.sold_qty_e5 AS soldQtyE5,
  e.back_qty_e5 AS backQtyE5, e.lost_qty_e5 AS lostQtyE5, ${shortE5} AS shortE5,
  EXISTS (SELECT 1 FROM goods_return r WHERE r.export_line_id = e.id) AS isBack,
  EXISTS (SELECT 1 FROM return_certificate c WHERE c.export_line_id = e.id) AS isCertified
  FROM export_line e LEFT JOIN sales_order o ON o.id = e.order_id`;

function majorOf(minor: number, currency: string): string {
  const digits = exponentOf(currency);
  return formatScaled(BigInt(minor), digits, digits);
}

function rowOf(line: StoredLine, isKept: boolean): ExportLineRow {
  const known = <K extends string, V>(key: K, value: V | null) => (value === null ? {} : { [key]: value });
  return {
    id: line.id,
    mode: line.mode,
    declarationNo: line.declarationNo,
    lineNo: line.lineNo,
    exportDate: line.exportDate,
    hsCode: line.hsCode,
    name: line.name,
    unit: line.unit,
    qty: storedText(line.qtyE5),
    currency: line.currency,
    fob: majorOf(line.fobMinor, line.currency),
    matchedQty: storedText(line.matchedQtyE5),
    soldQty: storedText(line.soldQtyE5),
    backQty: storedText(line.backQtyE5),
    // What left while no stock is kept is not short of anything.
    shortQty: storedText(isKept ? line.shortE5 : 0),
    ...(line.fobFen === null ? {} : { fobCny: fenText(line.fobFen) }),
    ...known('sku', line.sku),
    ...known('country', line.country),
    ...known('regime', line.regime),
    ...known('receivedOn', line.receivedOn),
    ...known('deemedReceived', line.deemedReceived),
    ...known('contractReceiptDate', line.contractReceiptDate),
    ...known('claimedPeriod', line.claimedPeriod),
    ...known('claimBatch', line.claimBatch),
    ...known('documentId', line.documentId),
    ...known('orderId', line.orderId),
    ...known('orderNo', line.orderNo),
  };
}

/** An export line. Refusal: `EXPORT_LINE_UNKNOWN`. */
export function requireExportLine(book: Book, id: number): ExportLineRow {
  const line = book.prepare(`${lineSelect} WHERE e.id = ?`).get(id) as StoredLine | undefined;
  if (line === undefined) throw new PortbookError('EXPORT_LINE_UNKNOWN', { id });
  return rowOf(line, keepsStock(book));
}

interface Filter {
  readonly mode?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sku?: string | undefined;
  readonly text?: string | undefined;
}

/** The conditions of a filter on export lines `e`, and what is bound to them. */
export function whereOf(filter: Filter): { terms: string[]; values: (string | number)[] } {
  const terms: string[] = [];
  const values: (string | number)[] = [];
  const add = (term: string, ...bound: string[]): void => {
    terms.push(term);
    values.push(...bound);
  };
  if (filter.mode !== undefined) add('e.mode = ?', filter.mode);
  if (filter.from !== undefined) add('e.export_date >= ?', filter.from);
  if (filter.to !== undefined) add('e.export_date <= ?', filter.to);
  if (filter.sku !== undefined) add('e.sku = ?', filter.sku);
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    add(
      `(e.declaration_no LIKE ? ESCAPE '\\' OR e.sku LIKE ? ESCAPE '\\' OR e.name LIKE ? ESCAPE '\\' OR e.hs_code LIKE ? ESCAPE '\\')`,
      like,
      like,
      like,
      like,
    );
  }
  return { terms, values };
}

/** Export lines, newest first, with the FOB in CNY of all that fit and have a rate. */
export function listExportLines(book: Book, filter: ParsedInputOf<'exportLines.list'>) {
  const { terms, values } = whereOf(filter);
  const isKept = keepsStock(book);
  if (filter.regime !== undefined) {
    terms.push('e.regime = ?');
    values.push(filter.regime);
  }
  const open = {
    claim: 'e.claimed_period IS NULL',
    receipt: 'e.received_on IS NULL AND e.deemed_received IS NULL',
    rate: 'e.fob_fen IS NULL',
    stock: isKept ? 'EXISTS (SELECT 1 FROM stock_short s WHERE s.export_line_id = e.id)' : '0',
  };
  if (filter.open !== undefined) terms.push(open[filter.open]);
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  const [date, id] = decodeCursor(filter.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `${lineSelect} WHERE ${where} AND (e.export_date, e.id) < (?, ?) ORDER BY e.export_date DESC, e.id DESC LIMIT ?`,
    )
    .all(...values, date, id, filter.limit) as StoredLine[];
  const { n, fen } = book
    .prepare(`SELECT count(*) AS n, coalesce(sum(e.fob_fen), 0) AS fen FROM export_line e WHERE ${where}`)
    .get(...values) as { n: number; fen: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((line) => rowOf(line, isKept)),
    total: n,
    fobCny: fenText(fen),
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.exportDate, last.id]) }
      : {}),
  };
}

/** FOB in fen at the firm's rate of the day, half-up; undefined while no rate is known. */
function fobFenOf(book: Book, currency: string, fobMinor: number, date: string): number | undefined {
  const rate = rateInForce(book, currency, date);
  if (rate === undefined) return undefined;
  return Number(convert({ minor: BigInt(fobMinor), currency }, rate.cnyPerUnit).minor);
}

/**
 * Fills the FOB in fen of lines that waited for a rate and now have one. Call it in the transaction that stored the rates,
 * beside `retryPendingPostings`. @returns how many
 */
export function fillExportRates(book: Book): number {
  const waiting = book
    .prepare(
      `SELECT id, currency, fob_minor AS fobMinor, export_date AS date FROM export_line WHERE fob_fen IS NULL ORDER BY export_date, id`,
    )
    .all() as { id: number; currency: string; fobMinor: number; date: string }[];
  const fill = book.prepare('UPDATE export_line SET fob_fen = ? WHERE id = ?');
  let filled = 0;
  for (const { id, currency, fobMinor, date } of waiting) {
    const fen = fobFenOf(book, currency, fobMinor, date);
    if (fen === undefined) continue;
    fill.run(fen, id);
    filled += 1;
  }
  return filled;
}

const insertSql = `INSERT INTO export_line (mode, declaration_no, line_no, export_date, sku, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, country,
  document_id, order_id, shipment_id, import_run_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes a line with its FOB in fen where a rate is known. @returns its id */
export function insertLine(
  book: Book,
  goods: ExportGoods,
  of: {
    documentId?: number;
    orderId?: number | undefined;
    shipmentId?: number | undefined;
    importRunId?: number | undefined;
  },
  now: string,
): number {
  const { lastInsertRowid } = book
    .prepare(insertSql)
    .run(
      goods.mode,
      goods.declarationNo,
      goods.lineNo,
      goods.exportDate,
      goods.sku ?? null,
      goods.hsCode,
      goods.name,
      goods.unit,
      goods.qtyE5,
      goods.currency,
      goods.fobMinor,
      fobFenOf(book, goods.currency, goods.fobMinor, goods.exportDate) ?? null,
      goods.country ?? null,
      of.documentId ?? null,
      of.orderId ?? null,
      of.shipmentId ?? null,
      of.importRunId ?? null,
      now,
    );
  return Number(lastInsertRowid);
}

/** Whether something is done with a line that has to be undone before it can change or go. */
export function isInUse(line: StoredLine): boolean {
  return (
    line.claimedPeriod !== null ||
    line.matchedQtyE5 > 0 ||
    line.soldQtyE5 > 0 ||
    line.backQtyE5 > 0 ||
    line.lostQtyE5 > 0 ||
    line.isBack === 1 ||
    line.isCertified === 1
  );
}

/** Refusal: `EXPORT_LINE_IN_USE` {declarationNo, line}; see {@link isInUse}. */
export function refuseInUse(line: StoredLine, path: string): void {
  if (!isInUse(line)) return;
  throw new PortbookError('EXPORT_LINE_IN_USE', { declarationNo: line.declarationNo, line: line.lineNo }, path);
}

/** Whether a stored line says anything else than these goods. */
export function differs(line: StoredLine, goods: ExportGoods): boolean {
  return (
    line.mode !== goods.mode ||
    line.exportDate !== goods.exportDate ||
    (line.sku ?? undefined) !== goods.sku ||
    line.hsCode !== goods.hsCode ||
    line.name !== goods.name ||
    line.unit !== goods.unit ||
    line.qtyE5 !== goods.qtyE5 ||
    line.currency !== goods.currency ||
    line.fobMinor !== goods.fobMinor ||
    (line.country ?? undefined) !== goods.country
  );
}

/**
 * Takes a line's goods back into stock and writes others over it; the caller issues those. Refusals: `EXPORT_LINE_OF_DOCUMENT`
 * {declarationNo, line}, `EXPORT_LINE_IN_USE`. @returns its id
 */
export function changeLine(book: Book, line: StoredLine, goods: ExportGoods, path: string, now: string): number {
  if (line.documentId !== null) {
    throw new PortbookError('EXPORT_LINE_OF_DOCUMENT', { declarationNo: line.declarationNo, line: line.lineNo }, path);
  }
  refuseInUse(line, path);
  takeBackExport(book, line.id, goods.exportDate, '出口商品项更改', now);
  book
    .prepare(
      `UPDATE export_line SET mode = ?, export_date = ?, sku = ?, hs_code = ?, name = ?, unit = ?, qty_e5 = ?, currency = ?, fob_minor = ?, fob_fen = ?,
         country = ? WHERE id = ?`,
    )
    .run(
      goods.mode,
      goods.exportDate,
      goods.sku ?? null,
      goods.hsCode,
      goods.name,
      goods.unit,
      goods.qtyE5,
      goods.currency,
      goods.fobMinor,
      fobFenOf(book, goods.currency, goods.fobMinor, goods.exportDate) ?? null,
      goods.country ?? null,
      line.id,
    );
  return line.id;
}

const factColumns = {
  receivedOn: 'received_on',
  deemedReceived: 'deemed_received',
  contractReceiptDate: 'contract_receipt_date',
  claimedPeriod: 'claimed_period',
  claimBatch: 'claim_batch',
} as const;

const claimMarks = ['claimedPeriod', 'claimBatch'] as const;

/** Marks say that a line was claimed before the book began; a claim of the book's own is taken back with its batch. */
function refuseMarks(line: ExportLineRow, patch: ParsedInputOf<'exportLines.setFacts'>['patch']): void {
  const isChanged = claimMarks.some((name) => patch[name] !== undefined && patch[name] !== (line[name] ?? null));
  if (!isChanged) return;
  const { declarationNo, lineNo, claimedPeriod, claimBatch, matchedQty } = line;
  if (claimedPeriod !== undefined)
    throw new PortbookError('EXPORT_LINE_CLAIMED', {
      line: `${declarationNo}-${lineNo}`,
      period: claimedPeriod,
      batch: claimBatch ?? '',
    });
  if (matchedQty !== '0') throw new PortbookError('EXPORT_LINE_IN_USE', { declarationNo, line: lineNo });
}

/**
 * Receipt and claim facts; only what the patch names changes. Receipts come after claims, so they stay open. Refusals:
 * `EXPORT_LINE_UNKNOWN`, for claim marks `EXPORT_LINE_CLAIMED` {line, period, batch}, `EXPORT_LINE_IN_USE` where invoices are
 * matched (claim it instead). @returns how many lines changed
 */
export function setExportFacts(
  book: Book,
  ids: readonly number[],
  patch: ParsedInputOf<'exportLines.setFacts'>['patch'],
): number {
  let changed = 0;
  for (const id of ids) {
    refuseMarks(requireExportLine(book, id), patch);
    let isChanged = false;
    for (const [name, column] of Object.entries(factColumns)) {
      const value = patch[name as keyof typeof factColumns];
      if (value === undefined) continue;
      const { changes } = book
        .prepare(`UPDATE export_line SET ${column} = ? WHERE id = ? AND ${column} IS NOT ?`)
        .run(value, id, value);
      isChanged ||= changes > 0;
    }
    if (isChanged) changed += 1;
  }
  return changed;
}
