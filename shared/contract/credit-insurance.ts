/** Export credit insurance (出口信用保险): limits by buyer, and how much of what buyers owe is insured. */
import { z } from 'zod';
import { amountText } from './accounting.ts';
import { currencyCode, fileToken, isoDate } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int();

export const insuredLimit = z.object({
  id: id.optional(),
  insurer: z.string().trim().min(1).max(100),
  policyNo: z.string().trim().min(1).max(60),
  buyer: z.string().trim().min(1).max(200),
  country: z.union([z.literal(''), z.string().regex(/^[A-Z]{2}$/)]).default(''),
  currency: currencyCode,
  /** In `currency`, above zero. */
  limit: amountText,
  /** Share of a loss the insurer pays, in percent with at most two decimals: above 0, at most 100. */
  coverPercent: z.string().regex(/^\d{1,3}(\.\d{1,2})?$/),
  /** Days of credit from the order's date that the policy allows; null: not stated. */
  termDays: z.number().int().min(0).max(1000).nullable().default(null),
  fromOn: isoDate,
  untilOn: isoDate,
  note: z.string().trim().max(500).default(''),
});

/**
 * `within`: all that the buyer owes is within the limit; `beyond`: some is not; `ended` and `future`: the limit is not in force on the
 * day, nothing is insured; `rateMissing`: what is owed in another currency cannot be valued, and counts as not insured.
 */
export const insuredStates = ['within', 'beyond', 'future', 'ended', 'rateMissing'] as const;

/** Amounts in the limit's currency, in major units. */
export const insuredRow = insuredLimit.required().extend({
  state: z.enum(insuredStates),
  /** Orders of the buyer that are open, and what they come to at the rates in force on the day. */
  orders: z.number().int(),
  open: z.string(),
  /** Of `open`: older than the days of credit. */
  overdue: z.string(),
  /** The smaller of `open` and the limit times the share covered, rounded half-up to the minor unit. */
  insured: z.string(),
  /** `open` less `insured`. */
  uninsured: z.string(),
});

export const creditInsurance = {
  /** Every limit with what its buyer owes on a day, and what buyers without one owe. Refusal: `DATE_INVALID` {date}. */
  'insuredLimits.list': query(
    z.object({ date: isoDate }),
    z.object({
      rows: z.array(insuredRow),
      totals: z.array(
        z.object({ currency: currencyCode, open: z.string(), insured: z.string(), uninsured: z.string() }),
      ),
      /** Open orders of buyers that no limit in force names, by currency. */
      withoutLimit: z.array(
        z.object({ currency: currencyCode, open: z.string(), orders: z.number().int(), buyers: z.number().int() }),
      ),
    }),
  ),
  /**
   * Adds a limit or changes one. Refusals: `INSURED_LIMIT_UNKNOWN` {id}, `INSURED_LIMIT_OVERLAPS` {buyer, policyNo, from, until},
   * `INSURED_LIMIT_DATES` {from, until}, `INSURED_LIMIT_AMOUNT` {amount, currency}, `INSURED_LIMIT_SHARE` {percent},
   * `CURRENCY_UNKNOWN` {currency}.
   */
  'insuredLimits.save': command(insuredLimit, z.object({ id })),
  /** Removes a limit that was put in by mistake; one that ran out is kept. Refusal: `INSURED_LIMIT_UNKNOWN` {id}. */
  'insuredLimits.remove': command(z.object({ id }), z.object({})),
  /** The list on paper. Refusals: `FILE_NOT_GRANTED`, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'insuredLimits.print': job(z.object({ date: isoDate, to: fileToken }), z.object({ rows: z.number().int() })),
  /** The list as a workbook. Refusals: `FILE_NOT_GRANTED`, `FILE_NOT_WRITTEN`. */
  'insuredLimits.export': job(z.object({ date: isoDate, to: fileToken }), z.object({ rows: z.number().int() })),
} as const;
