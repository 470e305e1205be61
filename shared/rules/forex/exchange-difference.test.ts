import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runner, warned } from '../tax/import/sources.testing.ts';
import { forexCalculators } from './index.ts';

const calculate = runner(forexCalculators, (path): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${path}`, import.meta.url), 'utf8')),
);
const run = (input: object) => calculate('F10', input);
const rate = fc.integer({ min: 1, max: 200_000 }).map((value) => (value / 10_000).toFixed(4));
const units = fc.integer({ min: 0, max: 10_000_000 }).map(String);

describe('F10 exchange differences (CAS 19)', () => {
  it('revalues a receivable and, the other way round, a payable', () => {
    const item = { kind: 'revalue', balanceFc: '1000000', closing: '6.5' };
    expect(run({ ...item, bookCny: '6300000' }).result).toEqual({ closingCny: '6500000.00', gain: '200000.00' });
    expect(run({ ...item, bookRate: '6.3' }).result).toMatchObject({ gain: '200000.00' });
    expect(run({ ...item, bookCny: '6300000', side: 'liability' }).result).toMatchObject({ gain: '-200000.00' });
  });
  it('leaves prepayments at the rate they were booked at', () => {
    const prepaid = run({ kind: 'revalue', balanceFc: '100', bookCny: '700', closing: '7.2', monetary: false });
    expect(prepaid.result).toEqual({ closingCny: '700.00', gain: '0.00' });
    expect(warned(prepaid)).toEqual(['notMonetary']);
  });
  it('sells to the bank at its buying rate and settles at the rate of the day', () => {
    expect(run({ kind: 'buyFromBank', fc: '10000', bankSell: '6.65', bookRate: '6.60' }).result).toEqual({
      cnyPaid: '66500.00',
      bookCny: '66000.00',
      gain: '-500.00',
    });
    expect(run({ kind: 'sellToBank', fc: '1000000', bankBuy: '6.55', bookRate: '6.60' }).result).toEqual({
      cnyReceived: '6550000.00',
      bookCny: '6600000.00',
      gain: '-50000.00',
    });
    expect(run({ kind: 'settle', fc: '1000000', settleRate: '6.3', bookRate: '6.2' }).result).toEqual({
      gain: '100000.00',
    });
    expect(
      run({ kind: 'settle', fc: '1000000', settleRate: '6.3', bookRate: '6.2', side: 'liability' }).result,
    ).toEqual({ gain: '-100000.00' });
  });
  it('closes an account after its movements (textbook of 2007)', () => {
    const moves = [
      ['1000', '8.24'],
      ['60', '8.26'],
      ['-80', '8.23'],
    ];
    const closed = run({ kind: 'ledger', openFc: '400', openCny: '3288', moves, closing: '8.25' });
    expect(closed.result).toEqual({ closingFc: '1380.00', closingCny: '11385.00', gain: '19.80' });
    expect(closed.steps.filter(({ id }) => id === 'moveCny').map(({ result }) => result)).toEqual([
      '8240.00',
      '495.60',
      '-658.40',
    ]);
  });
  it('gains on one side what it loses on the other, and nothing at an unchanged rate', () => {
    fc.assert(
      fc.property(units, rate, rate, (fc1, book, settle) => {
        const of = (side: string, at: string) =>
          Number(run({ kind: 'settle', fc: fc1, settleRate: at, bookRate: book, side }).result['gain']);
        expect(of('asset', settle) + of('liability', settle)).toBeCloseTo(0, 6);
        expect(of('asset', book)).toBeCloseTo(0, 6);
      }),
      { numRuns: 60 },
    );
  });
  it('refuses unknown kinds and names, and two book values', () => {
    for (const bad of [
      {},
      { kind: 'buy' },
      { kind: 'settle', fc: '1', settleRate: '1', bookRate: '1', date: '2026-01-01' },
      { kind: 'revalue', balanceFc: '1', closing: '1' },
      { kind: 'revalue', balanceFc: '1', closing: '1', bookCny: '1', bookRate: '1' },
      { kind: 'settle', fc: '1', settleRate: '0', bookRate: '1' },
    ])
      expect(() => run(bad), JSON.stringify(bad)).toThrow(/RULE_INPUT/);
  });
});
