import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jointBook } from '../fixtures/joint-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Nothing that a user typed is ever lost: Esc, another page, a killed window, and the way to let it go. */
const t = textsIn('zh-CN');
const passphrase = 'desk-drafts-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-drafts-'));
const home = path.join(folder, 'home');
let desk: Desk;
let hands: Hands;

async function open(): Promise<void> {
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
}

/** What the book keeps of unsaved forms, by form. */
async function kept(): Promise<Readonly<Record<string, unknown>>> {
  const answer = (await desk.page.evaluate(() => {
    const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
    return bridge.call('formDrafts.list', {});
  })) as { data: { rows: { form: string; value: unknown }[] } };
  return Object.fromEntries(answer.data.rows.map(({ form, value }) => [form, value]));
}

async function kill(): Promise<void> {
  const child = desk.app.process();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** To the clerk's desk; a cooperative's book may open in plain words, as a killed window may not have kept which was chosen. */
async function toClerk(): Promise<void> {
  const shown = desk.page.locator('[data-page="today"], [data-page="simpleToday"]').first();
  await shown.waitFor();
  if ((await shown.getAttribute('data-page')) === 'simpleToday') await hands.press('Shift+F2');
  await hands.on('today');
}

/** Goes to a page by its command's name. */
async function goTo(command: string, page: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(t(`command.${command}`));
  await desk.page
    .getByRole('option', { name: t(`command.${command}`) })
    .first()
    .waitFor();
  await hands.press('Enter');
  await hands.on(page);
}
const field = (id: string) => desk.page.locator(`#${id}`);
const value = (id: string) => expect.poll(() => field(id).inputValue());
const tab = async (name: string): Promise<void> => {
  await desk.page.getByRole('radio', { name, exact: true }).press('Space');
};
const numbers = () => desk.page.getByLabel(t('trace.carton.numbers'), { exact: true });
const restored = () => desk.page.locator('.restored-note');

beforeAll(async () => {
  const core = coreAt(home);
  await must(core, 'books.create', { profile: { ...firm, role: 'cooperative' }, passphrase });
  await jointBook(core);
  // A harvest here wants a reason: the registration has run out.
  const { rows } = await must(core, 'farmSites.list', { date: '2026-06-20', text: '南坡果园' });
  const [orchard] = rows;
  if (orchard === undefined) throw new Error('no orchard');
  await must(core, 'siteRegistrations.save', {
    ...{ siteId: orchard.id, kind: 'registration', number: 'GY-1' },
    ...{ fromOn: '2024-01-01', untilOn: '2025-12-31' },
  });
  await core.close();
  await open();
  await hands.on('simpleToday');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what was typed in plain words', () => {
  it('is there after 返回, and after the window was killed', async () => {
    await desk.page
      .getByRole('button', { name: t('simple.area.received') })
      .first()
      .click();
    await hands.press('Control+n');
    await field('received-amount').fill('1234.5');
    await field('received-payer').fill('槟城果商');
    await hands.press('Escape');
    await field('received-new').waitFor();
    await hands.press('Control+n');
    await value('received-payer').toBe('槟城果商');
    await restored().waitFor();
    await expect.poll(kept).toHaveProperty('simple receipt');
    await kill();
    await open();
    await desk.page
      .getByRole('button', { name: t('simple.area.received') })
      .first()
      .click();
    await hands.press('Control+n');
    await value('received-amount').toBe('1234.5');
    await value('received-payer').toBe('槟城果商');
  });

  it('is let go where the user says so', async () => {
    await desk.page.getByRole('button', { name: t('common.draft.discard') }).click();
    await value('received-payer').toBe('');
    await expect.poll(kept).not.toHaveProperty('simple receipt');
    await hands.press('Escape');
    await hands.press('Shift+F2');
    await hands.on('today');
  });
});

describe('what was typed into a form of the desk', () => {
  it('of a credit record is there after Esc and another record', async () => {
    await goTo('credit', 'credit');
    await tab(t('credit.tab.records'));
    await hands.press('Control+n');
    await field('credit-source').fill('宁波海关通知');
    await hands.press('Escape');
    await expect.poll(() => field('credit-source').count()).toBe(0);
    await hands.press('Control+n');
    await value('credit-source').toBe('宁波海关通知');
    // The form takes the focus when it is drawn: keys before that would go elsewhere.
    await desk.page.locator('.chips [aria-checked=true]:focus').waitFor();
    await restored().waitFor();
  });

  it('of a pack for a bank, a joint shipment, a harvest and its reason, and a load is there after a kill of the window', async () => {
    await goTo('trace', 'trace');
    await hands.press('Control+n');
    await field('harvest-site').fill('南坡果园');
    await desk.page.getByRole('option', { name: /南坡果园/ }).waitFor();
    await field('harvest-site').press('Enter');
    await field('harvest-product').click();
    await desk.page.locator('.ant-select-item-option', { hasText: '荔枝' }).click();
    await field('harvest-mass').fill('800');
    await hands.press('Control+Enter');
    await field('trace-reason').fill('海关答复：不需要注册');
    await tab(t('trace.tab.dispatches'));
    await desk.page.locator('.ant-table-row', { hasText: 'FY-1' }).click();
    await numbers().fill('S-0001-S-0005');
    await goTo('financing', 'financing');
    await hands.press('Control+n');
    await field('financing-bank').fill('中国银行县支行');
    await goTo('joint', 'joint');
    await hands.press('Control+n');
    await field('joint-title').fill('荔枝拼柜');
    await expect.poll(kept).toMatchObject({
      'credit record new': { source: '宁波海关通知' },
      'financing pack': { bank: '中国银行县支行' },
      'joint head new': { title: '荔枝拼柜' },
      harvest: { reason: '海关答复：不需要注册' },
      'dispatch load 1': { text: 'S-0001-S-0005' },
    });
    await kill();
    await open();
    await toClerk();
    await goTo('joint', 'joint');
    await hands.press('Control+n');
    await value('joint-title').toBe('荔枝拼柜');
    await goTo('financing', 'financing');
    await hands.press('Control+n');
    await value('financing-bank').toBe('中国银行县支行');
    await restored().waitFor();
    await goTo('trace', 'trace');
    await hands.press('Control+n');
    await value('harvest-mass').toBe('800');
    // A reason that was kept is in sight before it is used.
    await value('trace-reason').toBe('海关答复：不需要注册');
    await desk.page.getByRole('button', { name: t('common.draft.discard') }).click();
    await tab(t('trace.tab.dispatches'));
    await desk.page.locator('.ant-table-row', { hasText: 'FY-1' }).click();
    await expect.poll(() => numbers().inputValue()).toBe('S-0001-S-0005');
  });

  it('of a transit filled for many declarations is there after a kill of the window', async () => {
    await goTo('transit', 'transit');
    await field('transit-vehicle').fill('京A12345 挂');
    await field('transit-bill').fill('HLCU9');
    await expect.poll(kept).toHaveProperty('transit.bill', 'HLCU9');
    await kill();
    await open();
    await toClerk();
    await goTo('transit', 'transit');
    await value('transit-vehicle').toBe('京A12345 挂');
    await value('transit-bill').toBe('HLCU9');
    await restored().waitFor();
    await desk.page.getByRole('button', { name: t('common.draft.discard') }).click();
    await value('transit-bill').toBe('');
    await expect.poll(kept).not.toHaveProperty('transit');
  });

  it('is saved once: nothing comes back after that', async () => {
    await goTo('joint', 'joint');
    await hands.press('Control+n');
    await field('joint-title').waitFor();
    await hands.press('Control+Enter');
    await hands.sees(t('joint.tab.goods'));
    await expect.poll(kept).not.toHaveProperty('joint head new');
    await goTo('joint', 'joint');
    await hands.press('Control+n');
    await value('joint-title').toBe('');
    await expect.poll(() => restored().count()).toBe(0);
  });
});
