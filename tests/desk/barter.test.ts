import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A barter contract (易货) in the real window. `PORTBOOK_PICTURES=<folder>` keeps pictures. */
const t = textsIn('zh-CN');
const passphrase = 'desk-barter-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-barter-'));
const kept = process.env['PORTBOOK_PICTURES'];
let desk: Desk;
let hands: Hands;

async function picture(name: string): Promise<void> {
  if (kept === undefined) return;
  mkdirSync(kept, { recursive: true });
  await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  const file = writeCsv(path.join(folder, 'orders.csv'), [orderHead, orderLine({ 0: 'B1' })]);
  await must(core, 'imports.run', { kind: 'orders', file });
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a barter contract', () => {
  it('is recorded with both sides, settles an order in kind, and says what has to be asked', async () => {
    await hands.area('money');
    const chip = (text: string) => desk.page.getByRole('radio', { name: text, exact: true }).click();
    await chip(t('money.tab.allocations'));
    await hands.on('allocations');
    await chip(t('allocations.view.barter'));
    await desk.page.getByText(t('barter.empty')).waitFor();
    await picture('barter-empty');
    await hands.press('Control+n');
    const field = (name: string) => desk.page.locator(`#barter-${name}`);
    await field('counterparty').fill('Borneo Fruit Sdn Bhd');
    await field('outContract').fill('EX-26-01');
    await field('outCurrency').fill('EUR');
    await field('outAmount').fill('10');
    await field('inContract').fill('IM-26-01');
    await field('inCurrency').fill('EUR');
    await field('inAmount').fill('8');
    await hands.press('Control+Enter');
    await desk.page.getByText(t('barter.ask.refundReceipt')).waitFor();
    await field('no').fill('B1');
    await field('amount').fill('1');
    await hands.button(t('barter.settle')).click();
    await desk.page.locator('.detail-list').getByText('B1').waitFor();
    await picture('barter');
    expect(desk.pageErrors()).toEqual([]);
  });
});
