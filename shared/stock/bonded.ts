/** Balance of a record item of a bonded ledger (保税账册). Quantities are integers scaled by 10^5. */

/** What a day adds; less than zero: what it takes. */
export interface DayChange {
  readonly on: string;
  readonly deltaE5: number;
}

/**
 * What can go out on a day so that the balance falls below zero neither then nor on any later day: what came in later cannot have gone out
 * before it. Not below zero.
 */
export function freeFrom(changes: readonly DayChange[], day: string): number {
  let running = 0;
  let least: number | undefined;
  const byDay = [...changes].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  for (const [at, { on, deltaE5 }] of byDay.entries()) {
    // The balance with which `day` begins counts as its own only where nothing happens on it.
    if (on > day && least === undefined) least = running;
    running += deltaE5;
    if (on >= day && byDay[at + 1]?.on !== on) least = Math.min(least ?? running, running);
  }
  return Math.max(least ?? running, 0);
}
