import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { EntryDesk } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** My credit by keyboard in the real window: conduct with its rows, a penalty entered, a pledge filled, printed, signed, queued. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-credit-'));
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

const tab = (name: string) => desk.page.getByRole('radio', { name, exact: true });
const field = (id: string) => desk.page.locator(`#${id}`);

describe('credit on the desk', () => {
  it('opens on the own score, and goes from a deduction to its row', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('wdxy');
    await desk.page.getByRole('option', { name: t('command.credit'), selected: true }).waitFor();
    await hands.press('Enter');
    await hands.on('credit');
    await hands.sees(t('credit.behaviour.penalty'));
    await tab(t('credit.tab.conduct')).focus();
    await hands.press('ArrowRight');
    await hands.sees(t('credit.records.empty'));
    await hands.press('Control+n');
    // The form takes the focus when it is drawn: keys before that would go elsewhere.
    await desk.page.locator('.chips [aria-checked=true]:focus').waitFor();
    await tab(t('credit.kind.rating')).focus();
    await hands.press('ArrowRight', 'ArrowRight');
    await field('credit-no').fill('琼关罚字1号');
    await field('credit-amount').fill('300');
    await field('credit-source').fill('测试海关');
    await hands.press('Control+Enter');
    await hands.sees(/XY-\d{4}-001/);
    await tab(t('credit.tab.records')).focus();
    await hands.press('ArrowLeft');
    const row = desk.page.locator('.ant-table-row', { hasText: t('credit.behaviour.penalty') }).last();
    await row.click();
    await desk.page.locator('.credit-rows button', { hasText: '琼关罚字1号' }).focus();
    await hands.press('Enter');
    await expect.poll(() => field('credit-no').inputValue()).toBe('琼关罚字1号');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('keeps the paper of what others say of the firm', async () => {
    const paper = path.join(folder, '处罚决定书.pdf');
    writeFileSync(paper, '%PDF-1.7 decision');
    await answerDialogs(desk.app, [paper]);
    await hands.button(t('common.chooseFile')).focus();
    await hands.press('Enter');
    await hands.sees('处罚决定书.pdf');
    // The list says so.
    await expect
      .poll(async () =>
        (await new EntryDesk(desk, hands).ask('creditRecords.list', {})).rows.map(({ papers }) => papers),
      )
      .toContain(1);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('prints the record', async () => {
    await tab(t('credit.tab.records')).focus();
    await hands.press('ArrowLeft');
    const pdf = path.join(folder, 'credit.pdf');
    await answerDialogs(desk.app, [pdf]);
    await hands.press('F9');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 1000).toBe(true);
  });

  it('fills, prints, signs and queues a pledge', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('xycn');
    await desk.page.getByRole('option', { name: t('command.pledges'), selected: true }).waitFor();
    await hands.press('Enter');
    await hands.sees(t('credit.pledge.empty'));
    await hands.press('Control+n');
    await field('pledge-honest-trade').focus();
    await hands.press('Enter');
    await field('pledge-authority').fill('海南跨境电商综合试验区');
    await field('pledge-signer').fill('测试签署人');
    await hands.press('Control+Enter');
    await hands.sees('致：海南跨境电商综合试验区');
    const pdf = path.join(folder, 'pledge.pdf');
    const scan = path.join(folder, 'signed.pdf');
    writeFileSync(scan, '%PDF-1.7 signed');
    await answerDialogs(desk.app, [pdf, scan]);
    await hands.press('F9');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 1000).toBe(true);
    await hands.button(t('common.chooseFile')).focus();
    await hands.press('Enter');
    await hands.sees('signed.pdf');
    await field('pledge-sign').focus();
    await hands.press('Enter');
    await hands.sees(t('credit.pledge.state.signed'));
    await field('pledge-draft').focus();
    await hands.press('Enter');
    await hands.button(t('credit.pledge.queue')).focus();
    await hands.press('Enter');
    await hands.button(t('credit.pledge.queue')).waitFor({ state: 'detached' });
    expect(desk.pageErrors()).toEqual([]);
  });

  it('says what classes mean, and leads to the screening of names', async () => {
    await tab(t('credit.tab.pledges')).focus();
    await hands.press('ArrowRight');
    await hands.sees(/海关总署令第282号/);
    await hands.sees(t('credit.classes.measures'));
    await hands.button(t('credit.screening')).focus();
    await hands.press('Enter');
    await hands.on('risk');
    expect(desk.pageErrors()).toEqual([]);
  });
});
