import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { usccCheckCharacter } from '../../../shared/identity/identity.ts';
import { riskText } from '../../../shared/risk/texts.ts';
import { riskBook } from '../../fixtures/risk-book.ts';
import { taxBook } from '../../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../../fixtures/trade.ts';
import { type Desk, launchDesk } from '../launch.ts';
import { pictureOfFailure } from '../support/failure.ts';
import { Hands } from '../support/hands.ts';
import { album } from '../support/story.ts';
import { textsIn } from '../support/texts.ts';

/**
 * A broker's day over twenty clients: the list says where goods came back and where flags stand; goods come back to one, a red flag is closed
 * at another, and neither sees the other's.
 */
const t = textsIn('zh-CN');
const passphrase = 'story-broker-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-story-broker-'));
const clients = Array.from({ length: 20 }, (_, n) => {
  const body = `91469002MA5T${String(n).padStart(5, '0')}`;
  return { name: `${String(n + 1).padStart(2, '0')}号客户贸易有限公司`, uscc: body + (usccCheckCharacter(body) ?? '') };
});
const RETURNING = 7;
const RISKY = 12;
/** Clients of whom something waits from the days before. */
const RETURNED = [1, 4, 16] as const;
const FLAGGED = [9, 14] as const;
let desk: Desk;
let hands: Hands;
let picture: (place: string) => Promise<void>;

async function prepare(home: string): Promise<void> {
  const core = coreAt(home);
  for (const [n, { name, uscc }] of clients.entries()) {
    const customsCode = `460396${String(n).padStart(4, '0')}`;
    await must(core, 'books.create', { profile: { ...firm, role: 'broker', name, uscc, customsCode }, passphrase });
    const isReturned = RETURNED.some((one) => one === n);
    const isFlagged = FLAGGED.some((one) => one === n);
    if (n === RETURNING || isReturned) {
      const exportLineId = taxBook(core).line({
        mode: '9810',
        declarationNo: `5141202600000000${10 + n}`,
        exportDate: '2026-03-10',
        qty: 10,
      });
      const back = { qty: '2', receivedOn: '2026-05-06', reason: 'returned', place: 'A-01', note: '' } as const;
      if (isReturned) await must(core, 'returns.receive', { line: { exportLineId }, ...back });
    }
    if (n === RISKY || isFlagged) {
      const put = riskBook(core, '2026-11-22T01:00:00.000Z');
      put.rate('USD', '2026-01-01', '7');
      const account = put.account();
      for (let one = 1; one <= 6; one += 1) {
        const order = put.order(`W${one}`, 10_000, { order_date: '2026-01-02', store: 'S1', buyer_name: 'Meridian' });
        put.exported(order, one === 6 ? 90_000 : 10_000, {
          export_date: `2026-01-1${one}`,
          declaration_no: 'D2026',
          line_no: one,
        });
        put.allocate(put.record(account, 10_000, `2026-02-0${one}`, { counterparty: 'MERIDIAN' }), order, 10_000);
      }
      if (isFlagged) await must(core, 'redFlags.run', {});
    }
  }
  await core.close();
}

beforeAll(async () => {
  const home = path.join(folder, 'home');
  await prepare(home);
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  picture = album(desk, 'broker');
  await hands.on('welcome');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

/** From the list of books: the client by his name, with the passphrase where it is asked for. */
async function openClient(n: number): Promise<void> {
  const { name } = clients[n] ?? { name: '' };
  await hands.on('welcome');
  const entry = desk.page.locator('.book-list > li', { hasText: name });
  await entry.waitFor();
  if ((await entry.locator('.open-form').count()) === 0) await entry.locator('.book-title').click();
  await entry.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
  await hands.on('today');
  await desk.page.locator('.top-bar, header', { hasText: name }).first().waitFor();
}
/** From client to client by Ctrl+B. */
async function switchTo(n: number): Promise<void> {
  const { name } = clients[n] ?? { name: '' };
  await hands.press('Control+b');
  await desk.page.locator('.drop-row', { hasText: name }).click();
}
async function command(words: string, page: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(words);
  await desk.page.getByRole('option', { name: t(`command.${page}`) }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
}

describe("the broker's day", () => {
  it('has all clients before him', async () => {
    await expect.poll(() => desk.page.locator('.book-list > li').count()).toBe(clients.length);
    const waits = (n: number) =>
      desk.page.locator('.book-list > li', { hasText: clients[n]?.name ?? '' }).textContent();
    for (const n of RETURNED) await expect.poll(() => waits(n)).toContain(t('welcome.waits.returns', { n: '1' }));
    for (const n of FLAGGED)
      await expect.poll(() => waits(n)).toMatch(new RegExp(t('welcome.waits.flags', { n: '\\d+' })));
    await expect.poll(() => waits(0)).toContain(t('welcome.nothingWaits'));
    await picture('clients');
  });

  it('takes in what came back to one client, tied to the line it went out on', async () => {
    await openClient(RETURNING);
    await command('thwx', 'returns');
    await hands.press('Control+n');
    await desk.page.locator('#return-line:focus').waitFor();
    await desk.page.keyboard.type('51412026');
    await desk.page.getByRole('option', { name: /514120260000000017/ }).waitFor();
    await hands.press('Enter');
    await hands.sees(t('goodsReturns.leftOf', { out: '10', left: '10' }));
    await desk.page.locator('#return-qty').fill('4');
    await hands.press('Control+Enter');
    await desk.page.locator('.ant-table-row').first().waitFor();
    await picture('return');
  });

  it('closes a red flag at another, who knows nothing of the first', async () => {
    await switchTo(RISKY);
    await openClient(RISKY);
    await command('thwx', 'returns');
    await hands.sees(t('goodsReturns.empty'));
    await command('fxts', 'risk');
    await hands.press('F8');
    const flag = desk.page.locator('.ant-table-row').first();
    await flag.waitFor();
    await expect.poll(async () => (await flag.textContent())?.length).toBeGreaterThan(0);
    await hands.press('Home', 'Enter');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).toBe('flag-owner');
    await desk.page.keyboard.type('陈会计');
    await hands.press('Enter');
    await hands.sees(t('risk.assigned'));
    await desk.page.locator('#flag-note').fill('已核对合同与报价单');
    await hands.press('Control+Enter');
    await hands.told(t('risk.closed'));
    await desk.page.getByRole('radio', { name: riskText('zh-CN', 'state.closed') }).click();
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBe(1);
    await picture('risk');
  });

  it('goes back to the first without being asked again, and finds it as he left it', async () => {
    await hands.press('Control+b');
    const left = desk.page.locator('.drop-row', { hasText: clients[RETURNING]?.name ?? '' });
    await expect.poll(() => left.textContent()).toContain(t('welcome.waits.returns', { n: '1' }));
    await picture('waits');
    await hands.press('Escape');
    await switchTo(RETURNING);
    await desk.page
      .locator('.top-bar, header', { hasText: clients[RETURNING]?.name ?? '' })
      .first()
      .waitFor();
    await command('thwx', 'returns');
    await desk.page.locator('.ant-table-row').first().waitFor();
    await picture('back');
    expect(desk.pageErrors()).toEqual([]);
  });
});
