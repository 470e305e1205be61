/**
 * What the list of documents filters by and adds up, in the order in which it shows them, so that no document's body is read but
 * those of the page.
 */
export const sql = `
CREATE INDEX document_page ON document
  (kind, id, state, business_key, platform_no, order_id, shipment_id, currency, amount_e5, reject_findings, doubt_findings);
`;
