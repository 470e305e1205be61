import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { firm } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Receipts held against orders by keyboard alone: whole, in part, by a third party, taken back, and many at once. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-allocations-'));

let desk: Desk;
let hands: Hands;

/** Asks the core as the page does, for what is not the matter of the test. */
async function ask<T>(op: string, input: object): Promise<T> {
  const answer = await desk.page.evaluate(
    ([name, value]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return bridge.call(name, value);
    },
    [op, input] as const,
  );
  expect(answer).toMatchObject({ ok: true });
  return (answer as { data: T }).data;
}

const chip = (text: string) => desk.page.getByRole('radio', { name: text, exact: true }).click();
const list = () => desk.page.locator('.split-list .data-table-box [aria-selected]');
const offers = () => desk.page.locator('.allocation-offers [aria-selected]');
const made = () => desk.page.locator('.allocation-made [aria-selected]');
const focused = (selector: string) =>
  desk.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);
const leftOf = async (currency = 'USD'): Promise<string> => {
  const { totals } = await ask<{ totals: { currency: string; amount: string }[] }>('allocations.openReceipts', {});
  return totals.find((one) => one.currency === currency)?.amount ?? '0.00';
};

beforeAll(async () => {
  const orders = path.join(folder, 'orders.csv');
  const rows = [
    ['536365', 'A1', '2', '60.00', 'John Smith'],
    ['536366', 'A1', '1', '75.50', 'Müller Handels GmbH'],
    ['536367', 'A1', '4', '25.00', 'Jane Roe'],
    ...Array.from({ length: 6 }, (_, at) => [`5370${at}0`, 'A1', '1', `${200 + at}.00`, `Buyer ${at}`]),
  ];
  writeFileSync(
    orders,
    '\uFEFF订单编号,商品货号,商品名称,数量,下单时间,单价,买家姓名,国家,币种\n' +
      rows
        .map(
          ([no, sku, qty, price, buyer]) => `${no},${sku},Vase,${qty},2026-11-01 10:00,${price},${buyer},Germany,USD\n`,
        )
        .join(''),
  );
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await ask('books.create', { profile: firm, passphrase: 'desk-allocations-passphrase' });
  await hands.on('today');
  expect(await hands.importSheet(orders)).toMatchObject({ lines: 9, taken: 9, failed: 0 });
  await ask('rates.set', { currency: 'USD', date: '2026-11-02', cnyPerUnit: '7.05', source: '测试' });
  const account = await ask<{ id: number }>('moneyAccounts.save', {
    kind: 'bank',
    place: 'home',
    name: '测试银行美元户',
    currency: 'USD',
    number: '6222000011112222',
  });
  const receipt = (amount: string, counterparty: string, text: string, date = '2026-11-10') =>
    ask('moneyRecords.save', { kind: 'receipt', date, accountId: account.id, amount, counterparty, text });
  await receipt('120.00', 'SMITH JOHN', 'PAYMENT 536365', '2026-11-08');
  await receipt('175.50', 'ACME TRADING HK LTD', 'GOODS 536366', '2026-11-09');
  for (let at = 0; at < 6; at++) await receipt(`${200 + at}.00`, '', `order 5370${at}0`);
});

afterEach((context) => pictureOfFailure(desk, context));

afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('allocation at the desk', () => {
  it('takes what the slip names with Space, confirms with Enter and goes on to the next', async () => {
    await hands.area('money');
    await chip(t('money.tab.allocations'));
    await hands.on('allocations');
    await expect.poll(() => list().count()).toBe(8);
    await expect.poll(() => focused('.split-list [role=grid]')).toBe(true);
    await hands.press('Home', 'Enter');
    await expect.poll(() => focused('.allocation-offers [role=grid]')).toBe(true);
    await expect.poll(() => offers().first().innerText()).toContain('536365');
    await hands.sees(t('allocations.reason.referenceFound', { number: '536365' }));
    await hands.sees(t('allocations.reason.buyerSame'));
    await hands.press('Space');
    await desk.page.locator('.allocation-draft').waitFor();
    await expect
      .poll(() => desk.page.locator('.allocation-residual').innerText())
      .toMatch(/USD 120\.00.*120\.00.*0\.00/s);
    await hands.press('Enter');
    await expect.poll(() => list().count()).toBe(7);
    await expect.poll(() => focused('.allocation-offers [role=grid]')).toBe(true);
    await expect.poll(() => offers().first().innerText()).toContain('536366');
  });

  it('asks why a third party paid, and takes part of a receipt by typing its amount', async () => {
    await desk.page.keyboard.type('50');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id ?? '')).toContain('amount-');
    await hands.press('Enter');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe('allocation-explain');
    await desk.page.keyboard.type('买家关联公司代付');
    await hands.press('Enter');
    await expect.poll(() => made().count()).toBe(1);
    await hands.sees('买家关联公司代付');
    expect(await leftOf()).toBe('1340.50');
    await expect.poll(() => desk.page.locator('.allocation-residual').innerText()).toContain('USD 125.50');
  });

  it('takes it back with Del, on both sides', async () => {
    await desk.page.locator('.allocation-made [role=grid]').focus();
    await hands.press('Delete');
    await expect.poll(() => made().count()).toBe(0);
    expect(await leftOf()).toBe('1390.50');
  });

  it('finds any other claim by its number, and refuses more than is open before it is asked', async () => {
    await hands.press('Control+f');
    await desk.page.keyboard.type('536367');
    await expect.poll(() => offers().count()).toBe(1);
    await hands.press('ArrowDown', 'Space');
    const amount = desk.page.locator('.allocation-draft .numeric-input input').first();
    await amount.fill('100.01');
    await hands.sees(t('allocations.over', { amount: '0.01' }));
    await expect.poll(() => hands.button(t('allocations.confirm', { count: '1' })).isDisabled()).toBe(true);
    await hands.press('Escape', 'Space');
  });

  it('goes to the next with F10, and confirms many at once after a try', async () => {
    await hands.press('F10');
    await expect.poll(() => offers().first().innerText()).toContain('537000');
    await chip(t('allocations.view.automatic'));
    await expect.poll(() => desk.page.locator('#allocation-minimum').inputValue()).toBe('80');
    await hands.press('F8');
    await hands.sees(t('allocations.automatic.accepted.planned'));
    await expect.poll(() => desk.page.locator('.allocation-automatic .data-table-box [aria-selected]').count()).toBe(6);
    expect(await leftOf()).toBe('1390.50');
    await hands.press('Control+Enter');
    await hands.sees(t('allocations.automatic.done', { count: '6' }));
    expect(await leftOf()).toBe('175.50');
  });

  it('leads from a receipt to its order in one step', async () => {
    await chip(t('allocations.view.receipts'));
    await chip(t('allocations.show.all'));
    await expect.poll(() => list().count()).toBe(8);
    await list().first().click();
    await made().first().getByRole('button').first().click();
    await hands.on('order');
    await hands.sees('536365');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('shows how old what is open is', async () => {
    await hands.press('Alt+ArrowLeft');
    await hands.on('allocations');
    await chip(t('allocations.view.ageing'));
    await desk.page.locator('.allocation-ageing .chart svg').waitFor();
    await hands.sees(t('allocations.ageing.title', { currency: 'USD' }));
  });
});
