import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A bonded ledger and goods on show in the real window. `PORTBOOK_PICTURES=<folder>` keeps pictures. */
const t = textsIn('zh-CN');
const en = textsIn('en');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-bonded-'));
const kept = process.env['PORTBOOK_PICTURES'];
const recordNo = 'T640726A0001';
let desk: Desk;
let hands: Hands;

async function picture(name: string): Promise<void> {
  if (kept === undefined) return;
  mkdirSync(kept, { recursive: true });
  await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}
const go = async (command: string, page: string): Promise<void> => {
  await hands.press('Control+k');
  await desk.page.keyboard.type(t(`command.${command}`));
  await desk.page.getByRole('option', { name: t(`command.${command}`) }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
};
const fill = (id: string, value: string): Promise<void> => desk.page.locator(`#${id}`).fill(value);
const choose = async (id: string, text: string): Promise<void> => {
  await desk.page.locator(`#${id}`).click();
  await desk.page.locator('.ant-select-item-option', { hasText: text }).first().click();
};
/** Types a code into a look-up and takes it. */
const lookUp = async (id: string, code: string): Promise<void> => {
  await desk.page.locator(`#${id}`).fill(code);
  await desk.page.getByRole('option').first().waitFor();
  await hands.press('Enter');
};
const row = (text: string) => desk.page.locator('.ant-table-row', { hasText: text });

async function openLedger(core: Core): Promise<void> {
  const { id: bookId } = await must(core, 'bonded.saveBook', {
    ...{
      recordNo,
      placeKind: 'zone',
      place: '海口综合保税区',
      customs: '6409',
      firmCode: firm.uscc,
      firmName: firm.name,
    },
  });
  const { rows } = await must(core, 'products.list', { state: 'classified', limit: 500 });
  for (const [at, { sku, nameCn, hsCode, unit }] of rows.entries()) {
    const item = {
      bookId,
      seq: at + 2,
      itemNo: `P-${String(at + 1).padStart(4, '0')}`,
      sku,
      name: nameCn,
      hsCode,
      unit,
    };
    const { id: itemId } = await must(core, 'bonded.saveItem', item);
    await must(core, 'bonded.move', {
      ...{
        itemId,
        kind: 'domestic',
        on: '2026-01-05',
        paperKind: 'checklist',
        paperNo: 'QD640920260000001',
        paperLine: at + 1,
      },
      qty: '1000',
    });
  }
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  if (shipment === undefined) throw new Error('the sample has no shipment');
  await must(core, 'shipments.save', { id: shipment.id, body: { ...shipment.body, emsNo: recordNo } });
  await must(core, 'shipments.draft', { id: shipment.id });
  await must(core, 'guarantees.save', {
    ...{ kind: 'bank-letter', number: 'BH-2026-01', issuer: '测试银行', amount: '1000' },
    ...{ validFrom: '2020-01-01', validTo: '2099-12-31' },
  });
}

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  await openLedger(core);
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
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
  rmSync(folder, { recursive: true, force: true });
});

