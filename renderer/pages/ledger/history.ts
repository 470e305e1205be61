/** Undo and redo over whole states. Edits of one place that follow each other are one step, as in any text field. */
export interface History<S> {
  readonly past: readonly S[];
  readonly now: S;
  readonly future: readonly S[];
  /** The place of the last edit: the next edit of the same place joins its step. */
  readonly place: string | undefined;
}

const LONGEST = 200;

export function startHistory<S>(now: S): History<S> {
  return { past: [], now, future: [], place: undefined };
}

/** @param place what is edited, e.g. `7 text`; undefined for a step of its own */
export function edited<S>(history: History<S>, next: S, place?: string): History<S> {
  if (next === history.now) return history;
  if (place !== undefined && place === history.place) return { ...history, now: next, future: [] };
  return { past: [...history.past, history.now].slice(-LONGEST), now: next, future: [], place };
}

/** A change that is nobody's step (a rate that arrived): undo does not stop at it. */
export function amended<S>(history: History<S>, next: S): History<S> {
  return { ...history, now: next };
}

export function undone<S>(history: History<S>): History<S> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    now: before,
    future: [history.now, ...history.future],
    place: undefined,
  };
}

export function redone<S>(history: History<S>): History<S> {
  const [after, ...future] = history.future;
  if (after === undefined) return history;
  return { past: [...history.past, history.now], now: after, future, place: undefined };
}
