/** Mass of lots in whole grams: nothing is weighed finer, and sums stay exact. */

/** The most a lot may weigh: 10,000 t, far below what a safe integer holds. */
export const MOST_GRAMS = 10_000_000_000;

/** Grams of a weight in kilograms with at most three decimals; undefined for anything else, zero and what is too much. */
export function gramsOf(kilograms: string): number | undefined {
  const found = /^(\d{1,8})(?:\.(\d{1,3}))?$/.exec(kilograms.trim());
  if (found === null) return undefined;
  const grams = Number(found[1]) * 1000 + Number((found[2] ?? '').padEnd(3, '0'));
  return grams > 0 && grams <= MOST_GRAMS ? grams : undefined;
}

/** The same of a decimal with more places, half-up to the gram, as a declaration writes its net weight; undefined for what is no number. */
export function gramsIn(kilograms: string): number | undefined {
  const found = /^(\d{1,8})(?:\.(\d{1,9}))?$/.exec(kilograms.trim());
  if (found === null) return undefined;
  const decimals = (found[2] ?? '').padEnd(4, '0');
  return Number(found[1]) * 1000 + Number(decimals.slice(0, 3)) + (Number(decimals[3]) >= 5 ? 1 : 0);
}

export interface Loaded {
  readonly massG: number;
  readonly cartons: number;
}
/** What a declaration says of it; each undefined: it does not say. */
export interface Declared {
  readonly massG: number | undefined;
  readonly cartons: number | undefined;
}

/** Where what is loaded is not what is declared: loaded less declared, of what the declaration says. Empty: they are the same. */
export function declaredGap(
  loaded: Loaded,
  declared: Declared,
): { readonly massG?: number; readonly cartons?: number } {
  const of = (name: 'massG' | 'cartons') => {
    const said = declared[name];
    return said === undefined || said === loaded[name] ? {} : { [name]: loaded[name] - said };
  };
  return { ...of('massG'), ...of('cartons') };
}

/** Grams as kilograms without trailing zeros, e.g. `12.5`. */
export function kilogramText(grams: number): string {
  const sign = grams < 0 ? '-' : '';
  const size = Math.abs(grams);
  const rest = String(size % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '');
  return `${sign}${Math.floor(size / 1000)}${rest === '' ? '' : `.${rest}`}`;
}

/** What came out of what went in: `output` of `input` grams in percent with two decimals, half-up (成品率). */
export function yieldPercent(input: number, output: number): string {
  const hundredths = (BigInt(output) * 20_000n + BigInt(input)) / (2n * BigInt(input));
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}

/** One step of a lot's life: grams taken of each lot before, grams of each lot after. */
export interface StepMass {
  readonly inputs: readonly { readonly takenG: number; readonly freeG: number }[];
  readonly outputs: readonly number[];
}

export interface MassBalance {
  readonly inputG: number;
  readonly outputG: number;
  /** What was lost: stalks, trimmings, water. Below zero: more came out than went in. */
  readonly lossG: number;
  /** The first input of which more is taken than is left. */
  readonly overdrawnAt: number | undefined;
  /** More came out than went in: only glazing, soaking or the like explain it. */
  readonly isHeavier: boolean;
}

/** The mass balance (物料平衡) of a step. Grams, exact. */
export function balanceOf({ inputs, outputs }: StepMass): MassBalance {
  const inputG = inputs.reduce((sum, one) => sum + one.takenG, 0);
  const outputG = outputs.reduce((sum, one) => sum + one, 0);
  const at = inputs.findIndex(({ takenG, freeG }) => takenG > freeG);
  return {
    inputG,
    outputG,
    lossG: inputG - outputG,
    overdrawnAt: at < 0 ? undefined : at,
    isHeavier: outputG > inputG,
  };
}
