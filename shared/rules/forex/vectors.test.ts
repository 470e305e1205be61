/** Worked examples of the forex rules, where they lie beside the repository, and a text for everything the calculators say. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Num } from '../figures.ts';
import { runner } from '../tax/import/sources.testing.ts';
import { forexCalculators, forexPackSchemas } from './index.ts';
import en from './texts.en.json' with { type: 'json' };
import zh from './texts.zh-CN.json' with { type: 'json' };

const root = new URL('../../../', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const run = runner(forexCalculators, (path) => read(`resources/${path}`));
const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'zh-CN': zh, en };

const vectorSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    calculator: z.string(),
    input: z.record(z.string(), z.unknown()),
    expected: z.record(z.string(), z.unknown()),
    tolerance: z.string(),
  }),
);
/** They are not part of the project. */
const folder = new URL('../shared/domain/vectors/', root);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^F\d+\.json$/.test(name)) : [];
const vectors = files.flatMap((name) => vectorSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));

/** Figures agree within the tolerance, everything else exactly, item by item. */
function expectClose(actual: unknown, expected: unknown, tolerance: string, at: string): void {
  if (typeof expected === 'string' && /^-?\d+\.\d+$/.test(expected)) {
    expect(typeof actual, at).toBe('string');
    expect(new Num(String(actual)).minus(expected).abs().lte(tolerance), `${at}: ${String(actual)}`).toBe(true);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual ?? {}).sort(), at).toEqual(Object.keys(expected).sort());
    for (const [name, one] of Object.entries(expected))
      expectClose((actual as Readonly<Record<string, unknown>>)[name], one, tolerance, `${at}.${name}`);
  } else expect(actual, at).toBe(expected);
}

describe('worked examples of the forex rules', () => {
  if (vectors.length === 0) it.skip('skipped: the worked examples are not beside the repository', () => undefined);
  // Nothing is answered that was not asked for: the names are held together too.
  for (const one of vectors)
    it(`${one.id} ${one.title}`, () =>
      expectClose(run(one.calculator, one.input).result, one.expected, one.tolerance, one.id));
});

describe('the list of calculators', () => {
  it('has each id once', () => {
    expect(new Set(forexCalculators.map(({ id }) => id)).size).toBe(forexCalculators.length);
  });
  it('names packs that exist under their own name, with versions that say where they are from', () => {
    for (const id of new Set(forexCalculators.flatMap(({ packs }) => packs))) {
      const pack = read(`resources/rules/${id}.json`) as { id: string; versions: { source: string }[] };
      expect(pack.id).toBe(id);
      expect(forexPackSchemas[id]?.safeParse(pack).error, id).toBeUndefined();
      for (const { source } of pack.versions) expect(source, id).not.toBe('');
    }
  });
  it.each(forexCalculators.map(({ id }) => id))('%s refuses a name it does not know', (id) => {
    expect(() => run(id, { misspelt: '1' })).toThrowError(expect.objectContaining({ code: 'RULE_INPUT' }));
  });
});

/** Names of the fields of an input, with the options of those that have some; through lists, groups and shapes. */
function fieldsOf(type: unknown, found: Set<string> = new Set(), name = ''): Set<string> {
  if (type instanceof z.ZodObject)
    for (const [field, one] of Object.entries(type.shape as Record<string, unknown>)) {
      found.add(`input.${field}`);
      fieldsOf(one, found, field);
    }
  else if (type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault)
    fieldsOf(type.unwrap(), found, name);
  else if (type instanceof z.ZodDiscriminatedUnion) for (const one of type.options) fieldsOf(one, found, name);
  else if (type instanceof z.ZodArray) fieldsOf(type.element, found, name);
  else if (type instanceof z.ZodPipe && type.in instanceof z.ZodTransform) fieldsOf(type.out, found, name);
  else if (type instanceof z.ZodEnum) for (const option of type.options) found.add(`input.${name}.${String(option)}`);
  return found;
}

