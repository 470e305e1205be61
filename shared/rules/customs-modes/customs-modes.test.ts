/** Worked examples of C02 and C04, where they lie beside the repository; branches of the router; a text for all they say. */

import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Num } from '../figures.ts';
import { runner } from '../tax/import/sources.testing.ts';
import { customsCalculators, customsModePackSchemas } from './index.ts';
import { buyerKinds, type ModeFacts, modeDifferences, modesPackSchema, routeModes } from './router.ts';
import en from './texts.en.json' with { type: 'json' };
import zh from './texts.zh-CN.json' with { type: 'json' };

const root = new URL('../../../', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const run = runner(customsCalculators, (path) => read(`resources/${path}`));
const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'zh-CN': zh, en };
const pack = modesPackSchema.parse(read('resources/rules/customs-modes.json'));
const modesOn = (date: string) =>
  pack.versions.find((one) => one.inForceFrom <= date && (one.inForceTo === null || date <= one.inForceTo))?.parameters
    .modes ?? [];

const vectorSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    calculator: z.string(),
    input: z.record(z.string(), z.unknown()),
    expected: z.record(z.string(), z.unknown()),
  }),
);
/** They are not part of the project. */
const folder = new URL('../shared/domain/vectors/', root);
const vectors = ['C02.json', 'C04.json']
  .map((name) => new URL(name, folder))
  .filter((file) => existsSync(file))
  .flatMap((file) => vectorSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));

describe('worked examples of the customs rules', () => {
  if (vectors.length === 0) it.skip('skipped: the worked examples are not beside the repository', () => undefined);
  for (const one of vectors)
    it(`${one.id} ${one.title}`, () => expect(run(one.calculator, one.input).result).toEqual(one.expected));
});

describe('C02 汇总申报', () => {
  const line = {
    consignor: 'C1',
    transportMode: '5',
    producer: 'P1',
    arrivalCountry: 'USA',
    exitCustoms: '5141',
    destCountry: 'USA',
    hs10: '6109100021',
    currency: 'USD',
    qty: '1',
    amount: '10',
  };
  it('says which lists make which declaration, what is only counted, and the last day', () => {
    const { result, packs } = run('C02', {
      month: '2026-10',
      lines: [
        { ...line, list: 'L1' },
        { ...line, list: 'L2', exitCustoms: '5301' },
        { ...line, list: 'L3', statisticsOnly: true },
        { ...line, list: 'L1', hs10: '6912001000', amount: '2.5' },
      ],
    });
    expect(result).toMatchObject({
      declarations: 2,
      items: 3,
      itemTotals: ['10.00', '10.00', '2.50'],
      applications: [{ lists: ['L1'] }, { lists: ['L2'] }],
      statistics: ['L3'],
      // 15 November 2026 is a Sunday.
      deadline: '2026-11-16',
    });
    expect(packs.map((one) => one.pack)).toEqual(['customs-summary']);
  });
  it('keeps goods names apart when asked, and starts another declaration after 50 items', () => {
    const names = [
      { ...line, name: '杯' },
      { ...line, name: '碗' },
    ];
    expect(run('C02', { lines: names }).result).toMatchObject({ items: 1 });
    expect(run('C02', { lines: names, byName: true }).result).toMatchObject({ items: 2 });
    const many = Array.from({ length: 51 }, (_, at) => ({ ...line, hs10: String(6_000_000_000 + at) }));
    expect(run('C02', { lines: many }).result).toMatchObject({ declarations: 2, items: 51 });
  });
  it('never adds quantities of differing units', () => {
    const result = run('C02', {
      lines: [
        { ...line, unit: '011' },
        { ...line, unit: '035' },
      ],
    }).result;
    expect(result).toMatchObject({ declarations: 1, items: 2 });
  });
  it('keeps the total whatever the lines', () => {
    const some = fc.record({
      consignor: fc.constantFrom('C1', 'C2'),
      destCountry: fc.constantFrom('USA', 'GBR'),
      currency: fc.constantFrom('USD', 'EUR'),
      amount: fc.integer({ min: 0, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 30 }), (lines) => {
        const { result } = run('C02', {
          lines: lines.map((one) => ({ ...line, ...one, amount: new Num(one.amount).div(100).toFixed(2) })),
        });
        const totals = (result as unknown as { itemTotals: readonly string[] }).itemTotals;
        const sum = totals.reduce((all, one) => all.plus(one), new Num(0));
        expect(sum.times(100).toNumber()).toBe(lines.reduce((all, one) => all + one.amount, 0));
      }),
      { numRuns: 50 },
    );
  });
});

