import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutNumber } from './encoded-text.ts';

const NUMBER = '11010119900307001X';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = (number: string): string => JSON.stringify({ 姓名: '张三', id: number, note: '>>>???' });
const without = (text: string): string => withoutNumber(text, NUMBER, '***');

describe('a number in a text', () => {
  it.each([
    ['as it is, its letter in either case', (n: string) => `id=${n}&again=${n.toLowerCase()}`],
    ['in base64', (n: string) => `biz=${base64(json(n))};`],
    ['in the alphabet of addresses', (n: string) => `biz=${Buffer.from(json(n)).toString('base64url')}.tail`],
    ['percent-encoded', (n: string) => `biz=${encodeURIComponent(base64(json(n)))}&x=1`],
    ['with slashes escaped', (n: string) => `"${base64(`${json(n)}????`).replaceAll('/', '\\/')}"`],
    ['right behind other letters', (n: string) => `token${base64(json(n))}`],
    ['inside base64 inside base64', (n: string) => base64(`{"data":"${base64(json(n))}"}`)],
    ['in hexadecimal', (n: string) => `0x${Buffer.from(json(n)).toString('hex').toUpperCase()}`],
  ])('is replaced %s, and the rest can be read as before', (_how, encode) => {
    const goneIs = NUMBER.toLowerCase();
    expect(without(encode(NUMBER))).toBe(encode('***'));
    expect(without(encode(goneIs))).toBe(encode('***'));
  });

  it('changes nothing of a text without it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.base64String({ maxLength: 200 }), (text, coded) => {
        fc.pre(!`${text}${coded}`.includes(NUMBER));
        expect(without(`${text} ${coded}`)).toBe(`${text} ${coded}`);
        expect(without(base64(text))).toBe(base64(text));
      }),
    );
  });
});
