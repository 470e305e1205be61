import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { settlementV2 } from '../fixtures/payouts.ts';
import { firm } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A settlement report by a clerk's hands: looked at, taken, classified by keyboard, drilled into, printed. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-payouts-'));
const line = (type: string, group: string, detail: string, amount: string, at: string, order = '') => ({
  type,
  group,
  detail,
  amount,
  at,
  order,
});
const settlement = {
  number: '70000000001',
  from: '2026-09-19',
  to: '2026-10-03',
  depositOn: '2026-10-05',
  deposit: '100.00',
  currency: 'USD',
  lines: [
    line('Order', 'ItemPrice', 'Principal', '180.00', '2026-09-20 10:00:00', '111-0000001-0000001'),
    line('Order', 'ItemFees', 'Commission', '-27.00', '2026-09-20 10:00:00', '111-0000001-0000001'),
    line('Order', 'ItemFees', 'FBAPerUnitFulfillmentFee', '-18.00', '2026-09-20 10:00:00', '111-0000001-0000001'),
    line('ServiceFee', 'other-transaction', 'Moon Phase Surcharge', '-10.00', '2026-10-01 04:00:00'),
    line('Transfer', 'other-transaction', 'Current Reserve Amount', '-25.00', '2026-10-03 23:00:00'),
  ],
};

let desk: Desk;
let hands: Hands;

/** Asks the core as the page does, for what is not the matter of the test. */
async function ask<N extends OperationName>(op: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const answer = await desk.page.evaluate(
    ([name, value]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return bridge.call(name, value);
    },
    [op as string, input as object] as const,
  );
  expect(answer).toMatchObject({ ok: true });
  return (answer as { data: OutputOf<N> }).data;
}

const write = (name: string, content: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

async function choose(file: string): Promise<void> {
  await hands.on('payoutImport');
  await answerDialogs(desk.app, [file]);
  await hands.press('Enter');
}

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await ask('books.create', { profile: firm, passphrase: 'desk-payouts-passphrase' });
  await hands.on('today');
  await ask('rates.set', { currency: 'USD', date: '2026-09-01', cnyPerUnit: '7.1', source: '测试' });
  await hands.area('money');
  await desk.page
    .getByRole('radio', { name: t('money.tab.payouts'), exact: true })
    .first()
    .click();
  await hands.on('payouts');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('payouts at the desk', () => {
  it('name what is wrong with a file before anything is written', async () => {
    await hands.sees(t('payouts.empty'));
    await hands.press('Control+i');
    await choose(write('broken.txt', settlementV2({ ...settlement, deposit: '100.50' })));
    await hands.sees('结算 70000000001 的明细与到账额不符');
    await expect.poll(() => hands.button(t('payouts.nothingToTake')).isEnabled()).toBe(false);
    expect((await ask('payouts.list', {})).total).toBe(0);
    await hands.press('Escape');
    await hands.on('payouts');
  });

  it('take a settlement, and show its way from gross to net', async () => {
    await hands.press('Control+i');
    await choose(write('settlement.txt', settlementV2(settlement)));
    await hands.sees(t('payouts.preview.new'));
    await hands.press('Control+Enter');
    await hands.on('payouts');
    await hands.sees(t('payouts.section.waterfall'));
    await desk.page.locator('.payout-waterfall svg').waitFor();
    await hands.sees('逐行合计与到账额一致');
  });

  it('classify a description by keyboard, once for all', async () => {
    await hands.press('F4', 'F4');
    await hands.sees(t('payouts.teachHint'));
    await hands.press('F3');
    await hands.focused('.payout-teach input');
    await desk.page.keyboard.type('仓储');
    await desk.page.locator('.lookup-row').first().waitFor();
    await hands.press('Enter');
    await hands.sees(t('payouts.teachDone'));
    const [row] = (await ask('payouts.list', {})).rows;
    expect(row?.unknown).toBe(0);
  });

  it('go from a month to its document and back', async () => {
    await desk.page.getByRole('radio', { name: t('payouts.view.months'), exact: true }).click();
    const document = desk.page.locator('.payout-months .link').first();
    await document.waitFor();
    await document.click();
    await hands.sees(t('ledger.payoutHint'));
    await hands.button(t('ledger.openPayout')).click();
    await hands.on('payouts');
    await desk.page.locator('.detail-head .code', { hasText: '70000000001' }).waitFor();
  });

  it('lead to a netting sheet that is filled from them, and back from it', async () => {
    await desk.page.getByRole('radio', { name: t('payouts.view.overview'), exact: true }).click();
    await hands.button(t('supervision.netting.ofPayout')).click();
    await hands.on('netting');
    await expect.poll(() => desk.page.locator('#netting-gross').inputValue()).not.toBe('');
    // Nothing in this book says under which code its goods go.
    await hands.press('Control+Enter');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe('netting-goodsCode');
    await desk.page.keyboard.type('121010');
    await hands.press('Enter', 'Control+Enter');
    await desk.page.getByTestId('netting-sum').waitFor();
    await desk.page.locator('.facts .ant-btn-link', { hasText: '70000000001' }).click();
    await hands.on('payouts');
    await desk.page.locator('.leg-note .ant-btn-link').click();
    await hands.on('netting');
    await desk.page.getByTestId('netting-sum').waitFor();
    await hands.press('F3');
    await desk.page.locator('#netting-gross').waitFor();
    await hands.press('Escape', 'Alt+ArrowLeft');
    await hands.on('payouts');
  });

  it('write the workbook and the print', async () => {
    const [xlsx, pdf] = [path.join(folder, 'payout.xlsx'), path.join(folder, 'payout.pdf')];
    await answerDialogs(desk.app, [xlsx, pdf]);
    await hands.press('Control+e');
    await expect.poll(() => existsSync(xlsx)).toBe(true);
    await hands.ready('F9');
    await hands.press('F9');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 5000).toBe(true);
    expect(desk.pageErrors()).toEqual([]);
  });
});
