import type { ledger } from '../../../shared/contract/ledger.ts';
import type { Handlers } from '../context.ts';
import { trialBalance } from '../store/trial-balance.ts';

/** The ledger (账簿) as the desk reads it; written by vouchers alone. */
export const ledgerHandlers: Handlers<keyof typeof ledger> = {
  'ledger.trialBalance': (_input, { book }) => trialBalance(book),
};
