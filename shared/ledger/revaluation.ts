import { exponentOf } from '../money/index.ts';
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

/** The amounts that the rule `revaluation` names: the foreign balance keeps its units, only its CNY value changes. */
export function revaluationAmounts({ currency, gain }: Revaluation): Record<'change' | 'gain' | 'loss', Amount> {
  exponentOf(currency);
  return {
    change: { currency, minor: 0n, fen: gain },
    gain: cnyAmount(gain > 0n ? gain : 0n),
    loss: cnyAmount(gain < 0n ? -gain : 0n),
  };
}
