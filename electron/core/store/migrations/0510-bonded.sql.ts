/** 保税账册: record items, what came in and went out by its paper, and what lists draw of them. Conventions: see 0010. */

/** Exact: decimal text of at most five decimals as an integer by 10^5. */
const qtyE5 = (text: string): string => `CASE instr(${text}, '.') WHEN 0 THEN CAST(${text} AS INTEGER) * 100000
    ELSE CAST(substr(${text}, 1, instr(${text}, '.') - 1) AS INTEGER) * 100000
      + CAST(substr(substr(${text}, instr(${text}, '.') + 1) || '00000', 1, 5) AS INTEGER) END`;
/** The lines of a list that draw on a ledger; a deletion (appType 3) draws nothing. */
const drawsOf = (id: string, body: string, from = ''): string => `
  INSERT INTO bonded_draw (document_id, line_no, record_no, item_no, qty_e5)
  SELECT id, line, record_no, item_no, qty_e5 FROM (
    SELECT ${id} AS id, l.key + 1 AS line, json_extract(${body}, '$.InventoryHead.emsNo') AS record_no,
      json_extract(l.value, '$.itemRecordNo') AS item_no, ${qtyE5("json_extract(l.value, '$.qty')")} AS qty_e5
    FROM ${from} json_each(${body}, '$.InventoryList') l
    WHERE json_extract(${body}, '$.InventoryHead.tradeMode') IN ('1210','1239')
      AND coalesce(json_extract(${body}, '$.InventoryHead.appType'), '1') <> '3'
      AND json_extract(l.value, '$.qty') GLOB '[0-9]*' AND json_extract(l.value, '$.qty') NOT GLOB '*[^0-9.]*'
      AND json_extract(l.value, '$.qty') NOT GLOB '*.*.*' AND instr(json_extract(l.value, '$.qty') || '.', '.') <= 11)
  WHERE record_no <> '' AND item_no <> '' AND qty_e5 > 0`;
const hasLedger = `json_extract(NEW.body, '$.InventoryHead.emsNo') <> ''`;

export const sql = `
CREATE TABLE bonded_book (
  id INTEGER PRIMARY KEY,
  -- 账册编号, under which lists draw on it.
  record_no TEXT NOT NULL UNIQUE CHECK (record_no <> ''),
  place_kind TEXT NOT NULL CHECK (place_kind IN ('zone','centre','other')),
  place TEXT NOT NULL DEFAULT '',
  customs TEXT NOT NULL DEFAULT '',
  -- The enterprise in the zone (区内企业).
  firm_code TEXT NOT NULL,
  firm_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','closed')),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE bonded_item (
  id INTEGER PRIMARY KEY,
  book_id INTEGER NOT NULL REFERENCES bonded_book (id),
  -- 备案序号 and 料号.
  seq INTEGER NOT NULL CHECK (seq > 0),
  item_no TEXT NOT NULL CHECK (item_no <> ''),
  -- The article of the firm that is it; empty: none.
  sku TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  hs_code TEXT NOT NULL,
  unit TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (book_id, seq),
  UNIQUE (book_id, item_no)
) STRICT;
CREATE UNIQUE INDEX bonded_item_sku ON bonded_item (book_id, sku) WHERE sku <> '';
-- One line of a paper by which goods came in or went out.
CREATE TABLE bonded_move (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES bonded_item (id),
  direction TEXT NOT NULL CHECK (direction IN ('in','out')),
  kind TEXT NOT NULL,
  on_date TEXT NOT NULL,
  paper_kind TEXT NOT NULL CHECK (paper_kind IN ('checklist','declaration','list','other')),
  paper_no TEXT NOT NULL CHECK (paper_no <> ''),
  paper_line INTEGER NOT NULL CHECK (paper_line > 0),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  note TEXT NOT NULL DEFAULT '',
  void_reason TEXT NOT NULL DEFAULT '',
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  CHECK ((direction = 'in') = (kind IN ('import','domestic','transfer-in','returned'))),
  CHECK ((direction = 'out') = (kind IN ('home','abroad','transfer-out')))
) STRICT;
-- The same line of a paper counts once.
CREATE UNIQUE INDEX bonded_move_once ON bonded_move (item_id, direction, paper_no, paper_line) WHERE void_reason = '';
CREATE INDEX bonded_move_item ON bonded_move (item_id, on_date, id);
CREATE INDEX bonded_move_paper ON bonded_move (paper_no);
CREATE TRIGGER bonded_move_fixed BEFORE UPDATE OF item_id, direction, kind, on_date, paper_kind, paper_no, paper_line, qty_e5 ON bonded_move
  BEGIN SELECT RAISE(ABORT, 'a move stands as it was'); END;
CREATE TRIGGER bonded_move_unvoid BEFORE UPDATE OF void_reason ON bonded_move WHEN OLD.void_reason <> ''
  BEGIN SELECT RAISE(ABORT, 'a void move stays void'); END;
CREATE TRIGGER bonded_move_kept BEFORE DELETE ON bonded_move BEGIN SELECT RAISE(ABORT, 'a move is void, not deleted'); END;

-- What lists take by what they say: never entered, so that no list counts twice. Whether it counts is the list's state.
CREATE TABLE bonded_draw (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  line_no INTEGER NOT NULL,
  record_no TEXT NOT NULL,
  item_no TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  PRIMARY KEY (document_id, line_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX bonded_draw_item ON bonded_draw (record_no, item_no);
CREATE TRIGGER bonded_draw_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB603Message' AND ${hasLedger}
  BEGIN ${drawsOf('NEW.id', 'NEW.body')}; END;
CREATE TRIGGER bonded_draw_update AFTER UPDATE OF body ON document
  WHEN NEW.kind = 'CEB603Message' AND (${hasLedger} OR json_extract(OLD.body, '$.InventoryHead.emsNo') <> '')
  BEGIN
    DELETE FROM bonded_draw WHERE document_id = NEW.id;
    ${drawsOf('NEW.id', 'NEW.body')};
  END;
${drawsOf('d.id', 'd.body', `(SELECT id, body FROM document WHERE kind = 'CEB603Message') d,`)};
`;
