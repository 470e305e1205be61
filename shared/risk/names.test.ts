import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jaroWinkler, likenessOf } from './likeness.ts';
import { featuresOf, NameIndex } from './name-index.ts';
import { buildHanTable, NameReader, screeningPackSchema } from './names.ts';

const json = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../resources/${path}`, import.meta.url), 'utf8'));
const figures = screeningPackSchema.parse(json('rules/risk-screening.json')).versions[0]?.parameters;
if (figures === undefined) throw new Error('no figures');
const reader = new NameReader(figures, buildHanTable(json('names/han.json')));
const form = (text: string) => {
  const read = reader.read(text);
  if (read === undefined) throw new Error(`no name: ${text}`);
  return read;
};
const between = (a: string, b: string) => likenessOf(form(a), form(b), reader);

// All names are invented.
const alike: readonly (readonly [string, string, string])[] = [
  ['Brightwater Holdings Ltd.', 'BRIGHTWATER HOLDINGS LIMITED', 'same'],
  ['Société Générale du Lac S.A.R.L.', 'Societe Generale du Lac SARL', 'same'],
  ['Müller & Söhne GmbH', 'Muller and Sohne', 'same'],
  ['Viktor Anatolyevich Sorokin', 'SOROKIN, Viktor Anatolyevich', 'order'],
  ['Mohammed Al-Fahad', 'Muhammad Al Fahad', 'spelling'],
  ['Brightwatter Holdings', 'Brightwater Holdings', 'spelling'],
  ['J. Merriweather', 'John Merriweather', 'initials'],
  ['Karim Boudiaf', 'Karim Nasser Boudiaf', 'contained'],
  ['Deep Blue Marine Ltd', 'Deepblue Marine', 'joined'],
  ['Сорокин Виктор', 'Viktor Sorokin', 'order'],
  ['ＺＨＯＮＧＨＥ　ＴＲＡＤＩＮＧ', 'Zhonghe Trading Co., Ltd.', 'same'],
  ['江门市新会区瑞霖贸易有限公司', '瑞霖贸易有限公司', 'characters'],
  ['瑞霖贸易(深圳)有限公司', '瑞霖貿易（深圳）有限公司', 'same'],
  ['張國棟', '张国栋', 'same'],
  ['张国栋', '章国栋', 'sound'],
  ['深圳市远航达科技有限公司', '深圳市远行达科技有限公司', 'sound'],
  ['张国栋', 'Zhang Guodong', 'pinyin'],
  ['张国栋', 'Guo-Dong ZHANG', 'pinyin'],
  ['欧阳明慧', 'Ouyang Minghui', 'pinyin'],
  ['曾志强', 'Zeng Zhiqiang', 'pinyin'],
  ['深圳市瑞霖贸易有限公司', 'Shenzhen Ruilin Trading Co., Ltd.', 'pinyin'],
];
const apart: readonly (readonly [string, string])[] = [
  ['Brightwater Holdings Ltd', 'Brightfield Holdings Ltd'],
  ['Global Trading Ltd', 'General Trading Ltd'],
  ['Maria Lopez', 'Marco Lopez'],
  ['Li Ming', 'Li Hong'],
  ['John Smith', 'Joan Smythe Carter'],
  ['Unit 7 Trading', 'Unit 8 Trading'],
  ['张伟', '张敏'],
  ['张伟', '章炜'],
  ['深圳市瑞霖贸易有限公司', '深圳市瑞霆贸易有限公司'],
  ['广州华泰贸易有限公司', '深圳华泰科技有限公司'],
  ['海口恒达物流有限公司', '海口恒通物流有限公司'],
  ['张国栋', 'Zhang Guoqiang'],
  ['深圳市瑞霖贸易有限公司', 'Shenzhen Trading Co., Ltd.'],
];

describe('names', () => {
  it('measures likeness as Jaro and Winkler do', () => {
    expect(jaroWinkler('martha', 'marhta')).toBeCloseTo(0.9611, 4);
    expect(jaroWinkler('dwayne', 'duane')).toBeCloseTo(0.84, 4);
    expect(jaroWinkler('abc', 'xyz')).toBe(0);
  });

  it.each(alike)('%s is %s (%s)', (a, b, reason) => {
    expect(between(a, b).score).toBeGreaterThanOrEqual(figures.reviewFrom);
    expect(between(a, b).reason).toBe(reason);
    // Which of the two is on the list changes nothing.
    expect(between(b, a).score).toBe(between(a, b).score);
  });

  it.each(apart)('%s is not %s', (a, b) => {
    expect(between(a, b).score).toBeLessThan(figures.reviewFrom);
  });

  it('takes no number for a name', () => {
    expect(reader.read('17850')).toBeUndefined();
    expect(reader.read(' ')).toBeUndefined();
    expect(reader.read('Ltd')?.words.map(({ text }) => text)).toEqual(['ltd']);
  });

  it('finds every pair that is alike, and no other, through the index', () => {
    const names = [...alike.map(([, b]) => b), ...apart.map(([, b]) => b)];
    const index = new NameIndex(
      reader,
      names.map((text, entry) => ({ entry, form: form(text) })),
    );
    for (const [a, b] of alike)
      expect(index.find(form(a), figures.reviewFrom).map(({ matched }) => matched.normalize('NFKC'))).toContain(
        b.normalize('NFKC'),
      );
    for (const [a, b] of apart)
      expect(index.find(form(a), figures.reviewFrom).map(({ matched }) => matched)).not.toContain(b);
  });

  /** Names beside the given ones with letters, characters and words changed, left out and put in another order. */
  const wild = fc
    .tuple(
      fc.constantFrom(...alike.flat(), ...apart.flat()),
      fc.array(fc.tuple(fc.nat(40), fc.constantFrom('', 'a', 'n', 'g', '华', '泰', '章', ' ', ' Marine ')), {
        maxLength: 3,
      }),
      fc.boolean(),
    )
    .map(([text, changes, isTurned]) => {
      const letters = [...text];
      for (const [at, by] of changes) letters.splice(at % (letters.length + 1), by === 'a' ? 0 : 1, by);
      const words = letters.join('').split(' ');
      return (isTurned ? words.reverse() : words).join(' ');
    });

  it('finds what holding a name against each finds among those that share most of their features', () => {
    fc.assert(
      fc.property(
        fc.array(wild, { minLength: 1, maxLength: 40 }),
        wild,
        fc.constantFrom(60, 85, 95),
        (texts, text, from) => {
          const named = texts.flatMap((one, entry) => {
            const read = reader.read(one);
            return read === undefined ? [] : [{ entry, form: read }];
          });
          const asked = reader.read(text);
          fc.pre(asked !== undefined);
          const found = new NameIndex(reader, named).find(asked, from);
          const features = featuresOf(asked);
          const expected = named.flatMap(({ entry, form: one }) => {
            const its = featuresOf(one);
            const isNear = (['latin', 'han'] as const).some((half) => {
              const shared = [...features[half]].filter((feature) => its[half].has(feature)).length;
              const [few, all] = [Math.min(features[half].size, its[half].size), features[half].size + its[half].size];
              return shared > 0 && shared >= 0.7 * few && 2 * shared >= 0.35 * all;
            });
            const likeness = likenessOf(asked, one, reader);
            return isNear && likeness.score >= from ? [{ entry, matched: one.text, ...likeness }] : [];
          });
          expect(found.toSorted((a, b) => a.entry - b.entry)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('measures a likeness that may matter as it measures every one', () => {
    fc.assert(
      fc.property(wild, wild, fc.integer({ min: 50, max: 100 }), (a, b, from) => {
        const [one, other] = [reader.read(a), reader.read(b)];
        fc.pre(one !== undefined && other !== undefined);
        const [whole, quick] = [likenessOf(one, other, reader), likenessOf(one, other, reader, from)];
        if (whole.score >= from) expect(quick).toEqual(whole);
        else expect(quick.score).toBeLessThan(from);
      }),
      { numRuns: 500 },
    );
  });
});
