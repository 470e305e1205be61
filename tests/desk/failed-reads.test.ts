import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bookFile } from '../../electron/core/store/book.ts';
import { openDatabase } from '../../electron/core/store/database.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Pages whose reads fail, in the real window: that nothing is there may be said only of what was read. */
const t = textsIn('zh-CN');
const passphrase = 'desk-failed-reads-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-failed-reads-'));
/** What the window itself is shown from; every other table is taken away under the open book, as damage to its file would. */
const kept = new Set(['profile', 'setting', 'audit', 'form_draft', 'clerk', 'endpoint', 'rule_pack', 'rule_off']);
/** Pages that begin with a list or figures of the book; the others of the systems are not tried here. */
const pages = [
  'returns',
  'overseas',
  'taxBills',
  'parcels',
  'statistics',
  'credit',
  'pledges',
  'financing',
  'creditInsurance',
] as const;
let desk: Desk;
let hands: Hands;
let file: string;
let key: Uint8Array;

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  file = path.join(core.session.book.folder, bookFile);
  key = core.session.book.copyKey();
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

async function goTo(page: string): Promise<void> {
  const label = t(`command.${page}`);
  await hands.press('Control+k');
  await desk.page.keyboard.type(label);
  await desk.page.getByRole('option', { name: label }).first().click();
  await desk.page.getByRole('option').first().waitFor({ state: 'detached' });
  await desk.page.locator('.skeleton').first().waitFor({ state: 'detached' });
  await hands.listed();
}

/** What a page says: that something could not be read, and that something is not there. */
async function said(page: string) {
  await goTo(page);
  const { page: window } = desk;
  await window.locator('.error-note, .empty-state').first().waitFor();
  const failed = await window.locator('.error-note').count();
  const empty = await window.locator('.empty-state strong').allTextContents();
  return { page, isFailed: failed > 0, empty };
}

describe('what could not be read', () => {
  it('is said as such, on nine pages of the systems, and not as being empty', async () => {
    // Whole, each says what it has: nothing of this book's, and no failure.
    const whole = await said('returns');
    expect(whole).toEqual({ page: 'returns', isFailed: false, empty: [t('goodsReturns.empty')] });
    const db = openDatabase(file, key);
    db.pragma('foreign_keys = OFF');
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`).all();
    for (const { name } of tables as { name: string }[]) if (!kept.has(name)) db.exec(`DROP TABLE IF EXISTS "${name}"`);
    db.close();
    await hands.area('settings');
    const answers = [];
    for (const page of pages) answers.push(await said(page));
    expect(answers).toEqual(pages.map((page) => ({ page, isFailed: true, empty: [] })));
  });
});
