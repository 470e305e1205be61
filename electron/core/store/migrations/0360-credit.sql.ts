/** Ratings, certificates and decisions on the firm (信用记录), pledges of good faith (信用承诺). Conventions: see 0010. */
export const sql = `
CREATE TABLE credit_record (
  id INTEGER PRIMARY KEY,
  -- Papers are on file under it (archive_paper, subject 'credit-record').
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('rating','mark','decision')),
  date TEXT NOT NULL,
  valid_to TEXT,
  body TEXT NOT NULL CHECK (json_valid(body)),
  -- Entered by mistake: counts no more, stays to be seen.
  removed_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= date)
) STRICT;
CREATE INDEX credit_record_date ON credit_record (kind, date);

CREATE TABLE credit_pledge (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  template TEXT NOT NULL,
  template_version TEXT NOT NULL,
  title TEXT NOT NULL,
  -- draft: its blanks may be filled; signed: its text stands; revoked: wanted no more, what was accepted is taken back by a filing.
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft','signed','revoked')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  -- Paragraphs as they were signed, and their hash.
  text TEXT CHECK (text IS NULL OR json_valid(text)),
  text_sha256 TEXT,
  signed_on TEXT,
  -- The number and day of the platform's acceptance, while it stands.
  accept_no TEXT,
  accepted_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (state <> 'signed' OR (text IS NOT NULL AND text_sha256 IS NOT NULL AND signed_on IS NOT NULL))
) STRICT;
CREATE TRIGGER credit_pledge_signed BEFORE UPDATE OF template, template_version, body, text, text_sha256, signed_on ON credit_pledge
  WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a signed pledge stands as it was signed'); END;
-- As in 0270: a filing that says no longer what the book does is marked in the transaction that changes it.
CREATE TRIGGER document_pledge_changed AFTER UPDATE OF state ON credit_pledge WHEN OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'pledge' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'pledge' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'revoked';
END;
CREATE TRIGGER document_pledge_profile_changed AFTER UPDATE OF body ON profile
  WHEN (OLD.body ->> '$.name', OLD.body ->> '$.uscc') IS NOT (NEW.body ->> '$.name', NEW.body ->> '$.uscc') BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'pledge' AND state NOT IN ('superseded','withdrawn');
END;
`;
