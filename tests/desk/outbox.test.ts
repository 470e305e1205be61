import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { dispute } from '../../electron/core/outbox/conflicts.ts';
import { contentAsked, keepContent } from '../../electron/core/store/conflicts.ts';
import { insertDocuments, storeFindings } from '../../electron/core/store/documents.ts';
import { selectEndpoint } from '../../electron/core/store/endpoints.ts';
import {
  documentsInMessage,
  enqueueMessage,
  markChecked,
  noteCheck,
  requireMessage,
  withdrawMessage,
} from '../../electron/core/store/messages.ts';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import { TestDesk } from '../faults/support/desk.ts';
import { copNoOf, enterprise, guidOf, logisticsNoOf, message, paper } from '../faults/support/papers.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** The outbox of a busy season, by keyboard in the real window: five thousand messages and three differences. */
const t = textsIn('zh-CN');
const passphrase = 'desk-outbox-passphrase';
const MANY = 5000;
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-outbox-'));
const home = path.join(folder, 'home');
let desk: Desk;
let hands: Hands;

/** A list that was taken back, and that the platform says it has released all the same. */
function differ(core: Core, on: TestDesk, n: number): void {
  const { book } = core.session;
  const [guid = ''] = on.queue([n], ['CEB603Message']);
  book.transaction(() => withdrawMessage(book, guid, on.clock.now()));
  const node = {
    guid: guidOf(`return ${n}`),
    customsCode: '6407',
    ebpCode: '无',
    ebcCode: enterprise.uscc,
    agentCode: enterprise.uscc,
    copNo: copNoOf(n),
    invtNo: `64072026E0000000${n}`,
    returnStatus: '800',
    returnTime: '20261121100000123',
    returnInfo: '[Code:1800;Desc:放行]',
  };
  const xml = new TextDecoder().decode(message('CEB604Message', guidOf(`604 ${n}`), [node]));
  storeReceipts(book, 'file', [{ id: `r${n}`, messageGuid: guid, xml }], '', on.clock.now());
}

/** A message of which the platform holds another note, and tells so. */
function disputed(core: Core, on: TestDesk, n: number): void {
  const { book } = core.session;
  const [guid = ''] = on.queue([n], ['CEB303Message']);
  const at = on.clock.now();
  dispute(book, requireMessage(book, guid), 'ab'.repeat(32), 'closed', at);
  const theirs = message('CEB303Message', guid, [paper('CEB303Message', n, { note: '另一台电脑' })]);
  keepContent(book, contentAsked(book, guid)?.id ?? 0, theirs, at);
}

/** A message that was queued with other tables, and is not good by those in force. */
function unfit(core: Core, on: TestDesk, n: number): void {
  const { book } = core.session;
  const [guid = ''] = on.queue([n], ['CEB505Message']);
  const [id = 0] = documentsInMessage(book, guid);
  const params = { n: 1, from: 'A1' };
  const found = { rule: 'ENTRY-CONFIRM', level: 'reject' as const, path: 'packNo', params, source: 'test' };
  storeFindings(book, id, [found], on.clock.now());
  noteCheck(book, guid, 'tables rules', false, on.clock.now());
}

/** A receipt that names an order of this book and a message that the book never sent. */
function stray(core: Core, on: TestDesk, n: number): void {
  const node = {
    guid: guidOf(`many ${n}`),
    ebpCode: '无',
    ebcCode: enterprise.uscc,
    orderNo: `M${n}`,
    returnStatus: '120',
    returnTime: '20261121100000123',
    returnInfo: '[Code:2600;Desc:逻辑校验通过]',
  };
  const xml = new TextDecoder().decode(message('CEB304Message', guidOf(`304 ${n}`), [node]));
  storeReceipts(core.session.book, 'file', [{ id: `s${n}`, messageGuid: guidOf('nobody’s'), xml }], '', on.clock.now());
}

