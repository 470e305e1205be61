import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { parseCompactDate } from '../../../shared/calendar/dates.ts';
import { catalogue, specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { documentNumber } from '../../../shared/drafting/document-number.ts';
import { type DocumentState, settledStates } from '../../../shared/sync/document-states.ts';
import {
  applyReturn,
  type DocumentReturn,
  dateOfReturn,
  isKnownStatus,
  isReturnTime,
} from '../../../shared/sync/receipts.ts';
import type { Book } from '../store/book.ts';
import { documentsOfSubject, requireDocument, supersede } from '../store/documents.ts';
import { noteAccepted, noteUndeclared } from '../store/forex-forms.ts';
import { postRelease } from '../store/ledger.ts';
import { followOrder, getMessage, hear, recordDocument } from '../store/messages.ts';
import {
  addReceiptItem,
  documentsOfMessage,
  markApplied,
  parkReceipt,
  type RawReceipt,
  type ReceivingDocument,
  storedReceipts,
  updateStanding,
} from '../store/receipts.ts';

/** What applying receipts did. */
export interface AppliedReceipts {
  receipts: number;
  accepted: number;
  released: number;
  rejected: number;
  parked: number;
}

export function nothingApplied(): AppliedReceipts {
  return { receipts: 0, accepted: 0, released: 0, rejected: 0, parked: 0 };
}

/** Receipts applied in one transaction: many, because a commit costs more than a receipt. */
const BATCH = 20;

/** Applies one batch of stored receipts. @returns undefined when none is left */
export function applyBatch(book: Book, now: string): AppliedReceipts | undefined {
  const batch = storedReceipts(book, BATCH);
  if (batch.length === 0) return undefined;
  const applied = nothingApplied();
  book.transaction(() => {
    const orders = new Set<number>();
    for (const receipt of batch) {
      const problem = applyOne(book, receipt, now, applied, orders);
      if (problem === undefined) {
        markApplied(book, receipt.id);
        applied.receipts += 1;
      } else {
        parkReceipt(book, receipt.id, problem);
        applied.parked += 1;
      }
    }
    for (const order of orders) followOrder(book, order);
  });
  return applied;
}

/** Applies a receipt; answers why it cannot be, as an i18n id. */
function applyOne(
  book: Book,
  receipt: RawReceipt,
  now: string,
  applied: AppliedReceipts,
  orders: Set<number>,
): string | undefined {
  const read = readMessage(receipt.xml);
  if (!read.ok || read.message === undefined) return 'RECEIPT_UNREADABLE';
  const spec = specOf(read.message);
  if (spec?.answers === undefined) return 'RECEIPT_KIND_UNKNOWN';
  const answered = spec.answers.message;
  if (receipt.messageGuid === undefined || getMessage(book, receipt.messageGuid) === undefined)
    return 'RECEIPT_MESSAGE_UNKNOWN';
  const { messageGuid } = receipt;
  let documents = documentsOfMessage(book, messageGuid);
  // Proof of delivery is a receipt about one of its documents, not a GUID alone. Hearing of a message moves them all.
  if (
    read.documents.some((node) => documents.has(documentNumber(answered, headOf(spec, node)))) &&
    hear(book, messageGuid, now)
  ) {
    documents = documentsOfMessage(book, messageGuid);
  }
  let problem: string | undefined;
  for (const [position, node] of read.documents.entries()) {
    const values = headOf(spec, node);
    const said: DocumentReturn = {
      statusCode: values['returnStatus'] ?? '',
      statusTime: values['returnTime'] ?? '',
      info: values['returnInfo'] ?? '',
    };
    const document = documents.get(documentNumber(answered, values));
    const platformNo = spec.platformNo?.map((name) => values[name]).find((one) => one !== undefined);
    const repeated = addReceiptItem(book, receipt.id, position, document?.id, said);
    if (document === undefined) problem ??= 'RECEIPT_DOCUMENT_UNKNOWN';
    // Times are compared as text: one of another form would outrank or lose for ever.
    else if (!isReturnTime(said.statusTime)) problem ??= 'RECEIPT_UNREADABLE';
    else if (!isKnownStatus(said.statusCode)) problem ??= 'RECEIPT_STATUS_UNKNOWN';
    else
      documents.set(
        document.businessKey,
        applyToDocument(book, document, said, { platformNo, repeated, now, applied, orders }),
      );
  }
  return problem;
}

function applyToDocument(
  book: Book,
  document: ReceivingDocument,
  said: DocumentReturn,
  context: {
    /** Number the authority has given. */
    platformNo: string | undefined;
    repeated: boolean;
    now: string;
    applied: AppliedReceipts;
    orders: Set<number>;
  },
): ReceivingDocument {
  const { platformNo, repeated, now, applied, orders } = context;
  const outcome = applyReturn(document.state, document.standing, said);
  const detail = { status: said.statusCode, time: said.statusTime };
  if (outcome.contradicts && !repeated) {
    recordDocument(book, document.id, {
      from: outcome.state,
      to: outcome.state,
      event: 'contradiction',
      at: now,
      detail,
    });
  }
  if (outcome.standing === undefined || outcome.standing === document.standing) return document;
  updateStanding(book, document.id, {
    state: outcome.state,
    standing: outcome.standing,
    platformNo,
    at: now,
  });
  if (outcome.event !== undefined) {
    recordDocument(book, document.id, {
      from: document.state,
      to: outcome.state,
      event: outcome.event,
      at: now,
      detail,
    });
    if (document.kind === 'CEB603Message' && document.orderId !== undefined) orders.add(document.orderId);
    if (outcome.state === 'rejected') applied.rejected += 1;
    if (catalogue[document.kind].family === 'fx') settleForm(book, document, outcome.state, platformNo, now);
    // A release that overtakes the acceptance says both.
    if (settledStates.includes(outcome.state) && !settledStates.includes(document.state)) applied.accepted += 1;
    const isReleased = (state: DocumentState) => state === 'released' || state === 'closed';
    if (isReleased(outcome.state) && !isReleased(document.state)) {
      applied.released += 1;
      // A released list is a sale.
      if (document.kind === 'CEB603Message' && document.orderId !== undefined) {
        const { id: documentId, orderId } = document;
        postRelease(book, { orderId, documentId, date: dateOfReturn(said.statusTime), now });
      }
    }
  }
  return { ...document, state: outcome.state, standing: outcome.standing };
}

/**
 * What a form of foreign exchange comes to is known to its record or report in the same transaction; the accepted version before it
 * gives way.
 */
function settleForm(
  book: Book,
  { id, state: before }: ReceivingDocument,
  state: DocumentState,
  platformNo: string | undefined,
  now: string,
): void {
  const form = requireDocument(book, id);
  const { subject, businessKey } = form;
  if (subject === undefined) return;
  if (state === 'rejected' && settledStates.includes(before)) {
    noteUndeclared(book, subject);
    return;
  }
  if (!settledStates.includes(state) || settledStates.includes(before)) return;
  const head = headOf(catalogue[form.kind], form.body);
  for (const one of documentsOfSubject(book, subject)) {
    if (one.id === id || one.businessKey !== businessKey || one.state !== 'accepted') continue;
    supersede(book, one.id, now);
    recordDocument(book, one.id, { from: 'accepted', to: 'superseded', event: 'supersede', at: now });
  }
  const day = parseCompactDate(head['declaredOn'] ?? head['reportedOn'] ?? '');
  noteAccepted(
    book,
    { subject, appType: head['appType'] ?? '', on: day ?? chinaDate(now), number: platformNo ?? form.platformNo },
    now,
  );
  book.audit('forexForms.accepted', `${form.kind} ${businessKey}`, { version: form.version }, now);
}
