import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCY_EXPONENTS } from '../money/index.ts';
import { Num } from '../rules/figures.ts';
import {
  atStatedRate,
  excessOf,
  impliedRate,
  type MatchFacts,
  type MatchReceipt,
  type MatchTarget,
  payerTeller,
  planAutomatic,
  referencesIn,
  suggestReceipts,
  suggestTargets,
} from './allocation.ts';
import { allocationPack } from './allocation-pack.ts';

const file = path.resolve(import.meta.dirname, '../../resources/rules/forex-allocation.json');
const pack = allocationPack.parse(JSON.parse(readFileSync(file, 'utf8')));
const parameters = pack.versions[0]?.parameters;
if (parameters === undefined) throw new Error('a pack without version');
const facts: MatchFacts = {
  parameters,
  charges: { upTo: new Num(50), share: new Num('0.05') },
  rateOf: (currency) => ({ EUR: '1.1', GBP: '1.25' })[currency],
  paidBefore: new Set(),
  institutions: [],
};
const receipt = (given: Partial<MatchReceipt> = {}): MatchReceipt => ({
  no: '汇-2026-0001',
  date: '2026-11-10',
  currency: 'USD',
  openMinor: 100_000n,
  payer: '',
  country: '',
  text: '',
  channel: 'bank',
  ...given,
});
const target = (no: string, given: Partial<MatchTarget> = {}): MatchTarget => ({
  key: `order:${no}`,
  kind: 'order',
  no,
  date: '2026-11-01',
  currency: 'USD',
  dueMinor: given.openMinor ?? 100_000n,
  openMinor: 100_000n,
  buyer: '',
  country: '',
  numbers: [no],
  ...given,
});
const codes = (one: { reasons: readonly { code: string }[] } | undefined) => one?.reasons.map(({ code }) => code) ?? [];

describe('a number in the text of a slip', () => {
  it('is found whole, in parts, and hung on letters', () => {
    expect(referencesIn('PAYMENT FOR INV.NO.536365/536366 货款', 4)).toEqual(
      expect.arrayContaining(['536365', '536366']),
    );
    expect(referencesIn('order-123-1234567-7654321', 4)).toContain('12312345677654321');
    expect(referencesIn('/ROC/PO536365', 4)).toContain('536365');
    expect(referencesIn('订单A-17货款', 3)).toContain('A17');
    expect(referencesIn('no number at all', 4)).toEqual([]);
  });
});

describe('a payer', () => {
  const kind = (payer: string, buyer: string, channel: MatchReceipt['channel'] = 'bank') =>
    payerTeller({ payer, channel }, facts)(buyer);
  it('is the buyer under another writing, a stranger, or who pays for everyone', () => {
    expect(kind('MÜLLER HANDELS GMBH', 'Muller Handels')).toBe('same');
    expect(kind('SMITH JOHN', 'John Smith')).toBe('same');
    expect(kind('Jon Smithson', 'Jon Smithsen')).toBe('similar');
    expect(kind('ACME TRADING HK LTD', 'John Smith')).toBe('unlike');
    expect(kind('PAYONEER INC.', 'John Smith')).toBe('institution');
    expect(kind('连连国际', 'John Smith')).toBe('institution');
    expect(kind('深圳测试贸易有限公司', '深圳测试贸易有限公司')).toBe('same');
    expect(kind('ACME TRADING', '17850')).toBe('unknown');
    expect(kind('', 'John Smith')).toBe('unknown');
    expect(kind('whoever', 'John Smith', 'platform')).toBe('institution');
  });
});

