import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Policy cards beside the field they concern, their page, and the contacts next to them, by keyboard in the real window. */
const t = textsIn('zh-CN');
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(() => desk.close());

const command = async (words: string, name: string, page: string): Promise<void> => {
  await hands.press('Control+k');
  await desk.page.keyboard.type(words);
  await desk.page.getByRole('option', { name, selected: true }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
};

describe('the help of a field', () => {
  it('opens with F1 in the field, tells its policies, and closes with Esc where the cursor was', async () => {
    await hands.press('Control+n');
    await hands.on('shipment');
    await desk.page.locator('#shipment-ieDate').focus();
    await hands.press('F1');
    const help = desk.page.locator('.field-help');
    await help.getByText('36个月为限').waitFor();
    await hands.press('Escape');
    await help.waitFor({ state: 'detached' });
    expect(await desk.page.locator('#shipment-ieDate').evaluate((one) => one === document.activeElement)).toBe(true);
    await hands.on('shipment');
  });

  it('is closed when the cursor leaves, and says so of a field without more to say', async () => {
    const help = desk.page.locator('.field-help');
    await desk.page.locator('#shipment-voyageNo').focus();
    await hands.press('F1');
    await help.getByText(t('policies.help.nothing')).waitFor();
    await hands.press('Tab');
    await help.waitFor({ state: 'detached' });
  });

  it('names the code table of a field that has one', async () => {
    await desk.page.locator('#shipment-trafMode').focus();
    await hands.press('F1');
    await desk.page.locator('.field-help code', { hasText: 'transport_mode' }).waitFor();
    await hands.press('Escape');
  });

  it('leads to the page of the policies of this field', async () => {
    await desk.page.locator('#shipment-ieDate').focus();
    await hands.press('Shift+F1');
    await hands.on('policies');
    await hands.button(t('policies.allFields')).waitFor();
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBeGreaterThan(1);
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('the page of policies', () => {
  it('finds what changed since a day, and a card by its document', async () => {
    await hands.button(t('policies.allFields')).click();
    await desk.page.locator('#policies-since').fill('2026-06-01');
    await desk.page.locator('.ant-table-row', { hasText: t('policies.change.new') }).waitFor();
    await desk.page.locator('#policies-since').fill('');
    await hands.press('Control+f');
    await desk.page.keyboard.type('第248号');
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBe(1);
    await desk.page.getByRole('button', { name: '进口食品境外生产企业注册', exact: true }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('contacts of services', () => {
  it('are entered by keyboard, found and deleted', async () => {
    await command('lxr', t('command.contacts'), 'contacts');
    await hands.sees(t('contacts.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#contact-name:focus').waitFor();
    await desk.page.keyboard.type('测试律师事务所');
    await hands.press('Control+Enter');
    await desk.page.locator('.ant-table-row', { hasText: '测试律师事务所' }).waitFor();
    await hands.button(t('contacts.remove')).click();
    await hands.sees(t('contacts.removeAsk'));
    await hands.button(t('contacts.remove')).click();
    await hands.sees(t('contacts.empty'));
    expect(desk.pageErrors()).toEqual([]);
  });
});
