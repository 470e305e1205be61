import { describe, expect, it } from 'vitest';
import { httpTransport } from '../../electron/core/outbox/http-transport.ts';
import { lease, mayHaveLeft, recoverLeases, undecidedMessages } from '../../electron/core/store/messages.ts';
import { listMessages } from '../../electron/core/store/queue.ts';
import { TestDesk } from '../faults/support/desk.ts';
import { behave, settled, statisticsOf } from '../faults/support/desk-client.ts';
import { guidOf } from '../faults/support/papers.ts';
import { firstPuts, isPut, outboxScenes, platformBusy, range } from '../fixtures/outbox-scene.ts';

const { cleanUps, place, startPlatform, scene } = outboxScenes('outbox-sending');

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
    lease(desk.book, first, { endpoint: 'test', takesUnbound: true }, clock.now());
    // The first attempt did arrive; the process died before the answer.
    await desk.engine.drain({ forced: true });
    expect(desk.eventsOf(first)).toEqual(['queue', 'lease', 'expire', 'miss', 'lease', 'deliver']);
    expect(gateway.seen.find(({ path: at }) => at.startsWith('/v1/messages/'))?.method).toBe('GET');
    expect((await settled(platform.url)).accepted).toBe(3);
  });

  it('does not wait for the day that a clock was ahead while it was being sent', async () => {
    const { desk, clock } = await scene();
    const [sending = ''] = desk.queue([1], ['CEB303Message']);
    clock.forward(24 * 3_600_000);
    const scope = { endpoint: 'test', takesUnbound: true };
    expect(lease(desk.book, sending, scope, clock.now())).toMatchObject({ state: 'sending' });
    clock.forward(-24 * 3_600_000);
    expect(recoverLeases(desk.book, clock.now(), false)).toBe(1);
    expect(desk.states('message', `guid = '${sending}'`)).toEqual({ unknown: 1 });
    // One that is under way is left alone.
    const [next = ''] = desk.queue([2], ['CEB303Message']);
    lease(desk.book, next, scope, clock.now());
    expect(recoverLeases(desk.book, clock.now(), false)).toBe(0);
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
    const other = await TestDesk.create(place('desk'), clock, {
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
});
