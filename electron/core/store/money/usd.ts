import { divideRounded, exponentOf, parseScaled } from '../../../../shared/money/index.ts';
import type { Book } from '../book.ts';
import { rateInForce } from '../rates.ts';

/** Digits of the rate of US dollars that the division keeps; rates have eight at most. */
const rateDigits = 8;

/**
 * An amount in cents of US dollars at the parities in force on a date, both sides through CNY, rounded half-up once; undefined while
 * one of the two rates is missing.
 * @param minor in minor units of `currency`, signed
 */
export function usdMinorOf(book: Book, currency: string, minor: number, date: string): number | undefined {
  if (currency === 'USD') return minor;
  const usd = rateInForce(book, 'USD', date);
  const own = currency === 'CNY' ? { cnyPerUnit: '1' } : rateInForce(book, currency, date);
  if (usd === undefined || own === undefined) return undefined;
  // minor × own ÷ usd, with both rates as integers and the minor units of both currencies brought to cents.
  const numerator = BigInt(minor) * parseScaled(own.cnyPerUnit, rateDigits) * 100n;
  const denominator = parseScaled(usd.cnyPerUnit, rateDigits) * 10n ** BigInt(exponentOf(currency));
  return Number(divideRounded(numerator, denominator, 'halfUp'));
}
