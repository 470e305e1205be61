/** Amounts of reports as text. */
import { divideRounded, exponentOf, formatScaled } from '../money/index.ts';

/** Minor units to decimal text in major units with all decimals of the currency: `-67.95`. */
export function majorText(minor: bigint | number, currency: string): string {
  const digits = exponentOf(currency);
  return formatScaled(BigInt(minor), digits, digits);
}

export function fenText(fen: bigint | number): string {
  return majorText(fen, 'CNY');
}

/** A signed balance on the side it stands. */
export function sidesOf(minor: bigint | number, currency: string): { debit: string; credit: string } {
  if (minor > 0) return { debit: majorText(minor, currency), credit: '' };
  return minor < 0 ? { debit: '', credit: majorText(-BigInt(minor), currency) } : { debit: '', credit: '' };
}

/** 借, 贷 or 平, and the amount without a sign. */
export function sidedBalance(
  minor: bigint | number,
  currency: string,
): { side: 'debit' | 'credit' | 'even'; balance: string } {
  const value = BigInt(minor);
  return {
    side: value > 0n ? 'debit' : value < 0n ? 'credit' : 'even',
    balance: majorText(value < 0n ? -value : value, currency),
  };
}

/** Unit price in CNY: fen ÷ quantity (scaled by 10^5), half-up to five decimals; empty without a quantity. */
export function unitPrice(fen: bigint, qtyE5: bigint): string {
  if (qtyE5 === 0n) return '';
  // fen/100 ÷ qty/10^5 = fen · 10^3 / qty; five decimals more.
  const value = divideRounded(fen * 100_000_000n, qtyE5, 'halfUp');
  return formatScaled(value < 0n ? -value : value, 5, 2);
}

/** part ÷ whole as a percentage with two decimals, half-up; empty without a whole. */
export function percentage(part: bigint, whole: bigint): string {
  return whole === 0n ? '' : formatScaled(divideRounded(part * 10_000n, whole, 'halfUp'), 2, 2);
}
