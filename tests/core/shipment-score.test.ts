import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { riskBook } from '../fixtures/risk-book.ts';
import { coreAt, firm, must, shipmentBody } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let put: ReturnType<typeof riskBook>;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-score-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  put = riskBook(core, now);
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

function product(sku: string, of: Readonly<Record<string, string | number | null>> = {}): void {
  put.insert('product', {
    ...{ sku, name_source: sku, state: 'classified', hs_code: '6109100021', unit: '011', net_weight_e5: 100_000 },
    ...{ created_at: now, updated_at: now, ...of },
  });
}

/** An order of one line, on a shipment where one is named. */
function order(no: string, sku: string, priceE5: number, shipmentId?: number, grossE5 = 150_000): number {
  const id = put.order(no, 1000, { order_date: '2026-10-01', store: 'S1', currency: 'USD' });
  put.insert('order_line', {
    ...{ order_id: id, line_no: 1, sku, description: sku, qty_e5: 100_000, price_e5: priceE5, total_e5: priceE5 },
    ...{ fingerprint: no, occurrence: 1, source_row: 1 },
  });
  if (shipmentId === undefined) return id;
  put.insert('document', {
    ...{
      kind: 'CEB603Message',
      business_key: no,
      guid: no,
      order_id: id,
      shipment_id: shipmentId,
      body: '{}',
      state: 'draft',
    },
    ...{ amount_e5: 0, currency: 'USD', tables_version: 't', created_at: now, updated_at: now },
  });
  put.insert('waybill', { order_no: no, logistics_no: `L${no}`, gross_weight_e5: grossE5, packages: 1, order_id: id });
  return id;
}

const codes = async (id: number) => {
  const { score } = await must(core, 'shipments.score', { id });
  const of = (outcome: string) => score?.items.filter((one) => one.outcome === outcome).map(({ code }) => code);
  return { ...score, hit: of('hit'), unknown: of('cannot-tell') };
};
const shipment = async (): Promise<number> => (await must(core, 'shipments.save', { body: shipmentBody })).id;

describe('the own score of a shipment', () => {
  it('is none while nothing is drafted, and says where its figures are from', async () => {
    const { score, source } = await must(core, 'shipments.score', { id: await shipment() });
    expect(score).toBeUndefined();
    expect(source).toContain('自定');
  });

  it('adds what is tripped and names the rows', async () => {
    product('TEE');
    product('WINE', { needs_licence: 1 });
    for (let one = 1; one <= 5; one += 1) order(`P${one}`, 'TEE', 1_000_000, await shipment());
    const id = await shipment();
    order('A1', 'TEE', 1_000_000, id);
    expect(await codes(id)).toMatchObject({ score: 0, level: 'low', isComplete: true, hit: [], unknown: [] });

    const odd = order('A2', 'WINE', 3_000_001, id, 50_000);
    expect(await codes(id)).toMatchObject({ score: 65, level: 'high', hit: ['regulated', 'price', 'weight'] });
    core.session.book.prepare(`UPDATE document SET stale = 1 WHERE order_id = ?`).run(odd);
    const { items, score } = await codes(id);
    expect(score).toBe(75);
    expect(items?.find(({ code }) => code === 'papers')).toMatchObject({ points: 10, rows: ['A2'] });
    expect(items?.find(({ code }) => code === 'weight')).toMatchObject({ rows: ['A2'] });
  });

  it('says what it cannot tell instead of taking it for sound', async () => {
    product('TEE', { net_weight_e5: null });
    const id = await shipment();
    order('A1', 'TEE', 1_000_000, id);
    expect(await codes(id)).toMatchObject({
      isComplete: false,
      hit: ['newcomer'],
      unknown: ['price', 'weight'],
      score: 15,
    });
  });

  it('counts what came back of an article', async () => {
    product('TEE');
    const id = await shipment();
    const of = order('A1', 'TEE', 1_000_000, id);
    put.exported(of, 1000, { sku: 'TEE', export_date: '2026-10-10', qty_e5: 1_000_000 });
    const [line] = (await must(core, 'returns.lines', {})).rows;
    await must(core, 'returns.receive', {
      ...{ line: { exportLineId: line?.exportLineId ?? 0 }, qty: '1', receivedOn: '2026-11-01', reason: 'returned' },
    });
    expect((await codes(id)).hit).not.toContain('returns');
    await must(core, 'returns.receive', {
      ...{ line: { exportLineId: line?.exportLineId ?? 0 }, qty: '1', receivedOn: '2026-11-01', reason: 'returned' },
    });
    expect((await codes(id)).hit).toContain('returns');
  });

  it('takes goods to inspect on their way out for regulated, and a kilogram worth ten times the median for implausible', async () => {
    put.insert('tariff', { hs_code: '6109100021', in_force_from: '2026-01-01', conditions: 'AB', entered_at: now });
    product('TEE');
    product('LIGHT', { net_weight_e5: 1_000 });
    for (let one = 1; one <= 5; one += 1) order(`P${one}`, 'TEE', 1_000_000, await shipment());
    const id = await shipment();
    order('A1', 'LIGHT', 1_000_000, id, 5_000);
    const { items } = await codes(id);
    expect(items?.find(({ code }) => code === 'regulated')).toMatchObject({ outcome: 'hit', rows: ['LIGHT'] });
    expect(items?.find(({ code }) => code === 'weight')).toMatchObject({ outcome: 'hit', rows: ['A1 LIGHT'] });
    expect(items?.find(({ code }) => code === 'price')).toMatchObject({ outcome: 'clear' });
  });

  it('is of what a declaration without orders says itself', async () => {
    const declare = (no: string, price: string, gross = '12', shipmentId?: number): number =>
      put.insert('document', {
        ...{ kind: 'DecMessage', business_key: no, guid: no, state: 'draft', amount_e5: 0, currency: 'USD' },
        ...{ shipment_id: shipmentId ?? null, tables_version: 't', created_at: now, updated_at: now },
        body: JSON.stringify({
          DecHead: { IEFlag: 'E', GrossWet: gross, NetWt: '10', OverseasConsigneeEname: 'ACME GmbH' },
          DecList: [
            ...[{ GNo: '1', CodeTS: '0804502010', GName: '芒果', GUnit: '035', TradeCurr: 'USD', DeclPrice: price }],
          ],
        }),
      });
    for (let one = 1; one <= 5; one += 1)
      put.insert('export_line', {
        ...{ mode: '0110', declaration_no: `E${one}`, line_no: 1, export_date: '2026-08-01', hs_code: '0804502010' },
        ...{ name: '芒果', unit: '035', qty_e5: 1_000_000, currency: 'USD', fob_minor: 2000, created_at: now },
      });
    const of = async (documentId: number) => {
      const { score } = await must(core, 'shipments.score', { documentId });
      return score?.items.filter(({ outcome }) => outcome === 'hit').map(({ code, rows }) => [code, rows]);
    };
    expect(await of(declare('D-1', '2'))).toEqual([['newcomer', ['ACME GmbH']]]);
    expect(await of(declare('D-2', '30', '200'))).toEqual([
      ['price', ['D-2-1']],
      ['weight', ['D-2', 'D-2-1']],
      ['newcomer', ['ACME GmbH']],
    ]);
    const id = await shipment();
    declare('D-3', '2', '12', id);
    expect((await codes(id)).hit).toEqual(['newcomer']);
    expect(await core.call('shipments.score', { documentId: 999 })).toMatchObject({
      error: { code: 'DOCUMENT_UNKNOWN' },
    });
  });
});
