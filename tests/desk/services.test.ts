import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { coreAt, must } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A complaint and live sessions by keyboard in the real window. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-services-'));
let desk: Desk;
let hands: Hands;
/** An order of the sample, and an article in it. */
let sold: { readonly day: string; readonly no: string; readonly sku: string };

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  const [order] = (await must(core, 'orders.list', { limit: 1 })).rows;
  if (order === undefined) throw new Error('the sample has no order');
  const [line] = (await must(core, 'orders.get', { id: order.id })).lineRows;
  sold = { day: order.orderDate, no: order.orderNo, sku: line?.sku ?? '' };
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await desk.page.locator('.book-title').click();
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

describe('services on the desk', () => {
  it('enters a complaint, notes a step and closes it', async () => {
    await openByName('tsdj', 'complaints');
    await hands.sees(t('services.complaint.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#complaint-receivedOn:focus').waitFor();
    await hands.press('Control+Enter');
    // Nothing is said yet: the cursor goes to what is missing.
    await desk.page.locator('#complaint-text:focus').waitFor();
    await desk.page.keyboard.type('到货时两只破损');
    await hands.press('Control+Enter');
    await desk.page
      .getByText(/^KS-\d{4}-001$/)
      .first()
      .waitFor();
    await desk.page.locator('#complaint-step').fill('已道歉，提出补发');
    await hands.button(t('services.complaint.addStep')).focus();
    await hands.press('Enter');
    // In the list: the field said it before it was kept.
    await desk.page.locator('.service-steps', { hasText: '已道歉，提出补发' }).waitFor();
    await desk.page.locator('#complaint-step').fill('买家接受补发');
    await hands.button(t('services.complaint.close')).focus();
    await hands.press('Enter');
    await hands.sees(t('services.complaint.reopen'));
    await expect.poll(() => desk.page.locator('#complaint-text').isDisabled()).toBe(true);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('keeps a live session with what proves each claim, says what is missing, and prints it', async () => {
    await openByName('zbhg', 'liveSessions');
    await hands.press('Control+n');
    await desk.page.locator('#live-heldOn:focus').waitFor();
    await desk.page.locator('#live-title').fill('灯笼专场');
    await desk.page.locator('#live-host').fill('主播甲');
    await desk.page.locator('#live-addGood').fill('a');
    await desk.page.getByRole('option').first().waitFor();
    await hands.press('Enter');
    await desk.page.locator('.live-good').waitFor();
    await desk.page.locator('.live-good input').first().fill('手工制作');
    await hands.press('Control+Enter');
    await desk.page
      .getByText(/^ZB-\d{4}-001$/)
      .first()
      .waitFor();
    const sku = (await desk.page.locator('.live-good .code').first().textContent()) ?? '';
    await hands.sees(t('services.live.gap.evidence', { at: sku }));
    const pdf = path.join(folder, 'live.pdf');
    await answerDialogs(desk.app, [pdf]);
    await hands.press('F9');
    await expect.poll(() => statSync(pdf, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(1000);
    expect(desk.pageErrors()).toEqual([]);
    expect(
      await desk.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    ).toBe(true);
  });

  it('leads from a live session to the orders its goods were sold in', async () => {
    await hands.press('Control+n');
    await desk.page.locator('#live-heldOn:focus').waitFor();
    await desk.page.locator('#live-heldOn').fill(sold.day);
    await desk.page.locator('#live-addGood').fill(sold.sku);
    await desk.page.getByRole('option').first().waitFor();
    await hands.press('Enter');
    await desk.page.locator('.live-good', { hasText: sold.sku }).waitFor();
    await hands.press('Control+Enter');
    const link = desk.page.locator('.service-facts button.link');
    await link.waitFor();
    const [, count] = /(\d+) 单/.exec((await link.textContent()) ?? '') ?? [];
    await link.press('Enter');
    await hands.on('orders');
    await hands.sees(t('orders.filter.live'));
    await desk.page.locator('.split-list .ant-table-row', { hasText: sold.no }).waitFor();
    expect(await desk.page.locator('.split-list [role=grid]').getAttribute('aria-rowcount')).toBe(count);
    // Back where it came from, with the session still open.
    await hands.press('Alt+ArrowLeft');
    await hands.on('liveSessions');
    expect(desk.pageErrors()).toEqual([]);
  });
});
