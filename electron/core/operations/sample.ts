import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import {
  addDays,
  addMonths,
  daysBetween,
  type IsoDate,
  monthOf,
  parseIsoDate,
  yearOf,
} from '../../../shared/calendar/index.ts';
import { partyView, sourceDocumentInput, voucherInput } from '../../../shared/contract/accounting.ts';
import { type ProfileInput, profileInput } from '../../../shared/contract/books.ts';
import { isoDate } from '../../../shared/contract/common.ts';
import type { ImportKind } from '../../../shared/contract/imports.ts';
import { money } from '../../../shared/contract/money.ts';
import { guaranteeInput, taxBillInput } from '../../../shared/contract/obligations.ts';
import { placeView, productTax } from '../../../shared/contract/purchasing.ts';
import { storeInput } from '../../../shared/contract/stores.ts';
import { forexProfile } from '../../../shared/contract/supervision.ts';
import { regimes, type TaxFactName, taxFactNames, taxProfile } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { Call } from '../core.ts';
import { places } from '../store/stock.ts';

/** A firm that does not exist; its credit code is well formed (GB 32100) and nobody's. */
export const sampleProfile: ProfileInput = profileInput.parse({
  role: 'exporter',
  name: '海南椰风示范贸易有限公司',
  uscc: '91460100MA5TPB0003',
  customsCode: '4601960PBK',
  bankName: '示范银行海口支行',
  bankAccount: '6200000000000000',
  zone: '海南跨境电子商务综合试验区',
  park: '示范园区',
  colour: '#2f7d6b',
});

/**
 * In the order a firm has them: sales first, then what they need to be declared, then what was bought for them. A file's name
 * is what the book keeps as its source.
 */
const files: readonly { readonly kind: ImportKind; readonly resource: string; readonly name: string }[] = [
  { kind: 'orders', resource: 'orders.csv', name: 'orders.csv' },
  { kind: 'products', resource: 'products.csv', name: 'products.csv' },
  { kind: 'waybills', resource: 'waybills.csv', name: 'waybills.csv' },
  { kind: 'rates', resource: 'rates.csv', name: 'rates.csv' },
  { kind: 'tariff', resource: 'tariff.csv', name: '演示税率（非官方）.csv' },
  { kind: 'invoices', resource: 'invoices.csv', name: 'invoices.csv' },
  { kind: 'payments', resource: 'payments.csv', name: 'payments.csv' },
  { kind: 'watchlist', resource: 'watchlist.csv', name: '演示名单（非官方）.csv' },
];
/** Imported when the goods bought have come in: what leaves is issued from stock. */
const exportFile = { kind: 'exportLines', resource: 'export-lines.csv', name: 'export-lines.csv' } as const;

/** The Monday of the week the files were written for. */
const writtenIn = '2026-11-16' as IsoDate;

const abroad = z.object({ date: isoDate, sku: z.string(), qty: z.string(), text: z.string() });
const quarterFact = z.enum(
  taxFactNames.filter((name) => /^(employees|assets)-/.test(name)) as [TaxFactName, ...TaxFactName[]],
);
/** What a firm types in by hand: `resources/sample/entries.json`. A `partyId` is the name of a party there, an `accountId` that of an account. */
const entriesSchema = z.object({
  parties: z.array(partyView.omit({ id: true })),
  warehouse: placeView.omit({ id: true }),
  taxProfile,
  quarterFacts: z.partialRecord(quarterFact, z.string()),
  productTax: z.array(z.object({ skus: z.array(z.string()), tax: productTax })),
  goodsReceived: z.array(z.object({ invoice: z.string(), date: isoDate })),
  estimates: z.array(abroad.extend({ cost: z.string() })),
  abroad: z.object({ transfers: z.array(abroad), sales: z.array(abroad) }),
  regime: z.object({ declarationNo: z.string(), lineNo: z.number(), regime: z.enum(regimes), reason: z.string() }),
  claim: z.object({ declarationNo: z.string(), batch: z.string(), date: isoDate }),
  documents: z.array(sourceDocumentInput),
  money: z.object({
    profile: forexProfile,
    accounts: z.array(money['moneyAccounts.save'].input),
    stores: z.array(storeInput),
    records: z.array(money['moneyRecords.save'].input),
    allocations: z.array(z.object({ reference: z.string(), declarationNo: z.string(), amount: z.string() })),
    /** The line of the statement that is an advance, by its slip number. */
    advance: z.object({ reference: z.string(), record: money['moneyEntries.record'].input.shape.record }),
  }),
  vouchers: z.array(voucherInput),
  guarantee: guaranteeInput,
  taxBill: taxBillInput,
  paper: z.object({ subjectId: z.string(), paper: z.string(), note: z.string() }),
});

/** A text of the sample with every date in it moved by whole weeks, so that a working day stays one and all is of late. */
function moved(text: string, days: number): string {
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (found) => {
    const date = parseIsoDate(found);
    return date === undefined ? found : addDays(date, days);
  });
}

