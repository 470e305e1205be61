import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { areas } from '../../renderer/app/page-route.ts';
import { type PlatformProcess, startPlatform } from '../fixtures/platform.ts';
import { firm, realWorkbook } from '../fixtures/trade.ts';
import { writeSyntheticWorkbook } from '../fixtures/workbook.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import {
  factsOf,
  fillClassification,
  spoilCells,
  type WorkbookFacts,
  writeCarrierSheet,
  writeRateSheet,
} from './support/sheets.ts';
import { countOf, textsIn } from './support/texts.ts';

/**
 * The whole main job by a user's hands: real Electron, real core, a real platform in a process of its own that is down,
 * comes, is killed and comes again. Each step stands on the one before it.
 */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-path-'));
const at = (name: string) => path.join(folder, name);
const passphrase = 'desk-path-passphrase';

const real = realWorkbook();
if (real === undefined)
  console.warn('the workbook of 50,000 lines is not beside the project: a made one of 5,000 stands in');

/** The days that are drafted, and the cell that is mended: where it stands and what is typed over it. */
const plan =
  real === undefined
    ? { from: '2026-01-05', to: '2026-01-06', mend: { row: 30, column: 'Quantity', text: '3' } }
    : { from: '2010-12-01', to: '2010-12-06', mend: { row: 624, column: 'UnitPrice', text: '1.25' } };

let desk: Desk;
let hands: Hands;
let workbook: string;
let facts: WorkbookFacts;
let platform: PlatformProcess;
let orders = 0;
let drafted = 0;
let leftOut = 0;
let documentsQueued = 0;
let messagesQueued = 0;

/** The platform takes so long over each answer, also after it was started again. */
async function answersAfter(latencyMs: number): Promise<void> {
  await fetch(`${platform.url}/v1/practice/behaviour`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ latencyMs }),
  });
}

/** The rail counts after a breath: a burst of changes is read once. */
function railShows(area: string, count: number): Promise<void> {
  return expect.poll(() => hands.railCount(t(`area.${area}`)), { message: area }).toBe(count);
}

beforeAll(async () => {
  workbook = real ?? (await writeSyntheticWorkbook(at('orders.xlsx'), 5000));
  // One slip is mended at the desk, the other stays out.
  if (real === undefined) await spoilCells(workbook, [plan.mend.row, plan.mend.row + 40], 4, '1O');
  // Started once for its address alone: until it is wanted, the platform is down.
  platform = await startPlatform(at('platform'));
  await platform.kill();
  [desk, facts] = await Promise.all([launchDesk({ size: { width: 1366, height: 768 } }), factsOf(workbook)]);
  hands = new Hands(desk, t);
});

afterEach((context) => pictureOfFailure(desk, context));

