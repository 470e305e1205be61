/** What goods that came back (出口退换货) do in stock: into 退货仓 at what they left at, as much as stands received. */
import { costShare } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { holdingOf, insertMove, keepsStock, places, takeBackById, transfer } from './stock.ts';
import { postStockEvent } from './stock-posting.ts';

interface Line {
  readonly sku: string;
  readonly orderId: number | null;
  readonly standingE5: number;
}

/** Moves of returns of a line that stand, the newest first. */
function movesOf(book: Book, exportLineId: number): { id: number; qtyE5: number }[] {
  return book
    .prepare(
      `SELECT m.id, m.qty_e5 AS qtyE5 FROM goods_return_move g JOIN stock_move m ON m.id = g.move_id WHERE g.export_line_id = ?
         AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id) ORDER BY m.id DESC`,
    )
    .all(exportLineId) as { id: number; qtyE5: number }[];
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
function bringSold(book: Book, exportLineId: number, { sku, orderId }: Line, qtyE5: number, date: string, now: string) {
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
 * Brings 退货仓 in step with the returns of a line that stand: what was received since comes in, from the warehouse abroad where it was not
 * sold, else at its share of what it was sold at; what was voided is taken back. Goods that no stock is kept of move nothing. Refusal:
 * `STOCK_SHORT` where voided goods left since.
 */
export function bringReturnsIn(
  book: Book,
  exportLineId: number,
  { date, isUnsold }: { readonly date: string; readonly isUnsold: boolean },
  now: string,
): void {
  const line = book
    .prepare(
      `SELECT e.sku, e.order_id AS orderId, (SELECT coalesce(sum(qty_e5), 0) FROM goods_return WHERE export_line_id = e.id AND state <> 'void') AS standingE5
       FROM export_line e WHERE e.id = ? AND e.sku IS NOT NULL`,
    )
    .get(exportLineId) as Line | undefined;
  if (line === undefined || !keepsStock(book)) return;
  let bookedE5 = 0;
  const moves = movesOf(book, exportLineId);
  for (const { qtyE5 } of moves) bookedE5 += qtyE5;
  for (const { id, qtyE5 } of moves) {
    if (bookedE5 <= line.standingE5) break;
    takeBackById(book, id, date, '退货作废', now);
    bookedE5 -= qtyE5;
  }
  const qtyE5 = line.standingE5 - bookedE5;
  if (qtyE5 <= 0) return;
  const from = isUnsold ? abroadWith(book, line.sku, exportLineId, qtyE5) : undefined;
  const moveId =
    from === undefined
      ? bringSold(book, exportLineId, line, qtyE5, date, now)
      : transfer(
          book,
          { date, sku: line.sku, fromId: from, toId: places.returned, qtyE5, exportLineId, text: '退货收货' },
          now,
        ).moveIds[1];
  if (moveId !== undefined)
    book.prepare('INSERT INTO goods_return_move (move_id, export_line_id) VALUES (?, ?)').run(moveId, exportLineId);
}
