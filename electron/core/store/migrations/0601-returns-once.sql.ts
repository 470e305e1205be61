/** Goods that come back are counted once, over every register of them; what a return brings into 退货仓 is known as its own. Conventions: see 0010. */

/** More than went out: returns received, and what warehouse reports brought back. */
const tooMuch = (
  others: string,
): string => `NEW.state <> 'void' AND NEW.qty_e5 + coalesce((SELECT sum(qty_e5) FROM goods_return
      WHERE ${others} state <> 'void' AND (export_line_id = NEW.export_line_id OR copy_id = NEW.copy_id)), 0)
      + coalesce((SELECT back_qty_e5 FROM export_line WHERE id = NEW.export_line_id), 0)
    > coalesce((SELECT qty_e5 FROM export_line WHERE id = NEW.export_line_id), (SELECT qty_e5 FROM declaration_copy WHERE id = NEW.copy_id), 0)`;

export const sql = `
-- Moves that a return, with the parts taken from it, brought into 退货仓.
CREATE TABLE goods_return_move (
  move_id INTEGER PRIMARY KEY REFERENCES stock_move (id),
  return_id INTEGER NOT NULL REFERENCES goods_return (id)
) STRICT;
CREATE INDEX goods_return_move_return ON goods_return_move (return_id);

DROP TRIGGER goods_return_insert;
DROP TRIGGER goods_return_grow;
CREATE TRIGGER goods_return_insert BEFORE INSERT ON goods_return WHEN ${tooMuch('')}
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
-- A book that counted the same goods twice before may still void, and take a part on.
CREATE TRIGGER goods_return_grow BEFORE UPDATE OF qty_e5, state ON goods_return
  WHEN (NEW.qty_e5 > OLD.qty_e5 OR OLD.state = 'void') AND ${tooMuch('id <> NEW.id AND')}
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
CREATE TRIGGER export_line_back BEFORE UPDATE OF back_qty_e5 ON export_line
  WHEN NEW.back_qty_e5 > OLD.back_qty_e5 AND NEW.back_qty_e5 + coalesce((SELECT sum(qty_e5) FROM goods_return
      WHERE state <> 'void' AND export_line_id = NEW.id), 0) > NEW.qty_e5
  BEGIN SELECT RAISE(ABORT, 'more comes back than went out'); END;
`;
