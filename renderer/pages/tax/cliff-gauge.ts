/**
 * How near the year is to the limit of the relief of small low-profit enterprises (小型微利企业): beyond it the whole income is
 * taxed at the ordinary rate. Every figure is a term of the worksheet's own derivation.
 */
import type { WorksheetView } from '../../../shared/contract/tax.ts';
import { Num } from '../../../shared/rules/figures.ts';
import type { Tone } from '../../theme/palette.ts';

export interface CliffGauge {
  readonly income: string;
  readonly ceiling: string;
  /** Of the ceiling, 0 to 1, for the bar alone. */
  readonly share: number;
  readonly state: 'far' | 'near' | 'over';
  readonly tone: Tone;
  /** Revenue at which the deemed income reaches the ceiling; unknown without a deemed rate. */
  readonly revenueCeiling: string | undefined;
}

const tones: Readonly<Record<CliffGauge['state'], Tone>> = { far: 'accepted', near: 'action', over: 'rejected' };

/** Undefined where the sheet was not computed as far as the relief. */
export function cliffGauge(view: Pick<WorksheetView, 'derivations'>): CliffGauge | undefined {
  for (const { calculation } of view.derivations) {
    const relief = calculation.steps.find(({ id }) => id === 'smallLowProfit');
    const [income, ceiling] = [relief?.inputs['taxableIncome'], relief?.inputs['ceiling']];
    if (income === undefined || ceiling === undefined) continue;
    const rate = calculation.steps.find(({ inputs }) => inputs['deemedRate'] !== undefined)?.inputs['deemedRate'];
    const isWarned = (code: string): boolean => calculation.warnings.some((warning) => warning.code === code);
    const state =
      isWarned('overCliff') || new Num(income).gt(ceiling) ? 'over' : isWarned('nearCliff') ? 'near' : 'far';
    return {
      income: new Num(income).toFixed(2),
      ceiling,
      share: Math.min(1, new Num(income).div(ceiling).toNumber()),
      state,
      tone: tones[state],
      revenueCeiling: rate === undefined || new Num(rate).lte(0) ? undefined : new Num(ceiling).div(rate).toFixed(0),
    };
  }
  return undefined;
}
