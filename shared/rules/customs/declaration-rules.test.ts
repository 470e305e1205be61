/** Every rule of the goods declaration: a sound one passes, one change trips it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { B2B_PAPER, CHINA, CHINA_NUMBER, KILOGRAM } from '../../drafting/codes.ts';
import { buildTable } from '../../tables/index.ts';
import { type Body, orderOf, papers, second, sound, trips } from './declaration-cases.testing.ts';
import {
  type BookFacts,
  checkMessage,
  customsPackSchema,
  declarationPackSchema,
  declarationRules,
  messageCheckPackSchema,
  ruleTexts,
  textOfFinding,
} from './index.ts';

const json = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${name}.json`, import.meta.url), 'utf8'));
const parameters = messageCheckPackSchema.parse(json('rules/customs-checks')).versions[0]?.parameters;
const declaration = declarationPackSchema.parse(json('rules/customs-declaration')).versions[0]?.parameters;
if (parameters === undefined || declaration === undefined) throw new Error('no pack');
function run(change: (body: Body) => unknown = () => undefined, facts: BookFacts = {}) {
  const body = sound();
  change(body);
  return checkMessage({
    ...{
      message: 'DecMessage',
      body,
      tables: new Map(),
      borrowed: { declaration: declaration ?? ({} as never) },
      vagueGoods: ['礼品'],
      facts,
    },
    parameters: parameters ?? ({} as never),
  });
}
describe('the codes and terms of the pack', () => {
  const isIn = (id: string, code: string) =>
    buildTable(json(`tables/${id}`) as Parameters<typeof buildTable>[0]).lookup(code);
  it('stand in the tables of codes, and are those that drafts write', () => {
    const { b2bPaper, weightUnit, ownCountry, termFees } = declaration;
    expect(isIn('edoc', b2bPaper)).toMatchObject({ zh: '跨境B2B出口单证' });
    expect(isIn('unit', weightUnit)).toMatchObject({ zh: '千克' });
    expect(isIn('country_alpha3', ownCountry)).toMatchObject({ zh: '中国' });
    for (const code of Object.keys(termFees)) expect(isIn('trans_mode', code)).toBeDefined();
    expect([B2B_PAPER, KILOGRAM, CHINA]).toEqual([b2bPaper, weightUnit, ownCountry]);
    expect(isIn('country', CHINA_NUMBER)).toMatchObject({ zh: '中国' });
    for (const { parameters: list } of customsPackSchema.parse(json('rules/customs-9610')).versions)
      expect(list.homeCountry).toBe(CHINA_NUMBER);
  });
});
describe('the checks of a goods declaration', () => {
  it('let a sound one pass, and an empty one', () => {
    expect(run()).toEqual([]);
    const nothing = {
      message: 'DecMessage',
      body: {},
      tables: new Map(),
      borrowed: {},
      vagueGoods: [],
      facts: {},
    } as const;
    expect(checkMessage({ ...nothing, parameters })).toEqual([]);
  });
  it('are all tripped by something', () => {
    expect(Object.keys(trips).sort()).toEqual(declarationRules.map(({ id }) => id).sort());
  });
  it.each(Object.entries(trips))('%s trips', (id, [path, change, facts]) => {
    const found = run(change, facts).filter(({ rule }) => rule === id);
    expect(found.map((one) => one.path)).toEqual([path]);
    for (const finding of found)
      for (const language of ['zh-CN', 'en'] as const) {
        expect(textOfFinding(finding, language)?.message).not.toMatch(/[{}]/);
        for (const part of ['title', 'message', 'why', 'remedy'] as const)
          expect(ruleTexts[language][id]?.[part]).toMatch(/\S/);
      }
  });
  it('hold it against invoice and packing list, with the other declarations that these are of', () => {
    expect(run(undefined, papers({}))).toEqual([]);
    const twice = { amount: 10_000_000n, quantity: 800_000n, packages: 200_000n, gross: 800_000n, net: 600_000n };
    expect(run(undefined, papers(twice, [sound()]))).toEqual([]);
    expect(run(undefined, papers(twice)).map(({ rule }) => rule)).toHaveLength(5);
    // What was not typed says nothing, and units that differ make no sum.
    const nothing = { amount: undefined, packages: undefined, gross: undefined, net: undefined, currency: '' };
    expect(run(second({ GUnit: '011' }), papers({ ...nothing, quantity: 100_000n }))).toEqual([]);
  });
  it('hold it against the order that it names, and the goods against what the book knows', () => {
    expect(run(undefined, { document: () => orderOf('50') })).toEqual([]);
    const facts: BookFacts = {
      priceHistory: () => ({ points: 20, median: 100_000n }),
      lastDeclared: () => ({ gcode: '6911101900', gname: '瓷杯', unit: '011' }),
      pieceWeight: () => 10_000_000n,
    };
    const named = (body: Body) => {
      for (const line of body.DecList) Object.assign(line, { ExgNo: 'MUG', GName: '礼品' });
    };
    expect(run(named, facts).map(({ rule, path }) => `${rule} ${path}`)).toEqual(
      expect.arrayContaining([
        'M-PRICE-HISTORY DecList[1]/DeclPrice',
        'M-WEIGHT-PIECE DecHead/NetWt',
        'M-CODE-CHANGED DecList[1]/CodeTS',
        'M-NAME-CHANGED DecList[1]/GName',
        'M-UNIT-CHANGED DecList[1]/GUnit',
        'M-NAME-VAGUE DecList[1]/GName',
      ]),
    );
    // An item merged of several articles has the number of one of them: its price and weight are of all.
    const merged = run(named, { ...facts, isMerged: (item) => item === 0 }).map(({ rule, path }) => `${rule} ${path}`);
    expect(merged).not.toContain('M-PRICE-HISTORY DecList[1]/DeclPrice');
    expect(merged).toContain('M-PRICE-HISTORY DecList[2]/DeclPrice');
    expect(merged).not.toContain('M-WEIGHT-PIECE DecHead/NetWt');
  });
});
