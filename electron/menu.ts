import { app, Menu } from 'electron';
import { text } from './texts.ts';

/**
 * Windows and Linux get no menu bar: every action stands in the page, and the usual editing keys work without one. macOS
 * needs a menu for those keys and for leaving the program.
 */
export function setMenu(): void {
  if (process.platform !== 'darwin') {
    Menu.setApplicationMenu(null);
    return;
  }
  const menu = Menu.buildFromTemplate([
    {
      label: app.name,
      submenu: [{ label: text('hide'), role: 'hide' }, { type: 'separator' }, { label: text('quit'), role: 'quit' }],
    },
    {
      label: text('edit'),
      submenu: [
        { label: text('undo'), role: 'undo' },
        { label: text('redo'), role: 'redo' },
        { type: 'separator' },
        { label: text('cut'), role: 'cut' },
        { label: text('copy'), role: 'copy' },
        { label: text('paste'), role: 'paste' },
        { label: text('selectAll'), role: 'selectAll' },
      ],
    },
    { label: text('window'), submenu: [{ label: text('minimize'), role: 'minimize' }] },
  ]);
  Menu.setApplicationMenu(menu);
}
