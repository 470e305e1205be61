import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must, shipmentBody } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
let seed: ReturnType<typeof taxBook>;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-modes-'));
  core = coreAt(folder, { now: () => '2026-11-21T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  seed = taxBook(core);
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the mode of a shipment', () => {
  const shipped = async () => (await must(core, 'shipments.save', { body: shipmentBody })).id;
  const facts = async (input: InputOf<'modes.route'>) =>
    Object.fromEntries(
      (await must(core, 'modes.route', input)).facts.map(({ fact, value, from }) => [fact, [value, from]]),
    );

  it('takes from the book what it knows, asks for the rest and keeps the answers', async () => {
    const shipmentId = await shipped();
    const first = await must(core, 'modes.route', { shipmentId });
    expect(first).toMatchObject({ recommended: null, exportDate: '2026-11-24' });
    expect(first.missing).toEqual(['buyer', 'platformOrder', 'zoneGoods']);
    expect(await facts({ shipmentId })).toMatchObject({
      customsCode: ['6407', 'shipment'],
      inZone: [true, 'profile'],
      refundClaimed: [false, 'profile'],
      licence: [undefined, 'none'],
    });
    const answers = { buyer: 'consumer', platformOrder: true, zoneGoods: false } as const;
    await must(core, 'modes.answer', { shipmentId, answers });
    const then = await must(core, 'modes.route', { shipmentId });
    expect(then).toMatchObject({
      recommended: '9610',
      missing: ['ticketValueCny', 'licence', 'inspection', 'exportDuty'],
      calculation: { calculator: 'C01' },
    });
    // What is tried is not stored.
    const tried = await must(core, 'modes.route', { shipmentId, answers: { licence: true, ticketValueCny: '80' } });
    expect(tried.options[0]).toMatchObject({ mode: '9610', hsDigits: 10, summaryDeclaration: true });
    expect(await facts({ shipmentId })).toMatchObject({ licence: [undefined, 'none'] });
    const other = tried.options.find(({ mode }) => mode === '0110');
    expect(other?.differences.map(({ aspect }) => aspect)).toContain('papers');
    for (const option of tried.options)
      for (const { title } of [...option.reasons, ...option.papers, ...option.fields, ...option.tax])
        expect(`${title.zh} ${title.en}`).not.toMatch(/reason\.|paper\.|field\.|tax\.|[{}]/);
  });

  it('reads value, licence, inspection and duty from orders, products and the tariff', async () => {
    const { book } = core.session;
    seed.product('MUG', {});
    book.prepare(`UPDATE product SET hs_code = '6912001000' WHERE sku = 'MUG'`).run();
    const orderId = seed.order('PB-1', '');
    book.prepare(`UPDATE sales_order SET state = 'open' WHERE id = ?`).run(orderId);
    book
      .prepare(
        `INSERT INTO order_line (order_id, line_no, sku, description, qty_e5, price_e5, total_e5, fingerprint, occurrence, source_row)
         VALUES (?, 1, 'MUG', '', 100000, 100000, 100000, 'f', 1, 1)`,
      )
      .run(orderId);
    const shipmentId = await shipped();
    expect(await facts({ shipmentId })).toMatchObject({
      licence: [false, 'products'],
      exportDuty: [undefined, 'none'],
    });
    seed.tariff('6912001000', { export_duty_rate: '0.1', conditions: 'AB' });
    const known = await facts({ shipmentId });
    expect(known).toMatchObject({ exportDuty: [true, 'tariff'], inspection: [true, 'tariff'] });
  });

  it('of goods without a shipment is what is said of them', async () => {
    const answers = {
      ...({ buyer: 'warehouse', platformOrder: true, zoneGoods: false, ticketValueCny: '5000' } as const),
      ...{ licence: false, inspection: false, exportDuty: false, refundClaimed: true },
    };
    expect(await must(core, 'modes.route', { answers })).toMatchObject({
      recommended: '9810',
      missing: [],
      exportDate: '2026-11-21',
    });
    expect(await core.call('modes.route', { shipmentId: 99 })).toMatchObject({ error: { code: 'SHIPMENT_UNKNOWN' } });
  });
});

