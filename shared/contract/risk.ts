/** Three flows of a shipment (三流), red flags (风险提示), screening against lists of names (名单筛查). */
import { z } from 'zod';
import { likenessReasons } from '../risk/likeness.ts';
import { scoreCodes, scoreLevels } from '../risk/shipment-score.ts';
import { amountText } from './accounting.ts';
import { currencyCode, fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int();
const ids = z.array(id).min(1).max(500);
const params = z.record(z.string(), z.union([z.string(), z.number()]));
const noteText = z.string().trim().min(2).max(500);
const who = z.string().trim().max(60);

// Three flows (三流合一) -------------------------------------------------------------------------------------------------
/** What is held against what: one shipment, one declaration or list by its number, or everything exported in a period. */
export const flowScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shipment'), id }),
  z.object({ kind: z.literal('declaration'), declarationNo: z.string().min(1).max(60) }),
  z.object({ kind: z.literal('period'), from: isoDate, to: isoDate, store: z.string().max(100).optional() }),
]);
export type FlowScope = z.infer<typeof flowScope>;

/**
 * Why two flows differ. RATE: of exchange, and of a list declared in another currency; INCOTERM: freight and insurance that the price
 * includes and FOB does not; RETURN: cancelled, returned, refunded; COMMISSION: kept by the platform; TIMING: not due yet; CHARGES: bank
 * and other charges, discounts; NETTING: set against the proceeds; ROUNDING:
 * lines rounded one by one; OTHER: stated by a person alone.
 */
export const flowCodes = [
  'RATE',
  'INCOTERM',
  'RETURN',
  'COMMISSION',
  'TIMING',
  'CHARGES',
  'NETTING',
  'ROUNDING',
  'OTHER',
] as const;
export type FlowCode = (typeof flowCodes)[number];
/** Orders less declared goods; orders less money. */
export const flowLegs = ['orders-goods', 'orders-money'] as const;
export type FlowLeg = (typeof flowLegs)[number];

/** A row of the book behind a figure; `kind` says which page shows it. */
export const bookRow = z.object({
  kind: z.enum([
    'order',
    'export-line',
    'declaration',
    'document',
    'shipment',
    'record',
    'payout',
    'netting',
    'source-document',
    'stock-move',
    'invoice',
    'party',
    'product',
    'paper',
    'account',
    'month',
    'screening-hit',
    'lot',
    'dispatch',
    'cold-log',
  ]),
  id: z.string(),
  label: z.string(),
  date: isoDate.optional(),
  currency: currencyCode.optional(),
  amount: z.string().optional(),
  /** What the rule looked at, where that is no amount: a quantity, a price, a name's first letter. */
  detail: z.string().optional(),
});
export type BookRow = z.infer<typeof bookRow>;

