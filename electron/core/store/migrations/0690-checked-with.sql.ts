/** What a queued message was last checked with. Conventions: see 0010. */
export const sql = `
-- Versions of the code tables and rules; empty: not known, so that it is checked once more before it leaves.
ALTER TABLE message ADD COLUMN checked_with TEXT NOT NULL DEFAULT '';
-- Since when it waits because that check failed; NULL: it does not.
ALTER TABLE message ADD COLUMN unfit_at TEXT;
CREATE INDEX message_unfit ON message (unfit_at) WHERE unfit_at IS NOT NULL;
`;
