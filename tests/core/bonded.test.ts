import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { hasBondedFor } from '../../electron/core/store/bonded.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import type { DocumentState } from '../../shared/sync/document-states.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { forceState } from '../fixtures/force-state.ts';
import { writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** 保税账册: entries less exits is the balance, never below zero, and a list counts once, whatever customs says how often. */
const recordNo = 'T640726A0001';
const ledger = {
  recordNo,
  placeKind: 'zone',
  place: '海口综合保税区',
  customs: '6409',
  firmCode: firm.uscc,
  firmName: firm.name,
} as const;
const item = { seq: 1, itemNo: 'P-0001', sku: 'A1', name: '陶瓷装饰品', hsCode: '6913900000', unit: '007' };
const paper = { kind: 'domestic', on: '2026-11-02', paperKind: 'checklist', paperLine: 1 } as const;

let folder = '';
let core: Core;
async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.params];
}
const figures = async (id: number) => {
  const { entered, left, listed, balance, short, proposed, onShow, free } = await must(core, 'bonded.item', { id });
  return { entered, left, listed, balance, short, proposed, onShow, free };
};
const still = { entered: '0', left: '0', listed: '0', balance: '0', short: '0', proposed: '0', onShow: '0', free: '0' };

let serial = 0;
/** A list of 1210 as it is stored. */
function list(
  qty: string,
  more: { readonly state?: DocumentState; readonly appType?: string; readonly itemNo?: string } = {},
): number {
  serial += 1;
  const body = {
    InventoryHead: { appType: more.appType ?? '1', copNo: `C${serial}`, tradeMode: '1210', emsNo: recordNo },
    InventoryList: [{ gnum: '1', itemRecordNo: more.itemNo ?? item.itemNo, qty }],
  };
  const { lastInsertRowid } = core.session.book
    .prepare(
      `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES ('CEB603Message', ?, ?, ?, 0, 'USD', ?, 'x', '2026-11-20T04:00:00.000Z', '2026-11-20T04:00:00.000Z')`,
    )
    .run(`C${serial}`, `G${serial}`, JSON.stringify(body), more.state ?? 'draft');
  return Number(lastInsertRowid);
}
const put = (id: number, state: DocumentState): void =>
  forceState(core.session.book, 'UPDATE document SET state = ? WHERE id = ?', state, id);

