/** Entry of documents (录单): templates, copies, the place of the cursor, the grid of goods. Conventions: see 0010. */
export const sql = '';
