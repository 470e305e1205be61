/** Hundredths of a percent as they are read: `+12.34%`, with a true minus, `–` over nothing. */
export const growth = (bp: number | null): string =>
  bp === null ? '–' : `${bp > 0 ? '+' : bp < 0 ? '\u2212' : ''}${(Math.abs(bp) / 100).toFixed(2)}%`;

export const share = (bp: number): string => `${(bp / 100).toFixed(2)}%`;
