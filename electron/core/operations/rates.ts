import type { Handlers } from '../context.ts';
import { retryPendingPostings } from '../store/ledger.ts';
import { listRates, putRate } from '../store/rates.ts';

/** Exchange rates entered by hand; files of them come in by `imports.run`. */
export const rateHandlers: Handlers<'rates.list' | 'rates.set'> = {
  'rates.list': ({ currency, after, limit }, { book }) => listRates(book, { currency, after, limit }),

  'rates.set': (rate, { book, now, emit }) => {
    const at = now();
    const posted = book.transaction(() => {
      const isNew = putRate(book, rate, at);
      if (isNew)
        book.audit(
          'rate.set',
          `${rate.currency} ${rate.date}`,
          { cnyPerUnit: rate.cnyPerUnit, source: rate.source },
          at,
        );
      return retryPendingPostings(book, at);
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return { posted };
  },
};
