import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-import-keys-'));
  core = coreAt(path.join(folder, 'home'));
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

let serial = 0;
function csv(rows: readonly (readonly string[])[]): string {
  serial += 1;
  const file = path.join(folder, `rows-${serial}.csv`);
  writeFileSync(file, rows.map((row) => row.join(',')).join('\n'));
  return file;
}

type Source = Omit<InputOf<'imports.dryRun'>, 'file'>;
const trial = (rows: readonly (readonly string[])[], source: Source): Promise<OutputOf<'imports.dryRun'>> =>
  must(core, 'imports.dryRun', { ...source, file: csv(rows) });
const take = (rows: readonly (readonly string[])[], source: Source): Promise<OutputOf<'imports.run'>> =>
  must(core, 'imports.run', { ...source, file: csv(rows) });
const reasonsOf = async (runId: number) =>
  (await must(core, 'imports.failures', { runId })).rows.map(({ rowNo, reasons }) => [
    rowNo,
    ...reasons.map(({ code, field }) => `${code} ${field ?? ''}`),
  ]);
const plansOf = ({ rowPlans }: OutputOf<'imports.dryRun'>) =>
  (rowPlans?.rows ?? []).map(({ rowNo, key, does, record }) => [rowNo, key, does, record ?? '']);

describe('documents by another number of their head', () => {
  const copNo = 'InventoryHead/copNo';
  const orderNo = 'InventoryHead/orderNo';
  const invtNo = 'InventoryHead/invtNo';
  const billNo = 'InventoryHead/billNo';
  const documents: Source = { kind: 'documents', message: 'CEB603Message' };
  const byOrder: Source = { ...documents, defaults: { key: orderNo, onDuplicate: 'update' } };
  const billOf = async (number: string) => {
    const { rows } = await must(core, 'documents.list', { kind: 'CEB603Message', text: number, limit: 10 });
    const found = rows.filter(({ businessKey }) => businessKey === number);
    const { body } = await must(core, 'documents.get', { id: found[0]?.id ?? 0 });
    return (body['InventoryHead'] as Record<string, string>)['billNo'];
  };
  beforeEach(async () => {
    const { counts } = await take(
      [
        [copNo, orderNo, invtNo, billNo],
        ['LIST-A', 'SO-A', '', 'OLD'],
        ['LIST-B', 'SO-B', '531620269000000001', 'OLD'],
        ['LIST-C1', 'SO-C', '', 'OLD'],
        ['LIST-C2', 'SO-C', '', 'OLD'],
      ],
      documents,
    );
    expect(counts).toMatchObject({ taken: 4, failed: 0, documents: 4 });
  });

  it('are written over by their order, as the trial run says row by row, with no number of their own in the file', async () => {
    const rows = [
      [orderNo, billNo],
      ['SO-A', 'NEW'],
      ['SO-B', 'OLD'],
      ['SO-C', 'NEW'],
      ['SO-Z', 'NEW'],
    ];
    const file = csv(rows);
    const tried = await must(core, 'imports.dryRun', { ...byOrder, file });
    expect(tried.counts).toMatchObject({ lines: 4, taken: 1, updated: 1, alreadyThere: 1, failed: 2 });
    expect(tried.rowPlans?.counts).toEqual({ insert: 0, update: 1, same: 1, skip: 0, refuse: 2 });
    expect(plansOf(tried)).toEqual([
      [2, 'SO-A', 'update', 'LIST-A'],
      [3, 'SO-B', 'same', ''],
      [4, 'SO-C', 'refuse', ''],
      [5, 'SO-Z', 'refuse', ''],
    ]);
    expect(await reasonsOf(tried.runId)).toEqual([
      [4, `KEY_TWICE_IN_BOOK ${orderNo}`],
      [5, `KEY_NEW_UNNAMED ${copNo}`],
    ]);
    const { rows: failed } = await must(core, 'imports.failures', { runId: tried.runId });
    expect(failed[0]?.reasons[0]?.params).toEqual({
      ...{ value: 'SO-C', count: 2 },
      ...{ numbers: 'LIST-C1、LIST-C2', numbersEn: 'LIST-C1, LIST-C2' },
    });
    expect(await billOf('LIST-A')).toBe('OLD');
    await must(core, 'imports.commit', { runId: tried.runId, file });
    expect(await billOf('LIST-A')).toBe('NEW');

    // The key is remembered with the columns, and another may be named.
    const again = await must(core, 'imports.inspect', { kind: 'documents', message: 'CEB603Message', file });
    expect(again).toMatchObject({ mappingFrom: 'remembered', key: orderNo });
    const changed = csv([...rows.slice(0, 1), ['SO-A', 'THIRD']]);
    const remembered = await must(core, 'imports.dryRun', {
      ...documents,
      defaults: { onDuplicate: 'skip' },
      file: changed,
    });
    expect(plansOf(remembered)).toEqual([[2, 'SO-A', 'skip', '']]);
    expect(remembered.duplicates.map(({ number }) => number)).toEqual(['LIST-A']);
    const own = await core.call('imports.dryRun', { ...documents, defaults: { key: copNo }, file: changed });
    expect(own).toMatchObject({ ok: false, error: { code: 'IMPORT_COLUMNS_MISSING', params: { fields: copNo } } });
  });

  it('are new where the book has no such order; numbers that contradict it are refused, whichever side they stand on', async () => {
    const tried = await trial(
      [
        [copNo, orderNo, billNo],
        ['LIST-N', 'SO-N', 'NEW'],
        ['LIST-X', 'SO-A', 'NEW'],
        ['LIST-B', 'SO-Q', 'NEW'],
        ['LIST-T1', 'SO-T', 'NEW'],
        ['LIST-T2', 'SO-T', 'NEW'],
        ['LIST-N', 'SO-M', 'NEW'],
        ['LIST-Y', '', 'NEW'],
      ],
      byOrder,
    );
    expect(tried.rowPlans?.counts).toEqual({ insert: 1, update: 0, same: 0, skip: 0, refuse: 6 });
    expect(plansOf(tried)[0]).toEqual([2, 'SO-N', 'insert', 'LIST-N']);
    expect(await reasonsOf(tried.runId)).toEqual([
      [3, `KEY_OTHER_NUMBER ${copNo}`],
      [4, `KEY_NUMBER_THERE ${copNo}`],
      [5, `DOCUMENT_ROW_REFUSED ${orderNo}`],
      [6, `KEY_TWICE_IN_FILE ${orderNo}`],
      [7, `ROW_TWICE ${copNo}`],
      [8, `REQUIRED_BLANK ${orderNo}`],
    ]);
    // A number mended in place is looked up anew.
    const { rows } = await must(core, 'imports.failures', { runId: tried.runId });
    const mended = await must(core, 'imports.mend', {
      runId: tried.runId,
      rows: [{ rowNo: 3, cells: (rows[0]?.cells ?? []).map((text) => (text === 'LIST-X' ? 'LIST-A' : text)) }],
    });
    expect(mended).toMatchObject({ mended: 1, rows: [] });
  });

  it("are found by customs' number; one that was given up stands in nobody's way", async () => {
    const rows = [
      [invtNo, billNo],
      ['531620269000000001', 'NEW'],
    ];
    const byNumber: Source = { ...documents, defaults: { key: invtNo, onDuplicate: 'update' } };
    expect(plansOf(await trial(rows, byNumber))).toEqual([[2, '531620269000000001', 'update', 'LIST-B']]);
    const { rows: all } = await must(core, 'documents.list', { kind: 'CEB603Message', text: 'LIST-C2', limit: 10 });
    await must(core, 'documents.discard', { id: all.find(({ businessKey }) => businessKey === 'LIST-C2')?.id ?? 0 });
    const one = [
      [orderNo, billNo],
      ['SO-C', 'NEW'],
    ];
    expect(plansOf(await trial(one, byOrder))).toEqual([[2, 'SO-C', 'update', 'LIST-C1']]);
  });

  it('cannot be found by a field that is no key', async () => {
    const file = csv([
      [copNo, billNo],
      ['LIST-A', 'NEW'],
    ]);
    expect(await core.call('imports.dryRun', { ...documents, defaults: { key: billNo }, file })).toMatchObject({
      ok: false,
      error: { code: 'IMPORT_KEY_UNKNOWN', params: { field: billNo } },
    });
  });
});

