import { chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import type { FilingFrame } from '../../../shared/drafting/registration.ts';
import type { Context } from '../context.ts';
import { type FiledTable, noteFiled, noteNotFiled } from '../store/filed.ts';
import type { FilingSubject } from './subject.ts';

/** What the subjects filed with the provincial platform itself (PLAT-*) have in common. */
export function platformFiling(table: FiledTable): Pick<FilingSubject, 'refusals' | 'accepted' | 'undone'> {
  return {
    refusals: { underway: 'FILING_UNDERWAY', unchanged: 'FILING_UNCHANGED' },
    accepted(book, id, { appType, on, number }) {
      if (appType === '3') noteNotFiled(book, table, id, true);
      else noteFiled(book, table, id, { acceptNo: number, on });
    },
    undone: (book, id) => noteNotFiled(book, table, id, false),
  };
}

/** The head that these filings share: who files what, under which numbers, when. */
export function frameOf(
  context: Context,
  { number, acceptNo }: { readonly number: string; readonly acceptNo: string | null },
  { operation, guid }: Parameters<FilingSubject['draw']>[2],
): FilingFrame {
  const { uscc, name: firm } = context.book.profile();
  const appTime = chinaMessageTime(context.now());
  return { guid, operation, appTime, number, acceptNo: acceptNo ?? undefined, uscc, firm };
}
