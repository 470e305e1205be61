import { z } from 'zod';
import { findingSchema, isoInstant, pageInput, pageOf } from './common.ts';
import { documentKind, documentState, messageStates, sendingHours, syncSummary } from './filing.ts';
import { command, job, query } from './operation.ts';

/** What a message may be asked for by: all parts must hold. */
export const queueFilter = z.object({
  state: z.enum(messageStates).optional(),
  kind: documentKind.optional(),
  endpoint: z.string().optional(),
  /** Queued ones by what they wait for; `disputed`: a choice between the book and the platform; `unfit`: a correction. */
  waiting: z.enum(['due', 'dependency', 'backoff', 'held', 'unfit', 'disputed']).optional(),
  /** Its number, the beginning of its GUID, or part of the number of one of its documents. */
  text: z.string().max(100).optional(),
});
export type QueueFilter = z.infer<typeof queueFilter>;

/** Messages by GUID, or all of a filter. */
export const queueSelection = z.union([
  z.object({ guids: z.array(z.string()).min(1).max(10_000) }),
  z.object({ filter: queueFilter }),
]);
export type QueueSelection = z.infer<typeof queueSelection>;

/**
 * Why a message is where it is, i18n id `waiting.<why>`: `signature` (to be signed), `in-flight`, `done`; unknown: `enquiry`, `conflict`; queued: `held`
 * (by the user), `unfit` (fails the check with the tables and rules in force since), `dependency`, `paused`, `halted` (by an error), `no-endpoint`, `carry` (by hand), `carried` (out, and no receipt yet), `not-enrolled`, `unheard`
 * (the book was brought back from a copy, and the endpoint has yet to tell what it has), `kind` (the endpoint does not take it), `too-large`, `circuit`, `backoff`, `hours`, `offline`, `due`.
 */
