/** A source of numbers from 0 up to 1 that depends on its seed alone, so that a failing run can be told again. */
export function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 7919) + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One of some. */
export function oneOf<T>(random: () => number, some: readonly T[]): T {
  const one = some[Math.floor(random() * some.length)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}
