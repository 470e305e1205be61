import { describe, expect, it } from 'vitest';
import templates from '../../../resources/rules/listing-templates.json' with { type: 'json' };
import pack from '../../../resources/rules/region-modules.json' with { type: 'json' };
import { checkExtra, extraText, type RegionField, regionModule, regionModulesPack } from './modules.ts';

const shipped = regionModulesPack.parse(pack).versions[0]?.parameters.regions ?? [];
const field = (more: Partial<RegionField>): RegionField => ({
  ...{ id: 'a', on: 'listing', kind: 'text', title: { zh: '甲', en: 'A' }, hint: null, required: false, max: null },
  choices: [],
  ...more,
});
const [text, number, date] = (['text', 'number', 'date'] as const).map((kind) => field({ id: kind, kind }));
const choice = field({ id: 'choice', kind: 'choice', choices: [{ code: '1', title: { zh: '一级', en: 'First' } }] });

describe('modules of regions', () => {
  it('ship with the products that the plans name, and with no field nobody has published', () => {
    const known = new Set(templates.versions.at(-1)?.parameters.templates.map(({ id }) => id));
    const categories = shipped.flatMap((region) => region.categories);
    expect(categories.length).toBe(known.size);
    for (const { template } of categories) expect(known.has(template ?? '')).toBe(true);
    expect(shipped.flatMap((region) => region.fields)).toEqual([]);
  });

  it('speak for a division by its leading digits, the province before the county', () => {
    const names = (division: string) => regionModule(shipped, division, 'listing').regions.map(({ title }) => title.zh);
    expect(names('469005')).toEqual(['海南省', '文昌市']);
    expect(names('440982')).toEqual(['茂名市']);
    expect(names('110101')).toEqual([]);
    expect(names('')).toEqual([]);
    expect(regionModule(shipped, '440982', 'listing').categories.map(({ title }) => title.zh)).toEqual([
      '荔枝',
      '龙眼',
      '罗非鱼',
      '对虾',
    ]);
    expect(regionModule(shipped, '440982', 'shipment').categories).toEqual([]);
  });

  it.each([
    [text, 'x', undefined],
    [field({ max: 2 }), '三个字', 'LENGTH'],
    [field({ required: true }), '', 'MISSING'],
    [number, '-12.5', undefined],
    [number, '1e3', 'NUMBER'],
    [field({ kind: 'number', max: 0 }), '1.5', 'NUMBER'],
    [date, '2026-02-28', undefined],
    [date, '2026-02-30', 'DATE'],
    [choice, '1', undefined],
    [choice, '2', 'CHOICE'],
  ])('check %# a value', (one, value, problem) => {
    if (one === undefined) throw new Error('no field');
    expect(checkExtra([one], { [one.id]: value }).map((found) => found.problem)).toEqual(
      problem === undefined ? [] : [problem],
    );
  });

  it('leave values alone that no field asks for, and file a choice by its name', () => {
    expect(checkExtra([choice], { gone: 'x' })).toEqual([]);
    expect(extraText(choice, '1')).toBe('一级');
  });

  it('refuse a pack with one field twice', () => {
    const [region] = shipped;
    if (region === undefined) throw new Error('no region');
    const twice = {
      ...pack,
      versions: [{ ...pack.versions[0], parameters: { regions: [{ ...region, fields: [choice, choice] }] } }],
    };
    expect(regionModulesPack.safeParse(twice).success).toBe(false);
  });
});
