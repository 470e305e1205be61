/** What stands between an export line and its refund, and how much of it a match may take. */
import type { RowOf } from '../../core-client.ts';
import type { Tone } from '../../theme/palette.ts';

export type RefundLine = RowOf<'refunds.matches'>;

export const refundStates = ['open', 'partly', 'matched', 'claimed'] as const;
export type RefundState = (typeof refundStates)[number];
export const stateTones: Readonly<Record<RefundState, Tone>> = {
  open: 'action',
  partly: 'ready',
  matched: 'accepted',
  claimed: 'waiting',
};

const scale = 5;
/** Decimal text to units of 10⁻⁵; quantities never go through floating point. */
function units(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,5}))?$/.exec(text);
  if (match === null) return 0n;
  const value = BigInt(`${match[2]}${(match[3] ?? '').padEnd(scale, '0')}`);
  return match[1] === '-' ? -value : value;
}

function unitsText(value: bigint): string {
  const digits = value.toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Quantity of an export line that nothing is matched to yet. */
export function openQuantity(line: Pick<RefundLine, 'quantity' | 'matchedQuantity'>): string {
  const open = units(line.quantity) - units(line.matchedQuantity);
  return open <= 0n ? '0' : unitsText(open);
}

/** What a match is offered with: all that is open, as far as the invoice line has it. */
export function offeredQuantity(line: Pick<RefundLine, 'quantity' | 'matchedQuantity'>, left: string): string {
  const open = units(openQuantity(line));
  const has = units(left);
  return unitsText(open < has ? open : has);
}

/** Sum of amounts in yuan with two decimals, exact. */
export function sumOfFen(amounts: readonly string[]): string {
  const total = amounts.reduce((sum, one) => sum + units(one), 0n);
  return unitsText(total)
    .replace(/^([^.]+)$/, '$1.00')
    .replace(/\.(\d)$/, '.$10');
}

/** Papers that are still missing for a claim, as keys of their texts. */
export function missingPapers(
  line: Pick<RefundLine, 'receivedOn' | 'state' | 'matches' | 'declarationNo'>,
): readonly string[] {
  return [
    ...(/^\d{18}$/.test(line.declarationNo) ? [] : ['declaration']),
    ...(line.state === 'open' ? ['invoice'] : line.state === 'partly' ? ['moreInvoices'] : []),
    ...(line.receivedOn === undefined ? ['receipt'] : []),
  ];
}

/** The next free batch number of a month: `001`, `002`. */
export function nextBatch(
  claims: readonly { readonly period: string; readonly batch: string }[],
  period: string,
): string {
  const last = claims
    .filter((one) => one.period === period)
    .reduce((most, { batch }) => Math.max(most, Number(batch) || 0), 0);
  return String(last + 1).padStart(3, '0');
}
