import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
let seed: ReturnType<typeof taxBook>;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-refunds-'));
  core = coreAt(folder, { now: () => '2026-11-21T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await must(core, 'tax.saveProfile', {
    taxpayer: 'general',
    kind: 'trading',
    zoneRegistered: true,
    zoneLogged: true,
    zoneDeclared: true,
    refundRegisteredOn: '2024-01-01',
    domesticVatRate: '0.13',
  });
  seed = taxBook(core);
  seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.13' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const trouble = async (call: Promise<{ ok: boolean; error?: { code: string; params: object } }>) => {
  const result = await call;
  if (result.ok) throw new Error('was not refused');
  return { code: result.error?.code, params: result.error?.params };
};

describe('matching', () => {
  it('splits one invoice over two exports to the fen, and a second run writes nothing', async () => {
    const first = seed.line({ qty: 30 });
    const second = seed.line({ qty: 100, exportDate: '2026-03-20' });
    // 90 pieces, 1,000.00 and 130.00: 30 of them 333.33 and 43.33, the rest 666.67 and 86.67.
    seed.invoice({ number: 'A1', qty: 90, amountFen: 100_000, vatFen: 13_000 });
    const run = await must(core, 'refunds.match', { period: '2026-03' });
    expect(run).toMatchObject({ lines: 2, matched: 1, partly: 1, added: 2, removed: 0, refund: '130.00' });
    expect(run.unmatched).toMatchObject([{ exportLineId: second, quantity: '40', reason: 'QTY_SHORT' }]);
    const { rows } = await must(core, 'refunds.matches', { period: '2026-03' });
    expect(rows.map(({ exportLineId, state, refund }) => ({ exportLineId, state, refund }))).toEqual([
      { exportLineId: first, state: 'matched', refund: '43.33' },
      { exportLineId: second, state: 'partly', refund: '86.67' },
    ]);
    expect(rows[0]?.matches).toMatchObject([{ amount: '333.33', vat: '43.33', refundRate: '0.13', byPerson: false }]);
    const mark = core.session.book.changeMark();
    expect(await must(core, 'refunds.match', { period: '2026-03' })).toMatchObject({ added: 0, removed: 0 });
    expect(core.session.book.changeMark()).toBe(mark);
  });

  it('never refunds more than the input tax, nor beyond the invoice rate', async () => {
    const id = seed.line({ qty: 3 });
    // 3 % invoice of a small-scale supplier, its VAT a fen short: 200.00 × 3 % = 6.00, VAT 5.99.
    seed.invoice({ number: 'A1', qty: 3, amountFen: 20_000, vatFen: 599, vatRate: '0.03' });
    await must(core, 'refunds.match', { period: '2026-03' });
    const { rows } = await must(core, 'refunds.matches', { period: '2026-03' });
    expect(rows).toMatchObject([{ exportLineId: id, refund: '5.99', matches: [{ refundRate: '0.03', vat: '5.99' }] }]);
  });

  it('keeps what a person matched and refuses to use an invoice beyond its amount', async () => {
    const line = seed.line({ qty: 100 });
    const other = seed.line({ qty: 100, exportDate: '2026-03-11' });
    const a = seed.invoice({ number: 'A1', qty: 60, amountFen: 60_000, vatFen: 7_800 });
    const b = seed.invoice({ number: 'B1', date: '2026-03-02', qty: 100, amountFen: 110_000, vatFen: 14_300 });
    await must(core, 'refunds.match', { period: '2026-03' });
    // All of A1 and 40 of B1 serve the first line, the other takes the 60 left.
    expect(
      await trouble(core.call('refunds.setMatch', { exportLineId: line, invoiceLineId: b, quantity: '100' })),
    ).toEqual({ code: 'INVOICE_USED', params: { number: 'B1', left: '40', want: '100' } });
    const set = await must(core, 'refunds.setMatch', { exportLineId: line, invoiceLineId: b, quantity: '40' });
    expect(set.refund).toBe('57.20');
    const again = await must(core, 'refunds.match', { period: '2026-03' });
    // The person's line stays as it is: A1 is free and serves the other line.
    expect(again).toMatchObject({ matched: 1, partly: 1 });
    const { rows } = await must(core, 'refunds.matches', { period: '2026-03' });
    expect(rows[0]).toMatchObject({
      exportLineId: line,
      matchedQuantity: '40',
      matches: [{ id: set.id, byPerson: true }],
    });
    expect(rows[1]?.matches.map(({ invoiceLineId, quantity }) => [invoiceLineId, quantity])).toEqual([
      [a, '60'],
      [b, '40'],
    ]);
    expect(rows[1]?.exportLineId).toBe(other);
    const candidates = await must(core, 'refunds.candidates', { exportLineId: line });
    expect(candidates.rows).toMatchObject([{ invoiceNumber: 'B1', left: '20', leftAmount: '220.00' }]);
    await must(core, 'refunds.removeMatch', { id: set.id });
    expect(await must(core, 'refunds.match', { period: '2026-03' })).toMatchObject({ matched: 1, partly: 1 });
  });

  it('refuses papers that give no refund', async () => {
    const line = seed.line({ qty: 10 });
    const ordinary = seed.invoice({ number: 'N1', kind: 'ordinary', qty: 10, amountFen: 1000, vatFen: 130 });
    const inPairs = seed.invoice({ number: 'P1', unit: '双', qty: 10, amountFen: 1000, vatFen: 130 });
    const unrated = seed.line({ qty: 10, hsCode: '9999999999' });
    const call = (exportLineId: number, invoiceLineId: number) =>
      trouble(core.call('refunds.setMatch', { exportLineId, invoiceLineId, quantity: '1' }));
    expect((await call(line, ordinary)).code).toBe('INVOICE_NO_REFUND');
    expect((await call(line, inPairs)).code).toBe('REFUND_UNIT');
    expect((await call(unrated, inPairs)).code).toBe('REFUND_RATE_MISSING');
    expect((await call(999, inPairs)).code).toBe('EXPORT_LINE_UNKNOWN');
  });

  it('matches a thousand lines exactly', async () => {
    const { book } = core.session;
    let wanted = 0;
    book.transaction(() => {
      for (let at = 0; at < 1000; at += 1) {
        seed.product(`S${at}`);
        seed.line({ sku: `S${at}`, qty: 7, exportDate: `2026-03-${String((at % 28) + 1).padStart(2, '0')}` });
        // 10 pieces for every 7 exported: 70 % of amount and VAT, rounded once.
        const amountFen = 12_345 + at;
        seed.invoice({ number: `I${at}`, sku: `S${at}`, qty: 10, amountFen, vatFen: Math.round(amountFen * 0.13) });
        const [amount, vat] = [Math.round(amountFen * 0.7), Math.round(Math.round(amountFen * 0.13) * 0.7)];
        wanted += Math.min(Math.round(amount * 0.13), vat);
      }
    });
    const run = await must(core, 'refunds.match', { period: '2026-03' });
    expect(run).toMatchObject({ lines: 1000, matched: 1000, added: 1000, unmatched: [] });
    expect(run.refund).toBe((wanted / 100).toFixed(2));
    const used = book
      .prepare('SELECT count(*) AS n FROM input_invoice_line WHERE used_vat_fen > vat_fen OR used_qty_e5 > qty_e5')
      .get() as { n: number };
    expect(used.n).toBe(0);
    const page = await must(core, 'refunds.matches', { period: '2026-03', limit: 400 });
    const next = await must(core, 'refunds.matches', { period: '2026-03', limit: 400, after: page.nextCursor });
    expect([page.rows.length, next.rows.length, page.total]).toEqual([400, 400, 1000]);
    expect(next.rows[0]?.exportLineId).not.toBe(page.rows[0]?.exportLineId);
    const sheet = await must(core, 'worksheets.get', { name: 'refund-trading', period: '2026-03', limit: 50 });
    expect(sheet.results[0]).toMatchObject({ id: 'refund', value: run.refund });
    expect(sheet.sections.find(({ id }) => id === 'purchaseDetail')).toMatchObject({
      rowCount: 1000,
      totals: { refund: run.refund },
    });
    expect(sheet.derivations).toHaveLength(50);
  });
});

