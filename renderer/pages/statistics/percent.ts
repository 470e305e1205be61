/** Hundredths of a percent as they are read: `+12.34 %`, `–` over nothing. */
export const growth = (bp: number | null): string =>
  bp === null ? '–' : `${bp > 0 ? '+' : ''}${(bp / 100).toFixed(2)}%`;

export const share = (bp: number): string => `${(bp / 100).toFixed(2)}%`;
