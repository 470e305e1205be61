import { randomUUID } from 'node:crypto';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../platform/storage/open.ts';
import { PostgresStorage } from '../../platform/storage/postgres.ts';
import {
  type Arrived,
  type Decide,
  type Device,
  monthOf,
  type Storage,
  StorageUnavailable,
  type Turn,
} from '../../platform/storage/storage.ts';
import { usccCheckCharacter } from '../../shared/identity/identity.ts';
import type { ReceiptPage } from '../../shared/sync/protocol.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { guidOf } from '../faults/support/papers.ts';
import { engines, type Place } from '../fixtures/engines.ts';

/** What every engine of the platform's storage promises, and what each has beside it. */

const open = new Set<Storage>();
const NOW = Date.parse('2026-11-21T03:00:00.000Z');
const arrived = (ms = NOW): Arrived => ({ now: new Date(ms).toISOString(), ms, receiptId: randomUUID() });

async function opened(place: Place): Promise<Storage> {
  const storage = await openStorage(place.dataFolder, place.databaseUrl);
  open.add(storage);
  return storage;
}

afterEach(async () => {
  for (const storage of open) await storage.close();
  open.clear();
});

function firm(n: number) {
  const body = `91460000MA5TEST${String(n).padStart(2, '0')}`;
  return {
    uscc: body + (usccCheckCharacter(body) ?? ''),
    customsCode: `46019600${String(n).padStart(2, '0')}`,
    name: `测试企业 ${n}`,
    deviceId: `device-${n}-0001`,
    publicKey: `key ${n}`,
  };
}

async function enrolled(storage: Storage, n = 1): Promise<Device> {
  expect(await storage.enrol(firm(n), arrived().now)).toMatchObject({ kind: 'new' });
  const device = await storage.device(firm(n).deviceId);
  if (device === undefined) throw new Error('not enrolled');
  return device;
}

const message = (name: string, documents = 1, sha256 = 'a'.repeat(64)) => ({
  guid: guidOf(name),
  kind: 'CEB303Message',
  bytes: Buffer.from(name),
  sha256,
  documents: Array.from({ length: documents }, (_, i) => ({
    businessKey: `${name} ${i}`,
    orderNo: `${name} ${i}`,
    logisticsNo: '',
    appType: '1',
    body: JSON.stringify({ OrderHead: { orderNo: `${name} ${i}` }, OrderList: [] }),
    bodySha256: 'b'.repeat(64),
  })),
});

/** A page of receipts as a desk reads it. */
async function receiptsAfter(storage: Storage, enterpriseId: number, after: number, limit: number) {
  const page = await storage.receiptsAfter(enterpriseId, after, limit);
  if (page === undefined) return [];
  const { receipts, next } = JSON.parse(Buffer.from(page).toString()) as ReceiptPage;
  expect(next).toBe(receipts.at(-1)?.id);
  return receipts;
}

/** Accepts everything that is due, with one receipt a document. */
const acceptAll = async (turn: Turn) => ({
  documents: turn.documents.map((one) => ({ ...one, body: one.body, state: 'accepted' as const, nextStep: undefined })),
  receipts: turn.documents.map(({ enterpriseId, messageGuid, businessKey }) => ({
    ...{ enterpriseId, messageGuid, kind: 'CEB304Message', xml: businessKey },
  })),
  products: [],
  clocks: new Map(turn.documents.map(({ enterpriseId }) => [enterpriseId, { returnMs: NOW + 7, noticeS: 5 }])),
});

