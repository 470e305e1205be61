import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A registration by keyboard in the real window: opened, filled step by step, made, printed and queued. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-registrations-'));
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('registrations on the desk', () => {
  it('opens one by its kind and walks its steps with the keyboard', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('badj');
    await desk.page.getByRole('option', { name: t('command.registrations'), selected: true }).waitFor();
    await hands.press('Enter');
    await hands.on('registrations');
    await hands.sees(t('registrations.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#operator-trader:focus').waitFor();
    await hands.press('Enter');
    const typed = {
      address: '海南省琼海市嘉积镇',
      division: '469002',
      legalPerson: '测试法人',
      contactName: '联系人',
      contactPhone: '0898-1',
    };
    await desk.page.locator('#registration-address:focus').waitFor();
    for (const value of Object.values(typed)) {
      await desk.page.keyboard.type(value);
      await hands.press('Tab');
    }
    for (const [name, value] of Object.entries(typed))
      expect(await desk.page.locator(`#registration-${name}`).inputValue()).toBe(value);
    await hands.press('Control+Enter');
    await desk.page.locator('#registration-business').fill('热带水果零售出口');
    await desk.page.getByRole('checkbox', { name: t('registrations.mode.9610') }).focus();
    await hands.press('Space', 'Control+Enter');
    await desk.page.locator('#no-reg-customs').fill('4601000001');
    await desk.page.locator('#to-reg-customs').fill('2027-06-30');
    await hands.press('Control+Enter');
    await desk.page.locator('#registration-draft').waitFor();
  });

  it('makes the form, prints it and queues it', async () => {
    await desk.page.locator('#registration-draft').focus();
    await hands.press('Enter');
    await hands.button(t('registrations.queue')).waitFor();
    const pdf = path.join(folder, 'registration.pdf');
    await answerDialogs(desk.app, [pdf]);
    await hands.button(t('registrations.print')).focus();
    await hands.press('Enter');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 1000).toBe(true);
    await hands.button(t('registrations.queue')).focus();
    await hands.press('Enter');
    await hands.button(t('registrations.queue')).waitFor({ state: 'detached' });
    expect(desk.pageErrors()).toEqual([]);
  });

  it('finds a matter by a word, and says what is not known', async () => {
    await hands.button(t('registrations.matters')).click();
    await hands.on('matters');
    await hands.press('Control+f');
    await desk.page.keyboard.type('名录');
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBe(1);
    await hands.sees('汇发〔2024〕11号');
    expect(desk.pageErrors()).toEqual([]);
  });
});