export const waitingReasons = [
  'signature',
  'in-flight',
  'done',
  'enquiry',
  'conflict',
  'held',
  'unfit',
  'dependency',
  'paused',
  'halted',
  'no-endpoint',
  'carry',
  'carried',
  'not-enrolled',
  'unheard',
  'kind',
  'too-large',
  'circuit',
  'backoff',
  'hours',
  'offline',
  'due',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

export const messageRow = z.object({
  guid: z.string(),
  kind: z.string(),
  seq: z.number().int(),
  documents: z.number().int(),
  bytes: z.number().int(),
  state: z.enum(messageStates),
  attempts: z.number().int(),
  /** Not before this instant; of one that waits for something else than time, when it became due. */
  nextAttemptAt: isoInstant,
  why: z.enum(waitingReasons),
  /** Number of the first message it waits for. */
  dependsOn: z.number().int().optional(),
  /** Code of the last failure: of its own, or of its endpoint where that is why it waits. */
  lastError: z.string().optional(),
  /** -1 later, 0 as it comes, 1 sooner, 2 urgent. */
  priority: z.number().int().min(-1).max(2),
  endpoint: z.object({ id: z.string(), name: z.string() }).optional(),
  queuedAt: isoInstant,
  sentAt: isoInstant.optional(),
});

export const conflictView = z.object({
  id: z.number().int(),
  /** What the two sides differ in: the document's state, its number at customs, another value of a receipt, or the bytes under a message's GUID. */
  kind: z.enum(['state', 'number', 'field', 'content']),
  /** The field of the receipt, and which receipt. */
  field: z.string().optional(),
  receiptKind: z.string().optional(),
  documentId: z.number().int().optional(),
  messageGuid: z.string().optional(),
  messageSeq: z.number().int().optional(),
  documentKind: documentKind.optional(),
  businessKey: z.string().optional(),
  ours: z.string(),
  theirs: z.string(),
  /** What both last agreed on; left out where they never did. */
  agreed: z.string().optional(),
  /** Status and time of the platform's word (`returnStatus`, `returnTime`). */
  status: z.string().optional(),
  statusTime: z.string().optional(),
  info: z.string().optional(),
  foundAt: isoInstant,
  choice: z.enum(['ours', 'theirs']).optional(),
  reason: z.string().optional(),
  chosenAt: isoInstant.optional(),
});

export const outbox = {
  'outbox.list': query(queueFilter.extend(pageInput), pageOf(messageRow)),
  /** Refusal: `MESSAGE_UNKNOWN` {guid}. */
  'outbox.get': query(
    z.object({ guid: z.string() }),
    messageRow.extend({
      sha256: z.string(),
      signatureKind: z.string(),
      /** Documents of the same orders that have to be further along first, at most twenty. */
      waitsFor: z.array(
        z.object({
          id: z.number().int(),
          kind: documentKind,
          businessKey: z.string(),
          state: documentState,
          seq: z.number().int().optional(),
        }),
      ),
      /** Its documents, at most a hundred. */
      contents: z.array(
        z.object({ id: z.number().int(), kind: documentKind, businessKey: z.string(), state: documentState }),
      ),
      /** What was found on the documents of one that no longer passes the check, at most fifty. */
      findings: z.array(findingSchema.extend({ documentId: z.number().int(), businessKey: z.string() })),
      timeline: z.array(
        z.object({
          at: isoInstant,
          from: z.string(),
          to: z.string(),
          event: z.string(),
          detail: z.record(z.string(), z.union([z.string(), z.number()])),
        }),
      ),
      /** The platform's receipts about it as they came, newest first, at most a hundred. */
      receipts: z.array(
        z.object({
          id: z.number().int(),
          platformId: z.string(),
          receivedAt: isoInstant,
          state: z.enum(['stored', 'applied', 'parked']),
          problem: z.string().optional(),
          bytes: z.number().int(),
        }),
      ),
      receiptCount: z.number().int(),
      conflicts: z.array(conflictView),
    }),
  ),
  /** The raw text of a receipt, at most 200,000 characters of it. Refusal: `RECEIPT_UNKNOWN` {id}. */
  'outbox.receipt': query(
    z.object({ id: z.number().int() }),
    z.object({ text: z.string(), isWhole: z.boolean(), platformId: z.string(), receivedAt: isoInstant }),
  ),
  /**
   * Steers queued messages: holds them or lets them go, puts them sooner or later. What an urgent list waits for becomes urgent
   * with it. Those no longer queued are left alone. `messages`: how many were changed.
   */
  'outbox.steer': job(
    z.object({ which: queueSelection, how: z.enum(['hold', 'release', 'later', 'normal', 'sooner', 'urgent']) }),
    z.object({ messages: z.number().int() }),
  ),
  /** Lets queued messages go, cuts their back-off short and sends them now. Refusals: `SYNC_NO_ENDPOINT`, `SYNC_PAUSED`. */
  'outbox.sendNow': job(z.object({ which: queueSelection }), syncSummary),
  /** Takes a message back that is to be signed or queued: its documents are drafts again. Refused once it may have left. */
  'outbox.withdraw': command(z.object({ guid: z.string() }), z.object({ documents: z.number().int() })),
  /** Takes back all that have not left; `kept` of them may have and stay. A cancel keeps what was taken back so far. */
  'outbox.withdrawMany': job(
    z.object({ which: queueSelection }),
    z.object({ messages: z.number().int(), documents: z.number().int(), kept: z.number().int() }),
  ),
  /** Sets the hours in which the queue sends by itself; left out: all day. Urgent messages and a click do not wait for them. */
  'outbox.setHours': command(z.object({ hours: sendingHours.optional() }), z.object({})),
  /** What the platform holds differently, oldest first. */
  'outbox.conflicts': query(z.object({ decided: z.boolean().default(false), ...pageInput }), pageOf(conflictView)),
  /**
   * Fields in which the bytes of a content conflict differ, the first three hundred; `known` where the platform told what it holds. Refusal:
   * `CONFLICT_UNKNOWN` {id}.
   */
  'outbox.differences': query(
    z.object({ id: z.number().int() }),
    z.object({
      known: z.boolean(),
      total: z.number().int(),
      kind: z.string(),
      rows: z.array(z.object({ position: z.number().int(), path: z.string(), ours: z.string(), theirs: z.string() })),
    }),
  ),
  /**
   * Chooses a side of a conflict. `theirs` of a state, number or field takes the platform's into the book, of a content lets the
   * platform's stand as sent; `ours` of a content sends the documents anew under another GUID. Refusals: `CONFLICT_UNKNOWN` {id},
   * `CONFLICT_DECIDED` {id}, `CONFLICT_MOVED` {number} when the document has moved on since, `BATCH_RELEASE_TAKEN` {number, declaration}
   * when what it declares was declared anew since.
   */
  'outbox.choose': command(
    z.object({ id: z.number().int(), choice: z.enum(['ours', 'theirs']), reason: z.string().trim().min(1).max(500) }),
    z.object({}),
  ),
} as const;
