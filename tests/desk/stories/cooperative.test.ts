import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { coreAt, firm, must } from '../../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from '../launch.ts';
import { pictureOfFailure } from '../support/failure.ts';
import { Hands } from '../support/hands.ts';
import { album } from '../support/story.ts';
import { textsIn } from '../support/texts.ts';

/** A cooperative's day: two members' orchards, a harvest each, cartons, one dispatch, the buyer's trace page, what each member is paid. */
const t = textsIn('zh-CN');
const passphrase = 'story-cooperative-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-story-cooperative-'));
const members = [
  { name: '南坡合作社', site: '南坡果园', prefix: 'NP', kg: '1000', cartons: '0200' },
  { name: '北岭农户', site: '北岭果园', prefix: 'BL', kg: '500', cartons: '0100' },
] as const;
let desk: Desk;
let hands: Hands;
let picture: (place: string) => Promise<void>;

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', {
    profile: { ...firm, role: 'cooperative', name: '琼海荔枝专业合作社' },
    passphrase,
  });
  for (const { name } of members)
    await must(core, 'parties.save', { kind: 'supplier', name, taxNo: null, country: null, note: '', active: true });
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  picture = album(desk, 'cooperative');
  await hands.on('welcome');
  await desk.page.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
  await hands.on('simpleToday');
  await picture('simple');
  await hands.press('Shift+F2');
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const traceTab = (name: string) =>
  desk.page.locator('.trace-tabs .chip, .page-filters .chip', { hasText: t(`trace.tab.${name}`) }).first();
const fill = async (typed: Readonly<Record<string, string>>): Promise<void> => {
  for (const [id, value] of Object.entries(typed)) await desk.page.locator(`#${id}`).fill(value);
};
const take = async (id: string, typed: string): Promise<void> => {
  await desk.page.locator(`#${id}`).fill(typed);
  await desk.page
    .getByRole('option', { name: new RegExp(typed) })
    .first()
    .waitFor();
  await desk.page.locator(`#${id}`).press('Enter');
};
const row = (text: string) => desk.page.locator('.ant-table-row', { hasText: text });
const jointTab = async (name: string): Promise<void> => {
  const chip = desk.page.getByRole('radio', { name: t(`joint.tab.${name}`), exact: true });
  // A form that is being saved takes the cursor back to its list, even from the chip.
  const isOn = async (): Promise<boolean> => {
    await chip.press('Space');
    return (await chip.getAttribute('aria-checked')) === 'true';
  };
  await expect.poll(isOn).toBe(true);
};
async function command(words: string, name: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(words);
  await desk.page
    .getByRole('option', { name: t(`command.${name}`) })
    .first()
    .waitFor();
  await hands.press('Enter');
}

