import { divideRounded, exponentOf } from '../money/index.ts';
import { type Amount, amountAt, cnyAmount } from './postings.ts';

/** A balance of a monetary account in a foreign currency. Signed: debit positive. */
export interface ForeignBalance {
  readonly account: string;
  readonly currency: string;
  readonly minor: bigint;
  readonly fen: bigint;
}

/** What revaluing a balance at the closing rate comes to, in fen. `gain` is negative for a loss. */
export interface Revaluation extends ForeignBalance {
  readonly rate: string;
  readonly closingFen: bigint;
  readonly gain: bigint;
}

/**
 * Values a monetary balance at the closing rate (小企业会计准则 art. 77: 资产负债表日的即期汇率), half-up to the fen. A debit
 * balance gains when the currency rises, a credit balance loses: signed balances need no case of their own.
 */
export function revalued(balance: ForeignBalance, rate: string): Revaluation {
  const { fen: closingFen } = amountAt({ currency: balance.currency, minor: balance.minor }, rate);
  return { ...balance, rate, closingFen, gain: closingFen - balance.fen };
}

/** The amounts that the rules of exchange differences name: the foreign balance keeps its units, only its CNY value changes. */
export function differenceAmounts({
  currency,
  gain,
}: Pick<Revaluation, 'currency' | 'gain'>): Record<'change' | 'gain' | 'loss', Amount> {
  exponentOf(currency);
  return {
    change: { currency, minor: 0n, fen: gain },
    gain: cnyAmount(gain > 0n ? gain : 0n),
    loss: cnyAmount(gain < 0n ? -gain : 0n),
  };
}

/** What a posting adds to an item that is owed (positive: to us) or takes from it. One of 0 units changes its value alone. */
export type Carried = Pick<ForeignBalance, 'minor' | 'fen'>;

const isOpposite = (a: bigint, b: bigint): boolean => (a > 0n && b < 0n) || (a < 0n && b > 0n);

/**
 * The exchange difference realised (已实现汇兑差额) by what settles items in foreign currency: fen to add to the account so that
 * what is settled goes out at what it was carried for; positive is a gain. The oldest item is settled first, a part of one in
 * proportion, half-up; when nothing is left in the currency, nothing is left in fen either. What is paid beyond the items is
 * an item itself, at its own value, for what follows.
 *
 * @param before what stood when `own` was posted, oldest first
 * @param own what is posted now
 * @param rest the sum of all that stands beside `own` now
 */
export function realisedDifference(before: readonly Carried[], own: readonly Carried[], rest: Carried): bigint {
  const sum = own.reduce((a, b) => ({ minor: a.minor + b.minor, fen: a.fen + b.fen }), rest);
  if (sum.minor === 0n) return -sum.fen;
  const items: { minor: bigint; fen: bigint }[] = [];
  let first = 0;
  let difference = 0n;
  for (const [at, one] of [...before, ...own].entries()) {
    const left = { ...one };
    for (let item = items[first]; item !== undefined && isOpposite(item.minor, left.minor); item = items[first]) {
      const isWhole = abs(item.minor) <= abs(left.minor);
      const minor = isWhole ? item.minor : -left.minor;
      const carried = isWhole ? item.fen : divideRounded(item.fen * minor, item.minor, 'halfUp');
      const paid = minor === -left.minor ? left.fen : divideRounded(left.fen * -minor, left.minor, 'halfUp');
      if (at >= before.length) difference -= carried + paid;
      item.minor -= minor;
      item.fen -= carried;
      left.minor += minor;
      left.fen -= paid;
      if (isWhole) first += 1;
    }
    if (left.minor !== 0n) items.push(left);
  }
  return difference;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
