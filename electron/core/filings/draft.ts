import { randomUUID } from 'node:crypto';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { amountOf } from '../../../shared/drafting/edit.ts';
import type { FilingOperation } from '../../../shared/drafting/forex-forms.ts';
import type { DraftedDocument } from '../../../shared/drafting/retail-export.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedValue } from '../../../shared/money/stored.ts';
import { editableStates, settledStates } from '../../../shared/sync/document-states.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context } from '../context.ts';
import {
  caseOf,
  type DocumentRecord,
  type DocumentSubject,
  documentsOfSubject,
  insertDocuments,
  requireDocument,
  rewriteDraft,
  supersede,
} from '../store/documents.ts';
import { filingSubjects } from './subjects.ts';

/** The document as the book has its subject now. Refusals: those of the subject's `draw`. */
function drawn(context: Context, subject: DocumentSubject, operation: FilingOperation, guid: string): DraftedDocument {
  const { request: kind, draw } = filingSubjects[subject.kind];
  const { body, currency } = draw(context, subject.id, { operation, guid });
  const spec = catalogue[kind];
  const businessKey = headOf(spec, body)[spec.number ?? ''] ?? '';
  return { kind, businessKey, guid, body, amountE5: storedValue(amountOf(spec, body)), currency };
}

const appTypeOf = ({ kind, body }: DocumentRecord): string | undefined => headOf(catalogue[kind], body)['appType'];

/** What a new filing of the subject would do, and the version it takes the place of. */
function nextOf(versions: readonly DocumentRecord[]): { before?: DocumentRecord; operation: FilingOperation } {
  const live = versions.filter(({ state }) => state !== 'superseded' && state !== 'withdrawn');
  const before = live.at(-1);
  if (before === undefined) return { operation: '1' };
  const appType = appTypeOf(before);
  if (settledStates.includes(before.state)) {
    // After a deletion the same thing is filed anew.
    return appType === '3' ? { before, operation: '1' } : { before, operation: '2' };
  }
  const kept = appType === '2' || appType === '3' ? appType : '1';
  return { before, operation: kept };
}

/**
 * Drafts the filing of a subject: a new one, the change or deletion of an accepted one, a new version of a rejected one, or the open
 * draft anew. Run it inside a transaction.
 *
 * Refusals: those of the subject's `draw`, and its own codes for one that is queued or sent {number, state} and for an accepted one that
 * still says what the book says {number}.
 * @returns the id of the document
 */
export function draftFiling(context: Context, subject: DocumentSubject, now: string): number {
  const { book } = context;
  const { isTakenBack, refusals } = filingSubjects[subject.kind];
  const versions = documentsOfSubject(book, subject);
  const next = nextOf(versions);
  const { before } = next;
  const isVoid = isTakenBack(book, subject.id);
  const isSettled = before !== undefined && settledStates.includes(before.state);
  // A change that was sent back leaves what it would have changed.
  const stands = versions.some((one) => settledStates.includes(one.state) && appTypeOf(one) !== '3');
  const operation = isVoid && (isSettled || stands || next.operation === '3') ? '3' : next.operation;
  if (before !== undefined && editableStates.includes(before.state)) {
    redrawFiling(context, before, now);
    return before.id;
  }
  if (before !== undefined && !isSettled && before.state !== 'rejected')
    throw new PortbookError(refusals.underway, { number: before.businessKey, state: before.state });
  if (isSettled && (!before.stale || (isVoid && next.operation === '1')))
    throw new PortbookError(refusals.unchanged, { number: before.businessKey });
  const filing = drawn(context, subject, operation, randomUUID().toUpperCase());
  // Some subjects have a number of their own each time; the filings of the others are versions under one.
  const version = Math.max(0, ...versions.map((one) => (one.businessKey === filing.businessKey ? one.version : 0))) + 1;
  if (before?.state === 'rejected') supersede(book, before.id, now);
  const [id] = insertDocuments(book, [filing], {
    subject,
    tablesVersion: context.resources.tablesVersion,
    version,
    now,
  });
  if (id === undefined) throw new Error('no document was inserted');
  book.audit('filings.draft', `${filing.kind} ${filing.businessKey}`, { version, operation }, now);
  return id;
}

/** Draws an editable filing anew in its place, keeping its GUID and what it does. Refusals: those of {@link draftFiling}. */
export function redrawFiling(context: Context, document: DocumentRecord, now: string): void {
  const { subject } = document;
  if (subject === undefined) throw new PortbookError('DOCUMENT_HAS_NO_SOURCE', { number: document.businessKey });
  const appType = appTypeOf(document);
  const operation = appType === '2' || appType === '3' ? appType : '1';
  const { body, businessKey, amountE5 } = drawn(context, subject, operation, document.guid);
  rewriteDraft(context.book, document.id, { body, businessKey, amountE5, stale: false }, now);
}

/**
 * Takes a subject back: `mark` says so in the book, and where the other side holds it a deletion is drafted and checked. A draft that
 * never left is given up by a trigger. Run it inside a transaction.
 *
 * Refusals: the subject's own code for a filing that is queued or sent {number, state}, and those of {@link draftFiling}.
 * @returns whether a deletion was drafted
 */
export function takeBackFiling(context: Context, subject: DocumentSubject, mark: () => void, now: string): boolean {
  const { book } = context;
  const live = documentsOfSubject(book, subject).filter(({ state }) => state !== 'superseded' && state !== 'withdrawn');
  const last = live.at(-1);
  const mayEnd = last === undefined || [...editableStates, ...settledStates, 'rejected' as const].includes(last.state);
  if (!mayEnd)
    throw new PortbookError(filingSubjects[subject.kind].refusals.underway, {
      number: last.businessKey,
      state: last.state,
    });
  mark();
  if (!live.some(({ state }) => settledStates.includes(state))) return false;
  const document = draftFiling(context, subject, now);
  recheck(book, documentCheck(context), caseOf(requireDocument(book, document)), now);
  return true;
}
