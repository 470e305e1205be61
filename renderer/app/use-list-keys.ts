import { type KeyboardEvent, useState } from 'react';
import { isComposing } from './keys.ts';

/** Arrow keys over a short list under an input: Up, Down, Enter, Esc. */
export function useListKeys(
  count: number,
  onTake: (at: number) => void,
  onClose: () => void,
): { readonly at: number; readonly setAt: (at: number) => void; readonly onKeyDown: (event: KeyboardEvent) => void } {
  const [wanted, setAt] = useState(0);
  const at = Math.min(wanted, Math.max(0, count - 1));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown') setAt(Math.min(count - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && count > 0) onTake(at);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { at, setAt, onKeyDown };
}
