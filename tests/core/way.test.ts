import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

/** 2026-11-24 12:00 in China. */
let now = '2026-11-24T04:00:00.000Z';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-way-'));
let core: Core;
/** One with drafted lists and parcels; one that is only begun, of the same master bill as a third. */
let drafted: OutputOf<'shipments.get'>;
let begun: OutputOf<'shipments.get'>;

let serial = 0;
function tracking(rows: readonly (readonly (string | number)[])[]): Promise<OutputOf<'imports.run'>> {
  serial += 1;
  const file = writeCsv(path.join(folder, `tracking-${serial}.csv`), rows);
  return must(core, 'imports.run', { kind: 'tracking', file });
}
async function refused<N extends OperationName>(name: N, input: InputOf<N>): Promise<string | undefined> {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : answer.error.code;
}
const wayOf = (shipmentId: number): Promise<OutputOf<'way.get'>> => must(core, 'way.get', { shipmentId });
const reasonsOf = (run: OutputOf<'imports.run'>): string[] =>
  run.failures.flatMap(({ reasons }) => reasons.map(({ code }) => code));
async function stepsOf(shipmentId: number): Promise<Record<string, string>> {
  const { steps } = await wayOf(shipmentId);
  return Object.fromEntries(steps.flatMap(({ kind, first }) => (first === undefined ? [] : [[kind, first]])));
}

