/**
 * T28: what the platform reported to the tax office, what the firm declared, what customs has: 国务院令第810号, 国家税务总局公告
 * 2025年第15号 (from the third quarter of 2025). Yuan; the platform's figure is gross.
 */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, figure, Num, ratio } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note } from '../steps.ts';

export const platformReportPackId = 'tax-export-platform-report';
/** Exchange rate, CIF or FOB, returns, commission, cut-off of periods, orders struck out as brushed. */
export const differenceCodes = ['FX', 'TERMS', 'RETURN', 'COMMISSION', 'CUTOFF', 'BRUSHING'] as const;

export const platformReportPackSchema = packSchema(
  z.object({
    /** A residual above this share of the platform's figure, or above the amount, is flagged. */
    flagShare: ratio,
    flagAmount: amount,
  }),
);
type Parameters = z.output<typeof platformReportPackSchema>['versions'][number]['parameters'];

const adjustment = z.strictObject({
  /** Which way it explains: from the platform's figure to the declared one, or to that of customs. */
  leg: z.enum(['declared', 'customs']),
  code: z.enum(differenceCodes),
  /** Signed: added to the platform's figure. */
  signedAmount: figure,
});
const row = z.strictObject({
  id: z.string(),
  platformGross: amount,
  declaredRevenue: amount,
  customsFob: amount,
  adjustments: z.array(adjustment).optional(),
});
export type ReconciliationRow = z.output<typeof row>;

export interface LegResult {
  readonly difference: Num;
  readonly explained: Num;
  readonly residual: Num;
  readonly flagged: boolean;
}

/** One way: difference = own − platform; what the adjustments leave of it is unexplained. */
export function reconcileLeg(
  one: ReconciliationRow,
  leg: 'declared' | 'customs',
  parameters: { readonly flagShare: Num; readonly flagAmount: Num },
): LegResult {
  const own = leg === 'declared' ? one.declaredRevenue : one.customsFob;
  const difference = own.minus(one.platformGross);
  const explained = (one.adjustments ?? [])
    .filter((entry) => entry.leg === leg)
    .reduce((sum, entry) => sum.plus(entry.signedAmount), new Num(0));
  const residual = difference.minus(explained);
  const flagged =
    residual.abs().gt(parameters.flagAmount) || residual.abs().gt(one.platformGross.times(parameters.flagShare));
  return { difference, explained, residual, flagged };
}

function legText(one: ReconciliationRow, leg: 'declared' | 'customs', parameters: Parameters, trace: Trace) {
  const result = reconcileLeg(one, leg, parameters);
  const own = leg === 'declared' ? { declaredRevenue: one.declaredRevenue } : { customsFob: one.customsFob };
  const id = leg === 'declared' ? 'declaredResidual' : 'customsResidual';
  note(
    trace,
    id,
    leg === 'declared' ? 'declaredRevenue − platformGross − explained' : 'customsFob − platformGross − explained',
    { ...own, platformGross: one.platformGross, explained: result.explained },
    result.residual,
    'fen',
  );
  if (result.flagged) trace.warn('residualFlagged', { id: one.id, leg, residual: fen(result.residual) });
  return {
    difference: fen(result.difference),
    explained: fen(result.explained),
    residual: fen(result.residual),
    flagged: result.flagged,
  };
}

/** T28: a row a platform and period, and the totals of all. */
export const platformReconciliation = calculator({
  id: 'T28',
  rule: 'T28',
  packs: [platformReportPackId],
  source: '国务院令第810号；国家税务总局公告2025年第15号',
  inForceFrom: '2025-07-01',
  input: z.strictObject({ periodTo: date, rows: z.array(row).min(1) }),
  calculate({ periodTo, rows }, trace) {
    const parameters = trace.parameters(platformReportPackId, platformReportPackSchema, periodTo);
    const text = (one: ReconciliationRow) => {
      const declared = legText(one, 'declared', parameters, trace);
      const customs = legText(one, 'customs', parameters, trace);
      const byCode = differenceCodes
        .map((code) => ({ code, entries: (one.adjustments ?? []).filter((entry) => entry.code === code) }))
        .filter(({ entries }) => entries.length > 0)
        .map(({ code, entries }) => {
          const of = (leg: 'declared' | 'customs'): string =>
            fen(
              entries
                .filter((entry) => entry.leg === leg)
                .reduce((sum, entry) => sum.plus(entry.signedAmount), new Num(0)),
            );
          return { code, declared: of('declared'), customs: of('customs') };
        });
      return {
        id: one.id,
        platformGross: fen(one.platformGross),
        declaredRevenue: fen(one.declaredRevenue),
        customsFob: fen(one.customsFob),
        declared,
        customs,
        byCode,
      };
    };
    const sum = (of: (one: ReconciliationRow) => Num): Num =>
      rows.reduce((total, one) => total.plus(of(one)), new Num(0));
    return {
      rows: rows.map(text),
      total: text({
        id: 'TOTAL',
        platformGross: sum((one) => one.platformGross),
        declaredRevenue: sum((one) => one.declaredRevenue),
        customsFob: sum((one) => one.customsFob),
        adjustments: rows.flatMap((one) => one.adjustments ?? []),
      }),
    };
  },
});
