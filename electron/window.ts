import path from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme } from 'electron';
import type { PlatformInfo } from '../shared/contract/bridge.ts';
import { flushChannel, flushedChannel, platformInfoSwitch } from '../shared/contract/desk-channels.ts';
import { isOurPage } from './guards.ts';
import { log, logBug } from './log.ts';
import { distFolder } from './places.ts';
import { startPage } from './protocol.ts';
import { text } from './texts.ts';
import { followWindow, initialBounds, wasMaximized } from './window-state.ts';

const crashesAllowed = 3;
const crashWindowMs = 60_000;
const flushMs = 1000;
const systems = { win32: 'windows', darwin: 'macos' } as const;

function platformInfo(): PlatformInfo {
  return {
    os: process.platform === 'win32' || process.platform === 'darwin' ? systems[process.platform] : 'linux',
    version: app.getVersion(),
    locale: app.getPreferredSystemLanguages()[0] ?? 'zh-CN',
    isPackaged: app.isPackaged,
  };
}

/** Opens the desk's window. It is shown once it has something to show, on a ground of its theme's colour. */
export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    ...initialBounds(),
    minWidth: 1024,
    // A screen of 768 pixels at 125 % has 614, less the task bar.
    minHeight: 560,
    show: false,
    title: '通关簿 Portbook',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141414' : '#f5f5f5',
    autoHideMenuBar: true,
    webPreferences: {
      preload: path.join(distFolder(), 'preload.cjs'),
      additionalArguments: [`${platformInfoSwitch}${JSON.stringify(platformInfo())}`],
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  followWindow(window);
  watchOver(window);
  flushOnClose(window);
  window.once('ready-to-show', () => {
    if (wasMaximized()) window.maximize();
    window.show();
  });
  window.loadURL(startPage).catch((error: unknown) => logBug('load-page', error));
  return window;
}

/**
 * Closing first lets the page write what was typed last. A page that has crashed is not asked, and one that hangs is not
 * waited for.
 */
function flushOnClose(window: BrowserWindow): void {
  const contents = window.webContents;
  let isFlushing = false;
  let isQuitting = false;
  const onQuit = (): void => {
    isQuitting = true;
  };
  app.on('before-quit', onQuit);
  window.on('closed', () => app.off('before-quit', onQuit));
  window.on('close', (event) => {
    if (contents.isDestroyed() || contents.isCrashed()) return;
    event.preventDefault();
    if (isFlushing) return;
    isFlushing = true;
    const finish = (): void => {
      clearTimeout(timer);
      if (window.isDestroyed()) return;
      window.destroy();
      // A held-back window has called the quit off. Elsewhere the last closed window quits anyway.
      if (isQuitting && process.platform === 'darwin') app.quit();
    };
    const timer = setTimeout(() => {
      log('flush-timeout');
      finish();
    }, flushMs);
    contents.ipc.on(flushedChannel, (answer) => {
      if (isOurPage(answer)) finish();
    });
    contents.once('render-process-gone', finish);
    contents.send(flushChannel);
  });
}

/**
 * A page that crashes or hangs is opened again: it keeps nothing that the core does not have. The user is told, because
 * what he was typing is gone with it.
 */
function watchOver(window: BrowserWindow): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log('page-gone', { reason, exitCode });
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < crashWindowMs), now];
    if (crashes.length > crashesAllowed) {
      dialog.showErrorBox('通关簿 Portbook', text('pageKeepsStopping'));
      app.quit();
      return;
    }
    window.webContents.reload();
    tell(window, text('pageRestarted'));
  });
  window.on('unresponsive', () => {
    log('page-hangs');
    dialog
      .showMessageBox(window, {
        type: 'warning',
        message: text('pageHangs'),
        buttons: [text('wait'), text('reopen')],
        defaultId: 0,
        cancelId: 0,
      })
      .then(({ response }) => {
        if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
      })
      .catch((error: unknown) => logBug('hang-dialog', error));
  });
}

function tell(window: BrowserWindow, message: string): void {
  dialog.showMessageBox(window, { type: 'warning', message }).catch((error: unknown) => logBug('message-box', error));
}
