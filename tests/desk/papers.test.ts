import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { pdfText } from './support/pdf.ts';
import { textsIn } from './support/texts.ts';

/** Papers of the sample's shipment by keyboard in the real window: what is seen is what is printed. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-papers-'));
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Text of the preview, blanks taken out as a reader of PDF may put them anywhere. */
const shown = async (): Promise<string> =>
  (await desk.page.locator('.paper-preview .sheet').allInnerTexts()).join('').replaceAll(/\s+/g, '');
const written = (file: string): Promise<void> =>
  expect.poll(() => existsSync(file) && statSync(file).size > 1000).toBe(true);

describe('papers on the desk', () => {
  it('open with F9 from a shipment, a draft with its watermark on every sheet', async () => {
    await hands.area('shipments');
    await desk.page.locator('.ant-table-row').first().waitFor();
    await hands.press('Enter');
    await hands.on('shipment');
    await hands.ready('F9');
    await hands.press('F9');
    await hands.on('papers');
    await desk.page.locator('.paper-preview .sheet').first().waitFor();
    const sheets = await desk.page.locator('.paper-preview .sheet').count();
    await expect.poll(() => desk.page.locator('.paper-preview .watermark').count()).toBe(sheets);
    await expect.poll(shown).toContain('中华人民共和国海关出口货物报关单');
    // In the font that is embedded in print.
    await desk.page.waitForFunction(() =>
      [...document.fonts].some(({ family, status }) => family.includes('Portbook Print') && status === 'loaded'),
    );
  });

  it('print what is seen, with what was typed for them', async () => {
    const buyer = 'A Buyer Whose Name Is Much Longer Than Forty Characters Trading Company Limited';
    await desk.page.locator('#paper-buyerName').fill(buyer);
    await desk.page.locator('#paper-invoiceNo').fill('INV-2026-77');
    await desk.page.getByRole('radio', { name: t('papers.kind.invoice') }).click();
    await expect.poll(shown).toContain('INV-2026-77');
    const seen = await shown();
    const file = path.join(folder, 'invoice.pdf');
    await answerDialogs(desk.app, [file]);
    await hands.press('F9');
    await written(file);
    const printed = pdfText(file);
    const text = printed?.replaceAll(/\s+/g, '');
    if (printed !== undefined && text !== undefined) {
      // A sheet that did not fit its page would take another.
      expect(printed.split('\f').length - 1).toBe(await desk.page.locator('.paper-preview .sheet').count());
      const total = /合计.*?(USD[\d,.]+\.\d\d)(?!.*合计)/.exec(seen)?.[1] ?? 'no total';
      for (const part of [buyer.replaceAll(' ', ''), 'INV-2026-77', '商业发票', total]) {
        expect(seen).toContain(part);
        expect(text).toContain(part);
      }
    }
  });

  it('go to one workbook of five sheets, and to the next paper, by keys', async () => {
    const file = path.join(folder, 'five.xlsx');
    await answerDialogs(desk.app, [file]);
    await hands.press('Control+e');
    await written(file);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(file);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['报关单', '发票', '装箱单', '申报要素', '合同']);
    await hands.press('Shift+F11');
    await expect.poll(shown).toContain('装箱单');
    await hands.press('Escape');
    await hands.on('shipment');
    // The key of the workbook, typed while its page is still being read, is not lost.
    const ahead = path.join(folder, 'ahead.xlsx');
    await answerDialogs(desk.app, [ahead]);
    await hands.ready('F9');
    await hands.typeAhead('F9', 'e');
    await hands.on('papers');
    await written(ahead);
    expect(desk.pageErrors()).toEqual([]);
  });
});
