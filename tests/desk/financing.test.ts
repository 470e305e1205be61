import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A financing data pack by keyboard in the real window: looked at, agreed to, made, given, checked. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-financing-'));
const zip = path.join(folder, 'pack.zip');
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

const field = (id: string) => desk.page.locator(`#financing-${id}`);

describe('the financing data pack on the desk', () => {
  it('is looked at, agreed to and made', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('rzsjb');
    await desk.page.getByRole('option', { name: t('command.financing'), selected: true }).waitFor();
    await hands.press('Enter');
    await hands.on('financing');
    await hands.sees(t('financing.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#financing-bank:focus').waitFor();
    await desk.page.keyboard.type('测试银行');
    await hands.press('Tab');
    await desk.page.keyboard.type('订单融资');
    await desk.page.getByRole('table', { name: '订单', exact: true }).waitFor();
    // Without the consent nothing is made: the keys go to what is lacking.
    await hands.press('Control+Enter');
    await desk.page.locator('#financing-name:focus').waitFor();
    await desk.page.keyboard.type('测试负责人');
    await hands.press('Tab', 'Space');
    await expect.poll(() => field('agree').isChecked()).toBe(true);
    // What is changed after the tick was not agreed to.
    await field('purpose').fill('订单融资和贴现');
    await hands.sees(t('financing.consent.again'));
    await expect.poll(() => field('agree').isChecked()).toBe(false);
    await field('agree').focus();
    await hands.press('Space');
    await expect.poll(() => field('agree').isChecked()).toBe(true);
    await answerDialogs(desk.app, [zip]);
    await hands.press('Control+Enter');
    await hands.sees(/RZ-\d{4}-001/);
    expect(existsSync(zip) && statSync(zip).size > 5000).toBe(true);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('is noted as given', async () => {
    await hands.sees(t('financing.give.none'));
    await field('toWhom').fill('客户经理');
    await field('how').fill('当面交付');
    await hands.press('Control+Enter');
    await hands.sees(/客户经理 · 当面交付/);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('is checked against its list', async () => {
    await answerDialogs(desk.app, [zip]);
    await hands.press('F8');
    await hands.sees(t('financing.verify.whole'));
    await hands.sees(/RZ-\d{4}-001/);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('leads from a row to the book', async () => {
    await hands.press('Control+n');
    const orders = desk.page.getByRole('table', { name: '订单', exact: true });
    await orders.getByRole('button').first().focus();
    await hands.press('Enter');
    await hands.on('order');
    expect(desk.pageErrors()).toEqual([]);
  });
});
