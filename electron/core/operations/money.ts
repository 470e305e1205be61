import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { money } from '../../../shared/contract/money.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Handlers } from '../context.ts';
import { recordEntry, suggestionFor } from '../money-entries.ts';
import { codeNames, previewRecord, recordPage, recordView } from '../money-records.ts';
import type { Book } from '../store/book.ts';
import { jointOfRecord } from '../store/joint.ts';
import { accountNumber, listMoneyAccounts, saveMoneyAccount } from '../store/money/accounts.ts';
import { entryRow, ignoreEntries, listEntries, reopenEntries } from '../store/money/entries.ts';
import { recordsByMonth, requireRecord, saveRecord, voidRecord } from '../store/money/records.ts';

const areas = ['money', 'ledger', 'matching'] as const;

/**
 * What is a payment of a joint shipment (联合出海) changes there alone; its proceeds are not taken back under it. Refusal:
 * `MONEY_RECORD_OF_JOINT` {number, joint}.
 */
function refuseOfJoint(book: Book, id: number, change: 'save' | 'void'): void {
  const joint = jointOfRecord(book, id, change === 'void');
  if (joint !== undefined)
    throw new PortbookError(
      'MONEY_RECORD_OF_JOINT',
      { number: requireRecord(book, id).number, joint: joint.number },
      'id',
    );
}

/** Money accounts, statement lines, records. Account numbers and names of people stay out of the audit. */
export const moneyHandlers: Handlers<keyof typeof money> = {
  'moneyAccounts.list': (_, { book }) => ({ rows: listMoneyAccounts(book) }),

  'moneyAccounts.save': (input, { book, now, emit }) => {
    const at = now();
    const saved = book.transaction(() => {
      const account = saveMoneyAccount(book, input, at);
      const { id, kind, currency, ledgerAccount, number, active } = account;
      book.audit('moneyAccount.saved', `money-account:${id}`, { kind, currency, ledgerAccount, number, active }, at);
      return account;
    });
    emit({ name: 'book.changed', areas: [...areas] });
    return saved;
  },

  'moneyAccounts.reveal': ({ id }, { book, now }) => {
    const number = accountNumber(book, id);
    book.audit('moneyAccount.revealed', `money-account:${id}`, {}, now());
    return { number };
  },

  'moneyRecords.list': (input, context) => recordPage(context, input),
  'moneyRecords.get': ({ id }, context) => recordView(context, id),

  'moneyRecords.save': (input, context) => {
    const { book, now, emit } = context;
    const at = now();
    const id = book.transaction(() => {
      if (input.id !== undefined) refuseOfJoint(book, input.id, 'save');
      const saved = saveRecord(book, input, at);
      const { number, kind, date, currency, version } = requireRecord(book, saved);
      book.audit(
        input.id === undefined ? 'moneyRecord.entered' : 'moneyRecord.changed',
        `money-record:${saved}`,
        { number, kind, date, currency, amount: input.amount, version },
        at,
      );
      return saved;
    });
    emit({ name: 'book.changed', areas: [...areas] });
    return recordView(context, id);
  },

  'moneyRecords.void': ({ id, reason, version }, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      refuseOfJoint(book, id, 'void');
      voidRecord(book, id, reason, at, version);
      book.audit('moneyRecord.voided', `money-record:${id}`, { number: requireRecord(book, id).number, reason }, at);
    });
    emit({ name: 'book.changed', areas: [...areas] });
    return {};
  },

  'moneyRecords.preview': (input, context) => previewRecord(context, input),
  'moneyRecords.byMonth': (input, { book }) => ({ rows: recordsByMonth(book, input) }),

  'moneyCodes.list': (_, context) => ({
    rows: [...codeNames(context, chinaDate(context.now()))].map(([code, { zh, en }]) => ({
      code,
      nameZh: zh,
      nameEn: en,
    })),
  }),

  'moneyEntries.list': (input, context) => {
    const { rows, ...page } = listEntries(context.book, input);
    return {
      ...page,
      rows: rows.map((entry) => ({
        ...entryRow(entry),
        ...(entry.state === 'open' ? { suggestion: suggestionFor(context, entry) } : {}),
      })),
    };
  },

  'moneyEntries.record': (input, context) => {
    const { book, now, emit } = context;
    const at = now();
    const made = book.transaction(() => {
      const result = recordEntry(context, input, at);
      book.audit(
        result.joined ? 'moneyEntry.joined' : 'moneyEntry.recorded',
        `money-entry:${input.id}`,
        { record: result.number },
        at,
      );
      return result;
    });
    emit({ name: 'book.changed', areas: [...areas] });
    return made;
  },

  'moneyEntries.ignore': ({ ids, reason }, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      ignoreEntries(book, ids, reason);
      book.audit('moneyEntry.ignored', 'money-entries', { ids, reason }, at);
    });
    emit({ name: 'book.changed', areas: ['money'] });
    return { ignored: ids.length };
  },

  'moneyEntries.reopen': ({ ids }, { book, now, emit }) => {
    const at = now();
    const reopened = book.transaction(() => {
      const count = reopenEntries(book, ids);
      book.audit('moneyEntry.reopened', 'money-entries', { ids }, at);
      return count;
    });
    emit({ name: 'book.changed', areas: ['money'] });
    return { reopened };
  },
};