const retail: ModeFacts = {
  buyer: 'consumer',
  platformOrder: true,
  zoneGoods: false,
  ticketValueCny: new Num('300'),
  inZone: true,
  licence: false,
  inspection: false,
  exportDuty: false,
  refundClaimed: false,
};
const today = modesOn('2026-11-21');
const route = (facts: ModeFacts, modes = today) => routeModes(modes, facts);

describe('C01 监管方式', () => {
  it.each([
    ['consumer', '9610', true, 4, false],
    ['business', '9710', true, 6, false],
    ['warehouse', '9810', true, 6, false],
  ] as const)('%s goes by %s', (buyer, mode, listMode, hsDigits, summaryDeclaration) => {
    expect(route({ ...retail, buyer }).recommended).toMatchObject({ mode, listMode, hsDigits, summaryDeclaration });
  });
  it('takes goods out of a special zone to 1210, goods not ordered online to 0110', () => {
    expect(route({ ...retail, zoneGoods: true }).recommended).toMatchObject({ mode: '1210', hsDigits: 10 });
    expect(route({ ...retail, platformOrder: false }).recommended).toMatchObject({ mode: '0110', listMode: false });
  });
  it('asks for what it does not know and recommends nothing before', () => {
    expect(route({}).missing).toEqual(['buyer', 'platformOrder', 'zoneGoods']);
    expect(route({}).recommended).toBeUndefined();
    const some = { ...retail, ticketValueCny: undefined, licence: undefined };
    expect(route(some)).toMatchObject({
      recommended: { mode: '9610', hsDigits: null, summaryDeclaration: null },
      missing: ['ticketValueCny', 'licence'],
    });
    // One answer that decides makes the others needless.
    expect(route({ ...some, refundClaimed: true }).recommended).toMatchObject({
      hsDigits: 10,
      summaryDeclaration: true,
    });
  });
  it('says why the others do not fit', () => {
    const other = route(retail).options.find(({ mode }) => mode === '9810');
    expect(other).toMatchObject({ status: 'excluded' });
    expect(other?.fitReasons.filter(({ holds }) => holds === 'no').map(({ code }) => code)).toEqual(['BUYER']);
    expect(route(retail).options.find(({ mode }) => mode === '0110')?.status).toBe('possible');
  });
  it('follows the law of the day', () => {
    expect(modesOn('2020-06-30').map(({ mode }) => mode)).toEqual(['9610', '1210', '0110']);
    const b2b: ModeFacts = { ...retail, buyer: 'business', customsCode: '2200' };
    expect(route(b2b, modesOn('2020-08-31')).recommended?.mode).toBe('0110');
    expect(route(b2b, modesOn('2020-09-01')).recommended?.mode).toBe('9710');
    const warehouse: ModeFacts = { ...retail, buyer: 'warehouse' };
    expect(route(warehouse, modesOn('2024-12-14')).recommended?.rule.papers).toContain('warehouseFiling');
    expect(route(warehouse, today).recommended?.rule.papers).not.toContain('warehouseFiling');
    expect(route(retail, modesOn('2024-12-14')).recommended?.messages).toContain('CEB403Message');
    expect(route(retail, today).recommended?.messages).toEqual(['CEB303Message', 'CEB505Message', 'CEB603Message']);
  });
  it('tells what would change', () => {
    const { options, recommended } = route({ ...retail, ticketValueCny: new Num('6000') });
    const to = options.find(({ mode }) => mode === '0110');
    if (recommended === undefined || to === undefined) throw new Error('no option');
    expect(recommended).toMatchObject({ hsDigits: 10, summaryDeclaration: true });
    const changes = modeDifferences(recommended, to);
    expect(changes.map(({ aspect }) => aspect)).toEqual([
      'form',
      'summary',
      'messages',
      'fields',
      'papers',
      'deadlines',
      'tax',
    ]);
    expect(changes.find(({ aspect }) => aspect === 'form')).toEqual({
      aspect: 'form',
      without: ['true'],
      with: ['false'],
    });
    expect(modeDifferences(to, to)).toEqual([]);
  });
  it('never changes its mind when more is known', () => {
    const maybe = fc.constantFrom(true, false, undefined);
    const facts = fc.record({
      buyer: fc.constantFrom(...buyerKinds, undefined),
      platformOrder: maybe,
      zoneGoods: maybe,
      inZone: maybe,
      licence: maybe,
      inspection: maybe,
      exportDuty: maybe,
      refundClaimed: maybe,
      ticketValueCny: fc.constantFrom(new Num('5000'), new Num('5000.01'), undefined),
    });
    fc.assert(
      fc.property(facts, (some) => {
        const before = route(some);
        // Answers to everything left open.
        const whole: ModeFacts = Object.fromEntries(
          Object.entries({ ...retail, customsCode: '6407' }).map(([name, value]) => [
            name,
            (some as Readonly<Record<string, unknown>>)[name] ?? value,
          ]),
        );
        const after = route(whole);
        expect(after.missing).toEqual([]);
        expect(after.recommended).toBeDefined();
        if (before.recommended !== undefined) {
          expect(after.recommended?.mode).toBe(before.recommended.mode);
          if (before.recommended.listMode !== null)
            expect(after.recommended?.listMode).toBe(before.recommended.listMode);
          if (before.recommended.hsDigits !== null)
            expect(after.recommended?.hsDigits).toBe(before.recommended.hsDigits);
        }
      }),
    );
  });
});

