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
