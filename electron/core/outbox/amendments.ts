import { catalogue } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { answeredState } from '../../../shared/sync/conflicts.ts';
import {
  type AnsweredState,
  type DocumentState,
  documentMachine,
  editableStates,
  settledStates,
} from '../../../shared/sync/document-states.ts';
import { dateOfReturn, eventOf, isDeletionGranted } from '../../../shared/sync/receipts.ts';
import { reclaimReleases } from '../store/batches.ts';
import type { Book } from '../store/book.ts';
import { ordersDeclared } from '../store/declared-goods.ts';
import { amendedBy, amendmentChain } from '../store/document-life.ts';
import { type DocumentRecord, requireDocument, revoke, supersede } from '../store/documents.ts';
import { postRelease, takeBackRelease } from '../store/ledger.ts';
import {
  endedBy,
  followOrder,
  getMessage,
  messageBytes,
  moveMessage,
  placeInMessage,
  recordDocument,
} from '../store/messages.ts';
import { forgetRelease, noteRelease, restoreFrozen, standingOf, updateStanding } from '../store/receipts.ts';

/** What a state that customs has a document in does to the document that it changes or deletes, and how one is brought to such a state. */

/** Whether customs has let the goods of a document go. */
export const isReleased = (state: DocumentState): boolean => state === 'released' || state === 'closed';

/**
 * What customs' word on a change or deletion does to the document that it is about: a change that was taken takes its place, with what a
 * release of it did to the books; a deletion that was granted ends both, and one that only lies there ends nothing. Documents that are about
 * no other are left alone.
 * @returns whether the document is a deletion, which stands for nothing itself, and whether it was granted
 */
export function settleAmendment(
  book: Book,
  id: number,
  said: {
    readonly status: string;
    readonly time: string;
    /** Customs has it now, and had not before. */
    readonly isTaken: boolean;
  },
  now: string,
  orders: Set<number>,
): { readonly isDeletion: boolean; readonly isGranted: boolean } {
  const { status, time, isTaken } = said;
  const amended = amendedBy(book, id);
  if (amended === undefined) return { isDeletion: false, isGranted: false };
  const amendment = requireDocument(book, id);
  const before = requireDocument(book, amended.id);
  if (headOf(catalogue[amendment.kind], amendment.body)['appType'] === '3') {
    const isGranted = settledStates.includes(amendment.state) && isDeletionGranted(amendment.kind, status);
    for (const one of isGranted ? [before, amendment] : [])
      revokeDocument(book, one, { why: 'delete', by: id, time, now }, orders);
    return { isDeletion: true, isGranted };
  }
  if (isTaken && documentMachine.can(before.state, 'supersede'))
    endDocument(book, before, { event: 'supersede', time, now, detail: { by: id } }, orders);
  return { isDeletion: false, isGranted: false };
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

/**
 * Goods that customs sends back (退运), or a declaration that it deletes, are one paper there, whichever version the receipt names: what the
 * version would have changed, and what changes it and was taken, ends with it. What is under way or was sent back keeps its own word.
 */
export function endVersions(book: Book, id: number, time: string, now: string, orders: Set<number>): void {
  for (const one of amendmentChain(book, id)) {
    const document = requireDocument(book, one);
    if (one !== id && settledStates.includes(document.state))
      revokeDocument(book, document, { why: 'sent-back', by: id, time, now }, orders);
  }
}

/** Whether customs has ended the paper that a document is a version of, by its word on any of them. */
export function endedVersion(book: Book, id: number): number | undefined {
  return amendmentChain(book, id).find(
    (one) => one !== id && eventOf(standingOf(book, one)?.statusCode ?? '') === 'revoke',
  );
}

/** Ends a filed document at customs' word, with all that its release did to the books. */
export function revokeDocument(
  book: Book,
  document: DocumentRecord,
  said: {
    readonly why: 'withdraw' | 'delete' | 'sent-back';
    /** The document that asked for it, or that customs' word named. */
    readonly by: number;
    /** `returnTime` of customs' word; what customs says of the document later is another matter. */
    readonly time: string;
    readonly now: string;
  },
  orders: Set<number>,
): void {
  const { why, by, time, now } = said;
  if (documentMachine.can(document.state, 'revoke'))
    endDocument(book, document, { event: 'revoke', time, now, detail: { why, by, time } }, orders);
}

/** A filed document that stands no longer; what its release did to the books is taken back where it can be. */
function endDocument(
  book: Book,
  { id, state, kind, orderId }: DocumentRecord,
  as: {
    readonly event: 'revoke' | 'supersede';
    readonly time: string;
    readonly now: string;
    readonly detail: Readonly<Record<string, string | number>>;
  },
  orders: Set<number>,
): void {
  const { event, time, now, detail } = as;
  (event === 'revoke' ? revoke : supersede)(book, id, now);
  const isTakenBack =
    !isReleased(state) || kind !== 'CEB603Message'
      ? true
      : takeBackRelease(book, { documentId: id, date: dateOfReturn(time), now }).isWhole;
  recordDocument(book, id, {
    from: state,
    to: documentMachine.next(state, event),
    event,
    at: now,
    detail: { ...detail, ...(isTakenBack ? {} : { exportLines: 'in-use' }) },
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
  const isEditable = (state: string): boolean => editableStates.some((one) => one === state);
  // A draft that was checked or edited since is the same draft.
  if (before.state !== ours && !(isEditable(before.state) && isEditable(ours)))
    throw new PortbookError('CONFLICT_MOVED', { number: businessKey });
  if (isEditable(before.state)) {
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
  const { isDeletion } = settleAmendment(book, documentId, { status, time, isTaken }, now, orders);
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
  const position = placeInMessage(book, guid, documentId);
  const { documents } = readMessage(new TextDecoder().decode(messageBytes(book, guid)));
  const body = position === undefined ? undefined : documents[position];
  if (body === undefined) throw new Error(`document ${documentId} cannot be read back from message ${guid}`);
  // The message first: its other documents have their own ways since it was taken back.
  if (getMessage(book, guid)?.state === 'withdrawn') moveMessage(book, guid, 'adopt', now);
  restoreFrozen(book, documentId, guid, { ...body });
}
