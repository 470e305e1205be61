/** Purge of purchasers' identity numbers (购买人身份证号) once the papers of their orders are over and the law needs them no more. */
import { z } from 'zod';
import { isoDate } from './common.ts';
import { command, query } from './operation.ts';

const count = z.number().int();

export const identityPurge = {
  /** The rule of this book and what it would do today. */
  'identityNumbers.get': query(
    z.object({}),
    z.object({
      /** After the end of the papers of an order; null: off. */
      days: count.nullable(),
      leastYears: count,
      source: z.string(),
      /** Documents with a number, and those whose number is gone. */
      kept: count,
      purged: count,
      /**
       * Papers that were over before this day; null while it is off. Numbers go from `originals` of payments of these orders and from `templates`;
       * `failedRows` of older files go altogether. A number is found in an original as it is and in base64 or hexadecimal, not compressed or
       * encrypted, nor where no document of the order has it any more. `messages`, `answers` to customs: what was signed, whose bytes stay.
       */
      preview: z
        .object({
          ...{ before: isoDate, documents: count, numbers: count, orders: count },
          ...{ originals: count, templates: count, failedRows: count, messages: count, answers: count },
        })
        .nullable(),
    }),
  ),
  /** Sets the rule, or switches it off. Nothing is purged by it alone. Refusal: `IDENTITY_DAYS_TOO_FEW` {days, years}. */
  'identityNumbers.configure': command(
    z.object({ days: z.number().int().min(1).max(36_500).nullable() }),
    z.object({}),
  ),
  /**
   * Takes the numbers of the preview out of the documents and what stands beside them, for good. Messages and answers that were signed keep theirs:
   * they are evidence of what was declared.
   * Refusals: `IDENTITY_PURGE_OFF`, `IDENTITY_PURGE_CHANGED` {expected, found} where the preview that was read is not what there is.
   */
  'identityNumbers.purge': command(
    z.object({ reason: z.string().trim().min(1).max(300), expected: count }),
    z.object({ documents: count }),
  ),
} as const;
