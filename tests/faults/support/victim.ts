import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bareHost, type Core, createCore, pathGrants } from '../../../electron/core/core.ts';
import { findResources } from '../../../electron/core/resources.ts';
import type { InputOf, OperationName, OutputOf } from '../../../shared/contract/contract.ts';
import { batchNames, dayOf, ORDERS_PER_BATCH, type VictimLine } from './batches.ts';

/**
 * The program that is killed: the core as the command line holds it. It works through batches of orders for ever (import,
 * draft, check, queue, sync), going on where the one before it was cut off. On stdout it tells what it begins and, only
 * once the core has confirmed it, what is done.
 */

function tell(line: VictimLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function must<N extends OperationName>(core: Core, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const result = await core.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`);
  return result.data;
}

const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  `${rows.map((row) => row.join(',')).join('\n')}\n`;

/** A self-made file of a batch; the same file each time it is asked for. */
function writeFile(home: string, name: string, rows: readonly (readonly (string | number)[])[]): string {
  const folder = path.join(home, 'files');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, csv(rows));
  return file;
}

function ordersFile(home: string, batch: number): string {
  const head = [
    'InvoiceNo',
    'StockCode',
    'Description',
    'Quantity',
    'InvoiceDate',
    'UnitPrice',
    'CustomerID',
    'Country',
  ];
  const rows = batchNames(batch).flatMap((orderNo, i) => [
    [orderNo, `MUG${i % 5}`, 'STRIPED MUG', 2, `${dayOf(batch)} 09:00:00`, '3.25', 17000 + i, 'United Kingdom'],
    [orderNo, 'PLATE', 'BLUE PLATE', 1 + (i % 3), `${dayOf(batch)} 09:00:00`, '0.85', 17000 + i, 'United Kingdom'],
  ]);
  return writeFile(home, `orders-${batch}.csv`, [head, ...rows]);
}

function productsFile(home: string): string {
  const head = ['sku', '中文品名', '商品编码', '规格型号', '计量单位', '法定单位', '法定数量', '净重', '原产国'];
  const rows = ['MUG0', 'MUG1', 'MUG2', 'MUG3', 'MUG4', 'PLATE'].map((sku) => [
    sku,
    '陶瓷装饰品',
    '6913900000',
    '品牌类型:无品牌|种类:装饰品|材质:陶',
    '007',
    '007',
    '1',
    '0.2',
    '142',
  ]);
  return writeFile(home, 'products.csv', [head, ...rows]);
}

function waybillsFile(home: string, batch: number): string {
  const head = ['订单编号', '运单号', '毛重', '件数', '运费', '保费', '币制'];
  const rows = batchNames(batch).map((orderNo) => [orderNo, `YT${orderNo}`, '2.5', 1, '3.5', 0, 'GBP']);
  return writeFile(home, `waybills-${batch}.csv`, [head, ...rows]);
}

function shipmentOf(batch: number): InputOf<'shipments.save'>['body'] {
  const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  return {
    customsCode: '6407',
    portCode: '6407',
    ieDate: inThreeDays,
    trafMode: '5',
    trafName: 'HU491',
    voyageNo: 'HU491',
    billNo: '880-12345675',
    totalPackageNo: '',
    loctNo: '',
    logisticsCode: '91469002MA5T0TE5TR',
    logisticsName: '测试物流有限公司',
    pod: '',
    wrapType: '2',
    ownerCode: '',
    ownerName: '',
    payName: '',
    note: '',
    filter: { from: dayOf(batch), to: dayOf(batch), country: '' },
  };
}

async function main(): Promise<void> {
  const [home = '', bookId = '', recoveryKey = '', url = '', batches = '1000'] = process.argv.slice(2);
  tell({ begin: 'open', batch: 0 });
  const core = createCore({
    home,
    resourcesFolder: findResources(),
    host: bareHost,
    files: pathGrants,
    actor: 'victim',
  });
  await must(core, 'books.open', { bookId, secret: { recoveryKey } });
  await must(core, 'sync.setEndpoint', { url, name: 'Test' });
  const told = new Set<string>();
  for (let batch = 1; batch <= Number(batches); batch++) await work(core, home, batch, told);
  await core.close();
}

async function work(core: Core, home: string, batch: number, told: Set<string>): Promise<void> {
  const { book } = core.session;
  const count = (sql: string): number =>
    (book.prepare(`SELECT count(*) AS n FROM ${sql}`).get(dayOf(batch)) as { n: number }).n;
  if (count('sales_order WHERE order_date = ?') === 0) {
    tell({ begin: 'import', batch });
    await must(core, 'imports.run', { kind: 'orders', file: ordersFile(home, batch), defaults: { currency: 'GBP' } });
    tell({ done: 'imported', batch });
  }
  const waiting = book.prepare(`SELECT 1 FROM product WHERE state = 'to-classify' LIMIT 1`).get();
  if (waiting !== undefined) await must(core, 'imports.run', { kind: 'products', file: productsFile(home) });
  if (count('waybill w JOIN sales_order o ON o.order_no = w.order_no WHERE o.order_date = ?') === 0) {
    await must(core, 'imports.run', { kind: 'waybills', file: waybillsFile(home, batch) });
  }

  const documents = 'document d JOIN sales_order o ON o.id = d.order_id WHERE o.order_date = ?';
  if (count(documents) === 0) {
    tell({ begin: 'draft', batch });
    const shipment = await must(core, 'shipments.save', { body: shipmentOf(batch) });
    const drafted = await must(core, 'shipments.draft', { id: shipment.id });
    if (drafted.orders !== ORDERS_PER_BATCH) throw new Error(`drafted ${JSON.stringify(drafted)}`);
    tell({ done: 'drafted', batch });
  }
  const shipmentId = (
    book.prepare(`SELECT max(d.shipment_id) AS id FROM ${documents}`).get(dayOf(batch)) as { id: number }
  ).id;
  if (count(`${documents} AND d.state = 'draft'`) > 0) {
    tell({ begin: 'check', batch });
    const checked = await must(core, 'documents.check', { shipmentId });
    if (checked.reject > 0) throw new Error(`checked ${JSON.stringify(checked)}`);
  }
  if (count(`${documents} AND d.state = 'checked'`) > 0) {
    tell({ begin: 'queue', batch });
    const { riskHeld } = await must(core, 'documents.queue', { shipmentId });
    if (riskHeld > 0) {
      // What the firm itself scores as high leaves with a reason only.
      await must(core, 'documents.explain', { shipmentId, reasons: [{ reason: '资料已核对' }] });
      await must(core, 'documents.queue', { shipmentId });
    }
    for (const { guid } of book.prepare('SELECT guid FROM message').all() as { guid: string }[])
      tell({ done: 'queued', guid });
  }
  while (count(`${documents} AND d.kind = 'CEB603Message' AND d.state <> 'closed'`) > 0) {
    tell({ begin: 'sync', batch });
    await must(core, 'sync.now', {});
    for (const { guid } of book.prepare(`SELECT guid FROM message WHERE state = 'sent'`).all() as { guid: string }[]) {
      if (told.has(guid)) continue;
      told.add(guid);
      tell({ done: 'sent', guid });
    }
  }
  tell({ done: 'released', batch });
}

await main();
