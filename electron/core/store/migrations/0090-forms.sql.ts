/** Forms of foreign exchange (外汇申报单证) as documents. Conventions: see 0010. */
export const sql = `
-- What a document without an order declares: a record of money (收付款记录) or a trade-credit report (贸易信贷报告).
ALTER TABLE document ADD COLUMN subject_kind TEXT CHECK (subject_kind IN ('money-record','trade-credit-report'));
ALTER TABLE document ADD COLUMN subject_id INTEGER
  CHECK ((subject_id IS NULL) = (subject_kind IS NULL) AND (subject_id IS NULL OR order_id IS NULL));
CREATE INDEX document_subject ON document (subject_kind, subject_id) WHERE subject_kind IS NOT NULL;

-- Forms that no longer show what they declare as it is are marked in the transaction that changes it, accepted ones too: another form
-- changes or deletes those. What a receipt brings back (number and day of declaring) is no such change.
CREATE TRIGGER document_record_changed AFTER UPDATE OF date, account_id, currency, amount_minor, fee_minor, usd_minor, counterparty,
    counterparty_country, nature, detail, state ON money_record
  WHEN (OLD.date, OLD.account_id, OLD.currency, OLD.amount_minor, OLD.fee_minor, OLD.usd_minor, OLD.counterparty, OLD.counterparty_country,
      OLD.nature, OLD.state, json_remove(OLD.detail, '$.declarationNo', '$.declaredOn'))
    IS NOT (NEW.date, NEW.account_id, NEW.currency, NEW.amount_minor, NEW.fee_minor, NEW.usd_minor, NEW.counterparty, NEW.counterparty_country,
      NEW.nature, NEW.state, json_remove(NEW.detail, '$.declarationNo', '$.declaredOn')) BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'money-record' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  -- The draft of a record that was taken back is not wanted any more.
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'money-record' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'void' AND OLD.state <> 'void';
END;
-- Declarations and lists that a receipt pays for are on its form; they may still change once it was accepted.
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
`;
