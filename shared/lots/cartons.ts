/** Numbers of cartons (箱号): a text before them, a number of so many digits, singly or from one to another. */

export interface CartonRange {
  readonly prefix: string;
  /** How many digits a number is written with; a longer number takes more. */
  readonly digits: number;
  readonly first: number;
  readonly last: number;
}

/** The most numbers of one range. */
export const MOST_CARTONS = 1_000_000;

/** `LZ-0007` of `{prefix: 'LZ-', digits: 4}` and 7. */
export function cartonText({ prefix, digits }: Pick<CartonRange, 'prefix' | 'digits'>, no: number): string {
  return `${prefix}${String(no).padStart(digits, '0')}`;
}

/** `LZ-0001–LZ-0400`, or the one number. */
export function rangeText(range: CartonRange): string {
  const first = cartonText(range, range.first);
  return range.first === range.last ? first : `${first}–${cartonText(range, range.last)}`;
}

export const cartonCount = ({ first, last }: Pick<CartonRange, 'first' | 'last'>): number => last - first + 1;

/** The parts of one number: what stands before its last digits, and these. Undefined without digits at the end. */
export function cartonParts(text: string): { prefix: string; digits: number; no: number } | undefined {
  const found = /^(.*?)(\d{1,9})$/u.exec(text.normalize('NFKC').trim());
  if (found === null) return undefined;
  const [, prefix = '', tail = ''] = found;
  return { prefix: prefix.toUpperCase(), digits: tail.length, no: Number(tail) };
}

/**
 * What a person writes for cartons: numbers or ranges between commas, `LZ-0001-LZ-0400, LZ-0900` or `LZ-0001-0400`; any dash, `~` or
 * `至` between first and last.
 * @returns undefined where a part is no number or no range of one prefix, upwards and within {@link MOST_CARTONS}
 */
export function readCartons(text: string): CartonRange[] | undefined {
  const ranges: CartonRange[] = [];
  for (const part of text
    .normalize('NFKC')
    .split(/[,;、，；\n]+/u)
    .map((one) => one.trim())
    .filter((one) => one !== '')) {
    const range = readRange(part);
    if (range === undefined) return undefined;
    ranges.push(range);
  }
  return ranges.length === 0 ? undefined : ranges;
}

function readRange(part: string): CartonRange | undefined {
  const between = /^(.*\d)\s*(?:[-–—~]|至)\s*(\D*\d+|.*\D\d+)$/u.exec(part);
  // A hyphen may belong to the prefix: `LZ-0007` is one number.
  const single = cartonParts(part);
  if (between === null)
    return single && { prefix: single.prefix, digits: single.digits, first: single.no, last: single.no };
  const from = cartonParts(between[1] ?? '');
  const to = cartonParts(between[2] ?? '');
  if (from === undefined || to === undefined) return undefined;
  if ((to.prefix !== '' && to.prefix !== from.prefix) || to.no < from.no || to.no - from.no >= MOST_CARTONS)
    return undefined;
  return { prefix: from.prefix, digits: from.digits, first: from.no, last: to.no };
}

/** What of a range lies within [first, last], and what is left of it before and after. */
export function cutRange(
  range: CartonRange,
  first: number,
  last: number,
): { readonly inside: CartonRange; readonly rest: readonly CartonRange[] } | undefined {
  const from = Math.max(range.first, first);
  const to = Math.min(range.last, last);
  if (from > to) return undefined;
  const rest: CartonRange[] = [];
  if (range.first < from) rest.push({ ...range, last: from - 1 });
  if (to < range.last) rest.push({ ...range, first: to + 1 });
  return { inside: { ...range, first: from, last: to }, rest };
}
