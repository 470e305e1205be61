/** What a joint shipment (联合出海) is in the ledger, costs of one member alone, and its money among the records. Conventions: see 0010. */
export const sql = `
-- How what is due to members is posted: not said yet, elsewhere or by hand, bought from them, sold for them.
ALTER TABLE joint_shipment ADD COLUMN posting TEXT NOT NULL DEFAULT '' CHECK (posting IN ('','none','bought','agent'));
-- A cost or proceeds of one member alone; null: shared.
ALTER TABLE joint_amount ADD COLUMN party_id INTEGER REFERENCES party (id);
-- The receipt (收款) that proceeds are; each in one joint shipment at most.
ALTER TABLE joint_amount ADD COLUMN record_id INTEGER REFERENCES money_record (id);
CREATE UNIQUE INDEX joint_amount_record ON joint_amount (record_id) WHERE record_id IS NOT NULL;
-- The record of money (收付记录) of a payment; null: recorded here alone.
ALTER TABLE joint_payment ADD COLUMN record_id INTEGER REFERENCES money_record (id);
CREATE UNIQUE INDEX joint_payment_record ON joint_payment (record_id) WHERE record_id IS NOT NULL;
`;
