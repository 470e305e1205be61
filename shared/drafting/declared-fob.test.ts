import { describe, expect, it } from 'vitest';
import { parse5 } from '../money/decimal.ts';
import { type DeclaredValues, fobOf } from './declared-fob.ts';

const none = { mark: '', amount_e5: 0n, currency: '' };
const of = (more: Partial<DeclaredValues>) =>
  fobOf({
    terms: '3',
    items: [{ currency: 'USD', total_e5: parse5('100') }],
    freight: none,
    insurance: none,
    gross_e5: parse5('500'),
    convert: () => {
      throw new Error('no rate');
    },
    ...more,
  }).map(({ fob, declared }) => [fob, declared]);

describe('FOB of a declaration', () => {
  it('is what was declared where the terms hold neither freight nor insurance', () => {
    const fees = { freight: { mark: '3', amount_e5: parse5('9'), currency: 'USD' } };
    expect(of(fees)).toEqual([[10000n, 10000n]]);
    expect(of({ ...fees, terms: '7' })).toEqual([[10000n, 10000n]]);
  });

  it('leaves out freight by amount, by the tonne and by rate, and insurance by rate', () => {
    const freight = (mark: string, text: string) => ({ mark, amount_e5: parse5(text), currency: 'USD' });
    expect(of({ terms: '2', freight: freight('3', '8.5') })).toEqual([[9150n, 10000n]]);
    expect(of({ terms: '2', freight: freight('2', '10') })).toEqual([[9500n, 10000n]]);
    // 100 with insurance of 1 % holds 99 of cost and freight; freight of 10 % of the goods leaves 90.
    expect(of({ terms: '1', freight: freight('1', '10'), insurance: freight('1', '1') })).toEqual([[9000n, 10000n]]);
    expect(of({ terms: '4', freight: freight('3', '8.5'), insurance: freight('3', '2') })).toEqual([[9800n, 10000n]]);
  });

  it('asks for a rate where a fee is in another currency, and shares fees among items to the minor unit', () => {
    const freight = { mark: '3', amount_e5: parse5('70'), currency: 'CNY' };
    expect(() => of({ terms: '2', freight })).toThrow('no rate');
    const convert = (amount: bigint) => amount / 7n;
    expect(of({ terms: '2', freight, convert })).toEqual([[9000n, 10000n]]);
    const items = ['33.3333', '33.3333', '33.3334'].map((text) => ({ currency: 'USD', total_e5: parse5(text) }));
    const three = of({ items, terms: '2', freight, convert });
    expect(three.reduce((sum, [fob = 0n]) => sum + fob, 0n)).toBe(9000n);
    expect(three.reduce((sum, [, declared = 0n]) => sum + declared, 0n)).toBe(10000n);
  });
});
