import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** What new shipments start with, by park and by county. */
let folder = '';
let core: Core;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-places-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: { ...firm, park: '博鳌园区' }, passphrase: 'correct horse battery' });
}, 60_000);
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const defaults = async () => (await must(core, 'places.defaults', {})).fields;
const refusal = async (rows: object[]) => {
  const result = await core.call('places.save', { rows: rows as never });
  return result.ok ? 'taken' : [result.error.code, result.error.path];
};

describe('a new shipment', () => {
  it('starts with nothing of a place while none is entered', async () => {
    expect(await defaults()).toEqual([]);
  });

  it('takes the park of the profile, and of the county what the park leaves open', async () => {
    const park = { kind: 'park', name: '博鳌园区', customsCode: '6401', portCode: '', loctNo: 'HK01' } as const;
    // The credit code says 469002, which is 琼海.
    const county = { kind: 'county', name: '469002', customsCode: '6407', portCode: '6407', loctNo: '' } as const;
    const other = { kind: 'county', name: '460105', customsCode: '6400', portCode: '6400', loctNo: 'X' } as const;
    await must(core, 'places.save', { rows: [county, park, other] });
    expect(await defaults()).toEqual([
      { field: 'customsCode', value: '6401', kind: 'park', title: '博鳌园区' },
      { field: 'portCode', value: '6407', kind: 'county', title: '琼海市' },
      { field: 'loctNo', value: 'HK01', kind: 'park', title: '博鳌园区' },
    ]);
    const { rows } = await must(core, 'places.list', {});
    expect(rows.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
      'park 博鳌园区',
      'county 秀英区',
      'county 琼海市',
    ]);
    // Another park: its rows are its own.
    await must(core, 'books.updateProfile', { park: '别处' });
    expect((await defaults()).map(({ field, kind }) => `${field} ${kind}`)).toEqual([
      'customsCode county',
      'portCode county',
    ]);
  });

  it('refuses a place given twice and codes that no table has, and keeps what there was', async () => {
    const row = { kind: 'park', name: '甲' };
    expect(await refusal([row, row])).toEqual(['PLACE_TWICE', 'rows']);
    expect(await refusal([{ ...row, customsCode: '9999' }])).toEqual(['TABLE_CODE_UNKNOWN', 'rows/0/customsCode']);
    expect(await refusal([{ kind: 'county', name: '琼海' }])).toEqual(['TABLE_CODE_UNKNOWN', 'rows/0/name']);
    expect((await must(core, 'places.list', {})).rows).toHaveLength(3);
  });
});
