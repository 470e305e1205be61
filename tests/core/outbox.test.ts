import { createHash } from 'node:crypto';
import path from 'node:path';
import { Response } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseSide, differencesOf } from '../../electron/core/outbox/conflicts.ts';
import { Engine, type EngineSession } from '../../electron/core/outbox/engine.ts';
import { httpTransport } from '../../electron/core/outbox/http-transport.ts';
import { applyAgain } from '../../electron/core/outbox/receipts.ts';
import { regroup } from '../../electron/core/outbox/regroup.ts';
import type { Transport } from '../../electron/core/outbox/transport.ts';
import { contentOf, listConflicts } from '../../electron/core/store/conflicts.ts';
import { practiceId, selectEndpoint } from '../../electron/core/store/endpoints.ts';
import {
  getMessage,
  lease,
  markExported,
  mayHaveLeft,
  messageBytes,
  messagesToRegroup,
  moveMessage,
  undecidedMessages,
  withdrawMessage,
} from '../../electron/core/store/messages.ts';
import { listMessages } from '../../electron/core/store/queue.ts';
import { putRate } from '../../electron/core/store/rates.ts';
import { parkedReceipts, storeReceipts, unparkReceipts } from '../../electron/core/store/receipts.ts';
import { type Platform, type PlatformOptions, servePlatform } from '../../platform/server.ts';
import { documentStates, messageStates } from '../../shared/contract/filing.ts';
import { documentMachine } from '../../shared/sync/document-states.ts';
import { IllegalMove, statePairs } from '../../shared/sync/machine.ts';
import { messageMachine } from '../../shared/sync/message-states.ts';
import type { Outcome } from '../../shared/sync/protocol.ts';
import { later, noHost, resourcesFolder, TestClock, TestDesk } from '../faults/support/desk.ts';
import { behave, settled, statisticsOf } from '../faults/support/desk-client.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { type Fault, type Gateway, startGateway } from '../faults/support/gateway.ts';
import { copNoOf, guidOf, message, paper } from '../faults/support/papers.ts';
import { forceState } from '../fixtures/force-state.ts';

const folder = temporaryFolder('outbox');
const cleanUps: (() => Promise<void>)[] = [];
let serial = 0;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Scene {
  readonly platform: Platform;
  readonly gateway: Gateway;
  readonly desk: TestDesk;
  readonly clock: TestClock;
}

const range = (n: number, from = 1) => Array.from({ length: n }, (_, i) => from + i);

async function startPlatform(clock: TestClock, options: Partial<PlatformOptions> = {}): Promise<Platform> {
  const platform = await servePlatform({
    port: 0,
    dataFolder: path.join(folder, `platform-${++serial}`),
    resourcesFolder,
    clock: clock.nowMs,
    orderWaitMs: 1000,
    ...options,
  });
  cleanUps.push(() => platform.close());
  return platform;
}

async function scene(options: Partial<PlatformOptions> = {}): Promise<Scene> {
  const clock = new TestClock();
  const platform = await startPlatform(clock, options);
  const gateway = await startGateway(platform.url);
  cleanUps.push(() => gateway.close());
  const desk = await TestDesk.create(path.join(folder, `desk-${++serial}`), clock);
  cleanUps.push(() => desk.close());
  desk.connect(gateway.url);
  return { platform, gateway, desk, clock };
}

const busyHeaders = { 'content-type': 'application/problem+json', 'retry-after': '7' };

/** The platform's own 429 for the puts of which `isBusy` says so; everything else goes its way. @returns what to end it with */
function platformBusy(desk: TestDesk, isBusy: (url: string) => boolean): () => void {
  const real = desk.fetch;
  desk.fetch = (url, init) =>
    init?.method === 'PUT' && String(url).includes('/v1/messages/') && isBusy(String(url))
      ? Promise.resolve(new Response('{"code":"BUSY"}', { status: 429, headers: busyHeaders }))
      : real(url, init);
  return () => {
    desk.fetch = real;
  };
}

const isPut = ({ method }: { method: string }) => method === 'PUT';

/** The fault for the first `times` puts, then none. */
function firstPuts(fault: Fault, times = 1): Gateway['decide'] {
  let left = times;
  return (request) => (isPut(request) && left-- > 0 ? fault : 'pass');
}

describe('the whole way', () => {
  it('sends orders, payments, waybills and lists in their order and brings every receipt home', async () => {
    const { platform, gateway, desk } = await scene();
    const guids = desk.queue(range(60), ['CEB603Message', 'CEB505Message', 'CEB403Message', 'CEB303Message']);
    expect(desk.states('sales_order')).toEqual({ queued: 60 });
    await desk.drainAll();
    expect(desk.states('message')).toEqual({ sent: 4 });
    expect(desk.states('document', `kind = 'CEB603Message'`)).toEqual({ closed: 60 });
    expect(desk.states('document', `kind <> 'CEB603Message'`)).toEqual({ accepted: 180 });
    expect(desk.states('sales_order')).toEqual({ released: 60 });
    expect(desk.states('receipt')).toEqual({ applied: 15 });
    expect(await statisticsOf(platform.url)).toMatchObject({
      messages: 4,
      documents: 240,
      keys: 240,
      accepted: 240,
      duplicates: 0,
      resends: 0,
    });
    const puts = gateway.seen.filter(isPut).map(({ path: at }) => guids.indexOf(at.slice('/v1/messages/'.length)));
    expect(puts[0]).toBe(3);
    expect(puts.at(-1)).toBe(0);
    const [list] = desk.book
      .prepare(`SELECT id, platform_no AS no FROM document WHERE kind = 'CEB603Message'`)
      .all() as { id: number; no: string }[];
    expect(list?.no).toMatch(/^64072026E\d{11}$/);
    expect(desk.eventsOf(String(list?.id))).toEqual([
      'check',
      'queue',
      'lease',
      'deliver',
      'accept',
      'release',
      'close',
    ]);
    expect(desk.events.map(({ name }) => name)).toContain('sync.changed');
    expect(desk.engine.status()).toMatchObject({
      connection: 'online',
      queued: 0,
      awaitingReceipt: 0,
      rejected: 0,
      running: false,
    });
  });

  it('posts a released list once, or keeps it waiting for its rate', async () => {
    const { platform, desk } = await scene();
    await behave(platform.url, {});
    desk.queue(range(3));
    await desk.drainAll();
    const posted = desk.book
      .prepare(`SELECT (SELECT count(*) FROM pending_posting) + (SELECT count(DISTINCT source_id) FROM voucher) AS n`)
      .get() as { n: number };
    expect(posted.n).toBe(3);
  });

  it('holds a list back until its order is accepted, and only that one', async () => {
    const { desk } = await scene();
    desk.queue([1], ['CEB303Message', 'CEB603Message']);
    desk.queue([2], ['CEB603Message']);
    const end = platformBusy(desk, (url) => url.endsWith(guidOf('message CEB303Message 1')));
    await desk.engine.drain({ forced: true });
    const rows = listMessages(desk.book, {}, { after: undefined, limit: 10 }, desk.clock.now()).rows;
    expect(rows.map(({ state, isBlocked, waitsFor }) => [state, isBlocked, waitsFor])).toEqual([
      ['queued', false, undefined],
      ['queued', true, 1],
      ['sent', false, undefined],
    ]);
    end();
    await desk.engine.drain({ forced: true });
    expect(desk.states('message')).toEqual({ sent: 3 });
  });

  it('frees ninety-nine lists from one whose order was sent back', async () => {
    const { platform, desk } = await scene();
    desk.queue(range(20), ['CEB303Message', 'CEB603Message'], { 7: { goodsValue: '9.99' } });
    await desk.drainAll();
    expect(desk.states('document', `kind = 'CEB603Message'`)).toEqual({ closed: 19, draft: 1 });
    expect(desk.states('document', `kind = 'CEB303Message'`)).toEqual({ accepted: 19, rejected: 1 });
    expect(desk.states('message')).toEqual({ sent: 2, withdrawn: 1 });
    expect(desk.states('sales_order')).toEqual({ released: 19, drafted: 1 });
    expect(await statisticsOf(platform.url)).toMatchObject({ documents: 39, released: 19, rejected: 1 });
  });
});

