import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { writeMessageTemplate } from '../../electron/core/exporters/template.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { catalogue, type RequestName, requestNames } from '../../shared/documents/catalogue.ts';
import { headersOf } from '../../shared/documents/fields.ts';
import type { Transfer } from '../../shared/documents/frame.ts';
import { headOf, linesOf, type MessageSpec } from '../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../shared/documents/write.ts';
import { documentColumns, documentRows } from '../../shared/import/document-fields.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-import-documents-'));
  core = coreAt(at('home'));
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Body = Record<string, unknown>;
type Head = Record<string, string>;

const order: Head = {
  orderType: 'E',
  orderNo: 'SO-1',
  ebpCode: '4601960123',
  ebpName: '测试平台',
  ebcCode: '4601960123',
  ebcName: '测试商贸',
  goodsValue: '25.5',
  freight: '0',
  currency: '502',
};
const line: Head = {
  itemNo: '00123',
  itemName: '陶瓷杯',
  itemDescribe: '',
  barCode: '06901234567892',
  unit: '007',
  currency: '502',
  qty: '3',
  price: '8.5',
  totalPrice: '25.5',
};
const orderBody = (number: string, lines: readonly Head[] = [line], head: Head = {}): Body => ({
  OrderHead: { ...order, orderNo: number, ...head },
  OrderList: lines.map((one, index) => ({ gnum: String(index + 1), ...one })),
});

/** Cells of documents in the columns of their template. */
function templateRows(message: RequestName, bodies: readonly Body[]): string[][] {
  const columns = documentColumns(message).filter(({ field }) => field.isExtra !== true);
  return bodies.flatMap((body) => documentRows(message, body, columns));
}
const headers = (message: RequestName): string[] => headersOf(catalogue[message]).map(({ zh }) => zh);
const columnOf = (message: RequestName, code: string): number =>
  headersOf(catalogue[message]).findIndex((one) => one.code === code);

let serial = 0;
async function workbook(rows: readonly (readonly (string | number | Date)[])[], sheet = 'Sheet1'): Promise<string> {
  serial += 1;
  const file = at(`rows-${serial}.xlsx`);
  const book = new ExcelJS.Workbook();
  const page = book.addWorksheet(sheet);
  for (const row of rows) page.addRow([...row]);
  await book.xlsx.writeFile(file);
  return file;
}
const filled = async (message: RequestName, bodies: readonly Body[], change?: (rows: string[][]) => void) => {
  const rows = templateRows(message, bodies);
  change?.(rows);
  serial += 1;
  const file = at(`template-${serial}.xlsx`);
  await writeMessageTemplate(file, catalogue[message], rows);
  return file;
};
const run = (file: string, more: Partial<InputOf<'imports.run'>> = {}): Promise<OutputOf<'imports.run'>> =>
  must(core, 'imports.run', { kind: 'documents', file, ...more });
const codesOf = ({ failures }: Pick<OutputOf<'imports.run'>, 'failures'>): string[] =>
  failures.flatMap(({ reasons }) => reasons.map(({ code }) => code));

async function drafts(kind: RequestName): Promise<Body[]> {
  const { rows } = await must(core, 'documents.list', { kind, limit: 100 });
  const all = await Promise.all(rows.map(({ id }) => must(core, 'entry.open', { id })));
  return all.reverse().map(({ body }) => body);
}

/** What is the document's own here and at each filing. */
const own = new Set(['guid', 'appTime', 'appType', 'appStatus', 'ieFlag', 'IEFlag']);
function stated(spec: MessageSpec, body: Body): { head: Head; lines: Head[] } {
  const plain = (values: Readonly<Record<string, unknown>>): Head =>
    Object.fromEntries(
      Object.entries(values).filter(
        (entry): entry is [string, string] => !own.has(entry[0]) && typeof entry[1] === 'string' && entry[1] !== '',
      ),
    );
  return { head: plain(headOf(spec, body)), lines: linesOf(spec, body).map(plain) };
}

