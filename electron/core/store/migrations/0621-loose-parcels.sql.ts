/** Lists that no order of the book stands behind are found by the order that they name, to be checked against its papers. */
export const sql = `
CREATE INDEX document_loose_list ON document (json_extract(body, '$.InventoryHead.orderNo')) WHERE kind = 'CEB603Message' AND order_id IS NULL;
`;
