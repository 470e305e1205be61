import type { creditInsurance } from '../../../shared/contract/credit-insurance.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { creditInsuranceReport } from '../exporters/credit-insurance-report.ts';
import type { ReportDocument } from '../exporters/report-document.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { dateOf } from '../obligations.ts';
import { reportPage } from '../printing/report-page.ts';
import { insuredLimits, removeInsuredLimit, saveInsuredLimit } from '../store/credit-insurance.ts';

function reportOn(date: string, { book }: Context): ReportDocument {
  return creditInsuranceReport(insuredLimits(book, dateOf(date, 'date')), book.profile().name, date);
}

export const creditInsuranceHandlers: Handlers<keyof typeof creditInsurance> = {
  'insuredLimits.list': ({ date }, { book }) => insuredLimits(book, dateOf(date, 'date')),

  'insuredLimits.save': (input, { book, now, emit }) => {
    const at = now();
    const id = book.transaction(() => {
      const saved = saveInsuredLimit(book, input, at);
      // A buyer may be a person: the trail names the policy.
      const { policyNo, currency, limit, fromOn, untilOn } = input;
      book.audit('insured-limit.saved', `insured-limit:${saved}`, { policyNo, currency, limit, fromOn, untilOn }, at);
      return saved;
    });
    emit({ name: 'book.changed', areas: ['money'] });
    return { id };
  },

  'insuredLimits.remove': ({ id }, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      removeInsuredLimit(book, id);
      book.audit('insured-limit.removed', `insured-limit:${id}`, {}, at);
    });
    emit({ name: 'book.changed', areas: ['money'] });
    return {};
  },

  'insuredLimits.print': async ({ date, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { html, rows } = reportPage(reportOn(date, context));
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },

  'insuredLimits.export': async ({ date, to }, context) => {
    const rows = await writeReportWorkbook(context.files.pathOf(to, 'write'), reportOn(date, context), {
      signal: context.signal,
      progress: (done) => context.progress({ phase: 'write', done, total: 0 }),
    });
    return { rows };
  },
};
