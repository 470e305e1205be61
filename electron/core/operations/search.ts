import type { search } from '../../../shared/contract/ledger.ts';
import type { Handlers } from '../context.ts';
import { searchBook } from '../store/search.ts';

/** The one search box (Ctrl+K). */
export const searchHandlers: Handlers<keyof typeof search> = {
  'search.all': ({ text, limit }, { book }) => ({
    hits: text.trim() === '' ? [] : searchBook(book, text.trim(), Math.max(1, Math.min(limit, 100))),
  }),
};
