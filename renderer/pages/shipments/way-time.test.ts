import { describe, expect, it } from 'vitest';
import { spanOf, typedInstant } from './way-time.ts';

const local = (wall: string): string => new Date(wall).toISOString();

describe('times of the way', () => {
  it('are typed with or without a year, full-width or not, and nothing is guessed', () => {
    expect(typedInstant('2026-11-22 14:30', '2026-11-01')).toBe(local('2026-11-22T14:30:00'));
    expect(typedInstant('11-22 14:30', '2026-11-01')).toBe(local('2026-11-22T14:30:00'));
    expect(typedInstant('２０２６/11/22　14:30', '2026-11-01')).toBe(local('2026-11-22T14:30:00'));
    expect(typedInstant('tomorrow', '2026-11-01')).toBeUndefined();
    expect(typedInstant('11-32 14:30', '2026-11-01')).toBeUndefined();
    expect(typedInstant('', '2026-11-01')).toBeUndefined();
  });

  it('are as long as their largest unit says', () => {
    const minute = 60_000;
    expect(spanOf(59 * minute)).toEqual({ unit: 'minutes', count: 59 });
    expect(spanOf(-3 * 60 * minute - 1)).toEqual({ unit: 'hours', count: 3 });
    expect(spanOf(49 * 60 * minute)).toEqual({ unit: 'days', count: 2 });
  });
});
