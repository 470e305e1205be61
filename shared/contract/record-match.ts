import { z } from 'zod';
import { matchCodes, matchDirections, matchFields } from '../matching/record-match.ts';
import { currencyCode, fileToken, isoDate, isoInstant, pageInput, pageOf, totalSchema } from './common.ts';
import { evidenceSubject } from './evidence.ts';
import { command, job, query } from './operation.ts';

export const matchCode = z.enum(matchCodes);
export const matchKinds = ['order', 'payment', 'waybill'] as const;
export const matchStates = ['open', 'excepted', 'settled'] as const;
export const matchEffects = ['hold', 'doubt', 'off'] as const;

/** What the match does before the queue: hold papers back, queue them with a doubt, or say nothing. */
export const matchSettings = z.object({
  /** Export needs order, payment and waybill, import all facts of the payer and the list besides (pack `record-match`). */
  direction: z.enum(matchDirections),
  /** Of codes that only cast doubt by the pack, above all a missing payment. */
  missing: z.enum(matchEffects),
  /** Of all others: the records contradict each other. */
  contradiction: z.enum(matchEffects),
});
export type MatchSettings = z.infer<typeof matchSettings>;

export const matchItem = z.object({
  id: z.number().int(),
  /** An order that does not pass, or a payment or waybill whose order the book does not have. */
  kind: z.enum(matchKinds),
  orderNo: z.string(),
  orderId: z.number().int().optional(),
  /** Of the order; of the payment; of the match. */
  date: isoDate,
  codes: z.array(matchCode),
  state: z.enum(matchStates),
  /** Why it is accepted all the same. */
  reason: z.string(),
  decidedBy: z.string(),
  decidedAt: isoInstant.optional(),
  updatedAt: isoInstant,
});
export type MatchItem = z.infer<typeof matchItem>;

const codeCounts = z.array(z.object({ code: matchCode, open: z.number().int(), excepted: z.number().int() }));

/** Verdict of a field: `differs` and `missing` are covered by a code; `agrees` by two records at least; `single` only one says anything. */
export const matchVerdicts = ['agrees', 'differs', 'missing', 'single'] as const;

/** A payment as it is shown: numbers of papers and telephones but for their last four characters. */
const paymentView = z.object({
  orderNo: z.string(),
  nth: z.number().int(),
  payNo: z.string(),
  payer: z.string(),
  institution: z.string(),
  currency: currencyCode,
  amount: z.string(),
  paidOn: isoDate.optional(),
  /** Why it was taken out of the match; empty: it counts. */
  voidReason: z.string(),
  source: z.object({ fileName: z.string(), row: z.number().int() }).optional(),
});

/** Whose orders a certificate is of: of a period, one order, those of a shipment, or those a receipt paid for. */
export const certificateScope = z.union([
  z.object({ kind: z.literal('days'), from: isoDate, to: isoDate }),
  z.object({ kind: z.literal('order'), orderNo: z.string().min(1).max(100) }),
  evidenceSubject,
]);
export type CertificateScope = z.output<typeof certificateScope>;

