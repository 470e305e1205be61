import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { saveTaxProfile } from '../../electron/core/store/worksheets/facts.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
const today = '2026-11-21';
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-deadlines-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly declarationNo: string;
  readonly lineNo?: number;
  readonly exportDate: string;
  readonly mode?: string;
  readonly fobFen?: number | null;
  readonly more?: Readonly<Record<string, string | number>>;
}
function exportLines(lines: readonly Line[]): void {
  const { book } = core.session;
  const insert = book.db.prepare(
    `INSERT INTO export_line (mode, declaration_no, line_no, export_date, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, created_at)
     VALUES (?, ?, ?, ?, '6109100021', 'T恤', '件', 100000, 'USD', 10000, ?, ?)`,
  );
  book.transaction(() => {
    for (const one of lines) {
      const fob = one.fobFen === undefined ? 70_000 : one.fobFen;
      const { lastInsertRowid } = insert.run(
        one.mode ?? '0110',
        one.declarationNo,
        one.lineNo ?? 1,
        one.exportDate,
        fob,
        now,
      );
      for (const [name, value] of Object.entries(one.more ?? {}))
        book.db.prepare(`UPDATE export_line SET ${name} = ? WHERE id = ?`).run(value, lastInsertRowid);
    }
  });
}
const list = (input: Partial<Parameters<typeof must<'deadlines.list'>>[2]> = {}) =>
  must(core, 'deadlines.list', { today, ...input });
const of = async (rule: string, input: Parameters<typeof list>[0] = {}) =>
  (await list(input)).rows.filter((row) => row.rule === rule);

describe('the calendar', () => {
  it('knows the periodic ones of a new book and shows none from before it', async () => {
    const { rows, counts } = await list({ to: '2027-06-30' });
    expect(rows.map(({ rule, date, certain, period }) => [rule, date, certain, period])).toEqual([
      ['vatFiling', '2026-12-15', true, '2026-11'],
      ['incomeTaxPrepayment', '2027-01-15', false, '2026-Q4'],
      ['vatFiling', '2027-01-15', false, '2026-12'],
      ['vatFiling', '2027-02-15', false, '2027-01'],
      ['vatFiling', '2027-03-15', false, '2027-02'],
      ['incomeTaxPrepayment', '2027-04-15', false, '2027-Q1'],
      ['vatFiling', '2027-04-15', false, '2027-03'],
      ['vatFiling', '2027-05-17', false, '2027-04'],
      ['incomeTaxAnnual', '2027-05-31', false, '2026'],
      ['vatFiling', '2027-06-15', false, '2027-05'],
    ]);
    expect(counts).toEqual({ vat: 7, 'income-tax': 3 });
    expect(rows[0]).toMatchObject({
      state: 'open',
      reached: null,
      note: { zh: expect.stringContaining('以主管部门最新要求为准') },
    });
  });

  it('runs the clocks of claim, receipt and the 36 months by declaration, apart from each other', async () => {
    exportLines([
      { declarationNo: '640720260000000001', exportDate: '2026-02-10' },
      { declarationNo: '640720260000000001', lineNo: 2, exportDate: '2026-02-10', fobFen: null },
      {
        declarationNo: '640720260000000002',
        exportDate: '2026-03-01',
        more: { claimed_period: '2026-04', regime: 'refund' },
      },
      { declarationNo: '640720260000000003', exportDate: '2026-03-02', more: { received_on: '2026-05-01' } },
      { declarationNo: '640720260000000004', exportDate: '2025-12-31', more: { contract_receipt_date: '2027-08-01' } },
    ]);
    expect(await of('refundFiling')).toMatchObject([
      // Left in 2025: its term ended on 30 April 2026.
      { date: '2026-04-30', count: 1, subject: '640720260000000004', state: 'open' },
      { date: '2027-04-30', count: 2, lines: 3, amount: '1400.00', amountKind: 'fob', amountMissing: 1, subject: '' },
    ]);
    expect(await of('receipt')).toMatchObject([{ date: '2027-04-30', count: 2, lines: 3 }]);
    expect(await of('receiptByContract')).toMatchObject([{ date: '2027-08-01', subject: '640720260000000004' }]);
    expect(await of('hardLimit', { to: '2030-01-01' })).toMatchObject([
      { date: '2029-02-10', event: '2026-02-10', certain: true, shift: 'none' },
      { date: '2029-03-02' },
    ]);
    // The claim's day is not known: assumed at its earliest, the first of the month.
    expect(await of('archivePapers')).toMatchObject([
      { date: '2026-04-16', assumed: true, subject: '640720260000000002' },
    ]);
  });

  it('are those of T11: a choice and a changed pack move both, a contract before the normal end waits for it', async () => {
    exportLines([
      { declarationNo: '640720260000000001', exportDate: '2026-02-10' },
      { declarationNo: '640720260000000002', exportDate: '2026-02-10', more: { contract_receipt_date: '2026-06-30' } },
      { declarationNo: '640720260000000003', exportDate: '2025-02-10', more: { contract_receipt_date: '2030-06-30' } },
    ]);
    // Exports of 2025 know no 36 months, so nothing caps their contract.
    expect((await of('receiptByContract', { to: '2031-01-01' })).map(({ date }) => date)).toEqual([
      '2027-04-30',
      '2030-06-30',
    ]);
    await must(core, 'rules.set', { id: 'T11.lastDay', option: 'dayBefore', reason: '从严' });
    const limit = () => of('hardLimit', { to: '2030-01-01' });
    expect(await limit()).toMatchObject([{ date: '2029-02-09' }]);
    const { shipped } = await must(core, 'rules.pack', { id: 'tax-export-vat' });
    const { title, changed: _, ...rest } = shipped;
    const versions = rest.versions.map((one) => ({
      ...one,
      parameters: { ...one.parameters, normalBy: '05-31', ...(one.inForceTo === null ? { hardLimitMonths: 24 } : {}) },
    }));
    const body = { ...rest, versions, titleZh: title.zh, titleEn: title.en };
    await must(core, 'rules.savePack', { id: 'tax-export-vat', body, reason: '试' });
    expect(await limit()).toMatchObject([{ date: '2028-02-09' }]);
    expect((await of('refundFiling')).map(({ date }) => date)).toEqual(['2026-05-31', '2027-05-31']);
    const { result } = await must(core, 'rules.run', { calculator: 'T11', input: { exportDate: '2026-02-10' } });
    expect(result).toMatchObject({ hardLimit: '2028-02-09', normalTo: '2027-05-31' });
  });

  it('tells where refunds and pre-refunds stand', async () => {
    saveTaxProfile(core.session.book, { refundClass: '1' }, now);
    exportLines([
      {
        declarationNo: 'A',
        exportDate: '2026-10-10',
        more: { claimed_period: '2026-11', claim_batch: '1', regime: 'refund' },
      },
      {
        declarationNo: 'B',
        exportDate: '2025-03-01',
        mode: '9810',
        more: { pre_refund_fen: 130_000, pre_refund_done_on: '2025-03-20' },
      },
    ]);
    // First of November is a Sunday; five working days from it end on Friday the 6th.
    expect(await of('refundExpected')).toMatchObject([
      { date: '2026-11-06', subject: '2026-11/1', amountKind: 'refund' },
    ]);
    expect(await of('warehouseSettlement')).toMatchObject([
      { date: '2026-04-30', amount: '1300.00', amountKind: 'refund' },
    ]);
  });
});

