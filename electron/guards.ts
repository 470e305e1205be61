import { app, type Session, type WebContents } from 'electron';
import { openLink } from './links.ts';
import { log, logBug } from './log.ts';
import { pageOrigin } from './protocol.ts';

/** Pages get nothing from the browser around them: no camera, no clipboard reading, no notifications, no devices. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    log('permission-denied', { permission });
    callback(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** Every page stays where it is, whatever it contains: no navigation, no new windows, no embedded browsers. */
export function guardAllContents(): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

function guardContents(contents: WebContents): void {
  const refuse = (what: string) => (event: { preventDefault(): void }) => {
    log('navigation-refused', { what });
    event.preventDefault();
  };
  contents.on('will-navigate', refuse('navigate'));
  contents.on('will-frame-navigate', refuse('frame-navigate'));
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-attach-webview', refuse('webview'));
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url).catch((error: unknown) => logBug('open-link', error));
    return { action: 'deny' };
  });
}

/** Whether a message comes from the top frame of one of our pages, and from nothing that might run inside or after it. */
export function isOurPage(event: { senderFrame: Electron.WebFrameMain | null }): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.origin === pageOrigin;
}