describe('a lost answer', () => {
  it.each([
    'drop-before',
    'drop-after',
    'half',
    'garbage',
    'error-500',
    'error-502-after',
    'captive-page',
    'captive-redirect',
    'proxy-404',
  ] as const)('by %s is asked about and ends in one acceptance', async (fault) => {
    const { platform, gateway, desk } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    gateway.decide = firstPuts(fault);
    await desk.drainAll();
    const reached = ['drop-after', 'half', 'error-502-after'].includes(fault);
    // A receipt tells as much as the enquiry does; whichever comes first.
    const events = desk.eventsOf(guid ?? '').map((event) => (event === 'hear' ? 'find' : event));
    expect(events).toEqual(
      reached ? ['queue', 'lease', 'lose', 'find'] : ['queue', 'lease', 'lose', 'miss', 'lease', 'deliver'],
    );
    const onMessage = gateway.seen.filter(({ path: at }) => at.startsWith('/v1/messages/')).map(({ method }) => method);
    if (reached) expect(onMessage.filter((method) => method === 'PUT')).toHaveLength(1);
    else expect(onMessage).toEqual(['PUT', 'GET', 'PUT']);
    expect(await statisticsOf(platform.url)).toMatchObject({ messages: 1, accepted: 1, duplicates: 0, resends: 0 });
  });

  it('is never taken for "not found" on the word of a proxy', async () => {
    const { gateway, desk } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    gateway.decide = ({ method, path: at }) => {
      if (at.startsWith('/v1/receipts')) return 'busy-429';
      return at.startsWith('/v1/messages/') ? (method === 'PUT' ? 'drop-after' : 'proxy-404') : 'pass';
    };
    for (let i = 0; i < 3; i++) await desk.engine.drain({ forced: true });
    expect(desk.states('message')).toEqual({ unknown: 1 });
    expect(gateway.seen.filter(isPut)).toHaveLength(1);
    expect(mayHaveLeft(desk.book, guid ?? '')).toBe(true);
  });

  it('is settled by a receipt that overtakes it', async () => {
    const { gateway, desk } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    gateway.decide = ({ method, path: at }) =>
      at.startsWith('/v1/messages/') ? (method === 'PUT' ? 'drop-after' : 'error-500') : 'pass';
    await settledAfter(desk);
    expect(desk.eventsOf(guid ?? '')).toContain('hear');
    expect(desk.states('message')).toEqual({ sent: 1 });
    expect(desk.states('document')).toEqual({ accepted: 1 });
  });

  async function settledAfter(desk: TestDesk): Promise<void> {
    for (let i = 0; i < 5 && desk.states('message')['sent'] === undefined; i++)
      await desk.engine.drain({ forced: true });
  }

  it('after a crash while sending is asked about before anything is sent', async () => {
    const { platform, gateway, desk, clock } = await scene();
    const [first = ''] = desk.queue([1, 2], ['CEB303Message']);
    desk.queue([3], ['CEB303Message']);
    lease(
      desk.book,
      first,
      { endpoint: 'test', takesUnbound: true },
      clock.now(),
      new Date(clock.nowMs() + 90_000).toISOString(),
    );
    // The first attempt did arrive; the process died before the answer.
    await desk.engine.drain({ forced: true });
    expect(desk.eventsOf(first)).toEqual(['queue', 'lease', 'expire', 'miss', 'lease', 'deliver']);
    expect(gateway.seen.find(({ path: at }) => at.startsWith('/v1/messages/'))?.method).toBe('GET');
    expect((await settled(platform.url)).accepted).toBe(3);
  });

  it('keeps the endpoint: another platform must not be asked about it', async () => {
    const { gateway, desk } = await scene();
    desk.queue([1], ['CEB303Message']);
    gateway.decide = ({ path: at }) =>
      at.startsWith('/v1/messages/') ? 'drop-after' : at.startsWith('/v1/receipts') ? 'error-500' : 'pass';
    await desk.engine.drain({ forced: true });
    expect(undecidedMessages(desk.book)).toBe(1);
  });
});

