/** Payouts of marketplaces (平台结算单): import with proof, what each is made of, split by month. */
import { z } from 'zod';
import { explosionGroups, mappableColumns, payoutCategories } from '../payouts/index.ts';
import { amountText, periodKey } from './accounting.ts';
import { currencyCode, fileToken, isoDate, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

export const payoutCategory = z.enum(payoutCategories);

/**
 * Something found in a report or between reports: `reject` keeps the file out, `doubt` deserves a look, `note` is legal as it is.
 * `field` is the column it is about, as the file names it; text by `code` (what, why, remedy) as of errors.
 */
export const payoutFinding = z.object({
  code: z.string(),
  level: z.enum(['reject', 'doubt', 'note']),
  field: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type PayoutFindingView = z.infer<typeof payoutFinding>;

const payoutMapping = z.partialRecord(z.enum(mappableColumns), z.number().int().min(0));

/** A report and what its file does not say. Amounts are in `currency` only where the file names none. */
export const payoutSource = z.object({
  file: fileToken,
  sheet: z.string().optional(),
  store: z.string().trim().max(100).default(''),
  currency: z.string().optional(),
  decimalMark: z.enum(['.', ',']).optional(),
  /** Of dates like 04/03/2026. */
  dayOrder: z.enum(['dmy', 'mdy']).optional(),
  /** Columns of a report nobody knows: `postedAt` and `amount` at least. Remembered for files with the same headers. */
  mapping: payoutMapping.optional(),
  /** Platform of such a report, e.g. `temu`. */
  platform: z.string().trim().max(40).optional(),
  /** What arrived or will, where the report has no figure of it; a file of one payout only. */
  deposit: amountText.optional(),
});

const kindSum = z.object({
  type: z.string(),
  detail: z.string(),
  category: payoutCategory,
  lines: z.number().int(),
  amount: z.string(),
});

/** Shown before anything is written, and after. */
const payoutFacts = {
  platform: z.string(),
  layout: z.string(),
  store: z.string(),
  number: z.string(),
  fromOn: isoDate,
  toOn: isoDate,
  /** Zone of the file's days, as it writes it; empty: it does not say. */
  zone: z.string(),
  depositOn: isoDate.optional(),
  currency: currencyCode,
  total: z.string(),
  deposit: z.string().optional(),
  reserveOpening: z.string(),
  reserveClosing: z.string(),
  unavailable: z.string(),
  lines: z.number().int(),
  orders: z.number().int(),
  /** What the lines were proved against: the stated deposit, transfers, the total of each row, or nothing. */
  proof: z.enum(['deposit', 'transfer', 'rows', 'none']),
};

export const payoutPreview = z.object({
  ...payoutFacts,
  kinds: z.array(kindSum),
  /** `new`; `known`: the book has exactly this; `more`: a report by days that brings further rows. */
  state: z.enum(['new', 'known', 'more', 'refused']),
});

const importOutcome = z.object({
  fileName: z.string(),
  layout: z.string(),
  layoutZh: z.string(),
  layoutEn: z.string(),
  rows: z.number().int(),
  payouts: z.array(payoutPreview),
  findings: z.array(payoutFinding),
  /** Ids of what was written; empty for a trial or where all was there. */
  ids: z.array(z.number().int()),
  written: z.number().int(),
});

export const payoutRow = z.object({
  id: z.number().int(),
  ...payoutFacts,
  /** Lines nobody has given a category. */
  unknown: z.number().int(),
  /** Of the deposit, what receipt records are matched with. */
  matched: z.string(),
  matchState: z.enum(['open', 'part', 'matched', 'none']),
  state: z.enum(['entered', 'void']),
});

export const explosionStep = z.object({
  group: z.enum(explosionGroups),
  amount: z.string(),
  lines: z.number().int(),
  categories: z.array(z.object({ category: payoutCategory, amount: z.string(), lines: z.number().int() })),
});

const neighbour = z.object({ id: z.number().int(), number: z.string(), reserve: z.string() });

export const payoutView = payoutRow.extend({
  layoutZh: z.string(),
  layoutEn: z.string(),
  fileName: z.string(),
  createdAt: z.string(),
  reason: z.string(),
  version: z.number().int(),
  findings: z.array(payoutFinding),
  /** The explosion: what the steps come to is `total`. */
  steps: z.array(explosionStep),
  /** The same by month and category. */
  months: z.array(
    z.object({
      month: periodKey,
      amount: z.string(),
      categories: z.array(z.object({ category: payoutCategory, amount: z.string(), lines: z.number().int() })),
      document: z
        .object({
          id: z.number().int(),
          number: z.string(),
          state: z.enum(['posted', 'waiting', 'void']),
          reason: z.string(),
        })
        .optional(),
    }),
  ),
  monthsOf: z.enum(['china', 'own']),
  kinds: z.array(kindSum.extend({ taught: z.boolean() })),
  /** What was held back before and after, by the payouts next to this one. */
  chain: z.object({
    previous: neighbour.optional(),
    next: neighbour.optional(),
    /** `first`: nothing before; `kept`: what was held is what came back; `broken`: it is not. */
    state: z.enum(['first', 'kept', 'broken', 'none']),
  }),
  deposits: z.array(
    z.object({
      recordId: z.number().int(),
      number: z.string(),
      date: isoDate,
      currency: currencyCode,
      amount: z.string(),
    }),
  ),
  /** Orders of the book among those it names. */
  ordersInBook: z.number().int(),
  /** Orders that other payouts name too. */
  ordersElsewhere: z.number().int(),
});
export type PayoutView = z.infer<typeof payoutView>;

export const payoutLine = z.object({
  line: z.number().int(),
  sourceRow: z.number().int(),
  postedOn: isoDate,
  ownOn: isoDate,
  orderNo: z.string().optional(),
  sku: z.string().optional(),
  qty: z.string().optional(),
  category: payoutCategory,
  type: z.string(),
  detail: z.string(),
  amount: z.string(),
});

export const payouts = {
  /**
   * Reads a report through and says what it is, what it would bring and what is wrong; writes nothing. A file nobody knows comes back
   * without `result`, with its headers and, where a mapping of the same headers is remembered, that mapping.
   * Refusals: those of opening a file, `SHEET_UNKNOWN`, `CURRENCY_UNKNOWN`.
   */
  'payouts.inspect': job(
    payoutSource,
    z.object({
      fileName: z.string(),
      sheets: z.array(z.string()),
      sheet: z.string(),
      headerRow: z.number().int(),
      headers: z.array(z.string()),
      preview: z.array(z.array(z.string())),
      mapping: payoutMapping.optional(),
      platform: z.string().optional(),
      result: importOutcome.optional(),
    }),
  ),
  /**
   * Takes a report whole or not at all: any finding of level `reject` is thrown under its code (`PAYOUT_DEPOSIT_DIFFERS`,
   * `PAYOUT_NUMBER_TAKEN`, `PAYOUT_OTHER_REPORT`, `PAYOUT_TRUNCATED`, `PAYOUT_AMOUNT_INVALID`, `PAYOUT_AMOUNT_FINE`, `PAYOUT_DECIMALS_MIXED`,
   * `PAYOUT_DATE_INVALID`, `PAYOUT_DATE_AMBIGUOUS`, `PAYOUT_CURRENCY_MISSING`, `PAYOUT_CURRENCY_UNKNOWN`, `PAYOUT_CURRENCY_MIXED`,
   * `PAYOUT_HEAD_MISSING`, `PAYOUT_HEAD_TWICE`, `PAYOUT_EMPTY`), and `PAYOUT_LAYOUT_UNKNOWN` where nobody knows its columns. What the book has
   * already is no error: nothing is written. `dryRun` writes nothing and throws nothing but what keeps it from being read.
   */
  'payouts.import': job(payoutSource.extend({ dryRun: z.boolean().default(false) }), importOutcome),
  'payouts.list': query(
    z.object({
      text: z.string().optional(),
      platform: z.string().optional(),
      store: z.string().optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      /** Not proved, with lines of no category, or without its deposit. */
      open: z.enum(['proof', 'unknown', 'deposit']).optional(),
      state: z.enum(['entered', 'void']).default('entered'),
      ...pageInput,
    }),
    pageOf(payoutRow),
  ),
  /** Refusal: `PAYOUT_UNKNOWN` {id}. */
  'payouts.get': query(z.object({ id: z.number().int() }), payoutView),
  'payouts.lines': query(
    z.object({
      id: z.number().int(),
      category: payoutCategory.optional(),
      month: periodKey.optional(),
      type: z.string().optional(),
      detail: z.string().optional(),
      orderNo: z.string().optional(),
      ...pageInput,
    }),
    pageOf(payoutLine),
  ),
  /** Payouts that name an order, with what each brought and kept of it. */
  'payouts.ofOrder': query(
    z.object({ orderNo: z.string().min(1) }),
    z.object({
      rows: z.array(
        z.object({
          id: z.number().int(),
          number: z.string(),
          currency: currencyCode,
          gross: z.string(),
          refund: z.string(),
          kept: z.string(),
        }),
      ),
    }),
  ),
  /** Kinds of lines without a category, over all payouts, the largest first. */
  'payouts.unknown': query(
    z.object({}),
    z.object({
      rows: z.array(
        z.object({
          platform: z.string(),
          type: z.string(),
          detail: z.string(),
          lines: z.number().int(),
          payouts: z.number().int(),
          currency: currencyCode,
          amount: z.string(),
        }),
      ),
    }),
  ),
  /**
   * Says once what a platform means by a kind of line; holds for every payout there is and will be, which are posted anew.
   * Refusal: `PAYOUT_KIND_MISSING` {type, detail}.
   */
  'payouts.teach': command(
    z.object({ platform: z.string(), type: z.string(), detail: z.string(), category: payoutCategory }),
    z.object({ payouts: z.number().int() }),
  ),
  /** Takes a payout back: its postings are reversed and its allocations withdrawn. Refusals: `PAYOUT_UNKNOWN`, `PAYOUT_VOID` {number}. */
  'payouts.void': command(z.object({ id: z.number().int(), reason: z.string().min(1) }), z.object({})),
  'payouts.settings': query(z.object({}), z.object({ monthsOf: z.enum(['china', 'own']) })),
  /** Whose calendar a month is of; all payouts are posted anew. */
  'payouts.saveSettings': job(
    z.object({ monthsOf: z.enum(['china', 'own']) }),
    z.object({ payouts: z.number().int() }),
  ),
  /** The explosion as a workbook: summary, months, kinds, lines. Refusals: `PAYOUT_UNKNOWN`, `FILE_NOT_WRITTEN`. */
  'payouts.export': job(
    z.object({ id: z.number().int(), to: fileToken, locale: z.enum(['zh-CN', 'en']).default('zh-CN') }),
    z.object({ rows: z.number().int() }),
  ),
  /** The explosion on A4. Refusals: `PAYOUT_UNKNOWN`, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'payouts.print': job(
    z.object({ id: z.number().int(), to: fileToken, locale: z.enum(['zh-CN', 'en']).default('zh-CN') }),
    z.object({ pages: z.number().int() }),
  ),
} as const;
