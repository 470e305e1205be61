/** What goods that came back (出口退换货) do in stock: into 退货仓 at what they left at, as much as stands received. */
import { costShare } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { holdingOf, insertMove, keepsStock, places, takeBackById, transfer } from './stock.ts';
import { postStockEvent } from './stock-posting.ts';

interface Line {
  readonly returnId: number;
  readonly exportLineId: number;
  readonly isUnsold: 0 | 1;
  readonly sku: string;
  readonly orderId: number | null;
  readonly standingE5: number;
}

/** Moves of a return that stand, the newest first. */
function movesOf(book: Book, returnId: number): { id: number; qtyE5: number }[] {
  return book
    .prepare(
      `SELECT m.id, m.qty_e5 AS qtyE5 FROM goods_return_move g JOIN stock_move m ON m.id = g.move_id WHERE g.return_id = ?
         AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id) ORDER BY m.id DESC`,
    )
    .all(returnId) as { id: number; qtyE5: number }[];
}

/** The warehouse abroad that a line's goods went to and that still has so many of them. */
function abroadWith(book: Book, sku: string, exportLineId: number, qtyE5: number): number | undefined {
  const rows = book
    .prepare(
      `SELECT DISTINCT m.place_id AS id FROM stock_move m JOIN stock_place p ON p.id = m.place_id
       WHERE m.export_line_id = ? AND m.kind = 'transfer-in' AND p.kind IN ('overseas', 'transit') ORDER BY p.kind, m.place_id`,
    )
    .all(exportLineId) as { id: number }[];
  return rows.find(({ id }) => holdingOf(book, sku, id).qtyE5 >= qtyE5)?.id;
}

/** Sold goods come back at their share of what they were issued for. @returns the move; undefined where so many were not issued */
function bringSold(book: Book, { exportLineId, sku, orderId }: Line, qtyE5: number, date: string, now: string) {
  const { soldE5, soldFen } = book
    .prepare(
      `SELECT coalesce(-sum(qty_e5), 0) AS soldE5, coalesce(-sum(cost_fen), 0) AS soldFen FROM stock_move
       WHERE export_line_id = ? AND kind IN ('sold', 'returned')`,
    )
    .get(exportLineId) as { soldE5: number; soldFen: number };
  if (soldE5 < qtyE5) return undefined;
  const costFen = costShare(soldFen, qtyE5, soldE5);
  const of = orderId === null ? {} : { orderId };
  const text = '退货收货';
  const move = { date, sku, placeId: places.returned, kind: 'returned', qtyE5, costFen, exportLineId, text } as const;
  const id = insertMove(book, { ...move, ...of }, now);
  postStockEvent(
    book,
    {
      ...{ rule: 'goods-returned', date, text: `退货入库 ${sku}`, sourceKind: 'stock-move', sourceId: id },
      ...of,
      parts: [{ sku, qtyE5, costFen }],
    },
    now,
  );
  return id;
}

/**
 * Brings 退货仓 in step with a return and the parts taken from it, as far as they stand: what was received comes in, from the warehouse abroad
 * where it was not sold, else at its share of what it was sold at; what was voided is taken back, each the way it came. Goods that no stock is kept of move nothing. Refusal:
 * `STOCK_SHORT` where voided goods left since.
 */
export function bringReturnIn(book: Book, id: number, date: string, now: string): void {
  const line = book
    .prepare(
      `WITH RECURSIVE up (id, of_id) AS (SELECT id, of_id FROM goods_return WHERE id = ?
           UNION ALL SELECT g.id, g.of_id FROM goods_return g JOIN up ON g.id = up.of_id),
         tree (id) AS (SELECT id FROM up WHERE of_id IS NULL UNION SELECT g.id FROM goods_return g JOIN tree ON g.of_id = tree.id)
       SELECT r.id AS returnId, e.id AS exportLineId, e.sku, e.order_id AS orderId, r.reason = 'unsold' AS isUnsold,
         (SELECT coalesce(sum(g.qty_e5), 0) FROM goods_return g JOIN tree ON g.id = tree.id WHERE g.state <> 'void') AS standingE5
       FROM goods_return r JOIN export_line e ON e.id = r.export_line_id
       WHERE r.id = (SELECT id FROM up WHERE of_id IS NULL) AND e.sku IS NOT NULL`,
    )
    .get(id) as Line | undefined;
  if (line === undefined || !keepsStock(book)) return;
  const { returnId, exportLineId } = line;
  let bookedE5 = 0;
  const moves = movesOf(book, returnId);
  for (const { qtyE5 } of moves) bookedE5 += qtyE5;
  for (const { id: moveId, qtyE5 } of moves) {
    if (bookedE5 <= line.standingE5) break;
    takeBackById(book, moveId, date, '退货作废', now);
    bookedE5 -= qtyE5;
  }
  const qtyE5 = line.standingE5 - bookedE5;
  if (qtyE5 <= 0) return;
  const from = line.isUnsold === 1 ? abroadWith(book, line.sku, exportLineId, qtyE5) : undefined;
  const moveId =
    from === undefined
      ? bringSold(book, line, qtyE5, date, now)
      : transfer(
          book,
          { date, sku: line.sku, fromId: from, toId: places.returned, qtyE5, exportLineId, text: '退货收货' },
          now,
        ).moveIds[1];
  if (moveId !== undefined)
    book.prepare('INSERT INTO goods_return_move (move_id, return_id) VALUES (?, ?)').run(moveId, returnId);
}
