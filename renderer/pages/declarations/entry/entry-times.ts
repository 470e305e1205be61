/**
 * How long documents take to enter, for the user's own view: kept on this computer only, without numbers or names, never in a book, a backup
 * or a file (UX 2.8).
 */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** What a document began with. */
export type EntryStart = 'copy' | 'template' | 'plain';

export interface EntryTime {
  readonly kind: string;
  readonly start: EntryStart;
  readonly lines: number;
  readonly keys: number;
  readonly ms: number;
}

/** As many are kept. */
const MOST = 200;
/** A longer pause between two keys is no entry: the telephone rang. */
const LONGEST_PAUSE_MS = 60_000;

export const useEntryTimes = create<{ readonly rows: readonly EntryTime[] }>()(
  persist(() => ({ rows: [] as readonly EntryTime[] }), { name: 'portbook.entry-times', version: 1 }),
);

/** Adds the time of a document that was queued; the newest first. */
export function noteEntryTime(time: EntryTime): void {
  if (time.keys === 0) return;
  useEntryTimes.setState(({ rows }) => ({ rows: [time, ...rows].slice(0, MOST) }));
}

/** Counts keys and the time between them, as long as somebody is at it. Instants in milliseconds. */
export class EntryClock {
  keys = 0;
  ms = 0;
  #last: number | undefined;

  key(at: number): void {
    const pause = this.#last === undefined ? 0 : at - this.#last;
    if (pause <= LONGEST_PAUSE_MS) this.ms += pause;
    this.keys += 1;
    this.#last = at;
  }
}

/** The middle time of each way to begin, in milliseconds, with how many there are. */
export function middleTimes(
  rows: readonly EntryTime[],
): readonly { readonly start: EntryStart; readonly n: number; readonly ms: number; readonly lines: number }[] {
  return (['template', 'copy', 'plain'] as const).flatMap((start) => {
    const own = rows.filter((row) => row.start === start);
    if (own.length === 0) return [];
    const middle = (values: readonly number[]): number =>
      [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
    return [
      { start, n: own.length, ms: middle(own.map(({ ms }) => ms)), lines: middle(own.map(({ lines }) => lines)) },
    ];
  });
}
