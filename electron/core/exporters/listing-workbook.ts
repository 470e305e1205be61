import { writeFileAtomically } from '../files/atomic.ts';
import { type ListingSheet, sheetLines } from '../printing/listing-page.ts';
import { harmlessText } from './text-sheet.ts';

/** The place a picture is fitted into, in pixels: of two columns, less a gap, and of the rows that are left for it. */
const place = { width: 400, height: 220, rows: 12 } as const;
/** Pictures side by side. */
const abreast = 2;
const mostPictures = 6;

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
  // Rows that pictures lie on count as rows of the sheet.
  const top = page.rowCount + 1;
  for (const [at, { content, width, height }] of sheet.pictures.slice(0, mostPictures).entries()) {
    const imageId = workbook.addImage({ base64: Buffer.from(content).toString('base64'), extension: 'jpeg' });
    // In its own proportions: a photo held upright is not drawn out.
    const scale = Math.min(place.width / width, place.height / height);
    page.addImage(imageId, {
      tl: { col: 2 * (at % abreast), row: top + place.rows * Math.floor(at / abreast) },
      ext: { width: Math.round(width * scale), height: Math.round(height * scale) },
    });
  }
  writeFileAtomically(path, new Uint8Array(await workbook.xlsx.writeBuffer()));
  return lines.length;
}
