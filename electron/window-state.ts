import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { app, type BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron';
import type { ThemeChoice } from '../shared/contract/bridge.ts';
import { log } from './log.ts';

/** What the desk remembers of its window. Nothing depends on it: an unreadable file means a window as at first. */
interface WindowState {
  readonly bounds?: Rectangle;
  readonly isMaximized: boolean;
  readonly theme: ThemeChoice;
}

const defaultSize = { width: 1366, height: 768 };
const saveDelayMs = 400;
const first: WindowState = { isMaximized: false, theme: 'system' };

let state: WindowState = first;

function stateFile(): string {
  return path.join(app.getPath('userData'), 'window.json');
}

/** Reads the remembered state and puts on its theme, before a window is there to show the wrong one. */
export function loadWindowState(): void {
  state = readState();
  nativeTheme.themeSource = state.theme;
}

export function setTheme(theme: ThemeChoice): void {
  nativeTheme.themeSource = theme;
  save({ ...state, theme });
}

/** Where the window opens: as it was left, unless that screen is gone. */
export function initialBounds(): Partial<Rectangle> & { width: number; height: number } {
  const { bounds } = state;
  if (!bounds) return defaultSize;
  const { workArea } = screen.getDisplayMatching(bounds);
  const isVisible =
    bounds.x < workArea.x + workArea.width - 100 &&
    bounds.x + bounds.width > workArea.x + 100 &&
    bounds.y >= workArea.y - 10 &&
    bounds.y < workArea.y + workArea.height - 50;
  return isVisible ? bounds : { width: bounds.width, height: bounds.height };
}

export function wasMaximized(): boolean {
  return state.isMaximized;
}

/** Remembers the window's place from now on. */
export function followWindow(window: BrowserWindow): void {
  let timer: NodeJS.Timeout | undefined;
  const remember = (): void => {
    clearTimeout(timer);
    save({ ...state, bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  const rememberSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(remember, saveDelayMs);
  };
  window.on('resize', rememberSoon);
  window.on('move', rememberSoon);
  window.on('close', remember);
  window.on('closed', () => clearTimeout(timer));
}

function save(next: WindowState): void {
  state = next;
  const file = stateFile();
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}

function readState(): WindowState {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(stateFile(), 'utf8'));
  } catch (error) {
    const isFirstStart = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isFirstStart) log('window-state-unreadable');
    return first;
  }
  if (typeof found !== 'object' || found === null) return first;
  const { bounds, isMaximized, theme } = found as Record<string, unknown>;
  return {
    ...(isRectangle(bounds) ? { bounds } : {}),
    isMaximized: isMaximized === true,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
  };
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return [x, y, width, height].every((one) => Number.isInteger(one)) && Number(width) >= 400 && Number(height) >= 300;
}
