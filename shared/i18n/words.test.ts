import { describe, expect, it } from 'vitest';
import { textOfReason } from '../import/reasons.ts';
import { reason } from '../import/values.ts';
import { listed, listParams } from './words.ts';

describe('words in a row', () => {
  it('are joined as the language does', () => {
    expect(listed(['a', 'b'], 'zh-CN')).toBe('a、b');
    expect(listed(['a', 'b'], 'en')).toBe('a, b');
    expect(listParams('numbers', [1])).toEqual({ numbers: '1', numbersEn: '1' });
  });

  it('are told so in what an import says of a row', () => {
    const given = reason('KEY_TWICE_IN_BOOK', 'barcode', {
      value: '69',
      count: 2,
      ...listParams('numbers', ['A', 'B']),
    });
    expect(textOfReason(given, 'zh-CN').what).toContain('A、B');
    expect(textOfReason(given, 'en').what).toContain('A, B');
  });
});
