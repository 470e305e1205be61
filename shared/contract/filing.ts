import { z } from 'zod';
import { requestNames } from '../documents/catalogue.ts';
import { circuitStates } from '../sync/circuit.ts';
import { behaviour } from '../sync/protocol.ts';
import {
  currencyCode,
  decimalText,
  fileToken,
  findingSchema,
  isoInstant,
  pageInput,
  pageOf,
  totalSchema,
} from './common.ts';
import { editOperation } from './document-edit.ts';
import { command, job, query } from './operation.ts';

/** Every message the firm sends, in the order of filing. */
export const documentKinds = requestNames;
export const documentKind = z.enum(documentKinds);
/** What in the book is filed by a message of its own, without an order. */
export const filingSubjectKinds = [
  'money-record',
  'trade-credit-report',
  'registration',
  'statistics-report',
  'listing',
  'pledge',
] as const;
export type FilingSubjectKind = (typeof filingSubjectKinds)[number];
export const filingSubject = z.object({ kind: z.enum(filingSubjectKinds), id: z.number().int() });
export const documentStates = [
  'draft',
  'checked',
  'queued',
  'sending',
  'unknown',
  'sent',
  'accepted',
  'rejected',
  'released',
  'closed',
  'withdrawn',
  'superseded',
] as const;
export const documentState = z.enum(documentStates);
export const messageStates = ['unsigned', 'queued', 'sending', 'unknown', 'sent', 'refused', 'withdrawn'] as const;

export const documentFilter = z.object({
  kind: documentKind.optional(),
  state: documentState.optional(),
  shipmentId: z.number().int().optional(),
  /** Only those with findings of the level. */
  level: z.enum(['reject', 'doubt']).optional(),
  text: z.string().optional(),
  /** A document by id, with the papers that are checked and filed with it. */
  caseOf: z.number().int().optional(),
  /** Only drafts that may have left before the book was brought back from a copy, of which a person has yet to say so. */
  asked: z.boolean().optional(),
  /** Only what left in messages of the month of China; versions that another one followed are among it. */
  sentIn: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional(),
});

export const documentRow = z.object({
  id: z.number().int(),
  kind: documentKind,
  businessKey: z.string(),
  version: z.number().int(),
  orderNo: z.string(),
  /** Old customs numeric country code (运抵国), lists only. */
  country: z.string().optional(),
  /** The other side of a form. */
  party: z.string().optional(),
  packages: z.string().optional(),
  grossWeight: z.string().optional(),
  amount: decimalText,
  currency: currencyCode,
  state: documentState,
  statusCode: z.string().optional(),
  statusInfo: z.string().optional(),
  rejectFindings: z.number().int(),
  doubtFindings: z.number().int(),
  stale: z.boolean(),
});

/** A business document as the catalogue has it: groups as nested objects, repeated groups as arrays, decimals as text. */
export const documentBody = z.record(z.string(), z.unknown());

