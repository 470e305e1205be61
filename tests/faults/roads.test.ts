import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { resourcesFolder, TestClock, TestDesk } from './support/desk.ts';
import { behave, settled } from './support/desk-client.ts';
import { temporaryFolder } from './support/folder.ts';
import { type Fault, startGateway } from './support/gateway.ts';
import { randomOf } from './support/random.ts';

const folder = temporaryFolder('roads');
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const faults: readonly Fault[] = [
  'drop-before',
  'drop-after',
  'half',
  'slow',
  'garbage',
  'error-500',
  'error-502-after',
  'busy-429',
  'captive-page',
  'captive-redirect',
  'proxy-404',
];

/** A day on a bad road: every exchange may fail in any way, receipts come twice and shuffled, core and platform restart. */
it.each(Array.from({ length: 15 }, (_, i) => i + 1))('road %i: exactly one acceptance of everything', async (seed) => {
  const random = randomOf(seed);
  const clock = new TestClock();
  const dataFolder = path.join(folder, `platform-${seed}`);
  const start = async (): Promise<Platform> => {
    const platform = await servePlatform({
      port: 0,
      dataFolder,
      resourcesFolder,
      clock: clock.nowMs,
      orderWaitMs: 60_000,
    });
    cleanUps.push(() => platform.close());
    return platform;
  };
  let platform = await start();
  const gateway = await startGateway(platform.url);
  cleanUps.push(() => gateway.close());
  gateway.slowMs = 30;
  const desk = await TestDesk.create(path.join(folder, `desk-${seed}`), clock, { settleMs: 60, random });
  cleanUps.push(() => desk.close());
  desk.connect(gateway.url);
  await behave(platform.url, {
    duplicateReceipts: seed % 2 === 0,
    reorderReceipts: seed % 3 === 0,
    dropReplies: seed % 5 === 0 ? 0.2 : 0,
    seed,
  });

  const orders = 8;
  for (let n = 1; n <= orders; n += 2) desk.queue([n, n + 1]);
  const share = 0.15 + (seed % 4) * 0.1;
  gateway.decide = () => (random() < share ? (faults[Math.floor(random() * faults.length)] ?? 'pass') : 'pass');
  let rounds = 0;
  for (let done = false; !done && rounds < 150; rounds++) {
    const { queued, awaitingReceipt } = await desk.engine.drain({ forced: random() < 0.7 });
    // The closing (899) comes after the release, for which alone a sync waits.
    done = queued === 0 && awaitingReceipt === 0 && desk.states('document')['released'] === undefined;
    if (random() < 0.1) desk.newEngine();
    if (random() < 0.06) {
      await platform.close();
      cleanUps.splice(0, 1);
      platform = await servePlatform({ port: 0, dataFolder, resourcesFolder, clock: clock.nowMs, orderWaitMs: 60_000 });
      cleanUps.unshift(() => platform.close());
      gateway.target = platform.url;
    }
  }

  expect(
    desk.states('document', `kind = 'CEB603Message'`),
    `after ${rounds} rounds: ${JSON.stringify(desk.engine.status())}`,
  ).toEqual({ closed: orders });
  expect(desk.states('document', `kind <> 'CEB603Message'`)).toEqual({ accepted: orders * 2 });
  expect(desk.states('message')).toEqual({ sent: 12 });
  expect(desk.states('sales_order')).toEqual({ released: orders });
  const there = await settled(platform.url);
  // A message comes to the platform again only where it had said that it does not know it.
  const misses = desk.book
    .prepare(`SELECT count(*) AS n FROM transition WHERE subject = 'message' AND event = 'miss'`)
    .get() as { n: number };
  expect(there.resends).toBeLessThanOrEqual(misses.n);
  expect(there).toMatchObject({
    messages: 12,
    documents: orders * 3,
    keys: orders * 3,
    accepted: orders * 3,
    duplicates: 0,
    doubleAcceptances: 0,
  });
  // One acceptance each in the book as well.
  const twice = desk.book
    .prepare(
      `SELECT subject_id FROM transition WHERE subject = 'document' AND event IN ('accept','release','close') GROUP BY subject_id, event HAVING count(*) > 1`,
    )
    .all();
  expect(twice).toEqual([]);
});
