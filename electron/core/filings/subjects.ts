import type { FilingSubjectKind } from '../../../shared/contract/filing.ts';
import { moneyRecord, tradeCreditReport } from './forex.ts';
import { listing } from './listing.ts';
import { pledge } from './pledge.ts';
import { registration } from './registration.ts';
import { statisticsReport } from './statistics.ts';
import type { FilingSubject } from './subject.ts';

/** Everything in the book that is filed without an order, by its kind. */
export const filingSubjects: Readonly<Record<FilingSubjectKind, FilingSubject>> = {
  'money-record': moneyRecord,
  'trade-credit-report': tradeCreditReport,
  registration,
  'statistics-report': statisticsReport,
  listing,
  pledge,
};
