/** Classification of goods (归类): code tables, tariff, declaration elements (申报要素), decisions. Conventions: see 0010. */
export const sql = `
-- Editions of code tables (参数表) the user imported; the one in force stands in place of the shipped table.
CREATE TABLE code_table_edition (
  id INTEGER PRIMARY KEY,
  table_id TEXT NOT NULL,
  as_of TEXT NOT NULL,
  source TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  -- Of the whole table as it is looked up in; part of the version a document keeps.
  sha256 TEXT NOT NULL,
  rows INTEGER NOT NULL,
  -- The table file, JSON, gzip.
  body BLOB NOT NULL,
  imported_at TEXT NOT NULL,
  in_force INTEGER NOT NULL CHECK (in_force IN (0,1))
) STRICT;
CREATE UNIQUE INDEX code_table_in_force ON code_table_edition (table_id) WHERE in_force = 1;

-- A version of the tables as a document keeps it: digest by table id, JSON.
CREATE TABLE tables_version (
  version TEXT PRIMARY KEY,
  digests TEXT NOT NULL,
  kept_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- What a table said under a digest: code and name, JSON, gzip. Kept so that what changed since can be told.
CREATE TABLE table_names (
  sha256 TEXT PRIMARY KEY,
  table_id TEXT NOT NULL,
  as_of TEXT NOT NULL,
  names BLOB NOT NULL
) STRICT;

-- Codes taken in a lookup box, by what they were taken for (client, product, field).
CREATE TABLE recent_code (
  table_id TEXT NOT NULL,
  used_for TEXT NOT NULL,
  code TEXT NOT NULL,
  used_at TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (table_id, used_for, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX recent_code_latest ON recent_code (table_id, used_for, used_at DESC);
-- Text typed where a code was asked for and that no table holds (未确认); with a code once somebody has settled what it means.
CREATE TABLE unconfirmed_text (
  table_id TEXT NOT NULL,
  text TEXT NOT NULL,
  used_for TEXT NOT NULL,
  times INTEGER NOT NULL,
  last_at TEXT NOT NULL,
  code TEXT,
  PRIMARY KEY (table_id, text)
) STRICT, WITHOUT ROWID;

-- The order and separator in which the elements of a code are written; the shipped order is not official.
CREATE TABLE element_order (
  hs_code TEXT PRIMARY KEY,
  names TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Declaration elements (申报要素) of a product under a code: name and value, JSON, in the order of output.
CREATE TABLE product_elements (
  sku TEXT NOT NULL REFERENCES product (sku),
  hs_code TEXT NOT NULL,
  items TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (sku, hs_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_elements_code ON product_elements (hs_code, updated_at DESC);

-- Decisions on classification (归类决定). Never changed: a new decision on the same product takes the place of the one before.
CREATE TABLE classification_decision (
  id INTEGER PRIMARY KEY,
  sku TEXT,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  hs_code TEXT NOT NULL,
  code_name TEXT NOT NULL,
  previous_code TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('ruling','precedent','customs','broker','own')),
  -- Number of a ruling, link, text of an answer.
  evidence TEXT NOT NULL DEFAULT '',
  tables_version TEXT NOT NULL,
  -- Doubts that were shown and accepted, JSON.
  doubts TEXT NOT NULL DEFAULT '[]',
  withdrawn_at TEXT,
  withdrawn_reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX classification_decision_sku ON classification_decision (sku, id DESC);
CREATE INDEX classification_decision_code ON classification_decision (hs_code, id DESC);
`;