describe('a platform that does not want it now', () => {
  it('busy is waited out at least as long as it asks for, and nothing is asked about', async () => {
    const { desk, clock } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    let puts = 0;
    platformBusy(desk, () => ++puts === 1);
    const before = clock.nowMs();
    await desk.engine.drain({ forced: false });
    const [row] = listMessages(desk.book, {}, { after: undefined, limit: 1 }, desk.clock.now()).rows;
    expect(row).toMatchObject({ state: 'queued', attempts: 1, lastError: 'PLATFORM_BUSY' });
    expect(Date.parse(row?.nextAttemptAt ?? '') - before).toBeGreaterThanOrEqual(7000);
    await desk.engine.drain({ forced: false });
    expect(puts).toBe(1);
    clock.forward(31 * 60_000);
    await desk.engine.drain({ forced: false });
    expect(desk.eventsOf(guid ?? '')).toEqual(['queue', 'lease', 'postpone', 'lease', 'deliver']);
  });

  it('busy in the words of somebody in between counts as lost, and is asked about no sooner than it says', async () => {
    const { gateway, desk, clock } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    gateway.decide = ({ method, path: at }) =>
      method === 'PUT' ? 'busy-429' : at.startsWith('/v1/receipts') ? 'error-500' : 'pass';
    const before = clock.nowMs();
    await desk.engine.drain({ forced: false });
    const [row] = listMessages(desk.book, {}, { after: undefined, limit: 1 }, desk.clock.now()).rows;
    expect(row).toMatchObject({ state: 'unknown', lastError: 'HTTP_429' });
    expect(Date.parse(row?.nextAttemptAt ?? '') - before).toBeGreaterThanOrEqual(7000);
    gateway.decide = () => 'pass';
    await desk.engine.drain({ forced: true });
    expect(desk.eventsOf(guid ?? '')).toEqual(['queue', 'lease', 'lose', 'miss', 'lease', 'deliver']);
  });

  it('refuses a message for good: its documents are to be corrected, the others go', async () => {
    const { platform, desk } = await scene({ maxBytes: 5000 });
    desk.queue([1], ['CEB303Message'], { 1: { note: '很长'.repeat(1000) } });
    desk.queue([9], ['CEB303Message']);
    await desk.drainAll();
    expect(desk.states('message')).toEqual({ refused: 1, sent: 1 });
    expect(desk.states('document')).toEqual({ rejected: 1, accepted: 1 });
    const [row] = desk.book.prepare(`SELECT status_info AS info FROM document WHERE state = 'rejected'`).all() as {
      info: string;
    }[];
    expect(row?.info).toContain('TOO_LARGE');
    expect((await statisticsOf(platform.url)).messages).toBe(1);
  });

  it('never sends a message whose bytes were damaged in the book, and lets the others go', async () => {
    const { platform, desk } = await scene();
    const [guid = ''] = desk.queue([1], ['CEB303Message']);
    desk.queue([2], ['CEB303Message']);
    // What no write through the book can do, a bad sector may.
    desk.book.db.exec('DROP TRIGGER message_bytes_frozen');
    desk.book
      .prepare(`UPDATE message_bytes SET bytes = x'3c' WHERE seq = (SELECT seq FROM message WHERE guid = ?)`)
      .run(guid);
    await desk.drainAll();
    expect(desk.states('message')).toEqual({ refused: 1, sent: 1 });
    expect(desk.states('document')).toEqual({ rejected: 1, accepted: 1 });
    const { info } = desk.book.prepare(`SELECT status_info AS info FROM document WHERE state = 'rejected'`).get() as {
      info: string;
    };
    expect(info).toContain('MESSAGE_DAMAGED');
    expect((await statisticsOf(platform.url)).messages).toBe(1);
  });

  it('shares a message that is too large out among smaller ones, the documents as the versions they are', async () => {
    const { platform, desk, clock } = await scene({ maxBytes: 5000 });
    const [guid = ''] = desk.queue(range(5), ['CEB303Message']);
    await desk.drainAll();
    expect(desk.eventsOf(guid)).toEqual(['queue', 'regroup']);
    expect(desk.states('document')).toEqual({ accepted: 5 });
    expect(desk.book.prepare('SELECT max(version) AS v FROM document').get()).toEqual({ v: 1 });
    const sent = (await statisticsOf(platform.url)).messages;
    expect(sent).toBeGreaterThan(1);
    expect(desk.states('message')).toEqual({ sent, withdrawn: 1 });
    // A platform that only says so when it gets the message: it stored nothing, and is offered less.
    const strict = await startPlatform(clock, { maxBytes: 5000 });
    const other = await TestDesk.create(path.join(folder, `desk-${++serial}`), clock, {
      transport: (_endpoint, signer) => {
        const real = httpTransport({ url: strict.url, signer, now: clock.now });
        return {
          ...real,
          health: async (signal) => {
            const health = await real.health(signal);
            if (health.kind !== 'accepted') return health;
            const capabilities = { ...health.value.capabilities, maxBytes: 1_000_000 };
            return { ...health, value: { ...health.value, capabilities } };
          },
        };
      },
    });
    cleanUps.push(() => other.close());
    other.connect(strict.url);
    const [large = ''] = other.queue(range(5), ['CEB303Message']);
    await other.drainAll();
    expect(other.eventsOf(large)).toEqual(['queue', 'lease', 'regroup']);
    expect(other.states('document')).toEqual({ accepted: 5 });
    expect(await statisticsOf(strict.url)).toMatchObject({ documents: 5, accepted: 5, duplicates: 0 });
  });

  it('is not asked again and again for what it does not tell', async () => {
    const { platform, desk, clock } = await scene();
    desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    let asked = 0;
    const other = await TestDesk.create(path.join(folder, `desk-${++serial}`), clock, {
      transport: (_endpoint, signer) => ({
        ...httpTransport({ url: platform.url, signer, now: clock.now }),
        content: async () => {
          asked += 1;
          return { kind: 'rejected', code: 'NOT_FOUND', detail: '' };
        },
      }),
    });
    cleanUps.push(() => other.close());
    other.connect(platform.url);
    other.queue([1], ['CEB303Message'], { 1: { note: 'other bytes' } });
    await other.engine.drain({ forced: true });
    await other.engine.drain({ forced: true });
    const before = asked;
    expect(before).toBeGreaterThan(0);
    await other.engine.drain({ forced: false });
    await other.engine.drain({ forced: false });
    expect(asked).toBe(before);
    // After a while it may know better; a person who asks is not kept waiting.
    await other.engine.drain({ forced: true });
    expect(asked).toBe(before + 1);
    clock.forward(31 * 60_000);
    await other.engine.drain({ forced: false });
    expect(asked).toBe(before + 2);
  });

  it('knows the GUID with other bytes: nothing more is done until a person has chosen', async () => {
    const { platform, desk } = await scene();
    const [guid = ''] = desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const other = await TestDesk.create(path.join(folder, `desk-${++serial}`), desk.clock);
    cleanUps.push(() => other.close());
    other.connect(platform.url);
    other.queue([1], ['CEB303Message'], { 1: { note: 'other bytes' } });
    await other.engine.drain({ forced: true });
    await other.engine.drain({ forced: true });
    expect(other.states('message')).toEqual({ unknown: 1 });
    expect(other.states('document')).toEqual({ unknown: 1 });
    const { rows } = listConflicts(other.book, false, { after: undefined, limit: 10 });
    const mine = messageBytes(other.book, guid);
    const held = messageBytes(desk.book, guid);
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(rows).toMatchObject([{ kind: 'content', messageGuid: guid, ours: sha256(mine), theirs: sha256(held) }]);
    expect((await statisticsOf(platform.url)).accepted).toBe(1);
    const [{ id = 0 } = {}] = rows;
    // It tells what it holds, so that a person sees in what it differs.
    const theirs = contentOf(other.book, id);
    expect(theirs === undefined ? '' : sha256(theirs)).toBe(sha256(held));
    expect(differencesOf(mine, theirs ?? new Uint8Array())).toEqual([
      { position: 1, path: 'OrderHead/note', ours: 'other bytes', theirs: '' },
    ]);
    // The platform's stands: its receipts are applied now.
    chooseSide(other.book, { id, choice: 'theirs', reason: '另一台电脑已报' }, desk.clock.now());
    await other.drainAll();
    expect(other.states('message')).toEqual({ sent: 1 });
    expect(other.states('document')).toEqual({ accepted: 1 });
    expect(other.engine.status()).toMatchObject({ conflicts: 0 });
    expect(() => chooseSide(other.book, { id, choice: 'ours', reason: 'x' }, desk.clock.now())).toThrow(
      expect.objectContaining({ code: 'CONFLICT_DECIDED' }),
    );
  });

  it('sends the documents anew where the book keeps its own bytes', async () => {
    const { platform, desk } = await scene();
    desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const other = await TestDesk.create(path.join(folder, `desk-${++serial}`), desk.clock);
    cleanUps.push(() => other.close());
    other.connect(platform.url);
    const [guid = ''] = other.queue([1], ['CEB303Message'], { 1: { note: 'other bytes' } });
    await other.engine.drain({ forced: true });
    const [{ id = 0 } = {}] = listConflicts(other.book, false, { after: undefined, limit: 10 }).rows;
    chooseSide(other.book, { id, choice: 'ours', reason: '平台上的不是这一批' }, desk.clock.now());
    expect(other.states('message')).toEqual({ withdrawn: 1, queued: 1 });
    await other.drainAll();
    expect(other.states('message')).toEqual({ withdrawn: 1, sent: 1 });
    expect(other.eventsOf(guid)).toEqual(['queue', 'lease', 'lose', 'regroup']);
    // The order number was used: customs says so itself.
    expect(other.states('document')).toEqual({ rejected: 1 });
  });
});

