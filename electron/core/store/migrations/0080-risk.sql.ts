/**
 * Red flags (风险提示), lists of names to screen against (名单) and their hits, reasons stated for differences between the
 * three flows (三流). Conventions: see 0010.
 */
export const sql = `
-- Red flags (风险提示): what a rule found, told apart by the rule and a key that is the same on every run. A closed one opens again
-- when rows trip it that it did not have when it was closed.
CREATE TABLE red_flag (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL CHECK (rule GLOB 'R[01][0-9]'),
  key TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('high','medium','low')),
  subject TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  -- Rows that trip it, the newest so many; row_count and digest are of all.
  rows TEXT NOT NULL CHECK (json_valid(rows)),
  row_count INTEGER NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','reviewing','closed')),
  owner TEXT NOT NULL DEFAULT '',
  -- What is being done about it (处置), by when.
  action TEXT NOT NULL DEFAULT '',
  due_on TEXT,
  -- The closing note, the digest and the rows as they were then.
  note TEXT NOT NULL DEFAULT '',
  closed_at TEXT,
  closed_digest TEXT,
  closed_rows TEXT CHECK (closed_rows IS NULL OR json_valid(closed_rows)),
  reopened INTEGER NOT NULL DEFAULT 0,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  -- Since when nothing trips it any more.
  gone_at TEXT,
  UNIQUE (rule, key),
  CHECK (state <> 'closed' OR (note <> '' AND closed_at IS NOT NULL))
) STRICT;
CREATE INDEX red_flag_state ON red_flag (state, severity, id);

-- The last run of each rule: what it looked at, and what of the book it lacked.
CREATE TABLE red_flag_run (
  rule TEXT PRIMARY KEY,
  ran_at TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('clear','tripped','cannot-tell','off')),
  checked INTEGER NOT NULL,
  missing TEXT NOT NULL CHECK (json_valid(missing))
) STRICT, WITHOUT ROWID;

-- Facts that rules need and no document has: when a supplier was founded (supplier-founded, by party), staff (staff, by month), terms,
-- freight and insurance of a declaration (deal).
CREATE TABLE risk_fact (
  name TEXT NOT NULL CHECK (name IN ('supplier-founded','staff','deal')),
  subject TEXT NOT NULL,
  value TEXT NOT NULL CHECK (json_valid(value)),
  source TEXT NOT NULL DEFAULT '',
  entered_at TEXT NOT NULL,
  PRIMARY KEY (name, subject)
) STRICT, WITHOUT ROWID;

-- Lists of names (名单), as imported.
CREATE TABLE watch_list (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL DEFAULT '',
  as_of TEXT,
  file_name TEXT NOT NULL DEFAULT '',
  file_sha256 TEXT NOT NULL DEFAULT '',
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE watch_name (
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL REFERENCES watch_list (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- Other names, as JSON.
  aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(aliases)),
  kind TEXT NOT NULL DEFAULT 'other' CHECK (kind IN ('firm','person','vessel','other')),
  country TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  UNIQUE (list_id, name, number)
) STRICT;

-- Hits: a name of the book beside a name of a list. Told apart by the two names themselves, so that what was cleared stays
-- cleared until one of them is written otherwise, whichever edition of a list it comes from.
CREATE TABLE screening_hit (
  id INTEGER PRIMARY KEY,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('party','customer','payer','buyer')),
  subject_id TEXT NOT NULL DEFAULT '',
  subject_name TEXT NOT NULL,
  list_name TEXT NOT NULL,
  watch_name TEXT NOT NULL,
  -- The alias that matched, where it was not the name.
  matched TEXT NOT NULL,
  -- NULL: the entry is on no list any more.
  watch_name_id INTEGER REFERENCES watch_name (id) ON DELETE SET NULL,
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
  reason TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'review' CHECK (state IN ('review','cleared','confirmed')),
  note TEXT NOT NULL DEFAULT '',
  who TEXT NOT NULL DEFAULT '',
  decided_at TEXT,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  gone_at TEXT,
  UNIQUE (subject_kind, subject_name, watch_name),
  CHECK (state = 'review' OR (note <> '' AND decided_at IS NOT NULL))
) STRICT;
CREATE INDEX screening_hit_state ON screening_hit (state, score, id);
CREATE INDEX screening_hit_entry ON screening_hit (watch_name_id) WHERE watch_name_id IS NOT NULL;

-- Names that have been held against all lists; emptied when a list changes.
CREATE TABLE screened_name (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER watch_name_added AFTER INSERT ON watch_name WHEN EXISTS (SELECT 1 FROM screened_name)
  BEGIN DELETE FROM screened_name; END;
CREATE TRIGGER watch_name_changed AFTER UPDATE OF name, aliases, number ON watch_name WHEN EXISTS (SELECT 1 FROM screened_name)
  BEGIN DELETE FROM screened_name; END;

-- Reasons that a person states for a difference between two flows: signed, in minor units, towards the first of the two.
CREATE TABLE flow_reason (
  id INTEGER PRIMARY KEY,
  scope_kind TEXT NOT NULL CHECK (scope_kind IN ('shipment','declaration','period')),
  scope_id TEXT NOT NULL,
  leg TEXT NOT NULL CHECK (leg IN ('orders-goods','orders-money')),
  code TEXT NOT NULL CHECK (code IN ('RATE','INCOTERM','RETURN','COMMISSION','TIMING','CHARGES','NETTING','ROUNDING','OTHER')),
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  text TEXT NOT NULL CHECK (text <> ''),
  created_at TEXT NOT NULL,
  removed_at TEXT
) STRICT;
-- What a shipment declared.
CREATE INDEX export_line_shipment ON export_line (shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX flow_reason_scope ON flow_reason (scope_kind, scope_id) WHERE removed_at IS NULL;
`;
