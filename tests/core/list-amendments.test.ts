import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { applyBatch } from '../../electron/core/outbox/receipts.ts';
import { listConflicts } from '../../electron/core/store/conflicts.ts';
import { filedOfShipment } from '../../electron/core/store/customs-modes.ts';
import { shipmentDocuments } from '../../electron/core/store/papers.ts';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import { stagesOf } from '../../electron/core/store/way.ts';
import { ceb603, ceb604, writeMessage } from '../../shared/documents/index.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { format5, parse5, sum5 } from '../../shared/money/decimal.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Lists that customs has and that are changed or deleted there: counted once, and what comes of it whatever the order of the answers. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-amend-'));
let core: Core;
let shipmentId = 0;
/** The accepted lists of the shipment; each test takes the next. */
let lists: number[] = [];
const nextList = (): number => {
  const id = lists.shift();
  if (id === undefined) throw new Error('the sample has no more lists');
  return id;
};

const get = (id: number) => must(core, 'documents.get', { id });
const stateOf = async (id: number) => (await get(id)).state;
const statesOf = async (...ids: number[]) => Promise.all(ids.map(stateOf));
let receipts = 0;

/** Takes in customs' word on a list as the folder channel would, one receipt at a time. */
async function hear(id: number, status: string, at: string): Promise<void> {
  const { book } = core.session;
  const head = headOf(ceb603, (await get(id)).body);
  const { guid } = book.prepare('SELECT message_guid AS guid FROM message_document WHERE document_id = ?').get(id) as {
    guid: string;
  };
  receipts += 1;
  const serial = String(receipts).padStart(12, '0');
  const { customsCode = '', ebpCode = '', ebcCode = '', agentCode = '', copNo = '', orderNo = '' } = head;
  const said = {
    ...{ customsCode, ebpCode, ebcCode, agentCode, copNo, orderNo, statisticsFlag: head['statisticsFlag'] ?? '' },
    invtNo: `64072026E${copNo.replaceAll(/\D/g, '').slice(-11).padStart(11, '0')}`,
    guid: `A1B2C3D4-0000-4000-8000-${serial}`,
    returnStatus: status,
    returnTime: `202611${at}00000`,
    returnInfo: 'x',
  };
  const xml = writeMessage(ceb604, { guid: `A1B2C3D4-0001-4000-8000-${serial}`, documents: [said] });
  storeReceipts(book, 'test', [{ id: `r${receipts}`, messageGuid: guid, xml }], '', '2026-11-22T00:00:00.000Z');
  expect(applyBatch(book, '2026-11-22T00:00:00.000Z')).toMatchObject({ receipts: 1, parked: 0 });
}

/** Files the change or the deletion of a list. @returns its id */
async function filed(id: number, as: 'change' | 'delete'): Promise<number> {
  const made = await must(core, 'documents.amend', { id, as });
  if (as === 'change')
    await must(core, 'documents.edit', { id: made.id, changes: [{ path: 'InventoryHead/note', value: '更正备注' }] });
  expect(await must(core, 'documents.queue', { kind: 'CEB603Message' })).toMatchObject({ documents: 1, held: 0 });
  return made.id;
}
/** Sales of the order of a list: posted, or waiting for what a person has to mend. */
const salesOf = (id: number): number =>
  (
    core.session.book
      .prepare(
        `SELECT (SELECT count(*) FROM voucher v WHERE v.source_kind = 'order-release' AND v.source_id = CAST(d.order_id AS TEXT)
             AND v.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM voucher r WHERE r.reverses = v.id))
           + (SELECT count(*) FROM pending_posting p WHERE p.order_id = d.order_id) AS n FROM document d WHERE d.id = ?`,
      )
      .get(id) as { n: number }
  ).n;
const linesOf = (...ids: number[]): number[] =>
  ids.map(
    (id) =>
      (
        core.session.book.prepare('SELECT count(*) AS n FROM export_line WHERE document_id = ?').get(id) as {
          n: number;
        }
      ).n,
  );

