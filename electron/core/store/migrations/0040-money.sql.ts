/**
 * Money from abroad (收付汇): accounts, what their statements say, records of receipts, settlements and payments, and what each
 * receipt pays for. Conventions: see 0010.
 *
 * Source documents and archived papers lose the list of kinds they may be of: which kinds there are is the contract's matter.
 */

/** Minor units from units scaled by 10^5, half-up, by the currency's digits. */
const toMinor = (e5: string): string => `CASE
  WHEN currency IN ('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XAG','XAU','XBA','XBB','XBC',
    'XBD','XDR','XOF','XPD','XPF','XPT','XSU','XTS','XUA','XXX') THEN (${e5} + 50000) / 100000
  WHEN currency IN ('BHD','IQD','JOD','KWD','LYD','OMR','TND') THEN (${e5} + 50) / 100
  WHEN currency IN ('CLF','UYW') THEN (${e5} + 5) / 10
  ELSE (${e5} + 500) / 1000 END`;

const due = `(CASE WHEN state = 'cancelled' THEN 0 ELSE ${toMinor('max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5)')} END)`;

/** Must agree with `referenceKey` of shared/matching/allocation.ts. */
const referenceKey = (number: string): string =>
  `upper(${['-', '_', '/', '.', ' '].reduce((text, mark) => `replace(${text}, '${mark}', '')`, number)})`;

/** Adds a line to what its declaration owes, or takes it off; a row of which nothing is left goes. */
const dueOf = (line: 'NEW' | 'OLD', sign: '+' | '-'): string => `
  INSERT OR IGNORE INTO declaration_settled (declaration_no, currency, export_date) VALUES (${line}.declaration_no, ${line}.currency, ${line}.export_date);
  UPDATE declaration_settled SET due_minor = due_minor ${sign} ${line}.fob_minor
    WHERE declaration_no = ${line}.declaration_no AND currency = ${line}.currency;
  UPDATE declaration_settled SET settled_on = NULL
    WHERE declaration_no = ${line}.declaration_no AND currency = ${line}.currency AND settled_on IS NOT NULL AND open_minor > 0;
  DELETE FROM declaration_settled WHERE declaration_no = ${line}.declaration_no AND currency = ${line}.currency
    AND due_minor = 0 AND settled_minor = 0 AND charge_minor = 0;`;

/** A line of what was paid before it was written is received from the start. */
const receivedBy = (owner: 'order' | 'declaration'): string => {
  const paid =
    owner === 'order'
      ? 'SELECT settled_on FROM sales_order WHERE id = NEW.order_id'
      : 'SELECT settled_on FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency';
  return `
  UPDATE export_line SET received_on = (${paid}), allocated_on = (${paid}) WHERE id = NEW.id AND received_on IS allocated_on;`;
};