describe('documents from the template of their message', () => {
  it('become drafts equal to what was written, many in a file', async () => {
    const two = [orderBody('SO-1', [line, { ...line, itemNo: '00124' }], { goodsValue: '51' }), orderBody('SO-2')];
    const file = await filled('CEB303Message', two);
    expect(await must(core, 'imports.recognise', { file })).toEqual({ form: 'documents', message: 'CEB303Message' });
    const { counts, message, failures } = await run(file);
    expect(failures).toEqual([]);
    expect(message).toBe('CEB303Message');
    expect(counts).toMatchObject({ lines: 3, taken: 3, failed: 0, documents: 2 });
    const made = await drafts('CEB303Message');
    const spec = catalogue.CEB303Message;
    expect(made.map((body) => stated(spec, body))).toEqual(two.map((body) => stated(spec, body)));
    // What the program fills in.
    expect(headOf(spec, made[0] ?? {})).toMatchObject({ appType: '1', appStatus: '2' });
    const [row] = (await must(core, 'documents.list', { kind: 'CEB303Message', limit: 1 })).rows;
    expect(row).toMatchObject({ businessKey: 'SO-2', state: 'checked', currency: 'USD' });
  });

  it('are recognised for every message by the code row, and by the Chinese headers alone', async () => {
    for (const message of requestNames) {
      const codes = headersOf(catalogue[message]).map(({ code }) => code);
      const full = await workbook([headers(message), codes]);
      expect(await must(core, 'imports.recognise', { file: full })).toEqual({ form: 'documents', message });
      const seen = await must(core, 'imports.inspect', { kind: 'documents', file: full });
      expect(seen.mappingFrom, message).toBe('recognised');
      expect(seen.mapping, message).toEqual(Object.fromEntries(codes.map((code, column) => [code, column])));
      const bare = await workbook([headers(message)], catalogue[message].zh.slice(0, 31));
      expect(await must(core, 'imports.recognise', { file: bare })).toEqual({ form: 'documents', message });
    }
  });

  it('come back from the message itself, field by field, for messages of every form', async () => {
    await must(core, 'books.createSample', {});
    const [shipment] = (await must(core, 'shipments.list', {})).rows;
    await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
    const kinds: readonly RequestName[] = ['CEB303Message', 'CEB505Message', 'CEB603Message'];
    const before = new Map<RequestName, Body[]>();
    for (const kind of kinds) before.set(kind, (await drafts(kind)).slice(0, 4));
    await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
    for (const kind of kinds) {
      const bodies = before.get(kind) ?? [];
      expect(bodies.length, kind).toBeGreaterThan(1);
      const transfer: Transfer = { copCode: '4601960123', copName: '测试', dxpMode: 'DXP', dxpId: 'DXPENT0000000001' };
      const frame = { guid: 'A1B2C3D4-0000-4000-8000-000000000001', transfer };
      const xml = assembleMessage(
        catalogue[kind],
        frame,
        bodies.map((body) => writeAny(catalogue[kind], body)),
      );
      writeFileSync(at(`${kind}.xml`), xml);
      const fromXml = await run(at(`${kind}.xml`));
      expect(fromXml.failures, kind).toEqual([]);
      expect(fromXml.counts.documents, kind).toBe(bodies.length);
      const made = await drafts(kind);
      const spec: MessageSpec = catalogue[kind];
      expect(made.map((body) => stated(spec, body))).toEqual(bodies.map((body) => stated(spec, body)));
      // The same documents as a workbook say nothing new.
      const again = await run(await filled(kind, bodies));
      expect(again.counts, kind).toMatchObject({ taken: 0, failed: 0, documents: 0, alreadyThere: again.counts.lines });
      expect(again.duplicatesTotal).toBe(0);
    }
  });

  it('keep what the firm is and what the file leaves out, which the check then asks for', async () => {
    const without = ['OrderHead/ebcCode', 'OrderHead/ebcName', 'OrderHead/goodsValue'];
    const kept = headersOf(catalogue.CEB303Message).flatMap(({ code }, column) =>
      without.includes(code) ? [] : [column],
    );
    const pick = (row: readonly string[]) => kept.map((column) => row[column] ?? '');
    const rows = templateRows('CEB303Message', [orderBody('SO-9')]);
    const { counts, failures } = await run(await workbook([pick(headers('CEB303Message')), ...rows.map(pick)]));
    expect(failures).toEqual([]);
    expect(counts.documents).toBe(1);
    const [body] = await drafts('CEB303Message');
    expect(body).toMatchObject({ OrderHead: { orderNo: 'SO-9', ebcCode: firm.uscc, ebcName: firm.name } });
    const [row] = (await must(core, 'documents.list', { kind: 'CEB303Message', limit: 1 })).rows;
    expect(row?.rejectFindings).toBeGreaterThan(0);
  });
});

