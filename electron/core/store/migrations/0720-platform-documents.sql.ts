/** What the platform says of each document of a month that it was asked about. Conventions: see 0010. */
export const sql = `
CREATE TABLE platform_document (
  period TEXT NOT NULL,
  kind TEXT NOT NULL,
  business_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending','accepted','released','rejected','replaced')),
  amount_e5 INTEGER NOT NULL,
  PRIMARY KEY (period, kind, business_key)
) STRICT, WITHOUT ROWID;
`;