export const sql = `
CREATE TABLE source_document_40 (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  date TEXT NOT NULL,
  party_id INTEGER REFERENCES party (id),
  order_id INTEGER REFERENCES sales_order (id),
  shipment_id INTEGER REFERENCES shipment (id),
  store TEXT,
  reference TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL CHECK (json_valid(body)),
  -- posted: its vouchers stand; waiting: for a rate or an opened period, see reason; void: taken back.
  state TEXT NOT NULL CHECK (state IN ('posted','waiting','void')),
  reason TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
INSERT INTO source_document_40 SELECT * FROM source_document;
DROP TABLE source_document;
ALTER TABLE source_document_40 RENAME TO source_document;
CREATE INDEX source_document_list ON source_document (kind, date, id);
CREATE INDEX source_document_state ON source_document (state, date, id);

CREATE TABLE archive_paper_40 (
  id INTEGER PRIMARY KEY,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  paper TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  added_at TEXT NOT NULL,
  removed_at TEXT
) STRICT;
INSERT INTO archive_paper_40 SELECT * FROM archive_paper;
DROP TABLE archive_paper;
ALTER TABLE archive_paper_40 RENAME TO archive_paper;
CREATE INDEX archive_paper_subject ON archive_paper (subject_kind, subject_id);
CREATE INDEX archive_paper_hash ON archive_paper (sha256);

-- Accounts (资金账户), one a currency: bank, payment institution (支付机构), platform wallet, free-trade account (自由贸易账户), a person's
-- own forex account (个人外汇账户). The whole number stands only here, in the sealed book; screens, prints and logs mask it.
CREATE TABLE money_account (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('bank','payment-institution','wallet','free-trade','personal')),
  place TEXT NOT NULL CHECK (place IN ('home','abroad')),
  name TEXT NOT NULL UNIQUE,
  -- Bank, payment institution with its licence number, or platform.
  institution TEXT NOT NULL DEFAULT '',
  licence_no TEXT NOT NULL DEFAULT '',
  -- ISO 3166 alpha-2 of where it is held.
  country TEXT NOT NULL DEFAULT 'CN',
  currency TEXT NOT NULL,
  number TEXT NOT NULL DEFAULT '',
  owner_kind TEXT NOT NULL CHECK (owner_kind IN ('firm','person','other')),
  owner TEXT NOT NULL DEFAULT '',
  ledger_account TEXT NOT NULL REFERENCES account (code),
  store TEXT,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

-- Records (收付款记录): receipt (收汇, in CNY 跨境人民币收款), payment (付汇), settlement (结汇), exchange (购汇 and other exchanges), transfer
-- between own accounts, refund to a buyer (退款) and from a supplier (退回), charge of a bank (手续费), interest on deposits (存款利息).
CREATE TABLE money_record (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('receipt','payment','settlement','exchange','transfer','refund-out','refund-in','fee','interest')),
  date TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES money_account (id),
  -- What the account was credited or debited with, in its currency, and what banks kept on the way besides.
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  fee_minor INTEGER NOT NULL DEFAULT 0 CHECK (fee_minor >= 0),
  -- The other side of a settlement, exchange or transfer.
  to_account_id INTEGER REFERENCES money_account (id),
  to_currency TEXT,
  to_amount_minor INTEGER CHECK (to_amount_minor > 0),
  to_fee_minor INTEGER NOT NULL DEFAULT 0 CHECK (to_fee_minor >= 0),
  -- In cents of USD at the rates in force on the date, for quotas; NULL while a rate is missing.
  usd_minor INTEGER,
  party_id INTEGER REFERENCES party (id),
  counterparty TEXT NOT NULL DEFAULT '',
  -- ISO 3166 alpha-2; empty: not known.
  counterparty_country TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL CHECK (channel IN ('bank','payment-institution','platform')),
  -- Advance (预收, 预付) or other, and the day the goods or the money are expected.
  nature TEXT NOT NULL DEFAULT 'other' CHECK (nature IN ('advance','other')),
  expected_on TEXT,
  -- Fields of the declaration (申报): codes, remark, method, numbers; see the contract.
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  reference TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  store TEXT,
  -- The record that this one pays back.
  refunds_id INTEGER REFERENCES money_record (id),
  source_document_id INTEGER REFERENCES source_document (id),
  -- Kept by triggers on allocation; fees count as received.
  allocated_minor INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('entered','void')),
  reason TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (allocated_minor BETWEEN 0 AND amount_minor + fee_minor)
) STRICT;
CREATE INDEX money_record_list ON money_record (date, id);
CREATE INDEX money_record_kind ON money_record (kind, date, id);
CREATE INDEX money_record_account ON money_record (account_id, date, id);
CREATE INDEX money_record_refunds ON money_record (refunds_id) WHERE refunds_id IS NOT NULL;
-- Who has paid for whom before.
CREATE INDEX money_record_payer ON money_record (counterparty) WHERE kind = 'receipt' AND counterparty <> '';
CREATE INDEX money_record_open ON money_record (currency, date) WHERE kind = 'receipt' AND state = 'entered' AND allocated_minor < amount_minor + fee_minor;

-- Lines of statements (流水), as imported: in positive, out negative. Identical lines are legal; occurrence tells them apart.
CREATE TABLE money_entry (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES money_account (id),
  date TEXT NOT NULL,
  time TEXT NOT NULL DEFAULT '',
  amount_minor INTEGER NOT NULL,
  fee_minor INTEGER NOT NULL DEFAULT 0,
  balance_minor INTEGER,
  counterparty TEXT NOT NULL DEFAULT '',
  counterparty_account TEXT NOT NULL DEFAULT '',
  reference TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  fingerprint TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  import_run_id INTEGER REFERENCES import_run (id),
  source_row INTEGER NOT NULL DEFAULT 0,
  -- open: nobody has said what it is; recorded: see record_id; ignored: with a reason.
  state TEXT NOT NULL CHECK (state IN ('open','recorded','ignored')),
  reason TEXT NOT NULL DEFAULT '',
  record_id INTEGER REFERENCES money_record (id),
  created_at TEXT NOT NULL,
  UNIQUE (account_id, fingerprint, occurrence)
) STRICT;
CREATE INDEX money_entry_list ON money_entry (account_id, date, id);
CREATE INDEX money_entry_state ON money_entry (state, date, id);
CREATE INDEX money_entry_record ON money_entry (record_id) WHERE record_id IS NOT NULL;

-- What an imported statement proved (对账单): first and last day, opening and closing balance where it has a balance column, and how often
-- a balance was not the one before it and the amount together.
CREATE TABLE money_statement (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES money_account (id),
  import_run_id INTEGER NOT NULL REFERENCES import_run (id),
  from_date TEXT NOT NULL,
  to_date TEXT NOT NULL,
  entries INTEGER NOT NULL,
  in_minor INTEGER NOT NULL,
  out_minor INTEGER NOT NULL,
  opening_minor INTEGER,
  balance_minor INTEGER,
  breaks INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  CHECK ((opening_minor IS NULL) = (balance_minor IS NULL))
) STRICT;
CREATE INDEX money_statement_account ON money_statement (account_id, to_date);

-- What an order owes (应收), and what of it was paid so far: money, and charges accepted in its place (手续费); in minor units of its
-- own currency (a test holds the digits against ISO 4217). An order that was cancelled whole owes nothing; below zero: paid too much.
ALTER TABLE sales_order ADD COLUMN settled_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sales_order ADD COLUMN charge_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sales_order ADD COLUMN due_minor INTEGER GENERATED ALWAYS AS (${due}) VIRTUAL;
ALTER TABLE sales_order ADD COLUMN open_minor INTEGER GENERATED ALWAYS AS (${due} - settled_minor - charge_minor) VIRTUAL;
-- The day the money that paid it in full came in; NULL while it is not, by the tolerance of the matching rule.
ALTER TABLE sales_order ADD COLUMN settled_on TEXT;
-- Its number as a bank slip may write it: capitals, without separators.
ALTER TABLE sales_order ADD COLUMN reference_key TEXT GENERATED ALWAYS AS (${referenceKey('order_no')}) VIRTUAL;
CREATE INDEX sales_order_open ON sales_order (currency, open_minor, order_date, id) WHERE open_minor > 0;
CREATE INDEX sales_order_over ON sales_order (order_date, id) WHERE open_minor < 0;
CREATE INDEX sales_order_buyer ON sales_order (customer, currency, order_date, id) WHERE open_minor > 0;
CREATE INDEX sales_order_reference ON sales_order (reference_key);

-- Buyers by name, each once, and the words of their names: a payer is looked up by what is rare in its own.
CREATE TABLE buyer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE buyer_word USING fts5 (name, content='buyer', content_rowid='id', detail=none, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE buyer_word_count USING fts5vocab (buyer_word, 'row');
CREATE TRIGGER buyer_words AFTER INSERT ON buyer BEGIN
  INSERT INTO buyer_word (rowid, name) VALUES (NEW.id, NEW.name);
END;
INSERT INTO buyer (name) SELECT DISTINCT customer FROM sales_order WHERE customer <> '';
CREATE TRIGGER buyer_of_order AFTER INSERT ON sales_order WHEN NEW.customer <> ''
  AND NOT EXISTS (SELECT 1 FROM buyer WHERE name = NEW.customer) BEGIN
  INSERT INTO buyer (name) VALUES (NEW.customer);
END;

-- The same of a declaration or list, by its number as in export_line and by currency: what its lines that belong to no order of the
-- book come to. What belongs to an order is owed by the order.
CREATE TABLE declaration_settled (
  declaration_no TEXT NOT NULL,
  currency TEXT NOT NULL,
  export_date TEXT NOT NULL,
  due_minor INTEGER NOT NULL DEFAULT 0,
  settled_minor INTEGER NOT NULL DEFAULT 0,
  charge_minor INTEGER NOT NULL DEFAULT 0,
  open_minor INTEGER GENERATED ALWAYS AS (due_minor - settled_minor - charge_minor) VIRTUAL,
  settled_on TEXT,
  PRIMARY KEY (declaration_no, currency)
) STRICT, WITHOUT ROWID;
CREATE INDEX declaration_settled_open ON declaration_settled (currency, open_minor, export_date) WHERE open_minor > 0;
-- What this book itself wrote into received_on; a day that a person entered is left alone.
ALTER TABLE export_line ADD COLUMN allocated_on TEXT;
INSERT INTO declaration_settled (declaration_no, currency, export_date, due_minor)
  SELECT declaration_no, currency, min(export_date), sum(fob_minor) FROM export_line WHERE order_id IS NULL GROUP BY declaration_no, currency;
-- Inserts that ignore, then updates: the policy of the statement that fires a trigger would go before an upsert's.
CREATE TRIGGER export_line_due AFTER INSERT ON export_line WHEN NEW.order_id IS NULL BEGIN ${dueOf('NEW', '+')} ${receivedBy('declaration')} END;
CREATE TRIGGER export_line_due_gone AFTER DELETE ON export_line WHEN OLD.order_id IS NULL BEGIN ${dueOf('OLD', '-')} END;
CREATE TRIGGER export_line_due_left AFTER UPDATE OF declaration_no, currency, fob_minor, export_date, order_id ON export_line
  WHEN OLD.order_id IS NULL BEGIN ${dueOf('OLD', '-')} END;
CREATE TRIGGER export_line_due_came AFTER UPDATE OF declaration_no, currency, fob_minor, export_date, order_id ON export_line
  WHEN NEW.order_id IS NULL BEGIN ${dueOf('NEW', '+')} ${receivedBy('declaration')} END;
-- What leaves after it was paid (预收) is received from the start.
CREATE TRIGGER export_line_paid AFTER INSERT ON export_line WHEN NEW.order_id IS NOT NULL BEGIN ${receivedBy('order')} END;
CREATE TRIGGER export_line_adopted AFTER UPDATE OF order_id ON export_line WHEN NEW.order_id IS NOT NULL BEGIN ${receivedBy('order')} END;
CREATE TRIGGER sales_order_settled AFTER UPDATE OF settled_on ON sales_order WHEN NEW.settled_on IS NOT OLD.settled_on BEGIN
  UPDATE export_line SET received_on = NEW.settled_on, allocated_on = NEW.settled_on WHERE order_id = NEW.id AND received_on IS allocated_on;
END;
CREATE TRIGGER declaration_settled_on AFTER UPDATE OF settled_on ON declaration_settled WHEN NEW.settled_on IS NOT OLD.settled_on BEGIN
  UPDATE export_line SET received_on = NEW.settled_on, allocated_on = NEW.settled_on
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency AND order_id IS NULL AND received_on IS allocated_on;
END;
-- What is owed has changed under what was paid: no longer in full, or in full only now.
CREATE TRIGGER sales_order_due AFTER UPDATE OF goods_value_e5, other_value_e5, cancelled_value_e5, state ON sales_order
  WHEN NEW.settled_minor > 0 AND NEW.due_minor <> OLD.due_minor BEGIN
  UPDATE sales_order SET settled_on = CASE WHEN NEW.open_minor > 0 THEN NULL ELSE coalesce(NEW.settled_on,
    (SELECT max(r.date) FROM allocation a JOIN money_record r ON r.id = a.record_id WHERE a.order_id = NEW.id)) END WHERE id = NEW.id;
END;

-- Allocation (分摊): what pays for what, many to many. From a receipt or a payout to an order or a declaration, or from a receipt to
-- the payout it is the deposit of.
CREATE TABLE allocation (
  id INTEGER PRIMARY KEY,
  record_id INTEGER REFERENCES money_record (id),
  payout_id INTEGER,
  target_kind TEXT NOT NULL CHECK (target_kind IN ('order','declaration','payout')),
  order_id INTEGER REFERENCES sales_order (id),
  declaration_no TEXT,
  target_payout_id INTEGER,
  -- Taken from the source, in its currency.
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  -- Paid of the target, in the target's currency, and what of it is accepted as charges besides.
  target_currency TEXT NOT NULL,
  target_minor INTEGER NOT NULL CHECK (target_minor > 0),
  charge_minor INTEGER NOT NULL DEFAULT 0 CHECK (charge_minor >= 0),
  -- Where the currencies differ: units of the target's for one of the source's, as it was stated.
  rate TEXT,
  score INTEGER NOT NULL DEFAULT 0,
  reasons TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(reasons)),
  -- The payer is not the buyer: why that is in order.
  third_party TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  CHECK ((record_id IS NULL) <> (payout_id IS NULL)),
  CHECK ((target_kind = 'order') = (order_id IS NOT NULL)),
  CHECK ((target_kind = 'declaration') = (declaration_no IS NOT NULL)),
  CHECK ((target_kind = 'payout') = (target_payout_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX allocation_record ON allocation (record_id, target_kind, coalesce(order_id, ''), coalesce(declaration_no, ''), coalesce(target_payout_id, ''),
  target_currency)
  WHERE record_id IS NOT NULL;
CREATE UNIQUE INDEX allocation_payout ON allocation (payout_id, order_id) WHERE payout_id IS NOT NULL;
CREATE INDEX allocation_order ON allocation (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX allocation_declaration ON allocation (declaration_no) WHERE declaration_no IS NOT NULL;
CREATE INDEX allocation_target_payout ON allocation (target_payout_id) WHERE target_payout_id IS NOT NULL;
CREATE TRIGGER allocation_insert AFTER INSERT ON allocation BEGIN
  UPDATE money_record SET allocated_minor = allocated_minor + NEW.amount_minor WHERE id = NEW.record_id;
  UPDATE sales_order SET settled_minor = settled_minor + NEW.target_minor, charge_minor = charge_minor + NEW.charge_minor
    WHERE id = NEW.order_id;
  UPDATE declaration_settled SET settled_minor = settled_minor + NEW.target_minor, charge_minor = charge_minor + NEW.charge_minor
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.target_currency;
END;
CREATE TRIGGER allocation_delete AFTER DELETE ON allocation BEGIN
  UPDATE money_record SET allocated_minor = allocated_minor - OLD.amount_minor WHERE id = OLD.record_id;
  UPDATE sales_order SET settled_minor = settled_minor - OLD.target_minor, charge_minor = charge_minor - OLD.charge_minor
    WHERE id = OLD.order_id;
  UPDATE declaration_settled SET settled_minor = settled_minor - OLD.target_minor, charge_minor = charge_minor - OLD.charge_minor
    WHERE declaration_no = OLD.declaration_no AND currency = OLD.target_currency;
END;
-- A receipt that came on another day than was entered: what it paid in full was paid on another day.
CREATE TRIGGER money_record_redated AFTER UPDATE OF date ON money_record WHEN NEW.date <> OLD.date AND NEW.allocated_minor > 0 BEGIN
  UPDATE sales_order SET settled_on = (SELECT max(r.date) FROM money_record r WHERE r.id IN (
      SELECT a.record_id FROM allocation a WHERE a.order_id = sales_order.id
      UNION ALL SELECT d.record_id FROM allocation a JOIN allocation d ON d.target_payout_id = a.payout_id WHERE a.order_id = sales_order.id))
    WHERE settled_on IS NOT NULL AND id IN (SELECT a.order_id FROM allocation a WHERE a.record_id = NEW.id
      UNION ALL SELECT a.order_id FROM allocation d JOIN allocation a ON a.payout_id = d.target_payout_id WHERE d.record_id = NEW.id);
  UPDATE declaration_settled SET settled_on = (SELECT max(r.date) FROM allocation a JOIN money_record r ON r.id = a.record_id
      WHERE a.declaration_no = declaration_settled.declaration_no AND a.target_currency = declaration_settled.currency)
    WHERE settled_on IS NOT NULL AND declaration_no IN (SELECT a.declaration_no FROM allocation a WHERE a.record_id = NEW.id);
END;
CREATE TRIGGER allocation_no_update BEFORE UPDATE ON allocation
  BEGIN SELECT RAISE(ABORT, 'an allocation is taken back and made anew'); END;
`;
