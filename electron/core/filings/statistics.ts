import { draftStatistics } from '../../../shared/drafting/statistics.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { statisticsDimensions } from '../../../shared/statistics/figures.ts';
import { cellsOf, requireReport } from '../store/statistics.ts';
import { frameOf, platformFiling } from './platform.ts';
import type { FilingSubject } from './subject.ts';

/**
 * 统计月报. Refusals: `FILING_VOID` {number} of one that was given up before it was filed, `STATISTICS_UNRATED` {period, lines} where lines
 * have no amount in yuan, because it would be too little; `STATISTICS_UNKNOWN` {id}.
 */
export const statisticsReport: FilingSubject = {
  request: 'PLAT301Message',
  ...platformFiling('statistics_report'),
  isTakenBack: (book, id) => requireReport(book, id).state === 'cancelled',
  draw(context, id, as) {
    const { book } = context;
    const of = requireReport(book, id);
    const { number, period, state, note } = of;
    if (state === 'cancelled' && as.operation !== '3') throw new PortbookError('FILING_VOID', { number });
    const { zone } = book.profile();
    const [total] = cellsOf(book, period, []);
    const lines = total?.unrated ?? 0;
    if (lines > 0 && as.operation !== '3') throw new PortbookError('STATISTICS_UNRATED', { period, lines });
    const cells = cellsOf(book, period, statisticsDimensions);
    const filed = { period, zone, note, total, cells };
    return { body: draftStatistics(filed, frameOf(context, of, as)), currency: 'CNY' };
  },
};
