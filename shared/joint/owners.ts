import { allocate } from '../money/index.ts';

/** A lot with its origin: a harvest has the owner of its orchard (undefined: not on record), any other lot what it was made of. */
export interface LotOrigin {
  readonly id: number;
  readonly owner: number | undefined;
  /** Grams taken of each lot before it; empty for a harvest. */
  readonly inputs: readonly { readonly lotId: number; readonly grams: number }[];
}

/** Owners with the grams each gave, in the order of their first lot. `undefined`: owner not on record. */
export type Owners = ReadonlyMap<number | undefined, bigint>;

/**
 * Whose each lot is, by grams of what went into it: what was lost on the way (stalks, water) is lost to each in proportion. Lots
 * must be given with all they came from, those before others first, as they are numbered.
 * @returns weights, of each lot: they say shares, not what the lot weighs
 */
export function ownersOf(lots: readonly LotOrigin[]): Map<number, Owners> {
  const known = new Map<number, Owners>();
  for (const { id, owner, inputs } of lots) {
    const own = new Map<number | undefined, bigint>();
    if (inputs.length === 0) own.set(owner, 1n);
    for (const { lotId, grams } of inputs) {
      const before = known.get(lotId);
      if (before === undefined) throw new Error(`lot ${lotId} came after ${id}, which was made of it`);
      for (const [of, part] of splitByOwner(BigInt(grams), before)) own.set(of, (own.get(of) ?? 0n) + part);
    }
    known.set(id, own);
  }
  return known;
}

/** Shares a whole number (grams, cartons) among owners by largest remainders; the parts add up to it. */
export function splitByOwner(total: bigint, owners: Owners): [number | undefined, bigint][] {
  const entries = [...owners];
  const parts = allocate(
    total,
    entries.map(([, weight]) => weight),
  );
  return entries.map(([owner], at) => [owner, parts[at] ?? 0n]);
}
