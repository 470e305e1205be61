/** 预填: what new shipments start with, by park (园区) and by county. Conventions: see 0010. */
export const sql = `
CREATE TABLE place_default (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('park','county')),
  -- The park's name as in the profile, or the division's six digits.
  name TEXT NOT NULL CHECK (name <> ''),
  customs_code TEXT NOT NULL DEFAULT '',
  port_code TEXT NOT NULL DEFAULT '',
  loct_no TEXT NOT NULL DEFAULT '',
  UNIQUE (kind, name)
) STRICT;
`;
