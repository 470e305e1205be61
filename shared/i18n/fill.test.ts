import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillIn, numbered } from './fill.ts';

const root = path.resolve(import.meta.dirname, '../..');
type Tree = { readonly [key: string]: string | Tree };

function* textsIn(tree: Tree, at = ''): Generator<readonly [key: string, text: string]> {
  for (const [key, value] of Object.entries(tree)) {
    const name = at === '' ? key : `${at}.${key}`;
    if (typeof value === 'string') yield [name, value];
    else yield* textsIn(value, name);
  }
}

const files = ['renderer/i18n/en', 'shared', 'electron'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(folder.endsWith('/en') ? '.json' : '.en.json'))
    .map((name) => path.join(folder, name)),
);
const texts = files.flatMap((file) =>
  [...textsIn(JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Tree)].map(([key, text]) => ({
    key: `${file} ${key}`,
    text,
  })),
);

/** Words in s behind a value that are no things counted by it: of one thing only, or of something else. */
const noThings = new Set(
  `agrees always as asks bears belongs carries comes counts covers declares differs does ends enters exceeds gives goes has holds
   includes is its kg lacks leaves less lies locks makes names nears needs occurs offers owes pays plus releases runs says stands states
   stays takes this thus uses waits wants was yes`.split(/\s+/),
);
const others = new Set([
  'renderer/i18n/en/imports.json failures.fileName',
  'renderer/i18n/en/lock.json wait',
  'renderer/i18n/en/simple.json today.stockShort',
  'shared/i18n/errors.en.json RULE_INPUT.remedy',
  'shared/i18n/errors.en.json SHIPMENT_CHANGED.what',
  'shared/rules/forex-forms/texts.en.json FX-DECLARATION-NO.message',
]);

describe('texts with values', () => {
  it('are filled, and name what has no value', () => {
    expect(fillIn('{n} of {total}, {gone}', (name) => ({ n: 3, total: '5' })[name])).toBe('3 of 5, {gone}');
  });

  it('say one thing as one, and none or several as several', () => {
    const text = '{n} {n|line is|lines are} left';
    const of = (n: number | string) => fillIn(text, () => n);
    expect([of(0), of(1), of('1'), of(2), of('1,000')]).toEqual([
      '0 lines are left',
      '1 line is left',
      '1 line is left',
      '2 lines are left',
      '1,000 lines are left',
    ]);
    expect(numbered(1, 'sheep')).toBe('sheep');
    expect(numbered(2, 'sheep')).toBe('sheep');
  });

  it('in English have both words for whatever they count', () => {
    const wrong = texts.flatMap(({ key, text }) => {
      // A key with a plural form of its own has the word for `count` in each; how much that is may be shown written out.
      const own = /_(one|other)$/.test(key) ? ['count', 'shown'] : [];
      return [...text.matchAll(/\{\{?\s*(\w+)\s*\}?\}((?: [a-z]+)+)/g)].flatMap(([, name = '', words = '']) => {
        if (own.includes(name)) return [];
        const near = words.trim().split(' ').slice(0, 3);
        const end = near.findIndex(
          (word) =>
            noThings.has(word) || /^(of|in|at|and|or|with|by|for|on|to|cannot|would|still|more than)$/.test(word),
        );
        const counted = (end < 0 ? near : near.slice(0, end)).find((word) =>
          /(?<![su])s$|^(people|children)$/.test(word),
        );
        return counted === undefined || others.has(key) ? [] : [`${key}: {${name}} … ${counted}`];
      });
    });
    expect(texts.length).toBeGreaterThan(5000);
    expect(wrong).toEqual([]);
  });
});
