/** The tree of lots as sets: what a lot came from and what became of it. The store asks the same in SQL; a test holds the two together. */

/** A step: lots that went in, lots that came out. */
export interface TraceStep {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

function reach(from: Iterable<number>, next: ReadonlyMap<number, ReadonlySet<number>>): Set<number> {
  const seen = new Set(from);
  const queue = [...seen];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const one of next.get(at) ?? [])
      if (!seen.has(one)) {
        seen.add(one);
        queue.push(one);
      }
  return seen;
}

function edges(steps: readonly TraceStep[], isForward: boolean): Map<number, Set<number>> {
  const made = new Map<number, Set<number>>();
  for (const { inputs, outputs } of steps)
    for (const from of isForward ? inputs : outputs) {
      const to = made.get(from) ?? new Set();
      for (const one of isForward ? outputs : inputs) to.add(one);
      made.set(from, to);
    }
  return made;
}

/** The lots and all they came from (来源可查). */
export const traceBack = (lots: Iterable<number>, steps: readonly TraceStep[]): Set<number> =>
  reach(lots, edges(steps, false));

/**
 * The harvests from which a way leads to a lot past nothing that is vouched for: what is said of one of many that were merged says nothing
 * of the others.
 * @param from what a lot was made of; empty for a harvest
 */
export function unvouched(
  lot: number,
  from: (lot: number) => readonly number[],
  isVouched: (lot: number) => boolean,
): number[] {
  const seen = new Set([lot]);
  const found: number[] = [];
  const queue = [lot];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (isVouched(at)) continue;
    const inputs = from(at);
    if (inputs.length === 0) found.push(at);
    for (const one of inputs)
      if (!seen.has(one)) {
        seen.add(one);
        queue.push(one);
      }
  }
  return found.sort((a, b) => a - b);
}

/** The lots and all that became of them (去向可追). */
export const traceOn = (lots: Iterable<number>, steps: readonly TraceStep[]): Set<number> =>
  reach(lots, edges(steps, true));
