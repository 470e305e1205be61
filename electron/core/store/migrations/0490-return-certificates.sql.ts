/** 《出口货物已补税/未退税证明》 of exports that come back: asked for, got, used at customs. Conventions: see 0010. */
export const sql = `
CREATE TABLE return_certificate (
  id INTEGER PRIMARY KEY,
  -- BS-2026-001.
  number TEXT NOT NULL UNIQUE,
  export_line_id INTEGER NOT NULL REFERENCES export_line (id),
  -- The return it is asked for; none while the goods are not back.
  return_id INTEGER REFERENCES goods_return (id),
  qty_e5 INTEGER NOT NULL CHECK (qty_e5 > 0),
  reason TEXT NOT NULL CHECK (reason IN ('returned','unsold','other')),
  returned_on TEXT,
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft','handedIn','obtained','used','void')),
  -- Said of the line when the request is handed in.
  kind TEXT CHECK (kind IN ('repaid','notRefunded')),
  repay_way TEXT NOT NULL DEFAULT 'payment' CHECK (repay_way IN ('payment','offset')),
  repaid_on TEXT,
  repaid_fen INTEGER CHECK (repaid_fen > 0),
  repay_paper TEXT NOT NULL DEFAULT '',
  handed_on TEXT,
  obtained_on TEXT,
  certificate_no TEXT NOT NULL DEFAULT '',
  used_on TEXT,
  -- The declaration under which the goods come in again.
  import_declaration_no TEXT NOT NULL DEFAULT '',
  void_reason TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((state IN ('handedIn','obtained','used')) <= (kind IS NOT NULL AND handed_on IS NOT NULL)),
  CHECK ((state IN ('obtained','used')) <= (obtained_on IS NOT NULL AND certificate_no <> '')),
  CHECK ((state = 'used') <= (used_on IS NOT NULL)),
  CHECK ((state = 'void') = (void_reason <> '')),
  -- A refund is paid back before the paper says 已补税.
  CHECK (kind IS NOT 'repaid' OR (repaid_on IS NOT NULL AND repaid_fen IS NOT NULL AND repay_paper <> ''))
) STRICT;
CREATE INDEX return_certificate_line ON return_certificate (export_line_id);
CREATE INDEX return_certificate_state ON return_certificate (state, id);

-- Never for more than went out.
CREATE TRIGGER return_certificate_insert BEFORE INSERT ON return_certificate
  WHEN NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM return_certificate
      WHERE state <> 'void' AND export_line_id = NEW.export_line_id), 0)
    > (SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id)
  BEGIN SELECT RAISE(ABORT, 'certified for more than went out'); END;
CREATE TRIGGER return_certificate_grow BEFORE UPDATE OF qty_e5, state, export_line_id ON return_certificate
  WHEN NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM return_certificate
      WHERE id <> NEW.id AND state <> 'void' AND export_line_id = NEW.export_line_id), 0)
    > (SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id)
  BEGIN SELECT RAISE(ABORT, 'certified for more than went out'); END;
CREATE TRIGGER return_certificate_kept BEFORE DELETE ON return_certificate
  BEGIN SELECT RAISE(ABORT, 'a certificate is void, not deleted'); END;
`;
