/** What of an export line came back before it was claimed: the claim leaves it out. */
export const sql = `
-- Goods received back, counted until the line is claimed: what comes back later is for the tax office's certificate, not for the claim.
ALTER TABLE export_line ADD COLUMN returned_qty_e5 INTEGER NOT NULL DEFAULT 0;
UPDATE export_line SET returned_qty_e5 = (SELECT coalesce(sum(r.qty_e5), 0) FROM goods_return r WHERE r.export_line_id = export_line.id AND r.state <> 'void')
  WHERE claimed_period IS NULL AND id IN (SELECT export_line_id FROM goods_return);

CREATE TRIGGER goods_return_came AFTER INSERT ON goods_return WHEN NEW.export_line_id IS NOT NULL BEGIN
  UPDATE export_line SET returned_qty_e5 = (SELECT coalesce(sum(r.qty_e5), 0) FROM goods_return r WHERE r.export_line_id = NEW.export_line_id AND r.state <> 'void')
    WHERE id = NEW.export_line_id AND claimed_period IS NULL;
END;
CREATE TRIGGER goods_return_changed AFTER UPDATE OF qty_e5, state ON goods_return WHEN NEW.export_line_id IS NOT NULL BEGIN
  UPDATE export_line SET returned_qty_e5 = (SELECT coalesce(sum(r.qty_e5), 0) FROM goods_return r WHERE r.export_line_id = NEW.export_line_id AND r.state <> 'void')
    WHERE id = NEW.export_line_id AND claimed_period IS NULL;
END;
CREATE TRIGGER export_line_unclaimed AFTER UPDATE OF claimed_period ON export_line
  WHEN OLD.claimed_period IS NOT NULL AND NEW.claimed_period IS NULL BEGIN
  UPDATE export_line SET returned_qty_e5 = (SELECT coalesce(sum(r.qty_e5), 0) FROM goods_return r WHERE r.export_line_id = NEW.id AND r.state <> 'void')
    WHERE id = NEW.id;
END;
`;
