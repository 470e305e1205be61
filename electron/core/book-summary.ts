import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { BookSummary } from '../../shared/contract/broker.ts';
import type { Context } from './context.ts';
import { remindersDue } from './operations/deadlines.ts';
import { isReviewRequired, reviewCounts } from './store/broker/review.ts';
import { Registry } from './store/registry.ts';
import { openReturns } from './store/returns.ts';
import { standingByRule } from './store/risk/red-flags.ts';
import { tallies } from './store/today.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** What waits in a book, as counts: a closed book is sealed, and this is all that the list of clients may know of it. */
export function summaryOf(source: Source): BookSummary {
  const { book } = source;
  const now = source.now();
  const count = tallies(book);
  const { waiting, marked, unclaimed } = reviewCounts(book);
  return {
    at: now,
    rejected: count('document', 'rejected') + count('message', 'refused'),
    due: remindersDue(source, chinaDate(now)).length,
    toReview: isReviewRequired(book) ? waiting + marked + unclaimed : 0,
    awaiting: count('document', 'sent'),
    flags: [...standingByRule(book).values()].reduce((sum, n) => sum + n, 0),
    returns: openReturns(book),
  };
}

/** Leaves the counts of a book that is about to close in the registry of this computer. */
export function leaveSummary(source: Source, home: string): void {
  new Registry(home).leave(source.book.id, summaryOf(source));
}
