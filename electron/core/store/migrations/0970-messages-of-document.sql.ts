/** The messages that a document stands in, the other way round. Conventions: see 0010. */
export const sql = `
-- A document of a book brought back from a copy may lie at the platform in another message than the one that waits here.
CREATE INDEX message_document_document ON message_document (document_id);
`;