describe('products by bar code', () => {
  const byBarcode: Source = { kind: 'products', defaults: { key: 'barcode', onDuplicate: 'update' } };
  beforeEach(async () => {
    await take(
      [
        ['sku', 'barcode', 'nameCn'],
        ['CUP', '6901234567892', '杯'],
        ['POT-1', '6901234500001', '壶'],
        ['POT-2', '6901234500001', '壶'],
      ],
      { kind: 'products' },
    );
  });

  it('are changed without their article number; a code of two articles is refused', async () => {
    const rows = [
      ['barcode', 'nameCn', 'sku'],
      ['6901234567892', '陶瓷杯', ''],
      ['6901234500001', '陶瓷壶', ''],
      ['6900000000001', '碗', 'BOWL'],
      ['6900000000002', '盘', ''],
      ['6900000000003', '碟', 'CUP'],
      ['6900000000001', '碗', 'BOWL-2'],
      ['', '勺', 'SPOON'],
    ];
    const tried = await trial(rows, byBarcode);
    expect(plansOf(tried)).toEqual([
      [2, '6901234567892', 'update', 'CUP'],
      [3, '6901234500001', 'refuse', ''],
      [4, '6900000000001', 'insert', 'BOWL'],
      [5, '6900000000002', 'refuse', ''],
      [6, '6900000000003', 'refuse', ''],
      [7, '6900000000001', 'refuse', ''],
      [8, '', 'refuse', ''],
    ]);
    expect(await reasonsOf(tried.runId)).toEqual([
      [3, 'KEY_TWICE_IN_BOOK barcode'],
      [5, 'KEY_NEW_UNNAMED sku'],
      [6, 'KEY_NUMBER_THERE sku'],
      [7, 'KEY_TWICE_IN_FILE barcode'],
      [8, 'REQUIRED_BLANK barcode'],
    ]);
    expect(tried.counts).toMatchObject({ taken: 2, updated: 1, products: 1, failed: 5 });
    const { counts } = await take(rows, byBarcode);
    expect(counts).toMatchObject({ taken: 2, updated: 1, products: 1, failed: 5 });
    const { rows: products } = await must(core, 'products.list', { limit: 10 });
    expect(products.find(({ sku }) => sku === 'CUP')).toMatchObject({
      sku: 'CUP',
      nameCn: '陶瓷杯',
      barcode: '6901234567892',
    });
    // The very same once more changes nothing.
    expect(plansOf(await trial(rows.slice(0, 2), byBarcode))).toEqual([[2, '6901234567892', 'same', '']]);
  });

  it('by their own number are as before: each row says what it does', async () => {
    const tried = await trial(
      [
        ['sku', 'nameCn'],
        ['CUP', '陶瓷杯'],
        ['POT-1', '壶'],
        ['NEW', '盘'],
      ],
      { kind: 'products', defaults: { onDuplicate: 'skip' } },
    );
    expect(plansOf(tried)).toEqual([
      [2, 'CUP', 'skip', ''],
      [3, 'POT-1', 'same', ''],
      [4, 'NEW', 'insert', ''],
    ]);
  });
});

