import { describe, expect, it } from 'vitest';
import { ratioText } from '../contract/purchasing.ts';
import { percentText, ratioOfPercent } from './ratio.ts';

describe('percentages', () => {
  it.each([
    ['0.13', '13%'],
    ['0', '0%'],
    ['0.065', '6.5%'],
    ['1', '100%'],
    ['1.3', '130%'],
    ['0.00005', '0.005%'],
  ])('%s is %s and back', (ratio, percent) => {
    expect(percentText(ratio)).toBe(percent);
    expect(ratioOfPercent(percent)).toBe(ratio);
    expect(ratioText.safeParse(ratioOfPercent(percent)).success).toBe(true);
  });

  it('take what a clerk types, and say what is none', () => {
    expect(['13', '13.0', ' 13 ％', '013'].map(ratioOfPercent)).toEqual(['0.13', '0.13', '0.13', '0.13']);
    expect([percentText(undefined), ratioOfPercent(' ')]).toEqual(['', undefined]);
    expect(['-1', '1.2.3', 'x', '1.1234567'].map(ratioOfPercent)).toEqual([null, null, null, null]);
  });
});
