import type { ImportCounts } from '../../../shared/contract/imports.ts';

export interface CountTerm {
  readonly id: 'taken' | 'updated' | 'cancellations' | 'alreadyThere' | 'mended' | 'failed';
  readonly lines: number;
}

/**
 * What became of the lines as terms that add up to the lines of the file. `updated` is a term of its own only where
 * the core counts it beside `taken`; `mended` are failed lines put right since the trial run.
 */
export function countTerms(
  counts: ImportCounts,
  mended: number,
): { terms: CountTerm[]; updatedInside: number; adds: boolean } {
  const failed = counts.failed - mended;
  const base = counts.taken + counts.cancellations + counts.alreadyThere + counts.failed;
  const updatedInside = base === counts.lines ? counts.updated : 0;
  const updated = counts.updated - updatedInside;
  const terms: CountTerm[] = [{ id: 'taken', lines: counts.taken }];
  if (updated > 0) terms.push({ id: 'updated', lines: updated });
  if (counts.cancellations > 0) terms.push({ id: 'cancellations', lines: counts.cancellations });
  terms.push({ id: 'alreadyThere', lines: counts.alreadyThere });
  if (mended > 0) terms.push({ id: 'mended', lines: mended });
  terms.push({ id: 'failed', lines: failed });
  return { terms, updatedInside, adds: base + updated === counts.lines };
}

/** Lines that the last click would change. */
export function linesToWrite(counts: ImportCounts, mended: number): number {
  const { terms } = countTerms(counts, mended);
  return terms.reduce((sum, { id, lines }) => (id === 'alreadyThere' || id === 'failed' ? sum : sum + lines), 0);
}
