import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Workbook } from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { findResources, Resources } from '../../electron/core/resources.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { plat201 } from '../../shared/documents/index.ts';
import { headOf, linesOf } from '../../shared/documents/spec.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { behave, DeskClient } from '../faults/support/desk-client.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** A listing (产品资源库): made from a template, filled, filed with the practice platform, changed, sent back, withdrawn, listed again. */
let folder = '';
let core: Core;
let platform: Platform;
let buyer: DeskClient;
const printed: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-listings-'));
  core = coreAt(folder, {
    host: {
      ...bareHost,
      printPdf: async (html) => {
        printed.push(html);
        return Buffer.from('%PDF');
      },
    },
  });
  await must(core, 'books.create', { profile: { ...firm, role: 'cooperative' }, passphrase: 'correct horse battery' });
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
  buyer = new DeskClient(platform.url);
  expect((await buyer.enrol()).ok).toBe(true);
});
afterAll(async () => {
  await core.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The least picture that holds together, with the place where it was taken in its metadata. */
const jpeg = (mark: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xe1, 0, 8, ...Buffer.from('GPS\0xx')],
    ...[0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, mark, 0xff, 0xd9],
  ]);

const body = {
  nameEn: 'Fresh mango',
  origin: '469002',
  village: '大路镇',
  variety: '贵妃芒',
  grade: '一级',
  pack: '5 kg/箱',
  seasonFrom: 12,
  seasonTo: 5,
  capacityUnit: '吨',
  capacity: ['30', '30.5', '', '', '', '', '', '', '', '', '', '12'],
  temperatureFrom: '10',
  temperatureTo: '13',
  certificates: [{ kind: '绿色食品', no: 'LB-1', issuer: '', validTo: '2027-12-31' }],
  flagship: true,
  brandType: '0',
  descriptionZh: '树上熟',
} satisfies InputOf<'listings.save'>['body'];

const refused = async <N extends OperationName>(name: N, input: InputOf<N>): Promise<string> => {
  const answer = await core.call(name, input);
  return answer.ok ? '' : answer.error.code;
};
let id = 0;
let sku = '';
const get = () => must(core, 'listings.get', { id });
const draft = () => must(core, 'filings.draft', { subjects: [{ kind: 'listing', id }] });
const save = (change: InputOf<'listings.save'>['body'] = {}) =>
  must(core, 'listings.save', { id, nameZh: '鲜芒果', hsCode: '0804502001', body: { ...body, ...change } });
const versions = async () =>
  (await must(core, 'filings.list', { subject: { kind: 'listing', id } })).rows.map(({ appType, state }) => [
    appType,
    state,
  ]);
/** The product as the platform itself shows it to a device of the firm. */
const inLibrary = async (): Promise<unknown> => {
  const answer: unknown = await (await buyer.request('GET', '/v1/products')).json();
  return answer;
};

async function file(): Promise<void> {
  await must(core, 'documents.queue', { kind: 'PLAT201Message' });
  await syncUntil(core);
}

