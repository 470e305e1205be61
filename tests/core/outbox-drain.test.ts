import { createHash } from 'node:crypto';
import { Response } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { Engine } from '../../electron/core/outbox/engine.ts';
import type { Transport } from '../../electron/core/outbox/transport.ts';
import { practiceId, selectEndpoint } from '../../electron/core/store/endpoints.ts';
import { getMessage, mayHaveLeft, withdrawMessage } from '../../electron/core/store/messages.ts';
import { later, noHost, TestDesk } from '../faults/support/desk.ts';
import { statisticsOf } from '../faults/support/desk-client.ts';
import { isPut, outboxScenes, range } from '../fixtures/outbox-scene.ts';

const { cleanUps, place, startPlatform, scene } = outboxScenes('outbox-drain');

/** How long a condition may take to come true: a busy machine is no failure. */
const WAIT = { timeout: 60_000 };

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
    await vi.waitFor(() => expect(sent).toBe(4), WAIT);
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
      }, WAIT);
      expect(gateway.seen.filter(isPut)).toHaveLength(0);
      expect(desk.engine.status().lanes[0]?.circuit).toMatchObject({ state: 'open', code: 'CLOCK_SKEW' });
      // It is set right, by whomever: nobody has to say so to the desk, and what was queued meanwhile does not wait for the day to come.
      clock.forward(-aheadMs);
      desk.fetch = real;
      await vi.waitFor(async () => {
        await desk.engine.drain({ forced: false });
        expect(desk.states('message')).toEqual({ sent: 3 });
      }, WAIT);
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
    }, WAIT);
    expect(getMessage(desk.book, guid)).toMatchObject({ state: 'queued', lastError: 'CLOCK_SKEW' });
    expect(mayHaveLeft(desk.book, guid)).toBe(false);
    expect(desk.engine.status()).toMatchObject({ paused: false, lastError: 'CLOCK_SKEW' });
    clock.forward(600_000);
    await vi.waitFor(async () => {
      await desk.engine.drain({ forced: false });
      expect(desk.states('message')).toEqual({ sent: 1 });
    }, WAIT);
  });

  it('of an older book a hold for the sake of a clock is none any more', async () => {
    const { desk } = await scene();
    desk.book.setSetting('sync.halted', JSON.stringify({ test: 'CLOCK_SKEW', other: 'DEVICE_UNKNOWN' }));
    desk.queue([1], ['CEB303Message']);
    await vi.waitFor(async () => {
      await desk.engine.drain({ forced: false });
      expect(desk.states('message')).toEqual({ sent: 1 });
    }, WAIT);
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
    const other = await TestDesk.create(place('desk'), clock);
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
