/** The way from gross to net as bars that hang from each other. */

export interface WaterfallStep {
  /** What the step is; the last is the net. */
  readonly label: string;
  /** Decimal text, negative for what goes off. */
  readonly amount: string;
  readonly isNet?: boolean;
}

/** A bar in two parts, since what hangs from above zero may end below it. Each part: from nought, an empty piece and a drawn one. */
export interface WaterfallBar {
  readonly above: readonly [empty: number, drawn: number];
  readonly below: readonly [empty: number, drawn: number];
  readonly direction: 'in' | 'out' | 'net';
}

/** Bars of the steps. Money as numbers for drawing alone; figures on screen stay text. */
export function waterfallBars(steps: readonly WaterfallStep[]): WaterfallBar[] {
  let at = 0;
  return steps.map(({ amount, isNet = false }) => {
    const value = Number(amount);
    const from = isNet ? 0 : at;
    const to = isNet ? value : at + value;
    at = to;
    const low = Math.min(from, to);
    const high = Math.max(from, to);
    const above: [number, number] = [Math.max(0, low), Math.max(0, high) - Math.max(0, low)];
    const below: [number, number] = [Math.min(0, high), Math.min(0, low) - Math.min(0, high)];
    return { above, below, direction: isNet ? 'net' : value < 0 ? 'out' : 'in' };
  });
}
