/** Joint shipments of several members (联合出海), their statements, and what was paid to each. Conventions: see 0010. */
export const sql = `
CREATE TABLE joint_shipment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  on_date TEXT NOT NULL,
  -- What it is made of: a dispatch, or all dispatches of a shipment; each in one joint shipment at most.
  dispatch_id INTEGER UNIQUE REFERENCES dispatch (id) ON DELETE SET NULL,
  shipment_id INTEGER UNIQUE REFERENCES shipment (id),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (dispatch_id IS NULL OR shipment_id IS NULL)
) STRICT;
CREATE INDEX joint_shipment_day ON joint_shipment (on_date, id);

-- Goods of a member; null: whose they are is not yet known.
CREATE TABLE joint_goods (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id) ON DELETE CASCADE,
  party_id INTEGER REFERENCES party (id),
  lot_id INTEGER REFERENCES lot (id) ON DELETE SET NULL,
  goods TEXT NOT NULL,
  -- 产地.
  place TEXT NOT NULL DEFAULT '',
  mass_g INTEGER NOT NULL CHECK (mass_g >= 0),
  cartons INTEGER NOT NULL CHECK (cartons >= 0),
  value_fen INTEGER NOT NULL CHECK (value_fen >= 0),
  sold_fen INTEGER NOT NULL CHECK (sold_fen >= 0),
  -- Read from the dispatch, so that it may be read again.
  taken INTEGER NOT NULL CHECK (taken IN (0,1))
) STRICT;
CREATE INDEX joint_goods_of ON joint_goods (joint_id, id);
CREATE INDEX joint_goods_party ON joint_goods (party_id) WHERE party_id IS NOT NULL;
CREATE INDEX joint_goods_lot ON joint_goods (lot_id) WHERE lot_id IS NOT NULL;

CREATE TABLE joint_amount (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id) ON DELETE CASCADE,
  side TEXT NOT NULL CHECK (side IN ('cost','proceeds')),
  kind TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
  basis TEXT NOT NULL CHECK (basis IN ('weight','value','cartons','sold'))
) STRICT;
CREATE INDEX joint_amount_of ON joint_amount (joint_id, id);

-- 结算单: all members' statements of one version, and what is due to each by it. Never changed: what comes later is a new version.
CREATE TABLE joint_issue (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id),
  version INTEGER NOT NULL CHECK (version > 0),
  reason TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL CHECK (json_valid(body)),
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (joint_id, version)
) STRICT;
CREATE TABLE joint_due (
  issue_id INTEGER NOT NULL REFERENCES joint_issue (id),
  party_id INTEGER NOT NULL REFERENCES party (id),
  net_fen INTEGER NOT NULL,
  PRIMARY KEY (issue_id, party_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE joint_payment (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id),
  party_id INTEGER NOT NULL REFERENCES party (id),
  on_date TEXT NOT NULL,
  -- To the member; below zero: from it.
  amount_fen INTEGER NOT NULL CHECK (amount_fen <> 0),
  method TEXT NOT NULL CHECK (method IN ('bank','cash','wallet','offset')),
  -- Masked before it is written.
  account TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  voided_at TEXT,
  void_reason TEXT NOT NULL DEFAULT '',
  CHECK ((voided_at IS NULL) = (void_reason = ''))
) STRICT;
CREATE INDEX joint_payment_of ON joint_payment (joint_id, party_id);
${['joint_issue', 'joint_due']
  .flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (event) => `
CREATE TRIGGER ${table}_no_${event.toLowerCase()} BEFORE ${event} ON ${table}
BEGIN SELECT RAISE(ABORT, 'a statement stays as it was issued'); END;`,
    ),
  )
  .join('')}
CREATE TRIGGER joint_payment_kept BEFORE DELETE ON joint_payment
BEGIN SELECT RAISE(ABORT, 'a payment is void, not deleted'); END;
CREATE TRIGGER joint_payment_fixed BEFORE UPDATE ON joint_payment
  WHEN OLD.voided_at IS NOT NULL OR NEW.joint_id IS NOT OLD.joint_id OR NEW.party_id IS NOT OLD.party_id OR NEW.on_date IS NOT OLD.on_date
    OR NEW.amount_fen IS NOT OLD.amount_fen OR NEW.method IS NOT OLD.method OR NEW.account IS NOT OLD.account
BEGIN SELECT RAISE(ABORT, 'a payment stays as it was recorded'); END;
`;
