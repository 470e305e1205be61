/** Money accounts (资金账户), statement lines (流水), records of receipts, settlements and payments (收付款记录). */
import { z } from 'zod';
import { amountText } from './accounting.ts';
import { currencyCode, isoDate, pageInput, pageOf } from './common.ts';
import { command, query } from './operation.ts';

// Accounts (资金账户) ---------------------------------------------------------------------------------------------------
/** 银行账户, 支付机构账户, 平台钱包, 自由贸易账户, 个人外汇账户. */
export const moneyAccountKinds = ['bank', 'payment-institution', 'wallet', 'free-trade', 'personal'] as const;
export const moneyAccountPlaces = ['home', 'abroad'] as const;
export const moneyAccountOwners = ['firm', 'person', 'other'] as const;
/** ISO 3166 alpha-2. */
const countryCode = z.string().regex(/^[A-Z]{2}$/);
const accountFields = {
  kind: z.enum(moneyAccountKinds),
  place: z.enum(moneyAccountPlaces),
  name: z.string().trim().min(1).max(60),
  /** Bank, payment institution or platform. */
  institution: z.string().trim().max(100).default(''),
  /** Of a payment institution (支付业务许可证编号). */
  licenceNo: z.string().trim().max(40).default(''),
  country: countryCode.default('CN'),
  currency: currencyCode,
  ownerKind: z.enum(moneyAccountOwners).default('firm'),
  owner: z.string().trim().max(100).default(''),
  /** Account of the chart: 1002…, 1012…, or any money account below. */
  ledgerAccount: z.string().default('1002'),
  /** Store of the sales channel whose money it holds; null: none in particular. */
  store: z.string().nullable().default(null),
  active: z.boolean().default(true),
  note: z.string().max(500).default(''),
};
export const moneyAccountView = z.object({
  id: z.number().int(),
  ...accountFields,
  /** Masked to its last four: `•••• 6789`; empty: none is known. */
  number: z.string(),
  /** Records and lines that name it, and how many of the lines nobody has said anything about. */
  records: z.number().int(),
  entries: z.number().int(),
  openEntries: z.number().int(),
  /** Newest line, and the balance the statement gives there; absent where it gives none. */
  lastEntryOn: isoDate.optional(),
  balance: z.string().optional(),
});
export type MoneyAccountView = z.infer<typeof moneyAccountView>;

// Records (收付款记录) --------------------------------------------------------------------------------------------------
/**
 * 收汇 (in CNY: 跨境人民币收款), 付汇, 结汇, 购汇及兑换, 账户间划转, 退款 to a buyer, 退回 from a supplier, 手续费, 存款利息.
 */
export const moneyRecordKinds = [
  'receipt',
  'payment',
  'settlement',
  'exchange',
  'transfer',
  'refund-out',
  'refund-in',
  'fee',
  'interest',
] as const;
export type MoneyRecordKind = (typeof moneyRecordKinds)[number];
/** Kinds declared to the bank when they cross the border (涉外收入、支出申报). */
export const declaredKinds: readonly MoneyRecordKind[] = ['receipt', 'payment', 'refund-out', 'refund-in'];
/** Kinds with a second account. */
export const twoSidedKinds: readonly MoneyRecordKind[] = ['settlement', 'exchange', 'transfer'];
export const moneyChannels = ['bank', 'payment-institution', 'platform'] as const;
/** 结算方式 of the declaration: 电汇, 信用证, 托收, 保函, 票汇, 信汇, 其他. */
export const settlementMethods = ['TT', 'LC', 'collection', 'guarantee', 'DD', 'MT', 'other'] as const;
/** What proves a person's receipt, so that it does not count against the yearly quota (F08): 交易额证明, 交易电子信息. */
export const personProofs = ['none', 'amount', 'electronic'] as const;