async function prepare(): Promise<void> {
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  const { book } = core.session;
  const on = TestDesk.over(book, folder);
  selectEndpoint(book, { id: 'closed', url: 'http://127.0.0.1:9', name: '市平台' });
  book.setSetting('sync.paused', '1');
  const now = on.clock.now();
  book.transaction(() => {
    const shipmentId = on.shipment();
    for (let n = 1; n <= MANY; n += 1) {
      const body = { ...paper('CEB303Message', n) };
      const [id = 0] = insertDocuments(
        book,
        [
          {
            kind: 'CEB303Message',
            businessKey: `M${n}`,
            guid: guidOf(`many ${n}`),
            body,
            amountE5: 735_000,
            currency: 'GBP',
          },
        ],
        { orderId: on.order(n), shipmentId, tablesVersion: 'test', now },
      );
      markChecked(book, [id], now);
      const guid = guidOf(`many message ${n}`);
      const bytes = new TextEncoder().encode(`<m>${n}</m>`);
      enqueueMessage(book, { guid, kind: 'CEB303Message', bytes, documentIds: [id], signatureKind: 'none', now });
    }
  });
  differ(core, on, MANY + 1);
  differ(core, on, MANY + 2);
  unfit(core, on, MANY + 4);
  stray(core, on, 7);
  await on.engine.drain({ forced: true });
  // The last of the three.
  disputed(core, on, MANY + 3);
  await core.close();
}

