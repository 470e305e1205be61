import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deviceKey, rotateDeviceKey } from '../../electron/core/keys/device-key.ts';
import { deviceKeyHistory } from '../../electron/core/store/device-keys.ts';
import { currentEndpoint } from '../../electron/core/store/endpoints.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { noHost, resourcesFolder, TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';

const folder = temporaryFolder('device-key');
let platform: Platform;
let desk: TestDesk;
beforeAll(async () => {
  platform = await servePlatform({
    port: 0,
    dataFolder: path.join(folder, 'platform'),
    resourcesFolder,
    orderWaitMs: 1000,
  });
  desk = await TestDesk.create(path.join(folder, 'desk'));
  desk.connect(platform.url);
});
afterAll(async () => {
  await desk.close();
  await platform.close();
});

it('puts a new key in the place of the old one, which stays without its private half, and the platform meets it', async () => {
  desk.queue([1], ['CEB303Message']);
  await desk.drainAll();
  const first = await deviceKey(desk.book, noHost);
  expect(currentEndpoint(desk.book)?.deviceId).toBe(first.id);

  const second = await rotateDeviceKey(desk.book, noHost, '旧电脑遗失', desk.clock.now);
  expect(second.id).not.toBe(first.id);
  expect(await deviceKey(desk.book, noHost)).toBe(second);
  expect(deviceKeyHistory(desk.book)).toMatchObject([
    { id: second.id, publicKey: second.publicKey, retiredAt: undefined },
    { id: first.id, publicKey: first.publicKey, reason: '旧电脑遗失', retiredAt: expect.any(String) },
  ]);
  const kept = desk.book.prepare('SELECT length(private_key) AS n FROM device_key WHERE id = ?').get(first.id);
  expect(kept).toEqual({ n: 0 });
  const audited = desk.book
    .prepare(`SELECT action, subject FROM audit WHERE action LIKE 'device.%' ORDER BY rowid`)
    .all();
  expect(audited).toEqual([
    { action: 'device.created', subject: first.id },
    { action: 'device.retired', subject: first.id },
    { action: 'device.created', subject: second.id },
  ]);

  desk.queue([2], ['CEB303Message']);
  await desk.drainAll();
  expect(desk.states('message')).toEqual({ sent: 2 });
  expect(currentEndpoint(desk.book)).toMatchObject({ deviceId: second.id, enrolled: true });
});
