/** What a list of retail import waits for. Conventions: see 0010. */
export const sql = `
-- A payment is known by its transaction; its list names the order.
CREATE INDEX document_import_payment ON document (json_extract(body, '$.PaymentHead.orderNo')) WHERE kind = 'CEB411Message';
`;
