/** What `resources/rules/deadlines.json` holds: every deadline as a rule, with its figures, source and dates in force. */
import { z } from 'zod';
import { parseIsoDate } from '../../calendar/index.ts';
import { packSchema, reliabilities } from '../pack.ts';

/** What a deadline is about: the chips of the calendar. */
export const deadlineKinds = [
  'vat',
  'income-tax',
  'customs',
  'refund',
  'receipt',
  'forex',
  'archive',
  'guarantee',
  'tax-bill',
  'certificate',
  'logistics',
  'letter',
  'own',
] as const;
export type DeadlineKind = (typeof deadlineKinds)[number];

/** The rules the program can compute; a pack changes their figures, never their number. */
export const deadlineRuleIds = [
  'vatFiling',
  'monthlySummary',
  'incomeTaxPrepayment',
  'incomeTaxAnnual',
  'refundFiling',
  'receipt',
  'receiptByContract',
  'hardLimit',
  'archivePapers',
  'refundExpected',
  'warehouseSettlement',
  'returnLastDay',
  'returnCertificate',
  'collectiveDeclaration',
  'agentCertificate',
  'agentCertificateAsk',
  'agentCertificateTold',
  'guaranteeExpiry',
  'showReturn',
  'delegationExpiry',
  'registrationExpiry',
  'creditExpiry',
  'listingCertificateExpiry',
  'statisticsReport',
  'taxBillDue',
  'certificateExpiry',
  'shipmentCutOff',
  'declareBy',
  'tradeCreditReport',
  'forexListChange',
  'letterReply',
  'own',
] as const;
export type DeadlineRuleId = (typeof deadlineRuleIds)[number];

const isoDate = z
  .string()
  .refine((text) => parseIsoDate(text) !== undefined)
  .transform((text) => parseIsoDate(text) ?? z.NEVER);
const count = z.number().int().positive();

/**
 * From the event (末日 of the period, 出口日期, 申报日, the date on the paper) to the last day.
 *
 * - `monthly`, `quarterly`: the day of the month after the month or quarter of the event;
 * - `annual`: month and day of the event's year plus `yearsAfter`;
 * - `months-after`: the same day so many months later, the last of a shorter month;
 * - `days-after`: natural days, the event not counted;
 * - `working-days-after`: `days` null: the event says how many;
 * - `on-date`: the event itself, at most `capMonths` after the day the cap counts from.
 */
export const deadlineFormula = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('monthly'), day: count.max(28) }),
  z.object({ kind: z.literal('quarterly'), day: count.max(28) }),
  z.object({
    kind: z.literal('annual'),
    month: count.max(12),
    day: count.max(31),
    yearsAfter: z.number().int().min(0),
  }),
  z.object({ kind: z.literal('months-after'), months: count }),
  z.object({ kind: z.literal('days-after'), days: count }),
  z.object({ kind: z.literal('working-days-after'), days: count.nullable() }),
  z.object({ kind: z.literal('on-date'), capMonths: count.nullable() }),
]);

export type DeadlineFormula = z.output<typeof deadlineFormula>;

/**
 * What rest days do to the last day: `none` – natural days; `next-working-day` – 顺延 to the next working day;
 * `filing-period` – beside that, a public holiday of `longHolidayDays` and more within the month's term puts it off by as
 * many working days (税收征收管理法实施细则 art. 109, as the yearly filing calendars apply it).
 */
export const shifts = ['none', 'next-working-day', 'filing-period'] as const;
export type Shift = (typeof shifts)[number];

export const deadlineRule = z.object({
  id: z.enum(deadlineRuleIds),
  kind: z.enum(deadlineKinds),
  titleZh: z.string(),
  titleEn: z.string(),
  /** Event dates it is law for, both ends included. */
  inForceFrom: isoDate,
  inForceTo: isoDate.nullable(),
  formula: deadlineFormula,
  shift: z.enum(shifts),
  /** Days before the last day on which to remind, longest first. */
  ladder: z
    .array(count)
    .min(1)
    .refine((days) => days.every((one, at) => at === 0 || one < (days[at - 1] ?? 0)), 'not falling'),
  source: z.string().min(1),
  reliability: z.enum(reliabilities),
  verifiedBy: z.object({ name: z.string(), on: isoDate, how: z.string() }),
  noteZh: z.string().min(1),
  noteEn: z.string().min(1),
});
export type DeadlineRule = z.output<typeof deadlineRule>;

export const deadlinesPack = packSchema(z.object({ longHolidayDays: count, rules: z.array(deadlineRule) }));
export type DeadlineFigures = z.output<typeof deadlinesPack>['versions'][number]['parameters'];
