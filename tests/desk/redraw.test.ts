import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Drafts that are made anew in the real window: what that overwrites is told first, and what is too long becomes several. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-redraw-'));
const home = path.join(folder, 'home');
let desk: Desk;
let hands: Hands;
let list = '';
let declaration = '';

beforeAll(async () => {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  if (shipment === undefined) throw new Error('the sample has no shipment');
  await must(core, 'shipments.draft', { id: shipment.id });
  await must(core, 'shipments.save', { id: shipment.id, body: { ...shipment.body, billNo: '999-00000001' } });
  list = (await must(core, 'documents.list', { kind: 'CEB603Message' })).rows[0]?.businessKey ?? '';
  const { id, businessKey } = await must(core, 'documents.create', { kind: 'DecMessage' });
  declaration = businessKey;
  const lines = Array.from({ length: 50 }, (_, at) => ({ GName: `商品${at + 1}`, CodeTS: '6912001000' }));
  await must(core, 'documents.edit', { id, operations: [{ op: 'insert', at: 1, lines }] });
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

async function openDocument(number: string, field: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(number);
  await desk.page.locator('[role=option]', { hasText: number }).first().waitFor();
  await hands.press('Enter');
  await desk.page.locator(`[data-path="${field}"]`).first().waitFor();
}
const picture = async (name: string): Promise<void> => {
  const kept = process.env['PORTBOOK_PICTURES'];
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, name) });
};

it('tells what drawing a draft anew overwrites, and draws it once that was seen', async () => {
  await openDocument(list, 'InventoryHead/billNo');
  await hands.button(t('declarations.refresh')).click();
  const plan = desk.page.locator('.redraw-plan');
  await plan.getByText('999-00000001').first().waitFor();
  await picture('redraw.png');
  await hands.button(t('declarations.redraw.confirm')).click();
  await hands.sees(t('declarations.refreshed'));
  await plan.waitFor({ state: 'detached' });
  expect(desk.pageErrors()).toEqual([]);
});

it('splits a declaration with more than fifty items', async () => {
  await openDocument(declaration, 'DecHead/BillNo');
  // The rules of the check fold while the problems of the declaration are listed below, so that it keeps its room.
  await hands.press('F7');
  const rules = desk.page.locator('.check-summary li');
  await desk.page.locator('.check-summary [aria-expanded=false]').waitFor();
  expect(await rules.count()).toBe(0);
  await desk.page.locator('.check-summary [aria-expanded=false]').click();
  await rules.first().waitFor();
  await desk.page.locator('.check-summary [aria-expanded=true]').click();
  await rules.first().waitFor({ state: 'detached' });
  await hands.button(t('life.split')).click();
  await desk.page.getByText(t('life.splitPart', { number: declaration, items: 50 })).waitFor();
  await picture('split.png');
  await hands.button(t('life.split')).waitFor({ state: 'detached' });
  expect(desk.pageErrors()).toEqual([]);
});