beforeAll(async () => {
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  await must(core, 'books.updateProfile', { simplified: false });
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  if (shipment === undefined) throw new Error('the sample has no shipment');
  ({ id: shipmentId } = await must(core, 'shipments.save', { id: shipment.id, body: shipment.body }));
  await must(core, 'shipments.draft', { id: shipmentId });
  await must(core, 'documents.check', {});
  await must(core, 'documents.queue', {});
  const of = { kind: 'CEB603Message', state: 'queued', shipmentId, limit: 200 } as const;
  lists = (await must(core, 'documents.list', of)).rows.map(({ id }) => id);
  for (const id of lists) await hear(id, '120', '210900');
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a list that is being changed', () => {
  it('is counted once, in the manifest, the match and the papers', async () => {
    const { book } = core.session;
    const counts = () => {
      const [, declaration] = stagesOf(book, shipmentId);
      return { stage: declaration?.total, filed: filedOfShipment(book, shipmentId).lists };
    };
    const before = counts();
    const made = await must(core, 'documents.gather', { shipmentId, as: 'waybills' });
    const heads = shipmentDocuments(book, shipmentId, 'CEB603Message').map(({ body }) => headOf(ceb603, body));
    const [{ billNo = '' } = {}] = heads;
    const gross = sum5(
      heads.filter((head) => head['billNo'] === billNo).map((head) => parse5(head['grossWeight'] ?? '')),
    );
    const changes = [
      { path: 'WayBillHead/billNo', value: billNo },
      { path: 'WayBillHead/grossWeight', value: format5(gross) },
    ];
    await must(core, 'documents.edit', { id: made.id, changes });
    const first = nextList();
    const change = await must(core, 'documents.amend', { id: first, as: 'change' });
    expect(change.findings.map(({ rule }) => rule)).not.toContain('M-MANIFEST-WEIGHT');
    expect(counts()).toEqual(before);
    const number = change.businessKey;
    const ids = shipmentDocuments(book, shipmentId, 'CEB603Message').filter((one) => one.businessKey === number);
    expect(ids.map(({ id }) => id)).toEqual([change.id]);
    expect(await must(core, 'documents.queue', { kind: 'CEB603Message' })).toMatchObject({
      documents: 1,
      held: 0,
      matchHeld: 0,
    });
    await hear(change.id, '120', '211000');
    expect(await statesOf(first, change.id)).toEqual(['superseded', 'accepted']);
  });

  it('and asked to be deleted, is what it was until customs has agreed', async () => {
    const first = nextList();
    const deletion = await filed(first, 'delete');
    const { businessKey } = await get(first);
    const standing = () =>
      shipmentDocuments(core.session.book, shipmentId, 'CEB603Message').filter(
        (one) => one.businessKey === businessKey,
      );
    expect(standing().map(({ id }) => id)).toEqual([first]);
    expect(filedOfShipment(core.session.book, shipmentId).lists).toBe(lists.length + 2);
    // Stored is not granted: the list stands, and nothing else may be asked of it meanwhile.
    await hear(deletion, '120', '211000');
    expect(await statesOf(first, deletion)).toEqual(['accepted', 'accepted']);
    expect(standing().map(({ id }) => id)).toEqual([first]);
    expect((await must(core, 'documents.life', { id: first })).may).toMatchObject({ change: false, withdraw: false });
    await hear(deletion, '399', '211100');
    expect(await statesOf(first, deletion)).toEqual(['withdrawn', 'withdrawn']);
    expect(standing()).toEqual([]);
    // That it is called stored once more, or closed, is no news.
    await hear(deletion, '120', '211000');
    await hear(deletion, '899', '220900');
    expect(listConflicts(core.session.book, false, { after: undefined, limit: 10 }).rows).toEqual([]);
  });
});

