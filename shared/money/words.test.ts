import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chineseAmount, englishAmount, englishNumber } from './words.ts';

const values: Record<string, number> = { ZERO: 0 };
for (const [
  at,
  word,
] of 'ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN'
  .split(' ')
  .entries())
  values[word] = at + 1;
for (const [at, word] of 'TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY'.split(' ').entries())
  values[word] = (at + 2) * 10;
const scales: Record<string, bigint> = {
  THOUSAND: 1000n,
  MILLION: 10n ** 6n,
  BILLION: 10n ** 9n,
  TRILLION: 10n ** 12n,
};

/** Reads English words back, by a way of its own. */
function fromEnglish(text: string): bigint {
  let total = 0n;
  let group = 0n;
  for (const word of text.split(/[ -]/)) {
    if (word === 'AND') continue;
    const scale = scales[word];
    if (word === 'HUNDRED') group *= 100n;
    else if (scale !== undefined) {
      total += group * scale;
      group = 0n;
    } else group += BigInt(values[word] ?? Number.NaN);
  }
  return total + group;
}

const figures = '零壹贰叁肆伍陆柒捌玖';
/** Reads Chinese capitals back to fen. */
function fromChinese(text: string): bigint {
  let total = 0n;
  let section = 0n;
  let figure = 0n;
  let fen = 0n;
  for (const one of text) {
    const at = figures.indexOf(one);
    if (at >= 0) figure = BigInt(at);
    else if (one === '拾' || one === '佰' || one === '仟') {
      section += figure * (one === '拾' ? 10n : one === '佰' ? 100n : 1000n);
      figure = 0n;
    } else if (one === '万') {
      total += (section + figure) * 10_000n;
      section = 0n;
      figure = 0n;
    } else if (one === '亿') {
      total = (total + section + figure) * 100_000_000n;
      section = 0n;
      figure = 0n;
    } else if (one === '元') {
      total += section + figure;
      section = 0n;
      figure = 0n;
    } else if (one === '角') {
      fen += figure * 10n;
      figure = 0n;
    } else if (one === '分') {
      fen += figure;
      figure = 0n;
    }
  }
  return total * 100n + fen;
}

describe('amounts in words', () => {
  it.each([
    [0n, 'USD', 'SAY US DOLLARS ZERO ONLY', '美元零元整'],
    [
      123405n,
      'USD',
      'SAY US DOLLARS ONE THOUSAND TWO HUNDRED AND THIRTY-FOUR AND CENTS FIVE ONLY',
      '美元壹仟贰佰叁拾肆元零伍分',
    ],
    [1_000_000_00n, 'GBP', 'SAY POUNDS STERLING ONE MILLION ONLY', '英镑壹佰万元整'],
    [100_01n, 'EUR', 'SAY EUROS ONE HUNDRED AND CENTS ONE ONLY', '欧元壹佰元零壹分'],
    [2500n, 'JPY', 'SAY JAPANESE YEN TWO THOUSAND FIVE HUNDRED ONLY', '日元贰仟伍佰元整'],
    [1015n, 'KWD', 'SAY KWD ONE AND 15/1000 ONLY', undefined],
    [80n, 'CNY', 'SAY RENMINBI YUAN ZERO AND FEN EIGHTY ONLY', '人民币捌角整'],
  ])('%s %s', (minor, currency, english, chinese) => {
    expect(englishAmount(minor, currency)).toBe(english);
    expect(chineseAmount(minor, currency)).toBe(chinese);
  });

  it('are refused below zero and beyond the words there are', () => {
    expect(englishAmount(-1n, 'USD')).toBeUndefined();
    expect(chineseAmount(-1n, 'USD')).toBeUndefined();
    expect(englishNumber(10n ** 15n)).toBeUndefined();
    expect(() => englishAmount(1n, 'XYZ')).toThrow('MONEY_CURRENCY_UNKNOWN');
  });

  it('name every whole number once: read back they are the number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (value) => {
        expect(fromEnglish(englishNumber(value) ?? '')).toBe(value);
      }),
    );
  });

  it('keep every cent in both languages', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 10n }), (cents) => {
        const english = /^SAY US DOLLARS (.+?)(?: AND CENTS (.+))? ONLY$/.exec(englishAmount(cents, 'USD') ?? '');
        const read =
          fromEnglish(english?.[1] ?? '') * 100n + (english?.[2] === undefined ? 0n : fromEnglish(english[2]));
        expect(read).toBe(cents);
        expect(fromChinese((chineseAmount(cents, 'USD') ?? '').slice(2))).toBe(cents);
      }),
    );
  });
});