/** Fields that hold what the user has typed. */
const isNamed = new Set(['code', 'currency', 'id', 'receipt', 'declaration']);

/** Names and codes of a result; a code is upper case. */
function keysOf(value: unknown, found: Set<string> = new Set(), name = ''): Set<string> {
  if (Array.isArray(value)) for (const one of value) keysOf(one, found, name);
  else if (typeof value === 'object' && value !== null)
    for (const [inner, one] of Object.entries(value)) {
      found.add(`result.${inner}`);
      keysOf(one, found, inner);
    }
  else if (typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,}$/.test(value) && !isNamed.has(name))
    found.add(`reason.${value}`);
  return found;
}

/** Names of terms in a formula; the screen puts words in their place. */
function termsOf(formula: string): string[] {
  return (formula.match(/[A-Za-z][A-Za-z0-9]*/g) ?? []).filter((name) => name !== 'max');
}

function expectTexts(keys: Iterable<string>): void {
  const missing = [...keys].flatMap((key) =>
    Object.entries(texts)
      .filter(([, own]) => key.split(' or ').every((one) => (own[one] ?? '') === ''))
      .map(([language]) => `${language} ${key}`),
  );
  expect(missing).toEqual([]);
}

const order = { orderNo: 'A1', amount: '100', currency: 'USD', buyer: 'Ann', goods: '衬衫', quantity: '2' };
const flows = { imports: '0', exports: '200000', receipts: '900000', payments: '0', creditBalance: '400000' };
/** What the worked examples leave unsaid. */
const moreSaid: readonly (readonly [string, object])[] = [
  ['F01', { creditedOn: '2026-03-02', amountUsd: '30000000.01', asOf: '2026-03-20', declarationNo: '12' }],
  ['F01', { creditedOn: '2026-03-02', declaredOn: '2026-03-20' }],
  ['F01', { creditedOn: '2026-03-02', declaredOn: '2026-03-03' }],
  ['F01', { creditedOn: '2039-12-30', asOf: '2039-12-30', kind: 'other' }],
  ['F02', { mode: '1210', route: 'list', bankCode: '122010', refund: true }],
  ['F02', { mode: '1039', route: 'list', advance: true }],
  [
    'F03',
    { smallCbec: false, byElectronicInfo: true, paymentsUsdYtd: '1', asOf: '2023-01-01', changedOn: '2023-02-01' },
  ],
  ['F03', { smallCbec: false, byElectronicInfo: true, paymentsUsdYtd: '1', asOf: '2026-01-01', subject: 'soleTrader' }],
  ['F03', { smallCbec: true, byElectronicInfo: true, paymentsUsdYtd: '1', registered: true }],
  ['F05', { ...flows, history: [flows, flows, flows] }],
  ['F05', { imports: '0', exports: '0', receipts: '0', payments: '0', creditBalance: '0' }],
  ...['2026-02-01', '2026-04-01'].map(
    (day) =>
      [
        'F06',
        {
          class: 'C',
          kind: 'offshore',
          baseDate: '2026-01-01',
          expectedDate: '2026-06-01',
          amountUsd: '500001',
          asOf: day,
        },
      ] as const,
  ),
  ...['2026-01-03', '2026-04-01'].map(
    (day) =>
      [
        'F06',
        { class: 'B', kind: 'prepay', baseDate: '2026-01-01', expectedDate: '2026-01-02', reportedOn: day },
      ] as const,
  ),
  [
    'F06',
    {
      class: 'A',
      kind: 'offshore',
      baseDate: '2026-01-01',
      expectedDate: '2026-04-01',
      amountUsd: '500000',
      asOf: '2026-02-01',
    },
  ],
  [
    'F07',
    {
      grossProceeds: '1',
      goodsCode: '121010',
      settledOn: '2026-01-01',
      fees: [
        { code: 'X', amount: '2', type: 'repair', payee: 'Y' },
        { code: 'X', amount: '2', type: 'tax', invoiceNo: '1' },
      ],
    },
  ],
  [
    'F07',
    { grossProceeds: '1', goodsCode: '1', settledOn: '2021-01-01', fees: [{ code: 'X', amount: '1', type: 'repair' }] },
  ],
  ['F08', { holder: 'individual', amountUsd: '60000', ownAccount: false }],
  ['F08', { holder: 'individual', amountUsd: '60000', proof: 'electronicInfo', settledOn: '2019-01-01' }],
  ['F08', { holder: 'individual', amountUsd: '100', proof: 'tradeProof' }],
  ['F08', { holder: 'individual', amountUsd: '100' }],
  ['F08', { holder: 'soleTrader', amountUsd: '100' }],
  ['F09', { order: { ...order, amount: '60000' } }],
  [
    'F09',
    {
      order,
      logistics: { orderNo: 'A2', goods: '裤子', quantity: '3' },
      payment: { orderNo: 'A2', amount: '120', currency: 'USD', payer: 'Bob' },
      receipt: { orderNo: 'A2', amount: '120', currency: 'USD', payer: 'Bob' },
    },
  ],
  [
    'F09',
    {
      order,
      logistics: { orderNo: 'A1' },
      payment: { orderNo: 'A1', amount: '100', currency: 'EUR' },
      receipt: { orderNo: 'A1', amount: '100', currency: 'EUR' },
    },
  ],
  [
    'F12',
    {
      receipts: [
        { id: 'R1', amount: '100', receivedOn: '2026-01-01' },
        { id: 'R2', amount: '100', receivedOn: '2027-06-01' },
        { id: 'R3', amount: '10' },
      ],
      declarations: [
        { id: 'D1', amount: '102', exportDate: '2026-01-01' },
        { id: 'D2', amount: '50', exportDate: '2026-01-01' },
        { id: 'D3', amount: '50', exportDate: '2024-01-01' },
        { id: 'D4', amount: '50', exportDate: '2026-01-01' },
      ],
      allocations: [
        { receipt: 'R1', declaration: 'D1', amount: '101' },
        { receipt: 'R2', declaration: 'D2', amount: '60' },
        { receipt: 'R2', declaration: 'D3', amount: '10' },
      ],
      asOf: '2026-06-01',
    },
  ],
  ['F10', { kind: 'revalue', balanceFc: '100', bookCny: '700', closing: '7.2', monetary: false }],
];

