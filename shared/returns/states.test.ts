import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leftToReturn, nextStates, repairCost, returnStates, splitReturn } from './states.ts';

describe('what may come back', () => {
  it('is what went out less what came back: 10 out, 3 and 4 back, 3 left', () => {
    expect(leftToReturn(1_000_000, [300_000, 400_000])).toBe(300_000);
    expect(leftToReturn(1_000_000, [1_000_000])).toBe(0);
  });

  it('is split into parts that sum to the whole, or not at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: -5, max: 2e9 }), (whole, part) => {
        const split = splitReturn(whole, part);
        if (split === undefined) return part <= 0 || part > whole;
        return split.goesE5 + split.staysE5 === whole && split.goesE5 === part && split.staysE5 >= 0;
      }),
    );
  });
});

describe('states of a return', () => {
  it('lead from receiving to an end, and from an end back into the store at most', () => {
    expect(nextStates('stored')).toEqual(['repairing', 'resold', 'sentBack', 'scrapped', 'void']);
    for (const end of ['resold', 'sentBack', 'scrapped'] as const) expect(nextStates(end)).toEqual(['stored']);
    expect(nextStates('void')).toEqual([]);
    const reached = new Set(returnStates.flatMap((state) => nextStates(state)));
    expect(returnStates.filter((state) => !reached.has(state))).toEqual(['received']);
  });
});

it('adds parts and work of a repair', () => {
  expect(repairCost([1250n, 399n], 5000n)).toBe(6649n);
});
