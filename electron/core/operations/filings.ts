import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { filings } from '../../../shared/contract/filings.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { draftFiling } from '../filings/draft.ts';
import { filingPage } from '../printing/filing-page.ts';
import { caseOf, documentsOfSubject, requireDocument } from '../store/documents.ts';
import { maskedNumber } from '../store/money/accounts.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['documents', 'money'] });

type Drafted = OutputOf<'filings.draft'>;

/** Filings of what has no order. */
export const filingHandlers: Handlers<keyof typeof filings> = {
  'filings.draft': ({ subjects }, context) => {
    const { book } = context;
    const now = context.now();
    const each = new Map(subjects.map((subject) => [`${subject.kind} ${subject.id}`, subject]));
    const check = documentCheck(context);
    const documents: Drafted['documents'] = [];
    const refused: Drafted['refused'] = [];
    for (const subject of each.values()) {
      try {
        const id = book.transaction(() => {
          const drafted = draftFiling(context, subject, now);
          recheck(book, check, caseOf(requireDocument(book, drafted)), now);
          return drafted;
        });
        const { kind, businessKey, state } = requireDocument(book, id);
        documents.push({ id, kind, businessKey, state });
      } catch (error) {
        // One that cannot be drafted is named; the others stand.
        if (!(error instanceof PortbookError)) throw error;
        refused.push({ subject, code: error.code, params: { ...error.params } });
      }
    }
    if (documents.length > 0) changed(context);
    return { documents, refused };
  },

  'filings.list': ({ subject }, { book }) => ({
    rows: documentsOfSubject(book, subject).map((one) => ({
      id: one.id,
      kind: one.kind,
      businessKey: one.businessKey,
      version: one.version,
      appType: headOf(catalogue[one.kind], one.body)['appType'] ?? '',
      state: one.state,
      stale: one.stale,
      amount: storedText(one.amountE5),
      currency: one.currency,
      ...(one.statusInfo === undefined ? {} : { statusInfo: one.statusInfo }),
      ...(one.platformNo === undefined ? {} : { platformNo: one.platformNo }),
    })),
  }),

  'filings.print': async ({ documentId, out, wholeAccounts }, context) => {
    const { book, resources } = context;
    const path = context.files.pathOf(out, 'write');
    const document = requireDocument(book, documentId);
    const now = context.now();
    const html = filingPage({
      ...document,
      tables: resources.tables,
      mask: wholeAccounts ? (value) => value : maskedNumber,
      printedOn: chinaDate(now),
    });
    if (html === undefined) throw new PortbookError('FILING_NOT_PRINTED', { kind: document.kind });
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    book.audit('filings.print', `${document.kind} ${document.businessKey}`, { wholeAccounts }, now);
    return { bytes: pdf.length };
  },
};
