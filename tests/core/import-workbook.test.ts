import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { openSource } from '../../electron/core/importers/source.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { lineKindOf } from '../../shared/import/service-codes.ts';
import { coreAt, firm, must, realWorkbook } from '../fixtures/trade.ts';

/**
 * The real workbook of an exporter, 50,000 lines with all their dirt, against sums made here straight from its cells with
 * another reader. Without the file these tests are skipped.
 */
const file = realWorkbook();
if (file === undefined) console.warn('the real workbook does not lie beside the project: its tests are skipped');

interface Cells {
  readonly invoice: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
  readonly pence: number;
  readonly customer: string;
}

/** The cells as another program reads them. */
async function readCells(workbook: string): Promise<Cells[]> {
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(workbook, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'ignore',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  const rows: Cells[] = [];
  const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value).trim());
  for await (const sheet of reader) {
    for await (const row of sheet) {
      if (row.number === 1) continue;
      const cell = (column: number): unknown => row.getCell(column).value;
      rows.push({
        invoice: text(cell(1)),
        sku: text(cell(2)),
        description: text(cell(3)),
        quantity: Number(cell(4)),
        pence: Math.round(Number(cell(6)) * 100),
        customer: text(cell(7)),
      });
    }
  }
  return rows;
}

describe.skipIf(file === undefined)('the real workbook', () => {
  let folder = '';
  let core: Core;
  let cells: Cells[] = [];
  let result: OutputOf<'imports.run'>;
  const workbook = file ?? '';
  const failedFile = () => path.join(folder, 'failed.xlsx');

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-workbook-'));
    core = coreAt(path.join(folder, 'home'));
    await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
    cells = await readCells(workbook);
    result = await must(core, 'imports.run', {
      kind: 'orders',
      file: workbook,
      defaults: { currency: 'GBP' },
      failedTo: failedFile(),
    });
  });
  afterAll(async () => {
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const isCancellation = (row: Cells) => row.invoice.startsWith('C') && row.quantity < 0;
  const isFailed = (row: Cells) =>
    !isCancellation(row) && (row.quantity < 0 || (row.pence === 0 && row.customer === ''));
  const isTaken = (row: Cells) => !isCancellation(row) && !isFailed(row);
  const value = (rows: readonly Cells[]) => rows.reduce((sum, row) => sum + Math.abs(row.quantity) * row.pence, 0);
  const one = (sql: string): unknown => core.session.book.db.prepare(sql).pluck().get();

  it('is recognised without a word from the user', async () => {
    const seen = await must(core, 'imports.inspect', { kind: 'orders', file: workbook });
    expect(seen).toMatchObject({
      sheet: 'Online Retail',
      headerRow: 1,
      mappingFrom: 'remembered',
      mapping: { orderNo: 0, sku: 1, description: 2, quantity: 3, orderedAt: 4, unitPrice: 5, customer: 6, country: 7 },
    });
    expect(seen.preview[0]).toEqual([
      '536365',
      '85123A',
      'WHITE HANGING HEART T-LIGHT HOLDER',
      '6',
      '2010-12-01 08:26:00',
      '2.55',
      '17850',
      'United Kingdom',
    ]);
    expect(seen.importedBefore).toBeDefined();
  });

  it('puts every line into exactly one class', () => {
    const { counts } = result;
    expect(counts).toMatchObject({
      lines: cells.length,
      taken: cells.filter(isTaken).length,
      cancellations: cells.filter(isCancellation).length,
      alreadyThere: 0,
      failed: cells.filter(isFailed).length,
      orders: new Set(cells.filter(isTaken).map(({ invoice }) => invoice)).size,
    });
    expect(counts.taken + counts.cancellations + counts.alreadyThere + counts.failed).toBe(counts.lines);
    expect(counts.cancellationsUnknown).toBeLessThan(counts.cancellations);
  });

  it('keeps every penny', () => {
    const taken = cells.filter(isTaken);
    const goods = taken.filter(({ sku }) => lineKindOf(sku) === 'goods');
    expect(one('SELECT sum(goods_value_e5) FROM sales_order')).toBe(value(goods) * 1000);
    expect(one('SELECT sum(goods_value_e5 + other_value_e5) FROM sales_order')).toBe(value(taken) * 1000);
    expect(one('SELECT sum(total_e5) FROM order_line')).toBe(value(taken) * 1000);
    expect(one('SELECT sum(value_e5) FROM cancellation')).toBe(value(cells.filter(isCancellation)) * 1000);
    expect(one('SELECT count(*) FROM order_line WHERE price_e5 % 1000 <> 0')).toBe(0);
  });

  it('keeps twins apart', () => {
    const seen = new Map<string, number>();
    for (const row of cells.filter(isTaken)) {
      const key = [row.invoice, row.sku, row.quantity, row.pence].join('|');
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const twins = [...seen.values()].reduce((sum, n) => sum + n - 1, 0);
    expect(twins).toBeGreaterThan(400);
    expect(one('SELECT count(*) FROM order_line WHERE occurrence > 1')).toBe(twins);
  });

  it('takes nothing back twice, and from an order of the same buyer, article and price before it', () => {
    expect(one('SELECT count(*) FROM order_line WHERE cancelled_qty_e5 > qty_e5')).toBe(0);
    expect(one('SELECT sum(cancelled_qty_e5) FROM order_line')).toBe(
      one('SELECT sum(matched_qty_e5) FROM cancellation_line'),
    );
    expect(
      one(
        `SELECT count(*) FROM cancellation_line k JOIN cancellation c ON c.id = k.cancellation_id JOIN order_line l ON l.id = k.order_line_id
         JOIN sales_order o ON o.id = l.order_id
         WHERE l.sku <> k.sku OR l.price_e5 <> k.price_e5 OR o.ordered_at > c.cancelled_at OR (c.customer IS NOT NULL AND c.customer <> o.customer)`,
      ),
    ).toBe(0);
    expect(one('SELECT sum(known_lines) FROM cancellation')).toBe(
      result.counts.cancellations - result.counts.cancellationsUnknown,
    );
    expect(one(`SELECT count(*) FROM sales_order WHERE state = 'cancelled'`)).toBeGreaterThan(0);
  });

  it('changes nothing a second time and says so', async () => {
    const again = await must(core, 'imports.run', { kind: 'orders', file: workbook, defaults: { currency: 'GBP' } });
    const { lines, failed } = result.counts;
    expect(again.importedBefore).toBeDefined();
    expect(again.counts).toEqual({
      lines,
      taken: 0,
      updated: 0,
      cancellations: 0,
      cancellationsUnknown: 0,
      alreadyThere: lines - failed,
      failed,
      orders: 0,
      products: 0,
    });
  });

  it('gives its failed rows as a file that goes in once mended', async () => {
    const { failed } = result.counts;
    const same = await must(core, 'imports.run', { kind: 'orders', file: failedFile(), defaults: { currency: 'GBP' } });
    expect(same.counts).toMatchObject({ lines: failed, failed, taken: 0 });

    const workbookOfFailed = new ExcelJS.Workbook();
    await workbookOfFailed.xlsx.readFile(failedFile());
    const sheet = workbookOfFailed.worksheets[0];
    expect(sheet?.getRow(1).getCell(9).text).toBe('原因 Reason');
    sheet?.eachRow((row, no) => {
      if (no === 1) return;
      expect(row.getCell(9).text).not.toBe('');
      // Sold after all, for a penny, to somebody.
      row.getCell(4).value = '1';
      row.getCell(6).value = '0.01';
      row.getCell(7).value = '99999';
      row.getCell(1).value = `M${row.getCell(1).text}`;
    });
    const mended = path.join(folder, 'mended.xlsx');
    await workbookOfFailed.xlsx.writeFile(mended);
    const before = one('SELECT sum(total_e5) FROM order_line') as number;
    const taken = await must(core, 'imports.run', { kind: 'orders', file: mended, defaults: { currency: 'GBP' } });
    expect(taken.counts).toMatchObject({ lines: failed, taken: failed, failed: 0 });
    expect(one('SELECT sum(total_e5) FROM order_line')).toBe(before + failed * 1000);
  });

  it('is read cell by cell as another reader reads it', async () => {
    const source = await openSource(workbook);
    let index = 0;
    let differences = 0;
    await source.rows.read('Online Retail', (row) => {
      if (row.no === 1) return true;
      const other = cells[index];
      index += 1;
      const [invoice, sku, description, quantity, , price, customer] = row.texts;
      const isSame =
        other !== undefined &&
        invoice === other.invoice &&
        sku === other.sku &&
        (description ?? '').trim() === other.description &&
        quantity === String(other.quantity) &&
        Math.round(Number(price) * 100) === other.pence &&
        (customer ?? '') === other.customer;
      if (!isSame) differences += 1;
      return true;
    });
    expect({ rows: index, differences }).toEqual({ rows: cells.length, differences: 0 });
  });
});
