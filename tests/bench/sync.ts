import path from 'node:path';
import { PARALLEL } from '../../electron/core/outbox/exchange.ts';
import { messageBytes } from '../../electron/core/store/messages.ts';
import { TestDesk } from '../faults/support/desk.ts';
import { DeskClient, settled } from '../faults/support/desk-client.ts';
import { startPlatform } from '../fixtures/platform.ts';
import { type Figure, inChild, inFolder, median, timed } from './harness.ts';

const ROUNDS = 5;
const LISTS = 1000;
const MANY_ROUNDS = 1;
const MANY_LISTS = 10_000;
/**
 * What draining may take beside what was there before it, however much is queued, and what its last quarter may hold more
 * than its second: receipts and messages are held a page at a time. The runtime collects its garbage late, hence medians.
 */
const GROWTH_MB = 100;
const CREEP_MB = 20;
/** Orders a round brings in at once, so that what the bench itself holds stays small. */
const PORTION = 1000;

/** What one round measured; memory in MB of resident set. */
interface Round {
  readonly sendingMs: number;
  readonly floorMs: number;
  readonly receiptsMs: number;
  /** Before the drain and at most during it: what draining itself takes. */
  readonly startMb: number;
  readonly peakMb: number;
  /** Medians of the second and the last quarter of the drain: what grows with the queue shows between them. */
  readonly secondMb: number;
  readonly lastMb: number;
}

/**
 * Lists in messages of a hundred over loopback: from the first lease to the last transport receipt, every transition
 * durable in a sealed book, against signing and posting the same bytes to an equal platform with nothing kept, by as many hands.
 */
export async function syncFigures(): Promise<Figure[]> {
  return [await figure(LISTS, ROUNDS, 2), await figure(MANY_LISTS, MANY_ROUNDS, 1.5)];
}

async function figure(lists: number, rounds: number, goal: number): Promise<Figure> {
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await inChild<Round>('sync-only', String(lists)));
  const of = (pick: (round: Round) => number): number => median(all.map(pick));
  const ours = of(({ sendingMs }) => sendingMs);
  const floor = of(({ floorMs }) => floorMs);
  const startMb = of((round) => round.startMb);
  const peakMb = of((round) => round.peakMb);
  const secondMb = of((round) => round.secondMb);
  const lastMb = of((round) => round.lastMb);
  return {
    name: `sync of ${lists} lists (all receipts applied ${of(({ receiptsMs }) => receiptsMs).toFixed(0)} ms later; memory ${startMb.toFixed(0)} MB before, ${secondMb.toFixed(0)} in the second quarter, ${lastMb.toFixed(0)} in the last)`,
    unit: 'ms',
    ours,
    floor,
    floorName: 'posting the same bytes',
    goal: `≤ ${goal} ×, memory at most ${GROWTH_MB} MB more, the last quarter ${CREEP_MB} MB above the second`,
    isMet: ours / floor <= goal && peakMb - startMb <= GROWTH_MB && lastMb - secondMb <= CREEP_MB,
    peakMb,
  };
}

/** One round in a process of its own: `bench sync-only 1000`. */
export function syncOnly(count: string): Promise<void> {
  return inFolder(async (folder) => {
    const real = await startPlatform(path.join(folder, 'real'));
    const bare = await startPlatform(path.join(folder, 'bare'));
    const desk = await TestDesk.create(path.join(folder, 'desk'));
    try {
      desk.connect(real.url);
      const client = new DeskClient(bare.url, 'device-bare');
      await client.enrol();
      const lists = Number(count);
      // Orders and waybills are there already on both sides: what is measured is the lists.
      for (let from = 1; from <= lists; from += PORTION)
        desk.queue(range(from, Math.min(lists, from + PORTION - 1)), ['CEB303Message', 'CEB505Message']);
      await desk.drainAll(1000);
      for (const kind of ['CEB303Message', 'CEB505Message']) await post(desk, client, kind);
      await settled(bare.url);
      for (let from = 1; from <= lists; from += PORTION)
        desk.queue(range(from, Math.min(lists, from + PORTION - 1)), ['CEB603Message']);
      const floorMs = await timed(() => post(desk, client, 'CEB603Message'));
      await settled(bare.url);
      const startMb = residentMb();
      const held: number[] = [];
      const watch = setInterval(() => held.push(residentMb()), 20);
      const whole = await timed(() => desk.drainAll(1000));
      clearInterval(watch);
      const sendingMs = sendingTime(desk);
      const round: Round = {
        sendingMs,
        floorMs,
        receiptsMs: whole - sendingMs,
        startMb,
        peakMb: Math.max(startMb, ...held),
        secondMb: quarter(held, 1),
        lastMb: quarter(held, 3),
      };
      process.stdout.write(JSON.stringify(round));
    } finally {
      await desk.close();
      await real.kill();
      await bare.kill();
    }
  });
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const residentMb = (): number => process.memoryUsage.rss() / 1024 / 1024;

/** The median of one quarter of the samples, counted from 0. */
const quarter = (samples: readonly number[], at: number): number =>
  median(samples.slice(Math.floor((samples.length * at) / 4), Math.floor((samples.length * (at + 1)) / 4)));

/** Posts what is queued with as many hands as the desk has, each message by message: all bytes at once would be what is measured. */
async function post(desk: TestDesk, client: DeskClient, kind: string): Promise<void> {
  const guids = desk.book.prepare('SELECT guid FROM message WHERE kind = ? ORDER BY seq').all(kind) as {
    guid: string;
  }[];
  const rest = guids.values();
  const hand = async (): Promise<void> => {
    for (const { guid } of rest) {
      const { status } = await client.put(guid, messageBytes(desk.book, guid));
      if (status !== 202) throw new Error(`${guid}: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, hand));
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
