import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { csvText, orderHead, orderLine, writeCsv, writeXlsx } from '../fixtures/import/files.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-import-'));
  core = coreAt(at('home'), { now: () => '2026-11-21T01:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Lines = readonly (readonly (string | number)[])[];

function run(file: string, more: Partial<InputOf<'imports.run'>> = {}): Promise<OutputOf<'imports.run'>> {
  return must(core, 'imports.run', { kind: 'orders', file, ...more });
}

/** Imports order lines under our own header. */
function runLines(lines: Lines, name = 'orders.csv'): Promise<OutputOf<'imports.run'>> {
  return run(writeCsv(at(name), [orderHead, ...lines]));
}

async function orderOf(orderNo: string): Promise<OutputOf<'orders.get'>> {
  const { rows } = await must(core, 'orders.list', { text: orderNo });
  const row = rows.find((one) => one.orderNo === orderNo);
  if (row === undefined) throw new Error(`no order ${orderNo}`);
  return must(core, 'orders.get', { id: row.id });
}

const codesOf = (result: { failures: readonly { reasons: readonly { code: string }[] }[] }): string[] =>
  result.failures.flatMap(({ reasons }) => reasons.map(({ code }) => code));

const setState = (orderNo: string, state: string): void => {
  core.session.book.prepare('UPDATE sales_order SET state = ? WHERE order_no = ?').run(state, orderNo);
};

describe('lines of orders', () => {
  it('keep price, quantity and twins exactly', async () => {
    const result = await runLines([
      orderLine(),
      orderLine(),
      orderLine({ 1: 'SKU-2', 3: '1,200.5', 5: '0.00001', 2: '  wide   blanks ' }),
    ]);
    expect(result.counts).toMatchObject({ lines: 3, taken: 3, orders: 1, products: 2, failed: 0 });
    const order = await orderOf('5001');
    expect(order).toMatchObject({
      goodsValue: '13.01201',
      orderedAt: '2026-11-20T09:30:00',
      country: '305',
      currency: 'EUR',
    });
    expect(order.lineRows.map(({ sku, qty, price, total }) => [sku, qty, price, total])).toEqual([
      ['SKU-1', '2', '3.25', '6.5'],
      ['SKU-1', '2', '3.25', '6.5'],
      ['SKU-2', '1200.5', '0.00001', '0.01201'],
    ]);
    expect(order.lineRows[2]?.description).toBe('wide blanks');
    expect(order.customerMasked).not.toContain('K1');
  });

  it('are the same a second time, from other bytes and under another title', async () => {
    await runLines([orderLine(), orderLine(), orderLine({ 1: 'SKU-2' })]);
    const again = await runLines(
      [orderLine({ 2: 'Lantern, new title' }), orderLine(), orderLine({ 1: 'SKU-2', 5: '3.250' })],
      'again.csv',
    );
    expect(again.counts).toMatchObject({ lines: 3, taken: 0, alreadyThere: 3, orders: 0 });
    expect(again.importedBefore).toBeUndefined();
    const third = await runLines([orderLine(), orderLine(), orderLine()], 'third.csv');
    expect(third.counts).toMatchObject({ taken: 1, alreadyThere: 2 });
    expect((await orderOf('5001')).lines).toBe(4);
  });

  it('say when the very same file was imported', async () => {
    await runLines([orderLine()]);
    const again = await runLines([orderLine()]);
    expect(again).toMatchObject({ importedBefore: '2026-11-21T01:00:00.000Z', counts: { taken: 0, alreadyThere: 1 } });
  });

  it('of postage and fees stay in the order and out of the goods', async () => {
    await runLines([
      orderLine(),
      orderLine({ 1: 'POST', 2: 'POSTAGE', 3: '1', 5: '18' }),
      orderLine({ 1: 'gift_0001_20', 3: '1', 5: '20' }),
    ]);
    const order = await orderOf('5001');
    expect(order.goodsValue).toBe('6.5');
    expect(order.lineRows.map(({ lineKind, productState }) => `${lineKind} ${productState}`)).toEqual([
      'goods to-classify',
      'freight not-goods',
      'adjustment not-goods',
    ]);
    await must(core, 'products.update', { skus: ['POST'], patch: { lineKind: 'goods' } });
    expect(await orderOf('5001')).toMatchObject({ goodsValue: '24.5' });
  });

  it('must agree about their order, save for the time of day and a blank buyer', async () => {
    const result = await runLines([
      orderLine(),
      orderLine({ 4: '2026-11-20 23:59:00', 6: '' }),
      orderLine({ 6: 'K2' }),
      orderLine({ 7: 'Germany' }),
      orderLine({ 8: 'USD' }),
      orderLine({ 4: '2026-11-21' }),
    ]);
    expect(result.counts).toMatchObject({ taken: 2, failed: 4 });
    expect(result.failures.map(({ reasons }) => [reasons[0]?.code, reasons[0]?.field])).toEqual(
      ['customer', 'country', 'currency', 'orderedAt'].map((field) => ['ORDER_HEAD_DIFFERS', field]),
    );
    const later = await runLines([orderLine({ 1: 'SKU-9', 7: 'Germany' })], 'later.csv');
    expect(codesOf(later)).toEqual(['ORDER_HEAD_DIFFERS']);
  });

  it('come too late once the order is drafted', async () => {
    await runLines([orderLine()]);
    setState('5001', 'drafted');
    const result = await runLines([orderLine(), orderLine({ 1: 'SKU-2' })], 'more.csv');
    expect(result.counts).toMatchObject({ alreadyThere: 1, failed: 1, taken: 0 });
    expect(codesOf(result)).toEqual(['ORDER_ALREADY_DRAFTED']);
  });

  it('are refused with a reason when they are no sale', async () => {
    const result = await runLines([
      orderLine({ 3: '-5' }),
      orderLine({ 3: '-5', 5: '0', 6: '' }),
      orderLine({ 5: '0', 6: '' }),
      orderLine({ 5: '0', 6: '', 2: '' }),
      orderLine({ 5: '-11062.06' }),
      orderLine({ 3: '0' }),
      orderLine({ 5: '' }),
      orderLine({ 5: '0' }),
    ]);
    expect(codesOf(result)).toEqual([
      'NEGATIVE_QUANTITY',
      'STOCK_ADJUSTMENT_NOT_A_SALE',
      'ZERO_PRICE_NO_BUYER',
      'STOCK_ADJUSTMENT_NOT_A_SALE',
      'NEGATIVE_PRICE',
      'QUANTITY_ZERO',
      'REQUIRED_BLANK',
    ]);
    expect(result.counts).toMatchObject({ taken: 1, failed: 7 });
  });

  it('need a currency from somewhere', async () => {
    const head = orderHead.slice(0, 8);
    const file = writeCsv(at('gbp.csv'), [head, orderLine().slice(0, 8)]);
    expect(await core.call('imports.run', { kind: 'orders', file })).toMatchObject({
      ok: false,
      error: { code: 'IMPORT_CURRENCY_MISSING', path: 'defaults/currency' },
    });
    await run(file, { defaults: { currency: 'GBP' } });
    expect((await must(core, 'orders.list', {})).totals).toEqual([{ currency: 'GBP', amount: '6.50' }]);
  });
});

describe('damaged cells', () => {
  it('are refused with the remedy and not guessed', async () => {
    const file = await writeXlsx(
      at('damaged.xlsx'),
      [
        orderHead,
        orderLine({ 0: 123456789012345680 }),
        orderLine({ 0: 693123456789 }),
        orderLine({ 0: '1.23457E+17' }),
        orderLine({ 1: 46_000 }),
        orderLine({ 3: 2.123456, 5: 2.5499999999999998 }),
        orderLine({ 3: 1, 5: 0.1 + 0.2 }),
        orderLine({ 4: '3/4/2026' }),
        orderLine({ 4: '46000' }),
        orderLine({ 4: 46_346.395833333336 }),
        orderLine({ 5: 9_000_000_001 }),
        orderLine({ 3: 'two' }),
        orderLine({ 8: 'Taler' }),
      ],
      {},
    );
    const result = await run(file);
    expect(
      result.failures.map(
        ({ rowNo, reasons }) => `${rowNo} ${reasons.map(({ code, field }) => `${code} ${field}`).join()}`,
      ),
    ).toEqual([
      '2 ID_DIGITS_LOST orderNo',
      '3 ID_NUMBER_LONG orderNo',
      '4 ID_DIGITS_LOST orderNo',
      '6 NUMBER_TOO_FINE quantity',
      '8 DATE_AMBIGUOUS orderedAt',
      '9 DATE_IS_SERIAL orderedAt',
      '11 NUMBER_TOO_LARGE unitPrice',
      '12 NUMBER_INVALID quantity',
      '13 CURRENCY_UNKNOWN currency',
    ]);
    // The damaged number keeps an exponent, so that it is refused again when the failed rows come in as text.
    expect(result.failures[0]?.cells[0]).toBe('1.23456789012346E+17');
    const order = await orderOf('5001');
    expect(order.lineRows.map(({ sku, price }) => [sku, price])).toEqual([
      ['46000', '3.25'],
      ['SKU-1', '0.3'],
      ['SKU-1', '3.25'],
    ]);
  });

  it('that became dates are seen in columns of codes', async () => {
    const file = await writeXlsx(
      at('dates.xlsx'),
      [orderHead, [...orderLine({ 1: '' })]].map((row) => [...row]),
    );
    expect(codesOf(await run(file))).toEqual(['REQUIRED_BLANK']);
    const row = [...orderLine()] as (string | number | Date)[];
    row[1] = new Date(Date.UTC(2026, 2, 2));
    const dated = await writeXlsx(at('dated.xlsx'), [orderHead, row], { 2: 'm-d' });
    expect(codesOf(await run(dated))).toEqual(['ID_IS_DATE']);
  });

  it('show as a whole column of long numbers that end in zeros', async () => {
    const damaged = ['576461413038785000', '576461413038786000', '576461413038787000'];
    const result = await runLines(damaged.map((orderNo) => orderLine({ 0: orderNo })));
    expect(codesOf(result)).toEqual(['ID_ZERO_TAIL', 'ID_ZERO_TAIL', 'ID_ZERO_TAIL']);
    const sound = ['576461413038785000', '576461413038786123', '576461413038787000'];
    expect(
      (
        await runLines(
          sound.map((orderNo) => orderLine({ 0: orderNo })),
          'sound.csv',
        )
      ).counts,
    ).toMatchObject({ taken: 3, orders: 3 });
  });
});

describe('cancellations', () => {
  const cancel = (change: Readonly<Record<number, string | number>> = {}) =>
    orderLine({ 0: 'C6001', 3: '-2', 4: '2026-11-22 10:00:00', ...change });

  it('take back the latest order line of the same buyer, article and price before them', async () => {
    const result = await runLines([
      orderLine({ 0: '5001', 4: '2026-11-18' }),
      orderLine({ 0: '5002', 4: '2026-11-19', 3: '5' }),
      orderLine({ 0: '5003', 4: '2026-11-19', 6: 'K2' }),
      orderLine({ 0: '5004', 4: '2026-11-23' }),
      cancel(),
    ]);
    expect(result.counts).toMatchObject({ lines: 5, taken: 4, cancellations: 1, cancellationsUnknown: 0 });
    const order = await orderOf('5002');
    expect(order).toMatchObject({ state: 'open', goodsValue: '16.25', cancelledValue: '6.5' });
    expect(order.lineRows[0]?.cancelledQty).toBe('2');
    expect(order.cancellations).toEqual([{ cancelNo: 'C6001', cancelledAt: '2026-11-22T10:00:00', value: '6.5' }]);
    await runLines([cancel({ 0: 'C6002', 3: '-3' })], 'rest.csv');
    expect(await orderOf('5002')).toMatchObject({ state: 'cancelled', cancelledValue: '16.25' });
  });

  it('of nobody known are kept and find their order when it comes later', async () => {
    const first = await runLines([cancel()]);
    expect(first.counts).toMatchObject({ cancellations: 1, cancellationsUnknown: 1, taken: 0 });
    expect(await must(core, 'orders.facets', {})).toMatchObject({ cancellations: 1, unknownCancellations: 1 });
    const again = await runLines([cancel()]);
    expect(again.counts).toMatchObject({ cancellations: 0, alreadyThere: 1 });
    await runLines([orderLine()], 'late.csv');
    expect(await orderOf('5001')).toMatchObject({ state: 'cancelled', cancelledValue: '6.5' });
    expect(await must(core, 'orders.facets', {})).toMatchObject({ cancellations: 1, unknownCancellations: 0 });
    expect((await runLines([cancel()])).counts).toMatchObject({ alreadyThere: 1, cancellations: 0 });
  });

  it('of a buyer who is not named take any', async () => {
    await runLines([orderLine(), cancel({ 6: '' })]);
    expect(await orderOf('5001')).toMatchObject({ cancelledValue: '6.5' });
  });

  it('mark drafts stale and leave frozen papers alone', async () => {
    await runLines([orderLine({ 3: '9' })]);
    const { id } = await orderOf('5001');
    const insert = core.session.book.prepare(
      `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES ('CEB303Message', ?, ?, ?, '{}', 0, 'EUR', ?, 't', 'n', 'n')`,
    );
    insert.run('a', 'guid-a', id, 'checked');
    insert.run('b', 'guid-b', id, 'accepted');
    setState('5001', 'accepted');
    const result = await runLines([cancel()], 'cancel.csv');
    expect(result.counts).toMatchObject({ cancellations: 1, cancellationsUnknown: 0 });
    const stale = core.session.book.prepare('SELECT business_key AS k, stale FROM document ORDER BY k').all();
    expect(stale).toEqual([
      { k: 'a', stale: 1 },
      { k: 'b', stale: 0 },
    ]);
    expect((await orderOf('5001')).state).toBe('accepted');
    const entry = core.session.book
      .prepare(`SELECT detail FROM audit WHERE action = 'import.committed' ORDER BY id DESC LIMIT 1`)
      .get() as {
      detail: string;
    };
    expect(JSON.parse(entry.detail)).toMatchObject({ cancelledAfterQueue: 1 });
  });
});

describe('the wizard', () => {
  const messy: Lines = [
    ['平台订单导出', '', '', '', '', '', '', '', ''],
    ['导出时间：2026-11-21', '', '', '', '', '', '', '', ''],
    orderHead,
    orderLine(),
    orderLine({ 0: '5002', 3: 'x' }),
    orderLine({ 0: '5002', 1: 'SKU-7' }),
    orderLine({ 0: '5002', 7: 'Germany' }),
  ];

  it('finds the header under title rows and shows what it thinks', async () => {
    const file = writeCsv(at('messy.csv'), messy);
    const seen = await must(core, 'imports.inspect', { kind: 'orders', file });
    expect(seen).toMatchObject({ fileName: 'messy.csv', headerRow: 3, headers: orderHead, mappingFrom: 'recognised' });
    expect(seen.mapping).toMatchObject({
      orderNo: 0,
      sku: 1,
      description: 2,
      quantity: 3,
      orderedAt: 4,
      unitPrice: 5,
      customer: 6,
      country: 7,
      currency: 8,
    });
    expect(seen.preview).toHaveLength(4);
    expect(seen.importedBefore).toBeUndefined();
  });

  it('writes nothing at the trial, mends in the grid, and commits all in one', async () => {
    const file = writeCsv(at('messy.csv'), messy);
    const trial = await must(core, 'imports.dryRun', { kind: 'orders', file });
    expect(trial.counts).toMatchObject({ lines: 4, taken: 2, failed: 2, orders: 2, products: 2 });
    expect((await must(core, 'orders.list', {})).total).toBe(0);
    expect((await must(core, 'products.list', {})).total).toBe(0);

    const failed = await must(core, 'imports.failures', { runId: trial.runId });
    expect(failed).toMatchObject({ total: 2, headers: orderHead });
    expect(failed.rows.map(({ rowNo }) => rowNo)).toEqual([5, 7]);
    const [quantity, country] = failed.rows;
    if (quantity === undefined || country === undefined) throw new Error('two rows expected');
    const put = (cells: string[], column: number, text: string) => cells.map((cell, i) => (i === column ? text : cell));

    const wrong = await must(core, 'imports.mend', {
      runId: trial.runId,
      rows: [{ rowNo: 5, cells: put(quantity.cells, 3, 'y') }],
    });
    expect(wrong).toMatchObject({ mended: 0, failed: 2, rows: [{ rowNo: 5, reasons: [{ code: 'NUMBER_INVALID' }] }] });
    const right = await must(core, 'imports.mend', {
      runId: trial.runId,
      rows: [{ rowNo: 5, cells: put(quantity.cells, 3, '4') }],
    });
    expect(right).toMatchObject({ mended: 1, failed: 1, rows: [] });
    // What other rows of the file say still counts.
    const same = await must(core, 'imports.mend', {
      runId: trial.runId,
      rows: [{ rowNo: 7, cells: put(country.cells, 7, 'Spain') }],
    });
    expect(same).toMatchObject({ mended: 0, failed: 1 });

    const done = await must(core, 'imports.commit', { runId: trial.runId, file });
    expect(done.counts).toMatchObject({ lines: 4, taken: 3, failed: 1, orders: 2 });
    expect((await orderOf('5002')).lineRows.map(({ qty }) => qty)).toEqual(['4', '2']);
    expect((await must(core, 'imports.failures', { runId: trial.runId })).rows[0]?.cells[7]).toBe('Spain');
    expect(await core.call('imports.commit', { runId: trial.runId, file })).toMatchObject({
      error: { code: 'IMPORT_RUN_DONE' },
    });
  });

  it('commits only the file it has seen', async () => {
    const file = writeCsv(at('messy.csv'), messy);
    const { runId } = await must(core, 'imports.dryRun', { kind: 'orders', file });
    writeCsv(file, [...messy, orderLine({ 0: '5009' })]);
    expect(await core.call('imports.commit', { runId, file })).toMatchObject({
      ok: false,
      error: { code: 'FILE_CHANGED' },
    });
    expect((await must(core, 'orders.list', {})).total).toBe(0);
  });

  it('gives the failed rows as a file that goes in again once mended', async () => {
    const file = writeCsv(at('messy.csv'), [...messy, orderLine({ 0: '=1+1', 3: 'z', 2: '-danger', 6: '+K1' })]);
    const { runId } = await run(file);
    const failedFile = at('failed.xlsx');
    expect(await must(core, 'imports.writeFailed', { runId, to: failedFile })).toEqual({ rows: 3 });
    const again = await run(failedFile);
    expect(again.counts).toMatchObject({ lines: 3, failed: 3 });
    expect(again.failures[2]?.cells.slice(0, 3)).toEqual(["'=1+1", 'SKU-1', "'-danger"]);
    expect(again.failures[0]?.cells.at(-2)).toContain('不是数字');

    const inspected = await must(core, 'imports.inspect', { kind: 'orders', file: failedFile });
    expect(inspected.mappingFrom).toBe('remembered');
    const mended = again.failures.map(({ cells }) => [
      cells[0] ?? '',
      cells[1] ?? '',
      cells[2] ?? '',
      '1',
      cells[4] ?? '',
      cells[5] ?? '',
      cells[6] ?? '',
      'France',
      cells[8] ?? '',
    ]);
    const last = await runLines(mended, 'mended.csv');
    expect(last.counts).toMatchObject({ lines: 3, taken: 3, failed: 0 });
    expect((await orderOf('=1+1')).lineRows[0]).toMatchObject({ description: '-danger', qty: '1' });
  });

  it('remembers a mapping by its headers', async () => {
    const head = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬'];
    const file = writeCsv(at('own.csv'), [head, orderLine()]);
    const first = await must(core, 'imports.inspect', { kind: 'orders', file });
    expect(first).toMatchObject({ mappingFrom: 'guess', mapping: {}, headerRow: 1 });
    expect(await core.call('imports.dryRun', { kind: 'orders', file })).toMatchObject({
      error: { code: 'IMPORT_COLUMNS_MISSING' },
    });
    const mapping = {
      orderNo: 0,
      sku: 1,
      description: 2,
      quantity: 3,
      orderedAt: 4,
      unitPrice: 5,
      customer: 6,
      country: 7,
      currency: 8,
    };
    await run(file, { mapping });
    const other = writeCsv(at('next.csv'), [['标题'], head, orderLine({ 0: '5002' })]);
    const second = await must(core, 'imports.inspect', { kind: 'orders', file: other });
    expect(second).toMatchObject({ mappingFrom: 'remembered', mapping, headerRow: 2 });
    expect((await run(other)).counts).toMatchObject({ taken: 1 });
    expect(await core.call('imports.run', { kind: 'orders', file, mapping: { price: 1 } })).toMatchObject({
      error: { code: 'IMPORT_FIELD_UNKNOWN' },
    });
  });

  it('picks the sheet that holds the orders', async () => {
    const ExcelJS = (await import('exceljs')).default;
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('说明').addRow(['请先阅读']);
    const hidden = workbook.addWorksheet('lists', { state: 'hidden' });
    hidden.addRow(orderHead);
    const sheet = workbook.addWorksheet('订单');
    sheet.addRow(orderHead);
    sheet.addRow(orderLine());
    await workbook.xlsx.writeFile(at('sheets.xlsx'));
    const seen = await must(core, 'imports.inspect', { kind: 'orders', file: at('sheets.xlsx') });
    expect(seen).toMatchObject({ sheets: ['说明', '订单'], sheet: '订单', headerRow: 1 });
    expect(await core.call('imports.inspect', { kind: 'orders', file: at('sheets.xlsx'), sheet: 'nix' })).toMatchObject(
      {
        error: { code: 'SHEET_UNKNOWN' },
      },
    );
  });
});

describe('all or nothing', () => {
  const many = Array.from({ length: 5000 }, (_, i) => orderLine({ 0: `7${i}`, 1: `A${i % 50}` }));

  it('leaves no trace when the last line fails to be written', async () => {
    core.session.book.db.exec(
      `CREATE TEMP TRIGGER broken BEFORE INSERT ON order_line WHEN NEW.source_row = 5001 BEGIN SELECT RAISE(ABORT, 'power cut'); END`,
    );
    const file = writeCsv(at('many.csv'), [orderHead, ...many]);
    expect(await core.call('imports.run', { kind: 'orders', file })).toMatchObject({
      ok: false,
      error: { code: 'BUG' },
    });
    const counts = core.session.book
      .prepare(
        'SELECT (SELECT count(*) FROM sales_order) + (SELECT count(*) FROM product) + (SELECT count(*) FROM import_run) AS n',
      )
      .get();
    expect(counts).toEqual({ n: 0 });
    core.session.book.db.exec('DROP TRIGGER broken');
    expect((await run(file)).counts).toMatchObject({ taken: 5000 });
  });

  it('stops at a cancel with nothing written', async () => {
    const file = writeCsv(at('many.csv'), [orderHead, ...many]);
    const controller = new AbortController();
    const phases: string[] = [];
    const result = await core.call(
      'imports.run',
      { kind: 'orders', file },
      {
        signal: controller.signal,
        progress: ({ phase, done }) => {
          phases.push(phase);
          if (done >= 2000) controller.abort();
        },
      },
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    expect(phases).not.toContain('import.write');
    expect((await must(core, 'orders.list', {})).total).toBe(0);
  });

  it('does not write lines into an order that was drafted while the file was read', async () => {
    await runLines([orderLine()]);
    const file = writeCsv(at('many.csv'), [orderHead, orderLine({ 1: 'SKU-2' }), ...many]);
    const result = await core.call(
      'imports.run',
      { kind: 'orders', file },
      {
        progress: ({ phase }) => {
          if (phase === 'import.write') setState('5001', 'drafted');
        },
      },
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'IMPORT_BOOK_CHANGED' } });
    expect((await must(core, 'orders.list', {})).total).toBe(1);
  });
});

describe('lists', () => {
  it('page through every order once, filtered as asked', async () => {
    const lines = Array.from({ length: 25 }, (_, i) =>
      orderLine({
        0: String(100 + i),
        4: `2026-11-${String(1 + (i % 5)).padStart(2, '0')}`,
        7: i % 2 === 0 ? 'France' : 'EIRE',
      }),
    );
    await runLines(lines);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page: OutputOf<'orders.list'> = await must(core, 'orders.list', {
        limit: 7,
        ...(after === undefined ? {} : { after }),
      });
      expect(page.total).toBe(25);
      seen.push(...page.rows.map(({ orderNo }) => orderNo));
      after = page.nextCursor;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
    const ireland = await must(core, 'orders.list', { country: 'EIRE', from: '2026-11-02', to: '2026-11-02' });
    expect(ireland.rows.map(({ orderNo }) => orderNo).sort()).toEqual(['101', '111', '121']);
    expect(ireland.totals).toEqual([{ currency: 'EUR', amount: '19.50' }]);
    expect(await core.call('orders.list', { after: 'nonsense' })).toMatchObject({ error: { code: 'CURSOR_INVALID' } });
    expect(await core.call('orders.get', { id: 999 })).toMatchObject({ error: { code: 'ORDER_UNKNOWN' } });
    expect((await must(core, 'orders.facets', {})).countries).toEqual([
      { countryText: 'France', country: '305', orders: 13 },
      { countryText: 'EIRE', country: '306', orders: 12 },
    ]);
  });
});

describe('text files', () => {
  it('in GB18030, with semicolons or tabs, with quotes and line breaks are read alike', async () => {
    const iconv = (await import('iconv-lite')).default;
    const lines = [orderHead, orderLine({ 2: '灯笼；"红色",\n大号', 7: '法国' })];
    const texts: [string, Buffer][] = [
      ['gb.csv', iconv.encode(csvText(lines), 'gb18030')],
      ['semi.csv', iconv.encode(csvText(lines, ';'), 'utf8')],
      ['tab.txt', iconv.encode(csvText(lines, '\t'), 'utf16le', { addBOM: true })],
      ['bom.csv', iconv.encode(csvText(lines), 'utf8', { addBOM: true })],
    ];
    const results = [];
    for (const [name, bytes] of texts) {
      writeFileSync(at(name), bytes);
      results.push((await run(at(name))).counts);
    }
    expect(results[0]).toMatchObject({ lines: 1, taken: 1 });
    for (const counts of results.slice(1)) expect(counts).toMatchObject({ lines: 1, alreadyThere: 1 });
    const order = await orderOf('5001');
    expect(order.lineRows[0]?.description).toBe('灯笼；"红色", 大号');
    expect(order.country).toBe('305');
  });
});
