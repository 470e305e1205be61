/**
 * Exports that came back, as the book has them: what was received as a return (退换货), what went into 退货仓 besides, and returns of sales
 * (销售退回) of an exported order.
 */
import type { Book } from '../book.ts';

export interface ReturnSeen {
  readonly exportLineId: number;
  readonly date: string;
  /** Scaled by 10^5; of a document without goods nothing is known. */
  readonly qtyE5: number | null;
  readonly from: 'receipt' | 'stock' | 'document';
  /** Of a receipt. */
  readonly reason?: 'returned' | 'unsold' | 'other';
}

/** The place of goods that came back (退货仓). */
const returnedPlace = 3;

/** Returns received between two days and not void, by line, day and reason. Their own moves into 退货仓 tell of them once more. */
function received(book: Book, from: string, to: string): ReturnSeen[] {
  const rows = book
    .prepare(
      `SELECT export_line_id AS exportLineId, received_on AS date, reason, sum(qty_e5) AS qtyE5 FROM goods_return
       WHERE export_line_id IS NOT NULL AND state <> 'void' AND received_on BETWEEN ? AND ? GROUP BY 1, 2, 3 ORDER BY 2, 1, 3`,
    )
    .all(from, to) as Omit<ReturnSeen, 'from'>[];
  return rows.map((row) => ({ ...row, from: 'receipt' }));
}

/**
 * Returns seen between two days, by date and line. A move of an order falls on the order's line of that article; several
 * lines of one article share it oldest first, each up to what it exported.
 */
export function returnsSeen(book: Book, from: string, to: string): ReturnSeen[] {
  const moved = book
    .prepare(
      `SELECT e.id AS exportLineId, m.id AS moveId, m.date, m.qty_e5 AS qtyE5, e.qty_e5 AS exportedE5
       FROM stock_move m JOIN export_share e
         ON (e.id = m.export_line_id AND (e.order_id IS NULL OR m.order_id IS NULL OR e.order_id = m.order_id)) OR (m.kind = 'returned' AND m.export_line_id IS NULL AND e.order_id = m.order_id AND e.sku = m.sku)
       WHERE m.date BETWEEN ? AND ? AND m.place_id = ? AND m.kind IN ('returned', 'transfer-in') AND m.qty_e5 > 0 AND m.reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM goods_return_move g WHERE g.move_id = m.id)
         AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id)
       ORDER BY m.date, m.id, e.export_date, e.id`,
    )
    .all(from, to, returnedPlace) as {
    exportLineId: number;
    moveId: number;
    date: string;
    qtyE5: number;
    exportedE5: number;
  }[];
  const left = new Map<number, number>();
  const byMove = moved.flatMap(({ exportLineId, moveId, date, qtyE5, exportedE5 }): ReturnSeen[] => {
    const open = left.get(moveId) ?? qtyE5;
    const taken = Math.min(open, exportedE5);
    left.set(moveId, open - taken);
    return taken > 0 ? [{ exportLineId, date, qtyE5: taken, from: 'stock' }] : [];
  });
  const byReceipt = received(book, from, to);
  const known = new Set([...byReceipt, ...byMove].map(({ exportLineId }) => exportLineId));
  const byDocument = book
    .prepare(
      `SELECT e.id AS exportLineId, min(d.date) AS date FROM source_document d JOIN export_share e ON e.order_id = d.order_id
       WHERE d.kind = 'sales-return' AND d.state <> 'void' AND d.date BETWEEN ? AND ? GROUP BY e.id ORDER BY 2, 1`,
    )
    .all(from, to) as { exportLineId: number; date: string }[];
  return [
    ...byReceipt,
    ...byMove,
    ...byDocument
      .filter(({ exportLineId }) => !known.has(exportLineId))
      .map((row): ReturnSeen => ({ ...row, qtyE5: null, from: 'document' })),
  ];
}
