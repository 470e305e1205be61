import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { paperDetailsOf } from '../../electron/core/store/papers.ts';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { ceb603, ceb605, ceb701, ceb900, requestNames, writeMessage } from '../../shared/documents/index.ts';
import { headOf, linesOf } from '../../shared/documents/spec.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** The life of documents beyond their order, against the practice platform: the sample's lists are released, then withdrawn, returned and summed up. */
let folder = '';
let core: Core;
let platform: Platform;
let lists: OutputOf<'documents.list'>['rows'] = [];

const sync = (until: () => Promise<boolean>) => syncUntil(core, until);
const stateOf = async (id: number) => (await must(core, 'documents.get', { id })).state;
const balanceOf = async (): Promise<boolean> =>
  (await must(core, 'reports.trialBalance', { from: '2026-09', to: '2026-12' })).balanced;
const refusal = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'taken',
    (error: Error) => error.message,
  );

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-life-'));
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
  // Full lists, with ten digits and to be summed up; the sample's firm files simplified ones.
  await must(core, 'books.updateProfile', { simplified: false });
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  const body = shipment?.body;
  if (body === undefined) throw new Error('the sample has no shipment');
  const { id } = await must(core, 'shipments.save', { ...(shipment === undefined ? {} : { id: shipment.id }), body });
  await must(core, 'shipments.draft', { id });
  await must(core, 'documents.check', {});
  await must(core, 'documents.queue', {});
  const released = () => must(core, 'documents.list', { kind: 'CEB603Message', state: 'closed', limit: 200 });
  await sync(async () => (await must(core, 'sync.status', {})).awaitingReceipt === 0 && (await released()).total > 3);
  lists = (await released()).rows;
});
afterAll(async () => {
  await core.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a document by hand', () => {
  it('begins with what the firm and the table know, for every message', async () => {
    for (const kind of requestNames) {
      const { id, body, state, businessKey } = await must(core, 'documents.create', { kind });
      expect(state).toBe('draft');
      if (kind.startsWith('CEB')) expect(JSON.stringify(body)).toContain('"guid"');
      expect(businessKey).not.toBe('');
      const { may } = await must(core, 'documents.life', { id });
      expect(may).toMatchObject({ discard: true, change: false, withdraw: false, return: false });
      await must(core, 'documents.discard', { id });
      expect(await stateOf(id)).toBe('withdrawn');
    }
  });

  it('is counted in the currency that was typed into it', async () => {
    const { id } = await must(core, 'documents.create', { kind: 'DecMessage' });
    const { revision } = await must(core, 'entry.open', { id });
    const typed = { GName: '鲜荔枝', GQty: '1000', DeclPrice: '2.35', TradeCurr: 'EUR' };
    await must(core, 'entry.save', {
      id,
      base: revision,
      operations: Object.entries(typed).map(([name, value]) => ({ op: 'set', path: `DecList[1]/${name}`, value })),
    });
    expect(await must(core, 'documents.get', { id })).toMatchObject({ amount: '2350', currency: 'EUR' });
    await must(core, 'documents.discard', { id });
  });

  it('of an order is not given up by itself', async () => {
    const [list] = lists;
    expect(await refusal(must(core, 'documents.discard', { id: list?.id ?? 0 }))).toContain('DOCUMENT_FROZEN');
  });
});

describe('an accepted document', () => {
  const accepted = async (kind: 'CEB303Message' | 'CEB505Message') =>
    (await must(core, 'documents.list', { kind, state: 'accepted', limit: 200 })).rows[5];

  it('is changed under its number; the one before gives way when customs has taken the change', async () => {
    const order = await accepted('CEB303Message');
    if (order === undefined) throw new Error('no order');
    const next = await must(core, 'documents.amend', { id: order.id, as: 'change' });
    expect(next).toMatchObject({ kind: 'CEB303Message', businessKey: order.businessKey, version: 2 });
    expect(next.body).toMatchObject({ OrderHead: { appType: '2' } });
    expect(await stateOf(order.id)).toBe('accepted');
    expect(await refusal(must(core, 'documents.amend', { id: order.id, as: 'delete' }))).toContain(
      'DOCUMENT_LIFE_UNDERWAY',
    );
    await must(core, 'documents.edit', { id: next.id, changes: [{ path: 'OrderHead/note', value: '更正备注' }] });
    await must(core, 'documents.queue', { kind: 'CEB303Message' });
    await sync(async () => (await stateOf(next.id)) === 'accepted');
    expect(await stateOf(order.id)).toBe('superseded');
  });

  it('is deleted: nothing of it stands afterwards', async () => {
    const waybill = await accepted('CEB505Message');
    if (waybill === undefined) throw new Error('no waybill');
    // What was typed for its papers goes along: it is of the trade, not of one version.
    const details = { invoiceCurrency: 'USD', invoiceAmount: '120.5', packingPackages: '3' };
    await must(core, 'papers.saveDetails', { subject: { documentId: waybill.id }, details });
    const deletion = await must(core, 'documents.amend', { id: waybill.id, as: 'delete' });
    expect(paperDetailsOf(core.session.book, { kind: 'document', id: deletion.id })).toMatchObject(details);
    expect(deletion.body).toMatchObject({ appType: '3' });
    await must(core, 'documents.queue', { kind: 'CEB505Message' });
    await sync(async () => (await stateOf(waybill.id)) === 'withdrawn');
    expect(await stateOf(deletion.id)).toBe('withdrawn');
  });
});

