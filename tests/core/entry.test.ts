import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Entry over drafts of the sample book: what the editor of the desk asks of the core. */
let folder: string;
let core: Core;
let id: number;

/** Made once and put back before each test, in its place: a book is known by its path. */
let seed: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-entry-'));
  seed = `${folder}-seed`;
  const first = coreAt(folder);
  await must(first, 'books.createSample', {});
  const { rows } = await must(first, 'shipments.list', {});
  await must(first, 'shipments.draft', { id: rows[0]?.id ?? 0 });
  await first.close();
  cpSync(folder, seed, { recursive: true });
});
beforeEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(seed, folder, { recursive: true });
  core = coreAt(folder);
  const { books } = await must(core, 'books.list', {});
  await must(core, 'books.open', { bookId: books[0]?.id ?? '', secret: { passphrase: samplePassphrase } });
  const lists = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 500 })).rows;
  id = lists[0]?.id ?? 0;
});
afterEach(() => core.close());
afterAll(() => {
  for (const one of [folder, seed]) rmSync(one, { recursive: true, force: true });
});

type Opened = OutputOf<'entry.open'>;
const open = (of = id): Promise<Opened> => must(core, 'entry.open', { id: of });
const linesOf = (opened: Opened) => (opened.body as { InventoryList: Record<string, string>[] }).InventoryList;
const headOf = (opened: Opened) => (opened.body as { InventoryHead: Record<string, string> }).InventoryHead;

describe('a declaration typed from nothing', () => {
  it('says what its total is in as soon as its lines say so', async () => {
    const { id: made } = await must(core, 'documents.create', { kind: 'DecMessage' });
    const before = await open(made);
    const saved = await must(core, 'entry.save', {
      ...{ id: made, base: before.revision },
      operations: [{ op: 'insert', at: 1, lines: [{ GName: '烛台', DeclTotal: '10', TradeCurr: 'USD' }] }],
    });
    expect(saved).toMatchObject({ amount: '10', currency: 'USD' });
  });
});

describe('a declaration begun again', () => {
  const begin = async () => must(core, 'documents.create', { kind: 'DecMessage', reuse: true });

  it('is the one before while nothing was typed into it', async () => {
    const first = await begin();
    const opened = await open(first.id);
    // Looked at and left at a place: still nothing was typed.
    await must(core, 'entry.keep', { id: first.id, place: { path: 'DecHead/TradeMode' } });
    await must(core, 'entry.close', { id: first.id });
    expect((await begin()).id).toBe(first.id);
    await must(core, 'entry.save', {
      ...{ id: first.id, base: opened.revision },
      operations: [{ op: 'set', path: 'DecHead/OverseasConsigneeEname', value: 'Rungis' }],
    });
    const second = await begin();
    expect(second.id).not.toBe(first.id);
    expect((await begin()).id).toBe(second.id);
    // Asked for without that, a blank one is a new one.
    expect((await must(core, 'documents.create', { kind: 'DecMessage' })).id).not.toBe(second.id);
  });

  it('is never one of another clerk', async () => {
    const { book } = core.session;
    const mine = await begin();
    book
      .prepare(`INSERT INTO clerk (name, is_active, created_at) VALUES ('另一位', 1, '2026-11-21T00:00:00.000Z')`)
      .run();
    book
      .prepare('INSERT INTO document_hand (document_id, clerk_id, at) SELECT ?, max(id), ? FROM clerk')
      .run(mine.id, '2026-11-21T00:00:00.000Z');
    expect((await begin()).id).not.toBe(mine.id);
  });
});

