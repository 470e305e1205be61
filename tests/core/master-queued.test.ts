import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, must } from '../fixtures/trade.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-master-'));
let core: Core;
let shipmentId = 0;

beforeAll(async () => {
  core = coreAt(path.join(folder, 'home'), { now: () => '2026-11-21T04:00:00.000Z' });
  await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  shipmentId = shipment?.id ?? 0;
  await must(core, 'shipments.draft', { id: shipmentId });
  await must(core, 'documents.check', {});
  await must(core, 'documents.queue', {});
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

it('what is queued is held against the master waybill as it states now, and goes once it agrees', async () => {
  const carry = async (name: string) => {
    const answer = await core.call('outbox.export', { to: path.join(folder, name) });
    return answer.ok ? answer.data : answer.error.code;
  };
  const queued = (await must(core, 'outbox.list', { limit: 100 })).rows;
  const lists = queued.filter(({ kind }) => kind === 'CEB603Message');
  expect(lists.length).toBeGreaterThan(0);
  const master = (gross: string) => must(core, 'departures.saveMaster', { shipmentId, packages: '', gross });
  await master('0.5');
  expect(await carry('less')).toEqual({ files: queued.length - lists.length, unfit: lists.length });
  const { guid = '' } = lists[0] ?? {};
  const held = await must(core, 'outbox.get', { guid });
  expect(held.why).toBe('unfit');
  expect(held.findings.map(({ rule }) => rule)).toContain('M-BILL-WEIGHT');
  await master('9999999');
  expect(await carry('more')).toEqual({ files: queued.length, unfit: 0 });
  expect((await must(core, 'outbox.get', { guid })).findings.map(({ rule }) => rule)).not.toContain('M-BILL-WEIGHT');
});
