/**
 * What is typed behind a code that is still being looked up. Its key goes on once the answer is there; letters and keys that follow it belong
 * to the fields that come next, so they are kept and typed there, in their order.
 */

/** Presses a key where the cursor is; false: something has taken it. */
function press(key: KeyboardEventInit): boolean {
  const event = new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true });
  return document.activeElement?.dispatchEvent(event) !== false;
}

/** A letter, or a key that goes on from a field: Enter with Ctrl or Shift as it was pressed. */
type Typed = { readonly text: string } | { readonly ctrlKey: boolean; readonly shiftKey: boolean };

/** Fields whose answer is awaited, with all that was typed behind them: who sends a form waits for it. */
const underWay = new Set<Promise<void>>();
/** The box that a replayed key has come to, and whose answer is awaited in its turn. */
let next: Promise<boolean> | undefined;
let isReplaying = false;

/** Resolves when nothing is kept any more that was typed ahead. */
export async function typedAheadIsIn(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled([...underWay]);
}

/**
 * Keeps what is typed in a field until `goesOn` says whether the cursor has gone on; then types it where the cursor is. Where the text was
 * refused, or the user has gone elsewhere or given it up, nothing of it is typed: it was meant for what would have come.
 */
export function typeAhead(field: HTMLInputElement, goesOn: Promise<boolean>): void {
  if (isReplaying) {
    next = goesOn;
    return;
  }
  const kept: Typed[] = [];
  let isOver = false;
  // While it is typed in, the cursor may be anywhere; before, only what comes to the field itself is kept.
  let isGoing = false;
  let typing = false;
  const isMine = (event: Event): boolean =>
    !isOver && event.isTrusted && !typing && (isGoing || event.target === field);
  const onKey = (event: KeyboardEvent): void => {
    if (!isMine(event) || event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') isOver = true;
    // A letter comes again as what it types; its key is not one of the field that is being left, where a digit picks a row.
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.stopImmediatePropagation();
      return;
    } else if (event.key === 'Backspace' && kept.length > 0) kept.pop();
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.altKey)
      kept.push({ ctrlKey: event.ctrlKey || event.metaKey, shiftKey: event.shiftKey });
    else return;
    if (isOver) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const onText = (event: InputEvent): void => {
    if (!isMine(event) || event.inputType !== 'insertText' || event.data === null || !event.cancelable) return;
    kept.push({ text: event.data });
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', onKey, { capture: true });
  window.addEventListener('beforeinput', onText, { capture: true });
  const replay = async (): Promise<void> => {
    let hasGone = await goesOn;
    isGoing = true;
    while (hasGone && !isOver) {
      // What the key before it did is drawn first.
      await new Promise((resolve) => setTimeout(resolve));
      const answer = next;
      next = undefined;
      if (answer !== undefined) hasGone = await answer;
      const one = hasGone ? kept.shift() : undefined;
      if (one === undefined) return;
      typing = true;
      isReplaying = true;
      if ('text' in one) {
        // Its key first, as a hand presses it: a box may take it as the digit of a row.
        if (one.text.length > 1 || press({ key: one.text })) document.execCommand('insertText', false, one.text);
      } else press({ key: 'Enter', ...one });
      typing = false;
      isReplaying = false;
      // The form is sent as it is now.
      if ('ctrlKey' in one && one.ctrlKey) return;
    }
  };
  const done = replay().finally(() => {
    isOver = true;
    window.removeEventListener('keydown', onKey, { capture: true });
    window.removeEventListener('beforeinput', onText, { capture: true });
    underWay.delete(done);
  });
  underWay.add(done);
}