beforeAll(async () => {
  core = coreAt(path.join(folder, 'home'), { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const orders = writeCsv(path.join(folder, 'orders.csv'), [orderHead, orderLine({ 0: 'A1' }), orderLine({ 0: 'A2' })]);
  await must(core, 'imports.run', { kind: 'orders', file: orders });
  const products = path.join(folder, 'products.csv');
  await writeClassification(core, products);
  await must(core, 'imports.run', { kind: 'products', file: products });
  const waybills = path.join(folder, 'waybills.csv');
  await writeWaybills(core, waybills);
  await must(core, 'imports.run', { kind: 'waybills', file: waybills });
  const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' } });
  expect(await must(core, 'shipments.draft', { id })).toMatchObject({ orders: 2, blockedTotal: 0 });
  drafted = await must(core, 'shipments.get', { id });
  begun = await must(core, 'shipments.save', { body: { ...shipmentBody, billNo: 'COSU6123' } });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('tracking files', () => {
  it('are matched by parcel, bill, container and shipment number, and taken once', async () => {
    await must(core, 'way.setContainers', { shipmentId: begun.id, numbers: ['cosu1234567'] });
    const rows = [
      ['单号', '轨迹描述', '发生时间', '地点'],
      ['YTA1', '快件已揽收', '2026-11-22 09:30', '琼海'],
      ['YTA1', '派件失败，客户拒收', '2026-11-24 10:00', '伦敦'],
      ['YTA2', '已签收 Delivered', '2026-11-24 11:00', '伦敦'],
      [drafted.shipmentNo, '航班起飞', '2026-11-23T01:00:00Z', 'HAK'],
      ['COSU1234567', '重箱进场', '2026-11-23 08:00', '洋浦'],
      ['COSU6123', '海关问询中', '2026-11-23 09:00', ''],
      ['NOWHERE', '签收', '2026-11-23 09:00', ''],
    ];
    const first = await tracking(rows);
    expect(first.counts).toMatchObject({ lines: 7, taken: 6, alreadyThere: 0, failed: 1 });
    expect(reasonsOf(first)).toEqual(['TRACKING_NO_SHIPMENT']);
    expect(first.findings).toEqual([]);
    const again = await tracking(rows);
    expect(again.counts).toMatchObject({ taken: 0, alreadyThere: 6, failed: 1 });
    const way = await wayOf(drafted.id);
    expect(way).toMatchObject({ parcels: 2, eventsTotal: 4, last: { kind: 'delivered', place: '伦敦' } });
    expect(way.steps.find(({ kind }) => kind === 'delivered')).toMatchObject({ scopes: 1 });
    expect(way.events.map(({ kind, scope }) => [kind, scope])).toEqual([
      ['delivered', 'YTA2'],
      ['exception', 'YTA1'],
      ['departed', ''],
      ['picked', 'YTA1'],
    ]);
    expect(await stepsOf(begun.id)).toEqual({ gateIn: '2026-11-23T00:00:00.000Z' });
    // What no word explains is kept as it was said, and it is the latest.
    const { rows: list } = await must(core, 'shipments.list', {});
    expect(list.find(({ id }) => id === begun.id)?.last).toMatchObject({ kind: 'other', text: '海关问询中' });
  });

  it('may have a row a shipment and a column for each step, whatever its layout', async () => {
    const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, billNo: 'MAEU77' } });
    const run = await tracking([
      ['MBL', '提单号', 'Loading time', '进港时间', 'ATD', 'ATA'],
      ['', 'maeu77', '2026-11-20 08:00', '2026-11-20', '2026-11-21 20:00', ''],
    ]);
    expect(run.counts).toMatchObject({ taken: 1, failed: 0 });
    expect(await stepsOf(id)).toEqual({
      loaded: '2026-11-20T00:00:00.000Z',
      // A day alone: some time of it, so that the loading of that morning is not after it.
      gateIn: '2026-11-19T16:00:00.000Z',
      departed: '2026-11-21T12:00:00.000Z',
    });
    expect((await wayOf(id)).findings).toEqual([]);
  });

  it('say which times cannot be right, and lose nothing', async () => {
    const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, billNo: 'OOLU9' } });
    const run = await tracking([
      ['Bill of lading', 'Event', 'Event time'],
      ['OOLU9', 'Gate in full', '2026-11-23 10:00'],
      ['OOLU9', 'Vessel sailed', '2026-11-22 10:00'],
      ['OOLU9', 'Discharged', '2027-11-24 10:00'],
      ['OOLU9', 'Picked up', '2025-11-20 10:00'],
    ]);
    expect(run.counts).toMatchObject({ taken: 4, failed: 0 });
    expect(run.findings.map(({ code, rowNo }) => [code, rowNo]).sort()).toEqual([
      ['TRACKING_TIME_AHEAD', 4],
      ['TRACKING_TIME_BEFORE_FORMER', 3],
      ['TRACKING_TIME_EARLY', 5],
    ]);
    const way = await wayOf(id);
    expect(way.findings.map(({ code }) => code).sort()).toEqual(['TIME_AHEAD', 'TIME_BEFORE_FORMER', 'TIME_EARLY']);
    // The latest is never one that is still to come.
    expect(way.last).toMatchObject({ kind: 'gateIn' });
    const wrong = way.events.find(({ kind }) => kind === 'departed');
    await must(core, 'way.withdraw', { id: wrong?.id ?? 0, reason: '承运人更正' });
    expect((await wayOf(id)).findings.map(({ code }) => code).sort()).toEqual(['TIME_AHEAD', 'TIME_EARLY']);
    expect(await refused('way.withdraw', { id: wrong?.id ?? 0, reason: '再来一次' })).toBe('MILESTONE_UNKNOWN');
    expect(() => core.session.book.prepare('DELETE FROM shipment_milestone').run()).toThrow('kept');
  });

  it('that were withdrawn may be entered again by hand, and stay withdrawn when their file comes again', async () => {
    const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, billNo: 'OOLU10' } });
    const rows = [
      ['Bill of lading', 'Event', 'Event time'],
      ['OOLU10', 'Gate in full', '2026-11-23 10:00'],
    ];
    await tracking(rows);
    const entry = { shipmentId: id, kind: 'gateIn', at: '2026-11-23T02:00:00.000Z', place: '', text: '' } as const;
    expect(await must(core, 'way.record', entry)).toEqual({ isNew: false });
    await must(core, 'way.withdraw', { id: (await wayOf(id)).events[0]?.id ?? 0, reason: '不是这一票' });
    expect((await tracking(rows)).counts).toMatchObject({ taken: 0 });
    expect((await wayOf(id)).events).toEqual([]);
    expect(await must(core, 'way.record', entry)).toEqual({ isNew: true });
    expect(await must(core, 'way.record', entry)).toEqual({ isNew: false });
    await must(core, 'way.withdraw', { id: (await wayOf(id)).events[0]?.id ?? 0, reason: '再次有误' });
    expect(await must(core, 'way.record', entry)).toEqual({ isNew: true });
    expect((await wayOf(id)).events).toHaveLength(1);
  });

  it('refuse a number of several shipments unless another column says which, and numbers that disagree', async () => {
    const two = await Promise.all(
      [1, 2].map(() => must(core, 'shipments.save', { body: { ...shipmentBody, billNo: 'TWICE1' } })),
    );
    const run = await tracking([
      ['提单号', '货运号', '状态', '时间'],
      ['TWICE1', '', '起运', '2026-11-23 10:00'],
      ['TWICE1', two[0]?.shipmentNo ?? '', '起运', '2026-11-23 10:00'],
      ['COSU6123', two[0]?.shipmentNo ?? '', '起运', '2026-11-23 10:00'],
    ]);
    expect(reasonsOf(run)).toEqual(['TRACKING_SEVERAL', 'TRACKING_NUMBERS_DIFFER']);
    expect(await stepsOf(two[0]?.id ?? 0)).toEqual({ departed: '2026-11-23T02:00:00.000Z' });
    expect(await stepsOf(two[1]?.id ?? 0)).toEqual({});
  });
});

