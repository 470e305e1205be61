/** The lock of the screen as the window has it: what the core says, and the page taken out of the document meanwhile. */
import { create } from 'zustand';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { call, onDeskEvent } from '../core-client.ts';
import { flushAutosavers } from './autosaver.ts';
import { refreshSession } from './session-store.ts';

type Screen = OutputOf<'screen.get'>;

interface LockState {
  readonly isLocked: boolean;
  /** Whose passphrase is asked for, and the minutes without a hand on the desk. */
  readonly screen: Screen | undefined;
}
export const useLock = create<LockState>(() => ({ isLocked: false, screen: undefined }));

/** The element of index.html that the lock draws itself in. */
export const lockRootId = 'lock';

/** A field gives up what was typed when it is left; a turn of the page later its form has it, and autosaving writes it. */
export async function saveTyped(): Promise<void> {
  await leaveField();
  await flushAutosavers();
}

async function leaveField(): Promise<void> {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  // A timer would be slow in a minimised window.
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
}

/** What the lock has taken out of the document: whole, with every half-typed field in it, and in no place where it can be read. */
interface Kept {
  readonly holder: HTMLElement;
  readonly watcher: MutationObserver;
  readonly scrolled: readonly (readonly [Element, number, number])[];
  readonly focused: Element | null;
}
let kept: Kept | undefined;

function hide(focused: Element | null): void {
  if (kept !== undefined) return;
  const scrolled = [...document.body.querySelectorAll('*')]
    .filter(({ scrollTop, scrollLeft }) => scrollTop !== 0 || scrollLeft !== 0)
    .map((element) => [element, element.scrollTop, element.scrollLeft] as const);
  const holder = document.createElement('div');
  const take = (): void => {
    for (const child of [...document.body.children]) if (child.id !== lockRootId) holder.append(child);
  };
  take();
  // What the hidden page opens meanwhile (a list of a field, a hint) is part of it.
  const watcher = new MutationObserver(take);
  watcher.observe(document.body, { childList: true });
  kept = { holder, watcher, scrolled, focused };
}

function show(): void {
  if (kept === undefined) return;
  const { holder, watcher, scrolled, focused } = kept;
  kept = undefined;
  watcher.disconnect();
  document.body.prepend(...holder.children);
  for (const [element, top, left] of scrolled) element.scrollTo({ top, left, behavior: 'instant' });
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
}

/** Locks: what was typed is saved, the page leaves the document, and the core answers nothing more until the passphrase is typed. */
export async function lockScreen(): Promise<void> {
  if (useLock.getState().isLocked) return;
  const focused = document.activeElement;
  await leaveField();
  hide(focused);
  useLock.setState({ isLocked: true });
  try {
    await flushAutosavers();
    await call('screen.lock', {});
  } catch {
    // No book is open: there is nothing to lock.
    release();
  }
}

function release(): void {
  useLock.setState({ isLocked: false });
  show();
}

/** Asks the core how things stand: at the start, when another book opened, when the setting changed. */
export async function refreshLock(): Promise<void> {
  const screen = await call('screen.get', {});
  useLock.setState({ screen });
  if (screen.isLocked && !useLock.getState().isLocked) {
    hide(null);
    useLock.setState({ isLocked: true });
  }
}

/** Follows the core; once, at the start. Returns the function that ends it. */
export function followLock(): () => void {
  void refreshLock();
  return onDeskEvent((event) => {
    if (event.name === 'screen.unlocked') release();
    else if (event.name === 'screen.locked' || event.name === 'book.opened') void refreshLock();
    // The page of the closed book must be gone before the document has its page again.
    else if (event.name === 'book.closed' || event.name === 'core-restarted')
      void refreshSession().then(() => window.setTimeout(release));
  });
}
