import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { riskText } from '../../shared/risk/texts.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/**
 * A cooperative's day in the real window: an orchard, a harvest that wants a reason, cartons, a dispatch, the recall, a logger's file.
 * `PORTBOOK_PICTURES=<folder>` keeps pictures.
 */
const kept = process.env['PORTBOOK_PICTURES'];
const t = textsIn('zh-CN');
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
});

const tab = (name: string) =>
  desk.page.locator('.trace-tabs .chip, .page-filters .chip', { hasText: t(`trace.tab.${name}`) }).first();
const fill = async (typed: Readonly<Record<string, string>>): Promise<void> => {
  for (const [id, value] of Object.entries(typed)) await desk.page.locator(`#${id}`).fill(value);
};
const take = async (id: string, typed: string, text = typed): Promise<void> => {
  await desk.page.locator(`#${id}`).fill(typed);
  await desk.page
    .getByRole('option', { name: new RegExp(text) })
    .first()
    .waitFor();
  await desk.page.locator(`#${id}`).press('Enter');
};
const choose = async (id: string, text: string): Promise<void> => {
  await desk.page.locator(`#${id}`).click();
  await desk.page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text })
    .first()
    .click();
};
async function picture(name: string): Promise<void> {
  if (kept === undefined) return;
  mkdirSync(kept, { recursive: true });
  await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}