const reasonView = z.object({
  code: z.enum(flowCodes),
  /** Signed: what of the difference it explains. CNY left out while a rate is missing. */
  amount: z.string(),
  cny: z.string().optional(),
  /** Computed from the book, or stated by a person with a text. */
  by: z.enum(['book', 'person']),
  text: z.string(),
  /** Of a stated one: for `flows.withdraw`. */
  id: id.optional(),
  rows: z.array(bookRow),
  rowCount: z.number().int(),
});
const legView = z.object({
  leg: z.enum(flowLegs),
  difference: z.string(),
  differenceCny: z.string().optional(),
  reasons: z.array(reasonView),
  /** What no reason accounts for: too little on the other side, and (negative) too much; both zero: agreed. */
  short: z.string(),
  over: z.string(),
  unexplainedCny: z.string().optional(),
  /** Orders and declarations of the unexplained rest, the largest first. */
  rows: z.array(bookRow),
});
/** Amounts of one currency; CNY at the rate of the day of export (orders without: of the order), money at that of its own day. */
const flowCurrency = z.object({
  currency: currencyCode,
  goods: z.object({ declared: z.string(), declaredCny: z.string().optional() }),
  information: z.object({ orders: z.string(), ordersCny: z.string().optional() }),
  money: z.object({
    /** What reached an account, payouts net of what the platform kept. */
    received: z.string(),
    receivedCny: z.string().optional(),
    /** Given back to buyers, kept by platforms, netted, accepted as charges: positive. */
    refunded: z.string(),
    commission: z.string(),
    netted: z.string(),
    charges: z.string(),
  }),
  legs: z.array(legView),
});
export const flowView = z.object({
  scope: flowScope,
  /** Number of the shipment or declaration, or `from – to`. */
  label: z.string(),
  state: z.enum(['agreed', 'open', 'empty']),
  currencies: z.array(flowCurrency),
  /** Quantities, over all articles: declared, issued from stock, ordered (less cancelled), invoiced by suppliers as matched. */
  quantities: z.object({ declared: z.string(), issued: z.string(), ordered: z.string(), invoiced: z.string() }),
  /** Purchase side in CNY: cost of what left stock, and input invoices matched to what was exported. */
  purchases: z.object({ issuedCost: z.string(), invoicedCny: z.string(), invoicedVat: z.string() }),
  counts: z.object({
    declarations: z.number().int(),
    orders: z.number().int(),
    receipts: z.number().int(),
    payouts: z.number().int(),
  }),
  /** Currencies and days without a rate. */
  ratesMissing: z.array(z.object({ currency: currencyCode, date: isoDate })),
});
export type FlowView = z.infer<typeof flowView>;
export const flowRow = z.object({
  scope: flowScope,
  label: z.string(),
  date: isoDate.optional(),
  state: z.enum(['agreed', 'open', 'empty']),
  declared: z.array(z.object({ currency: currencyCode, amount: z.string() })),
  orders: z.array(z.object({ currency: currencyCode, amount: z.string() })),
  received: z.array(z.object({ currency: currencyCode, amount: z.string() })),
  unexplained: z.array(z.object({ currency: currencyCode, amount: z.string() })),
});

/** Who declares, who owns the store, who is paid: by store, over a period. */
export const entityRow = z.object({
  store: z.string(),
  declarers: z.array(z.string()),
  owners: z.array(z.string()),
  payees: z.array(z.string()),
  /** Texts: i18n `risk.entity.<code>`. */
  findings: z.array(
    z.enum(['declarerIsNotOwner', 'ownerIsNotPayee', 'declarerIsNotPayee', 'ownerUnknown', 'payeeUnknown']),
  ),
  /** Platform income (平台收入: stated by the platform, else gross of payouts), declared, received; in CNY. */
  platformIncome: z.string().optional(),
  platformFrom: z.enum(['report', 'payouts', 'none']),
  declared: z.string(),
  received: z.string(),
  orders: z.string(),
});

// Red flags (风险提示) ---------------------------------------------------------------------------------------------------
export const flagRules = [
  'R01',
  'R02',
  'R03',
  'R04',
  'R05',
  'R06',
  'R07',
  'R08',
  'R09',
  'R10',
  'R11',
  'R12',
  'R13',
  'R14',
  'R15',
  'R16',
  'R17',
  'R18',
] as const;
export type FlagRule = (typeof flagRules)[number];
export const severities = ['high', 'medium', 'low'] as const;
export const flagStates = ['open', 'reviewing', 'closed'] as const;
export const flagRow = z.object({
  id,
  rule: z.enum(flagRules),
  severity: z.enum(severities),
  subject: z.string(),
  /** For the text `hit.<rule>` of shared/risk. */
  params,
  rowCount: z.number().int(),
  state: z.enum(flagStates),
  owner: z.string(),
  action: z.string(),
  dueOn: isoDate.optional(),
  note: z.string(),
  firstSeen: isoInstant,
  lastSeen: isoInstant,
  /** Nothing trips it any more. */
  gone: z.boolean(),
  reopened: z.number().int(),
  closedAt: isoInstant.optional(),
  /** The clerk who closed it, where the book has several. */
  closedBy: z.string(),
});
const flagSteps = ['assigned', 'closed', 'reopened'] as const;
export const flagView = flagRow.extend({
  rows: z.array(bookRow),
  /** What persons did with it, oldest first; nothing is taken out of it. */
  steps: z.array(
    z.object({
      event: z.enum(flagSteps),
      owner: z.string(),
      note: z.string(),
      dueOn: isoDate.optional(),
      by: z.string(),
      at: isoInstant,
    }),
  ),
});
/** A fact that the book lacks: i18n `missing.<code>` of shared/risk. */
const missingFact = z.object({ code: z.string(), params, rows: z.array(bookRow) });
export const flagRuleView = z.object({
  rule: z.enum(flagRules),
  severity: z.enum(severities),
  title: z.object({ zh: z.string(), en: z.string() }),
  remedy: z.object({ zh: z.string(), en: z.string() }),
  source: z.string(),
  inForceFrom: isoDate,
  thresholds: params,
  outcome: z.enum(['clear', 'tripped', 'cannot-tell', 'off', 'never-ran']),
  off: z.string().optional(),
  ranAt: isoInstant.optional(),
  /** Rows it looked at. */
  checked: z.number().int(),
  missing: z.array(missingFact),
  /** Flags that stand: open or under review. */
  standing: z.number().int(),
});
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const flagFilter = {
  state: z.enum([...flagStates, 'standing', 'gone']).optional(),
  severity: z.enum(severities).optional(),
  rule: z.enum(flagRules).optional(),
  text: z.string().max(100).optional(),
  /** First seen, or closed and closed still, in a month of China. */
  seenIn: month.optional(),
  closedIn: month.optional(),
};