describe('texts', () => {
  it.each(forexCalculators.map((one) => [one.id, one] as const))('%s: title, inputs and settings', (id, one) => {
    expectTexts([
      `calculator.${id}`,
      ...fieldsOf(one.input),
      ...one.settings.flatMap((setting) => [
        `setting.${setting.id}`,
        ...setting.options.map((option) => `setting.${setting.id}.${option}`),
      ]),
    ]);
  });
  const said = [...vectors.map((one) => [one.calculator, one.input] as const), ...moreSaid];
  it.each(said.map(([id, input], at) => [`${at} ${id}`, id, input] as const))('example %s', (_, id, input) => {
    const { steps, warnings, result } = run(id, input);
    expectTexts([
      ...steps.flatMap((step) => [
        `step.${step.id}`,
        ...[...Object.keys(step.inputs), ...termsOf(step.formula)].map(
          (name) => `step.${name} or input.${name} or result.${name}`,
        ),
      ]),
      ...warnings.map(({ code }) => `warning.${code}`),
      ...keysOf(result),
    ]);
    // What a warning's text names is given.
    for (const { code, params } of warnings)
      for (const own of Object.values(texts))
        for (const [, name] of (own[`warning.${code}`] ?? '').matchAll(/\{(\w+)\}/g))
          expect(Object.keys(params), `${id} ${code}`).toContain(name);
  });
  it('are the same keys in both languages, in order', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    expect(Object.keys(zh)).toEqual([...Object.keys(zh)].sort());
  });
});
