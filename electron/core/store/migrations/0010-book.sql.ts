/**
 * The first schema of an account book (账套).
 *
 * Conventions, kept by every later migration:
 * - quantities, prices and customs amounts are integers scaled by 10^5 (`_e5`), the five decimals of the customs
 *   specification; they stay below 2^53 so that they are exact in JavaScript;
 * - ledger money is an integer in the currency's minor unit (`_minor`, CNY: fen) with its currency beside it;
 * - rates are decimal text; dates are `yyyy-mm-dd`; instants are ISO 8601 UTC text with milliseconds;
 * - a row that was sent, posted or received is never changed: triggers refuse it.
 */
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

-- Number series without gaps inside one transaction: vouchers, shipments, enterprise numbers (企业唯一编号).
CREATE TABLE number_series (
  name TEXT PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next > 0)
) STRICT, WITHOUT ROWID;

-- Append-only, each row chained to the last by SHA-256.
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
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

-- Imports ------------------------------------------------------------------------------------------------------------
CREATE TABLE import_run (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('orders','products','waybills','rates')),
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  sheet TEXT NOT NULL,
  options TEXT NOT NULL CHECK (json_valid(options)),
  state TEXT NOT NULL CHECK (state IN ('dry-run','committed','abandoned')),
  counts TEXT NOT NULL CHECK (json_valid(counts)),
  started_at TEXT NOT NULL,
  committed_at TEXT
) STRICT;
CREATE INDEX import_run_file ON import_run (file_sha256, kind, state);

-- Rows a run could not take: the cells as read, the reasons, and what the user typed to mend them.
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
  used_at TEXT NOT NULL,
  PRIMARY KEY (kind, header_key)
) STRICT, WITHOUT ROWID;

-- Products (商品) ----------------------------------------------------------------------------------------------------
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
) STRICT, WITHOUT ROWID;
CREATE INDEX product_state ON product (state, sku);

-- Orders (订单) ------------------------------------------------------------------------------------------------------
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
) STRICT;
CREATE INDEX sales_order_date ON sales_order (order_date, id);
CREATE INDEX sales_order_state ON sales_order (state, order_date, id);

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
CREATE INDEX order_line_sku ON order_line (sku, order_id);

-- A cancellation document (C…): its lines point to the order line they take back, where one is known.
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
CREATE INDEX cancellation_line_order ON cancellation_line (order_line_id);

-- Shipments and waybills (货运, 运单) --------------------------------------------------------------------------------
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
) STRICT, WITHOUT ROWID;

-- Documents (单证): one version of one business document of the catalogue. What was frozen is immutable. ---------------
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
  updated_at TEXT NOT NULL,
  UNIQUE (kind, business_key, version)
) STRICT;
CREATE INDEX document_list ON document (kind, state, id);
CREATE INDEX document_order ON document (order_id, kind);
CREATE INDEX document_message ON document (message_guid);
CREATE INDEX document_shipment ON document (shipment_id, kind);
CREATE TRIGGER document_frozen BEFORE UPDATE OF body, guid, kind, business_key ON document
  WHEN OLD.state NOT IN ('draft','checked') BEGIN SELECT RAISE(ABORT, 'a frozen document is immutable'); END;
CREATE TRIGGER document_kept BEFORE DELETE ON document
  WHEN OLD.state NOT IN ('draft','checked') BEGIN SELECT RAISE(ABORT, 'a frozen document is kept'); END;

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

-- The outbox (待发): frozen messages, their transitions, the platform's receipts. ------------------------------------
CREATE TABLE message (
  guid TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL UNIQUE,
  bytes BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  documents INTEGER NOT NULL CHECK (documents BETWEEN 1 AND 100),
  signature_kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued','sending','unknown','sent','refused','withdrawn')),
  depends_on INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT NOT NULL,
  lease_until TEXT,
  last_error TEXT,
  transport_receipt TEXT,
  queued_at TEXT NOT NULL,
  sent_at TEXT
) STRICT;
CREATE INDEX message_due ON message (state, next_attempt_at, seq);
CREATE TRIGGER message_frozen BEFORE UPDATE OF bytes, sha256, guid, kind ON message
  BEGIN SELECT RAISE(ABORT, 'a frozen message is immutable'); END;
CREATE TRIGGER message_kept BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'a message is kept'); END;

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
CREATE INDEX transition_subject ON transition (subject, subject_id, id);

