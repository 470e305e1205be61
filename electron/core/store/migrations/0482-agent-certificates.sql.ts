/** 代理出口货物证明: which agent exports need one, and how far each is. Conventions: see 0010. */
export const sql = `
CREATE TABLE agent_certificate (
  id INTEGER PRIMARY KEY,
  -- 报关单号; one certificate line a declaration.
  declaration_no TEXT NOT NULL UNIQUE CHECK (declaration_no <> ''),
  -- 委托代理出口协议.
  contract_no TEXT NOT NULL DEFAULT '',
  requested_on TEXT,
  -- Last day as the tax office said it, where the law at hand says none.
  told_due_on TEXT,
  certificate_no TEXT NOT NULL DEFAULT '',
  obtained_on TEXT,
  handed_on TEXT,
  -- Why none is needed; empty: it is.
  not_needed TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((certificate_no = '') = (obtained_on IS NULL)),
  CHECK (handed_on IS NULL OR obtained_on IS NOT NULL)
) STRICT;
`;
