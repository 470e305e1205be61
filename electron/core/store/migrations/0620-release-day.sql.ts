/**
 * When customs released a document: by its first receipt that said so, not by the last one. 结关 follows days later and is what stands then,
 * while months and terms count from the release.
 */
export const sql = `
ALTER TABLE document ADD COLUMN released_at TEXT;
UPDATE document SET released_at = coalesce(
  (SELECT min(i.status_time) FROM receipt_item i WHERE i.document_id = document.id AND i.status_code IN
    ('800','899','SW-B','SW-F','SW-I','SW-K','SW-P','SW-SpK','SW-R')), status_time)
  WHERE state IN ('released','closed');
CREATE INDEX document_released ON document (kind, released_at) WHERE released_at IS NOT NULL;
`;
