import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type {
  DuplicateDocument,
  ImportCounts,
  ImportFinding,
  RowPlan,
  RowPlans,
  RowReason,
} from '../../../shared/contract/imports.ts';
import type { Progress } from '../../../shared/contract/operation.ts';
import type { TariffRow } from '../../../shared/contract/purchasing.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { BondedSorter } from '../../../shared/import/bonded.ts';
import { cellKinds, type SourceRow, ZeroTailWatch } from '../../../shared/import/cells.ts';
import { DeclarationCopySorter } from '../../../shared/import/declaration-copies.ts';
import { type ColumnSet, columnsOf } from '../../../shared/import/document-fields.ts';
import { type DocumentLookups, DocumentSorter } from '../../../shared/import/documents.ts';
import { keyNamed } from '../../../shared/import/duplicates.ts';
import { ExportLineSorter } from '../../../shared/import/export-lines.ts';
import type { Mapping } from '../../../shared/import/headers.ts';
import { InvoiceSorter } from '../../../shared/import/invoices.ts';
import { NoticeSorter } from '../../../shared/import/notices.ts';
import { OrderSorter } from '../../../shared/import/orders.ts';
import { ParcelSorter } from '../../../shared/import/parcels.ts';
import { PaymentSorter } from '../../../shared/import/payments.ts';
import { ProductSorter } from '../../../shared/import/products.ts';
import { RateSorter } from '../../../shared/import/rates.ts';
import { StatementSorter, type StatementStyle, StyleWatch } from '../../../shared/import/statement.ts';
import { StockCountSorter } from '../../../shared/import/stock-count.ts';
import { TariffSorter } from '../../../shared/import/tariff.ts';
import { TaxBillSorter } from '../../../shared/import/tax-bills.ts';
import { TrackingSorter } from '../../../shared/import/tracking.ts';
import { cellText, reason } from '../../../shared/import/values.ts';
import { WarehouseSorter } from '../../../shared/import/warehouse.ts';
import { WatchListSorter } from '../../../shared/import/watch-list.ts';
import { WaybillSorter } from '../../../shared/import/waybills.ts';
import { frameToCheckWith } from '../document-life.ts';
import { logisticsPack } from '../logistics.ts';
import { bondedBookOf, bondedItemOf, bondedMoveOf, changesOf, isListOfItem, takenInLedger } from '../store/bonded.ts';
import type { Book } from '../store/book.ts';
import { knownExportLine } from '../store/entered-export-lines.ts';
import type { Failure } from '../store/imports.ts';
import { documentNumbersBy, knownDocument, knownTaxBill, rateOn } from '../store/imports.ts';
import { invoiceLineCounts } from '../store/invoices.ts';
import { requireMoneyAccount } from '../store/money/accounts.ts';
import { entryCount } from '../store/money/entries.ts';
import { knownCancellation, knownOrder } from '../store/orders.ts';
import { bookedAbroad, leftAbroad } from '../store/overseas.ts';
import { hasShipmentNo, isUsedByDocument, knownParcel } from '../store/parcels.ts';
import { paymentCount } from '../store/payments.ts';
import { findProduct, skusWithBarcode } from '../store/products.ts';
import { knownCopy } from '../store/returns.ts';
import { knownNotice } from '../store/risk/notices.ts';
import { knownEntry, listNameOf } from '../store/risk/watch-lists.ts';
import { holdingOf, overseasPlace } from '../store/stock.ts';
import { knownCount } from '../store/stock-counts.ts';
import { tariffOn } from '../store/tariff.ts';
import { hasMilestone, shipmentsTracked, wayTimes } from '../store/way.ts';
import { knownWaybill, orderOfLogisticsNo } from '../store/waybills.ts';
import type { Codes } from './codes.ts';
import { csvSheet } from './csv.ts';
import { columnsOfPlan, type ImportPlan } from './plan.ts';
import type { SourceFile } from './source.ts';

