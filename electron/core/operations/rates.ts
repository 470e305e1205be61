import type { rates } from '../../../shared/contract/rates.ts';
import type { Handlers } from '../context.ts';
import { fillExportRates } from '../store/export-lines.ts';
import { retryPendingPostings } from '../store/ledger.ts';
import { valueRecords } from '../store/money/records.ts';
import { listRates, putRate, rateBases, rateBasis, ratesInForce, setRateBasis } from '../store/rates.ts';

/** Exchange rates entered by hand; files of them come in by `imports.run`. */
export const rateHandlers: Handlers<keyof typeof rates> = {
  'rates.list': ({ kind, currency, after, limit }, { book }) => listRates(book, { kind, currency, after, limit }),

  'rates.inForce': ({ date }, { book }) => ({ rows: ratesInForce(book, date) }),

  'rates.set': (rate, { book, now, emit }) => {
    const at = now();
    const posted = book.transaction(() => {
      const isNew = putRate(book, rate, at);
      if (isNew)
        book.audit(
          'rate.set',
          `${rate.kind} ${rate.currency} ${rate.date}`,
          { cnyPerUnit: rate.cnyPerUnit, source: rate.source },
          at,
        );
      fillExportRates(book);
      valueRecords(book);
      return retryPendingPostings(book, at);
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return { posted };
  },

  'rates.basis': ({ date }, { book }) => ({ basis: rateBasis(book, date), choices: rateBases(book) }),

  'rates.setBasis': (choice, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      setRateBasis(book, choice, at);
      book.audit('rate.basis', choice.from, { basis: choice.basis, reason: choice.reason }, at);
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return {};
  },
};
