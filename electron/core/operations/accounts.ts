import type { accounting } from '../../../shared/contract/accounting.ts';
import type { Handlers } from '../context.ts';
import { chartOf, saveAccount } from '../store/accounts.ts';
import { retryPendingPostings } from '../store/ledger.ts';
import { listPostingRules, ruleAccounts } from '../store/posting-rules.ts';

/** The chart of accounts (科目) and the posting rules that name its accounts. */
export const accountHandlers: Handlers<
  Extract<keyof typeof accounting, `accounts.${string}` | `postingRules.${string}`>
> = {
  'accounts.list': (_input, { book }) => ({ rows: [...chartOf(book).values()] }),

  'accounts.save': (account, { book, now, emit }) => {
    const at = now();
    const saved = book.transaction(() => {
      const result = saveAccount(book, account, ruleAccounts(book));
      const { nameZh, active, dimensions, monetary, quantity } = result;
      book.audit('account.saved', `account:${result.code}`, { nameZh, active, dimensions, monetary, quantity }, at);
      retryPendingPostings(book, at);
      return result;
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return saved;
  },

  'postingRules.list': ({ date }, { book }) => listPostingRules(book, date),
};