/** The rows of a file by what they are, in the shape their kind is stored in. */
export type Sorter =
  | { readonly kind: 'orders'; readonly rows: OrderSorter }
  | { readonly kind: 'products'; readonly rows: ProductSorter }
  | { readonly kind: 'waybills'; readonly rows: WaybillSorter }
  | { readonly kind: 'rates'; readonly rows: RateSorter }
  | { readonly kind: 'invoices'; readonly rows: InvoiceSorter }
  | { readonly kind: 'exportLines'; readonly rows: ExportLineSorter }
  | { readonly kind: 'tariff'; readonly rows: TariffSorter }
  | { readonly kind: 'warehouse'; readonly rows: WarehouseSorter }
  | { readonly kind: 'stockCounts'; readonly rows: StockCountSorter }
  | { readonly kind: 'bonded'; readonly rows: BondedSorter }
  | { readonly kind: 'taxBills'; readonly rows: TaxBillSorter }
  | { readonly kind: 'payments'; readonly rows: PaymentSorter }
  | { readonly kind: 'statement'; readonly rows: StatementSorter; readonly accountId: number }
  | { readonly kind: 'watchlist'; readonly rows: WatchListSorter }
  | { readonly kind: 'declarationCopies'; readonly rows: DeclarationCopySorter }
  | { readonly kind: 'notices'; readonly rows: NoticeSorter }
  | { readonly kind: 'parcels'; readonly rows: ParcelSorter }
  | { readonly kind: 'tracking'; readonly rows: TrackingSorter }
  | { readonly kind: 'documents'; readonly rows: DocumentSorter; readonly message: RequestName };