/** Fields of the declaration (申报) and of the way the money took. */
export const moneyRecordDetail = z.object({
  /** False: money from within the country, which is not declared. */
  crossBorder: z.boolean().default(true),
  settlementMethod: z.enum(settlementMethods).default('TT'),
  /** 交易编码 1 and 2 with what falls to each, and the remark (交易附言) of each. */
  codes: z
    .array(
      z.object({
        code: z.string().regex(/^\d{6}$/),
        amount: amountText,
        remark: z.string().max(60).default(''),
      }),
    )
    .max(2)
    .default([]),
  /** 保税货物项下. */
  bonded: z.boolean().default(false),
  foreignDebtNo: z.string().trim().max(40).default(''),
  approvalNo: z.string().trim().max(40).default(''),
  /** 申报号码, 22 digits and letters, from the bank. */
  declarationNo: z
    .string()
    .trim()
    .regex(/^([0-9A-Za-z]{22})?$/)
    .default(''),
  declaredOn: isoDate.optional(),
  /** 凭交易电子信息 (F09). */
  byElectronicInfo: z.boolean().default(false),
  /** Of the channel: name and licence number of a payment institution (支付机构), name of a platform. */
  institution: z.string().trim().max(100).default(''),
  licenceNo: z.string().trim().max(40).default(''),
  personProof: z.enum(personProofs).default('none'),
  proofNote: z.string().max(200).default(''),
  /** 结汇金额 of a receipt the bank settled at once, to which account number's last digits, and at what rate; 其他金额. */
  settledAmount: amountText.optional(),
  settledAccount: z.string().trim().max(60).default(''),
  settledRate: z
    .string()
    .regex(/^\d{1,8}(\.\d{1,8})?$/)
    .optional(),
  otherAmount: amountText.optional(),
  /** 国外银行扣费 within the fee; the rest is 国内银行扣费. */
  feeAbroad: amountText.optional(),
  /** The order a refund pays back. */
  orderNo: z.string().optional(),
  /** `return`: revenue goes back with it (销售退回); `receivable`: the return was posted before, or the buyer had overpaid. */
  refundBasis: z.enum(['return', 'receivable']).default('receivable'),
});
export type MoneyRecordDetail = z.output<typeof moneyRecordDetail>;

/** Amounts in major units of the account's currency, positive; the kind says which way they move. */
export const moneyRecordInput = z.object({
  id: z.number().int().optional(),
  /** Of a change: the version that was seen; another by now is refused. */
  version: z.number().int().optional(),
  kind: z.enum(moneyRecordKinds),
  date: isoDate,
  accountId: z.number().int(),
  /** What reached the account or left it, and what banks kept on the way besides (of a payment: took besides). */
  amount: amountText,
  fee: amountText.default('0'),
  /** The other side of a settlement, exchange or transfer: account, what arrived there, and what was kept besides. */
  toAccountId: z.number().int().optional(),
  toAmount: amountText.optional(),
  toFee: amountText.default('0'),
  partyId: z.number().int().optional(),
  counterparty: z.string().trim().max(200).default(''),
  counterpartyCountry: z.union([countryCode, z.literal('')]).default(''),
  channel: z.enum(moneyChannels).default('bank'),
  /** Advance: 预收货款, 预付货款. */
  nature: z.enum(['advance', 'other']).default('other'),
  /** Of an advance the day the goods, of a deferred one the day the money is expected. */
  expectedOn: isoDate.optional(),
  /** Number of the bank's slip (银行回单号). */
  reference: z.string().trim().max(100).default(''),
  text: z.string().trim().max(200).default(''),
  store: z.string().optional(),
  refundsId: z.number().int().optional(),
  detail: moneyRecordDetail.prefault({}),
});
export type MoneyRecordInput = z.output<typeof moneyRecordInput>;

const accountName = z.object({ id: z.number().int(), name: z.string(), currency: currencyCode });
export const moneyRecordRow = z.object({
  id: z.number().int(),
  /** `汇-2026-0012`. */
  number: z.string(),
  kind: z.enum(moneyRecordKinds),
  date: isoDate,
  account: accountName,
  currency: currencyCode,
  amount: z.string(),
  fee: z.string(),
  to: accountName.extend({ amount: z.string(), fee: z.string() }).optional(),
  /** In USD at the rates of the date, two decimals; absent while a rate is missing. */
  usd: z.string().optional(),
  counterparty: z.string(),
  counterpartyCountry: z.string(),
  channel: z.enum(moneyChannels),
  nature: z.enum(['advance', 'other']),
  reference: z.string(),
  text: z.string(),
  store: z.string().nullable(),
  /** Of a receipt: what has been allotted of it so far, and what is left, neither allotted nor paid back; fees included. */
  allocated: z.string(),
  residual: z.string(),
  crossBorder: z.boolean(),
  codes: z.array(z.string()),
  declarationNo: z.string(),
  declaredOn: isoDate.optional(),
  /** Last day of declaring (申报期限, F01) of one from abroad, and where it stands. */
  declareBy: isoDate.optional(),
  declaration: z.enum(['none', 'due', 'overdue', 'declared', 'declared-late']),
  /** `entered` posts itself; what it waits for: i18n `ledger.waiting.<reason>`. */
  state: z.enum(['entered', 'void']),
  ledger: z.enum(['posted', 'waiting', 'void']),
  reason: z.string(),
  version: z.number().int(),
});
export type MoneyRecordRow = z.infer<typeof moneyRecordRow>;

