import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { PROTOCOL } from '../../shared/sync/protocol.ts';
import { resourcesFolder, TestClock } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

/** Where goods are, asked of the platforms that say they know it, when syncing. */
const folder = temporaryFolder('milestones');
const clock = new TestClock();
let core: Core;
let platform: Platform;
let port: number;
let shipment: OutputOf<'shipments.get'>;
/** A waybill of the shipment. */
let waybill: string;

const serve = () => servePlatform({ port, dataFolder: path.join(folder, 'platform'), resourcesFolder });
const sync = () => must(core, 'sync.now', {});
const way = () => must(core, 'way.get', { shipmentId: shipment.id });
const asked = async () => (await must(core, 'way.asked', {})).rows;
const ago = (hours: number): string => new Date(clock.nowMs() - hours * 3_600_000).toISOString();
const tell = async (...milestones: readonly Readonly<Record<string, string>>[]): Promise<number> => {
  const answer = await fetch(`${platform.url}/v1/practice/milestones`, {
    method: 'PUT',
    body: JSON.stringify({ uscc: firm.uscc, milestones }),
  });
  return answer.status;
};

beforeAll(async () => {
  core = coreAt(path.join(folder, 'home'), { now: clock.now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const name = (one: string): string => path.join(folder, one);
  const orders = [orderHead, orderLine({ 0: 'A1' }), orderLine({ 0: 'A2' })];
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(name('orders.csv'), orders) });
  await writeClassification(core, name('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: name('products.csv') });
  await writeWaybills(core, name('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: name('waybills.csv') });
  const body = { ...shipmentBody, billNo: 'COSU6123', ownerCode: 'NO', ownerName: 'NO' };
  const { id } = await must(core, 'shipments.save', { body });
  await must(core, 'shipments.draft', { id });
  shipment = await must(core, 'shipments.get', { id });
  waybill = core.session.book.prepare('SELECT logistics_no FROM waybill ORDER BY 1 LIMIT 1').pluck().get() as string;
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  port = Number(new URL(platform.url).port);
  await must(core, 'sync.setEndpoint', { url: platform.url, name: '演练' });
});
afterAll(async () => {
  await core.close();
  await platform.close();
});
afterEach(() => must(core, 'sync.setEndpoint', { url: platform.url, name: '演练' }));

it('notes what a platform tells of the shipment, with who said it and when it was asked', async () => {
  expect(await asked()).toEqual([]);
  await sync();
  expect(await asked()).toEqual([{ name: '演练', at: expect.any(String) }]);
  expect(
    await tell(
      { id: 'c-1', number: 'COSU6123', status: '重箱进场', at: ago(30), place: '洋浦' },
      { id: 'c-2', number: 'COSU6123', status: '开船', at: ago(5), place: '洋浦', text: 'HU491' },
      { id: 'c-3', number: waybill, status: '离奇的状态', at: ago(40) },
      { id: 'c-4', number: 'OF-NOBODY', status: '开船', at: ago(5) },
    ),
  ).toBe(200);
  expect(await sync()).toMatchObject({ milestones: 3 });
  const { last, events } = await way();
  expect(last).toMatchObject({ kind: 'departed', place: '洋浦', text: '开船 HU491' });
  expect(events.map(({ kind, scope, source, endpoint }) => ({ kind, scope, source, endpoint }))).toEqual([
    { kind: 'departed', scope: '', source: 'import', endpoint: '演练' },
    { kind: 'gateIn', scope: '', source: 'import', endpoint: '演练' },
    { kind: 'other', scope: waybill.toUpperCase(), source: 'import', endpoint: '演练' },
  ]);
  const { rows } = await must(core, 'shipments.list', {});
  expect(rows.find(({ id }) => id === shipment.id)?.last).toMatchObject({ kind: 'departed' });
});

it('is asked again without anything being noted twice, also where the platform tells the same anew', async () => {
  const before = await way();
  expect(await sync()).toMatchObject({ milestones: 0 });
  const departed = before.events.find(({ kind }) => kind === 'departed')?.at ?? '';
  await tell({ id: 'c-2-again', number: 'COSU6123', status: '开船', at: departed });
  expect(await sync()).toMatchObject({ milestones: 0 });
  expect((await way()).events).toEqual(before.events);
});

it('leaves alone what a person entered and what he took back', async () => {
  const at = ago(3);
  await must(core, 'way.record', { shipmentId: shipment.id, kind: 'delivering', at, place: '琼海', text: '自己记的' });
  await tell(
    { id: 'c-5', number: 'COSU6123', status: 'delivering', at, place: '别处' },
    { id: 'c-6', number: 'COSU6123', status: '到港', at: ago(2) },
  );
  expect(await sync()).toMatchObject({ milestones: 1 });
  const { events } = await way();
  expect(events.find(({ kind }) => kind === 'delivering')).toMatchObject({
    source: 'entry',
    place: '琼海',
    text: '自己记的',
  });
  const arrived = events.find(({ kind }) => kind === 'arrived');
  await must(core, 'way.withdraw', { id: arrived?.id ?? 0, reason: '不是这票' });
  expect(await sync()).toMatchObject({ milestones: 0 });
  expect((await way()).last).toMatchObject({ kind: 'delivering' });
});

it('keeps what no shipment bears the number of until one does', async () => {
  await tell({ id: 'c-7', number: 'LATER-1', status: '开船', at: ago(1) });
  expect(await sync()).toMatchObject({ milestones: 0 });
  const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, billNo: 'LATER-1' } });
  expect(await sync()).toMatchObject({ milestones: 1 });
  expect(await must(core, 'way.get', { shipmentId: id })).toMatchObject({ last: { kind: 'departed' } });
});

it('passes on what arrival papers say that were handed in, on the practice platform', async () => {
  const { milestonesIn } = await import('../../platform/carrier.ts');
  const body = JSON.stringify({
    ArrivalHead: { appTime: '20261121083000' },
    ArrivalList: [{ logisticsNo: waybill }, { logisticsNo: '' }],
  });
  expect(milestonesIn({ guid: 'G', kind: 'CEB507Message', documents: [{ body }] })).toEqual([
    {
      ...{ id: 'G-0-0', number: waybill, status: 'gateIn', at: '2026-11-21T00:30:00.000Z', place: '' },
      text: '运抵单 CEB507',
    },
  ]);
  expect(milestonesIn({ guid: 'G', kind: 'CEB603Message', documents: [{ body: '{}' }] })).toEqual([]);
});

it('says when a platform did not answer, keeps what it knows, and asks again when it is back', async () => {
  const before = await way();
  await platform.close();
  await sync();
  const [row] = await asked();
  expect(row).toMatchObject({ name: '演练', problem: expect.any(String) });
  expect((await way()).events).toEqual(before.events);
  platform = await serve();
  await tell({ id: 'c-8', number: 'COSU6123', status: '签收', at: ago(0.5) });
  expect(await sync()).toMatchObject({ milestones: 1 });
  expect(await asked()).toEqual([{ name: '演练', at: expect.any(String) }]);
  expect((await way()).last).toMatchObject({ kind: 'delivered' });
});

/** A platform of another maker. @returns what it was asked, and its end */
async function other(capabilities: Readonly<Record<string, boolean>>, milestones: unknown) {
  const urls: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    urls.push(url);
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () => {
      const answer = url.startsWith('/v1/health')
        ? {
            ...{ name: 'Other', protocol: PROTOCOL, time: clock.now(), practice: true },
            capabilities: { kinds: [], maxBytes: 1_000_000, maxDocuments: 100, ...capabilities },
          }
        : url.startsWith('/v1/enrolments')
          ? { deviceId: 'x', enterpriseId: '1' }
          : url.startsWith('/v1/milestones')
            ? milestones
            : { receipts: [], rates: [], requests: [], next: '' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port: at } = server.address() as AddressInfo;
  await must(core, 'sync.setEndpoint', { url: `http://127.0.0.1:${at}`, name: '别家' });
  return { urls, bodies, close: () => new Promise((done) => server.close(done)) };
}
const askedOf = (urls: readonly string[]) => urls.filter((url) => url.startsWith('/v1/milestones'));

it('does not ask a platform that does not say it knows', async () => {
  const server = await other({}, { milestones: [], next: '' });
  try {
    await sync();
    expect(server.urls.length).toBeGreaterThan(0);
    expect(askedOf(server.urls)).toEqual([]);
    expect((await asked()).map(({ name }) => name)).not.toContain('别家');
  } finally {
    await server.close();
  }
});

it('is asked by a cursor alone: no number and no name of the book leaves it', async () => {
  const server = await other({ milestones: true }, { milestones: [], next: '' });
  try {
    await sync();
    expect(askedOf(server.urls)).toEqual(['/v1/milestones?after=']);
    const said = [...server.urls, ...server.bodies].join('\n');
    expect(said).not.toContain('COSU6123');
    expect(said).not.toContain(waybill);
  } finally {
    await server.close();
  }
});

it('does not read for ever what gives out one page again and again, nor take what is no event', async () => {
  const one = { id: 'o-1', number: 'COSU6123', status: '派送', at: ago(0.7) };
  const looping = await other({ milestones: true }, { milestones: [one], next: 'same' });
  try {
    expect(await sync()).toMatchObject({ milestones: 1 });
    expect(askedOf(looping.urls)).toHaveLength(2);
  } finally {
    await looping.close();
  }
  const broken = await other({ milestones: true }, { milestones: [{ ...one, at: '昨天' }], next: 'x' });
  try {
    expect(await sync()).toMatchObject({ milestones: 0 });
    expect(await asked()).toContainEqual({ name: '别家', at: expect.any(String), problem: expect.any(String) });
  } finally {
    await broken.close();
  }
});
