/** What is kept on buyers' complaints (投诉登记) and on live selling (直播合规记录). */
import { z } from 'zod';
import { amountText } from './accounting.ts';
import { currencyCode, fileToken, isoDate, isoInstant, pageInput, pageOf, totalSchema } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int();

export const complaintChannels = ['platform', 'email', 'phone', 'authority', 'other'] as const;
export const complaintKinds = [
  ...(['quality', 'damaged', 'missing', 'late', 'description', 'safety', 'refund', 'other'] as const),
] as const;
export const complaintStates = ['open', 'answered', 'closed'] as const;
export const complaintOutcomes = ['refund', 'resend', 'return', 'explained', 'declined', 'withdrawn'] as const;

export const complaintInput = z.object({
  id: id.optional(),
  receivedOn: isoDate,
  dueOn: isoDate.nullable().default(null),
  channel: z.enum(complaintChannels),
  kind: z.enum(complaintKinds),
  /** Of an order in the book; blank: of none. */
  orderNo: z.string().trim().max(60).default(''),
  buyer: z.string().trim().max(100).default(''),
  text: z.string().trim().min(1).max(2000),
  demand: z.string().trim().max(500).default(''),
  /** Both or neither; major units, above zero. */
  currency: currencyCode.nullable().default(null),
  amount: amountText.nullable().default(null),
});
export const complaintRow = complaintInput.required().extend({
  number: z.string(),
  state: z.enum(complaintStates),
  /** Not closed, and the last day of the answer is over. */
  isLate: z.boolean(),
  outcome: z.enum(complaintOutcomes).nullable(),
  closedOn: isoDate.nullable(),
});

export const liveGood = z.object({
  sku: z.string().trim().min(1).max(100),
  /** What is said of it, and what proves that. */
  claims: z.string().trim().max(500).default(''),
  evidence: z.string().trim().max(300).default(''),
  /** The price called, as it is called, and where a struck-out price comes from. */
  price: z.string().trim().max(60).default(''),
  priceProof: z.string().trim().max(300).default(''),
});
export const liveSessionBody = z.object({
  title: z.string().trim().max(200).default(''),
  platform: z.string().trim().max(100).default(''),
  /** `hh:mm`; blank: not noted. */
  startsAt: z.union([z.literal(''), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)]).default(''),
  minutes: z.number().int().min(0).max(10_000).default(0),
  host: z.string().trim().max(100).default(''),
  /** The day the host's identity was looked at. Its number is not kept here. */
  hostVerifiedOn: isoDate.nullable().default(null),
  operator: z.string().trim().max(200).default(''),
  goods: z.array(liveGood).max(200).default([]),
  answers: z
    .record(
      z.string(),
      z.object({ answer: z.enum(['yes', 'no', 'none']), note: z.string().trim().max(300).default('') }),
    )
    .default({}),
  /** Where the recording lies: an address, a disk, a shelf. */
  recording: z.string().trim().max(500).default(''),
  note: z.string().trim().max(1000).default(''),
});
export type LiveSessionBody = z.output<typeof liveSessionBody>;
export const sessionGap = z.object({
  code: z.enum(['host', 'identity', 'recording', 'goods', 'evidence', 'priceProof', 'unanswered', 'failed']),
  at: z.string(),
});
export const liveSessionRow = z.object({
  id,
  number: z.string(),
  heldOn: isoDate,
  title: z.string(),
  platform: z.string(),
  host: z.string(),
  goods: z.number().int(),
  gaps: z.number().int(),
  keepUntil: isoDate,
});

