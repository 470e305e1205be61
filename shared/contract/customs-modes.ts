/** Supervision modes (监管方式): which mode and form a shipment may take, and why; whether an export may come back free of duty. */
import { z } from 'zod';
import { modeFacts } from '../rules/customs-modes/router.ts';
import { decimalText, isoDate, isoInstant } from './common.ts';
import { command, query } from './operation.ts';
import { bilingual, calculationView } from './tax.ts';

/** What a person says of a shipment that nothing in the book says. Left out: nobody has said. */
export const modeAnswers = z.object({
  buyer: z.enum(['consumer', 'business', 'warehouse']).optional(),
  platformOrder: z.boolean().optional(),
  zoneGoods: z.boolean().optional(),
  inZone: z.boolean().optional(),
  licence: z.boolean().optional(),
  inspection: z.boolean().optional(),
  exportDuty: z.boolean().optional(),
  refundClaimed: z.boolean().optional(),
  /** Yuan of the dearest ticket (单票). */
  ticketValueCny: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/)
    .optional(),
  customsCode: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  exportDate: isoDate.optional(),
});
export type ModeAnswers = z.infer<typeof modeAnswers>;

/** Where a fact is from: the person's own answer stands before what the book says. */
export const modeFactSources = ['answer', 'shipment', 'orders', 'products', 'tariff', 'profile', 'none'] as const;
const modeFactView = z.object({
  fact: z.enum(modeFacts),
  label: bilingual,
  value: z.union([z.string(), z.boolean()]).optional(),
  from: z.enum(modeFactSources),
  isMissing: z.boolean(),
});
const words = z.object({ id: z.string(), title: bilingual });
const modeOptionView = z.object({
  mode: z.string(),
  title: bilingual,
  status: z.enum(['recommended', 'possible', 'unknown', 'excluded']),
  listMode: z.boolean().nullable(),
  hsDigits: z.number().int().nullable(),
  summaryDeclaration: z.boolean().nullable(),
  /** Statistics only, with the shorter code. */
  simplified: z.boolean().nullable(),
  reasons: z.array(
    z.object({
      code: z.string(),
      group: z.enum(['fit', 'list', 'simplified']),
      holds: z.enum(['yes', 'no', 'unknown']),
      title: bilingual,
    }),
  ),
  messages: z.array(z.string()),
  fields: z.array(words),
  papers: z.array(words),
  deadlines: z.array(words),
  tax: z.array(words),
  source: z.string(),
  reliability: z.string(),
  /** What would change if the recommended mode were left for this one; none for itself and while none is recommended. */
  differences: z.array(
    z.object({ aspect: z.string(), title: bilingual, without: z.array(bilingual), with: z.array(bilingual) }),
  ),
});
export type ModeOptionView = z.infer<typeof modeOptionView>;

export const returnRoutes = ['six-month', 'one-year', 'ordinary'] as const;

/** A check of documents: its texts, what it concerns, and why it is off. */
const checkRow = z.object({
  id: z.string(),
  level: z.enum(['reject', 'doubt', 'note']),
  source: z.string(),
  title: bilingual,
  remedy: bilingual,
  /** Messages it looks at. */
  messages: z.array(z.string()),
  /** `by`: `desk`, with the clerk where one was chosen. */
  off: z.object({ reason: z.string(), changedAt: isoInstant, by: z.string() }).optional(),
});

