/** Released goods declarations (报关单): whose goods their items are, what waits for them to be posted; parked receipts. Conventions: see 0010. */

/** A line whose goods belong to no order of the book: its declaration is owed for by itself. */
const isOwn = (line: 'NEW' | 'OLD'): string => `${line}.order_id IS NULL AND ${line}.of_orders = 0`;

/** Adds a line to what its declaration owes, or takes it off; a row of which nothing is left goes. */
const dueOf = (line: 'NEW' | 'OLD', sign: '+' | '-'): string => `
  INSERT OR IGNORE INTO declaration_settled (declaration_no, currency, export_date) VALUES (${line}.declaration_no, ${line}.currency, ${line}.export_date);
  UPDATE declaration_settled SET due_minor = due_minor ${sign} ${line}.fob_minor
    WHERE declaration_no = ${line}.declaration_no AND currency = ${line}.currency;
  UPDATE declaration_settled SET settled_on = NULL
    WHERE declaration_no = ${line}.declaration_no AND currency = ${line}.currency AND settled_on IS NOT NULL AND open_minor > 0;
  DELETE FROM declaration_settled WHERE declaration_no = ${line}.declaration_no AND currency = ${line}.currency
    AND due_minor = 0 AND settled_minor = 0 AND charge_minor = 0;`;

const paidOfOwn =
  'SELECT settled_on FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency';
const receivedByOwn = `
  UPDATE export_line SET received_on = (${paidOfOwn}), allocated_on = (${paidOfOwn}) WHERE id = NEW.id AND received_on IS allocated_on;`;

/** The goods of several orders are paid for when the last of these is. */
const paidOfAll = `SELECT CASE WHEN count(*) = count(o.settled_on) THEN max(o.settled_on) END
    FROM export_goods g JOIN sales_order o ON o.id = g.order_id WHERE g.export_line_id = export_line.id`;
const receivedByAll = (lines: string): string => `
  UPDATE export_line SET received_on = (${paidOfAll}), allocated_on = (${paidOfAll})
    WHERE of_orders = 1 AND received_on IS allocated_on AND ${lines};`;

/** The goods of a line before those of one order and article, and with them, at the line's value in fen: parts that add up. */
const fenShare = `e.fob_fen * (g.fob_before + g.fob_minor) / max(e.fob_minor, 1) - e.fob_fen * g.fob_before / max(e.fob_minor, 1)`;

