import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { specOf } from '../../shared/documents/catalogue.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Endpoints in the real window: one is added by keyboard and tested step by step; a draft is sent to another and checked by it. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-endpoints-'));
const home = path.join(folder, 'home');
let platform: Platform;
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  await must(core, 'endpoints.save', { name: '省平台', transport: 'http', url: 'https://province.example.cn' });
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.evaluate(async (passphrase) => {
    const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
    const { data } = (await bridge.call('books.list', {})) as { data: { books: { id: string }[] } };
    await bridge.call('books.open', { bookId: data.books[0]?.id ?? '', secret: { passphrase } });
  }, samplePassphrase);
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('endpoints', () => {
  it('are added by keyboard, with rules of their own, and tested step by step', async () => {
    const { page } = desk;
    await page.keyboard.press('Alt+0');
    await page.getByRole('button', { name: t('endpoints.manage') }).click();
    await page.getByText('省平台').first().waitFor();
    await page.keyboard.press('Control+n');
    await page.locator('#endpoint-name').fill('市平台');
    await page.locator('#endpoint-url').fill(platform.url);
    await page.locator('#endpoint-rules').fill('CEB603Message InventoryHead/note\nCEB603Message');
    await page.getByText(t('endpoints.rulesWrong').replace('{{lines}}', '2')).waitFor();
    await page.locator('#endpoint-rules').fill('CEB603Message InventoryHead/note');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: t('endpoints.test') }).click();
    await page.getByText(t('endpoints.step.enrolment')).waitFor();
    const steps = await page.locator('.endpoint-steps > li').allTextContents();
    expect(steps.filter((step) => step.includes(t('endpoints.stepState.failed')))).toEqual([]);
    expect(steps.find((step) => step.includes(t('endpoints.step.side')))).toContain(t('endpoints.side.practice'));
  });

  it('take a kind of message where the user says so', async () => {
    const { page } = desk;
    await page.getByRole('radio', { name: t('endpoints.tab.routes') }).click();
    await page.locator('#route-CEB303Message').click();
    await page.locator('.ant-select-item-option', { hasText: '市平台' }).last().click();
    await page
      .getByText(t('endpoints.route.set', { kind: specOf('CEB303Message')?.zh ?? '', name: '市平台' }))
      .waitFor();
    // Only once the choice stands there is another one a change.
    await page
      .locator('.ant-select', { has: page.locator('#route-CEB303Message') })
      .filter({ hasText: '市平台' })
      .waitFor();
    await page.locator('#route-CEB303Message').click();
    await page
      .locator('.ant-select-item-option', { hasText: t('endpoints.targetDefault', { name: '省平台' }) })
      .last()
      .click();
    await page
      .getByText(t('endpoints.route.set', { kind: specOf('CEB303Message')?.zh ?? '', name: '省平台' }))
      .waitFor();
  });

  it('check a draft that is sent to them', async () => {
    const { page } = desk;
    const [list] = await desk.page.evaluate(async () => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      const { data } = (await bridge.call('documents.list', { kind: 'CEB603Message', limit: 1 })) as {
        data: { rows: { id: number; businessKey: string }[] };
      };
      return data.rows;
    });
    await page.keyboard.press('Control+k');
    await page.keyboard.type(list?.businessKey ?? '');
    await page
      .getByText(list?.businessKey ?? '')
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#document-target').click();
    await page.locator('.ant-select-item-option', { hasText: '市平台' }).last().click();
    await page.locator('.target-picker [role=status]', { hasText: '通道“市平台”' }).waitFor();
  });
});
