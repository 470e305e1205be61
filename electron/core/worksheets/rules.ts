/** Rules as the open book has them: its packs and settings before the shipped ones, its switches; and how to explain one. */
import { z } from 'zod';
import type { Bilingual, CalculationView, RuleInput } from '../../../shared/contract/tax.ts';
import { creditClassesPack, creditClassesPackId } from '../../../shared/credit/classes.ts';
import { creditPledgesPack, creditPledgesPackId } from '../../../shared/credit/pledge.ts';
import { creditScorePackId, creditScorePackSchema } from '../../../shared/credit/score.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { financingConsentPack, financingConsentPackId } from '../../../shared/finance/data-pack.ts';
import { fillIn } from '../../../shared/i18n/fill.ts';
import { postingPackSchema } from '../../../shared/ledger/index.ts';
import { accessPackId, accessPackSchema } from '../../../shared/lots/access-pack.ts';
import { allocationPack, allocationPackId } from '../../../shared/matching/allocation-pack.ts';
import { recordMatchPack } from '../../../shared/matching/record-match.ts';
import { statementLinesPack, statementLinesPackId } from '../../../shared/matching/statement-lines.ts';
import { slotPack } from '../../../shared/papers/slots.ts';
import { statementsPack } from '../../../shared/reports/pack.ts';
import { returnCertificatePack, returnCertificatePackId } from '../../../shared/returns/certificate.ts';
import { redFlagsPackId, redFlagsPackSchema } from '../../../shared/risk/flags.ts';
import { flowsPackId, flowsPackSchema } from '../../../shared/risk/flows.ts';
import { screeningPackId, screeningPackSchema } from '../../../shared/risk/names.ts';
import { shipmentScorePackId, shipmentScorePackSchema } from '../../../shared/risk/shipment-score.ts';
import type { Calculator, RuleSetting, RuleSources } from '../../../shared/rules/calculator.ts';
import { messageCheckPackId, messageCheckPackSchema } from '../../../shared/rules/customs/message-pack.ts';
import { customsPackSchema, declarationPackId, declarationPackSchema } from '../../../shared/rules/customs/pack.ts';
import { customsCalculators, customsModePackSchemas } from '../../../shared/rules/customs-modes/index.ts';
import { customsReturnsPackId, customsReturnsPackSchema } from '../../../shared/rules/customs-modes/returns.ts';
import customsEn from '../../../shared/rules/customs-modes/texts.en.json' with { type: 'json' };
import customsZh from '../../../shared/rules/customs-modes/texts.zh-CN.json' with { type: 'json' };
import { archivePack, deadlinesPack } from '../../../shared/rules/deadlines/index.ts';
import { documentLifePackId, documentLifePackSchema } from '../../../shared/rules/document-life.ts';
import { fieldSetPack, fieldSetPackId } from '../../../shared/rules/entry/field-sets.ts';
import { classPackId, classPackSchema } from '../../../shared/rules/forex/class-pack.ts';
import { forexCalculators, forexPackSchemas } from '../../../shared/rules/forex/index.ts';
import forexEn from '../../../shared/rules/forex/texts.en.json' with { type: 'json' };
import forexZh from '../../../shared/rules/forex/texts.zh-CN.json' with { type: 'json' };
import { guaranteePack } from '../../../shared/rules/guarantee/cover.ts';
import { listingTemplatesId, listingTemplatesPack } from '../../../shared/rules/listings/pack.ts';
import { mattersPack, mattersPackId } from '../../../shared/rules/matters/pack.ts';
import { type Pack, packSchema } from '../../../shared/rules/pack.ts';
import { personFilingsPack, personFilingsPackId } from '../../../shared/rules/person/filings.ts';
import { policiesPack, policiesPackId } from '../../../shared/rules/policies/pack.ts';
import { regionModulesPack, regionModulesPackId } from '../../../shared/rules/regions/modules.ts';
import { smallVatPackId, smallVatPackSchema } from '../../../shared/rules/tax/export-vat/deemed-domestic-sale.ts';
import { exportVatPackId, exportVatPackSchema } from '../../../shared/rules/tax/export-vat/export-vat-pack.ts';
import { fobPackId, fobPackSchema } from '../../../shared/rules/tax/export-vat/fob-value.ts';
import {
  platformReportPackId,
  platformReportPackSchema,
} from '../../../shared/rules/tax/export-vat/platform-reconciliation.ts';
import { refundImportPack, refundImportPackId } from '../../../shared/rules/tax/export-vat/refund-import.ts';
import {
  refundClassPackId,
  refundClassPackSchema,
} from '../../../shared/rules/tax/export-vat/refund-processing-time.ts';
import { returnPackId, returnPackSchema } from '../../../shared/rules/tax/export-vat/returned-exports.ts';
import { warehousePackId, warehousePackSchema } from '../../../shared/rules/tax/export-vat/warehouse-settlement.ts';
import { zoneExemptionPackId, zoneExemptionPackSchema } from '../../../shared/rules/tax/export-vat/zone-exemption.ts';
import { importTaxPack, lateFeesPack, postalPack, retailPack } from '../../../shared/rules/tax/import/packs.ts';
import { deemedPackId, deemedPackSchema } from '../../../shared/rules/tax/income/deemed-profit-levy.ts';
import { exportFormPackId, exportFormPackSchema } from '../../../shared/rules/tax/income/export-revenue-form.ts';
import { prepaymentPackId, prepaymentPackSchema } from '../../../shared/rules/tax/income/income-prepayment.ts';
import { smallProfitPackId, smallProfitPackSchema } from '../../../shared/rules/tax/income/small-profit-brackets.ts';
import { taxCalculators } from '../../../shared/rules/tax/index.ts';
import { hainanPack, localTaxPack } from '../../../shared/rules/tax/local/pack.ts';
import { taxText } from '../../../shared/rules/tax/texts.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { workCalendar } from '../store/calendar.ts';
import { firmPack, ruleOff, ruleSetting } from '../store/worksheets/facts.ts';

