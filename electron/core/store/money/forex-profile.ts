import { type ForexProfile, forexProfile } from '../../../../shared/contract/supervision.ts';
import { classOn, type ForexClass } from '../../../../shared/rules/forex/class-pack.ts';
import type { Book } from '../book.ts';

const key = 'forex.profile';

/** The firm in the eyes of SAFE and its bank, as last saved; what nobody has said is at its default. */
export function storedForexProfile(book: Book): {
  readonly profile: ForexProfile;
  readonly changedAt: string | undefined;
} {
  const stored = book.setting(key);
  return {
    profile: forexProfile.parse(stored === undefined ? {} : JSON.parse(stored)),
    changedAt: book.setting(`${key}.at`),
  };
}

export function saveForexProfile(book: Book, profile: ForexProfile, now: string): void {
  book.setSetting(key, JSON.stringify(profile));
  book.setSetting(`${key}.at`, now);
}

/** The class (分类) that holds on a day; A where nobody has said. */
export function forexClassOn(book: Book, date: string): { readonly class: ForexClass; readonly since?: string } {
  return classOn(storedForexProfile(book).profile.classes, date);
}