describe('waybills by their own number', () => {
  it("take a carrier's weights where the list has no order", async () => {
    await take(
      [
        ['orderNo', 'logisticsNo', 'grossWeight'],
        ['SO-1', 'YT1', '1.5'],
        ['SO-2', 'YT2', '2.5'],
      ],
      { kind: 'waybills' },
    );
    const source: Source = { kind: 'waybills', defaults: { key: 'logisticsNo' } };
    const tried = await trial(
      [
        ['logisticsNo', 'grossWeight', 'orderNo'],
        ['YT1', '1.7', ''],
        ['YT2', '2.5', 'SO-2'],
        ['YT9', '1', ''],
        ['YT2', '2.5', 'SO-1'],
        ['YT3', '1', 'SO-3'],
      ],
      source,
    );
    expect(plansOf(tried)).toEqual([
      [2, 'YT1', 'update', 'SO-1'],
      [3, 'YT2', 'same', ''],
      [4, 'YT9', 'refuse', ''],
      [5, 'YT2', 'refuse', ''],
      [6, 'YT3', 'insert', 'SO-3'],
    ]);
    expect(await reasonsOf(tried.runId)).toEqual([
      [4, 'KEY_NEW_UNNAMED orderNo'],
      [5, 'KEY_OTHER_NUMBER orderNo'],
    ]);
  });
});
