import { z } from 'zod';
import { currencyCode, isoDate, pageInput, pageOf } from './common.ts';
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
export const postingRow = z.object({
  voucherId: z.number().int(),
  label: z.string(),
  date: isoDate,
  text: z.string(),
  account: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  currency: currencyCode,
  debit: z.string(),
  credit: z.string(),
  debitCny: z.string(),
  creditCny: z.string(),
  orderId: z.number().int().optional(),
  orderNo: z.string().optional(),
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
  'ledger.postings': query(
    z.object({ account: z.string(), currency: currencyCode.optional(), ...pageInput }),
    pageOf(postingRow),
  ),
  'ledger.voucher': query(
    z.object({ id: z.number().int() }),
    z.object({
      id: z.number().int(),
      label: z.string(),
      date: isoDate,
      text: z.string(),
      rule: z.string(),
      rate: z.string().optional(),
      rateDate: z.string().optional(),
      rateSource: z.string().optional(),
      postings: z.array(postingRow),
      orderId: z.number().int().optional(),
      documentId: z.number().int().optional(),
      receiptId: z.number().int().optional(),
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
    z.object({ table: z.string(), text: z.string(), limit: z.number().int().min(1).max(50).default(9) }),
    z.object({ rows: z.array(z.object({ code: z.string(), name: z.string(), nameEn: z.string().optional() })) }),
    false,
  ),
  'tables.names': query(
    z.object({ table: z.string(), codes: z.array(z.string()).max(500) }),
    z.object({ names: z.record(z.string(), z.string()) }),
    false,
  ),
} as const;

/** Signing of business messages (XML-DSig), a step of its own. */
export const searchHit = z.object({
  kind: z.enum(['order', 'product', 'document', 'shipment', 'waybill']),
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
