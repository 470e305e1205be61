import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { forceState } from '../fixtures/force-state.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-transit-'));
let core: Core;
let lists: number[];
let declaration: number;

beforeAll(async () => {
  core = coreAt(path.join(folder, 'home'), { now: () => '2026-11-24T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const file = (name: string): string => path.join(folder, name);
  const orders = [1, 2, 3].map((n) => orderLine({ 0: `A${n}` }));
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(file('orders.csv'), [orderHead, ...orders]) });
  await writeClassification(core, file('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: file('products.csv') });
  await writeWaybills(core, file('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: file('waybills.csv') });
  const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' } });
  await must(core, 'shipments.draft', { id });
  lists = (await must(core, 'documents.list', { kind: 'CEB603Message' })).rows.map((row) => row.id);
  declaration = (await must(core, 'documents.create', { kind: 'DecMessage' })).id;
  // The first list is on its way.
  forceState(core.session.book, `UPDATE document SET state = 'sent' WHERE id = ?`, lists[0] ?? 0);
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused(input: InputOf<'transit.apply'>): Promise<string | undefined> {
  const answer = await core.call('transit.apply', input);
  return answer.ok ? undefined : answer.error.code;
}

describe('transit for many drafts at once', () => {
  const values = {
    ...{ exitOffice: '6003', vehicle: '粤Z·A001港', transitKind: '1E', inlandVehicle: '粤B12345', seal: 'HZ-0001' },
  };

  it('is shown before it is applied, with what is frozen named', async () => {
    const ids = [...lists, declaration];
    const seen = await must(core, 'transit.preview', { ids, values });
    expect(seen).toMatchObject({ ready: 3, frozen: 1, same: 0, other: 0 });
    expect(seen.rows.find(({ id }) => id === lists[0])).toMatchObject({ outcome: 'frozen', changes: [] });
    expect(seen.rows.find(({ id }) => id === lists[1])).toMatchObject({
      outcome: 'ready',
      changes: [
        { field: 'exitOffice', from: '6407', to: '6003' },
        { field: 'vehicle', from: 'HU491', to: '粤Z·A001港' },
      ],
      // A list has no transit document, and the declaration no container yet.
      without: ['transitKind', 'inlandVehicle', 'seal'],
    });
    expect(seen.rows.find(({ id }) => id === declaration)?.without).toEqual(['seal']);
  });

  it('is applied in one transaction to the drafts alone, and once', async () => {
    await must(core, 'documents.edit', {
      id: declaration,
      changes: [{ path: 'TrnContainer[1]/ContaNo', value: 'COSU1234567' }],
    });
    const ids = [...lists, declaration];
    expect(await must(core, 'transit.apply', { ids, values })).toMatchObject({ ready: 3, frozen: 1 });
    expect((await must(core, 'documents.get', { id: lists[1] ?? 0 })).body).toMatchObject({
      InventoryHead: { portCode: '6003', trafName: '粤Z·A001港', customsCode: '6407' },
    });
    expect((await must(core, 'documents.get', { id: lists[0] ?? 0 })).body).toMatchObject({
      InventoryHead: { portCode: '6407', trafName: 'HU491' },
    });
    const { body, findings } = await must(core, 'documents.get', { id: declaration });
    expect(body).toMatchObject({
      DecHead: { IEPort: '6003' },
      TrnHead: { TransFlag: '1E', NativeShipName: '粤B12345' },
      TrnContainer: [{ ContaNo: 'COSU1234567', SealNo: 'HZ-0001' }],
    });
    expect(findings.filter(({ path: at }) => at.includes('TransFlag'))).toEqual([]);
    expect(await refused({ ids, values })).toBe('TRANSIT_NOTHING');
    expect(await refused({ ids, values: { seal: ' ' } })).toBe('TRANSIT_EMPTY');
  });

  it('leaves what a checker has approved alone, and changes the others', async () => {
    const { book } = core.session;
    const ids = [lists[1] ?? 0, lists[2] ?? 0];
    book.prepare(`INSERT INTO clerk (id, name, created_at) VALUES (1, '林复核', 'n')`).run();
    book.prepare('INSERT INTO review_approval (document_id, clerk_id, at) VALUES (?, 1, ?)').run(ids[0], 'n');
    const seen = await must(core, 'transit.apply', { ids, values: { voyage: 'X7' } });
    expect(seen).toMatchObject({ ready: 1, frozen: 1 });
    expect((await must(core, 'documents.get', { id: ids[0] ?? 0 })).body).not.toMatchObject({
      InventoryHead: { voyageNo: 'X7' },
    });
    expect((await must(core, 'documents.get', { id: ids[1] ?? 0 })).body).toMatchObject({
      InventoryHead: { voyageNo: 'X7' },
    });
  });

  it('takes more documents of one order than it shows, in batches, and checks the order once a batch', async () => {
    const { book } = core.session;
    const [first] = lists.slice(1);
    const copy = book.prepare(
      `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       SELECT kind, @no, @no, order_id, json_set(body, '$.InventoryHead.copNo', @no), amount_e5, currency, 'draft', tables_version, created_at, updated_at FROM document WHERE id = @id`,
    );
    const many = Array.from({ length: 601 }, (_, at) =>
      Number(copy.run({ no: `M-${at}`, id: first ?? 0 }).lastInsertRowid),
    );
    const seen = await must(core, 'transit.preview', { ids: many, values: { voyage: 'Y9' } });
    expect(seen).toMatchObject({ ready: 601, frozen: 0 });
    expect(seen.rows).toHaveLength(500);
    expect(await must(core, 'transit.apply', { ids: many, values: { voyage: 'Y9' } })).toMatchObject({ ready: 601 });
    expect(await must(core, 'transit.preview', { ids: many, values: { voyage: 'Y9' } })).toMatchObject({ same: 601 });
  });

  it('changes nothing at all where one of them is unknown', async () => {
    const before = (await must(core, 'documents.get', { id: lists[2] ?? 0 })).body;
    expect(await refused({ ids: [lists[2] ?? 0, 999_999], values: { voyage: 'X1' } })).toBe('DOCUMENT_UNKNOWN');
    expect((await must(core, 'documents.get', { id: lists[2] ?? 0 })).body).toEqual(before);
  });
});
