import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  allocate,
  compare,
  convert,
  DecimalError,
  divideRounded,
  exponentOf,
  format5,
  formatMoney,
  formatScaled,
  MoneyError,
  money,
  moneyFromJson,
  moneyToJson,
  multiply5,
  parse5,
  parseMoney,
  parseScaled,
  rescale,
  toDecimal5,
  toMinor,
  tryParse5,
  tryParseScaled,
} from './index.ts';

const bigs = fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n });

describe('decimal text', () => {
  it('reads and writes canonical text', () => {
    expect(parse5('12.30')).toBe(1230000n);
    expect(parse5('.5')).toBe(50000n);
    expect(parse5('-0.00001')).toBe(-1n);
    expect(format5(1230000n)).toBe('12.3');
    expect(format5(1200000n, 2)).toBe('12.00');
    expect(format5(-0n)).toBe('0');
    expect(parse5('1.500000')).toBe(150000n);
  });
  it('refuses what is no decimal', () => {
    for (const text of ['', ' 1', '1,000', '1e5', '1.2.3', '--1', 'NaN', '.', '１', '1.000001', '-']) {
      expect(tryParse5(text), text).toBeUndefined();
      expect(() => parse5(text), text).toThrow(DecimalError);
    }
  });
  it('round trips at every scale', () => {
    fc.assert(
      fc.property(
        bigs,
        fc.integer({ min: 0, max: 9 }),
        (value, scale) => parseScaled(formatScaled(value, scale), scale) === value,
      ),
    );
  });
  it('names its rounding', () => {
    expect(tryParseScaled('2.5', 0, 'halfUp')).toBe(3n);
    expect(tryParseScaled('-2.5', 0, 'halfUp')).toBe(-3n);
    expect(tryParseScaled('2.5', 0, 'halfEven')).toBe(2n);
    expect(tryParseScaled('3.5', 0, 'halfEven')).toBe(4n);
    expect(tryParseScaled('-2.9', 0, 'truncate')).toBe(-2n);
    expect(multiply5(parse5('3'), parse5('0.33335'))).toBe(parse5('1.00005'));
    expect(multiply5(parse5('0.5'), parse5('0.00001'))).toBe(1n);
  });
  it('rounds within half a unit', () => {
    fc.assert(
      fc.property(bigs, fc.bigInt({ min: 1n, max: 10n ** 9n }), (n, d) => {
        const error = divideRounded(n, d, 'halfUp') * d - n;
        return (error < 0n ? -error : error) * 2n <= d;
      }),
    );
  });
});

describe('money', () => {
  it('takes its minor unit from ISO 4217', () => {
    expect(['JPY', 'CNY', 'KWD', 'VND', 'IDR', 'USD'].map(exponentOf)).toEqual([0, 2, 3, 0, 2, 2]);
    expect(() => exponentOf('toString')).toThrow(MoneyError);
    expect(() => exponentOf('XXX1')).toThrow(MoneyError);
  });
  it('goes from five decimals to minor units half-up', () => {
    expect(toMinor(parse5('12.345'), 'USD').minor).toBe(1235n);
    expect(toMinor(parse5('12.34499'), 'USD').minor).toBe(1234n);
    expect(toMinor(parse5('-12.345'), 'USD').minor).toBe(-1235n);
    expect(toMinor(parse5('999.5'), 'JPY').minor).toBe(1000n);
    expect(toMinor(parse5('1.23456'), 'KWD').minor).toBe(1235n);
    fc.assert(
      fc.property(
        bigs,
        fc.constantFrom('JPY', 'USD', 'KWD'),
        (minor, currency) => toMinor(toDecimal5({ minor, currency }), currency).minor === minor,
      ),
    );
  });
  it('converts exactly, once rounded', () => {
    expect(convert(money(10000n, 'USD'), '7.1234').minor).toBe(71234n);
    expect(convert(money(1n, 'USD'), '7.5').minor).toBe(8n);
    expect(convert(money(1000n, 'JPY'), '0.0475').minor).toBe(4750n);
    expect(convert(money(1000n, 'KWD'), '23.456789').minor).toBe(2346n);
    for (const rate of ['0', '0.00', '-7', '7,1', '', '1e1'])
      expect(() => convert(money(1n, 'USD'), rate), rate).toThrow(MoneyError);
  });
  it('allocates without loss', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(() => allocate(1n, [])).toThrow(MoneyError);
    expect(() => allocate(1n, [0n])).toThrow(MoneyError);
    expect(() => allocate(1n, [2n, -1n])).toThrow(MoneyError);
    fc.assert(
      fc.property(
        bigs,
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 40 }),
        (total, weights) => {
          fc.pre(weights.some((w) => w > 0n));
          const parts = allocate(total, weights);
          const sum = weights.reduce((a, b) => a + b);
          expect(parts.reduce((a, b) => a + b)).toBe(total);
          for (const [i, part] of parts.entries()) {
            const exact = part * sum - total * (weights[i] ?? 0n);
            expect(exact < sum && exact > -sum).toBe(true);
          }
        },
      ),
    );
  });
  it('writes 1,234.56', () => {
    expect(formatMoney(money(123456n, 'CNY'))).toBe('1,234.56');
    expect(formatMoney(money(-123456789n, 'JPY'))).toBe('-123,456,789');
    expect(formatMoney(money(5n, 'USD'))).toBe('0.05');
    expect(formatMoney(money(-100n, 'USD'))).toBe('-1.00');
    expect(parseMoney('1234.5', 'USD').minor).toBe(123450n);
    expect(() => parseMoney('1.005', 'USD')).toThrow(DecimalError);
    expect(parseMoney('1.005', 'USD', 'halfUp').minor).toBe(101n);
  });
  it('never mixes currencies and survives JSON', () => {
    expect(() => add(money(1n, 'USD'), money(1n, 'EUR'))).toThrow(MoneyError);
    expect(compare(money(1n, 'USD'), money(2n, 'USD'))).toBe(-1);
    fc.assert(fc.property(bigs, (minor) => moneyFromJson(moneyToJson({ minor, currency: 'CNY' })).minor === minor));
    expect(rescale(123455n, 5, 4, 'halfUp')).toBe(12346n);
  });
  it('does not drift over a million lines', () => {
    let total = 0n;
    for (let i = 0; i < 1_000_000; i++) total += 10_010n;
    expect(format5(total)).toBe('100100');
  });
});