/** Facts that rules need and no document has. */
export const riskFact = z.discriminatedUnion('name', [
  /** Subject: id of the supplier. */
  z.object({
    name: z.literal('supplier-founded'),
    subject: z.string().regex(/^\d+$/),
    value: z.object({ on: isoDate }),
  }),
  /** Subject: month `yyyy-mm`. */
  z.object({
    name: z.literal('staff'),
    subject: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    value: z.object({ people: z.number().int().min(0).max(1_000_000) }),
  }),
  /** Subject: number of the declaration or list. Freight and insurance in its currency, in the price. */
  z.object({
    name: z.literal('deal'),
    subject: z.string().min(1).max(60),
    value: z.object({
      term: z.enum(['CIF', 'CFR', 'FOB']),
      freight: amountText.default('0'),
      insurance: amountText.default('0'),
    }),
  }),
]);
export type RiskFact = z.infer<typeof riskFact>;
export const riskFactNames = ['supplier-founded', 'staff', 'deal'] as const;

// Screening (名单筛查) ---------------------------------------------------------------------------------------------------
export const hitStates = ['review', 'cleared', 'confirmed'] as const;
export const screenedKinds = ['party', 'customer', 'payer', 'buyer'] as const;
export const watchKinds = ['firm', 'person', 'vessel', 'other'] as const;
export const hitRow = z.object({
  id,
  subjectKind: z.enum(screenedKinds),
  subjectId: z.string(),
  subjectName: z.string(),
  listName: z.string(),
  watchName: z.string(),
  /** The alias that matched, where it was not the name. */
  matched: z.string(),
  /** Likeness in hundredths, and why. */
  score: z.number().int(),
  reason: z.enum(likenessReasons),
  watchKind: z.enum(watchKinds).optional(),
  country: z.string(),
  number: z.string(),
  entryNote: z.string(),
  state: z.enum(hitStates),
  note: z.string(),
  who: z.string(),
  decidedAt: isoInstant.optional(),
  firstSeen: isoInstant,
  /** One of the two names is not there any more. */
  gone: z.boolean(),
});
export const watchListView = z.object({
  id,
  name: z.string(),
  source: z.string(),
  asOf: isoDate.optional(),
  fileName: z.string(),
  sha256: z.string(),
  names: z.number().int(),
  hits: z.number().int(),
  importedAt: isoInstant,
});
export const noticeView = z.object({
  id,
  /** Customs' old numeric code; empty: any. */
  country: z.string(),
  counterparty: z.string(),
  hsPrefix: z.string(),
  level: z.enum(severities),
  text: z.string(),
  source: z.string(),
  validFrom: isoDate.optional(),
  validTo: isoDate.optional(),
  isInForce: z.boolean(),
});
/** The screening stands, and the register of red flags (R15) could not be brought up to it: run it again there. */
const isRegisterBehind = z.boolean();
const screened = z.object({
  names: z.number().int(),
  added: z.number().int(),
  gone: z.number().int(),
  review: z.number().int(),
});
const paper = { to: fileToken };
const written = z.object({ rows: z.number().int() });

