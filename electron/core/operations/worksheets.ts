import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { WorksheetName, WorksheetView } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFormSheet, writeWorksheet } from '../exporters/worksheet-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { worksheetPageHtml } from '../printing/worksheet-page.ts';
import { monthsWithData } from '../store/worksheets/revenue.ts';
import { worksheet, worksheetList } from '../worksheets/index.ts';
import { Rules } from '../worksheets/rules.ts';
import { sheetText } from '../worksheets/texts.ts';

type WorksheetOperation =
  | 'worksheets.list'
  | 'worksheets.get'
  | 'worksheets.export'
  | 'worksheets.print'
  | 'worksheets.fileForTaxBureau';

/** With everything, for paper and files. */
const everything = Number.MAX_SAFE_INTEGER;

function assembled(context: Context, name: WorksheetName, period: string, limit: number): WorksheetView {
  const { book, resources, now } = context;
  return worksheet(name, period, {
    book,
    resources,
    rules: new Rules(resources, book),
    today: chinaDate(now()),
    limit,
  });
}

/** Tax worksheets: computed from the book each time they are asked for; nothing of them is stored. */
export const worksheetHandlers: Handlers<WorksheetOperation> = {
  'worksheets.list': (_input, { book }) => ({ rows: worksheetList(), months: monthsWithData(book) }),

  'worksheets.get': ({ name, period, limit }, context) => assembled(context, name, period, limit),

  'worksheets.export': async ({ name, period, file, locale }, context) => {
    const path = context.files.pathOf(file, 'write');
    const view = assembled(context, name, period, everything);
    const { name: firm } = context.book.profile();
    const rows = await writeWorksheet(path, view, { firm, madeOn: chinaDate(context.now()), locale });
    context.book.audit('worksheet.export', `${name} ${period}`, { rows }, context.now());
    return { rows };
  },

  'worksheets.print': async ({ name, period, file, locale, html }, context) => {
    const path = context.files.pathOf(file, 'write');
    const view = assembled(context, name, period, everything);
    const { name: firm } = context.book.profile();
    const page = worksheetPageHtml(view, { firm, madeOn: chinaDate(context.now()), locale });
    const pdf = html ? undefined : await context.host.printPdf(page);
    if (!html && pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf ?? page);
    context.book.audit('worksheet.print', `${name} ${period}`, {}, context.now());
    return { pages: html ? 'html' : 'pdf' };
  },

  'worksheets.fileForTaxBureau': async ({ name, period, file }, context) => {
    const path = context.files.pathOf(file, 'write');
    const view = assembled(context, name, period, everything);
    if (view.form === undefined)
      throw new PortbookError('WORKSHEET_NO_FORM', { name: sheetText(`title.${name}`).zh }, 'name');
    const { name: firm } = context.book.profile();
    const rows = await writeFormSheet(path, view, { firm, madeOn: chinaDate(context.now()), locale: 'zh-CN' });
    context.book.audit('worksheet.form', `${name} ${period}`, { rows }, context.now());
    return { format: 'form-order', form: view.form, rows };
  },
};