describe('suggestions', () => {
  it('take the order that the slip names, of its amount', () => {
    const [best, next] = suggestTargets(
      receipt({ text: 'PAYMENT 536365', payer: 'John Smith' }),
      [target('536365', { buyer: 'John Smith' }), target('536366')],
      facts,
    );
    expect(best?.parts.map(({ target: { no }, amountMinor }) => [no, amountMinor])).toEqual([['536365', 100_000n]]);
    expect(best?.score).toBe(100);
    expect(codes(best)).toEqual(['amountEqual', 'referenceFound', 'buyerSame', 'dateUsual']);
    expect(next?.score).toBe(38);
  });

  it('propose what is missing as charges, as far as banks keep', () => {
    const [best] = suggestTargets(receipt({ openMinor: 97_500n }), [target('536365')], facts);
    expect(best?.parts[0]).toMatchObject({ amountMinor: 97_500n, targetMinor: 97_500n, chargeMinor: 2_500n });
    expect(codes(best)).toContain('amountWithinCharges');
    const [partly] = suggestTargets(receipt({ openMinor: 90_000n, text: '536365' }), [target('536365')], facts);
    expect(partly?.parts[0]).toMatchObject({ amountMinor: 90_000n, chargeMinor: 0n });
    expect(codes(partly)).toContain('partial');
  });

  it('leave on the receipt what is more than owed', () => {
    const [best] = suggestTargets(receipt({ openMinor: 120_000n, text: '536365' }), [target('536365')], facts);
    expect(best?.parts[0]).toMatchObject({ amountMinor: 100_000n, targetMinor: 100_000n });
    expect(best?.reasons.find(({ code }) => code === 'over')?.params).toEqual({ left: 'USD 200.00' });
  });

  it('sum several of one buyer: all, the oldest, or the fewest that come to it', () => {
    const of = (no: string, openMinor: bigint, date = '2026-11-01') =>
      target(no, { openMinor, date, buyer: 'John Smith' });
    const payer = 'JOHN SMITH';
    const all = suggestTargets(receipt({ payer }), [of('A', 40_000n), of('B', 60_000n)], facts)[0];
    expect(all?.parts.map(({ target: { no } }) => no)).toEqual(['A', 'B']);
    expect(codes(all)).toContain('sumEqual');
    const some = suggestTargets(
      receipt({ payer }),
      [of('A', 12_345n), of('B', 60_000n, '2026-11-02'), of('C', 40_000n, '2026-11-03'), of('D', 33_333n)],
      facts,
    ).find(({ parts }) => parts.length > 1);
    expect(some?.parts.map(({ target: { no } }) => no)).toEqual(['B', 'C']);
    expect(codes(some)).toContain('sumOfSome');
    const named = suggestTargets(
      receipt({ text: 'A1000 and B1000', openMinor: 99_000n }),
      [target('A1000', { openMinor: 40_000n }), target('B1000', { openMinor: 60_000n })],
      facts,
    )[0];
    expect(named?.parts.map(({ amountMinor, chargeMinor }) => [amountMinor, chargeMinor])).toEqual([
      [40_000n, 0n],
      [59_000n, 1_000n],
    ]);
  });

  it('doubt what fits equally well, and say how many', () => {
    const rivals = suggestTargets(receipt(), [target('A'), target('B'), target('C')], facts);
    expect(rivals.map(({ score }) => score)).toEqual([18, 18, 18]);
    expect(rivals[0]?.reasons.at(-1)).toEqual({ code: 'alsoFits', points: -20, params: { count: 2 } });
  });

  it('flag a stranger who pays', () => {
    const [best] = suggestTargets(
      receipt({ payer: 'ACME TRADING HK LTD', text: '536365' }),
      [target('536365', { buyer: 'John Smith' })],
      facts,
    );
    expect(best?.isThirdParty).toBe(true);
    expect(codes(best)).toContain('thirdParty');
    expect(
      planAutomatic([{ receipt: receipt(), suggestions: [best].flatMap((one) => one ?? []) }], 1).withheld[0]?.why,
    ).toBe('third-party');
  });

  it('convert at the rate of the day across currencies', () => {
    const eur = target('536365', { currency: 'EUR', openMinor: 90_909n });
    const [best] = suggestTargets(receipt({ text: '536365' }), [eur], facts);
    expect(best?.parts[0]).toMatchObject({ amountMinor: 100_000n, targetMinor: 90_909n });
    expect(codes(best)).toEqual(expect.arrayContaining(['amountAtRate', 'currencyOther']));
    expect(suggestTargets(receipt({ text: '536365' }), [{ ...eur, currency: 'JPY' }], facts)).toEqual([]);
  });

  it('know a deposit of a usual share', () => {
    const [best] = suggestTargets(receipt({ openMinor: 30_000n, text: '536365' }), [target('536365')], facts);
    expect(best?.reasons.find(({ code }) => code === 'depositShare')?.params).toEqual({ percent: '30' });
  });

  it('are the same from the side of the target', () => {
    const one = target('536365', { buyer: 'John Smith' });
    const rows = [receipt({ no: 'R1', payer: 'John Smith' }), receipt({ no: 'R2', text: '536365' })];
    const found = suggestReceipts(one, rows, () => facts);
    for (const { receipt: row, score } of found) expect(suggestTargets(row, [one], facts)[0]?.score).toBe(score);
    expect(found.map(({ receipt: row }) => row.no)).toEqual(['R2', 'R1']);
  });
});

