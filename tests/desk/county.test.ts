import { rmSync } from 'node:fs';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import shipped from '../../resources/rules/region-modules.json' with { type: 'json' };
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { answerDialogs, type Desk, launchDesk, makeHome } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** What comes from data files: fields of a county in the forms, the import templates of the refund client, the cipher of carried files. */
const t = textsIn('zh-CN');
const home = makeHome();
let desk: Desk;
let hands: Hands;
const kept = process.env['PORTBOOK_PRINTS'];
async function picture(name: string): Promise<void> {
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}
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
const field = (id: string, on: 'shipment' | 'listing', title: string, more: object = {}) => ({
  ...{ id, on, kind: 'text', title: { zh: title, en: id }, hint: null, required: false, max: null, choices: [] },
  ...more,
});
/** A county's own pack over the sample firm's province; no county's rule. */
const body = {
  ...shipped,
  versions: [
    {
      ...shipped.versions[0],
      parameters: {
        regions: [
          ...(shipped.versions[0]?.parameters.regions ?? []),
          {
            code: '46',
            title: { zh: '测试县', en: 'Test county' },
            source: '测试用，不是任何市县的规定',
            categories: [],
            fields: [
              field('grade', 'listing', '果品分级', {
                kind: 'choice',
                choices: [{ code: 'A', title: { zh: '甲等', en: 'First' } }],
              }),
              field('area', 'listing', '种植面积（亩）', { kind: 'number', max: 1 }),
              field('pickedOn', 'shipment', '采收日期', { kind: 'date', required: true }),
            ],
          },
        ],
      },
    },
  ],
};

beforeAll(async () => {
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(home, { recursive: true, force: true });
});

describe('fields of a county', () => {
  it('are rendered in a listing by their kinds and kept with it', async () => {
    await ask('rules.savePack', { id: 'region-modules', body, reason: '县里发的包' });
    const { id } = await ask('listings.open', { nameZh: '贵妃芒', template: 'mango' });
    await hands.press('Control+k');
    await desk.page.keyboard.type('cpzyk');
    await desk.page.getByRole('option').first().waitFor();
    await hands.press('Enter');
    await hands.on('listings');
    await desk.page.locator('#listing-category').waitFor();
    await desk.page.locator('#listing-category').click();
    await desk.page.getByTitle('芒果', { exact: true }).last().click();
    await desk.page.locator('#listing-extra-area').fill('12.5');
    await desk.page.locator('#listing-extra-grade').click();
    await desk.page.getByTitle('甲等', { exact: true }).last().click();
    await picture('county-listing');
    await desk.page.locator('#listing-extra-area').press('Control+Enter');
    await expect
      .poll(async () => (await ask('listings.get', { id })).body)
      .toMatchObject({ category: 'mango', extra: { area: '12.5', grade: 'A' } });
    expect(desk.pageErrors()).toEqual([]);
  });

  it('stand in a shipment, required ones marked', async () => {
    await hands.area('shipments');
    await hands.press('Control+n');
    const picked = desk.page.locator('#shipment-extra-pickedOn');
    await picked.waitFor();
    await picked.fill('2026-11-20');
    await picked.press('Tab');
    await picked.scrollIntoViewIfNeeded();
    await picture('county-shipment');
    await expect
      .poll(async () => (await ask('shipments.list', { limit: 1 })).rows[0]?.body.extra)
      .toEqual({ pickedOn: '2026-11-20' });
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('files for the client of the tax office', () => {
  it('say what is lacking in a batch, or are written', async () => {
    const { rows } = await ask('refunds.claims', {});
    const [claim] = rows;
    expect(claim).toBeDefined();
    const { findings } = await ask('refunds.importCheck', { period: claim?.period ?? '', batch: claim?.batch ?? '' });
    const isReady = findings.every(({ level }) => level === 'note');
    await hands.area('tax');
    await hands.press('F7');
    await hands.on('refunds');
    await hands.press('F8');
    await hands.button(t('tax.import.title')).first().click();
    await desk.page.locator('.claim-files').waitFor();
    await desk.page.locator('.claim-files').scrollIntoViewIfNeeded();
    await picture('claim-files');
    const make = desk.page
      .locator('.claim-files')
      .getByRole('button', { name: t('tax.import.make') })
      .first();
    // Until the batch is looked through, none can be made of it.
    await expect.poll(() => make.isEnabled()).toBe(isReady);
    if (isReady) {
      const to = path.join(home, 'exports.xlsx');
      await answerDialogs(desk.app, [to]);
      await make.click();
      await hands.sees(/exports\.xlsx：/);
      const workbook = new ExcelJS.Workbook();
      await workbook.xlsx.readFile(to);
      expect(workbook.worksheets[0]?.getRow(8).getCell(3).text).toBe('关联号');
    }
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('the cipher of files carried by hand', () => {
  it('is a choice of the endpoint', async () => {
    const made = await ask('endpoints.save', { name: '县窗口', transport: 'carry', practice: true });
    await hands.area('outbox');
    await hands.button(t('endpoints.manage')).click();
    await hands.on('endpoints');
    await desk.page.getByText('县窗口').first().click();
    const cipher = desk.page.locator('#endpoint-cipher');
    await cipher.waitFor();
    await cipher.click();
    await desk.page.getByTitle(t('endpoints.cipherOf.sm4-gcm')).last().click();
    await picture('carry-cipher');
    await hands.press('Control+Enter');
    await expect
      .poll(async () => (await ask('endpoints.list', {})).endpoints.find(({ name }) => name === '县窗口')?.carry.cipher)
      .toBe('sm4-gcm');
    expect(made).toBeDefined();
    expect(desk.pageErrors()).toEqual([]);
  });
});
