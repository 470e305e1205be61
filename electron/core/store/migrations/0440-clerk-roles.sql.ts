/** What a clerk may do, and a PIN by which he proves himself. Conventions: see 0010. */
export const sql = `
-- The operations of a role are in shared/rights.ts.
ALTER TABLE clerk ADD COLUMN role TEXT NOT NULL DEFAULT 'owner' CHECK (role IN ('owner','maker','checker','finance','cooperative','reader'));
-- scrypt of the PIN with its salt and cost, JSON; NULL: none, whoever says he is that clerk is believed.
ALTER TABLE clerk ADD COLUMN pin TEXT CHECK (pin IS NULL OR json_valid(pin));
`;
