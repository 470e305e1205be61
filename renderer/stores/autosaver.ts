export type SaveState =
  | { readonly kind: 'idle' | 'pending' | 'saving' }
  | { readonly kind: 'saved'; readonly at: Date }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface Autosaver<T> {
  /** Keeps the newest value; it is written after a short pause in typing. */
  change(value: T): void;
  /** Writes what is waiting at once: on leaving the page, on Esc, before drafting. Resolves when nothing waits any more. */
  flush(): Promise<void>;
  /** Stops the timer after a flush; nothing is lost, the last write still ends. */
  dispose(): void;
}

/** Flushes of every autosaver that holds something unsaved. */
const unsaved = new Set<() => Promise<void>>();

/** Writes at once whatever any page has not saved yet: the window is about to close. */
export async function flushAutosavers(): Promise<void> {
  await Promise.all([...unsaved].map((flush) => flush()));
}

/**
 * Saves as typed: at most one write is under way, the newest value wins, and a failed write keeps the value and is
 * tried again with the next change or flush, so that nothing typed is lost.
 */
export function createAutosaver<T>(options: {
  readonly save: (value: T) => Promise<void>;
  readonly onState: (state: SaveState) => void;
  readonly now?: () => Date;
  readonly delayMs?: number;
}): Autosaver<T> {
  const { save, onState, now = () => new Date(), delayMs = 400 } = options;
  let waiting: { value: T } | undefined;
  let running: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const write = (): Promise<void> => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    running ??= drain().finally(() => {
      running = undefined;
    });
    return running;
  };

  async function drain(): Promise<void> {
    while (waiting !== undefined) {
      const taken: { value: T } = waiting;
      waiting = undefined;
      onState({ kind: 'saving' });
      try {
        await save(taken.value);
        if (waiting === undefined) onState({ kind: 'saved', at: now() });
      } catch (error) {
        // A newer value typed meanwhile replaces the one that failed.
        waiting ??= taken;
        onState({ kind: 'failed', error });
        return;
      }
    }
    unsaved.delete(flush);
  }

  const flush = (): Promise<void> => (waiting === undefined && running === undefined ? Promise.resolve() : write());

  return {
    change(value) {
      waiting = { value };
      unsaved.add(flush);
      if (running === undefined) onState({ kind: 'pending' });
      if (timer !== undefined) clearTimeout(timer);
      timer = setTimeout(() => void write(), delayMs);
    },
    flush,
    dispose() {
      if (timer !== undefined) clearTimeout(timer);
      timer = undefined;
      // A write that fails now is not tried again: by then another book may be open.
      void flush().finally(() => unsaved.delete(flush));
    },
  };
}