/**
 * What deserves a look before a record is kept; texts: i18n `money.finding.<code>`: duplicateSlip {number, date}, codesSum {amount, sum},
 * codesMissing, largeReceipt {limit}, declareOverdue {declareBy}, counterpartyMissing, countryMissing, advanceWithoutDate, rateMissing
 * {currency, date}, usdMissing {currency, date}, periodClosed {period}, licenceMissing, personWithoutProof.
 */
export const moneyFinding = z.object({
  code: z.string(),
  level: z.enum(['doubt', 'note']),
  path: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
/** A transaction code (交易编码) proposed by F02, with why. `modes`: the ways of trading of what the record pays for. */
export const codeProposal = z.object({
  code: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  others: z.array(z.string()),
  amount: z.string(),
  remark: z.string(),
  bonded: z.boolean(),
  mode: z.string(),
  derivation: z.array(z.record(z.string(), z.json())),
});
export const moneyRecordView = moneyRecordRow.extend({
  partyId: z.number().int().optional(),
  party: z.string().optional(),
  expectedOn: isoDate.optional(),
  refunds: z.object({ id: z.number().int(), number: z.string() }).optional(),
  refundedBy: z.array(z.object({ id: z.number().int(), number: z.string(), amount: z.string() })),
  detail: moneyRecordDetail,
  sourceDocument: z.object({ id: z.number().int(), number: z.string() }).optional(),
  vouchers: z.array(z.object({ id: z.number().int(), label: z.string() })),
  /** Lines of statements it was made from. */
  entries: z.array(z.object({ id: z.number().int(), date: isoDate, amount: z.string(), text: z.string() })),
  allocations: z.array(
    z.object({
      id: z.number().int(),
      target: z.enum(['order', 'declaration', 'payout']),
      label: z.string(),
      amount: z.string(),
      targetCurrency: currencyCode,
      targetAmount: z.string(),
      charge: z.string(),
    }),
  ),
  findings: z.array(moneyFinding),
});
export type MoneyRecordView = z.infer<typeof moneyRecordView>;

/** What records of a filter come to, by kind and currency; RMB from abroad (跨境人民币) apart from RMB at home. */
export const moneyTotal = z.object({
  kind: z.enum(moneyRecordKinds),
  currency: currencyCode,
  crossBorder: z.boolean(),
  records: z.number().int(),
  amount: z.string(),
  fee: z.string(),
  /** Of receipts: what is neither allotted nor paid back. */
  residual: z.string(),
  /** Absent while a rate is missing for one of them. */
  usd: z.string().optional(),
});

const recordFilter = {
  kind: z.enum(moneyRecordKinds).optional(),
  from: isoDate.optional(),
  to: isoDate.optional(),
  accountId: z.number().int().optional(),
  text: z.string().optional(),
  /** Receipts of which something is allotted to nothing yet. */
  open: z.boolean().default(false),
  /** Those from or to abroad without a day of declaring. */
  undeclared: z.boolean().default(false),
  state: z.enum(['entered', 'void']).default('entered'),
};

// Statement lines (流水) -------------------------------------------------------------------------------------------------
export const entryStates = ['open', 'recorded', 'ignored'] as const;
/** What a line is taken for, and why: i18n `money.reason.<code>`. `match`: it is what a record entered before says already. */
export const entrySuggestion = z.object({
  kind: z.enum(moneyRecordKinds),
  /** The line of another account that is the other side. */
  pairId: z.number().int().optional(),
  pairAccount: z.string().optional(),
  pairAmount: z.string().optional(),
  /** The own account on the other side, where no line of it shows it. */
  otherAccountId: z.number().int().optional(),
  otherAccount: z.string().optional(),
  /** A record that says the same already: the line is joined to it. */
  recordId: z.number().int().optional(),
  recordNumber: z.string().optional(),
  /** The receipt that a refund pays back. */
  refundsId: z.number().int().optional(),
  refundsNumber: z.string().optional(),
  score: z.number().int(),
  reasons: z.array(z.string()),
});
export type EntrySuggestion = z.infer<typeof entrySuggestion>;
export const moneyEntryRow = z.object({
  id: z.number().int(),
  account: accountName,
  date: isoDate,
  time: z.string(),
  /** In positive, out negative. */
  amount: z.string(),
  fee: z.string(),
  balance: z.string().optional(),
  counterparty: z.string(),
  /** Masked. */
  counterpartyAccount: z.string(),
  reference: z.string(),
  text: z.string(),
  state: z.enum(entryStates),
  reason: z.string(),
  record: z.object({ id: z.number().int(), number: z.string() }).optional(),
  /** Of an open line. */
  suggestion: entrySuggestion.optional(),
});
export type MoneyEntryRow = z.infer<typeof moneyEntryRow>;

export const money = {
  'moneyAccounts.list': query(z.object({}), z.object({ rows: z.array(moneyAccountView) })),
  /**
   * Adds or changes an account. `number` left out: it stays. Refusals: `MONEY_ACCOUNT_UNKNOWN` {id}, `MONEY_ACCOUNT_EXISTS` {name} for its
   * name, `MONEY_ACCOUNT_NUMBER_EXISTS` {name} for number and currency of another, `MONEY_ACCOUNT_IN_USE` {name} for another currency
   * of one with records or lines, `ACCOUNT_UNKNOWN`, `ACCOUNT_GROUP`, `ACCOUNT_NOT_MONEY` {account}, `CURRENCY_UNKNOWN` {currency}.
   */
  'moneyAccounts.save': command(
    z.object({ ...accountFields, id: z.number().int().optional(), number: z.string().trim().max(60).optional() }),
    moneyAccountView,
  ),
  /** The whole number, on purpose: it is recorded who looked. Refusal: `MONEY_ACCOUNT_UNKNOWN` {id}. */
  'moneyAccounts.reveal': command(z.object({ id: z.number().int() }), z.object({ number: z.string() })),

  /** Records, newest first, with what all of the filter come to. */
  'moneyRecords.list': query(
    z.object({ ...recordFilter, ...pageInput }),
    pageOf(moneyRecordRow).extend({ totals: z.array(moneyTotal) }),
  ),
  /** Refusal: `MONEY_RECORD_UNKNOWN` {id}. */
  'moneyRecords.get': query(z.object({ id: z.number().int() }), moneyRecordView),
  /**
   * Keeps a record and posts it; with `id` a change: its voucher is reversed and made anew. Refusals: `MONEY_RECORD_UNKNOWN` {id},
   * `MONEY_RECORD_VOID` {number}, `MONEY_RECORD_CHANGED` {number} for another `version` than was seen, `MONEY_RECORD_KIND` {number},
   * `MONEY_RECORD_ALLOCATED` {number, allocated} for less than what is allotted of it, or another currency, `MONEY_RECORD_PAID_BACK`
   * {number, refunded} for the same of its refunds, `MONEY_REFUND_OVER` {number, left}, `MONEY_ACCOUNT_UNKNOWN` {id}, `MONEY_ACCOUNT_INACTIVE` {name}, `MONEY_OTHER_ACCOUNT` for a second account
   * missing or the same, `MONEY_SETTLEMENT_CURRENCY` for a settlement that is not from foreign currency into CNY,
   * `MONEY_EXCHANGE_CURRENCY` for an exchange within a currency or into CNY, `MONEY_TRANSFER_CURRENCY` for a transfer into another
   * currency, `MONEY_TRANSFER_AMOUNT` {amount, arrived}, `MONEY_REFUNDS_UNKNOWN` {id}, `MONEY_REFUND_CURRENCY`, `AMOUNT_NOT_POSITIVE`,
   * `AMOUNT_DECIMALS` {currency, digits}, `AMOUNT_RANGE`, `PARTY_UNKNOWN`, `ORDER_NO_UNKNOWN` {orderNo}, and those of posting.
   */
  'moneyRecords.save': command(moneyRecordInput, moneyRecordView),
  /**
   * Takes one back: its voucher is reversed, the lines it was made from are open again. Refusals: `MONEY_RECORD_UNKNOWN`,
   * `MONEY_RECORD_VOID`, `MONEY_RECORD_CHANGED` {number}, `MONEY_RECORD_ALLOCATED`, `MONEY_RECORD_REFUNDED` {number}.
   */
  'moneyRecords.void': command(
    z.object({
      id: z.number().int(),
      reason: z.string().trim().min(1).max(200),
      version: z.number().int().optional(),
    }),
    z.object({}),
  ),
  /**
   * What a record would come to: value in USD, rate and exchange difference (F10) of a settlement or exchange, last day of declaring,
   * proposed codes, what deserves a look, the voucher. Writes nothing. Refusals: those of saving.
   */
  'moneyRecords.preview': query(
    moneyRecordInput,
    z.object({
      usd: z.string().optional(),
      /** CNY (or units of the other currency) for one unit, as the two amounts show it. */
      rate: z.string().optional(),
      rateInForce: z.string().optional(),
      /** Exchange difference realised, in CNY: a gain is positive. */
      gain: z.string().optional(),
      declareBy: isoDate.optional(),
      largeCheck: z.boolean().optional(),
      codes: z.array(codeProposal),
      findings: z.array(moneyFinding),
      voucher: z.array(
        z.object({
          account: z.string(),
          nameZh: z.string(),
          nameEn: z.string(),
          currency: currencyCode,
          debit: z.string(),
          credit: z.string(),
          debitCny: z.string(),
          creditCny: z.string(),
          orderNo: z.string().optional(),
        }),
      ),
    }),
  ),
  /** Receipts by month and currency, in their own currency and in USD at the rates of their dates; for the chart. */
  'moneyRecords.byMonth': query(
    z.object({ from: isoDate, to: isoDate, kind: z.enum(moneyRecordKinds).default('receipt') }),
    z.object({
      rows: z.array(
        z.object({
          month: z.string(),
          currency: currencyCode,
          records: z.number().int(),
          amount: z.string(),
          usd: z.string(),
          /** Records without a rate, which `usd` leaves out. */
          withoutRate: z.number().int(),
        }),
      ),
    }),
  ),
  /** The transaction codes of the firm's table (F02), for choosing one. */
  'moneyCodes.list': query(
    z.object({}),
    z.object({ rows: z.array(z.object({ code: z.string(), nameZh: z.string(), nameEn: z.string() })) }),
  ),

  'moneyEntries.list': query(
    z.object({
      accountId: z.number().int().optional(),
      state: z.enum(entryStates).optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      text: z.string().optional(),
      ...pageInput,
    }),
    pageOf(moneyEntryRow).extend({
      totals: z.array(z.object({ currency: currencyCode, in: z.string(), out: z.string() })),
    }),
  ),
  /**
   * Makes a record of an open line, or joins it to one; kind and the rest left out: as suggested. `record` overrides fields.
   * Refusals: `MONEY_ENTRY_UNKNOWN` {id}, `MONEY_ENTRY_NOT_OPEN` {id}, `MONEY_ENTRY_DIRECTION` for a kind that moves the other way,
   * `MONEY_ENTRY_PAIR` for another side missing or of the same account, `MONEY_ENTRY_RECORD` {number} for a record that says another
   * amount or account, `MONEY_ENTRY_JOINED` {number} for one that a line of this account is of already, and those of `moneyRecords.save`.
   */
  'moneyEntries.record': command(
    z.object({
      id: z.number().int(),
      kind: z.enum(moneyRecordKinds).optional(),
      pairId: z.number().int().optional(),
      recordId: z.number().int().optional(),
      record: z
        .object({
          partyId: z.number().int(),
          counterparty: z.string().trim().max(200),
          counterpartyCountry: countryCode,
          channel: z.enum(moneyChannels),
          nature: z.enum(['advance', 'other']),
          expectedOn: isoDate,
          text: z.string().trim().max(200),
          store: z.string(),
          refundsId: z.number().int(),
          /** Of a settlement, exchange or transfer whose other side no line shows: the other account, and what arrived there or left it. */
          toAccountId: z.number().int(),
          toAmount: amountText,
          crossBorder: z.boolean(),
          orderNo: z.string(),
          refundBasis: z.enum(['return', 'receivable']),
        })
        .partial()
        .default({}),
    }),
    z.object({ recordId: z.number().int(), number: z.string(), joined: z.boolean() }),
  ),
  /** Says that lines are no matter for records, and why. Refusals: `MONEY_ENTRY_UNKNOWN`, `MONEY_ENTRY_NOT_OPEN`. */
  'moneyEntries.ignore': command(
    z.object({ ids: z.array(z.number().int()).min(1).max(500), reason: z.string().trim().min(1).max(200) }),
    z.object({ ignored: z.number().int() }),
  ),
  /** Opens ignored lines again, or takes lines off their record, which stays. Refusal: `MONEY_ENTRY_UNKNOWN`. */
  'moneyEntries.reopen': command(
    z.object({ ids: z.array(z.number().int()).min(1).max(500) }),
    z.object({ reopened: z.number().int() }),
  ),
} as const;
