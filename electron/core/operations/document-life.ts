import type { documentLife } from '../../../shared/contract/document-life.ts';
import type { Handlers } from '../context.ts';

/** The life of a document beyond its order: made by hand, changed, deleted, withdrawn, returned, summed up. */
export const documentLifeHandlers: Handlers<keyof typeof documentLife> = {};
