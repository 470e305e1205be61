import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averageE5,
  costShare,
  firstOut,
  goodsCost,
  type Holding,
  issued,
  lineCosts,
  nothing,
  received,
  receivedCost,
  sharesOf,
} from './index.ts';

const qty = fc.integer({ min: 1, max: 9_000_000_000 });
const cost = fc.integer({ min: 0, max: 90_000_000_000 });

describe('moving weighted average', () => {
  it('issues at the average, half-up to the fen', () => {
    const holding = received(received(nothing, 1_000_000, 10_000), 500_000, 6_000);
    expect(holding).toEqual({ qtyE5: 1_500_000, costFen: 16_000 });
    expect(averageE5(holding)).toBe(1_066_667);
    expect(issued(holding, 700_000)).toEqual({ left: { qtyE5: 800_000, costFen: 8_533 }, costFen: 7_467 });
    expect(issued({ qtyE5: 200_000, costFen: 1 }, 100_000).costFen).toBe(1);
  });

  it('gives the last piece all that is left', () => {
    let holding: Holding = { qtyE5: 300_000, costFen: 100 };
    const costs: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const out = issued(holding, 100_000);
      costs.push(out.costFen);
      holding = out.left;
    }
    expect(costs).toEqual([33, 34, 33]);
    expect(holding).toEqual(nothing);
    expect(averageE5(holding)).toBeUndefined();
  });

  it('never goes below zero, keeps every fen, and has no cost without goods', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.record({ in: qty, cost }), fc.record({ part: fc.double({ min: 0, max: 1, noNaN: true }) })),
          {
            maxLength: 60,
          },
        ),
        (steps) => {
          let holding: Holding = nothing;
          let inFen = 0;
          let outFen = 0;
          for (const step of steps) {
            if ('in' in step) {
              holding = received(holding, step.in, step.cost);
              inFen += step.cost;
              continue;
            }
            const want = Math.ceil(holding.qtyE5 * step.part);
            if (want === 0) continue;
            const out = issued(holding, want);
            outFen += out.costFen;
            holding = out.left;
            expect(holding.qtyE5).toBeGreaterThanOrEqual(0);
            expect(holding.costFen).toBeGreaterThanOrEqual(0);
            if (holding.qtyE5 === 0) expect(holding.costFen).toBe(0);
          }
          expect(inFen).toBe(outFen + holding.costFen);
        },
      ),
    );
  });

  it('refuses more than there is, nothing, and a negative cost', () => {
    expect(() => issued({ qtyE5: 1, costFen: 1 }, 2)).toThrow(RangeError);
    expect(() => issued({ qtyE5: 1, costFen: 1 }, 0)).toThrow(RangeError);
    expect(() => received(nothing, 0, 1)).toThrow(RangeError);
    expect(() => received(nothing, 1, -1)).toThrow(RangeError);
  });

  it('shares stay within the whole', () => {
    fc.assert(
      fc.property(cost, qty, qty, (whole, a, b) => {
        const part = costShare(whole, Math.min(a, b), Math.max(a, b));
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(whole);
      }),
    );
  });
});

describe('first in, first out', () => {
  it('takes from the oldest and says what is short', () => {
    const lots = [
      { id: 7, leftE5: 100 },
      { id: 8, leftE5: 0 },
      { id: 9, leftE5: 50 },
    ];
    expect(firstOut(lots, 120)).toEqual({
      taken: [
        { id: 7, qtyE5: 100 },
        { id: 9, qtyE5: 20 },
      ],
      shortE5: 0,
    });
    expect(firstOut(lots, 160).shortE5).toBe(10);
    expect(firstOut(lots, 0)).toEqual({ taken: [], shortE5: 0 });
  });

  it('takes exactly what is asked for or all there is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { maxLength: 20 }), fc.nat(5_000_000), (lefts, want) => {
        const { taken, shortE5 } = firstOut(
          lefts.map((leftE5, id) => ({ id, leftE5 })),
          want,
        );
        const sum = taken.reduce((total, { qtyE5 }) => total + qtyE5, 0);
        expect(sum + shortE5).toBe(want);
        expect(shortE5 === 0 || sum === lefts.reduce((total, left) => total + left, 0)).toBe(true);
        for (const { id, qtyE5 } of taken) expect(qtyE5).toBeLessThanOrEqual(lefts[id] ?? 0);
      }),
    );
  });
});

describe('what the lines of an invoice cost', () => {
  const line = (qtyE5: number, ownFen: number, sku: string | undefined = 'A') => ({ qtyE5, ownFen, sku });
  const bare = (ownFen: number) => ({ qtyE5: 0, ownFen, sku: undefined });

  it.each([
    ['by themselves', [line(1, 100), line(1, 50)], [100, 50]],
    ['less the discount after it', [line(1, 100), line(0, -10), line(1, 50)], [90, 0, 50]],
    ['less a discount above the line before it, of all', [line(1, 100), line(1, 50), bare(-60)], [60, 30, 0]],
    ['with their part of a charge', [bare(3), line(1, 100), line(1, 50)], [0, 102, 51]],
    [
      'none of it where the article is unknown',
      [line(1, 100), { ...line(1, 50), sku: undefined }, bare(5)],
      [105, 50, 0],
    ],
    ['nothing of what names another article', [line(1, 100), line(0, 5, 'B')], [100, 5]],
    ['where there are no goods', [bare(5), bare(-1)], [5, -1]],
    ['on a red invoice', [line(-1, -100), line(0, -10)], [-110, 0]],
  ])('%s', (_, lines, costs) => {
    expect(lineCosts(lines)).toEqual(costs);
  });

  it('come to the lines, and shares to their sum', () => {
    const one = fc.record({
      qtyE5: fc.nat(3),
      ownFen: fc.integer({ min: -500, max: 10_000 }),
      sku: fc.constantFrom('A', 'B', undefined),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (lines) => {
        const sum = (all: readonly number[]) => all.reduce((total, fen) => total + fen, 0);
        expect(sum(lineCosts(lines))).toBe(sum(lines.map(({ ownFen }) => ownFen)));
      }),
    );
    expect(sharesOf(100, [1, 1, 1])).toEqual([33, 34, 33]);
    expect(sharesOf(100, [0, 0])).toEqual([0, 0]);
  });

  it('with VAT where it is not deducted, and in parts that come to the line', () => {
    expect(goodsCost('special', 'none', 100, 13)).toBe(100);
    expect(goodsCost('special', 'exempt', 100, 13)).toBe(113);
    expect(goodsCost('customs-payment', 'deduction', 100, 13)).toBe(100);
    expect(goodsCost('ordinary', 'none', 100, 13)).toBe(113);
    const parts = [0, 1, 2, 3].map((receivedE5) => receivedCost({ qtyE5: 3, receivedE5, costFen: 100 }));
    expect(parts).toEqual([0, 33, 67, 100]);
    expect(receivedCost({ qtyE5: -3, receivedE5: -1, costFen: -100 })).toBe(-33);
  });
});
