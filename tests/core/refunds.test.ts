import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must, shipmentBody } from '../fixtures/trade.ts';

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
    expect(sheet.results.find(({ id }) => id === 'claimableRefund')?.value).toBe(run.refund);
    expect(sheet.sections.find(({ id }) => id === 'claimablePurchases')).toMatchObject({
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
    const shipment = await must(core, 'shipments.save', {
      body: { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' },
    });
    core.session.book.prepare('UPDATE export_line SET shipment_id = ? WHERE id = ?').run(shipment.id, line);
    const overview = () => must(core, 'shipments.overview', { id: shipment.id, date: '2026-11-21' });
    // Shown once: to be settled, and not claimed beside it.
    expect((await overview()).refund).toMatchObject({ claimed: '0.00', unclaimed: '0.00', preRefund: '1300.00' });
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
    // All sold, and on sale 1,235.00 were due: settled in June, and in no later quarter.
    core.session.book.prepare('UPDATE export_line SET sold_qty_e5 = 10000000 WHERE id = ?').run(line);
    const { rows: listed } = await must(core, 'exportLines.list', { limit: 10 });
    const subject = `${listed[0]?.declarationNo}-${listed[0]?.lineNo}`;
    const overseas = (period: string) => must(core, 'worksheets.get', { name: 'overseas-9810', period });
    expect((await overseas('2026-Q2')).findings.map(({ code }) => code)).toContain('actualRefundAssumed');
    await must(core, 'tax.setFacts', {
      facts: [{ name: 'warehouse-settlement', period: '2026-06', subject, value: '1235.00' }],
    });
    expect((await overview()).refund).toMatchObject({ claimed: '1235.00', preRefund: '0.00' });
    const settled = await overseas('2026-Q2');
    expect(settled.sections[0]?.rows[0]?.cells).toMatchObject({
      action: { zh: '冲减预退并按实际申报' },
      reverse: '-1300.00',
      redeclare: '1235.00',
      net: '-65.00',
      settledIn: '2026-06',
    });
    const later = await overseas('2026-Q3');
    expect(later.sections[0]?.rowCount).toBe(0);
    expect(later.results[0]).toMatchObject({ id: 'net', value: '0.00' });
    expect(later.findings.map(({ code }) => code)).toEqual(['settledBefore']);
  });

  it('leaves out warehouse goods that came back before the claim, and nothing for what comes back after it', async () => {
    // Ten pieces bought for 1,000.00 and 130.00 of VAT, six sold abroad; four come back to 退货仓, one of them entered by mistake.
    const line = seed.line({ mode: '9810', qty: 10 });
    seed.invoice({ number: 'A1', qty: 10, amountFen: 100_000, vatFen: 13_000 });
    await must(core, 'refunds.match', { period: '2026-03' });
    const { book } = core.session;
    book.prepare('UPDATE export_line SET sold_qty_e5 = 600000 WHERE id = ?').run(line);
    const back = (qty: string, reason: 'unsold' | 'returned' = 'unsold') =>
      must(core, 'returns.receive', { line: { exportLineId: line }, qty, receivedOn: '2026-04-10', reason });
    const { id } = await back('3');
    expect(await trouble(core.call('refunds.claim', { ...claim, lines: [line] }))).toMatchObject({
      code: 'CLAIM_UNSOLD',
    });
    const fourth = await back('1');
    const row = async () =>
      (await must(core, 'worksheets.get', { name: 'overseas-9810', period: '2026-Q1' })).sections[0]?.rows[0]?.cells;
    expect(await row()).toMatchObject({ sold: '6', cameBack: '4', unsold: '0', action: { zh: '按一般出口申报退税' } });
    // Six of ten: 78.00 of 130.00, in what can be claimed as in the claim.
    const claimable = await must(core, 'worksheets.get', { name: 'refund-trading', period: '2026-03' });
    expect(claimable.results.find((one) => one.id === 'claimableRefund')?.value).toBe('78.00');
    expect(await must(core, 'refunds.claim', claim)).toMatchObject({ lines: 1, refund: '78.00', toCost: '0.00' });
    const matched = async () => (await must(core, 'refunds.matches', { period: '2026-03' })).rows[0];
    expect(await matched()).toMatchObject({ state: 'claimed', matchedQuantity: '6', refund: '78.00' });
    // What its buyers send back later is repaid by its certificate; the claim stays as it was.
    await back('2', 'returned');
    const sheet = await must(core, 'worksheets.get', { name: 'refund-trading', period: '2026-04' });
    expect(sheet.sections.find((one) => one.id === 'exportDetail')).toMatchObject({
      ...{ rows: [{ cells: { quantity: '6' } }], totals: { refund: '78.00' } },
    });
    await must(core, 'refunds.unclaim', { period: '2026-04', batch: '1', reason: '录错' });
    for (const returned of [id, fourth.id])
      await must(core, 'returns.move', { id: returned, to: 'void', note: '录错' });
    // Two are back, and eight can be claimed once they are sold; all ten were, and buyers sent two back.
    expect(await row()).toMatchObject({ cameBack: '2', unsold: '2' });
    book.prepare('UPDATE export_line SET sold_qty_e5 = 1000000 WHERE id = ?').run(line);
    await must(core, 'refunds.match', { period: '2026-03' });
    expect(await must(core, 'refunds.claim', claim)).toMatchObject({ refund: '104.00' });
  });

  it('leaves a line with goods a count did not find to a person', async () => {
    const line = seed.line({ mode: '9810', qty: 5 });
    seed.invoice({ number: 'A1', qty: 5, amountFen: 50_000, vatFen: 6_500 });
    await must(core, 'refunds.match', { period: '2026-03' });
    core.session.book
      .prepare('UPDATE export_line SET sold_qty_e5 = 300000, lost_qty_e5 = 200000 WHERE id = ?')
      .run(line);
    const sheet = await must(core, 'worksheets.get', { name: 'overseas-9810', period: '2026-Q1' });
    expect(sheet.sections[0]?.rows[0]?.cells).toMatchObject({ sold: '3', unsold: '0', action: { zh: '盘亏，待确认' } });
    expect(sheet.findings.map(({ code }) => code)).toEqual(['lostAbroad']);
    const before = { ...claim, preRefund: true };
    expect(await trouble(core.call('refunds.claim', before))).toMatchObject({ code: 'REFUND_NOTHING' });
    expect(await must(core, 'refunds.claim', { ...before, lines: [line] })).toMatchObject({
      lines: 1,
      refund: '65.00',
    });
    const decided = await must(core, 'worksheets.get', { name: 'overseas-9810', period: '2026-Q1' });
    expect(decided.findings.map(({ code }) => code)).not.toContain('lostAbroad');
  });
});

