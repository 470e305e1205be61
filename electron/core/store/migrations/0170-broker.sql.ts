/** The broker’s desk (报关行): delegations, maker and checker, fee notes. Conventions: see 0010. */
export const sql = `
-- 代理报关委托: who lets whom declare, for what, how long. Whether it is in force on a day follows from the dates; its paper is on file under
-- its id (archive_paper, subject 'delegation').
CREATE TABLE delegation (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  principal_name TEXT NOT NULL,
  principal_uscc TEXT NOT NULL,
  -- 10-digit customs codes; empty: not known. A document may name a firm by either code.
  principal_customs TEXT NOT NULL DEFAULT '',
  agent_name TEXT NOT NULL,
  agent_uscc TEXT NOT NULL,
  agent_customs TEXT NOT NULL DEFAULT '',
  -- JSON arrays: supervision modes (监管方式) and messages; empty: all.
  modes TEXT NOT NULL CHECK (json_valid(modes)),
  kinds TEXT NOT NULL CHECK (json_valid(kinds)),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  revoked_on TEXT,
  revoke_reason TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (from_on <= until_on)
) STRICT;

-- 制单与复核 ------------------------------------------------------------------------------------------------------------
-- People of the firm by name. No passwords: who sits at the desk says who he is.
CREATE TABLE clerk (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0,1)),
  created_at TEXT NOT NULL
) STRICT;

-- Whose hands a document went through, each with the last time; the latest is its maker (制单人).
CREATE TABLE document_hand (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  clerk_id INTEGER NOT NULL REFERENCES clerk (id),
  at TEXT NOT NULL,
  PRIMARY KEY (document_id, clerk_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_hand_clerk ON document_hand (clerk_id);
${['INSERT', 'UPDATE OF body']
  .map(
    (event, at) => `
CREATE TRIGGER document_hand_${at} AFTER ${event} ON document
  WHEN ${at === 0 ? '' : 'OLD.body <> NEW.body AND '}EXISTS (SELECT 1 FROM setting WHERE key = 'clerk.current')
BEGIN
  INSERT INTO document_hand (document_id, clerk_id, at)
  SELECT NEW.id, CAST(value AS INTEGER), NEW.updated_at FROM setting WHERE key = 'clerk.current'
  ON CONFLICT (document_id, clerk_id) DO UPDATE SET at = excluded.at;
END;`,
  )
  .join('')}

-- What the checker found, at a field or (empty path) of the document as a whole; kept when it is settled.
CREATE TABLE review_mark (
  id INTEGER PRIMARY KEY,
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  comment TEXT NOT NULL,
  clerk_id INTEGER NOT NULL REFERENCES clerk (id),
  -- Whose work it was found in.
  maker_id INTEGER REFERENCES clerk (id),
  marked_at TEXT NOT NULL,
  resolved_by INTEGER REFERENCES clerk (id),
  resolved_at TEXT,
  answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX review_mark_document ON review_mark (document_id);
CREATE INDEX review_mark_open ON review_mark (document_id) WHERE resolved_at IS NULL;

CREATE TABLE review_approval (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  clerk_id INTEGER NOT NULL REFERENCES clerk (id),
  at TEXT NOT NULL
) STRICT;
CREATE TRIGGER document_approved BEFORE UPDATE OF body, business_key ON document
  WHEN OLD.state IN ('draft','checked') AND EXISTS (SELECT 1 FROM review_approval WHERE document_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'an approved document is immutable'); END;

-- 代理费 -----------------------------------------------------------------------------------------------------------------
-- What a filed document costs its client; the closest line holds: message and mode, message, mode, any.
CREATE TABLE fee_tariff (
  id INTEGER PRIMARY KEY,
  -- Empty: any.
  kind TEXT NOT NULL,
  mode TEXT NOT NULL,
  fee_fen INTEGER NOT NULL CHECK (fee_fen >= 0),
  UNIQUE (kind, mode)
) STRICT;

-- Numbers without gaps; one drawn by mistake is voided with its reason, and its documents may be charged again.
CREATE TABLE fee_note (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  client_code TEXT NOT NULL,
  client_name TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  documents INTEGER NOT NULL,
  total_fen INTEGER NOT NULL,
  drawn_at TEXT NOT NULL,
  voided_at TEXT,
  void_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE fee_note_line (
  note_id INTEGER NOT NULL REFERENCES fee_note (id),
  position INTEGER NOT NULL,
  document_id INTEGER NOT NULL REFERENCES document (id),
  kind TEXT NOT NULL,
  mode TEXT NOT NULL,
  number TEXT NOT NULL,
  filed_on TEXT NOT NULL,
  fee_fen INTEGER NOT NULL,
  PRIMARY KEY (note_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_note_line_document ON fee_note_line (document_id);
CREATE TRIGGER fee_note_kept BEFORE DELETE ON fee_note BEGIN SELECT RAISE(ABORT, 'a fee note is voided, not deleted'); END;
CREATE TRIGGER fee_note_line_kept BEFORE UPDATE ON fee_note_line BEGIN SELECT RAISE(ABORT, 'a fee note is drawn once'); END;
`;
