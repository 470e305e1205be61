import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { type Desk, launchDesk, root } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** The lock of the screen and rights by role, in the real window. */
const t = textsIn('zh-CN');
let desk: Desk;
let hands: Hands;
const pictures = path.join(root, 'out', 'lock');

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
});

const picture = (name: string) => desk.page.screenshot({ path: path.join(pictures, `${name}.png`) });

async function command(typed: string, name: string, page: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(typed);
  await desk.page.getByRole('option', { name: t(`command.${name}`) }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
}

/** What the core answers the page: the code of its refusal, or `taken`. */
const asks = (op: string, input: object = {}): Promise<string> =>
  desk.page.evaluate(
    async ([name, given]) => {
      const { portbook } = window as unknown as {
        portbook: { call(op: string, input: object): Promise<{ ok: boolean; error?: { code: string } }> };
      };
      const answer = await portbook.call(name, given);
      return answer.ok ? 'taken' : (answer.error?.code ?? '');
    },
    [op, input] as const,
  );

async function unlock(): Promise<void> {
  await desk.page.locator('#lock-passphrase').fill(samplePassphrase);
  await hands.press('Enter');
  await desk.page.locator('[data-page="lock"]').waitFor({ state: 'detached' });
}

describe('the lock', () => {
  it('takes the page out of the document, answers nothing, and gives back what was half typed', async () => {
    await command('renyuan', 'clerks', 'review');
    await desk.page.locator('#clerk-name').fill('周芷若');
    await hands.press('Control+Shift+L');
    await hands.on('lock');
    await picture('locked');
    const inDocument = await desk.page.evaluate(() => [
      document.documentElement.outerHTML.includes('周芷若'),
      document.querySelector('#root') !== null,
      document.querySelectorAll('input').length,
    ]);
    expect(inDocument).toEqual([false, false, 1]);
    await expect.poll(() => asks('orders.list')).toBe('SCREEN_LOCKED');
    expect(await asks('documents.queue', { ids: [] })).toBe('SCREEN_LOCKED');
    // No key of the desk means anything here, not even after the unlocking.
    await hands.press('F8', 'Alt+2', 'Control+k');
    await desk.page.locator('#lock-passphrase').fill('not this one');
    await hands.press('Enter');
    await desk.page.locator('.lock-card [role=alert]').waitFor();
    await picture('wrong');
    expect(await asks('orders.list')).toBe('SCREEN_LOCKED');
    await unlock();
    await hands.on('review');
    await expect.poll(() => desk.page.locator('#clerk-name').inputValue()).toBe('周芷若');
    await expect.poll(() => asks('orders.list')).toBe('taken');
  });

  it('saves what is typed before it locks, and stays locked in a window that is loaded again', async () => {
    await hands.press('Control+n');
    await hands.on('shipment');
    await desk.page.locator('#shipment-billNo').fill('LOCK-7788');
    await hands.press('Control+Shift+L');
    await hands.on('lock');
    await expect.poll(() => asks('orders.list')).toBe('SCREEN_LOCKED');
    await desk.page.reload();
    await hands.on('lock');
    expect(await desk.page.evaluate(() => document.querySelector('#root'))).toBeNull();
    expect(await asks('orders.list')).toBe('SCREEN_LOCKED');
    await unlock();
    const saved = await desk.page.evaluate(async () => {
      const { portbook } = window as unknown as { portbook: { call(op: string, input: object): Promise<unknown> } };
      return JSON.stringify(await portbook.call('shipments.list', {}));
    });
    expect(saved).toContain('LOCK-7788');
  });

  it('comes by itself after the minutes that are set', async () => {
    await desk.page.locator('.rail-entry', { hasText: t('area.settings') }).click();
    await hands.on('settings');
    await desk.page.getByText(t('settings.protection.title'), { exact: true }).click();
    await desk.page.locator('#lock-idle').click();
    await desk.page.locator('.ant-select-item-option', { hasText: t('settings.lock.minutes', { count: 3 }) }).click();
    await hands.sees(t('settings.lock.changed'));
    await picture('settings');
    await desk.page.evaluate(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 200_000;
    });
    await hands.on('lock');
    await unlock();
    await desk.page.locator('#lock-idle').click();
    await desk.page.locator('.ant-select-item-option', { hasText: t('settings.lock.never') }).click();
  });
});

