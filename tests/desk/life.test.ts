import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { AnyDocument } from '../../shared/documents/spec.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** What goes on with documents after their order, by keyboard in the real window: a blank one, a withdrawal, a return, a summary. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-life-'));
const home = path.join(folder, 'home');
let platform: Platform;
let desk: Desk;
let hands: Hands;
let lists: { id: number; businessKey: string }[] = [];

/** A book whose lists are released, to be summed up. */
async function prepare(): Promise<void> {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  await must(core, 'books.updateProfile', { simplified: false });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
  await must(core, 'documents.check', {});
  await must(core, 'documents.queue', {});
  const released = () => must(core, 'documents.list', { kind: 'CEB603Message', state: 'closed', limit: 200 });
  await syncUntil(core, async () => (await released()).total >= 5);
  lists = (await released()).rows;
  // An import list whose deletion customs has stored two days ago, and nothing since.
  const { documents } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'golden', 'CEB621Message.json'), 'utf8'),
  ) as { documents: AnyDocument[] };
  const body = changed('CEB621Message', documents[0] ?? {}, { copNo: 'STORED-ONLY' });
  const list = storeDraft(core, 'CEB621Message', body);
  const invtNo = '64072026I000000088';
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
  answer(core, fileDraft(core, list), '120', '20261120100000', { invtNo }, daysAgo(3));
  const { id } = await must(core, 'documents.amend', { id: list, as: 'delete' });
  answer(core, fileDraft(core, id), '120', '20261120110000', { invtNo }, daysAgo(2));
  await core.close();
}

beforeAll(async () => {
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await prepare();
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
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command of the palette. */
async function command(text: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(text);
  await desk.page
    .getByText(t(text === 'xjdz' ? 'command.newDocument' : 'command.summaries'))
    .first()
    .waitFor();
  await hands.press('Enter');
}

/** Finds a list by its number and opens it. */
async function openList(at: number): Promise<void> {
  const number = lists[at]?.businessKey ?? '';
  await hands.press('Control+k');
  await desk.page.keyboard.type(number);
  await desk.page.locator('[role=option]', { hasText: number }).first().waitFor();
  await hands.press('Enter');
  await desk.page.locator('[data-path="InventoryHead/billNo"]').first().waitFor();
}

describe('documents beyond their order', () => {
  it('say that a deletion only lies at customs, on the first page and on its own', async () => {
    const kindName = t('messageKind.CEB621Message');
    const row = desk.page.getByText(t('today.unconcluded.what', { kindName, documents: 1 }));
    await row.waitFor();
    await desk.page
      .locator('.ant-table-row', { has: row })
      .getByRole('button', { name: t('today.unconcluded.act') })
      .click();
    await hands.on('declarations');
    await desk.page.locator('.ant-table-row').first().click();
    await desk.page.getByRole('note').filter({ hasText: '不要另报一份' }).waitFor();
  });

  it('begin as a blank one of any message, found by its number, and are given up again', async () => {
    await command('xjdz');
    await hands.on('newDocument');
    await desk.page.keyboard.type('605');
    await hands.press('Enter');
    await desk.page.locator('[data-path="reason"]').first().waitFor();
    await hands.press('Escape');
    await hands.button(t('life.discard')).first().click();
    await hands.button(t('life.discard')).last().click();
    await hands.sees(t('life.discarded'));
  });

  it('withdraw a list, with a reason and one key', async () => {
    await openList(0);
    await hands.button(t('life.withdraw')).click();
    await desk.page.locator('#life-reason:focus').waitFor();
    // What hangs on the list is told first: its sale and its export lines.
    await hands.sees(t('life.impacts.title'));
    await desk.page.locator('.life-impact').nth(1).waitFor();
    const kept = process.env['PORTBOOK_PICTURES'];
    if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, 'impacts.png') });
    await desk.page.keyboard.type('买家取消，货物未出境');
    await hands.press('Control+Enter');
    await desk.page.locator('[data-path="reason"]').first().waitFor();
    await hands.sees(t('life.purpose.withdraw'));
  });

  it('bring goods back, no more than went', async () => {
    await openList(1);
    await hands.button(t('life.return')).click();
    const line = desk.page.getByLabel(t('life.backOf', { line: 1 }));
    await line.fill('999999');
    await desk.page.locator('#life-return-reason').fill('买家退货');
    await hands.press('Control+Enter');
    await desk.page
      .getByText(/可退|还可以退/)
      .last()
      .waitFor();
    await line.fill('1');
    await hands.press('Control+Enter');
    await desk.page.locator('[data-path="InvtRefundHead/reason"]').first().waitFor();
  });

  it('sum a month up by one key', async () => {
    await command('hzsb');
    await hands.on('summaries');
    // Last month is due; this month's lists were released just now.
    await hands.press('Alt+ArrowRight');
    await desk.page.locator('.ant-table-row').first().waitFor();
    await hands.press('Control+Enter');
    await hands.on('declarations');
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBeGreaterThan(0);
  });
});
