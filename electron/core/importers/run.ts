import { setImmediate } from 'node:timers/promises';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type {
  DuplicateDocument,
  ImportCounts,
  ImportFinding,
  ImportKind,
  RowPlans,
} from '../../../shared/contract/imports.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { headerKey } from '../../../shared/import/headers.ts';
import type { InvoiceEntry } from '../../../shared/import/invoices.ts';
import { noProduct } from '../../../shared/import/products.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { fenText } from '../../../shared/stock/index.ts';
import { casesOf, documentCheck, recheck } from '../checking.ts';
import type { Context } from '../context.ts';
import { takeDocuments } from '../document-life.ts';
import { matchDue } from '../matching.ts';
import { lookAfterImport } from '../risk/after-import.ts';
import { putBonded } from '../store/bonded.ts';
import type { Book } from '../store/book.ts';
import { countryByFirm } from '../store/countries.ts';
import { saveExportLines } from '../store/entered-export-lines.ts';
import { fillExportRates } from '../store/export-lines.ts';
import { returnCancelledOfRun } from '../store/export-stock.ts';
import {
  abandonTrials,
  applyTaxBills,
  type Failure,
  insertRun,
  mendedRows,
  type NewRun,
  rememberMapping,
  requireRun,
  saveOutcome,
} from '../store/imports.ts';
import { saveInvoice, skuByHistory } from '../store/invoices.ts';
import { retryPendingPostings } from '../store/ledger.ts';
import { allocateWaitingPayouts } from '../store/money/allocations.ts';
import { applyStatement } from '../store/money/entries.ts';
import { valueRecords } from '../store/money/records.ts';
import { applyOrders } from '../store/orders.ts';
import { bringBack, sellAbroad } from '../store/overseas.ts';
import { putParcels } from '../store/parcels.ts';
import { ensureParty } from '../store/parties.ts';
import { insertPayments } from '../store/payments.ts';
import { changeProduct, findProduct, insertProduct } from '../store/products.ts';
import { putRate } from '../store/rates.ts';
import { saveCopies } from '../store/returns.ts';
import { putNotices } from '../store/risk/notices.ts';
import { replaceLists } from '../store/risk/watch-lists.ts';
import { insertCounts } from '../store/stock-counts.ts';
import { putTariff } from '../store/tariff.ts';
import { insertMilestones } from '../store/way.ts';
import { applyWaybills } from '../store/waybills.ts';
import { type Codes, codesOf } from './codes.ts';
import { columnsOfPlan, type ImportPlan, requireComplete } from './plan.ts';
import { type SortedFile, sortFile } from './sort.ts';
import type { SourceFile } from './source.ts';

export interface RunResult {
  readonly runId: number;
  readonly counts: ImportCounts;
  readonly failures: readonly Failure[];
  readonly findings: readonly ImportFinding[];
  readonly duplicates: readonly DuplicateDocument[];
  readonly duplicatesTotal: number;
  readonly rowPlans: RowPlans | undefined;
}