describe("a producer's claim", () => {
  it('leaves out what came back before it', async () => {
    await must(core, 'tax.saveProfile', { taxpayer: 'general', kind: 'producer', domesticVatRate: '0.13' });
    seed.tariff('4202220000', { vat_rate: '0.13', refund_rate: '0.13' });
    const line = seed.line({ regime: 'refund', qty: 10, fobFen: 200_000_000, hsCode: '4202220000' });
    const gone = seed.line({ regime: 'refund', qty: 5, fobFen: 100_000_000, hsCode: '4202220000' });
    for (const [exportLineId, qty] of [
      [line, '4'],
      [gone, '5'],
    ] as const)
      await must(core, 'returns.receive', { line: { exportLineId }, qty, receivedOn: '2026-04-01', reason: 'unsold' });
    const sheet = await must(core, 'worksheets.get', { name: 'refund-producer', period: '2026-03' });
    // Six tenths of 2,000,000.00, and nothing of what came back whole.
    expect(JSON.stringify(sheet.sections)).toContain('1200000.00');
    expect(JSON.stringify(sheet.sections)).not.toContain('2000000.00');
  });

  it('marks the month and posts its refund without invoice matches, and is taken back', async () => {
    const claim = { period: '2026-03', batch: '1', date: '2026-04-20' } as const;
    expect(await trouble(core.call('refunds.claimProducer', claim))).toMatchObject({ code: 'CLAIM_NOT_PRODUCER' });
    await must(core, 'tax.saveProfile', { taxpayer: 'general', kind: 'producer', domesticVatRate: '0.13' });
    expect(await trouble(core.call('refunds.claimProducer', claim))).toMatchObject({ code: 'REFUND_NOTHING' });
    seed.tariff('4202220000', { vat_rate: '0.13', refund_rate: '0.10' });
    const line = seed.line({ regime: 'refund', fobFen: 200_000_000, hsCode: '4202220000' });
    expect(await trouble(core.call('refunds.claimProducer', claim))).toEqual({
      code: 'CLAIM_INCOMPLETE',
      params: { period: '2026-03', missing: 2 },
    });
    const fact = (name: 'domestic-output-vat' | 'opening-carry' | 'input-vat', value: string) => ({
      ...{ name, period: '2026-03', value },
    });
    await must(core, 'tax.setFacts', {
      facts: [fact('domestic-output-vat', '130000'), fact('opening-carry', '60000'), fact('input-vat', '260000')],
    });
    const sheet = await must(core, 'worksheets.get', { name: 'refund-producer', period: '2026-03' });
    const figure = (id: string) => sheet.results.find((one) => one.id === id)?.value;
    const done = await must(core, 'refunds.claimProducer', claim);
    expect(done).toMatchObject({
      lines: 1,
      refund: figure('refund'),
      toCost: '60000.00',
      exemptCredit: figure('exemptCredit'),
      state: 'posted',
    });
    expect((await must(core, 'refunds.claims', {})).rows).toMatchObject([
      { period: '2026-03', batch: '1', lines: 1, refund: done.refund, toCost: '60000.00', documentId: done.documentId },
    ]);
    const receivable = async () =>
      (await must(core, 'ledger.trialBalance', {})).rows.find(({ account }) => account === '122102');
    expect((await receivable())?.debit).toBe(done.refund);
    expect(
      await trouble(core.call('regimes.set', { exportLineIds: [line], regime: 'exempt', reason: '试' })),
    ).toMatchObject({ code: 'EXPORT_LINE_CLAIMED' });
    expect(await trouble(core.call('refunds.claimProducer', { ...claim, batch: '2' }))).toMatchObject({
      code: 'REFUND_NOTHING',
    });
    await must(core, 'refunds.unclaim', { period: '2026-03', batch: '1', reason: '录错' });
    expect((await must(core, 'refunds.claims', {})).rows).toEqual([]);
    expect(await must(core, 'refunds.claimProducer', claim)).toMatchObject({ refund: done.refund });
  });

  it('leaves out goods certified as not refunded (未退税), to the fen', async () => {
    await must(core, 'tax.saveProfile', { taxpayer: 'general', kind: 'producer', domesticVatRate: '0.13' });
    seed.tariff('4202220000', { vat_rate: '0.13', refund_rate: '0.10' });
    const of = { regime: 'refund', hsCode: '4202220000' } as const;
    const part = seed.line({ ...of, qty: 3, fobFen: 10_000 });
    const whole = seed.line({ ...of, qty: 5, fobFen: 700_000 });
    const fact = (name: 'domestic-output-vat' | 'opening-carry' | 'input-vat', value: string) => ({
      ...{ name, period: '2026-03', value },
    });
    await must(core, 'tax.setFacts', {
      facts: [fact('domestic-output-vat', '0'), fact('opening-carry', '0'), fact('input-vat', '1000')],
    });
    for (const [exportLineId, qty] of [
      [part, '1'],
      [whole, '5'],
    ] as const) {
      const { id } = await must(core, 'returnCertificates.save', { exportLineId, qty, reason: 'returned' });
      await must(core, 'returnCertificates.move', { id, to: 'handedIn', on: '2026-04-01' });
    }
    const sheet = await must(core, 'worksheets.get', { name: 'refund-producer', period: '2026-03' });
    // Two of three pieces, 66.67 of 100.00, at 10 %; 3 % of it is put to cost.
    expect(sheet.sections.find(({ id }) => id === 'rateGroups')?.rows.map(({ cells }) => cells)).toMatchObject([
      { lines: '1', fobCny: '66.67' },
    ]);
    const claim = { period: '2026-03', batch: '1', date: '2026-04-20' } as const;
    expect(await must(core, 'refunds.claimProducer', claim)).toMatchObject({
      ...{ lines: 1, refund: '6.67', toCost: '2.00' },
    });
    expect((await must(core, 'exportLines.get', { id: whole })).claimedPeriod).toBeUndefined();
  });
});

