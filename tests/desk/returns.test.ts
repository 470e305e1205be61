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

/** Goods that came back, by keyboard in the real window: received, taken on, judged. */
const t = textsIn('zh-CN');
const passphrase = 'desk-returns-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-returns-'));
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  taxBook(core).line({ mode: '9810', declarationNo: '514120260000000017', exportDate: '2026-03-10', qty: 10 });
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

describe('returns and repair on the desk', () => {
  it('receives goods of an exported line and takes them on by keyboard', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('thwx');
    await desk.page.getByRole('option', { name: t('command.returns') }).waitFor();
    await hands.press('Enter');
    await hands.on('returns');
    await hands.sees(t('goodsReturns.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#return-line:focus').waitFor();
    await desk.page.keyboard.type('51412026');
    await desk.page.getByRole('option', { name: /514120260000000017/ }).waitFor();
    await hands.press('Enter');
    await hands.sees(t('goodsReturns.leftOf', { out: '10', left: '10' }));
    await desk.page.locator('#return-qty').fill('4');
    await desk.page.locator('#return-received').fill('2026-09-10');
    await desk.page.locator('#return-place').fill('A-01');
    await hands.press('Control+Enter');
    await hands.sees(t('returns.route.six-month'));
    // Days since export and what is left of the six months, whether unchanged, whether food.
    await hands.sees(t('returns.daysSince', { days: 184 }));
    await hands.sees(`2026-09-10 · ${t('returns.daysLeft', { days: 0 })}`);
    await hands.sees(t('returns.unchanged'));
    await hands.sees(t('returns.foodIs.code.no'));
    const shot = process.env['PORTBOOK_PICTURES'];
    if (shot !== undefined) await desk.page.screenshot({ path: path.join(shot, 'return-check.png') });
    await hands.press('Control+Enter');
    await expect
      .poll(() => desk.page.locator('.ant-table-row', { hasText: t('goodsReturns.states.sorted') }).count())
      .toBe(1);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('asks for the tax certificate of a return: drafted from it, handed in, obtained with its number', async () => {
    await desk.page.getByRole('button', { name: t('goodsReturns.certificate.ask'), exact: true }).click();
    await hands.sees(t('goodsReturns.certificate.leftOf', { out: '10', left: '10' }));
    await expect.poll(() => desk.page.locator('#certificate-qty').inputValue()).toBe('4');
    await hands.press('Control+Enter');
    await hands.sees(t('goodsReturns.certificate.ready'));
    // What is typed and not saved yet is handed in with the rest.
    await desk.page.locator('#certificate-note').fill('整批退回');
    await desk.page.locator('#certificate-on').fill('2026-09-11');
    const go = desk.page.getByRole('button', { name: t('goodsReturns.certificate.move'), exact: true });
    await go.click();
    await hands.sees(`${t('goodsReturns.certificate.handedOn')} 2026-09-11`);
    await expect.poll(() => desk.page.locator('#certificate-note').inputValue()).toBe('整批退回');
    await expect.poll(() => desk.page.locator('.restored-note').count()).toBe(0);
    // Without its number it cannot be obtained.
    await expect.poll(() => go.isDisabled()).toBe(true);
    await hands.sees(t('goodsReturns.certificate.certificateNo'));
    await desk.page.locator('#certificate-certificateNo').fill('4400-2026-77');
    const kept = process.env['PORTBOOK_PICTURES'];
    if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, 'certificate.png') });
    await desk.page.locator('#certificate-on').fill('2026-09-12');
    await go.click();
    await hands.sees(`${t('goodsReturns.certificate.obtainedOn')} 2026-09-12 (4400-2026-77)`);
    // The next step is customs, where the declaration of the return is named.
    await desk.page.locator('#certificate-usedIn').waitFor();
    await expect
      .poll(() =>
        desk.page.locator('.ant-table-row', { hasText: t('goodsReturns.certificate.states.obtained') }).count(),
      )
      .toBe(1);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('has a tab for copies of declarations that leads to their import', async () => {
    await desk.page.getByText(t('goodsReturns.tab.copies'), { exact: true }).click();
    await hands.sees(t('goodsReturns.noCopies'));
    await hands.press('Control+i');
    await hands.on('import');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('repairs what came back, and says of a repair that is done which parts it took and what they cost', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('thwx');
    await desk.page.getByRole('option', { name: t('command.returns') }).waitFor();
    await hands.press('Enter');
    await hands.on('returns');
    await desk.page.locator('#return-shelf').fill('A-02');
    await hands.press('Control+Enter');
    await desk.page.locator('.ant-table-row', { hasText: t('goodsReturns.states.stored') }).waitFor();
    // From store the work goes on with the repair.
    await desk.page.locator('.detail .ant-select-content', { hasText: t('goodsReturns.states.repairing') }).waitFor();
    await desk.page.locator('#return-move-note').fill('电机不转');
    await hands.press('Control+Enter');
    await desk.page.locator('#repair-work').fill('换电机');
    await desk.page.locator('#repair-labour').fill('120.00');
    await hands.button(t('goodsReturns.addPart')).click();
    await desk.page.getByLabel(t('goodsReturns.part'), { exact: true }).fill('电机 220V');
    await desk.page.getByLabel(t('goodsReturns.partCost'), { exact: true }).fill('85.50');
    await hands.button(t('goodsReturns.saveRepair')).click();
    await hands.told(t('goodsReturns.repairSaved'));
    await desk.page.locator('#return-move-note').focus();
    await hands.press('Control+Enter');
    await hands.sees('电机 220V × 1 · 85.50');
    await hands.sees('205.50');
    expect(desk.pageErrors()).toEqual([]);
  });
});