describe('a listing', () => {
  it('is made with its product from a template, once a product', async () => {
    ({ id, sku } = await must(core, 'listings.open', { template: 'mango' }));
    const one = await get();
    expect(one).toMatchObject({ nameZh: '芒果', template: 'mango', state: 'open', filing: null });
    // The codes of the template come with what a declaration has to say of the goods.
    expect(one.templateCodes.map(({ code, codes }) => [code, codes > 0])).toEqual([
      ['0804502001', true],
      ['0804502090', true],
      ['20098912', true],
    ]);
    expect(one.templateCodes[0]?.elements.slice(0, 2)).toEqual(['品牌类型', '出口享惠情况']);
    expect(one.templateCodes.every(({ elements }) => elements.length > 2)).toBe(true);
    expect(one.number).toMatch(/^CP-\d{4}-001$/);
    expect((await must(core, 'products.list', {})).rows.map((row) => [row.sku, row.nameCn])).toEqual([[sku, '芒果']]);
    // What a source says is what it starts with, and the source is named; what nobody knows is not made up.
    expect(one.body).toMatchObject({ seasonFrom: 11, seasonTo: 7, temperatureFrom: '10', temperatureTo: '13' });
    expect(one.templateOf?.season?.source.zh).toContain('央视网 2022-03-07');
    expect(one.templateOf?.unknown?.zh).toContain('没有可靠来源');
    expect(await refused('listings.open', { sku })).toBe('LISTING_EXISTS');
    expect(await refused('listings.open', { sku: 'NEW' })).toBe('LISTING_NEEDS_NAME');
    expect(await refused('listings.open', { template: 'durian' })).toBe('LISTING_TEMPLATE_UNKNOWN');
  });

  it('says what is missing, the weightiest first', async () => {
    const before = await get();
    expect(before.score).toBeLessThan(25);
    expect(before.missing).toContain('photos');
    expect(before.missing).not.toContain('ingredients');
    const { score } = await save();
    expect(score).toBe(90);
    expect((await get()).missing).toEqual(['photos']);
    await save({ certificates: [{ ...body.certificates[0], kind: '绿色食品', no: 'LB-1', validTo: '2020-01-01' }] });
    expect((await get()).missing).toEqual(['photos', 'certificates']);
    await save();
  });

  it('refuses what cannot be', async () => {
    const bad = (change: InputOf<'listings.save'>['body'], hsCode = '0804502001') =>
      refused('listings.save', { id, nameZh: '鲜芒果', hsCode, body: { ...body, ...change } });
    expect(await bad({ temperatureFrom: '14' })).toBe('LISTING_TEMPERATURES');
    expect(await bad({ temperatureTo: '' })).toBe('LISTING_TEMPERATURES');
    expect(await bad({ seasonTo: null })).toBe('LISTING_SEASON_HALF');
    expect(await bad({ origin: '999999' })).toBe('TABLE_CODE_UNKNOWN');
    expect(await bad({}, '0804509999')).toBe('TABLE_CODE_UNKNOWN');
  });

  it('offers commodity codes with reasons', async () => {
    const { rows } = await must(core, 'listings.candidates', { id, about: '干芒果' });
    expect(rows[0]).toMatchObject({
      code: '0804502001',
      reasons: [{ kind: 'product' }, { kind: 'template' }, { kind: 'name' }],
    });
    expect(rows.find(({ code }) => code === '0804502090')?.reasons).toContainEqual({
      kind: 'name',
      zh: '干芒果',
      en: '干芒果',
    });
    expect(rows.every(({ reasons }) => reasons.length > 0)).toBe(true);
  });

  it('takes photos without what they say of time and place', async () => {
    const { photoId } = await must(core, 'listings.addPhoto', { id, fileName: '果园.jpg', jpeg: jpeg(1) });
    const kept = Buffer.from((await must(core, 'listings.photo', { photoId })).jpeg);
    expect(kept.includes('GPS')).toBe(false);
    expect((await get()).photoRows).toMatchObject([{ fileName: '果园.jpg', width: 40, height: 30 }]);
    expect(await refused('listings.addPhoto', { id, fileName: '同.jpg', jpeg: jpeg(1) })).toBe('PHOTO_THERE');
    const text = new TextEncoder().encode('no picture');
    expect(await refused('listings.addPhoto', { id, fileName: '表.jpg', jpeg: text })).toBe('PHOTO_NOT_JPEG');
    expect((await get()).score).toBe(100);
  });

  it('keeps a photo that is taken out, and puts it back where it was', async () => {
    const second = await must(core, 'listings.addPhoto', { id, fileName: '装箱.jpg', jpeg: jpeg(2) });
    const [first] = (await get()).photoRows;
    if (first === undefined) throw new Error('no photo');
    await must(core, 'listings.removePhoto', { photoId: first.id });
    expect(await get()).toMatchObject({
      photos: 1,
      photoRows: [{ fileName: '装箱.jpg' }],
      removedPhotos: [{ fileName: '果园.jpg' }],
    });
    // It can still be looked at; and who adds the same picture anew gets the one that was there.
    expect((await must(core, 'listings.photo', { photoId: first.id })).jpeg.length).toBe(first.size);
    await must(core, 'listings.restorePhoto', { photoId: first.id });
    expect((await get()).photoRows.map(({ fileName }) => fileName)).toEqual(['果园.jpg', '装箱.jpg']);
    await must(core, 'listings.removePhoto', { photoId: second.photoId });
    expect(await must(core, 'listings.addPhoto', { id, fileName: '又.jpg', jpeg: jpeg(2) })).toEqual(second);
    await must(core, 'listings.removePhoto', { photoId: second.photoId });
    expect(await get()).toMatchObject({ photos: 1, removedPhotos: [{ fileName: '装箱.jpg' }] });
    expect(await refused('listings.restorePhoto', { photoId: 999 })).toBe('PHOTO_UNKNOWN');
  });

  it('is drawn as the book has it', async () => {
    const { documents } = await draft();
    expect(documents[0]).toMatchObject({ kind: 'PLAT201Message', state: 'checked' });
    const document = await must(core, 'documents.get', { id: documents[0]?.id ?? 0 });
    expect(headOf(plat201, document.body)).toMatchObject({
      appType: '1',
      itemNo: sku,
      version: '1',
      nameZh: '鲜芒果',
      hsCode: '0804502001',
      origin: '469002',
      flagship: 'Y',
      withdrawn: 'N',
    });
    expect(linesOf(plat201, document.body).map(({ month, quantity }) => [month, quantity])).toEqual([
      ['1', '30'],
      ['2', '30.5'],
      ['12', '12'],
    ]);
    // Sent by number, and no name of a file in the trail: it may be a person's.
    expect(document.body['ProductPhoto']).toMatchObject([{ fileName: '1.jpg' }]);
    expect(JSON.stringify(core.session.book.prepare('SELECT * FROM audit').all())).not.toContain('果园');
  });

  it('is accepted, and marked once the product or a photo changes', async () => {
    await file();
    expect(await versions()).toEqual([['1', 'accepted']]);
    const one = await get();
    expect(one.filing).toMatchObject({ state: 'accepted', stale: false });
    expect(one.acceptNo).not.toBeNull();
    expect(await inLibrary()).toMatchObject({
      products: [
        {
          itemNo: sku,
          version: 1,
          nameZh: '鲜芒果',
          origin: '469002',
          season: { from: 12, to: 5 },
          temperature: { from: '10', to: '13' },
          flagship: true,
          photos: [{ name: '1.jpg' }],
        },
      ],
    });
    await must(core, 'products.update', { skus: [sku], patch: { nameCn: '海南鲜芒果' } });
    expect((await get()).filing).toMatchObject({ state: 'accepted', stale: true });
    expect((await get()).nameZh).toBe('海南鲜芒果');
    await draft();
    await file();
    expect(await versions()).toEqual([
      ['1', 'superseded'],
      ['2', 'accepted'],
    ]);
    await must(core, 'listings.addPhoto', { id, fileName: '二.jpg', jpeg: jpeg(2) });
    expect((await get()).filing).toMatchObject({ stale: true });
  });

  it('comes back rejected, is withdrawn, and is listed again under its number with a greater version', async () => {
    await draft();
    await behave(platform.url, { rejectShare: 1 });
    await file();
    await behave(platform.url, { rejectShare: 0 });
    expect((await versions()).at(-1)).toEqual(['2', 'rejected']);
    const { photoId } = await must(core, 'listings.addPhoto', { id, fileName: '四.jpg', jpeg: jpeg(4) });
    await must(core, 'listings.removePhoto', { photoId });
    expect(await must(core, 'listings.withdraw', { id, reason: '季节过了' })).toEqual({ id, filed: true });
    // What was taken out is kept no longer than the listing stands.
    expect(await get()).toMatchObject({ photos: 2, removedPhotos: [] });
    expect(await refused('listings.addPhoto', { id, fileName: '三.jpg', jpeg: jpeg(3) })).toBe('FILING_VOID');
    await file();
    expect((await versions()).at(-1)).toEqual(['3', 'accepted']);
    expect(await get()).toMatchObject({ state: 'withdrawn', acceptNo: null });
    expect(await must(core, 'listings.open', { sku })).toEqual({ id, sku });
    await draft();
    await file();
    expect((await versions()).at(-1)).toEqual(['1', 'accepted']);
    const last = (await must(core, 'filings.list', { subject: { kind: 'listing', id } })).rows.at(-1);
    const filed = await must(core, 'documents.get', { id: last?.id ?? 0 });
    expect(Number(headOf(plat201, filed.body)['version'])).toBeGreaterThan(3);
  });

  it('has a sheet in both languages, on paper and as a workbook', async () => {
    const pdf = path.join(folder, 'sheet.pdf');
    await must(core, 'listings.print', { id, to: pdf });
    for (const text of [
      '产品资料单 / Product sheet',
      '海南鲜芒果',
      'Fresh mango',
      '12 月至 5 月',
      'Dec – May',
      'data:image/jpeg;base64,',
    ])
      expect(printed.at(-1)).toContain(text);
    await must(core, 'listings.print', { id, to: pdf, language: 'en' });
    expect(printed.at(-1)).not.toContain('品名');
    const xlsx = path.join(folder, 'sheet.xlsx');
    const { rows } = await must(core, 'listings.export', { id, to: xlsx });
    expect(rows).toBeGreaterThan(10);
    expect(statSync(xlsx).size).toBeGreaterThan(1000);
    const workbook = new Workbook();
    await workbook.xlsx.readFile(xlsx);
    const page = workbook.getWorksheet('产品资料单');
    expect(page?.getRow(4).values).toEqual([undefined, '品名', '海南鲜芒果', 'Product', 'Fresh mango']);
    // Side by side, each in its own proportions.
    const places = (page?.getImages() ?? []).map(
      ({ range }) => [range.tl.nativeCol, range.tl.nativeRow - rows, Reflect.get(range, 'ext')] as const,
    );
    expect(places).toEqual([
      [0, 4, { width: 293, height: 220 }],
      [2, 4, { width: 293, height: 220 }],
    ]);
  });
});