describe('a claim', () => {
  const prepare = async () => {
    const line = seed.line({ qty: 60, fobFen: 90_000 });
    const other = seed.line({ qty: 30, exportDate: '2026-03-11' });
    seed.invoice({ number: 'A1', qty: 90, amountFen: 90_000, vatFen: 11_700 });
    await must(core, 'refunds.match', { period: '2026-03' });
    return { line, other };
  };
  const claim = { period: '2026-04', batch: '1', date: '2026-04-20' } as const;

  it('gives association numbers, posts the receivable and locks its lines', async () => {
    const { line, other } = await prepare();
    const done = await must(core, 'refunds.claim', claim);
    expect(done).toMatchObject({ lines: 2, matches: 2, refund: '117.00', toCost: '0.00', state: 'posted' });
    const { rows } = await must(core, 'refunds.matches', { period: '2026-03' });
    // One invoice serves both lines: one association number.
    expect(new Set(rows.flatMap(({ matches }) => matches.map(({ associationNo }) => associationNo)))).toEqual(
      new Set(['2026040010001']),
    );
    expect(rows.every(({ state }) => state === 'claimed')).toBe(true);
    const balance = await must(core, 'ledger.trialBalance', {});
    expect(balance.rows.find(({ account }) => account === '122102')).toMatchObject({ debit: '117.00' });

    const [match] = rows[0]?.matches ?? [];
    const locked = { code: 'EXPORT_LINE_CLAIMED' };
    expect(await trouble(core.call('refunds.removeMatch', { id: match?.id ?? 0 }))).toMatchObject(locked);
    expect(
      await trouble(core.call('regimes.set', { exportLineIds: [line], regime: 'exempt', reason: '试' })),
    ).toMatchObject(locked);
    expect(
      await trouble(
        core.call('refunds.setMatch', { exportLineId: other, invoiceLineId: match?.invoiceLineId ?? 0, quantity: '1' }),
      ),
    ).toMatchObject(locked);
    expect(await trouble(core.call('refunds.claim', claim))).toMatchObject({ code: 'CLAIM_BATCH_USED' });
    expect(await trouble(core.call('refunds.claim', { ...claim, batch: '2' }))).toMatchObject({
      code: 'REFUND_NOTHING',
    });
    expect(await must(core, 'refunds.match', { period: '2026-03' })).toMatchObject({ lines: 0, added: 0, removed: 0 });
    expect((await must(core, 'refunds.claims', {})).rows).toMatchObject([
      { period: '2026-04', batch: '1', lines: 2, refund: '117.00', documentId: done.documentId },
    ]);
  });

  it('is taken back whole: lines open, receivable reversed', async () => {
    await prepare();
    await must(core, 'refunds.claim', claim);
    expect(await must(core, 'refunds.unclaim', { period: '2026-04', batch: '1', reason: '录错' })).toEqual({
      lines: 2,
    });
    const { rows } = await must(core, 'refunds.matches', { period: '2026-03' });
    expect(rows.map(({ state }) => state)).toEqual(['matched', 'matched']);
    expect(rows[0]?.matches[0]?.associationNo).toBe('');
    const balance = await must(core, 'ledger.trialBalance', {});
    const receivable = balance.rows.find(({ account }) => account === '122102');
    expect(Number(receivable?.debit) - Number(receivable?.credit)).toBe(0);
    expect((await must(core, 'refunds.claims', {})).rows).toEqual([]);
    expect(
      await trouble(core.call('refunds.unclaim', { period: '2026-04', batch: '1', reason: '再来' })),
    ).toMatchObject({ code: 'CLAIM_UNKNOWN' });
    expect(await must(core, 'refunds.claim', claim)).toMatchObject({ lines: 2 });
  });

  it('claims unsold warehouse goods before sale only, and settles them', async () => {
    const line = seed.line({ mode: '9810', qty: 100 });
    seed.invoice({ number: 'A1', qty: 100, amountFen: 1_000_000, vatFen: 130_000 });
    await must(core, 'refunds.match', { period: '2026-03' });
    expect(await trouble(core.call('refunds.claim', { ...claim, lines: [line] }))).toMatchObject({
      code: 'CLAIM_UNSOLD',
    });
    expect(await must(core, 'refunds.claim', { ...claim, preRefund: true })).toMatchObject({ refund: '1300.00' });
    await must(core, 'refunds.preRefundDone', { period: '2026-04', batch: '1', doneOn: '2026-05-14' });
    core.session.book.prepare('UPDATE export_line SET sold_qty_e5 = 9500000 WHERE id = ?').run(line);
    const sheet = await must(core, 'worksheets.get', { name: 'overseas-9810', period: '2026-Q1' });
    // 95 of 100 sold: 1,300 given back, 1,235 declared anew.
    expect(sheet.sections[0]?.rows[0]?.cells).toMatchObject({
      preRefund: '1300.00',
      redeclare: '1235.00',
      reverse: '-1300.00',
      net: '-65.00',
      windowStart: '2026-06-01',
      windowEnd: '2027-04-30',
      unsold: '5',
    });
    expect(sheet.results[0]).toMatchObject({ id: 'net', value: '-65.00' });
  });
});

