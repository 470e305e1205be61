import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { CardSimulator, makeCard } from '../fixtures/card-signer.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A card chosen, tested and used in the real window, with everything that goes wrong at a desk: no card, a wrong PIN, a card taken out. */
const t = textsIn('zh-CN');
let desk: Desk;
let hands: Hands;
let simulator: CardSimulator;

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

const row = (text: string) => desk.page.locator('.ant-table-row, [role=row]', { hasText: text }).first();
const look = async (name: string): Promise<void> => {
  const kept = process.env.PORTBOOK_PRINTS;
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
};

/** A receipt of money declared, frozen and waiting in the outbox. */
async function freezeOne(amount: string): Promise<void> {
  const account = await ask('moneyAccounts.save', {
    kind: 'bank',
    place: 'home',
    name: `签名测试户 ${amount}`,
    institution: '测试银行琼海支行',
    currency: 'USD',
    number: `62001111${amount.padStart(8, '0').replace('.', '')}`,
  });
  const record = await ask('moneyRecords.save', {
    kind: 'receipt',
    date: chinaDate(new Date().toISOString()),
    accountId: account.id,
    amount,
    counterparty: 'Test Market Ltd',
    counterpartyCountry: 'GB',
    detail: { codes: [{ code: '122030', amount, remark: '跨境电商货款' }] },
  });
  await ask('filings.draft', { subjects: [{ kind: 'money-record', id: record.id }] });
  await ask('documents.check', { kind: 'FX101Message' });
  expect(await ask('documents.queue', { kind: 'FX101Message' })).toMatchObject({ messages: 1, unsigned: 1 });
}

async function settings(): Promise<void> {
  await hands.area('settings');
  await desk.page.getByRole('radio', { name: t('settings.signing.title'), exact: true }).click();
}

beforeAll(async () => {
  simulator = await CardSimulator.start(await makeCard('sm2'));
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  await simulator.stop();
});

describe('signing with a card', () => {
  it('reads the card, and tests it with a wrong and a right PIN', async () => {
    await settings();
    await desk.page.locator('#signing-url').fill('ws://192.168.1.9:61232');
    await hands.button(t('settings.signing.readCard')).click();
    await hands.sees('签名程序的地址不能用');
    await desk.page.locator('#signing-url').fill(simulator.url);
    await hands.button(t('settings.signing.readCard')).click();
    await hands.sees(simulator.card?.certificate.serial ?? '');
    await hands.sees(t('settings.signing.standing.valid'));
    await desk.page.locator('#signing-pin').fill('000000');
    await hands.button(t('settings.signing.testNow')).click();
    await hands.sees('口令不对');
    await desk.page.locator('#signing-pin').fill(simulator.pin);
    await desk.page.locator('#signing-pin').press('Enter');
    await hands.sees(t('settings.signing.testDone'));
    await look('signing-settings');
  });

  it('keeps a message to be signed when the card is not there, and signs it when it is', async () => {
    await freezeOne('50.00');
    const { card } = simulator;
    simulator.card = undefined;
    await hands.area('today');
    await row(t('today.toSign.what', { messages: 1 })).waitFor();
    await hands.area('outbox');
    await row(t('state.message.unsigned')).click();
    await desk.page.locator('#sign-pin').fill(simulator.pin);
    await hands.button(t('outbox.sign.now')).click();
    await hands.sees('没有读到卡');
    await look('signing-no-card');
    simulator.card = card;
    await desk.page.locator('#sign-pin').fill(simulator.pin);
    await desk.page.locator('#sign-pin').press('Enter');
    await row(t('state.message.queued')).click();
    await hands.sees(simulator.card?.certificate.serial ?? '');
    await look('signing-signed');
  });

  it('takes back a message that is to be signed', async () => {
    await freezeOne('60.00');
    await hands.area('outbox');
    await row(t('state.message.unsigned')).click();
    const withdraw = desk.page
      .locator('.split-detail')
      .getByRole('button', { name: t('outbox.withdraw'), exact: true });
    await withdraw.click();
    await withdraw.click();
    await row(t('state.message.withdrawn')).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('requests of customs', () => {
  it('have a page that says what it is for, and settings', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('sshq');
    await desk.page.getByRole('option', { name: t('command.dataRequests') }).waitFor();
    await hands.press('Enter');
    await hands.on('dataRequests');
    await hands.sees(t('dataRequests.empty.title'));
    await hands.press('F4');
    await desk.page.locator('#data-itemLink').fill('https://shop.example/{itemNo}');
    await look('data-requests-general');
    await hands.button(t('common.save')).click();
    await hands.sees(t('dataRequests.saved'));
    expect(await ask('dataRequests.settings', {})).toMatchObject({
      mode: 'ask',
      itemLink: 'https://shop.example/{itemNo}',
    });
  });
});
