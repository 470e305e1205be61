import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { findResources, Resources } from '../../electron/core/resources.ts';
import { checkedIssuedPack } from '../../electron/core/worksheets/rules.ts';
import { productOf } from '../../platform/filings.ts';
import shipped from '../../resources/rules/region-modules.json' with { type: 'json' };
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { plat201 } from '../../shared/documents/index.ts';
import { coreAt, firm, must, shipmentBody } from '../fixtures/trade.ts';

/** Modules of counties (市县特色功能模块): categories and extra fields from a pack, in the records, their checks and what is filed. */
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-regions-'));
  core = coreAt(folder, { now: () => '2026-11-21T04:00:00.000Z' });
  // Registered in 469002 (琼海市): characters 3 to 8 of the code.
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const field = (id: string, on: 'shipment' | 'listing', more: object) => ({
  ...{ id, on, title: { zh: `栏目 ${id}`, en: `Field ${id}` }, hint: null, required: false, max: null, choices: [] },
  ...more,
});
/** A county's own pack: two fields of a listing, one of a shipment. */
const body = {
  ...shipped,
  versions: [
    {
      ...shipped.versions[0],
      parameters: {
        regions: [
          ...(shipped.versions[0]?.parameters.regions ?? []),
          {
            code: '469002',
            title: { zh: '琼海市', en: 'Qionghai' },
            source: '测试用，不是任何市县的规定',
            categories: [{ id: 'qionghai-own', title: { zh: '本地类目', en: 'Own' }, template: null }],
            fields: [
              field('grade', 'listing', {
                kind: 'choice',
                required: true,
                choices: [{ code: 'A', title: { zh: '甲等', en: 'First' } }],
              }),
              field('area', 'listing', { kind: 'number', max: 1 }),
              field('pickedOn', 'shipment', { kind: 'date', required: true }),
            ],
          },
        ],
      },
    },
  ],
};
const own = () => must(core, 'rules.savePack', { id: 'region-modules', body, reason: '县里发的包' });
const refusal = async <N extends OperationName>(name: N, input: InputOf<N>) => {
  const result = await core.call(name, input);
  return result.ok ? undefined : result.error;
};
const module = (on: 'shipment' | 'listing', division = '') => must(core, 'regions.module', { on, division });

describe('modules of counties', () => {
  it('ship with categories and no fields; a pack of the county adds its own', async () => {
    const before = await module('listing');
    expect(before.regions.map(({ title }) => title.zh)).toEqual(['海南省']);
    expect(before.categories.map(({ title }) => title.zh)).toContain('芒果');
    expect([...before.fields, ...(await module('shipment')).fields]).toEqual([]);
    await own();
    const after = await module('listing');
    expect(after.regions.map(({ title }) => title.zh)).toEqual(['海南省', '琼海市']);
    expect(after.categories.at(-1)).toMatchObject({ id: 'qionghai-own' });
    expect(after.fields.map(({ id }) => id)).toEqual(['grade', 'area']);
    expect((await module('shipment')).fields.map(({ id }) => id)).toEqual(['pickedOn']);
    expect((await module('listing', '440982')).fields).toEqual([]);
    expect((await module('listing', '440982')).categories.map(({ title }) => title.zh)).toContain('龙眼');
  });

  it('come by the road of signed packs too, which refuses what the program cannot read', () => {
    const resources = new Resources(findResources());
    expect(checkedIssuedPack(resources, 'region-modules', body).id).toBe('region-modules');
    const wrong = structuredClone(body) as { versions: { parameters: { regions: object[] } }[] };
    Object.assign(wrong.versions[0]?.parameters.regions[0] ?? {}, { code: 'x' });
    expect(() => checkedIssuedPack(resources, 'region-modules', wrong)).toThrow('RULE_PACK_INVALID');
  });

  it('stand in a listing: checked when it is saved, asked for when it is filed, and in what is filed', async () => {
    await own();
    const { id } = await must(core, 'listings.open', { nameZh: '贵妃芒', template: 'mango' });
    const save = (more: InputOf<'listings.save'>['body']) =>
      ({ id, nameZh: '贵妃芒', hsCode: '0804502001', body: { origin: '469002', ...more } }) as const;
    expect(await refusal('listings.save', save({ extra: { area: '1.25' } }))).toMatchObject({
      code: 'EXTRA_FIELD_INVALID',
      path: 'body/extra/area',
      params: { field: '栏目 area', reason: 'NUMBER' },
    });
    await must(core, 'listings.save', save({ category: 'mango', extra: { area: '12.5' } }));
    const draft = () => must(core, 'filings.draft', { subjects: [{ kind: 'listing', id }] });
    expect((await draft()).refused).toMatchObject([{ code: 'EXTRA_FIELD_MISSING' }]);
    await must(core, 'listings.save', save({ category: 'mango', extra: { area: '12.5', grade: 'A', gone: 'x' } }));
    const [made] = (await draft()).documents;
    const { body: filed } = await must(core, 'documents.get', { id: made?.id ?? 0 });
    const extras = [
      { field: 'category', label: '特色产品类目', value: '芒果' },
      { field: 'grade', label: '栏目 grade', value: '甲等' },
      { field: 'area', label: '栏目 area', value: '12.5' },
    ];
    expect(filed).toMatchObject({ ProductExtra: extras });
    // What the platform makes of it, and shows in its library.
    expect(productOf(plat201, filed)).toMatchObject({ extras });
  });

  it('stand in a shipment: kept as typed, asked for before it is drafted, without marking its papers', async () => {
    await own();
    const { id } = await must(core, 'shipments.save', { body: shipmentBody });
    expect(await refusal('shipments.draft', { id })).toMatchObject({
      code: 'EXTRA_FIELD_MISSING',
      params: { field: '栏目 pickedOn' },
    });
    await must(core, 'shipments.save', { id, body: { ...shipmentBody, extra: { pickedOn: '2026-13-01' } } });
    expect(await refusal('shipments.draft', { id })).toMatchObject({ code: 'EXTRA_FIELD_INVALID' });
    await must(core, 'shipments.save', { id, body: { ...shipmentBody, extra: { pickedOn: '2026-11-20' } } });
    expect((await must(core, 'shipments.get', { id })).body.extra).toEqual({ pickedOn: '2026-11-20' });
    expect(await refusal('shipments.draft', { id })).toBeUndefined();
  });
});
