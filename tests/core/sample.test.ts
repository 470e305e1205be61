import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { verify } from '../../electron/core/keys/verify-signature.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** A day of the week the sample's files were written for: their dates stay as they are. */
const today = '2026-11-21';

let folder = '';
let core: Core;
let bookId = '';
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-sample-'));
  core = coreAt(folder, { now: () => `${today}T04:00:00.000Z` });
  ({ bookId } = await must(core, 'books.createSample', {}));
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the sample book', () => {
  it('comes filled by the ordinary imports, with something left to do', async () => {
    expect((await must(core, 'orders.list', {})).total).toBe(60);
    expect((await must(core, 'products.list', { state: 'to-classify' })).rows.map(({ sku }) => sku)).toEqual([
      'YF-1020',
      'YF-1021',
    ]);
    expect(await must(core, 'orders.facets', {})).toMatchObject({ cancellations: 2, unknownCancellations: 1 });
    const { rows: rates, total } = await must(core, 'rates.list', { limit: 500 });
    expect(total).toBe(80);
    expect(new Set(rates.map(({ kind }) => kind))).toEqual(new Set(['parity', 'bank-buy', 'bank-sell', 'customs']));
    expect(rates.every(({ source }) => source.includes('演示'))).toBe(true);
    const { attention } = await must(core, 'today.get', { date: today });
    expect(attention.map(({ code }) => code)).toEqual(['toClassify', 'countryUnknown', 'importRows']);
    expect((await must(core, 'books.list', {})).books).toMatchObject([{ id: bookId, isSample: true, isOpen: true }]);
  });

  it('has a ledger that balances, three months of it, the first one closed', async () => {
    const { rows: periods } = await must(core, 'periods.list', {});
    expect(periods.map(({ period, state }) => `${period} ${state}`)).toEqual([
      '2026-11 open',
      '2026-10 open',
      '2026-09 closed',
    ]);
    expect(await must(core, 'reports.trialBalance', { from: '2026-09', to: '2026-11' })).toMatchObject({
      balanced: true,
    });
    for (const { period } of periods) {
      const { checks } = await must(core, 'reports.balanceSheet', { period });
      expect(checks.length).toBeGreaterThan(0);
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    }
    const { rows } = await must(core, 'sourceDocuments.list', { limit: 500 });
    expect(new Set(rows.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(6);
    expect(rows.filter(({ state }) => state !== 'posted')).toEqual([]);
  });

  it('has purchases, stock at home and abroad, and goods still to be received', async () => {
    expect((await must(core, 'invoices.list', {})).total).toBe(6);
    expect((await must(core, 'invoices.list', { open: 'receipt' })).total).toBe(2);
    expect((await must(core, 'stock.shorts', {})).total).toBe(0);
    const { rows } = await must(core, 'overseas.list', {});
    expect(rows.map(({ sku, in: went, sold, left }) => [sku, went, sold, left])).toEqual([
      ['YF-1001', '500', '200', '300'],
      ['YF-1002', '300', '120', '180'],
    ]);
  });

  it('has the facts its tax worksheets need', async () => {
    const quarter = await must(core, 'worksheets.get', { name: 'income-tax', period: '2026-Q4' });
    const figures = new Map(quarter.results.map(({ id, value }) => [id, value]));
    expect(quarter.findings.filter(({ level }) => level === 'missing')).toEqual([]);
    // 57,353.57 × 4 % × 5 % since January, less what the last quarter has paid.
    expect(figures).toEqual(
      new Map([
        ['grossRevenue', '57353.57'],
        ['assessableRevenue', '57353.57'],
        ['taxableIncome', '2294.14'],
        ['cumulativeTax', '114.71'],
        ['dueThisPeriod', '73.61'],
        ['dueBy', '2027-01-15'],
      ]),
    );
  });

  it('matches its exports with invoices and says why one does not match', async () => {
    const october = await must(core, 'refunds.match', { period: '2026-10' });
    expect(october).toMatchObject({ lines: 4, matched: 3, refund: '2067.00' });
    expect(october.unmatched.map(({ reason }) => reason)).toEqual(['UNIT_DIFFERS']);
    // 3 % of the small-scale supplier's invoice, not the 13 % of the goods.
    const { rows: september } = await must(core, 'refunds.matches', { period: '2026-09' });
    expect(september.map(({ state, matches }) => [state, ...matches.map(({ refundRate }) => refundRate)])).toEqual([
      ['claimed', '0.13'],
      ['claimed', '0.03'],
    ]);
    expect((await must(core, 'refunds.claims', {})).rows).toMatchObject([
      { period: '2026-09', batch: '001', lines: 2, refund: '1044.00' },
    ]);
  });

  it('has something due: a guarantee about to end, a bill to pay, papers not on file', async () => {
    const { rows } = await must(core, 'deadlines.list', {});
    expect(new Set(rows.map(({ rule }) => rule))).toEqual(
      new Set([
        'taxBillDue',
        'guaranteeExpiry',
        'vatFiling',
        'incomeTaxPrepayment',
        'incomeTaxAnnual',
        'receipt',
        'refundFiling',
        'refundExpected',
        'archivePapers',
        'tradeCreditReport',
      ]),
    );
    expect(await must(core, 'archive.list', { missing: true })).toMatchObject({ total: 3, incomplete: 1 });
    expect(await must(core, 'taxBills.list', { date: today })).toMatchObject({ totals: { due: '1300.00' } });
  });

  it('drafts nearly all of its orders into papers that pass every check', async () => {
    const { rows } = await must(core, 'shipments.list', {});
    const [shipment] = rows;
    if (shipment === undefined) throw new Error('no shipment');
    const drafted = await must(core, 'shipments.draft', { id: shipment.id });
    expect(drafted.orders).toBeGreaterThanOrEqual(50);
    expect(drafted.orders + drafted.blockedTotal).toBe(60);
    const reasons = new Set(drafted.blocked.flatMap(({ reasons: of }) => of.map(({ code }) => code)));
    expect(reasons).toEqual(new Set(['NO_CLASSIFICATION', 'NO_COUNTRY', 'NO_WAYBILL']));
    const checked = await must(core, 'documents.check', {});
    const { rows: findings } = await must(core, 'documents.findings', { level: 'reject' });
    expect(findings).toEqual([]);
    expect(checked).toMatchObject({ reject: 0, documents: drafted.documents });
    await must(core, 'signing.createPractice', {});
    const queued = await must(core, 'documents.queue', {});
    expect(queued).toMatchObject({ held: 0, documents: drafted.documents });
    const out = path.join(folder, 'messages');
    mkdirSync(out);
    expect(await must(core, 'outbox.export', { to: out })).toEqual({ files: queued.messages, unfit: 0 });
    for (const name of readdirSync(out))
      expect(await verify(readFileSync(path.join(out, name), 'utf8'))).toMatchObject({ ok: true });
  });

  it('opens by the passphrase everybody knows and goes in one click', async () => {
    await must(core, 'books.close', {});
    await must(core, 'books.open', { bookId, secret: { passphrase: samplePassphrase } });
    await must(core, 'books.delete', { bookId });
    expect((await must(core, 'books.list', {})).books).toEqual([]);
  });

  it.each([
    ['the turn of a year', '2027-01-05', ['2027-01', '2026-12', '2026-11', '2026-10']],
    ['a year whose rules are not known yet', '2030-03-20', ['2030-03', '2030-02', '2030-01']],
  ])('is of late on any day: %s', async (_name, day, months) => {
    const later = coreAt(path.join(folder, day), { now: () => `${day}T04:00:00.000Z` });
    await must(later, 'books.createSample', {});
    const { rows } = await must(later, 'periods.list', {});
    expect(rows.map(({ period }) => period)).toEqual(months);
    expect(rows.at(-1)?.state).toBe('closed');
    const [last, first] = [rows[0]?.period ?? '', rows.at(-1)?.period ?? ''];
    expect(await must(later, 'reports.trialBalance', { from: first, to: last })).toMatchObject({ balanced: true });
    const { attention } = await must(later, 'today.get', { date: day });
    expect(attention.map(({ code }) => code)).toEqual(['toClassify', 'countryUnknown', 'importRows']);
    await later.close();
  });

  it('invents every person, every firm and every paper', () => {
    const read = (name: string) => readFileSync(core.resources.path('sample', name), 'utf8');
    const text = ['orders', 'products', 'waybills', 'rates'].map((name) => read(`${name}.csv`)).join('\n');
    expect(text).not.toMatch(/@|\d{15}/);
    for (const name of ['invoices.csv', 'entries.json']) expect(read(name)).not.toMatch(/@/);
    // No tax bureau has the code 99.
    const numbers = read('invoices.csv').match(/\b\d{20}\b/g) ?? [];
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((number) => !number.startsWith('2699'))).toEqual([]);
  });
});
