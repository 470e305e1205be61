import { catalogue } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { answeredState } from '../../../shared/sync/conflicts.ts';
import {
  type AnsweredState,
  type DocumentState,
  documentMachine,
  settledStates,
} from '../../../shared/sync/document-states.ts';
import { dateOfReturn } from '../../../shared/sync/receipts.ts';
import { reclaimReleases } from '../store/batches.ts';
import type { Book } from '../store/book.ts';
import { ordersDeclared } from '../store/declared-goods.ts';
import { amendedBy } from '../store/document-life.ts';
import { type DocumentRecord, requireDocument, revoke, supersede } from '../store/documents.ts';
import { postRelease, takeBackRelease } from '../store/ledger.ts';
import {
  documentsInMessage,
  endedBy,
  followOrder,
  getMessage,
  messageBytes,
  moveMessage,
  recordDocument,
} from '../store/messages.ts';
import { forgetRelease, noteRelease, restoreFrozen, standingOf, updateStanding } from '../store/receipts.ts';

/** What a state that customs has a document in does to the document that it changes or deletes, and how one is brought to such a state. */

/** Whether customs has let the goods of a document go. */
export const isReleased = (state: DocumentState): boolean => state === 'released' || state === 'closed';

/**
 * A change that customs has taken takes the place of what it changes; a deletion that it has taken ends both. Documents that are about no
 * other are left alone.
 * @param time `returnTime` of customs' word
 * @returns whether the document is a deletion, which stands for nothing itself
 */
export function settleAmendment(book: Book, id: number, time: string, now: string, orders: Set<number>): boolean {
  const amended = amendedBy(book, id);
  if (amended === undefined) return false;
  const amendment = requireDocument(book, id);
  const before = requireDocument(book, amended.id);
  if (headOf(catalogue[amendment.kind], amendment.body)['appType'] === '3') {
    for (const one of [before, amendment]) revokeDocument(book, one, { why: 'delete', by: id, time, now }, orders);
    return true;
  }
  if (documentMachine.can(before.state, 'supersede')) {
    supersede(book, before.id, now);
    recordDocument(book, before.id, {
      from: before.state,
      to: 'superseded',
      event: 'supersede',
      at: now,
      detail: { by: id },
    });
  }
  return false;
}

/** What customs sends back after it had taken it gives back what it ended, in the state that customs has that in by now. */
export function undoAmendment(book: Book, id: number, now: string): void {
  const amended = amendedBy(book, id);
  if (amended === undefined || endedBy(book, amended.id) !== id) return;
  const standing = standingOf(book, amended.id);
  const to = standing === undefined ? undefined : answeredState(standing.statusCode);
  if (standing === undefined || to === undefined) return;
  const { statusCode: status, statusTime: time, info } = standing;
  adoptState(book, amended.id, requireDocument(book, amended.id).state, to, { status, time, info }, now);
}

/** Ends a filed document at customs' word, with all that its release did to the books. */
export function revokeDocument(
  book: Book,
  document: DocumentRecord,
  said: {
    readonly why: 'withdraw' | 'delete';
    /** The document that asked for it. */
    readonly by: number;
    /** `returnTime` of customs' word; what customs says of the document later is another matter. */
    readonly time: string;
    readonly now: string;
  },
  orders: Set<number>,
): void {
  const { why, by, time, now } = said;
  const { id, state, kind, orderId } = document;
  if (!documentMachine.can(state, 'revoke')) return;
  revoke(book, id, now);
  const isTakenBack =
    !isReleased(state) || kind !== 'CEB603Message'
      ? true
      : takeBackRelease(book, { documentId: id, date: dateOfReturn(time), now }).isWhole;
  recordDocument(book, id, {
    from: state,
    to: 'withdrawn',
    event: 'revoke',
    at: now,
    detail: { why, by, time, ...(isTakenBack ? {} : { exportLines: 'in-use' }) },
  });
  if (orderId !== undefined) orders.add(orderId);
}

/** Brings a document to the state the platform has it in, with all that a receipt of that state would have done to the books. */
export function adoptState(
  book: Book,
  documentId: number,
  ours: string,
  theirs: AnsweredState,
  { status = '', time = '', info = '', message }: Readonly<Record<string, string>>,
  now: string,
): void {
  const before = requireDocument(book, documentId);
  const { kind, orderId, businessKey } = before;
  if (before.state !== ours) throw new PortbookError('CONFLICT_MOVED', { number: businessKey });
  if (before.state === 'draft' || before.state === 'checked') {
    if (message === undefined) throw new PortbookError('CONFLICT_MOVED', { number: businessKey });
    restoreSent(book, documentId, message, now);
  }
  const { state } = requireDocument(book, documentId);
  // What customs has taken in holds its releases; a refused one has none to give up, nor any to take from another.
  if (theirs !== 'rejected') reclaimReleases(book, documentId);
  const event = `adopt-${theirs}` as const;
  const to = documentMachine.next(state, event);
  const standing = { statusCode: status, statusTime: time, info };
  updateStanding(book, documentId, { state: to, standing, number: undefined, at: now });
  if (isReleased(to)) noteRelease(book, documentId, time);
  else if (theirs === 'rejected') forgetRelease(book, documentId);
  recordDocument(book, documentId, { from: state, to, event, at: now, detail: { status, time } });
  const orders = new Set<number>();
  const isTaken = settledStates.includes(to) && !settledStates.includes(state);
  const isDeletion = isTaken && settleAmendment(book, documentId, time, now, orders);
  if (kind === 'DecMessage' || kind === 'CEB603Message') {
    const release = { orderId, documentId, date: dateOfReturn(time), now };
    if (isReleased(to) && !isReleased(state) && !isDeletion) postRelease(book, release);
    if (!isReleased(to) && isReleased(state)) takeBackRelease(book, release);
    if (orderId !== undefined) orders.add(orderId);
    else if (kind === 'DecMessage') for (const order of ordersDeclared(book, businessKey)) orders.add(order);
  }
  if (to === 'rejected') undoAmendment(book, documentId, now);
  for (const order of orders) followOrder(book, order);
}

/** A draft that is at the platform all the same is what was frozen then, not what it has become since. */
function restoreSent(book: Book, documentId: number, guid: string, now: string): void {
  const position = documentsInMessage(book, guid).indexOf(documentId);
  const { documents } = readMessage(new TextDecoder().decode(messageBytes(book, guid)));
  const body = documents[position];
  if (body === undefined) throw new Error(`document ${documentId} cannot be read back from message ${guid}`);
  // The message first: its other documents have their own ways since it was taken back.
  if (getMessage(book, guid)?.state === 'withdrawn') moveMessage(book, guid, 'adopt', now);
  restoreFrozen(book, documentId, guid, { ...body });
}
