import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { residentIdCheckCharacter } from '../../shared/identity/index.ts';
import { answerDialogs, type Desk, launchDesk, makeHome } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** The book of a natural person on the desk: made, told what can be filed, the data of a forex account kept and printed. */
const t = textsIn('zh-CN');
const home = makeHome();
// Made up: a division that does not exist, its check character right (GB 11643).
const idNumber = `99000119900101001${residentIdCheckCharacter('99000119900101001') ?? ''}`;
const masked = `${idNumber.slice(0, 6)}********${idNumber.slice(14)}`;
let desk: Desk;
let hands: Hands;
const kept = process.env['PORTBOOK_PRINTS'];
async function picture(name: string): Promise<void> {
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}
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

beforeAll(async () => {
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(home, { recursive: true, force: true });
});

describe('a natural person', () => {
  it('makes a book by name and identity document, told at once what is wrong with a number', async () => {
    await desk.page.locator('.role-card', { has: desk.page.getByText(t('role.person'), { exact: true }) }).click();
    await desk.page.locator('#profile-idNumber').waitFor();
    expect(await desk.page.locator('#profile-uscc').count()).toBe(0);
    await desk.page.locator('#profile-name').fill('林测试');
    const last = idNumber.endsWith('1') ? '2' : '1';
    await desk.page.locator('#profile-idNumber').fill(`${idNumber.slice(0, 17)}${last}`);
    await hands.sees(/第 18 位/);
    await picture('person-wrong');
    await desk.page.locator('#profile-idNumber').fill(idNumber);
    await hands.sees(t('identity.ok'));
    await picture('person-new');
    await desk.page.locator('#create-passphrase').fill('natural person passphrase');
    await desk.page.locator('#create-again').fill('natural person passphrase');
    await hands.press('Control+Enter');
    await desk.page.getByText(t('recovery.kept')).click();
    await hands.button(t('recovery.enter')).click();
    await hands.on('today');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('reads message by message what can be filed, with the number masked', async () => {
    await hands.area('settings');
    await desk.page.getByRole('radio', { name: t('settings.profile.title'), exact: true }).click();
    await hands.sees(t('settings.person.title'));
    await expect.poll(() => desk.page.locator('#profile-idNumber').getAttribute('placeholder')).toContain(masked);
    const row = desk.page.locator('.person-filings', { hasText: 'CEB603' });
    await expect.poll(() => row.textContent()).toContain(t('settings.person.state.no'));
    const bank = desk.page.locator('.person-filings', { hasText: 'FX101' });
    await expect.poll(() => bank.textContent()).toContain(t('settings.person.state.bank'));
    expect(await desk.page.content()).not.toContain(idNumber);
    await row.scrollIntoViewIfNeeded();
    await picture('person-filings');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('keeps the data of a forex account, sees what is lacking, and prints the page', async () => {
    const { id } = await ask('moneyAccounts.save', {
      kind: 'personal',
      place: 'home',
      name: '美元储蓄户',
      institution: '测试银行',
      currency: 'USD',
      number: '6200123456781234',
      ownerKind: 'person',
      owner: '林测试',
    });
    expect(id).toBeGreaterThan(0);
    await ask('quota.saveEntry', {
      person: '林测试',
      date: `${chinaDate(new Date().toISOString()).slice(0, 4)}-01-05`,
      usd: '12000',
      proof: 'none',
    });
    await hands.press('Control+k');
    await desk.page.keyboard.type(t('supervision.monitor.title'));
    await desk.page.getByRole('option').first().waitFor();
    await hands.press('Enter');
    await hands.on('monitor');
    await desk.page.getByRole('radio', { name: t('supervision.monitor.tab.persons') }).click();
    await hands.sees(t('supervision.account.title'));
    await hands.button(t('supervision.account.data')).click();
    await desk.page.locator('#pa-branch').fill('琼海支行');
    await desk.page.locator('#pa-branch').press('Control+Enter');
    await hands.sees(/还缺：/);
    await picture('person-account');
    const lacking = desk.page.locator('.person-accounts');
    await expect.poll(() => lacking.textContent()).toContain(t('supervision.account.gap.purpose'));
    // Saved: while it is being written, the key of the form does nothing.
    await hands.sees(t('supervision.account.saved', { name: '美元储蓄户' }));
    await desk.page.locator('#pa-purpose').fill('跨境电商收款结汇');
    await desk.page.locator('#pa-purpose').press('Control+Enter');
    await expect.poll(() => lacking.textContent()).not.toContain(t('supervision.account.gap.purpose'));
    const to = path.join(home, 'account.pdf');
    await answerDialogs(desk.app, [to]);
    await hands.button(t('supervision.account.print')).click();
    await hands.sees(t('supervision.written', { name: 'account.pdf' }));
    expect(readFileSync(to).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await desk.page.content()).not.toContain(idNumber);
    expect(desk.pageErrors()).toEqual([]);
  });
});
