/** The life of a document beyond its order: made by hand, changed, deleted, withdrawn, returned, summed up. Conventions: see 0010. */
export const sql = `
-- What a document is about: the list it withdraws, brings back or corrects, the lists it gathers. The other one is never changed by it
-- before customs has agreed.
CREATE TABLE document_about (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  about_id INTEGER NOT NULL REFERENCES document (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('amend','withdraw','return','tally','waybills','arrival','departure','summary')),
  PRIMARY KEY (document_id, about_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_about_of ON document_about (about_id, purpose);

-- Results that customs sends about filed documents and that are no receipt of one: summary results (792), tax bills (816, 818) and format
-- checks (900). The text itself is in receipt; here is what the book reads off it, one row a business node.
CREATE TABLE document_result (
  id INTEGER PRIMARY KEY,
  receipt_id INTEGER NOT NULL REFERENCES receipt (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- The application, list or message document it is about; NULL while the book knows none.
  document_id INTEGER REFERENCES document (id),
  -- sumNo, taxNo or oriCopMsgId: by which later results about the same thing are known.
  number TEXT NOT NULL,
  at TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  UNIQUE (receipt_id, position)
) STRICT;
CREATE INDEX document_result_of ON document_result (document_id);
CREATE INDEX document_result_number ON document_result (kind, number);

-- Which list became which declaration (汇总结果单): matched back by 清单编号.
CREATE TABLE summary_match (
  result_id INTEGER NOT NULL REFERENCES document_result (id),
  position INTEGER NOT NULL,
  invt_no TEXT NOT NULL,
  list_id INTEGER REFERENCES document (id),
  entry_id TEXT NOT NULL DEFAULT '',
  item_no INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  PRIMARY KEY (result_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX summary_match_list ON summary_match (list_id);

-- The user's own word on a code of a receipt (回执代码备注), shown whenever the code comes again.
CREATE TABLE receipt_note (
  code TEXT PRIMARY KEY,
  note TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
