import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { firm } from '../fixtures/trade.ts';
import { type Desk, launchDesk, makeHome } from './launch.ts';

/** What the desk survives: an ended core, a crashed page, a restart. Nothing here knows what the core computes. */

const home = makeHome();

afterAll(() => rmSync(home, { recursive: true, force: true }));

function corePid(desk: Desk): Promise<number | undefined> {
  return desk.app.evaluate(({ app }) => app.getAppMetrics().find((one) => one.name === 'Portbook core')?.pid);
}

/** Asks the core as the page does. */
async function ask<T>(desk: Desk, op: string, input: object): Promise<T> {
  const answer = await desk.page.evaluate(
    ([name, value]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return bridge.call(name, value);
    },
    [op, input] as const,
  );
  expect(answer).toMatchObject({ ok: true });
  return (answer as { data: T }).data;
}

describe('the desk', () => {
  it('starts a new core when one ends, and tells the page', async () => {
    const desk = await launchDesk({ home });
    try {
      await desk.page.evaluate(() => {
        const names: string[] = [];
        Reflect.set(window, 'heardEvents', names);
        const bridge: { onEvent(listener: (event: { name: string }) => void): void } = Reflect.get(window, 'portbook');
        bridge.onEvent((event) => names.push(event.name));
      });
      const first = await corePid(desk);
      if (first === undefined) throw new Error('no core runs');
      process.kill(first, 'SIGKILL');
      await expect.poll(() => desk.page.evaluate(() => Reflect.get(window, 'heardEvents'))).toContain('core-restarted');
      const second = await corePid(desk);
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
    } finally {
      await desk.close();
    }
  });

  it('opens its page again when it crashes', async () => {
    const desk = await launchDesk({ home });
    try {
      await desk.app.evaluate(({ dialog, BrowserWindow }) => {
        // The message to the user would wait for a click.
        dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        // The first page may still be loading: only what loads after the crash is the page that came back.
        contents?.once('render-process-gone', () =>
          contents.once('did-finish-load', () => Reflect.set(globalThis, 'isPageBack', true)),
        );
        // After the answer to this very call has left.
        setImmediate(() => contents?.forcefullyCrashRenderer());
      });
      await expect.poll(() => desk.app.evaluate(() => Reflect.has(globalThis, 'isPageBack'))).toBe(true);
      // Playwright gives up a page that has crashed, so the page is asked through the main process.
      const found = await desk.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('typeof window.portbook'),
      );
      expect(found).toBe('object');
    } finally {
      await desk.close();
    }
  });

  it('keeps what was typed when the window closes at once', async () => {
    const passphrase = 'desk-close-passphrase';
    const before = await launchDesk({ home });
    const { bookId } = await ask<{ bookId: string }>(before, 'books.create', { profile: firm, passphrase });
    await before.page.locator('[data-page="today"]').waitFor();
    await before.page.keyboard.press('Control+n');
    await before.page.locator('#shipment-billNo').fill('88012345675');
    // The last field is still being typed in, and neither has waited out the pause before a save.
    await before.page.locator('#shipment-voyageNo').fill('HU491');
    const ended = once(before.app.process(), 'exit');
    await before.app.evaluate(
      ({ BrowserWindow }) => void setImmediate(() => BrowserWindow.getAllWindows()[0]?.close()),
    );
    await ended;

    const after = await launchDesk({ home });
    try {
      await ask(after, 'books.open', { bookId, secret: { passphrase } });
      const { rows } = await ask<{ rows: { body: object }[] }>(after, 'shipments.list', { limit: 1 });
      expect(rows[0]?.body).toMatchObject({ billNo: '88012345675', voyageNo: 'HU491' });
    } finally {
      await after.close();
    }
  });

  it('opens where it was left, in the theme that was chosen', async () => {
    const before = await launchDesk({ home });
    await before.page.evaluate(() => {
      // The page keeps the choice, and tells the system's part of the window at every start.
      localStorage.setItem('portbook.view', JSON.stringify({ state: { theme: 'dark' }, version: 1 }));
      const bridge: { setTheme(theme: string): Promise<void> } = Reflect.get(window, 'portbook');
      return bridge.setTheme('dark');
    });
    await before.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 60, width: 1200, height: 700 });
    });
    await before.close();

    const after = await launchDesk({ home });
    const found = await after.app.evaluate(({ BrowserWindow, nativeTheme }) => ({
      size: BrowserWindow.getAllWindows()[0]?.getBounds(),
      theme: nativeTheme.themeSource,
    }));
    await after.close();
    expect(found.size).toMatchObject({ width: 1200, height: 700 });
    expect(found.theme).toBe('dark');
  });
});
