/** The ledger as accountants work in it: accounts, vouchers, periods, source documents, parties. */
import { z } from 'zod';
import { currencyCode, fileToken, isoDate, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

/** `yyyy-mm`. */
export const periodKey = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
/** An amount in major units with at most the currency's decimals, e.g. `-12.50`. Empty is not zero: leave it out. */
export const amountText = z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/);
/** CNY for one unit of the currency. */
export const rateText = z.string().regex(/^\d{1,8}(\.\d{1,8})?$/);

// Accounts (科目) -----------------------------------------------------------------------------------------------------
export const accountKinds = ['asset', 'liability', 'equity', 'revenue', 'expense'] as const;
/** Auxiliary dimensions (辅助核算) a posting can carry. */
export const dimensions = ['party', 'product', 'order', 'shipment', 'store'] as const;
export const accountView = z.object({
  code: z.string().regex(/^\d{4}(\d{2}){0,3}$/),
  nameZh: z.string().min(1),
  nameEn: z.string(),
  kind: z.enum(accountKinds),
  side: z.enum(['debit', 'credit']),
  parent: z.string().nullable(),
  active: z.boolean(),
  dimensions: z.array(z.enum(dimensions)),
  /** Revalued at month end when in foreign currency. */
  monetary: z.boolean(),
  quantity: z.boolean(),
  /** Has accounts below it: nothing is posted to it directly. */
  group: z.boolean(),
});
export type AccountView = z.infer<typeof accountView>;

// Parties (往来单位) ---------------------------------------------------------------------------------------------------
export const partyKinds = ['supplier', 'customer', 'platform', 'carrier', 'bank', 'authority', 'other'] as const;
export const partyView = z.object({
  id: z.number().int(),
  kind: z.enum(partyKinds),
  name: z.string(),
  taxNo: z.string().nullable(),
  /** 海关注册编码, ten characters; null: not registered with customs, or nobody has said. */
  customsCode: z.string().nullable().default(null),
  country: z.string().nullable(),
  note: z.string(),
  active: z.boolean(),
});

// Vouchers (记账凭证) --------------------------------------------------------------------------------------------------
/** One line as typed: debit or credit, not both. `cny` and `rate` only with a foreign currency; one follows from the other. */
export const voucherLineInput = z.object({
  text: z.string().max(200).default(''),
  account: z.string(),
  currency: currencyCode.default('CNY'),
  debit: amountText.optional(),
  credit: amountText.optional(),
  /** CNY value, positive, on the same side. Left out: from `rate`, or from the rate in force on the date. */
  cny: amountText.optional(),
  rate: rateText.optional(),
  quantity: z.string().optional(),
  partyId: z.number().int().optional(),
  sku: z.string().optional(),
  orderNo: z.string().optional(),
  shipmentNo: z.string().optional(),
  store: z.string().optional(),
});
export const voucherInput = z.object({
  date: isoDate,
  text: z.string().max(200).default(''),
  /**
   * The voucher changes money of one currency into another (结汇, 购汇): what does not balance in a currency is cleared
   * through the exchange account (货币兑换), so that every currency balances. Without it such a voucher is refused.
   */
  exchange: z.boolean().default(false),
  lines: z.array(voucherLineInput).min(1).max(500),
});
export type VoucherInput = z.input<typeof voucherInput>;

