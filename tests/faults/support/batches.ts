/** What the killed program and the test that kills it agree on. */

export const ORDERS_PER_BATCH = 60;

export type VictimLine =
  | { begin: 'open' | 'import' | 'draft' | 'check' | 'queue' | 'sync'; batch: number }
  | { done: 'imported' | 'drafted' | 'released'; batch: number }
  | { done: 'queued' | 'sent'; guid: string };

/** All orders of a batch are of one day of their own. */
export function dayOf(batch: number): string {
  return new Date(Date.UTC(2026, 0, batch)).toISOString().slice(0, 10);
}

/** Order numbers of a batch. */
export function batchNames(batch: number): string[] {
  return Array.from({ length: ORDERS_PER_BATCH }, (_, i) => String(600_000 + batch * 100 + i));
}
