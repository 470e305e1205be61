/** Financing data packs (融资数据包): what was made of the book for whom, with whose consent, and what was given out. Conventions: see 0010. */
export const sql = `
CREATE TABLE financing_pack (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  bank TEXT NOT NULL,
  purpose TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  -- Names of the sections, as JSON.
  sections TEXT NOT NULL CHECK (json_valid(sections)),
  consent_name TEXT NOT NULL,
  consent_at TEXT NOT NULL,
  consent_version TEXT NOT NULL,
  consent_sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  -- Of the contents list.
  list_sha256 TEXT NOT NULL,
  made_at TEXT NOT NULL,
  CHECK (from_on <= to_on)
) STRICT;
CREATE INDEX financing_pack_list ON financing_pack (list_sha256);
CREATE TABLE financing_given (
  id INTEGER PRIMARY KEY,
  pack_id INTEGER NOT NULL REFERENCES financing_pack (id),
  to_whom TEXT NOT NULL,
  given_on TEXT NOT NULL,
  how TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  noted_at TEXT NOT NULL
) STRICT;
CREATE INDEX financing_given_pack ON financing_given (pack_id);
-- What was given is never taken back.
CREATE TRIGGER financing_pack_stands BEFORE UPDATE ON financing_pack BEGIN SELECT RAISE(ABORT, 'a financing pack stands as it was made'); END;
CREATE TRIGGER financing_pack_kept BEFORE DELETE ON financing_pack BEGIN SELECT RAISE(ABORT, 'a financing pack is kept'); END;
CREATE TRIGGER financing_given_stands BEFORE UPDATE ON financing_given BEGIN SELECT RAISE(ABORT, 'what was given stands'); END;
CREATE TRIGGER financing_given_kept BEFORE DELETE ON financing_given BEGIN SELECT RAISE(ABORT, 'what was given is kept'); END;
`;
