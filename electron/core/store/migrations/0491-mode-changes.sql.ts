/** Drafts taken to another supervision mode, as they were and as they became: the step can be undone. Conventions: see 0010. */
export const sql = `
CREATE TABLE mode_change (
  id INTEGER PRIMARY KEY,
  -- The document it was asked for.
  document_id INTEGER NOT NULL REFERENCES document (id),
  from_mode TEXT NOT NULL,
  to_mode TEXT NOT NULL,
  -- [{id, before, after}]: each document that changed, with its bodies.
  documents TEXT NOT NULL CHECK (json_valid(documents)),
  made_at TEXT NOT NULL,
  undone_at TEXT
) STRICT;
CREATE INDEX mode_change_document ON mode_change (document_id, id);
CREATE TRIGGER mode_change_kept BEFORE DELETE ON mode_change BEGIN SELECT RAISE(ABORT, 'a change of mode is kept'); END;
`;