export const calculators: readonly Calculator[] = [...taxCalculators, ...forexCalculators, ...customsCalculators];

/** Whose calculator it is, with the texts of those that have their own. */
const areas = [
  { area: 'forex', calculators: forexCalculators, zh: forexZh, en: forexEn },
  { area: 'customs', calculators: customsCalculators, zh: customsZh, en: customsEn },
] as const;
const areaWithTexts = (id: string) => areas.find(({ calculators: own }) => own.some((one) => one.id === id));

/** Refusal: `RULE_UNKNOWN` {id}. */
export function requireCalculator(id: string): Calculator {
  const found = calculators.find((one) => one.id === id);
  if (found === undefined) throw new PortbookError('RULE_UNKNOWN', { id });
  return found;
}

const areaOf = ({ id }: Calculator): 'tax' | 'forex' | 'customs' => areaWithTexts(id)?.area ?? 'tax';

/** Every point the rules leave unclear, once each. */
export const ruleSettings: readonly RuleSetting[] = [
  ...new Map(calculators.flatMap(({ settings }) => settings).map((one) => [one.id, one])).values(),
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The text of a key of the rules in both languages; a key without text stands for itself, so that a gap is seen. */
export function ruleText(key: string, calculator?: string): Bilingual {
  const own = calculator === undefined ? undefined : areaWithTexts(calculator);
  if (own !== undefined) {
    const [zh, en]: readonly Readonly<Record<string, string>>[] = [own.zh, own.en];
    return { zh: zh?.[key] ?? key, en: en?.[key] ?? key };
  }
  return { zh: taxText(key, 'zh-CN', calculator) ?? key, en: taxText(key, 'en', calculator) ?? key };
}

/** A text of the rules with its {params} put in; a param that has a text of its own (a setting, a reason) is put in by it. */
export function ruleMessage(
  key: string,
  params: Readonly<Record<string, string | number>>,
  calculator?: string,
): Bilingual {
  const text = ruleText(key, calculator);
  const named = (value: string | number, language: 'zh' | 'en', name: string): string => {
    const keys = name === 'setting' ? [`setting.${value}`] : [`setting.${params['setting'] ?? ''}.${value}`];
    for (const one of keys) {
      const found = ruleText(one, calculator);
      if (found[language] !== one) return found[language];
    }
    return String(value);
  };
  const fill = (language: 'zh' | 'en'): string =>
    fillIn(text[language], (name) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      return value === undefined ? undefined : named(value, language, name);
    });
  return { zh: fill('zh'), en: fill('en') };
}

