/** What a receipt pays for (核对分摊): suggestions, allocations, what is left on both sides. */
import { z } from 'zod';
import { targetKinds } from '../matching/allocation.ts';
import { amountText, rateText } from './accounting.ts';
import { currencyCode, isoDate, pageInput, pageOf, totalSchema } from './common.ts';
import { command, job, query } from './operation.ts';

/**
 * What is paid for, by its own number: an order; a declaration or released list (with the currency where its lines have several); a payout
 * by its id. A list whose goods are one order's stands for that order.
 */
export const allocationTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), no: z.string().min(1) }),
  z.object({ kind: z.literal('declaration'), no: z.string().min(1), currency: currencyCode.optional() }),
  z.object({ kind: z.literal('payout'), id: z.number().int() }),
]);
export type AllocationTarget = z.output<typeof allocationTarget>;

/** One reason of a suggestion; text: i18n `allocations.reason.<code>` with the params. Points may be negative or nought. */
export const allocationReason = z.object({
  code: z.string(),
  points: z.number().int(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type AllocationReason = z.output<typeof allocationReason>;

/** By F12: nothing, some or all of it is allocated (what is missing may count as bank charges), or too much. */
export const matchStates = ['UNMATCHED', 'PARTLY', 'FULLY', 'OVER'] as const;

/** A receipt with what is left of it; bank charges kept on the way count as received. Amounts in major units of its currency. */
export const openReceipt = z.object({
  id: z.number().int(),
  number: z.string(),
  date: isoDate,
  currency: currencyCode,
  amount: z.string(),
  fee: z.string(),
  allocated: z.string(),
  open: z.string(),
  payer: z.string(),
  country: z.string(),
  reference: z.string(),
  text: z.string(),
  store: z.string().optional(),
  channel: z.enum(['bank', 'payment-institution', 'platform']),
  nature: z.enum(['advance', 'other']),
  state: z.enum(matchStates),
  /** Days since it came in. */
  age: z.number().int(),
});
export type OpenReceipt = z.output<typeof openReceipt>;

/** What may be paid for, with what is left of it. Amounts in major units of its own currency; `open` below zero: paid too much. */
export const openTarget = z.object({
  kind: z.enum(targetKinds),
  /** Of an order or a payout; absent of a declaration. */
  id: z.number().int().optional(),
  no: z.string(),
  date: isoDate,
  currency: currencyCode,
  due: z.string(),
  settled: z.string(),
  charge: z.string(),
  /** Of what is settled: by goods (易货), not by money; absent where nothing is. */
  inKind: z.string().optional(),
  open: z.string(),
  buyer: z.string(),
  country: z.string(),
  store: z.string().optional(),
  state: z.enum(matchStates),
  /** What is missing and counts as bank charges by F12; zero where the state is not `FULLY`. */
  countsAsCharges: z.string(),
  /** The day it was paid in full. */
  settledOn: isoDate.optional(),
  /** Lists and declarations of an order, at most twenty. */
  declarations: z.array(z.string()),
  age: z.number().int(),
});
export type OpenTarget = z.output<typeof openTarget>;

/** A share of one receipt for one target; amounts in major units of their currencies. */
export const suggestedPart = z.object({
  target: openTarget,
  amount: z.string(),
  targetAmount: z.string(),
  charge: z.string(),
  rate: z.string().optional(),
});
/** A way to use a receipt, with its score (0 to 100) and the reasons. */
export const suggestion = z.object({
  parts: z.array(suggestedPart),
  score: z.number().int(),
  reasons: z.array(allocationReason),
  /** The payer is neither the buyer nor known to pay for others: confirming needs an explanation. */
  thirdParty: z.boolean(),
  /** How this payer was explained for this buyer before. */
  explained: z.string().optional(),
});
export type AllocationSuggestion = z.output<typeof suggestion>;

/**
 * `amount` in the receipt's currency is taken from it. Across currencies `rate` (units of the target's currency for one of the receipt's)
 * or `targetAmount` says what it pays; in one currency it pays as much as it is. `charge` in the target's currency is forgone
 * besides (手续费). `seen`: what the screen showed as open; another by now is refused.
 */
export const allocationInput = z.object({
  recordId: z.number().int(),
  target: allocationTarget,
  amount: amountText,
  targetAmount: amountText.optional(),
  rate: rateText.optional(),
  charge: amountText.default('0'),
  thirdParty: z.string().trim().max(200).default(''),
  note: z.string().trim().max(200).default(''),
  score: z.number().int().min(0).max(100).default(0),
  reasons: z.array(allocationReason).max(40).default([]),
  seen: z.object({ receipt: z.string(), target: z.string() }).optional(),
});
export type AllocationInput = z.output<typeof allocationInput>;

/** An allocation as it stands. Its source is a receipt or a payout. */
export const allocationRow = z.object({
  id: z.number().int(),
  source: z.object({
    kind: z.enum(['receipt', 'payout']),
    id: z.number().int(),
    number: z.string(),
    date: isoDate,
    currency: currencyCode,
    payer: z.string(),
  }),
  target: z.object({
    kind: z.enum(targetKinds),
    id: z.number().int().optional(),
    no: z.string(),
    date: isoDate,
    currency: currencyCode,
    buyer: z.string(),
    open: z.string(),
    declarations: z.array(z.string()),
  }),
  amount: z.string(),
  targetAmount: z.string(),
  charge: z.string(),
  rate: z.string().optional(),
  score: z.number().int(),
  reasons: z.array(allocationReason),
  thirdParty: z.string(),
  note: z.string(),
  createdAt: z.string(),
});
export type AllocationRow = z.output<typeof allocationRow>;

/**
 * What does not fit any more; text: i18n `allocations.finding.<code>`: `targetOver` {no, currency, over} (an order cancelled, or lines of a
 * declaration taken back, after it was paid), `targetGone` {no} (cancelled whole), `recordVoid` {number}, `payoutVoid` {number}.
 */
export const allocationFinding = z.object({
  code: z.enum(['targetOver', 'targetGone', 'recordVoid', 'payoutVoid']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  allocationIds: z.array(z.number().int()),
});

/** Ages of what is open, in days: below 31, 61, 91, 181, 366, and older. */
export const ageBuckets = [30, 60, 90, 180, 365] as const;

const totals = z.array(totalSchema.extend({ count: z.number().int() }));
const ageing = z.array(
  z.object({
    side: z.enum(['receipts', 'targets']),
    currency: currencyCode,
    /** One amount and count a bucket of {@link ageBuckets}, and one for what is older. */
    amounts: z.array(z.string()),
    counts: z.array(z.number().int()),
  }),
);

export const allocations = {
  /**
   * What a receipt may have been paid for, best first. Refusals: `MONEY_RECORD_UNKNOWN` {id}, `ALLOCATION_NOT_RECEIPT` {number} for a record
   * that is none, `ALLOCATION_RECORD_VOID` {number}.
   */
  'allocations.suggest': query(
    z.object({ recordId: z.number().int(), limit: z.number().int().min(1).max(100).default(20) }),
    z.object({ receipt: openReceipt, suggestions: z.array(suggestion) }),
  ),
  /** Which open receipts may have paid for a target, best first. Refusals: `ALLOCATION_TARGET_UNKNOWN` {no}, `ALLOCATION_DECLARATION_ORDERS` {no, orders, ordersEn}, `ALLOCATION_DECLARATION_CURRENCY` {no, currencies, currenciesEn}. */
  'allocations.suggestFor': query(
    z.object({ target: allocationTarget, limit: z.number().int().min(1).max(100).default(20) }),
    z.object({ target: openTarget, suggestions: z.array(suggestion.extend({ receipt: openReceipt })) }),
  ),
  /**
   * Makes allocations, all or none; a second one of the same receipt and target adds to the first. Refusals, with the path `items.0.amount`:
   * `MONEY_RECORD_UNKNOWN` {id}, `ALLOCATION_NOT_RECEIPT` {number}, `ALLOCATION_RECORD_VOID` {number}, those of a target,
   * `ALLOCATION_OVER_RECEIPT` {number, open}, `ALLOCATION_OVER_TARGET` {no, open}, `ALLOCATION_RATE_MISSING` {from, to},
   * `ALLOCATION_RATE_NEEDLESS` {currency}, `ALLOCATION_THIRD_PARTY` {number, no}, `ALLOCATION_CHANGED` {number, no}, `AMOUNT_NOT_POSITIVE`,
   * `AMOUNT_DECIMALS` {currency, digits}, and those of posting.
   */
  'allocations.confirm': command(
    z.object({ items: z.array(allocationInput).min(1).max(500) }),
    z.object({
      ids: z.array(z.number().int()),
      receipts: z.array(
        z.object({ id: z.number().int(), number: z.string(), currency: currencyCode, open: z.string() }),
      ),
      targets: z.array(
        z.object({
          kind: z.enum(targetKinds),
          no: z.string(),
          currency: currencyCode,
          open: z.string(),
          settledOn: isoDate.optional(),
        }),
      ),
    }),
  ),
  /** Takes allocations back, all or none. Refusal: `ALLOCATION_UNKNOWN` {id}. */
  'allocations.withdraw': command(
    z.object({ ids: z.array(z.number().int()).min(1).max(500) }),
    z.object({ withdrawn: z.number().int() }),
  ),
  /** Allocations of a receipt, a payout or a target, or all; newest first. */
  'allocations.list': query(
    z.object({
      recordId: z.number().int().optional(),
      payoutId: z.number().int().optional(),
      target: allocationTarget.optional(),
      ...pageInput,
    }),
    pageOf(allocationRow),
  ),
  /** Receipts with something left (`open: false`: all), oldest first, with what is left by currency. */
  'allocations.openReceipts': query(
    z.object({
      open: z.boolean().default(true),
      currency: currencyCode.optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      text: z.string().optional(),
      ...pageInput,
    }),
    pageOf(openReceipt).extend({ totals }),
  ),
  /** Orders, declarations and payouts with something left (`open: false`: all), oldest first, with what is left by currency. */
  'allocations.openTargets': query(
    z.object({
      open: z.boolean().default(true),
      kind: z.enum(targetKinds).optional(),
      currency: currencyCode.optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      text: z.string().optional(),
      ...pageInput,
    }),
    pageOf(openTarget).extend({ totals }),
  ),
  /** How old what is open is, on both sides, by currency. Payouts are left out: their orders are there. */
  'allocations.ageing': query(z.object({}), z.object({ asOf: isoDate, rows: ageing })),
  'allocations.findings': query(z.object({}), z.object({ rows: z.array(allocationFinding) })),
  /**
   * Confirms the best suggestion of every open receipt that has the score, no equal rival and no third-party payer; with `dryRun` it only
   * says which. Refusals as of `allocations.confirm`; a receipt that is refused is named and left open.
   */
  'allocations.autoConfirm': job(
    z.object({ minimum: z.number().int().min(1).max(100), dryRun: z.boolean().default(true) }),
    z.object({
      dryRun: z.boolean(),
      /** Orders that came into the book after the payouts that name them, paid now. */
      payoutOrders: z.number().int(),
      /** Open receipts that were looked at. */
      receipts: z.number().int(),
      accepted: z.array(
        z.object({
          recordId: z.number().int(),
          number: z.string(),
          score: z.number().int(),
          currency: currencyCode,
          amount: z.string(),
          targets: z.array(
            z.object({ kind: z.enum(targetKinds), no: z.string(), amount: z.string(), charge: z.string() }),
          ),
          reasons: z.array(z.string()),
        }),
      ),
      /** By reason: `no-suggestion`, `low-score`, `third-party`, `equal-rivals`, `wanted-twice`, or the code of a refusal. */
      withheld: z.array(
        z.object({ recordId: z.number().int(), number: z.string(), why: z.string(), score: z.number().int() }),
      ),
    }),
  ),
  /** The figures suggestions go by, for the screen: from which score many at once are proposed, what banks may keep. */
  'allocations.rules': query(
    z.object({}),
    z.object({
      showFrom: z.number().int(),
      confirmFrom: z.number().int(),
      chargesUpTo: z.string(),
      chargesShare: z.string(),
    }),
  ),
} as const;
