import path from 'node:path';
import { app, BrowserWindow, dialog, session } from 'electron';
import { CoreProcess } from './core-process.ts';
import { serveCore } from './core-services.ts';
import { answerDesk } from './desk-channels.ts';
import { FileGrants } from './file-grants.ts';
import { denyPermissions, guardAllContents } from './guards.ts';
import { log, logBug } from './log.ts';
import { setMenu } from './menu.ts';
import { distFolder } from './places.ts';
import { PracticeProcess } from './practice-process.ts';
import { Printer } from './printer.ts';
import { registerSchemes, servePages } from './protocol.ts';
import { runSmoke } from './smoke.ts';
import { text } from './texts.ts';
import { openWindow } from './window.ts';
import { loadWindowState } from './window-state.ts';

/** The main process: windows, their guards and the life of the core. It knows nothing of customs, tax or books. */

function fail(where: string, error: unknown): void {
  const id = logBug(where, error);
  dialog.showErrorBox('通关簿 Portbook', text('bug') + id);
  app.quit();
}

function runDesk(): void {
  const printer = new Printer(path.join(distFolder(), 'renderer/fonts'));
  const practice = new PracticeProcess();
  const core = new CoreProcess({
    answer: (request) => serveCore(request, printer, practice),
    onRestart: () => grants.announceAll(),
    onGiveUp: () => {
      dialog.showErrorBox('通关簿 Portbook', text('coreKeepsStopping'));
      app.quit();
    },
  });
  const grants = new FileGrants((grant) => core.grant(grant));

  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    // Windows are gone by now, so no call can come after the core has been told to close its books.
    event.preventDefault();
    Promise.all([core.shutdown(), practice.stop()])
      .catch((error: unknown) => logBug('shutdown', error))
      .finally(() => {
        isClosed = true;
        app.quit();
      });
  });

  app
    .whenReady()
    .then(() => {
      // First of all: loading the core is the longest part of a start, and nothing here waits for it.
      core.start();
      log('started', { version: app.getVersion(), electron: process.versions.electron });
      loadWindowState();
      setMenu();
      denyPermissions(session.defaultSession);
      servePages(session.defaultSession, path.join(distFolder(), 'renderer'));
      answerDesk(core, grants);
      openWindow();
      app.on('activate', () => {
        if (BrowserWindow.getAllWindows().length === 0) openWindow();
      });
    })
    .catch((error: unknown) => fail('start', error));
}

process.on('uncaughtException', (error) => fail('uncaught', error));
process.on('unhandledRejection', (error) => fail('unhandled', error));

// It would take back the --no-sandbox that a run from the sources needs as root; every window asks for its own anyway.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerSchemes();
guardAllContents();
if (process.env.PORTBOOK_DISABLE_GPU === '1') app.disableHardwareAcceleration();
if (process.env.PORTBOOK_HOME) app.setPath('userData', path.resolve(process.env.PORTBOOK_HOME));

if (process.argv.includes('--smoke')) {
  runSmoke().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    app.exit(1);
  });
} else if (app.requestSingleInstanceLock()) {
  runDesk();
} else {
  // The first instance has been told and shows its window.
  app.quit();
}