describe.each(engines())('storage on $engine', ({ engine, skipped, newPlace }) => {
  if (skipped !== undefined) {
    it.skip(`not run: ${skipped}`);
    return;
  }

  it('stores a GUID once, whoever sends it when, and hands its documents out', async () => {
    const storage = await opened(await newPlace());
    const [one, two] = [await enrolled(storage, 1), await enrolled(storage, 2)];
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => storage.putMessage(message('m', 3), one, '2', arrived())),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['known', 'known', 'known', 'known', 'known', 'stored']);
    const receipt = await storage.transportReceipt(guidOf('m'), one.enterprise.id);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ receipt });
    // For ever: also months later, when the tables are others.
    const later = arrived(NOW + 100 * 86_400_000);
    expect(await storage.putMessage(message('m', 3), one, '2', later)).toEqual({ kind: 'known', receipt });
    expect(await storage.putMessage(message('m', 3), two, '2', later)).toEqual({ kind: 'reused' });
    expect(await storage.putMessage(message('m', 3, 'b'.repeat(64)), one, '2', later)).toEqual({ kind: 'reused' });
    expect(await storage.resend(guidOf('m'), 'a'.repeat(64), one.enterprise.id)).toEqual({ kind: 'known', receipt });
    expect(await storage.resend(guidOf('never'), 'a'.repeat(64), one.enterprise.id)).toBeUndefined();
    expect(await storage.transportReceipt(guidOf('m'), two.enterprise.id)).toBeUndefined();
    expect(Buffer.from((await storage.content(guidOf('m'), one.enterprise.id)) ?? [])).toEqual(
      Buffer.from(message('m', 3).bytes),
    );
    expect(await storage.content(guidOf('m'), two.enterprise.id)).toBeUndefined();
    expect(await storage.statistics()).toMatchObject({ messages: 1, documents: 3, keys: 3, pending: 3, resends: 7 });

    await storage.work(NOW, async (turn) => {
      expect(turn.documents.map(({ businessKey, nextStep, body }) => [businessKey, nextStep, body])).toEqual(
        [0, 1, 2].map((i) => [`m ${i}`, '2', { OrderHead: { orderNo: `m ${i}` }, OrderList: [] }]),
      );
      expect(turn.enterprises.get(one.enterprise.id)).toEqual(one.enterprise);
      return acceptAll(turn);
    });
    expect(await storage.nextDueMs()).toBeUndefined();
    expect(await storage.work(NOW, acceptAll)).toEqual([]);
  });

  it('lists what an enterprise sent in the order it came, page by page, after any of them', async () => {
    const storage = await opened(await newPlace());
    const [one, two] = [await enrolled(storage, 1), await enrolled(storage, 2)];
    const { id } = one.enterprise;
    expect(await storage.messagesAfter(id, '', 10)).toEqual([]);
    // Months of a clock that goes forth and back, and somebody else's in between: the order is that of arrival.
    const days = [0, 40, 80, -40, 1];
    for (const [index, day] of days.entries()) {
      await storage.putMessage(message(`m${index}`), one, '2', arrived(NOW + day * 86_400_000));
      await storage.putMessage(message(`other ${index}`), two, '2', arrived());
    }
    await storage.putMessage(message('m1'), one, '2', arrived());
    const guids = days.map((_, index) => guidOf(`m${index}`));
    expect(await storage.messagesAfter(id, '', 10)).toEqual(guids);
    expect(await storage.messagesAfter(id, '', 2)).toEqual(guids.slice(0, 2));
    expect(await storage.messagesAfter(id, guids[1] ?? '', 2)).toEqual(guids.slice(2, 4));
    expect(await storage.messagesAfter(id, guids[4] ?? '', 2)).toEqual([]);
    expect(await storage.messagesAfter(id, guidOf('other 0'), 2)).toBeUndefined();
    expect(await storage.messagesAfter(id, guidOf('never'), 2)).toBeUndefined();
    expect(await storage.messagesAfter(two.enterprise.id, '', 10)).toHaveLength(days.length);
  });

  it('takes a turn whole or not at all', async () => {
    const storage = await opened(await newPlace());
    const device = await enrolled(storage);
    await storage.putMessage(message('m'), device, '2', arrived());
    await expect(
      storage.work(NOW, async (turn) => {
        await turn.next('preNo', '20261121');
        const result = await acceptAll(turn);
        const [receipt] = result.receipts;
        if (receipt === undefined) throw new Error('no receipt');
        // The second cannot be written: the first must not stay.
        return { ...result, receipts: [receipt, { ...receipt, xml: null as unknown as string }] };
      }),
    ).rejects.toThrow();
    expect(await storage.statistics()).toMatchObject({ pending: 1, accepted: 0, receipts: 0 });
    expect(await storage.work(NOW, acceptAll)).toEqual([device.enterprise.id]);
    expect(await storage.statistics()).toMatchObject({ pending: 0, accepted: 1, receipts: 1 });
  });

  it('lets customs decide on what arrives, at once or by the next turn', async () => {
    const storage = await opened(await newPlace());
    const [one, two] = [await enrolled(storage, 1), await enrolled(storage, 2)];
    const everSent: number[] = [];
    const decide = async (turn: Turn) => {
      const ids = [one.enterprise.id, two.enterprise.id];
      everSent.push(...(await turn.everSent(ids, 'CEB303Message')));
      await turn.next('preNo', '20261121');
      return acceptAll(turn);
    };
    const outcomes = await Promise.all([
      storage.putMessage(message('m', 3), one, '2', arrived(), decide),
      storage.putMessage(message('m', 3), one, '2', arrived(), decide),
      storage.putMessage(message('n', 2), two, '2', arrived(), decide),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['known', 'stored', 'stored']);
    const isDone = outcomes.every((outcome) => outcome.kind !== 'stored' || outcome.isDone);
    // An engine that decides does so for all; what it decided on is no work any more.
    expect(isDone).toBe(engine === 'SQLite');
    if (isDone) expect(await storage.nextDueMs()).toBeUndefined();
    while ((await storage.work(NOW, decide)).length > 0);
    // A message that is just arriving counts as sent.
    expect(new Set(everSent)).toEqual(new Set([one.enterprise.id, two.enterprise.id]));
    expect(await storage.statistics()).toMatchObject({
      documents: 5,
      accepted: 5,
      pending: 0,
      receipts: 5,
      resends: 1,
    });
    expect(await receiptsAfter(storage, one.enterprise.id, 0, 10)).toHaveLength(3);
    expect(await receiptsAfter(storage, two.enterprise.id, 0, 10)).toHaveLength(2);
  });

  it('stores what customs cannot decide on, for a later turn', async () => {
    const storage = await opened(await newPlace());
    const device = await enrolled(storage);
    const fails = async () => Promise.reject(new Error('a mistake of customs'));
    // The second receipt cannot be written: nothing of the decision may stay.
    const spoils = async (turn: Turn) => {
      const result = await acceptAll(turn);
      const [receipt] = result.receipts;
      if (receipt === undefined) throw new Error('no receipt');
      return { ...result, receipts: [receipt, { ...receipt, xml: null as unknown as string }] };
    };
    const outcomes = await Promise.all([
      storage.putMessage(message('m'), device, '2', arrived(), fails),
      storage.putMessage(message('n'), device, '2', arrived(), spoils),
    ]);
    expect(outcomes).toMatchObject([
      { kind: 'stored', isDone: false },
      { kind: 'stored', isDone: false },
    ]);
    expect(await storage.statistics()).toMatchObject({ documents: 2, pending: 2, accepted: 0, receipts: 0 });
    expect(await storage.work(NOW, acceptAll)).toEqual([device.enterprise.id]);
    expect(await storage.statistics()).toMatchObject({ pending: 0, accepted: 2, receipts: 2 });
  });

  it('keeps what is due later, what was told and what was numbered', async () => {
    const storage = await opened(await newPlace());
    const device = await enrolled(storage);
    const { id } = device.enterprise;
    await storage.putMessage(message('m'), device, '2', arrived());
    const numbers = new Set<number>();
    await storage.work(NOW, async (turn) => {
      for (let i = 0; i < 100; i += 1) numbers.add(await turn.next('sumNo', '6407 2026'));
      return {
        documents: turn.documents.map((one) => ({
          ...one,
          ...{ nextStep: 'decide', dueAtMs: NOW + 500, waitsSinceMs: NOW, preNo: 'B1', body: one.body },
        })),
        receipts: [],
        products: [],
        clocks: new Map([[id, { returnMs: NOW + 9, noticeS: 3 }]]),
      };
    });
    expect(numbers.size).toBe(100);
    expect(await storage.nextDueMs()).toBe(NOW + 500);
    expect(await storage.work(NOW, acceptAll)).toEqual([]);
    await storage.work(NOW + 500, async (turn) => {
      expect(turn.documents).toMatchObject([{ nextStep: 'decide', waitsSinceMs: NOW, preNo: 'B1', state: 'pending' }]);
      expect(turn.clocks.get(id)).toEqual({ returnMs: NOW + 9, noticeS: 3 });
      return {
        ...(await acceptAll(turn)),
        documents: turn.documents.map((one) => ({
          ...{ ...one, body: one.body, invtNo: 'N1', state: 'released' as const, nextStep: undefined },
        })),
      };
    });
    // Found by every thing it can be looked up by, beside the other of the same key, which is in the turn.
    await storage.putMessage({ ...message('m'), guid: guidOf('again') }, device, '2', arrived(NOW + 1000));
    await storage.work(NOW + 1000, async (turn) => {
      const lookup = { enterpriseId: id, kind: 'CEB303Message' };
      for (const [by, value, found] of [
        ['key', 'm 0', 1],
        ['order', 'm 0', 1],
        ['number', 'N1', 1],
        ['number', 'N2', 0],
        ['logistics', 'm 0', 0],
      ] as const)
        expect([by, (await turn.related([{ ...lookup, by, value }])).length]).toEqual([by, found]);
      const every = (['key', 'order'] as const).map((by) => ({ ...lookup, by, value: 'm 0' }));
      const related = await turn.related([...every, { ...lookup, by: 'number', value: 'N1' }]);
      expect(related).toHaveLength(1);
      expect(related[0]?.body).toEqual({ OrderHead: { orderNo: 'm 0' }, OrderList: [] });
      expect(related[0]).toMatchObject({
        state: 'released',
        preNo: 'B1',
        nextStep: undefined,
        messageGuid: guidOf('m'),
      });
      expect(await turn.everSent([id], 'CEB303Message')).toEqual(new Set([id]));
      expect(await turn.everSent([id], 'CEB505Message')).toEqual(new Set());
      return acceptAll(turn);
    });
  });

  it('makes due what only a clock that ran ahead has put off', async () => {
    const storage = await opened(await newPlace());
    const device = await enrolled(storage);
    await storage.putMessage(message('far'), device, '2', arrived(NOW + 24 * 3600_000));
    await storage.putMessage(message('near'), device, '2', arrived(NOW + 60_000));
    expect(await storage.work(NOW, acceptAll)).toEqual([]);
    await storage.bringForward(NOW);
    const done: string[] = [];
    const accept: Decide = (turn) => {
      done.push(...turn.documents.map(({ businessKey }) => businessKey));
      return acceptAll(turn);
    };
    await storage.work(NOW, accept);
    expect(done).toEqual(['far 0']);
    await storage.work(NOW + 60_000, accept);
    expect(done).toEqual(['far 0', 'near 0']);
  });

  it('keeps devices waiting until somebody decides, and takes one out for ever', async () => {
    const storage = await opened(await newPlace());
    const [one, two] = [firm(1), { ...firm(2), uscc: firm(1).uscc }];
    const at = arrived().now;
    expect(await storage.askEnrolment(two, at)).toEqual({ kind: 'asked' });
    expect(await storage.askEnrolment(one, at, 1)).toEqual({ kind: 'full' });
    expect(await storage.askEnrolment(one, at)).toEqual({ kind: 'asked' });
    expect(await storage.askEnrolment(one, at, 0)).toEqual({ kind: 'pending' });
    expect(await storage.askEnrolment({ ...one, publicKey: 'another' }, at)).toEqual({ kind: 'device-conflict' });
    expect(await storage.device(one.deviceId)).toBeUndefined();
    expect(await storage.pendingEnrolments()).toEqual([
      { ...one, askedAt: at },
      { ...two, askedAt: at },
    ]);
    expect(await storage.decideEnrolment('nobody', 'approve', at)).toBeUndefined();
    const made = await storage.decideEnrolment(one.deviceId, 'approve', at);
    expect(made).toMatchObject({ kind: 'new' });
    expect(await storage.decideEnrolment(one.deviceId, 'approve', at)).toBeUndefined();
    expect(await storage.askEnrolment(one, at)).toEqual({ ...made, kind: 'known' });
    expect(await storage.device(one.deviceId)).toMatchObject({ isRevoked: false, enterprise: { uscc: one.uscc } });
    // A pair of codes that does not belong together is of nobody, and waits until it is dropped.
    expect(await storage.decideEnrolment(two.deviceId, 'approve', at)).toEqual({ kind: 'enterprise-conflict' });
    expect(await storage.pendingEnrolments()).toHaveLength(1);
    expect(await storage.decideEnrolment(two.deviceId, 'reject', at)).toEqual({ kind: 'rejected' });
    expect(await storage.pendingEnrolments()).toEqual([]);
    expect(await storage.revokeDevice('nobody', at)).toBe(false);
    for (let time = 0; time < 2; time += 1) expect(await storage.revokeDevice(one.deviceId, at)).toBe(true);
    expect(await storage.device(one.deviceId)).toMatchObject({ isRevoked: true });
    expect(await storage.enrol(one, at)).toEqual({ kind: 'revoked' });
    expect(await storage.askEnrolment(one, at)).toEqual({ kind: 'revoked' });
  });

  it('gives out more than four digits of numbers in a day, and none twice', async () => {
    const storage = await opened(await newPlace());
    await storage.putMessage(message('m'), await enrolled(storage), '2', arrived());
    const numbers = new Set<number>();
    await storage.work(NOW, async (turn) => {
      for (let i = 0; i < 10_050; i += 1) numbers.add(await turn.next('declarationNo', '261121'));
      return acceptAll(turn);
    });
    expect(numbers.size).toBe(10_050);
  });

  it('hands out receipts by cursor, to whom they belong', async () => {
    const storage = await opened(await newPlace());
    const [one, two] = [await enrolled(storage, 1), await enrolled(storage, 2)];
    await storage.putMessage(message('m', 5), one, '2', arrived());
    await storage.putMessage(message('n', 1), two, '2', arrived());
    while ((await storage.work(NOW, acceptAll)).length > 0);
    const { id } = one.enterprise;
    const first = await receiptsAfter(storage, id, 0, 2);
    expect(first.map(({ xml }) => xml)).toEqual(['m 0', 'm 1']);
    const cursor = Number(first.at(-1)?.id);
    const rest = await receiptsAfter(storage, id, cursor, 100);
    expect(rest.map(({ xml }) => xml)).toEqual(['m 2', 'm 3', 'm 4']);
    const end = Number(rest.at(-1)?.id);
    expect(await receiptsAfter(storage, id, end, 100)).toEqual([]);
    const cursors = new Map([
      [id, end],
      [two.enterprise.id, 0],
    ]);
    expect(await storage.withReceipts(cursors)).toEqual([two.enterprise.id]);
    expect(await storage.enterpriseStatistics(id, monthOf(NOW).slice(0, 7))).toEqual([
      { kind: 'CEB303Message', documents: 5, pending: 0, accepted: 5, released: 0, rejected: 0, replaced: 0 },
    ]);
    expect(await storage.enterpriseStatistics(id, '2026-10')).toEqual([]);
    const named = { month: monthOf(NOW).slice(0, 7), kind: 'CEB303Message', limit: 3 };
    const page = await storage.enterpriseDocuments(id, { ...named, after: 0 });
    const after = page.at(-1)?.id ?? 0;
    const more = await storage.enterpriseDocuments(id, { ...named, after });
    expect([...page, ...more].map(({ state }) => state)).toEqual(Array(5).fill('accepted'));
    expect(new Set([...page, ...more].map(({ number }) => number)).size).toBe(5);
    expect(await storage.enterpriseDocuments(two.enterprise.id, { ...named, after: 0 })).toHaveLength(1);
  });

  it('enrols, keeps versions of products, rates and behaviour, and finds them again', async () => {
    const place = await newPlace();
    const before = await opened(place);
    const device = await enrolled(before);
    const { id } = device.enterprise;
    const { uscc, customsCode } = firm(2);
    expect(await before.enrol(firm(1), arrived().now)).toEqual({ kind: 'known', enterpriseId: id });
    expect(await before.enrol({ ...firm(1), uscc }, arrived().now)).toEqual({ kind: 'enterprise-conflict' });
    expect(await before.enrol({ ...firm(1), uscc, customsCode }, arrived().now)).toEqual({ kind: 'device-conflict' });
    expect(await before.enrol({ ...firm(1), publicKey: 'stolen' }, arrived().now)).toEqual({ kind: 'device-conflict' });
    const mug = (version: number, nameZh = '马克杯') => ({ itemNo: 'MUG', version, nameZh });
    expect(await before.putProduct(id, mug(2))).toMatchObject({ kind: 'stored' });
    expect(await before.putProduct(id, mug(2))).toMatchObject({ kind: 'known' });
    expect(await before.putProduct(id, mug(2, '杯'))).toEqual({ kind: 'conflict', version: 2 });
    expect(await before.putProduct(id, mug(1))).toEqual({ kind: 'conflict', version: 2 });
    expect(await before.putProduct(id, mug(3, '杯'))).toMatchObject({ kind: 'stored' });
    await before.putProduct(id, { itemNo: 'A', version: 1, nameZh: '茶' });
    const rate = { kind: 'parity', currency: 'USD', date: '2026-11-20', cnyPerUnit: '7.1', source: 'test' } as const;
    await before.addRates([rate, { ...rate, cnyPerUnit: '9' }]);
    await before.setBehaviour({ ...(await before.behaviour()), seed: 42 });
    const asked = { sessionID: 'S-1', orderNo: 'IM1', serviceTime: 1_700_000_000_000 };
    expect(await before.addDataRequests(firm(1).uscc, [asked, { ...asked, sessionID: 'S-2' }])).toBe(true);
    expect(await before.addDataRequests(firm(1).uscc, [{ ...asked, orderNo: 'IM9' }])).toBe(true);
    expect(await before.addDataRequests('nobody', [asked])).toBe(false);
    const told = (id: string, status = '开船') => ({
      ...{ id, number: 'B-1', status, at: '2026-11-21T00:00:00Z', place: '', text: '' },
    });
    expect(await before.addMilestones(firm(1).uscc, [told('m-1')])).toBe(true);
    expect(await before.addMilestones(firm(1).uscc, [told('m-2'), told('m-1', '别的')])).toBe(true);
    expect(await before.addMilestones('nobody', [told('m-3')])).toBe(false);
    expect(await before.answerDataRequest(id, 'S-1', '{"a":1}')).toBe(true);
    expect(await before.answerDataRequest(id, 'S-1', '{"a":2}')).toBe(false);
    expect(await before.answerDataRequest(id + 1, 'S-2', '{}')).toBe(false);
    await before.close();
    open.delete(before);

    const storage = await opened(place);
    expect(await storage.product(id, 'MUG')).toEqual(mug(3, '杯'));
    expect(await storage.product(id, 'MUG', 2)).toEqual(mug(2));
    expect(await storage.product(id, 'MUG', 1)).toBeUndefined();
    expect((await storage.productsAfter(id, '', 9)).map(({ itemNo, version }) => [itemNo, version])).toEqual([
      ['A', 1],
      ['MUG', 3],
    ]);
    expect(await storage.productsAfter(id, 'A', 9)).toHaveLength(1);
    const milestones = await storage.milestonesAfter(id, 0);
    expect(milestones.milestones).toEqual([told('m-1'), told('m-2')]);
    expect(await storage.milestonesAfter(id, Number(milestones.next))).toEqual({
      milestones: [],
      next: milestones.next,
    });
    expect((await storage.milestonesAfter(id + 1, 0)).milestones).toEqual([]);
    const requests = await storage.dataRequestsAfter(id, 0);
    expect(requests.requests).toEqual([asked, { ...asked, sessionID: 'S-2' }]);
    expect(await storage.dataRequestsAfter(id, Number(requests.next))).toEqual({ requests: [], next: requests.next });
    expect(await storage.dataRequest(id, 'S-1')).toEqual({ orderNo: 'IM1', answer: '{"a":1}' });
    expect(await storage.dataRequest(id, 'S-2')).toEqual({ orderNo: 'IM1', answer: undefined });
    expect(await storage.dataRequest(id, 'S-3')).toBeUndefined();
    const page = await storage.ratesAfter(0);
    expect(page.rates).toEqual([rate]);
    expect((await storage.ratesAfter(Number(page.next))).rates).toEqual([]);
    expect((await storage.behaviour()).seed).toBe(42);
    await storage.ping();
  });

  if (engine === 'PostgreSQL') {
    it('is made once by processes that start together, and shared by turns that meet no one', async () => {
      const place = await newPlace();
      const storages = await Promise.all(Array.from({ length: 4 }, () => opened(place)));
      const [a, b] = storages;
      if (a === undefined || b === undefined) throw new Error('not opened');
      const [one, two] = [await enrolled(a, 1), await enrolled(a, 2)];
      await a.putMessage(message('m', 2), one, '2', arrived());
      const seen: string[] = [];
      await a.work(NOW, async (turn) => {
        // While one process is at it, another finds the other enterprise's documents only.
        await a.putMessage(message('n', 1), two, '2', arrived());
        await a.putMessage(message('late', 1), one, '2', arrived());
        await b.work(NOW, async (others) => {
          seen.push(...others.documents.map(({ businessKey }) => businessKey));
          return acceptAll(others);
        });
        return acceptAll(turn);
      });
      expect(seen).toEqual(['n 0']);
      expect(await b.work(NOW, acceptAll)).toEqual([one.enterprise.id]);
      expect(await a.statistics()).toMatchObject({ documents: 4, accepted: 4, receipts: 4, pending: 0 });
    });

    it('takes the work from a process that froze in the middle of a turn', async () => {
      const { databaseUrl = '' } = await newPlace();
      const frozen = await PostgresStorage.open(databaseUrl, 1500);
      const awake = await PostgresStorage.open(databaseUrl);
      open.add(frozen).add(awake);
      const device = await enrolled(awake);
      await awake.putMessage(message('m'), device, '2', arrived());
      const thawed = frozen.work(NOW, async (turn) => {
        // Nothing is heard of it until somebody else has done its work.
        while ((await awake.work(NOW, acceptAll)).length === 0) await delay(20);
        return acceptAll(turn);
      });
      await expect(thawed).rejects.toThrow();
      expect(await awake.statistics()).toMatchObject({ accepted: 1, receipts: 1, pending: 0 });
      // It takes its part again as if nothing had been.
      await frozen.putMessage(message('n'), device, '2', arrived());
      expect(await frozen.work(NOW, acceptAll)).toEqual([device.enterprise.id]);
    });

    it('gives up a statement that takes too long, and says that it is away', async () => {
      const { databaseUrl = '' } = await newPlace();
      const [holder, waiting] = [
        await PostgresStorage.open(databaseUrl),
        await PostgresStorage.open(databaseUrl, 1500),
      ];
      open.add(holder).add(waiting);
      const device = await enrolled(holder);
      await holder.putMessage(message('m'), device, '2', arrived());
      await holder.work(NOW, async (turn) => {
        // Taking a device out waits for nobody's turn; storing a message of the enterprise does not either.
        expect((await waiting.putMessage(message('n'), device, '2', arrived())).kind).toBe('stored');
        return acceptAll(turn);
      });
      const client = new pg.Client(databaseUrl);
      await client.connect();
      try {
        await client.query('BEGIN');
        await client.query('LOCK TABLE device IN ACCESS EXCLUSIVE MODE');
        await expect(waiting.device(device.id)).rejects.toBeInstanceOf(StorageUnavailable);
        await client.query('ROLLBACK');
      } finally {
        await client.end();
      }
      expect(await waiting.device(device.id)).toMatchObject({ id: device.id });
    });

    it('hands out rates and questions of customs whole, however many processes bring them at once', async () => {
      const place = await newPlace();
      const storages = await Promise.all(Array.from({ length: 4 }, () => opened(place)));
      const [reader] = storages;
      if (reader === undefined) throw new Error('not opened');
      const device = await enrolled(reader);
      const days = Array.from({ length: 120 }, (_, i) => new Date(NOW + i * 86_400_000).toISOString().slice(0, 10));
      const rate = (date: string) => ({ kind: 'parity' as const, currency: 'USD', date, cnyPerUnit: '7', source: 't' });
      let isDone = false;
      const brought = Promise.all(
        days.flatMap((date, i) => {
          const storage = storages[i % storages.length] ?? reader;
          const asked = { sessionID: `S-${i}`, orderNo: 'A', serviceTime: 1 };
          return [storage.addRates([rate(date)]), storage.addDataRequests(device.enterprise.uscc, [asked])];
        }),
      ).finally(() => {
        isDone = true;
      });
      const seen = { rates: [] as string[], sessions: [] as string[] };
      for (let after = { rates: 0, sessions: 0 }, last = false; ; ) {
        const rates = await reader.ratesAfter(after.rates);
        const requests = await reader.dataRequestsAfter(device.enterprise.id, after.sessions);
        seen.rates.push(...rates.rates.map(({ date }) => date));
        seen.sessions.push(...requests.requests.map(({ sessionID }) => sessionID));
        after = { rates: Number(rates.next), sessions: Number(requests.next) };
        if (last) break;
        last = isDone;
      }
      await brought;
      expect(seen.rates.toSorted()).toEqual(days);
      expect(seen.sessions.toSorted()).toEqual(days.map((_, i) => `S-${i}`).toSorted());
    });
  }
});

