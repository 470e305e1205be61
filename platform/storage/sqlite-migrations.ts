/** Numbered, forward only; `user_version` says how far a file has come. The first fits files from before there were numbers. */
export const migrations = [
  `
CREATE TABLE IF NOT EXISTS enterprise (
  id INTEGER PRIMARY KEY,
  uscc TEXT NOT NULL UNIQUE,
  customs_code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS device (
  id TEXT PRIMARY KEY,
  enterprise_id INTEGER NOT NULL REFERENCES enterprise (id),
  public_key TEXT NOT NULL,
  enrolled_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
  seq INTEGER PRIMARY KEY,
  guid TEXT NOT NULL UNIQUE,
  enterprise_id INTEGER NOT NULL REFERENCES enterprise (id),
  device_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  bytes BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  received_at TEXT NOT NULL,
  receipt_id TEXT NOT NULL UNIQUE,
  resends INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER IF NOT EXISTS message_immutable BEFORE UPDATE OF guid, bytes, sha256, receipt_id ON message
  BEGIN SELECT RAISE(ABORT, 'a stored message is immutable'); END;
-- One row a business document; it is the work queue as well: next_step is what its next receipt will say.
CREATE TABLE IF NOT EXISTS document (
  id INTEGER PRIMARY KEY,
  message_seq INTEGER NOT NULL REFERENCES message (seq),
  enterprise_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  business_key TEXT NOT NULL,
  order_no TEXT NOT NULL,
  logistics_no TEXT NOT NULL,
  app_type TEXT NOT NULL,
  body TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending','accepted','rejected','released','replaced')),
  next_step TEXT,
  due_at_ms INTEGER NOT NULL,
  waits_since_ms INTEGER,
  duplicate INTEGER NOT NULL DEFAULT 0,
  pre_no TEXT,
  invt_no TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS document_work ON document (due_at_ms, message_seq, id) WHERE next_step IS NOT NULL;
CREATE INDEX IF NOT EXISTS document_key ON document (enterprise_id, kind, business_key);
CREATE INDEX IF NOT EXISTS document_order ON document (enterprise_id, kind, order_no);
CREATE INDEX IF NOT EXISTS document_logistics ON document (enterprise_id, kind, logistics_no);
CREATE INDEX IF NOT EXISTS document_number ON document (enterprise_id, kind, invt_no) WHERE invt_no IS NOT NULL;
CREATE TABLE IF NOT EXISTS receipt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  enterprise_id INTEGER NOT NULL,
  message_guid TEXT NOT NULL,
  kind TEXT NOT NULL,
  xml TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS receipt_cursor ON receipt (enterprise_id, id);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rate (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  currency TEXT NOT NULL,
  date TEXT NOT NULL,
  cny_per_unit TEXT NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (kind, currency, date)
) STRICT;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE clock (
  enterprise_id INTEGER PRIMARY KEY REFERENCES enterprise (id),
  return_ms INTEGER NOT NULL,
  notice_s INTEGER NOT NULL
) STRICT;
-- Times were counted for all enterprises together before.
INSERT INTO clock (enterprise_id, return_ms, notice_s)
  SELECT id, coalesce((SELECT value FROM counter WHERE name = 'returnTime'), 0),
    coalesce((SELECT value FROM counter WHERE name = 'noticeTime'), 0) FROM enterprise;
CREATE TABLE product (
  enterprise_id INTEGER NOT NULL REFERENCES enterprise (id),
  item_no TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (enterprise_id, item_no, version)
) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE data_request (
  id INTEGER PRIMARY KEY,
  enterprise_id INTEGER NOT NULL REFERENCES enterprise (id),
  session_id TEXT NOT NULL,
  order_no TEXT NOT NULL,
  service_time INTEGER NOT NULL,
  answer TEXT,
  UNIQUE (enterprise_id, session_id)
) STRICT;
`,
  `
ALTER TABLE device ADD COLUMN revoked_at TEXT;
-- Devices that wait for somebody to vouch for them: no enterprise has a row because of one.
CREATE TABLE enrolment (
  device_id TEXT PRIMARY KEY,
  uscc TEXT NOT NULL,
  customs_code TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  asked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE milestone (
  id INTEGER PRIMARY KEY,
  enterprise_id INTEGER NOT NULL REFERENCES enterprise (id),
  told_id TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (enterprise_id, told_id)
) STRICT;
`,
  'CREATE INDEX message_arrival ON message (enterprise_id, seq);',
] as const;
