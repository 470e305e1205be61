/** What the ledger reports: balances, books of account, statements, ageing, margin; and the same as files. */
import { z } from 'zod';
import { periodKey } from './accounting.ts';
import { currencyCode, fileToken, isoDate, pageInput, pageOf } from './common.ts';
import { job, query } from './operation.ts';

/** Of a column's two sides only the one that counts is filled; empty text: nothing there. */
const sides = z.object({ debit: z.string(), credit: z.string() });
/** 借, 贷 or 平: the side a balance stands on. Its amount is then never negative. */
export const balanceSide = z.enum(['debit', 'credit', 'even']);
const names = { nameZh: z.string(), nameEn: z.string() };

/**
 * The lines behind a figure, as `reports.accountLedger` takes them: accounts with all below them, and what narrows them.
 * A dimension that is `null` means postings without it.
 */
const dimensionFilters = {
  partyId: z.number().int().nullable().optional(),
  orderId: z.number().int().nullable().optional(),
  sku: z.string().nullable().optional(),
  store: z.string().nullable().optional(),
  /** Customs' numeric code of the order's country; `null`: of no order, or of one whose country is not known. */
  country: z.string().nullable().optional(),
  /** Lines of the product and of orders that hold it, as the margin by product counts them. */
  orderedSku: z.string().optional(),
};
export const drillSchema = z.object({
  accounts: z.array(z.string()).min(1),
  from: periodKey.optional(),
  to: periodKey.optional(),
  currency: currencyCode.optional(),
  ...dimensionFilters,
});
export type Drill = z.infer<typeof drillSchema>;

const range = { from: periodKey, to: periodKey };
/** 1: the four-digit accounts, 2: six digits … */
const level = z.number().int().min(1).max(4);
/** `cny`: everything at book value in CNY. `original`: each currency by itself. */
const currencyMode = z.enum(['cny', 'original']).default('cny');

// Trial balance (科目余额表) --------------------------------------------------------------------------------------------
export const trialBalanceInput = z.object({ ...range, mode: currencyMode, level: level.default(4) });
/** Opening and closing balances stand on one side, net; turnover on both. Closing entries (结转) are in. */
export const trialRow = z.object({
  account: z.string(),
  ...names,
  level,
  /** Has accounts below it: the sum of them. */
  group: z.boolean(),
  currency: currencyCode,
  opening: sides,
  turnover: sides,
  closing: sides,
  drill: drillSchema,
});
const trialTotal = z.object({ currency: currencyCode, opening: sides, turnover: sides, closing: sides });

// General ledger (总账) -------------------------------------------------------------------------------------------------
export const generalLedgerInput = z.object({
  ...range,
  /** One account with what is below it; left out, every account of the level. */
  account: z.string().optional(),
  level: level.default(1),
  /** Amounts of this currency only, in it; left out: all in CNY. */
  currency: currencyCode.optional(),
});
export const generalLedgerRow = z.object({
  account: z.string(),
  ...names,
  /** `opening`: 期初余额; `month`: 本月合计; `year`: 本年累计 up to that month, with the balance then. */
  kind: z.enum(['opening', 'month', 'year']),
  period: periodKey,
  debit: z.string(),
  credit: z.string(),
  side: balanceSide,
  balance: z.string(),
  drill: drillSchema,
});

// Account ledger (明细账) -----------------------------------------------------------------------------------------------
export const accountLedgerInput = drillSchema.extend(pageInput);
/** Amounts in their own currency and in CNY; balances after the line. `balance` only where one currency is asked for. */
export const accountLedgerRow = z.object({
  voucherId: z.number().int(),
  position: z.number().int(),
  label: z.string(),
  date: isoDate,
  text: z.string(),
  account: z.string(),
  ...names,
  currency: currencyCode,
  debit: z.string(),
  credit: z.string(),
  debitCny: z.string(),
  creditCny: z.string(),
  side: balanceSide,
  balanceCny: z.string(),
  balance: z.string().optional(),
  quantity: z.string().optional(),
  party: z.string().optional(),
  orderNo: z.string().optional(),
  sku: z.string().optional(),
  store: z.string().optional(),
  closing: z.boolean(),
});

