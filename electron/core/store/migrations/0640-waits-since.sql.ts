/** Since when a message waits. Conventions: see 0010. */
export const sql = `
-- The instant at which next_attempt_at was written. One that lies ahead says that the clock has been put back since, and the wait means nothing.
ALTER TABLE message ADD COLUMN waits_since TEXT NOT NULL DEFAULT '';
`;
