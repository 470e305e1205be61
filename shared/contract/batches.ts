/** 集中申报、分批出区: a batch on record at customs, released in parts never above it, declared together once. */
import { z } from 'zod';
import { declarationModes } from '../drafting/goods-declaration.ts';
import { decimalText, isoDate } from './common.ts';
import { command, query } from './operation.ts';

const id = z.number().int();
/** No good twice; one that is new has no id yet. */
const areUnlike = (ids: readonly (number | undefined)[]): boolean => {
  const known = ids.filter((one) => one !== undefined);
  return new Set(known).size === known.length;
};
const quantity = z.string().regex(/^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/);
const batchGood = z.object({
  /** Of a good that is on record already. */
  id: id.optional(),
  hsCode: z
    .string()
    .trim()
    .regex(/^\d{8,13}$/),
  name: z.string().trim().min(1).max(250),
  /** Customs unit code. */
  unit: z.string().regex(/^\d{3}$/),
  qty: quantity,
  /** Customs' numeric currency, and the price of one unit; blank: entered in the declaration. */
  currency: z.union([z.literal(''), z.string().regex(/^\d{3}$/)]).default(''),
  price: z.union([z.literal(''), z.string().regex(/^\d{1,12}(\.\d{1,4})?$/)]).default(''),
});
export const batchInput = z.object({
  id: id.optional(),
  recordNo: z.string().trim().min(1).max(40),
  startsOn: isoDate,
  endsOn: isoDate.nullable().default(null),
  /** Last day of the declaration, as the authority or the approval says; no rule of the book works it out. */
  dueOn: isoDate.nullable().default(null),
  note: z.string().trim().max(500).default(''),
  goods: z
    .array(batchGood)
    .min(1)
    .max(50)
    .refine((goods) => areUnlike(goods.map((good) => good.id)), 'the same good twice'),
});
const batchRow = batchInput.omit({ goods: true }).required({ id: true }).extend({
  goods: id,
  /** Releases that stand, and those of them no declaration takes in. */
  releases: id,
  undeclared: id,
  /** Something is left to go out. */
  isOpen: z.boolean(),
  /** The due date is over and releases are not declared. */
  isLate: z.boolean(),
});

export const batches = {
  /** Newest first. */
  'batches.list': query(z.object({}), z.object({ rows: z.array(batchRow) })),
  /** Refusal: `BATCH_UNKNOWN` {id}. */
  'batches.get': query(
    z.object({ id }),
    batchRow.extend({
      lines: z.array(
        batchGood.required({ id: true }).extend({ released: decimalText, declared: decimalText, left: decimalText }),
      ),
      steps: z.array(
        z.object({
          id,
          number: z.string(),
          on: isoDate,
          lines: z.array(z.object({ goodId: id, qty: decimalText })),
          /** The declaration that takes it in, with its number and state. */
          document: z.object({ id, businessKey: z.string(), state: z.string() }).nullable(),
          voidReason: z.string(),
        }),
      ),
    }),
  ),
  /**
   * Enters a batch or corrects one. Refusals: `BATCH_UNKNOWN`, `BATCH_NUMBER_USED` {number}, `BATCH_GOOD_RELEASED` {name, released} where a
   * good would fall below what went out, `BATCH_GOOD_NAMED` {name} where one that a release names, also a void one, would go or get another
   * HS code, unit or currency, `DATE_ORDER`.
   */
  'batches.save': command(batchInput, z.object({ id })),
  /** Refusals: `BATCH_UNKNOWN`, `BATCH_RELEASE_USED` {number}, `BATCH_TOO_MUCH` {name, left}, `BATCH_DAY` {from, to}. */
  'batches.release': command(
    z.object({
      batchId: id,
      number: z.string().trim().min(1).max(40),
      on: isoDate,
      lines: z
        .array(z.object({ goodId: id, qty: quantity }))
        .min(1)
        .max(50)
        .refine((lines) => areUnlike(lines.map(({ goodId }) => goodId)), 'the same good twice'),
    }),
    z.object({ id }),
  ),
  /** Refusals: `BATCH_RELEASE_UNKNOWN` {id}, `BATCH_RELEASE_DECLARED` {number, declaration}. */
  'batches.void': command(z.object({ releaseId: id, reason: z.string().trim().min(1).max(500) }), z.object({})),
  /**
   * One declaration draft of what was released up to a day and is in none; a release is in one declaration at most, until that is given up.
   * Refusals: `BATCH_UNKNOWN`, `BATCH_NOTHING` {number, until}.
   */
  'batches.declare': command(
    z.object({ batchId: id, until: isoDate, mode: z.enum(declarationModes) }),
    z.object({ documentId: id, releases: id }),
  ),
} as const;