describe('returned exports', () => {
  it('are judged by T25, with what must be repaid and the certificate asked for, and have last days', async () => {
    const line = seed.line({ mode: '9710', qty: 60, fobFen: 90_000, declarationNo: '640720260000000001', lineNo: 1 });
    seed.invoice({ number: 'A1', qty: 60, amountFen: 90_000, vatFen: 11_700 });
    await must(core, 'refunds.match', { period: '2026-03' });
    await must(core, 'refunds.claim', { period: '2026-04', batch: '1', date: '2026-04-20' });
    const subject = '640720260000000001-1';
    const put = (value: object) =>
      must(core, 'tax.setFacts', {
        facts: [{ name: 'export-return', period: '2026-08', subject, value: JSON.stringify(value) }],
      });
    await put({ reason: 'unsold', quantity: '20' });
    const dates = async () =>
      (await must(core, 'deadlines.list', { today: '2026-08-01', from: '2026-08-01', to: '2026-12-31' })).rows
        .filter(({ rule }) => rule.startsWith('return'))
        .map(({ rule, date, subject: of }) => [rule, date, of]);
    const [first] = await dates();
    const lastDay = String(first?.[1]);
    expect(await dates()).toEqual([
      ['returnCertificate', lastDay, subject],
      ['returnLastDay', lastDay, subject],
    ]);
    await put({
      ...{ reason: 'unsold', quantity: '20', returnedOn: '2026-08-20', originalState: true },
      certificateRequestedOn: '2026-08-25',
    });
    const sheet = await must(core, 'worksheets.get', { name: 'returns', period: '2026-08' });
    // A third of 117.00 came back.
    expect(sheet.results).toMatchObject([{ id: 'toRepay', value: '39.00' }]);
    const [row] = sheet.sections.find(({ id }) => id === 'returnLines')?.rows ?? [];
    expect(row?.cells).toMatchObject({
      lastDay,
      returnedOn: '2026-08-20',
      dutyFree: { zh: '否' },
      returnedQuantity: '20',
    });
    expect(row?.cells['reasons']).toMatchObject({ zh: expect.stringContaining('已退税未补税') });
    expect(sheet.sections.find(({ id }) => id === 'certificates')?.rows[0]?.cells).toMatchObject({
      repay: '39.00',
      state: { zh: '已申请' },
      certificateRequestedOn: '2026-08-25',
    });
    expect(sheet.findings.some(({ text }) => /^(finding|remedy|label)\./.test(text.zh))).toBe(false);
    expect(await dates()).toEqual([['returnCertificate', lastDay, subject]]);
    await put({
      ...{ reason: 'unsold', quantity: '20', returnedOn: '2026-08-20', originalState: true, repaidOn: '2026-08-24' },
      ...{ certificateRequestedOn: '2026-08-25', certificateReceivedOn: '2026-08-30' },
    });
    const done = await must(core, 'worksheets.get', { name: 'returns', period: '2026-08' });
    expect(done.results).toMatchObject([{ value: '0.00' }]);
    expect(done.sections[0]?.rows[0]?.cells['dutyFree']).toMatchObject({ zh: '是' });
    expect(await dates()).toEqual([]);
    expect(
      await trouble(
        core.call('tax.setFacts', {
          facts: [{ name: 'export-return', period: '2026-08', subject, value: '{"reason":"x"}' }],
        }),
      ),
    ).toMatchObject({ code: 'TAX_FACT' });
    expect(line).toBeGreaterThan(0);
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

describe('goods whose refund may have ended', () => {
  it('stay undecided for every seller while a rate of nought does not say whether they are on the list', async () => {
    seed.tariff('7601101000', { vat_rate: '0.13', refund_rate: '0' });
    seed.product('AL1');
    seed.line({ hsCode: '7601101000', sku: 'AL1', name: '铝锭', qty: 10 });
    seed.invoice({ number: 'A1', sku: 'AL1', qty: 10, amountFen: 100_000, vatFen: 13_000 });
    const { profile } = await must(core, 'tax.profile', {});
    for (const seller of [{ kind: 'trading' }, { kind: 'producer' }, { taxpayer: 'small' }] as const) {
      await must(core, 'tax.saveProfile', { ...profile, ...seller });
      expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ undecided: 1 });
      const { findings } = await must(core, 'worksheets.get', { name: 'regime', period: '2026-03' });
      expect(findings).toContainEqual(
        expect.objectContaining({
          code: 'listUnknown',
          level: 'missing',
          rule: 'T05',
          target: { page: 'product', params: { sku: 'AL1' } },
        }),
      );
    }
    await must(core, 'tax.saveProfile', profile);
    await must(core, 'products.saveTax', { skus: ['AL1'], tax: { isOnNoRefundList: false } });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ refund: 1 });
    await must(core, 'products.saveTax', { skus: ['AL1'], tax: { isOnNoRefundList: true } });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ taxed: 1 });
  });
});

