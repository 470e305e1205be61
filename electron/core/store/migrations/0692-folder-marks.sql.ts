/** Files of a folder that have been read. Conventions: see 0010. */
export const sql = `
-- Receipts of an import client's InBox that the book has, by name, size and time: what has not changed is not read again.
CREATE TABLE folder_mark (
  endpoint TEXT NOT NULL,
  name TEXT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (endpoint, name)
) STRICT, WITHOUT ROWID;
`;