/** A line as posted. Empty text: the side it does not touch. */
export const voucherLineView = z.object({
  position: z.number().int(),
  text: z.string(),
  account: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  currency: currencyCode,
  debit: z.string(),
  credit: z.string(),
  debitCny: z.string(),
  creditCny: z.string(),
  /** Of a foreign amount: CNY for one unit as the two amounts show it, and whether that was the rate in force on the voucher's date. */
  rate: z.string().optional(),
  isRateInForce: z.boolean().optional(),
  /** Decimal text, with the sign of the amount's side. */
  quantity: z.string().optional(),
  party: z.object({ id: z.number().int(), name: z.string() }).optional(),
  sku: z.string().optional(),
  order: z.object({ id: z.number().int(), no: z.string() }).optional(),
  shipment: z.object({ id: z.number().int(), no: z.string() }).optional(),
  store: z.string().optional(),
  /** A line the program added to clear currencies (货币兑换). */
  clearing: z.boolean(),
});
export const voucherRow = z.object({
  id: z.number().int(),
  /** `记 2026-11-0012`. */
  label: z.string(),
  period: periodKey,
  number: z.number().int(),
  date: isoDate,
  text: z.string(),
  /** Posting rule, e.g. `sale.released`; `manual` for one typed in. */
  rule: z.string(),
  debitCny: z.string(),
  lines: z.number().int(),
  reverses: z.object({ id: z.number().int(), label: z.string() }).optional(),
  reversedBy: z.object({ id: z.number().int(), label: z.string() }).optional(),
});
/** Where a voucher came from, and the page of the desk that shows it. */
export const voucherSource = z.object({
  kind: z.string(),
  id: z.string(),
  label: z.string(),
  target: z.string().optional(),
});
export const voucherView = voucherRow.extend({
  rate: z.string().optional(),
  rateDate: isoDate.optional(),
  rateSource: z.string().optional(),
  postedAt: z.string(),
  /** Why it cannot be taken back by itself: reversed or a reversal, or made from what the sources name; absent when it can. */
  fixed: z.enum(['reversed', 'source']).optional(),
  postings: z.array(voucherLineView),
  /** The papers behind it: source document, invoice, order, list, receipt. */
  sources: z.array(voucherSource),
});

// Source documents (原始单据) ------------------------------------------------------------------------------------------
const money = z.object({ currency: currencyCode, amount: amountText });
const shared = {
  date: isoDate,
  /** The paper's own number: bank slip, statement, contract. */
  reference: z.string().max(100).default(''),
  partyId: z.number().int().optional(),
  orderNo: z.string().optional(),
  shipmentNo: z.string().optional(),
  store: z.string().optional(),
  text: z.string().max(200).default(''),
};
/** Money account of the chart (1001, 1002…, 1012…); with the currency it names the pot. */
const moneyAccount = z.string().default('1002');
export const platformFeeKinds = ['commission', 'advertising', 'fulfilment', 'storage', 'payment', 'other'] as const;
export const freightKinds = ['international', 'domestic', 'insurance', 'customs-service'] as const;
/** Names of a payout's amounts in its posting rule. */
export const payoutPostings = [
  'commission',
  'advertising',
  'fulfilment',
  'storage',
  'payment',
  'other',
  'refund',
  'taxWithheld',
  'taxCollected',
  'reimbursement',
] as const;
export const importTaxKinds = ['duty', 'vat', 'consumption', 'export-duty', 'late-declaration', 'surcharge'] as const;
/**
 * A business event that posts itself by a rule of `resources/rules/posting.json`. Amounts are positive; the kind says what
 * moves. A changed one reverses its vouchers and posts anew.
 */
