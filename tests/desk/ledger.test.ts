import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { firm } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { countOf, textsIn } from './support/texts.ts';

/** Vouchers by a bookkeeper's hands: typed with the gestures of Kingdee and Yonyou, posted, reversed, the month closed. */
const t = textsIn('zh-CN');
const passphrase = 'desk-ledger-passphrase';
const month = '2026-10';

let desk: Desk;
let hands: Hands;

/** Asks the core as the page does. */
async function ask<T>(op: string, input: object): Promise<T> {
  const answer = await desk.page.evaluate(
    ([name, value]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return bridge.call(name, value);
    },
    [op, input] as const,
  );
  expect(answer).toMatchObject({ ok: true });
  return (answer as { data: T }).data;
}

/** Types texts into cells, with Enter after each, as the keyboard brings them. */
async function enter(...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    if (text !== '') await desk.page.keyboard.type(text);
    await hands.press('Enter');
  }
}

const cell = (row: number, column: string) =>
  desk.page.locator('.voucher-line').nth(row).locator(`[data-column="${column}"]`);

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await ask('books.create', { profile: firm, passphrase });
  await hands.on('today');
  for (const [date, cnyPerUnit] of [
    ['2026-10-01', '7.1'],
    ['2026-10-31', '7.2'],
  ])
    await ask('rates.set', { kind: 'parity', currency: 'USD', date, cnyPerUnit, source: '测试汇率' });
});

afterEach((context) => pictureOfFailure(desk, context));

afterAll(() => desk.close());

