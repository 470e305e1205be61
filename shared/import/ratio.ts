import { formatScaled, tryParseScaled } from '../money/decimal.ts';

/** Words of tax papers that stand for no tax. */
const none = new Set(['免税', '不征税', '零税率', '出口零税', '免征']);
const blank = new Set(['', '-', '--', '—', '——', '/', '无', '不适用']);

/**
 * A tax rate as decimal text: `13%`, `13` and `0.13` are `0.13`; a dash is no rate (undefined). `1` could be one per cent or
 * all of it, and amounts a unit (`3元/升`) are no rate at all: both are `unclear`. At most eight decimals.
 */
export function ratioOf(text: string): string | undefined | 'unclear' {
  const clean = text.normalize('NFKC').trim();
  if (blank.has(clean)) return undefined;
  if (none.has(clean)) return '0';
  const match = /^(\d{1,5}(?:\.\d{1,8})?)\s*(%?)$/.exec(clean);
  const value = match?.[1] === undefined ? undefined : tryParseScaled(match[1], 8);
  if (value === undefined) return 'unclear';
  const one = 100_000_000n;
  if (match?.[2] !== '%' && value === one) return 'unclear';
  const isPercent = match?.[2] === '%' || value > one;
  const ratio = isPercent ? formatScaled(value, 10) : formatScaled(value, 8);
  return ratio.length > 10 ? 'unclear' : ratio;
}
