import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name),
);

it('no key of a form is answered while an input method composes (P-10)', () => {
  const deaf = sources.filter((name) => {
    const text = readFileSync(path.join(root, name), 'utf8');
    return /\.key [!=]== '(Enter|Escape)'/.test(text) && !text.includes('isComposing');
  });
  expect(sources.length).toBeGreaterThan(200);
  expect(deaf).toEqual([]);
});
