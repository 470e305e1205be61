import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import pack from '../../resources/rules/risk-shipment-score.json' with { type: 'json' };
import { requirePackOn } from '../rules/pack.ts';
import {
  isPriceOdd,
  lowerMedian,
  type ScoreFact,
  scoreCodes,
  scoreLevels,
  scoreShipment,
  shipmentScorePackSchema,
} from './shipment-score.ts';

const figures = requirePackOn(shipmentScorePackSchema.parse(pack), '2026-11-22').parameters;
const score = (...hit: readonly (typeof scoreCodes)[number][]) =>
  scoreShipment(
    figures,
    scoreCodes.map((code) => ({ code, outcome: hit.includes(code) ? 'hit' : 'clear', rows: [] })),
  );

describe('the score of a shipment', () => {
  it('is low below 20, middle from 20, high from 50, and 100 at most', () => {
    expect(score()).toMatchObject({ score: 0, level: 'low', isComplete: true });
    expect(score('weight')).toMatchObject({ score: 15, level: 'low' });
    expect(score('price')).toMatchObject({ score: 20, level: 'middle' });
    expect(score('regulated', 'records')).toMatchObject({ score: 50, level: 'high' });
    expect(score(...scoreCodes)).toMatchObject({ score: 100, level: 'high' });
  });

  it('has the points of C10', () => {
    expect(figures.points).toEqual({
      regulated: 30,
      price: 20,
      records: 20,
      weight: 15,
      newcomer: 15,
      returns: 10,
      papers: 10,
    });
  });

  it('says that it may be higher where something cannot be told', () => {
    expect(scoreShipment(figures, [{ code: 'price', outcome: 'cannot-tell', rows: [] }])).toMatchObject({
      ...{ score: 0, level: 'low', isComplete: false },
    });
  });

  it('takes prices from a third of the median to three times it', () => {
    expect(lowerMedian([5, 1, 3, 2])).toBe(2);
    expect(lowerMedian([])).toBeUndefined();
    expect([33, 34, 300, 301].map((price) => isPriceOdd(price, 100, 3))).toEqual([true, false, false, true]);
  });
});

describe('whatever the facts', () => {
  const outcome = fc.constantFrom<ScoreFact['outcome']>('hit', 'clear', 'cannot-tell');
  /** One fact a code, in any order. */
  const facts = fc
    .tuple(
      fc.shuffledSubarray([...scoreCodes], { minLength: scoreCodes.length }),
      fc.array(outcome, { minLength: scoreCodes.length, maxLength: scoreCodes.length }),
    )
    .map(([codes, outcomes]) =>
      codes.map((code, at): ScoreFact => ({ code, outcome: outcomes[at] ?? 'clear', rows: [] })),
    );
  const rankOf = (of: readonly ScoreFact[]): number => scoreLevels.indexOf(scoreShipment(figures, of).level);

  it('the score lies between 0 and the cap, and its points are those of what was hit', () => {
    fc.assert(
      fc.property(facts, (of) => {
        const { score, items, level } = scoreShipment(figures, of);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBe(
          Math.min(
            figures.cap,
            items.reduce((sum, { points }) => sum + points, 0),
          ),
        );
        expect(items.every(({ outcome: was, points }) => was === 'hit' || points === 0)).toBe(true);
        expect(level).toBe(score < 20 ? 'low' : score < 50 ? 'middle' : 'high');
      }),
    );
  });

  it('one risk more never lowers it, nor its level', () => {
    fc.assert(
      fc.property(facts, fc.nat(scoreCodes.length - 1), (of, at) => {
        const more = of.map((fact, index): ScoreFact => (index === at ? { ...fact, outcome: 'hit' } : fact));
        expect(scoreShipment(figures, more).score).toBeGreaterThanOrEqual(scoreShipment(figures, of).score);
        expect(rankOf(more)).toBeGreaterThanOrEqual(rankOf(of));
      }),
    );
  });

  it('what cannot be told adds nothing, and never less than nothing once it is told', () => {
    fc.assert(
      fc.property(facts, fc.nat(scoreCodes.length - 1), (of, at) => {
        const untold = of.map((fact, index): ScoreFact => (index === at ? { ...fact, outcome: 'cannot-tell' } : fact));
        const clear = of.map((fact, index): ScoreFact => (index === at ? { ...fact, outcome: 'clear' } : fact));
        expect(scoreShipment(figures, untold)).toMatchObject({
          score: scoreShipment(figures, clear).score,
          isComplete: false,
        });
        expect(scoreShipment(figures, of).score).toBeGreaterThanOrEqual(scoreShipment(figures, untold).score);
      }),
    );
  });

  it('the order of the facts changes nothing, and the same facts give the same score', () => {
    fc.assert(
      fc.property(facts, (of) => {
        const { items, ...ordered } = scoreShipment(figures, of);
        const { items: turned, ...reversed } = scoreShipment(figures, [...of].reverse());
        expect(reversed).toEqual(ordered);
        expect([...turned].reverse()).toEqual(items);
        expect(scoreShipment(figures, of)).toEqual({ ...ordered, items });
      }),
    );
  });
});

describe('a price', () => {
  const price = fc.nat(1_000_000_000);
  const median = fc.integer({ min: 1, max: 1_000_000_000 });

  it('that is odd stays odd further away from the median, and the median itself never is', () => {
    fc.assert(
      fc.property(price, median, fc.nat(1_000_000), (one, middle, further) => {
        expect(isPriceOdd(middle, middle, figures.price.times)).toBe(false);
        if (!isPriceOdd(one, middle, figures.price.times)) return;
        const away = one > middle ? one + further : Math.max(0, one - further);
        expect(isPriceOdd(away, middle, figures.price.times)).toBe(true);
      }),
    );
  });

  it('is held against the same median in whatever order the lines stand', () => {
    fc.assert(
      fc.property(fc.array(price), (prices) => {
        const found = lowerMedian(prices);
        expect(lowerMedian([...prices].reverse())).toBe(found);
        if (found === undefined) expect(prices).toEqual([]);
        else expect(prices).toContain(found);
      }),
    );
  });
});
