import { afterSuccess } from '../../../shared/sync/circuit.ts';
import type { Book } from '../store/book.ts';
import { type Endpoint, endpointOf } from '../store/endpoints.ts';
import { haltsOf, isPaused } from './holds.ts';
import { endpointsToDrain, keepCircuit, type Lane, type Lanes } from './lanes.ts';
import type { Transport } from './transport.ts';

/** Between two drains: a question for receipts that the platform holds open until there is one. */

/** After a question that could not be held open, the timer asks instead for so long. */
const DEAF_MS = 120_000;
/** An empty answer that comes sooner than a third of the wait was not waited for: by a proxy, or a platform that is stopping. */
const isTooSoon = (tookMs: number, seconds: number): boolean => tookMs < (seconds * 1000) / 3;

/** The endpoints that can be listened to as things are: reached at the last try, known there, and able to hold a question open. */
export function audible(book: Book, lanes: Lanes): Endpoint[] {
  if (isPaused(book)) return [];
  const halts = haltsOf(book);
  return endpointsToDrain(book).filter((endpoint) => {
    const lane = lanes.of(book, endpoint.id);
    return (
      endpoint.transport === 'http' &&
      endpoint.enrolled &&
      !endpoint.retired &&
      halts[endpoint.id] === undefined &&
      (endpoint.capabilities?.longPollSeconds ?? 0) > 0 &&
      lane.connection === 'online' &&
      lane.circuit.state === 'closed' &&
      (lane.deafUntil ?? 0) <= performance.now()
    );
  });
}

/** Whether every platform that a timer would ask is listened to. */
export function hearsAll(book: Book, lanes: Lanes): boolean {
  const heard = new Set(audible(book, lanes).map(({ id }) => id));
  const all = endpointsToDrain(book).filter(({ retired }) => !retired);
  return all.length > 0 && all.every(({ id }) => heard.has(id));
}

/**
 * Listens to one platform until something comes, the question fails, or it is told to end. What is heard is not taken: the drain that
 * follows reads it, durably and by its cursor, like any other; and it finds out what is wrong where the question failed.
 * @returns whether a drain is wanted now
 */
export async function listen(
  book: Book,
  endpoint: Endpoint,
  lane: Lane,
  transport: Transport,
  of: { readonly signal: AbortSignal; readonly now: () => string },
): Promise<boolean> {
  const { signal, now } = of;
  const seconds = endpoint.capabilities?.longPollSeconds ?? 0;
  if (transport.listen === undefined) return false;
  while (!signal.aborted && !isPaused(book)) {
    const after = endpointOf(book, endpoint.id)?.cursor ?? '';
    const began = performance.now();
    const outcome = await transport.listen(after, seconds, signal);
    // The book may be closed by now.
    if (signal.aborted) return false;
    if (outcome.kind !== 'accepted') {
      lane.deafUntil = performance.now() + DEAF_MS;
      return true;
    }
    keepCircuit(book, endpoint.id, lane, afterSuccess(lane.circuit, now()));
    const isUseless = outcome.value ? lane.heardAt === after : isTooSoon(performance.now() - began, seconds);
    if (isUseless) lane.deafUntil = performance.now() + DEAF_MS;
    if (outcome.value) lane.heardAt = after;
    if (outcome.value || isUseless) return !isUseless;
  }
  return false;
}