describe('the connection', () => {
  it('nobody at the door is offline: nothing is lost, everything waits', async () => {
    const { platform, gateway, desk, clock } = await scene();
    desk.queue(range(3));
    await gateway.close();
    const summary = await desk.engine.drain({ forced: true });
    expect(summary).toMatchObject({ sent: 0, queued: 3, connection: 'offline' });
    expect(desk.states('message')).toEqual({ queued: 3 });
    expect(desk.engine.status()).toMatchObject({ connection: 'offline', lastError: 'ECONNREFUSED', paused: false });
    desk.connect(platform.url);
    clock.forward(1000);
    await desk.drainAll();
    expect(desk.states('message')).toEqual({ sent: 3 });
  });

  it('somebody who does not answer is silent', async () => {
    const { platform, desk } = await scene();
    desk.queue([1], ['CEB303Message']);
    await behave(platform.url, { silent: true });
    expect(await desk.engine.drain({ forced: true })).toMatchObject({ connection: 'silent', queued: 1 });
    expect(desk.states('message')).toEqual({ queued: 1 });
    await behave(platform.url, {});
    await desk.drainAll();
    expect(desk.engine.status().connection).toBe('online');
  });

  it('a log-in page of a hotel is not our platform', async () => {
    const { gateway, desk } = await scene();
    desk.queue([1], ['CEB303Message']);
    for (const [fault, connection, lastError] of [
      ['captive-page', 'offline', 'CAPTIVE_PORTAL'],
      ['captive-redirect', 'offline', 'CAPTIVE_PORTAL'],
      ['proxy-404', 'silent', 'NOT_OUR_PLATFORM'],
    ] as const) {
      gateway.decide = () => fault;
      await desk.engine.drain({ forced: true });
      expect(desk.engine.status()).toMatchObject({ connection, lastError, paused: false });
    }
    expect(gateway.seen.filter(isPut)).toHaveLength(0);
  });

  it('lives through a platform that is killed and comes back elsewhere', async () => {
    const { platform, gateway, desk, clock } = await scene();
    const dataFolder = path.join(folder, `platform-moving-${++serial}`);
    const first = await startPlatform(clock, { dataFolder });
    gateway.target = first.url;
    desk.queue(range(4));
    let puts = 0;
    gateway.decide = (request) => {
      if (isPut(request) && ++puts === 2) void first.close();
      return 'pass';
    };
    await desk.engine.drain({ forced: true });
    cleanUps.splice(cleanUps.length - 1, 1);
    const second = await startPlatform(clock, { dataFolder });
    gateway.target = second.url;
    await desk.drainAll();
    expect(desk.states('sales_order')).toEqual({ released: 4 });
    expect(await statisticsOf(second.url)).toMatchObject({
      documents: 12,
      keys: 12,
      released: 4,
      duplicates: 0,
      doubleAcceptances: 0,
    });
    expect((await statisticsOf(platform.url)).messages).toBe(0);
  });

  it('starts by its own timer and tells the desk', async () => {
    const { desk } = await scene();
    desk.queue([1]);
    desk.engine.start();
    await expect.poll(() => desk.states('sales_order')).toEqual({ released: 1 });
    await desk.engine.stop();
  });

  it('looks at once when a book is opened', async () => {
    const { desk, clock } = await scene();
    desk.queue([1]);
    let opened = (): void => undefined;
    let isOpen = false;
    const session: EngineSession = {
      home: desk.session.home,
      book: desk.book,
      get isOpen() {
        return isOpen;
      },
      onBeforeClose: () => () => undefined,
      onOpened: (listener) => {
        opened = listener;
        return () => undefined;
      },
    };
    const engine = new Engine({ session, host: noHost, emit: () => undefined, now: clock.now });
    engine.start();
    cleanUps.push(() => engine.stop());
    await new Promise((resolve) => setTimeout(resolve, 50));
    isOpen = true;
    opened();
    await expect.poll(() => desk.states('sales_order')).toEqual({ released: 1 });
  });
});

describe('an error of the network', () => {
  const failed = (cause: unknown) => Object.assign(new TypeError('fetch failed'), { cause });
  const error = (code: string, syscall?: string) => Object.assign(new Error(code), { code, syscall });
  const several = (...errors: Error[]) =>
    Object.assign(new AggregateError(errors), { code: (errors[0] as Error & { code: string }).code });

  it.each([
    ['refused', error('ECONNREFUSED', 'connect'), 'no'],
    ['no connection in time', error('UND_ERR_CONNECT_TIMEOUT'), 'no'],
    ['no way there', error('EHOSTUNREACH', 'connect'), 'no'],
    ['no such name', error('ENOTFOUND', 'getaddrinfo'), 'no'],
    ['no way to any address', several(error('ENETUNREACH', 'connect'), error('EHOSTUNREACH', 'connect')), 'no'],
    ['the way lost while reading', error('EHOSTUNREACH', 'read'), 'maybe'],
    ['the network lost while writing', error('ENETDOWN', 'write'), 'maybe'],
    ['no system call named', error('ENETUNREACH'), 'maybe'],
    ['cut', error('ECONNRESET', 'read'), 'maybe'],
  ])('%s tells whether a byte may have left', async (_, cause, delivered) => {
    const signer = { id: 'device', publicKey: '', sign: () => Promise.resolve(new Uint8Array()) };
    const transport = httpTransport({
      url: 'http://127.0.0.1:9',
      signer,
      now: () => new Date().toISOString(),
      fetch: () => Promise.reject(failed(cause)),
    });
    const outcome = await transport.send('guid', new Uint8Array([1]), new AbortController().signal);
    expect(outcome).toMatchObject({ kind: 'retryable', delivered });
  });
});

describe('another endpoint chosen meanwhile', () => {
  const page = { receipts: [{ id: 'r1', messageGuid: 'g', kind: 'CEB304Message', xml: '<x/>' }], next: '5' };

  /** An engine on a platform of words; `at` names the exchange during which the user chooses another endpoint. */
  async function switching(at: 'health' | 'receipts') {
    const { desk, clock } = await scene();
    const asked: string[] = [];
    const reply = <T>(name: string, value: T) => {
      asked.push(name);
      if (name === at) selectEndpoint(desk.book, { id: 'other', url: 'http://127.0.0.1:9', name: 'Other' });
      return Promise.resolve({ kind: 'accepted' as const, value });
    };
    const capabilities = { kinds: [], maxBytes: 1, maxDocuments: 1 };
    const transport: Transport = {
      health: () => reply('health', { name: '', protocol: 'portbook/1' as const, time: clock.now(), capabilities }),
      enrol: () => reply('enrol', { deviceId: 'd', enterpriseId: 'e' }),
      send: () => Promise.reject(new Error('nothing may be sent')),
      enquire: () => reply('enquire', { found: false as const }),
      receipts: () => reply('receipts', page),
      rates: () => reply('rates', { rates: [], next: '' }),
    };
    const engine = new Engine({
      session: desk.session,
      host: noHost,
      emit: () => undefined,
      now: clock.now,
      settleMs: 100,
      transport: () => transport,
    });
    await engine.drain({ forced: true });
    return { desk, engine, asked };
  }

  it('ends the run before the next step', async () => {
    const { engine, asked } = await switching('health');
    expect(asked).toEqual(['health']);
    expect(engine.status()).toMatchObject({ endpoint: { name: 'Other', enrolled: false }, paused: false });
  });

  it('leaves a page of receipts where it is', async () => {
    const { desk, asked } = await switching('receipts');
    expect(asked).toEqual(['health', 'enrol', 'receipts']);
    expect(desk.states('receipt')).toEqual({});
    expect(desk.book.prepare(`SELECT id, receipt_cursor AS cursor FROM endpoint ORDER BY id`).all()).toEqual([
      { id: 'other', cursor: '' },
      { id: 'test', cursor: '' },
    ]);
  });
});

