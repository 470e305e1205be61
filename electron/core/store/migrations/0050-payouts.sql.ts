/**
 * Payouts of marketplaces and payment institutions (平台结算单): what each says it paid and every line that it is made of.
 * Conventions: see 0010. A line of a payout never changes; what it counts as (its category) belongs to its kind and may.
 */
export const sql = `
-- Kinds of lines: what a platform calls them and what the firm counts them as. A category that a person gave (taught) is for all
-- payouts of the platform, those to come as well.
CREATE TABLE payout_kind (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  -- As the file has them: kind of transaction, and description of the amount.
  type TEXT NOT NULL,
  detail TEXT NOT NULL,
  category TEXT NOT NULL,
  taught INTEGER NOT NULL DEFAULT 0 CHECK (taught IN (0,1)),
  updated_at TEXT NOT NULL,
  UNIQUE (platform, type, detail)
) STRICT;

CREATE TABLE payout (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  -- Layout of the file, e.g. amazon-settlement-v2.
  layout TEXT NOT NULL,
  store TEXT NOT NULL DEFAULT '',
  -- The platform's own number of the settlement (结算编号); of a report without one, its days.
  number TEXT NOT NULL,
  -- First and last day, in the zone of the file, which zone names (UTC, PDT; empty: the file does not say).
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  zone TEXT NOT NULL DEFAULT '',
  deposit_on TEXT,
  currency TEXT NOT NULL,
  -- Sum of all lines but transfers, and what the file itself says was paid out; NULL: it does not say.
  total_minor INTEGER NOT NULL,
  deposit_minor INTEGER,
  -- Held back of earlier payouts and of this one (预留金); positive: owed to the firm. Not paid out yet by the file's own word: unavailable.
  reserve_opening_minor INTEGER NOT NULL DEFAULT 0,
  reserve_closing_minor INTEGER NOT NULL DEFAULT 0,
  unavailable_minor INTEGER NOT NULL DEFAULT 0,
  lines INTEGER NOT NULL DEFAULT 0,
  orders INTEGER NOT NULL DEFAULT 0,
  -- What the lines were proved against: the stated deposit, transfers in the file, the total of each row, or nothing.
  proof TEXT NOT NULL CHECK (proof IN ('deposit','transfer','rows','none')),
  -- Of all lines, whatever their order in the file: the same settlement downloaded again has the same digest.
  digest TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  findings TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(findings)),
  party_id INTEGER REFERENCES party (id),
  state TEXT NOT NULL CHECK (state IN ('entered','void')),
  reason TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX payout_number ON payout (platform, store, number) WHERE state = 'entered';
CREATE INDEX payout_list ON payout (to_on, id);
CREATE INDEX payout_chain ON payout (platform, store, currency, from_on) WHERE state = 'entered';
CREATE TRIGGER payout_no_delete BEFORE DELETE ON payout BEGIN SELECT RAISE(ABORT, 'a payout is voided, not deleted'); END;

-- The lines of a kind on a day, added up: what explosions, months and postings read. The day in China, whose month it is booked in,
-- and in the zone of the file.
CREATE TABLE payout_day (
  id INTEGER PRIMARY KEY,
  payout_id INTEGER NOT NULL REFERENCES payout (id),
  kind_id INTEGER NOT NULL REFERENCES payout_kind (id),
  posted_on TEXT NOT NULL,
  own_on TEXT NOT NULL,
  lines INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  UNIQUE (payout_id, kind_id, posted_on, own_on)
) STRICT;
CREATE INDEX payout_day_kind ON payout_day (kind_id);

-- The orders a payout names, with what the buyer paid (goods, shipping, gift wrap, less promotions: gross), what the platform
-- kept of it, what went back to the buyer. An order may be in several payouts.
-- Within a payout it is there once, which the reader sees to.
CREATE TABLE payout_order (
  payout_id INTEGER NOT NULL REFERENCES payout (id),
  ref INTEGER NOT NULL,
  order_no TEXT NOT NULL,
  -- Day in China of its last line.
  last_on TEXT NOT NULL,
  gross_minor INTEGER NOT NULL DEFAULT 0,
  refund_minor INTEGER NOT NULL DEFAULT 0,
  kept_minor INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (payout_id, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX payout_order_no ON payout_order (order_no);

-- Every figure of the file, by its place in it, in blocks: a line never changes and is only read along with its neighbours, and so a
-- settlement of 100,000 lines is written in the time it takes to read it. A block has runs of lines that follow each other in the file
-- and differ in kind and amount alone, as those of an order do: [place of the first in the block from 0, its source row, ref of
-- payout_order or null, SKU or null, quantity scaled by 10^5 or null, [[day_id, minor units], ...]]. Equal lines, which are legal, are
-- told apart by their place alone.
CREATE TABLE payout_block (
  payout_id INTEGER NOT NULL REFERENCES payout (id),
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL,
  lines TEXT NOT NULL,
  PRIMARY KEY (payout_id, first_line)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER payout_block_no_update BEFORE UPDATE ON payout_block
  BEGIN SELECT RAISE(ABORT, 'a line of a payout never changes'); END;
CREATE TRIGGER payout_block_no_delete BEFORE DELETE ON payout_block
  BEGIN SELECT RAISE(ABORT, 'a line of a payout never changes'); END;
-- The lines one by one; last_line of their block lets a reader skip blocks.
CREATE VIEW payout_line (payout_id, line, last_line, source_row, day_id, order_ref, sku, qty_e5, amount_minor) AS
  SELECT b.payout_id, b.first_line + (r.value ->> 0) + l.key, b.last_line, (r.value ->> 1) + l.key, l.value ->> 0, r.value ->> 2,
    r.value ->> 3, r.value ->> 4, l.value ->> 1
  FROM payout_block b, json_each(b.lines) r, json_each(r.value, '$[5]') l;

-- The source document by which a month of a payout is in the ledger.
CREATE TABLE payout_month (
  payout_id INTEGER NOT NULL REFERENCES payout (id),
  month TEXT NOT NULL,
  source_document_id INTEGER NOT NULL REFERENCES source_document (id),
  PRIMARY KEY (payout_id, month)
) STRICT, WITHOUT ROWID;
CREATE INDEX payout_month_document ON payout_month (source_document_id);
`;
