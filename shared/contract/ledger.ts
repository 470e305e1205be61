import { z } from 'zod';
import { currencyCode, isoDate } from './common.ts';
import { query } from './operation.ts';

/** Amounts are decimal text in major units with the currency's decimals; CNY to the fen. */
export const trialBalanceRow = z.object({
  account: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  currency: currencyCode,
  debit: z.string(),
  credit: z.string(),
  debitCny: z.string(),
  creditCny: z.string(),
});

export const ledger = {
  'ledger.trialBalance': query(
    z.object({}),
    z.object({
      rows: z.array(trialBalanceRow),
      totalDebitCny: z.string(),
      totalCreditCny: z.string(),
      balanced: z.boolean(),
      pending: z.number().int(),
    }),
  ),
} as const;

export const today = {
  'today.get': query(
    z.object({ date: isoDate }),
    z.object({
      /** What waits for a person: i18n `today.<code>`, with the page to open. */
      attention: z.array(
        z.object({
          code: z.string(),
          level: z.enum(['rejected', 'action']),
          params: z.record(z.string(), z.union([z.string(), z.number()])),
          amount: z.string().optional(),
          target: z.string(),
        }),
      ),
      due: z.array(
        z.object({
          code: z.string(),
          date: isoDate,
          days: z.number().int(),
          source: z.string(),
          params: z.record(z.string(), z.union([z.string(), z.number()])),
          target: z.string(),
        }),
      ),
      counts: z.record(z.string(), z.number().int()),
      /** Documents by day of the last 14 days. */
      days: z.array(z.object({ date: isoDate, accepted: z.number().int(), rejected: z.number().int() })),
    }),
  ),
} as const;

/** Code tables (参数表) for lookup boxes: code, Chinese, pinyin, initials, in any word order. */
export const tables = {
  'tables.search': query(
    z.object({
      table: z.string(),
      text: z.string(),
      limit: z.number().int().min(1).max(50).default(9),
      /** What the code is for (client, product, field): codes taken for it lately stand first. */
      recentFor: z.string().max(200).optional(),
    }),
    z.object({
      rows: z.array(
        z.object({
          code: z.string(),
          name: z.string(),
          nameEn: z.string().optional(),
          /** Taken lately for the same thing. */
          recent: z.literal(true).optional(),
          /** Of a country: ISO 3166 alpha-2. */
          alpha2: z.string().optional(),
          /** Of a county or city: what it lies in. Counties of different provinces have one name. */
          within: z.string().optional(),
        }),
      ),
    }),
    false,
  ),
  'tables.names': query(
    z.object({ table: z.string(), codes: z.array(z.string()).max(500) }),
    z.object({
      names: z.record(z.string(), z.string()),
      /** Of those that have an English name. */
      namesEn: z.record(z.string(), z.string()),
    }),
    false,
  ),
} as const;

/** What the search box finds: a number, name or summary that holds the text, and the page that shows it. */
export const searchHit = z.object({
  kind: z.enum([
    'order',
    'product',
    'document',
    'shipment',
    'waybill',
    'voucher',
    'source-document',
    'invoice',
    'party',
    'export',
  ]),
  id: z.string(),
  label: z.string(),
  detail: z.string(),
  target: z.string(),
});
export const search = {
  'search.all': query(
    z.object({ text: z.string().min(1), limit: z.number().int().default(20) }),
    z.object({ hits: z.array(searchHit) }),
  ),
} as const;
