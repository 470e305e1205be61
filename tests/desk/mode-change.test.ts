import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A draft list taken to another supervision mode and back, in the real window. `PORTBOOK_PICTURES=<folder>` keeps pictures. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-mode-'));
const home = path.join(folder, 'home');
const kept = process.env['PORTBOOK_PICTURES'];
let desk: Desk;
let hands: Hands;
let number = '';

async function picture(name: string): Promise<void> {
  if (kept === undefined) return;
  mkdirSync(kept, { recursive: true });
  await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}

beforeAll(async () => {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
  const { rows } = await must(core, 'documents.list', { kind: 'CEB603Message', state: 'draft', limit: 1 });
  number = rows[0]?.businessKey ?? '';
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.evaluate(async (passphrase) => {
    const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
    const { data } = (await bridge.call('books.list', {})) as { data: { books: { id: string }[] } };
    await bridge.call('books.open', { bookId: data.books[0]?.id ?? '', secret: { passphrase } });
  }, samplePassphrase);
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a draft of another supervision mode', () => {
  it('is shown field by field before it is changed, and goes back in one step', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type(number);
    await desk.page.locator('[role=option]', { hasText: number }).first().waitFor();
    await hands.press('Enter');
    await desk.page.locator('[data-path="InventoryHead/billNo"]').first().waitFor();
    const open = hands.button(t('life.mode.open'));
    await open.click();
    await desk.page.locator('#mode-to').click();
    await desk.page.locator('.ant-select-item-option', { hasText: '9710' }).click();
    const table = desk.page.getByRole('table', { name: t('life.mode.title') });
    await table.getByText(t('life.mode.reasons.orderType')).waitFor();
    await picture('mode-change');
    await hands.button(t('life.mode.run', { mode: '9710' })).click();
    await hands.sees(t('life.mode.done', { mode: '9710', count: 2 }));
    await open.click();
    await hands.button(t('life.mode.undo', { from: '9610', to: '9710' })).click();
    await hands.sees(t('life.mode.undone', { from: '9610' }));
    await open.click();
    await hands.sees(t('life.mode.now'));
    expect(desk.pageErrors()).toEqual([]);
  });

  it('becomes a declaration, with what cannot be carried told, and is there again after one step back', async () => {
    await desk.page.locator('#mode-to').click();
    await desk.page.locator('.ant-select-item-option', { hasText: '0110' }).click();
    const table = desk.page.getByRole('table', { name: t('life.form.title') });
    await table.getByText(t('life.form.reasons.listOnly')).first().waitFor();
    await table.getByText(t('life.form.kinds.lost')).first().waitFor();
    await picture('other-form');
    await hands.button(t('life.form.run.declaration', { mode: '0110' })).click();
    // The new declaration opens in the place of the list.
    await desk.page.locator('[data-path="DecHead/TradeMode"]').first().waitFor();
    await picture('other-form-made');
    await hands.button(t('life.mode.open')).click();
    await hands.button(t('life.mode.undo', { from: '9610', to: '0110' })).click();
    await desk.page.locator('[data-path="InventoryHead/billNo"]').first().waitFor();
    await hands.sees(t('life.mode.undone', { from: '9610' }));
    expect(desk.pageErrors()).toEqual([]);
  });
});
