import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { firm } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { whileCoreIsStopped } from './support/stopped-core.ts';
import { textsIn } from './support/texts.ts';

/** Accounts, a receipt, a settlement, a statement and its lines, by keyboard. Each step stands on the one before it. */
const t = textsIn('zh-CN');
const passphrase = 'desk-money-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-money-'));

let desk: Desk;
let hands: Hands;

/** Asks the core as the page does, for what is not the matter of the test. */
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

interface Record {
  readonly kind: string;
  readonly amount: string;
  readonly counterparty: string;
  readonly counterpartyCountry: string;
  readonly ledger: string;
}
const records = async (): Promise<readonly Record[]> =>
  (await ask<{ rows: readonly Record[] }>('moneyRecords.list', {})).rows;

const focused = (id: string) => expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe(id);
const tab = async (page: string): Promise<void> => {
  await desk.page.getByRole('radio', { name: t(`money.tab.${page}`), exact: true }).click();
  await hands.on(page);
};
/** Types into the fields one after the other; Enter goes on. An empty text leaves a field as it is. */
async function typeFields(...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    if (text !== '') await desk.page.keyboard.type(text);
    await hands.press('Enter');
  }
}

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await ask('books.create', { profile: firm, passphrase });
  await hands.on('today');
  await ask('rates.set', { currency: 'USD', date: '2026-11-02', cnyPerUnit: '7.05', source: '测试' });
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('money', () => {
  it('begins with its accounts, whose numbers stay masked until they are asked for', async () => {
    await hands.area('money');
    await hands.sees(t('money.empty'));
    await tab('moneyAccounts');
    for (const [name, currency, number] of [
      ['中行美元', 'USD', '6222000011118899'],
      ['中行人民币', 'CNY', ''],
    ] as const) {
      await hands.press('Control+n');
      await focused('account-name');
      await typeFields(name, '', currency, number);
      await hands.press('Control+Enter');
      await hands.sees(t('money.account.saved', { name }));
    }
    await desk.page.locator('.ant-table-row', { hasText: '中行美元' }).click();
    await hands.sees('•••• 8899');
    await hands.press('F4');
    await hands.sees('6222000011118899');
    await hands.press('F3');
    await focused('account-name');
    await hands.press('Escape');
  });

  it('says at the field what is missing, and keeps what was typed when the page is left or the core ends', async () => {
    await hands.press('Control+n');
    await focused('account-name');
    await hands.press('Control+Enter');
    await hands.sees(t('money.rule.missing', { field: t('money.account.name') }));
    await focused('account-name');
    await typeFields('工行欧元', '', '', '6222000011117777');
    await tab('money');
    await tab('moneyAccounts');
    await hands.press('Control+n');
    await hands.sees(t('common.draft.restored'));
    const [name, number] = [desk.page.locator('#account-name'), desk.page.locator('#account-number')];
    await expect.poll(() => name.inputValue()).toBe('工行欧元');
    const core = await desk.app.evaluate(
      ({ app }) => app.getAppMetrics().find((one) => one.name === 'Portbook core')?.pid,
    );
    if (core === undefined) throw new Error('no core runs');
    process.kill(core, 'SIGKILL');
    await hands.on('welcome');
    await desk.page.locator('.open-form input').fill(passphrase);
    await hands.press('Enter');
    // The same book goes on where it was.
    await hands.on('moneyAccounts');
    await hands.area('money');
    await tab('moneyAccounts');
    await hands.press('Control+n');
    await hands.sees(t('common.draft.restored'));
    await expect
      .poll(async () => [await name.inputValue(), await number.inputValue()])
      .toEqual(['工行欧元', '6222000011117777']);
    await hands.button(t('common.draft.discard')).click();
    await expect.poll(() => name.inputValue()).toBe('');
    await hands.press('Escape');
  });

  it('names the rule that a field breaks', async () => {
    await tab('money');
    await hands.press('Control+n');
    await focused('record-kind');
    await hands.press('Control+Enter');
    await hands.sees(t('money.rule.missing', { field: t('money.fieldOf.receipt.accountId') }));
    await hands.sees(t('money.rule.missing', { field: t('money.fieldOf.receipt.amount') }));
    await focused('record-accountId');
    await hands.press('Escape', 'Escape');
  });

  it('offers accounts that come after their name was typed', async () => {
    await whileCoreIsStopped(desk, async () => {
      await hands.press('Control+n');
      await desk.page.locator('#record-accountId').focus();
      await desk.page.keyboard.type('美元');
      await desk.page.locator('#record-accountId[aria-expanded=true]').waitFor();
      expect(await desk.page.locator('.lookup-row').count()).toBe(0);
    });
    await desk.page.locator('.lookup-row', { hasText: '中行美元' }).waitFor();
    await hands.press('Enter');
    await expect.poll(() => desk.page.locator('#record-accountId').inputValue()).toContain('中行美元');
    await hands.press('Escape');
    await desk.page.locator('#record-accountId').waitFor({ state: 'detached' });
  });

  it('takes a receipt field by field, with its last day of declaring, and posts it', async () => {
    await hands.press('Control+n');
    await focused('record-kind');
    await typeFields('', '2026-11-05', '美元', '1000', '10', 'ACME GMBH');
    await focused('record-counterpartyCountry');
    await desk.page.keyboard.type('德国');
    await desk.page.locator('.lookup-row').filter({ hasText: '德国' }).first().waitFor();
    await hands.press('Enter');
    await hands.sees(t('money.fact.declareBy'));
    await hands.sees('2026-11-12');
    await hands.press('Control+Enter');
    await hands.sees(t('money.saved', { number: '汇-2026-0001' }));
    await hands.sees(t('money.ledger.posted'));
    expect(await records()).toMatchObject([
      { kind: 'receipt', amount: '1000.00', counterparty: 'ACME GMBH', counterpartyCountry: 'DE', ledger: 'posted' },
    ]);
  });

  it('changes it with its transaction code, leads to its allocation and back, and drafts its declaration', async () => {
    await hands.press('F3');
    await focused('record-date');
    await desk.page.locator('#record-code1').focus();
    await desk.page.keyboard.type('121010');
    await hands.press('Enter');
    await expect.poll(() => desk.page.locator('#record-code1').inputValue()).toMatch(/^121010 ./);
    await hands.press('Control+Enter');
    await desk.page.locator('#record-code1').waitFor({ state: 'detached' });
    await desk.page.locator('.detail-head', { hasText: t('money.ledger.posted') }).waitFor();
    await hands.press('F4');
    await hands.on('allocations');
    await hands.button(t('allocations.show.record')).click();
    await hands.on('money');
    await desk.page.locator('.detail-head', { hasText: '汇-2026-0001' }).waitFor();
    await hands.press('F8');
    await hands.on('document');
    await hands.press('Alt+ArrowLeft');
    await hands.on('money');
    await hands.press('Control+f');
    await desk.page.keyboard.type('ACME');
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBe(1);
    await hands.press('Escape');
  });

  it('takes a settlement and shows the difference from the rate in force before it is kept', async () => {
    await hands.press('Control+n');
    await focused('record-kind');
    await typeFields('结汇', '2026-11-06', '美元', '500', '', '人民币', '3500');
    await hands.sees(t('money.fact.gain'));
    await hands.sees('CNY -25.00');
    await hands.press('Control+Enter');
    await hands.sees(t('money.saved', { number: '汇-2026-0002' }));
    expect((await records())[0]).toMatchObject({ kind: 'settlement', amount: '500.00', ledger: 'posted' });
  });

  it('imports a statement whose account it knows by its number, and says what the balances prove', async () => {
    const file = path.join(folder, 'statement.csv');
    const lines = [
      '账号:,6222****8899',
      '交易日期,交易时间,币种,收入金额,支出金额,账户余额,对方户名,交易流水号,摘要',
      '2026-11-05,10:00:00,美元,"1,000.00",,"1,000.00",ACME GMBH,R1,汇入汇款',
      '2026-11-06,11:00:00,美元,,500.00,500.00,,R2,结汇',
      '2026-11-07,09:00:00,美元,,12.00,488.00,中国银行,R3,账户管理费',
      '2026-11-08,09:00:00,美元,250.00,,738.00,Jane Roe,R4,汇入汇款',
      '2026-11-09,09:00:00,美元,0.03,,738.03,,R5,结息',
    ];
    writeFileSync(file, iconv.encode(`${lines.join('\r\n')}\r\n`, 'gb18030'));
    await hands.beginImport(file);
    expect(await hands.tryImport()).toMatchObject({ lines: 5, taken: 5, failed: 0 });
    await hands.sees('期初 USD 0.00');
    expect(await hands.commitImport()).toMatchObject({ taken: 5 });
    await hands.button(t('imports.done.toEntries')).click();
    await hands.on('moneyEntries');
  });

  it('works its lines off: joined, proposed, of another kind, ignored', async () => {
    const rows = () => desk.page.locator('.split-list .ant-table-row').count();
    await expect.poll(rows).toBe(5);
    const ticked = () => desk.page.locator('.split-list .ant-table-row-selected').count();
    const list = desk.page.locator('.split-list [role=grid]').first();
    // What a filter hides is ticked no more, also when it is shown again.
    await list.focus();
    await hands.press('Home', 'Space', 'ArrowDown', 'Space');
    await expect.poll(ticked).toBe(2);
    await hands.press('Control+f');
    await desk.page.keyboard.type('Jane');
    await expect.poll(rows).toBe(1);
    await expect.poll(ticked).toBe(1);
    await hands.press('Escape');
    await expect.poll(rows).toBe(5);
    await expect.poll(ticked).toBe(1);
    await desk.page.locator('.ant-table-row-selected input').click();
    await expect.poll(ticked).toBe(0);
    // Newest first: the interest is none of ours, the receipt is as proposed, the charge too.
    await list.focus();
    await hands.press('Home');
    await desk.page.locator('.split-detail', { hasText: '0.03' }).first().waitFor();
    await hands.press('F4');
    const reason = desk.page.locator('.money-reason input');
    await expect.poll(() => reason.evaluate((field) => field === document.activeElement)).toBe(true);
    await desk.page.keyboard.type('结息另行记账');
    await hands.press('Enter');
    await expect.poll(rows).toBe(4);
    await hands.press('Enter');
    await expect.poll(rows).toBe(3);
    await hands.press('Enter');
    await expect.poll(rows).toBe(2);
    // What was entered by hand before is joined, not entered twice.
    await hands.sees(t('money.entry.joinTo', { number: '汇-2026-0002' }));
    await hands.press('Enter');
    await expect.poll(rows).toBe(1);
    await hands.press('Enter');
    await hands.sees(t('money.entry.none'));
    expect((await records()).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['receipt', '250.00'],
      ['fee', '12.00'],
      ['settlement', '500.00'],
      ['receipt', '1000.00'],
    ]);
  });

  it('opens a line again, and gives it another kind by its digit; a record leads to its lines', async () => {
    const state = (name: string) =>
      desk.page.getByRole('radio', { name: t(`money.entryState.${name}`), exact: true }).click();
    await state('ignored');
    await desk.page.locator('.split-list .ant-table-row', { hasText: '0.03' }).click();
    await hands.press('F6');
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBe(0);
    await state('open');
    await desk.page.locator('.split-list .ant-table-row', { hasText: '0.03' }).click();
    await desk.page.locator('.money-kinds button').first().waitFor();
    const digits = await desk.page.locator('.money-kinds button').allInnerTexts();
    await desk.page.locator('.split-list [role=grid]').first().focus();
    await hands.press(String(digits.findIndex((text) => text.includes(t('money.kind.interest'))) + 1));
    await hands.sees(t('money.entry.none'));
    expect((await records())[0]).toMatchObject({ kind: 'interest', amount: '0.03' });
    await state('recorded');
    await desk.page.locator('.split-list .ant-table-row', { hasText: '0.03' }).click();
    await desk.page.locator('.detail-foot button').first().click();
    await hands.on('money');
    await desk.page.locator('.detail .money-link', { hasText: '2026-11-09' }).click();
    await hands.on('moneyEntries');
    await hands.sees(t('money.ofDay', { date: '2026-11-09' }));
  });

  it('shows receipts by month, and finds what is not declared', async () => {
    await tab('money');
    await hands.press('F6');
    await desk.page.locator('.money-chart svg').waitFor();
    await hands.press('F6');
    await desk.page.getByRole('radio', { name: t('money.show.undeclared'), exact: true }).click();
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBe(2);
  });

  it('registers a store by keyboard', async () => {
    await tab('stores');
    await hands.press('Control+n');
    await focused('store-platform');
    await hands.press('Control+Enter');
    await hands.sees(t('money.rule.missing', { field: t('stores.platform') }));
    await typeFields('亚马逊', '欧洲站', '', '');
    await desk.page.keyboard.type('德国');
    await desk.page.locator('.lookup-row').filter({ hasText: '德国' }).first().waitFor();
    await hands.press('Enter', 'Control+Enter');
    await hands.sees(t('stores.saved', { name: '欧洲站' }));
    expect(desk.pageErrors()).toEqual([]);
  });
});
