import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { nextStates, returnStates } from '../../shared/returns/states.ts';
import { writeCsv } from '../fixtures/import/files.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-09-10T04:00:00.000Z';
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-returns-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const receipt = { receivedOn: '2026-09-10', reason: 'unsold' } as const;
async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.params];
}

describe('goods that come back', () => {
  it('go from receiving to their end, in parts, and every step is kept', async () => {
    const exportLineId = taxBook(core).line({ mode: '9810', exportDate: '2026-03-10', qty: 10, lineNo: 2 });
    const { id } = await must(core, 'returns.receive', { line: { exportLineId }, qty: '10', ...receipt });
    expect(await refused('returns.receive', { line: { exportLineId }, qty: '1', ...receipt })).toEqual([
      'RETURN_TOO_MUCH_BACK',
      { left: '0' },
    ]);
    expect(await refused('returns.move', { id, to: 'resold' })).toEqual([
      'RETURN_STEP',
      { from: 'received', to: 'resold' },
    ]);
    await must(core, 'returns.move', { id, to: 'sorted' });
    await must(core, 'returns.move', { id, to: 'stored', place: 'A-01' });
    const { id: broken } = await must(core, 'returns.move', { id, to: 'repairing', qty: '3', note: '拉链坏' });
    expect(broken).not.toBe(id);
    await must(core, 'repairs.save', {
      ...{ returnId: broken, fault: '拉链坏', work: '换拉链', labourCny: '30' },
      parts: [{ name: '拉链', qty: '3', costCny: '7.5' }],
    });
    await must(core, 'returns.move', { id: broken, to: 'stored' });
    expect(
      await refused('repairs.save', { returnId: broken, fault: '', work: '', labourCny: '0', parts: [] }),
    ).toMatchObject(['REPAIR_NOT_OPEN', {}]);
    await must(core, 'returns.move', { id: broken, to: 'sentBack' });
    const { documentId } = await must(core, 'returns.reexport', { ids: [broken] });
    expect((await must(core, 'documents.get', { id: documentId })).body).toMatchObject({
      DecHead: { TradeMode: '1300', IEFlag: 'E' },
      DecList: [{ GNo: '1', CodeTS: '6109100021', GName: '针织T恤', GQty: '3', GUnit: '011' }],
    });
    expect(await refused('returns.reexport', { ids: [broken] })).toMatchObject(['RETURN_FILED', {}]);

    const whole = await must(core, 'returns.get', { id });
    expect(whole).toMatchObject({ qty: '7', state: 'stored', place: 'A-01', canApply: false });
    const part = await must(core, 'returns.get', { id: broken });
    expect(part).toMatchObject({ qty: '3', state: 'sentBack', reexportId: documentId, next: [] });
    expect(part.repairs).toMatchObject([
      { costCny: '37.50', labourCny: '30.00', parts: [{ name: '拉链', costCny: '7.50' }] },
    ]);
    expect(part.steps.map(({ to, qty }) => [to, qty])).toEqual([
      ['repairing', '3'],
      ['stored', '3'],
      ['sentBack', '3'],
    ]);
    const { rows } = await must(core, 'returns.lines', { text: '' });
    expect(rows).toMatchObject([{ exportLineId, out: '10', left: '0' }]);
  });

  it('never are more than went out, whatever is done in whatever order', async () => {
    const exportLineId = taxBook(core).line({ qty: 20, exportDate: '2026-03-10' });
    const { book } = core.session;
    const step = fc.record({
      act: fc.integer({ min: 0, max: 3 }),
      pick: fc.nat(50),
      qty: fc.integer({ min: 1, max: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        for (const { act, pick, qty } of steps) {
          const all = (await must(core, 'returns.list', { limit: 200 })).rows;
          const row = all[pick % Math.max(1, all.length)];
          if (act === 0 || row === undefined)
            await core.call('returns.receive', { line: { exportLineId }, qty: String(qty), ...receipt });
          else {
            const to = act === 1 ? 'void' : nextStates(row.state)[pick % Math.max(1, nextStates(row.state).length)];
            if (to !== undefined) await core.call('returns.move', { id: row.id, to, qty: String(qty) });
          }
        }
        const { sum } = book
          .prepare(`SELECT coalesce(sum(qty_e5), 0) AS sum FROM goods_return WHERE state <> 'void'`)
          .get() as { sum: number };
        const [line] = (await must(core, 'returns.lines', {})).rows;
        expect(sum + Number(line?.left) * 100_000).toBe(2_000_000);
      }),
      { numRuns: 20 },
    );
    // The trigger stands behind the rule.
    expect(() =>
      book
        .prepare(
          `INSERT INTO goods_return (number, export_line_id, qty_e5, state, received_on, reason, created_at, updated_at)
           VALUES ('T0', ?, 2000001, 'received', '2026-09-10', 'other', '', '')`,
        )
        .run(exportLineId),
    ).toThrow(/more comes back/);
    expect(returnStates).toContain('void');
  });

  it('are judged by T25 with what came back before, the return itself left out', async () => {
    const exportLineId = taxBook(core).line({ mode: '9810', exportDate: '2026-03-10', qty: 10 });
    const first = await must(core, 'returns.receive', { line: { exportLineId }, qty: '4', ...receipt });
    const second = await must(core, 'returns.receive', { line: { exportLineId }, qty: '6', ...receipt });
    const judged = { exportLineId, returnedOn: '2026-09-10', reason: 'unsold', quantity: '6' } as const;
    expect(await must(core, 'returns.check', { ...judged, returnId: second.id })).toMatchObject({
      ...{ route: 'six-month', lastDay: '2026-09-10', reasons: [] },
      quantity: { returnedBefore: '4', returned: '6', isTooMuch: false },
    });
    expect(await must(core, 'returns.check', { ...judged, returnId: first.id })).toMatchObject({
      quantity: { returnedBefore: '6', isTooMuch: true },
    });
  });
});

describe('one register of what came back', () => {
  it('never has more than went out, whatever a warehouse report brought back', async () => {
    const put = taxBook(core);
    put.product('MUG');
    const exportLineId = put.line({ mode: '9810', exportDate: '2026-03-10', qty: 10, sku: 'MUG' });
    await must(core, 'overseas.back', { sku: 'MUG', date: '2026-08-01', qty: '4' });
    expect((await must(core, 'returns.lines', {})).rows).toMatchObject([{ exportLineId, out: '10', left: '6' }]);
    expect(await refused('returns.receive', { line: { exportLineId }, qty: '10', ...receipt })).toEqual([
      'RETURN_TOO_MUCH_BACK',
      { left: '6' },
    ]);
    await must(core, 'returns.receive', { line: { exportLineId }, qty: '5', ...receipt });
    // And the other way round: what was received is no longer abroad.
    expect(await refused('overseas.back', { sku: 'MUG', date: '2026-09-10', qty: '2' })).toEqual([
      'OVERSEAS_SHORT',
      { sku: 'MUG', left: '1', want: '2' },
    ]);
    const [row] = (await must(core, 'overseas.list', { open: false })).rows;
    expect(row).toMatchObject({ in: '10', sold: '0', back: '9', left: '1' });
    expect(() =>
      core.session.book.prepare('UPDATE export_line SET back_qty_e5 = 600000 WHERE id = ?').run(exportLineId),
    ).toThrow(/more comes back/);
  });

  it('brings goods into the returns store at what they left at, once, and takes them out when void', async () => {
    const put = taxBook(core);
    put.product('TEE');
    const exportLineId = put.line({ mode: '9710', exportDate: '2026-03-10', qty: 10, sku: 'TEE' });
    const { book } = core.session;
    const move = book.prepare(
      `INSERT INTO stock_move (date, sku, place_id, kind, qty_e5, cost_fen, export_line_id, created_at) VALUES (?, 'TEE', 1, ?, ?, ?, ?, '')`,
    );
    move.run('2026-03-01', 'received', 1_000_000, 1_000, null);
    move.run('2026-03-10', 'sold', -1_000_000, -1_000, exportLineId);
    const held = () =>
      book.prepare(`SELECT qty_e5 AS qtyE5, cost_fen AS fen FROM stock WHERE sku = 'TEE' AND place_id = 3`).get();
    const first = await must(core, 'returns.receive', {
      ...{ line: { exportLineId }, qty: '3', receivedOn: '2026-09-10', reason: 'returned' },
    });
    expect(held()).toEqual({ qtyE5: 300_000, fen: 300 });
    expect(await must(core, 'returns.get', { id: first.id })).toMatchObject({ isInStock: true });
    await must(core, 'returns.receive', {
      ...{ line: { exportLineId }, qty: '4', receivedOn: '2026-09-10', reason: 'returned' },
    });
    expect(held()).toEqual({ qtyE5: 700_000, fen: 700 });
    // A part of it was entered by mistake.
    await must(core, 'returns.move', { id: first.id, to: 'void', qty: '1' });
    expect(held()).toEqual({ qtyE5: 600_000, fen: 600 });
  });

  it('is counted by the statistics, once with its parts, and asked for by the tax return', async () => {
    const put = taxBook(core);
    const exportLineId = put.line({ mode: '9710', exportDate: '2026-03-10', qty: 10, regime: 'refund' });
    const { id } = await must(core, 'returns.receive', { line: { exportLineId }, qty: '4', ...receipt });
    await must(core, 'returns.move', { id, to: 'sorted', qty: '1' });
    const month = { period: '2026-09' };
    expect((await must(core, 'statistics.month', month)).total).toMatchObject({ returns: 1 });
    const back = await must(core, 'statistics.lines', { ...month, of: 'returns', mode: '9710' });
    expect(back.rows).toMatchObject([{ returnId: id, date: '2026-09-10', mode: '9710' }]);
    expect(back.total).toBe(1);
    const sheet = await must(core, 'worksheets.get', { name: 'returns', period: '2026-09' });
    const lines = sheet.sections.find(({ id: of }) => of === 'returnLines');
    expect(lines?.rows).toHaveLength(1);
    expect(JSON.stringify(lines?.rows)).toContain('退货收货');
    expect(JSON.stringify(lines?.rows[0]?.cells)).toContain('"4"');
    await must(core, 'returns.move', { id, to: 'void' });
    // The part that stands is the return.
    expect((await must(core, 'statistics.month', month)).total).toMatchObject({ returns: 1 });
  });

  it('is dated by the day in China, and not ahead of it; an end entered by mistake goes back with a reason', async () => {
    const late = coreAt(path.join(folder, 'late'), { now: () => '2026-09-09T17:30:00.000Z' });
    try {
      await must(late, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
      const exportLineId = taxBook(late).line({ qty: 2, exportDate: '2026-03-10' });
      const { id, number } = await must(late, 'returns.receive', { line: { exportLineId }, qty: '1', ...receipt });
      expect(number).toMatch(/^T20260910-/);
      const answer = await late.call('returns.receive', {
        ...{ line: { exportLineId }, qty: '1', receivedOn: '2026-09-11', reason: 'other' },
      });
      expect(answer).toMatchObject({ ok: false, error: { code: 'DATE_FUTURE' } });
      for (const to of ['sorted', 'stored', 'scrapped'] as const) await must(late, 'returns.move', { id, to });
      expect(await late.call('returns.move', { id, to: 'stored' })).toMatchObject({
        ...{ ok: false, error: { code: 'RETURN_BACK_REASON', params: { number } } },
      });
      await must(late, 'returns.move', { id, to: 'stored', note: '点错了' });
      expect(await must(late, 'returns.get', { id })).toMatchObject({ state: 'stored' });
    } finally {
      await late.close();
    }
  });
});

describe('copies of declarations of others', () => {
  const head = [
    '报关单号',
    '项号',
    '出口日期',
    '监管方式',
    '商品编码',
    '商品名称',
    '申报单位',
    '申报数量',
    '离岸价',
    '币制',
    '境内发货人',
    '出境关别',
  ];
  const row = (change: Readonly<Record<number, string>> = {}) =>
    [
      '310120260000000017',
      '1',
      '2026-03-10',
      '9710',
      '8517130000',
      '手机',
      '台',
      '5',
      '1000',
      'USD',
      '上海某贸易有限公司',
      '2248',
    ].map((cell, at) => change[at] ?? cell);
  async function run(...rows: string[][]) {
    const file = path.join(folder, 'copies.csv');
    writeCsv(file, [head, ...rows]);
    return must(core, 'imports.run', { kind: 'declarationCopies', file });
  }

  it('come in from a file, and goods come back of them as of own exports', async () => {
    expect((await run(row(), row({ 1: '2', 10: '' }))).counts).toMatchObject({ taken: 1, failed: 1 });
    expect((await run(row())).counts).toMatchObject({ taken: 0, alreadyThere: 1 });
    const [copy] = (await must(core, 'declarationCopies.list', {})).rows;
    expect(copy).toMatchObject({ exporter: '上海某贸易有限公司', customsCode: '2248', qty: '5', unit: '001' });
    const copyId = copy?.id ?? 0;
    const { id } = await must(core, 'returns.receive', { line: { copyId }, qty: '5', ...receipt });
    expect((await run(row({ 7: '6' }))).failures).toMatchObject([{ reasons: [{ code: 'COPY_IN_USE' }] }]);
    const check = { copyId, returnId: id, returnedOn: '2026-09-11', reason: 'returned', customsCode: '6401' } as const;
    expect(await must(core, 'returns.check', { ...check, refunded: true })).toMatchObject({
      ...{
        line: { label: '310120260000000017-1', form: 'declaration' },
        route: 'ordinary',
        crossCustoms: 'not-allowed',
      },
      refund: { refunded: true, isRepaid: false },
    });
    expect((await must(core, 'exportLines.list', {})).total).toBe(0);
    expect(await refused('returns.apply', { id })).toMatchObject(['RETURN_NO_LIST', {}]);
  });

  it('are not taken for what the firm itself exported', async () => {
    taxBook(core).line({ declarationNo: '310120260000000017', lineNo: 1 });
    expect((await run(row())).failures).toMatchObject([{ reasons: [{ code: 'COPY_OF_OWN_EXPORT' }] }]);
  });
});
