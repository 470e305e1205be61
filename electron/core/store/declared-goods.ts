import { decMessage } from '../../../shared/documents/catalogue.ts';
import { linesOf, type Values } from '../../../shared/documents/spec.ts';
import { allocate } from '../../../shared/money/index.ts';
import { storedValue } from '../../../shared/money/stored.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { Book } from './book.ts';

/** Whose goods a declaration (报关单) drafted from a shipment declares, and which of its versions stands. */

/** Goods of an item as drafted; scaled by 10^5. */
export interface GoodsOfOrder {
  readonly itemNo: number;
  readonly orderId: number;
  readonly sku: string;
  readonly qtyE5: number;
  readonly amountE5: number;
}

/**
 * Keeps the goods of a declaration with their orders, which are drafted by it: the lists of a later draft are not to declare them again.
 * What names no order of the book is left out. Call it in the transaction that stored the draft.
 */
export function keepDeclaredGoods(
  book: Book,
  declaration: string,
  goods: readonly {
    readonly itemNo: number;
    readonly orderNo: string;
    readonly sku: string;
    readonly qty_e5: bigint;
    readonly amount_e5: bigint;
  }[],
): void {
  const orderOf = book.prepare('SELECT id FROM sales_order WHERE order_no = ?');
  const insert = book.prepare(
    'INSERT INTO declared_goods (declaration, position, item_no, order_id, sku, qty_e5, amount_e5) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const [position, one] of goods.entries()) {
    const order = orderOf.get(one.orderNo) as { id: number } | undefined;
    if (order === undefined) continue;
    insert.run(declaration, position, one.itemNo, order.id, one.sku, Number(one.qty_e5), Number(one.amount_e5));
  }
  book
    .prepare(
      `UPDATE sales_order SET state = 'drafted' WHERE state = 'open' AND id IN (SELECT order_id FROM declared_goods WHERE declaration = ?)`,
    )
    .run(declaration);
}

/**
 * Gives each part of a split declaration the goods of its items. Call it in the transaction that stored the parts.
 * @param goods of each item of the declaration before, as {@link goodsByItem} has them
 */
export function moveDeclaredGoods(
  book: Book,
  declaration: string,
  goods: readonly (readonly GoodsOfOrder[])[],
  parts: readonly { readonly businessKey: string; readonly from: number; readonly to: number }[],
): void {
  book.prepare('DELETE FROM declared_goods WHERE declaration = ?').run(declaration);
  const insert = book.prepare(
    'INSERT INTO declared_goods (declaration, position, item_no, order_id, sku, qty_e5, amount_e5) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const { businessKey, from, to } of parts) {
    const own = goods.slice(from - 1, to).flatMap((of, at) => of.map((one) => ({ ...one, itemNo: at + 1 })));
    for (const [position, { itemNo, orderId, sku, qtyE5, amountE5 }] of own.entries())
      insert.run(businessKey, position, itemNo, orderId, sku, qtyE5, amountE5);
  }
}

/** Gives the goods of a discarded draft back: orders that nothing else declares are open again. Call it after the discard. */
export function freeDeclaredGoods(book: Book, declaration: string): void {
  book
    .prepare(
      `UPDATE sales_order SET state = 'open' WHERE state = 'drafted' AND id IN (SELECT order_id FROM declared_goods WHERE declaration = :declaration)
         AND NOT EXISTS (SELECT 1 FROM document d WHERE d.order_id = sales_order.id AND d.state NOT IN ('withdrawn','superseded'))
         AND NOT EXISTS (SELECT 1 FROM declared_goods g JOIN document d ON d.kind = 'DecMessage' AND d.business_key = g.declaration
           WHERE g.order_id = sales_order.id AND d.state NOT IN ('withdrawn','superseded'))`,
    )
    .run({ declaration });
}

/** Orders whose goods a declaration declares, by id. */
export function ordersDeclared(book: Book, declaration: string): number[] {
  return (
    book
      .prepare('SELECT DISTINCT order_id AS id FROM declared_goods WHERE declaration = ? ORDER BY 1')
      .all(declaration) as { id: number }[]
  ).map(({ id }) => id);
}

/** Declarations of an order that stand, the newest version of each, oldest first. */
export function declarationsOfOrder(
  book: Book,
  orderId: number,
): { readonly id: number; readonly state: DocumentState }[] {
  return book
    .prepare(
      `SELECT d.id, d.state FROM document d WHERE d.kind = 'DecMessage' AND d.state NOT IN ('superseded','withdrawn')
         AND d.business_key IN (SELECT declaration FROM declared_goods WHERE order_id = ?) ORDER BY d.id`,
    )
    .all(orderId) as { id: number; state: DocumentState }[];
}

/**
 * The goods of each item of a declaration as it was filed, in the order of its items. Items were drafted in a certain order and may have
 * been moved since: an item has the goods of a drafted one that began with its article, of its quantity where there is one; where the
 * quantity was changed they share it in proportion. An item of another article has none: it is its own.
 */
export function goodsByItem(
  book: Book,
  declaration: string,
  body: Readonly<Record<string, unknown>>,
): (readonly GoodsOfOrder[])[] {
  const rows = book
    .prepare(
      `SELECT item_no AS itemNo, order_id AS orderId, sku, qty_e5 AS qtyE5, amount_e5 AS amountE5 FROM declared_goods
       WHERE declaration = ? ORDER BY position`,
    )
    .all(declaration) as GoodsOfOrder[];
  const drafted = new Map<number, GoodsOfOrder[]>();
  for (const row of rows) drafted.set(row.itemNo, [...(drafted.get(row.itemNo) ?? []), row]);
  const items = linesOf(decMessage, body).map((line: Values) => ({
    article: line['ExgNo'] ?? '',
    qtyE5: storedValue(line['GQty'] ?? '0'),
  }));
  const found = items.map((): readonly GoodsOfOrder[] => []);
  const take = (isWanted: (goods: readonly GoodsOfOrder[], item: (typeof items)[number], at: number) => boolean) => {
    for (const [at, item] of items.entries()) {
      if (found[at]?.length !== 0) continue;
      for (const [itemNo, goods] of drafted) {
        if (!isArticleOf(goods[0], item.article) || !isWanted(goods, item, at)) continue;
        drafted.delete(itemNo);
        found[at] = inProportion(goods, item.qtyE5);
        break;
      }
    }
  };
  take((goods, { qtyE5 }) => quantityOf(goods) === qtyE5);
  take(() => true);
  return found;
}

/** Declarations of before had their article cut to the thirty characters of its field. */
const isArticleOf = (goods: GoodsOfOrder | undefined, article: string): boolean =>
  goods !== undefined && (goods.sku === article || goods.sku.slice(0, 30) === article);

const quantityOf = (goods: readonly GoodsOfOrder[]): number => goods.reduce((sum, { qtyE5 }) => sum + qtyE5, 0);

function inProportion(goods: readonly GoodsOfOrder[], qtyE5: number): readonly GoodsOfOrder[] {
  if (quantityOf(goods) === qtyE5 || quantityOf(goods) <= 0) return goods;
  const parts = allocate(
    BigInt(qtyE5),
    goods.map((one) => BigInt(one.qtyE5)),
  );
  return goods.map((one, at) => ({ ...one, qtyE5: Number(parts[at] ?? 0n) }));
}
