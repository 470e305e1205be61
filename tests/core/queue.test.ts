import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseSide } from '../../electron/core/outbox/conflicts.ts';
import type { Transport } from '../../electron/core/outbox/transport.ts';
import { conflictsOfMessage, listConflicts } from '../../electron/core/store/conflicts.ts';
import { currentEndpoint, retireEndpoint, selectEndpoint } from '../../electron/core/store/endpoints.ts';
import {
  enqueueMessage,
  getMessage,
  markChecked,
  markExported,
  withdrawMessage,
} from '../../electron/core/store/messages.ts';
import {
  blockersOf,
  listMessages,
  prioritise,
  queuedMessage,
  selectedMessages,
} from '../../electron/core/store/queue.ts';
import { putRate } from '../../electron/core/store/rates.ts';
import { receiptsOfMessage, storeReceipts } from '../../electron/core/store/receipts.ts';
import type { RequestName } from '../../shared/documents/catalogue.ts';
import type { Values } from '../../shared/documents/spec.ts';
import type { Outcome, ReceiptPage } from '../../shared/sync/protocol.ts';
import { TestClock, TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { copNoOf, enterprise, guidOf, message, orderNoOf } from '../faults/support/papers.ts';

const folder = temporaryFolder('queue');
const refusal = (code: string) => expect.objectContaining({ code });
let serial = 0;
const desks: TestDesk[] = [];

/** What the platform of an endpoint does with each message; it stores all by default. */
interface Script {
  sent: string[];
  send: (guid: string) => Outcome<never> | undefined;
  isUp: boolean;
  /** Receipts that lie there, each handed out once. */
  receipts: ReceiptPage['receipts'];
}

/** A desk whose platforms are words: by endpoint id. */
async function wordDesk(...ids: string[]): Promise<{ desk: TestDesk; at: (id: string) => Script; clock: TestClock }> {
  const clock = new TestClock();
  const scripts = new Map<string, Script>();
  const at = (id: string): Script => {
    const script = scripts.get(id) ?? { sent: [], send: () => undefined, isUp: true, receipts: [] };
    scripts.set(id, script);
    return script;
  };
  const offline = {
    kind: 'retryable',
    evidence: 'offline',
    delivered: 'no',
    code: 'ECONNREFUSED',
    retryAfterMs: 0,
  } as const;
  const transport = (id: string): Transport => {
    const answer = <T>(value: T): Promise<Outcome<T>> =>
      Promise.resolve(at(id).isUp ? { kind: 'accepted', value } : offline);
    return {
      health: () =>
        answer({
          name: id,
          protocol: 'portbook/1' as const,
          time: clock.now(),
          capabilities: { kinds: [], maxBytes: 1_000_000, maxDocuments: 100 },
        }),
      enrol: () => answer({ deviceId: 'd', enterpriseId: 'e' }),
      send: (guid) => {
        const other = at(id).send(guid);
        if (other !== undefined || !at(id).isUp) return Promise.resolve(other ?? offline);
        at(id).sent.push(guid);
        return answer({ guid, sha256: '', status: 'stored' as const, receivedAt: clock.now(), receiptId: guid });
      },
      enquire: () => answer({ found: false as const }),
      receipts: (after) => {
        const receipts = at(id).receipts.splice(0);
        return answer({ receipts, next: receipts.at(-1)?.id ?? after });
      },
      rates: (after) => answer({ rates: [], next: after }),
    };
  };
  const desk = await TestDesk.create(path.join(folder, `desk-${++serial}`), clock, {
    settleMs: 0,
    transport: ({ id }) => transport(id),
  });
  desks.push(desk);
  for (const id of ids.reverse()) selectEndpoint(desk.book, { id, url: `https://${id}.example.cn`, name: id });
  return { desk, at, clock };
}

afterAll(async () => {
  for (const desk of desks) await desk.close();
});

const pageOf = (desk: TestDesk, filter: Parameters<typeof listMessages>[1]) =>
  listMessages(desk.book, filter, { after: undefined, limit: 100 }, desk.clock.now());

describe('steering', () => {
  it('sends what is urgent first, with what it waits for, and leaves alone what is held', async () => {
    const { desk, at } = await wordDesk('one');
    const guids = [1, 2, 3, 4].map((n) => desk.queue([n], ['CEB303Message'])[0] ?? '');
    const [list = ''] = desk.queue([3], ['CEB603Message']);
    const [first = '', second = '', third = '', fourth = ''] = guids;
    desk.book.prepare('UPDATE message SET held_at = ? WHERE guid = ?').run(desk.clock.now(), second);
    prioritise(desk.book, [list], 2);
    prioritise(desk.book, [first], -1);
    expect(pageOf(desk, {}).rows.map(({ priority }) => priority)).toEqual([-1, 0, 2, 0, 2]);
    // One at a time, so that the order shows.
    at('one').send = () => undefined;
    await desk.engine.drain({ forced: false });
    expect(at('one').sent.indexOf(third)).toBe(0);
    expect(at('one').sent.slice(1)).toEqual(expect.arrayContaining([first, fourth]));
    expect(desk.states('message')).toEqual({ sent: 3, queued: 2 });
    expect(pageOf(desk, { waiting: 'held' }).rows.map(({ guid }) => guid)).toEqual([second]);
    expect(pageOf(desk, { waiting: 'dependency' })).toMatchObject({ total: 1, rows: [{ guid: list }] });
  });

  it('sends only what was asked for, at once', async () => {
    const { desk, at } = await wordDesk('one');
    const guids = [1, 2, 3].map((n) => desk.queue([n], ['CEB303Message'])[0] ?? '');
    desk.book.prepare(`UPDATE message SET next_attempt_at = '2099-01-01T00:00:00.000Z'`).run();
    await desk.engine.drain({ forced: true, only: [guids[1] ?? ''] });
    expect(at('one').sent).toEqual([guids[1]]);
    expect(pageOf(desk, { waiting: 'backoff' }).total).toBe(2);
  });

  it('finds by number, GUID and document, and names what a filter selects', async () => {
    const { desk } = await wordDesk('one');
    const [a = '', b = ''] = [1, 2].map((n) => desk.queue([n], ['CEB303Message'])[0]);
    const now = desk.clock.now();
    expect(pageOf(desk, { text: '2' }).rows.map(({ guid }) => guid)).toContain(b);
    expect(pageOf(desk, { text: a.slice(0, 13).toLowerCase() }).rows.map(({ guid }) => guid)).toEqual([a]);
    expect(pageOf(desk, { text: orderNoOf(2) }).rows.map(({ guid }) => guid)).toEqual([b]);
    expect(pageOf(desk, { kind: 'CEB603Message' })).toMatchObject({ total: 0, rows: [] });
    expect(selectedMessages(desk.book, { filter: { state: 'queued' } }, now)).toEqual([a, b]);
    expect(selectedMessages(desk.book, { guids: [b, 'none'] }, now)).toEqual([b]);
  });

  it('waits for the hours of sending, but for what is urgent', async () => {
    const { desk, at } = await wordDesk('one');
    const [calm = '', urgent = ''] = [1, 2].map((n) => desk.queue([n], ['CEB303Message'])[0]);
    prioritise(desk.book, [urgent], 2);
    // A minute that begins in twelve hours.
    const later = new Date(desk.clock.nowMs() + 20 * 3_600_000).toISOString().slice(11, 14);
    desk.book.setSetting('sync.hours', JSON.stringify({ from: `${later}00`, to: `${later}01` }));
    await desk.engine.drain({ forced: false });
    expect(at('one').sent).toEqual([urgent]);
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).toEqual([urgent, calm]);
  });
});

