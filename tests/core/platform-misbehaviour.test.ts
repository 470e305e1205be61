import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Platform, type PlatformOptions, servePlatform } from '../../platform/server.ts';
import type { AnyDocument } from '../../shared/documents/spec.ts';
import { health } from '../../shared/sync/protocol.ts';
import { DeskClient } from '../faults/support/desk-client.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { copNoOf, guidOf, message, orderNoOf, type PaperKind, paper } from '../faults/support/papers.ts';

/** The practice platform's bad days: each on command, each alike for the same seed. */

const folder = temporaryFolder('misbehaviour');
const resourcesFolder = path.resolve(import.meta.dirname, '../../resources');
const running = new Set<Platform>();
let serial = 0;

afterEach(async () => {
  for (const platform of running) await platform.close();
  running.clear();
});

async function enrolled(options: Partial<PlatformOptions> = {}): Promise<{ platform: Platform; desk: DeskClient }> {
  const dataFolder = path.join(folder, String(++serial));
  const platform = await servePlatform({ port: 0, dataFolder, resourcesFolder, orderWaitMs: 400, ...options });
  running.add(platform);
  const clock = options.clock ?? Date.now;
  const desk = new DeskClient(platform.url, 'device-test-1', () => new Date(clock()).toISOString());
  expect((await desk.enrol()).status).toBe(201);
  return { platform, desk };
}

async function send(desk: DeskClient, kind: PaperKind, documents: readonly AnyDocument[]): Promise<string> {
  const guid = guidOf(`${kind} ${++serial}`);
  expect((await desk.put(guid, message(kind, guid, documents))).status).toBe(202);
  return guid;
}

/** Statuses of every document, by its number, in the order of returnTime. */
async function statusesOf(desk: DeskClient, field: string): Promise<Map<string, string[]>> {
  const statuses = new Map<string, string[]>();
  const returns = (await desk.receipts()).flatMap((receipt) => receipt.returns);
  returns.sort((a, b) => (a['returnTime'] ?? '').localeCompare(b['returnTime'] ?? ''));
  for (const one of returns) {
    const key = one[field];
    if (key !== undefined) statuses.set(key, [...(statuses.get(key) ?? []), one['returnStatus'] ?? '']);
  }
  return statuses;
}

