import { format5, multiply5, parse5 } from './decimal.ts';

/**
 * Quantities, prices and customs amounts as the book stores them: a safe integer scaled by 10^5.
 * The limit is some 90 billion units, checked here once, so that a sum that leaves it fails instead of losing digits.
 */

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`beyond the book's range: ${value}e-5`);
  return number;
}

/** Canonical decimal text of a stored value: 250000 is `2.5`. */
export function storedText(valueE5: number): string {
  return format5(BigInt(valueE5));
}

/** Reads decimal text with at most five decimals. Throws DecimalError, or RangeError beyond the book's range. */
export function storedValue(text: string): number {
  return safe(parse5(text));
}

/** quantity × price, half-up to five decimals: the line total of customs messages. */
export function storedProduct(aE5: number, bE5: number): number {
  return safe(multiply5(BigInt(aE5), BigInt(bE5)));
}