describe('lanes', () => {
  it('take each message to its own endpoint; one that is down holds up nobody else', async () => {
    const { desk, at, clock } = await wordDesk('one', 'two');
    const { book } = desk;
    expect(currentEndpoint(book)?.id).toBe('one');
    const [bound = ''] = desk.queue([1], ['CEB303Message']);
    const [free = ''] = desk.queue([2], ['CEB303Message']);
    book.prepare(`UPDATE message SET endpoint = 'two' WHERE guid = ?`).run(bound);
    at('two').isUp = false;
    await desk.engine.drain({ forced: true });
    expect([at('one').sent, at('two').sent]).toEqual([[free], []]);
    const [one, two] = desk.engine.status().lanes;
    expect(one).toMatchObject({ id: 'one', isCurrent: true, connection: 'online', circuit: { state: 'closed' } });
    expect(two).toMatchObject({
      id: 'two',
      connection: 'offline',
      queued: 1,
      circuit: { state: 'open', failures: 1, code: 'ECONNREFUSED' },
    });
    // The circuit stays open for the timer, also for an engine that begins anew on the same book, and opens to a click.
    at('two').isUp = true;
    await desk.engine.drain({ forced: false });
    expect(at('two').sent).toEqual([]);
    clock.forward(11_000);
    await desk.engine.drain({ forced: false });
    expect(at('two').sent).toEqual([bound]);
    expect(desk.engine.status().lanes.map(({ circuit }) => circuit.state)).toEqual(['closed', 'closed']);
  });

  it('of a platform that was taken out of use and is gone are no failure once nothing waits for it', async () => {
    const { desk, at } = await wordDesk('one', 'two');
    const [sent = ''] = desk.queue([1], ['CEB303Message']);
    desk.book.prepare(`UPDATE message SET endpoint = 'two' WHERE guid = ?`).run(sent);
    await desk.engine.drain({ forced: true });
    expect(at('two').sent).toEqual([sent]);
    retireEndpoint(desk.book, 'two', desk.clock.now());
    at('two').isUp = false;
    await desk.engine.drain({ forced: true });
    const two = () => desk.engine.status().lanes.find(({ id }) => id === 'two');
    expect(two()).toMatchObject({ isRetired: true, queued: 0, circuit: { state: 'open' } });
    const [late = ''] = desk.queue([2], ['CEB303Message']);
    desk.book.prepare(`UPDATE message SET endpoint = 'two' WHERE guid = ?`).run(late);
    expect(two()).toMatchObject({ isRetired: false, queued: 1 });
  });

  it('are asked for receipts for as long as the book knows them, in use or not', async () => {
    const { desk, at } = await wordDesk('one', 'two');
    const [guid = ''] = desk.queue([1], ['CEB603Message']);
    desk.book.prepare(`UPDATE message SET endpoint = 'two' WHERE guid = ?`).run(guid);
    await desk.engine.drain({ forced: true });
    expect(at('two').sent).toEqual([guid]);
    const said = (status: string, returnTime: string) => {
      const node = {
        guid: guidOf(`return ${returnTime}`),
        customsCode: '6407',
        ebpCode: '无',
        ebcCode: enterprise.uscc,
        agentCode: enterprise.uscc,
        copNo: copNoOf(1),
        invtNo: 'I10',
        returnStatus: status,
        returnTime,
        returnInfo: 'x',
      };
      const xml = new TextDecoder().decode(message('CEB604Message', guidOf(`604 ${returnTime}`), [node]));
      at('two').receipts = [{ id: returnTime, messageGuid: guid, kind: 'CEB604Message', xml }];
    };
    const state = () => desk.states('document');
    for (const [status, time, expected] of [
      ['100', '20261121100000001', 'rejected'],
      ['120', '20261121100000002', 'accepted'],
      ['800', '20261121100000003', 'released'],
      ['899', '20261121100000004', 'closed'],
    ] as const) {
      said(status, time);
      await desk.engine.drain({ forced: false });
      expect(state()).toEqual({ [expected]: 1 });
    }
  });

  it('let one message through while a circuit is tried', async () => {
    const { desk, at } = await wordDesk('one');
    const guids = [1, 2, 3, 4, 5, 6].map((n) => desk.queue([n], ['CEB303Message'])[0] ?? '');
    const tried: string[] = [];
    const timeout = {
      kind: 'retryable',
      evidence: 'silent',
      delivered: 'maybe',
      code: 'TIMEOUT',
      retryAfterMs: 0,
    } as const;
    at('one').send = (guid) => {
      tried.push(guid);
      return timeout;
    };
    await desk.engine.drain({ forced: true });
    expect(desk.engine.status().lanes[0]?.circuit).toMatchObject({ state: 'open', code: 'TIMEOUT' });
    const before = tried.length;
    desk.clock.forward(1);
    at('one').isUp = true;
    // Enquiries find nothing there; they are answers, so a silent exchange has to come first to try it at its word.
    desk.book.prepare(`UPDATE message SET next_attempt_at = '2099-01-01T00:00:00.000Z' WHERE state = 'unknown'`).run();
    desk.clock.forward(60_000);
    await desk.engine.drain({ forced: false });
    expect(tried.length - before).toBe(1);
    expect(desk.engine.status().lanes[0]?.circuit).toMatchObject({ state: 'open' });
    expect(guids.length).toBe(6);
  });

  it('never goes to a platform in earnest while the book practises', async () => {
    const { desk, at } = await wordDesk('one');
    desk.queue([1], ['CEB303Message']);
    desk.book.prepare(`UPDATE message SET endpoint = 'one'`).run();
    selectEndpoint(desk.book, { id: 'practice', url: 'http://127.0.0.1:9', name: '演练' });
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).toEqual([]);
    expect(desk.engine.status().lanes.map(({ id }) => id)).toEqual(['practice']);
  });
});

