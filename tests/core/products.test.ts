import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-products-'));
  core = coreAt(path.join(folder, 'home'));
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const lines = Array.from({ length: 30 }, (_, i) =>
    orderLine({ 0: `${100 + i}`, 1: `SKU-${String(i % 15).padStart(2, '0')}`, 2: `Lantern ${i % 15}` }),
  );
  await must(core, 'imports.run', {
    kind: 'orders',
    file: writeCsv(path.join(folder, 'o.csv'), [orderHead, ...lines]),
  });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the list of products', () => {
  it('pages by SKU and searches names, numbers and codes', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page: OutputOf<'products.list'> = await must(core, 'products.list', {
        limit: 4,
        ...(after === undefined ? {} : { after }),
      });
      expect(page.total).toBe(15);
      seen.push(...page.rows.map(({ sku }) => sku));
      after = page.nextCursor;
    } while (after !== undefined);
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen).size).toBe(15);
    expect(
      (await must(core, 'products.list', { text: 'lantern 7' })).rows.map(({ sku, orderLines }) => [sku, orderLines]),
    ).toEqual([['SKU-07', 2]]);
    expect((await must(core, 'products.list', { text: '%' })).total).toBe(0);
    expect((await must(core, 'products.list', { state: 'classified' })).total).toBe(0);
  });
});

describe('a change of many products at once', () => {
  const patch = {
    nameCn: '灯笼',
    hsCode: '9405100000',
    gmodel: '品牌',
    unit: '007',
    unit1: '035',
    qty1PerUnit: '0.35',
    netWeight: '0.35',
  };

  it('classifies those that are complete with it', async () => {
    const result = await must(core, 'products.update', { skus: ['SKU-00', 'SKU-01', 'SKU-00'], patch });
    expect(result.updated).toBe(2);
    expect(result.rows.map(({ sku, state, missing, hsCode }) => [sku, state, missing, hsCode])).toEqual([
      ['SKU-00', 'classified', [], '9405100000'],
      ['SKU-01', 'classified', [], '9405100000'],
    ]);
    expect((await must(core, 'products.update', { skus: ['SKU-00'], patch })).updated).toBe(0);
    const half = await must(core, 'products.update', { skus: ['SKU-01'], patch: { unit2: '007' } });
    expect(half.rows[0]).toMatchObject({ state: 'to-classify', missing: ['qty2PerUnit'] });
    const back = await must(core, 'products.update', { skus: ['SKU-01'], patch: { unit2: '' } });
    expect(back.rows[0]).toMatchObject({ state: 'classified', unit2: '' });
  });

  it.each([
    ['hsCode', '94051'],
    ['unit', '999'],
    ['origin', '14'],
    ['netWeight', '-1'],
    ['qty1PerUnit', '0.000001'],
  ])('refuses %s = %s and changes nothing', async (field, value) => {
    const result = await core.call('products.update', {
      skus: ['SKU-02', 'SKU-03'],
      patch: { ...patch, [field]: value },
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'PRODUCT_FIELD_INVALID', path: `patch/${field}` } });
    expect((await must(core, 'products.list', { text: 'SKU-02' })).rows[0]?.nameCn).toBe('');
  });

  it('refuses a SKU nobody knows and a gross weight below the net', async () => {
    expect(await core.call('products.update', { skus: ['SKU-02', 'nix'], patch })).toMatchObject({
      error: { code: 'PRODUCT_UNKNOWN' },
    });
    expect(
      await core.call('products.update', { skus: ['SKU-02'], patch: { netWeight: '2', grossWeight: '1' } }),
    ).toMatchObject({
      error: { code: 'PRODUCT_GROSS_BELOW_NET' },
    });
    expect((await must(core, 'products.list', { text: 'SKU-02' })).rows[0]?.netWeight).toBe('');
  });

  it('leaves what was there before among the changes, and a first value not', async () => {
    await must(core, 'products.update', { skus: ['SKU-00'], patch: { hsCode: '9405110000', netWeight: '' } });
    await must(core, 'products.update', { skus: ['SKU-00'], patch: { hsCode: '9405190000', needsLicence: true } });
    const shown = ({ rows, total }: OutputOf<'products.history'>) => ({
      total,
      rows: rows.map(({ field, before, after }) => [field, before, after]),
    });
    expect(shown(await must(core, 'products.history', { sku: 'SKU-00' }))).toEqual({
      total: 4,
      rows: [
        ['needsLicence', '0', '1'],
        ['hsCode', '9405110000', '9405190000'],
        ['netWeight', '0.35', ''],
        ['hsCode', '9405100000', '9405110000'],
      ],
    });
    const first = await must(core, 'products.history', { sku: 'SKU-00', limit: 3 });
    const rest = await must(core, 'products.history', { sku: 'SKU-00', after: first.nextCursor, limit: 3 });
    expect(shown(rest).rows).toEqual([['hsCode', '9405100000', '9405110000']]);
    expect((await must(core, 'products.history', { sku: 'SKU-14' })).total).toBe(0);
    expect(await core.call('products.history', { sku: 'nix' })).toMatchObject({ error: { code: 'PRODUCT_UNKNOWN' } });
  });

  it('moves the value of orders between goods and the rest, and makes drafts stale', async () => {
    const { book } = core.session;
    const order = book.prepare(`SELECT id FROM sales_order WHERE order_no = '105'`).get() as { id: number };
    book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
         VALUES ('CEB303Message', 'k', 'g', ?, '{}', 0, 'EUR', 'draft', 't', 'n', 'n')`,
      )
      .run(order.id);
    await must(core, 'products.update', { skus: ['SKU-05'], patch: { lineKind: 'fee' } });
    expect(await must(core, 'orders.get', { id: order.id })).toMatchObject({
      goodsValue: '0',
      lineRows: [{ lineKind: 'fee', productState: 'not-goods' }],
    });
    expect(book.prepare('SELECT stale FROM document').get()).toEqual({ stale: 1 });
    await must(core, 'products.update', { skus: ['SKU-05'], patch: { lineKind: 'goods' } });
    expect((await must(core, 'orders.get', { id: order.id })).goodsValue).toBe('6.5');
  });
});
