import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright';

/** The project's root, which is the application's folder in every desk test. */
export const root = path.resolve(import.meta.dirname, import.meta.dirname.endsWith('dist') ? '..' : '../..');

export interface LaunchOptions {
  /** The user's data folder; a new empty one when left out, which `close` removes again. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** The page's size in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

const closeMs = 60_000;
const startMs = 120_000;
/** As long as a poll lasts: see `vitest.config.ts`. */
const actionMs = 60_000;

/** A running desk: the application, its page, and whatever either of them has said. */
export interface Desk {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly home: string;
  /** What the page wrote to its console, as `type: text`, and its uncaught errors as `pageerror: text`. */
  readonly consoleLines: string[];
  /** What the main process and the core wrote to stderr. */
  readonly errorLines: string[];
  /** The page's errors among the console lines: a test that expects none asks that this be empty. */
  pageErrors(): string[];
  /** Quits as a user does, so that the core flushes. Removes the home folder if it was made here. */
  close(): Promise<void>;
}

/** The runtime and its switches, as `npm test` has prepared them. */
export function runtime(): { readonly executable: string; readonly switches: string[] } {
  const executable = process.env.PORTBOOK_ELECTRON;
  if (!executable) throw new Error('No Electron has been prepared yet: run `npm test -- desk` once, which does so.');
  return { executable, switches: (process.env.PORTBOOK_ELECTRON_SWITCHES ?? '').split(' ').filter(Boolean) };
}

/** The environment of a desk under test: its own data folder, no graphics card, no variables of the test runner. */
export function deskEnvironment(home: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(VITEST|NODE_OPTIONS|NODE_ENV|ELECTRON_RUN_AS_NODE)/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(inherited),
    LANG: 'zh_CN.UTF-8',
    LANGUAGE: 'zh_CN',
    PORTBOOK_HOME: home,
    PORTBOOK_DISABLE_GPU: '1',
    ...extra,
  };
}

/** Makes an empty data folder. */
export function makeHome(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'portbook-home-'));
}

/** Starts the real desk from dist/ and waits for its page. */
export async function launchDesk(options: LaunchOptions = {}): Promise<Desk> {
  const home = options.home ?? makeHome();
  mkdirSync(home, { recursive: true });
  const { executable, switches } = runtime();
  const app = await electron.launch({
    executablePath: executable,
    args: [...switches, '--lang=zh-CN', root, ...(options.args ?? [])],
    env: deskEnvironment(home, options.env),
    cwd: root,
    timeout: startMs,
  });
  const consoleLines: string[] = [];
  const errorLines: string[] = [];
  app.process().stderr?.on('data', (chunk: Buffer) => {
    errorLines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
  });
  app.on('window', (page) => listen(page, consoleLines));
  const page = await app.firstWindow({ timeout: startMs });
  page.setDefaultTimeout(actionMs);
  listen(page, consoleLines);
  if (options.size) {
    await app.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    }, options.size);
  }
  await page.waitForLoadState('domcontentloaded');
  return {
    app,
    page,
    home,
    consoleLines,
    errorLines,
    pageErrors: () => consoleLines.filter((line) => /^(error|pageerror): /.test(line)),
    close: async () => {
      await quit(app);
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Quits as the menu does and waits for the process. Playwright's own close first waits for every page, and a page that
 * has crashed never answers.
 */
async function quit(app: ElectronApplication): Promise<void> {
  const child = app.process();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // A desk that does not end must not make the next test, which may use the same home, fail in its stead.
  const timer = setTimeout(() => child.kill('SIGKILL'), closeMs);
  await app.evaluate(({ app: running }) => void setImmediate(() => running.quit()));
  await ended;
  clearTimeout(timer);
  if (child.signalCode === 'SIGKILL') throw new Error('the desk did not quit by itself');
}

const heard = new WeakSet<Page>();

function listen(page: Page, lines: string[]): void {
  if (heard.has(page)) return;
  heard.add(page);
  page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => lines.push(`pageerror: ${error.message}`));
}

/**
 * Lets the next dialogs of the operating system answer by themselves, as a user would: the dialog is the only thing of
 * the desk that a test cannot click.
 *
 * @param answers paths in the order in which dialogs will open, several for one that takes many; null is the user closing one
 */
export async function answerDialogs(
  app: ElectronApplication,
  answers: readonly (string | readonly string[] | null)[],
): Promise<void> {
  await app.evaluate(
    ({ dialog }, queue) => {
      const left = [...queue];
      const next = () => left.shift() ?? null;
      dialog.showOpenDialog = async () => {
        const file = next();
        return { canceled: file === null, filePaths: file === null ? [] : ([file].flat() as string[]) };
      };
      dialog.showSaveDialog = async () => {
        const file = next();
        return { canceled: file === null, filePath: typeof file === 'string' ? file : '' };
      };
    },
    [...answers],
  );
}
