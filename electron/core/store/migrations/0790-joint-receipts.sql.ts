/** What a receipt (收款) said when it was taken in as proceeds of a joint shipment, so that a change of it is seen. Conventions: see 0010. */
export const sql = `
ALTER TABLE joint_amount ADD COLUMN record_minor INTEGER;
ALTER TABLE joint_amount ADD COLUMN record_currency TEXT;
ALTER TABLE joint_amount ADD COLUMN record_date TEXT;
-- What it said before is not known any more: what it says now counts.
UPDATE joint_amount SET (record_minor, record_currency, record_date) =
  (SELECT r.amount_minor + r.fee_minor, r.currency, r.date FROM money_record r WHERE r.id = record_id);
`;