// Packs ---------------------------------------------------------------------------------------------------------------

const anyPack = packSchema(z.record(z.string(), z.json()));
export type AnyPack = z.output<typeof anyPack>;
/** What the calculators themselves demand of their packs. */
const schemas: Readonly<Record<string, z.ZodType<Pack<unknown>>>> = {
  ...forexPackSchemas,
  ...customsModePackSchemas,
  [deemedPackId]: deemedPackSchema,
  [exportFormPackId]: exportFormPackSchema,
  [exportVatPackId]: exportVatPackSchema,
  [fobPackId]: fobPackSchema,
  [platformReportPackId]: platformReportPackSchema,
  [prepaymentPackId]: prepaymentPackSchema,
  [refundClassPackId]: refundClassPackSchema,
  [returnPackId]: returnPackSchema,
  'tax-hainan': hainanPack,
  'tax-import': importTaxPack,
  'tax-import-retail': retailPack,
  'tax-late-fees': lateFeesPack,
  'tax-local': localTaxPack,
  'tax-postal': postalPack,
  [smallProfitPackId]: smallProfitPackSchema,
  [smallVatPackId]: smallVatPackSchema,
  [warehousePackId]: warehousePackSchema,
  [zoneExemptionPackId]: zoneExemptionPackSchema,
};

interface ProgramPack {
  readonly schema: z.ZodType<Pack<object>>;
  /** Names that every version must hold: the program asks for each of them. */
  readonly names: (parameters: Readonly<Record<string, unknown>>) => readonly string[];
  /** False: the program reads the shipped one alone. */
  readonly isEditable: boolean;
}
const namesIn = (list: unknown, field: string): string[] =>
  Array.isArray(list)
    ? list.map((one: unknown) => String((one as Readonly<Record<string, unknown>> | null)?.[field] ?? ''))
    : [];
const noNames = (): readonly string[] => [];
/** Packs that no calculator but the program itself reads: deadlines, papers, classes of firms, guarantees, red flags, posting, statements. */
const programPacks: Readonly<Record<string, ProgramPack>> = {
  [accessPackId]: { schema: accessPackSchema, names: noNames, isEditable: true },
  'archive-papers': { schema: archivePack, names: noNames, isEditable: true },
  [fieldSetPackId]: { schema: fieldSetPack, names: ({ sets }) => namesIn(sets, 'id'), isEditable: true },
  deadlines: { schema: deadlinesPack, names: ({ rules }) => namesIn(rules, 'id'), isEditable: true },
  [classPackId]: { schema: classPackSchema, names: noNames, isEditable: true },
  [allocationPackId]: { schema: allocationPack, names: noNames, isEditable: true },
  [messageCheckPackId]: { schema: messageCheckPackSchema, names: noNames, isEditable: true },
  [listingTemplatesId]: {
    schema: listingTemplatesPack,
    names: ({ templates }) => namesIn(templates, 'id'),
    isEditable: true,
  },
  [policiesPackId]: { schema: policiesPack, names: noNames, isEditable: true },
  [mattersPackId]: { schema: mattersPack, names: ({ matters }) => namesIn(matters, 'id'), isEditable: true },
  [creditScorePackId]: { schema: creditScorePackSchema, names: noNames, isEditable: true },
  [creditClassesPackId]: { schema: creditClassesPack, names: noNames, isEditable: true },
  [creditPledgesPackId]: { schema: creditPledgesPack, names: noNames, isEditable: true },
  [financingConsentPackId]: { schema: financingConsentPack, names: noNames, isEditable: true },
  guarantee: { schema: guaranteePack, names: noNames, isEditable: true },
  [statementLinesPackId]: { schema: statementLinesPack, names: noNames, isEditable: true },
  'papers-by-mode': { schema: slotPack, names: noNames, isEditable: true },
  'record-match': { schema: recordMatchPack, names: noNames, isEditable: true },
  [redFlagsPackId]: { schema: redFlagsPackSchema, names: noNames, isEditable: true },
  [screeningPackId]: { schema: screeningPackSchema, names: noNames, isEditable: true },
  [shipmentScorePackId]: { schema: shipmentScorePackSchema, names: noNames, isEditable: true },
  [flowsPackId]: { schema: flowsPackSchema, names: noNames, isEditable: true },
  [personFilingsPackId]: { schema: personFilingsPack, names: noNames, isEditable: true },
  [refundImportPackId]: { schema: refundImportPack, names: noNames, isEditable: true },
  [regionModulesPackId]: { schema: regionModulesPack, names: noNames, isEditable: true },
  [returnCertificatePackId]: { schema: returnCertificatePack, names: noNames, isEditable: true },
  posting: { schema: postingPackSchema, names: ({ rules }) => namesIn(rules, 'event'), isEditable: true },
  statements: { schema: statementsPack, names: noNames, isEditable: false },
};

