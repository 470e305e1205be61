import { z } from 'zod';
import { parseIsoDate } from '../calendar/index.ts';

/** `yyyy-mm-dd`, a day of the calendar. Refusal: `DATE_INVALID` {date} for what is none, 31 February and half a date alike. */
export const isoDate = z.string().superRefine((date, context) => {
  if (parseIsoDate(date) === undefined)
    context.addIssue({ code: 'custom', message: date, params: { code: 'DATE_INVALID', date } });
});
/** ISO 8601 UTC instant with milliseconds. */
export const isoInstant = z.string();
/** Canonical decimal text with at most five decimals, e.g. `12.5`. */
export const decimalText = z.string().regex(/^-?\d{1,14}(\.\d{1,5})?$/);
/** ISO 4217 alphabetic code. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
/** An opaque handle to a file the user chose in a dialog of the main process; the window never sees a path. */
export const fileToken = z.string().min(1);

/** Keyset pages: `after` is the `nextCursor` of the page before; `limit` at most 500. */
export const pageInput = { after: z.string().optional(), limit: z.number().int().min(1).max(500).default(100) };
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ rows: z.array(row), nextCursor: z.string().optional(), total: z.number().int() });
}

/** Will be rejected / may be rejected / note. Text by `rule` from i18n (`shared/rules/**` texts). */
export const findingSchema = z.object({
  rule: z.string(),
  level: z.enum(['reject', 'doubt', 'note']),
  path: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  source: z.string(),
  /** Why the document goes on with it (提醒 only), who said so and when. */
  reason: z.object({ text: z.string(), by: z.string(), at: isoInstant }).optional(),
});
export type FindingView = z.infer<typeof findingSchema>;

/** A money total per currency, minor-unit amounts as decimal text in major units, e.g. `{currency: 'GBP', amount: '67.95'}`. */
export const totalSchema = z.object({ currency: currencyCode, amount: z.string() });
