/** Worked examples of the tax rules, where they lie beside the repository, and a text for everything the calculators say. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildCalendar, type HolidayFile } from '../../calendar/index.ts';
import type { Calculator, RuleSources } from '../calculator.ts';
import type { Calculation } from '../derivation.ts';
import { Num } from '../figures.ts';
import { calculatorById, taxCalculators } from './index.ts';
import { taxText } from './texts.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const calendar = buildCalendar(read('resources/calendar/cn-holidays.json') as HolidayFile);
const sources: RuleSources = {
  pack: (id) => read(`resources/rules/${id}.json`),
  calendar,
  setting: () => undefined,
};

const vectorSchema = z.array(
  z.object({
    id: z.string(),
    source: z.string(),
    sourceUrl: z.string(),
    title: z.string(),
    calculator: z.string(),
    input: z.record(z.string(), z.unknown()),
    expected: z.record(z.string(), z.unknown()),
    tolerance: z.string(),
  }),
);
const folder = new URL('../shared/domain/vectors/', root);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^T\d+\.json$/.test(name)) : [];
const vectors = files.flatMap((name) => vectorSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));

const isFigure = (value: unknown): value is string =>
  typeof value === 'string' && /^-?\d+(\.\d+)?(E[+-]?\d+)?$/i.test(value);

/** Figures agree within the tolerance, everything else exactly, item by item. */
function expectClose(actual: unknown, expected: unknown, tolerance: string, at: string): void {
  if (isFigure(expected)) {
    expect(isFigure(actual), `${at}: ${String(actual)}`).toBe(true);
    const gap = new Num(String(actual)).minus(expected).abs();
    expect(gap.lte(tolerance), `${at}: ${String(actual)} for ${expected}`).toBe(true);
  } else if (Array.isArray(expected)) {
    expect(Array.isArray(actual) ? actual.length : undefined, at).toBe(expected.length);
    for (const [index, one] of expected.entries())
      expectClose((actual as unknown[])[index], one, tolerance, `${at}[${index}]`);
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [name, one] of Object.entries(expected))
      expectClose((actual as Record<string, unknown>)[name], one, tolerance, `${at}.${name}`);
  } else expect(actual, at).toBe(expected);
}

describe('worked examples of the tax rules', () => {
  if (vectors.length === 0) it.skip('the worked examples are not beside the repository', () => undefined);
  for (const vector of vectors)
    it(`${vector.id} ${vector.title} (${vector.source}${vector.sourceUrl === '' ? '' : ` ${vector.sourceUrl}`})`, () => {
      const { result } = calculatorById(vector.calculator).run(vector.input, sources);
      expectClose(result, vector.expected, vector.tolerance, vector.id);
      // Nothing is answered that was not asked for.
      expect(Object.keys(result).sort()).toEqual(Object.keys(vector.expected).sort());
    });
});

describe('the list of calculators', () => {
  it('has each id once and finds it', () => {
    expect(new Set(taxCalculators.map((one) => one.id)).size).toBe(taxCalculators.length);
    for (const one of taxCalculators) expect(calculatorById(one.id)).toBe(one);
    expect(() => calculatorById('T99')).toThrowError(expect.objectContaining({ code: 'CALCULATOR_UNKNOWN' }));
  });

  it('names packs that exist under their own name', () => {
    for (const id of new Set(taxCalculators.flatMap((one) => one.packs)))
      expect((read(`resources/rules/${id}.json`) as { id: string }).id).toBe(id);
  });

  it.each(taxCalculators.map((one) => [one.id, one] as const))('%s refuses a name it does not know', (_, one) => {
    expect(() => one.run({ misspelt: '1' }, sources)).toThrowError(expect.objectContaining({ code: 'RULE_INPUT' }));
  });
});

describe('other names of inputs', () => {
  const aliased = taxCalculators.filter(({ aliases }) => aliases !== undefined);
  it.each(aliased.map((one) => [one.id, one] as const))('%s: each means one input that there is', (_, one) => {
    const fold = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, '');
    const known = one.input instanceof z.ZodObject ? Object.keys(one.input.shape) : [];
    const names = Object.entries(one.aliases?.names ?? {});
    const words = Object.entries(one.aliases?.words ?? {});
    expect(known).toEqual(expect.arrayContaining([...names, ...words].map(([name]) => name)));
    const all = [...known, ...names.flatMap(([, others]) => others)].map(fold);
    expect(all.filter((text, at) => all.indexOf(text) !== at)).toEqual([]);
    for (const [name, options] of words) {
      const said = Object.entries(options).flatMap(([option, others]) => [option, ...others]);
      const unlike = said.map(fold).filter((text, at, folded) => folded.indexOf(text) !== at);
      expect(unlike, name).toEqual([]);
    }
  });
});

