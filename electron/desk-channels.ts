import { BrowserWindow, ipcMain } from 'electron';
import type { DeskChannels } from '../shared/contract/desk-channels.ts';
import type { CoreProcess } from './core-process.ts';
import type { FileGrants } from './file-grants.ts';
import { isOurPage } from './guards.ts';
import { openLink } from './links.ts';
import { log } from './log.ts';
import { setTheme } from './window-state.ts';

type Answer<T> = T | Promise<T>;

/** Answers a channel for the top frame of our own page, and for nobody else. */
function answer<C extends keyof DeskChannels>(
  channel: C,
  handler: (window: BrowserWindow, ...args: Parameters<DeskChannels[C]>) => Answer<ReturnType<DeskChannels[C]>>,
): void {
  ipcMain.handle(channel, (event, ...args) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!window || !isOurPage(event)) {
      log('message-refused', { channel });
      throw new Error('refused');
    }
    return handler(window, ...(args as Parameters<DeskChannels[C]>));
  });
}

/** Everything the page may ask of the main process. */
export function answerDesk(core: CoreProcess, grants: FileGrants): void {
  answer('desk:hello', (window) => core.connect(window.webContents));
  answer('desk:choose-file', (window, options) => grants.chooseFile(window, options));
  answer('desk:choose-files', (window, options) => grants.chooseFiles(window, options));
  answer('desk:choose-directory', (window, options) => grants.chooseDirectory(window, options));
  answer('desk:choose-save-file', (window, options) => grants.chooseSaveFile(window, options));
  answer('desk:grant-dropped-file', (_window, path) => grants.grantDropped(path));
  answer('desk:grant-dropped-folder', (_window, path, extensions) => grants.grantDroppedFolder(path, extensions));
  answer('desk:set-theme', (_window, theme) => setTheme(theme));
  answer('desk:open-external', (_window, url) => openLink(url));
}
