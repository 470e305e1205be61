import type { statistics } from '../../../shared/contract/statistics.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { takeBackFiling } from '../filings/draft.ts';
import {
  askPlatform,
  b2bView,
  filedDiffers,
  gapView,
  linesView,
  monthView,
  reportView,
  sourcesView,
  trendView,
} from '../statistics.ts';
import { markSubjectStale } from '../store/documents.ts';
import { cancelReport, listReports, openReport, requireReport, saveReport } from '../store/statistics.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['documents'] });

/** Monthly statistics (统计月报). */
export const statisticsHandlers: Handlers<keyof typeof statistics> = {
  'statistics.month': (input, context) => monthView(context, input),
  'statistics.trend': ({ period }, context) => trendView(context, period),
  'statistics.lines': (input, context) => linesView(context, input),
  'statistics.sources': ({ period }, context) => sourcesView(context, period),
  'statistics.gap': (input, context) => gapView(context, input),
  'statistics.b2b': ({ period }, context) => b2bView(context, period),

  'statistics.ask': async ({ period }, context) => {
    const kinds = await askPlatform(context, period);
    changed(context);
    return { kinds };
  },

  'statistics.list': (_input, context) => ({
    rows: listReports(context.book).map((one) => reportView(context, one)),
  }),

  'statistics.open': ({ period }, context) => {
    const { book } = context;
    const now = context.now();
    const id = book.transaction(() => {
      const opened = openReport(book, period, now);
      const report = requireReport(book, opened.id);
      if (opened.isNew) book.audit('statistics.open', report.number, { period }, now);
      else if (filedDiffers(context, report)) markSubjectStale(book, { kind: 'statistics-report', id: opened.id });
      return opened.id;
    });
    changed(context);
    return { id };
  },

  'statistics.save': ({ id, note }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const { number, state } = requireReport(book, id);
      if (state === 'cancelled') throw new PortbookError('FILING_VOID', { number });
      saveReport(book, id, note, now);
      book.audit('statistics.save', number, {}, now);
    });
    changed(context);
    return { id };
  },

  'statistics.cancel': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    const filed = book.transaction(() => {
      const { number, state: of } = requireReport(book, id);
      if (of === 'cancelled') throw new PortbookError('FILING_VOID', { number });
      const subject = { kind: 'statistics-report', id } as const;
      const mark = (): void => {
        cancelReport(book, id, now);
        book.audit('statistics.cancel', number, { reason }, now);
      };
      return takeBackFiling(context, subject, mark, now);
    });
    changed(context);
    return { filed };
  },
};
