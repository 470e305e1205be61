/** A lot that is used up from its beginning: a declaration line abroad, an invoice line. */
export interface Lot {
  readonly id: number;
  /** What is left of it, scaled by 10^5. */
  readonly leftE5: number;
}

export interface Taken {
  readonly id: number;
  readonly qtyE5: number;
}

/** First in, first out (先进先出): takes a quantity from lots in their order. `shortE5` is what no lot could give. */
export function firstOut(
  lots: readonly Lot[],
  qtyE5: number,
): { readonly taken: readonly Taken[]; readonly shortE5: number } {
  const taken: Taken[] = [];
  let want = qtyE5;
  for (const { id, leftE5 } of lots) {
    if (want <= 0) break;
    const part = Math.min(leftE5, want);
    if (part <= 0) continue;
    taken.push({ id, qtyE5: part });
    want -= part;
  }
  return { taken, shortE5: Math.max(want, 0) };
}