export const sql = `
-- Whose goods the items of a declaration drafted from a shipment are: one row an item, order and article. Known by the firm's own number
-- (ClientSeqNo), so that a new version of the declaration has them too. amount_e5: what was declared of it when it was drafted.
CREATE TABLE declared_goods (
  declaration TEXT NOT NULL,
  position INTEGER NOT NULL,
  item_no INTEGER NOT NULL,
  order_id INTEGER NOT NULL REFERENCES sales_order (id),
  sku TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL,
  amount_e5 INTEGER NOT NULL,
  PRIMARY KEY (declaration, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX declared_goods_order ON declared_goods (order_id, declaration);

-- 1: the line is an item of a declaration and its goods are those of orders of the book, which owe for them: see export_goods.
ALTER TABLE export_line ADD COLUMN of_orders INTEGER NOT NULL DEFAULT 0 CHECK (of_orders IN (0,1));
CREATE TABLE export_goods (
  export_line_id INTEGER NOT NULL REFERENCES export_line (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  order_id INTEGER NOT NULL REFERENCES sales_order (id),
  sku TEXT REFERENCES product (sku),
  qty_e5 INTEGER NOT NULL,
  -- Its part of the line's FOB, and the sum of the parts before it.
  fob_minor INTEGER NOT NULL,
  fob_before INTEGER NOT NULL,
  PRIMARY KEY (export_line_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX export_goods_order ON export_goods (order_id, export_line_id);

-- Export lines by whose they are: a line of one order or of none as it is, one of several orders in their parts.
CREATE VIEW export_share AS
  SELECT id, mode, declaration_no, line_no, export_date, document_id, order_id, shipment_id, sku, hs_code, name, unit, qty_e5, currency,
    fob_minor, fob_fen, country, received_on, deemed_received, contract_receipt_date
  FROM export_line WHERE of_orders = 0
  UNION ALL
  SELECT e.id, e.mode, e.declaration_no, e.line_no, e.export_date, e.document_id, g.order_id, e.shipment_id, g.sku, e.hs_code, e.name, e.unit,
    g.qty_e5, e.currency, g.fob_minor, ${fenShare}, e.country, e.received_on, e.deemed_received, e.contract_receipt_date
  FROM export_goods g JOIN export_line e ON e.id = g.export_line_id WHERE e.of_orders = 1;

DROP TRIGGER export_line_due;
DROP TRIGGER export_line_due_gone;
DROP TRIGGER export_line_due_left;
DROP TRIGGER export_line_due_came;
DROP TRIGGER declaration_settled_on;
CREATE TRIGGER export_line_due AFTER INSERT ON export_line WHEN ${isOwn('NEW')} BEGIN ${dueOf('NEW', '+')} ${receivedByOwn} END;
CREATE TRIGGER export_line_due_gone AFTER DELETE ON export_line WHEN ${isOwn('OLD')} BEGIN ${dueOf('OLD', '-')} END;
CREATE TRIGGER export_line_due_left AFTER UPDATE OF declaration_no, currency, fob_minor, export_date, order_id, of_orders ON export_line
  WHEN ${isOwn('OLD')} BEGIN ${dueOf('OLD', '-')} END;
CREATE TRIGGER export_line_due_came AFTER UPDATE OF declaration_no, currency, fob_minor, export_date, order_id, of_orders ON export_line
  WHEN ${isOwn('NEW')} BEGIN ${dueOf('NEW', '+')} ${receivedByOwn} END;
CREATE TRIGGER declaration_settled_on AFTER UPDATE OF settled_on ON declaration_settled WHEN NEW.settled_on IS NOT OLD.settled_on BEGIN
  UPDATE export_line SET received_on = NEW.settled_on, allocated_on = NEW.settled_on
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency AND order_id IS NULL AND of_orders = 0 AND received_on IS allocated_on;
END;
CREATE TRIGGER export_goods_paid AFTER INSERT ON export_goods BEGIN ${receivedByAll('id = NEW.export_line_id')} END;
CREATE TRIGGER sales_order_settled_goods AFTER UPDATE OF settled_on ON sales_order WHEN NEW.settled_on IS NOT OLD.settled_on BEGIN
  ${receivedByAll('id IN (SELECT export_line_id FROM export_goods WHERE order_id = NEW.id)')}
END;

-- Goods short of stock, by article and order: an item of a declaration may be of several.
CREATE TABLE stock_short_190 (
  id INTEGER PRIMARY KEY,
  export_line_id INTEGER NOT NULL REFERENCES export_line (id),
  sku TEXT NOT NULL,
  order_id INTEGER REFERENCES sales_order (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0)
) STRICT;
INSERT INTO stock_short_190 (export_line_id, sku, order_id, qty_e5)
  SELECT s.export_line_id, s.sku, e.order_id, s.qty_e5 FROM stock_short s JOIN export_line e ON e.id = s.export_line_id ORDER BY s.export_line_id;
DROP TABLE stock_short;
ALTER TABLE stock_short_190 RENAME TO stock_short;
CREATE UNIQUE INDEX stock_short_of ON stock_short (export_line_id, sku, coalesce(order_id, 0));
CREATE INDEX stock_short_sku ON stock_short (sku);

-- What waits to be posted: the sale of an order, or of a declaration of no order (order_id NULL).
CREATE TABLE pending_posting_190 (
  id INTEGER PRIMARY KEY,
  order_id INTEGER UNIQUE REFERENCES sales_order (id),
  document_id INTEGER NOT NULL REFERENCES document (id),
  event_date TEXT NOT NULL,
  currency TEXT NOT NULL
) STRICT;
INSERT INTO pending_posting_190 (order_id, document_id, event_date, currency) SELECT order_id, document_id, event_date, currency FROM pending_posting;
DROP TABLE pending_posting;
ALTER TABLE pending_posting_190 RENAME TO pending_posting;
CREATE UNIQUE INDEX pending_posting_declaration ON pending_posting (document_id) WHERE order_id IS NULL;

-- Who switched a rule off: the desk, with the clerk where one was chosen.
ALTER TABLE rule_off ADD COLUMN by_name TEXT NOT NULL DEFAULT '';

-- The user's own word on a receipt that lies parked (未认领回执).
CREATE TABLE receipt_remark (
  receipt_id INTEGER PRIMARY KEY REFERENCES receipt (id),
  note TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
`;
