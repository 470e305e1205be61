/** What was typed into a form and is not saved yet: sealed with the book. Conventions: see 0010. */
export const sql = `
CREATE TABLE form_draft (
  -- The form's name; of a stored thing with its id.
  form TEXT PRIMARY KEY,
  -- State of the stored thing on which it was typed: on another it counts no more.
  base TEXT NOT NULL,
  value TEXT NOT NULL CHECK (json_valid(value)),
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
