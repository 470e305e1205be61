/** Rules, tax worksheets and export refunds. Every figure a worksheet shows is a draft, never a filing (不构成申报). */
import { z } from 'zod';
import { reliabilities } from '../rules/pack.ts';
import { amountText, periodKey } from './accounting.ts';
import { decimalText, fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

/** A word of the program in both languages; the screen shows the one of its locale. */
export const bilingual = z.object({ zh: z.string(), en: z.string() });
export type Bilingual = z.infer<typeof bilingual>;

/** Period of a tax (税款所属期): a year `2026`, a quarter `2026-Q3` or a month `2026-09`. */
export const taxPeriod = z.string().regex(/^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$/);
export const periodKinds = ['year', 'quarter', 'month'] as const;
export type PeriodKind = (typeof periodKinds)[number];

// Rules ---------------------------------------------------------------------------------------------------------------
/** How a figure came about: `Calculation` of `shared/rules/derivation.ts`. Labels of terms: the rules' own texts. */
export const calculationView = z.object({
  calculator: z.string(),
  rule: z.string(),
  eventDate: z.string().nullable(),
  result: z.record(z.string(), z.json()),
  steps: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      formula: z.string(),
      inputs: z.record(z.string(), z.string()),
      result: z.string(),
      rounding: z.enum(['none', 'fen', 'yuan-down', 'ratio-4']),
    }),
  ),
  packs: z.array(
    z.object({
      pack: z.string(),
      inForceFrom: z.string(),
      inForceTo: z.string().nullable(),
      source: z.string(),
      reliability: z.enum(reliabilities),
    }),
  ),
  warnings: z.array(
    z.object({
      code: z.string(),
      rule: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});
export type CalculationView = z.infer<typeof calculationView>;

const firmPack = z.object({ reason: z.string(), changedAt: isoInstant });
export const rulePackView = z.object({
  id: z.string(),
  title: bilingual,
  source: z.string(),
  versions: z.array(
    z.object({
      inForceFrom: isoDate,
      inForceTo: isoDate.nullable(),
      source: z.string(),
      reliability: z.enum(reliabilities),
      verifiedBy: z.object({ name: z.string(), on: isoDate, how: z.string() }),
      parameters: z.record(z.string(), z.json()),
    }),
  ),
  /** The firm's own version stands in for the shipped one. */
  changed: firmPack.optional(),
});
/** A point the rules leave unclear; the first option is the default. */
export const ruleSettingView = z.object({
  id: z.string(),
  rule: z.string(),
  title: bilingual,
  options: z.array(z.object({ id: z.string(), title: bilingual })),
  chosen: z.string(),
  reason: z.string(),
});
export const ruleRow = z.object({
  /** Id of the calculator, e.g. `T03avg`. */
  id: z.string(),
  rule: z.string(),
  area: z.enum(['tax', 'forex', 'customs']),
  title: bilingual,
  source: z.string(),
  inForceFrom: z.string().nullable(),
  packs: z.array(
    z.object({
      id: z.string(),
      title: bilingual,
      versions: z.array(z.object({ inForceFrom: isoDate, inForceTo: isoDate.nullable() })),
      changed: z.boolean(),
    }),
  ),
  settings: z.array(z.string()),
  off: z.object({ reason: z.string(), changedAt: isoInstant }).optional(),
});
/** A pack in the list; `usedBy`: ids of calculators, or its own id where the program itself reads it. */
export const rulePackRow = z.object({
  id: z.string(),
  title: bilingual,
  versions: z.array(z.object({ inForceFrom: isoDate, inForceTo: isoDate.nullable() })),
  changed: z.boolean(),
  usedBy: z.array(z.string()),
});
/** A field of a calculator's input. `figure`: decimal text; `list`: rows of `fields`; `group`: one such row. */
export interface RuleInput {
  readonly name: string;
  readonly label: Bilingual;
  readonly kind: 'figure' | 'text' | 'date' | 'whole' | 'boolean' | 'choice' | 'list' | 'group' | 'other';
  readonly required: boolean;
  readonly options?: readonly string[] | undefined;
  readonly fields?: readonly RuleInput[] | undefined;
}
export const ruleInput: z.ZodType<RuleInput> = z.lazy(() =>
  z.object({
    name: z.string(),
    label: bilingual,
    kind: z.enum(['figure', 'text', 'date', 'whole', 'boolean', 'choice', 'list', 'group', 'other']),
    required: z.boolean(),
    options: z.array(z.string()).optional(),
    fields: z.array(ruleInput).optional(),
  }),
);

// Facts of the firm ---------------------------------------------------------------------------------------------------
/** Choices of the firm that tax follows; missing ones are findings of the worksheets that need them. */
export const taxProfile = z.object({
  /** 一般纳税人 / 小规模纳税人. */
  taxpayer: z.enum(['general', 'small']).optional(),
  /** trading 外贸企业, producer 生产企业, individual 个体工商户, cooperative 农民专业合作社 (own farm produce). */
  kind: z.enum(['trading', 'producer', 'individual', 'cooperative']).optional(),
  /** Registered in a pilot zone (综试区), and sales logged on its platform. */
  zoneRegistered: z.boolean().optional(),
  zoneLogged: z.boolean().optional(),
  /** Retail exports are declared at the customs of the zone (综试区所在地海关). */
  zoneDeclared: z.boolean().optional(),
  /** 出口退（免）税企业分类 1–4. */
  refundClass: z.enum(['1', '2', '3', '4']).optional(),
  /** Refund registration (出口退免税备案) done on. */
  refundRegisteredOn: isoDate.optional(),
  /** Customs credit class (海关信用等级). */
  customsCredit: z.enum(['advanced', 'standard', 'dishonest']).optional(),
  /** 城建税 by place: city 市区, town 县城建制镇, other. */
  place: z.enum(['city', 'town', 'other']).optional(),
  /** Entitled to half of the six taxes and two fees (六税两费减半). */
  halving: z.boolean().optional(),
  /** Restricted or forbidden industry: no small-profit relief. */
  restrictedIndustry: z.boolean().optional(),
  /** Deemed-profit approval (核定征收鉴定书). */
  deemedApproval: z.object({ number: z.string().min(1), from: isoDate, to: isoDate.optional() }).optional(),
  /** Waiver of the refund or exemption (放弃退免税); binds for 36 months. */
  waiver: z.object({ of: z.enum(['refund', 'exemption']), from: isoDate }).optional(),
  /** VAT rate of sales at home taken for deemed domestic sales when a product has none, e.g. `0.13`. */
  domesticVatRate: z
    .string()
    .regex(/^0\.\d{1,4}$/)
    .optional(),
});
export type TaxProfile = z.infer<typeof taxProfile>;

/** Facts no document has, by period; the subject says of what. Figures in yuan unless `type` says otherwise. */
export const taxFactKinds = {
  'employees-opening': { period: 'quarter', type: 'count', rule: 'T03' },
  'employees-closing': { period: 'quarter', type: 'count', rule: 'T03' },
  'assets-opening': { period: 'quarter', type: 'money', rule: 'T03' },
  'assets-closing': { period: 'quarter', type: 'money', rule: 'T03' },
  /** Income tax prepaid of the quarter; also written by `income.prepay`. */
  'income-prepaid': { period: 'quarter', type: 'money', rule: 'T03' },
  'income-exempt': { period: 'quarter', type: 'money', rule: 'T01' },
  'income-nontaxable': { period: 'quarter', type: 'money', rule: 'T01' },
  'property-income': { period: 'quarter', type: 'money', rule: 'T01' },
  /** What a platform reports as gross income; subject `platform/store`. */
  'platform-income': { period: 'quarter', type: 'money', rule: 'T28' },
  /** A difference explained, signed; subject `platform/store/leg/CODE`, leg declared or customs, code of T28 (FX, TERMS …). */
  'platform-difference': { period: 'quarter', type: 'money', rule: 'T28' },
  /** Domestic output VAT, input VAT and carry of the period before, for T07. */
  'domestic-output-vat': { period: 'month', type: 'money', rule: 'T07' },
  'input-vat': { period: 'month', type: 'money', rule: 'T07' },
  'opening-carry': { period: 'month', type: 'money', rule: 'T07' },
  'duty-free-material': { period: 'month', type: 'money', rule: 'T07' },
  /** FOB of processing trade in the month, and the year's planned ratio (计划分配率). */
  'processing-fob': { period: 'month', type: 'money', rule: 'T08' },
  'planned-ratio': { period: 'year', type: 'ratio', rule: 'T08' },
  'vat-payable': { period: 'month', type: 'money', rule: 'T23' },
  'consumption-payable': { period: 'month', type: 'money', rule: 'T23' },
  'exempt-credit': { period: 'month', type: 'money', rule: 'T23' },
  /** Contracts that no invoice or sale of the book shows, without VAT. */
  'other-contracts': { period: 'quarter', type: 'money', rule: 'T24' },
  /** Subject: declaration number; value: JSON of {@link importConsignment} / {@link agentExport}. */
  'import-consignment': { period: 'month', type: 'json', rule: 'T16' },
  'agent-export': { period: 'month', type: 'json', rule: 'T27' },
  /** An export that came back or will; subject `declaration-line`, value JSON of {@link exportReturn}. */
  'export-return': { period: 'month', type: 'json', rule: 'T25' },
  /**
   * Refund really due on a 9810 line when its pre-refund was settled (核算), in the month of the settlement; subject
   * `declaration-line`.
   */
  'warehouse-settlement': { period: 'month', type: 'money', rule: 'T10' },
} as const satisfies Record<string, { period: PeriodKind; type: 'money' | 'count' | 'ratio' | 'json'; rule: string }>;
export type TaxFactName = keyof typeof taxFactKinds;
export const taxFactNames = Object.keys(taxFactKinds) as [TaxFactName, ...TaxFactName[]];

const share = z.string().regex(/^\d(\.\d{1,6})?$/);
/** An import typed in. Yuan where no currency is named; taxes by T14 (retail) or T16–T18; T20, T21 where the days are given. */
export const importConsignment = z.object({
  channel: z.enum(['general', 'retail']),
  goods: z.string().default(''),
  hsCode: z.string().default(''),
  /** 申报日期. */
  date: isoDate,
  term: z.enum(['CIF', 'CFR', 'FOB']).default('CIF'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('CNY'),
  amount: amountText,
  /** 计征汇率; left out: the book's customs rate. */
  fx: z.string().optional(),
  freight: amountText.optional(),
  insurance: amountText.optional(),
  dutyRate: share.optional(),
  consumptionRate: share.optional(),
  vatRate: share.optional(),
  /** Of retail imports: bought by this buyer this year so far. */
  annualUsed: amountText.optional(),
  singleIndivisible: z.boolean().optional(),
  /** 运输工具申报进境之日, for the late declaration fee. */
  arrivedOn: isoDate.optional(),
  /** 税款缴纳通知制发之日 and the day paid, for the surcharge. */
  issuedOn: isoDate.optional(),
  paidOn: isoDate.optional(),
});
export type ImportConsignment = z.infer<typeof importConsignment>;
export const agentExport = z.object({
  exportDate: isoDate,
  method: z.enum(['self', 'entrusted', 'agent']),
  amountCny: amountText,
  agencyFeeCny: amountText.optional(),
  principalName: z.string().optional(),
  principalCreditCode: z.string().optional(),
});
export type AgentExport = z.infer<typeof agentExport>;
/** A returned export (出口退运) and its 《出口货物已补税（未退税）证明》. */
export const exportReturn = z.object({
  /** 复运进境之日; left out: not back yet. */
  returnedOn: isoDate.optional(),
  /** What came back, in the line's unit; left out: all of it. */
  quantity: decimalText.optional(),
  /** unsold 滞销, returned 退货, other. */
  reason: z.enum(['unsold', 'returned', 'other']),
  food: z.boolean().optional(),
  originalState: z.boolean().optional(),
  /** For quality or specification: the one-year rule may hold. */
  defect: z.boolean().optional(),
  /** Of 1210: the day the goods left the zone abroad. */
  zoneExitOn: isoDate.optional(),
  /** The refund was paid back (补税) on. */
  repaidOn: isoDate.optional(),
  certificateRequestedOn: isoDate.optional(),
  certificateReceivedOn: isoDate.optional(),
});
export type ExportReturn = z.infer<typeof exportReturn>;

export const taxFactView = z.object({
  name: z.enum(taxFactNames),
  period: taxPeriod,
  subject: z.string(),
  value: z.string(),
  source: z.string(),
  enteredAt: isoInstant,
});
export type TaxFactView = z.infer<typeof taxFactView>;

// Worksheets ----------------------------------------------------------------------------------------------------------
export const worksheetNames = [
  'income-tax',
  'income-total',
  'exempt-register',
  'regime',
  'refund-trading',
  'refund-producer',
  'overseas-9810',
  'deemed-domestic',
  'export-duty',
  'import-tax',
  'surcharges',
  'stamp',
  'agent-export',
  'platform-income',
  'returns',
  'combined',
] as const;
export type WorksheetName = (typeof worksheetNames)[number];

export const columnTypes = ['text', 'money', 'quantity', 'date', 'ratio', 'count'] as const;
/** Where a row leads: a page of the desk with its parameters. */
export const drillTarget = z.object({
  page: z.enum([
    'export-line',
    'invoice',
    'order',
    'voucher',
    'account',
    'product',
    'document',
    'tax-fact',
    'tax-profile',
    'worksheet',
    'rates',
    'tariff',
  ]),
  params: z.record(z.string(), z.string()),
});
/** Decimal text (money with two decimals), a date, or a word of the program. Empty: nothing is known, which is not nought. */
export const worksheetCell = z.union([z.string(), bilingual]);
export const worksheetColumn = z.object({ id: z.string(), label: bilingual, type: z.enum(columnTypes) });
export const worksheetRow = z.object({
  /** Unique in the section: export line id, order number … */
  key: z.string(),
  /** By column id; what is left out is empty. */
  cells: z.record(z.string(), worksheetCell),
  target: drillTarget.optional(),
  /** Entry of `derivations` whose steps stand behind the row. */
  derivation: z.number().int().optional(),
  /** Shown like a total. */
  emphasis: z.boolean().default(false),
});
export const worksheetSection = z.object({
  id: z.string(),
  title: bilingual,
  columns: z.array(worksheetColumn),
  /** At most `limit` of `rowCount`; print and export carry all. */
  rows: z.array(worksheetRow),
  rowCount: z.number().int(),
  /** Sums of all rows, by column id. */
  totals: z.record(z.string(), z.string()),
});
/**
 * What stands against a figure: `missing` – a fact, rate or tariff line is not there, so the figures that need it are left
 * empty; `paper` – a paper is missing; `warning`, `note` – to know before relying on it.
 */
export const worksheetFinding = z.object({
  code: z.string(),
  level: z.enum(['missing', 'paper', 'warning', 'note']),
  rule: z.string(),
  /** The fact, profile field, column or paper that is meant. */
  field: z.string(),
  text: bilingual,
  remedy: bilingual,
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  target: drillTarget.optional(),
});
export const worksheetView = z.object({
  name: z.enum(worksheetNames),
  title: bilingual,
  period: taxPeriod,
  from: isoDate,
  to: isoDate,
  /** Always: a worksheet is never a filing. */
  draft: z.literal(true),
  disclaimer: bilingual,
  /** The official form in whose order the columns stand, where there is one. */
  form: bilingual.optional(),
  facts: z.array(
    z.object({
      id: z.string(),
      label: bilingual,
      type: z.enum(columnTypes),
      value: worksheetCell,
      target: drillTarget.optional(),
    }),
  ),
  /** The figures that count, e.g. tax due this quarter. Empty value: cannot be computed, see findings. */
  results: z.array(
    z.object({
      id: z.string(),
      label: bilingual,
      type: z.enum(columnTypes),
      value: z.string(),
      derivation: z.number().int().optional(),
    }),
  ),
  sections: z.array(worksheetSection),
  derivations: z.array(z.object({ subject: z.string(), calculation: calculationView })),
  findings: z.array(worksheetFinding),
  sources: z.array(
    z.object({
      rule: z.string(),
      title: bilingual,
      source: z.string(),
      inForceFrom: z.string().nullable(),
      inForceTo: z.string().nullable(),
      reliability: z.enum(reliabilities).nullable(),
      changedByFirm: z.boolean(),
    }),
  ),
});
export type WorksheetView = z.infer<typeof worksheetView>;

const worksheetKey = { name: z.enum(worksheetNames), period: taxPeriod };
const locale = z.enum(['zh-CN', 'en']).default('zh-CN');

// Regime and refund ---------------------------------------------------------------------------------------------------
export const regimes = ['refund', 'exempt', 'taxed'] as const;
export const refundMatchView = z.object({
  id: z.number().int(),
  invoiceLineId: z.number().int(),
  invoiceNumber: z.string(),
  invoiceDate: isoDate,
  supplier: z.string(),
  name: z.string(),
  unit: z.string(),
  quantity: decimalText,
  /** CNY to the fen. */
  amount: z.string(),
  vat: z.string(),
  refundRate: z.string(),
  refund: z.string(),
  associationNo: z.string(),
  byPerson: z.boolean(),
});
/** An export line with what is matched to it. `state`: claimed lines are locked. */
export const refundLineView = z.object({
  exportLineId: z.number().int(),
  mode: z.enum(['0110', '9610', '9710', '9810', '1210']),
  declarationNo: z.string(),
  lineNo: z.number().int(),
  exportDate: isoDate,
  sku: z.string().optional(),
  hsCode: z.string(),
  name: z.string(),
  unit: z.string(),
  quantity: decimalText,
  matchedQuantity: decimalText,
  regime: z.enum(regimes).optional(),
  regimeBy: z.enum(['router', 'person']),
  regimeReason: z.string(),
  state: z.enum(['open', 'partly', 'matched', 'claimed']),
  claimedPeriod: periodKey.optional(),
  claimBatch: z.string().optional(),
  receivedOn: isoDate.optional(),
  refund: z.string(),
  matches: z.array(refundMatchView),
});

export const tax = {
  'rules.list': query(z.object({}), z.object({ rows: z.array(ruleRow), packs: z.array(rulePackRow) }), false),
  /** Refusal: `RULE_UNKNOWN` {id}. */
  'rules.explain': query(
    z.object({ id: z.string() }),
    ruleRow.extend({
      inputs: z.array(ruleInput),
      outputs: z.array(z.object({ name: z.string(), label: bilingual })),
      packDetails: z.array(rulePackView),
      settingDetails: z.array(ruleSettingView),
    }),
    false,
  ),
  /**
   * Runs a calculator by hand. With a book open its packs and settings hold. Refusals: `RULE_UNKNOWN`, `RULE_OFF` {rule, reason},
   * `RULE_INPUT` {calculator, field, reason}, `RULE_PACK_MISSING` {pack, title, date}.
   */
  'rules.run': query(
    z.object({ calculator: z.string(), input: z.record(z.string(), z.json()) }),
    calculationView,
    false,
  ),
  'rules.settings': query(z.object({}), z.object({ rows: z.array(ruleSettingView) }), false),
  /** Chooses in an unclear point; `option` null: the default. Refusals: `RULE_SETTING` {setting, option}. */
  'rules.set': command(
    z.object({ id: z.string(), option: z.string().nullable(), reason: z.string().min(1) }),
    z.object({}),
  ),
  'rules.pack': query(
    z.object({ id: z.string() }),
    z.object({ inForce: rulePackView, shipped: rulePackView, usedBy: z.array(z.string()), isEditable: z.boolean() }),
    false,
  ),
  /** The firm's own version of a pack, whole. Refusals: `RULE_PACK_INVALID` {pack, field, reason}, `RULE_PACK_UNKNOWN` {pack}, `RULE_PACK_FIXED` {pack, title}. */
  'rules.savePack': command(
    z.object({ id: z.string(), body: z.record(z.string(), z.json()), reason: z.string().min(1) }),
    rulePackView,
  ),
  /** Back to the shipped pack. */
  'rules.resetPack': command(z.object({ id: z.string(), reason: z.string().min(1) }), rulePackView),
  /** Switches a rule (`T04`) off, or on again (`off: false`). */
  'rules.switchOff': command(z.object({ rule: z.string(), off: z.boolean(), reason: z.string().min(1) }), z.object({})),

  'tax.profile': query(z.object({}), z.object({ profile: taxProfile, changedAt: isoInstant.optional() })),
  'tax.saveProfile': command(taxProfile, z.object({})),
  /** Facts of a year, with what can be entered at all. */
  'tax.facts': query(
    z.object({
      year: z
        .string()
        .regex(/^\d{4}$/)
        .optional(),
      name: z.enum(taxFactNames).optional(),
    }),
    z.object({
      kinds: z.array(
        z.object({
          name: z.enum(taxFactNames),
          label: bilingual,
          period: z.enum(periodKinds),
          type: z.enum(['money', 'count', 'ratio', 'json']),
          rule: z.string(),
          /** A subject must be given, e.g. `platform/store`. */
          subject: bilingual.optional(),
        }),
      ),
      rows: z.array(taxFactView),
    }),
  ),
  /** Sets facts, all or none; `value` null takes one away. Refusal: `TAX_FACT` {name, period, reason}, path `facts.<i>`. */
  'tax.setFacts': command(
    z.object({
      facts: z
        .array(
          z.object({
            name: z.enum(taxFactNames),
            period: taxPeriod,
            subject: z.string().max(200).default(''),
            value: z.string().max(4000).nullable(),
            source: z.string().max(200).default(''),
          }),
        )
        .min(1)
        .max(1000),
    }),
    z.object({}),
  ),

  'worksheets.list': query(
    z.object({}),
    z.object({
      rows: z.array(
        z.object({
          name: z.enum(worksheetNames),
          title: bilingual,
          /** Kinds of period it can be asked for; the first is its usual one. */
          periods: z.array(z.enum(periodKinds)),
          rules: z.array(z.string()),
          form: bilingual.optional(),
        }),
      ),
      /** Months in which the book has anything, newest first. */
      months: z.array(periodKey),
    }),
  ),
  /** Refusals: `RULE_PACK_MISSING`, `WORKSHEET_PERIOD` {name, period}, `RULE_OFF`. */
  'worksheets.get': query(
    z.object({ ...worksheetKey, limit: z.number().int().min(1).max(5000).default(500) }),
    worksheetView,
  ),
  /** An .xlsx with everything: figures, sections, derivation, findings, sources. */
  'worksheets.export': job(
    z.object({ ...worksheetKey, file: fileToken, locale }),
    z.object({ rows: z.number().int() }),
  ),
  /** A PDF through the window's printer. Refusal: `PRINT_NEEDS_WINDOW` where there is no window; `html: true` writes the page itself. */
  'worksheets.print': job(
    z.object({ ...worksheetKey, file: fileToken, locale, html: z.boolean().default(false) }),
    z.object({ pages: z.enum(['pdf', 'html']) }),
  ),
  /**
   * A sheet in the order of the official form: `format` is `form-order`, for typing or pasting. Files for the import templates of the client
   * are made of a claimed batch (`refunds.importFile`). Refusal: `WORKSHEET_NO_FORM` {name}.
   */
  'worksheets.fileForTaxBureau': job(
    z.object({ ...worksheetKey, file: fileToken }),
    z.object({ format: z.enum(['form-order']), form: bilingual, rows: z.number().int() }),
  ),

  /** Routes the open lines exported in a period by T05 and stores their regime; a person's decision stays. */
  'regimes.route': job(
    z.object({ period: taxPeriod }),
    z.object({
      refund: z.number().int(),
      exempt: z.number().int(),
      taxed: z.number().int(),
      kept: z.number().int(),
      undecided: z.number().int(),
    }),
  ),
  /** A person decides, with a reason; `regime` null gives lines back to the router. Refusals: `EXPORT_LINE_CLAIMED` {line}, `EXPORT_LINE_UNKNOWN`. */
  'regimes.set': command(
    z.object({
      exportLineIds: z.array(z.number().int()).min(1).max(5000),
      regime: z.enum(regimes).nullable(),
      reason: z.string().min(1).max(200),
    }),
    z.object({ changed: z.number().int() }),
  ),
  /**
   * Marks exempt lines exported up to the end of `period` as declared in it (免税申报), on a day (left out: today). Refusal:
   * `CLAIM_LIMIT_PASSED` {line, limit, date}.
   */
  'regimes.declareExempt': command(
    z.object({ period: periodKey, batch: z.string().min(1).max(20), date: isoDate.optional() }),
    z.object({ lines: z.number().int(), exemptSales: z.string() }),
  ),

  /** Matches the period's refund lines with invoice lines; a person's matches and claimed lines stay. Twice is a no-op. */
  'refunds.match': job(
    z.object({ period: taxPeriod }),
    z.object({
      lines: z.number().int(),
      matched: z.number().int(),
      partly: z.number().int(),
      /** Matches written and taken away by this run. */
      added: z.number().int(),
      removed: z.number().int(),
      refund: z.string(),
      unmatched: z.array(
        z.object({
          exportLineId: z.number().int(),
          label: z.string(),
          quantity: decimalText,
          reason: z.string(),
          text: bilingual,
        }),
      ),
    }),
  ),
  'refunds.matches': query(
    z.object({
      period: taxPeriod,
      state: z.enum(['open', 'partly', 'matched', 'claimed']).optional(),
      batch: z.string().optional(),
      ...pageInput,
    }),
    pageOf(refundLineView),
  ),
  /** Invoice lines that could serve an export line, best first, with what is left of them. */
  'refunds.candidates': query(
    z.object({ exportLineId: z.number().int() }),
    z.object({
      rows: z.array(
        z.object({
          invoiceLineId: z.number().int(),
          invoiceNumber: z.string(),
          invoiceDate: isoDate,
          supplier: z.string(),
          name: z.string(),
          unit: z.string(),
          vatRate: z.string(),
          left: decimalText,
          leftAmount: z.string(),
        }),
      ),
    }),
  ),
  /**
   * Matches by hand, in place of an earlier match of the two. Refusals: `INVOICE_USED` {number, left, want}, `EXPORT_LINE_MATCHED`
   * {line, left, want}, `EXPORT_LINE_CLAIMED` {line}, `REFUND_RATE_MISSING` {line, hs}, `INVOICE_NO_REFUND` {number}.
   */
  'refunds.setMatch': command(
    z.object({ exportLineId: z.number().int(), invoiceLineId: z.number().int(), quantity: decimalText }),
    z.object({ id: z.number().int(), refund: z.string() }),
  ),
  'refunds.removeMatch': command(z.object({ id: z.number().int() }), z.object({})),
  /**
   * Claims the matched refund lines of `lines` (left out: all fully matched ones exported up to the end of `period`), gives them
   * association numbers (关联号) and posts the receivable. `preRefund`: unsold 9810 lines, business type HWC-YT;
   * those with goods that a count did not find only where `lines` names them.
   * Refusals: `REFUND_NOTHING`, `EXPORT_LINE_CLAIMED`, `CLAIM_BATCH_USED` {batch}, `CLAIM_LIMIT_PASSED` {line, limit, date}.
   */
  'refunds.claim': command(
    z.object({
      period: periodKey,
      batch: z.string().regex(/^\d{1,3}$/),
      date: isoDate,
      lines: z.array(z.number().int()).max(20_000).optional(),
      preRefund: z.boolean().default(false),
    }),
    z.object({
      lines: z.number().int(),
      matches: z.number().int(),
      refund: z.string(),
      toCost: z.string(),
      documentId: z.number().int(),
      state: z.enum(['posted', 'waiting']),
      /** Lines whose claim comes after the normal time and needs 《出口业务收汇情况表》. */
      receiptStatement: z.array(z.string()),
    }),
  ),
  /**
   * Claims a producer's month (免抵退): marks the refund lines exported in `period` and posts the refund and the tax put to cost as
   * the worksheet `refund-producer` computes them. Refusals: `CLAIM_NOT_PRODUCER`, `CLAIM_INCOMPLETE` {period, missing},
   * `REFUND_NOTHING`, `CLAIM_BATCH_USED` {batch}.
   */
  'refunds.claimProducer': command(
    z.object({ period: periodKey, batch: z.string().regex(/^\d{1,3}$/), date: isoDate }),
    z.object({
      lines: z.number().int(),
      refund: z.string(),
      toCost: z.string(),
      /** 免抵税额: the base of surcharges. */
      exemptCredit: z.string(),
      /** Left out where there is nothing to post: no refund, no tax put to cost. */
      documentId: z.number().int().optional(),
      state: z.enum(['posted', 'waiting']).optional(),
    }),
  ),
  /** Takes a claim back: lines are open again, the receivable is reversed. Refusal: `CLAIM_UNKNOWN` {period, batch}. */
  'refunds.unclaim': command(
    z.object({ period: periodKey, batch: z.string(), reason: z.string().min(1) }),
    z.object({ lines: z.number().int() }),
  ),
  'refunds.claims': query(
    z.object({}),
    z.object({
      rows: z.array(
        z.object({
          period: periodKey,
          batch: z.string(),
          lines: z.number().int(),
          refund: z.string(),
          toCost: z.string(),
          preRefund: z.boolean(),
          documentId: z.number().int().optional(),
        }),
      ),
    }),
  ),
  /**
   * What the import templates of the tax office's client would hold of a batch: rows, and what stands against importing them. Refusal:
   * `CLAIM_UNKNOWN` {period, batch}.
   */
  'refunds.importCheck': query(
    z.object({ period: periodKey, batch: z.string() }),
    z.object({
      exports: z.number().int(),
      purchases: z.number().int(),
      findings: z.array(
        z.object({
          code: z.enum(['DECLARATION', 'VALUE', 'SUPPLIER', 'VOUCHER_KIND', 'BUSINESS_TYPE', 'ASSOCIATION']),
          level: z.enum(['reject', 'note']),
          file: z.enum(['exports', 'purchases']),
          row: z.number().int(),
          /** Its head in the template. */
          head: z.string(),
        }),
      ),
      source: z.string(),
      reliability: z.string(),
    }),
  ),
  /**
   * One of the two import files of a batch: into a template that was downloaded from the client, or made after the dated layout. `empty`:
   * heads that stay empty. Refusals: `CLAIM_UNKNOWN`, `REFUND_IMPORT_REJECTED` {n}, `PAPER_TEMPLATE_NOT_XLSX` {name},
   * `REFUND_TEMPLATE_HEAD` {name, head}, `FILE_NOT_WRITTEN`.
   */
  'refunds.importFile': job(
    z.object({
      period: periodKey,
      batch: z.string(),
      file: z.enum(['exports', 'purchases']),
      template: fileToken.optional(),
      to: fileToken,
    }),
    z.object({ rows: z.number().int(), empty: z.array(z.string()) }),
  ),
  /** The office has finished a pre-refund (办结预退税): its window of settlement runs from here. */
  'refunds.preRefundDone': command(
    z.object({ period: periodKey, batch: z.string(), doneOn: isoDate }),
    z.object({ lines: z.number().int() }),
  ),

  /** Marks a quarter's income tax as prepaid. */
  'income.prepay': command(
    z.object({ period: z.string().regex(/^\d{4}-Q[1-4]$/), amount: amountText, source: z.string().min(1) }),
    z.object({}),
  ),
} as const;
