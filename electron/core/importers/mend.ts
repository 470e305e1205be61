import type { RowReason } from '../../../shared/contract/imports.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { SourceRow } from '../../../shared/import/cells.ts';
import type { DocumentSorter } from '../../../shared/import/documents.ts';
import type { Mapping } from '../../../shared/import/headers.ts';
import { cellText, parseDateTime } from '../../../shared/import/values.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import {
  countFailures,
  type Failure,
  failuresOf,
  failuresWith,
  requireRun,
  saveMended,
  saveReasons,
} from '../store/imports.ts';
import { type Codes, codesOf } from './codes.ts';
import { newSorter, rowOfTexts } from './sort.ts';

export interface MendResult {
  readonly mended: number;
  readonly rows: readonly Failure[];
  readonly failed: number;
  /** Rows nobody touched that pass as well, now that the rest of their document does. */
  readonly freed: readonly number[];
}

/**
 * Checks new texts for the cells of failed rows. What a person typed counts as text: a long number that is retyped is
 * taken as it stands. The rows that pass wait for the commit. Refusals: `IMPORT_RUN_UNKNOWN`, `IMPORT_RUN_DONE`,
 * `IMPORT_ROW_UNKNOWN`.
 */
export function mendRows(
  book: Book,
  resources: Resources,
  now: string,
  runId: number,
  rows: readonly { readonly rowNo: number; readonly cells: readonly string[] }[],
): MendResult {
  const codes = codesOf(resources);
  return book.transaction(() => {
    const run = requireRun(book, runId);
    if (run.state !== 'dry-run') throw new PortbookError('IMPORT_RUN_DONE', { id: runId });
    const { mapping, currency, accountId, message, onDuplicate, key } = run.options;
    const plan = { kind: run.kind, mapping, currency, accountId, message, onDuplicate, key };
    const sorter = newSorter(book, codes, plan, run.fileName, now);
    const before = failuresOf(
      book,
      runId,
      rows.map(({ rowNo }) => rowNo),
    );
    if (sorter.kind === 'documents') return mendDocuments(book, runId, sorter.rows, before, rows);
    const still: Failure[] = [];
    for (const { rowNo, cells } of rows) {
      const failure = before.get(rowNo);
      if (failure === undefined) throw new PortbookError('IMPORT_ROW_UNKNOWN', { row: rowNo });
      const row = rowOfTexts(rowNo, cells);
      const outcome = sorter.rows.take(row);
      const reasons =
        typeof outcome === 'string'
          ? failure.reasons.filter((one) => stillDiffers(one, row, mapping, currency, codes))
          : outcome;
      const mended: Failure = { rowNo, cells, reasons };
      saveMended(book, runId, mended);
      if (reasons.length > 0) still.push(mended);
    }
    return { mended: rows.length - still.length, rows: still, failed: countFailures(book, runId), freed: [] };
  });
}

/** What a spreadsheet program did to a cell: mended only by typing it again. */
const damage: ReadonlySet<string> = new Set([
  'CELL_ERROR',
  'CODE_ZEROS_LOST',
  'DATE_IS_SERIAL',
  'ID_DIGITS_LOST',
  'ID_IS_DATE',
  'ID_NUMBER_LONG',
  'ID_ZERO_TAIL',
  'NUMBER_IS_DATE',
]);

/**
 * A document stands or falls as a whole, and all its rows failed with the first: they are looked at together, those that nobody touched
 * with what is known of their damage.
 */
function mendDocuments(
  book: Book,
  runId: number,
  sorter: DocumentSorter,
  before: ReadonlyMap<number, Failure>,
  rows: readonly { readonly rowNo: number; readonly cells: readonly string[] }[],
): MendResult {
  const keys = new Set<string>();
  for (const { rowNo, cells } of rows) {
    const failure = before.get(rowNo);
    if (failure === undefined) throw new PortbookError('IMPORT_ROW_UNKNOWN', { row: rowNo });
    for (const texts of [failure.cells, cells]) keys.add(sorter.keyOf(rowOfTexts(rowNo, texts)));
    saveMended(book, runId, { rowNo, cells, reasons: failure.reasons });
  }
  const touched = new Set(rows.map(({ rowNo }) => rowNo));
  const together = new Map<number, Failure & { readonly isMended: boolean }>();
  for (const key of keys)
    for (const row of failuresWith(book, runId, key))
      if (touched.has(row.rowNo) || sorter.keyOf(rowOfTexts(row.rowNo, row.cells)) === key)
        together.set(row.rowNo, row);
  const inOrder = [...together.values()].sort((a, b) => a.rowNo - b.rowNo);
  const outcomes = new Map<number, readonly RowReason[]>();
  for (const { rowNo, cells, reasons, isMended } of inOrder) {
    const row = rowOfTexts(rowNo, cells);
    const lasting = isMended ? [] : reasons.filter(({ code }) => damage.has(code));
    if (lasting.length > 0) sorter.break(sorter.keyOf(row), rowNo);
    const outcome = lasting.length > 0 ? lasting : sorter.take(row);
    outcomes.set(rowNo, typeof outcome === 'string' ? [] : outcome);
  }
  for (const { row, outcome } of sorter.settle()) if (typeof outcome !== 'string') outcomes.set(row.no, outcome);
  const still: Failure[] = [];
  const freed: number[] = [];
  for (const { rowNo, cells, reasons: earlier } of inOrder) {
    const reasons = outcomes.get(rowNo) ?? [];
    saveReasons(book, runId, rowNo, reasons);
    if (touched.has(rowNo) && reasons.length > 0) still.push({ rowNo, cells, reasons });
    else if (!touched.has(rowNo) && reasons.length === 0 && earlier.length > 0) freed.push(rowNo);
  }
  return { mended: rows.length - still.length + freed.length, rows: still, failed: countFailures(book, runId), freed };
}

/** Whether a row still contradicts the head of its order, which other rows of the file have set. */
function stillDiffers(
  given: RowReason,
  row: SourceRow,
  mapping: Mapping,
  currency: string | undefined,
  codes: Codes,
): boolean {
  const { code, field, params } = given;
  if (code !== 'ORDER_HEAD_DIFFERS' || field === undefined) return false;
  if (cellText(row, mapping['orderNo'] ?? -1) !== params['orderNo']) return false;
  const text = cellText(row, mapping[field] ?? -1);
  switch (field) {
    case 'orderedAt':
      return parseDateTime(text).slice(0, 10) !== params['first'];
    case 'currency':
      return (text === '' ? currency : codes.currency(text)) !== params['first'];
    case 'customer':
      return text !== '' && text !== params['first'];
    default:
      return text.replace(/\s+/g, ' ') !== params['first'];
  }
}
