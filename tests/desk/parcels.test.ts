import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import { writeCsv } from '../fixtures/import/files.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** 快件、邮件、个人物品 by keyboard in the real window: entered, imported, told apart in the statistics, written to a workbook. */
const t = textsIn('zh-CN');
/** As the desk dates what is entered, also in the hours in which it is still yesterday in Greenwich. */
const day = chinaDate(new Date().toISOString());
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-parcels-'));
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

async function openByName(words: string, page: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(words);
  await desk.page.getByRole('option', { name: t(`command.${page}`), selected: true }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
}

describe('parcels on the desk', () => {
  it('registers one by keyboard, after saying what is missing', async () => {
    await openByName('kjyj', 'parcels');
    await hands.sees(t('parcels.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#parcel-waybillNo:focus').waitFor();
    await desk.page.keyboard.type('SF100200300');
    await hands.press('Control+Enter');
    await desk.page.locator('#parcel-name:focus').waitFor();
    await desk.page.keyboard.type('竹编灯罩');
    await desk.page.locator('#parcel-hsCode').fill('46');
    await desk.page.locator('#parcel-value').fill('88.5');
    await hands.press('Control+Enter');
    await desk.page.getByText('SF100200300').first().waitFor();
    await hands.sees(t('parcels.summary', { n: '1' }));
    await hands.sees(t('parcels.month.title'));
    await desk.page.locator('.parcel-month td', { hasText: '88.50' }).waitFor();
    await hands.press('Control+n');
    await desk.page.locator('#parcel-waybillNo:focus').waitFor();
    await hands.press('Escape');
  });

  it('takes a file through the drop zone and its trial run', async () => {
    const csv = path.join(folder, 'ems.csv');
    writeCsv(csv, [
      ['邮件号', '类别', '收寄日期', '寄达国', '商品编码', '内件品名', '申报价值', '币种'],
      ['EM900CN', '邮件', day, '法国', '6912', '陶瓷杯', '120', 'CNY'],
      ['EM901CN', '邮件', day, '法国', '6912', '陶瓷杯', '80', 'CNY'],
    ]);
    await hands.importSheet(csv);
    await openByName('kjyj', 'parcels');
    await hands.sees(t('parcels.summary', { n: '3' }));
    await desk.page.getByText('EM901CN').first().waitFor();
  });

  it('is a way of its own in the mode selector of a shipment', async () => {
    await hands.area('shipments');
    await desk.page.locator('.ant-table-row').first().waitFor();
    await hands.press('Enter');
    await hands.on('shipment');
    await hands.button(t('shipments.mode')).waitFor();
    await hands.press('F6');
    await hands.on('modes');
    await hands.sees(t('modes.filed.label'));
    await hands.button(t('modes.filed.parcels', { n: '0' })).click();
    await hands.on('parcels');
    await hands.sees(t('parcels.empty'));
    await openByName('kjyj', 'parcels');
    await hands.sees(t('parcels.summary', { n: '3' }));
  });

  it('stands apart in the monthly statistics and goes into its own workbook', async () => {
    const xlsx = path.join(folder, 'parcels.xlsx');
    await answerDialogs(desk.app, [xlsx]);
    await hands.ready('Ctrl+E');
    await hands.press('Control+e');
    await expect.poll(() => statSync(xlsx, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(1000);
    await openByName('tjyb', 'statistics');
    await desk.page.getByLabel(t('statistics.period')).fill(day.slice(0, 7));
    await hands.press('Enter');
    await desk.page.locator('.statistics-apart', { hasText: '288.50' }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
    expect(
      await desk.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    ).toBe(true);
  });
});