describe('roles', () => {
  it('are set by the owner, and the core refuses what one may not do', async () => {
    await command('renyuan', 'clerks', 'review');
    const rowOf = (name: string) => desk.page.locator('.ant-table-row', { hasText: name });
    for (const name of ['钱老板', '孙只读']) {
      await desk.page.locator('#clerk-name').fill(name);
      await desk.page.locator('#clerk-name').press('Enter');
      await rowOf(name).waitFor();
    }
    await rowOf('钱老板')
      .getByRole('button', { name: t('broker.clerk.setPin') })
      .click();
    await desk.page.locator('#clerk-pin').fill('2468');
    await hands.press('Enter');
    await hands.sees(t('broker.clerk.pinSet', { name: '钱老板' }));
    await rowOf('孙只读').getByRole('combobox').click();
    await desk.page.locator('.ant-select-item-option', { hasText: t('broker.clerk.roles.reader') }).click();
    await hands.sees(t('broker.clerk.withRoles'));
    await desk.page.locator('.top-clerk').click();
    await desk.page.locator('.ant-select-item-option', { hasText: '孙只读' }).click();
    await desk.page.locator('.top-clerk', { hasText: '孙只读' }).waitFor();
    expect(await asks('books.updateProfile', { zone: '琼海' })).toBe('ROLE_REFUSED');
    await picture('roles');
    await desk.page.locator('.top-clerk').click();
    await desk.page.locator('.ant-select-item-option', { hasText: '钱老板' }).click();
    await desk.page.locator('#clerk-pin').waitFor();
    await picture('pin');
    await desk.page.locator('#clerk-pin').fill('2468');
    await hands.press('Enter');
    await desk.page.locator('.top-clerk', { hasText: '钱老板' }).waitFor();
    expect(await asks('books.updateProfile', { zone: '琼海' })).toBe('taken');
    expect(desk.pageErrors()).toEqual([]);
  });
});

describe('a backup', () => {
  it('is restored from the first page, by date, with the name typed and the passphrase', async () => {
    expect(await asks('books.backup')).toBe('taken');
    await hands.press('Control+k');
    await desk.page.keyboard.type('close');
    await desk.page.getByRole('option', { name: t('command.closeBook') }).click();
    await hands.on('welcome');
    await desk.page.getByRole('button', { name: t('restore.fromBook') }).click();
    await desk.page.locator('[data-step="restore"]').waitFor();
    await desk.page.locator('.restore-list input').first().check();
    await desk.page.locator('#restore-name').fill('海南椰风示范贸易有限公司');
    await desk.page.locator('#restore-secret').fill('wrong passphrase');
    await hands.press('Enter');
    await desk.page.locator('.restore [role=alert]').waitFor();
    await picture('restore');
    await desk.page.locator('#restore-secret').fill(samplePassphrase);
    await hands.press('Enter');
    await hands.on('today');
    await desk.page.locator('.connection', { hasText: t('connection.paused') }).waitFor();
    await hands.press('Control+k');
    await desk.page.keyboard.type('close');
    await desk.page.getByRole('option', { name: t('command.closeBook') }).click();
    await hands.on('welcome');
    await hands.button(t('welcome.otherLanguage')).click();
    await desk.page.getByRole('button', { name: textsIn('en')('restore.fromBook') }).click();
    await desk.page.locator('[data-step="restore"]').waitFor();
    await picture('restore-en');
    expect(desk.pageErrors()).toEqual([]);
  });
});