/** A sorter that asks the book what it has already. */
export function newSorter(
  book: Book,
  codes: Codes,
  plan: Pick<ImportPlan, 'kind' | 'mapping' | 'currency' | 'accountId' | 'message' | 'onDuplicate' | 'key'>,
  fileName: string,
  now: string,
  style: StatementStyle = { decimal: undefined, dates: undefined },
): Sorter {
  const { kind, mapping, currency, onDuplicate, key } = plan;
  switch (kind) {
    case 'orders':
      return {
        kind,
        rows: new OrderSorter(mapping, currency, {
          order: (number) => knownOrder(book, number),
          cancellation: (number) => knownCancellation(book, number),
          currency: codes.currency,
        }),
      };
    case 'products':
      return {
        kind,
        rows: new ProductSorter(
          mapping,
          {
            product: (sku) => findProduct(book, sku),
            withBarcode: (barcode) => skusWithBarcode(book, barcode),
            unit: codes.unit,
            country: codes.country,
          },
          onDuplicate,
          key,
        ),
      };
    case 'waybills':
      return {
        kind,
        rows: new WaybillSorter(
          mapping,
          currency,
          {
            waybill: (orderNo) => knownWaybill(book, orderNo),
            orderOf: (logisticsNo) => orderOfLogisticsNo(book, logisticsNo),
            currency: codes.currency,
            country: codes.country,
          },
          onDuplicate,
          key,
        ),
      };
    case 'rates':
      return {
        kind,
        rows: new RateSorter(
          mapping,
          fileName,
          {
            rate: (of, code, date) => rateOn(book, of, code, date),
            currency: codes.currency,
          },
          onDuplicate,
        ),
      };
    case 'invoices':
      return {
        kind,
        rows: new InvoiceSorter(mapping, {
          invoice: (number) => invoiceLineCounts(book, number),
          hasProduct: (sku) => findProduct(book, sku) !== undefined,
        }),
      };
    case 'exportLines':
      return {
        kind,
        rows: new ExportLineSorter(
          mapping,
          currency,
          {
            known: (line) => knownExportLine(book, line),
            hasProduct: (sku) => findProduct(book, sku) !== undefined,
            ...codes,
          },
          onDuplicate,
        ),
      };
    case 'tariff':
      return {
        kind,
        rows: new TariffSorter(mapping, { row: (code, from) => knownTariff(book, code, from) }, onDuplicate),
      };
    case 'warehouse':
      return {
        kind,
        rows: new WarehouseSorter(mapping, {
          place: (name) => overseasPlace(book, name)?.id,
          booked: (sku, date, placeId) => bookedAbroad(book, sku, date, placeId),
          left: (sku, date) => leftAbroad(book, sku, date),
          stock: (sku, placeId) => holdingOf(book, sku, placeId).qtyE5,
        }),
      };
    case 'stockCounts':
      return {
        kind,
        rows: new StockCountSorter(mapping, {
          place: (name) => overseasPlace(book, name)?.id,
          hasProduct: (sku) => findProduct(book, sku) !== undefined,
          known: (sku, date, placeId) => knownCount(book, { sku, date, placeId }),
        }),
      };
    case 'bonded':
      return {
        kind,
        rows: new BondedSorter(mapping, {
          today: chinaDate(now),
          book: (recordNo) => {
            const found = bondedBookOf(book, recordNo);
            return found === undefined ? undefined : { id: found.id, isOpen: found.state === 'open' };
          },
          item: (recordNo, itemNo) => {
            const item = bondedItemOf(book, recordNo, itemNo);
            if (item === undefined) return undefined;
            const { id: itemId, seq, unit } = item;
            return {
              ...{ seq, unit, changes: changesOf(book, item) },
              move: (direction, paperNo, paperLine) => bondedMoveOf(book, { itemId, direction, paperNo, paperLine }),
              isList: (paperNo) => isListOfItem(book, item, paperNo),
            };
          },
          taken: (bookId) => takenInLedger(book, bookId),
          unit: codes.unit,
        }),
      };
    case 'taxBills':
      return { kind, rows: new TaxBillSorter(mapping, { bill: (number) => knownTaxBill(book, number) }, onDuplicate) };
    case 'statement': {
      const account = requireMoneyAccount(book, plan.accountId ?? 0, 'defaults/accountId');
      return {
        kind,
        accountId: account.id,
        rows: new StatementSorter(
          mapping,
          { currency: account.currency, style },
          { count: (fingerprint) => entryCount(book, account.id, fingerprint), currency: codes.currency },
        ),
      };
    }
    case 'watchlist':
      return {
        kind,
        rows: new WatchListSorter(mapping, {
          known: (list, name, number) => knownEntry(book, listNameOf(list, fileName), name, number),
        }),
      };
    case 'declarationCopies':
      return {
        kind,
        rows: new DeclarationCopySorter(
          mapping,
          currency,
          { known: (copy) => knownCopy(book, copy), ...codes },
          onDuplicate,
        ),
      };
    case 'notices':
      return {
        kind,
        rows: new NoticeSorter(
          mapping,
          { country: codes.country, known: (entry) => knownNotice(book, entry) },
          onDuplicate,
        ),
      };
    case 'parcels':
      return {
        kind,
        rows: new ParcelSorter(
          mapping,
          currency,
          {
            lines: (waybillNo) => knownParcel(book, waybillNo),
            isUsed: (waybillNo) => isUsedByDocument(book, waybillNo),
            hasShipment: (number) => hasShipmentNo(book, number),
            ...codes,
          },
          onDuplicate,
        ),
      };
    case 'tracking':
      return {
        kind,
        rows: new TrackingSorter(
          mapping,
          logisticsPack({ book, resources: codes.resources }, now).parameters,
          {
            find: (by, number) => shipmentsTracked(book, by, number),
            has: (entry) => hasMilestone(book, entry),
            times: (shipmentId) => wayTimes(book, shipmentId),
          },
          now,
        ),
      };
    case 'documents': {
      const { message } = plan;
      if (message === undefined) throw new Error('documents are read as those of a message');
      // Read once: the documents of a kind are looked through as a whole.
      let numbers: ReadonlyMap<string, readonly string[]> | undefined;
      const lookups: DocumentLookups = {
        tables: codes.tables,
        frame: frameToCheckWith(book),
        known: (number) => knownDocument(book, message, number),
        numbersBy: (field, value) => {
          numbers ??= documentNumbersBy(book, message, field);
          return numbers.get(value) ?? [];
        },
      };
      return { kind, message, rows: new DocumentSorter(message, mapping, onDuplicate ?? 'skip', lookups, key) };
    }
    case 'payments':
      return {
        kind,
        rows: new PaymentSorter(mapping, currency, {
          count: (fingerprint) => paymentCount(book, fingerprint),
          currency: codes.currency,
        }),
      };
  }
}

/** The book's row of a code on exactly this day; its newest where the file names no day. */
function knownTariff(book: Book, code: string, from: string | undefined): TariffRow | undefined {
  const row = tariffOn(book, code, from);
  return from === undefined || row?.inForceFrom === from ? row : undefined;
}

