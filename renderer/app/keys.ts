/**
 * The keyboard of the desk. A page says which keys work on it with {@link useKeys}; the status bar shows them, and all of
 * them while Alt is held. The latest page to register a key wins over the shell.
 */
import { useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { type CommandId, deskCommands, type KeyMap, keyOf } from '../../shared/desk-keys.ts';
import { useLock } from '../stores/lock-store.ts';
import { useView } from '../stores/view-store.ts';
import { useRouteStore } from './route-store.ts';

/** A key with its meaning, or a command whose key the user may have changed and whose name is known. */
type Named =
  | {
      /** `F7`, `Ctrl+N`, `Alt+1`, `Enter`, `Ctrl+Shift+C`. */
      readonly key: string;
      /** What it does, in the user's language. */
      readonly label: string;
    }
  | { readonly command: CommandId };

export type KeyBinding = Named & {
  readonly run: () => void;
  readonly isEnabled?: boolean;
  /** Shown in the status bar; the others only while Alt is held. */
  readonly isMain?: boolean;
};

/** A hint without an effect of its own, for keys a component handles itself (arrows in a table). */
export type KeyNote = Named & { readonly isMain?: boolean };

type Given = KeyBinding | KeyNote;
type Binding = Given & { readonly key: string; readonly label: string };

interface KeyState {
  readonly layers: readonly { readonly id: number; readonly bindings: readonly Binding[] }[];
  readonly isAltHeld: boolean;
}

export const useKeyState = create<KeyState>(() => ({ layers: [], isAltHeld: false }));

/** Keys the user has given to commands in the open book. */
export const useKeyMap = create<{ readonly keys: KeyMap }>(() => ({ keys: {} }));

/** The key of a command as it is now, and its name. */
export function useCommandKey(): (command: CommandId) => { readonly key: string; readonly label: string } {
  const keys = useKeyMap((state) => state.keys);
  const language = useView((view) => view.language);
  return (command) => ({
    key: keyOf(keys, command),
    label: language === 'en' ? deskCommands[command].en : deskCommands[command].zh,
  });
}

/** Whether an event is the key of a command: for components that handle it themselves. */
export function isCommandKey(
  event: KeyboardEvent | { readonly nativeEvent: KeyboardEvent },
  command: CommandId,
): boolean {
  return keyName('nativeEvent' in event ? event.nativeEvent : event) === keyOf(useKeyMap.getState().keys, command);
}

let nextId = 1;

/** Registers keys while the calling component is shown: in the same step that shows it, so that no key typed at once is lost. */
export function useKeys(given: readonly Given[]): void {
  const named = useCommandKey();
  const bindings = given.map((one): Binding => ('command' in one ? { ...one, ...named(one.command) } : one));
  const latest = useRef(bindings);
  latest.current = bindings;
  const idRef = useRef(0);
  // Only what is shown decides whether the status bar must draw again; `run` is looked up when the key is pressed.
  const shape = JSON.stringify(
    bindings.map((one) => [one.key, one.label, one.isMain ?? false, 'run' in one ? (one.isEnabled ?? true) : true]),
  );
  useLayoutEffect(() => {
    idRef.current = nextId;
    nextId += 1;
    const id = idRef.current;
    useKeyState.setState((state) => ({ layers: [...state.layers, { id, bindings: latest.current }] }));
    return () => useKeyState.setState((state) => ({ layers: state.layers.filter((layer) => layer.id !== id) }));
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the bindings
  useLayoutEffect(() => {
    const id = idRef.current;
    useKeyState.setState((state) => ({
      layers: state.layers.map((layer) => (layer.id === id ? { id, bindings: latest.current } : layer)),
    }));
  }, [shape]);
  // The closures of `run` change with every render; hand them over without drawing anything.
  useLayoutEffect(() => {
    const layer = useKeyState.getState().layers.find((one) => one.id === idRef.current);
    if (layer !== undefined) live.set(layer.id, latest.current);
  });
  useLayoutEffect(() => {
    const id = idRef.current;
    return () => {
      live.delete(id);
    };
  }, []);
}

const live = new Map<number, readonly Binding[]>();

/** Parts of the page that are being read, and the command keys that were typed ahead of them. */
let awaited = 0;
const ahead: string[] = [];

/** What a key means now: done, known but not to be done at present, or nothing that any layer knows for certain. */
function runKey(name: string): 'done' | 'idle' | 'unknown' {
  let isKnown = false;
  /** A page has it as its own, but not at present. */
  let isOwned = false;
  for (const layer of [...useKeyState.getState().layers].reverse()) {
    const bindings = (live.get(layer.id) ?? layer.bindings).filter((one) => one.key === name);
    isKnown ||= bindings.length > 0;
    const found = bindings.find((one) => 'run' in one && one.isEnabled !== false);
    if (found !== undefined && 'run' in found) {
      // F3 changes a record: while that is read, it is not the shell's search that lies below, but waits.
      if (isOwned && awaited > 0 && isKeptAhead(name)) return 'unknown';
      found.run();
      return 'done';
    }
    isOwned ||= bindings.some((one) => 'run' in one);
  }
  // What the page can only do once it is read waits for that.
  if (isOwned && awaited > 0 && isKeptAhead(name)) return 'unknown';
  return isKnown ? 'idle' : 'unknown';
}

/**
 * Shown while a part of the page is read. A command key that nothing on the page knows yet, or that is not enabled yet, is kept, and done
 * once all is there: who knows the way by heart types faster than a book is read. Any other key, a click, another page or the lock forgets what was kept, so
 * that it never falls on something else.
 */
export function useKeysAhead(): void {
  useLayoutEffect(() => {
    awaited += 1;
    return () => {
      awaited -= 1;
      // What takes this place registers its keys in the same step, after this one is gone.
      queueMicrotask(doNextAhead);
    };
  }, []);
}

/** One key at a time: what it does is drawn, and may forget the others, before the next. */
function doNextAhead(): void {
  if (awaited > 0 || useLock.getState().isLocked) return;
  const name = ahead.shift();
  if (name === undefined) return;
  runKey(name);
  setTimeout(doNextAhead);
}

function forgetAhead(): void {
  ahead.length = 0;
}

/** True while an input method is composing: the key belongs to the candidate window (P-10). */
export function isComposing(event: {
  readonly isComposing?: boolean;
  readonly keyCode?: number;
  readonly nativeEvent?: { readonly isComposing?: boolean; readonly keyCode?: number };
}): boolean {
  const native = event.nativeEvent ?? event;
  return native.isComposing === true || native.keyCode === 229;
}

/** `Ctrl+Shift+K` of an event; on a Mac the command key counts as Ctrl. */
export function keyName(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey && event.key !== 'Shift') parts.push('Shift');
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const name = digit !== undefined && (event.altKey || event.ctrlKey) ? digit : event.key;
  const named: Readonly<Record<string, string>> = {
    ArrowUp: 'Up',
    ArrowDown: 'Down',
    ArrowLeft: 'Left',
    ArrowRight: 'Right',
    ' ': 'Space',
    Escape: 'Esc',
  };
  parts.push(named[name] ?? (name.length === 1 ? name.toUpperCase() : name));
  return parts.join('+');
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select')
  );
}

/** Keys that must not be taken from a field or a focused button. */
function isPlain(name: string): boolean {
  return !/^(Ctrl\+|Alt\+|F\d+$|Shift\+F\d+$)/.test(name) && name !== 'Esc';
}

/** A plain key belongs to the field that is typed in, and Enter and Space to the button or list that has the focus. */
function isOfFocused(name: string, target: EventTarget | null): boolean {
  if (!isPlain(name)) return false;
  if (isTyping(target)) return true;
  return (
    (name === 'Enter' || name === 'Space') &&
    target instanceof HTMLElement &&
    target.closest('button, a, [role=button], [role=grid]') !== null
  );
}

/** Only keys that are a command wherever the focus is: letters, Enter and the editing keys of a field belong to what has the focus. */
function isKeptAhead(name: string): boolean {
  return !isPlain(name) && name !== 'Esc' && !editingKeys.has(name) && !isModifier(name);
}

/** A key that is only held for another. */
function isModifier(name: string): boolean {
  return /(^|\+)(Control|Ctrl|Alt|Shift|Meta)$/.test(name);
}

const editingKeys: ReadonlySet<string> = new Set([
  'Ctrl+A',
  'Ctrl+C',
  'Ctrl+V',
  'Ctrl+X',
  'Ctrl+Y',
  'Ctrl+Z',
  'Ctrl+Shift+Z',
]);

/** Starts listening; the shell does this once. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Alt') useKeyState.setState({ isAltHeld: true });
    // Behind the lock no key means anything, not even later.
    if (isComposing(event) || useLock.getState().isLocked) return;
    const name = keyName(event);
    const isTaken = event.defaultPrevented || isOfFocused(name, event.target);
    const meaning = isTaken ? 'idle' : runKey(name);
    if (meaning === 'done') event.preventDefault();
    if (meaning === 'unknown' && awaited > 0 && isKeptAhead(name)) {
      event.preventDefault();
      if (!ahead.includes(name)) ahead.push(name);
    } else if (!isModifier(name)) forgetAhead();
  };
  const release = (): void => useKeyState.setState({ isAltHeld: false });
  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key !== 'Alt') return;
    // Otherwise Windows would open the window's menu.
    event.preventDefault();
    release();
  };
  window.addEventListener('keydown', onKeyDown);
  window.addEventListener('keyup', onKeyUp);
  window.addEventListener('blur', release);
  window.addEventListener('pointerdown', forgetAhead);
  const unsubscribe = [
    useRouteStore.subscribe((now, before) => now.route !== before.route && forgetAhead()),
    useLock.subscribe((now) => now.isLocked && forgetAhead()),
  ];
  return () => {
    for (const stop of unsubscribe) stop();
    window.removeEventListener('pointerdown', forgetAhead);
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('keyup', onKeyUp);
    window.removeEventListener('blur', release);
  };
}
