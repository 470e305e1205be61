/** Register of courier and mail parcels and personal articles (快件、邮件、个人物品): a record for statistics, declared nowhere. Conventions: see 0010. */
export const sql = `
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
CREATE INDEX parcel_day ON parcel (moved_on, id);
CREATE INDEX parcel_shipment ON parcel (shipment_id) WHERE shipment_id IS NOT NULL;

-- What a parcel is not to be counted beside: lists of import by their waybill, declarations by their bill; lists of export have theirs in 0150.
CREATE INDEX document_import_list_waybill ON document (json_extract(body, '$.InventoryHead.logisticsNo')) WHERE kind = 'CEB621Message';
CREATE INDEX document_declaration_bill ON document (json_extract(body, '$.DecHead.BillNo')) WHERE kind = 'DecMessage';
`;
