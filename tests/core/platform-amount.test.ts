import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Three sources (L3): what the platform answers a list amounts to is kept and held against what was sent, document by document. */
let folder = '';
let core: Core;
let platform: Platform;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-platform-amount-'));
  core = coreAt(path.join(folder, 'desk'));
  await must(core, 'books.createSample', {});
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: '演练' });
});
afterAll(async () => {
  await core.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

it('names a list that the platform holds with another amount, and none once they agree', async () => {
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
  await must(core, 'documents.check', {});
  expect((await must(core, 'documents.queue', {})).documents).toBeGreaterThan(0);
  await syncUntil(core);
  const period = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
  const asked = async (code: 'platformAmount' | 'platformMissing' | 'platformOnly') => {
    await must(core, 'statistics.ask', { period });
    return (await must(core, 'statistics.gap', { period, code })).rows;
  };
  expect(await asked('platformAmount')).toEqual([]);
  const { asked: answer } = await must(core, 'statistics.sources', { period });
  expect(answer?.named).toContain('CEB603Message');
  // What was accepted there is changed there: the platform holds another edition of the list than was sent.
  const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
  const store = new Database(
    path.join(folder, 'platform', 'platform.sqlite'),
    nativeBinding === undefined ? {} : { nativeBinding },
  );
  const list = store
    .prepare(`SELECT id, business_key AS number, body FROM document WHERE kind = 'CEB603Message' ORDER BY id LIMIT 1`)
    .get() as { id: number; number: string; body: string };
  const body = JSON.parse(list.body) as { InventoryList: { totalPrice: string }[] };
  const [line] = body.InventoryList;
  if (line === undefined) throw new Error('a list without lines');
  line.totalPrice = String(Number(line.totalPrice) + 100);
  const keep = (text: string) => store.prepare('UPDATE document SET body = ? WHERE id = ?').run(text, list.id);
  keep(JSON.stringify(body));
  const differ = await asked('platformAmount');
  expect(differ).toMatchObject([{ number: list.number, target: expect.stringMatching(/^declaration\/\d+$/) }]);
  const [row] = differ;
  expect(Number(row?.theirs) - Number(row?.ours)).toBeCloseTo(100, 2);
  const gaps = async () => (await must(core, 'statistics.sources', { period })).gaps.map(({ code }) => code);
  expect(await gaps()).toContain('platformAmount');
  expect(await asked('platformMissing')).toEqual([]);
  expect(await asked('platformOnly')).toEqual([]);
  keep(list.body);
  store.close();
  expect(await asked('platformAmount')).toEqual([]);
  expect(await gaps()).not.toContain('platformAmount');
});
