import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { firm } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A clerk classifies a product, fills its declaration elements and looks up a code table, all by keyboard. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-classification-'));
let desk: Desk;
let hands: Hands;

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

/** Goes to a page by the command palette: Ctrl+K, a few letters, Enter. */
async function command(text: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(text);
  await desk.page.getByRole('option').first().waitFor();
  await hands.press('Enter');
}

beforeAll(async () => {
  const products = path.join(folder, 'products.csv');
  writeFileSync(
    products,
    '\uFEFFsku,中文品名,商品编码,规格型号,计量单位,法定单位,法定数量,净重,原产国\n' +
      'ORN,陶瓷摆件,6913900000,1|0|装饰用,007,007,1,0.2,142\nTEE,棉制T恤衫,,,011,011,1,0.2,142\n',
  );
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await ask('books.create', { profile: firm, passphrase: 'desk-classification' });
  await hands.on('today');
  expect(await hands.importSheet(products)).toMatchObject({ lines: 2, taken: 2, failed: 0 });
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

it('records a decision with its doubt, and the product has the code', async () => {
  const { keyboard } = desk.page;
  await command('gljd');
  await hands.on('classification');
  await hands.press('Control+n');
  await desk.page.locator('#decision-sku:focus').waitFor();
  await keyboard.type('TEE');
  await desk.page.locator('.lookup-row').filter({ hasText: 'TEE' }).first().waitFor();
  await hands.press('Enter');
  await expect.poll(() => desk.page.locator('#decision-name').inputValue()).toBe('棉制T恤衫');
  // A code of quite other goods raises a doubt before anything is saved.
  await desk.page.locator('#decision-hsCode').focus();
  await keyboard.type('6913900000');
  await desk.page.locator('.lookup-row').filter({ hasText: '6913900000' }).first().waitFor();
  await hands.press('Enter');
  await hands.sees('已用于品名差别很大的商品');
  await desk.page.locator('#decision-hsCode').focus();
  await keyboard.type('61091000');
  await desk.page.locator('.lookup-row').filter({ hasText: '6109100010' }).first().waitFor();
  await hands.press('Enter');
  await expect.poll(() => desk.page.locator('.decision-doubts').count()).toBe(0);
  await desk.page.locator('#decision-decidedBy').focus();
  await keyboard.type('李雷');
  await desk.page.locator('#decision-reason').focus();
  await keyboard.type('品目61.09条文，针织T恤衫');
  await hands.press('Control+Enter');
  await hands.sees(t('classification.codeName'));
  expect((await ask<{ rows: { hsCode: string }[] }>('products.list', { text: 'TEE' })).rows[0]?.hsCode).toMatch(
    /^61091000/,
  );
});

it('fills declaration elements of the product, whose text is its specification', async () => {
  await hands.area('products');
  await desk.page.locator('.data-table-box [aria-selected]').filter({ hasText: 'TEE' }).first().click();
  const first = desk.page.locator('.elements-editor input').first();
  await first.focus();
  await desk.page.keyboard.type('1');
  await desk.page.locator('.lookup-row').filter({ hasText: '境内自主品牌' }).first().waitFor();
  await hands.press('Enter');
  const inputs = desk.page.locator('.elements-editor input');
  await inputs.nth(1).focus();
  await desk.page.keyboard.type('0');
  await desk.page.locator('.lookup-row').first().waitFor();
  await hands.press('Enter');
  await inputs.nth(2).focus();
  await desk.page.keyboard.type('针织');
  await expect.poll(() => desk.page.locator('.elements-text output').innerText()).toContain('1|0|针织');
  await desk.page.locator('#product-nameCn').focus();
  await expect.poll(() => desk.page.locator('#product-gmodel').inputValue()).toBe('1|0|针织');
});

it('warns at the product itself when it is given the code of other goods, until somebody has decided', async () => {
  const doubt = desk.page.locator('.product-elements .decision-doubts', { hasText: '已用于品名差别很大的商品' });
  expect(await doubt.count()).toBe(0);
  await ask('products.update', { skus: ['TEE'], patch: { hsCode: '6913900000' } });
  await hands.area('orders');
  await hands.area('products');
  await desk.page.locator('.data-table-box [aria-selected]').filter({ hasText: 'TEE' }).first().click();
  await doubt.waitFor();
  await desk.page.getByRole('button', { name: t('products.detail.doubtful') }).click();
  const kept = process.env['PORTBOOK_PICTURES'];
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, 'product-doubt.png') });
  await ask('products.update', { skus: ['TEE'], patch: { hsCode: '6109100010' } });
  await doubt.waitFor({ state: 'detached' });
});

it('shows every code table with its age and finds codes in it', async () => {
  await command('dmb');
  await hands.on('classification');
  await hands.sees(t('classification.table.asOf'));
  await hands.press('Control+f');
  await desk.page.keyboard.type('成交方式');
  const row = desk.page.locator('.split-list .data-table-box [aria-selected]');
  await expect.poll(() => row.count()).toBe(1);
  await row.first().click();
  await hands.sees('FOB');
});

it('imports an edition of a table after a dry run, and remembers text that names no code', async () => {
  const file = path.join(folder, 'deals.csv');
  writeFileSync(file, '\uFEFF代码,名称\n3,FOB 船上交货\n8,DAP\n');
  await answerDialogs(desk.app, [file]);
  await hands.press('Control+Enter');
  await hands.sees('新增 1，改名 1');
  await hands.focused('#table-source');
  await desk.page.keyboard.type('2026年试行');
  await hands.press('Enter');
  await hands.sees(t('classification.table.inForce'));
  await hands.sees('DAP');
  // A code that is in no table is refused where a code is asked for, and waits to be settled.
  await command('gljd');
  await hands.press('Control+n');
  const code = desk.page.locator('#decision-hsCode');
  await code.focus();
  await desk.page.keyboard.type('不存在的品名');
  await hands.sees(t('lookup.none'));
  await hands.press('Tab');
  await hands.sees('未确认：“不存在的品名”');
  await desk.page.getByRole('radio', { name: t('classification.tab.unconfirmed') }).click();
  await hands.sees('不存在的品名');
});
