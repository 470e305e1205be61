/**
 * Exact decimals as scaled integers. Customs allows five fraction digits for amounts, prices, quantities and weights
 * (`N19,5` of the 2022-05 message edition), so a `Decimal5` is a count of hundred-thousandths. No floating point anywhere.
 */

/** How a remainder is dropped. `halfUp` rounds half away from zero (the 四舍五入 of Chinese rules), `halfEven` to the even neighbour, `truncate` towards zero. */
export type Rounding = 'halfUp' | 'halfEven' | 'truncate';

/** A decimal scaled by 10^5: 1.5 is 150000n. */
export type Decimal5 = bigint;

/** Fraction digits of a {@link Decimal5}. */
export const SCALE5 = 5;

/** Thrown for text that is not a decimal or has more digits than asked for; `code` is stable, `params` fill the message. */
export class DecimalError extends Error {
  readonly code: 'DECIMAL_SYNTAX' | 'DECIMAL_FRACTION';
  readonly params: Readonly<Record<string, string | number>>;
  constructor(code: 'DECIMAL_SYNTAX' | 'DECIMAL_FRACTION', params: Readonly<Record<string, string | number>>) {
    super(`${code} ${JSON.stringify(params)}`);
    this.name = 'DecimalError';
    this.code = code;
    this.params = params;
  }
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?$|^([+-]?)\.(\d+)$/;

/** 10 to the power of `digits` (0 or more). */
export function pow10(digits: number): bigint {
  return 10n ** BigInt(digits);
}

/**
 * Divides two integers and rounds the quotient as named. `divisor` must not be 0 (RangeError).
 */
export function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const n = dividend < 0n ? -dividend : dividend;
  const d = divisor < 0n ? -divisor : divisor;
  const quotient = n / d;
  const twice = (n % d) * 2n;
  const up =
    rounding === 'halfUp'
      ? twice >= d
      : rounding === 'halfEven'
        ? twice > d || (twice === d && quotient % 2n === 1n)
        : false;
  const magnitude = up ? quotient + 1n : quotient;
  return negative ? -magnitude : magnitude;
}

/**
 * Reads plain decimal text (`-12`, `12.30`, `.5`; no thousands separators, no exponent) as an integer scaled by 10^scale.
 * Fraction digits beyond `scale` that are not zero are refused unless `rounding` is given.
 * Returns undefined for anything that is not a decimal or does not fit; {@link parseScaled} throws instead.
 */
export function tryParseScaled(text: string, scale: number, rounding?: Rounding): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const sign = match[1] ?? match[4] ?? '';
  const whole = match[2] ?? '0';
  const fraction = match[3] ?? match[5] ?? '';
  let value: bigint;
  if (fraction.length <= scale) value = BigInt(whole + fraction.padEnd(scale, '0'));
  else if (rounding !== undefined)
    value = divideRounded(BigInt(whole + fraction), pow10(fraction.length - scale), rounding);
  else if (/^0*$/.test(fraction.slice(scale))) value = BigInt(whole + fraction.slice(0, scale));
  else return undefined;
  return sign === '-' ? -value : value;
}

/** As {@link tryParseScaled}, but throws {@link DecimalError} naming the text. */
export function parseScaled(text: string, scale: number, rounding?: Rounding): bigint {
  const value = tryParseScaled(text, scale, rounding);
  if (value !== undefined) return value;
  throw new DecimalError(DECIMAL.test(text) ? 'DECIMAL_FRACTION' : 'DECIMAL_SYNTAX', { text, scale });
}

/**
 * Writes a scaled integer as canonical decimal text: no exponent, no plus sign, no `-0`.
 * @param minFraction fraction digits kept even when zero (default 0: trailing zeros go, 150000 at scale 5 is `1.5`).
 */
export function formatScaled(value: bigint, scale: number, minFraction = 0): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  let fraction = digits.slice(digits.length - scale);
  let keep = fraction.length;
  while (keep > minFraction && fraction[keep - 1] === '0') keep--;
  fraction = fraction.slice(0, keep).padEnd(minFraction, '0');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Product of two scaled integers at scale `out`, rounded as named. */
export function multiply(
  a: bigint,
  scaleA: number,
  b: bigint,
  scaleB: number,
  out: number,
  rounding: Rounding,
): bigint {
  const scale = scaleA + scaleB;
  const product = a * b;
  return scale <= out ? product * pow10(out - scale) : divideRounded(product, pow10(scale - out), rounding);
}

/** Moves a scaled integer from one scale to another; rounding only matters downwards. */
export function rescale(value: bigint, from: number, to: number, rounding: Rounding): bigint {
  return to >= from ? value * pow10(to - from) : divideRounded(value, pow10(from - to), rounding);
}

/** Reads text with at most five fraction digits. Throws {@link DecimalError}. */
export function parse5(text: string): Decimal5 {
  return parseScaled(text, SCALE5);
}

/** As {@link parse5}, undefined instead of an error. Empty text is undefined, not zero. */
export function tryParse5(text: string): Decimal5 | undefined {
  return tryParseScaled(text, SCALE5);
}

/** Canonical text of a Decimal5, at most five fraction digits. */
export function format5(value: Decimal5, minFraction = 0): string {
  return formatScaled(value, SCALE5, minFraction);
}

/** quantity x price, both Decimal5, to five decimals half-up: the line total of customs messages. */
export function multiply5(a: Decimal5, b: Decimal5, rounding: Rounding = 'halfUp'): Decimal5 {
  return multiply(a, SCALE5, b, SCALE5, SCALE5, rounding);
}

/** Sum of Decimal5 values (0 for none). */
export function sum5(values: Iterable<Decimal5>): Decimal5 {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

/** Puts `,` between groups of three digits of the whole part: `-1234.5` is `-1,234.5`. */
export function groupThousands(text: string): string {
  const dot = text.indexOf('.');
  const whole = dot < 0 ? text : text.slice(0, dot);
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (dot < 0 ? '' : text.slice(dot));
}