describe('a word on a reminder', () => {
  it('puts one off or settles it, and is taken back', async () => {
    const vat = { today, rule: 'vatFiling', date: '2026-12-15', subject: '2026-11' } as const;
    await must(core, 'deadlines.mark', { ...vat, state: 'snoozed', until: '2026-12-01', reason: '等发票' });
    expect((await of('vatFiling'))[0]).toMatchObject({ state: 'snoozed', until: '2026-12-01', reason: '等发票' });
    expect((await of('vatFiling', { today: '2026-12-01' }))[0]).toMatchObject({ state: 'open' });
    await must(core, 'deadlines.mark', { ...vat, state: 'done', reason: '已申报' });
    expect((await of('vatFiling', { state: 'open' }))[0]?.period).toBe('2026-12');
    expect(await must(core, 'deadlines.unmark', vat)).toEqual({ unmarked: 1 });
    expect((await of('vatFiling'))[0]).toMatchObject({ state: 'open', period: '2026-11' });
    const past = await core.call('deadlines.mark', { ...vat, state: 'snoozed', until: today, reason: 'x' });
    expect(past).toMatchObject({ ok: false, error: { code: 'DEADLINE_UNTIL' } });
  });

  it('settles all declarations of a day at once, and only those of that moment are taken back', async () => {
    exportLines(['A', 'B', 'C'].map((declarationNo) => ({ declarationNo, exportDate: '2026-02-10' })));
    const row = { today, rule: 'receipt', date: '2027-04-30' } as const;
    await must(core, 'deadlines.mark', { ...row, subject: 'B', state: 'done', reason: '视同收汇' });
    expect(await of('receipt')).toMatchObject([
      { state: 'done', count: 1, subject: 'B' },
      { state: 'open', count: 2 },
    ]);
    const open = await must(core, 'deadlines.declarations', { ...row, state: 'open' });
    expect(open).toMatchObject({
      total: 2,
      rows: [{ declarationNo: 'A', event: '2026-02-10', amount: '700.00' }, { declarationNo: 'C' }],
    });
    expect(
      await must(core, 'deadlines.mark', { ...row, state: 'snoozed', until: '2027-01-31', reason: '年后' }),
    ).toMatchObject({ marked: 2 });
    expect(await must(core, 'deadlines.unmark', { ...row, subject: 'A' })).toEqual({ unmarked: 1 });
    expect((await of('receipt')).map(({ state, count }) => [state, count])).toEqual([
      ['done', 1],
      ['open', 1],
      ['snoozed', 1],
    ]);
  });

  it('switches a rule off with a reason, and keeps own dates and letters', async () => {
    await must(core, 'deadlines.switchRule', { id: 'vatFiling', off: true, reason: '按季申报' });
    expect(await of('vatFiling')).toEqual([]);
    const { rows } = await must(core, 'deadlines.rules', {});
    expect(rows.find(({ id }) => id === 'vatFiling')?.off?.reason).toBe('按季申报');
    await must(core, 'deadlines.switchRule', { id: 'vatFiling', off: false, reason: '恢复' });
    expect((await of('vatFiling')).length).toBeGreaterThan(0);

    const { id } = await must(core, 'deadlines.add', {
      kind: 'letter',
      title: '函调回复',
      date: '2026-12-05',
      subject: '琼税函1',
      supplier: '供货厂',
    });
    expect(await of('letterReply')).toMatchObject([
      { date: '2026-12-05', entryId: id, detail: '函调回复 · 琼税函1 · 供货厂', reached: 15 },
    ]);
    expect(await must(core, 'deadlines.remove', { id })).toMatchObject({ title: '函调回复' });
    expect(await of('letterReply')).toEqual([]);
    expect(await core.call('deadlines.remove', { id })).toMatchObject({ error: { code: 'DEADLINE_UNKNOWN' } });
  });
});