export const sourceDocumentInput = z.discriminatedUnion('kind', [
  /** Platform fees (平台费用), taken from what the platform owes (`from: receivable`) or paid from an account. */
  z.object({
    kind: z.literal('platform-fee'),
    ...shared,
    fee: z.enum(platformFeeKinds),
    ...money.shape,
    from: z.enum(['receivable', 'account']).default('receivable'),
    account: moneyAccount,
  }),
  /**
   * Money received (收款) for receivables: `amount` is what arrived, `bankFee` what banks kept on the way (手续费); the two
   * settle the receivable. Advance: before the sale (预收). `parts` says which orders (or what else) it pays, and how much of the two
   * together; the rest is the party's. A part that is another's (a marketplace's payout) names its party and store. Payable: money back
   * from a supplier (退回).
   */
  z.object({
    kind: z.literal('receipt'),
    ...shared,
    ...money.shape,
    bankFee: amountText.default('0'),
    account: moneyAccount,
    advance: z.boolean().default(false),
    of: z.enum(['receivable', 'payable']).default('receivable'),
    parts: z
      .array(
        z.object({
          orderNo: z.string().optional(),
          partyId: z.number().int().optional(),
          store: z.string().optional(),
          amount: amountText,
          /** What it settles where the claim is in another currency. */
          settles: money.optional(),
          /** What the claim is forgone besides, as charges (手续费), in the claim's currency. */
          charge: amountText.default('0'),
        }),
      )
      .max(20_000)
      .default([]),
  }),
  /** Foreign currency sold to the bank (结汇): `amount` leaves, `cny` arrives; `bankFee` in the currency, `bankFeeCny` was kept besides. */
  z.object({
    kind: z.literal('settlement'),
    ...shared,
    ...money.shape,
    bankFee: amountText.default('0'),
    cny: amountText,
    account: moneyAccount,
    cnyAccount: moneyAccount,
    bankFeeCny: amountText.default('0'),
  }),
  /**
   * Money of one currency for money of another (购汇, 外币兑换): `amount` leaves, `toAmount` arrives; `bankFee` was taken besides from the
   * first account, `toFee` kept of what arrives. The difference of the day's rates and the bank's is realised (F10).
   */
  z.object({
    kind: z.literal('exchange'),
    ...shared,
    ...money.shape,
    bankFee: amountText.default('0'),
    account: moneyAccount,
    toCurrency: currencyCode,
    toAmount: amountText,
    toFee: amountText.default('0'),
    toAccount: moneyAccount,
  }),
  /** Money moved between the firm's own accounts (账户间划转): `amount` leaves, less `toFee` arrives, `bankFee` was taken besides. */
  z.object({
    kind: z.literal('transfer'),
    ...shared,
    ...money.shape,
    bankFee: amountText.default('0'),
    account: moneyAccount,
    toFee: amountText.default('0'),
    toAccount: moneyAccount,
  }),
  z.object({ kind: z.literal('bank-charge'), ...shared, ...money.shape, account: moneyAccount }),
  /** Interest that a bank credits (存款利息). */
  z.object({ kind: z.literal('interest'), ...shared, ...money.shape, account: moneyAccount }),
  /**
   * Payment (付款) of payables or, in advance (预付); `bankFee` was taken besides. Receivable: money back to a buyer (退款) who had paid
   * too much, or in advance (预收), or whose return was posted before.
   */
  z.object({
    kind: z.literal('payment'),
    ...shared,
    ...money.shape,
    bankFee: amountText.default('0'),
    account: moneyAccount,
    advance: z.boolean().default(false),
    of: z.enum(['payable', 'receivable']).default('payable'),
  }),
  /** Freight, insurance, customs service (运保费、报关费): owed to the carrier, or paid at once. `vatCny` is part of `amount`. */
  z.object({
    kind: z.literal('freight'),
    ...shared,
    ...money.shape,
    freight: z.enum(freightKinds),
    vatCny: amountText.default('0'),
    paid: z.boolean().default(false),
    account: moneyAccount,
  }),
  /** Goods taken back after release (销售退回): revenue and receivable go back at the sale's own rate. */
  z.object({
    kind: z.literal('sales-return'),
    ...shared,
    ...money.shape,
    /** What the bank took besides, of one paid back at once. */
    bankFee: amountText.default('0'),
    refunded: z.boolean().default(false),
    account: moneyAccount,
  }),
  /** Export refund claimed (应收出口退税款) and received. CNY. */
  z.object({
    kind: z.literal('refund-receivable'),
    ...shared,
    refund: amountText,
    toCost: amountText.default('0'),
    period: periodKey,
  }),
  z.object({ kind: z.literal('refund-received'), ...shared, refund: amountText, account: moneyAccount }),
  /** Customs duty, import VAT and the like (关税、进口环节税). CNY. */
  z.object({
    kind: z.literal('import-tax'),
    ...shared,
    taxes: z.array(z.object({ tax: z.enum(importTaxKinds), amount: amountText })).min(1),
    /** Numbers of the invoices whose goods bear the duty and consumption tax as cost; those of the tax alone bear none. */
    invoiceNos: z.array(z.string().min(1).max(100)).max(50).default([]),
    paid: z.boolean().default(true),
    account: moneyAccount,
  }),
  /**
   * A month of a marketplace's payout (平台结算单), made from the payout and changed there alone: what the platform kept of its receivable,
   * by posting amount, a charge positive; what it collected for orders of the book, whose receivable becomes the platform's; what it
   * gave back of sales whose return is posted already. The money itself is a receipt.
   */
  z.object({
    kind: z.literal('payout'),
    ...shared,
    payoutId: z.number().int(),
    month: periodKey,
    currency: currencyCode,
    amounts: z.partialRecord(z.enum(payoutPostings), amountText),
    orders: z
      .array(z.object({ orderNo: z.string(), settled: amountText.default('0'), returned: amountText.default('0') }))
      .default([]),
  }),
  /** Opening balances (期初余额) of a book that begins in mid-life. */
  z.object({
    kind: z.literal('opening'),
    date: isoDate,
    text: z.string().default(''),
    lines: z.array(voucherLineInput).min(1).max(2000),
  }),
]);
export type SourceDocumentInput = z.input<typeof sourceDocumentInput>;
export const sourceDocumentKinds = [
  'platform-fee',
  'receipt',
  'settlement',
  'exchange',
  'transfer',
  'bank-charge',
  'interest',
  'payment',
  'freight',
  'sales-return',
  'refund-receivable',
  'refund-received',
  'import-tax',
  'payout',
  'opening',
] as const;
export const sourceDocumentRow = z.object({
  id: z.number().int(),
  kind: z.enum(sourceDocumentKinds),
  /** `收-2026-0012`: kind, year and number without gaps. */
  number: z.string(),
  date: isoDate,
  text: z.string(),
  reference: z.string(),
  party: z.string().optional(),
  orderNo: z.string().optional(),
  currency: currencyCode,
  amount: z.string(),
  state: z.enum(['posted', 'waiting', 'void']),
  /** Why it waits: i18n `ledger.waiting.<reason>`: rate, period, refused (by the chart of accounts). Of a void one: why it is. */
  reason: z.string(),
  version: z.number().int(),
});
const postedOutcome = z.object({
  id: z.number().int(),
  state: z.enum(['posted', 'waiting']),
  reason: z.string(),
  voucherIds: z.array(z.number().int()),
});

