/** Entry of documents (录单): templates, copies, the place of the cursor, the grid of goods. */
export const entry = {} as const;
