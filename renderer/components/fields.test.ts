import { describe, expect, it } from 'vitest';
import { isNumberText, plainNumber } from './NumericInput.tsx';
import { strengthOf } from './PassphraseField.tsx';

describe('numbers as they are typed', () => {
  it('become plain', () => {
    expect(plainNumber('１，２３４．５')).toBe('1234.5');
    expect(plainNumber(' 1,234 ')).toBe('1234');
    expect(plainNumber('\u22125')).toBe('-5');
    expect(plainNumber('12a')).toBe('12a');
  });
  it('are checked by decimals and sign', () => {
    expect(isNumberText('12.34567', 5, false)).toBe(true);
    expect(isNumberText('12.345678', 5, false)).toBe(false);
    expect(isNumberText('1.5', 0, false)).toBe(false);
    expect(isNumberText('-1', 0, false)).toBe(false);
    expect(isNumberText('-1', 0, true)).toBe(true);
    expect(isNumberText('1e5', 5, false)).toBe(false);
  });
});

describe('the strength of a passphrase', () => {
  it('counts length before tricks', () => {
    expect(strengthOf('a1!')).toBe('short');
    expect(strengthOf('aaaaaaaaaaaa')).toBe('weak');
    expect(strengthOf('12345678')).toBe('weak');
    expect(strengthOf('correct horse battery')).toBe('strong');
    expect(strengthOf('芒果椰子海口港清关了')).toBe('strong');
  });
});