describe('the regime', () => {
  it('goes by the papers there are, as far as they reach; a person decides otherwise with a reason', async () => {
    const invoiced = seed.line({ qty: 60 });
    const without = seed.line({ mode: '9610', qty: 60, exportDate: '2026-03-11' });
    const business = seed.line({ qty: 60, exportDate: '2026-03-12' });
    seed.invoice({ number: 'A1', qty: 60, amountFen: 60_000, vatFen: 7_800 });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toEqual({
      refund: 1,
      exempt: 1,
      taxed: 1,
      kept: 0,
      undecided: 0,
    });
    const stored = () =>
      core.session.book.prepare('SELECT id, regime, regime_by AS who FROM export_line ORDER BY id').all();
    expect(stored()).toEqual([
      { id: invoiced, regime: 'refund', who: 'router' },
      { id: without, regime: 'exempt', who: 'router' },
      { id: business, regime: 'taxed', who: 'router' },
    ]);
    await must(core, 'regimes.set', { exportLineIds: [business], regime: 'exempt', reason: '主管税务机关确认' });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ kept: 1, refund: 1 });
    const sheet = await must(core, 'worksheets.get', { name: 'regime', period: '2026-03' });
    const rows = sheet.sections.find(({ id }) => id === 'regimeLines')?.rows ?? [];
    expect(rows[2]?.cells).toMatchObject({
      byRouter: { zh: '征税' },
      regime: { zh: '免税' },
      decidedBy: { zh: '人工' },
      decisionReason: '主管税务机关确认',
    });
    expect(sheet.findings.some(({ code }) => code === 'regimeByPerson')).toBe(true);
    await must(core, 'regimes.set', { exportLineIds: [business], regime: null, reason: '交还' });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ taxed: 1, kept: 0 });
  });

  it('stays undecided while the profile does not say who sells', async () => {
    await must(core, 'tax.saveProfile', {});
    seed.line();
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ undecided: 1 });
    const sheet = await must(core, 'worksheets.get', { name: 'regime', period: '2026-03' });
    expect(sheet.findings.filter(({ level }) => level === 'missing').map(({ field }) => field)).toEqual([
      'taxpayer',
      'kind',
    ]);
  });

  it('declares exempt lines of a month once', async () => {
    seed.line({ mode: '9610', regime: 'exempt', fobFen: 123_456 });
    expect(await must(core, 'regimes.declareExempt', { period: '2026-04', batch: '5' })).toEqual({
      lines: 1,
      exemptSales: '1234.56',
    });
    expect(await trouble(core.call('regimes.declareExempt', { period: '2026-04', batch: '6' }))).toMatchObject({
      code: 'REFUND_NOTHING',
    });
  });
});
