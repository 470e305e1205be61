/** What is filed without an order, whatever it is; registrations of the firm (经营主体备案). Conventions: see 0010. */
export const sql = `
-- The kinds of what a document files grow with the program, which knows them by name; here they are any short name. The two columns are
-- made anew for that, and with them whatever speaks of them.
CREATE TABLE subject_270 AS SELECT id, subject_kind, subject_id FROM document WHERE subject_kind IS NOT NULL;
DROP TRIGGER document_record_changed;
DROP TRIGGER document_allocation_insert;
DROP TRIGGER document_allocation_delete;
DROP TRIGGER document_report_changed;
DROP INDEX document_subject;
ALTER TABLE document DROP COLUMN subject_id;
ALTER TABLE document DROP COLUMN subject_kind;
ALTER TABLE document ADD COLUMN subject_kind TEXT CHECK (length(subject_kind) BETWEEN 1 AND 40);
ALTER TABLE document ADD COLUMN subject_id INTEGER
  CHECK ((subject_id IS NULL) = (subject_kind IS NULL) AND (subject_id IS NULL OR order_id IS NULL));
UPDATE document SET subject_kind = s.subject_kind, subject_id = s.subject_id FROM subject_270 s WHERE s.id = document.id;
DROP TABLE subject_270;
CREATE INDEX document_subject ON document (subject_kind, subject_id) WHERE subject_kind IS NOT NULL;

-- As in 0090: forms that no longer show what they declare are marked in the transaction that changes it.
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

-- What the firm is registered as with the provincial platform, one row a kind of operator.
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
CREATE UNIQUE INDEX registration_open ON registration (subject_type) WHERE state = 'open';
CREATE TRIGGER document_registration_changed AFTER UPDATE OF body, state ON registration
  WHEN OLD.body <> NEW.body OR OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'registration' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'registration' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled';
END;
-- Who the firm is stands on every registration; what changes there must be filed anew.
CREATE TRIGGER document_profile_changed AFTER UPDATE OF body ON profile
  WHEN (OLD.body ->> '$.name', OLD.body ->> '$.uscc', OLD.body ->> '$.customsCode', OLD.body ->> '$.zone')
    IS NOT (NEW.body ->> '$.name', NEW.body ->> '$.uscc', NEW.body ->> '$.customsCode', NEW.body ->> '$.zone') BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'registration' AND state NOT IN ('superseded','withdrawn');
END;
`;
