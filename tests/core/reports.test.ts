import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { exactCell } from '../../electron/core/exporters/text-sheet.ts';
import type { Book } from '../../electron/core/store/book.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import type { ReportRequest } from '../../shared/contract/reports.ts';
import { parseScaled } from '../../shared/money/index.ts';
import { fillLedger, type PlainLine, voucherWriter } from '../fixtures/random-ledger.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
let book: Book;
let printedHtml = '';

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-reports-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const cny = (account: string, fen: number, more: Partial<PlainLine> = {}): PlainLine => ({
  account,
  currency: 'CNY',
  minor: fen,
  fen,
  ...more,
});
const usd = (account: string, minor: number, fen: number, more: Partial<PlainLine> = {}): PlainLine => ({
  account,
  currency: 'USD',
  minor,
  fen,
  ...more,
});
const fen = (text: string) => (text === '' ? 0n : parseScaled(text, 2));
const range = { from: '2026-01', to: '2026-12' };

function order(orderNo: string, country: string, lines: readonly (readonly [string, number])[] = []): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, state, store, created_at)
       VALUES (?, '2026-01-01', '2026-01-01T00:00:00', 'Germany', ?, 'USD', 1, 0, 'released', 'eu', '')`,
    )
    .run(orderNo, country);
  for (const [at, [sku, totalE5]] of lines.entries()) {
    product(sku);
    book
      .prepare(
        `INSERT INTO order_line (order_id, line_no, sku, description, qty_e5, price_e5, total_e5, fingerprint, occurrence, source_row)
         VALUES (?, ?, ?, '', 1, 1, ?, ?, 1, 1)`,
      )
      .run(lastInsertRowid, at + 1, sku, totalE5, sku);
  }
  return Number(lastInsertRowid);
}
function product(sku: string): void {
  book
    .prepare(
      `INSERT INTO product (sku, name_source, name_cn, state, created_at, updated_at) VALUES (?, ?, ?, 'classified', '', '') ON CONFLICT DO NOTHING`,
    )
    .run(sku, sku, `品名${sku}`);
}
function write(vouchers: readonly Parameters<ReturnType<typeof voucherWriter>>[0][]): number[] {
  return book.transaction(() => vouchers.map(voucherWriter(book)));
}
/** A page after the other, to the last. */
async function every<R>(read: (after: string | undefined) => Promise<{ rows: R[]; nextCursor?: string | undefined }>) {
  const rows: R[] = [];
  let after: string | undefined;
  do {
    const page = await read(after);
    rows.push(...page.rows);
    after = page.nextCursor;
  } while (after !== undefined);
  return rows;
}

describe('the trial balance', () => {
  it('has opening, turnover and closing by account, groups summed, both sides equal', async () => {
    write([
      { date: '2026-01-05', lines: [cny('1002', 100_00), cny('3001', -100_00)] },
      { date: '2026-02-01', lines: [cny('560101', 30_00), cny('560102', 12_00), cny('1002', -42_00)] },
      { date: '2026-03-01', lines: [cny('1002', 1_00), cny('3001', -1_00)] },
    ]);
    const { rows, totals, balanced } = await must(core, 'reports.trialBalance', { from: '2026-02', to: '2026-02' });
    const shown = rows.map(({ account, level, opening, turnover, closing }) =>
      [account, level, ...[opening, turnover, closing].flatMap(({ debit, credit }) => [debit, credit])].join(' '),
    );
    expect(shown).toEqual([
      '1002 1 100.00   42.00 58.00 ',
      '3001 1  100.00    100.00',
      '5601 1   42.00  42.00 ',
      '560101 2   30.00  30.00 ',
      '560102 2   12.00  12.00 ',
    ]);
    expect(rows[2]).toMatchObject({ group: true, drill: { accounts: ['5601'], from: '2026-02', to: '2026-02' } });
    expect(totals).toEqual([
      {
        currency: 'CNY',
        opening: { debit: '100.00', credit: '100.00' },
        turnover: { debit: '42.00', credit: '42.00' },
        closing: { debit: '100.00', credit: '100.00' },
      },
    ]);
    expect(balanced).toBe(true);
    const one = await must(core, 'reports.trialBalance', { from: '2026-02', to: '2026-02', level: 1 });
    expect(one.rows.map(({ account }) => account)).toEqual(['1002', '3001', '5601']);
  });

  it('is in every currency by itself, with that currency’s decimals', async () => {
    fillLedger(book, 400);
    const { rows, balanced, totals } = await must(core, 'reports.trialBalance', { ...range, mode: 'original' });
    expect(balanced).toBe(true);
    expect(totals.map(({ currency }) => currency)).toEqual(['CNY', 'EUR', 'GBP', 'JPY', 'KWD', 'USD']);
    expect(rows.find(({ currency }) => currency === 'JPY')?.turnover.debit).toMatch(/^\d+$/);
    expect(rows.find(({ currency }) => currency === 'KWD')?.turnover.debit).toMatch(/^\d+\.\d{3}$/);
  });

  it('refuses a range that ends before it begins', async () => {
    for (const name of ['reports.trialBalance', 'reports.generalLedger', 'reports.quantityLedger'] as const)
      expect(await core.call(name, { from: '2026-02', to: '2026-01' })).toMatchObject({
        ok: false,
        error: { code: 'PERIOD_RANGE' },
      });
  });
});

describe('books of account', () => {
  it('the general ledger carries the balance and the year', async () => {
    write([
      { date: '2025-12-05', lines: [cny('1002', 100_00), cny('3001', -100_00)] },
      { date: '2026-01-05', lines: [cny('1002', 10_00), cny('3001', -10_00)] },
      { date: '2026-03-05', lines: [cny('1002', -150_00), cny('3001', 150_00)] },
    ]);
    const { rows } = await must(core, 'reports.generalLedger', { from: '2026-02', to: '2026-03', account: '1002' });
    expect(
      rows.map(({ kind, period, debit, credit, side, balance }) => [kind, period, debit, credit, side, balance]),
    ).toEqual([
      ['opening', '2026-02', '', '', 'debit', '110.00'],
      ['month', '2026-03', '0.00', '150.00', 'credit', '40.00'],
      ['year', '2026-03', '10.00', '150.00', 'credit', '40.00'],
    ]);
  });

  it('the account ledger runs its balance across pages, in CNY and in a currency, and its filters narrow it', async () => {
    const eu = order('E1', '304');
    write([
      { date: '2026-01-05', text: '期初', lines: [usd('1122', 100_00, 700_00), usd('5001', -100_00, -700_00)] },
      ...Array.from({ length: 7 }, (_, n) => ({
        date: `2026-02-0${n + 1}`,
        lines: [usd('1122', 1_00, 7_00, n < 2 ? { orderId: eu } : {}), usd('5001', -1_00, -7_00)],
      })),
      { date: '2026-02-20', lines: [cny('1122', 5), cny('1002', -5)] },
    ]);
    const filter = { accounts: ['1122'], from: '2026-02', to: '2026-02', limit: 3 };
    const read = (more: Partial<InputOf<'reports.accountLedger'>>) =>
      every((after) =>
        must(core, 'reports.accountLedger', { ...filter, ...more, ...(after === undefined ? {} : { after }) }),
      );
    const lines = await read({});
    expect(lines.map(({ balanceCny }) => balanceCny)).toEqual(
      [707, 714, 721, 728, 735, 742, 749].map((yuan) => `${yuan}.00`).concat('749.05'),
    );
    expect(lines[0]).toMatchObject({ orderNo: 'E1', debit: '1.00', debitCny: '7.00', side: 'debit' });
    expect((await read({ currency: 'USD' })).at(-1)).toMatchObject({ balance: '107.00', balanceCny: '749.00' });
    expect(await read({ orderId: eu })).toHaveLength(2);
    expect(await read({ orderId: null })).toHaveLength(6);
    expect(await read({ country: '304', store: 'eu' })).toHaveLength(2);
    const first = await must(core, 'reports.accountLedger', filter);
    expect(first).toMatchObject({
      total: 8,
      opening: { side: 'debit', balanceCny: '700.00' },
      turnover: { debitCny: '49.05', creditCny: '0.00' },
    });
    expect(await core.call('reports.accountLedger', { accounts: ['9'] })).toMatchObject({
      error: { code: 'ACCOUNT_UNKNOWN' },
    });
  });

  it('the quantity ledger prices what came, went and stayed, from postings and from stock', async () => {
    product('A');
    product('B');
    write([
      { date: '2026-01-05', lines: [cny('1405', 100_00, { sku: 'A', qtyE5: 1_000_000 }), cny('2202', -100_00)] },
      { date: '2026-02-05', lines: [cny('1405', 66_00, { sku: 'A', qtyE5: 600_000 }), cny('2202', -66_00)] },
      { date: '2026-02-06', lines: [cny('1405', -41_50, { sku: 'A', qtyE5: -400_000 }), cny('5401', 41_50)] },
      { date: '2026-02-07', lines: [cny('1405', 1_00, { sku: 'B', qtyE5: 300_000 }), cny('2202', -1_00)] },
    ]);
    const { rows, total } = await must(core, 'reports.quantityLedger', {
      from: '2026-02',
      to: '2026-02',
      account: '1405',
    });
    expect(total).toBe(2);
    expect(rows[0]).toEqual({
      sku: 'A',
      name: '品名A',
      opening: { quantity: '10', price: '10.00', amount: '100.00' },
      in: { quantity: '6', price: '11.00', amount: '66.00' },
      out: { quantity: '4', price: '10.375', amount: '41.50' },
      closing: { quantity: '12', price: '10.375', amount: '124.50' },
      drill: { accounts: ['1405'], from: '2026-02', to: '2026-02', sku: 'A' },
    });
    expect(rows[1]?.in.price).toBe('0.33333');

    const move = book.prepare(
      `INSERT INTO stock_move (date, sku, place_id, kind, qty_e5, cost_fen, created_at) VALUES (?, 'A', ?, ?, ?, ?, '')`,
    );
    move.run('2026-02-01', 1, 'received', 500_000, 50_00);
    move.run('2026-02-02', 1, 'transfer-out', -200_000, -20_00);
    move.run('2026-02-02', 2, 'transfer-in', 200_000, 20_00);
    const stock = (more: object) =>
      must(core, 'reports.quantityLedger', { from: '2026-02', to: '2026-02', source: 'stock', ...more });
    expect((await stock({})).rows[0]).toMatchObject({ in: { quantity: '5' }, out: { quantity: '0' } });
    expect((await stock({ placeId: 1 })).rows[0]).toMatchObject({
      out: { quantity: '2' },
      closing: { amount: '30.00' },
    });
  });
});

describe('the statements', () => {
  const value = (statement: OutputOf<'reports.balanceSheet'>, no: string) => {
    const row = statement.rows.find((one) => one.no === no);
    return [row?.amount, row?.compared];
  };
  const closeYear = (date: string, profit: number) => ({
    date,
    closing: true,
    lines: [cny('5001', profit), cny('3103', -profit)],
  });

  it('tie before and after closing, and closing leaves the income statement as it was', async () => {
    write([
      { date: '2025-12-01', lines: [cny('1002', 900_00), cny('3001', -900_00)] },
      { date: '2026-01-10', lines: [usd('1122', 100_00, 700_00), usd('5001', -100_00, -700_00)] },
      { date: '2026-02-10', lines: [cny('5401', 300_00), cny('2202', -300_00)] },
      { date: '2026-02-11', lines: [cny('560102', 50_00), cny('560107', 20_00), cny('1002', -70_00)] },
      { date: '2026-02-12', lines: [cny('1122', -800_00), cny('1002', 800_00)] },
      { date: '2026-02-13', lines: [cny('310401', 10_00), cny('3101', -10_00)] },
    ]);
    const before = await must(core, 'reports.incomeStatement', { from: '2026-02', to: '2026-02' });
    expect(value(before, '1')).toEqual(['0.00', '700.00']);
    expect([value(before, '11'), value(before, '13')]).toEqual([
      ['70.00', '70.00'],
      ['50.00', '50.00'],
    ]);
    expect(value(before, '32')).toEqual(['-370.00', '330.00']);
    const sheet = await must(core, 'reports.balanceSheet', { period: '2026-02' });
    expect(['1', '4', '34', '30', '51', '53'].map((no) => [no, ...value(sheet, no)])).toEqual([
      ['1', '1630.00', '900.00'],
      ['4', '0.00', '0.00'],
      ['34', '100.00', '0.00'],
      ['30', '1630.00', '900.00'],
      ['51', '320.00', '0.00'],
      ['53', '1630.00', '900.00'],
    ]);
    for (const { checks } of [before, sheet])
      expect(checks.map(({ difference, ok }) => [difference, ok])).toEqual([
        ['0.00', true],
        ['0.00', true],
      ]);

    write([closeYear('2026-02-28', 700_00)]);
    const after = await must(core, 'reports.incomeStatement', { from: '2026-02', to: '2026-02' });
    expect(after).toEqual(before);
    expect((await must(core, 'reports.balanceSheet', { period: '2026-02' })).rows).toEqual(sheet.rows);
  });

  it('tie whatever was posted, and say which account stands behind a line', async () => {
    fillLedger(book, 3000);
    for (const period of ['2026-01', '2026-06', '2026-12']) {
      const sheet = await must(core, 'reports.balanceSheet', { period });
      const income = await must(core, 'reports.incomeStatement', { from: period, to: period });
      for (const check of [...sheet.checks, ...income.checks])
        expect(check).toMatchObject({ difference: '0.00', ok: true });
    }
    const sheet = await must(core, 'reports.balanceSheet', { period: '2026-12' });
    expect(sheet.rows.find(({ no }) => no === '9')?.drill).toMatchObject({ to: '2026-12' });
    expect(sheet.rows.filter(({ no }) => no !== '')).toHaveLength(53);
    const income = await must(core, 'reports.incomeStatement', range);
    expect(income.rows).toHaveLength(32);
  });

  it('say so when closing took profit elsewhere', async () => {
    write([{ date: '2026-01-31', closing: true, lines: [cny('5001', 5_00), cny('3001', -5_00)] }]);
    const { checks } = await must(core, 'reports.balanceSheet', { period: '2026-01' });
    expect(checks).toEqual([
      { code: 'assetsEqualClaims', difference: '0.00', ok: true },
      { code: 'profitTies', difference: '-5.00', ok: false },
    ]);
  });
});

describe('ageing', () => {
  it('ages open orders by day, and agrees with the ledger in every currency', async () => {
    const [one, two] = [order('A1', '304'), order('A2', '304')];
    write([
      { date: '2026-05-01', lines: [usd('1122', 100_00, 700_00, { orderId: one }), usd('5001', -100_00, -700_00)] },
      { date: '2026-11-10', lines: [usd('1122', 40_00, 280_00, { orderId: two }), usd('5001', -40_00, -280_00)] },
      { date: '2026-11-12', lines: [usd('1002', 30_00, 210_00), usd('1122', -30_00, -210_00, { orderId: one })] },
      { date: '2026-11-30', lines: [usd('1122', 0, -5_00), usd('560302', 0, 5_00)] },
    ]);
    const ageing = await must(core, 'reports.ageing', { kind: 'receivable', date: '2026-11-20', limit: 1 });
    expect(ageing.rows).toEqual([
      {
        label: 'A1',
        orderId: one,
        partyId: null,
        currency: 'USD',
        buckets: ['0.00', '0.00', '0.00', '0.00', '70.00'],
        advance: '0.00',
        total: '70.00',
        totalCny: '490.00',
        oldest: '2026-05-01',
        drill: { accounts: ['1122'], to: '2026-11', currency: 'USD', orderId: one },
      },
    ]);
    expect(ageing).toMatchObject({
      total: 2,
      bounds: [30, 60, 90, 180],
      totals: [{ currency: 'USD', buckets: ['40.00', '0.00', '0.00', '0.00', '70.00'], total: '110.00' }],
      checks: [{ currency: 'USD', difference: '0.00', differenceCny: '0.00' }],
    });
    const after = ageing.nextCursor;
    const rest = await must(core, 'reports.ageing', {
      kind: 'receivable',
      date: '2026-11-20',
      ...(after === undefined ? {} : { after }),
    });
    expect(rest.rows.map(({ label }) => label)).toEqual(['A2']);
    // Revalued in fen alone after that day: a row of its own that nobody owes.
    const later = await must(core, 'reports.ageing', { kind: 'receivable', date: '2026-11-30' });
    expect(later.rows[0]).toMatchObject({ label: '', total: '0.00', totalCny: '-5.00' });
  });

  it.each(['receivable', 'payable'] as const)('of %s ties with a random ledger on any day', async (kind) => {
    fillLedger(book, 2000);
    for (const by of ['order', 'party'] as const)
      for (const date of ['2026-03-17', '2026-12-31']) {
        const { checks, totals } = await must(core, 'reports.ageing', { kind, date, by });
        expect(totals.length).toBeGreaterThan(0);
        for (const check of checks) expect([fen(check.difference), fen(check.differenceCny)]).toEqual([0n, 0n]);
      }
  });
});

describe('margin', () => {
  it('is by order, market, store and product what the income statement says in all, the unassigned in its own row', async () => {
    const [one, two] = [
      order('A1', '304', [
        ['S1', 3],
        ['S2', 1],
      ]),
      order('A2', '142'),
    ];
    write([
      { date: '2026-05-01', lines: [usd('1122', 100_00, 700_01), usd('5001', -100_00, -700_01, { orderId: one })] },
      { date: '2026-05-02', lines: [usd('1122', 40_00, 280_00), usd('5001', -40_00, -280_00, { orderId: two })] },
      { date: '2026-05-03', lines: [usd('1122', -10_00, -70_00), usd('5001', 10_00, 70_00, { orderId: one })] },
      { date: '2026-05-04', lines: [cny('5401', 200_00, { sku: 'S1' }), cny('1405', -200_00)] },
      {
        date: '2026-05-05',
        lines: [
          cny('5401', 33_00),
          cny('560101', 8_00, { orderId: two, store: 'us' }),
          cny('560107', 9_00),
          cny('1002', -50_00),
        ],
      },
      { date: '2026-05-31', closing: true, lines: [cny('5001', 910_01), cny('3103', -910_01)] },
    ]);
    const income = await must(core, 'reports.incomeStatement', range);
    const line = (no: string) => fen(income.rows.find((row) => row.no === no)?.amount ?? '');
    const margin = (by: 'order' | 'product' | 'market' | 'store') => must(core, 'reports.margin', { ...range, by });
    for (const by of ['order', 'product', 'market', 'store'] as const) {
      const { rows, totals } = await margin(by);
      expect(fen(totals.revenue) - fen(totals.returns)).toBe(line('1'));
      expect(fen(totals.cost)).toBe(line('2'));
      expect(fen(totals.fees) + fen(totals.freight)).toBe(line('11'));
      expect(rows.reduce((sum, row) => sum + fen(row.margin), 0n)).toBe(fen(totals.margin));
      expect(rows.filter(({ assigned }) => !assigned)).toHaveLength(1);
    }
    expect((await margin('order')).rows).toMatchObject([
      { label: 'A1', revenue: '700.01', returns: '70.00', margin: '630.01', rate: '100.00', drill: { orderId: one } },
      { label: 'A2', revenue: '280.00', fees: '8.00', rate: '97.14' },
      { label: '', assigned: false, cost: '233.00', freight: '9.00', rate: '', drill: { orderId: null } },
    ]);
    expect((await margin('store')).rows.map(({ label, fees }) => [label, fees])).toContainEqual(['us', '8.00']);
    expect((await margin('market')).rows[0]).toMatchObject({ label: '304', name: '德国' });
    // The order's revenue over its lines 3 : 1, the product's own cost beside it.
    expect((await margin('product')).rows).toMatchObject([
      { label: 'S1', name: '品名S1', revenue: '525.01', returns: '52.50', cost: '200.00', drill: { orderedSku: 'S1' } },
      { label: '', revenue: '280.00' },
      { label: 'S2', revenue: '175.00', returns: '17.50' },
    ]);
    const pages = await every((after) =>
      must(core, 'reports.margin', { ...range, by: 'product', limit: 1, ...(after === undefined ? {} : { after }) }),
    );
    expect(pages.map(({ label }) => label)).toEqual(['S1', '', 'S2']);
    const drilled = await must(
      core,
      'reports.accountLedger',
      (await margin('product')).rows[0]?.drill ?? { accounts: [] },
    );
    expect(drilled.total).toBe(3);
  });
});

const requests: readonly ReportRequest[] = [
  { report: 'trialBalance', params: { ...range, mode: 'original', level: 4 } },
  { report: 'generalLedger', params: { ...range, level: 1 } },
  { report: 'accountLedger', params: { accounts: ['1122'], ...range, currency: 'USD' } },
  { report: 'quantityLedger', params: { ...range, source: 'account' } },
  { report: 'balanceSheet', params: { period: '2026-12' } },
  { report: 'incomeStatement', params: range },
  { report: 'ageing', params: { kind: 'receivable', date: '2026-12-31', by: 'party' } },
  { report: 'margin', params: { ...range, by: 'order' } },
];

describe('files', () => {
  it.each(requests)('the workbook of $report has its heading, numbers as numbers and room to sign', async (request) => {
    fillLedger(book, 900);
    const to = path.join(folder, 'report.xlsx');
    const { rows } = await must(core, 'reports.export', { request, to });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(to);
    const sheet = workbook.worksheets[0];
    const texts: string[] = [];
    const numbers: number[] = [];
    sheet?.eachRow((row) =>
      row.eachCell((cell) => {
        if (typeof cell.value === 'number') numbers.push(cell.value);
        else texts.push(String(cell.value));
      }),
    );
    expect(texts.some((text) => text === `编制单位：${firm.name}`)).toBe(true);
    expect(texts.some((text) => text.startsWith('制表：'))).toBe(true);
    expect(texts.filter((text) => /^-?\d+\.\d\d$/.test(text))).toEqual([]);
    if (request.report !== 'quantityLedger') expect(numbers.length).toBeGreaterThan(4);
    const form = { balanceSheet: '会小企01表', incomeStatement: '会小企02表' }[request.report as string];
    if (form !== undefined) expect(texts).toContain(form);
    const headRows = form === undefined ? 3 : 4;
    expect(sheet?.rowCount).toBe(headRows + rows + 2);
  });

  it('keep every digit: what a spreadsheet cannot hold stays text', () => {
    expect(exactCell('-1234567890123.45')).toBe(-1234567890123.45);
    expect(exactCell('12345678901234.56')).toBe('12345678901234.56');
    expect([exactCell(''), exactCell('0.00'), exactCell('=1+1')]).toEqual([null, 0, "'=1+1"]);
  });

  it('appear whole or not at all', async () => {
    const to = path.join(folder, 'no', 'report.xlsx');
    const request = requests[4];
    if (request === undefined) throw new Error('no request');
    expect(await core.call('reports.export', { request, to })).toMatchObject({ error: { code: 'FILE_NOT_WRITTEN' } });
    expect(await core.call('ledger.exportText', { to })).toMatchObject({ error: { code: 'FILE_NOT_WRITTEN' } });
    const wrong: ReportRequest = { report: 'accountLedger', params: { accounts: ['77'] } };
    const other = path.join(folder, 'other.xlsx');
    expect(await core.call('reports.export', { request: wrong, to: other })).toMatchObject({
      error: { code: 'ACCOUNT_UNKNOWN' },
    });
    expect(existsSync(other)).toBe(false);
  });

  it('are printed where there is a window', async () => {
    const to = path.join(folder, 'report.pdf');
    const request = { report: 'balanceSheet', params: { period: '2026-12' } } as const;
    expect(await core.call('reports.print', { request, to })).toMatchObject({ error: { code: 'PRINT_NEEDS_WINDOW' } });
    expect(existsSync(to)).toBe(false);

    const other = coreAt(path.join(folder, 'desk'), {
      host: {
        ...bareHost,
        printPdf: (html) => {
          printedHtml = html;
          return Promise.resolve(new TextEncoder().encode('%PDF-1.7'));
        },
      },
    });
    await must(other, 'books.create', {
      profile: { ...firm, name: '甲<乙>公司' },
      passphrase: 'correct horse battery',
    });
    fillLedger(other.session.book, 300);
    await must(other, 'reports.print', { request, to });
    await other.close();
    expect(readFileSync(to, 'utf8')).toBe('%PDF-1.7');
    expect(printedHtml).toContain('编制单位：甲&lt;乙&gt;公司');
    expect(printedHtml).toContain('会小企01表');
    expect(printedHtml).not.toMatch(/<script|https?:|<img/);
    expect(printedHtml.match(/<tr/g)?.length).toBeGreaterThan(30);
  });
});
