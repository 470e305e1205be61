/** How a figure came about: what the screen opens behind a number and the print carries under it. */
import type { Reliability } from './pack.ts';

/** How the result of a step was rounded; every tax is rounded once, at its end. */
export type StepRounding = 'none' | 'fen' | 'yuan-down' | 'ratio-4';

/** One step: a named term, the formula in the names of its inputs, the inputs as used, the result. All figures decimal text. */
export interface Step {
  /** The term, an id of the texts of the rule's folder: `step.<id>`; it is also the name later formulas call it by. */
  readonly id: string;
  /** The rule that says so, e.g. `T01`. */
  readonly rule: string;
  /** In names of terms, e.g. `assessableRevenue × deemedRate`. */
  readonly formula: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly result: string;
  readonly rounding: StepRounding;
}

/** Something the user must know before relying on a figure: `warning.<code>` of the rule's texts. */
export interface RuleWarning {
  readonly code: string;
  readonly rule: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** The pack version a calculation stood on. */
export interface PackUse {
  readonly pack: string;
  readonly inForceFrom: string;
  readonly inForceTo: string | null;
  readonly source: string;
  readonly reliability: Reliability;
}

/** JSON that a calculator answers: figures are decimal text, counts of days are numbers. */
export type Figure = string | number | boolean | null | readonly Figure[] | { readonly [name: string]: Figure };

export interface Calculation<R extends object = Readonly<Record<string, Figure>>> {
  readonly calculator: string;
  readonly rule: string;
  /** The legal event date that chose the packs; null where the rule needs none. */
  readonly eventDate: string | null;
  readonly result: R;
  readonly steps: readonly Step[];
  readonly packs: readonly PackUse[];
  readonly warnings: readonly RuleWarning[];
}