export const services = {
  /** The newest first; open ones by their last day. `text` is looked for in number, order, buyer and what was said. */
  'complaints.list': query(
    z.object({ state: z.enum(complaintStates).optional(), text: z.string().optional(), ...pageInput }),
    pageOf(complaintRow).extend({
      counts: z.object({
        open: z.number().int(),
        answered: z.number().int(),
        closed: z.number().int(),
        late: z.number().int(),
      }),
    }),
  ),
  /** Refusal: `COMPLAINT_UNKNOWN` {id}. */
  'complaints.get': query(
    z.object({ id }),
    complaintRow.extend({
      /** The order's own id and what it is worth, where the complaint names one. */
      order: z.object({ id, orderDate: isoDate, ...totalSchema.shape }).nullable(),
      steps: z.array(
        z.object({ id, state: z.enum(complaintStates), text: z.string(), by: z.string(), at: isoInstant }),
      ),
    }),
  ),
  /**
   * Enters a complaint or corrects one. Refusals: `COMPLAINT_UNKNOWN` {id}, `COMPLAINT_CLOSED` {number}, `ORDER_NO_UNKNOWN` {orderNo},
   * `COMPLAINT_AMOUNT` {amount, currency}, `COMPLAINT_DAYS` {receivedOn, dueOn}.
   */
  'complaints.save': command(complaintInput, z.object({ id, number: z.string() })),
  /** What was said or done; `answered` says that the buyer has an answer. Refusals: `COMPLAINT_UNKNOWN`, `COMPLAINT_CLOSED`. */
  'complaints.step': command(
    z.object({ id, state: z.enum(['open', 'answered']), text: z.string().trim().min(1).max(2000) }),
    z.object({}),
  ),
  /** Ends it with what came of it. Refusals: `COMPLAINT_UNKNOWN`, `COMPLAINT_CLOSED`. */
  'complaints.close': command(
    z.object({ id, outcome: z.enum(complaintOutcomes), text: z.string().trim().min(1).max(2000) }),
    z.object({}),
  ),
  /** Takes it up again, with the reason. Refusals: `COMPLAINT_UNKNOWN`, `COMPLAINT_OPEN` {number}. */
  'complaints.reopen': command(z.object({ id, text: z.string().trim().min(1).max(2000) }), z.object({})),
  /** All of them as a workbook. Refusals: `FILE_NOT_GRANTED`, `FILE_NOT_WRITTEN`. */
  'complaints.export': job(z.object({ to: fileToken }), z.object({ rows: z.number().int() })),

  /** The newest first. `text` is looked for in number, title, host and the articles shown. */
  'liveSessions.list': query(z.object({ text: z.string().max(100).optional(), ...pageInput }), pageOf(liveSessionRow)),
  /** Refusals: `LIVE_SESSION_UNKNOWN` {id}, `RULE_PACK_MISSING`. */
  'liveSessions.get': query(
    z.object({ id }),
    liveSessionRow.extend({
      body: liveSessionBody,
      open: z.array(sessionGap),
      items: z.array(z.object({ id: z.string(), zh: z.string(), en: z.string(), source: z.string() })),
      /** Orders of its day and the next that have one of its goods; a hint, the orders do not say where they come from. */
      orders: z.object({ count: z.number().int(), totals: z.array(totalSchema) }),
    }),
  ),
  /** What is looked at in a session of a day. Refusal: `RULE_PACK_MISSING`. */
  'liveSessions.rules': query(
    z.object({ heldOn: isoDate }),
    z.object({
      items: z.array(z.object({ id: z.string(), zh: z.string(), en: z.string(), source: z.string() })),
      keepUntil: isoDate,
      source: z.string(),
    }),
  ),
  /** Refusals: `LIVE_SESSION_UNKNOWN` {id}, `PRODUCT_UNKNOWN` {sku}, `RULE_PACK_MISSING` for a day before there were rules. */
  'liveSessions.save': command(
    z.object({ id: id.optional(), heldOn: isoDate, body: liveSessionBody }),
    z.object({ id, number: z.string() }),
  ),
  /** The sheet of a session as a PDF; `rows`: its goods. Refusals: `LIVE_SESSION_UNKNOWN`, `FILE_NOT_GRANTED`, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'liveSessions.print': job(z.object({ id, to: fileToken }), z.object({ rows: z.number().int() })),
} as const;
