/** What left before a book was brought back from a copy: as receipts tell, and as a person says of each document. Conventions: see 0010. */
export const sql = `
-- Documents that receipts without a message speak of; the word of the latest counts.
CREATE TABLE left_before (
  kind TEXT NOT NULL,
  -- As in document.business_key.
  number TEXT NOT NULL,
  message_guid TEXT NOT NULL,
  status_time TEXT NOT NULL,
  -- Sent back: it may be filed again.
  is_refused INTEGER NOT NULL CHECK (is_refused IN (0,1)),
  PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE left_word (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  -- asked: as the copy had it, its endpoint could not tell; sending it elsewhere by now answers nothing.
  word TEXT NOT NULL CHECK (word IN ('asked','left','never')),
  said_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER document_disown BEFORE UPDATE OF state ON document
  WHEN OLD.state = 'sent' AND NEW.state = 'draft' AND OLD.message_guid IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'what a message took along was sent'); END;
`;
