import type { ledger } from '../../../shared/contract/ledger.ts';
import type { Handlers } from '../context.ts';
import { listPostings, requireVoucher, trialBalance } from '../store/trial-balance.ts';

/** The ledger (账簿) as the desk reads it; written by vouchers alone. */
export const ledgerHandlers: Handlers<keyof typeof ledger> = {
  'ledger.trialBalance': (_input, { book }) => trialBalance(book),
  'ledger.postings': ({ account, currency, after, limit }, { book }) =>
    listPostings(book, { account, currency, after, limit }),
  'ledger.voucher': ({ id }, { book }) => requireVoucher(book, id),
};