describe('a bonded ledger on the desk', () => {
  it('shows what is left of each item, and takes an item and its papers', async () => {
    await go('bonded', 'bonded');
    await row('P-0001').waitFor();
    await hands.press('Control+n');
    await fill('bonded-seq', '1');
    await fill('bonded-itemNo', 'P-0099');
    await fill('bonded-name', '青花瓷瓶');
    await fill('bonded-hsCode', '6913900000');
    await lookUp('bonded-unit', '007');
    await picture('bonded-item-form');
    await hands.press('Control+Enter');
    await hands.sees(t('bonded.itemSaved', { no: 'P-0099' }));
    await hands.sees(t('bonded.noSteps'));
    await fill('bonded-qty', '10');
    await fill('bonded-paperNo', 'QD640920260000099');
    await hands.press('Control+Enter');
    await hands.sees(t('bonded.moved', { no: 'QD640920260000099', free: '10' }));
    await choose('bonded-kind', t('bonded.kinds.home'));
    await fill('bonded-qty', '11');
    await fill('bonded-paperNo', 'B1');
    await hands.press('Control+Enter');
    await hands.sees(/P-0099.*只有 10，不够 11/);
    await picture('bonded-short');
    await fill('bonded-qty', '4');
    await hands.press('Control+Enter');
    await hands.sees(t('bonded.moved', { no: 'B1', free: '6' }));
    const steps = desk.page.locator('.split-detail .ant-table-row');
    await expect
      .poll(() => steps.allInnerTexts())
      .toEqual([expect.stringMatching(/B1.*4\s+6/s), expect.stringMatching(/10\s+10/s)]);
    await steps.first().click();
    await desk.page.getByLabel(t('bonded.voidReason')).fill('录错');
    await hands.button(t('bonded.void', { no: 'B1' })).click();
    await hands.sees(t('bonded.voided', { no: 'B1' }));
    await expect.poll(() => row('P-0099').first().innerText()).toMatch(/10\s+0\s+10/);
    await picture('bonded-card');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('shows the lists that are to draw on it, and leads to them', async () => {
    await desk.page.locator('.chip', { hasText: t('bonded.finds.proposed') }).click();
    await row('P-0099').waitFor({ state: 'detached' });
    await row('P-00').first().click();
    await hands.sees(t('bonded.draws'));
    await picture('bonded-proposed');
    await desk.page.locator('.bonded-draws .link').first().click();
    await desk.page.locator('[data-path="InventoryHead/billNo"]').first().waitFor();
    await go('bonded', 'bonded');
    await hands.button(t('bonded.editLedger')).click();
    await desk.page.locator('#bonded-firmCode').waitFor();
    await picture('bonded-ledger');
    expect(await desk.page.locator('#bonded-recordNo').inputValue()).toBe(recordNo);
    await hands.area('shipments');
    await row('S').first().dblclick();
    await desk.page.locator('#shipment-emsNo').waitFor();
    await desk.page.locator('#shipment-emsNo').scrollIntoViewIfNeeded();
    await picture('bonded-shipment');
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('goods on show on the desk', () => {
  it('are refused above the guarantee, held, and ended by return and sale', async () => {
    await go('showGoods', 'showGoods');
    await hands.sees(t('shows.empty'));
    await picture('shows-empty');
    await hands.press('Control+n');
    await fill('show-paperNo', 'ZS2026001');
    await desk.page.locator('#show-itemId').click();
    await desk.page.keyboard.type('P-0099');
    await desk.page.locator('.ant-select-item-option', { hasText: 'P-0099' }).click();
    await expect.poll(() => desk.page.locator('#show-name').inputValue()).toBe('青花瓷瓶');
    await fill('show-qty', '4');
    await fill('show-value', '8000');
    await fill('show-duty', '1000.01');
    await choose('show-guaranteeId', 'BH-2026-01');
    await fill('show-place', '江门展示中心');
    await fill('show-dueOn', '2098-12-31');
    await hands.press('Control+Enter');
    await hands.sees(/BH-2026-01/);
    await desk.page.locator('.split-detail .error-note, .split-detail [role=alert]').first().waitFor();
    await picture('shows-short');
    await fill('show-duty', '600');
    await hands.press('Control+Enter');
    await hands.sees(t('shows.saved', { no: 'ZS2026001', free: '400.00' }));
    await row('ZS2026001').waitFor();
    await picture('shows-open');
    await hands.button(t('shows.toGuarantees')).click();
    await hands.on('guarantees');
    await row('BH-2026-01').click();
    await hands.button(t('obligations.guarantees.toShow')).click();
    await hands.on('showGoods');
    await fill('show-returned', '3');
    await fill('show-sold', '1');
    await fill('show-endPaper', '640920260000000001');
    await hands.button(t('shows.endNow')).click();
    await hands.sees(t('shows.ended', { no: 'ZS2026001', free: '1,000.00' }));
    await hands.sees(t('shows.soldTag'));
    await picture('shows-ended');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('and ledger speak English', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('English');
    await desk.page.getByRole('option').first().waitFor();
    await hands.press('Enter');
    await hands.sees(en('shows.title'));
    await picture('shows-en');
    await hands.press('Control+k');
    await desk.page.keyboard.type(en('command.bonded'));
    await desk.page.getByRole('option', { name: en('command.bonded') }).waitFor();
    await hands.press('Enter');
    await hands.on('bonded');
    await row('P-0099').first().click();
    await hands.sees(en('bonded.history'));
    await picture('bonded-en');
    expect(desk.pageErrors()).toEqual([]);
  });
});
