import path from 'node:path';
import { TestDesk } from '../faults/support/desk.ts';
import { DeskClient, settled } from '../faults/support/desk-client.ts';
import { startPlatform } from '../fixtures/platform.ts';
import { type Figure, inFolder, median, timed } from './harness.ts';

const ROUNDS = 5;
const LISTS = 1000;

/**
 * 1,000 lists in ten messages over loopback: from the first lease to the last transport receipt, every transition
 * durable in a sealed book, against signing and posting the same bytes to an equal platform with nothing kept.
 */
export function syncFigure(): Promise<Figure> {
  return inFolder(async (folder) => {
    const ours: number[] = [];
    const floor: number[] = [];
    let receiptsMs = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const real = await startPlatform(path.join(folder, `real-${round}`));
      const bare = await startPlatform(path.join(folder, `bare-${round}`));
      const desk = await TestDesk.create(path.join(folder, `desk-${round}`));
      try {
        desk.connect(real.url);
        const client = new DeskClient(bare.url, `device-bare-${round}`);
        await client.enrol();
        const all = Array.from({ length: LISTS }, (_, i) => i + 1);
        // Orders and waybills are there already on both sides: what is measured is the lists.
        desk.queue(all, ['CEB303Message', 'CEB505Message']);
        await desk.drainAll();
        for (const kind of ['CEB303Message', 'CEB505Message']) await post(desk, client, kind);
        await settled(bare.url);
        desk.queue(all, ['CEB603Message']);
        floor.push(await timed(() => post(desk, client, 'CEB603Message')));
        await settled(bare.url);
        const whole = await timed(() => desk.engine.drain({ forced: true }));
        const sending = sendingTime(desk);
        ours.push(sending);
        receiptsMs = whole - sending;
      } finally {
        await desk.close();
        await real.kill();
        await bare.kill();
      }
    }
    const figure = { ours: median(ours), floor: median(floor) };
    return {
      name: `sync of ${LISTS} lists (receipts of all of them applied ${receiptsMs.toFixed(0)} ms later)`,
      unit: 'ms',
      ...figure,
      floorName: 'posting the same bytes',
      goal: '≤ 2 ×',
      isMet: figure.ours / figure.floor <= 2,
    };
  });
}

async function post(desk: TestDesk, client: DeskClient, kind: string): Promise<void> {
  const rows = desk.book.prepare('SELECT guid, bytes FROM message WHERE kind = ? ORDER BY seq').all(kind) as {
    guid: string;
    bytes: Uint8Array;
  }[];
  for (const { guid, bytes } of rows) {
    const { status } = await client.put(guid, bytes);
    if (status !== 202) throw new Error(`${guid}: ${status}`);
  }
}

/** From the first lease of a list message to the last delivery, as the book recorded them. */
function sendingTime(desk: TestDesk): number {
  const { first, last } = desk.book
    .prepare(
      `SELECT min(at) FILTER (WHERE event = 'lease') AS first, max(at) FILTER (WHERE event = 'deliver') AS last
       FROM transition WHERE subject = 'message'
         AND subject_id IN (SELECT guid FROM message WHERE kind = 'CEB603Message')`,
    )
    .get() as { first: string; last: string };
  return Date.parse(last) - Date.parse(first);
}
