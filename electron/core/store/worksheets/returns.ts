/** Exports that came back, as the book has them: what went into 退货仓, and returns of sales (销售退回) of an exported order. */
import type { Book } from '../book.ts';

export interface ReturnSeen {
  readonly exportLineId: number;
  readonly date: string;
  /** Scaled by 10^5; of a document without goods nothing is known. */
  readonly qtyE5: number | null;
  readonly from: 'stock' | 'document';
}

/** The place of goods that came back (退货仓). */
const returnedPlace = 3;

/**
 * Returns seen between two days, by date and line. A move of an order falls on the order's line of that article; several
 * lines of one article share it oldest first, each up to what it exported.
 */
export function returnsSeen(book: Book, from: string, to: string): ReturnSeen[] {
  const moved = book
    .prepare(
      `SELECT e.id AS exportLineId, m.id AS moveId, m.date, m.qty_e5 AS qtyE5, e.qty_e5 AS exportedE5
       FROM stock_move m JOIN export_share e
         ON (e.id = m.export_line_id AND (e.order_id IS NULL OR m.order_id IS NULL OR e.order_id = m.order_id)) OR (m.kind = 'returned' AND e.order_id = m.order_id AND e.sku = m.sku)
       WHERE m.date BETWEEN ? AND ? AND m.place_id = ? AND m.kind IN ('returned', 'transfer-in') AND m.qty_e5 > 0 AND m.reverses IS NULL
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
  const known = new Set(byMove.map(({ exportLineId }) => exportLineId));
  const byDocument = book
    .prepare(
      `SELECT e.id AS exportLineId, min(d.date) AS date FROM source_document d JOIN export_share e ON e.order_id = d.order_id
       WHERE d.kind = 'sales-return' AND d.state <> 'void' AND d.date BETWEEN ? AND ? GROUP BY e.id ORDER BY 2, 1`,
    )
    .all(from, to) as { exportLineId: number; date: string }[];
  return [
    ...byMove,
    ...byDocument
      .filter(({ exportLineId }) => !known.has(exportLineId))
      .map((row): ReturnSeen => ({ ...row, qtyE5: null, from: 'document' })),
  ];
}
