import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Links into lists that are longer than what is read of them at first, in the real window. */
const t = textsIn('zh-CN');
const passphrase = 'desk-long-lists-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-long-lists-'));
/** More than two readings of a list. */
const MANY = 450;
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  const put = taxBook(core);
  for (let one = 1; one <= MANY; one += 1) {
    const declarationNo = `51412026${String(one).padStart(10, '0')}`;
    const exportLineId = put.line({ mode: '9810', declarationNo, exportDate: '2026-03-10', qty: 10 });
    await must(core, 'returns.receive', {
      line: { exportLineId },
      qty: '2',
      receivedOn: '2026-05-06',
      reason: 'returned',
    });
  }
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

/** Opens a line behind the figure of a month, reached by keys. @returns its number */
async function openLine(period: string, of: 'amount' | 'returns', ...keys: readonly string[]): Promise<string> {
  await hands.press('Control+k');
  await desk.page.keyboard.type('tjyb');
  await desk.page.getByRole('option', { name: t('command.statistics'), selected: true }).waitFor();
  await hands.press('Enter');
  await hands.on('statistics');
  await desk.page.getByLabel(t('statistics.period')).fill(period);
  await hands.press('Enter');
  await desk.page.getByRole('radio', { name: t(`statistics.linesOf.${of}`), exact: true }).click();
  const lines = desk.page.locator('.statistics-lines [role=grid]');
  await desk.page.locator('.statistics-lines .ant-table-row').first().waitFor();
  await lines.focus();
  for (const key of keys) {
    await hands.press(key);
    await hands.listed();
  }
  const number = (await desk.page.locator('.statistics-lines .is-active .code').textContent()) ?? '';
  await hands.press('Enter');
  return number;
}

describe('a link into a long list', () => {
  // Lines stand by day and entry, the lists they lead to the other way round; returns as their lists do.
  it('leads from a figure to the export line, wherever in the list it stands', async () => {
    const number = await openLine('2026-03', 'amount', 'Home');
    await hands.on('purchases');
    await desk.page.locator('.split-detail .detail-head', { hasText: number.replace(/-\d+$/, '') }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });

  it('leads from a figure to the return, which comes into view', async () => {
    const number = await openLine('2026-05', 'returns', 'End', 'End');
    await hands.on('returns');
    await desk.page.locator('.split-detail .detail-head', { hasText: number }).waitFor();
    const row = desk.page.locator('.split-list .ant-table-row.is-active', { hasText: number });
    await row.waitFor();
    const list = await desk.page.locator('.split-list .data-table-box').boundingBox();
    const at = await row.boundingBox();
    expect(at?.y ?? 0).toBeGreaterThan(list?.y ?? 0);
    expect((at?.y ?? 0) + (at?.height ?? 0)).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0));
    expect(desk.pageErrors()).toEqual([]);
  });
});
