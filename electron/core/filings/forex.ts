import { chinaDate, chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import {
  draftIncomeDeclaration,
  draftTradeCreditReport,
  type FormFrame,
} from '../../../shared/drafting/forex-forms.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { declaredRecord, noteDeclared, noteReported, noteUndeclared, reportedCredit } from '../store/forex-forms.ts';
import type { FilingSubject } from './subject.ts';

/** Forms of foreign exchange: what declares a receipt from abroad, what reports trade credit. */

function frameOf(context: Context, guid: string): FormFrame {
  const { book, resources } = context;
  const profile = book.profile();
  const now = context.now();
  const countries = resources.tables.get('country_alpha3');
  return {
    uscc: profile.uscc,
    firm: profile.name,
    guid,
    appTime: chinaMessageTime(now),
    today: chinaDate(now),
    alpha3: (alpha2) =>
      alpha2 === '' ? undefined : countries?.entries.find(({ more }) => more['alpha2'] === alpha2)?.code,
  };
}

const refusals = { underway: 'FOREX_FORM_UNDERWAY', unchanged: 'FOREX_FORM_UNCHANGED' } as const;

/**
 * 涉外收入申报单 of a record of money. Refusals: `FOREX_FORM_NOT_INCOME` {number} for what is no receipt, `FOREX_FORM_AT_HOME` {number} for
 * money from within the country, `FOREX_FORM_VOID` {number}, `MONEY_RECORD_UNKNOWN` {id}.
 */
export const moneyRecord: FilingSubject = {
  request: 'FX101Message',
  dayField: 'declaredOn',
  refusals,
  isTakenBack: (book, id) => declaredRecord(book, id).state === 'void',
  draw(context, id, { operation, guid }) {
    const record = declaredRecord(context.book, id);
    const { number } = record;
    if (record.kind !== 'receipt' && record.kind !== 'refund-in')
      throw new PortbookError('FOREX_FORM_NOT_INCOME', { number });
    if (!record.detail.crossBorder) throw new PortbookError('FOREX_FORM_AT_HOME', { number });
    if (record.state === 'void' && operation !== '3') throw new PortbookError('FOREX_FORM_VOID', { number });
    const body = { ...draftIncomeDeclaration(record, operation, frameOf(context, guid)) };
    return { body, currency: record.currency };
  },
  accepted(book, id, { appType, on, number }, now) {
    if (appType === '3') noteUndeclared(book, id);
    else noteDeclared(book, id, { on, number }, now);
  },
  undone: noteUndeclared,
};

/** 贸易信贷报告. Every report has a number of its own. Refusals: `FOREX_FORM_VOID` {number}, `TRADE_CREDIT_REPORT_UNKNOWN` {id}. */
export const tradeCreditReport: FilingSubject = {
  request: 'FX201Message',
  dayField: 'reportedOn',
  refusals,
  isTakenBack: () => false,
  draw(context, id, { guid }) {
    const report = reportedCredit(context.book, id);
    if (report.state === 'withdrawn') throw new PortbookError('FOREX_FORM_VOID', { number: report.number });
    return { body: { ...draftTradeCreditReport(report, frameOf(context, guid)) }, currency: report.body.currency };
  },
  accepted: (book, id, filing, now) => noteReported(book, id, filing, now),
  // A report that a person has marked as reported stays as it is.
  undone: () => undefined,
};
