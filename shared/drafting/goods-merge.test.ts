import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GoodsLine, mergeGoods, sameTotals, splitByLimit, totalsOf } from './goods-merge.ts';

const figure = fc.bigInt({ min: 0n, max: 10n ** 12n });
/** Few values of each nature, so that many lines are alike. */
const line: fc.Arbitrary<Omit<GoodsLine, 'key'>> = fc.record(
  {
    gcode: fc.constantFrom('6109100021', '6912001000'),
    gname: fc.constantFrom('棉制针织T恤衫', '陶瓷杯'),
    gmodel: fc.constantFrom('0|0|棉', '0|0|麻'),
    unit: fc.constantFrom('011', '007'),
    unit1: fc.constantFrom('011', '035'),
    unit2: fc.constantFrom('035', undefined),
    currency: fc.constantFrom('502', '300'),
    origin: fc.constantFrom('142', '116'),
    destination: fc.constantFrom('502', '303'),
    qty_e5: figure,
    qty1_e5: figure,
    qty2_e5: fc.option(figure, { nil: undefined }),
    price_e5: fc.constantFrom(100_000n, 250_000n),
    total_e5: figure,
    net_e5: figure,
    gross_e5: figure,
  },
  { noNullPrototype: true },
);
const lines = fc
  .array(line, { maxLength: 60 })
  .map((all) => all.map((one, at): GoodsLine => ({ ...one, key: String(at) })));

const natures = ['gcode', 'gname', 'gmodel', 'unit', 'unit1', 'unit2', 'currency', 'origin', 'destination'] as const;

describe('mergeGoods', () => {
  it('keeps totals, every source line once, and lines apart that differ', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const merged = mergeGoods(all);
        expect(sameTotals(merged.totals, totalsOf(all))).toBe(true);
        const keys = merged.lines.flatMap(({ sources }) => sources.map(({ key }) => key));
        expect(keys.toSorted()).toEqual(all.map(({ key }) => key).toSorted());
        const seen = new Set<string>();
        for (const one of merged.lines) {
          for (const source of one.sources) for (const name of natures) expect(source[name]).toBe(one[name]);
          seen.add(JSON.stringify([...natures.map((name) => one[name] ?? ''), one.qty2_e5 === undefined]));
        }
        expect(seen.size).toBe(merged.lines.length);
      }),
    );
  });

  it('is done after once', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const once = mergeGoods(all).lines;
        expect(mergeGoods(once).lines.map(({ total_e5 }) => total_e5)).toEqual(once.map(({ total_e5 }) => total_e5));
      }),
    );
  });

  const shirt: GoodsLine = {
    key: 'a',
    gcode: '6109100021',
    gname: '棉制针织T恤衫',
    gmodel: '0|0|棉100%',
    unit: '011',
    unit1: '011',
    unit2: '035',
    currency: '502',
    origin: '142',
    destination: '502',
    qty_e5: 200_000n,
    qty1_e5: 200_000n,
    qty2_e5: 40_000n,
    price_e5: 1_000_000n,
    total_e5: 2_000_000n,
    net_e5: 40_000n,
    gross_e5: 50_000n,
  };

  it('keeps the price of lines that agree and averages others', () => {
    const same = mergeGoods([shirt, { ...shirt, key: 'b' }]);
    expect(same.lines).toMatchObject([{ key: 'a', price_e5: 1_000_000n, isAveragePrice: false, total_e5: 4_000_000n }]);
    const other = { ...shirt, key: 'c', qty_e5: 100_000n, price_e5: 1_150_000n, total_e5: 1_150_000n };
    // (20 + 11.5) ÷ 3 = 10.5
    expect(mergeGoods([shirt, other]).lines).toMatchObject([{ price_e5: 1_050_000n, isAveragePrice: true }]);
  });

  it('adds 1,000 lines of one kind to one item, none to none', () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ ...shirt, key: String(at) }));
    expect(mergeGoods(many).lines).toMatchObject([{ qty_e5: 200_000_000n, net_e5: 40_000_000n }]);
    expect(mergeGoods([]).lines).toEqual([]);
  });
});

describe('splitByLimit', () => {
  it('keeps order and totals, and no part is over the limit or empty', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 50 }), (all, max) => {
        const parts = splitByLimit(all, max);
        expect(parts.flat()).toEqual(all);
        expect(sameTotals(totalsOf(parts.flat()), totalsOf(all))).toBe(true);
        expect(parts.length).toBe(Math.ceil(all.length / max));
        for (const part of parts) expect(part.length > 0 && part.length <= max).toBe(true);
      }),
    );
  });

  it('refuses what is no limit', () => {
    expect(() => splitByLimit([1], 0)).toThrow(RangeError);
    expect(() => splitByLimit([1], 1.5)).toThrow(RangeError);
  });
});
