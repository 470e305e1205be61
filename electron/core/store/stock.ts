import type { z } from 'zod';
import { type moveView, type placeView, stockChoices, type stockRow } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText } from '../../../shared/money/stored.ts';
import {
  averageE5,
  costShare,
  fenText,
  type Holding,
  issued,
  nothing,
  receivedCost,
} from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import {
  type CostedInvoice,
  type CostedLine,
  costedInvoice,
  costedLine,
  invoicesSharingCosts,
} from './invoice-costs.ts';
import { requireProduct } from './products.ts';
import { postStockEvent, repostStockEvent } from './stock-posting.ts';

export type Place = z.infer<typeof placeView>;
export type StockRow = z.infer<typeof stockRow>;
export type MoveRow = z.infer<typeof moveView>;
export type StockChoice = (typeof stockChoices)[number];

/** Places every book has: 本地仓, 在途, 退货仓, 保税仓. */
export const places = { home: 1, transit: 2, returned: 3, bonded: 4 } as const;

// Places ----------------------------------------------------------------------------------------------------------------

interface PlaceRow {
  id: number;
  kind: Place['kind'];
  name: string;
  country: string | null;
  detail: string;
  active: number;
}

const placeColumns = 'id, kind, name, country, detail, active';

function placeOf({ id, kind, name, country, detail, active }: PlaceRow): Place {
  const { owner = '', contract = '', filingNo = '' } = JSON.parse(detail) as Partial<Place>;
  return { id, kind, name, country, owner, contract, filingNo, active: active === 1 };
}

export function listPlaces(book: Book): Place[] {
  const rows = book.prepare(`SELECT ${placeColumns} FROM stock_place ORDER BY id`).all() as PlaceRow[];
  return rows.map(placeOf);
}

/** The place of an id. Refusal: `PLACE_UNKNOWN`. */
export function requirePlace(book: Book, id: number): Place {
  const row = book.prepare(`SELECT ${placeColumns} FROM stock_place WHERE id = ?`).get(id) as PlaceRow | undefined;
  if (row === undefined) throw new PortbookError('PLACE_UNKNOWN', { place: id }, 'placeId');
  return placeOf(row);
}

/** The active overseas warehouse of a name, as reports of warehouses name it. */
export function overseasPlace(book: Book, name: string): Place | undefined {
  const row = book
    .prepare(`SELECT ${placeColumns} FROM stock_place WHERE kind = 'overseas' AND active = 1 AND name = ?`)
    .get(name) as PlaceRow | undefined;
  return row === undefined ? undefined : placeOf(row);
}

/** Adds or changes a place. Refusals: `PLACE_EXISTS`, `PLACE_UNKNOWN`, `PLACE_IN_USE`. @returns its id */
export function savePlace(book: Book, place: Omit<Place, 'id'> & { readonly id?: number | undefined }): number {
  const { id, kind, name, country, owner, contract, filingNo, active } = place;
  const namesake = book.prepare('SELECT id FROM stock_place WHERE name = ?').get(name) as { id: number } | undefined;
  if (namesake !== undefined && namesake.id !== id) throw new PortbookError('PLACE_EXISTS', { name }, 'name');
  const values = [kind, name, country, JSON.stringify({ owner, contract, filingNo }), active ? 1 : 0];
  if (id === undefined) {
    const { lastInsertRowid } = book
      .prepare('INSERT INTO stock_place (kind, name, country, detail, active) VALUES (?, ?, ?, ?, ?)')
      .run(...values);
    return Number(lastInsertRowid);
  }
  const before = requirePlace(book, id);
  const isOwn = Object.values(places).some((own) => own === id);
  const hasMoves = book.prepare('SELECT 1 FROM stock_move WHERE place_id = ? LIMIT 1').get(id) !== undefined;
  const hasStock = book.prepare('SELECT 1 FROM stock WHERE place_id = ? AND qty_e5 > 0 LIMIT 1').get(id) !== undefined;
  if ((before.kind !== kind && (isOwn || hasMoves)) || (!active && (isOwn || hasStock)))
    throw new PortbookError('PLACE_IN_USE', { name: before.name }, active ? 'kind' : 'active');
  book
    .prepare('UPDATE stock_place SET kind = ?, name = ?, country = ?, detail = ?, active = ? WHERE id = ?')
    .run(...values, id);
  return id;
}

// Whether stock is kept -------------------------------------------------------------------------------------------------

const choiceKey = 'stock.keeping';

/** What the firm has said of keeping stock. */
export function stockChoice(book: Book): StockChoice {
  const said = book.setting(choiceKey);
  return stockChoices.find((choice) => choice === said) ?? 'auto';
}

