import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { PortbookError } from '../../../shared/errors.ts';
import { exponentOf } from '../../../shared/money/index.ts';
import { currencyOf, type SheetColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import { syncFolder } from '../files/atomic.ts';
import type { ReportDocument } from './report-document.ts';
import { exactCell, harmlessText } from './text-sheet.ts';

const isNumeric = ({ kind }: SheetColumn) => kind === 'amount' || kind === 'figure';

function formatOf(column: SheetColumn, row: SheetRow): string {
  if (column.kind === 'figure') return '#,##0.######;-#,##0.######';
  const decimals = exponentOf(currencyOf(row, column));
  const shape = decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`;
  return `${shape};-${shape}`;
}

/**
 * Writes a report, or several as a sheet each, as accountants hand it in: title, firm, period and unit above, every cell bordered,
 * amounts as numbers at the right, room to sign below. The head is repeated on every printed page. The file appears whole or not at
 * all. Refusals: `FILE_NOT_WRITTEN`, and `CANCELLED` through the signal.
 * @returns how many rows below the heads
 */
export async function writeReportWorkbook(
  path: string,
  reports: ReportDocument | readonly ReportDocument[],
  control: { readonly signal: AbortSignal; readonly progress: (rows: number) => void },
): Promise<number> {
  // Loaded when first needed: it would be a third of the core's start.
  const { default: ExcelJS } = await import('exceljs');
  const partial = `${path}.${process.pid}.partial`;
  try {
    const stream = createWriteStream(partial, { mode: 0o600 });
    await once(stream, 'open');
    const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: true });
    let count = 0;
    for (const report of [reports].flat()) {
      const width = report.columns.length;
      const headRow = report.form === '' ? 3 : 4;
      const sheet = workbook.addWorksheet((report.sheet ?? report.title).slice(0, 31).replaceAll(/[\\/*?:[\]]/g, ' '), {
        views: [{ state: 'frozen', ySplit: headRow }],
        pageSetup: {
          paperSize: 9,
          orientation: width > 5 ? 'landscape' : 'portrait',
          fitToPage: true,
          fitToWidth: 1,
          fitToHeight: 0,
          printTitlesRow: `1:${headRow}`,
        },
      });
      sheet.columns = report.columns.map(({ width: characters }) => ({ width: characters }));
      const put = (cells: readonly (string | null)[]) => sheet.addRow(cells.map((cell) => cell && harmlessText(cell)));
      const across = (left: string, middle: string, right: string): (string | null)[] =>
        report.columns.map((_, at) => (at === 0 ? left : at === width - 1 ? right : at === width >> 1 ? middle : null));

      const title = put([report.title]);
      title.height = 28;
      sheet.mergeCells(1, 1, 1, width);
      title.getCell(1).font = { bold: true, size: 16 };
      title.getCell(1).alignment = { horizontal: 'center', vertical: 'middle' };
      title.commit();
      const above = [
        ...(report.form === '' ? [] : [across('', '', report.form)]),
        across(`编制单位：${report.firm}`, report.period, report.unit),
      ];
      for (const cells of above) {
        const row = put(cells);
        row.getCell(width).alignment = { horizontal: 'right' };
        row.getCell((width >> 1) + 1).alignment = { horizontal: 'center' };
        row.commit();
      }
      const thin = { style: 'thin' as const };
      const border = { top: thin, left: thin, bottom: thin, right: thin };
      const head = put(report.columns.map(({ titleZh }) => titleZh));
      head.eachCell((cell) => {
        cell.font = { bold: true };
        cell.alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
        cell.border = border;
      });
      head.commit();

      for (const line of report.rows) {
        const row = sheet.addRow(
          line.cells.map((cell, at) => {
            const column = report.columns[at];
            if (column !== undefined && isNumeric(column)) return exactCell(cell);
            return cell === '' ? null : harmlessText(cell);
          }),
        );
        for (const [at, column] of report.columns.entries()) {
          const cell = row.getCell(at + 1);
          cell.border = border;
          if (isNumeric(column)) {
            cell.alignment = { horizontal: 'right' };
            cell.numFmt = formatOf(column, line);
          } else if (column.kind === 'text' && at <= 1 && (line.indent ?? 0) > 0) {
            cell.alignment = { indent: line.indent ?? 0 };
          }
          if (line.tone === 'total' || line.tone === 'heading') cell.font = { bold: true };
        }
        row.commit();
        count += 1;
        if (count % 500 === 0) {
          control.signal.throwIfAborted();
          control.progress(count);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      put([]).commit();
      const [left = '', middle = '', right = ''] = report.signs ?? ['单位负责人', '复核', '制表'];
      put(across(`${left}：`, `${middle}：`, `${right}：`)).commit();
      sheet.commit();
    }
    const closed = once(stream, 'close');
    await workbook.commit();
    stream.end();
    await closed;
    renameSync(partial, path);
    syncFolder(dirname(path));
    return count;
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof Error && 'syscall' in error) {
      throw new PortbookError('FILE_NOT_WRITTEN', { detail: 'code' in error ? String(error.code) : error.message });
    }
    throw error;
  }
}
