import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from '../launch.ts';
import { pictureOfFailure } from '../support/failure.ts';
import { Hands } from '../support/hands.ts';
import { album } from '../support/story.ts';
import { textsIn } from '../support/texts.ts';

/** An exporter's month end on the sample book: the statistics filed, his own credit looked at, a pack made for his bank. */
const t = textsIn('zh-CN');
const MONTH = '2026-10';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-story-exporter-'));
let desk: Desk;
let hands: Hands;
let picture: (place: string) => Promise<void>;

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  picture = album(desk, 'exporter');
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
  await picture('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

async function command(words: string, page: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(words);
  await desk.page.getByRole('option', { name: t(`command.${page}`), selected: true }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
}
const written = (file: string, least = 1000): boolean => existsSync(file) && statSync(file).size > least;

describe("the exporter's month end", () => {
  it('looks at the month, its pictures and its three sources, and files it', async () => {
    await command('tjyb', 'statistics');
    const period = desk.page.getByLabel(t('statistics.period'));
    await period.fill(MONTH);
    await hands.press('Enter');
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBeGreaterThan(0);
    await picture('month');
    await desk.page.getByRole('radio', { name: t('statistics.view.figures'), exact: true }).focus();
    await hands.press('ArrowRight');
    await desk.page.locator('.statistics-pictures .chart svg').nth(2).waitFor();
    await picture('pictures');
    await hands.press('Control+Enter');
    await hands.button(t('statistics.report.open').replace('{{period}}', MONTH)).press('Enter');
    await desk.page.locator('#statistics-draft').press('Enter');
    await hands.button(t('statistics.report.queue')).waitFor();
    await hands.button(t('statistics.report.queue')).press('Enter');
    await hands.button(t('statistics.report.queue')).waitFor({ state: 'detached' });
    await picture('filed');
  });

  it('sees what its own book says of its credit', async () => {
    await command('wdxy', 'credit');
    await hands.sees(t('credit.behaviour.penalty'));
    await picture('credit');
    const file = path.join(folder, 'credit.pdf');
    await answerDialogs(desk.app, [file]);
    await hands.press('F9');
    await expect.poll(() => written(file)).toBe(true);
  });

  it('makes a pack for the bank, hands it over and checks what the bank holds', async () => {
    const zip = path.join(folder, 'pack.zip');
    await command('rzsjb', 'financing');
    await hands.press('Control+n');
    await desk.page.locator('#financing-bank:focus').waitFor();
    await desk.page.keyboard.type('测试银行');
    await hands.press('Tab');
    await desk.page.keyboard.type('订单融资');
    await desk.page.getByRole('table', { name: '订单', exact: true }).waitFor();
    await picture('pack');
    await desk.page.locator('#financing-name').fill('测试负责人');
    await hands.press('Tab', 'Space');
    await answerDialogs(desk.app, [zip]);
    await hands.press('Control+Enter');
    await hands.sees(/RZ-\d{4}-001/);
    expect(written(zip, 5000)).toBe(true);
    await desk.page.locator('#financing-toWhom').fill('客户经理');
    await desk.page.locator('#financing-how').fill('当面交付');
    await hands.press('Control+Enter');
    await hands.sees(/客户经理 · 当面交付/);
    await answerDialogs(desk.app, [zip]);
    await hands.press('F8');
    await hands.sees(t('financing.verify.whole'));
    await picture('given');
    expect(desk.pageErrors()).toEqual([]);
  });
});