/** What became of the rows of a file, before anything is written. */
export interface SortedFile {
  readonly sorter: Sorter;
  readonly failures: readonly Failure[];
  /** What the whole of the file says, where its kind has something to prove. */
  readonly findings: readonly ImportFinding[];
  /** Documents that the book has otherwise; the first of them, and how many there are. */
  readonly duplicates: readonly DuplicateDocument[];
  readonly duplicatesTotal: number;
  /** What each row does, where records of the kind are found by a key. */
  readonly rowPlans: RowPlans | undefined;
  /** Complete but for what only writing can tell: new orders and products, cancellations without an order. */
  readonly counts: ImportCounts;
}

export interface SortOptions {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** The present instant. */
  readonly now: string;
  /** Cells the user has mended, by row number: they stand for what the file has. */
  readonly mended?: ReadonlyMap<number, readonly string[]>;
}

/** Rows between two reports of progress. */
const reportEvery = 2000;

/** How a statement writes numbers and days, which only the whole of it tells. Refusals: `STATEMENT_ENCODING` {row}, `STATEMENT_CUT` {row}. */
async function styleOf(file: SourceFile, plan: ImportPlan, signal: AbortSignal): Promise<StatementStyle> {
  const watch = new StyleWatch(plan.mapping);
  const isText = plan.sheet === csvSheet;
  let shortest = Number.POSITIVE_INFINITY;
  let last: SourceRow | undefined;
  await file.rows.read(
    plan.sheet,
    (row) => {
      if (row.no <= plan.headerRow) return true;
      if (row.texts.some((text) => text.includes('\ufffd')))
        throw new PortbookError('STATEMENT_ENCODING', { row: row.no });
      if (last !== undefined) shortest = Math.min(shortest, last.texts.length);
      last = row;
      watch.look(row);
      return true;
    },
    signal,
  );
  // A last row with fewer cells than any other, and no row of sums: the file was cut off in the middle of it.
  if (
    isText &&
    last !== undefined &&
    last.texts.length < shortest &&
    shortest < Number.POSITIVE_INFINITY &&
    isLine(last, plan)
  )
    throw new PortbookError('STATEMENT_CUT', { row: last.no });
  return watch.style;
}

/** Whether a row begins as the lines of a statement do: with its day. */
function isLine(row: SourceRow, { mapping }: ImportPlan): boolean {
  return /^\W*\d/.test(row.texts[mapping['date'] ?? mapping['time'] ?? 0] ?? '');
}

/** Reads a whole file and sorts its rows. Writes nothing. Refusals: those of reading, and `CANCELLED`. */
export async function sortFile(
  book: Book,
  codes: Codes,
  file: SourceFile,
  plan: ImportPlan,
  options: SortOptions,
): Promise<SortedFile> {
  const style = plan.kind === 'statement' ? await styleOf(file, plan, options.signal) : undefined;
  const sorter = newSorter(book, codes, plan, file.name, options.now, style);
  const tally = new Tally();
  const guard = new TailGuard(columnsOfPlan(plan), plan.mapping);
  const plans = new RowPlanner(plan, sorter);
  const take = (row: SourceRow): void => {
    const outcome = sorter.rows.take(row);
    tally.add(row, outcome);
    plans.note(row, outcome);
  };
  await file.rows.read(
    plan.sheet,
    (source) => {
      if (source.no <= plan.headerRow) return true;
      const mended = options.mended?.get(source.no);
      if (mended !== undefined) take(rowOfTexts(source.no, mended));
      else
        guard.look(source, take, (row, reasons) => {
          if (sorter.kind === 'documents') sorter.rows.break(sorter.rows.keyOf(row), row.no);
          tally.add(row, reasons);
          plans.note(row, reasons);
        });
      tally.lines += 1;
      if (tally.lines % reportEvery === 0) {
        options.progress({
          phase: 'import.read',
          done: tally.lines,
          total: Math.max(file.rows.rowsOf(plan.sheet) - plan.headerRow, 0),
        });
      }
      return true;
    },
    options.signal,
  );
  guard.finish(take);
  // What only the whole file shows: an invoice of which one row was refused is not taken at all.
  if (sorter.kind === 'invoices') for (const { row, reasons } of sorter.rows.late()) tally.withdraw(row, reasons);
  if (sorter.kind === 'documents' || sorter.kind === 'stockCounts' || sorter.kind === 'bonded')
    for (const { row, outcome } of sorter.rows.settle()) {
      plans.note(row, outcome);
      if (typeof outcome === 'string') tally.giveUp();
      else tally.withdraw(row, outcome);
    }
  const duplicates =
    sorter.kind === 'documents'
      ? { duplicates: sorter.rows.duplicates, duplicatesTotal: sorter.rows.duplicatesTotal }
      : { duplicates: [], duplicatesTotal: 0 };
  options.progress({ phase: 'import.read', done: tally.lines, total: tally.lines });
  const updated = 'updated' in sorter.rows ? sorter.rows.updated : 0;
  return {
    sorter,
    failures: tally.failures.sort((a, b) => a.rowNo - b.rowNo),
    findings: [...(file.rows.findings ?? []), ...findingsOf(sorter)],
    ...duplicates,
    rowPlans: plans.finish(),
    counts: {
      ...tally.counts(),
      updated,
      ...(sorter.kind === 'documents' ? { documents: sorter.rows.entries.length } : {}),
    },
  };
}