describe('a parcel of a split order', () => {
  it('is counted with its order, and its number leads to the order that has it, not to the one it would be a part of', async () => {
    const { book } = core.session;
    const parts = [
      ['A1-1', 'YTP1'],
      ['A1-12', 'YTP12'],
      ['A1-B', 'YTPB'],
      ['A10', 'YTA10'],
    ] as const;
    const insert = book.prepare(
      `INSERT INTO waybill (order_no, logistics_no, gross_weight_e5, packages) VALUES (?, ?, 100000, 1)`,
    );
    for (const part of parts) insert.run(...part);
    expect((await wayOf(drafted.id)).parcels).toBe(4);
    const told = async (no: string) =>
      (
        await tracking([
          ['单号', '轨迹描述', '发生时间'],
          [no, '到达转运中心', '2026-11-24 11:30'],
        ])
      ).counts;
    expect(await told('YTP12')).toMatchObject({ taken: 1, failed: 0 });
    // Another shop's order has the very number that a part would have: its parcel is its own.
    const file = writeCsv(path.join(folder, 'own.csv'), [orderHead, orderLine({ 0: 'A1-1' })]);
    await must(core, 'imports.run', { kind: 'orders', file });
    expect((await wayOf(drafted.id)).parcels).toBe(3);
    expect(await told('YTP1')).toMatchObject({ taken: 0, failed: 1 });
  });
});