/** Match of order, payment, waybill and list (三单比对, S01): mismatches, exceptions, certificate. Rules: pack `record-match`. */
export const recordMatch = {
  /**
   * Matches the whole book, or what has changed since the last time. A cancel leaves everything as it was.
   * Refusals: `MATCH_RUNNING`, `RULE_PACK_MISSING`, `CANCELLED`.
   */
  'match.run': job(
    z.object({ scope: z.enum(['all', 'changed']).default('all') }),
    z.object({
      runId: z.number().int().optional(),
      /** Orders judged. */
      orders: z.number().int(),
      /** Items newly found, or found with other codes; and those that pass now. */
      found: z.number().int(),
      settled: z.number().int(),
      /** After it, over the whole book. */
      open: z.number().int(),
      excepted: z.number().int(),
      codes: codeCounts,
    }),
  ),
  /** Counts over the book, and by day of the order within a range (at most 400 days, the newest ones). */
  'match.summary': query(
    z.object({ from: isoDate.optional(), to: isoDate.optional() }),
    z.object({
      /** Orders that are not cancelled. */
      orders: z.number().int(),
      passed: z.number().int(),
      open: z.number().int(),
      excepted: z.number().int(),
      settled: z.number().int(),
      /** Of `open`: payments and waybills without an order. */
      orphans: z.number().int(),
      payments: z.number().int(),
      codes: codeCounts,
      days: z.array(
        z.object({ date: isoDate, orders: z.number().int(), open: z.number().int(), excepted: z.number().int() }),
      ),
      /** Numbers whose records changed since they were matched. */
      due: z.number().int(),
      lastRun: z
        .object({
          at: isoInstant,
          scope: z.enum(['all', 'changed', 'queue']),
          orders: z.number().int(),
          rulesFrom: isoDate,
        })
        .optional(),
      settings: matchSettings,
    }),
  ),
  /** What does not pass, newest first; up to 1,000 a page. */
  'match.items': query(
    z.object({
      state: z.enum(matchStates).default('open'),
      code: matchCode.optional(),
      kind: z.enum(matchKinds).optional(),
      text: z.string().max(100).optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      ...pageInput,
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    pageOf(matchItem),
  ),
  /** The records of an order number side by side. Refusal: `MATCH_NUMBER_UNKNOWN` {orderNo} where none has the number. */
  'match.get': query(
    z.object({ orderNo: z.string().min(1).max(100) }),
    z.object({
      orderNo: z.string(),
      order: z.object({ id: z.number().int(), state: z.string() }).optional(),
      items: z.array(matchItem),
      /** As the records stand now; `items` say what was found when they were last matched. */
      codes: z.array(matchCode),
      fields: z.array(
        z.object({
          field: z.enum(matchFields),
          order: z.string(),
          payment: z.string(),
          waybill: z.string(),
          list: z.string(),
          verdict: z.enum(matchVerdicts),
          codes: z.array(matchCode),
        }),
      ),
      payments: z.array(paymentView),
      /** What receipts and payouts allocated to it, in its currency; empty: nothing. Counts only without payment records. */
      settled: z.string(),
      waybills: z.array(z.object({ orderNo: z.string(), logisticsNo: z.string(), grossWeight: z.string() })),
      lists: z.array(z.object({ id: z.number().int(), businessKey: z.string(), state: z.string() })),
    }),
  ),
  /** Accepts mismatches with a reason as long as their codes stay. Refusals: `MATCH_ITEM_UNKNOWN` {id}, `MATCH_NOT_OPEN` {orderNo}. */
  'match.except': command(
    z.object({ ids: z.array(z.number().int()).min(1).max(1000), reason: z.string().trim().min(2).max(500) }),
    z.object({ excepted: z.number().int() }),
  ),
  /** Takes acceptances back. Refusals: `MATCH_ITEM_UNKNOWN` {id}, `MATCH_NOT_EXCEPTED` {orderNo}. */
  'match.reopen': command(
    z.object({ ids: z.array(z.number().int()).min(1).max(1000) }),
    z.object({ reopened: z.number().int() }),
  ),
  /** Takes a payment out of the match (double, not of an order), or back in with an empty reason. Refusal: `PAYMENT_UNKNOWN`. */
  'match.voidPayment': command(
    z.object({ orderNo: z.string(), nth: z.number().int(), reason: z.string().trim().max(500) }),
    z.object({}),
  ),
  /** Puts a payment under the number it is really of. Refusals: `PAYMENT_UNKNOWN`, `PAYMENT_TAKEN_OUT`, `ORDER_NUMBER_UNKNOWN` {orderNo}. */
  'match.movePayment': command(
    z.object({
      orderNo: z.string(),
      nth: z.number().int(),
      to: z.string().trim().min(1).max(100),
      reason: z.string().trim().min(2).max(500),
    }),
    z.object({}),
  ),
  'match.saveSettings': command(matchSettings, matchSettings),
  /**
   * Prints the certificate (三单比对证明): of what passes and what is accepted, with each exception. What changed is matched first.
   * With `keepWith` it is on file too, among the papers of that record (a settlement, say) or shipment as 交易证明材料. Refusals:
   * `MATCH_NUMBER_UNKNOWN` {orderNo}, those of `evidence.preview`, `MATCH_NO_ORDERS` {number}, `MATCH_NOTHING_CERTIFIED` {from, to},
   * `REPORT_TOO_LONG` {most}, `PRINT_NEEDS_WINDOW`.
   */
  'match.certificate': command(
    z.object({ of: certificateScope, out: fileToken, keepWith: evidenceSubject.optional() }),
    z.object({
      /** First and last day of the orders. */
      from: isoDate,
      to: isoDate,
      /** Number of the record or shipment it is on file with. */
      keptWith: z.string().optional(),
      orders: z.number().int(),
      passed: z.number().int(),
      excepted: z.number().int(),
      leftOut: z.number().int(),
      totals: z.array(totalSchema),
      /** SHA-256 over the records certified. */
      hash: z.string(),
    }),
  ),
  /** Writes what does not pass into a workbook, one row an item, with what is wrong and how to mend it. */
  'match.export': job(
    z.object({ to: fileToken, state: z.enum(matchStates).optional(), code: matchCode.optional() }),
    z.object({ rows: z.number().int() }),
  ),
} as const;
