import { basename } from 'node:path';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { IsoDate } from '../../../shared/calendar/index.ts';
import type { financing } from '../../../shared/contract/financing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import {
  financingConsent,
  financingSectionsOf,
  previewRows,
  sectionView,
  verifyFinancingPack,
  writeFinancingPack,
} from '../financing.ts';
import { dateOf } from '../obligations.ts';
import { insertGiven, insertPack, listPacks, nextPackNumber, requirePack } from '../store/financing.ts';
import { fileBytes } from './archive.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['money'] });

/** Refusals: `DATE_ORDER` {from, to}, `DATE_FUTURE` {date}: of days to come the book knows nothing. */
function periodOf(
  { now }: Pick<Context, 'now'>,
  { from, to }: { readonly from: string; readonly to: string },
): { from: IsoDate; to: IsoDate } {
  if (to < from) throw new PortbookError('DATE_ORDER', { from, to }, 'to');
  if (to > chinaDate(now())) throw new PortbookError('DATE_FUTURE', { date: to }, 'to');
  return { from: dateOf(from, 'from'), to: dateOf(to, 'to') };
}

/** A pack is held in memory while it is checked. */
const largestMb = 500;

/** Financing data packs (融资数据包). */
export const financingHandlers: Handlers<keyof typeof financing> = {
  'financing.preview': ({ sections, ...range }, context) => ({
    sections: financingSectionsOf(context, periodOf(context, range), sections, previewRows).map(sectionView),
  }),

  'financing.consent': (_input, context) => {
    const { version, text, leftOut, source } = financingConsent(context);
    return { version, text: [...text], leftOut: [...leftOut], source };
  },

  'financing.make': async ({ bank, purpose, sections: wanted, consent, out, ...range }, context) => {
    const { book } = context;
    const path = context.files.pathOf(out, 'write');
    const period = periodOf(context, range);
    const { from, to } = period;
    const { version, textSha256, text } = financingConsent(context);
    if (consent.version !== version) throw new PortbookError('FINANCING_CONSENT_OTHER', { version }, 'consent.version');
    const sections = financingSectionsOf(context, period, wanted);
    if (sections.every(({ rows }) => rows.length === 0)) throw new PortbookError('FINANCING_NOTHING', { from, to });
    const at = context.now();
    // The number stands on the pack, so it is taken before: a pack that is not finished leaves a gap.
    const number = book.transaction(() => nextPackNumber(book, chinaDate(at).slice(0, 4)));
    const head = { number, bank, purpose, period, consentName: consent.name };
    const { files, bytes, listSha256, index } = await writeFinancingPack(context, head, sections, path);
    const id = book.transaction(() => {
      const made = insertPack(book, {
        ...{ number, bank, purpose, ...period, sections: sections.map((one) => one.id) },
        consent: { name: consent.name, at, version, textSha256, text: [...text] },
        ...{ fileName: basename(path), files, bytes, listSha256, madeAt: at },
      });
      book.audit(
        'financing.made',
        number,
        { bank, purpose, ...period, sections: wanted, files, listSha256, version },
        at,
      );
      return made;
    });
    changed(context);
    return { id, number, files, bytes, listSha256, index };
  },

  'financing.list': (_input, { book }) => ({ rows: listPacks(book) }),

  'financing.give': ({ id, ...given }, context) => {
    const { book } = context;
    const now = context.now();
    if (given.on > chinaDate(now)) throw new PortbookError('DATE_FUTURE', { date: given.on }, 'on');
    const noted = book.transaction(() => {
      const { number, listSha256 } = requirePack(book, id);
      const made = insertGiven(book, id, { ...given, notedAt: now });
      // To whom and how stands in the register: names of persons never go into the trail.
      book.audit('financing.given', number, { given: made, on: given.on, listSha256 }, now);
      return made;
    });
    changed(context);
    return { id: noted };
  },

  'financing.verify': async ({ file }, context) => {
    const path = context.files.pathOf(file, 'read');
    const found = await verifyFinancingPack(context, path, fileBytes(path, largestMb));
    context.book.audit(
      'financing.verified',
      found.pack?.number ?? basename(path),
      { isWhole: found.isWhole, listSha256: found.listSha256 },
      context.now(),
    );
    return found;
  },
};
