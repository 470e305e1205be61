/**
 * Payments of orders (支付单) and what the match of the records (三单比对) found. Conventions: see 0010.
 *
 * What may have changed a verdict is noted by triggers in `match_due`, by the number of the order, so that an import, an edit and a
 * draft are all matched anew without knowing of the match.
 */
export const sql = `
-- What the source of an order says of buyer and consignee; a key is the text as it is compared (shared/matching/names.ts).
ALTER TABLE sales_order ADD COLUMN buyer_name TEXT;
ALTER TABLE sales_order ADD COLUMN buyer_key TEXT;
ALTER TABLE sales_order ADD COLUMN buyer_id TEXT;
ALTER TABLE sales_order ADD COLUMN buyer_phone TEXT;
ALTER TABLE sales_order ADD COLUMN consignee TEXT;
ALTER TABLE sales_order ADD COLUMN consignee_key TEXT;
ALTER TABLE sales_order ADD COLUMN consignee_phone TEXT;
-- A named buyer is found by name beside the customer's number, for allocating receipts (see 0040).
CREATE INDEX sales_order_buyer_name ON sales_order (buyer_name, currency, order_date, id) WHERE open_minor > 0 AND buyer_name IS NOT NULL;
CREATE TRIGGER buyer_named AFTER UPDATE OF buyer_name ON sales_order WHEN NEW.buyer_name <> ''
  AND NOT EXISTS (SELECT 1 FROM buyer WHERE name = NEW.buyer_name) BEGIN
  INSERT INTO buyer (name) VALUES (NEW.buyer_name);
END;

-- What the carrier's list says besides weight and fees, where it does; and the order it belongs to, whole or as a part (<order>-<n>),
-- kept by triggers.
ALTER TABLE waybill ADD COLUMN consignee TEXT;
ALTER TABLE waybill ADD COLUMN consignee_key TEXT;
ALTER TABLE waybill ADD COLUMN consignee_phone TEXT;
ALTER TABLE waybill ADD COLUMN country TEXT;
ALTER TABLE waybill ADD COLUMN goods TEXT;
ALTER TABLE waybill ADD COLUMN quantity_e5 INTEGER;
ALTER TABLE waybill ADD COLUMN order_id INTEGER REFERENCES sales_order (id);
ALTER TABLE waybill ADD COLUMN is_part INTEGER NOT NULL DEFAULT 0 CHECK (is_part IN (0,1));
CREATE INDEX waybill_part ON waybill (order_id) WHERE is_part = 1;

-- A row of a carrier's list that was refused because the number is another order's, or the order has another number.
CREATE TABLE waybill_claim (
  order_no TEXT NOT NULL,
  logistics_no TEXT NOT NULL,
  import_run_id INTEGER REFERENCES import_run (id),
  PRIMARY KEY (order_no, logistics_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX waybill_claim_number ON waybill_claim (logistics_no);

-- Payments by order number, so that those of an order lie together; nth counts those of a number from 1 and is never given again.
CREATE TABLE order_payment (
  order_no TEXT NOT NULL,
  nth INTEGER NOT NULL CHECK (nth > 0),
  pay_no TEXT NOT NULL,
  -- Payer as written; key and the rest as compared. A key is NULL where the payer is the institution that collects for the seller.
  payer TEXT,
  payer_key TEXT,
  payer_id TEXT,
  payer_phone TEXT,
  payer_account TEXT,
  institution TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  -- Refunds are negative.
  amount_e5 INTEGER NOT NULL CHECK (amount_e5 <> 0),
  paid_on TEXT,
  fingerprint TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  import_run_id INTEGER REFERENCES import_run (id),
  source_row INTEGER NOT NULL DEFAULT 0,
  -- Why a person took it out of the match; it stays, so that the same file does not bring it back.
  void_reason TEXT,
  order_id INTEGER REFERENCES sales_order (id),
  PRIMARY KEY (order_no, nth)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX order_payment_fingerprint ON order_payment (fingerprint, occurrence);
CREATE INDEX order_payment_several ON order_payment (order_no) WHERE nth = 2;
CREATE INDEX order_payment_orphan ON order_payment (order_no) WHERE order_id IS NULL;
CREATE INDEX waybill_orphan ON waybill (order_no) WHERE order_id IS NULL;

CREATE TABLE match_run (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('all','changed','queue')),
  -- The day whose rules held, and their version.
  rules_on TEXT NOT NULL,
  rules_from TEXT NOT NULL,
  orders INTEGER NOT NULL,
  found INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL
) STRICT;

-- Only what does not pass. codes: bits of shared/matching/record-match.ts.
CREATE TABLE match_item (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('order','payment','waybill')),
  order_no TEXT NOT NULL,
  order_id INTEGER REFERENCES sales_order (id),
  date TEXT NOT NULL,
  codes INTEGER NOT NULL CHECK (codes > 0),
  -- open: to be worked off; excepted: accepted with a reason as long as the codes stay; settled: it passes now.
  state TEXT NOT NULL CHECK (state IN ('open','excepted','settled')),
  reason TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL DEFAULT '',
  decided_at TEXT,
  run_id INTEGER NOT NULL REFERENCES match_run (id),
  updated_at TEXT NOT NULL,
  UNIQUE (kind, order_no),
  CHECK ((state = 'excepted') <= (reason <> ''))
) STRICT;
CREATE INDEX match_item_list ON match_item (state, date, id);

CREATE TABLE match_due (order_no TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TRIGGER sales_order_match_insert AFTER INSERT ON sales_order BEGIN
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
  UPDATE order_payment SET order_id = NEW.id WHERE order_no = NEW.order_no;
  UPDATE waybill SET order_id = NEW.id, is_part = 0 WHERE order_no = NEW.order_no;
  UPDATE waybill SET order_id = NEW.id, is_part = 1 WHERE order_no > NEW.order_no || '-' AND order_no < NEW.order_no || '.' AND order_id IS NULL
    AND ${isPartOf('order_no', 'NEW.order_no')};
END;
CREATE TRIGGER sales_order_match_update
  AFTER UPDATE OF goods_value_e5, other_value_e5, cancelled_value_e5, country, state, settled_minor, charge_minor ON sales_order
  WHEN OLD.goods_value_e5 <> NEW.goods_value_e5 OR OLD.other_value_e5 <> NEW.other_value_e5 OR OLD.cancelled_value_e5 <> NEW.cancelled_value_e5
    OR OLD.country IS NOT NEW.country OR (OLD.state = 'cancelled') <> (NEW.state = 'cancelled')
    OR OLD.settled_minor <> NEW.settled_minor OR OLD.charge_minor <> NEW.charge_minor
BEGIN INSERT OR IGNORE INTO match_due VALUES (NEW.order_no); END;
CREATE TRIGGER sales_order_match_buyer
  AFTER UPDATE OF buyer_key, buyer_id, buyer_phone, consignee_key, consignee_phone ON sales_order
BEGIN INSERT OR IGNORE INTO match_due VALUES (NEW.order_no); END;
CREATE TRIGGER order_payment_match_insert AFTER INSERT ON order_payment BEGIN
  UPDATE order_payment SET order_id = (SELECT id FROM sales_order WHERE order_no = NEW.order_no)
    WHERE order_no = NEW.order_no AND nth = NEW.nth;
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
END;
CREATE TRIGGER order_payment_match_update AFTER UPDATE OF void_reason ON order_payment
BEGIN INSERT OR IGNORE INTO match_due VALUES (NEW.order_no); END;
CREATE TRIGGER order_payment_no_update BEFORE UPDATE OF order_no, nth, pay_no, currency, amount_e5, fingerprint, occurrence ON order_payment
  BEGIN SELECT RAISE(ABORT, 'a payment is taken out, not changed'); END;
CREATE TRIGGER order_payment_no_delete BEFORE DELETE ON order_payment BEGIN SELECT RAISE(ABORT, 'a payment is taken out, not deleted'); END;
CREATE TRIGGER waybill_match_insert AFTER INSERT ON waybill BEGIN
  UPDATE waybill SET order_id = ${ownerOf('NEW.order_no')} WHERE order_no = NEW.order_no;
  UPDATE waybill SET is_part = 1 WHERE order_no = NEW.order_no AND order_id IS NOT (SELECT id FROM sales_order WHERE order_no = NEW.order_no);
  DELETE FROM waybill_claim WHERE order_no = NEW.order_no OR logistics_no = NEW.logistics_no;
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
  INSERT OR IGNORE INTO match_due SELECT o.order_no FROM waybill w JOIN sales_order o ON o.id = w.order_id WHERE w.order_no = NEW.order_no;
END;
CREATE TRIGGER waybill_match_delete AFTER DELETE ON waybill BEGIN
  INSERT OR IGNORE INTO match_due VALUES (OLD.order_no);
  INSERT OR IGNORE INTO match_due SELECT order_no FROM sales_order WHERE id = OLD.order_id;
END;
CREATE TRIGGER waybill_claim_insert AFTER INSERT ON waybill_claim BEGIN
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
  INSERT OR IGNORE INTO match_due SELECT order_no FROM waybill WHERE logistics_no = NEW.logistics_no;
END;
CREATE TRIGGER waybill_claim_delete AFTER DELETE ON waybill_claim BEGIN
  INSERT OR IGNORE INTO match_due VALUES (OLD.order_no);
  INSERT OR IGNORE INTO match_due SELECT order_no FROM waybill WHERE logistics_no = OLD.logistics_no;
END;
CREATE TRIGGER document_match_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB603Message' AND NEW.order_id IS NOT NULL BEGIN
  INSERT OR IGNORE INTO match_due SELECT order_no FROM sales_order WHERE id = NEW.order_id;
END;
CREATE TRIGGER document_match_update AFTER UPDATE OF body, state ON document
  WHEN NEW.kind = 'CEB603Message' AND NEW.order_id IS NOT NULL
    AND (OLD.body <> NEW.body OR (OLD.state IN ('superseded','withdrawn')) <> (NEW.state IN ('superseded','withdrawn')))
BEGIN
  INSERT OR IGNORE INTO match_due SELECT order_no FROM sales_order WHERE id = NEW.order_id;
END;

-- Books from before the match: every order is due, every waybill finds its order.
INSERT INTO match_due SELECT order_no FROM sales_order;
UPDATE waybill SET order_id = ${ownerOf('waybill.order_no')};
UPDATE waybill SET is_part = 1 WHERE order_id IS NOT (SELECT id FROM sales_order o WHERE o.order_no = waybill.order_no);
`;

/** Whether a number is that of a part (\`<order>-<part>\`, up to three digits) of an order number. */
function isPartOf(number: string, order: string): string {
  const part = `substr(${number}, length(${order}) + 2)`;
  return `(substr(${number}, 1, length(${order}) + 1) = ${order} || '-' AND ${part} GLOB '[0-9]*' AND length(${part}) <= 3 AND ltrim(${part}, '0123456789') = '')`;
}

/** The order of a waybill's number: the order itself, or the one it is a part of. */
function ownerOf(number: string): string {
  const whole = `rtrim(${number}, '0123456789')`;
  const isPart = `${whole} GLOB '*-' AND length(${number}) - length(${whole}) BETWEEN 1 AND 3`;
  return `coalesce((SELECT id FROM sales_order WHERE order_no = ${number}),
    (SELECT id FROM sales_order WHERE ${isPart} AND order_no = substr(${whole}, 1, length(${whole}) - 1)))`;
}
