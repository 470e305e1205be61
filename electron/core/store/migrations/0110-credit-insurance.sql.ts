/** Limits of export credit insurance (出口信用保险限额) by buyer: how much of what is open an insurer stands for. Conventions: see 0010. */
export const sql = `
CREATE TABLE insured_limit (
  id INTEGER PRIMARY KEY,
  insurer TEXT NOT NULL,
  policy_no TEXT NOT NULL,
  -- As the policy names the buyer; compared without case, legal form and order of words.
  buyer TEXT NOT NULL,
  -- ISO 3166 alpha-2; empty: not known.
  country TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  limit_minor INTEGER NOT NULL CHECK (limit_minor > 0),
  -- Share of a loss the insurer pays (赔偿比例), in hundredths of a percent.
  cover_bp INTEGER NOT NULL CHECK (cover_bp BETWEEN 1 AND 10000),
  -- Days of credit the policy allows (信用期限), from the order's date; null: not stated.
  term_days INTEGER CHECK (term_days BETWEEN 0 AND 1000),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (from_on <= until_on)
) STRICT;
`;