describe('a SQLite file', () => {
  const folder = temporaryFolder('platform-file');

  it('from before there were numbered migrations is brought up and keeps its times', async () => {
    const storage = await opened({ dataFolder: folder });
    const device = await enrolled(storage);
    await storage.close();
    open.delete(storage);
    const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
    const db = new Database(path.join(folder, 'platform.sqlite'), nativeBinding === undefined ? {} : { nativeBinding });
    db.exec(
      'DROP TABLE clock; DROP TABLE product; DROP TABLE data_request; DROP TABLE enrolment; DROP TABLE milestone; DROP INDEX message_arrival',
    );
    db.exec('ALTER TABLE device DROP COLUMN revoked_at; PRAGMA user_version = 0');
    db.exec(`INSERT INTO counter (name, value) VALUES ('returnTime', 17), ('noticeTime', 5)`);
    db.close();
    const again = await opened({ dataFolder: folder });
    await again.putMessage(message('m'), device, '2', arrived());
    await again.work(NOW, async (turn) => {
      expect(turn.clocks.get(device.enterprise.id)).toEqual({ returnMs: 17, noticeS: 5 });
      return acceptAll(turn);
    });
  });
});

it.skipIf(process.platform === 'win32')('on SQLite is read by nobody else on the machine', async () => {
  const dataFolder = path.join(temporaryFolder('platform-private'), 'data');
  const storage = await opened({ dataFolder });
  await enrolled(storage);
  const modes = Object.fromEntries(
    readdirSync(dataFolder).map((name) => [name, statSync(path.join(dataFolder, name)).mode & 0o077]),
  );
  expect(modes).toMatchObject({ 'platform.sqlite': 0, 'platform.sqlite-wal': 0, 'platform.sqlite-shm': 0 });
  expect(statSync(dataFolder).mode & 0o077).toBe(0);
  // Those of before as well.
  await storage.close();
  open.delete(storage);
  const file = path.join(dataFolder, 'platform.sqlite');
  chmodSync(file, 0o644);
  await opened({ dataFolder });
  expect(statSync(file).mode & 0o077).toBe(0);
});

it('on SQLite belongs to one process at a time, which gives its numbers', async () => {
  const dataFolder = temporaryFolder('platform-lock');
  const first = await openStorage(dataFolder, undefined);
  await expect(openStorage(dataFolder, undefined)).rejects.toThrow(StorageUnavailable);
  await first.close();
  await opened({ dataFolder });
});
