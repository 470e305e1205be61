import type { ReportRequest, reports } from '../../../shared/contract/reports.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type StatementsPack, statementsPack } from '../../../shared/reports/pack.ts';
import type { Context, Handlers } from '../context.ts';
import { beancountJournal } from '../exporters/beancount.ts';
import { hledgerJournal } from '../exporters/hledger.ts';
import { type ReportDocument, reportDocument } from '../exporters/report-document.ts';
import { writeTextJournal } from '../exporters/report-journal.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { reportPage } from '../printing/report-page.ts';
import type { Resources } from '../resources.ts';
import { accountLedgerOf } from '../store/reports/account-ledger.ts';
import { ageingOf } from '../store/reports/ageing.ts';
import { readChart } from '../store/reports/balances.ts';
import { marginReport } from '../store/reports/margin.ts';
import { quantityLedgerOf } from '../store/reports/quantities.ts';
import { balanceSheetOf, incomeStatementOf, statementRules } from '../store/reports/statements.ts';
import { generalLedgerOf, trialBalanceOf } from '../store/reports/trial-balance.ts';

/** The pack of the statements' lines, checked once a run of the program. */
const packs = new WeakMap<object, StatementsPack>();
function packOf(resources: Resources): StatementsPack {
  const file = resources.json('rules', 'statements.json') as object;
  const pack = packs.get(file) ?? statementsPack.parse(file);
  packs.set(file, pack);
  return pack;
}

function countryName({ resources }: Context): (code: string) => string {
  const table = resources.table('country');
  return (code) => table.lookup(code)?.zh ?? code;
}

function documentOf(context: Context, request: ReportRequest): ReportDocument {
  const { book, resources } = context;
  const sources = {
    book,
    pack: packOf(resources),
    firm: book.profile().name,
    countryName: countryName(context),
  };
  return reportDocument(sources, request);
}

/** The ledger's reports (账表), on the desk, as workbook, on paper and as plain text. They change nothing. */
export const reportHandlers: Handlers<keyof typeof reports> = {
  'reports.trialBalance': (input, { book }) => trialBalanceOf(book, input),
  'reports.generalLedger': (input, { book }) => generalLedgerOf(book, input),
  'reports.accountLedger': (input, { book }) => accountLedgerOf(book, input),
  'reports.quantityLedger': (input, { book }) => quantityLedgerOf(book, input),
  'reports.balanceSheet': (input, { book, resources }) => balanceSheetOf(book, packOf(resources), input),
  'reports.incomeStatement': (input, { book, resources }) => incomeStatementOf(book, packOf(resources), input),
  'reports.ageing': (input, { book, resources }) =>
    ageingOf(book, statementRules(packOf(resources), input.date.slice(0, 7)).rules, input),
  'reports.margin': (input, context) =>
    marginReport(context.book, statementRules(packOf(context.resources), input.to).rules, input, countryName(context)),

  'reports.export': async ({ request, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const rows = await writeReportWorkbook(path, documentOf(context, request), {
      signal: context.signal,
      progress: (done) => context.progress({ phase: 'write', done, total: 0 }),
    });
    return { rows };
  },

  'reports.print': async ({ request, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { html, rows } = reportPage(documentOf(context, request));
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },

  'ledger.exportText': ({ format, mode, to }, context) => {
    const { book, files, signal } = context;
    return writeTextJournal(
      files.pathOf(to, 'write'),
      book,
      readChart(book),
      mode === 'original',
      format === 'hledger' ? hledgerJournal : beancountJournal,
      { signal, progress: (done, total) => context.progress({ phase: 'write', done, total }) },
    );
  },
};
