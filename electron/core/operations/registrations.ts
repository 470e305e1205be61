import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { registrations } from '../../../shared/contract/registrations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { takeBackFiling } from '../filings/draft.ts';
import { checklistOf, mattersOf, policiesOf, registrationView } from '../registrations.ts';
import {
  cancelRegistration,
  listRegistrations,
  openRegistration,
  requireRegistration,
  saveRegistration,
} from '../store/registrations.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['documents', 'tax'] });

/** Registrations of the firm (经营主体备案) and the matters of government services. */
export const registrationHandlers: Handlers<keyof typeof registrations> = {
  'registrations.list': (_input, context) => ({
    rows: listRegistrations(context.book).map((one) => registrationView(context, one)),
  }),

  'registrations.get': ({ id }, context) => {
    const one = requireRegistration(context.book, id);
    return {
      ...registrationView(context, one),
      body: one.body,
      checklist: checklistOf(context, one.subjectType, one.number).map(({ files, ...asked }) => ({
        ...asked,
        files: files.map(({ id: paperId, fileName }) => ({ id: paperId, fileName })),
      })),
    };
  },

  'registrations.open': ({ subjectType }, context) => {
    const { book } = context;
    const now = context.now();
    const id = book.transaction(() => {
      const opened = openRegistration(book, subjectType, chinaDate(now).slice(0, 4), now);
      book.audit('registrations.open', requireRegistration(book, opened).number, { subjectType }, now);
      return opened;
    });
    changed(context);
    return { id };
  },

  'registrations.save': ({ id, body }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const { number, state } = requireRegistration(book, id);
      if (state === 'cancelled') throw new PortbookError('FILING_VOID', { number });
      saveRegistration(book, id, body, now);
      book.audit('registrations.save', number, { modes: body.modes, papers: body.papers.length }, now);
    });
    changed(context);
    return { id };
  },

  'registrations.cancel': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    const filed = book.transaction(() => {
      const { number, state: of } = requireRegistration(book, id);
      if (of === 'cancelled') throw new PortbookError('FILING_VOID', { number });
      const subject = { kind: 'registration', id } as const;
      const mark = (): void => {
        cancelRegistration(book, id, now);
        book.audit('registrations.cancel', number, { reason }, now);
      };
      return takeBackFiling(context, subject, mark, now);
    });
    changed(context);
    return { id, filed };
  },

  'matters.list': (_input, context) => ({ rows: [...mattersOf(context)] }),

  'policies.list': (_input, context) => ({ today: chinaDate(context.now()), rows: [...policiesOf(context)] }),
};
