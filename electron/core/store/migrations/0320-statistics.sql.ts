/** Monthly statistics (统计月报) as they are filed; the first order of each buyer. Conventions: see 0010. */

const period = (row: 'NEW' | 'OLD') => `substr(${row}.export_date, 1, 7)`;
/** What was drawn or filed for a month says no longer what the book does. */
const stale = (month: string) => `UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report'
    AND subject_id IN (SELECT id FROM statistics_report WHERE period = ${month}) AND state NOT IN ('superseded','withdrawn');`;
const isReported = (month: string) => `EXISTS (SELECT 1 FROM statistics_report WHERE period = ${month})`;
const first = (row: string, buyer: string) => `UPDATE buyer SET first_order_id = ${row}.id, first_on = ${row}.order_date
    WHERE name = ${buyer} AND (first_on IS NULL OR ${row}.order_date < first_on);`;

export const sql = `
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
CREATE UNIQUE INDEX statistics_report_open ON statistics_report (period) WHERE state = 'open';
CREATE INDEX statistics_report_period ON statistics_report (period);
CREATE TRIGGER document_statistics_changed AFTER UPDATE OF note, state ON statistics_report
  WHEN OLD.note <> NEW.note OR OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'statistics-report' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'statistics-report' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled';
END;
CREATE TRIGGER statistics_line_new AFTER INSERT ON export_line WHEN ${isReported(period('NEW'))} BEGIN ${stale(period('NEW'))} END;
CREATE TRIGGER statistics_line_gone AFTER DELETE ON export_line WHEN ${isReported(period('OLD'))} BEGIN ${stale(period('OLD'))} END;
CREATE TRIGGER statistics_line_changed AFTER UPDATE OF mode, export_date, order_id, hs_code, currency, fob_minor, fob_fen, country ON export_line
  WHEN ${isReported(period('NEW'))} OR ${isReported(period('OLD'))} BEGIN ${stale(period('NEW'))} ${stale(period('OLD'))} END;
CREATE TRIGGER statistics_cancelled AFTER INSERT ON cancellation_line
  WHEN EXISTS (SELECT 1 FROM statistics_report) BEGIN
  ${stale('(SELECT substr(cancelled_at, 1, 7) FROM cancellation WHERE id = NEW.cancellation_id)')}
END;
-- What the months come to, read without their lines.
CREATE INDEX export_line_month ON export_line (export_date, fob_fen);
CREATE INDEX cancellation_day ON cancellation (cancelled_at);

-- The first order of each buyer: the buyer is new in the month in which it leaves. Named by the customer's number, else by name.
ALTER TABLE buyer ADD COLUMN first_order_id INTEGER REFERENCES sales_order (id);
ALTER TABLE buyer ADD COLUMN first_on TEXT;
UPDATE buyer SET (first_on, first_order_id) = (f.first_on, f.id) FROM (
  SELECT coalesce(nullif(customer, ''), buyer_name) AS name, min(order_date) AS first_on, id FROM sales_order GROUP BY 1
) f WHERE f.name = buyer.name;
CREATE INDEX buyer_first_order ON buyer (first_order_id) WHERE first_order_id IS NOT NULL;
DROP TRIGGER buyer_of_order;
CREATE TRIGGER buyer_of_order AFTER INSERT ON sales_order WHEN NEW.customer <> '' BEGIN
  INSERT INTO buyer (name) SELECT NEW.customer WHERE NOT EXISTS (SELECT 1 FROM buyer WHERE name = NEW.customer);
  ${first('NEW', 'NEW.customer')}
END;
DROP TRIGGER buyer_named;
CREATE TRIGGER buyer_named AFTER UPDATE OF buyer_name ON sales_order WHEN NEW.buyer_name <> '' BEGIN
  INSERT INTO buyer (name) SELECT NEW.buyer_name WHERE NOT EXISTS (SELECT 1 FROM buyer WHERE name = NEW.buyer_name);
  UPDATE buyer SET first_order_id = NEW.id, first_on = NEW.order_date
    WHERE name = NEW.buyer_name AND coalesce(NEW.customer, '') = '' AND (first_on IS NULL OR NEW.order_date < first_on);
END;
`;
