/** How much of a lot was destroyed (销毁): it is not there to be packed. Conventions: see 0010. */
export const sql = `
-- Grams; null where nobody said how much, and for every other event.
ALTER TABLE lot_event ADD COLUMN mass_g INTEGER CHECK (mass_g > 0);
CREATE TRIGGER lot_event_destroyed AFTER INSERT ON lot_event WHEN NEW.mass_g IS NOT NULL
BEGIN UPDATE lot SET free_g = free_g - NEW.mass_g WHERE id = NEW.lot_id; END;
`;
