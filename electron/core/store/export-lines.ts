import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { type ExportLineInput, type ExportLineRow, exportModes } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { tryParseScaled } from '../../../shared/money/decimal.ts';
import { convert, exponentOf, formatScaled, isCurrency, toMinor } from '../../../shared/money/index.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { costShare, fenText, issued } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { rateInForce } from './rates.ts';
import {
  holdingOf,
  insertMove,
  keepsStock,
  places,
  stockChoice,
  takeBackExport,
  takeBackReturned,
  transfer,
} from './stock.ts';
import { postStockEvent, repostStockEvent, type StockPart } from './stock-posting.ts';

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

interface StoredLine {
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

const lineSelect = `SELECT e.id, e.mode, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate, e.document_id AS documentId,
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

function whereOf(filter: Filter): { terms: string[]; values: (string | number)[] } {
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

// Stock of what left ----------------------------------------------------------------------------------------------------

interface Leaving {
  readonly id: number;
  readonly sku: string;
  readonly qtyE5: number;
  readonly mode: string;
  readonly orderId: number | undefined;
}

/**
 * Issues what left from home, as far as it is there, and notes the rest as short. Goods of 9810 are not sold yet: they go
 * on their way (在途) with their cost. Where the firm has said that it keeps no stock, nothing is. @returns what was sold, for
 * the cost of sale
 */
export function issueLine(book: Book, line: Leaving, date: string, now: string): StockPart | undefined {
  if (stockChoice(book) === 'no') return undefined;
  const holding = holdingOf(book, line.sku, places.home);
  const qtyE5 = Math.min(holding.qtyE5, line.qtyE5);
  const short = line.qtyE5 - qtyE5;
  const { id: exportLineId, sku, orderId } = line;
  book
    .prepare('DELETE FROM stock_short WHERE export_line_id = ? AND sku = ? AND order_id IS ?')
    .run(exportLineId, sku, orderId ?? null);
  if (short > 0)
    book
      .prepare('INSERT INTO stock_short (export_line_id, sku, order_id, qty_e5) VALUES (?, ?, ?, ?)')
      .run(exportLineId, sku, orderId ?? null, short);
  if (qtyE5 === 0) return undefined;
  if (line.mode === '9810') {
    transfer(book, { date, sku, fromId: places.home, toId: places.transit, qtyE5, exportLineId, orderId }, now);
    return undefined;
  }
  const { costFen } = issued(holding, qtyE5);
  insertMove(
    book,
    { date, sku, placeId: places.home, kind: 'sold', qtyE5: -qtyE5, costFen: -costFen, exportLineId, orderId },
    now,
  );
  return { sku, qtyE5, costFen, orderId };
}

/**
 * Issues goods that had left before their receipt was entered, oldest export first, and posts their cost on the later of
 * the two days. Call it after a receipt at home. @returns of how many lines something was issued
 */
export function issueShorts(book: Book, sku: string, date: string, now: string): number {
  const waiting = book
    .prepare(
      `SELECT e.id, s.qty_e5 AS qtyE5, e.mode, s.order_id AS orderId, e.export_date AS exportDate, e.declaration_no AS declarationNo
       FROM stock_short s JOIN export_line e ON e.id = s.export_line_id WHERE s.sku = ? ORDER BY e.export_date, e.id, s.id`,
    )
    .all(sku) as {
    id: number;
    qtyE5: number;
    mode: string;
    orderId: number | null;
    exportDate: string;
    declarationNo: string;
  }[];
  let lines = 0;
  const orders = new Set<number>();
  for (const { id, qtyE5, mode, orderId, exportDate, declarationNo } of waiting) {
    if (holdingOf(book, sku, places.home).qtyE5 === 0) break;
    const day = exportDate > date ? exportDate : date;
    const part = issueLine(book, { id, sku, qtyE5, mode, orderId: orderId ?? undefined }, day, now);
    lines += 1;
    if (orderId !== null) orders.add(orderId);
    if (part === undefined) continue;
    const { moveId } = book
      .prepare(`SELECT max(id) AS moveId FROM stock_move WHERE export_line_id = ? AND kind = 'sold'`)
      .get(id) as { moveId: number };
    postStockEvent(
      book,
      {
        rule: 'cost-of-sale',
        date: day,
        text: `结转成本 ${declarationNo}`,
        sourceKind: 'stock-move',
        sourceId: moveId,
        orderId: orderId ?? undefined,
        parts: [part],
      },
      now,
    );
  }
  for (const orderId of orders) returnCancelled(book, orderId, date, now);
  return lines;
}

// Released lists ----------------------------------------------------------------------------------------------------------

/** A document with what its release writes. */
export interface ReleasedDocument {
  id: number;
  kind: string;
  businessKey: string;
  platformNo: string | null;
  orderId: number | null;
  shipmentId: number | null;
  currency: string;
  state: string;
  body: string;
}

function text(values: Readonly<Record<string, unknown>>, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

/** The goods lines of a list (CEB603) as it was filed. */
function goodsOf(book: Book, document: ReleasedDocument, date: string): ExportGoods[] {
  const body = JSON.parse(document.body) as {
    InventoryHead?: Record<string, unknown>;
    InventoryList?: Record<string, unknown>[];
  };
  const trade = text(body.InventoryHead ?? {}, 'tradeMode');
  const isKnown = book.prepare('SELECT 1 FROM product WHERE sku = ?');
  return (body.InventoryList ?? []).map((line, index) => {
    const sku = text(line, 'itemNo');
    return {
      mode: exportModes.find((one) => one === trade) ?? '9610',
      declarationNo: document.platformNo ?? document.businessKey,
      lineNo: Number(text(line, 'gnum') || index + 1),
      exportDate: date,
      sku: isKnown.get(sku) === undefined ? undefined : sku,
      hsCode: text(line, 'gcode'),
      name: text(line, 'gname'),
      unit: text(line, 'unit'),
      qtyE5: storedValue(text(line, 'qty')),
      currency: document.currency,
      fobMinor: Number(toMinor(BigInt(storedValue(text(line, 'totalPrice'))), document.currency).minor),
      country: text(line, 'country') || undefined,
    };
  });
}

const insertSql = `INSERT INTO export_line (mode, declaration_no, line_no, export_date, sku, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, country,
  document_id, order_id, shipment_id, import_run_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

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

/** What {@link recordReleasedList} did: written now, there already, or none of its goods are to be counted by it. */
export type ReleaseOutcome = 'recorded' | 'already' | 'none';

export const releasedDocumentSelect = `SELECT id, kind, business_key AS businessKey, platform_no AS platformNo, order_id AS orderId, shipment_id AS shipmentId,
  currency, state, body FROM document`;

/** Whether a document's lines are there; the platform's number (清单编号, 报关单号) may come with a later receipt. */
export function isRecorded(book: Book, { id, platformNo }: ReleasedDocument): boolean {
  const there = book.prepare('SELECT declaration_no AS no FROM export_line WHERE document_id = ? LIMIT 1').get(id) as
    | { no: string }
    | undefined;
  if (there !== undefined && platformNo !== null && platformNo !== there.no)
    book.prepare('UPDATE OR IGNORE export_line SET declaration_no = ? WHERE document_id = ?').run(platformNo, id);
  return there !== undefined;
}

/** Takes back what earlier versions of a document had written: the one that is released now stands for them. */
export function withdrawEarlier(
  book: Book,
  { id, kind, businessKey }: ReleasedDocument,
  date: string,
  now: string,
): void {
  const earlier = book
    .prepare(
      // All have a version: with it the engine looks by the key and does not go through all documents of the kind.
      `SELECT d.id FROM document d WHERE d.kind = ? AND d.business_key = ? AND d.version > 0 AND d.id <> ?
         AND EXISTS (SELECT 1 FROM export_line e WHERE e.document_id = d.id)`,
    )
    .all(kind, businessKey, id) as { id: number }[];
  for (const one of earlier) withdrawReleased(book, { documentId: one.id, date, now });
}

/**
 * Writes the export lines (出口商品项) of a released list (CEB603), issues its goods and posts their cost: once a list,
 * whatever is called how often. A list that corrects one released before takes its place. Call it in the transaction that
 * learns of the release, beside `postSaleForReleasedOrder`.
 * @param release.date the business date of the release
 */
export function recordReleasedList(
  book: Book,
  release: { readonly documentId: number; readonly date: string; readonly now: string },
): ReleaseOutcome {
  const { documentId, date, now } = release;
  const document = book.prepare(`${releasedDocumentSelect} WHERE id = ? AND kind = 'CEB603Message'`).get(documentId) as
    | ReleasedDocument
    | undefined;
  if (document === undefined) return 'none';
  if (isRecorded(book, document)) return 'already';
  const goods = goodsOf(book, document, date);
  if (goods.length === 0) return 'none';
  withdrawEarlier(book, document, date, now);
  const of = { documentId, orderId: document.orderId ?? undefined, shipmentId: document.shipmentId ?? undefined };
  const parts: StockPart[] = [];
  for (const line of goods) {
    const id = adoptLine(book, line, of, now) ?? insertLine(book, line, of, now);
    if (id === 'stands' || line.sku === undefined) continue;
    const part = issueLine(
      book,
      { id, sku: line.sku, qtyE5: line.qtyE5, mode: line.mode, orderId: of.orderId },
      date,
      now,
    );
    if (part !== undefined) parts.push(part);
  }
  postStockEvent(
    book,
    {
      rule: 'cost-of-sale',
      date,
      text: `结转成本 ${goods[0]?.declarationNo ?? document.businessKey}`,
      sourceKind: 'export-list',
      sourceId: documentId,
      orderId: of.orderId,
      parts,
    },
    now,
  );
  if (of.orderId !== undefined) returnCancelled(book, of.orderId, date, now);
  return 'recorded';
}

/**
 * A declaration list may have brought a line before its receipt came: it is the released list's from now on, and its moves
 * the order's. Where it says otherwise it is taken back to be issued anew as the list has it, on customs' own day; what is
 * claimed or matched stays as it was declared. @returns `stands`, the line to issue anew, undefined where there is none
 */
export function adoptLine(
  book: Book,
  goods: ExportGoods,
  of: { readonly documentId: number; readonly orderId?: number | undefined; readonly shipmentId?: number | undefined },
  now: string,
): number | 'stands' | undefined {
  const known = book
    .prepare(`${lineSelect} WHERE e.declaration_no = ? AND e.line_no = ? AND e.document_id IS NULL`)
    .get(goods.declarationNo, goods.lineNo) as StoredLine | undefined;
  if (known === undefined) return undefined;
  const asDeclared = { ...goods, exportDate: known.exportDate };
  const isNew = differs(known, asDeclared) && !isInUse(known);
  if (isNew) changeLine(book, known, asDeclared, '', now);
  book
    .prepare('UPDATE export_line SET document_id = ?, order_id = ?, shipment_id = ? WHERE id = ?')
    .run(of.documentId, of.orderId ?? null, of.shipmentId ?? null, known.id);
  book.prepare('UPDATE stock_move SET order_id = ? WHERE export_line_id = ?').run(of.orderId ?? null, known.id);
  return isNew ? known.id : 'stands';
}

/** The export lines of a document, as number and line, and whether something is done with each that has to be undone first. */
export function linesReleasedBy(
  book: Book,
  documentId: number,
): { readonly label: string; readonly isInUse: boolean }[] {
  const lines = book.prepare(`${lineSelect} WHERE e.document_id = ? ORDER BY e.id`).all(documentId) as StoredLine[];
  return lines.map((line) => ({ label: `${line.declarationNo}-${line.lineNo}`, isInUse: isInUse(line) }));
}

/**
 * Takes a released list or declaration back (撤销, 删单, or corrected by another): its moves and costs by reversal, its lines away. What
 * a cancellation had brought back of its orders is reversed with them and, where other documents of an order stand, brought back again
 * for those, so that no goods stand both at home and in 退货仓.
 * Refusal: `EXPORT_LINE_IN_USE` where a line is claimed, matched, back or certified. @returns how many lines it had
 */
export function withdrawReleased(
  book: Book,
  withdrawal: { readonly documentId: number; readonly date: string; readonly now: string },
): number {
  const { documentId, date, now } = withdrawal;
  const lines = book.prepare(`${lineSelect} WHERE e.document_id = ? ORDER BY e.id`).all(documentId) as StoredLine[];
  for (const line of lines) refuseInUse(line, '');
  const reason = withdrawalReason(book, documentId);
  const orders = book
    .prepare(
      'SELECT DISTINCT order_id AS id FROM export_share WHERE document_id = ? AND order_id IS NOT NULL ORDER BY 1',
    )
    .all(documentId) as { id: number }[];
  for (const { id } of lines) {
    takeBackExport(book, id, date, reason, now);
    book.prepare('UPDATE stock_move SET export_line_id = NULL WHERE export_line_id = ?').run(id);
    book.prepare('DELETE FROM export_goods WHERE export_line_id = ?').run(id);
    book.prepare('DELETE FROM export_line WHERE id = ?').run(id);
  }
  repostStockEvent(book, { kind: 'export-list', id: documentId }, undefined, now, reason);
  for (const { id: orderId } of orders) {
    takeBackReturned(book, orderId, date, reason, now);
    returnCancelled(book, orderId, date, now);
  }
  return lines.length;
}

/** Why what a document did is taken back, as vouchers say it. */
export function withdrawalReason(book: Book, documentId: number): string {
  const { kind } = book.prepare('SELECT kind FROM document WHERE id = ?').get(documentId) as { kind: string };
  return kind === 'DecMessage' ? '报关单撤销' : '清单撤销';
}

/**
 * Brings goods of a released order that was cancelled into 退货仓, at what they were issued for: as much as was exported
 * beyond what the order still wants, and is not back yet. Idempotent. Call it after cancellations and after a release.
 * @returns how many moves
 */
export function returnCancelled(book: Book, orderId: number, date: string, now: string): number {
  const rows = book
    .prepare(
      `SELECT e.sku, sum(e.qty_e5) AS exported,
         (SELECT coalesce(sum(l.qty_e5 - l.cancelled_qty_e5), 0) FROM order_line l WHERE l.order_id = ? AND l.sku = e.sku) AS wanted,
         (SELECT coalesce(sum(m.qty_e5), 0) FROM stock_move m WHERE m.order_id = ? AND m.sku = e.sku AND m.kind = 'returned') AS back,
         (SELECT coalesce(-sum(m.qty_e5), 0) FROM stock_move m WHERE m.order_id = ? AND m.sku = e.sku AND m.kind = 'sold') AS sold,
         (SELECT coalesce(-sum(m.cost_fen), 0) FROM stock_move m WHERE m.order_id = ? AND m.sku = e.sku AND m.kind = 'sold') AS soldFen,
         (SELECT coalesce(sum(m.cost_fen), 0) FROM stock_move m WHERE m.order_id = ? AND m.sku = e.sku AND m.kind = 'returned') AS backFen
       FROM export_share e WHERE e.order_id = ? AND e.sku IS NOT NULL AND e.mode <> '9810' GROUP BY e.sku`,
    )
    .all(orderId, orderId, orderId, orderId, orderId, orderId) as {
    sku: string;
    exported: number;
    wanted: number;
    back: number;
    sold: number;
    soldFen: number;
    backFen: number;
  }[];
  let moves = 0;
  for (const { sku, exported, wanted, back, sold, soldFen, backFen } of rows) {
    const qtyE5 = Math.min(exported - wanted, sold) - back;
    if (qtyE5 <= 0) continue;
    const costFen = costShare(soldFen - backFen, qtyE5, sold - back);
    const moveId = insertMove(
      book,
      { date, sku, placeId: places.returned, kind: 'returned', qtyE5, costFen, orderId, text: '订单取消' },
      now,
    );
    postStockEvent(
      book,
      {
        rule: 'goods-returned',
        date,
        text: `退货入库 ${sku}`,
        sourceKind: 'stock-move',
        sourceId: moveId,
        orderId,
        parts: [{ sku, qtyE5, costFen }],
      },
      now,
    );
    moves += 1;
  }
  return moves;
}

/** As {@link returnCancelled} for every released order that the cancellations of an import took something from. */
export function returnCancelledOfRun(book: Book, runId: number, date: string, now: string): number {
  const orders = book
    .prepare(
      `SELECT DISTINCT l.order_id AS id FROM cancellation c JOIN cancellation_line k ON k.cancellation_id = c.id
         JOIN order_line l ON l.id = k.order_line_id JOIN export_share e ON e.order_id = l.order_id
       WHERE c.import_run_id = ?`,
    )
    .all(runId) as { id: number }[];
  return orders.reduce((moves, { id }) => moves + returnCancelled(book, id, date, now), 0);
}

// Lines of declarations made elsewhere --------------------------------------------------------------------------------------

function isInUse(line: StoredLine): boolean {
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

function refuseInUse(line: StoredLine, path: string): void {
  if (!isInUse(line)) return;
  throw new PortbookError('EXPORT_LINE_IN_USE', { declarationNo: line.declarationNo, line: line.lineNo }, path);
}

/** Contract text as the book keeps it. Refusals: `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`. */
function goodsOfInput(input: ExportLineInput, path: string): ExportGoods {
  const { qty, fob, sku, country, ...rest } = input;
  if (!isCurrency(input.currency))
    throw new PortbookError('CURRENCY_UNKNOWN', { currency: input.currency }, `${path}.currency`);
  const digits = exponentOf(input.currency);
  const minor = tryParseScaled(fob, digits);
  if (minor === undefined)
    throw new PortbookError('AMOUNT_DECIMALS', { currency: input.currency, digits }, `${path}.fob`);
  return {
    ...rest,
    sku: sku === undefined || sku.trim() === '' ? undefined : sku.trim(),
    country,
    qtyE5: storedValue(qty),
    fobMinor: Number(minor),
  };
}

function differs(line: StoredLine, goods: ExportGoods): boolean {
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

/** What stands against writing a line over what the book has of its number; undefined: nothing. For imports. */
export function knownExportLine(
  book: Book,
  input: ExportLineInput,
): 'new' | 'same' | 'differs' | 'of-document' | 'in-use' {
  const line = book
    .prepare(`${lineSelect} WHERE e.declaration_no = ? AND e.line_no = ?`)
    .get(input.declarationNo, input.lineNo) as StoredLine | undefined;
  if (line === undefined) return 'new';
  if (!differs(line, goodsOfInput(input, ''))) return 'same';
  if (line.documentId !== null) return 'of-document';
  return isInUse(line) ? 'in-use' : 'differs';
}

export interface SavedLines {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly ids: number[];
}

/** Enters or changes lines of declarations made elsewhere; see the contract. Call it in one transaction. */
export function saveExportLines(
  book: Book,
  inputs: readonly ExportLineInput[],
  now: string,
  importRunId?: number,
): SavedLines {
  const ids: number[] = [];
  let added = 0;
  let changed = 0;
  for (const [index, input] of inputs.entries()) {
    const path = `lines.${index}`;
    const goods = goodsOfInput(input, path);
    if (goods.sku !== undefined && book.prepare('SELECT 1 FROM product WHERE sku = ?').get(goods.sku) === undefined)
      throw new PortbookError('PRODUCT_UNKNOWN', { sku: goods.sku }, `${path}.sku`);
    const line = book
      .prepare(`${lineSelect} WHERE e.declaration_no = ? AND e.line_no = ?`)
      .get(goods.declarationNo, goods.lineNo) as StoredLine | undefined;
    if (line !== undefined && !differs(line, goods)) {
      ids.push(line.id);
      continue;
    }
    let id: number;
    if (line === undefined) {
      id = insertLine(book, goods, { importRunId }, now);
      added += 1;
    } else {
      id = changeLine(book, line, goods, path, now);
      changed += 1;
    }
    ids.push(id);
    issueAtOnce(book, id, goods, now);
  }
  return { added, changed, unchanged: inputs.length - added - changed, ids };
}

function changeLine(book: Book, line: StoredLine, goods: ExportGoods, path: string, now: string): number {
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

function issueAtOnce(book: Book, id: number, goods: ExportGoods, now: string): void {
  const { sku, qtyE5, mode, exportDate, declarationNo } = goods;
  if (sku === undefined) return;
  const part = issueLine(book, { id, sku, qtyE5, mode, orderId: undefined }, exportDate, now);
  if (part === undefined) return;
  const { moveId } = book.prepare('SELECT max(id) AS moveId FROM stock_move WHERE export_line_id = ?').get(id) as {
    moveId: number;
  };
  postStockEvent(
    book,
    {
      rule: 'cost-of-sale',
      date: exportDate,
      text: `结转成本 ${declarationNo}`,
      sourceKind: 'stock-move',
      sourceId: moveId,
      parts: [part],
    },
    now,
  );
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

// Coverage (覆盖) -----------------------------------------------------------------------------------------------------------

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
