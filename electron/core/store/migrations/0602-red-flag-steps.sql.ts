/** What persons did with a red flag (风险提示), step by step: a note is never written over. Conventions: see 0010. */
export const sql = `
CREATE TABLE red_flag_step (
  id INTEGER PRIMARY KEY,
  flag_id INTEGER NOT NULL REFERENCES red_flag (id),
  event TEXT NOT NULL CHECK (event IN ('assigned','closed','reopened')),
  owner TEXT NOT NULL DEFAULT '',
  -- What is done, why it was closed, why it is open again.
  note TEXT NOT NULL DEFAULT '',
  due_on TEXT,
  -- The clerk at work; empty: the book has none.
  by_name TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL
) STRICT;
CREATE INDEX red_flag_step_of ON red_flag_step (flag_id, id);
-- What stands of flags closed before.
INSERT INTO red_flag_step (flag_id, event, owner, note, by_name, at)
  SELECT id, 'closed', owner, note, closed_by, closed_at FROM red_flag WHERE state = 'closed' AND closed_at IS NOT NULL;
CREATE TRIGGER red_flag_step_fixed BEFORE UPDATE ON red_flag_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER red_flag_step_kept BEFORE DELETE ON red_flag_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
`;
