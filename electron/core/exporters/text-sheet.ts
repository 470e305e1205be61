import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { PortbookError } from '../../../shared/errors.ts';
import { isFormulaLike } from '../../../shared/import/values.ts';
import { syncFolder } from '../files/atomic.ts';

export interface TextColumn {
  readonly header: string;
  /** Width in characters; 16 by default. */
  readonly width?: number;
  /** Format of a column of numbers that are no codes, such as `#,##0`, kept as numbers to be summed; left out, its cells are text. */
  readonly format?: string;
}

/** Rows between two turns of the event loop: what else the core is asked meanwhile is answered. */
export const rowsAtOnce = 500;

/** What a cell of an .xlsx can hold at most. */
const longestCell = 32_767;

/**
 * A cell text that no spreadsheet program will run, also after it was saved as CSV: an apostrophe in front of what could
 * be a formula. Our importer takes it away again.
 */
export function harmlessText(text: string): string {
  const safe = isFormulaLike(text) ? `'${text}` : text;
  return safe.length > longestCell ? safe.slice(0, longestCell) : safe;
}

/** Spreadsheets show fifteen digits; a number with more would come back as another, so it stays text. */
const EXACT_DIGITS = 15;

/** A decimal text as the value of a cell: a number where it is kept exactly, else the text. */
export function exactCell(text: string): number | string | null {
  if (text === '') return null;
  if (!/^-?\d+(\.\d+)?$/.test(text)) return harmlessText(text);
  return text.replace(/\D/g, '').replace(/^0+/, '').length <= EXACT_DIGITS ? Number(text) : text;
}

/**
 * Writes an .xlsx whose cells are text (order numbers, HS codes and IDs survive) but for columns of numbers, row by row, with the header
 * frozen.
 * The file appears whole or not at all. Others are let in between, so rows that are read from the book come by pages, never from an open
 * cursor. Refusal: `FILE_NOT_WRITTEN`.
 * @returns how many rows
 */
export async function writeTextSheet(
  path: string,
  sheet: string,
  columns: readonly TextColumn[],
  rows: Iterable<readonly string[]>,
): Promise<number> {
  // Loaded when first needed: it would be a third of the core's start.
  const { default: ExcelJS } = await import('exceljs');
  const partial = `${path}.${process.pid}.partial`;
  try {
    const stream = createWriteStream(partial, { mode: 0o600 });
    await once(stream, 'open');
    const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: true });
    const worksheet = workbook.addWorksheet(sheet, { views: [{ state: 'frozen', ySplit: 1 }] });
    worksheet.columns = columns.map(({ width, format }) => ({
      width: width ?? 16,
      style: { numFmt: format ?? '@' },
    }));
    const head = worksheet.addRow(columns.map(({ header }) => harmlessText(header)));
    head.font = { bold: true };
    head.commit();
    let count = 0;
    for (const cells of rows) {
      worksheet
        .addRow(cells.map((cell, at) => (columns[at]?.format === undefined ? harmlessText(cell) : exactCell(cell))))
        .commit();
      count += 1;
      if (count % rowsAtOnce === 0) await setImmediate();
    }
    worksheet.commit();
    const closed = once(stream, 'close');
    await workbook.commit();
    stream.end();
    await closed;
    renameSync(partial, path);
    syncFolder(dirname(path));
    return count;
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof Error && 'code' in error && !(error instanceof PortbookError)) {
      throw new PortbookError('FILE_NOT_WRITTEN', { detail: String(error.code) });
    }
    throw error;
  }
}