describe('a released list', () => {
  it('is withdrawn when customs agrees, with its sale and its goods, and may then be filed anew', async () => {
    const list = lists[0];
    if (list === undefined) throw new Error('no list');
    const before = (await must(core, 'exportLines.list', { limit: 500 })).total;
    const made = await must(core, 'documents.withdraw', { id: list.id, reason: '买家取消，货物未出境' });
    const filed = await must(core, 'documents.get', { id: list.id });
    expect(made).toMatchObject({ kind: 'CEB605Message', state: 'checked', rejectFindings: 0 });
    expect(headOf(ceb605, made.body)).toMatchObject({
      appType: '1',
      invtNo: filed.platformNo,
      reason: '买家取消，货物未出境',
      customsCode: headOf(ceb603, filed.body)['customsCode'],
    });
    expect(await refusal(must(core, 'documents.withdraw', { id: list.id, reason: 'x' }))).toContain(
      'DOCUMENT_LIFE_UNDERWAY',
    );
    expect(await stateOf(list.id)).toBe('closed');
    await must(core, 'documents.queue', { kind: 'CEB605Message' });
    await sync(async () => (await stateOf(list.id)) === 'withdrawn');
    expect((await must(core, 'exportLines.list', { limit: 500 })).total).toBeLessThan(before);
    expect(await balanceOf()).toBe(true);
    const { by } = await must(core, 'documents.life', { id: list.id });
    expect(by).toMatchObject([{ id: made.id, purpose: 'withdraw' }]);

    // One that was filed as a change is a first filing again, without the number of the list that is out of force.
    core.session.book.prepare(`DROP TRIGGER document_frozen`).run();
    core.session.book
      .prepare(
        `UPDATE document SET body = json_set(body, '$.InventoryHead.appType', '2', '$.InventoryHead.invtNo', ?) WHERE id = ?`,
      )
      .run(filed.platformNo, list.id);
    const next = await must(core, 'documents.revise', { id: list.id });
    expect(headOf(ceb603, next.body)['appType']).toBe('1');
    expect(headOf(ceb603, next.body)['invtNo']).toBeUndefined();
    expect(next).toMatchObject({ kind: 'CEB603Message', businessKey: list.businessKey, version: 2 });
    await must(core, 'documents.check', {});
    await must(core, 'documents.queue', { kind: 'CEB603Message' });
    await sync(async () => (await stateOf(next.id)) === 'closed');
    expect((await must(core, 'exportLines.list', { limit: 500 })).total).toBe(before);
    expect(await balanceOf()).toBe(true);
  });

  it('lets goods come back once, and no more than went', async () => {
    const list = lists[1];
    if (list === undefined) throw new Error('no list');
    const { returnable } = await must(core, 'documents.life', { id: list.id });
    const line = returnable[0];
    if (line === undefined) throw new Error('no line');
    const back = (qty: string, gnum = line.gnum) =>
      must(core, 'documents.returnGoods', { id: list.id, reason: '买家退货', lines: [{ gnum, qty }] });
    expect(await refusal(back('1', '99'))).toContain('RETURN_LINE_UNKNOWN');
    expect(await refusal(back('0'))).toContain('RETURN_TOO_MUCH');
    expect(await refusal(back(`${line.left}9`))).toContain('RETURN_TOO_MUCH');
    const made = await back(line.left);
    expect(made).toMatchObject({ kind: 'CEB213Message' });
    const body = made.body as { InvtRefundHead: Record<string, string>; InvtRefundList: Record<string, string>[] };
    expect(body.InvtRefundHead).toMatchObject({ tradeMode: '9661', ieFlag: 'I', reason: '买家退货' });
    const original = linesOf(ceb603, (await must(core, 'documents.get', { id: list.id })).body)[0];
    expect(body.InvtRefundList).toMatchObject([{ gnum: line.gnum, qty: line.left, qty1: original?.['qty1'] }]);
    expect(await refusal(back('1'))).toContain('RETURN_TOO_MUCH');
    // An application that is being changed counts once, as it will be.
    const { book } = core.session;
    forceState(book, `UPDATE document SET state = 'accepted' WHERE id = ?`, made.id);
    const change = await must(core, 'documents.amend', { id: made.id, as: 'change' });
    expect((await must(core, 'documents.life', { id: list.id })).returnable[0]?.left).toBe('0');
    await must(core, 'documents.discard', { id: change.id });
    forceState(book, `UPDATE document SET state = 'draft' WHERE id = ?`, made.id);
    await must(core, 'documents.discard', { id: made.id });
    expect((await must(core, 'documents.life', { id: list.id })).returnable[0]?.left).toBe(line.left);
  });
});

