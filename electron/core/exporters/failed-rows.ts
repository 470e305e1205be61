import type { RowReason } from '../../../shared/contract/imports.ts';
import { reasonHeaders } from '../../../shared/import/fields.ts';
import { isReasonHeader } from '../../../shared/import/headers.ts';
import { textOfReason } from '../../../shared/import/reasons.ts';
import { type TextColumn, writeTextSheet } from './text-sheet.ts';

export interface FailedRowSource {
  readonly cells: readonly string[];
  readonly reasons: readonly RowReason[];
}

const texts = (reasons: readonly RowReason[], part: 'what' | 'remedy'): string =>
  reasons.map((one) => `${textOfReason(one, 'zh-CN')[part]} ${textOfReason(one, 'en')[part]}`).join('\n');

/**
 * Writes refused rows as an .xlsx: the columns of the source, then why and how to mend it, in both languages. The file
 * goes in again: its headers are those of the source, and the two columns at the end are read over.
 * @returns how many rows
 */
export function writeFailedRows(
  path: string,
  headers: readonly string[],
  rows: Iterable<FailedRowSource>,
): Promise<number> {
  // A failed-rows file that came in again has these columns already: they are written anew.
  const kept = headers.flatMap((header, column) => (isReasonHeader(header) ? [] : [column]));
  const columns: TextColumn[] = kept.map((column) => ({ header: headers[column] ?? '', width: 18 }));
  columns.push({ header: reasonHeaders.reason, width: 60 }, { header: reasonHeaders.remedy, width: 60 });
  return writeTextSheet(path, '未导入 Not imported', columns, lines(kept, rows));
}

function* lines(kept: readonly number[], rows: Iterable<FailedRowSource>): Generator<string[]> {
  for (const { cells, reasons } of rows) {
    yield [...kept.map((column) => cells[column] ?? ''), texts(reasons, 'what'), texts(reasons, 'remedy')];
  }
}
