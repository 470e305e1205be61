import { divideRounded, exponentOf, parseScaled } from '../../../../shared/money/index.ts';
import type { Book } from '../book.ts';
import { rateInForce } from '../rates.ts';

/** Digits of the rates that the division keeps; rates have eight at most. */
const rateDigits = 8;

/**
 * An amount in another currency at the parities in force on a date, both sides through CNY, rounded half-up once; undefined while
 * one of the two rates is missing.
 * @param minor in minor units of `from`, signed
 * @returns minor units of `to`
 */
export function minorIn(book: Book, to: string, from: string, minor: number, date: string): number | undefined {
  if (from === to) return minor;
  const rateOf = (currency: string): string | undefined =>
    currency === 'CNY' ? '1' : rateInForce(book, currency, date)?.cnyPerUnit;
  const own = rateOf(from);
  const other = rateOf(to);
  if (own === undefined || other === undefined) return undefined;
  const numerator = BigInt(minor) * parseScaled(own, rateDigits) * 10n ** BigInt(exponentOf(to));
  const denominator = parseScaled(other, rateDigits) * 10n ** BigInt(exponentOf(from));
  return Number(divideRounded(numerator, denominator, 'halfUp'));
}

/** As {@link minorIn}, in cents of US dollars. */
export function usdMinorOf(book: Book, currency: string, minor: number, date: string): number | undefined {
  return minorIn(book, 'USD', currency, minor, date);
}
