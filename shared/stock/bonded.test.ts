import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeFrom } from './bonded.ts';

const day = (n: number): string => `2026-11-${String(n).padStart(2, '0')}`;

describe('what may leave a record item on a day', () => {
  it.each([
    ['nothing came in', [], 5, 0],
    ['all that came in before', [[1, 10]], 5, 10],
    ['what came in that day', [[5, 10]], 5, 10],
    ['nothing of what comes in later', [[6, 10]], 5, 0],
    [
      'not what a later day takes',
      [
        [1, 10],
        [7, -4],
      ],
      5,
      6,
    ],
    [
      'what a later day takes of what came in between stays out of it',
      [
        [1, 10],
        [6, 4],
        [7, -4],
      ],
      5,
      10,
    ],
    [
      'never less than nothing',
      [
        [1, 10],
        [7, -14],
      ],
      5,
      0,
    ],
  ] as const)('%s', (_name, changes, on, free) => {
    expect(
      freeFrom(
        changes.map(([n, deltaE5]) => ({ on: day(n), deltaE5 })),
        day(on),
      ),
    ).toBe(free);
  });

  it('is the most that leaves no day below zero', () => {
    const changes = fc.array(
      fc.record({ n: fc.integer({ min: 1, max: 9 }), deltaE5: fc.integer({ min: -9, max: 9 }) }),
    );
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 9 }), (all, on) => {
        const balance = (until: number): number =>
          all.reduce((sum, { n, deltaE5 }) => (n <= until ? sum + deltaE5 : sum), 0);
        const least = Math.min(...Array.from({ length: 10 - on }, (_, at) => balance(on + at)));
        const free = freeFrom(
          all.map(({ n, deltaE5 }) => ({ on: day(n), deltaE5 })),
          day(on),
        );
        expect(free).toBe(Math.max(least, 0));
      }),
    );
  });
});