describe('misbehaviour', () => {
  it('is set, kept and told', async () => {
    const { platform, desk } = await enrolled();
    await desk.behave({ latencyMs: 30, seed: 7 });
    const started = performance.now();
    expect(health.parse(await (await fetch(`${platform.url}/v1/health`)).json()).practice).toBe(true);
    expect(performance.now() - started).toBeGreaterThan(25);
    const answer = await fetch(`${platform.url}/v1/practice/behaviour`);
    expect(await answer.json()).toMatchObject({ latencyMs: 30, seed: 7, dropReplies: 0 });
    const wrong = await fetch(`${platform.url}/v1/practice/behaviour`, { method: 'PUT', body: '{"dropReplies":2}' });
    expect(wrong.status).toBe(422);
  });

  it('cuts replies only after the work is done', async () => {
    const { desk } = await enrolled();
    await desk.behave({ dropReplies: 1 });
    const guid = guidOf('dropped');
    await expect(desk.put(guid, message('CEB303Message', guid, [paper('CEB303Message', 1)]))).rejects.toThrow();
    await desk.behave({});
    expect((await desk.request('GET', `/v1/messages/${guid}`)).status).toBe(200);
  });

  it('is silent on every route but its own', async () => {
    const { platform, desk } = await enrolled();
    await desk.behave({ silent: true });
    await expect(fetch(`${platform.url}/v1/health`, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect((await desk.statistics()).messages).toBe(0);
  });

  it('rejects the same share of the same documents for the same seed', async () => {
    const rejectedBy = async (seed: number) => {
      const { desk } = await enrolled();
      await desk.behave({ rejectShare: 0.3, seed });
      await send(
        desk,
        'CEB303Message',
        Array.from({ length: 100 }, (_, i) => paper('CEB303Message', i)),
      );
      await desk.settled();
      const statuses = await statusesOf(desk, 'orderNo');
      return [...statuses].filter(([, codes]) => codes.at(-1) === '100').map(([orderNo]) => orderNo);
    };
    const [one, again, other] = [await rejectedBy(1), await rejectedBy(1), await rejectedBy(2)];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(one.length).toBeGreaterThan(15);
    expect(one.length).toBeLessThan(45);
  });

  it('repeats and shuffles receipts without changing what they say', async () => {
    const { desk } = await enrolled();
    await desk.behave({ duplicateReceipts: true, reorderReceipts: true, seed: 3 });
    await send(desk, 'CEB303Message', [paper('CEB303Message', 1)]);
    await send(desk, 'CEB603Message', [paper('CEB603Message', 1)]);
    await desk.settled();
    const receipts = await desk.receipts();
    expect(receipts).toHaveLength(18);
    const times = receipts.map(({ returns }) => returns[0]?.['returnTime'] ?? '');
    expect(times).not.toEqual([...times].sort());
    expect((await statusesOf(desk, 'copNo')).get(copNoOf(1))).toEqual([
      '2',
      '2',
      '3',
      '3',
      '120',
      '120',
      '399',
      '399',
      '800',
      '800',
      '899',
      '899',
    ]);
  });

  /** How a number of equal requests ended: their status, or `cut`. */
  const endsOf = async (desk: DeskClient, count: number): Promise<string[]> => {
    const ends: string[] = [];
    for (let i = 0; i < count; i += 1)
      ends.push(
        await desk.request('GET', '/v1/rates').then(
          async (answer) => {
            await answer.text();
            return String(answer.status);
          },
          () => 'cut',
        ),
      );
    return ends;
  };

  it('cuts requests before anything is done', async () => {
    const { desk } = await enrolled();
    await desk.behave({ dropRequests: 1 });
    const guid = guidOf('never came');
    await expect(desk.put(guid, message('CEB303Message', guid, [paper('CEB303Message', 1)]))).rejects.toThrow();
    expect((await desk.statistics()).messages).toBe(0);
  });

  it('answers as a broken gateway does, before or after the work, the same ones for the same seed', async () => {
    const { desk } = await enrolled();
    await desk.behave({ errorShare: 1, seed: 5 });
    const statuses: number[] = [];
    for (let n = 1; n <= 12; n += 1) {
      const guid = guidOf(`error ${n}`);
      const answer = await desk.put(guid, message('CEB303Message', guid, [paper('CEB303Message', n)]));
      statuses.push(answer.status);
      expect(answer.headers.get('content-type')).toContain('text/html');
    }
    expect(statuses.every((status) => status >= 500 && status <= 504)).toBe(true);
    const { messages } = await desk.statistics();
    expect(messages).toBeGreaterThan(0);
    expect(messages).toBeLessThan(12);
    const ends = async () => {
      await desk.behave({ errorShare: 0.4, dropReplies: 0.2, seed: 8 });
      const found = await endsOf(desk, 15);
      await desk.behave({ seed: 1 });
      return found;
    };
    const first = await ends();
    expect(new Set(first).size).toBeGreaterThan(2);
    expect(await ends()).toEqual(first);
  });

  it('breaks answers off in the middle', async () => {
    const { platform, desk } = await enrolled();
    await desk.behave({ truncateShare: 1 });
    const answer = await fetch(`${platform.url}/v1/health`);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    const guid = guidOf('half an answer');
    const bytes = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
    await expect(desk.put(guid, bytes).then((half) => half.text())).rejects.toThrow();
    await desk.behave({});
    expect((await desk.put(guid, bytes)).status).toBe(200);
  });

  it('is away until its maintenance is over, and says for how long', async () => {
    let now = Date.parse('2026-11-21T01:00:00.000Z');
    const { platform, desk } = await enrolled({ clock: () => now });
    await desk.behave({ maintenanceUntil: '2026-11-21T01:10:00.000Z' });
    for (const route of ['health', 'rates']) {
      const answer = await fetch(`${platform.url}/v1/${route}`);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '600']);
      expect(await answer.json()).toMatchObject({ code: 'BUSY' });
    }
    expect((await desk.statistics()).messages).toBe(0);
    now += 10 * 60_000;
    expect((await fetch(`${platform.url}/v1/health`)).status).toBe(200);
  });

  it('tells of messages that nobody sent, of statuses that nobody knows, and the opposite of what it said', async () => {
    const { desk } = await enrolled();
    await desk.behave({ unknownGuidReceipts: 1 });
    const order = await send(desk, 'CEB303Message', [paper('CEB303Message', 1)]);
    await desk.settled();
    const strangers = (await desk.receipts()).filter(({ messageGuid }) => messageGuid !== order);
    expect(strangers.map(({ returns }) => [returns[0]?.['returnStatus'], returns[0]?.['orderNo']])).toEqual(
      ['2', '3', '120'].map((status) => [status, `X${orderNoOf(1).slice(1)}`]),
    );
    await desk.behave({ unknownStatusReceipts: 1 });
    await send(desk, 'CEB303Message', [paper('CEB303Message', 2)]);
    await desk.settled();
    const statuses = await statusesOf(desk, 'orderNo');
    expect([...(statuses.get(orderNoOf(2)) ?? [])].sort()).toEqual(['120', '2', '3', '987', '987', '987']);
    await desk.behave({ contradictingReceipts: 1 });
    await send(desk, 'CEB303Message', [paper('CEB303Message', 3), paper('CEB303Message', 4, { goodsValue: '7.36' })]);
    await desk.settled();
    const told = await statusesOf(desk, 'orderNo');
    expect(told.get(orderNoOf(3))).toEqual(['2', '3', '120', '100']);
    expect(told.get(orderNoOf(4))).toEqual(['2', '3', '100', '120']);
    // Whatever it says, it holds what it decided.
    expect(await desk.statistics()).toMatchObject({ accepted: 3, rejected: 1, doubleAcceptances: 0 });
  });
});
