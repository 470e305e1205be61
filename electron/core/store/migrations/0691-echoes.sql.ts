/** What the platform brings back of a document, and what it holds under a message's GUID. Conventions: see 0010. */
export const sql = `
-- Fields of receipts beside state and time: the value both know, by document. Fields that the document has itself stand here once a person has
-- taken the platform's in their place.
CREATE TABLE document_echo (
  document_id INTEGER NOT NULL REFERENCES document (id),
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  said_at TEXT NOT NULL,
  PRIMARY KEY (document_id, field)
) STRICT, WITHOUT ROWID;
-- The bytes the platform has under a GUID in question, where it told.
CREATE TABLE conflict_content (
  conflict_id INTEGER PRIMARY KEY REFERENCES conflict (id),
  bytes BLOB NOT NULL,
  fetched_at TEXT NOT NULL
) STRICT;
`;