// Quantity ledger (数量金额账) --------------------------------------------------------------------------------------------
export const quantityLedgerInput = z.object({
  ...range,
  /** `account`: postings with quantities; `stock`: moves of the warehouse. */
  source: z.enum(['account', 'stock']).default('account'),
  /** With `account`: one account and what is below it; left out: every posting with a quantity. */
  account: z.string().optional(),
  /** With `stock`: one place; left out: the firm whole, without transfers between places. */
  placeId: z.number().int().optional(),
  ...pageInput,
});
/** Amount and unit price (amount ÷ quantity, half-up to five decimals) in CNY. */
const quantities = z.object({ quantity: z.string(), price: z.string(), amount: z.string() });
export const quantityRow = z.object({
  sku: z.string(),
  name: z.string(),
  opening: quantities,
  in: quantities,
  out: quantities,
  closing: quantities,
  drill: drillSchema.optional(),
});

// Statements (财务报表) -------------------------------------------------------------------------------------------------
export const balanceSheetInput = z.object({ period: periodKey });
export const incomeStatementInput = z.object(range);
/** A line of an official statement; `no` is its row number (行次), empty for a heading. Amounts: CNY, `-` in front when negative. */
export const statementRow = z.object({
  no: z.string(),
  ...names,
  /** Which half of the balance sheet; one half only in the income statement. */
  part: z.enum(['assets', 'claims', 'income']),
  /** 0 heading or total, 1 line, 2 其中. */
  indent: z.number().int(),
  total: z.boolean(),
  /** Balance sheet: 期末余额; income statement: 本期金额. */
  amount: z.string(),
  /** Balance sheet: 年初余额; income statement: 本年累计金额. */
  compared: z.string(),
  /** Absent where no account of the chart belongs to the line. */
  drill: drillSchema.optional(),
});
/** What must agree and by how much it does not (CNY, `0.00` when it does). Texts: i18n `reports.check.<code>`. */
export const statementCheck = z.object({ code: z.string(), difference: z.string(), ok: z.boolean() });
const statement = z.object({
  rows: z.array(statementRow),
  checks: z.array(statementCheck),
  /** Of the pack the lines come from. */
  source: z.string(),
});

// Ageing (账龄) -----------------------------------------------------------------------------------------------------------
export const ageingInput = z.object({
  kind: z.enum(['receivable', 'payable']),
  date: isoDate,
  by: z.enum(['order', 'party']).default('order'),
  ...pageInput,
});
/** Open amounts of one order or party in one currency. `advance`: paid beyond what was owed, negative. */
const ageingAmounts = {
  currency: currencyCode,
  buckets: z.array(z.string()),
  advance: z.string(),
  total: z.string(),
  /** Book value of `total` in CNY. */
  totalCny: z.string(),
};
export const ageingRow = z.object({
  /** Order number or party; empty for postings that name none. */
  label: z.string(),
  orderId: z.number().int().nullable(),
  partyId: z.number().int().nullable(),
  ...ageingAmounts,
  /** Day of the oldest open item. */
  oldest: isoDate.optional(),
  drill: drillSchema,
});

// Margin (毛利) -----------------------------------------------------------------------------------------------------------
export const marginDimensions = ['order', 'product', 'market', 'store'] as const;
export const marginInput = z.object({ ...range, by: z.enum(marginDimensions), ...pageInput });
/** CNY. `margin` = revenue − returns − cost − fees − freight; `rate` is of revenue less returns, a percentage with two decimals. */
const marginAmounts = {
  revenue: z.string(),
  returns: z.string(),
  cost: z.string(),
  fees: z.string(),
  freight: z.string(),
  margin: z.string(),
  rate: z.string(),
};
export const marginRow = z.object({
  /** Order number, SKU, country, store; empty: not assigned to any. */
  label: z.string(),
  name: z.string(),
  assigned: z.boolean(),
  ...marginAmounts,
  drill: drillSchema,
});

