/**
 * F05 总量核查: receipts and payments of goods trade against exports and imports over twelve months. US dollars; the thresholds
 * are set by the local SAFE branch, those of the pack are common or assumed ones.
 */
import { z } from 'zod';
import { calculator, type RuleSetting, type Trace } from '../calculator.ts';
import { amount, date, fen, figure, Num, ratio, rounded } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { shown } from '../tax/steps.ts';

export const totalIndicatorsPackId = 'forex-total-indicators';
export const totalIndicatorsPackSchema = packSchema(
  z.object({
    /** Of the absolute value of 总量差额率. */
    differenceRateLimit: ratio,
    /** Of the absolute value of 总量差额, US dollars. */
    differenceLimitUsd: amount,
    /** 资金货物比: from low to high, both within. */
    fundsGoodsLow: amount,
    fundsGoodsHigh: amount,
    creditRatioLimit: ratio,
    /** Beyond a threshold by more than this share of it. */
    beyondShare: ratio,
    /** So many periods one after another outside the same threshold. */
    consecutivePeriods: z.number().int().min(2),
  }),
);
type Thresholds = z.output<typeof totalIndicatorsPackSchema>['versions'][number]['parameters'];

/** Whether a single indicator far beyond its threshold counts for all four or for the two whose thresholds are common. */
export const indicatorScopeSetting: RuleSetting = {
  id: 'F05.scope',
  rule: 'F05',
  options: ['all', 'differences'],
};

const balances = {
  /** 预收、预付、延收、延付余额合计, or the four of them apart. */
  creditBalance: amount.optional(),
  advanceReceipts: amount.optional(),
  advancePayments: amount.optional(),
  deferredReceipts: amount.optional(),
  deferredPayments: amount.optional(),
  /** Imports, exports, receipts and payments together before any adjustment; without it the adjusted ones stand in. */
  unadjustedScale: amount.optional(),
};
const flows = { imports: amount, exports: amount, receipts: amount, payments: amount, ...balances };
const twice = (given: { readonly [name in keyof typeof balances]?: Num | undefined }): boolean =>
  given.creditBalance !== undefined && parts(given).length > 0;
const oneBalance = { path: ['creditBalance'], message: 'creditBalance or its parts, not both' };

const period = z.strictObject(flows).refine((given) => !twice(given), oneBalance);
const input = z
  .strictObject({
    ...flows,
    /** Last day of the twelve months; with it, or with a history, the indicators are judged in the result. */
    periodTo: date.optional(),
    /** Earlier periods, oldest first, without the present one. */
    history: z.array(period).optional(),
  })
  .refine((given) => !twice(given), oneBalance);
export type IndicatorPeriod = z.output<typeof period>;

/** Indicators as fractions, not as percent; null where there is nothing to divide by or no balance was given. */
export interface Indicators {
  readonly totalDifference: Num;
  readonly scale: Num;
  readonly differenceRate: Num | null;
  readonly fundsGoodsRatio: Num | null;
  readonly creditRatio: Num | null;
  readonly creditBalance: Num | null;
  readonly unadjustedScale: Num;
}

function parts(given: { readonly [name in keyof typeof balances]?: Num | undefined }): Num[] {
  return [given.advanceReceipts, given.advancePayments, given.deferredReceipts, given.deferredPayments].filter(
    (one) => one !== undefined,
  );
}
const divided = (value: Num, by: Num): Num | null => (by.isZero() ? null : value.div(by));

/** 总量差额, 总量差额率, 资金货物比 and 贸易信贷报告余额比率 of a period, unrounded. */
export function indicatorsOf(given: IndicatorPeriod): Indicators {
  const { imports, exports, receipts, payments } = given;
  const totalDifference = imports.plus(receipts).minus(payments.plus(exports));
  const scale = imports.plus(exports).plus(receipts).plus(payments);
  const apart = parts(given);
  const creditBalance =
    given.creditBalance ?? (apart.length === 0 ? null : apart.reduce((sum, one) => sum.plus(one), new Num(0)));
  const unadjustedScale = given.unadjustedScale ?? scale;
  return {
    totalDifference,
    scale,
    differenceRate: divided(totalDifference, scale),
    fundsGoodsRatio: divided(receipts.plus(payments), imports.plus(exports)),
    creditRatio: creditBalance === null ? null : divided(creditBalance, unadjustedScale),
    creditBalance,
    unadjustedScale,
  };
}

