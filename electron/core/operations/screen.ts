import { IDLE_USUAL, type screen } from '../../../shared/contract/screen.ts';
import type { Handlers } from '../context.ts';
import type { Book } from '../store/book.ts';

const idleKey = 'screen.idleMinutes';

/** The sample guards nothing and its passphrase is known to nobody who has not looked it up: it never locks by itself. */
const idleOf = (book: Book): number => Number(book.setting(idleKey) ?? (book.isSample ? 0 : IDLE_USUAL));

/** The lock of the screen: a state of the session, kept by the core so that a window that reloads is as locked as before. */
export const screenHandlers: Handlers<keyof typeof screen> = {
  'screen.get': (_input, { session }) => {
    if (!session.isOpen)
      return { isLocked: false, name: '', colour: '', isSample: false, idleMinutes: 0, waitSeconds: 0 };
    const { book } = session;
    const { name, colour } = book.profile();
    return {
      isLocked: session.isLocked,
      ...{ name, colour, isSample: book.isSample },
      idleMinutes: idleOf(book),
      waitSeconds: session.attempts.waitSeconds(book.id),
    };
  },

  'screen.lock': (_input, { session }) => {
    session.lock();
    return {};
  },

  'screen.unlock': async ({ passphrase }, { session }) => {
    await session.unlock(passphrase);
    return {};
  },

  'screen.setIdle': ({ minutes }, { book, now }) => {
    book.transaction(() => {
      book.setSetting(idleKey, String(minutes));
      book.audit('screen.idleSet', 'screen', { minutes }, now());
    });
    return {};
  },
};
