/** Vouchers as a person types them, read into postings. */
import { PortbookError } from '../errors.ts';
import { divideRounded, exponentOf, formatScaled, isCurrency, pow10, tryParseScaled } from '../money/index.ts';
import { amountAt, cleared, type Dimensions, isRate, type Posting } from './postings.ts';

/** A rate in force: CNY for one unit, decimal text, and its day. */
export interface RateFound {
  readonly cnyPerUnit: string;
  readonly date: string;
}

/** A line as the contract has it, with its dimensions found already. */
export interface TypedLine extends Dimensions {
  readonly text: string;
  readonly account: string;
  readonly currency: string;
  readonly debit?: string | undefined;
  readonly credit?: string | undefined;
  readonly cny?: string | undefined;
  readonly rate?: string | undefined;
  readonly quantity?: string | undefined;
}

/** A line read: its posting and the rate it was converted at, if it was. */
export interface ReadLine {
  readonly posting: Posting;
  readonly rate?: RateFound;
}

/** Refuses an amount beyond what a book keeps, in minor units: safe integers. Refusal: `AMOUNT_RANGE`. */
function withinRange(minor: bigint, path: string): bigint {
  if (!Number.isSafeInteger(Number(minor))) throw new PortbookError('AMOUNT_RANGE', {}, path);
  return minor;
}

/**
 * An amount in minor units. Refusals: `CURRENCY_UNKNOWN` {currency}, `AMOUNT_DECIMALS` {currency, digits}, `AMOUNT_RANGE`, at
 * `path`.
 */
export function readAmount(text: string, currency: string, path: string, currencyPath = path): bigint {
  if (!isCurrency(currency)) throw new PortbookError('CURRENCY_UNKNOWN', { currency }, currencyPath);
  const digits = exponentOf(currency);
  const minor = tryParseScaled(text, digits);
  if (minor === undefined) throw new PortbookError('AMOUNT_DECIMALS', { currency, digits }, path);
  return withinRange(minor, path);
}

/**
 * Reads one line. The CNY value of a foreign amount is what was typed, or follows from the typed rate, or from the rate in
 * force. `path` is the line's own, e.g. `lines.2`. Refusals: `VOUCHER_LINE` {line} for a line with both sides, none, or
 * nothing in it; `RATE_MISSING` {currency, date}, `RATE_INVALID`, `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`,
 * `AMOUNT_RANGE`, `AMOUNT_SIGN` for a CNY value of the other sign, `QUANTITY_INVALID`.
 */
export function readLine(
  line: TypedLine,
  date: string,
  path: string,
  number: number,
  rateOf: (currency: string) => RateFound | undefined,
): ReadLine {
  const { currency, debit, credit, cny, rate, quantity, ...rest } = line;
  const side = debit === undefined ? 'credit' : 'debit';
  const typed = debit ?? credit;
  if (typed === undefined || (debit !== undefined && credit !== undefined))
    throw new PortbookError('VOUCHER_LINE', { line: number }, `${path}.debit`);
  const sign = side === 'debit' ? 1n : -1n;
  const minor = readAmount(typed, currency, `${path}.${side}`, `${path}.currency`);
  const converted = ((): { fen: bigint; rate?: RateFound } => {
    if (currency === 'CNY') return { fen: minor };
    if (cny !== undefined) {
      const fen = readAmount(cny, 'CNY', `${path}.cny`);
      if (minor > 0n && fen < 0n) throw new PortbookError('AMOUNT_SIGN', {}, `${path}.cny`);
      return { fen: minor < 0n && fen > 0n ? -fen : fen };
    }
    if (rate !== undefined && !isRate(currency, rate))
      throw new PortbookError('RATE_INVALID', { currency, rate }, `${path}.rate`);
    const found = rate === undefined ? rateOf(currency) : { cnyPerUnit: rate, date };
    if (found === undefined) throw new PortbookError('RATE_MISSING', { currency, date }, `${path}.rate`);
    const { fen } = amountAt({ currency, minor }, found.cnyPerUnit);
    return { fen: withinRange(fen, `${path}.rate`), rate: found };
  })();
  if (minor === 0n && converted.fen === 0n)
    throw new PortbookError('VOUCHER_LINE', { line: number }, `${path}.${side}`);
  const qtyE5 = quantity === undefined ? undefined : tryParseScaled(quantity, 5);
  if (quantity !== undefined && qtyE5 === undefined)
    throw new PortbookError('QUANTITY_INVALID', { quantity }, `${path}.quantity`);
  return {
    posting: {
      ...rest,
      text: rest.text === '' ? undefined : rest.text,
      currency,
      amountMinor: sign * minor,
      cnyFen: sign * converted.fen,
      ...(qtyE5 === undefined ? {} : { qtyE5: sign * qtyE5 }),
    },
    ...(converted.rate === undefined ? {} : { rate: converted.rate }),
  };
}

/** Reads the lines of a voucher; with `exchange` what a conversion leaves open is cleared. `path` goes before `lines.n`. */
export function readVoucher(
  voucher: { readonly date: string; readonly exchange: boolean; readonly lines: readonly TypedLine[] },
  rateOf: (currency: string) => RateFound | undefined,
  path = '',
): { readonly postings: readonly Posting[]; readonly rate: RateFound | undefined } {
  const lines = voucher.lines.map((line, at) => readLine(line, voucher.date, `${path}lines.${at}`, at + 1, rateOf));
  const postings = lines.map(({ posting }) => posting);
  const rates = lines.flatMap(({ rate }) => (rate === undefined ? [] : [rate]));
  const [first] = rates;
  const isOne = first !== undefined && rates.every((one) => one.cnyPerUnit === first.cnyPerUnit);
  return { postings: voucher.exchange ? cleared(postings) : postings, rate: isOne ? first : undefined };
}

/**
 * CNY for one unit that a converted amount shows: with the fewest decimals from four up that give the same fen again, else
 * half-up to eight; undefined for an amount of zero.
 */
export function impliedRate({
  currency,
  amountMinor: minor,
  cnyFen,
}: Pick<Posting, 'currency' | 'amountMinor' | 'cnyFen'>): string | undefined {
  if (minor === 0n) return undefined;
  const digits = exponentOf(currency);
  let rate = '';
  for (let decimals = 4; decimals <= 8; decimals += 1) {
    const scaled = divideRounded(cnyFen * pow10(digits + decimals - 2), minor, 'halfUp');
    rate = formatScaled(scaled, decimals);
    if (scaled > 0n && amountAt({ currency, minor }, rate).fen === cnyFen) break;
  }
  return rate;
}
