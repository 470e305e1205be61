/** Papers of a shipment (单据): draft declaration, invoice, packing list, contract, and the users’ own templates. Conventions: see 0010. */
export const sql = `
-- What was typed for papers: of the firm (subject 0), of a shipment, of a document.
CREATE TABLE paper_detail (
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('firm','shipment','document')),
  subject_id INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  updated_at TEXT NOT NULL,
  PRIMARY KEY (subject_kind, subject_id)
) STRICT, WITHOUT ROWID;
-- Workbooks of the firm's own with placeholders, whole, as they were checked when loaded.
CREATE TABLE paper_template (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  content BLOB NOT NULL,
  placeholders INTEGER NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
`;