describe('a cooperative', () => {
  it('sells free of VAT only what its members have grown', async () => {
    const { profile } = await must(core, 'tax.profile', {});
    await must(core, 'tax.saveProfile', { ...profile, kind: 'cooperative' });
    seed.product('TEA');
    seed.line({ sku: 'TEA', name: '茶叶', qty: 10 });
    seed.invoice({ number: 'A1', sku: 'TEA', qty: 10, amountFen: 100_000, vatFen: 13_000 });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ undecided: 1 });
    const { findings } = await must(core, 'worksheets.get', { name: 'regime', period: '2026-03' });
    expect(findings.filter(({ level }) => level === 'missing').map(({ code, params }) => [code, params])).toEqual([
      ['ownGrownUnknown', { sku: 'TEA' }],
    ]);
    await must(core, 'products.saveTax', { skus: ['TEA'], tax: { isOwnGrown: true } });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ exempt: 1 });
    await must(core, 'products.saveTax', { skus: ['TEA'], tax: { isOwnGrown: false } });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ refund: 1 });
  });
});

describe('a producer', () => {
  it('is asked whether goods are its own make: bought ones are not refunded as such', async () => {
    const { profile } = await must(core, 'tax.profile', {});
    await must(core, 'tax.saveProfile', { ...profile, kind: 'producer' });
    seed.product('LAMP', { refundRate: '0.13', vatRate: '0.13', isOnNoRefundList: false });
    seed.line({ sku: 'LAMP', name: '灯具', qty: 10 });
    await must(core, 'products.saveTax', { skus: ['LAMP'], tax: { isSelfProduced: true } });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ refund: 1 });
    await must(core, 'products.saveTax', { skus: ['LAMP'], tax: { isSelfProduced: false } });
    expect(await must(core, 'regimes.route', { period: '2026-03' })).toMatchObject({ refund: 0 });
  });
});

