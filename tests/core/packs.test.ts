import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { Recheck } from '../../electron/core/outbox/recheck.ts';
import { recordMessage, requireMessage } from '../../electron/core/store/messages.ts';
import { listPacks } from '../../electron/core/store/packs.ts';
import { issuePack, issuerKeyIn, runIssuer } from '../../platform/packs.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { readPackFile, writePackFile } from '../../shared/sync/pack-file.ts';
import { TestDesk } from '../faults/support/desk.ts';
import { notice, otherRate, otherUnits, packFile, shipped, tableFile } from '../fixtures/packs.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Signed packs of code tables and rules: from a file and over the line of a real platform, in force, and back. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-packs-'));
const key = issuerKeyIn(path.join(folder, 'issuer'));
const stranger = issuerKeyIn(path.join(folder, 'stranger'));
const passphrase = 'correct horse battery';
let core: Core;
let now = '2026-11-21T04:00:00.000Z';
let files = 0;

const put = (bytes: Uint8Array): string => {
  const file = path.join(folder, `${++files}.portbook-pack`);
  writeFileSync(file, bytes);
  return file;
};
const units = (version: number, change: Parameters<typeof notice>[2] = {}, table: unknown = otherUnits()) =>
  packFile(notice('units', version, change), { kind: 'tables', tables: [table] }, key);
const rates = (version: number, rate: string) =>
  packFile(notice('deemed', version), { kind: 'rules', rules: [otherRate(rate)] }, key);
const refusal = async <N extends OperationName>(name: N, input: InputOf<N>) => {
  const result = await core.call(name, input);
  return result.ok ? 'not refused' : result.error;
};
const deemedTax = async () =>
  (
    await must(core, 'rules.run', {
      calculator: 'T01',
      input: {
        year: 2026,
        grossRevenue: '20000000',
        employees: '20',
        totalAssets: '8000000',
        restrictedIndustry: false,
      },
    })
  ).result['taxableIncome'];
const audited = () =>
  (
    core.session.book.prepare(`SELECT action, detail FROM audit WHERE action LIKE 'pack.%' ORDER BY id`).all() as {
      action: string;
      detail: string;
    }[]
  ).map(({ action, detail }) => ({ action, detail: JSON.parse(detail) as object }));

