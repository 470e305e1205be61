import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { listsOfShipment } from '../../electron/core/store/document-life.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { headOf, linesOf } from '../../shared/documents/spec.ts';
import { forceState } from '../fixtures/force-state.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

/** 中转集拼: lists and a declaration of two shipments under one master waybill, held against the carrier and the CEB607. */
let folder = '';
let core: Core;
let host = 0;
let other = 0;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-departures-'));
  core = coreAt(path.join(folder, 'home'));
  await must(core, 'books.create', { profile: firm, passphrase: 'departure-passphrase' });
  const name = (one: string): string => path.join(folder, one);
  const orders = [
    orderHead,
    orderLine({ 0: 'A1' }),
    orderLine({ 0: 'A2' }),
    orderLine({ 0: 'B1' }),
    orderLine({ 0: 'B2' }),
  ];
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(name('orders.csv'), orders) });
  await writeClassification(core, name('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: name('products.csv') });
  await writeWaybills(core, name('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: name('waybills.csv') });
  // Two shipments of the same bill: each takes what is open when it is drafted, the second after two orders were held back.
  const { book } = core.session;
  const hold = (state: string, like: string) =>
    book.prepare(`UPDATE sales_order SET state = ? WHERE order_no LIKE ?`).run(state, like);
  const body = { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' };
  host = (await must(core, 'shipments.save', { body })).id;
  other = (await must(core, 'shipments.save', { body })).id;
  hold('drafted', 'B%');
  await must(core, 'shipments.draft', { id: host });
  hold('open', 'B%');
  await must(core, 'shipments.draft', { id: other });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : answer.error.code;
}
const view = () => must(core, 'departures.get', { shipmentId: host });
const codes = async () => (await view()).findings.map(({ code }) => code);
const release = (where: string): void =>
  forceState(core.session.book, `UPDATE document SET state = 'released' WHERE ${where}`);

describe('a consolidated departure', () => {
  it('begins with the shipment’s own papers and asks for what is missing', async () => {
    const own = await view();
    expect(own.totals).toMatchObject({ papers: 2, unknown: 0 });
    expect(own.groups).toEqual([expect.objectContaining({ mode: '9610', isList: true, papers: 2 })]);
    expect(await codes()).toEqual(['NOT_RELEASED', 'PACKAGES_UNKNOWN', 'WEIGHT_UNKNOWN', 'NO_MASTER', 'SEALS_MISSING']);
  });

  it('takes the papers of another shipment along, a declaration among them, each in one place only', async () => {
    const [list] = (await must(core, 'documents.list', { kind: 'CEB603Message', shipmentId: other, limit: 10 })).rows;
    await must(core, 'modes.reform', { id: list?.id ?? 0, to: '0110' });
    const { rows } = await must(core, 'departures.candidates', { shipmentId: host });
    expect(rows).toEqual([
      { shipmentId: other, shipmentNo: expect.any(String), bill: '880-12345675', papers: 2, modes: ['0110', '9610'] },
    ]);
    expect(await must(core, 'departures.load', { shipmentId: host, from: { shipmentId: other } })).toEqual({
      loaded: 2,
    });
    const joint = await view();
    expect(joint.totals.papers).toBe(4);
    expect(joint.groups.map(({ mode, isList, papers }) => [mode, isList, papers])).toEqual([
      ['9610', true, 1],
      ['0110', false, 1],
      ['9610', true, 2],
    ]);
    expect(joint.papers.filter(({ isLoaded }) => isLoaded)).toHaveLength(2);
    const left = await must(core, 'departures.get', { shipmentId: other });
    expect(left.totals.papers).toBe(0);
    expect(left.findings.map(({ code }) => code)).toEqual(['EMPTY']);
    expect(left.elsewhere).toEqual([expect.objectContaining({ shipmentId: host, papers: 2 })]);
    expect((await must(core, 'departures.candidates', { shipmentId: host })).rows).toEqual([]);
    expect(await refused('departures.load', { shipmentId: host, from: { shipmentId: other } })).toBe('DEPARTURE_TAKEN');
    expect(await refused('departures.load', { shipmentId: host, from: { number: 'nowhere' } })).toBe(
      'DEPARTURE_NOTHING',
    );
  });

  it('makes the master list of all its lists and holds both against each other', async () => {
    const { book } = core.session;
    // What customs does not have yet travels on no list of waybills.
    forceState(book, `UPDATE document SET state = 'accepted' WHERE kind = 'CEB603Message'`);
    const made = await must(core, 'documents.gather', { shipmentId: host, as: 'waybills' });
    expect(linesOf(catalogue.CEB607Message, made.body)).toHaveLength(3);
    // A change or a deletion that is still being written takes nothing out.
    const gathered = () => listsOfShipment(book, host).map(({ id }) => id);
    const before = gathered();
    expect(before).toHaveLength(3);
    const [first = 0] = before;
    for (const appType of ['2', '3']) {
      const { lastInsertRowid } = book
        .prepare(
          `INSERT INTO document (kind, business_key, version, guid, order_id, shipment_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
           SELECT kind, business_key, version + 1, 'G-' || :appType, order_id, shipment_id, json_set(body, '$.InventoryHead.appType', :appType), amount_e5, currency, 'draft', tables_version, created_at, updated_at
           FROM document WHERE id = :first`,
        )
        .run({ first, appType });
      expect(gathered()).toEqual(before);
      book.prepare('DELETE FROM document WHERE id = ?').run(lastInsertRowid);
    }
    expect(await codes()).toEqual([
      'NOT_RELEASED',
      'PACKAGES_UNKNOWN',
      'WEIGHT_UNKNOWN',
      'MASTER_NOT_ACCEPTED',
      'SEALS_MISSING',
    ]);
    const [loaded] = (await view()).papers.filter(({ kind, isLoaded }) => isLoaded && kind === 'CEB603Message');
    await must(core, 'departures.unload', { shipmentId: host, ids: [loaded?.id ?? 0] });
    expect((await view()).findings.filter(({ level }) => level === 'stop')).toEqual([
      expect.objectContaining({ code: 'MASTER_UNKNOWN', numbers: [loaded?.waybill] }),
      expect.objectContaining({ code: 'MASTER_WEIGHT' }),
    ]);
    // One paper by its waybill.
    await must(core, 'departures.load', { shipmentId: host, from: { number: loaded?.waybill ?? '' } });
    expect((await view()).findings.filter(({ level }) => level === 'stop')).toEqual([]);
  });

  it('says on the declaration itself that its bill, weight or packages go beyond the master waybill', async () => {
    const { totals, papers } = await view();
    const id = papers.find(({ kind }) => kind === 'DecMessage')?.id ?? 0;
    const bill = ['M-MANIFEST', 'M-BILL-WEIGHT', 'M-BILL-PACKAGES', 'M-BILL-LISTED'];
    const found = async () => {
      await must(core, 'documents.check', {});
      const { findings } = await must(core, 'documents.get', { id });
      return findings.map(({ rule }) => rule).filter((rule) => bill.includes(rule));
    };
    const set = async (name: string, value: string) => {
      const { body } = await must(core, 'documents.get', { id });
      await must(core, 'documents.edit', { id, changes: [{ path: `DecHead/${name}`, value }] });
      return headOf(catalogue.DecMessage, body)[name] ?? '';
    };
    const state = (packages: string, gross: string) =>
      must(core, 'departures.saveMaster', { shipmentId: host, packages, gross });
    expect(await found()).toEqual([]);
    const billNo = await set('BillNo', '880-00000000');
    expect(await found()).toEqual(['M-MANIFEST']);
    await set('BillNo', billNo);
    const gross = await set('GrossWet', '9999999');
    expect(await found()).toEqual(['M-BILL-LISTED']);
    await set('GrossWet', gross);
    // The list whose goods the declaration took over was put back above: the bill has a paper more than leaves with it.
    await state(String(totals.packages + 1), '9999999');
    expect(await found()).toEqual([]);
    await state(String(totals.packages), '0.5');
    expect(await found()).toEqual(['M-BILL-WEIGHT', 'M-BILL-PACKAGES']);
    await state('', '');
    expect(await found()).toEqual([]);
  });

  it('holds packages and weight against the carrier’s, and has nothing open when all agrees and is released', async () => {
    const { totals } = await view();
    await must(core, 'departures.saveMaster', {
      shipmentId: host,
      packages: String(totals.packages + 1),
      gross: '0.5',
    });
    expect((await view()).findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ code: 'PACKAGES_DIFFER', level: 'stop' },
          ...{ stated: String(totals.packages + 1), found: String(totals.packages) },
        }),
        expect.objectContaining({ code: 'WEIGHT_DIFFERS', stated: '0.5', found: totals.gross }),
      ]),
    );
    expect(await refused('departures.saveMaster', { shipmentId: host, packages: '1.5', gross: '' })).toBe(
      'DEPARTURE_FIGURE',
    );
    expect(await refused('departures.saveMaster', { shipmentId: host, packages: '', gross: '-1' })).toBe(
      'DEPARTURE_FIGURE',
    );
    await must(core, 'departures.saveMaster', {
      ...{ shipmentId: host, packages: String(totals.packages), gross: totals.gross },
    });
    release(`kind IN ('CEB603Message','DecMessage','CEB607Message') AND state IN ('draft','checked','accepted')`);
    await must(core, 'way.addSeal', { shipmentId: host, number: 'SEAL1' });
    expect((await view()).findings).toEqual([]);
  });

  it('says that goods stand on a list and on a declaration that both leave', async () => {
    const { book } = core.session;
    const { id, number } = book
      .prepare(`SELECT order_id AS id, (SELECT business_key FROM document WHERE kind = 'DecMessage' AND state = 'released') AS number
        FROM document WHERE kind = 'CEB603Message' AND shipment_id = ? LIMIT 1`)
      .get(host) as { id: number; number: string };
    book
      .prepare(
        `INSERT INTO declared_goods (declaration, position, item_no, order_id, sku, qty_e5, amount_e5) VALUES (?, 99, 1, ?, 'X', 1, 1)`,
      )
      .run(number, id);
    const [twice] = (await view()).findings;
    expect(twice).toMatchObject({ code: 'TWICE', level: 'stop', count: 2 });
    book.prepare('DELETE FROM declared_goods WHERE position = 99').run();
  });

  it('is written as a workbook: sums, papers, what is open', async () => {
    const to = path.join(folder, 'sheet.xlsx');
    expect(await must(core, 'departures.export', { shipmentId: host, to })).toMatchObject({ rows: 3 + 2 + 4 });
    const { default: ExcelJS } = await import('exceljs');
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(to);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['汇总', '单证', '待办']);
    const { totals } = await view();
    const row = book.worksheets[0]?.getRow(8).values as unknown[];
    expect(row).toEqual(expect.arrayContaining(['合计', 4, totals.packages, Number(totals.gross)]));
  });
});
