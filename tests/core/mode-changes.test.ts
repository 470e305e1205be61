import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Drafts taken to another supervision mode: shown first, done in one step with the order they belong to, undone in one. */
let folder = '';
let core: Core;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-mode-change-'));
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  if (shipment === undefined) throw new Error('the sample has no shipment');
  await must(core, 'shipments.draft', { id: shipment.id });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : answer.error.code;
}
const get = (id: number) => must(core, 'documents.get', { id });
const leave = (id: number): void =>
  forceState(core.session.book, `UPDATE document SET state = 'queued' WHERE id = ?`, id);
const lists = async () =>
  (await must(core, 'documents.list', { kind: 'CEB603Message', state: 'draft', limit: 200 })).rows;

describe('a list of another mode', () => {
  it('takes its order along, says what goes and what is to be entered, and goes back in one step', async () => {
    const [{ id } = { id: 0 }] = await lists();
    const before = await get(id);
    const shown = await must(core, 'modes.change', { id, to: '9710' });
    expect(shown).toMatchObject({ from: '9610', undo: null });
    expect(shown.targets.map(({ mode, isOtherForm }) => [mode, isOtherForm])).toEqual([
      ['9710', false],
      ['9810', false],
      ['1210', false],
      ['0110', true],
    ]);
    expect(shown.documents.map(({ kind }) => kind)).toEqual(['CEB603Message', 'CEB303Message']);
    const order = shown.documents[1]?.id ?? 0;
    expect(shown.rows).toEqual(
      expect.arrayContaining([
        { documentId: id, path: 'InventoryHead/tradeMode', kind: 'changed', from: '9610', to: '9710', reason: 'mode' },
        { documentId: order, path: 'OrderHead/orderType', kind: 'changed', from: 'E', to: 'B', reason: 'orderType' },
        expect.objectContaining({ path: 'InventoryHead/orderNo', kind: 'check', reason: 'cap', to: '5000' }),
      ]),
    );
    expect(shown.differences.map(({ aspect }) => aspect)).toContain('papers');
    // Looking changes nothing.
    expect((await get(id)).body).toEqual(before.body);

    expect(await must(core, 'modes.convert', { id, to: '9710' })).toEqual({ changed: 2 });
    const after = await get(id);
    expect(headOf(catalogue.CEB603Message, after.body)['tradeMode']).toBe('9710');
    expect(headOf(catalogue.CEB303Message, (await get(order)).body)['orderType']).toBe('B');
    expect(after.findings.map(({ rule }) => rule)).not.toContain('C-MODE');

    const { undo } = await must(core, 'modes.change', { id });
    expect(undo).toMatchObject({ from: '9610', to: '9710' });
    await must(core, 'modes.undo', { id: undo?.id ?? 0 });
    expect((await get(id)).body).toEqual(before.body);
    expect(headOf(catalogue.CEB303Message, (await get(order)).body)['orderType']).toBe('E');
    expect((await must(core, 'modes.change', { id })).undo).toBeNull();
    expect(await refused('modes.undo', { id: undo?.id ?? 0 })).toBe('MODE_CHANGE_UNKNOWN');
  });

  it('asks for what the zone demands, lets it go when it leaves it, and keeps what was entered since', async () => {
    const id = (await lists())[1]?.id ?? 0;
    const zone = await must(core, 'modes.change', { id, to: '1210' });
    const asked = zone.rows.filter(({ kind }) => kind === 'enter').map(({ path: at }) => at);
    expect(asked).toEqual(
      expect.arrayContaining(['InventoryHead/iacCode', 'InventoryHead/emsNo', 'InventoryList[1]/itemRecordNo']),
    );
    await must(core, 'modes.convert', { id, to: '1210' });
    expect((await get(id)).findings.map(({ path: at }) => at)).toEqual(expect.arrayContaining(['InventoryHead/emsNo']));
    await must(core, 'documents.edit', { id, changes: [{ path: 'InventoryHead/emsNo', value: 'T640726A0001' }] });
    const { undo } = await must(core, 'modes.change', { id });
    expect(await refused('modes.undo', { id: undo?.id ?? 0 })).toBe('MODE_CHANGE_EDITED');
    const back = await must(core, 'modes.change', { id, to: '9610' });
    expect(back.rows).toContainEqual(
      expect.objectContaining({ path: 'InventoryHead/emsNo', kind: 'lost', from: 'T640726A0001', reason: 'zoneOnly' }),
    );
    await must(core, 'modes.convert', { id, to: '9610' });
    expect(headOf(catalogue.CEB603Message, (await get(id)).body)['emsNo']).toBeUndefined();
  });

  it('leaves a sibling alone that is in the mode already, also one that has left', async () => {
    const id = (await lists())[3]?.id ?? 0;
    const { book } = core.session;
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO document (kind, business_key, version, guid, order_id, shipment_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
         SELECT kind, business_key || '-2', 1, guid || '-2', order_id, shipment_id, json_set(body, '$.InventoryHead.tradeMode', '9810'), amount_e5, currency,
           'draft', tables_version, created_at, updated_at FROM document WHERE id = ?`,
      )
      .run(id);
    const sibling = Number(lastInsertRowid);
    leave(sibling);
    expect(await refused('modes.change', { id, to: '9710' })).toBe('DOCUMENT_FROZEN');
    const shown = await must(core, 'modes.change', { id, to: '9810' });
    expect(shown.documents.map((one) => one.id)).not.toContain(sibling);
    expect(shown.rows.map(({ documentId }) => documentId)).not.toContain(sibling);
    const before = (await get(sibling)).body;
    expect(await must(core, 'modes.convert', { id, to: '9810' })).toEqual({ changed: shown.documents.length });
    expect((await get(sibling)).body).toEqual(before);
  });

  it('is never one that has left, nor whose order has, nor another form', async () => {
    const id = (await lists())[2]?.id ?? 0;
    expect(await refused('modes.convert', { id, to: '0110' })).toBe('MODE_OTHER_FORM');
    expect(await refused('modes.convert', { id, to: '9610' })).toBe('MODE_SAME');
    const order = (await must(core, 'modes.change', { id, to: '9810' })).documents[1]?.id ?? 0;
    expect(await refused('modes.convert', { id: order, to: '9710' })).toBe('MODE_NONE');
    leave(order);
    expect(await refused('modes.convert', { id, to: '9810' })).toBe('DOCUMENT_FROZEN');
    expect(headOf(catalogue.CEB603Message, (await get(id)).body)['tradeMode']).toBe('9610');
    leave(id);
    expect(await refused('modes.change', { id })).toBe('DOCUMENT_FROZEN');
  });
});

describe('a declaration of another mode', () => {
  it('gets the B2B paper to be named, and loses it under general trade', async () => {
    const { id } = await must(core, 'documents.create', { kind: 'DecMessage' });
    const shown = await must(core, 'modes.change', { id, to: '9710' });
    expect(shown.targets.filter(({ isOtherForm }) => !isOtherForm).map(({ mode }) => mode)).toEqual(['9710', '9810']);
    expect(shown.rows.map(({ path: at, kind }) => [at, kind])).toEqual([
      ['DecHead/TradeMode', 'changed'],
      ['EdocRealation[1]/EdocID', 'enter'],
    ]);
    await must(core, 'modes.convert', { id, to: '9710' });
    expect((await get(id)).body).toMatchObject({
      DecHead: { TradeMode: '9710' },
      EdocRealation: [{ EdocCode: '10000004', EdocFomatType: 'S' }],
    });
    await must(core, 'documents.edit', { id, changes: [{ path: 'EdocRealation[1]/EdocID', value: 'PO-1' }] });
    const back = await must(core, 'modes.change', { id, to: '0110' });
    expect(back.rows[1]).toMatchObject({ kind: 'lost', from: 'PO-1', reason: 'paperGone' });
    await must(core, 'modes.convert', { id, to: '0110' });
    const { undo } = await must(core, 'modes.change', { id });
    await must(core, 'modes.undo', { id: undo?.id ?? 0 });
    expect((await get(id)).body).toMatchObject({
      DecHead: { TradeMode: '9710' },
      EdocRealation: [{ EdocCode: '10000004', EdocFomatType: 'S', EdocID: 'PO-1' }],
    });
  });
});

describe('lists that become declarations', () => {
  const state = async (id: number) => (await get(id)).state;
  /** A list of 9610 that is a draft, and so are the other papers of its order. */
  const free = () =>
    (
      core.session.book
        .prepare(
          `SELECT max(d.id) AS id FROM document d WHERE d.kind = 'CEB603Message' AND d.state IN ('draft','checked')
             AND json_extract(d.body, '$.InventoryHead.tradeMode') = '9610'
             AND NOT EXISTS (SELECT 1 FROM document o WHERE o.order_id = d.order_id AND o.state NOT IN ('draft','checked','withdrawn'))`,
        )
        .get() as { id: number }
    ).id;
  const papersOf = (id: number) =>
    core.session.book
      .prepare(
        `SELECT d.id, d.kind, d.state FROM document d JOIN document l ON l.order_id = d.order_id WHERE l.id = ? AND d.state <> 'superseded' ORDER BY d.id`,
      )
      .all(id) as { id: number; kind: string; state: string }[];

  it('says field by field what changes, what has no place, what is to be entered, and takes no number by looking', async () => {
    const id = free();
    const { book } = core.session;
    const numbers = () => book.prepare(`SELECT group_concat(name || next) AS n FROM number_series`).get();
    const before = numbers();
    const shown = await must(core, 'modes.otherForm', { id, to: '9710' });
    expect(numbers()).toEqual(before);
    expect(shown).toMatchObject({ form: 'declaration', made: [{ kind: 'DecMessage', count: 1 }] });
    expect(shown.others).toBeGreaterThan(0);
    // The order stays for 9710 with another type; the waybill is not asked for any more.
    expect(shown.edited.first.map(({ kind }) => kind)).toEqual(['CEB303Message']);
    expect(shown.away.first.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['CEB505Message', 'CEB603Message']),
    );
    const row = (from: string, to: string) => shown.rows.find((one) => one.from === from && one.to === to);
    expect(row('InventoryHead/tradeMode', 'DecHead/TradeMode')).toMatchObject({
      ...{ kind: 'changed', reason: 'mode' },
      old: { shown: ['9610'], count: 1 },
      now: { shown: ['9710'], count: 1 },
    });
    expect(row('InventoryHead/country', 'DecHead/TradeCountry')).toMatchObject({ kind: 'changed', reason: 'code' });
    expect(row('InventoryHead/logisticsNo', '')).toMatchObject({ kind: 'lost', reason: 'listOnly' });
    expect(row('InventoryHead/ebpName', '')).toMatchObject({ kind: 'lost', reason: 'noPlace' });
    expect(shown.rows.filter(({ kind }) => kind === 'enter').map(({ to }) => to)).toContain('DecHead/EntyPortCode');
    // Every field of the list is carried or told: nothing goes silently.
    const { body } = await get(id);
    const filled = (group: object, name: string) =>
      Object.entries(group)
        .filter(([, value]) => typeof value === 'string' && value.trim() !== '')
        .map(([field]) => `${name}/${field}`);
    const { InventoryHead: head = {}, InventoryList: lines = [] } = body as {
      InventoryHead?: object;
      InventoryList?: object[];
    };
    const own = ['guid', 'appType', 'appTime', 'appStatus', 'copNo', 'ieFlag', 'gnum'];
    const said = new Set([...filled(head, 'InventoryHead'), ...lines.flatMap((line) => filled(line, 'InventoryList'))]);
    for (const one of own) for (const group of ['InventoryHead', 'InventoryList']) said.delete(`${group}/${one}`);
    expect(shown.rows.filter(({ from }) => from !== '').length + shown.carried).toBe(said.size);
    expect(await state(id)).not.toBe('withdrawn');
  });

  it('gives the papers of the order up, so that nothing is declared twice, and undoes it in one step', async () => {
    const id = free();
    const before = await get(id);
    const order = papersOf(id);
    const { documents, away } = await must(core, 'modes.reform', { id, to: '0110' });
    expect(away).toBe(order.length);
    const made = documents[0]?.id ?? 0;
    expect(documents).toEqual([expect.objectContaining({ kind: 'DecMessage' })]);
    expect((await get(made)).body).toMatchObject({ DecHead: { TradeMode: '0110' } });
    // Given up, all of them; the order is on the declaration and open to no other draft.
    expect(papersOf(id).map((one) => one.state)).toEqual(order.map(() => 'withdrawn'));
    const { book } = core.session;
    const orderState = () =>
      book.prepare('SELECT o.state FROM sales_order o JOIN document d ON d.order_id = o.id WHERE d.id = ?').get(id);
    expect(orderState()).toEqual({ state: 'drafted' });
    expect(await refused('modes.otherForm', { id, to: '0110' })).toBe('DOCUMENT_FROZEN');

    const { undo } = await must(core, 'modes.change', { id: made });
    expect(undo).toMatchObject({ from: '9610', to: '0110' });
    const back = await must(core, 'modes.undo', { id: undo?.id ?? 0 });
    expect(back.documents).toEqual([expect.objectContaining({ id, kind: 'CEB603Message' })]);
    expect((await get(id)).body).toEqual(before.body);
    expect((await get(id)).stale).toBe(false);
    expect(papersOf(id).every((one) => one.state === 'draft' || one.state === 'checked')).toBe(true);
    expect(await state(made)).toBe('withdrawn');
    expect(await refused('modes.undo', { id: undo?.id ?? 0 })).toBe('MODE_CHANGE_UNKNOWN');
  });

  it('is not undone once the declaration was edited or left; a discarded one leaves its orders free for new drafts', async () => {
    const id = free();
    const { documents } = await must(core, 'modes.reform', { id, to: '0110' });
    const made = documents[0]?.id ?? 0;
    await must(core, 'documents.edit', { id: made, changes: [{ path: 'DecHead/MarkNo', value: 'ABC' }] });
    const { undo } = await must(core, 'modes.change', { id: made });
    expect(await refused('modes.undo', { id: undo?.id ?? 0 })).toBe('MODE_CHANGE_EDITED');
    await must(core, 'documents.discard', { id: made });
    expect(await refused('modes.undo', { id: undo?.id ?? 0 })).toBe('DOCUMENT_FROZEN');
    // The same numbers on the same day: the next version of what was given up.
    const { shipmentId } = core.session.book
      .prepare('SELECT shipment_id AS shipmentId FROM document WHERE id = ?')
      .get(id) as { shipmentId: number };
    expect(await must(core, 'shipments.draft', { id: shipmentId })).toMatchObject({ orders: 1 });
    const again = papersOf(id).filter((one) => one.state !== 'withdrawn');
    expect(again.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['CEB303Message', 'CEB505Message', 'CEB603Message']),
    );
    const { businessKey } = await get(id);
    const versions = (await must(core, 'documents.list', { text: businessKey, limit: 10 })).rows;
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2]);
  });

  it('takes the draft lists of the shipment along where that is asked for, merged, weights proved', async () => {
    const { book } = core.session;
    const weights = (kind: string, field: string, also = '') =>
      book
        .prepare(
          `SELECT count(*) AS papers, round(sum(json_extract(body, '${field}')), 5) AS gross FROM document
           WHERE kind = ? AND state IN ('draft','checked') AND shipment_id IS NOT NULL ${also}`,
        )
        .get(kind) as { papers: number; gross: number };
    const id = free();
    const listed = () =>
      weights(
        'CEB603Message',
        '$.InventoryHead.grossWeight',
        `AND json_extract(body, '$.InventoryHead.tradeMode') = '9610'`,
      );
    const before = listed();
    expect(before.papers).toBeGreaterThan(1);
    const shown = await must(core, 'modes.otherForm', { id, to: '0110', whole: true });
    expect(shown.others).toBe(0);
    const done = await must(core, 'modes.reform', { id, to: '0110', whole: true });
    expect(listed().papers).toBe(0);
    const made = weights('DecMessage', '$.DecHead.GrossWet');
    expect(made.gross).toBe(before.gross);
    expect(made.papers).toBe(shown.made[0]?.count);
    const { undo } = await must(core, 'modes.change', { id: done.documents[0]?.id ?? 0 });
    await must(core, 'modes.undo', { id: undo?.id ?? 0 });
    expect(listed()).toEqual(before);
    expect(weights('DecMessage', '$.DecHead.GrossWet').papers).toBe(0);
  });

  it('comes back as lists of the orders, with what the declaration said otherwise told', async () => {
    const id = free();
    const { documents } = await must(core, 'modes.reform', { id, to: '0110' });
    const made = documents[0]?.id ?? 0;
    await must(core, 'documents.edit', { id: made, changes: [{ path: 'DecHead/MarkNo', value: 'ABC' }] });
    const shown = await must(core, 'modes.otherForm', { id: made, to: '9710' });
    expect(shown).toMatchObject({ form: 'list', away: { count: 1 }, left: { count: 0 } });
    expect(shown.made.map(({ kind, count }) => [kind, count])).toEqual(
      expect.arrayContaining([
        ['CEB303Message', 1],
        ['CEB505Message', 1],
        ['CEB603Message', 1],
      ]),
    );
    expect(shown.rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'lost', from: 'DecHead/MarkNo', reason: 'noPlace' }),
        expect.objectContaining({ kind: 'check', to: 'InventoryHead/orderNo', reason: 'cap', detail: '5000' }),
      ]),
    );
    const done = await must(core, 'modes.reform', { id: made, to: '9710' });
    const list = done.documents[0];
    expect(list?.kind).toBe('CEB603Message');
    expect(headOf(catalogue.CEB603Message, (await get(list?.id ?? 0)).body)['tradeMode']).toBe('9710');
    expect(await state(made)).toBe('withdrawn');
    const order = done.documents.find(({ kind }) => kind === 'CEB303Message');
    expect(headOf(catalogue.CEB303Message, (await get(order?.id ?? 0)).body)['orderType']).toBe('B');
    const { undo } = await must(core, 'modes.change', { id: list?.id ?? 0 });
    await must(core, 'modes.undo', { id: undo?.id ?? 0 });
    expect(['draft', 'checked']).toContain(await state(made));
    expect(await state(list?.id ?? 0)).toBe('withdrawn');
  });

  it('refuses a form that the mode does not know, a declaration of no order, and papers that have left', async () => {
    const loose = await must(core, 'documents.create', { kind: 'DecMessage' });
    expect(await refused('modes.otherForm', { id: loose.id, to: '9610' })).toBe('MODE_NO_ORDERS');
    expect(await refused('modes.otherForm', { id: loose.id, to: '0110' })).toBe('MODE_OTHER_FORM');
    const id = free();
    expect(await refused('modes.otherForm', { id, to: '1210' })).toBe('MODE_OTHER_FORM');
    const order = papersOf(id).find(({ kind, state: at }) => kind === 'CEB303Message' && at !== 'withdrawn');
    leave(order?.id ?? 0);
    // For 9710 the order would have to change; for general trade it is not asked for and stays, said.
    expect(await refused('modes.reform', { id, to: '9710' })).toBe('DOCUMENT_FROZEN');
    const shown = await must(core, 'modes.otherForm', { id, to: '0110' });
    expect(shown.left.first.map(({ kind }) => kind)).toEqual(['CEB303Message']);
    leave(id);
    expect(await refused('modes.otherForm', { id, to: '0110' })).toBe('DOCUMENT_FROZEN');
  });
});