beforeAll(async () => {
  core = coreAt(path.join(folder, 'home'), { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a pack from a file', () => {
  it('is refused of an issuer nobody trusts', async () => {
    expect(await refusal('packs.check', { file: put(units(1)) })).toMatchObject({
      code: 'PACK_ISSUER_UNKNOWN',
      params: { id: 'units', version: 1, keyId: key.keyId },
      path: 'keyId',
    });
    expect(await refusal('packs.trust', { name: '总署', publicKey: 'AAAA' })).toMatchObject({
      code: 'PACK_KEY_INVALID',
    });
    expect(await must(core, 'packs.trust', { name: '示例发布机构', publicKey: key.publicKey })).toEqual({
      keyId: key.keyId,
    });
  });

  it('of everything that ships is accepted and changes nothing', async () => {
    const tables = { kind: 'tables', tables: shipped.shippedTables.map(({ id }) => tableFile(id)) };
    const all = await must(core, 'packs.check', { file: put(packFile(notice('all', 1), tables, key)) });
    expect(all.changes.tables).toHaveLength(shipped.shippedTables.length);
    for (const one of all.changes.tables)
      expect(one, one.id).toMatchObject({ added: 0, gone: 0, renamed: 0, otherwise: 0, isOwn: false });
    const rules = { kind: 'rules', rules: shipped.shippedRuleIds.map((id) => shipped.shippedRules(id)) };
    const every = await must(core, 'packs.check', { file: put(packFile(notice('every', 1), rules, key)) });
    expect(every.changes.rules).toHaveLength(shipped.shippedRuleIds.length);
    for (const one of every.changes.rules) expect(one, one.id).toMatchObject({ changes: 0, rows: [] });
    expect((await must(core, 'packs.list', {})).rows).toEqual([]);
  });

  it('shows what it changes, is in force once it is taken, and gone when it is taken back', async () => {
    const before = core.resources.tablesVersion;
    const file = put(units(1));
    const preview = await must(core, 'packs.check', { file });
    expect(preview).toMatchObject({
      standing: 'new',
      pack: { id: 'units', version: 1, issuer: '示例发布机构', parts: [{ id: 'unit' }] },
      changes: {
        rules: [],
        tables: [
          { id: 'unit', added: 1, gone: 1, renamed: 1, otherwise: 0, asOfBefore: '2022-06', asOfAfter: '2026-12' },
        ],
      },
    });
    expect(preview.changes.tables[0]?.rows).toEqual([
      { code: '002', kind: 'gone', before: '座', after: '' },
      { code: '007', kind: 'renamed', before: '个', after: '个（新）' },
      { code: '999', kind: 'added', before: '', after: '箱套' },
    ]);
    expect(await must(core, 'packs.load', { file })).toEqual({ id: 'units', version: 1, standing: 'new' });
    expect(await must(core, 'packs.load', { file })).toEqual({ id: 'units', version: 1, standing: 'known' });
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({});
    const taken = await must(core, 'packs.take', { id: 'units', version: 1 });
    expect(taken.tablesVersion).not.toBe(before);
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999', '007'] })).names).toEqual({
      '007': '个（新）',
      '999': '箱套',
    });
    // Closed and opened again the book still uses it; a book that never took it does not.
    const { folder: place } = core.session.book;
    await core.session.close();
    await must(core, 'books.create', { profile: { ...firm, name: '另一家' }, passphrase });
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({});
    await core.session.close();
    await core.session.open(place, { passphrase });
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({ '999': '箱套' });
    const back = await must(core, 'packs.rollBack', { id: 'units', version: null, reason: '代码有误' });
    expect(back.tablesVersion).toBe(before);
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({});
    expect(await refusal('packs.rollBack', { id: 'units', version: null, reason: '再退' })).toMatchObject({
      code: 'PACK_NOT_EARLIER',
    });
    expect(audited().map(({ action }) => action)).toEqual([
      'pack.issuerTrusted',
      'pack.received',
      'pack.taken',
      'pack.rolledBack',
    ]);
    expect(audited().at(-1)?.detail).toEqual({ version: 'shipped', before: 1, reason: '代码有误' });
    expect((await must(core, 'books.health', {})).auditIntact).toBe(true);
  });

  it('gives calculations their figures, by the date in force, and the firm’s own version stands before it', async () => {
    expect(await deemedTax()).toBe('800000.00');
    const { rulesVersion } = core.resources;
    const one = put(rates(1, '0.05'));
    expect((await must(core, 'packs.check', { file: one })).changes.rules).toMatchObject([
      {
        id: 'tax-income-deemed',
        changes: 2,
        isOwn: false,
        rows: [
          { kind: 'dates', inForceFrom: '2020-01-01', before: '', after: '2025-12-31' },
          { kind: 'version', inForceFrom: '2026-01-01', inForceTo: null, after: '2026-01-01' },
        ],
      },
    ]);
    for (const [version, rate] of [
      [1, '0.05'],
      [2, '0.06'],
    ] as const) {
      await must(core, 'packs.load', { file: put(rates(version, rate)) });
      await must(core, 'packs.take', { id: 'deemed', version });
    }
    expect(core.resources.rulesVersion).not.toBe(rulesVersion);
    expect(await deemedTax()).toBe('1200000.00');
    // The second held against the first: one figure.
    await must(core, 'packs.rollBack', { id: 'deemed', version: 1, reason: '核对' });
    expect(await deemedTax()).toBe('1000000.00');
    expect((await must(core, 'packs.preview', { id: 'deemed', version: 2 })).changes.rules).toMatchObject([
      { changes: 1, rows: [{ kind: 'figure', path: 'deemedRate', before: '0.05', after: '0.06' }] },
    ]);
    const body = JSON.parse(JSON.stringify(otherRate('0.07')));
    await must(core, 'rules.savePack', { id: 'tax-income-deemed', body, reason: '主管税务机关核定' });
    expect(await deemedTax()).toBe('1400000.00');
    expect((await must(core, 'packs.preview', { id: 'deemed', version: 2 })).changes.rules[0]?.isOwn).toBe(true);
    await must(core, 'rules.resetPack', { id: 'tax-income-deemed', reason: '不再核定' });
    expect(await deemedTax()).toBe('1000000.00');
    await must(core, 'packs.take', { id: 'deemed', version: 2 });
    expect((await must(core, 'packs.list', {})).rows.filter(({ id }) => id === 'deemed')).toMatchObject([
      { version: 2, inForce: true, waiting: false, takenAt: now },
      { version: 1, inForce: false, waiting: false },
    ]);
  });

  it('is refused with the reason when anything is wrong with it', async () => {
    const whole = readPackFile(units(9));
    if (whole === undefined) throw new Error('no pack file');
    const { manifest, bytes } = whole;
    const cases: readonly [string, Uint8Array, object?][] = [
      ['PACK_FILE_NOT', Buffer.from('PK')],
      ['PACK_FILE_NOT', units(9).subarray(0, 60)],
      ['PACK_DAMAGED', units(9).subarray(0, -1)],
      ['PACK_SIGNATURE_WRONG', writePackFile({ ...manifest, version: 10 }, bytes)],
      ['PACK_SIGNATURE_WRONG', writePackFile({ ...manifest, validFrom: '2025-01-01' }, bytes)],
      // The change log is what a person decides by: it is signed as well.
      ['PACK_SIGNATURE_WRONG', writePackFile({ ...manifest, changes: [{ zh: '无变化', en: 'Nothing' }] }, bytes)],
      ['PACK_SIGNATURE_WRONG', writePackFile({ ...manifest, title: { zh: '国别', en: 'Countries' } }, bytes)],
      ['PACK_SIGNATURE_WRONG', writePackFile({ ...manifest, signature: '' }, bytes)],
      ['PACK_ISSUER_UNKNOWN', packFile(notice('units', 9), { kind: 'tables', tables: [otherUnits()] }, stranger)],
      // Another's key under the name of one that is trusted.
      [
        'PACK_SIGNATURE_WRONG',
        writePackFile(
          {
            ...issuePack(notice('units', 9), { kind: 'tables', tables: [otherUnits()] }, stranger).manifest,
            keyId: key.keyId,
          },
          bytes,
        ),
      ],
      ['PACK_ALTERED', units(1, { changes: [] })],
      ['PACK_ALTERED', units(1, {}, { ...otherUnits(), rows: [['001', '台', '', '']] })],
      ['PACK_PART_UNKNOWN', units(9, {}, { ...otherUnits(), header: { ...otherUnits().header, id: 'nothing' } })],
      [
        'PACK_PART_UNKNOWN',
        packFile(notice('r', 1), { kind: 'rules', rules: [{ ...otherRate('1'), id: 'nothing' }] }, key),
      ],
      ['PACK_PART_TAKEN', packFile(notice('r', 1), { kind: 'rules', rules: [otherRate('0.1')] }, key)],
      [
        'PACK_CONTENT_INVALID',
        units(9, {}, { ...otherUnits(), rows: [...otherUnits().rows, ['999', '箱套', '', '']] }),
        { field: 'tables.unit.rows', reason: 'a code twice' },
      ],
      [
        'PACK_CONTENT_INVALID',
        units(9, {}, { ...otherUnits(), columns: ['code', 'zh', 'en', 'x'] }),
        { field: 'tables.unit.columns', reason: 'missing pinyin' },
      ],
      [
        'PACK_CONTENT_INVALID',
        packFile(notice('deemed', 9), { kind: 'rules', rules: [otherRate('a tenth')] }, key),
        { field: 'rules.tax-income-deemed.versions.1.parameters.deemedRate' },
      ],
      [
        'PACK_CONTENT_INVALID',
        packFile(notice('deemed', 9), { kind: 'rules', rules: [otherRate('0.1', '2025-06-01')] }, key),
        { reason: 'versions overlap' },
      ],
    ];
    const before = { packs: listPacks(core.session.book), rules: core.resources.rulesVersion };
    for (const [code, file, params = {}] of cases) {
      for (const name of ['packs.check', 'packs.load'] as const) {
        expect(await refusal(name, { file: put(file) }), code).toMatchObject({ code, params });
      }
    }
    expect({ packs: listPacks(core.session.book), rules: core.resources.rulesVersion }).toEqual(before);
  });

  it('of an older version is refused, and of tables that do not hold yet kept until they do', async () => {
    await must(core, 'packs.load', { file: put(units(5)) });
    expect(await refusal('packs.load', { file: put(units(4)) })).toMatchObject({
      code: 'PACK_OLDER',
      params: { id: 'units', version: 4, held: 5 },
    });
    await must(core, 'packs.take', { id: 'units', version: 5 });
    expect(await refusal('packs.take', { id: 'units', version: 1 })).toMatchObject({ code: 'PACK_NOT_LATER' });
    await must(core, 'packs.load', { file: put(units(6, { validFrom: '2027-01-01' })) });
    expect(await refusal('packs.take', { id: 'units', version: 6 })).toMatchObject({
      code: 'PACK_NOT_YET',
      params: { date: '2027-01-01' },
    });
    now = '2026-12-31T16:30:00.000Z';
    expect(await must(core, 'packs.take', { id: 'units', version: 6 })).toMatchObject({ toRecheck: 0 });
    await must(core, 'packs.distrust', { keyId: key.keyId, reason: '密钥作废' });
    expect(await refusal('packs.load', { file: put(units(7)) })).toMatchObject({ code: 'PACK_ISSUER_UNKNOWN' });
    expect(await refusal('packs.distrust', { keyId: key.keyId, reason: '再来' })).toMatchObject({
      code: 'PACK_ISSUER_NOT_TRUSTED',
    });
    // What came stays, and so does the way back.
    await must(core, 'packs.rollBack', { id: 'units', version: 5, reason: '密钥作废' });
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({ '999': '箱套' });
    await must(core, 'packs.trust', { name: '示例发布机构', publicKey: key.publicKey });
  });
});

