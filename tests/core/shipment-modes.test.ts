import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { ceb303, ceb603 } from '../../shared/documents/index.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Lists drafted from a shipment in the mode that it says, and what may travel with it. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-shipment-modes-'));
let core: Core;
let shipmentId = 0;

beforeAll(async () => {
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  if (shipment === undefined) throw new Error('the sample has no shipment');
  ({ id: shipmentId } = await must(core, 'shipments.save', {
    id: shipment.id,
    body: { ...shipment.body, listMode: '9710' },
  }));
  await must(core, 'shipments.draft', { id: shipmentId });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const documentsOf = async (kind: 'CEB303Message' | 'CEB603Message') =>
  (await must(core, 'documents.list', { kind, shipmentId, limit: 200 })).rows.filter(({ state }) => state === 'draft');

describe('a shipment of B2B exports', () => {
  it('drafts lists of 9710 with orders of their type', async () => {
    const lists = await documentsOf('CEB603Message');
    expect(lists.length).toBeGreaterThan(2);
    const orders = await documentsOf('CEB303Message');
    for (const [spec, { id }] of [
      ...lists.map((one) => [ceb603, one] as const),
      ...orders.map((one) => [ceb303, one] as const),
    ]) {
      const head = headOf(spec, (await must(core, 'documents.get', { id })).body);
      expect(spec === ceb603 ? head['tradeMode'] : head['orderType']).toBe(spec === ceb603 ? '9710' : 'B');
    }
    await must(core, 'documents.check', {});
    const found = await must(core, 'documents.get', { id: lists[0]?.id ?? 0 });
    expect(found.findings.map(({ rule }) => rule)).not.toContain('C-MODE');
  });

  it('lets only lists travel that are filed and were not sent back, and says how many stay', async () => {
    const [filed, rejected] = await (
      await must(core, 'documents.list', { kind: 'CEB603Message', shipmentId, limit: 200 })
    ).rows;
    if (filed === undefined || rejected === undefined) throw new Error('no lists');
    await expect(must(core, 'documents.gather', { shipmentId, as: 'departure' })).rejects.toThrow('SHIPMENT_NO_LISTS');
    const { book } = core.session;
    forceState(book, `UPDATE document SET state = 'accepted' WHERE id = ?`, filed.id);
    forceState(book, `UPDATE document SET state = 'rejected' WHERE id = ?`, rejected.id);
    const made = await must(core, 'documents.gather', { shipmentId, as: 'departure' });
    expect((made.body as { DepartureList: unknown[] }).DepartureList).toHaveLength(1);
    const left = made.findings.find(({ rule }) => rule === 'M-LISTS-LEFT');
    expect(left?.params).toMatchObject({ rejected: 1 });
    expect(Number(left?.params['left'])).toBe(Number(left?.params['unfiled']) + 1);

    // What is sent back after it was named is found as well.
    forceState(book, `UPDATE document SET state = 'rejected' WHERE id = ?`, filed.id);
    await must(core, 'documents.check', { kind: 'CEB509Message' });
    const again = await must(core, 'documents.get', { id: made.id });
    expect(again.findings.map(({ rule }) => rule)).toContain('M-LIST-REJECTED');
  });
});

describe('the change of an accepted master bill', () => {
  it('carries the number that the receipt gave it', async () => {
    const { book } = core.session;
    const [any] = (await must(core, 'documents.list', { kind: 'CEB603Message', shipmentId, limit: 1 })).rows;
    forceState(book, `UPDATE document SET state = 'accepted' WHERE id = ?`, any?.id);
    const made = await must(core, 'documents.gather', { shipmentId, as: 'waybills' });
    const accepted = `UPDATE document SET state = 'accepted', platform_no = 'P0000000000000001', platform_no_field = 'preNo' WHERE id = ?`;
    forceState(book, accepted, made.id);
    const change = await must(core, 'documents.amend', { id: made.id, as: 'change' });
    expect(change.body).toMatchObject({ WayBillHead: { appType: '2', preNo: 'P0000000000000001' } });
    expect(change.findings.map(({ rule }) => rule)).not.toContain('M-CHANGE-NUMBER');

    // A list that has only the e-port's number is not named by it as if it were customs' own.
    forceState(book, accepted, any?.id);
    const deletion = await must(core, 'documents.amend', { id: any?.id ?? 0, as: 'delete' });
    expect(headOf(ceb603, deletion.body)).toMatchObject({ preNo: 'P0000000000000001' });
    expect(headOf(ceb603, deletion.body)['invtNo']).toBeUndefined();
  });
});