const someTargets = fc.uniqueArray(
  fc.record({
    no: fc.integer({ min: 1000, max: 1200 }).map(String),
    openMinor: fc.integer({ min: 1, max: 40 }).map((units) => BigInt(units) * 2_500n),
    buyer: fc.constantFrom('', 'John Smith', 'Jane Roe', 'ACME GmbH'),
    date: fc.constantFrom('2026-10-01', '2026-11-01', '2026-11-09', '2026-11-20'),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
  }),
  { selector: ({ no }) => no, maxLength: 30 },
);
const someReceipt = fc.record({
  openMinor: fc.integer({ min: 1, max: 60 }).map((units) => BigInt(units) * 2_500n),
  payer: fc.constantFrom('', 'JOHN SMITH', 'PAYPAL', 'Somebody Else Ltd'),
  text: fc.array(fc.integer({ min: 1000, max: 1200 }), { maxLength: 3 }).map((numbers) => `PAY ${numbers.join('/')}`),
});

describe('any suggestion', () => {
  it('depends on nothing but what is given, not on its order', () => {
    fc.assert(
      fc.property(someReceipt, someTargets, fc.integer(), (given, rows, seed) => {
        const list = rows.map(({ no, ...rest }) => target(no, rest));
        const shuffled = [...list].sort(
          (a, b) => ((Number(a.no) * 7919 + seed) % 101) - ((Number(b.no) * 7919 + seed) % 101),
        );
        const one = receipt(given);
        expect(suggestTargets(one, shuffled, facts)).toEqual(suggestTargets(one, list, facts));
      }),
      { numRuns: 150 },
    );
  });

  it('never takes more than either side has, and sums to what it takes', () => {
    fc.assert(
      fc.property(someReceipt, someTargets, (given, rows) => {
        const one = receipt(given);
        for (const { parts, score } of suggestTargets(
          one,
          rows.map(({ no, ...rest }) => target(no, rest)),
          facts,
        )) {
          expect(score).toBeGreaterThanOrEqual(parameters.showFrom);
          expect(score).toBeLessThanOrEqual(100);
          expect(parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBeLessThanOrEqual(one.openMinor);
          for (const part of parts) {
            expect(part.amountMinor).toBeGreaterThan(0n);
            expect(excessOf(one.openMinor, part.target.openMinor, part)).toBeUndefined();
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is confirmed many at once without taking a target twice, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(someReceipt, { maxLength: 12 }),
        someTargets,
        fc.integer({ min: 15, max: 100 }),
        (given, rows, minimum) => {
          const targets = rows.map(({ no, ...rest }) => target(no, rest));
          const list = given.map((one, at) => {
            const row = receipt({ ...one, no: `R${String(at).padStart(2, '0')}` });
            return { receipt: row, suggestions: suggestTargets(row, targets, facts) };
          });
          const plan = planAutomatic(list, minimum);
          expect(planAutomatic([...list].reverse(), minimum)).toEqual(plan);
          expect(plan.accepted.length + plan.withheld.length).toBe(list.length);
          const taken = new Map<string, bigint>();
          for (const { suggestion } of plan.accepted) {
            expect(suggestion.score).toBeGreaterThanOrEqual(minimum);
            for (const { target: one, targetMinor, chargeMinor } of suggestion.parts)
              taken.set(one.key, (taken.get(one.key) ?? 0n) + targetMinor + chargeMinor);
          }
          for (const one of targets) expect(taken.get(one.key) ?? 0n).toBeLessThanOrEqual(one.openMinor);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a stated rate', () => {
  it('pays the target in its own minor units, half-up', () => {
    expect(atStatedRate(10_000n, 'USD', 'EUR', '0.91')).toBe(9_100n);
    expect(atStatedRate(10_000n, 'USD', 'JPY', '150.255')).toBe(15_026n);
    expect(atStatedRate(15_000n, 'JPY', 'KWD', '0.002')).toBe(30_000n);
    expect(impliedRate(10_000n, 'USD', 9_100n, 'EUR')).toBe('0.91');
    expect(Object.keys(CURRENCY_EXPONENTS)).toContain('KWD');
  });
});
