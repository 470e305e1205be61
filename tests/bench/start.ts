import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { _electron as electron } from 'playwright';
import { deskEnvironment, launchDesk, runtime } from '../desk/launch.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { compare, type Figure, inFolder, timed } from './harness.ts';

const ROUNDS = 5;
const PASSPHRASE = 'bench-passphrase';

/** An application that does nothing but open a window on an empty page: what Electron itself costs. */
function writeEmptyApp(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.cjs' }),
  );
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>empty</title><main>empty</main>');
  writeFileSync(
    path.join(folder, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron');
app.disableHardwareAcceleration();
app.whenReady().then(() => new BrowserWindow({ width: 1366, height: 768 }).loadFile('index.html'));`,
  );
  return folder;
}

async function emptyStart(app: string, home: string): Promise<number> {
  const { executable, switches } = runtime();
  let close = async (): Promise<void> => undefined;
  const ms = await timed(async () => {
    const running = await electron.launch({
      executablePath: executable,
      args: [...switches, app],
      env: deskEnvironment(home),
    });
    close = () => running.close();
    const page = await running.firstWindow();
    await page.waitForSelector('main');
  });
  await close();
  return ms;
}

/** Window up with the books to choose from; then the passphrase typed and today's work on the screen. */
async function deskStart(home: string): Promise<{ window: number; today: number }> {
  let desk: Awaited<ReturnType<typeof launchDesk>> | undefined;
  const window = await timed(async () => {
    desk = await launchDesk({ home });
    await desk.page.waitForSelector('input[type=password]');
  });
  if (desk === undefined) throw new Error('no desk');
  const { page } = desk;
  const today = await timed(async () => {
    await page.fill('input[type=password]', PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-page="today"]');
  });
  await desk.close();
  return { window, today };
}

export function startFigures(workbook: string): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const home = path.join(folder, 'home');
    const core = coreAt(home);
    await must(core, 'books.create', { profile: firm, passphrase: PASSPHRASE });
    await must(core, 'imports.run', { kind: 'orders', file: workbook, defaults: { currency: 'GBP' } });
    await core.close();
    const app = writeEmptyApp(path.join(folder, 'empty'));
    const opening: number[] = [];
    const ms = await compare(
      ROUNDS,
      async () => {
        const { window, today } = await deskStart(home);
        opening.push(today);
        return window;
      },
      () => emptyStart(app, path.join(folder, 'empty-home')),
    );
    const opened = opening.toSorted((a, b) => a - b)[Math.floor(opening.length / 2)] ?? 0;
    return [
      {
        name: `start of the window with a book of 50,000 lines (unlocking it to today's work: ${opened.toFixed(0)} ms more)`,
        unit: 'ms',
        ...ms,
        floorName: 'an empty Electron window',
        goal: '≤ 1.5 ×',
        isMet: ms.ours / ms.floor <= 1.5,
      },
    ];
  });
}
