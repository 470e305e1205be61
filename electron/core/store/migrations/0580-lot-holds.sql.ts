/** Holds of lots (封存) each on its own, so that lifting one leaves the others standing. Conventions: see 0010. */
export const sql = `
-- What \`lot.held_at\` says follows from these: a lot is held while a hold on it or on a lot it came from stands.
CREATE TABLE lot_hold (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  reason TEXT NOT NULL,
  -- Empty for holds of before this table.
  who TEXT NOT NULL,
  held_at TEXT NOT NULL,
  released_at TEXT,
  released_reason TEXT NOT NULL DEFAULT '',
  CHECK ((released_at IS NULL) = (released_reason = ''))
) STRICT;
CREATE INDEX lot_hold_lot ON lot_hold (lot_id);
CREATE INDEX lot_hold_standing ON lot_hold (held_at, id) WHERE released_at IS NULL;
CREATE TRIGGER lot_hold_kept BEFORE UPDATE OF lot_id, reason, who, held_at ON lot_hold
BEGIN SELECT RAISE(ABORT, 'a hold stays as it was put'); END;
-- A lot that is held by the same hold as one it was made of has no hold of its own.
INSERT INTO lot_hold (lot_id, reason, who, held_at)
  SELECT l.id, l.hold_reason, '', l.held_at FROM lot l WHERE l.held_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM lot_input i JOIN lot p ON p.id = i.lot_id
    WHERE i.step_id = l.step_id AND p.held_at = l.held_at AND p.hold_reason = l.hold_reason);
`;
