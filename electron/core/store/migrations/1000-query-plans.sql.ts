/**
 * By what the engine judges the indexes of papers and receipts: how many rows one holds, and how many of them a value of its
 * first column has, of the first two, and so on. Without it ten rows for any value are assumed, also for a kind, of which a
 * book has thousands: each paper that is looked up by its number would be searched among all of its kind. The figures are of a
 * large book and stay as they are, whatever a book holds: `renewStatistics` leaves them alone.
 *
 * A later migration that gives these tables an index, or makes one of them anew, gives its figures too. Conventions: see 0010.
 */
const document = {
  sqlite_autoindex_document_1: '1000000 1',
  // Kind and number: the versions of a paper.
  sqlite_autoindex_document_2: '1000000 100000 2 1',
  document_list: '1000000 100000 20000 1',
  document_page: '1000000 100000 1 1 1 1 1 1 1 1 1 1',
  document_released: '500000 100000 1000',
  document_shipment: '1000000 1000 300',
  // Counted high: papers without an order all have the same one, none.
  document_order: '1000000 400 200 100',
  document_message: '1000000 100',
  document_platform_no: '500000 1',
  document_subject: '100000 20000 2',
  document_list_waybill: '300000 1',
  document_list_bill: '300000 1000',
  // Counted low: searched between two numbers they are still fewer than all papers without an order.
  document_loose_list: '20000 1',
  document_import_list_waybill: '100000 1',
  document_import_buyer: '100000 10',
  document_import_order: '100000 1',
  document_import_payment: '100000 1',
  document_import_waybill: '100000 1',
  document_master_bill: '1000 1',
  document_declaration_bill: '1000 1',
};
/** Of an endpoint there are as many as it ever sent. */
const receipt = {
  sqlite_autoindex_receipt_1: '100000 50000 1',
  receipt_state: '100000 1000 1',
  receipt_message: '100000 2',
};

const rows = Object.entries({ document, receipt }).flatMap(([table, indexes]) =>
  Object.entries(indexes).map(([index, figures]) => `('${table}', '${index}', '${figures}')`),
);

/** What a book has learned of these tables, and of small ones. */
const forgotten = `(SELECT tbl FROM sqlite_stat1 GROUP BY tbl
  HAVING tbl IN ('document', 'receipt') OR max(CAST(stat AS INTEGER)) < 1000)`;

export const sql = `
-- Makes the tables of figures where there are none yet.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat4 WHERE tbl IN ${forgotten};
DELETE FROM sqlite_stat1 WHERE tbl IN ${forgotten};
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ${rows.join(', ')};
-- Lets this connection read them.
ANALYZE sqlite_schema;
`;
