/** Monthly statistics for the pilot zone (统计月报): figures out of the book, their lines, three sources side by side, and the filing. */
import { z } from 'zod';
import { statisticsDimensions } from '../statistics/figures.ts';
import { isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { documentState } from './filing.ts';
import { command, query } from './operation.ts';

const id = z.number().int().positive();
const count = z.number().int();
/** `yyyy-mm`. */
const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
/** Yuan with fen, dollars with cents. */
const amount = z.string();
const bilingual = z.object({ zh: z.string(), en: z.string() });

const measures = {
  lines: count,
  orders: count,
  amountCny: amount,
  /** Null where the rate of a line is missing. */
  amountUsd: amount.nullable(),
  /** Lines that count in no amount, because the rate of their day is missing. */
  unrated: count,
  returns: count,
  newBuyers: count,
};
const key = { mode: z.string(), country: z.string(), hs2: z.string(), platform: z.string() };
const compared = {
  ...measures,
  amountBefore: amount,
  ordersBefore: count,
  amountYearAgo: amount,
  /** Month on month and year on year, in hundredths of a percent; null where there was nothing. */
  monthBp: count.nullable(),
  yearBp: count.nullable(),
};

/** Where export lines come from: a list, a declaration, a file or a person. */
const lineOrigin = z.enum(['list', 'declaration', 'import']);

/** What of the month: all, or one cell of it; '' is what names none. */
const cellFilter = {
  period,
  mode: z.string().optional(),
  country: z.string().optional(),
  hs2: z.string().optional(),
  platform: z.string().optional(),
};

export const statisticsReport = z.object({
  id,
  number: z.string(),
  period,
  state: z.enum(['open', 'cancelled']),
  note: z.string(),
  acceptNo: z.string().nullable(),
  acceptedOn: isoDate.nullable(),
  filing: z
    .object({
      documentId: id,
      state: documentState,
      appType: z.string(),
      stale: z.boolean(),
      statusInfo: z.string().optional(),
    })
    .nullable(),
  updatedAt: isoInstant,
});

/** Differences between the sources: within the book first, then between what was sent and what the platform has. */
const gapCode = z.enum([
  'uncounted',
  'linesDiffer',
  'undeclared',
  'noDocument',
  'noRate',
  'noCountry',
  'noPlatform',
  'platformMissing',
  'platformAmount',
  'platformOnly',
]);

export const statistics = {
  /**
   * A month by the dimensions asked for, in the order of amount, beside the month before and the year before; the zone is that of the
   * book. Amounts: FOB of export lines (出口商品项) by their day, in yuan at the firm's rate of the day and in dollars at the rate in force
   * on the first of the month. `total` counts what stands in several rows once.
   */
  'statistics.month': query(
    z.object({ period, by: z.array(z.enum(statisticsDimensions)).default([...statisticsDimensions]) }),
    z.object({
      period,
      zone: z.string(),
      usdRate: z.string().nullable(),
      total: z.object(compared),
      rows: z.array(
        z.object({
          ...key,
          ...compared,
          modeName: bilingual,
          countryName: bilingual,
          hs2Name: bilingual,
          isB2b: z.boolean(),
        }),
      ),
    }),
  ),
  /** Thirteen months to `period`. */
  'statistics.trend': query(z.object({ period }), z.object({ rows: z.array(z.object({ period, amountCny: amount })) })),
  /** The lines behind a figure: of an amount or of orders; returns, one a row; new buyers, one a row with the first order. */
  'statistics.lines': query(
    z.object({
      ...cellFilter,
      of: z.enum(['amount', 'returns', 'newBuyers']).default('amount'),
      /** Of an amount: only export lines that came into the book so. */
      origin: lineOrigin.optional(),
      ...pageInput,
    }),
    pageOf(
      z.object({
        key: z.string(),
        number: z.string(),
        date: isoDate,
        name: z.string(),
        mode: z.string(),
        country: z.string(),
        hsCode: z.string(),
        amountCny: amount.nullable(),
        amountUsd: amount.nullable(),
        /** Of an amount. */
        exportLineId: id.optional(),
        /** Of a return that was received. */
        returnId: id.optional(),
        documentId: id.optional(),
        orderId: id.optional(),
        orderNo: z.string().optional(),
      }),
    ).extend({ amountCny: amount, amountUsd: amount.nullable() }),
  ),
  /** Lists, declarations and what the platform counted, of a month, with the gaps between them. */
  'statistics.sources': query(
    z.object({ period }),
    z.object({
      /** Export lines by where they come from. */
      origins: z.array(
        z.object({
          origin: lineOrigin,
          documents: count,
          lines: count,
          amountCny: amount,
        }),
      ),
      /** Documents sent in the month by kind: ours, and as the platform counts them; null: not asked. */
      kinds: z.array(z.object({ kind: z.string(), ours: count, platform: count.nullable() })),
      /** `named`: kinds whose documents the platform named one by one; of the others it only counts. */
      asked: z.object({ at: isoInstant, endpoint: z.string(), named: z.array(z.string()) }).nullable(),
      gaps: z.array(z.object({ code: gapCode, count, example: z.string() })),
    }),
  ),
  /** The documents, export lines or orders of one difference, by number: the amount here and over against it, in their currency. */
  'statistics.gap': query(
    z.object({ period, code: gapCode, ...pageInput }),
    pageOf(
      z.object({
        key: z.string(),
        number: z.string(),
        ours: amount.nullable(),
        theirs: amount.nullable(),
        currency: z.string(),
        /** As the platform has it. */
        state: z.enum(['pending', 'accepted', 'released', 'rejected', 'replaced']).nullable(),
        /** Page and parameters; null: this book has no such document. */
        target: z.string().nullable(),
      }),
    ),
  ),
  /**
   * Asks the platform for its counts of a month and keeps them. Refusals: `SYNC_NO_ENDPOINT`, `STATISTICS_NOT_OFFERED` {name},
   * `STATISTICS_NOT_ANSWERED` {name, code}.
   */
  'statistics.ask': command(z.object({ period }), z.object({ kinds: count })),
  /** Declarations of a month that count as business to business (B2B), with what shows it. */
  'statistics.b2b': query(
    z.object({ period }),
    z.object({
      share: z.object({ amountCny: amount, bp: count }),
      rows: z.array(
        z.object({
          mode: z.string(),
          declarationNo: z.string(),
          date: isoDate,
          amountCny: amount,
          /** Why it counts: the pack's words for its mode. */
          reason: bilingual,
          /** Papers on file under the declaration (合同, 发票 …), as they are called. */
          papers: z.array(z.string()),
          orders: count,
          receivedOn: isoDate.nullable(),
        }),
      ),
    }),
  ),
  'statistics.list': query(z.object({}), z.object({ rows: z.array(statisticsReport) })),
  /**
   * Opens the report of a month, with the remark of the one before, or answers the one that is open; marks a filing that says no longer
   * what the book does. Draft it with `filings.draft` of `statistics-report`.
   */
  'statistics.open': command(z.object({ period }), z.object({ id })),
  /** Refusals: `STATISTICS_UNKNOWN` {id}, `FILING_VOID` {number}. */
  'statistics.save': command(z.object({ id, note: z.string().trim().max(500) }), z.object({ id })),
  /** Gives it up; what was accepted is drafted as a deletion. Refusals: `STATISTICS_UNKNOWN`, `FILING_VOID`, `FILING_UNDERWAY`. */
  'statistics.cancel': command(
    z.object({ id, reason: z.string().trim().min(1).max(300) }),
    z.object({ filed: z.boolean() }),
  ),
} as const;
