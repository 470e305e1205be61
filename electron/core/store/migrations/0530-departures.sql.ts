/** 中转集拼: papers that leave with another shipment than their own, and what the master waybill states. Conventions: see 0010. */
export const sql = `
-- A list or declaration by its number: a later version leaves where the one before did. One place only.
CREATE TABLE shipment_load (
  kind TEXT NOT NULL CHECK (kind IN ('CEB603Message','DecMessage')),
  business_key TEXT NOT NULL,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (kind, business_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX shipment_load_shipment ON shipment_load (shipment_id);
CREATE TABLE shipment_master (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  packages INTEGER CHECK (packages > 0),
  -- Kilograms by 10^5.
  gross_e5 INTEGER CHECK (gross_e5 > 0),
  updated_at TEXT NOT NULL
) STRICT;
`;
