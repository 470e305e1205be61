import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { forceState } from '../fixtures/force-state.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

/** Papers of goods that came back, through what becomes of these papers: given up, sent back, filed anew. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-return-papers-'));
let core: Core;
let list = 0;
let exportLineId = 0;

beforeAll(async () => {
  core = coreAt(path.join(folder, 'home'), { now: () => '2026-11-24T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const file = (name: string): string => path.join(folder, name);
  const orders = [orderHead, orderLine({ 0: 'A1' })];
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(file('orders.csv'), orders) });
  await writeClassification(core, file('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: file('products.csv') });
  await writeWaybills(core, file('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: file('waybills.csv') });
  const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' } });
  await must(core, 'shipments.draft', { id });
  list = (await must(core, 'documents.list', { kind: 'CEB603Message' })).rows[0]?.id ?? 0;
  const { body } = await must(core, 'documents.get', { id: list });
  const goods = body as { InventoryHead: { copNo: string }; InventoryList: { qty: string }[] };
  const { book } = core.session;
  forceState(
    book,
    `UPDATE document SET state = 'released', platform_no = '64072026I000000001', released_at = '20261101000000' WHERE id = ?`,
    list,
  );
  exportLineId = taxBook(core).line({
    ...{ declarationNo: goods.InventoryHead.copNo, lineNo: 1, mode: '9610', exportDate: '2026-11-01' },
    qty: Number(goods.InventoryList[0]?.qty),
  });
  book.prepare('UPDATE export_line SET document_id = ? WHERE id = ?').run(list, exportLineId);
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : answer.error.code;
}
const received = async (): Promise<number> =>
  (
    await must(core, 'returns.receive', {
      ...{ line: { exportLineId }, qty: '1', receivedOn: '2026-11-20', reason: 'returned' },
    })
  ).id;

describe('the application of a return', () => {
  it('that is given up or sent back lets another be drafted, and the return be void', async () => {
    const id = await received();
    const { documentId: first } = await must(core, 'returns.apply', { id });
    expect(await must(core, 'returns.get', { id })).toMatchObject({ applicationId: first, canApply: false });
    expect(await refused('returns.apply', { id })).toBe('RETURN_FILED');
    expect(await refused('returns.move', { id, to: 'void' })).toBe('RETURN_FILED');
    await must(core, 'documents.discard', { id: first });
    const without = await must(core, 'returns.get', { id });
    expect(without.applicationId).toBeUndefined();
    expect(without.canApply).toBe(true);

    const { documentId: second } = await must(core, 'returns.apply', { id });
    expect(second).not.toBe(first);
    forceState(core.session.book, `UPDATE document SET state = 'rejected' WHERE id = ?`, second);
    expect(await must(core, 'returns.get', { id })).toMatchObject({ applicationId: second, canApply: true });
    // Corrected, it is the new version that stands.
    const revised = await must(core, 'documents.revise', { id: second });
    expect(await must(core, 'returns.get', { id })).toMatchObject({ applicationId: revised.id, canApply: false });
    expect(await refused('returns.move', { id, to: 'void' })).toBe('RETURN_FILED');
    await must(core, 'documents.discard', { id: revised.id });
    await must(core, 'returns.move', { id, to: 'void' });
    expect(await must(core, 'returns.get', { id })).toMatchObject({ state: 'void', canApply: false });
  });
});

describe('the declaration of goods that go out again', () => {
  it('that is given up lets another be drafted, or the end be taken back; a return named twice goes out once', async () => {
    const id = await received();
    for (const to of ['sorted', 'stored', 'sentBack'] as const) await must(core, 'returns.move', { id, to });
    const { documentId: first } = await must(core, 'returns.reexport', { ids: [id, id] });
    expect((await must(core, 'documents.get', { id: first })).body).toMatchObject({
      DecList: [{ GNo: '1', GQty: '1' }],
    });
    const body = (await must(core, 'documents.get', { id: first })).body as { DecList: unknown[] };
    expect(body.DecList).toHaveLength(1);
    expect((await must(core, 'returns.get', { id })).next).toEqual([]);
    expect(await refused('returns.move', { id, to: 'stored', note: '没有寄出' })).toBe('RETURN_FILED');
    await must(core, 'documents.discard', { id: first });
    const { documentId: second } = await must(core, 'returns.reexport', { ids: [id] });
    expect(await refused('returns.reexport', { ids: [id] })).toBe('RETURN_FILED');
    await must(core, 'documents.discard', { id: second });
    expect((await must(core, 'returns.get', { id })).next).toEqual(['stored']);
    await must(core, 'returns.move', { id, to: 'stored', note: '没有寄出' });
  });
});

describe('what hangs on a filed list', () => {
  it('is told before its withdrawal is asked for', async () => {
    const id = await received();
    const { documentId } = await must(core, 'returns.apply', { id });
    const { number } = await must(core, 'returns.get', { id });
    const { businessKey } = await must(core, 'documents.get', { id: documentId });
    const { rows } = await must(core, 'documents.impacts', { id: list });
    expect(rows).toEqual([
      { code: 'inUse', count: 1, names: [expect.stringMatching(/-1$/)], holds: true },
      { code: 'returns', count: expect.any(Number), names: expect.arrayContaining([number]), holds: false },
      { code: 'papers', count: 1, names: [businessKey], holds: false },
      { code: 'lines', count: 1, names: [expect.stringMatching(/-1$/)], holds: false },
    ]);
    // An order's list that is filed names the order.
    const [order] = (await must(core, 'documents.list', { kind: 'CEB303Message' })).rows;
    expect((await must(core, 'documents.impacts', { id: order?.id ?? 0 })).rows.map(({ code }) => code)).toEqual([
      'lists',
    ]);
    await must(core, 'documents.discard', { id: documentId });
    expect((await must(core, 'documents.impacts', { id: list })).rows.map(({ code }) => code)).not.toContain('papers');
  });
});
