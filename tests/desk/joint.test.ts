import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jointBook } from '../fixtures/joint-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { EntryDesk } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A joint shipment by keyboard in the real window: from a dispatch to a member's statement and payment. */
const t = textsIn('zh-CN');
const passphrase = 'desk-joint-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-joint-'));
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: { ...firm, role: 'cooperative' }, passphrase });
  await jointBook(core);
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
  // A cooperative's book opens in plain words.
  await hands.on('simpleToday');
  await hands.press('Shift+F2');
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const fill = async (typed: Readonly<Record<string, string>>): Promise<void> => {
  for (const [id, value] of Object.entries(typed)) await desk.page.locator(`#${id}`).fill(value);
};
const tab = async (name: string): Promise<void> => {
  const chip = desk.page.getByRole('radio', { name: t(`joint.tab.${name}`), exact: true });
  // A form that is being saved takes the cursor back to its list, even from the chip.
  const isOn = async (): Promise<boolean> => {
    await chip.press('Space');
    return (await chip.getAttribute('aria-checked')) === 'true';
  };
  await expect.poll(isOn).toBe(true);
};
const row = (text: string) => desk.page.locator('.ant-table-row', { hasText: text });

describe('joint shipments on the desk', () => {
  it('takes the goods of a dispatch with their owners', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('lhch');
    await desk.page.getByRole('option', { name: t('command.joint') }).waitFor();
    await hands.press('Enter');
    await hands.on('joint');
    await hands.sees(t('joint.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#joint-title:focus').waitFor();
    await desk.page.keyboard.type('荔枝拼柜');
    await desk.page.locator('#joint-source').fill('FY-9');
    await hands.press('Control+Enter');
    await hands.sees('FY-9');
    await desk.page.locator('#joint-source').fill('FY-1');
    await hands.press('Control+Enter');
    await row('北岭合作社').waitFor();
    await hands.sees(t('joint.ownerless', { count: '1' }));
  });

  it('gives goods of nobody to a new member and enters what they brought', async () => {
    await row(t('joint.noMember')).click();
    await desk.page.locator('#goods-party').fill('东湾农户');
    await desk.page.locator('#goods-value').focus();
    // Nobody has to press anything for it: it is a party with what is saved.
    await hands.sees(t('trace.newParty', { name: '东湾农户' }));
    await fill({ 'goods-value': '800', 'goods-sold': '1000' });
    await hands.press('Control+Enter');
    await row('东湾农户').waitFor();
    await expect.poll(() => row(t('joint.noMember')).count()).toBe(0);
    await tab('amounts');
    await hands.press('Control+n');
    await fill({ 'amount-amount': '1000.01' });
    await hands.press('Control+Enter');
    await row(t('joint.kind.freight')).waitFor();
    await hands.press('Control+n');
    await desk.page.locator('#amount-amount:focus').waitFor();
    await desk.page.locator('#amount-side').press('ArrowDown');
    await desk.page.locator('.ant-select-item-option-active').waitFor();
    await hands.press('ArrowDown', 'Enter');
    await fill({ 'amount-amount': '20000' });
    await hands.press('Control+Enter');
    await row(t('joint.kind.sale')).waitFor();
  });

  it('issues the statements and pays a member what is due', async () => {
    await hands.press('F8');
    await desk.page.locator('.split-detail .ant-btn-primary:focus').waitFor();
    await hands.press('Control+Enter');
    await row(t('joint.versionOf', { version: '1' })).waitFor();
    await expect.poll(() => desk.page.locator('.error-note').count()).toBe(0);
    await tab('members');
    await row('东湾农户').click();
    await hands.press('Control+n');
    await desk.page.locator('#pay-amount:focus').waitFor();
    await fill({ 'pay-amount': '99999' });
    await hands.press('Control+Enter');
    await desk.page.locator('.error-note', { hasText: 'JOINT_OVERPAID' }).waitFor();
    await fill({ 'pay-amount': '5000', 'pay-account': '6222000011119876' });
    await hands.press('Control+Enter');
    await desk.page.locator('.detail-list', { hasText: '**** **** **** 9876' }).waitFor();
    await hands.button(t('joint.pay.doVoid')).press('Enter');
    await desk.page.getByLabel(t('joint.pay.voidReason')).fill('记错');
    await hands.press('Enter');
    await desk.page.locator('.detail-list .is-void', { hasText: '记错' }).waitFor();
    const file = path.join(folder, 'statement.pdf');
    await answerDialogs(desk.app, [file]);
    await hands.button(t('joint.printStatement')).press('Enter');
    await hands.sees(t('joint.written', { file: 'statement.pdf' }));
    expect(existsSync(file)).toBe(true);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('says that something changed since the statements, and stands in the list with what is open', async () => {
    await tab('amounts');
    await row(t('joint.kind.freight')).click();
    await fill({ 'amount-amount': '1200' });
    await hands.press('Control+Enter');
    await hands.sees(t('joint.changedSince', { version: '1' }));
    await hands.press('F8');
    await desk.page.locator('#issue-reason:focus').waitFor();
    await desk.page.keyboard.type('运费改账单');
    await hands.press('Control+Enter');
    await row('运费改账单').waitFor();
    await hands.press('Escape', 'Escape');
    await hands.on('joint');
    // Two owe their freight, one is to get the rest.
    await row('1,058.82').filter({ hasText: '19,858.82' }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });

  it('writes a note of what a villager hands over at a pickup point', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('dsd');
    await desk.page.getByRole('option', { name: t('command.pickups') }).waitFor();
    await hands.press('Enter');
    await hands.sees(t('trace.pickup.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#pickup-name:focus').waitFor();
    await fill({ 'pickup-name': '东湾村代收点', 'pickup-place': '东湾村委会', 'pickup-keeper': '李某' });
    await hands.press('Control+Enter');
    await row('东湾村代收点').waitFor();
    await desk.page.locator('#handover-lot').fill('荔枝');
    await desk.page.getByRole('option').first().waitFor();
    await hands.press('Enter');
    await fill({ 'handover-mass': '12.5', 'handover-cartons': '3', 'handover-giver': '王某' });
    await hands.press('Control+Enter');
    await desk.page.locator('.trace-list', { hasText: 'JJ-' }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });

  it('points at a receipt that was changed after it was taken in as proceeds, here and in plain words', async () => {
    const ask = new EntryDesk(desk, hands);
    const party = { kind: 'customer', taxNo: null, note: '', active: true } as const;
    const { id: partyId } = await ask.ask('parties.save', { ...party, name: 'Bangkok Fruit', country: 'TH' });
    const { id: accountId } = await ask.ask('moneyAccounts.save', {
      kind: 'bank',
      place: 'home',
      name: '农商银行基本户',
      currency: 'CNY',
    });
    const received = {
      kind: 'receipt' as const,
      date: '2026-06-25',
      accountId,
      amount: '900.01',
      partyId,
      counterparty: 'Bangkok Fruit',
      detail: { crossBorder: true },
    };
    const { id: recordId } = await ask.ask('moneyRecords.save', received);
    const [joint] = (await ask.ask('joint.list', {})).rows;
    const jointId = joint?.id ?? 0;
    const head = { on: '2026-06-20', number: 'FY-1', country: 'TH', partyId, reason: '买家已定' };
    const { rows } = await ask.ask('dispatches.list', {});
    await ask.ask('dispatches.save', { ...head, id: rows[0]?.id ?? 0 });
    await ask.ask('joint.saveAmount', {
      ...{ jointId, side: 'proceeds', kind: 'sale', by: 'weight', amount: '900.01', recordId },
    });
    await ask.ask('moneyRecords.save', { ...received, id: recordId, amount: '880.00' });
    await hands.press('Shift+F2');
    await hands.on('simpleToday');
    await hands.press('Alt+7');
    await desk.page.locator('.simple-card', { hasText: '荔枝拼柜' }).getByRole('button').click();
    const card = desk.page.locator('.simple-card');
    await card
      .filter({ hasText: '900.01' })
      .filter({ hasText: t('simple.together.receiptChanged') })
      .waitFor();
    // Each family by itself, with what it is to get, and nobody's goods left over.
    for (const name of ['南坡合作社', '北岭合作社', '东湾农户'])
      await card
        .filter({ hasText: name })
        .filter({ hasText: t('simple.together.due') })
        .waitFor();
    expect(await card.filter({ hasText: t('simple.together.nobody') }).count()).toBe(0);
    await hands.sees(t('simple.together.stateAgainHint'));
    await desk.page.locator('#together-whole').click();
    await hands.on('jointShipment');
    await desk.page.locator('.joint-notices', { hasText: /900\.01.*880\.00/ }).waitFor();
    await hands.button(t('joint.toAmounts')).click();
    await row(t('joint.kind.sale')).first().waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });
});