describe('documents checked before a pack', () => {
  it('are checked again, with a list of those that are judged otherwise', async () => {
    await must(core, 'books.createSample', {});
    await must(core, 'packs.trust', { name: '示例发布机构', publicKey: key.publicKey });
    const { rows } = await must(core, 'shipments.list', {});
    await must(core, 'shipments.draft', { id: rows[0]?.id ?? 0 });
    await must(core, 'documents.check', {});
    const { book, resources } = { book: core.session.book, resources: core.resources };
    const kept = book.prepare('SELECT DISTINCT rules_version AS rules FROM document').all() as { rules: string }[];
    expect(kept).toEqual([{ rules: resources.rulesVersion }]);
    expect(await must(core, 'tables.affected', {})).toMatchObject({ drafts: [], untouched: 0, otherRules: 0 });

    // A name of goods that customs calls too vague from now on.
    const [list] = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 })).rows;
    const { body } = await must(core, 'documents.get', { id: list?.id ?? 0 });
    const [{ gname = '' } = {}] = (body as { InventoryList: { gname: string }[] }).InventoryList;
    expect(gname).not.toBe('');
    const pack = JSON.parse(JSON.stringify(shipped.shippedRules('customs-9610')));
    for (const version of pack.versions) version.parameters.vagueGoods = [...version.parameters.vagueGoods, gname];
    await must(core, 'packs.load', {
      file: put(packFile(notice('customs', 1), { kind: 'rules', rules: [pack] }, key)),
    });
    const taken = await must(core, 'packs.take', { id: 'customs', version: 1 });
    expect(taken.toRecheck).toBeGreaterThan(0);
    expect((await must(core, 'tables.affected', {})).otherRules).toBe(taken.toRecheck);
    const again = await must(core, 'tables.recheck', {});
    expect(again.checked).toBe(taken.toRecheck);
    expect(again.different).toBeGreaterThan(0);
    expect(again.different).toBeLessThan(again.checked);
    expect(again.changed).toContainEqual({
      ...{ documentId: list?.id, kind: 'CEB603Message', businessKey: list?.businessKey },
      ...{ added: ['M-NAME-VAGUE'], gone: [] },
    });
    expect(await must(core, 'packs.list', {})).toMatchObject({ toRecheck: 0 });
    expect(book.prepare('SELECT DISTINCT rules_version AS rules FROM document').all()).toEqual([
      { rules: taken.rulesVersion },
    ]);
    await must(core, 'packs.rollBack', { id: 'customs', version: null, reason: '试过了' });
    const back = await must(core, 'tables.recheck', {});
    expect(back.different).toBe(again.different);
  });
});

