import type { RowReason } from '../../../shared/contract/imports.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { SourceRow } from '../../../shared/import/cells.ts';
import type { Mapping } from '../../../shared/import/headers.ts';
import { cellText, parseDateTime } from '../../../shared/import/values.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { countFailures, type Failure, failuresOf, requireRun, saveMended } from '../store/imports.ts';
import { type Codes, codesOf } from './codes.ts';
import { newSorter, rowOfTexts } from './sort.ts';

export interface MendResult {
  readonly mended: number;
  readonly rows: readonly Failure[];
  readonly failed: number;
}

/**
 * Checks new texts for the cells of failed rows. What a person typed counts as text: a long number that is retyped is
 * taken as it stands. The rows that pass wait for the commit. Refusals: `IMPORT_RUN_UNKNOWN`, `IMPORT_RUN_DONE`,
 * `IMPORT_ROW_UNKNOWN`.
 */
export function mendRows(
  book: Book,
  resources: Resources,
  runId: number,
  rows: readonly { readonly rowNo: number; readonly cells: readonly string[] }[],
): MendResult {
  const codes = codesOf(resources);
  return book.transaction(() => {
    const run = requireRun(book, runId);
    if (run.state !== 'dry-run') throw new PortbookError('IMPORT_RUN_DONE', { id: runId });
    const { mapping, currency, accountId } = run.options;
    const sorter = newSorter(book, codes, { kind: run.kind, mapping, currency, accountId }, run.fileName);
    const before = failuresOf(
      book,
      runId,
      rows.map(({ rowNo }) => rowNo),
    );
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
      const now: Failure = { rowNo, cells, reasons };
      saveMended(book, runId, now);
      if (reasons.length > 0) still.push(now);
    }
    return { mended: rows.length - still.length, rows: still, failed: countFailures(book, runId) };
  });
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