describe('editing lines', () => {
  it('inserts, pastes and restores in one call, numbers the lines anew and checks', async () => {
    const before = await open();
    const first = linesOf(before)[0] ?? {};
    const saved = await must(core, 'entry.save', {
      id,
      base: before.revision,
      operations: [
        { op: 'insert', at: 1, lines: [{ ...first, gnum: '77', gname: '新品' }] },
        { op: 'block', at: 2, fields: ['gname'], rows: [['改名']] },
      ],
      place: { path: 'InventoryList[1]/gname', typed: '新', caret: 1 },
    });
    expect(saved.revision).not.toBe(before.revision);
    const after = await open();
    expect(linesOf(after).map((line) => line['gnum'])).toEqual(linesOf(after).map((_, index) => String(index + 1)));
    expect(linesOf(after)[0]).toMatchObject({ gname: '新品' });
    expect(linesOf(after)[1]).toMatchObject({ gname: '改名' });
    expect(after.place).toEqual({ path: 'InventoryList[1]/gname', typed: '新', caret: 1 });
    // The text of the document is the document's own: the product keeps its name.
    const products = await must(core, 'products.list', { limit: 500 });
    expect(JSON.stringify(products)).not.toContain('改名');
  });

  it('says how many lines a message may carry, and keeps what was entered', async () => {
    const { revision, body } = await open();
    const line = { ...(body as { InventoryList: Record<string, string>[] }).InventoryList[0] };
    const saved = await must(core, 'entry.save', {
      id,
      base: revision,
      operations: [{ op: 'insert', at: 1, lines: Array.from({ length: 120 }, () => line) }],
    });
    expect(saved.findings.map(({ rule }) => rule)).toContain('DOC-TOO-MANY-LINES');
    expect(linesOf(await open()).length).toBeGreaterThan(120);
    const refused = await core.call('entry.save', {
      id,
      base: saved.revision,
      operations: [{ op: 'insert', at: 1, lines: Array.from({ length: 5001 }, () => line) }],
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'DOCUMENT_LINES_TOO_MANY' } });
  });

  it('refuses what is entered on top of other content, and fields that are not the user’s', async () => {
    const { revision } = await open();
    await must(core, 'documents.edit', { id, operations: [{ op: 'set', path: 'InventoryHead/billNo', value: 'X1' }] });
    const stale = await core.call('entry.save', { id, base: revision, operations: [] });
    expect(stale).toMatchObject({ ok: false, error: { code: 'ENTRY_OUTDATED' } });
    const { revision: base } = await open();
    for (const operation of [
      { op: 'set', path: 'InventoryHead/guid', value: 'X' },
      { op: 'block', at: 1, fields: ['gnum'], rows: [['9']] },
      { op: 'restore', head: { copNo: 'X' }, at: 1, count: 0, lines: [] },
    ] as const)
      expect(await core.call('entry.save', { id, base, operations: [operation] as never })).toMatchObject({
        ok: false,
        error: { code: 'FIELD_UNKNOWN' },
      });
  });
});

describe('the place of the cursor', () => {
  it('outlives the core, and the document is offered again until it is closed', async () => {
    await must(core, 'entry.keep', { id, place: { path: 'InventoryHead/billNo', typed: '880-1', caret: 5 } });
    expect(await must(core, 'entry.unfinished', {})).toMatchObject({ id });
    expect((await open()).place).toEqual({ path: 'InventoryHead/billNo', typed: '880-1', caret: 5 });
    await must(core, 'entry.close', { id });
    expect(await must(core, 'entry.unfinished', {})).toEqual({});
    expect((await open()).place).toMatchObject({ path: 'InventoryHead/billNo' });
  });
});

