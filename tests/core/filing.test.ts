import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Shipment, drafts, checks and the queue over the sample book: real SQLite, the contract's own operations. */
let folder: string;
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-filing-'));
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function shipmentId(): Promise<number> {
  const { rows } = await must(core, 'shipments.list', {});
  return rows[0]?.id ?? 0;
}
async function draft() {
  return must(core, 'shipments.draft', { id: await shipmentId() });
}
async function list(kind: 'CEB303Message' | 'CEB603Message' = 'CEB603Message') {
  return (await must(core, 'documents.list', { kind, limit: 500 })).rows;
}

describe('drafting', () => {
  it('says before what drafting will do, does it once, and never twice', async () => {
    const id = await shipmentId();
    const before = await must(core, 'shipments.candidates', { id });
    const drafted = await must(core, 'shipments.draft', { id });
    expect(drafted.orders).toBe(before.ready);
    expect(drafted.blockedTotal).toBe(before.blocked);
    expect(drafted.orders).toBeGreaterThan(10);
    const again = await must(core, 'shipments.draft', { id });
    expect(again).toMatchObject({ orders: 0, documents: 0 });
  });

  it('refuses a shipment whose head is not complete and names the field', async () => {
    const shipment = await must(core, 'shipments.get', { id: await shipmentId() });
    await must(core, 'shipments.save', { id: shipment.id, body: { ...shipment.body, portCode: '' } });
    const result = await core.call('shipments.draft', { id: shipment.id });
    expect(result).toMatchObject({ ok: false, error: { code: 'SHIPMENT_FIELD_MISSING', path: 'body/portCode' } });
  });

  it('marks drafts stale when the shipment changes, and draws them anew on demand', async () => {
    await draft();
    const shipment = await must(core, 'shipments.get', { id: await shipmentId() });
    await must(core, 'shipments.save', { id: shipment.id, body: { ...shipment.body, billNo: '999-00000001' } });
    const stale = await list();
    expect(stale.every((row) => row.stale)).toBe(true);
    // What drawing it anew would change is told first, what was typed by hand among it.
    const id = stale[0]?.id ?? 0;
    await must(core, 'documents.edit', { id, changes: [{ path: 'InventoryHead/portCode', value: '6003' }] });
    const plan = await must(core, 'documents.refreshPlan', { id });
    const ofList = plan.rows.filter(({ documentId }) => documentId === id);
    expect(ofList.map(({ path: at, from, to }) => [at, from, to])).toEqual([
      ['InventoryHead/portCode', '6003', shipment.body.portCode],
      ['InventoryHead/billNo', shipment.body.billNo, '999-00000001'],
    ]);
    expect(plan).toMatchObject({ total: plan.rows.length, added: 0, away: 0 });
    expect((await must(core, 'documents.get', { id })).body).toMatchObject({ InventoryHead: { portCode: '6003' } });
    const fresh = await must(core, 'documents.refresh', { id });
    expect(fresh.stale).toBe(false);
    expect((await must(core, 'documents.refreshPlan', { id })).total).toBe(0);
    expect(fresh.body).toMatchObject({ InventoryHead: { billNo: '999-00000001' } });
  });

  it('draws again what was queued and taken back after its order changed, and files nothing of the old', async () => {
    await draft();
    await must(core, 'documents.check', {});
    await must(core, 'documents.queue', {});
    const queued = (await list()).find(({ state }) => state === 'queued');
    const before = await must(core, 'documents.get', { id: queued?.id ?? 0 });
    const { body } = await must(core, 'shipments.get', { id: await shipmentId() });
    await must(core, 'shipments.save', { id: await shipmentId(), body: { ...body, billNo: '999-00000002' } });
    for (const { guid } of (await must(core, 'outbox.list', { limit: 500 })).rows)
      await must(core, 'outbox.withdraw', { guid });
    const back = await must(core, 'documents.get', { id: before.id });
    expect(back).toMatchObject({ state: 'draft', stale: true });
    await must(core, 'documents.check', {});
    expect((await must(core, 'documents.queue', {})).documents).toBe(0);
    const fresh = await must(core, 'documents.refresh', { id: before.id });
    expect(fresh).toMatchObject({ id: before.id, state: 'checked', stale: false, businessKey: before.businessKey });
    expect(fresh.body).toMatchObject({ InventoryHead: { billNo: '999-00000002', copNo: before.businessKey } });
    expect((await must(core, 'documents.queue', {})).documents).toBeGreaterThan(0);
  });

  it('lets a country be given to a word that customs does not know', async () => {
    const { countries } = await must(core, 'orders.facets', {});
    const [first] = countries;
    expect(await must(core, 'orders.setCountry', { countryText: first?.countryText ?? '', country: '399' })).toEqual({
      orders: first?.orders,
    });
    const after = await must(core, 'orders.list', { country: first?.countryText ?? '', limit: 500 });
    expect(new Set(after.rows.map((row) => row.country))).toEqual(new Set(['399']));
    expect(await core.call('orders.setCountry', { countryText: 'x', country: '000' })).toMatchObject({ ok: false });
  });
});

