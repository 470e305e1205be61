/**
 * Figures of a month are kept in parts of at most 2048 orders, so that a change takes away one part of them and not the month, and so that
 * they can be counted a little at a time. In place of 0810. Conventions: see 0010.
 */

/** Part of a month in which an order is counted, whole. */
const partOf = (order: string) => `${order} / 2048`;

const forget = (where: string) => `DELETE FROM statistics_kept WHERE ${where};`;
const on = (name: string, event: string, when: string, sql: string) =>
  `CREATE TRIGGER statistics_kept_${name} AFTER ${event} WHEN ${when} BEGIN ${sql} END;`;

/** A line of one order or of none is in one part; the orders that share a line may be in any. */
const isAlone = (row: 'NEW' | 'OLD') => `${row}.of_orders = 0`;
const partIn = (row: 'NEW' | 'OLD') => `part = ${row}.part AND period = ${row}.month`;
const isKept = (where: string) => `EXISTS (SELECT 1 FROM statistics_kept WHERE ${where})`;
const lineSets =
  'UPDATE OF mode, declaration_no, export_date, order_id, of_orders, hs_code, currency, fob_minor, fob_fen, country ON export_line';
const monthOfGoods = (row: 'NEW' | 'OLD') =>
  `period = (SELECT month FROM export_line WHERE id = ${row}.export_line_id)`;

export const sql = `
DROP TABLE statistics_kept;
${[
  ...['line_new', 'line_gone', 'line_changed', 'goods_new', 'goods_gone', 'goods_changed', 'order_store'],
  ...['buyer_new', 'buyer_gone', 'buyer_changed', 'store_new', 'store_gone', 'store_changed'],
]
  .map((name) => `DROP TRIGGER statistics_kept_${name};`)
  .join('\n')}

-- Part of its month in which a line is counted: with all of its order, or of its declaration where it is of no order of the book.
ALTER TABLE export_line ADD COLUMN part INTEGER GENERATED ALWAYS AS
  (iif(order_id IS NULL, -1 - abs(CAST(substr(declaration_no, -2) AS INTEGER)), ${partOf('order_id')})) VIRTUAL;
DROP INDEX export_line_month;
CREATE INDEX export_line_month ON export_line
  (month, of_orders, part, mode, country, hs2, order_id, own_declaration, currency, fob_minor, fob_fen);

-- Cells of a part of a month by some dimensions, at a rate of the dollar, without what came back: kept from one reading to the next. Triggers
-- take away what no longer holds, in the transaction of the change; what is not here is counted again. A program that counts otherwise
-- empties it.
CREATE TABLE statistics_kept (
  id INTEGER PRIMARY KEY,
  period TEXT NOT NULL,
  part INTEGER NOT NULL,
  dimensions TEXT NOT NULL,
  -- CNY per dollar; NULL while none was known.
  rate TEXT,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  UNIQUE (period, dimensions, part)
) STRICT;
CREATE INDEX statistics_kept_part ON statistics_kept (part, period);

${on('line_new', 'INSERT ON export_line', `${isAlone('NEW')} AND ${isKept(partIn('NEW'))}`, forget(partIn('NEW')))}
${on('line_gone', 'DELETE ON export_line', `${isAlone('OLD')} AND ${isKept(partIn('OLD'))}`, forget(partIn('OLD')))}
${on(
  'line_changed',
  lineSets,
  `${isKept(partIn('NEW'))} OR ${isKept(partIn('OLD'))}`,
  `${forget(partIn('NEW'))} ${forget(partIn('OLD'))}`,
)}
${on('shared_new', 'INSERT ON export_line', `NOT ${isAlone('NEW')}`, forget('period = NEW.month'))}
${on('shared_gone', 'DELETE ON export_line', `NOT ${isAlone('OLD')}`, forget('period = OLD.month'))}
${on(
  'shared_changed',
  lineSets,
  `NOT ${isAlone('NEW')} OR NOT ${isAlone('OLD')}`,
  forget('period IN (NEW.month, OLD.month)'),
)}
${on('goods_new', 'INSERT ON export_goods', '1', forget(monthOfGoods('NEW')))}
${on('goods_gone', 'DELETE ON export_goods', '1', forget(monthOfGoods('OLD')))}
${on('goods_changed', 'UPDATE ON export_goods', '1', `${forget(monthOfGoods('NEW'))} ${forget(monthOfGoods('OLD'))}`)}
${on('order_store', 'UPDATE OF store ON sales_order', 'NEW.store IS NOT OLD.store', forget(`part = ${partOf('NEW.id')}`))}
${on('buyer_new', 'INSERT ON buyer', 'NEW.first_order_id IS NOT NULL', forget(`part = ${partOf('NEW.first_order_id')}`))}
${on('buyer_gone', 'DELETE ON buyer', 'OLD.first_order_id IS NOT NULL', forget(`part = ${partOf('OLD.first_order_id')}`))}
${on(
  'buyer_changed',
  'UPDATE OF first_order_id ON buyer',
  'NEW.first_order_id IS NOT OLD.first_order_id',
  `${forget(`part = ${partOf('NEW.first_order_id')}`)} ${forget(`part = ${partOf('OLD.first_order_id')}`)}`,
)}
${on('store_new', 'INSERT ON store', '1', forget('1'))}
${on('store_gone', 'DELETE ON store', '1', forget('1'))}
${on('store_changed', 'UPDATE OF platform, name ON store', '1', forget('1'))}
`;
