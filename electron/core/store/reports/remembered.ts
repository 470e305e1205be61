import type { Book } from '../book.ts';

/** Answers kept of one book: a few, for as long as nothing is written to it. */
const MOST_KEPT = 4;
const kept = new WeakMap<Book, { readonly mark: string; readonly answers: Map<string, unknown> }>();

/**
 * What `compute` answers, which is the same until the book changes: so that the second page of a report that had to read every
 * posting does not read them again. `key` names the question whole. Within a transaction nothing is kept: it may be undone.
 */
export function remembered<T>(book: Book, key: string, compute: () => T): T {
  if (book.db.inTransaction) return compute();
  const mark = book.changeMark();
  const known = kept.get(book);
  const answers = known?.mark === mark ? known.answers : new Map<string, unknown>();
  if (known?.answers !== answers) kept.set(book, { mark, answers });
  if (answers.has(key)) return answers.get(key) as T;
  const answer = compute();
  const [oldest] = answers.keys();
  if (oldest !== undefined && answers.size >= MOST_KEPT) answers.delete(oldest);
  answers.set(key, answer);
  return answer;
}