beforeAll(async () => {
  await prepare();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.evaluate(async (secret) => {
    const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
    const { data } = (await bridge.call('books.list', {})) as { data: { books: { id: string }[] } };
    await bridge.call('books.open', { bookId: data.books[0]?.id ?? '', secret: { passphrase: secret } });
  }, passphrase);
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const grid = () => desk.page.getByRole('grid', { name: t('area.outbox') });

describe('the outbox', () => {
  it('says on the first page that the platform differs', async () => {
    await hands.sees(t('today.conflicts.what', { conflicts: 3 }));
    await hands.sees(t('today.unfit.what', { messages: 1 }));
  });

  it('shows five thousand messages, why they wait, and goes through them without a long stop', async () => {
    await hands.area('outbox');
    await hands.sees(t('waiting.paused'));
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(MANY + 4));
    const { worst, tasks } = await desk.page.evaluate(async () => {
      const tasks: number[] = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(duration);
      }).observe({ type: 'longtask' });
      const holder = document.querySelector('.data-table .ant-table-tbody-virtual-holder');
      for (let step = 1; step <= 40; step += 1) {
        holder?.scrollTo({ top: step * 4000 });
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      }
      return { worst: Math.max(0, ...tasks), tasks: tasks.map(Math.round) };
    });
    console.log(
      `outbox: longest task while scrolling through ${MANY} messages: ${worst.toFixed(0)} ms; tasks over 50 ms: ${tasks.join(' ')}`,
    );
  });

  it('ticks rows by mouse, a range with Shift, and all that are loaded', async () => {
    const ticks = grid().getByRole('checkbox');
    const ticked = () => grid().getByRole('checkbox', { checked: true }).count();
    await hands.press('Home');
    await ticks.nth(2).click();
    await ticks.nth(5).click({ modifiers: ['Shift'] });
    await expect.poll(ticked).toBe(4);
    await hands.sees(t('outbox.steer.selected', { count: 4, shown: '4' }));
    await ticks.nth(3).click();
    await expect.poll(ticked).toBe(3);
    await grid()
      .getByRole('checkbox', { name: t('common.selectAll') })
      .click();
    await expect.poll(() => ticks.nth(1).isChecked()).toBe(true);
    await grid()
      .getByRole('checkbox', { name: t('common.selectAll') })
      .click();
    await expect.poll(ticked).toBe(0);
  });

  it('finds one by number, holds it and lets it go by key', async () => {
    await hands.press('Control+f');
    await desk.page.keyboard.type('4321');
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('1');
    await grid().focus();
    await hands.press('ArrowDown', 'h');
    await hands.sees(t('waiting.held'));
    await hands.press('u');
    await hands.sees(t('outbox.priorityOf.2'));
    await hands.press('r');
    await hands.sees(t('waiting.paused'));
    await hands.sees(t('outbox.event.queue'));
    await hands.press('Control+f', 'Escape');
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(MANY + 4));
  });

  it('steers all that a filter shows', async () => {
    await hands.press('Control+f');
    await desk.page.keyboard.type('M49');
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('111');
    await hands.button(t('outbox.steer.all', { count: 111, shown: '111' })).click();
    await hands.button(t('outbox.steer.hold')).click();
    await hands.sees(t('outbox.steered.hold', { count: 111, shown: '111' }));
    await hands.button(t('outbox.withdraw')).first().click();
    await hands.button(t('outbox.withdraw')).first().click();
    await hands.sees(t('outbox.withdrawnMany.all', { messages: '111', documents: '111', kept: '0' }));
    await hands.press('Control+f', 'Escape');
  });

  it('shows what no longer passes the check, with what was found', async () => {
    await desk.page.getByRole('combobox', { name: t('outbox.waitingFilter') }).click();
    await desk.page.getByTitle(t('outbox.waitingOf.unfit')).click();
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('1');
    await desk.page.locator('.ant-table-row', { hasText: t('waiting.unfit') }).click();
    await hands.sees(t('outbox.unfit'));
    await hands.sees(logisticsNoOf(MANY + 4));
    await desk.page.getByRole('combobox', { name: t('outbox.waitingFilter') }).click();
    await desk.page.getByTitle(t('outbox.waitingAny')).click();
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(MANY + 4));
  });

  it('leads to the receipts that wait for a document, and attaches one to the one it names', async () => {
    await hands.button(t('outbox.parkedSome', { shown: '1' })).click();
    await hands.on('parkedReceipts');
    await hands.sees(t('receipts.problemOf.RECEIPT_MESSAGE_UNKNOWN'));
    await hands.button(t('receipts.attachNow')).click();
    await hands.sees(t('receipts.attachQuestion', { number: 'M7' }));
    await hands.button(t('receipts.attachNow')).last().click();
    await hands.sees(t('receipts.attached', { number: 'M7' }));
    await hands.sees(t('receipts.none'));
    await hands.press('Escape');
    await hands.on('outbox');
    await hands.sees(t('outbox.parked'));
  });

  it('lets a person choose where the platform differs, field by field and with a reason', async () => {
    await desk.page.getByRole('radio', { name: new RegExp(`^${t('outbox.tab.conflicts')}`) }).click();
    await hands.sees(t('outbox.conflict.what.state'));
    await hands.sees(copNoOf(MANY + 1));
    await hands.press('Control+1');
    await desk.page.getByLabel(t('outbox.conflict.reason')).fill('已电话核实，平台将更正');
    await hands.press('Control+Enter');
    await hands.sees(t('outbox.conflict.chosen'));
    await hands.sees(copNoOf(MANY + 2));
    await hands.press('Control+2');
    await desk.page.getByLabel(t('outbox.conflict.reason')).fill('纸质单已交海关');
    await hands.press('Control+Enter');
    // Of other bytes the fields that differ are shown, by their names.
    await hands.sees(t('outbox.conflict.differences.title', { count: 1, shown: '1' }));
    await hands.sees('另一台电脑');
    await hands.press('Control+2');
    await desk.page.getByLabel(t('outbox.conflict.reason')).fill('另一台电脑已报');
    await hands.press('Control+Enter');
    await hands.sees(t('outbox.conflict.none.open'));
    await desk.page.getByRole('radio', { name: t('outbox.conflict.isDecided') }).click();
    await desk.page.locator('.ant-table-row', { hasText: copNoOf(MANY + 2) }).waitFor();
    await desk.page.getByRole('grid', { name: t('outbox.tab.conflicts') }).focus();
    await hands.press('ArrowDown', 'End');
    await hands.sees(/另一台电脑已报/);
    expect(desk.pageErrors()).toEqual([]);
  });
});