/** Names of the fields of an input, with the options of those that have some; through lists and optional fields. */
function fieldsOf(type: unknown, found: Set<string> = new Set()): Set<string> {
  if (type instanceof z.ZodObject)
    for (const [name, field] of Object.entries(type.shape as Record<string, unknown>)) {
      found.add(`input.${name}`);
      for (const option of optionsOf(field)) found.add(`input.${name}.${option}`);
      fieldsOf(field, found);
    }
  else if (type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault)
    fieldsOf(type.unwrap(), found);
  else if (type instanceof z.ZodArray) fieldsOf(type.element, found);
  else if (type instanceof z.ZodPipe) fieldsOf(type.in, found);
  return found;
}
function optionsOf(type: unknown): readonly string[] {
  if (type instanceof z.ZodEnum) return type.options.map(String);
  if (type instanceof z.ZodOptional) return optionsOf(type.unwrap());
  if (type instanceof z.ZodArray) return optionsOf(type.element);
  return [];
}

/** What a calculation says besides figures; a code has a text of its own or one of the result it stands in. */
function keysOf(calculation: Calculation): Set<string> {
  const keys = new Set<string>();
  for (const step of calculation.steps) keys.add(`step.${step.id}`);
  for (const warning of calculation.warnings) keys.add(`warning.${warning.code}`);
  const walk = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, name);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, one] of Object.entries(value)) {
        keys.add(`result.${inner}`);
        walk(one, inner);
      }
    else if (typeof value === 'string' && /^[A-Z][A-Z0-9_]{2,}$/.test(value))
      keys.add(`reason.${value} or result.${name}.${value}`);
  };
  walk(calculation.result, '');
  return keys;
}

function expectTexts(one: Calculator, keys: Iterable<string>): void {
  const missing: string[] = [];
  for (const key of keys)
    for (const language of ['zh-CN', 'en'] as const)
      if (key.split(' or ').every((each) => (taxText(each, language, one.id) ?? '') === ''))
        missing.push(`${language} ${key}`);
  expect(missing, one.id).toEqual([]);
}

const exemptFacts = {
  mode: '9710',
  zoneRegistered: false,
  logged: ['unit'],
  zoneDeclared: false,
  cancelledList: true,
  hasVoucher: true,
};
const taxed = { sellerKind: 'trading', exportDate: '2026-01-05', evidence: 'none' };

