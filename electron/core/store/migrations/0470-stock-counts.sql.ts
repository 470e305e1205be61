/** Counts of overseas warehouses (海外仓盘点): what a warehouse says lies there on a day, and what the user decided of a difference. */
export const sql = `
CREATE TABLE stock_count (
  id INTEGER PRIMARY KEY,
  date TEXT NOT NULL,
  sku TEXT NOT NULL REFERENCES product (sku),
  place_id INTEGER NOT NULL REFERENCES stock_place (id),
  counted_e5 INTEGER NOT NULL CHECK (counted_e5 >= 0),
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  -- NULL: not decided. 'adjusted': stock was brought to the count by a move; 'kept': the book's stock stands.
  decision TEXT CHECK (decision IN ('adjusted','kept')),
  reason TEXT NOT NULL DEFAULT '',
  move_id INTEGER REFERENCES stock_move (id),
  -- Declaration lines whose goods a shortage was taken from, or a surplus given back to: [{"id", "qtyE5"}], out positive.
  lines TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lines)),
  decided_at TEXT,
  UNIQUE (sku, date, place_id),
  CHECK ((decision IS NULL) = (decided_at IS NULL)),
  CHECK (decision IS NULL OR reason <> ''),
  CHECK ((decision = 'adjusted') = (move_id IS NOT NULL))
) STRICT;
CREATE INDEX stock_count_date ON stock_count (date DESC, id DESC);
CREATE INDEX stock_count_move ON stock_count (move_id) WHERE move_id IS NOT NULL;
-- What lay at a place on the day of a count.
CREATE INDEX stock_move_place ON stock_move (place_id, date);

-- Goods of 9810 that a count did not find: no longer left abroad, neither sold nor come back.
ALTER TABLE export_line ADD COLUMN lost_qty_e5 INTEGER NOT NULL DEFAULT 0 CHECK (lost_qty_e5 >= 0);
`;
