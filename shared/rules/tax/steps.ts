/** Writing down a step from figures rather than from text. */
import type { Trace } from '../calculator.ts';
import type { StepRounding } from '../derivation.ts';
import { fen, Num, plain, rounded } from '../figures.ts';

export type StepValue = Num | string | number | boolean | null;

/** How many decimals a derivation shows of a value that goes on unrounded. */
const shownDecimals = 10;

/** A value of a derivation as text: decimals end after ten places, which is never how the calculation goes on. */
export function shown(value: StepValue): string {
  return value instanceof Num ? plain(value.toDecimalPlaces(shownDecimals)) : String(value);
}

/**
 * Notes a step; a figure that is a result is rounded here and nowhere else (`fen`: half-up to the fen, `ratio-4`).
 * @param inputs terms as used; a term without a value is left out
 * @returns the text of the result
 */
export function note(
  trace: Trace,
  id: string,
  formula: string,
  inputs: Readonly<Record<string, StepValue | undefined>>,
  value: StepValue,
  rounding: StepRounding = 'none',
): string {
  const used: Record<string, string> = {};
  for (const [name, one] of Object.entries(inputs)) if (one !== undefined) used[name] = shown(one);
  return trace.step({ id, formula, inputs: used, rounding, result: result(value, rounding) });
}

function result(value: StepValue, rounding: StepRounding): string {
  if (!(value instanceof Num)) return String(value);
  if (rounding === 'fen') return fen(value);
  if (rounding === 'ratio-4') return rounded(value, 4);
  return shown(value);
}
