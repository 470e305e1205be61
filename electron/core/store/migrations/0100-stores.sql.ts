/** Stores on marketplaces (店铺): who owns them, and into which account they pay. Conventions: see 0010. */
export const sql = `
CREATE TABLE store (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  -- As orders, payouts and postings name it.
  name TEXT NOT NULL UNIQUE,
  -- Legal entity the marketplace has on file, and its credit code or foreign registration number.
  entity TEXT NOT NULL,
  entity_code TEXT NOT NULL DEFAULT '',
  -- ISO 3166 alpha-2 of the site it sells on; empty: several.
  country TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  -- Account the marketplace pays into (收款账户).
  account_id INTEGER REFERENCES money_account (id),
  -- Why another entity may own it or be paid for it: subsidiary, agency, with the paper.
  relation TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
`;
