import { storedProduct } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';

interface LineRow {
  qty_e5: number;
  cancelled_qty_e5: number;
  price_e5: number;
  total_e5: number;
  is_goods: number;
}

/**
 * Sums an order anew from its lines: goods, all else (postage, discounts, fees), and how much of the goods was cancelled.
 * @returns whether every line was cancelled whole
 */
export function recountOrder(book: Book, orderId: number): { isAllCancelled: boolean } {
  const lines = book
    .prepare(
      `SELECT l.qty_e5, l.cancelled_qty_e5, l.price_e5, l.total_e5, p.line_kind = 'goods' AS is_goods
       FROM order_line l JOIN product p ON p.sku = l.sku WHERE l.order_id = ?`,
    )
    .all(orderId) as LineRow[];
  let goods = 0;
  let other = 0;
  let cancelled = 0;
  let isAllCancelled = lines.length > 0;
  for (const line of lines) {
    if (line.is_goods === 1) {
      goods += line.total_e5;
      if (line.cancelled_qty_e5 > 0) cancelled += storedProduct(line.cancelled_qty_e5, line.price_e5);
    } else other += line.total_e5;
    isAllCancelled &&= line.cancelled_qty_e5 >= line.qty_e5;
  }
  book
    .prepare(
      'UPDATE sales_order SET lines = ?, goods_value_e5 = ?, other_value_e5 = ?, cancelled_value_e5 = ? WHERE id = ?',
    )
    .run(lines.length, goods, other, cancelled, orderId);
  return { isAllCancelled };
}

/** As {@link recountOrder} for every order of an article, after its kind of line has changed. */
export function recountOrdersOf(book: Book, sku: string): void {
  const rows = book.prepare('SELECT DISTINCT order_id AS id FROM order_line WHERE sku = ?').all(sku) as {
    id: number;
  }[];
  for (const { id } of rows) recountOrder(book, id);
}
