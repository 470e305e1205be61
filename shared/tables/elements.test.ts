import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanValue, composeElements, elementNames, missingElements, parseElements } from './elements.ts';

const names = ['品牌类型', '出口享惠情况', '材质', '用途', '品牌'];
const value = fc
  .string({ unit: fc.constantFrom('棉', '1', '0', 'a', '%', ' ', '-', '，', '（', '𠮷'), maxLength: 12 })
  .map((text) => cleanValue(text));

describe('declaration elements', () => {
  it('come back from the text they were written as', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: names.length, maxLength: names.length }), (values) => {
        const items = names.map((name, at) => ({ name, value: values[at] ?? '' }));
        const { text, length } = composeElements(items);
        expect(length).toBe([...text].length);
        const back = parseElements(text, names);
        expect(back.items).toEqual(items);
        expect(back.rest).toEqual([]);
        expect(composeElements(back.items).text).toBe(text);
      }),
    );
  });

  it('never let a value become two', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 8 }), (values) => {
        const items = values.map((one, at) => ({ name: `n${at}`, value: one }));
        expect(composeElements(items).text.split('|').length).toBeLessThanOrEqual(Math.max(1, values.length));
      }),
    );
  });

  it('count characters against the limit, one outside the basic plane as one', () => {
    const over = composeElements([{ name: '材质', value: '𠮷'.repeat(256) }]);
    expect(over).toMatchObject({ length: 256, over: 1 });
    expect(composeElements([{ name: '材质', value: '棉'.repeat(255) }])).toMatchObject({ length: 255, over: 0 });
  });

  it('read named values in any order, full-width colons too, and say what belongs to none', () => {
    expect(parseElements('材质：100%棉|品牌类型:1|出口享惠情况:0', names).items.map((one) => one.value)).toEqual([
      '1',
      '0',
      '100%棉',
      '',
      '',
    ]);
    expect(parseElements('1|0|棉|家用|无牌|多余', names).rest).toEqual(['多余']);
    expect(parseElements('', names).items.every((one) => one.value === '')).toBe(true);
  });

  it('put brand type and preference first, then the order of the user', () => {
    expect(elementNames(['用途', '材质', '出口享惠情况', '品牌类型', '品牌'], ['品牌', '材质', '没有'])).toEqual([
      '品牌类型',
      '出口享惠情况',
      '品牌',
      '材质',
      '用途',
    ]);
  });

  it('keep the place of an empty value between others', () => {
    const items = ['1', '', '棉', '', ''].map((one, at) => ({ name: names[at] ?? '', value: one }));
    expect(composeElements(items).text).toBe('1||棉');
    expect(missingElements(items, ['品牌类型', '用途'])).toEqual(['用途']);
  });
});
