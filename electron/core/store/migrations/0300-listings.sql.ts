/** Listings of products for the provincial product library (产品资源库), and their photos. Conventions: see 0010. */
export const sql = `
CREATE TABLE listing (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  sku TEXT NOT NULL UNIQUE REFERENCES product (sku),
  -- Id of a template of the pack; empty for none.
  template TEXT NOT NULL DEFAULT '',
  -- withdrawn: wanted no more; what was accepted is taken back by a filing of its own.
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','withdrawn')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  accept_no TEXT,
  accepted_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE listing_photo (
  id INTEGER PRIMARY KEY,
  listing_id INTEGER NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  size INTEGER NOT NULL,
  content BLOB NOT NULL,
  added_at TEXT NOT NULL,
  UNIQUE (listing_id, sha256)
) STRICT;

-- As in 0270: a filing that no longer shows what is listed is marked in the transaction that changes it.
CREATE TRIGGER document_listing_changed AFTER UPDATE OF body, state ON listing
  WHEN OLD.body <> NEW.body OR OLD.state <> NEW.state BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = NEW.id AND state NOT IN ('superseded','withdrawn');
  UPDATE document SET state = 'withdrawn' WHERE subject_kind = 'listing' AND subject_id = NEW.id AND state IN ('draft','checked')
    AND NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn';
END;
CREATE TRIGGER document_listing_photo_insert AFTER INSERT ON listing_photo BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = NEW.listing_id AND state NOT IN ('superseded','withdrawn');
END;
CREATE TRIGGER document_listing_photo_delete AFTER DELETE ON listing_photo BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND subject_id = OLD.listing_id AND state NOT IN ('superseded','withdrawn');
END;
-- Name and commodity code are the product's, who files is the profile's.
CREATE TRIGGER document_listing_product_changed AFTER UPDATE OF name_cn, hs_code ON product
  WHEN OLD.name_cn IS NOT NEW.name_cn OR OLD.hs_code IS NOT NEW.hs_code BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND state NOT IN ('superseded','withdrawn')
    AND subject_id = (SELECT id FROM listing WHERE sku = NEW.sku);
END;
CREATE TRIGGER document_listing_profile_changed AFTER UPDATE OF body ON profile
  WHEN (OLD.body ->> '$.name', OLD.body ->> '$.uscc') IS NOT (NEW.body ->> '$.name', NEW.body ->> '$.uscc') BEGIN
  UPDATE document SET stale = 1 WHERE subject_kind = 'listing' AND state NOT IN ('superseded','withdrawn');
END;
`;
