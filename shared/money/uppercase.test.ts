import { describe, expect, it } from 'vitest';
import { uppercaseAmount } from './uppercase.ts';

describe('amounts in Chinese capitals', () => {
  it.each([
    ['0', '零元整'],
    ['1', '壹元整'],
    ['10', '壹拾元整'],
    ['0.05', '伍分'],
    ['0.5', '伍角整'],
    // The examples of the rule itself.
    ['1409.50', '壹仟肆佰零玖元伍角整'],
    ['6007.14', '陆仟零柒元壹角肆分'],
    ['1680.32', '壹仟陆佰捌拾元叁角贰分'],
    ['107000.53', '壹拾万零柒仟元伍角叁分'],
    ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
    ['325.04', '叁佰贰拾伍元零肆分'],
    ['100000001', '壹亿零壹元整'],
    ['100010000', '壹亿零壹万元整'],
    ['1020304050.60', '壹拾亿零贰仟零叁拾万零肆仟零伍拾元陆角整'],
    ['1000000000000', '壹万亿元整'],
    ['-1234.5', '负壹仟贰佰叁拾肆元伍角整'],
  ])('%s is %s', (figures, words) => {
    expect(uppercaseAmount(figures)).toBe(words);
  });

  it('refuses what is no amount of yuan', () => {
    expect(uppercaseAmount('')).toBeUndefined();
    expect(uppercaseAmount('1.234')).toBeUndefined();
    expect(uppercaseAmount('1,234')).toBeUndefined();
    expect(uppercaseAmount('99999999999999999')).toBeUndefined();
  });
});
