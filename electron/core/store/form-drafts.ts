import type { StoredFormDraft } from '../../../shared/contract/form-drafts.ts';
import type { Book } from './book.ts';

/** What was typed into forms and not saved, by form. */
export function listFormDrafts(book: Book): StoredFormDraft[] {
  const rows = book.prepare('SELECT form, base, value FROM form_draft ORDER BY form').all() as {
    form: string;
    base: string;
    value: string;
  }[];
  return rows.map((row) => ({ ...row, value: JSON.parse(row.value) as Record<string, unknown> }));
}

/** Keeps what a form holds, in place of what it held before. */
export function keepFormDraft(book: Book, { form, base, value }: StoredFormDraft, now: string): void {
  book
    .prepare(
      `INSERT INTO form_draft (form, base, value, updated_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (form) DO UPDATE SET base = excluded.base, value = excluded.value, updated_at = excluded.updated_at`,
    )
    .run(form, base, JSON.stringify(value), now);
}

/** The form was saved or emptied; one that kept nothing is no matter. */
export function forgetFormDraft(book: Book, form: string): void {
  book.prepare('DELETE FROM form_draft WHERE form = ?').run(form);
}

/** A form left this long is not gone back to, and one typed on a state that is gone is never shown again: names and amounts need not lie there for ever. */
const DRAFT_DAYS = 60;

/** Forgets drafts that nobody has touched for {@link DRAFT_DAYS} days. @returns how many */
export function forgetOldFormDrafts(book: Book, now: string): number {
  const before = new Date(Date.parse(now) - DRAFT_DAYS * 86_400_000).toISOString();
  // Looked first: a book that can only be read opens as well.
  if (book.prepare('SELECT 1 FROM form_draft WHERE updated_at < ? LIMIT 1').get(before) === undefined) return 0;
  return book.prepare('DELETE FROM form_draft WHERE updated_at < ?').run(before).changes;
}
