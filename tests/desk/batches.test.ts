import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A batch released in parts and declared together, in the real window. `PORTBOOK_PICTURES=<folder>` keeps pictures. */
const t = textsIn('zh-CN');
const passphrase = 'desk-batches-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-batches-'));
const kept = process.env['PORTBOOK_PICTURES'];
let desk: Desk;
let hands: Hands;

async function picture(name: string): Promise<void> {
  if (kept === undefined) return;
  mkdirSync(kept, { recursive: true });
  await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  await must(core, 'batches.save', {
    ...{ recordNo: 'QD640726A001', startsOn: '2026-01-01' },
    goods: [
      { hsCode: '6109100021', name: '针织T恤', unit: '011', qty: '100', currency: '502', price: '2.5' },
      { hsCode: '9405210090', name: '台灯', unit: '001', qty: '10' },
    ],
  });
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a batch on the desk', () => {
  it('goes out in a part, keeps its counters, and is drafted as one declaration', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('hzsb');
    await desk.page.getByRole('option', { name: t('command.summaries') }).waitFor();
    await hands.press('Enter');
    await hands.on('summaries');
    await desk.page.getByText(t('summaries.tab.batches'), { exact: true }).click();
    await desk.page.locator('.ant-table-row', { hasText: 'QD640726A001' }).click();
    await desk.page.getByLabel(t('summaries.batch.nowOf', { name: '针织T恤' })).fill('60');
    await desk.page.locator('#batch-number').fill('P1');
    await desk.page.locator('#batch-on').fill('2026-03-05');
    await hands.button(t('summaries.batch.release')).click();
    await hands.sees(t('summaries.batch.released', { number: 'P1' }));
    const counters = desk.page.getByRole('table', { name: t('summaries.batch.counters') });
    await expect.poll(() => counters.getByRole('row').nth(1).innerText()).toMatch(/针织T恤.*100\s+60\s+0\s+40/s);
    await picture('batch');
    await hands.button(t('summaries.batch.declare')).click();
    await hands.sees(t('summaries.batch.declared', { n: '1' }));
    expect(desk.pageErrors()).toEqual([]);
  });
});
