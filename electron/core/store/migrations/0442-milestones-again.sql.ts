/** A milestone that was withdrawn may be entered again. Conventions: see 0010. */
export const sql = `
-- The table is made anew: SQLite cannot drop the UNIQUE it was made with. Its guards would refuse the move.
DROP TRIGGER shipment_milestone_kept;
DROP TRIGGER shipment_milestone_frozen;
CREATE TABLE shipment_milestone_new (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  kind TEXT NOT NULL CHECK (kind IN ('picked','packed','precooled','loaded','gateIn','departed','transit','arrived','delivering','delivered','exception','other')),
  at TEXT NOT NULL,
  -- 1: at is the beginning of a day in China, the time of that day is not known.
  is_day INTEGER NOT NULL DEFAULT 0 CHECK (is_day IN (0,1)),
  -- One parcel or container of the shipment; empty: all of it.
  scope TEXT NOT NULL DEFAULT '',
  -- The number that told it.
  reference TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  -- Tells events of a kind and time apart where the kind does not say what happened.
  mark TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL CHECK (source IN ('entry','import')),
  import_run_id INTEGER REFERENCES import_run (id),
  recorded_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_reason TEXT,
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
) STRICT;
INSERT INTO shipment_milestone_new (id, shipment_id, kind, at, is_day, scope, reference, place, text, mark, source, import_run_id, recorded_at, withdrawn_at, withdrawn_reason)
  SELECT id, shipment_id, kind, at, is_day, scope, reference, place, text, mark, source, import_run_id, recorded_at, withdrawn_at, withdrawn_reason FROM shipment_milestone;
DROP TABLE shipment_milestone;
ALTER TABLE shipment_milestone_new RENAME TO shipment_milestone;
CREATE UNIQUE INDEX shipment_milestone_once ON shipment_milestone (shipment_id, scope, kind, at, mark) WHERE withdrawn_at IS NULL;
CREATE INDEX shipment_milestone_way ON shipment_milestone (shipment_id, at) WHERE withdrawn_at IS NULL;
CREATE TRIGGER shipment_milestone_kept BEFORE DELETE ON shipment_milestone BEGIN SELECT RAISE(ABORT, 'a milestone is kept'); END;
CREATE TRIGGER shipment_milestone_frozen BEFORE UPDATE OF shipment_id, kind, at, is_day, scope, reference, place, text, mark, source, recorded_at ON shipment_milestone
  BEGIN SELECT RAISE(ABORT, 'a milestone is withdrawn, not changed'); END;
`;