describe('messages queued before a pack', () => {
  it('are checked again before they leave: what fails waits with its findings, what passes leaves as it was frozen', async () => {
    const platform = await servePlatform({
      port: 0,
      dataFolder: path.join(folder, 'recheck-platform'),
      resourcesFolder: shipped.folder,
    });
    try {
      await must(core, 'books.createSample', {});
      await must(core, 'packs.trust', { name: '示例发布机构', publicKey: key.publicKey });
      const { rows: shipments } = await must(core, 'shipments.list', {});
      await must(core, 'shipments.draft', { id: shipments[0]?.id ?? 0 });
      await must(core, 'documents.check', {});
      await must(core, 'documents.queue', {});
      const queued = (await must(core, 'outbox.list', { limit: 100 })).rows;
      const hashes = async () =>
        Promise.all(queued.map(async ({ guid }) => [guid, (await must(core, 'outbox.get', { guid })).sha256]));
      const before = await hashes();
      const { guid = '' } = queued.find(({ kind }) => kind === 'CEB603Message') ?? {};
      expect(guid).not.toBe('');

      const [list] = (await must(core, 'outbox.get', { guid })).contents;
      const { body } = await must(core, 'documents.get', { id: list?.id ?? 0 });
      const { wrapType } = (body as { InventoryHead: { wrapType: string } }).InventoryHead;
      // The kind of packing that only lists name is taken out of its table.
      const table = tableFile('wrap_type_old');
      const without = { ...table, rows: table.rows.filter(([code]) => code !== wrapType) };
      expect(without.rows.length).toBe(table.rows.length - 1);
      await must(core, 'packs.load', {
        file: put(packFile(notice('packing', 1), { kind: 'tables', tables: [without] }, key)),
      });
      await must(core, 'packs.take', { id: 'packing', version: 1 });

      now = new Date().toISOString();
      await must(core, 'sync.setEndpoint', { url: platform.url, name: '省平台' });
      const syncAll = async () => {
        for (let round = 0; round < 20; round++) if ((await must(core, 'sync.now', {})).awaitingReceipt === 0) return;
      };
      await syncAll();
      const unfit = (await must(core, 'outbox.list', { waiting: 'unfit', limit: 100 })).rows;
      expect(unfit.map((one) => one.guid)).toContain(guid);
      expect(
        unfit.every(({ why, state, kind }) => why === 'unfit' && state === 'queued' && kind === 'CEB603Message'),
      ).toBe(true);
      expect(await must(core, 'sync.status', {})).toMatchObject({ unfit: unfit.length });
      const held = await must(core, 'outbox.get', { guid });
      expect(held.findings).toContainEqual(
        expect.objectContaining({
          path: 'InventoryHead/wrapType',
          documentId: list?.id,
          businessKey: list?.businessKey,
        }),
      );
      expect(held.timeline.map(({ event }) => event)).toEqual(['queue', 'unfit']);
      // A list of what would be sent back shows it, queued as it is.
      const rejected = async () =>
        (await must(core, 'documents.list', { level: 'reject', limit: 200 })).rows
          .filter(({ id }) => id === list?.id)
          .map(({ state }) => state);
      expect(await rejected()).toEqual(['queued']);
      // The papers before it name no packing: they left, under the GUIDs and with the bytes of then.
      for (const { guid: one, kind } of queued.filter(({ kind: of }) => of !== 'CEB603Message'))
        expect((await must(core, 'outbox.get', { guid: one })).state, kind).toBe('sent');
      expect((await must(core, 'today.get', { date: now.slice(0, 10) })).attention.map(({ code }) => code)).toContain(
        'unfit',
      );
      // Neither by hand: what is known to be sent back is not handed in.
      expect(await refusal('outbox.export', { to: path.join(folder, 'out') })).toMatchObject({
        code: 'OUTBOX_UNFIT',
        params: { messages: unfit.length },
      });
      // Let go as it is, it is checked once more and waits again.
      await must(core, 'outbox.steer', { which: { guids: [guid] }, how: 'release' });
      await must(core, 'sync.now', {});
      expect((await must(core, 'outbox.get', { guid })).why).toBe('unfit');

      await must(core, 'packs.rollBack', { id: 'packing', version: null, reason: '试过了' });
      await syncAll();
      expect((await must(core, 'outbox.get', { guid })).state).toBe('sent');
      expect(await rejected()).toEqual([]);
      expect(await hashes()).toEqual(before);
    } finally {
      await core.session.close();
      await platform.close();
    }
  });

  it('are never held once they may have left', async () => {
    const desk = await TestDesk.create(path.join(folder, 'may-have-left'));
    try {
      const [first = '', second = ''] = desk.queue([1], ['CEB303Message', 'CEB505Message']);
      const recheck = new Recheck({ book: desk.book, resources: shipped, now: desk.clock.now });
      const at = desk.clock.now();
      recordMessage(desk.book, first, 'queued', 'queued', 'lose', at, {});
      desk.book.prepare(`UPDATE message SET checked_with = ''`).run();
      expect(recheck.mayLeave(requireMessage(desk.book, first))).toBe(true);
      expect(desk.eventsOf(first)).toEqual(['queue', 'lose']);
      expect(recheck.mayLeave(requireMessage(desk.book, second))).toBe(true);
      expect(desk.eventsOf(second)).toEqual(['queue', 'fit']);
    } finally {
      await desk.close();
    }
  });
});