/** What the rows of a file do to the book. Call it in a transaction. */
function apply(
  context: Context,
  codes: Codes,
  sorted: SortedFile,
  { runId, fileName, now }: { readonly runId: number; readonly fileName: string; readonly now: string },
): { counts: ImportCounts; notes: Record<string, number>; documents?: readonly number[] } {
  const { book } = context;
  const { sorter, counts } = sorted;
  switch (sorter.kind) {
    case 'orders': {
      const { orders, cancellations } = sorter.rows;
      const outcome = applyOrders(
        book,
        { orders, cancellations },
        { runId, now, countryOf: (text) => countryByFirm(book, text) ?? codes.country(text) },
      );
      const returned = returnCancelledOfRun(book, runId, chinaDate(now), now);
      const paid = allocateWaitingPayouts(book, now);
      return {
        counts: {
          ...counts,
          orders: outcome.orders,
          products: outcome.products,
          cancellationsUnknown: outcome.unknownLines,
        },
        notes: { cancelledAfterQueue: outcome.cancelledAfterQueue, returned, paid },
      };
    }
    case 'products': {
      let products = 0;
      for (const { sku, nameSource, patch } of sorter.rows.entries) {
        if (findProduct(book, sku) === undefined) {
          insertProduct(book, sku, nameSource ?? patch.nameCn ?? '', { ...noProduct, ...patch }, now);
          products += 1;
        } else changeProduct(book, sku, patch, now);
      }
      return { counts: { ...counts, products }, notes: {} };
    }
    case 'waybills':
      applyWaybills(book, sorter.rows, runId);
      return { counts, notes: {} };
    case 'rates': {
      for (const entry of sorter.rows.entries) putRate(book, entry, now);
      if (sorter.rows.entries.length > 0) {
        fillExportRates(book);
        valueRecords(book);
      }
      const posted = sorter.rows.entries.length > 0 ? retryPendingPostings(book, now) : 0;
      return { counts, notes: { posted } };
    }
    case 'invoices':
      for (const entry of sorter.rows.entries) applyInvoice(book, entry, runId, now);
      return { counts, notes: { invoices: sorter.rows.entries.length } };
    case 'exportLines': {
      const { added, changed } = saveExportLines(book, sorter.rows.entries, now, runId);
      return { counts, notes: { added, changed } };
    }
    case 'tariff': {
      // A tariff without a day is that of the year it is imported in.
      const year = `${now.slice(0, 4)}-01-01`;
      for (const entry of sorter.rows.entries)
        putTariff(book, { ...entry, inForceFrom: entry.inForceFrom ?? year, source: fileName }, now);
      return { counts, notes: {} };
    }
    case 'warehouse': {
      for (const { soldE5, backE5, ...of } of sorter.rows.entries) {
        if (soldE5 > 0) sellAbroad(book, { ...of, qtyE5: soldE5, text: fileName }, now);
        if (backE5 > 0) bringBack(book, { ...of, qtyE5: backE5, text: fileName }, now);
      }
      return { counts, notes: {} };
    }
    case 'stockCounts':
      insertCounts(book, sorter.rows.entries, runId, now);
      return { counts, notes: {} };
    case 'bonded':
      putBonded(book, sorter.rows.entries, runId, chinaDate(now), now);
      return { counts, notes: {} };
    case 'statement': {
      const { entries } = sorter.rows;
      const { proof } = sorter.rows.prove();
      applyStatement(
        book,
        { accountId: sorter.accountId, runId, now },
        entries,
        entries.length === 0 ? undefined : proof,
      );
      return { counts, notes: { account: sorter.accountId, breaks: proof?.breaks ?? 0 } };
    }
    case 'taxBills':
      applyTaxBills(book, sorter.rows.entries, now);
      return { counts, notes: {} };
    case 'watchlist': {
      const removed = replaceLists(
        book,
        sorter.rows.entries,
        { name: fileName, sha256: requireRun(book, runId).sha256, runId },
        now,
      );
      return { counts, notes: { removed } };
    }
    case 'declarationCopies':
      saveCopies(book, sorter.rows.entries, runId, now);
      return { counts, notes: {} };
    case 'notices':
      putNotices(book, sorter.rows.entries, runId, now);
      return { counts, notes: {} };
    case 'parcels':
      putParcels(book, sorter.rows.entries, runId, now);
      return { counts, notes: {} };
    case 'tracking': {
      const milestones = insertMilestones(book, sorter.rows.entries, { runId });
      return { counts, notes: { milestones } };
    }
    case 'documents': {
      const documents = takeDocuments(context, sorter.message, sorter.rows.entries, now);
      return { counts, notes: { documents: documents.length }, documents };
    }
    case 'payments':
      insertPayments(book, sorter.rows.entries, runId);
      return { counts, notes: {} };
  }
}

/** Enters an invoice of a file; an article it does not name is that of an earlier invoice for the same goods. */
function applyInvoice(book: Book, { head, lines }: InvoiceEntry, runId: number, now: string): void {
  const { number, kind, date, seller, sellerTaxNo } = head;
  const amountFen = lines.reduce((sum, line) => sum + line.amountFen, 0);
  const vatFen = lines.reduce((sum, line) => sum + line.vatFen, 0);
  saveInvoice(
    book,
    {
      number,
      kind,
      date,
      supplierId: ensureParty(book, { kind: 'supplier', name: seller, taxNo: sellerTaxNo }, now),
      amount: fenText(amountFen),
      vat: fenText(vatFen),
      total: fenText(amountFen + vatFen),
      note: '',
      lines: lines.map(({ name, spec, unit, qtyE5, vatRate, sku, ...line }) => ({
        name,
        spec,
        unit,
        qty: storedText(qtyE5),
        amount: fenText(line.amountFen),
        vatRate,
        vat: fenText(line.vatFen),
        sku: sku ?? skuByHistory(book, sellerTaxNo, seller, name, spec),
      })),
    },
    now,
    runId,
  );
}

