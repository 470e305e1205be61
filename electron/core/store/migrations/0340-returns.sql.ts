/** Exports that come back (出口退换货), their repair, copies of declarations that others made. Conventions: see 0010. */
export const sql = `
-- Lines of declarations of other firms, or made elsewhere, whose goods come back here: a copy, never an export of the firm.
CREATE TABLE declaration_copy (
  id INTEGER PRIMARY KEY,
  mode TEXT NOT NULL CHECK (mode IN ('0110','9610','9710','9810','1210')),
  declaration_no TEXT NOT NULL,
  line_no INTEGER NOT NULL,
  export_date TEXT NOT NULL,
  exporter TEXT NOT NULL,
  exporter_code TEXT NOT NULL DEFAULT '',
  -- Customs of export, four digits; empty: not known.
  customs_code TEXT NOT NULL DEFAULT '',
  hs_code TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  currency TEXT NOT NULL,
  -- As the declaration has it, in the currency.
  fob TEXT NOT NULL,
  country TEXT,
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (declaration_no, line_no)
) STRICT;

-- One return: goods of one exported line, of the firm or of a copy, in one state.
CREATE TABLE goods_return (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  export_line_id INTEGER REFERENCES export_line (id),
  copy_id INTEGER REFERENCES declaration_copy (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  state TEXT NOT NULL CHECK (state IN ('received','sorted','stored','repairing','resold','sentBack','scrapped','void')),
  received_on TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('returned','unsold','other')),
  -- Where it lies (库位).
  place TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  -- The return it was split off from.
  of_id INTEGER REFERENCES goods_return (id),
  application_id INTEGER REFERENCES document (id),
  reexport_id INTEGER REFERENCES document (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((export_line_id IS NULL) <> (copy_id IS NULL))
) STRICT;
CREATE INDEX goods_return_line ON goods_return (export_line_id) WHERE export_line_id IS NOT NULL;
CREATE INDEX goods_return_copy ON goods_return (copy_id) WHERE copy_id IS NOT NULL;
CREATE INDEX goods_return_state ON goods_return (state, id);

-- Never more comes back than went out.
CREATE TRIGGER goods_return_insert BEFORE INSERT ON goods_return
  WHEN NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM goods_return
      WHERE state <> 'void' AND (export_line_id = NEW.export_line_id OR copy_id = NEW.copy_id)), 0)
    > coalesce((SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id), (SELECT qty_e5 FROM declaration_copy WHERE id = NEW.copy_id), 0)
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
CREATE TRIGGER goods_return_grow BEFORE UPDATE OF qty_e5, state ON goods_return
  WHEN NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM goods_return
      WHERE id <> NEW.id AND state <> 'void' AND (export_line_id = NEW.export_line_id OR copy_id = NEW.copy_id)), 0)
    > coalesce((SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id), (SELECT qty_e5 FROM declaration_copy WHERE id = NEW.copy_id), 0)
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
CREATE TRIGGER goods_return_of BEFORE UPDATE OF export_line_id, copy_id ON goods_return
  BEGIN SELECT RAISE(ABORT, 'a return keeps the line that went out'); END;
CREATE TRIGGER goods_return_kept BEFORE DELETE ON goods_return BEGIN SELECT RAISE(ABORT, 'a return is void, not deleted'); END;

-- Its steps, append-only.
CREATE TABLE goods_return_step (
  id INTEGER PRIMARY KEY,
  return_id INTEGER NOT NULL REFERENCES goods_return (id),
  from_state TEXT,
  to_state TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL
) STRICT;
CREATE INDEX goods_return_step_of ON goods_return_step (return_id, id);
CREATE TRIGGER goods_return_step_fixed BEFORE UPDATE ON goods_return_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;

-- Repair order (维修单) of a return, one each time it goes to repair.
CREATE TABLE repair_order (
  id INTEGER PRIMARY KEY,
  return_id INTEGER NOT NULL REFERENCES goods_return (id),
  number TEXT NOT NULL UNIQUE,
  fault TEXT NOT NULL DEFAULT '',
  work TEXT NOT NULL DEFAULT '',
  labour_fen INTEGER NOT NULL DEFAULT 0 CHECK (labour_fen >= 0),
  parts_fen INTEGER NOT NULL DEFAULT 0,
  started_on TEXT NOT NULL,
  finished_on TEXT
) STRICT;
CREATE UNIQUE INDEX repair_order_open ON repair_order (return_id) WHERE finished_on IS NULL;
CREATE TABLE repair_part (
  id INTEGER PRIMARY KEY,
  repair_id INTEGER NOT NULL REFERENCES repair_order (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  cost_fen INTEGER NOT NULL CHECK (cost_fen >= 0),
  UNIQUE (repair_id, position)
) STRICT;
CREATE TRIGGER repair_part_insert AFTER INSERT ON repair_part BEGIN
  UPDATE repair_order SET parts_fen = parts_fen + NEW.cost_fen WHERE id = NEW.repair_id;
END;
CREATE TRIGGER repair_part_delete AFTER DELETE ON repair_part BEGIN
  UPDATE repair_order SET parts_fen = parts_fen - OLD.cost_fen WHERE id = OLD.repair_id;
END;
`;
