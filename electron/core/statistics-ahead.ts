import type { Session } from './session.ts';
import { storeRefusal } from './store/database.ts';
import { keepNextPart } from './store/statistics-kept.ts';

/** A book that nothing was written to and nothing asked of for so long is left alone by whoever works in it. */
const QUIET_MS = 2000;
/** Between two parts: whatever is asked of the core meanwhile comes first, and other programs have the machine as well. */
const PAUSE_MS = 20;

/**
 * Counts the figures of months (see `store/statistics-kept.ts`) before anyone asks for them, a part at a time, while nothing else is asked
 * of the core: after a book has opened, after an import. It stops where the screen is locked and where the book closes.
 * Returns the function that ends it.
 */
export function keepStatisticsAhead(session: Session, failed: (error: unknown) => void): () => void {
  /** State of the book at the last look, and that in which nothing was left to count. */
  let [seen, done] = ['', ''];
  let isAtWork = false;
  let pause: NodeJS.Timeout | undefined;

  const isFree = (): boolean => session.isOpen && !session.isLocked && !session.isBusy;
  const markOf = (): string => `${session.book.id} ${session.book.changeMark()}`;

  const next = (): void => {
    isAtWork = false;
    if (!isFree()) return;
    try {
      isAtWork = keepNextPart(session.book);
      seen = markOf();
      if (!isAtWork) done = seen;
    } catch (error) {
      // Another process writes, or the disk is full: it is tried again when the book has changed, and figures are counted when asked for.
      done = markOf();
      if (storeRefusal(error) === undefined) failed(error);
    }
    if (isAtWork) pause = setTimeout(next, PAUSE_MS).unref();
  };
  const look = (): void => {
    if (isAtWork || !isFree()) return;
    const mark = markOf();
    const isQuiet = mark === seen;
    seen = mark;
    if (isQuiet && mark !== done) next();
  };

  const timer = setInterval(look, QUIET_MS).unref();
  return () => {
    clearInterval(timer);
    clearTimeout(pause);
  };
}
