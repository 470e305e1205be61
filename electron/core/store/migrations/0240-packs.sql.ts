/** Signed packs of code tables (参数表) and rules, who may issue them, and the rules a document was checked with. */
export const sql = `
-- Who issues packs. Named by a platform is not trusted: a person trusts, by comparing the fingerprint.
CREATE TABLE pack_issuer (
  -- First 32 hex digits of the SHA-256 of the key.
  key_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  -- Ed25519, base64 of the SubjectPublicKeyInfo.
  public_key TEXT NOT NULL,
  -- Name of the endpoint that told of it; empty: entered by a person.
  named_by TEXT NOT NULL,
  trusted_at TEXT
) STRICT, WITHOUT ROWID;

-- Every pack that came with a good signature, in force or not.
CREATE TABLE pack (
  id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  kind TEXT NOT NULL CHECK (kind IN ('tables','rules')),
  valid_from TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  key_id TEXT NOT NULL REFERENCES pack_issuer (key_id),
  -- As it was signed, JSON.
  manifest TEXT NOT NULL,
  -- What is in it, JSON: id, digest, rows, source and state of the world of each table; id of each rule pack.
  parts TEXT NOT NULL,
  -- The bytes that were signed for, gzip.
  body BLOB NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('line','file')),
  -- Name of the endpoint or of the file.
  source_name TEXT NOT NULL,
  received_at TEXT NOT NULL,
  taken_at TEXT,
  in_force INTEGER NOT NULL DEFAULT 0 CHECK (in_force IN (0,1)),
  PRIMARY KEY (id, version)
) STRICT;
CREATE UNIQUE INDEX pack_in_force ON pack (id) WHERE in_force = 1;
CREATE TRIGGER pack_frozen BEFORE UPDATE OF id, version, kind, valid_from, sha256, key_id, manifest, parts, body ON pack
  BEGIN SELECT RAISE(ABORT, 'a pack is immutable'); END;
CREATE TRIGGER pack_kept BEFORE DELETE ON pack BEGIN SELECT RAISE(ABORT, 'a pack is kept'); END;

-- What a platform offered and the book refused, the last time it was asked.
CREATE TABLE pack_refusal (
  endpoint TEXT NOT NULL,
  endpoint_name TEXT NOT NULL,
  pack_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (endpoint, pack_id, version)
) STRICT, WITHOUT ROWID;

-- Version of the rules a document was checked with; empty: not checked since books keep it.
ALTER TABLE document ADD COLUMN rules_version TEXT NOT NULL DEFAULT '';
`;