/** Packs that the program reads as they are, without a firm's version of them: a firm does not choose what customs checks. */
const fixedPacks: Readonly<Record<string, ProgramPack>> = {
  'customs-9610': { schema: customsPackSchema, names: noNames, isEditable: false },
  [declarationPackId]: { schema: declarationPackSchema, names: noNames, isEditable: false },
  [customsReturnsPackId]: { schema: customsReturnsPackSchema, names: noNames, isEditable: false },
  [documentLifePackId]: { schema: documentLifePackSchema, names: noNames, isEditable: false },
};

const packIds = new Set([...calculators.flatMap(({ packs }) => packs), ...Object.keys(programPacks)]);

/** The pack as the program ships it, or as the book has taken it from an issuer. Refusal: `RULE_PACK_UNKNOWN` {pack}. */
export function shippedPack(resources: Resources, id: string): AnyPack {
  if (!packIds.has(id)) throw new PortbookError('RULE_PACK_UNKNOWN', { pack: id });
  return anyPack.parse(resources.json('rules', `${id}.json`));
}

/** The file of a rule pack in the shape that all of them have. */
export const readPack = (body: unknown): AnyPack => anyPack.parse(body);

/** The pack that holds: the firm's own or the shipped one. */
export function packInForce(resources: Resources, book: Book | undefined, id: string): AnyPack {
  const own = book === undefined ? undefined : firmPack(book, id);
  return own === undefined ? shippedPack(resources, id) : anyPack.parse(own.body);
}

function refusal(pack: string, path: readonly PropertyKey[], reason: string): PortbookError {
  const field = path.map(String).join('.');
  return new PortbookError('RULE_PACK_INVALID', { pack, field, reason }, `body.${field}`);
}

