import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { applyBatch } from '../../electron/core/outbox/receipts.ts';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import type { AnyDocument, Values } from '../../shared/documents/spec.ts';
import { guidOf, message } from '../faults/support/papers.ts';
import { fileDraft, storeDraft } from '../fixtures/filed.ts';
import { jointBook } from '../fixtures/joint-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk, makeHome } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/**
 * Simple mode (简易模式) after the first sale: one that customs sent back is mended with its reason in sight, a folder of photos is dropped,
 * what was made of several harvests says so.
 */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-again-'));
const home = makeHome();
const passphrase = 'litchi from the south hill';
const number = 'P20261120990000001';
const why = '毛重小于净重';
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  const core = coreAt(home);
  await must(core, 'books.create', { profile: { ...firm, name: '南坡合作社', role: 'cooperative' }, passphrase });
  await jointBook(core);
  const { rows } = await must(core, 'lots.list', {});
  const [one] = rows;
  const made = await must(core, 'lots.harvest', {
    siteId: (await must(core, 'farmSites.list', { date: '2026-06-20', isGrowing: true })).rows[0]?.id ?? 0,
    productId: one?.productId ?? 0,
    massG: 900_000,
    on: '2026-06-18',
    reason: '试验',
  });
  if (!made.isSaved) throw new Error(JSON.stringify(made.findings));
  const step = await must(core, 'lots.step', {
    kind: 'merge',
    on: '2026-06-19',
    inputs: [{ lotId: made.id, massG: 900_000 }],
    outputs: [{ productId: one?.productId ?? 0, variety: '合装', massG: 880_000 }],
  });
  if (!step.isSaved) throw new Error(JSON.stringify(step.findings));
  const text = readFileSync(path.join(import.meta.dirname, '../fixtures/golden/DecMessage.json'), 'utf8');
  const [golden] = (JSON.parse(text) as { documents: AnyDocument[] }).documents;
  const sign = { ...(golden?.['DecSign'] as Values), ClientSeqNo: number };
  const id = storeDraft(core, 'DecMessage', { ...golden, DecSign: sign });
  const guid = fileDraft(core, id);
  const said = { ResponseCode: '1', ErrorMessage: why, ClientSeqNo: number };
  const xml = new TextDecoder().decode(message('DecImportResponse', guidOf('again'), [said]));
  const now = new Date().toISOString();
  storeReceipts(core.session.book, 'file', [{ id: 'again', messageGuid: guid, xml }], '', now);
  expect(applyBatch(core.session.book, now)).toMatchObject({ parked: 0 });
  await core.close();
  desk = await launchDesk({
    home,
    size: { width: 1093, height: 614 },
    args: ['--force-device-scale-factor=1.25'],
  });
  hands = new Hands(desk, t);
  await desk.page.locator('.book-entry').first().click();
  await desk.page.locator('input[type=password]').first().fill(passphrase);
  await hands.press('Enter');
  await on('simpleToday').waitFor();
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
});

const on = (page: string) => desk.page.locator(`.simple-main[data-page="${page}"]`);
const step = (name: string) => desk.page.locator(`.simple-page[data-step="${name}"]`);
const press = (text: string) => desk.page.getByRole('button', { name: text, exact: true });

describe('a sale that customs sent back', () => {
  it('waits on the first page, to be mended there', async () => {
    await hands.sees(t('simple.today.returned'));
    // It is nothing that only the whole desk can do.
    await expect.poll(() => desk.page.getByText(t('simple.today.byBroker')).count()).toBe(0);
    await press(t('simple.sale.why')).click();
    await step('check').waitFor();
    await desk.page.getByTestId('sale-refused').getByText(t('simple.check.refused', { why })).waitFor();
  });

  it('begins at the question that was refused, with the reason in sight until it is sent', async () => {
    await desk.page.locator('#sale-again').click();
    await step('many').waitFor();
    const said = desk.page.getByTestId('sale-sent-back');
    await said.getByText(t('simple.check.refused', { why })).waitFor();
    // A unit that is none of the two offered is named beside the quantity.
    await desk.page.locator('.simple-goods').first().getByText('个', { exact: true }).waitFor();
    await desk.page.locator('#sale-gross').fill('9000');
    await hands.sees(t('simple.saved'));
    await desk.page.locator('.simple-steps button', { hasText: t('simple.step.price.short') }).click();
    await step('price').waitFor();
    // From elsewhere it leads there.
    await said.getByRole('button', { name: t('simple.check.changeOf', { step: t('simple.step.many.short') }) }).click();
    await step('many').waitFor();
    await expect.poll(() => desk.page.locator('#sale-gross').inputValue()).toMatch(/^9,?000$/);
    // Left in the middle it is there again, and opens where it was.
    await press(t('simple.later')).click();
    await on('progress').waitFor();
    await press(t('simple.sale.goOn')).click();
    await step('many').waitFor();
    await said.waitFor();
    await hands.press('Escape');
    await on('progress').waitFor();
  });

  it('says the same in the whole desk, each reason with the way to its field', async () => {
    await press(t('simple.sale.goOn')).click();
    await step('many').waitFor();
    await desk.page.locator('.simple-steps button', { hasText: t('simple.step.check.short') }).click();
    await step('check').waitFor();
    await desk.page.locator('#sale-whole').click();
    await hands.on('entry');
    const said = desk.page.locator('.entry-page .rejection');
    await said.getByText(why).waitFor();
    await said.getByRole('button').click();
    await expect
      .poll(() =>
        desk.page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-path]')?.dataset['path']),
      )
      .toBe('DecHead/GrossWet');
    await hands.press('Shift+F2');
    await on('simpleToday').waitFor();
  });
});