describe('the limit of 36 months', () => {
  it('refuses a claim and an exempt declaration after it', async () => {
    const late = seed.line({ exportDate: '2026-03-10', qty: 10, regime: 'refund', declarationNo: 'LATE' });
    seed.invoice({ number: 'A1', qty: 10, amountFen: 100_000, vatFen: 13_000 });
    await must(core, 'refunds.match', { period: '2026-03' });
    const claim = { period: '2029-03', batch: '1', date: '2029-03-11' } as const;
    const refused = { code: 'CLAIM_LIMIT_PASSED', params: { line: 'LATE-1', limit: '2029-03-10', date: '2029-03-11' } };
    expect(await trouble(core.call('refunds.claim', claim))).toEqual(refused);
    expect(await trouble(core.call('refunds.claim', { ...claim, lines: [late] }))).toEqual(refused);
    await must(core, 'regimes.set', { exportLineIds: [late], regime: 'exempt', reason: '试' });
    expect(
      await trouble(core.call('regimes.declareExempt', { period: '2029-03', batch: '1', date: '2029-03-11' })),
    ).toEqual(refused);
    await must(core, 'regimes.set', { exportLineIds: [late], regime: 'refund', reason: '试' });
    // On the last day it is in time, but long after 30 April: the statement of receipts goes with it.
    expect(await must(core, 'refunds.claim', { ...claim, date: '2029-03-10' })).toMatchObject({
      lines: 1,
      receiptStatement: ['LATE-1'],
    });
  });

  it('asks for no statement of receipts within the normal time', async () => {
    seed.line({ qty: 10, regime: 'refund' });
    seed.invoice({ number: 'A1', qty: 10, amountFen: 100_000, vatFen: 13_000 });
    await must(core, 'refunds.match', { period: '2026-03' });
    expect(await must(core, 'refunds.claim', { period: '2026-04', batch: '1', date: '2027-04-30' })).toMatchObject({
      receiptStatement: [],
    });
  });
});

