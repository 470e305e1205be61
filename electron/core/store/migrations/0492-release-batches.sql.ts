/** 集中申报、分批出区: goods recorded beforehand, released in parts, declared together. Conventions: see 0010. */
export const sql = `
CREATE TABLE release_batch (
  id INTEGER PRIMARY KEY,
  -- The number customs has the batch under (备案号).
  record_no TEXT NOT NULL UNIQUE,
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  -- Last day of the declaration, as it was entered.
  due_on TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE release_batch_good (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES release_batch (id),
  position INTEGER NOT NULL,
  hs_code TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  -- Customs' numeric currency and the price of one unit; empty: entered in the declaration.
  currency TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  UNIQUE (batch_id, position)
) STRICT;
-- One release (出区) under the number of its paper (核放单号).
CREATE TABLE batch_release (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES release_batch (id),
  number TEXT NOT NULL UNIQUE,
  on_date TEXT NOT NULL,
  -- The declaration that takes it in.
  document_id INTEGER REFERENCES document (id),
  void_reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
-- Every declaration a release has been in, also those given up.
CREATE TABLE release_declaration (
  release_id INTEGER NOT NULL REFERENCES batch_release (id),
  document_id INTEGER NOT NULL REFERENCES document (id),
  PRIMARY KEY (release_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX release_declaration_document ON release_declaration (document_id);
CREATE TRIGGER batch_release_declared AFTER UPDATE OF document_id ON batch_release WHEN NEW.document_id IS NOT NULL
  BEGIN INSERT OR IGNORE INTO release_declaration VALUES (NEW.id, NEW.document_id); END;
CREATE INDEX batch_release_of ON batch_release (batch_id, on_date, id);
CREATE TABLE batch_release_line (
  release_id INTEGER NOT NULL REFERENCES batch_release (id),
  good_id INTEGER NOT NULL REFERENCES release_batch_good (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  PRIMARY KEY (release_id, good_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_release_line_good ON batch_release_line (good_id);

-- Never more goes out than the batch has.
CREATE TRIGGER batch_release_line_insert BEFORE INSERT ON batch_release_line
  WHEN NEW.qty_e5 + coalesce((SELECT sum(l.qty_e5) FROM batch_release_line l JOIN batch_release r ON r.id = l.release_id
      WHERE l.good_id = NEW.good_id AND r.void_reason = ''), 0) > (SELECT qty_e5 FROM release_batch_good WHERE id = NEW.good_id)
  BEGIN SELECT RAISE(ABORT, 'more is released than the batch has'); END;
CREATE TRIGGER batch_release_line_fixed BEFORE UPDATE ON batch_release_line BEGIN SELECT RAISE(ABORT, 'a release stands as it was'); END;
CREATE TRIGGER release_batch_good_shrink BEFORE UPDATE OF qty_e5 ON release_batch_good
  WHEN NEW.qty_e5 < coalesce((SELECT sum(l.qty_e5) FROM batch_release_line l JOIN batch_release r ON r.id = l.release_id
      WHERE l.good_id = NEW.id AND r.void_reason = ''), 0)
  BEGIN SELECT RAISE(ABORT, 'more is released than the batch has'); END;
CREATE TRIGGER batch_release_unvoid BEFORE UPDATE OF void_reason ON batch_release WHEN OLD.void_reason <> ''
  BEGIN SELECT RAISE(ABORT, 'a void release stays void'); END;
CREATE TRIGGER batch_release_kept BEFORE DELETE ON batch_release BEGIN SELECT RAISE(ABORT, 'a release is void, not deleted'); END;
`;
