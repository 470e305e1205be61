import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { credit } from '../../../shared/contract/credit.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import {
  classesSet,
  creditClasses,
  creditRecordViews,
  creditScore,
  dayOf,
  filledPledge,
  pledgeDetail,
  pledgeTemplates,
  pledgeView,
  requireTemplate,
} from '../credit.ts';
import { creditReport } from '../exporters/credit-report.ts';
import type { ReportDocument } from '../exporters/report-document.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { takeBackFiling } from '../filings/draft.ts';
import { pledgePage } from '../printing/pledge-page.ts';
import { reportPage } from '../printing/report-page.ts';
import { papersOf } from '../store/archive.ts';
import {
  listPledges,
  openPledge,
  type PledgeRecord,
  renewPledgeVersion,
  requireCreditRecord,
  requirePledge,
  revokePledge,
  saveCreditRecord,
  savePledge,
  setCreditRecordRemoved,
  signPledge,
} from '../store/credit.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['documents', 'tax', 'risk'] });

const reportOn = (context: Context, on: string | undefined): ReportDocument =>
  creditReport(creditScore(context, dayOf(context, on)), creditRecordViews(context), context.book.profile().name);

/** Refusal: `PLEDGE_SIGNED` {number}; `FILING_VOID` {number} of a revoked one. */
function requireDraft(pledge: PledgeRecord): PledgeRecord {
  const { number, state } = pledge;
  if (state === 'revoked') throw new PortbookError('FILING_VOID', { number });
  if (state === 'signed') throw new PortbookError('PLEDGE_SIGNED', { number });
  return pledge;
}

/** Ratings, certificates and decisions; own conduct (S04); pledges (信用承诺). */
export const creditHandlers: Handlers<keyof typeof credit> = {
  'credit.score': ({ on }, context) => creditScore(context, dayOf(context, on)),

  'credit.print': async ({ on, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { html, rows } = reportPage(reportOn(context, on));
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },

  'credit.export': async ({ on, to }, context) => {
    const rows = await writeReportWorkbook(context.files.pathOf(to, 'write'), reportOn(context, on), {
      signal: context.signal,
      progress: (done) => context.progress({ phase: 'write', done, total: 0 }),
    });
    return { rows };
  },

  'credit.classes': ({ on }, context) => {
    const { inForceFrom, inForceTo, parameters } = creditClasses(context, dayOf(context, on));
    return { inForceFrom, inForceTo, figures: parameters, set: classesSet(context) };
  },

  'creditRecords.list': (_input, context) => ({ rows: creditRecordViews(context) }),

  'creditRecords.save': ({ id, body }, context) => {
    const { book } = context;
    const { date, validTo, kind } = body;
    if (validTo !== null && validTo < date)
      throw new PortbookError('DATE_ORDER', { from: date, to: validTo }, 'body.validTo');
    const now = context.now();
    const saved = book.transaction(() => {
      const of = saveCreditRecord(book, id, body, chinaDate(now).slice(0, 4), now);
      book.audit('credit-record.saved', requireCreditRecord(book, of).number, { kind, date, validTo }, now);
      return of;
    });
    changed(context);
    return { id: saved };
  },

  'creditRecords.remove': ({ id, removed, reason }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const { number } = requireCreditRecord(book, id);
      setCreditRecordRemoved(book, id, removed ? now : null, now);
      book.audit(removed ? 'credit-record.removed' : 'credit-record.restored', number, { reason }, now);
    });
    changed(context);
    return {};
  },

  'pledges.templates': (_input, context) => {
    const { templates, source, inForceFrom } = pledgeTemplates(context);
    return { rows: [...templates], source, inForceFrom };
  },

  'pledges.list': (_input, context) => ({ rows: listPledges(context.book).map((one) => pledgeView(context, one)) }),

  'pledges.get': ({ id }, context) => pledgeDetail(context, requirePledge(context.book, id)),

  'pledges.open': ({ templateId }, context) => {
    const { book } = context;
    const { version, title } = requireTemplate(context, templateId);
    const now = context.now();
    const id = book.transaction(() => {
      const template = { id: templateId, version, title: title.zh };
      const opened = openPledge(book, template, chinaDate(now).slice(0, 4), now);
      book.audit('pledge.opened', requirePledge(book, opened).number, { templateId, version }, now);
      return opened;
    });
    changed(context);
    return { id };
  },

  'pledges.save': ({ id, body }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const { number, templateId } = requireDraft(requirePledge(book, id));
      renewPledgeVersion(book, id, requireTemplate(context, templateId).version);
      savePledge(book, id, body, now);
      book.audit('pledge.saved', number, {}, now);
    });
    changed(context);
    return { id };
  },

  'pledges.print': async ({ id, to }, context) => {
    const { book } = context;
    const path = context.files.pathOf(to, 'write');
    const pledge = requirePledge(book, id);
    const { text, missing, source, signedOn, version } = pledgeDetail(context, pledge);
    const html = pledgePage({
      ...{ number: pledge.number, title: pledge.title, version, text, source, signedOn },
      isIncomplete: missing.length > 0,
      isRevoked: pledge.state === 'revoked',
    });
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    book.audit('pledge.printed', pledge.number, { missing: missing.length }, context.now());
    return { bytes: pdf.length };
  },

  'pledges.sign': ({ id, signedOn }, context) => {
    const { book } = context;
    const now = context.now();
    if (signedOn > chinaDate(now)) throw new PortbookError('DATE_FUTURE', { date: signedOn }, 'signedOn');
    book.transaction(() => {
      const pledge = requireDraft(requirePledge(book, id));
      const { number } = pledge;
      const template = requireTemplate(context, pledge.templateId);
      const { text, missing } = filledPledge(context, pledge, template);
      if (missing.length > 0) throw new PortbookError('PLEDGE_INCOMPLETE', { number, blanks: missing.length });
      const paper = papersOf(book, 'credit-pledge', number).find(
        (one) => one.paper === 'pledge-signed' && one.removedAt === null,
      );
      if (paper === undefined) throw new PortbookError('PLEDGE_PAPER_MISSING', { number });
      // What was signed is what is on the scan: neither the words nor their edition may have changed since it was filed.
      if (pledge.version !== template.version)
        throw new PortbookError('PLEDGE_EDITION', { number, version: template.version }, 'id');
      if (paper.addedAt < pledge.updatedAt) throw new PortbookError('PLEDGE_PAPER_OLDER', { number }, 'id');
      signPledge(book, id, text, signedOn, now);
      book.audit(
        'pledge.signed',
        number,
        { signedOn, paper: paper.sha256, text: requirePledge(book, id).signed?.sha256 ?? '' },
        now,
      );
    });
    changed(context);
    return { id };
  },

  'pledges.revoke': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    const filed = book.transaction(() => {
      const { number, state } = requirePledge(book, id);
      if (state === 'revoked') throw new PortbookError('FILING_VOID', { number });
      const mark = (): void => {
        revokePledge(book, id, now);
        book.audit('pledge.revoked', number, { reason }, now);
      };
      return takeBackFiling(context, { kind: 'pledge', id }, mark, now);
    });
    changed(context);
    return { filed };
  },
};
