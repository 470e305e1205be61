/** What was agreed to stands with the pack in its words: a hash proves a text, it does not keep it. Conventions: see 0010. */
export const sql = `
-- Paragraphs, as JSON; empty of packs made before: their text is in the consent.json of the pack.
ALTER TABLE financing_pack ADD COLUMN consent_text TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(consent_text));
`;