const indicatorNames = ['differenceRate', 'totalDifference', 'fundsGoodsRatio', 'creditRatio'] as const;
type IndicatorName = (typeof indicatorNames)[number];

/** Indicators outside their threshold, or with `share` outside it by more than that share of the threshold. */
function outside(given: Indicators, limits: Thresholds, share: Num = new Num(0)): readonly IndicatorName[] {
  const [up, down] = [share.plus(1), new Num(1).minus(share)];
  const over = (value: Num | null, limit: Num): boolean => value?.abs().gt(limit.times(up)) === true;
  const faults: Readonly<Record<IndicatorName, boolean>> = {
    differenceRate: over(given.differenceRate, limits.differenceRateLimit),
    totalDifference: over(given.totalDifference, limits.differenceLimitUsd),
    fundsGoodsRatio:
      over(given.fundsGoodsRatio, limits.fundsGoodsHigh) ||
      given.fundsGoodsRatio?.lt(limits.fundsGoodsLow.times(down)) === true,
    creditRatio: over(given.creditRatio, limits.creditRatioLimit),
  };
  return indicatorNames.filter((name) => faults[name]);
}

const codes: Readonly<Record<IndicatorName, string>> = {
  differenceRate: 'DIFFERENCE_RATE',
  totalDifference: 'TOTAL_DIFFERENCE',
  fundsGoodsRatio: 'FUNDS_GOODS_RATIO',
  creditRatio: 'CREDIT_RATIO',
};
const warnings: Readonly<Record<IndicatorName, string>> = {
  differenceRate: 'differenceRateOutside',
  totalDifference: 'totalDifferenceOutside',
  fundsGoodsRatio: 'fundsGoodsOutside',
  creditRatio: 'creditRatioOutside',
};

/** A fraction as percent with two decimals, never a negative nought. */
function percent(value: Num): string {
  const text = rounded(value.times(100), 2);
  return text === '-0.00' ? '0.00' : text;
}

function noteRatio(
  id: string,
  formula: string,
  inputs: Readonly<Record<string, Num>>,
  value: Num | null,
  trace: Trace,
): string | null {
  if (value === null) {
    trace.warn('nothingToDivideBy', { indicator: id });
    return null;
  }
  const used = Object.fromEntries(Object.entries(inputs).map(([name, one]) => [name, shown(one)]));
  return trace.step({ id, formula, inputs: used, result: percent(value), rounding: 'ratio-4' });
}

/** Signs of an on-site check: both differences outside, one indicator far outside, one outside for periods on end. */
function judge(now: Indicators, history: readonly Indicators[], limits: Thresholds, trace: Trace) {
  const breached = outside(now, limits);
  for (const name of breached) {
    const limit = {
      differenceRate: percent(limits.differenceRateLimit),
      totalDifference: fen(limits.differenceLimitUsd),
      fundsGoodsRatio: `${percent(limits.fundsGoodsLow)}–${percent(limits.fundsGoodsHigh)}`,
      creditRatio: percent(limits.creditRatioLimit),
    }[name];
    trace.warn(warnings[name], { limit });
  }
  const inScope = (names: readonly IndicatorName[]): readonly IndicatorName[] =>
    names.length === 0 || trace.setting(indicatorScopeSetting) === 'all'
      ? names
      : names.filter((name) => name === 'differenceRate' || name === 'totalDifference');
  const counting = inScope(breached);
  const farBeyond = outside(now, limits, limits.beyondShare).filter((name) => counting.includes(name));
  const earlier = history.slice(-(limits.consecutivePeriods - 1));
  const onEnd =
    earlier.length < limits.consecutivePeriods - 1
      ? []
      : counting.filter((name) => earlier.every((one) => outside(one, limits).includes(name)));
  const reasons: string[] = [];
  if (breached.includes('differenceRate') && breached.includes('totalDifference')) reasons.push('BOTH_DIFFERENCES');
  if (farBeyond.length > 0) reasons.push('FAR_BEYOND');
  if (onEnd.length > 0) reasons.push('PERIODS_ON_END');
  if (reasons.length > 0) trace.warn('onSiteCheckRisk');
  return {
    breached: breached.map((name) => codes[name]),
    farBeyond: farBeyond.map((name) => codes[name]),
    onEnd: onEnd.map((name) => codes[name]),
    onSiteCheckRisk: reasons.length > 0,
    reasons,
  };
}