/** Carries a result out of a transaction that is undone. */
class Undo extends Error {
  readonly counts: ImportCounts;
  constructor(counts: ImportCounts) {
    super('undone on purpose');
    this.counts = counts;
  }
}

/** Writes for real and takes it back: the trial run's figures are the import's own, not an imitation of it. */
function rehearse(
  context: Context,
  codes: Codes,
  sorted: SortedFile,
  run: { readonly runId: number; readonly fileName: string; readonly now: string },
): ImportCounts {
  try {
    context.book.transaction(() => {
      throw new Undo(apply(context, codes, sorted, run).counts);
    });
  } catch (error) {
    if (error instanceof Undo) return error.counts;
    throw error;
  }
  throw new Error('a rehearsal always ends in Undo');
}

function newRun(file: SourceFile, plan: ImportPlan): NewRun {
  return {
    kind: plan.kind,
    fileName: file.name,
    sha256: file.sha256,
    sheet: plan.sheet,
    options: {
      headerRow: plan.headerRow,
      headers: plan.headers,
      mapping: plan.mapping,
      ...(plan.currency === undefined ? {} : { currency: plan.currency }),
      ...(plan.accountId === undefined ? {} : { accountId: plan.accountId }),
      ...(plan.message === undefined ? {} : { message: plan.message }),
      ...(plan.onDuplicate === undefined ? {} : { onDuplicate: plan.onDuplicate }),
      ...(plan.key === undefined ? {} : { key: plan.key }),
    },
  };
}

const areas = {
  orders: ['orders', 'products', 'documents', 'matching', 'money', 'ledger', 'imports'],
  products: ['products', 'orders', 'documents', 'imports'],
  waybills: ['orders', 'documents', 'matching', 'imports'],
  rates: ['ledger', 'imports'],
  invoices: ['purchases', 'ledger', 'imports'],
  exportLines: ['purchases', 'ledger', 'tax', 'imports'],
  tariff: ['purchases', 'tax', 'imports'],
  warehouse: ['purchases', 'ledger', 'tax', 'imports'],
  stockCounts: ['purchases', 'imports'],
  bonded: ['documents', 'imports'],
  taxBills: ['tax', 'imports'],
  payments: ['orders', 'matching', 'imports'],
  watchlist: ['risk', 'imports'],
  declarationCopies: ['returns', 'imports'],
  tracking: ['shipments', 'imports'],
  notices: ['risk', 'imports'],
  parcels: ['shipments', 'documents', 'imports'],
  statement: ['money', 'imports'],
  documents: ['documents', 'imports'],
} as const satisfies Record<ImportKind, readonly string[]>;

/** A cancel that came while the last piece was read still finds nothing written. */
async function sorted(
  context: Context,
  codes: Codes,
  file: SourceFile,
  plan: ImportPlan,
  mended?: ReadonlyMap<number, readonly string[]>,
): Promise<SortedFile> {
  const { book, signal, progress } = context;
  const result = await sortFile(book, codes, file, plan, {
    signal,
    progress,
    now: context.now(),
    ...(mended === undefined ? {} : { mended }),
  });
  if (signal.aborted) throw new PortbookError('CANCELLED');
  progress({ phase: 'import.write', done: 0, total: result.counts.lines });
  return result;
}

/** Reads a file and writes only the run and its failed rows. */
export async function dryRun(context: Context, file: SourceFile, plan: ImportPlan): Promise<RunResult> {
  requireComplete(plan);
  const { book } = context;
  const codes = codesOf(context.resources);
  const result = await sorted(context, codes, file, plan);
  const now = context.now();
  const outcome = book.transaction(() => {
    abandonTrials(book, plan.kind, file.sha256);
    const runId = insertRun(book, newRun(file, plan), result.counts, now);
    const counts = rehearse(context, codes, result, { runId, fileName: file.name, now });
    saveOutcome(book, runId, { counts, failures: result.failures });
    return { runId, counts };
  });
  return { ...outcome, ...shownOf(result) };
}

const shownOf = ({ failures, findings, duplicates, duplicatesTotal, rowPlans }: SortedFile) => ({
  failures,
  findings,
  duplicates,
  duplicatesTotal,
  rowPlans,
});