describe('holidays', () => {
  it('of a year are brought in from a file and move the dates; taking them away moves them back', async () => {
    expect((await must(core, 'calendar.years', { today })).years.find(({ year }) => year === 2027)).toMatchObject({
      source: 'none',
    });
    expect((await list()).unknownYears).toEqual([2027]);
    const csv = path.join(folder, 'holidays.csv');
    writeFileSync(
      csv,
      '日期,休/班,名称\n2027-05-01,休,劳动节\n2027-05-02,休,劳动节\n2027-05-03,休,劳动节\n2027-05-04,休,劳动节\n2027-05-05,休,劳动节\n2027-05-08,班,劳动节\n',
    );
    expect(await must(core, 'calendar.import', { file: csv, source: '国务院办公厅通知' })).toEqual({
      year: 2027,
      off: 5,
      work: 1,
      replaced: false,
    });
    const may = (await of('vatFiling')).find(({ period }) => period === '2027-04');
    // 15 May 2027 is a Saturday; five working days after it end on Friday the 21st.
    expect(may).toMatchObject({ statutory: '2027-05-15', date: '2027-05-21', certain: true });
    const json = path.join(folder, 'holidays.json');
    writeFileSync(json, JSON.stringify([{ date: '2027-01-01', kind: 'off', name: '元旦' }]));
    expect(await must(core, 'calendar.import', { file: json, source: 'x' })).toMatchObject({
      year: 2027,
      off: 1,
      replaced: true,
    });
    await must(core, 'calendar.remove', { year: 2027 });
    expect((await of('vatFiling')).find(({ period }) => period === '2027-04')).toMatchObject({
      date: '2027-05-17',
      certain: false,
    });
    writeFileSync(json, 'no json');
    expect(await core.call('calendar.import', { file: json, source: 'x' })).toMatchObject({
      error: { code: 'FILE_DAMAGED' },
    });
  });
});

describe('a hundred thousand export lines', () => {
  it('are a short list, and the first page shows the next', async () => {
    exportLines(
      Array.from({ length: 100_000 }, (_, at) => ({
        declarationNo: `64072026${String(Math.floor(at / 5)).padStart(10, '0')}`,
        lineNo: (at % 5) + 1,
        exportDate: `2026-${String(1 + (Math.floor(at / 5) % 10)).padStart(2, '0')}-${String(1 + (Math.floor(at / 50) % 28)).padStart(2, '0')}`,
      })),
    );
    const started = performance.now();
    const { rows } = await list();
    const filing = rows.filter(({ rule }) => rule === 'refundFiling');
    if (process.env['PORTBOOK_TIMES'] !== undefined) console.log('list', Math.round(performance.now() - started), 'ms');
    expect(filing).toMatchObject([{ date: '2027-04-30', count: 20_000, lines: 100_000, amount: '70000000.00' }]);
    expect(rows.length).toBeLessThan(60);
    const page = await must(core, 'deadlines.declarations', {
      today,
      rule: 'receipt',
      date: '2027-04-30',
      state: 'open',
      limit: 500,
    });
    expect(page).toMatchObject({ total: 20_000 });
    expect(page.rows).toHaveLength(500);
    const again = performance.now();
    const { due } = await must(core, 'today.get', { date: '2027-04-25' });
    if (process.env['PORTBOOK_TIMES'] !== undefined) console.log('today', Math.round(performance.now() - again), 'ms');
    expect(due.map(({ code }) => code)).toContain('refundFiling');
  });
});
