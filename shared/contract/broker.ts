/** The broker’s desk (报关行): delegations, maker and checker, fee notes. */
import { z } from 'zod';
import { decimalText, fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { documentKind, documentState } from './filing.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int();
const reason = z.string().trim().min(1).max(500);
const written = z.object({ rows: z.number().int() });

// Delegations (委托) --------------------------------------------------------------------------------------------------
export const delegationInput = z.object({
  id: id.optional(),
  number: z.string().trim().min(1).max(60),
  principalName: z.string().trim().min(1).max(100),
  /** 统一社会信用代码 of the one who lets declare (委托方) and of the one who declares (被委托方). */
  principalUscc: z.string().trim(),
  /** 10-digit customs code; empty: not known. */
  principalCustoms: z.string().trim().default(''),
  agentName: z.string().trim().min(1).max(100),
  agentUscc: z.string().trim(),
  agentCustoms: z.string().trim().default(''),
  /** Supervision modes (监管方式), four digits; none: all of them. */
  modes: z
    .array(z.string().regex(/^\d{4}$/))
    .max(50)
    .default([]),
  /** Messages; none: all of them. */
  kinds: z.array(documentKind).default([]),
  fromOn: isoDate,
  untilOn: isoDate,
  note: z.string().trim().max(500).default(''),
});
export const delegationStates = ['future', 'active', 'expired', 'revoked'] as const;
export const delegationRow = delegationInput.required().extend({
  state: z.enum(delegationStates),
  /** Days to its last day; below zero: over. */
  daysLeft: z.number().int(),
  revokedOn: isoDate.optional(),
  revokeReason: z.string(),
  /** Papers on file. */
  papers: z.number().int(),
});

// Maker and checker (制单, 复核) ---------------------------------------------------------------------------------------
/** What each may do: shared/rights.ts. */
export const clerkRoles = ['owner', 'maker', 'checker', 'finance', 'cooperative', 'reader'] as const;
export type ClerkRole = (typeof clerkRoles)[number];
const clerkRole = z.enum(clerkRoles);
const clerk = z.object({
  id,
  name: z.string(),
  isActive: z.boolean(),
  role: clerkRole,
  /** Whether he has to prove himself by a PIN. */
  hasPin: z.boolean(),
});
/** `waiting`: checked, for another clerk to approve; `marked`: something was found; `unclaimed`: nobody is down as its maker. */
export const reviewStates = ['waiting', 'marked', 'unclaimed', 'approved'] as const;
export const reviewRow = z.object({
  id,
  kind: documentKind,
  businessKey: z.string(),
  amount: decimalText,
  currency: z.string(),
  documentState,
  state: z.enum(reviewStates),
  maker: z.string(),
  checker: z.string(),
  openMarks: z.number().int(),
  changedAt: isoInstant,
  /** The present clerk may approve it now. */
  mayApprove: z.boolean(),
});
export const reviewMark = z.object({
  id,
  /** Empty: the document as a whole. */
  path: z.string(),
  comment: z.string(),
  by: z.string(),
  at: isoInstant,
  resolvedBy: z.string().optional(),
  resolvedAt: isoInstant.optional(),
  answer: z.string(),
});
export const clerkRate = z.object({
  clerk: z.string(),
  /** Documents made within the days of which the clerk was the last hand, or the maker when a mark was put. */
  made: z.number().int(),
  /** Of them: with a mark put on the clerk's work; such marks in all; rejected by customs as the clerk left them; with either. */
  marked: z.number().int(),
  marks: z.number().int(),
  rejected: z.number().int(),
  wrong: z.number().int(),
  /** `wrong` of `made` in percent, two decimals, half-up; absent for no document. */
  rate: z.string().optional(),
  /** Approved by the clerk within the days; of them rejected by customs all the same. */
  approved: z.number().int(),
  missed: z.number().int(),
});
const days = z.object({ from: isoDate, until: isoDate });

// Fee notes (代理费) ---------------------------------------------------------------------------------------------------
/** Yuan with at most two decimals. */
const yuan = z.string().regex(/^\d{1,10}(\.\d{1,2})?$/);
const feeKind = z.union([z.literal(''), documentKind]);
const feeMode = z.union([z.literal(''), z.string().regex(/^\d{4}$/)]);
export const feeTariffRow = z.object({ kind: feeKind, mode: feeMode, fee: yuan });
const feeLine = z.object({
  documentId: id,
  kind: documentKind,
  mode: z.string(),
  number: z.string(),
  filedOn: isoDate,
  fee: yuan,
});
export const feeNoteRow = z.object({
  id,
  number: z.string(),
  clientCode: z.string(),
  clientName: z.string(),
  from: isoDate,
  to: isoDate,
  documents: z.number().int(),
  total: yuan,
  drawnAt: isoInstant,
  voidedAt: isoInstant.optional(),
  voidReason: z.string(),
});

// Worklist ------------------------------------------------------------------------------------------------------------
/** Counts only: no name, no number, nothing of what is counted. */
export const bookSummary = z.object({
  at: isoInstant,
  rejected: z.number().int(),
  due: z.number().int(),
  toReview: z.number().int(),
  awaiting: z.number().int(),
  /** Red flags that nobody has closed; none in what a version before this left. */
  flags: z.number().int().default(0),
  /** Goods that came back and are not yet sold, sent out or scrapped. */
  returns: z.number().int().default(0),
});
export type BookSummary = z.infer<typeof bookSummary>;

export const broker = {
  /** Delegations, those in force first; `agent`: whom the firm lets declare by its profile, and whether one in force covers that today. */
  'delegations.list': query(
    z.object({ date: isoDate }),
    z.object({
      rows: z.array(delegationRow),
      agent: z.object({ code: z.string(), name: z.string(), isCovered: z.boolean() }).optional(),
    }),
  ),
  /**
   * Refusals: `USCC_LENGTH`, `USCC_CHARACTER`, `USCC_CHECK` {expected}, `CUSTOMS_CODE_FORMAT`, `DELEGATION_SELF`,
   * `DELEGATION_DATES` {from, until}, `DELEGATION_NUMBER_TAKEN` {number}, `DELEGATION_REVOKED` {number}, `DELEGATION_UNKNOWN` {id}.
   */
  'delegations.save': command(delegationInput, z.object({ id })),
  /** Ends it from a day on, with the reason; it is kept. Refusals: `DELEGATION_UNKNOWN`, `DELEGATION_REVOKED`. */
  'delegations.revoke': command(z.object({ id, on: isoDate, reason }), z.object({})),

  'clerks.list': query(
    z.object({}),
    z.object({
      rows: z.array(clerk),
      /** Who sits at the desk. */
      current: clerk.optional(),
      /** Roles count: an active clerk may not do everything. Then nobody in particular may only read. */
      hasRoles: z.boolean(),
      /** What the present clerk may do now: nothing but reading until he has proved himself, where he has a PIN. */
      role: clerkRole,
      isProved: z.boolean(),
      /** Documents leave only when another clerk than their maker has approved them. */
      isRequired: z.boolean(),
    }),
  ),
  /**
   * `role` and `pin` left out stay as they are; an empty PIN takes it away. Refusals: `CLERK_NAME_TAKEN` {name}, `CLERK_UNKNOWN` {id},
   * `REVIEW_NEEDS_TWO` for one too few while review is required, `ROLE_NEEDS_OWNER` where somebody may not do everything and nobody who
   * may has a PIN.
   */
  'clerks.save': command(
    z.object({
      id: id.optional(),
      name: z.string().trim().min(1).max(40),
      isActive: z.boolean().default(true),
      role: clerkRole.optional(),
      pin: z
        .string()
        .max(60)
        .refine((text) => text === '' || text.length >= 4, 'at least 4 characters')
        .optional(),
    }),
    z.object({ id }),
  ),
  /**
   * Says who sits at the desk; null: nobody in particular. The book's recovery key stands for a forgotten PIN. Refusals: `CLERK_UNKNOWN`,
   * `CLERK_INACTIVE` {name}, `CLERK_PIN_WRONG` {name}, `CLERK_PIN_WAIT` {seconds}.
   */
  'clerks.choose': command(z.object({ id: id.nullable(), pin: z.string().max(60).default('') }), z.object({})),
  /** Refusal: `REVIEW_NEEDS_TWO`. */
  'review.require': command(z.object({ isRequired: z.boolean() }), z.object({})),
  'review.list': query(
    z.object({ state: z.enum(reviewStates).optional(), text: z.string().optional(), ...pageInput }),
    pageOf(reviewRow).extend({
      counts: z.object({
        waiting: z.number().int(),
        marked: z.number().int(),
        unclaimed: z.number().int(),
        approved: z.number().int(),
      }),
    }),
  ),
  'review.get': query(
    z.object({ id }),
    z.object({
      isRequired: z.boolean(),
      current: z.string().optional(),
      maker: z.string(),
      hands: z.array(z.string()),
      marks: z.array(reviewMark),
      approval: z.object({ by: z.string(), at: isoInstant }).optional(),
      /** Why the present clerk may not approve it: the code of the refusal with its parameters. */
      obstacle: z
        .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
        .optional(),
    }),
  ),
  /**
   * Approves documents, all or none; they are frozen. Refusals: `CLERK_NOT_CHOSEN`, `DOCUMENT_APPROVED` {number, clerk},
   * `DOCUMENT_FROZEN`, `REVIEW_NOT_CHECKED` {number}, `REVIEW_MARKS_OPEN` {number, marks}, `REVIEW_MAKER_UNKNOWN` {number},
   * `REVIEW_OWN_WORK` {number, clerk}.
   */
  'review.approve': command(z.object({ ids: z.array(id).min(1).max(500) }), z.object({ approved: z.number().int() })),
  /** Takes an approval back. Refusals: `CLERK_NOT_CHOSEN`, `REVIEW_NOT_APPROVED` {number}, `DOCUMENT_FROZEN` once it is queued. */
  'review.reopen': command(z.object({ id, reason }), z.object({})),
  /** Marks a field, or the document. Refusals: `CLERK_NOT_CHOSEN`, `DOCUMENT_APPROVED`, `DOCUMENT_FROZEN`, `FIELD_UNKNOWN` {path}. */
  'review.mark': command(z.object({ id, path: z.string().max(200), comment: reason }), z.object({ markId: id })),
  /** Settles a mark, or opens it again. Refusals: `CLERK_NOT_CHOSEN`, `REVIEW_MARK_UNKNOWN` {id}, `DOCUMENT_APPROVED`. */
  'review.resolve': command(
    z.object({ markId: id, isResolved: z.boolean(), answer: z.string().trim().max(500).default('') }),
    z.object({}),
  ),
  /** Puts the present clerk down as maker of documents nobody is down for. Refusals: `CLERK_NOT_CHOSEN`, `REVIEW_HAS_MAKER` {number, clerk}. */
  'review.claim': command(z.object({ ids: z.array(id).min(1).max(500) }), z.object({ claimed: z.number().int() })),
  /** Fees by message and mode; empty: any. The closest line holds: both, message, mode, any. */
  'feeTariff.get': query(z.object({}), z.object({ rows: z.array(feeTariffRow) })),
  /** The whole tariff anew. Refusal: `FEE_LINE_TWICE` {kind, mode}. */
  'feeTariff.save': command(z.object({ rows: z.array(feeTariffRow).max(500) }), z.object({})),
  /**
   * What a client's documents of a period come to: accepted by customs, filed within the days (China), not charged yet. `unpriced`:
   * documents that no line of the tariff fits. `clients`: all with such documents.
   */
  'feeNotes.plan': query(
    days.extend({ clientCode: z.string().default('') }),
    z.object({
      clients: z.array(z.object({ code: z.string(), name: z.string(), documents: z.number().int() })),
      lines: z.array(feeLine),
      unpriced: z.array(z.object({ kind: documentKind, mode: z.string(), documents: z.number().int() })),
      total: yuan,
    }),
  ),
  /** Draws the note of what `feeNotes.plan` shows. Refusals: `FEE_NOTHING` {client}, `FEE_UNPRICED` {documents}. */
  'feeNotes.draw': command(days.extend({ clientCode: z.string().min(1) }), z.object({ id, number: z.string() })),
  'feeNotes.list': query(z.object({}), z.object({ rows: z.array(feeNoteRow) })),
  'feeNotes.get': query(z.object({ id }), feeNoteRow.extend({ lines: z.array(feeLine) })),
  /** Takes a note back; its documents may be charged again. Refusals: `FEE_NOTE_UNKNOWN` {id}, `FEE_NOTE_VOID` {number}. */
  'feeNotes.void': command(z.object({ id, reason }), z.object({})),
  'feeNotes.print': job(z.object({ id, to: fileToken }), written),
  'feeNotes.export': job(z.object({ id, to: fileToken }), written),
  'review.rates': query(days, z.object({ rows: z.array(clerkRate), unclaimed: z.number().int() })),
  'review.print': job(days.extend({ to: fileToken }), written),
  'review.export': job(days.extend({ to: fileToken }), written),
} as const;
