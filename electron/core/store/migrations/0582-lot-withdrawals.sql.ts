/** Test reports and inputs that are withdrawn with a reason, never deleted. Conventions: see 0010. */
export const sql = `
-- 检测报告: the number of one that was withdrawn may be entered again for the lot.
CREATE TABLE lab_report_582 (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  number TEXT NOT NULL,
  laboratory TEXT NOT NULL DEFAULT '',
  sampled_on TEXT,
  issued_on TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('pass','fail','open')),
  created_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_reason TEXT NOT NULL DEFAULT '',
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason = ''))
) STRICT;
INSERT INTO lab_report_582 (id, lot_id, number, laboratory, sampled_on, issued_on, result, created_at)
  SELECT id, lot_id, number, laboratory, sampled_on, issued_on, result, created_at FROM lab_report;
DROP TABLE lab_report;
ALTER TABLE lab_report_582 RENAME TO lab_report;
CREATE UNIQUE INDEX lab_report_number ON lab_report (lot_id, number) WHERE withdrawn_at IS NULL;
CREATE INDEX lab_report_lot ON lab_report (lot_id);
CREATE TRIGGER lab_report_stands BEFORE UPDATE OF lot_id, number, laboratory, sampled_on, issued_on, result ON lab_report
BEGIN SELECT RAISE(ABORT, 'a report stands as it was recorded'); END;
CREATE TRIGGER lab_report_kept BEFORE DELETE ON lab_report BEGIN SELECT RAISE(ABORT, 'a report is kept'); END;
CREATE TRIGGER lab_result_stands BEFORE UPDATE ON lab_result BEGIN SELECT RAISE(ABORT, 'a result stands as it was recorded'); END;
CREATE TRIGGER lab_result_kept BEFORE DELETE ON lab_result BEGIN SELECT RAISE(ABORT, 'a result is kept'); END;

-- 投入品.
ALTER TABLE site_treatment ADD COLUMN withdrawn_at TEXT;
ALTER TABLE site_treatment ADD COLUMN withdrawn_reason TEXT NOT NULL DEFAULT '';
CREATE TRIGGER site_treatment_kept BEFORE DELETE ON site_treatment BEGIN SELECT RAISE(ABORT, 'an input is kept'); END;
`;
