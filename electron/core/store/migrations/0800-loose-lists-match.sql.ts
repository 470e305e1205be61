/** Lists of no order are matched with the orders that they name: what they come to name, or no longer do, is due. Conventions: see 0010. */
const head = (row: string, field: string): string => `json_extract(${row}.body, '$.InventoryHead.${field}')`;

/**
 * Marks the orders of lists due: by the number, by that of a part, by the waybill. What is due already is left out by the statement, not by
 * OR IGNORE: an upsert that fires the trigger would overrule that.
 * @param row of the list; `from` what it is read from, where it is not the row of the trigger
 */
const due = (row: string, from = '', where = ''): string =>
  [
    `sales_order o ON o.order_no IN (${head(row, 'orderNo')}, rtrim(rtrim(${head(row, 'orderNo')}, '0123456789'), '-'))`,
    `waybill w ON w.logistics_no = ${head(row, 'logisticsNo')} JOIN sales_order o ON o.id = w.order_id`,
  ]
    .map(
      (join) => `
  INSERT INTO match_due SELECT DISTINCT o.order_no FROM ${from === '' ? '(SELECT 1)' : from} JOIN ${join}
    WHERE ${where === '' ? '' : `${where} AND `}NOT EXISTS (SELECT 1 FROM match_due m WHERE m.order_no = o.order_no);`,
    )
    .join('');

const isLoose = (row: string): string => `${row}.kind = 'CEB603Message' AND ${row}.order_id IS NULL`;
const ofFact = due('d', 'document d', `d.id = NEW.document_id AND ${isLoose('d')}`);

export const sql = `
CREATE TRIGGER document_loose_match_insert AFTER INSERT ON document WHEN ${isLoose('NEW')} BEGIN ${due('NEW')}
END;
CREATE TRIGGER document_loose_match_update AFTER UPDATE OF body, state ON document
  WHEN ${isLoose('NEW')}
    AND (OLD.body <> NEW.body OR (OLD.state IN ('superseded','withdrawn')) <> (NEW.state IN ('superseded','withdrawn')))
BEGIN ${due('OLD')} ${due('NEW')}
END;
-- A copy names no order until its number was looked at.
CREATE TRIGGER entry_fact_match_insert AFTER INSERT ON entry_fact BEGIN ${ofFact}
END;
CREATE TRIGGER entry_fact_match_update AFTER UPDATE OF unconfirmed ON entry_fact BEGIN ${ofFact}
END;

-- Books from before: orders that lists of no order name.
${due('d', 'document d', isLoose('d'))}
`;