it('every template names codes of the table, and leaves season and temperature open where it does not know them', async () => {
  const { rows, source } = await must(core, 'listings.templates', {});
  expect(source).not.toBe('');
  const codes = new Resources(findResources()).table('hs').entries.map(({ code }) => code);
  for (const { id: template, hs } of rows)
    for (const { code } of hs)
      expect([template, code, codes.some((one) => one.startsWith(code))]).toEqual([template, code, true]);
  for (const name of [
    'mango',
    'litchi',
    'longan',
    'tilapia',
    'prawn',
    'agarwood',
    'seeds',
    'wenchang-chicken',
    'li-brocade',
  ])
    expect(rows.map((one) => one.id)).toContain(name);
  expect(rows.find((one) => one.id === 'agarwood')?.warnings).not.toEqual([]);
  const known = (id: string) => rows.find((one) => one.id === id);
  expect(known('melon')).toMatchObject({ season: null, temperature: null });
  expect(known('litchi')).toMatchObject({ season: { from: 4, to: 6 }, temperature: { from: '2', to: '5' } });
  // Deep-frozen goods have no lower end: it is told, and not filled in.
  expect(known('tilapia')?.temperature).toMatchObject({ from: null, to: '-18' });
  for (const { season, temperature } of rows)
    for (const fact of [season, temperature])
      if (fact !== null) expect([fact.source.zh, fact.source.en].every((text) => text.length > 10)).toBe(true);
});
