/** First step of the back-off. */
export const BACKOFF_BASE_MS = 5_000;
/** No wait is longer, unless the platform asks for it. */
export const BACKOFF_CEILING_MS = 30 * 60_000;

/**
 * How long to wait after the n-th failed attempt (from 1): `min(2^n x 5 s, 30 min)` with full jitter, so that many desks
 * that lost one platform do not come back in step. What `Retry-After` asks for is the least.
 * @param random from 0 to 1
 */
export function backoffMs(attempt: number, random: number, retryAfterMs = 0): number {
  const ceiling = Math.min(2 ** Math.min(Math.max(attempt, 0), 20) * BACKOFF_BASE_MS, BACKOFF_CEILING_MS);
  return Math.max(Math.floor(random * ceiling), retryAfterMs);
}
