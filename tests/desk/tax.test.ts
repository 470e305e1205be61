import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputOf } from '../../shared/contract/contract.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/**
 * The tax desk by a user's hands on the sample book: a calculator by keyboard, then a worksheet that lacks a fact, the
 * fact entered where the finding leads, the figure, the workbook. Each step stands on the one before it.
 */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-tax-'));
const year = '2026';
const quarter = `${year}-Q3`;

let desk: Desk;
let hands: Hands;

/** Asks the core as the page does, for what is not the matter of the test. */
async function ask<N extends 'tax.saveProfile' | 'tax.setFacts'>(op: N, input: InputOf<N>): Promise<void> {
  const answer = await desk.page.evaluate(
    ([name, value]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return bridge.call(name, value);
    },
    [op as string, input as object] as const,
  );
  expect(answer).toMatchObject({ ok: true });
}

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

describe('the tax desk', () => {
  it('finds a calculator by its number and runs it by keyboard alone, with every step behind the figure', async () => {
    await hands.area('tax');
    await hands.press('Control+j');
    await hands.on('calculators');
    await hands.press('Control+f');
    await desk.page.keyboard.type('T01compare');
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBe(1);
    await hands.press('Control+a');
    await desk.page.keyboard.type('T01');
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBe(2);
    await hands.press('ArrowDown');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
    await hands.press('Home', 'Enter');
    await hands.on('calculator');

    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe('rule-year');
    await desk.page.keyboard.type(year);
    await hands.press('Enter');
    await desk.page.keyboard.type('1,000,000');
    await hands.press('Control+Enter');
    // 1,000,000 × 4 % = 40,000, of which a quarter is counted, at 20 %.
    await expect.poll(() => desk.page.locator('[data-result="taxPayable"] dd').textContent()).toBe('2,000.00');
    await hands.sees('1,000,000 × 0.04');
    await hands.sees(t('tax.reliability.V'));
    await hands.sees(t('tax.draft'));
  });

  it('says at the field what is wrong, and keeps what was typed', async () => {
    await desk.page.locator('#rule-grossRevenue').fill('-5');
    await hands.press('Control+Enter');
    await hands.sees(t('tax.refused.negative'));
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe('rule-grossRevenue');
    await hands.press('Escape');
    await hands.on('calculators');
    await desk.page.locator('.ant-table-row').first().dblclick();
    await hands.on('calculator');
    await expect.poll(() => desk.page.locator('#rule-grossRevenue').inputValue()).toBe('-5');
  });

  it('shows what a worksheet lacks, takes the fact where the finding leads, and then the figure', async () => {
    await ask('tax.saveProfile', {
      taxpayer: 'general',
      kind: 'trading',
      restrictedIndustry: false,
      zoneRegistered: true,
      zoneLogged: true,
      zoneDeclared: true,
      deemedApproval: { number: '核2026-1', from: '2026-01-01' },
    });
    const quarters = [1, 2, 3].map((at) => `${year}-Q${at}`);
    await ask('tax.setFacts', {
      facts: quarters.flatMap((period) => [
        { name: 'employees-opening' as const, period, value: '20' },
        { name: 'employees-closing' as const, period, value: period === quarter ? null : '20' },
        { name: 'assets-opening' as const, period, value: '5000000' },
        { name: 'assets-closing' as const, period, value: '5000000' },
        ...(period === quarter ? [] : [{ name: 'income-prepaid' as const, period, value: '0' }]),
      ]),
    });
    await hands.area('tax');
    await desk.page.getByText('企业所得税').first().waitFor();
    await desk.page.locator('[role=grid]').first().focus();
    await hands.press('Home', 'Enter');
    await hands.on('worksheet');
    // The period of the sample book may be another: the third quarter is asked for by the picker.
    // The keys of the period belong to the page, also while the cursor is in its list.
    const list = desk.page.locator('.sheet [role=grid]').first();
    await list.focus();
    await goToPeriod(quarter);
    const result = desk.page.locator('[data-result="dueThisPeriod"] .result-value');
    await expect.poll(() => result.textContent()).toContain(t('tax.sheet.cannot'));
    await hands.sees('季末从业人数');

    await hands.press('F10');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.hasAttribute('data-finding'))).toBe(true);
    await hands.press('Enter');
    await hands.on('taxProfile');
    const cell = `employees-closing ${quarter} `;
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.getAttribute('data-fact'))).toBe(cell);
    await desk.page.keyboard.type('２０');
    await hands.press('Enter');
    await expect.poll(() => desk.page.locator(`[data-fact="${cell}"]`).inputValue()).toBe('20');
    await hands.press('Alt+ArrowLeft');
    await hands.on('worksheet');
    await expect.poll(() => result.textContent()).toMatch(/^[\d,]+\.\d{2}$/);
  });

  it('opens how a figure came about, and writes the workbook', async () => {
    await desk.page.locator('[data-result="dueThisPeriod"]').click();
    await desk.page.locator('.derivation-steps li').first().waitFor();
    await hands.press('Escape');
    await expect.poll(() => desk.page.locator('.derivation-steps').count()).toBe(0);
    const file = path.join(folder, 'income-tax.xlsx');
    await answerDialogs(desk.app, [file]);
    await hands.press('Control+e');
    await expect.poll(() => existsSync(file) && statSync(file).size > 0).toBe(true);
    expect(desk.pageErrors()).toEqual([]);
  });
});

async function goToPeriod(wanted: string): Promise<void> {
  const shown = desk.page.locator('.period-select').first();
  for (let step = 0; step < 12; step += 1) {
    const now = (await shown.textContent()) ?? '';
    if (now.includes(wanted)) return;
    await hands.press(now < wanted ? 'Control+PageDown' : 'Control+PageUp');
    await expect.poll(() => shown.textContent()).not.toBe(now);
  }
  throw new Error(`period ${wanted} was not reached`);
}
