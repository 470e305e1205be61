/** Why a document goes on with a reminder (提醒), and the pictures that papers are printed with. Conventions: see 0010. */
export const sql = `
-- The reason given for a finding as it stood: another path or other figures make it another finding, which is asked about anew.
CREATE TABLE finding_reason (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  path TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  reason TEXT NOT NULL CHECK (reason <> ''),
  by_name TEXT NOT NULL,
  given_at TEXT NOT NULL,
  PRIMARY KEY (document_id, rule, path, params)
) STRICT, WITHOUT ROWID;

-- 印章图片: sealed with the book like everything else, never written beside it.
CREATE TABLE seal_picture (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  media_type TEXT NOT NULL CHECK (media_type IN ('image/png','image/jpeg')),
  content BLOB NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
`;
