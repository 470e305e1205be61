import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Entry over drafts of the sample book: what the editor of the desk asks of the core. */
let folder: string;
let core: Core;
let id: number;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-entry-'));
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  const { rows } = await must(core, 'shipments.list', {});
  await must(core, 'shipments.draft', { id: rows[0]?.id ?? 0 });
  const lists = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 500 })).rows;
  id = lists[0]?.id ?? 0;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Opened = OutputOf<'entry.open'>;
const open = (of = id): Promise<Opened> => must(core, 'entry.open', { id: of });
const linesOf = (opened: Opened) => (opened.body as { InventoryList: Record<string, string>[] }).InventoryList;
const headOf = (opened: Opened) => (opened.body as { InventoryHead: Record<string, string> }).InventoryHead;

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
