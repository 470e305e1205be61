import type { z } from 'zod';
import { type moveView, type placeView, stockChoices, type stockRow } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { averageE5, costShare, fenText, type Holding, issued, nothing } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { requireProduct } from './products.ts';
import { postStockEvent, reverseStockEvents } from './stock-posting.ts';

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

interface InvoiceLineRow {
  id: number;
  sku: string | null;
  qty: number;
  amount: number;
  vat: number;
  received: number;
  kind: 'special' | 'ordinary' | 'customs-payment' | 'other-voucher';
  state: string;
  number: string;
}

/** Cost of goods: without VAT where it can be deducted (专票, 海关缴款书), with it elsewhere. Fen. */
export function goodsCost(kind: InvoiceLineRow['kind'], amountFen: number, vatFen: number): number {
  return kind === 'special' || kind === 'customs-payment' ? amountFen : amountFen + vatFen;
}

function requireInvoiceLine(book: Book, id: number): InvoiceLineRow & { readonly costFen: number } {
  const row = book
    .prepare(
      `SELECT l.id, l.sku, l.qty_e5 AS qty, l.amount_fen AS amount, l.vat_fen AS vat, l.received_qty_e5 AS received, i.kind, i.state, i.number
       FROM input_invoice_line l JOIN input_invoice i ON i.id = l.invoice_id WHERE l.id = ?`,
    )
    .get(id) as InvoiceLineRow | undefined;
  if (row === undefined) throw new PortbookError('INVOICE_LINE_UNKNOWN', { id }, 'invoiceLineId');
  if (row.state !== 'entered') throw new PortbookError('INVOICE_STATE', { number: row.number }, 'invoiceLineId');
  return { ...row, costFen: goodsCost(row.kind, row.amount, row.vat) };
}

/**
 * Takes a quantity of an invoice line into stock's account: its part of the line's cost, so that the parts of a line come
 * to the line whatever the steps. Refusals: `INVOICE_LINE_NO_SKU`, `RECEIPT_OVER_INVOICE`.
 */
