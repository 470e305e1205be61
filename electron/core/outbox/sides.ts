import type { Book } from '../store/book.ts';
import { type Endpoint, hasPractised, markPractice, realEnrolment } from '../store/endpoints.ts';

/**
 * Keeps practice and earnest apart, by what a platform says of itself before it is told anything. A book that has practised holds
 * releases, sales and numbers that nobody gave in earnest: it never meets a real platform, as the sample book never does; a book in
 * earnest never meets one for practice; and an endpoint stays on the side where it was met first.
 * @returns the reason for which nothing may be enrolled or sent; undefined when all is well
 */
export function sideProblem(
  book: Book,
  endpoint: Endpoint,
  isPractice: boolean,
): 'ENDPOINT_CHANGED_SIDES' | 'REAL_IN_PRACTICE_BOOK' | 'PRACTICE_PLATFORM_IN_REAL_BOOK' | undefined {
  if (endpoint.practice !== undefined && endpoint.practice !== isPractice) return 'ENDPOINT_CHANGED_SIDES';
  if (!isPractice && (book.isSample || hasPractised(book))) return 'REAL_IN_PRACTICE_BOOK';
  if (isPractice && !book.isSample) {
    const real = realEnrolment(book);
    // Before its first word an endpoint may have been taken for a real one.
    if (real !== undefined && real.id !== endpoint.id) return 'PRACTICE_PLATFORM_IN_REAL_BOOK';
  }
  markPractice(book, endpoint.id, isPractice);
  return undefined;
}
