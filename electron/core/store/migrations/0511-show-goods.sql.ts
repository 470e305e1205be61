/** 保税展示: goods on show outside the zone under a guarantee, which they take a part of. Conventions: see 0010. */
export const sql = `
CREATE TABLE show_goods (
  id INTEGER PRIMARY KEY,
  -- The record item it is of; NULL: of no ledger in the book.
  item_id INTEGER REFERENCES bonded_item (id),
  name TEXT NOT NULL CHECK (name <> ''),
  unit TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  -- Value and the duty and taxes at stake, as assessed, in fen.
  value_fen INTEGER NOT NULL CHECK (value_fen >= 0),
  duty_fen INTEGER NOT NULL CHECK (duty_fen > 0),
  guarantee_id INTEGER NOT NULL REFERENCES guarantee (id),
  -- The paper it went out by, and where it is shown.
  paper_no TEXT NOT NULL UNIQUE CHECK (paper_no <> ''),
  place TEXT NOT NULL,
  since_on TEXT NOT NULL,
  due_on TEXT NOT NULL CHECK (due_on >= since_on),
  note TEXT NOT NULL DEFAULT '',
  -- How it ended: what came back and what was sold; both blank while it is on show.
  ended_on TEXT,
  returned_e5 INTEGER NOT NULL DEFAULT 0 CHECK (returned_e5 >= 0),
  sold_e5 INTEGER NOT NULL DEFAULT 0 CHECK (sold_e5 >= 0),
  end_paper_no TEXT NOT NULL DEFAULT '',
  -- What was sold leaves the ledger.
  end_move_id INTEGER REFERENCES bonded_move (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (returned_e5 + sold_e5 = iif(ended_on IS NULL, 0, qty_e5))
) STRICT;
CREATE INDEX show_goods_item ON show_goods (item_id) WHERE ended_on IS NULL;

-- Goods on show are one more thing a guarantee is taken for.
CREATE TABLE guarantee_use_511 (
  id INTEGER PRIMARY KEY,
  guarantee_id INTEGER NOT NULL REFERENCES guarantee (id),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('document','shipment','tax-bill','show','other')),
  subject_id TEXT NOT NULL,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  taken_on TEXT NOT NULL,
  released_on TEXT,
  text TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO guarantee_use_511 SELECT id, guarantee_id, subject_kind, subject_id, amount_fen, taken_on, released_on, text FROM guarantee_use;
DROP TABLE guarantee_use;
ALTER TABLE guarantee_use_511 RENAME TO guarantee_use;
CREATE INDEX guarantee_use_open ON guarantee_use (guarantee_id) WHERE released_on IS NULL;
CREATE UNIQUE INDEX guarantee_use_subject ON guarantee_use (subject_kind, subject_id) WHERE released_on IS NULL;
`;
