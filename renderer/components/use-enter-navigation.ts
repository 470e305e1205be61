/**
 * Enter-driven entry (UX 2.1): Enter = next field, Shift+Enter = previous, Ctrl+Enter = `onSubmit`. While an input method
 * is composing, Enter belongs to the candidate and nothing happens here (P-10).
 *
 * Put the returned handler on the form or section: `<form onKeyDown={useEnterNavigation({ onSubmit })}>`. A field that needs
 * Enter for itself calls `preventDefault`; a multi-line text keeps plain Enter as a new line.
 */
import { type KeyboardEvent, useCallback, useRef } from 'react';
import { isComposing } from '../app/keys.ts';
import { focusRefused } from './lookups.ts';

const FIELDS =
  'input:not([type=hidden]):not([disabled]):not([tabindex="-1"]), textarea:not([disabled]), select:not([disabled]), [role=combobox]:not([aria-disabled=true]):not(input), [data-field]:not([disabled])';

export interface EnterNavigation {
  /** Ctrl+Enter: send the form, or go to the next section. */
  readonly onSubmit?: () => void;
  /** Enter in the last field: a new line of a grid, or the primary button. Default: `onSubmit`. */
  readonly onLast?: () => void;
}

function visibleFields(within: Element): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>(FIELDS)].filter((field) => field.offsetParent !== null);
}

/**
 * Selects what stands in an input once it is drawn, so that what is typed next replaces it. Only where the cursor still is: selecting would
 * bring it back, out of the field that was gone to meanwhile.
 */
export function selectWhenDrawn(input: HTMLInputElement | null): void {
  requestAnimationFrame(() => {
    if (input !== null && document.activeElement === input) input.select();
  });
}

/** Moves the focus `by` fields inside `within`; false when there is none further. */
export function focusField(within: Element, from: Element, by: 1 | -1): boolean {
  const fields = visibleFields(within);
  const at = fields.findIndex((field) => field === from || field.contains(from));
  const next = at < 0 ? undefined : fields[at + by];
  if (next === undefined) return false;
  next.focus();
  if (next instanceof HTMLInputElement && /^(text|search|tel|password|)$/.test(next.type)) next.select();
  return true;
}

/**
 * Whether Ctrl+Enter may send the form: a code that is still being typed is settled first and presses the key again itself, and text that
 * was refused as a code has to be mended.
 */
function isReady(within: Element, target: EventTarget): boolean {
  if (target instanceof HTMLElement && target.role === 'combobox' && target.dataset['typing'] === 'true') return false;
  return !focusRefused(within);
}

export function useEnterNavigation(options: EnterNavigation = {}): (event: KeyboardEvent<HTMLElement>) => void {
  const latest = useRef(options);
  latest.current = options;
  return useCallback((event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || isComposing(event) || event.defaultPrevented || event.altKey) return;
    const { onSubmit, onLast } = latest.current;
    if (event.ctrlKey || event.metaKey) {
      if (onSubmit === undefined) return;
      event.preventDefault();
      if (isReady(event.currentTarget, event.target)) onSubmit();
      return;
    }
    const target = event.target;
    if (!(target instanceof HTMLElement) || target.closest('button, a') !== null) return;
    if (target instanceof HTMLTextAreaElement && !event.shiftKey) return;
    event.preventDefault();
    if (focusField(event.currentTarget, target, event.shiftKey ? -1 : 1) || event.shiftKey) return;
    (onLast ?? onSubmit)?.();
  }, []);
}

/**
 * For `onKeyDownCapture` of a form with an antd `Select` in it: a closed Select takes every Enter for itself and opens, so
 * Ctrl+Enter has to be caught on the way down.
 */
export function captureCtrlEnter(run: () => void): (event: KeyboardEvent<HTMLElement>) => void {
  return (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isComposing(event)) return;
    if (!isReady(event.currentTarget, event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
}
