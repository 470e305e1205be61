/** What the forex authority watches: netting sheets (轧差), quotas, trade-credit reports, total-amount indicators. */
import { z } from 'zod';
import { classOperations, forexClasses } from '../rules/forex/class-pack.ts';
import { feeTypes } from '../rules/forex/netting.ts';
import { tradeCreditKinds } from '../rules/forex/trade-credit-report.ts';
import { reliabilities } from '../rules/pack.ts';
import { amountText, periodKey } from './accounting.ts';
import { currencyCode, fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';
import { calculationView } from './tax.ts';

const id = z.number().int();
const bilingual = z.object({ zh: z.string(), en: z.string() });
const reason = z.string().trim().min(1).max(500);
const text = (most: number) => z.string().trim().max(most).default('');
/** ISO 3166 alpha-2; empty: not known. */
const country = z
  .string()
  .regex(/^([A-Z]{2})?$/)
  .default('');
/** US dollars with two decimals. */
const usd = z.string();
/** An amount above zero in major units. */
const positive = amountText.refine((one) => /[1-9]/.test(one) && !one.startsWith('-'), 'not above 0');

// Profile ------------------------------------------------------------------------------------------------------------
export const subjects = ['enterprise', 'soleTrader', 'other'] as const;
/** What the firm is in the eyes of SAFE and its bank (外汇监管档案), as of today; classes with the day they are from. */
export const forexProfile = z.object({
  subject: z.enum(subjects).default('enterprise'),
  /** 小微跨境电商企业 that settles on electronic transaction information (交易电子信息). */
  smallCbec: z.boolean().default(false),
  byElectronicInfo: z.boolean().default(false),
  /** 名录登记: the day, the bank or branch, and the number. */
  listedOn: isoDate.optional(),
  listedAt: text(100),
  listNo: text(40),
  /** The day on which something registered has changed, and the day the change was registered. */
  changedOn: isoDate.optional(),
  changeRegisteredOn: isoDate.optional(),
  /** Classes (分类), each from a day; the newest on a day holds, A where none does. */
  classes: z
    .array(z.object({ class: z.enum(forexClasses), from: isoDate, note: text(200) }))
    .max(50)
    .default([]),
  /** End of the guidance period (辅导期) of a firm new on the list. */
  guidedUntil: isoDate.optional(),
  /** Pilot firm for netting (轧差净额结算试点), since. */
  pilotSince: isoDate.optional(),
  /** Whether receipts and payments in CNY count too: against the sum of list registration, in the indicators. */
  cnyCounts: z
    .object({ registration: z.boolean().default(false), indicators: z.boolean().default(true) })
    .default({ registration: false, indicators: true }),
  /** Days from export to payment as a rule; says when payment of an export is expected whose contract does not. */
  usualReceiptDays: z.number().int().min(0).max(1000).optional(),
  /** People employed, for comparing with the growth of exports. */
  staff: z.number().int().min(0).max(1_000_000).optional(),
  note: text(500),
});
export type ForexProfile = z.output<typeof forexProfile>;

const checklist = z.object({
  class: z.enum(forexClasses),
  /** Since when; left out: never said, taken as A. */
  since: isoDate.optional(),
  inForceFrom: isoDate,
  source: z.string(),
  reliability: z.enum(reliabilities),
  consequences: z.array(bilingual),
  papers: z.array(
    z.object({ operation: z.enum(classOperations), papers: z.array(bilingual), note: bilingual.optional() }),
  ),
});

// Netting sheets (轧差核对表) ----------------------------------------------------------------------------------------
export const nettingStates = ['draft', 'confirmed', 'void'] as const;
export const nettingFeeInput = z.object({
  /** Of a fee that stands already: keeps its paper. */
  id: id.optional(),
  type: z.enum(feeTypes),
  /** Transaction code of the leg, as the bank names it; needed to confirm. */
  code: text(40),
  payee: text(100),
  payeeCountry: country,
  /** Invoice or statement that proves it; needed to confirm. */
  invoiceNo: text(100),
  amount: positive,
  text: text(200),
  /** Number of the source document (原始单据) that has posted it already; left out: the payout has, or the sheet will. */
  documentNo: text(40),
});
export const nettingInput = z.object({
  id: id.optional(),
  date: isoDate,
  partyId: id.optional(),
  counterparty: text(100),
  counterpartyCountry: country,
  store: text(60),
  currency: currencyCode,
  /** Transaction code of the goods leg (F02), e.g. `121010`. */
  goodsCode: z.string().trim().min(1).max(40),
  /** Contract, order list or declaration that proves the proceeds; needed to confirm. */
  goodsEvidence: text(200),
  gross: positive,
  fees: z.array(nettingFeeInput).max(500),
  /** What came in, as the bank says; refused where it is not gross less fees. Left out: nobody has said. */
  net: amountText.optional(),
  recordId: id.optional(),
  payoutId: id.optional(),
  note: text(500),
});
export type NettingInput = z.input<typeof nettingInput>;
const paper = z.object({ id, fileName: z.string(), sha256: z.string(), size: z.number().int() });
export const nettingGaps = ['code', 'invoice', 'paper', 'type', 'evidence', 'link'] as const;
export const nettingFeeView = z.object({
  id,
  type: z.enum(feeTypes),
  /** May be netted: by the pack on the day, for pilot firms more. */
  nettable: z.enum(['yes', 'pilot', 'no']),
  code: z.string(),
  payee: z.string(),
  payeeCountry: z.string(),
  invoiceNo: z.string(),
  paper: paper.optional(),
  amount: z.string(),
  text: z.string(),
  /** What posts it: the sheet's payout, a document named or made, or nothing yet. */
  postedBy: z.enum(['payout', 'document', 'made', 'none']),
  document: z.object({ id, number: z.string() }).optional(),
});
export const nettingView = z.object({
  id,
  number: z.string(),
  date: isoDate,
  partyId: id.optional(),
  counterparty: z.string(),
  counterpartyCountry: z.string(),
  store: z.string(),
  currency: currencyCode,
  goodsCode: z.string(),
  goodsEvidence: z.string(),
  goodsPaper: paper.optional(),
  gross: z.string(),
  feesTotal: z.string(),
  /** Below zero: paid out. */
  net: z.string(),
  fees: z.array(nettingFeeView),
  /** `999999`, or `999998` where nothing moves. */
  actualCode: z.string(),
  /** The gross legs to declare beside the actual one. */
  restored: z.array(z.object({ direction: z.enum(['IN', 'OUT']), code: z.string(), amount: z.string() })),
  record: z
    .object({ id, number: z.string(), date: isoDate, currency: currencyCode, amount: z.string(), fee: z.string() })
    .optional(),
  payout: z.object({ id, number: z.string() }).optional(),
  state: z.enum(nettingStates),
  reason: z.string(),
  note: z.string(),
  version: z.number().int(),
  /** What still stands in the way of confirming: `row` 0 is the goods leg, fees count from 1. */
  gaps: z.array(z.object({ row: z.number().int(), gap: z.enum(nettingGaps) })),
  calculation: calculationView,
});
export type NettingView = z.infer<typeof nettingView>;
export const nettingRow = z.object({
  id,
  number: z.string(),
  date: isoDate,
  counterparty: z.string(),
  currency: currencyCode,
  gross: z.string(),
  feesTotal: z.string(),
  net: z.string(),
  fees: z.number().int(),
  recordNo: z.string().optional(),
  state: z.enum(nettingStates),
});

// Gauges -------------------------------------------------------------------------------------------------------------
export const flowDirections = ['receipts', 'payments'] as const;
/** An amount that has no rate to US dollars yet: it is in no sum. */
const unrated = z.object({ currency: currencyCode, date: isoDate, amount: z.string(), count: z.number().int() });
const flowView = z.object({
  /** What counts against the sum of list registration this calendar year. */
  usd,
  count: z.number().int(),
  months: z.array(z.object({ month: periodKey, usd, cumulativeUsd: usd })),
  /** The day the warning and the limit were reached. */
  warnedOn: isoDate.optional(),
  crossedOn: isoDate.optional(),
  unrated: z.array(unrated),
  /** In CNY (跨境人民币), apart; in `usd` only where the profile says that it counts. */
  cny: z.object({ amount: z.string(), count: z.number().int(), usd: usd.optional() }),
  /** F03 of this side alone. */
  status: z.string(),
  warn: z.boolean(),
  /** Left below the limit; never below zero. */
  leftUsd: usd,
});
export const plannedFlow = z.object({
  direction: z.enum(flowDirections),
  date: isoDate,
  currency: currencyCode,
  amount: positive,
});
export const gaugesView = z.object({
  year: z.string(),
  asOf: isoDate,
  listed: z.boolean(),
  /** F03 of the year: the greater side decides. */
  status: z.enum(['EXEMPT', 'REGISTER_REQUIRED', 'MAY_REGISTER', 'REGISTERED']),
  warn: z.boolean(),
  agency: z.enum(['SAFE_BRANCH', 'BANK']),
  limitUsd: usd,
  warnFromUsd: usd,
  receipts: flowView,
  payments: flowView,
  calculation: calculationView,
  /** With the planned receipt or payment; `unrated`: it has no rate and cannot be said. */
  planned: z
    .object({
      usd: usd.optional(),
      totalUsd: usd.optional(),
      status: z.string().optional(),
      warn: z.boolean(),
      crosses: z.boolean(),
      leftUsd: usd.optional(),
    })
    .optional(),
  checklist,
});
export type GaugesView = z.infer<typeof gaugesView>;

// Personal quota (个人年度便利化额度) ----------------------------------------------------------------------------------
export const quotaProofs = ['none', 'tradeProof', 'electronicInfo'] as const;
export const quotaHolders = ['individual', 'soleTrader'] as const;
export const quotaPersonView = z.object({
  name: z.string(),
  holder: z.enum(quotaHolders),
  note: z.string(),
  quotaUsd: usd,
  usedUsd: usd,
  outsideUsd: usd,
  leftUsd: usd,
  status: z.enum(['WITHIN', 'OVER_QUOTA', 'NOT_COUNTED', 'INSTITUTION_RULES']),
  unrated: z.array(unrated),
  settlements: z.number().int(),
  /** Settlements that count because nothing proves the trade behind them. */
  unproven: z.number().int(),
});
export const quotaRow = z.object({
  /** The record, or of one outside the book the entry. */
  recordId: id.optional(),
  entryId: id.optional(),
  number: z.string(),
  date: isoDate,
  currency: currencyCode,
  amount: z.string(),
  usd: usd.optional(),
  proof: z.enum(quotaProofs),
  reference: z.string(),
  countedUsd: usd.optional(),
  outsideUsd: usd.optional(),
  usedAfterUsd: usd.optional(),
  note: z.string(),
});

// Trade credit (贸易信贷) ----------------------------------------------------------------------------------------------
export const creditStates = ['due', 'overdue', 'reported', 'late', 'notNeeded', 'noDate', 'dismissed'] as const;
export const reportOperations = ['new', 'modify', 'delete', 'adjust'] as const;
export const reportStates = ['draft', 'reported', 'withdrawn'] as const;
/** `record:12`, `declaration:4403…:USD`, `manual:3`. */
const creditKey = z.string().regex(/^(record|declaration|manual):.{1,80}$/);
export const creditRow = z.object({
  key: creditKey,
  kind: z.enum(tradeCreditKinds),
  /** Number of the record, declaration or reference. */
  label: z.string(),
  counterparty: z.string(),
  country: z.string(),
  baseDate: isoDate,
  expectedDate: isoDate.optional(),
  currency: currencyCode,
  amount: z.string(),
  balance: z.string(),
  amountUsd: usd.optional(),
  balanceUsd: usd.optional(),
  gapDays: z.number().int().optional(),
  mustReport: z.boolean(),
  reportBy: isoDate.optional(),
  days: z.number().int().optional(),
  state: z.enum(creditStates),
  /** What the book proposes to report, with the reason; absent: nothing. */
  proposed: z.enum(reportOperations).optional(),
  /** Of the last report that stands. */
  reported: z
    .object({
      reportId: id,
      operation: z.enum(reportOperations),
      balance: z.string(),
      expectedDate: isoDate,
      reportedOn: isoDate,
    })
    .optional(),
  draftId: id.optional(),
  reason: z.string(),
  target: z.string(),
});
export type CreditRow = z.infer<typeof creditRow>;
/** What a report says; slice of the form 贸易信贷报告. Amounts in `currency`, decimal text. */
export const reportBody = z.object({
  class: z.enum(forexClasses),
  kind: z.enum(tradeCreditKinds),
  /** What it is of, and that one's number: declaration number, number of the receipt. */
  ofKind: z.enum(['record', 'declaration', 'manual']),
  ofLabel: z.string(),
  /** Number of the bank's declaration (申报号码) of a receipt or payment, as far as it is known. */
  declarationNo: text(40),
  counterparty: text(200),
  country,
  baseDate: isoDate,
  expectedDate: isoDate,
  currency: currencyCode,
  /** Of the receipt, payment, export or import; and what of it is open on the day of the report. */
  amount: positive,
  balance: amountText,
  amountUsd: usd.optional(),
  balanceUsd: usd.optional(),
  /** Party related to the firm (关联关系). */
  related: z.boolean().default(false),
  remark: text(200),
});
export const creditReportView = z.object({
  id,
  number: z.string(),
  key: creditKey,
  version: z.number().int(),
  operation: z.enum(reportOperations),
  draftedOn: isoDate,
  body: reportBody,
  /** The report that this one changes. */
  before: z.object({ id, number: z.string(), body: reportBody, reportedOn: isoDate }).optional(),
  reportBy: isoDate.optional(),
  state: z.enum(reportStates),
  reportedOn: isoDate.optional(),
  reference: z.string(),
  reason: z.string(),
});
export const creditItemInput = z.object({
  id: id.optional(),
  kind: z.enum(tradeCreditKinds),
  baseDate: isoDate,
  expectedDate: isoDate,
  currency: currencyCode,
  amount: positive,
  counterparty: text(100),
  country,
  reference: text(100),
  note: text(500),
});

// Indicators (总量核查) ------------------------------------------------------------------------------------------------
export const indicatorFigures = ['imports', 'exports', 'receipts', 'payments'] as const;
export const indicatorNames = ['differenceRate', 'totalDifference', 'fundsGoodsRatio', 'creditRatio'] as const;
const figureView = z.object({
  /** Of the book, by hand, and together. */
  bookUsd: usd,
  adjustedUsd: usd,
  usd,
  count: z.number().int(),
  unrated: z.array(unrated),
});
export const indicatorPeriod = z.object({
  month: periodKey,
  totalDifference: usd,
  /** Percent with two decimals; null: nothing to divide by. */
  differenceRate: z.string().nullable(),
  fundsGoodsRatio: z.string().nullable(),
  creditRatio: z.string().nullable(),
  breached: z.array(z.string()),
});
export const indicatorsView = z.object({
  month: periodKey,
  from: isoDate,
  to: isoDate,
  figures: z.object({ imports: figureView, exports: figureView, receipts: figureView, payments: figureView }),
  /** Balances of the trade-credit reports on the last day. */
  balances: z.object({
    advanceReceipts: usd,
    advancePayments: usd,
    deferredReceipts: usd,
    deferredPayments: usd,
  }),
  now: indicatorPeriod,
  /** Codes of what is breached, far beyond, or for so many periods on end; and whether an on-site check threatens. */
  breached: z.array(z.string()),
  farBeyond: z.array(z.string()),
  onEnd: z.array(z.string()),
  onSiteCheckRisk: z.boolean(),
  riskReasons: z.array(z.string()),
  bands: z.object({
    differenceRateLimit: z.string(),
    differenceLimitUsd: usd,
    fundsGoodsLow: z.string(),
    fundsGoodsHigh: z.string(),
    creditRatioLimit: z.string(),
    source: z.string(),
    reliability: z.enum(reliabilities),
  }),
  /** Twelve periods up to the month, oldest first, the month itself last. */
  history: z.array(indicatorPeriod),
  adjustments: z.array(
    z.object({
      id,
      month: periodKey,
      figure: z.enum(indicatorFigures),
      usd,
      reason: z.string(),
      createdAt: isoInstant,
    }),
  ),
  calculation: calculationView,
});
export const indicatorRow = z.object({
  key: z.string(),
  date: isoDate,
  label: z.string(),
  detail: z.string(),
  currency: currencyCode,
  amount: z.string(),
  usd: usd.optional(),
  target: z.string(),
});

export const supervision = {
  'forexProfile.get': query(
    z.object({}),
    z.object({ profile: forexProfile, changedAt: isoInstant.optional(), checklist }),
  ),
  /** Refusals: `FOREX_CLASS_TWICE` {date}, `DATE_ORDER` for a change registered before it happened. */
  'forexProfile.save': command(forexProfile, z.object({ changedAt: isoInstant })),

  'netting.list': query(
    z.object({ state: z.enum(nettingStates).optional(), text: z.string().optional(), ...pageInput }),
    pageOf(nettingRow),
  ),
  'netting.get': query(z.object({ id }), nettingView),
  /** F07 of what is typed so far, without writing: legs, net, warnings. Refusals: `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`. */
  'netting.check': query(
    nettingInput,
    z.object({ feesTotal: z.string(), net: z.string(), difference: z.string(), calculation: calculationView }),
  ),
  /** A sheet as a payout (平台结算单) makes it: gross sale, fees by category, net. Refusals: `PAYOUT_UNKNOWN` {id}, `NETTING_PAYOUT_EMPTY`. */
  'netting.prefill': query(z.object({ payoutId: id }), nettingInput.extend({ goodsCode: z.string() })),
  /** Fee types that may be netted on a day, and the code last used for each. */
  'netting.types': query(
    z.object({ date: isoDate }),
    z.object({
      rows: z.array(
        z.object({ type: z.enum(feeTypes), nettable: z.enum(['yes', 'pilot', 'no']), lastCode: z.string() }),
      ),
      goodsCode: z.string(),
    }),
  ),
  /**
   * Saves a sheet as a draft. Refusals: `NET_DIFFERS` {given, net, difference} to the cent, `NETTING_UNKNOWN`,
   * `NETTING_FIXED` {number}, `NETTING_RECORD` {number, kind}, `NETTING_RECORD_DIFFERS` {number, amount, net, difference},
   * `NETTING_RECORD_TAKEN` {number}, `NETTING_PAYOUT_TAKEN` {number}, `MONEY_RECORD_UNKNOWN`, `NETTING_DOCUMENT` {number},
   * `NETTING_DOCUMENT_SHORT` {number, free, want}, `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`.
   */
  'netting.save': command(nettingInput, z.object({ id, number: z.string(), net: z.string() })),
  /** Archives the paper of a fee, or (`feeId` left out) of the goods. Refusals: those of `archive.add`, `NETTING_FIXED`. */
  'netting.attach': command(
    z.object({ id, feeId: id.optional(), file: fileToken }),
    z.object({ paperId: id, sha256: z.string() }),
  ),
  /**
   * Confirms a sheet and posts the fees that nothing posts yet. Refusals: `NETTING_GAPS` {number, gaps}: a leg without code,
   * invoice or paper, a fee that may not be netted, a sheet without its receipt; those of posting.
   */
  'netting.confirm': command(z.object({ id }), z.object({ posted: z.number().int(), byPayout: z.number().int() })),
  /** Back to draft: what it posted is reversed. Refusals: `NETTING_UNKNOWN`, `NETTING_NOT_CONFIRMED`. */
  'netting.reopen': command(z.object({ id, reason }), z.object({})),
  'netting.void': command(z.object({ id, reason }), z.object({})),
  /** 轧差核对表 on A4. Refusals: `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'netting.print': job(z.object({ id, to: fileToken }), z.object({ pages: z.literal('pdf') })),
  'netting.export': job(z.object({ id, to: fileToken }), z.object({ rows: z.number().int() })),

  /** Quotas of a calendar year to a day of it. Refusal: `RULE_OFF`. */
  'forex.gauges': query(z.object({ asOf: isoDate.optional(), planned: plannedFlow.optional() }), gaugesView),
  /** The records behind a gauge, newest first. */
  'forex.flows': query(
    z.object({ direction: z.enum(flowDirections), from: isoDate, to: isoDate, ...pageInput }),
    pageOf(indicatorRow),
  ),

  'quota.list': query(z.object({ year: z.string().regex(/^\d{4}$/) }), z.object({ rows: z.array(quotaPersonView) })),
  'quota.person': query(
    z.object({ year: z.string().regex(/^\d{4}$/), name: z.string().min(1) }),
    z.object({ rows: z.array(quotaRow) }),
  ),
  'quota.savePerson': command(
    z.object({ name: z.string().trim().min(1).max(100), holder: z.enum(quotaHolders), note: text(200) }),
    z.object({}),
  ),
  /**
   * Proof of a settlement of the book (`recordId`), or a settlement made outside it. Refusals: `QUOTA_PROOF_REFERENCE`,
   * `QUOTA_PROVEN_TOO_MUCH`, `QUOTA_ENTRY_INCOMPLETE`, `MONEY_RECORD_UNKNOWN`, `QUOTA_RECORD` {number}: no settlement of a person.
   */
  'quota.saveEntry': command(
    z.object({
      id: id.optional(),
      person: z.string().trim().min(1).max(100),
      recordId: id.optional(),
      date: isoDate.optional(),
      usd: positive.optional(),
      proof: z.enum(quotaProofs),
      provenUsd: positive.optional(),
      reference: text(200),
      note: text(200),
      file: fileToken.optional(),
    }),
    z.object({ id }),
  ),
  'quota.removeEntry': command(z.object({ id, reason }), z.object({})),

  'tradeCredit.list': query(
    z.object({
      kind: z.enum(tradeCreditKinds).optional(),
      state: z.enum(creditStates).optional(),
      text: z.string().optional(),
      asOf: isoDate.optional(),
      ...pageInput,
    }),
    pageOf(creditRow).extend({ counts: z.record(z.string(), z.number().int()) }),
  ),
  'tradeCredit.get': query(
    z.object({ key: creditKey, asOf: isoDate.optional() }),
    creditRow.extend({ reports: z.array(creditReportView), calculation: calculationView.optional() }),
  ),
  /** An item the book cannot find: deferred payment, letter of credit, offshore resale. Refusals: `DATE_ORDER`, `CURRENCY_UNKNOWN`. */
  'tradeCredit.saveItem': command(creditItemInput, z.object({ key: creditKey })),
  /**
   * A person's word on an item: when the other side is expected, what came in besides what the book knows, that it is not
   * reported. Refusals: `TRADE_CREDIT_UNKNOWN` {key}, `DATE_ORDER`, `TRADE_CREDIT_SETTLED` {balance}.
   */
  'tradeCredit.note': command(
    z.object({
      key: creditKey,
      expectedDate: isoDate.optional(),
      settled: amountText.optional(),
      dismissed: z.boolean().optional(),
      reason: text(500),
    }),
    z.object({}),
  ),
  'tradeCreditReports.list': query(
    z.object({
      state: z.enum(reportStates).optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      ...pageInput,
    }),
    pageOf(creditReportView),
  ),
  'tradeCreditReports.get': query(z.object({ id }), creditReportView),
  /**
   * Drafts a report from the item as it stands; fields given go before the book's. Refusals: `TRADE_CREDIT_UNKNOWN`,
   * `TRADE_CREDIT_DRAFT` {number}, `TRADE_CREDIT_OPERATION` {operation, state}, `TRADE_CREDIT_NO_DATE`, `DATE_ORDER`,
   * `TRADE_CREDIT_BALANCE` {amount}.
   */
  'tradeCreditReports.draft': command(
    z.object({
      key: creditKey,
      operation: z.enum(reportOperations),
      fields: z
        .object({
          declarationNo: z.string().trim().max(40),
          counterparty: z.string().trim().max(200),
          country: z.string().regex(/^([A-Z]{2})?$/),
          expectedDate: isoDate,
          amount: positive,
          balance: amountText,
          related: z.boolean(),
          remark: z.string().trim().max(200),
        })
        .partial()
        .default({}),
      reason: text(500),
    }),
    z.object({ id, number: z.string() }),
  ),
  /** It went to SAFE or the bank on a day; from then on it is fixed. Refusals: `TRADE_CREDIT_REPORT_STATE`, `DATE_ORDER`. */
  'tradeCreditReports.mark': command(z.object({ id, reportedOn: isoDate, reference: text(100) }), z.object({})),
  'tradeCreditReports.withdraw': command(z.object({ id, reason }), z.object({})),
  'tradeCreditReports.export': job(
    z.object({
      state: z.enum(reportStates).optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      file: fileToken,
    }),
    z.object({ rows: z.number().int() }),
  ),

  /** F05 on the twelve months that end with `month`. Refusal: `RULE_OFF`. */
  'indicators.get': query(z.object({ month: periodKey }), indicatorsView),
  /** The rows of a figure in the twelve months, newest first. */
  'indicators.rows': query(
    z.object({ month: periodKey, figure: z.enum(indicatorFigures), ...pageInput }),
    pageOf(indicatorRow),
  ),
  /** Adds what the book cannot know, in US dollars, below zero to take away. Refusals: `AMOUNT_ZERO`, `AMOUNT_DECIMALS`. */
  'indicators.adjust': command(
    z.object({ month: periodKey, figure: z.enum(indicatorFigures), usd: amountText, reason }),
    z.object({ id }),
  ),
  'indicators.removeAdjustment': command(z.object({ id, reason }), z.object({})),
} as const;
