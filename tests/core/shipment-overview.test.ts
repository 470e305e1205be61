import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

/** A shipment with its papers by stage of customs, and with refund, money, financing and risk on one page. */
const now = '2026-11-24T04:00:00.000Z';
const date = '2026-11-24';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-overview-'));
let core: Core;
let id = 0;
let shipmentNo = '';

beforeAll(async () => {
  core = coreAt(path.join(folder, 'home'), { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const name = (one: string): string => path.join(folder, one);
  const orders = [orderHead, orderLine({ 0: 'A1' }), orderLine({ 0: 'A2' })];
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(name('orders.csv'), orders) });
  await writeClassification(core, name('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: name('products.csv') });
  await writeWaybills(core, name('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: name('waybills.csv') });
  const body = { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' };
  ({ id, shipmentNo } = await must(core, 'shipments.save', { body }));
  await must(core, 'shipments.draft', { id });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const stagesOf = (shipmentId: number): Promise<OutputOf<'papers.stages'>> =>
  must(core, 'papers.stages', { shipmentId });
async function stage(name: OutputOf<'papers.stages'>['stages'][number]['stage']) {
  const found = (await stagesOf(id)).stages.find((one) => one.stage === name);
  if (found === undefined) throw new Error(name);
  return found;
}
function file(name: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, `%PDF-${name}`);
  return at;
}
/** The first list of the shipment becomes an export line of a number. */
function release(declarationNo: string): number {
  const { book } = core.session;
  const list = book
    .prepare(
      `SELECT id, order_id AS orderId FROM document WHERE shipment_id = ? AND kind = 'CEB603Message' ORDER BY id LIMIT 1`,
    )
    .get(id) as { id: number; orderId: number };
  return Number(
    book
      .prepare(
        `INSERT INTO export_line (mode, declaration_no, line_no, export_date, document_id, order_id, shipment_id, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, regime, created_at)
         VALUES ('9610', ?, 1, '2026-11-05', ?, ?, ?, '6109100021', 'T恤', '件', 100000, 'USD', 10000, 70000, 'refund', ?)`,
      )
      .run(declarationNo, list.id, list.orderId, id, now).lastInsertRowid,
  );
}

describe('papers by stage of customs', () => {
  it('are asked for by mode where they belong, with what is missing counted', async () => {
    const { isKnown, stages } = await stagesOf(id);
    expect(isKnown).toBe(true);
    expect(stages.map((one) => one.stage)).toEqual([
      ...['registration', 'declaration', 'tax', 'inspection', 'release', 'transit'],
    ]);
    const declaration = await stage('declaration');
    expect(declaration.slots.map(({ code }) => code)).toContain('transport');
    // 9610 goes by list: no invoice and no contract of its own.
    expect(declaration.slots.map(({ code }) => code)).not.toContain('commercial-invoice');
    expect(declaration.missing).toBe(
      declaration.slots.filter(({ level, made }) => level !== 'maybe' && made === undefined).length,
    );
    expect((await stage('release')).slots.map(({ code }) => code)).toEqual([
      'export-list',
      'summary',
      'release-notice',
    ]);
    expect((await stage('tax')).slots).toEqual([]);
    // What nothing asks for may be filed there all the same; a stage that nothing has reached has no time.
    expect((await stage('inspection')).kinds.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['inspection-notice', 'inspection-record']),
    );
    expect((await stage('release')).at).toBeUndefined();
  });

  it('are there once they are filed, at the stage they belong to', async () => {
    const before = await stage('declaration');
    await must(core, 'archive.add', {
      ...{ subjectKind: 'shipment', subjectId: shipmentNo, paper: 'transport', file: file('bill.pdf') },
    });
    const after = await stage('declaration');
    expect(after.missing).toBe(before.missing - 1);
    expect(after.slots.find(({ code }) => code === 'transport')?.files).toMatchObject([{ fileName: 'bill.pdf' }]);
    await must(core, 'archive.add', {
      ...{ subjectKind: 'shipment', subjectId: shipmentNo, paper: 'freight-invoice', file: file('freight.pdf') },
    });
    expect((await stagesOf(id)).others).toMatchObject([{ fileName: 'freight.pdf' }]);
  });

  it('of tax are asked for with the tax bill of one of its declarations, and found with the bill', async () => {
    release('640720260000000017');
    await must(core, 'taxBills.save', {
      ...{
        number: 'T-1',
        kind: 'export-duty',
        declarationNo: '640720260000000017',
        amount: '120.00',
        issuedOn: '2026-11-06',
      },
    });
    core.session.book
      .prepare(
        `UPDATE document SET platform_no = '640720260000000017' WHERE shipment_id = ? AND kind = 'CEB603Message'`,
      )
      .run(id);
    expect(await stage('tax')).toMatchObject({ total: 1, missing: 1 });
    await must(core, 'archive.add', {
      ...{ subjectKind: 'shipment', subjectId: shipmentNo, paper: 'inspection-record', file: file('record.pdf') },
    });
    expect((await stage('inspection')).others).toMatchObject([{ fileName: 'record.pdf' }]);
    await must(core, 'archive.add', {
      ...{ subjectKind: 'declaration', subjectId: '640720260000000017', paper: 'tax-payment', file: file('tax.pdf') },
    });
    expect(await stage('tax')).toMatchObject({ total: 1, missing: 0 });
  });

  it('of a shipment without goods are those of every shipment', async () => {
    const empty = await must(core, 'shipments.save', {
      body: { ...shipmentBody, filter: { from: '2001-01-01', to: '2001-01-02', country: '' } },
    });
    const view = await stagesOf(empty.id);
    expect(view.isKnown).toBe(false);
    expect(view.stages.flatMap(({ slots }) => slots.map(({ code }) => code))).toContain('transport');
    expect(await core.call('papers.stages', { shipmentId: 999 })).toMatchObject({
      error: { code: 'SHIPMENT_UNKNOWN' },
    });
  });
});

describe('one shipment on one page', () => {
  const overview = () => must(core, 'shipments.overview', { id, date });

  it('has its export lines by regime, with what is claimed and what is not paid', async () => {
    const { refund } = await overview();
    expect(refund.regimes).toEqual([
      { regime: 'refund', lines: 1, claimed: 0, fob: '700.00', rateMissing: 0, unpaid: 1 },
    ]);
    expect(refund).toMatchObject({ claimed: '0.00', unclaimed: '0.00', preRefund: '0.00', total: 1 });
    expect(refund.lines).toMatchObject([{ declarationNo: '640720260000000017', regime: 'refund' }]);
  });

  it('has what its orders are owed, the limits of their buyers, and what no limit names', async () => {
    const { finance } = await overview();
    const [owed] = finance.receivables;
    expect(owed).toMatchObject({ orders: 2 });
    expect(finance.withoutLimit).toMatchObject([{ open: owed?.open, orders: 2 }]);
    const { buyer } = core.session.book
      .prepare(`SELECT coalesce(nullif(buyer_name, ''), customer, '') AS buyer FROM sales_order WHERE order_no = 'A1'`)
      .get() as { buyer: string };
    expect(buyer).not.toBe('');
    await must(core, 'insuredLimits.save', {
      ...{
        insurer: '中国信保',
        policyNo: 'P-1',
        buyer,
        currency: owed?.currency ?? '',
        limit: '50000',
        coverPercent: '90',
      },
      ...{ fromOn: '2026-01-01', untilOn: '2026-12-31' },
    });
    const insured = (await overview()).finance;
    expect(insured.limits).toMatchObject([{ policyNo: 'P-1', state: 'within' }]);
    expect(insured.withoutLimit.reduce((sum, { orders }) => sum + orders, 0)).toBeLessThan(2);
  });

  it('has the packs it stood in and the pledges that stand', async () => {
    expect((await overview()).finance).toMatchObject({ packs: [], pledges: [] });
    const { version } = await must(core, 'financing.consent', {});
    const orderDate = (
      core.session.book.prepare(`SELECT order_date AS d FROM sales_order WHERE order_no = 'A1'`).get() as { d: string }
    ).d;
    type Sections = InputOf<'financing.make'>['sections'];
    const make = (from: string, to: string, name: string, sections: Sections = ['orders']) =>
      must(core, 'financing.make', {
        ...{ bank: '农商行', purpose: '流动资金', from, to, sections, out: path.join(folder, name) },
        consent: { name: '王芳', version },
      });
    await make(orderDate, orderDate, 'pack.zip');
    expect((await overview()).finance.packs).toMatchObject([{ bank: '农商行', orders: 2, declarations: 0, given: 0 }]);
    // What was open on its last day may be older than its period, and is not known afterwards.
    await make('2026-11-20', '2026-11-20', 'stock.zip', ['receivables']);
    expect((await overview()).finance.packs).toMatchObject([
      { orders: 0, declarations: 0, mayHold: ['receivables'] },
      { orders: 2, mayHold: [] },
    ]);
  });

  it('has the red flags with a row of it, and none of others', async () => {
    expect(await overview()).toMatchObject({ flags: [], flagsTotal: 0 });
    const flag = core.session.book.prepare(
      `INSERT INTO red_flag (rule, key, severity, subject, params, rows, row_count, digest, first_seen, last_seen)
       VALUES ('R03', ?, 'high', 's', '{}', ?, 1, 'd', ?, ?)`,
    );
    flag.run('own', JSON.stringify([{ kind: 'shipment', id: String(id), label: shipmentNo }]), now, now);
    flag.run('other', JSON.stringify([{ kind: 'shipment', id: '999', label: 'x' }]), now, now);
    expect(await overview()).toMatchObject({ flags: [{ rule: 'R03', severity: 'high' }], flagsTotal: 1 });
  });
});
