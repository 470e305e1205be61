import type { documentStates } from '../contract/filing.ts';
import { type Move, machine } from './machine.ts';
import type { MessageEvent } from './message-states.ts';

export type DocumentState = (typeof documentStates)[number];

/**
 * What happens to a business document (单证).
 *
 * - `check`: no finding that will be rejected; `edit`: it was changed and must be checked again.
 * - `queue`: frozen into a message, signed or still to be signed (`sign`); `withdraw`: the message was taken back before it left;
 *   `regroup`: it leaves in another.
 * - `discard`: a draft is given up; `restore`: what it was given up for is undone.
 * - `supersede`: a corrected version takes its place; it stays as it was sent.
 * - the events of {@link MessageEvent} happen to it together with its message;
 * - `accept`, `reject`, `release`, `close`: what its receipts amount to (see `receipts.ts`);
 * - `revoke`: customs agreed to its withdrawal (撤销) or deletion (删除), which is a document of its own;
 * - `recover`: the book was brought back from a copy, and the one that was lost had sent it: the platform has it as it stands here, or a person
 *   says so where nobody can be asked. `disown`: the person who said so takes that back.
 * - `adopt-…`: the platform holds another state than the book, and a person decided that the platform is right.
 */
export type DocumentEvent =
  | 'check'
  | 'edit'
  | 'queue'
  | 'discard'
  | 'restore'
  | 'supersede'
  | 'accept'
  | 'reject'
  | 'release'
  | 'close'
  | 'revoke'
  | 'recover'
  | 'disown'
  | `adopt-${AnsweredState}`
  | MessageEvent;

/** States that only the platform's answer brings. */
export type AnsweredState = 'accepted' | 'rejected' | 'released' | 'closed';

const answered: readonly AnsweredState[] = ['accepted', 'rejected', 'released', 'closed'];

const inTheOutbox: readonly DocumentState[] = ['queued', 'sending', 'unknown', 'sent'];

const moves: readonly Move<DocumentState, DocumentEvent>[] = [
  ['draft', 'check', 'checked'],
  ['draft', 'edit', 'draft'],
  ['checked', 'check', 'checked'],
  ['checked', 'edit', 'draft'],
  ['checked', 'queue', 'queued'],
  ['queued', 'sign', 'queued'],
  ['draft', 'discard', 'withdrawn'],
  ['checked', 'discard', 'withdrawn'],
  ['withdrawn', 'restore', 'draft'],
  ['queued', 'withdraw', 'draft'],
  ['queued', 'regroup', 'checked'],
  ['sending', 'regroup', 'checked'],
  ['unknown', 'regroup', 'checked'],
  ['queued', 'refuse', 'rejected'],
  ['queued', 'lease', 'sending'],
  ['queued', 'hear', 'sent'],
  ['queued', 'doubt', 'unknown'],
  ['sending', 'deliver', 'sent'],
  ['sending', 'postpone', 'queued'],
  ['sending', 'lose', 'unknown'],
  ['sending', 'expire', 'unknown'],
  ['sending', 'doubt', 'unknown'],
  ['sending', 'refuse', 'rejected'],
  ['sending', 'hear', 'sent'],
  ['unknown', 'find', 'sent'],
  ['unknown', 'miss', 'queued'],
  ['unknown', 'refuse', 'rejected'],
  ['unknown', 'hear', 'sent'],
  ['draft', 'recover', 'sent'],
  ['checked', 'recover', 'sent'],
  // Only of what no message of the book took along: a trigger refuses the others.
  ['sent', 'disown', 'draft'],
  // A receipt can overtake the reply to the very message it is about.
  ...inTheOutbox.flatMap((state): Move<DocumentState, DocumentEvent>[] => [
    [state, 'accept', 'accepted'],
    [state, 'reject', 'rejected'],
    [state, 'release', 'released'],
    [state, 'close', 'closed'],
  ]),
  // Of 100 and 120 the later one holds, in either direction; a release is not taken back by a receipt.
  ['accepted', 'accept', 'accepted'],
  ['accepted', 'reject', 'rejected'],
  ['accepted', 'release', 'released'],
  ['accepted', 'close', 'closed'],
  ['rejected', 'accept', 'accepted'],
  ['rejected', 'reject', 'rejected'],
  ['rejected', 'release', 'released'],
  ['rejected', 'close', 'closed'],
  ['rejected', 'supersede', 'superseded'],
  ['withdrawn', 'supersede', 'superseded'],
  // What was accepted gives way to the version that changes it, or deletes a form; a list also where its release was heard of first.
  ['accepted', 'supersede', 'superseded'],
  ['released', 'supersede', 'superseded'],
  ['closed', 'supersede', 'superseded'],
  // A withdrawal or deletion that customs agreed to; customs' own deletion of a declaration may be all that is ever heard of it.
  ...[...inTheOutbox, 'rejected' as const].map(
    (state): Move<DocumentState, DocumentEvent> => [state, 'revoke', 'withdrawn'],
  ),
  ['accepted', 'revoke', 'withdrawn'],
  ['released', 'revoke', 'withdrawn'],
  ['closed', 'revoke', 'withdrawn'],
  ['released', 'release', 'released'],
  ['released', 'close', 'closed'],
  ['closed', 'close', 'closed'],
  // No receipt does this by itself: the book and the platform disagree until a person has chosen.
  ...(['draft', 'checked', 'withdrawn', 'superseded'] as const).flatMap((state) =>
    answered.map((to): Move<DocumentState, DocumentEvent> => [state, `adopt-${to}`, to]),
  ),
  ['released', 'adopt-rejected', 'rejected'],
  ['closed', 'adopt-rejected', 'rejected'],
];

export const documentMachine = machine<DocumentState, DocumentEvent>('document', moves);

/** Documents of these states may still be changed and withdrawn without the platform's knowledge. */
export const editableStates: readonly DocumentState[] = ['draft', 'checked'];

/** Documents of these states are stored and accepted at customs: what depends on them may go. */
export const settledStates: readonly DocumentState[] = ['accepted', 'released', 'closed'];
