import { describe, expect, it } from 'vitest';
import { Engine, type EngineSession } from '../../electron/core/outbox/engine.ts';
import { httpTransport } from '../../electron/core/outbox/http-transport.ts';
import type { Transport } from '../../electron/core/outbox/transport.ts';
import { selectEndpoint } from '../../electron/core/store/endpoints.ts';
import type { Outcome } from '../../shared/sync/protocol.ts';
import { noHost } from '../faults/support/desk.ts';
import { behave, statisticsOf } from '../faults/support/desk-client.ts';
import { isPut, outboxScenes, range } from '../fixtures/outbox-scene.ts';

const { cleanUps, place, startPlatform, scene } = outboxScenes('outbox-connection');

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
    const dataFolder = place('platform-moving');
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