/** Cases checked between two turns of the event loop. */
const checkedAtOnce = 50;

/** The first check of drafts that came in: without it they would look clean. What a crash leaves out is checked before it is queued. */
async function checkTaken(context: Context, ids: readonly number[]): Promise<void> {
  const { book } = context;
  const check = documentCheck(context);
  const cases = casesOf(book, ids);
  for (let from = 0; from < cases.length; from += checkedAtOnce) {
    book.transaction(() => {
      for (const of of cases.slice(from, from + checkedAtOnce)) recheck(book, check, of, context.now());
    });
    context.progress({ phase: 'check', done: Math.min(from + checkedAtOnce, cases.length), total: cases.length });
    await setImmediate();
  }
}

/** Reads a file and writes what passes, in one transaction. */
export async function importAtOnce(context: Context, file: SourceFile, plan: ImportPlan): Promise<RunResult> {
  requireComplete(plan);
  const { book } = context;
  const codes = codesOf(context.resources);
  const result = await sorted(context, codes, file, plan);
  const now = context.now();
  const outcome = book.transaction(() => {
    abandonTrials(book, plan.kind, file.sha256);
    const runId = insertRun(book, newRun(file, plan), result.counts, now);
    return { runId, ...commit(context, codes, { runId, file, plan, result, now }) };
  });
  await checkTaken(context, outcome.documents);
  context.emit({ name: 'book.changed', areas: [...areas[plan.kind]] });
  await lookAfterImport(context, plan.kind);
  return { runId: outcome.runId, counts: outcome.counts, ...shownOf(result) };
}

interface CommitInput {
  readonly runId: number;
  readonly file: SourceFile;
  readonly plan: ImportPlan;
  readonly result: SortedFile;
  readonly now: string;
}

function commit(
  context: Context,
  codes: Codes,
  { runId, file, plan, result, now }: CommitInput,
): { counts: ImportCounts; documents: readonly number[] } {
  const { book } = context;
  const { counts, notes, documents = [] } = apply(context, codes, result, { runId, fileName: file.name, now });
  saveOutcome(book, runId, { counts, failures: result.failures }, now);
  rememberMapping(book, columnsOfPlan(plan), headerKey(plan.headers), plan, now);
  // The records of an order are held against each other as soon as one of them comes in.
  matchDue(context, now);
  book.audit(
    'import.committed',
    `import:${runId}`,
    {
      kind: plan.kind,
      ...(plan.message === undefined ? {} : { message: plan.message }),
      file: file.name,
      sha256: file.sha256,
      ...counts,
      ...notes,
    },
    now,
  );
  return { counts, documents };
}

/**
 * Commits a trial run with the rows mended since. The file is read again and must be the same, byte by byte. Refusals:
 * `IMPORT_RUN_UNKNOWN`, `IMPORT_RUN_DONE`, `FILE_CHANGED`, `IMPORT_BOOK_CHANGED`.
 */
export async function commitRun(context: Context, runId: number, file: SourceFile): Promise<RunResult> {
  const { book } = context;
  const run = requireRun(book, runId);
  if (run.state !== 'dry-run') throw new PortbookError('IMPORT_RUN_DONE', { id: runId });
  if (file.sha256 !== run.sha256) throw new PortbookError('FILE_CHANGED', { name: file.name });
  const { headerRow, headers, mapping, currency, accountId, message, onDuplicate, key } = run.options;
  const plan: ImportPlan = {
    kind: run.kind,
    sheet: run.sheet,
    headerRow,
    headers,
    mapping,
    mappingFrom: 'remembered',
    currency,
    accountId,
    message,
    onDuplicate,
    key,
  };
  const codes = codesOf(context.resources);
  const result = await sorted(context, codes, file, plan, mendedRows(book, runId));
  const now = context.now();
  const { counts, documents } = book.transaction(() => {
    if (requireRun(book, runId).state !== 'dry-run') throw new PortbookError('IMPORT_RUN_DONE', { id: runId });
    return commit(context, codes, { runId, file, plan, result, now });
  });
  await checkTaken(context, documents);
  context.emit({ name: 'book.changed', areas: [...areas[plan.kind]] });
  await lookAfterImport(context, plan.kind);
  return { runId, counts, ...shownOf(result) };
}