-- Receipts are stored raw before they are applied; the platform's cursor makes a repeated page a no-op.
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
CREATE INDEX receipt_state ON receipt (state, id);
CREATE TABLE receipt_item (
  receipt_id INTEGER NOT NULL REFERENCES receipt (id),
  position INTEGER NOT NULL,
  document_id INTEGER REFERENCES document (id),
  status_code TEXT NOT NULL,
  status_time TEXT NOT NULL,
  info TEXT NOT NULL,
  PRIMARY KEY (receipt_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_item_document ON receipt_item (document_id);

CREATE TABLE endpoint (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  name TEXT NOT NULL,
  device_id TEXT,
  enrolled_at TEXT,
  receipt_cursor TEXT NOT NULL DEFAULT '',
  capabilities TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(capabilities)),
  last_contact_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE device_key (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  sealed_by TEXT NOT NULL CHECK (sealed_by IN ('keyring','book')),
  private_key BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Rates and the ledger (账簿) ----------------------------------------------------------------------------------------
CREATE TABLE rate (
  currency TEXT NOT NULL,
  date TEXT NOT NULL,
  cny_per_unit TEXT NOT NULL,
  source TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  PRIMARY KEY (currency, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  code TEXT PRIMARY KEY,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('asset','liability','equity','revenue','expense')),
  side TEXT NOT NULL CHECK (side IN ('debit','credit'))
) STRICT, WITHOUT ROWID;

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
CREATE INDEX voucher_source ON voucher (source_kind, source_id);
CREATE TRIGGER voucher_no_update BEFORE UPDATE ON voucher BEGIN SELECT RAISE(ABORT, 'a voucher is reversed, not changed'); END;
CREATE TRIGGER voucher_no_delete BEFORE DELETE ON voucher BEGIN SELECT RAISE(ABORT, 'a voucher is reversed, not deleted'); END;

-- amount_minor is signed: debit positive, credit negative; cny_fen likewise.
CREATE TABLE posting (
  voucher_id INTEGER NOT NULL REFERENCES voucher (id),
  position INTEGER NOT NULL,
  account TEXT NOT NULL REFERENCES account (code),
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  cny_fen INTEGER NOT NULL,
  order_id INTEGER REFERENCES sales_order (id),
  PRIMARY KEY (voucher_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_account ON posting (account, voucher_id);
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is reversed, not changed'); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'a posting is reversed, not deleted'); END;

-- Balances kept by the transaction that changes their source, so that a large book opens at once.
CREATE TABLE balance (
  account TEXT NOT NULL REFERENCES account (code),
  currency TEXT NOT NULL,
  debit_minor INTEGER NOT NULL DEFAULT 0,
  credit_minor INTEGER NOT NULL DEFAULT 0,
  debit_fen INTEGER NOT NULL DEFAULT 0,
  credit_fen INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, currency)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER posting_balance AFTER INSERT ON posting BEGIN
  INSERT INTO balance (account, currency, debit_minor, credit_minor, debit_fen, credit_fen)
  VALUES (NEW.account, NEW.currency, max(NEW.amount_minor, 0), max(-NEW.amount_minor, 0), max(NEW.cny_fen, 0), max(-NEW.cny_fen, 0))
  ON CONFLICT (account, currency) DO UPDATE SET
    debit_minor = debit_minor + excluded.debit_minor, credit_minor = credit_minor + excluded.credit_minor,
    debit_fen = debit_fen + excluded.debit_fen, credit_fen = credit_fen + excluded.credit_fen;
END;

-- A sale that could not post yet (no rate for its date): retried when a rate arrives, shown in today's work.
CREATE TABLE pending_posting (
  order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
  document_id INTEGER NOT NULL REFERENCES document (id),
  event_date TEXT NOT NULL,
  currency TEXT NOT NULL
) STRICT;

-- Worklist counts, kept by triggers: area is the table, state its state column.
CREATE TABLE tally (
  area TEXT NOT NULL,
  state TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (area, state)
) STRICT, WITHOUT ROWID;
${tallyTriggers('sales_order', 'order', "'state'")}
${tallyTriggers('product', 'product', "'state'")}
${tallyTriggers('message', 'message', "'state'")}
${tallyTriggers('document', 'document', "'kind'")}
`;

/** Triggers that keep `tally` equal to a count by state (documents: by kind and state, joined by a colon). */
function tallyTriggers(table: string, area: string, by: "'state'" | "'kind'"): string {
  const key = (row: string) => (by === "'kind'" ? `${row}.kind || ':' || ${row}.state` : `${row}.state`);
  const add = (row: string, step: string) =>
    `INSERT INTO tally (area, state, n) VALUES ('${area}', ${key(row)}, ${step}) ON CONFLICT (area, state) DO UPDATE SET n = n + excluded.n;`;
  return `
CREATE TRIGGER tally_${area}_insert AFTER INSERT ON ${table} BEGIN ${add('NEW', '1')} END;
CREATE TRIGGER tally_${area}_delete AFTER DELETE ON ${table} BEGIN ${add('OLD', '-1')} END;
CREATE TRIGGER tally_${area}_update AFTER UPDATE OF state ON ${table} WHEN OLD.state <> NEW.state BEGIN
  ${add('OLD', '-1')} ${add('NEW', '1')} END;`;
}
