/** 投诉登记 and 直播合规记录: what buyers complained of, and what was said in a live sale. Conventions: see 0010. */
export const sql = `
CREATE TABLE complaint (
  id INTEGER PRIMARY KEY,
  -- KS-2026-001.
  number TEXT NOT NULL UNIQUE,
  order_id INTEGER REFERENCES sales_order (id),
  received_on TEXT NOT NULL,
  -- Last day of the answer, as the platform or the buyer set it.
  due_on TEXT,
  channel TEXT NOT NULL CHECK (channel IN ('platform','email','phone','authority','other')),
  kind TEXT NOT NULL CHECK (kind IN ('quality','damaged','missing','late','description','safety','refund','other')),
  buyer TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL CHECK (text <> ''),
  demand TEXT NOT NULL DEFAULT '',
  -- What is asked for, in the order's currency or another; null: nothing said.
  currency TEXT,
  amount_minor INTEGER CHECK (amount_minor > 0),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','answered','closed')),
  outcome TEXT CHECK (outcome IN ('refund','resend','return','explained','declined','withdrawn')),
  closed_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((currency IS NULL) = (amount_minor IS NULL)),
  CHECK ((state = 'closed') = (outcome IS NOT NULL)),
  CHECK ((state = 'closed') = (closed_on IS NOT NULL))
) STRICT;
CREATE INDEX complaint_state ON complaint (state, due_on);
CREATE INDEX complaint_order ON complaint (order_id) WHERE order_id IS NOT NULL;

-- What was said and done, in order; never changed.
CREATE TABLE complaint_step (
  id INTEGER PRIMARY KEY,
  complaint_id INTEGER NOT NULL REFERENCES complaint (id),
  state TEXT NOT NULL CHECK (state IN ('open','answered','closed')),
  text TEXT NOT NULL CHECK (text <> ''),
  by_name TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX complaint_step_of ON complaint_step (complaint_id, id);
CREATE TRIGGER complaint_step_kept BEFORE UPDATE ON complaint_step
  BEGIN SELECT RAISE(ABORT, 'a step of a complaint is kept'); END;
CREATE TRIGGER complaint_step_stays BEFORE DELETE ON complaint_step
  BEGIN SELECT RAISE(ABORT, 'a step of a complaint is kept'); END;

CREATE TABLE live_session (
  id INTEGER PRIMARY KEY,
  -- ZB-2026-001.
  number TEXT NOT NULL UNIQUE,
  held_on TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX live_session_day ON live_session (held_on);
`;