describe('the form of a claim', () => {
  const view = (period: string) => must(core, 'worksheets.get', { name: 'refund-trading', period });
  const sectionOf = (sheet: Awaited<ReturnType<typeof view>>, id: string) =>
    sheet.sections.find((one) => one.id === id);

  it('holds what was claimed in the period, batch by batch, whenever it was exported; the rest stands apart', async () => {
    const first = seed.line({ exportDate: '2026-02-10', qty: 10, regime: 'refund' });
    const second = seed.line({ exportDate: '2026-03-10', qty: 10, regime: 'refund' });
    seed.line({ exportDate: '2026-03-11', qty: 10, regime: 'refund' });
    seed.line({ exportDate: '2026-03-12', qty: 10, regime: 'refund' });
    seed.invoice({ number: 'A1', qty: 30, date: '2026-02-01', amountFen: 300_000, vatFen: 39_000 });
    await must(core, 'refunds.match', { period: '2026-Q1' });
    await must(core, 'refunds.claim', { period: '2026-03', batch: '1', date: '2026-03-31', lines: [first] });
    await must(core, 'refunds.claim', { period: '2026-03', batch: '2', date: '2026-03-31', lines: [second] });
    const march = await view('2026-03');
    expect(march.results.map(({ id, value }) => [id, value])).toEqual([
      ['refund', '260.00'],
      ['toCost', '0.00'],
      ['claimableRefund', '130.00'],
    ]);
    expect(sectionOf(march, 'exportDetail')?.rows.map(({ cells }) => [cells['claimed'], cells['sequence']])).toEqual([
      ['2026-03-1', '00000001'],
      ['2026-03-2', '00000001'],
    ]);
    expect(sectionOf(march, 'purchaseDetail')?.totals).toMatchObject({ refund: '260.00', taxableAmount: '2000.00' });
    expect(sectionOf(march, 'claimable')).toMatchObject({ rowCount: 1, totals: { refund: '130.00' } });
    expect(sectionOf(march, 'openLines')).toMatchObject({ rowCount: 1 });
    expect((await view('2026-02')).results[0]).toMatchObject({ id: 'refund', value: '0.00' });
  });

  it('keeps goods not yet sold from a warehouse abroad out of what can be claimed', async () => {
    const sold = seed.line({ mode: '9810', qty: 10, regime: 'refund', sold: 10 });
    seed.line({ mode: '9810', qty: 10, regime: 'refund', exportDate: '2026-03-11', sold: 3 });
    seed.invoice({ number: 'A1', qty: 20, amountFen: 200_000, vatFen: 26_000 });
    await must(core, 'refunds.match', { period: '2026-03' });
    const march = await view('2026-03');
    expect(march.results.find(({ id }) => id === 'claimableRefund')?.value).toBe('130.00');
    expect(sectionOf(march, 'claimable')?.rows.map(({ key }) => key)).toEqual([String(sold)]);
    expect(sectionOf(march, 'unsoldWarehouse')).toMatchObject({ rowCount: 1, totals: { refund: '130.00' } });
  });
});

describe('warehouse goods of which some came back', () => {
  it('are claimed for what was sold once all the rest is back', async () => {
    const line = seed.line({ mode: '9810', qty: 100, regime: 'refund' });
    seed.invoice({ number: 'A1', qty: 60, amountFen: 600_000, vatFen: 78_000 });
    seed.invoice({ number: 'B1', date: '2026-03-02', qty: 40, amountFen: 440_000, vatFen: 57_200 });
    await must(core, 'refunds.match', { period: '2026-03' });
    core.session.book
      .prepare('UPDATE export_line SET sold_qty_e5 = 9000000, back_qty_e5 = 1000000 WHERE id = ?')
      .run(line);
    // 60 of A1 and 30 of the 40 of B1: 780.00 + 429.00; the ten that came back free their part of B1.
    expect(await must(core, 'refunds.claim', { period: '2026-04', batch: '1', date: '2026-04-20' })).toMatchObject({
      lines: 1,
      matches: 2,
      refund: '1209.00',
    });
    expect(
      core.session.book
        .prepare(
          'SELECT used_qty_e5 AS qty, used_amount_fen AS amount, used_vat_fen AS vat FROM input_invoice_line ORDER BY id',
        )
        .all(),
    ).toEqual([
      { qty: 6_000_000, amount: 600_000, vat: 78_000 },
      { qty: 3_000_000, amount: 330_000, vat: 42_900 },
    ]);
  });
});
