/** The bytes of messages beside them, and what a queue is asked again and again from indices alone. Conventions: see 0010. */
export const sql = `
-- A message moves several times and is looked at often; its bytes, up to megabytes, are written once and read once. In a row of their own
-- they are neither read past nor written anew with every move.
CREATE TABLE message_bytes (
  seq INTEGER PRIMARY KEY REFERENCES message (seq),
  -- While unsigned: the canonical text that the signature will cover. From then on with the signature in it.
  bytes BLOB NOT NULL
) STRICT;
INSERT INTO message_bytes (seq, bytes) SELECT seq, bytes FROM message ORDER BY seq;
DROP TRIGGER message_frozen;
ALTER TABLE message DROP COLUMN bytes;

-- Bytes and hash change in one moment only: when the signature is put in, by which the message leaves its first state.
CREATE TRIGGER message_frozen BEFORE UPDATE OF seq, sha256, guid, kind ON message
  WHEN NOT (OLD.state = 'unsigned' AND NEW.state = 'queued' AND NEW.guid = OLD.guid AND NEW.kind = OLD.kind AND NEW.seq = OLD.seq)
  BEGIN SELECT RAISE(ABORT, 'a frozen message is immutable'); END;
CREATE TRIGGER message_bytes_frozen BEFORE UPDATE ON message_bytes
  WHEN NEW.seq <> OLD.seq OR NOT EXISTS (
    SELECT 1 FROM message m JOIN message_signature s ON s.message_guid = m.guid
    WHERE m.seq = OLD.seq AND m.state = 'unsigned' AND s.signed_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'a frozen message is immutable'); END;
CREATE TRIGGER message_bytes_kept BEFORE DELETE ON message_bytes BEGIN SELECT RAISE(ABORT, 'a message is kept'); END;

-- Whether the other papers of an order are far enough along is asked for every document of every message that might leave.
DROP INDEX document_order;
CREATE INDEX document_order ON document (order_id, kind, state);
`;