/**
 * F05: `totalDifference` in US dollars, ratios in percent with two decimals (null: nothing to divide by); `creditRatio` where a
 * balance was given. Thresholds are always warned of; with `periodTo` or `history` the result also says which are breached
 * and whether an on-site check threatens.
 */
export const totalIndicators = calculator({
  id: 'F05',
  rule: 'F05',
  packs: [totalIndicatorsPackId],
  settings: [indicatorScopeSetting],
  source: '汇发〔2012〕38号附件2；汇发〔2020〕14号',
  inForceFrom: '2012-08-01',
  input,
  calculate(given, trace) {
    const limits = trace.parametersOrNewest(totalIndicatorsPackId, totalIndicatorsPackSchema, given.periodTo);
    const { imports, exports, receipts, payments, history } = given;
    const now = indicatorsOf(given);
    const { totalDifference, scale, creditBalance, unadjustedScale } = now;
    const used = {
      imports: shown(imports),
      receipts: shown(receipts),
      payments: shown(payments),
      exports: shown(exports),
    };
    trace.step({
      id: 'totalDifference',
      formula: '(imports + receipts) − (payments + exports)',
      inputs: used,
      result: fen(totalDifference),
      rounding: 'fen',
    });
    trace.step({ id: 'scale', formula: 'imports + exports + receipts + payments', inputs: used, result: shown(scale) });
    const differenceRate = noteRatio(
      'differenceRate',
      'totalDifference ÷ scale × 100',
      { totalDifference, scale },
      now.differenceRate,
      trace,
    );
    const fundsGoodsRatio = noteRatio(
      'fundsGoodsRatio',
      '(receipts + payments) ÷ (imports + exports) × 100',
      { receipts, payments, imports, exports },
      now.fundsGoodsRatio,
      trace,
    );
    const creditRatio =
      creditBalance === null
        ? undefined
        : noteRatio(
            'creditRatio',
            'creditBalance ÷ unadjustedScale × 100',
            { creditBalance, unadjustedScale },
            now.creditRatio,
            trace,
          );
    const verdict = judge(now, (history ?? []).map(indicatorsOf), limits, trace);
    return {
      totalDifference: fen(totalDifference),
      differenceRate,
      fundsGoodsRatio,
      ...(creditRatio === undefined ? {} : { creditRatio }),
      ...(given.periodTo === undefined && history === undefined ? {} : verdict),
    };
  },
});

/** F05rate: 总量差额率 in percent from the difference and the scale (资金货物规模), in whatever unit they share. */
export const differenceRate = calculator({
  id: 'F05rate',
  rule: 'F05',
  packs: [],
  source: '汇发〔2012〕38号附件2',
  inForceFrom: '2012-08-01',
  input: z.strictObject({
    totalDifference: figure,
    scale: amount.refine((value) => value.gt(0), 'not above 0'),
  }),
  calculate({ totalDifference, scale }, trace) {
    return {
      differenceRate: noteRatio(
        'differenceRate',
        'totalDifference ÷ scale × 100',
        { totalDifference, scale },
        totalDifference.div(scale),
        trace,
      ),
    };
  },
});
