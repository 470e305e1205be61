import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Papers by stage of customs, one shipment on one page, and a warehouse's count, in the real window. */
const t = textsIn('zh-CN');
const passphrase = 'desk-overview-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-overview-'));
let desk: Desk;
let hands: Hands;
const look = async (name: string): Promise<void> => {
  const to = process.env['PORTBOOK_LOOK'];
  if (to !== undefined) await desk.page.screenshot({ path: path.join(to, `${name}.png`) });
};

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  const name = (one: string): string => path.join(folder, one);
  const orders = [orderHead, orderLine({ 0: 'A1' }), orderLine({ 0: 'A2' })];
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(name('orders.csv'), orders) });
  await writeClassification(core, name('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: name('products.csv') });
  await writeWaybills(core, name('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: name('waybills.csv') });
  const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' } });
  await must(core, 'shipments.draft', { id });
  const [product] = (await must(core, 'products.list', {})).rows;
  const sku = product?.sku ?? '';
  const place = {
    kind: 'overseas',
    name: '汉堡仓',
    country: '304',
    owner: '',
    contract: '',
    filingNo: '',
    active: true,
  } as const;
  const { id: placeId } = await must(core, 'stock.savePlace', place);
  await must(core, 'stock.receive', { date: '2026-11-03', sku, qty: '10', cost: '100' });
  await must(core, 'stock.transfer', { date: '2026-11-05', sku, fromId: 1, toId: placeId, qty: '8' });
  const count = [
    ['商品货号', '盘点日期', '海外仓', '库存数量'],
    [sku, '2026-11-12', '汉堡仓', 6],
  ];
  await must(core, 'imports.run', { kind: 'stockCounts', file: writeCsv(name('count.csv'), count) });
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

describe('a shipment on the desk', () => {
  it('has its papers beside the stages of customs', async () => {
    await hands.area('shipments');
    await hands.press('Enter');
    await hands.on('shipment');
    await desk.page.getByText(t('shipments.score.side.way'), { exact: true }).click();
    await hands.sees(t('way.papers.title'));
    await desk.page.getByRole('button', { name: t('way.papers.show') }).click();
    await hands.sees('运输单据');
    await desk.page.locator('.way-stages').scrollIntoViewIfNeeded();
    await expect.poll(() => desk.page.locator('.way-stages > li .way-stage-head').count()).toBeGreaterThanOrEqual(6);
    // A paper nobody asked for is filed at the stage it belongs to.
    const record = path.join(folder, '查验记录.pdf');
    writeFileSync(record, '%PDF-1.4 inspection');
    await answerDialogs(desk.app, [record]);
    const inspection = desk.page.locator('.way-stages > li', { hasText: t('way.stage.inspection') }).first();
    await inspection.getByRole('button', { name: t('way.papers.attach') }).click();
    await desk.page.locator('.ant-dropdown-menu-item', { hasText: '查验记录单' }).click();
    await inspection.getByText('查验记录.pdf').waitFor();
    await look('stages');
  });

  it('is on one page with customs, refund, money, financing and risk', async () => {
    await desk.page.getByRole('button', { name: t('shipments.all.title') }).click();
    await hands.on('shipmentOverview');
    for (const part of ['customs', 'refund', 'money', 'finance', 'risk'] as const)
      await hands.sees(t(`shipments.all.${part}`));
    await hands.sees(t('shipments.all.noLines'));
    await hands.sees(t('shipments.all.receivables'));
    await desk.page.locator('.shipment-all table button.link').first().click();
    await hands.on('flows');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('is filed by the way that is chosen: its lists again, a declaration, or parcels that are only registered', async () => {
    await hands.area('shipments');
    await hands.press('Enter');
    await hands.on('shipment');
    await hands.press('F6');
    await hands.on('modes');
    const way = (id: string) => desk.page.getByRole('radio', { name: t(`modes.filed.way.${id}`), exact: true });
    await way('courier').click();
    await hands.sees(t('modes.filed.hint.courier'));
    await way('b2b').click();
    await desk.page.getByRole('button', { name: t('modes.filed.asDeclaration', { mode: '9710' }) }).waitFor();
    await look('ways');
    await desk.page.getByRole('button', { name: t('modes.filed.asLists', { mode: '9710' }) }).click();
    await hands.on('shipment');
    await expect.poll(() => desk.page.locator('#shipment-listMode').inputValue()).toBe('9710');
    await hands.press('F6');
    await hands.on('modes');
    await way('general').click();
    await desk.page.getByRole('button', { name: t('modes.filed.asDeclaration', { mode: '0110' }) }).click();
    await hands.on('document');
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('a warehouse’s count on the desk', () => {
  it('is adjusted to with a reason', async () => {
    await hands.area('purchases');
    await desk.page.getByText(t('purchases.tab.overseas'), { exact: true }).first().click();
    await desk.page.getByText(t('purchases.overseas.view.counts'), { exact: true }).first().click();
    await hands.sees(t('purchases.count.state.differs'));
    await desk.page.getByText('2026-11-12', { exact: true }).click();
    await desk.page.locator('#count-reason').fill('盘亏');
    // Left and come back to, it is there.
    await hands.press('Escape');
    await desk.page.locator('#count-reason').waitFor({ state: 'detached' });
    await desk.page.getByText('2026-11-12', { exact: true }).click();
    await expect.poll(() => desk.page.locator('#count-reason').inputValue()).toBe('盘亏');
    await desk.page.locator('#count-reason').focus();
    await hands.press('Control+Enter');
    await hands.sees(t('purchases.count.done', { n: '-2' }));
    await hands.sees(t('purchases.count.state.adjusted'));
    expect(desk.pageErrors()).toEqual([]);
  });
});