describe('C02', () => {
  it('wants the whole commodity code and says how long a number may be', () => {
    const line = {
      ...{ consignor: 'A', transportMode: '5', producer: 'P', arrivalCountry: 'USA', exitCustoms: '6407' },
      ...{ destCountry: 'USA', hs10: '6109100021', currency: 'USD', qty: '1', amount: '10' },
    };
    const refused = (more: object, reason: RegExp) =>
      expect(() => run('C02', { lines: [{ ...line, ...more }] })).toThrowError(
        expect.objectContaining({
          code: 'RULE_INPUT',
          params: expect.objectContaining({ reason: expect.stringMatching(reason) }),
        }),
      );
    refused({ hs10: '6109' }, /10 位商品编码/);
    refused({ amount: '1'.repeat(21) }, /20 位/);
  });
});

describe('C04', () => {
  it('refuses a mode that was not there yet', () => {
    expect(() => run('C04', { mode: '9710', ticketValueCny: '1', exportDate: '2019-06-01' })).toThrowError(
      expect.objectContaining({ code: 'RULE_INPUT' }),
    );
  });
});

describe('packs and texts', () => {
  it('name packs that exist under their own name, with sources', () => {
    for (const id of new Set(customsCalculators.flatMap(({ packs }) => packs))) {
      const file = read(`resources/rules/${id}.json`) as { id: string; versions: { source: string }[] };
      expect(file.id).toBe(id);
      expect(customsModePackSchemas[id]?.safeParse(file).error, id).toBeUndefined();
      for (const { source } of file.versions) expect(source, id).not.toBe('');
    }
  });
  it.each(['zh-CN', 'en'])('%s has a text for everything said', (language) => {
    const own = texts[language] ?? {};
    const wanted = new Set<string>();
    for (const one of customsCalculators) wanted.add(`calculator.${one.id}`);
    for (const { parameters } of pack.versions)
      for (const { mode, fields, papers, deadlines, tax } of parameters.modes) {
        wanted.add(`mode.${mode}`);
        for (const name of fields) wanted.add(`field.${name}`);
        for (const name of papers) wanted.add(`paper.${name}`);
        for (const name of deadlines) wanted.add(`deadline.${name}`);
        for (const name of tax) wanted.add(`tax.${name}`);
        for (const option of route({}, parameters.modes).options)
          for (const { code } of [...option.fitReasons, ...option.listReasons, ...option.simplifiedReasons])
            wanted.add(`reason.${code}`);
      }
    for (const key of wanted) expect(own[key], key).toMatch(/\S/);
    expect(Object.keys(zh)).toEqual(Object.keys(en));
  });
});
