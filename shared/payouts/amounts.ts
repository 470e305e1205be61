/** Amounts as marketplaces write them, in minor units, without floating point. */

/** What stands before the decimals. */
export type DecimalMark = '.' | ',';
export type AmountFault = 'syntax' | 'fine' | 'range';

const symbols = /[\s\u00a0\u202f'’$€£¥₱฿₫₹]|^(?:RM|Rp|S\$|US\$|R\$|NT\$|[A-Z]{3}(?=[\s\d(+-]))|[A-Z]{3}$/g;
const blank = /^(?:|-{1,3}|—|–|N\/A)$/i;
const plain = /^\d*(?:\.\d*)?$/;
/** Groups of three, in India of two before the last. */
const grouped = /^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?$/;

/**
 * What a text says about the decimal mark of its file: `1.234,50`, `12,5` a comma; `1,234.50`, `12.50` a point; `1,234` nothing.
 */
export function markOf(text: string): DecimalMark | undefined {
  const digits = text.replace(/[^\d.,]/g, '');
  const comma = digits.lastIndexOf(',');
  const point = digits.lastIndexOf('.');
  if (comma < 0 && point < 0) return undefined;
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
  const mark = comma >= 0 ? ',' : '.';
  const at = Math.max(comma, point);
  // Several of a kind group thousands.
  if (digits.indexOf(mark) !== at) return mark === ',' ? '.' : ',';
  return digits.length - at - 1 === 3 && at <= 3 ? undefined : mark;
}

/**
 * An amount in minor units; undefined for a blank. `(1,234.50)`, `12.50-` and a minus of typography are negative; signs and codes of
 * currencies and blanks that group thousands are left out. More decimals than the currency has are refused unless they are zeros.
 */
export function readMinor(text: string, exponent: number, mark: DecimalMark): number | undefined | AmountFault {
  const quick = quickMinor(text, exponent);
  return quick !== undefined && mark === '.' ? quick : slowMinor(text, exponent, mark);
}

/** `-12.34` as nearly every cell has it; undefined for any other form. */
function quickMinor(text: string, exponent: number): number | undefined {
  const { length } = text;
  if (length === 0 || length > 15) return undefined;
  let at = text.charCodeAt(0) === 0x2d ? 1 : 0;
  const isNegative = at === 1;
  let value = 0;
  let decimals = -1;
  const start = at;
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      value = value * 10 + (code - 0x30);
      if (decimals >= 0) decimals += 1;
    } else if (code === 0x2e && decimals < 0 && at > start) decimals = 0;
    else return undefined;
  }
  if (at === start) return undefined;
  for (decimals = Math.max(decimals, 0); decimals < exponent; decimals += 1) value *= 10;
  if (decimals !== exponent) return undefined;
  return isNegative && value !== 0 ? -value : value;
}

function slowMinor(text: string, exponent: number, mark: DecimalMark): number | undefined | AmountFault {
  let clean = text.normalize('NFKC').replaceAll('−', '-').trim();
  if (blank.test(clean)) return undefined;
  let isNegative = false;
  const take = (pattern: RegExp): void => {
    if (!pattern.test(clean)) return;
    isNegative = true;
    clean = clean.replace(pattern, '$1');
  };
  take(/^\((.*)\)$/);
  clean = clean.replaceAll(symbols, '');
  if (!isNegative) take(/^\((.*)\)$/);
  if (!isNegative) take(/^-(.*)$/);
  if (!isNegative) take(/^(.*)-$/);
  clean = clean.replace(/^\+/, '').replaceAll(symbols, '');
  if (mark === ',') clean = clean.replaceAll(/[.,]/g, (one) => (one === ',' ? '.' : ','));
  if (clean.includes(',')) {
    if (!grouped.test(clean)) return 'syntax';
    clean = clean.replaceAll(',', '');
  }
  if (!plain.test(clean) || !/\d/.test(clean)) return 'syntax';
  const [whole = '', fraction = ''] = clean.split('.');
  if (/[1-9]/.test(fraction.slice(exponent))) return 'fine';
  const value = Number(`${whole}${fraction.slice(0, exponent).padEnd(exponent, '0')}`);
  if (!Number.isSafeInteger(value)) return 'range';
  return isNegative && value !== 0 ? -value : value;
}
