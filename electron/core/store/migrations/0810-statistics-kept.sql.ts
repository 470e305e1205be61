/** Figures of a month that were counted once, and the one index they are counted by. Conventions: see 0010. */

const isKept = (months: string) => `EXISTS (SELECT 1 FROM statistics_kept WHERE period IN (${months}))`;
const forget = (months: string) => `DELETE FROM statistics_kept WHERE period IN (${months});`;
const monthOf = (row: 'NEW' | 'OLD') => `substr(${row}.export_date, 1, 7)`;
const monthOfGoods = (row: 'NEW' | 'OLD') => `SELECT month FROM export_line WHERE id = ${row}.export_line_id`;
/** Months in which goods of orders left. */
const monthsOf = (orders: string) => `SELECT month FROM export_line WHERE order_id IN (${orders})
    UNION SELECT e.month FROM export_goods g JOIN export_line e ON e.id = g.export_line_id WHERE g.order_id IN (${orders})`;

const onLine = (
  name: string,
  event: string,
  months: string,
) => `CREATE TRIGGER statistics_kept_${name} AFTER ${event} ON export_line
  WHEN ${isKept(months)} BEGIN ${forget(months)} END;`;
const onGoods = (
  name: string,
  event: string,
  months: string,
) => `CREATE TRIGGER statistics_kept_${name} AFTER ${event} ON export_goods
  WHEN ${isKept(months)} BEGIN ${forget(months)} END;`;
const onOrder = (
  name: string,
  event: string,
  when: string,
  orders: string,
) => `CREATE TRIGGER statistics_kept_${name} AFTER ${event}
  WHEN ${when} AND EXISTS (SELECT 1 FROM statistics_kept) BEGIN ${forget(monthsOf(orders))} END;`;
const onStore = (name: string, event: string) => `CREATE TRIGGER statistics_kept_${name} AFTER ${event} ON store
  BEGIN DELETE FROM statistics_kept; END;`;

export const sql = `
-- What a line is counted by, so that a month is read from one index in the order of its cells and no line is looked up. A line of no order
-- of the book is counted by its declaration.
ALTER TABLE export_line ADD COLUMN month TEXT GENERATED ALWAYS AS (substr(export_date, 1, 7)) VIRTUAL;
ALTER TABLE export_line ADD COLUMN hs2 TEXT GENERATED ALWAYS AS (substr(hs_code, 1, 2)) VIRTUAL;
ALTER TABLE export_line ADD COLUMN own_declaration TEXT GENERATED ALWAYS AS (iif(order_id IS NULL, declaration_no, NULL)) VIRTUAL;
DROP INDEX export_line_month;
CREATE INDEX export_line_month ON export_line
  (month, of_orders, mode, country, hs2, order_id, own_declaration, currency, fob_minor, fob_fen);

-- Cells of a month by some dimensions, at a rate of the dollar, without what came back: kept from one reading to the next. Triggers take away
-- what no longer holds, in the transaction of the change; what is not here is counted again. A program that counts otherwise empties it.
CREATE TABLE statistics_kept (
  id INTEGER PRIMARY KEY,
  period TEXT NOT NULL,
  dimensions TEXT NOT NULL,
  -- CNY per dollar; NULL while none was known.
  rate TEXT,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  UNIQUE (period, dimensions)
) STRICT;

${onLine('line_new', 'INSERT', monthOf('NEW'))}
${onLine('line_gone', 'DELETE', monthOf('OLD'))}
${onLine(
  'line_changed',
  'UPDATE OF mode, declaration_no, export_date, order_id, of_orders, hs_code, currency, fob_minor, fob_fen, country',
  `${monthOf('NEW')}, ${monthOf('OLD')}`,
)}
${onGoods('goods_new', 'INSERT', monthOfGoods('NEW'))}
${onGoods('goods_gone', 'DELETE', monthOfGoods('OLD'))}
${onGoods('goods_changed', 'UPDATE', `${monthOfGoods('NEW')} UNION ${monthOfGoods('OLD')}`)}
${onOrder('order_store', 'UPDATE OF store ON sales_order', 'NEW.store IS NOT OLD.store', 'NEW.id')}
${onOrder('buyer_new', 'INSERT ON buyer', 'NEW.first_order_id IS NOT NULL', 'NEW.first_order_id')}
${onOrder('buyer_gone', 'DELETE ON buyer', 'OLD.first_order_id IS NOT NULL', 'OLD.first_order_id')}
${onOrder(
  'buyer_changed',
  'UPDATE OF first_order_id ON buyer',
  'NEW.first_order_id IS NOT OLD.first_order_id',
  'NEW.first_order_id, OLD.first_order_id',
)}
${onStore('store_new', 'INSERT')}
${onStore('store_gone', 'DELETE')}
${onStore('store_changed', 'UPDATE OF platform, name')}
`;
