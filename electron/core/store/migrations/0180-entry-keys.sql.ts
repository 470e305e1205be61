/** Keys of commands and lists of own values, as clerks have set them; entry that was on its way to the book. Conventions: see 0010. */
export const sql = `
-- Keys a clerk has given to commands; clerk 0: whoever sits at the desk of a book without clerks.
CREATE TABLE desk_key (
  clerk_id INTEGER NOT NULL,
  command TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (clerk_id, command)
) STRICT, WITHOUT ROWID;

-- 我的清单: values kept at hand for a field of a message, by path without the line.
CREATE TABLE entry_own_value (
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (kind, field, value)
) STRICT, WITHOUT ROWID;

-- What was entered while a save was under way: the revision it comes on top of, the operations, the facts confirmed. NULL: nothing.
ALTER TABLE entry_place ADD COLUMN pending TEXT CHECK (pending IS NULL OR json_valid(pending));
`;
