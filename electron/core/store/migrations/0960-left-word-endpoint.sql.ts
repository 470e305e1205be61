/** For which endpoint a draft may have left before a book was brought back from a copy. Conventions: see 0010. */
export const sql = `
-- As the copy had it; once that endpoint has listed what it was sent, nobody has to be asked. NULL: of before it was noted.
ALTER TABLE left_word ADD COLUMN endpoint TEXT;
`;
