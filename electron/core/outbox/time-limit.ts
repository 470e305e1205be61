/**
 * Gives work a signal that ends with another one or when its time is over, as a `TimeoutError`. In place of `AbortSignal.any` with
 * `AbortSignal.timeout`, of which the runtime may clear the latter away before its time (nodejs/node#57736): a request to a platform that
 * takes it and is silent then never ends, and holds up the whole queue.
 *
 * @param ms how long the work may take, in milliseconds
 * @returns what the work returns; that it ends with the signal is up to the work
 */
export async function withinTime<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const end = (): void => own.abort(outer.reason);
  const timer = setTimeout(() => own.abort(new DOMException(`not within ${ms} ms`, 'TimeoutError')), ms);
  if (outer.aborted) end();
  else outer.addEventListener('abort', end, { once: true });
  try {
    return await work(own.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
  }
}