/** Whether stock is kept now; the rule is that of `stock.settings` in the contract. */
export function keepsStock(book: Book): boolean {
  const choice = stockChoice(book);
  if (choice !== 'auto') return choice === 'yes';
  const { has } = book
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM stock_move) OR EXISTS (SELECT 1 FROM input_invoice_line l JOIN input_invoice i ON i.id = l.invoice_id
         WHERE l.sku IS NOT NULL AND i.state = 'entered') AS has`,
    )
    .get() as { has: number };
  return has === 1;
}

/** Says whether stock is kept; with `no` what is short now is given up. */
export function saveStockChoice(book: Book, choice: StockChoice): void {
  book.setSetting(choiceKey, choice === 'auto' ? undefined : choice);
  if (choice === 'no') book.prepare('DELETE FROM stock_short').run();
}

// Moves -----------------------------------------------------------------------------------------------------------------

interface MoveDraft {
  readonly date: string;
  readonly sku: string;
  readonly placeId: number;
  readonly kind: MoveRow['kind'];
  readonly qtyE5: number;
  readonly costFen: number;
  readonly invoiceLineId?: number | undefined;
  readonly exportLineId?: number | undefined;
  readonly orderId?: number | undefined;
  readonly pairId?: number | undefined;
  readonly reverses?: number | undefined;
  readonly text?: string | undefined;
}

/** Writes a move; a trigger moves the stock with it. */
export function insertMove(book: Book, move: MoveDraft, now: string): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO stock_move (date, sku, place_id, kind, qty_e5, cost_fen, invoice_line_id, export_line_id, order_id, pair_id, reverses, text, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      move.date,
      move.sku,
      move.placeId,
      move.kind,
      move.qtyE5,
      move.costFen,
      move.invoiceLineId ?? null,
      move.exportLineId ?? null,
      move.orderId ?? null,
      move.pairId ?? null,
      move.reverses ?? null,
      move.text ?? '',
      now,
    );
  return Number(lastInsertRowid);
}

/** What is there of an article at a place. */
export function holdingOf(book: Book, sku: string, placeId: number): Holding {
  const row = book
    .prepare('SELECT qty_e5 AS qtyE5, cost_fen AS costFen FROM stock WHERE sku = ? AND place_id = ?')
    .get(sku, placeId) as Holding | undefined;
  return row ?? nothing;
}

/** The cost of goods that leave a place, at its average. Refusal: `STOCK_SHORT` {sku, place, have, want}. */
export function costOfIssue(book: Book, sku: string, placeId: number, qtyE5: number): number {
  const holding = holdingOf(book, sku, placeId);
  if (qtyE5 > holding.qtyE5) {
    throw new PortbookError(
      'STOCK_SHORT',
      { sku, place: requirePlace(book, placeId).name, have: storedText(holding.qtyE5), want: storedText(qtyE5) },
      'qty',
    );
  }
  return issued(holding, qtyE5).costFen;
}

/**
 * The cost that goods take with them which leave for what they came in at: that, where the rest can bear it, else the
 * average. Refusal: `STOCK_SHORT`.
 */
function costOfReturn(book: Book, sku: string, placeId: number, qtyE5: number, wantedFen: number): number {
  const average = costOfIssue(book, sku, placeId, qtyE5);
  const holding = holdingOf(book, sku, placeId);
  const isExact = qtyE5 < holding.qtyE5 && wantedFen >= 0 && wantedFen <= holding.costFen;
  return isExact ? wantedFen : average;
}

interface TransferDraft {
  readonly date: string;
  readonly sku: string;
  readonly fromId: number;
  readonly toId: number;
  readonly qtyE5: number;
  readonly exportLineId?: number | undefined;
  readonly orderId?: number | undefined;
  readonly text?: string | undefined;
}

/** Moves goods with their cost; nothing is posted, they stay 库存商品. Refusals: `STOCK_SHORT`, `PLACE_SAME`. */
export function transfer(
  book: Book,
  draft: TransferDraft,
  now: string,
): { moveIds: [number, number]; costFen: number } {
  const { fromId, toId, ...rest } = draft;
  if (fromId === toId) throw new PortbookError('PLACE_SAME', {}, 'toId');
  const costFen = costOfIssue(book, draft.sku, fromId, draft.qtyE5);
  const out = insertMove(
    book,
    { ...rest, placeId: fromId, kind: 'transfer-out', qtyE5: -draft.qtyE5, costFen: -costFen },
    now,
  );
  const into = insertMove(book, { ...rest, placeId: toId, kind: 'transfer-in', costFen, pairId: out }, now);
  book.prepare('UPDATE stock_move SET pair_id = ? WHERE id = ?').run(into, out);
  return { moveIds: [out, into], costFen };
}

/** How much of a line is still to be received, or on a red invoice to go back: 10^-5 of a unit, never negative. */
function openQty({ qtyE5, receivedE5 }: CostedLine): number {
  return Math.abs(qtyE5) - Math.abs(receivedE5);
}

/**
 * Takes a quantity of an invoice line into stock's account, with the sign of the line. Refusals: `INVOICE_STATE`,
 * `INVOICE_LINE_NO_SKU`, `RECEIPT_OVER_INVOICE`. @returns its part of the line's cost, signed like the quantity
 */
function receiveOfLine(
  book: Book,
  invoice: CostedInvoice,
  line: CostedLine,
  qtyE5: number,
): { readonly sku: string; readonly qtyE5: number; readonly costFen: number } {
  const { number } = invoice;
  if (invoice.state === 'void') throw new PortbookError('INVOICE_STATE', { number }, 'invoiceLineId');
  if (line.sku === undefined) throw new PortbookError('INVOICE_LINE_NO_SKU', { number }, 'invoiceLineId');
  const left = openQty(line);
  if (qtyE5 > left) {
    throw new PortbookError(
      'RECEIPT_OVER_INVOICE',
      { number, left: storedText(Math.max(left, 0)), want: storedText(qtyE5) },
      'qty',
    );
  }
  const signedE5 = Math.sign(line.qtyE5) * qtyE5;
  const after = { ...line, receivedE5: line.receivedE5 + signedE5 };
  book.prepare('UPDATE input_invoice_line SET received_qty_e5 = ? WHERE id = ?').run(after.receivedE5, line.id);
  return { sku: line.sku, qtyE5: signedE5, costFen: receivedCost(after) - receivedCost(line) };
}

export interface ReceiptDraft {
  readonly date: string;
  readonly placeId: number;
  readonly qtyE5: number;
  readonly invoiceLineId?: number | undefined;
  /** Only without an invoice line: the article, and its estimated cost in fen (暂估). */
  readonly sku?: string | undefined;
  readonly costFen?: number | undefined;
  readonly text: string;
}

/**
 * Goods received; of a red invoice's line (红字), goods that go back to the supplier. Refusals: see the contract.
 * @returns the move and its cost by the invoice
 */
export function receiveGoods(
  book: Book,
  draft: ReceiptDraft,
  now: string,
): { moveId: number; sku: string; costFen: number } {
  requireReceiving(book, draft.placeId);
  if (draft.invoiceLineId !== undefined) {
    const { invoice, line } = costedLine(book, draft.invoiceLineId);
    return receiveLine(book, { ...draft, invoice, line }, now);
  }
  if (draft.sku === undefined) throw new PortbookError('RECEIPT_INCOMPLETE', {}, 'sku');
  if (draft.costFen === undefined || draft.costFen < 0) throw new PortbookError('RECEIPT_INCOMPLETE', {}, 'cost');
  const { sku } = requireProduct(book, draft.sku);
  const moveId = receiptMove(book, { ...draft, sku, costFen: draft.costFen }, now);
  return { moveId, sku, costFen: draft.costFen };
}

/**
 * All that is left of an invoice, or on a red one still to go back, every line or none; lines without an article are
 * counted. Refusals: see the contract.
 */
export function receiveInvoice(
  book: Book,
  draft: { readonly invoiceId: number; readonly date: string; readonly placeId: number },
  now: string,
): { receipts: { moveId: number; sku: string; costFen: number }[]; withoutSku: number } {
  requireReceiving(book, draft.placeId);
  const invoice = costedInvoice(book, draft.invoiceId);
  const { number, state } = invoice;
  if (state === 'void') throw new PortbookError('INVOICE_STATE', { number }, 'invoiceId');
  const open = invoice.lines.filter((line) => openQty(line) > 0);
  const lines = open.filter(({ sku }) => sku !== undefined);
  if (lines.length === 0) throw new PortbookError('INVOICE_NOTHING_TO_RECEIVE', { number }, 'invoiceId');
  const { date, placeId } = draft;
  return {
    receipts: lines.map((line) =>
      receiveLine(book, { date, placeId, invoice, line, qtyE5: openQty(line), text: '' }, now),
    ),
    withoutSku: open.length - lines.length,
  };
}

function requireReceiving(book: Book, placeId: number): void {
  if (stockChoice(book) === 'no') throw new PortbookError('STOCK_NOT_KEPT', {});
  requirePlace(book, placeId);
}

interface LineReceipt {
  readonly date: string;
  readonly placeId: number;
  readonly invoice: CostedInvoice;
  readonly line: CostedLine;
  readonly qtyE5: number;
  readonly text: string;
}

function receiveLine(book: Book, receipt: LineReceipt, now: string): { moveId: number; sku: string; costFen: number } {
  const { date, placeId, invoice, line, text } = receipt;
  const { sku, qtyE5, costFen } = receiveOfLine(book, invoice, line, receipt.qtyE5);
  const head = { date, placeId, sku, qtyE5, invoiceLineId: line.id };
  if (qtyE5 > 0) return { moveId: receiptMove(book, { ...head, costFen, text }, now), sku, costFen };
  // What the supplier pays back is the paper's price; what goods that cannot leave at it cost more or less was sold before.
  const leaving = -costOfReturn(book, sku, placeId, -qtyE5, -costFen);
  const moveId = receiptMove(book, { ...head, costFen: leaving, text: text === '' ? '退回供应商' : text }, now);
  const apart = costFen - leaving;
  postCorrection(
    book,
    { date, text: `退货差额 ${sku}`, sourceKind: 'invoice-cost', sourceId: invoice.id },
    { sku, receivedFen: apart, soldFen: apart },
    now,
  );
  return { moveId, sku, costFen };
}

function receiptMove(
  book: Book,
  receipt: {
    readonly date: string;
    readonly placeId: number;
    readonly sku: string;
    readonly qtyE5: number;
    readonly costFen: number;
    readonly invoiceLineId?: number | undefined;
    readonly text: string;
  },
  now: string,
): number {
  const { date, placeId, sku, qtyE5, costFen, invoiceLineId, text } = receipt;
  const moveId = insertMove(book, { date, sku, placeId, kind: 'received', qtyE5, costFen, invoiceLineId, text }, now);
  postStockEvent(
    book,
    {
      rule: 'goods-received',
      date,
      text: `${qtyE5 > 0 ? '商品入库' : '退回供应商'} ${sku}`,
      sourceKind: 'stock-move',
      sourceId: moveId,
      parts: [{ sku, qtyE5, costFen }],
    },
    now,
  );
  return moveId;
}

/** Posts what an article was received and sold too cheap (too dear: negative); the rest of it is in the stock's own cost. */
function postCorrection(
  book: Book,
  head: {
    readonly date: string;
    readonly text: string;
    readonly sourceKind: 'invoice-cost' | 'stock-move';
    readonly sourceId: number;
  },
  correction: { readonly sku: string; readonly receivedFen: number; readonly soldFen: number },
  now: string,
): void {
  const { sku, receivedFen, soldFen } = correction;
  postStockEvent(book, { ...head, rule: 'goods-received', parts: [{ sku, qtyE5: 0, costFen: receivedFen }] }, now);
  postStockEvent(book, { ...head, rule: 'cost-of-sale', parts: [{ sku, qtyE5: 0, costFen: soldFen }] }, now);
}

// Costs that come to light after the receipt --------------------------------------------------------------------------------

interface Revaluation {
  readonly date: string;
  readonly sku: string;
  /** How much was received at the old cost. */
  readonly receivedE5: number;
  readonly differenceFen: number;
  readonly invoiceId: number;
  readonly invoiceLineId: number;
  /** Where it was received; without it, where receipts of the line stand. */
  readonly placeId?: number | undefined;
}

/**
 * Puts a difference of cost right where the goods are: at the place of their receipt first, then wherever the article is;
 * the part of what is gone goes to its cost. A quantity stays as it is: at each place all leaves at the old average and
 * comes back at the new one, as a pair of moves that only stands together.
 */
function revalue(book: Book, change: Revaluation, now: string): void {
  const { date, sku, receivedE5, differenceFen, invoiceId, invoiceLineId, placeId } = change;
  if (differenceFen === 0) return;
  const holdings = book
    .prepare(
      `SELECT s.place_id AS placeId, s.qty_e5 AS qtyE5, s.cost_fen AS costFen FROM stock s WHERE s.sku = ? AND s.qty_e5 > 0
       ORDER BY s.place_id = ? DESC, EXISTS (SELECT 1 FROM stock_move m WHERE m.invoice_line_id = ? AND m.kind = 'received'
         AND m.place_id = s.place_id AND m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id)) DESC, s.place_id`,
    )
    .all(sku, placeId ?? 0, invoiceLineId) as (Holding & { placeId: number })[];
  let reachedE5 = 0;
  let restFen = differenceFen;
  for (const holding of holdings) {
    const upTo = Math.min(reachedE5 + holding.qtyE5, receivedE5);
    const share = costShare(differenceFen, upTo, receivedE5) - costShare(differenceFen, reachedE5, receivedE5);
    reachedE5 = upTo;
    const here = Math.max(share, -holding.costFen);
    if (here === 0) continue;
    restFen -= here;
    const { qtyE5, costFen } = holding;
    const head = {
      date,
      sku,
      placeId: holding.placeId,
      kind: 'adjusted',
      invoiceLineId,
      text: '成本差额',
    } as const;
    const out = insertMove(book, { ...head, qtyE5: -qtyE5, costFen: -costFen }, now);
    const into = insertMove(book, { ...head, qtyE5, costFen: costFen + here, pairId: out }, now);
    book.prepare('UPDATE stock_move SET pair_id = ? WHERE id = ?').run(into, out);
  }
  postCorrection(
    book,
    { date, text: `成本差额 ${sku}`, sourceKind: 'invoice-cost', sourceId: invoiceId },
    { sku, receivedFen: differenceFen, soldFen: restFen },
    now,
  );
}

/**
 * Runs a change of what invoices cost (an amount, a discount, a purpose, import taxes that name them) and lets what was
 * received of their lines follow it, to the fen. Every such change goes through here. Call it in the change's transaction.
 * @param of.numbers of all invoices that the change touches, as they are called before and after it
 */
export function followCosts<T>(
  book: Book,
  of: { readonly numbers: readonly string[]; readonly date: string },
  now: string,
  change: () => T,
): T {
  const invoices = invoicesSharingCosts(book, of.numbers).map((id) => costedInvoice(book, id));
  const result = change();
  for (const before of invoices) {
    const costs = new Map(before.lines.map((line) => [line.id, receivedCost(line)]));
    for (const line of costedInvoice(book, before.id).lines) {
      if (line.receivedE5 === 0 || line.sku === undefined) continue;
      revalue(
        book,
        {
          date: of.date,
          sku: line.sku,
          receivedE5: Math.abs(line.receivedE5),
          differenceFen: receivedCost(line) - (costs.get(line.id) ?? 0),
          invoiceId: before.id,
          invoiceLineId: line.id,
        },
        now,
      );
    }
  }
  return result;
}

interface StoredMove {
  id: number;
  date: string;
  sku: string;
  placeId: number;
  placeKind: Place['kind'];
  kind: MoveRow['kind'];
  qtyE5: number;
  costFen: number;
  invoiceLineId: number | null;
  exportLineId: number | null;
  orderId: number | null;
  pairId: number | null;
  reverses: number | null;
  reversedBy: number | null;
}

function requireMove(book: Book, id: number): StoredMove {
  const row = book
    .prepare(
      `SELECT m.id, m.date, m.sku, m.place_id AS placeId, p.kind AS placeKind, m.kind, m.qty_e5 AS qtyE5, m.cost_fen AS costFen,
         m.invoice_line_id AS invoiceLineId, m.export_line_id AS exportLineId, m.order_id AS orderId, m.pair_id AS pairId, m.reverses,
         (SELECT r.id FROM stock_move r WHERE r.reverses = m.id) AS reversedBy
       FROM stock_move m JOIN stock_place p ON p.id = m.place_id WHERE m.id = ?`,
    )
    .get(id) as StoredMove | undefined;
  if (row === undefined) throw new PortbookError('MOVE_UNKNOWN', { id }, 'moveId');
  return row;
}

/**
 * The invoice of goods that were received at an estimate (暂估).
 * Refusals: `MOVE_UNKNOWN`, `MOVE_NOT_ESTIMATE`, `INVOICE_LINE_NO_SKU`, `RECEIPT_OVER_INVOICE`.
 * @returns invoice less estimate, fen
 */
export function linkInvoice(
  book: Book,
  link: { readonly moveId: number; readonly invoiceLineId: number; readonly date: string },
  now: string,
): number {
  const move = requireMove(book, link.moveId);
  const { invoice, line } = costedLine(book, link.invoiceLineId);
  if (move.kind !== 'received' || move.invoiceLineId !== null || move.reversedBy !== null || move.reverses !== null)
    throw new PortbookError('MOVE_NOT_ESTIMATE', { id: move.id }, 'moveId');
  if ((line.sku !== undefined && line.sku !== move.sku) || invoice.state === 'red')
    throw new PortbookError('MOVE_NOT_ESTIMATE', { id: move.id }, 'invoiceLineId');
  const { costFen } = receiveOfLine(book, invoice, line, move.qtyE5);
  book.prepare('UPDATE stock_move SET invoice_line_id = ? WHERE id = ?').run(line.id, move.id);
  const differenceFen = costFen - move.costFen;
  revalue(
    book,
    {
      date: link.date,
      sku: move.sku,
      receivedE5: move.qtyE5,
      differenceFen,
      invoiceId: invoice.id,
      invoiceLineId: line.id,
      placeId: move.placeId,
    },
    now,
  );
  return differenceFen;
}

/** A count. Refusals: `PLACE_UNKNOWN`, `PRODUCT_UNKNOWN`, `RECEIPT_INCOMPLETE` for a surplus nobody can value. */
export function adjustCount(
  book: Book,
  count: {
    readonly date: string;
    readonly sku: string;
    readonly placeId: number;
    readonly countedE5: number;
    readonly costFen: number | undefined;
    readonly reason: string;
  },
  now: string,
): { moveId: number | undefined; differenceE5: number; costFen: number } {
  const { date, sku, placeId, countedE5, reason } = count;
  requireProduct(book, sku);
  requirePlace(book, placeId);
  const holding = holdingOf(book, sku, placeId);
  const differenceE5 = countedE5 - holding.qtyE5;
  if (differenceE5 === 0) return { moveId: undefined, differenceE5, costFen: 0 };
  let costFen: number;
  if (differenceE5 < 0) costFen = -costOfIssue(book, sku, placeId, -differenceE5);
  else if (count.costFen !== undefined) costFen = count.costFen;
  else if (holding.qtyE5 > 0) costFen = costShare(holding.costFen, differenceE5, holding.qtyE5);
  else throw new PortbookError('RECEIPT_INCOMPLETE', {}, 'cost');
  const moveId = insertMove(
    book,
    { date, sku, placeId, kind: 'adjusted', qtyE5: differenceE5, costFen, text: reason },
    now,
  );
  postStockEvent(
    book,
    {
      rule: 'stock-count',
      date,
      text: `盘点 ${sku} ${reason}`,
      sourceKind: 'stock-move',
      sourceId: moveId,
      parts: [{ sku, qtyE5: differenceE5, costFen }],
    },
    now,
  );
  return { moveId, differenceE5, costFen };
}

/** Undoes one move's effect on the stock: what came in leaves for `wantedFen` where that can be, what left comes back as it left. */
function undo(
  book: Book,
  move: StoredMove,
  wantedFen: number,
  date: string,
  text: string,
  now: string,
): { id: number; costFen: number } {
  const { sku, placeId, kind, qtyE5, invoiceLineId, exportLineId, orderId } = move;
  const costFen = qtyE5 > 0 ? -costOfReturn(book, sku, placeId, qtyE5, wantedFen) : -move.costFen;
  const id = insertMove(
    book,
    {
      date,
      sku,
      placeId,
      kind,
      qtyE5: -qtyE5,
      costFen,
      invoiceLineId: invoiceLineId ?? undefined,
      exportLineId: exportLineId ?? undefined,
      orderId: orderId ?? undefined,
      reverses: move.id,
      text,
    },
    now,
  );
  return { id, costFen };
}

/**
 * Takes a move back by its opposite: a transfer with its other half, a sale abroad with its declaration line's count.
 * Refusals: `MOVE_UNKNOWN`, `MOVE_REVERSED`, `MOVE_OF_EXPORT`, `MOVE_OF_INVOICE` for one half of a correction of cost,
 * `STOCK_SHORT`.
 */
export function reverseMove(
  book: Book,
  input: { readonly moveId: number; readonly date: string; readonly reason: string },
  now: string,
): number[] {
  const move = requireMove(book, input.moveId);
  if (move.reversedBy !== null || move.reverses !== null)
    throw new PortbookError('MOVE_REVERSED', { id: move.id }, 'moveId');
  if (move.kind === 'adjusted' && move.pairId !== null)
    throw new PortbookError('MOVE_OF_INVOICE', { id: move.id }, 'moveId');
  const isAbroad = move.placeKind === 'overseas';
  const isOfExport = (move.exportLineId !== null || move.orderId !== null) && !(isAbroad && move.kind === 'sold');
  if (isOfExport) throw new PortbookError('MOVE_OF_EXPORT', { id: move.id }, 'moveId');
  return takeBackMove(book, move, input.date, input.reason, now);
}

/** Takes a move of a return back, with its other half where it is a transfer. Refusals: `MOVE_UNKNOWN`, `STOCK_SHORT`. */
export function takeBackById(book: Book, moveId: number, date: string, reason: string, now: string): void {
  takeBackMove(book, requireMove(book, moveId), date, reason, now);
}

function takeBackMove(book: Book, move: StoredMove, date: string, reason: string, now: string): number[] {
  if (move.pairId !== null && (move.kind === 'transfer-in' || move.kind === 'transfer-out')) {
    const other = requireMove(book, move.pairId);
    const [out, into] = move.kind === 'transfer-out' ? [move, other] : [other, move];
    const left = undo(book, into, into.costFen, date, reason, now);
    // The goods go back with what they cost where they were.
    const back = undo(book, { ...out, costFen: left.costFen }, 0, date, reason, now);
    book.prepare('UPDATE stock_move SET pair_id = ? WHERE id = ?').run(back.id, left.id);
    book.prepare('UPDATE stock_move SET pair_id = ? WHERE id = ?').run(left.id, back.id);
    return [left.id, back.id];
  }
  const boughtFen = move.kind === 'received' ? takeOffLine(book, move) : move.costFen;
  const { id, costFen } = undo(book, move, boughtFen, date, reason, now);
  if (move.kind === 'sold' && move.exportLineId !== null && move.placeKind === 'overseas') {
    book
      .prepare('UPDATE export_line SET sold_qty_e5 = sold_qty_e5 + ? WHERE id = ?')
      .run(move.qtyE5, move.exportLineId);
  }
  repostStockEvent(book, { kind: 'stock-move', id: move.id }, undefined, now, reason);
  // A receipt's voucher says what it was entered at; its line may cost something else since. And where goods could not leave
  // at their own cost, what they left too much or too little belongs to what was sold.
  postCorrection(
    book,
    { date, text: `冲回差额 ${move.sku}`, sourceKind: 'stock-move', sourceId: id },
    { sku: move.sku, receivedFen: move.costFen - boughtFen, soldFen: -costFen - boughtFen },
    now,
  );
  return [id];
}

/** Takes a receipt off its invoice line. @returns its part of what the line costs now; without a line its own cost */
function takeOffLine(book: Book, move: StoredMove): number {
  if (move.invoiceLineId === null) return move.costFen;
  const { line } = costedLine(book, move.invoiceLineId);
  const after = { ...line, receivedE5: line.receivedE5 - move.qtyE5 };
  book.prepare('UPDATE input_invoice_line SET received_qty_e5 = ? WHERE id = ?').run(after.receivedE5, line.id);
  return receivedCost(line) - receivedCost(after);
}

/**
 * Takes back what an order's cancellation brought into 退货仓. Goods that were moved on from there are taken off at home: call
 * it when the withdrawn list's own goods are back there, so that none stands in the book twice.
 */
export function takeBackReturned(book: Book, orderId: number, date: string, reason: string, now: string): void {
  const moves = book
    .prepare(
      `SELECT m.id FROM stock_move m WHERE m.order_id = ? AND m.kind = 'returned' AND m.reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id) ORDER BY m.id DESC`,
    )
    .all(orderId) as { id: number }[];
  for (const { id } of moves) {
    const move = requireMove(book, id);
    const isThere = holdingOf(book, move.sku, move.placeId).qtyE5 >= move.qtyE5;
    takeBackMove(book, isThere ? move : { ...move, placeId: places.home }, date, reason, now);
  }
}

/** Takes back every move of an export line that still stands: its declaration was changed or withdrawn. */
export function takeBackExport(book: Book, exportLineId: number, date: string, reason: string, now: string): void {
  const moves = book
    .prepare(
      `SELECT m.id FROM stock_move m WHERE m.export_line_id = ? AND m.reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id) ORDER BY m.id DESC`,
    )
    .all(exportLineId) as { id: number }[];
  for (const { id } of moves) {
    const move = requireMove(book, id);
    if (move.reversedBy === null) takeBackMove(book, move, date, reason, now);
  }
  book.prepare('DELETE FROM stock_short WHERE export_line_id = ?').run(exportLineId);
}

// Reading ---------------------------------------------------------------------------------------------------------------

const like = (text: string): string => `%${text.trim().replaceAll(/[\\%_]/g, '\\$&')}%`;

/** Stock by article and place, with the cost of all that fits. */
export function listStock(
  book: Book,
  filter: {
    placeId?: number | undefined;
    text?: string | undefined;
    empty: boolean;
    after?: string | undefined;
    limit: number;
  },
): { rows: StockRow[]; total: number; cost: string; shorts: number; nextCursor?: string } {
  const [sku, placeId] = decodeCursor(filter.after, ['', 0]);
  const bind = { place: filter.placeId ?? 0, text: like(filter.text ?? ''), empty: filter.empty ? 1 : 0 };
  const where = `(:place = 0 OR s.place_id = :place) AND (:empty = 1 OR s.qty_e5 > 0)
    AND (:text = '%%' OR s.sku LIKE :text ESCAPE '\\' OR p.name_cn LIKE :text ESCAPE '\\' OR p.name_source LIKE :text ESCAPE '\\')`;
  const from = 'FROM stock s JOIN product p ON p.sku = s.sku JOIN stock_place w ON w.id = s.place_id';
  const rows = book
    .prepare(
      `SELECT s.sku, coalesce(p.name_cn, p.name_source) AS name, w.id, w.kind, w.name AS place, s.qty_e5 AS qtyE5, s.cost_fen AS costFen
       ${from} WHERE ${where} AND (s.sku, s.place_id) > (:sku, :after) ORDER BY s.sku, s.place_id LIMIT :limit`,
    )
    .all({ ...bind, sku, after: placeId, limit: filter.limit }) as (Holding & {
    sku: string;
    name: string;
    id: number;
    kind: Place['kind'];
    place: string;
  })[];
  const { n, fen } = book
    .prepare(`SELECT count(*) AS n, coalesce(sum(s.cost_fen), 0) AS fen ${from} WHERE ${where}`)
    .get(bind) as {
    n: number;
    fen: number;
  };
  const { shorts } = keepsStock(book)
    ? (book.prepare('SELECT count(*) AS shorts FROM stock_short').get() as { shorts: number })
    : { shorts: 0 };
  const last = rows.at(-1);
  return {
    rows: rows.map(({ sku: article, name, id, kind, place, qtyE5, costFen }) => ({
      sku: article,
      name,
      place: { id, kind, name: place },
      qty: storedText(qtyE5),
      cost: fenText(costFen),
      average: storedText(averageE5({ qtyE5, costFen }) ?? 0),
    })),
    total: n,
    cost: fenText(fen),
    shorts,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.sku, last.id]) } : {}),
  };
}

/**
 * Moves in the order they were entered, newest first; running sums are those of the article at the place, counted back from
 * what is there: the newest page is what is looked at.
 */
export function listMoves(
  book: Book,
  filter: {
    sku?: string | undefined;
    placeId?: number | undefined;
    open?: 'estimate' | undefined;
    after?: string | undefined;
    limit: number;
  },
): { rows: MoveRow[]; total: number; nextCursor?: string } {
  const [before] = decodeCursor(filter.after, [Number.MAX_SAFE_INTEGER]);
  const bind = { sku: filter.sku ?? '', place: filter.placeId ?? 0 };
  const estimate = `AND m.kind = 'received' AND m.invoice_line_id IS NULL AND m.reverses IS NULL
    AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id)`;
  const where = `(:sku = '' OR m.sku = :sku) AND (:place = 0 OR m.place_id = :place) ${filter.open === undefined ? '' : estimate}`;
  const rows = book
    .prepare(
      `SELECT m.id, m.date, m.sku, m.place_id AS placeId, w.name AS placeName, m.kind, m.qty_e5 AS qtyE5, m.cost_fen AS costFen, m.text, m.reverses,
         s.qty_e5 - (SELECT coalesce(sum(b.qty_e5), 0) FROM stock_move b WHERE b.sku = m.sku AND b.place_id = m.place_id AND b.id > m.id) AS runQty,
         s.cost_fen - (SELECT coalesce(sum(b.cost_fen), 0) FROM stock_move b WHERE b.sku = m.sku AND b.place_id = m.place_id AND b.id > m.id) AS runCost,
         (SELECT r.id FROM stock_move r WHERE r.reverses = m.id) AS reversedBy,
         i.id AS invoiceId, i.number AS invoiceNo, e.id AS exportId, e.declaration_no AS declarationNo, e.line_no AS lineNo,
         o.id AS orderId, o.order_no AS orderNo
       FROM stock_move m JOIN stock_place w ON w.id = m.place_id JOIN stock s ON s.sku = m.sku AND s.place_id = m.place_id
         LEFT JOIN input_invoice_line l ON l.id = m.invoice_line_id LEFT JOIN input_invoice i ON i.id = l.invoice_id
         LEFT JOIN export_line e ON e.id = m.export_line_id LEFT JOIN sales_order o ON o.id = m.order_id
       WHERE ${where} AND m.id < :before ORDER BY m.id DESC LIMIT :limit`,
    )
    .all({ ...bind, before, limit: filter.limit }) as {
    id: number;
    date: string;
    sku: string;
    placeId: number;
    placeName: string;
    kind: MoveRow['kind'];
    qtyE5: number;
    costFen: number;
    text: string;
    reverses: number | null;
    runQty: number;
    runCost: number;
    reversedBy: number | null;
    invoiceId: number | null;
    invoiceNo: string | null;
    exportId: number | null;
    declarationNo: string | null;
    lineNo: number | null;
    orderId: number | null;
    orderNo: string | null;
  }[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM stock_move m WHERE ${where}`).get(bind) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({
      id: row.id,
      date: row.date,
      sku: row.sku,
      place: { id: row.placeId, name: row.placeName },
      kind: row.kind,
      qty: storedText(row.qtyE5),
      cost: fenText(row.costFen),
      runningQty: storedText(row.runQty),
      runningCost: fenText(row.runCost),
      text: row.text,
      ...(row.invoiceId === null ? {} : { invoice: { id: row.invoiceId, number: row.invoiceNo ?? '' } }),
      ...(row.exportId === null
        ? {}
        : { exportLine: { id: row.exportId, declarationNo: row.declarationNo ?? '', lineNo: row.lineNo ?? 0 } }),
      ...(row.orderId === null ? {} : { order: { id: row.orderId, no: row.orderNo ?? '' } }),
      ...(row.reverses === null ? {} : { reverses: row.reverses }),
      ...(row.reversedBy === null ? {} : { reversedBy: row.reversedBy }),
    })),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Goods that left before their receipt was entered, oldest first; none while no stock is kept. */
export function listShorts(book: Book, page: { after?: string | undefined; limit: number }) {
  if (!keepsStock(book)) return { rows: [], total: 0 };
  const [date, id] = decodeCursor(page.after, ['', 0]);
  const rows = book
    .prepare(
      `SELECT e.id, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate, s.sku, e.name, s.qty_e5 AS qtyE5, s.id AS shortId
       FROM stock_short s JOIN export_line e ON e.id = s.export_line_id WHERE (e.export_date, s.id) > (?, ?)
       ORDER BY e.export_date, s.id LIMIT ?`,
    )
    .all(date, id, page.limit) as {
    id: number;
    declarationNo: string;
    lineNo: number;
    exportDate: string;
    sku: string;
    name: string;
    qtyE5: number;
    shortId: number;
  }[];
  const { n } = book.prepare('SELECT count(*) AS n FROM stock_short').get() as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(({ id: exportLineId, qtyE5, shortId: _, ...row }) => ({
      exportLineId,
      ...row,
      qty: storedText(qtyE5),
    })),
    total: n,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.exportDate, last.shortId]) }
      : {}),
  };
}