// Files -------------------------------------------------------------------------------------------------------------------
const unpaged = { after: true, limit: true } as const;
/** A report and what it is asked with; lists are written whole. */
export const reportRequest = z.discriminatedUnion('report', [
  z.object({ report: z.literal('trialBalance'), params: trialBalanceInput }),
  z.object({ report: z.literal('generalLedger'), params: generalLedgerInput }),
  z.object({ report: z.literal('accountLedger'), params: accountLedgerInput.omit(unpaged) }),
  z.object({ report: z.literal('quantityLedger'), params: quantityLedgerInput.omit(unpaged) }),
  z.object({ report: z.literal('balanceSheet'), params: balanceSheetInput }),
  z.object({ report: z.literal('incomeStatement'), params: incomeStatementInput }),
  z.object({ report: z.literal('ageing'), params: ageingInput.omit(unpaged) }),
  z.object({ report: z.literal('margin'), params: marginInput.omit(unpaged) }),
]);
export type ReportRequest = z.output<typeof reportRequest>;
export type ReportName = ReportRequest['report'];

export const reports = {
  /** Refusal of every report with a range: `PERIOD_RANGE` {from, to} when it ends before it begins. */
  'reports.trialBalance': query(
    trialBalanceInput,
    z.object({ rows: z.array(trialRow), totals: z.array(trialTotal), balanced: z.boolean() }),
  ),
  'reports.generalLedger': query(generalLedgerInput, z.object({ rows: z.array(generalLedgerRow) })),
  /** Oldest first. `opening`: the balance before the first line of the range. Refusal: `ACCOUNT_UNKNOWN` {account}. */
  'reports.accountLedger': query(
    accountLedgerInput,
    pageOf(accountLedgerRow).extend({
      opening: z.object({ side: balanceSide, balanceCny: z.string(), balance: z.string().optional() }),
      turnover: z.object({ debitCny: z.string(), creditCny: z.string() }),
    }),
  ),
  'reports.quantityLedger': query(quantityLedgerInput, pageOf(quantityRow)),
  /** 资产负债表 (会小企01表) at the end of a month. Checks: `assetsEqualClaims`, `profitTies`. */
  'reports.balanceSheet': query(balanceSheetInput, statement),
  /** 利润表 (会小企02表) of a range, with the year up to its end. Closing entries are left out. Checks: `allProfitAndLoss`, `profitTies`. */
  'reports.incomeStatement': query(incomeStatementInput, statement),
  /** Totals equal the ledger's balance of the account in every currency. */
  'reports.ageing': query(
    ageingInput,
    pageOf(ageingRow).extend({
      /** Upper bounds of the buckets in days, from the oldest bucket's view open: `[30, 60, 90, 180]` makes five. */
      bounds: z.array(z.number().int()),
      totals: z.array(z.object(ageingAmounts)),
      /** Ledger balance less the totals, by currency; `0.00` everywhere, or something is wrong. */
      checks: z.array(z.object({ currency: currencyCode, difference: z.string(), differenceCny: z.string() })),
    }),
  ),
  /** Largest revenue first; what names no order, product, market or store is a row of its own, so that totals equal the income statement. */
  'reports.margin': query(marginInput, pageOf(marginRow).extend({ totals: z.object(marginAmounts) })),

  /** Writes a report as a workbook in the form accountants hand in. Refusals: `FILE_NOT_WRITTEN`, `PERIOD_RANGE`. */
  'reports.export': job(
    z.object({ request: reportRequest, format: z.enum(['xlsx']).default('xlsx'), to: fileToken }),
    z.object({ rows: z.number().int() }),
  ),
  /** The same as a PDF, black on white A4. Refusals: `PRINT_NEEDS_WINDOW`, `REPORT_TOO_LONG` {rows, most}, `FILE_NOT_WRITTEN`. */
  'reports.print': job(z.object({ request: reportRequest, to: fileToken }), z.object({ rows: z.number().int() })),
  /**
   * The whole book as a plain-text journal. `original`: amounts in their own currencies, where every voucher balances in each;
   * postings without an amount (revaluation in CNY only) are left out. `cny`: all at book value. Refusal: `FILE_NOT_WRITTEN`.
   */
  'ledger.exportText': job(
    z.object({
      format: z.enum(['hledger', 'beancount']).default('hledger'),
      mode: z.enum(['original', 'cny']).default('original'),
      to: fileToken,
    }),
    z.object({
      transactions: z.number().int(),
      /** Vouchers that have no amount in any currency: nothing of them is written in `original` mode. */
      leftOut: z.number().int(),
    }),
  ),
} as const;