describe('a copy of an earlier document', () => {
  it('is found by buyer and product, gets its own number, and waits until every carried fact was looked at', async () => {
    const source = await open();
    const product = linesOf(source)[0]?.['gname'] ?? '';
    const { rows } = await must(core, 'entry.sources', { kind: 'CEB603Message', product });
    expect(rows.map((row) => row.id)).toContain(id);
    expect((await must(core, 'entry.sources', { product: '没有这种货' })).rows).toEqual([]);
    const made = await must(core, 'entry.copy', { id });
    const copy = await open(made.id);
    expect(copy.isLoose).toBe(true);
    expect(copy.businessKey).not.toBe(source.businessKey);
    expect(headOf(copy)['guid']).not.toBe(headOf(source)['guid']);
    expect(linesOf(copy)).toEqual(linesOf(source));
    expect(copy.unconfirmed).toEqual(
      expect.arrayContaining(['InventoryHead/billNo', 'InventoryHead/ieDate', 'InventoryList[1]/price']),
    );
    expect(copy.state).toBe('draft');
    expect(copy.findings.map(({ rule }) => rule)).toContain('ENTRY-CONFIRM');
    const typed = await must(core, 'entry.save', {
      id: made.id,
      base: copy.revision,
      operations: [{ op: 'set', path: 'InventoryHead/billNo', value: '999-11111111' }],
    });
    expect(typed.unconfirmed).not.toContain('InventoryHead/billNo');
    const all = await must(core, 'entry.save', {
      id: made.id,
      base: typed.revision,
      operations: [],
      confirmed: typed.unconfirmed,
    });
    expect(all.unconfirmed).toEqual([]);
    expect(all.findings.map(({ rule }) => rule)).not.toContain('ENTRY-CONFIRM');
    // Numbers of copies never meet.
    expect((await open((await must(core, 'entry.copy', { id: made.id })).id)).businessKey).not.toBe(copy.businessKey);
  });

  it('of a document that is known by an outside number has none until it is typed, and not another’s', async () => {
    const orders = (await must(core, 'documents.list', { kind: 'CEB303Message', limit: 10 })).rows;
    const made = await must(core, 'entry.copy', { id: orders[0]?.id ?? 0 });
    const copy = await open(made.id);
    expect(copy.businessKey).toMatch(/^#/);
    const refused = await core.call('entry.save', {
      id: made.id,
      base: copy.revision,
      operations: [{ op: 'set', path: 'OrderHead/orderNo', value: orders[0]?.businessKey ?? '' }],
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'DOCUMENT_NUMBER_TAKEN' } });
    const saved = await must(core, 'entry.save', {
      id: made.id,
      base: copy.revision,
      operations: [{ op: 'set', path: 'OrderHead/orderNo', value: 'NEW-1' }],
    });
    expect(saved.businessKey).toBe('NEW-1');
    // One that was given up leaves its number free, and its own version of it.
    await must(core, 'documents.discard', { id: made.id });
    const again = await must(core, 'entry.copy', { id: orders[0]?.id ?? 0 });
    const taken = await must(core, 'entry.save', {
      id: again.id,
      base: (await open(again.id)).revision,
      operations: [{ op: 'set', path: 'OrderHead/orderNo', value: 'NEW-1' }],
    });
    expect(taken.businessKey).toBe('NEW-1');
    expect((await open(again.id)).version).toBe(2);
  });
});

describe('templates, layouts and views', () => {
  it('keep what is the same the next time, by client, product and mode', async () => {
    const { suggested } = await must(core, 'entry.templates', { kind: 'CEB603Message', documentId: id });
    expect(suggested.product).not.toBe('');
    await must(core, 'entry.saveTemplate', { documentId: id, name: '其他' });
    const { id: template } = await must(core, 'entry.saveTemplate', {
      documentId: id,
      name: '英国烛台',
      product: suggested.product ?? '',
      mode: suggested.mode ?? '',
    });
    const { rows } = await must(core, 'entry.templates', { kind: 'CEB603Message', documentId: id });
    expect(rows.map(({ name, fits }) => [name, fits])).toEqual([
      ['英国烛台', 2],
      ['其他', 0],
    ]);
    const { body } = await must(core, 'entry.template', { id: template });
    expect((body as { InventoryHead: Record<string, string> }).InventoryHead['billNo']).toBeUndefined();
    await must(core, 'entry.deleteTemplate', { id: template });
    expect(await core.call('entry.template', { id: template })).toMatchObject({ ok: false });
  });

  it('remember the order of fields of a message and filters by name', async () => {
    await must(core, 'entry.saveLayout', { kind: 'CEB603Message', layout: { head: ['billNo'], hidden: ['freight'] } });
    expect((await open()).layout).toEqual({ head: ['billNo'], lines: [], hidden: ['freight'] });
    await must(core, 'entry.saveView', { name: '被退回', filter: { kind: 'CEB603Message', state: 'rejected' } });
    const saved = await must(core, 'entry.saveView', { name: '被退回', filter: { state: 'rejected' } });
    expect((await must(core, 'entry.views', {})).rows).toEqual([saved]);
    await must(core, 'entry.deleteView', { id: saved.id });
    expect((await must(core, 'entry.views', {})).rows).toEqual([]);
  });
});

