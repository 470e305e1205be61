/** The price of a line as it is usually written: digits, and at most one point with one to five digits behind it. Longer ones are summed by the program. */
const price = `json_extract(document.body, line.fullkey || '.totalPrice')`;
const isPlain = `json_type(document.body, line.fullkey || '.totalPrice') = 'text' AND ${price} NOT GLOB '*[^0-9.]*' AND ${price} GLOB '[0-9]*' AND ${price} GLOB '*[0-9]'
  AND ${price} NOT GLOB '*.*.*' AND instr(${price} || '.', '.') <= 8 AND length(${price}) - instr(${price} || '.', '.') <= 5`;
const e5 = `CAST(substr(${price}, 1, instr(${price} || '.', '.') - 1) AS INTEGER) * 100000
  + CAST(substr(substr(${price}, instr(${price} || '.', '.') + 1) || '00000', 1, 5) AS INTEGER)`;
const lines = `json_each(document.body, '$.InventoryList') line WHERE json_type(document.body, '$.InventoryList') = 'array' AND coalesce(${price}, '') <> ''`;

const totalOf = (where: string): string => `
  INSERT OR REPLACE INTO import_list_total (document_id, year, total_e5)
  SELECT id, coalesce(substr(json_extract(body, '$.InventoryHead.appTime'), 1, 4), ''), CASE
    WHEN EXISTS (SELECT 1 FROM ${lines} AND NOT (${isPlain})) THEN NULL
    ELSE (SELECT coalesce(sum(${e5}), 0) FROM ${lines}) END
  FROM document WHERE kind = 'CEB621Message' AND ${where};`;

/** What each retail import list is worth, for the limit of a buyer's year. Conventions: see 0010. */
export const sql = `
CREATE TABLE import_list_total (
  document_id INTEGER PRIMARY KEY REFERENCES document (id),
  -- yyyy of its filing; blank: it has none.
  year TEXT NOT NULL,
  -- Yuan by 10^5; null: a price is written otherwise, and the program sums it.
  total_e5 INTEGER
) STRICT;
${totalOf('1')}
CREATE TRIGGER import_list_total_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB621Message' BEGIN ${totalOf('id = NEW.id')} END;
CREATE TRIGGER import_list_total_update AFTER UPDATE OF body ON document WHEN NEW.kind = 'CEB621Message' BEGIN ${totalOf('id = NEW.id')} END;
`;