describe('an export that comes back', () => {
  it('is judged by line: free within six months, the refund to repay, a year for defects, papers', async () => {
    await must(core, 'tax.saveProfile', { taxpayer: 'general', kind: 'trading', refundRegisteredOn: '2024-01-01' });
    seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.13' });
    const line = seed.line({ mode: '9710', qty: 60, fobFen: 90_000, declarationNo: '640720260000000001', lineNo: 1 });
    const check = { exportLineId: line, returnedOn: '2026-06-10', quantity: '20', reason: 'returned' } as const;
    expect(await must(core, 'returns.check', check)).toMatchObject({
      route: 'six-month',
      lastDay: '2026-09-10',
      reasons: [],
      refund: { refunded: false, repayCny: '0.00' },
      quantity: { exported: '60', returnedBefore: '0', returned: '20', isTooMuch: false },
      line: { form: 'declaration', label: '640720260000000001-1' },
      crossCustoms: 'unknown',
    });
    core.session.book
      .prepare(
        `UPDATE export_line SET regime = 'refund', claimed_period = '2026-04', claim_batch = '1', pre_refund_fen = 11700 WHERE id = ?`,
      )
      .run(line);
    const refunded = await must(core, 'returns.check', check);
    // A third of 117.00 comes back, and is not repaid yet.
    expect(refunded).toMatchObject({
      route: 'six-month',
      refund: { refunded: true, isRepaid: false, repayCny: '39.00' },
    });
    expect(refunded.reasons.map(({ code }) => code)).toEqual(['REFUND_NOT_REPAID']);
    const paid = { ...check, repaidOn: '2026-06-01', certificateReceivedOn: '2026-06-05' };
    expect((await must(core, 'returns.check', paid)).papers.at(-1)).toMatchObject({
      id: 'taxCertificate',
      isAtHand: true,
    });
    const late = { ...paid, returnedOn: '2026-10-01', defect: true };
    expect(await must(core, 'returns.check', late)).toMatchObject({
      route: 'one-year',
      oneYearLastDay: '2027-03-10',
      reasons: [{ code: 'OVER_6_MONTHS' }],
    });
    expect(late.returnedOn > refunded.lastDay).toBe(true);
    expect(refunded).toMatchObject({ days: { sinceExport: 92, left: 92 }, originalState: true });
    expect(await must(core, 'returns.check', late)).toMatchObject({ days: { sinceExport: 205, left: -21 } });
    expect((await must(core, 'returns.check', { ...check, quantity: '61' })).quantity.isTooMuch).toBe(true);
    expect(await core.call('returns.check', { ...check, returnedOn: '2026-03-09' })).toMatchObject({
      error: { code: 'RETURN_BEFORE_EXPORT' },
    });
  });
});

describe('food that comes back', () => {
  it('is taken for food by its commodity code until somebody says, and does not come under the six months', async () => {
    const { book } = core.session;
    const line = seed.line({ mode: '9610', qty: 5, hsCode: '2008997000', name: '芒果干' });
    const check = { exportLineId: line, returnedOn: '2026-06-10', reason: 'returned' } as const;
    expect(await must(core, 'returns.check', check)).toMatchObject({
      ...{ route: 'ordinary', food: { isFood: true, from: 'code' } },
      reasons: [{ code: 'FOOD' }],
    });
    expect(await must(core, 'returns.check', { ...check, defect: true })).toMatchObject({ route: 'one-year' });
    expect(await must(core, 'returns.check', { ...check, food: false })).toMatchObject({
      ...{ route: 'six-month', food: { isFood: false, from: 'said' }, reasons: [] },
    });
    // A shirt is none, unless somebody says so.
    const shirt = { ...check, exportLineId: seed.line({ mode: '9610' }) };
    expect(await must(core, 'returns.check', shirt)).toMatchObject({
      ...{ route: 'six-month', food: { isFood: false, from: 'code' } },
    });
    expect((await must(core, 'returns.check', { ...shirt, food: true })).route).toBe('ordinary');
    // The sheet of the tax return says the same.
    book
      .prepare(
        `INSERT INTO goods_return (number, export_line_id, qty_e5, state, received_on, reason, created_at, updated_at)
         VALUES ('T1', ?, 100000, 'received', '2026-06-10', 'returned', '', '')`,
      )
      .run(line);
    const sheet = await must(core, 'worksheets.get', { name: 'returns', period: '2026-06' });
    const row = sheet.sections.find(({ id }) => id === 'returnLines')?.rows[0];
    expect(JSON.stringify(row?.cells['dutyFree'])).toContain('否');
  });
});

describe('checks', () => {
  it('are listed, switched off with a reason and on again', async () => {
    const { rows } = await must(core, 'checks.list', {});
    expect(rows.length).toBeGreaterThan(120);
    await must(core, 'checks.configure', { rule: 'M-PHONE', off: true, reason: '买家都在境外' });
    const of = async () => (await must(core, 'checks.list', {})).rows.find(({ id }) => id === 'M-PHONE');
    expect(await of()).toMatchObject({ level: 'doubt', off: { reason: '买家都在境外', by: 'desk' } });
    const file = path.join(folder, 'checks.xlsx');
    expect(await must(core, 'documents.exportFindings', { to: file })).toEqual({ rows: 1 });
    await must(core, 'checks.configure', { rule: 'M-PHONE', off: false, reason: '恢复' });
    expect((await of())?.off).toBeUndefined();
    expect(await core.call('checks.configure', { rule: 'X', off: true, reason: 'x' })).toMatchObject({
      error: { code: 'RULE_UNKNOWN' },
    });
    expect(await core.call('checks.configure', { rule: 'M-PHONE', off: true, reason: ' ' })).toMatchObject({
      ok: false,
    });
  });
});
