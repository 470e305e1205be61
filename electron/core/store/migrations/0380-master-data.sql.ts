/** What a product said before (商品变更记录) and the customs code of a party. Conventions: see 0010. */
const fields: Readonly<Record<string, string>> = {
  lineKind: 'line_kind',
  nameCn: 'name_cn',
  hsCode: 'hs_code',
  gmodel: 'gmodel',
  unit: 'unit',
  unit1: 'unit1',
  qty1PerUnit: 'qty1_per_unit_e5',
  unit2: 'unit2',
  qty2PerUnit: 'qty2_per_unit_e5',
  netWeight: 'net_weight_e5',
  grossWeight: 'gross_weight_e5',
  origin: 'origin',
  barcode: 'barcode',
  needsLicence: 'needs_licence',
};
const columns = Object.entries(fields);

export const sql = `
-- A value that took the place of another, by whatever way it came. A first value changes nothing and is not kept.
CREATE TABLE product_change (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL REFERENCES product (sku),
  -- As the contract names it; quantities and weights are by 10^5.
  field TEXT NOT NULL,
  before ANY NOT NULL,
  after ANY,
  changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX product_change_sku ON product_change (sku, id);
CREATE TRIGGER product_changed AFTER UPDATE OF ${columns.map(([, column]) => column).join(', ')} ON product BEGIN
  INSERT INTO product_change (sku, field, before, after, changed_at)
  SELECT NEW.sku, field, before, after, NEW.updated_at FROM (
    ${columns.map(([field, column]) => `SELECT '${field}' AS field, OLD.${column} AS before, NEW.${column} AS after`).join(' UNION ALL ')}
  ) WHERE before IS NOT NULL AND before IS NOT after;
END;

-- 海关注册编码: ten characters, of who is named on a declaration.
ALTER TABLE party ADD COLUMN customs_code TEXT;
`;
