/** Supervision modes (监管方式) and checks: what a person has said of a shipment, and how documents find each other. Conventions: see 0010. */
export const sql = `
CREATE TABLE mode_answer (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  -- JSON by the names of the contract; a fact nobody has said is left out.
  answers TEXT NOT NULL CHECK (json_valid(answers)),
  changed_at TEXT NOT NULL
) STRICT;

-- A check of one document asks for others by these; every draft asks.
CREATE INDEX document_list_waybill ON document (json_extract(body, '$.InventoryHead.logisticsNo')) WHERE kind = 'CEB603Message';
CREATE INDEX document_list_bill ON document (json_extract(body, '$.InventoryHead.billNo')) WHERE kind = 'CEB603Message';
CREATE INDEX document_master_bill ON document (json_extract(body, '$.WayBillHead.billNo')) WHERE kind = 'CEB607Message';
CREATE INDEX document_import_order ON document (json_extract(body, '$.OrderHead.orderNo')) WHERE kind = 'CEB311Message';
CREATE INDEX document_import_waybill ON document (json_extract(body, '$.LogisticsHead.logisticsNo')) WHERE kind = 'CEB511Message';
CREATE INDEX document_import_buyer ON document (json_extract(body, '$.InventoryHead.buyerIdNumber')) WHERE kind = 'CEB621Message';
`;
