/**
 * Documents whose change customs took and then sent back: books from before a refusal gave them back hold both as over. They stand again.
 * Conventions: see 0010.
 */
const last = (column: string): string => `(SELECT t.${column} FROM transition t
    WHERE t.subject = 'document' AND t.subject_id = CAST(d.id AS TEXT) AND t.from_state <> t.to_state ORDER BY t.id DESC LIMIT 1)`;
const changes = `document_about a JOIN document c ON c.id = a.document_id WHERE a.about_id = d.id AND a.purpose = 'amend'`;

/**
 * Sure is: it was accepted and gave way, customs' last word on it is still that it was taken, and of no change of it is that so. What
 * customs has released meanwhile is left to a person, whose books it concerns too.
 */
const standsAgain = `d.state = 'superseded' AND d.status_code IN ('120','300','399','500')
  AND ${last('event')} = 'supersede' AND ${last('from_state')} = 'accepted'
  AND EXISTS (SELECT 1 FROM ${changes} AND (c.status_code = '100' OR c.status_code GLOB '-[0-9]*'))
  AND NOT EXISTS (SELECT 1 FROM ${changes} AND c.status_code IN ('120','300','399','500','800','899'))`;

export const sql = `
-- The moves of a book are written when it is opened, after this.
INSERT OR IGNORE INTO legal_move (machine, from_state, to_state) VALUES ('document', 'superseded', 'accepted');
INSERT INTO transition (subject, subject_id, from_state, to_state, event, at, detail)
  SELECT 'document', CAST(d.id AS TEXT), 'superseded', 'accepted', 'adopt-accepted', d.updated_at,
    json_object('status', d.status_code, 'time', coalesce(d.status_time, '')) FROM document d WHERE ${standsAgain};
UPDATE document SET state = 'accepted' WHERE state = 'superseded' AND id IN (
  SELECT CAST(t.subject_id AS INTEGER) FROM transition t WHERE t.subject = 'document' AND t.from_state = 'superseded'
    AND t.to_state = 'accepted' AND t.id = (SELECT max(l.id) FROM transition l WHERE l.subject = 'document'
      AND l.subject_id = t.subject_id AND l.from_state <> l.to_state));
`;