describe('a trial run', () => {
  it('writes nothing, names what is wrong with a cell, and takes what is mended in place', async () => {
    const file = await filled('CEB303Message', [orderBody('SO-1', [line, line]), orderBody('SO-2')], (rows) => {
      for (const [row, code, text] of [
        [1, 'OrderList/unit', '999'],
        [1, 'OrderList/qty', '三'],
      ] as const)
        (rows[row] ?? [])[columnOf('CEB303Message', code)] = text;
    });
    const trial = await must(core, 'imports.dryRun', { kind: 'documents', file });
    expect(trial.counts).toMatchObject({ lines: 3, taken: 1, failed: 2, documents: 1 });
    expect((await must(core, 'documents.list', { limit: 10 })).total).toBe(0);
    const { rows, message } = await must(core, 'imports.failures', { runId: trial.runId });
    expect(message).toBe('CEB303Message');
    const [first, second] = rows;
    expect(first?.reasons).toMatchObject([{ code: 'DOCUMENT_ROW_REFUSED', params: { number: 'SO-1', row: 4 } }]);
    expect(second?.reasons.map(({ code, field }) => [code, field])).toEqual([
      ['DOC-CODE', 'OrderList/unit'],
      ['DOC-NOT-DECIMAL', 'OrderList/qty'],
    ]);
    const cells = [...(second?.cells ?? [])];
    cells[columnOf('CEB303Message', 'OrderList/unit')] = '007';
    cells[columnOf('CEB303Message', 'OrderList/qty')] = '3';
    const mended = await must(core, 'imports.mend', {
      runId: trial.runId,
      rows: [{ rowNo: second?.rowNo ?? 0, cells }],
    });
    expect(mended).toEqual({ mended: 2, rows: [], failed: 0, freed: [first?.rowNo] });
    const { counts } = await must(core, 'imports.commit', { runId: trial.runId, file });
    expect(counts).toMatchObject({ lines: 3, taken: 3, failed: 0, documents: 2 });
    expect((await drafts('CEB303Message')).length).toBe(2);
  });

  it('names both rows where the head of a document differs, and takes neither', async () => {
    const file = await filled('CEB303Message', [orderBody('SO-1', [line, line])], (rows) => {
      (rows[1] ?? [])[columnOf('CEB303Message', 'OrderHead/goodsValue')] = '30';
    });
    const { failures, counts } = await run(file);
    expect(counts).toMatchObject({ taken: 0, failed: 2 });
    expect(failures[1]?.reasons).toEqual([
      {
        code: 'DOCUMENT_HEAD_DIFFERS',
        field: 'OrderHead/goodsValue',
        params: { number: 'SO-1', first: '25.5', here: '30', from: 3, row: 4 },
      },
    ]);
    // A blank head cell repeats the row above.
    const blank = await filled('CEB303Message', [orderBody('SO-1', [line, line])], (rows) => {
      (rows[1] ?? [])[columnOf('CEB303Message', 'OrderHead/goodsValue')] = '';
    });
    expect((await run(blank)).counts).toMatchObject({ taken: 2, failed: 0, documents: 1 });
  });

  it('finds numbers that a spreadsheet program has damaged', async () => {
    const codes = headersOf(catalogue.CEB303Message).map(({ code }) => code);
    const cell = (code: string, value: string | number | Date) => {
      const row: (string | number | Date)[] = [...(templateRows('CEB303Message', [orderBody(`SO-${code}`)])[0] ?? [])];
      row[columnOf('CEB303Message', code)] = value;
      return row;
    };
    const file = await workbook([
      codes,
      cell('OrderHead/orderNo', 123456789012345),
      cell('OrderHead/ebpCode', '1.23E+17'),
      cell('OrderList/barCode', new Date(Date.UTC(2026, 10, 21))),
      cell('OrderList/unit', 7),
      cell('OrderList/qty', 3),
    ]);
    const { failures, counts } = await run(file);
    expect(failures.map(({ reasons }) => reasons.map(({ code, field }) => `${code} ${field ?? ''}`))).toEqual([
      ['ID_NUMBER_LONG OrderHead/orderNo'],
      ['ID_DIGITS_LOST OrderHead/ebpCode'],
      ['ID_IS_DATE OrderList/barCode'],
      ['CODE_ZEROS_LOST OrderList/unit'],
    ]);
    expect(counts).toMatchObject({ taken: 1, failed: 4 });
  });

  it('writes refused rows to a file with the same columns, which goes in again', async () => {
    const file = await filled('CEB303Message', [orderBody('SO-1')], (rows) => {
      (rows[0] ?? [])[columnOf('CEB303Message', 'OrderList/unit')] = '999';
    });
    await run(file, { failedTo: at('failed.xlsx') });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(at('failed.xlsx'));
    const page = book.worksheets[0];
    expect(page?.getRow(2).getCell(headers('CEB303Message').length + 1).text).toMatch(/计量单位/);
    const unit = page?.getRow(2).getCell(columnOf('CEB303Message', 'OrderList/unit') + 1);
    if (unit !== undefined) unit.value = '007';
    await book.xlsx.writeFile(at('mended.xlsx'));
    expect((await run(at('mended.xlsx'))).counts).toMatchObject({ taken: 1, failed: 0, documents: 1 });
  });
});