/** The message of one paper, queued as it is; only what ties papers together is in it. */
function paperOf(desk: TestDesk, kind: RequestName, businessKey: string, body: Record<string, unknown>): string {
  const { book } = desk;
  const now = desk.clock.now();
  const guid = guidOf(`import ${kind} ${businessKey}`);
  book.transaction(() => {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
         VALUES (?, ?, ?, ?, 0, 'CNY', 'draft', 'test', ?, ?)`,
      )
      .run(kind, businessKey, guidOf(businessKey), JSON.stringify(body), now, now);
    const id = Number(lastInsertRowid);
    markChecked(book, [id], now);
    enqueueMessage(book, { guid, kind, bytes: Buffer.from(guid), documentIds: [id], signatureKind: 'none', now });
  });
  return guid;
}

describe('the papers of retail import', () => {
  it('leave before their list, however their messages fare', async () => {
    const { desk, at } = await wordDesk('one');
    const named = { orderNo: 'SO-1', ebpCode: '4601960123' };
    const carried = { logisticsNo: 'SF-1', logisticsCode: '4601980001' };
    const list = paperOf(desk, 'CEB621Message', 'LIST-1', { InventoryHead: { ...named, ...carried } });
    const other = paperOf(desk, 'CEB621Message', 'LIST-2', {
      InventoryHead: { ...named, orderNo: 'SO-2', ...carried, logisticsNo: 'SF-2' },
    });
    const order = paperOf(desk, 'CEB311Message', 'SO-1', { OrderHead: named });
    const payment = paperOf(desk, 'CEB411Message', 'PAY-1', { PaymentHead: { ...named, payTransactionId: 'PAY-1' } });
    const waybill = paperOf(desk, 'CEB511Message', 'SF-1', { LogisticsHead: carried });
    // The same number at another marketplace is another order.
    const foreign = paperOf(desk, 'CEB411Message', 'PAY-9', { PaymentHead: { ...named, ebpCode: '4601960999' } });
    // Put off by itself, while the others go on.
    const later = {
      kind: 'retryable',
      evidence: 'silent',
      delivered: 'no',
      code: 'LATER',
      retryAfterMs: 7000,
    } as const;
    at('one').send = (guid) => (guid === payment ? later : undefined);
    await desk.engine.drain({ forced: true });
    desk.clock.forward(3_600_000);
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).not.toContain(list);
    expect(at('one').sent).toContain(other);
    at('one').send = () => undefined;
    await desk.engine.drain({ forced: true });
    expect([...at('one').sent].sort()).toEqual([other, order, payment, waybill, foreign].sort());
    const seqOf = (guid: string) => getMessage(desk.book, guid)?.seq ?? 0;
    expect(queuedMessage(desk.book, list)).toMatchObject({ isBlocked: true, waitsFor: seqOf(order) });
    expect(blockersOf(desk.book, list, 9).map(({ businessKey }) => businessKey)).toEqual(['SO-1', 'PAY-1', 'SF-1']);
    prioritise(desk.book, [list], 2);
    const accept = (key: string) =>
      desk.book.prepare(`UPDATE document SET state = 'accepted' WHERE business_key = ?`).run(key);
    for (const key of ['SO-1', 'SF-1']) accept(key);
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).not.toContain(list);
    accept('PAY-1');
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).toContain(list);
  });
});

describe('a summary application', () => {
  it('leaves after the lists that it names, however their messages fare', async () => {
    const { desk, at } = await wordDesk('one');
    const invtNo = '64072026E00000000001';
    const lists = desk.queue([1], ['CEB603Message']);
    desk.book.prepare(`UPDATE document SET platform_no = ? WHERE kind = 'CEB603Message'`).run(invtNo);
    const body = { SummaryApplyHead: { copNo: 'SUM-1' }, SummaryApplyList: [{ invtNo }] };
    const summary = paperOf(desk, 'CEB701Message', 'SUM-1', body);
    // The list is put off by itself, while the others go on.
    const later = {
      kind: 'retryable',
      evidence: 'silent',
      delivered: 'no',
      code: 'LATER',
      retryAfterMs: 7000,
    } as const;
    at('one').send = (guid) => (lists.includes(guid) ? later : undefined);
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).not.toContain(summary);
    const seqOf = (guid: string) => getMessage(desk.book, guid)?.seq ?? 0;
    expect(queuedMessage(desk.book, summary)).toMatchObject({ isBlocked: true, waitsFor: seqOf(lists[0] ?? '') });
    expect(blockersOf(desk.book, summary, 9).map(({ businessKey }) => businessKey)).toEqual([copNoOf(1)]);
    prioritise(desk.book, [summary], 2);
    expect(getMessage(desk.book, lists[0] ?? '')?.priority).toBe(2);
    at('one').send = () => undefined;
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).not.toContain(summary);
    desk.book.prepare(`UPDATE document SET state = 'accepted' WHERE kind = 'CEB603Message'`).run();
    await desk.engine.drain({ forced: true });
    expect(at('one').sent).toContain(summary);
  });
});

describe('what the platform holds differently', () => {
  let desk: TestDesk;
  let receiptId = 0;

  beforeAll(async () => {
    ({ desk } = await wordDesk('one'));
  });

  /** A receipt about the list of order n, as it comes from the platform. */
  function hear(
    guid: string,
    n: number,
    status: string,
    more: Values = {},
    time = `20261121100000${String(++receiptId).padStart(3, '0')}`,
    salt = '',
  ): Promise<unknown> {
    const node = {
      guid: guidOf(`return ${n} ${status} ${time}`),
      customsCode: '6407',
      ebpCode: '无',
      ebcCode: enterprise.uscc,
      agentCode: enterprise.uscc,
      copNo: copNoOf(n),
      returnStatus: status,
      returnTime: time,
      returnInfo: '[Code:1800;Desc:x]',
      ...more,
    };
    const xml = new TextDecoder().decode(message('CEB604Message', guidOf(`604 ${n} ${status} ${time}`), [node]));
    storeReceipts(desk.book, 'one', [{ id: `r${time}${salt}`, messageGuid: guid, xml }], '', desk.clock.now());
    return desk.engine.drain({ forced: true });
  }

  const list = (n: number) =>
    desk.book
      .prepare(`SELECT id, state, platform_no AS no, status_code AS status FROM document WHERE business_key = ?`)
      .get(copNoOf(n)) as { id: number; state: string; no: string | null; status: string | null };
  const open = () => listConflicts(desk.book, false, { after: undefined, limit: 10 }).rows;
  const choose = (choice: 'ours' | 'theirs') =>
    chooseSide(desk.book, { id: open()[0]?.id ?? 0, choice, reason: '已电话核实' }, desk.clock.now());

  it('as to a number is kept beside ours until a person chooses', async () => {
    const [guid = ''] = desk.queue([1], ['CEB603Message']);
    await desk.engine.drain({ forced: true });
    await hear(guid, 1, '2', { preNo: 'P00000001' });
    await hear(guid, 1, '120', { preNo: 'P00000001', invtNo: 'I00000001' });
    expect(list(1)).toMatchObject({ state: 'accepted', no: 'I00000001' });
    expect(open()).toEqual([]);
    await hear(guid, 1, '800', { invtNo: 'I00000002' });
    expect(list(1)).toMatchObject({ state: 'released', no: 'I00000001' });
    expect(open()).toMatchObject([{ kind: 'number', ours: 'I00000001', theirs: 'I00000002', agreed: 'I00000001' }]);
    // The platform repeats itself: one conflict.
    await hear(guid, 1, '899', { invtNo: 'I00000002' });
    expect(open()).toHaveLength(1);
    choose('theirs');
    expect(list(1)).toMatchObject({ no: 'I00000002' });
    expect(open()).toEqual([]);
    await hear(guid, 1, '899', { invtNo: 'I00000002' });
    expect(open()).toEqual([]);
    const events = desk.eventsOf(String(list(1).id));
    expect(events.filter((event) => event === 'conflict')).toHaveLength(1);
    expect(events.at(-1)).toBe('choose-theirs');
    expect(receiptsOfMessage(desk.book, guid, 10)).toMatchObject({ total: 5 });
    expect(desk.book.verifyAudit()).toMatchObject({ intact: true });
  });

  it('as to any other value that a receipt brings back, each chosen by itself', async () => {
    const [guid = ''] = desk.queue([6], ['CEB603Message']);
    await desk.engine.drain({ forced: true });
    await hear(guid, 6, '2', { preNo: 'P60' });
    await hear(guid, 6, '120', { preNo: 'P60', invtNo: 'I60', orderNo: orderNoOf(6), statisticsFlag: 'A' });
    expect(open()).toEqual([]);
    // A number beside the best one, and a value that was sent: both are another than the book has.
    await hear(guid, 6, '300', { preNo: 'P61', invtNo: 'I60', statisticsFlag: 'B' });
    const found = open();
    expect(found).toMatchObject([
      { kind: 'field', field: 'preNo', receiptKind: 'CEB604Message', ours: 'P60', theirs: 'P61', agreed: 'P60' },
      { kind: 'field', field: 'statisticsFlag', ours: 'A', theirs: 'B' },
    ]);
    expect(found[1]?.agreed).toBeUndefined();
    expect(list(6)).toMatchObject({ state: 'accepted', no: 'I60', status: '300' });
    choose('theirs');
    choose('ours');
    expect(open()).toEqual([]);
    await hear(guid, 6, '399', { preNo: 'P61', invtNo: 'I60', statisticsFlag: 'B' });
    expect(open()).toEqual([]);
    // What was taken from the platform is what both know from now on.
    await hear(guid, 6, '800', { preNo: 'P60', invtNo: 'I60', statisticsFlag: 'A' });
    expect(open()).toMatchObject([{ kind: 'field', field: 'preNo', ours: 'P61', theirs: 'P60', agreed: 'P61' }]);
    choose('ours');
    expect(desk.book.verifyAudit()).toMatchObject({ intact: true });
    // The lesser number alone, and another than it was, is no better known than beside the best one.
    await hear(guid, 6, '800', { preNo: 'P62' });
    expect(open()).toMatchObject([{ kind: 'field', field: 'preNo', ours: 'P61', theirs: 'P62', agreed: 'P61' }]);
    choose('ours');
  });

  it('as to a list that was taken back and handed in all the same', async () => {
    const [guid = ''] = desk.queue([2], ['CEB603Message']);
    desk.book.transaction(() => withdrawMessage(desk.book, guid, desk.clock.now()));
    const frozen = desk.book.prepare('SELECT body FROM document WHERE id = ?').get(list(2).id) as { body: string };
    await hear(guid, 2, '800', { invtNo: 'I20' });
    expect(list(2)).toMatchObject({ state: 'draft', status: null });
    expect(open()).toMatchObject([{ kind: 'state', ours: 'draft', theirs: 'released', status: '800' }]);
    // Meanwhile somebody changed the draft: what is adopted is what was sent.
    desk.book
      .prepare(`UPDATE document SET body = json_set(body, '$.InventoryHead.packNo', '9') WHERE id = ?`)
      .run(list(2).id);
    choose('theirs');
    expect(list(2)).toMatchObject({ state: 'released', status: '800' });
    const restored = desk.book.prepare('SELECT body FROM document WHERE id = ?').get(list(2).id) as { body: string };
    expect(JSON.parse(restored.body)).toEqual(JSON.parse(frozen.body));
    expect(desk.states('message', `guid = '${guid}'`)).toEqual({ sent: 1 });
    expect(desk.states('sales_order', `order_no = '${orderNoOf(2)}'`)).toEqual({ released: 1 });
    expect(conflictsOfMessage(desk.book, guid)).toMatchObject([{ choice: 'theirs', reason: '已电话核实' }]);
  });

  it('as to a release that customs takes back', async () => {
    const [guid = ''] = desk.queue([3], ['CEB603Message']);
    await desk.engine.drain({ forced: true });
    await hear(guid, 3, '800', { invtNo: 'I30' });
    await hear(guid, 3, '100', { invtNo: 'I30' });
    expect(list(3)).toMatchObject({ state: 'released', status: '800' });
    expect(open()).toMatchObject([{ kind: 'state', ours: 'released', theirs: 'rejected', agreed: 'released' }]);
    choose('ours');
    expect(list(3)).toMatchObject({ state: 'released', status: '800' });
    expect(open()).toEqual([]);
    await hear(guid, 3, '100', { invtNo: 'I30' });
    expect(open()).toEqual([]);
    expect(() => chooseSide(desk.book, { id: 99, choice: 'ours', reason: 'x' }, desk.clock.now())).toThrow(
      refusal('CONFLICT_UNKNOWN'),
    );
  });

  it('as to a release that a person lets customs take back: what was said before stays over', async () => {
    putRate(
      desk.book,
      { kind: 'parity', currency: 'GBP', date: '2026-01-01', cnyPerUnit: '9', source: 'test' },
      desk.clock.now(),
    );
    const sales = () => (desk.book.prepare(`SELECT count(*) AS n FROM export_line`).get() as { n: number }).n;
    const [guid = ''] = desk.queue([5], ['CEB603Message']);
    await desk.engine.drain({ forced: true });
    await hear(guid, 5, '800', { invtNo: 'I50' }, '20261121110000001');
    const once = sales();
    expect(once).toBeGreaterThan(0);
    await hear(guid, 5, '100', { invtNo: 'I50' }, '20261121110000005');
    choose('theirs');
    expect(list(5)).toMatchObject({ state: 'rejected', status: '100' });
    const takenBack = sales();
    // The platform repeats the release under another number of its own, and says late that it had closed the list before.
    await hear(guid, 5, '800', { invtNo: 'I50' }, '20261121110000001', 'again');
    await hear(guid, 5, '899', { invtNo: 'I50' }, '20261121110000003');
    expect(list(5)).toMatchObject({ state: 'rejected', status: '100' });
    expect(sales()).toBe(takenBack);
    expect(open()).toEqual([]);
    // What it says afterwards counts as ever, and the old release does not come back by it.
    await hear(guid, 5, '120', { invtNo: 'I50' }, '20261121110000009');
    await hear(guid, 5, '800', { invtNo: 'I50' }, '20261121110000001', 'once more');
    expect(list(5)).toMatchObject({ state: 'accepted', status: '120' });
    await hear(guid, 5, '800', { invtNo: 'I50' }, '20261121110000012');
    expect(list(5)).toMatchObject({ state: 'released', status: '800' });
  });

  it('is not decided any more once the document has moved on', async () => {
    const [guid = ''] = desk.queue([4], ['CEB603Message']);
    desk.book.transaction(() => withdrawMessage(desk.book, guid, desk.clock.now()));
    await hear(guid, 4, '120', { invtNo: 'I40' });
    desk.book.prepare(`UPDATE document SET state = 'withdrawn' WHERE id = ?`).run(list(4).id);
    expect(() => choose('theirs')).toThrow(refusal('CONFLICT_MOVED'));
    expect(open()).toHaveLength(1);
    choose('ours');
    expect(markExported(desk.book, guid, desk.clock.now())).toBe(false);
  });
});