export const documentDetail = documentRow.extend({
  guid: z.string(),
  body: documentBody,
  findings: z.array(findingSchema),
  /** `detail` of a contradiction or conflict has both sides: `status`, `time` and `stands`, `standsTime`, or `ours` and `theirs`. */
  timeline: z.array(
    z.object({
      at: isoInstant,
      from: z.string(),
      to: z.string(),
      event: z.string(),
      detail: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  receipts: z.array(
    z.object({ statusCode: z.string(), statusTime: z.string(), info: z.string(), receivedAt: isoInstant }),
  ),
  orderId: z.number().int().optional(),
  shipmentId: z.number().int().optional(),
  /** What a document without an order declares. */
  subject: filingSubject.optional(),
  messageGuid: z.string().optional(),
  platformNo: z.string().optional(),
  /** In a book brought back from a copy: it may have left before (`asked`), or a person said that it did (`left`). */
  leftBefore: z.enum(['asked', 'left']).optional(),
  siblings: z.array(z.object({ id: z.number().int(), kind: documentKind, state: documentState })),
});

export const connectionState = z.enum(['none', 'offline', 'online', 'silent']);

/** One endpoint's lane: what is known of the way there. */
export const lane = z.object({
  id: z.string(),
  name: z.string(),
  isCurrent: z.boolean(),
  /** Taken out of use, with nothing left to send: it is still asked for receipts, and that it is gone is no failure. */
  isRetired: z.boolean(),
  connection: z.enum(['offline', 'online', 'silent']),
  circuit: z.object({
    state: z.enum(circuitStates),
    failures: z.number().int(),
    code: z.string(),
    since: isoInstant,
    until: isoInstant,
    lastSuccessAt: isoInstant.optional(),
  }),
  /** Code of the error that holds it until a person has looked. */
  halted: z.string().optional(),
  queued: z.number().int(),
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** Hours of the day in China time in which the queue sends by itself. */
export const sendingHours = z.object({ from: timeOfDay, to: timeOfDay });

export const syncStatus = z.object({
  connection: connectionState,
  endpoint: z.object({ url: z.string(), name: z.string(), enrolled: z.boolean() }).optional(),
  paused: z.boolean(),
  /** True when the endpoint is the practice platform started from this desk. */
  practice: z.boolean(),
  /** Frozen messages that wait for their signature (待签名). */
  unsigned: z.number().int(),
  queued: z.number().int(),
  awaitingReceipt: z.number().int(),
  rejected: z.number().int(),
  /** Open conflicts: what the platform holds differently. */
  conflicts: z.number().int(),
  /** Messages that wait because they no longer pass the check. */
  unfit: z.number().int(),
  /** One an endpoint that the queue goes to. */
  lanes: z.array(lane),
  hours: sendingHours.optional(),
  /** The book was brought back from a copy. */
  restored: z
    .object({
      at: isoInstant,
      /** Of when the copy was. */
      copiedAt: isoInstant,
      /** Names of endpoints that have yet to tell what left for them: nothing is queued for these. */
      unheard: z.array(z.string()),
      /** Drafts of which only a person can say whether they left, by kind. */
      asked: z.array(z.object({ kind: documentKind, documents: z.number().int() })),
    })
    .optional(),
  running: z.boolean(),
  lastContactAt: isoInstant.optional(),
  nextTryAt: isoInstant.optional(),
  lastError: z.string().optional(),
});
export type SyncStatus = z.infer<typeof syncStatus>;

export const syncSummary = z.object({
  sent: z.number().int(),
  refused: z.number().int(),
  receipts: z.number().int(),
  accepted: z.number().int(),
  released: z.number().int(),
  rejected: z.number().int(),
  /** Exchange rates newly taken from the platform. */
  rates: z.number().int(),
  /** Events of goods under way that endpoints told and the book did not have. */
  milestones: z.number().int(),
  queued: z.number().int(),
  awaitingReceipt: z.number().int(),
  connection: connectionState,
});

/** Findings of one document, whatever its state; left out: of every draft. */
const findingsOf = { documentId: z.number().int().optional() };

export const filing = {
  'documents.list': query(
    documentFilter.extend(pageInput),
    pageOf(documentRow).extend({ totals: z.array(totalSchema) }),
  ),
  'documents.counts': query(
    z.object({}),
    z.object({ counts: z.array(z.object({ kind: documentKind, state: documentState, documents: z.number().int() })) }),
  ),
  'documents.get': query(z.object({ id: z.number().int() }), documentDetail),
  /** Changes fields of a draft by path (`InventoryHead/billNo`, `InventoryList[2]/qty`), and its lines; checks it again. */
  'documents.edit': command(
    z.object({
      id: z.number().int(),
      changes: z.array(z.object({ path: z.string(), value: z.string() })).default([]),
      operations: z.array(editOperation).default([]),
    }),
    documentDetail,
  ),
  /**
   * A rejected document becomes a new draft version with the same business key; the old one stays as it was sent. Refusals:
   * `REVISE_NOT_REJECTED`; `BATCH_RELEASE_TAKEN` {number, declaration} where a release it held is void or in another declaration by now.
   */
  'documents.revise': command(z.object({ id: z.number().int() }), documentDetail),
  /**
   * What `documents.refresh` would change in the order's drafts, the first hundred fields: what was typed or applied by hand is
   * among it, since the draft is drawn whole. `added` and `away`: papers it would add, and drafts it would give up. Of a filing without an
   * order nothing is told. Refusals: those of `documents.refresh`.
   */
  'documents.refreshPlan': query(
    z.object({ id: z.number().int() }),
    z.object({
      rows: z.array(
        z.object({
          documentId: z.number().int(),
          kind: documentKind,
          businessKey: z.string(),
          path: z.string(),
          from: z.string(),
          to: z.string(),
        }),
      ),
      total: z.number().int(),
      added: z.number().int(),
      away: z.number().int(),
    }),
  ),
  /** Draws the draft anew from its order, products, shipment and waybill (after those changed). */
  'documents.refresh': command(z.object({ id: z.number().int() }), documentDetail),
  /** Checks drafts (all of the filter); `checked` those without a `reject` finding. */
  'documents.check': job(
    documentFilter,
    z.object({
      documents: z.number().int(),
      clean: z.number().int(),
      reject: z.number().int(),
      doubt: z.number().int(),
      rules: z.array(
        z.object({ rule: z.string(), level: z.enum(['reject', 'doubt', 'note']), documents: z.number().int() }),
      ),
    }),
  ),
  'documents.findings': query(
    z.object({ level: z.enum(['reject', 'doubt']).optional(), ...findingsOf, ...pageInput }),
    pageOf(findingSchema.extend({ documentId: z.number().int(), kind: documentKind, businessKey: z.string() })),
  ),
  'documents.exportFindings': command(z.object({ ...findingsOf, to: fileToken }), z.object({ rows: z.number().int() })),
  /** 检查报告 as a PDF: findings, then the checks switched off. Refusals: `PRINT_NEEDS_WINDOW`, `REPORT_TOO_LONG` {most}. */
  'documents.printFindings': job(z.object({ ...findingsOf, to: fileToken }), z.object({ rows: z.number().int() })),
  /**
   * Reminders (提醒, level `doubt`) of checked documents that nobody has given a reason for yet: one row each while they are few, else
   * one row a rule, with an example of it.
   */
  'documents.reminders': query(
    documentFilter,
    z.object({
      total: z.number().int(),
      rows: z.array(
        findingSchema.extend({
          /** Left out where the row stands for every finding of its rule. */
          documentId: z.number().int().optional(),
          kind: documentKind,
          businessKey: z.string(),
          findings: z.number().int(),
          documents: z.number().int(),
        }),
      ),
    }),
  ),
  /**
   * Writes down why the filter's checked documents go on with their reminders: for every one of a rule, or for one finding. Refusal:
   * `REMINDERS_NONE` when none of them is open any more.
   */
  'documents.explain': command(
    documentFilter.extend({
      reasons: z
        .array(
          z.object({
            /** Left out: of every rule. */
            rule: z.string().optional(),
            documentId: z.number().int().optional(),
            path: z.string().optional(),
            reason: z.string().trim().min(1).max(300),
          }),
        )
        .min(1),
    }),
    z.object({ findings: z.number().int() }),
  ),
  /**
   * What a person says of documents of a book brought back from a copy: that they left before (they are sent then, and what receipts say of
   * them is applied to them), or never did (they may be filed). `id`: of this one, also to take back what was said; else of all of the
   * filter that are asked about. Refusal: `LEFT_NOT_ASKED`.
   */
  'documents.sayLeft': command(
    documentFilter.extend({ id: z.number().int().optional(), word: z.enum(['left', 'never']) }),
    z.object({ documents: z.number().int() }),
  ),
  /** Freezes checked documents into messages (100 at most each) and queues them; every check runs once more. */
  'documents.queue': job(
    documentFilter.extend({
      /** What becomes of documents whose reminders nobody gave a reason for: a person at the desk is asked, a script goes on. */
      unexplained: z.enum(['go', 'hold']).default('go'),
    }),
    z.object({
      documents: z.number().int(),
      messages: z.number().int(),
      held: z.number().int(),
      /** Messages, within `messages`, that still wait for their signature. */
      unsigned: z.number().int(),
      /** Orders held because their records (三单) contradict each other, within `held`; and queued with a doubt. */
      matchHeld: z.number().int(),
      matchDoubts: z.number().int(),
      /** Documents held because nobody has approved them, within `held`. */
      reviewHeld: z.number().int(),
      /** Documents held because a reminder has no reason, within `held`; reminders that went on without one. */
      reasonHeld: z.number().int(),
      /** Documents held because their shipment's own score is high and nobody gave a reason, within `held`: a reminder asks for it. */
      riskHeld: z.number().int(),
      unexplained: z.number().int(),
    }),
  ),
  /**
   * Writes what is queued as files to be handed in by hand; what goes through an import client's folders is left out. Refusal:
   * `CARRY_NOT_FOR_FOLDERS` {name} when nothing else is queued, `OUTBOX_UNFIT` {messages} when none of it passes the check with the tables and
   * rules in force; `unfit` of them were left out for that.
   */
  'outbox.export': command(z.object({ to: fileToken }), z.object({ files: z.number().int(), unfit: z.number().int() })),
  'sync.status': query(z.object({}), syncStatus),
  'sync.now': job(z.object({}), syncSummary),
  'sync.pause': command(z.object({ paused: z.boolean() }), syncStatus),
  'sync.setEndpoint': command(z.object({ url: z.string(), name: z.string() }), syncStatus),
  /** Starts the practice platform (演练平台) in a process of its own and makes it the endpoint. */
  'practice.start': command(z.object({}), syncStatus),
  'practice.stop': command(z.object({}), syncStatus),
  /** How the practice platform behaves now. Refusal: `PRACTICE_NOT_RUNNING`. */
  'practice.behaviour': query(z.object({}), behaviour),
  /** Makes it misbehave as told, and in nothing else. Refusal: `PRACTICE_NOT_RUNNING`. */
  'practice.behave': command(behaviour, z.object({})),
} as const;
