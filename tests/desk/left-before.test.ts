import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A book brought back from a backup in the real window: its user is told so, and says of each draft whether it had left. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-left-'));
const home = path.join(folder, 'home');
let desk: Desk;
let hands: Hands;
let orders = 0;

beforeAll(async () => {
  const core = coreAt(home);
  const { bookId } = await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
  await must(core, 'documents.check', {});
  await must(core, 'books.backup', {});
  const from = { bookId };
  const [copy] = (await must(core, 'books.backups', { from })).rows;
  const { name } = (await must(core, 'books.list', {})).books.find((one) => one.id === bookId) ?? { name: '' };
  const secret = { passphrase: samplePassphrase };
  await must(core, 'books.restore', { from, file: copy?.file ?? '', secret, confirmName: name });
  orders = (await must(core, 'documents.list', { kind: 'CEB303Message', asked: true })).total;
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

/** `PORTBOOK_PICTURES=<folder>` keeps pictures. */
const kept = process.env['PORTBOOK_PICTURES'];
async function picture(name: string): Promise<void> {
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}

const textOf = (key: string, count: number): string => t(key).replace('{{count}}', String(count));

describe('a book restored', () => {
  it('says so, and its drafts wait until somebody has said whether they left', async () => {
    const { page } = desk;
    await page.keyboard.press('Alt+0');
    await picture('left-outbox');
    await page.getByRole('button', { name: new RegExp(`^.*订单.* ${orders}$`) }).click();
    await hands.on('declarations');
    await page.getByRole('button', { name: textOf('leftBefore.never.all_other', orders) }).waitFor();
    await page.locator('.ant-table-row').first().click();
    await page.getByText(t('leftBefore.note.asked')).waitFor();
    await picture('left-asked');
    const pane = page.locator('.document-note', { hasText: t('leftBefore.note.asked') });
    await pane.getByRole('button', { name: t('leftBefore.left.one_other') }).click();
    await pane.getByRole('button', { name: t('common.confirm') }).click();
    await page.getByText(t('leftBefore.note.left')).waitFor();
    await picture('left-said');
    await page.getByRole('button', { name: textOf('leftBefore.never.all_other', orders - 1) }).click();
    await page
      .locator('.page-note')
      .getByRole('button', { name: t('common.confirm') })
      .click();
    await page.getByText(textOf('leftBefore.said.never_other', orders - 1)).waitFor();
    await page.getByText(t('declarations.noMatch.title')).waitFor();
    expect(await page.getByRole('button', { name: textOf('leftBefore.never.all_other', 0) }).count()).toBe(0);
  });
});
