import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { coreAt, must } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { EntryDesk } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { pdfText } from './support/pdf.ts';
import { textsIn } from './support/texts.ts';

/** A document goes on with a reminder (提醒) when its reason is written, by keyboard alone; asked in the editor and in the list. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-reasons-'));
const home = path.join(folder, 'home');
let desk: Desk;
let hands: Hands;
let entry: EntryDesk;
let id = 0;

/** The sample's lists, each with a reminder: a transfer number of another form, which customs may refuse. */
async function draftsWithReminders(): Promise<void> {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  await must(core, 'books.updateProfile', { dxpId: 'abc' });
  const { rows } = await must(core, 'shipments.list', {});
  await must(core, 'shipments.draft', { id: rows[0]?.id ?? 0 });
  await must(core, 'documents.check', {});
  id = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 })).rows[0]?.id ?? 0;
  await core.close();
}

beforeAll(async () => {
  await draftsWithReminders();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  entry = new EntryDesk(desk, hands);
  await hands.on('welcome');
  await entry.openBook();
  await hands.on('today');
  await hands.area('declarations');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const panel = () => desk.page.locator('.reasons-panel');
const isInPanel = (): Promise<boolean> =>
  desk.page.evaluate(() => document.activeElement?.closest('.reasons-panel') != null);

describe('reminders', () => {
  it('are asked about where the document is queued, and Enter files it with the reason', async () => {
    await entry.openInEditor(id);
    await hands.press('F8');
    await panel().waitFor();
    await expect.poll(isInPanel).toBe(true);
    expect(await panel().locator('input').count()).toBe(1);
    // Nothing leaves on an empty reason, nor when it is put off.
    await hands.press('Enter');
    expect(await panel().count()).toBe(1);
    await hands.press('Escape');
    await expect.poll(() => panel().count()).toBe(0);
    expect((await entry.ask('documents.get', { id })).state).toBe('checked');
    await hands.press('F8');
    await panel().waitFor();
    await expect.poll(isInPanel).toBe(true);
    await desk.page.keyboard.type('新传输编号下月启用');
    await hands.press('Enter');
    await hands.on('declarations');
    await expect.poll(async () => (await entry.ask('documents.get', { id })).state).toBe('queued');
  });

  it('of many documents are asked about by rule, and one reason may stand for all', async () => {
    await hands.press('F8');
    await hands.sees(/现在放入/);
    await hands.press('F8');
    await panel().waitFor();
    await expect.poll(isInPanel).toBe(true);
    expect(await panel().locator('li').count()).toBe(1);
    await hands.press('Escape');
    await expect.poll(() => panel().count()).toBe(0);
    const { counts } = await entry.ask('documents.counts', {});
    expect(counts.some(({ kind, state }) => kind === 'CEB603Message' && state === 'checked')).toBe(true);
  });

  it('stand with their reason on the document and on its printed check report', async () => {
    const { businessKey, findings } = await entry.ask('documents.get', { id });
    await desk.page.locator(`.data-table-box [title="${businessKey}"]`).click();
    await desk.page.locator('.finding-reason', { hasText: '新传输编号下月启用' }).waitFor();
    const file = path.join(folder, 'report.pdf');
    await answerDialogs(desk.app, [file]);
    await hands.button(t('declarations.reasons.report')).click();
    await expect.poll(() => existsSync(file) && statSync(file).size > 1000).toBe(true);
    const text = pdfText(file)?.replaceAll(/\s+/g, '');
    // Its own findings and no other document's.
    if (text !== undefined)
      for (const part of ['检查报告', `问题${findings.length}项`, '新传输编号下月启用']) expect(text).toContain(part);
  });
});
