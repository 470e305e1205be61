import { describe, expect, it } from 'vitest';
import { typedDate } from './DateInput.tsx';

describe('a typed date', () => {
  it.each([
    ['2026-11-24', '2026-11-24'],
    ['20261124', '2026-11-24'],
    ['2026/1/5', '2026-01-05'],
    ['２０２６１１２４', '2026-11-24'],
    ['2026年11月24日', '2026-11-24'],
    ['11-24', '2026-11-24'],
    ['2026-02-30', undefined],
    ['24.11', undefined],
    ['tomorrow', undefined],
  ])('%s', (text, iso) => {
    expect(typedDate(text, '2026-11-21')).toBe(iso);
  });
});
