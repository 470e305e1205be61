import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { evidence } from '../../../shared/contract/evidence.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { electronicData } from '../evidence/electronic-data.ts';
import { writeElectronicData } from '../evidence/electronic-files.ts';
import { gather } from '../evidence/gather.ts';
import { evidenceView, writeEvidence } from '../evidence/pack.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { fileSha256 } from '../files/hash.ts';
import { draftForm } from '../forex-forms.ts';
import { matchDue } from '../matching.ts';
import { forexFormPage } from '../printing/forex-form-page.ts';
import { caseOf, type DocumentSubject, documentsOfSubject, requireDocument } from '../store/documents.ts';
import { maskedNumber } from '../store/money/accounts.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['documents', 'money'] });

type Drafted = OutputOf<'forexForms.draft'>;

/** Forms of foreign exchange, evidence packs, electronic transaction data. */
export const evidenceHandlers: Handlers<keyof typeof evidence> = {
  'forexForms.draft': ({ recordIds, reportIds }, context) => {
    const { book } = context;
    const now = context.now();
    const subjects: DocumentSubject[] = [
      ...[...new Set(recordIds)].map((id) => ({ kind: 'money-record' as const, id })),
      ...[...new Set(reportIds)].map((id) => ({ kind: 'trade-credit-report' as const, id })),
    ];
    const check = documentCheck(context);
    const documents: Drafted['documents'] = [];
    const refused: Drafted['refused'] = [];
    for (const subject of subjects) {
      try {
        const id = book.transaction(() => {
          const drafted = draftForm(context, subject, now);
          recheck(book, check, caseOf(requireDocument(book, drafted)), now);
          return drafted;
        });
        const { kind, businessKey, state } = requireDocument(book, id);
        documents.push({ id, kind, businessKey, state });
      } catch (error) {
        // One that cannot be drafted is named; the others stand.
        if (!(error instanceof PortbookError)) throw error;
        refused.push({ id: subject.id, code: error.code, params: { ...error.params } });
      }
    }
    if (documents.length > 0) changed(context);
    return { documents, refused };
  },

  'forexForms.list': ({ subject }, { book }) => ({
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

  'forexForms.print': async ({ documentId, out, wholeAccounts }, context) => {
    const { book, resources } = context;
    const path = context.files.pathOf(out, 'write');
    const document = requireDocument(book, documentId);
    const now = context.now();
    const html = forexFormPage({
      ...document,
      tables: resources.tables,
      mask: wholeAccounts ? (value) => value : maskedNumber,
      printedOn: chinaDate(now),
    });
    if (html === undefined) throw new PortbookError('FOREX_FORM_NOT_PRINTED', { kind: document.kind });
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    book.audit('forexForms.print', `${document.kind} ${document.businessKey}`, { wholeAccounts }, now);
    return { bytes: pdf.length };
  },

  'evidence.preview': ({ of }, context) => evidenceView(gather(context, of)),

  'evidence.export': async ({ of, to }, context) => {
    const { book } = context;
    const path = context.files.pathOf(to, 'write');
    // The pack says what the records say now.
    book.transaction(() => matchDue(context, context.now()));
    const gathered = gather(context, of);
    const { number } = gathered.subject;
    const { files, bytes, index } = await writeEvidence(context, gathered, path);
    const sha256 = await fileSha256(path);
    const [papers, gaps] = [gathered.papers.length, gathered.gaps.length];
    book.audit('evidence.exported', number, { files, papers, gaps, sha256 }, context.now());
    return { number, files, papers, bytes, gaps, index, sha256 };
  },

  'electronicData.preview': (scope, context) => electronicData(context, scope),

  'electronicData.export': async ({ scope, to }, context) => {
    const folder = context.files.pathOf(to, 'directory');
    const data = electronicData(context, scope);
    if (data.rows.length === 0) throw new PortbookError('ELECTRONIC_DATA_EMPTY');
    const { rows, out, ...summary } = data;
    const { sha256, files, cover } = await writeElectronicData(context, scope, data, folder);
    context.book.audit(
      'electronicData.exported',
      scope.recordId === undefined ? `${scope.from}..${scope.to}` : `money-record:${scope.recordId}`,
      { transactions: rows.length, leftOut: out.length, sha256 },
      context.now(),
    );
    return { ...summary, sha256, files, cover };
  },
};
