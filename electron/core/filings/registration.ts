import { draftRegistration } from '../../../shared/drafting/registration.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { checklistOf } from '../registrations.ts';
import { requireRegistration } from '../store/registrations.ts';
import { frameOf, platformFiling } from './platform.ts';
import type { FilingSubject } from './subject.ts';

/** 经营主体备案. Refusals: `FILING_VOID` {number} of one that was cancelled before it was filed, `REGISTRATION_UNKNOWN` {id}. */
export const registration: FilingSubject = {
  request: 'PLAT101Message',
  ...platformFiling('registration'),
  isTakenBack: (book, id) => requireRegistration(book, id).state === 'cancelled',
  draw(context, id, as) {
    const { book } = context;
    const of = requireRegistration(book, id);
    const { number, subjectType, state, body } = of;
    if (state === 'cancelled' && as.operation !== '3') throw new PortbookError('FILING_VOID', { number });
    const { customsCode, zone } = book.profile();
    const papers = checklistOf(context, subjectType, number).map(({ code, title, files }) => ({
      code,
      title: title.zh,
      files,
    }));
    const filed = { subjectType, body, customsCode, zone, papers };
    return { body: draftRegistration(filed, frameOf(context, of, as)), currency: 'CNY' };
  },
};
