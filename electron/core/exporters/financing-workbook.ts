import { exponentOf } from '../../../shared/money/index.ts';
import { currencyOf } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from './report-document.ts';
import { exactCell, harmlessText } from './text-sheet.ts';

/** Several reports in one workbook, a sheet each: head and rows, amounts as numbers where they are kept exactly. */
export async function writeFinancingWorkbook(reports: readonly ReportDocument[], at: string): Promise<Uint8Array> {
  // Loaded when first needed: it would be a third of the core's start.
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  workbook.created = new Date(at);
  workbook.modified = new Date(at);
  for (const { title, columns, rows } of reports) {
    const sheet = workbook.addWorksheet(title.slice(0, 31).replaceAll(/[\\/*?:[\]]/g, ' '), {
      views: [{ state: 'frozen', ySplit: 1 }],
    });
    sheet.columns = columns.map(({ titleZh, width }) => ({ header: titleZh, width }));
    sheet.getRow(1).font = { bold: true };
    for (const line of rows) {
      const row = sheet.addRow(
        line.cells.map((cell, place) => {
          const kind = columns[place]?.kind;
          if (kind === 'amount' || kind === 'figure') return exactCell(cell);
          return cell === '' ? null : harmlessText(cell);
        }),
      );
      for (const [place, column] of columns.entries()) {
        if (column.kind !== 'amount') continue;
        const decimals = exponentOf(currencyOf(line, column));
        row.getCell(place + 1).numFmt = decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`;
      }
    }
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}
