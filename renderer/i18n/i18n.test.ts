import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { languages, textsOf } from './i18n.ts';

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'string') flat.set(name, value);
    else for (const [inner, text] of flatten(value, name)) flat.set(inner, text);
  }
  return flat;
}

/** Chinese has one plural form, English two: `rows_one` and `rows_other` are the same key. */
const plain = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '');
const flat = new Map(languages.map((language) => [language, flatten(textsOf(language))]));
const chinese = flat.get('zh-CN') ?? new Map<string, string>();
const english = flat.get('en') ?? new Map<string, string>();

const root = path.resolve(import.meta.dirname, '..');
function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(name);
    else if (/\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name)) yield name;
  }
}
const code = [...sources(root)].map((file) => ({ file: path.relative(root, file), text: readFileSync(file, 'utf8') }));

/** The source without its comments, which may speak any language. */
const withoutComments = (text: string): string =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/\s\/\/ .*$/gm, '');

describe('texts of the desk', () => {
  it('are there in both languages under the same keys', () => {
    const zh = [...new Set([...chinese.keys()].map(plain))].sort();
    const en = [...new Set([...english.keys()].map(plain))].sort();
    expect(en).toEqual(zh);
  });

  it('are not empty and take the same parameters in both languages', () => {
    const parameters = (text: string): string[] =>
      [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? ''))].sort();
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('');
      const other = english.get(key) ?? english.get(`${plain(key)}_other`);
      if (other !== undefined) expect(parameters(other), key).toEqual(parameters(text));
    }
    for (const [key, text] of english) expect(text.trim() === '' && key !== '', key).toBe(false);
  });

  it('exist for every key the source names', () => {
    const known = new Set([...chinese.keys()].map(plain));
    const missing = code.flatMap(({ file, text }) =>
      [...withoutComments(text).matchAll(/\bt\(\s*'([\w.-]+)'/g)]
        .map((match) => match[1] ?? '')
        .filter((key) => !known.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it('hold every Chinese text that is drawn', () => {
    const found = code
      .filter(({ file }) => file.endsWith('.tsx'))
      .flatMap(({ file, text }) => {
        const bare = withoutComments(text);
        return [...bare.matchAll(/>[^<>{}]*\p{Script=Han}[^<>{}]*<|=\{?["'`][^"'`]*\p{Script=Han}[^"'`]*["'`]/gu)].map(
          (match) => `${file}: ${match[0].trim()}`,
        );
      });
    expect(found).toEqual([]);
  });

  it('use no internal words and no emoji', () => {
    for (const [key, text] of [...chinese, ...english]) {
      expect(/\p{Extended_Pictographic}/u.test(text), key).toBe(false);
      expect(/\b(schema|payload|worker|null|undefined)\b/i.test(text), `${key}: ${text}`).toBe(false);
    }
  });
});
