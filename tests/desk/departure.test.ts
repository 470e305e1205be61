import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Two shipments leaving as one (集拼), in the real window. `PORTBOOK_PICTURES=<folder>` keeps pictures. */
const t = textsIn('zh-CN');
const passphrase = 'desk-departure-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-departure-'));
const kept = process.env['PORTBOOK_PICTURES'];
let desk: Desk;
let hands: Hands;
let host = '';
let other = '';

async function picture(name: string): Promise<void> {
  if (kept === undefined) return;
  mkdirSync(kept, { recursive: true });
  await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  const name = (one: string): string => path.join(folder, one);
  const orders = (no: string) => [orderHead, orderLine({ 0: `${no}1` }), orderLine({ 0: `${no}2` })];
  const shipments: string[] = [];
  // Each shipment takes what is open when it is drafted.
  for (const no of ['A', 'B']) {
    await must(core, 'imports.run', { kind: 'orders', file: writeCsv(name(`orders-${no}.csv`), orders(no)) });
    await writeClassification(core, name('products.csv'));
    await must(core, 'imports.run', { kind: 'products', file: name('products.csv') });
    await writeWaybills(core, name('waybills.csv'));
    await must(core, 'imports.run', { kind: 'waybills', file: name('waybills.csv') });
    const body = { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' };
    const { id, shipmentNo } = await must(core, 'shipments.save', { body });
    await must(core, 'shipments.draft', { id });
    shipments.push(shipmentNo);
  }
  [other = '', host = ''] = shipments;
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
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

describe('a consolidated departure', () => {
  it('takes another shipment along, adds up, and compares with the master waybill', async () => {
    // The newest is at hand at once.
    await hands.area('shipments');
    await hands.press('Enter');
    await hands.on('shipment');
    await desk.page.getByText(t('shipments.score.side.departure'), { exact: true }).click();
    await desk.page.getByText(t('departure.finding.PACKAGES_UNKNOWN')).waitFor();
    await picture('departure-own');

    await desk.page.locator('#departure-shipment').click();
    await desk.page.locator('.ant-select-item-option', { hasText: other }).click();
    await hands.button(t('departure.load')).click();
    await hands.sees(t('departure.loaded', { n: '2' }));
    const groups = desk.page.getByRole('table', { name: t('departure.groups') });
    await groups.getByText(other).waitFor();
    await groups.getByText(host).waitFor();

    await desk.page.locator('#departure-packages').fill('5');
    await desk.page.locator('#departure-gross').fill('12.5');
    await hands.button(t('departure.saveStated')).click();
    await desk.page.getByText(t('departure.finding.PACKAGES_DIFFER')).waitFor();
    await desk.page.getByText(t('departure.against', { stated: '5', found: '4' })).waitFor();
    await picture('departure');

    await hands.button(t('departure.unloadAll', { n: '2' })).click();
    await groups.getByText(other).waitFor({ state: 'detached' });
    expect(desk.pageErrors()).toEqual([]);
  });
});
