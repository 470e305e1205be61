/** Pickup points (农村物流代收点) and lots handed over there (批次交接单). Conventions: see 0010. Mass: whole grams. */
export const sql = `
CREATE TABLE pickup_point (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  place TEXT NOT NULL DEFAULT '',
  keeper TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  hours TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE lot_handover (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  point_id INTEGER NOT NULL REFERENCES pickup_point (id),
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  on_date TEXT NOT NULL,
  cartons INTEGER NOT NULL CHECK (cartons >= 0),
  mass_g INTEGER NOT NULL CHECK (mass_g > 0),
  giver TEXT NOT NULL,
  receiver TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  voided_at TEXT,
  void_reason TEXT NOT NULL DEFAULT '',
  CHECK ((voided_at IS NULL) = (void_reason = ''))
) STRICT;
CREATE INDEX lot_handover_point ON lot_handover (point_id, on_date, id);
CREATE INDEX lot_handover_lot ON lot_handover (lot_id);
CREATE TRIGGER lot_handover_kept BEFORE DELETE ON lot_handover
BEGIN SELECT RAISE(ABORT, 'a note is void, not deleted'); END;
CREATE TRIGGER lot_handover_fixed BEFORE UPDATE ON lot_handover
  WHEN OLD.voided_at IS NOT NULL OR NEW.point_id IS NOT OLD.point_id OR NEW.lot_id IS NOT OLD.lot_id OR NEW.on_date IS NOT OLD.on_date
    OR NEW.cartons IS NOT OLD.cartons OR NEW.mass_g IS NOT OLD.mass_g OR NEW.giver IS NOT OLD.giver OR NEW.receiver IS NOT OLD.receiver
BEGIN SELECT RAISE(ABORT, 'a note stays as it was signed'); END;
`;
