import { readFileSync } from 'node:fs';
import type { Workbook, Worksheet } from 'exceljs';
import { PortbookError } from '../../../shared/errors.ts';
import {
  type ImportColumn,
  type ImportRow,
  importCell,
  type RefundImportLayout,
} from '../../../shared/rules/tax/export-vat/refund-import.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { loadWorkbook } from './papers/template.ts';
import { exactCell, harmlessText } from './text-sheet.ts';

type File = RefundImportLayout['exports'];

/** A head as it is compared: half-width, without blanks, brackets and the asterisk of what is required. */
const plainHead = (text: string): string => text.normalize('NFKC').replace(/[\s*()]/g, '');

const textOf = (sheet: Worksheet, row: number, column: number): string => sheet.getRow(row).getCell(column).text.trim();

/** Where a template has its heads. */
interface Heads {
  readonly sheet: Worksheet;
  readonly row: number;
  /** Column by plain head. */
  readonly columns: ReadonlyMap<string, number>;
}

/** Rows above which the head of a template is looked for. */
const deepestHead = 30;

/** The row of a template that has most of the layout's heads; sheets with lists beside it have none of them. */
function headsOf(workbook: Workbook, columns: readonly ImportColumn[]): Heads | undefined {
  const wanted = new Set(columns.map(({ zh }) => plainHead(zh)));
  let best: Heads | undefined;
  let most = 0;
  for (const sheet of workbook.worksheets) {
    for (let row = 1; row <= Math.min(sheet.rowCount, deepestHead); row += 1) {
      const found = new Map<string, number>();
      for (let at = 1; at <= sheet.columnCount; at += 1) {
        const head = plainHead(textOf(sheet, row, at));
        if (head !== '' && !found.has(head)) found.set(head, at);
      }
      const known = [...found.keys()].filter((head) => wanted.has(head)).length;
      if (known > most) {
        most = known;
        best = { sheet, row, columns: found };
      }
    }
  }
  return best;
}

/** A head of the layout in a template: by its own name, or by the longer one some editions have (出口发票号码). */
function columnOf(heads: Heads, { zh }: ImportColumn): number | undefined {
  const wanted = plainHead(zh);
  return heads.columns.get(wanted) ?? heads.columns.get(`${wanted}码`);
}

function fill(
  sheet: Worksheet,
  from: number,
  columns: readonly (ImportColumn & { readonly at: number })[],
  rows: readonly ImportRow[],
  emptied: readonly number[],
): void {
  // What a template shows as an example must not be filed, under whatever head.
  for (let at = from; at <= sheet.rowCount; at += 1)
    for (const column of emptied) sheet.getRow(at).getCell(column).value = null;
  for (const [at, row] of rows.entries()) {
    for (const column of columns) {
      const text = importCell(row, column);
      if (text === '') continue;
      const cell = sheet.getRow(from + at).getCell(column.at);
      const isFigure = column.type === 'number' || column.type === 'percent';
      cell.value = isFigure ? exactCell(text) : harmlessText(text);
      if (!isFigure) cell.numFmt = '@';
    }
  }
}

/**
 * Writes one of the two files. With a template that was downloaded from the client its sheet is filled by the names of its heads, lists and
 * hints stay as they are; without one the sheet is made after the layout. Refusals: `PAPER_TEMPLATE_NOT_XLSX` {name},
 * `REFUND_TEMPLATE_HEAD` {name, head} where the template lacks a head that the layout fills, `FILE_NOT_WRITTEN`.
 * @returns heads of the template that stay empty
 */
export async function writeRefundImport(
  path: string,
  layout: RefundImportLayout,
  file: File,
  rows: readonly ImportRow[],
  template?: { readonly path: string; readonly name: string },
): Promise<readonly string[]> {
  if (template !== undefined) {
    const workbook = await loadWorkbook(readFileSync(template.path), template.name);
    const heads = headsOf(workbook, file.columns);
    const placed = file.columns.flatMap((column) => {
      const at = heads === undefined ? undefined : columnOf(heads, column);
      if (at !== undefined) return [{ ...column, at }];
      if (column.from === '') return [];
      throw new PortbookError('REFUND_TEMPLATE_HEAD', { name: template.name, head: column.zh }, 'template');
    });
    if (heads === undefined)
      throw new PortbookError(
        'REFUND_TEMPLATE_HEAD',
        { name: template.name, head: file.columns[0]?.zh ?? '' },
        'template',
      );
    fill(heads.sheet, heads.row + 1, placed, rows, [...heads.columns.values()]);
    writeFileAtomically(path, new Uint8Array(await workbook.xlsx.writeBuffer()));
    const filled = new Set(placed.filter(({ from }) => from !== '').map(({ at }) => at));
    return [...heads.columns].flatMap(([head, at]) => (filled.has(at) ? [] : [head]));
  }
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet(layout.sheet, { views: [{ state: 'frozen', ySplit: layout.headRow }] });
  sheet.getCell('A1').value = file.titleZh;
  for (const [at, { zh }] of file.columns.entries()) {
    const cell = sheet.getRow(layout.headRow).getCell(at + 1);
    cell.value = zh;
    cell.font = { bold: true };
    sheet.getColumn(at + 1).width = Math.max(14, zh.length * 2 + 4);
  }
  fill(
    sheet,
    layout.headRow + 1,
    file.columns.map((column, at) => ({ ...column, at: at + 1 })),
    rows,
    [],
  );
  writeFileAtomically(path, new Uint8Array(await workbook.xlsx.writeBuffer()));
  return file.columns.filter(({ from }) => from === '').map(({ zh }) => zh);
}