export const customsModes = {
  /** Every check across fields and documents, in the order of its findings. */
  'checks.list': query(z.object({}), z.object({ rows: z.array(checkRow) })),
  /**
   * Switches a check off, with a reason that stands on every printed report of checks, or on again. Documents are checked anew when they
   * are next touched or checked. Where maker and checker are apart, somebody has to say who he is. Refusals: `RULE_UNKNOWN` {id},
   * `CLERK_NOT_CHOSEN`.
   */
  'checks.configure': command(
    z.object({ rule: z.string(), off: z.boolean(), reason: z.string().trim().min(1).max(500) }),
    z.object({}),
  ),
  /** Routes a shipment, or goods described by `answers` alone. `answers` given here are tried, not stored. */
  'modes.route': query(
    z.object({ shipmentId: z.number().int().optional(), answers: modeAnswers.default({}) }),
    z.object({
      shipmentNo: z.string().optional(),
      exportDate: isoDate,
      facts: z.array(modeFactView),
      /** Facts still asked for, in order. */
      missing: z.array(z.enum(modeFacts)),
      recommended: z.string().nullable(),
      options: z.array(modeOptionView),
      /** Orders whose value could not be put into yuan: no rate of their currency is entered. */
      currenciesWithoutRate: z.array(z.string()),
      /** What the shipment has been filed as so far, and its parcels, which are only registered (快件、邮件、个人物品); null: no shipment. */
      filed: z
        .object({ lists: z.number().int(), declarations: z.number().int(), parcels: z.number().int() })
        .nullable(),
      /** The class customs has the firm in on the day of export, and what follows from it; null: none is on record. */
      customsClass: z
        .object({
          name: bilingual,
          standing: z.enum(['good', 'plain', 'bad', 'unknown']),
          effects: z.array(bilingual),
          /** What the rules at hand cannot say; null: nothing is open. */
          unknown: bilingual.nullable(),
          source: z.string(),
        })
        .nullable(),
      calculation: calculationView,
    }),
  ),
  /** Stores what a person says of a shipment; a fact left out is no longer said. */
  'modes.answer': command(z.object({ shipmentId: z.number().int(), answers: modeAnswers }), z.object({})),
  /**
   * Whether an export line may come back free of duty (T25, one year for defects), what must be repaid and which papers are needed.
   * What was entered of this return, and the certificates asked for it, stand where the input is silent; what else came back of the line counts
   * with all of its certificates. Refusals: `EXPORT_LINE_UNKNOWN`, `COPY_UNKNOWN`,
   * `RETURN_BEFORE_EXPORT` {exported, returned}.
   */
  'returns.check': query(
    z.object({
      /** The firm's own export line, or a line of a copy. */
      exportLineId: z.number().int().optional(),
      copyId: z.number().int().optional(),
      /** The return that is judged: it is not counted as one before. */
      returnId: z.number().int().optional(),
      /** Of a copy, whose books are not here: whether the exporter had VAT refunded. */
      refunded: z.boolean().optional(),
      /** 复运进境之日. */
      returnedOn: isoDate,
      /** In the line's unit; left out: all that has not come back before. */
      quantity: decimalText.optional(),
      reason: z.enum(['unsold', 'returned', 'other']),
      /** Left out: by the commodity code. */
      food: z.boolean().optional(),
      originalState: z.boolean().optional(),
      defect: z.boolean().optional(),
      zoneExitOn: isoDate.optional(),
      repaidOn: isoDate.optional(),
      certificateReceivedOn: isoDate.optional(),
      /** Customs office (4 digits) where the goods come back. */
      customsCode: z.string().optional(),
    }),
    z.object({
      line: z.object({
        id: z.number().int(),
        label: z.string(),
        mode: z.string(),
        exportDate: isoDate,
        form: z.enum(['list', 'declaration']),
        name: z.string(),
        unit: z.string(),
      }),
      /** Open to the goods once the refund is paid back and the papers are got. */
      route: z.enum(returnRoutes),
      /** Last day of the six-month rule; of the one-year rule where the former does not hold. */
      lastDay: isoDate,
      oneYearLastDay: isoDate.optional(),
      /** From export to the return, and from this to `lastDay`: below nought once it is over. */
      days: z.object({ sinceExport: z.number().int(), left: z.number().int() }),
      /** Whether the goods come back as they went, as told; they do until somebody says otherwise. */
      originalState: z.boolean(),
      /** Food is not covered by the six-month rule; whether somebody said so, or the commodity code makes it likely. */
      food: z.object({ isFood: z.boolean(), from: z.enum(['said', 'code']) }),
      /** Why the six-month rule does not hold, or not yet; empty when it does. */
      reasons: z.array(z.object({ code: z.string(), title: bilingual })),
      quantity: z.object({
        exported: decimalText,
        returnedBefore: decimalText,
        returned: decimalText,
        /** More would be back than went out. */
        isTooMuch: z.boolean(),
      }),
      refund: z.object({
        refunded: z.boolean(),
        isRepaid: z.boolean(),
        /** Yuan still to pay back for what comes back; left out where no match says what was refunded. */
        repayCny: z.string().optional(),
      }),
      papers: z.array(z.object({ id: z.string(), title: bilingual, isAtHand: z.boolean() })),
      /** Return at another customs than that of export: allowed, in a pilot only, or not. */
      crossCustoms: z.enum(['same', 'allowed', 'pilot', 'not-allowed', 'unknown']),
      calculation: calculationView,
    }),
  ),
} as const;
