/** One line at the foot of the desk that says what was just done. Nothing floats over the page (UX 11). */
import { create } from 'zustand';

interface NoticeState {
  readonly text: string;
  readonly at: number;
}

export const useNotice = create<NoticeState>(() => ({ text: '', at: 0 }));

const SHOWN_MS = 8000;

/** Says what was done, in the user's language, for a few seconds and to screen readers. */
export function notify(text: string): void {
  const at = Date.now();
  useNotice.setState({ text, at });
  window.setTimeout(() => {
    if (useNotice.getState().at === at) useNotice.setState({ text: '' });
  }, SHOWN_MS);
}