describe('between two drains', () => {
  /** A desk whose platform holds questions open until the test answers them. */
  async function listening(answer?: () => Promise<Outcome<boolean>>) {
    const { desk, clock } = await scene();
    const open: { readonly signal: AbortSignal; readonly tell: (outcome: Outcome<boolean>) => void }[] = [];
    let asked = 0;
    const good = <T>(value: T) => Promise.resolve({ kind: 'accepted' as const, value });
    const capabilities = { kinds: [], maxBytes: 1_000_000, maxDocuments: 100, longPollSeconds: 30 };
    const transport: Transport = {
      health: () => good({ name: '', protocol: 'portbook/1' as const, time: clock.now(), capabilities }),
      enrol: () => good({ deviceId: 'd', enterpriseId: 'e' }),
      send: () => Promise.reject(new Error('nothing is queued')),
      enquire: () => good({ found: false as const }),
      receipts: () => {
        asked += 1;
        return good({ receipts: [], next: '' });
      },
      listen: (_after, _seconds, signal) =>
        new Promise((resolve) => {
          const aborted = { kind: 'retryable', evidence: 'silent', delivered: 'maybe', code: 'ABORTED' } as const;
          signal.addEventListener('abort', () => resolve({ ...aborted, retryAfterMs: 0 }));
          open.push({ signal, tell: resolve });
          if (answer !== undefined) void answer().then(resolve);
        }),
      rates: () => good({ rates: [], next: '' }),
    };
    const options = { session: desk.session, host: noHost, emit: () => undefined, now: clock.now, settleMs: 0 };
    const engine = new Engine({ ...options, transport: () => transport });
    cleanUps.push(() => engine.stop());
    return { desk, engine, open, asked: () => asked };
  }
  const said = (value: boolean) => ({ kind: 'accepted' as const, value });

  it('receipts are listened for, and fetched as soon as there is one', async () => {
    const { engine, open, asked } = await listening();
    engine.start();
    await expect.poll(() => open.length).toBe(1);
    const before = asked();
    open[0]?.tell(said(true));
    await expect.poll(asked).toBe(before + 1);
    // Heard and not taken in where it was heard: once more, and then it is left to the timer.
    await expect.poll(() => open.length).toBe(2);
    open[1]?.tell(said(true));
    await engine.drain({ forced: false });
    expect(open).toHaveLength(2);
  });

  it('a question that fails is evidence: the drain looks at once, and the timer asks instead', async () => {
    const { engine, open, asked } = await listening();
    engine.start();
    await expect.poll(() => open.length).toBe(1);
    const before = asked();
    open[0]?.tell({ kind: 'retryable', evidence: 'silent', delivered: 'maybe', code: 'ECONNRESET', retryAfterMs: 0 });
    await expect.poll(asked).toBe(before + 1);
    await engine.drain({ forced: false });
    expect(open).toHaveLength(1);
  });

  it('an empty answer that nobody waited for is not asked for again and again', async () => {
    const { engine, open } = await listening(() => Promise.resolve(said(false)));
    engine.start();
    await expect.poll(() => open.length).toBe(1);
    await engine.drain({ forced: false });
    await engine.drain({ forced: false });
    expect(open).toHaveLength(1);
  });

  it('nothing is held open on hold, in another drain, or once it is stopped', async () => {
    const { desk, engine, open } = await listening();
    engine.start();
    await expect.poll(() => open.length).toBe(1);
    await engine.drain({ forced: true });
    expect(open[0]?.signal.aborted).toBe(true);
    await expect.poll(() => open.length).toBe(2);
    desk.book.setSetting('sync.paused', '1');
    engine.hush();
    expect(open[1]?.signal.aborted).toBe(true);
    await engine.drain({ forced: false });
    expect(open).toHaveLength(2);
    desk.book.setSetting('sync.paused', undefined);
    await engine.drain({ forced: false });
    await expect.poll(() => open.length).toBe(3);
    await engine.stop();
    expect(open[2]?.signal.aborted).toBe(true);
    await engine.drain({ forced: false });
    expect(open).toHaveLength(3);
  });
});

describe('a drain under way', () => {
  /** A desk with messages of one order each, and an engine whose platform answers as the test says. */
  async function sending(messages: number, send: Transport['send'], more: Partial<Transport> = {}, mayRate = false) {
    const { desk, clock } = await scene();
    for (const n of range(messages)) desk.queue([n], ['CEB303Message']);
    const capabilities = { kinds: [], maxBytes: 1_000_000, maxDocuments: 100, ...(mayRate ? { rates: true } : {}) };
    const good = <T>(value: T) => Promise.resolve({ kind: 'accepted' as const, value });
    const transport: Transport = {
      health: () => good({ name: '', protocol: 'portbook/1' as const, time: clock.now(), capabilities }),
      enrol: () => good({ deviceId: 'd', enterpriseId: 'e' }),
      send,
      enquire: () => good({ found: false as const }),
      receipts: () => good({ receipts: [], next: '' }),
      rates: () => good({ rates: [], next: '' }),
      ...more,
    };
    const options = { session: desk.session, host: noHost, emit: () => undefined, now: clock.now, settleMs: 50 };
    return { desk, engine: new Engine({ ...options, transport: () => transport }) };
  }

  const stored = (guid: string, bytes: Uint8Array) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const receipt = { guid, sha256, status: 'stored' as const, receivedAt: '', receiptId: guid };
    return Promise.resolve({ kind: 'accepted' as const, value: receipt });
  };

  it('stops where the user puts the queue on hold, and goes on when he lets it', async () => {
    let sent = 0;
    const { desk, engine } = await sending(40, (guid, bytes) => {
      sent += 1;
      // Whoever says so, the desk's window or a command line beside it, says it in the book.
      if (sent === 10) desk.book.setSetting('sync.paused', '1');
      return stored(guid, bytes);
    });
    await engine.drain({ forced: true });
    // No more than what the four hands had begun.
    expect(sent).toBeLessThanOrEqual(13);
    expect(desk.states('message')).toEqual({ sent, queued: 40 - sent });
    await engine.drain({ forced: false });
    expect(desk.states('message')['queued']).toBe(40 - sent);
    desk.book.setSetting('sync.paused', undefined);
    await engine.drain({ forced: false });
    expect(desk.states('message')).toEqual({ sent: 40 });
  });

  it.each(['the same', 'ever new'])('ends though the platform says for ever that there is more: %s', async (what) => {
    let asked = 0;
    let askedRates = 0;
    const page = <T>(value: T) => Promise.resolve({ kind: 'accepted' as const, value });
    const { desk, engine } = await sending(
      2,
      stored,
      {
        receipts: () => {
          asked += 1;
          const id = what === 'the same' ? 'one' : String(asked);
          return page({
            receipts: [{ id, messageGuid: '', kind: 'x', xml: '<x/>' }],
            next: what === 'the same' ? '' : 'end',
          });
        },
        rates: () => {
          askedRates += 1;
          const rate = { kind: 'parity', currency: 'GBP', date: '2026-11-02', cnyPerUnit: '9', source: 'x' } as const;
          return page({ rates: [rate], next: askedRates % 2 === 0 ? 'b' : 'a' });
        },
      },
      true,
    );
    await engine.drain({ forced: true });
    expect(asked).toBeLessThanOrEqual(3);
    expect(desk.states('message')).toEqual({ sent: 2 });
    expect(askedRates).toBeLessThanOrEqual(3);
  });

  it.each([
    { kind: 'fatal', code: 'NOT_FOUND', detail: '' },
    { kind: 'retryable', evidence: 'silent', delivered: 'maybe', code: 'HTTP_500', retryAfterMs: 0 },
  ] as const)('sends and fetches whatever becomes of the rates: $kind', async (answer) => {
    const { desk, engine } = await sending(2, stored, { rates: () => Promise.resolve(answer) }, true);
    await engine.drain({ forced: true });
    expect(engine.status()).toMatchObject({ paused: false, lanes: [{ circuit: { state: 'closed' } }] });
    expect(engine.status().lastError).toBeUndefined();
    expect(desk.states('message')).toEqual({ sent: 2 });
  });

  it('is not called ended before its last hand is, though one of them failed', async () => {
    let sent = 0;
    const { promise: opened, resolve: open } = later();
    const { desk, engine } = await sending(20, async (guid, bytes) => {
      sent += 1;
      if (sent === 1) throw new Error('the disk is full');
      await opened;
      return stored(guid, bytes);
    });
    const drain = engine.drain({ forced: true });
    const failed = expect(drain).rejects.toThrow('the disk is full');
    await vi.waitFor(() => expect(sent).toBe(4));
    open();
    await failed;
    expect(sent).toBe(4);
    expect(desk.states('message')).toEqual({ sending: 1, sent: 3, queued: 16 });
  });
});

