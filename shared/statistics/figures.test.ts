import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, compareCells, growthBp, monthBefore, sharesBp } from './figures.ts';

const cell = (country: string, fen: number, more: Partial<Cell> = {}): Cell => ({
  ...{ mode: '9610', country, hs2: '08', platform: 'Shopee', lines: 1, orders: 1, fen, usdCents: 0 },
  ...{ unrated: 0, returns: 0, newBuyers: 0, ...more },
});

describe('months', () => {
  it('go back over the year', () => {
    expect(monthBefore('2026-01')).toBe('2025-12');
    expect(monthBefore('2026-11', 12)).toBe('2025-11');
    expect(monthBefore('2024-03', 15)).toBe('2022-12');
  });
});

describe('growth', () => {
  it('is in hundredths of a percent, half away from zero', () => {
    expect(growthBp(150, 100)).toBe(5000);
    expect(growthBp(100, 300)).toBe(-6667);
    expect(growthBp(0, 5)).toBe(-10_000);
    expect(growthBp(5, 0)).toBeNull();
    expect(growthBp(20_001, 20_000)).toBe(1);
    expect(growthBp(19_999, 20_000)).toBe(-1);
    expect(growthBp(100, 100)).toBe(0);
  });
});

describe('cells beside those of other months', () => {
  it('has what is new, what changed and what is gone', () => {
    const rows = compareCells(
      [cell('502', 500), cell('110', 900)],
      [cell('110', 600), cell('132', 50)],
      [cell('110', 1800)],
    );
    expect(
      rows.map(({ country, fen, fenBefore, monthBp, yearBp }) => [country, fen, fenBefore, monthBp, yearBp]),
    ).toEqual([
      ['110', 900, 600, 5000, -5000],
      ['502', 500, 0, null, null],
      ['132', 0, 50, -10_000, null],
    ]);
  });

  it('keeps what is gone since the month a year ago, so that rows add up to the total of each', () => {
    const rows = compareCells([cell('502', 500)], [], [cell('502', 100), cell('110', 1800)]);
    expect(rows.map(({ country, fen, fenYearAgo, yearBp }) => [country, fen, fenYearAgo, yearBp])).toEqual([
      ['502', 500, 100, 40_000],
      ['110', 0, 1800, -10_000],
    ]);
    // Gone from both it stands once.
    expect(compareCells([], [cell('110', 1)], [cell('110', 2)])).toMatchObject([{ fenBefore: 1, fenYearAgo: 2 }]);
  });

  it('loses nothing of either month', () => {
    const cells = fc.uniqueArray(fc.tuple(fc.integer({ min: 100, max: 130 }), fc.nat(1_000_000)), {
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(cells, cells, (now, before) => {
        const of = (pairs: readonly (readonly [number, number])[]) =>
          pairs.map(([country, fen]) => cell(String(country), fen));
        const rows = compareCells(of(now), of(before), []);
        const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
        expect(sum(rows.map(({ fen }) => fen))).toBe(sum(now.map(([, fen]) => fen)));
        expect(sum(rows.map(({ fenBefore }) => fenBefore))).toBe(sum(before.map(([, fen]) => fen)));
      }),
    );
  });
});

describe('shares', () => {
  it('of thirds add up', () => {
    expect(sharesBp([1, 1, 1])).toEqual([3334, 3333, 3333]);
    expect(sharesBp([0, 0])).toEqual([0, 0]);
    expect(sharesBp([-5, 5])).toEqual([0, 10_000]);
  });

  it('always sum to the whole, and are each within a hundredth of a percent', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(Number.MAX_SAFE_INTEGER), { minLength: 1, maxLength: 40 }), (amounts) => {
        const shares = sharesBp(amounts);
        const whole = amounts.reduce((sum, one) => sum + BigInt(one), 0n);
        expect(shares.reduce((sum, one) => sum + one, 0)).toBe(whole === 0n ? 0 : 10_000);
        for (const [at, share] of shares.entries()) {
          const exact = BigInt(amounts[at] ?? 0) * 10_000n;
          if (whole > 0n)
            expect(BigInt(share) * whole - exact <= whole && exact - BigInt(share) * whole <= whole).toBe(true);
        }
      }),
    );
  });
});
