import { type ExplosionGroup, explosionGroups, groupOf, type PayoutCategory } from './categories.ts';

/** An amount of a category, in minor units, on a day or in a month. */
export interface CategorySum {
  readonly category: PayoutCategory;
  readonly minor: number;
  readonly lines: number;
}

export interface ExplosionStep {
  readonly group: ExplosionGroup;
  readonly minor: number;
  readonly lines: number;
  readonly categories: readonly CategorySum[];
}

/**
 * What a payout is made of, from what buyers paid down to what arrives: a step for each group that has lines, in the order of the
 * groups. Charges and refunds are negative, as in the file. The transfers of a report by days are its deposit and no part of it: leave
 * them out.
 */
export function explode(sums: readonly CategorySum[]): ExplosionStep[] {
  return explosionGroups.flatMap((group) => {
    const own = sums.filter(({ category }) => groupOf[category] === group);
    if (own.length === 0) return [];
    const byCategory = new Map<PayoutCategory, CategorySum>();
    for (const { category, minor, lines } of own) {
      const before = byCategory.get(category);
      byCategory.set(category, { category, minor: (before?.minor ?? 0) + minor, lines: (before?.lines ?? 0) + lines });
    }
    const categories = [...byCategory.values()];
    return [
      {
        group,
        minor: categories.reduce((sum, one) => sum + one.minor, 0),
        lines: categories.reduce((sum, one) => sum + one.lines, 0),
        categories,
      },
    ];
  });
}

/** The way back: what the steps come to is what the platform paid. */
export function implode(steps: readonly ExplosionStep[]): number {
  return steps.reduce((sum, { minor }) => sum + minor, 0);
}
