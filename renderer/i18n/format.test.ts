import { describe, expect, it } from 'vitest';
import { formatAmount, formatBytes, formatInstant } from './format.ts';

describe('figures on screen', () => {
  it('groups thousands and keeps at least the decimals asked for', () => {
    expect(formatAmount('1234567.5', 2)).toBe('1,234,567.50');
    expect(formatAmount('0.12345', 2)).toBe('0.12345');
    expect(formatAmount('1000')).toBe('1,000');
    expect(formatAmount('-42.1', 2)).toBe('\u221242.10');
  });
  it('leaves alone what is no number, and never goes through floating point', () => {
    expect(formatAmount('12,5')).toBe('12,5');
    expect(formatAmount('90071992547409931.01', 2)).toBe('90,071,992,547,409,931.01');
  });
  it('shows sizes and instants', () => {
    expect(formatBytes(900)).toBe('900 B');
    expect(formatBytes(70_656)).toBe('69.0 KB');
    expect(formatInstant('no instant')).toBe('no instant');
    expect(formatInstant('2026-11-21T04:05:06.000Z', true)).toMatch(/^2026-11-2\d \d\d:05:06$/);
  });
});
