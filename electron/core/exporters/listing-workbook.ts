import { writeFileAtomically } from '../files/atomic.ts';
import { type ListingSheet, sheetLines } from '../printing/listing-page.ts';
import { harmlessText } from './text-sheet.ts';

/** The product sheet as an .xlsx, all cells text, Chinese and English side by side, photos below. @returns rows below the head */
export async function writeListingWorkbook(path: string, sheet: ListingSheet): Promise<number> {
  // Loaded when first needed: it would be a third of the core's start.
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  const page = workbook.addWorksheet('产品资料单', { pageSetup: { paperSize: 9, fitToPage: true, fitToHeight: 0 } });
  page.columns = [{ width: 20 }, { width: 40 }, { width: 24 }, { width: 40 }];
  page.addRow(['产品资料单 Product sheet']).font = { bold: true, size: 14 };
  page.addRow([sheet.firm, sheet.number, sheet.madeOn].map(harmlessText));
  page.addRow(['项目', '内容', 'Item', 'Content']).font = { bold: true };
  const lines = sheetLines(sheet);
  for (const { zh, en, valueZh, valueEn } of lines) {
    const row = page.addRow([zh, valueZh, en, valueEn].map(harmlessText));
    row.alignment = { wrapText: true, vertical: 'top' };
    row.numFmt = '@';
  }
  for (const [at, { content }] of sheet.pictures.slice(0, 6).entries()) {
    const imageId = workbook.addImage({ base64: Buffer.from(content).toString('base64'), extension: 'jpeg' });
    page.addImage(imageId, {
      tl: { col: at % 3, row: lines.length + 4 + 12 * Math.floor(at / 3) },
      ext: { width: 240, height: 180 },
    });
  }
  writeFileAtomically(path, new Uint8Array(await workbook.xlsx.writeBuffer()));
  return lines.length;
}
