import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** 代理出口货物证明 in the real window: what waits, the draft of the request, number and day, and the reminder. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-agent-'));
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

async function openByName(words: string, page: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(words);
  await desk.page.getByRole('option', { name: t(`command.${page}`), selected: true }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
}

/** What a person enters in the tax facts. */
async function enterAgentExport(declarationNo: string): Promise<void> {
  const fact = {
    name: 'agent-export',
    period: '2026-10',
    subject: declarationNo,
    value: JSON.stringify({
      exportDate: '2026-10-09',
      method: 'agent',
      amountCny: '52000.00',
      principalName: '文昌示范椰雕专业合作社',
      principalCreditCode: '91469005MA5EXAMPL0',
    }),
    source: '代理协议',
  };
  const script = `window.portbook.call('tax.setFacts', ${JSON.stringify({ facts: [fact] })}).then(({ ok }) => ok)`;
  expect(await desk.page.evaluate(script)).toBe(true);
}

describe('agent export certificates on the desk', () => {
  it('says what needs one, and that the term in force is not known', async () => {
    await openByName('dlck', 'agentCertificates');
    await hands.sees(t('agentCertificates.lawUnknown'));
    const number = '530120261000000009';
    await enterAgentExport(number);
    await desk.page.getByText(number).first().waitFor();
    await desk.page
      .getByText(/请问主管税务机关/)
      .first()
      .waitFor();
    const pdf = path.join(folder, 'request.pdf');
    await answerDialogs(desk.app, [pdf]);
    await hands.press('F9');
    await expect.poll(() => statSync(pdf, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(1000);
    await desk.page.locator('#agent-certificateNo').fill('DLZM-2026-1');
    await hands.press('Control+Enter');
    await hands.sees('证明编号和开具日期要一起填');
    await desk.page.locator('#agent-obtainedOn').fill('2026-11-20');
    await hands.press('Control+Enter');
    await desk.page.getByText(t('agentCertificates.states.obtained')).first().waitFor();
    await hands.sees(t('agentCertificates.summary', { n: '0' }));
    expect(desk.pageErrors()).toEqual([]);
  });
});