describe('lists of a month', () => {
  it('are summed up by application, and the result names the declaration of each', async () => {
    const detail = await must(core, 'documents.get', { id: lists[1]?.id ?? 0 });
    const month = detail.receipts.at(-1)?.statusTime.replace(/^(\d{4})(\d{2}).*/, '$1-$2') ?? '';
    const full = await must(core, 'summaries.plan', { month });
    const all = full.groups.reduce((sum, group) => sum + group.lists, 0);
    expect(all).toBe(lists.length);
    expect(full).toMatchObject({ statisticsOnly: 0, applied: 0 });
    expect(full.dueOn).toMatch(/^\d{4}-\d{2}-1\d$/);
    const { documents } = await must(core, 'summaries.draft', { month });
    expect(documents.reduce((sum, one) => sum + one.lists, 0)).toBe(all);
    const [made] = documents;
    const application = await must(core, 'documents.get', { id: made?.id ?? 0 });
    expect(application).toMatchObject({ kind: 'CEB701Message', state: 'checked', rejectFindings: 0 });
    expect(headOf(ceb701, application.body)).toMatchObject({ summaryFlag: '2', msgCount: '1' });
    expect(await must(core, 'summaries.plan', { month })).toMatchObject({ groups: [], applied: all });
    expect(await refusal(must(core, 'summaries.draft', { month }))).toContain('SUMMARY_NOTHING');

    await must(core, 'documents.queue', { kind: 'CEB701Message' });
    const life = () => must(core, 'documents.life', { id: application.id });
    await sync(async () => (await life()).results.length > 0);
    const { results } = await life();
    expect(results[0]?.number).toBe((await must(core, 'documents.get', { id: application.id })).platformNo);
    const entryId = results[0]?.fields.find(({ name }) => name === 'entryId')?.value;
    expect(entryId).toMatch(/^\d{18}$/);
    expect(results[0]?.lists.every(({ listId }) => listId !== undefined)).toBe(true);
    // The list knows its declaration too.
    const named = await must(core, 'documents.life', { id: results[0]?.lists[0]?.listId ?? 0 });
    expect(named.results[0]?.fields).toContainEqual({ name: 'entryId', value: entryId });
  });

  it('answer by a format check that sends everything of a message back', async () => {
    const { book } = core.session;
    const message = book.prepare(`SELECT guid FROM message ORDER BY seq DESC LIMIT 1`).get() as { guid: string };
    const xml = writeMessage(ceb900, {
      guid: 'A1B2C3D4-0000-4000-8000-0000000000F9',
      documents: [
        {
          guid: 'A1B2C3D4-0000-4000-8000-0000000000FA',
          returnStatus: '-1',
          returnInfo: '[Code:0002;Desc:schema]',
          returnTime: '20991231235959999',
          oriCopMsgId: message.guid,
          oriMessageType: 'CEB605Message',
          oriBizMessage: '<x/>',
        },
      ],
    });
    const endpoint = (book.prepare('SELECT id FROM endpoint LIMIT 1').get() as { id: string }).id;
    storeReceipts(book, endpoint, [{ id: 'r900', messageGuid: message.guid, xml }], 'x', '2026-11-21T00:00:00.000Z');
    await must(core, 'receiptNotes.save', { code: '0002', note: '少了总包号' });
    await must(core, 'sync.now', {});
    const parked = book.prepare(`SELECT state, problem FROM receipt WHERE platform_id = 'r900'`).get();
    expect(parked).toEqual({ state: 'applied', problem: null });
  });
});

describe('a message without an answer', () => {
  it('is named when it waits longer than its kind usually does', async () => {
    const { book } = core.session;
    const date = new Date().toISOString().slice(0, 10);
    const silent = async () =>
      (await must(core, 'today.get', { date })).attention.filter(({ code }) => code === 'silent');
    expect(await silent()).toEqual([]);
    const message = book
      .prepare(`SELECT guid FROM message WHERE kind = 'CEB303Message' ORDER BY seq LIMIT 1`)
      .get() as {
      guid: string;
    };
    const sentAt = (hours: number): void => {
      const at = new Date(Date.now() - hours * 3_600_000).toISOString();
      book.prepare('UPDATE message SET sent_at = ? WHERE guid = ?').run(at, message.guid);
    };
    forceState(
      book,
      `UPDATE document SET state = 'sent' WHERE id = (SELECT document_id FROM message_document WHERE message_guid = ? LIMIT 1)`,
      message.guid,
    );
    // The document points at the message it was last sent with.
    book
      .prepare(
        `UPDATE document SET message_guid = ? WHERE id = (SELECT document_id FROM message_document WHERE message_guid = ? LIMIT 1)`,
      )
      .run(message.guid, message.guid);
    sentAt(1);
    expect(await silent()).toEqual([]);
    sentAt(3);
    expect(await silent()).toMatchObject([
      { params: { kind: 'CEB303Message', messages: 1, hours: 2 }, target: 'outbox' },
    ]);
  });
});
