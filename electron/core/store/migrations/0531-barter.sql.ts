/** 对销贸易（易货）: contracts of goods against goods, and what they settle in kind. Conventions: see 0010. */
export const sql = `
CREATE TABLE barter (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  counterparty TEXT NOT NULL,
  country TEXT NOT NULL DEFAULT '',
  signed_on TEXT NOT NULL,
  out_contract TEXT NOT NULL,
  out_currency TEXT NOT NULL,
  out_minor INTEGER NOT NULL CHECK (out_minor > 0),
  in_contract TEXT NOT NULL,
  in_currency TEXT NOT NULL,
  in_minor INTEGER NOT NULL CHECK (in_minor > 0),
  in_on TEXT,
  in_declaration TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('entered','void')),
  reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE barter_target (
  id INTEGER PRIMARY KEY,
  barter_id INTEGER NOT NULL REFERENCES barter (id),
  order_id INTEGER REFERENCES sales_order (id),
  declaration_no TEXT,
  -- The contract's currency of the goods out, which is the target's.
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  created_at TEXT NOT NULL,
  CHECK ((order_id IS NULL) <> (declaration_no IS NULL))
) STRICT;
CREATE UNIQUE INDEX barter_target_order ON barter_target (order_id, barter_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX barter_target_declaration ON barter_target (declaration_no, currency, barter_id) WHERE declaration_no IS NOT NULL;
CREATE INDEX barter_target_barter ON barter_target (barter_id);
-- What is settled in kind is not open: everything that asks what is still owed reads these columns.
CREATE TRIGGER barter_target_insert AFTER INSERT ON barter_target BEGIN
  UPDATE sales_order SET settled_minor = settled_minor + NEW.amount_minor WHERE id = NEW.order_id;
  UPDATE declaration_settled SET settled_minor = settled_minor + NEW.amount_minor
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency;
END;
CREATE TRIGGER barter_target_delete AFTER DELETE ON barter_target BEGIN
  UPDATE sales_order SET settled_minor = settled_minor - OLD.amount_minor WHERE id = OLD.order_id;
  UPDATE declaration_settled SET settled_minor = settled_minor - OLD.amount_minor
    WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency;
END;
CREATE TRIGGER barter_target_no_update BEFORE UPDATE ON barter_target
  BEGIN SELECT RAISE(ABORT, 'what is settled in kind is taken back and made anew'); END;
CREATE TRIGGER barter_kept BEFORE DELETE ON barter BEGIN SELECT RAISE(ABORT, 'a barter contract is voided, not deleted'); END;
`;