describe('a ledger by hand', () => {
  let itemId = 0;
  let bookId = 0;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-bonded-'));
    core = coreAt(folder, { now: () => '2026-11-22T04:00:00.000Z' });
    await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
    bookId = (await must(core, 'bonded.saveBook', ledger)).id;
    itemId = (await must(core, 'bonded.saveItem', { bookId, ...item })).id;
  });
  afterEach(async () => {
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const move = (of: Partial<InputOf<'bonded.move'>> & { readonly paperNo: string; readonly qty: string }) => ({
    ...{ itemId, ...paper },
    ...of,
  });
  const enter = (of: Parameters<typeof move>[0]) => must(core, 'bonded.move', move(of));

  it('keeps a paper once, lets out only what was there that day, and takes back only what is still there', async () => {
    const { id } = await enter({ paperNo: 'QD1', qty: '100' });
    expect(await refused('bonded.move', move({ paperNo: 'QD1', qty: '5' }))).toEqual([
      'BONDED_PAPER_USED',
      { paperNo: 'QD1', line: 1 },
    ]);
    await enter({ paperNo: 'QD1', paperLine: 2, qty: '5', on: '2026-11-10' });
    const home = { kind: 'home', paperKind: 'declaration' } as const;
    expect(await refused('bonded.move', move({ ...home, paperNo: 'B1', qty: '100.5', on: '2026-11-05' }))).toEqual([
      'BONDED_SHORT',
      { itemNo: item.itemNo, free: '100', want: '100.5', on: '2026-11-05' },
    ]);
    expect(await enter({ ...home, paperNo: 'B1', qty: '60', on: '2026-11-05' })).toMatchObject({ free: '40' });
    expect(await refused('bonded.move', move({ ...home, paperNo: 'B2', qty: '1', on: '2026-11-23' }))).toMatchObject([
      'BONDED_AHEAD',
      {},
    ]);
    expect(await refused('bonded.void', { id, reason: '录错' })).toMatchObject(['BONDED_SHORT', { free: '40' }]);
    expect(await figures(itemId)).toEqual({ ...still, entered: '105', left: '60', balance: '45', free: '45' });
    const { rows } = await must(core, 'bonded.history', { id: itemId });
    expect(rows.map(({ paperNo, qty, balance }) => [paperNo, qty, balance])).toEqual([
      ['QD1', '5', '45'],
      ['B1', '60', '40'],
      ['QD1', '100', '100'],
    ]);
    await must(core, 'bonded.void', { id: rows[1]?.moveId ?? 0, reason: '录错' });
    await must(core, 'bonded.void', { id, reason: '录错' });
    expect(await figures(itemId)).toEqual({ ...still, entered: '5', balance: '5', free: '5' });
    // What is void stands in the history, and its paper may be entered anew.
    expect((await must(core, 'bonded.history', { id: itemId })).total).toBe(3);
    await enter({ paperNo: 'QD1', qty: '7' });
  });

  it('does not change its number, item numbers and units once they are used, and is refused where it is closed', async () => {
    const other = { ...item, seq: 2, itemNo: 'P-0002', sku: '' };
    expect(await refused('bonded.saveItem', { bookId, ...other, seq: 1 })).toEqual(['BONDED_SEQ_USED', { seq: 1 }]);
    expect(await refused('bonded.saveItem', { bookId, ...other, itemNo: item.itemNo })).toMatchObject([
      'BONDED_ITEM_USED',
      {},
    ]);
    expect(await refused('bonded.saveItem', { bookId, ...other, sku: 'A1' })).toEqual([
      'BONDED_SKU_USED',
      { sku: 'A1', itemNo: item.itemNo },
    ]);
    expect(await refused('bonded.saveItem', { bookId, ...other, unit: '999' })).toMatchObject(['BONDED_UNIT', {}]);
    expect(await refused('bonded.saveBook', ledger)).toEqual(['BONDED_BOOK_USED', { recordNo }]);
    await must(core, 'bonded.saveItem', { bookId, id: itemId, ...item, unit: '011' });
    await must(core, 'bonded.saveItem', { bookId, id: itemId, ...item });
    await enter({ paperNo: 'QD1', qty: '1' });
    expect(await refused('bonded.saveItem', { bookId, id: itemId, ...item, unit: '011' })).toMatchObject([
      'BONDED_ITEM_FIXED',
      {},
    ]);
    expect(await refused('bonded.saveBook', { ...ledger, id: bookId, recordNo: 'T640726A0002' })).toMatchObject([
      'BONDED_BOOK_FIXED',
      {},
    ]);
    await must(core, 'bonded.saveItem', { bookId, id: itemId, ...item, name: '瓷器' });
    await must(core, 'bonded.saveBook', { ...ledger, id: bookId, state: 'closed' });
    expect(await refused('bonded.move', move({ paperNo: 'QD2', qty: '1' }))).toEqual([
      'BONDED_BOOK_CLOSED',
      { recordNo },
    ]);
    const { rows, counts } = await must(core, 'bonded.items', { bookId, text: '瓷', find: 'left' });
    expect(rows.map(({ name }) => name)).toEqual(['瓷器']);
    expect(counts).toEqual({ all: 1, left: 1, proposed: 0, short: 0 });
  });

  it('proposes a list while it is drafted, books it when customs accepts it, once, and gives it back', async () => {
    await enter({ paperNo: 'QD1', qty: '100' });
    const id = list('30.5');
    const proposed = { ...still, entered: '100', balance: '100', proposed: '30.5', free: '69.5' };
    const booked = { ...still, entered: '100', listed: '30.5', balance: '69.5', free: '69.5' };
    expect(await figures(itemId)).toEqual(proposed);
    expect((await must(core, 'bonded.item', { id: itemId })).draws).toMatchObject([{ documentId: id, qty: '30.5' }]);
    for (const state of ['checked', 'queued', 'sent'] as const) {
      put(id, state);
      expect(await figures(itemId), state).toEqual(proposed);
    }
    for (const state of ['accepted', 'released', 'accepted', 'closed'] as const) {
      put(id, state);
      expect(await figures(itemId), state).toEqual(booked);
    }
    // A paper that is a list of the book counts by itself.
    expect(await refused('bonded.move', move({ kind: 'abroad', paperNo: `C${serial}`, qty: '1' }))).toMatchObject([
      'BONDED_PAPER_LIST',
      {},
    ]);
    for (const state of ['rejected', 'withdrawn', 'superseded'] as const) {
      put(id, state);
      expect(await figures(itemId), state).toEqual({ ...still, entered: '100', balance: '100', free: '100' });
    }
    put(id, 'released');
    expect(await figures(itemId)).toEqual(booked);
    const { rows } = await must(core, 'bonded.history', { id: itemId });
    expect(rows.map(({ kind, documentId, balance }) => [kind, documentId, balance])).toEqual([
      ['retail', id, '69.5'],
      ['domestic', null, '100'],
    ]);
  });

  it('does not count a list twice whose number was entered as an exit before customs gave it', async () => {
    await enter({ paperNo: 'QD1', qty: '100' });
    const id = list('30', { state: 'sent' });
    await enter({ kind: 'abroad', paperKind: 'list', paperNo: 'I0001', qty: '30' });
    forceState(core.session.book, `UPDATE document SET state = 'released', platform_no = 'I0001' WHERE id = ?`, id);
    expect(await figures(itemId)).toEqual({ ...still, entered: '100', left: '30', balance: '70', free: '70' });
  });

  it('takes of a change what it adds, and all of it in the place of the one before once customs has it', async () => {
    await enter({ paperNo: 'QD1', qty: '100' });
    const first = list('30', { state: 'accepted' });
    const change = list('40', { appType: '2' });
    core.session.book.prepare(`INSERT INTO document_about VALUES (?, ?, 'amend')`).run(change, first);
    expect(await figures(itemId)).toEqual({
      ...{ ...still, entered: '100', listed: '30', balance: '70', proposed: '10', free: '60' },
    });
    put(change, 'accepted');
    expect(await figures(itemId)).toEqual({ ...still, entered: '100', listed: '40', balance: '60', free: '60' });
    put(first, 'superseded');
    expect(await figures(itemId)).toMatchObject({ listed: '40', balance: '60' });
    // A deletion takes nothing.
    list('40', { appType: '3' });
    expect(await figures(itemId)).toMatchObject({ proposed: '0', free: '60' });
  });

  it('says what customs let out beyond it instead of hiding it', async () => {
    await enter({ paperNo: 'QD1', qty: '10' });
    const id = list('10', { state: 'rejected' });
    list('10', { state: 'released' });
    put(id, 'accepted');
    expect(await figures(itemId)).toEqual({ ...still, entered: '10', listed: '20', short: '10' });
    expect((await must(core, 'bonded.items', { bookId, find: 'short' })).rows).toHaveLength(1);
  });

  it('never falls below zero, whatever happens in whatever order', async () => {
    const act = fc.record({
      what: fc.constantFrom('in', 'out', 'void', 'draft', 'queue', 'accepted', 'released', 'rejected', 'withdrawn'),
      at: fc.nat(99),
      qty: fc.integer({ min: 1, max: 40 }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        run += 1;
        const own = { ...item, seq: 100 + run, itemNo: `R-${run}`, sku: '' };
        const { id } = await must(core, 'bonded.saveItem', { bookId, ...own });
        const moves: { id: number; delta: number; isVoid: boolean }[] = [];
        const lists: { id: number; qty: number; state: DocumentState; hasLeft: boolean }[] = [];
        /** What customs took although the book had given it back. */
        let isContradicted = false;
        const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
        for (const [n, { what, at, qty }] of acts.entries()) {
          const one = lists[at % Math.max(lists.length, 1)];
          if (what === 'in' || what === 'out') {
            const kind = what === 'in' ? 'domestic' : 'home';
            const answer = await core.call('bonded.move', {
              ...{ ...paper, itemId: id, kind, paperNo: `${run}-${n}`, qty: String(qty) },
            });
            if (answer.ok) moves.push({ id: answer.data.id, delta: what === 'in' ? qty : -qty, isVoid: false });
          } else if (what === 'void') {
            const move = moves[at % Math.max(moves.length, 1)];
            if (move !== undefined && (await core.call('bonded.void', { id: move.id, reason: '作废' })).ok)
              move.isVoid = true;
          } else if (what === 'draft') {
            lists.push({ id: list(String(qty), { itemNo: own.itemNo }), qty, state: 'draft', hasLeft: false });
          } else if (one !== undefined && what === 'queue') {
            if (one.state !== 'draft' || !hasBondedFor(core.session.book, [one.id])) continue;
            one.state = 'queued';
            one.hasLeft = true;
            put(one.id, 'queued');
          } else if (one?.hasLeft === true) {
            const isBack = one.state === 'rejected' || one.state === 'withdrawn';
            one.state = what as DocumentState;
            if (isBack && (what === 'accepted' || what === 'released')) isContradicted = true;
            // The same word twice is said once.
            put(one.id, one.state);
            put(one.id, one.state);
          }
          const entered = sum(moves.flatMap(({ delta, isVoid }) => (isVoid || delta < 0 ? [] : [delta])));
          const left = sum(moves.flatMap(({ delta, isVoid }) => (isVoid || delta > 0 ? [] : [-delta])));
          const listed = sum(lists.flatMap((of) => (['accepted', 'released'].includes(of.state) ? [of.qty] : [])));
          const now = await figures(id);
          expect(now).toMatchObject({ entered: String(entered), left: String(left), listed: String(listed) });
          expect(Number(now.balance) - Number(now.short)).toBe(entered - left - listed);
          expect(Math.min(Number(now.balance), Number(now.free))).toBeGreaterThanOrEqual(0);
          if (!isContradicted) expect(now.short).toBe('0');
          const { rows } = await must(core, 'bonded.history', { id, limit: 500 });
          expect(Number(rows[0]?.balance ?? 0)).toBe(entered - left - listed);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('is imported with its items once, and what would leave before it came in is refused', async () => {
    const head = [
      '账册编号',
      '备案序号',
      '料号',
      '商品名称',
      '商品编码',
      '单位',
      '货号',
      '进出区',
      '日期',
      '单证类别',
      '核注清单编号',
      '项号',
      '数量',
    ];
    const row = (more: Record<number, string>) => {
      const cells = [
        recordNo,
        '7',
        'P-0007',
        '瓷杯',
        '6912001000',
        '个',
        'A7',
        '境内入区',
        '2026-11-03',
        '',
        'QD7',
        '1',
        '50',
      ];
      for (const [at, value] of Object.entries(more)) cells[Number(at)] = value;
      return cells;
    };
    const rows = [
      row({ 7: '出区进入境内', 8: '2026-11-04', 9: '报关单', 10: 'B7', 12: '20' }),
      row({}),
      row({ 7: '出境', 8: '2026-11-05', 10: 'X7', 12: '31' }),
      row({ 1: '8', 2: 'P-0008', 6: '', 7: '', 8: '', 10: '', 11: '', 12: '' }),
      row({ 1: '9', 2: 'P-0009', 6: '', 7: '出境' }),
      row({ 0: 'T000000X0000' }),
      row({ 5: '千克' }),
      row({ 7: '入区', 10: 'QD8' }),
    ];
    const file = (name: string, of: readonly string[][]) => writeCsv(path.join(folder, name), [head, ...of]);
    const first = await must(core, 'imports.run', { kind: 'bonded', file: file('one.csv', rows) });
    expect(first.failures.map(({ rowNo, reasons }) => [rowNo, reasons.map(({ code }) => code)])).toEqual([
      [4, ['BONDED_SHORT']],
      [6, ['BONDED_SHORT']],
      [7, ['BONDED_BOOK_UNKNOWN']],
      [8, ['BONDED_ITEM_DIFFERS']],
      [9, ['BONDED_KIND_UNKNOWN']],
    ]);
    expect(first.counts).toMatchObject({ taken: 3, failed: 5 });
    const { rows: items } = await must(core, 'bonded.items', { bookId });
    expect(items.map(({ itemNo, balance }) => [itemNo, balance])).toEqual([
      ['P-0001', '0'],
      ['P-0007', '30'],
      ['P-0008', '0'],
    ]);
    const again = await must(core, 'imports.run', { kind: 'bonded', file: file('two.csv', rows.slice(0, 2)) });
    expect(again.counts).toMatchObject({ taken: 0, alreadyThere: 2 });
    const other = await must(core, 'imports.run', { kind: 'bonded', file: file('three.csv', [row({ 12: '51' })]) });
    expect(other.failures[0]?.reasons[0]?.code).toBe('BONDED_PAPER_DIFFERS');
  });

  it('is written as a workbook of balances, steps and what is proposed', async () => {
    await enter({ paperNo: 'QD1', qty: '100' });
    list('30', { state: 'released' });
    list('5.5');
    const to = path.join(folder, 'ledger.xlsx');
    await must(core, 'bonded.export', { bookId, to });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(to);
    const cells = (sheet: string): unknown[] => {
      const all: unknown[] = [];
      workbook.getWorksheet(sheet)?.eachRow((line) => line.eachCell((cell) => all.push(cell.value)));
      return all;
    };
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['结余', '明细', '拟扣']);
    expect(cells('结余')).toEqual(expect.arrayContaining([item.itemNo, 100, 30, 70, 5.5, 64.5]));
    expect(cells('明细')).toEqual(expect.arrayContaining(['QD1', '跨境零售出境（清单）', 70]));
    expect(cells('拟扣')).toEqual(expect.arrayContaining(['草稿', 5.5]));
  });
});

describe('lists of 1210 from a shipment', () => {
  let platform: Platform;
  let bookId = 0;
  let shipmentId = 0;
  const lists = async (state?: DocumentState) =>
    (
      await must(core, 'documents.list', {
        kind: 'CEB603Message',
        shipmentId,
        limit: 200,
        ...(state === undefined ? {} : { state }),
      })
    ).rows;
  const get = (id: number) => must(core, 'documents.get', { id });
  const sums = async () => {
    const { rows } = await must(core, 'bonded.items', { bookId, limit: 500 });
    const of = (name: 'balance' | 'listed' | 'proposed' | 'short') =>
      rows.reduce((sum, row) => sum + Number(row[name]), 0);
    return { balance: of('balance'), listed: of('listed'), proposed: of('proposed'), short: of('short') };
  };
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-bonded-lists-'));
    core = coreAt(folder);
    await must(core, 'books.createSample', {});
    await must(core, 'books.updateProfile', { simplified: false });
    platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
    bookId = (await must(core, 'bonded.saveBook', ledger)).id;
  });
  afterAll(async () => {
    await core.close();
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are blocked while the ledger has no item of an article, and drafted with the fields of 1210 once it has', async () => {
    const [shipment] = (await must(core, 'shipments.list', {})).rows;
    if (shipment === undefined) throw new Error('the sample has no shipment');
    shipmentId = shipment.id;
    const unknown = { ...shipment.body, emsNo: 'T000000X0000' };
    await must(core, 'shipments.save', { id: shipmentId, body: unknown });
    expect(await refused('shipments.candidates', { id: shipmentId })).toEqual([
      'SHIPMENT_LEDGER',
      { recordNo: 'T000000X0000' },
    ]);
    await must(core, 'shipments.save', { id: shipmentId, body: { ...unknown, emsNo: recordNo } });
    const blocked = await must(core, 'shipments.candidates', { id: shipmentId });
    expect(blocked.ready).toBe(0);
    expect(blocked.reasons.map(({ code }) => code)).toContain('NO_BONDED_ITEM');
    const { rows: products } = await must(core, 'products.list', { state: 'classified', limit: 500 });
    for (const [at, { sku, nameCn, hsCode, unit }] of products.entries()) {
      const { id: itemId } = await must(core, 'bonded.saveItem', {
        ...{ bookId, seq: at + 1, itemNo: `P-${at + 1}`, sku, name: nameCn, hsCode, unit },
      });
      await must(core, 'bonded.move', { itemId, ...paper, paperNo: 'QD1', paperLine: at + 1, qty: '1000' });
    }
    await must(core, 'shipments.draft', { id: shipmentId });
    const [first] = await lists();
    const { body } = await get(first?.id ?? 0);
    expect(body).toMatchObject({
      InventoryHead: { tradeMode: '1210', emsNo: recordNo, iacCode: ledger.firmCode, iacName: ledger.firmName },
      InventoryList: expect.arrayContaining([
        expect.objectContaining({ itemRecordNo: expect.stringMatching(/^P-\d+$/) }),
      ]),
    });
    const { proposed, listed } = await sums();
    expect(proposed).toBeGreaterThan(0);
    expect(listed).toBe(0);
  });

  it('that take more than the ledger has stay here with the reason, the earlier ones first served', async () => {
    const all = (await lists()).map(({ id }) => id).sort((a, b) => a - b);
    const [first = 0] = all;
    const { body } = await get(first);
    const [line] = (body as { InventoryList: { itemRecordNo: string; qty: string }[] }).InventoryList;
    const { rows } = await must(core, 'bonded.items', { bookId, limit: 500 });
    const scarce = rows.find(({ itemNo }) => itemNo === line?.itemRecordNo);
    const { id: moveId = 0 } = {
      id: (await must(core, 'bonded.history', { id: scarce?.id ?? 0 })).rows[0]?.moveId ?? 0,
    };
    await must(core, 'bonded.void', { id: moveId, reason: '只有一批' });
    await must(core, 'documents.check', {});
    const shorts = async () => {
      const found: number[] = [];
      for (const id of all) if ((await get(id)).findings.some(({ rule }) => rule === 'M-BONDED-SHORT')) found.push(id);
      return found;
    };
    const none = await shorts();
    expect(none).toContain(first);
    await must(core, 'bonded.move', { itemId: scarce?.id ?? 0, ...paper, paperNo: 'QD2', qty: line?.qty ?? '0' });
    await must(core, 'documents.check', {});
    expect(await shorts()).toEqual(none.filter((id) => id !== first));
    // What went out on paper under a list's number is that list's own, and nobody else's.
    const home = { ...paper, kind: 'home', paperKind: 'declaration', paperNo: 'I0009' } as const;
    const exit = await must(core, 'bonded.move', { itemId: scarce?.id ?? 0, ...home, qty: line?.qty ?? '0' });
    await must(core, 'documents.check', {});
    expect(await shorts()).toContain(first);
    forceState(core.session.book, `UPDATE document SET platform_no = 'I0009' WHERE id = ?`, first);
    await must(core, 'documents.check', {});
    expect(await shorts()).not.toContain(first);
    forceState(core.session.book, 'UPDATE document SET platform_no = NULL WHERE id = ?', first);
    await must(core, 'bonded.void', { id: exit.id, reason: '写错了' });
    await must(core, 'documents.check', {});
    // The order of what is short stays here; nothing of it is queued.
    const before = await sums();
    await must(core, 'documents.queue', {});
    for (const id of await shorts()) expect((await get(id)).state).toBe('draft');
    expect(await sums()).toEqual(before);
    await must(core, 'bonded.move', { itemId: scarce?.id ?? 0, ...paper, paperNo: 'QD3', qty: '1000' });
  });

  it('are booked when customs releases them, and given back when it lets them be withdrawn', async () => {
    await must(core, 'documents.check', {});
    await must(core, 'documents.queue', {});
    const total = (await lists()).length;
    await syncUntil(core, async () => (await lists('closed')).length === total);
    const done = await sums();
    expect(done).toMatchObject({ proposed: 0, short: 0 });
    expect(done.listed).toBeGreaterThan(0);
    const [{ id } = { id: 0 }] = await lists('closed');
    const { body } = await get(id);
    const qty = (body as { InventoryList: { qty: string }[] }).InventoryList.reduce(
      (sum, one) => sum + Number(one.qty),
      0,
    );
    await must(core, 'documents.withdraw', { id, reason: '买家取消，货物未出区' });
    expect(await sums()).toEqual(done);
    await must(core, 'documents.queue', { kind: 'CEB605Message' });
    await syncUntil(core, async () => (await get(id)).state === 'withdrawn');
    expect(await sums()).toEqual({ ...done, listed: done.listed - qty, balance: done.balance + qty });
  });
});