describe('entry on its way', () => {
  it('is kept while a save is under way, offered where it still belongs, and settled by the next save', async () => {
    const before = await open();
    const place = { path: 'InventoryHead/billNo' };
    const operations = [{ op: 'set' as const, path: 'InventoryHead/billNo', value: '880-1' }];
    await must(core, 'entry.keep', { id, place, pending: { operations } });
    expect((await open()).pending).toEqual({ operations, confirmed: [] });
    // A key later only the cursor moves: what was entered stays on its way.
    await must(core, 'entry.keep', { id, place: { path: 'InventoryHead/voyageNo' } });
    expect((await open()).pending?.operations).toEqual(operations);
    await must(core, 'documents.edit', {
      id,
      operations: [{ op: 'set', path: 'InventoryHead/voyageNo', value: 'HU1' }],
    });
    expect((await open()).pending).toBeUndefined();
    expect(headOf(await open())['billNo']).toBe(headOf(before)['billNo']);
    const { revision } = await open();
    await must(core, 'entry.keep', { id, place, pending: { operations } });
    await must(core, 'entry.save', { id, base: revision, operations });
    expect(await open()).toMatchObject({ body: { InventoryHead: { billNo: '880-1' } } });
    expect((await open()).pending).toBeUndefined();
  });
});

describe('text that names no code', () => {
  it('stays in the document and is named until it is replaced', async () => {
    const { revision } = await open();
    const saved = await must(core, 'entry.save', {
      id,
      base: revision,
      operations: [{ op: 'set', path: 'InventoryHead/country', value: '澳洲墨尔本' }],
    });
    expect(headOf(await open())['country']).toBe('澳洲墨尔本');
    expect(saved.findings.filter(({ path: at }) => at === 'InventoryHead/country')).toMatchObject([
      { level: 'reject', params: { value: '澳洲墨尔本' } },
    ]);
    const mended = await must(core, 'entry.save', {
      id,
      base: saved.revision,
      operations: [{ op: 'set', path: 'InventoryHead/country', value: '601' }],
    });
    expect(mended.findings.filter(({ path: at }) => at === 'InventoryHead/country')).toEqual([]);
  });
});

describe('a draft the checker approved', () => {
  it('opens frozen with who approved it, refuses entry, and is open again when it is reopened with a reason', async () => {
    const { id: maker } = await must(core, 'clerks.save', { name: '王晓' });
    const { id: checker } = await must(core, 'clerks.save', { name: '李静' });
    await must(core, 'clerks.choose', { id: maker });
    await must(core, 'review.claim', { ids: [id] });
    await must(core, 'clerks.choose', { id: checker });
    await must(core, 'review.mark', { id, path: 'InventoryHead/billNo', comment: '与提单不符' });
    expect((await open()).marked).toEqual(['InventoryHead/billNo']);
    const [mark] = (await must(core, 'review.get', { id })).marks;
    await must(core, 'review.resolve', { markId: mark?.id ?? 0, isResolved: true });
    expect((await open()).marked).toEqual([]);
    const { revision } = await must(core, 'entry.save', {
      id,
      base: (await open()).revision,
      operations: [{ op: 'set', path: 'InventoryHead/note', value: '' }],
    });
    expect((await open()).state).toBe('checked');
    await must(core, 'review.approve', { ids: [id] });
    expect((await open()).approval).toMatchObject({ by: '李静' });
    const refused = await core.call('entry.save', {
      id,
      base: revision,
      operations: [{ op: 'set', path: 'InventoryHead/note', value: '改' }],
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'DOCUMENT_APPROVED', params: { clerk: '李静' } } });
    await must(core, 'review.reopen', { id, reason: '提单号改了' });
    expect((await open()).approval).toBeUndefined();
  });
});

