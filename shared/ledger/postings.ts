import { type CurrencyCode, convert, isCurrency, type Rounding } from '../money/index.ts';
import { accounts } from './accounts.ts';

/** One side of a voucher. Signed: debit positive, credit negative. */
export interface Posting {
  readonly account: string;
  readonly currency: CurrencyCode;
  /** Minor units of `currency`. */
  readonly amountMinor: bigint;
  /** The same in fen at the voucher's rate. */
  readonly cnyFen: bigint;
}

/** What must never be posted. `currency` names where it does not add up; `CNY` there means the converted amounts. */
export type VoucherProblem =
  | { readonly code: 'VOUCHER_EMPTY' }
  | { readonly code: 'VOUCHER_UNBALANCED'; readonly currency: string; readonly difference: string }
  | { readonly code: 'VOUCHER_CNY'; readonly account: string };

/**
 * The first thing wrong with a voucher: fewer than two postings, debits that differ from credits in a currency or in fen,
 * or a posting in CNY that converts to something else than itself.
 */
export function voucherProblem(postings: readonly Posting[]): VoucherProblem | undefined {
  if (postings.length < 2) return { code: 'VOUCHER_EMPTY' };
  const sums = new Map<string, bigint>();
  let fen = 0n;
  for (const posting of postings) {
    if (posting.currency === 'CNY' && posting.amountMinor !== posting.cnyFen)
      return { code: 'VOUCHER_CNY', account: posting.account };
    sums.set(posting.currency, (sums.get(posting.currency) ?? 0n) + posting.amountMinor);
    fen += posting.cnyFen;
  }
  for (const [currency, sum] of sums) {
    // A voucher that only adjusts fen (exchange differences) has no amount in a foreign currency at all.
    if (sum !== 0n) return { code: 'VOUCHER_UNBALANCED', currency, difference: sum.toString() };
  }
  return fen === 0n ? undefined : { code: 'VOUCHER_UNBALANCED', currency: 'CNY', difference: fen.toString() };
}

export interface Sale {
  readonly currency: CurrencyCode;
  /** Minor units; above zero for a sale, below for one taken back. */
  readonly amountMinor: bigint;
  /** CNY for one unit, decimal text; `1` for a sale in CNY. */
  readonly rate: string;
}

/**
 * A sale on account: receivable (应收账款) to revenue (主营业务收入). Converted once, half-up to the fen, and the same fen on
 * both sides, so that rounding can never unbalance it. Throws MoneyError for an unknown currency or a rate that is none.
 */
export function salePostings(sale: Sale, rounding: Rounding = 'halfUp'): readonly [Posting, Posting] {
  const { currency, amountMinor } = sale;
  const { minor: cnyFen } = convert({ minor: amountMinor, currency }, currency === 'CNY' ? '1' : sale.rate, rounding);
  return [
    { account: accounts.receivable, currency, amountMinor, cnyFen },
    { account: accounts.revenue, currency, amountMinor: -amountMinor, cnyFen: -cnyFen },
  ];
}

/** The same voucher with its sides exchanged: the only way to take a posted one back. */
export function reversedPostings(postings: readonly Posting[]): readonly Posting[] {
  return postings.map((one) => ({ ...one, amountMinor: -one.amountMinor, cnyFen: -one.cnyFen }));
}

/** Which day's rate a sale is converted at: that of the day itself, or of the first of its month (当月 1 日). */
export const rateBases = ['day', 'month-first'] as const;
export type RateBasis = (typeof rateBases)[number];

/** The date whose rate applies; the newest rate on or before it is taken. */
export function rateDate(date: string, basis: RateBasis): string {
  return basis === 'day' ? date : `${date.slice(0, 8)}01`;
}

/** CNY per unit: plain decimal text above zero with at most eight decimals, of a currency of ISO 4217 other than CNY. */
export function isRate(currency: string, text: string): boolean {
  return currency !== 'CNY' && isCurrency(currency) && /^\d{1,8}(\.\d{1,8})?$/.test(text) && !/^[0.]+$/.test(text);
}
