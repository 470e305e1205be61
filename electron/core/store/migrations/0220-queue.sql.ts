/** The queue as its user reads and steers it, what the platform holds differently, and the state tables in the book itself. */
export const sql = `
-- The pairs of states that the program's tables allow; written anew when a program with other tables opens the book.
CREATE TABLE legal_move (
  machine TEXT NOT NULL CHECK (machine IN ('message','document')),
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (machine, from_state, to_state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER message_move BEFORE UPDATE OF state ON message
  WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM legal_move WHERE machine = 'message' AND from_state = OLD.state AND to_state = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'not a move of the message table'); END;
CREATE TRIGGER document_move BEFORE UPDATE OF state ON document
  WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM legal_move WHERE machine = 'document' AND from_state = OLD.state AND to_state = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'not a move of the document table'); END;

-- Steering: -1 later, 0 as it comes, 1 sooner, 2 urgent. A held message waits until the user lets it go.
ALTER TABLE message ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1 AND 2);
ALTER TABLE message ADD COLUMN held_at TEXT;

-- Which field of the receipt the number at customs came in: a better one takes its place, another of the same is a conflict.
ALTER TABLE document ADD COLUMN platform_no_field TEXT;
CREATE INDEX receipt_message ON receipt (message_guid);

-- One circuit an endpoint: what is known of the way there, and until when it is left alone.
CREATE TABLE circuit (
  endpoint TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('closed','open','half-open')),
  failures INTEGER NOT NULL,
  trips INTEGER NOT NULL,
  code TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  last_success_at TEXT
) STRICT, WITHOUT ROWID;

-- What the platform holds differently. Open until a person has chosen; nothing is overwritten before.
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('state','number','content')),
  document_id INTEGER REFERENCES document (id),
  message_guid TEXT REFERENCES message (guid),
  receipt_id INTEGER REFERENCES receipt (id),
  ours TEXT NOT NULL,
  theirs TEXT NOT NULL,
  agreed TEXT,
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  found_at TEXT NOT NULL,
  choice TEXT CHECK (choice IN ('ours','theirs')),
  reason TEXT,
  chosen_at TEXT,
  CHECK ((choice IS NULL) = (chosen_at IS NULL)),
  CHECK ((document_id IS NULL) <> (message_guid IS NULL))
) STRICT;
CREATE INDEX conflict_open ON conflict (id) WHERE choice IS NULL;
CREATE INDEX conflict_document ON conflict (document_id, kind);
CREATE INDEX conflict_message ON conflict (message_guid) WHERE message_guid IS NOT NULL;
CREATE TRIGGER conflict_kept BEFORE DELETE ON conflict BEGIN SELECT RAISE(ABORT, 'a conflict is kept'); END;
CREATE TRIGGER conflict_decided BEFORE UPDATE ON conflict WHEN OLD.choice IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a decided conflict is kept as it was decided'); END;
`;
