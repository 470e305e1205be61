/** Netting sheets (轧差), trade-credit reports (贸易信贷报告) and total-amount indicators (总量核查). Conventions: see 0010. */
export const sql = `
-- Netting sheets (轧差核对表): proceeds abroad less fees set against them. fees_minor and net_minor are kept by triggers on
-- netting_fee, so that gross less fees is net whatever is written.
CREATE TABLE netting (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  -- Day of the settlement.
  date TEXT NOT NULL,
  party_id INTEGER REFERENCES party (id),
  -- Platform or whoever paid the rest.
  counterparty TEXT NOT NULL DEFAULT '',
  counterparty_country TEXT NOT NULL DEFAULT '',
  store TEXT,
  currency TEXT NOT NULL,
  -- Transaction code (交易编码) of the goods leg, and contract, order list or declaration that proves it.
  goods_code TEXT NOT NULL,
  goods_evidence TEXT NOT NULL DEFAULT '',
  goods_paper_id INTEGER REFERENCES archive_paper (id),
  gross_minor INTEGER NOT NULL CHECK (gross_minor > 0),
  fees_minor INTEGER NOT NULL DEFAULT 0 CHECK (fees_minor >= 0),
  net_minor INTEGER NOT NULL,
  -- The actual receipt (or, where fees are more than proceeds, payment) and the payout it was made from.
  record_id INTEGER REFERENCES money_record (id),
  payout_id INTEGER,
  note TEXT NOT NULL DEFAULT '',
  -- draft: may lack vouchers; confirmed (已核对): every leg is proven and posted; void: taken back.
  state TEXT NOT NULL CHECK (state IN ('draft','confirmed','void')),
  reason TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (gross_minor - fees_minor = net_minor)
) STRICT;
CREATE INDEX netting_list ON netting (date, id);
-- A receipt and a payout are netted once.
CREATE UNIQUE INDEX netting_record ON netting (record_id) WHERE record_id IS NOT NULL AND state <> 'void';
CREATE UNIQUE INDEX netting_payout ON netting (payout_id) WHERE payout_id IS NOT NULL AND state <> 'void';
CREATE TABLE netting_fee (
  id INTEGER PRIMARY KEY,
  netting_id INTEGER NOT NULL REFERENCES netting (id),
  position INTEGER NOT NULL,
  -- storage (仓储), logistics (物流), tax (税收) …; which may be netted is the pack's matter.
  type TEXT NOT NULL,
  code TEXT NOT NULL DEFAULT '',
  payee TEXT NOT NULL DEFAULT '',
  payee_country TEXT NOT NULL DEFAULT '',
  -- Voucher: invoice or statement number and the archived paper.
  invoice_no TEXT NOT NULL DEFAULT '',
  paper_id INTEGER REFERENCES archive_paper (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  text TEXT NOT NULL DEFAULT '',
  -- What posts it: a document named by a person, or (made) one the sheet has made itself. Neither: the payout of the sheet.
  source_document_id INTEGER REFERENCES source_document (id),
  made INTEGER NOT NULL DEFAULT 0 CHECK (made IN (0,1)),
  UNIQUE (netting_id, position)
) STRICT;
CREATE INDEX netting_fee_document ON netting_fee (source_document_id) WHERE source_document_id IS NOT NULL;
CREATE TRIGGER netting_fee_insert AFTER INSERT ON netting_fee BEGIN
  UPDATE netting SET fees_minor = fees_minor + NEW.amount_minor, net_minor = net_minor - NEW.amount_minor WHERE id = NEW.netting_id;
END;
CREATE TRIGGER netting_fee_delete AFTER DELETE ON netting_fee BEGIN
  UPDATE netting SET fees_minor = fees_minor - OLD.amount_minor, net_minor = net_minor + OLD.amount_minor WHERE id = OLD.netting_id;
END;
CREATE TRIGGER netting_fee_no_update BEFORE UPDATE OF netting_id, type, code, amount_minor ON netting_fee
  BEGIN SELECT RAISE(ABORT, 'a fee is taken out and put in anew'); END;
CREATE TRIGGER netting_fee_fixed_insert BEFORE INSERT ON netting_fee
  WHEN (SELECT state FROM netting WHERE id = NEW.netting_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'the sheet is confirmed'); END;
CREATE TRIGGER netting_fee_fixed_delete BEFORE DELETE ON netting_fee
  WHEN (SELECT state FROM netting WHERE id = OLD.netting_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'the sheet is confirmed'); END;
CREATE TRIGGER netting_fixed BEFORE UPDATE OF currency, goods_code, gross_minor, fees_minor, net_minor, date ON netting
  WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'the sheet is confirmed'); END;

-- Trade credit (贸易信贷): what a person has said of a found item, and items typed in that the book cannot find. Found ones are read
-- from receipts, payments and export lines each time; see store/money/trade-credit.ts.
CREATE TABLE trade_credit (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('prepay','payAdvance','deferIn','deferOut','longCredit','offshore')),
  -- record: money_record; declaration: number of export lines; manual: typed in, of_id empty.
  of_kind TEXT NOT NULL CHECK (of_kind IN ('record','declaration','manual')),
  of_id TEXT NOT NULL,
  -- Of a manual item; of a found one as it was when it was first spoken of.
  base_date TEXT NOT NULL,
  expected_date TEXT,
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  -- What a person says came in besides what the book knows (goods of an advance payment, a payment in kind).
  settled_minor INTEGER NOT NULL DEFAULT 0 CHECK (settled_minor >= 0),
  counterparty TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '',
  reference TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  -- Dismissed (不报): with the reason.
  state TEXT NOT NULL CHECK (state IN ('open','dismissed')),
  reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (settled_minor <= amount_minor),
  CHECK ((of_kind = 'manual') = (of_id = ''))
) STRICT;
CREATE UNIQUE INDEX trade_credit_of ON trade_credit (of_kind, of_id, currency) WHERE of_kind <> 'manual';

-- What left and is not paid for is looked through for deferred receipts, oldest first.
CREATE INDEX export_line_unpaid ON export_line (export_date) WHERE received_on IS NULL AND deemed_received IS NULL;

-- Reports of an item (新增、修改、删除、调整), a version each; body: all fields as they were when it was drafted.
CREATE TABLE trade_credit_report (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  credit_id INTEGER NOT NULL REFERENCES trade_credit (id),
  version INTEGER NOT NULL,
  operation TEXT NOT NULL CHECK (operation IN ('new','modify','delete','adjust')),
  drafted_on TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  state TEXT NOT NULL CHECK (state IN ('draft','reported','withdrawn')),
  reported_on TEXT,
  -- What the platform or the bank answered with.
  reference TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (credit_id, version),
  CHECK ((state = 'reported') = (reported_on IS NOT NULL))
) STRICT;
CREATE INDEX trade_credit_report_list ON trade_credit_report (drafted_on, id);
-- One draft of an item at a time.
CREATE UNIQUE INDEX trade_credit_report_draft ON trade_credit_report (credit_id) WHERE state = 'draft';
CREATE TRIGGER trade_credit_report_fixed BEFORE UPDATE OF operation, body, version, reported_on, state ON trade_credit_report
  WHEN OLD.state = 'reported' BEGIN SELECT RAISE(ABORT, 'what was reported is corrected by another report'); END;
CREATE TRIGGER trade_credit_report_kept BEFORE DELETE ON trade_credit_report
  BEGIN SELECT RAISE(ABORT, 'a report is withdrawn, not deleted'); END;

-- Total-amount indicators (总量核查): what the book cannot know, by month, in cents of USD, signed; taken back by removed_at.
CREATE TABLE indicator_adjustment (
  id INTEGER PRIMARY KEY,
  month TEXT NOT NULL CHECK (month GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
  figure TEXT NOT NULL CHECK (figure IN ('imports','exports','receipts','payments')),
  usd_minor INTEGER NOT NULL CHECK (usd_minor <> 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  created_at TEXT NOT NULL,
  removed_at TEXT
) STRICT;
CREATE INDEX indicator_adjustment_month ON indicator_adjustment (month) WHERE removed_at IS NULL;

-- Personal quota (个人年度便利化额度). A person is named as the owner of a personal account is.
CREATE TABLE quota_person (
  name TEXT PRIMARY KEY,
  -- By the identity document used; a sole trader (个体工商户) goes by the rules of institutions.
  holder TEXT NOT NULL CHECK (holder IN ('individual','soleTrader')),
  note TEXT NOT NULL DEFAULT '',
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- What is known of a settlement: proof of a record of the book, or one made outside the book with its own date and amount.
CREATE TABLE quota_entry (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL,
  record_id INTEGER UNIQUE REFERENCES money_record (id),
  date TEXT,
  usd_minor INTEGER CHECK (usd_minor > 0),
  proof TEXT NOT NULL CHECK (proof IN ('none','tradeProof','electronicInfo')),
  -- The proven part in cents of USD; NULL: all of it.
  proven_usd_minor INTEGER CHECK (proven_usd_minor > 0),
  reference TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((record_id IS NULL) = (date IS NOT NULL AND usd_minor IS NOT NULL)),
  CHECK (proof = 'none' OR reference <> ''),
  CHECK (proof <> 'none' OR proven_usd_minor IS NULL)
) STRICT;
CREATE INDEX quota_entry_person ON quota_entry (person, date);
`;
