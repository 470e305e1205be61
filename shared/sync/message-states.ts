import type { messageStates } from '../contract/filing.ts';
import { type Move, machine } from './machine.ts';

export type MessageState = (typeof messageStates)[number];

/**
 * What happens to a message (报文) in the outbox.
 *
 * - `sign`: its signature was put in; a message that needs none begins as queued.
 * - `lease`: an attempt begins; the row says so before the first byte leaves.
 * - `deliver`: the platform's transport receipt names this GUID and these bytes.
 * - `postpone`: the attempt ended and nothing can have been stored (connection refused, 429, 503).
 * - `lose`: the attempt ended and it may have been stored (cut connection, silence, 500).
 * - `expire`: the process that held the lease is gone.
 * - `doubt`: the book was brought back from a copy: the one that was lost may have sent it since.
 * - `find` / `miss`: the enquiry's answer. Only a `miss` leads to sending again.
 * - `refuse`: the platform will never take it (schema, reused GUID, too large), or the book holds its bytes damaged.
 * - `hear`: a business receipt for it arrived: proof that it was stored, whatever became of the reply.
 * - `withdraw`: the user takes it back before the first attempt; or the book was brought back from a copy, and what stands in it lies at the
 *   platform in another message while this one does not.
 * - `regroup`: it is taken apart and its documents leave in others, under new GUIDs: too large for the platform, which has
 *   stored nothing of it, or a person decided so where the platform holds something else under its GUID.
 * - `adopt`: the platform has what the book took back, handed in by hand, and a person decided that it stands.
 *
 * Besides these `export` is recorded for a message that is written to a file to be handed in: its state stays, but it may
 * have left.
 */
export type MessageEvent =
  | 'sign'
  | 'lease'
  | 'deliver'
  | 'postpone'
  | 'lose'
  | 'expire'
  | 'doubt'
  | 'find'
  | 'miss'
  | 'refuse'
  | 'hear'
  | 'withdraw'
  | 'regroup'
  | 'adopt';

const moves: readonly Move<MessageState, MessageEvent>[] = [
  ['unsigned', 'sign', 'queued'],
  ['unsigned', 'withdraw', 'withdrawn'],
  ['unsigned', 'refuse', 'refused'],
  // A book brought back from a copy may have been signed and sent by the one that was lost.
  ['unsigned', 'hear', 'sent'],
  ['queued', 'lease', 'sending'],
  ['queued', 'withdraw', 'withdrawn'],
  ['queued', 'refuse', 'refused'],
  ['queued', 'regroup', 'withdrawn'],
  ['queued', 'hear', 'sent'],
  ['queued', 'doubt', 'unknown'],
  ['sending', 'deliver', 'sent'],
  ['sending', 'postpone', 'queued'],
  ['sending', 'lose', 'unknown'],
  ['sending', 'expire', 'unknown'],
  ['sending', 'doubt', 'unknown'],
  ['sending', 'refuse', 'refused'],
  ['sending', 'regroup', 'withdrawn'],
  ['sending', 'hear', 'sent'],
  ['unknown', 'find', 'sent'],
  ['unknown', 'miss', 'queued'],
  ['unknown', 'refuse', 'refused'],
  ['unknown', 'regroup', 'withdrawn'],
  ['unknown', 'hear', 'sent'],
  ['withdrawn', 'adopt', 'sent'],
];

export const messageMachine = machine<MessageState, MessageEvent>('message', moves);
