/** Entry of documents (录单): templates, copies, the place of the cursor, the grid of goods. Conventions: see 0010. */
export const sql = `
-- Where the cursor was left in a document, what was being typed, and which carried-over facts nobody has looked at yet.
CREATE TABLE entry_place (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  -- NULL: nothing is being typed.
  typed TEXT,
  caret INTEGER,
  is_open INTEGER NOT NULL DEFAULT 1 CHECK (is_open IN (0,1)),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX entry_place_open ON entry_place (at) WHERE is_open = 1;

CREATE TABLE entry_fact (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  -- The document it was copied from.
  source_id INTEGER,
  unconfirmed TEXT NOT NULL CHECK (json_valid(unconfirmed))
) STRICT;

CREATE TABLE entry_template (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  client TEXT NOT NULL,
  product TEXT NOT NULL,
  mode TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  updated_at TEXT NOT NULL,
  UNIQUE (kind, name)
) STRICT;

-- How this book arranges the fields of a message.
CREATE TABLE entry_layout (
  kind TEXT PRIMARY KEY,
  layout TEXT NOT NULL CHECK (json_valid(layout))
) STRICT;

-- Filters of the list of documents, saved by name.
CREATE TABLE entry_view (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  filter TEXT NOT NULL CHECK (json_valid(filter))
) STRICT;
`;
