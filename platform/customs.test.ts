import { describe, expect, it } from 'vitest';
import { declarationNoOf } from './customs.ts';
import { series } from './storage/storage.ts';

describe('申报号码', () => {
  it('goes on with the next branch where the four digits of one are used up', () => {
    expect(declarationNoOf('261121', 1)).toBe('4601000000012611210001');
    expect(declarationNoOf('261121', 9999)).toBe('4601000000012611219999');
    expect(declarationNoOf('261121', 10_000)).toBe('4601000000022611210001');
    expect(declarationNoOf('261121', series.declarationNo)).toBe('4601000000992611219999');
  });

  it('is always another one of 22 characters', () => {
    const numbers = Array.from({ length: 30_000 }, (_, i) => declarationNoOf('261121', i + 1));
    expect(new Set(numbers).size).toBe(30_000);
    expect(numbers.every((number) => /^\d{22}$/.test(number))).toBe(true);
  });

  it('is refused when the day has no more', () => {
    expect(() => declarationNoOf('261121', series.declarationNo + 1)).toThrow('used up');
  });
});