describe('what a clerk has at hand', () => {
  it('is a list for each field: kept values first, then what earlier documents had, goods with their line', async () => {
    const { rows } = await must(core, 'entry.mine', { kind: 'CEB603Message', field: 'InventoryList/gname' });
    const used = linesOf(await open())[0] ?? {};
    const found = rows.find(({ value }) => value === used['gname']);
    expect(found).toMatchObject({ isKept: false, line: { gcode: used['gcode'], unit: used['unit'] } });
    expect(found?.line).not.toHaveProperty('price');
    expect(found?.line).not.toHaveProperty('qty');
    expect(rows.map(({ times }) => times)).toEqual(rows.map(({ times }) => times).sort((a, b) => b - a));
    const field = 'InventoryHead/billNo';
    await must(core, 'entry.keepMine', { kind: 'CEB603Message', field, value: '880-000', isKept: true });
    const kept = await must(core, 'entry.mine', { kind: 'CEB603Message', field });
    expect(kept.rows[0]).toMatchObject({ value: '880-000', isKept: true });
    await must(core, 'entry.keepMine', { kind: 'CEB603Message', field, value: '880-000', isKept: false });
    expect((await must(core, 'entry.mine', { kind: 'CEB603Message', field })).rows[0]?.value).not.toBe('880-000');
    expect(await core.call('entry.mine', { kind: 'CEB603Message', field: 'InventoryHead/none' })).toMatchObject({
      error: { code: 'FIELD_UNKNOWN' },
    });
    // Numbers of persons are listed nowhere.
    expect(await core.call('entry.mine', { kind: 'CEB303Message', field: 'OrderHead/buyerIdNumber' })).toMatchObject({
      error: { code: 'FIELD_UNKNOWN' },
    });
  });

  it('are keys of his own: one command a key, named when it is taken, and the suggested ones again', async () => {
    const { id: wang } = await must(core, 'clerks.save', { name: '王晓' });
    const { id: li } = await must(core, 'clerks.save', { name: '李静' });
    await must(core, 'clerks.choose', { id: wang });
    expect(await core.call('entry.setKey', { command: 'entry.check', key: 'F8' })).toMatchObject({
      error: { code: 'KEY_TAKEN', params: { key: 'F8', command: '放入待发', commandEn: 'Put into queue' } },
    });
    expect(await core.call('entry.setKey', { command: 'entry.check', key: 'A' })).toMatchObject({
      error: { code: 'KEY_NOT_ALLOWED' },
    });
    await must(core, 'entry.setKey', { command: 'entry.check', key: 'Ctrl+J' });
    expect(await must(core, 'entry.keys', {})).toEqual({ keys: { 'entry.check': 'Ctrl+J' }, clerk: '王晓' });
    await must(core, 'clerks.choose', { id: li });
    expect(await must(core, 'entry.keys', {})).toEqual({ keys: {}, clerk: '李静' });
    await must(core, 'clerks.choose', { id: wang });
    // Its own key back; while another command has that, it is refused by name.
    await must(core, 'entry.setKey', { command: 'entry.queue', key: 'F7' });
    expect(await core.call('entry.setKey', { command: 'entry.check', key: null })).toMatchObject({
      error: { code: 'KEY_TAKEN', params: { command: '放入待发' } },
    });
    expect(await must(core, 'entry.resetKeys', {})).toEqual({ keys: {} });
    expect((await must(core, 'entry.keys', {})).keys).toEqual({});
  });
});
