/**
 * The tables of a book as the migrations up to `through` leave them, so that a new book is made in one step and the
 * tables can be read in one place. Written by `tests/core/new-book-schema.test.ts`, never by hand: to renew it, set
 * `through` to the newest migration and run that test with `-u`. Migrations after it are run on a new book as on any.
 */
export const through = 1000;
export const sql = `
CREATE TABLE profile (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  body TEXT NOT NULL CHECK (json_valid(body)),
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE number_series (
  name TEXT PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next > 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE import_failure (
  run_id INTEGER NOT NULL REFERENCES import_run (id) ON DELETE CASCADE,
  row_no INTEGER NOT NULL,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  reasons TEXT NOT NULL CHECK (json_valid(reasons)),
  mended TEXT CHECK (mended IS NULL OR json_valid(mended)),
  PRIMARY KEY (run_id, row_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE import_mapping (
  kind TEXT NOT NULL,
  header_key TEXT NOT NULL,
  mapping TEXT NOT NULL CHECK (json_valid(mapping)),
  used_at TEXT NOT NULL, key_field TEXT CHECK (length(key_field) BETWEEN 1 AND 80),
  PRIMARY KEY (kind, header_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE product (
  sku TEXT PRIMARY KEY,
  name_source TEXT NOT NULL,
  line_kind TEXT NOT NULL DEFAULT 'goods' CHECK (line_kind IN ('goods','freight','discount','fee','adjustment')),
  state TEXT NOT NULL CHECK (state IN ('to-classify','classified','not-goods')),
  name_cn TEXT,
  hs_code TEXT,
  gmodel TEXT,
  unit TEXT,
  unit1 TEXT,
  qty1_per_unit_e5 INTEGER,
  unit2 TEXT,
  qty2_per_unit_e5 INTEGER,
  net_weight_e5 INTEGER,
  gross_weight_e5 INTEGER,
  origin TEXT,
  barcode TEXT,
  needs_licence INTEGER NOT NULL DEFAULT 0 CHECK (needs_licence IN (0,1)),
  order_lines INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
, tax TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(tax)), filed_at TEXT, filed_digest TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE sales_order (
  id INTEGER PRIMARY KEY,
  order_no TEXT NOT NULL UNIQUE,
  order_date TEXT NOT NULL,
  ordered_at TEXT NOT NULL,
  customer TEXT,
  country_text TEXT NOT NULL,
  country TEXT,
  currency TEXT NOT NULL,
  lines INTEGER NOT NULL,
  goods_value_e5 INTEGER NOT NULL,
  other_value_e5 INTEGER NOT NULL DEFAULT 0,
  cancelled_value_e5 INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('open','cancelled','drafted','queued','sent','accepted','rejected','released')),
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL
, store TEXT, settled_minor INTEGER NOT NULL DEFAULT 0, charge_minor INTEGER NOT NULL DEFAULT 0, due_minor INTEGER GENERATED ALWAYS AS ((CASE WHEN state = 'cancelled' THEN 0 ELSE CASE
  WHEN currency IN ('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XAG','XAU','XBA','XBB','XBC',
    'XBD','XDR','XOF','XPD','XPF','XPT','XSU','XTS','XUA','XXX') THEN (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 50000) / 100000
  WHEN currency IN ('BHD','IQD','JOD','KWD','LYD','OMR','TND') THEN (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 50) / 100
  WHEN currency IN ('CLF','UYW') THEN (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 5) / 10
  ELSE (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 500) / 1000 END END)) VIRTUAL, open_minor INTEGER GENERATED ALWAYS AS ((CASE WHEN state = 'cancelled' THEN 0 ELSE CASE
  WHEN currency IN ('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XAG','XAU','XBA','XBB','XBC',
    'XBD','XDR','XOF','XPD','XPF','XPT','XSU','XTS','XUA','XXX') THEN (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 50000) / 100000
  WHEN currency IN ('BHD','IQD','JOD','KWD','LYD','OMR','TND') THEN (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 50) / 100
  WHEN currency IN ('CLF','UYW') THEN (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 5) / 10
  ELSE (max(0, goods_value_e5 + other_value_e5 - cancelled_value_e5) + 500) / 1000 END END) - settled_minor - charge_minor) VIRTUAL, settled_on TEXT, reference_key TEXT GENERATED ALWAYS AS (upper(replace(replace(replace(replace(replace(order_no, '-', ''), '_', ''), '/', ''), '.', ''), ' ', ''))) VIRTUAL, buyer_name TEXT, buyer_key TEXT, buyer_id TEXT, buyer_phone TEXT, consignee TEXT, consignee_key TEXT, consignee_phone TEXT) STRICT;
CREATE TABLE order_line (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line_no INTEGER NOT NULL,
  sku TEXT NOT NULL REFERENCES product (sku),
  description TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL,
  price_e5 INTEGER NOT NULL,
  total_e5 INTEGER NOT NULL,
  cancelled_qty_e5 INTEGER NOT NULL DEFAULT 0 CHECK (cancelled_qty_e5 >= 0),
  fingerprint TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  source_row INTEGER NOT NULL,
  UNIQUE (order_id, fingerprint, occurrence)
) STRICT;
CREATE TABLE cancellation (
  id INTEGER PRIMARY KEY,
  cancel_no TEXT NOT NULL UNIQUE,
  cancelled_at TEXT NOT NULL,
  customer TEXT,
  country_text TEXT NOT NULL,
  currency TEXT NOT NULL,
  value_e5 INTEGER NOT NULL,
  known_lines INTEGER NOT NULL,
  unknown_lines INTEGER NOT NULL,
  import_run_id INTEGER REFERENCES import_run (id)
) STRICT;
CREATE TABLE cancellation_line (
  id INTEGER PRIMARY KEY,
  cancellation_id INTEGER NOT NULL REFERENCES cancellation (id),
  sku TEXT NOT NULL,
  description TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL,
  price_e5 INTEGER NOT NULL,
  order_line_id INTEGER REFERENCES order_line (id),
  matched_qty_e5 INTEGER NOT NULL DEFAULT 0,
  fingerprint TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  source_row INTEGER NOT NULL,
  UNIQUE (cancellation_id, fingerprint, occurrence)
) STRICT;
CREATE TABLE shipment (
  id INTEGER PRIMARY KEY,
  shipment_no TEXT NOT NULL UNIQUE,
  mode TEXT NOT NULL CHECK (mode IN ('9610')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  state TEXT NOT NULL CHECK (state IN ('draft','drafted','void')),
  documents INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE waybill (
  order_no TEXT PRIMARY KEY,
  logistics_no TEXT NOT NULL UNIQUE,
  gross_weight_e5 INTEGER NOT NULL CHECK (gross_weight_e5 > 0),
  net_weight_e5 INTEGER,
  packages INTEGER NOT NULL CHECK (packages > 0),
  freight_e5 INTEGER NOT NULL DEFAULT 0,
  insured_e5 INTEGER NOT NULL DEFAULT 0,
  currency TEXT,
  import_run_id INTEGER REFERENCES import_run (id)
, consignee TEXT, consignee_key TEXT, consignee_phone TEXT, country TEXT, goods TEXT, quantity_e5 INTEGER, order_id INTEGER REFERENCES sales_order (id), is_part INTEGER NOT NULL DEFAULT 0 CHECK (is_part IN (0,1))) STRICT, WITHOUT ROWID;
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  business_key TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  guid TEXT NOT NULL UNIQUE,
  order_id INTEGER REFERENCES sales_order (id),
  shipment_id INTEGER REFERENCES shipment (id),
  body TEXT NOT NULL CHECK (json_valid(body)),
  amount_e5 INTEGER NOT NULL,
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','checked','queued','sending','unknown','sent','accepted','rejected','released','closed','withdrawn','superseded')),
  status_code TEXT,
  status_time TEXT,
  status_info TEXT,
  reject_findings INTEGER NOT NULL DEFAULT 0,
  doubt_findings INTEGER NOT NULL DEFAULT 0,
  stale INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0,1)),
  platform_no TEXT,
  message_guid TEXT REFERENCES message (guid),
  tables_version TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, endpoint TEXT REFERENCES endpoint (id), platform_no_field TEXT, rules_version TEXT NOT NULL DEFAULT '', subject_kind TEXT CHECK (length(subject_kind) BETWEEN 1 AND 40), subject_id INTEGER
  CHECK ((subject_id IS NULL) = (subject_kind IS NULL) AND (subject_id IS NULL OR order_id IS NULL)), released_at TEXT,
  UNIQUE (kind, business_key, version)
) STRICT;
CREATE TABLE finding (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  rule TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('reject','doubt','note')),
  path TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  source TEXT NOT NULL,
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE message_document (
  message_guid TEXT NOT NULL REFERENCES message (guid),
  position INTEGER NOT NULL,
  document_id INTEGER NOT NULL REFERENCES document (id),
  PRIMARY KEY (message_guid, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE transition (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL CHECK (subject IN ('document','message')),
  subject_id TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  event TEXT NOT NULL,
  at TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail))
) STRICT;
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  message_guid TEXT,
  raw BLOB NOT NULL,
  received_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('stored','applied','parked')),
  problem TEXT,
  UNIQUE (endpoint, platform_id)
) STRICT;
CREATE TABLE receipt_item (
  receipt_id INTEGER NOT NULL REFERENCES receipt (id),
  position INTEGER NOT NULL,
  document_id INTEGER REFERENCES document (id),
  status_code TEXT NOT NULL,
  status_time TEXT NOT NULL,
  info TEXT NOT NULL,
  PRIMARY KEY (receipt_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE endpoint (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  name TEXT NOT NULL,
  device_id TEXT,
  enrolled_at TEXT,
  receipt_cursor TEXT NOT NULL DEFAULT '',
  capabilities TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(capabilities)),
  last_contact_at TEXT
, transport TEXT NOT NULL DEFAULT 'http' CHECK (transport IN ('http','folder','carry')), settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings)), proxy_password TEXT, practice INTEGER CHECK (practice IN (0,1)), retired_at TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE device_key (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  sealed_by TEXT NOT NULL CHECK (sealed_by IN ('keyring','book')),
  private_key BLOB NOT NULL,
  created_at TEXT NOT NULL
, retired_at TEXT, retire_reason TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE account (
  code TEXT PRIMARY KEY,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('asset','liability','equity','revenue','expense')),
  side TEXT NOT NULL CHECK (side IN ('debit','credit'))
, parent TEXT REFERENCES account (code), active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)), dimensions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(dimensions)), monetary INTEGER NOT NULL DEFAULT 0 CHECK (monetary IN (0,1)), quantity INTEGER NOT NULL DEFAULT 0 CHECK (quantity IN (0,1))) STRICT, WITHOUT ROWID;
CREATE TABLE voucher (
  id INTEGER PRIMARY KEY,
  period TEXT NOT NULL,
  number INTEGER NOT NULL,
  date TEXT NOT NULL,
  text TEXT NOT NULL,
  rule TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source_id TEXT NOT NULL,
  rate TEXT,
  rate_date TEXT,
  reverses INTEGER REFERENCES voucher (id),
  posted_at TEXT NOT NULL,
  UNIQUE (period, number)
) STRICT;
CREATE TABLE tally (
  area TEXT NOT NULL,
  state TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (area, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE "import_run" (
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
CREATE TABLE party (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('supplier','customer','platform','carrier','bank','authority','other')),
  name TEXT NOT NULL,
  tax_no TEXT,
  country TEXT,
  note TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, customs_code TEXT,
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE period (
  period TEXT PRIMARY KEY CHECK (period GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
  state TEXT NOT NULL CHECK (state IN ('open','closed')),
  changed_at TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
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
CREATE TABLE summary_text (
  text TEXT PRIMARY KEY,
  uses INTEGER NOT NULL DEFAULT 0,
  used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
  created_at TEXT NOT NULL, allocated_on TEXT, of_orders INTEGER NOT NULL DEFAULT 0 CHECK (of_orders IN (0,1)), lost_qty_e5 INTEGER NOT NULL DEFAULT 0 CHECK (lost_qty_e5 >= 0), returned_qty_e5 INTEGER NOT NULL DEFAULT 0, month TEXT GENERATED ALWAYS AS (substr(export_date, 1, 7)) VIRTUAL, hs2 TEXT GENERATED ALWAYS AS (substr(hs_code, 1, 2)) VIRTUAL, own_declaration TEXT GENERATED ALWAYS AS (iif(order_id IS NULL, declaration_no, NULL)) VIRTUAL, part INTEGER GENERATED ALWAYS AS
  (iif(order_id IS NULL, -1 - abs(CAST(substr(declaration_no, -2) AS INTEGER)), order_id / 2048)) VIRTUAL,
  UNIQUE (declaration_no, line_no),
  CHECK (matched_qty_e5 BETWEEN 0 AND qty_e5),
  CHECK (sold_qty_e5 >= 0 AND back_qty_e5 >= 0 AND sold_qty_e5 + back_qty_e5 <= qty_e5)
) STRICT;
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
CREATE TABLE stock_place (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('home','bonded','overseas','transit','returned')),
  name TEXT NOT NULL UNIQUE,
  country TEXT,
  -- Overseas-warehouse register: owner, contract, filing number, as JSON.
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1))
) STRICT;
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
CREATE TABLE stock (
  sku TEXT NOT NULL REFERENCES product (sku),
  place_id INTEGER NOT NULL REFERENCES stock_place (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 >= 0),
  cost_fen INTEGER NOT NULL CHECK (cost_fen >= 0),
  PRIMARY KEY (sku, place_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE rate (
  kind TEXT NOT NULL CHECK (kind IN ('parity','bank-buy','bank-sell','customs')),
  currency TEXT NOT NULL,
  date TEXT NOT NULL,
  cny_per_unit TEXT NOT NULL,
  source TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  PRIMARY KEY (kind, currency, date)
) STRICT, WITHOUT ROWID;
CREATE TABLE rate_basis (
  from_date TEXT PRIMARY KEY,
  basis TEXT NOT NULL CHECK (basis IN ('day','month-first')),
  reason TEXT NOT NULL DEFAULT '',
  entered_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE rule_pack (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL CHECK (json_valid(body)),
  reason TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE rule_off (
  rule TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  changed_at TEXT NOT NULL
, by_name TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
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
CREATE TABLE deadline_note (
  key TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('snoozed','done')),
  until TEXT,
  reason TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE "source_document" (
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
CREATE TABLE "archive_paper" (
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
CREATE TABLE buyer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first_order_id INTEGER REFERENCES sales_order (id), first_on TEXT) STRICT;
CREATE VIRTUAL TABLE buyer_word USING fts5 (name, content='buyer', content_rowid='id', detail=none, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE buyer_word_count USING fts5vocab (buyer_word, 'row');
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
CREATE TABLE payout_block (
  payout_id INTEGER NOT NULL REFERENCES payout (id),
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL,
  lines TEXT NOT NULL,
  PRIMARY KEY (payout_id, first_line)
) STRICT, WITHOUT ROWID;
CREATE TABLE payout_month (
  payout_id INTEGER NOT NULL REFERENCES payout (id),
  month TEXT NOT NULL,
  source_document_id INTEGER NOT NULL REFERENCES source_document (id),
  PRIMARY KEY (payout_id, month)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE indicator_adjustment (
  id INTEGER PRIMARY KEY,
  month TEXT NOT NULL CHECK (month GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
  figure TEXT NOT NULL CHECK (figure IN ('imports','exports','receipts','payments')),
  usd_minor INTEGER NOT NULL CHECK (usd_minor <> 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  created_at TEXT NOT NULL,
  removed_at TEXT
) STRICT;
CREATE TABLE quota_person (
  name TEXT PRIMARY KEY,
  -- By the identity document used; a sole trader (个体工商户) goes by the rules of institutions.
  holder TEXT NOT NULL CHECK (holder IN ('individual','soleTrader')),
  note TEXT NOT NULL DEFAULT '',
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE waybill_claim (
  order_no TEXT NOT NULL,
  logistics_no TEXT NOT NULL,
  import_run_id INTEGER REFERENCES import_run (id),
  PRIMARY KEY (order_no, logistics_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_payment (
  order_no TEXT NOT NULL,
  nth INTEGER NOT NULL CHECK (nth > 0),
  pay_no TEXT NOT NULL,
  -- Payer as written; key and the rest as compared. A key is NULL where the payer is the institution that collects for the seller.
  payer TEXT,
  payer_key TEXT,
  payer_id TEXT,
  payer_phone TEXT,
  payer_account TEXT,
  institution TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  -- Refunds are negative.
  amount_e5 INTEGER NOT NULL CHECK (amount_e5 <> 0),
  paid_on TEXT,
  fingerprint TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  import_run_id INTEGER REFERENCES import_run (id),
  source_row INTEGER NOT NULL DEFAULT 0,
  -- Why a person took it out of the match; it stays, so that the same file does not bring it back.
  void_reason TEXT,
  order_id INTEGER REFERENCES sales_order (id),
  PRIMARY KEY (order_no, nth)
) STRICT, WITHOUT ROWID;
CREATE TABLE match_run (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('all','changed','queue')),
  -- The day whose rules held, and their version.
  rules_on TEXT NOT NULL,
  rules_from TEXT NOT NULL,
  orders INTEGER NOT NULL,
  found INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL
) STRICT;
CREATE TABLE match_item (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('order','payment','waybill')),
  order_no TEXT NOT NULL,
  order_id INTEGER REFERENCES sales_order (id),
  date TEXT NOT NULL,
  codes INTEGER NOT NULL CHECK (codes > 0),
  -- open: to be worked off; excepted: accepted with a reason as long as the codes stay; settled: it passes now.
  state TEXT NOT NULL CHECK (state IN ('open','excepted','settled')),
  reason TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL DEFAULT '',
  decided_at TEXT,
  run_id INTEGER NOT NULL REFERENCES match_run (id),
  updated_at TEXT NOT NULL,
  UNIQUE (kind, order_no),
  CHECK ((state = 'excepted') <= (reason <> ''))
) STRICT;
CREATE TABLE match_due (order_no TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE red_flag (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL CHECK (rule GLOB 'R[01][0-9]'),
  key TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('high','medium','low')),
  subject TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  -- Rows that trip it, the newest so many; row_count and digest are of all.
  rows TEXT NOT NULL CHECK (json_valid(rows)),
  row_count INTEGER NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','reviewing','closed')),
  owner TEXT NOT NULL DEFAULT '',
  -- What is being done about it (处置), by when.
  action TEXT NOT NULL DEFAULT '',
  due_on TEXT,
  -- The closing note, the digest and the rows as they were then.
  note TEXT NOT NULL DEFAULT '',
  closed_at TEXT,
  closed_digest TEXT,
  closed_rows TEXT CHECK (closed_rows IS NULL OR json_valid(closed_rows)),
  reopened INTEGER NOT NULL DEFAULT 0,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  -- Since when nothing trips it any more.
  gone_at TEXT, closed_by TEXT NOT NULL DEFAULT '',
  UNIQUE (rule, key),
  CHECK (state <> 'closed' OR (note <> '' AND closed_at IS NOT NULL))
) STRICT;
CREATE TABLE red_flag_run (
  rule TEXT PRIMARY KEY,
  ran_at TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('clear','tripped','cannot-tell','off')),
  checked INTEGER NOT NULL,
  missing TEXT NOT NULL CHECK (json_valid(missing))
) STRICT, WITHOUT ROWID;
CREATE TABLE risk_fact (
  name TEXT NOT NULL CHECK (name IN ('supplier-founded','staff','deal')),
  subject TEXT NOT NULL,
  value TEXT NOT NULL CHECK (json_valid(value)),
  source TEXT NOT NULL DEFAULT '',
  entered_at TEXT NOT NULL,
  PRIMARY KEY (name, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE watch_list (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL DEFAULT '',
  as_of TEXT,
  file_name TEXT NOT NULL DEFAULT '',
  file_sha256 TEXT NOT NULL DEFAULT '',
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE watch_name (
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL REFERENCES watch_list (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- Other names, as JSON.
  aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(aliases)),
  kind TEXT NOT NULL DEFAULT 'other' CHECK (kind IN ('firm','person','vessel','other')),
  country TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  UNIQUE (list_id, name, number)
) STRICT;
CREATE TABLE screening_hit (
  id INTEGER PRIMARY KEY,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('party','customer','payer','buyer')),
  subject_id TEXT NOT NULL DEFAULT '',
  subject_name TEXT NOT NULL,
  list_name TEXT NOT NULL,
  watch_name TEXT NOT NULL,
  -- The alias that matched, where it was not the name.
  matched TEXT NOT NULL,
  -- NULL: the entry is on no list any more.
  watch_name_id INTEGER REFERENCES watch_name (id) ON DELETE SET NULL,
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
  reason TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'review' CHECK (state IN ('review','cleared','confirmed')),
  note TEXT NOT NULL DEFAULT '',
  who TEXT NOT NULL DEFAULT '',
  decided_at TEXT,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  gone_at TEXT,
  UNIQUE (subject_kind, subject_name, watch_name),
  CHECK (state = 'review' OR (note <> '' AND decided_at IS NOT NULL))
) STRICT;
CREATE TABLE screened_name (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE flow_reason (
  id INTEGER PRIMARY KEY,
  scope_kind TEXT NOT NULL CHECK (scope_kind IN ('shipment','declaration','period')),
  scope_id TEXT NOT NULL,
  leg TEXT NOT NULL CHECK (leg IN ('orders-goods','orders-money')),
  code TEXT NOT NULL CHECK (code IN ('RATE','INCOTERM','RETURN','COMMISSION','TIMING','CHARGES','NETTING','ROUNDING','OTHER')),
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  text TEXT NOT NULL CHECK (text <> ''),
  created_at TEXT NOT NULL,
  removed_at TEXT
) STRICT;
CREATE TABLE store (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  -- As orders, payouts and postings name it.
  name TEXT NOT NULL UNIQUE,
  -- Legal entity the marketplace has on file, and its credit code or foreign registration number.
  entity TEXT NOT NULL,
  entity_code TEXT NOT NULL DEFAULT '',
  -- ISO 3166 alpha-2 of the site it sells on; empty: several.
  country TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  -- Account the marketplace pays into (收款账户).
  account_id INTEGER REFERENCES money_account (id),
  -- Why another entity may own it or be paid for it: subsidiary, agency, with the paper.
  relation TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE insured_limit (
  id INTEGER PRIMARY KEY,
  insurer TEXT NOT NULL,
  policy_no TEXT NOT NULL,
  -- As the policy names the buyer; compared without case, legal form and order of words.
  buyer TEXT NOT NULL,
  -- ISO 3166 alpha-2; empty: not known.
  country TEXT NOT NULL DEFAULT '',
  currency TEXT NOT NULL,
  limit_minor INTEGER NOT NULL CHECK (limit_minor > 0),
  -- Share of a loss the insurer pays (赔偿比例), in hundredths of a percent.
  cover_bp INTEGER NOT NULL CHECK (cover_bp BETWEEN 1 AND 10000),
  -- Days of credit the policy allows (信用期限), from the order's date; null: not stated.
  term_days INTEGER CHECK (term_days BETWEEN 0 AND 1000),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (from_on <= until_on)
) STRICT;
CREATE TABLE document_about (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  about_id INTEGER NOT NULL REFERENCES document (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('amend','withdraw','return','tally','waybills','arrival','departure','summary')),
  PRIMARY KEY (document_id, about_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE document_result (
  id INTEGER PRIMARY KEY,
  receipt_id INTEGER NOT NULL REFERENCES receipt (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- The application, list or message document it is about; NULL while the book knows none.
  document_id INTEGER REFERENCES document (id),
  -- sumNo, taxNo or oriCopMsgId: by which later results about the same thing are known.
  number TEXT NOT NULL,
  at TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  UNIQUE (receipt_id, position)
) STRICT;
CREATE TABLE summary_match (
  result_id INTEGER NOT NULL REFERENCES document_result (id),
  position INTEGER NOT NULL,
  invt_no TEXT NOT NULL,
  list_id INTEGER REFERENCES document (id),
  entry_id TEXT NOT NULL DEFAULT '',
  item_no INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  PRIMARY KEY (result_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE receipt_note (
  code TEXT PRIMARY KEY,
  note TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE entry_place (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  -- NULL: nothing is being typed.
  typed TEXT,
  caret INTEGER,
  is_open INTEGER NOT NULL DEFAULT 1 CHECK (is_open IN (0,1)),
  at TEXT NOT NULL
, pending TEXT CHECK (pending IS NULL OR json_valid(pending))) STRICT;
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
CREATE TABLE entry_layout (
  kind TEXT PRIMARY KEY,
  layout TEXT NOT NULL CHECK (json_valid(layout))
) STRICT;
CREATE TABLE entry_view (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  filter TEXT NOT NULL CHECK (json_valid(filter))
) STRICT;
CREATE TABLE code_table_edition (
  id INTEGER PRIMARY KEY,
  table_id TEXT NOT NULL,
  as_of TEXT NOT NULL,
  source TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  -- Of the whole table as it is looked up in; part of the version a document keeps.
  sha256 TEXT NOT NULL,
  rows INTEGER NOT NULL,
  -- The table file, JSON, gzip.
  body BLOB NOT NULL,
  imported_at TEXT NOT NULL,
  in_force INTEGER NOT NULL CHECK (in_force IN (0,1))
) STRICT;
CREATE TABLE tables_version (
  version TEXT PRIMARY KEY,
  digests TEXT NOT NULL,
  kept_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE table_names (
  sha256 TEXT PRIMARY KEY,
  table_id TEXT NOT NULL,
  as_of TEXT NOT NULL,
  names BLOB NOT NULL
) STRICT;
CREATE TABLE recent_code (
  table_id TEXT NOT NULL,
  used_for TEXT NOT NULL,
  code TEXT NOT NULL,
  used_at TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (table_id, used_for, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE unconfirmed_text (
  table_id TEXT NOT NULL,
  text TEXT NOT NULL,
  used_for TEXT NOT NULL,
  times INTEGER NOT NULL,
  last_at TEXT NOT NULL,
  code TEXT,
  PRIMARY KEY (table_id, text)
) STRICT, WITHOUT ROWID;
CREATE TABLE element_order (
  hs_code TEXT PRIMARY KEY,
  names TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE product_elements (
  sku TEXT NOT NULL REFERENCES product (sku),
  hs_code TEXT NOT NULL,
  items TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (sku, hs_code)
) STRICT, WITHOUT ROWID;
CREATE TABLE classification_decision (
  id INTEGER PRIMARY KEY,
  sku TEXT,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  hs_code TEXT NOT NULL,
  code_name TEXT NOT NULL,
  previous_code TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('ruling','precedent','customs','broker','own')),
  -- Number of a ruling, link, text of an answer.
  evidence TEXT NOT NULL DEFAULT '',
  tables_version TEXT NOT NULL,
  -- Doubts that were shown and accepted, JSON.
  doubts TEXT NOT NULL DEFAULT '[]',
  withdrawn_at TEXT,
  withdrawn_reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE mode_answer (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  -- JSON by the names of the contract; a fact nobody has said is left out.
  answers TEXT NOT NULL CHECK (json_valid(answers)),
  changed_at TEXT NOT NULL
) STRICT;
CREATE TABLE paper_detail (
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('firm','shipment','document')),
  subject_id INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  updated_at TEXT NOT NULL,
  PRIMARY KEY (subject_kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE paper_template (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  content BLOB NOT NULL,
  placeholders INTEGER NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
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
CREATE TABLE clerk (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0,1)),
  created_at TEXT NOT NULL
, role TEXT NOT NULL DEFAULT 'owner' CHECK (role IN ('owner','maker','checker','finance','cooperative','reader')), pin TEXT CHECK (pin IS NULL OR json_valid(pin))) STRICT;
CREATE TABLE document_hand (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  clerk_id INTEGER NOT NULL REFERENCES clerk (id),
  at TEXT NOT NULL,
  PRIMARY KEY (document_id, clerk_id)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE review_approval (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  clerk_id INTEGER NOT NULL REFERENCES clerk (id),
  at TEXT NOT NULL
) STRICT;
CREATE TABLE fee_tariff (
  id INTEGER PRIMARY KEY,
  -- Empty: any.
  kind TEXT NOT NULL,
  mode TEXT NOT NULL,
  fee_fen INTEGER NOT NULL CHECK (fee_fen >= 0),
  UNIQUE (kind, mode)
) STRICT;
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
CREATE TABLE desk_key (
  clerk_id INTEGER NOT NULL,
  command TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (clerk_id, command)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry_own_value (
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (kind, field, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE declared_goods (
  declaration TEXT NOT NULL,
  position INTEGER NOT NULL,
  item_no INTEGER NOT NULL,
  order_id INTEGER NOT NULL REFERENCES sales_order (id),
  sku TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL,
  amount_e5 INTEGER NOT NULL,
  PRIMARY KEY (declaration, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE export_goods (
  export_line_id INTEGER NOT NULL REFERENCES export_line (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  order_id INTEGER NOT NULL REFERENCES sales_order (id),
  sku TEXT REFERENCES product (sku),
  qty_e5 INTEGER NOT NULL,
  -- Its part of the line's FOB, and the sum of the parts before it.
  fob_minor INTEGER NOT NULL,
  fob_before INTEGER NOT NULL,
  PRIMARY KEY (export_line_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE "stock_short" (
  id INTEGER PRIMARY KEY,
  export_line_id INTEGER NOT NULL REFERENCES export_line (id),
  sku TEXT NOT NULL,
  order_id INTEGER REFERENCES sales_order (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0)
) STRICT;
CREATE TABLE "pending_posting" (
  id INTEGER PRIMARY KEY,
  order_id INTEGER UNIQUE REFERENCES sales_order (id),
  document_id INTEGER NOT NULL REFERENCES document (id),
  event_date TEXT NOT NULL,
  currency TEXT NOT NULL
) STRICT;
CREATE TABLE receipt_remark (
  receipt_id INTEGER PRIMARY KEY REFERENCES receipt (id),
  note TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE "message" (
  guid TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL UNIQUE,
  -- While unsigned: the canonical text that the signature will cover. From then on with the signature in it.
  sha256 TEXT NOT NULL,
  documents INTEGER NOT NULL CHECK (documents BETWEEN 1 AND 100),
  signature_kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('unsigned','queued','sending','unknown','sent','refused','withdrawn')),
  depends_on INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT NOT NULL,
  lease_until TEXT,
  last_error TEXT,
  transport_receipt TEXT,
  queued_at TEXT NOT NULL,
  sent_at TEXT
, endpoint TEXT REFERENCES endpoint (id), priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1 AND 2), held_at TEXT, waits_since TEXT NOT NULL DEFAULT '', checked_with TEXT NOT NULL DEFAULT '', unfit_at TEXT) STRICT;
CREATE TABLE message_signature (
  message_guid TEXT PRIMARY KEY REFERENCES message (guid),
  -- Of the canonical text without a signature.
  frozen_sha256 TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- A code of the refusals, and its parameters.
  problem TEXT,
  problem_params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(problem_params)),
  tried_at TEXT,
  -- NULL: it waits for a person.
  next_try_at TEXT,
  signed_sha256 TEXT,
  profile TEXT,
  signature_method TEXT,
  digest_method TEXT,
  subject TEXT,
  serial TEXT,
  not_before TEXT,
  not_after TEXT,
  certificate BLOB,
  signed_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE data_request (
  session_id TEXT PRIMARY KEY,
  endpoint TEXT NOT NULL,
  order_no TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  received_at TEXT NOT NULL,
  -- open: waits for a person; ready: answered and signed, to be uploaded; answered, declined: over.
  state TEXT NOT NULL CHECK (state IN ('open','ready','answered','declined')),
  -- Why it is not answered by itself: a code of the refusals, or the reason of who declined.
  problem TEXT,
  answer TEXT,
  serial TEXT,
  prepared_at TEXT,
  prepared_by TEXT CHECK (prepared_by IN ('user','rule')),
  reply_code TEXT,
  reply_message TEXT,
  answered_at TEXT,
  CHECK (state IN ('open','declined') OR answer IS NOT NULL)
) STRICT;
CREATE TABLE payment_original (
  order_no TEXT PRIMARY KEY,
  body TEXT NOT NULL CHECK (json_valid(body)),
  saved_at TEXT NOT NULL
) STRICT;
CREATE TABLE handover (
  message_guid TEXT PRIMARY KEY REFERENCES message (guid),
  endpoint TEXT NOT NULL REFERENCES endpoint (id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE legal_move (
  machine TEXT NOT NULL CHECK (machine IN ('message','document')),
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (machine, from_state, to_state)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE pack_issuer (
  -- First 32 hex digits of the SHA-256 of the key.
  key_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  -- Ed25519, base64 of the SubjectPublicKeyInfo.
  public_key TEXT NOT NULL,
  -- Name of the endpoint that told of it; empty: entered by a person.
  named_by TEXT NOT NULL,
  trusted_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE pack (
  id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  kind TEXT NOT NULL CHECK (kind IN ('tables','rules')),
  valid_from TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  key_id TEXT NOT NULL REFERENCES pack_issuer (key_id),
  -- As it was signed, JSON.
  manifest TEXT NOT NULL,
  -- What is in it, JSON: id, digest, rows, source and state of the world of each table; id of each rule pack.
  parts TEXT NOT NULL,
  -- The bytes that were signed for, gzip.
  body BLOB NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('line','file')),
  -- Name of the endpoint or of the file.
  source_name TEXT NOT NULL,
  received_at TEXT NOT NULL,
  taken_at TEXT,
  in_force INTEGER NOT NULL DEFAULT 0 CHECK (in_force IN (0,1)),
  PRIMARY KEY (id, version)
) STRICT;
CREATE TABLE pack_refusal (
  endpoint TEXT NOT NULL,
  endpoint_name TEXT NOT NULL,
  pack_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (endpoint, pack_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE message_bytes (
  seq INTEGER PRIMARY KEY REFERENCES message (seq),
  -- While unsigned: the canonical text that the signature will cover. From then on with the signature in it.
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE finding_reason (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  path TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  reason TEXT NOT NULL CHECK (reason <> ''),
  by_name TEXT NOT NULL,
  given_at TEXT NOT NULL,
  PRIMARY KEY (document_id, rule, path, params)
) STRICT, WITHOUT ROWID;
CREATE TABLE seal_picture (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  media_type TEXT NOT NULL CHECK (media_type IN ('image/png','image/jpeg')),
  content BLOB NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
CREATE TABLE registration (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  subject_type TEXT NOT NULL,
  -- cancelled: wanted no more; what was accepted is taken back by a filing of its own.
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','cancelled')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  -- The number and day of the platform's acceptance, while it stands.
  accept_no TEXT,
  accepted_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE farm_product (
  id INTEGER PRIMARY KEY,
  name_zh TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  hs_code TEXT NOT NULL DEFAULT '',
  low_c100 INTEGER,
  high_c100 INTEGER,
  band_source TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((low_c100 IS NULL) = (high_c100 IS NULL)),
  CHECK (low_c100 <= high_c100)
) STRICT;
CREATE TABLE farm_site (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('orchard','pond','field','pack-house')),
  name TEXT NOT NULL UNIQUE,
  party_id INTEGER REFERENCES party (id),
  place TEXT NOT NULL DEFAULT '',
  area_m2 INTEGER CHECK (area_m2 > 0),
  latitude_e6 INTEGER CHECK (latitude_e6 BETWEEN -90000000 AND 90000000),
  longitude_e6 INTEGER CHECK (longitude_e6 BETWEEN -180000000 AND 180000000),
  note TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((latitude_e6 IS NULL) = (longitude_e6 IS NULL))
) STRICT;
CREATE TABLE site_registration (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES farm_site (id),
  kind TEXT NOT NULL CHECK (kind IN ('registration','destination','certificate')),
  scheme TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL,
  product_id INTEGER REFERENCES farm_product (id),
  country TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL,
  until_on TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  CHECK (until_on IS NULL OR from_on <= until_on)
) STRICT;
CREATE TABLE site_treatment (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES farm_site (id),
  on_date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('pesticide','fertiliser','medicine','feed','other')),
  name TEXT NOT NULL,
  -- 农药登记证号, 兽药批准文号.
  licence_no TEXT NOT NULL DEFAULT '',
  dose TEXT NOT NULL DEFAULT '',
  waiting_days INTEGER CHECK (waiting_days BETWEEN 0 AND 1000),
  source TEXT NOT NULL DEFAULT '',
  operator TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
, withdrawn_at TEXT, withdrawn_reason TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE lot_step (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('split','merge','process')),
  on_date TEXT NOT NULL,
  site_id INTEGER REFERENCES farm_site (id),
  -- Why more came out than went in (镀冰衣, 复水).
  reason TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE lot (
  id INTEGER PRIMARY KEY,
  -- 溯源码, with its check character.
  code TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  variety TEXT NOT NULL DEFAULT '',
  grade TEXT NOT NULL DEFAULT '',
  mass_g INTEGER NOT NULL CHECK (mass_g > 0),
  -- Neither gone into another lot nor in cartons.
  free_g INTEGER NOT NULL CHECK (free_g >= 0 AND free_g <= mass_g),
  made_on TEXT NOT NULL,
  -- A harvest has its orchard or pond, any other lot the step that made it: no lot is without an origin.
  site_id INTEGER REFERENCES farm_site (id),
  step_id INTEGER REFERENCES lot_step (id),
  note TEXT NOT NULL DEFAULT '',
  held_at TEXT,
  hold_reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  CHECK ((site_id IS NULL) <> (step_id IS NULL))
) STRICT;
CREATE TABLE lot_input (
  step_id INTEGER NOT NULL REFERENCES lot_step (id),
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  mass_g INTEGER NOT NULL CHECK (mass_g > 0),
  PRIMARY KEY (step_id, lot_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE lot_event (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('precooled','stored','sampled','inspected','loaded','handed','delivered','destroyed','other')),
  place TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
, mass_g INTEGER CHECK (mass_g > 0)) STRICT;
CREATE TABLE dispatch (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  on_date TEXT NOT NULL,
  country TEXT NOT NULL,
  party_id INTEGER REFERENCES party (id),
  shipment_id INTEGER REFERENCES shipment (id),
  declaration_no TEXT NOT NULL DEFAULT '',
  transport TEXT NOT NULL DEFAULT '',
  container_no TEXT NOT NULL DEFAULT '',
  seal_no TEXT NOT NULL DEFAULT '',
  -- 出境货物检验检疫申请: number, place, day wished for, text of the request.
  inspection_no TEXT NOT NULL DEFAULT '',
  inspection_place TEXT NOT NULL DEFAULT '',
  inspection_on TEXT,
  certificate_no TEXT NOT NULL DEFAULT '',
  certificate_on TEXT,
  additional_declaration TEXT NOT NULL DEFAULT '',
  cold_treatment TEXT NOT NULL DEFAULT '',
  loaded_at TEXT,
  arrived_at TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE lot_carton (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  prefix TEXT NOT NULL,
  digits INTEGER NOT NULL CHECK (digits BETWEEN 1 AND 9),
  first_no INTEGER NOT NULL CHECK (first_no >= 0),
  last_no INTEGER NOT NULL,
  net_g INTEGER NOT NULL CHECK (net_g > 0),
  dispatch_id INTEGER REFERENCES dispatch (id),
  CHECK (first_no <= last_no)
) STRICT;
CREATE TABLE lot_reason (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  dispatch_id INTEGER REFERENCES dispatch (id),
  code TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  reason TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE TABLE lab_result (
  report_id INTEGER NOT NULL REFERENCES lab_report (id) ON DELETE CASCADE,
  substance TEXT NOT NULL COLLATE NOCASE,
  value_e6 INTEGER CHECK (value_e6 >= 0),
  PRIMARY KEY (report_id, substance)
) STRICT, WITHOUT ROWID;
CREATE TABLE residue_limit (
  id INTEGER PRIMARY KEY,
  country TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  substance TEXT NOT NULL COLLATE NOCASE,
  limit_e6 INTEGER NOT NULL CHECK (limit_e6 >= 0),
  from_on TEXT NOT NULL,
  until_on TEXT,
  source TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (country, product_id, substance, from_on),
  CHECK (until_on IS NULL OR from_on <= until_on)
) STRICT;
CREATE TABLE access_answer (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  country TEXT NOT NULL,
  asked_on TEXT NOT NULL,
  source TEXT NOT NULL,
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  UNIQUE (product_id, country, asked_on)
) STRICT;
CREATE TABLE cold_log (
  id INTEGER PRIMARY KEY,
  dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  logger TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  low_c100 INTEGER NOT NULL,
  high_c100 INTEGER NOT NULL,
  -- Rows that held no reading: JSON of row and reason.
  failed TEXT NOT NULL CHECK (json_valid(failed)),
  created_at TEXT NOT NULL,
  UNIQUE (dispatch_id, sha256)
) STRICT;
CREATE TABLE cold_reading (
  log_id INTEGER NOT NULL REFERENCES cold_log (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  c100 INTEGER NOT NULL,
  PRIMARY KEY (log_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE listing (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  sku TEXT NOT NULL UNIQUE REFERENCES product (sku),
  -- Id of a template of the pack; empty for none.
  template TEXT NOT NULL DEFAULT '',
  -- withdrawn: wanted no more; what was accepted is taken back by a filing of its own.
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','withdrawn')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  accept_no TEXT,
  accepted_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE listing_photo (
  id INTEGER PRIMARY KEY,
  listing_id INTEGER NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  size INTEGER NOT NULL,
  content BLOB NOT NULL,
  added_at TEXT NOT NULL, removed_at TEXT,
  UNIQUE (listing_id, sha256)
) STRICT;
CREATE TABLE joint_shipment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  on_date TEXT NOT NULL,
  -- What it is made of: a dispatch, or all dispatches of a shipment; each in one joint shipment at most.
  dispatch_id INTEGER UNIQUE REFERENCES dispatch (id) ON DELETE SET NULL,
  shipment_id INTEGER UNIQUE REFERENCES shipment (id),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, posting TEXT NOT NULL DEFAULT '' CHECK (posting IN ('','none','bought','agent')),
  CHECK (dispatch_id IS NULL OR shipment_id IS NULL)
) STRICT;
CREATE TABLE joint_goods (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id) ON DELETE CASCADE,
  party_id INTEGER REFERENCES party (id),
  lot_id INTEGER REFERENCES lot (id) ON DELETE SET NULL,
  goods TEXT NOT NULL,
  -- 产地.
  place TEXT NOT NULL DEFAULT '',
  mass_g INTEGER NOT NULL CHECK (mass_g >= 0),
  cartons INTEGER NOT NULL CHECK (cartons >= 0),
  value_fen INTEGER NOT NULL CHECK (value_fen >= 0),
  sold_fen INTEGER NOT NULL CHECK (sold_fen >= 0),
  -- Read from the dispatch, so that it may be read again.
  taken INTEGER NOT NULL CHECK (taken IN (0,1))
) STRICT;
CREATE TABLE joint_amount (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id) ON DELETE CASCADE,
  side TEXT NOT NULL CHECK (side IN ('cost','proceeds')),
  kind TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
  basis TEXT NOT NULL CHECK (basis IN ('weight','value','cartons','sold'))
, party_id INTEGER REFERENCES party (id), record_id INTEGER REFERENCES money_record (id), record_minor INTEGER, record_currency TEXT, record_date TEXT) STRICT;
CREATE TABLE joint_issue (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id),
  version INTEGER NOT NULL CHECK (version > 0),
  reason TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL CHECK (json_valid(body)),
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (joint_id, version)
) STRICT;
CREATE TABLE joint_due (
  issue_id INTEGER NOT NULL REFERENCES joint_issue (id),
  party_id INTEGER NOT NULL REFERENCES party (id),
  net_fen INTEGER NOT NULL,
  PRIMARY KEY (issue_id, party_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE joint_payment (
  id INTEGER PRIMARY KEY,
  joint_id INTEGER NOT NULL REFERENCES joint_shipment (id),
  party_id INTEGER NOT NULL REFERENCES party (id),
  on_date TEXT NOT NULL,
  -- To the member; below zero: from it.
  amount_fen INTEGER NOT NULL CHECK (amount_fen <> 0),
  method TEXT NOT NULL CHECK (method IN ('bank','cash','wallet','offset')),
  -- Masked before it is written.
  account TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  voided_at TEXT,
  void_reason TEXT NOT NULL DEFAULT '', record_id INTEGER REFERENCES money_record (id),
  CHECK ((voided_at IS NULL) = (void_reason = ''))
) STRICT;
CREATE TABLE pickup_point (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  place TEXT NOT NULL DEFAULT '',
  keeper TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  hours TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE lot_handover (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  point_id INTEGER NOT NULL REFERENCES pickup_point (id),
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  on_date TEXT NOT NULL,
  cartons INTEGER NOT NULL CHECK (cartons >= 0),
  mass_g INTEGER NOT NULL CHECK (mass_g > 0),
  giver TEXT NOT NULL,
  receiver TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  voided_at TEXT,
  void_reason TEXT NOT NULL DEFAULT '',
  CHECK ((voided_at IS NULL) = (void_reason = ''))
) STRICT;
CREATE TABLE statistics_report (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  -- yyyy-mm
  period TEXT NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'),
  -- cancelled: wanted no more; what was accepted is taken back by a filing of its own.
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','cancelled')),
  note TEXT NOT NULL DEFAULT '',
  -- The number and day of the platform's acceptance, while it stands.
  accept_no TEXT,
  accepted_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE declaration_copy (
  id INTEGER PRIMARY KEY,
  mode TEXT NOT NULL CHECK (mode IN ('0110','9610','9710','9810','1210')),
  declaration_no TEXT NOT NULL,
  line_no INTEGER NOT NULL,
  export_date TEXT NOT NULL,
  exporter TEXT NOT NULL,
  exporter_code TEXT NOT NULL DEFAULT '',
  -- Customs of export, four digits; empty: not known.
  customs_code TEXT NOT NULL DEFAULT '',
  hs_code TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  currency TEXT NOT NULL,
  -- As the declaration has it, in the currency.
  fob TEXT NOT NULL,
  country TEXT,
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (declaration_no, line_no)
) STRICT;
CREATE TABLE goods_return (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  export_line_id INTEGER REFERENCES export_line (id),
  copy_id INTEGER REFERENCES declaration_copy (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  state TEXT NOT NULL CHECK (state IN ('received','sorted','stored','repairing','resold','sentBack','scrapped','void')),
  received_on TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('returned','unsold','other')),
  -- Where it lies (库位).
  place TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  -- The return it was split off from.
  of_id INTEGER REFERENCES goods_return (id),
  application_id INTEGER REFERENCES document (id),
  reexport_id INTEGER REFERENCES document (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((export_line_id IS NULL) <> (copy_id IS NULL))
) STRICT;
CREATE TABLE goods_return_step (
  id INTEGER PRIMARY KEY,
  return_id INTEGER NOT NULL REFERENCES goods_return (id),
  from_state TEXT,
  to_state TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL
) STRICT;
CREATE TABLE repair_order (
  id INTEGER PRIMARY KEY,
  return_id INTEGER NOT NULL REFERENCES goods_return (id),
  number TEXT NOT NULL UNIQUE,
  fault TEXT NOT NULL DEFAULT '',
  work TEXT NOT NULL DEFAULT '',
  labour_fen INTEGER NOT NULL DEFAULT 0 CHECK (labour_fen >= 0),
  parts_fen INTEGER NOT NULL DEFAULT 0,
  started_on TEXT NOT NULL,
  finished_on TEXT
) STRICT;
CREATE TABLE repair_part (
  id INTEGER PRIMARY KEY,
  repair_id INTEGER NOT NULL REFERENCES repair_order (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  cost_fen INTEGER NOT NULL CHECK (cost_fen >= 0),
  UNIQUE (repair_id, position)
) STRICT;
CREATE TABLE credit_record (
  id INTEGER PRIMARY KEY,
  -- Papers are on file under it (archive_paper, subject 'credit-record').
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('rating','mark','decision')),
  date TEXT NOT NULL,
  valid_to TEXT,
  body TEXT NOT NULL CHECK (json_valid(body)),
  -- Entered by mistake: counts no more, stays to be seen.
  removed_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= date)
) STRICT;
CREATE TABLE credit_pledge (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  template TEXT NOT NULL,
  template_version TEXT NOT NULL,
  title TEXT NOT NULL,
  -- draft: its blanks may be filled; signed: its text stands; revoked: wanted no more, what was accepted is taken back by a filing.
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft','signed','revoked')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  -- Paragraphs as they were signed, and their hash.
  text TEXT CHECK (text IS NULL OR json_valid(text)),
  text_sha256 TEXT,
  signed_on TEXT,
  -- The number and day of the platform's acceptance, while it stands.
  accept_no TEXT,
  accepted_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (state <> 'signed' OR (text IS NOT NULL AND text_sha256 IS NOT NULL AND signed_on IS NOT NULL))
) STRICT;
CREATE TABLE financing_pack (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  bank TEXT NOT NULL,
  purpose TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  -- Names of the sections, as JSON.
  sections TEXT NOT NULL CHECK (json_valid(sections)),
  consent_name TEXT NOT NULL,
  consent_at TEXT NOT NULL,
  consent_version TEXT NOT NULL,
  consent_sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  -- Of the contents list.
  list_sha256 TEXT NOT NULL,
  made_at TEXT NOT NULL, consent_text TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(consent_text)),
  CHECK (from_on <= to_on)
) STRICT;
CREATE TABLE financing_given (
  id INTEGER PRIMARY KEY,
  pack_id INTEGER NOT NULL REFERENCES financing_pack (id),
  to_whom TEXT NOT NULL,
  given_on TEXT NOT NULL,
  how TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  noted_at TEXT NOT NULL
) STRICT;
CREATE TABLE shipment_container (
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  number TEXT NOT NULL,
  PRIMARY KEY (shipment_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE shipment_cut_off (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  kind TEXT NOT NULL CHECK (kind IN ('documents','vgm','gate','customs','declareBy')),
  at TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  -- A person says that it is met.
  done_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE shipment_seal (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  number TEXT NOT NULL,
  vehicle TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  UNIQUE (shipment_id, number)
) STRICT;
CREATE TABLE shipment_check (
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  list TEXT NOT NULL,
  item TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  checked_at TEXT NOT NULL,
  PRIMARY KEY (shipment_id, list, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE risk_notice (
  id INTEGER PRIMARY KEY,
  -- Customs' old numeric code; empty: any country. At least one of the three is there.
  country TEXT NOT NULL DEFAULT '',
  counterparty TEXT NOT NULL DEFAULT '',
  -- The name as it is compared.
  counterparty_key TEXT NOT NULL DEFAULT '',
  hs_prefix TEXT NOT NULL DEFAULT '',
  level TEXT NOT NULL CHECK (level IN ('high','medium','low')),
  text TEXT NOT NULL CHECK (text <> ''),
  source TEXT NOT NULL DEFAULT '',
  -- In force, both days included; empty: not limited.
  valid_from TEXT NOT NULL DEFAULT '',
  valid_to TEXT NOT NULL DEFAULT '',
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (country, counterparty, hs_prefix, text, source, valid_from),
  CHECK (country <> '' OR counterparty <> '' OR hs_prefix <> '')
) STRICT;
CREATE TABLE product_change (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL REFERENCES product (sku),
  -- As the contract names it; quantities and weights are by 10^5.
  field TEXT NOT NULL,
  before ANY NOT NULL,
  after ANY,
  changed_at TEXT NOT NULL
) STRICT;
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
CREATE TABLE complaint_step (
  id INTEGER PRIMARY KEY,
  complaint_id INTEGER NOT NULL REFERENCES complaint (id),
  state TEXT NOT NULL CHECK (state IN ('open','answered','closed')),
  text TEXT NOT NULL CHECK (text <> ''),
  by_name TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE TABLE live_session (
  id INTEGER PRIMARY KEY,
  -- ZB-2026-001.
  number TEXT NOT NULL UNIQUE,
  held_on TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE place_default (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('park','county')),
  -- The park's name as in the profile, or the division's six digits.
  name TEXT NOT NULL CHECK (name <> ''),
  customs_code TEXT NOT NULL DEFAULT '',
  port_code TEXT NOT NULL DEFAULT '',
  loct_no TEXT NOT NULL DEFAULT '',
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE "shipment_milestone" (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  kind TEXT NOT NULL CHECK (kind IN ('picked','packed','precooled','loaded','gateIn','departed','transit','arrived','delivering','delivered','exception','other')),
  at TEXT NOT NULL,
  -- 1: at is the beginning of a day in China, the time of that day is not known.
  is_day INTEGER NOT NULL DEFAULT 0 CHECK (is_day IN (0,1)),
  -- One parcel or container of the shipment; empty: all of it.
  scope TEXT NOT NULL DEFAULT '',
  -- The number that told it.
  reference TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  -- Tells events of a kind and time apart where the kind does not say what happened.
  mark TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL CHECK (source IN ('entry','import')),
  import_run_id INTEGER REFERENCES import_run (id),
  recorded_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_reason TEXT, endpoint TEXT CHECK (endpoint IS NULL OR source = 'import'),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
) STRICT;
CREATE TABLE form_draft (
  -- The form's name; of a stored thing with its id.
  form TEXT PRIMARY KEY,
  -- State of the stored thing on which it was typed: on another it counts no more.
  base TEXT NOT NULL,
  value TEXT NOT NULL CHECK (json_valid(value)),
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE stock_count (
  id INTEGER PRIMARY KEY,
  date TEXT NOT NULL,
  sku TEXT NOT NULL REFERENCES product (sku),
  place_id INTEGER NOT NULL REFERENCES stock_place (id),
  counted_e5 INTEGER NOT NULL CHECK (counted_e5 >= 0),
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  -- NULL: not decided. 'adjusted': stock was brought to the count by a move; 'kept': the book's stock stands.
  decision TEXT CHECK (decision IN ('adjusted','kept')),
  reason TEXT NOT NULL DEFAULT '',
  move_id INTEGER REFERENCES stock_move (id),
  -- Declaration lines whose goods a shortage was taken from, or a surplus given back to: [{"id", "qtyE5"}], out positive.
  lines TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lines)),
  decided_at TEXT,
  UNIQUE (sku, date, place_id),
  CHECK ((decision IS NULL) = (decided_at IS NULL)),
  CHECK (decision IS NULL OR reason <> ''),
  CHECK ((decision = 'adjusted') = (move_id IS NOT NULL))
) STRICT;
CREATE TABLE lot_inspection (
  id INTEGER PRIMARY KEY,
  -- YH-2026-001.
  number TEXT NOT NULL UNIQUE,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  kind TEXT NOT NULL CHECK (kind IN ('receipt','sample')),
  on_date TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('pass','fail','open')),
  who TEXT NOT NULL CHECK (who <> ''),
  -- By which standard or contract, and how much was looked at.
  basis TEXT NOT NULL DEFAULT '',
  sampled TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_reason TEXT NOT NULL DEFAULT '',
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason = ''))
) STRICT;
CREATE TABLE parcel (
  id INTEGER PRIMARY KEY,
  waybill_no TEXT NOT NULL CHECK (waybill_no <> ''),
  -- A parcel with goods of several chapters has a line for each.
  line_no INTEGER NOT NULL DEFAULT 1 CHECK (line_no BETWEEN 1 AND 999),
  kind TEXT NOT NULL CHECK (kind IN ('courier','mail','personal')),
  direction TEXT NOT NULL CHECK (direction IN ('out','in')),
  moved_on TEXT NOT NULL,
  -- Where it goes to or comes from, customs' old numeric code; empty: not known.
  country TEXT NOT NULL DEFAULT '',
  -- Two to ten digits; empty: not known.
  hs_code TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL CHECK (name <> ''),
  carrier TEXT NOT NULL DEFAULT '',
  -- Kilograms by 10^5; null: not weighed.
  weight_e5 INTEGER CHECK (weight_e5 > 0),
  currency TEXT NOT NULL,
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  shipment_id INTEGER REFERENCES shipment (id),
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (waybill_no, line_no)
) STRICT;
CREATE TABLE agent_certificate (
  id INTEGER PRIMARY KEY,
  -- 报关单号; one certificate line a declaration.
  declaration_no TEXT NOT NULL UNIQUE CHECK (declaration_no <> ''),
  -- 委托代理出口协议.
  contract_no TEXT NOT NULL DEFAULT '',
  requested_on TEXT,
  -- Last day as the tax office said it, where the law at hand says none.
  told_due_on TEXT,
  certificate_no TEXT NOT NULL DEFAULT '',
  obtained_on TEXT,
  handed_on TEXT,
  -- Why none is needed; empty: it is.
  not_needed TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((certificate_no = '') = (obtained_on IS NULL)),
  CHECK (handed_on IS NULL OR obtained_on IS NOT NULL)
) STRICT;
CREATE TABLE return_certificate (
  id INTEGER PRIMARY KEY,
  -- BS-2026-001.
  number TEXT NOT NULL UNIQUE,
  export_line_id INTEGER NOT NULL REFERENCES export_line (id),
  -- The return it is asked for; none while the goods are not back.
  return_id INTEGER REFERENCES goods_return (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  reason TEXT NOT NULL CHECK (reason IN ('returned','unsold','other')),
  returned_on TEXT,
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft','handedIn','obtained','used','void')),
  -- Said of the line when the request is handed in.
  kind TEXT CHECK (kind IN ('repaid','notRefunded')),
  repay_way TEXT NOT NULL DEFAULT 'payment' CHECK (repay_way IN ('payment','offset')),
  repaid_on TEXT,
  repaid_fen INTEGER CHECK (repaid_fen > 0),
  repay_paper TEXT NOT NULL DEFAULT '',
  handed_on TEXT,
  obtained_on TEXT,
  certificate_no TEXT NOT NULL DEFAULT '',
  used_on TEXT,
  -- The declaration under which the goods come in again.
  import_declaration_no TEXT NOT NULL DEFAULT '',
  void_reason TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, repay_account TEXT NOT NULL DEFAULT '1002',
  CHECK ((state IN ('handedIn','obtained','used')) <= (kind IS NOT NULL AND handed_on IS NOT NULL)),
  CHECK ((state IN ('obtained','used')) <= (obtained_on IS NOT NULL AND certificate_no <> '')),
  CHECK ((state = 'used') <= (used_on IS NOT NULL)),
  CHECK ((state = 'void') = (void_reason <> '')),
  -- A refund is paid back before the paper says 已补税.
  CHECK (kind IS NOT 'repaid' OR (repaid_on IS NOT NULL AND repaid_fen IS NOT NULL AND repay_paper <> ''))
) STRICT;
CREATE TABLE mode_change (
  id INTEGER PRIMARY KEY,
  -- The document it was asked for.
  document_id INTEGER NOT NULL REFERENCES document (id),
  from_mode TEXT NOT NULL,
  to_mode TEXT NOT NULL,
  -- [{id, before, after}]: each document that changed, with its bodies.
  documents TEXT NOT NULL CHECK (json_valid(documents)),
  made_at TEXT NOT NULL,
  undone_at TEXT
) STRICT;
CREATE TABLE release_batch (
  id INTEGER PRIMARY KEY,
  -- The number customs has the batch under (备案号).
  record_no TEXT NOT NULL UNIQUE,
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  -- Last day of the declaration, as it was entered.
  due_on TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE release_batch_good (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES release_batch (id),
  position INTEGER NOT NULL,
  hs_code TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  -- Customs' numeric currency and the price of one unit; empty: entered in the declaration.
  currency TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  UNIQUE (batch_id, position)
) STRICT;
CREATE TABLE batch_release (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES release_batch (id),
  number TEXT NOT NULL UNIQUE,
  on_date TEXT NOT NULL,
  -- The declaration that takes it in.
  document_id INTEGER REFERENCES document (id),
  void_reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE release_declaration (
  release_id INTEGER NOT NULL REFERENCES batch_release (id),
  document_id INTEGER NOT NULL REFERENCES document (id),
  PRIMARY KEY (release_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE batch_release_line (
  release_id INTEGER NOT NULL REFERENCES batch_release (id),
  good_id INTEGER NOT NULL REFERENCES release_batch_good (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  PRIMARY KEY (release_id, good_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE service_contact (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('legal','marketing','talent','park','other')),
  name TEXT NOT NULL CHECK (name <> ''),
  person TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  link TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE bonded_book (
  id INTEGER PRIMARY KEY,
  -- 账册编号, under which lists draw on it.
  record_no TEXT NOT NULL UNIQUE CHECK (record_no <> ''),
  place_kind TEXT NOT NULL CHECK (place_kind IN ('zone','centre','other')),
  place TEXT NOT NULL DEFAULT '',
  customs TEXT NOT NULL DEFAULT '',
  -- The enterprise in the zone (区内企业).
  firm_code TEXT NOT NULL,
  firm_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','closed')),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE bonded_item (
  id INTEGER PRIMARY KEY,
  book_id INTEGER NOT NULL REFERENCES bonded_book (id),
  -- 备案序号 and 料号.
  seq INTEGER NOT NULL CHECK (seq > 0),
  item_no TEXT NOT NULL CHECK (item_no <> ''),
  -- The article of the firm that is it; empty: none.
  sku TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  hs_code TEXT NOT NULL,
  unit TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (book_id, seq),
  UNIQUE (book_id, item_no)
) STRICT;
CREATE TABLE bonded_move (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES bonded_item (id),
  direction TEXT NOT NULL CHECK (direction IN ('in','out')),
  kind TEXT NOT NULL,
  on_date TEXT NOT NULL,
  paper_kind TEXT NOT NULL CHECK (paper_kind IN ('checklist','declaration','list','other')),
  paper_no TEXT NOT NULL CHECK (paper_no <> ''),
  paper_line INTEGER NOT NULL CHECK (paper_line > 0),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  note TEXT NOT NULL DEFAULT '',
  void_reason TEXT NOT NULL DEFAULT '',
  import_run_id INTEGER REFERENCES import_run (id),
  created_at TEXT NOT NULL,
  CHECK ((direction = 'in') = (kind IN ('import','domestic','transfer-in','returned'))),
  CHECK ((direction = 'out') = (kind IN ('home','abroad','transfer-out')))
) STRICT;
CREATE TABLE bonded_draw (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  line_no INTEGER NOT NULL,
  record_no TEXT NOT NULL,
  item_no TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  PRIMARY KEY (document_id, line_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE show_goods (
  id INTEGER PRIMARY KEY,
  -- The record item it is of; NULL: of no ledger in the book.
  item_id INTEGER REFERENCES bonded_item (id),
  name TEXT NOT NULL CHECK (name <> ''),
  unit TEXT NOT NULL,
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  -- Value and the duty and taxes at stake, as assessed, in fen.
  value_fen INTEGER NOT NULL CHECK (value_fen >= 0),
  duty_fen INTEGER NOT NULL CHECK (duty_fen > 0),
  guarantee_id INTEGER NOT NULL REFERENCES guarantee (id),
  -- The paper it went out by, and where it is shown.
  paper_no TEXT NOT NULL UNIQUE CHECK (paper_no <> ''),
  place TEXT NOT NULL,
  since_on TEXT NOT NULL,
  due_on TEXT NOT NULL CHECK (due_on >= since_on),
  note TEXT NOT NULL DEFAULT '',
  -- How it ended: what came back and what was sold; both blank while it is on show.
  ended_on TEXT,
  returned_e5 INTEGER NOT NULL DEFAULT 0 CHECK (returned_e5 >= 0),
  sold_e5 INTEGER NOT NULL DEFAULT 0 CHECK (sold_e5 >= 0),
  end_paper_no TEXT NOT NULL DEFAULT '',
  -- What was sold leaves the ledger.
  end_move_id INTEGER REFERENCES bonded_move (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (returned_e5 + sold_e5 = iif(ended_on IS NULL, 0, qty_e5))
) STRICT;
CREATE TABLE "guarantee_use" (
  id INTEGER PRIMARY KEY,
  guarantee_id INTEGER NOT NULL REFERENCES guarantee (id),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('document','shipment','tax-bill','show','other')),
  subject_id TEXT NOT NULL,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  taken_on TEXT NOT NULL,
  released_on TEXT,
  text TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE shipment_load (
  kind TEXT NOT NULL CHECK (kind IN ('CEB603Message','DecMessage')),
  business_key TEXT NOT NULL,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (kind, business_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE shipment_master (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  packages INTEGER CHECK (packages > 0),
  -- Kilograms by 10^5.
  gross_e5 INTEGER CHECK (gross_e5 > 0),
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE barter (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  counterparty TEXT NOT NULL,
  country TEXT NOT NULL DEFAULT '',
  signed_on TEXT NOT NULL,
  out_contract TEXT NOT NULL,
  out_currency TEXT NOT NULL,
  out_minor INTEGER NOT NULL CHECK (out_minor > 0),
  in_contract TEXT NOT NULL,
  in_currency TEXT NOT NULL,
  in_minor INTEGER NOT NULL CHECK (in_minor > 0),
  in_on TEXT,
  in_declaration TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('entered','void')),
  reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE barter_target (
  id INTEGER PRIMARY KEY,
  barter_id INTEGER NOT NULL REFERENCES barter (id),
  order_id INTEGER REFERENCES sales_order (id),
  declaration_no TEXT,
  -- The contract's currency of the goods out, which is the target's.
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  created_at TEXT NOT NULL,
  CHECK ((order_id IS NULL) <> (declaration_no IS NULL))
) STRICT;
CREATE TABLE personal_account (
  account_id INTEGER PRIMARY KEY REFERENCES money_account (id),
  nature TEXT NOT NULL CHECK (nature IN ('settlement','savings')),
  state TEXT NOT NULL CHECK (state IN ('preparing','applied','opened','closed')),
  id_type TEXT NOT NULL CHECK (id_type IN ('residentId','hkMacaoPermit','taiwanPermit','passport','other')),
  id_number TEXT NOT NULL DEFAULT '',
  residency TEXT NOT NULL CHECK (residency IN ('resident','nonResident')),
  branch TEXT NOT NULL DEFAULT '',
  registration_no TEXT NOT NULL DEFAULT '',
  purpose TEXT NOT NULL DEFAULT '',
  opened_on TEXT,
  note TEXT NOT NULL DEFAULT '',
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE import_list_total (
  document_id INTEGER PRIMARY KEY REFERENCES document (id),
  -- yyyy of its filing; blank: it has none.
  year TEXT NOT NULL,
  -- Yuan by 10^5; null: a price is written otherwise, and the program sums it.
  total_e5 INTEGER
) STRICT;
CREATE TABLE lot_hold (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  reason TEXT NOT NULL,
  -- Empty for holds of before this table.
  who TEXT NOT NULL,
  held_at TEXT NOT NULL,
  released_at TEXT,
  released_reason TEXT NOT NULL DEFAULT '',
  CHECK ((released_at IS NULL) = (released_reason = ''))
) STRICT;
CREATE TABLE "lab_report" (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  number TEXT NOT NULL,
  laboratory TEXT NOT NULL DEFAULT '',
  sampled_on TEXT,
  issued_on TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('pass','fail','open')),
  created_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_reason TEXT NOT NULL DEFAULT '',
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason = ''))
) STRICT;
CREATE TABLE goods_return_move (
  move_id INTEGER PRIMARY KEY REFERENCES stock_move (id),
  return_id INTEGER NOT NULL REFERENCES goods_return (id)
) STRICT;
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
CREATE TABLE document_echo (
  document_id INTEGER NOT NULL REFERENCES document (id),
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  said_at TEXT NOT NULL,
  PRIMARY KEY (document_id, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE conflict_content (
  conflict_id INTEGER PRIMARY KEY REFERENCES conflict (id),
  bytes BLOB NOT NULL,
  fetched_at TEXT NOT NULL
) STRICT;
CREATE TABLE folder_mark (
  endpoint TEXT NOT NULL,
  name TEXT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (endpoint, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE platform_document (
  period TEXT NOT NULL,
  kind TEXT NOT NULL,
  business_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending','accepted','released','rejected','replaced')),
  amount_e5 INTEGER NOT NULL,
  PRIMARY KEY (period, kind, business_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE document_named (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  number TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('withdraw','return','summary','waybills','arrival','departure')),
  PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE summary_period (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  start_at TEXT NOT NULL,
  end_at TEXT NOT NULL,
  ebc_code TEXT NOT NULL
) STRICT;
CREATE TABLE statistics_kept (
  id INTEGER PRIMARY KEY,
  period TEXT NOT NULL,
  part INTEGER NOT NULL,
  dimensions TEXT NOT NULL,
  -- CNY per dollar; NULL while none was known.
  rate TEXT,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  UNIQUE (period, dimensions, part)
) STRICT;
CREATE TABLE heard_milestone (
  -- As in endpoint.id; one that was given up leaves what it said.
  endpoint TEXT NOT NULL,
  -- The endpoint's own: the same one is the same event.
  remote_id TEXT NOT NULL,
  number TEXT NOT NULL,
  status TEXT NOT NULL,
  at TEXT NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  heard_at TEXT NOT NULL,
  -- NULL: no shipment of the book bears the number yet.
  applied_at TEXT,
  PRIMARY KEY (endpoint, remote_id)
) STRICT, WITHOUT ROWID;
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
, endpoint TEXT) STRICT;
CREATE VIEW payout_line (payout_id, line, last_line, source_row, day_id, order_ref, sku, qty_e5, amount_minor) AS
  SELECT b.payout_id, b.first_line + (r.value ->> 0) + l.key, b.last_line, (r.value ->> 1) + l.key, l.value ->> 0, r.value ->> 2,
    r.value ->> 3, r.value ->> 4, l.value ->> 1
  FROM payout_block b, json_each(b.lines) r, json_each(r.value, '$[5]') l;
CREATE VIEW export_share AS
  SELECT id, mode, declaration_no, line_no, export_date, document_id, order_id, shipment_id, sku, hs_code, name, unit, qty_e5, currency,
    fob_minor, fob_fen, country, received_on, deemed_received, contract_receipt_date
  FROM export_line WHERE of_orders = 0
  UNION ALL
  SELECT e.id, e.mode, e.declaration_no, e.line_no, e.export_date, e.document_id, g.order_id, e.shipment_id, g.sku, e.hs_code, e.name, e.unit,
    g.qty_e5, e.currency, g.fob_minor, e.fob_fen * (g.fob_before + g.fob_minor) / max(e.fob_minor, 1) - e.fob_fen * g.fob_before / max(e.fob_minor, 1), e.country, e.received_on, e.deemed_received, e.contract_receipt_date
  FROM export_goods g JOIN export_line e ON e.id = g.export_line_id WHERE e.of_orders = 1;
CREATE INDEX product_state ON product (state, sku);
CREATE INDEX sales_order_date ON sales_order (order_date, id);
CREATE INDEX sales_order_state ON sales_order (state, order_date, id);
CREATE INDEX order_line_sku ON order_line (sku, order_id);
CREATE INDEX cancellation_line_order ON cancellation_line (order_line_id);
CREATE INDEX document_list ON document (kind, state, id);
CREATE INDEX document_message ON document (message_guid);
CREATE INDEX document_shipment ON document (shipment_id, kind);
CREATE INDEX transition_subject ON transition (subject, subject_id, id);
CREATE INDEX receipt_state ON receipt (state, id);
CREATE INDEX receipt_item_document ON receipt_item (document_id);
CREATE INDEX voucher_source ON voucher (source_kind, source_id);
CREATE INDEX document_platform_no ON document (platform_no) WHERE platform_no IS NOT NULL;
CREATE INDEX import_run_file ON import_run (file_sha256, kind, state);
CREATE UNIQUE INDEX party_tax_no ON party (kind, tax_no) WHERE tax_no IS NOT NULL;
CREATE UNIQUE INDEX voucher_reverses ON voucher (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX voucher_date ON voucher (date, id);
CREATE INDEX posting_account ON posting (account, date, voucher_id, position);
CREATE INDEX posting_order ON posting (order_id, account) WHERE order_id IS NOT NULL;
CREATE INDEX posting_party ON posting (party_id, account, date) WHERE party_id IS NOT NULL;
CREATE INDEX input_invoice_date ON input_invoice (date, id);
CREATE INDEX input_invoice_supplier ON input_invoice (supplier_id, date);
CREATE INDEX input_invoice_line_sku ON input_invoice_line (sku) WHERE sku IS NOT NULL;
CREATE INDEX export_line_date ON export_line (export_date, id);
CREATE INDEX export_line_sku ON export_line (sku, export_date);
CREATE INDEX export_line_order ON export_line (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX export_line_document ON export_line (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX export_line_overseas ON export_line (sku, export_date, id) WHERE mode = '9810';
CREATE INDEX refund_match_invoice ON refund_match (invoice_line_id);
CREATE INDEX stock_move_sku ON stock_move (sku, place_id, id);
CREATE INDEX stock_move_date ON stock_move (date, id);
CREATE INDEX stock_move_order ON stock_move (order_id, sku, kind) WHERE order_id IS NOT NULL;
CREATE INDEX stock_move_invoice ON stock_move (invoice_line_id) WHERE invoice_line_id IS NOT NULL;
CREATE INDEX stock_move_export ON stock_move (export_line_id) WHERE export_line_id IS NOT NULL;
CREATE UNIQUE INDEX stock_move_reverses ON stock_move (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX tax_bill_due ON tax_bill (due_on) WHERE paid_on IS NULL;
CREATE INDEX source_document_list ON source_document (kind, date, id);
CREATE INDEX source_document_state ON source_document (state, date, id);
CREATE INDEX archive_paper_subject ON archive_paper (subject_kind, subject_id);
CREATE INDEX archive_paper_hash ON archive_paper (sha256);
CREATE INDEX money_record_list ON money_record (date, id);
CREATE INDEX money_record_kind ON money_record (kind, date, id);
CREATE INDEX money_record_account ON money_record (account_id, date, id);
CREATE INDEX money_record_refunds ON money_record (refunds_id) WHERE refunds_id IS NOT NULL;
CREATE INDEX money_record_payer ON money_record (counterparty) WHERE kind = 'receipt' AND counterparty <> '';
CREATE INDEX money_record_open ON money_record (currency, date) WHERE kind = 'receipt' AND state = 'entered' AND allocated_minor < amount_minor + fee_minor;
CREATE INDEX money_entry_list ON money_entry (account_id, date, id);
CREATE INDEX money_entry_state ON money_entry (state, date, id);
CREATE INDEX money_entry_record ON money_entry (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX money_statement_account ON money_statement (account_id, to_date);
CREATE INDEX sales_order_open ON sales_order (currency, open_minor, order_date, id) WHERE open_minor > 0;
CREATE INDEX sales_order_over ON sales_order (order_date, id) WHERE open_minor < 0;
CREATE INDEX sales_order_buyer ON sales_order (customer, currency, order_date, id) WHERE open_minor > 0;
CREATE INDEX sales_order_reference ON sales_order (reference_key);
CREATE INDEX declaration_settled_open ON declaration_settled (currency, open_minor, export_date) WHERE open_minor > 0;
CREATE UNIQUE INDEX allocation_record ON allocation (record_id, target_kind, coalesce(order_id, ''), coalesce(declaration_no, ''), coalesce(target_payout_id, ''),
  target_currency)
  WHERE record_id IS NOT NULL;
CREATE UNIQUE INDEX allocation_payout ON allocation (payout_id, order_id) WHERE payout_id IS NOT NULL;
CREATE INDEX allocation_order ON allocation (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX allocation_declaration ON allocation (declaration_no) WHERE declaration_no IS NOT NULL;
CREATE INDEX allocation_target_payout ON allocation (target_payout_id) WHERE target_payout_id IS NOT NULL;
CREATE UNIQUE INDEX payout_number ON payout (platform, store, number) WHERE state = 'entered';
CREATE INDEX payout_list ON payout (to_on, id);
CREATE INDEX payout_chain ON payout (platform, store, currency, from_on) WHERE state = 'entered';
CREATE INDEX payout_day_kind ON payout_day (kind_id);
CREATE INDEX payout_order_no ON payout_order (order_no);
CREATE INDEX payout_month_document ON payout_month (source_document_id);
CREATE INDEX netting_list ON netting (date, id);
CREATE UNIQUE INDEX netting_record ON netting (record_id) WHERE record_id IS NOT NULL AND state <> 'void';
CREATE UNIQUE INDEX netting_payout ON netting (payout_id) WHERE payout_id IS NOT NULL AND state <> 'void';
CREATE INDEX netting_fee_document ON netting_fee (source_document_id) WHERE source_document_id IS NOT NULL;
CREATE UNIQUE INDEX trade_credit_of ON trade_credit (of_kind, of_id, currency) WHERE of_kind <> 'manual';
CREATE INDEX export_line_unpaid ON export_line (export_date) WHERE received_on IS NULL AND deemed_received IS NULL;
CREATE INDEX trade_credit_report_list ON trade_credit_report (drafted_on, id);
CREATE UNIQUE INDEX trade_credit_report_draft ON trade_credit_report (credit_id) WHERE state = 'draft';
CREATE INDEX indicator_adjustment_month ON indicator_adjustment (month) WHERE removed_at IS NULL;
CREATE INDEX quota_entry_person ON quota_entry (person, date);
CREATE INDEX sales_order_buyer_name ON sales_order (buyer_name, currency, order_date, id) WHERE open_minor > 0 AND buyer_name IS NOT NULL;
CREATE INDEX waybill_part ON waybill (order_id) WHERE is_part = 1;
CREATE INDEX waybill_claim_number ON waybill_claim (logistics_no);
CREATE UNIQUE INDEX order_payment_fingerprint ON order_payment (fingerprint, occurrence);
CREATE INDEX order_payment_several ON order_payment (order_no) WHERE nth = 2;
CREATE INDEX order_payment_orphan ON order_payment (order_no) WHERE order_id IS NULL;
CREATE INDEX waybill_orphan ON waybill (order_no) WHERE order_id IS NULL;
CREATE INDEX match_item_list ON match_item (state, date, id);
CREATE INDEX red_flag_state ON red_flag (state, severity, id);
CREATE INDEX screening_hit_state ON screening_hit (state, score, id);
CREATE INDEX screening_hit_entry ON screening_hit (watch_name_id) WHERE watch_name_id IS NOT NULL;
CREATE INDEX export_line_shipment ON export_line (shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX flow_reason_scope ON flow_reason (scope_kind, scope_id) WHERE removed_at IS NULL;
CREATE INDEX document_about_of ON document_about (about_id, purpose);
CREATE INDEX document_result_of ON document_result (document_id);
CREATE INDEX document_result_number ON document_result (kind, number);
CREATE INDEX summary_match_list ON summary_match (list_id);
CREATE INDEX entry_place_open ON entry_place (at) WHERE is_open = 1;
CREATE UNIQUE INDEX code_table_in_force ON code_table_edition (table_id) WHERE in_force = 1;
CREATE INDEX recent_code_latest ON recent_code (table_id, used_for, used_at DESC);
CREATE INDEX product_elements_code ON product_elements (hs_code, updated_at DESC);
CREATE INDEX classification_decision_sku ON classification_decision (sku, id DESC);
CREATE INDEX classification_decision_code ON classification_decision (hs_code, id DESC);
CREATE INDEX document_list_waybill ON document (json_extract(body, '$.InventoryHead.logisticsNo')) WHERE kind = 'CEB603Message';
CREATE INDEX document_list_bill ON document (json_extract(body, '$.InventoryHead.billNo')) WHERE kind = 'CEB603Message';
CREATE INDEX document_master_bill ON document (json_extract(body, '$.WayBillHead.billNo')) WHERE kind = 'CEB607Message';
CREATE INDEX document_import_order ON document (json_extract(body, '$.OrderHead.orderNo')) WHERE kind = 'CEB311Message';
CREATE INDEX document_import_waybill ON document (json_extract(body, '$.LogisticsHead.logisticsNo')) WHERE kind = 'CEB511Message';
CREATE INDEX document_import_buyer ON document (json_extract(body, '$.InventoryHead.buyerIdNumber')) WHERE kind = 'CEB621Message';
CREATE INDEX document_hand_clerk ON document_hand (clerk_id);
CREATE INDEX review_mark_document ON review_mark (document_id);
CREATE INDEX review_mark_open ON review_mark (document_id) WHERE resolved_at IS NULL;
CREATE INDEX fee_note_line_document ON fee_note_line (document_id);
CREATE INDEX declared_goods_order ON declared_goods (order_id, declaration);
CREATE INDEX export_goods_order ON export_goods (order_id, export_line_id);
CREATE UNIQUE INDEX stock_short_of ON stock_short (export_line_id, sku, coalesce(order_id, 0));
CREATE INDEX stock_short_sku ON stock_short (sku);
CREATE UNIQUE INDEX pending_posting_declaration ON pending_posting (document_id) WHERE order_id IS NULL;
CREATE INDEX message_due ON message (state, next_attempt_at, seq);
CREATE INDEX data_request_state ON data_request (state, asked_at);
CREATE INDEX data_request_order ON data_request (order_no);
CREATE INDEX message_endpoint ON message (endpoint, state, next_attempt_at);
CREATE INDEX receipt_message ON receipt (message_guid);
CREATE INDEX conflict_open ON conflict (id) WHERE choice IS NULL;
CREATE INDEX conflict_document ON conflict (document_id, kind);
CREATE INDEX conflict_message ON conflict (message_guid) WHERE message_guid IS NOT NULL;
CREATE INDEX document_page ON document
  (kind, id, state, business_key, platform_no, order_id, shipment_id, currency, amount_e5, reject_findings, doubt_findings);
CREATE UNIQUE INDEX pack_in_force ON pack (id) WHERE in_force = 1;
CREATE INDEX document_order ON document (order_id, kind, state);
CREATE INDEX document_subject ON document (subject_kind, subject_id) WHERE subject_kind IS NOT NULL;
CREATE UNIQUE INDEX registration_open ON registration (subject_type) WHERE state = 'open';
CREATE INDEX farm_site_party ON farm_site (party_id);
CREATE INDEX site_registration_site ON site_registration (site_id);
CREATE INDEX site_registration_end ON site_registration (until_on) WHERE until_on IS NOT NULL;
CREATE INDEX site_treatment_site ON site_treatment (site_id, on_date);
CREATE INDEX lot_step_of ON lot (step_id) WHERE step_id IS NOT NULL;
CREATE INDEX lot_site ON lot (site_id, made_on) WHERE site_id IS NOT NULL;
CREATE INDEX lot_made ON lot (made_on, id);
CREATE INDEX lot_product ON lot (product_id);
CREATE INDEX lot_held ON lot (id) WHERE held_at IS NOT NULL;
CREATE INDEX lot_input_lot ON lot_input (lot_id, step_id);
CREATE INDEX lot_event_lot ON lot_event (lot_id, at);
CREATE INDEX dispatch_day ON dispatch (on_date, id);
CREATE INDEX dispatch_shipment ON dispatch (shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX dispatch_declaration ON dispatch (declaration_no) WHERE declaration_no <> '';
CREATE UNIQUE INDEX lot_carton_number ON lot_carton (prefix, first_no);
CREATE INDEX lot_carton_lot ON lot_carton (lot_id);
CREATE INDEX lot_carton_dispatch ON lot_carton (dispatch_id) WHERE dispatch_id IS NOT NULL;
CREATE INDEX lot_reason_lot ON lot_reason (lot_id);
CREATE INDEX lot_reason_dispatch ON lot_reason (dispatch_id) WHERE dispatch_id IS NOT NULL;
CREATE INDEX joint_shipment_day ON joint_shipment (on_date, id);
CREATE INDEX joint_goods_of ON joint_goods (joint_id, id);
CREATE INDEX joint_goods_party ON joint_goods (party_id) WHERE party_id IS NOT NULL;
CREATE INDEX joint_goods_lot ON joint_goods (lot_id) WHERE lot_id IS NOT NULL;
CREATE INDEX joint_amount_of ON joint_amount (joint_id, id);
CREATE INDEX joint_payment_of ON joint_payment (joint_id, party_id);
CREATE INDEX lot_handover_point ON lot_handover (point_id, on_date, id);
CREATE INDEX lot_handover_lot ON lot_handover (lot_id);
CREATE UNIQUE INDEX statistics_report_open ON statistics_report (period) WHERE state = 'open';
CREATE INDEX statistics_report_period ON statistics_report (period);
CREATE INDEX cancellation_day ON cancellation (cancelled_at);
CREATE INDEX buyer_first_order ON buyer (first_order_id) WHERE first_order_id IS NOT NULL;
CREATE INDEX goods_return_line ON goods_return (export_line_id) WHERE export_line_id IS NOT NULL;
CREATE INDEX goods_return_copy ON goods_return (copy_id) WHERE copy_id IS NOT NULL;
CREATE INDEX goods_return_state ON goods_return (state, id);
CREATE INDEX goods_return_step_of ON goods_return_step (return_id, id);
CREATE UNIQUE INDEX repair_order_open ON repair_order (return_id) WHERE finished_on IS NULL;
CREATE INDEX credit_record_date ON credit_record (kind, date);
CREATE INDEX financing_pack_list ON financing_pack (list_sha256);
CREATE INDEX financing_given_pack ON financing_given (pack_id);
CREATE INDEX shipment_container_number ON shipment_container (number);
CREATE INDEX shipment_cut_off_shipment ON shipment_cut_off (shipment_id, at);
CREATE INDEX shipment_cut_off_open ON shipment_cut_off (at) WHERE done_at IS NULL;
CREATE INDEX shipment_seal_number ON shipment_seal (number);
CREATE INDEX waybill_order ON waybill (order_id);
CREATE INDEX shipment_bill ON shipment (upper(trim(json_extract(body, '$.billNo'))));
CREATE INDEX product_change_sku ON product_change (sku, id);
CREATE INDEX complaint_state ON complaint (state, due_on);
CREATE INDEX complaint_order ON complaint (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX complaint_step_of ON complaint_step (complaint_id, id);
CREATE INDEX live_session_day ON live_session (held_on);
CREATE UNIQUE INDEX shipment_milestone_once ON shipment_milestone (shipment_id, scope, kind, at, mark) WHERE withdrawn_at IS NULL;
CREATE INDEX shipment_milestone_way ON shipment_milestone (shipment_id, at) WHERE withdrawn_at IS NULL;
CREATE INDEX sales_order_country_open ON sales_order (country, order_date, id) WHERE state NOT IN ('cancelled','released');
CREATE INDEX product_hs ON product (hs_code);
CREATE INDEX export_line_country ON export_line (country, export_date, hs_code);
CREATE INDEX export_line_hs ON export_line (hs_code, export_date);
CREATE INDEX stock_count_date ON stock_count (date DESC, id DESC);
CREATE INDEX stock_count_move ON stock_count (move_id) WHERE move_id IS NOT NULL;
CREATE INDEX stock_move_place ON stock_move (place_id, date);
CREATE INDEX lot_inspection_lot ON lot_inspection (lot_id, kind, on_date, id);
CREATE INDEX parcel_day ON parcel (moved_on, id);
CREATE INDEX parcel_shipment ON parcel (shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX document_import_list_waybill ON document (json_extract(body, '$.InventoryHead.logisticsNo')) WHERE kind = 'CEB621Message';
CREATE INDEX document_declaration_bill ON document (json_extract(body, '$.DecHead.BillNo')) WHERE kind = 'DecMessage';
CREATE INDEX return_certificate_line ON return_certificate (export_line_id);
CREATE INDEX return_certificate_state ON return_certificate (state, id);
CREATE INDEX mode_change_document ON mode_change (document_id, id);
CREATE INDEX release_declaration_document ON release_declaration (document_id);
CREATE INDEX batch_release_of ON batch_release (batch_id, on_date, id);
CREATE INDEX batch_release_line_good ON batch_release_line (good_id);
CREATE UNIQUE INDEX bonded_item_sku ON bonded_item (book_id, sku) WHERE sku <> '';
CREATE UNIQUE INDEX bonded_move_once ON bonded_move (item_id, direction, paper_no, paper_line) WHERE void_reason = '';
CREATE INDEX bonded_move_item ON bonded_move (item_id, on_date, id);
CREATE INDEX bonded_move_paper ON bonded_move (paper_no);
CREATE INDEX bonded_draw_item ON bonded_draw (record_no, item_no);
CREATE INDEX show_goods_item ON show_goods (item_id) WHERE ended_on IS NULL;
CREATE INDEX guarantee_use_open ON guarantee_use (guarantee_id) WHERE released_on IS NULL;
CREATE UNIQUE INDEX guarantee_use_subject ON guarantee_use (subject_kind, subject_id) WHERE released_on IS NULL;
CREATE INDEX shipment_load_shipment ON shipment_load (shipment_id);
CREATE UNIQUE INDEX barter_target_order ON barter_target (order_id, barter_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX barter_target_declaration ON barter_target (declaration_no, currency, barter_id) WHERE declaration_no IS NOT NULL;
CREATE INDEX barter_target_barter ON barter_target (barter_id);
CREATE INDEX lot_hold_lot ON lot_hold (lot_id);
CREATE INDEX lot_hold_standing ON lot_hold (held_at, id) WHERE released_at IS NULL;
CREATE UNIQUE INDEX lab_report_number ON lab_report (lot_id, number) WHERE withdrawn_at IS NULL;
CREATE INDEX lab_report_lot ON lab_report (lot_id);
CREATE INDEX goods_return_move_return ON goods_return_move (return_id);
CREATE INDEX red_flag_step_of ON red_flag_step (flag_id, id);
CREATE INDEX document_released ON document (kind, released_at) WHERE released_at IS NOT NULL;
CREATE INDEX document_loose_list ON document (json_extract(body, '$.InventoryHead.orderNo')) WHERE kind = 'CEB603Message' AND order_id IS NULL;
CREATE INDEX document_import_payment ON document (json_extract(body, '$.PaymentHead.orderNo')) WHERE kind = 'CEB411Message';
CREATE INDEX message_unfit ON message (unfit_at) WHERE unfit_at IS NOT NULL;
CREATE UNIQUE INDEX joint_amount_record ON joint_amount (record_id) WHERE record_id IS NOT NULL;
CREATE UNIQUE INDEX joint_payment_record ON joint_payment (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX document_named_number ON document_named (number, purpose);
CREATE INDEX product_barcode ON product (barcode) WHERE barcode IS NOT NULL;
CREATE INDEX export_line_month ON export_line
  (month, of_orders, part, mode, country, hs2, order_id, own_declaration, currency, fob_minor, fob_fen);
CREATE INDEX statistics_kept_part ON statistics_kept (part, period);
CREATE INDEX heard_milestone_waiting ON heard_milestone (heard_at) WHERE applied_at IS NULL;
CREATE INDEX message_document_document ON message_document (document_id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER document_kept BEFORE DELETE ON document
  WHEN OLD.state NOT IN ('draft','checked') BEGIN SELECT RAISE(ABORT, 'a frozen document is kept'); END;
CREATE TRIGGER voucher_no_update BEFORE UPDATE ON voucher BEGIN SELECT RAISE(ABORT, 'a voucher is reversed, not changed'); END;
CREATE TRIGGER voucher_no_delete BEFORE DELETE ON voucher BEGIN SELECT RAISE(ABORT, 'a voucher is reversed, not deleted'); END;
CREATE TRIGGER tally_order_insert AFTER INSERT ON sales_order BEGIN INSERT INTO tally (area, state, n) VALUES ('order', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_order_delete AFTER DELETE ON sales_order BEGIN INSERT INTO tally (area, state, n) VALUES ('order', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_order_update AFTER UPDATE OF state ON sales_order WHEN OLD.state <> NEW.state BEGIN
  INSERT INTO tally (area, state, n) VALUES ('order', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; INSERT INTO tally (area, state, n) VALUES ('order', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_product_insert AFTER INSERT ON product BEGIN INSERT INTO tally (area, state, n) VALUES ('product', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_product_delete AFTER DELETE ON product BEGIN INSERT INTO tally (area, state, n) VALUES ('product', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_product_update AFTER UPDATE OF state ON product WHEN OLD.state <> NEW.state BEGIN
  INSERT INTO tally (area, state, n) VALUES ('product', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; INSERT INTO tally (area, state, n) VALUES ('product', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_document_insert AFTER INSERT ON document BEGIN INSERT INTO tally (area, state, n) VALUES ('document', NEW.kind || ':' || NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_document_delete AFTER DELETE ON document BEGIN INSERT INTO tally (area, state, n) VALUES ('document', OLD.kind || ':' || OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_document_update AFTER UPDATE OF state ON document WHEN OLD.state <> NEW.state BEGIN
  INSERT INTO tally (area, state, n) VALUES ('document', OLD.kind || ':' || OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; INSERT INTO tally (area, state, n) VALUES ('document', NEW.kind || ':' || NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER voucher_closed BEFORE INSERT ON voucher
  WHEN NEW.period <= (SELECT max(period) FROM period WHERE state = 'closed')
  BEGIN SELECT RAISE(ABORT, 'the period is closed'); END;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is reversed, not changed'); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is reversed, not deleted'); END;
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
CREATE TRIGGER stock_move_no_update BEFORE UPDATE OF date, sku, place_id, kind, qty_e5, cost_fen ON stock_move
  BEGIN SELECT RAISE(ABORT, 'a stock move is reversed, not changed'); END;
CREATE TRIGGER stock_move_no_delete BEFORE DELETE ON stock_move BEGIN SELECT RAISE(ABORT, 'a stock move is reversed, not deleted'); END;
CREATE TRIGGER stock_move_stock AFTER INSERT ON stock_move BEGIN
  INSERT INTO stock (sku, place_id, qty_e5, cost_fen) VALUES (NEW.sku, NEW.place_id, 0, 0) ON CONFLICT DO NOTHING;
  UPDATE stock SET qty_e5 = qty_e5 + NEW.qty_e5, cost_fen = cost_fen + NEW.cost_fen WHERE sku = NEW.sku AND place_id = NEW.place_id;
END;
CREATE TRIGGER buyer_words AFTER INSERT ON buyer BEGIN
  INSERT INTO buyer_word (rowid, name) VALUES (NEW.id, NEW.name);
END;
CREATE TRIGGER export_line_paid AFTER INSERT ON export_line WHEN NEW.order_id IS NOT NULL BEGIN 
  UPDATE export_line SET received_on = (SELECT settled_on FROM sales_order WHERE id = NEW.order_id), allocated_on = (SELECT settled_on FROM sales_order WHERE id = NEW.order_id) WHERE id = NEW.id AND received_on IS allocated_on; END;
CREATE TRIGGER export_line_adopted AFTER UPDATE OF order_id ON export_line WHEN NEW.order_id IS NOT NULL BEGIN 
  UPDATE export_line SET received_on = (SELECT settled_on FROM sales_order WHERE id = NEW.order_id), allocated_on = (SELECT settled_on FROM sales_order WHERE id = NEW.order_id) WHERE id = NEW.id AND received_on IS allocated_on; END;
CREATE TRIGGER sales_order_settled AFTER UPDATE OF settled_on ON sales_order WHEN NEW.settled_on IS NOT OLD.settled_on BEGIN
  UPDATE export_line SET received_on = NEW.settled_on, allocated_on = NEW.settled_on WHERE order_id = NEW.id AND received_on IS allocated_on;
END;
CREATE TRIGGER sales_order_due AFTER UPDATE OF goods_value_e5, other_value_e5, cancelled_value_e5, state ON sales_order
  WHEN NEW.settled_minor > 0 AND NEW.due_minor <> OLD.due_minor BEGIN
  UPDATE sales_order SET settled_on = CASE WHEN NEW.open_minor > 0 THEN NULL ELSE coalesce(NEW.settled_on,
    (SELECT max(r.date) FROM allocation a JOIN money_record r ON r.id = a.record_id WHERE a.order_id = NEW.id)) END WHERE id = NEW.id;
END;
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
CREATE TRIGGER payout_no_delete BEFORE DELETE ON payout BEGIN SELECT RAISE(ABORT, 'a payout is voided, not deleted'); END;
CREATE TRIGGER payout_block_no_update BEFORE UPDATE ON payout_block
  BEGIN SELECT RAISE(ABORT, 'a line of a payout never changes'); END;
CREATE TRIGGER payout_block_no_delete BEFORE DELETE ON payout_block
  BEGIN SELECT RAISE(ABORT, 'a line of a payout never changes'); END;
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
CREATE TRIGGER trade_credit_report_fixed BEFORE UPDATE OF operation, body, version, reported_on, state ON trade_credit_report
  WHEN OLD.state = 'reported' BEGIN SELECT RAISE(ABORT, 'what was reported is corrected by another report'); END;
CREATE TRIGGER trade_credit_report_kept BEFORE DELETE ON trade_credit_report
  BEGIN SELECT RAISE(ABORT, 'a report is withdrawn, not deleted'); END;
CREATE TRIGGER sales_order_match_insert AFTER INSERT ON sales_order BEGIN
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
  UPDATE order_payment SET order_id = NEW.id WHERE order_no = NEW.order_no;
  UPDATE waybill SET order_id = NEW.id, is_part = 0 WHERE order_no = NEW.order_no;
  UPDATE waybill SET order_id = NEW.id, is_part = 1 WHERE order_no > NEW.order_no || '-' AND order_no < NEW.order_no || '.' AND order_id IS NULL
    AND (substr(order_no, 1, length(NEW.order_no) + 1) = NEW.order_no || '-' AND substr(order_no, length(NEW.order_no) + 2) GLOB '[0-9]*' AND length(substr(order_no, length(NEW.order_no) + 2)) <= 3 AND ltrim(substr(order_no, length(NEW.order_no) + 2), '0123456789') = '');
END;
CREATE TRIGGER sales_order_match_update
  AFTER UPDATE OF goods_value_e5, other_value_e5, cancelled_value_e5, country, state, settled_minor, charge_minor ON sales_order
  WHEN OLD.goods_value_e5 <> NEW.goods_value_e5 OR OLD.other_value_e5 <> NEW.other_value_e5 OR OLD.cancelled_value_e5 <> NEW.cancelled_value_e5
    OR OLD.country IS NOT NEW.country OR (OLD.state = 'cancelled') <> (NEW.state = 'cancelled')
    OR OLD.settled_minor <> NEW.settled_minor OR OLD.charge_minor <> NEW.charge_minor
BEGIN INSERT OR IGNORE INTO match_due VALUES (NEW.order_no); END;
CREATE TRIGGER sales_order_match_buyer
  AFTER UPDATE OF buyer_key, buyer_id, buyer_phone, consignee_key, consignee_phone ON sales_order
BEGIN INSERT OR IGNORE INTO match_due VALUES (NEW.order_no); END;
CREATE TRIGGER order_payment_match_insert AFTER INSERT ON order_payment BEGIN
  UPDATE order_payment SET order_id = (SELECT id FROM sales_order WHERE order_no = NEW.order_no)
    WHERE order_no = NEW.order_no AND nth = NEW.nth;
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
END;
CREATE TRIGGER order_payment_match_update AFTER UPDATE OF void_reason ON order_payment
BEGIN INSERT OR IGNORE INTO match_due VALUES (NEW.order_no); END;
CREATE TRIGGER order_payment_no_update BEFORE UPDATE OF order_no, nth, pay_no, currency, amount_e5, fingerprint, occurrence ON order_payment
  BEGIN SELECT RAISE(ABORT, 'a payment is taken out, not changed'); END;
CREATE TRIGGER order_payment_no_delete BEFORE DELETE ON order_payment BEGIN SELECT RAISE(ABORT, 'a payment is taken out, not deleted'); END;
CREATE TRIGGER waybill_match_insert AFTER INSERT ON waybill BEGIN
  UPDATE waybill SET order_id = coalesce((SELECT id FROM sales_order WHERE order_no = NEW.order_no),
    (SELECT id FROM sales_order WHERE rtrim(NEW.order_no, '0123456789') GLOB '*-' AND length(NEW.order_no) - length(rtrim(NEW.order_no, '0123456789')) BETWEEN 1 AND 3 AND order_no = substr(rtrim(NEW.order_no, '0123456789'), 1, length(rtrim(NEW.order_no, '0123456789')) - 1))) WHERE order_no = NEW.order_no;
  UPDATE waybill SET is_part = 1 WHERE order_no = NEW.order_no AND order_id IS NOT (SELECT id FROM sales_order WHERE order_no = NEW.order_no);
  DELETE FROM waybill_claim WHERE order_no = NEW.order_no OR logistics_no = NEW.logistics_no;
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
  INSERT OR IGNORE INTO match_due SELECT o.order_no FROM waybill w JOIN sales_order o ON o.id = w.order_id WHERE w.order_no = NEW.order_no;
END;
CREATE TRIGGER waybill_match_delete AFTER DELETE ON waybill BEGIN
  INSERT OR IGNORE INTO match_due VALUES (OLD.order_no);
  INSERT OR IGNORE INTO match_due SELECT order_no FROM sales_order WHERE id = OLD.order_id;
END;
CREATE TRIGGER waybill_claim_insert AFTER INSERT ON waybill_claim BEGIN
  INSERT OR IGNORE INTO match_due VALUES (NEW.order_no);
  INSERT OR IGNORE INTO match_due SELECT order_no FROM waybill WHERE logistics_no = NEW.logistics_no;
END;
CREATE TRIGGER waybill_claim_delete AFTER DELETE ON waybill_claim BEGIN
  INSERT OR IGNORE INTO match_due VALUES (OLD.order_no);
  INSERT OR IGNORE INTO match_due SELECT order_no FROM waybill WHERE logistics_no = OLD.logistics_no;
END;
CREATE TRIGGER document_match_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB603Message' AND NEW.order_id IS NOT NULL BEGIN
  INSERT OR IGNORE INTO match_due SELECT order_no FROM sales_order WHERE id = NEW.order_id;
END;
CREATE TRIGGER document_match_update AFTER UPDATE OF body, state ON document
  WHEN NEW.kind = 'CEB603Message' AND NEW.order_id IS NOT NULL
    AND (OLD.body <> NEW.body OR (OLD.state IN ('superseded','withdrawn')) <> (NEW.state IN ('superseded','withdrawn')))
BEGIN
  INSERT OR IGNORE INTO match_due SELECT order_no FROM sales_order WHERE id = NEW.order_id;
END;
CREATE TRIGGER watch_name_added AFTER INSERT ON watch_name WHEN EXISTS (SELECT 1 FROM screened_name)
  BEGIN DELETE FROM screened_name; END;
CREATE TRIGGER watch_name_changed AFTER UPDATE OF name, aliases, number ON watch_name WHEN EXISTS (SELECT 1 FROM screened_name)
  BEGIN DELETE FROM screened_name; END;
CREATE TRIGGER document_hand_0 AFTER INSERT ON document
  WHEN EXISTS (SELECT 1 FROM setting WHERE key = 'clerk.current')
BEGIN
  INSERT INTO document_hand (document_id, clerk_id, at)
  SELECT NEW.id, CAST(value AS INTEGER), NEW.updated_at FROM setting WHERE key = 'clerk.current'
  ON CONFLICT (document_id, clerk_id) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER document_approved BEFORE UPDATE OF body, business_key ON document
  WHEN OLD.state IN ('draft','checked') AND EXISTS (SELECT 1 FROM review_approval WHERE document_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'an approved document is immutable'); END;
CREATE TRIGGER fee_note_kept BEFORE DELETE ON fee_note BEGIN SELECT RAISE(ABORT, 'a fee note is voided, not deleted'); END;
CREATE TRIGGER fee_note_line_kept BEFORE UPDATE ON fee_note_line BEGIN SELECT RAISE(ABORT, 'a fee note is drawn once'); END;
CREATE TRIGGER export_line_due AFTER INSERT ON export_line WHEN NEW.order_id IS NULL AND NEW.of_orders = 0 BEGIN 
  INSERT OR IGNORE INTO declaration_settled (declaration_no, currency, export_date) VALUES (NEW.declaration_no, NEW.currency, NEW.export_date);
  UPDATE declaration_settled SET due_minor = due_minor + NEW.fob_minor
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency;
  UPDATE declaration_settled SET settled_on = NULL
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency AND settled_on IS NOT NULL AND open_minor > 0;
  DELETE FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency
    AND due_minor = 0 AND settled_minor = 0 AND charge_minor = 0; 
  UPDATE export_line SET received_on = (SELECT settled_on FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency), allocated_on = (SELECT settled_on FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency) WHERE id = NEW.id AND received_on IS allocated_on; END;
CREATE TRIGGER export_line_due_gone AFTER DELETE ON export_line WHEN OLD.order_id IS NULL AND OLD.of_orders = 0 BEGIN 
  INSERT OR IGNORE INTO declaration_settled (declaration_no, currency, export_date) VALUES (OLD.declaration_no, OLD.currency, OLD.export_date);
  UPDATE declaration_settled SET due_minor = due_minor - OLD.fob_minor
    WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency;
  UPDATE declaration_settled SET settled_on = NULL
    WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency AND settled_on IS NOT NULL AND open_minor > 0;
  DELETE FROM declaration_settled WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency
    AND due_minor = 0 AND settled_minor = 0 AND charge_minor = 0; END;
CREATE TRIGGER export_line_due_left AFTER UPDATE OF declaration_no, currency, fob_minor, export_date, order_id, of_orders ON export_line
  WHEN OLD.order_id IS NULL AND OLD.of_orders = 0 BEGIN 
  INSERT OR IGNORE INTO declaration_settled (declaration_no, currency, export_date) VALUES (OLD.declaration_no, OLD.currency, OLD.export_date);
  UPDATE declaration_settled SET due_minor = due_minor - OLD.fob_minor
    WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency;
  UPDATE declaration_settled SET settled_on = NULL
    WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency AND settled_on IS NOT NULL AND open_minor > 0;
  DELETE FROM declaration_settled WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency
    AND due_minor = 0 AND settled_minor = 0 AND charge_minor = 0; END;
CREATE TRIGGER export_line_due_came AFTER UPDATE OF declaration_no, currency, fob_minor, export_date, order_id, of_orders ON export_line
  WHEN NEW.order_id IS NULL AND NEW.of_orders = 0 BEGIN 
  INSERT OR IGNORE INTO declaration_settled (declaration_no, currency, export_date) VALUES (NEW.declaration_no, NEW.currency, NEW.export_date);
  UPDATE declaration_settled SET due_minor = due_minor + NEW.fob_minor
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency;
  UPDATE declaration_settled SET settled_on = NULL
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency AND settled_on IS NOT NULL AND open_minor > 0;
  DELETE FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency
    AND due_minor = 0 AND settled_minor = 0 AND charge_minor = 0; 
  UPDATE export_line SET received_on = (SELECT settled_on FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency), allocated_on = (SELECT settled_on FROM declaration_settled WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency) WHERE id = NEW.id AND received_on IS allocated_on; END;
CREATE TRIGGER declaration_settled_on AFTER UPDATE OF settled_on ON declaration_settled WHEN NEW.settled_on IS NOT OLD.settled_on BEGIN
  UPDATE export_line SET received_on = NEW.settled_on, allocated_on = NEW.settled_on
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency AND order_id IS NULL AND of_orders = 0 AND received_on IS allocated_on;
END;
CREATE TRIGGER export_goods_paid AFTER INSERT ON export_goods BEGIN 
  UPDATE export_line SET received_on = (SELECT CASE WHEN count(*) = count(o.settled_on) THEN max(o.settled_on) END
    FROM export_goods g JOIN sales_order o ON o.id = g.order_id WHERE g.export_line_id = export_line.id), allocated_on = (SELECT CASE WHEN count(*) = count(o.settled_on) THEN max(o.settled_on) END
    FROM export_goods g JOIN sales_order o ON o.id = g.order_id WHERE g.export_line_id = export_line.id)
    WHERE of_orders = 1 AND received_on IS allocated_on AND id = NEW.export_line_id; END;
CREATE TRIGGER sales_order_settled_goods AFTER UPDATE OF settled_on ON sales_order WHEN NEW.settled_on IS NOT OLD.settled_on BEGIN
  
  UPDATE export_line SET received_on = (SELECT CASE WHEN count(*) = count(o.settled_on) THEN max(o.settled_on) END
    FROM export_goods g JOIN sales_order o ON o.id = g.order_id WHERE g.export_line_id = export_line.id), allocated_on = (SELECT CASE WHEN count(*) = count(o.settled_on) THEN max(o.settled_on) END
    FROM export_goods g JOIN sales_order o ON o.id = g.order_id WHERE g.export_line_id = export_line.id)
    WHERE of_orders = 1 AND received_on IS allocated_on AND id IN (SELECT export_line_id FROM export_goods WHERE order_id = NEW.id);
END;
CREATE TRIGGER message_kept BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'a message is kept'); END;
CREATE TRIGGER tally_message_insert AFTER INSERT ON message BEGIN
  INSERT INTO tally (area, state, n) VALUES ('message', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_message_delete AFTER DELETE ON message BEGIN
  INSERT INTO tally (area, state, n) VALUES ('message', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER tally_message_update AFTER UPDATE OF state ON message WHEN OLD.state <> NEW.state BEGIN
  INSERT INTO tally (area, state, n) VALUES ('message', OLD.state, -1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n;
  INSERT INTO tally (area, state, n) VALUES ('message', NEW.state, 1) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER message_signature_once BEFORE UPDATE ON message_signature WHEN OLD.signed_at IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a message is signed once'); END;
CREATE TRIGGER message_signature_frozen BEFORE UPDATE OF message_guid, frozen_sha256 ON message_signature
  BEGIN SELECT RAISE(ABORT, 'what is to be signed is immutable'); END;
CREATE TRIGGER message_signature_kept BEFORE DELETE ON message_signature
  BEGIN SELECT RAISE(ABORT, 'a signature is kept'); END;
CREATE TRIGGER message_unsigned BEFORE UPDATE OF state ON message
  WHEN OLD.state = 'unsigned' AND NEW.state = 'queued' AND NOT EXISTS (
    SELECT 1 FROM message_signature s WHERE s.message_guid = NEW.guid AND s.frozen_sha256 = OLD.sha256
      AND s.signed_sha256 = NEW.sha256 AND s.signed_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'an unsigned message is not queued'); END;
CREATE TRIGGER data_request_kept BEFORE DELETE ON data_request BEGIN SELECT RAISE(ABORT, 'a request is kept'); END;
CREATE TRIGGER data_request_frozen BEFORE UPDATE OF answer ON data_request WHEN OLD.state IN ('ready','answered')
  AND NEW.answer IS NOT OLD.answer BEGIN SELECT RAISE(ABORT, 'an answer is immutable'); END;
CREATE TRIGGER message_endpoint_kept BEFORE UPDATE OF endpoint ON message
  WHEN OLD.endpoint IS NOT NULL AND NEW.endpoint IS NOT OLD.endpoint
    AND NOT (OLD.endpoint GLOB 'practice*' AND NEW.endpoint GLOB 'practice:*')
  BEGIN SELECT RAISE(ABORT, 'a message stays with its endpoint'); END;
CREATE TRIGGER message_move BEFORE UPDATE OF state ON message
  WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM legal_move WHERE machine = 'message' AND from_state = OLD.state AND to_state = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'not a move of the message table'); END;
CREATE TRIGGER document_move BEFORE UPDATE OF state ON document
  WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM legal_move WHERE machine = 'document' AND from_state = OLD.state AND to_state = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'not a move of the document table'); END;
CREATE TRIGGER conflict_kept BEFORE DELETE ON conflict BEGIN SELECT RAISE(ABORT, 'a conflict is kept'); END;
CREATE TRIGGER conflict_decided BEFORE UPDATE ON conflict WHEN OLD.choice IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a decided conflict is kept as it was decided'); END;
CREATE TRIGGER pack_frozen BEFORE UPDATE OF id, version, kind, valid_from, sha256, key_id, manifest, parts, body ON pack
  BEGIN SELECT RAISE(ABORT, 'a pack is immutable'); END;
CREATE TRIGGER pack_kept BEFORE DELETE ON pack BEGIN SELECT RAISE(ABORT, 'a pack is kept'); END;
CREATE TRIGGER message_frozen BEFORE UPDATE OF seq, sha256, guid, kind ON message
  WHEN NOT (OLD.state = 'unsigned' AND NEW.state = 'queued' AND NEW.guid = OLD.guid AND NEW.kind = OLD.kind AND NEW.seq = OLD.seq)
  BEGIN SELECT RAISE(ABORT, 'a frozen message is immutable'); END;
CREATE TRIGGER message_bytes_frozen BEFORE UPDATE ON message_bytes
  WHEN NEW.seq <> OLD.seq OR NOT EXISTS (
    SELECT 1 FROM message m JOIN message_signature s ON s.message_guid = m.guid
    WHERE m.seq = OLD.seq AND m.state = 'unsigned' AND s.signed_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'a frozen message is immutable'); END;
CREATE TRIGGER message_bytes_kept BEFORE DELETE ON message_bytes BEGIN SELECT RAISE(ABORT, 'a message is kept'); END;
CREATE TRIGGER document_record_changed AFTER UPDATE OF date, account_id, currency, amount_minor, fee_minor, usd_minor, counterparty,
    counterparty_country, nature, detail, state ON money_record
  WHEN (OLD.date, OLD.account_id, OLD.currency, OLD.amount_minor, OLD.fee_minor, OLD.usd_minor, OLD.counterparty, OLD.counterparty_country,
      OLD.nature, OLD.state, json_remove(OLD.detail, '$.declarationNo', '$.declaredOn'))
    IS NOT (NEW.date, NEW.account_id, NEW.currency, NEW.amount_minor, NEW.fee_minor, NEW.usd_minor, NEW.counterparty, NEW.counterparty_country,
      NEW.nature, NEW.state, json_remove(NEW.detail, '$.declarationNo', '$.declaredOn')) BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'money-record' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'money-record' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'void' AND OLD.state <> 'void';
END;
CREATE TRIGGER document_allocation_insert AFTER INSERT ON allocation BEGIN
  UPDATE document SET stale = 1 WHERE stale = 0 AND subject_kind = 'money-record'
    AND subject_id IN (SELECT NEW.record_id UNION SELECT record_id FROM allocation WHERE target_payout_id = NEW.payout_id)
    AND state IN ('draft','checked','queued','sending','unknown','sent','rejected');
END;
CREATE TRIGGER document_allocation_delete AFTER DELETE ON allocation BEGIN
  UPDATE document SET stale = 1 WHERE stale = 0 AND subject_kind = 'money-record'
    AND subject_id IN (SELECT OLD.record_id UNION SELECT record_id FROM allocation WHERE target_payout_id = OLD.payout_id)
    AND state IN ('draft','checked','queued','sending','unknown','sent','rejected');
END;
CREATE TRIGGER document_report_changed AFTER UPDATE OF body, state ON trade_credit_report
  WHEN OLD.body <> NEW.body OR (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn') BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'trade-credit-report' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'trade-credit-report' AND subject_id = NEW.id
    AND state IN ('draft','checked') AND NEW.state = 'withdrawn';
END;
CREATE TRIGGER document_registration_changed AFTER UPDATE OF body, state ON registration
  WHEN OLD.body <> NEW.body OR OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'registration' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'registration' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled';
END;
CREATE TRIGGER document_profile_changed AFTER UPDATE OF body ON profile
  WHEN (OLD.body ->> '$.name', OLD.body ->> '$.uscc', OLD.body ->> '$.customsCode', OLD.body ->> '$.zone')
    IS NOT (NEW.body ->> '$.name', NEW.body ->> '$.uscc', NEW.body ->> '$.customsCode', NEW.body ->> '$.zone') BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'registration' AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER lot_input_first BEFORE INSERT ON lot_input WHEN EXISTS (SELECT 1 FROM lot WHERE step_id = NEW.step_id)
BEGIN SELECT RAISE(ABORT, 'what a step took is fixed once lots came of it'); END;
CREATE TRIGGER lot_origin BEFORE INSERT ON lot
  WHEN NEW.step_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lot_input WHERE step_id = NEW.step_id)
BEGIN SELECT RAISE(ABORT, 'a lot without an origin'); END;
CREATE TRIGGER lot_balance AFTER INSERT ON lot
  WHEN NEW.step_id IS NOT NULL AND (SELECT reason FROM lot_step WHERE id = NEW.step_id) = ''
    AND (SELECT sum(mass_g) FROM lot WHERE step_id = NEW.step_id) > (SELECT sum(mass_g) FROM lot_input WHERE step_id = NEW.step_id)
BEGIN SELECT RAISE(ABORT, 'a step gave more than it took'); END;
CREATE TRIGGER lot_fixed BEFORE UPDATE OF code, product_id, mass_g, made_on, site_id, step_id ON lot
BEGIN SELECT RAISE(ABORT, 'a lot stays what it was made'); END;
CREATE TRIGGER lot_input_taken AFTER INSERT ON lot_input
BEGIN UPDATE lot SET free_g = free_g - NEW.mass_g WHERE id = NEW.lot_id; END;
CREATE TRIGGER lot_input_given_back AFTER DELETE ON lot_input
BEGIN UPDATE lot SET free_g = free_g + OLD.mass_g WHERE id = OLD.lot_id; END;
CREATE TRIGGER lot_carton_twice_0 BEFORE INSERT ON lot_carton
  WHEN (SELECT last_no FROM lot_carton WHERE prefix = NEW.prefix AND first_no <= NEW.last_no AND id <> -1 ORDER BY first_no DESC LIMIT 1) >= NEW.first_no
BEGIN SELECT RAISE(ABORT, 'a carton number is taken'); END;
CREATE TRIGGER lot_carton_twice_1 BEFORE UPDATE OF prefix, first_no, last_no ON lot_carton
  WHEN (SELECT last_no FROM lot_carton WHERE prefix = NEW.prefix AND first_no <= NEW.last_no AND id <> OLD.id ORDER BY first_no DESC LIMIT 1) >= NEW.first_no
BEGIN SELECT RAISE(ABORT, 'a carton number is taken'); END;
CREATE TRIGGER lot_carton_packed AFTER INSERT ON lot_carton
BEGIN UPDATE lot SET free_g = free_g - (NEW.last_no - NEW.first_no + 1) * NEW.net_g WHERE id = NEW.lot_id; END;
CREATE TRIGGER lot_carton_unpacked AFTER DELETE ON lot_carton
BEGIN UPDATE lot SET free_g = free_g + (OLD.last_no - OLD.first_no + 1) * OLD.net_g WHERE id = OLD.lot_id; END;
CREATE TRIGGER lot_carton_cut AFTER UPDATE OF first_no, last_no, net_g ON lot_carton
BEGIN
  UPDATE lot SET free_g = free_g + (OLD.last_no - OLD.first_no + 1) * OLD.net_g - (NEW.last_no - NEW.first_no + 1) * NEW.net_g
    WHERE id = NEW.lot_id;
END;
CREATE TRIGGER lot_reason_kept BEFORE UPDATE ON lot_reason BEGIN SELECT RAISE(ABORT, 'a reason stays as it was given'); END;
CREATE TRIGGER document_listing_changed AFTER UPDATE OF body, state ON listing
  WHEN OLD.body <> NEW.body OR OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'listing' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn';
END;
CREATE TRIGGER document_listing_photo_insert AFTER INSERT ON listing_photo BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = NEW.listing_id AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER document_listing_product_changed AFTER UPDATE OF name_cn, hs_code ON product
  WHEN OLD.name_cn IS NOT NEW.name_cn OR OLD.hs_code IS NOT NEW.hs_code BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND state NOT IN ('superseded','withdrawn')
    AND subject_id = (SELECT id FROM listing WHERE sku = NEW.sku);
END;
CREATE TRIGGER document_listing_profile_changed AFTER UPDATE OF body ON profile
  WHEN (OLD.body ->> '$.name', OLD.body ->> '$.uscc') IS NOT (NEW.body ->> '$.name', NEW.body ->> '$.uscc') BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER joint_issue_no_update BEFORE UPDATE ON joint_issue
BEGIN SELECT RAISE(ABORT, 'a statement stays as it was issued'); END;
CREATE TRIGGER joint_issue_no_delete BEFORE DELETE ON joint_issue
BEGIN SELECT RAISE(ABORT, 'a statement stays as it was issued'); END;
CREATE TRIGGER joint_due_no_update BEFORE UPDATE ON joint_due
BEGIN SELECT RAISE(ABORT, 'a statement stays as it was issued'); END;
CREATE TRIGGER joint_due_no_delete BEFORE DELETE ON joint_due
BEGIN SELECT RAISE(ABORT, 'a statement stays as it was issued'); END;
CREATE TRIGGER joint_payment_kept BEFORE DELETE ON joint_payment
BEGIN SELECT RAISE(ABORT, 'a payment is void, not deleted'); END;
CREATE TRIGGER joint_payment_fixed BEFORE UPDATE ON joint_payment
  WHEN OLD.voided_at IS NOT NULL OR NEW.joint_id IS NOT OLD.joint_id OR NEW.party_id IS NOT OLD.party_id OR NEW.on_date IS NOT OLD.on_date
    OR NEW.amount_fen IS NOT OLD.amount_fen OR NEW.method IS NOT OLD.method OR NEW.account IS NOT OLD.account
BEGIN SELECT RAISE(ABORT, 'a payment stays as it was recorded'); END;
CREATE TRIGGER lot_handover_kept BEFORE DELETE ON lot_handover
BEGIN SELECT RAISE(ABORT, 'a note is void, not deleted'); END;
CREATE TRIGGER lot_handover_fixed BEFORE UPDATE ON lot_handover
  WHEN OLD.voided_at IS NOT NULL OR NEW.point_id IS NOT OLD.point_id OR NEW.lot_id IS NOT OLD.lot_id OR NEW.on_date IS NOT OLD.on_date
    OR NEW.cartons IS NOT OLD.cartons OR NEW.mass_g IS NOT OLD.mass_g OR NEW.giver IS NOT OLD.giver OR NEW.receiver IS NOT OLD.receiver
BEGIN SELECT RAISE(ABORT, 'a note stays as it was signed'); END;
CREATE TRIGGER document_statistics_changed AFTER UPDATE OF note, state ON statistics_report
  WHEN OLD.note <> NEW.note OR OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'statistics-report' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled';
END;
CREATE TRIGGER statistics_line_new AFTER INSERT ON export_line WHEN EXISTS (SELECT 1 FROM statistics_report WHERE period = substr(NEW.export_date, 1, 7)) BEGIN UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report'
    AND subject_id IN (SELECT id FROM statistics_report WHERE period = substr(NEW.export_date, 1, 7)) AND state NOT IN ('superseded','withdrawn'); END;
CREATE TRIGGER statistics_line_gone AFTER DELETE ON export_line WHEN EXISTS (SELECT 1 FROM statistics_report WHERE period = substr(OLD.export_date, 1, 7)) BEGIN UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report'
    AND subject_id IN (SELECT id FROM statistics_report WHERE period = substr(OLD.export_date, 1, 7)) AND state NOT IN ('superseded','withdrawn'); END;
CREATE TRIGGER statistics_line_changed AFTER UPDATE OF mode, export_date, order_id, hs_code, currency, fob_minor, fob_fen, country ON export_line
  WHEN EXISTS (SELECT 1 FROM statistics_report WHERE period = substr(NEW.export_date, 1, 7)) OR EXISTS (SELECT 1 FROM statistics_report WHERE period = substr(OLD.export_date, 1, 7)) BEGIN UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report'
    AND subject_id IN (SELECT id FROM statistics_report WHERE period = substr(NEW.export_date, 1, 7)) AND state NOT IN ('superseded','withdrawn'); UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report'
    AND subject_id IN (SELECT id FROM statistics_report WHERE period = substr(OLD.export_date, 1, 7)) AND state NOT IN ('superseded','withdrawn'); END;
CREATE TRIGGER statistics_cancelled AFTER INSERT ON cancellation_line
  WHEN EXISTS (SELECT 1 FROM statistics_report) BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report'
    AND subject_id IN (SELECT id FROM statistics_report WHERE period = (SELECT substr(cancelled_at, 1, 7) FROM cancellation WHERE id = NEW.cancellation_id)) AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER buyer_of_order AFTER INSERT ON sales_order WHEN NEW.customer <> '' BEGIN
  INSERT INTO buyer (name) SELECT NEW.customer WHERE NOT EXISTS (SELECT 1 FROM buyer WHERE name = NEW.customer);
  UPDATE buyer SET first_order_id = NEW.id, first_on = NEW.order_date
    WHERE name = NEW.customer AND (first_on IS NULL OR NEW.order_date < first_on);
END;
CREATE TRIGGER buyer_named AFTER UPDATE OF buyer_name ON sales_order WHEN NEW.buyer_name <> '' BEGIN
  INSERT INTO buyer (name) SELECT NEW.buyer_name WHERE NOT EXISTS (SELECT 1 FROM buyer WHERE name = NEW.buyer_name);
  UPDATE buyer SET first_order_id = NEW.id, first_on = NEW.order_date
    WHERE name = NEW.buyer_name AND coalesce(NEW.customer, '') = '' AND (first_on IS NULL OR NEW.order_date < first_on);
END;
CREATE TRIGGER goods_return_of BEFORE UPDATE OF export_line_id, copy_id ON goods_return
  BEGIN SELECT RAISE(ABORT, 'a return keeps the line that went out'); END;
CREATE TRIGGER goods_return_kept BEFORE DELETE ON goods_return BEGIN SELECT RAISE(ABORT, 'a return is void, not deleted'); END;
CREATE TRIGGER goods_return_step_fixed BEFORE UPDATE ON goods_return_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER repair_part_insert AFTER INSERT ON repair_part BEGIN
  UPDATE repair_order SET parts_fen = parts_fen + NEW.cost_fen WHERE id = NEW.repair_id;
END;
CREATE TRIGGER repair_part_delete AFTER DELETE ON repair_part BEGIN
  UPDATE repair_order SET parts_fen = parts_fen - OLD.cost_fen WHERE id = OLD.repair_id;
END;
CREATE TRIGGER credit_pledge_signed BEFORE UPDATE OF template, template_version, body, text, text_sha256, signed_on ON credit_pledge
  WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a signed pledge stands as it was signed'); END;
CREATE TRIGGER document_pledge_changed AFTER UPDATE OF state ON credit_pledge WHEN OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'pledge' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'pledge' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'revoked';
END;
CREATE TRIGGER document_pledge_profile_changed AFTER UPDATE OF body ON profile
  WHEN (OLD.body ->> '$.name', OLD.body ->> '$.uscc') IS NOT (NEW.body ->> '$.name', NEW.body ->> '$.uscc') BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'pledge' AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER financing_pack_stands BEFORE UPDATE ON financing_pack BEGIN SELECT RAISE(ABORT, 'a financing pack stands as it was made'); END;
CREATE TRIGGER financing_pack_kept BEFORE DELETE ON financing_pack BEGIN SELECT RAISE(ABORT, 'a financing pack is kept'); END;
CREATE TRIGGER financing_given_stands BEFORE UPDATE ON financing_given BEGIN SELECT RAISE(ABORT, 'what was given stands'); END;
CREATE TRIGGER financing_given_kept BEFORE DELETE ON financing_given BEGIN SELECT RAISE(ABORT, 'what was given is kept'); END;
CREATE TRIGGER product_changed AFTER UPDATE OF line_kind, name_cn, hs_code, gmodel, unit, unit1, qty1_per_unit_e5, unit2, qty2_per_unit_e5, net_weight_e5, gross_weight_e5, origin, barcode, needs_licence ON product BEGIN
  INSERT INTO product_change (sku, field, before, after, changed_at)
  SELECT NEW.sku, field, before, after, NEW.updated_at FROM (
    SELECT 'lineKind' AS field, OLD.line_kind AS before, NEW.line_kind AS after UNION ALL SELECT 'nameCn' AS field, OLD.name_cn AS before, NEW.name_cn AS after UNION ALL SELECT 'hsCode' AS field, OLD.hs_code AS before, NEW.hs_code AS after UNION ALL SELECT 'gmodel' AS field, OLD.gmodel AS before, NEW.gmodel AS after UNION ALL SELECT 'unit' AS field, OLD.unit AS before, NEW.unit AS after UNION ALL SELECT 'unit1' AS field, OLD.unit1 AS before, NEW.unit1 AS after UNION ALL SELECT 'qty1PerUnit' AS field, OLD.qty1_per_unit_e5 AS before, NEW.qty1_per_unit_e5 AS after UNION ALL SELECT 'unit2' AS field, OLD.unit2 AS before, NEW.unit2 AS after UNION ALL SELECT 'qty2PerUnit' AS field, OLD.qty2_per_unit_e5 AS before, NEW.qty2_per_unit_e5 AS after UNION ALL SELECT 'netWeight' AS field, OLD.net_weight_e5 AS before, NEW.net_weight_e5 AS after UNION ALL SELECT 'grossWeight' AS field, OLD.gross_weight_e5 AS before, NEW.gross_weight_e5 AS after UNION ALL SELECT 'origin' AS field, OLD.origin AS before, NEW.origin AS after UNION ALL SELECT 'barcode' AS field, OLD.barcode AS before, NEW.barcode AS after UNION ALL SELECT 'needsLicence' AS field, OLD.needs_licence AS before, NEW.needs_licence AS after
  ) WHERE before IS NOT NULL AND before IS NOT after;
END;
CREATE TRIGGER complaint_step_kept BEFORE UPDATE ON complaint_step
  BEGIN SELECT RAISE(ABORT, 'a step of a complaint is kept'); END;
CREATE TRIGGER complaint_step_stays BEFORE DELETE ON complaint_step
  BEGIN SELECT RAISE(ABORT, 'a step of a complaint is kept'); END;
CREATE TRIGGER shipment_milestone_kept BEFORE DELETE ON shipment_milestone BEGIN SELECT RAISE(ABORT, 'a milestone is kept'); END;
CREATE TRIGGER shipment_milestone_frozen BEFORE UPDATE OF shipment_id, kind, at, is_day, scope, reference, place, text, mark, source, recorded_at ON shipment_milestone
  BEGIN SELECT RAISE(ABORT, 'a milestone is withdrawn, not changed'); END;
CREATE TRIGGER lot_inspection_stands BEFORE UPDATE OF number, lot_id, kind, on_date, result, who, basis, sampled, note ON lot_inspection
BEGIN SELECT RAISE(ABORT, 'an inspection stands as it was recorded'); END;
CREATE TRIGGER lot_inspection_kept BEFORE DELETE ON lot_inspection BEGIN SELECT RAISE(ABORT, 'an inspection is kept'); END;
CREATE TRIGGER document_frozen BEFORE UPDATE OF body, guid, kind, business_key ON document
  WHEN OLD.state NOT IN ('draft','checked') AND NOT coalesce(
    (OLD.state IN ('released','closed','withdrawn','superseded') OR (OLD.state = 'accepted' AND OLD.kind <> 'CEB621Message'))
    AND NEW.guid = OLD.guid AND NEW.kind = OLD.kind AND NEW.business_key = OLD.business_key AND CASE OLD.kind
      WHEN 'CEB311Message' THEN json_extract(OLD.body, '$.OrderHead.buyerIdNumber') NOT IN ('', '***') AND NEW.body = json_replace(OLD.body, '$.OrderHead.buyerIdNumber', '***')
      WHEN 'CEB411Message' THEN json_extract(OLD.body, '$.PaymentHead.payerIdNumber') NOT IN ('', '***') AND NEW.body = json_replace(OLD.body, '$.PaymentHead.payerIdNumber', '***')
      WHEN 'CEB621Message' THEN json_extract(OLD.body, '$.InventoryHead.buyerIdNumber') NOT IN ('', '***') AND NEW.body = json_replace(OLD.body, '$.InventoryHead.buyerIdNumber', '***')
      WHEN 'CEB623Message' THEN json_extract(OLD.body, '$.buyerIdNumber') NOT IN ('', '***') AND NEW.body = json_replace(OLD.body, '$.buyerIdNumber', '***')
      WHEN 'CEB625Message' THEN json_extract(OLD.body, '$.InvtRefundHead.buyerIdNumber') NOT IN ('', '***') AND NEW.body = json_replace(OLD.body, '$.InvtRefundHead.buyerIdNumber', '***')
    END, 0)
  BEGIN SELECT RAISE(ABORT, 'a frozen document is immutable'); END;
CREATE TRIGGER document_hand_1 AFTER UPDATE OF body ON document
  WHEN OLD.state IN ('draft','checked') AND OLD.body <> NEW.body AND EXISTS (SELECT 1 FROM setting WHERE key = 'clerk.current')
BEGIN
  INSERT INTO document_hand (document_id, clerk_id, at)
  SELECT NEW.id, CAST(value AS INTEGER), NEW.updated_at FROM setting WHERE key = 'clerk.current'
  ON CONFLICT (document_id, clerk_id) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER return_certificate_insert BEFORE INSERT ON return_certificate
  WHEN NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM return_certificate
      WHERE state <> 'void' AND export_line_id = NEW.export_line_id), 0)
    > (SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id)
  BEGIN SELECT RAISE(ABORT, 'certified for more than went out'); END;
CREATE TRIGGER return_certificate_grow BEFORE UPDATE OF qty_e5, state, export_line_id ON return_certificate
  WHEN NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM return_certificate
      WHERE id <> NEW.id AND state <> 'void' AND export_line_id = NEW.export_line_id), 0)
    > (SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id)
  BEGIN SELECT RAISE(ABORT, 'certified for more than went out'); END;
CREATE TRIGGER return_certificate_kept BEFORE DELETE ON return_certificate
  BEGIN SELECT RAISE(ABORT, 'a certificate is void, not deleted'); END;
CREATE TRIGGER mode_change_kept BEFORE DELETE ON mode_change BEGIN SELECT RAISE(ABORT, 'a change of mode is kept'); END;
CREATE TRIGGER batch_release_declared AFTER UPDATE OF document_id ON batch_release WHEN NEW.document_id IS NOT NULL
  BEGIN INSERT OR IGNORE INTO release_declaration VALUES (NEW.id, NEW.document_id); END;
CREATE TRIGGER batch_release_line_insert BEFORE INSERT ON batch_release_line
  WHEN NEW.qty_e5 + coalesce((SELECT sum(l.qty_e5) FROM batch_release_line l JOIN batch_release r ON r.id = l.release_id
      WHERE l.good_id = NEW.good_id AND r.void_reason = ''), 0) > (SELECT qty_e5 FROM release_batch_good WHERE id = NEW.good_id)
  BEGIN SELECT RAISE(ABORT, 'more is released than the batch has'); END;
CREATE TRIGGER batch_release_line_fixed BEFORE UPDATE ON batch_release_line BEGIN SELECT RAISE(ABORT, 'a release stands as it was'); END;
CREATE TRIGGER release_batch_good_shrink BEFORE UPDATE OF qty_e5 ON release_batch_good
  WHEN NEW.qty_e5 < coalesce((SELECT sum(l.qty_e5) FROM batch_release_line l JOIN batch_release r ON r.id = l.release_id
      WHERE l.good_id = NEW.id AND r.void_reason = ''), 0)
  BEGIN SELECT RAISE(ABORT, 'more is released than the batch has'); END;
CREATE TRIGGER batch_release_unvoid BEFORE UPDATE OF void_reason ON batch_release WHEN OLD.void_reason <> ''
  BEGIN SELECT RAISE(ABORT, 'a void release stays void'); END;
CREATE TRIGGER batch_release_kept BEFORE DELETE ON batch_release BEGIN SELECT RAISE(ABORT, 'a release is void, not deleted'); END;
CREATE TRIGGER bonded_move_fixed BEFORE UPDATE OF item_id, direction, kind, on_date, paper_kind, paper_no, paper_line, qty_e5 ON bonded_move
  BEGIN SELECT RAISE(ABORT, 'a move stands as it was'); END;
CREATE TRIGGER bonded_move_unvoid BEFORE UPDATE OF void_reason ON bonded_move WHEN OLD.void_reason <> ''
  BEGIN SELECT RAISE(ABORT, 'a void move stays void'); END;
CREATE TRIGGER bonded_move_kept BEFORE DELETE ON bonded_move BEGIN SELECT RAISE(ABORT, 'a move is void, not deleted'); END;
CREATE TRIGGER bonded_draw_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB603Message' AND json_extract(NEW.body, '$.InventoryHead.emsNo') <> ''
  BEGIN 
  INSERT INTO bonded_draw (document_id, line_no, record_no, item_no, qty_e5)
  SELECT id, line, record_no, item_no, qty_e5 FROM (
    SELECT NEW.id AS id, l.key + 1 AS line, json_extract(NEW.body, '$.InventoryHead.emsNo') AS record_no,
      json_extract(l.value, '$.itemRecordNo') AS item_no, CASE instr(json_extract(l.value, '$.qty'), '.') WHEN 0 THEN CAST(json_extract(l.value, '$.qty') AS INTEGER) * 100000
    ELSE CAST(substr(json_extract(l.value, '$.qty'), 1, instr(json_extract(l.value, '$.qty'), '.') - 1) AS INTEGER) * 100000
      + CAST(substr(substr(json_extract(l.value, '$.qty'), instr(json_extract(l.value, '$.qty'), '.') + 1) || '00000', 1, 5) AS INTEGER) END AS qty_e5
    FROM  json_each(NEW.body, '$.InventoryList') l
    WHERE json_extract(NEW.body, '$.InventoryHead.tradeMode') IN ('1210','1239')
      AND coalesce(json_extract(NEW.body, '$.InventoryHead.appType'), '1') <> '3'
      AND json_extract(l.value, '$.qty') GLOB '[0-9]*' AND json_extract(l.value, '$.qty') NOT GLOB '*[^0-9.]*'
      AND json_extract(l.value, '$.qty') NOT GLOB '*.*.*' AND instr(json_extract(l.value, '$.qty') || '.', '.') <= 11)
  WHERE record_no <> '' AND item_no <> '' AND qty_e5 > 0; END;
CREATE TRIGGER bonded_draw_update AFTER UPDATE OF body ON document
  WHEN NEW.kind = 'CEB603Message' AND (json_extract(NEW.body, '$.InventoryHead.emsNo') <> '' OR json_extract(OLD.body, '$.InventoryHead.emsNo') <> '')
  BEGIN
    DELETE FROM bonded_draw WHERE document_id = NEW.id;
    
  INSERT INTO bonded_draw (document_id, line_no, record_no, item_no, qty_e5)
  SELECT id, line, record_no, item_no, qty_e5 FROM (
    SELECT NEW.id AS id, l.key + 1 AS line, json_extract(NEW.body, '$.InventoryHead.emsNo') AS record_no,
      json_extract(l.value, '$.itemRecordNo') AS item_no, CASE instr(json_extract(l.value, '$.qty'), '.') WHEN 0 THEN CAST(json_extract(l.value, '$.qty') AS INTEGER) * 100000
    ELSE CAST(substr(json_extract(l.value, '$.qty'), 1, instr(json_extract(l.value, '$.qty'), '.') - 1) AS INTEGER) * 100000
      + CAST(substr(substr(json_extract(l.value, '$.qty'), instr(json_extract(l.value, '$.qty'), '.') + 1) || '00000', 1, 5) AS INTEGER) END AS qty_e5
    FROM  json_each(NEW.body, '$.InventoryList') l
    WHERE json_extract(NEW.body, '$.InventoryHead.tradeMode') IN ('1210','1239')
      AND coalesce(json_extract(NEW.body, '$.InventoryHead.appType'), '1') <> '3'
      AND json_extract(l.value, '$.qty') GLOB '[0-9]*' AND json_extract(l.value, '$.qty') NOT GLOB '*[^0-9.]*'
      AND json_extract(l.value, '$.qty') NOT GLOB '*.*.*' AND instr(json_extract(l.value, '$.qty') || '.', '.') <= 11)
  WHERE record_no <> '' AND item_no <> '' AND qty_e5 > 0;
  END;
CREATE TRIGGER barter_target_insert AFTER INSERT ON barter_target BEGIN
  UPDATE sales_order SET settled_minor = settled_minor + NEW.amount_minor WHERE id = NEW.order_id;
  UPDATE declaration_settled SET settled_minor = settled_minor + NEW.amount_minor
    WHERE declaration_no = NEW.declaration_no AND currency = NEW.currency;
END;
CREATE TRIGGER barter_target_delete AFTER DELETE ON barter_target BEGIN
  UPDATE sales_order SET settled_minor = settled_minor - OLD.amount_minor WHERE id = OLD.order_id;
  UPDATE declaration_settled SET settled_minor = settled_minor - OLD.amount_minor
    WHERE declaration_no = OLD.declaration_no AND currency = OLD.currency;
END;
CREATE TRIGGER barter_target_no_update BEFORE UPDATE ON barter_target
  BEGIN SELECT RAISE(ABORT, 'what is settled in kind is taken back and made anew'); END;
CREATE TRIGGER barter_kept BEFORE DELETE ON barter BEGIN SELECT RAISE(ABORT, 'a barter contract is voided, not deleted'); END;
CREATE TRIGGER goods_return_came AFTER INSERT ON goods_return WHEN NEW.export_line_id IS NOT NULL BEGIN
  UPDATE export_line SET returned_qty_e5 = (SELECT coalesce(sum(r.qty_e5), 0) FROM goods_return r WHERE r.export_line_id = NEW.export_line_id AND r.state <> 'void')
    WHERE id = NEW.export_line_id AND claimed_period IS NULL;
END;
CREATE TRIGGER goods_return_changed AFTER UPDATE OF qty_e5, state ON goods_return WHEN NEW.export_line_id IS NOT NULL BEGIN
  UPDATE export_line SET returned_qty_e5 = (SELECT coalesce(sum(r.qty_e5), 0) FROM goods_return r WHERE r.export_line_id = NEW.export_line_id AND r.state <> 'void')
    WHERE id = NEW.export_line_id AND claimed_period IS NULL;
END;
CREATE TRIGGER export_line_unclaimed AFTER UPDATE OF claimed_period ON export_line
  WHEN OLD.claimed_period IS NOT NULL AND NEW.claimed_period IS NULL BEGIN
  UPDATE export_line SET returned_qty_e5 = (SELECT coalesce(sum(r.qty_e5), 0) FROM goods_return r WHERE r.export_line_id = NEW.id AND r.state <> 'void')
    WHERE id = NEW.id;
END;
CREATE TRIGGER import_list_total_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB621Message' BEGIN 
  INSERT OR REPLACE INTO import_list_total (document_id, year, total_e5)
  SELECT id, coalesce(substr(json_extract(body, '$.InventoryHead.appTime'), 1, 4), ''), CASE
    WHEN EXISTS (SELECT 1 FROM json_each(document.body, '$.InventoryList') line WHERE json_type(document.body, '$.InventoryList') = 'array' AND coalesce(json_extract(document.body, line.fullkey || '.totalPrice'), '') <> '' AND NOT (json_type(document.body, line.fullkey || '.totalPrice') = 'text' AND json_extract(document.body, line.fullkey || '.totalPrice') NOT GLOB '*[^0-9.]*' AND json_extract(document.body, line.fullkey || '.totalPrice') GLOB '[0-9]*' AND json_extract(document.body, line.fullkey || '.totalPrice') GLOB '*[0-9]'
  AND json_extract(document.body, line.fullkey || '.totalPrice') NOT GLOB '*.*.*' AND instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') <= 8 AND length(json_extract(document.body, line.fullkey || '.totalPrice')) - instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') <= 5)) THEN NULL
    ELSE (SELECT coalesce(sum(CAST(substr(json_extract(document.body, line.fullkey || '.totalPrice'), 1, instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') - 1) AS INTEGER) * 100000
  + CAST(substr(substr(json_extract(document.body, line.fullkey || '.totalPrice'), instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') + 1) || '00000', 1, 5) AS INTEGER)), 0) FROM json_each(document.body, '$.InventoryList') line WHERE json_type(document.body, '$.InventoryList') = 'array' AND coalesce(json_extract(document.body, line.fullkey || '.totalPrice'), '') <> '') END
  FROM document WHERE kind = 'CEB621Message' AND id = NEW.id; END;
CREATE TRIGGER import_list_total_update AFTER UPDATE OF body ON document WHEN NEW.kind = 'CEB621Message' BEGIN 
  INSERT OR REPLACE INTO import_list_total (document_id, year, total_e5)
  SELECT id, coalesce(substr(json_extract(body, '$.InventoryHead.appTime'), 1, 4), ''), CASE
    WHEN EXISTS (SELECT 1 FROM json_each(document.body, '$.InventoryList') line WHERE json_type(document.body, '$.InventoryList') = 'array' AND coalesce(json_extract(document.body, line.fullkey || '.totalPrice'), '') <> '' AND NOT (json_type(document.body, line.fullkey || '.totalPrice') = 'text' AND json_extract(document.body, line.fullkey || '.totalPrice') NOT GLOB '*[^0-9.]*' AND json_extract(document.body, line.fullkey || '.totalPrice') GLOB '[0-9]*' AND json_extract(document.body, line.fullkey || '.totalPrice') GLOB '*[0-9]'
  AND json_extract(document.body, line.fullkey || '.totalPrice') NOT GLOB '*.*.*' AND instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') <= 8 AND length(json_extract(document.body, line.fullkey || '.totalPrice')) - instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') <= 5)) THEN NULL
    ELSE (SELECT coalesce(sum(CAST(substr(json_extract(document.body, line.fullkey || '.totalPrice'), 1, instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') - 1) AS INTEGER) * 100000
  + CAST(substr(substr(json_extract(document.body, line.fullkey || '.totalPrice'), instr(json_extract(document.body, line.fullkey || '.totalPrice') || '.', '.') + 1) || '00000', 1, 5) AS INTEGER)), 0) FROM json_each(document.body, '$.InventoryList') line WHERE json_type(document.body, '$.InventoryList') = 'array' AND coalesce(json_extract(document.body, line.fullkey || '.totalPrice'), '') <> '') END
  FROM document WHERE kind = 'CEB621Message' AND id = NEW.id; END;
CREATE TRIGGER lot_hold_kept BEFORE UPDATE OF lot_id, reason, who, held_at ON lot_hold
BEGIN SELECT RAISE(ABORT, 'a hold stays as it was put'); END;
CREATE TRIGGER lab_report_stands BEFORE UPDATE OF lot_id, number, laboratory, sampled_on, issued_on, result ON lab_report
BEGIN SELECT RAISE(ABORT, 'a report stands as it was recorded'); END;
CREATE TRIGGER lab_report_kept BEFORE DELETE ON lab_report BEGIN SELECT RAISE(ABORT, 'a report is kept'); END;
CREATE TRIGGER lab_result_stands BEFORE UPDATE ON lab_result BEGIN SELECT RAISE(ABORT, 'a result stands as it was recorded'); END;
CREATE TRIGGER lab_result_kept BEFORE DELETE ON lab_result BEGIN SELECT RAISE(ABORT, 'a result is kept'); END;
CREATE TRIGGER site_treatment_kept BEFORE DELETE ON site_treatment BEGIN SELECT RAISE(ABORT, 'an input is kept'); END;
CREATE TRIGGER lot_event_destroyed AFTER INSERT ON lot_event WHEN NEW.mass_g IS NOT NULL
BEGIN UPDATE lot SET free_g = free_g - NEW.mass_g WHERE id = NEW.lot_id; END;
CREATE TRIGGER goods_return_insert BEFORE INSERT ON goods_return WHEN NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM goods_return
      WHERE  state <> 'void' AND (export_line_id = NEW.export_line_id OR copy_id = NEW.copy_id)), 0)
      + coalesce((SELECT back_qty_e5 FROM export_line WHERE id = NEW.export_line_id), 0)
    > coalesce((SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id), (SELECT qty_e5 FROM declaration_copy WHERE id = NEW.copy_id), 0)
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
CREATE TRIGGER goods_return_grow BEFORE UPDATE OF qty_e5, state ON goods_return
  WHEN (NEW.qty_e5 > OLD.qty_e5 OR OLD.state = 'void') AND NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM goods_return
      WHERE id <> NEW.id AND state <> 'void' AND (export_line_id = NEW.export_line_id OR copy_id = NEW.copy_id)), 0)
      + coalesce((SELECT back_qty_e5 FROM export_line WHERE id = NEW.export_line_id), 0)
    > coalesce((SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id), (SELECT qty_e5 FROM declaration_copy WHERE id = NEW.copy_id), 0)
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
CREATE TRIGGER export_line_back BEFORE UPDATE OF back_qty_e5 ON export_line
  WHEN NEW.back_qty_e5 > OLD.back_qty_e5 AND NEW.back_qty_e5 + coalesce((SELECT sum(qty_e5) FROM goods_return
      WHERE state <> 'void' AND export_line_id = NEW.id), 0) > NEW.qty_e5
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
CREATE TRIGGER red_flag_step_fixed BEFORE UPDATE ON red_flag_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER red_flag_step_kept BEFORE DELETE ON red_flag_step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER document_loose_match_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB603Message' AND NEW.order_id IS NULL BEGIN 
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM (SELECT 1) JOIN sales_order o ON o.order_no IN (json_extract(NEW.body, '$.InventoryHead.orderNo'), rtrim(rtrim(json_extract(NEW.body, '$.InventoryHead.orderNo'), '0123456789'), '-'))
    WHERE NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM (SELECT 1) JOIN waybill w ON w.logistics_no = json_extract(NEW.body, '$.InventoryHead.logisticsNo') JOIN sales_order o ON o.id = w.order_id
    WHERE NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
END;
CREATE TRIGGER document_loose_match_update AFTER UPDATE OF body, state ON document
  WHEN NEW.kind = 'CEB603Message' AND NEW.order_id IS NULL
    AND (OLD.body <> NEW.body OR (OLD.state IN ('superseded','withdrawn')) <> (NEW.state IN ('superseded','withdrawn')))
BEGIN 
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM (SELECT 1) JOIN sales_order o ON o.order_no IN (json_extract(OLD.body, '$.InventoryHead.orderNo'), rtrim(rtrim(json_extract(OLD.body, '$.InventoryHead.orderNo'), '0123456789'), '-'))
    WHERE NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM (SELECT 1) JOIN waybill w ON w.logistics_no = json_extract(OLD.body, '$.InventoryHead.logisticsNo') JOIN sales_order o ON o.id = w.order_id
    WHERE NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no); 
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM (SELECT 1) JOIN sales_order o ON o.order_no IN (json_extract(NEW.body, '$.InventoryHead.orderNo'), rtrim(rtrim(json_extract(NEW.body, '$.InventoryHead.orderNo'), '0123456789'), '-'))
    WHERE NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM (SELECT 1) JOIN waybill w ON w.logistics_no = json_extract(NEW.body, '$.InventoryHead.logisticsNo') JOIN sales_order o ON o.id = w.order_id
    WHERE NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
END;
CREATE TRIGGER entry_fact_match_insert AFTER INSERT ON entry_fact BEGIN 
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM document d JOIN sales_order o ON o.order_no IN (json_extract(d.body, '$.InventoryHead.orderNo'), rtrim(rtrim(json_extract(d.body, '$.InventoryHead.orderNo'), '0123456789'), '-'))
    WHERE d.id = NEW.document_id AND d.kind = 'CEB603Message' AND d.order_id IS NULL AND NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM document d JOIN waybill w ON w.logistics_no = json_extract(d.body, '$.InventoryHead.logisticsNo') JOIN sales_order o ON o.id = w.order_id
    WHERE d.id = NEW.document_id AND d.kind = 'CEB603Message' AND d.order_id IS NULL AND NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
END;
CREATE TRIGGER entry_fact_match_update AFTER UPDATE OF unconfirmed ON entry_fact BEGIN 
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM document d JOIN sales_order o ON o.order_no IN (json_extract(d.body, '$.InventoryHead.orderNo'), rtrim(rtrim(json_extract(d.body, '$.InventoryHead.orderNo'), '0123456789'), '-'))
    WHERE d.id = NEW.document_id AND d.kind = 'CEB603Message' AND d.order_id IS NULL AND NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM document d JOIN waybill w ON w.logistics_no = json_extract(d.body, '$.InventoryHead.logisticsNo') JOIN sales_order o ON o.id = w.order_id
    WHERE d.id = NEW.document_id AND d.kind = 'CEB603Message' AND d.order_id IS NULL AND NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);
END;
CREATE TRIGGER document_named_insert AFTER INSERT ON document WHEN NEW.kind IN ('CEB605Message','CEB623Message','CEB213Message','CEB625Message','CEB701Message','CEB607Message','CEB507Message','CEB509Message') BEGIN 
  DELETE FROM document_named WHERE document_id = NEW.id;
  DELETE FROM summary_period WHERE document_id = NEW.id;
  INSERT INTO document_named (document_id, number, purpose) SELECT DISTINCT id, number, purpose FROM (
    SELECT NEW.id AS id, json_extract(NEW.body, '$.invtNo') AS number, 'withdraw' AS purpose 
      WHERE NEW.kind IN ('CEB605Message','CEB623Message')
    UNION ALL SELECT NEW.id, json_extract(NEW.body, '$.InvtRefundHead.invtNo'), 'return' 
      WHERE NEW.kind IN ('CEB213Message','CEB625Message')
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.invtNo'), 'summary' FROM json_each(NEW.body, '$.SummaryApplyList') j
      WHERE NEW.kind = 'CEB701Message' AND coalesce(json_extract(NEW.body, '$.SummaryApplyHead.startTime'), '') = ''
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.logisticsNo'), 'waybills' FROM json_each(NEW.body, '$.WayBillList') j
      WHERE NEW.kind = 'CEB607Message'
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.logisticsNo'), 'arrival' FROM json_each(NEW.body, '$.ArrivalList') j
      WHERE NEW.kind = 'CEB507Message'
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.logisticsNo'), 'departure' FROM json_each(NEW.body, '$.DepartureList') j
      WHERE NEW.kind = 'CEB509Message'
  ) WHERE coalesce(number, '') <> '';
  INSERT INTO summary_period (document_id, start_at, end_at, ebc_code)
    SELECT NEW.id, coalesce(json_extract(NEW.body, '$.SummaryApplyHead.startTime'), ''), coalesce(json_extract(NEW.body, '$.SummaryApplyHead.endTime'), ''), coalesce(json_extract(NEW.body, '$.SummaryApplyHead.ebcCode'), '') 
    WHERE NEW.kind = 'CEB701Message' AND coalesce(json_extract(NEW.body, '$.SummaryApplyHead.startTime'), '') <> '';
  DELETE FROM document_about WHERE document_id = NEW.id AND purpose IN ('withdraw','return','summary')
    AND (EXISTS (SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id)
      OR EXISTS (SELECT 1 FROM summary_period p WHERE p.document_id = document_about.document_id));
  INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT a.id, l.id, n.purpose FROM document_named n JOIN document a ON a.id = n.document_id
      JOIN document l ON l.platform_no = n.number AND l.kind = iif(a.kind IN ('CEB623Message','CEB625Message'), 'CEB621Message', 'CEB603Message')
    WHERE n.purpose IN ('withdraw','return','summary') AND n.document_id = NEW.id; END;
CREATE TRIGGER document_named_body AFTER UPDATE OF body ON document WHEN NEW.kind IN ('CEB605Message','CEB623Message','CEB213Message','CEB625Message','CEB701Message','CEB607Message','CEB507Message','CEB509Message') AND NEW.body <> OLD.body BEGIN 
  DELETE FROM document_named WHERE document_id = NEW.id;
  DELETE FROM summary_period WHERE document_id = NEW.id;
  INSERT INTO document_named (document_id, number, purpose) SELECT DISTINCT id, number, purpose FROM (
    SELECT NEW.id AS id, json_extract(NEW.body, '$.invtNo') AS number, 'withdraw' AS purpose 
      WHERE NEW.kind IN ('CEB605Message','CEB623Message')
    UNION ALL SELECT NEW.id, json_extract(NEW.body, '$.InvtRefundHead.invtNo'), 'return' 
      WHERE NEW.kind IN ('CEB213Message','CEB625Message')
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.invtNo'), 'summary' FROM json_each(NEW.body, '$.SummaryApplyList') j
      WHERE NEW.kind = 'CEB701Message' AND coalesce(json_extract(NEW.body, '$.SummaryApplyHead.startTime'), '') = ''
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.logisticsNo'), 'waybills' FROM json_each(NEW.body, '$.WayBillList') j
      WHERE NEW.kind = 'CEB607Message'
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.logisticsNo'), 'arrival' FROM json_each(NEW.body, '$.ArrivalList') j
      WHERE NEW.kind = 'CEB507Message'
    UNION ALL SELECT NEW.id, json_extract(j.value, '$.logisticsNo'), 'departure' FROM json_each(NEW.body, '$.DepartureList') j
      WHERE NEW.kind = 'CEB509Message'
  ) WHERE coalesce(number, '') <> '';
  INSERT INTO summary_period (document_id, start_at, end_at, ebc_code)
    SELECT NEW.id, coalesce(json_extract(NEW.body, '$.SummaryApplyHead.startTime'), ''), coalesce(json_extract(NEW.body, '$.SummaryApplyHead.endTime'), ''), coalesce(json_extract(NEW.body, '$.SummaryApplyHead.ebcCode'), '') 
    WHERE NEW.kind = 'CEB701Message' AND coalesce(json_extract(NEW.body, '$.SummaryApplyHead.startTime'), '') <> '';
  DELETE FROM document_about WHERE document_id = NEW.id AND purpose IN ('withdraw','return','summary')
    AND (EXISTS (SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id)
      OR EXISTS (SELECT 1 FROM summary_period p WHERE p.document_id = document_about.document_id));
  INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT a.id, l.id, n.purpose FROM document_named n JOIN document a ON a.id = n.document_id
      JOIN document l ON l.platform_no = n.number AND l.kind = iif(a.kind IN ('CEB623Message','CEB625Message'), 'CEB621Message', 'CEB603Message')
    WHERE n.purpose IN ('withdraw','return','summary') AND n.document_id = NEW.id; END;
CREATE TRIGGER document_named_list AFTER INSERT ON document
  WHEN NEW.kind IN ('CEB603Message','CEB621Message') AND NEW.platform_no IS NOT NULL BEGIN 
  DELETE FROM document_about WHERE about_id = NEW.id AND purpose IN ('withdraw','return','summary')
    AND (EXISTS (SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id)
      OR EXISTS (SELECT 1 FROM summary_period p WHERE p.document_id = document_about.document_id)) AND NOT EXISTS (
    SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id AND n.number = NEW.platform_no);
  INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT a.id, l.id, n.purpose FROM document_named n JOIN document a ON a.id = n.document_id
      JOIN document l ON l.platform_no = n.number AND l.kind = iif(a.kind IN ('CEB623Message','CEB625Message'), 'CEB621Message', 'CEB603Message')
    WHERE n.purpose IN ('withdraw','return','summary') AND n.number = NEW.platform_no AND l.id = NEW.id; END;
CREATE TRIGGER document_named_number AFTER UPDATE OF platform_no ON document
  WHEN NEW.kind IN ('CEB603Message','CEB621Message') AND NEW.platform_no IS NOT OLD.platform_no BEGIN 
  DELETE FROM document_about WHERE about_id = NEW.id AND purpose IN ('withdraw','return','summary')
    AND (EXISTS (SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id)
      OR EXISTS (SELECT 1 FROM summary_period p WHERE p.document_id = document_about.document_id)) AND NOT EXISTS (
    SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id AND n.number = NEW.platform_no);
  INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT a.id, l.id, n.purpose FROM document_named n JOIN document a ON a.id = n.document_id
      JOIN document l ON l.platform_no = n.number AND l.kind = iif(a.kind IN ('CEB623Message','CEB625Message'), 'CEB621Message', 'CEB603Message')
    WHERE n.purpose IN ('withdraw','return','summary') AND n.number = NEW.platform_no AND l.id = NEW.id; END;
CREATE TRIGGER tally_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB215Message' BEGIN DELETE FROM document_about WHERE purpose = 'tally' AND document_id = NEW.id AND EXISTS (
    SELECT 1 FROM document t, document r WHERE t.id = document_about.document_id AND r.id = document_about.about_id
      AND NOT CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '') ELSE coalesce(json_extract(t.body, '$.invtNo'), '') = '' OR coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') END); INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT t.id, r.id, 'tally' FROM document t, document r
    WHERE t.kind = 'CEB215Message' AND r.kind = 'CEB213Message' AND t.id = NEW.id AND CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')
    ELSE coalesce(json_extract(t.body, '$.invtNo'), '') <> '' AND coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') AND NOT EXISTS (
      SELECT 1 FROM document o WHERE o.kind = 'CEB213Message' AND o.business_key <> r.business_key AND coalesce(json_extract(o.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '')) END; END;
CREATE TRIGGER tally_body AFTER UPDATE OF body ON document WHEN NEW.kind = 'CEB215Message' AND NEW.body <> OLD.body BEGIN DELETE FROM document_about WHERE purpose = 'tally' AND document_id = NEW.id AND EXISTS (
    SELECT 1 FROM document t, document r WHERE t.id = document_about.document_id AND r.id = document_about.about_id
      AND NOT CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '') ELSE coalesce(json_extract(t.body, '$.invtNo'), '') = '' OR coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') END); INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT t.id, r.id, 'tally' FROM document t, document r
    WHERE t.kind = 'CEB215Message' AND r.kind = 'CEB213Message' AND t.id = NEW.id AND CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')
    ELSE coalesce(json_extract(t.body, '$.invtNo'), '') <> '' AND coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') AND NOT EXISTS (
      SELECT 1 FROM document o WHERE o.kind = 'CEB213Message' AND o.business_key <> r.business_key AND coalesce(json_extract(o.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '')) END; END;
CREATE TRIGGER tally_return_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB213Message' BEGIN DELETE FROM document_about WHERE purpose = 'tally' AND about_id = NEW.id AND EXISTS (
    SELECT 1 FROM document t, document r WHERE t.id = document_about.document_id AND r.id = document_about.about_id
      AND NOT CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '') ELSE coalesce(json_extract(t.body, '$.invtNo'), '') = '' OR coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') END); INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT t.id, r.id, 'tally' FROM document t, document r
    WHERE t.kind = 'CEB215Message' AND r.kind = 'CEB213Message' AND r.id = NEW.id AND CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')
    ELSE coalesce(json_extract(t.body, '$.invtNo'), '') <> '' AND coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') AND NOT EXISTS (
      SELECT 1 FROM document o WHERE o.kind = 'CEB213Message' AND o.business_key <> r.business_key AND coalesce(json_extract(o.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '')) END; END;
CREATE TRIGGER tally_return_body AFTER UPDATE OF body ON document WHEN NEW.kind = 'CEB213Message' AND NEW.body <> OLD.body BEGIN DELETE FROM document_about WHERE purpose = 'tally' AND about_id = NEW.id AND EXISTS (
    SELECT 1 FROM document t, document r WHERE t.id = document_about.document_id AND r.id = document_about.about_id
      AND NOT CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '') ELSE coalesce(json_extract(t.body, '$.invtNo'), '') = '' OR coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') END); INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT t.id, r.id, 'tally' FROM document t, document r
    WHERE t.kind = 'CEB215Message' AND r.kind = 'CEB213Message' AND r.id = NEW.id AND CASE WHEN EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')) THEN r.business_key = coalesce(json_extract(t.body, '$.coElNo'), '')
    ELSE coalesce(json_extract(t.body, '$.invtNo'), '') <> '' AND coalesce(json_extract(r.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '') AND NOT EXISTS (
      SELECT 1 FROM document o WHERE o.kind = 'CEB213Message' AND o.business_key <> r.business_key AND coalesce(json_extract(o.body, '$.InvtRefundHead.invtNo'), '') = coalesce(json_extract(t.body, '$.invtNo'), '')) END; END;
CREATE TRIGGER document_listing_photo_delete AFTER DELETE ON listing_photo WHEN OLD.removed_at IS NULL BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = OLD.listing_id AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER document_listing_photo_removed AFTER UPDATE OF removed_at ON listing_photo WHEN OLD.removed_at IS NOT NEW.removed_at BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = NEW.listing_id AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER statistics_kept_line_new AFTER INSERT ON export_line WHEN NEW.of_orders = 0 AND EXISTS (SELECT 1 FROM statistics_kept WHERE part = NEW.part AND period = NEW.month) BEGIN DELETE FROM statistics_kept WHERE part = NEW.part AND period = NEW.month; END;
CREATE TRIGGER statistics_kept_line_gone AFTER DELETE ON export_line WHEN OLD.of_orders = 0 AND EXISTS (SELECT 1 FROM statistics_kept WHERE part = OLD.part AND period = OLD.month) BEGIN DELETE FROM statistics_kept WHERE part = OLD.part AND period = OLD.month; END;
CREATE TRIGGER statistics_kept_line_changed AFTER UPDATE OF mode, declaration_no, export_date, order_id, of_orders, hs_code, currency, fob_minor, fob_fen, country ON export_line WHEN EXISTS (SELECT 1 FROM statistics_kept WHERE part = NEW.part AND period = NEW.month) OR EXISTS (SELECT 1 FROM statistics_kept WHERE part = OLD.part AND period = OLD.month) BEGIN DELETE FROM statistics_kept WHERE part = NEW.part AND period = NEW.month; DELETE FROM statistics_kept WHERE part = OLD.part AND period = OLD.month; END;
CREATE TRIGGER statistics_kept_shared_new AFTER INSERT ON export_line WHEN NOT NEW.of_orders = 0 BEGIN DELETE FROM statistics_kept WHERE period = NEW.month; END;
CREATE TRIGGER statistics_kept_shared_gone AFTER DELETE ON export_line WHEN NOT OLD.of_orders = 0 BEGIN DELETE FROM statistics_kept WHERE period = OLD.month; END;
CREATE TRIGGER statistics_kept_shared_changed AFTER UPDATE OF mode, declaration_no, export_date, order_id, of_orders, hs_code, currency, fob_minor, fob_fen, country ON export_line WHEN NOT NEW.of_orders = 0 OR NOT OLD.of_orders = 0 BEGIN DELETE FROM statistics_kept WHERE period IN (NEW.month, OLD.month); END;
CREATE TRIGGER statistics_kept_goods_new AFTER INSERT ON export_goods WHEN 1 BEGIN DELETE FROM statistics_kept WHERE period = (SELECT month FROM export_line WHERE id = NEW.export_line_id); END;
CREATE TRIGGER statistics_kept_goods_gone AFTER DELETE ON export_goods WHEN 1 BEGIN DELETE FROM statistics_kept WHERE period = (SELECT month FROM export_line WHERE id = OLD.export_line_id); END;
CREATE TRIGGER statistics_kept_goods_changed AFTER UPDATE ON export_goods WHEN 1 BEGIN DELETE FROM statistics_kept WHERE period = (SELECT month FROM export_line WHERE id = NEW.export_line_id); DELETE FROM statistics_kept WHERE period = (SELECT month FROM export_line WHERE id = OLD.export_line_id); END;
CREATE TRIGGER statistics_kept_order_store AFTER UPDATE OF store ON sales_order WHEN NEW.store IS NOT OLD.store BEGIN DELETE FROM statistics_kept WHERE part = NEW.id / 2048; END;
CREATE TRIGGER statistics_kept_buyer_new AFTER INSERT ON buyer WHEN NEW.first_order_id IS NOT NULL BEGIN DELETE FROM statistics_kept WHERE part = NEW.first_order_id / 2048; END;
CREATE TRIGGER statistics_kept_buyer_gone AFTER DELETE ON buyer WHEN OLD.first_order_id IS NOT NULL BEGIN DELETE FROM statistics_kept WHERE part = OLD.first_order_id / 2048; END;
CREATE TRIGGER statistics_kept_buyer_changed AFTER UPDATE OF first_order_id ON buyer WHEN NEW.first_order_id IS NOT OLD.first_order_id BEGIN DELETE FROM statistics_kept WHERE part = NEW.first_order_id / 2048; DELETE FROM statistics_kept WHERE part = OLD.first_order_id / 2048; END;
CREATE TRIGGER statistics_kept_store_new AFTER INSERT ON store WHEN 1 BEGIN DELETE FROM statistics_kept WHERE 1; END;
CREATE TRIGGER statistics_kept_store_gone AFTER DELETE ON store WHEN 1 BEGIN DELETE FROM statistics_kept WHERE 1; END;
CREATE TRIGGER statistics_kept_store_changed AFTER UPDATE OF platform, name ON store WHEN 1 BEGIN DELETE FROM statistics_kept WHERE 1; END;
CREATE TRIGGER shipment_milestone_endpoint BEFORE UPDATE OF endpoint ON shipment_milestone
  BEGIN SELECT RAISE(ABORT, 'a milestone is withdrawn, not changed'); END;
CREATE TRIGGER document_disown BEFORE UPDATE OF state ON document
  WHEN OLD.state = 'sent' AND NEW.state = 'draft' AND OLD.message_guid IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'what a message took along was sent'); END;
INSERT INTO stock_place (id, kind, name, country, detail, active) VALUES (1, 'home', '本地仓', null, '{}', 1);
INSERT INTO stock_place (id, kind, name, country, detail, active) VALUES (2, 'transit', '在途', null, '{}', 1);
INSERT INTO stock_place (id, kind, name, country, detail, active) VALUES (3, 'returned', '退货仓', null, '{}', 1);
INSERT INTO stock_place (id, kind, name, country, detail, active) VALUES (4, 'bonded', '保税仓', null, '{}', 1);
INSERT INTO legal_move (machine, from_state, to_state) VALUES ('document', 'superseded', 'accepted');
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'sqlite_autoindex_document_1', '1000000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'sqlite_autoindex_document_2', '1000000 100000 2 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_list', '1000000 100000 20000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_page', '1000000 100000 1 1 1 1 1 1 1 1 1 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_released', '500000 100000 1000');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_shipment', '1000000 1000 300');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_order', '1000000 400 200 100');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_message', '1000000 100');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_platform_no', '500000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_subject', '100000 20000 2');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_list_waybill', '300000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_list_bill', '300000 1000');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_loose_list', '20000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_import_list_waybill', '100000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_import_buyer', '100000 10');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_import_order', '100000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_import_payment', '100000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_import_waybill', '100000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_master_bill', '1000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('document', 'document_declaration_bill', '1000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('receipt', 'sqlite_autoindex_receipt_1', '100000 50000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('receipt', 'receipt_state', '100000 1000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('receipt', 'receipt_message', '100000 2');
ANALYZE sqlite_schema;
`;
