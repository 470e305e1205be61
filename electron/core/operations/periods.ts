import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { previousWorkingDay } from '../../../shared/calendar/index.ts';
import type { accounting } from '../../../shared/contract/accounting.ts';
import type { Context, Handlers } from '../context.ts';
import { type CloseDay, closePeriod, lastDay, listPeriods, previewClose, reopenPeriod } from '../store/periods.ts';

function closeDay({ resources, now }: Context, period: string): CloseDay {
  const { date: rateDay } = previousWorkingDay(lastDay(period), resources.calendar());
  return { today: chinaDate(now()), rateDay };
}

/** Accounting periods (会计期间): month end and its undoing. */
export const periodHandlers: Handlers<Extract<keyof typeof accounting, `periods.${string}`>> = {
  'periods.list': (_input, { book, now }) => listPeriods(book, chinaDate(now())),
  'periods.preview': ({ period }, context) => previewClose(context.book, period, closeDay(context, period)),

  'periods.close': ({ period }, context) => {
    const { book, now, emit, progress } = context;
    const at = now();
    progress({ phase: 'ledger.closing', done: 0, total: 1 });
    const voucherIds = book.transaction(() => {
      const ids = closePeriod(book, period, closeDay(context, period), at);
      book.audit('period.closed', `period:${period}`, { voucherIds: ids }, at);
      return ids;
    });
    progress({ phase: 'ledger.closing', done: 1, total: 1 });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return { voucherIds };
  },

  'periods.reopen': ({ period, reason }, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      reopenPeriod(book, period, reason, at);
      book.audit('period.reopened', `period:${period}`, { reason }, at);
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return {};
  },
};
