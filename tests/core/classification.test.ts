import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
const passphrase = 'correct horse battery';
const at = (name: string): string => path.join(folder, name);
const csv = (name: string, rows: readonly (readonly string[])[]): string => {
  writeFileSync(at(name), `\uFEFF${rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n')}\n`);
  return at(name);
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-classification-'));
  core = coreAt(path.join(folder, 'home'));
  await must(core, 'books.create', { profile: firm, passphrase });
  await must(core, 'imports.run', {
    kind: 'products',
    file: csv('products.csv', [
      ['sku', '中文品名', '商品编码', '规格型号', '计量单位', '法定单位', '法定数量', '净重', '原产国'],
      ['CUP', '陶瓷杯', '6912001000', '无品牌|家用|陶', '007', '007', '1', '0.2', '142'],
      ['ORN', '陶瓷摆件', '6913900000', '1|0|装饰用', '007', '007', '1', '0.2', '142'],
      ['TEE', '棉制T恤衫', '', '', '007', '007', '1', '0.2', '142'],
    ]),
  });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('codes used lately', () => {
  const first = async (text: string, recentFor?: string) =>
    (await must(core, 'tables.search', { table: 'country', text, ...(recentFor === undefined ? {} : { recentFor }) }))
      .rows[0];

  it('stand first for what they were used for, and only there', async () => {
    await must(core, 'recents.use', { table: 'country', for: 'acme|ORN|destination', code: '304' });
    await must(core, 'recents.use', { table: 'country', for: 'acme|ORN|destination', code: '305' });
    expect(await first('', 'acme|ORN|destination')).toMatchObject({ code: '305', recent: true });
    // 德国 is a later hit of "guo" than others, unless it was used last.
    expect((await first('d', 'acme|ORN|destination'))?.code).toBe('304');
    expect(await first('', 'other')).not.toHaveProperty('recent');
    expect((await must(core, 'recents.list', { table: 'country', for: 'acme|ORN|destination' })).codes).toEqual([
      '305',
      '304',
    ]);
  });

  it('remember text that named no code until somebody says what it means', async () => {
    await must(core, 'recents.unconfirmed', { table: 'unit', text: '只（双）', for: 'acme' });
    await must(core, 'recents.unconfirmed', { table: 'unit', text: '只（双）' });
    expect((await must(core, 'recents.listUnconfirmed', {})).rows).toMatchObject([
      { table: 'unit', text: '只（双）', times: 2, code: null },
    ]);
    expect(await core.call('recents.settle', { table: 'unit', text: '只（双）', code: '999' })).toMatchObject({
      error: { code: 'TABLE_CODE_UNKNOWN' },
    });
    await must(core, 'recents.settle', { table: 'unit', text: '只（双）', code: '025' });
    expect((await must(core, 'tables.search', { table: 'unit', text: '只（双）' })).rows[0]?.code).toBe('025');
    expect((await must(core, 'recents.listUnconfirmed', {})).rows).toEqual([]);
  });
});

describe('declaration elements', () => {
  it('are read from the text of the product, kept in order and offered again', async () => {
    const before = await must(core, 'elements.of', { gcode: '6913900000', sku: 'ORN' });
    expect(before.known).toBe(true);
    expect(before.elements.slice(0, 2).map(({ name, table, value }) => [name, table, value])).toEqual([
      ['品牌类型', 'brand_type', '1'],
      ['出口享惠情况', 'export_benefit', '0'],
    ]);
    expect(before.elements.some(({ name, required }) => name === 'GTIN' && !required)).toBe(true);
    const [brand, benefit, ...others] = before.elements.filter(({ required }) => required).map(({ name }) => name);
    const order = [brand ?? '', benefit ?? '', ...others.reverse()];
    const saved = await must(core, 'elements.save', {
      sku: 'ORN',
      gcode: '6913900000',
      items: order.map((name, n) => ({ name, value: n < 2 ? String(n) : `值${n}|x` })),
    });
    expect(saved.text.startsWith('0|1|值2 x')).toBe(true);
    expect((await must(core, 'products.list', { text: 'ORN' })).rows[0]?.gmodel).toBe(saved.text);
    const cup = await must(core, 'elements.of', { gcode: '6913900000', sku: 'CUP' });
    expect(cup.elements.slice(0, order.length).map(({ name }) => name)).toEqual(order);
    expect(cup.elements[2]?.lately).toEqual(['值2|x']);
    expect(
      await core.call('elements.save', {
        sku: 'ORN',
        gcode: '6913900000',
        items: [{ name: '材质', value: '陶'.repeat(251) }],
      }),
    ).toMatchObject({ error: { code: 'ELEMENTS_TOO_LONG', params: { length: 251, max: 250 } } });
  });
});

describe('decisions on classification', () => {
  const decision = {
    sku: 'TEE',
    name: '棉制T恤衫',
    hsCode: '6913900000',
    decidedBy: '李雷',
    decidedOn: '2026-11-20',
    reason: '归类总规则一',
    basis: 'own',
  } as const;

  it('warn when a code is reused for goods described otherwise, and say by what', async () => {
    const { doubts, under4, under6, codeName } = await must(core, 'classification.doubts', decision);
    expect(doubts).toMatchObject([{ code: 'CODE-REUSED', params: { sku: 'ORN', name: '陶瓷摆件', products: 1 } }]);
    expect(codeName).not.toBe('');
    expect(under4).toBeGreaterThanOrEqual(under6);
    expect(await core.call('classification.decide', decision)).toMatchObject({
      error: { code: 'CLASSIFICATION_DOUBTS', params: { codes: 'CODE-REUSED' } },
    });
    expect((await must(core, 'classification.doubts', { ...decision, name: '陶瓷小摆件', sku: 'CUP' })).doubts).toEqual(
      [],
    );
    expect(
      (await must(core, 'classification.doubts', { ...decision, name: '陶瓷杯', sku: '', hsCode: '6911101900' }))
        .doubts,
    ).toMatchObject([{ code: 'NAME-SPLIT', params: { sku: 'CUP', hsCode: '6912001000' } }]);
  });

  it('are kept with who, why and evidence, and give the product its code', async () => {
    const hsCode = '6109100010';
    const { id } = await must(core, 'classification.decide', {
      ...decision,
      hsCode,
      basis: 'ruling',
      evidence: '归类决定 Z2026-001',
    });
    expect((await must(core, 'products.list', { text: 'TEE' })).rows[0]?.hsCode).toBe(hsCode);
    const decided = async (of: string) =>
      (await must(core, 'classification.doubts', { ...decision, hsCode: of })).isDecided;
    expect([await decided(hsCode), await decided(decision.hsCode)]).toEqual([true, false]);
    const file = csv('ruling.csv', [['归类决定']]);
    await must(core, 'classification.attach', { id, file });
    const changed = await must(core, 'classification.decide', {
      ...decision,
      hsCode: '6109100022',
      acceptDoubts: true,
    });
    const shown = await must(core, 'classification.get', { id: changed.id });
    expect(shown.decision).toMatchObject({ previousCode: hsCode, isCurrent: true, doubts: [{ code: 'CODE-CHANGED' }] });
    expect(shown.history).toMatchObject([{ id, hsCode, basis: 'ruling', papers: 1, isCurrent: false }]);
    expect((await must(core, 'classification.get', { id })).papers).toMatchObject([{ fileName: 'ruling.csv' }]);
    expect((await must(core, 'classification.list', {})).rows.map((one) => one.id)).toEqual([changed.id]);
    expect((await must(core, 'classification.list', { state: 'all', text: 'Z2026' })).total).toBe(0);
    await must(core, 'classification.withdraw', { id: changed.id, reason: '录错' });
    expect((await must(core, 'classification.list', {})).rows.map((one) => one.id)).toEqual([id]);
    expect(await core.call('classification.withdraw', { id: 99, reason: 'x' })).toMatchObject({
      error: { code: 'DECISION_UNKNOWN' },
    });
    expect((await must(core, 'archive.verify', {})).damaged).toEqual([]);
  });
});

describe('a code table of the book', () => {
  const file = (): string =>
    csv('unit.csv', [
      ['计量单位代码表', ''],
      ['代码', '名称'],
      ['7', '个（新）'],
      ['35', '千克'],
      ['999', '箱套'],
      ['', '无码'],
    ]);
  let shipped = '';

  it('shows before it is imported what it would change', async () => {
    shipped = core.resources.tablesVersion;
    const dry = await must(core, 'codeTables.inspect', { table: 'unit', file: file(), mode: 'add' });
    expect(dry).toMatchObject({ added: 1, renamed: 1, gone: 0, failed: 1, mapping: { code: 0, zh: 1 } });
    expect(dry.failures).toEqual([{ row: 6, code: 'CODE_BLANK', value: '无码' }]);
    expect(dry.changes).toContainEqual({ code: '007', kind: 'renamed', before: '个', after: '个（新）' });
    expect(core.resources.tablesVersion).toBe(shipped);
    expect(
      await core.call('codeTables.inspect', {
        table: 'unit',
        file: csv('no.csv', [
          ['a', 'b'],
          ['1', '2'],
        ]),
      }),
    ).toMatchObject({ error: { code: 'TABLE_COLUMNS_MISSING' } });
  });

  it('is used by lookups and checks, keeps its version and is told from the shipped one', async () => {
    const { book } = core.session;
    const body = { GoodsInfo: [] };
    const draft = (kind: string, text: object): number =>
      Number(
        book
          .prepare(
            `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
             VALUES (?, ?, ?, ?, 0, 'USD', 'draft', ?, '2026-11-20', '2026-11-20')`,
          )
          .run(kind, `K${Math.random()}`, `${Math.random()}`, JSON.stringify(text), shipped).lastInsertRowid,
      );
    const hit = draft('CEB303Message', {
      Order: { OrderHead: { orderNo: 'A1' }, OrderList: [{ gnum: '1', unit: '007' }] },
      OrderHead: { orderNo: 'A1' },
      OrderList: [{ gnum: '1', unit: '007' }],
    });
    draft('CEB303Message', { OrderHead: { orderNo: 'A2' }, OrderList: [{ gnum: '1', unit: '035' }], ...body });
    const inGroup = draft('DecMessage', {
      DecHead: {},
      DecList: [],
      SddTax: { SddTaxList: [{ GNo: '1', Unit1: '007' }] },
    });
    const { editionId, version } = await must(core, 'codeTables.import', {
      table: 'unit',
      file: file(),
      mode: 'add',
      asOf: '2026-11',
      source: '海关总署公告',
    });
    expect(version).not.toBe(shipped);
    expect((await must(core, 'tables.search', { table: 'unit', text: 'xt' })).rows[0]).toMatchObject({
      code: '999',
      name: '箱套',
    });
    const listed = (await must(core, 'codeTables.list', {})).rows.find(({ id }) => id === 'unit');
    expect(listed).toMatchObject({
      asOf: '2026-11',
      source: '海关总署公告',
      editions: 1,
      shipped: { asOf: '2022-06' },
    });
    const changes = await must(core, 'tables.changes', { from: shipped });
    expect(changes).toMatchObject({ known: true, tables: [{ id: 'unit', added: 1, renamed: 1, gone: 0 }] });
    const affected = await must(core, 'tables.affected', {});
    expect(affected).toMatchObject({ untouched: 1, unknown: 0 });
    expect(affected.drafts).toMatchObject([
      { documentId: hit, changes: [{ table: 'unit', code: '007', kind: 'renamed', after: '个（新）' }] },
      { documentId: inGroup, changes: [{ path: 'SddTax/SddTaxList[1]/Unit1', code: '007', kind: 'renamed' }] },
    ]);
    expect((await must(core, 'tables.changes', { from: 'nobody' })).known).toBe(false);
    expect(await must(core, 'tables.recheck', {})).toMatchObject({ checked: 3, reject: 3, version });
    expect((await must(core, 'tables.affected', {})).drafts).toEqual([]);

    // Closed and opened again, the book still looks up in its own edition; another book does not.
    const { folder: at1 } = core.session.book;
    await core.session.close();
    await must(core, 'books.create', { profile: { ...firm, name: '另一家公司' }, passphrase });
    expect((await must(core, 'tables.search', { table: 'unit', text: '箱套' })).rows).toEqual([]);
    await core.session.open(at1, { passphrase });
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({ '999': '箱套' });

    await must(core, 'codeTables.restore', { table: 'unit', editionId: null, reason: '导错了' });
    expect(core.resources.tablesVersion).toBe(shipped);
    expect((await must(core, 'tables.search', { table: 'unit', text: '箱套' })).rows).toEqual([]);
    await must(core, 'codeTables.restore', { table: 'unit', editionId, reason: '没导错' });
    expect(core.resources.tablesVersion).toBe(version);
    expect((await must(core, 'codeTables.editions', { table: 'unit' })).rows).toMatchObject([
      { inForce: true, rows: 125 },
    ]);
    expect(await core.call('codeTables.restore', { table: 'unit', editionId: 77, reason: 'x' })).toMatchObject({
      error: { code: 'TABLE_EDITION_UNKNOWN' },
    });
  });

  it('goes out as a workbook and comes in again without a change', async () => {
    for (const table of ['trade_mode', 'hs']) {
      const to = at(`${table}.xlsx`);
      const { rows } = await must(core, 'codeTables.writeTemplate', { table, to });
      const dry = await must(core, 'codeTables.inspect', { table, file: to });
      expect(dry.changes).toEqual([]);
      expect(dry).toMatchObject({ same: rows, added: 0, renamed: 0, gone: 0, elementsChanged: 0, failed: 0 });
    }
  });
});
