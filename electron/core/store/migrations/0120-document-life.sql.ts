/** The life of a document beyond its order: made by hand, changed, deleted, withdrawn, returned, summed up. Conventions: see 0010. */
export const sql = '';
