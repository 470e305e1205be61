/** Notices of risk (风险通报) on countries, goods and counterparties; who closed a red flag. Conventions: see 0010. */
export const sql = `
CREATE TABLE risk_notice (
  id INTEGER PRIMARY KEY,
  -- Customs' old numeric code; empty: any country. At least one of the three is there.
  country TEXT NOT NULL DEFAULT '',
  counterparty TEXT NOT NULL DEFAULT '',
  -- The name as it is compared.
  counterparty_key TEXT NOT NULL DEFAULT '',
  hs_prefix TEXT NOT NULL DEFAULT '',
  level TEXT NOT NULL CHECK (level IN ('high','medium','low')),
  text TEXT NOT NULL CHECK (text <> ''),
  source TEXT NOT NULL DEFAULT '',
  -- In force, both days included; empty: not limited.
  valid_from TEXT NOT NULL DEFAULT '',
  valid_to TEXT NOT NULL DEFAULT '',
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (country, counterparty, hs_prefix, text, source, valid_from),
  CHECK (country <> '' OR counterparty <> '' OR hs_prefix <> '')
) STRICT;

-- The person at the desk who closed it; empty: the book has no several clerks.
ALTER TABLE red_flag ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';
`;