describe('what concerns every message', () => {
  it.each([
    ['behind', -3_600_000],
    ['ahead', 86_400_000],
  ])(
    'a clock too far %s keeps the queue waiting with one reason, and no longer than it is wrong',
    async (_, aheadMs) => {
      const { gateway, desk, clock } = await scene();
      clock.forward(aheadMs);
      desk.queue(range(3));
      // The platform's clock is the desk's in these tests: here it stays where it was.
      const real = desk.fetch;
      desk.fetch = async (url, init) => {
        const answer = await real(url, init);
        if (!String(url).endsWith('/v1/health')) return answer;
        const health = { ...((await answer.json()) as object), time: new Date().toISOString() };
        return new Response(JSON.stringify(health), { headers: { 'content-type': 'application/json' } });
      };
      await vi.waitFor(async () => {
        await desk.engine.drain({ forced: true });
        expect(desk.engine.status()).toMatchObject({ paused: false, lastError: 'CLOCK_SKEW', connection: 'online' });
      });
      expect(gateway.seen.filter(isPut)).toHaveLength(0);
      expect(desk.engine.status().lanes[0]?.circuit).toMatchObject({ state: 'open', code: 'CLOCK_SKEW' });
      // It is set right, by whomever: nobody has to say so to the desk, and what was queued meanwhile does not wait for the day to come.
      clock.forward(-aheadMs);
      desk.fetch = real;
      await vi.waitFor(
        async () => {
          await desk.engine.drain({ forced: false });
          expect(desk.states('message')).toEqual({ sent: 3 });
        },
        { timeout: 20_000 },
      );
      expect(desk.engine.status().lastError).toBeUndefined();
    },
  );

  it('a platform that finds the time of a request too far off has taken nothing and is asked again', async () => {
    const { desk, clock } = await scene();
    const [guid = ''] = desk.queue([1], ['CEB303Message']);
    const real = desk.fetch;
    let refused = 0;
    desk.fetch = (url, init) => {
      if (init?.method !== 'PUT' || refused > 0) return real(url, init);
      refused += 1;
      const headers = { 'content-type': 'application/problem+json' };
      return Promise.resolve(new Response('{"code":"CLOCK_SKEW"}', { status: 401, headers }));
    };
    await vi.waitFor(async () => {
      await desk.engine.drain({ forced: true });
      expect(refused).toBe(1);
    });
    expect(getMessage(desk.book, guid)).toMatchObject({ state: 'queued', lastError: 'CLOCK_SKEW' });
    expect(mayHaveLeft(desk.book, guid)).toBe(false);
    expect(desk.engine.status()).toMatchObject({ paused: false, lastError: 'CLOCK_SKEW' });
    clock.forward(600_000);
    await vi.waitFor(async () => {
      await desk.engine.drain({ forced: false });
      expect(desk.states('message')).toEqual({ sent: 1 });
    });
  });

  it('of an older book a hold for the sake of a clock is none any more', async () => {
    const { desk } = await scene();
    desk.book.setSetting('sync.halted', JSON.stringify({ test: 'CLOCK_SKEW', other: 'DEVICE_UNKNOWN' }));
    desk.queue([1], ['CEB303Message']);
    await vi.waitFor(
      async () => {
        await desk.engine.drain({ forced: false });
        expect(desk.states('message')).toEqual({ sent: 1 });
      },
      { timeout: 60_000 },
    );
  });

  it('a platform that does not know the device any more holds the queue; a practice platform is met anew', async () => {
    const { gateway, desk, clock } = await scene();
    desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const other = await startPlatform(clock);
    gateway.target = other.url;
    const [held = ''] = desk.queue(range(3, 2), ['CEB303Message']);
    await desk.engine.drain({ forced: true });
    expect(desk.engine.status()).toMatchObject({ paused: true, lastError: 'DEVICE_UNKNOWN' });
    expect(desk.states('message')).toEqual({ queued: 1, sent: 1 });

    // What was to go to one platform never goes to another.
    selectEndpoint(desk.book, { id: practiceId(desk.book), url: gateway.url, name: '演练' });
    await desk.engine.drain({ forced: true });
    expect((await statisticsOf(other.url)).messages).toBe(0);
    desk.book.transaction(() => withdrawMessage(desk.book, held, clock.now()));
    desk.queue(range(3, 5), ['CEB303Message']);
    await desk.drainAll();
    expect((await statisticsOf(other.url)).accepted).toBe(3);
    gateway.target = (await startPlatform(clock)).url;
    desk.queue([9], ['CEB303Message']);
    await desk.drainAll();
    expect(practiceId(desk.book)).toBe('practice:2');
    expect(desk.states('document')).toEqual({ accepted: 5, draft: 3 });
  });

  it('an enterprise that the platform refuses holds the queue', async () => {
    const { desk, clock } = await scene();
    const strict = await startPlatform(clock);
    const other = await TestDesk.create(path.join(folder, `desk-${++serial}`), clock);
    cleanUps.push(() => other.close());
    other.book.saveProfile({ ...other.book.profile(), customsCode: '1234567' }, clock.now());
    other.connect(strict.url);
    other.queue([1], ['CEB303Message']);
    await other.engine.drain({ forced: true });
    expect(other.engine.status()).toMatchObject({
      paused: true,
      lastError: 'ENTERPRISE_INVALID',
      endpoint: { enrolled: false },
    });
    expect(other.states('message')).toEqual({ queued: 1 });
    expect(desk.states('message')).toEqual({});
  });
});

