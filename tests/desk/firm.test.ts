import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, launchDesk } from './launch.ts';
import { EntryDesk, listEnteredBefore } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** What the firm's own facts do on the desk: its park fills in, its class with customs is told, its kind of filing leaves fields out. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-firm-'));
let desk: Desk;
let hands: Hands;
let entry: EntryDesk;
let list: { id: number; businessKey: string };
const kept = process.env['PORTBOOK_PRINTS'];
async function picture(name: string): Promise<void> {
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
}

beforeAll(async () => {
  list = await listEnteredBefore(folder);
  desk = await launchDesk({ home: folder, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  entry = new EntryDesk(desk, hands);
  await hands.on('welcome');
  await entry.openBook();
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the firm on the desk', () => {
  it('leaves out of the form what a kind of filing does not ask for, says why, and brings it back', async () => {
    await hands.area('declarations');
    await entry.openInEditor(list.id);
    const out = desk.page.locator('.entry-left-out');
    await out.waitFor();
    await expect.poll(() => out.textContent()).toContain('许可证号');
    await out.getByRole('button', { name: t('entry.whyLeftOut') }).click();
    await expect.poll(() => out.textContent()).toContain('简化申报');
    await picture('left-out');
    await out.getByRole('button', { name: t('entry.showLeftOut') }).click();
    await out.waitFor({ state: 'detached' });
    expect(desk.pageErrors()).toEqual([]);
  });

  it('says of a park what new shipments start with, and the new one says where it has that from', async () => {
    await hands.area('settings');
    await desk.page.getByRole('radio', { name: t('settings.profile.title'), exact: true }).click();
    await hands.sees(t('settings.places.none'));
    await hands.button(t('settings.places.add')).click();
    // The park of the profile stands there already.
    await expect
      .poll(() => desk.page.getByLabel(t('settings.places.name'), { exact: true }).inputValue())
      .toBe('示范园区');
    await hands.lookUp('place-0-customsCode', '6407');
    await desk.page.locator('#place-0-loctNo').fill('HKG1');
    await picture('places');
    await desk.page.locator('.place-table ~ .card-actions button').click();
    await hands.sees(t('settings.places.saved'));
    await hands.area('shipments');
    await hands.press('Control+n');
    await desk.page.locator('#shipment-loctNo').waitFor();
    const by = t('shipments.hint.by.park', { name: '示范园区' });
    await expect.poll(() => desk.page.locator('#shipment-loctNo').inputValue()).toBe('HKG1');
    await expect.poll(() => desk.page.locator('#shipment-loctNo-note').textContent()).toBe(by);
    await picture('shipment');
    // Changed by hand, it is the park's no longer.
    await desk.page.locator('#shipment-loctNo').fill('HKG2');
    await expect.poll(() => desk.page.locator('#shipment-loctNo-note').textContent()).not.toBe(by);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('tells with the modes what the class of customs means', async () => {
    await entry.ask('creditRecords.save', {
      body: {
        ...{ kind: 'rating', authority: 'customs', level: 'dishonest', date: '2026-05-06', validTo: null },
        ...{ source: '海关企业进出口信用信息公示平台', note: '' },
      } as never,
    });
    await hands.area('shipments');
    await hands.press('Enter');
    await hands.button(t('shipments.mode')).click();
    await desk.page.locator('.mode-class', { hasText: '失信企业' }).waitFor();
    await picture('modes');
    expect(desk.pageErrors()).toEqual([]);
  });
});
