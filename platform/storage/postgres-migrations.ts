import { series } from './storage.ts';

/**
 * Numbered, forward only, each in a transaction of its own, under an advisory lock: processes that start together wait for the first.
 *
 * Every key begins with the enterprise, so that the tables shard by it; what grows for ever is partitioned by month. Keys that must be
 * unique for ever (GUIDs, codes, device ids) stand in small tables without partitions. The large tables are only ever inserted into: what
 * becomes of a document stands in `outcome`, and what is left to do in `task`, which is empty when nothing is.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE enterprise (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uscc text NOT NULL UNIQUE,
  customs_code text NOT NULL UNIQUE,
  name text NOT NULL
);
-- The row whose lock is the right to work on an enterprise's documents.
CREATE TABLE desk (
  enterprise_id bigint PRIMARY KEY,
  served_at_ms bigint NOT NULL DEFAULT 0,
  return_ms bigint NOT NULL DEFAULT 0,
  notice_s bigint NOT NULL DEFAULT 0,
  last_receipt bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE TABLE device (
  id text PRIMARY KEY,
  enterprise_id bigint NOT NULL REFERENCES enterprise (id),
  public_key text NOT NULL,
  enrolled_at timestamptz NOT NULL
);
-- Not cached: connections would hand out their numbers out of order, and order is what these are for.
CREATE SEQUENCE message_seq;
CREATE SEQUENCE document_seq;
CREATE SEQUENCE receipt_seq;
-- A GUID is used once, for ever and by one enterprise.
CREATE TABLE message_key (
  guid text COLLATE "C" PRIMARY KEY,
  enterprise_id bigint NOT NULL,
  month date NOT NULL,
  seq bigint NOT NULL,
  sha256 text COLLATE "C" NOT NULL,
  received_at text COLLATE "C" NOT NULL,
  receipt_id uuid NOT NULL,
  resends integer NOT NULL DEFAULT 0
);
CREATE TABLE message (
  enterprise_id bigint NOT NULL,
  seq bigint NOT NULL,
  month date NOT NULL,
  guid text COLLATE "C" NOT NULL,
  device_id text NOT NULL,
  kind text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (enterprise_id, seq, month)
) PARTITION BY RANGE (month);
CREATE TABLE document (
  enterprise_id bigint NOT NULL,
  id bigint NOT NULL,
  month date NOT NULL,
  message_seq bigint NOT NULL,
  guid text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  business_key text COLLATE "C" NOT NULL,
  order_no text COLLATE "C" NOT NULL,
  logistics_no text COLLATE "C" NOT NULL,
  app_type text COLLATE "C" NOT NULL,
  body text NOT NULL,
  body_sha256 text COLLATE "C" NOT NULL,
  PRIMARY KEY (enterprise_id, id, month)
) PARTITION BY RANGE (month);
CREATE INDEX document_key ON document (enterprise_id, kind, business_key);
CREATE INDEX document_order ON document (enterprise_id, kind, order_no) WHERE order_no <> '';
CREATE INDEX document_logistics ON document (enterprise_id, kind, logistics_no) WHERE logistics_no <> '';
CREATE TABLE outcome (
  enterprise_id bigint NOT NULL,
  document_id bigint NOT NULL,
  month date NOT NULL,
  kind text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('pending','accepted','rejected','released','replaced')),
  duplicate boolean NOT NULL,
  pre_no text COLLATE "C",
  invt_no text COLLATE "C",
  PRIMARY KEY (enterprise_id, document_id, month)
) PARTITION BY RANGE (month);
CREATE INDEX outcome_number ON outcome (enterprise_id, kind, invt_no) WHERE invt_no IS NOT NULL;
CREATE TABLE task (
  enterprise_id bigint NOT NULL,
  message_seq bigint NOT NULL,
  document_id bigint NOT NULL,
  month date NOT NULL,
  next_step text COLLATE "C" NOT NULL,
  due_at_ms bigint NOT NULL,
  waits_since_ms bigint,
  PRIMARY KEY (enterprise_id, message_seq, document_id)
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX task_due ON task (due_at_ms);
CREATE TABLE receipt (
  enterprise_id bigint NOT NULL,
  id bigint NOT NULL,
  month date NOT NULL,
  message_guid text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  xml text NOT NULL,
  PRIMARY KEY (enterprise_id, id, month)
) PARTITION BY RANGE (month);
CREATE TABLE rate (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  currency text NOT NULL,
  date text NOT NULL,
  cny_per_unit text NOT NULL,
  source text NOT NULL,
  UNIQUE (kind, currency, date)
);
CREATE TABLE product (
  enterprise_id bigint NOT NULL,
  item_no text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (enterprise_id, item_no, version)
);
CREATE TABLE setting (name text PRIMARY KEY, value text NOT NULL);
${Object.entries(series)
  // Gaps do no harm, numbers given twice would: a sequence goes round only after all of its numbers were used.
  .map(([name, last]) => `CREATE SEQUENCE "number ${name}" MAXVALUE ${last} CYCLE;`)
  .join('\n')}
`,
  `
CREATE TABLE data_request (
  id bigint GENERATED ALWAYS AS IDENTITY,
  enterprise_id bigint NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  order_no text NOT NULL,
  service_time bigint NOT NULL,
  answer text,
  PRIMARY KEY (enterprise_id, session_id)
);
CREATE INDEX data_request_order ON data_request (enterprise_id, id);
`,
  // It went round after one branch's numbers of a day.
  `ALTER SEQUENCE "number declarationNo" MAXVALUE ${series.declarationNo}`,
  `
ALTER TABLE device ADD COLUMN revoked_at timestamptz;
-- Devices that wait for somebody to vouch for them: no enterprise has a row because of one.
CREATE TABLE enrolment (
  device_id text COLLATE "C" PRIMARY KEY,
  uscc text NOT NULL,
  customs_code text NOT NULL,
  name text NOT NULL,
  public_key text NOT NULL,
  asked_at text NOT NULL
);
`,
  `
CREATE TABLE milestone (
  id bigint GENERATED ALWAYS AS IDENTITY,
  enterprise_id bigint NOT NULL,
  told_id text COLLATE "C" NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (enterprise_id, told_id)
);
CREATE INDEX milestone_order ON milestone (enterprise_id, id);
`,
];

/** Tables with a partition for every month. */
export const partitioned = ['message', 'document', 'outcome', 'receipt'] as const;
