import { describe, expect, it } from 'vitest';
import { contrastOf, inkOn, palettes, themes, tones } from './palette.ts';

/** What small text needs (WCAG 2.2, 1.4.3). */
const READABLE = 4.5;

describe('colours of the desk', () => {
  it('have the contrast that the standard gives for known pairs', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrastOf('#cf7f1f', '#ffffff')).toBeLessThan(READABLE);
  });

  it.each(themes)('are readable as letters on every plane of a picture: %s', (theme) => {
    const palette = palettes[theme];
    for (const tone of tones) {
      const { mark } = palette.tone[tone];
      expect(contrastOf(mark, inkOn(mark)), tone).toBeGreaterThanOrEqual(READABLE);
    }
  });

  it.each(themes)('are readable as words of a state on the panel and the page: %s', (theme) => {
    const { tone, panel, page, text, muted } = palettes[theme];
    for (const letters of [text, muted, ...tones.map((one) => tone[one].text)])
      for (const plane of [panel, page]) expect(contrastOf(letters, plane), letters).toBeGreaterThanOrEqual(READABLE);
  });
});
