/** F06 贸易信贷报告: which advances and deferrals must be reported to SAFE, and by when. Natural days, bounds exclusive. */
import { z } from 'zod';
import { addDays, daysBetween } from '../../calendar/index.ts';
import { calculator } from '../calculator.ts';
import { amount, date, fen } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { note } from '../tax/steps.ts';

/** 预收, 预付, 延期收款, 延期付款, 远期信用证和海外代付, 离岸转手买卖. */
export const tradeCreditKinds = ['prepay', 'payAdvance', 'deferIn', 'deferOut', 'longCredit', 'offshore'] as const;
export type TradeCreditKind = (typeof tradeCreditKinds)[number];

/** Other spellings, lower case without blanks, hyphens and underscores. */
const spellings: Readonly<Record<TradeCreditKind, readonly string[]>> = {
  prepay: [
    '预收',
    '预收货款',
    'prepayin',
    'prepaidin',
    'prepaid',
    'prepayment',
    'advancein',
    'advancereceipt',
    'receiveadvance',
  ],
  payAdvance: [
    '预付',
    '预付货款',
    'prepayout',
    'prepaidout',
    'advance',
    'advanceout',
    'advancepay',
    'advancepayment',
    'payinadvance',
  ],
  deferIn: ['延收', '延期收款', 'deferredin', 'deferreceipt', 'deferredreceipt', 'deferreceive'],
  deferOut: ['延付', '延期付款', 'deferredout', 'deferpay', 'deferpayment', 'deferredpayment'],
  longCredit: [
    'lc',
    'longlc',
    'l/c',
    'lc90',
    'usancelc',
    'usance',
    'letterofcredit',
    'longletterofcredit',
    '远期信用证',
    '海外代付',
    'overseaspayment',
    'refinancing',
  ],
  offshore: ['离岸转手', '离岸转手买卖', '转口', 'offshoreresale', 'offshoretrade', 'merchanting', 'transit'],
};
const kindOf = new Map<string, TradeCreditKind>(
  tradeCreditKinds.flatMap((kind) => [kind, ...spellings[kind]].map((one) => [folded(one), kind] as const)),
);
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '');
}

const classSpellings = { A: 'A', B: 'BC', C: 'BC', BC: 'BC' } as const;

export const tradeCreditPackId = 'forex-trade-credit-report';
export const tradeCreditPackSchema = packSchema(
  z.object({
    reportWithinDays: z.number().int().positive(),
    /** Longer than so many days by class, null: of any length; and above so many US dollars, null: of any amount. */
    kinds: z
      .array(
        z.object({
          kind: z.enum(tradeCreditKinds),
          moreThanDaysA: z.number().int().nonnegative().nullable(),
          moreThanDaysBC: z.number().int().nonnegative().nullable(),
          moreThanUsd: amount.nullable(),
        }),
      )
      .refine((rows) => tradeCreditKinds.every((kind) => rows.filter((one) => one.kind === kind).length === 1), {
        message: 'each kind once',
      }),
  }),
);

const input = z
  .strictObject({
    /** Class of the firm with SAFE. */
    class: z.enum(['A', 'B', 'C', 'BC']),
    kind: z.preprocess(
      (given) => (typeof given === 'string' ? (kindOf.get(folded(given)) ?? given) : given),
      z.enum(tradeCreditKinds),
    ),
    /** Receipt or payment of an advance; export or import of a deferral; issue of a letter of credit; the first leg offshore. */
    baseDate: date,
    /** When the other side is expected. */
    expectedDate: date,
    amountUsd: amount.optional(),
    reportedOn: date.optional(),
    asOf: date.optional(),
  })
  .refine(({ baseDate, expectedDate }) => expectedDate >= baseDate, {
    path: ['expectedDate'],
    message: 'before baseDate',
  })
  .refine(({ kind, amountUsd }) => kind !== 'offshore' || amountUsd !== undefined, {
    path: ['amountUsd'],
    message: 'needed for offshore',
  });

/**
 * F06: `gapDays` between the two dates, whether to report, and the last day for it (`baseDate` + 30 days; null: no report). With
 * `reportedOn` or `asOf` also `state`: `NOT_NEEDED`, `REPORTED`, `REPORTED_LATE`, `DUE`, `OVERDUE`.
 */
export const tradeCreditReport = calculator({
  id: 'F06',
  rule: 'F06',
  packs: [tradeCreditPackId],
  source: '《经常项目外汇业务指引（2020年版）》第二十条（汇发〔2020〕14号）',
  inForceFrom: '2012-08-01',
  input,
  calculate(given, trace) {
    const { kind, baseDate, expectedDate, amountUsd, reportedOn, asOf } = given;
    const pack = trace.parameters(tradeCreditPackId, tradeCreditPackSchema, baseDate);
    const bounds = pack.kinds.find((one) => one.kind === kind);
    const moreThanDays = (classSpellings[given.class] === 'A' ? bounds?.moreThanDaysA : bounds?.moreThanDaysBC) ?? null;
    const moreThanUsd = bounds?.moreThanUsd ?? null;
    const gapDays = daysBetween(baseDate, expectedDate);
    note(trace, 'gapDays', 'expectedDate − baseDate', { baseDate, expectedDate }, gapDays);
    const mustReport =
      (moreThanDays === null || gapDays > moreThanDays) &&
      (moreThanUsd === null || amountUsd?.gt(moreThanUsd) === true);
    note(
      trace,
      'mustReport',
      moreThanDays === null
        ? 'class'
        : moreThanUsd === null
          ? 'gapDays > moreThanDays'
          : 'gapDays > moreThanDays ∧ amountUsd > moreThanUsd',
      {
        class: given.class,
        gapDays,
        moreThanDays: moreThanDays ?? undefined,
        ...(moreThanUsd === null ? {} : { amountUsd, moreThanUsd }),
      },
      mustReport,
    );
    const reportBy = mustReport ? addDays(baseDate, pack.reportWithinDays) : null;
    if (reportBy !== null)
      note(
        trace,
        'reportBy',
        'baseDate + reportWithinDays',
        { baseDate, reportWithinDays: pack.reportWithinDays },
        reportBy,
      );
    if (given.class === 'C') trace.warn('classC');
    if (!mustReport && moreThanDays !== null && gapDays === moreThanDays) trace.warn('onTheBound', { days: gapDays });
    if (!mustReport && moreThanUsd !== null && amountUsd?.eq(moreThanUsd))
      trace.warn('onTheAmount', { amount: fen(moreThanUsd) });
    const day = reportedOn ?? asOf;
    if (day === undefined) return { gapDays, mustReport, reportBy };
    const late = reportBy !== null && day > reportBy;
    const state =
      reportBy === null
        ? 'NOT_NEEDED'
        : reportedOn === undefined
          ? late
            ? 'OVERDUE'
            : 'DUE'
          : late
            ? 'REPORTED_LATE'
            : 'REPORTED';
    if (late) trace.warn('reportLate', { reportBy });
    return { gapDays, mustReport, reportBy, state };
  },
});
