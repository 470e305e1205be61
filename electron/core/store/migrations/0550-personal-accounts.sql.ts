/** Data of an individual forex account (个人外汇账户) for the bank. Conventions: see 0010. */
export const sql = `
-- The whole number of the identity document stands only here and in the profile, in the sealed book; screens, prints and logs mask it.
CREATE TABLE personal_account (
  account_id INTEGER PRIMARY KEY REFERENCES money_account (id),
  nature TEXT NOT NULL CHECK (nature IN ('settlement','savings')),
  state TEXT NOT NULL CHECK (state IN ('preparing','applied','opened','closed')),
  id_type TEXT NOT NULL CHECK (id_type IN ('residentId','hkMacaoPermit','taiwanPermit','passport','other')),
  id_number TEXT NOT NULL DEFAULT '',
  residency TEXT NOT NULL CHECK (residency IN ('resident','nonResident')),
  branch TEXT NOT NULL DEFAULT '',
  registration_no TEXT NOT NULL DEFAULT '',
  purpose TEXT NOT NULL DEFAULT '',
  opened_on TEXT,
  note TEXT NOT NULL DEFAULT '',
  updated_at TEXT NOT NULL
) STRICT;
`;
