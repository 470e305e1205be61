import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import type { Book } from '../store/book.ts';
import { type DocumentRecord, type DocumentSubject, documentsOfSubject } from '../store/documents.ts';

/** The filing of a subject that counts, by its last version; undefined: none was drawn, or it was taken back or superseded. */
export function latestFiling(book: Book, subject: DocumentSubject): DocumentRecord | undefined {
  return documentsOfSubject(book, subject)
    .filter(({ state }) => state !== 'superseded' && state !== 'withdrawn')
    .at(-1);
}

/** How far the latest filing of a subject is, as its list shows it; null: there is none. */
export function filingView(book: Book, subject: DocumentSubject) {
  const filing = latestFiling(book, subject);
  if (filing === undefined) return null;
  const { id: documentId, kind, body, state, stale, statusInfo } = filing;
  const appType = headOf(catalogue[kind], body)['appType'] ?? '';
  return { documentId, state, appType, stale, ...(statusInfo === undefined ? {} : { statusInfo }) };
}