describe('lots and trace', () => {
  it('registers what is grown and where, with an input that is not over yet', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('suyuan');
    await desk.page
      .getByRole('option', { name: t('command.trace') })
      .first()
      .waitFor();
    await hands.press('Enter');
    await hands.on('trace');
    await hands.sees(t('trace.lot.empty'));
    await tab('products').click();
    await hands.press('Control+n');
    await fill({
      'product-nameZh': '荔枝',
      'product-nameEn': 'Litchi',
      'product-hsCode': '0810901000',
      'product-low': '1',
      'product-high': '5',
    });
    await hands.press('Control+Enter');
    await desk.page.locator('.ant-table-row', { hasText: '0810901000' }).waitFor();
    await tab('sites').click();
    await hands.press('Control+n');
    await fill({ 'site-name': '南坡果园', 'site-mu': '120' });
    await hands.press('Control+Enter');
    await desk.page.locator('.ant-table-row', { hasText: '南坡果园' }).waitFor();
    await desk.page
      .getByRole('button', { name: t('trace.treatment.add') })
      .last()
      .click();
    await fill({ 'treatment-name': '啶虫脒', 'treatment-days': '30' });
    await desk.page.locator('.card-form .ant-btn-primary').click();
    await desk.page.locator('.trace-list', { hasText: '啶虫脒' }).waitFor();
  });

  it('asks for a reason where a waiting period is not over, packs, and finds its cartons again', async () => {
    await tab('lots').click();
    await hands.press('Control+n');
    await take('harvest-site', '南坡');
    await choose('harvest-product', '荔枝');
    await fill({ 'harvest-mass': '1200.5' });
    await hands.press('Control+Enter');
    await hands.sees(t('trace.reasonWanted'));
    await fill({ 'trace-reason': '复检合格' });
    await hands.press('Control+Enter');
    await desk.page.locator('.trace-label svg').waitFor();
    await hands.sees('复检合格');
    await picture('lot');
    await desk.page.getByLabel(t('trace.carton.numbers'), { exact: true }).fill('LZ-0001-LZ-0200');
    await fill({ 'carton-net': '5' });
    await hands.button(t('trace.carton.add')).click();
    await hands.sees('LZ-0001–LZ-0200');
    await tab('dispatches').click();
    await hands.press('Control+n');
    // The form takes the cursor to its first field a frame later.
    await desk.page.locator('#dispatch-number:focus').waitFor();
    await fill({ 'dispatch-number': 'FY-2026-1' });
    await take('dispatch-country', 'FR');
    await hands.press('Control+Enter');
    await desk.page.getByLabel(t('trace.carton.numbers'), { exact: true }).fill('LZ-0001-LZ-0100');
    await hands.button(t('trace.dispatch.loadNow')).click();
    await hands.sees(t('trace.ready.unknown'));
    await fill({ 'trace-reason': '海关答复：不需要注册' });
    await hands.button(t('trace.dispatch.loadNow')).click();
    await hands.sees('LZ-0001–LZ-0100');
    await picture('dispatch');
    // Another country asks for something else: the lots on it are looked at again, and nothing typed is lost over it.
    await hands.button(t('common.edit')).click();
    await take('dispatch-country', '日本');
    await hands.press('Control+Enter');
    await hands.sees(t('trace.reasonWanted'));
    await picture('dispatch-moved');
    await fill({ 'trace-reason': '改港日本，海关答复不需要注册' });
    await hands.press('Control+Enter');
    await desk.page.locator('.trace-list', { hasText: '改港日本' }).waitFor();
    await tab('query').click();
    await desk.page.getByLabel(t('trace.query.text')).fill('lz-0150');
    await hands.press('Enter');
    await hands.sees('南坡果园');
    await desk.page.getByRole('radio', { name: t('trace.query.views.recall'), exact: true }).click();
    await desk.page.locator('.trace-grid', { hasText: 'FY-2026-1' }).waitFor();
    await picture('recall');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('says what a report lacks, takes no blank for a result, and withdraws one with a reason', async () => {
    await tab('lots').click();
    await desk.page
      .getByText(/^L\d{10}/)
      .first()
      .click();
    await hands.button(t('trace.report.add')).click();
    await hands.button(t('trace.report.addResult')).click();
    await desk.page.getByLabel(t('trace.report.substance'), { exact: true }).fill('啶虫脒');
    const save = desk.page.locator('.card-form button.ant-btn-primary');
    await save.click();
    await hands.sees(t('trace.needed'));
    await hands.sees(t('trace.report.wrong.value'));
    await picture('report-lacking');
    await fill({ 'report-number': 'JC-2026-1' });
    await desk.page.getByLabel(t('trace.report.resultOf', { substance: '啶虫脒' })).click();
    await desk.page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', {
        hasText: t('trace.report.notFound'),
      })
      .click();
    await save.click();
    await desk.page.locator('.trace-list', { hasText: `啶虫脒 ${t('trace.report.notFound')}` }).waitFor();
    await desk.page.getByRole('button', { name: 'JC-2026-1', exact: true }).click();
    await desk.page.getByLabel(t('trace.inspection.withdrawReason')).fill('录错批次');
    await hands.button(t('trace.inspection.withdraw')).click();
    await hands.sees(t('trace.inspection.withdrawn', { reason: '录错批次' }));
    await picture('report-withdrawn');
    expect(desk.pageErrors()).toEqual([]);
  });

  it("reads a logger's file of a layout of its own and draws what it says", async () => {
    await tab('cold').click();
    await hands.press('Control+n');
    const file = path.join(desk.home, 'logger.csv');
    const rows = Array.from(
      { length: 40 },
      (_, n) =>
        `${n},2026-06-20 ${String(8 + Math.floor(n / 6)).padStart(2, '0')}:${n % 6}0,${n > 20 && n < 26 ? 8 : 3}`,
    );
    // No column has a name that is known, and the header is not where it is looked for.
    writeFileSync(file, ['Logger TL-7,报告,', '序,记录点,甲', ...rows].join('\n'));
    await answerDialogs(desk.app, [file]);
    await desk.page.locator('.drop-zone button').click();
    await hands.sees(t('trace.cold.chooseColumns'));
    await choose('cold-header', t('trace.cold.row', { n: 2, text: '' }));
    await desk.page.locator('th', { hasText: '记录点' }).waitFor();
    await choose('cold-at', '记录点');
    await choose('cold-temperature', '甲');
    await hands.sees(t('trace.cold.preview', { n: '40' }));
    await picture('logger');
    await take('cold-dispatch', 'FY');
    await choose('cold-product', '荔枝');
    await fill({ 'cold-logger': 'TL-7' });
    await hands.press('Control+Enter');
    await desk.page.locator('.trace-chart svg').waitFor();
    await hands.sees(t('trace.cold.sides.above'));
    expect(desk.pageErrors()).toEqual([]);
  });

  it('records a sample that failed, and leads from it to the recall list', async () => {
    await tab('lots').click();
    await desk.page
      .getByText(/^L\d{10}/)
      .first()
      .click();
    await hands.button(t('trace.inspection.add')).click();
    await choose('inspection-kind', t('trace.inspection.kinds.sample'));
    await choose('inspection-result', t('trace.report.results.fail'));
    await fill({ 'inspection-who': '陈师傅', 'inspection-sampled': '3 筐' });
    await desk.page.locator('#inspection-who').scrollIntoViewIfNeeded();
    await desk.page.locator('.card-form button[type=button].ant-btn-primary').click();
    await hands.sees(t('trace.inspection.failed'));
    await hands.button(t('trace.inspection.recall')).click();
    await desk.page.locator('.trace-grid', { hasText: 'FY-2026-1' }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });

  it('has the excursion in the register of risks (R17)', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('fxts');
    await desk.page.getByRole('option', { name: t('command.risk') }).waitFor();
    await hands.press('Enter');
    await hands.on('risk');
    await hands.press('F8');
    await desk.page.locator('.ant-table-row', { hasText: riskText('zh-CN', 'title.R17') }).click();
    await hands.sees(/荔枝 超出温度范围 1 次，共 \d+ 分钟/);
    await hands.sees(riskText('zh-CN', 'remedy.R17'));
    await picture('risk-cold');
    expect(desk.pageErrors()).toEqual([]);
  });
});
