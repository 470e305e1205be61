import { formatScaled, parseScaled } from '../money/decimal.ts';

/** Fen of a CNY amount with at most two decimals: `-12.5` is -1250. Throws DecimalError, RangeError beyond 2^53. */
export function fenOf(text: string): number {
  const fen = Number(parseScaled(text, 2));
  if (!Number.isSafeInteger(fen)) throw new RangeError(`beyond the book's range: ${text}`);
  return fen;
}

/** Fen as CNY with both decimals: -1250 is `-12.50`. */
export function fenText(fen: number): string {
  return formatScaled(BigInt(fen), 2, 2);
}