describe('a pack older than what ships', () => {
  /** What ships, with newer units and a deemed levy that was verified later: the program after an update. */
  const updated = (): string => {
    const to = path.join(folder, 'updated');
    for (const [from, except] of [
      ['.', ['tables', 'rules']],
      ['tables', ['index.json']],
      ['rules', ['tax-income-deemed.json']],
    ] as const) {
      mkdirSync(path.join(to, from), { recursive: true });
      for (const name of readdirSync(path.join(shipped.folder, from)))
        if (!(except as readonly string[]).includes(name))
          symlinkSync(path.join(shipped.folder, from, name), path.join(to, from, name));
    }
    const index = JSON.parse(readFileSync(shipped.path('tables', 'index.json'), 'utf8'));
    for (const table of index.tables) if (table.id === 'unit') table.asOf = '2027-03';
    writeFileSync(path.join(to, 'tables', 'index.json'), JSON.stringify(index));
    const deemed = readFileSync(shipped.path('rules', 'tax-income-deemed.json'), 'utf8');
    writeFileSync(
      path.join(to, 'rules', 'tax-income-deemed.json'),
      deemed.replace(/"on": "[\d-]+"/, '"on": "2027-02-01"'),
    );
    return to;
  };

  it('is refused', async () => {
    await must(core, 'books.create', { profile: { ...firm, name: '旧包' }, passphrase });
    await must(core, 'packs.trust', { name: '示例发布机构', publicKey: key.publicKey });
    const old = otherUnits();
    const table = { ...old, header: { ...old.header, asOf: '2022-05' } };
    expect(await refusal('packs.load', { file: put(units(1, {}, table)) })).toMatchObject({
      code: 'PACK_OUTDATED',
      params: { id: 'units', version: 1, asOf: '2022-05', shipped: '2022-06' },
    });
    const rules = JSON.parse(JSON.stringify(otherRate('0.05')).replaceAll(/"on":"[\d-]+"/g, '"on":"2020-01-01"'));
    expect(
      await refusal('packs.load', { file: put(packFile(notice('deemed', 1), { kind: 'rules', rules: [rules] }, key)) }),
    ).toMatchObject({ code: 'PACK_OUTDATED', params: { id: 'deemed', asOf: '2020-01-01' } });
  });

  it('in force before an update of the program holds no longer, and says so; one of a key without trust is marked', async () => {
    for (const [id, file] of [
      ['units', units(1)],
      ['deemed', rates(1, '0.05')],
    ] as const) {
      await must(core, 'packs.load', { file: put(file) });
      await must(core, 'packs.take', { id, version: 1 });
    }
    await must(core, 'packs.distrust', { keyId: key.keyId, reason: '密钥作废' });
    expect((await must(core, 'packs.list', {})).rows).toMatchObject([
      { id: 'deemed', inForce: true, distrusted: true },
      { id: 'units', inForce: true, distrusted: true },
    ]);
    const { folder: place } = core.session.book;
    await core.session.close();
    const later = coreAt(path.join(folder, 'home'), { now: () => now, resourcesFolder: updated() });
    try {
      await later.session.open(place, { passphrase });
      expect((await must(later, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({});
      const { rows } = await must(later, 'packs.list', {});
      expect(rows.map(({ id, problem }) => [id, problem?.code, problem?.params['shipped']])).toEqual([
        ['deemed', 'PACK_OUTDATED', '2027-02-01'],
        ['units', 'PACK_OUTDATED', '2027-03'],
      ]);
      expect(
        (await must(later, 'packs.rollBack', { id: 'units', version: null, reason: '程序自带的较新' })).tablesVersion,
      ).toBe(later.resources.tablesVersion);
    } finally {
      await later.close();
    }
  });
});

describe('a pack over the line', () => {
  const packsFolder = path.join(folder, 'packs');
  const content = (name: string, value: unknown): string => {
    const file = path.join(folder, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  };
  const publish = (version: number, keys = path.join(folder, 'issuer')): void => {
    runIssuer('pack-sign', {
      keys,
      file: content(`units-${version}.json`, otherUnits()),
      notice: content(`units-${version}.notice.json`, notice('units', version)),
      out: packsFolder,
      name: '示例发布机构',
    });
  };
  let platform: Platform;
  const offered = async () =>
    (await must(core, 'today.get', { date: now.slice(0, 10) })).attention.filter(({ code }) => code === 'packsToTake');

  beforeAll(async () => {
    mkdirSync(packsFolder);
    publish(1);
    publish(2);
    platform = await servePlatform({
      port: 0,
      dataFolder: path.join(folder, 'platform'),
      resourcesFolder: shipped.folder,
      packsFolder,
    });
    await must(core, 'books.create', { profile: firm, passphrase });
    await must(core, 'sync.setEndpoint', { url: platform.url, name: '省平台' });
    now = new Date().toISOString();
  });
  afterAll(() => platform.close());

  it('of an issuer that the platform names is refused until a person trusts it', async () => {
    await must(core, 'sync.now', {});
    expect(await must(core, 'packs.list', {})).toMatchObject({
      rows: [],
      issuers: [{ keyId: key.keyId, name: '示例发布机构', namedBy: '省平台' }],
      refusals: [{ packId: 'units', version: 2, endpointName: '省平台', error: { code: 'PACK_ISSUER_UNKNOWN' } }],
    });
    await must(core, 'packs.trust', { name: '示例发布机构', publicKey: key.publicKey });
    await must(core, 'sync.now', {});
    const listed = await must(core, 'packs.list', {});
    // The latest one: those before it never were in force here.
    expect(listed).toMatchObject({
      refusals: [],
      rows: [{ id: 'units', version: 2, source: 'line', sourceName: '省平台', inForce: false, waiting: true }],
    });
    expect((await must(core, 'packs.preview', { id: 'units', version: 2 })).changes.tables[0]).toMatchObject({
      added: 1,
    });
    expect(await offered()).toMatchObject([
      { params: { packs: 1, version: 2, zh: '计量单位' }, target: 'settings?tab=packs' },
    ]);
    await must(core, 'packs.take', { id: 'units', version: 2 });
    expect(await offered()).toEqual([]);
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({ '999': '箱套' });
  });

  it('that was gone back from stays where it is when the same comes again: not taken by itself, nor lost', async () => {
    await must(core, 'packs.rollBack', { id: 'units', version: null, reason: '代码有误' });
    await must(core, 'sync.now', {});
    expect((await must(core, 'packs.list', {})).rows).toMatchObject([
      { version: 2, inForce: false, waiting: true, takenAt: expect.any(String) },
    ]);
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({});
    // Who went back from it is not told of it as of something new, and can take it again.
    expect(await offered()).toEqual([]);
    await must(core, 'packs.take', { id: 'units', version: 2 });
    expect((await must(core, 'tables.names', { table: 'unit', codes: ['999'] })).names).toEqual({ '999': '箱套' });
  });

  it('is the same that comes as a file, and a bad one does not stop the messages', async () => {
    expect(await must(core, 'packs.check', { file: path.join(packsFolder, 'units-2.portbook-pack') })).toMatchObject({
      standing: 'known',
    });
    publish(3, path.join(folder, 'stranger'));
    const round = await must(core, 'sync.now', {});
    expect(round.connection).toBe('online');
    expect((await must(core, 'packs.list', {})).refusals).toMatchObject([
      { packId: 'units', version: 3, error: { code: 'PACK_ISSUER_UNKNOWN', params: { keyId: stranger.keyId } } },
    ]);
    expect(audited().filter(({ action }) => action === 'pack.refused')).toHaveLength(2);
    expect(() => publish(3)).toThrow('units-3 is issued already');
  });

  it('by issuers of one name without a key is refused once, and hides neither a good version below nor the messages', async () => {
    const nobody = { name: '无钥匙机构', publicKey: 'AAAA' };
    const stored = path.join(packsFolder, 'issuers.json');
    const before = readFileSync(stored, 'utf8');
    writeFileSync(stored, JSON.stringify([...JSON.parse(before), nobody, nobody]));
    // Half of a pack is not handed out, and keeps nothing else back.
    writeFileSync(
      path.join(packsFolder, 'units-9.manifest.json'),
      readFileSync(path.join(packsFolder, 'units-3.manifest.json'), 'utf8').replace('"version":3', '"version":9'),
    );
    publish(4);
    publish(5, path.join(folder, 'stranger'));
    expect((await must(core, 'sync.now', {})).connection).toBe('online');
    const { refusals, rows } = await must(core, 'packs.list', {});
    expect(refusals.map(({ packId, version }) => [packId, version])).toEqual([
      ['units', 5],
      ['无钥匙机构', 0],
    ]);
    expect(rows.map(({ version }) => version)).toContain(4);
  });
});
