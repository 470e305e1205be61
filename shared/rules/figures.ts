/** Decimals of the rules: exact where money demands it, 40 digits in between, rounded where a rule says so. */
import Decimal from 'decimal.js';
import { z } from 'zod';
import { parseIsoDate } from '../calendar/dates.ts';

/** A decimal of 40 significant digits; never a binary float. */
export const Num = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -60, toExpPos: 60 });
export type Num = Decimal;

/** Decimal text as a figure of an input: `-1234.5`; a JSON whole number is taken too, a fraction as JSON number is not. */
export const figure = z
  .union([
    z
      .string()
      .regex(
        /^-?\d{1,20}(\.\d{1,20})?$/,
        '不是数字，或小数点前后超过 20 位 (no number, or more than 20 digits before or behind the point)',
      ),
    z.number().int(),
  ])
  .transform((text) => new Num(text));
/** As {@link figure}, zero or more. */
export const amount = figure.refine((value) => value.gte(0), 'negative');
/** A ratio between 0 and 1, e.g. a tax rate: `0.13`. */
export const ratio = figure.refine((value) => value.gte(0) && value.lte(1), 'not between 0 and 1');
export const date = z.string().transform((text, context) => {
  const parsed = parseIsoDate(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'not a date yyyy-mm-dd' });
  return z.NEVER;
});

/** Half-up to the fen, as text with two decimals: 关税法, 海关征税办法 art. 21. */
export function fen(value: Num): string {
  return value.toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toFixed(2);
}

/** Half-up to `digits` decimals, with all of them shown. */
export function rounded(value: Num, digits: number): string {
  return value.toDecimalPlaces(digits, Decimal.ROUND_HALF_UP).toFixed(digits);
}

/** Plain text of an unrounded value, as short as it is. */
export function plain(value: Num): string {
  return value.toFixed();
}
