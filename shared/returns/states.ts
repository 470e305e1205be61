/** What becomes of goods that came back (出口退换货): received, sorted, stored, repaired, sold again or sent out again. */

export const returnStates = [
  'received',
  'sorted',
  'stored',
  'repairing',
  'resold',
  'sentBack',
  'scrapped',
  'void',
] as const;
export type ReturnState = (typeof returnStates)[number];

const next: Readonly<Record<ReturnState, readonly ReturnState[]>> = {
  received: ['sorted', 'void'],
  sorted: ['stored', 'void'],
  stored: ['repairing', 'resold', 'sentBack', 'scrapped', 'void'],
  repairing: ['stored'],
  resold: ['stored'],
  sentBack: ['stored'],
  scrapped: ['stored'],
  void: [],
};

/**
 * States that a return may go to, in the order of the work. From an end it only goes back into store, see {@link isTakenBack}. `void`: entered
 * by mistake, frees its quantity.
 */
export function nextStates(state: ReturnState): readonly ReturnState[] {
  return next[state];
}

/** Whether a step takes back an end that was entered by mistake: it wants a reason. */
export function isTakenBack(from: ReturnState, to: ReturnState): boolean {
  return to === 'stored' && (from === 'resold' || from === 'sentBack' || from === 'scrapped');
}

/**
 * What may still come back of a line that went out; never below nought. Quantities scaled by 10^5.
 * @param backE5 returns of the line that stand
 */
export function leftToReturn(outE5: number, backE5: readonly number[]): number {
  return Math.max(0, outE5 - backE5.reduce((sum, one) => sum + one, 0));
}

/**
 * Splits a return of which only a part goes on: what goes and what stays, which sum to the whole.
 * @returns undefined where the part is not above nought or more than the whole
 */
export function splitReturn(
  wholeE5: number,
  partE5: number,
): { readonly goesE5: number; readonly staysE5: number } | undefined {
  if (!Number.isSafeInteger(partE5) || partE5 <= 0 || partE5 > wholeE5) return undefined;
  return { goesE5: partE5, staysE5: wholeE5 - partE5 };
}

/** Fen of a repair: its parts and its work. */
export function repairCost(partsFen: readonly bigint[], labourFen: bigint): bigint {
  return partsFen.reduce((sum, one) => sum + one, labourFen);
}
