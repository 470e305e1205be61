/**
 * The enterprise ledger whole: dated postings with dimensions, periods, drafts; source documents, parties, purchases,
 * stock, export lines and their refund matches; tax facts, guarantees, tax bills, archive. Conventions: see 0010.
 *
 * `posting` and `balance` are made anew: balances are kept by period and with closing entries (结转) apart, so that every
 * report of any period is a sum over few rows. A book of schema 20 has few vouchers, all of one rule; they are carried over.
 */
export const sql = `
-- Imports: which kinds there are is the contract's matter. --------------------------------------------------------------
CREATE TABLE import_run_30 (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  sheet TEXT NOT NULL,
  options TEXT NOT NULL CHECK (json_valid(options)),
  state TEXT NOT NULL CHECK (state IN ('dry-run','committed','abandoned')),
  counts TEXT NOT NULL CHECK (json_valid(counts)),
  started_at TEXT NOT NULL,
  committed_at TEXT
) STRICT;
INSERT INTO import_run_30 SELECT * FROM import_run;
DROP TABLE import_run;
ALTER TABLE import_run_30 RENAME TO import_run;
CREATE INDEX import_run_file ON import_run (file_sha256, kind, state);

-- Accounts (科目): editable, in a tree by the length of the code (4-2-2). -------------------------------------------------
ALTER TABLE account ADD COLUMN parent TEXT REFERENCES account (code);
ALTER TABLE account ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1));
-- Dimensions (辅助核算) a posting to it must carry, as JSON: ["party"], ["product"] …
ALTER TABLE account ADD COLUMN dimensions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(dimensions));
-- Whether its balances in foreign currency are revalued at month end (monetary items, 货币性项目).
ALTER TABLE account ADD COLUMN monetary INTEGER NOT NULL DEFAULT 0 CHECK (monetary IN (0,1));
-- Whether quantities are kept (数量核算).
ALTER TABLE account ADD COLUMN quantity INTEGER NOT NULL DEFAULT 0 CHECK (quantity IN (0,1));

-- Parties (往来单位): suppliers, customers, platforms, carriers, banks, authorities. ---------------------------------------
CREATE TABLE party (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('supplier','customer','platform','carrier','bank','authority','other')),
  name TEXT NOT NULL,
  tax_no TEXT,
  country TEXT,
  note TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (kind, name)
) STRICT;
CREATE UNIQUE INDEX party_tax_no ON party (kind, tax_no) WHERE tax_no IS NOT NULL;

ALTER TABLE sales_order ADD COLUMN store TEXT;

-- Periods (会计期间): a month that is not here is open. Closing one closes all before it. ----------------------------------
CREATE TABLE period (
  period TEXT PRIMARY KEY CHECK (period GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
  state TEXT NOT NULL CHECK (state IN ('open','closed')),
  changed_at TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TRIGGER voucher_closed BEFORE INSERT ON voucher
  WHEN NEW.period <= (SELECT max(period) FROM period WHERE state = 'closed')
  BEGIN SELECT RAISE(ABORT, 'the period is closed'); END;
-- A voucher is reversed once.
CREATE UNIQUE INDEX voucher_reverses ON voucher (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX voucher_date ON voucher (date, id);

-- Postings with their day and dimensions. amount_minor and cny_fen are signed: debit positive, credit negative. -------------
DROP TRIGGER posting_balance;
DROP TRIGGER posting_no_update;
DROP TRIGGER posting_no_delete;
ALTER TABLE posting RENAME TO posting_20;
DROP INDEX posting_account;
DROP TABLE balance;
CREATE TABLE posting (
  voucher_id INTEGER NOT NULL REFERENCES voucher (id),
  position INTEGER NOT NULL,
  account TEXT NOT NULL REFERENCES account (code),
  date TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  cny_fen INTEGER NOT NULL,
  -- The line's own summary (摘要); NULL: the voucher's.
  text TEXT,
  -- Quantity, signed like the amount, five decimals; only of accounts that keep it.
  qty_e5 INTEGER,
  -- 1: a closing entry (结转损益), left out of income and turnover reports.
  closing INTEGER NOT NULL DEFAULT 0 CHECK (closing IN (0,1)),
  party_id INTEGER REFERENCES party (id),
  sku TEXT,
  order_id INTEGER REFERENCES sales_order (id),
  shipment_id INTEGER REFERENCES shipment (id),
  store TEXT,
  PRIMARY KEY (voucher_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO posting (voucher_id, position, account, date, currency, amount_minor, cny_fen, order_id)
  SELECT p.voucher_id, p.position, p.account, v.date, p.currency, p.amount_minor, p.cny_fen, p.order_id
  FROM posting_20 p JOIN voucher v ON v.id = p.voucher_id;
DROP TABLE posting_20;
CREATE INDEX posting_account ON posting (account, date, voucher_id, position);
CREATE INDEX posting_order ON posting (order_id, account) WHERE order_id IS NOT NULL;
CREATE INDEX posting_party ON posting (party_id, account, date) WHERE party_id IS NOT NULL;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is reversed, not changed'); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is reversed, not deleted'); END;

-- Turnover of a month by account and currency. Kept by the one function that posts (store/vouchers.ts) in its transaction, and
-- not by a trigger: a batch of vouchers changes few rows of it, once.
CREATE TABLE balance (
  period TEXT NOT NULL,
  closing INTEGER NOT NULL,
  account TEXT NOT NULL REFERENCES account (code),
  currency TEXT NOT NULL,
  debit_minor INTEGER NOT NULL DEFAULT 0,
  credit_minor INTEGER NOT NULL DEFAULT 0,
  debit_fen INTEGER NOT NULL DEFAULT 0,
  credit_fen INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (period, closing, account, currency)
) STRICT, WITHOUT ROWID;
INSERT INTO balance SELECT substr(date, 1, 7), closing, account, currency, sum(max(amount_minor, 0)), sum(max(-amount_minor, 0)),
  sum(max(cny_fen, 0)), sum(max(-cny_fen, 0)) FROM posting GROUP BY substr(date, 1, 7), closing, account, currency;
-- What a person is still typing (暂存), and what they call up again (F4 模式凭证). body: the contract's voucher input.
CREATE TABLE voucher_draft (
  id INTEGER PRIMARY KEY,
  body TEXT NOT NULL CHECK (json_valid(body)),
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE voucher_template (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL CHECK (json_valid(body)),
  used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Summary library (摘要库).
CREATE TABLE summary_text (
  text TEXT PRIMARY KEY,
  uses INTEGER NOT NULL DEFAULT 0,
  used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Source documents (原始单据): one event that the posting rules turn into vouchers; body by kind, see the contract. ----------
CREATE TABLE source_document (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('platform-fee','receipt','settlement','bank-charge','payment','freight','sales-return',
    'refund-receivable','refund-received','import-tax','opening','other')),
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
CREATE INDEX source_document_list ON source_document (kind, date, id);
CREATE INDEX source_document_state ON source_document (state, date, id);

-- Purchases (采购): input invoices (进项发票) and their lines; what a refund claim took of a line. --------------------------
CREATE TABLE input_invoice (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('special','ordinary','customs-payment','other-voucher')),
  date TEXT NOT NULL,
  supplier_id INTEGER NOT NULL REFERENCES party (id),
  amount_fen INTEGER NOT NULL,
  vat_fen INTEGER NOT NULL,
  total_fen INTEGER NOT NULL,
  -- Purpose confirmed (用途确认): none, deduction (抵扣), refund (出口退税), exempt (不抵扣).
  purpose TEXT NOT NULL DEFAULT 'none' CHECK (purpose IN ('none','deduction','refund','exempt')),
  purpose_date TEXT,
  state TEXT NOT NULL CHECK (state IN ('entered','void','red')),
  note TEXT NOT NULL DEFAULT '',
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX input_invoice_date ON input_invoice (date, id);
CREATE INDEX input_invoice_supplier ON input_invoice (supplier_id, date);
CREATE TABLE input_invoice_line (
  id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES input_invoice (id),
  line_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  qty_e5 INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL,
  vat_rate TEXT NOT NULL,
  vat_fen INTEGER NOT NULL,
  sku TEXT REFERENCES product (sku),
  -- What refund matches took, kept by triggers on refund_match; never more than there is.
  used_qty_e5 INTEGER NOT NULL DEFAULT 0,
  used_amount_fen INTEGER NOT NULL DEFAULT 0,
  used_vat_fen INTEGER NOT NULL DEFAULT 0,
  -- What was received into stock.
  received_qty_e5 INTEGER NOT NULL DEFAULT 0,
  UNIQUE (invoice_id, line_no),
  CHECK (qty_e5 <= 0 OR (used_qty_e5 BETWEEN 0 AND qty_e5 AND used_amount_fen BETWEEN 0 AND amount_fen AND used_vat_fen BETWEEN 0 AND vat_fen))
) STRICT;
CREATE INDEX input_invoice_line_sku ON input_invoice_line (sku) WHERE sku IS NOT NULL;

-- Export lines (出口商品项): what left, by declaration or list line: the one side of refund, exemption and 9810 stock. -------
CREATE TABLE export_line (
  id INTEGER PRIMARY KEY,
  mode TEXT NOT NULL CHECK (mode IN ('0110','9610','9710','9810','1210')),
  -- 18-digit declaration number (报关单号) or list number (清单编号).
  declaration_no TEXT NOT NULL,
  line_no INTEGER NOT NULL,
  export_date TEXT NOT NULL,
  document_id INTEGER REFERENCES document (id),
  order_id INTEGER REFERENCES sales_order (id),
  shipment_id INTEGER REFERENCES shipment (id),
  sku TEXT REFERENCES product (sku),
  hs_code TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  currency TEXT NOT NULL,
  -- FOB in the currency, and in fen at the rate of the firm's basis; NULL while no rate is known.
  fob_minor INTEGER NOT NULL,
  fob_fen INTEGER,
  country TEXT,
  -- Regime (退 refund, 免 exempt, 征 taxed): what the router says; a person's decision with its reason goes before it.
  regime TEXT CHECK (regime IN ('refund','exempt','taxed')),
  regime_by TEXT NOT NULL DEFAULT 'router' CHECK (regime_by IN ('router','person')),
  regime_reason TEXT NOT NULL DEFAULT '',
  -- Claim (申报): the month it was declared in as refund or exempt, and the batch.
  claimed_period TEXT,
  claim_batch TEXT,
  -- Receipt clock (收汇): received in full on; or deemed received, with the reason's code.
  received_on TEXT,
  deemed_received TEXT,
  contract_receipt_date TEXT,
  -- Refund money and pre-refund (9810 离境即退税, HWC-YT).
  pre_refund_fen INTEGER,
  pre_refund_done_on TEXT,
  matched_qty_e5 INTEGER NOT NULL DEFAULT 0,
  -- Overseas-warehouse stock of 9810: sold abroad and come back.
  sold_qty_e5 INTEGER NOT NULL DEFAULT 0,
  back_qty_e5 INTEGER NOT NULL DEFAULT 0,
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  UNIQUE (declaration_no, line_no),
  CHECK (matched_qty_e5 BETWEEN 0 AND qty_e5),
  CHECK (sold_qty_e5 >= 0 AND back_qty_e5 >= 0 AND sold_qty_e5 + back_qty_e5 <= qty_e5)
) STRICT;
CREATE INDEX export_line_date ON export_line (export_date, id);
CREATE INDEX export_line_sku ON export_line (sku, export_date);
CREATE INDEX export_line_order ON export_line (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX export_line_document ON export_line (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX export_line_overseas ON export_line (sku, export_date, id) WHERE mode = '9810';

CREATE TABLE refund_match (
  id INTEGER PRIMARY KEY,
  export_line_id INTEGER NOT NULL REFERENCES export_line (id),
  invoice_line_id INTEGER NOT NULL REFERENCES input_invoice_line (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
  vat_fen INTEGER NOT NULL CHECK (vat_fen >= 0),
  -- Refund of this part, and the rate it was computed with; association number (关联号).
  refund_fen INTEGER NOT NULL CHECK (refund_fen >= 0),
  refund_rate TEXT NOT NULL,
  association_no TEXT NOT NULL DEFAULT '',
  by_person INTEGER NOT NULL DEFAULT 0 CHECK (by_person IN (0,1)),
  created_at TEXT NOT NULL,
  UNIQUE (export_line_id, invoice_line_id),
  CHECK (refund_fen <= vat_fen)
) STRICT;
CREATE INDEX refund_match_invoice ON refund_match (invoice_line_id);
CREATE TRIGGER refund_match_insert AFTER INSERT ON refund_match BEGIN
  UPDATE input_invoice_line SET used_qty_e5 = used_qty_e5 + NEW.qty_e5, used_amount_fen = used_amount_fen + NEW.amount_fen,
    used_vat_fen = used_vat_fen + NEW.vat_fen WHERE id = NEW.invoice_line_id;
  UPDATE export_line SET matched_qty_e5 = matched_qty_e5 + NEW.qty_e5 WHERE id = NEW.export_line_id;
END;
CREATE TRIGGER refund_match_delete AFTER DELETE ON refund_match BEGIN
  UPDATE input_invoice_line SET used_qty_e5 = used_qty_e5 - OLD.qty_e5, used_amount_fen = used_amount_fen - OLD.amount_fen,
    used_vat_fen = used_vat_fen - OLD.vat_fen WHERE id = OLD.invoice_line_id;
  UPDATE export_line SET matched_qty_e5 = matched_qty_e5 - OLD.qty_e5 WHERE id = OLD.export_line_id;
END;
CREATE TRIGGER refund_match_no_update BEFORE UPDATE OF export_line_id, invoice_line_id, qty_e5, amount_fen, vat_fen ON refund_match
  BEGIN SELECT RAISE(ABORT, 'a match is taken back and made anew'); END;

-- Stock (库存): places, moves, what is there. Cost in fen by moving weighted average (移动加权平均). ------------------------
CREATE TABLE stock_place (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('home','bonded','overseas','transit','returned')),
  name TEXT NOT NULL UNIQUE,
  country TEXT,
  -- Overseas-warehouse register: owner, contract, filing number, as JSON.
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1))
) STRICT;
INSERT INTO stock_place (id, kind, name) VALUES (1, 'home', '本地仓'), (2, 'transit', '在途'), (3, 'returned', '退货仓'), (4, 'bonded', '保税仓');
CREATE TABLE stock_move (
  id INTEGER PRIMARY KEY,
  date TEXT NOT NULL,
  sku TEXT NOT NULL REFERENCES product (sku),
  place_id INTEGER NOT NULL REFERENCES stock_place (id),
  kind TEXT NOT NULL CHECK (kind IN ('received','sold','transfer-in','transfer-out','returned','adjusted')),
  -- Signed: in positive, out negative; cost likewise.
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 <> 0),
  cost_fen INTEGER NOT NULL,
  invoice_line_id INTEGER REFERENCES input_invoice_line (id),
  export_line_id INTEGER REFERENCES export_line (id),
  order_id INTEGER REFERENCES sales_order (id),
  -- The other half of a transfer, the move a correction takes back.
  pair_id INTEGER REFERENCES stock_move (id),
  reverses INTEGER REFERENCES stock_move (id),
  text TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX stock_move_sku ON stock_move (sku, place_id, id);
CREATE INDEX stock_move_date ON stock_move (date, id);
CREATE INDEX stock_move_order ON stock_move (order_id, sku, kind) WHERE order_id IS NOT NULL;
CREATE INDEX stock_move_invoice ON stock_move (invoice_line_id) WHERE invoice_line_id IS NOT NULL;
CREATE INDEX stock_move_export ON stock_move (export_line_id) WHERE export_line_id IS NOT NULL;
CREATE UNIQUE INDEX stock_move_reverses ON stock_move (reverses) WHERE reverses IS NOT NULL;
CREATE TRIGGER stock_move_no_update BEFORE UPDATE OF date, sku, place_id, kind, qty_e5, cost_fen ON stock_move
  BEGIN SELECT RAISE(ABORT, 'a stock move is reversed, not changed'); END;
CREATE TRIGGER stock_move_no_delete BEFORE DELETE ON stock_move BEGIN SELECT RAISE(ABORT, 'a stock move is reversed, not deleted'); END;
CREATE TABLE stock (
  sku TEXT NOT NULL REFERENCES product (sku),
  place_id INTEGER NOT NULL REFERENCES stock_place (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 >= 0),
  cost_fen INTEGER NOT NULL CHECK (cost_fen >= 0),
  PRIMARY KEY (sku, place_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER stock_move_stock AFTER INSERT ON stock_move BEGIN
  INSERT INTO stock (sku, place_id, qty_e5, cost_fen) VALUES (NEW.sku, NEW.place_id, 0, 0) ON CONFLICT DO NOTHING;
  UPDATE stock SET qty_e5 = qty_e5 + NEW.qty_e5, cost_fen = cost_fen + NEW.cost_fen WHERE sku = NEW.sku AND place_id = NEW.place_id;
END;
-- Goods that left before their receipt was entered: issued from stock when it arrives, shown until then.
CREATE TABLE stock_short (
  export_line_id INTEGER PRIMARY KEY REFERENCES export_line (id),
  sku TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0)
) STRICT;

-- Rates by kind: central parity, a bank's prices, customs' monthly rate. -----------------------------------------------------
ALTER TABLE rate RENAME TO rate_20;
CREATE TABLE rate (
  kind TEXT NOT NULL CHECK (kind IN ('parity','bank-buy','bank-sell','customs')),
  currency TEXT NOT NULL,
  date TEXT NOT NULL,
  cny_per_unit TEXT NOT NULL,
  source TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  PRIMARY KEY (kind, currency, date)
) STRICT, WITHOUT ROWID;
INSERT INTO rate SELECT 'parity', currency, date, cny_per_unit, source, entered_at FROM rate_20;
DROP TABLE rate_20;
-- The firm's choice of the rate's day, fixed for twelve months from each entry.
CREATE TABLE rate_basis (
  from_date TEXT PRIMARY KEY,
  basis TEXT NOT NULL CHECK (basis IN ('day','month-first')),
  reason TEXT NOT NULL DEFAULT '',
  entered_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO rate_basis SELECT '2000-01-01', value, '', '' FROM setting WHERE key = 'ledger.rateBasis';
DELETE FROM setting WHERE key = 'ledger.rateBasis';

-- Tax -------------------------------------------------------------------------------------------------------------------------
-- Duties and rates by commodity code, from the user's own tariff workbook; rates as decimal text, NULL unknown.
CREATE TABLE tariff (
  hs_code TEXT NOT NULL,
  in_force_from TEXT NOT NULL,
  vat_rate TEXT, refund_rate TEXT, consumption_rate TEXT, mfn_rate TEXT, general_rate TEXT, provisional_rate TEXT,
  export_duty_rate TEXT, export_provisional_rate TEXT,
  unit1 TEXT, unit2 TEXT, conditions TEXT NOT NULL DEFAULT '', inspection TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  entered_at TEXT NOT NULL,
  PRIMARY KEY (hs_code, in_force_from)
) STRICT, WITHOUT ROWID;
-- A product's own tax facts go before the tariff's: refund rate, food, on the list of goods without refund …
ALTER TABLE product ADD COLUMN tax TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(tax));
-- Filed with the authorities (备案) as of: a digest of the fields then, to show changed since filed.
ALTER TABLE product ADD COLUMN filed_at TEXT;
ALTER TABLE product ADD COLUMN filed_digest TEXT;

-- Facts a worksheet needs that no document has: employees, assets, prepaid tax, exempt income, platform income … by period.
CREATE TABLE tax_fact (
  name TEXT NOT NULL,
  period TEXT NOT NULL,
  -- What the fact is of: a platform and store, a declaration; empty: the firm.
  subject TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  entered_at TEXT NOT NULL,
  PRIMARY KEY (name, period, subject)
) STRICT, WITHOUT ROWID;
-- A rule pack as the firm has changed it; the shipped one stays beside it.
CREATE TABLE rule_pack (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL CHECK (json_valid(body)),
  reason TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- A rule the firm has switched off, with the reason.
CREATE TABLE rule_off (
  rule TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE guarantee (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('cash','bank-letter','insurance')),
  number TEXT NOT NULL UNIQUE,
  issuer TEXT NOT NULL,
  customs TEXT,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active','ended')),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE guarantee_use (
  id INTEGER PRIMARY KEY,
  guarantee_id INTEGER NOT NULL REFERENCES guarantee (id),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('document','shipment','tax-bill','other')),
  subject_id TEXT NOT NULL,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  taken_on TEXT NOT NULL,
  released_on TEXT,
  text TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX guarantee_use_open ON guarantee_use (guarantee_id) WHERE released_on IS NULL;
CREATE UNIQUE INDEX guarantee_use_subject ON guarantee_use (subject_kind, subject_id) WHERE released_on IS NULL;

CREATE TABLE tax_bill (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('import-duty','import-vat','import-consumption','export-duty','late-declaration','surcharge','other')),
  declaration_no TEXT NOT NULL DEFAULT '',
  authority TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  issued_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  paid_on TEXT,
  paid_fen INTEGER,
  source_document_id INTEGER REFERENCES source_document (id),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX tax_bill_due ON tax_bill (due_on) WHERE paid_on IS NULL;

-- Documents kept for inspection (单证备案): the bytes in the sealed book, by subject.
CREATE TABLE archive_paper (
  id INTEGER PRIMARY KEY,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('declaration','invoice','guarantee','tax-bill','source-document','receipt')),
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
CREATE INDEX archive_paper_subject ON archive_paper (subject_kind, subject_id);
CREATE INDEX archive_paper_hash ON archive_paper (sha256);

-- A person's word on a reminder: later, or settled, with the reason.
CREATE TABLE deadline_note (
  key TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('snoozed','done')),
  until TEXT,
  reason TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
