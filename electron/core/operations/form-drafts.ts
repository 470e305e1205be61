import type { formDrafts } from '../../../shared/contract/form-drafts.ts';
import type { Handlers } from '../context.ts';
import { forgetFormDraft, keepFormDraft, listFormDrafts } from '../store/form-drafts.ts';

/** Forms as they were left. Not in the audit log: nothing of the book's records changes, and a form saves with every pause. */
export const formDraftHandlers: Handlers<keyof typeof formDrafts> = {
  'formDrafts.list': (_input, { book }) => ({ rows: listFormDrafts(book) }),
  'formDrafts.keep': ({ bookId, form, base, value }, { book, now }) => {
    // A write that was on its way while the books were changed belongs to neither.
    if (book.id !== bookId) return { isKept: false };
    if (value === null) forgetFormDraft(book, form);
    else keepFormDraft(book, { form, base, value }, now());
    return { isKept: true };
  },
};
