/** Photos of a listing taken out of it are kept until it is withdrawn, to be put back. Conventions: see 0010. */
export const sql = `
-- When it was taken out; NULL: the listing shows it.
ALTER TABLE listing_photo ADD COLUMN removed_at TEXT;

DROP TRIGGER document_listing_photo_delete;
CREATE TRIGGER document_listing_photo_delete AFTER DELETE ON listing_photo WHEN OLD.removed_at IS NULL BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = OLD.listing_id AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER document_listing_photo_removed AFTER UPDATE OF removed_at ON listing_photo WHEN OLD.removed_at IS NOT NEW.removed_at BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = NEW.listing_id AND state NOT IN ('superseded','withdrawn');
END;
`;
