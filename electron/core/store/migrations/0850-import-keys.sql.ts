/** By which field rows of a file find their records, as the user said the last time, and articles by bar code. Conventions: see 0010. */
export const sql = `
-- First field of the key; NULL: the book's own.
ALTER TABLE import_mapping ADD COLUMN key_field TEXT CHECK (length(key_field) BETWEEN 1 AND 80);
CREATE INDEX product_barcode ON product (barcode) WHERE barcode IS NOT NULL;
`;
