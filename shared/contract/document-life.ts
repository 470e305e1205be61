/** The life of a document beyond its order: made by hand, changed, deleted, withdrawn, returned, summed up. */
export const documentLife = {} as const;