/** What differs in names or kinds from a sample; undefined: nothing. Lists are held against their sample's first entry. */
function shapeFault(
  value: unknown,
  sample: unknown,
  path: readonly PropertyKey[],
): { readonly path: readonly PropertyKey[]; readonly reason: string } | undefined {
  if (Array.isArray(sample)) {
    if (!Array.isArray(value)) return { path, reason: 'not a list' };
    for (const [at, one] of value.entries()) {
      const fault = sample.length === 0 ? undefined : shapeFault(one, sample[0], [...path, at]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (sample === null || value === null) return undefined;
  if (typeof sample !== typeof value) return { path, reason: `not ${typeof sample}` };
  if (typeof sample === 'object' && typeof value === 'object') {
    const [known, given] = [sample as Record<string, unknown>, value as Record<string, unknown>];
    for (const name of new Set([...Object.keys(known), ...Object.keys(given)])) {
      if (!Object.hasOwn(given, name)) return { path: [...path, name], reason: 'missing' };
      if (!Object.hasOwn(known, name)) return { path: [...path, name], reason: 'unknown name' };
      const fault = shapeFault(given[name], known[name], [...path, name]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  const decimal = /^-?\d+(\.\d+)?$/;
  if (typeof sample === 'string' && decimal.test(sample) && !decimal.test(String(value)))
    return { path, reason: 'not decimal text' };
  return undefined;
}

/** A name that was typed but that nothing reads: a slip of the pen would otherwise count for nothing, unseen. */
function unreadName(
  value: unknown,
  read: unknown,
  path: readonly PropertyKey[],
): { readonly path: readonly PropertyKey[]; readonly reason: string } | undefined {
  if (typeof value !== 'object' || value === null || typeof read !== 'object' || read === null) return undefined;
  for (const [name, one] of Object.entries(value)) {
    const at = [...path, name];
    if (!Object.hasOwn(read, name)) return { path: at, reason: 'unknown name' };
    const fault = unreadName(one, (read as Readonly<Record<string, unknown>>)[name], at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A version of a pack of the program: its schema, no name unread, none missing that the shipped one has. */
function checkProgramPack(shipped: AnyPack, body: AnyPack, { schema, names }: ProgramPack): void {
  const read = schema.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw refusal(shipped.id, issue?.path ?? [], issue?.message ?? '');
  }
  const fault = unreadName(body, read.data, []);
  if (fault !== undefined) throw refusal(shipped.id, fault.path, fault.reason);
  const wanted = names(shipped.versions.at(-1)?.parameters ?? {});
  for (const [at, { parameters }] of body.versions.entries()) {
    const given = names(parameters);
    const missing = wanted.find((name) => !given.includes(name));
    const field = ['versions', at, 'parameters', 'rules'];
    if (missing !== undefined) throw refusal(shipped.id, field, `missing ${missing}`);
    if (new Set(given).size < given.length) throw refusal(shipped.id, field, 'twice');
  }
}

/**
 * A firm's own version of a pack, checked: the shape of every pack, the names of the shipped one's parameters, and what the
 * calculators or the program itself demand. Refusals: `RULE_PACK_UNKNOWN`, `RULE_PACK_FIXED` {pack, title},
 * `RULE_PACK_INVALID` {pack, field, reason}.
 */
export function checkedPack(resources: Resources, id: string, body: unknown): AnyPack {
  const shipped = shippedPack(resources, id);
  if (programPacks[id]?.isEditable === false)
    throw new PortbookError('RULE_PACK_FIXED', { pack: id, title: shipped.titleZh });
  return checkedAgainst(shipped, body);
}

/**
 * As {@link checkedPack} for a pack of an issuer: held against what ships with the program, which is what it can read; one that a firm may
 * not change may come from an issuer. Refusals: `RESOURCE_MISSING`, `RULE_PACK_INVALID` {pack, field, reason}.
 */
export function checkedIssuedPack(resources: Resources, id: string, body: unknown): AnyPack {
  return checkedAgainst(readPack(resources.shippedRules(id)), body);
}

function checkedAgainst(shipped: AnyPack, body: unknown): AnyPack {
  const { id } = shipped;
  const parsed = anyPack.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(id, issue?.path ?? [], issue?.message ?? '');
  }
  if (parsed.data.id !== id) throw refusal(id, ['id'], `not ${id}`);
  const program = programPacks[id] ?? fixedPacks[id];
  if (program !== undefined) {
    checkProgramPack(shipped, parsed.data, program);
    return parsed.data;
  }
  for (const [at, version] of parsed.data.versions.entries()) {
    // The law changes shapes too: a version may be like any that is shipped.
    const faults = shipped.versions.map(({ parameters }) =>
      shapeFault(version.parameters, parameters, ['versions', at, 'parameters']),
    );
    const fault = faults.every((one) => one !== undefined) ? faults.at(-1) : undefined;
    if (fault !== undefined) throw refusal(id, fault.path, fault.reason);
  }
  const strict = schemas[id]?.safeParse(body);
  if (strict !== undefined && !strict.success) {
    const [issue] = strict.error.issues;
    throw refusal(id, issue?.path ?? [], issue?.message ?? '');
  }
  return parsed.data;
}

// Running -------------------------------------------------------------------------------------------------------------

const rememberedRuns = 2000;

/** Rules of a book, or without one as they are shipped. */
export class Rules {
  readonly book: Book | undefined;
  readonly resources: Resources;
  readonly #sources: RuleSources;
  readonly #packs = new Map<string, AnyPack>();
  /** Rules are pure and thousands of lines share their facts: what was computed is remembered, while it is not too much. */
  readonly #computed = new Map<string, CalculationView>();

  constructor(resources: Resources, book: Book | undefined) {
    this.book = book;
    this.resources = resources;
    this.#sources = {
      pack: (id) => this.pack(id),
      calendar: book === undefined ? resources.calendar() : workCalendar(book, resources),
      setting: (id) => (book === undefined ? undefined : ruleSetting(book, id).option),
    };
  }

  pack(id: string): AnyPack {
    const known = this.#packs.get(id);
    if (known !== undefined) return known;
    const pack = packInForce(this.resources, this.book, id);
    this.#packs.set(id, pack);
    return pack;
  }

  /** Why a rule is off; undefined: it is on. */
  off(rule: string): { readonly reason: string; readonly changedAt: string } | undefined {
    return this.book === undefined ? undefined : ruleOff(this.book, rule);
  }

  /** Refusals: `RULE_UNKNOWN`, `RULE_OFF` {rule, reason}, `RULE_INPUT`, `RULE_PACK_MISSING`. */
  run(id: string, input: unknown): CalculationView {
    const calculator = requireCalculator(id);
    const key = `${id} ${JSON.stringify(input)}`;
    const known = this.#computed.get(key);
    if (known !== undefined) return known;
    const off = this.off(calculator.rule);
    if (off !== undefined) throw new PortbookError('RULE_OFF', { rule: calculator.rule, reason: off.reason });
    const calculation = calculator.run(input, this.#sources);
    if (this.#computed.size >= rememberedRuns) this.#computed.clear();
    const view: CalculationView = {
      ...calculation,
      result: calculation.result as CalculationView['result'],
      steps: calculation.steps.map((step) => ({ ...step, inputs: { ...step.inputs } })),
      packs: [...calculation.packs],
      warnings: calculation.warnings.map((warning) => ({ ...warning, params: { ...warning.params } })),
    };
    this.#computed.set(key, view);
    return view;
  }
}

// Explaining ----------------------------------------------------------------------------------------------------------

/** Fields of what a calculator answers, in its own order. */
const outputs: Readonly<Record<string, readonly string[]>> = {
  T01: ['assessableRevenue', 'taxableIncome', 'smallLowProfit', 'taxPayable', 'reduction'],
  T01compare: [
    'assessableRevenue',
    'deemedTaxableIncome',
    'deemedSmallLowProfit',
    'deemedTax',
    'bookProfit',
    'actualTaxableIncome',
    'actualSmallLowProfit',
    'actualTax',
    'difference',
    'better',
  ],
  T02: ['taxPayable', 'reduction'],
  T03: ['cumulativeTax', 'cumulativeReduction', 'dueThisPeriod', 'dueBy', 'settleBy'],
  T03avg: ['average'],
  T04: ['status', 'missing'],
  T04month: ['shipments', 'months'],
  T05: ['regime', 'nextRule', 'reasons', 'pending'],
  T06: ['vatRefund', 'vatToCost', 'consumptionTaxRefund', 'remainingQuantity', 'lines'],
  T07: [
    'nonDeductibleReduction',
    'nonDeductible',
    'vatPayableOrCarry',
    'exemptCreditRefundReduction',
    'exemptCreditRefundAmount',
    'refund',
    'exemptCredit',
    'carryForward',
    'vatPayable',
  ],
  T08: ['plannedRatio', 'bondedMaterial', 'actualRatio', 'adjustment'],
  T09: ['rate', 'outputVat', 'inputVatReversal', 'vatPayable', 'lateDays', 'lateFee'],
  T10: ['action', 'reverse', 'redeclare', 'net'],
  T10win: ['windowStart', 'windowEnd'],
  T10fifo: ['lines'],
  T11: ['normalFrom', 'normalTo', 'hardLimit', 'deemedDomesticSaleDate', 'receiptBy', 'receiptState', 'reminders'],
  T12: ['fob', 'fobCny', 'itemFob'],
  T12fx: ['rateDate', 'rate'],
  T13: ['workingDays', 'expectedOn'],
  T14: ['mode', 'dutiableValue', 'duty', 'consumptionTax', 'vat', 'total', 'annualUsedAfter'],
  T14rate: ['compositeRate'],
  T15: ['applyBy', 'arriveBy', 'taxWindowFrom', 'taxWindowTo', 'returnAccepted', 'reasons'],
  T16: ['dutiableValue', 'duty', 'rate', 'antiDumpingDuty'],
  T17: ['testPricePerCarton', 'rate', 'tons', 'unit', 'consumptionTax'],
  T18: ['duty', 'consumptionTax', 'compositePrice', 'vat'],
  T19: ['dutiableValue', 'duty'],
  T20: ['startDate', 'days', 'fee'],
  T21: ['deadline', 'days', 'surcharge'],
  T21interest: ['interest'],
  T22: ['assessed', 'payable', 'withinLimit'],
  T23: ['base', 'urban', 'edu', 'localEdu', 'total'],
  T24: ['stampTax'],
  T25: ['lastDay', 'eligible', 'reasons', 'fallback', 'fallbackLastDay'],
  T26: ['valueAddedRatio', 'dutyExempt', 'reasons'],
  T27: [
    'selfExportRevenue',
    'entrustedExportRevenue',
    'agencyFeeRevenue',
    'treatedAsSelfExport',
    'agentExports',
    'unnamedDeclarations',
  ],
  T28: ['rows', 'total'],
  F01: ['declareBy', 'largeCheck', 'state'],
  F02: ['code', 'name', 'others', 'direction', 'bonded', 'remark'],
  F03: ['status', 'warn', 'agency', 'changeBy'],
  F05: [
    'totalDifference',
    'differenceRate',
    'fundsGoodsRatio',
    'creditRatio',
    'breached',
    'farBeyond',
    'onEnd',
    'onSiteCheckRisk',
    'reasons',
  ],
  F05rate: ['differenceRate'],
  F06: ['gapDays', 'mustReport', 'reportBy', 'state'],
  F07: ['actualReceipt', 'actualCode', 'restored'],
  F08: ['countedUsd', 'outsideUsd', 'usedAfterUsd', 'remainingUsd', 'status'],
  F09: ['passed', 'reasons'],
  F10: ['closingFc', 'closingCny', 'cnyReceived', 'cnyPaid', 'bookCny', 'gain'],
  F12: ['receipts', 'declarations', 'allocations'],
  C01: ['recommended', 'listMode', 'hsDigits', 'summaryDeclaration', 'missing', 'modes'],
  C02: ['declarations', 'items', 'itemTotals', 'applications', 'statistics', 'deadline'],
  C04: ['listMode', 'hsDigits', 'summaryDeclaration'],
};

/** What a calculator answers, with labels: those listed, else what its texts name of its steps. */
export function ruleOutputs(calculator: Calculator): { name: string; label: Bilingual }[] {
  return (outputs[calculator.id] ?? []).map((name) => {
    const label = ruleText(`result.${name}`, calculator.id);
    return { name, label: label.zh === `result.${name}` ? ruleText(`step.${name}`, calculator.id) : label };
  });
}

/** A schema without what only says that a value may be left out, or brings other spellings to one. */
function bare(schema: unknown): { readonly schema: unknown; readonly optional: boolean } {
  let [at, optional] = [schema, false];
  while (
    at instanceof z.ZodOptional ||
    at instanceof z.ZodDefault ||
    (at instanceof z.ZodPipe && at.in instanceof z.ZodTransform)
  ) {
    if (at instanceof z.ZodPipe) at = at.out;
    else {
      optional = true;
      at = at.unwrap();
    }
  }
  return { schema: at, optional };
}

const accepts = (schema: unknown, value: unknown): boolean =>
  schema instanceof z.ZodType && schema.safeParse(value).success;

/** What can be typed into a field, found by what its schema takes. */
function kindOf(schema: unknown): Pick<RuleInput, 'kind' | 'options'> {
  if (schema instanceof z.ZodBoolean) return { kind: 'boolean' };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', options: schema.options.map(String) };
  if (schema instanceof z.ZodLiteral) return { kind: 'choice', options: [...schema.values].map(String) };
  if (accepts(schema, '2026-01-31') && !accepts(schema, '0.5') && !accepts(schema, 'x')) return { kind: 'date' };
  if (accepts(schema, '0.5') && !accepts(schema, 'x')) return { kind: 'figure' };
  if (accepts(schema, 2026) || accepts(schema, 1)) return { kind: 'whole' };
  return { kind: accepts(schema, 'x') ? 'text' : 'other' };
}

function fieldOf(name: string, given: unknown, calculator: string): RuleInput {
  const { schema, optional } = bare(given);
  const own = ruleText(`input.${name}`, calculator);
  const label = own.zh === `input.${name}` ? ruleText(`step.${name}`, calculator) : own;
  const common = { name, label: label.zh === `step.${name}` ? { zh: name, en: name } : label, required: !optional };
  if (schema instanceof z.ZodArray) {
    const { schema: element } = bare(schema.element);
    const fields = element instanceof z.ZodObject ? fieldsOf(element, calculator) : [];
    return { ...common, kind: 'list', ...(fields.length === 0 ? {} : { fields }) };
  }
  if (schema instanceof z.ZodObject) return { ...common, kind: 'group', fields: fieldsOf(schema, calculator) };
  return { ...common, ...kindOf(schema) };
}

function fieldsOf(schema: unknown, calculator: string): RuleInput[] {
  const { schema: inner } = bare(schema);
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape).map(([name, one]) => fieldOf(name, one, calculator));
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return [];
  // One of several shapes: a field is required where every shape requires it; choices add up.
  const shapes = inner.options.map((option) => fieldsOf(option, calculator));
  const merged = new Map<string, RuleInput>();
  for (const field of shapes.flat()) {
    const before = merged.get(field.name);
    const options = [...new Set([...(before?.options ?? []), ...(field.options ?? [])])];
    merged.set(field.name, {
      ...(before ?? field),
      required: shapes.every((shape) => shape.some(({ name, required }) => name === field.name && required)),
      ...(options.length === 0 ? {} : { options }),
    });
  }
  return [...merged.values()];
}

/** The input of a calculator as a form shows it. */
export function ruleInputs(calculator: Calculator): RuleInput[] {
  return fieldsOf(calculator.input, calculator.id);
}

/** A line of the list of rules. */
export function ruleRow(rules: Rules, calculator: Calculator) {
  const off = rules.off(calculator.rule);
  return {
    id: calculator.id,
    rule: calculator.rule,
    area: areaOf(calculator),
    title: ruleText(`calculator.${calculator.id}`, calculator.id),
    source: calculator.source,
    inForceFrom: calculator.inForceFrom,
    packs: calculator.packs.map((id) => {
      const pack = rules.pack(id);
      return {
        id,
        title: { zh: pack.titleZh, en: pack.titleEn },
        versions: pack.versions.map(({ inForceFrom, inForceTo }) => ({ inForceFrom, inForceTo })),
        changed: rules.book !== undefined && firmPack(rules.book, id) !== undefined,
      };
    }),
    settings: calculator.settings.map(({ id }) => id),
    ...(off === undefined ? {} : { off }),
  };
}

/** Every pack once, with the calculators (or the part of the program, by the pack's own id) that read it. */
export function packRows(rules: Rules) {
  return [...packIds].sort().map((id) => {
    const pack = rules.pack(id);
    return {
      id,
      title: { zh: pack.titleZh, en: pack.titleEn },
      versions: pack.versions.map(({ inForceFrom, inForceTo }) => ({ inForceFrom, inForceTo })),
      changed: rules.book !== undefined && firmPack(rules.book, id) !== undefined,
      usedBy: usersOf(id),
    };
  });
}

/** Ids of the calculators that read a pack; of a pack of the program its own id. */
export function usersOf(id: string): string[] {
  return Object.hasOwn(programPacks, id)
    ? [id]
    : calculators.filter(({ packs }) => packs.includes(id)).map((calculator) => calculator.id);
}

/** Whether a firm may have its own version. */
export function isPackEditable(id: string): boolean {
  return programPacks[id]?.isEditable ?? true;
}

export function packView(pack: AnyPack, changed: { readonly reason: string; readonly changedAt: string } | undefined) {
  return {
    id: pack.id,
    title: { zh: pack.titleZh, en: pack.titleEn },
    source: pack.source,
    versions: pack.versions,
    ...(changed === undefined ? {} : { changed: { reason: changed.reason, changedAt: changed.changedAt } }),
  };
}

export function settingView(rules: Rules, setting: RuleSetting) {
  const owner = calculators.find(({ settings }) => settings.some(({ id }) => id === setting.id))?.id;
  const stored = rules.book === undefined ? undefined : ruleSetting(rules.book, setting.id);
  return {
    id: setting.id,
    rule: setting.rule,
    title: ruleText(`setting.${setting.id}`, owner),
    options: setting.options.map((id) => ({ id, title: ruleText(`setting.${setting.id}.${id}`, owner) })),
    chosen: setting.options.find((id) => id === stored?.option) ?? setting.options[0],
    reason: stored?.reason ?? '',
  };
}
