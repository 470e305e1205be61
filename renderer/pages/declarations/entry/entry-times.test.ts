import { describe, expect, it } from 'vitest';
import { EntryClock, middleTimes } from './entry-times.ts';

describe('the time of entry', () => {
  it('runs from key to key and stands still in a long pause', () => {
    const clock = new EntryClock();
    for (const at of [1000, 1400, 2000, 200_000, 200_500]) clock.key(at);
    expect([clock.keys, clock.ms]).toEqual([5, 1500]);
  });

  it('is shown as the middle of each way to begin', () => {
    const time = (start: 'copy' | 'plain', ms: number) => ({ kind: 'CEB603Message', start, lines: 10, keys: 9, ms });
    expect(middleTimes([time('copy', 9000), time('copy', 3000), time('copy', 5000), time('plain', 70)])).toEqual([
      { start: 'copy', n: 3, ms: 5000, lines: 10 },
      { start: 'plain', n: 1, ms: 70, lines: 10 },
    ]);
    expect(middleTimes([])).toEqual([]);
  });
});