describe('a number that the book has', () => {
  const changed = () => filled('CEB303Message', [orderBody('SO-1', [line], { freight: '2' }), orderBody('SO-2')]);

  it('is left as it is, refused, or written over, as the user says; both rows are shown', async () => {
    await run(await filled('CEB303Message', [orderBody('SO-1')]));
    const skipped = await run(await changed());
    expect(skipped.counts).toMatchObject({ taken: 1, alreadyThere: 1, failed: 0, documents: 1 });
    expect(skipped.duplicatesTotal).toBe(1);
    const [pair] = skipped.duplicates[0]?.rows ?? [];
    const freight = columnOf('CEB303Message', 'OrderHead/freight');
    expect(skipped.duplicates[0]).toMatchObject({ number: 'SO-1', state: 'checked' });
    expect([pair?.rowNo, pair?.file[freight], pair?.book[freight]]).toEqual([3, '2', '0']);

    const refused = await run(await changed(), { defaults: { onDuplicate: 'insert' } });
    expect(codesOf(refused)).toEqual(['DOCUMENT_THERE']);

    const before = (await drafts('CEB303Message'))[0];
    const updated = await run(await changed(), { defaults: { onDuplicate: 'update' } });
    expect(updated.counts).toMatchObject({ taken: 1, updated: 1, alreadyThere: 1, failed: 0, documents: 1 });
    const after = (await drafts('CEB303Message'))[0];
    expect(after).toMatchObject({
      OrderHead: { freight: '2', guid: headOf(catalogue.CEB303Message, before ?? {})['guid'] },
    });
    // The very same again says nothing new, whatever is chosen.
    const again = await run(await changed(), { defaults: { onDuplicate: 'update' } });
    expect(again.counts).toMatchObject({ taken: 0, updated: 0, failed: 0, documents: 0 });
  });

  it('is not written over once it is a draft no more', async () => {
    await run(await filled('CEB303Message', [orderBody('SO-1'), orderBody('SO-2')]));
    const rows = (await must(core, 'documents.list', { kind: 'CEB303Message', limit: 10 })).rows;
    await must(core, 'documents.discard', { id: rows.find(({ businessKey }) => businessKey === 'SO-1')?.id ?? 0 });
    const { failures } = await run(await changed(), { defaults: { onDuplicate: 'update' } });
    expect(failures[0]?.reasons).toMatchObject([
      { code: 'DOCUMENT_FROZEN', params: { number: 'SO-1', state: 'withdrawn' } },
    ]);
  });
});

