/** The way of a shipment's goods (物流节点): milestones, containers, cut-offs, seals, check lists. Conventions: see 0010. */
export const sql = `
-- What happened to the goods of a shipment, and when. Kept for ever; what was entered in error is withdrawn with a reason.
CREATE TABLE shipment_milestone (
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
  UNIQUE (shipment_id, scope, kind, at, mark),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
) STRICT;
CREATE INDEX shipment_milestone_way ON shipment_milestone (shipment_id, at) WHERE withdrawn_at IS NULL;
CREATE TRIGGER shipment_milestone_kept BEFORE DELETE ON shipment_milestone BEGIN SELECT RAISE(ABORT, 'a milestone is kept'); END;
CREATE TRIGGER shipment_milestone_frozen BEFORE UPDATE OF shipment_id, kind, at, is_day, scope, reference, place, text, mark, source, recorded_at ON shipment_milestone
  BEGIN SELECT RAISE(ABORT, 'a milestone is withdrawn, not changed'); END;

CREATE TABLE shipment_container (
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  number TEXT NOT NULL,
  PRIMARY KEY (shipment_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX shipment_container_number ON shipment_container (number);

-- Last moments (截关, 截单, 截港 …) as carrier, terminal or customs told them.
CREATE TABLE shipment_cut_off (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  kind TEXT NOT NULL CHECK (kind IN ('documents','vgm','gate','customs','declareBy')),
  at TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  -- A person says that it is met.
  done_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX shipment_cut_off_shipment ON shipment_cut_off (shipment_id, at);
CREATE INDEX shipment_cut_off_open ON shipment_cut_off (at) WHERE done_at IS NULL;

-- Seals (锁、封志) of the vehicles and containers of a shipment.
CREATE TABLE shipment_seal (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  number TEXT NOT NULL,
  vehicle TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  UNIQUE (shipment_id, number)
) STRICT;
CREATE INDEX shipment_seal_number ON shipment_seal (number);

-- Points of a check list that are ticked.
CREATE TABLE shipment_check (
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  list TEXT NOT NULL,
  item TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  checked_at TEXT NOT NULL,
  PRIMARY KEY (shipment_id, list, item)
) STRICT, WITHOUT ROWID;

-- Parcels of an order are looked up by it.
CREATE INDEX waybill_order ON waybill (order_id);
-- Tracking files name a shipment by its bill.
CREATE INDEX shipment_bill ON shipment (upper(trim(json_extract(body, '$.billNo'))));
`;