/** What the worked examples leave unsaid. */
const moreSaid: readonly (readonly [string, unknown])[] = [
  [
    'T01',
    {
      year: 2026,
      grossRevenue: '70000000',
      enterprise: false,
      mixedInvoices: true,
      hainanEncouraged: true,
      exemptRevenue: '1',
    },
  ],
  ['T01', { year: 2026, grossRevenue: '1', nonTaxableRevenue: '2' }],
  ['T01', { year: 2026, grossRevenue: '76000000', employees: '1', totalAssets: '1' }],
  ['T01compare', { year: 2026, grossRevenue: '100', costs: '200', lossCarriedForward: '3' }],
  [
    'T03',
    {
      year: 2026,
      quarter: 4,
      grossRevenue: '100',
      alreadyPrepaid: '5',
      employeeQuarters: [
        ['1', '2'],
        ['1', '2'],
        ['1', '2'],
        ['1', '2'],
      ],
      assetQuarters: [['1', '2']],
    },
  ],
  [
    'T27',
    {
      periodFrom: '2026-01-01',
      periodTo: '2026-03-31',
      rows: [
        { declarationNo: '1', exportDate: '2026-01-01', method: 'agent', amountCny: '1' },
        { declarationNo: '2', exportDate: '2026-04-01', method: 'self', amountCny: '1' },
        {
          declarationNo: '3',
          exportDate: '2026-02-01',
          method: 'agent',
          amountCny: '1',
          principalName: '某某制造有限公司',
          principalCreditCode: '91350100M000100Y43',
        },
      ],
    },
  ],
  ['T04', { exportDate: '2026-01-05', ...exemptFacts }],
  [
    'T04month',
    {
      shipments: [
        {
          id: '1',
          exportDate: '2026-01-05',
          amountCny: '1',
          mode: '9610',
          zoneRegistered: true,
          logged: ['exportDate', 'goodsName', 'unit', 'quantity', 'unitPrice', 'amount'],
          zoneDeclared: true,
          cancelledList: false,
          hasVoucher: false,
        },
      ],
    },
  ],
  ['T05', { ...taxed, zoneExemption: exemptFacts }],
  ['T05', { ...taxed, evidence: 'specialInvoice', departed: false, booked: false, soldAbroad: false }],
  ['T05', { ...taxed, exportDate: '2025-01-05', receiptCollected: false }],
  ['T05', { ...taxed, waiver: 'refund', waivedFrom: '2026-01-01', domesticallyExempt: true }],
  ['T05', { ...taxed, sellerKind: 'producer', selfProduced: false }],
  ['T05', { ...taxed, asOf: '2030-01-01' }],
  [
    'T06',
    {
      lines: [
        {
          purchaseAmount: '100',
          invoiceTaxRate: '0.13',
          inputVat: '1',
          refundRate: '0.13',
          invoiceQuantity: '10',
          usedQuantity: '4',
          consRate: '0.1',
          consSpecific: '1',
        },
      ],
    },
  ],
  [
    'T07',
    {
      fobCny: '100',
      taxRate: '0.13',
      refundRate: '0.1',
      plannedImport: '3',
      plannedExport: '1',
      domesticOutputVat: '0',
      inputVat: '1',
      openingCarry: '0',
      refundReductionBrought: '1',
    },
  ],
  ['T06', { purchaseAmount: '100', refundRate: '0.13', consumptionTax: '5', invoiceQuantity: '2', usedQuantity: '1' }],
  ['T06', { purchaseAmount: '100', refundRate: '0.13', inputVat: '13', consumptionTax: '5', consRate: '0.1' }],
  ['T08', { processingFobCny: '1', plannedRatio: '0.5', actualImport: '1', actualExport: '2' }],
  [
    'T09',
    {
      taxpayer: 'general',
      fobCny: '1',
      rate: '0.13',
      costedNonDeductible: '0',
      domesticallyExempt: true,
      dueOn: '2026-01-01',
      paidOn: '2026-01-02',
    },
  ],
  ['T10', { preRefund: '1', status: 'partial', quantity: '2', soldQuantity: '1' }],
  [
    'T10',
    {
      preRefund: '1',
      status: 'sold',
      actualRefund: '1',
      separated: false,
      preRefundCompleted: '2025-02-13',
      asOf: '2027-01-01',
    },
  ],
  ['T10win', { preRefundCompleted: '2025-02-13' }],
  [
    'T10fifo',
    {
      asOf: '2026-01-01',
      lines: [{ id: '1', exportDate: '2025-12-01', quantity: '1', preRefund: '1' }],
      sales: [{ saleDate: '2026-01-01', soldQuantity: '2' }],
    },
  ],
  ['T11', { exportDate: '2027-01-05', contractReceiptDate: '2028-06-01', asOf: '2030-01-01' }],
  ['T11', { exportDate: '2026-01-05', asOf: '2029-01-04', receivedOn: '2028-01-01' }],
  ['T11', { exportDate: '2026-01-05', deemedReceived: true, declaredOn: '2028-01-01' }],
  ['T12', { term: 'CIF', amount: '100', insRate: '0.003', rate: '7', items: ['100'] }],
  ['T12', { term: 'CIF', amount: '100' }],
  ['T12', { term: 'CIF', amount: '100', insurance: '1', insRate: '0.003', markup: '0.1' }],
  ['T03', { year: 2027, quarter: 1, cumulativeTaxableIncome: '-100' }],
  ['T16', { term: 'CFR', amount: '100', adRate: '0.1', qty: '1', insurance: '1', insRate: '0.003' }],
  ['T17', { kind: 'beer', qty: '2', valueUsd: '700', unit: '260', dutyRate: '0.1' }],
  ['T17', { dutiableValue: '100', dutyRate: '0.1', rate: '0.1', qty: '1' }],
  ['T19', { term: 'CIF', amount: '100', freight: '1', insRate: '0.003', rate: '0.1' }],
  ['T19', { term: 'CIF', amount: '100', freight: '1', insRate: '0.003', markup: '0.1', rate: '0.1' }],
  ['T21', { issued: '2026-11-06', deadline: '2026-11-30', paid: '2026-12-30', taxes: { duty: '100000' } }],
  [
    'T12fx',
    {
      saleDate: '2025-06-10',
      method: 'monthFirst',
      rates: { '2025-06-03': '7' },
      previousMethod: 'sameDay',
      previousMethodFrom: '2025-01-01',
    },
  ],
  ['T13', { acceptedOn: '2026-12-30', refundClass: '3' }],
  ['T25', { exportDate: '2026-01-05', returnDate: '2026-02-05', mode: '9610', reason: '退货' }],
  ['T25', { exportDate: '2026-01-05', returnDate: '2026-08-05', mode: '0110', reason: '维修', defect: true }],
  [
    'T28',
    {
      periodTo: '2026-03-31',
      rows: [
        {
          id: '1',
          platformGross: '100',
          declaredRevenue: '90',
          customsFob: '80',
          adjustments: [{ leg: 'declared', code: 'FX', signedAmount: '-1' }],
        },
      ],
    },
  ],
];

describe('texts', () => {
  it.each(taxCalculators.map((one) => [one.id, one] as const))('%s: title, inputs and settings', (id, one) => {
    expectTexts(one, [
      `calculator.${id}`,
      ...fieldsOf(one.input),
      ...one.settings.flatMap((setting) => [
        `setting.${setting.id}`,
        ...setting.options.map((option) => `setting.${setting.id}.${option}`),
      ]),
    ]);
  });

  for (const vector of vectors)
    it(`${vector.id}: steps, results and warnings`, () => {
      const one = calculatorById(vector.calculator);
      expectTexts(one, keysOf(one.run(vector.input, sources)));
    });

  it.each(moreSaid.map(([id, input], at) => [`${at} ${id}`, id, input] as const))('example %s', (_, id, input) => {
    const one = calculatorById(id);
    const calculation = one.run(input, sources);
    expectTexts(one, keysOf(calculation));
    for (const step of calculation.steps)
      expectTexts(
        one,
        Object.keys(step.inputs).map((name) => `step.${name} or input.${name} or result.${name} or term.${name}`),
      );
  });
});
