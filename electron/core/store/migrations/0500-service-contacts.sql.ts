/** Contacts of services the program does not do itself: the user's own list. */
export const sql = `
CREATE TABLE service_contact (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('legal','marketing','talent','park','other')),
  name TEXT NOT NULL CHECK (name <> ''),
  person TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  link TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT ''
) STRICT;
`;
