import type { SendingHours } from '../../../shared/sync/hours.ts';
import type { Book } from '../store/book.ts';
import { currentEndpoint } from '../store/endpoints.ts';

/** What holds the queue, or an endpoint of it, until a person or the clock lets go: kept in the book. */

export const syncKeys = {
  /** `1` while the user holds the queue. */
  paused: 'sync.paused',
  /** Reasons for which the engine holds endpoints, JSON of code by id; a person has to look at them. */
  halted: 'sync.halted',
  /** JSON of the hours in which the queue sends by itself; none: all day. */
  hours: 'sync.hours',
} as const;

/** Whether the user holds the queue. */
export function isPaused(book: Book): boolean {
  return book.setting(syncKeys.paused) === '1';
}

/** Code of the error that holds each endpoint. */
export function haltsOf(book: Book): Readonly<Record<string, string>> {
  const text = book.setting(syncKeys.halted);
  if (text === undefined) return {};
  // Before there were several endpoints it was the code alone, of the one there was.
  const halts = text.startsWith('{')
    ? (JSON.parse(text) as Record<string, string>)
    : { [currentEndpoint(book)?.id ?? '']: text };
  // Once it held an endpoint until a person came; now it passes by itself.
  return Object.fromEntries(Object.entries(halts).filter(([, code]) => code !== 'CLOCK_SKEW'));
}

/** Holds an endpoint, or lets it go. */
export function setHalt(book: Book, endpoint: string, code: string | undefined): void {
  const { [endpoint]: before, ...others } = haltsOf(book);
  if (before === code) return;
  const halts = code === undefined ? others : { ...others, [endpoint]: code };
  book.setSetting(syncKeys.halted, Object.keys(halts).length === 0 ? undefined : JSON.stringify(halts));
}

/** The hours in which the queue sends by itself; undefined: all day. */
export function hoursOf(book: Book): SendingHours | undefined {
  const text = book.setting(syncKeys.hours);
  return text === undefined ? undefined : (JSON.parse(text) as SendingHours);
}