describe("the cooperative's day", () => {
  it('says what is grown and by whom', async () => {
    await command('suyuan', 'trace');
    await hands.on('trace');
    await traceTab('products').click();
    await hands.press('Control+n');
    await fill({ 'product-nameZh': '荔枝', 'product-nameEn': 'Litchi', 'product-hsCode': '0810901000' });
    await hands.press('Control+Enter');
    await row('0810901000').waitFor();
    await traceTab('sites').click();
    for (const { name, site } of members) {
      await hands.press('Control+n');
      await fill({ 'site-name': site });
      await take('site-owner', name);
      await hands.press('Control+Enter');
      await row(site).waitFor();
    }
    await picture('orchards');
  });

  it('brings the harvest in and packs it', async () => {
    await traceTab('lots').click();
    for (const { site, prefix, kg, cartons } of members) {
      await hands.press('Control+n');
      await take('harvest-site', site);
      await desk.page.locator('#harvest-product').click();
      await desk.page.locator('.ant-select-item-option', { hasText: '荔枝' }).click();
      await fill({ 'harvest-mass': kg });
      await hands.press('Control+Enter');
      // An orchard without a registration: whether one is needed is for customs to say, and the reason is kept.
      const reason = desk.page.locator('#trace-reason');
      const label = desk.page.locator('.trace-label svg');
      await reason.or(label).first().waitFor();
      if (await reason.isVisible()) {
        await reason.fill('海关答复：不需要注册');
        await hands.press('Control+Enter');
      }
      await label.waitFor();
      await desk.page
        .getByLabel(t('trace.carton.numbers'), { exact: true })
        .fill(`${prefix}-0001-${prefix}-${cartons}`);
      await fill({ 'carton-net': '5' });
      await hands.button(t('trace.carton.add')).click();
      await hands.sees(`${prefix}-0001–${prefix}-${cartons}`);
    }
    await picture('lots');
  });

  it('sends both on one dispatch', async () => {
    await traceTab('dispatches').click();
    await hands.press('Control+n');
    await fill({ 'dispatch-number': 'FY-2026-7' });
    await take('dispatch-country', 'FR');
    await hands.press('Control+Enter');
    for (const { prefix, cartons } of members) {
      await desk.page
        .getByLabel(t('trace.carton.numbers'), { exact: true })
        .fill(`${prefix}-0001-${prefix}-${cartons}`);
      await hands.button(t('trace.dispatch.loadNow')).click();
      const loaded = desk.page.getByText(`${prefix}-0001–${prefix}-${cartons}`).first();
      const reason = desk.page.locator('#trace-reason');
      await loaded.or(reason).first().waitFor();
      if (await reason.isVisible()) {
        await reason.fill('海关答复：不需要注册');
        await hands.button(t('trace.dispatch.loadNow')).click();
      }
      await loaded.waitFor();
    }
    await picture('dispatch');
  });

  it("prints the buyer's trace page", async () => {
    await traceTab('query').click();
    await desk.page.getByLabel(t('trace.query.text')).fill('BL-0042');
    await hands.press('Enter');
    await hands.sees('北岭果园');
    const file = path.join(folder, 'trace.pdf');
    await answerDialogs(desk.app, [file]);
    await hands.button(t('trace.query.sheet')).first().press('Enter');
    await expect.poll(() => existsSync(file) && statSync(file).size > 1000).toBe(true);
    await picture('trace');
  });

  it('shares what came in and pays a member', async () => {
    await command('lhch', 'joint');
    await hands.on('joint');
    await hands.press('Control+n');
    await desk.page.locator('#joint-title:focus').waitFor();
    await desk.page.keyboard.type('荔枝拼柜');
    await desk.page.locator('#joint-source').fill('FY-2026-7');
    await hands.press('Control+Enter');
    for (const [name, sold] of [
      ['南坡合作社', '20000'],
      ['北岭农户', '10000'],
    ] as const) {
      await row(name).click();
      await expect.poll(() => desk.page.locator('#goods-party').inputValue()).toBe(name);
      await fill({ 'goods-value': sold, 'goods-sold': sold });
      await hands.press('Control+Enter');
      await row(name).filter({ hasText: '000.00' }).waitFor();
    }
    await jointTab('amounts');
    await hands.press('Control+n');
    await fill({ 'amount-amount': '900.01' });
    await hands.press('Control+Enter');
    await row(t('joint.kind.freight')).waitFor();
    await hands.press('Control+n');
    await desk.page.locator('#amount-amount:focus').waitFor();
    await desk.page.locator('#amount-side').press('ArrowDown');
    await desk.page.locator('.ant-select-item-option-active').waitFor();
    await hands.press('ArrowDown', 'Enter');
    await fill({ 'amount-amount': '30000' });
    await hands.press('Control+Enter');
    await row(t('joint.kind.sale')).waitFor();
    await picture('shares');
    await hands.press('F8');
    await desk.page.locator('.split-detail .ant-btn-primary:focus').waitFor();
    await hands.press('Control+Enter');
    await row(t('joint.versionOf', { version: '1' })).waitFor();
    await jointTab('members');
    await row('北岭农户').click();
    await hands.press('Control+n');
    await desk.page.locator('#pay-amount:focus').waitFor();
    await fill({ 'pay-amount': '5000', 'pay-account': '6222000011119876' });
    await hands.press('Control+Enter');
    await desk.page.locator('.detail-list', { hasText: '**** **** **** 9876' }).waitFor();
    await picture('paid');
    expect(desk.pageErrors()).toEqual([]);
  });
});