describe('what a change comes to', () => {
  it('is the same where the release is read before the acceptance', async () => {
    const first = nextList();
    const change = await filed(first, 'change');
    await hear(change, '800', '211100');
    await hear(change, '120', '211000');
    expect(await statesOf(first, change)).toEqual(['superseded', 'released']);
    expect(linesOf(first)).toEqual([0]);
    expect(linesOf(change)[0]).toBeGreaterThan(0);
  });

  it('is undone where customs sends it back after all, and done where it takes it again', async () => {
    const first = nextList();
    const change = await filed(first, 'change');
    await hear(change, '120', '211000');
    expect(await statesOf(first, change)).toEqual(['superseded', 'accepted']);
    await hear(change, '100', '211100');
    expect(await statesOf(first, change)).toEqual(['accepted', 'rejected']);
    await hear(change, '120', '211200');
    expect(await statesOf(first, change)).toEqual(['superseded', 'accepted']);
    // What customs said of the list meanwhile holds when the change is sent back.
    await hear(first, '800', '211300');
    expect(linesOf(first)).toEqual([0]);
    await hear(change, '100', '211400');
    expect(await statesOf(first, change)).toEqual(['released', 'rejected']);
    expect(linesOf(first)[0]).toBeGreaterThan(0);
    expect(salesOf(first)).toBe(1);
  });

  it('is undone of a deletion too', async () => {
    const first = nextList();
    const deletion = await filed(first, 'delete');
    await hear(deletion, '120', '211000');
    await hear(deletion, '399', '211030');
    expect(await statesOf(first, deletion)).toEqual(['withdrawn', 'withdrawn']);
    await hear(deletion, '100', '211100');
    expect(await statesOf(first, deletion)).toEqual(['accepted', 'rejected']);
    await hear(first, '800', '211200');
    expect(await stateOf(first)).toBe('released');
    expect(linesOf(first)[0]).toBeGreaterThan(0);
    const { may } = await must(core, 'documents.life', { id: first });
    expect(may.withdraw).toBe(true);
  });

  it('leaves a list that is released while its deletion lies there a sale, until that is concluded', async () => {
    const first = nextList();
    const deletion = await filed(first, 'delete');
    await hear(deletion, '120', '211000');
    await hear(first, '800', '211100');
    expect(await statesOf(first, deletion)).toEqual(['released', 'accepted']);
    expect(salesOf(first)).toBe(1);
    expect((await get(first)).orderNo).not.toBe('');
    await hear(deletion, '399', '211200');
    expect(await statesOf(first, deletion)).toEqual(['withdrawn', 'withdrawn']);
    expect(linesOf(first)).toEqual([0]);
    expect(salesOf(first)).toBe(0);
  });

  it('counts one list where it is released before the change is taken', async () => {
    const first = nextList();
    const change = await filed(first, 'change');
    await hear(first, '800', '211000');
    expect(salesOf(first)).toBe(1);
    await hear(change, '120', '211100');
    expect(await statesOf(first, change)).toEqual(['superseded', 'accepted']);
    expect(linesOf(first)).toEqual([0]);
    expect(salesOf(first)).toBe(0);
    await hear(change, '800', '211200');
    expect(await stateOf(change)).toBe('released');
    expect(salesOf(first)).toBe(1);
    // And refused after all, what customs released is what it was.
    const second = nextList();
    const refused = await filed(second, 'change');
    await hear(second, '800', '211000');
    await hear(refused, '120', '211100');
    await hear(refused, '100', '211200');
    expect(await statesOf(second, refused)).toEqual(['released', 'rejected']);
    expect(salesOf(second)).toBe(1);
  });

  it('is no sale where a deletion is concluded before it was read to be accepted', async () => {
    const first = nextList();
    const deletion = await filed(first, 'delete');
    await hear(deletion, '899', '211100');
    expect(await statesOf(first, deletion)).toEqual(['withdrawn', 'withdrawn']);
    expect(linesOf(first, deletion)).toEqual([0, 0]);
  });
});

describe('a change that customs sends back', () => {
  it('is corrected as it stands', async () => {
    const first = nextList();
    const change = await filed(first, 'change');
    await hear(change, '100', '211000');
    expect(await statesOf(first, change)).toEqual(['accepted', 'rejected']);
    const next = await must(core, 'documents.revise', { id: change });
    expect(next).toMatchObject({ state: 'checked', version: 3 });
    expect(headOf(ceb603, next.body)).toMatchObject({ appType: '2', note: '更正备注' });
    expect(await must(core, 'documents.queue', { kind: 'CEB603Message' })).toMatchObject({ documents: 1, held: 0 });
    await hear(next.id, '120', '211200');
    expect(await statesOf(first, change, next.id)).toEqual(['superseded', 'superseded', 'accepted']);
    const dialog = await must(core, 'documents.life', { id: next.id });
    expect(dialog.may.change).toBe(true);
  });

  it('is not corrected beside another change of the same list', async () => {
    const first = nextList();
    const change = await filed(first, 'change');
    await hear(change, '100', '211000');
    await must(core, 'documents.amend', { id: first, as: 'change' });
    await expect(must(core, 'documents.revise', { id: change })).rejects.toThrow('DOCUMENT_NUMBER_TAKEN');
  });
});
