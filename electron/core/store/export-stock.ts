import { costShare, issued } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { holdingOf, insertMove, places, stockChoice, transfer } from './stock.ts';
import { postStockEvent, type StockPart } from './stock-posting.ts';

/** Goods that leave stock with an export line, late where they were entered late, and come back when their order is cancelled. */

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