afterAll(async () => {
  await desk.close();
  await platform.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('the main path at the desk', () => {
  it('makes a book: who, which firm, a passphrase, and the recovery key on paper', async () => {
    await hands.on('welcome');
    await hands.createBook('exporter', { ...firm, uscc: '91469002MA5T0TE5TA' }, passphrase);
    // The place of the mistake and what belongs there.
    await hands.sees(t('identity.ID-CHECK', { position: 18, character: 'A', expected: 'R' }));
    await hands.page.locator('#profile-uscc').fill(firm.uscc);
    await hands.press('Control+Enter');
    await hands.page.locator('.recovery-groups li').first().waitFor();
    await expect.poll(() => hands.page.locator('.recovery-groups li').count()).toBe(9);
    await expect.poll(() => hands.button(t('recovery.enter')).isDisabled()).toBe(true);
    await answerDialogs(desk.app, [at('recovery.pdf')]);
    await hands.button(t('recovery.save')).click();
    await hands.sees(t('recovery.saved', { name: 'recovery.pdf' }));
    expect(readFileSync(at('recovery.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    await hands.page.getByLabel(t('recovery.kept')).check();
    await hands.button(t('recovery.enter')).click();
    await hands.on('today');
    await expect.poll(() => hands.connection()).toContain(t('connection.none'));
  });

  it('imports the orders: recognised, tried, one cell mended, written in one go', async () => {
    await hands.beginImport(workbook);
    await hands.sees(t('imports.recognisedAs', { kind: t('imports.kind.orders') }));
    const trial = await hands.tryImport('GBP');
    expect(trial.lines).toBe(facts.lines);
    expect(trial.taken + trial.cancellations + trial.alreadyThere + trial.failed).toBe(facts.lines);
    expect(trial.cancellations + trial.failed).toBeGreaterThanOrEqual(facts.cancellations);
    expect(trial.failed).toBeGreaterThan(0);
    const { row, column, text } = plan.mend;
    await hands.page.getByLabel(`${t('imports.failures.rowNo')} ${row} ${column}`, { exact: true }).fill(text);
    await hands.press('Enter');
    await hands.sees(t('imports.failures.mended', { row }));
    const tried = await hands.counts('import-trial');
    expect(tried).toMatchObject({ mended: 1, failed: trial.failed - 1 });
    const done = await hands.commitImport();
    await hands.sees(t('imports.done.title'));
    expect(done.taken + done.mended).toBe(trial.taken + 1);
    expect(done.failed).toBe(trial.failed - 1);
    leftOut = done.failed;
    await hands.button(t('imports.done.toOrders')).click();
    await hands.on('orders');
    await hands.page.locator('.data-table-box [aria-selected]').first().waitFor();
    orders = await hands.chipCount(t('state.order.open'));
    await railShows('orders', orders);
    expect(orders).toBeGreaterThan(200);
  });

  it('changes nothing when the same file comes again, and says so', async () => {
    await hands.beginImport(workbook);
    await hands.sees(/已在 .* 导入过/);
    const again = await hands.tryImport('GBP');
    expect(again).toMatchObject({ lines: facts.lines, taken: 0, cancellations: 0 });
    await hands.sees(t('imports.importedBeforeDone'));
    await expect.poll(() => hands.button(t('imports.run.nothing')).isDisabled()).toBe(true);
    await hands.area('orders');
    await railShows('orders', orders);
  });

  it('holds the orders of a shipment back while products have no classification, and says which', async () => {
    await hands.press('Control+n');
    await hands.on('shipment');
    await hands.fillShipment({
      from: plan.from,
      to: plan.to,
      customsCode: '6407',
      ieDate: '2026-11-24',
      trafMode: '5',
      billNo: '88012345675',
      flight: 'HU491',
      wrapType: '2',
      logisticsCode: firm.uscc,
      logisticsName: '测试物流有限公司',
    });
    await hands.sees(t('shipments.editor.complete'));
    await expect.poll(async () => (await hands.candidates()).blocked).toBeGreaterThan(50);
    await expect.poll(async () => (await hands.candidates()).ready).toBe(0);
    await hands.sees(t('shipments.reasonKind.NO_CLASSIFICATION'));
  });

  it('classifies every product by the sheet that the desk writes', async () => {
    await hands.area('products');
    const waiting = await hands.chipCount(t('products.tab.to-classify'));
    await railShows('products', waiting);
    expect(waiting).toBeGreaterThan(1000);
    await answerDialogs(desk.app, [at('products.xlsx')]);
    await hands.button(t('products.export')).click();
    await hands.sees(t('products.exported', { n: waiting.toLocaleString('en-US') }));
    expect(await fillClassification(at('products.xlsx'))).toBe(waiting);
    const done = await hands.importSheet(at('products.xlsx'));
    expect(done).toMatchObject({ lines: waiting, failed: 0 });
    await hands.area('products');
    await railShows('products', 0);
  });

  it('takes the waybills of the carrier and the rate of the bank', async () => {
    const waybills = writeCarrierSheet(at('waybills.csv'), facts, plan.from, plan.to);
    expect(await hands.importSheet(at('waybills.csv'))).toMatchObject({ lines: waybills, failed: 0 });
    writeRateSheet(at('rates.csv'), [{ currency: 'GBP', date: '2026-11-02', rate: '9.1234' }]);
    expect(await hands.importSheet(at('rates.csv'))).toMatchObject({ lines: 1, taken: 1, failed: 0 });
  });

  it('drafts what is ready of the shipment', async () => {
    await hands.area('shipments');
    await hands.press('Home', 'Enter');
    await hands.on('shipment');
    await expect.poll(async () => (await hands.candidates()).ready).toBeGreaterThan(50);
    const before = await hands.candidates();
    drafted = before.ready;
    await hands.press('F8');
    await expect.poll(async () => hands.railCount(t('area.declarations'))).toBeGreaterThanOrEqual(drafted * 3);
    await railShows('orders', orders - drafted);
  });

  it('checks and queues with the platform down, and says that it is offline', async () => {
    await hands.area('outbox');
    await hands.setEndpoint(platform.url, '测试平台');
    await hands.seesConnection('offline');
    await hands.area('declarations');
    await hands.press('F7');
    const summary = hands.page.locator('.check-summary');
    await summary.waitFor();
    const checked = (await summary.locator('header').innerText()).match(/[\d,]+/g)?.map(countOf) ?? [];
    const [documents = 0, , rejectable = -1] = checked;
    expect(documents).toBeGreaterThanOrEqual(drafted * 3);
    expect(rejectable).toBe(0);
    await hands.press('F8');
    await hands.sees(t('declarations.queueConfirm', { n: documents.toLocaleString('en-US') }));
    await hands.press('F8');
    // What customs may ask about goes on with one reason for all of it.
    await hands.page.locator('.reasons-panel input:focus').waitFor();
    await hands.page.keyboard.type('资料已核对');
    await hands.press('Enter');
    // The firm's own score is asked about when all the rest is fit; the made goods may not score so high.
    const score = hands.page.locator('.reasons-panel', { hasText: 'RISK-SHIPMENT' });
    const done = hands.page.locator('.page-note', { hasText: t('declarations.toOutbox') });
    await score.or(done).first().waitFor();
    if (real !== undefined || (await score.isVisible())) {
      await score.locator('input:focus').waitFor();
      await hands.page.keyboard.type('分批发货，收款已约定');
      await hands.press('Enter');
    }
    await done.waitFor();
    // Three kinds of documents, at most 100 of a kind in a message.
    const queued = 3 * Math.ceil(documents / 3 / 100);
    documentsQueued = documents;
    messagesQueued = queued;
    await expect.poll(() => hands.queue()).toMatchObject({ queued, awaiting: 0 });
    await hands.area('outbox');
    await hands.seesConnection('offline');
    await expect
      .poll(() => hands.connection())
      .toContain(t('connection.queued', { count: queued, shown: String(queued) }));
  });

  it('sends by itself when the platform comes, through a kill in the middle, each message once', async () => {
    const { queued } = await hands.queue();
    platform = await startPlatform(at('platform'), platform.port);
    // Slow enough that the kill falls between two messages, or into one, however late this test hears of the first.
    await answersAfter(1000);
    await expect.poll(async () => (await hands.queue()).queued, { interval: 50 }).toBeLessThan(queued);
    await platform.kill();
    expect((await hands.queue()).queued).toBeGreaterThan(0);
    await hands.seesConnection('offline');
    platform = await startPlatform(at('platform'), platform.port);
    await answersAfter(0);
    await hands.seesConnection('online');
    await expect
      .poll(() => hands.queue(), { timeout: 100_000, interval: 500 })
      .toEqual({ queued: 0, awaiting: 0, rejected: 0 });
    await expect
      .poll(async () => (await hands.page.locator('.data-table-box').getAttribute('aria-busy')) ?? '')
      .toBe('false');
  });

  it('has left each message and each document at the platform once', async () => {
    const answer = await fetch(`${platform.url}/v1/practice/statistics`);
    expect(await answer.json()).toMatchObject({
      messages: messagesQueued,
      documents: documentsQueued,
      keys: documentsQueued,
      duplicates: 0,
      doubleAcceptances: 0,
      rejected: 0,
    });
  });

  it('shows every list released', async () => {
    await hands.area('declarations');
    const chips = hands.page.getByRole('radiogroup', { name: t('declarations.filter.state') });
    await expect.poll(() => chips.getByRole('radio').allInnerTexts()).toHaveLength(2);
    const [, released = ''] = await chips.getByRole('radio').allInnerTexts();
    expect(released).toContain(t('state.document.closed'));
    expect(countOf(released)).toBeGreaterThanOrEqual(drafted);
    await hands.press('Home', 'Enter');
    await hands.page.getByRole('tab', { name: /回执/ }).click();
    await hands.sees('899');
  });

  it('has posted every sale, balanced, and leads from the balance to the receipt', async () => {
    await hands.area('ledger');
    await hands.button(t('ledger.balance')).click();
    await hands.on('reports');
    await hands.sees(t('reports.balanced'));
    await hands.page.locator('.data-table-box').getByText('1122', { exact: true }).first().click();
    await hands.press('Enter');
    const lines = hands.page.getByRole('grid', { name: t('reports.name.accountLedger') });
    await lines
      .getByText(/^\d{4}-\d{2}-\d{2}$/)
      .first()
      .click();
    await hands.press('Enter');
    await hands.on('voucher');
    const chain = hands.page.locator('.voucher-chain');
    const order = await chain.getByRole('button').first().innerText();
    await chain.getByRole('button').first().click();
    await hands.on('order');
    await hands.page.locator('.detail-head h2', { hasText: order.replace(/\D+/, '') }).waitFor();
    await hands.press('Alt+ArrowLeft');
    await hands.on('voucher');
    await chain.getByRole('button').nth(1).click();
    await hands.on('declaration');
    await hands.page.locator('.detail-head h2').waitFor();
    await hands.press('Alt+ArrowLeft');
    await hands.on('voucher');
    await chain.getByRole('button').nth(2).click();
    await hands.on('declaration');
    await hands.sees('899');
  });

  it('says on the page of the day what is left, rightly', async () => {
    await hands.area('today');
    const rows = hands.page.getByRole('grid', { name: t('today.column.attention') });
    await rows.getByText(t('today.importRows.act')).waitFor();
    // The failed rows of the orders, and the orders whose country customs has no code for, if there are any.
    const attention = countOf(await rows.getAttribute('aria-rowcount'));
    await railShows('today', attention);
    for (const area of ['products', 'shipments', 'declarations', 'outbox']) {
      await railShows(area, 0);
    }
    await railShows('orders', orders - drafted);
    await rows.getByText(t('today.importRows.act')).click();
    await hands.sees(t('imports.leftOut.subtitle', { n: leftOut.toLocaleString('en-US') }));
  });

  it('opens the book again with its passphrase, and all is there', async () => {
    await hands.press('Control+k');
    await hands.page.keyboard.type(t('command.closeBook'));
    await hands.page.getByRole('option', { name: t('command.closeBook') }).waitFor();
    await hands.press('Enter');
    await hands.on('welcome');
    const secret = hands.page.locator('.open-form input');
    await secret.fill('wrong passphrase');
    await hands.press('Enter');
    await hands.page.locator('.open-form [role=alert], .open-form .error-note').first().waitFor();
    await secret.fill(passphrase);
    await hands.press('Enter');
    await hands.on('today');
    await railShows('orders', orders - drafted);
    expect(existsSync(path.join(desk.home, 'books'))).toBe(true);
  });

  it('has said no error in its console', () => {
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('the desk without a mouse', () => {
  let sample: Desk;
  let user: Hands;

  beforeAll(async () => {
    sample = await launchDesk({ size: { width: 1366, height: 768 } });
    user = new Hands(sample, t);
  });

  afterEach((context) => pictureOfFailure(sample, context));

  afterAll(() => sample.close());

  const focused = () => sample.page.evaluate(() => document.activeElement?.id ?? '');

  it('opens the sample book by one click', async () => {
    await user.on('welcome');
    await user.button(t('welcome.openSample')).click();
    await user.on('today');
    await user.sees(t('shell.sample'));
    await user.page
      .getByRole('grid', { name: t('today.column.attention') })
      .getByText(t('today.toClassify.act'))
      .waitFor();
  });

  it('reaches every page by its key', async () => {
    for (const area of areas) {
      await user.area(area);
      await user.page.locator('.rail-entry[aria-current=page]', { hasText: t(`area.${area}`) }).waitFor();
    }
    await user.press('Control+i');
    await user.on('import');
    await user.press('Control+n');
    await user.on('shipment');
    await user.press('Alt+ArrowLeft');
    await user.on('import');
    await user.press('Escape');
    await user.on('settings');
    // From a list into its detail and back, and from a line of the day to what it asks for.
    await user.area('orders');
    await user.page.locator('.data-table-box [aria-selected]').first().waitFor();
    await user.press('ArrowDown', 'Enter');
    await user.page.locator('.detail-head h2').waitFor();
    await user.press('Escape');
    await expect.poll(() => sample.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
    await user.area('today');
    await user.page
      .getByRole('grid', { name: t('today.column.attention') })
      .getByText(t('today.toClassify.act'))
      .waitFor();
    await user.press('Home', 'Enter');
    await expect.poll(() => user.page.locator('[data-page]').getAttribute('data-page')).not.toBe('today');
  });

  it('searches the book and its commands by Ctrl+K', async () => {
    await user.area('orders');
    const row = user.page.locator('.data-table-box [aria-selected]').first();
    await row.waitFor();
    const orderNo = await row.locator('.code').first().innerText();
    await user.area('today');
    await user.press('Control+k');
    await user.page.keyboard.type(orderNo);
    await user.page
      .getByRole('option')
      .filter({ hasText: t('search.kind.order') })
      .first()
      .waitFor();
    await user.press('Enter');
    await user.page.locator('.detail-head h2', { hasText: orderNo }).waitFor();
    await user.press('Control+k');
    // The initials of 账簿.
    await user.page.keyboard.type('zb');
    await user.page.getByRole('option', { name: t('command.go', { area: t('area.ledger') }) }).waitFor();
    await user.press('Enter');
    await user.on('ledger');
  });

  it('leaves Enter to the input method while a word is being composed', async () => {
    await user.area('today');
    await user.press('Control+n');
    const field = user.page.locator('#shipment-logisticsName');
    await field.fill('');
    await field.focus();
    const input = await sample.page.context().newCDPSession(sample.page);
    const compose = (text: string) =>
      input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await compose('shun feng');
    await input.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Process',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    });
    await input.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 13,
    });
    expect(await focused()).toBe('shipment-logisticsName');
    // Some input methods hand the plain key through and only say that they are composing.
    await compose('顺丰');
    await user.press('Enter');
    expect(await focused()).toBe('shipment-logisticsName');
    await compose('');
    await field.fill('');
    await compose('顺丰');
    await input.send('Input.insertText', { text: '顺丰速运' });
    expect(await field.inputValue()).toBe('顺丰速运');
    await user.press('Enter');
    expect(await focused()).toBe('shipment-payName');
    await user.press('Shift+Enter');
    expect(await focused()).toBe('shipment-logisticsName');

    // A half-typed word is not searched for, and Enter does not choose for the user.
    await user.press('Control+k');
    await compose('ding');
    await user.press('Enter');
    expect(await user.page.getByRole('combobox', { name: t('shell.search') }).count()).toBe(1);
    await input.send('Input.insertText', { text: '订单' });
    await user.page.getByRole('option', { name: t('command.go', { area: t('area.orders') }) }).waitFor();
    await user.press('Escape');
    await input.detach();
  });

  it('deletes the sample book by one click and a nod', async () => {
    await user.press('Control+k');
    await user.page.keyboard.type('gbzt');
    await user.page.getByRole('option', { name: t('command.closeBook') }).waitFor();
    await user.press('Enter');
    await user.on('welcome');
    await user.button(t('common.delete')).click();
    await user.sees(t('welcome.deleteSample'));
    await user.press('Enter');
    await user.sees(t('welcome.noBooks'));
  });

  it('has said no error in its console', () => {
    expect(sample.pageErrors()).toEqual([]);
  });
});
