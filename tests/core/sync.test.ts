import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context, FileGrants, Handlers, Host } from '../../electron/core/context.ts';
import { outboxHandlers } from '../../electron/core/operations/outbox.ts';
import { practiceHandlers } from '../../electron/core/operations/practice.ts';
import { syncHandlers } from '../../electron/core/operations/sync.ts';
import { markEnrolled } from '../../electron/core/store/endpoints.ts';
import { messageBytes } from '../../electron/core/store/messages.ts';
import { putRate, rateAt } from '../../electron/core/store/rates.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { contract, type InputOf, type OutputOf } from '../../shared/contract/contract.ts';
import { noHost, resources, resourcesFolder, TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const folder = temporaryFolder('sync');
const handlers = { ...outboxHandlers, ...syncHandlers, ...practiceHandlers };
type Name = keyof typeof handlers;
const cleanUps: (() => Promise<void>)[] = [];
let serial = 0;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Office {
  readonly desk: TestDesk;
  call<N extends Name>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** The platform that the host has started last. */
  practice(): Platform | undefined;
}

/** A desk whose main process can start a practice platform. */
async function office(): Promise<Office> {
  const desk = await TestDesk.create(path.join(folder, `desk-${++serial}`));
  cleanUps.push(() => desk.close());
  let practice: Platform | undefined;
  const host: Host = {
    ...noHost,
    startPractice: async (dataFolder) => {
      practice ??= await servePlatform({ port: 0, dataFolder, resourcesFolder });
      return practice.url;
    },
    stopPractice: async () => {
      await practice?.close();
      practice = undefined;
    },
  };
  cleanUps.push(() => host.stopPractice());
  const files: FileGrants = { pathOf: (token) => token };
  const context = {
    book: desk.book,
    session: desk.session as Context['session'],
    host,
    files,
    progress: () => undefined,
    signal: new AbortController().signal,
    emit: (event) => desk.events.push(event),
    now: desk.clock.now,
    resources,
  } satisfies Context;
  const call = async <N extends Name>(name: N, input: InputOf<N>): Promise<OutputOf<N>> => {
    const handler = (handlers as Handlers<Name>)[name];
    const output = await handler(contract[name].input.parse(input) as never, context);
    return contract[name].output.parse(output) as OutputOf<N>;
  };
  return { desk, call, practice: () => practice };
}

const refusal = (code: string) => expect.objectContaining({ code });
const range = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('practice', () => {
  it('starts, takes everything to the end, misbehaves on request and stops', async () => {
    const { desk, call, practice } = await office();
    expect(await call('sync.status', {})).toMatchObject({
      connection: 'none',
      practice: false,
      queued: 0,
      paused: false,
    });
    await expect(call('sync.now', {})).rejects.toThrow(refusal('SYNC_NO_ENDPOINT'));
    await expect(
      call('practice.behave', {
        latencyMs: 0,
        dropReplies: 0,
        duplicateReceipts: false,
        reorderReceipts: false,
        rejectShare: 0,
      }),
    ).rejects.toThrow(refusal('PRACTICE_NOT_RUNNING'));
    desk.queue(range(5));
    expect(await call('practice.start', {})).toMatchObject({
      practice: true,
      queued: 3,
      endpoint: { enrolled: false, name: '演练平台' },
    });
    await call('practice.behave', {
      latencyMs: 1,
      dropReplies: 0.1,
      duplicateReceipts: true,
      reorderReceipts: true,
      rejectShare: 0,
    });
    expect(await call('practice.behaviour', {})).toMatchObject({ latencyMs: 1, dropReplies: 0.1, errorShare: 0 });
    let summary = await call('sync.now', {});
    for (let i = 0; i < 20 && summary.queued + summary.awaitingReceipt > 0; i++) summary = await call('sync.now', {});
    expect(summary).toMatchObject({ queued: 0, awaitingReceipt: 0, connection: 'online' });
    expect(desk.states('sales_order')).toEqual({ released: 5 });
    expect(await call('sync.status', {})).toMatchObject({
      connection: 'online',
      practice: true,
      running: false,
      endpoint: { enrolled: true },
    });
    expect(await call('practice.stop', {})).toMatchObject({ connection: 'none', practice: false });
    expect(practice()).toBeUndefined();
  });

  it('is started again by the next sync after the desk was closed', async () => {
    const { desk, call, practice } = await office();
    await call('practice.start', {});
    const first = practice();
    await first?.close();
    desk.queue([1]);
    // A new session of the same book: the engine has forgotten that it once started one.
    const { book, session, clock } = desk;
    expect(book.setting('sync.endpoint')).toBe('practice');
    let started = 0;
    const { Engine } = await import('../../electron/core/outbox/engine.ts');
    const again = new Engine({
      session,
      host: {
        ...noHost,
        startPractice: async (dataFolder) => {
          started += 1;
          const platform = await servePlatform({ port: 0, dataFolder, resourcesFolder });
          cleanUps.push(() => platform.close());
          return platform.url;
        },
      },
      emit: () => undefined,
      now: clock.now,
    });
    expect(await again.drain({ forced: false })).toMatchObject({ sent: 3, released: 1, connection: 'online' });
    expect(started).toBe(1);
  });
});

describe('rates of the platform', () => {
  it('come in once with a sync and leave what a person entered', async () => {
    const { desk, call, practice } = await office();
    await call('practice.start', {});
    const kept = { kind: 'parity', currency: 'USD', date: '2026-10-01', cnyPerUnit: '7.1', source: '手工' } as const;
    putRate(desk.book, kept, '2026-11-01T00:00:00.000Z');
    const rates = [
      { kind: 'parity', currency: 'USD', date: '2026-10-01', cnyPerUnit: '7.2', source: '演练' },
      { kind: 'parity', currency: 'EUR', date: '2026-10-01', cnyPerUnit: '8.2', source: '演练' },
      { kind: 'customs', currency: 'EUR', date: '2026-10-01', cnyPerUnit: '8.3', source: '演练' },
      { kind: 'parity', currency: 'ZZZ', date: '2026-10-01', cnyPerUnit: '8.2', source: '演练' },
    ];
    const answer = await fetch(`${practice()?.url}/v1/practice/rates`, { method: 'PUT', body: JSON.stringify(rates) });
    expect(await answer.json()).toEqual({ rates: 4 });
    expect(await call('sync.now', {})).toMatchObject({ rates: 2, connection: 'online' });
    expect(await call('sync.now', {})).toMatchObject({ rates: 0 });
    expect(rateAt(desk.book, 'parity', 'USD', '2026-10-01')).toEqual(kept);
    expect(rateAt(desk.book, 'customs', 'EUR', '2026-10-01')?.cnyPerUnit).toBe('8.3');
    expect(rateAt(desk.book, 'parity', 'ZZZ', '2026-10-01')).toBeUndefined();
  });
});

describe('practising', () => {
  it('is refused in a book that files in earnest', async () => {
    const { desk, call, practice } = await office();
    await call('sync.setEndpoint', { url: 'https://platform.example.cn', name: '省平台' });
    markEnrolled(desk.book, 'https://platform.example.cn', 'device', desk.clock.now());
    await expect(call('practice.start', {})).rejects.toThrow(
      expect.objectContaining({ code: 'PRACTICE_IN_REAL_BOOK', params: { name: '省平台' } }),
    );
    expect(practice()).toBeUndefined();
  });

  it('leaves nothing behind when its book is deleted', async () => {
    const home = path.join(folder, `home-${++serial}`);
    const core = coreAt(home);
    cleanUps.push(() => core.close());
    const { bookId } = await must(core, 'books.create', { profile: firm, passphrase: 'only for tests' });
    const data = path.join(home, 'practice', bookId);
    mkdirSync(data, { recursive: true });
    await must(core, 'books.delete', { bookId, confirmName: firm.name });
    expect(existsSync(data)).toBe(false);
  });

  it('and whatever else waits for a book is told when one opens', async () => {
    const core = coreAt(path.join(folder, `home-${++serial}`));
    cleanUps.push(() => core.close());
    let opened = 0;
    const takeBack = core.session.onOpened(() => (opened += core.session.isOpen ? 1 : 0));
    await must(core, 'books.create', { profile: firm, passphrase: 'only for tests' });
    expect(opened).toBe(1);
    takeBack();
  });
});

describe('the endpoint', () => {
  it('is https or this computer, and is kept while an answer is outstanding', async () => {
    const { desk, call } = await office();
    await expect(call('sync.setEndpoint', { url: 'http://platform.example.cn', name: '省平台' })).rejects.toThrow(
      refusal('ENDPOINT_URL_INSECURE'),
    );
    await expect(call('sync.setEndpoint', { url: 'not a url', name: 'x' })).rejects.toThrow(
      refusal('ENDPOINT_URL_INVALID'),
    );
    const status = await call('sync.setEndpoint', { url: 'http://127.0.0.1:9/', name: '本机' });
    expect(status).toMatchObject({
      connection: 'offline',
      endpoint: { url: 'http://127.0.0.1:9', name: '本机', enrolled: false },
    });
    const [guid] = desk.queue([1], ['CEB303Message']);
    forceState(desk.book, `UPDATE message SET state = 'unknown' WHERE guid = ?`, guid ?? '');
    await expect(call('sync.setEndpoint', { url: 'https://elsewhere.example.cn', name: 'x' })).rejects.toThrow(
      refusal('ENDPOINT_UNDECIDED'),
    );
    await expect(call('practice.start', {})).rejects.toThrow(refusal('ENDPOINT_UNDECIDED'));
  });
});

describe('pausing', () => {
  it('holds everything until it is taken back', async () => {
    const { desk, call } = await office();
    await call('practice.start', {});
    desk.queue([1], ['CEB303Message']);
    expect(await call('sync.pause', { paused: true })).toMatchObject({ paused: true });
    await expect(call('sync.now', {})).rejects.toThrow(refusal('SYNC_PAUSED'));
    expect((await call('outbox.list', {})).rows).toMatchObject([{ why: 'paused', state: 'queued' }]);
    expect(await call('sync.pause', { paused: false })).toMatchObject({ paused: false });
    expect(await call('sync.now', {})).toMatchObject({ sent: 1 });
  });
});

describe('the queue', () => {
  it('tells for every message where it is and why', async () => {
    const { desk, call } = await office();
    desk.queue([1], ['CEB603Message', 'CEB303Message']);
    const why = async () =>
      (await call('outbox.list', {})).rows.map((row) => [row.seq, row.kind, row.state, row.why, row.dependsOn]);
    expect(await why()).toEqual([
      [1, 'CEB603Message', 'queued', 'dependency', 2],
      [2, 'CEB303Message', 'queued', 'no-endpoint', undefined],
    ]);
    await call('practice.start', {});
    await call('sync.now', {});
    expect(await why()).toEqual([
      [1, 'CEB603Message', 'sent', 'done', undefined],
      [2, 'CEB303Message', 'sent', 'done', undefined],
    ]);
    const page = await call('outbox.list', { limit: 1 });
    expect(page).toMatchObject({ total: 2, rows: [{ seq: 1, documents: 1, attempts: 1 }] });
    expect((await call('outbox.list', { limit: 1, after: page.nextCursor })).rows).toMatchObject([{ seq: 2 }]);
  });

  it('is steered one by one and by filter, and tells all about one', async () => {
    const { desk, call } = await office();
    const orders = range(3).map((n) => desk.queue([n], ['CEB303Message'])[0] ?? '');
    const [list = ''] = desk.queue([2], ['CEB603Message']);
    const [first = '', second = ''] = orders;
    const row = async (guid: string) => (await call('outbox.list', {})).rows.find((one) => one.guid === guid);
    expect(await call('outbox.steer', { which: { guids: [first] }, how: 'hold' })).toEqual({ messages: 1 });
    expect(await call('outbox.steer', { which: { guids: [first] }, how: 'hold' })).toEqual({ messages: 0 });
    expect(await row(first)).toMatchObject({ why: 'held' });
    expect(await call('outbox.steer', { which: { guids: [list] }, how: 'urgent' })).toEqual({ messages: 1 });
    expect([await row(list), await row(second)]).toMatchObject([{ priority: 2 }, { priority: 2 }]);
    expect(await call('outbox.steer', { which: { filter: { state: 'queued' } }, how: 'normal' })).toEqual({
      messages: 2,
    });
    expect(await call('outbox.get', { guid: list })).toMatchObject({
      why: 'dependency',
      waitsFor: [{ kind: 'CEB303Message', state: 'queued', seq: 2 }],
      contents: [{ kind: 'CEB603Message' }],
      timeline: [{ event: 'queue' }],
      receiptCount: 0,
    });
    await expect(call('outbox.sendNow', { which: { guids: [first] } })).rejects.toThrow(refusal('SYNC_NO_ENDPOINT'));
    await call('practice.start', {});
    // What was held is let go by asking for it to be sent; the others stay.
    expect(await call('outbox.sendNow', { which: { guids: [first] } })).toMatchObject({ sent: 1, queued: 3 });
    const sent = await call('outbox.get', { guid: first });
    expect(sent).toMatchObject({ state: 'sent', endpoint: { id: 'practice' } });
    expect(sent.receiptCount).toBeGreaterThan(0);
    const receipt = await call('outbox.receipt', { id: sent.receipts[0]?.id ?? 0 });
    expect(receipt).toMatchObject({ isWhole: true });
    expect(receipt.text).toContain('CEB304Message');
    await expect(call('outbox.receipt', { id: 0 })).rejects.toThrow(refusal('RECEIPT_UNKNOWN'));
    expect((await call('sync.status', {})).lanes).toMatchObject([
      { id: 'practice', circuit: { state: 'closed' }, queued: 3 },
    ]);
    expect(await call('outbox.withdrawMany', { which: { filter: {} } })).toEqual({
      messages: 3,
      documents: 3,
      kept: 1,
    });
    expect(desk.states('message')).toEqual({ sent: 1, withdrawn: 3 });
    await call('outbox.setHours', { hours: { from: '09:00', to: '18:00' } });
    expect((await call('sync.status', {})).hours).toEqual({ from: '09:00', to: '18:00' });
    await call('outbox.setHours', {});
    expect((await call('sync.status', {})).hours).toBeUndefined();
  });

  it('gives back what has not left, and carries it by hand in the order of filing', async () => {
    const { desk, call } = await office();
    const [list, order] = desk.queue([1], ['CEB603Message', 'CEB303Message']);
    const [other] = desk.queue([2], ['CEB303Message']);
    expect(await call('outbox.withdraw', { guid: other ?? '' })).toEqual({ documents: 1 });
    expect(desk.states('document')).toEqual({ draft: 1, queued: 2 });
    await expect(call('outbox.withdraw', { guid: other ?? '' })).rejects.toThrow(refusal('MESSAGE_MAY_HAVE_LEFT'));
    const to = path.join(folder, 'carried');
    mkdirSync(to);
    expect(await call('outbox.export', { to })).toEqual({ files: 2, unfit: 0 });
    expect(readdirSync(to).sort()).toEqual([`0001-CEB303Message-${order}.xml`, `0002-CEB603Message-${list}.xml`]);
    expect(readFileSync(path.join(to, `0002-CEB603Message-${list}.xml`))).toEqual(
      Buffer.from(messageBytes(desk.book, list ?? '')),
    );
    // Somebody may have handed in the file.
    expect(desk.eventsOf(list ?? '')).toEqual(['queue', 'export']);
    expect(desk.states('message')).toEqual({ queued: 2, withdrawn: 1 });
    await expect(call('outbox.withdraw', { guid: list ?? '' })).rejects.toThrow(refusal('MESSAGE_MAY_HAVE_LEFT'));
    await call('practice.start', {});
    await call('sync.now', {});
    await expect(call('outbox.withdraw', { guid: order ?? '' })).rejects.toThrow(refusal('MESSAGE_MAY_HAVE_LEFT'));
    await expect(call('outbox.withdraw', { guid: 'none' })).rejects.toThrow(refusal('MESSAGE_UNKNOWN'));
  });
});
