import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** The monthly statistics by keyboard in the real window: figures to their lines, pictures, sources, and the filing. */
const t = textsIn('zh-CN');
const MONTH = '2026-10';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-statistics-'));
let desk: Desk;
let hands: Hands;
let platform: Platform;

beforeAll(async () => {
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

const chip = (name: string) => desk.page.getByRole('radio', { name, exact: true });

describe('statistics on the desk', () => {
  it('shows a month by its dimensions, and the lines behind a row', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('tjyb');
    await desk.page.getByRole('option', { name: t('command.statistics'), selected: true }).waitFor();
    await hands.press('Enter');
    await hands.on('statistics');
    const period = desk.page.getByLabel(t('statistics.period'));
    await period.fill(MONTH);
    await hands.press('Enter');
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBeGreaterThan(0);
    await chip(t('statistics.by.mode')).focus();
    await hands.press('Enter');
    await expect.poll(() => desk.page.locator('.statistics-lines .ant-table-row').count()).toBeGreaterThan(0);
    await hands.press('Alt+PageUp');
    await expect.poll(() => period.inputValue()).not.toBe(MONTH);
    await hands.press('Alt+PageDown');
    await expect.poll(() => period.inputValue()).toBe(MONTH);
  });

  it('shows every column at 1366 px, and says where there are more than fit', async () => {
    const list = desk.page.locator('.split-list .data-table-box');
    const resize = (width: number): Promise<void> =>
      desk.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setContentSize(to, 768), width);
    const moved = (): Promise<number> =>
      list.locator('.ant-table-header').evaluate((head: HTMLElement) => head.scrollLeft);
    await chip(t('statistics.by.all')).focus();
    await hands.press('Enter');
    await hands.listed();
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBeGreaterThan(0);
    // Dollars stand with the lines of the row; all else is in the list, with headings that are whole.
    expect(await list.getAttribute('class')).not.toContain('is-wide');
    const cut = await list
      .locator('.ant-table-thead .ant-table-cell')
      .evaluateAll((cells) => cells.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
    expect(cut).toEqual([]);
    await desk.page.getByText(/行 · 人民币 .* · 美元 /).waitFor();
    await resize(1240);
    await expect.poll(() => list.getAttribute('class')).toContain('is-wide');
    await list.focus();
    await hands.press('Home', 'ArrowRight');
    await expect.poll(moved).toBeGreaterThan(0);
    // The first column stays, so that a figure is still known by its row.
    const [first, box] = [list.locator('.ant-table-row .ant-table-cell').first(), await list.boundingBox()];
    await expect.poll(async () => Math.round((await first.boundingBox())?.x ?? 0)).toBe(Math.round((box?.x ?? 0) + 1));
    await hands.press('ArrowLeft', 'ArrowLeft');
    await expect.poll(moved).toBe(0);
    await resize(1366);
    await expect.poll(() => list.getAttribute('class')).not.toContain('is-wide');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('draws the month and sets the sources side by side', async () => {
    await chip(t('statistics.view.figures')).focus();
    await hands.press('ArrowRight');
    const charts = desk.page.locator('.statistics-pictures .chart');
    await charts.locator('svg').nth(2).waitFor();
    // What is pressed leads to its lines: the part of a mode, the cell of a market, the bar of a month.
    const pressed = [
      { chart: 2, x: 0.5, y: 0.75, leads: '9810' },
      { chart: 1, x: 0.1, y: 0.2, leads: '美国' },
      { chart: 1, x: 0.9, y: 0.2, leads: '英国' },
      { chart: 0, x: 0.96, y: 0.8, leads: t('statistics.whole', { period: MONTH }) },
    ] as const;
    for (const { chart, x, y, leads } of pressed) {
      const box = (await charts.nth(chart).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      await desk.page.mouse.click(box.x + box.width * x, box.y + box.height * y);
      await desk.page.locator('.split-detail').getByRole('heading', { name: leads, exact: true }).waitFor();
      await chip(t('statistics.view.figures')).focus();
      await hands.press('ArrowRight');
      await charts.locator('svg').nth(2).waitFor();
    }
    await hands.press('ArrowRight');
    await hands.sees(t('statistics.origins'));
    const open = desk.page.locator('[id^=statistics-gap-]').first();
    await open.focus();
    await hands.press('Enter');
    // A difference names its documents, each with a way to it.
    await desk.page.locator('.statistics-gap tbody tr').first().waitFor();
    await hands.button(t('statistics.look')).first().waitFor();
    await hands.press('Enter');
    await desk.page.locator('.statistics-gap').waitFor({ state: 'detached' });
    // Where lines come from leads to just these lines.
    const cells = desk.page.locator('.statistics-table tbody tr').first().locator('td');
    const origin = cells.first().getByRole('button');
    const [name, lines] = [await origin.textContent(), await cells.nth(2).textContent()];
    await origin.press('Enter');
    await desk.page.getByRole('heading', { name: name ?? '', exact: true }).waitFor();
    await hands.sees(new RegExp(`^${lines} 行 `));
    await chip(t('statistics.view.sources')).focus();
    await hands.press('Enter', 'ArrowRight');
    await hands.sees(t('statistics.b2bHint'));
    expect(desk.pageErrors()).toEqual([]);
  });

  it('opens the report, drafts, prints and queues it', async () => {
    await hands.press('Control+Enter');
    await hands.button(t('statistics.report.open').replace('{{period}}', MONTH)).focus();
    await hands.press('Enter');
    await desk.page.locator('#statistics-draft').focus();
    await hands.press('Enter');
    await hands.button(t('statistics.report.queue')).waitFor();
    const pdf = path.join(folder, 'statistics.pdf');
    await answerDialogs(desk.app, [pdf]);
    await hands.button(t('statistics.report.print')).focus();
    await hands.press('Enter');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 1000).toBe(true);
    await hands.button(t('statistics.report.queue')).focus();
    await hands.press('Enter');
    await hands.button(t('statistics.report.queue')).waitFor({ state: 'detached' });
    expect(desk.pageErrors()).toEqual([]);
  });

  it('leads from a change since last month to its lines', async () => {
    const change = desk.page.locator('.statistics-table button.link').first();
    const name = (await change.textContent()) ?? '';
    await change.press('Enter');
    await expect.poll(() => desk.page.locator('.statistics-lines').count()).toBe(1);
    await desk.page.getByRole('heading', { name, exact: true }).waitFor();
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row.is-active').count()).toBe(1);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('leads from a kind of message to the documents that were sent in the month', async () => {
    await hands.area('outbox');
    await hands.setEndpoint(platform.url, '演练');
    await expect.poll(async () => (await hands.queue()).queued).toBe(0);
    await hands.press('Control+k');
    await desk.page.keyboard.type('tjyb');
    await desk.page.getByRole('option', { name: t('command.statistics'), selected: true }).waitFor();
    await hands.press('Enter');
    await hands.on('statistics');
    // Of the month in which it left, as the clock in China has it, not of the one it is about.
    const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
    await desk.page.getByLabel(t('statistics.period')).fill(month);
    await hands.press('Enter');
    await chip(t('statistics.view.sources')).focus();
    await hands.press('Enter');
    const row = desk.page.locator('.statistics-table tr', { hasText: t('messageKind.PLAT301Message') });
    expect(await row.locator('td').nth(1).textContent()).toBe('1');
    await row.getByRole('button').press('Enter');
    await hands.on('declarations');
    await hands.sees(t('declarations.filter.sentIn', { month }));
    expect(await desk.page.locator('.split-list [role=grid]').getAttribute('aria-rowcount')).toBe('1');
    await desk.page.locator('.split-list .ant-table-row', { hasText: /TJ|STAT|2026/ }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });
});
