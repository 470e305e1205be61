import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Limits of credit insurance by keyboard in the real window, on the sample book, whose orders are partly open. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-insurance-'));
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

describe('credit insurance on the desk', () => {
  it('is found by its name, and says what a limit lacks at the field', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('xybx');
    await desk.page.getByRole('option', { name: t('command.creditInsurance') }).waitFor();
    await hands.press('Enter');
    await hands.on('creditInsurance');
    await hands.sees(t('creditInsurance.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#insured-buyer:focus').waitFor();
    await hands.press('Control+Enter');
    await expect.poll(() => desk.page.getByText(t('creditInsurance.needed')).count()).toBe(7);
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe('insured-buyer');
  });

  it('takes a limit field by field, and prints what is insured', async () => {
    const typed = [
      ...['Meridian Home Ltd', 'US', '示例信用保险公司', 'SCH-2026-001', 'USD', '50000'],
      ...['90', '60', '2026-01-01', '2026-12-31'],
    ];
    const names = [
      ...['buyer', 'country', 'insurer', 'policyNo', 'currency', 'limit'],
      ...['coverPercent', 'termDays', 'fromOn', 'untilOn'],
    ];
    for (const [at, name] of names.entries()) await desk.page.locator(`#insured-${name}`).fill(typed[at] ?? '');
    await hands.press('Control+Enter');
    await hands.sees(t('creditInsurance.saved', { buyer: 'Meridian Home Ltd' }));
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBe(1);
    const pdf = path.join(folder, 'insured.pdf');
    await answerDialogs(desk.app, [pdf]);
    await hands.press('F9');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 1000).toBe(true);
    expect(desk.pageErrors()).toEqual([]);
  });
});