describe('goods that nobody has listed', () => {
  it('are added by their name where they are sold, and may be taken off again', async () => {
    await hands.press('Alt+2');
    await desk.page.locator('#sell-new').click();
    await step('who').waitFor();
    await hands.press('Control+PageDown');
    await step('what').waitFor();
    await hands.focused('#sale-search');
    await desk.page.keyboard.type('黄皮');
    await desk.page.locator('#sale-add').click();
    await desk.page.locator('.simple-choice.is-on', { hasText: '黄皮' }).waitFor();
    await expect.poll(() => desk.page.locator('#sale-search').inputValue()).toBe('');
    await desk.page.locator('.simple-choice', { hasText: '黄皮' }).click();
    await desk.page.locator('.simple-choice[aria-pressed=false]', { hasText: '黄皮' }).waitFor();
    await hands.press('Escape');
    await on('progress').waitFor();
  });
});

describe('goods that are here', () => {
  it('are told by what they were made of, without those that are gone', async () => {
    await hands.press('Alt+3');
    const cards = desk.page.locator('.simple-card');
    await cards.filter({ hasText: t('simple.lot.made.merge', { date: '2026-06-19' }) }).waitFor();
    await expect.poll(() => cards.count()).toBe(1);
    await press(t('simple.goods.showAll')).click();
    await cards.filter({ hasText: '南坡果园' }).first().waitFor();
    await press(t('simple.goods.showHere')).click();
    await expect.poll(() => cards.count()).toBe(1);
  });
});

describe('a folder that is dropped', () => {
  it('gives its photos, and those of the folders in it', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const gif = Buffer.from('R0lGODdhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=', 'base64');
    const dcim = path.join(folder, 'DCIM');
    mkdirSync(path.join(dcim, '100MEDIA'), { recursive: true });
    writeFileSync(path.join(dcim, '果园.png'), png);
    writeFileSync(path.join(dcim, '100MEDIA', '装箱.gif'), gif);
    writeFileSync(path.join(dcim, '100MEDIA', '.thumbnail.gif'), gif);
    writeFileSync(path.join(dcim, '价目表.txt'), 'no picture');
    await hands.press('Alt+4', 'Control+n');
    await desk.page.locator('#show-name').fill('鲜荔枝');
    await desk.page.locator('#show-make').click();
    const box = await desk.page.locator('.simple-drop').boundingBox();
    if (box === null) throw new Error('nowhere to drop');
    // As the system drops a folder: no script of the page can make one.
    await desk.app.evaluate(
      async ({ BrowserWindow }, { x, y, file }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (contents === undefined) throw new Error('no window');
        contents.debugger.attach('1.3');
        const data = { items: [], files: [file], dragOperationsMask: 1 };
        for (const type of ['dragEnter', 'dragOver', 'drop'])
          await contents.debugger.sendCommand('Input.dispatchDragEvent', { type, x, y, data });
        contents.debugger.detach();
      },
      { x: box.x + box.width / 2, y: box.y + box.height / 2, file: dcim },
    );
    await desk.page.locator('.simple-photos img').nth(1).waitFor();
    await hands.sees(t('simple.show.added', { count: 2 }));
    expect(await desk.page.locator('.simple-refused').count()).toBe(0);
    expect(desk.pageErrors()).toEqual([]);
  });
});