describe('checking and editing', () => {
  it('finds what an edit broke, in words of field, rule and source, and frees the draft when it is mended', async () => {
    await draft();
    await must(core, 'documents.check', {});
    const [row] = await list();
    const id = row?.id ?? 0;
    const { body } = await must(core, 'documents.get', { id });
    const [line] = (body as { InventoryList: { qty: string }[] }).InventoryList;
    const broken = await must(core, 'documents.edit', {
      id,
      changes: [{ path: 'InventoryList[1]/qty', value: '999' }],
    });
    expect(broken.state).toBe('draft');
    expect(broken.findings.map(({ level, path: at }) => [level, at])).toContainEqual([
      'reject',
      'InventoryList[1]/qty',
    ]);
    const mended = await must(core, 'documents.edit', {
      id,
      changes: [{ path: 'InventoryList[1]/qty', value: line?.qty ?? '' }],
    });
    expect(mended.state).toBe('checked');
    expect(await core.call('documents.edit', { id, changes: [{ path: 'Nowhere/x', value: '1' }] })).toMatchObject({
      ok: false,
      error: { code: 'FIELD_UNKNOWN' },
    });
    for (const at of ['__proto__/freight', 'InventoryHead/guid', 'InventoryHead/copNo', 'InventoryHead/nothing']) {
      const refused = await core.call('documents.edit', { id, changes: [{ path: at, value: '9' }] });
      expect(refused, at).toMatchObject({ ok: false, error: { code: 'FIELD_UNKNOWN' } });
    }
    expect(Reflect.has({}, 'freight')).toBe(false);
  });

  it('holds a list back whose order is not clean, and queues the others', async () => {
    await draft();
    const [order] = await list('CEB303Message');
    await must(core, 'documents.edit', { id: order?.id ?? 0, changes: [{ path: 'OrderHead/currency', value: '999' }] });
    const before = await must(core, 'documents.check', {});
    expect(before.reject).toBeGreaterThan(0);
    const queued = await must(core, 'documents.queue', {});
    expect(queued.documents).toBeGreaterThan(0);
    const lists = await list();
    const held = lists.find(({ orderNo }) => orderNo === order?.orderNo);
    expect(['draft', 'checked']).toContain(held?.state);
    expect(lists.filter(({ state }) => state === 'queued').length).toBeGreaterThan(0);
  });

  it('freezes what it queues: no edit, and a withdrawal gives the drafts back', async () => {
    await draft();
    await must(core, 'documents.check', {});
    await must(core, 'documents.queue', {});
    const queued = (await list()).find(({ state }) => state === 'queued');
    const id = queued?.id ?? 0;
    const refused = await core.call('documents.edit', { id, changes: [{ path: 'InventoryHead/billNo', value: '1' }] });
    expect(refused).toMatchObject({ ok: false, error: { code: 'DOCUMENT_FROZEN' } });
    const { messageGuid } = await must(core, 'documents.get', { id });
    await must(core, 'outbox.withdraw', { guid: messageGuid ?? '' });
    expect((await must(core, 'documents.get', { id })).state).toBe('draft');
  });

  it('asks why a document goes on with a reminder, once, and holds it where nobody said', async () => {
    await draft();
    const doubtful = async (dxpId: string): Promise<void> => {
      await must(core, 'books.updateProfile', { dxpId });
      await must(core, 'documents.check', {});
    };
    const asked = (caseOf?: number) =>
      must(core, 'documents.reminders', { state: 'checked', ...(caseOf === undefined ? {} : { caseOf }) });
    await doubtful('abc');
    // Many: a row a rule. Few: a row each.
    const all = await asked();
    const byRule = all.rows.find(({ rule }) => rule === 'C-DXP');
    const lists = (await list()).filter(({ state }) => state === 'checked');
    expect(byRule).toMatchObject({ findings: lists.length, documents: lists.length });
    expect(byRule?.documentId).toBeUndefined();
    const id = lists[0]?.id ?? 0;
    expect((await asked(id)).rows).toMatchObject([{ rule: 'C-DXP', documentId: id, path: 'BaseTransfer/dxpId' }]);

    // Nobody said why: nothing of the order leaves.
    expect(await must(core, 'documents.queue', { caseOf: id, unexplained: 'hold' })).toMatchObject({ documents: 0 });
    expect((await must(core, 'documents.get', { id })).state).toBe('checked');
    const reasons = [{ rule: 'C-DXP', documentId: id, path: 'BaseTransfer/dxpId', reason: '新号待启用' }];
    expect(await must(core, 'documents.explain', { caseOf: id, reasons })).toEqual({ findings: 1 });
    expect(await core.call('documents.explain', { caseOf: id, reasons })).toMatchObject({
      error: { code: 'REMINDERS_NONE' },
    });
    const given = { text: '新号待启用', by: 'desk' };
    expect((await must(core, 'documents.get', { id })).findings).toMatchObject([{ rule: 'C-DXP', reason: given }]);
    // Not asked again while it is found as it was; other figures are another finding.
    await must(core, 'documents.check', {});
    expect((await asked(id)).total).toBe(0);
    await doubtful('abd');
    expect((await asked(id)).total).toBe(1);
    await doubtful('abc');
    expect((await asked(id)).total).toBe(0);
    const filed = await must(core, 'documents.queue', { caseOf: id, unexplained: 'hold' });
    expect(filed).toMatchObject({ held: 0, reasonHeld: 0, unexplained: 0 });
    expect(filed.documents).toBeGreaterThan(1);

    // The report of one document has its own findings alone, with the reason, after it was queued too.
    const file = path.join(folder, 'one.xlsx');
    await must(core, 'documents.exportFindings', { documentId: id, to: file });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(file);
    const { businessKey, findings } = await must(core, 'documents.get', { id });
    const rows = (workbook.worksheets[0]?.getRows(2, findings.length + 1) ?? []).map((row) =>
      JSON.stringify(row.values),
    );
    expect(rows.map((row) => row.includes(businessKey))).toEqual([...findings.map(() => true), false]);
    expect(rows.filter((row) => row.includes('新号待启用（desk '))).toHaveLength(1);

    // One reason for all the others; a script goes on without.
    await must(core, 'documents.explain', { state: 'checked', reasons: [{ reason: '同上' }] });
    expect((await asked()).total).toBe(0);
    const diary = core.session.book
      .prepare("SELECT subject, detail FROM audit WHERE action = 'documents.explain'")
      .all() as { subject: string; detail: string }[];
    expect(diary).toHaveLength(lists.length);
    expect(JSON.parse(diary[0]?.detail ?? '')).toEqual({ rules: 'C-DXP', reason: '新号待启用' });
    await doubtful('abd');
    const rest = await must(core, 'documents.queue', {});
    expect(rest).toMatchObject({ held: 0, reasonHeld: 0, unexplained: lists.length - 1 });
  });

  it('counts by state what the list shows', async () => {
    await draft();
    await must(core, 'documents.check', {});
    const { counts } = await must(core, 'documents.counts', {});
    for (const { kind, state, documents } of counts) {
      expect((await must(core, 'documents.list', { kind, state, limit: 1 })).total, `${kind} ${state}`).toBe(documents);
    }
    const { total } = await must(core, 'documents.findings', {});
    const file = path.join(folder, 'findings.xlsx');
    expect((await must(core, 'documents.exportFindings', { to: file })).rows).toBe(total);
  });
});
