import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue, readMessage, validateAny } from '../../shared/documents/index.ts';
import { storedText } from '../../shared/money/stored.ts';
import { type PlatformProcess, startPlatform } from '../fixtures/platform.ts';
import { commandLine } from '../fixtures/portbook.ts';
import {
  coreAt,
  firm,
  realWorkbook,
  shipmentBody,
  writeClassification,
  writeRates,
  writeWaybills,
} from '../fixtures/trade.ts';

/**
 * The whole main job by command line on every line of the real workbook, with the platform killed and started again in
 * between: book, import, classification, waybills, rates, draft, check, queue, send, receipts, ledger.
 */
const workbook = realWorkbook();
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-main-path-'));
const at = (name: string) => path.join(folder, name);
const book = at('book');
const passphrase = 'main-path-passphrase';
let platform: PlatformProcess | undefined;

afterAll(async () => {
  await platform?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const { run: portbook, alone } = commandLine({ PORTBOOK_PASSPHRASE: passphrase, PORTBOOK_HOME: at('home') });

/** The facts of the workbook, added up here from its cells alone. */
async function factsOf(file: string) {
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(file, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
  });
  let lines = 0;
  let cancellations = 0;
  for await (const sheet of reader) {
    for await (const row of sheet) {
      if (row.number === 1) continue;
      lines += 1;
      if (String(row.getCell(1).value).startsWith('C')) cancellations += 1;
    }
  }
  return { lines, cancellations };
}

if (workbook === undefined)
  console.warn('the workbook of 50,000 lines is not beside the project: the main path on it is skipped');

describe.skipIf(workbook === undefined)('the main path by command line', () => {
  const file = workbook ?? '';

  beforeAll(async () => {
    platform = await startPlatform(at('platform'));
  });

  it('creates a book and names what is wrong with a credit code', async () => {
    const create = (uscc: string) =>
      alone('book', 'create', '--dir', book, '--name', firm.name, '--uscc', uscc, '--customs-code', firm.customsCode);
    const refused = await create('91469002MA5T0TE5TA');
    expect(refused.code).toBe(1);
    expect(refused.body).toMatchObject({
      ok: false,
      error: { code: 'USCC_CHECK', path: 'uscc', params: { expected: 'R' } },
    });
    const made = await create(firm.uscc);
    expect(made).toMatchObject({ code: 0, body: { ok: true } });
    expect(made.body.recoveryKey).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4})+$/);
  });

  it('imports every line of the workbook into exactly one class, and nothing the second time', async () => {
    const facts = await factsOf(file);
    const run = (...more: string[]) =>
      portbook('import', 'orders', '--book', book, '--file', file, '--currency', 'GBP', ...more);
    const dry = await run('--dry-run');
    const first = await run('--failed', at('failed.xlsx'));
    expect(first.code).toBe(0);
    const { counts } = first.body;
    expect(counts).toEqual(dry.body.counts);
    expect(counts.lines).toBe(facts.lines);
    expect(counts.taken + counts.cancellations + counts.alreadyThere + counts.failed).toBe(facts.lines);
    expect(counts.cancellations + counts.failed).toBeGreaterThanOrEqual(facts.cancellations);
    const again = await run();
    expect(again.body.importedBefore).toBeDefined();
    expect(again.body.counts).toMatchObject({ lines: facts.lines, taken: 0, updated: 0, cancellations: 0, orders: 0 });
    const failed = await portbook('import', 'orders', '--book', book, '--file', at('failed.xlsx'), '--currency', 'GBP');
    expect(failed.body.counts).toMatchObject({ lines: counts.failed, failed: counts.failed, taken: 0 });
  });

  it('holds every order back until products are classified and waybills are there', async () => {
    writeFileSync(at('shipment.json'), JSON.stringify(shipmentBody));
    const blocked = await portbook('draft', '9610', '--book', book, '--shipment', at('shipment.json'));
    expect(blocked.code).toBe(1);
    expect(blocked.body.blocked[0].reasons.map(({ code }: { code: string }) => code)).toContain('NO_CLASSIFICATION');
  });

  it('classifies, weighs and drafts', async () => {
    const core = coreAt(at('helper-home'));
    await core.session.open(book, { passphrase });
    await writeClassification(core, at('products.csv'));
    await writeWaybills(core, at('waybills.csv'));
    writeRates(at('rates.csv'), [{ currency: 'GBP', date: '2026-11-02', rate: '9.1234' }]);
    await core.close();
    for (const kind of ['products', 'waybills', 'rates']) {
      const done = await portbook('import', kind, '--book', book, '--file', at(`${kind}.csv`));
      expect(done.body, kind).toMatchObject({ ok: true, counts: { failed: 0 } });
    }
    const drafted = await portbook('draft', '9610', '--book', book, '--shipment', at('shipment.json'));
    expect(drafted.code).toBe(0);
    expect(drafted.body.orders).toBeGreaterThan(1700);
    // What is left over says why: a country customs has no code for, or nothing but postage and fees.
    const codes = new Set(
      drafted.body.blocked.flatMap(({ reasons }: { reasons: { code: string }[] }) => reasons.map(({ code }) => code)),
    );
    expect([...codes].filter((code) => code !== 'NO_COUNTRY' && code !== 'NO_GOODS')).toEqual([]);
  });

  it('lists add up to their order lines', async () => {
    const core = coreAt(at('helper-home'));
    await core.session.open(book, { passphrase });
    const rows = core.session.book
      .prepare(
        `SELECT o.order_no AS orderNo, sum(d.amount_e5) AS listed,
           (SELECT sum(l.price_e5 * ((l.qty_e5 - l.cancelled_qty_e5) / 100000)) FROM order_line l JOIN product p ON p.sku = l.sku
            WHERE l.order_id = o.id AND p.line_kind = 'goods') AS ordered
         FROM document d JOIN sales_order o ON o.id = d.order_id WHERE d.kind = 'CEB603Message' GROUP BY o.id`,
      )
      .all() as { orderNo: string; listed: number; ordered: number }[];
    expect(rows.length).toBeGreaterThan(1700);
    expect(rows.filter(({ listed, ordered }) => listed !== ordered)).toEqual([]);
    await core.close();
  });

  it('checks, and queues with the network down', async () => {
    await platform?.kill();
    const checked = await portbook('check', '--book', book);
    // The firm's own score of so many unpaid orders is high: nothing leaves without a reason.
    const held = await portbook('queue', '--book', book);
    expect(held).toMatchObject({ code: 1, body: { documents: 0, messages: 0 } });
    expect(held.body.riskHeld).toBe(checked.body.documents - checked.body.reject);
    const queued = await portbook('queue', '--book', book, '--reason', '资料已核对');
    expect(queued.body.documents).toBe(checked.body.documents - checked.body.reject);
    expect(queued.body.messages).toBeGreaterThan(50);
    const offline = await alone('sync', '--book', book, '--platform', platform?.url ?? '', '--wait', '1');
    expect(offline.body).toMatchObject({ connection: 'offline', sent: 0 });
  });

  it('writes messages that hold against their field tables', async () => {
    const done = await portbook('export', 'messages', '--book', book, '--out', at('messages'));
    const files = readdirSync(at('messages'));
    expect(files).toHaveLength(done.body.files);
    const tables = coreAt(at('helper-home')).resources.tables;
    let documents = 0;
    for (const name of files) {
      const read = readMessage(readFileSync(path.join(at('messages'), name), 'utf8'));
      expect(read.problems, name).toEqual([]);
      const spec = catalogue[read.message as keyof typeof catalogue];
      for (const document of read.documents) {
        documents += 1;
        expect(validateAny(spec, document, tables).filter(({ level }) => level === 'reject')).toEqual([]);
      }
    }
    expect(documents).toBeGreaterThan(4900);
  });

  it('sends when the platform is back, through a kill in the middle, and every list is released once', async () => {
    platform = await startPlatform(at('platform'), platform?.port);
    const running = alone('sync', '--book', book, '--platform', platform.url, '--wait', '240');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await platform.kill();
    platform = await startPlatform(at('platform'), platform.port);
    await running;
    const done = await alone('sync', '--book', book, '--platform', platform.url, '--wait', '240');
    expect(done.body).toMatchObject({ queued: 0, awaitingReceipt: 0 });
    const lists = done.body.documents.filter(({ kind }: { kind: string }) => kind === 'CEB603Message');
    expect(lists.map(({ state }: { state: string }) => state)).toEqual(['closed']);
    const statistics = (await (await fetch(`${platform.url}/v1/practice/statistics`)).json()) as Record<
      string,
      unknown
    >;
    expect(statistics).toMatchObject({ duplicates: expect.anything() });
  });

  it('has posted the sale of every released order, balanced to the fen', async () => {
    const { body } = await portbook('ledger', 'trial-balance', '--book', book);
    expect(body).toMatchObject({ balanced: true, pending: 0 });
    expect(body.totalDebitCny).toBe(body.totalCreditCny);
    const core = coreAt(at('helper-home'));
    await core.session.open(book, { passphrase });
    const { listed } = core.session.book
      .prepare(`SELECT sum(amount_e5) AS listed FROM document WHERE kind = 'CEB603Message' AND state = 'closed'`)
      .get() as { listed: number };
    // Postage and the like that an order charges is no goods of a list, but owed by the buyer all the same.
    const { other } = core.session.book
      .prepare(
        `SELECT sum((l.price_e5 * (l.qty_e5 - l.cancelled_qty_e5) + 50000) / 100000) AS other FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.sku = l.sku
         WHERE o.state = 'released' AND p.line_kind <> 'goods'`,
      )
      .get() as { other: number };
    await core.close();
    const receivable = body.rows.find(
      ({ account, currency }: { account: string; currency: string }) => account === '1122' && currency === 'GBP',
    );
    expect(Number(receivable.debit)).toBeCloseTo(Number(storedText(listed + other)), 2);
  });
});
