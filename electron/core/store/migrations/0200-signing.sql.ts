/** Signing as a step of its own (签名), and the device's keys over time. Conventions: see 0010. */
export const sql = `
-- A message may wait for its signature. The table is remade for that one more state; triggers and index are those of 0010 but for the first.
CREATE TABLE message_200 (
  guid TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL UNIQUE,
  -- While unsigned: the canonical text that the signature will cover. From then on with the signature in it.
  bytes BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  documents INTEGER NOT NULL CHECK (documents BETWEEN 1 AND 100),
  signature_kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('unsigned','queued','sending','unknown','sent','refused','withdrawn')),
  depends_on INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT NOT NULL,
  lease_until TEXT,
  last_error TEXT,
  transport_receipt TEXT,
  queued_at TEXT NOT NULL,
  sent_at TEXT
) STRICT;
INSERT INTO message_200 (guid, kind, seq, bytes, sha256, documents, signature_kind, state, depends_on, attempts,
    next_attempt_at, lease_until, last_error, transport_receipt, queued_at, sent_at)
  SELECT guid, kind, seq, bytes, sha256, documents, signature_kind, state, depends_on, attempts,
    next_attempt_at, lease_until, last_error, transport_receipt, queued_at, sent_at FROM message;
DROP TABLE message;
ALTER TABLE message_200 RENAME TO message;
CREATE INDEX message_due ON message (state, next_attempt_at, seq);
CREATE TRIGGER message_kept BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'a message is kept'); END;
CREATE TRIGGER tally_message_insert AFTER INSERT ON message BEGIN
  INSERT INTO tally (area, state, n) VALUES ('message', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_message_delete AFTER DELETE ON message BEGIN
  INSERT INTO tally (area, state, n) VALUES ('message', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_message_update AFTER UPDATE OF state ON message WHEN OLD.state <> NEW.state BEGIN
  INSERT INTO tally (area, state, n) VALUES ('message', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n;
  INSERT INTO tally (area, state, n) VALUES ('message', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;

-- One row a message that is to be signed: how often it was tried and why it did not work; then, once and for ever, by what it was signed.
CREATE TABLE message_signature (
  message_guid TEXT PRIMARY KEY REFERENCES message (guid),
  -- Of the canonical text without a signature.
  frozen_sha256 TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- A code of the refusals, and its parameters.
  problem TEXT,
  problem_params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(problem_params)),
  tried_at TEXT,
  -- NULL: it waits for a person.
  next_try_at TEXT,
  signed_sha256 TEXT,
  profile TEXT,
  signature_method TEXT,
  digest_method TEXT,
  subject TEXT,
  serial TEXT,
  not_before TEXT,
  not_after TEXT,
  certificate BLOB,
  signed_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TRIGGER message_signature_once BEFORE UPDATE ON message_signature WHEN OLD.signed_at IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a message is signed once'); END;
CREATE TRIGGER message_signature_frozen BEFORE UPDATE OF message_guid, frozen_sha256 ON message_signature
  BEGIN SELECT RAISE(ABORT, 'what is to be signed is immutable'); END;
CREATE TRIGGER message_signature_kept BEFORE DELETE ON message_signature
  BEGIN SELECT RAISE(ABORT, 'a signature is kept'); END;

-- The bytes change in one moment only: when the signature is put in, by which the message leaves its first state.
CREATE TRIGGER message_frozen BEFORE UPDATE OF bytes, sha256, guid, kind ON message
  WHEN NOT (OLD.state = 'unsigned' AND NEW.state = 'queued' AND NEW.guid = OLD.guid AND NEW.kind = OLD.kind)
  BEGIN SELECT RAISE(ABORT, 'a frozen message is immutable'); END;
CREATE TRIGGER message_unsigned BEFORE UPDATE OF state ON message
  WHEN OLD.state = 'unsigned' AND NEW.state = 'queued' AND NOT EXISTS (
    SELECT 1 FROM message_signature s WHERE s.message_guid = NEW.guid AND s.frozen_sha256 = OLD.sha256
      AND s.signed_sha256 = NEW.sha256 AND s.signed_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'an unsigned message is not queued'); END;

-- A key that another took the place of: the private half is gone, the public one stays for what it signed.
ALTER TABLE device_key ADD COLUMN retired_at TEXT;
ALTER TABLE device_key ADD COLUMN retire_reason TEXT;

-- What customs asks about orders of import retail (实时获取支付相关原始数据), with the answer exactly as it was uploaded.
CREATE TABLE data_request (
  session_id TEXT PRIMARY KEY,
  endpoint TEXT NOT NULL,
  order_no TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  received_at TEXT NOT NULL,
  -- open: waits for a person; ready: answered and signed, to be uploaded; answered, declined: over.
  state TEXT NOT NULL CHECK (state IN ('open','ready','answered','declined')),
  -- Why it is not answered by itself: a code of the refusals, or the reason of who declined.
  problem TEXT,
  answer TEXT,
  serial TEXT,
  prepared_at TEXT,
  prepared_by TEXT CHECK (prepared_by IN ('user','rule')),
  reply_code TEXT,
  reply_message TEXT,
  answered_at TEXT,
  CHECK (state IN ('open','declined') OR answer IS NOT NULL)
) STRICT;
CREATE INDEX data_request_state ON data_request (state, asked_at);
CREATE INDEX data_request_order ON data_request (order_no);
CREATE TRIGGER data_request_kept BEFORE DELETE ON data_request BEGIN SELECT RAISE(ABORT, 'a request is kept'); END;
CREATE TRIGGER data_request_frozen BEFORE UPDATE OF answer ON data_request WHEN OLD.state IN ('ready','answered')
  AND NEW.answer IS NOT OLD.answer BEGIN SELECT RAISE(ABORT, 'an answer is immutable'); END;

-- The payment as it went through the payment firm, by order: what documents have no field for. JSON of the interface's names.
CREATE TABLE payment_original (
  order_no TEXT PRIMARY KEY,
  body TEXT NOT NULL CHECK (json_valid(body)),
  saved_at TEXT NOT NULL
) STRICT;
`;
