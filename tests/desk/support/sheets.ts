import { writeFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { importFields } from '../../../shared/import/fields.ts';

/** What a workbook of orders holds, added up from its cells alone: no code of the product has a say in it. */
export interface WorkbookFacts {
  readonly lines: number;
  /** Lines whose order number begins with C. */
  readonly cancellations: number;
  readonly orders: ReadonlyMap<string, { readonly date: string; readonly lines: number; readonly pieces: number }>;
}

/** Reads a workbook in the layout of the Online Retail data: order number, sku, text, quantity, date. */
export async function factsOf(file: string): Promise<WorkbookFacts> {
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(file, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
  });
  const orders = new Map<string, { date: string; lines: number; pieces: number }>();
  let lines = 0;
  let cancellations = 0;
  for await (const sheet of reader) {
    for await (const row of sheet) {
      if (row.number === 1) continue;
      lines += 1;
      const orderNo = String(row.getCell(1).value);
      if (orderNo.startsWith('C')) {
        cancellations += 1;
        continue;
      }
      const date = row.getCell(5).value;
      const known = orders.get(orderNo) ?? {
        date: date instanceof Date ? date.toISOString().slice(0, 10) : '',
        lines: 0,
        pieces: 0,
      };
      known.lines += 1;
      known.pieces += Math.max(0, Number(row.getCell(4).value) || 0);
      orders.set(orderNo, known);
    }
  }
  return { lines, cancellations, orders };
}

/** What a broker writes into the classification sheet that the desk has exported; the same for every product. */
const classification: Readonly<Record<string, string>> = {
  nameCn: '陶瓷装饰品',
  hsCode: '6913900000',
  gmodel: '品牌类型:无品牌|种类:装饰品|材质:陶',
  unit: '007',
  unit1: '007',
  qty1PerUnit: '1',
  netWeight: '0.2',
  origin: '142',
};

/** Fills in the sheet as it was exported, in place. Returns how many products it names. */
export async function fillClassification(file: string): Promise<number> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(file);
  const sheet = book.worksheets[0];
  if (sheet === undefined) throw new Error(`${file} has no sheet`);
  const columns = importFields.products.flatMap(({ id }, index) =>
    classification[id] === undefined ? [] : [{ column: index + 1, text: classification[id] }],
  );
  let products = 0;
  sheet.eachRow((row, number) => {
    if (number === 1) return;
    products += 1;
    for (const { column, text } of columns) row.getCell(column).value = text;
  });
  await book.xlsx.writeFile(file);
  return products;
}

const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  `\ufeff${rows.map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',')).join('\n')}\n`;

/** The carrier's sheet: a waybill for every order of the days, and for each part of an order of more than 100 lines. */
export function writeCarrierSheet(file: string, facts: WorkbookFacts, from: string, to: string): number {
  const rows: (string | number)[][] = [];
  for (const [orderNo, { date, lines, pieces }] of facts.orders) {
    if (date < from || date > to) continue;
    const parts = Math.ceil(lines / 100);
    const numbers = [orderNo, ...(parts > 1 ? Array.from({ length: parts }, (_, at) => `${orderNo}-${at + 1}`) : [])];
    for (const number of numbers)
      rows.push([number, `YT${number.replace('-', 'P')}`, (pieces * 0.25 + 0.1).toFixed(2), 1, '3.5', 0, 'GBP']);
  }
  writeFileSync(file, csv([['订单编号', '运单号', '毛重', '件数', '运费', '保费', '币制'], ...rows]));
  return rows.length;
}

/** A bank's rates. */
export function writeRateSheet(
  file: string,
  rates: readonly { readonly currency: string; readonly date: string; readonly rate: string }[],
): void {
  writeFileSync(
    file,
    csv([['币种', '日期', '汇率'], ...rates.map(({ currency, date, rate }) => [currency, date, rate])]),
  );
}

/** Spoils cells of a column of a workbook, as slips of a hand do. */
export async function spoilCells(file: string, rows: readonly number[], column: number, text: string): Promise<void> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(file);
  const sheet = book.worksheets[0];
  if (sheet === undefined) throw new Error(`${file} has no sheet`);
  for (const row of rows) sheet.getRow(row).getCell(column).value = text;
  await book.xlsx.writeFile(file);
}