/** What the whole of a file says, where its kind has something to say. */
function findingsOf(sorter: Sorter): readonly ImportFinding[] {
  if (sorter.kind === 'statement') return sorter.rows.prove().findings;
  return sorter.kind === 'tracking' || sorter.kind === 'parcels' ? sorter.rows.findings() : [];
}

/** A row whose cells are all text: what a person typed. */
export function rowOfTexts(no: number, texts: readonly string[]): SourceRow {
  return { no, texts, kinds: texts.map((text) => (text === '' ? cellKinds.empty : cellKinds.text)) };
}

/** What a sorter says of a row; `skipped`: the book has it otherwise and keeps it. */
type RowOutcome = 'taken' | 'cancellation' | 'already' | 'skipped' | 'note' | readonly RowReason[];

/** Rows of each outcome that a trial run shows one by one; all are counted. */
const shownPlans = 500;

/** What each row of a file does to the book under the key its kind is found by. */
class RowPlanner {
  readonly #sorter: Sorter;
  readonly #columns: readonly number[] | undefined;
  readonly #rows = new Map<number, { readonly key: string; does: RowPlan['does'] }>();
  #updated = 0;

  constructor(plan: ImportPlan, sorter: Sorter) {
    const key = keyNamed(columnsOfPlan(plan), plan.key);
    this.#sorter = sorter;
    this.#columns = key?.map((field) => plan.mapping[field] ?? -1);
  }

  note(row: SourceRow, outcome: RowOutcome): void {
    const columns = this.#columns;
    if (columns === undefined || outcome === 'note' || outcome === 'cancellation') return;
    const { rows } = this.#sorter;
    const updated = 'updated' in rows ? rows.updated : 0;
    const changes = updated > this.#updated;
    this.#updated = updated;
    const does =
      typeof outcome !== 'string'
        ? 'refuse'
        : outcome === 'taken'
          ? changes
            ? 'update'
            : 'insert'
          : outcome === 'already'
            ? 'same'
            : 'skip';
    const known = this.#rows.get(row.no);
    if (known !== undefined) known.does = does;
    else this.#rows.set(row.no, { key: columns.map((column) => cellText(row, column)).join(' '), does });
  }

