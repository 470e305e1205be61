import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { logisticsNoOf, type PaperKind, paper } from '../faults/support/papers.ts';
import { orderOf, shipmentOf } from '../faults/support/queue.ts';
import { changed, storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Papers that were typed, copied or imported are held against each other as those of an order are. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-loose-'));
let core: Core;

beforeAll(async () => {
  core = coreAt(folder, { now: () => '2026-11-21T02:00:00.000Z' });
  await must(core, 'books.create', { profile: { ...firm, ebpCode: '无' }, passphrase: 'only for tests' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const found = async (id: number): Promise<string[]> =>
  (await must(core, 'documents.get', { id })).findings.map(({ rule }) => rule);
const store = (kind: PaperKind, n: number, head: Record<string, string> = {}): number =>
  storeDraft(core, kind, changed(kind, paper(kind, n), head));

describe('the papers of a parcel that no order of the book stands behind', () => {
  it('are checked against each other, held back together, and leave together', async () => {
    // The order, as the last to be stored, is the one that brings the others to the check.
    const waybill = store('CEB505Message', 1, { grossWeight: '1.3', packNo: '2' });
    const list = store('CEB603Message', 1);
    const order = storeDraft(
      core,
      'CEB303Message',
      changed(
        'CEB303Message',
        paper('CEB303Message', 1),
        { ebcCode: '91460000MA5TNXQE6X', goodsValue: '8.15' },
        [
          ...[{ gnum: '1', itemNo: 'SKU1', itemName: '马克杯', unit: '007', currency: '303', qty: '2', price: '3.65' }],
          ...[{ gnum: '2', itemNo: 'MUG', itemName: '马克杯', unit: '007', currency: '303', qty: '1', price: '0.85' }],
        ].map((line, at) => ({ ...line, totalPrice: at === 0 ? '7.3' : '0.85' })),
      ),
    );
    await must(core, 'documents.check', {});
    expect(await found(list)).toEqual(
      expect.arrayContaining(['C-LINE-PRICE', 'C-LINE-TOTAL', 'C-PARTIES', 'C-WEIGHT-WAYBILL', 'C-PACKAGES-WAYBILL']),
    );
    const { siblings } = await must(core, 'documents.get', { id: list });
    expect(siblings.map(({ id }) => id).sort()).toEqual([waybill, order].sort());
    expect(await must(core, 'documents.queue', { unexplained: 'go' })).toMatchObject({ documents: 0 });

    // Each is mended where it stands; the check of one is that of all.
    const line = (name: string, value: string) => ({ path: `OrderList[1]/${name}`, value });
    await must(core, 'documents.edit', {
      id: order,
      changes: [line('price', '3.25'), line('totalPrice', '6.5'), { path: 'OrderHead/goodsValue', value: '7.35' }],
    });
    await must(core, 'documents.edit', {
      id: order,
      changes: [{ path: 'OrderHead/ebcCode', value: firm.uscc }],
    });
    expect(await found(list)).toEqual(expect.arrayContaining(['C-WEIGHT-WAYBILL', 'C-PACKAGES-WAYBILL']));
    expect(await found(list)).not.toContain('C-PARTIES');
    await must(core, 'documents.edit', {
      id: waybill,
      changes: [
        { path: 'grossWeight', value: '1.25' },
        { path: 'packNo', value: '1' },
      ],
    });
    const left = (await found(list)).filter((rule) => rule.startsWith('C-'));
    expect(left).toEqual([]);
    const states = async () =>
      Promise.all([order, waybill, list].map(async (id) => (await must(core, 'documents.get', { id })).state));
    expect(await states()).toEqual(['checked', 'checked', 'checked']);
    expect(await must(core, 'documents.queue', { unexplained: 'go' })).toMatchObject({ documents: 3, held: 0 });
  });

  it('are not joined by a copy that still names the order of another', async () => {
    const list = store('CEB603Message', 2);
    const copy = await must(core, 'entry.copy', { id: list });
    await must(core, 'documents.check', {});
    expect(await found(copy.id)).toContain('ENTRY-CONFIRM');
    expect((await must(core, 'documents.get', { id: list })).siblings).toEqual([]);
    // Its waybill is used twice as long as it says the same.
    expect(await found(list)).toContain('C-WAYBILL-BATCH');
    await must(core, 'documents.discard', { id: copy.id });
    await must(core, 'documents.discard', { id: list });
  });

  it('are found by the waybill alone', async () => {
    const list = store('CEB603Message', 3, { orderNo: '' });
    const waybill = store('CEB505Message', 3, { packNo: '4' });
    const other = store('CEB505Message', 4);
    await must(core, 'documents.check', { kind: 'CEB505Message' });
    expect(await found(list)).toContain('C-PACKAGES-WAYBILL');
    expect((await must(core, 'documents.get', { id: waybill })).siblings.map(({ id }) => id)).toEqual([list]);
    expect((await must(core, 'documents.get', { id: other })).siblings).toEqual([]);
    expect((await must(core, 'documents.get', { id: list })).body).toMatchObject({
      InventoryHead: { logisticsNo: logisticsNoOf(3) },
    });
  });

  it('take the order, receipt and waybill of a list along, and the list waits for those that are not asked for', async () => {
    const parcel = (n: number): number[] => [
      store('CEB303Message', n),
      store('CEB403Message', n),
      store('CEB505Message', n),
      store('CEB603Message', n),
    ];
    const states = (ids: readonly number[]) =>
      Promise.all(ids.map(async (id) => (await must(core, 'documents.get', { id })).state));
    const here = ['checked', 'checked', 'checked', 'checked'];
    const gone = ['queued', 'queued', 'queued', 'queued'];

    const one = parcel(10);
    const other = parcel(11);
    await must(core, 'documents.check', {});
    expect(await states([...one, ...other])).toEqual([...here, ...here]);
    const list = one[3] ?? 0;
    expect(await must(core, 'documents.queue', { caseOf: list, unexplained: 'go' })).toMatchObject({
      documents: 4,
      held: 0,
    });
    expect(await states([...one, ...other])).toEqual([...gone, ...here]);

    // By kind: the list has nothing to answer to until the last of its papers has left.
    for (const kind of ['CEB603Message', 'CEB303Message', 'CEB403Message', 'CEB505Message'] as const) {
      await must(core, 'documents.queue', { kind, unexplained: 'go' });
      expect(await must(core, 'documents.queue', { kind: 'CEB603Message', unexplained: 'go' }), kind).toMatchObject(
        kind === 'CEB505Message' ? { documents: 1, held: 0 } : { documents: 0, held: 1 },
      );
    }
    expect(await states(other)).toEqual(gone);
  });

  it('find partners that were drafted from an order, and are found by them', async () => {
    // The made-up orders have no lines for the match of the records to find.
    await must(core, 'match.saveSettings', { direction: 'export', missing: 'off', contradiction: 'off' });
    const { book } = core.session;
    const now = '2026-11-21T02:00:00.000Z';
    const of = { orderId: orderOf(book, now, 20), shipmentId: shipmentOf(book, now) };
    const order = storeDraft(core, 'CEB303Message', paper('CEB303Message', 20, { ebcCode: '91460000MA5TNXQE6X' }), of);
    const waybill = storeDraft(core, 'CEB505Message', paper('CEB505Message', 20, { packNo: '2' }), of);
    const list = store('CEB603Message', 20);
    for (const filter of [{ kind: 'CEB603Message' }, { kind: 'CEB303Message' }] as const) {
      await must(core, 'documents.check', filter);
      expect(await found(list)).toEqual(expect.arrayContaining(['C-PARTIES', 'C-PACKAGES-WAYBILL']));
    }
    for (const [id, others] of [
      [list, [order, waybill]],
      [waybill, [order, list]],
    ] as const)
      expect((await must(core, 'documents.get', { id })).siblings.map((one) => one.id)).toEqual(others);
    // None leaves without the others, whichever is asked for.
    expect(await must(core, 'documents.queue', { caseOf: waybill, unexplained: 'go' })).toMatchObject({ documents: 0 });

    await must(core, 'documents.edit', { id: order, changes: [{ path: 'OrderHead/ebcCode', value: firm.uscc }] });
    await must(core, 'documents.edit', { id: waybill, changes: [{ path: 'packNo', value: '1' }] });
    expect((await found(list)).filter((rule) => rule.startsWith('C-'))).toEqual([]);
    expect(await must(core, 'documents.queue', { caseOf: list, unexplained: 'go' })).toMatchObject({ documents: 3 });

    // The other way: the order's list is drafted, and its waybill was typed.
    const second = { ...of, orderId: orderOf(book, now, 21) };
    const drafted = storeDraft(core, 'CEB603Message', paper('CEB603Message', 21), second);
    const typed = store('CEB505Message', 21, { packNo: '3' });
    await must(core, 'documents.check', { kind: 'CEB505Message' });
    expect(await found(drafted)).toContain('C-PACKAGES-WAYBILL');
    await must(core, 'documents.edit', { id: typed, changes: [{ path: 'packNo', value: '1' }] });
    expect(await found(drafted)).not.toContain('C-PACKAGES-WAYBILL');
  });
});
