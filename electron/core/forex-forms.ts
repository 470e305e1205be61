import { randomUUID } from 'node:crypto';
import { chinaDate, chinaMessageTime } from '../../shared/calendar/china-time.ts';
import { catalogue, type RequestName } from '../../shared/documents/catalogue.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { amountOf } from '../../shared/drafting/edit.ts';
import {
  draftIncomeDeclaration,
  draftTradeCreditReport,
  type FilingOperation,
  type FormFrame,
} from '../../shared/drafting/forex-forms.ts';
import type { DraftedDocument } from '../../shared/drafting/retail-export.ts';
import { PortbookError } from '../../shared/errors.ts';
import { storedValue } from '../../shared/money/stored.ts';
import { editableStates, settledStates } from '../../shared/sync/document-states.ts';
import type { Context } from './context.ts';
import {
  type DocumentRecord,
  type DocumentSubject,
  documentsOfSubject,
  insertDocuments,
  rewriteDraft,
  supersede,
} from './store/documents.ts';
import { declaredRecord, reportedCredit } from './store/forex-forms.ts';

/** Which form declares what, by the kind of its subject. */
const kindOf: Readonly<Record<DocumentSubject['kind'], RequestName>> = {
  'money-record': 'FX101Message',
  'trade-credit-report': 'FX201Message',
};

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

/** The form as the book has its subject now. Refusals: those of {@link draftForm} about the subject itself. */
function drawn(context: Context, subject: DocumentSubject, operation: FilingOperation, guid: string): DraftedDocument {
  const { book } = context;
  const kind = kindOf[subject.kind];
  const frame = frameOf(context, guid);
  let body: Record<string, unknown>;
  let currency: string;
  if (subject.kind === 'money-record') {
    const record = declaredRecord(book, subject.id);
    const { number } = record;
    if (record.kind !== 'receipt' && record.kind !== 'refund-in')
      throw new PortbookError('FOREX_FORM_NOT_INCOME', { number });
    if (!record.detail.crossBorder) throw new PortbookError('FOREX_FORM_AT_HOME', { number });
    if (record.state === 'void' && operation !== '3') throw new PortbookError('FOREX_FORM_VOID', { number });
    body = { ...draftIncomeDeclaration(record, operation, frame) };
    currency = record.currency;
  } else {
    const report = reportedCredit(book, subject.id);
    if (report.state === 'withdrawn') throw new PortbookError('FOREX_FORM_VOID', { number: report.number });
    body = { ...draftTradeCreditReport(report, frame) };
    currency = report.body.currency;
  }
  const spec = catalogue[kind];
  const businessKey = headOf(spec, body)[spec.number] ?? '';
  return { kind, businessKey, guid, body, amountE5: storedValue(amountOf(spec, body)), currency };
}

/** What a new form of the subject would do, and the version it takes the place of. */
function nextOf(versions: readonly DocumentRecord[]): { before?: DocumentRecord; operation: FilingOperation } {
  const live = versions.filter(({ state }) => state !== 'superseded' && state !== 'withdrawn');
  const before = live.at(-1);
  if (before === undefined) return { operation: '1' };
  const appType = headOf(catalogue[before.kind], before.body)['appType'];
  if (settledStates.includes(before.state)) {
    // After a deletion the same thing is declared anew.
    return appType === '3' ? { before, operation: '1' } : { before, operation: '2' };
  }
  const kept = appType === '2' || appType === '3' ? appType : '1';
  return { before, operation: kept };
}

/**
 * Drafts the form of a subject: a new one, the change or deletion of an accepted one, a new version of a rejected one, or the open
 * draft anew. Run it inside a transaction.
 *
 * Refusals: `FOREX_FORM_NOT_INCOME` {number} for what is no receipt, `FOREX_FORM_AT_HOME` {number} for money from within the country,
 * `FOREX_FORM_VOID` {number}, `FOREX_FORM_UNDERWAY` {number, state} while one is queued or sent, `FOREX_FORM_UNCHANGED` {number} where
 * an accepted one still says what the book says, `MONEY_RECORD_UNKNOWN` {id}, `TRADE_CREDIT_REPORT_UNKNOWN` {id}.
 * @returns the id of the document
 */
export function draftForm(context: Context, subject: DocumentSubject, now: string): number {
  const { book } = context;
  const versions = documentsOfSubject(book, subject);
  const next = nextOf(versions);
  const { before } = next;
  const isVoid = subject.kind === 'money-record' && declaredRecord(book, subject.id).state === 'void';
  const isSettled = before !== undefined && settledStates.includes(before.state);
  const operation = isVoid && (isSettled || next.operation === '3') ? '3' : next.operation;
  if (before !== undefined && editableStates.includes(before.state)) {
    redrawForm(context, before, now);
    return before.id;
  }
  if (before !== undefined && !isSettled && before.state !== 'rejected')
    throw new PortbookError('FOREX_FORM_UNDERWAY', { number: before.businessKey, state: before.state });
  if (isSettled && (!before.stale || (isVoid && next.operation === '1')))
    throw new PortbookError('FOREX_FORM_UNCHANGED', { number: before.businessKey });
  const form = drawn(context, subject, operation, randomUUID().toUpperCase());
  // Every report has a number of its own; the forms of a record are versions under one.
  const version = Math.max(0, ...versions.map((one) => (one.businessKey === form.businessKey ? one.version : 0))) + 1;
  if (before?.state === 'rejected') supersede(book, before.id, now);
  const [id] = insertDocuments(book, [form], { subject, tablesVersion: context.resources.tablesVersion, version, now });
  if (id === undefined) throw new Error('no document was inserted');
  book.audit('forexForms.draft', `${form.kind} ${form.businessKey}`, { version, operation }, now);
  return id;
}

/** Draws an editable form anew in its place, keeping its GUID and what it files. Refusals: those of {@link draftForm}. */
export function redrawForm(context: Context, document: DocumentRecord, now: string): void {
  const { subject } = document;
  if (subject === undefined) throw new PortbookError('DOCUMENT_HAS_NO_SOURCE', { number: document.businessKey });
  const { appType } = headOf(catalogue[document.kind], document.body);
  const operation = appType === '2' || appType === '3' ? appType : '1';
  const { body, businessKey, amountE5 } = drawn(context, subject, operation, document.guid);
  rewriteDraft(context.book, document.id, { body, businessKey, amountE5, stale: false }, now);
}