/** A posting rule as the screen shows it: which event, which accounts, since when. */
export const postingRuleView = z.object({
  id: z.string(),
  titleZh: z.string(),
  titleEn: z.string(),
  event: z.string(),
  inForceFrom: isoDate,
  inForceTo: isoDate.nullable(),
  source: z.string(),
  lines: z.array(
    z.object({
      side: z.enum(['debit', 'credit']),
      account: z.string(),
      nameZh: z.string(),
      nameEn: z.string(),
      amount: z.string(),
      when: z.string().optional(),
    }),
  ),
});

export const periodView = z.object({
  period: periodKey,
  state: z.enum(['open', 'closed']),
  vouchers: z.number().int(),
  changedAt: z.string().optional(),
});
/**
 * What stands in the way of closing, or deserves a look; `level` reject stops it. Texts: i18n `ledger.close.<code>`: closed
 * {period}, earlierOpen {period}, notBegun {period}, notEnded {period}, rateMissing {currency, date}, salesWaiting {sales}, documentsWaiting
 * {documents}, drafts {drafts}, negative {account, name, currency, balance}, unbalanced {difference}.
 */
export const closeFinding = z.object({
  code: z.string(),
  level: z.enum(['reject', 'doubt']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  target: z.string().optional(),
});

export const accounting = {
  'accounts.list': query(z.object({}), z.object({ rows: z.array(accountView) })),
  /** Adds or changes an account. Refusals: `ACCOUNT_PARENT`, `ACCOUNT_IN_USE`, `ACCOUNT_CODE`. */
  'accounts.save': command(accountView.omit({ parent: true, group: true }), accountView),

  'parties.list': query(
    z.object({ kind: z.enum(partyKinds).optional(), text: z.string().optional(), ...pageInput }),
    pageOf(partyView),
  ),
  /** Refusals: `PARTY_UNKNOWN` {id}, `PARTY_EXISTS` {name}, `CUSTOMS_CODE_FORMAT`. */
  'parties.save': command(partyView.omit({ id: true }).extend({ id: z.number().int().optional() }), partyView),

  'vouchers.list': query(
    z.object({
      period: periodKey.optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      text: z.string().optional(),
      rule: z.string().optional(),
      ...pageInput,
    }),
    pageOf(voucherRow),
  ),
  'vouchers.get': query(z.object({ id: z.number().int() }), voucherView),
  /**
   * Posts a voucher typed in, whole or not at all. Refusals: `VOUCHER_UNBALANCED` {currency, difference}, `VOUCHER_EMPTY`,
   * `VOUCHER_LINE` {line, …}, `PERIOD_CLOSED` {period}, `ACCOUNT_UNKNOWN`, `ACCOUNT_GROUP`, `DIMENSION_MISSING`, `RATE_MISSING`,
   * `AMOUNT_DECIMALS` {currency, digits}, `CURRENCY_UNKNOWN`, `DATE_INVALID`, `ACCOUNT_INACTIVE`, `ACCOUNT_NO_QUANTITY`,
   * `QUANTITY_INVALID`, `PARTY_UNKNOWN`, `PRODUCT_UNKNOWN`, `ORDER_NO_UNKNOWN`, `SHIPMENT_NO_UNKNOWN`.
   */
  'vouchers.post': command(
    voucherInput.extend({ draftId: z.number().int().optional() }),
    z.object({ id: z.number().int(), label: z.string() }),
  ),
  /** Posts many, all or none; for files and the command line. The path of a refusal names the voucher: `3.lines.1.debit`. */
  'vouchers.postMany': job(
    z.object({ vouchers: z.array(voucherInput).min(1).max(10_000) }),
    z.object({ posted: z.number().int(), firstId: z.number().int(), lastId: z.number().int() }),
  ),
  /**
   * Reverses one (红字冲销) on its own day or later, in an open period. Refusals: `VOUCHER_REVERSED`, `VOUCHER_OF_DOCUMENT`,
   * `REVERSAL_TOO_EARLY`, `PERIOD_CLOSED`.
   */
  'vouchers.reverse': command(
    z.object({ id: z.number().int(), date: isoDate, reason: z.string().min(1) }),
    z.object({ id: z.number().int(), label: z.string() }),
  ),
  /**
   * Vouchers as a PDF on A4, two a page: one, or those of a month (of all its numbers, or from `first` to `last`). Refusals:
   * `VOUCHER_UNKNOWN` {id}, `PRINT_NO_VOUCHERS` {period}, `PRINT_MANY_VOUCHERS` {vouchers, most}, `PRINT_NEEDS_WINDOW`,
   * `FILE_NOT_WRITTEN`.
   */
  'vouchers.print': job(
    z.object({
      which: z.union([
        z.object({ id: z.number().int() }),
        z.object({
          period: periodKey,
          first: z.number().int().min(1).optional(),
          last: z.number().int().min(1).optional(),
        }),
      ]),
      to: fileToken,
    }),
    z.object({ vouchers: z.number().int() }),
  ),
  /**
   * What the sides come to so far, line by line, and everything that stands in the way of posting, in the order of the
   * lines: what a line lacks first, then whether the whole balances. Writes nothing.
   */
  'vouchers.preview': query(
    voucherInput,
    z.object({
      lines: z.array(
        z.object({ cny: z.string().optional(), rate: z.string().optional(), rateDate: isoDate.optional() }),
      ),
      totals: z.array(z.object({ currency: currencyCode, debit: z.string(), credit: z.string() })),
      debitCny: z.string(),
      creditCny: z.string(),
      problems: z.array(
        z.object({
          code: z.string(),
          params: z.record(z.string(), z.union([z.string(), z.number()])),
          path: z.string().optional(),
        }),
      ),
    }),
  ),

  /** Drafts (暂存): as typed, unchecked, without a number; `body` is what the screen holds. */
  'voucherDrafts.list': query(
    z.object({}),
    z.object({
      rows: z.array(z.object({ id: z.number().int(), body: z.record(z.string(), z.unknown()), updatedAt: z.string() })),
    }),
  ),
  'voucherDrafts.save': command(
    z.object({ id: z.number().int().optional(), body: z.record(z.string(), z.unknown()) }),
    z.object({ id: z.number().int() }),
  ),
  'voucherDrafts.delete': command(z.object({ id: z.number().int() }), z.object({})),
  /** Templates (模式凭证, F4): vouchers by name, amounts optional. */
  'voucherTemplates.list': query(
    z.object({}),
    z.object({ rows: z.array(z.object({ name: z.string(), body: z.record(z.string(), z.unknown()) })) }),
  ),
  'voucherTemplates.save': command(
    z.object({ name: z.string().min(1).max(60), body: z.record(z.string(), z.unknown()) }),
    z.object({}),
  ),
  'voucherTemplates.delete': command(z.object({ name: z.string() }), z.object({})),
  /** Summary library (摘要库): most used first. */
  'summaries.search': query(
    z.object({ text: z.string(), limit: z.number().int().max(50).default(9) }),
    z.object({ rows: z.array(z.string()) }),
  ),

  'sourceDocuments.list': query(
    z.object({
      kind: z.enum(sourceDocumentKinds).optional(),
      state: z.enum(['posted', 'waiting', 'void']).optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      text: z.string().optional(),
      ...pageInput,
    }),
    pageOf(sourceDocumentRow),
  ),
  'sourceDocuments.get': query(
    z.object({ id: z.number().int() }),
    sourceDocumentRow.extend({ body: z.record(z.string(), z.unknown()), vouchers: z.array(voucherRow) }),
  ),
  /** Saves and posts; with `id` it is a change: what it posted is reversed and posted anew, both visible. */
  'sourceDocuments.save': command(
    z.object({ id: z.number().int().optional(), document: sourceDocumentInput }),
    postedOutcome,
  ),
  /** Takes one back: its vouchers are reversed, it stays. */
  'sourceDocuments.void': command(z.object({ id: z.number().int(), reason: z.string().min(1) }), z.object({})),

  'postingRules.list': query(z.object({ date: isoDate }), z.object({ rows: z.array(postingRuleView) })),

  'periods.list': query(z.object({}), z.object({ rows: z.array(periodView), firstOpen: periodKey })),
  /** What closing would do and what stands in its way: revaluation by account and currency, profit carried forward. */
  'periods.preview': query(
    z.object({ period: periodKey }),
    z.object({
      findings: z.array(closeFinding),
      revaluation: z.array(
        z.object({
          account: z.string(),
          nameZh: z.string(),
          nameEn: z.string(),
          currency: currencyCode,
          balance: z.string(),
          bookCny: z.string(),
          rate: z.string(),
          rateDate: isoDate,
          closingCny: z.string(),
          gain: z.string(),
        }),
      ),
      revenue: z.string(),
      expense: z.string(),
      profit: z.string(),
    }),
  ),
  /** Month end (月末结账): revaluation, profit carried forward, period closed: one transaction. Refusals: `PERIOD_CLOSED`, `CLOSE_BLOCKED` {code}. */
  'periods.close': job(z.object({ period: periodKey }), z.object({ voucherIds: z.array(z.number().int()) })),
  /** Reopens the last closed month (反结账) and takes its closing vouchers back by reversal. Refusals: `PERIOD_NOT_LAST`. */
  'periods.reopen': command(z.object({ period: periodKey, reason: z.string().min(1) }), z.object({})),
} as const;