function receiveOfLine(book: Book, lineId: number, qtyE5: number): { sku: string; costFen: number } {
  const line = requireInvoiceLine(book, lineId);
  if (line.sku === null) throw new PortbookError('INVOICE_LINE_NO_SKU', { number: line.number }, 'invoiceLineId');
  const after = line.received + qtyE5;
  if (after > line.qty) {
    throw new PortbookError(
      'RECEIPT_OVER_INVOICE',
      { number: line.number, left: storedText(Math.max(line.qty - line.received, 0)), want: storedText(qtyE5) },
      'qty',
    );
  }
  book.prepare('UPDATE input_invoice_line SET received_qty_e5 = ? WHERE id = ?').run(after, lineId);
  return {
    sku: line.sku,
    costFen: costShare(line.costFen, after, line.qty) - costShare(line.costFen, line.received, line.qty),
  };
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

/** Lines of an invoice with goods still to come, in its order; and how many of them name no article. Refusals: `INVOICE_UNKNOWN`, `INVOICE_STATE`. */
export function linesToReceive(
  book: Book,
  invoiceId: number,
): { lines: { id: number; leftE5: number }[]; withoutSku: number } {
  const invoice = book.prepare('SELECT number, state FROM input_invoice WHERE id = ?').get(invoiceId) as
    | { number: string; state: string }
    | undefined;
  if (invoice === undefined) throw new PortbookError('INVOICE_UNKNOWN', { id: invoiceId }, 'invoiceId');
  if (invoice.state !== 'entered') throw new PortbookError('INVOICE_STATE', { number: invoice.number }, 'invoiceId');
  const open = book
    .prepare(
      `SELECT id, sku, qty_e5 - received_qty_e5 AS leftE5 FROM input_invoice_line
       WHERE invoice_id = ? AND received_qty_e5 < qty_e5 ORDER BY line_no`,
    )
    .all(invoiceId) as { id: number; sku: string | null; leftE5: number }[];
  const lines = open.filter(({ sku }) => sku !== null).map(({ id, leftE5 }) => ({ id, leftE5 }));
  if (lines.length === 0)
    throw new PortbookError('INVOICE_NOTHING_TO_RECEIVE', { number: invoice.number }, 'invoiceId');
  return { lines, withoutSku: open.length - lines.length };
}

/** Goods received. Refusals: see the contract. @returns the move and its cost */
export function receiveGoods(
  book: Book,
  draft: ReceiptDraft,
  now: string,
): { moveId: number; sku: string; costFen: number } {
  if (stockChoice(book) === 'no') throw new PortbookError('STOCK_NOT_KEPT', {});
  requirePlace(book, draft.placeId);
  const { invoiceLineId } = draft;
  let goods: { sku: string; costFen: number };
  if (invoiceLineId !== undefined) goods = receiveOfLine(book, invoiceLineId, draft.qtyE5);
  else {
    if (draft.sku === undefined) throw new PortbookError('RECEIPT_INCOMPLETE', {}, 'sku');
    if (draft.costFen === undefined || draft.costFen < 0) throw new PortbookError('RECEIPT_INCOMPLETE', {}, 'cost');
    goods = { sku: requireProduct(book, draft.sku).sku, costFen: draft.costFen };
  }
  const moveId = insertMove(
    book,
    {
      date: draft.date,
      sku: goods.sku,
      placeId: draft.placeId,
      kind: 'received',
      qtyE5: draft.qtyE5,
      costFen: goods.costFen,
      invoiceLineId,
      text: draft.text,
    },
    now,
  );
  postStockEvent(
    book,
    {
      rule: 'goods-received',
      date: draft.date,
      text: `商品入库 ${goods.sku}`,
      sourceKind: 'stock-move',
      sourceId: moveId,
      parts: [{ sku: goods.sku, qtyE5: draft.qtyE5, costFen: goods.costFen }],
    },
    now,
  );
  return { moveId, ...goods };
}

/**
 * Puts a difference of cost right that came to light after the receipt: what is still at home takes its part, what is
 * sold goes to its cost. A quantity stays as it is: all leaves at the old average and comes back at the new one.
 */
export function revalue(
  book: Book,
  change: {
    readonly date: string;
    readonly sku: string;
    /** How much was received at the old cost. */
    readonly receivedE5: number;
    readonly differenceFen: number;
    readonly invoiceLineId: number;
    readonly moveId: number;
  },
  now: string,
): void {
  const { date, sku, receivedE5, differenceFen, invoiceLineId, moveId } = change;
  if (differenceFen === 0 || receivedE5 <= 0) return;
  const { qtyE5, costFen } = holdingOf(book, sku, places.home);
  const part = Math.min(qtyE5, receivedE5);
  const share = Math.sign(differenceFen) * costShare(Math.abs(differenceFen), part, receivedE5);
  const here = part === 0 ? 0 : Math.max(share, -costFen);
  if (here !== 0) {
    const head = { date, sku, placeId: places.home, kind: 'adjusted', invoiceLineId, text: '暂估差额' } as const;
    const out = insertMove(book, { ...head, qtyE5: -qtyE5, costFen: -costFen, pairId: moveId }, now);
    insertMove(book, { ...head, qtyE5, costFen: costFen + here, pairId: out }, now);
  }
  const event = { date, text: `暂估差额 ${sku}`, sourceKind: 'stock-move', sourceId: moveId } as const;
  postStockEvent(book, { ...event, rule: 'goods-received', parts: [{ sku, qtyE5: 0, costFen: differenceFen }] }, now);
  postStockEvent(
    book,
    { ...event, rule: 'cost-of-sale', parts: [{ sku, qtyE5: 0, costFen: differenceFen - here }] },
    now,
  );
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
  const line = requireInvoiceLine(book, link.invoiceLineId);
  if (move.kind !== 'received' || move.invoiceLineId !== null || move.reversedBy !== null || move.reverses !== null)
    throw new PortbookError('MOVE_NOT_ESTIMATE', { id: move.id }, 'moveId');
  if (line.sku !== null && line.sku !== move.sku)
    throw new PortbookError('MOVE_NOT_ESTIMATE', { id: move.id }, 'invoiceLineId');
  const { costFen } = receiveOfLine(book, link.invoiceLineId, move.qtyE5);
  book.prepare('UPDATE stock_move SET invoice_line_id = ? WHERE id = ?').run(link.invoiceLineId, move.id);
  const differenceFen = costFen - move.costFen;
  revalue(
    book,
    {
      date: link.date,
      sku: move.sku,
      receivedE5: move.qtyE5,
      differenceFen,
      invoiceLineId: link.invoiceLineId,
      moveId: move.id,
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

/** Undoes one move's effect on the stock. What came in leaves at its own cost where that can be, else at the average. */
function undo(book: Book, move: StoredMove, date: string, text: string, now: string): { id: number; costFen: number } {
  const { sku, placeId, kind, qtyE5, invoiceLineId, exportLineId, orderId } = move;
  let costFen = -move.costFen;
  if (qtyE5 > 0) {
    const average = costOfIssue(book, sku, placeId, qtyE5);
    const holding = holdingOf(book, sku, placeId);
    const isExact = qtyE5 < holding.qtyE5 && move.costFen <= holding.costFen;
    if (!isExact) costFen = -average;
  }
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
 * Refusals: `MOVE_UNKNOWN`, `MOVE_REVERSED`, `MOVE_OF_EXPORT`, `STOCK_SHORT`.
 */
export function reverseMove(
  book: Book,
  input: { readonly moveId: number; readonly date: string; readonly reason: string },
  now: string,
): number[] {
  const move = requireMove(book, input.moveId);
  if (move.reversedBy !== null || move.reverses !== null)
    throw new PortbookError('MOVE_REVERSED', { id: move.id }, 'moveId');
  const isAbroad = move.placeKind === 'overseas';
  const isOfExport = (move.exportLineId !== null || move.orderId !== null) && !(isAbroad && move.kind === 'sold');
  if (isOfExport) throw new PortbookError('MOVE_OF_EXPORT', { id: move.id }, 'moveId');
  return takeBackMove(book, move, input.date, input.reason, now);
}

function takeBackMove(book: Book, move: StoredMove, date: string, reason: string, now: string): number[] {
  if (move.pairId !== null && (move.kind === 'transfer-in' || move.kind === 'transfer-out')) {
    const other = requireMove(book, move.pairId);
    const [out, into] = move.kind === 'transfer-out' ? [move, other] : [other, move];
    const left = undo(book, into, date, reason, now);
    // The goods go back with what they cost where they were.
    const back = undo(book, { ...out, costFen: left.costFen }, date, reason, now);
    book.prepare('UPDATE stock_move SET pair_id = ? WHERE id = ?').run(back.id, left.id);
    book.prepare('UPDATE stock_move SET pair_id = ? WHERE id = ?').run(left.id, back.id);
    return [left.id, back.id];
  }
  const { id, costFen } = undo(book, move, date, reason, now);
  if (move.kind === 'received' && move.invoiceLineId !== null) {
    book
      .prepare('UPDATE input_invoice_line SET received_qty_e5 = received_qty_e5 - ? WHERE id = ?')
      .run(move.qtyE5, move.invoiceLineId);
  }
  if (move.kind === 'sold' && move.exportLineId !== null && move.placeKind === 'overseas') {
    book
      .prepare('UPDATE export_line SET sold_qty_e5 = sold_qty_e5 + ? WHERE id = ?')
      .run(move.qtyE5, move.exportLineId);
  }
  reverseStockEvents(book, { kind: 'stock-move', id: move.id }, now, reason);
  // Goods that could not leave at their own cost: what they left too much or too little belongs to what was sold.
  postStockEvent(
    book,
    {
      rule: 'cost-of-sale',
      date,
      text: `冲回差额 ${move.sku}`,
      sourceKind: 'stock-move',
      sourceId: id,
      parts: [{ sku: move.sku, qtyE5: 0, costFen: -costFen - move.costFen }],
    },
    now,
  );
  return [id];
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

/** Moves in the order they were entered, newest first; running sums are those of the article at the place. */
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
         (SELECT sum(b.qty_e5) FROM stock_move b WHERE b.sku = m.sku AND b.place_id = m.place_id AND b.id <= m.id) AS runQty,
         (SELECT sum(b.cost_fen) FROM stock_move b WHERE b.sku = m.sku AND b.place_id = m.place_id AND b.id <= m.id) AS runCost,
         (SELECT r.id FROM stock_move r WHERE r.reverses = m.id) AS reversedBy,
         i.id AS invoiceId, i.number AS invoiceNo, e.id AS exportId, e.declaration_no AS declarationNo, e.line_no AS lineNo,
         o.id AS orderId, o.order_no AS orderNo
       FROM stock_move m JOIN stock_place w ON w.id = m.place_id
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
      `SELECT e.id, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate, s.sku, e.name, s.qty_e5 AS qtyE5
       FROM stock_short s JOIN export_line e ON e.id = s.export_line_id WHERE (e.export_date, e.id) > (?, ?)
       ORDER BY e.export_date, e.id LIMIT ?`,
    )
    .all(date, id, page.limit) as {
    id: number;
    declarationNo: string;
    lineNo: number;
    exportDate: string;
    sku: string;
    name: string;
    qtyE5: number;
  }[];
  const { n } = book.prepare('SELECT count(*) AS n FROM stock_short').get() as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(({ id: exportLineId, qtyE5, ...row }) => ({ exportLineId, ...row, qty: storedText(qtyE5) })),
    total: n,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.exportDate, last.id]) }
      : {}),
  };
}