/**
 * Fills the open sample book through the same operations a user calls: imports of files that ship with the program, then what
 * a firm enters by hand. Its dates end in the current week whatever day it is; only the orders keep theirs, so that their file
 * is known when the user imports it again.
 *
 * Some things are left to do on purpose: two products to classify, an order from a country that does not exist, a row that
 * cannot be read, two orders without waybill; an invoice in other units than its declaration, goods still to be received,
 * exports to match with their invoices, papers not on file, a guarantee about to end, a tax bill to pay.
 */
export async function fillSample(call: Call, context: Context): Promise<void> {
  const { resources, progress, signal } = context;
  const today = chinaDate(context.now());
  const days = Math.floor(daysBetween(writtenIn, today) / 7) * 7;
  const read = (name: string): string => moved(readFileSync(resources.path('sample', name), 'utf8'), days);
  const folder = mkdtempSync(join(os.tmpdir(), 'portbook-sample-'));
  const grants = { pathOf: (token: string) => join(folder, token) };
  const phases = files.length + 5;
  let done = 0;
  const next = (): void => progress({ phase: 'sample', done: done++, total: phases });
  const importFile = async ({ kind, resource, name }: { kind: ImportKind; resource: string; name: string }) => {
    next();
    const text = kind === 'orders' ? readFileSync(resources.path('sample', resource), 'utf8') : read(resource);
    writeFileSync(join(folder, name), text);
    await call('imports.run', { kind, file: name, defaults: { currency: 'USD' } }, { files: grants, signal });
  };
  try {
    for (const file of files) await importFile(file);
    const text = read('entries.json');
    const { parties } = entriesSchema.pick({ parties: true }).parse(JSON.parse(text));
    for (const party of parties) await call('parties.save', party);
    const { rows } = await call('parties.list', { limit: 500 });
    const { accounts } = z
      .object({ money: entriesSchema.shape.money.pick({ accounts: true }) })
      .parse(JSON.parse(text)).money;
    const ids = new Map(rows.map(({ id, name }) => [name, id]));
    for (const account of accounts) ids.set(account.name, (await call('moneyAccounts.save', account)).id);
    const isName = (key: string): boolean => /^(partyId|accountId|toAccountId)$/.test(key);
    const entries = entriesSchema.parse(
      JSON.parse(text, (key, value: unknown) => (isName(key) ? found(ids.get(String(value)), value) : value)),
    );
    await enterTax(call, entries, today);
    next();
    await moveGoods(call, entries, () => importFile(exportFile));
    next();
    for (const document of entries.documents) await call('sourceDocuments.save', { document });
    await call('vouchers.postMany', { vouchers: entries.vouchers });
    await receiveMoney(call, entries.money, {
      write: (resource) => writeFileSync(join(folder, resource), read(resource)),
      as: { files: grants, signal },
    });
    next();
    await claimRefund(call, entries.claim);
    await call('guarantees.save', entries.guarantee);
    await call('taxBills.save', entries.taxBill);
    writeFileSync(join(folder, 'contract.txt'), read('contract.txt'));
    await call('archive.add', { ...entries.paper, file: 'contract.txt' }, { files: grants, signal });
    next();
    await closeFirstMonth(call, found(entries.documents[0], 'documents').date);
    await prepayIncomeTax(call, today);
    await planShipment(call, addDays(today, 1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Entries = z.output<typeof entriesSchema>;

/** What the sample's files name must be in them: a name mistyped there is a fault of the program. */
function found<T>(value: T | undefined, name: unknown): T {
  if (value === undefined) throw new RangeError(`the sample names ${String(name)}, which is not in it`);
  return value;
}

const quarterOf = (date: IsoDate): string => `${yearOf(date)}-Q${Math.ceil(monthOf(date) / 3)}`;

/** Profile, facts of this year's quarters and of the last one, and what is known of the products. */
async function enterTax(call: Call, entries: Entries, today: IsoDate): Promise<void> {
  await call('tax.saveProfile', entries.taxProfile);
  const last = quarterOf(addMonths(today, -3));
  const current = quarterOf(today);
  // A quarter's advance counts from January: what lies before in the year must be known too.
  const before = (quarter: string): string[] =>
    Array.from({ length: Number(quarter.slice(-1)) }, (_, at) => `${quarter.slice(0, -1)}${at + 1}`);
  const quarters = [...new Set([...before(last), ...before(current)])];
  const source = '示例';
  await call('tax.setFacts', {
    facts: quarters.flatMap((period) => [
      ...Object.entries(entries.quarterFacts).map(([name, value]) => ({
        name: quarterFact.parse(name),
        period,
        value,
        source,
      })),
      ...(period < last ? [{ name: 'income-prepaid' as const, period, value: '0.00', source }] : []),
    ]),
  });
  for (const { skus, tax } of entries.productTax) await call('products.saveTax', { skus, tax });
}

/** Goods in, declared and out, and on to the warehouse abroad, where a part of them is sold; one regime by hand. */
async function moveGoods(call: Call, entries: Entries, importExports: () => Promise<void>): Promise<void> {
  const { rows: invoices } = await call('invoices.list', { limit: 500 });
  for (const { invoice, date } of entries.goodsReceived) {
    const { id: invoiceId } = found(
      invoices.find(({ number }) => number === invoice),
      invoice,
    );
    const { lineRows } = await call('invoices.get', { id: invoiceId });
    for (const { id, qty } of lineRows) await call('stock.receive', { date, qty, invoiceLineId: id });
  }
  for (const estimate of entries.estimates) await call('stock.receive', estimate);
  await importExports();
  const { id: placeId } = await call('stock.savePlace', entries.warehouse);
  for (const transfer of entries.abroad.transfers)
    await call('stock.transfer', { ...transfer, fromId: places.transit, toId: placeId });
  for (const sale of entries.abroad.sales) await call('overseas.sell', { ...sale, placeId });
  const { declarationNo, lineNo, regime, reason } = entries.regime;
  const { rows } = await call('exportLines.list', { text: declarationNo, limit: 500 });
  const exportLineIds = rows.filter((line) => line.lineNo === lineNo).map(({ id }) => id);
  await call('regimes.set', { exportLineIds, regime, reason });
}

/**
 * Receipts and settlements with what they pay for, a payout of the marketplace, the statement of a payment institution of which one
 * line is recorded and the others are left to the user.
 */
async function receiveMoney(
  call: Call,
  { profile, stores, records, allocations, advance }: Entries['money'],
  file: { write(resource: string): void; as: Parameters<Call>[2] },
): Promise<void> {
  await call('forexProfile.save', profile);
  for (const store of stores) await call('stores.save', store);
  const recordIds = new Map<string, number>();
  for (const record of records) recordIds.set(record.reference, (await call('moneyRecords.save', record)).id);
  await call('allocations.confirm', {
    items: allocations.map(({ reference, declarationNo, amount }) => ({
      recordId: found(recordIds.get(reference), reference),
      target: { kind: 'declaration' as const, no: declarationNo },
      amount,
    })),
  });
  file.write('settlement.txt');
  await call('payouts.import', { file: 'settlement.txt', store: found(stores[0], 'stores').name }, file.as);
  file.write('statement.csv');
  const { rows: accounts } = await call('moneyAccounts.list', {});
  const accountId = found(
    accounts.find(({ kind }) => kind === 'payment-institution'),
    'payment-institution',
  ).id;
  await call('imports.run', { kind: 'statement', file: 'statement.csv', defaults: { accountId } }, file.as);
  const { rows: lines } = await call('moneyEntries.list', { state: 'open', limit: 500 });
  const line = found(
    lines.find(({ reference }) => reference === advance.reference),
    advance.reference,
  );
  await call('moneyEntries.record', { id: line.id, kind: 'receipt', record: advance.record });
}

/** The last quarter's advance is paid as its worksheet has it; where the law of that year is not in the packs yet, none is. */
async function prepayIncomeTax(call: Call, today: IsoDate): Promise<void> {
  const period = quarterOf(addMonths(today, -3));
  try {
    const { results } = await call('worksheets.get', { name: 'income-tax', period });
    const due = results.find(({ id }) => id === 'dueThisPeriod')?.value ?? '';
    if (due !== '') await call('income.prepay', { period, amount: due, source: '示例：按工作底稿预缴' });
  } catch (error) {
    if (!(error instanceof PortbookError && error.code === 'RULE_PACK_MISSING')) throw error;
  }
}

/** The first declaration is matched and claimed; the later ones are left to the user. */
async function claimRefund(call: Call, { declarationNo, batch, date }: Entries['claim']): Promise<void> {
  const { rows } = await call('exportLines.list', { text: declarationNo, limit: 500 });
  const period = found(rows[0], declarationNo).exportDate.slice(0, 7);
  await call('refunds.match', { period });
  await call('refunds.claim', { period, batch, date, lines: rows.map(({ id }) => id) });
}

/** Closes the month the book opens in, where nothing stands in its way. */
async function closeFirstMonth(call: Call, opening: string): Promise<void> {
  const period = opening.slice(0, 7);
  const { findings } = await call('periods.preview', { period });
  if (findings.every(({ level }) => level !== 'reject')) await call('periods.close', { period });
}

/** One shipment for all of the orders. */
async function planShipment(call: Call, ieDate: IsoDate): Promise<void> {
  await call('shipments.save', {
    body: {
      customsCode: '6407',
      portCode: '6407',
      ieDate,
      trafMode: '5',
      trafName: 'HU0491',
      voyageNo: 'HU0491',
      billNo: '88012345675',
      totalPackageNo: '',
      loctNo: '',
      logisticsCode: '91460100MA5TWL000T',
      logisticsName: '海南示范国际物流有限公司',
      pod: '',
      wrapType: '2',
      ownerCode: '',
      ownerName: '',
      payName: '',
      note: '',
      filter: { from: '', to: '', country: '' },
    },
  });
}