export const risk = {
  /**
   * The firm's own score of a shipment, or of a declaration without one, before it is queued (C10): no grade of customs. A high one is queued
   * once somebody has given a reason. Undefined `score` while nothing of it is drafted. Refusals: `SHIPMENT_UNKNOWN` {id},
   * `DOCUMENT_UNKNOWN` {id}, `RULE_PACK_MISSING`.
   */
  'shipments.score': query(
    z.union([z.object({ id }), z.object({ documentId: id })]),
    z.object({
      score: z
        .object({
          score: z.number().int(),
          level: z.enum(scoreLevels),
          /** False: something could not be told, the score may be higher. */
          isComplete: z.boolean(),
          items: z.array(
            z.object({
              code: z.enum(scoreCodes),
              outcome: z.enum(['hit', 'clear', 'cannot-tell']),
              points: z.number().int(),
              /** Some of the rows that trip it: orders, articles, documents. */
              rows: z.array(z.string()),
            }),
          ),
        })
        .optional(),
      source: z.string(),
      inForceFrom: isoDate,
    }),
  ),
  /** Shipments and, with `of: declarations`, declarations and lists, newest first, with what of each is unexplained. */
  'flows.list': query(
    z.object({
      of: z.enum(['shipments', 'declarations']).default('shipments'),
      text: z.string().max(60).optional(),
      ...pageInput,
    }),
    pageOf(flowRow),
  ),
  /** Refusals: `SHIPMENT_UNKNOWN` {id}, `DECLARATION_UNKNOWN` {declarationNo}, `DATE_ORDER` {from, to}. */
  'flows.get': query(z.object({ scope: flowScope }), flowView),
  /**
   * States a reason for (part of) what is unexplained: signed as it is, and no more than it. Refusals: those of `flows.get`,
   * `AMOUNT_INVALID` {text}, `FLOW_REASON_TOO_MUCH` {amount, left, currency}.
   */
  'flows.explain': command(
    z.object({
      scope: flowScope,
      leg: z.enum(flowLegs),
      code: z.enum(flowCodes),
      currency: currencyCode,
      amount: amountText,
      text: noteText,
    }),
    z.object({ id }),
  ),
  /** Takes a stated reason back. Refusal: `FLOW_REASON_UNKNOWN` {id}. */
  'flows.withdraw': command(z.object({ id }), z.object({})),
  /** P-22: who declares, owns and is paid, and platform income beside declared and received, by store. Refusal: `DATE_ORDER`. */
  'flows.entities': query(
    z.object({ from: isoDate, to: isoDate }),
    z.object({ firm: z.string(), rows: z.array(entityRow) }),
  ),
  /** The sheet of agreement (三流比对表). Refusals: those of `flows.get`, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'flows.print': job(z.object({ scope: flowScope, ...paper }), written),
  'flows.export': job(z.object({ scope: flowScope, ...paper }), written),

  /** Runs rules, all of them unless some are named; nothing is sent anywhere. */
  'redFlags.run': job(
    z.object({ rules: z.array(z.enum(flagRules)).optional() }),
    z.object({
      added: z.number().int(),
      reopened: z.number().int(),
      gone: z.number().int(),
      standing: z.number().int(),
      cannotTell: z.number().int(),
    }),
  ),
  'redFlags.rules': query(
    z.object({}),
    z.object({ rows: z.array(flagRuleView), ranAt: isoInstant.optional(), isStale: z.boolean() }),
  ),
  'redFlags.list': query(
    z.object({ ...flagFilter, ...pageInput }),
    pageOf(flagRow).extend({
      counts: z.object({
        open: z.number().int(),
        reviewing: z.number().int(),
        closed: z.number().int(),
        gone: z.number().int(),
        high: z.number().int(),
      }),
    }),
  ),
  /** Flags first seen and closed in each of the months to and with that of `to`; `high`: of those first seen. */
  'redFlags.trend': query(
    z.object({ to: isoDate, months: z.number().int().min(1).max(36).default(12) }),
    z.object({
      rows: z.array(
        z.object({
          month: z.string(),
          seen: z.number().int(),
          closed: z.number().int(),
          high: z.number().int(),
        }),
      ),
    }),
  ),
  /** Refusal: `RED_FLAG_UNKNOWN` {id}. */
  'redFlags.get': query(z.object({ id }), flagView),
  /**
   * Who looks after it, what is done, by when; it is then under review. Where the book has several clerks it is one of them. Refusals:
   * `RED_FLAG_UNKNOWN`, `RED_FLAG_CLOSED` {id}, `RED_FLAG_OWNER` {owner}.
   */
  'redFlags.assign': command(
    z.object({ ids, owner: who, action: z.string().trim().max(500).default(''), dueOn: isoDate.optional() }),
    z.object({ changed: z.number().int() }),
  ),
  /**
   * Closes with a note; rows that trip it later open it again. Where the book has several clerks, one closes what others have handled:
   * none of those it was assigned to since it was last closed. Refusals: `RED_FLAG_UNKNOWN`, `RED_FLAG_CLOSED`; of several clerks `CLERK_NOT_CHOSEN`, `RED_FLAG_NOT_HANDLED` {id}, `RED_FLAG_OWN` {clerk}.
   */
  'redFlags.close': command(
    z.object({ ids, note: noteText, owner: who.default('') }),
    z.object({ changed: z.number().int() }),
  ),
  /** Opens a closed one again (复查). Refusals: `RED_FLAG_UNKNOWN`, `RED_FLAG_NOT_CLOSED` {id}. */
  'redFlags.reopen': command(z.object({ id, note: noteText }), z.object({})),
  'redFlags.print': job(z.object({ ...flagFilter, ...paper }), written),
  'redFlags.export': job(z.object({ ...flagFilter, ...paper }), written),
  /** Refusal: `PARTY_UNKNOWN` {id} for a supplier there is not. `value` null takes the fact away. */
  'riskFacts.put': command(
    z
      .object({ fact: riskFact, source: z.string().trim().max(200).default('') })
      .or(z.object({ remove: z.object({ name: z.enum(riskFactNames), subject: z.string() }) })),
    z.object({}),
  ),
  'riskFacts.list': query(
    z.object({ name: z.enum(riskFactNames).optional() }),
    z.object({ rows: z.array(z.object({ fact: riskFact, source: z.string(), enteredAt: isoInstant })) }),
  ),

  /** Holds names against all lists: those not held yet, or with `all` every one again. */
  'screening.run': job(z.object({ all: z.boolean().default(false) }), screened.extend({ isRegisterBehind })),
  'screening.list': query(
    z.object({ state: z.enum([...hitStates, 'gone']).optional(), text: z.string().max(100).optional(), ...pageInput }),
    pageOf(hitRow).extend({
      counts: z.object({
        review: z.number().int(),
        cleared: z.number().int(),
        confirmed: z.number().int(),
        gone: z.number().int(),
      }),
    }),
  ),
  /** A hit is a review: cleared (不是同一人) or confirmed (确认), with a note. Refusal: `SCREENING_HIT_UNKNOWN` {id}. */
  'screening.decide': command(
    z.object({ ids, state: z.enum(['cleared', 'confirmed']), note: noteText, who: who.default('') }),
    z.object({ changed: z.number().int(), isRegisterBehind }),
  ),
  'screening.print': job(z.object({ state: z.enum([...hitStates, 'gone']).optional(), ...paper }), written),
  'screening.export': job(z.object({ state: z.enum([...hitStates, 'gone']).optional(), ...paper }), written),
  'watchLists.list': query(z.object({}), z.object({ rows: z.array(watchListView), screenedNames: z.number().int() })),
  /** Removes a list with its names; what was decided of its hits stays. Refusal: `WATCH_LIST_UNKNOWN` {id}. */
  'watchLists.remove': command(z.object({ id }), z.object({})),

  /** Notices of risk (风险通报) on countries, goods and counterparties, the gravest first. */
  'notices.list': query(z.object({}), z.object({ rows: z.array(noticeView) })),
  /** Takes a notice away; its red flag is gone with the next run. Refusal: `NOTICE_UNKNOWN` {id}. */
  'notices.remove': command(z.object({ id }), z.object({})),

  /** Expected refunds by age (预计退税账龄), for a bank or a buyer of receivables: by quarter of claim or of export. */
  'refundAgeing.get': query(
    z.object({ date: isoDate }),
    z.object({
      rows: z.array(
        z.object({
          bucket: z.enum(['0-30', '31-60', '61-90', '91-180', '181-365', 'over-365']),
          claimed: z.string(),
          unclaimed: z.string(),
          lines: z.number().int(),
        }),
      ),
      claimed: z.string(),
      unclaimed: z.string(),
    }),
  ),
  'refundAgeing.print': job(z.object({ date: isoDate, ...paper }), written),
  'refundAgeing.export': job(z.object({ date: isoDate, ...paper }), written),
} as const;