describe('a template', () => {
  it('of any message is written from the window, and needs to be told which', async () => {
    await must(core, 'imports.writeTemplate', { kind: 'documents', message: 'CEB605Message', to: at('t.xlsx') });
    const seen = await must(core, 'imports.inspect', { kind: 'documents', file: at('t.xlsx') });
    expect(seen).toMatchObject({ message: 'CEB605Message', mappingFrom: 'recognised' });
    expect(seen.mapping['invtNo']).toBeDefined();
    expect(await core.call('imports.writeTemplate', { kind: 'documents', to: at('t.xlsx') })).toMatchObject({
      ok: false,
      error: { code: 'IMPORT_MESSAGE_MISSING' },
    });
  });
});

describe('a receipt of customs as a file', () => {
  let list: { id: number; body: Body };
  beforeEach(async () => {
    await must(core, 'books.createSample', {});
    const [shipment] = (await must(core, 'shipments.list', {})).rows;
    await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
    await must(core, 'documents.check', {});
    await must(core, 'documents.queue', {});
    await must(core, 'outbox.export', { to: folder });
    const { rows } = await must(core, 'documents.list', { kind: 'CEB303Message', state: 'queued', limit: 100 });
    const [row] =
      rows.length > 0 ? rows : (await must(core, 'documents.list', { kind: 'CEB303Message', limit: 1 })).rows;
    list = { id: row?.id ?? 0, body: (await must(core, 'documents.get', { id: row?.id ?? 0 })).body };
  });

  function receipt(name: string, head: Head): string {
    const { guid = '', ebpCode = '', ebcCode = '', orderNo = '' } = headOf(catalogue.CEB303Message, list.body) as Head;
    const said = {
      guid,
      ebpCode,
      ebcCode,
      orderNo,
      returnStatus: '120',
      returnTime: '20261121093000000',
      returnInfo: '入库成功',
    };
    const xml = assembleMessage(catalogue.CEB304Message, { guid: 'A1B2C3D4-0000-4000-8000-000000000304' }, [
      writeAny(catalogue.CEB304Message, { ...said, ...head }),
    ]);
    writeFileSync(at(name), xml);
    return at(name);
  }

  it('is recognised, applied by the ordinary engine, and a no-op the second time', async () => {
    const file = receipt('r.xml', {});
    expect(await must(core, 'imports.recognise', { file })).toMatchObject({
      form: 'receipt',
      message: 'CEB304Message',
      isKnown: false,
      total: 1,
      items: [{ status: '120', info: '入库成功', documentId: list.id }],
    });
    expect(await must(core, 'imports.receipts', { file })).toMatchObject({ isNew: true, state: 'applied' });
    const after = await must(core, 'documents.get', { id: list.id });
    expect(after).toMatchObject({ state: 'accepted', statusCode: '120' });
    expect(after.receipts).toHaveLength(1);
    expect(await must(core, 'imports.receipts', { file })).toMatchObject({ isNew: false, state: 'applied' });
    expect((await must(core, 'documents.get', { id: list.id })).receipts).toHaveLength(1);
    expect(await must(core, 'imports.recognise', { file })).toMatchObject({ form: 'receipt', isKnown: true });
  });

  it('about nothing the book has sent is parked, and said so', async () => {
    const file = receipt('unknown.xml', { orderNo: 'NOBODY-1', guid: 'A1B2C3D4-0000-4000-8000-00000000FFFF' });
    const answer = await must(core, 'imports.receipts', { file });
    expect(answer).toMatchObject({ isNew: true, state: 'parked', problem: 'RECEIPT_MESSAGE_UNKNOWN' });
    expect(answer.items[0]?.documentId).toBeUndefined();
    expect((await must(core, 'documents.get', { id: list.id })).receipts).toHaveLength(0);
  });

  it('is no table, and other files are no receipt', async () => {
    const file = receipt('r.xml', {});
    expect(await core.call('imports.inspect', { kind: 'documents', file })).toMatchObject({
      ok: false,
      error: { code: 'FILE_IS_RECEIPT' },
    });
    const table = await filled('CEB303Message', [orderBody('SO-1')]);
    expect(await core.call('imports.receipts', { file: table })).toMatchObject({
      ok: false,
      error: { code: 'RECEIPT_FILE_NOT' },
    });
  });
});