describe('what is entered by hand', () => {
  it('is a step once, and never before it happened', async () => {
    const step = { shipmentId: begun.id, kind: 'precooled', at: '2026-11-22T01:00:00.000Z' } as const;
    expect(await must(core, 'way.record', step)).toEqual({ isNew: true });
    expect(await must(core, 'way.record', step)).toEqual({ isNew: false });
    expect(await refused('way.record', { ...step, at: '2026-11-25T01:00:00.000Z' })).toBe('MILESTONE_AHEAD');
  });

  it('counts cut-offs down among the deadlines until they are met', async () => {
    const { id: shipmentId, shipmentNo } = await must(core, 'shipments.save', { body: shipmentBody });
    const at = '2026-11-25T09:00:00.000Z';
    for (const kind of ['gate', 'documents', 'declareBy'] as const)
      await must(core, 'way.saveCutOff', { shipmentId, kind, at, note: kind === 'declareBy' ? '出区单 8801' : '' });
    const due = async () => {
      const { rows } = await must(core, 'deadlines.list', { today: now.slice(0, 10) });
      return rows
        .filter(({ kind, detail }) => kind === 'logistics' && detail.includes(shipmentNo))
        .map(({ rule, days, detail }) => [rule, days, detail.replace(` ${shipmentNo}`, '')]);
    };
    expect((await due()).sort()).toEqual([
      ['declareBy', 1, '先出区后报关：最晚申报 17:00 出区单 8801'],
      ['shipmentCutOff', 1, '截单（补料） 17:00'],
      ['shipmentCutOff', 1, '截港（截重） 17:00'],
    ]);
    expect(
      (await must(core, 'today.get', { date: now.slice(0, 10) })).due.some(({ code }) => code === 'declareBy'),
    ).toBe(true);
    await must(core, 'way.record', { shipmentId, kind: 'gateIn', at: '2026-11-24T03:00:00.000Z' });
    const open = (await wayOf(shipmentId)).cutOffs.find(({ kind }) => kind === 'documents');
    if (open === undefined) throw new Error('no cut-off of documents');
    await must(core, 'way.saveCutOff', { ...open, shipmentId, isDone: true });
    expect((await wayOf(shipmentId)).cutOffs.map(({ kind, state }) => [kind, state]).sort()).toEqual([
      ['declareBy', 'open'],
      ['documents', 'done'],
      ['gate', 'met'],
    ]);
    now = '2026-11-26T04:00:00.000Z';
    expect(await due()).toEqual([['declareBy', -1, '先出区后报关：最晚申报 17:00 出区单 8801']]);
    expect((await wayOf(shipmentId)).cutOffs.find(({ kind }) => kind === 'declareBy')?.state).toBe('over');
  });

  it('has met a cut-off when its last container is in, and not by a day without a time of day', async () => {
    now = '2026-11-24T04:00:00.000Z';
    const { id: shipmentId } = await must(core, 'shipments.save', { body: shipmentBody });
    const numbers = ['COSU1234567', 'MSCU7654321'];
    await must(core, 'way.setContainers', { shipmentId, numbers });
    await must(core, 'way.saveCutOff', { shipmentId, kind: 'gate', at: '2026-11-24T03:30:00.000Z', note: '' });
    const state = async () => (await wayOf(shipmentId)).cutOffs.find(({ kind }) => kind === 'gate')?.state;
    const record = core.session.book.prepare(
      `INSERT INTO shipment_milestone (shipment_id, kind, at, is_day, scope, source, recorded_at) VALUES (?, 'gateIn', ?, ?, ?, 'import', ?)`,
    );
    const inAt = (scope: string, at: string, isDay = 0) => record.run(shipmentId, at, isDay, scope, now);
    inAt('COSU1234567', '2026-11-24T01:00:00.000Z');
    expect(await state()).toBe('over');
    inAt('MSCU7654321', '2026-11-24T03:00:00.000Z');
    expect(await state()).toBe('met');
    await must(core, 'way.setContainers', { shipmentId, numbers: [...numbers, 'TGHU1111111'] });
    // Midnight in China, of which only the day is known.
    inAt('TGHU1111111', '2026-11-23T16:00:00.000Z', 1);
    expect(await state()).toBe('over');
  });

  it('finds a seal that another shipment has, and ticks the list', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => must(core, 'shipments.save', { body: shipmentBody })));
    if (one === undefined || two === undefined) throw new Error('two shipments');
    await must(core, 'way.addSeal', { shipmentId: one.id, number: 'hz-0001', vehicle: '粤Z·A001港' });
    await must(core, 'way.addSeal', { shipmentId: two.id, number: 'HZ-0001' });
    expect(await refused('way.addSeal', { shipmentId: two.id, number: 'hz-0001' })).toBe('SEAL_THERE');
    expect((await wayOf(two.id)).seals).toMatchObject([{ number: 'HZ-0001', alsoOn: one.shipmentNo }]);
    const check = { shipmentId: one.id, list: 'singleLock', item: 'sealed' };
    await must(core, 'way.check', { ...check, isDone: true });
    expect(await refused('way.check', { ...check, item: 'nothing', isDone: true })).toBe('CHECK_UNKNOWN');
    const ticked = (await wayOf(one.id)).checkLists[0]?.items.filter(({ checkedAt }) => checkedAt !== undefined);
    expect(ticked?.map(({ code }) => code)).toEqual(['sealed']);
  });

  it('stands beside the six stages of customs', async () => {
    const { stages } = await wayOf(drafted.id);
    expect(stages.map(({ stage, total, done }) => [stage, total, done])).toEqual([
      ['registration', 0, 0],
      ['declaration', 2, 0],
      ['tax', 0, 0],
      ['inspection', 0, 0],
      ['release', 2, 0],
      ['transit', 0, 0],
    ]);
  });
});
