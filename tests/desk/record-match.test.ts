import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { pdfText } from './support/pdf.ts';
import { textsIn } from './support/texts.ts';

/**
 * The match of records by a user's hands on the sample book: payments come in by the wizard, the bucket is worked off with the
 * keyboard, an exception is accepted, the certificate printed. Each step stands on the one before it.
 */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-match-'));
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

const openCount = async (): Promise<number> => (await ask('match.summary', {})).open;
const rows = () => desk.page.locator('.match-list .ant-table-row');

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

describe('the match of records on the desk', () => {
  it('shows what does not agree as soon as records are there, counted by what is wrong', async () => {
    await hands.area('money');
    await desk.page.getByRole('radio', { name: t('money.tab.recordMatch'), exact: true }).click();
    await hands.on('recordMatch');
    await expect.poll(() => rows().count()).toBeGreaterThan(3);
    await hands.sees('没有支付记录');
    await desk.page.getByRole('img', { name: /天共/ }).waitFor();
  });

  it('takes payments by the import, and keeps only what differs', async () => {
    const { rows: missing } = await ask('match.items', { code: 'PAYMENT_MISSING' });
    expect(missing.length).toBeGreaterThan(1);
    const orders = await Promise.all(missing.map(({ orderId = 0 }) => ask('orders.get', { id: orderId })));
    // The first is paid more than it comes to, all others what they come to.
    const lines = orders.map(({ orderNo, orderDate, currency, lineRows }, at) => {
      const cents = lineRows.reduce((sum, { total }) => sum + Math.round(Number(total) * 100), at === 0 ? 150 : 0);
      return [orderNo, `PAY${orderNo}`, (cents / 100).toFixed(2), currency, orderDate].join(',');
    });
    const file = path.join(folder, 'payments.csv');
    writeFileSync(file, `订单编号,支付交易号,支付金额,币种,支付时间\n${lines.join('\n')}\n`);
    const counts = await hands.importSheet(file);
    expect(counts).toMatchObject({ lines: lines.length, taken: lines.length, failed: 0 });

    await hands.area('money');
    await desk.page.getByRole('radio', { name: t('money.tab.recordMatch'), exact: true }).click();
    await hands.on('recordMatch');
    await desk.page.getByRole('radio', { name: /支付金额不符/ }).click();
    await expect.poll(() => rows().count()).toBe(1);
    await hands.sees(orders[0]?.orderNo ?? '');
  });

  it('is worked off with the keyboard: next, side by side, accepted with a reason', async () => {
    const before = await openCount();
    await hands.press('F10');
    await desk.page.locator('.match-table tr.is-wrong').first().waitFor();
    await hands.sees('支付金额不符');
    await hands.press('e');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe('match-reason');
    await desk.page.keyboard.type('含小费');
    await hands.press('Enter');
    await expect.poll(openCount).toBe(before - 1);
    await desk.page.getByRole('radio', { name: new RegExp(`^${t('recordMatch.state.excepted')}`) }).click();
    await expect.poll(() => rows().count()).toBe(1);
    await rows().first().click();
    await hands.sees('含小费');
    // The whole book matched again keeps what was accepted.
    await hands.press('F8');
    await hands.sees(/已比对/);
    await hands.ready('F8');
    expect(await openCount()).toBe(before - 1);
  });

  it('prints the certificate of what agrees or was accepted', async () => {
    await hands.press('Escape', 'Escape');
    const file = path.join(folder, 'certificate.pdf');
    await answerDialogs(desk.app, [file]);
    await hands.ready('F9');
    await hands.press('F9');
    await hands.sees(/已写出 certificate/);
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
    const summary = await ask('match.summary', {});
    const { rows: accepted } = await ask('match.items', { state: 'excepted' });
    const text = pdfText(file);
    if (text !== undefined) {
      expect(text).toContain('三单比对证明');
      expect(text).toMatch(new RegExp(`其中：一致 Agree\\s+${summary.passed}\\b`));
      expect(text).toMatch(new RegExp(`其中：例外接受 Accepted\\s+${accepted.length}\\b`));
      expect(text).toMatch(/\b[0-9a-f]{64}\b/);
      for (const { orderNo, reason } of accepted) for (const part of [orderNo, reason]) expect(text).toContain(part);
    }
    expect(desk.pageErrors()).toEqual([]);
  });
});
