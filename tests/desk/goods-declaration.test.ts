import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { paperDetails } from '../../shared/papers/details.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A shipment by goods declaration (报关单) in the real window: drafted, checked, queued, released, and in the books. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-declaration-'));
const home = path.join(folder, 'home');
/** A receipt of nothing this book has sent. */
const stray = {
  id: 'stray',
  messageGuid: 'NOBODY',
  xml: '<DEC_RESULT><CUS_CIQ_NO>E20260000000000001</CUS_CIQ_NO><NOTICE_DATE>2026-11-20T08:00:00</NOTICE_DATE><CHANNEL>P</CHANNEL></DEC_RESULT>',
};
let platform: Platform;
let desk: Desk;
let hands: Hands;

/** Calls the core as the page does: for what this test is not about. */
const ask = (op: string, input: object) =>
  desk.page.evaluate(
    async ([name, given]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return ((await bridge.call(name, given)) as { data?: unknown }).data;
    },
    [op, input] as const,
  );

beforeAll(async () => {
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  const details = paperDetails.parse({ sourcePlace: '46011 海口', contractNo: 'HT-1' });
  await must(core, 'papers.saveDetails', { subject: { shipmentId: shipment?.id ?? 0 }, details });
  storeReceipts(core.session.book, platform.url, [stray], '', '2026-11-21T00:00:00.000Z');
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  const { books } = (await ask('books.list', {})) as { books: { id: string }[] };
  await ask('books.open', { bookId: books[0]?.id ?? '', secret: { passphrase: samplePassphrase } });
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a goods declaration', () => {
  let id = 0;

  it('is drafted from its shipment', async () => {
    await hands.area('shipments');
    await desk.page.locator('.ant-table-row').first().waitFor();
    await hands.press('Enter');
    await hands.on('shipment');
    // A shipment is scored once it is read.
    await hands.sees(t('shipments.editor.complete'));
    await hands.press('F7');
    await hands.sees(t('shipments.score.nothing'));
    await hands.press('F7');
    await hands.button(t('shipments.gather')).click();
    await desk.page.getByText(t('life.declare', { mode: '9710' })).click();
    await hands.on('document');
    await desk.page.locator('[data-path="DecHead/TypistNo"]').first().waitFor();
    const { rows } = (await ask('documents.list', { kind: 'DecMessage', limit: 50 })) as { rows: { id: number }[] };
    expect(rows.length).toBeGreaterThan(0);
    id = rows[0]?.id ?? 0;
    // What only a person knows, in every one of them.
    const operator = { TypistNo: '8930000012345', InputerName: '王五', DeclareName: '王五', EntyPortCode: '460001' };
    const changes = Object.entries(operator).map(([field, value]) => ({ path: `DecHead/${field}`, value }));
    for (const row of rows) await ask('documents.edit', { id: row.id, changes });
  });

  it('is checked, queued and released, and its sale leads back to it', async () => {
    await hands.press('F7');
    await desk.page.locator('.check-summary').waitFor();
    await hands.press('F8');
    await desk.page.locator('[role=alert] button').first().waitFor();
    await hands.press('F8');
    // What customs may ask about goes on with a reason.
    await desk.page.locator('.reasons-panel input:focus').waitFor();
    await desk.page.keyboard.type('已与委托方核对');
    await hands.press('Enter');
    const one = async () => (await ask('documents.get', { id })) as { state: string; platformNo?: string };
    await expect
      .poll(async () => {
        await ask('sync.now', {});
        return (await one()).state;
      })
      .toBe('closed');
    const { platformNo = '' } = await one();
    await hands.sees(t('state.document.closed'));
    const lines = (await ask('exportLines.list', { text: platformNo, limit: 50 })) as { rows: { mode: string }[] };
    expect(new Set(lines.rows.map(({ mode }) => mode))).toEqual(new Set(['9710']));
    // From the voucher of a sale back to the declaration.
    const { rows } = (await ask('vouchers.list', { text: '出口销售', limit: 50 })) as { rows: { id: number }[] };
    expect(rows.length).toBeGreaterThan(0);
    await hands.area('ledger');
    await desk.page.getByText('出口销售').first().dblclick();
    await hands.on('voucher');
    await desk.page
      .getByRole('button', { name: /6407\d{14}/ })
      .first()
      .click();
    await hands.on('declaration');
  });

  it('was judged by checks that are listed, and switched off only with a reason', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('jcgz');
    await desk.page.getByText(t('command.checks')).first().waitFor();
    await hands.press('Enter');
    await hands.on('checks');
    await desk.page.locator('.ant-table-row').first().waitFor();
    await expect.poll(() => hands.button(t('checks.switchOff')).isDisabled()).toBe(true);
    await desk.page.locator('#check-reason').fill('本企业不适用');
    await hands.button(t('checks.switchOff')).click();
    await hands.sees(/本企业不适用/);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('leaves receipts of others parked, to be read and noted', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('wrlhz');
    await desk.page.getByText(t('command.parkedReceipts')).first().waitFor();
    await hands.press('Enter');
    await hands.on('parkedReceipts');
    await hands.sees(t('receipts.problemOf.RECEIPT_MESSAGE_UNKNOWN'));
    await desk.page.locator('.receipt-text', { hasText: '<CHANNEL>P</CHANNEL>' }).waitFor();
    await desk.page.locator('#receipt-note').fill('别的电脑发的');
    await hands.press('Enter');
    await hands.sees(t('receipts.noteKept'));
    await hands.press('F8');
    await hands.sees(t('receipts.tried', { applied: 0, parked: 1 }));
    expect(desk.pageErrors()).toEqual([]);
  });
});
