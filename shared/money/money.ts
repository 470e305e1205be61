/**
 * Money: a whole number of the currency's minor unit (fen, cents, yen) with its ISO 4217 code. Prices and rates are
 * decimals, not money; see `decimal.ts`.
 */
import { CURRENCY_EXPONENTS } from './currency-exponents.ts';
import {
  type Decimal5,
  divideRounded,
  formatScaled,
  groupThousands,
  parseScaled,
  pow10,
  type Rounding,
  rescale,
  SCALE5,
  tryParseScaled,
} from './decimal.ts';

/** ISO 4217 alphabetic code, such as `USD`. Customs' three-digit numbers are mapped to it by the currency table. */
export type CurrencyCode = string;

/** An amount in whole minor units: `{ minor: 1234n, currency: 'CNY' }` is 12.34 yuan. */
export interface Money {
  readonly minor: bigint;
  readonly currency: CurrencyCode;
}

/** Money across IPC and JSON: minor units as decimal text. */
export interface MoneyJson {
  readonly minor: string;
  readonly currency: CurrencyCode;
}

export type MoneyErrorCode = 'MONEY_CURRENCY_UNKNOWN' | 'MONEY_CURRENCY_MIXED' | 'MONEY_RATE' | 'MONEY_WEIGHTS';

/** A programming or data error with money; `code` is stable. */
export class MoneyError extends Error {
  readonly code: MoneyErrorCode;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(code: MoneyErrorCode, params: Readonly<Record<string, string | number>>) {
    super(`${code} ${JSON.stringify(params)}`);
    this.name = 'MoneyError';
    this.code = code;
    this.params = params;
  }
}

/** Whether ISO 4217 gives this code a minor unit (own properties only: `toString` is not a currency). */
export function isCurrency(code: string): boolean {
  return Object.hasOwn(CURRENCY_EXPONENTS, code);
}

/** Minor-unit digits: JPY 0, CNY 2, IDR 2, KWD 3, VND 0 (ISO 4217). Throws MONEY_CURRENCY_UNKNOWN. */
export function exponentOf(currency: CurrencyCode): number {
  const digits = isCurrency(currency) ? CURRENCY_EXPONENTS[currency] : undefined;
  if (digits === undefined) throw new MoneyError('MONEY_CURRENCY_UNKNOWN', { currency });
  return digits;
}

/** Makes money from minor units; throws MONEY_CURRENCY_UNKNOWN. */
export function money(minor: bigint, currency: CurrencyCode): Money {
  exponentOf(currency);
  return { minor, currency };
}

/** Decimal text in major units (`12.34`) to money; more digits than the currency has are refused unless `rounding` is named. */
export function parseMoney(text: string, currency: CurrencyCode, rounding?: Rounding): Money {
  return { minor: parseScaled(text, exponentOf(currency), rounding), currency };
}

/** As {@link parseMoney}; undefined for text that is no such amount. */
export function tryParseMoney(text: string, currency: CurrencyCode, rounding?: Rounding): Money | undefined {
  const minor = tryParseScaled(text, exponentOf(currency), rounding);
  return minor === undefined ? undefined : { minor, currency };
}

/** A five-decimal amount of customs to money, half-up to the minor unit. */
export function toMinor(amountE5: Decimal5, currency: CurrencyCode): Money {
  return { minor: rescale(amountE5, SCALE5, exponentOf(currency), 'halfUp'), currency };
}

/** Money to a five-decimal amount; exact (no ISO currency has more than four minor digits). */
export function toDecimal5(value: Money): Decimal5 {
  return rescale(value.minor, exponentOf(value.currency), SCALE5, 'halfUp');
}

/**
 * Converts to CNY fen. `rateText` is yuan for ONE unit of the currency (not for 100, as some banks print it), plain decimal
 * text above zero with any number of digits. Exact product, rounded once, half-up to the fen unless said otherwise.
 */
export function convert(value: Money, rateText: string, rounding: Rounding = 'halfUp'): Money {
  const fraction = /^\d+(?:\.(\d+))?$/.exec(rateText);
  if (fraction === null || /^[0.]+$/.test(rateText)) throw new MoneyError('MONEY_RATE', { rate: rateText });
  const scale = fraction[1]?.length ?? 0;
  const rate = parseScaled(rateText, scale);
  const from = exponentOf(value.currency);
  return { minor: divideRounded(value.minor * rate * 100n, pow10(scale + from), rounding), currency: 'CNY' };
}

/**
 * Splits `total` in proportion to `weights` so that the parts sum back exactly. Each share is truncated, and the units left
 * over go one each to the largest remainders (ties: the earlier part). Weights are 0 or more and not all 0 (MONEY_WEIGHTS).
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new MoneyError('MONEY_WEIGHTS', { weight: weight.toString() });
    sum += weight;
  }
  if (sum === 0n) throw new MoneyError('MONEY_WEIGHTS', { count: weights.length });
  const negative = total < 0n;
  const magnitude = negative ? -total : total;
  const parts = weights.map((weight) => (magnitude * weight) / sum);
  let left = magnitude;
  for (const part of parts) left -= part;
  const order = weights
    .map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }))
    .sort((a, b) => (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : a.index - b.index));
  for (const { index } of order) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return negative ? parts.map((part) => -part) : parts;
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new MoneyError('MONEY_CURRENCY_MIXED', { left: a.currency, right: b.currency });
}

/** Sum of two amounts of one currency; throws MONEY_CURRENCY_MIXED. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/** Difference of two amounts of one currency; throws MONEY_CURRENCY_MIXED. */
export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor - b.minor, currency: a.currency };
}

/** -1, 0 or 1; throws MONEY_CURRENCY_MIXED. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  return a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : 0;
}

/** `1,234.56`, always with the currency's own number of fraction digits and a minus for negatives; no currency sign. */
export function formatMoney(value: Money): string {
  return groupThousands(moneyText(value));
}

/** `1234.56`: plain decimal text in major units, for messages and files. */
export function moneyText(value: Money): string {
  const digits = exponentOf(value.currency);
  return formatScaled(value.minor, digits, digits);
}

export function moneyToJson(value: Money): MoneyJson {
  return { minor: value.minor.toString(), currency: value.currency };
}

/** Reads {@link MoneyJson}; throws DecimalError or MoneyError for anything else. */
export function moneyFromJson(value: MoneyJson): Money {
  return money(parseScaled(value.minor, 0), value.currency);
}
