import { type CurrencyCode, convert, isCurrency, type Money, moneyText } from '../money/index.ts';
import { accounts } from './accounts.ts';

/** What a posting is of (辅助核算): ids of the book, a SKU, a store of the sales channel. */
export interface Dimensions {
  readonly partyId?: number | undefined;
  readonly sku?: string | undefined;
  readonly orderId?: number | undefined;
  readonly shipmentId?: number | undefined;
  readonly store?: string | undefined;
}

/** One side of a voucher. Signed: debit positive, credit negative. */
export interface Posting extends Dimensions {
  readonly account: string;
  readonly currency: CurrencyCode;
  /** Minor units of `currency`; 0 where only its CNY value changes (revaluation). */
  readonly amountMinor: bigint;
  /** The same in fen, at the rate of the event. */
  readonly cnyFen: bigint;
  /** The line's own summary (摘要); without one the voucher's stands. */
  readonly text?: string | undefined;
  /** Signed like the amount, scaled by 10^5. */
  readonly qtyE5?: bigint | undefined;
}

/** What must never be posted. `difference` is decimal text in `currency`, debits less credits; `CNY` there may mean the converted amounts. */
export type VoucherProblem =
  | { readonly code: 'VOUCHER_EMPTY' }
  | { readonly code: 'VOUCHER_UNBALANCED'; readonly currency: string; readonly difference: string }
  | { readonly code: 'VOUCHER_CNY'; readonly account: string };

/**
 * The first thing wrong with a voucher: fewer than two postings, debits that differ from credits in a currency or in fen,
 * a posting in CNY that converts to something else than itself, or a conversion whose sides are worth different fen.
 */
export function voucherProblem(postings: readonly Posting[]): VoucherProblem | undefined {
  const [first, second] = postings;
  if (first === undefined || second === undefined) return { code: 'VOUCHER_EMPTY' };
  let fen = 0n;
  let clearingFen = 0n;
  let minor = 0n;
  let isOneCurrency = true;
  for (const posting of postings) {
    if (posting.currency === 'CNY' && posting.amountMinor !== posting.cnyFen)
      return { code: 'VOUCHER_CNY', account: posting.account };
    isOneCurrency &&= posting.currency === first.currency;
    minor += posting.amountMinor;
    fen += posting.cnyFen;
    if (posting.account === accounts.clearing) clearingFen += posting.cnyFen;
  }
  if (isOneCurrency) {
    if (minor !== 0n)
      return {
        code: 'VOUCHER_UNBALANCED',
        currency: first.currency,
        difference: moneyText({ minor, currency: first.currency }),
      };
  } else {
    for (const [currency, sum] of sumsByCurrency(postings))
      if (sum.minor !== 0n)
        return { code: 'VOUCHER_UNBALANCED', currency, difference: moneyText({ minor: sum.minor, currency }) };
  }
  const difference = fen - clearingFen;
  return fen === 0n && clearingFen === 0n
    ? undefined
    : { code: 'VOUCHER_UNBALANCED', currency: 'CNY', difference: moneyText({ minor: difference, currency: 'CNY' }) };
}

/** What postings come to in each currency: minor units and fen, debit positive. In the order of first appearance. */
export function sumsByCurrency(postings: readonly Posting[]): Map<string, { minor: bigint; fen: bigint }> {
  const sums = new Map<string, { minor: bigint; fen: bigint }>();
  for (const { currency, amountMinor, cnyFen } of postings) {
    const sum = sums.get(currency);
    if (sum === undefined) sums.set(currency, { minor: amountMinor, fen: cnyFen });
    else {
      sum.minor += amountMinor;
      sum.fen += cnyFen;
    }
  }
  return sums;
}

/**
 * The postings with what a conversion leaves open in its currencies taken through the exchange account (货币兑换), so that
 * every currency balances in its own units: USD to the bank against CNY from it becomes two balanced halves. Postings
 * that balance already come back as they are. A difference in fen in total is no conversion: {@link voucherProblem} finds it.
 */
export function cleared(postings: readonly Posting[]): readonly Posting[] {
  const sums = [...sumsByCurrency(postings)];
  if (sums.every(([, { minor }]) => minor === 0n)) return postings;
  const lines = sums
    .filter(([, { minor, fen }]) => minor !== 0n || fen !== 0n)
    .map(([currency, { minor, fen }]) => ({
      account: accounts.clearing,
      currency,
      amountMinor: -minor,
      cnyFen: -fen,
    }));
  return [...postings, ...lines];
}

/** The same voucher with its sides exchanged: the only way to take a posted one back (红字冲销). */
export function reversedPostings(postings: readonly Posting[]): readonly Posting[] {
  return postings.map((one) => ({
    ...one,
    amountMinor: -one.amountMinor,
    cnyFen: -one.cnyFen,
    ...(one.qtyE5 === undefined ? {} : { qtyE5: -one.qtyE5 }),
  }));
}

/** An amount of an event: minor units of its currency and what they are in fen. */
export interface Amount {
  readonly currency: CurrencyCode;
  readonly minor: bigint;
  readonly fen: bigint;
}

/** Converts once, half-up to the fen. @param rate CNY for one unit, decimal text; `1` for CNY itself */
export function amountAt({ currency, minor }: Money, rate: string): Amount {
  return { currency, minor, fen: convert({ currency, minor }, currency === 'CNY' ? '1' : rate).minor };
}

/** An amount in CNY. */
export function cnyAmount(fen: bigint): Amount {
  return { currency: 'CNY', minor: fen, fen };
}

/** `记 2026-11-0012`: the voucher's name on screen and paper. */
export function voucherLabel(period: string, number: number): string {
  return `记 ${period}-${String(number).padStart(4, '0')}`;
}

/** Which day's rate a sale is converted at: that of the day itself, or of the first of its month (当月 1 日). */
export const rateBases = ['day', 'month-first'] as const;
export type RateBasis = (typeof rateBases)[number];

/** Central parity (中间价), a bank's buying and selling price, customs' rate of the month (计征汇率). */
export const rateKinds = ['parity', 'bank-buy', 'bank-sell', 'customs'] as const;
export type RateKind = (typeof rateKinds)[number];

/** CNY per unit: plain decimal text above zero with at most eight decimals, of a currency of ISO 4217 other than CNY. */
export function isRate(currency: string, text: string): boolean {
  return currency !== 'CNY' && isCurrency(currency) && /^\d{1,8}(\.\d{1,8})?$/.test(text) && !/^[0.]+$/.test(text);
}
