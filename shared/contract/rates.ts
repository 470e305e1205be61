import { z } from 'zod';
import { rateBases, rateKinds } from '../ledger/postings.ts';
import { currencyCode, isoDate, pageInput, pageOf } from './common.ts';
import { command, query } from './operation.ts';

/** CNY for ONE unit of the currency, decimal text with at most eight decimals. */
export const rateView = z.object({
  kind: z.enum(rateKinds),
  currency: currencyCode,
  date: isoDate,
  cnyPerUnit: z.string(),
  source: z.string(),
});

export const rates = {
  'rates.list': query(
    z.object({ kind: z.enum(rateKinds).optional(), currency: currencyCode.optional(), ...pageInput }),
    pageOf(rateView),
  ),
  /** Parities that convert a business date by the firm's basis, of every currency that has one. */
  'rates.inForce': query(z.object({ date: isoDate }), z.object({ rows: z.array(rateView) })),
  /** Stores a rate and posts what waited for it. */
  'rates.set': command(
    rateView.extend({ kind: z.enum(rateKinds).default('parity'), source: z.string().min(1) }),
    z.object({ posted: z.number().int() }),
  ),
  /** The day-or-first-of-month choice as of a date, and all choices made, newest first. */
  'rates.basis': query(
    z.object({ date: isoDate }),
    z.object({
      basis: z.enum(rateBases),
      choices: z.array(z.object({ from: isoDate, basis: z.enum(rateBases), reason: z.string() })),
    }),
  ),
  /** Chooses from a date on; bound for the months of the rule (T12): `RATE_BASIS_FIXED`. */
  'rates.setBasis': command(
    z.object({ from: isoDate, basis: z.enum(rateBases), reason: z.string().min(1) }),
    z.object({}),
  ),
} as const;
