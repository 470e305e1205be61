import type { entry } from '../../../shared/contract/entry.ts';
import type { Handlers } from '../context.ts';

/** Entry of documents (录单): templates, copies, the place of the cursor, the grid of goods. */
export const entryHandlers: Handlers<keyof typeof entry> = {};