  finish(): RowPlans | undefined {
    if (this.#columns === undefined) return undefined;
    const records = this.#records();
    const counts: RowPlans['counts'] = { insert: 0, update: 0, same: 0, skip: 0, refuse: 0 };
    const rows: RowPlan[] = [];
    for (const [rowNo, { key, does }] of [...this.#rows].sort(([a], [b]) => a - b)) {
      counts[does] += 1;
      const record = records.get(rowNo);
      if (counts[does] <= shownPlans)
        rows.push({ rowNo, key, does, ...(record === undefined || record === key ? {} : { record }) });
    }
    return { counts, rows };
  }

  /** The records of rows that are taken, by the book's own key. */
  #records(): ReadonlyMap<number, string> {
    const { kind, rows } = this.#sorter;
    if (kind === 'products') return new Map(rows.entries.map(({ sourceRow, sku }) => [sourceRow, sku]));
    if (kind === 'waybills') return new Map(rows.entries.map(({ sourceRow, orderNo }) => [sourceRow, orderNo]));
    if (kind !== 'documents') return new Map();
    const records = new Map<number, string>();
    for (const { number, over, rowNos } of rows.entries)
      for (const rowNo of rowNos) {
        records.set(rowNo, number);
        const row = this.#rows.get(rowNo);
        if (row !== undefined && over !== undefined && row.does === 'insert') row.does = 'update';
      }
    return records;
  }
}

class Tally {
  readonly failures: Failure[] = [];
  lines = 0;
  #taken = 0;
  #cancellations = 0;
  #already = 0;
  #notes = 0;

  /** `note`: the row is none of the lines of its kind. */
  add(row: SourceRow, outcome: RowOutcome): void {
    if (outcome === 'note') {
      this.#notes += 1;
      return;
    }
    if (outcome === 'taken') this.#taken += 1;
    else if (outcome === 'cancellation') this.#cancellations += 1;
    else if (outcome === 'already' || outcome === 'skipped') this.#already += 1;
    else this.failures.push({ rowNo: row.no, cells: row.texts, reasons: outcome });
  }

  /** Refuses a row that had been taken. */
  withdraw(row: SourceRow, reasons: readonly RowReason[]): void {
    this.#taken -= 1;
    this.failures.push({ rowNo: row.no, cells: row.texts, reasons });
  }

  /** A row that had been taken says nothing new after all. */
  giveUp(): void {
    this.#taken -= 1;
    this.#already += 1;
  }

  counts(): ImportCounts {
    return {
      lines: this.lines - this.#notes,
      taken: this.#taken,
      updated: 0,
      cancellations: this.#cancellations,
      cancellationsUnknown: 0,
      alreadyThere: this.#already,
      failed: this.failures.length,
      orders: 0,
      products: 0,
    };
  }
}

interface HeldRow {
  readonly row: SourceRow;
  readonly field: string;
  readonly column: number;
}

/**
 * Holds back rows whose long numbers end in zeros until the column has shown whether that is chance. Only text cells are
 * watched: long number cells are refused one by one.
 */
class TailGuard {
  readonly #columns: readonly { readonly field: string; readonly column: number; readonly watch: ZeroTailWatch }[];
  #held: HeldRow[] = [];

  constructor(set: ColumnSet, mapping: Mapping) {
    this.#columns = columnsOf(set).flatMap(({ id, isId }) => {
      const column = mapping[id];
      return isId === true && column !== undefined ? [{ field: id, column, watch: new ZeroTailWatch() }] : [];
    });
  }

  look(row: SourceRow, take: (row: SourceRow) => void, refuse: (row: SourceRow, reasons: RowReason[]) => void): void {
    for (const { field, column, watch } of this.#columns) {
      // Sixteen digits at least; nearly every cell is shorter.
      if ((row.texts[column]?.length ?? 0) < 16 || row.kinds[column] !== cellKinds.text) continue;
      const verdict = watch.look(cellText(row, column));
      if (verdict === 'hold') {
        this.#held.push({ row, field, column });
        return;
      }
      if (verdict === 'damaged') {
        for (const held of this.#release(field)) refuse(held.row, [tailReason(held.row, held.field, held.column)]);
        refuse(row, [tailReason(row, field, column)]);
        return;
      }
      if (this.#held.length > 0 && watch.state === 'sound') for (const held of this.#release(field)) take(held.row);
    }
    take(row);
  }

  /** The file is over: what is still held was too little to prove anything. */
  finish(take: (row: SourceRow) => void): void {
    for (const { row } of this.#held) take(row);
    this.#held = [];
  }

  #release(field: string): readonly HeldRow[] {
    const released = this.#held.filter((held) => held.field === field);
    this.#held = this.#held.filter((held) => held.field !== field);
    return released;
  }
}

function tailReason(row: SourceRow, field: string, column: number): RowReason {
  return reason('ID_ZERO_TAIL', field, { value: cellText(row, column) });
}
