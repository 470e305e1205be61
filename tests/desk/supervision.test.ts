import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatAmount } from '../../renderer/i18n/format.ts';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Netting sheets, gauges, trade credit and the total check as a clerk uses them, mostly by keyboard, on the sample book. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-supervision-'));
const canRead = spawnSync('pdftotext', ['-v']).error === undefined;
const today = chinaDate(new Date().toISOString());
const year = Number(today.slice(0, 4));

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

/** Goes to a page of the money area by its chip. */
async function goTo(tab: string): Promise<void> {
  await desk.page
    .getByRole('radio', { name: t(`money.tab.${tab}`), exact: true })
    .first()
    .click();
  await hands.on(tab);
}
const type = (text: string): Promise<void> => desk.page.keyboard.type(text);
const focused = (): Promise<string | undefined> => desk.page.evaluate(() => document.activeElement?.id);

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
  const account = await ask('moneyAccounts.save', {
    kind: 'bank',
    place: 'home',
    name: '工行美元户（轧差测试）',
    currency: 'USD',
  });
  await ask('moneyRecords.save', {
    kind: 'receipt',
    date: today,
    accountId: account.id,
    amount: '75000',
    counterparty: 'Amazon',
    counterpartyCountry: 'US',
  });
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the watch of the forex authority', () => {
  it('takes a netting sheet by keyboard, with the identity in view, and refuses it while it is a cent off', async () => {
    await hands.area('money');
    await goTo('netting');
    await hands.press('Control+n');
    await expect.poll(focused).toBe('netting-payout');
    await hands.press('Escape', 'Enter', 'Enter');
    await expect.poll(focused).toBe('netting-counterparty');
    for (const text of ['Amazon', 'us', 'usd', '100,000', '121010', '530120261234567890', '74999.99']) {
      await type(text);
      // Countries come from the core's table.
      if (text === 'us') await desk.page.locator('.lookup-row', { hasText: '美国' }).first().waitFor();
      await hands.press('Enter');
    }
    await expect.poll(focused).toBe('netting-record');
    await type('75000');
    await desk.page.locator('.lookup-row').first().waitFor();
    await hands.press('Enter');
    await expect.poll(focused).toBe('netting-note');
    await hands.press('Enter');
    for (const row of [
      ['仓储', '228010', 'Warehouse Inc', 'W-1', '12000', ''],
      ['物流', '222039', 'Last Mile LLC', 'L-7', '8000', ''],
      ['税收', '321000', 'HMRC', 'VAT-3', '5000', ''],
    ])
      for (const text of row) {
        await type(text);
        await hands.press('Enter');
      }
    const identity = desk.page.getByTestId('netting-identity');
    await expect.poll(() => identity.textContent()).toContain('75,000.00');
    await expect.poll(() => identity.textContent()).toContain(t('supervision.netting.uneven', { difference: '−0.01' }));
    await expect.poll(() => hands.button(t('supervision.save')).first().isDisabled()).toBe(true);
    await hands.press('F7');
    await expect.poll(() => identity.textContent()).toContain(t('supervision.netting.even'));
    await hands.press('Control+Enter');
    await expect.poll(() => desk.page.getByTestId('netting-sum').textContent()).toContain('75,000.00');
    await hands.sees(t('supervision.netting.gap.paper'));
  });

  it('wants a paper for each leg, then confirms and prints the sheet as it stands', async () => {
    const attach = desk.page.locator('.leg-table').getByRole('button', { name: t('supervision.netting.attach') });
    for (let left = 4; left > 1; left -= 1) {
      await expect.poll(() => attach.count()).toBe(left);
      const file = path.join(folder, `invoice-${left}.pdf`);
      writeFileSync(file, `invoice ${left}`);
      await answerDialogs(desk.app, [file]);
      await attach.nth(1).click();
    }
    await expect.poll(() => attach.count()).toBe(1);
    await hands.ready('F8');
    await hands.press('F8');
    await desk.page.locator('.detail-head', { hasText: t('supervision.netting.state.confirmed') }).waitFor();
    const file = path.join(folder, 'sheet.pdf');
    await answerDialogs(desk.app, [file]);
    await hands.ready('F9');
    await hands.press('F9');
    await expect.poll(() => existsSync(file) && statSync(file).size > 0).toBe(true);
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
    if (canRead) {
      const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
      for (const part of [
        '轧差核对表',
        '100,000.00',
        '25,000.00',
        '75,000.00',
        '999999',
        '121010',
        'Warehouse Inc',
        'VAT-3',
        '已核对',
      ])
        expect(text).toContain(part);
      expect(text).not.toMatch(/[\uFFFD\uE000-\uF8FF]/);
    }
    const book = path.join(folder, 'sheet.xlsx');
    await answerDialogs(desk.app, [book]);
    await hands.ready('Ctrl+E');
    await hands.press('Control+e');
    await expect.poll(() => existsSync(book) && statSync(book).size > 0).toBe(true);
  });

  it('shows the year on gauges and says beforehand what a receipt would do', async () => {
    const { receipts } = await ask('forex.gauges', { asOf: today });
    const before = Number(receipts.usd);
    await ask('forexProfile.save', {
      smallCbec: true,
      byElectronicInfo: true,
      classes: [{ class: 'B', from: `${year}-01-01` }],
    });
    await goTo('monitor');
    await desk.page.getByTestId('gauges').waitFor();
    // The netted receipt counts with its gross proceeds.
    expect(before).toBeGreaterThanOrEqual(100_000);
    const gauge = desk.page.locator('.chart[role=img]').first();
    await expect.poll(() => gauge.getAttribute('aria-label')).toContain(formatAmount(receipts.usd, 2));
    await hands.sees(t('supervision.class.title', { class: 'B' }));
    await desk.page.locator('#planned-amount').fill((179_999.99 - before).toFixed(2));
    await expect.poll(() => desk.page.getByTestId('what-if').textContent()).toContain('179,999.99');
    await desk.page.locator('#planned-amount').fill((200_000 - before).toFixed(2));
    await expect
      .poll(() => desk.page.getByTestId('what-if').textContent())
      .toContain(t('supervision.gauge.plannedCrosses', { total: '200,000.00' }));
  });

  it('drills from an indicator to its rows, and takes an adjustment with its reason', async () => {
    await hands.press('Control+2');
    await desk.page.getByTestId('indicators').waitFor();
    await desk.page.locator('[data-figure="exports"]').click();
    await hands.sees(t('supervision.indicator.rowsOf', { figure: t('supervision.figure.exports') }));
    await desk.page.locator('#adjust-usd').fill('120000');
    await desk.page.locator('#adjust-reason').fill('代理出口');
    await hands.press('Enter');
    await hands.told(t('supervision.indicator.adjustedNotice'));
    await hands.sees('代理出口');
  });

  it('takes from the quota of a person what has no proof, and gives it back for a proof by keyboard', async () => {
    const account = await ask('moneyAccounts.save', {
      kind: 'personal',
      place: 'home',
      name: '个人外汇账户（示例）',
      currency: 'USD',
      ownerKind: 'person',
      owner: '陈示例',
    });
    const { rows } = await ask('moneyAccounts.list', {});
    const yuan = rows.find(({ currency }) => currency === 'CNY');
    if (yuan === undefined) throw new Error('no CNY account');
    await ask('moneyRecords.save', {
      kind: 'settlement',
      date: today,
      accountId: account.id,
      amount: '20000',
      toAccountId: yuan.id,
      toAmount: '141000',
    });
    await hands.press('Control+3');
    await hands.sees('陈示例');
    const meter = desk.page.locator('.quota-meter');
    await expect.poll(() => meter.locator('.chart').getAttribute('aria-label')).toContain('20,000.00');
    await desk.page.locator('.split-list [role=grid]').focus();
    await hands.press('Home', 'Enter');
    const isAtRows = () => desk.page.evaluate(() => document.activeElement?.closest('.quota-rows') !== null);
    await expect.poll(isAtRows).toBe(true);
    await desk.page.locator('.quota-rows .ant-table-row').first().waitFor();
    await hands.press('Enter');
    await expect.poll(focused).toBe('quota-proof');
    await hands.press('ArrowDown', 'ArrowDown', 'Enter');
    await hands.sees(t('supervision.person.reference'));
    await hands.press('Control+Enter');
    // A proof is a number or a file.
    await expect.poll(focused).toBe('quota-reference');
    await type('PZ-2026-1');
    await hands.press('Control+Enter');
    await hands.sees('PZ-2026-1');
    await expect.poll(() => meter.innerText()).toContain('50,000.00');
    expect((await ask('quota.list', { year: String(year) })).rows[0]).toMatchObject({
      usedUsd: '0.00',
      outsideUsd: '20000.00',
    });
    await hands.press('Control+n');
    await expect.poll(focused).toBe('quota-date');
    await hands.press('Escape');
  });

  it('leads from a gauge to its records', async () => {
    await hands.press('Control+1');
    await desk.page.locator('.indicator-rows .ant-table-row').first().waitFor();
    await desk.page.locator('.indicator-rows [role=grid]').focus();
    await hands.press('Home', 'Enter');
    await hands.on('money');
    await desk.page.locator('.split-detail .detail-head h2').waitFor();
    // What a receipt pays for says under which code it is declared; F7 takes that.
    await hands.press('Control+f');
    await type('Harbour');
    // The first letter finds the same two already: the whole word has to be searched for before a row is taken.
    await desk.page.locator('.search-input input[aria-busy=false]').waitFor();
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBe(2);
    await desk.page.locator('.split-list [role=grid]').focus();
    // F3 is the search of the shell too: typed before the record is read, it waits for the record.
    await hands.press('Home', 'F3');
    await hands.button(t('money.takeCodes')).waitFor();
    await desk.page.locator('#record-code1').fill('');
    await hands.press('Tab', 'F7');
    await expect.poll(() => desk.page.locator('#record-code1').inputValue()).toMatch(/^121010 ./);
    await hands.press('Escape', 'Alt+ArrowLeft');
    await hands.on('monitor');
  });

  it('finds an advance by its dates, drafts its report and marks it as reported', async () => {
    await goTo('tradeCredit');
    await hands.press('Control+n');
    await desk.page.locator('#credit-expectedDate').fill(`${year + 1}-12-31`);
    await desk.page.locator('#credit-amount').fill('8000');
    await desk.page.locator('#credit-reference').fill('PO-8');
    await hands.press('Control+Enter');
    await desk.page.locator('.detail-head h2', { hasText: 'PO-8' }).waitFor();
    await hands.press('F8');
    await desk.page.locator('#report-reference').fill('OK-1');
    await hands.press('Control+Enter');
    await expect
      .poll(async () => (await ask('tradeCredit.list', { state: 'reported' })).rows.map(({ label }) => label))
      .toEqual(['PO-8']);
    expect(desk.pageErrors()).toEqual([]);
  });
});
