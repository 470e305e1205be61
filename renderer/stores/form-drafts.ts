/**
 * What stands in forms and is not saved: here while the window runs, and in the sealed book a moment after it was typed, so that
 * neither a left page nor a killed window loses it. Nothing of it lies beside the book.
 */
import { call } from '../core-client.ts';
import { type Autosaver, createAutosaver } from './autosaver.ts';

export interface KeptForm {
  readonly base: string;
  readonly value: object;
}

/** By book and form: a switch of books keeps both books' own. */
const kept = new Map<string, KeptForm>();
const savers = new Map<string, Autosaver<KeptForm | undefined>>();
const keyOf = (bookId: string, form: string): string => `${bookId} ${form}`;

/** Reads what the book keeps. What this window holds is newer and stays. */
export async function loadFormDrafts(bookId: string): Promise<void> {
  try {
    const { rows } = await call('formDrafts.list', {});
    for (const { form, base, value } of rows) {
      const key = keyOf(bookId, form);
      // A form that was typed in or saved in this window has a saver: the book's word on it is older.
      if (!savers.has(key)) kept.set(key, { base, value });
    }
  } catch {
    // Without what was typed before, the book still opens; the drafts stay in it and come with the next opening.
  }
}

/** What was typed into the form on the same state of the stored thing. */
export function formDraftOf(bookId: string, form: string, base: string): object | undefined {
  const found = kept.get(keyOf(bookId, form));
  return found?.base === base ? found.value : undefined;
}

/** Keeps what stands in the form, or forgets it. */
export function keepFormDraft(bookId: string, form: string, draft: KeptForm | undefined): void {
  const key = keyOf(bookId, form);
  if (draft === undefined && !kept.has(key)) return;
  if (draft === undefined) kept.delete(key);
  else kept.set(key, draft);
  let saver = savers.get(key);
  if (saver === undefined) {
    saver = createAutosaver<KeptForm | undefined>({
      save: async (value) => {
        // Only JSON crosses to the core; a field that is undefined is one that is not there.
        const fields =
          value === undefined ? null : (JSON.parse(JSON.stringify(value.value)) as Record<string, unknown>);
        await call('formDrafts.keep', { bookId, form, base: value?.base ?? '', value: fields });
      },
      // A write that failed stays with its saver and is tried again with the next change and when the window closes.
      onState: () => undefined,
    });
    savers.set(key, saver);
  }
  saver.change(draft);
  // Saved or emptied: a draft that came back after that would be entered a second time.
  if (draft === undefined) void saver.flush();
}
