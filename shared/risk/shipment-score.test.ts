import { describe, expect, it } from 'vitest';
import pack from '../../resources/rules/risk-shipment-score.json' with { type: 'json' };
import { requirePackOn } from '../rules/pack.ts';
import { isPriceOdd, lowerMedian, scoreCodes, scoreShipment, shipmentScorePackSchema } from './shipment-score.ts';

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