describe('vouchers at the desk', () => {
  it('are typed with the gestures of Kingdee by keyboard alone, and posted', async () => {
    await hands.area('ledger');
    await hands.press('Control+n');
    await cell(1, 'text').locator('input').waitFor();
    await hands.press('Shift+Enter');
    await desk.page.keyboard.press('Control+a');
    await enter('20261015');
    // Account by initials, currency as it stands, debit; the debit ends the line.
    await enter('购办公用品', 'glfy', '', '300.5');
    await enter('..', '手续费', '', '12');
    expect(await cell(2, 'text').innerText()).toBe('购办公用品');
    await enter('//', '1002', '');
    // From the debit on to the credit, which `=` fills.
    await hands.press('Enter');
    await desk.page.keyboard.type('=');
    await hands.press('Enter');
    expect(await cell(3, 'text').innerText()).toBe('购办公用品');
    expect(await cell(3, 'account').innerText()).toContain('银行存款');
    expect(await cell(3, 'credit').innerText()).toBe('312.50');
    await hands.sees('叁佰壹拾贰元伍角整');
    expect(await desk.page.getByTestId('voucher-debit').innerText()).toBe('312.50');
    await hands.press('F8');
    await hands.sees(t('ledger.entry.postedShort'));
    await hands.sees(`${month}-0001`);
    // A blank one of the same date is ready.
    await expect.poll(() => desk.page.locator('#voucher-date').inputValue()).toBe('2026-10-15');
    await expect.poll(() => cell(1, 'account').innerText()).toBe('');
    await expect.poll(() => cell(1, 'text').locator('input').count()).toBe(1);
  });

  it('do nothing on Enter while an input method composes', async () => {
    const input = cell(1, 'text').locator('input');
    await input.focus();
    for (const detail of [{ isComposing: true }, { keyCode: 229 }]) {
      await input.evaluate((element, init) => {
        element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }));
      }, detail);
      expect(await cell(1, 'text').locator('input').count()).toBe(1);
    }
  });

  it('say what is wrong and where, and take edits back', async () => {
    await enter('结汇', '1002', '');
    await hands.press('Enter');
    await enter('500');
    await hands.press('F7');
    await desk.page.locator('.voucher-problem .error-note').waitFor();
    // One step back takes the credit away, the next the account.
    await hands.press('Control+z');
    await expect.poll(() => cell(1, 'credit').innerText()).toBe('');
    await hands.press('Control+z');
    await expect.poll(() => cell(1, 'account').innerText()).toBe('');
    await hands.press('Control+y');
    await expect.poll(() => cell(1, 'account').innerText()).toContain('1002');
  });

  it('keep what was typed when the page is left, and offer it again', async () => {
    await hands.area('orders');
    await hands.area('ledger');
    await hands.press('Control+n');
    await cell(1, 'text').locator('input').waitFor();
    await hands.press('F5');
    await desk.page.locator('.entry-choice', { hasText: '结汇' }).waitFor();
    await hands.press('Enter');
    await expect.poll(() => cell(1, 'account').innerText()).toContain('1002');
    await expect.poll(() => desk.page.locator('#voucher-date').inputValue()).toBe('2026-10-15');
  });

  it('fill the rate in force and clear currencies through the exchange account', async () => {
    // The line resumed becomes dollars: 1,000 at the rate of the first of the month or the day.
    await cell(1, 'currency').click();
    await enter('USD');
    await enter('1000');
    await expect.poll(() => cell(1, 'rate').locator('input').inputValue()).toBe('7.1');
    // Enter leaves the rate and goes to the side that will hold the value: it is a debit so far.
    await hands.press('Enter');
    await expect.poll(() => cell(1, 'debit').locator('input').inputValue()).toBe('7100.00');
    await hands.press('Space');
    await expect.poll(() => cell(1, 'credit').locator('input').inputValue()).toBe('7100.00');
    await hands.press('Enter');
    await enter('//', '1001', '');
    await desk.page.keyboard.type('=');
    await hands.press('Enter');
    expect(await cell(2, 'debit').innerText()).toBe('7,100.00');
    await desk.page.locator('.voucher-exchange').getByRole('checkbox').check();
    await hands.press('F8');
    await hands.sees(`${month}-0002`);
    await hands.press('F5');
    await hands.sees(t('ledger.entry.noDrafts'));
    await hands.press('Escape');
  });

  it('are kept as templates and called again', async () => {
    await cell(1, 'text').click();
    await enter('房租', '5602', '', '1000', '..', '1002', '');
    await hands.press('F12');
    await hands.focused('#template-name');
    await enter('每月房租');
    await expect.poll(() => desk.page.locator('.voucher-side').count()).toBe(0);
    await hands.press('F4');
    await desk.page.locator('.entry-choice', { hasText: '每月房租' }).waitFor();
    await hands.press('Enter');
    await expect.poll(() => cell(2, 'account').innerText()).toContain('1002');
    await expect.poll(() => cell(1, 'debit').innerText()).toBe('');
    // Emptied again, so that no draft stands in the way of the month.
    await cell(1, 'text').locator('input:focus').waitFor();
    await hands.press('Control+Delete', 'Control+Delete');
    await expect.poll(async () => (await ask<{ rows: object[] }>('voucherDrafts.list', {})).rows.length).toBe(0);
  });

  it('are found by their number, and reversed in red with a reason', async () => {
    await hands.press('Escape');
    const list = desk.page.getByRole('grid', { name: t('ledger.tab.vouchers') });
    await expect.poll(async () => countOf(await list.getAttribute('aria-rowcount'))).toBe(2);
    await desk.page.getByText(`${month}-0001`).first().click();
    await hands.on('voucher');
    await hands.sees('叁佰壹拾贰元伍角整');
    await hands.button(t('ledger.reverse')).click();
    await desk.page.locator('#reverse-date').fill('2026-10-20');
    await desk.page.locator('#reverse-reason').fill('科目记错');
    await hands.press('Enter');
    await hands.sees(`${month}-0003`);
    const chain = desk.page.locator('.voucher-behind');
    await chain.locator('.tone-tag', { hasText: t('ledger.reverses') }).waitFor();
    await chain.getByRole('button', { name: `${month}-0001` }).click();
    await chain.locator('.tone-tag', { hasText: t('ledger.reversedBy') }).waitFor();
    await expect.poll(() => hands.button(t('ledger.reverse')).isDisabled()).toBe(true);
  });

  it('post papers by their rule, reverse and post anew what was corrected', async () => {
    await hands.area('ledger');
    await desk.page.getByRole('radio', { name: t('ledger.tab.documents') }).click();
    await desk.page.getByRole('combobox', { name: t('ledger.addDocument') }).click();
    await desk.page.locator('.ant-select-item-option', { hasText: t('ledger.kind.bank-charge') }).click();
    await desk.page.locator('#document-date').fill('2026-10-21');
    await desk.page.locator('#document-currency').focus();
    await enter('CNY');
    await enter('20');
    await hands.press('Control+Enter');
    await desk.page.locator('.detail-head', { hasText: t('ledger.documentState.posted') }).waitFor();
    await desk.page.locator('#document-amount').fill('25');
    await hands.press('Control+Enter');
    await expect.poll(() => desk.page.locator('.detail .voucher-sources li').count()).toBe(3);
    await desk.page.locator('.detail .voucher-sources').getByRole('button').last().click();
    await hands.on('voucher');
    await desk.page.locator('.voucher-chain').getByRole('button').click();
    await hands.on('source-document');
  });
});

describe('a month', () => {
  it('is closed after its revaluation was seen, and reopened with a reason', async () => {
    await hands.area('ledger');
    await desk.page.getByRole('radio', { name: t('ledger.tab.periods') }).click();
    await hands.sees(t('ledger.close.title', { period: month }));
    // 1,000 dollars were paid out at 7.10 and stand at 7.20: a loss of 100.
    await desk.page.getByTestId('revaluation').getByText('\u2212100.00').waitFor();
    await hands.press('F8');
    await hands.sees(t('ledger.close.closedTitle'));
    await desk.page.locator('#reopen-reason').fill('补记一张凭证');
    await hands.press('Enter');
    await hands.sees(t('ledger.close.title', { period: month }));
  });
});

describe('the desk', () => {
  it('has reported no error', () => {
    expect(desk.pageErrors()).toEqual([]);
  });
});