describe('receipts', () => {
  it('twice and out of order amount to the same', async () => {
    const { platform, desk } = await scene();
    await behave(platform.url, { duplicateReceipts: true, reorderReceipts: true, seed: 11 });
    desk.queue(range(12));
    await desk.drainAll();
    expect(desk.states('document', `kind = 'CEB603Message'`)).toEqual({ closed: 12 });
    expect(desk.states('sales_order')).toEqual({ released: 12 });
    const doubled = desk.book
      .prepare(`SELECT count(*) AS n FROM transition WHERE event = 'release' GROUP BY subject_id HAVING n > 1`)
      .all();
    expect(doubled).toEqual([]);
  });

  it('about nothing we know are kept, shown and tried again', async () => {
    const { desk, clock } = await scene();
    desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const guid = guidOf('of a restored book');
    const xml = new TextDecoder().decode(message('CEB303Message', guid, [paper('CEB303Message', 8)]));
    storeReceipts(
      desk.book,
      'test',
      [
        { id: 'r1', messageGuid: guid, xml: xml.replaceAll('CEB303Message', 'CEB999Message') },
        { id: 'r2', messageGuid: guid, xml: '<broken' },
        { id: 'r3', messageGuid: guid, xml: returnOf('120', 8) },
        { id: 'r4', messageGuid: guidOf('message CEB303Message 1'), xml: returnOf('120', 2) },
        { id: 'r5', messageGuid: guidOf('message CEB303Message 1'), xml: returnOf('777', 1) },
        { id: 'r6', messageGuid: guidOf('message CEB303Message 1'), xml: returnOf('100', 1, '99999') },
      ],
      '999',
      clock.now(),
    );
    await desk.drainAll();
    expect(parkedReceipts(desk.book, { limit: 10 }).rows.map(({ problem }) => problem)).toEqual([
      'RECEIPT_UNREADABLE',
      'RECEIPT_UNREADABLE',
      'RECEIPT_MESSAGE_UNKNOWN',
      'RECEIPT_DOCUMENT_UNKNOWN',
      'RECEIPT_STATUS_UNKNOWN',
      'RECEIPT_UNREADABLE',
    ]);
    // Of somebody else's message nothing new can come: it is not read again.
    expect(unparkReceipts(desk.book)).toBe(5);
    expect(desk.states('receipt', `platform_id = 'r3'`)).toEqual({ parked: 1 });
    desk.queue([8], ['CEB303Message']);
    desk.book
      .prepare(`UPDATE receipt SET message_guid = ? WHERE platform_id = 'r3'`)
      .run(guidOf('message CEB303Message 8'));
    await desk.engine.drain({ forced: true });
    expect(parkedReceipts(desk.book, { limit: 10 }).total).toBe(5);
    // It speaks of a message that had not left from this book: proof that it is stored.
    expect(desk.states('message')).toEqual({ sent: 2 });
    expect(desk.states('document')).toEqual({ accepted: 2 });
  });

  it('of a time that no calendar has, or that fail of something else, are kept aside and hold up nobody', async () => {
    const { desk, clock } = await scene();
    putRate(
      desk.book,
      { kind: 'parity', currency: 'GBP', date: '2026-01-01', cnyPerUnit: '9', source: 'test' },
      clock.now(),
    );
    const [orders = '', , , lists = ''] = desk.queue(
      [1, 2],
      ['CEB303Message', 'CEB403Message', 'CEB505Message', 'CEB603Message'],
    );
    expect(desk.book.prepare('SELECT kind FROM message WHERE guid = ?').get(lists)).toEqual({ kind: 'CEB603Message' });
    const listReturn = (n: number, returnTime: string) =>
      new TextDecoder().decode(
        message('CEB604Message', guidOf(`604 ${n} ${returnTime}`), [
          {
            guid: guidOf(`return ${n}`),
            customsCode: '6407',
            ebpCode: '无',
            ebcCode: '91469002MA5T0TE5TR',
            agentCode: '91469002MA5T0TE5TR',
            copNo: copNoOf(n),
            invtNo: `64072026E0000000000${n}`,
            returnStatus: '800',
            returnTime,
            returnInfo: 'x',
          },
        ]),
      );
    const id = (n: number) =>
      (desk.book.prepare('SELECT id FROM document WHERE business_key = ?').get(copNoOf(n)) as { id: number }).id;
    // What a mistake of the program itself would look like.
    desk.book.db.exec(
      `CREATE TEMP TRIGGER broken BEFORE UPDATE OF status_code ON document WHEN NEW.id = ${id(2)}
         BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    storeReceipts(
      desk.book,
      'test',
      [
        { id: 'poison', messageGuid: lists, xml: listReturn(1, '20261399000000000') },
        { id: 'broken', messageGuid: lists, xml: listReturn(2, '20261121090000000') },
        { id: 'hour', messageGuid: lists, xml: listReturn(1, '20261121250000000') },
        { id: 'order', messageGuid: orders, xml: returnOf('120', 1) },
      ],
      '',
      clock.now(),
    );
    await desk.engine.drain({ forced: false });
    expect(parkedReceipts(desk.book, { limit: 10 }).rows.map(({ problem }) => problem)).toEqual([
      'RECEIPT_UNREADABLE',
      'RECEIPT_FAILED',
      'RECEIPT_UNREADABLE',
    ]);
    // Nothing of the one that failed is left, and the one behind it is applied.
    const items = desk.book.prepare('SELECT DISTINCT document_id AS id FROM receipt_item').all() as { id: number }[];
    expect(items.map((one) => one.id)).not.toContain(id(2));
    expect(desk.states('document', `kind = 'CEB303Message'`)['accepted']).toBeGreaterThanOrEqual(1);
    expect(desk.book.verifyAudit()).toMatchObject({ intact: true });
    desk.book.db.exec('DROP TRIGGER broken');
    const failed = parkedReceipts(desk.book, { limit: 10 }).rows.find(({ problem }) => problem === 'RECEIPT_FAILED');
    expect(applyAgain(desk.book, failed?.id ?? 0, clock.now())).toBeUndefined();
    expect(desk.states('document', `id = ${id(2)}`)).toEqual({ released: 1 });
  });

  it('of any number leave room for others while they are applied', async () => {
    const { desk, clock } = await scene();
    const many = range(200).map((n) => ({ id: `m${n}`, messageGuid: guidOf('nobody'), xml: returnOf('120', n) }));
    storeReceipts(desk.book, 'test', many, '', clock.now());
    let turns = 0;
    let isOver = false;
    const look = (): void => {
      if (isOver) return;
      if (desk.states('receipt')['stored'] !== undefined && desk.states('receipt')['parked'] !== undefined) turns += 1;
      setImmediate(look);
    };
    setImmediate(look);
    await desk.engine.drain({ forced: false });
    isOver = true;
    expect(turns).toBeGreaterThan(3);
    expect(desk.states('receipt')).toEqual({ parked: 200 });
  });

  it('that contradict each other are decided by time and noted', async () => {
    const { desk, clock } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const later = '20991231235959999';
    storeReceipts(
      desk.book,
      'test',
      [{ id: 'c1', messageGuid: guid ?? '', xml: returnOf('100', 1, later) }],
      '',
      clock.now(),
    );
    await desk.engine.drain({ forced: true });
    const [document] = desk.book.prepare('SELECT id, state, status_code AS code FROM document').all() as {
      id: number;
      state: string;
      code: string;
    }[];
    expect(document).toMatchObject({ state: 'rejected', code: '100' });
    expect(desk.eventsOf(String(document?.id)).slice(-2)).toEqual(['contradiction', 'reject']);
  });

  function returnOf(status: string, n: number, time = '20261121090000001'): string {
    const node = {
      guid: guidOf(`return ${n}`),
      ebpCode: '无',
      ebcCode: '91469002MA5T0TE5TR',
      orderNo: `T${String(n).padStart(6, '0')}`,
      returnStatus: status,
      returnTime: time,
      returnInfo: 'x',
    };
    return new TextDecoder().decode(message('CEB304Message', guidOf(`304 ${n} ${status}`), [node]));
  }
});

describe('the queue', () => {
  it('gives a message back before it has left, and not after', async () => {
    const { gateway, desk, clock } = await scene();
    const [first, second] = [...desk.queue([1], ['CEB303Message']), ...desk.queue([2], ['CEB303Message'])];
    desk.book.transaction(() => withdrawMessage(desk.book, first ?? '', clock.now()));
    expect(desk.states('document')).toEqual({ draft: 1, queued: 1 });
    gateway.decide = ({ path: at }) => (at.startsWith('/v1/messages/') ? 'drop-before' : 'pass');
    await desk.engine.drain({ forced: true });
    expect(mayHaveLeft(desk.book, second ?? '')).toBe(true);
    expect(() => moveMessage(desk.book, second ?? '', 'withdraw', clock.now())).toThrow(IllegalMove);
  });

  it('is not regrouped once a file of it was written, and never with what is out of date', async () => {
    const { desk, clock } = await scene();
    const [, list] = desk.queue(range(3), ['CEB303Message', 'CEB603Message'], { 1: { goodsValue: '9.99' } });
    const { book } = desk;
    const idOf = (kind: string, n: number) =>
      (
        book.prepare('SELECT id FROM document WHERE kind = ? AND order_id = ?').get(kind, desk.order(n)) as {
          id: number;
        }
      ).id;
    book.transaction(() => {
      book.prepare(`UPDATE document SET state = 'accepted' WHERE kind = 'CEB303Message'`).run();
      book.prepare(`UPDATE document SET state = 'rejected' WHERE id = ?`).run(idOf('CEB303Message', 1));
      book.prepare(`UPDATE document SET stale = 1 WHERE id = ?`).run(idOf('CEB603Message', 2));
    });
    expect(messagesToRegroup(book)).toEqual([
      {
        guid: list,
        stuck: [idOf('CEB603Message', 1), idOf('CEB603Message', 2)],
        free: [idOf('CEB603Message', 3)],
      },
    ]);
    expect(markExported(book, list ?? '', clock.now())).toBe(true);
    expect(mayHaveLeft(book, list ?? '')).toBe(true);
    expect(messagesToRegroup(book)).toEqual([]);
  });

  it('regroups past a message that was damaged meanwhile: it alone is refused', async () => {
    const { desk, clock } = await scene();
    const { book } = desk;
    const [, bad = ''] = desk.queue([1, 2], ['CEB303Message', 'CEB603Message']);
    const [, sound = ''] = desk.queue([3, 4], ['CEB303Message', 'CEB603Message']);
    book.transaction(() => {
      book.prepare(`UPDATE document SET state = 'accepted' WHERE kind = 'CEB303Message'`).run();
      for (const n of [1, 3])
        book
          .prepare(`UPDATE document SET state = 'rejected' WHERE kind = 'CEB303Message' AND order_id = ?`)
          .run(desk.order(n));
    });
    book.db.exec('DROP TRIGGER message_bytes_frozen');
    book
      .prepare(`UPDATE message_bytes SET bytes = x'3c' WHERE seq = (SELECT seq FROM message WHERE guid = ?)`)
      .run(bad);
    expect(regroup(book, clock.now())).toBe(1);
    expect([bad, sound].map((guid) => getMessage(book, guid)?.state)).toEqual(['refused', 'withdrawn']);
    const lists = book
      .prepare(`SELECT state, coalesce(status_info, '') AS info FROM document WHERE kind = 'CEB603Message' ORDER BY id`)
      .all() as { state: string; info: string }[];
    expect(lists.slice(0, 2)).toEqual(Array(2).fill({ state: 'rejected', info: 'MESSAGE_DAMAGED' }));
    expect(lists.slice(2).map(({ state }) => state)).toEqual(['draft', 'queued']);
    expect(messagesToRegroup(book)).toEqual([]);
  });

  it('is refused by the book itself every move that is not in the tables, and given every one that is', async () => {
    const { desk } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    const { book } = desk;
    const tables = [
      { table: 'message', states: messageStates, machine: messageMachine, where: `guid = '${guid}'` },
      { table: 'document', states: documentStates, machine: documentMachine, where: `message_guid = '${guid}'` },
    ] as const;
    for (const { table, states, machine, where } of tables) {
      const legal = new Set(statePairs<string, string>(machine).map((pair) => pair.join(' ')));
      let refused = 0;
      let skipped = 0;
      for (const from of states) {
        for (const to of states) {
          // Out of its first state a message comes with its signature only: that is tested where it is signed.
          if (from === to || (table === 'message' && from === 'unsigned' && to === 'queued')) {
            legal.delete(`${from} ${to}`);
            skipped += from === to ? 0 : 1;
            continue;
          }
          forceState(book, `UPDATE ${table} SET state = '${from}' WHERE ${where}`);
          const move = () => book.prepare(`UPDATE ${table} SET state = '${to}' WHERE ${where}`).run();
          if (legal.has(`${from} ${to}`)) expect(move().changes, `${table} ${from} to ${to}`).toBe(1);
          else {
            expect(move, `${table} ${from} to ${to}`).toThrow(`not a move of the ${table} table`);
            refused += 1;
          }
        }
      }
      expect(refused).toBe(states.length * (states.length - 1) - legal.size - skipped);
    }
  });

  it('never changes what was frozen', async () => {
    const { desk } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    const bytes = messageBytes(desk.book, guid ?? '');
    const row = desk.book.prepare('SELECT sha256 FROM message').get() as { sha256: string };
    expect(row.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const write = (sql: string) => () => desk.book.prepare(sql).run();
    expect(write(`UPDATE message_bytes SET bytes = x'00'`)).toThrow('a frozen message is immutable');
    expect(write(`UPDATE message SET sha256 = ''`)).toThrow('a frozen message is immutable');
    expect(write('DELETE FROM message_bytes')).toThrow('a message is kept');
    expect(() => desk.book.prepare('DELETE FROM message').run()).toThrow('a message is kept');
  });

  it('takes a thousand whole orders home in seconds', async () => {
    const { platform, desk } = await scene({ orderWaitMs: 20_000 });
    desk.connect(platform.url);
    desk.queue(range(1000));
    const from = performance.now();
    await desk.drainAll();
    const ms = Math.round(performance.now() - from);
    const receipts = desk.states('receipt')['applied'] ?? 0;
    console.log(
      `outbox: 1000 orders, 1000 waybills, 1000 lists sent, ${receipts} receipts (12000 returns) applied in ${ms} ms`,
    );
    expect(desk.states('sales_order')).toEqual({ released: 1000 });
  });
});
