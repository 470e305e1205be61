/** 进货查验 and 抽检 of lots: what was looked at, by whom, with what result. Papers hang on the number in the archive. */
export const sql = `
CREATE TABLE lot_inspection (
  id INTEGER PRIMARY KEY,
  -- YH-2026-001.
  number TEXT NOT NULL UNIQUE,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  kind TEXT NOT NULL CHECK (kind IN ('receipt','sample')),
  on_date TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('pass','fail','open')),
  who TEXT NOT NULL CHECK (who <> ''),
  -- By which standard or contract, and how much was looked at.
  basis TEXT NOT NULL DEFAULT '',
  sampled TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_reason TEXT NOT NULL DEFAULT '',
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason = ''))
) STRICT;
CREATE INDEX lot_inspection_lot ON lot_inspection (lot_id, kind, on_date, id);
CREATE TRIGGER lot_inspection_stands BEFORE UPDATE OF number, lot_id, kind, on_date, result, who, basis, sampled, note ON lot_inspection
BEGIN SELECT RAISE(ABORT, 'an inspection stands as it was recorded'); END;
CREATE TRIGGER lot_inspection_kept BEFORE DELETE ON lot_inspection BEGIN SELECT RAISE(ABORT, 'an inspection is kept'); END;
`;
