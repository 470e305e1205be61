import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LotOrigin, ownersOf, splitByOwner } from './owners.ts';
import { isShareable, type JointGoods, jointShares, shareBases } from './shares.ts';

const goods = (member: number, weight: bigint, value: bigint, cartons: bigint, sold = 0n): JointGoods => ({
  member,
  weight,
  value,
  cartons,
  sold,
});
const total = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);

describe('shares of a joint shipment', () => {
  it('gives each member its part, the odd fen to the largest remainder', () => {
    const shares = jointShares(
      [goods(7, 1n, 100n, 1n), goods(9, 1n, 300n, 1n), goods(7, 1n, 0n, 0n)],
      [
        { amountFen: 100n, by: 'weight' },
        { amountFen: 101n, by: 'cartons' },
      ],
      [{ amountFen: 1000n, by: 'value' }],
    );
    expect(shares.map(({ member, costs, proceeds, netFen }) => [member, costs, proceeds, netFen])).toEqual([
      [7, [67n, 51n], [250n], 132n],
      [9, [33n, 50n], [750n], 667n],
    ]);
  });

  it('gives each what its own goods were sold for where the prices add up to the proceeds', () => {
    const lines = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.bigInt(0n, 10n ** 10n)), { minLength: 1 });
    fc.assert(
      fc.property(lines, (sales) => {
        const all = sales.map(([member, sold]) => goods(member, 1n, 0n, 1n, sold));
        const amount = { amountFen: total(all.map(({ sold }) => sold)), by: 'sold' as const };
        for (const { sold, netFen } of jointShares(all, [], [amount])) expect(netFen).toBe(sold);
      }),
    );
  });

  it('gives what is one member’s alone to it, whatever the others brought', () => {
    const all = [goods(7, 1n, 1n, 1n), goods(9, 1n, 1n, 1n)];
    const own = { amountFen: 90_001n, by: 'weight', only: 9 } as const;
    expect(jointShares(all, [own], []).map(({ netFen }) => netFen)).toEqual([0n, -90_001n]);
    expect(isShareable(all, own)).toBe(true);
    expect(isShareable(all, { ...own, only: 8 })).toBe(false);
    // 900.01 between two of one weight: the odd fen to the earlier.
    expect(jointShares(all, [], [{ amountFen: 90_001n, by: 'weight' }]).map(({ netFen }) => netFen)).toEqual([
      45_001n,
      45_000n,
    ]);
  });

  it('says what nothing can be shared by', () => {
    expect(isShareable([goods(1, 2n, 2n, 0n)], { amountFen: 5n, by: 'cartons' })).toBe(false);
    expect(isShareable([goods(1, 2n, 2n, 0n)], { amountFen: 0n, by: 'cartons' })).toBe(true);
    expect(isShareable([goods(1, 2n, 2n, 1n)], { amountFen: 5n, by: 'weight' })).toBe(true);
    expect(isShareable([], { amountFen: 0n, by: 'weight' })).toBe(false);
  });

  it('adds up to the fen, whatever the goods; no member is off by a whole fen', () => {
    const line = fc
      .tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.bigInt(1n, 10n ** 10n),
        fc.bigInt(1n, 10n ** 11n),
        fc.bigInt(1n, 10n ** 5n),
        fc.bigInt(1n, 10n ** 11n),
      )
      .map((of) => goods(...of));
    const amount = fc.record({ amountFen: fc.bigInt(0n, 10n ** 12n), by: fc.constantFrom(...shareBases) });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.array(amount, { maxLength: 5 }),
        fc.array(amount, { maxLength: 5 }),
        (all, costs, proceeds) => {
          const shares = jointShares(all, costs, proceeds);
          for (const side of ['costs', 'proceeds'] as const)
            for (const [at, { amountFen, by }] of (side === 'costs' ? costs : proceeds).entries()) {
              const parts = shares.map((share) => share[side][at] ?? 0n);
              expect(total(parts)).toBe(amountFen);
              const whole = total(shares.map((share) => share[by]));
              for (const [index, share] of shares.entries()) {
                const off = (parts[index] ?? 0n) * whole - amountFen * share[by];
                expect(off < whole && -off < whole).toBe(true);
              }
            }
          expect(total(shares.map(({ netFen }) => netFen))).toBe(
            total(proceeds.map(({ amountFen }) => amountFen)) - total(costs.map(({ amountFen }) => amountFen)),
          );
          for (const of of ['weight', 'value', 'cartons', 'sold'] as const)
            expect(total(shares.map((one) => one[of]))).toBe(total(all.map((one) => one[of])));
        },
      ),
    );
  });
});

describe('whose a lot is', () => {
  it('follows what went into it', () => {
    const lots: LotOrigin[] = [
      { id: 1, owner: 11, inputs: [] },
      { id: 2, owner: 12, inputs: [] },
      { id: 3, owner: undefined, inputs: [] },
      {
        id: 4,
        owner: undefined,
        inputs: [
          { lotId: 1, grams: 300 },
          { lotId: 2, grams: 100 },
        ],
      },
      {
        id: 5,
        owner: undefined,
        inputs: [
          { lotId: 4, grams: 200 },
          { lotId: 3, grams: 50 },
        ],
      },
    ];
    const owners = ownersOf(lots);
    expect([...(owners.get(4) ?? [])]).toEqual([
      [11, 300n],
      [12, 100n],
    ]);
    expect([...(owners.get(5) ?? [])]).toEqual([
      [11, 150n],
      [12, 50n],
      [undefined, 50n],
    ]);
    expect(splitByOwner(10n, owners.get(4) ?? new Map())).toEqual([
      [11, 8n],
      [12, 2n],
    ]);
    expect(() => ownersOf(lots.slice(3))).toThrow('came after');
  });

  it('gives every gram and carton to somebody, whatever was mixed', () => {
    const tree = fc.array(
      fc.record({
        owner: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        inputs: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 10 ** 9 })), { maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(tree, fc.bigInt(0n, 10n ** 6n), (nodes, cartons) => {
        const lots = nodes.map(({ owner, inputs }, id) => ({
          id,
          owner,
          inputs: id === 0 ? [] : inputs.map(([of, grams]) => ({ lotId: of % id, grams })),
        }));
        const owners = ownersOf(lots);
        for (const { id, inputs } of lots) {
          const own = owners.get(id) ?? new Map();
          if (inputs.length > 0) expect(total([...own.values()])).toBe(total(inputs.map(({ grams }) => BigInt(grams))));
          expect(total(splitByOwner(cartons, own).map(([, part]) => part))).toBe(cartons);
        }
      }),
    );
  });
});
